//! From Yul to the IR: names are resolved, variables become values.
mod names;
mod objects;
mod regions;

use std::collections::BTreeMap;

use alloy_primitives::{Address, U256};

use self::names::{Binding, Names, Variable};
use super::{Block, End, Function, FunctionId, ImmutableId, Instruction, Kind, Program, Value};
use crate::builtin::{Builtin, Effect};
use crate::yul::ast::{
    self, Expression, FunctionDefinition, Name, Object, Origin, Statement, StatementKind,
};
use crate::yul::word;
use crate::{Error, Span};

/// Addresses of libraries that the source leaves open (`linkersymbol`), by their names.
pub type Libraries = BTreeMap<String, Address>;

/// Builds the program of an object, without those inside of it.
///
/// # Errors
/// When a name is unknown or taken, a call has the wrong number of arguments, or a statement stands
/// where it cannot.
pub fn build(source: &str, object: &Object, libraries: &Libraries) -> Result<Program, Error> {
    let mut builder = Builder {
        source,
        object,
        libraries,
        program: Program { name: object.name.to_string(), ..Program::default() },
        names: Names::default(),
        function: Function { name: "main".into(), ..Function::default() },
        current: Vec::new(),
        returns: Vec::new(),
        loops: Vec::new(),
        origin: None,
    };
    builder.program.functions.push(Function::default());
    let mut body = Block::default();
    if builder.block(&object.code, &mut body)? {
        body.end = End::Return(Vec::new());
    }
    builder.function.body = body;
    builder.program.functions[0] = builder.function;
    Ok(builder.program)
}

struct Builder<'a> {
    source: &'a str,
    object: &'a Object,
    libraries: &'a Libraries,
    program: Program,
    names: Names,
    /// The function that is built.
    function: Function,
    /// What the variables of the function are at this point.
    current: Vec<Value>,
    /// What the function returns; none outside of functions.
    returns: Vec<Variable>,
    loops: Vec<regions::Open>,
    origin: Option<Origin>,
}

