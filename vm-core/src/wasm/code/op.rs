//! The opcodes.

/// Calls the macro `$with` with every opcode. In documentation `d` is the slot written, `x` and `y`
/// are slots read, `i` is a 16-bit signed immediate.
macro_rules! for_each_op {
    ($with:ident) => {
        $with! {
            // Control. Gas of the segment that follows rides on the branch.
            /// Takes `bc` particles.
            Charge
            /// Jumps by `bc`; `a` particles.
            Br
            // Conditional branches: `a` and `b` are compared; `c` particles when taken. The next
            // word has the distance (low half) and the particles when not taken (high half).
            BrIfNez32 BrIfEqz32 BrIfNez64 BrIfEqz64
            BrIfEq32 BrIfNe32 BrIfLtS32 BrIfLtU32 BrIfLeS32 BrIfLeU32
            BrIfEq64 BrIfNe64 BrIfLtS64 BrIfLtU64 BrIfLeS64 BrIfLeU64
            BrIfEqImm32 BrIfNeImm32 BrIfLtSImm32 BrIfLtUImm32 BrIfGtSImm32 BrIfGtUImm32 BrIfLeSImm32 BrIfLeUImm32 BrIfGeSImm32 BrIfGeUImm32
            BrIfEqImm64 BrIfNeImm64 BrIfLtSImm64 BrIfLtUImm64 BrIfGtSImm64 BrIfGtUImm64 BrIfLeSImm64 BrIfLeUImm64 BrIfGeSImm64 BrIfGeUImm64
            /// Adds `i` in field `b` to the 32-bit slot `a`, and branches if that is not zero.
            /// Otherwise as the conditional branches.
        BrIfAddNez32
        /// As the one before, after it has added the high half of a third word to the slot that is
        /// that word's low half.
        BrIfStepNez32
        /// Index in slot `a`, `bc` targets, then a word for each and one for the default: distance
        /// (low half), particles (high half).
            BrTable
            Return
            /// Result in slot `a`.
            Return1
            /// `b` results from slot `a` on.
            ReturnMany
            /// Arguments from slot `a` on; `bc` counts the module's own functions.
            Call
            /// Arguments from slot `a` on; `bc` counts the imported functions.
            CallImport
            /// Arguments from slot `a` on, element in slot `b`; next word: canonical type (low
            /// half), table (high half).
            CallIndirect
            /// As the calls; `bc` or the first half of one more word has the function, the other
            /// the number of arguments.
            ReturnCall ReturnCallImport ReturnCallIndirect
            Unreachable
            /// The embedder's call is over. Stands where the outermost function returns to.
            Finish

            // Moves.
            Copy
            /// Copies slots `b` and `c` to `a` and the one after it.
        Copy2
        /// Copies `c` slots from `b` on to `a` on.
            CopyMany
            /// `bc` zero-extended.
            Const32
            /// `bc` sign-extended.
            Const32S
            /// The next word.
            Const64
            /// Next word: slots of both values.
            Select
            /// Own global `bc`.
            GlobalGet GlobalSet
            /// Imported global `bc`.
            GlobalGetImported GlobalSetImported

            // Integer arithmetic: d x y, and d x i.
            I32Add I32Sub I32Mul I32And I32Or I32Xor I32Shl I32ShrS I32ShrU I32Rotl I32Rotr
            I32AddImm I32MulImm I32AndImm I32OrImm I32XorImm I32ShlImm I32ShrSImm I32ShrUImm I32RotlImm
            // The immediate is the next word.
        I32AddWide I32MulWide I32AndWide I32OrWide I32XorWide I64AddWide I64MulWide I64AndWide I64OrWide I64XorWide
        I32DivS I32DivU I32RemS I32RemU
            I32Eq I32Ne I32LtS I32LtU I32LeS I32LeU
            I32EqImm I32NeImm I32LtSImm I32LtUImm I32GtSImm I32GtUImm I32LeSImm I32LeUImm I32GeSImm I32GeUImm
            I64Add I64Sub I64Mul I64And I64Or I64Xor I64Shl I64ShrS I64ShrU I64Rotl I64Rotr
            I64AddImm I64MulImm I64AndImm I64OrImm I64XorImm I64ShlImm I64ShrSImm I64ShrUImm I64RotlImm
            I64DivS I64DivU I64RemS I64RemU
            I64Eq I64Ne I64LtS I64LtU I64LeS I64LeU
            I64EqImm I64NeImm I64LtSImm I64LtUImm I64GtSImm I64GtUImm I64LeSImm I64LeUImm I64GeSImm I64GeUImm
            // d x
            I32Eqz I64Eqz I32Clz I32Ctz I32Popcnt I64Clz I64Ctz I64Popcnt
            I32Extend8S I32Extend16S I64Extend8S I64Extend16S I64Extend32S
            /// The low half.
            I32Wrap

            // Two instructions in one: d x y, and in the next word slot `z`.
            /// x + y + z
            I32Add3 I64Add3
            /// x ^ y ^ z
            I32Xor3 I64Xor3
            /// (x & y) ^ z
            I32AndXor
            /// (!x & y) ^ z
            I64AndNotXor
            /// (x ^ y) + z
            I32XorAdd
            /// x * y + z
            I64MulAdd
            // Likewise, with a number of bits `i` as the next word.
            /// rotl(x, i) ^ y
            I32RotlXor I64RotlXor
            /// (x >> i) ^ y
            I32ShrUXor
            /// rotl(x ^ y, i)
            I32XorRotl I64XorRotl
            // In one word: !x & y
            I64AndNot
            /// Stores at slot 0 the 128-bit product of slots 1 (low half) and 2 with 3 and 4, and
            /// goes on `bc` words later; where that cannot be done at once, it does nothing and
            /// goes on behind itself.
            Multiply128

            // Memory. Short: d, address slot, offset; wide: d, address slot, next word is the
            // offset; at: d, next word is the address.
            Load8U Load16U Load32 Load64 I32Load8S I32Load16S I64Load8S I64Load16S I64Load32S
            Load8UWide Load16UWide Load32Wide Load64Wide I32Load8SWide I32Load16SWide I64Load8SWide I64Load16SWide I64Load32SWide
            Load8UAt Load16UAt Load32At Load64At I32Load8SAt I32Load16SAt I64Load8SAt I64Load16SAt I64Load32SAt
            // d, slots whose 32-bit sum is the address; and d, x, i likewise.
        Load8UIndexed Load16UIndexed Load32Indexed Load64Indexed I32Load8SIndexed I32Load16SIndexed I64Load8SIndexed I64Load16SIndexed
        I64Load32SIndexed
        Load8USum Load16USum Load32Sum Load64Sum I32Load8SSum I32Load16SSum I64Load8SSum I64Load16SSum I64Load32SSum
        // Short: address slot, value slot, offset, and so on.
            Store8 Store16 Store32 Store64
            Store8Wide Store16Wide Store32Wide Store64Wide
            Store8At Store16At Store32At Store64At
            /// Slot and value slot; the address is the 32-bit sum of the slot and `i`.
        Store8Sum Store16Sum Store32Sum Store64Sum
        /// Address slot, value `i`, offset.
            Store8Imm Store16Imm Store32Imm Store64Imm
            MemorySize MemoryGrow
            MemoryFill MemoryCopy
            /// Next word: segment.
            MemoryInit
            /// Segment `bc`.
            DataDrop

            // Tables and references. Null is zero.
            /// d, element slot, table.
            TableGet
            /// Element slot, value slot, table.
            TableSet
            /// d, table `bc`.
            TableSize
            /// d, value slot, slot of the number; next word: table.
            TableGrow
            /// Element, value, number; next word: table.
            TableFill
            /// Destination, source, number; next word: tables of destination (low half) and source.
            TableCopy
            /// Destination, source, number; next word: table (low half) and segment.
            TableInit
            /// Segment `bc`.
            ElemDrop
            /// d, function `bc`.
            RefFunc

            // Floats.
            F32Abs F32Neg F32Ceil F32Floor F32Trunc F32Nearest F32Sqrt F32Add F32Sub F32Mul F32Div F32Min F32Max F32Copysign
            F32Eq F32Ne F32Lt F32Le
            F64Abs F64Neg F64Ceil F64Floor F64Trunc F64Nearest F64Sqrt F64Add F64Sub F64Mul F64Div F64Min F64Max F64Copysign
            F64Eq F64Ne F64Lt F64Le
            I32TruncF32S I32TruncF32U I32TruncF64S I32TruncF64U I64TruncF32S I64TruncF32U I64TruncF64S I64TruncF64U
            I32TruncSatF32S I32TruncSatF32U I32TruncSatF64S I32TruncSatF64U I64TruncSatF32S I64TruncSatF32U I64TruncSatF64S I64TruncSatF64U
            F32ConvertI32S F32ConvertI32U F32ConvertI64S F32ConvertI64U F64ConvertI32S F64ConvertI32U F64ConvertI64S F64ConvertI64U
            F32DemoteF64 F64PromoteF32
        }
    };
}

