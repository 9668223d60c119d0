//! How messages end: one table, from which every spelling of a status derives.

/// Hands the table of statuses to a macro.
///
/// `statuses!(then)` becomes `then! { … }` with a row for each [`Status`](crate::ewasm::Status):
/// its documentation, its variant, EVMC's number, EVMC's name, its name for programs, and a part of
/// a sentence for a person. Rows keep their places, and a new one goes last: hosts may encode a
/// status by its place.
#[macro_export]
macro_rules! statuses {
    ($then:ident) => {
        $then! {
            /// Normal end, `finish` or `selfDestruct`.
            Success = 0, "SUCCESS", "success", "success";
            /// `revert`: what the frame did is undone, unused gas and output are kept.
            Revert = 2, "REVERT", "revert", "reverted";
            /// A failure with no status of its own.
            Failure = 1, "FAILURE", "failure", "failed";
            /// The gas did not suffice.
            OutOfGas = 3, "OUT_OF_GAS", "out-of-gas", "out of gas";
            /// `unreachable` was executed.
            Unreachable = 15, "WASM_UNREACHABLE_INSTRUCTION", "unreachable",
                "the contract executed `unreachable`";
            /// Any other WebAssembly trap; the outcome's trap says which.
            Trap = 16, "WASM_TRAP", "trap", "the contract trapped";
            /// The call depth or stack height inside the frame exceeded its limit.
            StackOverflow = 6, "STACK_OVERFLOW", "stack-overflow",
                "stack overflow inside the contract";
            /// Messages nested deeper than 1024.
            CallDepthExceeded = 10, "CALL_DEPTH_EXCEEDED", "call-depth-exceeded",
                "messages nested too deeply";
            /// A change of state in a static frame.
            StaticModeViolation = 11, "STATIC_MODE_VIOLATION", "static-mode-violation",
                "change of state in a static call";
            /// A pointer or range outside the contract's memory, by an instruction or an interface
            /// call.
            InvalidMemoryAccess = 9, "INVALID_MEMORY_ACCESS", "invalid-memory-access",
                "memory access out of bounds";
            /// The code is not a valid contract module.
            ContractValidationFailure = 13, "CONTRACT_VALIDATION_FAILURE",
                "contract-validation-failure", "the code is not a valid contract";
            /// An argument that the interface does not accept (negative gas, more than four topics,
            /// a balance that does not fit 128 bits).
            ArgumentOutOfRange = 14, "ARGUMENT_OUT_OF_RANGE", "argument-out-of-range",
                "argument of an interface call out of range";
            /// The sender cannot pay the value.
            InsufficientBalance = 17, "INSUFFICIENT_BALANCE", "insufficient-balance",
                "insufficient balance";
            /// A precompiled contract refused its input.
            PrecompileFailure = 12, "PRECOMPILE_FAILURE", "precompile-failure",
                "a precompiled contract refused its input";
            /// The host could not do its part (a database failed); the state must not be kept.
            InternalError = -1, "INTERNAL_ERROR", "internal-error", "the host failed";
        }
    };
}

macro_rules! define {
    ($(
        $(#[$doc:meta])*
        $variant:ident = $number:literal, $evmc_name:literal, $name:literal, $message:literal;
    )*) => {
        /// How a frame ended: EVMC's `evmc_status_code`, without those that only a host can give.
        ///
        /// The discriminants are EVMC's numbers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(i8)]
        pub enum Status {
            $($(#[$doc])* $variant = $number,)*
        }

        impl Status {
            /// Every status.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Returns EVMC's name, without its prefix `EVMC_`.
            pub const fn evmc_name(self) -> &'static str {
                match self {
                    $(Self::$variant => $evmc_name,)*
                }
            }

            /// Returns the name for programs: the variant's words in lower case, joined by hyphens.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Returns a part of a sentence for a person.
            pub const fn message(self) -> &'static str {
                match self {
                    $(Self::$variant => $message,)*
                }
            }
        }
    };
}

statuses!(define);

impl Status {
    /// Returns EVMC's number.
    pub const fn evmc_number(self) -> i32 {
        self as i32
    }

    /// Returns the status with EVMC's number, if it is one that the engine gives.
    pub fn from_evmc_number(number: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.evmc_number() == number)
    }
}

impl core::fmt::Display for Status {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.message())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::string::String;
    use alloc::vec::Vec;

    /// The words of a variant's name with a separator between them.
    fn words(status: Status, separator: char) -> String {
        let mut words = String::new();
        for letter in format!("{status:?}").chars() {
            if letter.is_uppercase() && !words.is_empty() {
                words.push(separator);
            }
            words.push(letter);
        }
        words
    }

    #[test]
    fn names_are_the_variants_words() {
        for status in Status::ALL {
            assert_eq!(status.name(), words(*status, '-').to_lowercase());
            let evmc_name = match status {
                Status::Unreachable => "WASM_UNREACHABLE_INSTRUCTION".into(),
                Status::Trap => "WASM_TRAP".into(),
                status => words(*status, '_').to_uppercase(),
            };
            assert_eq!(status.evmc_name(), evmc_name);
        }
    }

    #[test]
    fn the_page_of_the_command_lists_every_name() {
        let names: Vec<_> =
            Status::ALL.iter().map(|status| format!("`{}`", status.name())).collect();
        let row = format!("\n| `status` | {} |\n", names.join(", "));
        assert!(include_str!("../../../docs/command.md").contains(&row), "docs/command.md: {row}");
    }

    #[test]
    fn no_two_statuses_share_a_number_or_a_message() {
        let numbers: BTreeSet<_> = Status::ALL.iter().map(|status| status.evmc_number()).collect();
        let messages: BTreeSet<_> = Status::ALL.iter().map(|status| status.message()).collect();
        assert_eq!((numbers.len(), messages.len()), (Status::ALL.len(), Status::ALL.len()));
    }

    #[test]
    fn evmc_numbers_are_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::from_evmc_number(status.evmc_number()), Some(*status));
        }
        for number in [4, 5, 7, 8, 18, -2, -3, 256, i32::MIN] {
            assert_eq!(Status::from_evmc_number(number), None);
        }
    }
}
