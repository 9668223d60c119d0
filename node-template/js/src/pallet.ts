/** The calls, events and runtime API of pallet-ewasm, as its metadata describes them. */
import type { ApiPromise } from "@polkadot/api";
import type { SubmittableExtrinsic } from "@polkadot/api/types";
import type { Bytes } from "@polkadot/types";
import type { Event, EventRecord, H160 } from "@polkadot/types/interfaces";
import { compactFromU8aLim } from "@polkadot/util";
import { getAddress } from "ethers/address";
import type { Log } from "./abi/index.js";
import { fromHex, toHex } from "./bytes.js";
import { refusalOf, weightOf, type Refusal, type Weight } from "./dispatch.js";
import { TephraError } from "./errors.js";
import type {
  AccountOverride,
  Deposits,
  DryRun,
  EwasmApi,
  EwasmCalls,
  EwasmEvents,
  ExecutionStatus,
  LogRecord,
  Overrides,
} from "./generated.js";

/**
 * What a dry run takes as given in place of the next block and the state. Fields may be left out.
 */
export type Given = Partial<Omit<Overrides, "accounts">> & {
  accounts?: (Pick<AccountOverride, "address"> & Partial<AccountOverride>)[];
};

/** A name's words in lower case, joined by hyphens: `out-of-gas` for `OutOfGas`. */
type Hyphens<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${Lowercase<First>}${Joined<Rest>}`
  : "";
type Joined<Rest extends string> = Rest extends `${infer Letter}${infer Others}`
  ? `${Letter extends Lowercase<Letter> ? Letter : `-${Lowercase<Letter>}`}${Joined<Others>}`
  : "";

/**
 * How a call or create ended: a status of the runtime, by its name in the command `tephra`, or
 * `refused` when the contract did not run.
 */
export type Status = Hyphens<ExecutionStatus["type"]> | "refused";

/** The result of a call or create. */
export interface Outcome {
  status: Status;
  /** The reason of a trap, as text; null without one. */
  message: string | null;
  /** The runtime's error; null for success. */
  refusal: Refusal | null;
  /** The contract's output: a result, or the reason of a revert. */
  output: string;
  gasUsed: bigint;
  weight: Weight;
  /** The deposit for what is stored, less that for what is freed. */
  deposit: bigint;
  /** The deposit for what is stored: a limit with which the transaction succeeds. */
  charged: bigint;
  logs: Log[];
  /** The address of a created contract. */
  address: string | null;
}

/** What the events of a transaction report. */
export interface Effects {
  logs: Log[];
  /** The address of a created contract. */
  created: string | null;
  /** Null when the transaction failed: the chain does not report it then. */
  gasUsed: bigint | null;
  deposit: bigint | null;
}

const hyphens = <Name extends string>(name: Name): Hyphens<Name> =>
  name.replace(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase() as Hyphens<Name>;

const address = (codec: H160): string => getAddress(codec.toHex());
const log = (codec: Pick<LogRecord, keyof EwasmEvents["Log"]>): Log => ({
  address: address(codec.address),
  topics: codec.topics.map((topic) => topic.toHex()),
  data: codec.data.toHex(),
});

/** The log of an event of the chain; null for other events. */
export function logOf(event: Event): Log | null {
  return event.section === "ewasm" && event.method === "Log"
    ? log(event.data as unknown as EwasmEvents["Log"])
    : null;
}

/** The pallet of a chain. */
export class Pallet {
  readonly #api: ApiPromise;

  constructor(api: ApiPromise) {
    this.#api = api;
  }

  /** Whether a chain has the pallet. */
  static isPartOf(api: ApiPromise): boolean {
    return api.tx["ewasm"] !== undefined && api.call["ewasmApi"] !== undefined;
  }

  get #asks(): EwasmApi {
    return this.#api.call["ewasmApi"] as unknown as EwasmApi;
  }

  get #sends(): EwasmCalls {
    return this.#api.tx["ewasm"] as unknown as EwasmCalls;
  }

  /**
   * What a call by an account would do in the next block. The default gas limit is the largest of
   * an extrinsic. By default deposits have no limit.
   */
  async call(
    account: string,
    to: string,
    data: Uint8Array,
    value: bigint,
    gas: bigint | null,
    depositLimit: bigint | null = null,
    given: Given | null = null,
  ): Promise<Outcome> {
    return this.#outcome(
      await this.#asks.call(account, to, toHex(data), value, gas, depositLimit, overrides(given)),
    );
  }

  /** What a create by an account would do in the next block. */
  async create(
    account: string,
    code: Uint8Array,
    value: bigint,
    gas: bigint | null,
    depositLimit: bigint | null = null,
    given: Given | null = null,
  ): Promise<Outcome> {
    return this.#outcome(
      await this.#asks.create(
        account,
        toHex(code),
        value,
        gas,
        depositLimit,
        null,
        overrides(given),
      ),
    );
  }

  /** The smallest gas limit with which a call, or a create when `to` is null, would succeed. */
  async estimate(
    account: string,
    to: string | null,
    data: Uint8Array,
    value: bigint,
    given: Given | null = null,
  ): Promise<bigint> {
    const found = await this.#asks.estimateGas(account, to, toHex(data), value, overrides(given));
    if (found.isOk) return found.asOk.toBigInt();
    const { name, docs } = refusalOf(this.#api.registry, found.asErr);
    throw new TephraError(
      "contract",
      `the gas cannot be estimated: ${name}${docs === "" ? "" : `: ${docs}`}`,
    );
  }

  /** The largest gas limit of a transaction. */
  get mostGas(): bigint {
    return BigInt(String(this.#api.consts["ewasm"]?.["transactionGasLimit"] ?? 2n ** 64n - 1n));
  }

  /** The transaction that calls a contract. Its deposits cost at most the limit; null: no limit. */
  callExtrinsic(
    to: string,
    data: Uint8Array,
    value: bigint,
    gas: bigint,
    depositLimit: bigint | null,
  ): SubmittableExtrinsic<"promise"> {
    return this.#sends.call(to, toHex(data), value, gas, depositLimit);
  }

  /**
   * The transaction that creates a contract. Its deposits cost at most the limit; null: no limit.
   */
  createExtrinsic(
    code: Uint8Array,
    value: bigint,
    gas: bigint,
    depositLimit: bigint | null,
  ): SubmittableExtrinsic<"promise"> {
    return this.#sends.create(toHex(code), value, gas, depositLimit);
  }

  /** The address of an account. */
  async addressOf(account: string): Promise<string> {
    return address(await this.#asks.addressOf(account));
  }

  /** The account that holds an address's balance. */
  async accountOf(of: string): Promise<string> {
    return (await this.#asks.accountOf(of)).toString();
  }

  /** The balance that contracts see: what an address can spend. */
  async balanceOf(of: string): Promise<bigint> {
    return (await this.#asks.balance(of)).toBigInt();
  }

  async nonceOf(of: string): Promise<bigint> {
    return (await this.#asks.nonce(of)).toBigInt();
  }

  /** The code at an address; no bytes when there is none. */
  async codeOf(of: string): Promise<Uint8Array> {
    return withoutLength(await this.#asks.code(of));
  }

  /** The Keccak-256 of the code at an address; zero for an empty account. */
  async codeHashOf(of: string): Promise<string> {
    return (await this.#asks.codeHash(of)).toHex();
  }

  async isContract(of: string): Promise<boolean> {
    return (await this.codeOf(of)).length > 0;
  }

  /** Reads the pallet's events of a transaction. */
  effects(records: EventRecord[]): Effects {
    const effects: Effects = { logs: [], created: null, gasUsed: null, deposit: null };
    for (const { event } of records) {
      const found = logOf(event);
      if (found !== null) effects.logs.push(found);
      if (event.section !== "ewasm" || (event.method !== "Created" && event.method !== "Executed"))
        continue;
      const data = event.data as unknown as EwasmEvents["Created"] | EwasmEvents["Executed"];
      effects.gasUsed = data.gasUsed.toBigInt();
      effects.deposit = net(data.deposits);
      if (event.method === "Created")
        effects.created = address((data as EwasmEvents["Created"]).address);
    }
    return effects;
  }

  #outcome(run: DryRun): Outcome {
    return {
      status: run.status.isSome ? hyphens(run.status.unwrap().type) : "refused",
      message: run.trap.isEmpty
        ? null
        : new TextDecoder().decode(fromHex("trap", run.trap.toHex())),
      refusal: run.result.isErr ? refusalOf(this.#api.registry, run.result.asErr) : null,
      output: run.output.toHex(),
      gasUsed: run.gasUsed.toBigInt(),
      weight: weightOf(run),
      deposit: net(run.deposits),
      charged: run.deposits.charged.toBigInt(),
      logs: run.logs.map(log),
      address: run.address.isSome ? address(run.address.unwrap()) : null,
    };
  }
}

function overrides(given: Given | null): Overrides | null {
  if (given === null) return null;
  const accounts = (given.accounts ?? []).map((account) => ({
    balance: null,
    nonce: null,
    code: null,
    storage: [],
    ...account,
  }));
  return { number: given.number ?? null, timestamp: given.timestamp ?? null, accounts };
}

const net = (deposits: Deposits): bigint =>
  deposits.charged.toBigInt() - deposits.refunded.toBigInt();

/**
 * The bytes of an answer that is only bytes. polkadot.js leaves their length in front of them. No
 * module can be mistaken for that, since modules begin with a zero.
 */
function withoutLength(answer: Bytes): Uint8Array {
  const bytes = answer.toU8a(true);
  const [offset, length] = bytes.length === 0 ? [0, 0] : compactFromU8aLim(bytes);
  return offset + length === bytes.length ? bytes.slice(offset) : bytes;
}
