//! Runs candidates.
use alloy_primitives::{Address, U256};
use tephra_core::ewasm::{CallKind, Message, Schedule, TransactionContext, Vm, VmConfig};
use tephra_core::precompile::Address9;
use tephra_core::revision::Revision;
use tephra_core::state::{
    BlockEnv, Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend, Transaction,
};
use tephra_core::wasm::{
    Config, Engine, Event, Execution, Features, GasTank, Instance, InstructionCosts, Limits,
    Module, PARTICLES_PER_GAS, Store,
};

use crate::build::{Tally, Use, build};
use crate::genome::{Candidate, Kind, Target};
use crate::library;

/// Gas that may be spent on touching the memory before a module is measured: half of what a
/// transaction may have.
const SETUP_GAS: u64 = 1 << 23;

/// Bytes of all copies of a contract, about, at most.
const COPIED: usize = 1 << 19;

/// Bytes of contracts that are kept: fewer than those of the copies, as those that an attacker
/// deploys are more than any cache.
const CACHE: usize = 1 << 17;

const ETHER: u128 = 1_000_000_000_000_000_000;

/// A candidate that can be run.
pub struct Prepared {
    job: Job,
    /// The number of its nodes, by kind.
    pub tally: Tally,
}

enum Job {
    Module(Box<Plain>),
    Message { world: World, message: Message },
    Transaction { world: World, transaction: Transaction },
}

struct Plain {
    store: Store,
    instance: Instance,
    gas: u64,
}

struct World {
    backend: MemoryBackend,
    revision: Revision,
    config: DriverConfig,
    /// A machine that knows nothing, as after its start, and the state.
    fresh: Option<(Vm, JournaledState<MemoryBackend>)>,
}

/// The revision of a candidate.
pub fn revision(candidate: &Candidate) -> Revision {
    Revision::ALL
        .get(usize::from(candidate.revision) % Revision::ALL.len())
        .copied()
        .unwrap_or(Revision::NEWEST)
}

impl Prepared {
    /// Builds a candidate. None when it cannot be run at all.
    pub fn new(candidate: &Candidate) -> Option<Self> {
        match candidate.kind {
            Kind::Module => Self::plain(candidate),
            Kind::Message | Kind::Transaction => Self::world(candidate),
        }
    }

    fn plain(candidate: &Candidate) -> Option<Self> {
        let (bytes, tally) = build(&candidate.contracts.first()?.module, Use::Plain, &[], 0);
        let (features, limits, costs) =
            (Features::CONTRACT, Limits::CONTRACT, InstructionCosts::EWASM);
        let engine = Engine::new(Config { features, limits, costs });
        let module = Module::new(&engine, &bytes).ok()?;
        let mut store = Store::new(&engine);
        let instance = store.instantiate(&module, &[]).ok()?;
        let mut plain = Plain { store, instance, gas: candidate.gas };
        (plain.call("setup", SETUP_GAS)?.0 == Event::Finished).then_some(())?;
        // The first time, functions are translated.
        plain.call("main", 1.max(candidate.gas / 8))?;
        Some(Self { job: Job::Module(Box::new(plain)), tally })
    }

    fn world(candidate: &Candidate) -> Option<Self> {
        let revision = revision(candidate);
        let library = library::bytes(candidate.modexp);
        let mut backend = MemoryBackend::new();
        let mut tally = Tally::new();
        let mut codes = Vec::new();
        for (number, contract) in candidate.contracts.iter().enumerate() {
            let (mut bytes, nodes) = build(&contract.module, Use::Contract, &library, 0);
            nodes.into_iter().for_each(|(name, count)| *tally.entry(name).or_default() += count);
            codes.push(bytes.clone());
            let copies = (COPIED / bytes.len().max(1)).min(contract.copies.into()).max(1);
            for copy in 0..copies as u16 {
                // The last bytes of the code are those that nothing reads.
                if let Some([low, high]) = bytes.last_chunk_mut() {
                    [*low, *high] = copy.to_le_bytes();
                }
                let mut account = MemoryAccount::new(1, U256::from(ETHER), bytes.clone().into());
                if number == 0 {
                    account.storage = (0..candidate.slots)
                        .map(|slot| (library::key(slot), library::key(1)))
                        .collect();
                }
                backend.insert(library::contract(number, copy), account);
            }
        }
        backend
            .insert(library::SENDER, MemoryAccount::new(0, U256::from(ETHER), Default::default()));
        let address9 = if candidate.blake2f { Address9::Blake2f } else { Address9::Keccak256 };
        let world = World {
            backend,
            revision,
            config: DriverConfig { address9, ..DriverConfig::default() },
            fresh: None,
        };

        let (to, data) = match candidate.target {
            Target::Create(number) => {
                (None, codes.get(usize::from(number) % codes.len().max(1))?.clone())
            }
            Target::Contract(number) => {
                let number = usize::from(number) % candidate.contracts.len().max(1);
                (Some(library::contract(number, 0)), data(candidate, &library, &codes))
            }
            Target::Precompile(number) => (
                Some(Address::with_last_byte(number.clamp(1, 9))),
                data(candidate, &library, &codes),
            ),
        };
        let job = match candidate.kind {
            Kind::Transaction => {
                Job::Transaction { transaction: transaction(candidate, revision, to, data)?, world }
            }
            _ => Job::Message { message: message(candidate.gas, to, data), world },
        };
        Some(Self { job, tally })
    }

