//! Passes over the IR. Each keeps what a program means: the interpreter tells whether it does.
mod inline;
mod prune;
mod rewrite;
mod simplify;

use crate::ir::{Block, Program};

/// Which passes run.
#[derive(Clone, Copy, Debug)]
pub struct Passes {
    /// Copies functions that are small or called once to where they are called.
    pub inline: bool,
    /// Computes constants, uses what is known of ranges, and finds what is computed twice.
    pub simplify: bool,
    /// Drops what is not used.
    pub prune: bool,
}

impl Passes {
    /// All of them.
    pub const ALL: Self = Self { inline: true, simplify: true, prune: true };
    /// None.
    pub const NONE: Self = Self { inline: false, simplify: false, prune: false };
}

impl Default for Passes {
    fn default() -> Self {
        Self::ALL
    }
}

/// How often the passes run in turn: what one finds makes work for another.
const ROUNDS: usize = 4;

/// Runs passes on a program.
pub fn run(program: &mut Program, passes: Passes) {
    for _ in 0..ROUNDS {
        if passes.simplify {
            simplify::run(program);
        }
        if passes.prune {
            prune::run(program);
        }
        if passes.inline {
            inline::run(program);
        }
    }
    if passes.simplify {
        simplify::run(program);
    }
    if passes.prune {
        prune::run(program);
    }
}

/// Calls `each` with every block, the outer before the inner.
fn blocks(block: &Block, each: &mut impl FnMut(&Block)) {
    each(block);
    for instruction in &block.instructions {
        for inner in instruction.kind.blocks() {
            blocks(inner, each);
        }
    }
}

/// Calls `each` with every block, the outer before the inner, to change it.
fn blocks_mut(block: &mut Block, each: &mut impl FnMut(&mut Block)) {
    each(block);
    for instruction in &mut block.instructions {
        for inner in instruction.kind.blocks_mut() {
            blocks_mut(inner, each);
        }
    }
}
