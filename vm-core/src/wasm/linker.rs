//! A friendly layer: imports found by name, host functions as closures, calls driven to their end.
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::{
    Event, Execution, Extern, Func, FuncType, GasTank, Instance, InstantiationError, Memory,
    Module, OutOfBounds, OutOfGas, Store, Trap, TrapCode, Val, ValType,
};

/// How a host function ends other than by returning.
#[derive(Debug)]
pub enum HostError {
    /// The call traps.
    Trap(TrapCode),
    /// The host failed.
    Error(Box<dyn core::error::Error + Send + Sync>),
    /// The execution is to end, with this status.
    Exit(i32),
}

impl From<TrapCode> for HostError {
    fn from(code: TrapCode) -> Self {
        Self::Trap(code)
    }
}

impl From<OutOfBounds> for HostError {
    fn from(error: OutOfBounds) -> Self {
        Self::Trap(error.into())
    }
}

impl From<OutOfGas> for HostError {
    fn from(_: OutOfGas) -> Self {
        Self::Trap(TrapCode::OutOfGas)
    }
}

/// Why a call has no results.
#[derive(Debug)]
pub struct CallError {
    /// What happened.
    pub reason: CallFailure,
    /// The gas that was left.
    pub gas: GasTank,
    /// The functions that were open, innermost first: instance and function index.
    pub backtrace: Vec<(Instance, u32)>,
}

/// What ends a call without results.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallFailure {
    /// It trapped.
    Trap(Trap),
    /// A host function failed.
    Host(Box<dyn core::error::Error + Send + Sync>),
    /// A host function ended the execution with this status.
    Exit(i32),
    /// The arguments do not have the types of the function's parameters, or the function is of
    /// another store.
    Arguments,
    /// A host function gave results of other types than its own.
    Results,
    /// A host function was called that the linker did not define.
    UnknownHostFunction(u32),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            CallFailure::Trap(trap) => write!(f, "the call trapped: {trap}"),
            CallFailure::Host(error) => write!(f, "a host function failed: {error}"),
            CallFailure::Exit(status) => write!(f, "the execution ended with status {status}"),
            CallFailure::Arguments => {
                f.write_str("the arguments do not have the types of the function's parameters")
            }
            CallFailure::Results => f.write_str("a host function gave results of the wrong types"),
            CallFailure::UnknownHostFunction(number) => {
                write!(f, "host function {number} is not of this linker")
            }
        }
    }
}

impl core::error::Error for CallError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.reason {
            CallFailure::Trap(trap) => Some(trap),
            CallFailure::Host(error) => Some(&**error),
            _ => None,
        }
    }
}

/// Why [`Linker::instantiate`] gave no instance that can be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum LinkError {
    /// It could not be instantiated.
    Instantiation(InstantiationError),
    /// Its start function failed.
    Start(CallError),
}

impl From<InstantiationError> for LinkError {
    fn from(error: InstantiationError) -> Self {
        Self::Instantiation(error)
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instantiation(error) => error.fmt(f),
            Self::Start(error) => write!(f, "the start function failed: {error}"),
        }
    }
}

impl core::error::Error for LinkError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Instantiation(error) => Some(error),
            Self::Start(error) => Some(error),
        }
    }
}

/// What a host function sees of the execution that called it.
pub struct Caller<'a, T> {
    data: &'a mut T,
    store: &'a mut Store,
    execution: &'a mut Execution,
    instance: Option<Instance>,
}

impl<T> Caller<'_, T> {
    /// The data of the host.
    pub fn data(&mut self) -> &mut T {
        self.data
    }

    /// The store.
    pub fn store(&mut self) -> &mut Store {
        self.store
    }

    /// The instance that called; none when the embedder itself did.
    pub fn instance(&self) -> Option<Instance> {
        self.instance
    }

    /// Whole gas that is left.
    pub fn gas_left(&self) -> u64 {
        self.execution.gas().left()
    }

    /// Takes whole gas.
    ///
    /// # Errors
    /// [`OutOfGas`] when less is left; then nothing is taken. With `?` it traps.
    pub fn charge(&mut self, gas: u64) -> Result<(), OutOfGas> {
        self.execution.gas_mut().charge(gas)
    }

    /// The memory of the instance that called.
    pub fn memory(&self) -> Option<Memory> {
        self.execution.memory(self.store)
    }

    /// Copies bytes from the memory of the instance that called.
    ///
    /// # Errors
    /// When the range is out of bounds, or there is no memory. With `?` it traps.
    pub fn read(&self, address: u64, buffer: &mut [u8]) -> Result<(), OutOfBounds> {
        let memory = self.memory().ok_or(OutOfBounds)?;
        self.store.memory_read(memory, address, buffer)
    }

    /// Bytes of the memory of the instance that called.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn slice(&mut self, address: u64, len: u64) -> Result<&[u8], OutOfBounds> {
        let memory = self.memory().ok_or(OutOfBounds)?;
        self.store.memory_slice(memory, address, len)
    }

    /// Copies bytes to the memory of the instance that called.
    ///
    /// # Errors
    /// As [`Self::read`]; nothing is written.
    pub fn write(&mut self, address: u64, bytes: &[u8]) -> Result<(), OutOfBounds> {
        let memory = self.memory().ok_or(OutOfBounds)?;
        self.store.memory_write(memory, address, bytes)
    }
}

type HostFunc<T> = Box<dyn Fn(&mut Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), HostError>>;

