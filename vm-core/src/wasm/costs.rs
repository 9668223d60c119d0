//! Gas of WebAssembly instructions.

/// The unit of the published Ewasm table: 0.0045 gas for a cycle. In particles.
const CYCLE: u32 = 45;

/// Defines the costs from a list of them: name and type, what it is in
/// [`InstructionCosts::EWASM`], how it scales, the class of instructions that it belongs to if
/// there is one, and what the documents say of it.
macro_rules! costs {
    (@scaled times $cost:expr, $factor:ident $more:ident) => { $cost.saturating_mul($factor) };
    (@scaled more $cost:expr, $factor:ident $more:ident) => { $cost.saturating_add($more) };
    (@scaled keeps $cost:expr, $factor:ident $more:ident) => { $cost };
    (@of $cost:expr, $class:ident) => { $cost };
    ($(
        $(#[$doc:meta])*
        $field:ident: $type:ty = $particles:expr, $scaling:ident $(, $class:ident)?; $page:literal
    )*) => {
        /// What instructions and memory cost, in particles
        /// ([`PARTICLES_PER_GAS`](super::PARTICLES_PER_GAS) to one gas).
        ///
        /// The cost of a segment is the sum of its instructions and is charged before the first of
        /// them; costs that depend on an operand are charged before the instruction acts. `block`,
        /// `end`, `nop` and `unreachable` do nothing and cost nothing, but for the values that
        /// cross the edge of their block.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct InstructionCosts { $($(#[$doc])* pub $field: $type),* }

        /// Instructions that cost the same: the fields of [`InstructionCosts`] for single
        /// instructions.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum CostClass {
            /// They cost nothing.
            Nothing,
            $($(
                #[doc = concat!("[`InstructionCosts::", stringify!($field), "`].")]
                $class,
            )?)*
        }

        impl CostClass {
            /// How many there are.
            pub(crate) const COUNT: usize = [Self::Nothing, $($(Self::$class,)?)*].len();

            /// The field of [`InstructionCosts`], if there is one.
            #[cfg(test)]
            fn field(self) -> &'static str {
                match self {
                    Self::Nothing => "nothing",
                    $($(Self::$class => stringify!($field),)?)*
                }
            }
        }

        impl InstructionCosts {
            /// Metering off: instructions and memory are free; only what the host charges counts.
            pub const FREE: Self = Self { $($field: 0),* };

            /// The unit of the published Ewasm table, 0.0045 gas (45 particles) for a cycle, with
            /// the cycles that an interpreter takes. A kibibyte of memory costs 224 gas, which is
            /// the published 14336 for a page, and 4 gas for the square of the kibibytes, twice
            /// Ethereum's quadratic term: what 2²⁴ gas can reach is then about what a processor's
            /// second cache holds, beyond which a load takes many times as long.
            ///
            /// The published table counts the cycles of compiled code, where an addition has one.
            /// Here an instruction passes its result on through memory, which takes four or five,
            /// so that a gas of additions on the operand stack took six times as long as one of
            /// additions to locals. The costs bound that: a gas buys at most four times the time
            /// that it buys in a loop of additions, whatever the instructions (`docs/gas.md`,
            /// `docs/performance.md`).
            pub const EWASM: Self = Self { $($field: $particles),* };

            /// The costs by class, in particles.
            fn by_class(&self) -> [u32; CostClass::COUNT] {
                // In the order of the classes.
                [0, $($(costs!(@of self.$field, $class),)?)*]
            }

            /// The same table with every instruction at `factor` times its price, for machines on
            /// which a gas of them takes longer than a gas of anything else. Memory and a word of
            /// code keep their prices.
            ///
            /// An interface call costs 10000 particles more for each time that the factor is beyond
            /// 1: what Ethereum asks for the cheapest of them, 2 gas or nothing, does not scale,
            /// and they take as long as some hundred instructions. A table that is free stays free.
            #[must_use]
            pub const fn scaled(self, factor: u32) -> Self {
                let beyond = if self.call == 0 { 0 } else { factor.saturating_sub(1) };
                let more = beyond.saturating_mul(10000);
                Self { $($field: costs!(@scaled $scaling self.$field, factor more)),* }
            }

            /// The table of `docs/gas.md`: class, particles, instructions.
            #[cfg(test)]
            fn page() -> [(&'static str, u64, &'static str); [$(stringify!($field)),*].len()] {
                [$((stringify!($field), u64::from(Self::EWASM.$field), $page)),*]
            }
        }
    };
}

