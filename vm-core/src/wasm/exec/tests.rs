//! Steps do what the table of instructions says of them: single instructions run on slots that look
//! random, twice, with the same bits only where the instruction says that it reads.
extern crate std;

use alloc::vec;
use alloc::vec::Vec;

use super::context::Context;
use super::exit::Exit;
use super::interpreter;
use super::registers::Registers;
use crate::wasm::code::instruction::{Finish, PLACES};
use crate::wasm::code::tests::Numbers;
use crate::wasm::code::{Access, Effect, Instruction, Op};
use crate::wasm::stack::Stack;
use crate::wasm::{
    Config, Engine, GasTank, GlobalType, Instance, Module, Store, TrapCode, Val, ValType,
};

/// Slots of the frame.
const SLOTS: u64 = 16;

/// `Finish` instructions behind the one that runs.
const ENDS: usize = 8;

fn module(engine: &Engine) -> Module {
    let text = r#"(module
        (import "m" "g" (global (mut i64)))
        (memory 1 2) (data "some bytes of a passive segment")
        (table 4 8 funcref) (elem func 0 0 0 0)
        (global (mut i64) (i64.const 5)) (global (mut i64) (i64.const 7))
        (func))"#;
    Module::new(engine, &wat::parse_str(text).unwrap()).unwrap()
}

/// What a step has left behind.
#[derive(PartialEq, Debug)]
struct After {
    trap: Option<TrapCode>,
    /// Words from the instruction to where it went on.
    went_on: usize,
    slots: Vec<u64>,
    memory: Vec<u8>,
}

fn run(module: &Module, words: &[u64], slots: &[u64]) -> After {
    let mut store = Store::new(module.engine());
    let global = GlobalType { value: ValType::I64, mutable: true };
    let global = store.global_new(global, Val::I64(3)).unwrap();
    let instance = store.instantiate(module, &[global.into()]).unwrap();
    assert_eq!(instance, Instance(0));
    let memory = instance.memory(&store).unwrap();
    let mut tank = GasTank::new(1 << 30);
    store.memory_pay(memory, 0, 4096, &mut tank).unwrap();
    store.memory_write(memory, 0, &core::array::from_fn::<u8, 256, _>(|at| at as u8)).unwrap();
    let mut stack = Stack::of_arguments(slots.to_vec());
    let mut context = Context::new(&mut store, &mut stack, &mut tank, None);
    let (memory, memory_len) = context.switch(0).unwrap();
    let slots = context.stack.slots.as_mut_ptr();
    let gas = context.tank.hot;
    context.left.registers = Registers { ip: words.as_ptr(), slots, memory, memory_len, gas };
    // SAFETY: Rule 1 of registers: the words are an instruction and those that it can go on with,
    // which finish; rule 2: it names only slots that there are; the context has set the others.
    unsafe { interpreter::run::<false>(&mut context) };
    let trap = match context.left.exit {
        Exit::Finished => None,
        Exit::Trap(code) => Some(code),
        _ => panic!("neither finished nor trapped"),
    };
    let went_on = (context.left.registers.ip as usize - words.as_ptr() as usize) / 8;
    let memory = store.memories[0].reached().to_vec();
    After { trap, went_on, slots: stack.slots, memory }
}

/// The words of an instruction with random operands that fit the frame and the module, and of the
/// ends that it can go on to.
fn words(op: Op, numbers: &mut Numbers) -> Vec<u64> {
    let mut words = vec![0; op.words()];
    words[0] = op as u64;
    let targets = if op == Op::BrTable { 3 } else { 0 };
    let first_end = op.words() as u64 + targets;
    let mut distance = || first_end + numbers.next() % ENDS as u64;
    for (field, (at, size)) in op.fields().iter().zip(PLACES[op as usize]) {
        let bits = match field.name {
            "to" => distance(),
            "ways" => distance() | 9 << 32,
            _ => continue,
        };
        assert!(*size >= 4);
        words[at / 8] |= bits << (at % 8 * 8);
    }
    let targets: Vec<u64> = (0..targets).map(|_| distance() | 8 << 32).collect();
    for (field, (at, size)) in op.fields().iter().zip(PLACES[op as usize]) {
        let random = numbers.next();
        let bits = match (field.name, field.access) {
            ("to" | "ways" | "gap" | "params", _) => continue,
            ("count", Access::None) => random % 5,
            // Rows and pairs begin where they end in the frame.
            (_, access) if access != Access::None => random % (SLOTS - 5),
            ("table" | "source_table" | "segment" | "function" | "ty", _) => 0,
            ("global", _) if op == Op::GlobalGet || op == Op::GlobalSet => random % 2,
            ("global", _) => 0,
            ("targets", _) => 2,
            ("address" | "offset", _) => random % 8192,
            _ => random & (u64::MAX >> (64 - 8 * size)),
        };
        words[at / 8] |= bits << (at % 8 * 8);
    }
    words.extend(targets);
    let [finish] = Finish {}.encode();
    words.extend([finish; ENDS]);
    words
}

