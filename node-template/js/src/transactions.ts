/** Deployments, calls and questions: a dry run first, then, where something is to change, the transaction. */
import type { SubmittableExtrinsic } from "@polkadot/api/types";
import type { FunctionFragment } from "ethers/abi";
import type { Abi } from "./abi/index.js";
import type { Sender } from "./accounts.js";
import type { Chain } from "./chain.js";
import { TephraError } from "./errors.js";
import type { Given, Outcome } from "./pallet.js";
import { makeReport, type Report } from "./report.js";

/** Who sends, and with what. */
export interface Sending {
  from: Sender;
  /** What is sent along. */
  value: bigint;
  /** Gas that may be used; null: what a dry run needs, with a margin. */
  gas: bigint | null;
  /** What deposits may cost, less what comes back; null or nothing: what a dry run takes, with a margin; `none`: whatever they cost. */
  depositLimit?: DepositLimit;
  /** Wait until the block is final. */
  finalized?: boolean;
  /** What {@link view} takes as given instead of the block to come and the state. */
  given?: Given | null;
}

/** A limit of deposits, as {@link Sending} has it. */
export type DepositLimit = bigint | "none" | null;

/** What is known of contracts: the ABI of the one that is called or made (for null), and of others, by address. */
export type AbiOf = (address: string | null) => Abi | undefined;

/** The gas to allow where so much suffices in a dry run: a tenth more, since another transaction may come first and change what it costs, but not more than is allowed. */
export function withMargin(enough: bigint, most: bigint): bigint {
  const more = enough + enough / 10n + 1n;
  return more < most ? more : most;
}

/**
 * The limit of deposits for a transaction that pays so much for them in a dry run, whatever it is paid back: a tenth more, since another transaction may come first. What costs nothing may
 * cost nothing.
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
 * Without a gas limit, what fails in the dry run is not sent; with one it is sent and fails on the chain. In either case its deposits cost no more than the limit.
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

/** Calls a contract. Without a gas limit, what fails in the dry run is not sent; with one it is sent and fails on the chain. In either case its deposits cost no more than the limit. */
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

/** Asks a contract: a dry run in the next block, whose changes are forgotten. */
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

/** The limit of deposits that was given as a number. */
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

/** Fails unless there is a contract at an address. */
export async function mustBeContract(chain: Chain, address: string, called: string): Promise<void> {
  if (await chain.pallet.isContract(address)) return;
  const name = called === address ? "" : ` (\`${called}\`)`;
  throw new TephraError(
    "usage",
    `there is no contract at ${address}${name} on this chain; deploy one, or check the address and the node's URL`,
  );
}
