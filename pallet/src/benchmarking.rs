//! Benchmarks of what surrounds the engine. The engine's own work is gas, see [`Config::GasWeight`].
use alloc::vec::Vec;

use frame_benchmarking::v2::*;
use frame_support::traits::fungible::{Inspect, Mutate};
use frame_support::weights::Weight;
use frame_system::RawOrigin;
use sp_core::{H160, H256};
use sp_runtime::traits::{Bounded, Zero};

use crate::*;

/// Gas for the largest create.
const GAS: u64 = 12_000_000;

/// Code of exactly so many bytes, at least 64, that is a valid contract and does nothing: all of it but the rim is instructions.
fn contract(size: u32) -> Vec<u8> {
    const HEAD: &[u8] =
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x05\x03\x01\0\0\x07\x11\x02\x06memory\x02\0\x04main\0\0";
    // Section 10, its size, one function, its size, no locals, `end`; sizes have five bytes.
    const RIM: usize = 1 + 5 + 1 + 5 + 1 + 1;
    let body = (size as usize).saturating_sub(HEAD.len() + RIM);
    let mut code = Vec::from(HEAD);
    code.push(10);
    code.extend(leb(body + 2 + 5 + 1));
    code.push(1);
    code.extend(leb(body + 2));
    code.push(0);
    // `i32.const 0`, `drop`, and what is left over as `nop`.
    for _ in 0..body / 3 {
        code.extend([0x41, 0, 0x1a]);
    }
    code.extend(core::iter::repeat_n(1, body % 3));
    code.push(0x0b);
    code
}

/// A number in five bytes.
fn leb(number: usize) -> [u8; 5] {
    let part = |shift: u32| (number >> shift) as u8 & 0x7f;
    [part(0) | 0x80, part(7) | 0x80, part(14) | 0x80, part(21) | 0x80, part(28)]
}

fn rich<T: Config>(name: &'static str) -> T::AccountId {
    let account: T::AccountId = account(name, 0, 0);
    T::Currency::set_balance(&account, BalanceOf::<T>::max_value() / 4_u32.into());
    account
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn create(c: Linear<64, { 64 << 10 }>) {
        let caller = rich::<T>("caller");
        #[extrinsic_call]
        create(RawOrigin::Signed(caller), contract(c), Zero::zero(), GAS);
        assert_eq!(Contracts::<T>::iter().count(), 1);
    }

    #[benchmark]
    fn call(i: Linear<0, { 64 << 10 }>) {
        let caller = rich::<T>("caller");
        let target = H160::repeat_byte(7);
        #[extrinsic_call]
        call(RawOrigin::Signed(caller), target, alloc::vec![1; i as usize], 1_000_u32.into(), GAS);
        assert_eq!(Pallet::<T>::balance_at(target), 1_000_u32.into());
    }

    #[benchmark]
    fn upload_code(c: Linear<64, { 128 << 10 }>) {
        let caller = rich::<T>("caller");
        #[extrinsic_call]
        upload_code(RawOrigin::Signed(caller), contract(c));
        assert_eq!(Codes::<T>::iter().count(), 1);
    }

    #[benchmark]
    fn remove_code() -> Result<(), BenchmarkError> {
        let caller = rich::<T>("caller");
        Pallet::<T>::upload_code(RawOrigin::Signed(caller.clone()).into(), contract(128 << 10))?;
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
    fn remove_slots(s: Linear<0, 1_000>) {
        for slot in 0..s {
            Slots::<T>::insert(1, H256::from_low_u64_be(slot.into()), H256::repeat_byte(1));
        }
        DeletionQueue::<T>::insert(1, s);
        #[block]
        {
            Pallet::<T>::remove_slots(Weight::MAX);
        }
        assert_eq!(Slots::<T>::iter().count(), 0);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
