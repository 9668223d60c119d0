//! Checks whether a runtime's configuration can work.
use codec::Decode;
use frame_support::dispatch::DispatchClass;
use frame_support::traits::Get;
use sp_core::{H160, H256};
use sp_runtime::traits::{One, TrailingZeroInput};
use tephra_core::ewasm::Schedule;
use tephra_core::wasm::Limits;

use crate::execution::Action;
use crate::precompiles::MAX_CALL_MEMORY;
use crate::runtime_api::{MAX_TRACED_BYTES, MAX_TRACED_MESSAGES};
use crate::{AddressMapping, Config, EngineLimits, GasWeight};

/// Extrinsics of a block whose decoded calls are as large as they can be, each of another shape:
/// one of 350,000 calls weighs more than a third of a block.
const DECODED_IN_BLOCK: u64 = 4;

/// Bytes of the heap that a trace takes: its messages (at most 256 bytes each, in a list that
/// doubles), the beginnings of their data, and all of it encoded, in a buffer that doubles.
const TRACE_BYTES: u64 = {
    let data = 2 * MAX_TRACED_BYTES as u64;
    MAX_TRACED_MESSAGES as u64 * (2 * 256 + 2 * data + 4 * (256 + data))
};

/// Checks the configuration. FRAME runs this test of the runtime for every pallet.
///
/// # Panics
/// When the configuration cannot work.
pub(crate) fn check<T: Config>() {
    let limits = T::EngineLimits::get();
    assert!(
        limits.memory_pages <= 512,
        "a frame may not have more memory than the allocator gives in one piece"
    );
    check_heap::<T>(&limits);
    assert!(
        limits.memory_pages <= Limits::CONTRACT.memory_pages
            && limits.stack_slots <= Limits::CONTRACT.stack_slots,
        "a frame may not have more memory or stack than with the command"
    );
    let schedule = Schedule::of(T::Revision::get());
    assert!(
        T::MaxCodeSize::get() >= schedule.contract_size.max(schedule.code_size),
        "MaxCodeSize must hold the largest contract, {} bytes",
        schedule.contract_size
    );
    let weights = T::BlockWeights::get();
    let class = weights.get(DispatchClass::Normal);
    let most = class.max_extrinsic.unwrap_or(weights.max_block);
    let (input, init_code) =
        (T::MaxInputSize::get(), schedule.init_code_size.min(Limits::CONTRACT.module_size));
    let largest = [
        (Action::Call(H160::zero()), input),
        (Action::Create, init_code),
        (Action::Create2(H256::zero()), init_code),
    ];
    for (action, bytes) in largest {
        let extrinsic =
            action.declared_weight::<T>(bytes as usize, &One::one(), T::TransactionGasLimit::get());
        assert!(
            extrinsic.all_lte(most),
            "the largest extrinsic weighs {extrinsic:?}, more than the {most:?} allowed for one"
        );
    }
    let block = T::GasWeight::gas_to_weight(T::BlockGasLimit::get());
    let most = weights.max_block;
    assert!(
        block.all_lte(most),
        "BlockGasLimit weighs {block:?}, more than the {most:?} of a block"
    );
    assert!(
        T::TransactionGasLimit::get() <= T::BlockGasLimit::get(),
        "TransactionGasLimit must not be more than BlockGasLimit"
    );
    let account = T::AccountId::decode(&mut TrailingZeroInput::new(&[0xff; 32]));
    assert!(account.is_ok(), "account ids must decode from any bytes");
    let fallback = T::AddressMapping::fallback(&H160::repeat_byte(1));
    assert!(
        fallback != T::AddressMapping::fallback(&H160::repeat_byte(2)),
        "different addresses need different accounts"
    );
}

/// Checks that contracts and what surrounds them fit the runtime's heap, in an extrinsic and in a
/// block.
///
/// Blocks are built with an instance for each extrinsic. They are imported with one for all of
/// them, to which the executor gives twice the heap.
fn check_heap<T: Config>(limits: &EngineLimits) {
    let (weights, length) = (T::BlockWeights::get(), T::BlockLength::get());
    let longest = *length.max.get(DispatchClass::Normal);
    let block_length =
        DispatchClass::all().iter().map(|class| *length.max.get(*class)).max().unwrap_or(longest);
    // Chains without proofs may have no limit for them.
    let time = weights.max_block.set_proof_size(0);
    let block_gas = T::GasWeight::weight_to_gas(time);
    let (gas, heap) = (T::TransactionGasLimit::get(), T::RuntimeHeap::get());
    let decoded = 2 * MAX_CALL_MEMORY as u64;
    let contracts = limits.heap_bytes().saturating_add(decoded);
    let paid = EngineLimits::paid_bytes;
    let needed = |gas, bytes, decoded| {
        let around = EngineLimits::around_bytes(bytes, decoded);
        contracts.saturating_add(paid(gas)).saturating_add(around)
    };
    for (what, needed, heap) in [
        ("an extrinsic", needed(gas, longest, 1), heap),
        ("a block", needed(block_gas, block_length, DECODED_IN_BLOCK), heap.saturating_mul(2)),
        // The answer has the logs, and is encoded in a buffer that doubles.
        (
            "a trace",
            contracts.saturating_add(TRACE_BYTES).saturating_add(paid(gas).saturating_mul(4)),
            heap,
        ),
    ] {
        assert!(
            needed <= heap,
            "{what} may take {needed} bytes, more than the runtime's heap of {heap}"
        );
    }
}
