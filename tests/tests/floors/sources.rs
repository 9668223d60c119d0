//! The Rust crates of the repository, and which file each import leads to.
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::scan::{self, Scan};

/// All crates.
pub struct Sources {
    /// Folders of libraries by the name that code uses.
    crates: BTreeMap<String, PathBuf>,
    files: BTreeMap<PathBuf, File>,
}

struct File {
    folder: PathBuf,
    module: Vec<String>,
    scan: Scan,
}

/// An import: by whom, of what, and where it is written.
pub struct Import {
    /// The file that imports, from the root of the repository.
    pub from: PathBuf,
    /// The file that has what is imported.
    pub to: PathBuf,
    /// The file and line of the import.
    pub place: String,
}

impl Sources {
    /// Reads the crates below a folder.
    pub fn read(root: &Path) -> Self {
        let mut manifests = Vec::new();
        find(root, &mut |file| {
            if file.ends_with("Cargo.toml") {
                manifests.push(file.to_owned());
            }
        });
        let mut folders = Vec::new();
        let mut crates = BTreeMap::new();
        for manifest in manifests {
            let text = fs::read_to_string(&manifest).expect("a manifest can be read");
            let folder = manifest.parent().expect("it is in a folder").join("src");
            if folder.is_dir() {
                folders.push(relative(root, &folder));
            }
            // Rust code can not import from a library for C.
            if folder.join("lib.rs").is_file() && !text.contains("crate-type = [\"cdylib\"]") {
                crates.extend(library_name(&text).map(|name| (name, relative(root, &folder))));
            }
        }
        let names: Vec<String> = crates.keys().cloned().collect();
        let mut files = BTreeMap::new();
        for folder in &folders {
            find(&root.join(folder), &mut |file| {
                if file.extension().is_some_and(|ending| ending == "rs") {
                    let text = fs::read_to_string(file).expect("a source can be read");
                    let path = relative(root, file);
                    let file = File {
                        folder: folder.clone(),
                        module: module(folder, &path),
                        scan: scan::scan(&text, &names),
                    };
                    files.insert(path, file);
                }
            });
        }
        let mut sources = Self { crates, files };
        sources.leave_out_tests();
        sources
    }

    /// Test code may import from any floor.
    fn leave_out_tests(&mut self) {
        let mut tests = Vec::new();
        for (path, file) in &self.files {
            if file.scan.is_test {
                tests.push(path.with_extension(""));
            }
            let folder = directory(path);
            tests.extend(file.scan.test_modules.iter().map(|name| folder.join(name)));
        }
        self.files.retain(|path, _| {
            !tests.iter().any(|test| path.with_extension("") == *test || path.starts_with(test))
        });
    }

    /// Returns the files that are not test code.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.keys().map(PathBuf::as_path)
    }

    /// Returns every import that leads to a file of the repository.
    pub fn imports(&self) -> Vec<Import> {
        let mut imports = Vec::new();
        for (from, file) in &self.files {
            for path in &file.scan.paths {
                if let Some(to) = self.resolve(from, &path.segments, path.within.len(), 0) {
                    let place = format!("{}:{}", from.display(), path.line);
                    imports.push(Import { from: from.clone(), to, place });
                }
            }
        }
        imports
    }

    /// Returns the file that a path leads to, through what modules pass on.
    fn resolve(
        &self,
        from: &Path,
        segments: &[String],
        within: usize,
        depth: usize,
    ) -> Option<PathBuf> {
        let file = &self.files[from];
        let mut module = file.module.clone();
        let mut rest = segments;
        let first = rest.first()?.as_str();
        let mut folder = &file.folder;
        let mut inside = within;
        if let "crate" | "self" | "super" = first {
            if first == "crate" {
                module.clear();
                inside = 0;
                rest = &rest[1..];
            }
            while let Some("self" | "super") = rest.first().map(String::as_str) {
                if rest[0] == "super" {
                    if inside > 0 {
                        inside -= 1;
                    } else {
                        module.pop();
                    }
                }
                rest = &rest[1..];
            }
            if inside > 0 {
                return Some(from.to_owned());
            }
        } else if let Some(other) = self.crates.get(first) {
            folder = other;
            module.clear();
            rest = &rest[1..];
        } else if !self.has_module(folder, &module, first) {
            return None;
        }
        self.descend(folder, module, rest, depth)
    }

    fn descend(
        &self,
        folder: &Path,
        mut module: Vec<String>,
        mut rest: &[String],
        depth: usize,
    ) -> Option<PathBuf> {
        while let Some(name) = rest.first().filter(|name| self.has_module(folder, &module, name)) {
            module.push(name.clone());
            rest = &rest[1..];
        }
        let here = self.file_of(folder, &module)?;
        let Some(name) = rest.first().filter(|name| *name != "*" && depth < 8) else {
            return Some(here);
        };
        let scan = &self.files[&here].scan;
        if scan.items.contains(name) {
            return Some(here);
        }
        let named = scan.paths.iter().find(|path| path.name.as_ref() == Some(name));
        if let Some(path) = named {
            return self.resolve(&here, &path.segments, 0, depth + 1).or(Some(here));
        }
        let globs = scan.paths.iter().filter(|path| path.name.as_deref() == Some("*"));
        for glob in globs {
            let Some(file) = self.resolve(&here, &glob.segments, 0, depth + 1) else { continue };
            if self.files[&file].scan.items.contains(name) {
                return Some(file);
            }
        }
        Some(here)
    }

    fn has_module(&self, folder: &Path, module: &[String], name: &str) -> bool {
        let child = [module, &[name.to_owned()]].concat();
        self.file_of(folder, &child).is_some()
    }

    fn file_of(&self, folder: &Path, module: &[String]) -> Option<PathBuf> {
        let base = module.iter().fold(folder.to_owned(), |path, name| path.join(name));
        let candidates = if module.is_empty() {
            vec![folder.join("lib.rs"), folder.join("main.rs")]
        } else {
            vec![base.with_extension("rs"), base.join("mod.rs")]
        };
        candidates.into_iter().find(|file| self.files.contains_key(file))
    }
}

/// The folder of a module's children.
fn directory(path: &Path) -> PathBuf {
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib" | "main") | None => path.parent().unwrap_or(path).to_owned(),
        Some(_) => path.with_extension(""),
    }
}

fn module(folder: &Path, path: &Path) -> Vec<String> {
    let inside = directory(path);
    let inside = inside.strip_prefix(folder).unwrap_or(&inside);
    inside.iter().map(|name| name.to_string_lossy().into_owned()).collect()
}

/// The name of a package in code: that of its library if it has another.
fn library_name(manifest: &str) -> Option<String> {
    let name_in = |section: &str| {
        let (_, rest) = manifest.split_once(&format!("[{section}]\n"))?;
        let rest = rest.split("\n[").next()?;
        let line = rest.lines().find(|line| line.starts_with("name = "))?;
        Some(line.split('"').nth(1)?.replace('-', "_"))
    };
    name_in("lib").or_else(|| name_in("package"))
}

/// Calls `visit` for every file below a folder, without those that builds and packages bring.
pub fn find(folder: &Path, visit: &mut impl FnMut(&Path)) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .expect("a folder can be read")
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || matches!(&*name, "target" | "node_modules" | "out" | "dist") {
            continue;
        }
        if entry.is_dir() {
            find(&entry, visit);
        } else {
            visit(&entry);
        }
    }
}

/// A path from the root of the repository.
pub fn relative(root: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap_or(path).to_owned()
}
