//! The behaviour of the interface: what each function costs and does.
use super::AccountAccess::{Balance, Beneficiary, Call, Code, CodeHash};
use super::ExtraCost::{
    Amount, ColdAccount, ColdSlot, CopiedWord, Delegation, HashedInitCodeWord, InitCodeWord,
    LogByte, LogTopic, NewAccount, NewBeneficiary, StorageWrite, Value,
};
use super::SlotAccess::{Load, Store};
use super::{
    Charged, ExtraCost, Failure, Flow, INTERFACE, InterfaceCost, InterfaceFunction, Invocation,
    block, calls, create, data, debug, ending, environment, log, storage,
};
use crate::ewasm::Schedule;
use crate::ewasm::StorageStatus::{
    Added, AddedDeleted, Assigned, Deleted, DeletedAdded, DeletedRestored, Modified,
    ModifiedDeleted, ModifiedRestored,
};

type Run = fn(&mut Invocation<'_>) -> Result<Flow, Failure>;

/// What an interface function costs and does.
pub(in crate::ewasm) struct Behaviour {
    /// The name of its declaration.
    name: &'static str,
    pub(super) cost: InterfaceCost,
    pub(super) run: Run,
}

/// Returns the functions of the interface, in the order of [`INTERFACE`], with their costs.
pub fn interface_costs()
-> impl Iterator<Item = (&'static InterfaceFunction, &'static InterfaceCost)> {
    INTERFACE.iter().zip(BEHAVIOUR.iter().map(|behaviour| &behaviour.cost))
}

/// The behaviour of each function of [`INTERFACE`], in its order.
pub(in crate::ewasm) const BEHAVIOUR: &[Behaviour] = &[
    free("useGas", environment::use_gas).plus(&[Amount]),
    base("getGasLeft", environment::get_gas_left),
    base("getAddress", environment::get_address),
    base("getCaller", environment::get_caller),
    base("getCallValue", environment::get_call_value),
    base("getTxOrigin", environment::get_tx_origin),
    base("getTxGasPrice", environment::get_tx_gas_price),
    costs("getExternalBalance", |costs| costs.balance.warm, environment::get_external_balance)
        .plus(&[ColdAccount(Balance)]),
    base("getBlockNumber", block::get_block_number),
    base("getBlockTimestamp", block::get_block_timestamp),
    base("getBlockGasLimit", block::get_block_gas_limit),
    base("getBlockCoinbase", block::get_block_coinbase),
    base("getBlockDifficulty", block::get_block_difficulty),
    costs("getBlockHash", |costs| costs.block_hash, block::get_block_hash),
    base("getCallDataSize", data::get_call_data_size),
    costs("callDataCopy", |costs| costs.copy, data::call_data_copy).plus(&[CopiedWord]),
    base("getCodeSize", data::get_code_size),
    costs("codeCopy", |costs| costs.copy, data::code_copy).plus(&[CopiedWord]),
    base("getReturnDataSize", data::get_return_data_size),
    costs("returnDataCopy", |costs| costs.copy, data::return_data_copy).plus(&[CopiedWord]),
    costs("getExternalCodeSize", |costs| costs.external_code.warm, data::get_external_code_size)
        .plus(&[ColdAccount(Code)]),
    costs("externalCodeCopy", |costs| costs.external_code.warm, data::external_code_copy)
        .plus(&[CopiedWord, ColdAccount(Code)]),
    costs("storageLoad", |costs| costs.storage_load.warm, storage::storage_load)
        .plus(&[ColdSlot(Load)]),
    costs("storageStore", |costs| costs.storage.of(Assigned).gas, storage::storage_store)
        .charged_inside()
        .plus(&[
            StorageWrite(Assigned),
            StorageWrite(Added),
            StorageWrite(Deleted),
            StorageWrite(Modified),
            StorageWrite(DeletedAdded),
            StorageWrite(ModifiedDeleted),
            StorageWrite(DeletedRestored),
            StorageWrite(AddedDeleted),
            StorageWrite(ModifiedRestored),
            ColdSlot(Store),
        ]),
    costs("log", |costs| costs.log, log::log).charged_inside().plus(&[LogTopic, LogByte]),
    costs("call", |costs| costs.call.warm, calls::call).charged_inside().plus(&[
        ColdAccount(Call),
        Delegation,
        Value,
        NewAccount,
    ]),
    costs("callCode", |costs| costs.call.warm, calls::call_code).charged_inside().plus(&[
        ColdAccount(Call),
        Delegation,
        Value,
    ]),
    costs("callDelegate", |costs| costs.call.warm, calls::call_delegate)
        .charged_inside()
        .plus(&[ColdAccount(Call), Delegation]),
    costs("callStatic", |costs| costs.call.warm, calls::call_static)
        .charged_inside()
        .plus(&[ColdAccount(Call), Delegation]),
    costs("create", |costs| costs.create, create::create).plus(&[InitCodeWord]),
    costs("selfDestruct", |costs| costs.self_destruct, ending::self_destruct)
        .plus(&[ColdAccount(Beneficiary), NewBeneficiary]),
    free("finish", ending::finish),
    free("revert", ending::revert),
    costs("create2", |costs| costs.create, create::create2).plus(&[HashedInitCodeWord]),
    base("getChainId", environment::get_chain_id),
    costs(
        "getExternalCodeHash",
        |costs| costs.external_code_hash.warm,
        data::get_external_code_hash,
    )
    .plus(&[ColdAccount(CodeHash)]),
    costs("getSelfBalance", |costs| costs.self_balance, environment::get_self_balance),
    base("getBaseFee", block::get_base_fee),
    base("getPrevRandao", block::get_prev_randao),
    base("getBlobBaseFee", block::get_blob_base_fee),
    costs("getBlobHash", |costs| costs.blob_hash, block::get_blob_hash),
    costs("transientStorageLoad", |costs| costs.transient_storage, storage::transient_storage_load),
    costs(
        "transientStorageStore",
        |costs| costs.transient_storage,
        storage::transient_storage_store,
    ),
    free("print32", debug::print32),
    free("print64", debug::print64),
    free("printMem", debug::print_mem),
    free("printMemHex", debug::print_mem_hex),
    free("printStorage", debug::print_storage),
    free("printStorageHex", debug::print_storage_hex),
];

const fn costs(name: &'static str, base: fn(&Schedule) -> u64, run: Run) -> Behaviour {
    Behaviour { name, cost: InterfaceCost { base, charged: Charged::First, extras: &[] }, run }
}

const fn base(name: &'static str, run: Run) -> Behaviour {
    costs(name, |costs| costs.base, run)
}

const fn free(name: &'static str, run: Run) -> Behaviour {
    costs(name, |_| 0, run)
}

impl Behaviour {
    /// Adds costs beyond the base cost.
    const fn plus(self, extras: &'static [ExtraCost]) -> Self {
        Self { cost: InterfaceCost { extras, ..self.cost }, ..self }
    }

    /// Leaves it to the function to charge its base cost.
    const fn charged_inside(self) -> Self {
        Self { cost: InterfaceCost { charged: Charged::Inside, ..self.cost }, ..self }
    }
}

// Both tables have the same functions in the same order.
const _: () = {
    assert!(BEHAVIOUR.len() == INTERFACE.len());
    let mut index = 0;
    while index < INTERFACE.len() {
        assert!(same(INTERFACE[index].name, BEHAVIOUR[index].name));
        index += 1;
    }
};

/// Whether two names are equal, for the compiler.
const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    let mut index = 0;
    while index < left.len() && index < right.len() && left[index] == right[index] {
        index += 1;
    }
    index == left.len() && index == right.len()
}
