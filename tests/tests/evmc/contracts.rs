//! Contracts that ask an EVMC client for everything.
use std::fmt::Write;

/// The whole interface as imports, and helpers: `$take` copies the call data to the start of the
/// memory and answers its size; `$answer` finishes with that number of bytes at 32768;
/// `$answer_returned` with one byte and the return buffer.
const PRELUDE: &str = r#"
    (import "ethereum" "callDataCopy" (func $callDataCopy (param i32 i32 i32)))
    (import "ethereum" "getCallDataSize" (func $getCallDataSize (result i32)))
    (import "ethereum" "returnDataCopy" (func $returnDataCopy (param i32 i32 i32)))
    (import "ethereum" "getReturnDataSize" (func $getReturnDataSize (result i32)))
    (import "ethereum" "getCaller" (func $getCaller (param i32)))
    (import "ethereum" "getAddress" (func $getAddress (param i32)))
    (import "ethereum" "getCallValue" (func $getCallValue (param i32)))
    (import "ethereum" "finish" (func $finish (param i32 i32)))
    (import "ethereum" "revert" (func $revert (param i32 i32)))
    (import "ethereum" "useGas" (func $useGas (param i64)))
    (import "ethereum" "storageStore" (func $storageStore (param i32 i32)))
    (import "ethereum" "storageLoad" (func $storageLoad (param i32 i32)))
    (import "ethereum" "log" (func $log (param i32 i32 i32 i32 i32 i32 i32)))
    (import "ethereum" "selfDestruct" (func $selfDestruct (param i32)))
    (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
    (import "ethereum" "callCode" (func $callCode (param i64 i32 i32 i32 i32) (result i32)))
    (import "ethereum" "callDelegate" (func $callDelegate (param i64 i32 i32 i32) (result i32)))
    (import "ethereum" "callStatic" (func $callStatic (param i64 i32 i32 i32) (result i32)))
    (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
    (import "ethereum" "create2" (func $create2 (param i32 i32 i32 i32 i32) (result i32)))
    (import "ethereum" "getTxOrigin" (func $getTxOrigin (param i32)))
    (import "ethereum" "getTxGasPrice" (func $getTxGasPrice (param i32)))
    (import "ethereum" "getBlockCoinbase" (func $getBlockCoinbase (param i32)))
    (import "ethereum" "getBlockNumber" (func $getBlockNumber (result i64)))
    (import "ethereum" "getBlockTimestamp" (func $getBlockTimestamp (result i64)))
    (import "ethereum" "getBlockGasLimit" (func $getBlockGasLimit (result i64)))
    (import "ethereum" "getBlockHash" (func $getBlockHash (param i64 i32) (result i32)))
    (import "ethereum" "getExternalBalance" (func $getExternalBalance (param i32 i32)))
    (import "ethereum" "getExternalCodeSize" (func $getExternalCodeSize (param i32) (result i32)))
    (import "ethereum" "externalCodeCopy" (func $externalCodeCopy (param i32 i32 i32 i32)))
    (memory (export "memory") 1)
    (func $take (result i32)
        (call $callDataCopy (i32.const 0) (i32.const 0) (call $getCallDataSize))
            (call $getCallDataSize))
    (func $answer (param $size i32) (call $finish (i32.const 32768) (local.get $size)))
    (func $answer_returned (param $byte i32)
        (i32.store8 (i32.const 32768) (local.get $byte))
        (call $returnDataCopy (i32.const 32769) (i32.const 0) (call $getReturnDataSize))
        (call $answer (i32.add (i32.const 1) (call $getReturnDataSize))))
"#;

fn contract(more: &str) -> Vec<u8> {
    wat::parse_str(format!("(module {PRELUDE} {more})")).unwrap()
}

/// Answers sender (20 bytes), address (20), value (16) and the call data.
pub fn echo() -> Vec<u8> {
    contract(
        r#"(func (export "main")
            (call $getCaller (i32.const 32768))
            (call $getAddress (i32.const 32788))
            (call $getCallValue (i32.const 32808))
            (call $callDataCopy (i32.const 32824) (i32.const 0) (call $getCallDataSize))
            (call $answer (i32.add (i32.const 56) (call $getCallDataSize))))"#,
    )
}

/// Call data: kind (0 call, 1 callCode, 2 callDelegate, 3 callStatic), address, value (16), data.
/// Answers the result (1) and what was returned.
pub fn relay() -> Vec<u8> {
    contract(
        r#"(func $gas (result i64) (i64.const 0x7fffffffffffffff))
        (func (export "main") (local $size i32) (local $kind i32)
            (local.set $size (i32.sub (call $take) (i32.const 37)))
            (local.set $kind (i32.load8_u (i32.const 0)))
            (if (i32.eq (local.get $kind) (i32.const 0)) (then (call $answer_returned
                (call $call (call $gas) (i32.const 1) (i32.const 21) (i32.const 37)
                    (local.get $size)))))
            (if (i32.eq (local.get $kind) (i32.const 1)) (then (call $answer_returned
                (call $callCode (call $gas) (i32.const 1) (i32.const 21) (i32.const 37)
                    (local.get $size)))))
            (if (i32.eq (local.get $kind) (i32.const 2)) (then (call $answer_returned
                (call $callDelegate (call $gas) (i32.const 1) (i32.const 37) (local.get $size)))))
            (call $answer_returned
                (call $callStatic (call $gas) (i32.const 1) (i32.const 37) (local.get $size))))"#,
    )
}

/// Call data: kind (0 create, 1 create2), value (16), salt (32), init code. Answers the result (1),
/// what was returned, and at 32700 the address.
pub fn factory() -> Vec<u8> {
    contract(
        r#"(func (export "main") (local $size i32) (local $result i32)
            (local.set $size (i32.sub (call $take) (i32.const 49)))
            (if (i32.load8_u (i32.const 0))
                (then (local.set $result (call $create2
                    (i32.const 1) (i32.const 49) (local.get $size) (i32.const 17)
                        (i32.const 32769))))
                (else (local.set $result (call $create
                    (i32.const 1) (i32.const 49) (local.get $size) (i32.const 32769)))))
            (i32.store8 (i32.const 32768) (local.get $result))
            (if (local.get $result) (then (call $answer_returned (local.get $result))))
            (call $answer (i32.const 21)))"#,
    )
}

