//! Instructions that compute: as few limbs as the values can have.
use alloy_primitives::U256;
use wasm_encoder::{BlockType, Instruction as Wasm, ValType};

use super::Emitter;
use crate::builtin::Builtin;
use crate::emit::locals::Place;
use crate::ir::Value;

impl Emitter<'_> {
    /// Emits an instruction without effects.
    pub(super) fn compute(&mut self, to: Value, builtin: Builtin, a: &[Value]) {
        use Builtin as B;
        match builtin {
            B::Add => self.add(to, a[0], a[1]),
            B::Sub => self.call_words("sub", to, a, 4),
            B::Mul => self.mul(to, a[0], a[1]),
            B::Div | B::Mod => self.divide(to, builtin, a[0], a[1]),
            B::SDiv if self.bits(a[0]) < 256 && self.bits(a[1]) < 256 => {
                self.divide(to, B::Div, a[0], a[1]);
            }
            B::SDiv => self.call_words("sdiv", to, a, 4),
            B::SMod if self.bits(a[0]) < 256 && self.bits(a[1]) < 256 => {
                self.divide(to, B::Mod, a[0], a[1]);
            }
            B::SMod => self.call_words("smod", to, a, 4),
            B::AddMod => self.call_words("addmod", to, a, 4),
            B::MulMod => self.call_words("mulmod", to, a, 4),
            B::Exp => self.call_words("exp", to, a, 4),
            B::SignExtend => {
                self.saturated(a[0]);
                self.word(a[1]);
                self.call("signextend");
                self.set_limbs(to, 4);
            }
            B::Lt => self.less(to, a[0], a[1]),
            B::Gt => self.less(to, a[1], a[0]),
            B::SLt => self.less_signed(to, a[0], a[1]),
            B::SGt => self.less_signed(to, a[1], a[0]),
            B::Eq => {
                match (self.constant(a[0]), self.constant(a[1])) {
                    (Some(constant), _) => self.equals(a[1], constant),
                    (_, Some(constant)) => self.equals(a[0], constant),
                    _ => self.equal(a[0], a[1]),
                }
                self.set_narrow(to);
            }
            B::IsZero => {
                self.test(a[0], true);
                self.set_narrow(to);
            }
            B::And => self.and(to, a[0], a[1]),
            B::Or => self.limb_wise(to, a, &Wasm::I32Or, &Wasm::I64Or),
            B::Xor => self.limb_wise(to, a, &Wasm::I32Xor, &Wasm::I64Xor),
            B::Not => {
                self.flush();
                for at in 0..4 {
                    self.limb(a[0], at);
                    self.push(Wasm::I64Const(-1));
                    self.push(Wasm::I64Xor);
                }
                self.set_limbs(to, 4);
            }
            B::Byte => self.byte(to, a[0], a[1]),
            B::Shl => self.shift_left(to, a[0], a[1]),
            B::Shr => self.shift_right(to, a[0], a[1]),
            B::Sar if self.bits(a[1]) < 256 => self.shift_right(to, a[0], a[1]),
            B::Sar => self.shift_by_routine("sar", to, a),
            B::Clz => {
                self.word(a[0]);
                self.call("clz");
                self.set_narrow(to);
            }
            _ => unreachable!("an instruction with effects"),
        }
    }

    /// Calls a routine with whole words; it gives `results` limbs.
    pub(super) fn call_words(&mut self, routine: &str, to: Value, a: &[Value], results: usize) {
        // A value that is there twice is read twice.
        self.flush();
        for value in a {
            self.word(*value);
        }
        self.call(routine);
        self.set_limbs(to, results);
    }

    fn fits_limb(&self, value: Value) -> bool {
        self.bits(value) <= 64
    }

    fn add(&mut self, to: Value, a: Value, b: Value) {
        if self.bits(to) > 64 {
            return self.call_words("add", to, &[a, b], 4);
        }
        if self.is_narrow(to) {
            self.low(a);
            self.low(b);
            self.push(Wasm::I32Add);
            return self.set_narrow(to);
        }
        self.limb(a, 0);
        self.limb(b, 0);
        self.push(Wasm::I64Add);
        self.set_limbs(to, 1);
    }

    fn mul(&mut self, to: Value, a: Value, b: Value) {
        if self.bits(to) > 64 {
            if self.fits_limb(a) && self.fits_limb(b) {
                self.limb(a, 0);
                self.limb(b, 0);
                self.call("mul64");
                return self.set_limbs(to, 2);
            }
            return self.call_words("mul", to, &[a, b], 4);
        }
        if self.is_narrow(to) {
            self.low(a);
            self.low(b);
            self.push(Wasm::I32Mul);
            return self.set_narrow(to);
        }
        self.limb(a, 0);
        self.limb(b, 0);
        self.push(Wasm::I64Mul);
        self.set_limbs(to, 1);
    }

    fn divide(&mut self, to: Value, builtin: Builtin, a: Value, b: Value) {
        let (routine, instruction) = match builtin {
            Builtin::Div => ("div", Wasm::I64DivU),
            _ => ("mod", Wasm::I64RemU),
        };
        if !self.fits_limb(a) || !self.fits_limb(b) {
            return self.call_words(routine, to, &[a, b], 4);
        }
        // The divisor is read twice.
        self.flush();
        match self.constant(b) {
            Some(constant) if constant.is_zero() => self.i64(0),
            Some(_) => {
                self.limb(a, 0);
                self.limb(b, 0);
                self.push(instruction);
            }
            None => {
                self.test(b, false);
                self.push(Wasm::If(BlockType::Result(ValType::I64)));
                self.limb(a, 0);
                self.limb(b, 0);
                self.push(instruction);
                self.push(Wasm::Else);
                self.push(Wasm::I64Const(0));
                self.push(Wasm::End);
            }
        }
        self.set_limbs(to, 1);
    }

    fn less(&mut self, to: Value, a: Value, b: Value) {
        if self.is_narrow(a) && self.is_narrow(b) {
            self.low(a);
            self.low(b);
            self.push(Wasm::I32LtU);
        } else if self.fits_limb(a) && self.fits_limb(b) {
            self.limb(a, 0);
            self.limb(b, 0);
            self.push(Wasm::I64LtU);
        } else if let Some(low) = self.constant(b).and_then(limbs_of_power) {
            // Below a power of 2^64: nothing is set from there on.
            self.upper(a, low);
            self.push(Wasm::I64Eqz);
        } else if let Some(low) = self.constant(a).and_then(|a| limbs_of_power(a + U256::ONE)) {
            // Above one less than such a power.
            self.upper(b, low);
            self.push(Wasm::I64Const(0));
            self.push(Wasm::I64Ne);
        } else {
            self.flush();
            self.word(a);
            self.word(b);
            self.call("lt");
        }
        self.set_narrow(to);
    }

    /// Pushes the limbs of a value from one on, joined by `or`.
    fn upper(&mut self, value: Value, from: usize) {
        self.flush();
        self.limb(value, from);
        for at in from + 1..4 {
            if at < self.limbs(value) {
                self.limb(value, at);
                self.push(Wasm::I64Or);
            }
        }
    }

    fn less_signed(&mut self, to: Value, a: Value, b: Value) {
        if self.bits(a) < 256 && self.bits(b) < 256 {
            return self.less(to, a, b);
        }
        if self.constant(b).is_some_and(|b| b.is_zero()) {
            self.limb(a, 3);
            self.push(Wasm::I64Const(0));
            self.push(Wasm::I64LtS);
        } else {
            self.flush();
            self.word(a);
            self.word(b);
            self.call("slt");
        }
        self.set_narrow(to);
    }

    /// Pushes whether a value is a constant.
    pub(super) fn equals(&mut self, value: Value, constant: U256) {
        if constant.bit_len() > usize::from(self.bits(value)) {
            self.i32(0);
        } else if constant.is_zero() {
            self.test(value, true);
        } else if self.is_narrow(value) {
            self.low(value);
            self.push(Wasm::I32Const(constant.as_limbs()[0] as u32 as i32));
            self.push(Wasm::I32Eq);
        } else {
            for at in 0..self.limbs(value) {
                self.limb(value, at);
                let limb = constant.as_limbs()[at];
                if self.limbs(value) == 1 {
                    self.push(Wasm::I64Const(limb as i64));
                    self.push(Wasm::I64Eq);
                    return;
                }
                if limb != 0 {
                    self.push(Wasm::I64Const(limb as i64));
                    self.push(Wasm::I64Xor);
                }
                if at > 0 {
                    self.push(Wasm::I64Or);
                }
            }
            self.push(Wasm::I64Eqz);
        }
    }

    fn equal(&mut self, a: Value, b: Value) {
        if self.is_narrow(a) && self.is_narrow(b) {
            self.low(a);
            self.low(b);
            self.push(Wasm::I32Eq);
            return;
        }
        self.flush();
        let count = self.limbs(a).max(self.limbs(b));
        for at in 0..count {
            self.limb(a, at);
            self.limb(b, at);
            if count == 1 {
                self.push(Wasm::I64Eq);
                return;
            }
            self.push(Wasm::I64Xor);
            if at > 0 {
                self.push(Wasm::I64Or);
            }
        }
        self.push(Wasm::I64Eqz);
    }

    /// How many limbs a result is computed in.
    fn result_limbs(&self, to: Value) -> usize {
        match self.place(to) {
            Place::Limbs(locals) => locals.len(),
            Place::Narrow(_) | Place::Constant | Place::Nowhere => 1,
        }
    }

    fn and(&mut self, to: Value, a: Value, b: Value) {
        let (value, mask) = match self.constant(a) {
            Some(mask) => (b, Some(mask)),
            None => (a, self.constant(b)),
        };
        let Some(mask) = mask else {
            return self.limb_wise(to, &[a, b], &Wasm::I32And, &Wasm::I64And);
        };
        if self.is_narrow(to) {
            self.low(value);
            let mask = mask.as_limbs()[0] as u32;
            if mask != u32::MAX {
                self.push(Wasm::I32Const(mask as i32));
                self.push(Wasm::I32And);
            }
            return self.set_narrow(to);
        }
        self.flush();
        let count = self.result_limbs(to);
        for at in 0..count {
            let limb = mask.as_limbs()[at];
            if limb == 0 {
                self.i64(0);
                continue;
            }
            self.limb(value, at);
            if limb != u64::MAX {
                self.push(Wasm::I64Const(limb as i64));
                self.push(Wasm::I64And);
            }
        }
        self.set_limbs(to, count);
    }

    fn limb_wise(&mut self, to: Value, a: &[Value], narrow: &Wasm<'static>, wide: &Wasm<'static>) {
        if self.is_narrow(to) {
            self.low(a[0]);
            self.low(a[1]);
            self.push(narrow.clone());
            return self.set_narrow(to);
        }
        self.flush();
        let count = self.result_limbs(to);
        for at in 0..count {
            self.limb(a[0], at);
            self.limb(a[1], at);
            self.push(wide.clone());
        }
        self.set_limbs(to, count);
    }

    fn byte(&mut self, to: Value, n: Value, x: Value) {
        let Some(constant) = self.constant(n) else {
            self.saturated(n);
            self.word(x);
            self.call("byte");
            return self.set_narrow(to);
        };
        match usize::try_from(constant) {
            Ok(n) if n < 32 => {
                let bit = (31 - n) * 8;
                self.limb(x, bit / 64);
                self.push(Wasm::I64Const((bit % 64) as i64));
                self.push(Wasm::I64ShrU);
                self.push(Wasm::I32WrapI64);
                self.push(Wasm::I32Const(0xff));
                self.push(Wasm::I32And);
            }
            _ => self.i32(0),
        }
        self.set_narrow(to);
    }

    fn shift_by_routine(&mut self, routine: &str, to: Value, a: &[Value]) {
        self.flush();
        self.saturated(a[0]);
        self.word(a[1]);
        self.call(routine);
        self.set_limbs(to, 4);
    }

    fn shift_left(&mut self, to: Value, n: Value, x: Value) {
        let Some(n) = self.constant(n) else {
            return self.shift_by_routine("shl", to, &[n, x]);
        };
        self.flush();
        let count = self.result_limbs(to);
        let n = usize::try_from(n).unwrap_or(256).min(256);
        let (skip, k) = (n / 64, (n % 64) as i64);
        for at in 0..count {
            match at.checked_sub(skip) {
                None => self.i64(0),
                Some(from) if k == 0 => self.limb(x, from),
                Some(from) => {
                    self.limb(x, from);
                    self.push(Wasm::I64Const(k));
                    self.push(Wasm::I64Shl);
                    if from > 0 {
                        self.limb(x, from - 1);
                        self.push(Wasm::I64Const(64 - k));
                        self.push(Wasm::I64ShrU);
                        self.push(Wasm::I64Or);
                    }
                }
            }
        }
        self.set_limbs(to, count);
    }

    fn shift_right(&mut self, to: Value, n: Value, x: Value) {
        let Some(n) = self.constant(n) else {
            return self.shift_by_routine("shr", to, &[n, x]);
        };
        self.flush();
        let count = self.result_limbs(to);
        let n = usize::try_from(n).unwrap_or(256).min(256);
        let (skip, k) = (n / 64, (n % 64) as i64);
        for at in 0..count {
            let from = at + skip;
            if from > 3 {
                self.i64(0);
                continue;
            }
            self.limb(x, from);
            if k > 0 {
                self.push(Wasm::I64Const(k));
                self.push(Wasm::I64ShrU);
                if from < 3 && from + 1 < self.limbs(x) {
                    self.limb(x, from + 1);
                    self.push(Wasm::I64Const(64 - k));
                    self.push(Wasm::I64Shl);
                    self.push(Wasm::I64Or);
                }
            }
        }
        self.set_limbs(to, count);
    }
}

/// Returns which power of 2^64 a number is, if it is one below 2^256.
fn limbs_of_power(number: U256) -> Option<usize> {
    (1..4).find(|at| number == U256::ONE << (64 * at))
}
