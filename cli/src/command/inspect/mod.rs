//! `tephra inspect`.
mod layout;

use std::sync::Arc;

use clap::Args;
use serde::Serialize;
use tephra::text::plain;
use tephra_core::ewasm::{Contract, ContractError};
use tephra_core::wasm::{ExternType, FuncType, Module, PARTICLES_PER_GAS};

use super::error::{Error, Exit, Result};
use super::input;
use super::options::EngineOptions;
use super::output::{BAD, GOOD, Output};
use super::types::type_name;
use layout::{Function, Layout, Section};

/// Check whether a file is a valid contract, and list its contents.
///
/// If it is not valid, shows why and where; the exit code is then 1. Lists sections, imports,
/// exports and the largest functions with their gas segments: the pieces of code whose gas is
/// charged at once (docs/gas.md).
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Inspect {
    /// WebAssembly: binary, text (.wat) or hexadecimal; - for standard input.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// How many functions to list, the largest first.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub functions: usize,
    /// List the segments of this function, by its index.
    #[arg(long, value_name = "INDEX")]
    pub segments: Option<u32>,
    #[command(flatten)]
    pub engine: EngineOptions,
}

const EXAMPLES: &str = "\
Examples:
  tephra inspect token.wasm
  tephra inspect contract.wat --revision byzantium
  tephra inspect token.wasm --segments 7
  tephra inspect token.wasm --json | jq .valid";

#[derive(Serialize)]
struct Json<'a> {
    valid: bool,
    problem: Option<&'a Problem>,
    size: usize,
    /// The earliest revision in which the contract can run.
    since: Option<String>,
    sections: &'a [Section],
    imports: Vec<Item>,
    exports: Vec<Item>,
    memory: Option<Pages>,
    functions: u32,
    imported_functions: u32,
    largest: Vec<Described>,
    segments: Option<Vec<Cost>>,
}

#[derive(Serialize)]
struct Problem {
    message: String,
    offset: Option<u64>,
    section: Option<String>,
    function: Option<u32>,
}

#[derive(Serialize)]
struct Item {
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<String>,
    name: String,
    #[serde(rename = "type")]
    ty: String,
}

#[derive(Serialize)]
struct Pages {
    minimum: u32,
    maximum: Option<u32>,
}

#[derive(Serialize)]
struct Described {
    index: u32,
    name: Option<String>,
    offset: u64,
    size: u64,
    /// Number of segments of reachable code.
    segments: Option<usize>,
    /// Sum of the gas of all segments.
    gas: Option<String>,
}

#[derive(Serialize)]
struct Cost {
    offset: u32,
    gas: String,
}

/// Runs the command.
pub fn run(args: &Inspect, out: &mut Output) -> Result<Exit> {
    let binary = input::read_binary(&args.file)?;
    let layout = Layout::of(&binary.bytes, args.functions);
    let vm = args.engine.options().machine();
    let compiled = vm.compile(args.engine.revision, &binary.bytes);
    let problem = compiled.as_ref().err().map(|error| problem(error, &layout));
    // An invalid contract may still be a valid module.
    let module = match &compiled {
        Ok(contract) => Some(contract.module().clone()),
        Err(_) => Module::new(vm.engine(), &binary.bytes).ok(),
    };
    let module = module.as_ref();
    let segments = match (args.segments, module) {
        (Some(index), Some(module)) => Some(segments(module, index)?),
        _ => None,
    };
    let json = Json {
        valid: compiled.is_ok(),
        problem: problem.as_ref(),
        size: binary.bytes.len(),
        since: compiled.as_ref().ok().map(|contract: &Arc<Contract>| contract.since().to_string()),
        sections: &layout.sections,
        imports: module.map(imports).unwrap_or_default(),
        exports: module.map(exports).unwrap_or_default(),
        memory: module.and_then(memory),
        functions: module.map_or(layout.bodies, Module::func_count),
        imported_functions: module.map_or(0, Module::imported_func_count),
        largest: layout
            .largest
            .iter()
            .map(|function| describe(function, &layout, module))
            .collect(),
        segments,
    };
    if out.json {
        out.object(&json)?;
    } else {
        show(&json, &binary.name, out)?;
    }
    Ok(if json.valid { Exit::Success } else { Exit::Contract })
}

fn problem(error: &ContractError, layout: &Layout) -> Problem {
    let offset = match error {
        ContractError::Module(error) => Some(error.offset()),
        _ => None,
    };
    Problem {
        message: plain(&error.to_string()),
        offset,
        section: offset.and_then(|offset| layout.section_at(offset)).map(str::to_owned),
        function: offset.and_then(|offset| layout.function_at(offset)),
    }
}

fn describe(function: &Function, layout: &Layout, module: Option<&Module>) -> Described {
    // Imported functions come before those with a body.
    let index = layout.imported_functions.saturating_add(function.position);
    let segments = module.and_then(|module| module.segments(index));
    Described {
        index,
        name: module.and_then(|module| module.func_name(index)),
        offset: function.offset,
        size: function.size,
        segments: segments.as_ref().map(Vec::len),
        gas: segments
            .map(|segments| gas(segments.iter().map(|segment| u128::from(segment.cost)).sum())),
    }
}

fn segments(module: &Module, index: u32) -> Result<Vec<Cost>> {
    let segments = module.segments(index).ok_or_else(|| {
        Error::usage(format!(
            "there is no function {index} with a body; those are {} to {}",
            module.imported_func_count(),
            module.func_count().saturating_sub(1)
        ))
    })?;
    Ok(segments
        .iter()
        .map(|segment| Cost { offset: segment.offset, gas: gas(segment.cost.into()) })
        .collect())
}