impl Builder<'_> {
    fn error(&self, span: Span, message: impl Into<String>) -> Error {
        Error::at(self.source, span, message)
    }

    fn push(&self, out: &mut Block, kind: Kind) {
        out.instructions.push(Instruction { kind, origin: self.origin });
    }

    fn constant(&mut self, out: &mut Block, value: U256) -> Value {
        let to = self.function.value();
        self.push(out, Kind::Constant(to, value));
        to
    }

    /// Builds a block in a scope of its own. Returns whether it is left at its end; where it is
    /// not, `out` has its end.
    fn block(&mut self, block: &ast::Block, out: &mut Block) -> Result<bool, Error> {
        self.names.open();
        let falls = self.statements(block, out)?;
        self.names.close();
        Ok(falls)
    }

    /// As [`block`](Self::block), in the scope that is open.
    fn statements(&mut self, block: &ast::Block, out: &mut Block) -> Result<bool, Error> {
        let mut functions = Vec::new();
        for statement in &block.statements {
            if let StatementKind::Function(definition) = &statement.kind {
                let id = FunctionId(self.program.functions.len() as u32);
                self.program.functions.push(Function::default());
                let binding = Binding::Function {
                    id,
                    parameters: definition.parameters.len(),
                    results: definition.results.len(),
                };
                self.declare(&definition.name, binding)?;
                functions.push((id, definition));
            }
        }
        for (id, definition) in functions {
            self.define(id, definition)?;
        }
        for statement in &block.statements {
            if !self.statement(statement, out)? {
                // What follows is never reached.
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn declare(&mut self, name: &Name, binding: Binding) -> Result<(), Error> {
        if self.names.find(&name.text).is_some() {
            return Err(self.error(name.span, "this name is taken"));
        }
        // The name of an instruction can be taken: a source may be older than the instruction.
        self.names.declare(name.text.clone(), binding);
        Ok(())
    }

    fn variable(&mut self, name: &Name, value: Value) -> Result<Variable, Error> {
        let variable = Variable(self.current.len() as u32);
        self.declare(name, Binding::Variable(variable))?;
        self.current.push(value);
        Ok(variable)
    }

    /// Builds a function.
    fn define(&mut self, id: FunctionId, definition: &FunctionDefinition) -> Result<(), Error> {
        let inner = Function { name: definition.name.text.to_string(), ..Function::default() };
        let outer = std::mem::replace(&mut self.function, inner);
        let current = std::mem::take(&mut self.current);
        let returns = std::mem::take(&mut self.returns);
        let loops = std::mem::take(&mut self.loops);
        let origin = self.origin.take();
        self.names.enter_function();

        let mut body = Block::default();
        for name in &definition.parameters {
            let value = self.function.value();
            self.function.parameters.push(value);
            self.variable(name, value)?;
        }
        for name in &definition.results {
            let zero = self.constant(&mut body, U256::ZERO);
            let variable = self.variable(name, zero)?;
            self.returns.push(variable);
        }
        self.function.results = self.returns.len();
        if self.block(&definition.body, &mut body)? {
            body.end = self.leave();
        }

        self.names.leave_function();
        let mut function = std::mem::replace(&mut self.function, outer);
        function.body = body;
        self.program.functions[id.0 as usize] = function;
        self.current = current;
        self.returns = returns;
        self.loops = loops;
        self.origin = origin;
        Ok(())
    }

    fn leave(&self) -> End {
        End::Return(self.returns.iter().map(|&variable| self.value(variable)).collect())
    }

    fn value(&self, variable: Variable) -> Value {
        self.current[variable.0 as usize]
    }

    /// Builds a statement. Returns whether what follows it is reached.
    fn statement(&mut self, statement: &Statement, out: &mut Block) -> Result<bool, Error> {
        self.origin = statement.origin;
        match &statement.kind {
            StatementKind::Block(block) => return self.block(block, out),
            StatementKind::Function(_) => {}
            StatementKind::Let(names, value) => {
                let values = match value {
                    Some(value) => self.values(value, names.len(), out)?,
                    None => names.iter().map(|_| self.constant(out, U256::ZERO)).collect(),
                };
                for (name, value) in names.iter().zip(values) {
                    self.variable(name, value)?;
                }
            }
            StatementKind::Assign(names, value) => {
                let values = self.values(value, names.len(), out)?;
                for (at, (name, value)) in names.iter().zip(values).enumerate() {
                    if names[..at].iter().any(|other| other.text == name.text) {
                        return Err(self.error(name.span, "this variable is assigned twice"));
                    }
                    let variable = self.find_variable(name)?;
                    self.current[variable.0 as usize] = value;
                }
            }
            StatementKind::Expression(expression) => {
                self.values(expression, 0, out)?;
                if out.end_of_frame() {
                    out.end = End::Unreachable;
                    return Ok(false);
                }
            }
            StatementKind::If(condition, block) => self.if_(condition, block, out)?,
            StatementKind::Switch(on, cases, otherwise) => {
                return self.switch(on, cases, otherwise.as_ref(), out);
            }
            StatementKind::For(first, condition, after, body) => {
                return self.for_(first, condition, after, body, out);
            }
            StatementKind::Break => {
                out.end = self.break_(statement.span)?;
                return Ok(false);
            }
            StatementKind::Continue => {
                out.end = self.continue_(statement.span)?;
                return Ok(false);
            }
            StatementKind::Leave => {
                if self.names.in_function() {
                    out.end = self.leave();
                    return Ok(false);
                }
                return Err(self.error(statement.span, "`leave` stands in functions"));
            }
        }
        Ok(true)
    }

    fn find_variable(&self, name: &Name) -> Result<Variable, Error> {
        match self.names.find(&name.text) {
            Some(Binding::Variable(variable)) => Ok(variable),
            Some(Binding::Function { .. }) => {
                Err(self.error(name.span, "this is a function, not a variable"))
            }
            None => Err(self.error(name.span, "there is no variable of this name here")),
        }
    }

    /// Builds an expression that gives `count` values.
    fn values(
        &mut self,
        expression: &Expression,
        count: usize,
        out: &mut Block,
    ) -> Result<Vec<Value>, Error> {
        let values = match expression {
            Expression::Literal(value, _) => vec![self.constant(out, *value)],
            Expression::Text(bytes, span) => {
                if bytes.len() > 32 {
                    let message = "a string of more than 32 bytes is no word";
                    return Err(self.error(*span, message));
                }
                vec![self.constant(out, word(bytes))]
            }
            Expression::Variable(name) => vec![self.value(self.find_variable(name)?)],
            Expression::Call(name, arguments, span) => self.call(name, arguments, *span, out)?,
        };
        if values.len() != count {
            let words = format!("this gives {}, and {} are used", plural(values.len()), count);
            return Err(self.error(expression.span(), words));
        }
        Ok(values)
    }

    fn word(&mut self, expression: &Expression, out: &mut Block) -> Result<Value, Error> {
        Ok(self.values(expression, 1, out)?[0])
    }

    /// Builds arguments: the last first, as the EVM's stack has them.
    fn arguments(
        &mut self,
        arguments: &[Expression],
        count: usize,
        span: Span,
        out: &mut Block,
    ) -> Result<Vec<Value>, Error> {
        if arguments.len() != count {
            let words = format!("this takes {}, not {}", plural(count), arguments.len());
            return Err(self.error(span, words));
        }
        let mut values = Vec::with_capacity(count);
        for argument in arguments.iter().rev() {
            values.push(self.word(argument, out)?);
        }
        values.reverse();
        Ok(values)
    }

    fn call(
        &mut self,
        name: &Name,
        arguments: &[Expression],
        span: Span,
        out: &mut Block,
    ) -> Result<Vec<Value>, Error> {
        match self.names.find(&name.text) {
            Some(Binding::Function { id, parameters, results }) => {
                let arguments = self.arguments(arguments, parameters, span, out)?;
                let results: Vec<_> = (0..results).map(|_| self.function.value()).collect();
                self.push(out, Kind::Call(results.clone(), id, arguments));
                return Ok(results);
            }
            Some(Binding::Variable(_)) => {
                return Err(self.error(name.span, "this is a variable, not a function"));
            }
            None => {}
        }
        if let Some(builtin) = Builtin::named(&name.text) {
            let arguments = self.arguments(arguments, builtin.arguments(), span, out)?;
            let to = (builtin.results() > 0).then(|| self.function.value());
            self.push(out, Kind::Builtin(to, builtin, arguments));
            return Ok(to.into_iter().collect());
        }
        self.special(name, arguments, span, out)
    }

    /// Builds what looks like an instruction, and is none of the EVM.
    fn special(
        &mut self,
        name: &Name,
        arguments: &[Expression],
        span: Span,
        out: &mut Block,
    ) -> Result<Vec<Value>, Error> {
        let to = self.function.value();
        match &*name.text {
            "pop" => {
                self.arguments(arguments, 1, span, out)?;
                return Ok(Vec::new());
            }
            "memoryguard" => {
                let [Expression::Literal(value, _)] = arguments else {
                    return Err(self.error(span, "`memoryguard` takes a literal"));
                };
                self.program.memory_guard = true;
                self.push(out, Kind::Constant(to, *value));
            }
            "dataoffset" | "datasize" => {
                let [argument] = arguments else {
                    return Err(self.error(span, "this takes the name of data or of an object"));
                };
                let size = &*name.text == "datasize";
                let name = self.text(argument)?;
                let Some(part) = self.part(&name) else {
                    let words = "no data and no object of this name is here";
                    return Err(self.error(argument.span(), words));
                };
                let kind = match size {
                    true => Kind::PartSize(to, part),
                    false => Kind::PartOffset(to, part),
                };
                self.push(out, kind);
            }
            "datacopy" => {
                let arguments = self.arguments(arguments, 3, span, out)?;
                self.push(out, Kind::Builtin(None, Builtin::CodeCopy, arguments));
                return Ok(Vec::new());
            }
            "loadimmutable" => {
                let [argument] = arguments else {
                    return Err(self.error(span, "this takes the name of an immutable"));
                };
                let immutable = self.immutable(argument)?;
                self.push(out, Kind::LoadImmutable(to, immutable));
            }
            "setimmutable" => {
                let [offset, name, value] = arguments else {
                    return Err(self.error(span, "this takes an offset, a name and a value"));
                };
                let value = self.word(value, out)?;
                let offset = self.word(offset, out)?;
                let immutable = self.immutable(name)?;
                self.push(out, Kind::SetImmutable(offset, immutable, value));
                return Ok(Vec::new());
            }
            "linkersymbol" => {
                let [argument] = arguments else {
                    return Err(self.error(span, "this takes the name of a library"));
                };
                let name = self.text(argument)?;
                let kind = match self.libraries.get(&name) {
                    Some(address) => Kind::Constant(to, U256::from_be_slice(address.as_slice())),
                    None => {
                        self.program.unlinked.push((name, argument.span()));
                        Kind::Unlinked(to, self.program.unlinked.len() as u32 - 1)
                    }
                };
                self.push(out, kind);
            }
            "pc" => return Err(self.error(span, "WebAssembly has no `pc`")),
            text if text.starts_with("verbatim_") => {
                let words = "`verbatim` is EVM bytecode, which WebAssembly cannot run";
                return Err(self.error(span, words));
            }
            _ => return Err(self.error(name.span, "there is no function of this name here")),
        }
        Ok(vec![to])
    }

    /// Returns the text of a string, or of a short one that was read as a word.
    fn text(&self, expression: &Expression) -> Result<String, Error> {
        match expression {
            Expression::Text(bytes, span) => String::from_utf8(bytes.to_vec())
                .map_err(|_| self.error(*span, "a name is made of characters")),
            other => Err(self.error(other.span(), "a name in quotes is missing")),
        }
    }

    fn immutable(&mut self, name: &Expression) -> Result<ImmutableId, Error> {
        let name = self.text(name)?;
        let immutables = &mut self.program.immutables;
        let at = immutables.iter().position(|other| *other == name).unwrap_or_else(|| {
            immutables.push(name);
            immutables.len() - 1
        });
        Ok(ImmutableId(at as u32))
    }
}

impl Block {
    /// Returns whether the last instruction ends the frame.
    fn end_of_frame(&self) -> bool {
        let last = self.instructions.last().map(|instruction| &instruction.kind);
        matches!(last, Some(Kind::Builtin(_, builtin, _)) if builtin.effect() == Effect::Halt)
    }
}

fn plural(count: usize) -> String {
    match count {
        1 => "1 word".into(),
        count => format!("{count} words"),
    }
}
