//! Blocks: where they begin and end, and which segments do.
use super::immediates::BlockType;
use super::segment::{SiteKind, SiteList};
use super::{TranslationError, Translator, only_ends_follow};
use crate::wasm::binary::Reader;
use crate::wasm::code::instruction::{Br, Return, Return1, ReturnMany, Unreachable};
use crate::wasm::code::{Count, Distance};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ControlKind {
    Function,
    Block,
    Loop,
    If,
    Else,
}

/// An open block.
pub(super) struct Control {
    pub kind: ControlKind,
    /// It stands in code that is never reached: nothing of it is translated.
    pub dead: bool,
    /// Operands below its parameters.
    pub height: u32,
    pub params: u32,
    pub results: u32,
    /// Branches to its end; for a loop none.
    pub branches: SiteList,
    /// For an `if`: the branch to its `else`.
    pub to_else: Option<u32>,
    /// For a loop: branches to its head.
    pub to_head: SiteList,
    /// For a loop: the word of its head.
    pub loop_word: u32,
    /// For a loop: particles of its head's segment, once that has ended.
    pub loop_cost: u64,
    /// The last trampoline to its label: the word of its `br_table`, and its own.
    pub trampoline: Option<(u32, u32)>,
}

impl Control {
    fn new(kind: ControlKind, height: u32, params: u32, results: u32) -> Self {
        Self {
            kind,
            dead: false,
            height,
            params,
            results,
            branches: SiteList::EMPTY,
            to_else: None,
            to_head: SiteList::EMPTY,
            loop_word: 0,
            loop_cost: 0,
            trampoline: None,
        }
    }

    /// The body of a function.
    pub fn function(results: u32) -> Self {
        Self::new(ControlKind::Function, 0, 0, results)
    }

    /// A block in code that is never reached.
    pub fn dead(kind: ControlKind) -> Self {
        Self { dead: true, ..Self::new(kind, 0, 0, 0) }
    }

    /// Values that a branch to its label carries.
    pub fn label_values(&self) -> u32 {
        if self.kind == ControlKind::Loop { self.params } else { self.results }
    }
}

