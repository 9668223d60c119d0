//! Code: stored once for each hash, and paid for once.
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use alloy_primitives::{B256, keccak256};
use frame_support::weights::Weight;
use frame_support::{BoundedVec, ensure};
use sp_core::H256;
use sp_runtime::DispatchError;
use tephra_core::ewasm::NewCodeError;

use crate::deposit::Payer;
use crate::engine::ENGINE_VERSION;
use crate::types::to_h256;
use crate::{CodeInfo, CodeInfoOf, Codes, Config, Error, Event, Pallet, WeightInfo};

impl<T: Config> Pallet<T> {
    /// The weight of an upload of so many bytes.
    pub(crate) fn upload_weight(bytes: usize) -> Weight {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        T::WeightInfo::upload_code(bytes).saturating_add(T::WeightInfo::receive(bytes))
    }

    pub(crate) fn do_upload_code(signer: &T::AccountId, code: Vec<u8>) -> Result<(), DispatchError> {
        let (vm, revision) = (Self::vm(), Self::revision());
        vm.check_new_code(revision, &code).map_err(|error| match error {
            NewCodeError::TooLarge { .. } => Error::<T>::CodeTooLarge,
            _ => Error::<T>::InvalidContract,
        })?;
        ensure!(tephra_core::ewasm::is_wasm(&code), Error::<T>::InvalidContract);
        let hash = to_h256(keccak256(&code));
        ensure!(!CodeInfoOf::<T>::contains_key(hash), Error::<T>::CodeAlreadyStored);
        Self::store_code(&mut Payer::new(signer), hash, code, true)
    }

    pub(crate) fn do_remove_code(signer: &T::AccountId, hash: H256) -> Result<(), DispatchError> {
        let info = CodeInfoOf::<T>::get(hash).ok_or(Error::<T>::CodeNotFound)?;
        ensure!(info.owner == *signer && info.is_uploaded, Error::<T>::NotCodeOwner);
        ensure!(info.references == 0, Error::<T>::CodeInUse);
        Self::drop_code(&mut Payer::new(signer), hash, info)
    }

    /// One more contract has this code.
    pub(crate) fn use_code(payer: &mut Payer<'_, T>, hash: H256, code: Option<&[u8]>) -> Result<(), DispatchError> {
        if !CodeInfoOf::<T>::contains_key(hash) {
            let code = code.ok_or(Error::<T>::InternalError)?;
            Self::store_code(payer, hash, code.to_vec(), false)?;
        }
        CodeInfoOf::<T>::mutate(hash, |info| {
            if let Some(info) = info {
                info.references = info.references.saturating_add(1);
            }
        });
        Ok(())
    }

    /// One contract less has this code.
    pub(crate) fn release_code(payer: &mut Payer<'_, T>, hash: H256) -> Result<(), DispatchError> {
        let mut info = CodeInfoOf::<T>::get(hash).ok_or(Error::<T>::InternalError)?;
        info.references = info.references.checked_sub(1).ok_or(Error::<T>::InternalError)?;
        if info.references == 0 && !info.is_uploaded {
            return Self::drop_code(payer, hash, info);
        }
        CodeInfoOf::<T>::insert(hash, info);
        Ok(())
    }

    fn store_code(payer: &mut Payer<'_, T>, hash: H256, code: Vec<u8>, is_uploaded: bool) -> Result<(), DispatchError> {
        let len = code.len() as u32;
        let code = BoundedVec::try_from(code).map_err(|_| Error::<T>::CodeTooLarge)?;
        let (owner, deposit) = (payer.signer.clone(), Self::code_deposit(len));
        payer.hold_code(deposit)?;
        Self::insert_code(
            hash,
            code,
            CodeInfo { owner: owner.clone(), deposit, references: 0, len, validated_by: ENGINE_VERSION, is_uploaded },
        );
        Self::deposit_event(Event::CodeStored { code_hash: hash, owner, deposit });
        Ok(())
    }

    pub(crate) fn insert_code(
        hash: H256,
        code: BoundedVec<u8, T::MaxCodeSize>,
        info: CodeInfo<T::AccountId, crate::BalanceOf<T>>,
    ) {
        Codes::<T>::insert(hash, code);
        CodeInfoOf::<T>::insert(hash, info);
    }

    fn drop_code(
        payer: &mut Payer<'_, T>,
        hash: H256,
        info: CodeInfo<T::AccountId, crate::BalanceOf<T>>,
    ) -> Result<(), DispatchError> {
        Codes::<T>::remove(hash);
        CodeInfoOf::<T>::remove(hash);
        payer.release_code(&info.owner, info.deposit)?;
        Self::deposit_event(Event::CodeRemoved { code_hash: hash });
        Ok(())
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
