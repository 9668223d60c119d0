//! In any sequence of extrinsics, nothing is minted or lost, the state is consistent, and no call
//! costs its signer more than value and limit. [`apply`] checks the first two after each extrinsic.
use codec::Encode;
use proptest::prelude::*;

use super::*;
use crate::Revision;
use crate::precompiles::{Dispatch, Precompile};

/// A deed of a contract. Numbers name contracts and accounts.
#[derive(Clone, Debug)]
enum Deed {
    Store(u8, u8),
    Call(u8, u16, Vec<Deed>),
    Delegate(u8, Vec<Deed>),
    Static(u8, Vec<Deed>),
    Pay(u8, u16),
    Log,
    Create(u16),
    Create2(u8, u16),
    Ephemeral(u16),
    SelfDestruct(u8),
    Dispatch(u8, u16),
    Revert,
    Trap,
}

#[derive(Clone, Debug)]
enum Extrinsic {
    Create(u8, u16),
    Create2(u8, u8, u16),
    /// With a limit of deposits.
    Call(u8, u8, u16, Vec<Deed>, u16),
    /// Another price of deposits.
    Price(u8),
    /// References to an account by others.
    Crowd(u8),
    Send(u8, u8, u16),
    Unmap(u8),
    Upload(u8),
    Remove(u8),
    Idle,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let leaf = prop_oneof![
        4 => (0..6_u8, 0..3_u8).prop_map(|(key, value)| Deed::Store(key, value)),
        2 => (any::<u8>(), 0..3_000_u16).prop_map(|(to, value)| Deed::Pay(to, value)),
        1 => Just(Deed::Log),
        1 => (0..3_000_u16).prop_map(Deed::Create),
        1 => (0..2_u8, 0..3_000_u16).prop_map(|(salt, value)| Deed::Create2(salt, value)),
        1 => (0..3_000_u16).prop_map(Deed::Ephemeral),
        1 => any::<u8>().prop_map(Deed::SelfDestruct),
        2 => (any::<u8>(), 0..3_000_u16).prop_map(|(to, value)| Deed::Dispatch(to, value)),
        1 => Just(Deed::Revert),
        1 => Just(Deed::Trap),
    ];
    let deed = leaf.prop_recursive(3, 12, 3, |inner| {
        let some = prop::collection::vec(inner, 0..4);
        prop_oneof![
            3 => (any::<u8>(), 0..3_000_u16, some.clone())
                .prop_map(|(to, value, deeds)| Deed::Call(to, value, deeds)),
            1 => (any::<u8>(), some.clone()).prop_map(|(to, deeds)| Deed::Delegate(to, deeds)),
            1 => (any::<u8>(), some).prop_map(|(to, deeds)| Deed::Static(to, deeds)),
        ]
    });
    prop::collection::vec(deed, 0..4)
}

fn extrinsics() -> impl Strategy<Value = Vec<Extrinsic>> {
    let extrinsic = prop_oneof![
        2 => (any::<u8>(), any::<u16>()).prop_map(|(who, value)| Extrinsic::Create(who, value)),
        1 => (any::<u8>(), 0..2_u8, any::<u16>())
            .prop_map(|(who, salt, value)| Extrinsic::Create2(who, salt, value)),
        8 => (
            any::<u8>(),
            any::<u8>(),
            any::<u16>(),
            deeds(),
            prop_oneof![0..2_000_u16, any::<u16>()],
        )
            .prop_map(|(who, to, value, deeds, limit)| {
                Extrinsic::Call(who, to, value, deeds, limit)
            }),
        1 => (0..4_u8).prop_map(Extrinsic::Price),
        1 => any::<u8>().prop_map(Extrinsic::Crowd),
        1 => (any::<u8>(), any::<u8>(), any::<u16>())
            .prop_map(|(who, to, value)| Extrinsic::Send(who, to, value)),
        1 => any::<u8>().prop_map(Extrinsic::Unmap),
        1 => any::<u8>().prop_map(Extrinsic::Upload),
        1 => any::<u8>().prop_map(Extrinsic::Remove),
        1 => Just(Extrinsic::Idle),
    ];
    prop::collection::vec(extrinsic, 1..12)
}

/// Returns one of the contracts, or of a few other addresses.
fn address(number: u8) -> H160 {
    let mut contracts: Vec<_> = crate::Contracts::<Test>::iter_keys().collect();
    contracts.sort();
    contracts.extend([address_of(&alice()), address_of(&bob()), H160::repeat_byte(0x31)]);
    contracts[usize::from(number) % contracts.len()]
}

fn signer(number: u8) -> AccountId {
    account(1 + number % 3)
}

