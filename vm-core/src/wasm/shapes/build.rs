//! Modules written byte by byte, so that nothing is between a shape and what the engine reads.
use alloc::vec::Vec;

use crate::wasm::instruction::byte::End;

/// Type codes of the binary format.
pub const I32: u8 = 0x7f;
pub const I64: u8 = 0x7e;
pub const FUNC_REF: u8 = 0x70;

/// Bytes of code that a shape has, about.
pub const SIZE: usize = 100_000;

/// A module in the making.
#[derive(Default)]
pub struct Build {
    types: Vec<Vec<u8>>,
    imports: Vec<Vec<u8>>,
    table: Option<u32>,
    globals: Vec<Vec<u8>>,
    exports: Vec<Vec<u8>>,
    elements: Vec<Vec<u8>>,
    functions: Vec<(u32, Vec<u8>)>,
    data: Vec<Vec<u8>>,
    custom: Vec<Vec<u8>>,
}

impl Build {
    /// Adds a function type.
    pub fn ty(&mut self, params: &[u8], results: &[u8]) {
        let mut ty = Vec::from([0x60]);
        for row in [params, results] {
            ty.extend(leb(row.len()));
            ty.extend(row);
        }
        self.types.push(ty);
    }

    /// Adds a function of a type, with declarations of locals as they are in the binary format, and
    /// instructions without the last `end`.
    pub fn function_with(&mut self, ty: u32, locals: &[u8], instructions: &[u8]) {
        self.functions.push((ty, [locals, instructions, &[End]].concat()));
    }

    /// The same without locals.
    pub fn function(&mut self, ty: u32, instructions: &[u8]) {
        self.function_with(ty, &[0], instructions);
    }

    pub fn import(&mut self, name: &[u8], ty: u32) {
        self.imports
            .push([&[1, b'm'], &leb(name.len())[..], name, &[0], &leb(ty as usize)].concat());
    }

    pub fn table(&mut self, elements: u32) -> &mut Self {
        self.table = Some(elements);
        self
    }

    /// Adds a global: type, mutability, expression.
    pub fn global(&mut self, bytes: Vec<u8>) {
        self.globals.push(bytes);
    }

    /// Exports function 0.
    pub fn export(&mut self, name: &[u8]) {
        self.exports.push([&leb(name.len())[..], name, &[0, 0]].concat());
    }

    pub fn element(&mut self, bytes: Vec<u8>) {
        self.elements.push(bytes);
    }

    pub fn data(&mut self, bytes: Vec<u8>) {
        self.data.push(bytes);
    }

    pub fn custom(&mut self, bytes: Vec<u8>) {
        self.custom.push(bytes);
    }

    /// The module, with a memory of a page.
    pub fn finish(&self) -> Vec<u8> {
        let mut out = Vec::from(*b"\0asm\x01\0\0\0");
        section(&mut out, 1, &self.types);
        section(&mut out, 2, &self.imports);
        let types: Vec<_> = self.functions.iter().map(|(ty, _)| leb(*ty as usize)).collect();
        section(&mut out, 3, &types);
        let table: Vec<_> = self
            .table
            .iter()
            .map(|count| [&[FUNC_REF, 0], &leb(*count as usize)[..]].concat())
            .collect();
        section(&mut out, 4, &table);
        section(&mut out, 5, &[Vec::from([0, 1])]);
        section(&mut out, 6, &self.globals);
        section(&mut out, 7, &self.exports);
        section(&mut out, 9, &self.elements);
        let bodies: Vec<_> =
            self.functions.iter().map(|(_, body)| [&leb(body.len())[..], body].concat()).collect();
        section(&mut out, 10, &bodies);
        section(&mut out, 11, &self.data);
        for bytes in &self.custom {
            out.push(0);
            out.extend(leb(bytes.len()));
            out.extend(bytes);
        }
        out
    }
}

fn section(out: &mut Vec<u8>, id: u8, items: &[Vec<u8>]) {
    if !items.is_empty() {
        let content = [leb(items.len()), items.concat()].concat();
        out.push(id);
        out.extend(leb(content.len()));
        out.extend(content);
    }
}

/// A number in its shortest form.
pub fn leb(number: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = number;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
    out
}

/// The bytes again and again, to [`SIZE`] of them.
pub fn filled(bytes: &[u8]) -> Vec<u8> {
    bytes.repeat(SIZE / bytes.len())
}

/// `before`, then `bytes` again and again, then `after`.
pub fn around(before: &[u8], bytes: &[u8], after: &[u8]) -> Vec<u8> {
    [before, &filled(bytes), after].concat()
}
