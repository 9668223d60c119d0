//! Watches the chain and the node's process.
use std::{
    fs,
    path::{Path, PathBuf},
    sync::PoisonError,
    time::{Duration, Instant},
};

use codec::Decode;
use frame_support::dispatch::DispatchClass;
use frame_system::ConsumedWeight;
use serde_json::{Value, json};
use sp_core::{H256, bytes::from_hex};
use sp_io::hashing::{blake2_256, twox_128};
use tephra_runtime::limits::RuntimeBlockWeights;

use super::Waiting;
use crate::harness::{Node, token::hex};

/// A block.
pub struct Seen {
    /// Seconds since the start.
    pub at: f64,
    /// The number of transfers in it.
    pub transfers: usize,
    /// The share that it takes of the time and the proof for ordinary transactions.
    pub time: f64,
    pub proof: f64,
}

/// The node's process at some time.
pub struct Sample {
    pub at: f64,
    /// Bytes of memory with mapped files, which the database uses.
    pub memory: u64,
    /// Bytes of memory without files.
    pub own: u64,
    /// Bytes of files.
    pub database: u64,
    /// Seconds of processor time since its start.
    pub processor: f64,
}

/// A transfer: when it was seen in a block, and how many seconds after it was sent.
pub struct Waited {
    pub at: f64,
    pub seconds: f64,
}

/// The observations.
pub struct Watch {
    start: Instant,
    /// The time in seconds at which sending ended.
    pub sending: f64,
    next: u64,
    /// The number and the hash of the last block that was read.
    head: (u64, H256),
    /// The same of the block before it. The pool may not have seen the newest yet.
    pub before: (u64, H256),
    sampled: Instant,
    base: PathBuf,
    pub blocks: Vec<Seen>,
    pub samples: Vec<Sample>,
    pub waited: Vec<Waited>,
}

impl Watch {
    /// Begins to watch after the best block.
    pub fn start(node: &Node, base: &Path) -> Self {
        let start = Instant::now();
        let number = node.number();
        let block = |number: u64| {
            let hash = node.ask("chain_getBlockHash", json!([number]));
            (number, serde_json::from_value(hash).expect("a hash"))
        };
        let mut watch = Self {
            start,
            sending: 0.0,
            next: number + 1,
            head: block(number),
            before: block(number.saturating_sub(1)),
            sampled: start,
            base: base.join("chains"),
            blocks: Vec::new(),
            samples: Vec::new(),
            waited: Vec::new(),
        };
        watch.sample(node);
        watch
    }

    /// Notes that sending has ended.
    pub fn ended(&mut self) {
        self.sending = self.start.elapsed().as_secs_f64();
    }

    /// Reads new blocks. Returns the accounts whose transfers are in them.
    pub fn look(&mut self, node: &Node, waiting: &Waiting) -> Vec<usize> {
        let mut free = Vec::new();
        let best = node.number();
        while self.next <= best {
            let at = self.start.elapsed().as_secs_f64();
            let hash = node.ask("chain_getBlockHash", json!([self.next]));
            let block = node.ask("chain_getBlock", json!([hash]));
            self.before = self.head;
            self.head = (self.next, serde_json::from_value(hash.clone()).expect("a hash"));
            let transactions =
                block["block"]["extrinsics"].as_array().expect("a block has transactions");
            let mut transfers = 0;
            for transaction in transactions.iter().filter_map(Value::as_str) {
                let hash = H256(blake2_256(&from_hex(transaction).expect("hex")));
                let found = waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&hash);
                let Some((account, sent)) = found else { continue };
                self.waited.push(Waited { at, seconds: sent.elapsed().as_secs_f64() });
                free.push(account);
                transfers += 1;
            }
            let (time, proof) = fullness(node, &hash);
            self.blocks.push(Seen { at, transfers, time, proof });
            self.next += 1;
        }
        if self.sampled.elapsed() >= Duration::from_secs(1) {
            self.sample(node);
        }
        free
    }

    fn sample(&mut self, node: &Node) {
        self.sampled = Instant::now();
        self.samples.push(Sample {
            at: self.start.elapsed().as_secs_f64(),
            memory: node.memory(),
            own: node.memory_by("RssAnon:"),
            database: bytes_in(&self.base),
            processor: processor(node),
        });
    }
}

/// Returns the share that a block takes of the weight for ordinary transactions.
fn fullness(node: &Node, block: &Value) -> (f64, f64) {
    let key = [twox_128(b"System"), twox_128(b"BlockWeight")].concat();
    let weight = node.ask("state_getStorage", json!([hex(&key), block]));
    let weight = from_hex(weight.as_str().expect("a block has a weight")).expect("hex");
    let weight =
        *ConsumedWeight::decode(&mut &weight[..]).expect("weights").get(DispatchClass::Normal);
    let most = RuntimeBlockWeights::get().get(DispatchClass::Normal).max_total.expect("it is set");
    let share = |part: u64, whole: u64| part as f64 / whole as f64;
    (share(weight.ref_time(), most.ref_time()), share(weight.proof_size(), most.proof_size()))
}

/// Returns the bytes of the files in a directory. Files removed meanwhile count as none.
fn bytes_in(directory: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(about) if about.is_dir() => bytes_in(&entry.path()),
            // Files of the database are longer than their contents.
            Ok(about) => 512 * about.blocks(),
            Err(_) => 0,
        })
        .sum()
}

/// Returns the seconds of processor time that the process has used.
fn processor(node: &Node) -> f64 {
    let stat = fs::read_to_string(node.proc().join("stat")).expect("the node runs");
    let fields = stat.rsplit_once(") ").map(|(_, fields)| fields).expect("a process has a name");
    let ticks: u64 =
        fields.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    ticks as f64 / rustix::param::clock_ticks_per_second() as f64
}
