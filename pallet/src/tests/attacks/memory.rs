//! Memory bombs.
use super::*;
use crate::runtime_api::{ExecutionStatus, Trace};
use crate::{EngineLimits, OpenLimits};

const PAGE: u64 = 64 << 10;

/// Returns the limits of the mock with `pages` pages of open frames.
fn with_pages(pages: u32) -> EngineLimits {
    let limits = EngineLimits::HEAP_1_GIB;
    EngineLimits { open: OpenLimits { pages, ..limits.open }, ..limits }
}

/// Grows by some pages, writes to the end of each, so that all are in use, and calls itself with
/// all gas.
fn bomb(pages: u32) -> Vec<u8> {
    code(&format!(
        r#"(func (export "main") (local $at i32)
            (drop (memory.grow (i32.const {pages})))
            (local.set $at (i32.mul (memory.size) (i32.const 65536)))
            (loop $touch
                (local.set $at (i32.sub (local.get $at) (i32.const 65536)))
                (i32.store8 offset=65535 (local.get $at) (i32.const 1))
                (br_if $touch (local.get $at)))
            (call $getAddress (i32.const 64))
            (drop (call $call
                (call $getGasLeft) (i32.const 64) (i32.const 0) (i32.const 0) (i32.const 0))))"#
    ))
}

/// Returns the number of messages that ran, and of those refused for the memory around them.
fn exploded(pages: u32) -> (u64, u64) {
    let mut twin = twin();
    let address = twin.create(&alice(), puppet::init_of(&bomb(pages)), 0, GAS).created();
    let Trace { run, messages, .. } =
        Ewasm::trace(alice(), Some(address), Vec::new(), 0, Some(MOST), None);
    assert_eq!(run.result, Ok(()));
    let refused =
        messages.iter().filter(|message| message.status == ExecutionStatus::Failure).count() as u64;
    twin.call(&alice(), address, Vec::new(), 0, MOST);
    (messages.len() as u64 - refused, refused)
}

#[test]
fn memory_bombs_at_every_depth_stay_within_the_runtimes_heap() {
    let limits = with_pages(64);
    for pages in [0, 1, 15, 27] {
        new_test_ext().execute_with(|| {
            MockLimits::set(limits);
            let (ran, refused) = exploded(pages);
            let taken = ran * u64::from(pages + 1) * PAGE;
            assert!(taken <= limits.heap_bytes(), "{ran} frames of {pages} pages");
            // Gas ends the largest bomb, and the memory around it ends any other.
            let is_full = ran * u64::from(pages + 1) > u64::from(limits.open.pages);
            assert_eq!(refused == 1, is_full, "{ran} frames of {pages} pages");
            assert!(is_full || pages > 1);
        });
    }
}

#[test]
fn a_frame_grows_to_its_limit_and_no_further() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let most = EngineLimits::HEAP_1_GIB.memory_pages;
        let text = |more: u32| {
            format!(
                r#"(func (export "main")
                    (i32.store (i32.const 0) (memory.grow (i32.const {})))
                    (i32.store (i32.const 4) (memory.grow (i32.const 1)))
                    (i32.store (i32.const 8) (memory.grow (i32.const {more})))
                    (call $finish (i32.const 0) (i32.const 12)))"#,
                most - 1
            )
        };
        let modest = made(&mut twin, &text(100));
        let ran = twin.call(&alice(), modest, Vec::new(), 0, MOST);
        assert_eq!(ran.output(), [1_i32, -1, -1].map(i32::to_le_bytes).concat());
        // Memory costs nothing until it is used.
        let greedy = made(&mut twin, &text(65_535));
        assert_eq!(twin.call(&alice(), greedy, Vec::new(), 0, MOST).output(), ran.output());
    });
}

#[test]
fn code_that_declares_more_memory_than_a_frame_may_have_is_refused() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let most = EngineLimits::HEAP_1_GIB.memory_pages;
        let empty = r#"(func (export "main"))"#;
        for (pages, expected) in [(most + 1, false), (65_536, false), (most, true)] {
            let ran = twin.create(&alice(), puppet::init_of(&code_with(pages, empty)), 0, GAS);
            assert_eq!(ran.result.is_ok(), expected, "{pages} pages");
            let ran = twin.create(&alice(), code_with(pages, empty), 0, GAS);
            assert_eq!(ran.result.is_ok(), expected, "{pages} pages of init code");
        }
    });
}

#[test]
fn frames_of_constructors_count_too() {
    new_test_ext().execute_with(|| {
        MockLimits::set(with_pages(4));
        let mut twin = twin();
        let outer = puppet_of(&mut twin, 0);
        // Two pages around the create, and one of the constructor that calls: three are open, and
        // four with another.
        let inner =
            super::super::actor::init(&puppet::call(outer, 0, &puppet::call(outer, 0, b"")));
        let deeds = |pages| puppet::all(&[puppet::grow(pages), puppet::create(0, &inner)]);
        let succeeded = |twin: &mut Twin, pages| {
            let ran = twin.call(&alice(), outer, deeds(pages), 0, MOST);
            // Growing leaves a 1 there, and a create leaves an address.
            ran.output() != [&[1][..], &[0; 19]].concat()
        };
        assert!(succeeded(&mut twin, 1));
        assert!(!succeeded(&mut twin, 4));
    });
}

/// Stores this many new transient slots, and returns how a message to itself that did the same
/// ended.
fn greedy(slots: u32) -> Vec<u8> {
    let text = format!(
        r#"(module
            (import "ethereum" "transientStorageStore" (func $store (param i32 i32)))
            (import "ethereum" "getAddress" (func $getAddress (param i32)))
            (import "ethereum" "getCallDataSize" (func $size (result i32)))
            (import "ethereum" "call" (func $call (param i64 i32 i32 i32 i32) (result i32)))
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "main") (local $slot i32)
                (call $getAddress (i32.const 64))
                (if (i32.eqz (call $size)) (then
                    (i32.store (i32.const 256)
                        (call $call
                            (i64.const 14000000)
                            (i32.const 64) (i32.const 128) (i32.const 0) (i32.const 1)))
                    (call $store (i32.const 64) (i32.const 64))
                    (call $finish (i32.const 256) (i32.const 4))))
                (loop $more
                    (local.set $slot (i32.add (local.get $slot) (i32.const 1)))
                    (i32.store (i32.const 0) (local.get $slot))
                    (call $store (i32.const 0) (i32.const 0))
                    (br_if $more (i32.lt_u (local.get $slot) (i32.const {slots}))))))"#
    );
    wat::parse_str(&text).expect("the contract is valid WebAssembly text")
}

#[test]
fn a_message_beyond_the_limit_of_the_journal_fails_and_its_caller_continues() {
    for (slots, expected) in [(20_000, 0_u32), (25_000, 1), (130_000, 1)] {
        new_test_ext().execute_with(|| {
            MockLimits::set(EngineLimits { journal_bytes: 4 << 20, ..EngineLimits::HEAP_1_GIB });
            let address = create(puppet::init_of(&greedy(slots)), 0);
            let run = Ewasm::dry_call(alice(), address, Vec::new(), 0, Some(MOST), None);
            assert_eq!(
                (run.result, run.output),
                (Ok(()), expected.to_le_bytes().to_vec()),
                "{slots} slots"
            );
        });
    }
}
