//! The declaration of the interface: what each function is called, what it takes and what it
//! answers.
//!
//! Nothing here runs: [`INTERFACE`] is plain data. Validation, linking, traces, `docs/interface.md`
//! and the bindings of the AssemblyScript library derive from it; what a function costs and does is
//! the other table, `behaviour.rs`.
use core::fmt;

use crate::revision::Revision;
use crate::wasm::{FuncType, ValType};

/// The kind of data that a pointer points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointee {
    /// 20 bytes, as they are.
    Address,
    /// 32 bytes, as they are.
    Bytes32,
    /// 16 bytes, a little-endian integer.
    U128,
    /// 32 bytes, a little-endian integer.
    U256,
    /// Bytes whose number is another parameter.
    Bytes,
}

impl Pointee {
    /// Returns the size in bytes; none when another parameter gives it.
    pub fn size(self) -> Option<u32> {
        match self {
            Self::Address => Some(20),
            Self::Bytes32 | Self::U256 => Some(32),
            Self::U128 => Some(16),
            Self::Bytes => None,
        }
    }
}

impl fmt::Display for Pointee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "address",
            Self::Bytes32 => "bytes32",
            Self::U128 => "u128",
            Self::U256 => "u256",
            Self::Bytes => "bytes",
        })
    }
}

/// The meaning of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamKind {
    /// A 32-bit number.
    I32,
    /// A 64-bit number.
    I64,
    /// An `i32` that points to data that the function reads.
    In(Pointee),
    /// An `i32` that points to the place where the function writes data.
    Out(Pointee),
}

impl ParamKind {
    /// Returns the WebAssembly type.
    pub fn ty(self) -> ValType {
        match self {
            Self::I64 => ValType::I64,
            Self::I32 | Self::In(_) | Self::Out(_) => ValType::I32,
        }
    }
}

/// `i32`, `*address`, `*out u128`.
impl fmt::Display for ParamKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::I32 => f.write_str("i32"),
            Self::I64 => f.write_str("i64"),
            Self::In(pointee) => write!(f, "*{pointee}"),
            Self::Out(pointee) => write!(f, "*out {pointee}"),
        }
    }
}

/// A parameter of an interface function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// The name, for people.
    pub name: &'static str,
    /// The meaning.
    pub kind: ParamKind,
}

/// `name: i32`, `name: *address`, `name: *out u128`.
impl fmt::Display for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.kind)
    }
}

/// The meaning of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultKind {
    /// An `i32`: a number of bytes.
    Size,
    /// An `i64`: a number.
    Number,
    /// An `i32`: 0 when the data was found and written, 1 when not.
    Found,
    /// An `i32`: how a nested message ended; 0 success, 1 failure, 2 revert.
    Ended,
}

impl ResultKind {
    /// Returns the WebAssembly type.
    pub fn ty(self) -> ValType {
        match self {
            Self::Number => ValType::I64,
            Self::Size | Self::Found | Self::Ended => ValType::I32,
        }
    }

    /// Returns the meanings of the values; none for plain numbers.
    pub fn meaning(self) -> Option<&'static str> {
        match self {
            Self::Size | Self::Number => None,
            Self::Found => Some("0 found, 1 not"),
            Self::Ended => Some("0 success, 1 failure, 2 revert"),
        }
    }
}

/// The part of the interface that a function belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionSet {
    /// Revision 4 of the Ethereum Environment Interface: always available.
    Core,
    /// Later additions; a host can switch them off as a whole.
    Extension,
    /// Debugging aids; available only in debug mode.
    Debug,
}

/// The declaration of an interface function.
#[derive(PartialEq, Eq)]
pub struct InterfaceFunction {
    /// The module to import it from: `ethereum` or `debug`.
    pub module: &'static str,
    /// The name.
    pub name: &'static str,
    /// The parameters.
    pub params: &'static [Param],
    /// The meaning of the result, if there is one.
    pub result: Option<ResultKind>,
    /// The revision that introduced it.
    pub since: Revision,
    /// The part of the interface that it belongs to.
    pub set: FunctionSet,
    /// A sentence that says what it does.
    pub about: &'static str,
}

impl InterfaceFunction {
    /// Returns the WebAssembly type.
    pub fn ty(&self) -> FuncType {
        let params: alloc::vec::Vec<_> = self.params.iter().map(|param| param.kind.ty()).collect();
        let results: alloc::vec::Vec<_> = self.result.iter().map(|result| result.ty()).collect();
        FuncType::new(&params, &results)
    }

    /// Whether the function has this type.
    pub fn has_type(&self, ty: &FuncType) -> bool {
        self.params.iter().map(|param| param.kind.ty()).eq(ty.params().iter().copied())
            && self.result.iter().map(|result| result.ty()).eq(ty.results().iter().copied())
    }

