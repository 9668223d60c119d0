//! The other engine: wasmtime.
use std::sync::OnceLock;

use tephra_core::wasm::{TrapCode, ValType};
use wasmtime::{
    Config, Engine, Extern, ExternRef, Func, FuncType, Global, GlobalType, HeapType, Instance,
    Linker, Module, Mutability, OperatorCost, OptLevel, Ref, Store, Trap, Val,
};

use crate::metering::COUNTER;
use crate::trace::{CALLS_PER_FUNCTION, Content, Ending, Host, Step, Value, arguments, digest};

/// Instructions that one call may take: far more than what our engine's gas allows, so running out
/// is a difference.
const FUEL: u64 = 200_000_000;

/// Runs a module that passed validation, for at most `steps` steps. An instrumented module
/// ([`crate::metering`]) counts from zero in each.
///
/// # Errors
/// When wasmtime does not accept the module, or a limit that our engine does not know stops it.
pub fn run(bytes: &[u8], steps: usize) -> wasmtime::Result<Vec<Step>> {
    let module = Module::new(engine(), bytes)?;
    let mut store = Store::new(engine(), Host::default());
    store.set_fuel(FUEL)?;
    let linker = linker(&module, &mut store)?;
    let instance = match linker.instantiate(&mut store, &module) {
        Ok(instance) => instance,
        Err(error) => {
            let ending = Ending::Trapped(trap_code(&error)?);
            return Ok(vec![Step {
                call: String::new(),
                ending,
                state: Vec::new(),
                host_log: store.data().log,
            }]);
        }
    };
    let first = Step {
        call: String::new(),
        ending: Ending::Returned(Vec::new()),
        state: state(&module, instance, &mut store)?,
        host_log: store.data().log,
    };
    let mut trace = vec![first];
    for export in module.exports() {
        let Some(func) = instance.get_func(&mut store, export.name()) else { continue };
        let ty = func.ty(&store);
        let params = ty.params().map(|ty| val_type(&ty)).collect::<wasmtime::Result<Vec<_>>>()?;
        for nth in 0..CALLS_PER_FUNCTION {
            if trace.len() >= steps {
                return Ok(trace);
            }
            let args = arguments(export.name(), nth, &params);
            store.set_fuel(FUEL)?;
            if let Some(counter) = instance.get_global(&mut store, COUNTER) {
                counter.set(&mut store, Val::I64(0))?;
            }
            let ending = call(&mut store, func, &args)?;
            let state = state(&module, instance, &mut store)?;
            let step = Step {
                call: format!("{}{args:?}", export.name()),
                ending,
                state,
                host_log: store.data().log,
            };
            trace.push(step);
        }
    }
    Ok(trace)
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut cost = OperatorCost::default();
        // Bulk instructions cost by what they do, which our engine bounds by its own gas.
        cost.variable.memory_copy_per_byte = 0;
        cost.variable.memory_fill_per_byte = 0;
        cost.variable.memory_init_per_byte = 0;
        cost.variable.memory_grow_per_page = 0;
        cost.variable.table_copy_per_element = 0;
        cost.variable.table_fill_per_element = 0;
        cost.variable.table_init_per_element = 0;
        cost.variable.table_grow_per_element = 0;
        let mut config = Config::new();
        config
            .consume_fuel(true)
            .operator_cost(cost)
            .cranelift_nan_canonicalization(true)
            .cranelift_opt_level(OptLevel::None);
        config
            .wasm_tail_call(true)
            .memory_reservation(1 << 20)
            .memory_guard_size(1 << 16)
            .memory_reservation_for_growth(1 << 20);
        Engine::new(&config).expect("the configuration is one that wasmtime supports")
    })
}

fn linker(module: &Module, store: &mut Store<Host>) -> wasmtime::Result<Linker<Host>> {
    let mut linker = Linker::new(module.engine());
    for import in module.imports() {
        let (space, name) = (import.module(), import.name());
        if linker.get(&mut *store, space, name).is_ok() {
            continue;
        }
        match import.ty() {
            wasmtime::ExternType::Func(ty) => {
                let func = host_func(store, name, ty)?;
                linker.define(&mut *store, space, name, func)?;
            }
            wasmtime::ExternType::Global(ty) => {
                let value = if matches!(ty.content(), wasmtime::ValType::I32) {
                    Val::I32(Host::WORD)
                } else {
                    Val::I64(Host::DOUBLE)
                };
                let ty = GlobalType::new(ty.content().clone(), Mutability::Const);
                let global = Global::new(&mut *store, ty, value)?;
                linker.define(&mut *store, space, name, global)?;
            }
            _ => wasmtime::bail!("nothing to import as {space}.{name}"),
        }
    }
    Ok(linker)
}

fn host_func(store: &mut Store<Host>, name: &str, ty: FuncType) -> wasmtime::Result<Func> {
    let name = name.to_owned();
    let result_types =
        ty.results().map(|ty| val_type(&ty)).collect::<wasmtime::Result<Vec<_>>>()?;
    Ok(Func::new(store, ty, move |mut caller, args, results| {
        let args =
            args.iter().map(|arg| value(arg, &caller)).collect::<wasmtime::Result<Vec<_>>>()?;
        let answers = caller.data_mut().call(&name, &args, &result_types);
        for (result, answer) in results.iter_mut().zip(answers) {
            *result = val(answer, &mut caller)?;
        }
        Ok(())
    }))
}

