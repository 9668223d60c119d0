/**
 * The Ethereum Environment Interface, revision 4, and its extensions.
 *
 * Generated from the engine's declaration of the interface; a test fails when it differs, and
 * `UPDATE=1 cargo test -p tephra-core assemblyscript_bindings` writes it again.
 *
 * A `usize` parameter points into the contract's memory: `*kind` is read, `*out kind` is written.
 * `u128` and `u256` are little-endian integers of 16 and 32 bytes; `address` (20 bytes) and
 * `bytes32` are stored as they are; of `bytes` there are `length`. A range that is not all inside
 * the memory, or inside the data that is copied, fails the frame. Only the functions that a
 * contract calls become imports.
 */

/**
 * Uses up an amount of gas.
 */
@external("ethereum", "useGas")
export declare function useGas(amount: i64): void;

/**
 * Returns the gas left, after the charge for asking.
 */
@external("ethereum", "getGasLeft")
export declare function getGasLeft(): i64;

/**
 * Writes the address of the account whose storage and balance are used.
 * @param result *out address
 */
@external("ethereum", "getAddress")
export declare function getAddress(result: usize): void;

/**
 * Writes the address of the message's sender.
 * @param result *out address
 */
@external("ethereum", "getCaller")
export declare function getCaller(result: usize): void;

/**
 * Writes the message's value in wei.
 * @param result *out u128
 */
@external("ethereum", "getCallValue")
export declare function getCallValue(result: usize): void;

/**
 * Writes the address of the transaction's sender.
 * @param result *out address
 */
@external("ethereum", "getTxOrigin")
export declare function getTxOrigin(result: usize): void;

/**
 * Writes the transaction's gas price in wei.
 * @param result *out u128
 */
@external("ethereum", "getTxGasPrice")
export declare function getTxGasPrice(result: usize): void;

/**
 * Writes the balance of an account in wei.
 * @param address *address
 * @param result *out u128
 */
@external("ethereum", "getExternalBalance")
export declare function getExternalBalance(address: usize, result: usize): void;

/**
 * Returns the number of the block.
 */
@external("ethereum", "getBlockNumber")
export declare function getBlockNumber(): i64;

/**
 * Returns the time of the block in seconds since 1970.
 */
@external("ethereum", "getBlockTimestamp")
export declare function getBlockTimestamp(): i64;

/**
 * Returns the gas limit of the block.
 */
@external("ethereum", "getBlockGasLimit")
export declare function getBlockGasLimit(): i64;

/**
 * Writes the address of the block's beneficiary.
 * @param result *out address
 */
@external("ethereum", "getBlockCoinbase")
export declare function getBlockCoinbase(result: usize): void;

/**
 * Writes the difficulty of the block; from Paris on the beacon's randomness.
 * @param result *out u256
 */
@external("ethereum", "getBlockDifficulty")
export declare function getBlockDifficulty(result: usize): void;

/**
 * Writes the hash of one of the last 256 blocks.
 * @param result *out bytes32
 * @returns 0 found, 1 not
 */
@external("ethereum", "getBlockHash")
export declare function getBlockHash(number: i64, result: usize): i32;

/**
 * Returns the length of the call data in bytes.
 */
@external("ethereum", "getCallDataSize")
export declare function getCallDataSize(): u32;

/**
 * Copies call data.
 * @param destination *out bytes
 */
@external("ethereum", "callDataCopy")
export declare function callDataCopy(destination: usize, offset: u32, length: u32): void;

/**
 * Returns the length of the running code in bytes; in a create, of the init code.
 */
@external("ethereum", "getCodeSize")
export declare function getCodeSize(): u32;

/**
 * Copies running code.
 * @param destination *out bytes
 */
@external("ethereum", "codeCopy")
export declare function codeCopy(destination: usize, offset: u32, length: u32): void;

/**
 * Returns the length in bytes of the output of the last call or create.
 */
@external("ethereum", "getReturnDataSize")
export declare function getReturnDataSize(): u32;

/**
 * Copies output of the last call or create.
 * @param destination *out bytes
 */
@external("ethereum", "returnDataCopy")
export declare function returnDataCopy(destination: usize, offset: u32, length: u32): void;

/**
 * Returns the length of an account's code in bytes.
 * @param address *address
 */
@external("ethereum", "getExternalCodeSize")
export declare function getExternalCodeSize(address: usize): u32;

/**
 * Copies code of an account.
 * @param address *address
 * @param destination *out bytes
 */
@external("ethereum", "externalCodeCopy")
export declare function externalCodeCopy(
  address: usize, destination: usize, offset: u32, length: u32,
): void;

/**
 * Writes the value of a storage slot; zeros where nothing was stored.
 * @param key *bytes32
 * @param result *out bytes32
 */
@external("ethereum", "storageLoad")
export declare function storageLoad(key: usize, result: usize): void;

/**
 * Stores a value in a storage slot.
 * @param key *bytes32
 * @param value *bytes32
 */
@external("ethereum", "storageStore")
export declare function storageStore(key: usize, value: usize): void;

