//! Ethereum's precompiled contracts that the node runs natively, by host functions that all
//! Substrate nodes have.
//!
//! They return what the engine's own return, for the same gas, in a fraction of the time that
//! WebAssembly takes.
use alloc::vec::Vec;

use sp_io::crypto::secp256k1_ecdsa_recover;
use sp_io::hashing::{keccak_256, sha2_256};
use tephra_core::ewasm::{Message, Outcome, Status};
use tephra_core::precompile::Precompiles;

use super::succeed;

/// Answers a message to one of them; none when it goes elsewhere.
pub(super) fn run(precompiles: &Precompiles, message: &Message) -> Option<Outcome> {
    let name = precompiles.name(&message.code_address)?;
    let run: fn(&[u8]) -> Vec<u8> = match name {
        "ecrecover" => ecrecover,
        "sha256" => |input| sha2_256(input).to_vec(),
        "keccak256" => |input| keccak_256(input).to_vec(),
        _ => return None,
    };
    let gas = precompiles.price(&message.code_address, &message.input)?;
    if gas > message.gas {
        return Some(Outcome::failure(Status::OutOfGas));
    }
    Some(succeed(message, gas, run(&message.input)))
}

/// Returns the signer's address after 12 zero bytes, or no bytes when the signature is not valid.
/// The input is hash, v, r, s, each of 32 bytes, extended with zeros.
fn ecrecover(input: &[u8]) -> Vec<u8> {
    let mut words = [[0; 32]; 4];
    for (to, from) in words.as_flattened_mut().iter_mut().zip(input) {
        *to = *from;
    }
    let [hash, v, r, s] = words;
    let [zeros @ .., v] = v;
    if zeros.iter().any(|byte| *byte != 0) || !matches!(v, 27 | 28) {
        return Vec::new();
    }
    let mut signature = [0; 65];
    for (to, from) in signature.iter_mut().zip(r.into_iter().chain(s).chain([v])) {
        *to = from;
    }
    let Ok(key) = secp256k1_ecdsa_recover(&signature, &hash) else { return Vec::new() };
    let mut output = keccak_256(&key).to_vec();
    output.iter_mut().take(12).for_each(|byte| *byte = 0);
    output
}

#[cfg(test)]
mod tests {
    use alloy_primitives::{Address, B256, U256};
    use sp_core::Pair as _;
    use tephra_core::ewasm::{CallKind, Schedule};
    use tephra_core::precompile::Address9;
    use tephra_core::revision::Revision;

    use super::*;

    const HASH: [u8; 32] = *b"a hash that somebody has signed.";

    fn agree(number: u8, input: &[u8], gas: u64) -> bool {
        let precompiles = Precompiles::new(Schedule::of(Revision::NEWEST), Address9::Keccak256);
        let address = Address::with_last_byte(number);
        let message = Message {
            kind: CallKind::Call,
            is_static: false,
            depth: 1,
            gas,
            recipient: address,
            code_address: address,
            sender: Address::ZERO,
            input: input.into(),
            value: U256::ZERO,
            salt: B256::ZERO,
        };
        let ours = run(&precompiles, &message).expect("it is there");
        match precompiles.run(&address, input, gas).expect("it is there") {
            Ok(done) => {
                assert_eq!((ours.status, ours.gas_left), (Status::Success, gas - done.gas_used));
                assert_eq!(ours.output, done.output, "{number} {input:x?}");
                !done.output.is_empty()
            }
            Err(_) => {
                assert_eq!(ours.status, Status::OutOfGas);
                false
            }
        }
    }

    #[test]
    fn hashes_equal_those_of_the_engine() {
        for length in [0, 1, 31, 32, 33, 135, 136, 137, 1000] {
            for number in [2, 9] {
                let input = vec![7; length];
                assert!(agree(number, &input, 100_000));
                let schedule = Schedule::of(Revision::NEWEST);
                let precompiles = Precompiles::new(schedule, Address9::Keccak256);
                let price = precompiles
                    .price(&Address::with_last_byte(number), &input)
                    .expect("it is there");
                assert!(agree(number, &input, price));
                if let Some(less) = price.checked_sub(1) {
                    assert!(!agree(number, &input, less));
                }
            }
        }
    }

    #[test]
    fn recovered_signers_equal_those_of_the_engine() {
        let order = U256::from_str_radix(
            "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
            16,
        );
        let order = order.expect("it is a number");
        let pair = sp_core::ecdsa::Pair::from_seed_slice(&[3; 32]).expect("a seed has 32 bytes");
        let signature = pair.sign_prehashed(&HASH).0;
        let number = |bytes: &[u8]| U256::from_be_slice(bytes);
        let (r, s, v) =
            (number(&signature[..32]), number(&signature[32..64]), U256::from(27 + signature[64]));
        let input = |v: U256, r: U256, s: U256| {
            [HASH, v.to_be_bytes(), r.to_be_bytes(), s.to_be_bytes()].concat()
        };
        assert!(agree(1, &input(v, r, s), 3000));
        assert!(!agree(1, &input(v, r, s), 2999));
        // The same signature, with s in the upper half.
        assert!(agree(1, &input(U256::from(55) - v, r, order - s), 3000));
        assert!(agree(1, &input(U256::from(55) - v, r, s), 3000));
        let wrong = [
            U256::ZERO,
            order,
            order - U256::ONE,
            order + U256::ONE,
            U256::ONE,
            U256::from(5),
            U256::MAX,
        ];
        for value in wrong {
            for v in [U256::from(27), U256::from(28)] {
                agree(1, &input(v, value, s), 3000);
                agree(1, &input(v, r, value), 3000);
                agree(1, &input(v, value, value), 3000);
            }
        }
        for v in [0, 1, 26, 29, 255, 256 + 27] {
            assert!(!agree(1, &input(U256::from(v), r, s), 3000));
        }
        assert!(!agree(1, &[], 3000));
        for length in [32, 63, 64, 96, 100, 127] {
            agree(1, &input(v, r, s)[..length], 3000);
        }
        assert!(agree(1, &[input(v, r, s), vec![1]].concat(), 3000));
    }
}
