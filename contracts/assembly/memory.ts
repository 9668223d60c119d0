/**
 * The memory of a contract: static data, then the heap of `runtime.ts`.
 */

/** Zeroed memory for `size` bytes, aligned to 8. Traps when there is none left. */
@inline
export function allocate(size: usize): usize {
  return __alloc(size);
}

/** A zeroed object of an `@unmanaged` class. */
@inline
export function make<T>(): T {
  return changetype<T>(__alloc(offsetof<T>()));
}

/** Copies `length` bytes between ranges that do not overlap. */
export function copy(to: usize, from: usize, length: u32): void {
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) store<u64>(to + i, load<u64>(from + i));
  for (; i < length; i++) store<u8>(to + i, load<u8>(from + i));
}
