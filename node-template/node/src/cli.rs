//! The command line.
use sc_cli::{
    ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd, ExportStateCmd,
    ImportBlocksCmd, KeySubcommand, PurgeChainCmd, RevertCmd, RunCmd,
};

use crate::{dry_runs::Limits, logging::LogFormat, sealing::Sealing};

/// Requests that one batch may have. Each may run a contract with the gas of a whole transaction.
const BATCH_LIMIT: &str = "100";

/// What was asked for.
#[derive(Debug, clap::Parser)]
#[command(mut_arg("rpc_max_batch_request_len", |argument| argument.default_value(BATCH_LIMIT)))]
pub struct Cli {
    /// Something else than running a node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// When a block is made: `instant` (when a transaction comes in), `interval=MILLISECONDS`, or
    /// `slots` (Aura and GRANDPA, every six seconds). A development chain has `instant` unless told
    /// otherwise; every other chain has `slots` alone.
    #[arg(long, global = true, value_name = "HOW")]
    pub sealing: Option<Sealing>,

    /// What the log is written as
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// What strangers may have computed for nothing.
    #[command(flatten)]
    pub dry_runs: Limits,

    /// How to run a node.
    #[command(flatten)]
    pub run: RunCmd,
}

/// Something else than running a node.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Make and inspect keys, and put them where a validator finds them
    #[command(subcommand)]
    Key(KeySubcommand),
    /// Write the specification of a chain
    ExportChainSpec(ExportChainSpecCmd),
    /// Check blocks by running them again
    CheckBlock(CheckBlockCmd),
    /// Write blocks to a file
    ExportBlocks(ExportBlocksCmd),
    /// Write the state of a block as a chain specification
    ExportState(ExportStateCmd),
    /// Read blocks from a file
    ImportBlocks(ImportBlocksCmd),
    /// Remove the whole chain from the disk
    PurgeChain(PurgeChainCmd),
    /// Go back by a number of blocks
    Revert(RevertCmd),
    /// Say what the database holds
    ChainInfo(ChainInfoCmd),
}
