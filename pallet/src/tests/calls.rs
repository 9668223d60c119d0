//! Creates and calls.
use frame_support::dispatch::GetDispatchInfo;
use frame_support::{assert_noop, assert_ok};

use super::*;
use crate::execution::Action;
use crate::{ContractInfo, WeightInfo};

#[test]
fn a_created_contract_can_be_called() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_ok!(call(address, puppet::store(1, 7), 0));
        assert_eq!(Ewasm::storage_at(address, puppet::word(1)), puppet::word(7));
        assert_eq!(ask(address, puppet::load(1)), puppet::word(7).as_bytes());
        assert_eq!(Ewasm::code_at(address), puppet::code());
        assert_eq!(Ewasm::code_hash_at(address), puppet::hash(&puppet::code()));
    });
}

#[test]
fn each_failure_has_its_error_and_changes_nothing() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let cases = [
            (puppet::revert(b"no"), Error::<Test>::Reverted),
            (puppet::trap(), Error::Unreachable),
            (puppet::run_for_ever(), Error::OutOfGas),
            (puppet::outside(), Error::InvalidMemoryAccess),
        ];
        for (deed, expected) in cases {
            let deeds =
                puppet::all(&[puppet::store(1, 1), puppet::log(puppet::word(9), b"x"), deed]);
            let before = events().len();
            assert_eq!(error(call(address, deeds, 5)), expected.into());
            assert_eq!(events().len(), before);
            assert_eq!(Ewasm::storage_at(address, puppet::word(1)), H256::zero());
            assert_eq!(Ewasm::balance_at(address), 0);
        }
    });
}

#[test]
fn a_failed_call_weighs_what_it_used_and_the_rest_comes_back() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let whole = crate::Call::<Test>::call {
            target: address,
            input: puppet::trap(),
            value: 0,
            gas_limit: GAS,
            storage_deposit_limit: None,
        };
        let declared = whole.get_dispatch_info().call_weight;
        let weight_of = |input| match call(address, input, 0) {
            Ok(done) => done.actual_weight,
            Err(failed) => failed.post_info.actual_weight,
        };
        let trapped = weight_of(puppet::trap()).expect("it is known");
        let reverted = weight_of(puppet::revert(b"")).expect("it is known");
        let succeeded = weight_of(Vec::new()).expect("it is known");
        assert!(trapped.ref_time() <= declared.ref_time());
        assert!(trapped.ref_time() >= (GAS - 22_000) * TIME_PER_GAS, "a trap uses all gas");
        for weight in [reverted, succeeded] {
            assert!(weight.ref_time() < declared.ref_time() / 4);
            assert!(weight.proof_size() < declared.proof_size());
        }
    });
}

#[test]
fn only_time_priced_gas_counts_as_weight() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let spent = |value| {
            let result = call(address, puppet::store(1, value), 0);
            let weight = result.expect("it succeeds").actual_weight.expect("it is known");
            let Some(Event::Executed { gas_used, .. }) = events().pop() else {
                panic!("it is the last event")
            };
            (gas_used, weight.ref_time())
        };
        let (new, changed, cleared) = (spent(1), spent(2), spent(0));
        // 20000 for a new slot, half of it for its place, and 2900 for an old one.
        assert_eq!(new.0 - changed.0, 17_100);
        let deposits = <Test as crate::Config>::WeightInfo::change_deposits().ref_time();
        assert_eq!(new.1 - changed.1, (17_100 - 10_000) * TIME_PER_GAS + deposits);
        // Refunds and the price of call data make no difference, but the deposits change.
        assert!(cleared.0 < changed.0 - 4000);
        assert_eq!(cleared.1, changed.1 + deposits);
    });
}

#[test]
fn a_new_signer_and_a_transfer_of_value_weigh_more() {
    new_test_ext().execute_with(|| {
        let weight = |result: DispatchResultWithPostInfo| match result {
            Ok(done) => done.actual_weight.expect("it is known"),
            Err(failed) => failed.post_info.actual_weight.expect("it is known"),
        };
        let target = H160::repeat_byte(1);
        let mapping = <Test as crate::Config>::WeightInfo::map_account();
        let (new, known) =
            (weight(call(target, Vec::new(), 0)), weight(call(target, Vec::new(), 0)));
        assert_eq!(new, known + mapping);
        let base = |value| Action::Call(target).base_weight::<Test>(0, value);
        assert_eq!(weight(call(target, Vec::new(), 5)) - known, base(true) - base(false));
        assert!(base(true).ref_time() > base(false).ref_time());
        // Bob is new and has nothing to send. His address is not stored either, but was looked up.
        let value = spendable(&bob()) + 1;
        let poor = crate::Call::call {
            target,
            input: Vec::new(),
            value,
            gas_limit: GAS,
            storage_deposit_limit: None,
        };
        for _ in 0..2 {
            let failed = apply(&bob(), poor.clone());
            assert!(
                failed.is_err()
                    && crate::OriginalAccount::<Test>::get(address_of(&bob())).is_none()
            );
            assert!(weight(failed).all_gte(base(true) + mapping));
        }
    });
}

