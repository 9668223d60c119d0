//! EVMC's numbers: of statuses, kinds and revisions.
use std::borrow::Cow;
use std::ffi::c_int;
use std::fmt::Write;

use tephra_core::ewasm::{CallKind, Status};
use tephra_core::revision::Revision;

use crate::abi;

/// Status, EVMC's number and name, and when it is given.
pub const STATUSES: &[(Status, c_int, &str, &str)] = &[
    (Status::Success, 0, "SUCCESS", "normal end, `finish`, `selfDestruct`, or no code"),
    (
        Status::Failure,
        1,
        "FAILURE",
        "code that is not WebAssembly with `evm1mode=reject`, new code that may not be stored, too much memory in open frames",
    ),
    (Status::Revert, 2, "REVERT", "`revert`"),
    (Status::OutOfGas, 3, "OUT_OF_GAS", "the gas does not suffice"),
    (Status::StackOverflow, 6, "STACK_OVERFLOW", "call depth or stack height inside the contract"),
    (
        Status::InvalidMemoryAccess,
        9,
        "INVALID_MEMORY_ACCESS",
        "a pointer or range outside the contract's memory",
    ),
    (Status::CallDepthExceeded, 10, "CALL_DEPTH_EXCEEDED", "a message deeper than 1024"),
    (
        Status::StaticModeViolation,
        11,
        "STATIC_MODE_VIOLATION",
        "a change of state in a static call",
    ),
    (
        Status::PrecompileFailure,
        12,
        "PRECOMPILE_FAILURE",
        "never by itself: precompiled contracts are the client's",
    ),
    (
        Status::ContractValidationFailure,
        13,
        "CONTRACT_VALIDATION_FAILURE",
        "code that begins as WebAssembly and is no valid contract",
    ),
    (
        Status::ArgumentOutOfRange,
        14,
        "ARGUMENT_OUT_OF_RANGE",
        "negative gas, more than four topics, a number of more than 128 bits",
    ),
    (Status::Unreachable, 15, "WASM_UNREACHABLE_INSTRUCTION", "`unreachable`"),
    (Status::Trap, 16, "WASM_TRAP", "any other trap"),
    (
        Status::InsufficientBalance,
        17,
        "INSUFFICIENT_BALANCE",
        "never by itself: balances are the client's",
    ),
    (
        Status::InternalError,
        abi::INTERNAL_ERROR,
        "INTERNAL_ERROR",
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

/// EVMC's number of a status.
pub fn status_number(status: Status) -> c_int {
    STATUSES.iter().find(|row| row.0 == status).map_or(1, |row| row.1)
}

/// EVMC's name of a status; the number itself where it has none.
pub(crate) fn status_name(number: c_int) -> Cow<'static, str> {
    let known = STATUSES.iter().map(|row| (row.1, row.2));
    let own = OWN_STATUSES.iter().map(|row| (row.0, row.1));
    match known.chain(own).find(|row| row.0 == number) {
        Some((_, name)) => name.into(),
        None => number.to_string().into(),
    }
}

/// The status with EVMC's number, if it is one that the engine knows.
pub(crate) fn status(number: c_int) -> Option<Status> {
    STATUSES.iter().find(|row| row.1 == number).map(|row| row.0)
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
    let own = OWN_STATUSES.iter().map(|(number, name, when)| (*number, *name, *when));
    let rows = STATUSES.iter().map(|(_, number, name, when)| (*number, *name, *when)).chain(own);
    let mut table = String::from("| status | number | when |\n|---|---|---|\n");
    for (number, name, when) in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {name} | {number} | {when} |");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_kinds_and_revisions_have_the_numbers_of_evmc() {
        for (status, number, ..) in STATUSES {
            assert_eq!(status_number(*status), *number);
            assert_eq!(super::status(*number), Some(*status));
        }
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
