//! The instructions of Yul's EVM dialect.

/// What an instruction has to do with the world outside of its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: equal operands give equal results.
    Pure,
    /// Reads what does not change while a frame runs.
    Frame,
    /// Reads what other instructions change.
    Read,
    /// Changes memory.
    Memory,
    /// Changes the state, or hands over to another contract.
    State,
    /// Ends the frame.
    Halt,
}

macro_rules! builtins {
    ($($variant:ident $name:literal $arguments:literal $results:literal $effect:ident)*) => {
        /// An instruction of the EVM that Yul can call, by the name in its dialect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Builtin {
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Builtin {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name in Yul.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns how many operands it takes.
            #[must_use]
            pub const fn arguments(self) -> usize {
                match self { $(Self::$variant => $arguments,)* }
            }

            /// Returns how many words it gives, 0 or 1.
            #[must_use]
            pub const fn results(self) -> usize {
                match self { $(Self::$variant => $results,)* }
            }

            /// Returns what it has to do with the world.
            #[must_use]
            pub const fn effect(self) -> Effect {
                match self { $(Self::$variant => Effect::$effect,)* }
            }

            /// Returns the instruction of a name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

builtins! {
    Add "add" 2 1 Pure
    Sub "sub" 2 1 Pure
    Mul "mul" 2 1 Pure
    Div "div" 2 1 Pure
    SDiv "sdiv" 2 1 Pure
    Mod "mod" 2 1 Pure
    SMod "smod" 2 1 Pure
    AddMod "addmod" 3 1 Pure
    MulMod "mulmod" 3 1 Pure
    Exp "exp" 2 1 Pure
    SignExtend "signextend" 2 1 Pure
    Lt "lt" 2 1 Pure
    Gt "gt" 2 1 Pure
    SLt "slt" 2 1 Pure
    SGt "sgt" 2 1 Pure
    Eq "eq" 2 1 Pure
    IsZero "iszero" 1 1 Pure
    And "and" 2 1 Pure
    Or "or" 2 1 Pure
    Xor "xor" 2 1 Pure
    Not "not" 1 1 Pure
    Byte "byte" 2 1 Pure
    Shl "shl" 2 1 Pure
    Shr "shr" 2 1 Pure
    Sar "sar" 2 1 Pure
    Clz "clz" 1 1 Pure

    Address "address" 0 1 Frame
    Caller "caller" 0 1 Frame
    CallValue "callvalue" 0 1 Frame
    CallDataLoad "calldataload" 1 1 Frame
    CallDataSize "calldatasize" 0 1 Frame
    CodeSize "codesize" 0 1 Frame
    Origin "origin" 0 1 Frame
    GasPrice "gasprice" 0 1 Frame
    ChainId "chainid" 0 1 Frame
    BaseFee "basefee" 0 1 Frame
    BlobBaseFee "blobbasefee" 0 1 Frame
    BlobHash "blobhash" 1 1 Frame
    BlockHash "blockhash" 1 1 Frame
    Coinbase "coinbase" 0 1 Frame
    Timestamp "timestamp" 0 1 Frame
    Number "number" 0 1 Frame
    Difficulty "difficulty" 0 1 Frame
    PrevRandao "prevrandao" 0 1 Frame
    GasLimit "gaslimit" 0 1 Frame

    Gas "gas" 0 1 Read
    MSize "msize" 0 1 Read
    MLoad "mload" 1 1 Read
    Keccak256 "keccak256" 2 1 Read
    SLoad "sload" 1 1 Read
    TLoad "tload" 1 1 Read
    Balance "balance" 1 1 Read
    SelfBalance "selfbalance" 0 1 Read
    ExtCodeSize "extcodesize" 1 1 Read
    ExtCodeHash "extcodehash" 1 1 Read
    ReturnDataSize "returndatasize" 0 1 Read

    MStore "mstore" 2 0 Memory
    MStore8 "mstore8" 2 0 Memory
    MCopy "mcopy" 3 0 Memory
    CallDataCopy "calldatacopy" 3 0 Memory
    CodeCopy "codecopy" 3 0 Memory
    ExtCodeCopy "extcodecopy" 4 0 Memory
    ReturnDataCopy "returndatacopy" 3 0 Memory

    SStore "sstore" 2 0 State
    TStore "tstore" 2 0 State
    Log0 "log0" 2 0 State
    Log1 "log1" 3 0 State
    Log2 "log2" 4 0 State
    Log3 "log3" 5 0 State
    Log4 "log4" 6 0 State
    Call "call" 7 1 State
    CallCode "callcode" 7 1 State
    DelegateCall "delegatecall" 6 1 State
    StaticCall "staticcall" 6 1 State
    Create "create" 3 1 State
    Create2 "create2" 4 1 State

    Return "return" 2 0 Halt
    Revert "revert" 2 0 Halt
    Stop "stop" 0 0 Halt
    Invalid "invalid" 0 0 Halt
    SelfDestruct "selfdestruct" 1 0 Halt
}
