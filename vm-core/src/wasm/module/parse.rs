//! From bytes to a module, in one pass over the sections. What is checked here is all that makes a
//! module valid, and the limits; only the bodies of functions may be skipped. Malformed and invalid
//! modules go to the [reference](super::reference), which says what is wrong.
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use once_cell::race::OnceBox;

use super::error::{Fault, ModuleError, ensure, within};
use super::validate::{Signatures, Validator};
use super::{Body, Module, ModuleInner, agreed, const_expr, element, reference, sections};
use crate::wasm::binary::{Malformed, Reader};
use crate::wasm::{Config, Engine, Features, FuncType, GlobalType, Limits, MemoryType, TableType};

impl Module {
    /// Validates a module.
    ///
    /// # Errors
    /// When the bytes are no valid module of the engine's [`Features`](crate::wasm::Features), or
    /// exceed its [`Limits`](crate::wasm::Limits).
    pub fn new(engine: &Engine, bytes: &[u8]) -> Result<Self, ModuleError> {
        match Parts::read(engine.config(), bytes, bytes.len(), Bodies::Validated) {
            Ok(parts) => Ok(parts.finish(engine, Arc::<[u8]>::from(bytes).into())),
            Err(fault) => Err(reference::explain(engine.config(), bytes, fault)),
        }
    }

    /// As [`Self::new`], and keeps the bytes without copying them.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn new_shared(engine: &Engine, bytes: impl Into<ModuleBytes>) -> Result<Self, ModuleError> {
        let bytes = bytes.into();
        match Parts::read(engine.config(), bytes.module(), bytes.bytes.len(), Bodies::Validated) {
            Ok(parts) => Ok(parts.finish(engine, bytes)),
            Err(fault) => Err(reference::explain(engine.config(), bytes.module(), fault)),
        }
    }

    /// As [`Self::new_shared`], without the reason why a module is not valid: finding it takes
    /// several times as long as validating. Limits are named all the same.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn new_without_reasons(
        engine: &Engine,
        bytes: impl Into<ModuleBytes>,
    ) -> Result<Self, ModuleError> {
        let bytes = bytes.into();
        match Parts::read(engine.config(), bytes.module(), bytes.bytes.len(), Bodies::Validated) {
            Ok(parts) => Ok(parts.finish(engine, bytes)),
            Err(Fault::Final(error)) => Err(*error),
            Err(Fault::Invalid) => Err(ModuleError::invalid("invalid module", 0)),
        }
    }

    /// Parses a module that [`Self::new`] accepted before, with the same configuration, such as
    /// code in a contract's state. Function bodies are skipped.
    ///
    /// Bytes that were never validated do no harm to the embedder, but what their execution does is
    /// not specified.
    ///
    /// # Errors
    /// When the sections are malformed or invalid or exceed a limit.
    pub fn new_trusted(
        engine: &Engine,
        bytes: impl Into<ModuleBytes>,
    ) -> Result<Self, ModuleError> {
        let bytes = bytes.into();
        match Parts::read(engine.config(), bytes.module(), bytes.bytes.len(), Bodies::Skipped) {
            Ok(parts) => Ok(parts.finish(engine, bytes)),
            Err(fault) => Err(reference::explain(engine.config(), bytes.module(), fault)),
        }
    }
}

/// Bytes that begin with a module. What follows it belongs to whoever embeds the engine.
#[derive(Clone, Debug)]
pub struct ModuleBytes {
    bytes: Arc<[u8]>,
    /// How many of them are the module.
    length: usize,
}

impl ModuleBytes {
    /// Returns bytes of which the first `length` are the module; all of them, if it is longer.
    pub fn new(bytes: Arc<[u8]>, length: usize) -> Self {
        let length = length.min(bytes.len());
        Self { bytes, length }
    }

    fn module(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl From<Arc<[u8]>> for ModuleBytes {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self { length: bytes.len(), bytes }
    }
}

impl From<&[u8]> for ModuleBytes {
    fn from(bytes: &[u8]) -> Self {
        Arc::<[u8]>::from(bytes).into()
    }
}

/// What is done with the bodies of functions.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bodies {
    Validated,
    Skipped,
}

/// What the sections gave so far.
pub(super) struct Parts<'e> {
    pub features: Features,
    pub limits: &'e Limits,
    pub types: Vec<FuncType>,
    pub imports: Vec<super::Import>,
    pub imported_funcs: usize,
    pub imported_tables: usize,
    pub imported_globals: usize,
    pub funcs: Vec<u32>,
    pub bodies: Vec<Body>,
    pub tables: Vec<TableType>,
    pub memory: Option<MemoryType>,
    pub memory_imported: bool,
    pub globals: Vec<GlobalType>,
    pub global_inits: Vec<const_expr::ConstExpr>,
    pub exports: Vec<super::Export>,
    /// Indices of `exports`, ordered by name.
    pub exports_by_name: Vec<u32>,
    pub start: Option<u32>,
    pub elements: Vec<super::ElementSegment>,
    pub data_count: Option<u32>,
    pub data: Vec<super::DataSegment>,
    pub data_end: u64,
    pub name_section: Option<Range<u32>>,
    pub code_size: u32,
    pub data_size: u32,
    /// What the types of imports and exports add up to, by the measure of the reference.
    pub type_size: usize,
}

/// The place of a section in the order that the specification asks for, by its number; none for
/// what is no section of a module.
fn place(id: u8) -> Option<u8> {
    Some(match id {
        1..=9 => id,
        // The number of data segments stands before the code, which names them.
        12 => 10,
        10 => 11,
        11 => 12,
        _ => return None,
    })
}

