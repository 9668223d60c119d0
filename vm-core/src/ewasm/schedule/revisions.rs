//! The schedules themselves: each the one before with what its EIPs changed.
use super::{
    AccessCost, BlobRules, ModexpComplexity, ModexpCosts, PrecompileCosts, Schedule, StorageCosts,
    TransactionCosts,
};
use crate::revision::Revision;

/// Gas of the Ewasm interface, revision 4.
pub(super) const BYZANTIUM: Schedule = Schedule {
    revision: Revision::Byzantium,
    base: 2,
    copy: 3,
    copy_word: 3,
    block_hash: 800,
    self_balance: 5,
    blob_hash: 3,
    access_lists: false,
    delegations: false,
    balance: AccessCost::flat(400),
    external_code: AccessCost::flat(700),
    external_code_hash: AccessCost::flat(400),
    storage_load: AccessCost::flat(200),
    storage: StorageCosts::gross(),
    transient_storage: 100,
    log: 375,
    log_topic: 375,
    log_byte: 8,
    call: AccessCost::flat(700),
    call_value: 9000,
    call_new_account: 25_000,
    call_stipend: 2300,
    call_reserve_divisor: 64,
    call_depth: 1024,
    create: 32_000,
    init_code_word: 0,
    hash_word: 6,
    code_deposit_byte: 200,
    self_destruct: 5000,
    self_destruct_cold: 0,
    self_destruct_new_account: 25_000,
    self_destruct_new_account_with_balance_only: false,
    self_destruct_new_accounts_only: false,
    self_destruct_refund: 24_000,
    code_size: 24_576,
    contract_size: 128 << 10,
    init_code_size: u32::MAX,
    reject_code_starting_with_ef: false,
    prev_randao: false,
    transaction: TransactionCosts {
        base: 21_000,
        create: 53_000,
        zero_byte: 4,
        nonzero_byte: 68,
        access_list_address: 0,
        access_list_slot: 0,
        init_code_word: 0,
        floor_token: 0,
        refund_divisor: 2,
        gas_limit_cap: u64::MAX,
        access_list: false,
        base_fee: false,
        sender_without_code: false,
        warm_coinbase: false,
        blobs: None,
    },
    precompiles: PrecompileCosts {
        modexp: ModexpCosts {
            complexity: ModexpComplexity::Karatsuba,
            exponent_byte: 8,
            divisor: 20,
            minimum: 0,
            max_length: None,
        },
        bn128_add: 500,
        bn128_mul: 40_000,
        bn128_pairing: 100_000,
        bn128_pair: 80_000,
    },
};

pub(super) const CONSTANTINOPLE: Schedule = Schedule {
    revision: Revision::Constantinople,
    // EIP-1283.
    storage: StorageCosts::net(200, 20_000, 5000, 15_000),
    // EIP-161, where Ethereum and the Ewasm interface differ.
    self_destruct_new_account_with_balance_only: true,
    ..BYZANTIUM
};

pub(super) const PETERSBURG: Schedule = Schedule {
    revision: Revision::Petersburg,
    // EIP-1716 takes EIP-1283 back.
    storage: BYZANTIUM.storage,
    ..CONSTANTINOPLE
};

pub(super) const ISTANBUL: Schedule = Schedule {
    revision: Revision::Istanbul,
    // EIP-1884.
    balance: AccessCost::flat(700),
    external_code_hash: AccessCost::flat(700),
    storage_load: AccessCost::flat(800),
    // EIP-2200.
    storage: StorageCosts { sentry: 2300, ..StorageCosts::net(800, 20_000, 5000, 15_000) },
    // EIP-2028.
    transaction: TransactionCosts { nonzero_byte: 16, ..PETERSBURG.transaction },
    // EIP-1108.
    precompiles: PrecompileCosts {
        bn128_add: 150,
        bn128_mul: 6000,
        bn128_pairing: 45_000,
        bn128_pair: 34_000,
        ..PETERSBURG.precompiles
    },
    ..PETERSBURG
};

