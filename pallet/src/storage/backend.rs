//! The pallet's storage as the engine reads it.
use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::marker::PhantomData;

use alloy_primitives::{Address, B256};
use codec::Encode;
use frame_support::traits::fungible::Inspect;
use frame_support::traits::tokens::{Fortitude, Preservation};
use frame_support::weights::Weight;
use sp_core::H256;
use sp_runtime::traits::UniqueSaturatedInto;
use tephra_core::state::{AccountInfo, Backend, Resources, UnmeteredWork};

use crate::engine::convert::{balance_to_wei, to_b256, to_h160, to_h256};
use crate::engine::{ENGINE_VERSION, Engine};
use crate::storage::deposit::Payer;
use crate::storage::nonce::Nonces;
use crate::weight::{WorkExhausted, WorkMeter};
use crate::{
    AddressMapping, BalanceOf, CodeInfoOf, Codes, Config, ContractInfo, Contracts, Deposits,
    OriginalAccount, Slots, WeightInfo,
};

/// Bytes of the block's proof for an item that is read, besides the item: the nodes of the trie on
/// the way to it. A trie of a million items has five levels, of which reads share the upper ones.
pub(crate) const PROOF_PER_ITEM: u64 = 512;

/// Bytes of the block's proof for an account: its contract, its owner, and the system's record.
const PROOF_PER_ACCOUNT: u64 = 3 * PROOF_PER_ITEM + 512;

/// Bytes of the block's proof for a slot: its key, and its value with its deposit, which have a
/// node to themselves where they are more than 32 bytes.
const PROOF_PER_SLOT: u64 = PROOF_PER_ITEM + 192;

/// Why the state could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackendError {
    /// The extrinsic's weight has no proof size left for the read.
    ProofSize,
    /// The extrinsic's weight has no time left for the engine's unmetered work.
    Work,
    /// A contract names a code that is not stored.
    CodeMissing,
}

impl From<WorkExhausted> for BackendError {
    fn from(WorkExhausted: WorkExhausted) -> Self {
        Self::Work
    }
}

/// The pallet's storage, for one transaction.
pub struct PalletBackend<T: Config> {
    /// The account that signed.
    account: T::AccountId,
    /// The signer's address, and the nonce that the transaction sees.
    signer: (Address, u64),
    /// Bytes of proof read so far.
    proof: Cell<u64>,
    /// Bytes of proof that may be read.
    proof_limit: u64,
    /// The unmetered work.
    work: WorkMeter<T>,
    /// The contracts that were read. Nothing else changes them while a transaction runs.
    contracts: RefCell<BTreeMap<Address, Box<ContractInfo<BalanceOf<T>>>>>,
    /// The codes whose records were read: their sizes, and the versions of the engine that
    /// validated them.
    code_infos: RefCell<BTreeMap<B256, (u32, u16)>>,
    /// The slots that were read and are not zero, with their deposits.
    slots: RefCell<BTreeMap<(Address, B256), BalanceOf<T>>>,
    /// Codes that an earlier engine had validated, and this one has validated since.
    revalidated: RefCell<BTreeSet<B256>>,
    /// The number of storage transactions that are open for the state's checkpoints, see
    /// [`Dispatch`](crate::precompiles::Dispatch).
    layers: Cell<u32>,
    /// The signer's deposits so far.
    deposits: Cell<Deposits<BalanceOf<T>>>,
    /// The signer's deposits when each of those storage transactions began.
    deposits_before: RefCell<Vec<Deposits<BalanceOf<T>>>>,
    runtime: PhantomData<T>,
}

impl<T: Config> PalletBackend<T> {
    pub(crate) fn new(
        account: T::AccountId,
        signer: Address,
        nonce: u64,
        proof_limit: u64,
        work_limit: u64,
    ) -> Self {
        Self {
            account,
            signer: (signer, nonce),
            proof: Cell::new(0),
            proof_limit,
            work: WorkMeter::new(work_limit),
            contracts: RefCell::default(),
            code_infos: RefCell::default(),
            slots: RefCell::default(),
            revalidated: RefCell::default(),
            layers: Cell::new(0),
            deposits: Cell::default(),
            deposits_before: RefCell::default(),
            runtime: PhantomData,
        }
    }

    /// Returns the bytes of proof read so far.
    pub(crate) fn proof(&self) -> u64 {
        self.proof.get()
    }

    /// Returns the picoseconds of unmetered work so far.
    pub(crate) fn work_done(&self) -> u64 {
        self.work.done()
    }

    /// Returns the codes that this engine has validated and an earlier one had before.
    pub(crate) fn revalidated(&self) -> BTreeSet<B256> {
        self.revalidated.borrow().clone()
    }

