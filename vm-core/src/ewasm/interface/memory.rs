//! Reading and writing a contract's memory: sizes and byte orders of the interface.
//!
//! What a function reads or writes counts as reached by the contract, and is paid when its bounds
//! have been checked, before anything that follows them.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::{Call, Failure};
use crate::ewasm::Status;
use crate::wasm::TrapCode;
use crate::work;

const OUT_OF_BOUNDS: Failure = Failure(Status::InvalidMemoryAccess);

impl Call<'_> {
    /// The memory from `pointer` on.
    ///
    /// # Errors
    /// When it is not all inside the memory, also for an empty range that begins outside; or when
    /// there is too little gas for it.
    pub fn read(&mut self, pointer: u32, length: u32) -> Result<&[u8], Failure> {
        self.claim(pointer, length)?;
        work::copied(length.into());
        self.store
            .memory_slice(self.memory, pointer.into(), length.into())
            .map_err(|_| OUT_OF_BOUNDS)
    }

    /// Checks a range and pays for what the memory reaches by it. After that nothing about it fails
    /// or costs anything, since memory never shrinks.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn claim(&mut self, pointer: u32, length: u32) -> Result<(), Failure> {
        self.store.memory_pay(self.memory, pointer.into(), length.into(), self.gas).map_err(
            |code| match code {
                TrapCode::OutOfGas => Failure(Status::OutOfGas),
                _ => OUT_OF_BOUNDS,
            },
        )
    }

    /// Up to `most` bytes of a range, for people: free of charge, and not reached by the contract.
    ///
    /// # Errors
    /// When the range is not all inside the memory.
    pub fn peek(&self, pointer: u32, length: u32, most: u32) -> Result<Vec<u8>, Failure> {
        // 64 bits hold any sum of two 32-bit numbers, and the bytes of 2^32 pages.
        let size = u64::from(self.store.memory_size(self.memory).unwrap_or_default()) << 16;
        if u64::from(pointer) + u64::from(length) > size {
            return Err(OUT_OF_BOUNDS);
        }
        let mut bytes = vec![0; length.min(most) as usize];
        self.store
            .memory_read(self.memory, pointer.into(), &mut bytes)
            .map_err(|_| OUT_OF_BOUNDS)?;
        Ok(bytes)
    }

    /// The memory from `pointer` on, to be written.
    pub fn memory_mut(&mut self, pointer: u32, length: u32) -> Result<&mut [u8], Failure> {
        self.claim(pointer, length)?;
        self.store
            .memory_slice_mut(self.memory, pointer.into(), length.into())
            .map_err(|_| OUT_OF_BOUNDS)
    }

    /// Writes bytes.
    pub fn write(&mut self, pointer: u32, bytes: &[u8]) -> Result<(), Failure> {
        let length = u32::try_from(bytes.len()).map_err(|_| OUT_OF_BOUNDS)?;
        work::copied(length.into());
        self.memory_mut(pointer, length)?.copy_from_slice(bytes);
        Ok(())
    }

    fn read_array<const N: usize>(&mut self, pointer: u32) -> Result<[u8; N], Failure> {
        self.read(pointer, N as u32)?.try_into().map_err(|_| OUT_OF_BOUNDS)
    }

    /// 20 bytes as they are.
    pub fn read_address(&mut self, pointer: u32) -> Result<Address, Failure> {
        self.read_array(pointer).map(Address::new)
    }

    /// 32 bytes as they are.
    pub fn read_bytes32(&mut self, pointer: u32) -> Result<B256, Failure> {
        self.read_array(pointer).map(B256::new)
    }

    /// A little-endian integer of 16 bytes.
    pub fn read_u128(&mut self, pointer: u32) -> Result<U256, Failure> {
        self.read_array(pointer).map(|bytes| U256::from(u128::from_le_bytes(bytes)))
    }

    /// Writes a little-endian integer of 16 bytes.
    ///
    /// # Errors
    /// When the memory ends before, or else when the value does not fit.
    pub fn write_u128(&mut self, pointer: u32, value: U256) -> Result<(), Failure> {
        self.claim(pointer, 16)?;
        let value = u128::try_from(value).map_err(|_| Failure(Status::ArgumentOutOfRange))?;
        self.write(pointer, &value.to_le_bytes())
    }

    /// Writes a little-endian integer of 32 bytes.
    pub fn write_u256(&mut self, pointer: u32, value: U256) -> Result<(), Failure> {
        self.write(pointer, &value.to_le_bytes::<32>())
    }

    /// Copies `length` bytes of `source` from `offset` on.
    ///
    /// # Errors
    /// When either range is not all there: there is no zero padding.
    pub fn copy(
        &mut self,
        pointer: u32,
        source: &[u8],
        offset: u32,
        length: u32,
    ) -> Result<(), Failure> {
        // Cannot overflow: both come from 32 bits, and an address space that small refuses at
        // `get`.
        let start = offset as usize;
        let source =
            source.get(start..start.saturating_add(length as usize)).ok_or(OUT_OF_BOUNDS)?;
        self.write(pointer, source)
    }
}
