//! Calls of tokens.
use sp_core::{H160, U256};
use tephra_chain_tests::contract::{address, data, number};

const TRANSFER: u32 = 0xa905_9cbb;
const BALANCE_OF: u32 = 0x70a0_8231;

/// Input of `transfer(address,uint256)`.
pub fn transfer(to: H160, amount: u128) -> Vec<u8> {
    data(TRANSFER, &[address(to), number(amount)])
}

/// Input of `balanceOf(address)`.
pub fn balance_of(owner: H160) -> Vec<u8> {
    data(BALANCE_OF, &[address(owner)])
}

/// What `balanceOf` answers.
///
/// # Errors
///
/// It is no number, or a larger one than tokens here have.
pub fn amount(output: &[u8]) -> Result<u128, String> {
    let word: [u8; 32] =
        output.try_into().map_err(|_| format!("a balance of {} bytes", output.len()))?;
    U256::from_big_endian(&word).try_into().map_err(|_| "a balance of more than 128 bits".into())
}
