//! Filling and copying of a few bytes, without a call.
//!
//! # Safety
//! 1. Pointers point to as many bytes as are written or read there: `count`.

use super::context::Context;
use super::registers::Registers;

/// Bytes that are few.
const FEW: u32 = 64;

/// What is left of the hot gas after a bulk instruction on few bytes; none when they are not few,
/// or cost too much.
#[inline(always)]
pub(super) fn affordable(r: &Registers, context: &Context<'_>, count: u32) -> Option<u64> {
    // Cannot overflow: the cost of a byte comes from 32 bits.
    r.gas.checked_sub(context.byte_cost * u64::from(count)).filter(|_| count <= FEW)
}

/// Whether the registers reach `count` bytes of the memory from `start` on.
#[inline(always)]
pub(super) fn reached(r: &Registers, start: u32, count: u32) -> bool {
    u64::from(start) + u64::from(count) <= r.memory_len
}

/// Fills up to [`FEW`] bytes.
#[inline(always)]
pub(super) unsafe fn fill(to: *mut u8, value: u8, count: u32) {
    let count = count as usize;
    let eight = u64::from(value).wrapping_mul(0x0101_0101_0101_0101);
    // SAFETY: Rule 1: every write ends at `count` at the latest.
    unsafe {
        if count >= 8 {
            let last = to.add(count - 8);
            let mut at = to;
            while at < last {
                at.cast::<u64>().write_unaligned(eight);
                at = at.add(8);
            }
            last.cast::<u64>().write_unaligned(eight);
        } else if count >= 4 {
            to.cast::<u32>().write_unaligned(eight as u32);
            to.add(count - 4).cast::<u32>().write_unaligned(eight as u32);
        } else if count > 0 {
            to.write(value);
            to.add(count / 2).write(value);
            to.add(count - 1).write(value);
        }
    }
}

/// Copies up to [`FEW`] bytes, which may overlap: everything is read before anything is written.
#[inline(always)]
pub(super) unsafe fn copy(to: *mut u8, from: *const u8, count: u32) {
    let count = count as usize;
    // SAFETY: Rule 1: every block is no longer than `count`.
    unsafe {
        if count > 32 {
            ends::<[u128; 2]>(to, from, count);
        } else if count >= 16 {
            ends::<u128>(to, from, count);
        } else if count >= 8 {
            ends::<u64>(to, from, count);
        } else if count >= 4 {
            ends::<u32>(to, from, count);
        } else if count > 0 {
            let (first, middle, last) =
                (from.read(), from.add(count / 2).read(), from.add(count - 1).read());
            to.write(first);
            to.add(count / 2).write(middle);
            to.add(count - 1).write(last);
        }
    }
}

/// Copies a block at the start and one at the end, which cover all.
#[inline(always)]
unsafe fn ends<T: Copy>(to: *mut u8, from: *const u8, count: usize) {
    let last = count - size_of::<T>();
    // SAFETY: Rule 1: a block is no longer than `count`, and the last one ends there.
    unsafe {
        let first_block = from.cast::<T>().read_unaligned();
        let last_block = from.add(last).cast::<T>().read_unaligned();
        to.cast::<T>().write_unaligned(first_block);
        to.add(last).cast::<T>().write_unaligned(last_block);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_what_is_asked_for_and_nothing_else() {
        for count in 0..=FEW {
            let mut bytes = [1_u8; FEW as usize + 2];
            // SAFETY: There is a byte more than are filled.
            unsafe { fill(bytes[1..].as_mut_ptr(), 0xa5, count) };
            let end = count as usize + 1;
            assert_eq!(bytes[0], 1);
            assert!(bytes[1..end].iter().all(|byte| *byte == 0xa5), "{count}");
            assert!(bytes[end..].iter().all(|byte| *byte == 1), "{count}");
        }
    }

    #[test]
    fn copies_as_if_by_way_of_another_place() {
        let before: [u8; 200] = core::array::from_fn(|index| index as u8);
        for count in 0..=FEW {
            for (to, from) in [(0, 100), (100, 0), (10, 11), (11, 10), (10, 40), (40, 10), (7, 7)] {
                let mut bytes = before;
                let start = bytes.as_mut_ptr();
                // SAFETY: Both ranges are inside.
                unsafe { copy(start.add(to), start.add(from), count) };
                let mut expected = before;
                expected.copy_within(from..from + count as usize, to);
                assert_eq!(bytes, expected, "{count} bytes from {from} to {to}");
            }
        }
    }
}
