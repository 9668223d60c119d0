//! Functions that compilers bring along, and that an instruction does at once.
//!
//! Code for machines of 64 bits multiplies 128-bit numbers in one or three instructions; for
//! WebAssembly, compilers call `__multi3` of their runtime library for it, which takes apart and
//! puts together halves. Contracts with numbers of 256 bits spend most of their time there.
use crate::wasm::FuncType;
use crate::wasm::code::instruction::{
    I32Wrap, I64Add, I64LtU, I64Mul, I64MulAdd, I64Or, I64ShlImm, I64ShrUImm, Multiply128, Return,
    Store64, Unreachable,
};
use crate::wasm::code::{Distance, In32, In64, Instruction, Out32, Out64, Params, instructions};
use crate::wasm::types::ValType;

/// `__multi3`, as register code: stores at slot 0 the product of slots 1 (low half) and 2 with 3
/// and 4. By the Rust library that was written in Rust, and by LLVM's own expansion.
const MULTIPLY: [&[Instruction]; 2] = [
    &[
        shift_right(5, 3, 32),
        shift_right(6, 1, 32),
        multiply(8, 5, 6),
        multiply_add(8, 3, 2, 8),
        multiply_add(8, 4, 1, 8),
        low(3, 3),
        low(1, 1),
        multiply(4, 3, 1),
        shift_right(9, 4, 32),
        multiply_add(3, 3, 6, 9),
        shift_right(9, 3, 32),
        add(8, 8, 9),
        low(9, 3),
        multiply_add(3, 5, 1, 9),
        shift_right(9, 3, 32),
        add(8, 8, 9),
        store(0, 8, 8),
        shift_left(8, 3, 32),
        low(9, 4),
        or(8, 8, 9),
        store(0, 8, 0),
        Instruction::Return(Return {}),
        Instruction::Unreachable(Unreachable {}),
    ],
    &[
        low(5, 3),
        low(6, 1),
        multiply(7, 5, 6),
        shift_right(8, 3, 32),
        multiply(6, 8, 6),
        shift_right(9, 1, 32),
        multiply_add(5, 5, 9, 6),
        shift_left(13, 5, 32),
        add(10, 7, 13),
        store(0, 10, 0),
        multiply(12, 8, 9),
        less(13, 5, 6),
        shift_left(13, 13, 32),
        shift_right(14, 5, 32),
        or(13, 13, 14),
        add(12, 12, 13),
        less(13, 10, 7),
        add(12, 12, 13),
        multiply(13, 4, 1),
        multiply_add(13, 3, 2, 13),
        add(12, 12, 13),
        store(0, 12, 8),
        Instruction::Return(Return {}),
        Instruction::Unreachable(Unreachable {}),
    ],
];

const fn shift_right(d: u16, x: u16, imm: i16) -> Instruction {
    Instruction::I64ShrUImm(I64ShrUImm { d: Out64(d), x: In64(x), imm })
}

const fn shift_left(d: u16, x: u16, imm: i16) -> Instruction {
    Instruction::I64ShlImm(I64ShlImm { d: Out64(d), x: In64(x), imm })
}

const fn multiply(d: u16, x: u16, y: u16) -> Instruction {
    Instruction::I64Mul(I64Mul { d: Out64(d), x: In64(x), y: In64(y) })
}

const fn multiply_add(d: u16, x: u16, y: u16, z: u16) -> Instruction {
    Instruction::I64MulAdd(I64MulAdd { d: Out64(d), x: In64(x), y: In64(y), z: In64(z) })
}

const fn add(d: u16, x: u16, y: u16) -> Instruction {
    Instruction::I64Add(I64Add { d: Out64(d), x: In64(x), y: In64(y) })
}

const fn or(d: u16, x: u16, y: u16) -> Instruction {
    Instruction::I64Or(I64Or { d: Out64(d), x: In64(x), y: In64(y) })
}

