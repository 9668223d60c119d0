//! What instructions cost, by class.
use crate::wasm::InstructionCosts;
use crate::wasm::costs::CostClass;

/// The costs of all classes, in particles. What depends on the function's types (branch values) or
/// on an operand is added elsewhere.
pub(super) struct Prices([u32; CostClass::COUNT]);

impl Prices {
    pub fn new(costs: &InstructionCosts) -> Self {
        Self(costs.by_class())
    }

    #[inline]
    pub fn of(&self, class: CostClass) -> u32 {
        self.0.get(class as usize).copied().unwrap_or_default()
    }
}
