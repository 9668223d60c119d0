//! Ewasm contracts in a Substrate runtime: WebAssembly with Ethereum's rules, run by the Tephra
//! engine inside the runtime.
//!
//! A contract gives the same result, the same gas and the same logs as with the `tephra` command
//! and in an Ethereum client, since all run the same engine on the same journaled state, where
//! [`Config::InstructionCosts`] and [`Config::EngineLimits`] are those of the others. The pallet
//! reads and writes FRAME's storage for it, moves the value with the runtime's currency, turns gas
//! into weight, and holds deposits for what is stored.
//!
//! - [`Config`] says what a runtime has to decide,
//!   [`mock`](https://github.com/tephra-vm/tephra/blob/main/pallet/src/mock.rs) is the smallest
//!   runtime that does, and `docs/pallet.md` explains both.
//! - [`EwasmApi`](runtime_api::EwasmApi) is the runtime API: dry runs, gas estimates, traces, and
//!   reading the state.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod api;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
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

pub use api::clock::{Clock, NODE_CLOCK};
pub use api::runtime_api;
pub use execution::backend::{BackendError, PalletBackend};
pub use execution::engine::ENGINE_VERSION;
pub use execution::limits::EngineLimits;
pub use pallet::*;
pub use storage::address::{AddressMapping, HashedMapping, IdentityMapping};
pub use storage::genesis::GenesisContract;
pub use storage::slot::Slot;
pub use storage::types::{BalanceOf, CodeInfo, ContractInfo, Deposits, EMPTY_CODE_HASH, Upload};
pub use tephra_core;
pub use tephra_core::revision::Revision;
pub use tephra_core::state::OpenLimits;
pub use tephra_core::wasm::InstructionCosts;
pub use weight::gas::{FixedGasWeight, GasWeight};
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
    use crate::execution::runner::{Action, Limits};
    use crate::precompiles::PrecompileSet;

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

        /// How accounts and addresses belong together: [`HashedMapping`], or [`IdentityMapping`]
        /// where accounts are addresses.
        type AddressMapping: AddressMapping<Self::AccountId>;

        /// Who may create contracts and upload code: [`EnsureSigned`](frame_system::EnsureSigned)
        /// for everybody.
        type CreateOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Self::AccountId>;

        /// Who may call contracts.
        type CallOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Self::AccountId>;

        /// The time that contracts are told, in whole seconds: `pallet_timestamp`, or a [`Clock`]
        /// that knows better when the next block can come.
        type Time: Clock;

        /// The block's author, whom contracts are told as `coinbase`; `()` for nobody, the zero
        /// address.
        type FindAuthor: FindAuthor<Self::AccountId>;

        /// The chain id of EIP-155 that contracts are told.
        #[pallet::constant]
        type ChainId: Get<u64>;

        /// Wei per gas, as contracts are told. What is paid is the runtime's fee for weight.
        type GasPrice: Get<U256>;

        /// The base fee that contracts are told.
        type BaseFee: Get<U256>;

        /// The block's gas limit that contracts are told. Its weight must fit a block.
        #[pallet::constant]
        type BlockGasLimit: Get<u64>;

        /// The largest gas limit of an extrinsic. Its weight must fit one.
        #[pallet::constant]
        type TransactionGasLimit: Get<u64>;

        /// The weight of gas: [`FixedGasWeight`].
        type GasWeight: GasWeight;

        /// Ethereum's rules in force. [`Revision::NEWEST`] for a new chain.
        type Revision: Get<Revision>;

        /// Gas of instructions. [`InstructionCosts::EWASM`] is what the command and EVMC charge; a
        /// runtime that wants room for more interface calls in a block, whose time per gas is far
        /// less, has [`InstructionCosts::scaled`] prices and a smaller [`Self::GasWeight`].
        type InstructionCosts: Get<InstructionCosts>;

        /// Sizes of the engine. They must fit the runtime's heap.
        type EngineLimits: Get<EngineLimits>;

        /// Bytes of the heap that the executor gives the runtime: 128 MiB unless the storage item
        /// `:heappages` says otherwise. Checked against [`Self::EngineLimits`].
        type RuntimeHeap: Get<u64>;

        /// Precompiled contracts besides Ethereum's: [`Dispatch`](crate::precompiles::Dispatch),
        /// those of the runtime's own, a tuple of them, or `()`.
        type Precompiles: PrecompileSet<Self>;

        /// Entries that the logs of an extrinsic make in the block's index of events, at most: for
        /// each log one for its contract's address and one for each topic, as far as they are
        /// different. With 0 nothing is indexed. Logs are events all the same, whose topics are in
        /// the event.
        #[pallet::constant]
        type MaxLogEntries: Get<u32>;

        /// The largest call data of an extrinsic, in bytes. Init code has the limit of the revision
        /// (256 KiB).
        #[pallet::constant]
        type MaxInputSize: Get<u32>;

        /// The largest code of a contract, in bytes. At least that of the engine, 128 KiB.
        #[pallet::constant]
        type MaxCodeSize: Get<u32>;

        /// Held for each item of storage.
        #[pallet::constant]
        type DepositPerItem: Get<BalanceOf<Self>>;

        /// Held for each byte of storage.
        #[pallet::constant]
        type DepositPerByte: Get<BalanceOf<Self>>;

        /// The part of a code's deposit that each contract that has the code holds, besides that of
        /// who uploaded it, who can withdraw it at any time. With 100 % a code that is in use is
        /// always paid for, also when it has one contract. With less, contracts of the same code
        /// are cheaper, and code that few use is stored for less than its price.
        #[pallet::constant]
        type CodeHashLockupDepositPercent: Get<Perbill>;

        /// Weights of what surrounds the engine.
        type WeightInfo: WeightInfo;
    }

    /// Why balance is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// On a contract's account, for its record, its share of its code, and its slots. Goes to
        /// whoever frees them.
        StorageDeposit,
        /// On the account of who uploaded a code.
        CodeDeposit,
        /// On an account whose address is stored.
        AddressMapping,
        /// On an account that has created contracts by its nonce, whose next one is stored for
        /// ever.
        Nonce,
    }

    /// Contracts by their address.
    #[pallet::storage]
    pub type Contracts<T: Config> =
        StorageMap<_, Blake2_128Concat, H160, ContractInfo<BalanceOf<T>>>;

    /// Slots of contracts that are not zero, by [`ContractInfo::storage_id`] and key.
    #[pallet::storage]
    pub type Slots<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, u64, Blake2_128Concat, H256, Slot<BalanceOf<T>>>;

    /// Code by its Keccak-256 hash, each once, however many contracts have it.
    #[pallet::storage]
    pub type Codes<T: Config> = StorageMap<_, Identity, H256, BoundedVec<u8, T::MaxCodeSize>>;

    /// What belongs to a code.
    #[pallet::storage]
    pub type CodeInfoOf<T: Config> =
        StorageMap<_, Identity, H256, CodeInfo<T::AccountId, BalanceOf<T>>>;

    /// Whose an address is, for accounts that have signed a call of this pallet.
    #[pallet::storage]
    pub type OriginalAccount<T: Config> = StorageMap<_, Blake2_128Concat, H160, T::AccountId>;

    /// The storage id of the next contract.
    #[pallet::storage]
    pub type NextStorageId<T: Config> = StorageValue<_, u64, ValueQuery>;

    /// Storage ids of contracts that are gone, whose slots are still to be removed, and how many
    /// there were.
    #[pallet::storage]
    pub type DeletionQueue<T: Config> = CountedStorageMap<_, Twox64Concat, u64, u32>;

    /// Whether a contract is dispatching a call of the runtime at this moment: no such call may
    /// come back here. Never set between extrinsics.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type IsDispatching<T: Config> = StorageValue<_, bool, ValueQuery>;

    /// The first nonce that a create by this address's own signature can still use, for those that
    /// have created contracts. Contracts' own nonces are in [`ContractInfo`].
    #[pallet::storage]
    pub type CreateNonces<T: Config> = StorageMap<_, Blake2_128Concat, H160, u64>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The contracts that are there from the start.
        pub contracts: Vec<GenesisContract<BalanceOf<T>>>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            crate::storage::genesis::build::<T>(&self.contracts);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_idle(_block: BlockNumberFor<T>, remaining: Weight) -> Weight {
            Self::remove_slots(remaining)
        }

        #[cfg(feature = "std")]
        fn integrity_test() {
            Self::check_configuration();
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
        /// With a `storage_deposit_limit`, it fails when the signer would pay more for deposits
        /// than that, less what it gets back. Existential deposits of new accounts count. Without
        /// one the signer pays what it takes, as far as it has it.
        #[pallet::call_index(0)]
        #[pallet::weight(Pallet::<T>::declared_weight(Action::Create, code.len(), value, *gas_limit))]
        pub fn create(
            origin: OriginFor<T>,
            code: Vec<u8>,
            value: BalanceOf<T>,
            gas_limit: u64,
            storage_deposit_limit: Option<BalanceOf<T>>,
        ) -> DispatchResultWithPostInfo {
            let signer = T::CreateOrigin::ensure_origin(origin)?;
            Self::extrinsic(
                &signer,
                Action::Create,
                code,
                value,
                Limits { gas: gas_limit, storage_deposit_limit },
            )
        }

        /// Creates a contract at the address that the signer's address, `salt` and `code` give
        /// (EIP-1014). The `storage_deposit_limit` is that of [`Self::create`].
        #[pallet::call_index(1)]
        #[pallet::weight(Pallet::<T>::declared_weight(Action::Create2(*salt), code.len(), value, *gas_limit))]
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
            Self::extrinsic(&signer, Action::Create2(salt), code, value, limits)
        }

        /// Calls a contract, or sends value to an address. The `storage_deposit_limit` is that of
        /// [`Self::create`].
        #[pallet::call_index(2)]
        #[pallet::weight(Pallet::<T>::declared_weight(Action::Call(*target), input.len(), value, *gas_limit))]
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
            Self::extrinsic(&signer, Action::Call(target), input, value, limits)
        }

        /// Stores the run-time code of contracts to come, for a deposit that the signer can have
        /// back at any time by [`Self::remove_code`]. Fails when the deposit is more than
        /// `storage_deposit_limit`.
        #[pallet::call_index(3)]
        #[pallet::weight(Pallet::<T>::upload_weight(code.len()))]
        pub fn upload_code(
            origin: OriginFor<T>,
            code: Vec<u8>,
            storage_deposit_limit: Option<BalanceOf<T>>,
        ) -> DispatchResult {
            let signer = T::CreateOrigin::ensure_origin(origin)?;
            Self::ensure_not_dispatching()?;
            Self::do_upload_code(&signer, code, storage_deposit_limit)
        }

        /// Gives the deposit of code that the signer uploaded back. The code is removed when no
        /// contract has it; else it stays as long as one does, for the deposits of those contracts.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::remove_code())]
        pub fn remove_code(origin: OriginFor<T>, code_hash: H256) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::ensure_not_dispatching()?;
            Self::do_remove_code(&signer, code_hash)
        }

        /// Stores whose the signer's address is, so that value sent there arrives. The first create
        /// or call does the same.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::map_account())]
        pub fn map_account(origin: OriginFor<T>) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::ensure_not_dispatching()?;
            Self::register(&signer).map(|_| ())
        }

        /// Forgets whose the signer's address is and gives the deposit back. Value that is sent
        /// there from now on waits until the account is mapped again.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::unmap_account())]
        pub fn unmap_account(origin: OriginFor<T>) -> DispatchResult {
            let signer = ensure_signed(origin)?;
            Self::ensure_not_dispatching()?;
            Self::unregister(&signer)
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An extrinsic created a contract. Contracts that contracts create have no event of their
        /// own.
        Created {
            /// Who signed.
            signer: T::AccountId,
            /// Where the contract is.
            address: H160,
            /// The gas that it took.
            gas_used: u64,
            /// What it did to the signer's deposits.
            deposits: Deposits<BalanceOf<T>>,
        },
        /// An extrinsic called an address.
        Executed {
            /// Who signed.
            signer: T::AccountId,
            /// What was called.
            target: H160,
            /// The gas that it took.
            gas_used: u64,
            /// What it did to the signer's deposits.
            deposits: Deposits<BalanceOf<T>>,
        },
        /// A contract's log. The block's index of events has it under its address (as the last 20
        /// of 32 bytes) and each of its topics.
        Log {
            /// The contract.
            address: H160,
            /// At most four.
            topics: Vec<H256>,
            /// The data.
            data: Vec<u8>,
        },
        /// Code was stored.
        CodeStored {
            /// Keccak-256 of the code.
            code_hash: H256,
        },
        /// Code was uploaded: it stays until its owner removes it, whether or not contracts have
        /// it.
        CodeUploaded {
            /// Keccak-256 of the code.
            code_hash: H256,
            /// Whose deposit is held.
            owner: T::AccountId,
            /// The deposit.
            deposit: BalanceOf<T>,
        },
        /// Who uploaded code has the deposit back. The code stays as long as contracts have it.
        CodeReleased {
            /// Keccak-256 of the code.
            code_hash: H256,
            /// Whose deposit was held.
            owner: T::AccountId,
            /// The deposit.
            deposit: BalanceOf<T>,
        },
        /// Code was removed.
        CodeRemoved {
            /// Keccak-256 of the code.
            code_hash: H256,
        },
        /// A contract is gone. Its slots are removed in the blocks that follow.
        Terminated {
            /// Where it was.
            address: H160,
        },
        /// It is known whose an address is.
        AccountMapped {
            /// The account.
            account: T::AccountId,
            /// Its address.
            address: H160,
        },
        /// It is no longer known whose an address is.
        AccountUnmapped {
            /// The account.
            account: T::AccountId,
            /// Its address.
            address: H160,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The contract reverted: it refused. A dry run shows the reason that it gave.
        Reverted,
        /// The contract failed without a more precise reason: a create at an address that is taken,
        /// for instance.
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
        /// The state and the engine do not agree. This is a fault of the runtime.
        InternalError,
        /// The gas limit is more than an extrinsic may have.
        GasLimitTooHigh,
        /// The gas limit does not cover what the extrinsic costs before it runs.
        GasLimitTooLow,
        /// The call data are larger than allowed.
        InputTooLarge,
        /// The init code is larger than a create may run.
        InitCodeTooLarge,
        /// The code is larger than a contract's may be.
        CodeTooLarge,
        /// The signer is a contract, which cannot sign.
        SignerIsContract,
        /// The signer's nonce cannot grow any further.
        NonceExhausted,
        /// The transaction is one that the revision in force does not allow.
        TransactionNotAllowed,
        /// More of the state was read than the gas limit pays proof size for: call with more gas.
        ProofSizeExhausted,
        /// The engine did more that has no price in gas than the gas limit reserves weight for: it
        /// ran contracts with much code, created with large init code, or used precompiled
        /// contracts. Call with more gas.
        WorkExhausted,
        /// The signer cannot pay the deposit for what is stored, or the existential deposit of a
        /// new account.
        DepositNotAffordable,
        /// Deposits for what is stored, and existential deposits of new accounts, would cost the
        /// signer more than its `storage_deposit_limit`. If that is as it should be, call with a
        /// higher one: dry runs tell what it takes.
        StorageDepositLimitExhausted,
        /// Somebody has uploaded this code already.
        CodeAlreadyStored,
        /// There is no such code.
        CodeNotFound,
        /// The signer has not uploaded this code. Only who did can remove it.
        NotCodeOwner,
        /// The signer's address belongs to somebody else.
        AddressTaken,
        /// The signer's address is not stored.
        NotMapped,
        /// A contract that dispatches a call of the runtime cannot come back to this pallet with
        /// it.
        Reentered,
        /// A dry run cannot take this as given: the account cannot have such a balance.
        OverrideNotPossible,
    }
}
