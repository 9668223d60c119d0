//! One transaction in one revision.
use std::sync::Arc;

use alloy_primitives::{Address, B256, U256, keccak256};
use k256::ecdsa::SigningKey;
use tephra_core::ewasm::Schedule;
use tephra_core::revision::Revision;
use tephra_core::state::{Blobs, BlockEnv, GasPrice, MemoryAccount, MemoryBackend, Transaction};

use super::blob_fee::blob_base_fee;
use super::format::{Post, StateTest, TransactionVariants};
use super::quantity::{address, bytes, number, small_number, word};
use super::{FormatError, StateTests};

/// The base fee of a block that names none.
const DEFAULT_BASE_FEE: u64 = 10;

/// One transaction of a test in one revision, with what it should lead to.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The name of the test.
    pub name: &'a str,
    /// The revision, as the test names it.
    pub fork: &'a str,
    /// Which of the revision's transactions it is.
    pub index: usize,
    test: &'a StateTest,
    post: &'a Post,
}

/// All cases of a file.
pub fn cases(tests: &StateTests) -> impl Iterator<Item = Case<'_>> {
    tests.iter().flat_map(|(name, test)| {
        test.post.iter().flat_map(move |(fork, posts)| {
            let case = move |(index, post)| Case { name, fork, index, test, post };
            posts.iter().enumerate().map(case)
        })
    })
}

impl Case<'_> {
    /// The root that the state should have afterwards.
    pub(super) fn expected_root(&self) -> Result<B256, FormatError> {
        word(&self.post.hash)
    }

    /// The hash that the logs should have.
    pub(super) fn expected_logs(&self) -> Result<B256, FormatError> {
        word(&self.post.logs)
    }

    /// Why the transaction should not be valid.
    pub(super) fn expected_exception(&self) -> Option<&str> {
        self.post.expect_exception.as_deref()
    }

    /// Whether the transaction delegates accounts to code (EIP-7702).
    pub(super) fn has_authorizations(&self) -> bool {
        self.test.transaction.authorization_list.is_some()
    }

    /// The state before.
    pub(super) fn pre_state(&self) -> Result<MemoryBackend, FormatError> {
        let mut state = MemoryBackend::new();
        for (at, pre) in &self.test.pre {
            let code = bytes(&pre.code)?;
            let mut account =
                MemoryAccount::new(small_number(&pre.nonce)?, number(&pre.balance)?, code.into());
            for (key, value) in &pre.storage {
                let value = word(value)?;
                if !value.is_zero() {
                    account.storage.insert(word(key)?, value);
                }
            }
            state.insert(address(at)?, account);
        }
        let block = small_number(&self.test.env.current_number)?;
        for earlier in block.saturating_sub(256)..block {
            state.set_block_hash(earlier, keccak256(earlier.to_string()));
        }
        Ok(state)
    }

    /// The block that the transaction is in.
    pub(super) fn block(&self, revision: Revision) -> Result<BlockEnv, FormatError> {
        let env = &self.test.env;
        let has_random = Schedule::of(revision).prev_randao;
        let random = env.current_random.as_deref().filter(|_| has_random);
        let prev_randao = random.or(env.current_difficulty.as_deref()).unwrap_or("0x0");
        let base_fee = env.current_base_fee.as_deref().map(number).transpose()?;
        let excess = env.current_excess_blob_gas.as_deref().map(small_number).transpose()?;
        let chain_id = self.test.config.as_ref().and_then(|config| config.chainid.as_deref());
        Ok(BlockEnv {
            number: small_number(&env.current_number)?,
            timestamp: small_number(&env.current_timestamp)?,
            gas_limit: u64::try_from(number(&env.current_gas_limit)?).unwrap_or(u64::MAX),
            gas_used: 0,
            coinbase: address(&env.current_coinbase)?,
            prev_randao: word(prev_randao)?,
            base_fee: base_fee.unwrap_or(U256::from(DEFAULT_BASE_FEE)),
            blob_base_fee: blob_base_fee(revision, excess.unwrap_or(0)),
            chain_id: chain_id.map_or(Ok(1), small_number)?,
        })
    }

    /// The transaction; none when a number in it is larger than any valid transaction's.
    pub(super) fn transaction(&self) -> Result<Option<Transaction>, FormatError> {
        let variants = &self.test.transaction;
        let indexes = self.post.indexes;
        let data =
            variants.data.get(indexes.data).ok_or(FormatError::Missing("data of that index"))?;
        let gas_limit = variants
            .gas_limit
            .get(indexes.gas)
            .ok_or(FormatError::Missing("gas limit of that index"))?;
        let value =
            variants.value.get(indexes.value).ok_or(FormatError::Missing("value of that index"))?;
        let (Ok(gas_limit), Ok(nonce), Ok(value)) =
            (small_number(gas_limit), small_number(&variants.nonce), number(value))
        else {
            return Ok(None);
        };
        let to = variants.to.as_deref().filter(|to| !to.is_empty() && *to != "0x");
        Ok(Some(Transaction {
            sender: sender(variants)?,
            nonce,
            gas_limit,
            gas_price: gas_price(variants)?,
            to: to.map(address).transpose()?,
            value,
            data: Arc::from(bytes(data)?),
            access_list: access_list(variants, indexes.data)?,
            blobs: blobs(variants)?,
        }))
    }
}

fn sender(variants: &TransactionVariants) -> Result<Address, FormatError> {
    let Some(key) = &variants.secret_key else {
        let sender =
            variants.sender.as_deref().ok_or(FormatError::Missing("secret key or sender"))?;
        return address(sender);
    };
    let no_key = || FormatError::Value { what: "secret key", text: key.clone() };
    let key = SigningKey::from_slice(&bytes(key)?).map_err(|_| no_key())?;
    let point = key.verifying_key().to_sec1_point(false);
    let coordinates = point.as_bytes().get(1..).ok_or_else(no_key)?;
    Ok(Address::from_raw_public_key(coordinates))
}

fn gas_price(variants: &TransactionVariants) -> Result<GasPrice, FormatError> {
    let Some(max_fee) = &variants.max_fee_per_gas else {
        let price = variants.gas_price.as_deref().ok_or(FormatError::Missing("gas price"))?;
        return number(price).map(GasPrice::Legacy);
    };
    let max_priority_fee = variants.max_priority_fee_per_gas.as_deref().unwrap_or("0x0");
    Ok(GasPrice::Dynamic { max_fee: number(max_fee)?, max_priority_fee: number(max_priority_fee)? })
}

type AccessList = Vec<(Address, Vec<B256>)>;

fn access_list(
    variants: &TransactionVariants,
    data_index: usize,
) -> Result<Option<AccessList>, FormatError> {
    let lists = variants.access_lists.as_deref().unwrap_or_default();
    let Some(Some(list)) = lists.get(data_index) else { return Ok(None) };
    let entries = list.iter().map(|entry| {
        let keys = entry.storage_keys.iter().map(|key| word(key)).collect::<Result<_, _>>()?;
        Ok((address(&entry.address)?, keys))
    });
    entries.collect::<Result<_, _>>().map(Some)
}

fn blobs(variants: &TransactionVariants) -> Result<Option<Blobs>, FormatError> {
    let Some(max_fee) = &variants.max_fee_per_blob_gas else { return Ok(None) };
    let hashes = variants.blob_versioned_hashes.iter().flatten().map(|hash| word(hash));
    Ok(Some(Blobs { max_fee: number(max_fee)?, hashes: hashes.collect::<Result<_, _>>()? }))
}
