//! The routines that contracts bring along, as `build.rs` assembled them.
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{Instruction, ValType};
use wasmparser::{KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// A routine, by its index among all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Routine(pub u32);

/// Parameters and results.
pub(super) type Signature = (Vec<ValType>, Vec<ValType>);

/// What a routine is.
pub(super) struct Definition {
    pub name: String,
    pub signature: Signature,
    pub body: Body,
}

pub(super) enum Body {
    /// A function of the interface.
    Import { module: String, name: String },
    /// Locals, and instructions whose calls and globals have the numbers of this module.
    Code { locals: Vec<(u32, ValType)>, instructions: Vec<Instruction<'static>> },
}

/// All routines.
pub(super) struct Routines {
    pub definitions: Vec<Definition>,
    /// Names of globals by number: what the linker puts in their place goes by it.
    pub globals: Vec<String>,
    by_name: HashMap<String, Routine>,
}

impl Routines {
    /// Returns the routines.
    ///
    /// # Panics
    /// Never: the tests call it, and what it reads is made when the crate is built.
    pub fn get() -> &'static Self {
        static ROUTINES: OnceLock<Routines> = OnceLock::new();
        ROUTINES.get_or_init(|| {
            let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.wasm"));
            read(bytes).expect("the routines are those that the build assembled")
        })
    }

    /// Returns the routine of a name.
    ///
    /// # Panics
    /// When there is none: names are written in the compiler alone, and each is tried by a test.
    pub fn named(&self, name: &str) -> Routine {
        match self.by_name.get(name) {
            Some(routine) => *routine,
            None => panic!("there is no routine {name}"),
        }
    }

    /// Returns these routines and all that they call.
    pub fn closure(&self, needed: impl IntoIterator<Item = Routine>) -> BTreeSet<Routine> {
        let mut found = BTreeSet::new();
        let mut open: Vec<Routine> = needed.into_iter().collect();
        while let Some(routine) = open.pop() {
            if found.insert(routine)
                && let Body::Code { instructions, .. } = &self.definitions[routine.0 as usize].body
            {
                for instruction in instructions {
                    if let Instruction::Call(callee) = instruction {
                        open.push(Routine(*callee));
                    }
                }
            }
        }
        found
    }
}

fn read(bytes: &'static [u8]) -> Result<Routines, Box<dyn std::error::Error>> {
    let mut types = Vec::new();
    let mut definitions = Vec::new();
    let mut code = 0;
    let mut globals = 0;
    let (mut names, mut global_names) = (HashMap::new(), HashMap::new());
    let mut encoder = RoundtripReencoder;
    let definition = |signature: &Signature, body| Definition {
        name: String::new(),
        signature: signature.clone(),
        body,
    };
    for payload in Parser::new(0).parse_all(bytes) {
        match payload? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    let ty = ty?;
                    let mut list = |list: &[wasmparser::ValType]| {
                        list.iter().map(|ty| encoder.val_type(*ty)).collect::<Result<Vec<_>, _>>()
                    };
                    types.push((list(ty.params())?, list(ty.results())?));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    let TypeRef::Func(ty) = import.ty else { return Err("an odd import".into()) };
                    let (module, name) = (import.module.into(), import.name.into());
                    let body = Body::Import { module, name };
                    definitions.push(definition(&types[ty as usize], body));
                }
            }
            Payload::FunctionSection(section) => {
                code = definitions.len();
                for ty in section {
                    let body = Body::Code { locals: Vec::new(), instructions: Vec::new() };
                    definitions.push(definition(&types[ty? as usize], body));
                }
            }
            Payload::GlobalSection(section) => globals = section.count(),
            Payload::CodeSectionEntry(body) => {
                let mut locals = Vec::new();
                for local in body.get_locals_reader()? {
                    let (count, ty) = local?;
                    locals.push((count, encoder.val_type(ty)?));
                }
                let mut instructions = Vec::new();
                for operator in body.get_operators_reader()? {
                    instructions.push(owned(&mut encoder, operator?)?);
                }
                definitions[code].body = Body::Code { locals, instructions };
                code += 1;
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(section) = section.as_known() {
                    for part in section {
                        let (map, to) = match part? {
                            Name::Function(map) => (map, &mut names),
                            Name::Global(map) => (map, &mut global_names),
                            _ => continue,
                        };
                        for name in map {
                            let name = name?;
                            to.insert(name.index, name.name.to_string());
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut by_name = HashMap::new();
    for (at, definition) in definitions.iter_mut().enumerate() {
        definition.name = names.remove(&(at as u32)).unwrap_or_default();
        by_name.insert(definition.name.clone(), Routine(at as u32));
    }
    let globals = (0..globals).map(|at| global_names.remove(&at).unwrap_or_default()).collect();
    Ok(Routines { definitions, globals, by_name })
}

fn owned(
    encoder: &mut RoundtripReencoder,
    operator: Operator<'static>,
) -> Result<Instruction<'static>, Box<dyn std::error::Error>> {
    Ok(encoder.instruction(operator)?)
}
