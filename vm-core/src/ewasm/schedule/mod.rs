//! Gas schedules: what interface calls, storage, precompiled contracts and transactions cost in
//! each revision, the sizes that it allows, and the rules that it brought.
//!
//! Code asks a schedule for a rule by its name and compares no revisions. Only what came with a
//! revision as a whole says so itself: an interface function, a precompiled contract.
//!
//! A schedule is data. Each revision is written as the one before it with the changes that its EIPs
//! made, so that what a revision changed is what its table says. What WebAssembly instructions cost
//! is no part of it: see [`InstructionCosts`](crate::wasm::InstructionCosts).
mod precompiles;
mod revisions;
mod storage;
mod transaction;

pub use precompiles::{ModexpComplexity, ModexpCosts, PrecompileCosts};
pub use storage::{StorageCost, StorageCosts};
pub use transaction::{BlobRules, TransactionCosts};

use crate::revision::Revision;

/// The gas of looking at an account or slot for the first time in a transaction, and after that
/// (EIP-2929). Before Berlin both are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessCost {
    /// Gas of the first access in a transaction.
    pub cold: u64,
    /// Gas of every further access, and of the first when the transaction's access list has it.
    pub warm: u64,
}

impl AccessCost {
    /// The same for every access.
    pub const fn flat(gas: u64) -> Self {
        Self { cold: gas, warm: gas }
    }
}

/// Costs, limits and rules of a revision. All costs are in gas, all sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The revision that the schedule belongs to.
    pub revision: Revision,

    /// A function that answers from what the frame already knows.
    pub base: u64,
    /// The fixed part of `callDataCopy`, `codeCopy` and `returnDataCopy`.
    pub copy: u64,
    /// Each 32-byte word, the last one rounded up, that a copying function copies.
    pub copy_word: u64,
    /// `getBlockHash`.
    pub block_hash: u64,
    /// `getSelfBalance` (EIP-1884).
    pub self_balance: u64,
    /// `getBlobHash` (EIP-4844).
    pub blob_hash: u64,

    /// Whether accounts and slots are cold before they are touched (EIP-2929); the host is asked
    /// only then.
    pub access_lists: bool,
    /// Whether calls of accounts that delegate their code pay for the access to the account whose
    /// code runs (EIP-7702); the host is asked only then.
    pub delegations: bool,
    /// `getExternalBalance` (EIP-1884, EIP-2929).
    pub balance: AccessCost,
    /// `getExternalCodeSize`, and the fixed part of `externalCodeCopy` (EIP-2929).
    pub external_code: AccessCost,
    /// `getExternalCodeHash` (EIP-1052, EIP-1884, EIP-2929).
    pub external_code_hash: AccessCost,

    /// `storageLoad` (EIP-1884, EIP-2929).
    pub storage_load: AccessCost,
    /// `storageStore`.
    pub storage: StorageCosts,
    /// `transientStorageLoad` and `transientStorageStore` (EIP-1153).
    pub transient_storage: u64,

    /// The fixed part of `log`.
    pub log: u64,
    /// Each topic of a log.
    pub log_topic: u64,
    /// Each byte of a log's data.
    pub log_byte: u64,

    /// The fixed part of `call`, `callCode`, `callDelegate` and `callStatic`, the access to the
    /// account included (EIP-150, EIP-2929).
    pub call: AccessCost,
    /// A `call` or `callCode` whose value is not zero.
    pub call_value: u64,
    /// A `call` with value to an account that does not exist.
    pub call_new_account: u64,
    /// What the receiver of a value gets for nothing.
    pub call_stipend: u64,
    /// The part of the remaining gas that a frame keeps for itself when it calls or creates: one in
    /// so many (EIP-150).
    pub call_reserve_divisor: u64,
    /// The depth of the deepest message, where a transaction's own has 0: in it calls and creates
    /// begin nothing and answer 1.
    pub call_depth: u32,

    /// The fixed part of `create` and `create2`.
    pub create: u64,
    /// Each 32-byte word of init code, the last one rounded up (EIP-3860).
    pub init_code_word: u64,
    /// Each 32-byte word of init code that `create2` has to hash.
    pub hash_word: u64,
    /// Each byte of a new contract's code.
    pub code_deposit_byte: u64,

    /// `selfDestruct`.
    pub self_destruct: u64,
    /// On top when the beneficiary is touched for the first time (EIP-2929).
    pub self_destruct_cold: u64,
    /// On top when the beneficiary does not exist.
    pub self_destruct_new_account: u64,
    /// Whether that surcharge is due only when there is a balance to move (EIP-161). The Ewasm
    /// interface, which `byzantium` follows, charges it always.
    pub self_destruct_new_account_with_balance_only: bool,
    /// Whether only an account that the same transaction created is deleted (EIP-6780).
    pub self_destruct_new_accounts_only: bool,
    /// Refund for the first self-destruct of an account in a transaction (EIP-3529 ended it).
    pub self_destruct_refund: i64,

    /// The largest code that is not WebAssembly (EIP-170). It can be stored and copied, never run.
    pub code_size: u32,
    /// The largest WebAssembly code of a contract.
    ///
    /// EIP-170's 24576 bytes were chosen for EVM code. The same contract takes several times as
    /// many bytes in WebAssembly (256-bit arithmetic in 64-bit pieces, and the compiler's run-time
    /// library in every module), while what the limit protects against is smaller here: validation
    /// is linear in time, and a byte of code still pays
    /// [`code_deposit_byte`](Self::code_deposit_byte), so that 128 KiB cost 26 million gas to
    /// store.
    pub contract_size: u32,
    /// The largest init code: twice the largest contract, as in EIP-3860. Before Shanghai no rule
    /// of the protocol bounds it, only the engine's
    /// [`Limits::module_size`](crate::wasm::Limits::module_size).
    pub init_code_size: u32,
    /// Whether new code may not begin with the byte `0xEF` (EIP-3541).
    pub reject_code_starting_with_ef: bool,

    /// Whether what contracts read as the block's difficulty is the beacon chain's randomness
    /// (EIP-4399).
    pub prev_randao: bool,

    /// What a transaction costs before it runs, its refunds, and which are valid.
    pub transaction: TransactionCosts,
    /// The precompiled contracts.
    pub precompiles: PrecompileCosts,
}

