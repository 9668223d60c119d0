//! Words of instructions whose opcode is chosen when a function is translated: a function for each
//! row of operands. That the opcode has those operands is asserted in debug builds, and a test
//! holds every function against the table.
use super::instruction::Op;
use super::operand::Slot;

/// What lies in a field of 16 bits.
pub(crate) trait Half: Copy {
    fn bits(self) -> u16;
}

impl Half for u16 {
    #[inline(always)]
    fn bits(self) -> u16 {
        self
    }
}

impl Half for Slot {
    #[inline(always)]
    fn bits(self) -> u16 {
        self.0
    }
}

impl Half for Right {
    #[inline(always)]
    fn bits(self) -> u16 {
        self.0
    }
}

/// An instruction word: opcode and three fields.
#[inline]
pub(crate) fn word(op: Op, a: impl Half, b: impl Half, c: impl Half) -> u64 {
    word_wide(op, a, u32::from(b.bits()) | u32::from(c.bits()) << 16)
}

/// An instruction word: opcode, one field, and 32 bits in place of the other two.
#[inline]
pub(crate) fn word_wide(op: Op, a: impl Half, bc: u32) -> u64 {
    op as u64 | u64::from(a.bits()) << 16 | u64::from(bc) << 32
}

/// The right side of a comparison: a slot or an immediate, as its opcode says, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Right(u16);

impl Right {
    /// For an opcode that has no right side.
    pub const NONE: Self = Self(0);

    /// The slot that it is, if its opcode has one there.
    #[inline]
    pub fn slot(self) -> Slot {
        Slot(self.0)
    }
}

impl Op {
    /// Whether the operands have these names, in this order.
    fn has(self, names: &[&str]) -> bool {
        self.fields().iter().map(|field| field.name).eq(names.iter().copied())
    }

    /// d = op x
    #[inline]
    pub fn unary(self, d: Slot, x: Slot) -> [u64; 1] {
        debug_assert!(self.has(&["d", "x"]), "{self:?}");
        [word(self, d, x, 0)]
    }

    /// d = x op y
    #[inline]
    pub fn binary(self, d: Slot, x: Slot, y: Slot) -> [u64; 1] {
        debug_assert!(self.has(&["d", "x", "y"]), "{self:?}");
        [word(self, d, x, y)]
    }

    /// d = x op imm
    #[inline]
    pub fn immediate(self, d: Slot, x: Slot, imm: i16) -> [u64; 1] {
        debug_assert!(self.has(&["d", "x", "imm"]) && self.words() == 1, "{self:?}");
        [word(self, d, x, imm as u16)]
    }

    /// d = x op imm, of any size.
    #[inline]
    pub fn wide_immediate(self, d: Slot, x: Slot, imm: u64) -> [u64; 2] {
        debug_assert!(self.has(&["d", "x", "imm"]) && self.words() == 2, "{self:?}");
        [word(self, d, x, 0), imm]
    }

    /// d = op x y z
    #[inline]
    pub fn ternary(self, d: Slot, x: Slot, y: Slot, z: Slot) -> [u64; 2] {
        debug_assert!(self.has(&["d", "x", "y", "z"]), "{self:?}");
        [word(self, d, x, y), z.0.into()]
    }

    /// d = op x y, by a number of bits.
    #[inline]
    pub fn shifted(self, d: Slot, x: Slot, y: Slot, bits: u16) -> [u64; 2] {
        debug_assert!(self.has(&["d", "x", "y", "bits"]), "{self:?}");
        [word(self, d, x, y), bits.into()]
    }

    /// d = op [base + offset]
    #[inline]
    pub fn load(self, d: Slot, base: Slot, offset: u16) -> [u64; 1] {
        debug_assert!(self.has(&["d", "base", "offset"]) && self.words() == 1, "{self:?}");
        [word(self, d, base, offset)]
    }

    /// d = op [base + offset], of any size.
    #[inline]
    pub fn load_wide(self, d: Slot, base: Slot, offset: u64) -> [u64; 2] {
        debug_assert!(self.has(&["d", "base", "offset"]) && self.words() == 2, "{self:?}");
        [word(self, d, base, 0), offset]
    }

    /// d = op [address]
    #[inline]
    pub fn load_at(self, d: Slot, address: u64) -> [u64; 2] {
        debug_assert!(self.has(&["d", "address"]), "{self:?}");
        [word(self, d, 0, 0), address]
    }

