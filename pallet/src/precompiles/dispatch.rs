//! A precompiled contract that dispatches calls of the runtime.
use core::marker::PhantomData;

use codec::{DecodeLimit, DecodeWithMemTracking, Encode, MemTrackingInput};
use frame_support::dispatch::{
    DispatchClass, DispatchInfo, GetDispatchInfo, Pays, PostDispatchInfo, extract_actual_weight,
};
use frame_support::storage::with_storage_layer;
use frame_support::traits::{Contains, Nothing};
use frame_system::RawOrigin;
use sp_core::H160;
use sp_runtime::traits::Dispatchable;
use tephra_core::ewasm::{Message, Outcome, Status};

use super::{Precompile, State, revert, succeed};
use crate::storage::types::to_h160;
use crate::{Config, GasWeight, IsDispatching, Pallet};

/// Gas of every dispatch, besides the weight of what is dispatched.
const BASE: u64 = 5_000;

/// Gas for each byte of the call: decoding it.
const BYTE: u64 = 16;

/// Gas for each account that the transaction has looked at: its balance is given to the runtime
/// before, and taken over after.
const ACCOUNT: u64 = 1_000;

/// Gas for each byte of the heap that the decoded call takes: writing it, reading it and giving it
/// back.
const MEMORY_BYTE: u64 = 1;

/// Calls in calls that are decoded.
const CALL_DEPTH: u32 = 16;

/// Bytes of an encoded call, at most. It is looked at before anything is decoded: two bytes can
/// become a call of 48 or more in a batch. Calls that contracts have a use for have a few hundred;
/// what is larger (code, preimages) comes from signers.
pub const MAX_CALL_BYTES: usize = 16 << 10;

/// Bytes of the heap that decoding a call may take, at most. Decoding ends where it would take
/// more.
pub const MAX_CALL_MEMORY: usize = 64 << 10;

/// Messages around a dispatch: each takes a storage transaction of its own.
const MESSAGE_DEPTH: u32 = 64;

/// Dispatches the SCALE-encoded call of the runtime that is its input, with the account of the
/// contract that sent the message as signed origin.
///
/// What the call did is undone with the frames around it. Its declared weight is charged as gas
/// before, and what it did not use is given back. `Filter` says which calls contracts may dispatch,
/// besides the filter of the runtime itself; calls of this pallet fail with
/// [`Reentered`](crate::Error::Reentered) wherever they come. Only contracts can dispatch, and only
/// with a plain call without value; signers sign for themselves.
///
/// A call has [`MAX_CALL_BYTES`] at most, and takes [`MAX_CALL_MEMORY`] of the heap at most, which
/// are paid by the byte. Calls that are not of the normal class, and those that pay no fee, are
/// refused unless `Privileged` has them too: they may use what blocks hold in reserve, and gas is
/// not the price that they were made for. None are by default.
///
/// When the call fails, the message reverts with the SCALE-encoded
/// [`DispatchError`](sp_runtime::DispatchError).
pub struct Dispatch<Filter, Privileged = Nothing>(PhantomData<(Filter, Privileged)>);

