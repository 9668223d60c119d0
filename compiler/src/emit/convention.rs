//! The calling convention: words are WebAssembly parameters and results, and globals beyond the
//! limits of contracts.
use wasm_encoder::ValType;

use super::locals::limbs;

/// The greatest number of parameters of a function in a contract.
const MAX_PARAMETERS: usize = 64;

/// The greatest number of results.
const MAX_RESULTS: usize = 16;

/// How a list of words is passed.
pub(super) struct Convention {
    /// The types of the words that are passed directly.
    pub direct: Vec<ValType>,
    /// The number of words that are passed directly; the rest goes through globals.
    pub words: usize,
}

/// Returns how a function takes its parameters, given their widths in bits.
pub(super) fn parameters(bits: impl IntoIterator<Item = u16>) -> Convention {
    convention(bits, MAX_PARAMETERS)
}

/// Returns how a function returns its results, given their widths in bits.
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

/// Returns the WebAssembly types that hold a word of `bits` bits.
pub(super) fn types(bits: u16) -> Vec<ValType> {
    match limbs(bits) {
        None => vec![ValType::I32],
        Some(count) => vec![ValType::I64; count],
    }
}
