//! Gas of WebAssembly instructions.

/// What instructions and memory cost, in particles ([`PARTICLES_PER_GAS`](super::PARTICLES_PER_GAS)
/// to one gas).
///
/// The cost of a segment is the sum of its instructions and is charged before the first of them;
/// costs that depend on an operand are charged before the instruction acts. `block`, `end`, `nop`
/// and `unreachable` do nothing and cost nothing, but for the values that cross the edge of their
/// block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstructionCosts {
    /// Constants: `i32.const`, `ref.null` and their like: what takes one may have to put it into a
    /// slot first.
    pub constant: u32,
    /// `ref.func`.
    pub reference: u32,
    /// `local.get`, `local.set`, `local.tee`.
    pub local: u32,
    /// `global.get`, `global.set`.
    pub global: u32,
    /// `drop`.
    pub drop: u32,
    /// `select`.
    pub select: u32,
    /// Integer addition, subtraction, logic, comparison, extension, wrapping, reinterpretation,
    /// `ref.is_null`.
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
    /// `br`, `br_if`, `if`, `else`, `loop`, `return`.
    pub branch: u32,
    /// `br_table`.
    pub branch_table: u32,
    /// Each value that crosses the edge of a block: carried by a branch or `return`, a parameter
    /// that enters, a result that falls out of a block or function.
    pub branch_value: u32,
    /// `call`, `return_call`.
    pub call: u32,
    /// Each argument of a call.
    pub argument: u32,
    /// `call_indirect`, `return_call_indirect`.
    pub call_indirect: u32,
    /// Each declared local of a function, parameters not included, at its entry: they are cleared.
    pub entry_local: u32,
    /// `memory.size`, `table.size`.
    pub size: u32,
    /// `table.get`, `table.set`.
    pub table: u32,
    /// The fixed part of `memory.grow`, `memory.fill`, `memory.copy`, `memory.init`, `data.drop`
    /// and their table counterparts.
    pub bulk: u32,
    /// Each byte that `memory.fill`, `memory.copy` or `memory.init` touches, or that an embedder
    /// copies out of a memory without another price.
    pub bulk_byte: u32,
    /// Each element that `table.fill`, `table.copy`, `table.init` or `table.grow` touches.
    pub bulk_element: u32,
    /// Each call of a function of the embedder's interface, on top of the call and of what the
    /// interface asks for it. The embedder charges it.
    pub interface_call: u32,
    /// Beginning a frame, besides what its module has it set up: see
    /// [`Contract::start_particles`](crate::ewasm::Contract::start_particles). The embedder charges
    /// it.
    pub frame: u32,
    /// Each 32-byte word of code that a transaction runs for the first time: reading it, hashing
    /// it, validating it where
    /// nobody vouches for it, and translating it. The embedder charges it.
    pub code_word: u32,
    /// Each kibibyte (1024 bytes) that a memory reaches: see [`Self::memory`].
    pub kibibyte: u64,
    /// The square of the number of kibibytes that a memory reaches, in particles.
    pub kibibytes_squared: u64,
}

impl InstructionCosts {
    /// Metering off: instructions and memory are free; only what the host charges counts.
    pub const FREE: Self = Self {
        constant: 0,
        reference: 0,
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
        argument: 0,
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
        kibibyte: 0,
        kibibytes_squared: 0,
    };

    /// The unit of the published Ewasm table, 0.0045 gas (45 particles) for a cycle, with the
    /// cycles that an interpreter takes. A kibibyte of memory costs 224 gas,
    /// which is the published 14336 for a page, and 4 gas for the square of the kibibytes, twice
    /// Ethereum's quadratic term: what 2²⁴ gas can reach is then about what a processor's second
    /// cache holds, beyond which a load takes many times as long.
    ///
    /// The published table counts the cycles of compiled code, where an addition has one. Here an
    /// instruction passes its result on through memory, which takes four or five, so that a gas of
    /// additions on the operand stack took six times as long as one of additions to locals. The
    /// costs bound that: a gas buys at most four times the time that it buys in a loop of
    /// additions,
    /// whatever the instructions (`docs/gas.md`, `docs/performance.md`).
    pub const EWASM: Self = {
        const CYCLE: u32 = 45;
        Self {
            constant: CYCLE,
            reference: 6 * CYCLE,
            local: 3 * CYCLE,
            global: 3 * CYCLE,
            drop: 0,
            select: 4 * CYCLE,
            simple: 4 * CYCLE,
            shift: 4 * CYCLE,
            count_bits: 10 * CYCLE,
            multiply: 5 * CYCLE,
            divide: 80 * CYCLE,
            float: 20 * CYCLE,
            load: 8 * CYCLE,
            store: 4 * CYCLE,
            branch: 5 * CYCLE,
            branch_table: 13 * CYCLE,
            branch_value: 2 * CYCLE,
            call: 10 * CYCLE,
            argument: CYCLE,
            call_indirect: 20 * CYCLE,
            entry_local: CYCLE,
            size: 3 * CYCLE,
            table: 7 * CYCLE,
            bulk: 36 * CYCLE,
            bulk_byte: CYCLE,
            bulk_element: 2 * CYCLE,
            interface_call: 4000,
            frame: 5000,
            code_word: 6 * super::PARTICLES_PER_GAS as u32,
            kibibyte: 224 * super::PARTICLES_PER_GAS,
            kibibytes_squared: 4 * super::PARTICLES_PER_GAS,
        }
    };

