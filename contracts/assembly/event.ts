import { Address } from "./address";
import * as ethereum from "./ethereum";
import { allocate } from "./memory";
import { U256 } from "./u256";

/**
 * Logs an event of the form `Name(address indexed, address indexed, uint256)`.
 * `signature` points to the 32 bytes of the Keccak-256 of the event's signature.
 */
export function emit(signature: usize, first: Address, second: Address, number: U256): void {
  const words = allocate(96);
  first.store(words + 12);
  second.store(words + 44);
  number.store(words + 64);
  ethereum.log(words + 64, 32, 3, signature, words, words + 32, 0);
}
