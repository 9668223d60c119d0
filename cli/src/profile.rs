//! Profiles: the gas of each function of a transaction, as a tree of calls.
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use tephra_core::ewasm::{Contract, Inspector, InterfaceCall, Message, Outcome, Status};
use tephra_core::wasm::PARTICLES_PER_GAS;

use crate::chain::Chain;
use crate::database::Snapshot;
use crate::names::Names;

/// Depth of the tree; deeper calls count for the deepest call in it.
const DEEPEST: usize = 128;

/// Greatest number of nodes of the tree; when it is full, new callees count for their callers.
const MOST_NODES: usize = 50_000;

/// The node of the whole transaction.
const ROOT: usize = 0;

/// Interface functions that end the frame. Gas charged after them, such as for storing new code, is
/// not their caller's.
const ENDINGS: [&str; 3] = ["finish", "revert", "selfDestruct"];

/// A tree of calls.
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
}

/// All calls of a function by the same chain of callers.
#[derive(Clone, Debug)]
pub struct Node {
    /// The function.
    pub name: String,
    /// Gas of its calls and of their callees, in particles.
    pub total: u128,
    /// Number of calls.
    pub calls: u64,
    /// Numbers of the nodes of its callees, by name.
    pub children: BTreeMap<String, usize>,
}

/// The gas of a function, whatever its callers.
#[derive(Clone, Debug, Serialize)]
pub struct Cost {
    /// The function.
    pub name: String,
    /// Gas of its own instructions.
    pub gas: u64,
    /// Gas of its calls and of their callees; for a recursive function, of its outermost calls.
    pub gas_with_callees: u64,
    /// Number of calls.
    pub calls: u64,
}

impl Tree {
    /// Returns the node of the whole transaction.
    pub fn root(&self) -> Option<&Node> {
        self.nodes.get(ROOT)
    }

    /// Returns a node by its number.
    pub fn node(&self, number: usize) -> Option<&Node> {
        self.nodes.get(number)
    }

    /// Returns the gas of the transaction, rounded up.
    pub fn total(&self) -> u64 {
        self.root().map_or(0, |root| whole(root.total))
    }

    /// Returns the gas of a node without its children, in particles.
    pub fn own(&self, node: &Node) -> u128 {
        let children = node.children.values().filter_map(|child| self.nodes.get(*child));
        node.total.saturating_sub(children.map(|child| child.total).sum())
    }

    /// Returns the gas of each function, the most expensive one first.
    pub fn costs(&self) -> Vec<Cost> {
        let mut costs: BTreeMap<&str, (u128, u128, u64)> = BTreeMap::new();
        // Depth is bounded by DEEPEST; names on the way down are those of open calls.
        let mut open: Vec<(usize, usize)> = vec![(ROOT, 0)];
        let mut path: Vec<&str> = Vec::new();
        while let Some((number, depth)) = open.pop() {
            path.truncate(depth);
            let Some(node) = self.nodes.get(number) else { continue };
            let entry = costs.entry(&node.name).or_default();
            entry.0 += self.own(node);
            if !path.contains(&node.name.as_str()) {
                entry.1 += node.total;
            }
            entry.2 += node.calls;
            path.push(&node.name);
            open.extend(node.children.values().map(|child| (*child, depth + 1)));
        }
        let cost = |(name, (own, total, calls)): (&str, (u128, u128, u64))| Cost {
            name: name.to_owned(),
            gas: whole(own),
            gas_with_callees: whole(total),
            calls,
        };
        let mut costs: Vec<Cost> = costs.into_iter().map(cost).collect();
        costs.sort_by(|a, b| b.gas.cmp(&a.gas).then_with(|| a.name.cmp(&b.name)));
        costs
    }
}

/// Converts particles to gas, rounded up.
pub fn whole(particles: u128) -> u64 {
    u64::try_from(particles.div_ceil(u128::from(PARTICLES_PER_GAS))).unwrap_or(u64::MAX)
}

