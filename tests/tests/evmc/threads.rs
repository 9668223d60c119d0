//! One machine, many threads.
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use alloy_primitives::{Address, B256, U256};
use tephra_core::ewasm::{CallKind, Message, Outcome, Status, TransactionContext, Vm, VmConfig};
use tephra_core::revision::Revision;
use tephra_core::state::{Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend};
use tephra_tests::evmc::LoadedVm;
use tephra_tests::library;

use crate::contracts;

const ECHO: Address = Address::repeat_byte(0xec);
const RELAY: Address = Address::repeat_byte(0x1e);
const FACTORY: Address = Address::repeat_byte(0xfa);
const ENDINGS: Address = Address::repeat_byte(0xed);
const DEEP: Address = Address::repeat_byte(0xde);
const SENDER: Address = Address::repeat_byte(0x5e);

const THREADS: u8 = 8;

/// Fewer where a tool looks for races (`scripts/check-races`): it sees an unprotected access
/// whether or not two threads meet there.
const ROUNDS: u8 = if cfg!(tephra_races) { 8 } else { 40 };

/// More than the machine needs for 1024 nested messages (8 MiB are enough for it and a client in
/// C): this client is not optimised in tests, and neither is what looks for races.
const STACK: usize = 256 << 20;

fn state() -> JournaledState<MemoryBackend> {
    let mut backend = MemoryBackend::new();
    let codes = [
        (ECHO, contracts::echo()),
        (RELAY, contracts::relay()),
        (FACTORY, contracts::factory()),
        (ENDINGS, contracts::endings()),
        (DEEP, contracts::deep()),
        (SENDER, Vec::new()),
    ];
    for (at, code) in codes {
        backend.insert(at, MemoryAccount::new(0, U256::from(1000), code.into()));
    }
    // The newest revision that both ABIs have.
    JournaledState::new(backend, Revision::Shanghai)
}

fn message(to: Address, input: Vec<u8>) -> Message {
    Message {
        kind: CallKind::Call,
        is_static: false,
        depth: 0,
        gas: 50_000_000,
        recipient: to,
        code_address: to,
        sender: SENDER,
        input: input.into(),
        value: U256::ZERO,
        salt: B256::ZERO,
    }
}

/// What a thread does in a round: nested calls of every kind, a create, an ending, and a recursion.
fn messages(round: u8) -> Vec<Message> {
    let relayed = |how: u8| {
        let mut input = vec![how];
        input.extend_from_slice(ECHO.as_slice());
        input.extend_from_slice(&[0; 16]);
        input.extend_from_slice(&[round; 5]);
        input
    };
    let mut creation = vec![round % 2];
    creation.extend_from_slice(&[0; 16]);
    creation.extend_from_slice(&[round; 32]);
    // Other code each round, so that the cache has something to do.
    creation.extend_from_slice(&contracts::gives(&[0x60, round]));
    let mut all: Vec<Message> = (0..4).map(|how| message(RELAY, relayed(how))).collect();
    all.push(message(FACTORY, creation));
    all.push(message(ENDINGS, vec![round % 13; 64]));
    all.push(message(DEEP, Vec::new()));
    all
}

fn run_round(vm: &LoadedVm, driver: Driver<'_>, round: u8) -> Vec<Outcome> {
    let mut state = state();
    state.begin(TransactionContext { number: 1, ..TransactionContext::default() });
    messages(round).into_iter().map(|message| vm.run_message(driver, &mut state, message)).collect()
}

/// For a tool that finds races (`scripts/check-races`), all has to be in one program.
#[test]
fn a_linked_machine_serves_many_threads_that_reenter_it_while_options_change() {
    on_a_large_stack(|| serve(LoadedVm::linked()));
}

#[test]
fn a_loaded_machine_serves_many_threads_that_reenter_it_while_options_change() {
    on_a_large_stack(|| {
        let libraries = [Some(library::abi12()), library::abi9()];
        for library in libraries.into_iter().flatten() {
            serve(LoadedVm::load(&library).unwrap());
        }
    });
}

fn on_a_large_stack(run: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}

/// Each thread does what one alone did before, in another order, and gets the same.
fn serve(vm: LoadedVm) {
    let around = Vm::new(VmConfig::default());
    let driver = Driver::new(&around, DriverConfig::default());
    let expected: Vec<_> = (0..ROUNDS).map(|round| run_round(&vm, driver, round)).collect();
    assert!(
        expected[0].iter().take(5).all(|outcome| outcome.status == Status::Success),
        "{:?}",
        expected[0]
    );

    let begin = Barrier::new(usize::from(THREADS) + 1);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        // Options that change no result, but the machine's insides.
        scope.spawn(|| {
            begin.wait();
            while !is_over.load(Ordering::Relaxed) {
                for (name, value) in [("cache-size", "0"), ("cache-size", "16"), ("nothing", "1")] {
                    vm.set_option(name, Some(value));
                }
                thread::yield_now();
            }
        });
        let workers: Vec<_> = (0..THREADS)
            .map(|offset| {
                let (vm, expected, begin) = (&vm, &expected, &begin);
                let work = move || {
                    begin.wait();
                    for round in (0..ROUNDS).map(|round| (round + offset) % ROUNDS) {
                        assert_eq!(
                            run_round(vm, driver, round),
                            expected[usize::from(round)],
                            "round {round}"
                        );
                    }
                };
                thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap()
            })
            .collect();
        let results: Vec<_> = workers.into_iter().map(|worker| worker.join()).collect();
        is_over.store(true, Ordering::Relaxed);
        assert!(results.iter().all(|result| result.is_ok()));
    });
}

/// What the tool that finds races has to report, or it would find nothing anywhere: threads that
/// use the machine as above, and each a number besides that nothing protects.
#[cfg(tephra_races)]
#[test]
fn a_planted_race() {
    static CALLS: Unprotected = Unprotected(std::cell::UnsafeCell::new(0));
    struct Unprotected(std::cell::UnsafeCell<u32>);
    // SAFETY: it is not; that is the point.
    unsafe impl Sync for Unprotected {}

    on_a_large_stack(|| {
        let vm = LoadedVm::linked();
        let around = Vm::new(VmConfig::default());
        let driver = Driver::new(&around, DriverConfig::default());
        thread::scope(|scope| {
            for _ in 0..2 {
                let work = || {
                    run_round(&vm, driver, 0);
                    // SAFETY: none, as said.
                    unsafe { *CALLS.0.get() += 1 };
                };
                thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap();
            }
        });
    });
}
