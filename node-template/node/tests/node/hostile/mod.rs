//! What an attacker sends: the node stays up, answers others, says what was wrong, and does not
//! grow.
mod dry_runs;
mod heap;
mod pool;
mod requests;
mod transactions;

use serde_json::{Value, json};
use tephra_chain_tests::blob::Blob;

use crate::harness::{Node, rpc::Refusal};

/// Bytes that the node may have in memory, whatever is sent to it: what it has at rest, the
/// instances of the runtime with their heaps, and a full pool.
const MEMORY: u64 = 1 << 30;

/// A development chain with blocks at these times, unless there is no runtime to run it with.
fn node(arguments: &[&str], base: &tempfile::TempDir) -> Option<Node> {
    Blob::get()?;
    Some(Node::start(&[&["--dev"][..], arguments].concat(), base.path()))
}

/// The node is as it was: it answers, it has not grown, and it stops when asked to.
fn is_unharmed(node: Node) {
    assert_eq!(node.ask("system_health", json!([]))["isSyncing"], false);
    let memory = node.memory();
    println!("{} MiB of memory", memory >> 20);
    assert!(memory < MEMORY, "{memory} bytes of memory");
    node.stop();
}

/// The call is refused with this code, and the reason has these words.
fn is_refused(answer: Result<Value, Refusal>, code: i64, words: &str) {
    let refusal = answer.expect_err("it is refused");
    assert_eq!(refusal.code, code, "{refusal}");
    assert!(refusal.to_string().contains(words), "{words:?} is not in {refusal}");
}
