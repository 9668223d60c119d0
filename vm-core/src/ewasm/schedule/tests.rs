use super::*;

#[test]
fn every_schedule_belongs_to_its_revision() {
    for revision in Revision::ALL {
        assert_eq!(Schedule::of(revision).revision, revision.max(Revision::OLDEST_SUPPORTED));
    }
}

#[test]
fn all_but_one_64th_can_be_handed_on() {
    let schedule = Schedule::of(Revision::Byzantium);
    for (left, gas) in
        [(0, 0), (63, 63), (64, 63), (128, 126), (6400, 6300), (u64::MAX, u64::MAX - u64::MAX / 64)]
    {
        assert_eq!(schedule.forwardable(left), gas);
    }
}

#[test]
fn a_cold_access_never_costs_less_than_a_warm_one() {
    for revision in Revision::ALL {
        let schedule = Schedule::of(revision);
        for cost in [
            schedule.balance,
            schedule.external_code,
            schedule.external_code_hash,
            schedule.storage_load,
            schedule.call,
        ] {
            assert!(cost.cold >= cost.warm);
            assert_eq!(cost.cold > cost.warm, schedule.access_lists);
        }
    }
}

#[test]
fn words_are_rounded_up() {
    assert_eq!([0, 1, 32, 33, u64::MAX].map(words), [0, 1, 1, 2, 1 << 59]);
}

#[test]
fn code_limits_are_for_webassembly_or_for_other_code() {
    let schedule = Schedule::of(Revision::Byzantium);
    assert_eq!(schedule.code_limit(b"\0asm\x01"), 131_072);
    assert_eq!(schedule.code_limit(b"\0as"), 24_576);
    assert_eq!(schedule.init_code_size, u32::MAX);
    assert_eq!(Schedule::of(Revision::Shanghai).init_code_size, 262_144);
}

#[test]
fn transactions_cost_what_the_revision_says() {
    let data = [[0; 10], [1; 10]].concat();
    for (revision, call, create) in [
        (Revision::Byzantium, 21_000 + 40 + 680, 53_000 + 40 + 680),
        (Revision::Istanbul, 21_000 + 40 + 160, 53_000 + 40 + 160),
        (Revision::Shanghai, 21_000 + 40 + 160, 53_000 + 40 + 160 + 2),
    ] {
        let costs = &Schedule::of(revision).transaction;
        assert_eq!(
            (costs.intrinsic(false, &data, 0, 0), costs.intrinsic(true, &data, 0, 0)),
            (call, create)
        );
    }
}

#[test]
fn access_lists_are_paid_from_berlin_on() {
    let costs = &Schedule::of(Revision::Berlin).transaction;
    assert_eq!(costs.intrinsic(false, &[], 2, 3), 21_000 + 2 * 2400 + 3 * 1900);
}

#[test]
fn data_has_a_floor_from_prague_on() {
    let data = [[0; 10], [1; 10]].concat();
    assert_eq!(Schedule::of(Revision::Cancun).transaction.floor(&data), 0);
    assert_eq!(Schedule::of(Revision::Prague).transaction.floor(&data), 21_000 + 10 * (10 + 40));
}

#[test]
fn refunds_are_capped() {
    for (revision, used, earned, refund) in [
        (Revision::Byzantium, 100, 1000, 50),
        (Revision::Byzantium, 100, 49, 49),
        (Revision::London, 100, 1000, 20),
        (Revision::London, 100, -5, 0),
    ] {
        assert_eq!(Schedule::of(revision).transaction.refund(earned, used), refund);
    }
}

#[test]
fn gas_limits_are_capped_from_osaka_on() {
    assert_eq!(Schedule::of(Revision::Prague).transaction.gas_limit_cap, u64::MAX);
    assert_eq!(Schedule::of(Revision::Osaka).transaction.gas_limit_cap, 16_777_216);
}

#[test]
fn rules_begin_with_their_revision() {
    type Rule = fn(&Schedule) -> bool;
    let rules: [(u32, Rule, Revision); 11] = [
        (2929, |schedule| schedule.access_lists, Revision::Berlin),
        (2930, |schedule| schedule.transaction.access_list, Revision::Berlin),
        (1559, |schedule| schedule.transaction.base_fee, Revision::London),
        (3541, |schedule| schedule.reject_code_starting_with_ef, Revision::London),
        (3607, |schedule| schedule.transaction.sender_without_code, Revision::London),
        (4399, |schedule| schedule.prev_randao, Revision::Paris),
        (3651, |schedule| schedule.transaction.warm_coinbase, Revision::Shanghai),
        (4844, |schedule| schedule.transaction.blobs.is_some(), Revision::Cancun),
        (6780, |schedule| schedule.self_destruct_new_accounts_only, Revision::Cancun),
        (7702, |schedule| schedule.delegations, Revision::Prague),
        (7823, |schedule| schedule.precompiles.modexp.max_length.is_some(), Revision::Osaka),
    ];
    for (eip, is_in_force, since) in rules {
        for revision in Revision::ALL {
            let expected = revision >= since;
            assert_eq!(is_in_force(Schedule::of(revision)), expected, "EIP-{eip} in {revision}");
        }
    }
}

#[test]
fn blobs_of_a_transaction_are_six_but_nine_in_prague() {
    let blobs = [Revision::Cancun, Revision::Prague, Revision::Osaka]
        .map(|revision| Schedule::of(revision).transaction.blobs.unwrap());
    assert_eq!(blobs.map(|blobs| blobs.max), [6, 9, 6]);
    assert_eq!(
        blobs.map(|blobs| blobs.base_fee_update_fraction),
        [3_338_477, 5_007_716, 5_007_716]
    );
}
