//! A contract of Solidity: `Ledger.yul` is what solc 0.8.37 writes for `Ledger.sol` (`ir`).
use alloy_primitives::{Address, U256, keccak256};
use tephra_core::ewasm::{CONSTRUCTOR_SECTION, Status, declared_length};
use tephra_core::revision::Revision;
use tephra_tests::chain::{Chain, Ran};
use tephra_yul::passes::Passes;
use tephra_yul::{Options, compile};

const SENDER: Address = Address::repeat_byte(0x51);

/// Words in the order of ABI encoding.
fn words(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| U256::from(*word).to_be_bytes::<32>()).collect()
}

/// A short text, padded to a word.
fn text(text: &str) -> Vec<u8> {
    let mut word = text.as_bytes().to_vec();
    word.resize(32, 0);
    word
}

fn call(chain: &mut Chain, to: Address, signature: &str, arguments: &[u8]) -> Ran {
    let selector = keccak256(signature.as_bytes());
    chain.call(SENDER, to, [&selector[..4], arguments].concat())
}

/// A ledger with a limit of 100 and a name, deployed as Ethereum's tools do it: the arguments
/// follow the code.
fn deploy(passes: Passes) -> (Chain, Address) {
    let options = Options { passes, ..Options::default() };
    let code = compile(include_str!("Ledger.yul"), &options).unwrap().bytes;
    assert_eq!(declared_length(&code).unwrap(), Some(code.len()));
    assert!(!code.windows(11).any(|part| part == CONSTRUCTOR_SECTION.as_bytes()));
    let mut chain = Chain::unmetered(Revision::NEWEST);
    let arguments = [words(&[100, 0x40, 5]), text("books")].concat();
    let ran = chain.create(SENDER, [code, arguments].concat());
    let address = ran.outcome.create_address.unwrap_or_else(|| panic!("{:?}", ran.outcome));
    (chain, address)
}

#[test]
fn a_contract_of_solidity_gets_its_arguments_keeps_amounts_and_says_why_it_reverts() {
    for passes in [Passes::NONE, Passes::ALL] {
        let (mut chain, ledger) = deploy(passes);
        let output = |ran: Ran| {
            assert_eq!(ran.outcome.status, Status::Success, "{:?}", ran.outcome);
            ran.outcome.output.to_vec()
        };
        assert_eq!(output(call(&mut chain, ledger, "limit()", &[])), words(&[100]));
        let name = [words(&[0x20, 5]), text("books")].concat();
        assert_eq!(output(call(&mut chain, ledger, "name()", &[])), name);

        let note = [words(&[40, 0x40, 4]), text("rent")].concat();
        let ran = call(&mut chain, ledger, "add(uint256,string)", &note);
        let topic = keccak256("Added(address,uint256,string)");
        assert_eq!(ran.logs[0].topics(), [topic, SENDER.into_word()]);
        assert_eq!(ran.logs[0].data.data[..], note);
        assert_eq!(output(ran), words(&[40]));
        let of_sender = SENDER.into_word();
        let amount = call(&mut chain, ledger, "amounts(address)", of_sender.as_slice());
        assert_eq!(output(amount), words(&[40]));

        let small = [words(&[3, 0x40, 5]), text("small")].concat();
        let ran = call(&mut chain, ledger, "add(uint256,string)", &small);
        assert_eq!(ran.outcome.status, Status::Revert);
        assert_eq!(ran.outcome.output[..4], keccak256("Error(string)")[..4]);
        assert_eq!(ran.outcome.output[4..], [words(&[0x20, 5]), text("small")].concat());

        let large = [words(&[61, 0x40, 0])].concat();
        let ran = call(&mut chain, ledger, "add(uint256,string)", &large);
        assert_eq!(ran.outcome.status, Status::Revert);
        assert_eq!(ran.outcome.output[..4], keccak256("AboveLimit(uint256,uint256)")[..4]);
        assert_eq!(ran.outcome.output[4..], words(&[101, 100]));
        assert_eq!(chain.slot(ledger, 0), U256::from(40));

        let squares = call(&mut chain, ledger, "squares(uint256)", &words(&[5]));
        assert_eq!(output(squares), words(&[0x20, 5, 0, 1, 4, 9, 16]));
    }
}

#[test]
fn arguments_that_are_missing_end_the_constructor() {
    let code = compile(include_str!("Ledger.yul"), &Options::default()).unwrap().bytes;
    let mut chain = Chain::unmetered(Revision::NEWEST);
    assert_eq!(chain.create(SENDER, code).outcome.status, Status::Revert);
}