impl Schedule {
    /// The schedule of a revision. Revisions before Byzantium, which Ewasm never ran on, get
    /// Byzantium's.
    pub const fn of(revision: Revision) -> &'static Self {
        match revision {
            Revision::Frontier
            | Revision::Homestead
            | Revision::TangerineWhistle
            | Revision::SpuriousDragon
            | Revision::Byzantium => &revisions::BYZANTIUM,
            Revision::Constantinople => &revisions::CONSTANTINOPLE,
            Revision::Petersburg => &revisions::PETERSBURG,
            Revision::Istanbul => &revisions::ISTANBUL,
            Revision::Berlin => &revisions::BERLIN,
            Revision::London => &revisions::LONDON,
            Revision::Paris => &revisions::PARIS,
            Revision::Shanghai => &revisions::SHANGHAI,
            Revision::Cancun => &revisions::CANCUN,
            Revision::Prague => &revisions::PRAGUE,
            Revision::Osaka => &revisions::OSAKA,
        }
    }

    /// The largest gas that a frame with `left` gas may hand to a nested message (EIP-150: all but
    /// one 64th).
    pub fn forwardable(&self, left: u64) -> u64 {
        left - left / self.call_reserve_divisor
    }

    /// The largest code of `code`'s kind that may be stored, in bytes.
    pub fn code_limit(&self, code: &[u8]) -> u32 {
        if super::contract::is_wasm(code) { self.contract_size } else { self.code_size }
    }
}

/// 32-byte words in so many bytes, the last one rounded up.
pub(crate) fn words(bytes: u64) -> u64 {
    bytes.div_ceil(32)
}

#[cfg(test)]
mod tests;
