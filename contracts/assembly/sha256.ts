import { Address } from "./address";
import * as ethereum from "./ethereum";
import { allocate } from "./memory";
import { require } from "./revert";

/**
 * The SHA-256 of `length` bytes at `data`: a pointer to 32 bytes.
 *
 * Asked of the precompile at address 2, which every host has under this number; Keccak-256 at
 * address 9 is a host's choice.
 */
export function sha256(data: usize, length: u32): usize {
  const precompile = allocate(offsetof<Address>());
  store<u8>(precompile, 2, 19);
  const status = ethereum.callStatic(i64.MAX_VALUE, precompile, data, length);
  require(status == 0 && ethereum.getReturnDataSize() == 32, "SHA-256: precompile failed");
  const hash = allocate(32);
  ethereum.returnDataCopy(hash, 0, 32);
  return hash;
}
