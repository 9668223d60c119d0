//! From a source to a contract.
use std::collections::HashMap;
use std::sync::Arc;

use crate::Error;
use crate::emit::{Contract, emit, unlinked};
use crate::ir::Part;
use crate::ir::build::{Libraries, build};
use crate::passes::{self, Passes};
use crate::yul::{self, ast::Object};

/// What a compilation is told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Addresses of libraries that the source leaves open.
    pub libraries: Libraries,
    /// Which passes run.
    pub passes: Passes,
}

/// Compiles an object of Yul, with those inside of it, to init code.
///
/// # Errors
/// When the source is no valid Yul, or cannot be a contract of WebAssembly.
pub fn compile(source: &str, options: &Options) -> Result<Contract, Error> {
    let object = yul::parse(source)?;
    let mut compiler = Compiler { source, options, done: HashMap::new() };
    let contract = compiler.object(&object)?;
    Ok(Arc::unwrap_or_clone(contract))
}

/// The longest contract, in bytes, with those inside of it. A chain takes far fewer; an object that
/// names others which name others grows with each of them.
const MAX_BYTES: usize = 4 << 20;

struct Compiler<'a> {
    source: &'a str,
    options: &'a Options,
    /// Objects by where they are in memory: several can name one.
    done: HashMap<*const Object, Arc<Contract>>,
}

impl Compiler<'_> {
    fn object(&mut self, object: &Object) -> Result<Arc<Contract>, Error> {
        if let Some(contract) = self.done.get(&std::ptr::from_ref(object)) {
            return Ok(contract.clone());
        }
        let mut program = build(self.source, object, &self.options.libraries)?;
        passes::run(&mut program, self.options.passes);
        if let Some((name, span)) =
            unlinked(&program).and_then(|library| program.unlinked.get(library))
        {
            let words =
                format!("the library {name} has no address yet: deploy it, and name its address");
            return Err(Error::at(self.source, *span, words));
        }
        let mut objects = Vec::with_capacity(program.parts.len());
        let mut bytes = 0;
        for part in &program.parts {
            let inner = match part {
                Part::Object(path) => {
                    let inner = path.iter().fold(object, |object, at| &object.objects[*at]);
                    Some(self.object(inner)?)
                }
                Part::Itself | Part::Data(_) => None,
            };
            bytes += inner.as_ref().map_or(0, |inner| inner.bytes.len());
            objects.push(inner);
        }
        let contract = emit(&program, &objects);
        if contract.bytes.len() > MAX_BYTES {
            return Err(Error::whole(format!(
                "the object `{}` becomes {} bytes, {bytes} of them objects inside of it, and \
                 {MAX_BYTES} are the most",
                object.name,
                contract.bytes.len(),
            )));
        }
        let contract = Arc::new(contract);
        self.done.insert(std::ptr::from_ref(object), contract.clone());
        Ok(contract)
    }
}