#[test]
fn gas_limits_are_checked() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let limited = |gas_limit| crate::Call::call {
            target: address,
            input: Vec::new(),
            value: 0,
            gas_limit,
            storage_deposit_limit: None,
        };
        assert_eq!(error(apply(&alice(), limited(20_999))), Error::<Test>::GasLimitTooLow.into());
        assert_eq!(
            error(apply(&alice(), limited(TRANSACTION_GAS_LIMIT + 1))),
            Error::<Test>::GasLimitTooHigh.into()
        );
        assert_ok!(apply(&alice(), limited(TRANSACTION_GAS_LIMIT)));
    });
}

#[test]
fn sizes_are_checked() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let input = vec![0; (128 << 10) + 1];
        assert_eq!(error(call(address, input, 0)), Error::<Test>::InputTooLarge.into());
        let code = vec![0; (256 << 10) + 1];
        let create =
            crate::Call::create { code, value: 0, gas_limit: GAS, storage_deposit_limit: None };
        assert_eq!(error(apply(&alice(), create)), Error::<Test>::InitCodeTooLarge.into());
    });
}

#[test]
fn code_that_is_not_a_contract_cannot_be_created() {
    new_test_ext().execute_with(|| {
        for code in [
            b"not WebAssembly".to_vec(),
            b"\0asm\x01\0\0\0".to_vec(),
            puppet::init_of(b"\0asm\x01\0\0\0"),
        ] {
            let create =
                crate::Call::create { code, value: 0, gas_limit: GAS, storage_deposit_limit: None };
            assert_eq!(error(apply(&alice(), create)), Error::<Test>::InvalidContract.into());
        }
    });
}

#[test]
fn addresses_follow_ethereums_rules() {
    new_test_ext().execute_with(|| {
        let sender = address_of(&alice());
        let first = puppet_with(0);
        assert_eq!(first.0, alloy_primitives::Address::from(sender.0).create(0).0.0);
        assert_ok!(call(first, Vec::new(), 0));
        let third = puppet_with(0);
        assert_eq!(third.0, alloy_primitives::Address::from(sender.0).create(2).0.0);

        let (code, salt) = (puppet::init(), puppet::word(5));
        let expected = alloy_primitives::Address::from(sender.0).create2_from_code(salt.0, &code);
        let create2 = crate::Call::create2 {
            code,
            value: 0,
            gas_limit: GAS,
            storage_deposit_limit: None,
            salt,
        };
        assert_ok!(apply(&alice(), create2.clone()));
        let expected = H160(expected.0.0);
        assert!(
            events().iter().any(
                |event| matches!(event, Event::Created { address, .. } if *address == expected)
            )
        );
        assert_eq!(error(apply(&alice(), create2)), Error::<Test>::ExecutionFailed.into());
    });
}

#[test]
fn several_creates_in_one_extrinsic_have_different_addresses() {
    new_test_ext().execute_with(|| {
        System::inc_account_nonce(alice());
        for _ in 0..5 {
            let create = crate::Call::create {
                code: puppet::init(),
                value: 0,
                gas_limit: GAS,
                storage_deposit_limit: None,
            };
            assert_ok!(apply_nested(&alice(), create));
        }
        assert_eq!(crate::Contracts::<Test>::iter().count(), 5);
        assert_eq!(System::account_nonce(alice()), 5);
    });
}

#[test]
fn nonces_of_contracts_start_at_one_and_count_creates() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        assert_eq!(Ewasm::nonce_at(address), 1);
        assert_ok!(call(address, puppet::create(0, &puppet::init()), 0));
        assert_eq!(Ewasm::nonce_at(address), 2);
        let made = alloy_primitives::Address::from(address.0).create(1);
        assert_eq!(Ewasm::code_at(H160(made.0.0)), puppet::code());
        let ContractInfo { items, .. } =
            crate::Contracts::<Test>::get(address).expect("the contract is there");
        assert_eq!(items, 0);
    });
}

