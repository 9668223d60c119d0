/**
 * The constructor's side of a deployment. The deployer appends the ABI-encoded arguments to the
 * init code as a custom section named `constructor`, so that it stays a valid module.
 */
import { Arguments } from "./abi";
import * as ethereum from "./ethereum";
import { allocate } from "./memory";
import { revert } from "./revert";

/** Length and characters of the section's name, as they lie in the section. */
const NAME = memory.data<u8>([
  11, 0x63, 0x6f, 0x6e, 0x73, 0x74, 0x72, 0x75, 0x63, 0x74, 0x6f, 0x72,
]);
const NAME_SIZE: u32 = 12;
/** Magic and version of a module. */
const PREAMBLE: u32 = 8;
/** The longest start of a section: identifier, size in 5 bytes, name. */
const HEADER: u32 = 1 + 5 + NAME_SIZE;

/** The arguments given to the constructor. Reverts when there are none. */
export function constructorArguments(): Arguments {
  const size = ethereum.getCodeSize();
  const header = allocate(HEADER);
  // The engine has validated the code, so each section ends where the next one begins.
  for (let at = PREAMBLE; at < size; ) {
    ethereum.codeCopy(header, at, min(HEADER, size - at));
    let name: usize = header + 1;
    let length: u32 = 0;
    for (let shift: u32 = 0, more = true; more; shift += 7) {
      const byte: u32 = load<u8>(name++);
      length |= (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    at += <u32>(name - header);
    if (load<u8>(header) == 0 && length >= NAME_SIZE && isName(name)) {
      const encoded = allocate(length - NAME_SIZE);
      ethereum.codeCopy(encoded, at + NAME_SIZE, length - NAME_SIZE);
      return Arguments.at(encoded, length - NAME_SIZE);
    }
    at += length;
  }
  revert("constructor: no arguments were given");
  return unreachable();
}

function isName(bytes: usize): bool {
  return load<u64>(bytes) == load<u64>(NAME) && load<u32>(bytes, 8) == load<u32>(NAME, 8);
}
