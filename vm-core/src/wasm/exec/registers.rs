//! The interpreter's registers, and what instructions do with them.
//!
//! # Safety
//! Everything here works on raw pointers. The rules of all of it:
//! 1. `ip` points to the first word of an instruction that the translator made; the words that
//!    belong to it follow, and the instruction that follows it, if it can go on behind itself.
//! 2. `slots` points to the first slot of the running function's frame, and as many slots as its
//!    `Code::frame_slots` says lie there: the call that entered the frame made sure. The translator
//!    gives instructions only slots below that number.
//! 3. `memory` points to `memory_len` bytes of the running instance's memory, or `memory_len` is
//!    zero. Whoever lets the memory move or change its size reads both again.
//! 4. An [`At`] holds the value of `ip`.
//!
//! Every method that is `unsafe` has these four as its obligation, and keeps them.
//!
//! Registers live in a local variable of the loop and are never borrowed by a function that is not
//! inlined, so that they stay in the machine's.
use super::exit::{Exit, Slow};
use super::word::{At, Input, Integer, Output};
use crate::wasm::TrapCode;
use crate::wasm::code::{Coded, Has, In32, In64, Ways, field};

pub(super) struct Registers {
    pub ip: *const u64,
    pub slots: *mut u64,
    pub memory: *mut u8,
    pub memory_len: u64,
    /// Particles in the hot part of the tank.
    pub gas: u64,
}

/// The value that an instruction reads by its operand `F`.
type In<I, F> = <<I as Has<F>>::Kind as Input>::Value;

