//! What goes into a transaction and what comes out.
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use alloy_primitives::{Address, B256, Log, U256};

use crate::ewasm::{Growth, Status};
use crate::wasm::Trap;

/// Facts of the block that a transaction is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockEnv {
    /// The block's number.
    pub number: u64,
    /// Seconds since 1970.
    pub timestamp: u64,
    /// Gas limit of the block.
    pub gas_limit: u64,
    /// Gas that earlier transactions of the block used: no transaction may ask for more than what
    /// is left.
    pub gas_used: u64,
    /// The beneficiary, who is paid for gas.
    pub coinbase: Address,
    /// Difficulty; from Paris on the beacon's randomness (EIP-4399).
    pub prev_randao: B256,
    /// Wei per gas that is burnt, from London on (EIP-1559).
    pub base_fee: U256,
    /// Wei per blob gas that is burnt, from Cancun on (EIP-4844).
    pub blob_base_fee: U256,
    /// EIP-155 chain id.
    pub chain_id: u64,
}

impl Default for BlockEnv {
    /// Block 1 of chain 1, with room for as much gas as the interface can tell (2^63−1) and no fee.
    fn default() -> Self {
        Self {
            number: 1,
            timestamp: 0,
            gas_limit: i64::MAX as u64,
            gas_used: 0,
            coinbase: Address::ZERO,
            prev_randao: B256::ZERO,
            base_fee: U256::ZERO,
            blob_base_fee: U256::ZERO,
            chain_id: 1,
        }
    }
}

/// What the sender of a transaction pays for gas, in wei per gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GasPrice {
    /// One price.
    Legacy(U256),
    /// EIP-1559, from London on.
    Dynamic {
        /// The most that is paid, base fee included.
        max_fee: U256,
        /// The most that the beneficiary gets.
        max_priority_fee: U256,
    },
}

impl GasPrice {
    /// The most that may be asked for a gas.
    pub fn max_fee(&self) -> U256 {
        match self {
            Self::Legacy(price) => *price,
            Self::Dynamic { max_fee, .. } => *max_fee,
        }
    }

    /// What is paid for a gas in a block with this base fee.
    pub fn effective(&self, base_fee: U256) -> U256 {
        match self {
            Self::Legacy(price) => *price,
            Self::Dynamic { max_fee, max_priority_fee } => {
                (*max_fee).min(base_fee.saturating_add(*max_priority_fee))
            }
        }
    }
}

/// Blobs that a transaction carries (EIP-4844).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blobs {
    /// The most wei that the sender pays per blob gas.
    pub max_fee: U256,
    /// A versioned hash for each.
    pub hashes: Vec<B256>,
}

/// A transaction whose signature the host has checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Who signed it.
    pub sender: Address,
    /// How many transactions the sender sent before.
    pub nonce: u64,
    /// Gas that it may use.
    pub gas_limit: u64,
    /// What is paid for gas.
    pub gas_price: GasPrice,
    /// Whom it calls; none to create a contract.
    pub to: Option<Address>,
    /// In wei.
    pub value: U256,
    /// Call data or init code.
    pub data: Arc<[u8]>,
    /// Addresses and their slots that are warm from the start (EIP-2930); none for a transaction of
    /// a type without such a list.
    pub access_list: Option<Vec<(Address, Vec<B256>)>>,
    /// From Cancun on.
    pub blobs: Option<Blobs>,
}

impl Transaction {
    /// A transaction that costs nothing and gives all its gas to the message.
    pub fn new(
        sender: Address,
        nonce: u64,
        to: Option<Address>,
        data: impl Into<Arc<[u8]>>,
    ) -> Self {
        Self {
            sender,
            nonce,
            gas_limit: 30_000_000,
            gas_price: GasPrice::Legacy(U256::ZERO),
            to,
            value: U256::ZERO,
            data: data.into(),
            access_list: None,
            blobs: None,
        }
    }
}

/// What the gas of a transaction was paid for, refunds not taken off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Gas before the first message: for the transaction, its data and its access list.
    pub intrinsic: u64,
    /// Gas of all messages.
    pub execution: u64,
    /// What the messages made the state larger by, those that failed included. It is paid out of
    /// [`Self::execution`].
    pub growth: Growth,
}

/// What a transaction did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// How its message ended.
    pub status: Status,
    /// Gas that the sender paid for, after refunds.
    pub gas_used: u64,
    /// Gas that was refunded.
    pub gas_refunded: u64,
    /// What the gas was paid for.
    pub spent: Spent,
    /// What the contract gave back: a result, or the reason of a revert.
    pub output: Vec<u8>,
    /// The logs, in order; none unless successful.
    pub logs: Vec<Log>,
    /// The new contract of a successful create.
    pub create_address: Option<Address>,
    /// Where a failure happened inside the contract, for people.
    pub trap: Option<Trap>,
}

