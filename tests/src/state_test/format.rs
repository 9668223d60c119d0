//! The JSON of a state test file.
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

/// A file: tests by name.
pub type StateTests = BTreeMap<String, StateTest>;

/// A test: one state, several transactions, and what they lead to in several revisions.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StateTest {
    pub(super) env: Env,
    pub(super) pre: BTreeMap<String, PreAccount>,
    pub(super) transaction: TransactionVariants,
    pub(super) post: BTreeMap<String, Vec<Post>>,
    #[serde(default)]
    pub(super) config: Option<ChainConfig>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Env {
    pub current_coinbase: String,
    #[serde(default)]
    pub current_difficulty: Option<String>,
    pub current_gas_limit: String,
    pub current_number: String,
    pub current_timestamp: String,
    #[serde(default)]
    pub current_base_fee: Option<String>,
    #[serde(default)]
    pub current_random: Option<String>,
    #[serde(default)]
    pub current_excess_blob_gas: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct PreAccount {
    pub balance: String,
    pub code: String,
    pub nonce: String,
    pub storage: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransactionVariants {
    pub data: Vec<String>,
    pub gas_limit: Vec<String>,
    pub value: Vec<String>,
    pub nonce: String,
    #[serde(default)]
    pub to: Option<String>,
    #[serde(default)]
    pub secret_key: Option<String>,
    #[serde(default)]
    pub sender: Option<String>,
    #[serde(default)]
    pub gas_price: Option<String>,
    #[serde(default)]
    pub max_fee_per_gas: Option<String>,
    #[serde(default)]
    pub max_priority_fee_per_gas: Option<String>,
    /// By the index of the data.
    #[serde(default)]
    pub access_lists: Option<Vec<Option<Vec<AccessListEntry>>>>,
    #[serde(default)]
    pub max_fee_per_blob_gas: Option<String>,
    #[serde(default)]
    pub blob_versioned_hashes: Option<Vec<String>>,
    #[serde(default)]
    pub authorization_list: Option<serde_json::Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessListEntry {
    pub address: String,
    pub storage_keys: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Post {
    pub hash: String,
    pub logs: String,
    pub indexes: Indexes,
    #[serde(default)]
    pub expect_exception: Option<String>,
}

/// Which of the variants of the transaction is meant.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Indexes {
    pub data: usize,
    pub gas: usize,
    pub value: usize,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct ChainConfig {
    #[serde(default)]
    pub chainid: Option<String>,
}

/// A file is not a state test, or something in it is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// Not JSON, or not of this form.
    Json(String),
    /// A value that cannot be read.
    Value {
        /// The expected value.
        what: &'static str,
        /// The beginning of what it is.
        text: String,
    },
    /// Something is missing.
    Missing(&'static str),
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "not a state test: {error}"),
            Self::Value { what, text } => write!(f, "not a state test: {text:?} is no {what}"),
            Self::Missing(what) => write!(f, "not a state test: no {what}"),
        }
    }
}

impl std::error::Error for FormatError {}

/// Reads the text of a file.
///
/// # Errors
/// When it is not a state test.
pub fn read(text: &[u8]) -> Result<StateTests, FormatError> {
    serde_json::from_slice(text).map_err(|error| FormatError::Json(error.to_string()))
}
