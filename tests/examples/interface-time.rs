//! Time per gas of interface calls and of beginning frames, against a loop of additions in the same
//! run.
//!
//! Each shape does what takes longest for its gas. `cargo run --release -p tephra-tests --example
//! interface-time [NAME]` prints a table, the dearest last. The bound is eight times the additions.
use alloy_primitives::{Address, U256};
use tephra_core::ewasm::{CallKind, INTERFACE, Message, TransactionContext, Vm, VmConfig};
use tephra_core::revision::Revision;
use tephra_core::state::{Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend};
use tephra_core::wasm::ValType;

const GAS: u64 = 1 << 24;

/// The contract that runs, an account that does not exist, one that does nothing, and one with much
/// code.
const MAIN: u8 = 0xaa;
const NOTHING: u8 = 0xcc;
const LARGE: u8 = 0xdd;
/// Contracts that end in other ways, or have much to set up.
const REVERTS: u8 = 0xd1;
const ENDS: u8 = 0xd2;
const TABLE: u8 = 0xd3;
const DATA: u8 = 0xd6;
const GLOBALS: u8 = 0xd7;
const INVALID: u8 = 0xd4;
const RETURNS: u8 = 0xd5;

/// A shape: its name, what comes before the loop, and what the loop does again and again. At 0
/// there is an address whose last byte is stored by `address`; from 32 on 96 zero bytes.
struct Shape(&'static str, Revision, String, String);

fn address(last: u8) -> String {
    format!("(i32.store8 (i32.const 19) (i32.const {last}))")
}

fn shapes() -> Vec<Shape> {
    use Revision::{Byzantium, Osaka};
    let mut shapes = vec![];
    let mut add = |name, revision, before: String, body: &str| {
        shapes.push(Shape(name, revision, before, body.into()))
    };
    let none = String::new;
    add("additions", Osaka, none(), "(local.set $x (i32.add (local.get $x) (local.get $y)))");
    add("useGas(0)", Osaka, none(), "(call $useGas (i64.const 0))");
    add("getGasLeft", Osaka, none(), "(drop (call $getGasLeft))");
    add("getAddress", Osaka, none(), "(call $getAddress (i32.const 160))");
    add("getCallValue", Osaka, none(), "(call $getCallValue (i32.const 160))");
    add("getTxGasPrice", Osaka, none(), "(call $getTxGasPrice (i32.const 160))");
    add("getBlockDifficulty", Osaka, none(), "(call $getBlockDifficulty (i32.const 160))");
    add("getChainId", Osaka, none(), "(call $getChainId (i32.const 160))");
    add("getBlobHash", Osaka, none(), "(drop (call $getBlobHash (i32.const 7) (i32.const 160)))");
    add("getSelfBalance", Osaka, none(), "(call $getSelfBalance (i32.const 160))");
    add(
        "getExternalBalance",
        Osaka,
        address(0x77),
        "(call $getExternalBalance (i32.const 0) (i32.const 160))",
    );
    add(
        "getBlockHash, found",
        Osaka,
        none(),
        "(drop (call $getBlockHash (i64.const 999) (i32.const 160)))",
    );
    add(
        "getBlockHash, not found",
        Osaka,
        none(),
        "(drop (call $getBlockHash (i64.const 1) (i32.const 160)))",
    );
    add(
        "callDataCopy, 0 bytes",
        Osaka,
        none(),
        "(call $callDataCopy (i32.const 160) (i32.const 0) (i32.const 0))",
    );
    add(
        "codeCopy, 0 bytes",
        Osaka,
        none(),
        "(call $codeCopy (i32.const 160) (i32.const 0) (i32.const 0))",
    );
    add(
        "codeCopy, 100 bytes",
        Osaka,
        none(),
        "(call $codeCopy (i32.const 160) (i32.const 0) (i32.const 100))",
    );
    add(
        "returnDataCopy, 0",
        Osaka,
        none(),
        "(call $returnDataCopy (i32.const 160) (i32.const 0) (i32.const 0))",
    );
    add(
        "getExternalCodeSize",
        Osaka,
        address(LARGE),
        "(drop (call $getExternalCodeSize (i32.const 0)))",
    );
    add(
        "getExternalCodeHash",
        Osaka,
        address(LARGE),
        "(call $getExternalCodeHash (i32.const 0) (i32.const 160))",
    );
    let copy = |bytes| {
        format!(
            "(call $externalCodeCopy (i32.const 0) (i32.const 160) (i32.const 0) \
             (i32.const {bytes}))"
        )
    };
    add("externalCodeCopy, 0", Osaka, address(LARGE), &copy(0));
    add("externalCodeCopy, 1", Osaka, address(LARGE), &copy(1));
    add("externalCodeCopy, 60000", Osaka, address(LARGE), &copy(60000));
    add("storageLoad", Osaka, none(), "(call $storageLoad (i32.const 32) (i32.const 160))");
    add(
        "storageLoad, Byzantium",
        Byzantium,
        none(),
        "(call $storageLoad (i32.const 32) (i32.const 160))",
    );
    add(
        "storageStore, the same",
        Osaka,
        none(),
        "(call $storageStore (i32.const 32) (i32.const 32))",
    );
    let both = "(i32.store8 (i32.const 95) (i32.const 1)) (call $storageStore (i32.const 32) \
                (i32.const 64))
        (i32.store8 (i32.const 95) (i32.const 2)) (call $storageStore (i32.const 32) \
        (i32.const 64))";
    add("storageStore, to and fro", Osaka, none(), both);
    add(
        "transientStorageLoad",
        Osaka,
        none(),
        "(call $transientStorageLoad (i32.const 32) (i32.const 160))",
    );
    add(
        "transientStorageStore",
        Osaka,
        none(),
        "(call $transientStorageStore (i32.const 32) (i32.const 32))",
    );
    let many = "(i32.store (i32.const 32) (local.get $i)) (i32.store (i32.const 64) (local.get $i))
        (call $transientStorageStore (i32.const 32) (i32.const 64))";
    add("transientStorageStore, others", Osaka, none(), many);
    add("log, 0 bytes", Osaka, none(), &log(0, 0));
    add("log, 4 topics", Osaka, none(), &log(0, 4));
    add("log, 1000 bytes", Osaka, none(), &log(1000, 0));
    for (revision, of) in [(Osaka, ""), (Byzantium, ", Byzantium")] {
        let mut call = |name: &str, kind: &str, to: u8, length: u32| {
            let value = if matches!(kind, "call" | "callCode") { "(i32.const 32)" } else { "" };
            let name: &'static str = format!("{kind} {name}{of}").leak();
            let body = format!(
                "(drop (call ${kind} (i64.const 10000000) (i32.const 0) {value} (i32.const 160) \
                 (i32.const {length})))"
            );
            add(name, revision, address(to), &body);
        };
        for kind in ["call", "callCode", "callDelegate", "callStatic"] {
            call("nobody", kind, 0x77, 0);
            call("nothing", kind, NOTHING, 0);
        }
        call("large", "call", LARGE, 0);
        call("nobody, data", "call", 0x77, 60000);
        call("reverts", "call", REVERTS, 0);
        call("ends", "call", ENDS, 0);
        call("with a table", "call", TABLE, 0);
        call("with data segments", "call", DATA, 0);
        call("with globals", "call", GLOBALS, 0);
        call("returns 60000", "call", RETURNS, 0);
        for precompile in 1..10 {
            call(format!("precompile {precompile}").leak(), "call", precompile, 0);
        }
        call("identity, data", "call", 4, 60000);
        call("keccak, data", "call", 9, 60000);
        call("sha256, data", "call", 2, 60000);
    }
    let no_gas = "(drop (call $call (i64.const 0) (i32.const 0) (i32.const 32) (i32.const 160) \
                  (i32.const 0)))";
    add("call large without gas", Osaka, address(LARGE), no_gas);
    let invalid = "(drop (call $call (i64.const 30000) (i32.const 0) (i32.const 32) \
                   (i32.const 160) (i32.const 0)))";
    add("call invalid", Osaka, address(INVALID), invalid);
    let create = "(drop (call $create (i32.const 32) (i32.const 0) (i32.const 0) (i32.const 160)))";
    add("create, no code", Osaka, none(), create);
    shapes
}

fn log(bytes: u32, topics: u32) -> String {
    format!(
        "(call $log (i32.const 160) (i32.const {bytes}) (i32.const {topics}) (i32.const 32) \
         (i32.const 32) (i32.const 32) (i32.const 32))"
    )
}

fn name(ty: ValType) -> &'static str {
    if ty == ValType::I64 { "i64" } else { "i32" }
}

