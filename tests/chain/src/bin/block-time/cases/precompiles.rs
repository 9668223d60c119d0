//! Ethereum's precompiled contracts.
use super::{Case, one_call};
use crate::module::{text, times};

fn bytes(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    sp_core::bytes::from_hex(&format!("0x{hex}")).unwrap_or_else(|error| panic!("{error}: {hex}"))
}

/// Asks the contract at the address with an input.
fn case(name: &'static str, address: u8, turns: u32, input: Vec<u8>) -> Case {
    let pages = (1024 + input.len()).div_ceil(1 << 16) as u32;
    let ask = format!(
        "(drop (call $ask (i64.const 10000000) (i32.const 32) (i32.const 1024) (i32.const {})))",
        input.len()
    );
    let mut to = vec![0; 20];
    to[19] = address;
    one_call(name, text(pages, &[(32, to), (1024, input)], "", &times(turns, &ask)))
}

/// The numbers of a modular power, each as long as said.
fn power(base: &[u8], exponent: &[u8], modulus: &[u8]) -> Vec<u8> {
    let length = |number: &[u8]| {
        let mut word = vec![0; 32];
        word[24..].copy_from_slice(&(number.len() as u64).to_be_bytes());
        word
    };
    [&length(base)[..], &length(exponent), &length(modulus), base, exponent, modulus].concat()
}

const SIGNED: &str = "
    18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c
    000000000000000000000000000000000000000000000000000000000000001c
    73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f
    eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549";

/// The generators of both groups.
const PAIR: &str = "
    0000000000000000000000000000000000000000000000000000000000000001
    0000000000000000000000000000000000000000000000000000000000000002
    198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2
    1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed
    090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b
    12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa";

pub fn cases() -> Vec<Case> {
    let pair = bytes(PAIR);
    let point = &pair[..64];
    // Twice the generator.
    let double = bytes(
        "030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3
         15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4",
    );
    let odd = |length: usize| vec![0xff; length];
    let mut even = odd(1024);
    even[1023] = 0xfe;
    vec![
        case("ecrecover", 1, 4000, bytes(SIGNED)),
        case("sha256 of nothing", 2, 20000, Vec::new()),
        case("sha256 of 60 KiB", 2, 400, vec![7; 60 << 10]),
        case("ripemd160 of 60 KiB", 3, 60, vec![7; 60 << 10]),
        case("identity of nothing", 4, 20000, Vec::new()),
        case("identity of 60 KiB", 4, 800, vec![7; 60 << 10]),
        case("modexp of 32 bytes", 5, 2000, power(&odd(32), &odd(32), &odd(32))),
        case("modexp of 1 byte by 32", 5, 2000, power(&[3], &odd(32), &[0xfd])),
        case(
            "modexp of 1024 bytes by 3",
            5,
            100,
            power(&odd(1024), &[3], &[&odd(1023)[..], &[0xfd]].concat()),
        ),
        case("modexp of 1024 bytes by 3, even", 5, 100, power(&odd(1024), &[3], &even)),
        case(
            "modexp of 256 bytes by 65537",
            5,
            300,
            power(&odd(256), &[1, 0, 1], &[&odd(255)[..], &[0xfd]].concat()),
        ),
        case("modexp of 256 bytes by 32, even", 5, 20, power(&odd(256), &odd(32), &even[768..])),
        case("bn128_add", 6, 2000, [point, &double].concat()),
        case("bn128_mul", 7, 400, [&double[..], &odd(32)].concat()),
        case("bn128_pairing of no pairs", 8, 200, Vec::new()),
        case("bn128_pairing of 1 pair", 8, 20, pair.clone()),
        case("bn128_pairing of 8 pairs", 8, 6, pair.repeat(8)),
        case("keccak256 of nothing", 9, 20000, Vec::new()),
        case("keccak256 of 60 KiB", 9, 800, vec![7; 60 << 10]),
    ]
}
