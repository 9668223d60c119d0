//! A Substrate node for a chain with Ewasm contracts.
#![allow(
    clippy::result_large_err,
    reason = "errors of the client are large, but at most one occurs in a process"
)]

mod chain_spec;
mod cli;
mod client;
mod command;
mod dry_runs;
mod essential;
mod logging;
mod memory;
mod ports;
mod rpc;
mod sealing;
mod service;

use std::process::ExitCode;

use sc_service::error::Error as ServiceError;

fn main() -> ExitCode {
    memory::give_back();
    match command::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// Returns the text of an error, without the names of the types that wrap it.
fn sentence(error: &sc_cli::Error) -> String {
    match error {
        sc_cli::Error::Input(text) | sc_cli::Error::Service(ServiceError::Other(text)) => {
            text.clone()
        }
        other => other.to_string(),
    }
}
