//! How an embedder makes, reads and writes what is in a store.
use super::{MemoryData, MemoryRoom, OutOfBounds, Store, StoreError, TableData};
use crate::wasm::types::Extern;
use crate::wasm::{
    GasTank, Global, GlobalType, Memory, MemoryType, Table, TableType, TrapCode, Val, ValType,
};

impl Store {
    /// A memory.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] when its minimum exceeds the engine's limit or its maximum.
    pub fn memory_new(&mut self, ty: MemoryType) -> Result<Memory, StoreError> {
        let data =
            MemoryData::new(ty, self.engine.config().limits.memory_pages, MemoryRoom::default());
        if data.pages > data.maximum {
            return Err(StoreError::TooLarge);
        }
        self.memories.push(data);
        Ok(Memory(self.memories.len() as u32 - 1))
    }

    /// A table of nulls.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] when its minimum exceeds the engine's limit or its maximum;
    /// [`StoreError::TypeMismatch`] when its elements are no references.
    pub fn table_new(&mut self, ty: TableType) -> Result<Table, StoreError> {
        if !matches!(ty.element, ValType::FuncRef | ValType::ExternRef) {
            return Err(StoreError::TypeMismatch);
        }
        let limit = self.engine.config().limits.table_elements;
        if ty.minimum > ty.maximum.map_or(limit, |maximum| maximum.min(limit)) {
            return Err(StoreError::TooLarge);
        }
        self.tables.push(TableData::new(ty, limit));
        Ok(Table(self.tables.len() as u32 - 1))
    }

    /// A global with its initial value.
    ///
    /// # Errors
    /// When the value does not fit.
    pub fn global_new(&mut self, ty: GlobalType, value: Val) -> Result<Global, StoreError> {
        let slot = self.slot_of(value, ty.value)?;
        self.globals.push(slot);
        self.global_types.push(ty);
        Ok(Global(self.globals.len() as u32 - 1))
    }

    /// A value as a slot for a place of type `ty`.
    fn slot_of(&self, value: Val, ty: ValType) -> Result<u64, StoreError> {
        if value.ty() != ty {
            return Err(StoreError::TypeMismatch);
        }
        match value {
            Val::FuncRef(Some(func)) if self.func_type(func).is_none() => {
                Err(StoreError::UnknownHandle)
            }
            value => Ok(value.to_slot()),
        }
    }

    /// The value of a global; none when it is of another store.
    pub fn global_get(&self, global: Global) -> Option<Val> {
        let ty = self.global_types.get(global.0 as usize)?;
        Some(Val::from_slot(ty.value, *self.globals.get(global.0 as usize)?))
    }

    /// Changes a mutable global.
    ///
    /// # Errors
    /// When it is not mutable, or the value does not fit.
    pub fn global_set(&mut self, global: Global, value: Val) -> Result<(), StoreError> {
        let ty = *self.global_types.get(global.0 as usize).ok_or(StoreError::UnknownHandle)?;
        if !ty.mutable {
            return Err(StoreError::Immutable);
        }
        let value = self.slot_of(value, ty.value)?;
        *self.globals.get_mut(global.0 as usize).ok_or(StoreError::UnknownHandle)? = value;
        Ok(())
    }

    /// An element of a table; none when out of bounds or of another store.
    pub fn table_get(&self, table: Table, index: u32) -> Option<Val> {
        let table = self.tables.get(table.0 as usize)?;
        Some(Val::from_slot(table.ty.element, table.get(index)?))
    }

    /// Changes an element of a table.
    ///
    /// # Errors
    /// When the value does not fit, or the index is out of bounds.
    pub fn table_set(&mut self, table: Table, index: u32, value: Val) -> Result<(), StoreError> {
        let number = table.0 as usize;
        let ty = self.tables.get(number).ok_or(StoreError::UnknownHandle)?.ty;
        let slot = self.slot_of(value, ty.element)?;
        let table = self.tables.get_mut(number).ok_or(StoreError::UnknownHandle)?;
        table.set(index, slot).ok_or(StoreError::OutOfBounds)
    }

    /// Elements of a table; none when it is of another store.
    pub fn table_size(&self, table: Table) -> Option<u32> {
        self.tables.get(table.0 as usize).map(TableData::size)
    }