    /// Returns the function with this module and name, and its index in [`INTERFACE`].
    pub fn find(module: &str, name: &str) -> Option<(usize, &'static Self)> {
        INTERFACE
            .iter()
            .enumerate()
            .find(|(_, function)| function.name == name && function.module == module)
    }
}

impl fmt::Debug for InterfaceFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Module and name: `ethereum.call`.
impl fmt::Display for InterfaceFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// The interface.
///
/// Contracts and engine name a function to each other by its index in this table, which is no part
/// of any stored format.
pub const INTERFACE: &[InterfaceFunction] = &[
    function("useGas", &[long("amount")], None, "Uses up an amount of gas."),
    function("getGasLeft", &[], NUMBER, "Returns the gas left, after the charge for asking."),
    function(
        "getAddress",
        &[output(Pointee::Address)],
        None,
        "Writes the address of the account whose storage and balance are used.",
    ),
    function(
        "getCaller",
        &[output(Pointee::Address)],
        None,
        "Writes the address of the message's sender.",
    ),
    function("getCallValue", &[output(Pointee::U128)], None, "Writes the message's value in wei."),
    function(
        "getTxOrigin",
        &[output(Pointee::Address)],
        None,
        "Writes the address of the transaction's sender.",
    ),
    function(
        "getTxGasPrice",
        &[output(Pointee::U128)],
        None,
        "Writes the transaction's gas price in wei.",
    ),
    function(
        "getExternalBalance",
        &[ADDRESS, output(Pointee::U128)],
        None,
        "Writes the balance of an account in wei.",
    ),
    function("getBlockNumber", &[], NUMBER, "Returns the number of the block."),
    function(
        "getBlockTimestamp",
        &[],
        NUMBER,
        "Returns the time of the block in seconds since 1970.",
    ),
    function("getBlockGasLimit", &[], NUMBER, "Returns the gas limit of the block."),
    function(
        "getBlockCoinbase",
        &[output(Pointee::Address)],
        None,
        "Writes the address of the block's beneficiary.",
    ),
    function(
        "getBlockDifficulty",
        &[output(Pointee::U256)],
        None,
        "Writes the difficulty of the block; from Paris on the beacon's randomness.",
    ),
    function(
        "getBlockHash",
        &[long("number"), output(Pointee::Bytes32)],
        FOUND,
        "Writes the hash of one of the last 256 blocks.",
    ),
    function("getCallDataSize", &[], SIZE, "Returns the length of the call data in bytes."),
    function("callDataCopy", &COPY, None, "Copies call data."),
    function(
        "getCodeSize",
        &[],
        SIZE,
        "Returns the length of the running code in bytes; in a create, of the init code.",
    ),
    function("codeCopy", &COPY, None, "Copies running code."),
    function(
        "getReturnDataSize",
        &[],
        SIZE,
        "Returns the length in bytes of the output of the last call or create.",
    ),
    function("returnDataCopy", &COPY, None, "Copies output of the last call or create."),
    function(
        "getExternalCodeSize",
        &[ADDRESS],
        SIZE,
        "Returns the length of an account's code in bytes.",
    ),
    function(
        "externalCodeCopy",
        &[ADDRESS, COPY[0], COPY[1], COPY[2]],
        None,
        "Copies code of an account.",
    ),
    function(
        "storageLoad",
        &[KEY, output(Pointee::Bytes32)],
        None,
        "Writes the value of a storage slot; zeros where nothing was stored.",
    ),
    function("storageStore", &[KEY, WORD], None, "Stores a value in a storage slot."),
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
        "Records a log of data with as many of the topics as `topics` says.",
    ),
    function(
        "call",
        &[GAS, ADDRESS, VALUE, DATA, LENGTH],
        ENDED,
        "Calls a contract, and sends it a value.",
    ),
    function(
        "callCode",
        &[GAS, ADDRESS, VALUE, DATA, LENGTH],
        ENDED,
        "Runs the code of another contract on this account, as a call from this account to itself.",
    ),
    function(
        "callDelegate",
        &[GAS, ADDRESS, DATA, LENGTH],
        ENDED,
        "Runs the code of another contract on this account, with this message's sender and value.",
    ),
    function(
        "callStatic",
        &[GAS, ADDRESS, DATA, LENGTH],
        ENDED,
        "Calls a contract that may change nothing.",
    ),
    function(
        "create",
        &[VALUE, DATA, LENGTH, output(Pointee::Address)],
        ENDED,
        "Creates a contract from init code, sends it a value, and writes its address on success.",
    ),
    function(
        "selfDestruct",
        &[ADDRESS],
        None,
        "Ends the frame, sends the balance to an account and removes this one.",
    ),
    function(
        "finish",
        &[DATA, LENGTH],
        None,
        "Ends the frame with success and an output; in a create the code to store.",
    ),
    function(
        "revert",
        &[DATA, LENGTH],
        None,
        "Ends the frame with an output, and undoes its changes.",
    ),
    // Later than revision 4, and of no revision of Ethereum.
    function(
        "create2",
        &[VALUE, DATA, LENGTH, input("salt", Pointee::Bytes32), output(Pointee::Address)],
        ENDED,
        "Creates a contract as `create` does, at an address that init code and salt determine.",
    )
    .extension(Revision::Byzantium),
    function("getChainId", &[output(Pointee::U128)], None, "Writes the number of the chain.")
        .extension(Revision::Byzantium),
    // Of later revisions of Ethereum.
    function(
        "getExternalCodeHash",
        &[ADDRESS, output(Pointee::Bytes32)],
        None,
        "Writes the Keccak-256 hash of an account's code; zeros when the account does not exist.",
    )
    .extension(Revision::Constantinople),
    function(
        "getSelfBalance",
        &[output(Pointee::U128)],
        None,
        "Writes the balance of this account in wei.",
    )
    .extension(Revision::Istanbul),
    function(
        "getBaseFee",
        &[output(Pointee::U256)],
        None,
        "Writes the base fee of the block in wei per gas.",
    )
    .extension(Revision::London),
    function(
        "getPrevRandao",
        &[output(Pointee::Bytes32)],
        None,
        "Writes the randomness of the beacon chain.",
    )
    .extension(Revision::Paris),
    function(
        "getBlobBaseFee",
        &[output(Pointee::U256)],
        None,
        "Writes the blob base fee of the block in wei per blob gas.",
    )
    .extension(Revision::Cancun),
    function(
        "getBlobHash",
        &[number("index"), output(Pointee::Bytes32)],
        FOUND,
        "Writes the versioned hash of one of the transaction's blobs.",
    )
    .extension(Revision::Cancun),
    function(
        "transientStorageLoad",
        &[KEY, output(Pointee::Bytes32)],
        None,
        "Writes the value of a slot of transient storage.",
    )
    .extension(Revision::Cancun),
    function(
        "transientStorageStore",
        &[KEY, WORD],
        None,
        "Stores a value in a slot of transient storage until the transaction ends.",
    )
    .extension(Revision::Cancun),
    debug("print32", &[number("number")], "Shows a signed 32-bit number."),
    debug("print64", &[long("number")], "Shows a signed 64-bit number."),
    debug("printMem", &[DATA, LENGTH], "Shows memory as text."),
    debug("printMemHex", &[DATA, LENGTH], "Shows memory as hexadecimal digits."),
    debug("printStorage", &[KEY], "Shows the value of a storage slot as text."),
    debug("printStorageHex", &[KEY], "Shows the value of a storage slot as hexadecimal digits."),
];