impl<T, Filter, Privileged> Precompile<T> for Dispatch<Filter, Privileged>
where
    T: Config,
    T::RuntimeCall: Dispatchable<RuntimeOrigin = T::RuntimeOrigin, PostInfo = PostDispatchInfo>
        + GetDispatchInfo
        + DecodeWithMemTracking,
    Filter: Contains<T::RuntimeCall>,
    Privileged: Contains<T::RuntimeCall>,
{
    const ADDRESS: H160 = H160([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0]);

    fn run(state: &mut State<T>, message: &Message) -> Outcome {
        if message.is_static {
            return Outcome::failure(Status::StaticModeViolation);
        }
        let is_plain = message.recipient == message.code_address && message.value.is_zero();
        let is_small = message.input.len() <= MAX_CALL_BYTES;
        if !is_plain || !is_small || message.depth == 0 || state.open_checkpoints() > MESSAGE_DEPTH
        {
            return Outcome::failure(Status::PrecompileFailure);
        }
        let accounts = state.balances().count() as u64;
        let handling = BASE
            .saturating_add(BYTE.saturating_mul(message.input.len() as u64))
            .saturating_add(ACCOUNT.saturating_mul(accounts));
        let Some(gas) = message.gas.checked_sub(handling) else {
            return Outcome::failure(Status::OutOfGas);
        };
        let (call, memory) = match decode::<T::RuntimeCall>(&message.input, gas / MEMORY_BYTE) {
            Ok(decoded) => decoded,
            Err(status) => return Outcome::failure(status),
        };
        let handling = handling.saturating_add(MEMORY_BYTE.saturating_mul(memory));
        let info = call.get_dispatch_info();
        if !Filter::contains(&call) || !(is_ordinary(&info) || Privileged::contains(&call)) {
            return Outcome::failure(Status::PrecompileFailure);
        }
        let most = handling.saturating_add(T::GasWeight::weight_to_gas(info.call_weight));
        // Gas pays for the proof as well, but what was read before has taken its part of that.
        if most > message.gas
            || !state.backend().has_proof_for(accounts, info.call_weight.proof_size())
        {
            return Outcome::failure(Status::OutOfGas);
        }

        state.backend().open_layers(state.open_checkpoints());
        if Pallet::<T>::settle_meanwhile(state.backend(), state.balances()).is_err() {
            return Outcome::failure(Status::InsufficientBalance);
        }
        let origin = Pallet::<T>::account_of(&to_h160(message.sender));
        // A contract that this transaction creates has no reference of its own yet, without which a
        // transfer could take its account away.
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

/// The call, and the bytes of the heap that decoding has asked for. It may ask for `affordable` at
/// most.
fn decode<Call: DecodeWithMemTracking>(
    mut bytes: &[u8],
    affordable: u64,
) -> Result<(Call, u64), Status> {
    let limit = usize::try_from(affordable).unwrap_or(usize::MAX).min(MAX_CALL_MEMORY);
    let mut input = MemTrackingInput::new(&mut bytes, limit.saturating_add(1));
    let call = Call::decode_with_depth_limit(CALL_DEPTH, &mut input);
    let memory = input.used_mem();
    match call {
        Ok(call) if bytes.is_empty() => Ok((call, memory as u64)),
        // What was too much was not allocated.
        Err(_) if memory > limit && limit < MAX_CALL_MEMORY => Err(Status::OutOfGas),
        _ => Err(Status::PrecompileFailure),
    }
}

/// Whether a call is paid for as signed transactions are, and takes its place in blocks among them.
fn is_ordinary(info: &DispatchInfo) -> bool {
    info.class == DispatchClass::Normal && info.pays_fee == Pays::Yes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_normal_calls_that_pay_are_ordinary() {
        for class in [DispatchClass::Normal, DispatchClass::Operational, DispatchClass::Mandatory] {
            for pays_fee in [Pays::Yes, Pays::No] {
                let is_expected = class == DispatchClass::Normal && pays_fee == Pays::Yes;
                assert_eq!(
                    is_ordinary(&DispatchInfo { class, pays_fee, ..Default::default() }),
                    is_expected
                );
            }
        }
    }

    #[test]
    fn decoding_ends_where_it_would_take_too_much_of_the_heap() {
        // Bytes, each of which becomes a vector that is empty.
        type Call = alloc::vec::Vec<alloc::vec::Vec<u8>>;
        let encoded = |count: usize| {
            Call::from_iter(core::iter::repeat_n(Default::default(), count)).encode()
        };
        let each = size_of::<alloc::vec::Vec<u8>>();
        let most = MAX_CALL_MEMORY / each;
        let memory = |count, affordable| {
            decode::<Call>(&encoded(count), affordable).map(|(_, memory)| memory)
        };
        assert!(
            memory(most - 1, u64::MAX).is_ok_and(|memory| memory as usize >= (most - 1) * each)
        );
        assert_eq!(memory(most + 1, u64::MAX), Err(Status::PrecompileFailure));
        assert_eq!(memory(10_000, u64::MAX), Err(Status::PrecompileFailure));
        assert_eq!(memory(100, 100 * each as u64 / 2), Err(Status::OutOfGas));
    }

    #[test]
    fn all_bytes_belong_to_the_call() {
        assert_eq!(
            decode::<u8>(&[1, 2], 1_000).map(|(call, _)| call),
            Err(Status::PrecompileFailure)
        );
        assert_eq!(decode::<u8>(&[1], 1_000), Ok((1, 0)));
    }
}
