//! Runs transactions: what Ethereum does around the first message.
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

use super::{
    Backend, Blobs, BlockEnv, Driver, GasPrice, HostPrecompiles, JournaledState, Receipt,
    Resources, Spent, Transaction, TransactionError,
};
use crate::ewasm::{
    CallKind, Host, Inspector, Message, Outcome, Schedule, Status, TransactionContext,
    TransactionCosts,
};
use crate::precompile::Precompiles;

/// Blob gas of a blob (EIP-4844).
const GAS_PER_BLOB: u64 = 1 << 17;

/// The version that the hash of a blob begins with (EIP-4844).
const BLOB_HASH_VERSION: u8 = 1;

/// Who is paid for the gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Payment {
    /// Gas is bought with the sender's wei, as in Ethereum.
    Here,
    /// Whoever runs the transaction has seen to it.
    Elsewhere,
}

/// What a valid transaction pays and begins with.
struct Terms {
    /// In wei per gas.
    effective_price: U256,
    /// What of it is burnt, in wei per gas.
    base_fee: U256,
    /// In wei, burnt.
    blob_fee: U256,
    /// Gas before the first message.
    intrinsic: u64,
    /// The least gas in the end.
    floor: u64,
    payment: Payment,
}

impl<P, R> Driver<'_, P, R> {
    /// Runs a transaction, from buying gas to paying the beneficiary. Afterwards
    /// [`JournaledState::finish`] gives what it changed.
    ///
    /// # Errors
    /// When the transaction is not valid; then nothing is changed. When the backend fails, the
    /// receipt has [`Status::InternalError`], and `finish` gives the error.
    pub fn transact<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        block: &BlockEnv,
        transaction: &Transaction,
        inspector: &mut dyn Inspector,
    ) -> Result<Receipt, TransactionError>
    where
        P: HostPrecompiles<B>,
        R: Resources<B>,
    {
        self.transact_by(state, block, transaction, |state, message| {
            self.run_message(state, message, inspector)
        })
    }

    /// As [`Self::transact`], with `run` in place of [`Self::run_message`] for the transaction's
    /// own message.
    ///
    /// # Errors
    /// As [`Self::transact`].
    pub fn transact_by<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        block: &BlockEnv,
        transaction: &Transaction,
        run: impl FnOnce(&mut JournaledState<B>, Message) -> Outcome,
    ) -> Result<Receipt, TransactionError>
    where
        P: HostPrecompiles<B>,
        R: Resources<B>,
    {
        state.begin(TransactionContext::default());
        let terms = check(state, block, transaction, None, Payment::Here)?;
        self.perform(state, block, transaction, None, &terms, run)
    }

    /// As [`Self::transact`] for a transaction whose gas is paid elsewhere: no wei change hands but
    /// the value, and the prices of gas are only what contracts are told. Gas is the same.
    ///
    /// With a `salt`, a transaction that creates does so by the rules of [`CallKind::Create2`], and
    /// pays for the hash of the init code by the word as contracts do.
    ///
    /// # Errors
    /// As [`Self::transact`].
    pub fn transact_prepaid<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        block: &BlockEnv,
        transaction: &Transaction,
        salt: Option<B256>,
        inspector: &mut dyn Inspector,
    ) -> Result<Receipt, TransactionError>
    where
        P: HostPrecompiles<B>,
        R: Resources<B>,
    {
        state.begin(TransactionContext::default());
        let salt = salt.filter(|_| transaction.to.is_none());
        let terms = check(state, block, transaction, salt, Payment::Elsewhere)?;
        let run =
            |state: &mut JournaledState<B>, message| self.run_message(state, message, inspector);
        self.perform(state, block, transaction, salt, &terms, run)
    }

    /// Runs a transaction that has been checked.
    fn perform<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        block: &BlockEnv,
        transaction: &Transaction,
        salt: Option<B256>,
        terms: &Terms,
        run: impl FnOnce(&mut JournaledState<B>, Message) -> Outcome,
    ) -> Result<Receipt, TransactionError>
    where
        P: HostPrecompiles<B>,
        R: Resources<B>,
    {
        let schedule = state.schedule;
        state.context = context(block, transaction, terms);
        if terms.payment == Payment::Here {
            buy_gas(state, transaction, terms)?;
        }
        // A create counts up the nonce itself.
        if transaction.to.is_some() && state.increment_nonce(&transaction.sender).is_none() {
            return Err(TransactionError::NonceExhausted);
        }
        if schedule.access_lists {
            self.warm_up(state, block, transaction);
        }

        let outcome = run(state, first_message(transaction, salt, terms.intrinsic));

        let used = transaction.gas_limit.saturating_sub(outcome.gas_left);
        let refund = schedule.transaction.refund(outcome.gas_refund, used);
        let gas_used = used.saturating_sub(refund).max(terms.floor);
        if terms.payment == Payment::Here {
            let unused = transaction.gas_limit.saturating_sub(gas_used);
            state.add_balance(&transaction.sender, wei(unused, terms.effective_price));
            let tip = terms.effective_price.saturating_sub(terms.base_fee);
            state.add_balance(&block.coinbase, wei(gas_used, tip));
        }
        let status = if state.has_failed() { Status::InternalError } else { outcome.status };
        Ok(Receipt {
            status,
            gas_used,
            spent: Spent {
                intrinsic: terms.intrinsic,
                execution: used.saturating_sub(terms.intrinsic),
                growth: state.growth,
            },
            gas_refunded: used.saturating_sub(gas_used),
            output: outcome.output,
            logs: state.take_logs(),
            create_address: outcome.create_address,
            trap: outcome.trap,
        })
    }

    /// What is warm from the start (EIP-2929, EIP-2930, EIP-3651). A new contract's address warms
    /// itself.
    fn warm_up<B: Backend>(
        &self,
        state: &mut JournaledState<B>,
        block: &BlockEnv,
        transaction: &Transaction,
    ) where
        P: HostPrecompiles<B>,
        R: Resources<B>,
    {
        let precompiles = Precompiles::new(state.schedule, self.config.address9);
        let coinbase = state.schedule.transaction.warm_coinbase.then_some(block.coinbase);
        let addresses = [transaction.sender].into_iter().chain(transaction.to).chain(coinbase);
        let own = self.precompiles.addresses().iter().copied();
        for address in addresses.chain(precompiles.addresses()).chain(own) {
            state.warm_from_the_start(&address);
        }
        for (address, keys) in transaction.access_list.iter().flatten() {
            state.warm_from_the_start(address);
            for key in keys {
                state.access_storage(address, key);
            }
        }
    }
}

