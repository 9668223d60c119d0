//! The runtime API: what wallets and tools ask of a node. Every type is plain SCALE, so that
//! polkadot.js needs no types of its own.
// The macro adds two of its own to what a function asks.
#![allow(clippy::too_many_arguments)]

use alloc::vec::Vec;

use codec::{Codec, Decode, Encode};
use frame_support::weights::Weight;
use scale_info::TypeInfo;
use sp_core::{H160, H256};
use sp_runtime::DispatchError;
use sp_runtime::traits::Zero;
use tephra_core::ewasm::{CallKind, Status};

use crate::Deposits;

/// What a dry run takes as given instead of the block to come and the state.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Overrides<Balance> {
    /// The block's number. Without it, the last block's and one.
    pub number: Option<u64>,
    /// The block's time, in milliseconds since 1970. A time before the earliest that the next block
    /// can have stands for that. Without it, the time when the node is asked.
    pub timestamp: Option<u64>,
    /// Accounts that differ from the state.
    pub accounts: Vec<AccountOverride<Balance>>,
}

impl<Balance> Default for Overrides<Balance> {
    fn default() -> Self {
        Self { number: None, timestamp: None, accounts: Vec::new() }
    }
}

/// An account that differs from the state in a dry run, in what is given.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountOverride<Balance> {
    /// Its address.
    pub address: H160,
    /// What it can spend, as contracts see it: without the existential deposit.
    pub balance: Option<Balance>,
    /// Its nonce.
    pub nonce: Option<u64>,
    /// Its run-time code, which is validated when it runs. No bytes leave a contract without code.
    pub code: Option<Vec<u8>>,
    /// Slots that have other values; the others stay as they are.
    pub storage: Vec<SlotOverride>,
}

/// A slot that has another value in a dry run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SlotOverride {
    /// The slot.
    pub key: H256,
    /// Its value.
    pub value: H256,
}

/// An answer that can say that there was no dry run.
pub trait Refused {
    /// Returns the answer for a question that could not be asked, with the reason.
    fn refused(error: DispatchError) -> Self;
}

impl<Balance: Zero> Refused for DryRun<Balance> {
    fn refused(error: DispatchError) -> Self {
        Self {
            result: Err(error),
            status: None,
            gas_used: 0,
            weight: Weight::zero(),
            deposits: Deposits { charged: Zero::zero(), refunded: Zero::zero() },
            output: Vec::new(),
            logs: Vec::new(),
            address: None,
            trap: Vec::new(),
        }
    }
}

impl<Balance: Zero> Refused for Trace<Balance> {
    fn refused(error: DispatchError) -> Self {
        Self { run: DryRun::refused(error), messages: Vec::new(), is_cut: false }
    }
}

impl Refused for Result<u64, DispatchError> {
    fn refused(error: DispatchError) -> Self {
        Err(error)
    }
}

/// What a call or create would do as an extrinsic of its own in the next block, fees left aside.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DryRun<Balance> {
    /// Whether the extrinsic would succeed, and with which error it would fail.
    pub result: Result<(), DispatchError>,
    /// How the contract ended; none when it did not run.
    pub status: Option<ExecutionStatus>,
    /// Gas that it took.
    pub gas_used: u64,
    /// The extrinsic's weight in the end.
    pub weight: Weight,
    /// What it would do to the signer's deposits, also where their limit is why it fails: `charged`
    /// is a limit with which it succeeds in this state.
    pub deposits: Deposits<Balance>,
    /// What the contract gave back: a result, or the reason of a revert.
    pub output: Vec<u8>,
    /// The logs, in their order.
    pub logs: Vec<LogRecord>,
    /// The new contract of a create.
    pub address: Option<H160>,
    /// Where and why the contract trapped, in words.
    pub trap: Vec<u8>,
}

/// A log of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct LogRecord {
    /// The contract.
    pub address: H160,
    /// At most four.
    pub topics: Vec<H256>,
    /// The data.
    pub data: Vec<u8>,
}

/// How an execution ended, with EVMC's meanings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum ExecutionStatus {
    /// Normal end.
    Success,
    /// The contract refused; the output says why.
    Reverted,
    /// A failure without a more precise status.
    Failed,
    /// The gas did not suffice.
    OutOfGas,
    /// `unreachable` was executed.
    Unreachable,
    /// Any other trap.
    Trapped,
    /// Calls inside the contract nested too deeply.
    StackOverflow,
    /// Messages nested too deeply.
    CallDepthExceeded,
    /// A change of state in a static call.
    StaticModeViolation,
    /// An access outside the contract's memory.
    InvalidMemoryAccess,
    /// The code is not a valid contract.
    InvalidContract,
    /// An argument that the interface does not accept.
    ArgumentOutOfRange,
    /// The sender cannot pay the value.
    InsufficientBalance,
    /// A precompiled contract refused its input.
    PrecompileFailure,
    /// The state and the engine do not agree.
    InternalError,
}

impl From<Status> for ExecutionStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Success => Self::Success,
            Status::Revert => Self::Reverted,
            Status::OutOfGas => Self::OutOfGas,
            Status::Unreachable => Self::Unreachable,
            Status::Trap => Self::Trapped,
            Status::StackOverflow => Self::StackOverflow,
            Status::CallDepthExceeded => Self::CallDepthExceeded,
            Status::StaticModeViolation => Self::StaticModeViolation,
            Status::InvalidMemoryAccess => Self::InvalidMemoryAccess,
            Status::ContractValidationFailure => Self::InvalidContract,
            Status::ArgumentOutOfRange => Self::ArgumentOutOfRange,
            Status::InsufficientBalance => Self::InsufficientBalance,
            Status::PrecompileFailure => Self::PrecompileFailure,
            Status::InternalError => Self::InternalError,
            _ => Self::Failed,
        }
    }
}

