//! The settings of contracts on this chain.
use frame_support::{
    parameter_types,
    traits::{ConstU32, ConstU64, ConstU128, Contains},
    weights::WeightToFee,
};
use frame_system::EnsureSigned;
use pallet_ewasm::{
    EngineLimits, FixedGasWeight, GasWeight, HashedMapping, InstructionCosts, Revision,
    precompiles::Dispatch, weights::SubstrateWeight,
};
use sp_core::U256;
use sp_runtime::Perbill;

use crate::{
    AccountId, Balances, Runtime, RuntimeCall, RuntimeHoldReason,
    clock::SlotClock,
    config::AuthorAccount,
    fees::{PriceOfWeight, deposit},
};

/// The chain id of EIP-155, which contracts see: the letters TEPH.
pub const CHAIN_ID: u64 = u32::from_be_bytes(*b"TEPH") as u64;

/// Picoseconds for each gas: 40 million gas run in a second. At the command's prices the slowest
/// class of instructions took 217,000 inside WebAssembly (`scripts/inside --classes`), and an
/// endless loop of branches 225,000 in the blob; [`Prices`] leave a tenth of that. A chain in
/// production measures on its validators' machines.
pub const TIME_PER_GAS: u64 = 25_000;

/// Picoseconds for each gas that a transaction reserves for unmetered work, such as preparing code.
/// The unused part is given back.
pub const WORK_PER_GAS: u64 = 10_000;

/// Bytes of state that each gas pays to read.
pub const PROOF_PER_GAS: u64 = 2;

/// The gas of a block. Its weight is five sixths of what ordinary transactions may take. The rest
/// is for the work around contracts.
pub const BLOCK_GAS_LIMIT: u64 = 50_000_000;

/// The gas of a transaction: the cap of EIP-7825, so that a block fits at least three.
pub const TRANSACTION_GAS_LIMIT: u64 = 1 << 24;

/// The most entries of an extrinsic in the block's index of events. A transfer of a token makes
/// four, which take a seventh of its time. A chain with another index of logs can do without.
const MAX_LOG_ENTRIES: u32 = 256;

/// The largest input of a call, in bytes: Ethereum's usual limit of a transaction.
const MAX_INPUT: u32 = 128 << 10;

/// The largest code of a contract, in bytes: the engine's limit.
const MAX_CODE: u32 = 128 << 10;

/// Pages (64 KiB) of the heap that nodes give the runtime to build blocks, stored in genesis
/// (`:heappages`): 256 MiB. Contracts take half of it, and the largest extrinsics around them need
/// the rest. Unused memory is not taken from the machine. A running chain changes it by
/// `system.setHeapPages`.
pub const HEAP_PAGES: u64 = 4096;

/// The weight of gas.
pub type WeightOfGas =
    FixedGasWeight<ConstU64<TIME_PER_GAS>, ConstU64<PROOF_PER_GAS>, ConstU64<WORK_PER_GAS>>;

parameter_types! {
    /// The price of gas that contracts see: the fee for its weight while blocks are not full.
    pub GasPrice: U256 = PriceOfWeight::weight_to_fee(&WeightOfGas::gas_to_weight(1)).into();
    /// Instructions at ten times the command's price. Then a gas of them takes as long as a gas of
    /// storage, and a block has room for ten times as much of the latter.
    pub const Prices: InstructionCosts = InstructionCosts::EWASM.scaled(10);
    /// The newest revision: a new chain has no old contracts.
    pub const NewestRevision: Revision = Revision::NEWEST;
    /// Every contract pays for its code as if no other had it, so that code in use is always paid
    /// for.
    pub const Lockup: Perbill = Perbill::one();
    /// The limits that fit half of [`HEAP_PAGES`].
    pub const Limits: EngineLimits = EngineLimits::HEAP_128_MIB;
}

/// The calls that contracts may dispatch: transfers of their own balance.
pub struct MayDispatch;

impl Contains<RuntimeCall> for MayDispatch {
    fn contains(call: &RuntimeCall) -> bool {
        matches!(call, RuntimeCall::Balances(_))
    }
}

impl pallet_ewasm::Config for Runtime {
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type AddressMapping = HashedMapping<Self>;
    type CreateOrigin = EnsureSigned<AccountId>;
    type CallOrigin = EnsureSigned<AccountId>;
    type Time = SlotClock;
    type FindAuthor = AuthorAccount;
    type ChainId = ConstU64<CHAIN_ID>;
    type GasPrice = GasPrice;
    type BaseFee = GasPrice;
    type BlockGasLimit = ConstU64<BLOCK_GAS_LIMIT>;
    type TransactionGasLimit = ConstU64<TRANSACTION_GAS_LIMIT>;
    type GasWeight = WeightOfGas;
    type InstructionCosts = Prices;
    type Revision = NewestRevision;
    type EngineLimits = Limits;
    type RuntimeHeap = ConstU64<{ HEAP_PAGES * (64 << 10) }>;
    type Precompiles = (Dispatch<MayDispatch>,);
    type MaxInputSize = ConstU32<MAX_INPUT>;
    type MaxLogEntries = ConstU32<MAX_LOG_ENTRIES>;
    type MaxCodeSize = ConstU32<MAX_CODE>;
    type DepositPerItem = ConstU128<{ deposit(1, 0) }>;
    type DepositPerByte = ConstU128<{ deposit(0, 1) }>;
    type CodeHashLockupDepositPercent = Lockup;
    type WeightInfo = SubstrateWeight<Self>;
}

#[cfg(test)]
mod tests {
    use frame_support::dispatch::DispatchClass;

    use super::*;
    use crate::{Balance, limits::RuntimeBlockWeights};

    #[test]
    fn the_gas_of_a_block_fits_a_block() {
        let normal =
            RuntimeBlockWeights::get().get(DispatchClass::Normal).max_total.expect("it is set");
        assert!(WeightOfGas::gas_to_weight(BLOCK_GAS_LIMIT).all_lte(normal));
    }

    #[test]
    fn the_gas_of_a_transaction_fits_an_extrinsic() {
        let extrinsic =
            RuntimeBlockWeights::get().get(DispatchClass::Normal).max_extrinsic.expect("it is set");
        assert!(WeightOfGas::gas_to_weight(TRANSACTION_GAS_LIMIT).all_lte(extrinsic));
    }

    #[test]
    fn contracts_see_a_price_of_gas() {
        let price = GasPrice::get();
        assert!(
            price >= U256::from(TIME_PER_GAS as Balance)
                && price < U256::from(crate::fees::MICROUNIT)
        );
    }
}