    /// Returns the contract at an address that the engine has read, as the state has it.
    pub(crate) fn contract(&self, address: &Address) -> Option<ContractInfo<BalanceOf<T>>> {
        self.contracts.borrow().get(address).map(|contract| (**contract).clone())
    }

    /// Returns the deposit of a slot; none when the state does not have the slot. The engine has
    /// read each slot that it changes, except those of contracts that are new.
    pub(crate) fn deposit_of_slot(&self, address: &Address, key: &B256) -> Option<BalanceOf<T>> {
        self.slots.borrow().get(&(*address, *key)).copied()
    }

    /// Returns the address of the account that signed.
    pub fn signer_address(&self) -> Address {
        self.signer.0
    }

    /// Returns the account that signed.
    #[cfg(feature = "runtime-benchmarks")]
    pub(crate) fn signer(&self) -> &T::AccountId {
        &self.account
    }

    /// Returns the signer with its deposits so far.
    pub(crate) fn payer(&self) -> Payer<'_, T> {
        Payer::resuming(&self.account, self.deposits.get())
    }

    /// Takes over the deposits of a payer. The rollback of a storage transaction undoes it.
    pub(crate) fn note_deposits(&self, payer: &Payer<'_, T>) {
        self.deposits.set(payer.deposits);
    }

    /// Counts the weight of writing the changes, which is about to be done.
    pub(crate) fn note_writing(&self, weight: Weight) -> Result<(), BackendError> {
        self.work.note(weight)?;
        self.read(weight.proof_size())
    }

    /// Counts proof that a dispatched call has read, after its limit was checked.
    pub(crate) fn note_proof(&self, bytes: u64) {
        self.proof.set(self.proof.get().saturating_add(bytes));
    }

    /// Gives each of the state's open checkpoints a storage transaction, so that later writes are
    /// undone with the checkpoint. Nothing has been written since the checkpoints without one
    /// began.
    pub(crate) fn open_layers(&self, open: u32) {
        while self.layers.get() < open {
            sp_io::storage::start_transaction();
            self.deposits_before.borrow_mut().push(self.deposits.get());
            self.layers.set(self.layers.get().saturating_add(1));
        }
    }

    /// Ends the storage transactions of all checkpoints but the outermost `open`.
    pub(crate) fn close_layers(&self, open: u32, is_committed: bool) {
        while self.layers.get() > open {
            let before = self.deposits_before.borrow_mut().pop();
            if is_committed {
                sp_io::storage::commit_transaction();
            } else {
                sp_io::storage::rollback_transaction();
                self.deposits.set(before.unwrap_or_default());
            }
            self.layers.set(self.layers.get().saturating_sub(1));
        }
    }

    /// Returns whether this many accounts and this many other bytes may still be read.
    pub(crate) fn has_proof_for(&self, accounts: u64, bytes: u64) -> bool {
        let bytes = PROOF_PER_ACCOUNT.saturating_mul(accounts).saturating_add(bytes);
        self.proof.get().saturating_add(bytes) <= self.proof_limit
    }

    /// Returns the size of a code, and the version of the engine that validated it.
    fn code_info(&self, hash: &B256) -> Option<(u32, u16)> {
        if let Some(info) = self.code_infos.borrow().get(hash) {
            return Some(*info);
        }
        let info = CodeInfoOf::<T>::get(to_h256(*hash))?;
        let info = (info.len, info.validated_by);
        self.code_infos.borrow_mut().insert(*hash, info);
        Some(info)
    }

    /// Counts what is about to be read. A read beyond the limit does not happen, so it does not
    /// count.
    fn read(&self, bytes: u64) -> Result<(), BackendError> {
        let proof = self.proof.get().saturating_add(bytes);
        self.proof.set(proof.min(self.proof_limit));
        if proof > self.proof_limit { Err(BackendError::ProofSize) } else { Ok(()) }
    }
}

impl<T: Config> Backend for PalletBackend<T> {
    type Error = BackendError;

