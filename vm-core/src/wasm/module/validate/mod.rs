//! Validation of function bodies (WebAssembly specification, 3.3 and appendix A.3), with the limits
//! that concern them.
//!
//! One pass over the bytes, with a stack of types and a stack of blocks that all functions of a
//! module share. It decides whether a body is valid; the reference explains what is wrong.
mod control;
mod locals;
mod operators;
mod row;
mod stack;
mod table;

use super::error::{Fault, ModuleError, ensure, exceeded, within};
use super::parse::Parts;
use super::{ExportKind, agreed};
use crate::wasm::binary::{Malformed, Reader};
use crate::wasm::steps;
use alloc::vec;
use alloc::vec::Vec;
use control::Control;
use locals::Locals;
pub(super) use row::Signatures;
use row::{Signature, Ty};
use stack::Stack;

/// Validates the functions of a module, one after the other.
pub(super) struct Validator<'p> {
    parts: &'p Parts<'p>,
    signatures: &'p Signatures,
    stack: Stack,
    /// The open blocks, of which the first is the function.
    controls: Vec<Control<'p>>,
    locals: Locals,
    /// Counts `br_table`s. Each takes bytes of the module, so that the number fits.
    br_tables: u32,
    /// Whether each function may be referred to; computed at the first `ref.func`.
    declared: Option<Vec<bool>>,
}

impl<'p> Validator<'p> {
    /// A validator for a module whose function types have these `signatures`.
    pub fn new(parts: &'p Parts<'p>, signatures: &'p Signatures) -> Self {
        Self {
            parts,
            signatures,
            stack: Stack::default(),
            controls: Vec::new(),
            locals: Locals::default(),
            br_tables: 0,
            declared: None,
        }
    }

    /// Validates the body of a function, by its index in the module.
    pub fn function(&mut self, index: usize, body: Reader<'_>) -> Result<(), Fault> {
        let limits = self.parts.limits;
        let mut reader = body;
        let start = reader.position();
        let ty = self.func_type(index as u32)?;
        let locals = reader.apart(|reader| self.locals(ty.params, reader))?;
        within(locals, limits.locals, "locals of a function", start)?;
        ensure(locals <= agreed::LOCALS.into())?;
        self.locals.finish();

        self.stack.clear();
        self.controls.clear();
        self.controls.push(Control::function(ty.results));
        let operands_allowed = u64::from(limits.frame_slots).saturating_sub(locals) as usize;
        self.instructions(reader, operands_allowed)?;
        within(locals, limits.frame_slots, "slots of a frame", start)
    }

    /// Reads the declarations of locals, without making room for them. Returns the number of
    /// locals, parameters included.
    fn locals(&mut self, params: &[Ty], body: &mut Reader<'_>) -> Result<u64, Malformed> {
        self.locals.begin(params);
        for _ in 0..body.u32()? {
            let count = body.u32()?;
            let ty = self.value_type(body)?;
            self.locals.declare(count, ty);
        }
        Ok(self.locals.count())
    }

    /// Reads a value type that the features have.
    fn value_type(&self, reader: &mut Reader<'_>) -> Result<Ty, Malformed> {
        let ty = reader.val_type()?;
        ensure(self.parts.features.has_type(ty))?;
        Ok(row::ty(ty))
    }

    fn func_type(&self, index: u32) -> Result<Signature<'p>, Malformed> {
        let ty = self.parts.funcs.get(index as usize).ok_or(Malformed)?;
        self.type_at(*ty)
    }

    fn type_at(&self, index: u32) -> Result<Signature<'p>, Malformed> {
        self.signatures.get(index)
    }

    /// Returns whether a function is named outside of bodies, as `ref.func` requires.
    fn is_declared(&mut self, func: u32) -> bool {
        let parts = self.parts;
        let declared = self.declared.get_or_insert_with(|| declared(parts));
        declared.get(func as usize).copied().unwrap_or(false)
    }
}

fn declared(parts: &Parts<'_>) -> Vec<bool> {
    use super::{ConstExpr, Element};
    let items: usize = parts.elements.iter().map(|segment| segment.items.len()).sum();
    steps::count(parts.funcs.len() + parts.exports.len() + parts.global_inits.len() + items);
    let mut declared = vec![false; parts.funcs.len()];
    let mut declare = |func: u32| {
        if let Some(declared) = declared.get_mut(func as usize) {
            *declared = true;
        }
    };
    let of_expr =
        |expr: &ConstExpr| if let ConstExpr::FuncRef(func) = expr { Some(*func) } else { None };
    let exported =
        |export: &super::Export| (export.kind == ExportKind::Func).then_some(export.index);
    parts.exports.iter().filter_map(exported).for_each(&mut declare);
    parts.global_inits.iter().filter_map(of_expr).for_each(&mut declare);
    for segment in &parts.elements {
        for item in &segment.items {
            if let Element::Func(func) = item.get() {
                declare(func);
            }
        }
    }
    declared
}

/// The fault of floats where there are none. In code that cannot be reached the reference lets some
/// pass.
#[cold]
fn no_floats(offset: usize) -> Fault {
    ModuleError::invalid("floating-point support is disabled", offset as u64).into()
}
