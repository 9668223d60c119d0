//! A node that is killed repeatedly while it makes blocks: its database opens, and the chain
//! continues.
use std::env;

use serde_json::json;

use crate::harness::{Node, eventually};

/// The number of times that the node is killed, unless `TEPHRA_CRASHES` sets another.
const CRASHES: u32 = 5;

#[test]
fn a_killed_node_continues_where_it_was() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let crashes = env::var("TEPHRA_CRASHES")
        .map_or(CRASHES, |times| times.parse().expect("TEPHRA_CRASHES is a number"));
    let directory = tempfile::tempdir().expect("a temporary directory");
    // A block that the database had when the node started, and must keep.
    let mut kept = (0, None);
    for _ in 0..crashes {
        let node = Node::start(&["--dev", "--sealing", "interval=20"], directory.path());
        let (number, hash) = &kept;
        if let Some(hash) = hash {
            assert_eq!(node.ask("chain_getBlockHash", json!([number])), *hash);
        }
        let start = node.number();
        kept = (start, Some(node.ask("chain_getBlockHash", json!([start]))));
        eventually("blocks are made", || node.number() >= start + 10);
        node.kill();
    }
    let node = Node::start(&["--dev", "--sealing", "interval=20"], directory.path());
    let start = node.number();
    assert!(start >= kept.0);
    eventually("blocks are made", || node.number() >= start + 10);
    println!("killed {crashes} times; {} blocks", node.number());
    node.stop();
}
