//! A Substrate runtime with Ewasm contracts, to copy as the start of a chain.
//!
//! | module | contents |
//! |---|---|
//! | [`limits`] | the time and the size of blocks |
//! | [`fees`] | the units of the currency, the prices of weight and bytes, the receiver of fees |
//! | [`config`] | the pallets and their settings |
//! | [`clock`] | the time of blocks |
//! | [`contracts`] | gas, deposits and sizes of contracts |
//! | [`token`] | the token in genesis |
//! | [`genesis`] | the presets `dev` and `local` |
//! | [`apis`] | the runtime APIs for nodes and wallets |
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod clock;
pub mod config;
pub mod contracts;
pub mod fees;
pub mod genesis;
pub mod limits;
pub mod token;

use alloc::vec::Vec;

use sp_runtime::{
    MultiAddress, MultiSignature, OpaqueExtrinsic, generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::RuntimeVersion;

/// Calls the runtime's functions by name with SCALE-encoded arguments, as the blob's exports do.
#[cfg(feature = "std")]
pub use apis::api;

/// A signature by any of the schemes that wallets use: sr25519, ed25519, ECDSA.
pub type Signature = MultiSignature;
/// An account: 32 bytes, a public key or the hash of one.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// The form in which transactions name an account.
pub type Address = MultiAddress<AccountId, ()>;
/// Amounts of the currency, in its smallest unit. See [`fees::UNIT`].
pub type Balance = u128;
/// The number of a block.
pub type BlockNumber = u32;
/// The number of transactions that an account has sent.
pub type Nonce = u32;
/// Hashes of blocks, transactions and state.
pub type Hash = sp_core::H256;
/// The header of a block.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A transaction.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// The payload that a transaction's signature covers.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// The checks and the payment of every transaction, in this order.
pub type TxExtension = (
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// The executive, which runs blocks.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// Types for the node, which handles blocks without knowing this runtime's calls.
pub mod opaque {
    use super::*;

    /// A block whose transactions are bytes.
    pub type Block = generic::Block<Header, OpaqueExtrinsic>;

    impl_opaque_keys! {
        /// The keys of a validator.
        pub struct SessionKeys {
            /// Makes blocks.
            pub aura: Aura,
            /// Votes on finality.
            pub grandpa: Grandpa,
        }
    }
}

/// The version of this runtime. `spec_version` rises with whatever changes what a block does,
/// `transaction_version` with whatever changes how a call is encoded.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: alloc::borrow::Cow::Borrowed("tephra"),
    impl_name: alloc::borrow::Cow::Borrowed("tephra"),
    authoring_version: 1,
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

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
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(3)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(4)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(5)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(6)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(7)]
    pub type Sudo = pallet_sudo;
    #[runtime::pallet_index(8)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(9)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(10)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(11)]
    pub type Ewasm = pallet_ewasm;
}
