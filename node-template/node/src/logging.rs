//! Logs: lines for people, or JSON for programs.
use sc_cli::{
    CliConfiguration, DefaultConfigurationValues, Runner, Signals, SubstrateCli, build_runtime,
};
use tracing_subscriber::EnvFilter;

/// The format of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object on each line: timestamp, level, target, fields
    Json,
}

/// The filter of the JSON format before those of `RUST_LOG` and the command line. It equals that of
/// the text format, which `sc_cli` does not publish.
const DEFAULT_FILTER: &str = "info,ws=off,yamux=off,regalloc=off,cranelift_codegen=off,\
    cranelift_wasm=warn,hyper=warn,trust_dns_proto=off,hickory_proto=off,\
    libp2p_mdns::behaviour::iface=off,rustls::common_state=off,rustls::conn=off";

/// Starts logging, and returns the runner of a command.
///
/// # Errors
///
/// The command line contradicts itself, or a filter of the log is not valid.
pub fn runner<S, C, V>(cli: &S, format: LogFormat, command: &C) -> sc_cli::Result<Runner<S>>
where
    S: SubstrateCli,
    C: CliConfiguration<V>,
    V: DefaultConfigurationValues,
{
    if format == LogFormat::Text {
        return cli.create_runner(command);
    }
    // The steps of `create_runner` with another logger: `sc_cli` can only start its own.
    let runtime = build_runtime()?;
    let signals = runtime.block_on(async { Signals::capture() })?;
    let config = command.create_configuration(cli, runtime.handle().clone())?;
    sp_panic_handler::set(&S::support_url(), &S::impl_version());
    let filter = filter(&command.log_filters()?)?;
    json_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init()?;
    if let Err(error) = fdlimit::raise_fd_limit() {
        tracing::warn!(%error, "The limit of open files cannot be raised");
    }
    Runner::new(config, runtime, signals)
}

/// Returns the filter of the JSON format, with the `asked` directives last.
fn filter(asked: &str) -> sc_cli::Result<EnvFilter> {
    let environment = std::env::var("RUST_LOG").unwrap_or_default();
    let filters: Vec<&str> = [DEFAULT_FILTER, &environment, asked]
        .into_iter()
        .filter(|filter| !filter.is_empty())
        .collect();
    EnvFilter::try_new(filters.join(","))
        .map_err(|error| format!("a filter of the log is not valid: {error}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_that_are_not_valid_are_refused() {
        assert!(filter("").is_ok());
        assert!(filter("txpool=debug,warn").is_ok());
        assert!(filter("txpool=very loud").is_err());
    }
}
