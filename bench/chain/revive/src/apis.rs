//! What the benchmark asks the runtime.
use alloc::vec::Vec;

use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    weights::Weight,
};
use pallet_revive::{ExecConfig, TransactionLimits};
use sp_api::impl_runtime_apis;
use sp_core::{H160, U256};
use sp_runtime::{ApplyExtrinsicResult, ExtrinsicInclusionMode, traits::Block as BlockT};
use sp_version::RuntimeVersion;

use crate::*;

sp_api::decl_runtime_apis! {
    /// Asks contracts.
    pub trait ContractApi {
        /// What a contract answers to a call, if it does.
        fn ask(origin: AccountId, target: H160, input: Vec<u8>) -> Option<Vec<u8>>;
    }
}

impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: <Block as BlockT>::LazyBlock) {
            Executive::execute_block(block)
        }

        fn initialize_block(header: &<Block as BlockT>::Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: <Block as BlockT>::Extrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> <Block as BlockT>::Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(
            data: sp_inherents::InherentData,
        ) -> Vec<<Block as BlockT>::Extrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(
            block: <Block as BlockT>::LazyBlock,
            data: sp_inherents::InherentData,
        ) -> sp_inherents::CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(json: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(json)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, |_| None)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            Vec::new()
        }
    }

    impl crate::apis::ContractApi<Block> for Runtime {
        fn ask(origin: AccountId, target: H160, input: Vec<u8>) -> Option<Vec<u8>> {
            let limits = TransactionLimits::WeightAndDeposit {
                weight_limit: Weight::from_parts(1_000_000_000_000, 10 << 20),
                deposit_limit: Balance::MAX,
            };
            let origin = RuntimeOrigin::signed(origin);
            let config = ExecConfig::new_substrate_tx();
            let answer = Revive::bare_call(origin, target, U256::zero(), limits, input, &config);
            answer.result.ok().filter(|answer| !answer.did_revert()).map(|answer| answer.data)
        }
    }
}