/// Returns particles as gas, exactly.
fn gas(particles: u128) -> String {
    let per_gas = u128::from(PARTICLES_PER_GAS);
    format!("{}.{:04}", particles / per_gas, particles % per_gas)
}

fn imports(module: &Module) -> Vec<Item> {
    let item = |import: tephra_core::wasm::ImportType<'_>| Item {
        module: Some(import.module.to_owned()),
        name: import.name.to_owned(),
        ty: type_text(&import.ty),
    };
    module.imports().map(item).collect()
}

fn exports(module: &Module) -> Vec<Item> {
    let item = |export: tephra_core::wasm::ExportType<'_>| Item {
        module: None,
        name: export.name.to_owned(),
        ty: type_text(&export.ty),
    };
    module.exports().map(item).collect()
}

fn memory(module: &Module) -> Option<Pages> {
    let types =
        module.imports().map(|import| import.ty).chain(module.exports().map(|export| export.ty));
    types.into_iter().find_map(|ty| match ty {
        ExternType::Memory(memory) => {
            Some(Pages { minimum: memory.minimum, maximum: memory.maximum })
        }
        _ => None,
    })
}

fn type_text(ty: &ExternType) -> String {
    let bounds = |minimum: u32, maximum: Option<u32>| match maximum {
        Some(maximum) => format!("{minimum} to {maximum}"),
        None => format!("{minimum} or more"),
    };
    match ty {
        ExternType::Func(ty) => signature(ty),
        ExternType::Table(ty) => {
            format!("table of {} {}", bounds(ty.minimum, ty.maximum), type_name(ty.element))
        }
        ExternType::Memory(ty) => format!("memory of {} pages", bounds(ty.minimum, ty.maximum)),
        ExternType::Global(ty) if ty.mutable => format!("mutable global {}", type_name(ty.value)),
        ExternType::Global(ty) => format!("global {}", type_name(ty.value)),
    }
}

fn signature(ty: &FuncType) -> String {
    let list = |types: &[_]| types.iter().map(|ty| type_name(*ty)).collect::<Vec<_>>().join(", ");
    format!("({}) -> ({})", list(ty.params()), list(ty.results()))
}

fn show(json: &Json<'_>, name: &str, out: &mut Output) -> Result<()> {
    out.field("file", format_args!("{}, {} bytes", plain(name), json.size))?;
    match json.problem {
        None => out.styled_field("contract", GOOD, "valid")?,
        Some(problem) => {
            out.styled_field("contract", BAD, "not valid")?;
            out.field("why", &problem.message)?;
            let place = [
                problem.section.as_ref().map(|section| format!("section {}", plain(section))),
                problem.function.map(|index| format!("function {index}")),
                problem.offset.map(|offset| format!("byte {offset:#x}")),
            ];
            let place: Vec<_> = place.into_iter().flatten().collect();
            if !place.is_empty() {
                out.field("where", place.join(", "))?;
            }
        }
    }
    if let Some(since) = &json.since {
        out.field("since", since)?;
    }
    if let Some(memory) = &json.memory {
        let most = memory.maximum.map(|maximum| format!(", at most {maximum}")).unwrap_or_default();
        out.field("memory", format_args!("{} pages of 64 KiB{most}", memory.minimum))?;
    }
    out.field(
        "functions",
        format_args!("{}, of which {} are imported", json.functions, json.imported_functions),
    )?;
    if !json.sections.is_empty() {
        out.heading(format_args!("\n{:>8} {:>8}  section", "offset", "bytes"))?;
    }
    for section in json.sections {
        out.line(format_args!(
            "{:>8} {:>8}  {}",
            format!("{:#x}", section.offset),
            section.size,
            plain(&section.name)
        ))?;
    }
    show_items("imports", &json.imports, out)?;
    show_items("exports", &json.exports, out)?;
    if !json.largest.is_empty() {
        out.heading(format_args!(
            "\n{:>8} {:>8} {:>8} {:>14}  largest functions",
            "offset", "bytes", "segments", "gas, each once"
        ))?;
    }
    for function in &json.largest {
        let segments = function.segments.map(|count| count.to_string()).unwrap_or_default();
        let name = function.name.as_deref().map(plain).unwrap_or_default();
        let (offset, gas) =
            (format!("{:#x}", function.offset), function.gas.as_deref().unwrap_or_default());
        let line = format!(
            "{offset:>8} {:>8} {segments:>8} {gas:>14}  {} {name}",
            function.size, function.index
        );
        out.line(line.trim_end())?;
    }
    if let Some(segments) = &json.segments {
        out.heading(format_args!("\n{:>8} {:>12}  segments", "offset", "gas"))?;
        segments.iter().try_for_each(|cost| {
            out.line(format_args!("{:>8} {:>12}", format!("{:#x}", cost.offset), cost.gas))
        })?;
    }
    Ok(())
}

fn show_items(title: &str, items: &[Item], out: &mut Output) -> Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    out.heading(format_args!("\n{title}"))?;
    for item in items {
        let module =
            item.module.as_ref().map(|module| format!("{}.", plain(module))).unwrap_or_default();
        out.line(format_args!("  {module}{} {}", plain(&item.name), item.ty))?;
    }
    Ok(())
}