fn contract(items: &str, main: &str) -> Vec<u8> {
    with_memory(1, items, main)
}

fn with_memory(pages: u8, items: &str, main: &str) -> Vec<u8> {
    let imports: String = INTERFACE
        .iter()
        .filter(|function| {
            main.contains(&format!("${} ", function.name))
                || main.contains(&format!("${})", function.name))
        })
        .map(|function| {
            let params: String =
                function.params.iter().map(|param| format!(" {}", name(param.kind.ty()))).collect();
            let result = function
                .result
                .map_or(String::new(), |result| format!("(result {})", name(result.ty())));
            let (module, name) = (function.module, function.name);
            format!("(import \"{module}\" \"{name}\" (func ${name} (param{params}) {result}))\n")
        })
        .collect();
    let text = format!(
        "(module {imports} {items} (memory (export \"memory\") {pages}) \
         (func (export \"main\") {main}))"
    );
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn large(valid: bool) -> Vec<u8> {
    let mut code = with_memory(0, "", "");
    if !valid {
        code = b"\0asm\x01\0\0\0".to_vec();
    }
    let rest = 126_000;
    code.push(0);
    code.extend(
        [0, 7, 14].map(|shift| (rest >> shift) as u8 & 0x7f | if shift < 14 { 0x80 } else { 0 }),
    );
    code.resize(code.len() + rest, 0);
    code
}

/// Nanoseconds that this thread had a processor for, so that others on the machine do little to the
/// figures.
fn processor_time() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|time| time.parse().ok()).unwrap_or_default()
}

