//! Limits for contracts.
use crate::wasm::{Features, Limits};

impl Limits {
    /// For contracts: what a compiled contract needs with room to spare, and what 1024 nested
    /// frames of the worst kind can be given on any machine.
    ///
    /// Gas bounds what a frame uses, but a frame costs 700 gas to begin, so what it has at its
    /// start must be small: a table of 4096 elements is 32 KiB. Slots (256 KiB per frame) are used
    /// up only by calls, which cost gas. Memory of 512 pages (32 MiB) is paid by the page, so that
    /// a block of 30 million gas has at most 130 MiB of it, however many frames there are.
    pub const CONTRACT: Self = Self {
        // Init code: twice the largest contract (see `Schedule::contract_size`).
        module_size: 256 << 10,
        // One function may be the whole contract, as compilers that inline everything make it.
        function_size: 128 << 10,
        functions: 4096,
        types: 1024,
        // The interface has about fifty functions; some compilers import one several times.
        imports: 256,
        // A contract exports two things; to name the third one, it has to be read.
        exports: 1024,
        globals: 1024,
        tables: 1,
        element_segments: 256,
        data_segments: 1024,
        // Validating and translating an instruction takes time for each value that it moves, and
        // few bytes can move many. Compilers give functions a dozen parameters and one result.
        params: 64,
        results: 16,
        locals: 4096,
        frame_slots: 8192,
        // Compilers nest one block per case of a switch.
        nesting: 1024,
        br_table_targets: 4096,
        memory_pages: 512,
        table_elements: 4096,
        call_depth: 1024,
        stack_slots: 1 << 15,
    };
}

impl Features {
    /// For contracts: everything but floats.
    pub const CONTRACT: Self = Self { floats: false, ..Self::ALL };
}
