//! Contracts that want to bring the runtime down. Each must end, in a block that every node can
//! build and import, within the runtime's heap.
use pallet_ewasm::{
    EngineLimits, Error,
    runtime_api::{ExecutionStatus, Trace},
};
use sp_core::{H160, H256};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve};
use sp_runtime::{
    DispatchError,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
};
use tephra_chain_tests::{
    Chain,
    contract::{
        GAS, PRESENT, call, call_with, chain_with, create, dry_call, init_code, module, number,
    },
};
use tephra_runtime::{Balance, Ewasm, Runtime, contracts::TRANSACTION_GAS_LIMIT};

const BOMB: H160 = H160::repeat_byte(0x0b);
const OTHER: H160 = H160::repeat_byte(0x0c);

fn error(error: Error<Runtime>) -> DispatchError {
    error.into()
}

fn attack(code: Vec<u8>) -> Chain {
    chain_with(&[(BOMB, code)])
}

/// Does something, calls itself with all gas, and does something else.
fn recursion(pages: u32, before: &str, after: &str) -> Vec<u8> {
    let body = format!(
        "{before}
         (drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 64) \
         (i32.const 64) (i32.const 0)))
         {after}"
    );
    module(pages, &[BOMB], &body, "")
}

/// Writes to every page of the memory.
const TOUCH: &str = "
    (local $page i32)
    (loop $next
        (i32.store8 (i32.shl (local.get $page) (i32.const 16)) (i32.const 1))
        (local.set $page (i32.add (local.get $page) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $page) (memory.size))))
    (i32.store8 (i32.const 0) (i32.const 0x0b))";

/// Adds one to the little-endian number in slot 0.
const COUNT: &str = "
    (call $load (i32.const 64) (i32.const 96))
    (i32.store (i32.const 96) (i32.add (i32.load (i32.const 96)) (i32.const 1)))
    (call $store (i32.const 64) (i32.const 96))";

fn counted(chain: &mut Chain) -> u32 {
    let slot = chain.read(|| Ewasm::storage_at(BOMB, H256::zero()));
    u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]])
}

#[test]
fn recursion_ends_at_a_depth_that_gas_and_memory_allow() {
    let mut chain = attack(recursion(1, "", COUNT));
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    // Those in the depth had no gas left for counting.
    assert!(counted(&mut chain) > 100, "{}", counted(&mut chain));
    let trace: Trace<Balance> = chain.query(
        "EwasmApi_trace",
        (
            Alice.to_account_id(),
            Some(BOMB),
            Vec::<u8>::new(),
            0_u128,
            None::<u64>,
            None::<Balance>,
            PRESENT,
        ),
    );
    let deepest = trace.messages.iter().max_by_key(|message| message.depth).expect("there is one");
    // Every open frame counts as a page, and one more runs.
    assert_eq!(deepest.depth, EngineLimits::HEAP_128_MIB.open.pages + 1, "{deepest:?}");
    assert_eq!(deepest.status, ExecutionStatus::Failure);
}

#[test]
fn recursion_with_more_memory_ends_where_the_open_frames_have_all_of_it() {
    let mut chain = attack(recursion(2, TOUCH, COUNT));
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    // As many pages as the open frames may have, and one more frame that runs.
    assert_eq!(counted(&mut chain), EngineLimits::HEAP_128_MIB.open.pages / 2 + 1);
}

#[test]
fn memory_at_every_depth_fits_the_heap() {
    for pages in [1, 2, 3, 4, 8, 9, 15, 16] {
        let mut chain = attack(recursion(pages, TOUCH, COUNT));
        let block = chain.block([(Alice, call(BOMB, []))]);
        assert_eq!(block.results, [Ok(Ok(()))], "{pages} pages");
        assert!(counted(&mut chain) >= 1, "{pages} pages");
    }
}

