//! `tephra deploy`.
use std::path::PathBuf;

use clap::Args;
use tephra::chain::{Chain, Label};
use tephra::database::{Access, Database};
use tephra::names::{self, Names};
use tephra::report::Report;
use tephra_core::ewasm::Status;

use super::debug::DebugPrinter;
use super::error::{Error, Exit, Result};
use super::options::{EngineOptions, Global, TransactionOptions};
use super::output::{Output, complain};
use super::report;
use super::words::{self, DeployWords};

/// Put a contract into the state.
///
/// FILE is init code: a contract module that runs once and finishes with the code to store. Its ABI
/// is taken from --abi, or from a file beside it: token.abi.json beside token.wasm. The state
/// remembers it, so that later calls need only the names of functions.
///
/// The constructor's arguments are ABI-encoded and appended to the init code as a custom section
/// named `constructor`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Deploy {
    /// WebAssembly: binary, text (.wat) or hexadecimal, told apart by the contents; - for standard
    /// input.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Arguments of the constructor.
    #[arg(value_name = "ARGS", allow_negative_numbers = true)]
    pub arguments: Vec<String>,
    /// ABI of the contract: a JSON file.
    #[arg(long, value_name = "FILE")]
    pub abi: Option<PathBuf>,
    /// Signature of the constructor, if there is no ABI.
    #[arg(long, value_name = "SIGNATURE")]
    pub constructor: Option<String>,
    /// FILE holds the code to store rather than init code, so there is no constructor: deploy it
    /// with init code that only stores it.
    #[arg(long, conflicts_with_all = ["constructor", "arguments"])]
    pub runtime: bool,
    /// A name for the new contract, for use in place of its address.
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Take the name from the contract that has it now.
    #[arg(long, requires = "name")]
    pub replace: bool,
    #[command(flatten)]
    pub transaction: TransactionOptions,
    #[command(flatten)]
    pub engine: EngineOptions,
}

const EXAMPLES: &str = "\
Examples:
  tephra deploy token.wasm Token TOK 18 1000 --name token
  tephra deploy counter.wat --runtime --name counter --from bob --value 1ether
  tephra deploy wallet.wasm '[alice,bob]' 2 --constructor 'constructor(address[],uint256)'
  tephra deploy wallet.wasm --json | jq -r .contract";

/// Runs the command.
pub fn run(args: &Deploy, global: &Global, out: &mut Output) -> Result<Exit> {
    if let Some(name) = &args.name {
        names::check_name(name)?;
    }
    let is_new = !global.state.exists();
    let chain = Chain::new(Database::open(&global.state, Access::Write)?, args.engine.options());
    if is_new && !out.json {
        complain("note", format_args!("created a new state in {}", global.state.display()));
    }
    let snapshot = chain.database().snapshot()?;
    let mut names = Names::of(&snapshot)?;
    if let Some(name) = args.name.as_deref().filter(|_| !args.replace)
        && let Some(owner) = snapshot.named(name)?
    {
        return Err(Error::usage(format!(
            "the name `{name}` belongs to {owner}; choose another, or take it with --replace"
        )));
    }
    let words = DeployWords {
        file: &args.file,
        arguments: &args.arguments,
        abi: args.abi.as_deref(),
        constructor: args.constructor.as_deref(),
        runtime: args.runtime,
    };
    let prepared = words::deploy(&chain, &names, words, &args.transaction)?;
    let label = Label { name: args.name.as_deref(), abi: prepared.new_abi.as_deref() };
    let executed = chain.send(&prepared.request, label, &mut DebugPrinter::new(&args.engine))?;
    if let (Some(name), Some(address)) = (&args.name, executed.receipt.create_address) {
        names.add(name, address);
    }
    let report = Report::new(&prepared.request, &prepared.target, &executed, &snapshot);
    let exit = report::show(&report, "deployed", &prepared.title, &names, out)?;
    if report.status == Status::ContractValidationFailure && !out.json {
        complain(
            "note",
            format_args!("`tephra inspect {}` shows what is wrong with the contract", args.file),
        );
    }
    Ok(exit)
}