    /// d = op [base +32 index]
    #[inline]
    pub fn load_indexed(self, d: Slot, base: Slot, index: Slot) -> [u64; 1] {
        debug_assert!(self.has(&["d", "base", "index"]), "{self:?}");
        [word(self, d, base, index)]
    }

    /// d = op [base +32 addend]
    #[inline]
    pub fn load_sum(self, d: Slot, base: Slot, addend: i16) -> [u64; 1] {
        debug_assert!(self.has(&["d", "base", "addend"]), "{self:?}");
        [word(self, d, base, addend as u16)]
    }

    /// op [base + offset] = value
    #[inline]
    pub fn store(self, base: Slot, value: Slot, offset: u16) -> [u64; 1] {
        debug_assert!(self.has(&["base", "value", "offset"]) && self.words() == 1, "{self:?}");
        [word(self, base, value, offset)]
    }

    /// op [base + offset] = value, the offset of any size.
    #[inline]
    pub fn store_wide(self, base: Slot, value: Slot, offset: u64) -> [u64; 2] {
        debug_assert!(self.has(&["base", "value", "offset"]) && self.words() == 2, "{self:?}");
        [word(self, base, value, 0), offset]
    }

    /// op [address] = value
    #[inline]
    pub fn store_at(self, value: Slot, address: u64) -> [u64; 2] {
        debug_assert!(self.has(&["gap", "value", "address"]), "{self:?}");
        [word(self, 0, value, 0), address]
    }

    /// op [base +32 addend] = value
    #[inline]
    pub fn store_sum(self, base: Slot, value: Slot, addend: i16) -> [u64; 1] {
        debug_assert!(self.has(&["base", "value", "addend"]), "{self:?}");
        [word(self, base, value, addend as u16)]
    }

    /// op [base + offset] = imm
    #[inline]
    pub fn store_immediate(self, base: Slot, imm: i16, offset: u16) -> [u64; 1] {
        debug_assert!(self.has(&["base", "imm", "offset"]), "{self:?}");
        [word(self, base, imm as u16, offset)]
    }

    /// The branch that is taken when `x op right`; distance and gas come later.
    #[inline]
    pub fn branch(self, x: Slot, right: Right) -> [u64; 2] {
        debug_assert!(
            ["y", "imm", "gap"].iter().any(|right| self.has(&["x", right, "taken", "ways"])),
            "{self:?}"
        );
        [word(self, x, right, 0), 0]
    }
}

/// An instruction that computes a slot of two operands in one word: x, and y or an immediate.
#[derive(Clone, Copy)]
pub(crate) struct Computed {
    pub op: Op,
    pub d: Slot,
    pub x: Slot,
    /// The right side as an operand of a comparison.
    pub right: Right,
}

impl Computed {
    /// The instruction of a word; none if the word is none. What the fields are, is for the opcode
    /// to say.
    #[inline]
    pub fn of(word: u64) -> Option<Self> {
        Some(Self {
            op: Op::of(word)?,
            d: Slot((word >> 16) as u16),
            x: Slot((word >> 32) as u16),
            right: Right((word >> 48) as u16),
        })
    }

    /// The opposite comparison, whose result goes to another slot.
    #[inline]
    pub fn negated(self, op: Op, swapped: bool, d: Slot) -> [u64; 1] {
        if swapped {
            return op.binary(d, self.y(), self.x);
        }
        debug_assert!(op.fields().len() == self.op.fields().len(), "{op:?}");
        [word(op, d, self.x, self.right)]
    }

    /// The right side of an instruction that has a slot there.
    #[inline]
    pub fn y(self) -> Slot {
        debug_assert!(self.op.has(&["d", "x", "y"]), "{:?}", self.op);
        Slot(self.right.0)
    }

    /// The right side of an instruction that has an immediate there.
    #[inline]
    pub fn imm(self) -> i16 {
        debug_assert!(self.op.has(&["d", "x", "imm"]), "{:?}", self.op);
        self.right.0 as i16
    }
}

impl From<Slot> for Right {
    #[inline(always)]
    fn from(slot: Slot) -> Self {
        Self(slot.0)
    }
}

/// Lets the instruction that begins with a word write another slot.
#[inline]
pub(crate) fn set_destination(word: &mut u64, d: Slot) {
    debug_assert!(
        Op::of(*word).and_then(|op| op.fields().first()).is_some_and(|field| field.access.writes())
    );
    *word = *word & !(0xffff << 16) | u64::from(d.0) << 16;
}
