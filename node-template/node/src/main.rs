//! A Substrate node for a chain with Ewasm contracts.
#![allow(
    clippy::result_large_err,
    reason = "errors of the client are large, and there is one of them before the process ends"
)]

mod chain_spec;
mod cli;
mod command;
mod rpc;
mod sealing;
mod service;

fn main() -> sc_cli::Result<()> {
    command::run()
}
