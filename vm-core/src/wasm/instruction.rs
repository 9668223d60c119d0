//! The instructions of WebAssembly: a row for each, from which validation, translation, constant
//! expressions, costs and tests come.
//!
//! A new instruction needs its row here, its step in `exec::steps`, and a test. If its signature is
//! `special`, or if it has immediates, it also needs a rule in `module::validate::operators`; if it
//! does not become an instruction of the register code as the row says, a translation in
//! `translate::operators`.
use super::code::Op;
use super::costs::CostClass;
use super::features::Proposal;
use super::types::ValType;

/// What follows an opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Immediates {
    /// Nothing.
    None,
    /// The type of a block.
    BlockType,
    /// The label of a branch.
    Label,
    /// The labels of a `br_table`.
    Labels,
    /// A function.
    Func,
    /// The type of a function, and a table.
    Callee,
    /// The types of a `select`.
    ValTypes,
    /// A local.
    Local,
    /// A global.
    Global,
    /// A table.
    Table,
    /// Two tables.
    Tables,
    /// A memory.
    Memory,
    /// Two memories.
    Memories,
    /// Alignment and offset of an access to memory. The natural alignment, as a power of two.
    Address(u8),
    /// A constant.
    I32,
    /// A constant.
    I64,
    /// A constant.
    F32,
    /// A constant.
    F64,
    /// What a reference refers to.
    HeapType,
    /// A data segment.
    Data,
    /// A data segment, and a memory.
    DataAndMemory,
    /// An element segment.
    Elements,
    /// An element segment, and a table.
    ElementsAndTable,
}

/// What an instruction takes from the operand stack and puts onto it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Operands, the last one on top.
    pub params: &'static [ValType],
    /// Results.
    pub results: &'static [ValType],
}

/// What an instruction becomes in the register code.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    /// There is no such instruction.
    Unknown,
    Nothing,
    Unary(Op),
    Binary(Op),
    /// A comparison that is another one with its sides swapped.
    Swapped(Op),
    Load(Op),
    Store(Op),
    LocalGet,
    LocalSet,
    LocalTee,
    I32Const,
    I64Const,
    /// The translator has code for it.
    Other,
}

/// Whether an instruction may stand in a constant expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Constant {
    No,
    Yes,
    /// With extended constant expressions.
    Extended,
}

/// An instruction of WebAssembly.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Instruction {
    /// Its name in the text format. Both forms of `select` have one.
    pub mnemonic: &'static str,
    /// The opcode as it is encoded: a byte, or a prefix and a second one.
    pub opcode: &'static [u8],
    /// What follows the opcode.
    pub immediates: Immediates,
    /// Operands and results, unless they depend on the immediates, the module or the operands.
    pub signature: Option<Signature>,
    /// The class of its cost.
    pub class: CostClass,
    /// Whether it can neither trap nor change anything but locals and operands.
    pub pure: bool,
    /// Whether it costs more for each value that it moves across the edge of a block or into a
    /// call.
    pub moves_values: bool,
    pub(crate) proposal: Proposal,
    pub(crate) constant: Constant,
    pub(crate) action: Action,
    pub(crate) name: Opcode,
    pub(crate) rule: Rule,
}

impl Instruction {
    /// All instructions that the engine knows, by proposal.
    pub fn all() -> &'static [Self] {
        static ALL: [Instruction; INSTRUCTIONS.len()] = INSTRUCTIONS;
        &ALL
    }

    /// Whether floats are among its operands, results or immediates.
    pub const fn has_floats(&self) -> bool {
        match self.signature {
            Some(signature) => has_floats(signature.params) || has_floats(signature.results),
            None => false,
        }
    }

    /// How it is validated: by its shape if it is plain, by a rule of its own if not.
    pub(crate) const fn plain_or_own_rule(&self) -> Rule {
        let Some(Signature { params, results }) = self.signature else { return self.rule };
        match (self.immediates, params.len(), results.len()) {
            (Immediates::None, 1, 1) => Rule::Unary,
            (Immediates::None, 2, 1) if params[0] as u8 == params[1] as u8 => Rule::Binary,
            (Immediates::Address(_), 1, 1) => Rule::Load,
            (Immediates::Address(_), 2, 0) => Rule::Store,
            _ => self.rule,
        }
    }
}

