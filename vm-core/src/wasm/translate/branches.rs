//! `br`, `br_if`, `br_table`, `return`.
use super::control::ControlKind;
use super::immediates::BrTable;
use super::segment::{SiteKind, SiteList};
use super::{TranslationError, Translator};
use crate::wasm::code::instruction::{Br, BrTable as Table, CopyMany};
use crate::wasm::code::{Count, Distance};

impl Translator<'_> {
    fn control_at(&self, depth: u32) -> Result<usize, TranslationError> {
        self.controls.len().checked_sub(depth as usize + 1).ok_or(TranslationError::Malformed)
    }

    /// Values that a branch carries, and the height at which the label wants them.
    fn label(&self, index: usize) -> Result<(u32, u32), TranslationError> {
        let control = self.controls.get(index).ok_or(TranslationError::Malformed)?;
        Ok((control.label_values(), control.height))
    }

    /// Values that a branch to a label carries.
    pub(super) fn label_values(&self, depth: u32) -> Result<u32, TranslationError> {
        self.label(self.control_at(depth)?).map(|label| label.0)
    }

    /// Makes the branch at `word` go to a label, whose segment it pays for.
    fn link(&mut self, index: usize, kind: SiteKind, word: u32) -> Result<(), TranslationError> {
        let site = self.segments.site(kind, word);
        let control = self.controls.get_mut(index).ok_or(TranslationError::Malformed)?;
        if control.kind == ControlKind::Loop {
            self.segments.push_to(&mut control.to_head, site, control.loop_word, control.loop_cost);
        } else {
            self.segments.push(&mut control.branches, site);
        }
        Ok(())
    }

    /// Moves the values that a branch carries to where its label wants them.
    fn move_label_values(
        &mut self,
        values: u32,
        label_height: u32,
    ) -> Result<(), TranslationError> {
        if values == 0 {
            return Ok(());
        }
        let d = self.operands.home(label_height)?;
        let bottom =
            self.operands.height().checked_sub(values).ok_or(TranslationError::Malformed)?;
        // Also what keeps the moves inside the frame.
        if label_height > bottom {
            return Err(TranslationError::Malformed);
        }
        if values == 1 {
            // Read the value where it is, and leave it there: on the other way out of a `br_if` it
            // is still an operand.
            let value = self.operands.pop()?;
            self.copy_to(d, value);
            self.operands.push_value(value.value)?;
        } else {
            self.move_top_home(values)?;
            let source = self.operands.home(bottom)?;
            if source != d {
                let (d, x, count) = (d.into(), source.into(), Count(values as u16));
                self.push(CopyMany { d, x, count }.encode());
            }
        }
        self.forget_last();
        Ok(())
    }

    /// What follows is never reached.
    pub(super) fn become_unreachable(&mut self) {
        self.end_segment();
        self.segments.begin(false, false);
        self.reachable = false;
        self.forget_last();
    }

    pub(super) fn br(&mut self, depth: u32) -> Result<(), TranslationError> {
        let index = self.control_at(depth)?;
        if index == 0 {
            return self.return_();
        }
        let (values, height) = self.label(index)?;
        self.move_label_values(values, height)?;
        self.end_segment();
        let at = self.words.len() as u32;
        self.push(Br { cost: 0, to: Distance(0) }.encode());
        self.link(index, SiteKind::Br, at)?;
        self.become_unreachable();
        Ok(())
    }

    pub(super) fn return_(&mut self) -> Result<(), TranslationError> {
        self.emit_return()?;
        self.become_unreachable();
        Ok(())
    }

    pub(super) fn br_if(&mut self, depth: u32) -> Result<(), TranslationError> {
        let index = self.control_at(depth)?;
        let (values, height) = self.label(index)?;
        let value = self.operands.pop()?;
        if values == 0 || height.checked_add(values) == Some(self.operands.height()) {
            let at = if values == 0 {
                self.emit_branch_if_not_zero(value)
            } else {
                let condition = self.condition(value);
                self.move_top_home(values)?;
                self.emit_branch_if(condition)
            };
            self.end_segment();
            self.link(index, SiteKind::Taken, at)?;
            self.continue_not_taken(at);
        } else {
            // A branch around the moves and the jump.
            let condition = self.condition(value);
            if values > 1 {
                self.move_top_home(values)?;
            }
            let around = self.emit_branch_if(condition.negated());
            self.move_label_values(values, height)?;
            self.end_segment();
            let at = self.words.len() as u32;
            self.push(Br { cost: 0, to: Distance(0) }.encode());
            self.link(index, SiteKind::Br, at)?;
            self.segments.begin(false, false);
            let mut list = SiteList::EMPTY;
            let site = self.segments.site(SiteKind::Taken, around);
            self.segments.push(&mut list, site);
            self.segments.bind(list, self.words.len() as u32);
        }
        self.forget_last();
        Ok(())
    }

    /// Begins the segment after a conditional branch.
    fn continue_not_taken(&mut self, branch: u32) {
        let site = self.segments.site(SiteKind::NotTaken, branch);
        self.segments.begin(false, false);
        self.segments.enter(site);
    }

    pub(super) fn br_table(&mut self, table: &BrTable<'_>) -> Result<(), TranslationError> {
        let first = table.targets().next().ok_or(TranslationError::Malformed)??;
        let values = self.label_values(first)?;
        let value = self.operands.pop()?;
        let index_slot = self.slot_of(value);
        if values > 1 {
            self.move_top_home(values)?;
        }
        self.end_segment();

        let at = self.words.len() as u32;
        self.push(Table { index: index_slot.into(), targets: table.len() }.encode());
        // As many words as bytes were read.
        self.words.resize(self.words.len() + table.len() as usize + 1, 0);
        for (target, entry) in table.targets().zip(at + 1..) {
            let index = self.control_at(target?)?;
            let (target_values, height) = self.label(index)?;
            if target_values != values {
                return Err(TranslationError::Malformed);
            }
            if values == 0 {
                self.link(index, SiteKind::Table { table: at }, entry)?;
                continue;
            }
            let trampoline = self.trampoline(at, index, values, height)?;
            if let Some(word) = self.words.get_mut(entry as usize) {
                *word = u64::from(trampoline.wrapping_sub(at));
            }
        }
        self.become_unreachable();
        Ok(())
    }

    /// The word where the values of a `br_table` are moved to where a label wants them, before it
    /// goes there. All entries of the table with this label share it.
    fn trampoline(
        &mut self,
        table: u32,
        index: usize,
        values: u32,
        height: u32,
    ) -> Result<u32, TranslationError> {
        let here = self.words.len() as u32;
        let control = self.controls.get_mut(index).ok_or(TranslationError::Malformed)?;
        if let Some((of, word)) = control.trampoline
            && of == table
        {
            return Ok(word);
        }
        control.trampoline = Some((table, here));
        self.move_label_values(values, height)?;
        let at = self.words.len() as u32;
        self.push(Br { cost: 0, to: Distance(0) }.encode());
        self.link(index, SiteKind::Br, at)?;
        Ok(here)
    }
}
