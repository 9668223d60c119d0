// Made by `npm run types` from the metadata of a chain with pallet-ewasm. Do not edit.
import type {
  Bytes,
  Enum,
  Null,
  Option,
  Result,
  Struct,
  Vec,
  bool,
  u128,
  u256,
  u32,
  u64,
} from "@polkadot/types";
import type { AccountId, DispatchError, H160, H256, Weight } from "@polkadot/types/interfaces";
import type { SubmittableExtrinsic } from "@polkadot/api/types";

/** A slot that has another value in a dry run. */
export interface SlotOverride {
  /** The key. */
  readonly key: string;
  /** The value. */
  readonly value: string;
}

/** An account that differs from the state in a dry run. Fields that are not given do not differ. */
export interface AccountOverride {
  /** The address. */
  readonly address: string;
  /**
   * The balance that contracts see: what the account can spend, without the existential deposit.
   */
  readonly balance: bigint | null;
  /** The nonce. */
  readonly nonce: bigint | null;
  /** The run-time code, which is validated when it runs. With no bytes, a contract without code. */
  readonly code: string | null;
  /** Slots that have other values. The rest stay as they are. */
  readonly storage: SlotOverride[];
}

/** What a dry run takes as given in place of the next block and the state. */
export interface Overrides {
  /** The block's number; by default the last block's plus one. */
  readonly number: bigint | null;
  /**
   * The block's time, in milliseconds since 1970, raised to the earliest that the next block can
   * have. By default the node's time.
   */
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
  readonly type:
    | "Success"
    | "Revert"
    | "Failure"
    | "OutOfGas"
    | "Unreachable"
    | "Trap"
    | "StackOverflow"
    | "CallDepthExceeded"
    | "StaticModeViolation"
    | "InvalidMemoryAccess"
    | "ContractValidationFailure"
    | "ArgumentOutOfRange"
    | "InsufficientBalance"
    | "PrecompileFailure"
    | "InternalError";
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

/** The runtime API. */
export interface EwasmApi {
  /**
   * Returns what a call by `origin` would do. The default gas limit is the largest that an
   * extrinsic may have. By default deposits have no limit.
   */
  call(
    origin: string,
    target: string,
    input: string,
    value: bigint,
    gasLimit: bigint | null,
    storageDepositLimit: bigint | null,
    overrides: Overrides | null,
  ): Promise<DryRun>;
  /** Returns what a create by `origin` would do; with a salt, a `create2`. */
  create(
    origin: string,
    code: string,
    value: bigint,
    gasLimit: bigint | null,
    storageDepositLimit: bigint | null,
    salt: string | null,
    overrides: Overrides | null,
  ): Promise<DryRun>;
  /**
   * Returns the smallest gas limit with which a call of `target`, or without a target a create,
   * would succeed.
   */
  estimateGas(
    origin: string,
    target: string | null,
    data: string,
    value: bigint,
    overrides: Overrides | null,
  ): Promise<Result<u64, DispatchError>>;
  /**
   * Returns a dry run of a call of `target`, or without a target of a create, with the messages
   * that contracts send.
   */
  trace(
    origin: string,
    target: string | null,
    data: string,
    value: bigint,
    gasLimit: bigint | null,
    storageDepositLimit: bigint | null,
    overrides: Overrides | null,
  ): Promise<Trace>;
  /** Returns the code at an address; no bytes when there is none. */
  code(address: string): Promise<Bytes>;
  /** Returns the Keccak-256 of the code at an address; zero for an empty account (EIP-1052). */
  codeHash(address: string): Promise<H256>;
  /** Returns the value of a slot. */
  storageAt(address: string, key: string): Promise<H256>;
  /**
   * Returns the balance that contracts see: what the address can spend, without the existential
   * deposit.
   */
  balance(address: string): Promise<u128>;
  /** Returns the nonce: of a contract Ethereum's, of others the system's. */
  nonce(address: string): Promise<u64>;
  /** Returns the address of an account. */
  addressOf(account: string): Promise<H160>;
  /** Returns the account that holds an address's balance. */
  accountOf(address: string): Promise<AccountId>;
}

/** The calls of the pallet. */
export interface EwasmCalls {
  /**
   * Creates a contract at the address that the signer's address and nonce give. `code` is the init
   * code, with the constructor's arguments in a custom section. Fails when the signer would pay
   * more for deposits, less what it gets back, than `storage_deposit_limit`. Existential deposits
   * of new accounts count. Without a limit, the signer pays whatever it can afford.
   */
  create(
    code: string,
    value: bigint,
    gasLimit: bigint,
    storageDepositLimit: bigint | null,
  ): SubmittableExtrinsic<"promise">;
  /**
   * Creates a contract at the address that the signer's address, `salt` and `code` give (EIP-1014).
   * The other arguments are those of [`Self::create`].
   */
  create2(
    code: string,
    value: bigint,
    gasLimit: bigint,
    storageDepositLimit: bigint | null,
    salt: string,
  ): SubmittableExtrinsic<"promise">;
  /**
   * Calls a contract, or sends value to an address. The `storage_deposit_limit` is that of
   * [`Self::create`].
   */
  call(
    target: string,
    input: string,
    value: bigint,
    gasLimit: bigint,
    storageDepositLimit: bigint | null,
  ): SubmittableExtrinsic<"promise">;
  /**
   * Stores the run-time code of future contracts for a deposit, which [`Self::remove_code`] gives
   * back at any time. Fails when the deposit is more than `storage_deposit_limit`.
   */
  uploadCode(code: string, storageDepositLimit: bigint | null): SubmittableExtrinsic<"promise">;
  /**
   * Gives back the deposit for code that the signer uploaded. The code is removed once no contract
   * has it; until then, the deposits of its contracts pay for it.
   */
  removeCode(codeHash: string): SubmittableExtrinsic<"promise">;
  /**
   * Stores whose the signer's address is, so that value sent there arrives. The first create or
   * call does the same.
   */
  mapAccount(): SubmittableExtrinsic<"promise">;
  /**
   * Removes the record of whose the signer's address is, and gives the deposit back. Value sent
   * there later waits until the account is mapped again.
   */
  unmapAccount(): SubmittableExtrinsic<"promise">;
}

/** The events of the pallet. */
export interface EwasmEvents {
  /** An extrinsic created a contract. Contracts created by contracts have no event. */
  Created: {
    /** The account that signed. */
    readonly signer: AccountId;
    /** The contract's address. */
    readonly address: H160;
    /** The gas used. */
    readonly gasUsed: u64;
    /** The change of the signer's deposits. */
    readonly deposits: Deposits;
  };
  /** An extrinsic called an address. */
  Executed: {
    /** The account that signed. */
    readonly signer: AccountId;
    /** The address that was called. */
    readonly target: H160;
    /** The gas used. */
    readonly gasUsed: u64;
    /** The change of the signer's deposits. */
    readonly deposits: Deposits;
  };
  /**
   * A contract's log. The block's index of events has it under the contract's address (the last 20
   * of 32 bytes) and under each of its topics.
   */
  Log: {
    /** The contract. */
    readonly address: H160;
    /** At most four topics. */
    readonly topics: Vec<H256>;
    /** The data. */
    readonly data: Bytes;
  };
  /** Code was stored. */
  CodeStored: {
    /** Keccak-256 of the code. */
    readonly codeHash: H256;
  };
  /** Code was uploaded. It stays until its owner removes it, whether or not contracts have it. */
  CodeUploaded: {
    /** Keccak-256 of the code. */
    readonly codeHash: H256;
    /** The account whose deposit is held. */
    readonly owner: AccountId;
    /** The deposit. */
    readonly deposit: u128;
  };
  /** The uploader of a code got the deposit back. The code stays as long as contracts have it. */
  CodeReleased: {
    /** Keccak-256 of the code. */
    readonly codeHash: H256;
    /** The account whose deposit was held. */
    readonly owner: AccountId;
    /** The deposit. */
    readonly deposit: u128;
  };
  /** Code was removed. */
  CodeRemoved: {
    /** Keccak-256 of the code. */
    readonly codeHash: H256;
  };
  /** A contract ended. Its slots are removed in the following blocks. */
  Terminated: {
    /** The contract's address. */
    readonly address: H160;
  };
  /** The owner of an address was stored. */
  AccountMapped: {
    /** The account. */
    readonly account: AccountId;
    /** The address. */
    readonly address: H160;
  };
  /** The owner of an address was removed. */
  AccountUnmapped: {
    /** The account. */
    readonly account: AccountId;
    /** The address. */
    readonly address: H160;
  };
}

/** The errors of the pallet. */
export interface EwasmErrors {
  /** The contract reverted. A dry run shows its reason. */
  Reverted: true;
  /**
   * The contract failed without a more precise reason, such as a create at an address that is
   * taken.
   */
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
  /** The state and the engine disagree, which is a fault of the runtime. */
  InternalError: true;
  /** The gas limit is more than an extrinsic may have. */
  GasLimitTooHigh: true;
  /** The gas limit does not cover what the extrinsic costs before it runs. */
  GasLimitTooLow: true;
  /** The call data is larger than `MaxInputSize`. */
  InputTooLarge: true;
  /** The init code is larger than a create may run. */
  InitCodeTooLarge: true;
  /** The code is larger than that of a contract may be. */
  CodeTooLarge: true;
  /** The signer is a contract, which cannot sign. */
  SignerIsContract: true;
  /** The signer's nonce cannot grow further. */
  NonceExhausted: true;
  /** The revision in force does not allow the transaction. */
  TransactionNotAllowed: true;
  /** The call read more of the state than its gas limit pays proof size for. Call with more gas. */
  ProofSizeExhausted: true;
  /**
   * The engine did more unmetered work than the gas limit reserves weight for: it ran contracts
   * with much code, created with large init code, or used precompiled contracts. Call with more
   * gas.
   */
  WorkExhausted: true;
  /**
   * The signer cannot pay the deposit for what is stored, or the existential deposit of a new
   * account.
   */
  DepositNotAffordable: true;
  /**
   * Deposits for what is stored, and existential deposits of new accounts, would cost the signer
   * more than its `storage_deposit_limit`. If that is intended, call with a higher limit: a dry run
   * shows one that suffices.
   */
  StorageDepositLimitExhausted: true;
  /** This code has been uploaded already. */
  CodeAlreadyStored: true;
  /** There is no such code. */
  CodeNotFound: true;
  /** The signer did not upload this code. Only its uploader can remove it. */
  NotCodeOwner: true;
  /** The signer's address belongs to another account. */
  AddressTaken: true;
  /** The owner of the signer's address is not stored. */
  NotMapped: true;
  /** A call that a contract dispatches cannot re-enter this pallet. */
  Reentered: true;
  /** A dry run cannot use this override: the account cannot have such a balance. */
  OverrideNotPossible: true;
}
