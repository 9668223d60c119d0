//! `tephra demo`.
use std::fs;
use std::path::PathBuf;

use alloy_json_abi::JsonAbi;
use alloy_primitives::Address;
use clap::Args;

use crate::abi;
use crate::args::{EngineOptions, TransactionOptions};
use crate::chain::Chain;
use crate::database::{Database, NewContract};
use crate::error::{Error, Exit, Result};
use crate::names::Names;
use crate::output::{FAINT, HEADING, Output};
use crate::prepare::{self, CallWords, DeployWords, Prepared};
use crate::report::Report;

/// The token that is shown: `contracts/token`, as it is built there.
const TOKEN: &[u8] = include_bytes!("../../../contracts/token/token.wasm");
/// Its ABI.
const TOKEN_ABI: &str = include_str!("../../../contracts/token/token.abi.json");

/// See a token deployed and used, on a state in memory.
///
/// Runs what the commands deploy, view and call run, one after the other, and says which command
/// each step is. Nothing is written, unless --save asks for the token's files, with which the same
/// commands can be typed.
#[derive(Args)]
pub struct Demo {
    /// Write token.wasm and token.abi.json into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub save: Option<PathBuf>,
}

/// A state in memory, and whoever uses it.
struct Stage<'a> {
    chain: Chain,
    options: TransactionOptions,
    out: &'a mut Output,
    reports: Vec<serde_json::Value>,
    worst: Exit,
}

/// Does it.
pub fn run(args: &Demo, out: &mut Output) -> Result<Exit> {
    if let Some(folder) = &args.save {
        save(folder)?;
    }
    let chain = Chain::new(Database::in_memory()?, &EngineOptions::default());
    let mut stage = Stage {
        chain,
        options: TransactionOptions::default(),
        out,
        reports: Vec::new(),
        worst: Exit::Success,
    };
    stage.say("A token is a contract: WebAssembly that keeps balances. Alice deploys one, and owns all of it.")?;
    stage.deploy(&["Token", "TOK", "18", "1000"])?;
    stage.say("Balances before:")?;
    stage.view("balanceOf", &["alice"])?;
    stage.view("balanceOf", &["bob"])?;
    stage.say(
        "Alice sends 250 to Bob. The contract logs an event, and the gas is what that took.",
    )?;
    stage.call("transfer", &["bob", "250"])?;
    stage.say("Balances after:")?;
    stage.view("balanceOf", &["alice"])?;
    stage.view("balanceOf", &["bob"])?;
    stage.finish(args)
}

impl Stage<'_> {
    fn say(&mut self, text: &str) -> Result<()> {
        if self.out.json { Ok(()) } else { self.out.line(format_args!("\n{text}")) }
    }

    fn command(&mut self, words: &[&str]) -> Result<()> {
        if self.out.json {
            Ok(())
        } else {
            self.out.styled(HEADING, format_args!("$ tephra {}", words.join(" ")))
        }
    }

    fn deploy(&mut self, arguments: &[&str]) -> Result<()> {
        self.command(&[&["deploy", "token.wasm"], arguments, &["--name", "token"]].concat())?;
        let abi: JsonAbi =
            abi::parse_abi(TOKEN_ABI).map_err(|reason| Error::input("token.abi.json", reason))?;
        let snapshot = self.chain.database.snapshot()?;
        let mut names = Names::of(&snapshot)?;
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let words =
            DeployWords { file: "token.wasm", arguments: &arguments, ..DeployWords::default() };
        let known = (Some(TOKEN_ABI.to_owned()), Some(abi));
        let prepared =
            prepare::deploy_code(&self.chain, &names, TOKEN.to_vec(), known, words, &self.options)?;
        let executed = self.chain.run(&prepared.request, &mut ())?;
        let created: Option<Address> = executed.receipt.create_address;
        let contract = created.map(|address| NewContract {
            address,
            name: Some("token"),
            abi: prepared.new_abi.as_deref(),
        });
        self.chain.commit(&executed, contract)?;
        if let Some(address) = created {
            names.add("token", address);
        }
        let report = Report::new(&prepared, &executed, &snapshot);
        self.keep("deploy", &report)?;
        if self.out.json {
            Ok(())
        } else {
            report.show(self.out, "deployed", &prepared.title, &names).map(|_| ())
        }
    }

    fn prepare(&self, function: &str, arguments: &[&str]) -> Result<(Prepared, Names)> {
        let snapshot = self.chain.database.snapshot()?;
        let names = Names::of(&snapshot)?;
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let words = CallWords {
            address: "token",
            signature: Some(function),
            arguments: &arguments,
            ..CallWords::default()
        };
        let prepared = prepare::call(&self.chain, &snapshot, &names, words, &self.options)?;
        Ok((prepared, names))
    }

    fn view(&mut self, function: &str, arguments: &[&str]) -> Result<()> {
        self.command(&[&["view", "token", function], arguments].concat())?;
        let (prepared, _) = self.prepare(function, arguments)?;
        let executed = self.chain.run(&prepared.request, &mut ())?;
        let report = Report::new(&prepared, &executed, &self.chain.database.snapshot()?);
        self.keep("view", &report)?;
        if !self.out.json {
            report.values.iter().flatten().try_for_each(|value| self.out.line(value))?;
            report.complain(self.out)?;
        }
        Ok(())
    }

    fn call(&mut self, function: &str, arguments: &[&str]) -> Result<()> {
        self.command(&[&["call", "token", function], arguments, &["--from", "alice"]].concat())?;
        let (prepared, names) = self.prepare(function, arguments)?;
        let snapshot = self.chain.database.snapshot()?;
        let executed = self.chain.run(&prepared.request, &mut ())?;
        self.chain.commit(&executed, None)?;
        let report = Report::new(&prepared, &executed, &snapshot);
        self.keep("call", &report)?;
        if self.out.json {
            Ok(())
        } else {
            report.show(self.out, "called", &prepared.title, &names).map(|_| ())
        }
    }

    fn keep(&mut self, command: &str, report: &Report) -> Result<()> {
        if report.exit() != Exit::Success {
            self.worst = report.exit();
        }
        let report = serde_json::to_value(report).map_err(std::io::Error::other)?;
        self.reports.push(serde_json::json!({ "command": command, "report": report }));
        Ok(())
    }

    fn finish(self, args: &Demo) -> Result<Exit> {
        if self.out.json {
            self.out.object(&self.reports)?;
            return Ok(self.worst);
        }
        let where_ = match &args.save {
            Some(folder) => format!("The token's files are in {}; there", folder.display()),
            None => {
                "In the folder contracts/token, or where `tephra demo --save FOLDER` puts the token's files,".to_owned()
            }
        };
        self.out.styled(
            FAINT,
            format_args!(
                "\nThis state was in memory and is gone. {where_} the same commands work on a state that stays."
            ),
        )?;
        Ok(self.worst)
    }
}

fn save(folder: &std::path::Path) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::input(folder.display().to_string(), format!("cannot be written: {error}"))
    };
    fs::create_dir_all(folder).map_err(failed)?;
    fs::write(folder.join("token.wasm"), TOKEN).map_err(failed)?;
    fs::write(folder.join("token.abi.json"), TOKEN_ABI).map_err(failed)
}
