//! Running the directives of a script, in order, all in one store.
use std::collections::HashMap;

use tephra_core::wasm::{Features, Module, TrapCode, Val};
use wasmparser::{Validator, WasmFeatures};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::token::Id;
use wast::{QuoteWat, QuoteWatTest, Wast, WastDirective, WastExecute, WastInvoke, Wat};

use super::{Mode, Proposal, Report, values};
use crate::machine::{Extern, Failure, Instance, Machine};

/// Gas for one call of a metered script.
const GAS: u64 = u64::MAX / 2;

/// The end of a directive that neither held nor failed.
enum Unmet {
    Failed(String),
    /// Left out, for this reason.
    Skipped(String),
}

impl From<String> for Unmet {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

type Outcome = Result<(), Unmet>;

/// The end of an action.
type Action = Result<Vec<Val>, TrapCode>;

pub(super) fn modules(source: &str) -> Vec<Vec<u8>> {
    let mut lexer = Lexer::new(source);
    lexer.allow_confusing_unicode(true);
    let Ok(buffer) = ParseBuffer::new_with_lexer(lexer) else { return Vec::new() };
    let Ok(wast) = parser::parse::<Wast>(&buffer) else { return Vec::new() };
    let module = |directive| match directive {
        WastDirective::Module(wat) | WastDirective::ModuleDefinition(wat) => Some(wat),
        WastDirective::AssertInvalid { module, .. }
        | WastDirective::AssertMalformed { module, .. } => Some(module),
        _ => None,
    };
    wast.directives.into_iter().filter_map(module).filter_map(|mut wat| wat.encode().ok()).collect()
}

pub(super) fn run(source: &str, features: Features, mode: Mode, off: &[Proposal]) -> Report {
    let mut report = Report::default();
    let mut lexer = Lexer::new(source);
    lexer.allow_confusing_unicode(true);
    let buffer = match ParseBuffer::new_with_lexer(lexer) {
        Ok(buffer) => buffer,
        Err(error) => {
            report.failed.push(error.to_string());
            return report;
        }
    };
    let wast = match parser::parse::<Wast>(&buffer) {
        Ok(wast) => wast,
        Err(error) => {
            report.failed.push(error.to_string());
            return report;
        }
    };
    let mut script = Script::new(features, mode, off);
    for directive in wast.directives {
        let (line, _) = directive.span().linecol_in(source);
        match script.directive(directive) {
            Ok(()) => report.passed += 1,
            Err(Unmet::Failed(message)) => {
                report.failed.push(format!("line {}: {message}", line + 1))
            }
            Err(Unmet::Skipped(reason)) => *report.skipped.entry(reason).or_default() += 1,
        }
    }
    report
}

/// An instance, or why there is none.
type Slot = Result<Instance, String>;

struct Script<'a> {
    machine: Machine,
    mode: Mode,
    off: &'a [Proposal],
    current: Option<Slot>,
    instances: HashMap<String, Slot>,
    /// Modules that were defined without being instantiated; the last one also under the empty
    /// name.
    definitions: HashMap<String, Result<Module, String>>,
    registered: HashMap<String, Slot>,
    spectest: HashMap<&'static str, Extern>,
}

impl<'a> Script<'a> {
    fn new(features: Features, mode: Mode, off: &'a [Proposal]) -> Self {
        let mut machine = Machine::new(mode.config(features), GAS).looped(mode == Mode::Looped);
        let spectest = machine.spectest();
        Self {
            machine,
            mode,
            off,
            current: None,
            instances: HashMap::new(),
            definitions: HashMap::new(),
            registered: HashMap::new(),
            spectest,
        }
    }

