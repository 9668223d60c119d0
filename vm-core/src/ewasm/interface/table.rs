//! The table of interface functions.
use alloc::format;
use alloc::string::String;

use super::ParamKind::{I32, I64};
use super::{
    Call, Charged, Failure, Flow, FunctionSet, InterfaceFunction, Param, ParamKind, Pointee, block,
    calls, create, data, debug, ending, environment, log, storage,
};
use crate::ewasm::{Schedule, StorageStatus};
use crate::revision::Revision;
use crate::wasm::ValType;

type Run = fn(&mut Call<'_>) -> Result<Flow, Failure>;
type Cost = fn(&Schedule) -> u64;
type Answer = Option<(ValType, &'static str)>;

const fn function(
    name: &'static str,
    params: &'static [Param],
    result: Answer,
    cost: Cost,
    run: Run,
) -> InterfaceFunction {
    InterfaceFunction {
        module: "ethereum",
        name,
        params,
        result,
        since: Revision::Byzantium,
        set: FunctionSet::Core,
        cost,
        charged: Charged::First,
        extra_cost: |_| String::new(),
        run,
    }
}

const fn debug(name: &'static str, params: &'static [Param], run: Run) -> InterfaceFunction {
    InterfaceFunction {
        module: "debug",
        set: FunctionSet::Debug,
        ..function(name, params, None, FREE, run)
    }
}

impl InterfaceFunction {
    /// Costs more than the base cost.
    const fn plus(self, extra_cost: fn(&Schedule) -> String) -> Self {
        Self { extra_cost, ..self }
    }

    /// Charges its base cost itself.
    const fn charged_inside(self) -> Self {
        Self { charged: Charged::Inside, ..self }
    }

    /// Belongs to the extension set, from this revision on.
    const fn extension(self, since: Revision) -> Self {
        Self { set: FunctionSet::Extension, since, ..self }
    }
}

const fn number(name: &'static str) -> Param {
    Param { name, kind: I32 }
}

const fn long(name: &'static str) -> Param {
    Param { name, kind: I64 }
}

const fn input(name: &'static str, pointee: Pointee) -> Param {
    Param { name, kind: ParamKind::In(pointee) }
}

const fn output(pointee: Pointee) -> Param {
    Param { name: "result", kind: ParamKind::Out(pointee) }
}

const FREE: Cost = |_| 0;
const BASE: Cost = |schedule| schedule.base;

const LENGTH: Param = number("length");
const GAS: Param = long("gas");
const DATA: Param = input("data", Pointee::Bytes);
const ADDRESS: Param = input("address", Pointee::Address);
const VALUE: Param = input("value", Pointee::U128);
const KEY: Param = input("key", Pointee::Bytes32);
const COPY: [Param; 3] =
    [Param { name: "destination", kind: ParamKind::Out(Pointee::Bytes) }, number("offset"), LENGTH];

const I32_ANSWER: Answer = Some((ValType::I32, ""));
const I64_ANSWER: Answer = Some((ValType::I64, ""));
const FOUND: Answer = Some((ValType::I32, "0 found, 1 not"));
const ENDED: Answer = Some((ValType::I32, "0 success, 1 failure, 2 revert"));

/// The interface. An index in this table is how contracts and engine name a function to each other;
/// it is no part of any stored format.
pub const INTERFACE: &[InterfaceFunction] = &[
    function("useGas", &[long("amount")], None, FREE, environment::use_gas)
        .plus(|_| "the amount".into()),
    function("getGasLeft", &[], I64_ANSWER, BASE, environment::get_gas_left),
    function("getAddress", &[output(Pointee::Address)], None, BASE, environment::get_address),
    function("getCaller", &[output(Pointee::Address)], None, BASE, environment::get_caller),
    function("getCallValue", &[output(Pointee::U128)], None, BASE, environment::get_call_value),
    function("getTxOrigin", &[output(Pointee::Address)], None, BASE, environment::get_tx_origin),
    function("getTxGasPrice", &[output(Pointee::U128)], None, BASE, environment::get_tx_gas_price),
    function(
        "getExternalBalance",
        &[ADDRESS, output(Pointee::U128)],
        None,
        |schedule| schedule.balance.warm,
        environment::get_external_balance,
    )
    .plus(|schedule| cold(schedule.balance.cold - schedule.balance.warm)),
    function("getBlockNumber", &[], I64_ANSWER, BASE, block::get_block_number),
    function("getBlockTimestamp", &[], I64_ANSWER, BASE, block::get_block_timestamp),
    function("getBlockGasLimit", &[], I64_ANSWER, BASE, block::get_block_gas_limit),
    function(
        "getBlockCoinbase",
        &[output(Pointee::Address)],
        None,
        BASE,
        block::get_block_coinbase,
    ),
    function(
        "getBlockDifficulty",
        &[output(Pointee::U256)],
        None,
        BASE,
        block::get_block_difficulty,
    ),
    function(
        "getBlockHash",
        &[long("number"), output(Pointee::Bytes32)],
        FOUND,
        |schedule| schedule.block_hash,
        block::get_block_hash,
    ),
    function("getCallDataSize", &[], I32_ANSWER, BASE, data::get_call_data_size),
    function("callDataCopy", &COPY, None, |schedule| schedule.copy, data::call_data_copy)
        .plus(per_word),
    function("getCodeSize", &[], I32_ANSWER, BASE, data::get_code_size),
    function("codeCopy", &COPY, None, |schedule| schedule.copy, data::code_copy).plus(per_word),
    function("getReturnDataSize", &[], I32_ANSWER, BASE, data::get_return_data_size),
    function("returnDataCopy", &COPY, None, |schedule| schedule.copy, data::return_data_copy)
        .plus(per_word),
    function(
        "getExternalCodeSize",
        &[ADDRESS],
        I32_ANSWER,
        |schedule| schedule.external_code.warm,
        data::get_external_code_size,
    )
    .plus(|schedule| cold(schedule.external_code.cold - schedule.external_code.warm)),
    function(
        "externalCodeCopy",
        &[ADDRESS, COPY[0], COPY[1], COPY[2]],
        None,
        |schedule| schedule.external_code.warm,
        data::external_code_copy,
    )
    .plus(|schedule| {
        per_word(schedule) + &cold(schedule.external_code.cold - schedule.external_code.warm)
    }),
    function(
        "storageLoad",
        &[KEY, output(Pointee::Bytes32)],
        None,
        |schedule| schedule.storage_load.warm,
        storage::storage_load,
    )
    .plus(|schedule| cold(schedule.storage_load.cold - schedule.storage_load.warm)),
    function(
        "storageStore",
        &[KEY, input("value", Pointee::Bytes32)],
        None,
        |schedule| schedule.storage.of(StorageStatus::Assigned).gas,
        storage::storage_store,
    )
    .charged_inside()
    .plus(stores),
    function(
        "log",
        &[
            DATA,
            LENGTH,
            number("topics"),
            input("topic1", Pointee::Bytes32),
            input("topic2", Pointee::Bytes32),
            input("topic3", Pointee::Bytes32),
            input("topic4", Pointee::Bytes32),
        ],
        None,
        |schedule| schedule.log,
        log::log,
    )
    .charged_inside()
    .plus(|schedule| {
        format!("+ {} per topic + {} per byte", schedule.log_topic, schedule.log_byte)
    }),
    function(
        "call",
        &[GAS, ADDRESS, VALUE, DATA, LENGTH],
        ENDED,
        |schedule| schedule.call.warm,
        calls::call,
    )
    .charged_inside()
    .plus(|schedule| {
        let new_account = schedule.call_new_account;
        call_extra(schedule)
            + &format!("; with a value to an account that does not exist + {new_account}")
    }),
    function(
        "callCode",
        &[GAS, ADDRESS, VALUE, DATA, LENGTH],
        ENDED,
        |schedule| schedule.call.warm,
        calls::call_code,
    )
    .charged_inside()
    .plus(call_extra),
    function(
        "callDelegate",
        &[GAS, ADDRESS, DATA, LENGTH],
        ENDED,
        |schedule| schedule.call.warm,
        calls::call_delegate,
    )
    .charged_inside()
    .plus(cold_call),
    function(
        "callStatic",
        &[GAS, ADDRESS, DATA, LENGTH],
        ENDED,
        |schedule| schedule.call.warm,
        calls::call_static,
    )
    .charged_inside()
    .plus(cold_call),
    function(
        "create",
        &[VALUE, DATA, LENGTH, output(Pointee::Address)],
        ENDED,
        |schedule| schedule.create,
        create::create,
    )
    .plus(|schedule| words(schedule.init_code_word)),
    function(
        "selfDestruct",
        &[ADDRESS],
        None,
        |schedule| schedule.self_destruct,
        ending::self_destruct,
    )
    .plus(|schedule| {
        let when = if schedule.self_destruct_new_account_with_balance_only {
            " and there is a balance"
        } else {
            ""
        };
        let new_account = schedule.self_destruct_new_account;
        cold(schedule.self_destruct_cold)
            + &format!("; when the address does not exist{when} + {new_account}")
    }),
    function("finish", &[DATA, LENGTH], None, FREE, ending::finish),
    function("revert", &[DATA, LENGTH], None, FREE, ending::revert),
    // What came after revision 4 and belongs to no revision of Ethereum.
    function(
        "create2",
        &[VALUE, DATA, LENGTH, input("salt", Pointee::Bytes32), output(Pointee::Address)],
        ENDED,
        |schedule| schedule.create,
        create::create2,
    )
    .extension(Revision::Byzantium)
    .plus(|schedule| words(schedule.init_code_word + schedule.hash_word)),
    function("getChainId", &[output(Pointee::U128)], None, BASE, environment::get_chain_id)
        .extension(Revision::Byzantium),
    // What later revisions of Ethereum brought.
    function(
        "getExternalCodeHash",
        &[ADDRESS, output(Pointee::Bytes32)],
        None,
        |schedule| schedule.external_code_hash.warm,
        data::get_external_code_hash,
    )
    .extension(Revision::Constantinople)
    .plus(|schedule| cold(schedule.external_code_hash.cold - schedule.external_code_hash.warm)),
    function(
        "getSelfBalance",
        &[output(Pointee::U128)],
        None,
        |schedule| schedule.self_balance,
        environment::get_self_balance,
    )
    .extension(Revision::Istanbul),
    function("getBaseFee", &[output(Pointee::U256)], None, BASE, block::get_base_fee)
        .extension(Revision::London),
    function("getPrevRandao", &[output(Pointee::Bytes32)], None, BASE, block::get_prev_randao)
        .extension(Revision::Paris),
    function("getBlobBaseFee", &[output(Pointee::U256)], None, BASE, block::get_blob_base_fee)
        .extension(Revision::Cancun),
    function(
        "getBlobHash",
        &[number("index"), output(Pointee::Bytes32)],
        FOUND,
        |schedule| schedule.blob_hash,
        block::get_blob_hash,
    )
    .extension(Revision::Cancun),
    function(
        "transientStorageLoad",
        &[KEY, output(Pointee::Bytes32)],
        None,
        |schedule| schedule.transient_storage,
        storage::transient_storage_load,
    )
    .extension(Revision::Cancun),
    function(
        "transientStorageStore",
        &[KEY, input("value", Pointee::Bytes32)],
        None,
        |schedule| schedule.transient_storage,
        storage::transient_storage_store,
    )
    .extension(Revision::Cancun),
    debug("print32", &[number("number")], debug::print32),
    debug("print64", &[long("number")], debug::print64),
    debug("printMem", &[DATA, LENGTH], debug::print_mem),
    debug("printMemHex", &[DATA, LENGTH], debug::print_mem_hex),
    debug("printStorage", &[KEY], debug::print_storage),
    debug("printStorageHex", &[KEY], debug::print_storage_hex),
];

fn words(gas: u64) -> String {
    if gas == 0 { String::new() } else { format!("+ {gas} per word") }
}

fn per_word(schedule: &Schedule) -> String {
    words(schedule.copy_word)
}

fn cold(surcharge: u64) -> String {
    if surcharge == 0 { String::new() } else { format!("; cold + {surcharge}") }
}

fn cold_call(schedule: &Schedule) -> String {
    cold(schedule.call.cold - schedule.call.warm)
}

fn call_extra(schedule: &Schedule) -> String {
    cold_call(schedule) + &format!("; with a value + {}", schedule.call_value)
}

fn stores(schedule: &Schedule) -> String {
    let set = schedule.storage.of(StorageStatus::Added).gas;
    let reset = schedule.storage.of(StorageStatus::Modified).gas;
    format!("; zero to non-zero {set}; first change of another value {reset}")
        + &cold(schedule.storage.cold)
}
