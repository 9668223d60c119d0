// Made by `npm run types` of the metadata of a chain with pallet-ewasm. Do not edit.
import type { Bytes, Enum, Null, Option, Result, Struct, Vec, bool, u128, u256, u32, u64 } from "@polkadot/types";
import type { AccountId, DispatchError, H160, H256, Weight } from "@polkadot/types/interfaces";
import type { SubmittableExtrinsic } from "@polkadot/api/types";

/** A slot that has another value in a dry run. */
export interface SlotOverride {
  /** The slot. */
  readonly key: string;
  /** Its value. */
  readonly value: string;
}

/** An account that differs from the state in a dry run, in what is given. */
export interface AccountOverride {
  /** Its address. */
  readonly address: string;
  /** What it can spend, as contracts see it: without the existential deposit. */
  readonly balance: bigint | null;
  /** Its nonce. */
  readonly nonce: bigint | null;
  /** Its run-time code, which is validated when it runs. No bytes leave a contract without code. */
  readonly code: string | null;
  /** Slots that have other values; the others stay as they are. */
  readonly storage: SlotOverride[];
}

/** What a dry run takes as given instead of the block to come and the state. */
export interface Overrides {
  /** The block's number. Without it, the last block's and one. */
  readonly number: bigint | null;
  /** The block's time, in milliseconds since 1970. A time before the earliest that the next block can have stands for that. Without it, the time when the node is asked. */
  readonly timestamp: bigint | null;
  /** Accounts that differ from the state. */
  readonly accounts: AccountOverride[];
}

export interface DryRun extends Struct {
  readonly result: Result<Null, DispatchError>;
  readonly status: Option<ExecutionStatus>;
  readonly gasUsed: u64;
  readonly weight: Weight;
  readonly deposits: Deposits;
  readonly output: Bytes;
  readonly logs: Vec<LogRecord>;
  readonly address: Option<H160>;
  readonly trap: Bytes;
}

export interface ExecutionStatus extends Enum {
  readonly type: "Success" | "Revert" | "Failure" | "OutOfGas" | "Unreachable" | "Trap" | "StackOverflow" | "CallDepthExceeded" | "StaticModeViolation" | "InvalidMemoryAccess" | "ContractValidationFailure" | "ArgumentOutOfRange" | "InsufficientBalance" | "PrecompileFailure" | "InternalError";
}

export interface Deposits extends Struct {
  readonly charged: u128;
  readonly refunded: u128;
}

export interface LogRecord extends Struct {
  readonly address: H160;
  readonly topics: Vec<H256>;
  readonly data: Bytes;
}

export interface Trace extends Struct {
  readonly run: DryRun;
  readonly messages: Vec<TracedMessage>;
  readonly isCut: bool;
}

export interface TracedMessage extends Struct {
  readonly depth: u32;
  readonly kind: MessageKind;
  readonly from: H160;
  readonly to: H160;
  readonly codeOf: H160;
  readonly value: u256;
  readonly gas: u64;
  readonly gasUsed: u64;
  readonly status: ExecutionStatus;
  readonly input: Bytes;
  readonly output: Bytes;
}

export interface MessageKind extends Enum {
  readonly type: "Call" | "StaticCall" | "DelegateCall" | "CallCode" | "Create" | "Create2";
}

/** The runtime API: what a node answers about contracts. */
export interface EwasmApi {
  /** What a call by `origin` would do. Without a gas limit, the largest that an extrinsic may have. Without a limit of deposits, as with a call that has none. */
  call(origin: string, target: string, input: string, value: bigint, gasLimit: bigint | null, storageDepositLimit: bigint | null, overrides: Overrides | null): Promise<DryRun>;
  /** What a create by `origin` would do; with a salt, a `create2`. */
  create(origin: string, code: string, value: bigint, gasLimit: bigint | null, storageDepositLimit: bigint | null, salt: string | null, overrides: Overrides | null): Promise<DryRun>;
  /** The smallest gas limit with which a call of `target` would succeed, or without one a create. */
  estimateGas(origin: string, target: string | null, data: string, value: bigint, overrides: Overrides | null): Promise<Result<u64, DispatchError>>;
  /** A dry run of a call of `target`, or without one of a create, with the messages that contracts send. */
  trace(origin: string, target: string | null, data: string, value: bigint, gasLimit: bigint | null, storageDepositLimit: bigint | null, overrides: Overrides | null): Promise<Trace>;
  /** The code at an address; no bytes when there is none. */
  code(address: string): Promise<Bytes>;
  /** The Keccak-256 of the code at an address; zero when nothing is there (EIP-1052). */
  codeHash(address: string): Promise<H256>;
  /** The value of a slot. */
  storageAt(address: string, key: string): Promise<H256>;
  /** What the address can spend, as contracts see it: without the existential deposit. */
  balance(address: string): Promise<u128>;
  /** The nonce: for a contract that of Ethereum, for others that of the system. */
  nonce(address: string): Promise<u64>;
  /** The address of an account. */
  addressOf(account: string): Promise<H160>;
  /** The account that holds an address's balance. */
  accountOf(address: string): Promise<AccountId>;
}

