//! Contracts in text and in bytes.
use tephra_chain_tests::contract::escaped;

/// The imports of all contracts in text.
const IMPORTS: &str = r#"
    (import "ethereum" "useGas" (func $use_gas (param i64)))
    (import "ethereum" "getGasLeft" (func $gas (result i64)))
    (import "ethereum" "getAddress" (func $address (param i32)))
    (import "ethereum" "getBlockTimestamp" (func $timestamp (result i64)))
    (import "ethereum" "getBlockDifficulty" (func $difficulty (param i32)))
    (import "ethereum" "getBlockHash" (func $block_hash (param i64 i32) (result i32)))
    (import "ethereum" "getExternalBalance" (func $balance (param i32 i32)))
    (import "ethereum" "getSelfBalance" (func $self_balance (param i32)))
    (import "ethereum" "getExternalCodeSize" (func $code_size_of (param i32) (result i32)))
    (import "ethereum" "getExternalCodeHash" (func $code_hash_of (param i32 i32)))
    (import "ethereum" "externalCodeCopy" (func $code_of (param i32 i32 i32 i32)))
    (import "ethereum" "callDataCopy" (func $input (param i32 i32 i32)))
    (import "ethereum" "codeCopy" (func $code (param i32 i32 i32)))
    (import "ethereum" "getCodeSize" (func $code_size (result i32)))
    (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
    (import "ethereum" "callStatic" (func $ask (param i64 i32 i32 i32) (result i32)))
    (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
    (import "ethereum" "create2" (func $create2 (param i32 i32 i32 i32 i32) (result i32)))
    (import "ethereum" "storageStore" (func $store (param i32 i32)))
    (import "ethereum" "storageLoad" (func $load (param i32 i32)))
    (import "ethereum" "transientStorageStore" (func $store_transient (param i32 i32)))
    (import "ethereum" "selfDestruct" (func $destroy (param i32)))
    (import "ethereum" "log" (func $log (param i32 i32 i32 i32 i32 i32 i32)))
    (import "ethereum" "finish" (func $finish (param i32 i32)))
    (import "ethereum" "revert" (func $revert (param i32 i32)))"#;

/// A contract with memory of `pages` pages that holds `data`, further items of a module, and a body
/// of `main`.
pub fn text(pages: u32, data: &[(usize, Vec<u8>)], items: &str, body: &str) -> Vec<u8> {
    let data: String = data
        .iter()
        .map(|(offset, bytes)| format!("(data (i32.const {offset}) \"{}\")", escaped(bytes)))
        .collect();
    let text = format!(
        "(module {IMPORTS} (memory (export \"memory\") {pages}) {data} {items} \
         (func (export \"main\") {body}))"
    );
    wat::parse_str(&text)
        .unwrap_or_else(|error| panic!("{error}\n{}", &text[..text.len().min(4000)]))
}

/// Instructions that come again and again until so much gas is left. `$i` rises by one each time.
pub fn until(gas: u64, locals: &str, body: &str) -> String {
    format!(
        "(local $i i32) {locals} (loop $more {body} (local.set $i (i32.add (local.get $i) \
         (i32.const 1)))
         (br_if $more (i64.gt_u (call $gas) (i64.const {gas}))))"
    )
}

/// Repeats instructions. `$i` rises by one each time.
pub fn times(count: u32, body: &str) -> String {
    format!(
        "(local $i i32) (loop $more {body} (local.set $i (i32.add (local.get $i) (i32.const 1)))
         (br_if $more (i32.lt_u (local.get $i) (i32.const {count}))))"
    )
}

fn number(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

fn section(id: u8, content: &[u8]) -> Vec<u8> {
    [&[id][..], &number(content.len()), content].concat()
}

fn function_type(params: usize, results: usize) -> Vec<u8> {
    [&[0x60][..], &number(params), &vec![0x7f; params], &number(results), &vec![0x7f; results]]
        .concat()
}

/// A contract without imports, of about `size` bytes: `main` is `head`, as many times `unit` as
/// there is room for, and `tail`. A function of type 1 and number 1 takes and gives as many numbers
/// as is said, and [`WIDE_CALLS`] can be called.
pub fn filled(size: usize, many: usize, head: &[u8], unit: &[u8], tail: &[u8]) -> Vec<u8> {
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    let types = [
        function_type(0, 0),
        function_type(many, many),
        function_type(0, 16),
        function_type(64, 0),
    ];
    module.extend(section(1, &[&[4][..], &types.concat()].concat()));
    module.extend(section(3, &[4, 0, 1, 2, 3]));
    module.extend(section(5, &[1, 0, 0]));
    module.extend(section(7, b"\x02\x06memory\x02\0\x04main\0\0"));
    let same: Vec<u8> =
        (0..many).flat_map(|index| [&[0x20][..], &number(index)].concat()).collect();
    let others = [same, zeros(16), Vec::new()].map(|body| function(&body)).concat();
    let room = size.saturating_sub(module.len() + others.len() + head.len() + tail.len() + 16);
    let main = function(&[head, &unit.repeat(room / unit.len()), tail].concat());
    module.extend(section(10, &[&[4][..], &main, &others].concat()));
    module
}

/// A function without locals, as the code section has it.
fn function(body: &[u8]) -> Vec<u8> {
    [&number(body.len() + 2)[..], &[0], body, &[0x0b]].concat()
}

/// Four calls of a function with the most results, one of a function with the most parameters: few
/// bytes that push and pop many operands.
pub const WIDE_CALLS: &[u8] = &[0x10, 2, 0x10, 2, 0x10, 2, 0x10, 2, 0x10, 3];

/// Leaves `main`, which is not known before it runs: the memory has no pages.
pub const LEAVE: &[u8] = &[0x3f, 0, 0x45, 0x0d, 0];

/// `i32.const 0`.
pub fn zeros(count: usize) -> Vec<u8> {
    [0x41, 0].repeat(count)
}

/// `drop`.
pub fn drops(count: usize) -> Vec<u8> {
    vec![0x1a; count]
}

/// A contract with functions that do nothing, elements of its table, globals and empty segments of
/// data: what takes longest to set up.
pub fn crowded(functions: usize, elements: usize, globals: usize, segments: usize) -> Vec<u8> {
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    module.extend(section(1, &[&[1][..], &function_type(0, 0)].concat()));
    module.extend(section(3, &[&number(functions)[..], &vec![0; functions]].concat()));
    module.extend(section(4, &[&[1, 0x70, 0][..], &number(4096)].concat()));
    module.extend(section(5, &[1, 0, 0]));
    module.extend(section(
        6,
        &[&number(globals)[..], &[0x7f, 0, 0x41, 0, 0x0b].repeat(globals)].concat(),
    ));
    module.extend(section(7, b"\x02\x06memory\x02\0\x04main\0\0"));
    let per_segment = elements.min(4096);
    let count = elements.div_ceil(per_segment.max(1));
    let segment = [&[0, 0x41, 0, 0x0b][..], &number(per_segment), &vec![0; per_segment]].concat();
    module.extend(section(9, &[&number(count)[..], &segment.repeat(count)].concat()));
    module.extend(section(10, &[&number(functions)[..], &[2, 0, 0x0b].repeat(functions)].concat()));
    module.extend(section(
        11,
        &[&number(segments)[..], &[0, 0x41, 0, 0x0b, 0].repeat(segments)].concat(),
    ));
    module
}