    fn account(&self, address: &Address) -> Result<Option<AccountInfo>, BackendError> {
        self.read(PROOF_PER_ACCOUNT)?;
        let key = to_h160(*address);
        let contract = Contracts::<T>::get(key);
        let account = match contract {
            Some(_) => T::AddressMapping::fallback(&key),
            // The signer has been registered.
            None if *address == self.signer.0 => self.account.clone(),
            None => T::AddressMapping::to_account_id(&key),
        };
        let balance =
            T::Currency::reducible_balance(&account, Preservation::Preserve, Fortitude::Polite);
        let balance = balance_to_wei::<T>(balance);
        let info = match contract {
            Some(contract) => {
                let info = AccountInfo {
                    nonce: contract.nonce,
                    balance,
                    code_hash: to_b256(contract.code_hash),
                };
                self.contracts.borrow_mut().insert(*address, Box::new(contract));
                info
            }
            None => {
                let (signer, signer_nonce) = self.signer;
                let nonce = if *address == signer {
                    signer_nonce
                } else {
                    Nonces::<T>::of_account(&account)
                };
                AccountInfo { nonce, balance, ..AccountInfo::EMPTY }
            }
        };
        Ok((!info.is_empty()).then_some(info))
    }

    fn storage(&self, address: &Address, key: &B256) -> Result<B256, BackendError> {
        self.read(PROOF_PER_SLOT)?;
        // The state asks for the account first.
        let storage_id = self.contracts.borrow().get(address).map(|contract| contract.storage_id);
        let Some(storage_id) = storage_id else { return Ok(B256::ZERO) };
        let Some(slot) = Slots::<T>::get(storage_id, to_h256(*key)) else { return Ok(B256::ZERO) };
        self.slots.borrow_mut().insert((*address, *key), slot.deposit);
        Ok(to_b256(slot.value()))
    }

    fn code(&self, hash: &B256) -> Result<Arc<[u8]>, BackendError> {
        let items = if self.code_infos.borrow().contains_key(hash) { 1 } else { 2 };
        let (len, _) = self.code_info(hash).ok_or(BackendError::CodeMissing)?;
        // Counted before the read, and also where the code is cached: an instance that runs this
        // extrinsic alone has an empty cache.
        self.read(u64::from(len).saturating_add(items * PROOF_PER_ITEM))?;
        self.work.note(T::WeightInfo::read_code(len))?;
        if let Some(code) = Engine::<T>::vm().known_code(hash) {
            return Ok(code);
        }
        let code = Codes::<T>::get(to_h256(*hash)).ok_or(BackendError::CodeMissing)?;
        Ok(code.into_inner().into())
    }

    fn code_size(&self, hash: &B256) -> Result<Option<usize>, BackendError> {
        if !self.code_infos.borrow().contains_key(hash) {
            self.read(PROOF_PER_ITEM)?;
        }
        let (len, _) = self.code_info(hash).ok_or(BackendError::CodeMissing)?;
        Ok(Some(len as usize))
    }

    fn block_hash(&self, number: u64) -> Result<Option<B256>, BackendError> {
        self.read(PROOF_PER_ITEM)?;
        let number: frame_system::pallet_prelude::BlockNumberFor<T> =
            number.unique_saturated_into();
        let hash = frame_system::BlockHash::<T>::get(number);
        Ok((hash != T::Hash::default()).then(|| to_b256(hash32(&hash))))
    }

    /// Returns whether the address has a known owner.
    fn has_storage(&self, address: &Address) -> Result<bool, BackendError> {
        self.read(PROOF_PER_ITEM)?;
        Ok(OriginalAccount::<T>::contains_key(to_h160(*address)))
    }
}

/// The resources of a transaction besides gas, which the pallet measures and keeps.
#[derive(Clone, Copy)]
pub(crate) struct Metered;

impl<T: Config> Resources<PalletBackend<T>> for Metered {
    fn work(
        &self,
        backend: &PalletBackend<T>,
        work: UnmeteredWork<'_>,
    ) -> Result<(), BackendError> {
        backend.work.note_work(work)?;
        Ok(())
    }

    fn checkpoint_closed(&self, backend: &PalletBackend<T>, open: u32, is_committed: bool) {
        backend.close_layers(open, is_committed);
    }

    fn forgotten(&self, backend: &PalletBackend<T>, address: &Address, key: Option<&B256>) {
        match key {
            Some(key) => drop(backend.slots.borrow_mut().remove(&(*address, *key))),
            None => drop(backend.contracts.borrow_mut().remove(address)),
        }
    }

    fn code_is_validated(&self, backend: &PalletBackend<T>, hash: &B256) -> bool {
        backend.code_info(hash).is_some_and(|(_, validated_by)| validated_by == ENGINE_VERSION)
    }

    fn code_was_validated(&self, backend: &PalletBackend<T>, hash: &B256) {
        backend.revalidated.borrow_mut().insert(*hash);
    }
}

/// Returns the first 32 bytes of a hash of the runtime.
fn hash32(hash: &impl Encode) -> H256 {
    let mut bytes = H256::zero();
    hash.using_encoded(|hash| {
        for (to, from) in bytes.0.iter_mut().zip(hash) {
            *to = *from;
        }
    });
    bytes
}
