//! The command line.
use sc_cli::{
    ChainInfoCmd, CheckBlockCmd, ExportBlocksCmd, ExportChainSpecCmd, ExportStateCmd,
    ImportBlocksCmd, KeySubcommand, PurgeChainCmd, RevertCmd, RunCmd,
};

use crate::{dry_runs::Limits, logging::LogFormat, sealing::Sealing};

/// The most requests of a batch. Each may run a contract with the gas of a whole transaction.
const BATCH_LIMIT: &str = "100";

/// The arguments of the command line.
#[derive(Debug, clap::Parser)]
#[command(mut_arg("rpc_max_batch_request_len", |argument| argument.default_value(BATCH_LIMIT)))]
pub struct Cli {
    /// A command other than running the node.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    /// When blocks are made: `instant` (when a transaction comes in), `interval=MILLISECONDS`, or
    /// `slots` (Aura and GRANDPA, every six seconds). The default of a development chain is
    /// `instant`; other chains support only `slots`.
    #[arg(long, global = true, value_name = "HOW")]
    pub sealing: Option<Sealing>,

    /// The format of the log
    #[arg(long, global = true, value_name = "FORMAT", value_enum)]
    #[arg(default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,

    /// The limits of what clients may have computed without paying.
    #[command(flatten)]
    pub dry_runs: Limits,

    /// The options of the node.
    #[command(flatten)]
    pub run: RunCmd,
}

/// A command other than running the node.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Make and inspect keys, and store them where a validator finds them
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
    /// Revert a number of blocks
    Revert(RevertCmd),
    /// Show what the database holds
    ChainInfo(ChainInfoCmd),
}