/// Names for what modules import, and the host functions among them. Belongs to one store: all its
/// methods take the same.
pub struct Linker<T> {
    names: BTreeMap<String, BTreeMap<String, Extern>>,
    /// By the number that the store gave.
    host_funcs: BTreeMap<u32, HostFunc<T>>,
}

impl<T> Default for Linker<T> {
    fn default() -> Self {
        Self { names: BTreeMap::new(), host_funcs: BTreeMap::new() }
    }
}

impl<T> Linker<T> {
    /// A linker without names.
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives something a name. An earlier meaning of the name is forgotten.
    pub fn define(&mut self, module: &str, name: &str, item: impl Into<Extern>) -> &mut Self {
        self.names.entry(module.into()).or_default().insert(name.into(), item.into());
        self
    }

    /// Gives all exports of an instance names, as those of the module `module`.
    pub fn define_instance(
        &mut self,
        store: &Store,
        module: &str,
        instance: Instance,
    ) -> &mut Self {
        for (name, item) in instance.exports(store) {
            self.define(module, name, item);
        }
        self
    }

    /// Adds a host function to the store and gives it a name. The closure gets the arguments and a
    /// place for the results, which hold zeros and nulls of the right types.
    pub fn func(
        &mut self,
        store: &mut Store,
        module: &str,
        name: &str,
        ty: FuncType,
        closure: impl Fn(&mut Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), HostError> + 'static,
    ) -> Func {
        let func = store.host_func(ty);
        if let Some(number) = func.host_number() {
            self.host_funcs.insert(number, Box::new(closure));
        }
        self.define(module, name, func);
        func
    }

    /// What a name means.
    pub fn get(&self, module: &str, name: &str) -> Option<Extern> {
        self.names.get(module)?.get(name).copied()
    }

    /// Instantiates a module with what its imports name, and runs its start function with `gas`
    /// units of gas.
    ///
    /// # Errors
    /// When it cannot be instantiated, or its start function fails.
    pub fn instantiate(
        &self,
        store: &mut Store,
        data: &mut T,
        module: &Module,
        gas: u64,
    ) -> Result<Instance, LinkError> {
        let mut items = Vec::with_capacity(module.imports().len());
        for import in module.imports() {
            let item = self.get(import.module, import.name);
            items.push(item.ok_or_else(|| InstantiationError::UnknownImport {
                module: import.module.into(),
                name: import.name.into(),
            })?);
        }
        let instance = store.instantiate(module, &items)?;
        if let Some(start) = instance.start(store) {
            self.call(store, data, start, &[], GasTank::new(gas)).map_err(LinkError::Start)?;
        }
        Ok(instance)
    }

    /// Calls a function; gives its results and the gas that is left.
    ///
    /// # Errors
    /// When it traps, a host function fails or ends the execution, or the arguments do not fit.
    pub fn call(
        &self,
        store: &mut Store,
        data: &mut T,
        func: Func,
        args: &[Val],
        gas: GasTank,
    ) -> Result<(Vec<Val>, GasTank), CallError> {
        let Ok(mut execution) = Execution::new(store, func, args, gas) else {
            return Err(CallError { reason: CallFailure::Arguments, gas, backtrace: Vec::new() });
        };
        loop {
            let reason = match execution.run(store) {
                Event::Finished => return Ok((execution.results(), *execution.gas())),
                Event::Trapped(trap) => CallFailure::Trap(trap),
                Event::HostCall(call) => {
                    match self.host_call(store, data, &mut execution, call.number, call.instance) {
                        Ok(()) => continue,
                        Err(reason) => reason,
                    }
                }
            };
            return Err(CallError {
                reason,
                gas: *execution.gas(),
                backtrace: execution.backtrace(store),
            });
        }
    }

    fn host_call(
        &self,
        store: &mut Store,
        data: &mut T,
        execution: &mut Execution,
        number: u32,
        instance: Option<Instance>,
    ) -> Result<(), CallFailure> {
        let unknown = CallFailure::UnknownHostFunction(number);
        let (Some(closure), Some(ty)) =
            (self.host_funcs.get(&number), store.host_func_type(number))
        else {
            return Err(unknown);
        };
        let ty = ty.clone();
        let args: Vec<Val> = ty
            .params()
            .iter()
            .zip(execution.args())
            .map(|(ty, slot)| Val::from_slot(*ty, *slot))
            .collect();
        let mut results: Vec<Val> = ty.results().iter().map(|ty| Val::from_slot(*ty, 0)).collect();
        let mut caller = Caller { data, store, execution, instance };
        closure(&mut caller, &args, &mut results).map_err(|error| match error {
            HostError::Trap(code) => CallFailure::Trap(code.into()),
            HostError::Error(error) => CallFailure::Host(error),
            HostError::Exit(status) => CallFailure::Exit(status),
        })?;
        let fits = |(value, ty): (&Val, &ValType)| {
            let known = match value {
                Val::FuncRef(Some(func)) => store.func_type(*func).is_some(),
                _ => true,
            };
            known && value.ty() == *ty
        };
        if !results.iter().zip(ty.results()).all(fits) {
            return Err(CallFailure::Results);
        }
        let slots: Vec<u64> = results.into_iter().map(Val::to_slot).collect();
        execution.set_results(store, &slots);
        Ok(())
    }
}

impl<T> fmt::Debug for Linker<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linker").field("names", &self.names).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
