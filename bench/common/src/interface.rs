//! The table of interface functions, and a way to call them by number.
use crate::{Memory, Stop, Type, World};

/// Gives the table of interface functions to a macro: the name in [`World`], the name in the
/// interface, parameters, result.
#[macro_export]
macro_rules! for_each_function {
    ($then:ident) => {
        $then! {
            use_gas "useGas" (amount: i64);
            get_gas_left "getGasLeft" () -> i64;
            get_address "getAddress" (result: i32);
            get_caller "getCaller" (result: i32);
            get_call_value "getCallValue" (result: i32);
            get_tx_origin "getTxOrigin" (result: i32);
            get_tx_gas_price "getTxGasPrice" (result: i32);
            get_external_balance "getExternalBalance" (address: i32, result: i32);
            get_block_number "getBlockNumber" () -> i64;
            get_block_timestamp "getBlockTimestamp" () -> i64;
            get_block_gas_limit "getBlockGasLimit" () -> i64;
            get_block_coinbase "getBlockCoinbase" (result: i32);
            get_block_difficulty "getBlockDifficulty" (result: i32);
            get_block_hash "getBlockHash" (number: i64, result: i32) -> i32;
            get_call_data_size "getCallDataSize" () -> i32;
            call_data_copy "callDataCopy" (to: i32, offset: i32, length: i32);
            get_code_size "getCodeSize" () -> i32;
            code_copy "codeCopy" (to: i32, offset: i32, length: i32);
            get_return_data_size "getReturnDataSize" () -> i32;
            return_data_copy "returnDataCopy" (to: i32, offset: i32, length: i32);
            get_external_code_size "getExternalCodeSize" (address: i32) -> i32;
            external_code_copy "externalCodeCopy" (address: i32, to: i32, offset: i32, length: i32);
            storage_load "storageLoad" (key: i32, result: i32);
            storage_store "storageStore" (key: i32, value: i32);
            log "log" (
                data: i32, length: i32, topics: i32,
                topic1: i32, topic2: i32, topic3: i32, topic4: i32
            );
            call "call" (gas: i64, address: i32, value: i32, data: i32, length: i32) -> i32;
            call_code "callCode" (
                gas: i64, address: i32, value: i32, data: i32, length: i32
            ) -> i32;
            call_delegate "callDelegate" (gas: i64, address: i32, data: i32, length: i32) -> i32;
            call_static "callStatic" (gas: i64, address: i32, data: i32, length: i32) -> i32;
            create "create" (value: i32, data: i32, length: i32, result: i32) -> i32;
            self_destruct "selfDestruct" (address: i32);
            finish "finish" (data: i32, length: i32);
            revert "revert" (data: i32, length: i32);
        }
    };
}

/// Name and type of an interface function of the module `ethereum`.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// Types of its parameters.
    pub params: &'static [Type],
    /// Type of its result.
    pub result: Option<Type>,
}

/// How a number is passed in a slot of 64 bits.
trait Slot: Sized {
    const TYPE: Option<Type>;
    fn from_slot(slot: u64) -> Self;
    fn to_slot(self) -> u64;
}

impl Slot for i32 {
    const TYPE: Option<Type> = Some(Type::I32);
    fn from_slot(slot: u64) -> Self {
        slot as Self
    }
    fn to_slot(self) -> u64 {
        u64::from(self as u32)
    }
}

impl Slot for i64 {
    const TYPE: Option<Type> = Some(Type::I64);
    fn from_slot(slot: u64) -> Self {
        slot as Self
    }
    fn to_slot(self) -> u64 {
        self as u64
    }
}

impl Slot for () {
    const TYPE: Option<Type> = None;
    fn from_slot(_: u64) -> Self {}
    fn to_slot(self) -> u64 {
        0
    }
}

macro_rules! type_of {
    (i32) => {
        Type::I32
    };
    (i64) => {
        Type::I64
    };
}

macro_rules! result_of {
    () => {
        None
    };
    ($ty:ident) => {
        <$ty as Slot>::TYPE
    };
}

/// Calls with arguments taken from an iterator over slots.
macro_rules! call_with {
    ($slots:ident, $world:ident.$function:ident($memory:ident) ()) => {{
        let _ = $slots;
        $world.$function($memory)
    }};
    ($slots:ident, $world:ident.$function:ident($memory:ident) ($($param:ident: $ty:ident),+)) => {{
        let mut slots = $slots;
        $(let $param = <$ty as Slot>::from_slot(slots.next().unwrap_or_default());)+
        $world.$function($memory, $($param),+)
    }};
}

macro_rules! table {
    ($($function:ident $name:literal ($($param:ident: $ty:ident),*) $(-> $result:ident)?;)*) => {
        /// The interface. A function's number is its index.
        pub const FUNCTIONS: &[Signature] = &[$(
            Signature {
                name: $name,
                params: &[$(type_of!($ty)),*],
                result: result_of!($($result)?),
            },
        )*];

        /// Functions by number.
        #[allow(non_camel_case_types)]
        enum Number {
            $($function),*
        }

        /// Calls an interface function by number, arguments and result in slots of 64 bits. Knows
        /// the memory's type, as the closures do that other engines take.
        ///
        /// # Errors
        /// When it does not return to the contract.
        #[inline]
        pub fn dispatch<M: Memory>(
            number: usize,
            world: &mut World,
            memory: &mut M,
            args: &[u64],
        ) -> Result<u64, Stop> {
            let slots = args.iter().copied().chain(core::iter::repeat(0));
            $(
                if number == Number::$function as usize {
                    let answer = call_with!(slots, world.$function(memory) ($($param: $ty),*));
                    return answer.map(Slot::to_slot);
                }
            )*
            Err(Stop::OutOfBounds)
        }
    };
}

for_each_function!(table);

/// The number of an interface function.
pub fn number_of(module: &str, name: &str) -> Option<usize> {
    FUNCTIONS.iter().position(|function| module == "ethereum" && function.name == name)
}
