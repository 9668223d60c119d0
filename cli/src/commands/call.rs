//! `tephra call`.
use std::path::PathBuf;

use clap::Args;

use crate::args::{EngineOptions, Global, TransactionOptions};
use crate::chain::Chain;
use crate::database::{Access, Database};
use crate::debug::DebugPrinter;
use crate::error::{Exit, Result};
use crate::names::Names;
use crate::output::{Output, complain};
use crate::prepare::{self, CallWords};
use crate::report::Report;

/// Send a transaction to a contract.
///
/// The state changes, also when the contract refuses: the sender's nonce and the number of the
/// block go up by one.
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
  tephra call token 'transfer(address,uint256)' bob 3      without an ABI, the types are needed
  tephra call vault 'deposit()' --value 1.5ether --from carol
  tephra call multi 'send((address,uint256)[])' '[(bob,1),(carol,2)]'
  tephra call 0x8464135c8F25Da09e49BC8782676a84730C318bC --data 0xd0e30db0";

/// What to call.
#[derive(Args)]
pub struct Words {
    /// The contract: its name or address.
    #[arg(value_name = "ADDRESS")]
    pub address: String,
    /// The function: its signature, 'name(types)' or 'name(types)(results)', or only its name where
    /// the ABI is known.
    #[arg(value_name = "SIGNATURE", required_unless_present = "data", conflicts_with = "data")]
    pub signature: Option<String>,
    #[arg(
        help = "Its arguments. Addresses may be names; arrays are written [1,2], tuples (1,true)"
    )]
    #[arg(value_name = "ARGS", allow_negative_numbers = true)]
    pub arguments: Vec<String>,
    /// Raw call data instead of a signature and arguments.
    #[arg(long, value_name = "HEX")]
    pub data: Option<String>,
    /// Types of the results, if neither the signature nor an ABI says them.
    #[arg(long, value_name = "TYPES")]
    pub returns: Option<String>,
    /// ABI of the contract, if it is not the one remembered since its deployment.
    #[arg(long, value_name = "FILE")]
    pub abi: Option<PathBuf>,
}

impl Words {
    /// The same, to be prepared.
    pub fn borrow(&self) -> CallWords<'_> {
        CallWords {
            address: &self.address,
            signature: self.signature.as_deref(),
            arguments: &self.arguments,
            data: self.data.as_deref(),
            returns: self.returns.as_deref(),
            abi: self.abi.as_deref(),
        }
    }
}

/// Does it.
pub fn run(args: &Call, global: &Global, out: &mut Output) -> Result<Exit> {
    let chain = Chain::new(Database::open(&global.state, Access::Write)?, &args.engine);
    let snapshot = chain.database.snapshot()?;
    let names = Names::of(&snapshot)?;
    let prepared =
        prepare::call(&chain, &snapshot, &names, args.words.borrow(), &args.transaction)?;
    let executed = chain.run(&prepared.request, &mut DebugPrinter::new(&args.engine))?;
    chain.commit(&executed, None)?;
    let report = Report::new(&prepared, &executed, &snapshot);
    let exit = report.show(out, "called", &prepared.title, &names)?;
    if prepared.contract.is_none() && !out.json {
        complain("note", "there is no contract at this address, so nothing was run");
    }
    Ok(exit)
}
