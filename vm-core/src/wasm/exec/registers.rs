//! The interpreter's registers, and what instructions do with them.
//!
//! # Safety
//! Everything here works on raw pointers. The obligations of all of it:
//! - `ip` points to the first word of an instruction that the translator made; the words that
//!   belong to it follow.
//! - `slots` points to the present frame's first slot, and as many slots as its `Code::frame_slots`
//!   says lie there: the call that entered the frame made sure. The translator gives instructions
//!   only slots below that number.
//! - `memory` points to `memory_len` bytes of the present instance's memory, or `memory_len` is
//!   zero. Whoever lets the memory move or change its size reads both anew.
//!
//! Registers live in a local variable of the loop and are never borrowed by a function that is not
//! inlined, so that they stay in the machine's.
use super::context::{Exit, Slow};
use super::word::{Word, a, b, bc, c};
use crate::wasm::TrapCode;

pub(super) struct Registers {
    pub ip: *const u64,
    pub slots: *mut u64,
    pub memory: *mut u8,
    pub memory_len: u64,
    /// Particles in the hot part of the tank.
    pub gas: u64,
}

/// The module's obligations hold for every method.
#[allow(clippy::missing_safety_doc, clippy::undocumented_unsafe_blocks)]
impl Registers {
    /// For where there is nothing to run.
    pub fn nowhere() -> Self {
        let slots = core::ptr::NonNull::dangling().as_ptr();
        Self { ip: core::ptr::null(), slots, memory: core::ptr::null_mut(), memory_len: 0, gas: 0 }
    }

    /// Takes all out. Read one by one and in whole words, as they were written: the processor waits
    /// when a read spans two writes that are not done with.
    #[inline(always)]
    pub fn take(&mut self) -> Self {
        // SAFETY: They are references. Volatile, so that the reads are not merged.
        unsafe {
            Self {
                ip: (&raw const self.ip).read_volatile(),
                slots: (&raw const self.slots).read_volatile(),
                memory: (&raw const self.memory).read_volatile(),
                memory_len: (&raw const self.memory_len).read_volatile(),
                gas: (&raw const self.gas).read_volatile(),
            }
        }
    }

    #[inline(always)]
    pub unsafe fn get(&self, slot: u16) -> u64 {
        unsafe { *self.slots.add(usize::from(slot)) }
    }

    #[inline(always)]
    pub unsafe fn get32(&self, slot: u16) -> u32 {
        unsafe { self.get(slot) as u32 }
    }

    #[inline(always)]
    pub unsafe fn set(&mut self, slot: u16, value: u64) {
        unsafe { *self.slots.add(usize::from(slot)) = value }
    }

    #[inline(always)]
    pub unsafe fn next(&mut self, words: usize) {
        unsafe { self.ip = self.ip.add(words) }
    }

    /// The word after the instruction's first.
    #[inline(always)]
    pub unsafe fn second(&self) -> u64 {
        unsafe { *self.ip.add(1) }
    }

    /// d = f(x, y), 32-bit.
    #[inline(always)]
    pub unsafe fn binary32(&mut self, w: Word, f: impl FnOnce(u32, u32) -> u32) {
        unsafe {
            let value = f(self.get32(b(w)), self.get32(c(w)));
            self.set(a(w), u64::from(value));
            self.next(1);
        }
    }

    /// d = f(x, i), 32-bit.
    #[inline(always)]
    pub unsafe fn immediate32(&mut self, w: Word, f: impl FnOnce(u32, u32) -> u32) {
        unsafe {
            let value = f(self.get32(b(w)), c(w) as i16 as u32);
            self.set(a(w), u64::from(value));
            self.next(1);
        }
    }

    /// d = f(x, y), 64-bit.
    #[inline(always)]
    pub unsafe fn binary64(&mut self, w: Word, f: impl FnOnce(u64, u64) -> u64) {
        unsafe {
            let value = f(self.get(b(w)), self.get(c(w)));
            self.set(a(w), value);
            self.next(1);
        }
    }

