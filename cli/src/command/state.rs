//! `tephra state`.
use std::fs;
use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use alloy_primitives::{Address, B256, Bytes, U256, hex};
use clap::{Args, Subcommand};
use serde::Serialize;
use tephra::abi::{self, show_amount};
use tephra::chain::{Chain, Options};
use tephra::database::{self, Access, Database, Snapshot};
use tephra::names::Names;
use tephra::text::shorten;
use tephra_core::state::{AccountInfo, Backend};

use super::error::{Error, Exit, Result};
use super::input;
use super::options::Global;
use super::output::Output;

/// Show or change the state: accounts, code, storage.
#[derive(Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct State {
    #[command(subcommand)]
    pub action: Action,
}

const EXAMPLES: &str = "\
Examples:
  tephra state accounts
  tephra state account token
  tephra state code token -o runtime.wasm && tephra inspect runtime.wasm
  tephra state storage token
  tephra state fund 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 10ether
  tephra state reset --yes";

/// The subcommands.
#[derive(Subcommand)]
pub enum Action {
    /// List all accounts: name, address, nonce, size of code, balance.
    Accounts,
    /// Show one account.
    Account {
        /// Its name or address.
        #[arg(value_name = "ADDRESS")]
        address: String,
    },
    /// Print the code of a contract in hexadecimal, or write it to a file.
    Code {
        /// Its name or address.
        #[arg(value_name = "ADDRESS")]
        address: String,
        /// Write the code as a binary to this file; - for standard output.
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// List the storage of a contract, or show one slot.
    Storage {
        /// Its name or address.
        #[arg(value_name = "ADDRESS")]
        address: String,
        /// The key: a number, or up to 32 bytes in hexadecimal.
        #[arg(value_name = "KEY")]
        key: Option<String>,
    },
    /// Add newly minted wei to the balance of an account.
    Fund {
        /// Its name or address.
        #[arg(value_name = "ADDRESS")]
        address: String,
        /// The amount: wei, or with a unit as in 1ether.
        #[arg(value_name = "AMOUNT")]
        amount: String,
    },
    /// Remove the state, after asking.
    Reset {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Serialize)]
struct Account<'a> {
    address: Address,
    name: Option<&'a str>,
    balance: String,
    nonce: u64,
    code_size: usize,
    code_hash: B256,
}

#[derive(Serialize)]
struct Slot {
    key: B256,
    value: B256,
}

/// Runs the command.
pub fn run(args: &State, global: &Global, out: &mut Output) -> Result<Exit> {
    match &args.action {
        Action::Reset { yes } => return reset(global, *yes, out),
        Action::Fund { address, amount } => return fund(global, address, amount, out),
        _ => {}
    }
    let database = Database::open(&global.state, Access::Read)?;
    let snapshot = database.snapshot()?;
    let names = Names::of(&snapshot)?;
    match &args.action {
        Action::Account { address } => account(&snapshot, &names, names.resolve(address)?, out),
        Action::Code { address, output } => {
            code(&snapshot, &names, names.resolve(address)?, output.as_deref(), out)
        }
        Action::Storage { address, key } => {
            storage(&snapshot, names.resolve(address)?, key.as_deref(), out)
        }
        Action::Accounts | Action::Fund { .. } | Action::Reset { .. } => {
            accounts(&snapshot, &names, out)
        }
    }?;
    Ok(Exit::Success)
}

fn describe<'a>(
    snapshot: &Snapshot,
    names: &'a Names,
    address: Address,
    info: AccountInfo,
) -> Result<Account<'a>> {
    let code_size = if info.has_code() { snapshot.code(&info.code_hash)?.len() } else { 0 };
    let AccountInfo { nonce, balance, code_hash } = info;
    Ok(Account {
        address,
        name: names.name(&address),
        balance: balance.to_string(),
        nonce,
        code_size,
        code_hash,
    })
}

fn accounts(snapshot: &Snapshot, names: &Names, out: &mut Output) -> Result<()> {
    if out.json {
        let mut all = Vec::new();
        for account in snapshot.accounts()? {
            let (address, info) = account?;
            all.push(describe(snapshot, names, address, info)?);
        }
        return out.object(&all);
    }
    out.heading(format_args!(
        "{:<12} {:<42} {:>6} {:>8}  balance",
        "name", "address", "nonce", "code"
    ))?;
    for account in snapshot.accounts()? {
        let (address, info) = account?;
        let account = describe(snapshot, names, address, info)?;
        out.line(format_args!(
            "{:<12} {address} {:>6} {:>8}  {}",
            account.name.unwrap_or_default(),
            info.nonce,
            account.code_size,
            show_amount(info.balance)
        ))?;
    }
    Ok(())
}

