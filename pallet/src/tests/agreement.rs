//! Random sequences of creates, calls, failures and self-destructs: total issuance stays the same,
//! the storage is consistent, and contracts see what they would see in the engine's own host.
use std::collections::BTreeSet;

use frame_support::traits::Hooks;
use frame_support::weights::Weight;
use proptest::collection::vec;
use proptest::prelude::*;
use sp_core::H160;

use super::twin::Twin;
use super::{actor, apply, puppet};
use crate::execution::Action;
use crate::mock::*;
use crate::{DeletionQueue, Revision, Slots, WeightInfo};

/// The target of a deed.
#[derive(Clone, Copy, Debug)]
enum Target {
    Itself,
    /// A contract that exists or existed.
    Contract(u8),
    Signer(u8),
    /// An address that may never have been used.
    Stranger(u8),
    /// One of Ethereum's precompiled contracts.
    Precompiled(u8),
}

#[derive(Clone, Debug)]
enum Deed {
    Store(u8, u8),
    Load(u8),
    Log(u8),
    Revert,
    Trap,
    RunForEver,
    Balance(Target),
    BlockHash(u8),
    Context,
    Send(Target, u16),
    SelfDestruct(Target),
    Call(Target, u16, Vec<Deed>),
    Delegate(Target, Vec<Deed>),
    CallStatic(Target, Vec<Deed>),
    Create(u16, Vec<Deed>),
    Create2(u8, u16, Vec<Deed>),
}

#[derive(Clone, Debug)]
enum Step {
    Create {
        signer: u8,
        salt: Option<u8>,
        value: u16,
        gas: Gas,
        deeds: Vec<Deed>,
    },
    Call {
        signer: u8,
        target: Target,
        value: u16,
        gas: Gas,
        deeds: Vec<Deed>,
    },
    /// A transfer of the runtime to the account of an address.
    Transfer {
        signer: u8,
        target: Target,
        value: u16,
    },
    /// A block with idle time for this many slots.
    Block {
        slots: u8,
    },
}

#[derive(Clone, Copy, Debug)]
enum Gas {
    Little,
    Some,
    Much,
}

impl Gas {
    fn limit(self) -> u64 {
        match self {
            Self::Little => 90_000,
            Self::Some => 1_500_000,
            Self::Much => 9_000_000,
        }
    }
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        2 => Just(Target::Itself),
        4 => (0_u8..8).prop_map(Target::Contract),
        2 => (0_u8..3).prop_map(Target::Signer),
        2 => (0_u8..3).prop_map(Target::Stranger),
        1 => (1_u8..10).prop_map(Target::Precompiled),
    ]
}

/// Returns often nothing, else up to a few existential deposits.
fn value() -> impl Strategy<Value = u16> {
    prop_oneof![2 => Just(0_u16), 1 => Just(1_u16), 2 => 0_u16..5_000]
}

fn leaf() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => (0_u8..4, 0_u8..3).prop_map(|(key, value)| Deed::Store(key, value)),
        3 => (0_u8..4).prop_map(Deed::Load),
        3 => (0_u8..4).prop_map(Deed::Log),
        1 => Just(Deed::Revert),
        1 => Just(Deed::Trap),
        1 => Just(Deed::RunForEver),
        2 => target().prop_map(Deed::Balance),
        1 => (0_u8..8).prop_map(Deed::BlockHash),
        1 => Just(Deed::Context),
        5 => (target(), value()).prop_map(|(to, value)| Deed::Send(to, value)),
        3 => target().prop_map(Deed::SelfDestruct),
    ]
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = leaf().prop_recursive(3, 16, 4, |inner| {
        let deeds = vec(inner, 0..4);
        prop_oneof![
            6 => (target(), value(), deeds.clone())
                .prop_map(|(to, value, deeds)| Deed::Call(to, value, deeds)),
            1 => (target(), deeds.clone()).prop_map(|(to, deeds)| Deed::Delegate(to, deeds)),
            1 => (target(), deeds.clone()).prop_map(|(to, deeds)| Deed::CallStatic(to, deeds)),
            3 => (value(), deeds.clone()).prop_map(|(value, deeds)| Deed::Create(value, deeds)),
            3 => (0_u8..2, value(), deeds)
                .prop_map(|(salt, value, deeds)| Deed::Create2(salt, value, deeds)),
        ]
    });
    vec(deed, 0..5)
}

