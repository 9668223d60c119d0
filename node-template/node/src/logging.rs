//! Logs: lines for people, or JSON for programs.
use sc_cli::{
    CliConfiguration, DefaultConfigurationValues, Runner, Signals, SubstrateCli, build_runtime,
};
use tracing_subscriber::EnvFilter;

use crate::cli::Cli;

/// What a log is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object on each line: timestamp, level, target, fields
    Json,
}

/// What is logged unless the command line or `RUST_LOG` says otherwise: the same as in the text
/// format, whose filter cannot be asked for.
const DEFAULT_FILTER: &str = "info,ws=off,yamux=off,regalloc=off,cranelift_codegen=off,cranelift_wasm=warn,hyper=warn,\
    trust_dns_proto=off,hickory_proto=off,libp2p_mdns::behaviour::iface=off,rustls::common_state=off,rustls::conn=off";

/// Starts logging, and makes what runs a command.
///
/// # Errors
///
/// The command line contradicts itself, or a filter of the log cannot be read.
pub fn runner<C, V>(cli: &Cli, command: &C) -> sc_cli::Result<Runner<Cli>>
where
    C: CliConfiguration<V>,
    V: DefaultConfigurationValues,
{
    if cli.log_format == LogFormat::Text {
        return cli.create_runner(command);
    }
    // As `create_runner` does, with another logger: `sc_cli` can only start its own.
    let runtime = build_runtime()?;
    let signals = runtime.block_on(async { Signals::capture() })?;
    let config = command.create_configuration(cli, runtime.handle().clone())?;
    sp_panic_handler::set(&Cli::support_url(), &Cli::impl_version());
    let filter = filter(&command.log_filters()?)?;
    json_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init()?;
    if let Err(error) = fdlimit::raise_fd_limit() {
        tracing::warn!(%error, "The limit of open files cannot be raised");
    }
    Runner::new(config, runtime, signals)
}

fn filter(asked: &str) -> sc_cli::Result<EnvFilter> {
    let environment = std::env::var("RUST_LOG").unwrap_or_default();
    let filters: Vec<&str> = [DEFAULT_FILTER, &environment, asked]
        .into_iter()
        .filter(|filter| !filter.is_empty())
        .collect();
    EnvFilter::try_new(filters.join(","))
        .map_err(|error| format!("a filter of the log cannot be read: {error}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_can_be_read_or_is_refused() {
        assert!(filter("").is_ok());
        assert!(filter("txpool=debug,warn").is_ok());
        assert!(filter("txpool=very loud").is_err());
    }
}
