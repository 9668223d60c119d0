//! Contracts of other compilers give the same answers, gas, logs and addresses in the pallet and in
//! the engine's own host.
use std::path::{Path, PathBuf};
use std::{env, fs};

use alloy_primitives::U256;
use frame_support::assert_ok;
use sp_core::H160;
use tephra_core::ewasm::append_constructor_arguments;

use super::twin::{Ran, Twin};
use super::{address_of, error, puppet};
use crate::mock::*;
use crate::{Error, Revision};

/// All the gas that an extrinsic may have.
const MOST: u64 = TRANSACTION_GAS_LIMIT;

/// The revisions of the historic contracts and of today.
const REVISIONS: [Revision; 2] = [Revision::Byzantium, Revision::NEWEST];

/// Public data that is not part of the project: in `$TEPHRA_SHARED`, or in `shared` beside the
/// project.
fn fixture(name: &str) -> Option<Vec<u8>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let root = env::var_os("TEPHRA_SHARED").map_or_else(beside, PathBuf::from);
    let path = root.join("fixtures/soll").join(name);
    if !path.exists() {
        eprintln!(
            "SKIPPED: {} is not there; set TEPHRA_SHARED to the directory of the test data",
            path.display()
        );
        return None;
    }
    Some(fs::read(path).expect("the file can be read"))
}

/// Runs a test under each revision.
fn under_all_rules(test: impl Fn(&mut Twin)) {
    for revision in REVISIONS {
        new_test_ext().execute_with(|| {
            MockRevision::set(revision);
            test(&mut Twin::new(&[alice(), bob()]));
        });
    }
}

fn number(value: u64) -> [u8; 32] {
    U256::from(value).to_be_bytes()
}

fn address(of: H160) -> [u8; 32] {
    let mut word = [0; 32];
    if let Some(end) = word.last_chunk_mut::<20>() {
        *end = of.0;
    }
    word
}

/// Returns call data of a selector and words.
fn data(selector: u32, words: &[[u8; 32]]) -> Vec<u8> {
    [&selector.to_be_bytes()[..], words.as_flattened()].concat()
}

fn create(twin: &mut Twin, init: Vec<u8>) -> H160 {
    twin.create(&alice(), init, 0, MOST).created()
}

fn call(twin: &mut Twin, signer: &AccountId, target: H160, input: Vec<u8>) -> Ran {
    twin.call(signer, target, input, 0, MOST)
}

#[track_caller]
fn assert_answer(ran: &Ran, value: u64) {
    assert_eq!(U256::from_be_slice(ran.output()), U256::from(value));
}

fn logs() -> usize {
    super::events().iter().filter(|event| matches!(event, crate::Event::Log { .. })).count()
}

const BALANCE_OF: u32 = 0x70a0_8231;
const TRANSFER: u32 = 0xa905_9cbb;
const TRANSFER_FROM: u32 = 0x23b8_72dd;
const APPROVE: u32 = 0x095e_a7b3;
const ALLOWANCE: u32 = 0xdd62_ed3e;
const TOTAL_SUPPLY: u32 = 0x1816_0ddd;

/// Uses a token of which Alice has `supply`.
fn use_token(twin: &mut Twin, token: H160, supply: u64) {
    let [a, b] = [alice(), bob()].map(|account| address(address_of(&account)));
    let steps = [
        (alice(), data(BALANCE_OF, &[a]), supply),
        (alice(), data(TOTAL_SUPPLY, &[]), supply),
        (alice(), data(TRANSFER, &[b, number(20)]), 1),
        (bob(), data(BALANCE_OF, &[b]), 20),
        (alice(), data(APPROVE, &[b, number(10)]), 1),
        (bob(), data(ALLOWANCE, &[a, b]), 10),
        (bob(), data(TRANSFER_FROM, &[a, b, number(3)]), 1),
        (bob(), data(ALLOWANCE, &[a, b]), 7),
        (alice(), data(BALANCE_OF, &[a]), supply - 23),
        (bob(), data(TRANSFER, &[a, number(23)]), 1),
        (alice(), data(BALANCE_OF, &[a]), supply),
        (alice(), data(BALANCE_OF, &[b]), 0),
    ];
    for (signer, input, value) in steps {
        assert_answer(&call(twin, &signer, token, input), value);
    }
    let refused = [
        (alice(), data(TRANSFER, &[b, number(supply + 1)])),
        (bob(), data(TRANSFER_FROM, &[a, b, number(8)])),
        (alice(), data(0x1234_5678, &[])),
        (alice(), Vec::new()),
    ];
    for (signer, input) in refused {
        assert_eq!(error(call(twin, &signer, token, input).result), Error::<Test>::Reverted.into());
    }
}

