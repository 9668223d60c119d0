//! Names of functions, gathered when they are first asked for.
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;

use once_cell::race::OnceBox;
use wasmparser::{BinaryReader, Name, NameSectionReader};

use super::{ExportKind, ModuleInner};
use crate::wasm::ExternType;

/// Names by function index; made on first use.
#[derive(Default)]
pub(crate) struct Cache(OnceBox<BTreeMap<u32, Box<str>>>);

impl ModuleInner {
    /// The name that the section `name` gives to a function, else that of its first export, else
    /// that of its import.
    pub(super) fn name_of_func(&self, index: u32) -> Option<&str> {
        self.names.0.get_or_init(|| Box::new(self.gather_names())).get(&index).map(|name| &**name)
    }

    fn gather_names(&self) -> BTreeMap<u32, Box<str>> {
        let section = self.name_section.as_ref();
        let section =
            section.and_then(|range| self.bytes.get(range.start as usize..range.end as usize));
        let mut names = section.map(read).unwrap_or_default();
        for export in self.exports.iter().filter(|export| export.kind == ExportKind::Func) {
            names.entry(export.index).or_insert_with(|| export.name.clone());
        }
        let imports = self.imports.iter().filter(|import| matches!(import.ty, ExternType::Func(_)));
        for (import, index) in imports.zip(0..) {
            names
                .entry(index)
                .or_insert_with(|| format!("{}.{}", import.module, import.name).into());
        }
        names
    }
}

/// Reads a section `name`. A malformed one gives the names before the place where it is malformed,
/// as custom sections cannot make a module invalid.
fn read(section: &[u8]) -> BTreeMap<u32, Box<str>> {
    let mut names = BTreeMap::new();
    for subsection in NameSectionReader::new(BinaryReader::new(section, 0)).map_while(Result::ok) {
        if let Name::Function(functions) = subsection {
            names.extend(
                functions.map_while(Result::ok).map(|naming| (naming.index, naming.name.into())),
            );
        }
    }
    names
}
