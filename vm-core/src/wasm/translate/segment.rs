//! Gas of segments and targets of branches.
//!
//! A segment is paid by whoever enters it: each branch to it, the fall-through of a conditional
//! branch, the function's entry, or, where one segment runs into the next, a `Charge` of its own.
//! Those places are [`Site`]s. Since the cost of a segment is known only at its end, the labels of
//! sites wait in the list of the segment that they enter.
use alloc::vec::Vec;

use super::SEGMENT_COST_LIMIT;
use crate::wasm::code::{Op, word_wide};
use crate::wasm::steps;

/// No site: the end of a list.
pub(super) const NONE: u32 = u32::MAX;

/// The most sites that move to the next segment when a segment without effects runs into it:
/// bounds the work per segment.
const MAX_MERGED: u32 = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SiteKind {
    /// The function's entry.
    Entry,
    /// A `Charge`.
    Charge,
    /// A `Br`.
    Br,
    /// A conditional branch, when taken.
    Taken,
    /// A conditional branch, when not taken.
    NotTaken,
    /// An entry of a branch table.
    Table {
        /// Word of the `BrTable`, which distances count from.
        table: u32,
    },
}

pub(super) struct Site {
    kind: SiteKind,
    /// The word of the instruction or table entry.
    word: u32,
    label: u32,
}

/// What sites have in common that go to the same place and pay for the same segments: there can be
/// thousands of them, in a byte each.
pub(super) struct Label {
    /// The word that its branches go to.
    target: u32,
    /// How many sites there are.
    sites: u32,
    /// Particles.
    cost: u64,
    /// The next one that enters the same segment.
    next: u32,
}

/// Sites with one label, or none.
#[derive(Clone, Copy)]
pub(super) struct SiteList(u32);

impl SiteList {
    pub const EMPTY: Self = Self(NONE);

    pub fn is_empty(&self) -> bool {
        self.0 == NONE
    }
}

/// The sites of a function.
#[derive(Default)]
pub(super) struct Sites {
    pub sites: Vec<Site>,
    pub labels: Vec<Label>,
}

/// The sites of a function, and the segment that is being translated.
pub(super) struct Segments {
    sites: Vec<Site>,
    labels: Vec<Label>,
    /// The first label that enters the current segment.
    current: u32,
    /// Sites that enter the current segment.
    current_sites: u32,
    /// Cost of the current segment so far.
    cost: u64,
    /// What the sites of the current segment paid before for segments that were merged with it.
    carried: u64,
    /// Whether nothing in the current segment can be seen from outside the frame, should the gas
    /// run out before or after it.
    pure: bool,
    /// Whether more sites can come, since the current segment starts at the head of a loop.
    open: bool,
    /// Whether the segment that was ended last cost nothing.
    empty: bool,
    /// Counts segments.
    pub number: u32,
}

impl Segments {
    /// Begins the first segment, with empty lists for the sites.
    pub fn new(Sites { sites, labels }: Sites) -> Self {
        let mut segments = Self {
            sites,
            labels,
            current: NONE,
            current_sites: 0,
            cost: 0,
            carried: 0,
            pure: true,
            open: false,
            empty: false,
            number: 0,
        };
        let entry = segments.site(SiteKind::Entry, 0);
        segments.enter(entry);
        segments
    }

    /// Makes room for sites.
    pub fn reserve(&mut self, sites: usize) {
        self.sites.reserve(sites);
        self.labels.reserve(sites);
    }

    /// A new site in no list.
    pub fn site(&mut self, kind: SiteKind, word: u32) -> u32 {
        let index = self.sites.len() as u32;
        self.sites.push(Site { kind, word, label: NONE });
        index
    }

    pub fn push(&mut self, list: &mut SiteList, site: u32) {
        self.push_to(list, site, 0, 0);
    }

    /// Adds a branch to a target that is translated already, at a `cost` that all of the list have.
    pub fn push_to(&mut self, list: &mut SiteList, site: u32, target: u32, cost: u64) {
        if list.is_empty() {
            list.0 = self.labels.len() as u32;
            self.labels.push(Label { target, sites: 0, cost, next: NONE });
        }
        if let Some(label) = self.labels.get_mut(list.0 as usize) {
            label.sites += 1;
        }
        if let Some(site) = self.sites.get_mut(site as usize) {
            site.label = list.0;
        }
    }

    /// The current segment is entered by this site too.
    pub fn enter(&mut self, site: u32) {
        let mut list = SiteList::EMPTY;
        self.push(&mut list, site);
        self.join(list);
    }