/// Why a transaction is not valid. It does nothing then and pays nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransactionError {
    /// The backend failed; [`JournaledState::finish`](super::JournaledState::finish) gives the
    /// error.
    StateUnavailable,
    /// The nonce is not the sender's.
    Nonce {
        /// The sender's.
        expected: u64,
        /// The transaction's.
        found: u64,
    },
    /// The sender's nonce cannot grow any further (EIP-2681).
    NonceExhausted,
    /// The sender has code, so that no key for it can be known (EIP-3607, from London on).
    SenderHasCode,
    /// The sender cannot pay the gas and the value.
    InsufficientBalance {
        /// In wei, at most.
        needed: U256,
        /// In wei.
        balance: U256,
    },
    /// The gas limit does not cover what the transaction costs before it runs.
    IntrinsicGas {
        /// The least gas limit.
        needed: u64,
        /// The transaction's.
        gas_limit: u64,
    },
    /// The gas limit is more than the block has left.
    BlockGasLimit {
        /// The transaction's.
        gas_limit: u64,
        /// The block's.
        available: u64,
    },
    /// The gas limit is more than any transaction may have (EIP-7825).
    GasLimitCap {
        /// The transaction's.
        gas_limit: u64,
        /// The revision's.
        cap: u64,
    },
    /// The sender would pay less than the base fee (EIP-1559).
    FeeBelowBaseFee {
        /// In wei per gas.
        max_fee: U256,
        /// In wei per gas.
        base_fee: U256,
    },
    /// The priority fee is more than the whole fee (EIP-1559).
    PriorityFeeAboveMaxFee,
    /// The init code is larger than a create may run (EIP-3860).
    InitCodeSize {
        /// In bytes.
        size: usize,
        /// In bytes.
        limit: u32,
    },
    /// The revision does not know transactions of this type.
    TypeNotSupported {
        /// The EIP that has it.
        eip: u32,
    },
    /// A transaction with blobs has none, too many, creates a contract, or has a hash of an unknown
    /// version (EIP-4844).
    Blobs(&'static str),
    /// The sender would pay less than the block's price of blob gas (EIP-4844).
    BlobFeeBelowBaseFee {
        /// In wei per blob gas.
        max_fee: U256,
        /// In wei per blob gas.
        base_fee: U256,
    },
}

impl fmt::Display for TransactionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nonce { expected, found } => {
                write!(f, "the transaction has nonce {found}, but the sender's is {expected}")
            }
            Self::StateUnavailable => f.write_str("the state cannot be read"),
            Self::NonceExhausted => f.write_str("the sender's nonce cannot grow any further"),
            Self::SenderHasCode => {
                f.write_str("the sender is a contract, which cannot sign transactions")
            }
            Self::InsufficientBalance { needed, balance } => {
                write!(f, "gas and value may need {needed} wei, but the sender has {balance}")
            }
            Self::IntrinsicGas { needed, gas_limit } => {
                write!(
                    f,
                    "a gas limit of {gas_limit} is too small: the transaction needs {needed} \
                     before it runs"
                )
            }
            Self::BlockGasLimit { gas_limit, available } => {
                write!(
                    f,
                    "a gas limit of {gas_limit} is more than the {available} that the block has \
                     left"
                )
            }
            Self::GasLimitCap { gas_limit, cap } => {
                write!(
                    f,
                    "a gas limit of {gas_limit} is more than the {cap} that a transaction may have"
                )
            }
            Self::FeeBelowBaseFee { max_fee, base_fee } => {
                write!(f, "a fee of {max_fee} wei per gas is less than the base fee of {base_fee}")
            }
            Self::PriorityFeeAboveMaxFee => {
                f.write_str("the priority fee is more than the whole fee")
            }
            Self::InitCodeSize { size, limit } => {
                write!(f, "the init code has {size} bytes, more than the {limit} allowed")
            }
            Self::TypeNotSupported { eip } => {
                write!(f, "transactions of EIP-{eip} do not exist in this revision")
            }
            Self::Blobs(reason) => f.write_str(reason),
            Self::BlobFeeBelowBaseFee { max_fee, base_fee } => {
                write!(
                    f,
                    "a fee of {max_fee} wei per blob gas is less than the base fee of {base_fee}"
                )
            }
        }
    }
}

impl core::error::Error for TransactionError {}
