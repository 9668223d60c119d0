//! Function bodies.
use tephra_core::ewasm::INTERFACE;
use wasm_encoder::{BlockType, Encode, HeapType, Instruction as I};

use super::Ty::{I32, I64, Ref};
use super::{Function, Known, LARGEST_FUNCTION, Node, Tally, Ty, Types, instructions, types};

/// Nodes that are written, at most.
const FUEL: u32 = 200_000;

/// Blocks open at the same time, at most.
const NESTING: usize = 900;

/// Writes a function.
pub(super) struct Body<'a> {
    known: &'a Known,
    types: &'a mut Types,
    tally: &'a mut Tally,
    function: &'a Function,
    index: usize,
    locals: Vec<Ty>,
    /// What branches to the open blocks carry, the innermost last.
    labels: Vec<Vec<Ty>>,
    out: Vec<u8>,
    fuel: u32,
    imported: u32,
}

impl<'a> Body<'a> {
    pub fn new(
        known: &'a Known,
        types: &'a mut Types,
        tally: &'a mut Tally,
        function: &'a Function,
        index: usize,
    ) -> Self {
        let mut locals =
            known.signatures.get(index).map(|signature| signature.0.clone()).unwrap_or_default();
        locals.extend(
            (0..function.locals.min(4000)).map(|local| if local % 2 == 0 { I32 } else { I64 }),
        );
        Self {
            known,
            types,
            tally,
            function,
            index,
            locals,
            labels: Vec::new(),
            out: Vec::new(),
            fuel: FUEL,
            imported: 0,
        }
    }

    /// The bytes of the body, its locals included. Before the functions of the module come imported
    /// ones.
    pub fn write(mut self, imported: u32) -> Vec<u8> {
        self.imported = imported;
        let results = self
            .known
            .signatures
            .get(self.index)
            .map(|signature| signature.1.clone())
            .unwrap_or_default();
        self.labels.push(results.clone());
        let function = self.function;
        if self.index == 0 {
            // What is measured is what can be done again and again.
            self.put(I::Loop(BlockType::Empty));
            self.labels.push(Vec::new());
            self.statements(&function.body);
            self.put(I::Br(0));
            self.put(I::End);
        } else {
            self.statements(&function.body);
            self.fill(&results, &Node::Const(1));
        }
        self.put(I::End);
        let mut bytes = Vec::new();
        let declared: Vec<_> = (0..function.locals.min(4000)).collect();
        declared.len().encode(&mut bytes);
        for local in declared {
            1_u32.encode(&mut bytes);
            if local % 2 == 0 { I32 } else { I64 }.val().encode(&mut bytes);
        }
        bytes.extend(self.out);
        bytes
    }

    fn put(&mut self, instruction: I<'_>) {
        instruction.encode(&mut self.out);
    }