fn run(shape: &Shape) -> (u64, f64) {
    let Shape(_, revision, before, body) = shape;
    let main = format!(
        "(local $x i32) (local $y i32) (local $i i32) {before}
         (local.set $y (i32.const 3))
         (loop $again {} (local.set $i (i32.add (local.get $i) (i32.const 1)))
             (br_if $again (i64.gt_u (call $getGasLeft) (i64.const 1000000))))",
        if body.contains("$i") {
            body.clone()
        } else {
            body.repeat(if shape.0 == "additions" { 2000 } else { 8 })
        }
    );
    let vm = Vm::new(VmConfig::default());
    let mut backend = MemoryBackend::new();
    let table =
        format!("(table 4096 funcref) (func $f) (elem (i32.const 0) {})", "$f ".repeat(4096));
    let data = "(data (i32.const 0) \"\")".repeat(1000);
    let globals = "(global i64 (i64.const 1))".repeat(1000);
    let codes = [
        (MAIN, contract("", &main)),
        (NOTHING, with_memory(0, "", "")),
        (LARGE, large(true)),
        (REVERTS, with_memory(0, "", "(call $revert (i32.const 0) (i32.const 0))")),
        (ENDS, with_memory(0, "", "(call $finish (i32.const 0) (i32.const 0))")),
        (RETURNS, contract("", "(call $finish (i32.const 0) (i32.const 60000))")),
        (TABLE, with_memory(0, &table, "")),
        (DATA, with_memory(0, &data, "")),
        (GLOBALS, with_memory(0, &globals, "")),
        (INVALID, large(false)),
    ];
    for (at, code) in codes {
        backend.insert(
            Address::with_last_byte(at),
            MemoryAccount::new(1, U256::from(1000), code.into()),
        );
    }
    backend.set_block_hash(999, Default::default());
    let mut state = JournaledState::new(backend, *revision);
    let mut best = f64::INFINITY;
    let mut used = 0;
    for _ in 0..5 {
        state.begin(TransactionContext { number: 1000, ..TransactionContext::default() });
        let message = Message {
            kind: CallKind::Call,
            is_static: false,
            depth: 0,
            gas: GAS,
            recipient: Address::with_last_byte(MAIN),
            code_address: Address::with_last_byte(MAIN),
            sender: Address::with_last_byte(1),
            input: [][..].into(),
            value: U256::ZERO,
            salt: Default::default(),
        };
        let begin = processor_time();
        let outcome =
            Driver::new(&vm, DriverConfig::default()).run_message(&mut state, message, &mut ());
        let time = processor_time() - begin;
        used = GAS - outcome.gas_left;
        assert!(outcome.gas_left > 0, "{}: {:?}", shape.0, outcome.status);
        best = best.min(time);
    }
    (used, best / used as f64)
}

fn main() {
    let wanted = std::env::args().nth(1);
    let shapes = shapes();
    let (_, additions) = run(&shapes[0]);
    println!("additions: {additions:.1} ns a gas");
    let shapes = shapes
        .iter()
        .skip(1)
        .filter(|shape| wanted.as_ref().is_none_or(|wanted| shape.0.contains(wanted.as_str())));
    let mut rows: Vec<_> = shapes.map(|shape| (shape.0, run(shape).1 / additions)).collect();
    rows.sort_by(|(_, left), (_, right)| left.total_cmp(right));
    for (name, times) in rows {
        println!("{times:6.2} {name}");
    }
}
