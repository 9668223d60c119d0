//! Ewasm contracts in a Substrate runtime: WebAssembly with Ethereum's rules, run by the Tephra
//! engine inside the runtime.
//!
//! A contract gives the same result, gas and logs as with the `tephra` command and in an Ethereum
//! client, since all of them run the same engine on the same journaled state. For that,
//! [`Config::InstructionCosts`] and [`Config::EngineLimits`] have to be the same too.
//!
//! The pallet reads and writes FRAME's storage for the engine, moves value in the runtime's
//! currency, turns gas into weight, and holds deposits for what is stored.
//!
//! - [`Config`] lists what a runtime decides,
//!   [`mock`](https://github.com/tephra-vm/tephra/blob/main/pallet/src/mock.rs) is the smallest
//!   runtime with the pallet, and `docs/pallet.md` explains both.
//! - [`EwasmApi`](runtime_api::EwasmApi) is the runtime API: dry runs, gas estimates, traces, and
//!   reads of the state.
//!
//! Behind this file are rooms, each of which uses only those before it:
//!
//! | room | holds |
//! |---|---|
//! | `engine` | the engine with the runtime's configuration, its limits and its version |
//! | `weight` | the weight of gas and of unmetered work, and what a gas limit reserves |
//! | `storage` | accounts, contracts, slots, code and deposits, and their reads and writes |
//! | `precompiles` | functions of the runtime that contracts call |
//! | `execution` | the `Runner` of calls and creates |
//! | `api` | the runtime API and its dry runs |
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod api;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod engine;
mod execution;
#[cfg(feature = "std")]
mod integrity;
#[cfg(any(test, feature = "mock"))]
pub mod mock;
pub mod precompiles;
mod storage;
#[cfg(test)]
mod tests;
mod weight;
pub mod weights;

