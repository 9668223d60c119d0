//! Reading and writing a contract's memory, with the sizes and byte orders of the interface.
//!
//! Memory that a function reads or writes counts as reached by the contract, and is paid when its
//! bounds have been checked, before any later step of the function.
use alloc::vec;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::{Failure, Invocation};
use crate::ewasm::Status;
use crate::wasm::{GasTank, Memory, OutOfBounds, Store, TrapCode};
use crate::work;

/// The memory of a contract, as the interface functions reach it. Whatever executes contracts
/// implements it.
pub(in crate::ewasm) trait GuestMemory {
    /// Returns the size in bytes.
    fn size(&self) -> u64;

    /// Checks a range and charges for the kibibytes that the memory reaches by it for the first
    /// time. An empty range reaches nothing, but must lie inside the memory too.
    ///
    /// # Errors
    /// [`TrapCode::MemoryOutOfBounds`] when the range is not all inside the memory, otherwise
    /// [`TrapCode::OutOfGas`] when too little gas is left. Then nothing is charged.
    fn claim(&mut self, pointer: u32, length: u32, gas: &mut GasTank) -> Result<(), TrapCode>;

    /// Returns the bytes of a range that has been claimed.
    ///
    /// # Errors
    /// When the range is not all inside the memory.
    fn bytes(&mut self, pointer: u32, length: u32) -> Result<&mut [u8], OutOfBounds>;

    /// Copies bytes out of the memory without a charge.
    ///
    /// # Errors
    /// When the range is not all inside the memory.
    fn peek(&self, pointer: u32, buffer: &mut [u8]) -> Result<(), OutOfBounds>;

    /// Claims a range and returns its bytes.
    ///
    /// # Errors
    /// As [`Self::claim`].
    fn claimed(
        &mut self,
        pointer: u32,
        length: u32,
        gas: &mut GasTank,
    ) -> Result<&mut [u8], TrapCode> {
        self.claim(pointer, length, gas)?;
        Ok(self.bytes(pointer, length)?)
    }
}

/// The memory of a contract that the interpreter executes.
pub(in crate::ewasm) struct StoreMemory<'a> {
    pub store: &'a mut Store,
    pub memory: Memory,
}

impl GuestMemory for StoreMemory<'_> {
    fn size(&self) -> u64 {
        // 64 bits hold the bytes of 2^32 pages.
        u64::from(self.store.memory_size(self.memory).unwrap_or_default()) << 16
    }

    fn claim(&mut self, pointer: u32, length: u32, gas: &mut GasTank) -> Result<(), TrapCode> {
        self.store.memory_pay(self.memory, pointer.into(), length.into(), gas)
    }

    fn bytes(&mut self, pointer: u32, length: u32) -> Result<&mut [u8], OutOfBounds> {
        self.store.memory_slice_mut(self.memory, pointer.into(), length.into())
    }

    fn peek(&self, pointer: u32, buffer: &mut [u8]) -> Result<(), OutOfBounds> {
        self.store.memory_read(self.memory, pointer.into(), buffer)
    }
}

const OUT_OF_BOUNDS: Failure = Failure(Status::InvalidMemoryAccess);

impl Invocation<'_> {
    /// Checks and pays a range. After that nothing about it fails or costs anything, since memory
    /// never shrinks.
    ///
    /// # Errors
    /// When it is not all inside the memory, also for an empty range that begins outside; or when
    /// there is too little gas for it.
    pub fn claim(&mut self, pointer: u32, length: u32) -> Result<(), Failure> {
        Ok(self.memory.claim(pointer, length, self.gas)?)
    }

    /// Returns the bytes of a range.
    ///
    /// # Errors
    /// As [`Self::claim`].
    pub fn read(&mut self, pointer: u32, length: u32) -> Result<&[u8], Failure> {
        let bytes = self.memory.claimed(pointer, length, self.gas)?;
        work::copied(length.into());
        Ok(bytes)
    }

    /// Returns up to `most` bytes of a range, for people: free of charge, and not reached by the
    /// contract.
    ///
    /// # Errors
    /// When the range is not all inside the memory.
    pub fn peek(&self, pointer: u32, length: u32, most: u32) -> Result<Vec<u8>, Failure> {
        // 64 bits hold any sum of two 32-bit numbers.
        if u64::from(pointer) + u64::from(length) > self.memory.size() {
            return Err(OUT_OF_BOUNDS);
        }
        let mut bytes = vec![0; length.min(most) as usize];
        self.memory.peek(pointer, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes bytes.
    ///
    /// # Errors
    /// As [`Self::claim`].
    pub fn write(&mut self, pointer: u32, bytes: &[u8]) -> Result<(), Failure> {
        let length = u32::try_from(bytes.len()).map_err(|_| OUT_OF_BOUNDS)?;
        work::copied(length.into());
        self.memory.claimed(pointer, length, self.gas)?.copy_from_slice(bytes);
        Ok(())
    }

    fn read_array<const N: usize>(&mut self, pointer: u32) -> Result<[u8; N], Failure> {
        self.read(pointer, N as u32)?.try_into().map_err(|_| OUT_OF_BOUNDS)
    }

    /// Returns 20 bytes as they are.
    pub fn read_address(&mut self, pointer: u32) -> Result<Address, Failure> {
        self.read_array(pointer).map(Address::new)
    }

    /// Returns 32 bytes as they are.
    pub fn read_bytes32(&mut self, pointer: u32) -> Result<B256, Failure> {
        self.read_array(pointer).map(B256::new)
    }

    /// Returns a little-endian integer of 16 bytes.
    pub fn read_u128(&mut self, pointer: u32) -> Result<U256, Failure> {
        self.read_array(pointer).map(|bytes| U256::from(u128::from_le_bytes(bytes)))
    }

    /// Writes a little-endian integer of 16 bytes.
    ///
    /// # Errors
    /// When the place is not all inside the memory, otherwise when the value does not fit.
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
    /// When a range is not all inside the source or the memory: there is no zero padding.
    pub fn copy(
        &mut self,
        pointer: u32,
        source: &[u8],
        offset: u32,
        length: u32,
    ) -> Result<(), Failure> {
        // Where the sum of two 32-bit numbers overflows, `get` refuses the range.
        let start = offset as usize;
        let source =
            source.get(start..start.saturating_add(length as usize)).ok_or(OUT_OF_BOUNDS)?;
        self.write(pointer, source)
    }
}
