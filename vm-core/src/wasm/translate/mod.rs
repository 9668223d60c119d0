//! Translation of a function from WebAssembly to register code, in one pass, on first use.
//!
//! The function was validated when its module entered; here nothing is proved again. What memory
//! safety of the interpreter rests on is checked all the same, since it is cheap: every index of a
//! local, global, function, table, segment and label, and that operands exist. A malformed function
//! is an error, whatever its bytes; an ill-typed one computes something, within its frame.
mod branches;
mod calls;
mod control;
mod costs;
mod emit;
mod idiom;
mod immediates;
mod numeric;
mod operands;
mod operators;
mod scratch;
mod segment;
mod table;
#[cfg(test)]
mod tests;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::binary::Reader;
use super::code::Code;
use super::code::instruction::Charge;
use super::module::{Module, ModuleInner};
use super::{FuncType, InstructionCosts};
use crate::work::{self, Unit};
use control::Control;
use costs::Prices;
use operands::Operands;
pub(crate) use scratch::Scratch;
use segment::{Segments, SiteKind};
use table::Entry;

/// A segment that costs this much ends before its next instruction, so that costs fit 32 bits. In
/// particles.
pub(crate) const SEGMENT_COST_LIMIT: u64 = 1 << 30;

/// Blocks that are open at the same time in most functions.
const USUAL_NESTING: usize = 8;

/// A function cannot be translated. Never happens to functions that were validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TranslationError {
    /// The body is not valid WebAssembly.
    Malformed,
    /// Locals and operands exceed the limit on slots of a frame.
    FrameTooLarge,
}

impl fmt::Display for TranslationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "malformed function body",
            Self::FrameTooLarge => "too many locals and operands",
        })
    }
}

/// Where instructions came from: pairs of a code word and the byte of the module, in rising order.
pub(crate) type Offsets = Vec<(u32, u32)>;

/// A run of instructions that is paid for as a whole: see `docs/gas.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Bytes from the start of the module to the segment's first instruction.
    pub offset: u32,
    /// Particles.
    pub cost: u64,
}

impl Module {
    /// The segments of a function, in the order of its code, for people and for backends that meter
    /// on their own; none when the function is imported, does not exist, or is malformed. Code that
    /// cannot be reached has none. The cost of the first includes that of clearing the function's
    /// locals.
    pub fn segments(&self, function: u32) -> Option<Vec<Segment>> {
        let own = function.checked_sub(self.0.imported_funcs)?;
        translate_with_offsets(&self.0, own).ok().map(|(_, _, segments)| segments)
    }

    /// The register code of a function as text, an instruction a line; none as for
    /// [`Self::segments`].
    pub fn disassemble(&self, function: u32) -> Option<String> {
        let own = function.checked_sub(self.0.imported_funcs)?;
        translate(&self.0, own, &mut Scratch::default()).ok().map(|code| code.disassemble())
    }
}

/// Translates one of the module's own functions (`index` does not count imports).
pub(crate) fn translate(
    module: &ModuleInner,
    index: u32,
    scratch: &mut Scratch,
) -> Result<Code, TranslationError> {
    Translator::new(module, index, scratch)?.run(index, scratch, &mut ()).map(|done| done.0)
}

/// As [`translate`], and tells where each instruction came from and which segments there are.
pub(crate) fn translate_with_offsets(
    module: &ModuleInner,
    index: u32,
) -> Result<(Code, Offsets, Vec<Segment>), TranslationError> {
    let mut record = Record::default();
    let mut scratch = Scratch::default();
    let (code, _) =
        Translator::new(module, index, &mut scratch)?.run(index, &mut scratch, &mut record)?;
    Ok((code, record.offsets, record.segments))
}

/// Records where instructions and segments are.
trait Recorder {
    fn instruction(&mut self, word: u32, offset: u64);
    fn segment(&mut self, number: u32, offset: u64, cost: u64);
    /// A word was inserted before all.
    fn inserted(&mut self);
}

