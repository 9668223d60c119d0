//! Instantiation (WebAssembly specification, 4.5.4).
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{InstanceData, InstantiationError, MemoryData, Store, TableData};
use crate::wasm::module::{ConstExpr, Import, Module, SegmentMode};
use crate::wasm::types::Extern;
use crate::wasm::{ExternType, Func, Global, Instance, Memory, Table, TrapCode};
use crate::work::{self, Unit};

/// What an instance imports, sorted by kind.
#[derive(Default)]
struct Imports {
    tables: Vec<Table>,
    memory: Option<Memory>,
    globals: Vec<Global>,
}

impl Store {
    /// Instantiates a module with one item for each of its imports, in their order. The start
    /// function is not run: see [`Instance::start`].
    ///
    /// Nothing is charged. How far the active data segments let the memory reach is for the
    /// embedder to charge, before ([`Module::initial_kibibytes`]) or after
    /// ([`Self::memory_reach`]).
    ///
    /// # Errors
    /// When an item is missing or has the wrong type, then nothing was changed; or when an active
    /// segment is out of bounds.
    pub fn instantiate(
        &mut self,
        module: &Module,
        items: &[Extern],
    ) -> Result<Instance, InstantiationError> {
        let inner = &module.0;
        if items.len() > inner.imports.len() {
            return Err(InstantiationError::TooManyImports { expected: inner.imports.len() });
        }
        let mut funcs = Vec::with_capacity(inner.imported_funcs as usize);
        let mut imports = Imports::default();
        let items = items.iter().map(Some).chain(core::iter::repeat(None));
        for (import, item) in inner.imports.iter().zip(items) {
            let present = item.and_then(|item| Some((*item, self.type_of(*item)?)));
            let Some((item, ty)) = present else { return Err(unknown(import)) };
            if !matches(&ty, &import.ty) {
                return Err(incompatible(import));
            }
            match item {
                Extern::Func(func) => funcs.push(func),
                Extern::Table(table) => imports.tables.push(table),
                Extern::Memory(memory) => imports.memory = Some(memory),
                Extern::Global(global) => imports.globals.push(global),
            }
        }
        self.link(module, funcs.into(), imports)
    }

    /// Instantiates a module that imports nothing but functions, which the embedder knows to be of
    /// the right types: for modules that are instantiated often. The functions are those of the
    /// imports, in their order.
    ///
    /// A function of a wrong type does no harm to the embedder, but what its call does is not
    /// specified.
    ///
    /// # Errors
    /// When the number of functions is not that of the imports, or when an active segment is out of
    /// bounds.
    pub fn instantiate_resolved(
        &mut self,
        module: &Module,
        funcs: Arc<[Func]>,
    ) -> Result<Instance, InstantiationError> {
        let imports = &module.0.imports;
        if funcs.len() > imports.len() {
            return Err(InstantiationError::TooManyImports { expected: imports.len() });
        }
        if module.0.imported_funcs as usize != imports.len() {
            let other = imports.iter().find(|import| !matches!(import.ty, ExternType::Func(_)));
            return Err(other.map_or(
                InstantiationError::TooManyImports { expected: imports.len() },
                incompatible,
            ));
        }
        if let Some(import) = imports.get(funcs.len()) {
            return Err(unknown(import));
        }
        self.link(module, funcs, Imports::default())
    }

    fn link(
        &mut self,
        module: &Module,
        funcs: Arc<[Func]>,
        imports: Imports,
    ) -> Result<Instance, InstantiationError> {
        if !self.engine.same(module.engine()) {
            return Err(InstantiationError::OtherEngine);
        }
        // The two highest numbers are taken by null and the host in the handles of functions.
        let number =
            u32::try_from(self.instances.len()).ok().filter(|number| *number < u32::MAX - 1);
        let number = number.ok_or(InstantiationError::StoreFull)?;
        let inner = &module.0;
        let config = self.engine.config();

        let mut tables = imports.tables;
        for ty in inner.tables.iter().skip(inner.imported_tables as usize) {
            tables.push(Table(self.tables.len() as u32));
            self.tables.push(TableData::new(*ty, config.limits.table_elements));
        }
        let mut memory = imports.memory;
        if let Some(ty) = inner.memory.filter(|_| !inner.memory_imported) {
            memory = Some(Memory(self.memories.len() as u32));
            let room = core::mem::take(&mut self.room);
            self.memories.push(MemoryData::new(ty, self.engine.config().limits.memory_pages, room));
        }
        let data = InstanceData {
            module: module.clone(),
            imported_funcs: funcs,
            memory,
            tables,
            imported_globals: imports.globals,
            own_globals: self.globals.len() as u32,
            dropped_elements: Vec::new(),
            dropped_data: Vec::new(),
        };
        self.global_types.extend(inner.globals.iter().skip(inner.imported_globals as usize));
        self.instances.push(data);
        for init in &inner.global_inits {
            let slot = self.eval(number, init);
            self.globals.push(slot);
        }
        if let Some(segment) = inner.fails_at {
            return Err(InstantiationError::Segment { code: TrapCode::TableOutOfBounds, segment });
        }
        self.fill_tables(number, module);
        self.run_segments(number, module)?;
        Ok(Instance(number))
    }

