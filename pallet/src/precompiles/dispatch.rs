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
use crate::engine::convert::to_h160;
use crate::storage::writer::Writer;
use crate::{Config, GasWeight, IsDispatching, Pallet};

/// Gas of every dispatch, besides the weight of the dispatched call.
const BASE: u64 = 5_000;

/// Gas for decoding each byte of the call.
const BYTE: u64 = 16;

/// Gas for each account that the transaction has read: its balance is written to the runtime before
/// the dispatch, and read again after it.
const ACCOUNT: u64 = 1_000;

/// Gas for each byte of the heap that the decoded call takes: it is allocated, written, read and
/// freed.
const MEMORY_BYTE: u64 = 1;

/// The depth to which calls in calls are decoded.
const CALL_DEPTH: u32 = 16;

/// The most bytes of an encoded call. They are checked before anything is decoded: in a batch, two
/// bytes can become a call of 48 or more. Calls that are useful to contracts have a few hundred
/// bytes; larger ones (code, preimages) come from signers.
pub const MAX_CALL_BYTES: usize = 16 << 10;

/// The most bytes of the heap that decoding a call may take. Decoding ends where it would take
/// more.
pub const MAX_CALL_MEMORY: usize = 64 << 10;

/// The most messages around a dispatch, each of which takes a storage transaction.
const MESSAGE_DEPTH: u32 = 64;

/// Dispatches a call of the runtime, SCALE-encoded in the input, with the account of the message's
/// sender as signed origin.
///
/// A failure of a frame around the message undoes what the call did. The declared weight is charged
/// as gas before the dispatch, and the unused part is given back. When the call fails, the message
/// reverts with the SCALE-encoded [`DispatchError`](sp_runtime::DispatchError).
///
/// Only contracts can dispatch, and only with a plain call without value; signers sign for
/// themselves. `Filter` holds the calls that contracts may dispatch, besides the filter of the
/// runtime. Calls of this pallet fail with [`Reentered`](crate::Error::Reentered), however deep
/// inside the dispatched call they are.
///
/// A call has at most [`MAX_CALL_BYTES`], and takes at most [`MAX_CALL_MEMORY`] of the heap, paid
/// by the byte. Calls that are not of the normal class or that pay no fee are refused, unless
/// `Privileged` holds them too: they may use the weight that blocks reserve, and gas is not the
/// price that they were made for. By default none are privileged.
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
        // Gas pays for the proof as well, but earlier reads have taken their part of it.
        if most > message.gas
            || !state.backend().has_proof_for(accounts, info.call_weight.proof_size())
        {
            return Outcome::failure(Status::OutOfGas);
        }

        state.backend().open_layers(state.open_checkpoints());
        if Writer::new(state.backend()).settle_early(state.balances()).is_err() {
            return Outcome::failure(Status::InsufficientBalance);
        }
        let origin = Pallet::<T>::account_of(&to_h160(message.sender));
        // A contract that this transaction creates has no reference yet, and without one a transfer
        // could reap its account.
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

/// Decodes a call. Returns it with the bytes of the heap that decoding asked for, at most
/// `affordable`.
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
        // Nothing beyond the limit was allocated.
        Err(_) if memory > limit && limit < MAX_CALL_MEMORY => Err(Status::OutOfGas),
        _ => Err(Status::PrecompileFailure),
    }
}

/// Returns whether a call is paid for as signed transactions are, and takes its place in blocks
/// among them.
fn is_ordinary(info: &DispatchInfo) -> bool {
    info.class == DispatchClass::Normal && info.pays_fee == Pays::Yes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_calls_of_the_normal_class_that_pay_are_ordinary() {
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
        // Bytes, each of which becomes an empty vector.
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
    fn bytes_after_the_call_are_refused() {
        assert_eq!(
            decode::<u8>(&[1, 2], 1_000).map(|(call, _)| call),
            Err(Status::PrecompileFailure)
        );
        assert_eq!(decode::<u8>(&[1], 1_000), Ok((1, 0)));
    }
}