pub(super) const BERLIN: Schedule = {
    // EIP-2929.
    const ACCOUNT: AccessCost = AccessCost { cold: 2600, warm: 100 };
    const SLOT: AccessCost = AccessCost { cold: 2100, warm: 100 };
    Schedule {
        revision: Revision::Berlin,
        access_lists: true,
        balance: ACCOUNT,
        external_code: ACCOUNT,
        external_code_hash: ACCOUNT,
        call: ACCOUNT,
        self_destruct_cold: ACCOUNT.cold,
        storage_load: SLOT,
        storage: StorageCosts {
            sentry: 2300,
            cold: SLOT.cold,
            ..StorageCosts::net(SLOT.warm, 20_000, 5000 - SLOT.cold, 15_000)
        },
        // EIP-2930.
        transaction: TransactionCosts {
            access_list_address: 2400,
            access_list_slot: 1900,
            access_list: true,
            ..ISTANBUL.transaction
        },
        // EIP-2565.
        precompiles: PrecompileCosts {
            modexp: ModexpCosts {
                complexity: ModexpComplexity::Words,
                divisor: 3,
                minimum: 200,
                ..ISTANBUL.precompiles.modexp
            },
            ..ISTANBUL.precompiles
        },
        ..ISTANBUL
    }
};

pub(super) const LONDON: Schedule = Schedule {
    revision: Revision::London,
    // EIP-3529.
    storage: StorageCosts {
        sentry: 2300,
        cold: BERLIN.storage.cold,
        ..StorageCosts::net(100, 20_000, 2900, 4800)
    },
    self_destruct_refund: 0,
    transaction: TransactionCosts {
        refund_divisor: 5,
        // EIP-1559.
        base_fee: true,
        // EIP-3607. The rule is retroactive on the main network, but public tests of Byzantium have
        // contracts that send.
        sender_without_code: true,
        ..BERLIN.transaction
    },
    // EIP-3541.
    reject_code_starting_with_ef: true,
    ..BERLIN
};

pub(super) const PARIS: Schedule = Schedule {
    revision: Revision::Paris,
    // EIP-4399.
    prev_randao: true,
    ..LONDON
};

pub(super) const SHANGHAI: Schedule = Schedule {
    revision: Revision::Shanghai,
    // EIP-3860.
    init_code_word: 2,
    init_code_size: 2 * PARIS.contract_size,
    transaction: TransactionCosts {
        init_code_word: 2,
        // EIP-3651.
        warm_coinbase: true,
        ..PARIS.transaction
    },
    ..PARIS
};

pub(super) const CANCUN: Schedule = Schedule {
    revision: Revision::Cancun,
    // EIP-6780.
    self_destruct_new_accounts_only: true,
    // EIP-4844.
    transaction: TransactionCosts {
        blobs: Some(BlobRules { max: 6, base_fee_update_fraction: 3_338_477 }),
        ..SHANGHAI.transaction
    },
    ..SHANGHAI
};

pub(super) const PRAGUE: Schedule = Schedule {
    revision: Revision::Prague,
    // EIP-7702.
    delegations: true,
    transaction: TransactionCosts {
        // EIP-7623.
        floor_token: 10,
        // EIP-7691.
        blobs: Some(BlobRules { max: 9, base_fee_update_fraction: 5_007_716 }),
        ..CANCUN.transaction
    },
    ..CANCUN
};

pub(super) const OSAKA: Schedule = Schedule {
    revision: Revision::Osaka,
    transaction: TransactionCosts {
        // EIP-7825.
        gas_limit_cap: 1 << 24,
        // EIP-7594.
        blobs: Some(BlobRules { max: 6, base_fee_update_fraction: 5_007_716 }),
        ..PRAGUE.transaction
    },
    precompiles: PrecompileCosts {
        modexp: ModexpCosts {
            // EIP-7883.
            complexity: ModexpComplexity::TwiceTheWords,
            exponent_byte: 16,
            divisor: 1,
            minimum: 500,
            // EIP-7823.
            max_length: Some(1024),
        },
        ..PRAGUE.precompiles
    },
    ..PRAGUE
};
