//! The definition of instruction gas, written down a second time and naively: not by running, but
//! by rewriting a module so that it counts for itself.
//!
//! At the start of every segment the rewritten module adds the segment's cost to a global that it
//! exports; before an instruction whose cost depends on its operand it adds that, and before one
//! that
//! accesses memory what the memory then reaches (`memory`). Run in another engine, the global then
//! holds what our engine must have charged, in particles. Given a limit, the module traps where it
//! is
//! exceeded.
mod memory;

use tephra_core::wasm::InstructionCosts;
use wasm_encoder::{
    ConstExpr, Encode, ExportKind, ExportSection, GlobalSection, GlobalType, Instruction, Module,
    RawSection, ValType,
};
use wasmparser::{
    BinaryReader, BlockType, CompositeInnerType, FunctionBody, Operator, Parser, Payload, TypeRef,
};

use crate::trace::{Content, Step, Value};
use memory::Memory;

/// Name of the exported counter, a mutable global of type i64.
pub const COUNTER: &str = "particles used";

/// A segment that costs this much ends, in particles.
const SEGMENT_LIMIT: u64 = 1 << 30;

/// The counter of an instrumented module after a step.
pub fn counter(step: &Step) -> Option<u64> {
    step.state.iter().find_map(|(name, content)| match content {
        Content::Global(Value::I64(used)) if name == COUNTER => Some(*used as u64),
        _ => None,
    })
}

type Result<T> = std::result::Result<T, wasmparser::BinaryReaderError>;

/// The facts about a module that the rewriting needs.
#[derive(Default)]
struct Shape {
    /// Parameters and results of each type.
    types: Vec<(u32, u32)>,
    /// Type index of each function.
    funcs: Vec<u32>,
    imported_funcs: u32,
    globals: u32,
    memory: Memory,
}

/// The module, counting.
///
/// # Errors
/// When the module cannot be parsed. It must be valid.
pub fn instrument(bytes: &[u8], costs: &InstructionCosts, limit: Option<u64>) -> Result<Vec<u8>> {
    let shape = shape(bytes)?;
    let (counter, operand) = (shape.globals, shape.globals + 1);
    let counting = Counting { counter, limit };
    let places = memory::Places { first_global: operand + 1, reach: shape.funcs.len() as u32 };
    let mut sections: Vec<(u8, Vec<u8>)> = Vec::new();
    let mut code = Vec::new();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload?;
        if let Payload::CodeSectionEntry(body) = &payload {
            let index = code.len() + shape.imported_funcs as usize;
            code.push(
                Function { shape: &shape, costs, counting, operand, places }
                    .rewrite(bytes, body, index)?,
            );
        }
        if let Some((id, range)) = payload.as_section()
            && id != 0
        {
            sections.push((id, bytes[range.start as usize..range.end as usize].to_vec()));
        }
    }
    append(&mut sections, GLOBAL, &{
        let mut section = GlobalSection::new();
        section.global(
            GlobalType { val_type: ValType::I64, mutable: true, shared: false },
            &ConstExpr::i64_const(0),
        );
        section.global(
            GlobalType { val_type: ValType::I32, mutable: true, shared: false },
            &ConstExpr::i32_const(0),
        );
        shape.memory.globals(&mut section);
        encoded(&section)
    })?;
    if shape.memory.exists && !code.is_empty() {
        append(&mut sections, TYPE, &memory::reach_type())?;
        append(&mut sections, FUNCTION, &memory::reach_declaration(shape.types.len() as u32))?;
        code.push(memory::reach_body(costs, counting, places));
    }
    append(&mut sections, EXPORT, &{
        let mut section = ExportSection::new();
        section.export(COUNTER, ExportKind::Global, counter);
        encoded(&section)
    })?;
    let mut module = Module::new();
    for (id, data) in &sections {
        if *id == CODE {
            let mut section = wasm_encoder::CodeSection::new();
            for body in &code {
                section.raw(body);
            }
            module.section(&section);
        } else {
            module.section(&RawSection { id: *id, data });
        }
    }
    Ok(module.finish())
}

const TYPE: u8 = 1;
const FUNCTION: u8 = 3;
const GLOBAL: u8 = 6;
const EXPORT: u8 = 7;
const CODE: u8 = 10;
/// Identifiers of sections in the order in which they stand in a module.
const ORDER: [u8; 12] = [TYPE, 2, FUNCTION, 4, 5, GLOBAL, EXPORT, 8, 9, 12, CODE, 11];