    /// Copies bytes from a memory. Costs nothing, and does not let the guest reach further
    /// ([`Self::memory_pay`]).
    ///
    /// # Errors
    /// When the range is out of bounds; the buffer is left as it was.
    pub fn memory_read(
        &self,
        memory: Memory,
        address: u64,
        buffer: &mut [u8],
    ) -> Result<(), OutOfBounds> {
        self.memories.get(memory.0 as usize).ok_or(OutOfBounds)?.read(address, buffer)
    }

    /// Bytes of a memory. Needs the store exclusively, because memory is zeroed when first touched.
    /// Costs nothing, as [`Self::memory_read`].
    ///
    /// # Errors
    /// When the range is out of bounds.
    pub fn memory_slice(
        &mut self,
        memory: Memory,
        address: u64,
        len: u64,
    ) -> Result<&[u8], OutOfBounds> {
        self.memory_slice_mut(memory, address, len).map(|slice| &*slice)
    }

    /// Bytes of a memory, to be changed. Costs nothing, as [`Self::memory_read`].
    ///
    /// # Errors
    /// When the range is out of bounds.
    pub fn memory_slice_mut(
        &mut self,
        memory: Memory,
        address: u64,
        len: u64,
    ) -> Result<&mut [u8], OutOfBounds> {
        self.memories.get_mut(memory.0 as usize).ok_or(OutOfBounds)?.slice(address, len)
    }

    /// Copies bytes to a memory. Costs nothing, as [`Self::memory_read`].
    ///
    /// # Errors
    /// When the range is out of bounds; nothing is written.
    pub fn memory_write(
        &mut self,
        memory: Memory,
        address: u64,
        bytes: &[u8],
    ) -> Result<(), OutOfBounds> {
        self.memories.get_mut(memory.0 as usize).ok_or(OutOfBounds)?.write(address, bytes)
    }

    /// Lets a memory reach the end of a range, as an access of the guest does: takes from `gas`
    /// what the engine's costs ask for the kibibytes beyond those that it has reached. An embedder
    /// whose
    /// functions read and write for the guest calls it before each access; an empty range costs
    /// nothing.
    ///
    /// # Errors
    /// [`TrapCode::MemoryOutOfBounds`] when the range is out of bounds, otherwise
    /// [`TrapCode::OutOfGas`] when too little gas is left. Then nothing is taken.
    pub fn memory_pay(
        &mut self,
        memory: Memory,
        address: u64,
        len: u64,
        gas: &mut GasTank,
    ) -> Result<(), TrapCode> {
        let Self { engine, memories, .. } = self;
        let memory = memories.get_mut(memory.0 as usize).ok_or(TrapCode::MemoryOutOfBounds)?;
        memory.pay(address, len, &engine.config().costs, gas)
    }

    /// Bytes of a memory that the guest has reached and paid, a multiple of 1024: the highest end
    /// of its accesses and of what [`Self::memory_pay`] was told, and of the active data segments,
    /// which
    /// instantiation does not charge for. None when the memory is of another store.
    pub fn memory_reach(&self, memory: Memory) -> Option<u64> {
        self.memories.get(memory.0 as usize).map(super::MemoryData::reach)
    }

    /// Pages of a memory; none when it is of another store.
    pub fn memory_size(&self, memory: Memory) -> Option<u32> {
        self.memories.get(memory.0 as usize).map(|memory| memory.pages)
    }

    /// Adds pages to a memory; gives the old size in pages, or none when that would exceed its
    /// maximum or the engine's limit.
    pub fn memory_grow(&mut self, memory: Memory, pages: u32) -> Option<u32> {
        self.memories.get_mut(memory.0 as usize)?.grow(pages)
    }
}

macro_rules! extern_parts {
    ($($part:ident $Part:ident $what:literal),*) => {
        impl Extern {
            $(
                #[doc = concat!("The ", $what, ", if it is one.")]
                pub fn $part(self) -> Option<crate::wasm::$Part> {
                    match self {
                        Self::$Part(item) => Some(item),
                        _ => None,
                    }
                }
            )*
        }

        $(
            impl From<crate::wasm::$Part> for Extern {
                fn from(item: crate::wasm::$Part) -> Self {
                    Self::$Part(item)
                }
            }
        )*
    };
}

extern_parts!(
    func Func "function", table Table "table", memory Memory "memory", global Global "global"
);
