//! What revisions changed about precompiled contracts.

/// Prices and limits of precompiled contracts as far as revisions differ, in gas. What never
/// changed stands with the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PrecompileCosts {
    /// `modexp` (EIP-198, EIP-2565, EIP-7823, EIP-7883).
    pub modexp: ModexpCosts,
    /// `bn128_add` (EIP-196, EIP-1108).
    pub bn128_add: u64,
    /// `bn128_mul` (EIP-196, EIP-1108).
    pub bn128_mul: u64,
    /// The fixed part of `bn128_pairing` (EIP-197, EIP-1108).
    pub bn128_pairing: u64,
    /// Each pair of points that `bn128_pairing` checks (EIP-197, EIP-1108).
    pub bn128_pair: u64,
}

/// The price of `modexp`: the complexity of one multiplication, times the number of multiplications
/// that the exponent causes, divided by [`divisor`](Self::divisor).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModexpCosts {
    /// What one multiplication counts for.
    pub complexity: ModexpComplexity,
    /// Multiplications for each byte of the exponent from the 33rd on.
    pub exponent_byte: u64,
    /// What the product is divided by; not zero.
    pub divisor: u64,
    /// The least price, in gas.
    pub minimum: u64,
    /// The greatest length of each number in bytes (EIP-7823), if there is such a rule.
    pub max_length: Option<u32>,
}

/// What one multiplication of `modexp` counts for, by the length of the longer of base and modulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModexpComplexity {
    /// An estimate of Karatsuba's multiplication, in three pieces, by the byte (EIP-198).
    Karatsuba,
    /// The square of the number of words of 8 bytes (EIP-2565).
    Words,
    /// Twice that square, and 16 for up to 32 bytes (EIP-7883).
    TwiceTheWords,
}
