//! Four validators, each in its own network. One is killed and returns, another is cut off and
//! rejoins, and the chain with its contracts continues all the time.
use std::{env, fmt::Display, sync::Arc, time::Instant};

use codec::{Decode, Encode};
use serde_json::{Value, json};
use sp_core::{H160, H256};
use sp_io::hashing::{blake2_256, twox_128};
use sp_keyring::Sr25519Keyring::{Alice, Ferdie};
use tephra_chain_tests::{
    contract::{GAS, address_of, call, create, init_code, module, number},
    signed,
};
use tephra_runtime::{Hash, Runtime, RuntimeCall, RuntimeEvent, UncheckedExtrinsic};

use crate::harness::{
    Node, eventually,
    namespace::{Namespace, Switch},
    token::{hex, transfer_call},
};

/// The number of blocks that become final while a validator is away, unless `TEPHRA_OUTAGE` sets
/// another.
const OUTAGE: u64 = 2;

/// A validator of the network, with its data.
struct Validator {
    name: &'static str,
    directory: tempfile::TempDir,
    namespace: Option<Arc<Namespace>>,
}

impl Validator {
    /// Starts the validator. The first one of a network knows no others.
    fn start(&self, boot_node: Option<&str>) -> Node {
        let mut arguments = vec![
            "--chain",
            "local",
            self.name,
            "--discover-local",
            "--unsafe-force-node-key-generation",
        ];
        if let Some(address) = boot_node {
            arguments.extend(["--bootnodes", address]);
        }
        Node::start_in(self.namespace.as_ref(), &arguments, self.directory.path())
    }
}

/// Four validators and their connections.
struct Network {
    validators: [Validator; 4],
    switch: Option<Switch>,
    start: Instant,
}

impl Network {
    fn new() -> Self {
        let names = ["--alice", "--bob", "--charlie", "--dave"];
        let switch = Switch::new(names.len());
        let mut index = 0;
        let validators = names.map(|name| {
            let namespace = switch.as_ref().ok().map(|switch| switch.member(index).clone());
            index += 1;
            Validator {
                name,
                directory: tempfile::tempdir().expect("a temporary directory"),
                namespace,
            }
        });
        let start = Instant::now();
        let network = match switch {
            Ok(switch) => {
                let network = Self { validators, switch: Some(switch), start };
                network.say(
                    "each validator has its network namespace; a link that is down cuts it off",
                );
                network
            }
            Err(reason) => {
                let network = Self { validators, switch: None, start };
                network.say(format!("NOT AS IT SHOULD BE: {reason}"));
                network.say("so all validators share the loopback interface; SIGSTOP cuts one off");
                network
            }
        };
        assert!(
            network.switch.is_some() || env::var_os("TEPHRA_NAMESPACES").is_none(),
            "namespaces were asked for"
        );
        network
    }

    /// Adds a line to the summary.
    fn say(&self, what: impl Display) {
        println!("{:6.1} s  {what}", self.start.elapsed().as_secs_f64());
    }

    /// Cuts a validator off.
    fn cut_off(&self, index: usize, node: &Node) {
        match &self.switch {
            Some(switch) => switch.unplug(index),
            None => node.pause(),
        }
    }

    /// Lets a validator rejoin.
    fn rejoin(&self, index: usize, node: &Node) {
        match &self.switch {
            Some(switch) => switch.plug(index),
            None => node.resume(),
        }
    }
}

/// Alice's transactions, and the blocks in which they became final.
struct Sent {
    genesis: H256,
    nonce: u32,
    finalized: Vec<(H256, u64, Value)>,
}

impl Sent {
    /// Sends Alice's next transaction through a node.
    fn send(&mut self, node: &Node, call: RuntimeCall) -> UncheckedExtrinsic {
        let transaction = signed(Alice, self.nonce, self.genesis, call);
        self.nonce += 1;
        node.rpc.submit(&transaction).unwrap_or_else(|refusal| panic!("{refusal}"));
        transaction
    }

    /// Waits until a transaction is in a block that is final for this node, and stores that block.
    fn becomes_final(&mut self, node: &Node, transaction: &UncheckedExtrinsic, mut from: u64) {
        let bytes = hex(&transaction.encode());
        let mut found = None;
        eventually("the transaction becomes final", || {
            while found.is_none() && from <= node.finalized() {
                let hash = node.ask("chain_getBlockHash", json!([from]));
                if contains(node, &hash, &bytes) {
                    found = Some((H256(blake2_256(&transaction.encode())), from, hash));
                }
                from += 1;
            }
            found.is_some()
        });
        self.finalized.extend(found);
    }
}

fn contains(node: &Node, block: &Value, transaction: &str) -> bool {
    let block = node.ask("chain_getBlock", json!([block]));
    let transactions = block["block"]["extrinsics"].as_array().expect("a block has transactions");
    transactions.iter().any(|one| one == transaction)
}

/// A contract that counts its calls in slot 0.
fn counter() -> Vec<u8> {
    let body = "
        (call $load (i32.const 0) (i32.const 32))
        (i32.store8 (i32.const 63) (i32.add (i32.load8_u (i32.const 63)) (i32.const 1)))
        (call $store (i32.const 0) (i32.const 32))";
    init_code(&module(1, &[], body, ""))
}

