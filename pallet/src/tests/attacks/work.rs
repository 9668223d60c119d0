//! Unmetered work never weighs more than the extrinsic declared.
use frame_support::assert_ok;
use frame_support::dispatch::GetDispatchInfo;
use frame_support::weights::Weight;

use super::super::*;
use crate::execution::LogIndex;
use crate::{CodeInfoOf, Contracts, ENGINE_VERSION, EngineLimits, GenesisContract, WeightInfo};

const MAIN: H160 = H160::repeat_byte(0xaa);

/// Applies a call by Alice. Returns its result, its weight, and its declared weight.
fn weigh(target: H160, gas_limit: u64) -> (Result<(), sp_runtime::DispatchError>, Weight, Weight) {
    let call = crate::Call::call {
        target,
        input: Vec::new(),
        value: 0,
        gas_limit,
        storage_deposit_limit: None,
    };
    let declared = RuntimeCall::from(call.clone()).get_dispatch_info().call_weight;
    let (result, info) = match apply(&alice(), call) {
        Ok(info) => (Ok(()), info),
        Err(failure) => (Err(failure.error), failure.post_info),
    };
    (result, info.actual_weight.unwrap_or(declared), declared)
}

/// Returns the text of a contract that calls those at 0x01…01, 0x02…02 and so on, in turns.
fn caller(count: u8, turns: u32) -> String {
    format!(
        r#"(module
            (import "ethereum" "callStatic" (func $call (param i64 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            (func (export "main") (local $i i32) (local $turn i32)
                (loop $again
                    (local.set $i (i32.const 0))
                    (loop $next
                        (local.set $i (i32.add (local.get $i) (i32.const 1)))
                        (memory.fill (i32.const 0) (local.get $i) (i32.const 20))
                        (if (call $call
                                (i64.const 100000) (i32.const 0) (i32.const 32) (i32.const 0))
                            (then unreachable))
                        (br_if $next (i32.lt_u (local.get $i) (i32.const {count}))))
                    (local.set $turn (i32.add (local.get $turn) (i32.const 1)))
                    (br_if $again (i32.lt_u (local.get $turn) (i32.const {turns}))))))"#
    )
}

/// Returns a contract of this size that does nothing, with one byte of this value.
fn large(bytes: usize, mark: u8) -> Vec<u8> {
    let mut code =
        wat::parse_str(r#"(module (memory (export "memory") 0) (func (export "main")))"#)
            .expect("it is valid");
    let rest = bytes - code.len() - 6;
    let size = (0..5).map(|at| (rest >> (7 * at)) as u8 & 0x7f | if at < 4 { 0x80 } else { 0 });
    code.push(0);
    code.extend(size);
    code.extend([1, mark]);
    code.resize(bytes, 0);
    code
}

/// Returns a runtime with a contract of this text, and `count` large ones that it may call.
fn with(text: &str, count: u8) -> sp_io::TestExternalities {
    let contract = |address, code| GenesisContract {
        address,
        nonce: 1,
        balance: 0,
        code,
        storage: Vec::new(),
    };
    let mut contracts: Vec<_> = (1..=count)
        .map(|number| contract(H160::repeat_byte(number), large(100_000, number)))
        .collect();
    contracts.push(contract(MAIN, wat::parse_str(text).expect("it is valid")));
    with_contracts(contracts)
}

/// Marks the code of contracts as validated by an earlier engine.
fn stale() -> usize {
    CodeInfoOf::<Test>::iter_values().filter(|info| info.validated_by != ENGINE_VERSION).count()
}

#[test]
fn validating_code_of_an_earlier_engine_weighs_no_more_than_declared() {
    const COUNT: u8 = 16;
    with(&caller(COUNT, 1), COUNT).execute_with(|| {
        let hashes: Vec<_> =
            Contracts::<Test>::iter_values().map(|contract| contract.code_hash).collect();
        for hash in &hashes {
            CodeInfoOf::<Test>::mutate(hash, |info| {
                info.as_mut().expect("the code is there").validated_by = 0
            });
        }
        let (result, weight, declared) = weigh(MAIN, 2_500_000);
        assert_eq!(result, Err(Error::<Test>::WorkExhausted.into()));
        assert!(weight.all_lte(declared), "{weight:?} {declared:?}");
        assert_eq!(stale(), hashes.len());

        // With fewer at a time each is validated, once.
        let single = |number| {
            let (result, weight, declared) = weigh(H160::repeat_byte(number), 1_000_000);
            assert_eq!(result, Ok(()));
            assert!(weight.all_lte(declared), "{weight:?} {declared:?}");
            weight.ref_time()
        };
        let (first, second) = (single(1), single(1));
        let validation = <Test as crate::Config>::WeightInfo::validate_code(100_000).ref_time();
        assert!(first >= second + validation, "{first} {second} {validation}");
        for number in 2..=COUNT {
            single(number);
        }
        assert_eq!(stale(), 1);
        let (result, weight, declared) = weigh(MAIN, 15_000_000);
        assert_eq!(result, Ok(()));
        assert!(weight.all_lte(declared), "{weight:?} {declared:?}");
        assert_eq!(stale(), 0);
    });
}

#[test]
fn validating_init_code_weighs_no_more_than_declared() {
    // Nearly all of it is a section of zeros, which the memory has already.
    let init = large(250_000, b'x');
    let end = init.iter().rposition(|byte| *byte != 0).expect("it has an end") + 1;
    let data: String = init[..end].iter().map(|byte| format!("\\{byte:02x}")).collect();
    let text = format!(
        r#"(module
            (import "ethereum" "create" (func $create (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 4)
            (data (i32.const 64) "{data}")
            (func (export "main") (loop $more
                (br_if $more (i32.eqz (call $create
                    (i32.const 0) (i32.const 64) (i32.const 250000) (i32.const 32))))
                (unreachable))))"#
    );
    with(&text, 0).execute_with(|| {
        let (result, weight, declared) = weigh(MAIN, 15_000_000);
        assert_eq!(result, Err(Error::<Test>::WorkExhausted.into()));
        assert!(weight.all_lte(declared), "{weight:?} {declared:?}");
    });
}

#[test]
fn a_weight_does_not_depend_on_the_cache() {
    const COUNT: u8 = 3;
    with(&caller(COUNT, 1), COUNT).execute_with(|| {
        assert_ok!(apply(&alice(), crate::Call::map_account {}));
        let (result, first, _) = weigh(MAIN, 5_000_000);
        assert_eq!(result, Ok(()));
        let (_, second, _) = weigh(MAIN, 5_000_000);
        assert_eq!(first.ref_time(), second.ref_time());
    });
}

#[test]
fn code_weighs_once_in_a_transaction_however_often_it_is_called_and_whatever_is_cached() {
    const COUNT: u8 = 8;
    let weight_of = |turns| {
        with(&caller(COUNT, turns), COUNT).execute_with(|| {
            MockLimits::set(EngineLimits { cache_bytes: 512 << 10, ..EngineLimits::HEAP_1_GIB });
            let (result, weight, declared) = weigh(MAIN, 15_000_000);
            assert_eq!(result, Ok(()));
            assert!(weight.all_lte(declared), "{weight:?} {declared:?}");
            weight
        })
    };
    let turn =
        u64::from(COUNT) * <Test as crate::Config>::WeightInfo::prepare_code(100_000).ref_time();
    let (once, twice) = (weight_of(1), weight_of(2));
    assert!(once.ref_time() > turn, "{once} {turn}");
    // The second turn takes the gas of its calls, and its frames.
    assert!(twice.ref_time() < once.ref_time() + turn / 4, "{once} {twice} {turn}");
    assert_eq!(twice.proof_size(), once.proof_size());
}

#[test]
fn code_beyond_what_a_transaction_may_hold_does_not_run() {
    const COUNT: u8 = 8;
    let most = |code| {
        with(&caller(COUNT, 1), COUNT).execute_with(|| {
            let limits = EngineLimits::HEAP_1_GIB;
            MockLimits::set(EngineLimits {
                open: crate::OpenLimits { code, ..limits.open },
                ..limits
            });
            weigh(MAIN, 15_000_000).0
        })
    };
    let all = 8 * 100_000 + wat::parse_str(caller(COUNT, 1)).expect("it is valid").len() as u64;
    assert_eq!(most(all), Ok(()));
    // The caller finds that its last call failed, and ends.
    assert!(most(all - 1).is_err());
}

#[test]
fn logs_are_indexed_as_far_as_the_weight_suffices() {
    new_test_ext().execute_with(|| {
        type Info = <Test as crate::Config>::WeightInfo;
        let index = |entries| Info::index_topics(entries).saturating_sub(Info::index_topics(0));
        let log = |topic: u8| {
            let topics = vec![alloy_primitives::B256::with_last_byte(topic)];
            alloy_primitives::Log::new_unchecked(Default::default(), topics, Default::default())
        };
        // One entry is for the contract, and each log has another one.
        let logs: Vec<_> = (1..=9).map(log).collect();
        let made = LogIndex::<Test>::new(&logs, index(4));
        assert_eq!(made.weight(), index(4));
        made.deposit(logs);
        let indexed = System::events().iter().filter(|record| !record.topics.is_empty()).count();
        assert_eq!((System::events().len(), indexed), (9, 3));
    });
}
