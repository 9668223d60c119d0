//! Conditions and loops: variables that are assigned inside become values that regions take and
//! give.
use std::collections::BTreeSet;

use alloy_primitives::U256;

use super::Builder;
use super::names::{Binding, Variable};
use crate::ir::{Block, End, If, Kind, Label, Loop, Scope, Switch, Value};
use crate::yul::ast::{self, Expression, StatementKind};
use crate::{Error, Span};

/// A loop whose body is being built.
pub(super) struct Open {
    /// What `break` leaves.
    outer: Label,
    /// What `continue` leaves.
    round: Label,
    variables: Vec<Variable>,
    continues: bool,
}

impl Builder<'_> {
    fn values_of(&self, variables: &[Variable]) -> Vec<Value> {
        variables.iter().map(|&variable| self.value(variable)).collect()
    }

    /// Gives the variables new values, and returns these.
    fn renew(&mut self, variables: &[Variable]) -> Vec<Value> {
        variables
            .iter()
            .map(|&variable| {
                let value = self.function.value();
                self.current[variable.0 as usize] = value;
                value
            })
            .collect()
    }

    fn restore(&mut self, variables: &[Variable], values: &[Value]) {
        for (&variable, &value) in variables.iter().zip(values) {
            self.current[variable.0 as usize] = value;
        }
    }

    /// Returns the variables of this point that a block assigns.
    fn assigned<'b>(&self, blocks: impl IntoIterator<Item = &'b ast::Block>) -> Vec<Variable> {
        let mut found = BTreeSet::new();
        for block in blocks {
            self.collect(block, &mut found);
        }
        found.into_iter().collect()
    }

    fn collect(&self, block: &ast::Block, found: &mut BTreeSet<Variable>) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Assign(names, _) => {
                    for name in names {
                        // A name that is declared inside cannot be one of this point, too.
                        if let Some(Binding::Variable(variable)) = self.names.find(&name.text) {
                            found.insert(variable);
                        }
                    }
                }
                StatementKind::Block(block) | StatementKind::If(_, block) => {
                    self.collect(block, found);
                }
                StatementKind::Switch(_, cases, otherwise) => {
                    for block in cases.iter().map(|(_, block)| block).chain(otherwise) {
                        self.collect(block, found);
                    }
                }
                StatementKind::For(first, _, after, body) => {
                    for block in [first, after, body] {
                        self.collect(block, found);
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn if_(
        &mut self,
        condition: &Expression,
        block: &ast::Block,
        out: &mut Block,
    ) -> Result<(), Error> {
        let condition = self.word(condition, out)?;
        let variables = self.assigned([block]);
        let before = self.values_of(&variables);
        let label = self.function.label();
        let mut then = Block::default();
        if self.block(block, &mut then)? {
            then.end = End::Exit(label, self.values_of(&variables));
        }
        let otherwise = Block { instructions: Vec::new(), end: End::Exit(label, before) };
        let results = self.renew(&variables);
        self.push(out, Kind::If(If { label, condition, then, otherwise, results }));
        Ok(())
    }

    pub(super) fn switch(
        &mut self,
        on: &Expression,
        cases: &[(U256, ast::Block)],
        otherwise: Option<&ast::Block>,
        out: &mut Block,
    ) -> Result<bool, Error> {
        let on = self.word(on, out)?;
        let variables = self.assigned(cases.iter().map(|(_, block)| block).chain(otherwise));
        let before = self.values_of(&variables);
        let label = self.function.label();
        let mut falls = false;
        let mut arm = |builder: &mut Self, block: Option<&ast::Block>| {
            let mut arm = Block::default();
            builder.restore(&variables, &before);
            if match block {
                Some(block) => builder.block(block, &mut arm)?,
                None => true,
            } {
                falls = true;
                arm.end = End::Exit(label, builder.values_of(&variables));
            }
            Ok::<_, Error>(arm)
        };
        let mut built = Vec::with_capacity(cases.len());
        for (value, block) in cases {
            built.push((*value, arm(self, Some(block))?));
        }
        let otherwise = arm(self, otherwise)?;
        let results = self.renew(&variables);
        self.push(out, Kind::Switch(Switch { label, on, cases: built, otherwise, results }));
        if !falls {
            out.end = End::Unreachable;
        }
        Ok(falls)
    }

    pub(super) fn for_(
        &mut self,
        first: &ast::Block,
        condition: &Expression,
        after: &ast::Block,
        body: &ast::Block,
        out: &mut Block,
    ) -> Result<bool, Error> {
        // What the first part declares is there for the whole loop.
        self.names.open();
        if !self.statements(first, out)? {
            self.names.close();
            return Ok(false);
        }
        let variables = self.assigned([after, body]);
        let before = self.values_of(&variables);
        let outer = self.function.label();
        let round = self.function.label();
        let parameters = self.renew(&variables);

        let mut head = Block { instructions: Vec::new(), end: End::Unreachable };
        let condition = self.word(condition, &mut head)?;
        let leave =
            Block { instructions: Vec::new(), end: End::Exit(outer, self.values_of(&variables)) };
        self.loops.push(Open { outer, round, variables: variables.clone(), continues: false });
        let mut inside = Block::default();
        let falls = self.block(body, &mut inside)?;
        let continues = self.loops.pop().is_some_and(|open| open.continues);
        let mut then = match (falls, continues) {
            (_, true) => {
                if falls {
                    inside.end = End::Exit(round, self.values_of(&variables));
                }
                let mut then = Block::default();
                let results = self.renew(&variables);
                self.push(&mut then, Kind::Scope(Scope { label: round, body: inside, results }));
                then
            }
            _ => inside,
        };
        // Break and continue cannot stand in the part that follows each round: no loop of this
        // function is open for it that it could name, but for outer ones, which Yul forbids.
        if (falls || continues) && {
            let loops = std::mem::take(&mut self.loops);
            let falls = self.block(after, &mut then);
            self.loops = loops;
            falls?
        } {
            then.end = End::Again(outer, self.values_of(&variables));
        }
        let label = self.function.label();
        let test = If { label, condition, then, otherwise: leave, results: Vec::new() };
        self.push(&mut head, Kind::If(test));
        let results = self.renew(&variables);
        let parameters = parameters.into_iter().zip(before).collect();
        self.push(out, Kind::Loop(Loop { label: outer, parameters, body: head, results }));
        self.names.close();
        Ok(true)
    }

    pub(super) fn break_(&mut self, span: Span) -> Result<End, Error> {
        let Some(open) = self.loops.last_mut() else {
            return Err(self.error(span, "`break` stands in the body of a loop"));
        };
        let (outer, variables) = (open.outer, open.variables.clone());
        Ok(End::Exit(outer, self.values_of(&variables)))
    }

    pub(super) fn continue_(&mut self, span: Span) -> Result<End, Error> {
        let Some(open) = self.loops.last_mut() else {
            return Err(self.error(span, "`continue` stands in the body of a loop"));
        };
        open.continues = true;
        let (round, variables) = (open.round, open.variables.clone());
        Ok(End::Exit(round, self.values_of(&variables)))
    }
}
