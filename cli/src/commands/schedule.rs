//! `tephra schedule`.
use clap::Args;
use serde::Serialize;
use tephra_core::ewasm::{self, FunctionSet};
use tephra_core::revision::Revision;
use tephra_core::wasm::{InstructionCosts, PARTICLES_PER_GAS};

use crate::args::EngineOptions;
use crate::error::{Exit, Result};
use crate::output::Output;

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

The gas of an interface call is its first cost, which is that of a warm account or slot, and what it adds by its operands.";

#[derive(Serialize)]
struct Json {
    revision: String,
    revisions: Vec<String>,
    particles_per_gas: u64,
    memory: Memory,
    interface: Vec<Function>,
}

/// Gas for what a memory reaches.
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

/// Does it.
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
        .filter(|known| **known >= Revision::OLDEST_SUPPORTED)
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
        format_args!("{kibibyte} n + {kibibytes_squared} n² gas for n KiB that are reached"),
    )?;
    out.heading(format_args!(
        "{:>6}  {:<28} {:<16} and for its operands",
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