/// The value that an instruction writes by its operand `d`.
type Out<I> = <<I as Has<field::d>>::Kind as Output>::Value;

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

    /// The address of a slot.
    #[inline(always)]
    pub unsafe fn place(&self, slot: u16) -> *mut u64 {
        // SAFETY: Rule 2.
        unsafe { self.slots.add(usize::from(slot)) }
    }

    /// The value of an operand that names a slot.
    #[inline(always)]
    pub unsafe fn get<K: Input>(&self, operand: K) -> K::Value {
        // SAFETY: Rule 2.
        K::value(unsafe { *self.place(operand.slot()) })
    }

    /// Writes the slot that an operand names.
    #[inline(always)]
    pub unsafe fn set<K: Output>(&mut self, operand: K, value: K::Value) {
        // SAFETY: Rule 2.
        unsafe { *self.place(operand.slot()) = K::bits(value) }
    }

    /// Goes on behind an instruction.
    #[inline(always)]
    pub unsafe fn next<I: Coded>(&mut self, _: At<I>) {
        // SAFETY: Rules 1 and 4.
        unsafe { self.ip = self.ip.add(I::WORDS) }
    }

    /// Goes on somewhere in the function.
    #[inline(always)]
    pub unsafe fn jump(&mut self, distance: i32) {
        // SAFETY: Rule 1; the translator's distances lead to instructions of the function.
        unsafe { self.ip = self.ip.offset(distance as isize) }
    }

    /// Writes `d` and goes on behind the instruction.
    #[inline(always)]
    unsafe fn finish<I: Has<field::d, Kind: Output>>(&mut self, w: At<I>, value: Out<I>) {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            self.set(w.d(), value);
            self.next(w);
        }
    }

    /// d = f(x)
    #[inline(always)]
    pub unsafe fn unary<I>(&mut self, w: At<I>, f: impl FnOnce(In<I, field::x>) -> Out<I>)
    where
        I: Has<field::d, Kind: Output> + Has<field::x, Kind: Input>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let value = f(self.get(w.x()));
            self.finish(w, value);
        }
    }

    /// d = f(x), where f may trap.
    #[inline(always)]
    pub unsafe fn fallible_unary<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>) -> Result<Out<I>, TrapCode>,
    ) -> Result<(), Exit>
    where
        I: Has<field::d, Kind: Output> + Has<field::x, Kind: Input>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let value = f(self.get(w.x()))?;
            self.finish(w, value);
        }
        Ok(())
    }

    /// d = f(x, y)
    #[inline(always)]
    pub unsafe fn binary<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>, In<I, field::y>) -> Out<I>,
    ) where
        I: Has<field::d, Kind: Output> + Has<field::x, Kind: Input> + Has<field::y, Kind: Input>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let value = f(self.get(w.x()), self.get(w.y()));
            self.finish(w, value);
        }
    }

    /// d = f(x, y), where f may trap.
    #[inline(always)]
    pub unsafe fn fallible<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>, In<I, field::y>) -> Result<Out<I>, TrapCode>,
    ) -> Result<(), Exit>
    where
        I: Has<field::d, Kind: Output> + Has<field::x, Kind: Input> + Has<field::y, Kind: Input>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let value = f(self.get(w.x()), self.get(w.y()))?;
            self.finish(w, value);
        }
        Ok(())
    }

    /// d = f(x, imm), an immediate of 16 bits.
    #[inline(always)]
    pub unsafe fn immediate<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>, In<I, field::x>) -> Out<I>,
    ) where
        I: Has<field::d, Kind: Output> + Has<field::x, Kind: Integer> + Has<field::imm, Kind = i16>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let value = f(self.get(w.x()), <<I as Has<field::x>>::Kind>::immediate(w.imm()));
            self.finish(w, value);
        }
    }

    /// d = f(x, imm), an immediate of any size.
    #[inline(always)]
    pub unsafe fn wide<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>, In<I, field::x>) -> Out<I>,
    ) where
        I: Has<field::d, Kind: Output> + Has<field::x, Kind: Integer> + Has<field::imm, Kind = u64>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let value = f(self.get(w.x()), <<I as Has<field::x>>::Kind>::wide(w.imm()));
            self.finish(w, value);
        }
    }

    /// d = f(x, y, z)
    #[inline(always)]
    pub unsafe fn ternary<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>, In<I, field::y>, In<I, field::z>) -> Out<I>,
    ) where
        I: Has<field::d, Kind: Output>
            + Has<field::x, Kind: Input>
            + Has<field::y, Kind: Input>
            + Has<field::z, Kind: Input>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let value = f(self.get(w.x()), self.get(w.y()), self.get(w.z()));
            self.finish(w, value);
        }
    }

    /// d = f(x, y, bits)
    #[inline(always)]
    pub unsafe fn shifted<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>, In<I, field::y>, u32) -> Out<I>,
    ) where
        I: Has<field::d, Kind: Output>
            + Has<field::x, Kind: Input>
            + Has<field::y, Kind: Input>
            + Has<field::bits, Kind = u16>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let value = f(self.get(w.x()), self.get(w.y()), u32::from(w.bits()));
            self.finish(w, value);
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
    pub unsafe fn branch<I>(&mut self, w: At<I>, taken: bool) -> Result<(), Exit>
    where
        I: Has<field::taken, Kind = u16> + Has<field::ways, Kind = Ways>,
    {
        // SAFETY: Rules 1 and 4.
        unsafe {
            let ways = w.ways();
            let (cost, distance) = if taken {
                (u64::from(w.taken()), ways.distance())
            } else {
                (ways.cost(), I::WORDS as i32)
            };
            self.charge(cost)?;
            self.jump(distance);
        }
        Ok(())
    }

    /// Branches if f(x).
    #[inline(always)]
    pub unsafe fn branch_if<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>) -> bool,
    ) -> Result<(), Exit>
    where
        I: Has<field::x, Kind: Input>
            + Has<field::taken, Kind = u16>
            + Has<field::ways, Kind = Ways>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let taken = f(self.get(w.x()));
            self.branch(w, taken)
        }
    }

    /// Branches if f(x, y).
    #[inline(always)]
    pub unsafe fn compare<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>, In<I, field::y>) -> bool,
    ) -> Result<(), Exit>
    where
        I: Has<field::x, Kind: Input>
            + Has<field::y, Kind: Input>
            + Has<field::taken, Kind = u16>
            + Has<field::ways, Kind = Ways>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let taken = f(self.get(w.x()), self.get(w.y()));
            self.branch(w, taken)
        }
    }

    /// Branches if f(x, imm).
    #[inline(always)]
    pub unsafe fn compare_immediate<I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::x>, In<I, field::x>) -> bool,
    ) -> Result<(), Exit>
    where
        I: Has<field::x, Kind: Integer>
            + Has<field::imm, Kind = i16>
            + Has<field::taken, Kind = u16>
            + Has<field::ways, Kind = Ways>,
    {
        // SAFETY: Rules 1, 2 and 4.
        unsafe {
            let taken = f(self.get(w.x()), <<I as Has<field::x>>::Kind>::immediate(w.imm()));
            self.branch(w, taken)
        }
    }

    /// Where `SIZE` bytes from an address on lie. `start` is below 2^34.
    #[inline(always)]
    unsafe fn access<const SIZE: usize>(&mut self, start: u64) -> Result<*mut [u8; SIZE], Exit> {
        let end = start + SIZE as u64;
        if end > self.memory_len {
            return Err(Slow::Touch { end }.into());
        }
        crate::work::touch(start);
        // SAFETY: Rule 3: the end is not beyond `memory_len`.
        Ok(unsafe { self.memory.add(start as usize).cast() })
    }

    /// d = f(bytes at `start`)
    #[inline(always)]
    unsafe fn load_from<const SIZE: usize, I>(
        &mut self,
        w: At<I>,
        start: u64,
        f: impl FnOnce([u8; SIZE]) -> Out<I>,
    ) -> Result<(), Exit>
    where
        I: Has<field::d, Kind: Output>,
    {
        // SAFETY: Rules 1 to 4.
        unsafe {
            let value = f(self.access::<SIZE>(start)?.read_unaligned());
            self.finish(w, value);
        }
        Ok(())
    }

    /// d = f(bytes at base + offset)
    #[inline(always)]
    pub unsafe fn load<const SIZE: usize, I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce([u8; SIZE]) -> Out<I>,
    ) -> Result<(), Exit>
    where
        I: Has<field::d, Kind: Output>
            + Has<field::base, Kind = In32>
            + Has<field::offset, Kind: Into<u64>>,
    {
        // SAFETY: Rules 1 to 4.
        unsafe {
            let offset: u64 = w.offset().into();
            let start = u64::from(self.get(w.base())) + offset;
            self.load_from(w, start, f)
        }
    }

    /// d = f(bytes at address)
    #[inline(always)]
    pub unsafe fn load_at<const SIZE: usize, I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce([u8; SIZE]) -> Out<I>,
    ) -> Result<(), Exit>
    where
        I: Has<field::d, Kind: Output> + Has<field::address, Kind = u64>,
    {
        // SAFETY: Rules 1 to 4.
        unsafe {
            let start = w.address();
            self.load_from(w, start, f)
        }
    }

    /// d = f(bytes at base + index, a sum of 32 bits)
    #[inline(always)]
    pub unsafe fn load_indexed<const SIZE: usize, I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce([u8; SIZE]) -> Out<I>,
    ) -> Result<(), Exit>
    where
        I: Has<field::d, Kind: Output>
            + Has<field::base, Kind = In32>
            + Has<field::index, Kind = In32>,
    {
        // SAFETY: Rules 1 to 4.
        unsafe {
            let start = u64::from(self.get(w.base()).wrapping_add(self.get(w.index())));
            self.load_from(w, start, f)
        }
    }

    /// d = f(bytes at base + addend, a sum of 32 bits)
    #[inline(always)]
    pub unsafe fn load_sum<const SIZE: usize, I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce([u8; SIZE]) -> Out<I>,
    ) -> Result<(), Exit>
    where
        I: Has<field::d, Kind: Output>
            + Has<field::base, Kind = In32>
            + Has<field::addend, Kind = i16>,
    {
        // SAFETY: Rules 1 to 4.
        unsafe {
            let start = u64::from(self.get(w.base()).wrapping_add(w.addend() as u32));
            self.load_from(w, start, f)
        }
    }

    /// bytes at `start` = bytes
    #[inline(always)]
    unsafe fn store_to<const SIZE: usize, I: Coded>(
        &mut self,
        w: At<I>,
        start: u64,
        bytes: [u8; SIZE],
    ) -> Result<(), Exit> {
        // SAFETY: Rules 1, 3 and 4.
        unsafe {
            self.access::<SIZE>(start)?.write_unaligned(bytes);
            self.next(w);
        }
        Ok(())
    }

    /// bytes at base + offset = f(value)
    #[inline(always)]
    pub unsafe fn store<const SIZE: usize, I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::value>) -> [u8; SIZE],
    ) -> Result<(), Exit>
    where
        I: Has<field::base, Kind = In32>
            + Has<field::value, Kind: Input>
            + Has<field::offset, Kind: Into<u64>>,
    {
        // SAFETY: Rules 1 to 4.
        unsafe {
            let offset: u64 = w.offset().into();
            let start = u64::from(self.get(w.base())) + offset;
            let bytes = f(self.get(w.value()));
            self.store_to(w, start, bytes)
        }
    }

    /// bytes at base + offset = f(imm)
    #[inline(always)]
    pub unsafe fn store_immediate<const SIZE: usize, I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(i16) -> [u8; SIZE],
    ) -> Result<(), Exit>
    where
        I: Has<field::base, Kind = In32>
            + Has<field::imm, Kind = i16>
            + Has<field::offset, Kind: Into<u64>>,
    {
        // SAFETY: Rules 1 to 4.
        unsafe {
            let offset: u64 = w.offset().into();
            let start = u64::from(self.get(w.base())) + offset;
            let bytes = f(w.imm());
            self.store_to(w, start, bytes)
        }
    }

    /// bytes at base + addend, a sum of 32 bits = f(value)
    #[inline(always)]
    pub unsafe fn store_sum<const SIZE: usize, I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::value>) -> [u8; SIZE],
    ) -> Result<(), Exit>
    where
        I: Has<field::base, Kind = In32>
            + Has<field::value, Kind: Input>
            + Has<field::addend, Kind = i16>,
    {
        // SAFETY: Rules 1 to 4.
        unsafe {
            let start = u64::from(self.get(w.base()).wrapping_add(w.addend() as u32));
            let bytes = f(self.get(w.value()));
            self.store_to(w, start, bytes)
        }
    }

    /// bytes at address = f(value)
    #[inline(always)]
    pub unsafe fn store_at<const SIZE: usize, I>(
        &mut self,
        w: At<I>,
        f: impl FnOnce(In<I, field::value>) -> [u8; SIZE],
    ) -> Result<(), Exit>
    where
        I: Has<field::value, Kind: Input> + Has<field::address, Kind = u64>,
    {
        // SAFETY: Rules 1 to 4.
        unsafe {
            let start = w.address();
            let bytes = f(self.get(w.value()));
            self.store_to(w, start, bytes)
        }
    }

    /// Stores at slot 0 the product of slots 1 and 2 with 3 and 4; not where the memory does not
    /// reach.
    #[inline(always)]
    pub unsafe fn multiply128(&mut self) -> bool {
        // SAFETY: Rule 2 for the first five slots, which are the function's parameters; rule 3.
        unsafe {
            let start = u64::from(self.get(In32(0)));
            if start + 16 > self.memory_len {
                return false;
            }
            let number = |low, high| {
                u128::from(self.get(In64(low))) | u128::from(self.get(In64(high))) << 64
            };
            let product = number(1, 2).wrapping_mul(number(3, 4)).to_le_bytes();
            self.memory.add(start as usize).cast::<[u8; 16]>().write_unaligned(product);
            true
        }
    }
}
