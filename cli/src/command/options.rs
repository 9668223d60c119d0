//! Options that several commands share.
use std::path::PathBuf;

use alloy_primitives::U256;
use clap::{Args, ValueEnum};
use tephra::abi;
use tephra::chain::{DEFAULT_GAS, Options};
use tephra_core::revision::{Revision, UnknownRevision};

/// Options of every command.
#[derive(Args)]
pub struct Global {
    /// File with the state: accounts, contracts, storage. Created when first written to.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "TEPHRA_STATE",
        default_value = "tephra.redb",
        help_heading = "Everywhere"
    )]
    pub state: PathBuf,
    /// Print JSON on standard output, for programs (docs/command.md lists its fields).
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
}

/// Options of a transaction.
#[derive(Args, Clone)]
#[command(next_help_heading = "Transaction")]
pub struct TransactionOptions {
    /// The sender: a name or an address.
    #[arg(long, value_name = "ACCOUNT", default_value = "alice")]
    pub from: String,
    /// Amount to send along: wei, or with a unit as in 1ether, 0.5ether, 10gwei.
    #[arg(long, value_name = "AMOUNT", default_value = "0", value_parser = amount)]
    pub value: U256,
    /// Gas limit.
    #[arg(long, value_name = "GAS", default_value_t = DEFAULT_GAS)]
    pub gas: u64,
}

impl Default for TransactionOptions {
    fn default() -> Self {
        Self { from: "alice".to_owned(), value: U256::ZERO, gas: DEFAULT_GAS }
    }
}

/// Options of the engine.
#[derive(Args, Clone)]
#[command(next_help_heading = "Engine")]
pub struct EngineOptions {
    /// Revision of the Ethereum protocol, which decides rules and gas costs (`tephra schedule`
    /// lists them).
    #[arg(
        long,
        value_name = "REVISION",
        default_value_t = Revision::NEWEST,
        value_parser = revision
    )]
    pub revision: Revision,
    /// Whether WebAssembly instructions and memory cost gas. Without metering a contract can run
    /// forever.
    #[arg(long, value_name = "ON|OFF", default_value = "on", hide_possible_values = true)]
    pub metering: Switch,
    /// Factor on the price of instructions, for the gas of chains that price them higher; 10 for
    /// the chain in node-template.
    #[arg(
        long,
        value_name = "FACTOR",
        default_value_t = 1,
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub instruction_price: u32,
    /// Let contracts import the module `debug`, and show on standard error what they print.
    #[arg(long)]
    pub debug: bool,
}

impl EngineOptions {
    /// Returns the options of the chain.
    pub fn options(&self) -> Options {
        Options {
            revision: self.revision,
            metering: self.metering.is_on(),
            instruction_price: self.instruction_price,
            debug: self.debug,
        }
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

impl Switch {
    /// Returns whether it is on.
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}

fn amount(text: &str) -> Result<U256, String> {
    abi::parse_amount(text).map_err(|error| error.to_string())
}

fn revision(text: &str) -> Result<Revision, String> {
    let revision: Revision = text.parse().map_err(|error: UnknownRevision| error.to_string())?;
    if !revision.is_supported() {
        return Err(format!("contracts need {} or later", Revision::OLDEST_SUPPORTED));
    }
    Ok(revision)
}
