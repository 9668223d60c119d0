//! Calls.
use super::{TranslationError, Translator};
use crate::wasm::FuncType;
use crate::wasm::code::{Op, word, word_wide};

impl Translator<'_> {
    /// Moves the arguments into a row and pops them. Gives back the slot of the first.
    fn arguments(&mut self, ty: &FuncType) -> Result<u16, TranslationError> {
        let count = ty.params().len() as u32;
        self.move_top_home(count)?;
        let bottom =
            self.operands.height().checked_sub(count).ok_or(TranslationError::Malformed)?;
        self.operands.truncate(bottom);
        // Not the home of an operand when the call has neither arguments nor results, but the
        // callee's frame starts there all the same.
        u16::try_from(self.operands.locals().saturating_add(bottom))
            .map_err(|_| TranslationError::FrameTooLarge)
    }

    fn call_results(&mut self, ty: &FuncType) -> Result<(), TranslationError> {
        self.operands.push_temps(ty.results().len() as u32)
    }

    /// Opcode and operand for a function: whether it is imported, and its number among its kind.
    fn callee(&self, function: u32, own: Op, imported: Op) -> (Op, u32) {
        match function.checked_sub(self.module.imported_funcs) {
            Some(index) => (own, index),
            None => (imported, function),
        }
    }

    pub(super) fn call(&mut self, function: u32) -> Result<(), TranslationError> {
        let ty = self.module.func_type(function).ok_or(TranslationError::Malformed)?;
        let base = self.arguments(ty)?;
        let (op, number) = self.callee(function, Op::Call, Op::CallImport);
        self.push_word(word_wide(op, base, number));
        self.call_results(ty)
    }

    /// The second word of an indirect call.
    fn indirect(&self, type_index: u32, table: u32) -> Result<u64, TranslationError> {
        if table as usize >= self.module.tables.len() {
            return Err(TranslationError::Malformed);
        }
        let canonical = self
            .module
            .canonical_types
            .get(type_index as usize)
            .ok_or(TranslationError::Malformed)?;
        Ok(u64::from(*canonical) | u64::from(table) << 32)
    }

    pub(super) fn call_indirect(
        &mut self,
        type_index: u32,
        table: u32,
    ) -> Result<(), TranslationError> {
        let ty = self.type_at(type_index)?;
        let second = self.indirect(type_index, table)?;
        let element = self.operands.pop()?;
        let element = self.slot_of(element);
        let base = self.arguments(ty)?;
        self.push_word(word(Op::CallIndirect, base, element, 0));
        self.push_word(second);
        self.call_results(ty)
    }

    pub(super) fn return_call(&mut self, function: u32) -> Result<(), TranslationError> {
        let ty = self.module.func_type(function).ok_or(TranslationError::Malformed)?;
        let base = self.arguments(ty)?;
        let (op, number) = self.callee(function, Op::ReturnCall, Op::ReturnCallImport);
        self.push_word(word_wide(op, base, number));
        self.push_word(ty.params().len() as u64);
        self.return_results(ty)
    }

    pub(super) fn return_call_indirect(
        &mut self,
        type_index: u32,
        table: u32,
    ) -> Result<(), TranslationError> {
        let ty = self.type_at(type_index)?;
        let second = self.indirect(type_index, table)?;
        let element = self.operands.pop()?;
        let element = self.slot_of(element);
        let base = self.arguments(ty)?;
        self.push_word(word(Op::ReturnCallIndirect, base, element, 0));
        self.push_word(second);
        self.push_word(ty.params().len() as u64);
        self.return_results(ty)
    }

    /// After a tail call: a host function comes back to here, and its results are returned.
    fn return_results(&mut self, ty: &FuncType) -> Result<(), TranslationError> {
        if ty.results().len() as u32 != self.results {
            return Err(TranslationError::Malformed);
        }
        self.call_results(ty)?;
        self.emit_return()?;
        self.become_unreachable();
        Ok(())
    }
}
