//! EVMC's numbers: of statuses, kinds and revisions.
use std::borrow::Cow;
use std::ffi::c_int;
use std::fmt::Write;

use tephra_core::ewasm::{CallKind, Status};
use tephra_core::revision::Revision;

use crate::abi;

/// When each status of the engine is given through EVMC, by EVMC's number, in the order of
/// `docs/evmc.md`.
const WHEN: [(Status, &str); 15] = [
    (Status::Success, "normal end, `finish`, `selfDestruct`, or no code"),
    (
        Status::Failure,
        "code that is not WebAssembly with `evm1mode=reject`, new code that may not be stored, too much memory in open frames",
    ),
    (Status::Revert, "`revert`"),
    (Status::OutOfGas, "the gas does not suffice"),
    (Status::StackOverflow, "call depth or stack height inside the contract"),
    (Status::InvalidMemoryAccess, "a pointer or range outside the contract's memory"),
    (Status::CallDepthExceeded, "a message deeper than 1024"),
    (Status::StaticModeViolation, "a change of state in a static call"),
    (Status::PrecompileFailure, "never by itself: precompiled contracts are the client's"),
    (Status::ContractValidationFailure, "code that begins as WebAssembly and is no valid contract"),
    (
        Status::ArgumentOutOfRange,
        "negative gas, more than four topics, a number of more than 128 bits",
    ),
    (Status::Unreachable, "`unreachable`"),
    (Status::Trap, "any other trap"),
    (Status::InsufficientBalance, "never by itself: balances are the client's"),
    (
        Status::InternalError,
        "a bug, a client that breaks the ABI, or a nested message with that status",
    ),
];

/// Statuses that are EVMC's alone.
const OWN_STATUSES: [(c_int, &str, &str); 2] = [
    (
        abi::REJECTED,
        "REJECTED",
        "a revision, kind or flag that the engine does not know, code that is not WebAssembly with `evm1mode=fallback`, or a nested message with that status",
    ),
    (
        abi::OUT_OF_MEMORY,
        "OUT_OF_MEMORY",
        "the machine has no memory for what the client gives, or a nested message with that status",
    ),
];

/// Kind, and EVMC's number of it. EOFCREATE (5) is not there: it makes EVM code.
const KINDS: [(CallKind, c_int); 5] = [
    (CallKind::Call, 0),
    (CallKind::DelegateCall, 1),
    (CallKind::CallCode, 2),
    (CallKind::Create, 3),
    (CallKind::Create2, 4),
];

/// EVMC's name of a status; the number itself where it has none.
pub(crate) fn status_name(number: c_int) -> Cow<'static, str> {
    if let Some(status) = Status::from_evmc_number(number) {
        return status.evmc_name().into();
    }
    match OWN_STATUSES.iter().find(|row| row.0 == number) {
        Some((_, name, _)) => (*name).into(),
        None => number.to_string().into(),
    }
}

/// The kind with EVMC's number; none for one that the engine does not know.
pub fn call_kind(number: c_int) -> Option<CallKind> {
    KINDS.iter().find(|row| row.1 == number).map(|row| row.0)
}

/// EVMC's number of a kind.
pub fn kind_number(kind: CallKind) -> c_int {
    KINDS.iter().find(|row| row.0 == kind).map_or(0, |row| row.1)
}

/// The revision with ABI 12's number; none for one that the engine does not know or has no schedule
/// for.
pub fn revision(number: c_int) -> Option<Revision> {
    let revision = u8::try_from(number).ok().and_then(|number| Revision::try_from(number).ok())?;
    revision.is_supported().then_some(revision)
}

/// The table of statuses in `docs/evmc.md`, in Markdown.
pub fn statuses_table() -> String {
    let rows = WHEN.iter().map(|(status, when)| (status.evmc_number(), status.evmc_name(), *when));
    let mut table = String::from("| status | number | when |\n|---|---|---|\n");
    for (number, name, when) in rows.chain(OWN_STATUSES) {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {name} | {number} | {when} |");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_explained_in_the_order_of_its_number() {
        let mut statuses = Status::ALL.to_vec();
        // What ends the messages around comes last.
        statuses.sort_by_key(|status| (status.evmc_number() < 0, status.evmc_number()));
        assert_eq!(WHEN.map(|(status, _)| status).to_vec(), statuses);
        for (number, name, _) in OWN_STATUSES {
            assert_eq!(Status::from_evmc_number(number), None, "{name}");
            assert_eq!(status_name(number), name);
        }
        assert_eq!((status_name(3), status_name(-4)), ("OUT_OF_GAS".into(), "-4".into()));
    }

    #[test]
    fn kinds_and_revisions_have_the_numbers_of_evmc() {
        for (kind, number) in KINDS {
            assert_eq!(kind_number(kind), number);
            assert_eq!(call_kind(number), Some(kind));
        }
        for number in [-1, 5, 6, c_int::MAX, c_int::MIN] {
            assert_eq!(call_kind(number), None);
        }
        for number in [-1, 0, 3, 15, 256, 260, c_int::MIN] {
            assert_eq!(revision(number), None);
        }
        assert_eq!(revision(4), Some(Revision::Byzantium));
        assert_eq!(revision(14), Some(Revision::Osaka));
    }
}
