//! What can be asked for.
use std::path::PathBuf;

use clap::Parser;

use crate::measure::Phase;

/// Tephra beside other WebAssembly engines on contract work: time of validation, from bytes to
/// result, from a compiled module to a result, and of instantiation. Every result is checked.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Arguments {
    /// Fewer and shorter rounds: a look, not numbers to publish
    #[arg(long)]
    pub quick: bool,
    /// Rounds, in each of which every engine has its turn
    #[arg(long, value_name = "NUMBER")]
    pub rounds: Option<usize>,
    /// Only the workloads whose names contain this
    #[arg(long, value_name = "NAME")]
    pub only: Option<String>,
    /// Only the engines whose names contain this; several times for several
    #[arg(long, value_name = "NAME")]
    pub peer: Vec<String>,
    /// Only this phase; several times for several
    #[arg(long, value_name = "PHASE")]
    pub phase: Vec<Phase>,
    /// Also every module of this directory: with an .inputs file, or a contract
    #[arg(long, value_name = "MORE_MODULES")]
    pub dir: Option<PathBuf>,
    /// Write all numbers here
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Put what was found into this document, in the place that it has for it
    #[arg(long, value_name = "FILE")]
    pub document: Option<PathBuf>,
    /// Draw a chart here
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Measure the engines inside WebAssembly, by the modules in this directory that
    /// `scripts/inside` builds
    #[arg(long, value_name = "MODULES")]
    pub inside: Option<PathBuf>,
    /// Count the instructions of fixed workloads by callgrind and compare them with
    /// bench/baseline.json
    #[arg(long)]
    pub instructions: bool,
    /// With --instructions: make the counts the new baseline
    #[arg(long, requires = "instructions")]
    pub bless: bool,
    /// Measure the time per gas of each class of instructions
    #[arg(long)]
    pub classes: bool,
    /// Measure what the boundary of EVMC costs, by a library of Tephra such as
    /// target/release/libtephra.so
    #[arg(long, value_name = "LIBRARY")]
    pub boundary: Option<PathBuf>,
    /// Run one phase (or `memory`) of one workload on one engine, for tools that look on
    #[arg(long, num_args = 3, value_names = ["WORKLOAD", "ENGINE", "PHASE"])]
    pub one: Option<Vec<String>>,
    /// With --one: let each allocation take the same instructions, whatever was allocated before
    #[arg(long, requires = "one")]
    pub evenly: bool,
}
