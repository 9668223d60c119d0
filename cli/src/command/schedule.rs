//! `tephra schedule`.
use clap::Args;
use serde::Serialize;
use tephra_core::ewasm::{self, FunctionSet};
use tephra_core::revision::Revision;
use tephra_core::wasm::{InstructionCosts, PARTICLES_PER_GAS};

use super::error::{Exit, Result};
use super::options::EngineOptions;
use super::output::Output;

/// List the revisions, and what interface calls cost in one of them.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Schedule {
    #[command(flatten)]
    pub engine: EngineOptions,
}

const EXAMPLES: &str = "\
Examples:
  tephra schedule
  tephra schedule --revision byzantium
  tephra schedule --json | jq '.interface[] | select(.name == \"storageLoad\")'

The gas of an interface call is its base cost, that of a warm account or slot, plus what its
operands add.";

#[derive(Serialize)]
struct Json {
    revision: String,
    revisions: Vec<String>,
    particles_per_gas: u64,
    memory: Memory,
    interface: Vec<Function>,
}

/// Gas of memory by how far it is reached.
#[derive(Serialize)]
struct Memory {
    kibibyte: u64,
    kibibytes_squared: u64,
}

#[derive(Serialize)]
struct Function {
    module: &'static str,
    name: &'static str,
    since: String,
    gas: u64,
    extra: String,
}

/// Runs the command.
pub fn run(args: &Schedule, out: &mut Output) -> Result<Exit> {
    let revision = args.engine.revision;
    let schedule = ewasm::Schedule::of(revision);
    let wanted = |function: &ewasm::InterfaceFunction| {
        function.since <= revision && (function.set != FunctionSet::Debug || args.engine.debug)
    };
    let functions: Vec<Function> = ewasm::interface_costs()
        .filter(|(function, _)| wanted(function))
        .map(|(function, cost)| Function {
            module: function.module,
            name: function.name,
            since: function.since.to_string(),
            gas: cost.base(schedule),
            extra: cost.extras(schedule),
        })
        .collect();
    let revisions: Vec<String> = Revision::ALL
        .iter()
        .filter(|known| known.is_supported())
        .map(Revision::to_string)
        .collect();
    let memory = Memory {
        kibibyte: InstructionCosts::EWASM.kibibyte / PARTICLES_PER_GAS,
        kibibytes_squared: InstructionCosts::EWASM.kibibytes_squared / PARTICLES_PER_GAS,
    };
    if out.json {
        let json = Json {
            revision: revision.to_string(),
            revisions,
            particles_per_gas: PARTICLES_PER_GAS,
            memory,
            interface: functions,
        };
        out.object(&json)?;
        return Ok(Exit::Success);
    }
    out.field("revisions", revisions.join(" "))?;
    out.field("shown", revision)?;
    let Memory { kibibyte, kibibytes_squared } = memory;
    out.field(
        "memory",
        format_args!("{kibibyte} n + {kibibytes_squared} n² gas for n KiB reached"),
    )?;
    out.heading(format_args!(
        "{:>6}  {:<28} {:<16} plus, by operands",
        "gas", "function", "since"
    ))?;
    for function in functions {
        let name = format!("{}.{}", function.module, function.name);
        let line =
            format!("{:>6}  {name:<28} {:<16} {}", function.gas, function.since, function.extra);
        out.line(line.trim_end())?;
    }
    Ok(Exit::Success)
}