    /// The same table with every instruction at `factor` times its price, for machines on which a
    /// gas of them takes longer than a gas of anything else. Memory and a word of code keep
    /// their prices.
    ///
    /// An interface call costs 10000 particles more for each time that the factor is beyond 1: what
    /// Ethereum asks for the cheapest of them, 2 gas or nothing, does not scale, and they take as
    /// long as some hundred instructions. A table that is free stays free.
    #[must_use]
    pub const fn scaled(self, factor: u32) -> Self {
        let beyond = if self.call == 0 { 0 } else { factor.saturating_sub(1) };
        Self {
            constant: self.constant.saturating_mul(factor),
            reference: self.reference.saturating_mul(factor),
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
            argument: self.argument.saturating_mul(factor),
            call_indirect: self.call_indirect.saturating_mul(factor),
            entry_local: self.entry_local.saturating_mul(factor),
            size: self.size.saturating_mul(factor),
            table: self.table.saturating_mul(factor),
            bulk: self.bulk.saturating_mul(factor),
            bulk_byte: self.bulk_byte.saturating_mul(factor),
            bulk_element: self.bulk_element.saturating_mul(factor),
            interface_call: self.interface_call.saturating_add(beyond.saturating_mul(10000)),
            frame: self.frame.saturating_mul(factor),
            code_word: self.code_word,
            kibibyte: self.kibibyte,
            kibibytes_squared: self.kibibytes_squared,
        }
    }

    /// Particles for a memory that reaches `kibibytes`: the high-water mark of its accesses,
    /// rounded up to whole kibibytes. A memory that comes to reach further pays the difference.
    pub const fn memory(&self, kibibytes: u32) -> u128 {
        let n = kibibytes as u128;
        // Cannot overflow: 32 and 64 and 64 bits.
        n * self.kibibyte as u128 + n * n * self.kibibytes_squared as u128
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
    fn scaled_prices_are_multiples_and_memory_and_code_keep_their_prices() {
        assert_eq!(InstructionCosts::EWASM.scaled(1), InstructionCosts::EWASM);
        let scaled = InstructionCosts::EWASM.scaled(16);
        assert_eq!(
            (scaled.simple, scaled.divide, scaled.bulk_byte),
            (16 * 180, 16 * 3600, 16 * 45)
        );
        assert_eq!(scaled.interface_call, 4000 + 15 * 10000);
        assert_eq!(
            (scaled.frame, scaled.code_word),
            (16 * 5000, InstructionCosts::EWASM.code_word)
        );
        assert_eq!(InstructionCosts::FREE.scaled(16), InstructionCosts::FREE);
        assert_eq!(scaled.memory(100), InstructionCosts::EWASM.memory(100));
        assert_eq!(InstructionCosts::EWASM.scaled(u32::MAX).simple, u32::MAX);
    }

    #[test]
    fn memory_costs_what_the_published_table_asks_and_twice_ethereums_quadratic_term() {
        let gas = |kibibytes| {
            InstructionCosts::EWASM.memory(kibibytes) / u128::from(super::super::PARTICLES_PER_GAS)
        };
        assert_eq!([0, 2, 64].map(gas), [0, 464, 14_336 + 16_384]);
        // The table of `docs/gas.md`.
        let kibibytes = [1, 4, 16, 32, 64, 128, 256, 512, 1024];
        let table = [228, 960, 4608, 11_264, 30_720, 94_208, 319_488, 1_163_264, 4_423_680];
        assert_eq!(kibibytes.map(gas), table);
        assert!(gas(2020) <= 1 << 24 && gas(2021) > 1 << 24);
        // A kibibyte is 32 words of 32 bytes.
        let words = |kibibytes: u128| 32 * kibibytes;
        assert_eq!(gas(1000) - 224 * 1000, 2 * words(1000) * words(1000) / 512);
        assert_eq!(InstructionCosts::FREE.memory(u32::MAX), 0);
        let most = InstructionCosts {
            kibibyte: u64::MAX,
            kibibytes_squared: u64::MAX,
            ..InstructionCosts::FREE
        };
        assert!(most.memory(u32::MAX) > most.memory(u32::MAX - 1));
    }
}