/// Ends as the first of 64 bytes of call data says. What is stored, in slot 0, are the last 32 of
/// them.
pub fn endings() -> Vec<u8> {
    contract(
        r#"(func $deep (call $deep) (call $useGas (i64.const 0)))
        (func $ending (param i32) (result i32) (i32.eq (i32.load8_u (i32.const 0)) (local.get 0)))
        (func (export "main") (drop (call $take))
            (if (call $ending (i32.const 1)) (then (call $revert (i32.const 0) (i32.const 4))))
            (if (call $ending (i32.const 2)) (then unreachable))
            (if (call $ending (i32.const 3)) (then (drop (i32.div_u (i32.const 1) (i32.const 0)))))
            (if (call $ending (i32.const 4)) (then (i32.store (i32.const -1) (i32.const 1))))
            (if (call $ending (i32.const 5)) (then (call $useGas (i64.const 0x7fffffffffffffff))))
            (if (call $ending (i32.const 6)) (then (call $deep)))
            (if (call $ending (i32.const 7)) (then (call $useGas (i64.const -1))))
            (if (call $ending (i32.const 8)) (then (call $storageStore (i32.const 64)
                (i32.const 32))))
            (if (call $ending (i32.const 9)) (then (call $log (i32.const 0) (i32.const 4)
                (i32.const 2)
                (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0))))
            (if (call $ending (i32.const 10)) (then (call $selfDestruct (i32.const 1))))
            (if (call $ending (i32.const 11)) (then
                (call $storageLoad (i32.const 64) (i32.const 32768)) (call $answer (i32.const 32))))
            (if (call $ending (i32.const 12)) (then
                (call $storageStore (i32.const 64) (i32.const 32)) (call $revert (i32.const 0)
                    (i32.const 0)))))"#,
    )
}

/// Answers what there is to know of the block, the transaction, and the account whose address is
/// the call data: at the offsets that the client checks.
pub fn environment() -> Vec<u8> {
    contract(
        r#"
        (func (export "main") (drop (call $take))
            (call $getTxOrigin (i32.const 32768))
            (call $getBlockCoinbase (i32.const 32788))
            (call $getTxGasPrice (i32.const 32808))
            (i64.store (i32.const 32824) (call $getBlockNumber))
            (i64.store (i32.const 32832) (call $getBlockTimestamp))
            (i64.store (i32.const 32840) (call $getBlockGasLimit))
            (i32.store8 (i32.const 32848) (call $getBlockHash
                (i64.sub (call $getBlockNumber) (i64.const 1)) (i32.const 32849)))
            (i32.store8 (i32.const 32881) (call $getBlockHash (call $getBlockNumber) (i32.const 0)))
            (call $getExternalBalance (i32.const 0) (i32.const 32882))
            (i32.store (i32.const 32898) (call $getExternalCodeSize (i32.const 0)))
            (call $externalCodeCopy (i32.const 0) (i32.const 32902) (i32.const 0) (i32.const 4))
            (call $answer (i32.const 138)))"#,
    )
}

