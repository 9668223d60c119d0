//! The rules for contracts: for each a module that breaks it, and the sentence that a person reads.
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use super::ContractError;
use crate::ewasm::{INTERFACE, InterfaceFunction, Vm, VmConfig};
use crate::revision::Revision;
use crate::wasm::ModuleError;

fn compile(text: &str) -> Result<(), ContractError> {
    let code = wat::parse_str(text).unwrap();
    Vm::new(VmConfig::default()).compile(Revision::Byzantium, &code).map(|_| ())
}

/// Memory and `main`, with something before them.
fn with(fields: &str) -> String {
    format!("(module {fields} (memory (export \"memory\") 1) (func (export \"main\")))")
}

fn sentence(text: &str) -> String {
    compile(text).unwrap_err().to_string()
}

#[test]
fn a_contract_exports_its_memory_and_main() {
    assert!(compile(&with("")).is_ok());
    let import = "(import \"ethereum\" \"finish\" (func (param i32 i32)))";
    assert!(compile(&with(import)).is_ok());
    assert!(compile(&with(&import.repeat(2))).is_ok());
}

#[test]
fn code_that_is_not_webassembly_is_refused() {
    let vm = Vm::new(VmConfig::default());
    for code in [&b""[..], b"\0as", b"\xfe\0", b"{}"] {
        assert!(matches!(vm.compile(Revision::Byzantium, code), Err(ContractError::NotWasm)));
    }
    for code in [&b"\0asm"[..], b"\0asm\x02\0\0\0", b"\0asm\x01\0\0"] {
        assert!(matches!(vm.compile(Revision::Byzantium, code), Err(ContractError::Module(_))));
    }
}

#[test]
fn floats_are_refused_everywhere() {
    for field in [
        "(func (param f32))",
        "(func (result f64) unreachable)",
        "(func (local f32))",
        "(func (drop (f64.const 0)))",
        "(func (drop (i32.reinterpret_f32 (f32.const 0))))",
        "(type (func (param f32)))",
        "(global f32 (f32.const 0))",
    ] {
        let error = compile(&with(field)).unwrap_err();
        assert!(
            matches!(error, ContractError::Module(ModuleError::Invalid { .. })),
            "{field}: {error}"
        );
    }
}

#[test]
fn a_start_function_is_refused() {
    let error = sentence(&with("(func $f) (start $f)"));
    assert_eq!(error, "the contract has a start function (function 0); only `main` may run");
}

#[test]
fn imports_must_be_of_the_interface() {
    for (import, expected) in [
        (
            "(import \"ethereum\" \"callx\" (func))",
            "the contract imports `ethereum.callx`, which does not exist",
        ),
        (
            "(import \"env\" \"call\" (func))",
            "the contract imports `env.call`, which does not exist",
        ),
        (
            "(import \"ethereum\" \"memory\" (global i32))",
            "the contract imports `ethereum.memory` as something other than a function",
        ),
        (
            "(import \"ethereum\" \"getCaller\" (func (param i64)))",
            "the contract imports `ethereum.getCaller` with type (i64) -> (), but it is \
             (i32) -> ()",
        ),
        (
            "(import \"ethereum\" \"getBlockHash\" (func (param i64 i32)))",
            "the contract imports `ethereum.getBlockHash` with type (i64, i32) -> (), but it is \
             (i64, i32) -> i32",
        ),
        (
            "(import \"ethereum\" \"getBaseFee\" (func (param i32)))",
            "the contract imports `ethereum.getBaseFee`, which came with london; in force is \
             byzantium",
        ),
        (
            "(import \"debug\" \"print32\" (func (param i32)))",
            "the contract imports `debug.print32`, which exists only in debug mode",
        ),
    ] {
        assert_eq!(sentence(&with(import)), expected);
    }
}

#[test]
fn extensions_are_refused_when_they_are_off() {
    let code =
        wat::parse_str(with("(import \"ethereum\" \"getChainId\" (func (param i32)))")).unwrap();
    let vm = Vm::new(VmConfig { extensions: false, ..VmConfig::default() });
    let error = vm.compile(Revision::NEWEST, &code).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the contract imports `ethereum.getChainId`, an extension, and extensions are switched off"
    );
}

#[test]
fn every_function_is_refused_with_another_type() {
    let vm = Vm::new(VmConfig { debug: true, ..VmConfig::default() });
    for function in INTERFACE {
        for wrong in ["(param i32 i32 i32 i32 i32 i32 i32 i32)", "(result i64 i64)"] {
            let InterfaceFunction { module, name, .. } = function;
            let code =
                wat::parse_str(with(&format!("(import \"{module}\" \"{name}\" (func {wrong}))")))
                    .unwrap();
            let error = vm.compile(Revision::NEWEST, &code).unwrap_err();
            assert!(matches!(error, ContractError::ImportType { .. }), "{function}: {error}");
        }
    }
}

#[test]
fn exports_are_memory_and_main_and_nothing_else() {
    for (text, expected) in [
        (
            "(module (func (export \"main\")))",
            "the contract does not export its memory as `memory`",
        ),
        (
            "(module (memory 1) (func (export \"main\")))",
            "the contract does not export its memory as `memory`",
        ),
        (
            "(module (func (export \"memory\") (export \"main\")))",
            "the contract's export `memory` is not a memory",
        ),
        (
            "(module (memory (export \"memory\") 1))",
            "the contract does not export a function `main`",
        ),
        (
            "(module (memory (export \"memory\") (export \"main\") 1))",
            "the contract's export `main` is not a function",
        ),
        (
            "(module (memory (export \"memory\") 1) (func (export \"main\") (param i32) \
             (result i64) unreachable))",
            "the contract's `main` has type (i32) -> i64, but must be () -> ()",
        ),
        (
            "(module (memory (export \"memory\") 1) (func (export \"main\")) (global \
             (export \"g\") i32 (i32.const 0)))",
            "the contract exports `g` besides `memory` and `main`",
        ),
        (
            "(module (memory (export \"memory\") (export \"m\") 1) (func (export \"main\")))",
            "the contract exports `m` besides `memory` and `main`",
        ),
    ] {
        assert_eq!(sentence(text), expected);
    }
}

