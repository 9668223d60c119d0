//! Words of 256 bits as the EVM computes with them: by these constants are folded, and the
//! interpreters and the tests of the routines compare with them.
use alloy_primitives::{I256, U256, U512};

use crate::builtin::Builtin;

/// Computes an instruction without effects; `None` for all others.
#[must_use]
pub fn compute(builtin: Builtin, arguments: &[U256]) -> Option<U256> {
    let bit = |condition: bool| U256::from(u64::from(condition));
    Some(match (builtin, arguments) {
        (Builtin::Add, &[a, b]) => a.wrapping_add(b),
        (Builtin::Sub, &[a, b]) => a.wrapping_sub(b),
        (Builtin::Mul, &[a, b]) => a.wrapping_mul(b),
        (Builtin::Div, &[a, b]) => a.checked_div(b).unwrap_or_default(),
        (Builtin::Mod, &[a, b]) => a.checked_rem(b).unwrap_or_default(),
        (Builtin::SDiv, &[a, b]) => match b.is_zero() {
            true => U256::ZERO,
            false => I256::from_raw(a).wrapping_div(I256::from_raw(b)).into_raw(),
        },
        (Builtin::SMod, &[a, b]) => match b.is_zero() {
            true => U256::ZERO,
            false => I256::from_raw(a).wrapping_rem(I256::from_raw(b)).into_raw(),
        },
        (Builtin::AddMod, &[a, b, m]) => modulo(U512::from(a) + U512::from(b), m),
        (Builtin::MulMod, &[a, b, m]) => modulo(a.widening_mul(b), m),
        (Builtin::Exp, &[a, b]) => a.wrapping_pow(b),
        (Builtin::SignExtend, &[k, x]) => sign_extend(k, x),
        (Builtin::Lt, &[a, b]) => bit(a < b),
        (Builtin::Gt, &[a, b]) => bit(a > b),
        (Builtin::SLt, &[a, b]) => bit(I256::from_raw(a) < I256::from_raw(b)),
        (Builtin::SGt, &[a, b]) => bit(I256::from_raw(a) > I256::from_raw(b)),
        (Builtin::Eq, &[a, b]) => bit(a == b),
        (Builtin::IsZero, &[a]) => bit(a.is_zero()),
        (Builtin::And, &[a, b]) => a & b,
        (Builtin::Or, &[a, b]) => a | b,
        (Builtin::Xor, &[a, b]) => a ^ b,
        (Builtin::Not, &[a]) => !a,
        (Builtin::Byte, &[n, x]) => match usize::try_from(n) {
            Ok(n) if n < 32 => U256::from(x.to_be_bytes::<32>()[n]),
            _ => U256::ZERO,
        },
        (Builtin::Shl, &[n, x]) => shift(n).map_or(U256::ZERO, |n| x << n),
        (Builtin::Shr, &[n, x]) => shift(n).map_or(U256::ZERO, |n| x >> n),
        (Builtin::Sar, &[n, x]) => match shift(n) {
            Some(n) => I256::from_raw(x).asr(n).into_raw(),
            None if x.bit(255) => U256::MAX,
            None => U256::ZERO,
        },
        (Builtin::Clz, &[x]) => U256::from(x.leading_zeros()),
        _ => return None,
    })
}

fn shift(n: U256) -> Option<usize> {
    usize::try_from(n).ok().filter(|&n| n < 256)
}

fn modulo(value: U512, modulus: U256) -> U256 {
    match modulus.is_zero() {
        true => U256::ZERO,
        false => U256::from_limbs_slice(&(value % U512::from(modulus)).as_limbs()[..4]),
    }
}

fn sign_extend(k: U256, x: U256) -> U256 {
    match usize::try_from(k) {
        Ok(k) if k < 31 => {
            let sign = 8 * k + 7;
            let mask = (U256::ONE << sign) - U256::ONE;
            if x.bit(sign) { x | !mask } else { x & mask }
        }
        _ => x,
    }
}
