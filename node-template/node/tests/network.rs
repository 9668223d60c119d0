//! Four validators: one is killed and comes back, another is stopped and goes on, and the chain with its contracts goes on all the time.
mod node;

use codec::{Decode, Encode};
use node::{Node, eventually};
use pallet_ewasm::runtime_api::DryRun;
use serde_json::{Value, json};
use sp_core::{H256, bytes};
use sp_keyring::Sr25519Keyring::{Alice, Ferdie};
use tephra_chain_tests::{
    contract::{address, address_of, call, data, number},
    signed,
};
use tephra_runtime::{Balance, Nonce, token::TOKEN};

const BALANCE_OF: u32 = 0x70a0_8231;
const TRANSFER: u32 = 0xa905_9cbb;

/// A validator of the network, and where its data are.
struct Validator {
    name: &'static str,
    directory: tempfile::TempDir,
}

impl Validator {
    fn new(name: &'static str) -> Self {
        Self { name, directory: tempfile::tempdir().expect("a temporary directory") }
    }

    /// Starts the validator. The first one of a network knows nobody.
    fn start(&self, boot_node: Option<&str>) -> Node {
        let mut arguments =
            vec!["--chain", "local", self.name, "--discover-local", "--unsafe-force-node-key-generation"];
        if let Some(address) = boot_node {
            arguments.extend(["--bootnodes", address]);
        }
        Node::start(&arguments, self.directory.path())
    }
}

fn finalized(node: &mut Node) -> u64 {
    let hash = node.ask("chain_getFinalizedHead", json!([]));
    node.number_of(&hash)
}

/// Sends Alice's next token transfer to Ferdie.
fn transfer(node: &mut Node, nonce: u32, genesis: H256) {
    let input = data(TRANSFER, &[address(address_of(Ferdie)), number(3)]);
    let transaction = signed(Alice, nonce, genesis, call(TOKEN, input));
    node.ask("author_submitExtrinsic", json!([bytes::to_hex(&transaction.encode(), false)]));
}

/// How many transactions of Alice's are in blocks.
fn nonce(node: &mut Node) -> Nonce {
    let account = bytes::to_hex(&Alice.to_account_id().encode(), false);
    let answer = node.ask("state_call", json!(["AccountNonceApi_account_nonce", account]));
    let answer = bytes::from_hex(answer.as_str().expect("hex")).expect("hex");
    Nonce::decode(&mut &answer[..]).expect("a nonce")
}

/// What Ferdie has of the token in the state after `block`.
fn tokens(node: &mut Node, block: &Value) -> Vec<u8> {
    let input = data(BALANCE_OF, &[address(address_of(Ferdie))]);
    let arguments = (Alice.to_account_id(), TOKEN, input, 0_u128, None::<u64>).encode();
    let answer = node.ask("state_call", json!(["EwasmApi_call", bytes::to_hex(&arguments, false), block]));
    let answer = bytes::from_hex(answer.as_str().expect("hex")).expect("hex");
    DryRun::<Balance>::decode(&mut &answer[..]).expect("a dry run").output
}

#[test]
fn a_network_goes_on_while_a_validator_is_killed_and_another_is_cut_off() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let [first, second, third, fourth] = ["--alice", "--bob", "--charlie", "--dave"].map(Validator::new);
    let mut alice = first.start(None);
    let boot_node = alice.address();
    let mut bob = second.start(Some(&boot_node));
    let mut charlie = third.start(Some(&boot_node));
    let mut dave = fourth.start(Some(&boot_node));
    let genesis: H256 = serde_json::from_value(alice.ask("chain_getBlockHash", json!([0]))).expect("a hash");
    eventually("blocks become final everywhere", || {
        [&mut alice, &mut bob, &mut charlie, &mut dave].into_iter().all(|node| finalized(node) >= 1)
    });

    // One is killed: three of four still agree.
    transfer(&mut dave, 0, genesis);
    bob.kill();
    transfer(&mut dave, 1, genesis);
    let before = finalized(&mut alice);
    eventually("blocks become final without the one that was killed", || finalized(&mut alice) >= before + 2);
    let mut bob = second.start(Some(&boot_node));
    let head = finalized(&mut alice);
    eventually("the one that was killed catches up", || finalized(&mut bob) >= head);

    // Another is cut off. It is the third that is needed now, so the one that was killed has to vote again.
    charlie.pause();
    transfer(&mut bob, 2, genesis);
    let before = finalized(&mut alice);
    eventually("blocks become final without the one that was cut off", || finalized(&mut alice) >= before + 2);
    charlie.resume();
    let head = finalized(&mut alice);
    eventually("the one that was cut off catches up", || finalized(&mut charlie) >= head);
    transfer(&mut charlie, 3, genesis);

    eventually("every transaction is in a block", || nonce(&mut alice) == 4);
    let head = alice.number();
    let mut nodes = [alice, bob, charlie, dave];
    eventually("that block is final everywhere", || nodes.iter_mut().all(|node| finalized(node) >= head));
    let mut seen = Vec::new();
    for node in &mut nodes {
        let block = node.ask("chain_getBlockHash", json!([head]));
        let header = node.ask("chain_getHeader", json!([block]));
        assert_eq!(tokens(node, &block), number(4 * 3));
        seen.push((block, header["stateRoot"].clone()));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "one block and one state: {seen:?}");
    println!("four validators agree on block {head}, {}, with state root {}", seen[0].0, seen[0].1);
    for node in nodes {
        node.stop();
    }
}
