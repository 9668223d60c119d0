//! Reads of more of the state than the gas pays for.
use codec::Encode;
use frame_support::assert_ok;
use frame_support::dispatch::GetDispatchInfo;
use frame_support::weights::Weight;

use super::*;
use crate::precompiles::{Dispatch, Precompile};
use crate::{GenesisContract, WeightInfo};

const DISPATCH: H160 = <Dispatch<MayDispatch> as Precompile<Test>>::ADDRESS;

/// Copies a byte of the code at each address in the call data, for which the code has to be read.
const LOOKING: &str = r#"(func (export "main") (local $at i32)
    (call $callDataCopy (i32.const 0) (i32.const 0) (call $getCallDataSize))
    (loop
        (call $externalCodeCopy (local.get $at) (i32.const 60000) (i32.const 0) (i32.const 1))
        (local.set $at (i32.add (local.get $at) (i32.const 20)))
        (br_if 0 (i32.lt_u (local.get $at) (call $getCallDataSize)))))"#;

/// The approximate size of each large contract, in bytes.
const BULK: usize = 60_000;

/// Returns a runtime with large contracts of different codes, and their concatenated addresses.
fn with_large_contracts(count: u8) -> (sp_io::TestExternalities, Vec<u8>) {
    let addresses: Vec<H160> = (0..count).map(|number| H160::repeat_byte(number + 1)).collect();
    let contracts = addresses.iter().map(|address| {
        let data = "a".repeat(BULK);
        let text = format!(r#"(data (i32.const 0) "{data}{address:?}") (func (export "main"))"#);
        GenesisContract { address: *address, nonce: 1, code: code(&text), ..Default::default() }
    });
    (with_contracts(contracts.collect()), addresses.iter().flat_map(|address| address.0).collect())
}

fn calling(target: H160, input: Vec<u8>, gas_limit: u64) -> (Weight, DispatchResultWithPostInfo) {
    let call = RuntimeCall::from(crate::Call::call {
        target,
        input,
        value: 0,
        gas_limit,
        storage_deposit_limit: None,
    });
    (call.get_dispatch_info().call_weight, apply(&alice(), call))
}

#[test]
fn reading_more_than_the_gas_pays_proof_for_has_its_own_error_and_changes_nothing() {
    let (mut externalities, addresses) = with_large_contracts(40);
    externalities.execute_with(|| {
        let looking = create(puppet::init_of(&code(LOOKING)), 0);
        let outer = puppet_with(0);
        let deeds = puppet::all(&[puppet::store(1, 1), puppet::call(looking, 0, &addresses)]);
        let before = events().len();
        let (declared, result) = calling(outer, deeds.clone(), 200_000);
        let failure = result.expect_err("too much is read");
        assert_eq!(failure.error, Error::<Test>::ProofSizeExhausted.into());
        assert_eq!((stored(outer), events().len()), (0, before));
        let actual = failure.post_info.actual_weight.expect("the weight is known");
        assert!(actual.all_lte(declared), "{actual:?} is more than the declared {declared:?}");
        assert!(actual.proof_size() > 400_000);
        // With enough gas it succeeds.
        let (declared, result) = calling(outer, deeds, GAS);
        let actual = result.expect("there is gas").actual_weight.expect("the weight is known");
        assert!(actual.all_lte(declared) && actual.proof_size() > 40 * BULK as u64);
    });
}

#[test]
fn code_that_is_read_twice_is_counted_once_and_called_code_is_counted_too() {
    let (mut externalities, addresses) = with_large_contracts(2);
    externalities.execute_with(|| {
        let looking = create(puppet::init_of(&code(LOOKING)), 0);
        let outer = puppet_with(0);
        let proof = |input: Vec<u8>| {
            let run = Ewasm::dry_call(alice(), outer, input, 0, Some(GAS), None);
            assert_eq!(run.result, Ok(()));
            run.weight.proof_size() as usize
        };
        let (first, _) = addresses.split_at(20);
        let at = H160::from_slice(first);
        let none = proof(puppet::load(1));
        let once = proof(puppet::call(looking, 0, first));
        let twice = proof(puppet::all(&vec![puppet::call(looking, 0, first); 2]));
        let called = proof(puppet::call(at, 0, b""));
        assert!(once - none > BULK && twice < once + 1_000, "{none}, {once}, {twice}");
        assert!(called - none > BULK, "{called}");
        assert!(proof(puppet::call(looking, 0, &addresses)) > none + 2 * BULK);
    });
}

#[test]
fn the_size_of_code_is_known_without_reading_the_code() {
    const COUNT: usize = 40;
    // Twice, so that a cache without room for all of them does not help.
    let asking = LOOKING.replace(
        "(call $externalCodeCopy (local.get $at) (i32.const 60000) (i32.const 0) (i32.const 1))",
        "(i32.store (i32.const 60000) (i32.add
            (i32.load (i32.const 60000))
            (call $getExternalCodeSize (local.get $at))))",
    );
    let asking = asking.replace(
        "(call $getCallDataSize)))))",
        "(call $getCallDataSize)))) (call $finish (i32.const 60000) (i32.const 4)))",
    );
    let (mut externalities, addresses) = with_large_contracts(COUNT as u8);
    externalities.execute_with(|| {
        let asking = create(puppet::init_of(&code(&asking)), 0);
        let run = Ewasm::dry_call(alice(), asking, addresses.repeat(2), 0, Some(GAS), None);
        assert_eq!(run.result, Ok(()));
        let sum: usize =
            addresses.chunks(20).map(|at| Ewasm::code_at(H160::from_slice(at)).len()).sum();
        assert_eq!(run.output, (2 * sum as u32).to_le_bytes());
        assert!(
            run.weight.proof_size() < (COUNT * BULK / 10) as u64,
            "{}",
            run.weight.proof_size()
        );
    });
}

