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
  /** Wait until the block is final. */
  finalized?: boolean;
  /** What {@link view} takes as given instead of the block to come and the state. */
  given?: Given | null;
}

/** What is known of contracts: the ABI of the one that is called or made (for null), and of others, by address. */
export type AbiOf = (address: string | null) => Abi | undefined;

/** The gas to allow where so much suffices in a dry run: a tenth more, since another transaction may come first and change what it costs, but not more than is allowed. */
export function withMargin(enough: bigint, most: bigint): bigint {
  const more = enough + enough / 10n + 1n;
  return more < most ? more : most;
}

interface Plan {
  dryRun: (gas: bigint | null) => Promise<Outcome>;
  estimate: () => Promise<bigint>;
  extrinsic: (gas: bigint) => SubmittableExtrinsic<"promise">;
}

/**
 * Deploys init code, constructor arguments included.
 *
 * Without a gas limit, what fails in the dry run is not sent; with one it is sent and fails on the chain.
 */
export async function deploy(chain: Chain, code: Uint8Array, sending: Sending, abiOf: AbiOf = () => undefined): Promise<Report> {
  const { pallet } = chain;
  const { from, value } = sending;
  return send(chain, sending, { to: null, called: null, abiOf }, {
    dryRun: (gas) => pallet.create(from.account, code, value, gas),
    estimate: () => pallet.estimate(from.account, null, code, value),
    extrinsic: (gas) => pallet.createExtrinsic(code, value, gas),
  });
}

/** Calls a contract. Without a gas limit, what fails in the dry run is not sent; with one it is sent and fails on the chain. */
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
  return send(chain, sending, { to, called, abiOf }, {
    dryRun: (gas) => pallet.call(from.account, to, data, value, gas),
    estimate: () => pallet.estimate(from.account, to, data, value),
    extrinsic: (gas) => pallet.callExtrinsic(to, data, value, gas),
  });
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
  const dry = await chain.pallet.call(sending.from.account, to, data, sending.value, sending.gas, sending.given);
  const from = await chain.pallet.addressOf(sending.from.account);
  return makeReport({ from, to, gasLimit: sending.gas ?? dry.gasUsed, called, abiOf }, dry, null);
}

async function send(
  chain: Chain,
  sending: Sending,
  about: { to: string | null; called: FunctionFragment | null; abiOf: AbiOf },
  plan: Plan,
): Promise<Report> {
  const [from, dry] = await Promise.all([chain.pallet.addressOf(sending.from.account), plan.dryRun(sending.gas)]);
  if (sending.gas === null && dry.refusal !== null) {
    return makeReport({ from, gasLimit: dry.gasUsed, ...about }, dry, null);
  }
  const gas = sending.gas ?? withMargin(await plan.estimate(), chain.pallet.mostGas);
  const inclusion = await chain.submit(plan.extrinsic(gas), sending.from, sending.finalized);
  return makeReport({ from, gasLimit: gas, ...about }, dry, { inclusion, effects: chain.pallet.effects(inclusion.records) });
}

/** Fails unless there is a contract at an address. */
export async function mustBeContract(chain: Chain, address: string, called: string): Promise<void> {
  if (await chain.pallet.isContract(address)) return;
  const name = called === address ? "" : ` (\`${called}\`)`;
  throw new TephraError("usage", `there is no contract at ${address}${name} on this chain; deploy one, or check the address and the node's URL`);
}
