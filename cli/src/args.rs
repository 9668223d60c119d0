//! The command line: what all commands share. What a command takes for itself stands with the
//! command.
use std::path::PathBuf;

use alloy_primitives::U256;
use clap::{Args, Parser, Subcommand, ValueEnum};
use tephra_core::revision::Revision;

use crate::abi;
use crate::commands::{
    call::Call, completions::Completions, demo::Demo, deploy::Deploy, inspect::Inspect,
    profile::Profile, run::Run, schedule::Schedule, state::State, trace::Trace, view::View,
};

/// Gas that a transaction may use unless told otherwise.
const DEFAULT_GAS: u64 = 10_000_000;

/// Run Ewasm smart contracts: WebAssembly with Ethereum's semantics, on a state in one file.
#[derive(Parser)]
#[command(name = "tephra", version, arg_required_else_help = true, after_help = WALKTHROUGH)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const WALKTHROUGH: &str = "\
A first walk:
  tephra demo                         see a token deployed and used, on a state in memory
  tephra deploy token.wasm Token TOK 18 1000 --name token
                                      put a contract into ./tephra.redb
  tephra view token balanceOf alice   ask, without changing anything
  tephra call token transfer bob 3    send a transaction, from alice unless told otherwise
  tephra call token 'transfer(address,uint256)' bob 9999
                                      see how a contract refuses: the exit code is 1
  tephra trace token transfer bob 3   watch every interface call, with its gas
  tephra profile token transfer bob 3 -o gas.svg
                                      see which functions the gas goes to
  tephra state accounts               look at what is there

Accounts:
  alice, bob, carol, dave, eve and ferdie own a million ether each. Wherever an address is
  expected, their names, the names given with `deploy --name` and 0x-addresses will do.

Exit codes:
  0  done
  1  the contract reverted or failed, or is not valid
  2  the command line is wrong
  3  a file cannot be read, written or understood
  4  the state cannot be used

`tephra help COMMAND` explains a command and shows examples.";

/// What every command takes.
#[derive(Args)]
pub struct Global {
    /// File with the state: accounts, contracts, storage. Made when first written to.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "TEPHRA_STATE",
        default_value = "tephra.redb",
        help_heading = "Everywhere"
    )]
    pub state: PathBuf,
    /// Print JSON on standard output, for programs (docs/command.md says what is in it).
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    Deploy(Deploy),
    Call(Call),
    View(View),
    Trace(Trace),
    Profile(Profile),
    Inspect(Inspect),
    State(State),
    Run(Run),
    Schedule(Schedule),
    Demo(Demo),
    Completions(Completions),
}

/// Who sends a transaction, and with what.
#[derive(Args, Clone)]
#[command(next_help_heading = "Transaction")]
pub struct TransactionOptions {
    /// Who sends it: a name or an address.
    #[arg(long, value_name = "ACCOUNT", default_value = "alice")]
    pub from: String,
    /// What is sent along: wei, or with a unit as in 1ether, 0.5ether, 10gwei.
    #[arg(long, value_name = "AMOUNT", default_value = "0", value_parser = amount)]
    pub value: U256,
    /// Gas that it may use.
    #[arg(long, value_name = "GAS", default_value_t = DEFAULT_GAS)]
    pub gas: u64,
}

impl Default for TransactionOptions {
    fn default() -> Self {
        Self { from: "alice".to_owned(), value: U256::ZERO, gas: DEFAULT_GAS }
    }
}

/// How contracts are run.
#[derive(Args, Clone)]
#[command(next_help_heading = "Engine")]
pub struct EngineOptions {
    /// Revision of the Ethereum protocol whose rules and gas costs hold (`tephra schedule` lists
    /// them).
    #[arg(long, value_name = "REVISION", default_value_t = Revision::NEWEST, value_parser = revision)]
    pub revision: Revision,
    /// Whether WebAssembly instructions and memory cost gas. Without metering a contract can run
    /// forever.
    #[arg(long, value_name = "ON|OFF", default_value = "on", hide_possible_values = true)]
    pub metering: Switch,
    /// How many times the usual price instructions have, for the gas of a chain that prices them
    /// so; 10 for the chain in node-template.
    #[arg(long, value_name = "FACTOR", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub instruction_price: u32,
    /// Let contracts import the module `debug`, and show on standard error what they print.
    #[arg(long)]
    pub debug: bool,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            revision: Revision::NEWEST,
            metering: Switch::On,
            instruction_price: 1,
            debug: false,
        }
    }
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    On,
    Off,
}

/// What is traced or profiled: a call, or a deployment.
#[derive(Args)]
pub struct Subject {
    /// Contract, function and arguments, as for `tephra call`; with --deploy the constructor's
    /// arguments.
    #[arg(value_name = "ADDRESS SIGNATURE ARGS", allow_negative_numbers = true)]
    pub words: Vec<String>,
    /// Deploy this file instead of calling a contract.
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    pub deploy: Option<String>,
    /// Raw call data instead of a signature and arguments.
    #[arg(long, value_name = "HEX")]
    pub data: Option<String>,
    /// ABI of the contract, if it is not the one remembered or beside the file.
    #[arg(long, value_name = "FILE")]
    pub abi: Option<PathBuf>,
    /// Signature of the constructor, if there is no ABI.
    #[arg(long, value_name = "SIGNATURE", requires = "deploy")]
    pub constructor: Option<String>,
    /// The file to deploy is the code to be stored itself, and has no constructor.
    #[arg(long, requires = "deploy", conflicts_with = "constructor")]
    pub runtime: bool,
}

fn amount(text: &str) -> Result<U256, String> {
    abi::ether(text).map_err(|error| error.to_string())
}

fn revision(text: &str) -> Result<Revision, String> {
    let revision: Revision =
        text.parse().map_err(|error: tephra_core::revision::UnknownRevision| error.to_string())?;
    if !revision.is_supported() {
        return Err(format!("contracts run from {} on", Revision::OLDEST_SUPPORTED));
    }
    Ok(revision)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