/// The content of a section: count and entries, without the length before them.
fn encoded(section: &impl Encode) -> Vec<u8> {
    let mut with_length = Vec::new();
    section.encode(&mut with_length);
    let mut reader = BinaryReader::new(&with_length, 0);
    reader.read_var_u32().expect("an encoded section starts with its length");
    with_length[reader.original_position() as usize..].to_vec()
}

/// Appends entries to a section, which is made when there is none.
fn append(sections: &mut Vec<(u8, Vec<u8>)>, id: u8, entries: &[u8]) -> Result<()> {
    let rank = |id: u8| ORDER.iter().position(|other| *other == id);
    let place =
        sections.iter().position(|(other, _)| rank(*other) >= rank(id)).unwrap_or(sections.len());
    if sections.get(place).is_none_or(|(other, _)| *other != id) {
        sections.insert(place, (id, entries.to_vec()));
        return Ok(());
    }
    let (mut old, mut new) =
        (BinaryReader::new(&sections[place].1, 0), BinaryReader::new(entries, 0));
    let count = old.read_var_u32()? + new.read_var_u32()?;
    let mut merged = Vec::new();
    count.encode(&mut merged);
    merged.extend_from_slice(&sections[place].1[old.original_position() as usize..]);
    merged.extend_from_slice(&entries[new.original_position() as usize..]);
    sections[place].1 = merged;
    Ok(())
}

fn shape(bytes: &[u8]) -> Result<Shape> {
    let mut shape = Shape { memory: Memory::of(bytes)?, ..Shape::default() };
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group?.into_types() {
                        if let CompositeInnerType::Func(func) = &ty.composite_type.inner {
                            shape
                                .types
                                .push((func.params().len() as u32, func.results().len() as u32));
                        }
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    match import?.ty {
                        TypeRef::Func(ty) => shape.funcs.push(ty),
                        TypeRef::Global(_) => shape.globals += 1,
                        _ => {}
                    }
                }
                shape.imported_funcs = shape.funcs.len() as u32;
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    shape.funcs.push(ty?);
                }
            }
            Payload::GlobalSection(section) => shape.globals += section.count(),
            _ => {}
        }
    }
    Ok(shape)
}

/// An open block.
struct Block {
    /// Values that a branch to it carries.
    branch_values: u32,
    /// Values that fall out of its end.
    results: u32,
    /// Whether its start is reached at all.
    reachable: bool,
}

/// Where is counted, and up to what.
#[derive(Clone, Copy)]
struct Counting {
    counter: u32,
    limit: Option<u64>,
}

/// Rewrites one function.
struct Function<'a> {
    shape: &'a Shape,
    costs: &'a InstructionCosts,
    counting: Counting,
    operand: u32,
    places: memory::Places,
}