fn check<B: Backend>(
    state: &mut JournaledState<B>,
    block: &BlockEnv,
    transaction: &Transaction,
    salt: Option<B256>,
    payment: Payment,
) -> Result<Terms, TransactionError> {
    let schedule = state.schedule;
    let rules = &schedule.transaction;
    check_type(rules, transaction)?;
    check_gas_limit(rules, block, transaction)?;
    let base_fee = if rules.base_fee { block.base_fee } else { U256::ZERO };
    if payment == Payment::Here {
        check_fee(&transaction.gas_price, base_fee)?;
    }
    let blob_gas = match &transaction.blobs {
        Some(blobs) => check_blobs(rules, block, transaction, blobs)?,
        None => 0,
    };
    let (intrinsic, floor) = check_size(schedule, transaction, salt)?;

    let sender = state.account(&transaction.sender);
    if state.has_failed() {
        return Err(TransactionError::StateUnavailable);
    }
    if rules.sender_without_code && sender.has_code() {
        return Err(TransactionError::SenderHasCode);
    }
    if sender.nonce != transaction.nonce {
        return Err(TransactionError::Nonce { expected: sender.nonce, found: transaction.nonce });
    }
    if sender.nonce == u64::MAX {
        return Err(TransactionError::NonceExhausted);
    }
    let needed = match payment {
        Payment::Here => most_wei(transaction, blob_gas),
        Payment::Elsewhere => Some(transaction.value),
    };
    if needed.is_none_or(|needed| needed > sender.balance) {
        let needed = needed.unwrap_or(U256::MAX);
        return Err(TransactionError::InsufficientBalance { needed, balance: sender.balance });
    }
    Ok(Terms {
        effective_price: transaction.gas_price.effective(base_fee),
        base_fee,
        blob_fee: wei(blob_gas, block.blob_base_fee),
        intrinsic,
        floor,
        payment,
    })
}

/// What the sender may have to pay at most.
fn most_wei(transaction: &Transaction, blob_gas: u64) -> Option<U256> {
    let blob_max_fee = transaction.blobs.as_ref().map_or(U256::ZERO, |blobs| blobs.max_fee);
    checked_wei(transaction.gas_limit, transaction.gas_price.max_fee())?
        .checked_add(transaction.value)?
        .checked_add(checked_wei(blob_gas, blob_max_fee)?)
}

fn check_type(rules: &TransactionCosts, transaction: &Transaction) -> Result<(), TransactionError> {
    let is_dynamic = matches!(transaction.gas_price, GasPrice::Dynamic { .. });
    let types = [
        (transaction.access_list.is_some(), rules.access_list, 2930),
        (is_dynamic, rules.base_fee, 1559),
        (transaction.blobs.is_some(), rules.blobs.is_some(), 4844),
    ];
    match types.into_iter().find(|(is_used, is_known, _)| *is_used && !is_known) {
        Some((_, _, eip)) => Err(TransactionError::TypeNotSupported { eip }),
        None => Ok(()),
    }
}

fn check_gas_limit(
    rules: &TransactionCosts,
    block: &BlockEnv,
    transaction: &Transaction,
) -> Result<(), TransactionError> {
    let gas_limit = transaction.gas_limit;
    let available = block.gas_limit.saturating_sub(block.gas_used);
    if gas_limit > available {
        return Err(TransactionError::BlockGasLimit { gas_limit, available });
    }
    let cap = rules.gas_limit_cap;
    if gas_limit > cap {
        return Err(TransactionError::GasLimitCap { gas_limit, cap });
    }
    Ok(())
}

