//! The runtime API for wallets and tools. Every type is plain SCALE, so that polkadot.js needs no
//! type definitions.
// The macro adds two arguments to each function.
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

/// What a dry run takes as given in place of the next block and the state.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Overrides<Balance> {
    /// The block's number; by default the last block's plus one.
    pub number: Option<u64>,
    /// The block's time, in milliseconds since 1970, raised to the earliest that the next block can
    /// have. By default the node's time.
    pub timestamp: Option<u64>,
    /// Accounts that differ from the state.
    pub accounts: Vec<AccountOverride<Balance>>,
}

impl<Balance> Default for Overrides<Balance> {
    fn default() -> Self {
        Self { number: None, timestamp: None, accounts: Vec::new() }
    }
}

/// An account that differs from the state in a dry run. Fields that are not given do not differ.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AccountOverride<Balance> {
    /// The address.
    pub address: H160,
    /// The balance that contracts see: what the account can spend, without the existential deposit.
    pub balance: Option<Balance>,
    /// The nonce.
    pub nonce: Option<u64>,
    /// The run-time code, which is validated when it runs. With no bytes, a contract without code.
    pub code: Option<Vec<u8>>,
    /// Slots that have other values. The rest stay as they are.
    pub storage: Vec<SlotOverride>,
}

/// A slot that has another value in a dry run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct SlotOverride {
    /// The key.
    pub key: H256,
    /// The value.
    pub value: H256,
}

/// An answer that can report that the question was refused.
pub trait Refused {
    /// Returns the answer to a question that was refused for this reason.
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

/// What a call or create would do as an extrinsic in the next block, without fees.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct DryRun<Balance> {
    /// The error with which the extrinsic would fail, if it would.
    pub result: Result<(), DispatchError>,
    /// How the contract ended; none when it did not run.
    pub status: Option<ExecutionStatus>,
    /// The gas used.
    pub gas_used: u64,
    /// The weight that the extrinsic would use.
    pub weight: Weight,
    /// The change of the signer's deposits, also where their limit makes the extrinsic fail:
    /// `charged` is a limit with which it succeeds in this state.
    pub deposits: Deposits<Balance>,
    /// The contract's output: a result, or the reason of a revert.
    pub output: Vec<u8>,
    /// The logs, in order.
    pub logs: Vec<LogRecord>,
    /// The address of a created contract.
    pub address: Option<H160>,
    /// Where and why the contract trapped, in words.
    pub trap: Vec<u8>,
}

/// A contract's log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct LogRecord {
    /// The contract.
    pub address: H160,
    /// At most four topics.
    pub topics: Vec<H256>,
    /// The data.
    pub data: Vec<u8>,
}