    fn directive(&mut self, directive: WastDirective) -> Outcome {
        match directive {
            WastDirective::Module(wat) => self.module(wat),
            WastDirective::ModuleDefinition(wat) => self.define(wat),
            WastDirective::ModuleInstance { instance, module, .. } => {
                self.instance_of(instance, module)
            }
            WastDirective::Register { name, module, .. } => {
                let instance = self.find(module);
                self.registered.insert(name.to_owned(), kept(&instance));
                instance.map(|_| ())
            }
            WastDirective::Invoke(invoke) => match self.invoke(&invoke)? {
                Ok(_) => Ok(()),
                Err(trap) => fail(format!("{} trapped: {trap}", invoke.name)),
            },
            WastDirective::AssertReturn { exec, results, .. } => match self.execute(exec)? {
                Ok(values) if values::all_match(&results, &values) => Ok(()),
                Ok(values) => fail(format!("expected {results:?}, got {values:?}")),
                Err(trap) => fail(format!("trapped instead of returning: {trap}")),
            },
            WastDirective::AssertTrap { exec, message, .. } => self.expect_trap(exec, message),
            WastDirective::AssertExhaustion { call, message, .. } => {
                self.expect_trap(WastExecute::Invoke(call), message)
            }
            WastDirective::AssertInvalid { module, message, .. } => {
                self.expect_refused(module, message)
            }
            WastDirective::AssertMalformed { module, message, .. }
            | WastDirective::AssertMalformedCustom { module, message, .. }
            | WastDirective::AssertInvalidCustom { module, message, .. } => {
                self.expect_refused(module, message)
            }
            WastDirective::AssertUnlinkable { module, message, .. } => {
                match self.instantiate(QuoteWat::Wat(module))? {
                    Err(Failure::Link(_)) => Ok(()),
                    Err(Failure::Trap(trap)) => {
                        fail(format!("expected not to link ({message}), trapped: {trap}"))
                    }
                    Ok(_) => fail(format!("linked in spite of: {message}")),
                }
            }
            other => fail(format!("unknown directive {other:?}")),
        }
    }

    fn module(&mut self, wat: QuoteWat) -> Outcome {
        let name = wat.name().map(|id| id.name().to_owned());
        let result = match self.instantiate(wat) {
            Ok(Ok(instance)) => Ok(instance),
            Ok(Err(failure)) => Err(Unmet::Failed(format!("not instantiated: {failure}"))),
            Err(unmet) => Err(unmet),
        };
        self.keep(name, &result);
        result.map(|_| ())
    }

    fn define(&mut self, wat: QuoteWat) -> Outcome {
        let name = wat.name().map_or_else(String::new, |id| id.name().to_owned());
        let module = self.compile(wat);
        self.definitions.insert(String::new(), kept(&module));
        self.definitions.insert(name, kept(&module));
        module.map(|_| ())
    }

    fn instance_of(&mut self, instance: Option<Id>, module: Option<Id>) -> Outcome {
        let made = match self.definitions.get(module.map_or("", |id| id.name())) {
            Some(Ok(module)) => {
                let module = module.clone();
                self.link(&module).and_then(|made| {
                    made.map_err(|failure| Unmet::Failed(format!("not instantiated: {failure}")))
                })
            }
            Some(Err(reason)) => Err(Unmet::Skipped(reason.clone())),
            None => Err(Unmet::Failed("no such module definition".to_owned())),
        };
        self.keep(instance.map(|id| id.name().to_owned()), &made);
        made.map(|_| ())
    }

    /// Makes an instance, or the want of it, the current one.
    fn keep(&mut self, name: Option<String>, instance: &Result<Instance, Unmet>) {
        if let Some(name) = name {
            self.instances.insert(name, kept(instance));
        }
        self.current = Some(kept(instance));
    }

    fn find(&self, module: Option<Id>) -> Result<Instance, Unmet> {
        let slot = match module {
            Some(id) => self.instances.get(id.name()),
            None => self.current.as_ref(),
        };
        match slot {
            Some(Ok(instance)) => Ok(*instance),
            Some(Err(reason)) => Err(Unmet::Skipped(reason.clone())),
            None => Err(Unmet::Failed(format!("no instance {module:?}"))),
        }
    }