macro_rules! define {
    ($($(#[$doc:meta])* $name:ident)*) => {
        /// Opcode of an instruction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub(crate) enum Op { $($(#[$doc])* $name),* }

        impl Op {
            const ALL: &[Op] = &[$(Op::$name),*];
        }
    };
}

for_each_op!(define);
pub(crate) use for_each_op;

impl Op {
    /// The opcode in the low bits of an instruction word.
    pub fn of(word: u64) -> Option<Op> {
        Self::ALL.get(usize::from(word as u16)).copied()
    }
}

/// Where an instruction that accesses memory has an address that does not fit its short form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressMode {
    /// Address in a slot, offset in the next word.
    Wide,
    /// Whole address in the next word.
    At,
    /// Sum of two slots.
    Indexed,
    /// Sum of a slot and a 16-bit immediate.
    Sum,
}

impl Op {
    /// The variant of a short load or store (address in a slot, offset of 16 bits) for an address
    /// mode.
    pub fn with_address_mode(self, mode: AddressMode) -> Op {
        let is_load = (self as u16) < Op::Store8 as u16;
        let family = if is_load {
            Op::Load8UWide as u16 - Op::Load8U as u16
        } else {
            Op::Store8Wide as u16 - Op::Store8 as u16
        };
        let steps = match mode {
            AddressMode::Wide => 1,
            AddressMode::At => 2,
            // Stores have no indexed form.
            AddressMode::Indexed => 3,
            AddressMode::Sum => {
                if is_load {
                    4
                } else {
                    3
                }
            }
        };
        Self::of(u64::from(self as u16 + steps * family)).unwrap_or(self)
    }

    /// The store of an immediate, for a short store.
    pub fn store_immediate(self) -> Option<Op> {
        Some(match self {
            Op::Store8 => Op::Store8Imm,
            Op::Store16 => Op::Store16Imm,
            Op::Store32 => Op::Store32Imm,
            Op::Store64 => Op::Store64Imm,
            _ => return None,
        })
    }

    /// The instruction with an immediate in place of the second operand.
    pub fn with_immediate(self) -> Option<Op> {
        use Op::*;
        Some(match self {
            I32Add => I32AddImm,
            I32Mul => I32MulImm,
            I32And => I32AndImm,
            I32Or => I32OrImm,
            I32Xor => I32XorImm,
            I32Shl => I32ShlImm,
            I32ShrS => I32ShrSImm,
            I32ShrU => I32ShrUImm,
            I32Rotl => I32RotlImm,
            I32Eq => I32EqImm,
            I32Ne => I32NeImm,
            I32LtS => I32LtSImm,
            I32LtU => I32LtUImm,
            I32LeS => I32LeSImm,
            I32LeU => I32LeUImm,
            I64Add => I64AddImm,
            I64Mul => I64MulImm,
            I64And => I64AndImm,
            I64Or => I64OrImm,
            I64Xor => I64XorImm,
            I64Shl => I64ShlImm,
            I64ShrS => I64ShrSImm,
            I64ShrU => I64ShrUImm,
            I64Rotl => I64RotlImm,
            I64Eq => I64EqImm,
            I64Ne => I64NeImm,
            I64LtS => I64LtSImm,
            I64LtU => I64LtUImm,
            I64LeS => I64LeSImm,
            I64LeU => I64LeUImm,
            _ => return None,
        })
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

    /// The instruction with an immediate of any size in place of the second operand.
    pub fn with_wide_immediate(self) -> Option<Op> {
        use Op::*;
        Some(match self {
            I32Add => I32AddWide,
            I32Mul => I32MulWide,
            I32And => I32AndWide,
            I32Or => I32OrWide,
            I32Xor => I32XorWide,
            I64Add => I64AddWide,
            I64Mul => I64MulWide,
            I64And => I64AndWide,
            I64Or => I64OrWide,
            I64Xor => I64XorWide,
            _ => return None,
        })
    }

    /// For a comparison `x < i` and its like the one with the sides swapped, as a comparison with
    /// an immediate: `i < x` is `x > i`.
    pub fn with_immediate_left(self) -> Option<Op> {
        use Op::*;
        Some(match self {
            I32Add => I32AddImm,
            I32Mul => I32MulImm,
            I32And => I32AndImm,
            I32Or => I32OrImm,
            I32Xor => I32XorImm,
            I64Add => I64AddImm,
            I64Mul => I64MulImm,
            I64And => I64AndImm,
            I64Or => I64OrImm,
            I64Xor => I64XorImm,
            I32Eq => I32EqImm,
            I32Ne => I32NeImm,
            I32LtS => I32GtSImm,
            I32LtU => I32GtUImm,
            I32LeS => I32GeSImm,
            I32LeU => I32GeUImm,
            I64Eq => I64EqImm,
            I64Ne => I64NeImm,
            I64LtS => I64GtSImm,
            I64LtU => I64GtUImm,
            I64LeS => I64GeSImm,
            I64LeU => I64GeUImm,
            _ => return None,
        })
    }

    /// The branch that is taken when this comparison holds. Its operands are those of the
    /// comparison.
    pub fn branch_if(self) -> Option<Op> {
        use Op::*;
        Some(match self {
            I32Eqz => BrIfEqz32,
            I64Eqz => BrIfEqz64,
            I32Eq => BrIfEq32,
            I32Ne => BrIfNe32,
            I32LtS => BrIfLtS32,
            I32LtU => BrIfLtU32,
            I32LeS => BrIfLeS32,
            I32LeU => BrIfLeU32,
            I64Eq => BrIfEq64,
            I64Ne => BrIfNe64,
            I64LtS => BrIfLtS64,
            I64LtU => BrIfLtU64,
            I64LeS => BrIfLeS64,
            I64LeU => BrIfLeU64,
            I32EqImm => BrIfEqImm32,
            I32NeImm => BrIfNeImm32,
            I32LtSImm => BrIfLtSImm32,
            I32LtUImm => BrIfLtUImm32,
            I32GtSImm => BrIfGtSImm32,
            I32GtUImm => BrIfGtUImm32,
            I32LeSImm => BrIfLeSImm32,
            I32LeUImm => BrIfLeUImm32,
            I32GeSImm => BrIfGeSImm32,
            I32GeUImm => BrIfGeUImm32,
            I64EqImm => BrIfEqImm64,
            I64NeImm => BrIfNeImm64,
            I64LtSImm => BrIfLtSImm64,
            I64LtUImm => BrIfLtUImm64,
            I64GtSImm => BrIfGtSImm64,
            I64GtUImm => BrIfGtUImm64,
            I64LeSImm => BrIfLeSImm64,
            I64LeUImm => BrIfLeUImm64,
            I64GeSImm => BrIfGeSImm64,
            I64GeUImm => BrIfGeUImm64,
            _ => return None,
        })
    }

    /// The comparison that holds when this one does not, and whether its operands are swapped.
    pub fn negated(self) -> Option<(Op, bool)> {
        use Op::*;
        Some(match self {
            I32Eq => (I32Ne, false),
            I32Ne => (I32Eq, false),
            I32LtS => (I32LeS, true),
            I32LtU => (I32LeU, true),
            I32LeS => (I32LtS, true),
            I32LeU => (I32LtU, true),
            I64Eq => (I64Ne, false),
            I64Ne => (I64Eq, false),
            I64LtS => (I64LeS, true),
            I64LtU => (I64LeU, true),
            I64LeS => (I64LtS, true),
            I64LeU => (I64LtU, true),
            I32EqImm => (I32NeImm, false),
            I32NeImm => (I32EqImm, false),
            I32LtSImm => (I32GeSImm, false),
            I32LtUImm => (I32GeUImm, false),
            I32GtSImm => (I32LeSImm, false),
            I32GtUImm => (I32LeUImm, false),
            I32LeSImm => (I32GtSImm, false),
            I32LeUImm => (I32GtUImm, false),
            I32GeSImm => (I32LtSImm, false),
            I32GeUImm => (I32LtUImm, false),
            I64EqImm => (I64NeImm, false),
            I64NeImm => (I64EqImm, false),
            I64LtSImm => (I64GeSImm, false),
            I64LtUImm => (I64GeUImm, false),
            I64GtSImm => (I64LeSImm, false),
            I64GtUImm => (I64LeUImm, false),
            I64LeSImm => (I64GtSImm, false),
            I64LeUImm => (I64GtUImm, false),
            I64GeSImm => (I64LtSImm, false),
            I64GeUImm => (I64LtUImm, false),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opcodes_are_numbered_without_gaps() {
        for (number, op) in Op::ALL.iter().enumerate() {
            assert_eq!(*op as usize, number);
        }
    }

    #[test]
    fn address_modes_stand_in_families() {
        assert_eq!(Op::I64Load32S.with_address_mode(AddressMode::Wide), Op::I64Load32SWide);
        assert_eq!(Op::Load8U.with_address_mode(AddressMode::At), Op::Load8UAt);
        assert_eq!(Op::Load16U.with_address_mode(AddressMode::Indexed), Op::Load16UIndexed);
        assert_eq!(Op::I64Load32S.with_address_mode(AddressMode::Sum), Op::I64Load32SSum);
        assert_eq!(Op::Store8.with_address_mode(AddressMode::Sum), Op::Store8Sum);
        assert_eq!(Op::Store64.with_address_mode(AddressMode::Sum), Op::Store64Sum);
        assert_eq!(Op::Store64.with_address_mode(AddressMode::Wide), Op::Store64Wide);
        assert_eq!(Op::Store8.with_address_mode(AddressMode::At), Op::Store8At);
    }

    #[test]
    fn negating_twice_gives_the_same_comparison() {
        for op in Op::ALL {
            if let Some((negated, swapped)) = op.negated() {
                assert_eq!(negated.negated(), Some((*op, swapped)));
                assert!(negated.branch_if().is_some());
            }
        }
    }
}
