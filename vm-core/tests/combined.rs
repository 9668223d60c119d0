//! Instructions that the translator makes of several operators compute what the operators do.
use tephra_core::wasm::{
    Config, Engine, Event, Execution, Extern, GasTank, Module, Store, TrapCode, Val,
};

/// Runs `run` of a module given as text; gives its result, what is left of so much gas, and the
/// first bytes of the memory.
fn run(text: &str, args: &[Val], gas: u64) -> (Result<Option<Val>, TrapCode>, u128, [u8; 256]) {
    let engine = Engine::new(Config::default());
    let module = Module::new(&engine, &wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine);
    let instance = store.instantiate(&module, &[]).unwrap();
    let func = instance.export(&store, "run").and_then(Extern::func).unwrap();
    let mut execution = Execution::new(&store, func, args, GasTank::new(gas)).unwrap();
    let result = match execution.run(&mut store) {
        Event::Finished => Ok(execution.result()),
        Event::Trapped(trap) => Err(trap.code),
        Event::HostCall(_) => unreachable!("nothing is imported"),
    };
    let mut bytes = [0; 256];
    if let Some(memory) = instance.memory(&store) {
        store.memory_read(memory, 0, &mut bytes).unwrap();
    }
    (result, execution.gas().particles_left(), bytes)
}

const NUMBERS: [u64; 7] =
    [0, 1, 0x7fff_ffff, 0x8000_0001_ffff_ffff, 0x0123_4567_89ab_cdef, u64::MAX - 1, u64::MAX];

type Pair = (&'static str, &'static str, fn(u64, u64, u64) -> u64);

/// The first instruction on x and y, and one that combines its result with z.
const PAIRS_64: [Pair; 8] = [
    ("(i64.add X Y)", "i64.add", |x, y, z| x.wrapping_add(y).wrapping_add(z)),
    ("(i64.xor X Y)", "i64.xor", |x, y, z| x ^ y ^ z),
    ("(i64.or X Y)", "i64.or", |x, y, z| x | y | z),
    ("(i64.and X Y)", "i64.xor", |x, y, z| x & y ^ z),
    ("(i64.mul X Y)", "i64.add", |x, y, z| x.wrapping_mul(y).wrapping_add(z)),
    ("(i64.rotl X (i64.const 17))", "i64.xor", |x, _, z| x.rotate_left(17) ^ z),
    ("(i64.xor X (i64.const -1))", "i64.and", |x, _, z| !x & z),
    ("(i64.and (i64.xor X (i64.const -1)) Y)", "i64.xor", |x, y, z| !x & y ^ z),
];

const PAIRS_32: [Pair; 6] = [
    ("(i32.add X Y)", "i32.add", |x, y, z| x.wrapping_add(y).wrapping_add(z)),
    ("(i32.xor X Y)", "i32.xor", |x, y, z| x ^ y ^ z),
    ("(i32.and X Y)", "i32.xor", |x, y, z| x & y ^ z),
    ("(i32.xor X Y)", "i32.add", |x, y, z| (x ^ y).wrapping_add(z)),
    ("(i32.rotl X (i32.const 9))", "i32.xor", |x, _, z| u64::from((x as u32).rotate_left(9)) ^ z),
    ("(i32.shr_u X (i32.const 3))", "i32.xor", |x, _, z| u64::from(x as u32 >> 3) ^ z),
];

