//! What a memory reaches, and its price.
//!
//! The rewritten module has a global for the kibibytes that are reached, and a function that an
//! access calls first: it takes the start and the length of the range. Out of bounds it does
//! nothing, as
//! the access will trap. Operands wait in globals meanwhile; lengths of data segments are in
//! globals too, so that the bounds of `memory.init` are known.
use tephra_core::wasm::InstructionCosts;
use wasm_encoder::{
    BlockType, ConstExpr, Encode, FunctionSection, GlobalSection, GlobalType, Instruction,
    TypeSection, ValType,
};
use wasmparser::{DataKind, Operator, Parser, Payload, TypeRef};

use super::{Counting, Result, encoded};
use crate::trace::Host;

/// What is known of a module's memory.
#[derive(Default)]
pub struct Memory {
    /// Whether there is one.
    pub exists: bool,
    /// Kibibytes that active data segments reach.
    reached: u32,
    /// Bytes of each data segment that `memory.init` finds at first.
    segments: Vec<u32>,
}

/// Where the rewritten module has what it counts memory with.
#[derive(Clone, Copy)]
pub struct Places {
    /// The first of the globals.
    pub first_global: u32,
    /// The function.
    pub reach: u32,
}

impl Places {
    fn reached(self) -> u32 {
        self.first_global
    }

    /// Where an operand waits: three of type i32, and one of each other type.
    fn operand(self, index: u32) -> u32 {
        self.first_global + 1 + index
    }

    fn value(self, ty: ValType) -> u32 {
        match ty {
            ValType::I64 => self.operand(3),
            ValType::F32 => self.operand(4),
            ValType::F64 => self.operand(5),
            _ => self.operand(2),
        }
    }

    /// The length of a data segment.
    fn segment(self, index: u32) -> u32 {
        self.operand(6 + index)
    }
}

impl Memory {
    /// Returns the memory that a module declares.
    pub fn of(bytes: &[u8]) -> Result<Self> {
        let mut memory = Self::default();
        let mut imported = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        match import?.ty {
                            TypeRef::Memory(_) => memory.exists = true,
                            // The host gives every global of this type the same value.
                            TypeRef::Global(_) => imported.push(Host::WORD),
                            _ => {}
                        }
                    }
                }
                Payload::MemorySection(section) => memory.exists |= section.count() > 0,
                Payload::DataSection(section) => {
                    for segment in section {
                        let segment = segment?;
                        let len = segment.data.len() as u32;
                        if let DataKind::Active { offset_expr, .. } = &segment.kind {
                            memory.segments.push(0);
                            let end =
                                u64::from(value(offset_expr, &imported)? as u32) + u64::from(len);
                            if len > 0 {
                                // One that is out of bounds ends everything at once.
                                memory.reached = memory.reached.max(end.div_ceil(1024) as u32);
                            }
                        } else {
                            memory.segments.push(len);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(memory)
    }

    /// Adds the globals.
    pub fn globals(&self, section: &mut GlobalSection) {
        let mut global = |val_type, init| {
            section.global(GlobalType { val_type, mutable: true, shared: false }, &init);
        };
        global(ValType::I32, ConstExpr::i32_const(self.reached as i32));
        for _ in 0..3 {
            global(ValType::I32, ConstExpr::i32_const(0));
        }
        global(ValType::I64, ConstExpr::i64_const(0));
        global(ValType::F32, ConstExpr::f32_const(0.0.into()));
        global(ValType::F64, ConstExpr::f64_const(0.0.into()));
        for len in &self.segments {
            global(ValType::I32, ConstExpr::i32_const(*len as i32));
        }
    }

    /// Returns the code before an instruction.
    pub fn before(&self, operator: &Operator, at: Places) -> Vec<Instruction<'static>> {
        use Instruction as I;
        let [first, second, third] = [0, 1, 2].map(|index| at.operand(index));
        match operator {
            Operator::MemoryFill { .. }
            | Operator::MemoryCopy { .. }
            | Operator::MemoryInit { .. } => {
                let mut out = vec![I::GlobalSet(third), I::GlobalSet(second), I::GlobalSet(first)];
                let mut reach = match operator {
                    // The range that ends last decides, for both are of one length.
                    Operator::MemoryCopy { .. } => vec![
                        I::GlobalGet(first),
                        I::GlobalGet(second),
                        I::GlobalGet(first),
                        I::GlobalGet(second),
                        I::I32GtU,
                        I::Select,
                    ],
                    _ => vec![I::GlobalGet(first)],
                };
                reach.extend([I::GlobalGet(third), I::I64ExtendI32U, I::Call(at.reach)]);
                if let Operator::MemoryInit { data_index, .. } = operator {
                    out.extend([
                        I::GlobalGet(second),
                        I::I64ExtendI32U,
                        I::GlobalGet(third),
                        I::I64ExtendI32U,
                        I::I64Add,
                        I::GlobalGet(at.segment(*data_index)),
                        I::I64ExtendI32U,
                        I::I64LeU,
                        I::If(BlockType::Empty),
                    ]);
                    reach.push(I::End);
                }
                out.extend(reach);
                out.extend([I::GlobalGet(first), I::GlobalGet(second), I::GlobalGet(third)]);
                out
            }
            Operator::DataDrop { data_index } => {
                vec![I::I32Const(0), I::GlobalSet(at.segment(*data_index))]
            }
            _ => match access(operator) {
                Some((end, stored)) => {
                    let mut out = Vec::new();
                    if let Some(ty) = stored {
                        out.push(I::GlobalSet(at.value(ty)));
                    }
                    out.push(I::GlobalSet(first));
                    out.extend([
                        I::GlobalGet(first),
                        I::I64Const(end as i64),
                        I::Call(at.reach),
                        I::GlobalGet(first),
                    ]);
                    if let Some(ty) = stored {
                        out.push(I::GlobalGet(at.value(ty)));
                    }
                    out
                }
                None => Vec::new(),
            },
        }
    }
}

