import { make } from "./memory";

/** A range of memory. Two are equal when they are the same object, whatever the bytes in them. */
@unmanaged @final
export class Bytes {
  private start: usize;
  private size: u32;

  /** The `length` bytes at `pointer`; nothing is copied. */
  static at(pointer: usize, length: u32): Bytes {
    const bytes = make<Bytes>();
    bytes.start = pointer;
    bytes.size = length;
    return bytes;
  }

  /** Where the bytes lie. */
  @inline
  get pointer(): usize {
    return this.start;
  }

  /** How many there are. */
  @inline
  get length(): u32 {
    return this.size;
  }
}
