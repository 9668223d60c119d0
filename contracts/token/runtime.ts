/**
 * The code that is stored on the chain: finds the function that a call asks for, and answers with
 * what it returns.
 */
import { answerBytes, answerU256, answerU64, Call, refuseValue } from "../assembly/abi";
import { revert } from "../assembly/revert";
import * as token from "./token";

/** The functions by their selectors, the first four bytes of the Keccak-256 of their signatures. */
const enum Selector {
  name = 0x06fdde03,
  symbol = 0x95d89b41,
  decimals = 0x313ce567,
  totalSupply = 0x18160ddd,
  balanceOf = 0x70a08231,
  allowance = 0xdd62ed3e,
  transfer = 0xa9059cbb,
  transferFrom = 0x23b872dd,
  approve = 0x095ea7b3,
  increaseAllowance = 0x39509351,
  decreaseAllowance = 0xa457c2d7,
}

export function main(): void {
  refuseValue();
  const call = Call.current();
  const data = call.arguments();
  switch (call.selector()) {
    case Selector.transfer:
      return answerU64(token.transfer(data.address(0), data.u256(1)));
    case Selector.balanceOf:
      return answerU256(token.balanceOf(data.address(0)));
    case Selector.transferFrom:
      return answerU64(token.transferFrom(data.address(0), data.address(1), data.u256(2)));
    case Selector.approve:
      return answerU64(token.approve(data.address(0), data.u256(1)));
    case Selector.allowance:
      return answerU256(token.allowance(data.address(0), data.address(1)));
    case Selector.increaseAllowance:
      return answerU64(token.increaseAllowance(data.address(0), data.u256(1)));
    case Selector.decreaseAllowance:
      return answerU64(token.decreaseAllowance(data.address(0), data.u256(1)));
    case Selector.name:
      return answerBytes(token.name());
    case Selector.symbol:
      return answerBytes(token.symbol());
    case Selector.decimals:
      return answerU256(token.decimals());
    case Selector.totalSupply:
      return answerU256(token.totalSupply());
    default:
      revert("ERC20: unknown function");
  }
}