impl<'e> Parts<'e> {
    fn new(config: &'e Config) -> Self {
        Self {
            features: config.features,
            limits: &config.limits,
            types: Vec::new(),
            imports: Vec::new(),
            imported_funcs: 0,
            imported_tables: 0,
            imported_globals: 0,
            funcs: Vec::new(),
            bodies: Vec::new(),
            tables: Vec::new(),
            memory: None,
            memory_imported: false,
            globals: Vec::new(),
            global_inits: Vec::new(),
            exports: Vec::new(),
            exports_by_name: Vec::new(),
            start: None,
            elements: Vec::new(),
            data_count: None,
            data: Vec::new(),
            data_end: 0,
            name_section: None,
            code_size: 0,
            data_size: 0,
            type_size: 1,
        }
    }

    /// Reads a module that is the first part of `size` bytes. The limit holds for all of them: they
    /// are kept together.
    fn read(config: &'e Config, bytes: &[u8], size: usize, bodies: Bodies) -> Result<Self, Fault> {
        within(size as u64, config.limits.module_size, "bytes of a module", 0)?;
        let mut parts = Self::new(config);
        let mut reader = Reader::new(bytes, 0);
        ensure(reader.array()? == *b"\0asm\x01\0\0\0")?;
        let mut last_place = 0;
        while !reader.is_at_end() {
            let id = reader.byte()?;
            let len = reader.u32()?;
            let mut section = reader.part(len as usize)?;
            if id == 0 {
                parts.custom(&mut section)?;
                continue;
            }
            let place = place(id).ok_or(Malformed)?;
            ensure(place > last_place)?;
            last_place = place;
            match id {
                1 => parts.types(&mut section),
                2 => parts.imports(&mut section),
                3 => parts.functions(&mut section),
                4 => parts.tables(&mut section),
                5 => parts.memories(&mut section),
                6 => parts.globals(&mut section),
                7 => parts.exports(&mut section),
                8 => parts.start(&mut section),
                9 => parts.elements(&mut section),
                10 => parts.code(&mut section, bodies),
                11 => parts.data(&mut section),
                _ => parts.data_count(&mut section),
            }?;
            ensure(section.is_at_end())?;
        }
        ensure(parts.bodies.len() == parts.own_funcs())?;
        ensure(parts.data_count.is_none_or(|count| count as usize == parts.data.len()))?;
        Ok(parts)
    }

    fn own_funcs(&self) -> usize {
        self.funcs.len() - self.imported_funcs
    }

    fn custom(&mut self, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        if reader.name()? == "name" && self.name_section.is_none() {
            self.name_section = Some(reader.position() as u32..reader.end() as u32);
        }
        Ok(())
    }

    fn code(&mut self, reader: &mut Reader<'_>, how: Bodies) -> Result<(), Fault> {
        self.code_size = reader.remaining() as u32;
        let count = reader.u32()? as usize;
        ensure(count == self.own_funcs())?;
        let mut bodies = Vec::with_capacity(count.min(reader.remaining()));
        let signatures = (how == Bodies::Validated).then(|| Signatures::new(&self.types));
        let mut validator = signatures.as_ref().map(|signatures| Validator::new(self, signatures));
        for _ in 0..count {
            let len = reader.u32()? as usize;
            let body = reader.part(len)?;
            let start = body.position();
            within(len as u64, self.limits.function_size, "bytes of a function body", start)?;
            ensure(len <= agreed::FUNCTION_SIZE)?;
            if let Some(validator) = &mut validator {
                validator.function(self.imported_funcs + bodies.len(), body)?;
            }
            bodies.push(Body { start: start as u32, len: len as u32 });
        }
        self.bodies = bodies;
        Ok(())
    }

    fn finish(self, engine: &Engine, bytes: ModuleBytes) -> Module {
        let image = |(number, table): (usize, &TableType)| {
            if number < self.imported_tables {
                None
            } else {
                element::image(number as u32, table, &self.elements)
            }
        };
        let table_images: Box<[_]> = self.tables.iter().enumerate().map(image).collect();
        let fails_at = element::out_of_bounds(self.imported_tables, &self.tables, &self.elements);
        let start_work = if fails_at.is_some() {
            // Of no segment anything is done.
            super::StartWork {
                active_segments: 0,
                active_items: 0,
                active_data_bytes: 0,
                ..self.start_work(&table_images)
            }
        } else {
            self.start_work(&table_images)
        };
        let codes = self.bodies.iter().map(|_| OnceBox::new()).collect();
        Module(Arc::new(ModuleInner {
            engine: engine.clone(),
            length: bytes.length,
            bytes: bytes.bytes,
            canonical_types: sections::canonical_types(&self.types),
            types: self.types.into(),
            imports: self.imports.into(),
            imported_funcs: self.imported_funcs as u32,
            imported_tables: self.imported_tables as u32,
            imported_globals: self.imported_globals as u32,
            funcs: self.funcs.into(),
            bodies: self.bodies.into(),
            tables: self.tables.into(),
            memory: self.memory,
            memory_imported: self.memory_imported,
            globals: self.globals.into(),
            global_inits: self.global_inits.into(),
            exports_by_name: self.exports_by_name.into(),
            exports: self.exports.into(),
            start: self.start,
            elements: self.elements.into(),
            table_images,
            fails_at,
            start_work,
            data: self.data.into(),
            data_end: self.data_end,
            name_section: self.name_section,
            names: super::names::Cache::default(),
            codes,
            code_size: self.code_size,
            data_size: self.data_size,
        }))
    }
}