fn check_fee(price: &GasPrice, base_fee: U256) -> Result<(), TransactionError> {
    let max_fee = price.max_fee();
    if max_fee < base_fee {
        return Err(TransactionError::FeeBelowBaseFee { max_fee, base_fee });
    }
    match price {
        GasPrice::Dynamic { max_priority_fee, .. } if *max_priority_fee > max_fee => {
            Err(TransactionError::PriorityFeeAboveMaxFee)
        }
        _ => Ok(()),
    }
}

/// Answers the blob gas.
fn check_blobs(
    rules: &TransactionCosts,
    block: &BlockEnv,
    transaction: &Transaction,
    blobs: &Blobs,
) -> Result<u64, TransactionError> {
    let problem = if transaction.to.is_none() {
        Some("a transaction with blobs cannot create a contract")
    } else if blobs.hashes.is_empty() {
        Some("a transaction of EIP-4844 needs at least one blob")
    } else if blobs.hashes.len() > rules.blobs.map_or(0, |blobs| blobs.max) {
        Some("the transaction has more blobs than the revision allows")
    } else if blobs.hashes.iter().any(|hash| hash.first() != Some(&BLOB_HASH_VERSION)) {
        Some("the hash of a blob has a version other than 1")
    } else {
        None
    };
    if let Some(problem) = problem {
        return Err(TransactionError::Blobs(problem));
    }
    if blobs.max_fee < block.blob_base_fee {
        return Err(TransactionError::BlobFeeBelowBaseFee {
            max_fee: blobs.max_fee,
            base_fee: block.blob_base_fee,
        });
    }
    Ok(GAS_PER_BLOB.saturating_mul(blobs.hashes.len() as u64))
}

/// Answers the gas before the first message and the least gas in the end.
fn check_size(
    schedule: &Schedule,
    transaction: &Transaction,
    salt: Option<B256>,
) -> Result<(u64, u64), TransactionError> {
    let is_create = transaction.to.is_none();
    let size = transaction.data.len();
    if is_create && size as u64 > u64::from(schedule.init_code_size) {
        return Err(TransactionError::InitCodeSize { size, limit: schedule.init_code_size });
    }
    let list = transaction.access_list.iter().flatten();
    let (addresses, slots) = list.fold((0_u64, 0_u64), |(addresses, slots), (_, keys)| {
        (addresses + 1, slots + keys.len() as u64)
    });
    let hash_word = if salt.is_some() { schedule.hash_word } else { 0 };
    let hash = hash_word.saturating_mul(size.div_ceil(32) as u64);
    let intrinsic = schedule
        .transaction
        .intrinsic(is_create, &transaction.data, addresses, slots)
        .saturating_add(hash);
    let floor = schedule.transaction.floor(&transaction.data);
    let needed = intrinsic.max(floor);
    if transaction.gas_limit < needed {
        return Err(TransactionError::IntrinsicGas { needed, gas_limit: transaction.gas_limit });
    }
    Ok((intrinsic, floor))
}

fn context(block: &BlockEnv, transaction: &Transaction, terms: &Terms) -> TransactionContext {
    TransactionContext {
        origin: transaction.sender,
        gas_price: terms.effective_price,
        coinbase: block.coinbase,
        number: block.number,
        timestamp: block.timestamp,
        gas_limit: block.gas_limit,
        prev_randao: block.prev_randao,
        chain_id: U256::from(block.chain_id),
        base_fee: terms.base_fee,
        blob_base_fee: block.blob_base_fee,
        blob_hashes: transaction.blobs.as_ref().map_or_else(Vec::new, |blobs| blobs.hashes.clone()),
    }
}

/// Takes the price of all gas from the sender.
fn buy_gas<B: Backend>(
    state: &mut JournaledState<B>,
    transaction: &Transaction,
    terms: &Terms,
) -> Result<(), TransactionError> {
    let price = wei(transaction.gas_limit, terms.effective_price).saturating_add(terms.blob_fee);
    if !state.take_balance(&transaction.sender, price) {
        let balance = state.balance(&transaction.sender);
        return Err(TransactionError::InsufficientBalance { needed: price, balance });
    }
    Ok(())
}

fn first_message(transaction: &Transaction, salt: Option<B256>, intrinsic: u64) -> Message {
    let recipient = transaction.to.unwrap_or(Address::ZERO);
    Message {
        kind: match (transaction.to, salt) {
            (Some(_), _) => CallKind::Call,
            (None, None) => CallKind::Create,
            (None, Some(_)) => CallKind::Create2,
        },
        is_static: false,
        depth: 0,
        gas: transaction.gas_limit.saturating_sub(intrinsic),
        recipient,
        code_address: recipient,
        sender: transaction.sender,
        input: transaction.data.clone(),
        value: transaction.value,
        salt: salt.unwrap_or_default(),
    }
}

/// What so much gas costs at a price. Never saturates for a sender who could pay.
fn wei(gas: u64, price: U256) -> U256 {
    U256::from(gas).saturating_mul(price)
}

fn checked_wei(gas: u64, price: U256) -> Option<U256> {
    U256::from(gas).checked_mul(price)
}
