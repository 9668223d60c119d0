//! What every program keeps to. Passes are checked by it.
use std::collections::{HashMap, HashSet};

use super::{Block, End, Function, FunctionId, Kind, Label, Program, Value};

/// Checks that values are defined once and before they are used, and that calls, ends and regions
/// agree about numbers of values.
///
/// # Errors
/// The broken rule, as a sentence for the author of the pass.
pub fn verify(program: &Program) -> Result<(), String> {
    for (at, function) in program.functions.iter().enumerate() {
        let mut checker = Checker {
            program,
            function,
            defined: HashSet::new(),
            visible: HashSet::new(),
            exits: HashMap::new(),
            loops: HashMap::new(),
        };
        let check = function
            .parameters
            .iter()
            .try_for_each(|&value| checker.define(value).map(|_| ()))
            .and_then(|()| checker.block(&function.body));
        check.map_err(|error| format!("function {at}, {}: {error}", function.name))?;
    }
    Ok(())
}

struct Checker<'a> {
    program: &'a Program,
    function: &'a Function,
    defined: HashSet<Value>,
    visible: HashSet<Value>,
    /// How many values the exit of an open region takes.
    exits: HashMap<Label, usize>,
    loops: HashMap<Label, usize>,
}

impl Checker<'_> {
    fn define(&mut self, value: Value) -> Result<Value, String> {
        if value.0 >= self.function.values {
            return Err(format!("{value} is beyond the function's values"));
        }
        if !self.defined.insert(value) {
            return Err(format!("{value} is defined twice"));
        }
        self.visible.insert(value);
        Ok(value)
    }

    fn block(&mut self, block: &Block) -> Result<(), String> {
        let mut here = Vec::new();
        for instruction in &block.instructions {
            self.instruction(&instruction.kind, &mut here)?;
        }
        for value in block.end.values() {
            if !self.visible.contains(value) {
                return Err(format!("an end hands on {value}, which is not defined there"));
            }
        }
        let count = block.end.values().len();
        let wanted = match &block.end {
            End::Exit(label, _) => self.exits.get(label).copied(),
            End::Again(label, _) => self.loops.get(label).copied(),
            End::Return(_) => Some(self.function.results),
            End::Unreachable => Some(0),
        };
        if wanted != Some(count) {
            return Err(format!("{:?} should hand on {wanted:?} values", block.end));
        }
        for value in here {
            self.visible.remove(&value);
        }
        Ok(())
    }

    fn instruction(&mut self, kind: &Kind, here: &mut Vec<Value>) -> Result<(), String> {
        let mut missing = None;
        kind.operands(|value| {
            if !self.visible.contains(&value) {
                missing = Some(value);
            }
        });
        if let Some(value) = missing {
            return Err(format!("{value} is used where it is not defined"));
        }
        let mut results = Vec::new();
        kind.results(|value| results.push(value));
        match kind {
            Kind::Builtin(_, builtin, arguments)
                if arguments.len() != builtin.arguments() || results.len() != builtin.results() =>
            {
                return Err(format!("{} has the wrong number of values", builtin.name()));
            }
            Kind::Call(_, FunctionId(id), arguments) => {
                let Some(callee) = self.program.functions.get(*id as usize) else {
                    return Err(format!("there is no function {id}"));
                };
                if arguments.len() != callee.parameters.len() || results.len() != callee.results {
                    return Err(format!("a call of {} has the wrong values", callee.name));
                }
            }
            _ => {}
        }
        if let Some(label) = kind.label() {
            if self.exits.insert(label, results.len()).is_some() {
                return Err(format!("l{} is open twice", label.0));
            }
            let mut parameters = Vec::new();
            if let Kind::Loop(region) = kind {
                self.loops.insert(label, region.parameters.len());
                for (parameter, _) in &region.parameters {
                    parameters.push(self.define(*parameter)?);
                }
            }
            for block in kind.blocks() {
                self.block(block)?;
            }
            for parameter in parameters {
                self.visible.remove(&parameter);
            }
            self.exits.remove(&label);
            self.loops.remove(&label);
        }
        for value in results {
            here.push(self.define(value)?);
        }
        Ok(())
    }
}