#[test]
fn the_proof_of_a_dispatched_call_has_to_fit_beside_earlier_reads() {
    let (mut externalities, addresses) = with_large_contracts(40);
    externalities.execute_with(|| {
        let looking = create(puppet::init_of(&code(LOOKING)), 0);
        let outer = puppet_with(1_000);
        let transfer = pallet_balances::Call::transfer_allow_death { dest: bob(), value: 1 };
        let transfer = puppet::call(DISPATCH, 0, &RuntimeCall::from(transfer).encode());
        let look = puppet::call(looking, 0, &addresses);
        // An invalid call reads the account of the precompiled contract.
        let nothing = puppet::call(DISPATCH, 0, b"");
        let read = puppet::all(&[look.clone(), puppet::load(1), nothing]);
        let read = Ewasm::dry_call(alice(), outer, read, 0, Some(GAS), None);
        let empty = RuntimeCall::from(crate::Call::call {
            target: outer,
            input: Vec::new(),
            value: 0,
            gas_limit: 0,
            storage_deposit_limit: None,
        });
        // The signer is known already.
        let mapping = <Test as crate::Config>::WeightInfo::map_account();
        let reserved = (empty.get_dispatch_info().call_weight - mapping).proof_size();
        // Little more than that read takes.
        let little = (read.weight.proof_size() - reserved) / PROOF_PER_GAS + 150;
        let deeds = puppet::all(&[look, transfer]);
        for (gas_limit, arrives) in [(little, 0), (GAS, 1)] {
            let before = spendable(&bob());
            let (declared, result) = calling(outer, deeds.clone(), gas_limit);
            let actual = result
                .expect("the outer frame goes on")
                .actual_weight
                .expect("the weight is known");
            assert!(actual.all_lte(declared), "{actual:?} is more than the declared {declared:?}");
            assert_eq!(spendable(&bob()) - before, arrives);
        }
    });
}

#[test]
fn slots_that_are_read_count() {
    new_test_ext().execute_with(|| {
        let outer = puppet_with(0);
        let proof = |count: u8| {
            let loads: Vec<_> = (0..count).map(puppet::load).collect();
            let run = Ewasm::dry_call(alice(), outer, puppet::all(&loads), 0, Some(GAS), None);
            assert_ok!(run.result);
            run.weight.proof_size()
        };
        let (few, many) = (proof(1), proof(101));
        assert!(many - few >= 100 * 512, "{few} and {many}");
    });
}