fn check_pairs(pairs: &[Pair], ty: &str, value: fn(u64) -> Val) {
    // Where the third operand comes from: a local, a constant, an instruction before or after.
    let thirds = [
        "(local.get 2)".into(),
        format!("({ty}.const 0x12345)"),
        format!("({ty}.sub (local.get 2) ({ty}.const 0))"),
        format!("({ty}.add (local.get 2) ({ty}.const 5))"),
    ];
    for (first, second, expected) in pairs {
        let first = first.replace('X', "(local.get 0)").replace('Y', "(local.get 1)");
        for (number, third) in thirds.iter().enumerate() {
            for expr in
                [format!("({second} {first} {third})"), format!("({second} {third} {first})")]
            {
                let text = format!(
                    r#"(module (func (export "run") (param {ty} {ty} {ty}) (result {ty}) {expr}))"#
                );
                for x in NUMBERS {
                    for y in NUMBERS {
                        let z = NUMBERS[(x ^ y) as usize % NUMBERS.len()];
                        let third = match number {
                            1 => 0x12345,
                            3 => z.wrapping_add(5),
                            _ => z,
                        };
                        let (result, ..) = run(&text, &[value(x), value(y), value(z)], 1000);
                        assert_eq!(
                            result,
                            Ok(Some(value(expected(x, y, third)))),
                            "{expr} of {x}, {y}, {z}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn pairs_of_64_bit_instructions() {
    check_pairs(&PAIRS_64, "i64", |number| Val::I64(number as i64));
}

#[test]
fn pairs_of_32_bit_instructions() {
    check_pairs(&PAIRS_32, "i32", |number| Val::I32(number as i32));
}

#[test]
fn a_sum_of_bits_is_turned() {
    for (ty, bits) in [("i32", 32_u32), ("i64", 64)] {
        for turn in [0, 1, 13, 31, 32, 63, 64, 77] {
            for direction in ["rotl", "rotr"] {
                let text = format!(
                    r#"(module (func (export "run") (param {ty} {ty}) (result {ty})
                        ({ty}.{direction} ({ty}.xor (local.get 0) (local.get 1))
                            ({ty}.const {turn}))))"#
                );
                let (x, y) = (0x0123_4567_89ab_cdef_u64, 0xf0f0_1234_5678_9999_u64);
                let left =
                    if direction == "rotl" { turn % bits } else { (bits - turn % bits) % bits };
                let (args, expected) = if bits == 32 {
                    let expected = (x as u32 ^ y as u32).rotate_left(left);
                    ([Val::I32(x as i32), Val::I32(y as i32)], Val::I32(expected as i32))
                } else {
                    (
                        [Val::I64(x as i64), Val::I64(y as i64)],
                        Val::I64((x ^ y).rotate_left(left) as i64),
                    )
                };
                assert_eq!(
                    run(&text, &args, 1000).0,
                    Ok(Some(expected)),
                    "{ty}.{direction} {turn}"
                );
            }
        }
    }
}

#[test]
fn the_low_half_is_cut_out() {
    let text = r#"(module (func (export "run") (param i64) (result i64)
        (i64.add (i64.and (local.get 0) (i64.const 0xffffffff)) (i64.const 1))))"#;
    for number in NUMBERS {
        let expected = (number & 0xffff_ffff) + 1;
        assert_eq!(
            run(text, &[Val::I64(number as i64)], 1000).0,
            Ok(Some(Val::I64(expected as i64)))
        );
    }
}

#[test]
fn a_loop_that_steps_and_counts() {
    // Sums the numbers that it steps through; in one order of stepping and counting and in the
    // other, and with one local for both.
    for (steps, expected) in [
        ("(local.set 1 (i32.add (local.get 1) (i32.const 3)))", 3 + 6 + 9 + 12 + 15),
        ("(local.set 1 (i32.sub (local.get 1) (i32.const 1)))", -1 - 2 - 3 - 4 - 5),
        ("(local.set 0 (i32.sub (local.get 0) (i32.const 0)))", 0),
    ] {
        let text = format!(
            r#"(module (func (export "run") (param i32) (result i32) (local i32 i32)
                (loop
                    {steps}
                    (local.set 2 (i32.add (local.get 2) (local.get 1)))
                    (local.set 1 (i32.add (local.get 1) (i32.const 0)))
                    (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
                (local.get 2)))"#
        );
        assert_eq!(run(&text, &[Val::I32(5)], 1000).0, Ok(Some(Val::I32(expected))), "{steps}");
    }
    let text = r#"(module (func (export "run") (param i32) (result i32) (local i32)
        (loop
            (local.set 1 (i32.add (local.get 1) (i32.const -7)))
            (br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -1)))))
        (i32.add (local.get 1) (local.get 0))))"#;
    assert_eq!(run(text, &[Val::I32(100)], 1000).0, Ok(Some(Val::I32(-700))));
    // Each turn is paid, and the last one that cannot be paid does nothing.
    assert_eq!(run(text, &[Val::I32(-1)], 1).0, Err(TrapCode::OutOfGas));
}

