//! Which names mean what, where.
use std::collections::HashMap;
use std::rc::Rc;

use crate::ir::FunctionId;

/// A variable of the function that is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Variable(pub u32);

/// What a name stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Binding {
    Variable(Variable),
    Function { id: FunctionId, parameters: usize, results: usize },
}

/// The scopes that are open.
#[derive(Default)]
pub(super) struct Names {
    /// The innermost meaning of each name last, with the number of functions around it.
    bindings: HashMap<Rc<str>, Vec<(Binding, u32)>>,
    /// Names by scope, to forget them when it closes.
    scopes: Vec<Vec<Rc<str>>>,
    /// How many functions are around this point. Variables of others than the innermost cannot be
    /// seen, and take no name.
    functions: u32,
}

impl Names {
    pub fn open(&mut self) {
        self.scopes.push(Vec::new());
    }

    pub fn close(&mut self) {
        for name in self.scopes.pop().unwrap_or_default() {
            if let Some(meanings) = self.bindings.get_mut(&name) {
                meanings.pop();
            }
        }
    }

    pub fn enter_function(&mut self) {
        self.functions += 1;
        self.open();
    }

    pub fn leave_function(&mut self) {
        self.close();
        self.functions -= 1;
    }

    pub fn declare(&mut self, name: Rc<str>, binding: Binding) {
        self.bindings.entry(name.clone()).or_default().push((binding, self.functions));
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(name);
        }
    }

    pub fn find(&self, name: &str) -> Option<Binding> {
        let &(binding, functions) = self.bindings.get(name)?.last()?;
        let hidden = matches!(binding, Binding::Variable(_)) && functions != self.functions;
        (!hidden).then_some(binding)
    }

    pub fn in_function(&self) -> bool {
        self.functions > 0
    }
}