const fn has_floats(mut types: &[ValType]) -> bool {
    while let [ty, rest @ ..] = types {
        if matches!(ty, ValType::F32 | ValType::F64) {
            return true;
        }
        types = rest;
    }
    false
}

impl Opcode {
    /// What follows it.
    pub fn immediates(self) -> Immediates {
        static IMMEDIATES: [Immediates; INSTRUCTIONS.len()] = {
            let mut immediates = [Immediates::None; INSTRUCTIONS.len()];
            let mut index = 0;
            while index < INSTRUCTIONS.len() {
                immediates[index] = INSTRUCTIONS[index].immediates;
                index += 1;
            }
            immediates
        };
        IMMEDIATES.get(self as usize).copied().unwrap_or(Immediates::None)
    }
}

/// The first byte of the opcodes that have a second one.
pub(crate) const PREFIX: u8 = 0xfc;

/// How many second opcodes there are, from 0 on.
pub(crate) const PREFIXED: usize = {
    let mut count = 0;
    let mut rest: &[Instruction] = &INSTRUCTIONS;
    while let [row, after @ ..] = rest {
        if row.opcode.len() == 2 {
            count += 1;
        }
        rest = after;
    }
    count
};

#[cfg(test)]
const fn last(opcode: &[u8]) -> u8 {
    if let [.., last] = opcode { *last } else { 0 }
}

/// A table of what `$entry` keeps of the instructions, by their byte, or with `true` by their
/// second opcode.
macro_rules! by_opcode {
    ($entry:ident, $prefixed:literal) => {{
        let mut table =
            [$entry::UNKNOWN; if $prefixed { $crate::wasm::instruction::PREFIXED } else { 256 }];
        let mut rest: &[Instruction] = &$crate::wasm::instruction::INSTRUCTIONS;
        while let [row, after @ ..] = rest {
            match *row.opcode {
                [byte] if !$prefixed => table[byte as usize] = $entry::new(row),
                [_, second] if $prefixed => table[second as usize] = $entry::new(row),
                _ => {}
            }
            rest = after;
        }
        table
    }};
}
pub(crate) use by_opcode;

macro_rules! instructions {
    (@signature special) => { None };
    (@signature $($param:ident)* -> $($result:ident)*) => {
        Some(Signature {
            params: &[$(ValType::$param),*],
            results: &[$(ValType::$result),*],
        })
    };
    (@immediates) => { Immediates::None };
    (@immediates $immediates:expr) => { $immediates };
    (@pure) => { true };
    (@pure effect) => { false };
    (@moves_values) => { false };
    (@moves_values values) => { true };
    (@action $name:ident) => { Action::Other };
    (@action $name:ident Unary) => { Action::Unary(Op::$name) };
    (@action $name:ident Binary) => { Action::Binary(Op::$name) };
    (@action $name:ident $action:ident) => { Action::$action };
    (@action $name:ident $action:ident $op:ident) => { Action::$action(Op::$op) };
    (@constant) => { Constant::No };
    (@constant constant) => { Constant::Yes };
    (@constant extended) => { Constant::Extended };
    ($($proposal:ident { $(
        $first:literal $(: $second:literal)? $mnemonic:literal
        $name:ident $([$immediates:ident $(($alignment:literal))?])? ($($signature:tt)*)
        $class:ident $(+ $values:ident)? $($effect:ident)?
        $(=> $action:ident $(($op:ident))?)? $(, $constant:ident)? ;
    )* })*) => {
        /// The name of an instruction, in the order of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Opcode { $($($name),*),* }

        /// The last byte of each opcode, for tests that write code byte by byte.
        #[cfg(test)]
        #[allow(non_upper_case_globals, dead_code)]
        pub(crate) mod byte {
            $($(pub const $name: u8 = super::last(&[$first $(, $second)?]);)*)*
        }

        /// How an instruction is validated.
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Rule {
            /// There is no such instruction.
            Unknown,
            /// There is a second opcode.
            Prefix,
            /// It is part of a proposal, or on floats.
            Gated,
            /// One operand becomes another.
            Unary,
            /// Two operands of one type become another.
            Binary,
            Load,
            Store,
            // Those with rules of their own.
            $($($name),*),*
        }

        /// The table, for what is made from it when the crate is compiled.
        pub(crate) const INSTRUCTIONS: [Instruction; [$($(Opcode::$name),*),*].len()] = [$($(
            Instruction {
                mnemonic: $mnemonic,
                opcode: &[$first $(, $second)?],
                immediates: instructions!(
                    @immediates $(Immediates::$immediates $(($alignment))?)?
                ),
                signature: instructions!(@signature $($signature)*),
                class: CostClass::$class,
                pure: instructions!(@pure $($effect)?),
                moves_values: instructions!(@moves_values $($values)?),
                proposal: Proposal::$proposal,
                constant: instructions!(@constant $($constant)?),
                action: instructions!(@action $name $($action $($op)?)?),
                name: Opcode::$name,
                rule: Rule::$name,
            }
        ),*),*];
    };
}

