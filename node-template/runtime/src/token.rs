//! The token of the genesis, for trying out a chain.
use alloc::{sync::Arc, vec::Vec};

use alloy_primitives::{Address, B256, U256};
use pallet_ewasm::{
    AddressMapping, GenesisContract, HashedMapping,
    tephra_core::{
        ewasm::{
            CallKind, Message, TransactionContext, Vm, VmConfig, append_constructor_arguments,
        },
        precompile::Address9,
        revision::Revision,
        state::{Driver, DriverConfig, JournaledState, MemoryBackend},
    },
};
use sp_core::{H160, H256};

use crate::{AccountId, Balance, Runtime};

/// The address of the token.
pub const TOKEN: H160 = H160([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0]);

/// The balance of the token's owner: a million, with 18 decimals.
pub const SUPPLY: Balance = 1_000_000_000_000_000_000_000_000;

const INIT_CODE: &[u8] = include_bytes!("../../../contracts/token/token.wasm");
const NAME: &str = "Tephra";
const SYMBOL: &str = "TEPHRA";
const DECIMALS: u64 = 18;

/// Returns the token as its constructor leaves it for `owner`; none if the constructor fails.
pub fn genesis(owner: &AccountId) -> Option<GenesisContract<Balance>> {
    let owner = Address::from(HashedMapping::<Runtime>::to_address(owner).0);
    let message = Message {
        kind: CallKind::Create,
        is_static: false,
        depth: 0,
        gas: 1 << 40,
        recipient: Address::ZERO,
        code_address: Address::ZERO,
        sender: owner,
        input: Arc::from(init_code()?),
        value: U256::ZERO,
        salt: B256::ZERO,
    };
    let mut state = JournaledState::new(MemoryBackend::new(), Revision::NEWEST);
    state.begin(TransactionContext { origin: owner, ..TransactionContext::default() });
    let vm = Vm::new(VmConfig::default());
    let config = DriverConfig { address9: Address9::Keccak256, ..DriverConfig::default() };
    let created =
        Driver::new(&vm, config).run_message(&mut state, message, &mut ()).create_address?;
    let Ok(changes) = state.finish();
    state.backend_mut().apply(changes);
    let account = state.backend().accounts().get(&created)?;
    Some(GenesisContract {
        address: TOKEN,
        nonce: account.info.nonce,
        balance: 0,
        code: account.code.to_vec(),
        storage: account.storage.iter().map(|(key, value)| (H256(key.0), H256(value.0))).collect(),
    })
}

/// The token's init code with `constructor(string name, string symbol, uint8 decimals, uint256
/// supply)` in a custom section at its end; none if they do not fit.
fn init_code() -> Option<Vec<u8>> {
    let head = [U256::from(4 * 32), U256::from(6 * 32), U256::from(DECIMALS), U256::from(SUPPLY)];
    let mut arguments: Vec<u8> = head.iter().flat_map(|word| word.to_be_bytes::<32>()).collect();
    for text in [NAME, SYMBOL] {
        arguments.extend(U256::from(text.len()).to_be_bytes::<32>());
        // One word holds either of them.
        arguments.extend(text.bytes().chain(core::iter::repeat(0)).take(32));
    }
    let mut code = INIT_CODE.to_vec();
    append_constructor_arguments(&mut code, &arguments).ok()?;
    Some(code)
}

#[cfg(test)]
mod tests {
    use sp_keyring::Sr25519Keyring::Alice;

    use super::*;

    #[test]
    fn the_constructor_leaves_code_and_storage() {
        let token = genesis(&Alice.to_account_id()).expect("the constructor succeeds");
        assert_eq!(token.address, TOKEN);
        assert!(token.code.starts_with(b"\0asm"));
        assert!(
            token.storage.iter().any(|(_, value)| *value == H256(U256::from(SUPPLY).to_be_bytes()))
        );
    }
}
