//! Dry runs see the block to come, in the runtime as it is on the chain.
use pallet_ewasm::runtime_api::{DryRun, Overrides, Trace};
use sp_core::{H160, H256};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::DispatchError;
use tephra_chain_tests::{
    Chain,
    contract::{GAS, PRESENT, call, call_with, chain_with},
};
use tephra_runtime::{Balance, limits::SLOT_MILLISECONDS};

const CLOCK: H160 = H160::repeat_byte(0xc1);
const PAIR: H160 = H160::repeat_byte(0xaa);

/// Writes the number and the time of its last call into slot 0, and returns both.
fn clock() -> Vec<u8> {
    wat::parse_str(
        r#"(module
            (import "ethereum" "getBlockTimestamp" (func $now (result i64)))
            (import "ethereum" "getBlockNumber" (func $number (result i64)))
            (import "ethereum" "storageStore" (func $store (param i32 i32)))
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") 1)
            (func (export "main")
                (i64.store (i32.const 32) (call $number))
                (i64.store (i32.const 40) (call $now))
                (call $store (i32.const 0) (i32.const 32))
                (call $finish (i32.const 32) (i32.const 16))))"#,
    )
    .expect("the clock is valid WebAssembly text")
}

/// As the pair of an exchange: writes two new slots in the first call after the one that it has
/// noted, when time has passed.
fn pair() -> Vec<u8> {
    wat::parse_str(
        r#"(module
            (import "ethereum" "getBlockTimestamp" (func $now (result i64)))
            (import "ethereum" "storageLoad" (func $load (param i32 i32)))
            (import "ethereum" "storageStore" (func $store (param i32 i32)))
            (memory (export "memory") 1)
            (data (i32.const 64) "\01") (data (i32.const 128) "\02")
            (func (export "main") (local $last i64)
                (call $load (i32.const 0) (i32.const 32))
                (local.set $last (i64.load (i32.const 32)))
                (if (i32.and (i64.ne (local.get $last) (i64.const 0)) (i64.gt_u (call $now)
                    (local.get $last)))
                    (then
                        (call $store (i32.const 64) (i32.const 64))
                        (call $store (i32.const 128) (i32.const 128))))
                (i64.store (i32.const 32) (call $now))
                (call $store (i32.const 0) (i32.const 32))))"#,
    )
    .expect("the pair is valid WebAssembly text")
}

fn chain() -> Chain {
    chain_with(&[(CLOCK, clock()), (PAIR, pair())])
}

fn number_and_time(bytes: &[u8]) -> (u64, u64) {
    let half = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
    (half(0), half(8))
}

fn ask(chain: &mut Chain, overrides: Option<Overrides<Balance>>) -> (u64, u64) {
    let question = (
        Alice.to_account_id(),
        CLOCK,
        Vec::<u8>::new(),
        0_u128,
        None::<u64>,
        None::<Balance>,
        overrides,
    );
    let run: DryRun<Balance> = chain.query("EwasmApi_call", question);
    assert_eq!(run.result, Ok(()));
    number_and_time(&run.output)
}

#[test]
fn a_dry_run_is_told_the_number_and_the_time_of_the_block_that_comes() {
    let mut chain = chain();
    // Genesis has no time.
    assert_eq!(chain.block([(Alice, call(CLOCK, []))]).results, [Ok(Ok(()))]);
    for _ in 0..2 {
        let foretold = ask(&mut chain, PRESENT);
        let trace: Trace<Balance> = chain.query(
            "EwasmApi_trace",
            (
                Alice.to_account_id(),
                Some(CLOCK),
                Vec::<u8>::new(),
                0_u128,
                None::<u64>,
                None::<Balance>,
                PRESENT,
            ),
        );
        assert_eq!(number_and_time(&trace.run.output), foretold);
        assert_eq!(chain.block([(Alice, call(CLOCK, []))]).results, [Ok(Ok(()))]);
        let noted: H256 = chain.query("EwasmApi_storage_at", (CLOCK, H256::zero()));
        assert_eq!(number_and_time(noted.as_bytes()), foretold, "the block is as it was foretold");
    }
}

#[test]
fn number_and_time_can_be_given_as_far_as_a_block_can_have_them() {
    let mut chain = chain();
    let (_, earliest) = ask(&mut chain, PRESENT);
    let with = |number, timestamp| Some(Overrides { number, timestamp, accounts: Vec::new() });
    assert_eq!(
        ask(&mut chain, with(Some(1000), Some(earliest * 1000 + SLOT_MILLISECONDS))),
        (1000, earliest + 6)
    );
    assert_eq!(ask(&mut chain, with(None, Some(0))).1, earliest, "no block is earlier");
}

#[test]
fn an_estimate_suffices_for_a_contract_that_writes_when_time_has_passed() {
    let mut chain = chain();
    assert_eq!(chain.block([(Alice, call(PAIR, []))]).results, [Ok(Ok(()))]);
    let question = (Alice.to_account_id(), Some(PAIR), Vec::<u8>::new(), 0_u128, PRESENT);
    let estimate: Result<u64, DispatchError> = chain.query("EwasmApi_estimate_gas", question);
    let estimate = estimate.expect("the call succeeds");
    assert!(estimate < GAS);
    let block = chain.block([(Alice, call_with(PAIR, [], 0, estimate))]);
    assert_eq!(block.results, [Ok(Ok(()))], "{estimate} gas");
    assert!(estimate > 2 * 20_000, "it writes two slots");
}