impl Recorder for () {
    #[inline]
    fn instruction(&mut self, _word: u32, _offset: u64) {}
    #[inline]
    fn segment(&mut self, _number: u32, _offset: u64, _cost: u64) {}
    #[inline]
    fn inserted(&mut self) {}
}

#[derive(Default)]
struct Record {
    offsets: Offsets,
    segments: Vec<Segment>,
    number: Option<u32>,
}

impl Recorder for Record {
    fn instruction(&mut self, word: u32, offset: u64) {
        match self.offsets.last_mut() {
            Some(last) if last.0 == word => last.1 = offset as u32,
            _ => self.offsets.push((word, offset as u32)),
        }
    }

    fn segment(&mut self, number: u32, offset: u64, cost: u64) {
        match self.segments.last_mut() {
            Some(last) if self.number == Some(number) => last.cost = cost,
            _ => self.segments.push(Segment { offset: offset as u32, cost }),
        }
        self.number = Some(number);
    }

    fn inserted(&mut self) {
        for (word, _) in &mut self.offsets {
            *word = word.saturating_add(1);
        }
    }
}

/// The state of translating one function.
struct Translator<'m> {
    module: &'m ModuleInner,
    costs: &'m InstructionCosts,
    prices: Prices,
    /// Locals that are not parameters.
    declared_locals: u32,
    results: u32,
    params: u32,
    words: Vec<u64>,
    operands: Operands,
    controls: Vec<Control>,
    segments: Segments,
    /// The loop whose head starts the current segment.
    open_loop: Option<usize>,
    /// The last instruction, if it left a value in a slot and nothing can jump to behind it.
    last: Option<emit::Last>,
    /// The last instruction, if it adds a constant to a local and nothing can jump to behind it.
    counter: Option<emit::Last>,
    /// The instruction before it, if that does the same to another local.
    stepper: Option<emit::Last>,
    reachable: bool,
}

impl<'m> Translator<'m> {
    fn new(
        module: &'m ModuleInner,
        index: u32,
        scratch: &mut Scratch,
    ) -> Result<Self, TranslationError> {
        let function =
            module.imported_funcs.checked_add(index).ok_or(TranslationError::Malformed)?;
        let ty = module.func_type(function).ok_or(TranslationError::Malformed)?;
        let params = ty.params().len() as u32;
        let results = ty.results().len() as u32;
        Ok(Self {
            module,
            costs: &module.engine.config().costs,
            prices: Prices::new(&module.engine.config().costs),
            declared_locals: 0,
            results,
            params,
            words: core::mem::take(&mut scratch.words),
            operands: core::mem::take(&mut scratch.operands),
            controls: core::mem::take(&mut scratch.controls),
            segments: Segments::new(core::mem::take(&mut scratch.sites)),
            open_loop: None,
            last: None,
            counter: None,
            stepper: None,
            reachable: true,
        })
    }

