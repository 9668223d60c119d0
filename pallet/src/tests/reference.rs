//! The pallet beside the engine's own state in memory, which the command has.
use alloy_primitives::{Address, U256};
use tephra_core::ewasm::{Status, Vm, VmConfig};
use tephra_core::state::{
    BlockEnv, Driver, DriverConfig, JournaledState, MemoryAccount, MemoryBackend, Receipt,
    Transaction,
};

use super::*;
use crate::runtime_api::ExecutionStatus;

struct Command {
    state: JournaledState<MemoryBackend>,
    vm: Vm,
    nonce: u64,
}

impl Command {
    fn new() -> Self {
        let mut backend = MemoryBackend::new();
        backend.insert(sender(), MemoryAccount::new(0, U256::from(MUCH), [].into()));
        Self {
            state: JournaledState::new(backend, MockRevision::get()),
            vm: Vm::new(VmConfig::default()),
            nonce: 0,
        }
    }

    fn run(&mut self, to: Option<H160>, data: &[u8], value: Balance) -> Receipt {
        let transaction = Transaction {
            gas_limit: GAS,
            value: U256::from(value),
            ..Transaction::new(sender(), self.nonce, to.map(|to| Address::from(to.0)), data)
        };
        self.nonce += 1;
        let driver = Driver::new(&self.vm, DriverConfig::default());
        let block =
            BlockEnv { number: 1, timestamp: 1_700_000_000, chain_id: 1337, ..BlockEnv::default() };
        let receipt =
            driver.transact(&mut self.state, &block, &transaction, &mut ()).expect("it is valid");
        let Ok(changes) = self.state.finish();
        self.state.backend_mut().apply(changes);
        receipt
    }
}

fn sender() -> Address {
    Address::from(address_of(&alice()).0)
}

/// Runs the same on both, with the same result.
fn both(command: &mut Command, to: Option<H160>, data: Vec<u8>, value: Balance) -> Option<H160> {
    let receipt = command.run(to, &data, value);
    let dry = match to {
        Some(target) => Ewasm::dry_call(alice(), target, data.clone(), value, Some(GAS), None),
        None => Ewasm::dry_create(alice(), data.clone(), value, Some(GAS), None, None),
    };
    assert_eq!(dry.status, Some(ExecutionStatus::from(receipt.status)));
    assert_eq!((dry.gas_used, &dry.output), (receipt.gas_used, &receipt.output));
    let logs: Vec<_> =
        receipt.logs.iter().map(|log| (log.address.0.0, log.data.data.to_vec())).collect();
    assert_eq!(dry.logs.into_iter().map(|log| (log.address.0, log.data)).collect::<Vec<_>>(), logs);
    let address = receipt.create_address.map(|address| H160(address.0.0));
    assert_eq!(dry.address, address);

    let result = match to {
        Some(target) => call(target, data, value),
        None => apply(
            &alice(),
            crate::Call::create { code: data, value, gas_limit: GAS, storage_deposit_limit: None },
        ),
    };
    assert_eq!(result.is_ok(), receipt.status == Status::Success);
    for (address, account) in command.state.backend().accounts() {
        let at = H160(address.0.0);
        if *address != sender() {
            assert_eq!(balance_to_u256(Ewasm::balance_at(at)), account.info.balance);
            assert_eq!(Ewasm::nonce_at(at), account.info.nonce);
            assert_eq!(Ewasm::code_at(at), &account.code[..]);
        }
        let contract = crate::Contracts::<Test>::get(at);
        assert_eq!(contract.map_or(0, |contract| contract.items as usize), account.storage.len());
        for (key, value) in &account.storage {
            assert_eq!(Ewasm::storage_at(at, H256(key.0)), H256(value.0));
        }
    }
    address
}

fn balance_to_u256(balance: Balance) -> U256 {
    U256::from(balance)
}

#[test]
fn the_pallet_and_the_command_agree_in_every_revision() {
    for revision in [
        crate::Revision::Byzantium,
        crate::Revision::Istanbul,
        crate::Revision::London,
        crate::Revision::NEWEST,
    ] {
        new_test_ext().execute_with(|| {
            MockRevision::set(revision);
            // So that it begins with the balance that the command's sender sees.
            apply(&alice(), crate::Call::map_account {}).expect("the account is mapped");
            frame_system::Account::<Test>::mutate(alice(), |account| account.nonce = 0);
            let mut command = Command::new();
            // Only functions that the first revision has.
            let init = puppet::init_of(&puppet::code_for(revision));
            let a = both(&mut command, None, init.clone(), 1_000).expect("it is created");
            let b = both(&mut command, None, init.clone(), 0).expect("it is created");
            let failing = puppet::all(&[
                puppet::store(9, 9),
                puppet::log(puppet::word(1), b"no"),
                puppet::revert(b"x"),
            ]);
            let deeds = [
                puppet::store(1, 1),
                puppet::all(&[
                    puppet::store(1, 0),
                    puppet::store(2, 2),
                    puppet::store(2, 0),
                    puppet::store(3, 3),
                ]),
                puppet::call(
                    b,
                    10,
                    &puppet::all(&[puppet::store(1, 1), puppet::log(puppet::word(4), b"yes")]),
                ),
                puppet::call(b, 10, &failing),
                puppet::create(5, &init),
                puppet::create(5, &puppet::ephemeral()),
                puppet::delegate(b, &puppet::store(7, 7)),
                puppet::call_static(b, &puppet::store(7, 7)),
                puppet::call(H160::repeat_byte(0x44), 3, b""),
                puppet::trap(),
                puppet::run_for_ever(),
                puppet::self_destruct(b),
            ];
            for deed in deeds {
                both(&mut command, Some(a), deed, 0);
            }
            both(&mut command, Some(b), puppet::store(1, 2), 17);
        });
    }
}
