//! The smallest runtime that has the pallet, for tests and as an example.
// The macros make public items without documentation.
#![allow(missing_docs)]

use frame_support::traits::{ConstU32, ConstU64, ConstU128, Contains, FindAuthor};
use frame_support::weights::Weight;
use frame_support::{derive_impl, parameter_types};
use frame_system::EnsureSigned;
use sp_core::{H160, U256};
use sp_runtime::traits::IdentityLookup;
use sp_runtime::{AccountId32, BuildStorage, ConsensusEngineId, Perbill};
use tephra_core::ewasm::{Message, Outcome, Status};

use crate::precompiles::{self, Dispatch, Manner, Precompile, State};
use crate::weights::SubstrateWeight;
use crate::{
    EngineLimits, FixedGasWeight, GenesisContract, HashedMapping, InstructionCosts, Revision,
};

/// Accounts of the mock.
pub type AccountId = AccountId32;

/// Balances of the mock.
pub type Balance = u128;

type Block = frame_system::mocking::MockBlock<Test>;

#[frame_support::runtime]
mod runtime {
    /// The runtime.
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
    type AccountData = pallet_balances::AccountData<Balance>;
    type AccountId = AccountId;
    type Block = Block;
    type Lookup = IdentityLookup<AccountId>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {
    type MinimumPeriod = ConstU64<3_000>;
}

/// The existential deposit.
pub const EXISTENTIAL_DEPOSIT: Balance = 1_000;

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
}

/// Picoseconds per gas. A real runtime measures its own, see `docs/pallet.md`: with
/// [`InstructionCosts::EWASM`] it is more than ten times this.
pub const TIME_PER_GAS: u64 = 25_000;

/// Bytes of proof per gas. They bound reads of the state, above all of the code of nested calls.
pub const PROOF_PER_GAS: u64 = 2;

/// Picoseconds per gas for unmetered work.
pub const WORK_PER_GAS: u64 = 10_000;

/// Deposit for an item of storage.
pub const DEPOSIT_PER_ITEM: Balance = 100;

/// Deposit for a byte of storage.
pub const DEPOSIT_PER_BYTE: Balance = 2;

/// The largest gas limit of an extrinsic.
pub const TRANSACTION_GAS_LIMIT: u64 = 15_000_000;

parameter_types! {
    /// The price of gas that contracts see.
    pub GasPrice: U256 = U256::from(7);
    /// The base fee that contracts see.
    pub BaseFee: U256 = U256::from(3);
    /// The revision in force; a test may choose another.
    pub static MockRevision: Revision = Revision::NEWEST;
    /// Sizes of the engine; a test may choose others.
    pub static MockLimits: EngineLimits = EngineLimits::HEAP_1_GIB;
    /// Gas of instructions: the command's.
    pub const MockCosts: InstructionCosts = InstructionCosts::EWASM;
    /// The deposit for an item; a test may choose another.
    pub static MockDepositPerItem: Balance = DEPOSIT_PER_ITEM;
    /// The deposit for a byte; a test may choose another.
    pub static MockDepositPerByte: Balance = DEPOSIT_PER_BYTE;
    /// The part of a code's deposit that each contract holds; a test may choose another.
    pub static MockLockup: Perbill = Perbill::one();
    /// The block's author; a test may choose one.
    pub static Author: Option<AccountId> = None;
}

