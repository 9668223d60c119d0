//! The pallet beside the engine's own host in memory, which the command uses. Contracts see the
//! same in both.
use std::collections::BTreeSet;
use std::sync::LazyLock;

use alloy_primitives::{Address, KECCAK256_EMPTY, U256};
use frame_support::dispatch::{DispatchResultWithPostInfo, GetDispatchInfo};
use sp_core::{H160, H256};
use tephra_core::ewasm::{Status, Vm, VmConfig};
use tephra_core::precompile::Address9;
use tephra_core::state::{
    BlockEnv, Driver, DriverConfig, GasPrice as Price, JournaledState, MemoryAccount,
    MemoryBackend, Receipt, Transaction, TransactionError,
};
use tephra_core::wasm::Limits;

use super::{address_of, apply, events};
use crate::engine::convert::{to_address, to_b256, to_h160, to_h256};
use crate::execution::Action;
use crate::mock::*;
use crate::{Contracts, Deposits, EngineLimits, Error, Event};

/// The pallet and the reference, in step.
pub struct Twin {
    pub reference: MemoryBackend,
    accounts: Vec<AccountId>,
    /// Every address that was ever used.
    seen: BTreeSet<Address>,
}

/// The result of both.
pub struct Ran {
    /// None for a transaction that is not valid.
    pub receipt: Option<Receipt>,
    pub result: DispatchResultWithPostInfo,
    pub deposits: Deposits<Balance>,
}

impl Ran {
    /// Returns the output of a success.
    pub fn output(&self) -> &[u8] {
        let receipt = self.receipt.as_ref().expect("the transaction is valid");
        assert_eq!(receipt.status, Status::Success, "{:?}", receipt.trap);
        &receipt.output
    }

    /// Returns the contract of a successful create.
    pub fn created(&self) -> H160 {
        self.output();
        let address = self.receipt.as_ref().and_then(|receipt| receipt.create_address);
        to_h160(address.expect("a create gives an address"))
    }

    pub fn gas_used(&self) -> u64 {
        self.receipt.as_ref().expect("the transaction is valid").gas_used
    }
}

impl Twin {
    /// Returns both with these accounts, whose addresses are stored.
    pub fn new(accounts: &[AccountId]) -> Self {
        let mut reference = MemoryBackend::new();
        for (number, hash) in frame_system::BlockHash::<Test>::iter() {
            reference.set_block_hash(number, to_b256(hash));
        }
        for account in accounts {
            apply(account, crate::Call::map_account {}).expect("the account can pay");
            let address = address_of(account);
            let balance = U256::from(Ewasm::balance_at(address));
            let nonce = Ewasm::nonce_at(address);
            reference.insert(
                to_address(address),
                MemoryAccount::new(nonce, balance, Default::default()),
            );
        }
        let twin = Self { reference, accounts: accounts.to_vec(), seen: BTreeSet::new() };
        twin.compare();
        twin
    }

    pub fn create(
        &mut self,
        signer: &AccountId,
        code: Vec<u8>,
        value: Balance,
        gas_limit: u64,
    ) -> Ran {
        self.run(signer, Action::Create, code, value, gas_limit)
    }

    pub fn call(
        &mut self,
        signer: &AccountId,
        target: H160,
        input: Vec<u8>,
        value: Balance,
        gas_limit: u64,
    ) -> Ran {
        self.run(signer, Action::Call(target), input, value, gas_limit)
    }