    fn join(&mut self, list: SiteList) {
        if let Some(label) = self.labels.get_mut(list.0 as usize) {
            label.next = self.current;
            self.current = list.0;
            self.current_sites += label.sites;
        }
    }

    /// Adds an instruction to the current segment.
    pub fn add(&mut self, cost: u64, pure: bool) {
        self.cost = self.cost.saturating_add(cost);
        self.pure &= pure;
    }

    /// Cost of the current segment so far.
    pub fn cost(&self) -> u64 {
        self.cost
    }

    /// Whether the charge for the next segment can be added where the current one is paid: nobody
    /// can tell the difference.
    pub fn can_merge(&self) -> bool {
        // Asked after `end`, which adds the cost to `carried`.
        !self.open
            && self.pure
            && self.carried <= SEGMENT_COST_LIMIT
            && (self.empty || self.current_sites <= MAX_MERGED)
    }

    /// Ends the current segment: its sites get its cost. Returns the cost.
    pub fn end(&mut self) -> u64 {
        if self.cost != 0 {
            let mut next = self.current;
            while let Some(label) = self.labels.get_mut(next as usize) {
                steps::count(1);
                label.cost = label.cost.saturating_add(self.cost);
                next = label.next;
            }
        }
        self.empty = self.cost == 0;
        self.carried = self.carried.saturating_add(self.cost);
        core::mem::take(&mut self.cost)
    }

    /// Begins a segment, after [`Self::end`]. With `merge` the sites of the one before pay for it
    /// too.
    pub fn begin(&mut self, merge: bool, open: bool) {
        if !merge {
            self.current = NONE;
            self.current_sites = 0;
            self.carried = 0;
        }
        self.cost = 0;
        self.pure = true;
        self.open = open;
        self.number = self.number.wrapping_add(1);
    }

    /// Branches in `list` go to `target`, for nothing.
    pub fn set_target(&mut self, list: SiteList, target: u32) {
        if let Some(label) = self.labels.get_mut(list.0 as usize) {
            label.target = target;
        }
    }

    /// Branches in `list` go to `target` and pay for the current segment.
    pub fn bind(&mut self, list: SiteList, target: u32) {
        self.set_target(list, target);
        self.join(list);
    }

    /// Writes costs and distances into the code. Returns the cost of entering the function, and the
    /// lists.
    pub fn finish(self, words: &mut Vec<u64>) -> (u64, Sites) {
        steps::count(self.sites.len() + words.len());
        let mut entry_cost = 0;
        for site in &self.sites {
            let at = site.word as usize;
            // A site without a label would be one that nobody goes through.
            let Some(label) = self.labels.get(site.label as usize) else { continue };
            match site.kind {
                SiteKind::Entry => entry_cost = label.cost,
                SiteKind::Charge => patch(words, at, 32, u64::from(u32::MAX), label.cost),
                SiteKind::NotTaken => patch(words, at + 1, 32, u64::from(u32::MAX), label.cost),
                SiteKind::Table { table } => {
                    patch(words, at, 0, u64::MAX, distance(table, label.target) | label.cost << 32);
                }
                SiteKind::Br => {
                    let (target, cost) = short(label, words);
                    patch(words, at, 32, u64::from(u32::MAX), distance(site.word, target));
                    patch(words, at, 16, u64::from(u16::MAX), cost);
                }
                SiteKind::Taken => {
                    let (target, cost) = short(label, words);
                    patch(words, at + 1, 0, u64::from(u32::MAX), distance(site.word, target));
                    patch(words, at, 48, u64::from(u16::MAX), cost);
                }
            }
        }
        (entry_cost, Sites { sites: self.sites, labels: self.labels })
    }
}

/// Target and cost of a branch that has only 16 bits for the cost: a larger one goes by way of a
/// charge at the end of the function.
fn short(label: &Label, words: &mut Vec<u64>) -> (u32, u64) {
    if label.cost <= u64::from(u16::MAX) {
        return (label.target, label.cost);
    }
    let stub = words.len() as u32;
    words.push(word_wide(Op::Charge, 0, label.cost as u32));
    words.push(word_wide(Op::Br, 0, distance(stub + 1, label.target) as u32));
    (stub, 0)
}

fn distance(from: u32, to: u32) -> u64 {
    u64::from(to.wrapping_sub(from))
}

fn patch(words: &mut [u64], at: usize, shift: u32, mask: u64, value: u64) {
    if let Some(word) = words.get_mut(at) {
        *word = *word & !(mask << shift) | (value & mask) << shift;
    }
}