/**
 * Records a log of data with as many of the topics as `topics` says.
 * @param data *bytes
 * @param topic1 *bytes32
 * @param topic2 *bytes32
 * @param topic3 *bytes32
 * @param topic4 *bytes32
 */
@external("ethereum", "log")
export declare function log(
  data: usize, length: u32, topics: u32, topic1: usize, topic2: usize, topic3: usize, topic4: usize,
): void;

/**
 * Calls a contract, and sends it a value.
 * @param address *address
 * @param value *u128
 * @param data *bytes
 * @returns 0 success, 1 failure, 2 revert
 */
@external("ethereum", "call")
export declare function call(gas: i64, address: usize, value: usize, data: usize, length: u32): i32;

/**
 * Runs the code of another contract on this account, as a call from this account to itself.
 * @param address *address
 * @param value *u128
 * @param data *bytes
 * @returns 0 success, 1 failure, 2 revert
 */
@external("ethereum", "callCode")
export declare function callCode(
  gas: i64, address: usize, value: usize, data: usize, length: u32,
): i32;

/**
 * Runs the code of another contract on this account, with this message's sender and value.
 * @param address *address
 * @param data *bytes
 * @returns 0 success, 1 failure, 2 revert
 */
@external("ethereum", "callDelegate")
export declare function callDelegate(gas: i64, address: usize, data: usize, length: u32): i32;

/**
 * Calls a contract that may change nothing.
 * @param address *address
 * @param data *bytes
 * @returns 0 success, 1 failure, 2 revert
 */
@external("ethereum", "callStatic")
export declare function callStatic(gas: i64, address: usize, data: usize, length: u32): i32;

/**
 * Creates a contract from init code, sends it a value, and writes its address on success.
 * @param value *u128
 * @param data *bytes
 * @param result *out address
 * @returns 0 success, 1 failure, 2 revert
 */
@external("ethereum", "create")
export declare function create(value: usize, data: usize, length: u32, result: usize): i32;

/**
 * Ends the frame, sends the balance to an account and removes this one.
 * @param address *address
 */
@external("ethereum", "selfDestruct")
export declare function selfDestruct(address: usize): void;

/**
 * Ends the frame with success and an output; in a create the code to store.
 * @param data *bytes
 */
@external("ethereum", "finish")
export declare function finish(data: usize, length: u32): void;

/**
 * Ends the frame with an output, and undoes its changes.
 * @param data *bytes
 */
@external("ethereum", "revert")
export declare function revert(data: usize, length: u32): void;

/**
 * Creates a contract as `create` does, at an address that init code and salt determine.
 * Extension, from byzantium on.
 * @param value *u128
 * @param data *bytes
 * @param salt *bytes32
 * @param result *out address
 * @returns 0 success, 1 failure, 2 revert
 */
@external("ethereum", "create2")
export declare function create2(
  value: usize, data: usize, length: u32, salt: usize, result: usize,
): i32;

/**
 * Writes the number of the chain.
 * Extension, from byzantium on.
 * @param result *out u128
 */
@external("ethereum", "getChainId")
export declare function getChainId(result: usize): void;

/**
 * Writes the Keccak-256 hash of an account's code; zeros when the account does not exist.
 * Extension, from constantinople on.
 * @param address *address
 * @param result *out bytes32
 */
@external("ethereum", "getExternalCodeHash")
export declare function getExternalCodeHash(address: usize, result: usize): void;

/**
 * Writes the balance of this account in wei.
 * Extension, from istanbul on.
 * @param result *out u128
 */
@external("ethereum", "getSelfBalance")
export declare function getSelfBalance(result: usize): void;

/**
 * Writes the base fee of the block in wei per gas.
 * Extension, from london on.
 * @param result *out u256
 */
@external("ethereum", "getBaseFee")
export declare function getBaseFee(result: usize): void;

/**
 * Writes the randomness of the beacon chain.
 * Extension, from paris on.
 * @param result *out bytes32
 */
@external("ethereum", "getPrevRandao")
export declare function getPrevRandao(result: usize): void;

/**
 * Writes the blob base fee of the block in wei per blob gas.
 * Extension, from cancun on.
 * @param result *out u256
 */
@external("ethereum", "getBlobBaseFee")
export declare function getBlobBaseFee(result: usize): void;

/**
 * Writes the versioned hash of one of the transaction's blobs.
 * Extension, from cancun on.
 * @param result *out bytes32
 * @returns 0 found, 1 not
 */
@external("ethereum", "getBlobHash")
export declare function getBlobHash(index: u32, result: usize): i32;

/**
 * Writes the value of a slot of transient storage.
 * Extension, from cancun on.
 * @param key *bytes32
 * @param result *out bytes32
 */
@external("ethereum", "transientStorageLoad")
export declare function transientStorageLoad(key: usize, result: usize): void;

/**
 * Stores a value in a slot of transient storage until the transaction ends.
 * Extension, from cancun on.
 * @param key *bytes32
 * @param value *bytes32
 */
@external("ethereum", "transientStorageStore")
export declare function transientStorageStore(key: usize, value: usize): void;
