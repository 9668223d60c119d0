//! Benchmarks of the dispatchables and of the engine's unmetered work. The rest of the engine's
//! work is gas, see [`Config::GasWeight`].
mod shapes;

use alloc::sync::Arc;
use alloc::vec::Vec;

use alloy_primitives::{Address, B256, Log, U256};
use codec::{Decode, Encode};
use frame_benchmarking::v2::*;
use frame_support::BoundedVec;
use frame_support::traits::fungible::{Inspect, Mutate};
use frame_support::weights::Weight;
use frame_system::RawOrigin;
use sp_core::{H160, H256};
use sp_runtime::traits::{Bounded, Hash, Saturating, Zero};
use sp_runtime::{DispatchError, StateVersion};
use tephra_core::ewasm::{CallKind, Message, Outcome, Schedule, Status};
use tephra_core::precompile::{Address9, Precompiles};
use tephra_core::state::{AccountChange, AccountUpdate, Backend, Changes};

use crate::engine::Engine;
use crate::engine::convert::{to_address, to_b256, to_h256};
use crate::execution::{LogIndex, Runner};
use crate::precompiles::State;
use crate::storage::accounts::Accounts;
use crate::storage::code::CodeStore;
use crate::storage::deletion;
use crate::storage::deposit::Payer;
use crate::storage::price::DepositPrice;
use crate::storage::records::next_storage_id;
use crate::storage::writer::{Sender, Writer};
use crate::*;

/// Gas for the largest create.
const GAS: u64 = 12_000_000;

/// The value of transfers: more than the existential deposit.
const VALUE: u32 = 1_000_000_000;

/// The sender of messages.
const SENDER: Address = Address::with_last_byte(1);

/// The smallest code.
const LEAST: u32 = shapes::LEAST;

fn rich<T: Config>(name: &'static str) -> T::AccountId {
    let account: T::AccountId = account(name, 0, 0);
    T::Currency::set_balance(&account, BalanceOf::<T>::max_value() / 4_u32.into());
    account
}

/// Returns a [`rich`] account whose address is registered.
fn known<T: Config>(name: &'static str) -> T::AccountId {
    let account = rich::<T>(name);
    let _ = Accounts::<T>::register(&account);
    frame_system::Pallet::<T>::reset_events();
    account
}

/// Stores a contract with this code. Returns its address and the hash of its code.
fn contract<T: Config>(code: Vec<u8>) -> Result<(H160, H256), BenchmarkError> {
    let (address, code_hash) = (H160::repeat_byte(9), H256(alloy_primitives::keccak256(&code).0));
    let len = code.len() as u32;
    let code = BoundedVec::try_from(code).map_err(|_| "the code is too large")?;
    CodeStore::<T>::insert(code_hash, code, CodeInfo { references: 1, ..CodeInfo::validated(len) });
    let storage_id = next_storage_id::<T>().map_err(|_| "there are no more contracts")?;
    let contract = ContractInfo { code_hash, ..ContractInfo::new(storage_id) };
    Contracts::<T>::insert(address, contract);
    Ok((address, code_hash))
}

/// Stores a contract with a slot and their deposits. Returns it with the storage as a transaction
/// sees it that has read both.
fn held_contract<T: Config>() -> Result<(H160, PalletBackend<T>), BenchmarkError> {
    let (address, _) = contract::<T>(shapes::wide(128 << 10))?;
    let account = T::AddressMapping::fallback(&address);
    let (caller, backend) = (known::<T>("caller"), backend::<T>());
    T::Currency::set_balance(&account, T::Currency::minimum_balance());
    frame_system::Pallet::<T>::inc_consumers_without_limit(&account)?;
    let (base_deposit, slot_deposit) = (DepositPrice::<T>::contract(), DepositPrice::<T>::slot());
    Payer::<T>::new(&caller).exchange(
        &account,
        base_deposit.saturating_add(slot_deposit),
        Zero::zero(),
    )?;
    Contracts::<T>::mutate(address, |info| {
        if let Some(info) = info {
            (info.items, info.base_deposit, info.slot_deposit) = (1, base_deposit, slot_deposit);
            Slots::<T>::insert(
                info.storage_id,
                H256::zero(),
                Slot::new(H256::repeat_byte(1), slot_deposit),
            );
        }
    });
    backend.account(&to_address(address)).map_err(|_| "the account cannot be read")?;
    backend.storage(&to_address(address), &B256::ZERO).map_err(|_| "the slot cannot be read")?;
    Ok((address, backend))
}

