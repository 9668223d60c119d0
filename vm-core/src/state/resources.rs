//! What running contracts takes besides gas, for hosts that have another measure of it.
use alloy_primitives::{Address, B256};

use super::Backend;

/// Work of the engine that gas does not pay for: Ethereum has no price for it, or one that was made
/// for native code.
#[derive(Clone, Copy, Debug)]
pub enum UnmeteredWork<'a> {
    /// Validating init code, and translating what of it runs.
    InitCode {
        /// Its size.
        bytes: usize,
        /// That of the message: 0 for the transaction's own.
        depth: u32,
    },
    /// Making the code of an account ready to run: parsing it, and translating what of it runs. A
    /// machine may have kept the result from an earlier message.
    Code {
        /// Its Keccak-256 hash.
        hash: &'a B256,
        /// Its size.
        bytes: usize,
        /// Whether it need not be validated, see
        /// [`Resources::code_is_validated`].
        is_validated: bool,
    },
    /// Beginning a frame.
    Frame {
        /// What is set up for it, see
        /// [`Contract::instance_items`](crate::ewasm::Contract::instance_items).
        items: u32,
    },
    /// Running a precompiled contract of Ethereum's.
    Precompile {
        /// Its address.
        address: &'a Address,
        /// What it is given.
        input: &'a [u8],
        /// Its price in gas, which has been paid.
        gas: u64,
    },
}

/// A measure of what gas does not pay for, and of what a host keeps beside a backend while a
/// transaction runs: what a runtime needs, and `()` has none of. A [`Driver`](super::Driver) is
/// given it.
pub trait Resources<B: Backend> {
    /// Unmetered work is about to be done.
    ///
    /// # Errors
    /// When it may not be done: the transaction then fails as when reading fails.
    fn work(&self, _backend: &B, _work: UnmeteredWork<'_>) -> Result<(), B::Error> {
        Ok(())
    }

    /// Returns whether the code with this hash went through a create of this engine under the same
    /// configuration, and so need not be validated before it runs. The default is the careful
    /// answer.
    fn code_is_validated(&self, _backend: &B, _hash: &B256) -> bool {
        false
    }

    /// Code that [`Self::code_is_validated`] denied has been validated, and is valid.
    fn code_was_validated(&self, _backend: &B, _hash: &B256) {}

    /// The journal no longer knows an account, or a slot of it, since the message that read it
    /// first was undone. It reads it again when it is used again.
    fn forgotten(&self, _backend: &B, _address: &Address, _key: Option<&B256>) {}

    /// A checkpoint of a message has been committed or rolled back; `open` are left open. For hosts
    /// whose database is written while a transaction runs, which has to be undone too: see
    /// [`JournaledState::open_checkpoints`](super::JournaledState::open_checkpoints).
    fn checkpoint_closed(&self, _backend: &B, _open: u32, _is_committed: bool) {}
}

impl<B: Backend> Resources<B> for () {}