#[test]
fn contracts_see_the_block_and_the_transaction() {
    new_test_ext().execute_with(|| {
        Author::set(Some(bob()));
        System::set_block_number(9);
        let address = puppet_with(1_000);
        let told = ask(address, puppet::context());
        let sender = address_of(&alice());
        let expected = [
            address.as_bytes(),
            sender.as_bytes(),
            sender.as_bytes(),
            address_of(&bob()).as_bytes(),
            &9_u64.to_le_bytes(),
            // Whole seconds.
            &1_700_000_000_u64.to_le_bytes(),
            &30_000_000_u64.to_le_bytes(),
            &1337_u128.to_le_bytes(),
            &7_u128.to_le_bytes(),
            &0_u128.to_le_bytes(),
            &1_000_u128.to_le_bytes(),
        ]
        .concat();
        assert_eq!(told.get(..168), Some(&expected[..]));
        // There is no randomness.
        assert_eq!(told.get(200..), Some(&[0; 32][..]));
    });
}

#[test]
fn block_hashes_are_those_of_the_runtime() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        frame_system::BlockHash::<Test>::insert(4, puppet::word(44));
        System::set_block_number(5);
        assert_eq!(ask(address, puppet::block_hash(4)), puppet::word(44).as_bytes());
        assert_eq!(ask(address, puppet::block_hash(5)), [0; 32]);
        assert_eq!(ask(address, puppet::block_hash(u64::MAX >> 1)), [0; 32]);
    });
}

#[test]
fn precompiled_contracts_of_the_runtime_answer() {
    new_test_ext().execute_with(|| {
        let reverse = <Reverse as crate::precompiles::Precompile<Test>>::ADDRESS;
        assert_eq!(ask(reverse, b"abc".to_vec()), b"cba");
        let address = puppet_with(0);
        assert_eq!(ask(address, puppet::call(reverse, 0, b"xyz")), b"\0zyx");
        // Ethereum's are there too, such as the identity at address 4.
        assert_eq!(ask(address, puppet::call(H160::from_low_u64_be(4), 0, b"xyz")), b"\0xyz");
    });
}

#[test]
fn precompiled_contracts_see_how_they_are_called() {
    new_test_ext().execute_with(|| {
        let borrowed = <Borrowed as crate::precompiles::Precompile<Test>>::ADDRESS;
        let address = puppet_with(0);
        let inner = puppet_with(0);
        assert_eq!(ask(address, puppet::call(borrowed, 0, b"")), [0, 0, 0]);
        assert_eq!(ask(address, puppet::call_static(borrowed, b"")), [0, 0, 1]);
        assert_eq!(ask(address, puppet::delegate(borrowed, b"")), [0, 2, 0]);
        // Inside a static call nothing may change either.
        let delegates = puppet::delegate(borrowed, b"");
        assert_eq!(ask(address, puppet::call_static(inner, &delegates)), [0, 0, 2, 1]);
    });
}

#[test]
fn the_code_of_precompiled_contracts_is_not_borrowed_by_default() {
    new_test_ext().execute_with(|| {
        let reverse = <Reverse as crate::precompiles::Precompile<Test>>::ADDRESS;
        let address = puppet_with(0);
        assert_eq!(ask(address, puppet::call_static(reverse, b"xyz")), b"\0zyx");
        assert_eq!(ask(address, puppet::delegate(reverse, b"xyz")), [1]);
    });
}

#[test]
fn only_signed_origins_are_accepted() {
    new_test_ext().execute_with(|| {
        let bad = sp_runtime::DispatchError::BadOrigin;
        let target = H160::zero();
        assert_noop!(Ewasm::call(RuntimeOrigin::root(), target, Vec::new(), 0, GAS, None), bad);
        assert_noop!(Ewasm::create(RuntimeOrigin::none(), Vec::new(), 0, GAS, None), bad);
        assert_noop!(Ewasm::upload_code(RuntimeOrigin::root(), Vec::new(), None), bad);
        assert_noop!(Ewasm::remove_code(RuntimeOrigin::none(), H256::zero()), bad);
        assert_noop!(Ewasm::unmap_account(RuntimeOrigin::root()), bad);
    });
}

#[test]
fn reads_count_as_proof() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        let reads: Vec<_> = (0..250).map(puppet::load).collect();
        let run = Ewasm::dry_call(alice(), address, puppet::all(&reads), 0, Some(GAS), None);
        assert_eq!(run.result, Ok(()));
        assert!(run.weight.proof_size() > 250 * 600);
        assert!(run.weight.proof_size() < GAS * PROOF_PER_GAS);
    });
}
