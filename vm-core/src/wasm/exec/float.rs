//! Float instructions. The same on every machine: a NaN that an instruction makes is the canonical
//! one.
use crate::wasm::TrapCode;

const NAN32: u32 = 0x7fc0_0000;
const NAN64: u64 = 0x7ff8_0000_0000_0000;

/// The slot for a 32-bit float that an instruction made.
#[inline(always)]
pub(super) fn slot32(value: f32) -> u64 {
    u64::from(if value.is_nan() { NAN32 } else { value.to_bits() })
}

/// The slot for a 64-bit float that an instruction made.
#[inline(always)]
pub(super) fn slot64(value: f64) -> u64 {
    if value.is_nan() { NAN64 } else { value.to_bits() }
}

#[inline(always)]
pub(super) fn f32_of(slot: u64) -> f32 {
    f32::from_bits(slot as u32)
}

#[inline(always)]
pub(super) fn f64_of(slot: u64) -> f64 {
    f64::from_bits(slot)
}

macro_rules! minimum_and_maximum {
    ($min:ident, $max:ident, $float:ty) => {
        /// The lesser; of zeros the negative one; any NaN when either is one.
        #[inline]
        pub(super) fn $min(x: $float, y: $float) -> $float {
            // A NaN on the right is neither less nor greater nor equal.
            let left = x < y || x.is_nan() || (x == y && x.is_sign_negative());
            if left { x } else { y }
        }

        /// The greater; of zeros the positive one; any NaN when either is one.
        #[inline]
        pub(super) fn $max(x: $float, y: $float) -> $float {
            // A NaN on the right is neither less nor greater nor equal.
            let left = x > y || x.is_nan() || (x == y && x.is_sign_positive());
            if left { x } else { y }
        }
    };
}

minimum_and_maximum!(min32, max32, f32);
minimum_and_maximum!(min64, max64, f64);

/// A conversion that traps: the bounds are the nearest floats outside the integer's range.
macro_rules! truncate {
    ($name:ident, $float:ty, $int:ty, $below:expr, $above:expr) => {
        #[inline]
        pub(super) fn $name(value: $float) -> Result<$int, TrapCode> {
            if value.is_nan() {
                Err(TrapCode::BadConversionToInteger)
            } else if value <= $below || value >= $above {
                Err(TrapCode::IntegerOverflow)
            } else {
                Ok(value as $int)
            }
        }
    };
}

truncate!(i32_of_f32, f32, i32, -2_147_483_904.0, 2_147_483_648.0);
truncate!(u32_of_f32, f32, u32, -1.0, 4_294_967_296.0);
truncate!(i32_of_f64, f64, i32, -2_147_483_649.0, 2_147_483_648.0);
truncate!(u32_of_f64, f64, u32, -1.0, 4_294_967_296.0);
truncate!(i64_of_f32, f32, i64, -9_223_373_136_366_403_584.0, 9_223_372_036_854_775_808.0);
truncate!(u64_of_f32, f32, u64, -1.0, 18_446_744_073_709_551_616.0);
truncate!(i64_of_f64, f64, i64, -9_223_372_036_854_777_856.0, 9_223_372_036_854_775_808.0);
truncate!(u64_of_f64, f64, u64, -1.0, 18_446_744_073_709_551_616.0);