fn gas() -> impl Strategy<Value = Gas> {
    prop_oneof![1 => Just(Gas::Little), 3 => Just(Gas::Some), 8 => Just(Gas::Much)]
}

fn step() -> impl Strategy<Value = Step> {
    let create = (0_u8..3, proptest::option::of(0_u8..2), value(), gas(), deeds()).prop_map(
        |(signer, salt, value, gas, deeds)| Step::Create { signer, salt, value, gas, deeds },
    );
    let call = (0_u8..3, target(), value(), gas(), deeds()).prop_map(
        |(signer, target, value, gas, deeds)| Step::Call { signer, target, value, gas, deeds },
    );
    let transfer = (0_u8..3, target(), value())
        .prop_map(|(signer, target, value)| Step::Transfer { signer, target, value });
    prop_oneof![
        4 => create,
        10 => call,
        1 => transfer,
        2 => (0_u8..4).prop_map(|slots| Step::Block { slots }),
    ]
}

/// A run of steps.
struct World {
    twin: Twin,
    signers: Vec<AccountId>,
    /// The contracts in the order of their appearance.
    contracts: Vec<H160>,
    known: BTreeSet<H160>,
}

impl World {
    fn new() -> Self {
        let poor = account(3);
        apply(
            &alice(),
            pallet_balances::Call::transfer_allow_death { dest: poor.clone(), value: 30_000 },
        )
        .expect("Alice can give");
        let signers = vec![alice(), bob(), poor];
        Self { twin: Twin::new(&signers), signers, contracts: Vec::new(), known: BTreeSet::new() }
    }

    fn signer(&self, number: u8) -> &AccountId {
        self.signers.get(usize::from(number)).expect("there are three")
    }

    fn address(&self, target: Target) -> H160 {
        let stranger = |number: u8| H160::repeat_byte(0xe0 | number);
        match target {
            Target::Itself => H160::zero(),
            Target::Contract(number) => {
                let place =
                    usize::from(number).checked_rem(self.contracts.len()).unwrap_or_default();
                self.contracts.get(place).copied().unwrap_or_else(|| stranger(0))
            }
            Target::Signer(number) => super::address_of(self.signer(number)),
            Target::Stranger(number) => stranger(number),
            Target::Precompiled(number) => H160::from_low_u64_be(number.into()),
        }
    }

    fn done_to(&self, target: Target, deed: impl FnOnce(H160) -> Vec<u8>) -> Vec<u8> {
        let deed = deed(self.address(target));
        if matches!(target, Target::Itself) { actor::to_itself(deed) } else { deed }
    }

    fn encode_all(&self, deeds: &[Deed]) -> Vec<u8> {
        puppet::all(&deeds.iter().map(|deed| self.encode(deed)).collect::<Vec<_>>())
    }

