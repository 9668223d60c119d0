//! The command `tephra`: deploy, call, trace and profile Ewasm smart contracts on a state in one
//! file.
mod abi;
mod accounts;
mod args;
mod chain;
mod commands;
mod database;
mod debug;
mod error;
mod flamegraph;
mod input;
mod layout;
mod names;
mod output;
mod prepare;
mod profile;
mod report;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use error::{Exit, Result};
use output::{Output, complain};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = Output::new(cli.global.json);
    let result = run(&cli, &mut out).and_then(|exit| out.flush().map(|()| exit));
    let exit = result.unwrap_or_else(|error| {
        let exit = error.exit();
        if exit != Exit::Success {
            complain("error", &error);
        }
        exit
    });
    ExitCode::from(exit as u8)
}

fn run(cli: &Cli, out: &mut Output) -> Result<Exit> {
    let global = &cli.global;
    match &cli.command {
        Command::Deploy(args) => commands::deploy::run(args, global, out),
        Command::Call(args) => commands::call::run(args, global, out),
        Command::View(args) => commands::view::run(args, global, out),
        Command::Trace(args) => commands::trace::run(args, global, out),
        Command::Profile(args) => commands::profile::run(args, global, out),
        Command::Inspect(args) => commands::inspect::run(args, out),
        Command::State(args) => commands::state::run(args, global, out),
        Command::Run(args) => commands::run::run(args, out),
        Command::Schedule(args) => commands::schedule::run(args, out),
        Command::Demo(args) => commands::demo::run(args, out),
        Command::Completions(args) => commands::completions::run(args, out),
    }
}
