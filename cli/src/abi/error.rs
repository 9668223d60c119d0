//! Why an ABI, a signature or an argument cannot be used.
use crate::names;

/// An error of the contract ABI. Texts from outside are shortened and safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text of an ABI is not JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// The JSON is neither an array nor an object with an array under `abi`.
    #[error(
        "not an ABI: expected a JSON array of functions and events, or an object with one under \
         `abi`"
    )]
    NotAnArray,
    /// An item of the JSON is not of an ABI.
    #[error("not an ABI: {0}")]
    NotAbi(String),
    /// A type does not exist or is too large.
    #[error("{0}")]
    Type(String),
    /// The signature of a function cannot be read.
    #[error(
        "`{signature}` is not a function signature ({reason}); write it like \
         'transfer(address,uint256)' or 'balanceOf(address)(uint256)'"
    )]
    Signature {
        /// The signature.
        signature: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The signature of a constructor cannot be read.
    #[error(
        "`{signature}` is not a constructor's signature ({reason}); write it like \
         'constructor(string,uint256)'"
    )]
    Constructor {
        /// The signature.
        signature: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A list of result types cannot be read.
    #[error("`{0}` is not a list of result types; write it like 'uint256' or '(address,bool)'")]
    ResultTypes(String),
    /// A function is named without its types, and there is no ABI to find them in.
    #[error(
        "the ABI of this contract is not known, so `{0}` alone does not name a function; write \
         its types too, as in '{0}(address,uint256)'"
    )]
    UnknownAbi(String),
    /// The ABI has no function of this name.
    #[error("the contract's ABI has no function `{name}`; it has {known}")]
    NoFunction {
        /// The name.
        name: String,
        /// Signatures of the functions in the ABI.
        known: String,
    },
    /// The ABI has several functions of this name, and the number of arguments fits more than one
    /// or none.
    #[error("there are several functions `{name}`; give the types of one of them: {known}")]
    Ambiguous {
        /// The name.
        name: String,
        /// Signatures of the functions of this name.
        known: String,
    },
    /// The number of arguments is wrong.
    #[error(
        "{signature} takes {expected} argument{}, but got {found}",
        if *expected == 1 { "" } else { "s" }
    )]
    ArgumentCount {
        /// Signature of the function or constructor.
        signature: String,
        /// The number that it takes.
        expected: usize,
        /// The number that was given.
        found: usize,
    },
    /// An argument is not of its type.
    #[error("argument {}{} of {signature}: {problem}", index + 1, in_brackets(name))]
    Argument {
        /// Index of the argument.
        index: usize,
        /// Its name; may be empty.
        name: String,
        /// Signature of the function or constructor.
        signature: String,
        /// What is wrong with it.
        problem: Box<ArgumentError>,
    },
    /// A text is no amount of wei.
    #[error(
        "`{0}` is not an amount; write wei as in 1000 or 0x3e8, or a unit as in 1ether, 0.5ether, \
         10gwei"
    )]
    Amount(String),
}

/// What is wrong with an argument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentError {
    /// The text is not of the type.
    #[error("`{text}` is not a value of type {ty}{}", after_semicolon(hint))]
    Value {
        /// The text.
        text: String,
        /// The type.
        ty: String,
        /// How values of the type are written; may be empty.
        hint: String,
    },
    /// The text is no name and no address.
    #[error(transparent)]
    Name(#[from] names::Error),
}

fn in_brackets(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" ({name})") }
}

fn after_semicolon(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!("; {hint}") }
}
