import * as ethereum from "./ethereum";
import { allocate } from "./memory";

/** Selector of `Error(string)`, the form in which Solidity gives a reason, as it lies in memory. */
const ERROR: u32 = 0xa079c308;

/** Reverts with a reason in ASCII, encoded as `Error(string)`. Does not return. */
export function revert(reason: string): void {
  const length = reason.length;
  const padded = (length + 31) & ~31;
  const output = allocate(4 + 64 + padded);
  store<u32>(output, ERROR);
  store<u8>(output + 4, 32, 31);
  store<u8>(output + 36, length, 31);
  for (let i = 0; i < length; i++) {
    store<u8>(output + i, load<u16>(changetype<usize>(reason) + (i << 1)), 68);
  }
  ethereum.revert(output, 68 + padded);
  unreachable();
}

/** Reverts with `reason` unless the condition holds. */
export function require(condition: bool, reason: string): void {
  if (!condition) revert(reason);
}