fn apply<T: Config>(backend: &PalletBackend<T>, changes: Changes) -> Result<(), DispatchError> {
    let sender = Sender { address: Pallet::<T>::address_of(backend.signer()), create_nonce: None };
    Writer::new(backend).write(sender, Vec::new(), changes).map(|_| ())
}

fn backend<T: Config>() -> PalletBackend<T> {
    PalletBackend::new(account("caller", 0, 0), SENDER, 0, u64::MAX, u64::MAX)
}

/// Returns the state of a transaction without limits.
fn state<T: Config>() -> State<T> {
    let mut state = State::<T>::with_limits(
        backend::<T>(),
        Engine::<T>::revision(),
        Engine::<T>::journal_limits(),
    );
    // Accounts are read for gas.
    state.account(&SENDER);
    state.account(&SENDER.create(0));
    state
}

/// Returns a message inside another one.
fn message(kind: CallKind, to: H160, input: Vec<u8>) -> Message {
    Message {
        kind,
        is_static: false,
        depth: 1,
        gas: GAS,
        recipient: to_address(to),
        code_address: to_address(to),
        sender: SENDER,
        input: input.into(),
        value: U256::ZERO,
        salt: B256::ZERO,
    }
}

fn run<T: Config>(state: &mut State<T>, message: Message) -> Outcome {
    let vm = Engine::<T>::vm();
    Runner::<T>::driver(&vm).run_message(state, message, &mut ())
}

/// Runs one of Ethereum's precompiled contracts, by the last byte of its address. Returns the gas
/// used.
fn precompiled<T: Config>(number: u8, input: &[u8]) -> Result<u64, BenchmarkError> {
    let schedule = Schedule::of(Engine::<T>::revision());
    let precompiles = Precompiles::new(schedule, Address9::Keccak256);
    match precompiles.run(&Address::with_last_byte(number), input, u64::MAX) {
        Some(Ok(done)) => Ok(done.gas_used),
        _ => Err("the precompiled contract fails".into()),
    }
}

/// The generators of both groups of the curve, as `bn128_pairing` takes a pair of points.
const PAIR: [U256; 6] = [
    U256::ONE,
    U256::from_limbs([2, 0, 0, 0]),
    U256::from_limbs([
        0x97e485b7aef312c2,
        0xf1aa493335a9e712,
        0x7260bfb731fb5d25,
        0x198e9393920d483a,
    ]),
    U256::from_limbs([
        0x46debd5cd992f6ed,
        0x674322d4f75edadd,
        0x426a00665e5c4479,
        0x1800deef121f1e76,
    ]),
    U256::from_limbs([
        0x55acdadcd122975b,
        0xbc4b313370b38ef3,
        0xec9e99ad690c3395,
        0x090689d0585ff075,
    ]),
    U256::from_limbs([
        0x4ce6cc0166fa7daa,
        0xe3d1e7690c43d37b,
        0x4aab71808dcb408f,
        0x12c85ea5db8c6deb,
    ]),
];

/// Twice the generator of the first group.
const DOUBLE: [U256; 2] = [
    U256::from_limbs([
        0xd3c208c16d87cfd3,
        0xd97816a916871ca8,
        0x9b85045b68181585,
        0x030644e72e131a02,
    ]),
    U256::from_limbs([
        0xff3ebf7a5a18a2c4,
        0x68a6a449e3538fc7,
        0xe7845f96b2ae9c0a,
        0x15ed738c0e0a7c92,
    ]),
];

