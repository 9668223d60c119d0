//! Puts functions, routines and data together to a module.
use std::collections::{BTreeMap, BTreeSet, HashMap};

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction as Wasm,
    MemorySection, MemoryType, Module, TypeSection, ValType,
};

use super::Contract;
use super::function::{Emitted, PART_OFFSETS, PART_SIZES, PROGRAM_FUNCTIONS, SPILLED};
use super::layout::Layout;
use super::routines::{Body, Routine, Routines, Signature};
use crate::ir::{FunctionId, Part, Program};

/// The custom section with what the code can copy out of itself.
const PARTS: &str = "parts";

/// The custom section that says how long the module is, so that arguments can follow it.
const LENGTH: &str = "length";

pub(super) fn link(
    program: &Program,
    layout: &Layout,
    functions: Vec<(FunctionId, Emitted)>,
    parts: &[&[u8]],
) -> Contract {
    let routines = Routines::get();
    let mut linker = Linker {
        routines,
        layout,
        types: Vec::new(),
        functions: HashMap::new(),
        globals: BTreeSet::new(),
    };
    // Numbers: what is imported, then routines, then the program's functions.
    let calls = functions.iter().flat_map(|(_, function)| &function.instructions);
    let needed = routines.closure(calls.filter_map(|instruction| match instruction {
        Wasm::Call(callee) if *callee < PROGRAM_FUNCTIONS => Some(Routine(*callee)),
        _ => None,
    }));
    let is_import = |routine: &&Routine| {
        matches!(routines.definitions[routine.0 as usize].body, Body::Import { .. })
    };
    let imports: Vec<Routine> = needed.iter().filter(is_import).copied().collect();
    let code: Vec<Routine> = needed.iter().filter(|routine| !is_import(routine)).copied().collect();
    for routine in imports.iter().chain(&code) {
        linker.number(routine.0);
    }
    for (id, _) in &functions {
        linker.number(PROGRAM_FUNCTIONS + id.0);
    }

    let mut import_section = ImportSection::new();
    for routine in &imports {
        let definition = &routines.definitions[routine.0 as usize];
        let ty = linker.ty(&definition.signature);
        if let Body::Import { module, name } = &definition.body {
            import_section.import(module, name, EntityType::Function(ty));
        }
    }
    let mut function_section = FunctionSection::new();
    let mut bodies = Vec::new();
    for routine in &code {
        let definition = &routines.definitions[routine.0 as usize];
        function_section.function(linker.ty(&definition.signature));
        if let Body::Code { locals, instructions } = &definition.body {
            bodies.push((definition.name.clone(), locals.clone(), linker.routine(instructions)));
        }
    }
    for (id, function) in functions {
        let name = program.functions[id.0 as usize].name.clone();
        let signature = (function.parameters, function.results);
        function_section.function(linker.ty(&signature));
        let locals = runs(&function.locals);
        bodies.push((name, locals, function.instructions));
    }
    // Globals that are used, whatever they stand for.
    for (_, _, instructions) in &bodies {
        for instruction in instructions {
            if let Wasm::GlobalGet(global) | Wasm::GlobalSet(global) = instruction {
                linker.globals.insert(*global);
            }
        }
    }
    let globals: BTreeMap<u32, u32> =
        linker.globals.iter().zip(0..).map(|(global, at)| (*global, at)).collect();
    let mut code_section = CodeSection::new();
    let mut sizes = Vec::with_capacity(bodies.len());
    for (name, locals, instructions) in bodies {
        let mut function = Function::new(locals);
        for instruction in instructions {
            function.instruction(&match instruction {
                Wasm::Call(callee) => Wasm::Call(linker.functions[&callee]),
                Wasm::GlobalGet(global) => Wasm::GlobalGet(globals[&global]),
                Wasm::GlobalSet(global) => Wasm::GlobalSet(globals[&global]),
                other => other,
            });
        }
        sizes.push((name, function.byte_len()));
        code_section.function(&function);
    }

    let mut type_section = TypeSection::new();
    for (parameters, results) in &linker.types {
        type_section.ty().function(parameters.iter().copied(), results.iter().copied());
    }
    let mut memory_section = MemorySection::new();
    memory_section.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut export_section = ExportSection::new();
    export_section.export("memory", ExportKind::Memory, 0);
    export_section.export("main", ExportKind::Func, linker.functions[&PROGRAM_FUNCTIONS]);
    let cells = vec![0; 32 * layout.loaded.len()];
    let payload: Vec<u8> = parts.concat();

    // Once to see how long it is, and once with the numbers that depend on it: these take as many
    // bytes whatever they are.
    let assemble = |length: u32, offsets: &dyn Fn(u32) -> u32| {
        let mut module = Module::new();
        module.section(&CustomSection {
            name: LENGTH.into(),
            data: length.to_le_bytes().as_slice().into(),
        });
        module.section(&type_section);
        module.section(&import_section);
        module.section(&function_section);
        module.section(&memory_section);
        let mut section = GlobalSection::new();
        for global in globals.keys() {
            let wide = *global >= SPILLED;
            let val_type = if wide { ValType::I64 } else { ValType::I32 };
            let mutable = wide || *global < PART_OFFSETS;
            let init = match wide {
                true => ConstExpr::i64_const(0),
                false => fixed(offsets(*global)),
            };
            section.global(GlobalType { val_type, mutable, shared: false }, &init);
        }
        if !globals.is_empty() {
            module.section(&section);
        }
        module.section(&export_section);
        module.section(&code_section);
        if !cells.is_empty() {
            let mut section = DataSection::new();
            let at = ConstExpr::i32_const(layout.immutables() as i32);
            section.active(0, &at, cells.iter().copied());
            module.section(&section);
        }
        let cells_end = module.len();
        if !payload.is_empty() {
            module.section(&CustomSection { name: PARTS.into(), data: payload.as_slice().into() });
        }
        (module.finish(), cells_end)
    };
    let (module, cells_end) = assemble(0, &|_| 0);
    let length = module.len();
    let starts: Vec<usize> = parts
        .iter()
        .scan(length - payload.len(), |at, part| {
            let start = *at;
            *at += part.len();
            Some(start)
        })
        .collect();
    let itself = |part: u32| program.parts.get(part as usize) == Some(&Part::Itself);
    let (bytes, _) = assemble(length as u32, &|global| match global {
        PART_OFFSETS..PART_SIZES => {
            let part = global - PART_OFFSETS;
            if itself(part) { 0 } else { starts[part as usize] as u32 }
        }
        PART_SIZES..SPILLED => {
            let part = global - PART_SIZES;
            if itself(part) { length as u32 } else { parts[part as usize].len() as u32 }
        }
        _ => 0,
    });
    let first = cells_end - cells.len();
    let immutables = layout
        .loaded
        .iter()
        .enumerate()
        .map(|(at, id)| (program.immutables[id.0 as usize].clone(), (first + 32 * at) as u32))
        .collect();
    Contract { bytes, immutables, sizes }
}