    fn encode(&self, deed: &Deed) -> Vec<u8> {
        match deed {
            Deed::Store(key, value) => puppet::store(*key, *value),
            Deed::Load(key) => puppet::load(*key),
            Deed::Log(topic) => puppet::log(puppet::word(*topic), &[*topic; 5]),
            Deed::Revert => puppet::revert(b"no"),
            Deed::Trap => puppet::trap(),
            Deed::RunForEver => puppet::run_for_ever(),
            Deed::Balance(of) => self.done_to(*of, puppet::balance),
            Deed::BlockHash(number) => puppet::block_hash((*number).into()),
            Deed::Context => puppet::context(),
            Deed::Send(to, value) => self.done_to(*to, |to| puppet::call(to, (*value).into(), &[])),
            Deed::SelfDestruct(to) => self.done_to(*to, puppet::self_destruct),
            Deed::Call(to, value, deeds) => {
                self.done_to(*to, |to| puppet::call(to, (*value).into(), &self.encode_all(deeds)))
            }
            Deed::Delegate(to, deeds) => {
                self.done_to(*to, |to| puppet::delegate(to, &self.encode_all(deeds)))
            }
            Deed::CallStatic(to, deeds) => {
                self.done_to(*to, |to| puppet::call_static(to, &self.encode_all(deeds)))
            }
            Deed::Create(value, deeds) => {
                puppet::create((*value).into(), &actor::init(&self.encode_all(deeds)))
            }
            Deed::Create2(salt, value, deeds) => puppet::create2(
                puppet::word(*salt),
                (*value).into(),
                &actor::init(&self.encode_all(deeds)),
            ),
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Create { signer, salt, value, gas, deeds } => {
                let action =
                    salt.map_or(Action::Create, |salt| Action::Create2(puppet::word(salt)));
                let init = actor::init(&self.encode_all(deeds));
                let signer = self.signer(*signer).clone();
                self.twin.run(&signer, action, init, (*value).into(), gas.limit());
            }
            Step::Call { signer, target, value, gas, deeds } => {
                let signer = self.signer(*signer).clone();
                let (target, input) = (self.address(*target), self.encode_all(deeds));
                self.twin.call(&signer, target, input, (*value).into(), gas.limit());
            }
            Step::Transfer { signer, target, value } => {
                self.transfer(*signer, *target, (*value).into())
            }
            Step::Block { slots } => {
                let weight = <Test as crate::Config>::WeightInfo::remove_slots((*slots).into());
                <Ewasm as Hooks<u64>>::on_idle(System::block_number(), weight);
                Ewasm::do_try_state().expect("the storage is consistent");
                self.twin.next_block();
            }
        }
        for contract in self.twin.contracts() {
            if self.known.insert(contract) {
                self.contracts.push(contract);
            }
        }
    }

    /// The reference takes over the two balances, which are all that can have changed.
    fn transfer(&mut self, signer: u8, target: Target, value: Balance) {
        let (from, at) = (self.signer(signer).clone(), self.address(target));
        let dest = Ewasm::account_of(&at);
        let result = apply(&from, pallet_balances::Call::transfer_keep_alive { dest, value });
        self.twin.count_nonce(&from);
        if result.is_ok() {
            self.twin.take_over_balance(super::address_of(&from));
            self.twin.take_over_balance(at);
        }
        self.twin.compare();
    }
}

fn check(revision: Revision, steps: &[Step]) {
    new_test_ext().execute_with(|| {
        MockRevision::set(revision);
        let mut world = World::new();
        for step in steps {
            world.take(step);
        }
        <Ewasm as Hooks<u64>>::on_idle(System::block_number(), Weight::MAX);
        assert_eq!(DeletionQueue::<Test>::count(), 0);
        let items: u32 =
            crate::Contracts::<Test>::iter_values().map(|info| info.items).sum::<u32>();
        assert_eq!(
            Slots::<Test>::iter().count(),
            items as usize,
            "no slot of a contract that is gone is left"
        );
        world.twin.compare();
    });
}

/// Runs 48 cases, or `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let cases =
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48);
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 200,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn random_runs_agree_with_the_engines_own_host(steps in vec(step(), 1..14)) {
        check(Revision::NEWEST, &steps);
    }

    /// Until Shanghai, self-destruct removes any contract.
    #[test]
    fn random_runs_agree_with_the_engines_own_host_where_contracts_can_end(
        steps in vec(step(), 1..14)
    ) {
        check(Revision::Shanghai, &steps);
    }
}

#[test]
fn random_runs_have_effects() {
    // Guards against a generator whose every transaction fails.
    new_test_ext().execute_with(|| {
        let mut world = World::new();
        let inner = vec![Deed::Store(1, 2), Deed::Log(1), Deed::Send(Target::Stranger(1), 7)];
        let deeds = vec![
            Deed::Create(3_000, inner.clone()),
            Deed::Create2(1, 20, inner),
            Deed::Balance(Target::Itself),
        ];
        world.take(&Step::Create {
            signer: 0,
            salt: None,
            value: 5_000,
            gas: Gas::Much,
            deeds: Vec::new(),
        });
        world.take(&Step::Call {
            signer: 1,
            target: Target::Contract(0),
            value: 9,
            gas: Gas::Much,
            deeds,
        });
        assert_eq!(world.contracts.len(), 3);
        let stored = world
            .contracts
            .iter()
            .filter(|at| Ewasm::storage_at(**at, puppet::word(1)) == puppet::word(2));
        assert_eq!(stored.count(), 2);
        assert_eq!(Ewasm::balance_at(H160::repeat_byte(0xe1)), 14);
    });
}
