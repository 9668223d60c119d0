//! Expressions, with statements inside of them.
use wasm_encoder::{BlockType, Encode, Instruction as I, ValType};

use super::{Body, DEPTH, GATHERED, operators, some_type, some_types};

impl Body<'_> {
    pub(super) fn values(&mut self, types: &[ValType]) {
        types.iter().for_each(|ty| self.value(*ty));
    }

    /// An expression.
    pub(super) fn value(&mut self, ty: ValType) {
        if self.depth >= DEPTH || self.left == 0 {
            return self.leaf(ty);
        }
        self.depth += 1;
        match self.random.below(22) {
            0..=5 => self.leaf(ty),
            6..=10 => {
                self.value(ty);
                self.value(ty);
                let operator = operators::binary(self.random, ty);
                self.emit(operator);
            }
            11..=12 => {
                let (operator, from) = operators::unary(self.random, ty);
                self.value(from);
                self.emit(operator);
            }
            13 if ty == ValType::I32 => {
                let of = some_type(self.random);
                self.value(of);
                self.value(of);
                let operator = operators::comparison(self.random, of);
                self.emit(operator);
            }
            13..=14 => {
                let at = self.address();
                let load = operators::load(self.random, ty, at);
                self.emit(load);
            }
            15 => {
                self.value(ty);
                self.value(ty);
                self.condition();
                self.emit(I::Select);
            }
            16 => {
                self.condition();
                self.open(I::If(BlockType::Result(ty)), Some(vec![ty]));
                self.value(ty);
                self.emit(I::Else);
                self.value(ty);
                self.close();
            }
            17 => {
                // What waits on the stack must not see what happens in here.
                self.open(I::Block(BlockType::Result(ty)), Some(vec![ty]));
                self.statements();
                self.value(ty);
                self.condition();
                self.emit(I::BrIf(0));
                self.statements();
                self.close();
            }
            18 => self.block_with_parameters(ty),
            19 => {
                let some: Vec<usize> =
                    (0..self.locals.len()).filter(|local| self.locals[*local] == ty).collect();
                let local = *self.random.choose(&some) as u32;
                self.value(ty);
                self.emit(I::LocalTee(local));
            }
            20 => match self.call() {
                Some(results) => {
                    self.take(&results);
                    self.leaf(ty);
                }
                None => self.leaf(ty),
            },
            _ => self.leaf(ty),
        }
        self.depth -= 1;
    }

    /// What decides a branch: mostly a comparison, of numbers that are often equal.
    pub(super) fn condition(&mut self) {
        if self.depth >= DEPTH || self.random.below(4) == 0 {
            return self.value(ValType::I32);
        }
        let of = some_type(self.random);
        if self.random.below(3) == 0 {
            self.value(of);
        } else {
            self.leaf(of);
        }
        let comparison = operators::comparison(self.random, of);
        match (self.random.below(4), of) {
            (0, ValType::I32) => self.emit(I::I32Eqz),
            (0, ValType::I64) => self.emit(I::I64Eqz),
            (1, ValType::I32) => {
                let small = self.random.below(4) as i32;
                self.add(&[I::I32Const(small)]);
                comparison.encode(&mut self.out);
            }
            (1, ValType::I64) => {
                let small = self.random.below(4) as i64;
                self.add(&[I::I64Const(small)]);
                comparison.encode(&mut self.out);
            }
            _ => {
                self.leaf(of);
                self.emit(comparison);
            }
        }
        if self.random.below(6) == 0 {
            self.emit(I::I32Eqz);
        }
    }

    fn block_with_parameters(&mut self, ty: ValType) {
        let params = some_types(self.random, 3);
        self.values(&params);
        let signature = (params.clone(), vec![ty]);
        let index = self.types.index(&signature);
        let conditional = self.random.below(2) == 0;
        if conditional {
            self.condition();
        }
        let opening = if conditional { I::If } else { I::Block };
        self.open(opening(BlockType::FunctionType(index)), Some(vec![ty]));
        self.take(&params);
        self.value(ty);
        if conditional {
            self.emit(I::Else);
            params.iter().for_each(|_| self.emit(I::Drop));
            self.leaf(ty);
        }
        self.close();
    }

    pub(super) fn leaf(&mut self, ty: ValType) {
        let some: Vec<usize> =
            (0..self.locals.len()).filter(|local| self.locals[*local] == ty).collect();
        if self.random.below(3) == 0 {
            let constant = operators::constant(self.random, ty);
            self.emit(constant);
        } else if ty == ValType::I64 && self.random.below(12) == 0 {
            self.emit(I::GlobalGet(GATHERED));
        } else {
            let local = *self.random.choose(&some) as u32;
            self.emit(I::LocalGet(local));
        }
    }
}
