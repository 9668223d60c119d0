//! All modules of a directory: those with a file of inputs beside them, and contracts, which get
//! call data of a fixed pattern.
use std::path::Path;

use tephra_bench_common::number_of;
use wasmparser::{Parser, Payload};

use super::{Workload, inputs, read};
use crate::error::{Error, Result};

/// The workloads of a directory, by file name. Modules that are neither are named on standard error
/// and left out.
///
/// # Errors
/// When a file cannot be read or an input file means nothing.
pub fn workloads(directory: &Path) -> Result<Vec<Workload>> {
    let entries = std::fs::read_dir(directory).map_err(|error| {
        Error::new(format!("cannot read the directory {}: {error}", directory.display()))
    })?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    paths.sort();
    let mut workloads = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let wasm = read(&path)?;
        let inputs = path.with_extension("inputs");
        if inputs.exists() {
            let text = String::from_utf8_lossy(&read(&inputs)?).into_owned();
            for input in inputs::parse(&text)? {
                let name = format!("{name}/{}", input.name);
                let workload = Workload::plain(name, wasm.clone(), input.job);
                workloads.push(Workload { expected: Some(input.expected), ..workload });
            }
        } else if is_contract(&wasm) {
            workloads.push(Workload::contract(name, wasm, pattern(1024)));
        } else {
            eprintln!("SKIPPED: {} has no inputs and is no contract", path.display());
        }
    }
    Ok(workloads)
}

/// Call data of a fixed pattern.
pub fn pattern(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|index| (index * 7 + 13) as u8).collect()
}

/// Whether all imports are of the interface, and there is a function `main`.
fn is_contract(wasm: &[u8]) -> bool {
    let mut main = false;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload {
            Ok(Payload::ImportSection(section)) => {
                let mut imports = section.into_imports();
                if !imports
                    .all(|import| import.is_ok_and(|it| number_of(it.module, it.name).is_some()))
                {
                    return false;
                }
            }
            Ok(Payload::ExportSection(section)) => {
                main |= section
                    .into_iter()
                    .any(|export| export.is_ok_and(|export| export.name == "main"));
            }
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    main
}
