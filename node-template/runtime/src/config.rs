//! The pallets and their settings.
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstBool, ConstU8, ConstU32, ConstU64, FindAuthor, InstanceFilter, VariantCountOf},
};
use scale_info::TypeInfo;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_core::ByteArray;
use sp_runtime::{
    ConsensusEngineId,
    traits::{AccountIdLookup, BlakeTwo256},
};

use crate::{
    AccountId, Aura, Balance, Balances, Block, Hash, Nonce, OriginCaller, PalletInfo, Runtime,
    RuntimeCall, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, RuntimeOrigin, RuntimeTask,
    System, VERSION,
    fees::{EXISTENTIAL_DEPOSIT, FeeAdjustment, PriceOfLength, PriceOfWeight, ToAuthor, deposit},
    limits::{
        BlockHashCount, DbWeight, RuntimeBlockLength, RuntimeBlockWeights, SLOT_MILLISECONDS,
    },
};

/// The most validators that a chain may have.
pub const MAX_VALIDATORS: u32 = 100;

parameter_types! {
    /// The version of this runtime.
    pub const Version: sp_version::RuntimeVersion = VERSION;
    /// [`EXISTENTIAL_DEPOSIT`].
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
    /// For an entry of the proxy map: its key and the reserved balance.
    pub const ProxyDepositBase: Balance = deposit(1, 48);
    /// For each proxy of an account: its id, kind and delay.
    pub const ProxyDepositFactor: Balance = deposit(0, 37);
    /// For an entry of the map of announcements.
    pub const AnnouncementDepositBase: Balance = deposit(1, 48);
    /// For each announcement: account, hash of the call, and block.
    pub const AnnouncementDepositFactor: Balance = deposit(0, 68);
    /// For a multisig call that waits: key, time, deposit and depositor.
    pub const MultisigDepositBase: Balance = deposit(1, 136);
    /// For each signatory of a call that waits.
    pub const MultisigDepositFactor: Balance = deposit(0, 32);
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type Block = Block;
    type AccountId = AccountId;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type Nonce = Nonce;
    type Hash = Hash;
    type Hashing = BlakeTwo256;
    type BlockHashCount = BlockHashCount;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type DbWeight = DbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    // 42: the generic prefix of addresses.
    type SS58Prefix = frame_support::traits::ConstU16<42>;
    // One for each pallet that may hold an account, with room for more.
    type MaxConsumers = ConstU32<64>;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    type MinimumPeriod = ConstU64<{ SLOT_MILLISECONDS / 2 }>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type DisabledValidators = ();
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<SLOT_MILLISECONDS>;
}

/// The author of a block: the account whose public key is the slot's Aura key. It receives the
/// fees, and contracts see it as the coinbase.
pub struct AuthorAccount;

impl FindAuthor<AccountId> for AuthorAccount {
    fn find_author<'a, I>(digests: I) -> Option<AccountId>
    where
        I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
    {
        let index = usize::try_from(Aura::find_author(digests)?).ok()?;
        let authorities = pallet_aura::Authorities::<Runtime>::get();
        AccountId::try_from(authorities.get(index)?.as_slice()).ok()
    }
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = AuthorAccount;
    type EventHandler = ();
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<MAX_VALIDATORS>;
    type MaxNominators = ConstU32<0>;
    // Nothing is staked that could be slashed, so double votes are not reported.
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type Balance = Balance;
    type DustRemoval = ();
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = pallet_transaction_payment::FungibleAdapter<Balances, ToAuthor>;
    type WeightToFee = PriceOfWeight;
    type LengthToFee = PriceOfLength;
    type FeeMultiplierUpdate = FeeAdjustment;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

/// The calls that a proxy may make for its account.
#[derive(
    Copy,
    Clone,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    Any,
    /// Everything that moves no balance of the account.
    NonTransfer,
    /// Reject announced calls of other proxies.
    CancelProxy,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            // Contracts may move the balance of their callers.
            Self::NonTransfer => matches!(
                call,
                RuntimeCall::System(_)
                    | RuntimeCall::Utility(_)
                    | RuntimeCall::Proxy(_)
                    | RuntimeCall::Multisig(_)
            ),
            Self::CancelProxy => {
                matches!(call, RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. }))
            }
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (Self::NonTransfer, Self::CancelProxy) => true,
            (own, other) => own == other,
        }
    }
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ProxyDepositBase;
    type ProxyDepositFactor = ProxyDepositFactor;
    type MaxProxies = ConstU32<32>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = AnnouncementDepositBase;
    type AnnouncementDepositFactor = AnnouncementDepositFactor;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = MultisigDepositBase;
    type DepositFactor = MultisigDepositFactor;
    type MaxSignatories = ConstU32<100>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
}
