//! Whether a runtime's configuration can work at all.
use codec::Decode;
use frame_support::dispatch::DispatchClass;
use frame_support::traits::Get;
use sp_core::{H160, H256};
use sp_runtime::traits::{One, TrailingZeroInput};
use tephra_core::ewasm::Schedule;
use tephra_core::wasm::Limits;

use crate::execute::Action;
use crate::{AddressMapping, Config, GasWeight, Pallet};

impl<T: Config> Pallet<T> {
    /// # Panics
    /// When the configuration cannot work: this is a test of the runtime, which FRAME runs for every pallet.
    pub(crate) fn check_configuration() {
        let limits = T::EngineLimits::get();
        assert!(limits.memory_pages <= 512, "a frame may have no more memory than the allocator gives in one piece");
        let (needed, heap) = (limits.heap_bytes(), T::RuntimeHeap::get());
        assert!(needed <= heap, "contracts may take {needed} bytes, more than the runtime's heap of {heap}");
        assert!(
            limits.memory_pages <= Limits::CONTRACT.memory_pages && limits.stack_slots <= Limits::CONTRACT.stack_slots,
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
        let (input, init_code) = (T::MaxInputSize::get(), schedule.init_code_size.min(Limits::CONTRACT.module_size));
        let largest = [
            (Action::Call(H160::zero()), input),
            (Action::Create, init_code),
            (Action::Create2(H256::zero()), init_code),
        ];
        for (action, bytes) in largest {
            let extrinsic = Self::declared_weight(action, bytes as usize, &One::one(), T::TransactionGasLimit::get());
            assert!(
                extrinsic.all_lte(most),
                "an extrinsic with all gas weighs {extrinsic:?}, more than the {most:?} that one may"
            );
        }
        let block = T::GasWeight::gas_to_weight(T::BlockGasLimit::get());
        let most = weights.max_block;
        assert!(block.all_lte(most), "the block gas limit weighs {block:?}, more than the {most:?} of a block");
        assert!(
            T::TransactionGasLimit::get() <= T::BlockGasLimit::get(),
            "no block has the gas of the largest extrinsic"
        );
        let account = T::AccountId::decode(&mut TrailingZeroInput::new(&[0xff; 32]));
        assert!(account.is_ok(), "account ids must decode from any bytes");
        let fallback = T::AddressMapping::fallback(&H160::repeat_byte(1));
        assert!(fallback != T::AddressMapping::fallback(&H160::repeat_byte(2)), "addresses need accounts of their own");
    }
}