    fn run(
        mut self,
        index: u32,
        scratch: &mut Scratch,
        recorder: &mut impl Recorder,
    ) -> Result<(Code, u32), TranslationError> {
        let body = self.module.bodies.get(index as usize).ok_or(TranslationError::Malformed)?;
        let start = body.start as usize;
        let end = start.checked_add(body.len as usize).ok_or(TranslationError::Malformed)?;
        let bytes = self.module.bytes.get(..end).ok_or(TranslationError::Malformed)?;
        let mut reader = Reader::new(bytes, start);
        let limits = &self.module.engine.config().limits;

        for _ in 0..reader.u32()? {
            let count = reader.u32()?;
            reader.val_type()?;
            self.declared_locals = self.declared_locals.saturating_add(count);
        }
        let all_locals = self.params.saturating_add(self.declared_locals);
        if all_locals > limits.locals || all_locals > limits.frame_slots {
            return Err(TranslationError::FrameTooLarge);
        }
        self.operands.begin(all_locals, limits.frame_slots);
        self.segments
            .add(u64::from(self.costs.entry_local) * u64::from(self.declared_locals), true);
        self.controls.reserve(USUAL_NESTING);
        self.controls.push(Control::function(self.results));

        // A word per two bytes is about what contracts need, and a place that pays for every
        // sixteen.
        self.words.reserve(reader.remaining() / 2 + 4);
        self.segments.reserve(reader.remaining() / 16 + 2);
        while !self.controls.is_empty() {
            let offset = reader.position() as u64;
            let instruction = operators::decode(&mut reader)?;
            work::add(Unit::Translated, 1);
            if self.reachable {
                recorder.instruction(self.words.len() as u32, offset);
                self.count(instruction, &reader)?;
                recorder.segment(self.segments.number, offset, self.segments.cost());
                self.operator(instruction, &mut reader)?;
            } else {
                reader.apart(|reader| self.unreachable_operator(instruction, reader))?;
            }
        }
        if !reader.is_at_end() {
            return Err(TranslationError::Malformed);
        }

        let slots = all_locals.saturating_add(self.operands.greatest_height().max(self.results));
        if slots > limits.frame_slots.min(u32::from(u16::MAX)) {
            return Err(TranslationError::FrameTooLarge);
        }
        let (entry_cost, sites) = self.segments.finish(&mut self.words);
        work::add(Unit::WordEmitted, self.words.len() as u64);
        let ty = self.module.func_type(self.module.imported_funcs.saturating_add(index));
        if let Some(word) = ty.and_then(|ty| idiom::shortcut(ty, &self.words)) {
            self.words.insert(0, word);
            recorder.inserted();
        }
        let code = Code {
            words: self.words.as_slice().into(),
            frame_slots: slots,
            frame_bytes: slots as usize * size_of::<u64>(),
            params: self.params,
            locals: self.declared_locals,
            entry_cost,
        };
        debug_assert!(code.keeps_rules(), "{}", code.disassemble());
        scratch.keep(self.words, self.operands, self.controls, sites);
        Ok((code, slots))
    }

    /// Adds the instruction's cost to the current segment; a segment that costs too much ends
    /// before it.
    #[inline]
    fn count(&mut self, instruction: &Entry, reader: &Reader<'_>) -> Result<(), TranslationError> {
        if self.segments.cost() >= SEGMENT_COST_LIMIT {
            self.end_segment();
            self.begin_charged_segment(false);
        }
        let mut cost = u64::from(self.prices.of(instruction.class));
        if instruction.moves_values {
            cost += self.cost_of_values(instruction.opcode, *reader)?;
        }
        self.segments.add(cost, instruction.pure);
        Ok(())
    }

    /// Ends the current segment.
    fn end_segment(&mut self) {
        let cost = self.segments.end();
        if let Some(control) = self.open_loop.take().and_then(|index| self.controls.get_mut(index))
        {
            control.loop_cost = cost;
        }
    }

    /// Begins a segment that the one before runs into: its cost is added to that one's, or charged
    /// on the way.
    fn begin_charged_segment(&mut self, open: bool) {
        let merge = self.segments.can_merge();
        if merge {
            self.segments.begin(true, open);
        } else {
            let word = self.words.len() as u32;
            self.push(Charge { cost: 0 }.encode());
            let site = self.segments.site(SiteKind::Charge, word);
            self.segments.begin(false, open);
            self.segments.enter(site);
        }
        self.forget_last();
    }

    fn type_at(&self, index: u32) -> Result<&'m FuncType, TranslationError> {
        self.module.types.get(index as usize).ok_or(TranslationError::Malformed)
    }
}

/// Whether only `end`s follow, one for each open block.
fn only_ends_follow(reader: &Reader<'_>, open: usize) -> bool {
    reader.remaining() == open
}