#[test]
fn memory_that_grows_at_every_depth_fits_the_heap() {
    // Grows by half again and again, so that the memory has to move, then calls itself.
    let grow = format!(
        "(local $grown i32)
         (loop $more
            (local.set $grown (memory.grow (i32.add (i32.shr_u (memory.size) (i32.const 1)) \
            (i32.const 1))))
            (br_if $more (i32.ge_s (local.get $grown) (i32.const 0))))
         (loop $more
            (br_if $more (i32.ge_s (memory.grow (i32.const 1)) (i32.const 0))))
         {}",
        TOUCH.replacen("(local $page i32)", "", 1).replace("$page", "$grown").replacen(
            "(loop",
            "(local.set $grown (i32.const 0)) (loop",
            1
        )
    );
    let mut chain = attack(recursion(1, &grow, COUNT));
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    assert!(counted(&mut chain) >= 1);
}

/// A table, and a function that calls itself as often as its argument says.
const DEEP: &str = "
    (table 4096 funcref)
    (elem declare func $deep)
    (func $deep (param $more i32) (result i32)
        (if (result i32) (local.get $more)
            (then (call $deep (i32.sub (local.get $more) (i32.const 1))))
            (else (i32.const 1))))";

/// Uses up what a frame has besides its memory: its table, its stack, and calls of functions.
const EXHAUST: &str = "
    (table.fill (i32.const 0) (ref.func $deep) (i32.const 4096))
    (drop (call $deep (i32.const 500)))";

#[test]
fn all_that_frames_have_fits_the_heap_at_every_depth() {
    let body = format!(
        "{TOUCH} {EXHAUST}
         (drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 64) \
         (i32.const 64) (i32.const 0)))
         {COUNT}"
    );
    let mut chain = attack(module(1, &[BOMB], &body, DEEP));
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    assert!(counted(&mut chain) >= 100, "{}", counted(&mut chain));
}

/// The address of one of many contracts.
fn one_of_many(number: u8) -> H160 {
    let mut address = H160::repeat_byte(0x0d);
    address.0[0] = number;
    address
}

/// Contracts of about a hundred kilobytes, nearly all of it one function, whose translation takes
/// more than it does. Each of them calls the next one.
fn many(count: u8) -> Vec<(H160, Vec<u8>)> {
    let large = format!(
        "(func $large (param i32) (br_if 0 (i32.eqz (local.get 0))) {})",
        "(drop (memory.size))".repeat(35_000)
    );
    let body = "(call $large (i32.const 0))
        (drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 64) \
        (i32.const 64) (i32.const 0)))";
    (0..count)
        .map(|number| (one_of_many(number), module(1, &[one_of_many(number + 1)], body, &large)))
        .collect()
}

#[test]
fn much_code_that_is_open_fits_the_heap() {
    let mut chain = chain_with(&many(40));
    let block = chain.block([(Alice, call(one_of_many(0), []))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
}

#[test]
fn much_code_below_open_frames_fits_the_heap() {
    // Frames as deep as they can be, each of which calls one of many contracts before it ends, with
    // another one inside.
    let body = format!(
        "{TOUCH}
         (drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 64) \
         (i32.const 64) (i32.const 0)))
         {COUNT}
         (i32.store8 (i32.const 32) (i32.rem_u (i32.load (i32.const 96)) (i32.const 40)))
         (drop (call $call (i64.const 100000) (i32.const 32) (i32.const 64) (i32.const 64) \
         (i32.const 0)))"
    );
    let mut contracts = many(40);
    contracts.push((BOMB, module(1, &[BOMB, one_of_many(0)], &body, "")));
    let mut chain = chain_with(&contracts);
    let block = chain.block([(Alice, call(BOMB, []))]);
    // Whatever becomes of it, the runtime is still there.
    let Ok(result) = block.results[0] else { panic!("{:?}", block.results) };
    let bounds = [error(Error::ProofSizeExhausted), error(Error::WorkExhausted)];
    assert!(result.map_or_else(|why| bounds.contains(&why), |()| true), "{result:?}");
}

