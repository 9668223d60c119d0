/** The weight of a dispatched call, and the error with which the runtime undoes it. */
import type { DispatchError, DispatchInfo } from "@polkadot/types/interfaces/system";
import type { Registry } from "@polkadot/types/types";

/** The part of a block that a call takes. */
export interface Weight {
  /** Time in picoseconds. */
  refTime: bigint;
  /** Bytes of proof. */
  proofSize: bigint;
}

/** The error for which the runtime undid a transaction. */
export interface Refusal {
  /** The error's name, such as `Ewasm.Reverted`. */
  name: string;
  /** The error's documentation. */
  docs: string;
}

/** The weight of a dispatched call. */
export function weightOf({ weight }: Pick<DispatchInfo, "weight">): Weight {
  return { refTime: weight.refTime.toBigInt(), proofSize: weight.proofSize.toBigInt() };
}

/** An error of the runtime with its documentation. */
export function refusalOf(registry: Registry, error: DispatchError): Refusal {
  if (!error.isModule) {
    return { name: error.isToken ? `Token.${error.asToken.type}` : error.type, docs: "" };
  }
  const { section, name, docs } = registry.findMetaError(error.asModule);
  const pallet = `${section.charAt(0).toUpperCase()}${section.slice(1)}`;
  return { name: `${pallet}.${name}`, docs: docs.join(" ").trim() };
}
