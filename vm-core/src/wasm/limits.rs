//! Sizes that hostile input may not exceed.

/// Bounds on modules and executions. A module over a bound is a typed error at validation; an
/// execution over a bound is a trap. None depends on the machine, so both happen everywhere or
/// nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a whole module. Bounds the time of validation.
    pub module_size: u32,
    /// Bytes of one function body. Bounds the pause of translating it on first use.
    pub function_size: u32,
    /// Functions, imported ones included. Bounds memory per module.
    pub functions: u32,
    /// Entries of the type section.
    pub types: u32,
    /// Imports of all kinds.
    pub imports: u32,
    /// Exports of all kinds.
    pub exports: u32,
    /// Globals, imported ones included.
    pub globals: u32,
    /// Tables, imported ones included.
    pub tables: u32,
    /// Element segments.
    pub element_segments: u32,
    /// Data segments.
    pub data_segments: u32,
    /// Parameters of a function or block.
    pub params: u32,
    /// Results of a function or block. A branch may have to move that many values.
    pub results: u32,
    /// Locals of a function, its parameters included. They are cleared at every call.
    pub locals: u32,
    /// Slots of a frame: locals, parameters included, plus the greatest operand height. Slots are
    /// addressed with 16 bits.
    pub frame_slots: u32,
    /// Blocks open at the same time in a function.
    pub nesting: u32,
    /// Targets of one `br_table`, the default one not counted.
    pub br_table_targets: u32,
    /// Pages (64 KiB) of a memory, initially and after growing. A module that declares more at the
    /// start is invalid; `memory.grow` beyond answers −1.
    pub memory_pages: u32,
    /// Elements of a table, initially and after growing. As for memory.
    pub table_elements: u32,
    /// Calls of functions open at the same time in an execution; one more traps with `stack
    /// overflow`.
    pub call_depth: u32,
    /// Slots (8 bytes) of all open functions of an execution; one more traps with `stack overflow`.
    /// The height of a call is that of its caller, plus the caller's locals and the operands below
    /// the arguments; the callee then needs its own locals and greatest operand height on top.
    pub stack_slots: u32,
}

impl Limits {
    /// For modules of any kind, near what browsers accept.
    pub const GENERAL: Self = Self {
        module_size: 64 << 20,
        function_size: 7_654_321,
        functions: 1_000_000,
        types: 1_000_000,
        imports: 1_000_000,
        exports: 1_000_000,
        globals: 1_000_000,
        tables: 100,
        element_segments: 100_000,
        data_segments: 100_000,
        params: 1000,
        results: 1000,
        locals: 50_000,
        frame_slots: 65_000,
        nesting: 100_000,
        br_table_targets: 65_520,
        memory_pages: 65_536,
        table_elements: 10_000_000,
        call_depth: 20_000,
        stack_slots: 1 << 20,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::GENERAL
    }
}
