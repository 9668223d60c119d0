//! Gas of WebAssembly instructions.

/// What instructions and memory cost, in particles ([`PARTICLES_PER_GAS`](super::PARTICLES_PER_GAS) to one gas).
///
/// The cost of a segment is the sum of its instructions and is charged before the first of them; costs that depend on an operand are charged
/// before the instruction acts. `block`, `loop`, `end`, `else`, `nop` and `unreachable` cost nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstructionCosts {
    /// Constants: `i32.const`, `ref.null`, `ref.func` and their like.
    pub constant: u32,
    /// `local.get`, `local.set`, `local.tee`.
    pub local: u32,
    /// `global.get`, `global.set`.
    pub global: u32,
    /// `drop`.
    pub drop: u32,
    /// `select`.
    pub select: u32,
    /// Integer addition, subtraction, logic, comparison, extension, wrapping, reinterpretation, `ref.is_null`.
    pub simple: u32,
    /// Shifts and rotations.
    pub shift: u32,
    /// Counting bits: `clz`, `ctz`, `popcnt`.
    pub count_bits: u32,
    /// Integer multiplication.
    pub multiply: u32,
    /// Integer division and remainder.
    pub divide: u32,
    /// Every instruction on floats.
    pub float: u32,
    /// Loads.
    pub load: u32,
    /// Stores.
    pub store: u32,
    /// `br`, `br_if`, `if`, `return`.
    pub branch: u32,
    /// `br_table`.
    pub branch_table: u32,
    /// Each value that a branch or return carries.
    pub branch_value: u32,
    /// `call`, `return_call`.
    pub call: u32,
    /// `call_indirect`, `return_call_indirect`.
    pub call_indirect: u32,
    /// Each declared local of a function, parameters not included, at its entry: they are cleared.
    pub entry_local: u32,
    /// `memory.size`, `table.size`.
    pub size: u32,
    /// `table.get`, `table.set`.
    pub table: u32,
    /// The fixed part of `memory.grow`, `memory.fill`, `memory.copy`, `memory.init`, `data.drop` and their table counterparts.
    pub bulk: u32,
    /// Each byte that `memory.fill`, `memory.copy` or `memory.init` touches, or that an embedder copies out of a memory without another price.
    pub bulk_byte: u32,
    /// Each element that `table.fill`, `table.copy`, `table.init` or `table.grow` touches.
    pub bulk_element: u32,
    /// Each call of a function of the embedder's interface, on top of the call and of what the interface asks for it. The embedder charges it.
    pub interface_call: u32,
    /// Beginning a frame, besides what its module has it set up: see
    /// [`Contract::start_particles`](crate::ewasm::Contract::start_particles). The embedder charges it.
    pub frame: u32,
    /// Each 32-byte word of code that a transaction runs for the first time: reading it, hashing it, validating it where
    /// nobody vouches for it, and translating it. The embedder charges it.
    pub code_word: u32,
    /// Each page (64 KiB) of memory: at the start, and by `memory.grow`, which is charged for what it asks, also when it then answers −1.
    pub page: u64,
}

impl InstructionCosts {
    /// Metering off: instructions and memory are free; only what the host charges counts.
    pub const FREE: Self = Self {
        constant: 0,
        local: 0,
        global: 0,
        drop: 0,
        select: 0,
        simple: 0,
        shift: 0,
        count_bits: 0,
        multiply: 0,
        divide: 0,
        float: 0,
        load: 0,
        store: 0,
        branch: 0,
        branch_table: 0,
        branch_value: 0,
        call: 0,
        call_indirect: 0,
        entry_local: 0,
        size: 0,
        table: 0,
        bulk: 0,
        bulk_byte: 0,
        bulk_element: 0,
        interface_call: 0,
        frame: 0,
        code_word: 0,
        page: 0,
    };

