//! Contracts of the genesis.
use frame_support::assert_ok;

use super::*;
use crate::GenesisContract;

fn contract(address: u8) -> GenesisContract<Balance> {
    GenesisContract {
        address: H160::repeat_byte(address),
        nonce: 1,
        balance: 700,
        code: puppet::code(),
        storage: vec![(puppet::word(1), puppet::word(2)), (puppet::word(3), H256::zero())],
    }
}

#[test]
fn contracts_of_the_genesis_behave_like_others() {
    with_contracts(vec![contract(0xaa), contract(0xbb)]).execute_with(|| {
        Ewasm::do_try_state().expect("the state is consistent");
        let address = H160::repeat_byte(0xaa);
        assert_eq!(ask(address, puppet::load(1)), puppet::word(2).as_bytes());
        assert_eq!(Ewasm::balance_at(address), 700);
        assert_eq!(Ewasm::nonce_at(address), 1);
        assert_ok!(call(address, puppet::all(&[puppet::store(1, 0), puppet::store(4, 4)]), 0));
    });
}

#[test]
#[should_panic(expected = "two contracts at")]
fn no_address_can_have_two_contracts() {
    with_contracts(vec![contract(0xaa), contract(0xaa)]);
}

#[test]
#[should_panic(expected = "cannot be stored")]
fn code_of_the_genesis_is_validated() {
    with_contracts(vec![GenesisContract { code: b"\0asm\x01\0\0\0".to_vec(), ..contract(0xaa) }]);
}