fn script(deeds: &[Deed]) -> Vec<u8> {
    let dispatch = <Dispatch<MayDispatch> as Precompile<Test>>::ADDRESS;
    let parts: Vec<_> = deeds
        .iter()
        .map(|deed| match deed {
            Deed::Store(key, value) => puppet::store(*key, *value),
            Deed::Call(to, value, deeds) => {
                puppet::call(address(*to), (*value).into(), &script(deeds))
            }
            Deed::Delegate(to, deeds) => puppet::delegate(address(*to), &script(deeds)),
            Deed::Static(to, deeds) => puppet::call_static(address(*to), &script(deeds)),
            Deed::Pay(to, value) => puppet::call(address(*to), (*value).into(), b""),
            Deed::Log => puppet::log(puppet::word(1), b"log"),
            Deed::Create(value) => puppet::create((*value).into(), &puppet::init_of(&[])),
            Deed::Create2(salt, value) => {
                puppet::create2(puppet::word(*salt), (*value).into(), &puppet::init_of(b"x"))
            }
            Deed::Ephemeral(value) => puppet::create((*value).into(), &puppet::ephemeral()),
            Deed::SelfDestruct(to) => puppet::self_destruct(address(*to)),
            Deed::Dispatch(to, value) => {
                let dest = account_of(address(*to));
                let value = Balance::from(*value);
                let call = if value % 5 == 0 {
                    pallet_balances::Call::transfer_all { dest, keep_alive: false }
                } else {
                    pallet_balances::Call::transfer_allow_death { dest, value }
                };
                puppet::call(dispatch, 0, &RuntimeCall::Balances(call).encode())
            }
            Deed::Revert => puppet::revert(b"no"),
            Deed::Trap => puppet::trap(),
        })
        .collect();
    puppet::all(&parts)
}

/// Applies an extrinsic, which may fail.
fn perform(extrinsic: &Extrinsic, init: &[u8]) {
    let code = puppet::code();
    let gas_limit = GAS;
    let _ = match extrinsic {
        Extrinsic::Create(who, value) => apply(
            &signer(*who),
            crate::Call::create {
                code: init.to_vec(),
                value: (*value).into(),
                gas_limit,
                storage_deposit_limit: None,
            },
        ),
        Extrinsic::Create2(who, salt, value) => {
            let salt = puppet::word(*salt);
            let call = crate::Call::create2 {
                code: init.to_vec(),
                value: (*value).into(),
                gas_limit,
                storage_deposit_limit: None,
                salt,
            };
            apply(&signer(*who), call)
        }
        Extrinsic::Call(who, to, value, deeds, limit) => {
            let (signer, value, limit) =
                (signer(*who), Balance::from(*value), Balance::from(*limit));
            let before = spendable(&signer);
            let (target, input, storage_deposit_limit) = (address(*to), script(deeds), Some(limit));
            let call = crate::Call::call { target, input, value, gas_limit, storage_deposit_limit };
            let result = apply(&signer, call);
            let paid = before.saturating_sub(spendable(&signer));
            assert!(
                paid <= if result.is_ok() { value + limit } else { 0 },
                "{paid} for {value} and {limit}"
            );
            result
        }
        Extrinsic::Price(price) => {
            MockDepositPerItem::set(Balance::from(*price) * 77);
            Ok(Default::default())
        }
        Extrinsic::Crowd(at) => {
            let account = account_of(address(*at));
            while System::can_inc_consumer(&account) {
                System::inc_consumers(&account).expect("there is room");
            }
            Ok(Default::default())
        }
        Extrinsic::Send(who, to, value) => {
            let (dest, value) = (account_of(address(*to)), Balance::from(*value));
            // A transfer that could leave dust concerns another pallet.
            apply(&signer(*who), pallet_balances::Call::transfer_keep_alive { dest, value })
        }
        Extrinsic::Unmap(who) => apply(&signer(*who), crate::Call::unmap_account {}),
        Extrinsic::Upload(who) => {
            apply(&signer(*who), crate::Call::upload_code { code, storage_deposit_limit: None })
        }
        Extrinsic::Remove(who) => {
            apply(&signer(*who), crate::Call::remove_code { code_hash: puppet::hash(&code) })
        }
        Extrinsic::Idle => {
            crate::storage::deletion::remove_slots::<Test>(ENOUGH);
            Ok(Default::default())
        }
    };
}

/// The number of cases, or `PROPTEST_CASES`.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases())
    })]

    #[test]
    fn nothing_is_minted_or_lost(
        steps in extrinsics(),
        is_new in any::<bool>(),
        is_poor in any::<bool>(),
    ) {
        new_test_ext().execute_with(|| {
            MockRevision::set(if is_new { Revision::NEWEST } else { Revision::Shanghai });
            MockDepositPerItem::set(DEPOSIT_PER_ITEM);
            // The third account has little, so that its extrinsics fail for many reasons.
            let little = if is_poor { 10_000 } else { 1_000_000 };
            Balances::transfer(&alice(), &account(3), little, Preservation::Preserve)
                .expect("Alice has much");
            let init = puppet::init();
            for step in &steps {
                perform(step, &init);
            }
        });
    }
}