    /// The published Ewasm table: 0.0045 gas (45 particles) per Haswell cycle, 14336 gas per page.
    ///
    /// Where the published table is silent, costs are calibrated: a unit of gas buys at most three times the time that it buys in the median, natively and inside WebAssembly
    /// (`docs/performance.md`).
    pub const EWASM: Self = {
        const CYCLE: u32 = 45;
        Self {
            constant: 0,
            local: 3 * CYCLE,
            global: 3 * CYCLE,
            drop: 0,
            select: 3 * CYCLE,
            simple: CYCLE,
            shift: 2 * CYCLE,
            count_bits: 3 * CYCLE,
            multiply: 3 * CYCLE,
            divide: 80 * CYCLE,
            float: 20 * CYCLE,
            load: 3 * CYCLE,
            store: 3 * CYCLE,
            branch: 2 * CYCLE,
            branch_table: 6 * CYCLE,
            branch_value: CYCLE,
            call: 10 * CYCLE,
            call_indirect: 20 * CYCLE,
            entry_local: CYCLE,
            size: 2 * CYCLE,
            table: 5 * CYCLE,
            bulk: 30 * CYCLE,
            bulk_byte: CYCLE,
            bulk_element: 2 * CYCLE,
            interface_call: 4000,
            frame: 5000,
            code_word: 6 * super::PARTICLES_PER_GAS as u32,
            page: 14_336 * super::PARTICLES_PER_GAS,
        }
    };

    /// The same table with every instruction at `factor` times its price, for machines on which a gas of them takes longer than a gas of anything else. A page and a word of code keep
    /// their prices.
    ///
    /// An interface call costs 6600 particles more for each time that the factor is beyond 1: what Ethereum asks for the cheapest of them, 2 gas or nothing, does not scale, and they take as long as some hundred
    /// instructions. A table that is free stays free.
    #[must_use]
    pub const fn scaled(self, factor: u32) -> Self {
        let beyond = if self.call == 0 { 0 } else { factor.saturating_sub(1) };
        Self {
            constant: self.constant.saturating_mul(factor),
            local: self.local.saturating_mul(factor),
            global: self.global.saturating_mul(factor),
            drop: self.drop.saturating_mul(factor),
            select: self.select.saturating_mul(factor),
            simple: self.simple.saturating_mul(factor),
            shift: self.shift.saturating_mul(factor),
            count_bits: self.count_bits.saturating_mul(factor),
            multiply: self.multiply.saturating_mul(factor),
            divide: self.divide.saturating_mul(factor),
            float: self.float.saturating_mul(factor),
            load: self.load.saturating_mul(factor),
            store: self.store.saturating_mul(factor),
            branch: self.branch.saturating_mul(factor),
            branch_table: self.branch_table.saturating_mul(factor),
            branch_value: self.branch_value.saturating_mul(factor),
            call: self.call.saturating_mul(factor),
            call_indirect: self.call_indirect.saturating_mul(factor),
            entry_local: self.entry_local.saturating_mul(factor),
            size: self.size.saturating_mul(factor),
            table: self.table.saturating_mul(factor),
            bulk: self.bulk.saturating_mul(factor),
            bulk_byte: self.bulk_byte.saturating_mul(factor),
            bulk_element: self.bulk_element.saturating_mul(factor),
            interface_call: self.interface_call.saturating_add(beyond.saturating_mul(6600)),
            frame: self.frame.saturating_mul(factor),
            code_word: self.code_word,
            page: self.page,
        }
    }
}

impl Default for InstructionCosts {
    fn default() -> Self {
        Self::EWASM
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaled_prices_are_multiples_and_pages_and_code_keep_their_prices() {
        assert_eq!(InstructionCosts::EWASM.scaled(1), InstructionCosts::EWASM);
        let scaled = InstructionCosts::EWASM.scaled(16);
        assert_eq!((scaled.simple, scaled.divide, scaled.bulk_byte), (16 * 45, 16 * 3600, 16 * 45));
        assert_eq!(scaled.interface_call, 4000 + 15 * 6600);
        assert_eq!((scaled.frame, scaled.code_word), (16 * 5000, InstructionCosts::EWASM.code_word));
        assert_eq!(InstructionCosts::FREE.scaled(16), InstructionCosts::FREE);
        assert_eq!(scaled.page, InstructionCosts::EWASM.page);
        assert_eq!(InstructionCosts::EWASM.scaled(u32::MAX).simple, u32::MAX);
    }
}