#[test]
fn more_memory_than_a_frame_may_have_is_refused() {
    let mut chain = Chain::start("dev");
    for pages in [17, 512, 65536] {
        let block = chain.block([(Alice, create(init_code(&module(pages, &[], "", ""))))]);
        let Ok(Err(_)) = block.results[0] else { panic!("{pages} pages: {:?}", block.results) };
    }
}

#[test]
fn a_loop_takes_all_gas_and_no_more_weight_than_was_declared() {
    let mut chain = attack(module(1, &[], "(loop (br 0))", ""));
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert_eq!(block.results, [Ok(Err(error(Error::OutOfGas)))]);
    let weights = block.weights();
    assert!(
        weights
            .iter()
            .any(|weight| weight.ref_time() >= GAS * tephra_runtime::contracts::TIME_PER_GAS)
    );
}

#[test]
fn a_block_is_full_before_it_takes_too_long() {
    let mut chain = attack(module(1, &[], "(loop (br 0))", ""));
    let transactions: Vec<_> =
        [Alice, Bob, Charlie, Dave, Eve].map(|who| (who, call(BOMB, []))).into();
    let block = chain.block(transactions);
    let full = Err(TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources));
    let taken =
        block.results.iter().filter(|result| **result == Ok(Err(error(Error::OutOfGas)))).count();
    assert!((1..=3).contains(&taken), "{:?}", block.results);
    assert!(block.results[taken..].iter().all(|result| *result == full), "{:?}", block.results);
}

#[test]
fn more_gas_than_a_transaction_may_have_is_refused() {
    let mut chain = attack(module(1, &[], "", ""));
    for gas in [TRANSACTION_GAS_LIMIT + 1, u64::MAX / 2, u64::MAX] {
        let block = chain.block([(Alice, call_with(BOMB, [], 0, gas))]);
        match block.results[0] {
            Ok(Err(why)) => assert_eq!(why, error(Error::GasLimitTooHigh), "{gas}"),
            // What cannot fit any block is not a valid transaction.
            Err(why) => assert_eq!(why, InvalidTransaction::ExhaustsResources.into(), "{gas}"),
            Ok(Ok(())) => panic!("{gas}"),
        }
        if block.results[0].is_err() {
            break;
        }
    }
}

#[test]
fn a_huge_output_is_answered_or_refused() {
    for bytes in [1 << 16, 1 << 19, 1 << 20] {
        let mut chain = attack(module(
            16,
            &[],
            &format!("(call $finish (i32.const 0) (i32.const {bytes}))"),
            "",
        ));
        let block = chain.block([(Alice, call(BOMB, []))]);
        assert!(block.results[0].is_ok(), "{bytes}");
        let dry = dry_call(&mut chain, Alice, BOMB, []);
        assert!(dry.status.is_some(), "{bytes}");
    }
}

#[test]
fn a_huge_output_at_every_depth_fits_the_heap() {
    // Each frame gives its caller a megabyte, which the caller keeps as return data while it gives
    // one of its own.
    let mut chain = attack(recursion(
        16,
        "",
        &format!("{COUNT} (call $finish (i32.const 0) (i32.const 1048576))"),
    ));
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert!(block.results[0].is_ok(), "{:?}", block.results);
}

#[test]
fn huge_call_data_at_every_depth_fit_the_heap() {
    // Hands a megabyte on at each depth.
    let body = format!(
        "(drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 64) \
         (i32.const 0) (i32.const 1048576))) {COUNT}"
    );
    let mut chain = attack(module(16, &[BOMB], &body, ""));
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert!(block.results[0].is_ok(), "{:?}", block.results);
}

#[test]
fn call_data_have_a_limit() {
    let mut chain = attack(module(1, &[], "(call $finish (i32.const 0) (call $input_size))", ""));
    let limit = 128 << 10;
    let input = vec![1; limit + 1];
    let block = chain.block([(Alice, call(BOMB, &input[1..])), (Alice, call(BOMB, input))]);
    assert_eq!(block.results[1], Ok(Err(error(Error::InputTooLarge))));
    assert_ne!(block.results[0], block.results[1]);
}

