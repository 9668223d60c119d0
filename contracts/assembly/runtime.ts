/**
 * The runtime that the compiler builds in (`--runtime`): a heap that only grows. An execution is short and its memory is thrown away at
 * its end, so nothing is ever freed, and memory that was never written is zero.
 *
 * The compiler's own runtimes set their heap up in a start function, which a contract may not have. This file exports nothing, since
 * the compiler would make each export one of the module.
 */

/** Bytes of heap in use. */
let used: usize = 0;

const PAGE_BITS: u32 = 16;
/** No single allocation comes near the address space, so that the sums below cannot wrap. */
const LARGEST: usize = 1 << 30;

// The name by which the compiler asks for memory.
@global @unsafe
function __alloc(size: usize): usize {
  if (size > LARGEST) unreachable();
  const start = __heap_base + used;
  const end = (start + size + 7) & ~7;
  const capacity = <usize>memory.size() << PAGE_BITS;
  // A capacity of zero is the whole address space of 65536 pages.
  if (end > capacity && memory.grow(<i32>((end - capacity + 0xffff) >> PAGE_BITS)) < 0) unreachable();
  used = end - __heap_base;
  return start;
}
