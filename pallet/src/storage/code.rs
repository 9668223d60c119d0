//! Code, stored once for each hash as long as a deposit pays for it.
//!
//! The uploader and each contract that has the code pay independently of one another, so that no
//! deposit depends on what others do.
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::marker::PhantomData;

use alloy_primitives::{B256, keccak256};
use frame_support::traits::fungible::MutateHold;
use frame_support::traits::tokens::Precision;
use frame_support::weights::Weight;
use frame_support::{BoundedVec, ensure};
use sp_core::H256;
use sp_runtime::DispatchError;
use tephra_core::ewasm::NewCodeError;

use crate::engine::convert::to_h256;
use crate::engine::{ENGINE_VERSION, Engine};
use crate::storage::accounts::Accounts;
use crate::storage::deposit::Payer;
use crate::storage::price::DepositPrice;
use crate::{
    BalanceOf, CodeInfo, CodeInfoOf, Codes, Config, Error, Event, HoldReason, Pallet, Upload,
    WeightInfo,
};

/// The codes of contracts, and who keeps them.
pub(crate) struct CodeStore<T>(PhantomData<T>);

impl<T: Config> CodeStore<T> {
    /// Returns the weight of an upload of `bytes` bytes.
    pub fn upload_weight(bytes: usize) -> Weight {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        T::WeightInfo::upload_code(bytes).saturating_add(T::WeightInfo::receive(bytes))
    }

    /// Stores code for a deposit of the signer's, whether or not contracts have it.
    pub fn upload(
        signer: &T::AccountId,
        code: Vec<u8>,
        storage_deposit_limit: Option<BalanceOf<T>>,
    ) -> Result<(), DispatchError> {
        Accounts::<T>::ensure_can_sign(signer, Pallet::<T>::address_of(signer))?;
        let (vm, revision) = (Engine::<T>::vm(), Engine::<T>::revision());
        vm.check_new_code(revision, &code).map_err(|error| match error {
            NewCodeError::TooLarge { .. } => Error::<T>::CodeTooLarge,
            _ => Error::<T>::InvalidContract,
        })?;
        ensure!(tephra_core::ewasm::is_wasm(&code), Error::<T>::InvalidContract);
        let hash = to_h256(keccak256(&code));
        let deposit = DepositPrice::<T>::code(code.len() as u32);
        let is_uploaded = CodeInfoOf::<T>::get(hash).is_some_and(|info| info.upload.is_some());
        ensure!(!is_uploaded, Error::<T>::CodeAlreadyStored);
        ensure!(
            storage_deposit_limit.is_none_or(|limit| deposit <= limit),
            Error::<T>::StorageDepositLimitExhausted
        );
        Payer::<T>::new(signer).hold(HoldReason::CodeDeposit, deposit)?;
        Self::with_code(hash, Some(&code), |info| {
            info.upload = Some(Upload { owner: signer.clone(), deposit })
        })?;
        Pallet::<T>::deposit_event(Event::CodeUploaded {
            code_hash: hash,
            owner: signer.clone(),
            deposit,
        });
        Ok(())
    }

    /// Ends an upload. The code stays as long as contracts have it, each of which holds a share of
    /// its deposit.
    pub fn end_upload(signer: &T::AccountId, hash: H256) -> Result<(), DispatchError> {
        let mut info = CodeInfoOf::<T>::get(hash).ok_or(Error::<T>::CodeNotFound)?;
        let upload = info.upload.take().filter(|upload| upload.owner == *signer);
        let Upload { owner, deposit } = upload.ok_or(Error::<T>::NotCodeOwner)?;
        T::Currency::release(&HoldReason::CodeDeposit.into(), &owner, deposit, Precision::Exact)?;
        Pallet::<T>::deposit_event(Event::CodeReleased { code_hash: hash, owner, deposit });
        Self::keep_or_remove(hash, info);
        Ok(())
    }

    /// Counts one more contract that has this code, and returns the deposit that it has to hold.
    pub fn add_reference(hash: H256, code: Option<&[u8]>) -> Result<BalanceOf<T>, DispatchError> {
        Self::with_code(hash, code, |info| {
            info.references = info.references.saturating_add(1);
            DepositPrice::<T>::code_share(info.len)
        })
    }

    /// Counts one contract less that has this code.
    pub fn remove_reference(hash: H256) -> Result<(), DispatchError> {
        let mut info = CodeInfoOf::<T>::get(hash).ok_or(Error::<T>::InternalError)?;
        info.references = info.references.checked_sub(1).ok_or(Error::<T>::InternalError)?;
        Self::keep_or_remove(hash, info);
        Ok(())
    }

    /// Changes the record of a code, and stores the code when it is not there.
    fn with_code<R>(
        hash: H256,
        code: Option<&[u8]>,
        change: impl FnOnce(&mut CodeInfo<T::AccountId, BalanceOf<T>>) -> R,
    ) -> Result<R, DispatchError> {
        if let Some(mut info) = CodeInfoOf::<T>::get(hash) {
            let result = change(&mut info);
            CodeInfoOf::<T>::insert(hash, info);
            return Ok(result);
        }
        let code = code.ok_or(Error::<T>::InternalError)?.to_vec();
        let mut info = CodeInfo::validated(code.len() as u32);
        let result = change(&mut info);
        let code = BoundedVec::try_from(code).map_err(|_| Error::<T>::CodeTooLarge)?;
        Self::insert(hash, code, info);
        Pallet::<T>::deposit_event(Event::CodeStored { code_hash: hash });
        Ok(result)
    }

    /// Stores a code and its record.
    pub fn insert(
        hash: H256,
        code: BoundedVec<u8, T::MaxCodeSize>,
        info: CodeInfo<T::AccountId, BalanceOf<T>>,
    ) {
        Codes::<T>::insert(hash, code);
        CodeInfoOf::<T>::insert(hash, info);
    }

    /// Stores the record of a code, or removes both when neither a contract nor an upload needs
    /// them.
    fn keep_or_remove(hash: H256, info: CodeInfo<T::AccountId, BalanceOf<T>>) {
        if info.references > 0 || info.upload.is_some() {
            CodeInfoOf::<T>::insert(hash, info);
            return;
        }
        Codes::<T>::remove(hash);
        CodeInfoOf::<T>::remove(hash);
        Pallet::<T>::deposit_event(Event::CodeRemoved { code_hash: hash });
    }

    /// Records that this engine has validated code that an earlier one had validated.
    pub fn note_validated(hashes: &BTreeSet<B256>) {
        for hash in hashes {
            CodeInfoOf::<T>::mutate(to_h256(*hash), |info| {
                if let Some(info) = info {
                    info.validated_by = ENGINE_VERSION;
                }
            });
        }
    }
}
