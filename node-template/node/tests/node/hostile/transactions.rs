//! Invalid transactions.
use codec::Encode;
use serde_json::json;
use sp_core::{H256, Pair as _, sr25519::Pair};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Ferdie};
use sp_runtime::generic::Era;
use tephra_chain_tests::{
    contract::{GAS, address_of, call_with, create},
    signed, signed_by, signed_in,
};
use tephra_runtime::{RuntimeCall, token::TOKEN};

use super::{is_refused, is_unharmed, node};
use crate::harness::{
    eventually,
    token::{hex, transfer_call},
};

/// The error codes of `author_submitExtrinsic`.
const NO_TRANSACTION: i64 = 1040;
const NOT_VERIFIED: i64 = 1002;
const INVALID: i64 = 1010;
const UNKNOWN: i64 = 1011;

fn pay() -> RuntimeCall {
    transfer_call(address_of(Ferdie), 1, GAS)
}

#[test]
fn transactions_that_cannot_be_valid_are_refused_with_the_reason() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&["--sealing", "interval=200"], &base) else { return };
    let genesis = node.genesis();
    let submit = |bytes: &[u8]| node.rpc.call("author_submitExtrinsic", json!([hex(bytes)]));

    is_refused(
        node.rpc.call("author_submitExtrinsic", json!(["not hex"])),
        -32602,
        "Invalid params",
    );
    is_refused(submit(&[]), NO_TRANSACTION, "decode");
    is_refused(submit(&[0xff; 100]), NO_TRANSACTION, "decode");
    // The right length, with garbage inside.
    for garbage in [vec![], vec![0x84; 200], vec![0; 64], vec![0xff; 4096]] {
        is_refused(submit(&garbage.encode()), NOT_VERIFIED, "");
    }
    let good = signed(Alice, 0, genesis, pay());
    let mut cut = good.encode();
    cut.truncate(cut.len() / 2);
    is_refused(submit(&cut), NO_TRANSACTION, "decode");

    // Each byte of the signature counts, and so do the signed values: the chain, the nonce, the
    // era.
    let mut forged = good.encode();
    let signature = forged.len() - 40 - pay().encode().len();
    forged[signature] ^= 1;
    is_refused(submit(&forged), INVALID, "bad signature");
    is_refused(
        node.rpc.submit(&signed(Alice, 0, H256::repeat_byte(7), pay())),
        INVALID,
        "bad signature",
    );
    let pair = Alice.pair();
    let of_no_block = (Era::mortal(16, 0), H256::repeat_byte(7));
    is_refused(
        node.rpc.submit(&signed_in(&pair, 0, genesis, of_no_block, pay())),
        INVALID,
        "bad signature",
    );
    eventually("block 5 is there", || node.number() >= 5);
    let past = (Era::mortal(4, 0), genesis);
    is_refused(node.rpc.submit(&signed_in(&pair, 0, genesis, past, pay())), INVALID, "");

    // An account without balance cannot pay.
    let nobody = Pair::from_seed(&[9; 32]);
    is_refused(node.rpc.submit(&signed_by(&nobody, 0, genesis, pay())), INVALID, "pay some fees");

    // A valid transaction is accepted, once.
    node.rpc.submit(&good).unwrap_or_else(|refusal| panic!("{refusal}"));
    eventually("it is in a block", || node.rpc.nonce(&Alice.to_account_id()) == 1);
    is_refused(node.rpc.submit(&signed(Alice, 0, genesis, pay())), INVALID, "outdated");
    // Only the block's author adds unsigned transactions.
    let unsigned = tephra_runtime::UncheckedExtrinsic::new_bare(pay());
    is_refused(node.rpc.submit(&unsigned), UNKNOWN, "NoUnsignedValidator");
    is_unharmed(node);
}

#[test]
fn code_and_input_that_are_too_large_are_refused_or_fail() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&["--sealing", "interval=200"], &base) else { return };
    let genesis = node.genesis();
    // Larger than a block.
    let huge = signed(Alice, 0, genesis, create(vec![0; 4 << 20]));
    is_refused(node.rpc.submit(&huge), INVALID, "exhaust the block limits");
    // A gas limit that no transaction may have.
    let greedy = call_with(TOKEN, [], 0, u64::MAX);
    is_refused(
        node.rpc.submit(&signed(Alice, 0, genesis, greedy)),
        INVALID,
        "exhaust the block limits",
    );
    // A transaction that a block has room for and the contracts' rules do not allow costs a fee,
    // and changes nothing.
    let too_large = [
        create(vec![0; 300 << 10]),
        create([&b"\0asm\x01\0\0\0"[..], &[0xff; 200 << 10]].concat()),
        call_with(TOKEN, vec![0; 200 << 10], 0, GAS),
    ];
    let of = Bob.to_account_id();
    let balance = || node.ask("state_getStorage", json!([account(&of)]));
    let before = balance();
    for (nonce, call) in (0..).zip(too_large) {
        node.rpc
            .submit(&signed(Bob, nonce, genesis, call))
            .unwrap_or_else(|refusal| panic!("{refusal}"));
    }
    eventually("they are in blocks", || node.rpc.nonce(&of) == 3);
    assert_ne!(balance(), before, "they are paid for");
    let events = failures(&node);
    assert_eq!(events, 3, "each has failed");
    is_unharmed(node);
}

/// Returns the storage key of an account.
fn account(of: &tephra_runtime::AccountId) -> String {
    hex(&frame_system::Account::<tephra_runtime::Runtime>::hashed_key_for(of))
}

/// Returns the number of failed transactions in all blocks.
fn failures(node: &crate::harness::Node) -> usize {
    use codec::Decode;
    use frame_system::{Event, EventRecord};
    use sp_io::hashing::twox_128;
    use tephra_runtime::{Hash, RuntimeEvent};
    let key = hex(&[twox_128(b"System"), twox_128(b"Events")].concat());
    let events_of = |number: u64| {
        let block = node.ask("chain_getBlockHash", json!([number]));
        let events = node.ask("state_getStorage", json!([key, block]));
        let events = sp_core::bytes::from_hex(events.as_str().unwrap_or("0x00")).expect("hex");
        Vec::<EventRecord<RuntimeEvent, Hash>>::decode(&mut &events[..]).expect("events")
    };
    let all = (1..=node.number()).flat_map(events_of);
    all.filter(|record| matches!(record.event, RuntimeEvent::System(Event::ExtrinsicFailed { .. })))
        .count()
}