impl Function<'_> {
    fn rewrite(&self, bytes: &[u8], body: &FunctionBody, index: usize) -> Result<Vec<u8>> {
        let mut declared = 0u64;
        for locals in body.get_locals_reader()? {
            declared += u64::from(locals?.0);
        }
        let mut operators = Vec::new();
        for operator in body.get_operators_reader()?.into_iter_with_offsets() {
            let (operator, offset) = operator?;
            operators.push((operator, offset as usize));
        }
        let (_, results) = self.shape.types[self.shape.funcs[index] as usize];
        let mut blocks = vec![Block { branch_values: results, results, reachable: true }];
        let mut reachable = true;
        // Where each segment starts, and what it costs.
        let mut segments = vec![(0, declared * u64::from(self.costs.entry_local))];
        for (at, (operator, _)) in operators.iter().enumerate() {
            if reachable {
                if segments.last().is_some_and(|(_, cost)| *cost >= SEGMENT_LIMIT) {
                    segments.push((at, 0));
                }
                if let Some((_, cost)) = segments.last_mut() {
                    *cost += self.cost(operator, &blocks);
                }
            }
            match operator {
                Operator::Block { blockty } | Operator::If { blockty } => {
                    let (_, results) = self.arity(blockty);
                    blocks.push(Block { branch_values: results, results, reachable });
                }
                Operator::Loop { blockty } => {
                    let (params, results) = self.arity(blockty);
                    blocks.push(Block { branch_values: params, results, reachable });
                }
                Operator::Else => reachable = blocks.last().is_some_and(|block| block.reachable),
                Operator::End => reachable = blocks.pop().is_some_and(|block| block.reachable),
                Operator::Unreachable
                | Operator::Br { .. }
                | Operator::BrTable { .. }
                | Operator::Return
                | Operator::ReturnCall { .. }
                | Operator::ReturnCallIndirect { .. } => reachable = false,
                _ => {}
            }
            if ends_segment(operator) {
                segments.push((at + 1, 0));
            }
        }
        self.write(bytes, body, &operators, &segments)
    }

    fn write(
        &self,
        bytes: &[u8],
        body: &FunctionBody,
        operators: &[(Operator, usize)],
        segments: &[(usize, u64)],
    ) -> Result<Vec<u8>> {
        let (start, end) = (body.range().start as usize, body.range().end as usize);
        let first = operators.first().map_or(end, |(_, offset)| *offset);
        let mut out = bytes[start..first].to_vec();
        let mut segments = segments.iter().peekable();
        for (at, (operator, offset)) in operators.iter().enumerate() {
            while let Some((_, cost)) = segments.next_if(|(start, _)| *start == at) {
                if *cost != 0 {
                    self.counting.add(&mut out, &[Instruction::I64Const(*cost as i64)]);
                }
            }
            let each = self.cost_each(operator);
            if each != 0 {
                // The operand is on top of the stack: aside with it, count, and back.
                Instruction::GlobalSet(self.operand).encode(&mut out);
                let operand = [
                    Instruction::GlobalGet(self.operand),
                    Instruction::I64ExtendI32U,
                    Instruction::I64Const(each as i64),
                    Instruction::I64Mul,
                ];
                self.counting.add(&mut out, &operand);
                Instruction::GlobalGet(self.operand).encode(&mut out);
            }
            for instruction in self.shape.memory.before(operator, self.places) {
                instruction.encode(&mut out);
            }
            let next = operators.get(at + 1).map_or(end, |(_, next)| *next);
            out.extend_from_slice(&bytes[*offset..next]);
        }
        Ok(out)
    }

    fn arity(&self, ty: &BlockType) -> (u32, u32) {
        match ty {
            BlockType::Empty => (0, 0),
            BlockType::Type(_) => (0, 1),
            BlockType::FuncType(index) => self.shape.types[*index as usize],
        }
    }

    /// The fixed cost of an instruction.
    fn cost(&self, operator: &Operator, blocks: &[Block]) -> u64 {
        let across = |values: u32| u64::from(values) * u64::from(self.costs.branch_value);
        let carried = |depth: u32| {
            across(blocks.iter().rev().nth(depth as usize).map_or(0, |block| block.branch_values))
        };
        let arguments =
            |ty: u32| u64::from(self.shape.types[ty as usize].0) * u64::from(self.costs.argument);
        let values = match operator {
            Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                across(self.arity(blockty).0)
            }
            Operator::Else | Operator::End => {
                across(blocks.last().map_or(0, |block| block.results))
            }
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                arguments(self.shape.funcs[*function_index as usize])
            }
            Operator::CallIndirect { type_index, .. }
            | Operator::ReturnCallIndirect { type_index, .. } => arguments(*type_index),
            Operator::Br { relative_depth } | Operator::BrIf { relative_depth } => {
                carried(*relative_depth)
            }
            Operator::BrTable { targets } => carried(targets.default()),
            Operator::Return => carried(blocks.len() as u32 - 1),
            _ => 0,
        };
        u64::from(fixed(operator, self.costs)) + values
    }

    /// The cost of an instruction for each unit of its topmost operand.
    fn cost_each(&self, operator: &Operator) -> u64 {
        match operator {
            Operator::MemoryFill { .. }
            | Operator::MemoryCopy { .. }
            | Operator::MemoryInit { .. } => u64::from(self.costs.bulk_byte),
            Operator::TableFill { .. }
            | Operator::TableCopy { .. }
            | Operator::TableInit { .. }
            | Operator::TableGrow { .. } => u64::from(self.costs.bulk_element),
            _ => 0,
        }
    }
}

impl Counting {
    /// Adds what some instructions give to the counter, and traps when that is too much.
    fn add(self, out: &mut Vec<u8>, amount: &[Instruction]) {
        Instruction::GlobalGet(self.counter).encode(out);
        amount.iter().for_each(|instruction| instruction.encode(out));
        Instruction::I64Add.encode(out);
        Instruction::GlobalSet(self.counter).encode(out);
        if let Some(limit) = self.limit {
            let check = [
                Instruction::GlobalGet(self.counter),
                Instruction::I64Const(limit as i64),
                Instruction::I64GtU,
                Instruction::If(wasm_encoder::BlockType::Empty),
                Instruction::Unreachable,
                Instruction::End,
            ];
            check.iter().for_each(|instruction| instruction.encode(out));
        }
    }
}