fn call(store: &mut Store<Host>, func: Func, args: &[Value]) -> wasmtime::Result<Ending> {
    let args =
        args.iter().map(|arg| val(*arg, &mut *store)).collect::<wasmtime::Result<Vec<_>>>()?;
    let mut results = vec![Val::I32(0); func.ty(&*store).results().len()];
    match func.call(&mut *store, &args, &mut results) {
        Ok(()) => Ok(Ending::Returned(
            results.iter().map(|result| value(result, &*store)).collect::<wasmtime::Result<_>>()?,
        )),
        Err(error) => Ok(Ending::Trapped(trap_code(&error)?)),
    }
}

fn state(
    module: &Module,
    instance: Instance,
    store: &mut Store<Host>,
) -> wasmtime::Result<Vec<(String, Content)>> {
    let mut state = Vec::new();
    for export in module.exports() {
        let content = match instance.get_export(&mut *store, export.name()) {
            Some(Extern::Memory(memory)) => Content::Memory {
                pages: memory.size(&*store),
                digest: digest(memory.data(&*store)),
            },
            Some(Extern::Global(global)) => {
                let held = global.get(&mut *store);
                Content::Global(value(&held, &*store)?)
            }
            Some(Extern::Table(table)) => {
                let mut elements = Vec::new();
                for index in 0..table.size(&*store) {
                    elements.push(match table.get(&mut *store, index) {
                        Some(Ref::Func(func)) => Value::Func(func.is_some()),
                        Some(Ref::Extern(host)) => value(&Val::ExternRef(host), &*store)?,
                        other => wasmtime::bail!("unexpected element {other:?}"),
                    });
                }
                Content::Table(elements)
            }
            _ => continue,
        };
        state.push((export.name().to_owned(), content));
    }
    Ok(state)
}

fn val_type(ty: &wasmtime::ValType) -> wasmtime::Result<ValType> {
    Ok(match ty {
        wasmtime::ValType::I32 => ValType::I32,
        wasmtime::ValType::I64 => ValType::I64,
        wasmtime::ValType::F32 => ValType::F32,
        wasmtime::ValType::F64 => ValType::F64,
        wasmtime::ValType::Ref(ty) if matches!(ty.heap_type(), HeapType::Extern) => {
            ValType::ExternRef
        }
        wasmtime::ValType::Ref(_) => ValType::FuncRef,
        wasmtime::ValType::V128 => wasmtime::bail!("vectors are off"),
    })
}

fn value<'a>(
    val: &Val,
    store: impl Into<wasmtime::StoreContext<'a, Host>>,
) -> wasmtime::Result<Value> {
    Ok(match val {
        Val::I32(value) => Value::I32(*value),
        Val::I64(value) => Value::I64(*value),
        Val::F32(bits) => Value::F32(*bits),
        Val::F64(bits) => Value::F64(*bits),
        Val::FuncRef(func) => Value::Func(func.is_some()),
        Val::ExternRef(None) => Value::Extern(None),
        Val::ExternRef(Some(host)) => {
            Value::Extern(host.data(store)?.and_then(|data| data.downcast_ref::<u32>()).copied())
        }
        other => wasmtime::bail!("unexpected value {other:?}"),
    })
}

fn val(value: Value, store: impl wasmtime::AsContextMut) -> wasmtime::Result<Val> {
    Ok(match value {
        Value::I32(value) => Val::I32(value),
        Value::I64(value) => Val::I64(value),
        Value::F32(bits) => Val::F32(bits),
        Value::F64(bits) => Val::F64(bits),
        Value::Func(_) => Val::FuncRef(None),
        Value::Extern(None) => Val::ExternRef(None),
        Value::Extern(Some(number)) => Val::ExternRef(Some(ExternRef::new(store, number)?)),
    })
}

fn trap_code(error: &wasmtime::Error) -> wasmtime::Result<TrapCode> {
    Ok(match error.downcast_ref::<Trap>() {
        Some(Trap::UnreachableCodeReached) => TrapCode::Unreachable,
        Some(Trap::MemoryOutOfBounds) => TrapCode::MemoryOutOfBounds,
        Some(Trap::TableOutOfBounds) => TrapCode::TableOutOfBounds,
        Some(Trap::IndirectCallToNull) => TrapCode::IndirectCallToNull,
        Some(Trap::BadSignature) => TrapCode::BadSignature,
        Some(Trap::IntegerOverflow) => TrapCode::IntegerOverflow,
        Some(Trap::IntegerDivisionByZero) => TrapCode::IntegerDivisionByZero,
        Some(Trap::BadConversionToInteger) => TrapCode::BadConversionToInteger,
        Some(Trap::StackOverflow) => TrapCode::StackOverflow,
        Some(Trap::OutOfFuel) => TrapCode::OutOfGas,
        _ => wasmtime::bail!("wasmtime stopped with {error:?}"),
    })
}