fn words(numbers: &[U256]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes::<32>()).collect()
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn receive(b: Linear<0, { 256 << 10 }>) {
        let remark: <T as frame_system::Config>::RuntimeCall =
            frame_system::Call::remark { remark: alloc::vec![1; b as usize] }.into();
        let extrinsic = remark.encode().encode();
        let root;
        #[block]
        {
            // The block's bytes, the dispatched call, the signed payload, and the bytes kept for
            // the block's root.
            let bytes = Vec::<u8>::decode(&mut &extrinsic[..]).unwrap_or_default();
            let decoded = <T as frame_system::Config>::RuntimeCall::decode(&mut &bytes[..]);
            let signed = decoded.map(|decoded| T::Hashing::hash(&decoded.encode()));
            assert_eq!(signed, Ok(T::Hashing::hash(&bytes)));
            root = frame_system::extrinsics_data_root::<T::Hashing>(
                alloc::vec![bytes.encode()],
                StateVersion::V1,
            );
        }
        assert_ne!(root, T::Hash::default());
    }

    #[benchmark]
    fn create(c: Linear<LEAST, { 256 << 10 }>) {
        let caller = known::<T>("caller");
        #[extrinsic_call]
        create(RawOrigin::Signed(caller), shapes::wide(c), VALUE.into(), GAS, None);
        assert_eq!(Contracts::<T>::iter().count(), 1);
    }

    #[benchmark]
    fn create2(c: Linear<LEAST, { 256 << 10 }>) {
        let caller = known::<T>("caller");
        #[extrinsic_call]
        create2(RawOrigin::Signed(caller), shapes::wide(c), VALUE.into(), GAS, None, H256::zero());
        assert_eq!(Contracts::<T>::iter().count(), 1);
    }

    #[benchmark]
    fn call(i: Linear<0, { 128 << 10 }>) {
        let caller = known::<T>("caller");
        let target = H160::repeat_byte(7);
        #[extrinsic_call]
        call(
            RawOrigin::Signed(caller),
            target,
            alloc::vec![1; i as usize],
            Zero::zero(),
            GAS,
            None,
        );
        assert_eq!(frame_system::Pallet::<T>::event_count(), 1);
    }

    #[benchmark]
    fn call_with_value(i: Linear<0, { 128 << 10 }>) {
        let caller = known::<T>("caller");
        let target = H160::repeat_byte(7);
        #[extrinsic_call]
        call(
            RawOrigin::Signed(caller),
            target,
            alloc::vec![1; i as usize],
            VALUE.into(),
            GAS,
            None,
        );
        assert_eq!(Pallet::<T>::balance_at(target), VALUE.into());
    }

    #[benchmark]
    fn upload_code(c: Linear<LEAST, { 128 << 10 }>) {
        let caller = rich::<T>("caller");
        #[extrinsic_call]
        upload_code(RawOrigin::Signed(caller), shapes::wide(c), None);
        assert_eq!(Codes::<T>::iter().count(), 1);
    }

    #[benchmark]
    fn remove_code() -> Result<(), BenchmarkError> {
        let caller = rich::<T>("caller");
        Pallet::<T>::upload_code(
            RawOrigin::Signed(caller.clone()).into(),
            shapes::wide(128 << 10),
            None,
        )?;
        let code_hash = Codes::<T>::iter_keys().next().ok_or("the code is not there")?;
        #[extrinsic_call]
        remove_code(RawOrigin::Signed(caller), code_hash);
        assert_eq!(Codes::<T>::iter().count(), 0);
        Ok(())
    }

    #[benchmark]
    fn map_account() {
        let caller = rich::<T>("caller");
        let fallback = T::AddressMapping::fallback(&Pallet::<T>::address_of(&caller));
        T::Currency::set_balance(&fallback, T::Currency::minimum_balance());
        #[extrinsic_call]
        map_account(RawOrigin::Signed(caller.clone()));
        assert_eq!(Pallet::<T>::account_of(&Pallet::<T>::address_of(&caller)), caller);
    }

    #[benchmark]
    fn unmap_account() -> Result<(), BenchmarkError> {
        let caller = rich::<T>("caller");
        Pallet::<T>::map_account(RawOrigin::Signed(caller.clone()).into())?;
        #[extrinsic_call]
        unmap_account(RawOrigin::Signed(caller));
        assert_eq!(OriginalAccount::<T>::iter().count(), 0);
        Ok(())
    }

    #[benchmark]
    fn end_contract() -> Result<(), BenchmarkError> {
        let (address, backend) = held_contract::<T>()?;
        let gone = Changes { accounts: alloc::vec![(to_address(address), AccountChange::Delete)] };
        #[block]
        {
            apply::<T>(&backend, gone)?;
        }
        assert_eq!((Contracts::<T>::iter().count(), Codes::<T>::iter().count()), (0, 0));
        assert_eq!(DeletionQueue::<T>::count(), 1);
        Ok(())
    }

    #[benchmark]
    fn change_deposits() -> Result<(), BenchmarkError> {
        let (address, backend) = held_contract::<T>()?;
        let (info, slot) = (
            Contracts::<T>::get(address).ok_or("the contract is not there")?,
            B256::with_last_byte(2),
        );
        let update = AccountUpdate {
            nonce: info.nonce,
            balance: U256::ZERO,
            code_hash: to_b256(info.code_hash),
            code: None,
            storage: alloc::vec![(slot, slot)],
        };
        let changes =
            Changes { accounts: alloc::vec![(to_address(address), AccountChange::Update(update))] };
        #[block]
        {
            apply::<T>(&backend, changes)?;
        }
        assert_eq!(Contracts::<T>::get(address).map(|info| info.items), Some(2));
        Ok(())
    }

    #[benchmark]
    fn remove_slots(s: Linear<0, 1_000>) {
        for slot in 0..s {
            let slot = to_h256(B256::from(U256::from(slot)));
            Slots::<T>::insert(1, slot, Slot::without_deposit(H256::repeat_byte(1)));
        }
        DeletionQueue::<T>::insert(1, s);
        #[block]
        {
            deletion::remove_slots::<T>(Weight::MAX);
        }
        assert_eq!(Slots::<T>::iter().count(), 0);
    }

    #[benchmark]
    fn index_topics(e: Linear<0, 256>) {
        // Five entries for each log, one of them for its contract.
        let logs = (0..e).step_by(5).map(|first| {
            let topics = (first + 1..e.min(first + 5)).map(|topic| B256::from(U256::from(topic)));
            let address = Address::from_word(U256::from(first).into());
            Log::new_unchecked(address, topics.collect(), Default::default())
        });
        let logs: Vec<_> = logs.collect();
        let count = logs.len();
        #[block]
        {
            LogIndex::<T>::of(&logs, u64::MAX).deposit(logs);
        }
        let topics =
            frame_system::Pallet::<T>::read_events_no_consensus().map(|record| record.topics.len());
        assert_eq!(topics.collect::<Vec<_>>().iter().sum::<usize>(), e as usize);
        assert_eq!(frame_system::Pallet::<T>::event_count() as usize, count);
    }

    #[benchmark]
    fn read_code(c: Linear<LEAST, { 128 << 10 }>) -> Result<(), BenchmarkError> {
        let (_, hash) = contract::<T>(shapes::wide(c))?;
        let state = state::<T>();
        let code: Arc<[u8]>;
        #[block]
        {
            code = state.backend().code(&to_b256(hash)).map_err(|_| "the code is not there")?;
        }
        assert_eq!(code.len(), c as usize);
        Ok(())
    }

    #[benchmark]
    fn prepare_code(c: Linear<LEAST, { 128 << 10 }>) -> Result<(), BenchmarkError> {
        let (address, _) = contract::<T>(shapes::wide(c))?;
        let mut state = state::<T>();
        state.code(&to_address(address));
        Engine::<T>::forget();
        let outcome;
        #[block]
        {
            outcome = run::<T>(&mut state, message(CallKind::Call, address, Vec::new()));
        }
        assert_eq!(outcome.status, Status::Success);
        Ok(())
    }

    #[benchmark]
    fn validate_code(c: Linear<LEAST, { 256 << 10 }>) {
        let mut state = state::<T>();
        let outcome;
        #[block]
        {
            outcome =
                run::<T>(&mut state, message(CallKind::Create, H160::zero(), shapes::wide(c)));
        }
        assert_eq!(outcome.status, Status::Success);
    }

    #[benchmark]
    fn begin_frame(i: Linear<0, 8192>) -> Result<(), BenchmarkError> {
        let (address, _) = contract::<T>(shapes::crowded(i))?;
        let mut state = state::<T>();
        let message = || message(CallKind::Call, address, Vec::new());
        let _ = run::<T>(&mut state, message());
        let outcome;
        #[block]
        {
            outcome = run::<T>(&mut state, message());
        }
        assert_eq!(outcome.status, Status::Success);
        Ok(())
    }

    #[benchmark]
    fn modexp(g: Linear<500, 32_768>) -> Result<(), BenchmarkError> {
        let input = shapes::power(g);
        let gas;
        #[block]
        {
            gas = precompiled::<T>(5, &input)?;
        }
        assert!(gas <= u64::from(g).max(500), "{gas}");
        Ok(())
    }

    #[benchmark]
    fn bn128_add() -> Result<(), BenchmarkError> {
        let input = words(&[&PAIR[..2], &DOUBLE].concat());
        #[block]
        {
            precompiled::<T>(6, &input)?;
        }
        Ok(())
    }

    #[benchmark]
    fn bn128_mul() -> Result<(), BenchmarkError> {
        let input = words(&[&DOUBLE[..], &[U256::MAX]].concat());
        #[block]
        {
            precompiled::<T>(7, &input)?;
        }
        Ok(())
    }

    #[benchmark]
    fn bn128_pairing(p: Linear<0, 16>) -> Result<(), BenchmarkError> {
        let input = words(&PAIR).repeat(p as usize);
        #[block]
        {
            precompiled::<T>(8, &input)?;
        }
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