#[test]
fn init_code_has_a_limit() {
    let mut chain = Chain::start("dev");
    // A module of exactly the limit is heard; a byte more is not.
    let limit = 256 << 10;
    let mut code = init_code(&module(1, &[], "", ""));
    let rest = limit - code.len() - 6;
    let size = (0..5).map(|at| (rest >> (7 * at)) as u8 & 0x7f | if at < 4 { 0x80 } else { 0 });
    code.push(0);
    code.extend(size);
    code.resize(limit, 0);
    let mut larger = code.clone();
    larger.push(0);
    let block = chain.block([(Alice, create(code)), (Alice, create(larger))]);
    assert_eq!(block.results[1], Ok(Err(error(Error::InitCodeTooLarge))));
    assert_eq!(block.results[0], Ok(Ok(())), "it is as large as it may be");
}

#[test]
fn logs_are_paid_for() {
    // 256 KiB again and again until the gas is nearly gone.
    let body = "(loop $more
        (call $log (i32.const 0) (i32.const 262144) (i32.const 4) (i32.const 0) (i32.const 0) \
        (i32.const 0) (i32.const 0))
        (br_if $more (i64.gt_u (call $gas) (i64.const 2300000))))";
    let mut chain = attack(module(4, &[], body, ""));
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    let bytes: usize = block.logs().iter().map(|(_, _, data)| data.len()).sum();
    assert!(bytes as u64 * 8 < GAS, "{bytes}");
    assert!(bytes > 1 << 20, "{bytes}");
}

#[test]
fn a_contract_that_creates_copies_of_itself_ends() {
    // The init code creates from its own code again, and stores nothing.
    let body = "
        (call $code (i32.const 1024) (i32.const 0) (call $code_size))
        (drop (call $create (i32.const 160) (i32.const 1024) (call $code_size) (i32.const 512)))";
    let mut chain = Chain::start("dev");
    let block = chain.block([(Alice, create(module(1, &[], body, "")))]);
    assert!(block.results[0].is_ok(), "{:?}", block.results);
}

#[test]
fn storage_costs_gas_and_deposits() {
    // A new slot again and again.
    let body = "(local $slot i32)
        (i32.store8 (i32.const 128) (i32.const 1))
        (loop $more
            (local.set $slot (i32.add (local.get $slot) (i32.const 1)))
            (i32.store (i32.const 96) (local.get $slot))
            (call $store (i32.const 96) (i32.const 128))
            (br_if $more (i64.gt_u (call $gas) (i64.const 100000))))";
    let mut chain = attack(module(1, &[], body, ""));
    let free = |chain: &mut Chain| {
        chain.read(|| tephra_runtime::Balances::free_balance(Alice.to_account_id()))
    };
    let before = free(&mut chain);
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
    let items = chain
        .read(|| pallet_ewasm::Contracts::<Runtime>::get(BOMB))
        .expect("it is in genesis")
        .items;
    assert!(u64::from(items) * 20_000 < GAS && items > 500, "{items}");
    let paid = before - free(&mut chain);
    assert!(paid > u128::from(items) * tephra_runtime::fees::deposit(1, 0), "{paid} for {items}");
}

#[test]
fn two_contracts_that_call_each_other_end() {
    let pair = |other| {
        module(
            1,
            &[other],
            "(drop (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 64) \
             (i32.const 64) (i32.const 0)))",
            "",
        )
    };
    let mut chain = chain_with(&[(BOMB, pair(OTHER)), (OTHER, pair(BOMB))]);
    let block = chain.block([(Alice, call(BOMB, []))]);
    assert_eq!(block.results, [Ok(Ok(()))]);
}

#[test]
fn a_dry_run_of_everything_at_once_ends() {
    let mut chain =
        attack(recursion(16, TOUCH, "(call $finish (i32.const 0) (i32.const 1048576))"));
    let dry = dry_call(&mut chain, Alice, BOMB, number(1));
    assert!(
        dry.status.is_some_and(|status| status != ExecutionStatus::InternalError),
        "{:?}",
        dry.status
    );
}
