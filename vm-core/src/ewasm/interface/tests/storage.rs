//! Storage and logs.
use alloc::format;
use alloc::string::String;

use alloy_primitives::B256;

use crate::ewasm::Status;
use crate::ewasm::testing::*;
use crate::revision::Revision;

const ZERO: u8 = 0;
const X: u8 = 0xaa;
const Y: u8 = 0xbb;
const Z: u8 = 0xcc;

/// A scene whose memory has a key at 0 and the values of all the bytes above: `byte` repeated at
/// `32 * (1 + index)`.
fn scene(revision: Revision, original: u8, current: u8) -> Scene {
    let mut scene = Scene::at(revision)
        .with_memory(0, &[1; 32])
        .with_memory(64, &[X; 32])
        .with_memory(96, &[Y; 32]);
    scene = scene.with_memory(128, &[Z; 32]);
    let key = B256::repeat_byte(1);
    scene.host.original.insert(key, B256::repeat_byte(original));
    scene.host.accounts.get_mut(&THIS).unwrap().storage.insert(key, B256::repeat_byte(current));
    scene
}

fn store(value: u8) -> String {
    let pointer = match value {
        ZERO => 32,
        X => 64,
        Y => 96,
        _ => 128,
    };
    format!("(call $storageStore (i32.const 0) (i32.const {pointer}))")
}

#[test]
fn storage_load_reads_a_slot_of_this_account() {
    let main = "(call $storageLoad (i32.const 0) (i32.const 0))";
    let (output, used) = scene(Revision::Byzantium, X, Y).output(main, 32);
    assert_eq!((output, used), ([Y; 32].into(), 200));
    let (output, _) = Scene::new().output(main, 32);
    assert_eq!(output, [0; 32]);
}

#[test]
fn storage_load_costs_what_the_revision_says() {
    let main = "(call $storageLoad (i32.const 0) (i32.const 32))";
    let twice = format!("{main} {main}");
    for (revision, first, second) in [
        (Revision::Petersburg, 200, 200),
        (Revision::Istanbul, 800, 800),
        (Revision::Berlin, 2100, 100),
    ] {
        assert_eq!(used(&scene(revision, X, X).run(main)), first, "{revision}");
        assert_eq!(used(&scene(revision, X, X).run(&twice)), first + second, "{revision}");
    }
}

#[test]
fn storage_store_writes_a_slot_of_this_account() {
    let mut scene = scene(Revision::Byzantium, ZERO, ZERO);
    assert_eq!(scene.run(&store(Z)).status, Status::Success);
    assert_eq!(scene.host.accounts[&THIS].storage[&B256::repeat_byte(1)], B256::repeat_byte(Z));
}

#[test]
fn storage_store_costs_and_refunds_what_the_revision_says() {
    use Revision::*;
    let warm_refund = |set: i64, warm: i64| set - warm;
    // Original, current, new value; then gas and refund in Byzantium, Constantinople, Istanbul,
    // Berlin (cold), London (cold).
    type Row = ((u8, u8, u8), [(u64, i64); 5]);
    let rows: [Row; 9] = [
        ((X, X, X), [(5000, 0), (200, 0), (800, 0), (2200, 0), (2200, 0)]),
        ((ZERO, ZERO, Z), [(20_000, 0), (20_000, 0), (20_000, 0), (22_100, 0), (22_100, 0)]),
        (
            (X, X, ZERO),
            [(5000, 15_000), (5000, 15_000), (5000, 15_000), (5000, 15_000), (5000, 4800)],
        ),
        ((X, X, Z), [(5000, 0), (5000, 0), (5000, 0), (5000, 0), (5000, 0)]),
        (
            (X, ZERO, Z),
            [(20_000, 0), (200, -15_000), (800, -15_000), (2200, -15_000), (2200, -4800)],
        ),
        (
            (X, Y, ZERO),
            [(5000, 15_000), (200, 15_000), (800, 15_000), (2200, 15_000), (2200, 4800)],
        ),
        (
            (X, ZERO, X),
            [(20_000, 0), (200, -10_200), (800, -10_800), (2200, -12_200), (2200, -2000)],
        ),
        (
            (ZERO, Y, ZERO),
            [
                (5000, 15_000),
                (200, warm_refund(20_000, 200)),
                (800, warm_refund(20_000, 800)),
                (2200, warm_refund(20_000, 100)),
                (2200, warm_refund(20_000, 100)),
            ],
        ),
        ((X, Y, X), [(5000, 0), (200, 4800), (800, 4200), (2200, 2800), (2200, 2800)]),
    ];
    for ((original, current, new), expected) in rows {
        for (revision, (gas, refund)) in
            [Byzantium, Constantinople, Istanbul, Berlin, London].into_iter().zip(expected)
        {
            let outcome = scene(revision, original, current).run(&store(new));
            assert_eq!(outcome.status, Status::Success);
            assert_eq!(
                (used(&outcome), outcome.gas_refund),
                (gas, refund),
                "{revision}: {original:#x} -> {current:#x} -> {new:#x}"
            );
        }
        // Petersburg took Constantinople's rules back.
        let outcome = scene(Petersburg, original, current).run(&store(new));
        assert_eq!((used(&outcome), outcome.gas_refund), expected[0]);
    }
}

