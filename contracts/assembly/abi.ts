/**
 * The contract ABI of Solidity: reading a call, answering it.
 */
import { Address } from "./address";
import { Bytes } from "./bytes";
import * as ethereum from "./ethereum";
import { allocate, copy, make } from "./memory";
import { require } from "./revert";
import { U256 } from "./u256";

const SELECTOR: u32 = 4;
const WORD: u32 = 32;

/**
 * ABI-encoded arguments. An argument that is missing or does not fit its type reverts with a
 * reason.
 */
@unmanaged @final
export class Arguments {
  private start: usize;
  private size: u32;

  /** The arguments encoded in `size` bytes at `start`. */
  static at(start: usize, size: u32): Arguments {
    const data = make<Arguments>();
    data.start = start;
    data.size = size;
    return data;
  }

  /** Argument `index`, an `address`. */
  address(index: u32): Address {
    const word = this.word(index);
    require((load<u64>(word) | load<u32>(word, 8)) == 0, "ABI: not an address");
    return Address.at(word + 12);
  }

  /** Argument `index`, a `uint256`. */
  u256(index: u32): U256 {
    return U256.load(this.word(index));
  }

  /** Argument `index`, a `uint8`. */
  u8(index: u32): u8 {
    const number = this.u256(index);
    require(number.fits(255), "ABI: not a uint8");
    return <u8>number.low();
  }

  /** Argument `index`, a `string` or `bytes` of at most `limit` bytes. */
  bytes(index: u32, limit: u32): Bytes {
    const offset = this.u256(index);
    // A word was read, so the size is at least its length.
    require(offset.fits(this.size - WORD), "ABI: offset outside the arguments");
    const content = <u32>offset.low() + WORD;
    const length = U256.load(this.start + content - WORD);
    require(length.fits(this.size - content), "ABI: length outside the arguments");
    require(length.fits(limit), "ABI: text is too long");
    return Bytes.at(this.start + content, <u32>length.low());
  }

  private word(index: u32): usize {
    const offset = index * WORD;
    require(offset + WORD <= this.size, "ABI: arguments are too short");
    return this.start + offset;
  }
}

/** A call: the function it asks for, and with what. */
@unmanaged @final
export class Call {
  private start: usize;
  private size: u32;

  /** The call that is being answered. Reverts when the call data has no selector. */
  static current(): Call {
    const size = ethereum.getCallDataSize();
    require(size >= SELECTOR, "ABI: no function selector");
    const call = make<Call>();
    call.start = allocate(size);
    call.size = size;
    ethereum.callDataCopy(call.start, 0, size);
    return call;
  }

  /** The selector: the first four bytes of the hash of the function's signature. */
  selector(): u32 {
    return bswap(load<u32>(this.start));
  }

  /** The arguments. */
  arguments(): Arguments {
    return Arguments.at(this.start + SELECTOR, this.size - SELECTOR);
  }
}

/** Reverts when the message carries a value: in Solidity's words, the function is not payable. */
export function refuseValue(): void {
  const value = allocate(16);
  ethereum.getCallValue(value);
  require((load<u64>(value) | load<u64>(value, 8)) == 0, "ABI: function is not payable");
}

/** Ends the call with a `uint256`. */
export function answerU256(number: U256): void {
  const output = allocate(WORD);
  number.store(output);
  ethereum.finish(output, WORD);
}

/** Ends the call with a small number: `uint8` to `uint64`, or `bool`. */
export function answerU64(number: u64): void {
  const output = allocate(WORD);
  store<u64>(output, bswap(number), 24);
  ethereum.finish(output, WORD);
}

/** Ends the call with a `string` or `bytes`. */
export function answerBytes(bytes: Bytes): void {
  const size = 2 * WORD + ((bytes.length + WORD - 1) & -WORD);
  const output = allocate(size);
  store<u8>(output, WORD, 31);
  store<u32>(output, bswap(bytes.length), 60);
  copy(output + 64, bytes.pointer, bytes.length);
  ethereum.finish(output, size);
}
