//! Facts of the block.
use alloc::format;

use alloy_primitives::{B256, U256};

use crate::ewasm::Status;
use crate::ewasm::testing::*;

#[test]
fn numbers_of_the_block() {
    let mut scene = Scene::new();
    scene.host.context.number = 0x0102_0304_0506_0708;
    scene.host.context.timestamp = 12;
    scene.host.context.gas_limit = 13;
    for (function, expected) in [
        ("getBlockNumber", 0x0102_0304_0506_0708_u64),
        ("getBlockTimestamp", 12),
        ("getBlockGasLimit", 13),
    ] {
        let (output, used) =
            scene.output(&format!("(i64.store (i32.const 0) (call ${function}))"), 8);
        assert_eq!(output, expected.to_le_bytes(), "{function}");
        assert_eq!(used, 2, "{function}");
    }
}

#[test]
fn get_block_difficulty_is_little_endian() {
    let mut scene = Scene::new();
    scene.host.context.prev_randao = B256::from(U256::from(0x020000));
    let (output, used) = scene.output("(call $getBlockDifficulty (i32.const 0))", 32);
    assert_eq!(U256::from_le_slice(&output), U256::from(0x020000));
    assert_eq!(used, 2);
}

/// Asks for the hash of a block at address 8, and stores the answer at 0.
fn hash_of(number: i64) -> alloc::string::String {
    format!(
        "(i64.store32 (i32.const 0) (i64.extend_i32_u (call $getBlockHash (i64.const {number}) \
         (i32.const 8))))"
    )
}

#[test]
fn get_block_hash_writes_a_hash_and_answers_0() {
    let mut scene = Scene::new();
    scene.host.block_hashes.insert(7, B256::repeat_byte(0xab));
    let (output, used) = scene.output(&hash_of(7), 40);
    assert_eq!(output[..4], [0; 4]);
    assert_eq!(output[8..], [0xab; 32]);
    assert_eq!(used, 800);
}

#[test]
fn get_block_hash_of_an_unknown_block_answers_1_and_leaves_memory_as_it_was() {
    for number in [8, -1, i64::MIN] {
        let (output, used) = Scene::new().with_memory(8, &[0xcd; 32]).output(&hash_of(number), 40);
        assert_eq!(output[..4], [1, 0, 0, 0]);
        assert_eq!(output[8..], [0xcd; 32]);
        assert_eq!(used, 800);
    }
}

#[test]
fn get_block_hash_checks_memory_also_when_the_answer_is_1() {
    let at = |pointer| format!("(drop (call $getBlockHash (i64.const 8) (i32.const {pointer})))");
    assert_eq!(Scene::new().run(&at(65536 - 32)).status, Status::Success);
    assert_eq!(Scene::new().run(&at(65536 - 31)).status, Status::InvalidMemoryAccess);
}
