//! Finds the sections and functions of a module, valid or not.
use std::cmp::Reverse;
use std::ops::Range;

use serde::Serialize;
use wasmparser::{Parser, Payload, TypeRef};

/// A section.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Its name in the specification; for a custom section, `custom` and its own name.
    pub name: String,
    /// Bytes from the start of the module to its contents.
    pub offset: u64,
    /// Size of its contents in bytes.
    pub size: u64,
}

/// A function body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its position among the functions that have a body.
    pub position: u32,
    /// Bytes from the start of the module.
    pub offset: u64,
    /// Size in bytes.
    pub size: u64,
}

/// The layout of a module.
#[derive(Debug, Default)]
pub struct Layout {
    /// The sections, in order.
    pub sections: Vec<Section>,
    /// Number of functions with a body.
    pub bodies: u32,
    /// Number of imported functions, which come before those.
    pub imported_functions: u32,
    /// The largest functions, largest first.
    pub largest: Vec<Function>,
    /// The bytes of each body.
    ranges: Vec<Range<u64>>,
}

impl Layout {
    /// Reads a module to its end, or to the first part that cannot be read; keeps the `largest`
    /// largest functions.
    pub fn of(bytes: &[u8], largest: usize) -> Self {
        let mut layout = Self::default();
        for payload in Parser::new(0).parse_all(bytes).map_while(Result::ok) {
            layout.add(payload);
        }
        let sized = |(position, range): (usize, &Range<u64>)| Function {
            position: u32::try_from(position).unwrap_or(u32::MAX),
            offset: range.start,
            size: range.end.saturating_sub(range.start),
        };
        let mut functions: Vec<_> = layout.ranges.iter().enumerate().map(sized).collect();
        functions.sort_by_key(|function| (Reverse(function.size), function.position));
        functions.truncate(largest);
        layout.largest = functions;
        layout
    }

    fn add(&mut self, payload: Payload<'_>) {
        match &payload {
            Payload::CustomSection(custom) => {
                self.push(format!("custom `{}`", custom.name()), custom.range());
                return;
            }
            Payload::CodeSectionEntry(body) => {
                self.bodies = self.bodies.saturating_add(1);
                self.ranges.push(body.range());
                return;
            }
            Payload::ImportSection(imports) => {
                let functions = imports.clone().into_imports().map_while(Result::ok);
                let count = functions
                    .filter(|import| matches!(import.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)))
                    .count();
                self.imported_functions = u32::try_from(count).unwrap_or(u32::MAX);
            }
            _ => {}
        }
        if let Some((id, range)) = payload.as_section() {
            self.push(section_name(id).to_owned(), range);
        }
    }

    fn push(&mut self, name: String, range: Range<u64>) {
        self.sections.push(Section {
            name,
            offset: range.start,
            size: range.end.saturating_sub(range.start),
        });
    }

    /// Returns the section of a byte.
    pub fn section_at(&self, offset: u64) -> Option<&str> {
        let holds = |section: &&Section| {
            (section.offset..section.offset.saturating_add(section.size)).contains(&offset)
        };
        self.sections.iter().find(holds).map(|section| section.name.as_str())
    }

    /// Returns the index of the function whose body has a byte, counting imported functions.
    pub fn function_at(&self, offset: u64) -> Option<u32> {
        let position = self.ranges.iter().position(|range| range.contains(&offset))?;
        u32::try_from(position).ok()?.checked_add(self.imported_functions)
    }
}

fn section_name(id: u8) -> &'static str {
    const NAMES: [&str; 13] = [
        "custom",
        "type",
        "import",
        "function",
        "table",
        "memory",
        "global",
        "export",
        "start",
        "element",
        "code",
        "data",
        "data count",
    ];
    NAMES.get(usize::from(id)).copied().unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODULE: &str = r#"(module
        (import "ethereum" "finish" (func (param i32 i32)))
        (memory (export "memory") 1)
        (func (export "main")) (func (drop (i32.const 1000000))))"#;

    #[test]
    fn sections_and_the_largest_functions_are_found() {
        let layout = Layout::of(&wat::parse_str(MODULE).unwrap(), 1);
        let names: Vec<_> = layout.sections.iter().map(|section| section.name.as_str()).collect();
        assert_eq!(names, ["type", "import", "function", "memory", "export", "code"]);
        assert_eq!((layout.bodies, layout.imported_functions), (2, 1));
        assert_eq!(layout.largest.first().map(|function| function.position), Some(1));
        let inside = layout.largest.first().unwrap().offset + 1;
        assert_eq!(
            (layout.function_at(inside), layout.section_at(inside)),
            (Some(2), Some("code"))
        );
    }

    #[test]
    fn a_truncated_module_is_read_as_far_as_it_goes() {
        let bytes = wat::parse_str(MODULE).unwrap();
        for end in 0..bytes.len() {
            let layout = Layout::of(bytes.get(..end).unwrap(), 10);
            assert!(layout.sections.len() <= 6);
        }
    }
}