/// Bytes from the address to the end of what a load or store accesses; and of a store the type of
/// the value.
fn access(operator: &Operator) -> Option<(u64, Option<ValType>)> {
    use Operator as O;
    let (memarg, size, stored) = match operator {
        O::I32Load8S { memarg }
        | O::I32Load8U { memarg }
        | O::I64Load8S { memarg }
        | O::I64Load8U { memarg } => (memarg, 1, None),
        O::I32Load16S { memarg }
        | O::I32Load16U { memarg }
        | O::I64Load16S { memarg }
        | O::I64Load16U { memarg } => (memarg, 2, None),
        O::I32Load { memarg }
        | O::F32Load { memarg }
        | O::I64Load32S { memarg }
        | O::I64Load32U { memarg } => (memarg, 4, None),
        O::I64Load { memarg } | O::F64Load { memarg } => (memarg, 8, None),
        O::I32Store8 { memarg } => (memarg, 1, Some(ValType::I32)),
        O::I32Store16 { memarg } => (memarg, 2, Some(ValType::I32)),
        O::I32Store { memarg } => (memarg, 4, Some(ValType::I32)),
        O::I64Store8 { memarg } => (memarg, 1, Some(ValType::I64)),
        O::I64Store16 { memarg } => (memarg, 2, Some(ValType::I64)),
        O::I64Store32 { memarg } => (memarg, 4, Some(ValType::I64)),
        O::I64Store { memarg } => (memarg, 8, Some(ValType::I64)),
        O::F32Store { memarg } => (memarg, 4, Some(ValType::F32)),
        O::F64Store { memarg } => (memarg, 8, Some(ValType::F64)),
        _ => return None,
    };
    Some((memarg.offset + size, stored))
}

