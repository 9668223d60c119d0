//! What instructions cost, by class.
use crate::wasm::InstructionCosts;

/// Instructions that cost the same: the fields of [`InstructionCosts`] for single instructions.
#[derive(Clone, Copy)]
pub(super) enum Class {
    Nothing,
    Constant,
    Reference,
    Local,
    Global,
    Drop,
    Select,
    Simple,
    Shift,
    CountBits,
    Multiply,
    Divide,
    Float,
    Load,
    Store,
    Branch,
    BranchTable,
    Call,
    CallIndirect,
    Size,
    Table,
    Bulk,
}

/// The costs of all classes, in particles. What depends on the function's types (branch values) or
/// on an operand is added elsewhere.
pub(super) struct Prices([u32; Class::Bulk as usize + 1]);

impl Prices {
    pub fn new(costs: &InstructionCosts) -> Self {
        // In the order of the classes.
        Self([
            0,
            costs.constant,
            costs.reference,
            costs.local,
            costs.global,
            costs.drop,
            costs.select,
            costs.simple,
            costs.shift,
            costs.count_bits,
            costs.multiply,
            costs.divide,
            costs.float,
            costs.load,
            costs.store,
            costs.branch,
            costs.branch_table,
            costs.call,
            costs.call_indirect,
            costs.size,
            costs.table,
            costs.bulk,
        ])
    }

    #[inline]
    pub fn of(&self, class: Class) -> u32 {
        self.0.get(class as usize).copied().unwrap_or_default()
    }
}
