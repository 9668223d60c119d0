//! Calls.
use super::{TranslationError, Translator};
use crate::wasm::FuncType;
use crate::wasm::code::instruction::{
    Call, CallImport, CallIndirect, ReturnCall, ReturnCallImport, ReturnCallIndirect,
};
use crate::wasm::code::{LongCount, Slot};

impl Translator<'_> {
    /// Moves the arguments into a row and pops them. Gives back the slot of the first.
    fn arguments(&mut self, ty: &FuncType) -> Result<Slot, TranslationError> {
        let count = ty.params().len() as u32;
        self.move_top_home(count)?;
        let bottom =
            self.operands.height().checked_sub(count).ok_or(TranslationError::Malformed)?;
        self.operands.truncate(bottom);
        // Not the home of an operand when the call has neither arguments nor results, but the
        // callee's frame starts there all the same.
        u16::try_from(self.operands.locals().saturating_add(bottom))
            .map(Slot)
            .map_err(|_| TranslationError::FrameTooLarge)
    }

    fn call_results(&mut self, ty: &FuncType) -> Result<(), TranslationError> {
        self.operands.push_temps(ty.results().len() as u32)
    }

    /// The number of a function among the module's own; none if it is imported.
    fn own(&self, function: u32) -> Option<u32> {
        function.checked_sub(self.module.imported_funcs)
    }

    pub(super) fn call(&mut self, function: u32) -> Result<(), TranslationError> {
        let ty = self.module.func_type(function).ok_or(TranslationError::Malformed)?;
        let frame = self.arguments(ty)?.into();
        self.push(match self.own(function) {
            Some(function) => Call { frame, function }.encode(),
            None => CallImport { frame, function }.encode(),
        });
        self.call_results(ty)
    }

    /// The canonical type of an indirect call, whose table there is.
    fn indirect(&self, type_index: u32, table: u32) -> Result<u32, TranslationError> {
        if table as usize >= self.module.tables.len() {
            return Err(TranslationError::Malformed);
        }
        let types = &self.module.canonical_types;
        types.get(type_index as usize).copied().ok_or(TranslationError::Malformed)
    }

    pub(super) fn call_indirect(
        &mut self,
        type_index: u32,
        table: u32,
    ) -> Result<(), TranslationError> {
        let ty = self.type_at(type_index)?;
        let canonical = self.indirect(type_index, table)?;
        let element = self.operands.pop()?;
        let element = self.slot_of(element).into();
        let frame = self.arguments(ty)?.into();
        self.push(CallIndirect { frame, element, ty: canonical, table }.encode());
        self.call_results(ty)
    }

    pub(super) fn return_call(&mut self, function: u32) -> Result<(), TranslationError> {
        let ty = self.module.func_type(function).ok_or(TranslationError::Malformed)?;
        let x = self.arguments(ty)?.into();
        let count = LongCount(ty.params().len() as u64);
        self.push(match self.own(function) {
            Some(function) => ReturnCall { x, function, count }.encode(),
            None => ReturnCallImport { x, function, count }.encode(),
        });
        self.return_results(ty)
    }

    pub(super) fn return_call_indirect(
        &mut self,
        type_index: u32,
        table: u32,
    ) -> Result<(), TranslationError> {
        let ty = self.type_at(type_index)?;
        let canonical = self.indirect(type_index, table)?;
        let element = self.operands.pop()?;
        let element = self.slot_of(element).into();
        let x = self.arguments(ty)?.into();
        let count = LongCount(ty.params().len() as u64);
        self.push(ReturnCallIndirect { x, element, ty: canonical, table, count }.encode());
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