/// Builds the tree while a transaction runs.
pub struct Profiler<'a> {
    chain: &'a Chain,
    snapshot: &'a Snapshot,
    names: &'a Names,
    nodes: Vec<Node>,
    open: Vec<Open>,
    /// Messages that are open, innermost last.
    messages: Vec<Frame>,
    gas_limit: u64,
    /// The node of the latest event, if that was an interface call: a nested message belongs to it.
    last_call: Option<usize>,
}

/// A call that has begun.
struct Open {
    node: usize,
    /// Whether the node is the call's own, and not that of a caller because the tree is full.
    own: bool,
    gas: u128,
}

struct Frame {
    contract: Option<Arc<Contract>>,
    /// Name of the contract, in front of names of functions.
    label: String,
    /// Number of calls that were open when it began.
    base: usize,
    gas: u64,
    /// Gas left at its latest event, in particles.
    last: u128,
    /// The node of the interface call that sent the message.
    caller: Option<usize>,
}

impl<'a> Profiler<'a> {
    /// Makes a profiler of a transaction with this gas limit. `names` gives the names of contracts.
    pub fn new(chain: &'a Chain, snapshot: &'a Snapshot, names: &'a Names, gas_limit: u64) -> Self {
        let root =
            Node { name: "transaction".to_owned(), total: 0, calls: 1, children: BTreeMap::new() };
        let (nodes, open, messages) = (vec![root], Vec::new(), Vec::new());
        Self { chain, snapshot, names, nodes, open, messages, gas_limit, last_call: None }
    }

    /// Returns the tree.
    pub fn finish(self) -> Tree {
        Tree { nodes: self.nodes }
    }

    fn innermost(&self) -> usize {
        self.open.last().map_or(ROOT, |open| open.node)
    }

    /// Returns the node of a callee, or that of its caller if the tree is full, and whether it is
    /// the callee's.
    fn child(&mut self, parent: usize, name: &str) -> (usize, bool) {
        let number = self.nodes.len();
        let Some(caller) = self.nodes.get_mut(parent) else { return (parent, false) };
        if let Some(child) = caller.children.get(name) {
            return (*child, true);
        }
        if number >= MOST_NODES {
            return (parent, false);
        }
        caller.children.insert(name.to_owned(), number);
        self.nodes.push(Node {
            name: name.to_owned(),
            total: 0,
            calls: 0,
            children: BTreeMap::new(),
        });
        (number, true)
    }

    /// Adds gas that the innermost call paid, under a name.
    fn leaf(&mut self, name: &str, particles: u128) {
        let (node, own) = self.child(self.innermost(), name);
        if let Some(node) = self.nodes.get_mut(node).filter(|_| own) {
            node.calls = node.calls.saturating_add(1);
            node.total = node.total.saturating_add(particles);
        }
    }

    fn enter(&mut self, parent: usize, name: &str, gas: u128) {
        let (node, own) =
            if self.open.len() < DEEPEST { self.child(parent, name) } else { (parent, false) };
        if let Some(node) = self.nodes.get_mut(node).filter(|_| own) {
            node.calls = node.calls.saturating_add(1);
        }
        self.open.push(Open { node, own, gas });
    }

    fn exit(&mut self, gas: u128) {
        let Some(open) = self.open.pop().filter(|open| open.own) else { return };
        if let Some(node) = self.nodes.get_mut(open.node) {
            node.total = node.total.saturating_add(open.gas.saturating_sub(gas));
        }
    }

    /// Ends the functions of the innermost message.
    fn close_functions(&mut self, gas: u128) {
        let base = self.messages.last().map_or(0, |frame| frame.base.saturating_add(1));
        while self.open.len() > base {
            self.exit(gas);
        }
    }

    fn record(&mut self, gas: u128) {
        if let Some(frame) = self.messages.last_mut() {
            frame.last = gas;
        }
    }

    fn function_name(&self, function: u32) -> String {
        let Some(frame) = self.messages.last() else { return format!("function {function}") };
        let name =
            frame.contract.as_ref().and_then(|contract| contract.module().func_name(function));
        let name = name.unwrap_or_else(|| format!("function {function}"));
        format!("{}: {name}", frame.label)
    }
}

