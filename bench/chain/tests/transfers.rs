//! Blocks of a few transfers: they move what they should, and are measured as what they are.
use codec::Encode;
use sp_core::H160;
use tephra_bench_chain::{
    measure::{Effort, measure, signature_time},
    report::Report,
    tephra,
    user::User,
    work::{HOLDING, Kind},
};
use tephra_bench_report::Machine;
use tephra_chain_tests::{blob::Blob, contract::call_with};
use tephra_runtime::token::TOKEN;

const EFFORT: Effort = Effort { rounds: 2, transactions: 3, users: 8 };

fn users() -> Vec<User> {
    (0..EFFORT.users as u32).map(User::number).collect()
}

#[test]
fn every_work_is_measured_and_moves_what_it_should() {
    let Some(blob) = Blob::get() else { return };
    let users = users();
    let mut subjects = [tephra::subject("node-template", blob, &users).unwrap()];
    let rows = measure(&mut subjects, EFFORT, &mut |_| {}).unwrap();

    // Each work has had one block to be described and one for each round; the first one began with
    // the first user. Its transfers went from users 0, 1 and 2 to 4, 5 and 6.
    let [subject] = &subjects;
    let works = subject.works.len();
    assert_eq!(rows.len(), works);
    subject.check().unwrap();
    let held: u128 = (users.iter())
        .map(|user| (subject.questions.balance)(&subject.chain, TOKEN, user).unwrap())
        .sum();
    let from_alice = (EFFORT.rounds as u128 + 1) * EFFORT.transactions as u128;
    assert_eq!(
        held,
        EFFORT.users as u128 * HOLDING + from_alice,
        "what one sender sent is what users have more"
    );

    for row in &rows {
        assert_eq!(row.imported.len(), EFFORT.rounds, "{}", row.name);
        assert!(row.imported.iter().chain(&row.made).all(|time| *time > 0.0), "{}", row.name);
        let is_call =
            matches!(row.name, "token" | "one-sender" | "soll" | "account" | "idle" | "balance");
        assert_eq!(row.gas.is_some(), is_call, "{}", row.name);
        if row.kind != Kind::Block {
            assert!(
                row.reads > 0.0
                    && row.writes > 0.0
                    && row.proof > 0.0
                    && row.root > 0.0
                    && row.weight.ref_time() > 0,
                "{}",
                row.name
            );
        }
    }
    let row = |name: &str| rows.iter().find(|row| row.name == name).unwrap();
    let accesses = |name: &str, method: &str, item: &str| {
        row(name).accesses.get(&(method.into(), item.into())).copied().unwrap_or_default()
    };
    // A transfer reads and writes each item of the pallet's once: signer and token, both balances.
    // Nothing of the token changes but them.
    assert_eq!(accesses("token", "Get", "Ewasm.Contracts"), 2.0);
    assert_eq!(accesses("token", "Get", "Ewasm.OriginalAccount"), 1.0);
    assert_eq!(accesses("token", "Get", "Ewasm.CodeInfoOf"), 1.0);
    assert_eq!(accesses("token", "Get", "Ewasm.Slots"), 2.0);
    assert_eq!(accesses("token", "Exists", "Ewasm.Slots"), 0.0);
    assert_eq!(accesses("token", "Put", "Ewasm.Slots"), 2.0);
    assert_eq!(accesses("token", "Put", "Ewasm.Contracts"), 0.0);
    assert_eq!(
        (accesses("balance", "Get", "Ewasm.Slots"), accesses("idle", "Get", "Ewasm.Slots")),
        (1.0, 0.0)
    );
    // A block's first call fetches the code for all.
    assert_eq!(accesses("token", "Get", "Ewasm.Codes") * EFFORT.transactions as f64, 1.0);
    assert!(row("token").gas > row("balance").gas && row("balance").gas > row("idle").gas);

    let missing = vec!["nobody".into()];
    let report = Report {
        machine: Machine::now(),
        effort: EFFORT,
        rows,
        signature: signature_time(),
        missing,
    };
    let text = report.text();
    for title in ["the token of `contracts/token`", "`balanceOf` of the token", "Left out: nobody."]
    {
        assert!(text.contains(title), "{text}");
    }
    let json = report.json();
    assert_eq!(json["rows"].as_array().unwrap().len(), works);
    assert_eq!(json["rows"][0]["times_own"]["value"], 1.0);
}

#[test]
fn a_transfer_that_fails_is_not_measured() {
    let Some(blob) = Blob::get() else { return };
    let users = users();
    let mut subject = tephra::subject("node-template", blob, &users).unwrap();
    let [first, ..] = &users[..] else { unreachable!() };
    // A transfer of nothing to nobody: the token refuses the zero address.
    let input = [&[0xa9, 0x05, 0x9c, 0xbb][..], &[0; 64]].concat();
    let call = call_with(TOKEN, input, 0, 100_000).encode();
    let transaction = subject.chain.sign(first, &call);
    let error = subject.chain.make(&[transaction]).err().unwrap();
    assert!(error.starts_with("extrinsic 1 of block") && error.contains("Module"), "{error}");
}

#[test]
fn a_balance_that_is_wrong_is_found() {
    let Some(blob) = Blob::get() else { return };
    let users = users();
    let mut subject = tephra::subject("node-template", blob, &users).unwrap();
    let transactions = subject.transactions(0, EFFORT.transactions);
    subject.check().unwrap_err();
    subject.chain.block(&transactions).unwrap();
    subject.check().unwrap();
    subject.questions.balance = |_, _: H160, _| Ok(1);
    subject.check().unwrap_err();
}
