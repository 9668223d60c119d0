/** Deployments, calls and views. A dry run comes first, then the transaction, if there is one. */
import type { SubmittableExtrinsic } from "@polkadot/api/types";
import type { FunctionFragment } from "ethers/abi";
import type { Abi } from "./abi/index.js";
import type { Sender } from "./accounts.js";
import type { Chain } from "./chain.js";
import { TephraError } from "./errors.js";
import type { Given, Outcome } from "./pallet.js";
import { makeReport, type Report } from "./report.js";

/** The sender and the limits of a transaction. */
export interface Sending {
  from: Sender;
  /** The value to send. */
  value: bigint;
  /** The gas limit; null: what a dry run needs, and a margin. */
  gas: bigint | null;
  /**
   * The most that deposits may cost, less what is given back. Without it or null: what a dry run
   * pays, and a margin; `none`: no limit.
   */
  depositLimit?: DepositLimit;
  /** Whether to wait until the block is final. */
  finalized?: boolean;
  /** What {@link view} takes as given in place of the next block and the state. */
  given?: Given | null;
}

/** The limit of deposits in {@link Sending}. */
export type DepositLimit = bigint | "none" | null;

/** The known ABIs of contracts by address; null stands for the called or created contract. */
export type AbiOf = (address: string | null) => Abi | undefined;

/**
 * The gas limit for a transaction whose dry run needs `enough`: a tenth more, since another
 * transaction may come first and change its cost, but at most `most`.
 */
export function withMargin(enough: bigint, most: bigint): bigint {
  const more = enough + enough / 10n + 1n;
  return more < most ? more : most;
}

/**
 * The limit of deposits for a transaction whose dry run pays `charged`, whatever is given back: a
 * tenth more, since another transaction may come first. Where nothing is paid, nothing is allowed.
 */
export function depositLimitFor(charged: bigint): bigint {
  return charged + charged / 10n;
}

interface Plan {
  dryRun: (gas: bigint | null, depositLimit: bigint | null) => Promise<Outcome>;
  estimate: () => Promise<bigint>;
  extrinsic: (gas: bigint, depositLimit: bigint | null) => SubmittableExtrinsic<"promise">;
}

/**
 * Deploys init code, constructor arguments included.
 *
 * Without a gas limit, a transaction that fails in the dry run is not sent. With one it is sent and
 * fails on the chain. In both cases its deposits cost at most the limit.
 */
export async function deploy(
  chain: Chain,
  code: Uint8Array,
  sending: Sending,
  abiOf: AbiOf = () => undefined,
): Promise<Report> {
  const { pallet } = chain;
  const { from, value } = sending;
  return send(
    chain,
    sending,
    { to: null, called: null, abiOf },
    {
      dryRun: (gas, depositLimit) => pallet.create(from.account, code, value, gas, depositLimit),
      estimate: () => pallet.estimate(from.account, null, code, value),
      extrinsic: (gas, depositLimit) => pallet.createExtrinsic(code, value, gas, depositLimit),
    },
  );
}

/**
 * Calls a contract.
 *
 * Without a gas limit, a transaction that fails in the dry run is not sent. With one it is sent and
 * fails on the chain. In both cases its deposits cost at most the limit.
 */
export async function call(
  chain: Chain,
  to: string,
  data: Uint8Array,
  sending: Sending,
  called: FunctionFragment | null = null,
  abiOf: AbiOf = () => undefined,
): Promise<Report> {
  const { pallet } = chain;
  const { from, value } = sending;
  return send(
    chain,
    sending,
    { to, called, abiOf },
    {
      dryRun: (gas, depositLimit) => pallet.call(from.account, to, data, value, gas, depositLimit),
      estimate: () => pallet.estimate(from.account, to, data, value),
      extrinsic: (gas, depositLimit) => pallet.callExtrinsic(to, data, value, gas, depositLimit),
    },
  );
}

/** Asks a contract, by a dry run in the next block. */
export async function view(
  chain: Chain,
  to: string,
  data: Uint8Array,
  sending: Sending,
  called: FunctionFragment | null = null,
  abiOf: AbiOf = () => undefined,
): Promise<Report> {
  const depositLimit = limitOf(sending);
  const dry = await chain.pallet.call(
    sending.from.account,
    to,
    data,
    sending.value,
    sending.gas,
    depositLimit,
    sending.given,
  );
  const from = await chain.pallet.addressOf(sending.from.account);
  return makeReport(
    { from, to, gasLimit: sending.gas ?? dry.gasUsed, depositLimit, called, abiOf },
    dry,
    null,
  );
}

/** The limit of deposits, if it is a number. */
function limitOf({ depositLimit }: Sending): bigint | null {
  return typeof depositLimit === "bigint" ? depositLimit : null;
}

async function send(
  chain: Chain,
  sending: Sending,
  about: { to: string | null; called: FunctionFragment | null; abiOf: AbiOf },
  plan: Plan,
): Promise<Report> {
  const [from, dry] = await Promise.all([
    chain.pallet.addressOf(sending.from.account),
    plan.dryRun(sending.gas, limitOf(sending)),
  ]);
  const depositLimit =
    sending.depositLimit === "none" ? null : (limitOf(sending) ?? depositLimitFor(dry.charged));
  if (sending.gas === null && dry.refusal !== null) {
    return makeReport({ from, gasLimit: dry.gasUsed, depositLimit, ...about }, dry, null);
  }
  const gas = sending.gas ?? withMargin(await plan.estimate(), chain.pallet.mostGas);
  const inclusion = await chain.submit(
    plan.extrinsic(gas, depositLimit),
    sending.from,
    sending.finalized,
  );
  return makeReport({ from, gasLimit: gas, depositLimit, ...about }, dry, {
    inclusion,
    effects: chain.pallet.effects(inclusion.records),
  });
}

/** Throws unless there is a contract at an address. */
export async function mustBeContract(chain: Chain, address: string, called: string): Promise<void> {
  if (await chain.pallet.isContract(address)) return;
  const name = called === address ? "" : ` (\`${called}\`)`;
  throw new TephraError(
    "usage",
    `there is no contract at ${address}${name} on this chain; ` +
      "deploy one, or check the address and the node's URL",
  );
}
