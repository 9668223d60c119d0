//! `tephra call`.
use clap::Args;
use tephra::chain::{Chain, Label};
use tephra::database::{Access, Database};
use tephra::names::Names;
use tephra::report::Report;

use super::debug::DebugPrinter;
use super::error::{Exit, Result};
use super::options::{EngineOptions, Global, TransactionOptions};
use super::output::{Output, complain};
use super::report;
use super::words::{self, Words};

/// Send a transaction to a contract.
///
/// The state changes even if the contract refuses: the sender's nonce and the block number increase
/// by one.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Call {
    #[command(flatten)]
    pub words: Words,
    #[command(flatten)]
    pub transaction: TransactionOptions,
    #[command(flatten)]
    pub engine: EngineOptions,
}

const EXAMPLES: &str = "\
Examples:
  tephra call token transfer bob 3 --from alice
  tephra call token 'transfer(address,uint256)' bob 3      the types are needed without an ABI
  tephra call vault 'deposit()' --value 1.5ether --from carol
  tephra call multi 'send((address,uint256)[])' '[(bob,1),(carol,2)]'
  tephra call 0x8464135c8F25Da09e49BC8782676a84730C318bC --data 0xd0e30db0";

/// Runs the command.
pub fn run(args: &Call, global: &Global, out: &mut Output) -> Result<Exit> {
    let chain = Chain::new(Database::open(&global.state, Access::Write)?, args.engine.options());
    let snapshot = chain.database().snapshot()?;
    let names = Names::of(&snapshot)?;
    let prepared = words::call(&chain, &snapshot, &names, args.words.borrow(), &args.transaction)?;
    let mut printer = DebugPrinter::new(&args.engine);
    let executed = chain.send(&prepared.request, Label::default(), &mut printer)?;
    let report = Report::new(&prepared.request, &prepared.target, &executed, &snapshot);
    let exit = report::show(&report, "called", &prepared.title, &names, out)?;
    if prepared.target.contract.is_none() && !out.json {
        complain("note", "there is no contract at this address, so no code ran");
    }
    Ok(exit)
}
