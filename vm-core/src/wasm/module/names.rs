//! Names of functions, read from the custom section `name` when somebody asks.
use alloc::boxed::Box;
use alloc::vec::Vec;

use once_cell::race::OnceBox;
use wasmparser::{BinaryReader, Name, NameSectionReader};

use super::ModuleInner;

/// Names found in the section, ordered by function index; made on first use.
#[derive(Default)]
pub(crate) struct Cache(OnceBox<Names>);

/// Function indices, ascending, and their names.
type Names = Box<[(u32, Box<str>)]>;

impl ModuleInner {
    /// The name that the section `name` gives to a function. A malformed section gives the names before the place where it is malformed, as custom
    /// sections cannot make a module invalid.
    pub(super) fn name_of_func(&self, index: u32) -> Option<&str> {
        let section = self.name_section.as_ref()?;
        let bytes = self.bytes.get(section.start as usize..section.end as usize)?;
        let names = self.names.0.get_or_init(|| Box::new(read(bytes).into_boxed_slice()));
        let found = names.binary_search_by_key(&index, |(function, _)| *function).ok()?;
        names.get(found).map(|(_, name)| &**name)
    }
}

fn read(section: &[u8]) -> Vec<(u32, Box<str>)> {
    let mut names = Vec::new();
    for subsection in NameSectionReader::new(BinaryReader::new(section, 0)).map_while(Result::ok) {
        let Name::Function(functions) = subsection else { continue };
        // Their indices ascend: the reader makes anything else an error.
        for naming in functions.map_while(Result::ok) {
            names.push((naming.index, naming.name.into()));
        }
        break;
    }
    names
}