#[test]
fn a_network_continues_while_a_validator_is_killed_and_another_is_cut_off() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let outage = env::var("TEPHRA_OUTAGE")
        .map_or(OUTAGE, |blocks| blocks.parse().expect("TEPHRA_OUTAGE is a number"));
    let network = Network::new();
    let [first, second, third, fourth] = &network.validators;
    let alice = first.start(None);
    let boot_node = alice.address();
    let bob = second.start(Some(&boot_node));
    let charlie = third.start(Some(&boot_node));
    let dave = fourth.start(Some(&boot_node));
    eventually("blocks become final everywhere", || {
        [&alice, &bob, &charlie, &dave].into_iter().all(|node| node.finalized() >= 1)
    });
    network.say(format!("block {} is final everywhere", alice.finalized()));
    let mut sent = Sent { genesis: alice.genesis(), nonce: 0, finalized: Vec::new() };
    let pay = || transfer_call(address_of(Ferdie), 3, GAS);

    // One is killed: three of four still agree.
    let before = sent.send(&dave, pay());
    let start = alice.finalized();
    bob.kill();
    let deploy = sent.send(&dave, create(counter()));
    eventually("blocks become final without the one that was killed", || {
        alice.finalized() >= start + outage
    });
    network.say(format!(
        "Bob was killed after block {start}; without him block {} is final",
        alice.finalized()
    ));
    let bob = second.start(Some(&boot_node));
    let head = alice.finalized();
    eventually("the one that was killed catches up", || bob.finalized() >= head);
    network.say(format!("Bob is back, and has block {head}"));
    for transaction in [&before, &deploy] {
        sent.becomes_final(&alice, transaction, start);
    }
    let contract = contract_of(&alice, &sent.finalized[1].2);

    // Another is cut off. Three are needed, so the one that was killed has to vote again.
    network.cut_off(2, &charlie);
    let counted = sent.send(&bob, call(contract, []));
    let paid = sent.send(&bob, pay());
    let start = alice.finalized();
    eventually("blocks become final without the one that was cut off", || {
        alice.finalized() >= start + outage
    });
    network.say(format!(
        "Charlie was cut off after block {start}; without him block {} is final",
        alice.finalized()
    ));
    if network.switch.is_some() {
        assert!(
            charlie.finalized() < alice.finalized(),
            "nothing reaches the one that was cut off"
        );
        network.say(format!("Charlie has block {} yet", charlie.finalized()));
    }
    network.rejoin(2, &charlie);
    let head = alice.finalized();
    eventually("the one that was cut off catches up", || charlie.finalized() >= head);
    network.say(format!("Charlie has rejoined, and has block {head}"));
    let last = [sent.send(&charlie, pay()), sent.send(&charlie, call(contract, []))];
    for transaction in [&counted, &paid, &last[0], &last[1]] {
        sent.becomes_final(&alice, transaction, start);
    }

    let head = alice.number();
    let nodes = [alice, bob, charlie, dave];
    eventually("that block is final everywhere", || {
        nodes.iter().all(|node| node.finalized() >= head)
    });
    let mut seen = Vec::new();
    for node in &nodes {
        let block = node.ask("chain_getBlockHash", json!([head]));
        let header = node.ask("chain_getHeader", json!([block]));
        assert_eq!(node.rpc.tokens(address_of(Ferdie), &block), number(3 * 3));
        assert_eq!(slot(node, contract, &block), number(2));
        for (transaction, number, hash) in &sent.finalized {
            let here = node.ask("chain_getBlockHash", json!([number]));
            assert_eq!(here, *hash, "the block with {transaction:?}, which was final");
        }
        seen.push((block, header["stateRoot"].clone()));
    }
    assert!(seen.iter().all(|one| *one == seen[0]), "one block and one state: {seen:?}");
    assert_eq!(sent.finalized.len(), 6);
    network.say(format!(
        "all of {} transactions that were final are on every validator",
        sent.finalized.len()
    ));
    network.say(format!(
        "four validators agree on block {head}, {}, with state root {}",
        seen[0].0, seen[0].1
    ));
    for node in nodes {
        node.stop();
    }
}

/// Returns the address of the contract that a block created, from its events.
fn contract_of(node: &Node, block: &Value) -> H160 {
    let key = [twox_128(b"System"), twox_128(b"Events")].concat();
    let events = node.ask("state_getStorage", json!([hex(&key), block]));
    let events =
        sp_core::bytes::from_hex(events.as_str().expect("a block has events")).expect("hex");
    let events = Vec::<frame_system::EventRecord<RuntimeEvent, Hash>>::decode(&mut &events[..])
        .expect("events");
    let created = events.into_iter().find_map(|record| match record.event {
        RuntimeEvent::Ewasm(pallet_ewasm::Event::<Runtime>::Created { address, .. }) => {
            Some(address)
        }
        _ => None,
    });
    created.expect("the create succeeded")
}

/// Returns a contract's slot 0 in the state after `block`.
fn slot(node: &Node, contract: H160, block: &Value) -> Vec<u8> {
    let answer = node.rpc.query("EwasmApi_storage_at", &(contract, H256::zero()).encode(), block);
    answer.unwrap_or_else(|refusal| panic!("{refusal}"))
}
