import * as ethereum from "./ethereum";
import { make } from "./memory";

/**
 * The 20 bytes of an account's address, in the order in which they are written. `changetype<usize>`
 * makes it a pointer to them.
 */
@unmanaged @final
export class Address {
  private a: u64;
  private b: u64;
  private c: u32;

  /** The address whose bytes lie at `pointer`; nothing is copied. */
  @inline
  static at(pointer: usize): Address {
    return changetype<Address>(pointer);
  }

  /** The zero address: nobody, by the token standard. */
  @inline
  static zero(): Address {
    return make<Address>();
  }

  /** Whether this is the zero address. */
  isZero(): bool {
    return (this.a | this.b | this.c) == 0;
  }

  @operator("==")
  equals(other: Address): bool {
    return ((this.a ^ other.a) | (this.b ^ other.b) | (this.c ^ other.c)) == 0;
  }

  // Without an overload of its own, `!=` would compare the places in memory.
  @operator("!=") @inline
  differs(other: Address): bool {
    return !this.equals(other);
  }

  /** Writes the bytes to `pointer`. */
  store(pointer: usize): void {
    store<u64>(pointer, this.a);
    store<u64>(pointer, this.b, 8);
    store<u32>(pointer, this.c, 16);
  }
}

/** The account or contract that sent the message. */
export function caller(): Address {
  const address = make<Address>();
  ethereum.getCaller(changetype<usize>(address));
  return address;
}