costs! {
    /// Constants: `i32.const`, `ref.null` and their like: what takes one may have to put it into a
    /// slot first.
    constant: u32 = CYCLE, times, Constant; "`*.const`, `ref.null`"
    /// `ref.func`.
    reference: u32 = 6 * CYCLE, times, Reference; "`ref.func`"
    /// `local.get`, `local.set`, `local.tee`.
    local: u32 = 3 * CYCLE, times, Local; "`local.*`"
    /// `global.get`, `global.set`.
    global: u32 = 3 * CYCLE, times, Global; "`global.*`"
    /// `drop`.
    drop: u32 = 0, times, Drop; "`drop`"
    /// `select`.
    select: u32 = 4 * CYCLE, times, Select; "`select`"
    /// Integer addition, subtraction, logic, comparison, extension, wrapping, reinterpretation,
    /// `ref.is_null`.
    simple: u32 = 4 * CYCLE, times, Simple;
        "integers: `i*.add`, `i*.sub`, `i*.and`, `i*.or`, `i*.xor`, `i*.eqz`, `i*.eq`, `i*.ne`, \
         `i*.lt_*`, `i*.gt_*`, `i*.le_*`, `i*.ge_*`, `i*.extend*`, `i32.wrap_i64`; \
         `*.reinterpret_*`, `ref.is_null`"
    /// Shifts and rotations.
    shift: u32 = 4 * CYCLE, times, Shift; "`*.shl`, `*.shr_*`, `*.rotl`, `*.rotr`"
    /// Counting bits: `clz`, `ctz`, `popcnt`.
    count_bits: u32 = 10 * CYCLE, times, CountBits; "`*.clz`, `*.ctz`, `*.popcnt`"
    /// Integer multiplication.
    multiply: u32 = 5 * CYCLE, times, Multiply; "`i*.mul`"
    /// Integer division and remainder.
    divide: u32 = 80 * CYCLE, times, Divide; "`i*.div_*`, `i*.rem_*`"
    /// Every instruction on floats but loads, stores, constants and reinterpretations.
    float: u32 = 20 * CYCLE, times, Float;
        "floats (contracts have none): `f*.add`, `f*.sub`, `f*.mul`, `f*.div`, `f*.min`, `f*.max`, \
         `f*.copysign`, `f*.abs`, `f*.neg`, `f*.ceil`, `f*.floor`, `f*.trunc`, `f*.nearest`, \
         `f*.sqrt`, `f*.eq`, `f*.ne`, `f*.lt`, `f*.gt`, `f*.le`, `f*.ge`, `i*.trunc_*`, \
         `f*.convert_*`, `f32.demote_f64`, `f64.promote_f32`"
    /// Loads.
    load: u32 = 8 * CYCLE, times, Load; "`*.load*`"
    /// Stores.
    store: u32 = 4 * CYCLE, times, Store; "`*.store*`"
    /// `br`, `br_if`, `if`, `else`, `loop`, `return`.
    branch: u32 = 5 * CYCLE, times, Branch; "`br`, `br_if`, `if`, `else`, `loop`, `return`"
    /// `br_table`.
    branch_table: u32 = 13 * CYCLE, times, BranchTable; "`br_table`"
    /// Each value that crosses the edge of a block: carried by a branch or `return`, a parameter
    /// that enters, a result that falls out of a block or function.
    branch_value: u32 = 2 * CYCLE, times; "each value that crosses the edge of a block"
    /// `call`, `return_call`.
    call: u32 = 10 * CYCLE, times, Call; "`call`, `return_call`"
    /// Each argument of a call.
    argument: u32 = CYCLE, times; "each argument of a call"
    /// `call_indirect`, `return_call_indirect`.
    call_indirect: u32 = 20 * CYCLE, times, CallIndirect; "`call_indirect`, `return_call_indirect`"
    /// Each declared local of a function, parameters not included, at its entry: they are cleared.
    entry_local: u32 = CYCLE, times; "each declared local at a function's entry"
    /// `memory.size`, `table.size`.
    size: u32 = 3 * CYCLE, times, Size; "`memory.size`, `table.size`"
    /// `table.get`, `table.set`.
    table: u32 = 7 * CYCLE, times, Table; "`table.get`, `table.set`"
    /// The fixed part of `memory.grow`, `memory.fill`, `memory.copy`, `memory.init`, `data.drop`
    /// and their table counterparts.
    bulk: u32 = 40 * CYCLE, times, Bulk;
        "the fixed part of `*.grow`, `*.fill`, `*.copy`, `*.init`, `data.drop`, `elem.drop`"
    /// Each byte that `memory.fill`, `memory.copy` or `memory.init` touches, or that an embedder
    /// copies out of a memory without another price.
    bulk_byte: u32 = CYCLE, times; "each byte, as above"
    /// Each element that `table.fill`, `table.copy`, `table.init` or `table.grow` touches.
    bulk_element: u32 = 2 * CYCLE, times; "each element, as above"
    /// Each call of a function of the embedder's interface, on top of the call and of what the
    /// interface asks for it. The embedder charges it.
    interface_call: u32 = 4000, more;
        "each call of a function that the contract imports, on top of `call` and of its price in \
         [interface.md](interface.md)"
    /// Beginning a frame, besides what its module has it set up: see
    /// [`Contract::start_particles`](crate::ewasm::Contract::start_particles). The embedder charges
    /// it.
    frame: u32 = 5000, times; "each frame at its start"
    /// Each 32-byte word of code that a transaction runs for the first time: reading it, hashing
    /// it, validating it where no host vouches for it, and translating it. The embedder charges it.
    code_word: u32 = 6 * super::PARTICLES_PER_GAS as u32, keeps;
        "each 32-byte word of code that a transaction runs for the first time"
    /// Each kibibyte (1024 bytes) that a memory reaches: see [`Self::memory`].
    kibibyte: u64 = 224 * super::PARTICLES_PER_GAS, keeps; "each kibibyte that a memory reaches"
    /// The square of the number of kibibytes that a memory reaches, in particles.
    kibibytes_squared: u64 = 4 * super::PARTICLES_PER_GAS, keeps; "the square of their number"
}