/// Parameters of the function that has the most.
pub(in crate::ewasm) const MAX_PARAMS: usize = {
    let (mut most, mut index) = (0, 0);
    while index < INTERFACE.len() {
        if INTERFACE[index].params.len() > most {
            most = INTERFACE[index].params.len();
        }
        index += 1;
    }
    most
};

const SIZE: Option<ResultKind> = Some(ResultKind::Size);
const NUMBER: Option<ResultKind> = Some(ResultKind::Number);
const FOUND: Option<ResultKind> = Some(ResultKind::Found);
const ENDED: Option<ResultKind> = Some(ResultKind::Ended);

const LENGTH: Param = number("length");
const GAS: Param = long("gas");
const DATA: Param = input("data", Pointee::Bytes);
const ADDRESS: Param = input("address", Pointee::Address);
const VALUE: Param = input("value", Pointee::U128);
const KEY: Param = input("key", Pointee::Bytes32);
const WORD: Param = input("value", Pointee::Bytes32);
const COPY: [Param; 3] =
    [Param { name: "destination", kind: ParamKind::Out(Pointee::Bytes) }, number("offset"), LENGTH];

const fn number(name: &'static str) -> Param {
    Param { name, kind: ParamKind::I32 }
}

const fn long(name: &'static str) -> Param {
    Param { name, kind: ParamKind::I64 }
}

const fn input(name: &'static str, pointee: Pointee) -> Param {
    Param { name, kind: ParamKind::In(pointee) }
}

const fn output(pointee: Pointee) -> Param {
    Param { name: "result", kind: ParamKind::Out(pointee) }
}

const fn function(
    name: &'static str,
    params: &'static [Param],
    result: Option<ResultKind>,
    about: &'static str,
) -> InterfaceFunction {
    InterfaceFunction {
        module: "ethereum",
        name,
        params,
        result,
        since: Revision::Byzantium,
        set: FunctionSet::Core,
        about,
    }
}

const fn debug(
    name: &'static str,
    params: &'static [Param],
    about: &'static str,
) -> InterfaceFunction {
    InterfaceFunction {
        module: "debug",
        set: FunctionSet::Debug,
        ..function(name, params, None, about)
    }
}

impl InterfaceFunction {
    /// Moves the function to the extension set, from this revision on.
    const fn extension(self, since: Revision) -> Self {
        Self { set: FunctionSet::Extension, since, ..self }
    }
}