    /// Makes it ready for a run: the state is what it was before the last one. Takes time that is
    /// not to be measured.
    pub fn prepare(&mut self) {
        match &mut self.job {
            Job::Module(_) => {}
            Job::Message { world, .. } | Job::Transaction { world, .. } => world.prepare(),
        }
    }

    /// Gas that it may use.
    pub fn gas(&self) -> u64 {
        match &self.job {
            Job::Module(plain) => plain.gas,
            Job::Message { message, .. } => message.gas,
            Job::Transaction { transaction, .. } => transaction.gas_limit,
        }
    }

    /// Runs it; answers the particles that it took. None when it is not valid, or was not made
    /// ready.
    pub fn run(&mut self) -> Option<u128> {
        match &mut self.job {
            Job::Module(plain) => plain.call("main", plain.gas).map(|(_, particles)| particles),
            Job::Message { world, message } => world.run(message).map(in_particles),
            Job::Transaction { world, transaction } => {
                world.transact(transaction).map(in_particles)
            }
        }
    }
}

fn in_particles(gas: u64) -> u128 {
    u128::from(gas) * u128::from(PARTICLES_PER_GAS)
}

impl Plain {
    /// Calls a function; answers how it ended, and the particles that it took.
    fn call(&mut self, name: &str, gas: u64) -> Option<(Event, u128)> {
        let func = self.instance.export(&self.store, name)?.func()?;
        let tank = GasTank::new(gas);
        let before = tank.particles_left();
        let mut execution = Execution::new(&self.store, func, &[], tank).ok()?;
        let event = execution.run(&mut self.store);
        Some((event, before - execution.gas().particles_left()))
    }
}

impl World {
    fn prepare(&mut self) {
        let state = JournaledState::new(self.backend.clone(), self.revision);
        self.fresh = Some((Vm::new(VmConfig { cache_bytes: CACHE, ..VmConfig::default() }), state));
    }

    fn run(&mut self, message: &Message) -> Option<u64> {
        let (vm, state) = self.fresh.as_mut()?;
        state.begin(TransactionContext { origin: message.sender, ..TransactionContext::default() });
        let outcome = Driver::new(vm, self.config).run_message(state, message.clone(), &mut ());
        drop(state.finish());
        Some(message.gas.saturating_sub(outcome.gas_left))
    }

    fn transact(&mut self, transaction: &Transaction) -> Option<u64> {
        let (vm, state) = self.fresh.as_mut()?;
        let driver = Driver::new(vm, self.config);
        let receipt = driver.transact(state, &BlockEnv::default(), transaction, &mut ()).ok()?;
        drop(state.finish());
        Some(receipt.gas_used)
    }
}

/// The call data.
fn data(candidate: &Candidate, library: &[u8], codes: &[Vec<u8>]) -> Vec<u8> {
    let len = candidate.data.len.min(250_000) as usize;
    let from = match candidate.data.content {
        0 => return vec![0; len],
        1 => return vec![0xff; len],
        number @ 2..=7 => {
            let precompile = [1, 6, 8, 5, 9, 1].get(usize::from(number - 2)).copied().unwrap_or(1);
            library.get(library::input_of(precompile) as usize..).unwrap_or_default()
        }
        number => {
            return codes
                .get(usize::from(number - 8) % codes.len().max(1))
                .cloned()
                .unwrap_or_default();
        }
    };
    from.iter().copied().cycle().take(len).collect()
}

fn message(gas: u64, to: Option<Address>, data: Vec<u8>) -> Message {
    let recipient = to.unwrap_or(Address::ZERO);
    Message {
        kind: if to.is_some() { CallKind::Call } else { CallKind::Create },
        is_static: false,
        depth: 0,
        gas,
        recipient,
        code_address: recipient,
        sender: library::SENDER,
        input: data.into(),
        value: U256::ZERO,
        salt: Default::default(),
    }
}

fn transaction(
    candidate: &Candidate,
    revision: Revision,
    to: Option<Address>,
    data: Vec<u8>,
) -> Option<Transaction> {
    let schedule = Schedule::of(revision);
    let mut transaction = Transaction::new(library::SENDER, 0, to, data);
    let (addresses, keys) = candidate.access_list;
    let (addresses, keys) = (u64::from(addresses), u64::from(keys));
    let listed = schedule.transaction.access_list && addresses > 0 && addresses * keys < 20_000;
    if listed {
        let keys: Vec<_> = (0..keys).map(|key| library::key(key as u16)).collect();
        let list =
            (0..addresses).map(|address| (library::contract(0, address as u16), keys.clone()));
        transaction.access_list = Some(list.collect());
    }
    let slots = if listed { addresses * keys } else { 0 };
    let addresses = if listed { addresses } else { 0 };
    let intrinsic =
        schedule.transaction.intrinsic(to.is_none(), &transaction.data, addresses, slots);
    let needed = intrinsic.max(schedule.transaction.floor(&transaction.data));
    transaction.gas_limit =
        needed.checked_add(candidate.gas)?.min(schedule.transaction.gas_limit_cap);
    Some(transaction)
}

/// The code of a candidate's module or contracts.
pub fn modules(candidate: &Candidate) -> Vec<Vec<u8>> {
    let how = if candidate.kind == Kind::Module { Use::Plain } else { Use::Contract };
    let library = library::bytes(candidate.modexp);
    candidate.contracts.iter().map(|contract| build(&contract.module, how, &library, 0).0).collect()
}