fn account(snapshot: &Snapshot, names: &Names, address: Address, out: &mut Output) -> Result<()> {
    let info = snapshot.account(&address)?.unwrap_or_default();
    let account = describe(snapshot, names, address, info)?;
    if out.json {
        return out.object(&account);
    }
    out.field("address", address)?;
    if let Some(name) = account.name {
        out.field("name", name)?;
    }
    out.field("balance", show_amount(info.balance))?;
    out.field("nonce", info.nonce)?;
    out.field("code", format_args!("{} bytes", account.code_size))?;
    if info.has_code() {
        out.field("hash", info.code_hash)?;
        let abi = if snapshot.abi(&address)?.is_some() { "known" } else { "not known" };
        out.field("ABI", abi)?;
    }
    Ok(())
}

fn code(
    snapshot: &Snapshot,
    names: &Names,
    address: Address,
    file: Option<&std::path::Path>,
    out: &mut Output,
) -> Result<()> {
    let info = snapshot.account(&address)?.unwrap_or_default();
    if !info.has_code() {
        return Err(Error::usage(format!("{} has no code", names.show(&address))));
    }
    let code = snapshot.code(&info.code_hash)?;
    match file {
        Some(file) if file.as_os_str() == "-" => out.bytes(&code),
        Some(file) => fs::write(file, &code).map_err(|error| {
            Error::input(file.display().to_string(), format!("cannot be written: {error}"))
        }),
        None if out.json => out.object(
            &serde_json::json!({ "address": address, "code": Bytes::copy_from_slice(&code) }),
        ),
        None => out.line(hex::encode_prefixed(&code)),
    }
}

fn storage(
    snapshot: &Snapshot,
    address: Address,
    key: Option<&str>,
    out: &mut Output,
) -> Result<()> {
    if let Some(key) = key {
        let key = parse_key(key)?;
        let value = snapshot.storage(&address, &key)?;
        return if out.json { out.object(&Slot { key, value }) } else { out.line(value) };
    }
    if out.json {
        let mut all = Vec::new();
        for slot in snapshot.slots(&address)? {
            let (key, value) = slot?;
            all.push(Slot { key, value });
        }
        return out.object(&all);
    }
    for slot in snapshot.slots(&address)? {
        let (key, value) = slot?;
        out.line(format_args!("{key} {value}"))?;
    }
    Ok(())
}

fn parse_key(text: &str) -> Result<B256> {
    let number: Option<U256> = text.trim().parse().ok();
    // A key of fewer than 32 bytes is a number.
    number.filter(|_| !text.is_empty()).map(B256::from).ok_or_else(|| {
        Error::usage(format!(
            "`{}` is not a key; write a number, or up to 32 bytes in hexadecimal after 0x",
            shorten(text)
        ))
    })
}

fn fund(global: &Global, address: &str, amount: &str, out: &mut Output) -> Result<Exit> {
    let amount = abi::parse_amount(amount)?;
    let chain = Chain::new(Database::open(&global.state, Access::Write)?, Options::default());
    let snapshot = chain.database().snapshot()?;
    let names = Names::of(&snapshot)?;
    let address = names.resolve(address)?;
    if chain.fund(address, amount)?.is_none() {
        return Err(Error::usage("that is more than a balance can hold (2^256−1 wei)"));
    }
    account(&chain.database().snapshot()?, &names, address, out)?;
    Ok(Exit::Success)
}

fn reset(global: &Global, yes: bool, out: &mut Output) -> Result<Exit> {
    let file = global.state.display();
    if !yes
        && global.state.exists()
        && !asked(&format!(
            "Remove the state in {file}, with all its accounts and contracts? [y/N] "
        ))?
    {
        return Err(Error::usage("nothing was removed; answer y, or give --yes"));
    }
    let removed = database::remove(&global.state)?;
    if out.json {
        out.object(&serde_json::json!({ "removed": removed }))?;
    } else if removed {
        out.line(format_args!("removed {file}"))?;
    } else {
        out.line(format_args!("there is no state in {file}"))?;
    }
    Ok(Exit::Success)
}

/// Asks on the terminal. Without a terminal the answer is no.
fn asked(question: &str) -> Result<bool> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Ok(false);
    }
    let mut stderr = std::io::stderr();
    let _ = write!(stderr, "{question}").and_then(|()| stderr.flush());
    let mut answer = String::new();
    stdin
        .lock()
        .read_line(&mut answer)
        .map_err(|error| input::unreadable("standard input", &error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
