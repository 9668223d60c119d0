//! When blocks are made.
use std::{str::FromStr, sync::Arc, time::Duration};

use futures::{Stream, StreamExt, future, stream};
use sc_client_api::{BlockchainEvents, Finalizer, HeaderBackend};
use sc_consensus_aura::find_pre_digest;
use sc_consensus_manual_seal::EngineCommand;
use sc_transaction_pool_api::TransactionPool;
use sp_consensus::BlockOrigin;
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_runtime::traits::Header as _;
use sp_timestamp::{InherentDataProvider, Timestamp};
use tephra_runtime::{BlockNumber, Hash, limits::SLOT_MILLISECONDS, opaque::Block};

use crate::client::FullClient;

/// When a block is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// When a transaction comes in.
    Instant,
    /// At this interval, with or without transactions.
    Interval(Duration),
    /// In the slots of Aura, by the validator whose turn it is. GRANDPA finalizes them.
    Slots,
}

impl FromStr for Sealing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None if text == "instant" => Ok(Self::Instant),
            None if text == "slots" => Ok(Self::Slots),
            Some(("interval", milliseconds)) => match milliseconds.parse() {
                Ok(0) | Err(_) => {
                    Err(format!("{milliseconds} is not a number of milliseconds above zero"))
                }
                Ok(milliseconds) => Ok(Self::Interval(Duration::from_millis(milliseconds))),
            },
            _ => Err("the choices are instant, interval=MILLISECONDS and slots".into()),
        }
    }
}

/// The time from making a block to finalizing it, where a node makes blocks alone.
///
/// It is not zero: programs ask for a transaction's block and events when they hear that it is in a
/// block, and polkadot.js drops that news when it hears that the block is final before it has the
/// answers.
const FINAL_AFTER: Duration = Duration::from_secs(1);

/// The most blocks that may wait to be finalized.
const MOST_WAITING: usize = 1 << 16;

/// Returns a command to make a block every `interval`.
pub fn every(interval: Duration) -> impl Stream<Item = EngineCommand<Hash>> + Unpin {
    Box::pin(stream::unfold((), move |()| async move {
        tokio::time::sleep(interval).await;
        Some((seal(true), ()))
    }))
}

/// Returns a command to make a block for each transaction that comes in.
pub fn with_each<P: TransactionPool>(
    pool: &P,
) -> impl Stream<Item = EngineCommand<Hash>> + Unpin + use<P> {
    pool.import_notification_stream().map(|_| seal(false))
}

/// Returns a command to make a block on the best one.
fn seal(create_empty: bool) -> EngineCommand<Hash> {
    EngineCommand::SealNewBlock { create_empty, finalize: false, parent_hash: None, sender: None }
}

/// Finalizes the blocks of this node, each [`FINAL_AFTER`] it was made. Blocks of an earlier run of
/// the node are finalized at once.
pub async fn finalize(client: Arc<FullClient>) {
    finalize_up_to(&client, client.info().best_hash, client.info().best_number);
    let own = client
        .import_notification_stream()
        .filter(|block| future::ready(block.origin == BlockOrigin::Own));
    let mut due = own
        .map(|block| {
            let waited = tokio::time::sleep(FINAL_AFTER);
            async move {
                waited.await;
                block
            }
        })
        .buffered(MOST_WAITING);
    while let Some(block) = due.next().await {
        finalize_up_to(&client, block.hash, *block.header.number());
    }
}

fn finalize_up_to(client: &FullClient, hash: Hash, number: BlockNumber) {
    if number <= client.info().finalized_number {
        return;
    }
    if let Err(error) = client.finalize_block(hash, None, true) {
        tracing::warn!(%hash, %error, "A block cannot be finalized");
    }
}

/// Returns the time of a block on `parent`: now, but in a later slot than the parent's. Blocks that
/// follow one another faster than slots are ahead of time.
///
/// # Errors
///
/// The parent is not in the database.
pub fn time_after(
    client: &Arc<FullClient>,
    parent: Hash,
) -> Result<InherentDataProvider, Box<dyn std::error::Error + Send + Sync>> {
    let header = client.header(parent)?.ok_or_else(|| format!("no block {parent}"))?;
    let slot = find_pre_digest::<Block, AuthoritySignature>(&header)?;
    let earliest =
        Timestamp::new(u64::from(slot).saturating_add(1).saturating_mul(SLOT_MILLISECONDS));
    Ok(InherentDataProvider::new(Timestamp::current().max(earliest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_sealing_has_a_name() {
        assert_eq!("instant".parse(), Ok(Sealing::Instant));
        assert_eq!("slots".parse(), Ok(Sealing::Slots));
        assert_eq!("interval=250".parse(), Ok(Sealing::Interval(Duration::from_millis(250))));
    }

    #[test]
    fn other_names_of_sealing_are_refused() {
        for text in [
            "",
            "interval",
            "interval=",
            "interval=0",
            "interval=-1",
            "interval=6s",
            "manual",
            "instant=1",
        ] {
            assert!(text.parse::<Sealing>().is_err(), "{text}");
        }
    }
}
