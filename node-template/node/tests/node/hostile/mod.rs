//! Attacks on the node: it stays up, answers others, names the error, and does not grow.
mod dry_runs;
mod heap;
mod pool;
mod requests;
mod transactions;

use serde_json::{Value, json};
use tephra_chain_tests::blob::Blob;

use crate::harness::{Node, rpc::Refusal};

/// The bytes of memory that the node may have under any attack: those at rest, the instances of the
/// runtime with their heaps, and a full pool.
const MEMORY: u64 = 1 << 30;

/// Starts a development chain with this sealing; none without a runtime.
fn node(arguments: &[&str], base: &tempfile::TempDir) -> Option<Node> {
    Blob::get()?;
    Some(Node::start(&[&["--dev"][..], arguments].concat(), base.path()))
}

/// Checks that the node answers, has not grown, and stops on request.
fn is_unharmed(node: Node) {
    assert_eq!(node.ask("system_health", json!([]))["isSyncing"], false);
    let memory = node.memory();
    println!("{} MiB of memory", memory >> 20);
    assert!(memory < MEMORY, "{memory} bytes of memory");
    node.stop();
}

/// Checks that the call is refused with this code, and that the reason has these words.
fn is_refused(answer: Result<Value, Refusal>, code: i64, words: &str) {
    let refusal = answer.expect_err("it is refused");
    assert_eq!(refusal.code, code, "{refusal}");
    assert!(refusal.to_string().contains(words), "{words:?} is not in {refusal}");
}