    /// Whether another node may be written.
    fn goes_on(&mut self, node: &Node) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        let goes_on = self.fuel > 0 && self.out.len() < LARGEST_FUNCTION;
        if goes_on {
            *self.tally.entry(node.name()).or_default() += 1;
        }
        goes_on
    }

    fn statements(&mut self, nodes: &[Node]) {
        nodes.iter().for_each(|node| self.statement(node));
    }

    /// Writes a node that leaves nothing.
    fn statement(&mut self, node: &Node) {
        if let Some(ty) = self.node(node, I32) {
            let _ = ty;
            self.put(I::Drop);
        }
    }

    /// Writes a node that leaves a value of a type.
    fn value(&mut self, node: &Node, ty: Ty) {
        match self.node(node, ty) {
            Some(found) => self.convert(found, ty),
            None => self.constant(1, ty),
        }
    }

    fn constant(&mut self, value: i64, ty: Ty) {
        match ty {
            I32 => self.put(I::I32Const(value as i32)),
            I64 => self.put(I::I64Const(value)),
            Ref => self.put(I::RefNull(HeapType::FUNC)),
        }
    }

    fn convert(&mut self, from: Ty, to: Ty) {
        match (from, to) {
            (I32, I64) => self.put(I::I64ExtendI32U),
            (I64, I32) => self.put(I::I32WrapI64),
            (Ref, I32) => self.put(I::RefIsNull),
            (Ref, I64) => {
                self.put(I::RefIsNull);
                self.put(I::I64ExtendI32U);
            }
            (I32 | I64, Ref) => {
                self.put(I::Drop);
                self.put(I::RefNull(HeapType::FUNC));
            }
            _ => {}
        }
    }

    /// Writes values.
    fn fill(&mut self, types: &[Ty], with: &Node) {
        for (ty, index) in types.iter().zip(0..) {
            match with {
                Node::Const(value) => self.constant(value.wrapping_add(index), *ty),
                node => self.value(node, *ty),
            }
        }
    }

    /// A local of a type, by a number.
    fn local(&self, number: u16, ty: Ty) -> Option<u32> {
        let count = self.locals.len();
        let start = usize::from(number).checked_rem(count)?;
        (start..count)
            .chain(0..start)
            .take(64)
            .find(|local| self.locals.get(*local) == Some(&ty))
            .map(|local| local as u32)
    }

    fn global(&self, number: u16) -> Option<(u32, Ty)> {
        let index = usize::from(number).checked_rem(self.known.globals.len())?;
        self.known.globals.get(index).map(|ty| (index as u32, *ty))
    }

    /// Integers stay what they are wanted as; references are made of narrow ones.
    fn integer(wanted: Ty) -> Ty {
        if wanted == I64 { I64 } else { I32 }
    }

    /// Writes a node, and answers what it has left. `wanted` is only a wish.
    fn node(&mut self, node: &Node, wanted: Ty) -> Option<Ty> {
        if !self.goes_on(node) {
            return None;
        }
        match node {
            Node::Const(value) => {
                self.constant(*value, wanted);
                Some(wanted)
            }
            Node::Local(number) => {
                let local = self.local(*number, wanted)?;
                self.put(I::LocalGet(local));
                Some(wanted)
            }
            Node::SetLocal(number, value) => {
                let ty = if number % 2 == 0 { I32 } else { I64 };
                let local = self.local(*number, ty)?;
                self.value(value, ty);
                self.put(I::LocalSet(local));
                None
            }
            Node::Tee(number, value) => {
                let ty = Self::integer(wanted);
                let local = self.local(*number, ty)?;
                self.value(value, ty);
                self.put(I::LocalTee(local));
                Some(ty)
            }
            Node::Global(number) => {
                let (global, ty) = self.global(*number)?;
                self.put(I::GlobalGet(global));
                Some(ty)
            }
            Node::SetGlobal(number, value) => {
                let (global, ty) = self.global(*number)?;
                self.value(value, ty);
                self.put(I::GlobalSet(global));
                None
            }
            Node::Unary(op, times, value) => {
                let ty = Self::integer(wanted);
                self.value(value, ty);
                self.again(*times, |body| body.put(instructions::unary(*op, ty)));
                Some(ty)
            }
            Node::Binary(op, left, right) => {
                let ty = Self::integer(wanted);
                self.value(left, ty);
                self.value(right, ty);
                let (instruction, result) = instructions::binary(*op, ty);
                self.put(instruction);
                Some(result)
            }
            Node::Fold(op, times, left, right) => {
                let ty = Self::integer(wanted);
                self.value(left, ty);
                self.again(*times, |body| {
                    body.value(right, ty);
                    let (instruction, result) = instructions::binary(*op, ty);
                    body.put(instruction);
                    body.convert(result, ty);
                });
                Some(ty)
            }
            Node::Load(op, offset, times, address) => {
                self.value(address, I32);
                let (instruction, ty) = instructions::load(*op, *offset);
                self.put(instruction.clone());
                self.again(times.saturating_sub(1), |body| {
                    body.convert(ty, I32);
                    body.put(instruction.clone());
                });
                Some(ty)
            }
            Node::Store(op, offset, address, value) => {
                let (instruction, ty) = instructions::store(*op, *offset);
                self.value(address, I32);
                self.value(value, ty);
                self.put(instruction);
                None
            }
            Node::Select(first, second, condition) => {
                let ty = Self::integer(wanted);
                self.value(first, ty);
                self.value(second, ty);
                self.value(condition, I32);
                self.put(I::Select);
                Some(ty)
            }
            Node::Block(kind, shape, operand, body) => self.block(*kind, *shape, operand, body),
            Node::Repeat(times, nodes) => {
                self.again(*times, |body| body.statements(nodes));
                None
            }
            Node::Branch(to, condition, fill) => {
                let depth = usize::from(*to) % self.labels.len();
                let carried = self.labels.iter().rev().nth(depth).cloned().unwrap_or_default();
                self.fill(&carried, fill);
                match condition {
                    Some(condition) => {
                        self.value(condition, I32);
                        self.put(I::BrIf(depth as u32));
                        carried.iter().for_each(|_| self.put(I::Drop));
                    }
                    None => self.put(I::Br(depth as u32)),
                }
                None
            }
            Node::BranchTable(targets, blocks, shape, index) => self.branch_table(
                *targets,
                *blocks,
                &types(shape.types, shape.results.min(16)),
                index,
            ),
            Node::Call(kind, function, fill) => self.call(*kind, *function, fill),
            Node::Size(of_table) => {
                self.put(if *of_table { I::TableSize(0) } else { I::MemorySize(0) });
                Some(I32)
            }
            Node::Bulk(kind, segment, a, b, c) => self.bulk(*kind, (*segment).into(), [a, b, c]),
            Node::Reference(is_null) => {
                self.put(if *is_null {
                    I::RefNull(HeapType::FUNC)
                } else {
                    I::RefFunc(self.imported)
                });
                Some(Ref)
            }
            Node::Nop => {
                self.put(I::Nop);
                None
            }
            Node::Dead(nodes) => {
                if self.labels.len() > NESTING {
                    return None;
                }
                self.put(I::Block(BlockType::Empty));
                self.labels.push(Vec::new());
                self.put(I::Br(0));
                self.statements(nodes);
                self.labels.pop();
                self.put(I::End);
                None
            }
            Node::Host(place, args) => self.host(*place, args),
            Node::Next(cell, offset, bits) => {
                let at = 32 * i32::from(*cell) + i32::from(*offset);
                self.put(I::I32Const(at));
                self.put(I::I32Const(at));
                self.put(instructions::load16(0));
                self.put(I::I32Const(1));
                self.put(I::I32Add);
                self.put(I::I32Const((1 << (bits % 16)) - 1));
                self.put(I::I32And);
                self.put(instructions::store16(0));
                None
            }
            Node::Return(fill) => {
                if self.index == 0 {
                    return None;
                }
                let results = self.labels.first().cloned().unwrap_or_default();
                self.fill(&results, fill);
                self.put(I::Return);
                None
            }
        }
    }

    fn again(&mut self, times: u16, mut write: impl FnMut(&mut Self)) {
        for _ in 0..times {
            if self.fuel == 0 || self.out.len() >= LARGEST_FUNCTION {
                return;
            }
            self.fuel -= 1;
            write(self);
        }
    }

    /// A block whose parameters are filled, and whose results are what of them is left, filled up.
    /// Gives the first result.
    fn block(
        &mut self,
        kind: u8,
        shape: crate::genome::Shape,
        operand: &Node,
        body: &[Node],
    ) -> Option<Ty> {
        if self.labels.len() > NESTING {
            return None;
        }
        let params = types(shape.types, shape.params.min(64));
        let results = types(shape.types, shape.results.min(16));
        self.fill(&params, operand);
        let ty = BlockType::FunctionType(self.types.number(&params, &results));
        match kind % 3 {
            0 => self.put(I::Block(ty)),
            1 => self.put(I::Loop(ty)),
            _ => {
                self.value(operand, I32);
                self.put(I::If(ty));
            }
        }
        self.labels.push(if kind % 3 == 1 { params.clone() } else { results.clone() });
        self.statements(body);
        self.settle(&params, &results, operand);
        if kind % 3 == 2 {
            self.put(I::Else);
            self.settle(&params, &results, operand);
        }
        self.labels.pop();
        self.put(I::End);
        results.iter().skip(1).for_each(|_| self.put(I::Drop));
        results.first().copied()
    }

    /// Makes results of parameters.
    fn settle(&mut self, params: &[Ty], results: &[Ty], operand: &Node) {
        params.iter().skip(results.len()).for_each(|_| self.put(I::Drop));
        self.fill(results.get(params.len()..).unwrap_or_default(), operand);
    }

    fn branch_table(
        &mut self,
        targets: u16,
        blocks: u8,
        carried: &[Ty],
        index: &Node,
    ) -> Option<Ty> {
        let blocks = u32::from(blocks.clamp(1, 255));
        if self.labels.len() + blocks as usize > NESTING {
            return None;
        }
        let ty = BlockType::FunctionType(self.types.number(&[], carried));
        for _ in 0..blocks {
            self.put(I::Block(ty));
            self.labels.push(carried.to_vec());
        }
        self.fill(carried, index);
        self.value(index, I32);
        let list: Vec<u32> =
            (0..u32::from(targets.min(4096))).map(|target| target % blocks).collect();
        self.put(I::BrTable(list.into(), blocks - 1));
        for block in 0..blocks {
            self.labels.pop();
            self.put(I::End);
            if block + 1 < blocks {
                // What the branch has brought is what this block gives, too.
            }
        }
        carried.iter().skip(1).for_each(|_| self.put(I::Drop));
        carried.first().copied()
    }

    fn call(&mut self, kind: u8, function: u8, fill: &Node) -> Option<Ty> {
        // Never the first one: it does not end.
        let others = self.known.signatures.len().checked_sub(1).filter(|others| *others > 0)?;
        let callee = 1 + usize::from(function) % others;
        let (params, results) = self.known.signatures.get(callee).cloned()?;
        let number = self.imported + callee as u32;
        let leaves = kind % 4 >= 2;
        if leaves && self.labels.first() != Some(&results) {
            return None;
        }
        self.fill(&params, fill);
        if kind.is_multiple_of(2) {
            self.put(if leaves { I::ReturnCall(number) } else { I::Call(number) });
        } else {
            // The element that active segments put there.
            self.put(I::I32Const(callee as i32));
            let (type_index, table_index) = (self.types.number(&params, &results), 0);
            self.put(match leaves {
                true => I::ReturnCallIndirect { type_index, table_index },
                false => I::CallIndirect { type_index, table_index },
            });
        }
        if leaves {
            return None;
        }
        results.iter().skip(1).for_each(|_| self.put(I::Drop));
        results.first().copied()
    }

    fn bulk(&mut self, kind: u8, segment: u32, operands: [&Node; 3]) -> Option<Ty> {
        let [a, b, c] = operands;
        let kind = kind % 12;
        let segment = match kind {
            3 | 4 => segment.checked_rem(self.known.data_segments.min(1))?,
            8 | 9 => segment.checked_rem(self.known.element_segments)?,
            _ => 0,
        };
        match kind {
            0 => self.value(a, I32),
            1..=3 | 7 | 8 => [a, b, c].into_iter().for_each(|node| self.value(node, I32)),
            5 | 10 => {
                let types = if kind == 5 { [Ref, I32] } else { [I32, Ref] };
                types.into_iter().zip([a, b]).for_each(|(ty, node)| self.value(node, ty));
            }
            6 => [I32, Ref, I32]
                .into_iter()
                .zip([a, b, c])
                .for_each(|(ty, node)| self.value(node, ty)),
            11 => self.value(a, I32),
            _ => {}
        }
        self.put(match kind {
            0 => I::MemoryGrow(0),
            1 => I::MemoryFill(0),
            2 => I::MemoryCopy { src_mem: 0, dst_mem: 0 },
            3 => I::MemoryInit { mem: 0, data_index: segment },
            4 => I::DataDrop(segment),
            5 => I::TableGrow(0),
            6 => I::TableFill(0),
            7 => I::TableCopy { src_table: 0, dst_table: 0 },
            8 => I::TableInit { elem_index: segment, table: 0 },
            9 => I::ElemDrop(segment),
            10 => I::TableSet(0),
            _ => I::TableGet(0),
        });
        match kind {
            0 | 5 => Some(I32),
            11 => Some(Ref),
            _ => None,
        }
    }

    fn host(&mut self, place: u8, args: &[Node]) -> Option<Ty> {
        let import = *self.known.hosts.get(&place)?;
        let function = INTERFACE.get(usize::from(place))?;
        for (index, param) in function.params.iter().enumerate() {
            let ty = if param.kind.ty() == tephra_core::wasm::ValType::I64 { I64 } else { I32 };
            self.value(args.get(index).unwrap_or(&Node::Const(0)), ty);
        }
        self.put(I::Call(import));
        let result = function.result?;
        Some(if result.ty() == tephra_core::wasm::ValType::I64 { I64 } else { I32 })
    }
}
