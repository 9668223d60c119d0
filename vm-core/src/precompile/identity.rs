//! Address 4: returns its input (Yellow Paper, appendix E).

use alloc::vec::Vec;

use super::{PrecompileError, price_by_words};
use crate::ewasm::PrecompileCosts;
use crate::work;

pub(super) fn gas(_: &PrecompileCosts, input: &[u8]) -> u64 {
    price_by_words(15, 3, input)
}

pub(super) fn run(_: &PrecompileCosts, input: &[u8]) -> Result<Vec<u8>, PrecompileError> {
    work::copied(input.len() as u64);
    Ok(input.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::precompile::tests::COSTS;

    #[test]
    fn the_output_is_the_input() {
        for input in [&b""[..], b"a", &[7; 100]] {
            assert_eq!(run(COSTS, input).unwrap(), input);
        }
    }
}
