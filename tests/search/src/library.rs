//! What lies in the memory of contracts at the start, so that interface functions find something:
//! cells of 32 bytes with addresses, values and keys, then inputs of precompiled contracts.
use alloy_primitives::{Address, B256, U256, hex};

/// Cells before it have the addresses of contracts; from it on those of the precompiled contracts.
pub const PRECOMPILES: u8 = 4;
/// Where the value 1 is.
pub const ONE: i64 = 16 * 32;
/// Where the value 0 is.
pub const NOTHING: i64 = 17 * 32;
/// Where something may be written.
pub const SCRATCH: i64 = 63 * 32;

/// Where inputs begin.
const INPUTS: usize = 2048;
const CURVE: usize = 2304;
const PAIRS: usize = 2560;
const POWER: usize = 4096;
const BLAKE2: usize = 7424;
const END: usize = 7680;

/// Bytes of each number of a power.
const LONGEST: usize = 1024;

/// The points of a pairing that EIP-197's tests have: a pair whose check fails, of valid points.
const PAIR: [u8; 192] = hex!(
    "0000000000000000000000000000000000000000000000000000000000000001"
    "0000000000000000000000000000000000000000000000000000000000000002"
    "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"
    "1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"
    "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b"
    "12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"
);

/// A hash, 28, r and s of a signature.
const SIGNATURE: [u8; 128] = hex!(
    "18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c"
    "000000000000000000000000000000000000000000000000000000000000001c"
    "73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f"
    "eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549"
);

/// Where the input for a precompiled contract is.
pub fn input_of(precompile: u8) -> u32 {
    (match precompile {
        6 | 7 => CURVE,
        8 => PAIRS,
        5 => POWER,
        9 => BLAKE2,
        _ => INPUTS,
    }) as u32
}

/// The address of a copy of a contract.
pub fn contract(number: usize, copy: u16) -> Address {
    let mut address = [0; 20];
    address[0] = 0xc0;
    address[1] = number as u8;
    address[16..18].copy_from_slice(&copy.to_le_bytes());
    address.into()
}

/// The key of a slot: numbers from 0 on, as `Next` counts them.
pub fn key(number: u16) -> B256 {
    let mut key = B256::ZERO;
    key[..2].copy_from_slice(&number.to_le_bytes());
    key
}

/// The sender of messages and transactions.
pub const SENDER: Address = Address::repeat_byte(0xaa);

/// The bytes; the numbers of a power have these lengths.
pub fn bytes(modexp: [u16; 3]) -> Vec<u8> {
    let mut bytes = vec![0; END];
    let mut put = |at: usize, value: &[u8]| {
        if let Some(place) = bytes.get_mut(at..at + value.len()) {
            place.copy_from_slice(value);
        }
    };
    for number in 0..usize::from(PRECOMPILES) {
        put(32 * number, contract(number, 0).as_slice());
    }
    for number in 1..=9 {
        put(32 * usize::from(PRECOMPILES + number - 1), Address::with_last_byte(number).as_slice());
    }
    put(32 * 13, &[0xee; 20]);
    put(32 * 14, SENDER.as_slice());
    put(ONE as usize, &[1]);
    put(INPUTS, &SIGNATURE);
    for _ in 0..2 {
        put(CURVE, PAIR.get(..64).unwrap_or_default());
        put(CURVE + 64, &[0xff; 32]);
    }
    for pair in 0..8 {
        put(PAIRS + 192 * pair, &PAIR);
    }
    for (place, length) in modexp.iter().enumerate() {
        let number = U256::from(usize::from(*length).min(LONGEST));
        put(POWER + 32 * place, &number.to_be_bytes::<32>());
    }
    put(POWER + 96, &[0xff; 3 * LONGEST]);
    put(BLAKE2 + 2, &[0x40]);
    put(BLAKE2 + 212, &[1]);
    bytes
}