/// What a message asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum MessageKind {
    /// A call.
    Call,
    /// A call that may change nothing.
    StaticCall,
    /// Another account's code on this account's storage, keeping sender and value.
    DelegateCall,
    /// Another account's code on this account's storage.
    CallCode,
    /// A create by the sender's nonce.
    Create,
    /// A create by a salt.
    Create2,
}

impl MessageKind {
    pub(crate) fn of(kind: CallKind, is_static: bool) -> Self {
        match kind {
            CallKind::Call if is_static => Self::StaticCall,
            CallKind::Call => Self::Call,
            CallKind::DelegateCall => Self::DelegateCall,
            CallKind::CallCode => Self::CallCode,
            CallKind::Create => Self::Create,
            CallKind::Create2 => Self::Create2,
        }
    }
}

/// One message of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct TracedMessage {
    /// Messages around it: the ones before it in the trace with smaller depths. 0 for the
    /// extrinsic's own.
    pub depth: u32,
    /// What was asked.
    pub kind: MessageKind,
    /// Who sent it.
    pub from: H160,
    /// The recipient; for a create the new contract.
    pub to: H160,
    /// Whose code ran, where that is not the recipient's.
    pub code_of: H160,
    /// Value in wei.
    pub value: sp_core::U256,
    /// Gas that it could use.
    pub gas: u64,
    /// Gas that it and the messages in it used.
    pub gas_used: u64,
    /// How it ended.
    pub status: ExecutionStatus,
    /// Its data, as far as [`MAX_TRACED_BYTES`] go.
    pub input: Vec<u8>,
    /// What it gave back, as far as [`MAX_TRACED_BYTES`] go.
    pub output: Vec<u8>,
}

/// Messages that a trace has at most; what comes after is left out.
pub const MAX_TRACED_MESSAGES: usize = 1024;

/// Bytes of each input and output that a trace has at most.
pub const MAX_TRACED_BYTES: usize = 1024;

/// Bytes of all inputs and outputs together that a trace has at most; what comes after is left out.
pub const MAX_TRACE_BYTES: usize = 256 << 10;

/// A dry run with its messages.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Trace<Balance> {
    /// The dry run.
    pub run: DryRun<Balance>,
    /// The messages in the order in which they began: a tree, written down from the top.
    pub messages: Vec<TracedMessage>,
    /// Whether there were more than [`MAX_TRACED_MESSAGES`], or more bytes than
    /// [`MAX_TRACE_BYTES`].
    pub is_cut: bool,
}

sp_api::decl_runtime_apis! {
    /// Ewasm contracts: dry runs, and reading the state. Dry runs take place in the block to come,
    /// and can be told to take other things as given.
    pub trait EwasmApi<AccountId, Balance>
    where
        AccountId: Codec,
        Balance: Codec,
    {
        /// What a call by `origin` would do. Without a gas limit, the largest that an extrinsic may
        /// have. Without a limit of deposits, as with a call that has none.
        fn call(
            origin: AccountId,
            target: H160,
            input: Vec<u8>,
            value: Balance,
            gas_limit: Option<u64>,
            storage_deposit_limit: Option<Balance>,
            overrides: Option<Overrides<Balance>>,
        ) -> DryRun<Balance>;

        /// What a create by `origin` would do; with a salt, a `create2`.
        fn create(
            origin: AccountId,
            code: Vec<u8>,
            value: Balance,
            gas_limit: Option<u64>,
            storage_deposit_limit: Option<Balance>,
            salt: Option<H256>,
            overrides: Option<Overrides<Balance>>,
        ) -> DryRun<Balance>;

        /// The smallest gas limit with which a call of `target` would succeed, or without one a
        /// create.
        fn estimate_gas(
            origin: AccountId,
            target: Option<H160>,
            data: Vec<u8>,
            value: Balance,
            overrides: Option<Overrides<Balance>>,
        ) -> Result<u64, DispatchError>;

        /// A dry run of a call of `target`, or without one of a create, with the messages that
        /// contracts send.
        fn trace(
            origin: AccountId,
            target: Option<H160>,
            data: Vec<u8>,
            value: Balance,
            gas_limit: Option<u64>,
            storage_deposit_limit: Option<Balance>,
            overrides: Option<Overrides<Balance>>,
        ) -> Trace<Balance>;

        /// The code at an address; no bytes when there is none.
        fn code(address: H160) -> Vec<u8>;

        /// The Keccak-256 of the code at an address; zero when nothing is there (EIP-1052).
        fn code_hash(address: H160) -> H256;

        /// The value of a slot.
        fn storage_at(address: H160, key: H256) -> H256;

        /// What the address can spend, as contracts see it: without the existential deposit.
        fn balance(address: H160) -> Balance;

        /// The nonce: for a contract that of Ethereum, for others that of the system.
        fn nonce(address: H160) -> u64;

        /// The address of an account.
        fn address_of(account: AccountId) -> H160;

        /// The account that holds an address's balance.
        fn account_of(address: H160) -> AccountId;
    }
}