    /// Runs a transaction in both, and compares all that can be observed.
    pub fn run(
        &mut self,
        signer: &AccountId,
        action: Action,
        data: Vec<u8>,
        value: Balance,
        gas_limit: u64,
    ) -> Ran {
        let (mut after, receipt) = self.refer(signer, action, &data, value, gas_limit);
        let expected = match &receipt {
            Ok(receipt) if receipt.status == Status::Success => Ok(()),
            Ok(receipt) => Err(Error::<Test>::of_status(receipt.status)),
            Err(error) => Err(Error::from(error.clone())),
        };

        let dry = match action {
            Action::Call(target) => {
                Ewasm::dry_call(signer.clone(), target, data.clone(), value, Some(gas_limit), None)
            }
            Action::Create => {
                Ewasm::dry_create(signer.clone(), data.clone(), value, Some(gas_limit), None, None)
            }
            Action::Create2(salt) => Ewasm::dry_create(
                signer.clone(),
                data.clone(),
                value,
                Some(gas_limit),
                None,
                Some(salt),
            ),
        };
        let call = RuntimeCall::from(match action {
            Action::Call(target) => crate::Call::call {
                target,
                input: data,
                value,
                gas_limit,
                storage_deposit_limit: None,
            },
            Action::Create => {
                crate::Call::create { code: data, value, gas_limit, storage_deposit_limit: None }
            }
            Action::Create2(salt) => crate::Call::create2 {
                code: data,
                value,
                gas_limit,
                storage_deposit_limit: None,
                salt,
            },
        });
        let declared = call.get_dispatch_info().call_weight;
        let before = events().len();
        let result = apply(signer, call);
        let told: Vec<Event<Test>> = events().into_iter().skip(before).collect();

        let post = match &result {
            Ok(post) => *post,
            Err(failure) => failure.post_info,
        };
        let actual = post.actual_weight.expect("the weight is known");
        assert!(actual.all_lte(declared), "{actual:?} is more than the declared {declared:?}");
        assert_eq!(dry.weight, actual, "a dry run takes the same weight");
        assert_eq!(
            dry.result,
            result.map(|_| ()).map_err(|failure| failure.error),
            "a dry run ends as the extrinsic"
        );

        let unaffordable = Error::<Test>::DepositNotAffordable.into();
        if expected.is_ok() && dry.result == Err(unaffordable) {
            // The reference knows no deposits.
            after = self.reference.clone();
            count_nonce(&mut after, signer);
        } else {
            assert_eq!(
                dry.result,
                expected.map_err(Into::into),
                "{:?}",
                receipt.as_ref().map(|receipt| &receipt.trap)
            );
        }
        if let (Ok(receipt), Some(status)) = (&receipt, dry.status) {
            assert_eq!(status, receipt.status.into());
            assert_eq!(dry.gas_used, receipt.gas_used, "gas");
            assert_eq!(dry.output, receipt.output, "output");
            assert_eq!(dry.address, receipt.create_address.map(to_h160), "address");
            let logs = receipt.logs.iter().map(|log| {
                let topics = log.topics().iter().map(|topic| to_h256(*topic)).collect();
                (to_h160(log.address), topics, log.data.data.to_vec())
            });
            let logs: Vec<(H160, Vec<H256>, Vec<u8>)> = logs.collect();
            let dry_logs =
                dry.logs.iter().map(|log| (log.address, log.topics.clone(), log.data.clone()));
            assert_eq!(dry_logs.collect::<Vec<_>>(), logs, "logs");
            let told_logs = told.iter().filter_map(|event| match event {
                Event::Log { address, topics, data } => {
                    Some((*address, topics.clone(), data.clone()))
                }
                _ => None,
            });
            assert_eq!(told_logs.collect::<Vec<_>>(), logs, "logs as events");
        }
        if result.is_ok() {
            self.check_last(&told, signer, &dry);
            settle_deposits(&self.reference, &mut after, signer, dry.deposits);
        } else {
            assert_eq!(dry.deposits, Deposits::default());
            assert!(told.is_empty(), "a failure leaves no events: {told:?}");
        }
        self.seen.extend(self.reference.accounts().keys());
        self.reference = after;
        self.compare();
        Ran { receipt: receipt.ok(), result, deposits: dry.deposits }
    }

    fn check_last(
        &self,
        told: &[Event<Test>],
        signer: &AccountId,
        dry: &crate::runtime_api::DryRun<Balance>,
    ) {
        let (by, gas, moved) = match told.last() {
            Some(Event::Created { signer, address, gas_used, deposits }) => {
                assert_eq!(Some(*address), dry.address);
                (signer, gas_used, deposits)
            }
            Some(Event::Executed { signer, gas_used, deposits, .. }) => {
                (signer, gas_used, deposits)
            }
            other => panic!("an extrinsic ends with its own event, not {other:?}"),
        };
        assert_eq!((by, *gas, *moved), (signer, dry.gas_used, dry.deposits));
    }

    /// Runs the reference's transaction.
    fn refer(
        &self,
        signer: &AccountId,
        action: Action,
        data: &[u8],
        value: Balance,
        gas_limit: u64,
    ) -> (MemoryBackend, Result<Receipt, TransactionError>) {
        let sender = to_address(address_of(signer));
        let nonce = self.reference.accounts().get(&sender).map_or(0, |account| account.info.nonce);
        let (to, salt) = match action {
            Action::Call(target) => (Some(to_address(target)), None),
            Action::Create => (None, None),
            Action::Create2(salt) => (None, Some(to_b256(salt))),
        };
        let transaction = Transaction {
            gas_limit,
            gas_price: Price::Legacy(U256::from(GasPrice::get().low_u64())),
            value: U256::from(value),
            ..Transaction::new(sender, nonce, to, data)
        };
        let block = BlockEnv {
            number: System::block_number(),
            timestamp: Timestamp::get() / 1000,
            gas_limit: 30_000_000,
            base_fee: U256::from(BaseFee::get().low_u64()),
            chain_id: 1337,
            ..BlockEnv::default()
        };
        let limits = MockLimits::get();
        let own;
        let vm = if limits == EngineLimits::HEAP_1_GIB {
            &*VM
        } else {
            own = machine(limits);
            &own
        };
        let config = DriverConfig {
            address9: Address9::Keccak256,
            open: limits.open,
            ..DriverConfig::default()
        };
        let mut state = JournaledState::new(self.reference.clone(), MockRevision::get());
        let result = Driver::new(vm, config).transact_prepaid(
            &mut state,
            &block,
            &transaction,
            salt,
            &mut (),
        );
        let mut after = self.reference.clone();
        if result.is_ok() {
            let Ok(changes) = state.finish();
            after.apply(changes);
        } else {
            count_nonce(&mut after, signer);
        }
        (after, result)
    }

