//! When a block is made.
use std::{str::FromStr, sync::Arc, time::Duration};

use futures::{Stream, stream};
use sc_consensus_aura::find_pre_digest;
use sc_consensus_manual_seal::EngineCommand;
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_timestamp::{InherentDataProvider, Timestamp};
use tephra_runtime::{Hash, limits::SLOT_MILLISECONDS, opaque::Block};

use crate::service::FullClient;

/// When a block is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// When a transaction comes in.
    Instant,
    /// After so much time, whether there are transactions or not.
    Interval(Duration),
    /// In the slots of Aura, by the validator whose turn it is; GRANDPA makes it final.
    Slots,
}

impl FromStr for Sealing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None if text == "instant" => Ok(Self::Instant),
            None if text == "slots" => Ok(Self::Slots),
            Some(("interval", milliseconds)) => match milliseconds.parse() {
                Ok(0) | Err(_) => Err(format!("{milliseconds} is not a number of milliseconds above zero")),
                Ok(milliseconds) => Ok(Self::Interval(Duration::from_millis(milliseconds))),
            },
            _ => Err("say instant, interval=MILLISECONDS or slots".into()),
        }
    }
}

/// A command to make a block, final at once, every `interval`.
pub fn every(interval: Duration) -> impl Stream<Item = EngineCommand<Hash>> + Unpin {
    Box::pin(stream::unfold((), move |()| async move {
        tokio::time::sleep(interval).await;
        let command =
            EngineCommand::SealNewBlock { create_empty: true, finalize: true, parent_hash: None, sender: None };
        Some((command, ()))
    }))
}

/// The time of a block on `parent`: now, but in a later slot than the parent's. Blocks that follow one another faster than slots do are ahead of time.
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
    let earliest = Timestamp::new(u64::from(slot).saturating_add(1).saturating_mul(SLOT_MILLISECONDS));
    Ok(InherentDataProvider::new(Timestamp::current().max(earliest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealing_is_named_in_words() {
        assert_eq!("instant".parse(), Ok(Sealing::Instant));
        assert_eq!("slots".parse(), Ok(Sealing::Slots));
        assert_eq!("interval=250".parse(), Ok(Sealing::Interval(Duration::from_millis(250))));
    }

    #[test]
    fn what_names_no_sealing_is_refused() {
        for text in ["", "interval", "interval=", "interval=0", "interval=-1", "interval=6s", "manual", "instant=1"] {
            assert!(text.parse::<Sealing>().is_err(), "{text}");
        }
    }
}