/** The calls of the pallet. */
export interface EwasmCalls {
  /** Creates a contract at the address that the signer's address and nonce give. `code` is the init code, with the constructor's arguments in a custom section. With a `storage_deposit_limit`, it fails when the signer would pay more for deposits than that, less what it gets back. Existential deposits of new accounts count. Without one the signer pays what it takes, as far as it has it. */
  create(code: string, value: bigint, gasLimit: bigint, storageDepositLimit: bigint | null): SubmittableExtrinsic<"promise">;
  /** Creates a contract at the address that the signer's address, `salt` and `code` give (EIP-1014). The `storage_deposit_limit` is that of [`Self::create`]. */
  create2(code: string, value: bigint, gasLimit: bigint, storageDepositLimit: bigint | null, salt: string): SubmittableExtrinsic<"promise">;
  /** Calls a contract, or sends value to an address. The `storage_deposit_limit` is that of [`Self::create`]. */
  call(target: string, input: string, value: bigint, gasLimit: bigint, storageDepositLimit: bigint | null): SubmittableExtrinsic<"promise">;
  /** Stores the run-time code of contracts to come, for a deposit that the signer can have back at any time by [`Self::remove_code`]. Fails when the deposit is more than `storage_deposit_limit`. */
  uploadCode(code: string, storageDepositLimit: bigint | null): SubmittableExtrinsic<"promise">;
  /** Gives the deposit of code that the signer uploaded back. The code is removed when no contract has it; else it stays as long as one does, for the deposits of those contracts. */
  removeCode(codeHash: string): SubmittableExtrinsic<"promise">;
  /** Stores whose the signer's address is, so that value sent there arrives. The first create or call does the same. */
  mapAccount(): SubmittableExtrinsic<"promise">;
  /** Forgets whose the signer's address is and gives the deposit back. Value that is sent there from now on waits until the account is mapped again. */
  unmapAccount(): SubmittableExtrinsic<"promise">;
}

/** The events of the pallet, with their fields. */
export interface EwasmEvents {
  /** An extrinsic created a contract. Contracts that contracts create have no event of their own. */
  Created: {
    /** Who signed. */
    readonly signer: AccountId;
    /** Where the contract is. */
    readonly address: H160;
    /** The gas that it took. */
    readonly gasUsed: u64;
    /** What it did to the signer's deposits. */
    readonly deposits: Deposits;
  };
  /** An extrinsic called an address. */
  Executed: {
    /** Who signed. */
    readonly signer: AccountId;
    /** What was called. */
    readonly target: H160;
    /** The gas that it took. */
    readonly gasUsed: u64;
    /** What it did to the signer's deposits. */
    readonly deposits: Deposits;
  };
  /** A contract's log. The block's index of events has it under its address (as the last 20 of 32 bytes) and each of its topics. */
  Log: {
    /** The contract. */
    readonly address: H160;
    /** At most four. */
    readonly topics: Vec<H256>;
    /** The data. */
    readonly data: Bytes;
  };
  /** Code was stored. */
  CodeStored: {
    /** Keccak-256 of the code. */
    readonly codeHash: H256;
  };
  /** Code was uploaded: it stays until its owner removes it, whether or not contracts have it. */
  CodeUploaded: {
    /** Keccak-256 of the code. */
    readonly codeHash: H256;
    /** Whose deposit is held. */
    readonly owner: AccountId;
    /** The deposit. */
    readonly deposit: u128;
  };
  /** Who uploaded code has the deposit back. The code stays as long as contracts have it. */
  CodeReleased: {
    /** Keccak-256 of the code. */
    readonly codeHash: H256;
    /** Whose deposit was held. */
    readonly owner: AccountId;
    /** The deposit. */
    readonly deposit: u128;
  };
  /** Code was removed. */
  CodeRemoved: {
    /** Keccak-256 of the code. */
    readonly codeHash: H256;
  };
  /** A contract is gone. Its slots are removed in the blocks that follow. */
  Terminated: {
    /** Where it was. */
    readonly address: H160;
  };
  /** It is known whose an address is. */
  AccountMapped: {
    /** The account. */
    readonly account: AccountId;
    /** Its address. */
    readonly address: H160;
  };
  /** It is no longer known whose an address is. */
  AccountUnmapped: {
    /** The account. */
    readonly account: AccountId;
    /** Its address. */
    readonly address: H160;
  };
}

