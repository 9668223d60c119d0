//! The command line: reads it and runs the command that it names.
use clap::{CommandFactory, Parser, Subcommand};

use super::call::Call;
use super::completions::Completions;
use super::demo::Demo;
use super::deploy::Deploy;
use super::error::{Exit, Result};
use super::inspect::Inspect;
use super::options::Global;
use super::output::Output;
use super::profile::Profile;
use super::run::Run;
use super::schedule::Schedule;
use super::state::State;
use super::trace::Trace;
use super::view::View;
use super::{call, completions, demo, deploy, inspect, profile, run, schedule, state, trace, view};

/// Run Ewasm smart contracts: WebAssembly with Ethereum's semantics, on a state in one file.
#[derive(Parser)]
#[command(name = "tephra", version, arg_required_else_help = true, after_help = WALKTHROUGH)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

const WALKTHROUGH: &str = "\
First steps:
  tephra demo                         see a token deployed and used, on a state in memory
  tephra deploy token.wasm Token TOK 18 1000 --name token
                                      put a contract into ./tephra.redb
  tephra view token balanceOf alice   ask a contract without changing anything
  tephra call token transfer bob 3    send a transaction, from alice unless --from says otherwise
  tephra call token 'transfer(address,uint256)' bob 9999
                                      see a contract refuse: the exit code is 1
  tephra trace token transfer bob 3   list every interface call with its gas
  tephra profile token transfer bob 3 -o gas.svg
                                      see which functions use the gas
  tephra state accounts               list accounts and contracts

Accounts:
  alice, bob, carol, dave, eve and ferdie own a million ether each. An address is written as one of
  these names, a name given with `deploy --name`, or 0x and 40 hexadecimal digits.

Exit codes:
  0  success
  1  the contract reverted or failed, or is not valid
  2  the command line is wrong
  3  a file cannot be read, written or understood
  4  the state cannot be used

`tephra help COMMAND` explains a command and shows examples.";

/// The commands.
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

/// Runs the command of a command line.
pub fn run(cli: &Cli, out: &mut Output) -> Result<Exit> {
    let global = &cli.global;
    match &cli.command {
        Command::Deploy(args) => deploy::run(args, global, out),
        Command::Call(args) => call::run(args, global, out),
        Command::View(args) => view::run(args, global, out),
        Command::Trace(args) => trace::run(args, global, out),
        Command::Profile(args) => profile::run(args, global, out),
        Command::Inspect(args) => inspect::run(args, out),
        Command::State(args) => state::run(args, global, out),
        Command::Run(args) => run::run(args, out),
        Command::Schedule(args) => schedule::run(args, out),
        Command::Demo(args) => demo::run(args, out),
        Command::Completions(args) => completions::run(args, &mut Cli::command(), out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
