//! A precompiled contract that dispatches calls of the runtime.
use core::marker::PhantomData;

use codec::{DecodeLimit, Encode};
use frame_support::dispatch::{GetDispatchInfo, PostDispatchInfo, extract_actual_weight};
use frame_support::storage::with_storage_layer;
use frame_support::traits::Contains;
use frame_system::RawOrigin;
use sp_core::H160;
use sp_runtime::traits::Dispatchable;
use tephra_core::ewasm::{Message, Outcome, Status};

use super::{Precompile, State, revert, succeed};
use crate::types::to_h160;
use crate::{Config, GasWeight, IsDispatching, Pallet};

/// Gas of every dispatch, besides the weight of what is dispatched.
const BASE: u64 = 5_000;

/// Gas for each byte of the call: decoding it.
const BYTE: u64 = 16;

/// Gas for each account that the transaction has looked at: its balance is given to the runtime before, and taken over after.
const ACCOUNT: u64 = 1_000;

/// Calls in calls that are decoded.
const CALL_DEPTH: u32 = 16;

/// Messages around a dispatch: each takes a storage transaction of its own.
const MESSAGE_DEPTH: u32 = 64;

/// Dispatches the SCALE-encoded call of the runtime that is its input, with the account of the contract that sent the message as signed origin.
///
/// What the call did is undone with the frames around it. Its declared weight is charged as gas before, and what it did not use is given back. `Filter` says which calls contracts may
/// dispatch, besides the filter of the runtime itself; calls of this pallet fail with [`Reentered`](crate::Error::Reentered) wherever they come. Only contracts can dispatch,
/// and only with a plain call without value; signers sign for themselves.
///
/// When the call fails, the message reverts with the SCALE-encoded [`DispatchError`](sp_runtime::DispatchError).
pub struct Dispatch<Filter>(PhantomData<Filter>);

impl<T, Filter> Precompile<T> for Dispatch<Filter>
where
    T: Config,
    T::RuntimeCall: Dispatchable<RuntimeOrigin = T::RuntimeOrigin, PostInfo = PostDispatchInfo> + GetDispatchInfo,
    Filter: Contains<T::RuntimeCall>,
{
    const ADDRESS: H160 = H160([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0]);

    fn run(state: &mut State<T>, message: &Message) -> Outcome {
        if message.is_static {
            return Outcome::failure(Status::StaticModeViolation);
        }
        let is_plain = message.recipient == message.code_address && message.value.is_zero();
        if !is_plain || message.depth == 0 || state.open_checkpoints() > MESSAGE_DEPTH {
            return Outcome::failure(Status::PrecompileFailure);
        }
        let accounts = state.balances().count() as u64;
        let handling = BASE
            .saturating_add(BYTE.saturating_mul(message.input.len() as u64))
            .saturating_add(ACCOUNT.saturating_mul(accounts));
        if handling > message.gas {
            return Outcome::failure(Status::OutOfGas);
        }
        let call = T::RuntimeCall::decode_all_with_depth_limit(CALL_DEPTH, &mut &message.input[..]);
        let Ok(call) = call else { return Outcome::failure(Status::PrecompileFailure) };
        if !Filter::contains(&call) {
            return Outcome::failure(Status::PrecompileFailure);
        }
        let info = call.get_dispatch_info();
        let most = handling.saturating_add(T::GasWeight::weight_to_gas(info.call_weight));
        // Gas pays for the proof as well, but what was read before has taken its part of that.
        if most > message.gas || !state.backend().has_proof_for(accounts, info.call_weight.proof_size()) {
            return Outcome::failure(Status::OutOfGas);
        }

        state.backend().open_layers(state.open_checkpoints());
        if Pallet::<T>::settle_meanwhile(state.backend(), state.balances()).is_err() {
            return Outcome::failure(Status::InsufficientBalance);
        }
        let origin = Pallet::<T>::account_of(&to_h160(message.sender));
        // A contract that this transaction creates has no reference of its own yet, without which a transfer could take its account away.
        let is_protected = frame_system::Pallet::<T>::inc_consumers_without_limit(&origin).is_ok();
        IsDispatching::<T>::put(true);
        let result = with_storage_layer(|| call.dispatch(RawOrigin::Signed(origin.clone()).into()));
        IsDispatching::<T>::kill();
        if is_protected {
            frame_system::Pallet::<T>::dec_consumers(&origin);
        }
        state.reread_balances();

        let weight = extract_actual_weight(&result, &info);
        state.backend().note_proof(weight.proof_size());
        let used = handling.saturating_add(T::GasWeight::weight_to_gas(weight)).min(most);
        match result {
            Ok(_) => succeed(message, used, Default::default()),
            Err(failure) => revert(message, used, failure.error.encode()),
        }
    }
}
