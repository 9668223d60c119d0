//! Costs of the interface functions, as data: charging, `docs/interface.md`, `tephra schedule` and
//! traces derive from it.
use alloc::format;
use alloc::string::String;
use core::fmt;

use crate::ewasm::schedule::Schedule;
use crate::ewasm::{AccessCost, StorageStatus};

/// When an interface function charges its base cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charged {
    /// Before it does anything.
    First,
    /// After it has checked its arguments, in the order that its section of the interface defines.
    Inside,
}

/// The cost of an interface function.
///
/// Not part of it are the particles that every call of the interface costs, those for memory that
/// the function reaches, and those for data that a message carries: they belong to the
/// [`InstructionCosts`](crate::wasm::InstructionCosts).
#[derive(Clone, Copy, Debug)]
pub struct InterfaceCost {
    pub(super) base: fn(&Schedule) -> u64,
    /// When the base cost is charged.
    pub charged: Charged,
    /// The costs beyond the base cost. A function charges no others.
    pub extras: &'static [ExtraCost],
}

impl InterfaceCost {
    /// Returns the base cost in gas; for a function that accesses an account or slot, that of a
    /// warm one (EIP-2929).
    pub fn base(&self, schedule: &Schedule) -> u64 {
        (self.base)(schedule)
    }

    /// Returns the costs beyond the base cost in words, as in `+ 3 per word; cold + 2500`. Those
    /// that are zero in this schedule are left out.
    pub fn extras(&self, schedule: &Schedule) -> String {
        let mut text = String::new();
        for phrase in self.extras.iter().filter_map(|extra| extra.phrase(schedule)) {
            append(&mut text, &phrase);
        }
        text
    }

    /// Returns the whole cost in words, as in `100 + 3 per word; cold + 2500`.
    pub fn in_words(&self, schedule: &Schedule) -> String {
        let (base, extras) = (self.base(schedule), self.extras(schedule));
        if base == 0 && !extras.is_empty() {
            return extras;
        }
        let mut text = format!("{base}");
        append(&mut text, &extras);
        text
    }
}

/// Appends a phrase: a sum goes on, anything else begins after a semicolon.
fn append(text: &mut String, phrase: &str) {
    if !text.is_empty() && !phrase.is_empty() {
        text.push_str(if phrase.starts_with('+') { " " } else { "; " });
    }
    text.push_str(phrase);
}

/// The first access in a transaction to an account, by its purpose (EIP-2929).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountAccess {
    /// Its balance is read.
    Balance,
    /// Its code is measured or copied.
    Code,
    /// The hash of its code is read.
    CodeHash,
    /// Its code is run.
    Call,
    /// It receives what a contract leaves that destroys itself.
    Beneficiary,
}

/// The first access in a transaction to a storage slot, by its purpose (EIP-2929).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotAccess {
    /// It is read.
    Load,
    /// It is written.
    Store,
}

/// A cost beyond the base cost of an interface function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExtraCost {
    /// The gas that the contract names (`useGas`).
    Amount,
    /// Each 32-byte word that is copied, the last one rounded up.
    CopiedWord,
    /// Each 32-byte word of init code, the last one rounded up (EIP-3860).
    InitCodeWord,
    /// Each 32-byte word of init code that is hashed for the address, the last one rounded up
    /// (EIP-1014, EIP-3860).
    HashedInitCodeWord,
    /// Each topic of a log.
    LogTopic,
    /// Each byte of a log's data.
    LogByte,
    /// On top for an account that is cold (EIP-2929).
    ColdAccount(AccountAccess),
    /// On top for a storage slot that is cold (EIP-2929).
    ColdSlot(SlotAccess),
    /// A called account that delegates its code: the access to the account whose code runs, when
    /// that is warm (EIP-7702).
    Delegation,
    /// A value that is not zero.
    Value,
    /// A value for an account that does not exist.
    NewAccount,
    /// The beneficiary of a self-destruct that does not exist.
    NewBeneficiary,
    /// A storage write with this effect. It takes the place of the base cost.
    StorageWrite(StorageStatus),
}