#[test]
fn memory_cannot_be_imported() {
    let text = "(module (import \"ethereum\" \"memory\" (memory 1)) (export \"memory\" \
        (memory 0)) (func (export \"main\")))";
    assert!(matches!(compile(text), Err(ContractError::ImportIsNoFunction { .. })));
}

#[test]
fn limits_are_those_of_contracts() {
    let error =
        compile("(module (memory (export \"memory\") 513) (func (export \"main\")))").unwrap_err();
    assert!(matches!(error, ContractError::Module(ModuleError::LimitExceeded { .. })), "{error}");
    assert!(compile("(module (memory (export \"memory\") 512) (func (export \"main\")))").is_ok());
    let locals = "i64 ".repeat(5000);
    let error = compile(&with(&format!("(func (local {locals}))"))).unwrap_err();
    assert!(matches!(error, ContractError::Module(ModuleError::LimitExceeded { .. })), "{error}");
}

#[test]
fn truncated_contracts_are_refused_and_never_panic() {
    let text = "(module (import \"ethereum\" \"finish\" (func (param i32 i32))) (memory \
        (export \"memory\") 1)
        (func (export \"main\") (call 0 (i32.const 0) (i32.const 4))))";
    let code = wat::parse_str(text).unwrap();
    let vm = Vm::new(VmConfig::default());
    assert!(vm.compile(Revision::Byzantium, &code).is_ok());
    for length in 0..code.len() {
        assert!(vm.compile(Revision::Byzantium, &code[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_contract_knows_what_it_imports() {
    let import = |name, params| format!("(import \"ethereum\" \"{name}\" (func (param {params})))");
    let text = with(
        &(import("getCaller", "i32") + &import("getBaseFee", "i32") + &import("finish", "i32 i32")),
    );
    let code = wat::parse_str(text).unwrap();
    let contract = Vm::new(VmConfig::default()).compile(Revision::NEWEST, &code).unwrap();
    assert!(contract.imports().map(|function| function.name).eq([
        "getCaller",
        "getBaseFee",
        "finish"
    ]));
    assert_eq!(contract.since(), Revision::London);
    assert_eq!(contract.code(), code);
}

#[test]
fn what_a_memory_reaches_at_the_start_is_the_end_of_its_data() {
    let reaches = |data: &str| {
        let code = wat::parse_str(with(data)).unwrap();
        Vm::new(VmConfig::default()).compile(Revision::NEWEST, &code).unwrap().initial_kibibytes()
    };
    assert_eq!(reaches(""), 0);
    assert_eq!(reaches(r#"(data (i32.const 1023) "a")"#), 1);
    assert_eq!(reaches(r#"(data (i32.const 1023) "ab")"#), 2);
    assert_eq!(reaches(r#"(data (i32.const 5000) "ab") (data (i32.const 0) "ab")"#), 5);
    assert_eq!(reaches(r#"(data (i32.const 65535) "a")"#), 64);
    // Segments that are empty, out of bounds or not copied at the start.
    assert_eq!(reaches(r#"(data (i32.const 5000) "")"#), 0);
    assert_eq!(reaches(r#"(data (i32.const 65535) "ab") (data (i32.const -1) "a")"#), 0);
    assert_eq!(reaches(r#"(data "passive")"#), 0);
    assert_eq!(reaches(r#"(data (i32.add (i32.const 1000) (i32.const 24)) "a")"#), 2);
}

/// A contract that declares its length, and what follows it.
fn declaring(rest: usize) -> Vec<u8> {
    let module = wat::parse_str(with("")).unwrap();
    let (start, sections) = module.split_at(8);
    let length = module.len() as u32 + 13;
    let section = [&b"\0\x0b\x06length"[..], &length.to_le_bytes()].concat();
    [start, &section, sections, &vec![0xff; rest]].concat()
}

#[test]
fn what_follows_a_module_is_part_of_the_code_and_is_not_validated() {
    for rest in [0, 1, 100] {
        let code = declaring(rest);
        let contract = Vm::new(VmConfig::default()).compile(Revision::NEWEST, &code).unwrap();
        assert_eq!(contract.code(), code);
        assert_eq!(contract.module().bytes().len(), code.len() - rest);
    }
}

#[test]
fn what_follows_a_module_counts_in_the_limit_of_its_size() {
    let vm = Vm::new(VmConfig::default());
    let limit = vm.engine().config().limits.module_size as usize;
    let room = limit - declaring(0).len();
    assert!(vm.compile(Revision::NEWEST, &declaring(room)).is_ok());
    let refusal = vm.compile(Revision::NEWEST, &declaring(room + 1)).err().unwrap();
    assert!(
        matches!(refusal, ContractError::Module(ModuleError::LimitExceeded { .. })),
        "{refusal}"
    );
}

#[test]
fn a_declared_length_that_cuts_a_module_is_refused() {
    let mut code = declaring(0);
    let length = code.len() as u32;
    for declared in [0, 20, 21, 30, length - 1, length + 1] {
        code[17..21].copy_from_slice(&declared.to_le_bytes());
        assert!(Vm::new(VmConfig::default()).compile(Revision::NEWEST, &code).is_err());
    }
}
