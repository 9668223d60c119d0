//! From bytes to a module, in one pass over the sections. Validation rides along, unless the module is trusted; the checks in here are those that
//! the rest of the engine relies on for memory safety, and the limits.
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use core::ops::Range;
use once_cell::race::OnceBox;

use wasmparser::{Encoding, FuncValidatorAllocations, Parser, Payload, SectionLimited, ValidPayload, Validator};

use super::error::{ModuleError, within};
use super::{Body, Module, ModuleInner, const_expr, sections, validate};
use crate::wasm::{Engine, FuncType, GlobalType, Limits, MemoryType, TableType};

impl Module {
    /// Validates a module.
    ///
    /// # Errors
    /// When the bytes are no valid module of the engine's [`Features`](crate::wasm::Features), or exceed its [`Limits`].
    pub fn new(engine: &Engine, bytes: &[u8]) -> Result<Self, ModuleError> {
        let validator = Validator::new_with_features(engine.config().features.to_wasmparser());
        parse(engine, bytes, Some(validator)).map(|parts| parts.finish(engine, bytes.into()))
    }

    /// Parses a module that [`Self::new`] accepted before, with the same configuration, such as code in a contract's state. Function bodies are skipped.
    ///
    /// Bytes that were never validated do no harm to the embedder, but what their execution does is not specified.
    ///
    /// # Errors
    /// When the sections are malformed or exceed a limit.
    pub fn new_trusted(engine: &Engine, bytes: Arc<[u8]>) -> Result<Self, ModuleError> {
        let parts = parse(engine, &bytes, None)?;
        Ok(parts.finish(engine, bytes))
    }
}

/// What the sections gave so far.
#[derive(Default)]
pub(super) struct Parts {
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
    pub start: Option<u32>,
    pub elements: Vec<super::ElementSegment>,
    pub data: Vec<super::DataSegment>,
    pub data_end: u64,
    pub name_section: Option<Range<u32>>,
    pub code_size: u32,
    pub data_size: u32,
}

fn parse(engine: &Engine, bytes: &[u8], mut validator: Option<Validator>) -> Result<Parts, ModuleError> {
    let limits = &engine.config().limits;
    within(bytes.len() as u64, limits.module_size, "bytes of a module", 0)?;
    let mut parser = Parser::new(0);
    parser.set_features(engine.config().features.to_wasmparser());

    let mut parts = Parts::default();
    let mut allocations = FuncValidatorAllocations::default();
    for payload in parser.parse_all(bytes) {
        let payload = payload?;
        // Limits come first, for the validator makes room for as many items as a section announces. So do types, of which it reads more kinds than the
        // engine has.
        parts.check_counts(&payload, limits)?;
        if let Payload::TypeSection(section) = &payload {
            parts.types(section, bytes, limits)?;
        }
        if let Some(validator) = &mut validator
            && let ValidPayload::Func(function, body) = validator.payload(&payload)?
        {
            let params = parts.params_of(function.index);
            allocations = validate::function(function, allocations, &body, params, engine.config())?;
        }
        parts.add(payload, limits)?;
    }
    Ok(parts)
}

impl Parts {
    fn params_of(&self, func: u32) -> usize {
        let ty = self.funcs.get(func as usize).and_then(|ty| self.types.get(*ty as usize));
        ty.map_or(0, |ty| ty.params().len())
    }

    /// Checks how many items a section announces, before anybody makes room for them.
    fn check_counts(&self, payload: &Payload<'_>, limits: &Limits) -> Result<(), ModuleError> {
        match payload {
            Payload::TypeSection(s) => check_count(s, 0, limits.types, "types"),
            Payload::ImportSection(s) => check_count(s, 0, limits.imports, "imports"),
            Payload::FunctionSection(s) => check_count(s, self.imported_funcs, limits.functions, "functions"),
            Payload::TableSection(s) => check_count(s, self.tables.len(), limits.tables, "tables"),
            Payload::GlobalSection(s) => check_count(s, self.globals.len(), limits.globals, "globals"),
            Payload::ExportSection(s) => check_count(s, 0, limits.exports, "exports"),
            Payload::ElementSection(s) => check_count(s, 0, limits.element_segments, "element segments"),
            Payload::DataSection(s) => check_count(s, 0, limits.data_segments, "data segments"),
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                within(range.end - range.start, limits.function_size, "bytes of a function body", range.start)
            }
            _ => Ok(()),
        }
    }

    fn add(&mut self, payload: Payload<'_>, limits: &Limits) -> Result<(), ModuleError> {
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } | Payload::TypeSection(_) | Payload::End(_) => Ok(()),
            Payload::ImportSection(section) => self.imports(section, limits),
            Payload::FunctionSection(section) => self.funcs(section),
            Payload::TableSection(section) => self.tables(section, limits),
            Payload::MemorySection(section) => self.memories(section, limits),
            Payload::GlobalSection(section) => self.globals(section),
            Payload::ExportSection(section) => self.exports(section),
            Payload::StartSection { func, range } => self.start(func, range.start),
            Payload::ElementSection(section) => self.elements(section),
            // The parser compares the count with the data section.
            Payload::DataCountSection { .. } => Ok(()),
            Payload::CodeSectionStart { count, unchecked_range: range, .. } => {
                self.code_size = (range.end - range.start) as u32;
                // The parser has compared the count with that of the function section.
                self.bodies.reserve_exact(count as usize);
                Ok(())
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                self.bodies.push(Body { start: range.start as u32, len: (range.end - range.start) as u32 });
                Ok(())
            }
            Payload::DataSection(section) => self.data(section),
            Payload::CustomSection(section) => {
                if section.name() == "name" && self.name_section.is_none() {
                    let range = section.data_range();
                    self.name_section = Some(range.start as u32..range.end as u32);
                }
                Ok(())
            }
            other => {
                let offset = other.as_section().map_or(0, |(_, range)| range.start);
                Err(ModuleError::invalid("unsupported section", offset))
            }
        }
    }

    fn finish(self, engine: &Engine, bytes: Arc<[u8]>) -> Module {
        let codes = self.bodies.iter().map(|_| OnceBox::new()).collect();
        Module(Arc::new(ModuleInner {
            engine: engine.clone(),
            bytes,
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
            exports_by_name: order_by_name(&self.exports),
            exports: self.exports.into(),
            start: self.start,
            elements: self.elements.into(),
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

fn order_by_name(exports: &[super::Export]) -> Box<[u32]> {
    let mut order: Vec<u32> = (0..exports.len() as u32).collect();
    order.sort_by_key(|index| exports.get(*index as usize).map(|export| &*export.name));
    order.into()
}

/// Checks the count of a section: within the limit, together with what is there already, and possible in the section's bytes.
fn check_count<T>(
    section: &SectionLimited<'_, T>,
    already: usize,
    limit: u32,
    what: &'static str,
) -> Result<(), ModuleError> {
    let range = section.range();
    within(already as u64 + u64::from(section.count()), limit, what, range.start)?;
    if u64::from(section.count()) > range.end - range.start {
        return Err(ModuleError::invalid("unexpected end of section", range.end));
    }
    Ok(())
}
