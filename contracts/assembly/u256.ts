import { make } from "./memory";
import { require } from "./revert";

/** An unsigned number of 256 bits that does not change. Arithmetic that does not fit reverts. */
@unmanaged @final
export class U256 {
  // From the least significant limb to the most.
  private a: u64;
  private b: u64;
  private c: u64;
  private d: u64;

  private static of(a: u64, b: u64, c: u64, d: u64): U256 {
    const number = make<U256>();
    number.a = a;
    number.b = b;
    number.c = c;
    number.d = d;
    return number;
  }

  /** The number of a small one. */
  static from(small: u64): U256 {
    return U256.of(small, 0, 0, 0);
  }

  /** 2^256 − 1, by which tokens mean "without limit". */
  static max(): U256 {
    return U256.of(-1, -1, -1, -1);
  }

  /** The number in a word: 32 bytes, big-endian, as in call data and storage. */
  static load(word: usize): U256 {
    return U256.of(
      bswap(load<u64>(word, 24)),
      bswap(load<u64>(word, 16)),
      bswap(load<u64>(word, 8)),
      bswap(load<u64>(word)),
    );
  }

  /** Writes the number as a word: 32 bytes, big-endian. */
  store(word: usize): void {
    store<u64>(word, bswap(this.d));
    store<u64>(word, bswap(this.c), 8);
    store<u64>(word, bswap(this.b), 16);
    store<u64>(word, bswap(this.a), 24);
  }

  /** Whether the number is at most `limit`. */
  fits(limit: u64): bool {
    return (this.b | this.c | this.d) == 0 && this.a <= limit;
  }

  /** The lowest 64 bits. */
  @inline
  low(): u64 {
    return this.a;
  }

  @operator("==")
  equals(other: U256): bool {
    return ((this.a ^ other.a) | (this.b ^ other.b) | (this.c ^ other.c) | (this.d ^ other.d)) == 0;
  }

  // Without an overload of its own, `!=` would compare the places in memory.
  @operator("!=") @inline
  differs(other: U256): bool {
    return !this.equals(other);
  }

  @operator("<")
  less(other: U256): bool {
    if (this.d != other.d) return this.d < other.d;
    if (this.c != other.c) return this.c < other.c;
    if (this.b != other.b) return this.b < other.b;
    return this.a < other.a;
  }

  @operator(">") @inline
  greater(other: U256): bool {
    return other.less(this);
  }

  @operator("<=") @inline
  notGreater(other: U256): bool {
    return !other.less(this);
  }

  @operator(">=") @inline
  notLess(other: U256): bool {
    return !this.less(other);
  }

  @operator("+")
  plus(other: U256): U256 {
    const a = this.a + other.a;
    let carry = u64(a < other.a);
    const b = this.b + other.b + carry;
    carry = u64(carry ? b <= other.b : b < other.b);
    const c = this.c + other.c + carry;
    carry = u64(carry ? c <= other.c : c < other.c);
    const d = this.d + other.d + carry;
    require(!(carry ? d <= other.d : d < other.d), "U256: addition overflow");
    return U256.of(a, b, c, d);
  }

  @operator("-")
  minus(other: U256): U256 {
    require(this >= other, "U256: subtraction overflow");
    const a = this.a - other.a;
    let borrow = u64(this.a < other.a);
    const b = this.b - other.b - borrow;
    borrow = u64(borrow ? this.b <= other.b : this.b < other.b);
    const c = this.c - other.c - borrow;
    borrow = u64(borrow ? this.c <= other.c : this.c < other.c);
    return U256.of(a, b, c, this.d - other.d - borrow);
  }
}
