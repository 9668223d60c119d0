//! Huge numbers, logs, outputs and call data.
use frame_support::dispatch::{DispatchClass, GetDispatchInfo};
use frame_support::{assert_ok, traits::Get};
use frame_system::CheckWeight;

use super::*;

#[test]
fn a_gas_limit_above_the_largest_is_refused_and_weighs_more_than_a_block() {
    new_test_ext().execute_with(|| {
        let address = puppet_with(0);
        for gas_limit in [MOST + 1, 1 << 40, u64::MAX - 1, u64::MAX] {
            let call = crate::Call::call {
                target: address,
                input: Vec::new(),
                value: 0,
                gas_limit,
                storage_deposit_limit: None,
            };
            assert_eq!(error(apply(&alice(), call)), Error::<Test>::GasLimitTooHigh.into());
            let create = crate::Call::create {
                code: puppet::init(),
                value: 0,
                gas_limit,
                storage_deposit_limit: None,
            };
            assert_eq!(error(apply(&alice(), create)), Error::<Test>::GasLimitTooHigh.into());
        }
        let call = RuntimeCall::from(crate::Call::call {
            target: address,
            input: Vec::new(),
            value: 0,
            gas_limit: u64::MAX,
            storage_deposit_limit: None,
        });
        let weights: frame_system::limits::BlockWeights =
            <Test as frame_system::Config>::BlockWeights::get();
        assert!(call.get_dispatch_info().call_weight.any_gt(weights.max_block));
    });
}

#[test]
fn a_block_takes_no_more_gas_than_its_limit() {
    new_test_ext().execute_with(|| {
        let call = crate::Call::call {
            target: H160::zero(),
            input: Vec::new(),
            value: 0,
            gas_limit: MOST,
            storage_deposit_limit: None,
        };
        let info = RuntimeCall::from(call).get_dispatch_info();
        assert_eq!(info.class, DispatchClass::Normal);
        let mut gas = 0;
        for _ in 0..100 {
            let Ok((_, next)) = CheckWeight::<Test>::do_validate(&info, 100) else { break };
            if CheckWeight::<Test>::do_prepare(&info, 100, next).is_err() {
                break;
            }
            gas += MOST;
        }
        assert!((MOST..=30_000_000).contains(&gas), "{gas}");
    });
}

/// Logs this many bytes from the beginning of the memory.
fn logs(length: u32) -> String {
    format!(
        r#"(func (export "main")
            (drop (memory.grow (i32.const 63)))
            (call $log
                (i32.const 0) (i32.const {length})
                (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))"#
    )
}

#[test]
fn the_size_of_a_log_is_bounded_by_gas() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let mebibyte = made(&mut twin, &logs(1 << 20));
        let ran = twin.call(&alice(), mebibyte, Vec::new(), 0, MOST);
        assert_ok!(ran.result);
        assert!(ran.gas_used() > 8 << 20);
        let sizes = events().into_iter().filter_map(|event| match event {
            Event::Log { data, .. } => Some(data.len()),
            _ => None,
        });
        assert_eq!(sizes.collect::<Vec<_>>(), [1 << 20]);

        for (length, expected) in [(2 << 20, Error::<Test>::OutOfGas), (u32::MAX, Error::OutOfGas)]
        {
            let huge = made(&mut twin, &logs(length));
            let before = events().len();
            assert_eq!(
                error(twin.call(&alice(), huge, Vec::new(), 0, MOST).result),
                expected.into()
            );
            assert_eq!(events().len(), before);
        }
    });
}

