//! The contract of the tests: see `puppet.wat`.
use alloy_primitives::keccak256;
use sp_core::{H160, H256};

/// Returns its run-time code.
pub fn code() -> Vec<u8> {
    wat::parse_str(include_str!("puppet.wat")).expect("the puppet is valid WebAssembly text")
}

/// Returns its run-time code without the functions that a revision does not have.
pub fn code_for(revision: crate::Revision) -> Vec<u8> {
    let mut text = String::from(include_str!("puppet.wat"));
    for (function, since) in [
        ("getBaseFee", crate::Revision::London),
        ("getPrevRandao", crate::Revision::Paris),
        ("getSelfBalance", crate::Revision::Istanbul),
    ] {
        if revision < since {
            let import =
                format!("(import \"ethereum\" \"{function}\" (func ${function} (param i32)))");
            text = text.replace(&import, &format!("(func ${function} (param i32))"));
        }
    }
    // Imported functions come first.
    let (own, rest): (Vec<_>, Vec<_>) = text
        .lines()
        .partition(|line| line.starts_with("  (func $get") && line.ends_with("(param i32))"));
    let (head, tail) = rest
        .join("\n")
        .split_once("  (memory")
        .map(|(a, b)| (a.to_string(), b.to_string()))
        .expect("there is a memory");
    wat::parse_str(format!("{head}{}\n  (memory{tail}", own.join("\n")))
        .expect("the puppet is valid WebAssembly text")
}

/// Returns its init code.
pub fn init() -> Vec<u8> {
    init_of(&code())
}

/// Returns init code that returns the bytes as run-time code.
pub fn init_of(code: &[u8]) -> Vec<u8> {
    init_with(code, "")
}

/// Returns init code that does the puppet's deeds before it returns the bytes as run-time code.
pub fn init_with(code: &[u8], before: &str) -> Vec<u8> {
    let data: String = code.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let (length, pages) = (code.len(), code.len().div_ceil(1 << 16) + 1);
    let text = format!(
        r#"(module
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (import "ethereum" "getCaller" (func $getCaller (param i32)))
            (import "ethereum" "selfDestruct" (func $selfDestruct (param i32)))
            (import "ethereum" "storageStore" (func $storageStore (param i32 i32)))
            (memory (export "memory") {pages})
            (data (i32.const 1024) "{data}")
            (func (export "main") {before} (call $finish (i32.const 1024) (i32.const {length}))))"#
    );
    wat::parse_str(&text).expect("the init code is valid WebAssembly text")
}

/// Returns init code whose constructor destroys the contract in favour of its creator.
pub fn ephemeral() -> Vec<u8> {
    init_with(&[], "(call $getCaller (i32.const 0)) (call $selfDestruct (i32.const 0))")
}

pub fn hash(code: &[u8]) -> H256 {
    H256(keccak256(code).0)
}

pub fn word(number: u8) -> H256 {
    H256::from_low_u64_be(number.into())
}

pub fn store(key: u8, value: u8) -> Vec<u8> {
    [&[1][..], word(key).as_bytes(), word(value).as_bytes()].concat()
}

pub fn load(key: u8) -> Vec<u8> {
    [&[2][..], word(key).as_bytes()].concat()
}

pub fn call(target: H160, value: u128, data: &[u8]) -> Vec<u8> {
    [&[3][..], target.as_bytes(), &value.to_le_bytes(), data].concat()
}

pub fn log(topic: H256, data: &[u8]) -> Vec<u8> {
    [&[4][..], topic.as_bytes(), data].concat()
}

pub fn revert(data: &[u8]) -> Vec<u8> {
    [&[5], data].concat()
}

pub fn self_destruct(beneficiary: H160) -> Vec<u8> {
    [&[6][..], beneficiary.as_bytes()].concat()
}

pub fn create(value: u128, init: &[u8]) -> Vec<u8> {
    [&[7][..], &value.to_le_bytes(), init].concat()
}

pub fn trap() -> Vec<u8> {
    vec![8]
}

pub fn run_for_ever() -> Vec<u8> {
    vec![9]
}

pub fn all(deeds: &[Vec<u8>]) -> Vec<u8> {
    let parts =
        deeds.iter().flat_map(|deed| [&(deed.len() as u32).to_le_bytes()[..], deed].concat());
    core::iter::once(10).chain(parts).collect()
}

pub fn context() -> Vec<u8> {
    vec![11]
}

pub fn delegate(target: H160, data: &[u8]) -> Vec<u8> {
    [&[12][..], target.as_bytes(), data].concat()
}

pub fn call_static(target: H160, data: &[u8]) -> Vec<u8> {
    [&[13][..], target.as_bytes(), data].concat()
}

pub fn create2(salt: H256, value: u128, init: &[u8]) -> Vec<u8> {
    [&[14][..], salt.as_bytes(), &value.to_le_bytes(), init].concat()
}

pub fn block_hash(number: u64) -> Vec<u8> {
    [&[15][..], &number.to_le_bytes()].concat()
}

pub fn balance(address: H160) -> Vec<u8> {
    [&[16][..], address.as_bytes()].concat()
}

pub fn grow(pages: u32) -> Vec<u8> {
    [&[17][..], &pages.to_le_bytes()].concat()
}

pub fn recurse() -> Vec<u8> {
    vec![18]
}

/// Reads the call data beyond the memory.
pub fn outside() -> Vec<u8> {
    vec![19]
}

/// Returns init code that calls an address with this data, without value, and returns no run-time
/// code.
pub fn dispatching_init(target: H160, data: &[u8]) -> Vec<u8> {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("\\{byte:02x}")).collect::<String>();
    let (target, length, data) = (hex(target.as_bytes()), data.len(), hex(data));
    let text = format!(
        r#"(module
            (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "{target}")
            (data (i32.const 64) "{data}")
            (func (export "main")
                (if (call $call
                        (i64.const 1000000)
                        (i32.const 0) (i32.const 32) (i32.const 64) (i32.const {length}))
                    (then (unreachable)))))"#
    );
    wat::parse_str(&text).expect("the init code is valid WebAssembly text")
}
