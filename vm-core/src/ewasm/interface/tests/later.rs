//! Functions that later revisions of Ethereum brought.
use alloc::format;

use alloy_primitives::{B256, U256, keccak256};

use crate::ewasm::testing::*;
use crate::ewasm::{FunctionSet, INTERFACE, Status};
use crate::revision::Revision;

/// A contract that imports a function.
fn importing(function: &crate::ewasm::InterfaceFunction) -> alloc::vec::Vec<u8> {
    let import = import(function);
    wat::parse_str(format!(
        "(module {import} (memory (export \"memory\") 1) (func (export \"main\")))"
    ))
    .unwrap()
}

#[test]
fn an_extension_is_there_from_its_revision_on() {
    for function in INTERFACE {
        for revision in Revision::ALL {
            let status = Scene::at(revision).run_code(&importing(function)).status;
            let there = function.since <= revision.max(Revision::Byzantium);
            assert_eq!(status == Status::Success, there, "{function} {revision}");
        }
    }
}

#[test]
fn extensions_can_be_switched_off() {
    for function in INTERFACE {
        let mut scene = Scene::at(Revision::NEWEST);
        scene.config.extensions = false;
        let status = scene.run_code(&importing(function)).status;
        assert_eq!(status == Status::Success, function.set != FunctionSet::Extension, "{function}");
    }
}

#[test]
fn debug_functions_are_there_only_in_debug_mode() {
    for function in INTERFACE {
        let mut scene = Scene::at(Revision::NEWEST);
        scene.config.debug = false;
        let status = scene.run_code(&importing(function)).status;
        assert_eq!(status == Status::Success, function.set != FunctionSet::Debug, "{function}");
    }
}

#[test]
fn external_code_hash() {
    let main = "(call $getExternalCodeHash (i32.const 64) (i32.const 0))";
    for (revision, gas) in
        [(Revision::Constantinople, 400), (Revision::Istanbul, 700), (Revision::Berlin, 2600)]
    {
        let (output, used) = Scene::at(revision).with_memory(64, OTHER.as_slice()).output(main, 32);
        assert_eq!((B256::from_slice(&output), used), (keccak256(OTHER_CODE), gas), "{revision}");
    }
    let (output, _) =
        Scene::at(Revision::Berlin).with_memory(64, NOBODY.as_slice()).output(main, 32);
    assert_eq!(output, [0; 32]);
}

#[test]
fn self_balance() {
    let (output, used) =
        Scene::at(Revision::Istanbul).output("(call $getSelfBalance (i32.const 0))", 16);
    assert_eq!((output.as_slice(), used), (&100_u128.to_le_bytes()[..], 5));
}

#[test]
fn fees_are_little_endian_integers_of_256_bits() {
    let mut scene = Scene::at(Revision::NEWEST);
    scene.host.context.base_fee = U256::MAX - U256::from(1);
    scene.host.context.blob_base_fee = U256::from(3);
    let (output, used) = scene.output("(call $getBaseFee (i32.const 0))", 32);
    assert_eq!((U256::from_le_slice(&output), used), (U256::MAX - U256::from(1), 2));
    let (output, used) = scene.output("(call $getBlobBaseFee (i32.const 0))", 32);
    assert_eq!((U256::from_le_slice(&output), used), (U256::from(3), 2));
}

#[test]
fn prev_randao_is_stored_as_it_is() {
    let mut scene = Scene::at(Revision::NEWEST);
    scene.host.context.prev_randao = keccak256("randomness");
    let (output, used) = scene.output("(call $getPrevRandao (i32.const 0))", 32);
    assert_eq!((B256::from_slice(&output), used), (keccak256("randomness"), 2));
}

#[test]
fn blob_hashes_are_found_by_index() {
    let main = |index| {
        format!("(i32.store8 (i32.const 32) (call $getBlobHash (i32.const {index}) (i32.const 0)))")
    };
    let mut scene = Scene::at(Revision::NEWEST);
    scene.host.context.blob_hashes = [B256::repeat_byte(1), B256::repeat_byte(2)].into();
    let (output, used) = scene.output(&main(1), 33);
    assert_eq!((&output[..32], output[32], used), (&[2; 32][..], 0, 3));
    for index in [2, -1] {
        let (output, used) = scene.output(&main(index), 33);
        assert_eq!((&output[..32], output[32], used), (&[0; 32][..], 1, 3));
    }
}

#[test]
fn transient_storage_is_of_this_account() {
    let mut scene = Scene::at(Revision::NEWEST).with_memory(0, &[1; 32]).with_memory(32, &[2; 32]);
    let store = "(call $transientStorageStore (i32.const 0) (i32.const 32))";
    let load = "(call $transientStorageLoad (i32.const 0) (i32.const 0))";
    let (output, used) = scene.output(&format!("{store} {load}"), 32);
    assert_eq!((output, used), ([2; 32].into(), 200));
    assert_eq!(scene.host.transient[&(THIS, B256::repeat_byte(1))], B256::repeat_byte(2));
    assert!(scene.host.accounts[&THIS].storage.is_empty());
}
