//! The command `tephra`: deploy, call, trace and profile Ewasm smart contracts on a state in one
//! file.
mod command;

use std::process::ExitCode;

use clap::Parser;

use command::error::Exit;
use command::line::{self, Cli};
use command::output::{Output, complain};

fn main() -> ExitCode {
    tephra::database::silence_caught_panics();
    let cli = Cli::parse();
    let mut out = Output::new(cli.global.json);
    let result = line::run(&cli, &mut out).and_then(|exit| out.flush().map(|()| exit));
    let exit = result.unwrap_or_else(|error| {
        let exit = error.exit();
        if exit != Exit::Success {
            complain("error", &error);
        }
        exit
    });
    ExitCode::from(exit as u8)
}
