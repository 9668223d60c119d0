//! What a contract is asked, and its answer.
use alloc::sync::Arc;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::Status;

/// The kind of a message, with the meaning of EVMC's `evmc_call_kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// Code, storage and balance of the recipient.
    Call,
    /// Code of another account on this account's storage, keeping the caller's sender and value.
    DelegateCall,
    /// Code of another account on this account's storage, sent by this account.
    CallCode,
    /// A new contract at the address that sender and nonce give.
    Create,
    /// A new contract at the address that sender, salt and init code give (EIP-1014).
    Create2,
}

impl CallKind {
    /// Whether the message makes a new contract.
    pub fn is_create(self) -> bool {
        matches!(self, Self::Create | Self::Create2)
    }
}

/// A message: one frame's worth of work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is asked.
    pub kind: CallKind,
    /// No state may change in this frame and the frames in it.
    pub is_static: bool,
    /// Frames around this one; 0 for a transaction's own.
    pub depth: u32,
    /// Gas that the frame may use.
    pub gas: u64,
    /// The account whose storage and balance are used. For a create: the new account, once it is
    /// known, zero before.
    pub recipient: Address,
    /// The account whose code runs. For a plain call the same as the recipient; unused for a
    /// create.
    pub code_address: Address,
    /// Who sent the message.
    pub sender: Address,
    /// The call data; for a create the init code.
    pub input: Arc<[u8]>,
    /// Value in wei: moved by calls and creates, only apparent in a delegate call.
    pub value: U256,
    /// The salt of [`CallKind::Create2`], else zero.
    pub salt: B256,
}

/// The result of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How the frame ended.
    pub status: Status,
    /// Gas that is left; zero for every status other than success and revert, unless the message
    /// did not begin.
    pub gas_left: u64,
    /// Change of the refund counter by this frame and successful frames in it, in gas; zero unless
    /// successful.
    pub gas_refund: i64,
    /// What `finish` or `revert` gave. After a successful create empty.
    pub output: Vec<u8>,
    /// The new account of a successful create.
    pub create_address: Option<Address>,
    /// For a failure inside WebAssembly or an interface call: the trap and where it happened (in a
    /// nested frame only if an [`Inspector`](super::Inspector) wants that). It never changes what
    /// happens next; it is for people.
    pub trap: Option<crate::wasm::Trap>,
}

impl Outcome {
    /// An outcome without gas or output, as every failure has.
    pub fn failure(status: Status) -> Self {
        Self {
            status,
            gas_left: 0,
            gas_refund: 0,
            output: Vec::new(),
            create_address: None,
            trap: None,
        }
    }

    /// The outcome of a message that could not begin, and so keeps all of its gas: it was nested
    /// too deeply, its sender could not pay the value, or a create's sender had no nonce left
    /// (EIP-2681).
    pub fn not_begun(status: Status, message: &Message) -> Self {
        Self { gas_left: message.gas, ..Self::failure(status) }
    }

    /// Whether the message began. One that did and then failed has no gas left.
    pub fn has_begun(&self) -> bool {
        matches!(self.status, Status::Success | Status::Revert) || self.gas_left == 0
    }
}
