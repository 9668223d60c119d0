/**
 * The init code of a create: runs the constructor, and ends with the code to store.
 */
import { refuseValue } from "../assembly/abi";
import { constructorArguments } from "../assembly/constructor";
import * as ethereum from "../assembly/ethereum";
import { LONGEST_TEXT } from "../assembly/storage";
import { CODE, CODE_SIZE } from "../out/token/code";
import { construct } from "./token";

/** constructor(string name, string symbol, uint8 decimals, uint256 initialSupply) */
export function main(): void {
  refuseValue();
  const data = constructorArguments();
  construct(data.bytes(0, LONGEST_TEXT), data.bytes(1, LONGEST_TEXT), data.u8(2), data.u256(3));
  ethereum.finish(CODE, CODE_SIZE);
}