/// A constant that takes five bytes, whatever it is.
fn fixed(value: u32) -> ConstExpr {
    let mut bytes = vec![0x41];
    for at in 0..5 {
        let group = (i64::from(value as i32) >> (7 * at)) as u8 & 0x7f;
        bytes.push(if at < 4 { group | 0x80 } else { group });
    }
    ConstExpr::raw(bytes)
}

/// Locals as WebAssembly declares them: how many of each type in turn.
fn runs(types: &[ValType]) -> Vec<(u32, ValType)> {
    let mut runs: Vec<(u32, ValType)> = Vec::new();
    for ty in types {
        match runs.last_mut() {
            Some((count, last)) if last == ty => *count += 1,
            _ => runs.push((1, *ty)),
        }
    }
    runs
}

struct Linker<'a> {
    routines: &'static Routines,
    layout: &'a Layout,
    types: Vec<Signature>,
    /// Numbers in the module by those in the instructions.
    functions: HashMap<u32, u32>,
    globals: BTreeSet<u32>,
}

impl Linker<'_> {
    fn number(&mut self, function: u32) {
        let next = self.functions.len() as u32;
        self.functions.insert(function, next);
    }

    fn ty(&mut self, signature: &Signature) -> u32 {
        let at = self.types.iter().position(|other| other == signature).unwrap_or_else(|| {
            self.types.push(signature.clone());
            self.types.len() - 1
        });
        at as u32
    }

    /// Puts the numbers of the layout into a routine.
    fn routine(&self, instructions: &[Wasm<'static>]) -> Vec<Wasm<'static>> {
        instructions
            .iter()
            .map(|instruction| match instruction {
                Wasm::GlobalGet(global) => {
                    match self.layout.number(&self.routines.globals[*global as usize]) {
                        Some(number) => Wasm::I32Const(number as i32),
                        None => instruction.clone(),
                    }
                }
                other => other.clone(),
            })
            .collect()
    }
}
