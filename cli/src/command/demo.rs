//! `tephra demo`.
use std::fs;
use std::path::PathBuf;

use clap::Args;
use tephra::abi;
use tephra::chain::{Chain, Label, Options};
use tephra::database::Database;
use tephra::names::Names;
use tephra::report::Report;

use super::error::{Error, Exit, Result};
use super::options::TransactionOptions;
use super::output::{FAINT, HEADING, Output};
use super::report;
use super::words::{self, CallWords, DeployWords, Prepared};

/// The token: `contracts/token`, as built there.
const TOKEN: &[u8] = include_bytes!("../../../contracts/token/token.wasm");
/// Its ABI.
const TOKEN_ABI: &str = include_str!("../../../contracts/token/token.abi.json");

/// See a token deployed and used, on a state in memory.
///
/// Runs the commands deploy, view and call, one after the other, and shows each as it would be
/// typed. Nothing is written unless --save asks for the token's files, for typing the same
/// commands.
#[derive(Args)]
pub struct Demo {
    /// Write token.wasm and token.abi.json into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub save: Option<PathBuf>,
}

/// A state in memory, and the reports of its transactions.
struct Stage<'a> {
    chain: Chain,
    options: TransactionOptions,
    out: &'a mut Output,
    reports: Vec<serde_json::Value>,
    worst: Exit,
}

/// Runs the command.
pub fn run(args: &Demo, out: &mut Output) -> Result<Exit> {
    if let Some(folder) = &args.save {
        save(folder)?;
    }
    let chain = Chain::new(Database::in_memory()?, Options::default());
    let mut stage = Stage {
        chain,
        options: TransactionOptions::default(),
        out,
        reports: Vec::new(),
        worst: Exit::Success,
    };
    stage.say(
        "A token is a contract: WebAssembly that keeps balances. Alice deploys one, and owns all \
         of it.",
    )?;
    stage.deploy(&["Token", "TOK", "18", "1000"])?;
    stage.say("Balances before:")?;
    stage.view("balanceOf", &["alice"])?;
    stage.view("balanceOf", &["bob"])?;
    stage.say("Alice sends 250 to Bob. The contract logs an event, and gas counts the work.")?;
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
        let abi = abi::parse_abi(TOKEN_ABI)?;
        let snapshot = self.chain.database().snapshot()?;
        let mut names = Names::of(&snapshot)?;
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let words =
            DeployWords { file: "token.wasm", arguments: &arguments, ..DeployWords::default() };
        let abi = Some((TOKEN_ABI.to_owned(), abi));
        let code = TOKEN.to_vec();
        let prepared = words::deploy_code(&self.chain, &names, code, abi, words, &self.options)?;
        let label = Label { name: Some("token"), abi: Some(TOKEN_ABI) };
        let executed = self.chain.send(&prepared.request, label, &mut ())?;
        if let Some(address) = executed.receipt.create_address {
            names.add("token", address);
        }
        let report = Report::new(&prepared.request, &prepared.target, &executed, &snapshot);
        self.keep("deploy", &report)?;
        if self.out.json {
            Ok(())
        } else {
            report::show(&report, "deployed", &prepared.title, &names, self.out).map(drop)
        }
    }

    fn prepare(&self, function: &str, arguments: &[&str]) -> Result<(Prepared, Names)> {
        let snapshot = self.chain.database().snapshot()?;
        let names = Names::of(&snapshot)?;
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        let words = CallWords {
            address: "token",
            signature: Some(function),
            arguments: &arguments,
            ..CallWords::default()
        };
        let prepared = words::call(&self.chain, &snapshot, &names, words, &self.options)?;
        Ok((prepared, names))
    }

    fn view(&mut self, function: &str, arguments: &[&str]) -> Result<()> {
        self.command(&[&["view", "token", function], arguments].concat())?;
        let (prepared, _) = self.prepare(function, arguments)?;
        let executed = self.chain.run(&prepared.request, &mut ())?;
        let snapshot = self.chain.database().snapshot()?;
        let report = Report::new(&prepared.request, &prepared.target, &executed, &snapshot);
        self.keep("view", &report)?;
        if !self.out.json {
            report.values.iter().flatten().try_for_each(|value| self.out.line(value))?;
            report::show_error(&report, self.out)?;
        }
        Ok(())
    }

    fn call(&mut self, function: &str, arguments: &[&str]) -> Result<()> {
        self.command(&[&["call", "token", function], arguments, &["--from", "alice"]].concat())?;
        let (prepared, names) = self.prepare(function, arguments)?;
        let snapshot = self.chain.database().snapshot()?;
        let executed = self.chain.send(&prepared.request, Label::default(), &mut ())?;
        let report = Report::new(&prepared.request, &prepared.target, &executed, &snapshot);
        self.keep("call", &report)?;
        if self.out.json {
            Ok(())
        } else {
            report::show(&report, "called", &prepared.title, &names, self.out).map(drop)
        }
    }

    fn keep(&mut self, command: &str, report: &Report) -> Result<()> {
        if report::exit(report) != Exit::Success {
            self.worst = report::exit(report);
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
        let place = match &args.save {
            Some(folder) => format!("in {}, where the token's files are now", folder.display()),
            None => "in contracts/token, or in FOLDER after `tephra demo --save FOLDER`".to_owned(),
        };
        self.out.styled(
            FAINT,
            format_args!(
                "\nThis state was in memory and is gone. Type the same commands {place}, for a \
                 state that stays."
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
