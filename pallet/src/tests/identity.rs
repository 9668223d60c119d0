//! A runtime whose accounts are addresses.
#![allow(missing_docs)]

use frame_support::traits::{ConstU32, ConstU64, ConstU128, fungible::Mutate};
use frame_support::{assert_noop, assert_ok, derive_impl};
use frame_system::EnsureSigned;
use sp_core::H160;
use sp_runtime::traits::IdentityLookup;

use super::puppet;
use crate::mock::{BaseFee, GasPrice, MockCosts, MockLimits, MockLockup, MockRevision};
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
    type CodeHashLockupDepositPercent = MockLockup;
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
        assert_ok!(Ewasm::create(
            RuntimeOrigin::signed(alice),
            puppet::init(),
            500,
            super::GAS,
            None
        ));
        let address = Contracts::<Test>::iter_keys().next().expect("the contract is there");
        assert_eq!(address.0, alloy_primitives::Address::from(alice.0).create(0).0.0);
        assert_eq!(Ewasm::account_of(&address), address);
        assert_eq!(Ewasm::balance_at(address), 500);
        assert!(OriginalAccount::<Test>::iter().next().is_none());

        System::inc_account_nonce(alice);
        assert_ok!(Ewasm::call(
            RuntimeOrigin::signed(alice),
            address,
            puppet::store(1, 1),
            0,
            super::GAS,
            None
        ));
        assert_eq!(Ewasm::storage_at(address, puppet::word(1)), puppet::word(1));

        // This runtime has no index of logs, but they are events.
        System::inc_account_nonce(alice);
        let log = puppet::log(puppet::word(3), b"data");
        assert_ok!(Ewasm::call(RuntimeOrigin::signed(alice), address, log, 0, super::GAS, None));
        let is_log = |record: &&frame_system::EventRecord<_, _>| {
            matches!(record.event, RuntimeEvent::Ewasm(crate::Event::Log { .. }))
        };
        let records = System::events();
        let log = records.iter().find(is_log).expect("the log is an event");
        let topics = vec![puppet::word(3)];
        assert_eq!(
            log.event,
            RuntimeEvent::Ewasm(crate::Event::Log { address, topics, data: b"data".to_vec() })
        );
        assert!(log.topics.is_empty() && System::event_topics(puppet::word(3)).is_empty());
        Ewasm::do_try_state().expect("the state is consistent");
    });
}

#[test]
fn a_contract_cannot_sign_although_its_address_is_an_account() {
    sp_io::TestExternalities::default().execute_with(|| {
        System::set_block_number(1);
        Timestamp::set_timestamp(1_700_000_000_000);
        let alice = H160::repeat_byte(1);
        Balances::set_balance(&alice, 10_000_000);
        // One with code, and one without, which Ethereum's rule (EIP-3607) does not cover.
        for init in [puppet::init(), puppet::init_of(&[])] {
            System::inc_account_nonce(alice);
            assert_ok!(Ewasm::create(
                RuntimeOrigin::signed(alice),
                init,
                500_000,
                super::GAS,
                None
            ));
        }
        let refused: sp_runtime::DispatchError = crate::Error::<Test>::SignerIsContract.into();
        for contract in Contracts::<Test>::iter_keys() {
            let signed = || RuntimeOrigin::signed(contract);
            let call = Ewasm::call(signed(), alice, Vec::new(), 1, super::GAS, None);
            assert_eq!(super::error(call), refused);
            let create = Ewasm::create(signed(), puppet::init(), 0, super::GAS, None);
            assert_eq!(super::error(create), refused);
            assert_noop!(Ewasm::upload_code(signed(), puppet::code(), None), refused);
            assert_noop!(Ewasm::map_account(signed()), refused);
        }
    });
}

#[test]
fn a_reaped_account_that_returns_creates_at_a_new_address() {
    sp_io::TestExternalities::default().execute_with(|| {
        System::set_block_number(1);
        Timestamp::set_timestamp(1_700_000_000_000);
        let alice = H160::repeat_byte(1);
        Balances::set_balance(&alice, 10_000_000);
        let create = || {
            System::inc_account_nonce(alice);
            assert_ok!(Ewasm::create(
                RuntimeOrigin::signed(alice),
                puppet::init_of(&[]),
                0,
                super::GAS,
                None
            ));
        };
        (0..8).for_each(|_| create());
        System::reset_events();
        frame_system::Account::<Test>::mutate(alice, |account| account.nonce = 0);
        create();
        assert_eq!(Contracts::<Test>::iter().count(), 9);
        let ninth = alloy_primitives::Address::from(alice.0).create(8);
        assert!(Contracts::<Test>::contains_key(H160(ninth.0.0)));
        assert_eq!(System::account_nonce(alice), 9);
    });
}
