//! Gas, the message, balances.
use alloc::format;

use alloy_primitives::{Address, U256};

use crate::ewasm::Status;
use crate::ewasm::testing::*;
use crate::revision::Revision;

#[test]
fn use_gas_takes_the_amount() {
    let outcome = Scene::new().run("(call $useGas (i64.const 1234))");
    assert_eq!((outcome.status, used(&outcome)), (Status::Success, 1234));
}

#[test]
fn use_gas_of_more_than_is_left_fails() {
    let outcome = Scene::new().run(&format!("(call $useGas (i64.const {}))", GAS + 1));
    assert_eq!((outcome.status, outcome.gas_left), (Status::OutOfGas, 0));
}

#[test]
fn get_gas_left_counts_its_own_charge() {
    let (output, _) = Scene::new().output("(i64.store (i32.const 0) (call $getGasLeft))", 8);
    assert_eq!(output, (GAS - 2).to_le_bytes());
}

#[test]
fn get_gas_left_is_never_negative() {
    let mut scene = Scene::new();
    scene.message.gas = u64::MAX;
    let (output, _) = output_of(&mut scene, "(i64.store (i32.const 0) (call $getGasLeft))", 8);
    assert_eq!(output, i64::MAX.to_le_bytes());
}

fn output_of(scene: &mut Scene, main: &str, length: u32) -> (alloc::vec::Vec<u8>, u64) {
    let outcome = scene.run(&format!("{main} (call $finish (i32.const 0) (i32.const {length}))"));
    assert_eq!(outcome.status, Status::Success);
    (outcome.output, outcome.gas_left)
}

#[test]
fn addresses_are_written_as_they_are() {
    let mut scene = Scene::new();
    scene.host.context.origin = Address::repeat_byte(0x77);
    scene.host.context.coinbase = Address::repeat_byte(0x88);
    for (function, expected) in [
        ("getAddress", THIS),
        ("getCaller", CALLER),
        ("getTxOrigin", Address::repeat_byte(0x77)),
        ("getBlockCoinbase", Address::repeat_byte(0x88)),
    ] {
        let (output, used) = scene.output(&format!("(call ${function} (i32.const 0))"), 21);
        assert_eq!(output, [expected.as_slice(), &[0]].concat(), "{function}");
        assert_eq!(used, 2, "{function}");
    }
}

#[test]
fn integers_of_128_bits_are_little_endian() {
    let value = U256::from(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10_u128);
    let mut scene = Scene::new();
    scene.message.value = value;
    scene.host.context.gas_price = value;
    scene.host.context.chain_id = value;
    for function in ["getCallValue", "getTxGasPrice", "getChainId"] {
        let (output, used) = scene.output(&format!("(call ${function} (i32.const 0))"), 17);
        assert_eq!(
            output,
            [16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
            "{function}"
        );
        assert_eq!(used, 2, "{function}");
    }
}

#[test]
fn values_that_need_more_than_128_bits_fail() {
    for (function, argument) in [("getCallValue", 0), ("getTxGasPrice", 0), ("getChainId", 0)] {
        let mut scene = Scene::new();
        let largest = U256::from(u128::MAX);
        for (value, status) in
            [(largest, Status::Success), (largest + U256::from(1), Status::ArgumentOutOfRange)]
        {
            scene.message.value = value;
            scene.host.context.gas_price = value;
            scene.host.context.chain_id = value;
            let outcome = scene.run(&format!("(call ${function} (i32.const {argument}))"));
            assert_eq!(outcome.status, status, "{function}");
        }
    }
}

#[test]
fn balances_that_need_more_than_128_bits_fail() {
    let mut scene = Scene::at(Revision::NEWEST).with_memory(0, OTHER.as_slice());
    let largest = U256::from(u128::MAX);
    for (balance, status) in
        [(largest, Status::Success), (largest + U256::from(1), Status::ArgumentOutOfRange)]
    {
        scene.host.accounts.get_mut(&OTHER).unwrap().balance = balance;
        scene.host.accounts.get_mut(&THIS).unwrap().balance = balance;
        let outcome = scene.run("(call $getExternalBalance (i32.const 0) (i32.const 32))");
        assert_eq!(outcome.status, status);
        let outcome = scene.run("(call $getSelfBalance (i32.const 32))");
        assert_eq!(outcome.status, status);
    }
}

#[test]
fn get_external_balance_answers_zero_for_nobody() {
    let main = "(call $getExternalBalance (i32.const 32) (i32.const 0))";
    let (output, used) = Scene::new().with_memory(32, OTHER.as_slice()).output(main, 16);
    assert_eq!((output.as_slice(), used), (&5_u128.to_le_bytes()[..], 400));
    let (output, _) =
        Scene::new().with_memory(0, &[9; 16]).with_memory(32, NOBODY.as_slice()).output(main, 16);
    assert_eq!(output, [0; 16]);
}

#[test]
fn get_external_balance_is_dearer_in_later_revisions() {
    let main = "(call $getExternalBalance (i32.const 0) (i32.const 32))";
    let twice = format!("{main} {main}");
    for (revision, first, second) in [
        (Revision::Petersburg, 400, 400),
        (Revision::Istanbul, 700, 700),
        (Revision::Berlin, 2600, 100),
    ] {
        let outcome = Scene::at(revision).with_memory(0, OTHER.as_slice()).run(main);
        assert_eq!(used(&outcome), first, "{revision}");
        let outcome = Scene::at(revision).with_memory(0, OTHER.as_slice()).run(&twice);
        assert_eq!(used(&outcome), first + second, "{revision}");
    }
}
