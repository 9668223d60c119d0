//! What instances own: memories, tables, globals.
mod access;
mod bulk;
mod error;
mod instance;
mod instantiate;
mod memory;
mod room;
mod table;
#[cfg(test)]
mod tests;

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicU64, Ordering};

use super::stack::Stack;
use super::translate::Scratch;
use super::types::Extern;
use super::{Engine, ExternType, Func, FuncType, GlobalType, MemoryType};
pub use error::{InstantiationError, OutOfBounds, StoreError};
pub(crate) use instance::InstanceData;
pub(crate) use memory::MemoryData;
pub use room::MemoryRoom;
pub(crate) use table::TableData;

/// Everything that instances of one execution context own. Handles ([`Func`],
/// [`Memory`](super::Memory), …) belong to the store that gave them; a handle of another store
/// gives an error, or means something else of the same kind.
pub struct Store {
    /// Tells stores apart: an [`Execution`](super::Execution) holds pointers that are good only in
    /// its own.
    pub(crate) id: u64,
    pub(crate) engine: Engine,
    pub(crate) instances: Vec<InstanceData>,
    pub(crate) memories: Vec<MemoryData>,
    pub(crate) tables: Vec<TableData>,
    /// Values as slots. Those of one instance stand side by side.
    pub(crate) globals: Vec<u64>,
    pub(crate) global_types: Vec<GlobalType>,
    /// Types of the host functions that the store was made with, by number.
    first_host_funcs: Arc<[FuncType]>,
    /// Types of those that came later.
    more_host_funcs: Vec<FuncType>,
    /// The stack of the last execution that finished, for the next one.
    pub(crate) spare: Stack,
    /// For the next function that is translated.
    pub(crate) scratch: Scratch,
    /// For the memory of the next instance.
    room: MemoryRoom,
}

impl Store {
    /// An empty store.
    pub fn new(engine: &Engine) -> Self {
        Self::with_host_funcs(engine, Arc::default())
    }

    /// A store with host functions from the start: the one at index `i` has the number `i`. Costs
    /// nothing per function, so that a host with a fixed interface can make a store for every
    /// execution.
    pub fn with_host_funcs(engine: &Engine, types: Arc<[FuncType]>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            engine: engine.clone(),
            instances: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            globals: Vec::new(),
            global_types: Vec::new(),
            first_host_funcs: types,
            more_host_funcs: Vec::new(),
            spare: Stack::default(),
            scratch: Scratch::default(),
            room: MemoryRoom::default(),
        }
    }

    /// Gives the memory of the next instance a place in `room`, or takes back what
    /// [`Self::lend_room`] lent. Memories of other instances have rooms of their own.
    pub fn give_room(&mut self, room: MemoryRoom) {
        match self.memories.first_mut() {
            Some(memory) => memory.give_room_back(room),
            None => self.room = room,
        }
    }

    /// Lends the room with the first memory in it. Until it is given back nothing of the store may
    /// run.
    pub fn lend_room(&mut self) -> MemoryRoom {
        match self.memories.first_mut() {
            Some(memory) => memory.lend_room(),
            None => core::mem::take(&mut self.room),
        }
    }

    /// The room without the first memory. Nothing of the store runs any more.
    pub fn leave_room(&mut self) -> MemoryRoom {
        match self.memories.first_mut() {
            Some(memory) => memory.leave_room(),
            None => core::mem::take(&mut self.room),
        }
    }

    /// The engine that the store was made with.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The type of a host function.
    pub(crate) fn host_func_type(&self, number: u32) -> Option<&FuncType> {
        let number = number as usize;
        let more = number.wrapping_sub(self.first_host_funcs.len());
        self.first_host_funcs.get(number).or_else(|| self.more_host_funcs.get(more))
    }

    /// Adds a host function. What it does is up to whoever drives the
    /// [`Execution`](super::Execution): it stops there with the number of the function.
    pub fn host_func(&mut self, ty: FuncType) -> Func {
        let number = self.first_host_funcs.len() + self.more_host_funcs.len();
        self.more_host_funcs.push(ty);
        Func::of_host(number as u32)
    }

    /// The type of a function; none when it is of another store.
    pub fn func_type(&self, func: Func) -> Option<&FuncType> {
        match func.host_number() {
            Some(number) => self.host_func_type(number),
            None => {
                let (instance, index) = func.instance_and_index()?;
                self.instances.get(instance as usize)?.module.func_type(index)
            }
        }
    }

    /// The type of something that can be imported, with its current size; none when it is of
    /// another store.
    pub fn type_of(&self, item: Extern) -> Option<ExternType> {
        Some(match item {
            Extern::Func(func) => ExternType::Func(self.func_type(func)?.clone()),
            Extern::Table(table) => {
                let table = self.tables.get(table.0 as usize)?;
                ExternType::Table(super::TableType { minimum: table.size(), ..table.ty })
            }
            Extern::Memory(memory) => {
                let memory = self.memories.get(memory.0 as usize)?;
                ExternType::Memory(MemoryType {
                    minimum: memory.pages,
                    maximum: memory.declared_maximum,
                })
            }
            Extern::Global(global) => {
                ExternType::Global(*self.global_types.get(global.0 as usize)?)
            }
        })
    }
}