// Opcode, mnemonic, name with its immediates, signature, class of cost (`+ values` if the values
// that it moves cost more; `effect` if it is not pure), what it becomes in the register code (of
// the same name where none is given; by code of its own without), and whether it may stand in
// constant expressions.
instructions! {
    Mvp {
    // Control.
    0x00 "unreachable"   Unreachable           (special) Nothing effect;
    0x01 "nop"           Nop                   (->)      Nothing => Nothing;
    0x02 "block"         Block [BlockType]     (special) Nothing + values;
    0x03 "loop"          Loop [BlockType]      (special) Branch + values;
    0x04 "if"            If [BlockType]        (special) Branch + values;
    0x05 "else"          Else                  (special) Branch + values;
    0x0b "end"           End                   (special) Nothing + values, constant;
    0x0c "br"            Br [Label]            (special) Branch + values;
    0x0d "br_if"         BrIf [Label]          (special) Branch + values;
    0x0e "br_table"      BrTable [Labels]      (special) BranchTable + values;
    0x0f "return"        Return                (special) Branch + values;
    0x10 "call"          Call [Func]           (special) Call + values effect;
    0x11 "call_indirect" CallIndirect [Callee] (special) CallIndirect + values effect;
    // Any operands.
    0x1a "drop"   Drop   (special) Drop;
    0x1b "select" Select (special) Select;
    // Locals, globals, tables.
    0x20 "local.get"  LocalGet [Local]   (special) Local => LocalGet;
    0x21 "local.set"  LocalSet [Local]   (special) Local => LocalSet;
    0x22 "local.tee"  LocalTee [Local]   (special) Local => LocalTee;
    0x23 "global.get" GlobalGet [Global] (special) Global, constant;
    0x24 "global.set" GlobalSet [Global] (special) Global effect;
    // Memory.
    0x28 "i32.load"     I32Load [Address(2)]    (I32 -> I32) Load effect => Load(Load32);
    0x29 "i64.load"     I64Load [Address(3)]    (I32 -> I64) Load effect => Load(Load64);
    0x2a "f32.load"     F32Load [Address(2)]    (I32 -> F32) Load effect => Load(Load32);
    0x2b "f64.load"     F64Load [Address(3)]    (I32 -> F64) Load effect => Load(Load64);
    0x2c "i32.load8_s"  I32Load8S [Address(0)]  (I32 -> I32) Load effect => Load(I32Load8S);
    0x2d "i32.load8_u"  I32Load8U [Address(0)]  (I32 -> I32) Load effect => Load(Load8U);
    0x2e "i32.load16_s" I32Load16S [Address(1)] (I32 -> I32) Load effect => Load(I32Load16S);
    0x2f "i32.load16_u" I32Load16U [Address(1)] (I32 -> I32) Load effect => Load(Load16U);
    0x30 "i64.load8_s"  I64Load8S [Address(0)]  (I32 -> I64) Load effect => Load(I64Load8S);
    0x31 "i64.load8_u"  I64Load8U [Address(0)]  (I32 -> I64) Load effect => Load(Load8U);
    0x32 "i64.load16_s" I64Load16S [Address(1)] (I32 -> I64) Load effect => Load(I64Load16S);
    0x33 "i64.load16_u" I64Load16U [Address(1)] (I32 -> I64) Load effect => Load(Load16U);
    0x34 "i64.load32_s" I64Load32S [Address(2)] (I32 -> I64) Load effect => Load(I64Load32S);
    0x35 "i64.load32_u" I64Load32U [Address(2)] (I32 -> I64) Load effect => Load(Load32);
    0x36 "i32.store"    I32Store [Address(2)]   (I32 I32 ->) Store effect => Store(Store32);
    0x37 "i64.store"    I64Store [Address(3)]   (I32 I64 ->) Store effect => Store(Store64);
    0x38 "f32.store"    F32Store [Address(2)]   (I32 F32 ->) Store effect => Store(Store32);
    0x39 "f64.store"    F64Store [Address(3)]   (I32 F64 ->) Store effect => Store(Store64);
    0x3a "i32.store8"   I32Store8 [Address(0)]  (I32 I32 ->) Store effect => Store(Store8);
    0x3b "i32.store16"  I32Store16 [Address(1)] (I32 I32 ->) Store effect => Store(Store16);
    0x3c "i64.store8"   I64Store8 [Address(0)]  (I32 I64 ->) Store effect => Store(Store8);
    0x3d "i64.store16"  I64Store16 [Address(1)] (I32 I64 ->) Store effect => Store(Store16);
    0x3e "i64.store32"  I64Store32 [Address(2)] (I32 I64 ->) Store effect => Store(Store32);
    0x3f "memory.size"  MemorySize [Memory]     (-> I32)     Size;
    0x40 "memory.grow"  MemoryGrow [Memory]     (I32 -> I32) Bulk effect;
    // Constants.
    0x41 "i32.const" I32Const [I32] (-> I32) Constant => I32Const, constant;
    0x42 "i64.const" I64Const [I64] (-> I64) Constant => I64Const, constant;
    0x43 "f32.const" F32Const [F32] (-> F32) Constant, constant;
    0x44 "f64.const" F64Const [F64] (-> F64) Constant, constant;
    // Comparisons.
    0x45 "i32.eqz"  I32Eqz (I32 -> I32)     Simple => Unary;
    0x46 "i32.eq"   I32Eq  (I32 I32 -> I32) Simple => Binary;
    0x47 "i32.ne"   I32Ne  (I32 I32 -> I32) Simple => Binary;
    0x48 "i32.lt_s" I32LtS (I32 I32 -> I32) Simple => Binary;
    0x49 "i32.lt_u" I32LtU (I32 I32 -> I32) Simple => Binary;
    0x4a "i32.gt_s" I32GtS (I32 I32 -> I32) Simple => Swapped(I32LtS);
    0x4b "i32.gt_u" I32GtU (I32 I32 -> I32) Simple => Swapped(I32LtU);
    0x4c "i32.le_s" I32LeS (I32 I32 -> I32) Simple => Binary;
    0x4d "i32.le_u" I32LeU (I32 I32 -> I32) Simple => Binary;
    0x4e "i32.ge_s" I32GeS (I32 I32 -> I32) Simple => Swapped(I32LeS);
    0x4f "i32.ge_u" I32GeU (I32 I32 -> I32) Simple => Swapped(I32LeU);
    0x50 "i64.eqz"  I64Eqz (I64 -> I32)     Simple => Unary;
    0x51 "i64.eq"   I64Eq  (I64 I64 -> I32) Simple => Binary;
    0x52 "i64.ne"   I64Ne  (I64 I64 -> I32) Simple => Binary;
    0x53 "i64.lt_s" I64LtS (I64 I64 -> I32) Simple => Binary;
    0x54 "i64.lt_u" I64LtU (I64 I64 -> I32) Simple => Binary;
    0x55 "i64.gt_s" I64GtS (I64 I64 -> I32) Simple => Swapped(I64LtS);
    0x56 "i64.gt_u" I64GtU (I64 I64 -> I32) Simple => Swapped(I64LtU);
    0x57 "i64.le_s" I64LeS (I64 I64 -> I32) Simple => Binary;
    0x58 "i64.le_u" I64LeU (I64 I64 -> I32) Simple => Binary;
    0x59 "i64.ge_s" I64GeS (I64 I64 -> I32) Simple => Swapped(I64LeS);
    0x5a "i64.ge_u" I64GeU (I64 I64 -> I32) Simple => Swapped(I64LeU);
    0x5b "f32.eq"   F32Eq  (F32 F32 -> I32) Float effect => Binary;
    0x5c "f32.ne"   F32Ne  (F32 F32 -> I32) Float effect => Binary;
    0x5d "f32.lt"   F32Lt  (F32 F32 -> I32) Float effect => Binary;
    0x5e "f32.gt"   F32Gt  (F32 F32 -> I32) Float effect => Swapped(F32Lt);
    0x5f "f32.le"   F32Le  (F32 F32 -> I32) Float effect => Binary;
    0x60 "f32.ge"   F32Ge  (F32 F32 -> I32) Float effect => Swapped(F32Le);
    0x61 "f64.eq"   F64Eq  (F64 F64 -> I32) Float effect => Binary;
    0x62 "f64.ne"   F64Ne  (F64 F64 -> I32) Float effect => Binary;
    0x63 "f64.lt"   F64Lt  (F64 F64 -> I32) Float effect => Binary;
    0x64 "f64.gt"   F64Gt  (F64 F64 -> I32) Float effect => Swapped(F64Lt);
    0x65 "f64.le"   F64Le  (F64 F64 -> I32) Float effect => Binary;
    0x66 "f64.ge"   F64Ge  (F64 F64 -> I32) Float effect => Swapped(F64Le);
    // Arithmetic.
    0x67 "i32.clz"      I32Clz      (I32 -> I32)     CountBits => Unary;
    0x68 "i32.ctz"      I32Ctz      (I32 -> I32)     CountBits => Unary;
    0x69 "i32.popcnt"   I32Popcnt   (I32 -> I32)     CountBits => Unary;
    0x6a "i32.add"      I32Add      (I32 I32 -> I32) Simple => Binary, extended;
    0x6b "i32.sub"      I32Sub      (I32 I32 -> I32) Simple => Binary, extended;
    0x6c "i32.mul"      I32Mul      (I32 I32 -> I32) Multiply => Binary, extended;
    0x6d "i32.div_s"    I32DivS     (I32 I32 -> I32) Divide effect => Binary;
    0x6e "i32.div_u"    I32DivU     (I32 I32 -> I32) Divide effect => Binary;
    0x6f "i32.rem_s"    I32RemS     (I32 I32 -> I32) Divide effect => Binary;
    0x70 "i32.rem_u"    I32RemU     (I32 I32 -> I32) Divide effect => Binary;
    0x71 "i32.and"      I32And      (I32 I32 -> I32) Simple => Binary;
    0x72 "i32.or"       I32Or       (I32 I32 -> I32) Simple => Binary;
    0x73 "i32.xor"      I32Xor      (I32 I32 -> I32) Simple => Binary;
    0x74 "i32.shl"      I32Shl      (I32 I32 -> I32) Shift => Binary;
    0x75 "i32.shr_s"    I32ShrS     (I32 I32 -> I32) Shift => Binary;
    0x76 "i32.shr_u"    I32ShrU     (I32 I32 -> I32) Shift => Binary;
    0x77 "i32.rotl"     I32Rotl     (I32 I32 -> I32) Shift => Binary;
    0x78 "i32.rotr"     I32Rotr     (I32 I32 -> I32) Shift => Binary;
    0x79 "i64.clz"      I64Clz      (I64 -> I64)     CountBits => Unary;
    0x7a "i64.ctz"      I64Ctz      (I64 -> I64)     CountBits => Unary;
    0x7b "i64.popcnt"   I64Popcnt   (I64 -> I64)     CountBits => Unary;
    0x7c "i64.add"      I64Add      (I64 I64 -> I64) Simple => Binary, extended;
    0x7d "i64.sub"      I64Sub      (I64 I64 -> I64) Simple => Binary, extended;
    0x7e "i64.mul"      I64Mul      (I64 I64 -> I64) Multiply => Binary, extended;
    0x7f "i64.div_s"    I64DivS     (I64 I64 -> I64) Divide effect => Binary;
    0x80 "i64.div_u"    I64DivU     (I64 I64 -> I64) Divide effect => Binary;
    0x81 "i64.rem_s"    I64RemS     (I64 I64 -> I64) Divide effect => Binary;
    0x82 "i64.rem_u"    I64RemU     (I64 I64 -> I64) Divide effect => Binary;
    0x83 "i64.and"      I64And      (I64 I64 -> I64) Simple => Binary;
    0x84 "i64.or"       I64Or       (I64 I64 -> I64) Simple => Binary;
    0x85 "i64.xor"      I64Xor      (I64 I64 -> I64) Simple => Binary;
    0x86 "i64.shl"      I64Shl      (I64 I64 -> I64) Shift => Binary;
    0x87 "i64.shr_s"    I64ShrS     (I64 I64 -> I64) Shift => Binary;
    0x88 "i64.shr_u"    I64ShrU     (I64 I64 -> I64) Shift => Binary;
    0x89 "i64.rotl"     I64Rotl     (I64 I64 -> I64) Shift => Binary;
    0x8a "i64.rotr"     I64Rotr     (I64 I64 -> I64) Shift => Binary;
    0x8b "f32.abs"      F32Abs      (F32 -> F32)     Float effect => Unary;
    0x8c "f32.neg"      F32Neg      (F32 -> F32)     Float effect => Unary;
    0x8d "f32.ceil"     F32Ceil     (F32 -> F32)     Float effect => Unary;
    0x8e "f32.floor"    F32Floor    (F32 -> F32)     Float effect => Unary;
    0x8f "f32.trunc"    F32Trunc    (F32 -> F32)     Float effect => Unary;
    0x90 "f32.nearest"  F32Nearest  (F32 -> F32)     Float effect => Unary;
    0x91 "f32.sqrt"     F32Sqrt     (F32 -> F32)     Float effect => Unary;
    0x92 "f32.add"      F32Add      (F32 F32 -> F32) Float effect => Binary;
    0x93 "f32.sub"      F32Sub      (F32 F32 -> F32) Float effect => Binary;
    0x94 "f32.mul"      F32Mul      (F32 F32 -> F32) Float effect => Binary;
    0x95 "f32.div"      F32Div      (F32 F32 -> F32) Float effect => Binary;
    0x96 "f32.min"      F32Min      (F32 F32 -> F32) Float effect => Binary;
    0x97 "f32.max"      F32Max      (F32 F32 -> F32) Float effect => Binary;
    0x98 "f32.copysign" F32Copysign (F32 F32 -> F32) Float effect => Binary;
    0x99 "f64.abs"      F64Abs      (F64 -> F64)     Float effect => Unary;
    0x9a "f64.neg"      F64Neg      (F64 -> F64)     Float effect => Unary;
    0x9b "f64.ceil"     F64Ceil     (F64 -> F64)     Float effect => Unary;
    0x9c "f64.floor"    F64Floor    (F64 -> F64)     Float effect => Unary;
    0x9d "f64.trunc"    F64Trunc    (F64 -> F64)     Float effect => Unary;
    0x9e "f64.nearest"  F64Nearest  (F64 -> F64)     Float effect => Unary;
    0x9f "f64.sqrt"     F64Sqrt     (F64 -> F64)     Float effect => Unary;
    0xa0 "f64.add"      F64Add      (F64 F64 -> F64) Float effect => Binary;
    0xa1 "f64.sub"      F64Sub      (F64 F64 -> F64) Float effect => Binary;
    0xa2 "f64.mul"      F64Mul      (F64 F64 -> F64) Float effect => Binary;
    0xa3 "f64.div"      F64Div      (F64 F64 -> F64) Float effect => Binary;
    0xa4 "f64.min"      F64Min      (F64 F64 -> F64) Float effect => Binary;
    0xa5 "f64.max"      F64Max      (F64 F64 -> F64) Float effect => Binary;
    0xa6 "f64.copysign" F64Copysign (F64 F64 -> F64) Float effect => Binary;
    // Conversions. Slots hold bits, so that a reinterpretation is nothing.
    0xa7 "i32.wrap_i64"        I32WrapI64        (I64 -> I32) Simple;
    0xa8 "i32.trunc_f32_s"     I32TruncF32S      (F32 -> I32) Float effect => Unary;
    0xa9 "i32.trunc_f32_u"     I32TruncF32U      (F32 -> I32) Float effect => Unary;
    0xaa "i32.trunc_f64_s"     I32TruncF64S      (F64 -> I32) Float effect => Unary;
    0xab "i32.trunc_f64_u"     I32TruncF64U      (F64 -> I32) Float effect => Unary;
    0xac "i64.extend_i32_s"    I64ExtendI32S     (I32 -> I64) Simple => Unary(I64Extend32S);
    0xad "i64.extend_i32_u"    I64ExtendI32U     (I32 -> I64) Simple;
    0xae "i64.trunc_f32_s"     I64TruncF32S      (F32 -> I64) Float effect => Unary;
    0xaf "i64.trunc_f32_u"     I64TruncF32U      (F32 -> I64) Float effect => Unary;
    0xb0 "i64.trunc_f64_s"     I64TruncF64S      (F64 -> I64) Float effect => Unary;
    0xb1 "i64.trunc_f64_u"     I64TruncF64U      (F64 -> I64) Float effect => Unary;
    0xb2 "f32.convert_i32_s"   F32ConvertI32S    (I32 -> F32) Float effect => Unary;
    0xb3 "f32.convert_i32_u"   F32ConvertI32U    (I32 -> F32) Float effect => Unary;
    0xb4 "f32.convert_i64_s"   F32ConvertI64S    (I64 -> F32) Float effect => Unary;
    0xb5 "f32.convert_i64_u"   F32ConvertI64U    (I64 -> F32) Float effect => Unary;
    0xb6 "f32.demote_f64"      F32DemoteF64      (F64 -> F32) Float effect => Unary;
    0xb7 "f64.convert_i32_s"   F64ConvertI32S    (I32 -> F64) Float effect => Unary;
    0xb8 "f64.convert_i32_u"   F64ConvertI32U    (I32 -> F64) Float effect => Unary;
    0xb9 "f64.convert_i64_s"   F64ConvertI64S    (I64 -> F64) Float effect => Unary;
    0xba "f64.convert_i64_u"   F64ConvertI64U    (I64 -> F64) Float effect => Unary;
    0xbb "f64.promote_f32"     F64PromoteF32     (F32 -> F64) Float effect => Unary;
    0xbc "i32.reinterpret_f32" I32ReinterpretF32 (F32 -> I32) Simple => Nothing;
    0xbd "i64.reinterpret_f64" I64ReinterpretF64 (F64 -> I64) Simple => Nothing;
    0xbe "f32.reinterpret_i32" F32ReinterpretI32 (I32 -> F32) Simple => Nothing;
    0xbf "f64.reinterpret_i64" F64ReinterpretI64 (I64 -> F64) Simple => Nothing;
    }
    SignExtension {
    0xc0 "i32.extend8_s"  I32Extend8S  (I32 -> I32) Simple => Unary;
    0xc1 "i32.extend16_s" I32Extend16S (I32 -> I32) Simple => Unary;
    0xc2 "i64.extend8_s"  I64Extend8S  (I64 -> I64) Simple => Unary;
    0xc3 "i64.extend16_s" I64Extend16S (I64 -> I64) Simple => Unary;
    0xc4 "i64.extend32_s" I64Extend32S (I64 -> I64) Simple => Unary;
    }
    SaturatingFloatToInt {
    0xfc:0 "i32.trunc_sat_f32_s" I32TruncSatF32S (F32 -> I32) Float effect => Unary;
    0xfc:1 "i32.trunc_sat_f32_u" I32TruncSatF32U (F32 -> I32) Float effect => Unary;
    0xfc:2 "i32.trunc_sat_f64_s" I32TruncSatF64S (F64 -> I32) Float effect => Unary;
    0xfc:3 "i32.trunc_sat_f64_u" I32TruncSatF64U (F64 -> I32) Float effect => Unary;
    0xfc:4 "i64.trunc_sat_f32_s" I64TruncSatF32S (F32 -> I64) Float effect => Unary;
    0xfc:5 "i64.trunc_sat_f32_u" I64TruncSatF32U (F32 -> I64) Float effect => Unary;
    0xfc:6 "i64.trunc_sat_f64_s" I64TruncSatF64S (F64 -> I64) Float effect => Unary;
    0xfc:7 "i64.trunc_sat_f64_u" I64TruncSatF64U (F64 -> I64) Float effect => Unary;
    }
    BulkMemory {
    0xfc:8  "memory.init" MemoryInit [DataAndMemory]   (I32 I32 I32 ->) Bulk effect;
    0xfc:9  "data.drop"   DataDrop [Data]              (->)             Bulk effect;
    0xfc:10 "memory.copy" MemoryCopy [Memories]        (I32 I32 I32 ->) Bulk effect;
    0xfc:11 "memory.fill" MemoryFill [Memory]          (I32 I32 I32 ->) Bulk effect;
    0xfc:12 "table.init"  TableInit [ElementsAndTable] (I32 I32 I32 ->) Bulk effect;
    0xfc:13 "elem.drop"   ElemDrop [Elements]          (->)             Bulk effect;
    0xfc:14 "table.copy"  TableCopy [Tables]           (I32 I32 I32 ->) Bulk effect;
    }
    ReferenceTypes {
    0x1c "select" TypedSelect [ValTypes] (special) Select;
    0x25 "table.get" TableGet [Table] (special) Table effect;
    0x26 "table.set" TableSet [Table] (special) Table effect;
    0xd0 "ref.null"    RefNull [HeapType] (special)    Constant, constant;
    0xd1 "ref.is_null" RefIsNull          (special)    Simple => Unary(I64Eqz);
    0xd2 "ref.func"    RefFunc [Func]     (-> FuncRef) Reference, constant;
    0xfc:15 "table.grow" TableGrow [Table] (special) Bulk effect;
    0xfc:16 "table.size" TableSize [Table] (-> I32)  Size;
    0xfc:17 "table.fill" TableFill [Table] (special) Bulk effect;
    }
    TailCall {
    0x12 "return_call"          ReturnCall [Func]           (special) Call + values effect;
    0x13 "return_call_indirect" ReturnCallIndirect [Callee] (special) CallIndirect + values effect;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::{Config, Engine, Module};
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    fn names(types: &[ValType]) -> String {
        let name = |ty: &ValType| match ty {
            ValType::I32 => "i32 ",
            ValType::I64 => "i64 ",
            ValType::F32 => "f32 ",
            ValType::F64 => "f64 ",
            ValType::FuncRef => "funcref ",
            ValType::ExternRef => "externref ",
        };
        types.iter().map(name).collect()
    }

    #[test]
    fn plain_instructions_have_the_opcodes_alignments_and_types_of_the_text_format() {
        let engine = Engine::new(Config::default());
        let mut checked = 0;
        for row in Instruction::all() {
            let Some(Signature { params, results }) = row.signature else { continue };
            let immediates: &[u8] = match &row.immediates {
                Immediates::None => &[],
                Immediates::Address(natural) => &[*natural, 0],
                _ => continue,
            };
            let operands: String =
                (0..params.len()).map(|index| format!("local.get {index} ")).collect();
            let (params, results, mnemonic) = (names(params), names(results), row.mnemonic);
            let text = format!(
                "(module (memory 1)
                    (func (param {params}) (result {results}) {operands} {mnemonic}))"
            );
            let bytes = wat::parse_str(&text).unwrap();
            let code = [row.opcode, immediates, &[byte::End]].concat();
            assert!(bytes.ends_with(&code), "{text}: {bytes:x?}");
            Module::new(&engine, &bytes).unwrap();
            checked += 1;
        }
        assert!(checked > 150);
    }

    #[test]
    fn opcodes_are_told_apart() {
        let mut opcodes: Vec<_> = Instruction::all().iter().map(|row| row.opcode).collect();
        opcodes.sort_unstable();
        opcodes.dedup();
        assert_eq!(opcodes.len(), INSTRUCTIONS.len());
        for row in Instruction::all() {
            assert_eq!(row.opcode.len() == 2, row.opcode.first() == Some(&PREFIX));
            assert_eq!(row.name.immediates(), row.immediates, "{}", row.mnemonic);
        }
    }
}
