/** Reports of transactions, as text and as JSON. */
import type { FunctionFragment } from "ethers/abi";
import {
  decodeEvent,
  decodeOutput,
  decodeRevert,
  showReason,
  type Abi,
  type Event,
  type Log,
  type Reason,
  type Value,
} from "./abi/index.js";
import type { Inclusion } from "./chain.js";
import type { Refusal, Weight } from "./dispatch.js";
import type { Effects, Outcome, Status } from "./pallet.js";
import { plain } from "./text.js";

/** A log, decoded as an event where the ABI of its contract is known. */
export interface DecodedLog extends Log {
  event: Event | null;
}

/** Why a transaction failed. */
export interface Failure {
  /** The reason, as part of a sentence. */
  reason: string;
  /** The decoded output of a revert. */
  revert: Reason | null;
  /** The runtime's error with its documentation. */
  refusal: Refusal | null;
}

/** The report of a transaction. */
export interface Report {
  status: Status;
  /** The number of its block; null when it was not sent. */
  block: number | null;
  blockHash: string | null;
  extrinsicHash: string | null;
  /** The address that sent it. */
  from: string;
  /** The called contract; null for a deployment. */
  to: string | null;
  /** The contract that a deployment created. */
  contract: string | null;
  gasUsed: bigint;
  gasLimit: bigint;
  /** The weight that it took. */
  weight: Weight;
  /** The fee; null when it was not sent. */
  fee: bigint | null;
  /**
   * The deposit for what it stored, less that for what it freed. When the limit was too low in a
   * dry run, what it would have been.
   */
  deposit: bigint;
  /** The most that deposits might cost; null: no limit. */
  depositLimit: bigint | null;
  /** The contract's output. */
  output: string;
  /** The decoded output; null when its types are not known or do not fit. */
  values: Value[] | null;
  logs: DecodedLog[];
  failure: Failure | null;
}

/** The request of a report. */
export interface Asked {
  from: string;
  to: string | null;
  gasLimit: bigint;
  depositLimit: bigint | null;
  called: FunctionFragment | null;
  /** The ABI of a contract by address; null stands for the called or created contract. */
  abiOf: (address: string | null) => Abi | undefined;
}

/** Makes a report of a dry run and, if the transaction was sent, of its inclusion. */
export function makeReport(
  asked: Asked,
  dry: Outcome,
  sent: { inclusion: Inclusion; effects: Effects } | null,
): Report {
  const refusal = sent === null ? dry.refusal : sent.inclusion.refusal;
  // The block counts: a dry run before it may have ended otherwise.
  const failed = refusal !== null;
  const status = failed ? (dry.status === "success" ? "failure" : dry.status) : "success";
  const made = sent?.effects.created ?? dry.address;
  const own = asked.to ?? made;
  const logs = (failed ? [] : (sent?.effects.logs ?? dry.logs)).map((log) => {
    const isOwn = own !== null && log.address.toLowerCase() === own.toLowerCase();
    const abi = isOwn ? asked.abiOf(null) : asked.abiOf(log.address);
    return { ...log, event: decodeEvent(log, abi) };
  });
  return {
    status,
    block: sent?.inclusion.block ?? null,
    blockHash: sent?.inclusion.blockHash ?? null,
    extrinsicHash: sent?.inclusion.extrinsicHash ?? null,
    from: asked.from,
    to: asked.to,
    contract: asked.to === null && !failed ? made : null,
    gasUsed: sent?.effects.gasUsed ?? dry.gasUsed,
    gasLimit: asked.gasLimit,
    weight: sent?.inclusion.weight ?? dry.weight,
    fee: sent?.inclusion.fee ?? null,
    deposit: failed
      ? sent === null && isOverDepositLimit(refusal)
        ? dry.deposit
        : 0n
      : (sent?.effects.deposit ?? dry.deposit),
    depositLimit: asked.depositLimit,
    output: dry.output,
    values: failed || asked.called === null ? null : decodeOutput(asked.called, dry.output),
    logs,
    failure: failed ? makeFailure(dry, refusal, asked.abiOf(null)) : null,
  };
}

/** Whether a transaction failed because its deposits would have cost more than their limit. */
export function isOverDepositLimit(refusal: Refusal | null): boolean {
  return refusal?.name === "Ewasm.StorageDepositLimitExhausted";
}

function makeFailure(dry: Outcome, refusal: Refusal | null, abi: Abi | undefined): Failure {
  const revert = dry.status === "revert" ? decodeRevert(dry.output, abi) : null;
  // The report shows already what a dry run shows.
  const docs = (refusal?.docs ?? "").replace(/\s*A dry run shows .*$/, "").replace(/\.$/, "");
  const place = dry.status === "out-of-gas" ? null : dry.message;
  return { reason: [docs, place].filter(Boolean).join(": ") || dry.status, revert, refusal };
}

/** A failure in one sentence: the contract's reason, and the meaning of the runtime's error. */
export function showFailure(report: Report): string {
  const { failure } = report;
  if (failure === null) return "";
  const { revert, refusal, reason } = failure;
  const name = refusal === null ? "" : ` (${refusal.name})`;
  if (revert === null) return `the transaction failed: ${plain(reason)}${name}`;
  const text = showReason(revert, report.output);
  return `the contract reverted${text === null ? " without saying why" : `: ${text}`}${name}`;
}

/**
 * A report as JSON with the names of the command `tephra`. Amounts are decimal strings; gas and
 * blocks are numbers.
 */
export function reportJson(report: Report): object {
  return {
    status: report.status,
    block: report.block,
    block_hash: report.blockHash,
    extrinsic_hash: report.extrinsicHash,
    from: report.from,
    to: report.to,
    contract: report.contract,
    gas_used: Number(report.gasUsed),
    gas_limit: Number(report.gasLimit),
    weight: {
      ref_time: Number(report.weight.refTime),
      proof_size: Number(report.weight.proofSize),
    },
    fee: report.fee?.toString() ?? null,
    deposit: report.deposit.toString(),
    deposit_limit: report.depositLimit?.toString() ?? null,
    output: report.output,
    values: report.values,
    logs: report.logs,
    failure: report.failure,
  };
}
