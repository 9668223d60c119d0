//! Runs the command line.
use sc_chain_spec::ChainType;
use sc_cli::{CliConfiguration, DefaultConfigurationValues, Runner, SubstrateCli};
use sc_service::{BasePath, Configuration};
use tephra_runtime::opaque::Block;

use crate::{
    chain_spec,
    cli::{Cli, Subcommand},
    logging,
    ports::{self, Asked},
    sealing::Sealing,
    service::{self, Compiled, Imported, Parts},
};

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Tephra Node".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        concat!(env!("CARGO_PKG_REPOSITORY"), "/issues").into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
        Ok(Box::new(chain_spec::load(id)?))
    }
}

impl Cli {
    /// Returns how blocks are made on this chain.
    fn sealing(&self, config: &Configuration) -> sc_cli::Result<Sealing> {
        match (config.chain_spec.chain_type(), self.sealing) {
            (ChainType::Development, asked) => Ok(asked.unwrap_or(Sealing::Instant)),
            (_, None | Some(Sealing::Slots)) => Ok(Sealing::Slots),
            (_, Some(_)) => Err(format!(
                "{} is a network, whose validators make blocks in slots; --sealing is for --dev",
                config.chain_spec.name()
            )
            .into()),
        }
    }

    /// Returns the directory of compiled runtimes. A development chain is gone when the node stops,
    /// but its compiled runtimes serve the next one.
    fn compiled(&self) -> Compiled {
        let base = match self.run.shared_params.base_path() {
            Ok(Some(path)) => path,
            _ => BasePath::from_project("", "", &Self::executable_name()),
        };
        Compiled(base.path().join("compiled"))
    }

    /// Starts logging, and returns the runner of a command.
    fn runner<C, V>(&self, command: &C) -> sc_cli::Result<Runner<Self>>
    where
        C: CliConfiguration<V>,
        V: DefaultConfigurationValues,
    {
        logging::runner(self, self.log_format, command)
    }
}

/// Reads the command line and runs it.
///
/// # Errors
///
/// The failure, as a sentence.
pub fn run() -> sc_cli::Result<()> {
    let cli = Cli::from_args();
    match &cli.subcommand {
        None => {
            let runner = cli.runner(&cli.run)?;
            runner.run_node_until_exit(|mut config| async move {
                let sealing = cli.sealing(&config)?;
                let asked = Asked {
                    rpc: cli.run.rpc_params.rpc_port.is_some(),
                    metrics: cli.run.prometheus_params.prometheus_port.is_some(),
                };
                ports::check(&mut config, &asked)?;
                service::start(config, sealing, &cli.compiled(), cli.dry_runs)
                    .map_err(sc_cli::Error::Service)
            })
        }
        Some(Subcommand::Key(command)) => command.run(&cli),
        Some(Subcommand::ExportChainSpec(command)) => {
            command.run(Box::new(chain_spec::describe(&command.chain)?))
        }
        Some(Subcommand::CheckBlock(command)) => {
            with_parts(&cli, command, |parts, config, sealing| {
                let Imported { queue, .. } = parts.import(&config, sealing)?;
                Ok((command.run(parts.client, queue), parts.task_manager))
            })
        }
        Some(Subcommand::ImportBlocks(command)) => {
            with_parts(&cli, command, |parts, config, sealing| {
                let Imported { queue, .. } = parts.import(&config, sealing)?;
                Ok((command.run(parts.client, queue), parts.task_manager))
            })
        }
        Some(Subcommand::ExportBlocks(command)) => with_parts(&cli, command, |parts, config, _| {
            Ok((command.run(parts.client, config.database), parts.task_manager))
        }),
        Some(Subcommand::ExportState(command)) => with_parts(&cli, command, |parts, config, _| {
            Ok((command.run(parts.client, config.chain_spec), parts.task_manager))
        }),
        Some(Subcommand::Revert(command)) => with_parts(&cli, command, |parts, _, sealing| {
            let aux_revert: Box<dyn FnOnce(_, _, _) -> _> = Box::new(|client, _, blocks| {
                sc_consensus_grandpa::revert(client, blocks)?;
                Ok(())
            });
            // Without validators GRANDPA has nothing to revert.
            let aux_revert = (sealing == Sealing::Slots).then_some(aux_revert);
            Ok((command.run(parts.client, parts.backend, aux_revert), parts.task_manager))
        }),
        Some(Subcommand::PurgeChain(command)) => {
            cli.runner(command)?.sync_run(|config| command.run(config.database))
        }
        Some(Subcommand::ChainInfo(command)) => {
            cli.runner(command)?.sync_run(|config| command.run::<Block>(&config))
        }
    }
}

/// Opens the chain and runs something on it until that ends or a signal comes.
fn with_parts<C, F>(
    cli: &Cli,
    command: &C,
    run: impl FnOnce(Parts, Configuration, Sealing) -> sc_cli::Result<(F, sc_service::TaskManager)>,
) -> sc_cli::Result<()>
where
    C: CliConfiguration,
    F: Future<Output = sc_cli::Result<()>>,
{
    cli.runner(command)?.async_run(|config| {
        let sealing = cli.sealing(&config)?;
        let parts = service::parts(&config, &cli.compiled(), cli.dry_runs)?;
        run(parts, config, sealing)
    })
}