    /// d = f(x, i), 64-bit.
    #[inline(always)]
    pub unsafe fn immediate64(&mut self, w: Word, f: impl FnOnce(u64, u64) -> u64) {
        unsafe {
            let value = f(self.get(b(w)), c(w) as i16 as u64);
            self.set(a(w), value);
            self.next(1);
        }
    }

    /// d = f(x, next word), 32-bit.
    #[inline(always)]
    pub unsafe fn wide32(&mut self, w: Word, f: impl FnOnce(u32, u32) -> u32) {
        unsafe {
            let value = f(self.get32(b(w)), self.second() as u32);
            self.set(a(w), u64::from(value));
            self.next(2);
        }
    }

    /// d = f(x, next word), 64-bit.
    #[inline(always)]
    pub unsafe fn wide64(&mut self, w: Word, f: impl FnOnce(u64, u64) -> u64) {
        unsafe {
            let value = f(self.get(b(w)), self.second());
            self.set(a(w), value);
            self.next(2);
        }
    }

    /// d = f(x, y), where f may trap.
    #[inline(always)]
    pub unsafe fn fallible(
        &mut self,
        w: Word,
        f: impl FnOnce(u64, u64) -> Result<u64, TrapCode>,
    ) -> Result<(), Exit> {
        unsafe {
            let value = f(self.get(b(w)), self.get(c(w)))?;
            self.set(a(w), value);
            self.next(1);
        }
        Ok(())
    }

    /// d = f(x)
    #[inline(always)]
    pub unsafe fn unary(&mut self, w: Word, f: impl FnOnce(u64) -> u64) {
        unsafe {
            let value = f(self.get(b(w)));
            self.set(a(w), value);
            self.next(1);
        }
    }

    /// d = f(x), where f may trap.
    #[inline(always)]
    pub unsafe fn fallible_unary(
        &mut self,
        w: Word,
        f: impl FnOnce(u64) -> Result<u64, TrapCode>,
    ) -> Result<(), Exit> {
        unsafe {
            let value = f(self.get(b(w)))?;
            self.set(a(w), value);
            self.next(1);
        }
        Ok(())
    }

    /// The first field of the next word.
    #[inline(always)]
    unsafe fn second16(&self) -> u16 {
        let at = if cfg!(target_endian = "little") { 4 } else { 7 };
        unsafe { *self.ip.cast::<u16>().add(at) }
    }

    /// d = f(x, y, z), 32-bit; z is the next word.
    #[inline(always)]
    pub unsafe fn three32(&mut self, w: Word, f: impl FnOnce(u32, u32, u32) -> u32) {
        unsafe {
            let value = f(self.get32(b(w)), self.get32(c(w)), self.get32(self.second16()));
            self.set(a(w), u64::from(value));
            self.next(2);
        }
    }

    /// d = f(x, y, z), 64-bit; z is the next word.
    #[inline(always)]
    pub unsafe fn three64(&mut self, w: Word, f: impl FnOnce(u64, u64, u64) -> u64) {
        unsafe {
            let value = f(self.get(b(w)), self.get(c(w)), self.get(self.second16()));
            self.set(a(w), value);
            self.next(2);
        }
    }

    /// d = f(x, y, i), 32-bit; the number of bits is the next word.
    #[inline(always)]
    pub unsafe fn shift32(&mut self, w: Word, f: impl FnOnce(u32, u32, u32) -> u32) {
        unsafe {
            let value = f(self.get32(b(w)), self.get32(c(w)), u32::from(self.second16()));
            self.set(a(w), u64::from(value));
            self.next(2);
        }
    }

    /// d = f(x, y, i), 64-bit; the number of bits is the next word.
    #[inline(always)]
    pub unsafe fn shift64(&mut self, w: Word, f: impl FnOnce(u64, u64, u32) -> u64) {
        unsafe {
            let value = f(self.get(b(w)), self.get(c(w)), u32::from(self.second16()));
            self.set(a(w), value);
            self.next(2);
        }
    }

    /// Takes particles.
    #[inline(always)]
    pub fn charge(&mut self, particles: u64) -> Result<(), Exit> {
        match self.gas.checked_sub(particles) {
            Some(gas) => {
                self.gas = gas;
                Ok(())
            }
            None => Err(Slow::Refill { particles }.into()),
        }
    }