#[test]
fn bulk_instructions_on_any_number_of_bytes() {
    let text = |body: &str| {
        format!(
            r#"(module (memory (export "memory") 1)
                (data (i32.const 0)
                    "\01\02\03\04\05\06\07\08\09\0a\0b\0c\0d\0e\0f\10\11\12\13\14"
                    "\15\16\17\18\19\1a\1b\1c\1d\1e\1f\20\21\22\23\24\25\26\27\28"
                    "\29\2a\2b\2c\2d\2e\2f\30\31\32\33\34\35\36\37\38\39\3a\3b\3c"
                    "\3d\3e\3f\40\41\42\43\44\45\46\47\48\49\4a\4b\4c\4d\4e\4f\50")
                (func (export "run") (param i32) {body}))"#
        )
    };
    let before: [u8; 256] = core::array::from_fn(|at| if at < 80 { at as u8 + 1 } else { 0 });
    let particles = |count: u64| {
        run(
            &text("(memory.fill (i32.const 9) (i32.const 7) (local.get 0))"),
            &[Val::I32(count as i32)],
            1,
        )
        .1
    };
    for count in 0..=100_u64 {
        let args = [Val::I32(count as i32)];
        let count = count as usize;
        let mut filled = before;
        filled[9..9 + count].fill(7);
        let (result, left, bytes) =
            run(&text("(memory.fill (i32.const 9) (i32.const 7) (local.get 0))"), &args, 1);
        assert_eq!((result, bytes), (Ok(None), filled), "{count}");
        // Bytes cost the same, few or many.
        assert_eq!((particles(0) - left) % (count as u128).max(1), 0);
        assert_eq!(particles(0) - left, (particles(0) - particles(1)) * count as u128);
        for (to, from) in [(100, 3), (3, 100), (5, 2), (2, 5)] {
            let mut copied = before;
            copied.copy_within(from..from + count, to);
            let body = format!("(memory.copy (i32.const {to}) (i32.const {from}) (local.get 0))");
            let (result, _, bytes) = run(&text(&body), &args, 1);
            assert_eq!((result, bytes), (Ok(None), copied), "{count} bytes from {from} to {to}");
        }
    }
}

#[test]
fn bulk_instructions_on_nothing_end_at_the_end_of_the_memory() {
    for body in [
        "(memory.fill (local.get 0) (i32.const 7) (i32.const 0))",
        "(memory.copy (local.get 0) (i32.const 0) (i32.const 0))",
        "(memory.copy (i32.const 0) (local.get 0) (i32.const 0))",
    ] {
        let text = format!(r#"(module (memory 1) (func (export "run") (param i32) {body}))"#);
        assert_eq!(run(&text, &[Val::I32(65_536)], 1000).0, Ok(None), "{body}");
        assert_eq!(
            run(&text, &[Val::I32(65_537)], 1000).0,
            Err(TrapCode::MemoryOutOfBounds),
            "{body}"
        );
        assert_eq!(run(&text, &[Val::I32(-1)], 1000).0, Err(TrapCode::MemoryOutOfBounds), "{body}");
    }
}

#[test]
fn executions_one_after_the_other_do_not_see_each_other() {
    let engine = Engine::new(Config::default());
    let text = r#"(module
        (func (export "deep") (param i32) (result i32)
            (if (result i32) (local.get 0)
                (then (i32.add (i32.const 1) (call 0 (i32.sub (local.get 0) (i32.const 1)))))
                (else (i32.const 0))))
        (func (export "locals") (result i32) (local i32 i32 i32)
            (i32.add (local.get 0) (i32.add (local.get 1) (local.get 2))))
        (func (export "several") (param i32) (result i32 i64) (local.get 0) (i64.const 9)))"#;
    let module = Module::new(&engine, &wat::parse_str(text).unwrap()).unwrap();
    let mut store = Store::new(&engine);
    let instance = store.instantiate(&module, &[]).unwrap();
    let mut call = |name: &str, args: &[Val]| {
        let func = instance.export(&store, name).and_then(Extern::func).unwrap();
        let mut execution = Execution::new(&store, func, args, GasTank::new(1000)).unwrap();
        assert_eq!(execution.result(), None);
        assert_eq!(execution.run(&mut store), Event::Finished);
        assert_eq!(execution.result(), execution.results().first().copied());
        execution.results()
    };
    for depth in [500, 3, 1000] {
        assert_eq!(call("deep", &[Val::I32(depth)]), [Val::I32(depth)]);
        assert_eq!(call("locals", &[]), [Val::I32(0)]);
        assert_eq!(call("several", &[Val::I32(depth)]), [Val::I32(depth), Val::I64(9)]);
    }
}
