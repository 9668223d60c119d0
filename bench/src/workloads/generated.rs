//! Modules made here, each to show one thing.
use tephra_bench_common::{Ended, Job, Type, Value, World};
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, FunctionSection, Instruction, Module,
    TypeSection, ValType,
};

use super::Workload;
use crate::error::{Error, Result};

/// The generated workloads.
///
/// # Errors
/// When a text module does not parse.
pub fn workloads() -> Result<Vec<Workload>> {
    Ok(vec![
        storage_reads()?,
        nested_calls()?,
        answering("one_megabyte", one_megabyte(), 55),
        answering("functions_10k/one", tiny_functions(false), 1),
        answering("functions_10k/all", tiny_functions(true), 10_000),
        sixteen_pages()?,
    ])
}

fn parse(text: &str) -> Result<Vec<u8>> {
    wat::parse_str(text).map_err(|error| Error::new(error.to_string()))
}

/// A function `run` without parameters that answers this.
fn answering(name: &str, wasm: Vec<u8>, answer: i32) -> Workload {
    let job = Job { function: "run".into(), result: Some(Type::I32), ..Job::contract() };
    let expected =
        Ended { result: Some(Value::I32(answer)), memory: Vec::new(), world: World::default() };
    Workload { expected: Some(expected), ..Workload::plain(name, wasm, job) }
}

/// Reads a storage slot 100,000 times.
fn storage_reads() -> Result<Workload> {
    let wasm = parse(
        r#"(module
            (import "ethereum" "storageLoad" (func $load (param i32 i32)))
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "main") (local $left i32)
                (local.set $left (i32.const 100000))
                (loop $again
                    (i32.store8 (i32.const 0) (i32.and (local.get $left) (i32.const 7)))
                    (call $load (i32.const 0) (i32.const 32))
                    (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
                (call $finish (i32.const 32) (i32.const 32))))"#,
    )?;
    let mut workload = Workload::contract("storage_reads_100k", wasm, Vec::new());
    for slot in 0..8 {
        let mut key = [0; 32];
        key[0] = slot;
        workload.task.world.storage.insert(key, [slot + 1; 32]);
    }
    Ok(workload.finishing_with(vec![2; 32]))
}

/// Calls itself 64 deep; the innermost call answers with its depth, the others with what they got.
fn nested_calls() -> Result<Workload> {
    let wasm = parse(
        r#"(module
            (import "ethereum" "callDataCopy" (func $input (param i32 i32 i32)))
            (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
            (import "ethereum" "returnDataCopy" (func $output (param i32 i32 i32)))
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") 1)
            (data (i32.const 32) "\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc\cc")
            (func (export "main")
                (call $input (i32.const 0) (i32.const 0) (i32.const 1))
                (if (i32.lt_u (i32.load8_u (i32.const 0)) (i32.const 64))
                    (then
                        (i32.store8 (i32.const 0) (i32.add (i32.load8_u (i32.const 0))
                            (i32.const 1)))
                        (if (call $call (i64.const 1000000000) (i32.const 32) (i32.const 64)
                            (i32.const 0) (i32.const 1))
                            (then unreachable))
                        (call $output (i32.const 0) (i32.const 0) (i32.const 1))))
                (call $finish (i32.const 0) (i32.const 1))))"#,
    )?;
    let mut workload =
        Workload::contract("nested_calls_64", wasm, vec![0]).finishing_with(vec![64]);
    workload.task.calls_itself = true;
    Ok(workload)
}

/// Sixteen pages of memory, one of which is touched.
fn sixteen_pages() -> Result<Workload> {
    let wasm = parse(
        r#"(module
            (memory (export "memory") 16)
            (func (export "run") (result i32)
                (i32.store (i32.const 65540) (i32.const 7))
                (i32.load (i32.const 65540))))"#,
    )?;
    Ok(answering("sixteen_pages", wasm, 7))
}

/// A megabyte of functions, one of which, with ten instructions, is called.
fn one_megabyte() -> Vec<u8> {
    let mut module = Functions::default();
    let run = module.add([
        Instruction::I32Const(1),
        Instruction::LocalSet(0),
        Instruction::LocalGet(0),
        Instruction::I32Const(10),
        Instruction::I32Mul,
        Instruction::I32Const(45),
        Instruction::I32Add,
        Instruction::LocalSet(1),
        Instruction::LocalGet(1),
    ]);
    for number in 0..1000_i32 {
        // Mixed work of 16 bytes at a time, and no two functions the same.
        let round = |step: i32| {
            [
                Instruction::LocalGet(0),
                Instruction::I32Const(number * 64 + step + 8192),
                Instruction::I32Add,
                Instruction::LocalTee(1),
                Instruction::LocalGet(1),
                Instruction::I32Const(13),
                Instruction::I32Rotl,
                Instruction::I32Xor,
                Instruction::LocalSet(0),
            ]
        };
        module.add((0..62).flat_map(round).chain([Instruction::LocalGet(0)]));
    }
    module.finish(run)
}

/// Ten thousand functions of two instructions, of which the one that is called calls one or all.
fn tiny_functions(all: bool) -> Vec<u8> {
    let mut module = Functions::default();
    let count = 10_000;
    for _ in 0..count {
        module.add([Instruction::I32Const(1)]);
    }
    let calls = (1..if all { count } else { 1 })
        .flat_map(|index| [Instruction::Call(index), Instruction::I32Add]);
    let run = module.add([Instruction::Call(0)].into_iter().chain(calls));
    module.finish(run)
}

/// A module of functions that have no parameters, a number as result, and two locals.
#[derive(Default)]
struct Functions {
    declarations: FunctionSection,
    code: CodeSection,
}

impl Functions {
    fn add<'a>(&mut self, body: impl IntoIterator<Item = Instruction<'a>>) -> u32 {
        self.declarations.function(0);
        let mut function = Function::new([(2, ValType::I32)]);
        for instruction in body {
            function.instruction(&instruction);
        }
        function.instruction(&Instruction::End);
        self.code.function(&function);
        self.code.len() - 1
    }

    fn finish(self, run: u32) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut exports = ExportSection::new();
        exports.export("run", ExportKind::Func, run);
        let mut module = Module::new();
        module.section(&types).section(&self.declarations).section(&exports).section(&self.code);
        module.finish()
    }
}

#[cfg(test)]
mod tests {
    use tephra_bench_common::tephra::Tephra;

    use super::*;

    #[test]
    fn generated_modules_are_as_large_as_they_say() {
        assert!((1_000_000..1_100_000).contains(&one_megabyte().len()), "{}", one_megabyte().len());
    }

    #[test]
    fn generated_workloads_end_as_they_should() {
        for workload in workloads().unwrap() {
            let ended = workload.run_once(&Tephra::METERED).unwrap();
            assert_eq!(Some(ended), workload.expected, "{}", workload.name);
        }
    }
}