    /// A conditional branch.
    #[inline(always)]
    pub unsafe fn branch(&mut self, w: Word, taken: bool) -> Result<(), Exit> {
        unsafe { self.branch_over(w, taken, 2) }
    }

    /// A conditional branch of `words` words.
    #[inline(always)]
    pub unsafe fn branch_over(&mut self, w: Word, taken: bool, words: isize) -> Result<(), Exit> {
        unsafe {
            let second = self.second();
            let (cost, distance) = if taken {
                (u64::from(c(w)), second as i32 as isize)
            } else {
                (second >> 32, words)
            };
            self.charge(cost)?;
            self.ip = self.ip.offset(distance);
        }
        Ok(())
    }

    #[inline(always)]
    pub unsafe fn branch32(
        &mut self,
        w: Word,
        f: impl FnOnce(u32, u32) -> bool,
    ) -> Result<(), Exit> {
        unsafe {
            let taken = f(self.get32(a(w)), self.get32(b(w)));
            self.branch(w, taken)
        }
    }

    #[inline(always)]
    pub unsafe fn branch_immediate32(
        &mut self,
        w: Word,
        f: impl FnOnce(u32, u32) -> bool,
    ) -> Result<(), Exit> {
        unsafe {
            let taken = f(self.get32(a(w)), b(w) as i16 as u32);
            self.branch(w, taken)
        }
    }

    #[inline(always)]
    pub unsafe fn branch64(
        &mut self,
        w: Word,
        f: impl FnOnce(u64, u64) -> bool,
    ) -> Result<(), Exit> {
        unsafe {
            let taken = f(self.get(a(w)), self.get(b(w)));
            self.branch(w, taken)
        }
    }

    #[inline(always)]
    pub unsafe fn branch_immediate64(
        &mut self,
        w: Word,
        f: impl FnOnce(u64, u64) -> bool,
    ) -> Result<(), Exit> {
        unsafe {
            let taken = f(self.get(a(w)), b(w) as i16 as u64);
            self.branch(w, taken)
        }
    }

    /// Where `SIZE` bytes from an address on lie. `start` is below 2^34.
    #[inline(always)]
    unsafe fn access<const SIZE: u64>(&mut self, start: u64) -> Result<*mut u8, Exit> {
        let end = start + SIZE;
        if end > self.memory_len {
            return Err(Slow::Touch { end }.into());
        }
        crate::work::touch(start);
        Ok(unsafe { self.memory.add(start as usize) })
    }

    #[inline(always)]
    unsafe fn load_from<const SIZE: usize>(
        &mut self,
        w: Word,
        start: u64,
        words: usize,
        f: impl FnOnce([u8; SIZE]) -> u64,
    ) -> Result<(), Exit> {
        unsafe {
            let at = match SIZE {
                1 => self.access::<1>(start)?,
                2 => self.access::<2>(start)?,
                4 => self.access::<4>(start)?,
                _ => self.access::<8>(start)?,
            };
            let value = f(at.cast::<[u8; SIZE]>().read_unaligned());
            self.set(a(w), value);
            self.next(words);
        }
        Ok(())
    }