/** The errors of the pallet. */
export interface EwasmErrors {
  /** The contract reverted: it refused. A dry run shows the reason that it gave. */
  Reverted: true;
  /** The contract failed without a more precise reason: a create at an address that is taken, for instance. */
  ExecutionFailed: true;
  /** The gas limit did not suffice. */
  OutOfGas: true;
  /** The contract executed `unreachable`. */
  Unreachable: true;
  /** The contract trapped. A dry run shows where. */
  Trapped: true;
  /** Calls inside the contract nested too deeply. */
  StackOverflow: true;
  /** Contracts called one another more than 1024 levels deep. */
  CallDepthExceeded: true;
  /** The contract changed state in a static call. */
  StaticModeViolation: true;
  /** The contract reached outside its memory. */
  InvalidMemoryAccess: true;
  /** The code is not a valid contract. */
  InvalidContract: true;
  /** The contract gave an interface function an argument that it does not accept. */
  ArgumentOutOfRange: true;
  /** The signer does not have the value. The existential deposit cannot be spent. */
  InsufficientBalance: true;
  /** A precompiled contract refused its input. */
  PrecompileFailure: true;
  /** The state and the engine do not agree. This is a fault of the runtime. */
  InternalError: true;
  /** The gas limit is more than an extrinsic may have. */
  GasLimitTooHigh: true;
  /** The gas limit does not cover what the extrinsic costs before it runs. */
  GasLimitTooLow: true;
  /** The call data are larger than allowed. */
  InputTooLarge: true;
  /** The init code is larger than a create may run. */
  InitCodeTooLarge: true;
  /** The code is larger than a contract's may be. */
  CodeTooLarge: true;
  /** The signer is a contract, which cannot sign. */
  SignerIsContract: true;
  /** The signer's nonce cannot grow any further. */
  NonceExhausted: true;
  /** The transaction is one that the revision in force does not allow. */
  TransactionNotAllowed: true;
  /** More of the state was read than the gas limit pays proof size for: call with more gas. */
  ProofSizeExhausted: true;
  /** The engine did more that has no price in gas than the gas limit reserves weight for: it ran contracts with much code, created with large init code, or used precompiled contracts. Call with more gas. */
  WorkExhausted: true;
  /** The signer cannot pay the deposit for what is stored, or the existential deposit of a new account. */
  DepositNotAffordable: true;
  /** Deposits for what is stored, and existential deposits of new accounts, would cost the signer more than its `storage_deposit_limit`. If that is as it should be, call with a higher one: dry runs tell what it takes. */
  StorageDepositLimitExhausted: true;
  /** Somebody has uploaded this code already. */
  CodeAlreadyStored: true;
  /** There is no such code. */
  CodeNotFound: true;
  /** The signer has not uploaded this code. Only who did can remove it. */
  NotCodeOwner: true;
  /** The signer's address belongs to somebody else. */
  AddressTaken: true;
  /** The signer's address is not stored. */
  NotMapped: true;
  /** A contract that dispatches a call of the runtime cannot come back to this pallet with it. */
  Reentered: true;
  /** A dry run cannot take this as given: the account cannot have such a balance. */
  OverrideNotPossible: true;
}
