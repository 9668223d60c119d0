//! Keeps the floors as docs/architecture.md draws them: reads what modules import, in Rust and in
//! TypeScript.
mod graph;
mod scan;
mod sources;
mod table;
mod typescript;

use std::path::{Path, PathBuf};

use graph::Graph;
use sources::Sources;
use table::Floors;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the repository")
}

#[test]
fn nothing_imports_from_a_floor_above_its_own() {
    let root = root();
    let floors = Floors::read(&root);
    let mut wrong = Vec::new();
    let imports = Sources::read(&root).imports();
    assert!(imports.len() > 1000, "imports are found: {}", imports.len());
    for import in imports {
        let (Some(from), Some(to)) = (floors.of(&import.from), floors.of(&import.to)) else {
            continue;
        };
        if to > from {
            let names = (floors.name(from), floors.name(to));
            let path = import.to.display();
            wrong.push(format!("{}: {} imports {path} of {}", import.place, names.0, names.1));
        }
    }
    assert!(wrong.is_empty(), "imports from a floor above:\n{}", wrong.join("\n"));
}

#[test]
fn every_crate_is_on_a_floor_of_the_table() {
    let root = root();
    let floors = Floors::read(&root);
    let sources = Sources::read(&root);
    let missing: Vec<_> = sources.paths().filter(|path| floors.of(path).is_none()).collect();
    assert!(missing.is_empty(), "no floor in docs/architecture.md for {missing:?}");
}

/// Folders whose modules must not import each other in a circle.
const WITHOUT_CIRCLES: &[&str] = &[
    "vm-core/src",
    "vm-core/src/wasm",
    "vm-core/src/wasm/exec",
    "vm-core/src/wasm/code",
    "vm-core/src/wasm/store",
    "vm-core/src/wasm/translate",
    "vm-core/src/ewasm/interface",
    "vm-core/src/precompile",
    "evmc/src",
    "cli/src",
    "cli/src/abi",
    "cli/src/commands",
    "cli/src/database",
    "node-template/node/src",
    "node-template/runtime/src",
];

#[test]
fn modules_of_a_folder_do_not_import_each_other_in_a_circle() {
    let root = root();
    let imports = Sources::read(&root).imports();
    let mut wrong = String::new();
    for folder in WITHOUT_CIRCLES {
        let mut graph = Graph::default();
        for import in &imports {
            let unit = |path: &Path| {
                let inside = path.strip_prefix(folder).ok()?;
                let name = inside.iter().next()?.to_string_lossy();
                let name = name.trim_end_matches(".rs");
                (!matches!(name, "mod" | "lib" | "main")).then(|| name.to_owned())
            };
            if let (Some(from), Some(to)) = (unit(&import.from), unit(&import.to)) {
                graph.add(&from, &to, &import.place);
            }
        }
        for circle in graph.circles() {
            wrong += &format!("{folder}:{circle}\n");
        }
    }
    assert!(wrong.is_empty(), "circles of imports:\n{wrong}");
}

#[test]
fn files_of_typescript_do_not_import_each_other_in_a_circle() {
    let root = root();
    for folder in ["node-template/js/src", "node-template/web/src", "contracts/assembly"] {
        let imports = typescript::imports(&root, &root.join(folder));
        assert!(imports.len() > 5, "imports are found in {folder}");
        let mut graph = Graph::default();
        for import in imports {
            let names = (import.from.to_string_lossy(), import.to.to_string_lossy());
            graph.add(&names.0, &names.1, &import.place);
        }
        let circles = graph.circles();
        assert!(circles.is_empty(), "circles of imports in {folder}:{}", circles.join("\n"));
    }
}