    /// Compares accounts, code and slots.
    pub fn compare(&self) {
        let known = self.reference.accounts();
        for (address, account) in known {
            let at = to_h160(*address);
            assert_eq!(
                U256::from(Ewasm::balance_at(at)),
                account.info.balance,
                "balance of {at:?}"
            );
            assert_eq!(Ewasm::nonce_at(at), account.info.nonce, "nonce of {at:?}");
            if !account.info.is_empty() {
                assert_eq!(
                    Ewasm::code_hash_at(at),
                    to_h256(account.info.code_hash),
                    "code hash of {at:?}"
                );
            }
            let items = Contracts::<Test>::get(at).map_or(0, |info| info.items);
            assert_eq!(items as usize, account.storage.len(), "slots of {at:?}");
            for (key, value) in &account.storage {
                assert_eq!(
                    Ewasm::storage_at(at, to_h256(*key)),
                    to_h256(*value),
                    "slot {key} of {at:?}"
                );
            }
        }
        for gone in self.seen.iter().filter(|address| !known.contains_key(*address)) {
            let at = to_h160(*gone);
            assert_eq!(Ewasm::balance_at(at), 0, "balance of {at:?}, which is gone");
            assert_eq!(Ewasm::nonce_at(at), 0, "nonce of {at:?}, which is gone");
        }
        for (at, _) in Contracts::<Test>::iter() {
            assert!(
                known.contains_key(&to_address(at)),
                "{at:?} is a contract in the pallet alone"
            );
        }
        let contracts =
            known.values().filter(|account| account.info.code_hash != KECCAK256_EMPTY).count();
        let of_pallet = Contracts::<Test>::iter()
            .filter(|(_, info)| info.code_hash != crate::EMPTY_CODE_HASH)
            .count();
        assert_eq!(of_pallet, contracts, "contracts with code");
    }

    /// Begins the next block in both.
    pub fn next_block(&mut self) {
        let number = System::block_number();
        let hash = H256::from_low_u64_be(number.saturating_mul(0x1_0001));
        frame_system::BlockHash::<Test>::insert(number, hash);
        self.reference.set_block_hash(number, to_b256(hash));
        System::set_block_number(number + 1);
        Timestamp::set_timestamp(Timestamp::get() + 6_000);
    }

    /// Counts a signed extrinsic of another pallet.
    pub fn count_nonce(&mut self, signer: &AccountId) {
        count_nonce(&mut self.reference, signer);
    }

    /// Takes over a balance that the runtime has changed.
    pub fn take_over_balance(&mut self, at: H160) {
        let (address, balance) = (to_address(at), U256::from(Ewasm::balance_at(at)));
        let account = self.reference.accounts().get(&address).cloned();
        let mut account =
            account.unwrap_or_else(|| MemoryAccount::new(0, U256::ZERO, Default::default()));
        account.info.balance = balance;
        self.reference.insert(address, account);
    }

    /// Returns the contracts.
    pub fn contracts(&self) -> Vec<H160> {
        let signers: Vec<Address> =
            self.accounts.iter().map(|account| to_address(address_of(account))).collect();
        let known = self.reference.accounts().iter();
        let contracts =
            known.filter(|(address, account)| account.info.nonce > 0 && !signers.contains(address));
        contracts.map(|(address, _)| to_h160(*address)).collect()
    }
}

static VM: LazyLock<Vm> = LazyLock::new(|| machine(EngineLimits::HEAP_1_GIB));

fn machine(limits: EngineLimits) -> Vm {
    let EngineLimits { memory_pages, stack_slots, .. } = limits;
    let limits = Limits { memory_pages, stack_slots, ..Limits::CONTRACT };
    Vm::new(VmConfig { metering: MockCosts::get(), limits, ..VmConfig::default() })
}

fn count_nonce(reference: &mut MemoryBackend, signer: &AccountId) {
    let address = to_address(address_of(signer));
    let mut account = reference.accounts().get(&address).cloned().expect("signers are there");
    account.info.nonce += 1;
    reference.insert(address, account);
}

fn total(reference: &MemoryBackend) -> U256 {
    reference.accounts().values().fold(U256::ZERO, |sum, account| sum + account.info.balance)
}

/// Applies the pallet's deposits to the reference's balances: the signer pays, is paid, and gets
/// what was burnt.
fn settle_deposits(
    before: &MemoryBackend,
    after: &mut MemoryBackend,
    signer: &AccountId,
    deposits: Deposits<Balance>,
) {
    let burnt = total(before) - total(after);
    change_balance(after, signer, |balance| {
        balance + burnt + U256::from(deposits.refunded) - U256::from(deposits.charged)
    });
}

fn change_balance(
    reference: &mut MemoryBackend,
    account: &AccountId,
    change: impl FnOnce(U256) -> U256,
) {
    let address = to_address(address_of(account));
    let mut held = reference.accounts().get(&address).cloned().expect("the account is there");
    held.info.balance = change(held.info.balance);
    reference.insert(address, held);
}
