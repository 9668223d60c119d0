/** Decodes logs as events of an ABI. */
import type { EventFragment, Interface, ParamType } from "ethers/abi";
import { plain } from "../text.js";
import { showValue, toValue, type Value } from "./value.js";

/** A log of a contract. All fields are hexadecimal strings. */
export interface Log {
  address: string;
  topics: string[];
  data: string;
}

/** A decoded event. */
export interface Event {
  name: string;
  /** The canonical signature. */
  signature: string;
  /**
   * The arguments in the order of the declaration. The value of an indexed argument of variable
   * size is its Keccak-256.
   */
  arguments: { name: string; type: string; value: Value }[];
}

/** Decodes a log; null when no event of the ABI fits. */
export function decodeEvent(log: Log, abi?: Interface): Event | null {
  let found: Event | null = null;
  abi?.forEachEvent((event) => {
    // Events of different indexing share a signature; only the right one decodes.
    if (found === null && !event.anonymous && event.topicHash === log.topics[0])
      found = decode(event, log, abi);
  });
  return found;
}

function decode(event: EventFragment, log: Log, abi: Interface): Event | null {
  const indexed = event.inputs.filter((type) => type.indexed === true).length;
  if (indexed !== log.topics.length - 1) return null;
  try {
    const decoded = abi.decodeEventLog(event, log.data, log.topics);
    const value = (type: ParamType, at: number) => ({
      name: type.name,
      type: type.format("sighash"),
      value: toValue(type, decoded[at]),
    });
    return {
      name: event.name,
      signature: event.format("sighash"),
      arguments: event.inputs.map(value),
    };
  } catch {
    return null;
  }
}

/** An event as text: `Transfer(from: alice, to: bob, amount: 3)`. */
export function showEvent(
  event: Event,
  abi: Interface,
  name?: (address: string) => string,
): string {
  const inputs = abi.getEvent(event.signature)?.inputs ?? [];
  const parts = event.arguments.map((argument, at) => {
    const type = inputs[at];
    const hashed =
      type !== undefined &&
      typeof argument.value === "string" &&
      type.indexed === true &&
      type.type === "string";
    const value =
      type === undefined || hashed ? String(argument.value) : showValue(type, argument.value, name);
    return `${plain(argument.name || argument.type)}: ${value}`;
  });
  return `${plain(event.name)}(${parts.join(", ")})`;
}