macro_rules! execution_status {
    ($(
        $(#[$doc:meta])*
        $variant:ident = $number:literal, $evmc_name:literal, $name:literal, $message:literal;
    )*) => {
        /// How an execution ended, with EVMC's meanings: the engine's [`Status`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
        pub enum ExecutionStatus {
            $($(#[$doc])* $variant,)*
        }

        impl From<Status> for ExecutionStatus {
            fn from(status: Status) -> Self {
                match status {
                    $(Status::$variant => Self::$variant,)*
                    _ => Self::Failure,
                }
            }
        }
    };
}

tephra_core::statuses!(execution_status);

/// The kind of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum MessageKind {
    /// A call.
    Call,
    /// A call that may change nothing.
    StaticCall,
    /// Another account's code on this account's storage, with the sender and value of the call
    /// around it.
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
    /// The number of messages around this one; 0 for the extrinsic's own.
    pub depth: u32,
    /// The kind.
    pub kind: MessageKind,
    /// The sender.
    pub from: H160,
    /// The recipient; for a create, the new contract.
    pub to: H160,
    /// The account whose code ran: the recipient, unless its code was borrowed.
    pub code_of: H160,
    /// The value in wei.
    pub value: sp_core::U256,
    /// The gas that the message had.
    pub gas: u64,
    /// The gas that the message used, with the messages inside it.
    pub gas_used: u64,
    /// How the message ended.
    pub status: ExecutionStatus,
    /// The first [`MAX_TRACED_BYTES`] of the input.
    pub input: Vec<u8>,
    /// The first [`MAX_TRACED_BYTES`] of the output.
    pub output: Vec<u8>,
}

/// The most messages of a trace. Later ones are left out.
pub const MAX_TRACED_MESSAGES: usize = 1024;

/// The most bytes of each input and output in a trace.
pub const MAX_TRACED_BYTES: usize = 1024;

/// The most bytes of all inputs and outputs in a trace together. Later ones are left out.
pub const MAX_TRACE_BYTES: usize = 256 << 10;

/// A dry run with its messages.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Trace<Balance> {
    /// The dry run.
    pub run: DryRun<Balance>,
    /// The messages in the order in which they began, a tree in preorder.
    pub messages: Vec<TracedMessage>,
    /// Whether messages beyond [`MAX_TRACED_MESSAGES`] or bytes beyond [`MAX_TRACE_BYTES`] were
    /// left out.
    pub is_cut: bool,
}

sp_api::decl_runtime_apis! {
    /// Dry runs of Ewasm contracts, and reads of their state. Dry runs take place in the next
    /// block, with overrides in place of its number, its time and accounts.
    pub trait EwasmApi<AccountId, Balance>
    where
        AccountId: Codec,
        Balance: Codec,
    {
        /// Returns what a call by `origin` would do. The default gas limit is the largest that an
        /// extrinsic may have. By default deposits have no limit.
        fn call(
            origin: AccountId,
            target: H160,
            input: Vec<u8>,
            value: Balance,
            gas_limit: Option<u64>,
            storage_deposit_limit: Option<Balance>,
            overrides: Option<Overrides<Balance>>,
        ) -> DryRun<Balance>;

        /// Returns what a create by `origin` would do; with a salt, a `create2`.
        fn create(
            origin: AccountId,
            code: Vec<u8>,
            value: Balance,
            gas_limit: Option<u64>,
            storage_deposit_limit: Option<Balance>,
            salt: Option<H256>,
            overrides: Option<Overrides<Balance>>,
        ) -> DryRun<Balance>;

        /// Returns the smallest gas limit with which a call of `target`, or without a target a
        /// create, would succeed.
        fn estimate_gas(
            origin: AccountId,
            target: Option<H160>,
            data: Vec<u8>,
            value: Balance,
            overrides: Option<Overrides<Balance>>,
        ) -> Result<u64, DispatchError>;

        /// Returns a dry run of a call of `target`, or without a target of a create, with the
        /// messages that contracts send.
        fn trace(
            origin: AccountId,
            target: Option<H160>,
            data: Vec<u8>,
            value: Balance,
            gas_limit: Option<u64>,
            storage_deposit_limit: Option<Balance>,
            overrides: Option<Overrides<Balance>>,
        ) -> Trace<Balance>;

        /// Returns the code at an address; no bytes when there is none.
        fn code(address: H160) -> Vec<u8>;

        /// Returns the Keccak-256 of the code at an address; zero for an empty account (EIP-1052).
        fn code_hash(address: H160) -> H256;

        /// Returns the value of a slot.
        fn storage_at(address: H160, key: H256) -> H256;

        /// Returns the balance that contracts see: what the address can spend, without the
        /// existential deposit.
        fn balance(address: H160) -> Balance;

        /// Returns the nonce: of a contract Ethereum's, of others the system's.
        fn nonce(address: H160) -> u64;

        /// Returns the address of an account.
        fn address_of(account: AccountId) -> H160;

        /// Returns the account that holds an address's balance.
        fn account_of(address: H160) -> AccountId;
    }
}