/// The value of a constant expression of type i32.
fn value(expression: &wasmparser::ConstExpr, imported: &[i32]) -> Result<i32> {
    let mut stack = Vec::new();
    let mut reader = expression.get_operators_reader();
    while !reader.eof() {
        let binary = |stack: &mut Vec<i32>, f: fn(i32, i32) -> i32| {
            let (b, a) = (stack.pop().unwrap_or(0), stack.pop().unwrap_or(0));
            stack.push(f(a, b));
        };
        match reader.read()? {
            Operator::I32Const { value } => stack.push(value),
            Operator::GlobalGet { global_index } => {
                stack.push(imported.get(global_index as usize).copied().unwrap_or(0))
            }
            Operator::I32Add => binary(&mut stack, i32::wrapping_add),
            Operator::I32Sub => binary(&mut stack, i32::wrapping_sub),
            Operator::I32Mul => binary(&mut stack, i32::wrapping_mul),
            _ => {}
        }
    }
    Ok(stack.pop().unwrap_or(0))
}

/// The type of the function that accesses call first, as the entries of a type section.
pub fn reach_type() -> Vec<u8> {
    let mut section = TypeSection::new();
    section.ty().function([ValType::I32, ValType::I64], []);
    encoded(&section)
}

/// Its declaration.
pub fn reach_declaration(ty: u32) -> Vec<u8> {
    let mut section = FunctionSection::new();
    section.function(ty);
    encoded(&section)
}

/// Its body.
pub fn reach_body(costs: &InstructionCosts, counting: Counting, at: Places) -> Vec<u8> {
    use Instruction as I;
    let (start, len, kibibytes) = (0, 1, 2);
    let mut out = Vec::new();
    let before = [
        // Nothing is reached by nothing.
        I::LocalGet(len),
        I::I64Eqz,
        I::If(BlockType::Empty),
        I::Return,
        I::End,
        // Out of bounds.
        I::LocalGet(start),
        I::I64ExtendI32U,
        I::LocalGet(len),
        I::I64Add,
        I::LocalTee(len),
        I::MemorySize(0),
        I::I64ExtendI32U,
        I::I64Const(16),
        I::I64Shl,
        I::I64GtU,
        I::If(BlockType::Empty),
        I::Return,
        I::End,
        // Reached before.
        I::LocalGet(len),
        I::I64Const(1023),
        I::I64Add,
        I::I64Const(10),
        I::I64ShrU,
        I::LocalTee(kibibytes),
        I::GlobalGet(at.reached()),
        I::I64ExtendI32U,
        I::I64LeU,
        I::If(BlockType::Empty),
        I::Return,
        I::End,
    ];
    // One local of type i64.
    [1_u8, 1, 0x7e].iter().for_each(|byte| out.push(*byte));
    before.iter().for_each(|instruction| instruction.encode(&mut out));
    // Each kibibyte n costs `kibibyte` + (n² − (n − 1)²) × `kibibytes_squared`: summed one by one.
    I::Loop(BlockType::Empty).encode(&mut out);
    let next = [I::GlobalGet(at.reached()), I::I32Const(1), I::I32Add, I::GlobalSet(at.reached())];
    next.iter().for_each(|instruction| instruction.encode(&mut out));
    let amount = [
        I::GlobalGet(at.reached()),
        I::I64ExtendI32U,
        I::I64Const(2),
        I::I64Mul,
        I::I64Const(1),
        I::I64Sub,
        I::I64Const(costs.kibibytes_squared as i64),
        I::I64Mul,
        I::I64Const(costs.kibibyte as i64),
        I::I64Add,
    ];
    // All of it is charged before the access: the limit is checked as it is added up.
    counting.add(&mut out, &amount);
    let again = [
        I::GlobalGet(at.reached()),
        I::I64ExtendI32U,
        I::LocalGet(kibibytes),
        I::I64LtU,
        I::BrIf(0),
        I::End,
        I::End,
    ];
    again.iter().for_each(|instruction| instruction.encode(&mut out));
    out
}