fn ends_segment(operator: &Operator) -> bool {
    matches!(
        operator,
        Operator::Loop { .. }
            | Operator::End
            | Operator::Br { .. }
            | Operator::BrTable { .. }
            | Operator::BrIf { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::Return
    )
}

/// The cost of an instruction without what depends on operands or on the values that a branch
/// carries.
fn fixed(operator: &Operator, costs: &InstructionCosts) -> u32 {
    use Operator as O;
    match operator {
        O::Block { .. } | O::End | O::Nop | O::Unreachable => 0,
        O::Loop { .. } | O::If { .. } | O::Else | O::Br { .. } | O::BrIf { .. } | O::Return => {
            costs.branch
        }
        O::BrTable { .. } => costs.branch_table,
        O::Call { .. } | O::ReturnCall { .. } => costs.call,
        O::CallIndirect { .. } | O::ReturnCallIndirect { .. } => costs.call_indirect,
        O::Drop => costs.drop,
        O::Select | O::TypedSelect { .. } => costs.select,
        O::LocalGet { .. } | O::LocalSet { .. } | O::LocalTee { .. } => costs.local,
        O::GlobalGet { .. } | O::GlobalSet { .. } => costs.global,
        O::TableGet { .. } | O::TableSet { .. } => costs.table,
        O::MemorySize { .. } | O::TableSize { .. } => costs.size,
        O::MemoryGrow { .. }
        | O::MemoryFill { .. }
        | O::MemoryCopy { .. }
        | O::MemoryInit { .. }
        | O::DataDrop { .. }
        | O::TableGrow { .. }
        | O::TableFill { .. }
        | O::TableCopy { .. }
        | O::TableInit { .. }
        | O::ElemDrop { .. } => costs.bulk,
        O::I32Const { .. }
        | O::I64Const { .. }
        | O::F32Const { .. }
        | O::F64Const { .. }
        | O::RefNull { .. } => costs.constant,
        O::RefFunc { .. } => costs.reference,
        other => by_name(&mnemonic(other), costs),
    }
}

/// The name of an instruction as `wasmparser` spells it: `I32Add`, `F64PromoteF32`, …
fn mnemonic(operator: &Operator) -> String {
    let debug = format!("{operator:?}");
    debug.split([' ', '{']).next().unwrap_or_default().to_owned()
}

/// Costs of the instructions whose names follow a system.
fn by_name(name: &str, costs: &InstructionCosts) -> u32 {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if name.contains("Load") {
        costs.load
    } else if name.contains("Store") {
        costs.store
    } else if name.contains("Reinterpret") || name == "RefIsNull" {
        costs.simple
    } else if name.contains("F32") || name.contains("F64") {
        costs.float
    } else if ends(&["Shl", "ShrS", "ShrU", "Rotl", "Rotr"]) {
        costs.shift
    } else if ends(&["Clz", "Ctz", "Popcnt"]) {
        costs.count_bits
    } else if ends(&["Mul"]) {
        costs.multiply
    } else if ends(&["DivS", "DivU", "RemS", "RemU"]) {
        costs.divide
    } else {
        costs.simple
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{generate, peer};

    #[test]
    fn counting_changes_nothing_but_the_counter() {
        for seed in 0..40 {
            let module = generate::from_seed(seed);
            let counting = instrument(&module, &InstructionCosts::EWASM, None).unwrap();
            let plain = peer::run(&module, 50).unwrap();
            let counted = peer::run(&counting, 50).unwrap();
            for (plain, counted) in plain.iter().zip(counted) {
                let without: Vec<_> =
                    counted.state.into_iter().filter(|(name, _)| name != COUNTER).collect();
                assert_eq!(
                    (&plain.call, &plain.ending, &plain.state, plain.host_log),
                    (&counted.call, &counted.ending, &without, counted.host_log)
                );
                if plain.ending.is_inconclusive() {
                    break;
                }
            }
        }
    }

    #[test]
    fn a_loop_is_charged_for_every_round() {
        let module = crate::text::assemble(
            "(module (func (export \"f\") (local i32) (local.set 0 (i32.const 3)) \
             (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))",
        );
        let costs = InstructionCosts {
            constant: 1,
            local: 10,
            simple: 100,
            branch: 1000,
            // The `loop` itself is one, too.
            entry_local: 10_000,
            ..InstructionCosts::FREE
        };
        let trace = peer::run(&instrument(&module.unwrap(), &costs, None).unwrap(), 2).unwrap();
        let entry = 10_000 + 1 + 10 + 1000;
        let round = 10 + 1 + 100 + 10 + 1000;
        assert_eq!(counter(&trace[1]), Some(entry + 3 * round));
    }
}