impl crate::Config for Test {
    type AddressMapping = HashedMapping<Self>;
    type BaseFee = BaseFee;
    type BlockGasLimit = ConstU64<30_000_000>;
    type CallOrigin = EnsureSigned<AccountId>;
    type ChainId = ConstU64<1337>;
    type CodeHashLockupDepositPercent = MockLockup;
    type CreateOrigin = EnsureSigned<AccountId>;
    type Currency = Balances;
    type DepositPerByte = MockDepositPerByte;
    type DepositPerItem = MockDepositPerItem;
    type EngineLimits = MockLimits;
    type FindAuthor = MockAuthor;
    type GasPrice = GasPrice;
    type GasWeight =
        FixedGasWeight<ConstU64<TIME_PER_GAS>, ConstU64<PROOF_PER_GAS>, ConstU64<WORK_PER_GAS>>;
    type InstructionCosts = MockCosts;
    type MaxCodeSize = ConstU32<{ 128 << 10 }>;
    type MaxInputSize = ConstU32<{ 128 << 10 }>;
    type MaxLogEntries = ConstU32<256>;
    type Precompiles = (Dispatch<MayDispatch>, Reverse, Borrowed);
    type Revision = MockRevision;
    type RuntimeHeap = ConstU64<{ 1 << 30 }>;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Time = Timestamp;
    type TransactionGasLimit = ConstU64<TRANSACTION_GAS_LIMIT>;
    type WeightInfo = SubstrateWeight<Self>;
}

/// The calls that contracts may dispatch: all but those of the timestamp.
pub struct MayDispatch;

impl Contains<RuntimeCall> for MayDispatch {
    fn contains(call: &RuntimeCall) -> bool {
        !matches!(call, RuntimeCall::Timestamp(_))
    }
}

/// The author that a test chose.
pub struct MockAuthor;

impl FindAuthor<AccountId> for MockAuthor {
    fn find_author<'a, I>(_digests: I) -> Option<AccountId>
    where
        I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
    {
        Author::get()
    }
}

/// A precompiled contract of the runtime: returns its input in reverse, for 15 gas and 3 for each
/// byte.
pub struct Reverse;

impl Precompile<Test> for Reverse {
    const ADDRESS: H160 = H160([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1]);

    fn run(_state: &mut State<Test>, message: &Message) -> Outcome {
        let price = 15_u64.saturating_add(3_u64.saturating_mul(message.input.len() as u64));
        if price > message.gas {
            return Outcome::failure(Status::OutOfGas);
        }
        precompiles::succeed(message, price, message.input.iter().rev().copied().collect())
    }
}

/// Returns how it is called, in every manner: two bytes, the second of which is 1 when nothing may
/// change.
pub struct Borrowed;

impl Precompile<Test> for Borrowed {
    const ADDRESS: H160 = H160([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 2]);
    const MAY_BE_BORROWED: bool = true;

    fn run(_state: &mut State<Test>, message: &Message) -> Outcome {
        let (manner, is_static) = match Manner::of(message) {
            Manner::Plain => (0, false),
            Manner::Static => (0, true),
            Manner::Code { is_static } => (1, is_static),
            Manner::Delegate { is_static } => (2, is_static),
        };
        precompiles::succeed(message, 15, vec![manner, u8::from(is_static)])
    }
}

/// Returns the account with this number.
pub fn account(number: u8) -> AccountId {
    AccountId::new([number; 32])
}

/// Returns an account with a large balance.
pub fn alice() -> AccountId {
    account(1)
}

/// Returns another account with a large balance.
pub fn bob() -> AccountId {
    account(2)
}

/// The balances of Alice and Bob.
pub const MUCH: Balance = 1_000_000_000_000_000;

/// Returns a runtime in its first block, with contracts from genesis.
pub fn with_contracts(contracts: Vec<GenesisContract<Balance>>) -> sp_io::TestExternalities {
    let genesis = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig {
            balances: vec![(alice(), MUCH), (bob(), MUCH)],
            ..Default::default()
        },
        ewasm: crate::GenesisConfig { contracts },
        ..Default::default()
    };
    let storage = genesis.build_storage().expect("the mock's genesis is valid");
    let mut externalities = sp_io::TestExternalities::new(storage);
    externalities.execute_with(|| {
        System::set_block_number(1);
        Timestamp::set_timestamp(1_700_000_000_123);
    });
    externalities
}

/// Returns a runtime in its first block.
pub fn new_test_ext() -> sp_io::TestExternalities {
    with_contracts(Vec::new())
}

/// More weight than anything needs.
pub const ENOUGH: Weight = Weight::from_parts(u64::MAX / 2, u64::MAX / 2);