/// The costs of all classes, in particles. What depends on the function's types (branch values) or
/// on an operand is not in them.
#[derive(Debug)]
pub(crate) struct Prices([u32; CostClass::COUNT]);

impl Prices {
    pub fn new(costs: &InstructionCosts) -> Self {
        Self(costs.by_class())
    }

    #[inline(always)]
    pub fn of(&self, class: CostClass) -> u32 {
        self.0.get(class as usize).copied().unwrap_or_default()
    }
}

impl InstructionCosts {
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

    /// Whether a name is that of a pattern, in which `*` stands for anything.
    fn is_of(name: &str, pattern: &str) -> bool {
        match pattern.split_once('*') {
            None => name == pattern,
            Some((start, end)) => name.strip_prefix(start).is_some_and(|rest| {
                (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| is_of(rest, end)))
            }),
        }
    }

    #[test]
    fn the_page_tells_the_costs_of_every_instruction() {
        extern crate std;
        use alloc::{format, string::String, vec::Vec};
        let nothing = ("nothing", 0, "`nop`, `block`, `end`, `unreachable`");
        let rows: Vec<_> = InstructionCosts::page().into_iter().chain([nothing]).collect();
        let instructions = crate::wasm::Instruction::all();
        for (class, _, text) in &rows {
            let is_class = instructions.iter().any(|row| row.class.field() == *class);
            // What stands between backticks.
            let patterns: Vec<_> =
                text.split('`').skip(1).step_by(2).filter(|_| is_class).collect();
            for row in instructions {
                let is_listed = patterns.iter().any(|pattern| is_of(row.mnemonic, pattern));
                assert_eq!(is_listed, row.class.field() == *class, "{class}: {}", row.mnemonic);
            }
        }

        let thousands = |particles: u64| match particles {
            0..10_000 => format!("{particles}"),
            10_000..1_000_000 => format!("{},{:03}", particles / 1000, particles % 1000),
            _ => {
                let thousands = particles / 1000;
                format!("{},{:03},{:03}", thousands / 1000, thousands % 1000, particles % 1000)
            }
        };
        let mut table = String::from("| class | particles | instructions |\n|---|---|---|\n");
        for (class, particles, text) in &rows {
            let name = if *class == "nothing" { "nothing".into() } else { format!("`{class}`") };
            table += &format!("| {name} | {} | {text} |\n", thousands(*particles));
        }
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/gas.md");
        let page = std::fs::read_to_string(path).unwrap_or_default();
        let start = page.find("| class | particles |").unwrap();
        let end = start + page.get(start..).unwrap().find("\n\n").unwrap() + 1;
        if std::env::var_os("UPDATE").is_some() {
            let page = [page.get(..start).unwrap(), &table, page.get(end..).unwrap()].concat();
            std::fs::write(path, page).unwrap();
        } else {
            assert!(
                page.get(start..end) == Some(table.as_str()),
                "docs/gas.md is not what the lists give: run the test with UPDATE=1"
            );
        }
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
