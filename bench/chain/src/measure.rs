//! Rounds of blocks.
use std::{collections::BTreeMap, time::Instant};

use frame_support::{
    dispatch::{DispatchClass, PerDispatchClass},
    weights::Weight,
};

use sp_runtime::OpaqueExtrinsic;
use tephra_bench_report::statistics::median;

use crate::{
    Result,
    count::{Counts, counted},
    storage_key,
    user::User,
    work::{Kind, Subject},
};

/// The amount of measuring.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Blocks of each work that count.
    pub rounds: usize,
    /// Transactions in a block.
    pub transactions: usize,
    /// The holders of tokens, who take turns in sending them.
    pub users: usize,
}

impl Effort {
    /// For documents.
    pub const FULL: Self = Self { rounds: 21, transactions: 400, users: 10_000 };
    /// For a look.
    pub const QUICK: Self = Self { rounds: 5, transactions: 200, users: 1_000 };
}

/// The number of timings of works that are not measured in rounds.
const REPEATED: usize = 5;

/// The measurements of a work.
pub struct Row {
    /// The chain's name.
    pub subject: &'static str,
    /// The work's name.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// The purpose of measuring it.
    pub kind: Kind,
    /// Microseconds of a block's import by the number of its transactions (by one for a block
    /// without), round by round.
    pub imported: Vec<f64>,
    /// Microseconds of a block's making, likewise.
    pub made: Vec<f64>,
    /// What a transaction weighs in the end, besides what every block does.
    pub weight: Weight,
    /// Gas of a call, on average.
    pub gas: Option<f64>,
    /// What a transaction asks of the state, besides what every block does.
    pub accesses: BTreeMap<(String, String), f64>,
    /// Accesses that read.
    pub reads: f64,
    /// Accesses that write.
    pub writes: f64,
    /// Bytes of proof for a transaction, besides those of an empty block.
    pub proof: f64,
    /// Microseconds that the state's new root takes for a transaction, natively.
    pub root: f64,
}

/// Measures all works of these chains in turn, another one first in each round.
///
/// # Errors
///
/// A runtime does not do what it should: a transaction fails, or a balance is wrong afterwards.
pub fn measure(
    subjects: &mut [Subject<'_>],
    effort: Effort,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<Row>> {
    let places: Vec<(usize, usize)> = (subjects.iter().enumerate())
        .flat_map(|(at, subject)| (0..subject.works.len()).map(move |work| (at, work)))
        .collect();
    let mut rows = Vec::new();
    for (at, work) in &places {
        if let Some(subject) = subjects.get_mut(*at) {
            rows.push(describe(subject, *work, effort)?);
        }
    }
    for round in 0..effort.rounds {
        progress(&format!("round {} of {}", round + 1, effort.rounds));
        for turn in 0..places.len() {
            let place = (turn + round) % places.len();
            let (Some((at, work)), Some(row)) = (places.get(place), rows.get_mut(place)) else {
                continue;
            };
            let Some(subject) = subjects.get_mut(*at) else { continue };
            let (imported, made) = time(subject, *work, effort)?;
            row.imported.push(imported);
            row.made.push(made);
        }
    }
    for subject in subjects.iter() {
        subject.check()?;
    }
    Ok(rows)
}

/// Returns the facts about a work that take no timing. It is warm afterwards.
fn describe(subject: &mut Subject<'_>, work: usize, effort: Effort) -> Result<Row> {
    let empty = of_block(subject, &[])?;
    let transactions = subject.transactions(work, effort.transactions);
    let mut roots = Vec::new();
    for _ in 0..REPEATED {
        roots.push(subject.chain.root_time(&transactions)?.as_secs_f64() * 1e6);
    }
    let full = of_block(subject, &transactions)?;
    let Some(work) = subject.works.get(work) else { return Err("there is no such work".into()) };
    // A block without transactions is described as it is.
    let (each, empty) = match work.kind {
        Kind::Block => (1.0, Block::default()),
        _ => (transactions.len() as f64, empty),
    };
    let by = |full: u64, empty: u64| (full as f64 - empty as f64) / each;
    let accesses = full.counts.accesses.iter().map(|(access, count)| {
        (access.clone(), by(*count, empty.counts.accesses.get(access).copied().unwrap_or_default()))
    });
    let weight = full.weight.saturating_sub(empty.weight);
    Ok(Row {
        subject: subject.name,
        name: work.name,
        title: work.title,
        kind: work.kind,
        imported: Vec::new(),
        made: Vec::new(),
        weight: Weight::from_parts(
            (weight.ref_time() as f64 / each) as u64,
            (weight.proof_size() as f64 / each) as u64,
        ),
        gas: (subject.questions.gas)(&subject.chain)?,
        accesses: accesses.collect(),
        reads: by(full.counts.reads(), empty.counts.reads()),
        writes: by(full.counts.writes(), empty.counts.writes()),
        proof: by(full.proof, empty.proof),
        root: median(&roots) / each,
    })
}

/// Microseconds that the check of a transaction's signature takes, natively, as in a node's host
/// function.
pub fn signature_time() -> f64 {
    let (user, message) = (User::number(0), [7; 150]);
    let signature = user.sign(&message);
    let times: Vec<f64> = (0..REPEATED * REPEATED)
        .map(|_| {
            let start = Instant::now();
            assert!(user.has_signed(&signature, &message), "a signature is valid");
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    median(&times)
}

/// What a block asks of the state, weighs, and proves.
#[derive(Default)]
struct Block {
    counts: Counts,
    weight: Weight,
    proof: u64,
}

fn of_block(subject: &mut Subject<'_>, transactions: &[OpaqueExtrinsic]) -> Result<Block> {
    let made = subject.chain.make(transactions)?;
    let (imported, counts) = counted(|| subject.chain.import(&made));
    imported?;
    let proof = subject.chain.proof_size(&made)? as u64;
    subject.chain.advance(made);
    let key = storage_key("System", "BlockWeight");
    let weight: PerDispatchClass<Weight> = subject.chain.read(&key)?.unwrap_or_default();
    Ok(Block { counts, weight: *weight.get(DispatchClass::Normal), proof })
}

/// Makes and imports a block, and times both, in microseconds for each transaction.
fn time(subject: &mut Subject<'_>, work: usize, effort: Effort) -> Result<(f64, f64)> {
    let transactions = subject.transactions(work, effort.transactions);
    let start = Instant::now();
    let made = subject.chain.make(&transactions)?;
    let making = start.elapsed();
    let start = Instant::now();
    let imported = subject.chain.import(&made)?;
    let importing = start.elapsed();
    drop(imported);
    subject.chain.advance(made);
    let each =
        |time: std::time::Duration| time.as_secs_f64() * 1e6 / transactions.len().max(1) as f64;
    Ok((each(importing), each(making)))
}
