/**
 * The Ethereum Environment Interface, revision 4, and two functions in wide use beyond it.
 *
 * A `usize` parameter points into the contract's memory. An integer there is little-endian (u128:
 * 16 bytes, u256: 32 bytes); an address (20 bytes) and a bytes32 are stored as they are. Only the
 * functions that a contract calls become imports.
 */

// Gas

/** Charges `amount` gas. */
@external("ethereum", "useGas")
export declare function useGas(amount: i64): void;

/** The gas that is left, after the charge for asking. */
@external("ethereum", "getGasLeft")
export declare function getGasLeft(): i64;

// The account and the message

/** Writes the address whose storage and balance are in use. */
@external("ethereum", "getAddress")
export declare function getAddress(address: usize): void;

/** Writes the address of the account or contract that sent the message. */
@external("ethereum", "getCaller")
export declare function getCaller(address: usize): void;

/** Writes the value sent with the message, a u128. */
@external("ethereum", "getCallValue")
export declare function getCallValue(value: usize): void;

/** The length of the call data in bytes. */
@external("ethereum", "getCallDataSize")
export declare function getCallDataSize(): u32;

/** Copies call data; a range outside it is a failure. */
@external("ethereum", "callDataCopy")
export declare function callDataCopy(to: usize, offset: u32, length: u32): void;

/** Writes the balance of an account, a u128. */
@external("ethereum", "getExternalBalance")
export declare function getExternalBalance(address: usize, balance: usize): void;

// Code

/** The length of the running code in bytes, as it is stored; in a create, of the init code. */
@external("ethereum", "getCodeSize")
export declare function getCodeSize(): u32;

/** Copies running code; a range outside it is a failure. */
@external("ethereum", "codeCopy")
export declare function codeCopy(to: usize, offset: u32, length: u32): void;

/** The length in bytes of the code of an account. */
@external("ethereum", "getExternalCodeSize")
export declare function getExternalCodeSize(address: usize): u32;

/** Copies code of an account; a range outside it is a failure. */
@external("ethereum", "externalCodeCopy")
export declare function externalCodeCopy(address: usize, to: usize, offset: u32, length: u32): void;

// Storage and logs

/** Writes the 32 bytes stored under the 32-byte key; zeros where nothing was stored. */
@external("ethereum", "storageLoad")
export declare function storageLoad(key: usize, value: usize): void;

/** Stores 32 bytes under a 32-byte key. */
@external("ethereum", "storageStore")
export declare function storageStore(key: usize, value: usize): void;

/** Logs `length` bytes of data with the first `topics` (0 to 4) of the four 32-byte topics. */
@external("ethereum", "log")
export declare function log(
  data: usize, length: u32, topics: u32, topic1: usize, topic2: usize, topic3: usize, topic4: usize,
): void;

// Messages to other contracts: 0 success, 1 failure, 2 revert

/** Calls a contract with a value, a u128. */
@external("ethereum", "call")
export declare function call(gas: i64, address: usize, value: usize, data: usize, length: u32): i32;

/** Runs the code of another contract on this account, as a call from this account to itself. */
@external("ethereum", "callCode")
export declare function callCode(
  gas: i64,
  address: usize,
  value: usize,
  data: usize,
  length: u32,
): i32;

/**
 * Runs the code of another contract on this account, with the caller and the value of this message.
 */
@external("ethereum", "callDelegate")
export declare function callDelegate(gas: i64, address: usize, data: usize, length: u32): i32;

/** Calls a contract that may change nothing. */
@external("ethereum", "callStatic")
export declare function callStatic(gas: i64, address: usize, data: usize, length: u32): i32;

/** Creates a contract from init code with a value, a u128; writes its address on success. */
@external("ethereum", "create")
export declare function create(value: usize, data: usize, length: u32, address: usize): i32;

/**
 * Creates a contract at an address that depends on the init code and a 32-byte salt. Extension to
 * revision 4.
 */
@external("ethereum", "create2")
export declare function create2(
  value: usize,
  data: usize,
  length: u32,
  salt: usize,
  address: usize,
): i32;

/** The length in bytes of what the last call or create returned. */
@external("ethereum", "getReturnDataSize")
export declare function getReturnDataSize(): u32;

/** Copies what the last call or create returned; a range outside it is a failure. */
@external("ethereum", "returnDataCopy")
export declare function returnDataCopy(to: usize, offset: u32, length: u32): void;

// The transaction and the block

/** Writes the address that signed the transaction. */
@external("ethereum", "getTxOrigin")
export declare function getTxOrigin(address: usize): void;

/** Writes the gas price of the transaction, a u128. */
@external("ethereum", "getTxGasPrice")
export declare function getTxGasPrice(price: usize): void;

/** Writes the address that the block rewards. */
@external("ethereum", "getBlockCoinbase")
export declare function getBlockCoinbase(address: usize): void;

/** Writes the difficulty of the block, a u256. */
@external("ethereum", "getBlockDifficulty")
export declare function getBlockDifficulty(difficulty: usize): void;

/** The gas limit of the block. */
@external("ethereum", "getBlockGasLimit")
export declare function getBlockGasLimit(): i64;

/** Writes the hash of one of the last 256 blocks: 0 when found, 1 when not. */
@external("ethereum", "getBlockHash")
export declare function getBlockHash(number: i64, hash: usize): i32;

/** The number of the block. */
@external("ethereum", "getBlockNumber")
export declare function getBlockNumber(): i64;

/** The time of the block in seconds since 1970. */
@external("ethereum", "getBlockTimestamp")
export declare function getBlockTimestamp(): i64;

/** Writes the number of the chain, a u128. Extension to revision 4. */
@external("ethereum", "getChainId")
export declare function getChainId(id: usize): void;

// The end: none of these returns

/** Ends the execution with success and an output; in a create the output is the code to store. */
@external("ethereum", "finish")
export declare function finish(data: usize, length: u32): void;

/** Ends the execution, undoes what it did, and gives an output to the caller. */
@external("ethereum", "revert")
export declare function revert(data: usize, length: u32): void;

/** Ends the execution, gives the balance to an account and removes this one. */
@external("ethereum", "selfDestruct")
export declare function selfDestruct(beneficiary: usize): void;