impl Inspector for Profiler<'_> {
    fn wants_interface_calls(&self) -> bool {
        true
    }

    fn wants_functions(&self) -> bool {
        true
    }

    fn message_enter(&mut self, message: &Message) {
        let is_create = message.kind.is_create();
        let contract = if is_create {
            self.chain.contract_of(&message.input).ok()
        } else {
            self.chain.contract_at(self.snapshot, &message.code_address).ok().flatten()
        };
        let label =
            if is_create { "init code".to_owned() } else { self.names.show(&message.code_address) };
        let parent = self.last_call.take().unwrap_or_else(|| self.innermost());
        if self.messages.is_empty() {
            // Gas paid before the first message.
            let before = particles(self.gas_limit.saturating_sub(message.gas));
            let (node, _) = self.child(ROOT, "before the first message");
            if let Some(node) = self.nodes.get_mut(node) {
                (node.total, node.calls) = (before, 1);
            }
        }
        // The interface call was charged with all gas that it forwarded; what the message uses is
        // added when it ends.
        let caller = Some(parent).filter(|parent| *parent != self.innermost());
        if let Some(node) = caller.and_then(|caller| self.nodes.get_mut(caller)) {
            node.total = node.total.saturating_sub(particles(message.gas));
        }
        let base = self.open.len();
        self.enter(parent, &label, particles(message.gas));
        let (gas, last) = (message.gas, particles(message.gas));
        self.messages.push(Frame { contract, label, base, gas, last, caller });
    }

    fn message_exit(&mut self, outcome: &Outcome) {
        self.last_call = None;
        let left = particles(outcome.gas_left);
        if !matches!(outcome.status, Status::Success | Status::Revert) {
            // Gas taken by a failure is not part of a function's cost.
            let last = self.messages.last().map_or(left, |frame| frame.last);
            self.close_functions(last);
            self.leaf("burnt by the failure", last.saturating_sub(left));
        }
        self.close_functions(left);
        self.exit(left);
        let Some(frame) = self.messages.pop() else { return };
        if let Some(node) = frame.caller.and_then(|caller| self.nodes.get_mut(caller)) {
            node.total = node.total.saturating_add(particles(frame.gas).saturating_sub(left));
        }
        if self.messages.is_empty() {
            let used = particles(self.gas_limit.saturating_sub(outcome.gas_left.min(frame.gas)));
            if let Some(root) = self.nodes.get_mut(ROOT) {
                root.total = used;
            }
        }
    }

    fn interface_call(&mut self, call: &InterfaceCall<'_>) {
        self.record(particles(call.gas_after));
        let parent = self.innermost();
        let (node, own) = self.child(parent, call.name);
        self.last_call = own.then_some(node);
        if let Some(node) = self.nodes.get_mut(node).filter(|_| own) {
            node.calls = node.calls.saturating_add(1);
            node.total = node
                .total
                .saturating_add(particles(call.gas_before.saturating_sub(call.gas_after)));
        }
        if ENDINGS.contains(&call.name) {
            self.close_functions(particles(call.gas_after));
        }
    }

    fn function_enter(&mut self, function: u32, gas_left: u128) {
        self.last_call = None;
        let begins =
            self.messages.last().filter(|frame| self.open.len() == frame.base.saturating_add(1));
        if let Some(paid) =
            begins.map(|frame| frame.last.saturating_sub(gas_left)).filter(|paid| *paid > 0)
        {
            // Only the start of a frame costs gas outside of its functions.
            self.leaf("start of the frame", paid);
        }
        self.record(gas_left);
        let name = self.function_name(function);
        self.enter(self.innermost(), &name, gas_left);
    }

    fn function_exit(&mut self, gas_left: u128) {
        self.last_call = None;
        self.record(gas_left);
        // Calls of outer frames stay open.
        let base = self.messages.last().map_or(0, |frame| frame.base.saturating_add(1));
        if self.open.len() > base {
            self.exit(gas_left);
        }
    }
}

fn particles(gas: u64) -> u128 {
    u128::from(gas).saturating_mul(u128::from(PARTICLES_PER_GAS))
}