    /// d = f(bytes at x + offset)
    #[inline(always)]
    pub unsafe fn load<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce([u8; SIZE]) -> u64,
    ) -> Result<(), Exit> {
        unsafe {
            let start = u64::from(self.get32(b(w))) + u64::from(c(w));
            self.load_from(w, start, 1, f)
        }
    }

    #[inline(always)]
    pub unsafe fn load_wide<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce([u8; SIZE]) -> u64,
    ) -> Result<(), Exit> {
        unsafe {
            let start = u64::from(self.get32(b(w))) + self.second();
            self.load_from(w, start, 2, f)
        }
    }

    #[inline(always)]
    pub unsafe fn load_at<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce([u8; SIZE]) -> u64,
    ) -> Result<(), Exit> {
        unsafe {
            let start = self.second();
            self.load_from(w, start, 2, f)
        }
    }

    #[inline(always)]
    pub unsafe fn load_indexed<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce([u8; SIZE]) -> u64,
    ) -> Result<(), Exit> {
        unsafe {
            let start = u64::from(self.get32(b(w)).wrapping_add(self.get32(c(w))));
            self.load_from(w, start, 1, f)
        }
    }

    #[inline(always)]
    pub unsafe fn load_sum<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce([u8; SIZE]) -> u64,
    ) -> Result<(), Exit> {
        unsafe {
            let start = u64::from(self.get32(b(w)).wrapping_add(c(w) as i16 as u32));
            self.load_from(w, start, 1, f)
        }
    }

    #[inline(always)]
    unsafe fn store_to<const SIZE: usize>(
        &mut self,
        start: u64,
        bytes: [u8; SIZE],
        words: usize,
    ) -> Result<(), Exit> {
        unsafe {
            let at = match SIZE {
                1 => self.access::<1>(start)?,
                2 => self.access::<2>(start)?,
                4 => self.access::<4>(start)?,
                _ => self.access::<8>(start)?,
            };
            at.cast::<[u8; SIZE]>().write_unaligned(bytes);
            self.next(words);
        }
        Ok(())
    }

    #[inline(always)]
    pub unsafe fn store<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce(u64) -> [u8; SIZE],
    ) -> Result<(), Exit> {
        unsafe {
            let start = u64::from(self.get32(a(w))) + u64::from(c(w));
            let bytes = f(self.get(b(w)));
            self.store_to(start, bytes, 1)
        }
    }

    #[inline(always)]
    pub unsafe fn store_immediate<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce(u64) -> [u8; SIZE],
    ) -> Result<(), Exit> {
        unsafe {
            let start = u64::from(self.get32(a(w))) + u64::from(c(w));
            let bytes = f(b(w) as i16 as u64);
            self.store_to(start, bytes, 1)
        }
    }

    #[inline(always)]
    pub unsafe fn store_sum<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce(u64) -> [u8; SIZE],
    ) -> Result<(), Exit> {
        unsafe {
            let start = u64::from(self.get32(a(w)).wrapping_add(c(w) as i16 as u32));
            let bytes = f(self.get(b(w)));
            self.store_to(start, bytes, 1)
        }
    }

    #[inline(always)]
    pub unsafe fn store_wide<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce(u64) -> [u8; SIZE],
    ) -> Result<(), Exit> {
        unsafe {
            let start = u64::from(self.get32(a(w))) + self.second();
            let bytes = f(self.get(b(w)));
            self.store_to(start, bytes, 2)
        }
    }

    #[inline(always)]
    pub unsafe fn store_at<const SIZE: usize>(
        &mut self,
        w: Word,
        f: impl FnOnce(u64) -> [u8; SIZE],
    ) -> Result<(), Exit> {
        unsafe {
            let start = self.second();
            let bytes = f(self.get(b(w)));
            self.store_to(start, bytes, 2)
        }
    }

    /// Stores at slot 0 the product of slots 1 and 2 with 3 and 4; not where the memory does not
    /// reach.
    #[inline(always)]
    pub unsafe fn multiply128(&mut self) -> bool {
        unsafe {
            let start = u64::from(self.get32(0));
            if start + 16 > self.memory_len {
                return false;
            }
            let number = |low, high| u128::from(self.get(low)) | u128::from(self.get(high)) << 64;
            let product = number(1, 2).wrapping_mul(number(3, 4)).to_le_bytes();
            self.memory.add(start as usize).cast::<[u8; 16]>().write_unaligned(product);
            true
        }
    }

    /// Three 32-bit operands.
    #[inline(always)]
    pub unsafe fn three(&self, w: Word) -> (u32, u32, u32) {
        unsafe { (self.get32(a(w)), self.get32(b(w)), self.get32(c(w))) }
    }

    /// The distance of a branch word.
    #[inline(always)]
    pub unsafe fn jump(&mut self, w: Word) {
        unsafe { self.ip = self.ip.offset(bc(w) as i32 as isize) }
    }
}
