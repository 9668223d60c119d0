//! Instructions that do the same in another form.
use super::instruction::{OPS, Op};
use super::op::for_each_op;

/// The instructions that are other forms of one. The table of instructions names them.
#[derive(Clone, Copy)]
pub(crate) struct Related {
    /// With an immediate of 16 bits in place of the second operand, or of the value of a store.
    imm: Option<Op>,
    /// With an immediate of 16 bits in place of the first operand: `i < x` is `x > i`.
    left_imm: Option<Op>,
    /// With an immediate of any size in place of either operand.
    wide_imm: Option<Op>,
    /// The branch that is taken when this comparison holds.
    branch: Option<Op>,
    /// The comparison that holds when this one does not.
    not: Option<Op>,
    /// The same, with its operands swapped.
    not_swapped: Option<Op>,
    /// The load or store with its address in a slot and an offset of any size.
    wide: Option<Op>,
    /// The one with its address as a number.
    at: Option<Op>,
    /// The one with its address as the sum of two slots.
    indexed: Option<Op>,
    /// The one with its address as the sum of a slot and an immediate.
    sum: Option<Op>,
}

impl Related {
    const NONE: Self = Self {
        imm: None,
        left_imm: None,
        wide_imm: None,
        branch: None,
        not: None,
        not_swapped: None,
        wide: None,
        at: None,
        indexed: None,
        sum: None,
    };
}

macro_rules! related {
    ($(
        $(#[$doc:meta])*
        $name:ident $operands:tt $text:literal
            $([$($effect:ident)*])? $({ $($relation:ident: $other:ident),* })?;
    )*) => {
        static RELATED: [Related; OPS] = [$(
            Related { $($($relation: Some(Op::$other),)*)? ..Related::NONE }
        ),*];
    };
}

for_each_op!(related);

/// Where an instruction that accesses memory has an address that does not fit its short form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressMode {
    /// Address in a slot, offset in the next word.
    Wide,
    /// Whole address in the next word.
    At,
    /// Sum of two slots. Stores have no such form.
    Indexed,
    /// Sum of a slot and a 16-bit immediate.
    Sum,
}

impl Op {
    #[inline]
    fn related(self) -> &'static Related {
        RELATED.get(self as usize).unwrap_or(&Related::NONE)
    }

    /// The form of a short load or store (address in a slot, offset of 16 bits) for an address
    /// mode.
    #[inline]
    pub fn with_address_mode(self, mode: AddressMode) -> Option<Op> {
        let related = self.related();
        match mode {
            AddressMode::Wide => related.wide,
            AddressMode::At => related.at,
            AddressMode::Indexed => related.indexed,
            AddressMode::Sum => related.sum,
        }
    }

    /// The instruction with an immediate in place of the second operand; of a short store, that of
    /// an immediate.
    #[inline]
    pub fn with_immediate(self) -> Option<Op> {
        self.related().imm
    }

    /// The instruction with an immediate of any size in place of either operand.
    #[inline]
    pub fn with_wide_immediate(self) -> Option<Op> {
        self.related().wide_imm
    }

    /// The instruction with an immediate in place of the first operand, and the second operand in
    /// the place of the first.
    #[inline]
    pub fn with_immediate_left(self) -> Option<Op> {
        self.related().left_imm
    }

    /// The branch that is taken when this comparison holds. Its operands are those of the
    /// comparison.
    #[inline]
    pub fn branch_if(self) -> Option<Op> {
        self.related().branch
    }

    /// The comparison that holds when this one does not, and whether its operands are swapped.
    #[inline]
    pub fn negated(self) -> Option<(Op, bool)> {
        let related = self.related();
        match (related.not, related.not_swapped) {
            (Some(op), _) => Some((op, false)),
            (_, Some(op)) => Some((op, true)),
            _ => None,
        }
    }

    /// The instruction that stands for this one and another, which combines its result with a third
    /// slot; the other is commutative.
    pub fn combined_with(self, second: Op) -> Option<Op> {
        use Op::*;
        Some(match (self, second) {
            (I32Add, I32Add) => I32Add3,
            (I64Add, I64Add) => I64Add3,
            (I32Xor, I32Xor) => I32Xor3,
            (I64Xor, I64Xor) => I64Xor3,
            (I32And, I32Xor) => I32AndXor,
            (I64AndNot, I64Xor) => I64AndNotXor,
            (I32Xor, I32Add) => I32XorAdd,
            (I64Mul, I64Add) => I64MulAdd,
            _ => return None,
        })
    }

    /// The same for an instruction with an immediate, which is in the second word of the one that
    /// stands for both.
    pub fn immediate_combined_with(self, second: Op) -> Option<Op> {
        use Op::*;
        Some(match (self, second) {
            (I32RotlImm, I32Xor) => I32RotlXor,
            (I64RotlImm, I64Xor) => I64RotlXor,
            (I32ShrUImm, I32Xor) => I32ShrUXor,
            _ => return None,
        })
    }

    /// The same for an instruction before one with an immediate.
    pub fn combined_with_immediate(self, second: Op) -> Option<Op> {
        use Op::*;
        Some(match (self, second) {
            (I32Xor, I32RotlImm) => I32XorRotl,
            (I64Xor, I64RotlImm) => I64XorRotl,
            _ => return None,
        })
    }
}