    fn execute(&mut self, exec: WastExecute) -> Result<Action, Unmet> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Wat(wat) => match self.instantiate(QuoteWat::Wat(wat))? {
                Ok(_) => Ok(Ok(Vec::new())),
                Err(Failure::Trap(trap)) => Ok(Err(trap)),
                Err(failure) => Err(Unmet::Failed(failure.to_string())),
            },
            WastExecute::Get { module, global, .. } => {
                let instance = self.find(module)?;
                match self.machine.export(instance, global) {
                    Some(Extern::Global(global)) => Ok(Ok(vec![self.machine.global(global)])),
                    other => Err(Unmet::Failed(format!("{global} is not a global but {other:?}"))),
                }
            }
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke) -> Result<Action, Unmet> {
        let instance = self.find(invoke.module)?;
        let Some(Extern::Func(func)) = self.machine.export(instance, invoke.name) else {
            return Err(Unmet::Failed(format!("no exported function {}", invoke.name)));
        };
        let args = invoke.args.iter().map(values::argument).collect::<Result<Vec<_>, _>>()?;
        Ok(self.machine.call(func, &args))
    }

    fn expect_trap(&mut self, exec: WastExecute, message: &str) -> Outcome {
        match self.execute(exec)? {
            Err(trap) if says(trap, message) => Ok(()),
            Err(trap) => fail(format!("expected the trap {message:?}, got {trap}")),
            Ok(values) => fail(format!("expected the trap {message:?}, got {values:?}")),
        }
    }

    /// For malformed and for invalid modules: a binary must be refused by the engine, a text
    /// already by the assembler.
    fn expect_refused(&mut self, mut wat: QuoteWat, message: &str) -> Outcome {
        let bytes = match wat.to_test() {
            Ok(QuoteWatTest::Binary(bytes)) => bytes,
            Ok(QuoteWatTest::Text(text)) => {
                match std::str::from_utf8(&text).ok().map(crate::text::assemble) {
                    Some(Ok(bytes)) => bytes,
                    _ => return Ok(()),
                }
            }
            Err(_) => return Ok(()),
        };
        match self.machine.compile(&bytes) {
            Ok(_) => fail(format!("accepted in spite of: {message}")),
            Err(_) => Ok(()),
        }
    }

    fn instantiate(&mut self, wat: QuoteWat) -> Result<Result<Instance, Failure>, Unmet> {
        let module = self.compile(wat)?;
        self.link(&module)
    }

    fn link(&mut self, module: &Module) -> Result<Result<Instance, Failure>, Unmet> {
        let Self { machine, registered, spectest, .. } = self;
        for import in module.imports() {
            if let Some(Err(reason)) = registered.get(import.module) {
                return Err(Unmet::Skipped(reason.clone()));
            }
        }
        Ok(machine.instantiate(module, |machine, space, name| match registered.get(space) {
            Some(instance) => machine.export(*instance.as_ref().ok()?, name),
            None if space == "spectest" => spectest.get(name).copied(),
            None => None,
        }))
    }

    fn compile(&mut self, mut wat: QuoteWat) -> Result<Module, Unmet> {
        if let QuoteWat::Wat(Wat::Component(_)) = wat {
            return Err(Unmet::Failed("a component".to_owned()));
        }
        let bytes = wat.encode().map_err(|error| error.to_string())?;
        match self.machine.compile(&bytes) {
            Ok(module) if self.mode == Mode::Trusted => {
                let again = self
                    .machine
                    .trust(&bytes)
                    .map_err(|error| format!("refused when trusted: {error}"))?;
                drop(module);
                Ok(again)
            }
            Ok(module) => Ok(module),
            Err(error) => Err(match self.uses(&bytes) {
                Some(names) => Unmet::Skipped(format!("uses {names}")),
                None => Unmet::Failed(format!("refused: {error}")),
            }),
        }
    }

    /// The least of the proposals which are off that a refused module needs; none if it is not one
    /// of them that is missing.
    fn uses(&self, bytes: &[u8]) -> Option<String> {
        let base = WasmFeatures::WASM2.difference(WasmFeatures::SIMD)
            | WasmFeatures::EXTENDED_CONST
            | WasmFeatures::TAIL_CALL;
        let valid = |switches: WasmFeatures| {
            Validator::new_with_features(base | switches).validate_all(bytes).is_ok()
        };
        if let Some(one) = self.off.iter().find(|proposal| valid(proposal.switch)) {
            return Some(one.name.to_owned());
        }
        let all =
            self.off.iter().fold(WasmFeatures::empty(), |all, proposal| all | proposal.switch);
        valid(all)
            .then(|| self.off.iter().map(|proposal| proposal.name).collect::<Vec<_>>().join(", "))
    }
}

/// What later directives need to know of something: itself, or why it is not there.
fn kept<T: Clone>(made: &Result<T, Unmet>) -> Result<T, String> {
    match made {
        Ok(made) => Ok(made.clone()),
        Err(Unmet::Skipped(reason)) => Err(reason.clone()),
        Err(Unmet::Failed(_)) => Err("depends on a module that failed".to_owned()),
    }
}

fn fail(message: String) -> Outcome {
    Err(Unmet::Failed(message))
}

/// Whether a trap is the one that the suite describes with these words: its older parts leave out
/// the end, its newer ones add the index of an element.
fn says(trap: TrapCode, message: &str) -> bool {
    message.starts_with(trap.message()) || trap.message().starts_with(message)
}
