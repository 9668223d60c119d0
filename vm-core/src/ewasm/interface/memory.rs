//! A contract's memory, as the interface functions reach it.
use crate::wasm::{GasTank, Memory, OutOfBounds, Store, TrapCode};

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