#[test]
fn the_token_with_a_name_behaves_as_with_the_command() {
    let Some(init) = fixture("node-erc20.wasm") else { return };
    under_all_rules(|twin| {
        let token = create(twin, init.clone());
        assert_eq!(Ewasm::code_at(token), init[4536..4536 + 18_173]);
        use_token(twin, token, 0x3e8);
    });
}

#[test]
fn the_plain_token_behaves_as_with_the_command() {
    let (Some(init), Some(code)) =
        (fixture("evmc-erc20-deploy-wasm.wasm"), fixture("evmc-erc20-wasm.wasm"))
    else {
        return;
    };
    under_all_rules(|twin| {
        let token = create(twin, init.clone());
        assert_eq!(Ewasm::code_at(token), code);
        use_token(twin, token, 0x3e8);
    });
}

#[test]
fn the_token_of_this_project_behaves_as_with_the_command() {
    let init = include_bytes!("../../../contracts/token/token.wasm");
    under_all_rules(|twin| {
        let text = |text: &str| {
            [number(text.len() as u64), {
                let mut word = [0; 32];
                word.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
                word
            }]
        };
        let head = [number(4 * 32), number(6 * 32), number(18), number(1_000)];
        let arguments = [&head[..], &text("Token"), &text("TOK")].concat().into_flattened();
        let mut code = init.to_vec();
        append_constructor_arguments(&mut code, &arguments).expect("they fit");
        let token = create(twin, code);
        let before = logs();
        use_token(twin, token, 1_000);
        assert!(logs() - before >= 4, "transfers and approvals log");
    });
}

#[test]
fn run_time_code_without_init_code_behaves_as_with_the_command() {
    let (Some(fibonacci), Some(arithmetic)) =
        (fixture("rust-ssvm-fib.wasm"), fixture("deepsea-arith.wasm"))
    else {
        return;
    };
    under_all_rules(|twin| {
        let at = create(twin, puppet::init_of(&fibonacci));
        let ran = call(twin, &alice(), at, Vec::new());
        assert_eq!(U256::from_be_slice(ran.output()), U256::from(0x37));
        for (key, value) in [1, 1, 2, 3, 5, 8, 0xd, 0x15, 0x22, 0x37].into_iter().enumerate() {
            assert_eq!(Ewasm::storage_at(at, puppet::word(key as u8)), puppet::word(value));
        }
        let at = create(twin, puppet::init_of(&arithmetic));
        let rows = [
            (0x7716_02f7, 3, 5, 8_u32),
            (0xc8a4_ac9c, 3, 5, 15),
            (0xb67d_77c5, 9, 3, 6),
            (0xa391_c15b, 9, 3, 3),
        ];
        for (selector, one, other, result) in rows {
            let ran = call(twin, &bob(), at, data(selector, &[number(one), number(other)]));
            assert_eq!(ran.output(), result.to_le_bytes());
        }
        let below_zero = call(twin, &bob(), at, data(0xb67d_77c5, &[number(3), number(5)]));
        assert_eq!(error(below_zero.result), Error::<Test>::Reverted.into());
    });
}

#[test]
fn features_of_solidity_behave_as_with_the_command() {
    // The last entry is the answer, if there is one.
    let rows: [(&str, u32, &[u64], Option<u64>); 11] = [
        ("feature-exp.wasm", 0x185a_f0ad, &[3, 5], Some(0xf3)),
        ("feature-exp.wasm", 0x3570_efe6, &[2, 10], Some(0x400)),
        ("feature-fib.wasm", 0xc6c2_ea17, &[10], Some(0x37)),
        ("feature-fib.wasm", 0xc6c2_ea17, &[300], None),
        ("feature-power.wasm", 0xc04f_01fc, &[3, 5], Some(0xf3)),
        ("feature-matrix.wasm", 0x4e1f_aab1, &[10], Some(1)),
        ("feature-warshall.wasm", 0x8cee_1741, &[], Some(0x3b9a_c9ff)),
        ("feature-struct.wasm", 0xbd14_598f, &[], Some(0)),
        ("feature-statements.wasm", 0x4dc3_38c4, &[], None),
        ("feature-string.wasm", 0x1234_5678, &[], None),
        ("feature-builtinTest.wasm", 0xfda0_b2da, &[], Some(0x00bc_4ff2)),
    ];
    for (name, selector, arguments, answer) in rows {
        let Some(init) = fixture(name) else { return };
        let words: Vec<_> = arguments.iter().map(|argument| number(*argument)).collect();
        under_all_rules(|twin| {
            let at = create(twin, init.clone());
            let ran = call(twin, &bob(), at, data(selector, &words));
            if let Some(answer) = answer {
                assert_ok!(ran.result);
                assert_eq!(U256::from_be_slice(ran.output()), U256::from(answer), "{name}");
            }
        });
    }
}
