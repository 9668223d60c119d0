/**
 * The memory of a contract: static data, then a heap that only grows. An execution is short and its
 * memory is thrown away at its end, so nothing is ever freed, and memory that was never written is
 * zero.
 *
 * Objects are of `@unmanaged` classes, and `make` makes them. The compiler's own heap, which `new`,
 * arrays and joined strings use, is set up in a start function, and a contract may not have one.
 */

/** Bytes of heap in use. */
let used: usize = 0;

const PAGE_BITS: u32 = 16;
/**
 * The largest heap in bytes, a multiple of 8 that keeps the sums below far from the end of the
 * address space.
 */
const LARGEST: usize = 1 << 30;

/** Zeroed memory for `size` bytes, aligned to 8. Traps when there is none left. */
export function allocate(size: usize): usize {
  if (size > LARGEST - used) unreachable();
  const start = ((__heap_base + 7) & ~7) + used;
  used += (size + 7) & ~7;
  const end = start + size;
  const capacity = <usize>memory.size() << PAGE_BITS;
  if (end > capacity && memory.grow(<i32>((end - capacity - 1) >>> PAGE_BITS) + 1) < 0)
    unreachable();
  return start;
}

/** A zeroed object of an `@unmanaged` class. */
export function make<T>(): T {
  return changetype<T>(allocate(offsetof<T>()));
}

/** Copies `length` bytes between ranges that do not overlap. */
export function copy(to: usize, from: usize, length: u32): void {
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) store<u64>(to + i, load<u64>(from + i));
  for (; i < length; i++) store<u8>(to + i, load<u8>(from + i));
}