pub use api::runtime_api;
pub use engine::{ENGINE_VERSION, EngineLimits};
pub use execution::{Clock, NODE_CLOCK};
pub use pallet::*;
pub use storage::{
    AddressMapping, BackendError, BalanceOf, CodeInfo, ContractInfo, Deposits, EMPTY_CODE_HASH,
    GenesisContract, HashedMapping, IdentityMapping, PalletBackend, Slot, Upload,
};
pub use tephra_core;
pub use tephra_core::ewasm::OpenLimits;
pub use tephra_core::revision::Revision;
pub use tephra_core::wasm::InstructionCosts;
pub use weight::{FixedGasWeight, GasWeight};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use alloc::vec::Vec;

    use frame_support::pallet_prelude::*;
    use frame_support::traits::{FindAuthor, fungible};
    use frame_system::pallet_prelude::*;
    use sp_core::{H160, H256, U256};
    use sp_runtime::Perbill;

    use super::*;
    use crate::execution::{Action, Invocation, Limits, Runner};
    use crate::precompiles::PrecompileSet;
    use crate::storage::accounts::Accounts;
    use crate::storage::code::CodeStore;
    use crate::storage::deletion::remove_slots;

    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// What a runtime decides.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The currency of value, deposits and contracts' balances. One unit is one wei.
        type Currency: fungible::Inspect<Self::AccountId>
            + fungible::Mutate<Self::AccountId>
            + fungible::hold::Mutate<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// The runtime's reasons for holding balance.
        type RuntimeHoldReason: From<HoldReason>;

        /// The correspondence of accounts and addresses: [`HashedMapping`], or [`IdentityMapping`]
        /// where accounts are addresses.
        type AddressMapping: AddressMapping<Self::AccountId>;

        /// The origins that may create contracts and upload code. With
        /// [`EnsureSigned`](frame_system::EnsureSigned), every account may.
        type CreateOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Self::AccountId>;

        /// The origins that may call contracts.
        type CallOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Self::AccountId>;

        /// The time that contracts see, in whole seconds: `pallet_timestamp`, or a [`Clock`] that
        /// knows better when the next block can come.
        type Time: Clock;

        /// The block's author, which contracts see as `coinbase`. With `()`, the zero address.
        type FindAuthor: FindAuthor<Self::AccountId>;

        /// The chain id of EIP-155 that contracts see.
        #[pallet::constant]
        type ChainId: Get<u64>;

        /// The price of gas that contracts see, in wei. What is paid is the runtime's fee for
        /// weight.
        type GasPrice: Get<U256>;

        /// The base fee that contracts see.
        type BaseFee: Get<U256>;

        /// The block's gas limit that contracts see. Its weight must fit a block.
        #[pallet::constant]
        type BlockGasLimit: Get<u64>;

        /// The largest gas limit of an extrinsic. Its weight must fit one.
        #[pallet::constant]
        type TransactionGasLimit: Get<u64>;

        /// The weight of gas: [`FixedGasWeight`].
        type GasWeight: GasWeight;

        /// The revision of Ethereum's rules in force: [`Revision::NEWEST`] for a new chain.
        type Revision: Get<Revision>;

        /// The gas of instructions. The command and EVMC charge [`InstructionCosts::EWASM`].
        ///
        /// Interface calls take far less time per gas than instructions. A runtime that wants room
        /// for more of them in a block has [`InstructionCosts::scaled`] prices and a smaller
        /// [`Self::GasWeight`].
        type InstructionCosts: Get<InstructionCosts>;

        /// The sizes of the engine, which must fit the runtime's heap.
        type EngineLimits: Get<EngineLimits>;

        /// The bytes of the heap that the executor gives the runtime: 128 MiB, unless the storage
        /// item `:heappages` says otherwise. [`Self::EngineLimits`] is checked against it.
        type RuntimeHeap: Get<u64>;

        /// The precompiled contracts besides Ethereum's: a tuple with
        /// [`Dispatch`](crate::precompiles::Dispatch) and the runtime's own, or `()`.
        type Precompiles: PrecompileSet<Self>;

        /// The most entries that the logs of an extrinsic make in the block's index of events: for
        /// each log, one for its contract's address and one for each topic, as far as they differ.
        /// With 0 nothing is indexed; logs are still events, which hold their topics.
        #[pallet::constant]
        type MaxLogEntries: Get<u32>;

        /// The largest call data of an extrinsic, in bytes. Init code has the revision's limit, 256
        /// KiB.
        #[pallet::constant]
        type MaxInputSize: Get<u32>;

        /// The largest code of a contract, in bytes: at least the engine's limit, 128 KiB.
        #[pallet::constant]
        type MaxCodeSize: Get<u32>;

        /// The deposit for each item of storage.
        #[pallet::constant]
        type DepositPerItem: Get<BalanceOf<Self>>;

        /// The deposit for each byte of storage.
        #[pallet::constant]
        type DepositPerByte: Get<BalanceOf<Self>>;

        /// The part of a code's deposit that each contract with that code holds. The uploader's
        /// deposit does not count, since it can be withdrawn at any time.
        ///
        /// With 100 %, a code in use is always paid for, even by a single contract. With less,
        /// contracts that share a code are cheaper, and a code with few contracts is stored for
        /// less than its price.
        #[pallet::constant]
        type CodeHashLockupDepositPercent: Get<Perbill>;

        /// The weights of dispatchables and of the work around the engine.
        type WeightInfo: WeightInfo;
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_idle(_block: BlockNumberFor<T>, remaining: Weight) -> Weight {
            remove_slots::<T>(remaining)
        }

        #[cfg(feature = "std")]
        fn integrity_test() {
            crate::integrity::check::<T>();
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_block: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Creates a contract at the address that the signer's address and nonce give. `code` is
        /// the init code, with the constructor's arguments in a custom section.
        ///
        /// Fails when the signer would pay more for deposits, less what it gets back, than
        /// `storage_deposit_limit`. Existential deposits of new accounts count. Without a limit,
        /// the signer pays whatever it can afford.
        #[pallet::call_index(0)]
        #[pallet::weight(Action::Create.declared_weight::<T>(code.len(), value, *gas_limit))]
        pub fn create(
            origin: OriginFor<T>,
            code: Vec<u8>,
            value: BalanceOf<T>,
            gas_limit: u64,
            storage_deposit_limit: Option<BalanceOf<T>>,
        ) -> DispatchResultWithPostInfo {
            let signer = T::CreateOrigin::ensure_origin(origin)?;
            let limits = Limits { gas: gas_limit, storage_deposit_limit };
            let action = Action::Create;
            Runner::<T>::extrinsic(Invocation {
                signer: &signer,
                action,
                data: code,
                value,
                limits,
            })
        }

        /// Creates a contract at the address that the signer's address, `salt` and `code` give
        /// (EIP-1014). The other arguments are those of [`Self::create`].
        #[pallet::call_index(1)]
        #[pallet::weight(
            Action::Create2(*salt).declared_weight::<T>(code.len(), value, *gas_limit)
        )]
        pub fn create2(
            origin: OriginFor<T>,
            code: Vec<u8>,
            value: BalanceOf<T>,
            gas_limit: u64,
            storage_deposit_limit: Option<BalanceOf<T>>,
            salt: H256,
        ) -> DispatchResultWithPostInfo {
            let signer = T::CreateOrigin::ensure_origin(origin)?;
            let limits = Limits { gas: gas_limit, storage_deposit_limit };
            let action = Action::Create2(salt);
            Runner::<T>::extrinsic(Invocation {
                signer: &signer,
                action,
                data: code,
                value,
                limits,
            })
        }

        /// Calls a contract, or sends value to an address. The `storage_deposit_limit` is that of
        /// [`Self::create`].
        #[pallet::call_index(2)]
        #[pallet::weight(
            Action::Call(*target).declared_weight::<T>(input.len(), value, *gas_limit)
        )]
        pub fn call(
            origin: OriginFor<T>,
            target: H160,
            input: Vec<u8>,
            value: BalanceOf<T>,
            gas_limit: u64,
            storage_deposit_limit: Option<BalanceOf<T>>,
        ) -> DispatchResultWithPostInfo {
            let signer = T::CallOrigin::ensure_origin(origin)?;
            let limits = Limits { gas: gas_limit, storage_deposit_limit };
            let action = Action::Call(target);
            Runner::<T>::extrinsic(Invocation {
                signer: &signer,
                action,
                data: input,
                value,
                limits,
            })
        }

        /// Stores the run-time code of future contracts for a deposit, which
        /// [`Self::remove_code`] gives back at any time. Fails when the deposit is more than
        /// `storage_deposit_limit`.
        #[pallet::call_index(3)]
        #[pallet::weight(CodeStore::<T>::upload_weight(code.len()))]
        pub fn upload_code(
            origin: OriginFor<T>,
            code: Vec<u8>,
            storage_deposit_limit: Option<BalanceOf<T>>,
        ) -> DispatchResult {
            let signer = T::CreateOrigin::ensure_origin(origin)?;
            Runner::<T>::ensure_not_dispatching()?;
            CodeStore::<T>::upload(&signer, code, storage_deposit_limit)
        }

        /// Gives back the deposit for code that the signer uploaded. The code is removed once no
        /// contract has it; until then, the deposits of its contracts pay for it.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::remove_code())]
        pub fn remove_code(origin: OriginFor<T>, code_hash: H256) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Runner::<T>::ensure_not_dispatching()?;
            CodeStore::<T>::end_upload(&signer, code_hash)
        }

        /// Stores whose the signer's address is, so that value sent there arrives. The first create
        /// or call does the same.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::map_account())]
        pub fn map_account(origin: OriginFor<T>) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Runner::<T>::ensure_not_dispatching()?;
            Accounts::<T>::register(&signer).map(|_| ())
        }

        /// Removes the record of whose the signer's address is, and gives the deposit back. Value
        /// sent there later waits until the account is mapped again.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::unmap_account())]
        pub fn unmap_account(origin: OriginFor<T>) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Runner::<T>::ensure_not_dispatching()?;
            Accounts::<T>::unregister(&signer)
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An extrinsic created a contract. Contracts created by contracts have no event.
        Created {
            /// The account that signed.
            signer: T::AccountId,
            /// The contract's address.
            address: H160,
            /// The gas used.
            gas_used: u64,
            /// The change of the signer's deposits.
            deposits: Deposits<BalanceOf<T>>,
        },
        /// An extrinsic called an address.
        Executed {
            /// The account that signed.
            signer: T::AccountId,
            /// The address that was called.
            target: H160,
            /// The gas used.
            gas_used: u64,
            /// The change of the signer's deposits.
            deposits: Deposits<BalanceOf<T>>,
        },
        /// A contract's log. The block's index of events has it under the contract's address (the
        /// last 20 of 32 bytes) and under each of its topics.
        Log {
            /// The contract.
            address: H160,
            /// At most four topics.
            topics: Vec<H256>,
            /// The data.
            data: Vec<u8>,
        },
        /// Code was stored.
        CodeStored {
            /// Keccak-256 of the code.
            code_hash: H256,
        },
        /// Code was uploaded. It stays until its owner removes it, whether or not contracts have
        /// it.
        CodeUploaded {
            /// Keccak-256 of the code.
            code_hash: H256,
            /// The account whose deposit is held.
            owner: T::AccountId,
            /// The deposit.
            deposit: BalanceOf<T>,
        },
        /// The uploader of a code got the deposit back. The code stays as long as contracts have
        /// it.
        CodeReleased {
            /// Keccak-256 of the code.
            code_hash: H256,
            /// The account whose deposit was held.
            owner: T::AccountId,
            /// The deposit.
            deposit: BalanceOf<T>,
        },
        /// Code was removed.
        CodeRemoved {
            /// Keccak-256 of the code.
            code_hash: H256,
        },
        /// A contract ended. Its slots are removed in the following blocks.
        Terminated {
            /// The contract's address.
            address: H160,
        },
        /// The owner of an address was stored.
        AccountMapped {
            /// The account.
            account: T::AccountId,
            /// The account's address.
            address: H160,
        },
        /// The owner of an address was removed.
        AccountUnmapped {
            /// The account.
            account: T::AccountId,
            /// The account's address.
            address: H160,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The contract reverted. A dry run shows its reason.
        Reverted,
        /// The contract failed without a more precise reason, such as a create at an address that
        /// is taken.
        ExecutionFailed,
        /// The gas limit did not suffice.
        OutOfGas,
        /// The contract executed `unreachable`.
        Unreachable,
        /// The contract trapped. A dry run shows where.
        Trapped,
        /// Calls inside the contract nested too deeply.
        StackOverflow,
        /// Contracts called one another more than 1024 levels deep.
        CallDepthExceeded,
        /// The contract changed state in a static call.
        StaticModeViolation,
        /// The contract reached outside its memory.
        InvalidMemoryAccess,
        /// The code is not a valid contract.
        InvalidContract,
        /// The contract gave an interface function an argument that it does not accept.
        ArgumentOutOfRange,
        /// The signer does not have the value. The existential deposit cannot be spent.
        InsufficientBalance,
        /// A precompiled contract refused its input.
        PrecompileFailure,
        /// The state and the engine disagree, which is a fault of the runtime.
        InternalError,
        /// The gas limit is more than an extrinsic may have.
        GasLimitTooHigh,
        /// The gas limit does not cover what the extrinsic costs before it runs.
        GasLimitTooLow,
        /// The call data is larger than `MaxInputSize`.
        InputTooLarge,
        /// The init code is larger than a create may run.
        InitCodeTooLarge,
        /// The code is larger than that of a contract may be.
        CodeTooLarge,
        /// The signer is a contract, which cannot sign.
        SignerIsContract,
        /// The signer's nonce cannot grow further.
        NonceExhausted,
        /// The revision in force does not allow the transaction.
        TransactionNotAllowed,
        /// The call read more of the state than its gas limit pays proof size for. Call with more
        /// gas.
        ProofSizeExhausted,
        /// The engine did more unmetered work than the gas limit reserves weight for: it ran
        /// contracts with much code, created with large init code, or used precompiled contracts.
        /// Call with more gas.
        WorkExhausted,
        /// The signer cannot pay the deposit for what is stored, or the existential deposit of a
        /// new account.
        DepositNotAffordable,
        /// Deposits for what is stored, and existential deposits of new accounts, would cost the
        /// signer more than its `storage_deposit_limit`. If that is intended, call with a higher
        /// limit: a dry run shows one that suffices.
        StorageDepositLimitExhausted,
        /// This code has been uploaded already.
        CodeAlreadyStored,
        /// There is no such code.
        CodeNotFound,
        /// The signer did not upload this code. Only its uploader can remove it.
        NotCodeOwner,
        /// The signer's address belongs to another account.
        AddressTaken,
        /// The owner of the signer's address is not stored.
        NotMapped,
        /// A call that a contract dispatches cannot re-enter this pallet.
        Reentered,
        /// A dry run cannot use this override: the account cannot have such a balance.
        OverrideNotPossible,
    }

    /// The reasons for holding balance.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// On a contract's account, for its record, its share of its code, and its slots. The
        /// signer who frees them gets it.
        StorageDeposit,
        /// On the account of the uploader of a code.
        CodeDeposit,
        /// On an account whose address is stored.
        AddressMapping,
        /// On an account that has created contracts by its nonce, for the record of its next one,
        /// which is never removed.
        Nonce,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The contracts of the genesis.
        pub contracts: Vec<GenesisContract<BalanceOf<T>>>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            crate::storage::genesis::build::<T>(&self.contracts);
        }
    }

    /// The contracts by address.
    #[pallet::storage]
    pub type Contracts<T: Config> =
        StorageMap<_, Blake2_128Concat, H160, ContractInfo<BalanceOf<T>>>;

    /// The slots of contracts that are not zero, by [`ContractInfo::storage_id`] and key.
    #[pallet::storage]
    pub type Slots<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, u64, Blake2_128Concat, H256, Slot<BalanceOf<T>>>;

    /// The codes by their Keccak-256, each stored once, however many contracts have it.
    #[pallet::storage]
    pub type Codes<T: Config> = StorageMap<_, Identity, H256, BoundedVec<u8, T::MaxCodeSize>>;

    /// The records of codes.
    #[pallet::storage]
    pub type CodeInfoOf<T: Config> =
        StorageMap<_, Identity, H256, CodeInfo<T::AccountId, BalanceOf<T>>>;

    /// The accounts that have signed a call of this pallet, by address.
    #[pallet::storage]
    pub type OriginalAccount<T: Config> = StorageMap<_, Blake2_128Concat, H160, T::AccountId>;

    /// The storage id of the next contract.
    #[pallet::storage]
    pub type NextStorageId<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// The contracts that are gone and whose slots are still to be removed, by storage id, with the
    /// number of slots.
    #[pallet::storage]
    pub type DeletionQueue<T: Config> = CountedStorageMap<_, Twox64Concat, u64, u32>;

    /// Whether a contract is dispatching a call of the runtime, which may not re-enter this pallet.
    /// Never set between extrinsics.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type IsDispatching<T: Config> = StorageValue<_, bool, ValueQuery>;

    /// The first nonce that a create by the address's signature can still use, for addresses that
    /// have created contracts. The nonces of contracts are in [`ContractInfo`].
    #[pallet::storage]
    pub type CreateNonces<T: Config> = StorageMap<_, Blake2_128Concat, H160, u64>;
}
