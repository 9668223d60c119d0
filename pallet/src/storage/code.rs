//! Code: stored once for each hash, as long as somebody pays for it. Who uploads one and each
//! contract that has it pay independently of one another, so that nobody's deposit is in the hands
//! of others.
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use alloy_primitives::{B256, keccak256};
use frame_support::traits::fungible::MutateHold;
use frame_support::traits::tokens::Precision;
use frame_support::weights::Weight;
use frame_support::{BoundedVec, ensure};
use sp_core::H256;
use sp_runtime::DispatchError;
use tephra_core::ewasm::NewCodeError;

use crate::execution::engine::ENGINE_VERSION;
use crate::storage::deposit::Payer;
use crate::storage::types::to_h256;
use crate::{
    BalanceOf, CodeInfo, CodeInfoOf, Codes, Config, Error, Event, HoldReason, Pallet, Upload,
    WeightInfo,
};

impl<AccountId, Balance> CodeInfo<AccountId, Balance> {
    /// That of a code of so many bytes which this engine has validated and nobody has yet.
    pub(crate) fn validated(len: u32) -> Self {
        Self { upload: None, references: 0, len, validated_by: ENGINE_VERSION }
    }
}

impl<T: Config> Pallet<T> {
    /// The weight of an upload of so many bytes.
    pub(crate) fn upload_weight(bytes: usize) -> Weight {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        T::WeightInfo::upload_code(bytes).saturating_add(T::WeightInfo::receive(bytes))
    }

    pub(crate) fn do_upload_code(
        signer: &T::AccountId,
        code: Vec<u8>,
        storage_deposit_limit: Option<BalanceOf<T>>,
    ) -> Result<(), DispatchError> {
        Self::ensure_can_sign(signer, Self::address_of(signer))?;
        let (vm, revision) = (Self::vm(), Self::revision());
        vm.check_new_code(revision, &code).map_err(|error| match error {
            NewCodeError::TooLarge { .. } => Error::<T>::CodeTooLarge,
            _ => Error::<T>::InvalidContract,
        })?;
        ensure!(tephra_core::ewasm::is_wasm(&code), Error::<T>::InvalidContract);
        let hash = to_h256(keccak256(&code));
        let deposit = Self::code_deposit(code.len() as u32);
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
        Self::deposit_event(Event::CodeUploaded {
            code_hash: hash,
            owner: signer.clone(),
            deposit,
        });
        Ok(())
    }

    /// Ends an upload. The code stays as long as contracts have it, each of which holds a share for
    /// it.
    pub(crate) fn do_remove_code(signer: &T::AccountId, hash: H256) -> Result<(), DispatchError> {
        let mut info = CodeInfoOf::<T>::get(hash).ok_or(Error::<T>::CodeNotFound)?;
        let upload = info.upload.take().filter(|upload| upload.owner == *signer);
        let Upload { owner, deposit } = upload.ok_or(Error::<T>::NotCodeOwner)?;
        T::Currency::release(&HoldReason::CodeDeposit.into(), &owner, deposit, Precision::Exact)?;
        Self::deposit_event(Event::CodeReleased { code_hash: hash, owner, deposit });
        Self::keep_or_remove(hash, info);
        Ok(())
    }

    /// One more contract has this code. Returns what the contract has to hold for it.
    pub(crate) fn use_code(hash: H256, code: Option<&[u8]>) -> Result<BalanceOf<T>, DispatchError> {
        Self::with_code(hash, code, |info| {
            info.references = info.references.saturating_add(1);
            Self::code_share(info.len)
        })
    }

    /// One contract less has this code.
    pub(crate) fn release_code(hash: H256) -> Result<(), DispatchError> {
        let mut info = CodeInfoOf::<T>::get(hash).ok_or(Error::<T>::InternalError)?;
        info.references = info.references.checked_sub(1).ok_or(Error::<T>::InternalError)?;
        Self::keep_or_remove(hash, info);
        Ok(())
    }

    /// Changes what belongs to a code, which is stored when it is not there.
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
        Self::insert_code(hash, code, info);
        Self::deposit_event(Event::CodeStored { code_hash: hash });
        Ok(result)
    }

    pub(crate) fn insert_code(
        hash: H256,
        code: BoundedVec<u8, T::MaxCodeSize>,
        info: CodeInfo<T::AccountId, BalanceOf<T>>,
    ) {
        Codes::<T>::insert(hash, code);
        CodeInfoOf::<T>::insert(hash, info);
    }

    /// Removes a code that nobody has any more.
    fn keep_or_remove(hash: H256, info: CodeInfo<T::AccountId, BalanceOf<T>>) {
        if info.references > 0 || info.upload.is_some() {
            CodeInfoOf::<T>::insert(hash, info);
            return;
        }
        Codes::<T>::remove(hash);
        CodeInfoOf::<T>::remove(hash);
        Self::deposit_event(Event::CodeRemoved { code_hash: hash });
    }

    /// Remembers that this engine has validated code that an earlier one had.
    pub(crate) fn note_validated(hashes: &BTreeSet<B256>) {
        for hash in hashes {
            CodeInfoOf::<T>::mutate(to_h256(*hash), |info| {
                if let Some(info) = info {
                    info.validated_by = ENGINE_VERSION;
                }
            });
        }
    }
}