#[test]
fn the_number_of_logs_is_bounded_by_gas_and_a_failure_leaves_none() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let endless = made(
            &mut twin,
            r#"(func (export "main") (loop
                (call $log
                    (i32.const 0) (i32.const 0)
                    (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
                (br_if 0 (i64.gt_u (call $getGasLeft) (i64.const 1000)))
                (br_if 0 (call $getCallDataSize))))"#,
        );
        let ran = twin.call(&alice(), endless, Vec::new(), 0, MOST);
        assert_ok!(ran.result);
        let most = (MOST / 375) as usize;
        let count = events().iter().filter(|event| matches!(event, Event::Log { .. })).count();
        assert!((most / 2..=most).contains(&count), "{count}");
        let before = System::events().len();
        assert_eq!(
            error(twin.call(&alice(), endless, vec![1], 0, MOST).result),
            Error::<Test>::OutOfGas.into()
        );
        assert_eq!(System::events().len(), before);
    });
}

#[test]
fn a_huge_output_is_returned_by_dry_runs_and_stored_nowhere() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let text = r#"(func (export "main")
            (drop (memory.grow (i32.const 63)))
            (call $finish (i32.const 0) (i32.const 1572864)))"#;
        let address = made(&mut twin, text);
        let ran = twin.call(&alice(), address, Vec::new(), 0, MOST);
        assert_eq!(ran.output().len(), 3 << 19);
        // All of the memory costs more gas than there is.
        let all = made(&mut twin, &text.replace("1572864", "4194304"));
        assert_eq!(
            error(twin.call(&alice(), all, Vec::new(), 0, MOST).result),
            Error::<Test>::OutOfGas.into()
        );
        let beyond = made(&mut twin, &text.replace("1572864", "4194305"));
        assert_eq!(
            error(twin.call(&alice(), beyond, Vec::new(), 0, MOST).result),
            Error::<Test>::InvalidMemoryAccess.into()
        );
        // Gas cannot pay for it as code of a contract.
        let ran = twin.create(&alice(), code(text), 0, MOST);
        assert_eq!(error(ran.result), Error::<Test>::OutOfGas.into());
    });
}

#[test]
fn call_data_between_contracts_is_paid_by_the_byte() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        let text = |length: u32| {
            format!(
                r#"(func (export "main") (local $left i64)
                    (drop (memory.grow (i32.const 63)))
                    (i32.store8 (i32.const 1572863) (i32.const 0))
                    (local.set $left (call $getGasLeft))
                    (drop (call $call
                        (i64.const 0)
                        (i32.const 64) (i32.const 0) (i32.const 0) (i32.const {length})))
                    (i64.store (i32.const 0) (i64.sub (local.get $left) (call $getGasLeft)))
                    (call $finish (i32.const 0) (i32.const 8)))"#
            )
        };
        let mut cost = |length| {
            let address = made(&mut twin, &text(length));
            let ran = twin.call(&alice(), address, Vec::new(), 0, MOST);
            ran.output().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
        };
        let (little, much) = (cost(1), cost(3 << 19));
        assert!(much > little + (3 << 11), "{little} and {much}");
    });
}

#[test]
fn a_create_loop_pays_for_each_contract() {
    new_test_ext().execute_with(|| {
        let mut twin = twin();
        // It goes on while there is gas for more.
        let address = made(
            &mut twin,
            r#"(func (export "main") (loop
                (drop (call $create (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 64)))
                (br_if 0 (i64.gt_u (call $getGasLeft) (i64.const 100000)))
                (br_if 0 (call $getCallDataSize))))"#,
        );
        let before = crate::Contracts::<Test>::iter().count();
        let ran = twin.call(&alice(), address, Vec::new(), 0, MOST);
        assert_ok!(ran.result);
        let created = (crate::Contracts::<Test>::iter().count() - before) as u64;
        assert!((200..MOST / 32_000).contains(&created), "{created}");
        let each = EXISTENTIAL_DEPOSIT + Price::contract();
        assert_eq!(ran.deposits.charged, each * Balance::from(created));
        // A loop without an end leaves nothing.
        let before = crate::Contracts::<Test>::iter().count();
        assert_eq!(
            error(twin.call(&alice(), address, vec![1], 0, MOST).result),
            Error::<Test>::OutOfGas.into()
        );
        assert_eq!(crate::Contracts::<Test>::iter().count(), before);
    });
}