const fn less(d: u16, x: u16, y: u16) -> Instruction {
    Instruction::I64LtU(I64LtU { d: Out32(d), x: In64(x), y: In64(y) })
}

const fn low(d: u16, x: u16) -> Instruction {
    Instruction::I32Wrap(I32Wrap { d: Out32(d), x: In32(x) })
}

const fn store(base: u16, value: u16, offset: u16) -> Instruction {
    Instruction::Store64(Store64 { base: In32(base), value: In64(value), offset })
}

/// Words from the end of the code to its `Return`.
const RETURN: u32 = 2;

/// The instruction to put before a function that it can do at once. It goes on behind itself where
/// it cannot: at the end of the memory, or where the memory is touched first.
pub(super) fn shortcut(ty: &FuncType, words: &[u64]) -> Option<u64> {
    use ValType::{I32, I64};
    let fits = ty.params() == [I32, I64, I64, I64, I64] && ty.results().is_empty();
    // One word more than now, with the instruction.
    let distance = (words.len() as u32 + 1).checked_sub(RETURN)?;
    let is = |form: &&[Instruction]| {
        instructions(words).map(|(_, instruction, _)| instruction).eq(form.iter().copied())
    };
    let known = fits && MULTIPLY.iter().any(is);
    let [word] = Multiply128 { params: Params, to: Distance(distance as i32) }.encode();
    known.then_some(word)
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use crate::wasm::{
        Config, Engine, Event, Execution, Extern, GasTank, Module, Store, Trap, TrapCode, Val,
    };

    /// Both forms, by the school's method on halves.
    fn multiply(form: usize) -> String {
        let params =
            "(param $to i32) (param $x i64) (param $xh i64) (param $y i64) (param $yh i64)";
        let (locals, body) = match form {
            0 => (
                "(local $hy i64) (local $hx i64)",
                "(i64.store offset=8 (local.get $to)
                    (i64.add
                        (i64.add
                            (i64.add
                                (i64.add
                                    (i64.mul
                                        (local.tee $hy (i64.shr_u (local.get $y) (i64.const 32)))
                                        (local.tee $hx (i64.shr_u (local.get $x) (i64.const 32))))
                                    (i64.mul (local.get $y) (local.get $xh)))
                                (i64.mul (local.get $yh) (local.get $x)))
                            (i64.shr_u
                                (local.tee $y (i64.add
                                    (i64.shr_u
                                        (local.tee $yh (i64.mul
                                            (local.tee $y (i64.and (local.get $y) (i64.const 0xffffffff)))
                                            (local.tee $x (i64.and (local.get $x) (i64.const 0xffffffff)))))
                                        (i64.const 32))
                                    (i64.mul (local.get $y) (local.get $hx))))
                                (i64.const 32)))
                        (i64.shr_u
                            (local.tee $y (i64.add
                                (i64.and (local.get $y) (i64.const 0xffffffff))
                                (i64.mul (local.get $hy) (local.get $x))))
                            (i64.const 32))))
                (i64.store (local.get $to)
                    (i64.or (i64.shl (local.get $y) (i64.const 32)) (i64.and (local.get $yh) (i64.const 0xffffffff))))",
            ),
            _ => (
                "(local $ly i64) (local $lx i64) (local $low i64) (local $hy i64) (local $hx i64) (local $sum i64)",
                "(local.set $low (i64.mul
                    (local.tee $ly (i64.and (local.get $y) (i64.const 0xffffffff)))
                    (local.tee $lx (i64.and (local.get $x) (i64.const 0xffffffff)))))
                (local.set $lx (i64.mul (local.tee $hy (i64.shr_u (local.get $y) (i64.const 32))) (local.get $lx)))
                (local.set $ly (i64.add
                    (local.get $lx)
                    (i64.mul (local.get $ly) (local.tee $hx (i64.shr_u (local.get $x) (i64.const 32))))))
                (i64.store (local.get $to)
                    (local.tee $sum (i64.add (local.get $low) (i64.shl (local.get $ly) (i64.const 32)))))
                (i64.store offset=8 (local.get $to)
                    (i64.add
                        (i64.add
                            (i64.add
                                (i64.mul (local.get $hy) (local.get $hx))
                                (i64.or
                                    (i64.shl
                                        (i64.extend_i32_u (i64.lt_u (local.get $ly) (local.get $lx)))
                                        (i64.const 32))
                                    (i64.shr_u (local.get $ly) (i64.const 32))))
                            (i64.extend_i32_u (i64.lt_u (local.get $sum) (local.get $low))))
                        (i64.add
                            (i64.mul (local.get $yh) (local.get $x))
                            (i64.mul (local.get $y) (local.get $xh)))))",
            ),
        };
        alloc::format!(
            r#"(module (memory (export "memory") 1) (func (export "multiply") {params} {locals} {body}))"#
        )
    }

    fn modules() -> impl Iterator<Item = Module> {
        let engine = Engine::new(Config::default());
        (0..2).map(move |form| {
            Module::new(&engine, &wat::parse_str(multiply(form)).unwrap()).unwrap()
        })
    }

    fn run(module: &Module, to: u32, x: u128, y: u128) -> (Result<(), Trap>, u64, [u8; 65536]) {
        let mut store = Store::new(module.engine());
        let instance = store.instantiate(module, &[]).unwrap();
        let func = instance.export(&store, "multiply").and_then(Extern::func).unwrap();
        let half = |number: u128, shift: u32| Val::I64((number >> shift) as i64);
        let args = [Val::I32(to as i32), half(x, 0), half(x, 64), half(y, 0), half(y, 64)];
        let mut execution = Execution::new(&store, func, &args, GasTank::new(1 << 20)).unwrap();
        let result = match execution.run(&mut store) {
            Event::Finished => Ok(()),
            Event::Trapped(_) => Err(execution.locate(&store).unwrap()),
            Event::HostCall(_) => unreachable!(),
        };
        let mut bytes = [0; 65536];
        let memory = instance.memory(&store).unwrap();
        store.memory_read(memory, 0, &mut bytes).unwrap();
        (result, execution.gas().left(), bytes)
    }

    #[test]
    fn the_forms_that_are_known_have_a_shortcut() {
        for module in modules() {
            let code = module.disassemble(0).unwrap();
            assert!(code.contains("Multiply128"), "{code}");
        }
    }

    #[test]
    fn products_are_those_of_arithmetic() {
        let numbers = [
            0,
            1,
            3 << 31,
            u128::from(u64::MAX),
            1 << 64,
            0x1234_5678_9abc_def0_0fed_cba9_8765_4321,
            u128::MAX,
        ];
        for module in modules() {
            for x in numbers {
                for y in numbers {
                    // The last place that there is, which is touched first; and one that was
                    // touched.
                    for to in [65536 - 16, 8] {
                        let (result, _, bytes) = run(&module, to, x, y);
                        assert_eq!(result, Ok(()));
                        let product = &bytes[to as usize..][..16];
                        assert_eq!(product, x.wrapping_mul(y).to_le_bytes(), "{x} * {y}");
                    }
                }
            }
        }
    }

    #[test]
    fn at_the_end_of_the_memory_it_traps_where_the_code_does() {
        for (module, written) in modules().zip([0, 8]) {
            let (result, _, bytes) = run(&module, 65536 - 8, 5, 7);
            let trap = result.unwrap_err();
            assert_eq!(trap.code, TrapCode::MemoryOutOfBounds);
            assert_eq!(trap.function, Some(0));
            assert!(trap.offset.is_some());
            // The form that stores the low half first has done so.
            assert_eq!(bytes[65536 - 8..].iter().filter(|byte| **byte != 0).count() * 8, written);
        }
    }
}
