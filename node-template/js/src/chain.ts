/** A connection to a chain that has pallet-ewasm: reads its properties and sends transactions. */
import { ApiPromise, WsProvider } from "@polkadot/api";
import type { SubmittableExtrinsic } from "@polkadot/api/types";
import "@polkadot/api-augment";
import type { EventRecord } from "@polkadot/types/interfaces";
import type { DispatchError, DispatchInfo } from "@polkadot/types/interfaces/system";
import type { ISubmittableResult } from "@polkadot/types/types";
import type { Sender } from "./accounts.js";
import { showAmount, type Unit } from "./amount.js";
import { refusalOf, weightOf, type Refusal, type Weight } from "./dispatch.js";
import { messageOf, TephraError, usage } from "./errors.js";
import { Pallet } from "./pallet.js";
import { shorten } from "./text.js";

/** A transaction in a block. */
export interface Inclusion {
  block: number;
  blockHash: string;
  extrinsicHash: string;
  /** The fee, tip included, in the chain's smallest unit. */
  fee: bigint | null;
  weight: Weight;
  /** The events. */
  records: EventRecord[];
  /** The error; null when it succeeded. */
  refusal: Refusal | null;
}

const CONNECT_MILLISECONDS = 10_000;

/** A connection to a chain. */
export class Chain {
  /** The pallet that runs contracts. */
  readonly pallet: Pallet;

  private constructor(
    readonly api: ApiPromise,
    readonly url: string,
  ) {
    this.pallet = new Pallet(api);
  }

  /**
   * Connects to a node by its WebSocket. Fails when the node does not answer within ten seconds, or
   * the chain has no pallet-ewasm.
   */
  static async connect(url: string, milliseconds = CONNECT_MILLISECONDS): Promise<Chain> {
    if (!/^wss?:\/\/[^/\s]/.test(url) || !URL.canParse(url)) {
      throw usage(
        `\`${shorten(url)}\` is not the URL of a node; write it like ws://127.0.0.1:9944`,
      );
    }
    const provider = new WsProvider(url, false);
    let api: ApiPromise | undefined;
    try {
      await within(milliseconds, opened(provider));
      api = new ApiPromise({ provider, noInitWarn: true, throwOnConnect: true });
      await within(milliseconds, api.isReadyOrError);
    } catch (error) {
      await (api ?? provider).disconnect().catch(() => undefined);
      const reason = shorten(messageOf(error)) || "no answer";
      throw new TephraError(
        "node",
        `no node can be reached at ${url} (${reason}); ` +
          "start one with `tephra-node --dev`, or name another URL",
      );
    }
    if (!Pallet.isPartOf(api)) {
      await api.disconnect();
      throw new TephraError(
        "node",
        `the chain at ${url} has no pallet-ewasm; connect to one that has it`,
      );
    }
    return new Chain(api, url);
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    await this.api.disconnect();
  }

  /** The chain's name in its specification. */
  get name(): string {
    return this.api.runtimeChain.toString();
  }

  /** The hash of the first block, which distinguishes chains. */
  get genesis(): string {
    return this.api.genesisHash.toHex();
  }

  /** The format of accounts in SS58. */
  get ss58Format(): number {
    return this.api.registry.chainSS58 ?? 42;
  }

  /** The unit of balances. */
  get unit(): Unit {
    return {
      symbol: this.api.registry.chainTokens[0] ?? "Unit",
      decimals: this.api.registry.chainDecimals[0] ?? 0,
    };
  }

  /** An amount as text: `1.5 UNIT`, see {@link showAmount}. */
  showAmount(amount: bigint, places?: number): string {
    return showAmount(amount, this.unit, places);
  }

  /** The free balance of an account. */
  async balanceOf(account: string): Promise<bigint> {
    const { data } = await this.api.query.system.account(account);
    return data.free.toBigInt();
  }

  /**
   * Signs a transaction, sends it, and waits until it is in a block, or until that block is final.
   *
   * Throws when the node refuses it or it never gets into a block. A transaction that failed in its
   * block is returned.
   */
  async submit(
    extrinsic: SubmittableExtrinsic<"promise">,
    sender: Sender,
    finalized = false,
  ): Promise<Inclusion> {
    const result = await this.#included(extrinsic, sender, finalized);
    const blockHash = result.status.isFinalized
      ? result.status.asFinalized
      : result.status.asInBlock;
    const { number } = await this.api.rpc.chain.getHeader(blockHash);
    return {
      block: number.toNumber(),
      blockHash: blockHash.toHex(),
      extrinsicHash: result.txHash.toHex(),
      ...this.outcome(result.events),
    };
  }

  #included(
    extrinsic: SubmittableExtrinsic<"promise">,
    sender: Sender,
    finalized: boolean,
  ): Promise<ISubmittableResult> {
    return new Promise((resolve, reject) => {
      let unsubscribe: (() => void) | undefined;
      let done = false;
      const end = (finish: () => void): void => {
        done = true;
        this.api.off("disconnected", gone);
        unsubscribe?.();
        finish();
      };
      const lost = (why: string): void =>
        end(() =>
          reject(new TephraError("contract", `the transaction did not get into the chain: ${why}`)),
        );
      const gone = (): void => {
        if (!done) lost("the connection to the node was lost; its events say whether it got there");
      };
      this.api.once("disconnected", gone);
      const observe = (result: ISubmittableResult): void => {
        const { status } = result;
        if (done) return;
        if (status.isFinalized || (status.isInBlock && !finalized)) end(() => resolve(result));
        else if (result.isError) lost(`it was ${status.type.toLowerCase()}`);
      };
      extrinsic
        .signAndSend(
          sender.pair ?? sender.account,
          { nonce: -1, ...(sender.signer && { signer: sender.signer }) },
          observe,
        )
        .then((stop) => {
          unsubscribe = stop;
          if (done) stop();
        })
        .catch((error: unknown) => end(() => reject(refused(error))));
    });
  }

  /** Reads from the events of a transaction how it ended. */
  outcome(records: EventRecord[]): Pick<Inclusion, "fee" | "weight" | "records" | "refusal"> {
    let fee: bigint | null = null;
    let weight: Weight = { refTime: 0n, proofSize: 0n };
    let refusal: Refusal | null = null;
    for (const { event } of records) {
      const name = `${event.section}.${event.method}`;
      if (name === "transactionPayment.TransactionFeePaid") fee = BigInt(String(event.data[1]));
      if (name === "system.ExtrinsicSuccess") weight = weightOf(event.data[0] as DispatchInfo);
      if (name === "system.ExtrinsicFailed") {
        refusal = refusalOf(this.api.registry, event.data[0] as DispatchError);
        weight = weightOf(event.data[1] as DispatchInfo);
      }
    }
    return { fee, weight, records, refusal };
  }
}

/** Waits until a socket is open or has failed. The provider itself would retry without end. */
function opened(provider: WsProvider): Promise<void> {
  return new Promise((resolve, reject) => {
    provider.on("error", (event: { message?: string }) =>
      reject(new Error(event.message ?? "no answer")),
    );
    provider.on("connected", () => resolve());
    provider.connect().catch(reject);
  });
}

/** The error for a transaction that a node refuses, such as `1010: Invalid Transaction: …`. */
function refused(error: unknown): TephraError {
  const message = messageOf(error).replace(/^\d+: /, "");
  return new TephraError("contract", `the node refuses the transaction: ${shorten(message)}`, {
    cause: error,
  });
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${milliseconds / 1000} seconds`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
