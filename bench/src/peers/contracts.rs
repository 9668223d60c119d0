//! Tephra's contract layer, with everything that a message to a contract takes: the cache of
//! contracts, a journaled state, the driver, and gas of interface calls as well as of instructions.
//! What the other engines do is only the part of it that is WebAssembly.
use std::rc::Rc;
use std::sync::Arc;

use alloy_primitives::{Address, B256, Log, U256, keccak256};
use tephra_bench_common::{Caller, Compiled, Ended, Engine, Failure, Job, World};
use tephra_core::ewasm::{
    CallKind, Code, CodeOrigin, Message, Status, TransactionContext, Vm, VmConfig,
};
use tephra_core::revision::Revision;
use tephra_core::state::{
    AccountChange, AccountInfo, Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend,
};

/// The contract layer in its default configuration.
#[derive(Clone, Copy, Debug)]
pub struct Contracts;

/// Why it has no part in what is not a message to a contract.
pub const ONLY_MESSAGES: &str = "it runs messages to contracts, nothing else";

const REVISION: Revision = Revision::Osaka;
const THIS: Address = Address::repeat_byte(0xad);
/// Whom contracts of the workloads call, except precompiled ones.
const CALLED: Address = Address::repeat_byte(0xcc);

fn is_contract(entry: &str) -> Result<(), Failure> {
    if entry == Job::contract().function { Ok(()) } else { Err(Failure::new(ONLY_MESSAGES)) }
}

impl Engine for Contracts {
    fn validate(&self, wasm: &[u8], entry: &str) -> Result<(), Failure> {
        is_contract(entry)?;
        Vm::new(VmConfig::default()).compile(REVISION, wasm).map(drop).map_err(Failure::new)
    }

    fn compile(&self, wasm: &[u8], entry: &str) -> Result<Rc<dyn Compiled>, Failure> {
        is_contract(entry)?;
        let code: Arc<[u8]> = wasm.into();
        let vm = Vm::new(VmConfig::default());
        let info = AccountInfo { nonce: 1, balance: U256::ZERO, code_hash: keccak256(wasm) };
        // From here on it is in the cache, as the code of an account that was called before.
        let origin = CodeOrigin::Unknown;
        let known = Code { bytes: (&code).into(), hash: Some(&info.code_hash), origin };
        vm.contract(REVISION, known).map_err(Failure::new)?;
        Ok(Rc::new(Contract {
            vm,
            account: MemoryAccount { info, code, storage: Default::default() },
        }))
    }
}

struct Contract {
    vm: Vm,
    account: MemoryAccount,
}

impl Contract {
    /// A state in which the contract has the world's storage.
    fn state(&self, world: &World) -> JournaledState<MemoryBackend> {
        let mut backend = MemoryBackend::new();
        if world.callee.is_some() {
            backend.insert(CALLED, self.account.clone());
        }
        let storage =
            world.storage.iter().map(|(key, value)| (B256::from(*key), B256::from(*value)));
        backend.insert(THIS, MemoryAccount { storage: storage.collect(), ..self.account.clone() });
        let mut state = JournaledState::new(backend, REVISION);
        state.begin(TransactionContext {
            origin: world.caller.into(),
            number: 1,
            timestamp: 1_600_000_000,
            gas_limit: 30_000_000,
            ..TransactionContext::default()
        });
        state
    }
}

impl Compiled for Contract {
    fn instantiate(&self, _world: World) -> Result<(), Failure> {
        Err(Failure::new(ONLY_MESSAGES))
    }

    fn run(&self, _job: &Job, mut world: World) -> Result<Ended, Failure> {
        let mut state = self.state(&world);
        let message = Message {
            kind: CallKind::Call,
            is_static: false,
            depth: 0,
            gas: i64::MAX as u64,
            recipient: THIS,
            code_address: THIS,
            sender: world.caller.into(),
            input: world.input.as_slice().into(),
            value: U256::ZERO,
            salt: B256::ZERO,
        };
        let outcome = Driver::new(&self.vm, DriverConfig::default()).run_message(
            &mut state,
            message,
            &mut (),
        );
        world.reverted = outcome.status == Status::Revert;
        if outcome.status != Status::Success && !world.reverted {
            return Err(Failure::new(outcome.status.message()));
        }
        world.output = outcome.output;
        let log = |log: &Log| {
            log.topics()
                .iter()
                .flat_map(|topic| topic.0)
                .chain(log.data.data.iter().copied())
                .collect()
        };
        world.logs = state.take_logs().iter().map(log).collect();
        let changes = state.finish().map_err(Failure::new)?;
        let ours = changes.accounts.into_iter().find(|(address, _)| *address == THIS);
        if let Some((_, AccountChange::Update(update))) = ours {
            for (key, value) in update.storage {
                if value.is_zero() {
                    world.storage.remove(&key.0);
                } else {
                    world.storage.insert(key.0, value.0);
                }
            }
        }
        Ok(Ended { result: None, memory: Vec::new(), world })
    }

    fn calls(&self, _job: &Job, _caller: &mut Caller<'_>) -> Result<(), Failure> {
        Err(Failure::new(ONLY_MESSAGES))
    }
}
