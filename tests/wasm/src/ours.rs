//! Our engine, in the terms of [`crate::trace`].
use tephra_core::wasm::{
    Config, Extern, ExternType, Func, FuncType, Global, GlobalType, Module, Store, TrapCode, Val,
};

use crate::machine::{Failure, Instance, Machine};
use crate::trace::{CALLS_PER_FUNCTION, Content, Ending, Host, Step, Value, arguments, digest};

/// Where a module comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is validated.
    Validated,
    /// It was validated once; its bytes are trusted. It is run by the engine's loop.
    Trusted,
}

/// All steps, and the gas of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The steps.
    pub steps: Vec<Step>,
    /// Gas that each step used.
    pub gas: Vec<u64>,
}

/// Runs a module that generated modules may look like. It ends after the first step that is
/// inconclusive.
///
/// # Errors
/// When the module is refused.
pub fn run(bytes: &[u8], config: &Config, gas: u64, origin: Origin) -> Result<Trace, String> {
    let mut machine = Machine::new(config.clone(), gas).looped(origin == Origin::Trusted);
    let module = match origin {
        Origin::Validated => machine.compile(bytes),
        Origin::Trusted => machine.trust(bytes),
    };
    let module = module.map_err(|error| format!("refused: {error}"))?;
    let mut host = Functions::default();
    let imports = host.imports(&mut machine, &module)?;
    let mut trace = Trace { steps: Vec::new(), gas: Vec::new() };
    let instance = match machine
        .instantiate_with(&module, &imports, &mut |number, args| host.answer(number, args))
    {
        Ok(instance) => instance,
        Err(Failure::Trap(code)) => {
            trace.push(
                &machine,
                Step {
                    call: String::new(),
                    ending: trapped(code),
                    state: Vec::new(),
                    host_log: host.host.log,
                },
            );
            return Ok(trace);
        }
        Err(failure) => return Err(failure.to_string()),
    };
    let first = Step {
        call: String::new(),
        ending: Ending::Returned(Vec::new()),
        state: state(&mut machine, instance),
        host_log: host.host.log,
    };
    trace.push(&machine, first);
    for (name, func, ty) in machine.functions(instance) {
        for nth in 0..CALLS_PER_FUNCTION {
            let args = arguments(&name, nth, ty.params());
            let vals: Vec<Val> = args.iter().map(|arg| val(*arg)).collect();
            let ending = call(&mut machine, &mut host, func, &vals);
            let step = Step {
                call: format!("{name}{args:?}"),
                ending,
                state: state(&mut machine, instance),
                host_log: host.host.log,
            };
            let last = step.ending.is_inconclusive();
            trace.push(&machine, step);
            if last {
                return Ok(trace);
            }
        }
    }
    Ok(trace)
}

impl Trace {
    fn push(&mut self, machine: &Machine, step: Step) {
        self.steps.push(step);
        self.gas.push(machine.used());
    }
}

fn call(machine: &mut Machine, host: &mut Functions, func: Func, args: &[Val]) -> Ending {
    match machine.call_with(func, args, &mut |number, args| host.answer(number, args)) {
        Ok(results) => Ending::Returned(results.into_iter().map(value).collect()),
        Err(code) => trapped(code),
    }
}

fn trapped(code: TrapCode) -> Ending {
    // Wasmtime has one kind of trap for both.
    Ending::Trapped(if code == TrapCode::UndefinedElement {
        TrapCode::TableOutOfBounds
    } else {
        code
    })
}

/// The host functions that a module imports, by number.
#[derive(Default)]
struct Functions {
    names: Vec<(u32, String, FuncType)>,
    host: Host,
}

impl Functions {
    fn imports(&mut self, machine: &mut Machine, module: &Module) -> Result<Vec<Extern>, String> {
        let mut items = Vec::new();
        for import in module.imports() {
            items.push(match import.ty {
                ExternType::Func(ty) => {
                    let func = machine.store.host_func(ty.clone());
                    let number = func.host_number().ok_or("a host function without a number")?;
                    self.names.push((number, import.name.to_owned(), ty));
                    func.into()
                }
                ExternType::Global(ty) => constant(&mut machine.store, ty)?.into(),
                other => {
                    return Err(format!(
                        "nothing to import as {}.{}: {other:?}",
                        import.module, import.name
                    ));
                }
            });
        }
        Ok(items)
    }

    fn answer(&mut self, number: u32, args: &[u64]) -> Vec<u64> {
        let Some((_, name, ty)) = self.names.iter().find(|(other, ..)| *other == number) else {
            return Vec::new();
        };
        let args: Vec<Value> = ty
            .params()
            .iter()
            .zip(args)
            .map(|(ty, slot)| value(Val::from_slot(*ty, *slot)))
            .collect();
        self.host
            .call(name, &args, ty.results())
            .into_iter()
            .map(|result| val(result).to_slot())
            .collect()
    }
}

fn constant(store: &mut Store, ty: GlobalType) -> Result<Global, String> {
    let value = if ty.value == tephra_core::wasm::ValType::I32 {
        Val::I32(Host::WORD)
    } else {
        Val::I64(Host::DOUBLE)
    };
    store.global_new(ty, value).map_err(|error| error.to_string())
}

fn state(machine: &mut Machine, instance: Instance) -> Vec<(String, Content)> {
    let exports: Vec<(String, Extern)> =
        instance.exports(&machine.store).map(|(name, item)| (name.to_owned(), item)).collect();
    let store = &mut machine.store;
    exports.into_iter().filter_map(|(name, item)| Some((name, content(store, item)?))).collect()
}

fn content(store: &mut Store, item: Extern) -> Option<Content> {
    Some(match item {
        Extern::Func(_) => return None,
        Extern::Global(global) => Content::Global(value(store.global_get(global)?)),
        Extern::Table(table) => Content::Table(
            (0..store.table_size(table)?)
                .map_while(|index| store.table_get(table, index))
                .map(value)
                .collect(),
        ),
        Extern::Memory(memory) => {
            let pages = u64::from(store.memory_size(memory)?);
            let mut bytes = vec![0; (pages << 16) as usize];
            store.memory_read(memory, 0, &mut bytes).ok()?;
            Content::Memory { pages, digest: digest(&bytes) }
        }
    })
}

fn value(val: Val) -> Value {
    match val {
        Val::I32(value) => Value::I32(value),
        Val::I64(value) => Value::I64(value),
        Val::F32(bits) => Value::F32(bits),
        Val::F64(bits) => Value::F64(bits),
        Val::FuncRef(func) => Value::Func(func.is_some()),
        Val::ExternRef(host) => Value::Extern(host),
    }
}

fn val(value: Value) -> Val {
    match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::Func(_) => Val::FuncRef(None),
        Value::Extern(host) => Val::ExternRef(host),
    }
}