impl Translator<'_> {
    pub(super) fn block_type(&self, ty: BlockType) -> Result<(u32, u32), TranslationError> {
        Ok(match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type => (0, 1),
            BlockType::FuncType(index) => {
                let ty = self.type_at(index)?;
                (ty.params().len() as u32, ty.results().len() as u32)
            }
        })
    }

    /// Checks the parameters of a new block and moves operands to where all ways through it agree
    /// that they are.
    fn enter_block(
        &mut self,
        kind: ControlKind,
        ty: BlockType,
    ) -> Result<Control, TranslationError> {
        let (params, results) = self.block_type(ty)?;
        self.move_top_home(params)?;
        self.move_out_of_locals()?;
        let height =
            self.operands.height().checked_sub(params).ok_or(TranslationError::Malformed)?;
        Ok(Control::new(kind, height, params, results))
    }

    pub(super) fn block(&mut self, ty: BlockType) -> Result<(), TranslationError> {
        let control = self.enter_block(ControlKind::Block, ty)?;
        self.controls.push(control);
        Ok(())
    }

    pub(super) fn loop_(&mut self, ty: BlockType) -> Result<(), TranslationError> {
        let mut control = self.enter_block(ControlKind::Loop, ty)?;
        self.end_segment();
        self.begin_charged_segment(true);
        control.loop_word = self.words.len() as u32;
        self.open_loop = Some(self.controls.len());
        self.controls.push(control);
        Ok(())
    }

    pub(super) fn if_(&mut self, ty: BlockType) -> Result<(), TranslationError> {
        let value = self.operands.pop()?;
        let condition = self.condition(value);
        let mut control = self.enter_block(ControlKind::If, ty)?;
        let at = self.emit_branch_if(condition.negated());
        self.end_segment();
        control.to_else = Some(self.segments.site(SiteKind::Taken, at));
        let not_taken = self.segments.site(SiteKind::NotTaken, at);
        self.segments.begin(false, false);
        self.segments.enter(not_taken);
        self.controls.push(control);
        Ok(())
    }

    pub(super) fn else_(&mut self) -> Result<(), TranslationError> {
        let mut control = self.controls.pop().ok_or(TranslationError::Malformed)?;
        if control.kind != ControlKind::If {
            return Err(TranslationError::Malformed);
        }
        control.kind = ControlKind::Else;
        if control.dead {
            self.controls.push(control);
            return Ok(());
        }
        if self.reachable {
            self.move_top_home(control.results)?;
            let at = self.words.len() as u32;
            self.push(Br { cost: 0, to: Distance(0) }.encode());
            let site = self.segments.site(SiteKind::Br, at);
            self.segments.push(&mut control.branches, site);
        }
        self.end_segment();
        self.segments.begin(false, false);
        let mut list = SiteList::EMPTY;
        if let Some(site) = control.to_else.take() {
            self.segments.push(&mut list, site);
        }
        self.segments.bind(list, self.words.len() as u32);
        self.operands.truncate(control.height);
        self.operands.push_temps(control.params)?;
        self.forget_last();
        self.reachable = true;
        self.controls.push(control);
        Ok(())
    }

    pub(super) fn end(&mut self, reader: &Reader<'_>) -> Result<(), TranslationError> {
        let Some(control) = self.controls.last() else { return Err(TranslationError::Malformed) };
        if control.dead {
            self.controls.pop();
            return Ok(());
        }
        if control.kind == ControlKind::Function {
            return self.end_function();
        }
        let (results, height) = (control.results, control.height);
        if self.reachable {
            self.move_top_home(results)?;
        }
        // Before the block is gone: its head's segment may end only here.
        self.end_segment();
        let Some(mut control) = self.controls.pop() else {
            return Err(TranslationError::Malformed);
        };
        if let Some(site) = control.to_else.take() {
            if control.params != control.results {
                return Err(TranslationError::Malformed);
            }
            self.segments.push(&mut control.branches, site);
        }
        // Where only ends follow, no block around this one has more results than the function.
        let costs_nothing = self.results == 0 && only_ends_follow(reader, self.controls.len());
        if self.reachable && !costs_nothing {
            self.begin_charged_segment(false);
        } else {
            // Nobody runs into what follows, or it is nothing and costs nothing.
            self.segments.begin(false, false);
        }
        self.reachable |= !control.branches.is_empty();
        self.segments.bind(control.branches, self.words.len() as u32);
        self.forget_last();
        if self.operands.are_at_home(height, results) {
            return Ok(());
        }
        self.operands.truncate(height);
        if self.reachable { self.operands.push_temps(results) } else { Ok(()) }
    }

    fn end_function(&mut self) -> Result<(), TranslationError> {
        let Some(control) = self.controls.last() else { return Err(TranslationError::Malformed) };
        let branches = control.branches;
        if branches.is_empty() {
            if self.reachable {
                self.emit_return()?;
            }
            self.end_segment();
        } else {
            if self.reachable {
                self.move_top_home(self.results)?;
            }
            self.end_segment();
            self.segments.begin(false, false);
            self.segments.bind(branches, self.words.len() as u32);
            self.operands.truncate(0);
            self.operands.push_temps(self.results)?;
            self.forget_last();
            self.emit_return()?;
            self.segments.end();
        }
        self.controls.pop();
        self.reachable = false;
        // The interpreter must not run past the end, come what may.
        self.push(Unreachable {}.encode());
        Ok(())
    }

    /// Returns what is on top of the operand stack.
    pub(super) fn emit_return(&mut self) -> Result<(), TranslationError> {
        let results = self.results;
        match results {
            0 => self.push(Return {}.encode()),
            1 => {
                let value = self.operands.pop()?;
                let slot = self.full_slot(value);
                self.push(Return1 { x: slot.into() }.encode());
            }
            _ => {
                self.move_top_home(results)?;
                let bottom = self
                    .operands
                    .height()
                    .checked_sub(results)
                    .ok_or(TranslationError::Malformed)?;
                let x = self.operands.home(bottom)?.into();
                self.push(ReturnMany { x, count: Count(results as u16) }.encode());
            }
        }
        Ok(())
    }

    /// A block in code that is never reached.
    pub(super) fn dead_block(&mut self, kind: ControlKind, _: BlockType) {
        self.controls.push(Control::dead(kind));
    }
}
