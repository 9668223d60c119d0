//! The writes of a transaction count as weight, also where Ethereum's gas does not pay for them.
use frame_support::assert_ok;
use frame_support::weights::Weight;
use tephra_core::state::{AccountChange, Backend, Changes};

use super::*;
use crate::storage::writing::writing_weight;
use crate::{BackendError, Contracts, PalletBackend, WeightInfo};

type Weights = <Test as crate::Config>::WeightInfo;

fn weight(result: &DispatchResultWithPostInfo) -> Weight {
    let post = match result {
        Ok(post) => post,
        Err(failure) => &failure.post_info,
    };
    post.actual_weight.expect("it is known")
}

fn puppets(count: usize) -> Vec<H160> {
    (0..count).map(|_| puppet_with(0)).collect()
}

/// Returns calls that do this to each contract.
fn to_each(contracts: &[H160], deed: &[u8]) -> Vec<u8> {
    puppet::all(&contracts.iter().map(|at| puppet::call(*at, 0, deed)).collect::<Vec<_>>())
}

fn outer_call(outer: H160, deeds: Vec<u8>, gas_limit: u64) -> DispatchResultWithPostInfo {
    let call = crate::Call::call {
        target: outer,
        input: deeds,
        value: 0,
        gas_limit,
        storage_deposit_limit: None,
    };
    apply(&alice(), call)
}

#[test]
fn before_cancun_each_contract_that_ends_weighs_what_ending_it_writes() {
    new_test_ext().execute_with(|| {
        MockRevision::set(Revision::Shanghai);
        let (outer, contracts) = (puppet_with(0), puppets(10));
        let kept = weight(&outer_call(outer, to_each(&contracts, &[]), MOST));
        let ended = outer_call(outer, to_each(&contracts, &puppet::self_destruct(outer)), MOST);
        assert_ok!(ended);
        assert_eq!(Contracts::<Test>::iter().count(), 1);
        let writes = Weights::end_contract().saturating_mul(10);
        assert!((weight(&ended) - kept).all_gte(writes));
    });
}

#[test]
fn changes_that_the_extrinsic_has_no_weight_for_are_not_written() {
    new_test_ext().execute_with(|| {
        let contracts = puppets(3);
        let gone = contracts.iter().map(|at| (to_address(*at), AccountChange::Delete)).collect();
        let needed =
            writing_weight(&reading(&contracts, u64::MAX, u64::MAX), &Changes { accounts: gone });
        assert_eq!(needed, Weights::end_contract().saturating_mul(3));
        // Reading the accounts took its part of the proof.
        let read = reading(&contracts, u64::MAX, u64::MAX).proof();
        let (time, proof) = (needed.ref_time(), needed.proof_size() + read);
        let note = |time, proof| reading(&contracts, proof, time).note_writing(needed);
        assert_eq!(note(time, proof), Ok(()));
        assert_eq!(note(time - 1, proof), Err(BackendError::Work));
        assert_eq!(note(time, proof - 1), Err(BackendError::ProofSize));
    });
}

/// Returns the storage as a transaction sees it that has read these accounts.
fn reading(contracts: &[H160], proof_limit: u64, work_limit: u64) -> PalletBackend<Test> {
    let sender = to_address(address_of(&alice()));
    let backend = PalletBackend::new(alice(), sender, 1, proof_limit, work_limit);
    for contract in contracts {
        assert!(backend.account(&to_address(*contract)).is_ok());
    }
    backend
}

#[test]
fn each_contract_whose_deposits_change_has_the_weight_of_that() {
    new_test_ext().execute_with(|| {
        let (outer, contracts) = (puppet_with(0), puppets(10));
        let run = |deed: &[u8]| {
            let ran = outer_call(outer, to_each(&contracts, deed), MOST);
            assert_ok!(ran);
            weight(&ran)
        };
        let (filled, changed, freed) =
            (run(&puppet::store(1, 1)), run(&puppet::store(1, 2)), run(&puppet::store(1, 0)));
        let writes = Weights::change_deposits().saturating_mul(10);
        assert!((filled - changed).all_gte(writes));
        assert_eq!(freed - changed, writes, "all else weighs the same");
        assert!(writes.proof_size() >= 10 * 512, "what is held on the account is read");
    });
}

#[test]
fn a_contract_created_by_a_contract_reads_more_than_its_account() {
    new_test_ext().execute_with(|| {
        let outer = puppet_with(0);
        let creates = |count| puppet::all(&vec![puppet::create(0, &puppet::init_of(&[])); count]);
        let proof = |count| weight(&outer_call(outer, creates(count), MOST)).proof_size();
        let each = proof(4) - proof(3);
        // The account, whether it has storage, and the hold there.
        assert!(each >= 5 * 512 + 3 * 512, "{each}");
    });
}