/// Values of slots: small ones, so that addresses and lengths fit, and large ones.
fn value(numbers: &mut Numbers) -> u64 {
    let random = numbers.next();
    match random % 4 {
        0 => random >> 2 & 3,
        1 | 2 => random >> 2 & 0x3ff,
        _ => numbers.next(),
    }
}

/// The slots that an instruction reads in full, in their low half, and writes.
fn named(instruction: Instruction) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let (mut read, mut low, mut written) = (Vec::new(), Vec::new(), Vec::new());
    instruction.slots(|access, slots| match access {
        Access::Read => read.extend(slots),
        Access::ReadLow => low.extend(slots),
        Access::Write => written.extend(slots),
        Access::Update => {
            low.extend(slots.clone());
            written.extend(slots);
        }
        Access::None | Access::Frame => {}
    });
    (read, low, written)
}

#[test]
fn instructions_read_and_write_only_the_slots_that_they_name() {
    let rounds = if cfg!(miri) { 1 } else { 24 };
    let engine = Engine::new(Config::default());
    let module = module(&engine);
    let mut numbers = Numbers(7);
    for op in Op::ALL {
        let effects = op.effects();
        // What leaves the frame is another function's.
        if effects.has(Effect::Call) || effects.has(Effect::Return) {
            continue;
        }
        for _ in 0..rounds {
            let words = words(*op, &mut numbers);
            let instruction = Instruction::decode(&words).unwrap();
            let (read, low, written) = named(instruction);
            let slots: Vec<u64> = (0..SLOTS).map(|_| value(&mut numbers)).collect();
            // Other bits in all that is not read.
            let others: Vec<u64> = (0..)
                .zip(&slots)
                .map(|(slot, value)| match () {
                    () if read.contains(&slot) => *value,
                    () if low.contains(&slot) => numbers.next() << 32 | value & 0xffff_ffff,
                    () => numbers.next(),
                })
                .collect();
            let (after, other) = (run(&module, &words, &slots), run(&module, &words, &others));
            let case = || std::format!("{op:?}: {instruction:?} on {slots:x?} and {others:x?}");
            assert_eq!(after.trap, other.trap, "{}", case());
            assert_eq!(after.went_on, other.went_on, "{}", case());
            assert!(after.memory == other.memory, "{}", case());
            for slot in 0..SLOTS as usize {
                if written.contains(&(slot as u32)) && after.trap.is_none() {
                    assert_eq!(after.slots[slot], other.slots[slot], "{}", case());
                } else {
                    assert_eq!(after.slots[slot], slots[slot], "{}", case());
                    assert_eq!(other.slots[slot], others[slot], "{}", case());
                }
            }
            if !effects.has(Effect::Store) {
                let same = (0..=255).eq(after.memory[..256].iter().copied());
                assert!(same && after.memory[256..].iter().all(|byte| *byte == 0), "{}", case());
            }
            match after.trap {
                Some(_) => assert!(effects.leave(), "{}", case()),
                None => {
                    let behind = after.went_on == op.words();
                    assert!(behind || effects.has(Effect::Branch), "{}", case());
                    let targets = if *op == Op::BrTable { 3 } else { 0 };
                    assert!(after.went_on >= op.words() + targets, "{}", case());
                }
            }
        }
    }
}

#[test]
fn an_execution_of_another_store_says_so() {
    use crate::wasm::{Event, Execution, Extern};
    let engine = Engine::new(Config::default());
    let module = Module::new(&engine, &wat::parse_str(r#"(module (func (export "f")))"#).unwrap());
    let module = module.unwrap();
    let mut store = Store::new(&engine);
    let instance = store.instantiate(&module, &[]).unwrap();
    let func = instance.export(&store, "f").and_then(Extern::func).unwrap();
    let mut execution = Execution::new(&store, func, &[], GasTank::new(1000)).unwrap();
    let mut other = Store::new(&engine);
    assert_eq!(execution.run(&mut other), Event::Trapped(TrapCode::OtherStore.into()));
    assert_eq!(execution.run(&mut store), Event::Finished);
}