/// The same for what came with later revisions.
pub fn later_environment() -> Vec<u8> {
    wat::parse_str(
        r#"(module
            (import "ethereum" "callDataCopy" (func $callDataCopy (param i32 i32 i32)))
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (import "ethereum" "getChainId" (func $getChainId (param i32)))
            (import "ethereum" "getBaseFee" (func $getBaseFee (param i32)))
            (import "ethereum" "getPrevRandao" (func $getPrevRandao (param i32)))
            (import "ethereum" "getBlobBaseFee" (func $getBlobBaseFee (param i32)))
            (import "ethereum" "getBlobHash" (func $getBlobHash (param i32 i32) (result i32)))
            (import "ethereum" "getSelfBalance" (func $getSelfBalance (param i32)))
            (import "ethereum" "getExternalCodeHash" (func $getExternalCodeHash (param i32 i32)))
            (import "ethereum" "transientStorageLoad" (func $transientLoad (param i32 i32)))
            (import "ethereum" "transientStorageStore" (func $transientStore (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "main")
                (call $callDataCopy (i32.const 0) (i32.const 0) (i32.const 20))
                (call $getChainId (i32.const 1024))
                (call $getSelfBalance (i32.const 1040))
                (call $getBaseFee (i32.const 1056))
                (call $getBlobBaseFee (i32.const 1088))
                (call $getPrevRandao (i32.const 1120))
                (call $transientStore (i32.const 1120) (i32.const 1088))
                (call $transientLoad (i32.const 1120) (i32.const 1152))
                (call $getExternalCodeHash (i32.const 0) (i32.const 1184))
                (i32.store8 (i32.const 1248) (call $getBlobHash (i32.const 1) (i32.const 1216)))
                (i32.store8 (i32.const 1249) (call $getBlobHash (i32.const 2) (i32.const 0)))
                (call $finish (i32.const 1024) (i32.const 226))))"#,
    )
    .unwrap()
}

/// Calls itself with all gas, as often as it can.
pub fn deep() -> Vec<u8> {
    contract(
        r#"(func (export "main")
            (call $getAddress (i32.const 0))
            (drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 64)
                (i32.const 0) (i32.const 0))))"#,
    )
}

/// Calls itself, logs something, and calls itself again; whatever comes of it.
pub fn repeat() -> Vec<u8> {
    contract(
        r#"(func $again
            (drop (call $call (i64.const 10000) (i32.const 0) (i32.const 64) (i32.const 0)
                (i32.const 0))))
        (func (export "main")
            (call $getAddress (i32.const 0))
            (call $again)
            (call $log (i32.const 0) (i32.const 4) (i32.const 0) (i32.const 0) (i32.const 0)
                (i32.const 0) (i32.const 0))
            (call $again))"#,
    )
}

/// Does nothing, with a kibibyte of memory.
pub fn empty() -> Vec<u8> {
    wat::parse_str(
        r#"(module (memory (export "memory") 1) (data (i32.const 0) "data")
        (func (export "main")))"#,
    )
    .unwrap()
}

/// Imports a function for debugging.
pub fn debugging() -> Vec<u8> {
    wat::parse_str(
        r#"(module (import "debug" "print32" (func $print (param i32))) (memory (export "memory") 1)
            (func (export "main") (call $print (i32.const 42))))"#,
    )
    .unwrap()
}

/// Init code that finishes with these bytes.
pub fn gives(code: &[u8]) -> Vec<u8> {
    let mut data = String::new();
    for byte in code {
        write!(data, "\\{byte:02x}").unwrap();
    }
    wat::parse_str(format!(
        r#"(module (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") 1) (data (i32.const 0) "{data}")
            (func (export "main") (call $finish (i32.const 0) (i32.const {}))))"#,
        code.len()
    ))
    .unwrap()
}
