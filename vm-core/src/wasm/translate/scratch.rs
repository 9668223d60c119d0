//! What translations that follow one another allocate only once: a function may have two bytes, and
//! locals that it declares in three.
use alloc::vec::Vec;

use super::control::Control;
use super::operands::Operands;
use super::segment::Sites;

/// Bytes of each list that are kept at most.
const KEPT: usize = 64 << 10;

/// Lists of the last translation, for the next one. All are empty: only their room counts.
#[derive(Default)]
pub(crate) struct Scratch {
    pub(super) words: Vec<u64>,
    pub(super) operands: Operands,
    pub(super) controls: Vec<Control>,
    pub(super) sites: Sites,
}

impl Scratch {
    /// Takes back the lists of a translation, unless they have become large.
    pub(super) fn keep(
        &mut self,
        words: Vec<u64>,
        operands: Operands,
        controls: Vec<Control>,
        sites: Sites,
    ) {
        self.words = emptied(words);
        self.controls = emptied(controls);
        self.sites = Sites { sites: emptied(sites.sites), labels: emptied(sites.labels) };
        if operands.room() <= KEPT {
            self.operands = operands;
        }
    }
}

fn emptied<T>(mut list: Vec<T>) -> Vec<T> {
    if list.capacity() * size_of::<T>() > KEPT {
        return Vec::new();
    }
    list.clear();
    list
}