#[test]
fn a_write_needs_more_than_the_stipend_from_istanbul_on() {
    for (revision, status) in
        [(Revision::Petersburg, Status::OutOfGas), (Revision::Istanbul, Status::OutOfGas)]
    {
        let mut scene = scene(revision, X, X);
        scene.message.gas = 2300;
        assert_eq!(scene.run(&store(X)).status, status, "{revision}");
    }
    let mut scene = scene(Revision::Istanbul, X, X);
    scene.message.gas = 2301;
    assert_eq!(scene.run(&store(X)).gas_left, 2301 - 800);
}

/// A log of `length` bytes from address 0 with topics at 32, 64, 96 and 128.
fn log(length: u32, topics: i32) -> String {
    format!(
        "(call $log (i32.const 0) (i32.const {length}) (i32.const {topics})
            (i32.const 32) (i32.const 64) (i32.const 96) (i32.const 128))"
    )
}

#[test]
fn logs_have_up_to_four_topics() {
    for topics in 0..=4 {
        let mut scene = Scene::new().with_memory(0, b"data");
        for topic in 1..=4 {
            scene = scene.with_memory(32 * topic, &[topic as u8; 32]);
        }
        let outcome = scene.run(&log(4, topics));
        assert_eq!(used(&outcome), 375 + 375 * topics as u64 + 8 * 4);
        let (address, logged, data) = &scene.host.logs[0];
        assert_eq!((*address, &data[..]), (THIS, &b"data"[..]));
        assert!(
            logged.iter().copied().eq((1..=topics).map(|topic| B256::repeat_byte(topic as u8)))
        );
    }
}

#[test]
fn a_log_with_more_than_four_topics_fails() {
    for topics in [5, 6, i32::MAX, -1] {
        let mut scene = Scene::new();
        assert_eq!(scene.run(&log(0, topics)).status, Status::ArgumentOutOfRange);
        assert!(scene.host.logs.is_empty());
    }
}

#[test]
fn only_the_pointers_of_topics_in_use_are_read() {
    let log = |topics| {
        format!(
            "(call $log (i32.const 0) (i32.const 0) (i32.const {topics})
                (i32.const 0) (i32.const -1) (i32.const -1) (i32.const -1))"
        )
    };
    assert_eq!(Scene::new().run(&log(0)).status, Status::Success);
    assert_eq!(Scene::new().run(&log(1)).status, Status::Success);
    assert_eq!(Scene::new().run(&log(2)).status, Status::InvalidMemoryAccess);
}

#[test]
fn a_log_is_paid_before_its_data_is_looked_at() {
    assert_eq!(Scene::new().run(&log(u32::MAX, 0)).status, Status::OutOfGas);
    assert_eq!(Scene::new().run(&log(65537, 0)).status, Status::InvalidMemoryAccess);
}
