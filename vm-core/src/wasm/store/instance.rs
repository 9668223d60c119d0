//! Instances.
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::Store;
use crate::wasm::module::{Element, ElementItem, ExportKind, Module};
use crate::wasm::types::Extern;
use crate::wasm::{Func, Global, Instance, Memory, Table};

pub(crate) struct InstanceData {
    pub module: Module,
    pub imported_funcs: Arc<[Func]>,
    pub memory: Option<Memory>,
    /// Imported tables first.
    pub tables: Vec<Table>,
    pub imported_globals: Vec<Global>,
    /// Index in the store of the first global that is not imported.
    pub own_globals: u32,
    /// Passive element segments that were dropped. Shorter than the list of segments when none of
    /// the rest was: instances without such segments need no room for them.
    pub(super) dropped_elements: Vec<bool>,
    /// Passive data segments that were dropped; as above.
    pub(super) dropped_data: Vec<bool>,
}

impl InstanceData {
    /// The function with this index; one that is not imported is the instance's own, an imported
    /// one is itself.
    pub fn func(&self, instance: u32, index: u32) -> Option<Func> {
        let inner = &self.module.0;
        if index < inner.imported_funcs {
            self.imported_funcs.get(index as usize).copied()
        } else {
            ((index as usize) < inner.funcs.len()).then(|| Func::of_instance(instance, index))
        }
    }

    /// The global with this index, which must exist in the module.
    pub fn global(&self, index: u32) -> Option<Global> {
        let inner = &self.module.0;
        match index.checked_sub(inner.imported_globals) {
            None => self.imported_globals.get(index as usize).copied(),
            Some(own) => {
                ((index as usize) < inner.globals.len()).then(|| Global(self.own_globals + own))
            }
        }
    }

    /// An item of an element segment as a slot, with the globals of the store.
    #[inline]
    pub fn element(&self, instance: u32, item: ElementItem, globals: &[u64]) -> u64 {
        match item.get() {
            Element::Null => 0,
            Element::Func(index) => self.func(instance, index).map_or(0, |func| func.0),
            Element::Global(index) => {
                let global = self.global(index).and_then(|global| globals.get(global.0 as usize));
                global.copied().unwrap_or(0)
            }
        }
    }

    fn export(&self, instance: u32, kind: ExportKind, index: u32) -> Option<Extern> {
        Some(match kind {
            ExportKind::Func => Extern::Func(self.func(instance, index)?),
            ExportKind::Table => Extern::Table(*self.tables.get(index as usize)?),
            ExportKind::Memory => Extern::Memory(self.memory?),
            ExportKind::Global => Extern::Global(self.global(index)?),
        })
    }
}

impl Instance {
    pub(crate) fn data(self, store: &Store) -> Option<&InstanceData> {
        store.instances.get(self.0 as usize)
    }

    /// The module that it is an instance of; none when the instance is of another store.
    pub fn module(self, store: &Store) -> Option<&Module> {
        self.data(store).map(|data| &data.module)
    }

    /// The export with this name.
    pub fn export(self, store: &Store, name: &str) -> Option<Extern> {
        let data = self.data(store)?;
        let export = data.module.0.export(name)?;
        data.export(self.0, export.kind, export.index)
    }

    /// All exports, in the order of the module.
    pub fn exports(self, store: &Store) -> impl Iterator<Item = (&str, Extern)> {
        let data = self.data(store).into_iter();
        data.flat_map(move |data| {
            let exports = data.module.0.exports.iter();
            exports.filter_map(move |export| {
                Some((&*export.name, data.export(self.0, export.kind, export.index)?))
            })
        })
    }

    /// The function with this index in the module. An imported function is the function that was
    /// given for the import.
    pub fn func(self, store: &Store, index: u32) -> Option<Func> {
        self.data(store)?.func(self.0, index)
    }

    /// Its memory, imported or not.
    pub fn memory(self, store: &Store) -> Option<Memory> {
        self.data(store)?.memory
    }

    /// Its start function, which [`Store::instantiate`] does not run.
    pub fn start(self, store: &Store) -> Option<Func> {
        let data = self.data(store)?;
        data.func(self.0, data.module.0.start?)
    }
}