impl ExtraCost {
    /// Returns the gas of one unit: a word, a topic, a byte, an access. Zero when the schedule does
    /// not have the cost, and for [`ExtraCost::Amount`], which is the contract's choice.
    #[inline]
    pub fn gas(self, schedule: &Schedule) -> u64 {
        let surcharge = |cost: AccessCost| cost.cold - cost.warm;
        match self {
            Self::Amount => 0,
            Self::CopiedWord => schedule.copy_word,
            Self::InitCodeWord => schedule.init_code_word,
            Self::HashedInitCodeWord => schedule.init_code_word + schedule.hash_word,
            Self::LogTopic => schedule.log_topic,
            Self::LogByte => schedule.log_byte,
            Self::ColdAccount(AccountAccess::Balance) => surcharge(schedule.balance),
            Self::ColdAccount(AccountAccess::Code) => surcharge(schedule.external_code),
            Self::ColdAccount(AccountAccess::CodeHash) => surcharge(schedule.external_code_hash),
            Self::ColdAccount(AccountAccess::Call) => surcharge(schedule.call),
            Self::ColdAccount(AccountAccess::Beneficiary) => schedule.self_destruct_cold,
            Self::ColdSlot(SlotAccess::Load) => surcharge(schedule.storage_load),
            Self::ColdSlot(SlotAccess::Store) => schedule.storage.cold,
            Self::Delegation if schedule.delegations => schedule.call.warm,
            Self::Delegation => 0,
            Self::Value => schedule.call_value,
            Self::NewAccount => schedule.call_new_account,
            Self::NewBeneficiary => schedule.self_destruct_new_account,
            Self::StorageWrite(status) => schedule.storage.of(status).gas,
        }
    }

    /// Returns the cost in words; none when it is zero in this schedule, or as much as another
    /// cost that has words.
    fn phrase(self, schedule: &Schedule) -> Option<String> {
        let gas = self.gas(schedule);
        if gas == 0 && self != Self::Amount {
            return None;
        }
        Some(match self {
            Self::Amount => "the amount".into(),
            Self::CopiedWord | Self::InitCodeWord | Self::HashedInitCodeWord => {
                format!("+ {gas} per word")
            }
            Self::LogTopic => format!("+ {gas} per topic"),
            Self::LogByte => format!("+ {gas} per byte"),
            Self::ColdAccount(_) | Self::ColdSlot(_) => format!("cold + {gas}"),
            Self::Delegation => format!("when the account delegates its code + {gas}"),
            Self::Value => format!("with a value + {gas}"),
            Self::NewAccount => {
                format!("with a value to an account that does not exist + {gas}")
            }
            Self::NewBeneficiary if schedule.self_destruct_new_account_with_balance_only => {
                format!("when the address does not exist and there is a balance + {gas}")
            }
            Self::NewBeneficiary => format!("when the address does not exist + {gas}"),
            Self::StorageWrite(StorageStatus::Added) => format!("zero to non-zero {gas}"),
            Self::StorageWrite(StorageStatus::Modified) => {
                format!("first change of another value {gas}")
            }
            // As much as one of the two above, or as the base cost.
            Self::StorageWrite(_) => return None,
        })
    }
}

/// The name, for traces: `cold account`.
impl fmt::Display for ExtraCost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Amount => "amount",
            Self::CopiedWord => "copied words",
            Self::InitCodeWord | Self::HashedInitCodeWord => "words of init code",
            Self::LogTopic => "topics",
            Self::LogByte => "bytes of data",
            Self::ColdAccount(_) => "cold account",
            Self::ColdSlot(_) => "cold slot",
            Self::Delegation => "delegated code",
            Self::Value => "value",
            Self::NewAccount | Self::NewBeneficiary => "new account",
            Self::StorageWrite(_) => "write",
        })
    }
}

/// A cost beyond the base cost that a call of an interface function was charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtraCharge {
    /// The cost.
    pub cost: ExtraCost,
    /// The gas of all its units.
    pub gas: u64,
}
