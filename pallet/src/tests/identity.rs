//! A runtime whose accounts are addresses.
#![allow(missing_docs)]

use frame_support::traits::{ConstU32, ConstU64, ConstU128, fungible::Mutate};
use frame_support::{assert_ok, derive_impl};
use frame_system::EnsureSigned;
use sp_core::H160;
use sp_runtime::traits::IdentityLookup;

use super::puppet;
use crate::mock::{BaseFee, GasPrice, MockCosts, MockLimits, MockRevision};
use crate::weights::SubstrateWeight;
use crate::{Contracts, FixedGasWeight, IdentityMapping, OriginalAccount};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask
    )]
    pub struct Test;

    #[runtime::pallet_index(0)]
    pub type System = frame_system::Pallet<Test>;

    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp::Pallet<Test>;

    #[runtime::pallet_index(2)]
    pub type Balances = pallet_balances::Pallet<Test>;

    #[runtime::pallet_index(3)]
    pub type Ewasm = crate::Pallet<Test>;
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountData = pallet_balances::AccountData<u128>;
    type AccountId = H160;
    type Block = frame_system::mocking::MockBlock<Test>;
    type Lookup = IdentityLookup<H160>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = u128;
    type ExistentialDeposit = ConstU128<10>;
}

impl crate::Config for Test {
    type AddressMapping = IdentityMapping;
    type BaseFee = BaseFee;
    type BlockGasLimit = ConstU64<30_000_000>;
    type CallOrigin = EnsureSigned<H160>;
    type ChainId = ConstU64<1>;
    type CreateOrigin = EnsureSigned<H160>;
    type Currency = Balances;
    type DepositPerByte = ConstU128<1>;
    type DepositPerItem = ConstU128<1>;
    type EngineLimits = MockLimits;
    type FindAuthor = ();
    type GasPrice = GasPrice;
    type GasWeight = FixedGasWeight<ConstU64<25_000>, ConstU64<2>, ConstU64<10_000>>;
    type InstructionCosts = MockCosts;
    type MaxCodeSize = ConstU32<{ 128 << 10 }>;
    type MaxInputSize = ConstU32<1024>;
    type MaxLogEntries = ConstU32<0>;
    type Precompiles = ();
    type Revision = MockRevision;
    type RuntimeHeap = ConstU64<{ 1 << 30 }>;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Time = Timestamp;
    type TransactionGasLimit = ConstU64<15_000_000>;
    type WeightInfo = SubstrateWeight<Self>;
}

#[test]
fn accounts_that_are_addresses_need_no_mapping() {
    sp_io::TestExternalities::default().execute_with(|| {
        System::set_block_number(1);
        Timestamp::set_timestamp(1_700_000_000_000);
        let alice = H160::repeat_byte(1);
        Balances::set_balance(&alice, 1_000_000);
        System::inc_account_nonce(alice);
        assert_ok!(Ewasm::create(RuntimeOrigin::signed(alice), puppet::init(), 500, super::GAS));
        let address = Contracts::<Test>::iter_keys().next().expect("the contract is there");
        assert_eq!(address.0, alloy_primitives::Address::from(alice.0).create(0).0.0);
        assert_eq!(Ewasm::account_of(&address), address);
        assert_eq!(Ewasm::balance_at(address), 500);
        assert!(OriginalAccount::<Test>::iter().next().is_none());

        System::inc_account_nonce(alice);
        assert_ok!(Ewasm::call(RuntimeOrigin::signed(alice), address, puppet::store(1, 1), 0, super::GAS));
        assert_eq!(Ewasm::storage_at(address, puppet::word(1)), puppet::word(1));

        // This runtime has no index of logs; they are events all the same.
        System::inc_account_nonce(alice);
        let log = puppet::log(puppet::word(3), b"data");
        assert_ok!(Ewasm::call(RuntimeOrigin::signed(alice), address, log, 0, super::GAS));
        let is_log = |record: &&frame_system::EventRecord<_, _>| {
            matches!(record.event, RuntimeEvent::Ewasm(crate::Event::Log { .. }))
        };
        let records = System::events();
        let log = records.iter().find(is_log).expect("the log is an event");
        let topics = vec![puppet::word(3)];
        assert_eq!(log.event, RuntimeEvent::Ewasm(crate::Event::Log { address, topics, data: b"data".to_vec() }));
        assert!(log.topics.is_empty() && System::event_topics(puppet::word(3)).is_empty());
        Ewasm::do_try_state().expect("the state is consistent");
    });
}