    /// Gives the instance's own tables what is known that active segments leave in them.
    fn fill_tables(&mut self, instance: u32, module: &Module) {
        let Self { instances, tables, globals, .. } = self;
        let Some(data) = instances.get(instance as usize) else { return };
        for (image, table) in module.0.table_images.iter().zip(&data.tables) {
            if let (Some(image), Some(table)) = (image, tables.get_mut(table.0 as usize)) {
                table.begin(image.iter().map(|item| data.element(instance, *item, globals)));
            }
        }
    }

    /// Copies active segments, in order, up to the first that is out of bounds.
    fn run_segments(&mut self, instance: u32, module: &Module) -> Result<(), InstantiationError> {
        let inner = &module.0;
        let failed = |code, segment| InstantiationError::Segment { code, segment };
        work::add(Unit::Segment, (inner.elements.len() + inner.data.len()) as u64);
        for (segment, number) in inner.elements.iter().zip(0..) {
            if let SegmentMode::Active { index, offset } = &segment.mode
                && inner.table_images.get(*index as usize).is_none_or(Option::is_none)
            {
                let start = self.eval(instance, offset);
                let written = self.write_elements(
                    instance,
                    *index,
                    segment,
                    start,
                    0,
                    segment.items.len() as u64,
                );
                written.map_err(|code| failed(code, number))?;
            }
        }
        let memory = self.instances.get(instance as usize).and_then(|data| data.memory);
        let Some(memory) = memory.map(|memory| memory.0 as usize) else { return Ok(()) };
        if let Some(memory) = self.memories.get_mut(memory) {
            // All at once, so that segments in ascending order do not move the memory again and
            // again. Out of bounds nothing happens, and the segment that is fails below.
            memory.initialize(inner.data_end);
        }
        for (segment, number) in inner.data.iter().zip(0..) {
            if let SegmentMode::Active { offset, .. } = &segment.mode {
                let start = self.eval(instance, offset);
                let bytes = inner.data_bytes(segment);
                let written = self.memories.get_mut(memory).is_some_and(|memory| {
                    // The end of all whose place is a plain constant is reached already.
                    if !matches!(offset, ConstExpr::Value(_)) && !bytes.is_empty() {
                        memory.initialize(start.saturating_add(bytes.len() as u64));
                    }
                    memory.write(start, bytes).is_ok()
                });
                if !written {
                    return Err(failed(TrapCode::MemoryOutOfBounds, number));
                }
            }
        }
        Ok(())
    }
}

fn unknown(import: &Import) -> InstantiationError {
    InstantiationError::UnknownImport {
        module: (*import.module).into(),
        name: (*import.name).into(),
    }
}

fn incompatible(import: &Import) -> InstantiationError {
    InstantiationError::IncompatibleImport {
        module: (*import.module).into(),
        name: (*import.name).into(),
    }
}

/// Whether something of type `given` can be imported as `wanted` (WebAssembly specification,
/// 4.5.3).
fn matches(given: &ExternType, wanted: &ExternType) -> bool {
    match (given, wanted) {
        (ExternType::Func(given), ExternType::Func(wanted)) => given == wanted,
        (ExternType::Global(given), ExternType::Global(wanted)) => given == wanted,
        (ExternType::Table(given), ExternType::Table(wanted)) => {
            given.element == wanted.element
                && sizes_match((given.minimum, given.maximum), (wanted.minimum, wanted.maximum))
        }
        (ExternType::Memory(given), ExternType::Memory(wanted)) => {
            sizes_match((given.minimum, given.maximum), (wanted.minimum, wanted.maximum))
        }
        _ => false,
    }
}

fn sizes_match(given: (u32, Option<u32>), wanted: (u32, Option<u32>)) -> bool {
    let bounded = match (given.1, wanted.1) {
        (_, None) => true,
        (Some(given), Some(wanted)) => given <= wanted,
        (None, Some(_)) => false,
    };
    given.0 >= wanted.0 && bounded
}
