/**
 * An ERC-20 token (EIP-20): its state, its events, its functions. `deploy.ts` makes it,
 * `runtime.ts` answers calls to it.
 */
import { Address, caller } from "../assembly/address";
import { Bytes } from "../assembly/bytes";
import { emit } from "../assembly/event";
import { require } from "../assembly/revert";
import * as storage from "../assembly/storage";
import { U256 } from "../assembly/u256";

/** The state variables, by their tags in storage. */
const enum State {
  Name,
  Symbol,
  Decimals,
  TotalSupply,
  Balances,
  Allowances,
}

/** Keccak-256 of `Transfer(address,address,uint256)`. */
const TRANSFER = memory.data<u8>([
  0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa,
  0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
]);

/** Keccak-256 of `Approval(address,address,uint256)`. */
const APPROVAL = memory.data<u8>([
  0x8c, 0x5b, 0xe1, 0xe5, 0xeb, 0xec, 0x7d, 0x5b, 0xd1, 0x4f, 0x71, 0x42, 0x7d, 0x1e, 0x84, 0xf3,
  0xdd, 0x03, 0x14, 0xc0, 0xf7, 0xb2, 0x29, 0x1e, 0x5b, 0x20, 0x0a, 0xc8, 0xc7, 0xc3, 0xb9, 0x25,
]);

/** Makes the token and gives all of it to its creator. */
export function construct(name: Bytes, symbol: Bytes, decimals: u8, initialSupply: U256): void {
  storage.storeText(State.Name, name);
  storage.storeText(State.Symbol, symbol);
  storage.storeU256(storage.single(State.Decimals), U256.from(decimals));
  storage.storeU256(storage.single(State.TotalSupply), initialSupply);

  const creator = caller();
  setBalance(creator, initialSupply);
  emit(TRANSFER, Address.zero(), creator, initialSupply);
}

export function name(): Bytes {
  return storage.loadText(State.Name);
}

export function symbol(): Bytes {
  return storage.loadText(State.Symbol);
}

/** How many digits of an amount are behind the decimal point when it is shown to a person. */
export function decimals(): U256 {
  return storage.loadU256(storage.single(State.Decimals));
}

export function totalSupply(): U256 {
  return storage.loadU256(storage.single(State.TotalSupply));
}

export function balanceOf(owner: Address): U256 {
  return storage.loadU256(storage.mapped(State.Balances, owner));
}

/** What `spender` may still move out of the balance of `owner`. */
export function allowance(owner: Address, spender: Address): U256 {
  return storage.loadU256(storage.mappedTwice(State.Allowances, owner, spender));
}

/** Moves `amount` from the caller to `to`. */
export function transfer(to: Address, amount: U256): bool {
  move(caller(), to, amount);
  return true;
}

/** Moves `amount` from `from` to `to`, out of what `from` allowed the caller. */
export function transferFrom(from: Address, to: Address, amount: U256): bool {
  const spender = caller();
  const allowed = allowance(from, spender);
  // The largest allowance has no limit, and is not used up.
  if (allowed != U256.max()) {
    require(allowed >= amount, "ERC20: insufficient allowance");
    setAllowance(from, spender, allowed - amount);
  }
  move(from, to, amount);
  return true;
}

/** Allows `spender` to move up to `amount` out of the caller's balance. */
export function approve(spender: Address, amount: U256): bool {
  allow(caller(), spender, amount);
  return true;
}

/** Allows `spender` to move `added` more than before. */
export function increaseAllowance(spender: Address, added: U256): bool {
  const owner = caller();
  allow(owner, spender, allowance(owner, spender) + added);
  return true;
}

/** Allows `spender` to move `subtracted` less than before. */
export function decreaseAllowance(spender: Address, subtracted: U256): bool {
  const owner = caller();
  const allowed = allowance(owner, spender);
  require(allowed >= subtracted, "ERC20: decreased allowance below zero");
  allow(owner, spender, allowed - subtracted);
  return true;
}

function move(from: Address, to: Address, amount: U256): void {
  require(!from.isZero(), "ERC20: transfer from the zero address");
  require(!to.isZero(), "ERC20: transfer to the zero address");
  const balance = balanceOf(from);
  require(balance >= amount, "ERC20: transfer amount exceeds balance");
  setBalance(from, balance - amount);
  setBalance(to, balanceOf(to) + amount);
  emit(TRANSFER, from, to, amount);
}

function allow(owner: Address, spender: Address, amount: U256): void {
  require(!owner.isZero(), "ERC20: approve from the zero address");
  require(!spender.isZero(), "ERC20: approve to the zero address");
  setAllowance(owner, spender, amount);
  emit(APPROVAL, owner, spender, amount);
}

function setBalance(owner: Address, amount: U256): void {
  storage.storeU256(storage.mapped(State.Balances, owner), amount);
}

function setAllowance(owner: Address, spender: Address, amount: U256): void {
  storage.storeU256(storage.mappedTwice(State.Allowances, owner, spender), amount);
}
