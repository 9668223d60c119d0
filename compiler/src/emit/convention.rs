//! How functions hand over words: as parameters and results of WebAssembly, and where a contract's
//! limits end, by globals.
use wasm_encoder::ValType;

use super::locals::limbs;

/// The most parameters that a function of a contract has.
const MAX_PARAMETERS: usize = 64;

/// The most results.
const MAX_RESULTS: usize = 16;

/// How the words of a list go over.
pub(super) struct Convention {
    /// The types of those that go over directly.
    pub direct: Vec<ValType>,
    /// How many words go over directly; the others go by globals.
    pub words: usize,
}

/// Returns how a function takes words of so many bits.
pub(super) fn parameters(bits: impl IntoIterator<Item = u16>) -> Convention {
    convention(bits, MAX_PARAMETERS)
}

/// Returns how a function gives words of so many bits.
pub(super) fn results(bits: impl IntoIterator<Item = u16>) -> Convention {
    convention(bits, MAX_RESULTS)
}

fn convention(bits: impl IntoIterator<Item = u16>, most: usize) -> Convention {
    let mut convention = Convention { direct: Vec::new(), words: 0 };
    for bits in bits {
        let types = types(bits);
        if convention.direct.len() + types.len() > most {
            break;
        }
        convention.direct.extend(types);
        convention.words += 1;
    }
    convention
}

/// The types of a word of so many bits.
pub(super) fn types(bits: u16) -> Vec<ValType> {
    match limbs(bits) {
        None => vec![ValType::I32],
        Some(count) => vec![ValType::I64; count],
    }
}
