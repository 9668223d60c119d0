//! Where things are in a contract's memory: what routines work with, immutables, and then the
//! memory of the EVM.
use crate::builtin::Builtin;
use crate::ir::{Block, Function, ImmutableId, Kind};

/// What routines have for operands of the interface: the first, the second, and four topics.
const FIRST: u32 = 0;
const SECOND: u32 = 32;
const TOPICS: u32 = 64;
/// What they divide with.
const DIVIDEND: u32 = 192;
const DIVISOR: u32 = 264;
const QUOTIENT: u32 = 296;
const IMMUTABLES: u32 = 384;

/// Where things are.
pub(super) struct Layout {
    /// Topics of logs, and the salt of a create.
    pub topics: u32,
    /// The EVM's memory.
    pub memory: u32,
    /// Whether the program asks how much memory it uses.
    pub uses_msize: bool,
    /// Which immutables the program loads, in the order of their cells.
    pub loaded: Vec<ImmutableId>,
    /// By immutable: where its cells are in the objects that load it.
    pub cells: Vec<Vec<u32>>,
}

impl Layout {
    pub fn new<'a>(
        functions: impl Iterator<Item = &'a Function> + Clone,
        cells: Vec<Vec<u32>>,
    ) -> Self {
        let mut loaded = Vec::new();
        let mut uses_msize = false;
        for function in functions {
            walk(&function.body, &mut |kind| match kind {
                Kind::LoadImmutable(_, immutable) if !loaded.contains(immutable) => {
                    loaded.push(*immutable);
                }
                Kind::Builtin(_, Builtin::MSize, _) => uses_msize = true,
                _ => {}
            });
        }
        let memory = IMMUTABLES + 32 * loaded.len() as u32;
        Self { topics: TOPICS, memory, uses_msize, loaded, cells }
    }

    /// Where an immutable is that the program loads.
    pub fn immutable(&self, immutable: ImmutableId) -> u32 {
        let at = self.loaded.iter().position(|other| *other == immutable).unwrap_or_default();
        IMMUTABLES + 32 * at as u32
    }

    /// Where the cells of an immutable are in the bytes of the objects that load it.
    pub fn cells(&self, immutable: ImmutableId) -> &[u32] {
        self.cells.get(immutable.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Where the first immutable is.
    pub fn immutables(&self) -> u32 {
        IMMUTABLES
    }

    /// The number that stands for a global of the routines.
    pub fn number(&self, global: &str) -> Option<u32> {
        Some(match global {
            "memory_at" => self.memory,
            "first_at" => FIRST,
            "second_at" => SECOND,
            "topics_at" => TOPICS,
            "dividend_at" => DIVIDEND,
            "divisor_at" => DIVISOR,
            "quotient_at" => QUOTIENT,
            _ => return None,
        })
    }
}

/// Calls `each` with every instruction.
pub(super) fn walk(block: &Block, each: &mut impl FnMut(&Kind)) {
    for instruction in &block.instructions {
        each(&instruction.kind);
        for block in instruction.kind.blocks() {
            walk(block, each);
        }
    }
}
