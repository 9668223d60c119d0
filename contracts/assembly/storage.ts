/**
 * State variables in storage. Each has a tag, and the first byte of a key is the tag of its
 * variable, so that no two variables can meet.
 *
 * | variable | key |
 * |---|---|
 * | a single value | tag, 31 zeros |
 * | a mapping from an address | tag, 11 zeros, address |
 * | a mapping from two addresses | tag, the last 31 bytes of SHA-256(first ‖ second) |
 * | a text, word `i` | tag, 30 zeros, i |
 *
 * A number is stored big-endian. A text of `n` bytes has in word 0 its first 31 bytes and, last,
 * `n`; each further word has 32 bytes.
 */
import { Address } from "./address";
import { Bytes } from "./bytes";
import * as ethereum from "./ethereum";
import { allocate, copy } from "./memory";
import { sha256 } from "./sha256";
import { U256 } from "./u256";

/** The longest text in bytes. */
export const LONGEST_TEXT: u32 = 255;

/** A pointer to a key of 32 bytes. */
export type Key = usize;

/** The key of a single value. */
export function single(tag: i32): Key {
  const key = allocate(32);
  store<u8>(key, tag);
  return key;
}

/** The key of an address in a mapping. */
export function mapped(tag: i32, address: Address): Key {
  const key = single(tag);
  address.store(key + 12);
  return key;
}

/** The key of two addresses in a mapping of mappings. */
export function mappedTwice(tag: i32, first: Address, second: Address): Key {
  const pair = allocate(40);
  first.store(pair);
  second.store(pair + 20);
  const key = sha256(pair, 40);
  store<u8>(key, tag);
  return key;
}

/** The number stored under a key; zero where nothing was stored. */
export function loadU256(key: Key): U256 {
  const word = allocate(32);
  ethereum.storageLoad(key, word);
  return U256.load(word);
}

/** Stores a number under a key. */
export function storeU256(key: Key, number: U256): void {
  const word = allocate(32);
  number.store(word);
  ethereum.storageStore(key, word);
}

/** The text of a variable; empty where nothing was stored. */
export function loadText(tag: i32): Bytes {
  const key = single(tag);
  const words = allocate(32 + LONGEST_TEXT);
  ethereum.storageLoad(key, words);
  const length: u32 = load<u8>(words, 31);
  for (let at: u32 = 31, index: u8 = 1; at < length; at += 32, index++) {
    store<u8>(key, index, 31);
    ethereum.storageLoad(key, words + at);
  }
  return Bytes.at(words, length);
}

/** Stores a text of at most `LONGEST_TEXT` bytes. */
export function storeText(tag: i32, text: Bytes): void {
  const key = single(tag);
  const words = allocate(32 + LONGEST_TEXT);
  copy(words, text.pointer, text.length);
  const first = allocate(32);
  copy(first, words, 31);
  store<u8>(first, text.length, 31);
  ethereum.storageStore(key, first);
  for (let at: u32 = 31, index: u8 = 1; at < text.length; at += 32, index++) {
    store<u8>(key, index, 31);
    ethereum.storageStore(key, words + at);
  }
}
