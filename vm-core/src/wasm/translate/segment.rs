//! Gas of segments and targets of branches.
//!
//! A segment is paid by whoever enters it: each branch to it, the fall-through of a conditional branch, the function's entry, or, where one segment runs into
//! the next, a `Charge` of its own. Those places are [`Site`]s. Since the cost of a segment is known only at its end, sites wait in the
//! list of the segment that they enter.
use alloc::vec::Vec;

use super::SEGMENT_COST_LIMIT;
use crate::wasm::code::{Op, word_wide};

/// No site: the end of a list.
pub(super) const NONE: u32 = u32::MAX;

/// Sites that are moved to the next segment at most, when a segment without effects runs into it. Bounds the work per segment.
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
    /// The word that a branch goes to.
    target: u32,
    /// Particles.
    cost: u64,
    next: u32,
}

/// A list of sites in [`Segments::sites`].
#[derive(Clone, Copy)]
pub(super) struct SiteList {
    head: u32,
    tail: u32,
    len: u32,
}

impl SiteList {
    pub const EMPTY: Self = Self { head: NONE, tail: NONE, len: 0 };

    pub fn is_empty(&self) -> bool {
        self.head == NONE
    }
}

/// The sites of a function, and the segment that is being translated.
pub(super) struct Segments {
    sites: Vec<Site>,
    /// Those that enter the present segment.
    present: SiteList,
    /// Cost of the present segment so far.
    cost: u64,
    /// What the sites of the present segment paid before for segments that were merged with it.
    carried: u64,
    /// Whether nothing in the present segment can be seen from outside the frame, should the gas run out before or after it.
    pure: bool,
    /// Whether more sites can come, since the present segment starts at the head of a loop.
    open: bool,
    /// Whether the segment that was ended last cost nothing.
    empty: bool,
    /// Counts segments.
    pub number: u32,
}

impl Segments {
    /// Begins the first segment, with an empty list for the sites.
    pub fn new(sites: Vec<Site>) -> Self {
        let mut segments = Self {
            sites,
            present: SiteList::EMPTY,
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
    }

    /// A new site in no list.
    pub fn site(&mut self, kind: SiteKind, word: u32) -> u32 {
        let index = self.sites.len() as u32;
        self.sites.push(Site { kind, word, target: 0, cost: 0, next: NONE });
        index
    }

    pub fn push(&mut self, list: &mut SiteList, site: u32) {
        if let Some(entry) = self.sites.get_mut(site as usize) {
            entry.next = list.head;
        }
        list.head = site;
        if list.tail == NONE {
            list.tail = site;
        }
        list.len += 1;
    }

    /// The present segment is entered by this site too.
    pub fn enter(&mut self, site: u32) {
        let mut present = self.present;
        self.push(&mut present, site);
        self.present = present;
    }

    /// A branch that pays `cost` for its target, which is translated already.
    pub fn set(&mut self, site: u32, target: u32, cost: u64) {
        if let Some(site) = self.sites.get_mut(site as usize) {
            site.target = target;
            site.cost = cost;
        }
    }

    /// Adds an instruction to the present segment.
    pub fn add(&mut self, cost: u64, pure: bool) {
        self.cost = self.cost.saturating_add(cost);
        self.pure &= pure;
    }

    /// Cost of the present segment so far.
    pub fn cost(&self) -> u64 {
        self.cost
    }

    /// Whether the charge for the next segment can be added where the present one is paid: nobody can tell the difference.
    pub fn can_merge(&self) -> bool {
        // Asked after `end`, which adds the cost to `carried`.
        !self.open && self.pure && self.carried <= SEGMENT_COST_LIMIT && (self.empty || self.present.len <= MAX_MERGED)
    }

    /// Ends the present segment: its sites get its cost. Gives back the cost.
    pub fn end(&mut self) -> u64 {
        if self.cost != 0 {
            let mut site = self.present.head;
            while let Some(entry) = self.sites.get_mut(site as usize) {
                entry.cost = entry.cost.saturating_add(self.cost);
                site = entry.next;
            }
        }
        self.empty = self.cost == 0;
        self.carried = self.carried.saturating_add(self.cost);
        core::mem::take(&mut self.cost)
    }

    /// Begins a segment, after [`Self::end`]. With `merge` the sites of the one before pay for it too.
    pub fn begin(&mut self, merge: bool, open: bool) {
        if !merge {
            self.present = SiteList::EMPTY;
            self.carried = 0;
        }
        self.cost = 0;
        self.pure = true;
        self.open = open;
        self.number = self.number.wrapping_add(1);
    }

    /// Branches in `list` go to `target`, for nothing.
    pub fn set_all(&mut self, list: SiteList, target: u32) {
        let mut site = list.head;
        while let Some(entry) = self.sites.get_mut(site as usize) {
            entry.target = target;
            site = entry.next;
        }
    }

    /// Branches in `list` go to `target` and pay for the present segment.
    pub fn bind(&mut self, list: SiteList, target: u32) {
        self.set_all(list, target);
        if list.is_empty() {
            return;
        }
        if let Some(tail) = self.sites.get_mut(list.tail as usize) {
            tail.next = self.present.head;
        }
        if self.present.tail == NONE {
            self.present.tail = list.tail;
        }
        self.present.head = list.head;
        self.present.len += list.len;
    }

    /// Writes costs and distances into the code; gives back the cost of entering the function, and the list.
    pub fn finish(self, words: &mut Vec<u64>) -> (u64, Vec<Site>) {
        let mut entry_cost = 0;
        for site in &self.sites {
            let at = site.word as usize;
            match site.kind {
                SiteKind::Entry => entry_cost = site.cost,
                SiteKind::Charge => patch(words, at, 32, u64::from(u32::MAX), site.cost),
                SiteKind::NotTaken => patch(words, at + 1, 32, u64::from(u32::MAX), site.cost),
                SiteKind::Table { table } => {
                    patch(words, at, 0, u64::from(u32::MAX), distance(table, site.target));
                    patch(words, at, 32, u64::from(u32::MAX), site.cost);
                }
                SiteKind::Br => {
                    let (target, cost) = self.short(site, words);
                    patch(words, at, 32, u64::from(u32::MAX), distance(site.word, target));
                    patch(words, at, 16, u64::from(u16::MAX), cost);
                }
                SiteKind::Taken => {
                    let (target, cost) = self.short(site, words);
                    patch(words, at + 1, 0, u64::from(u32::MAX), distance(site.word, target));
                    patch(words, at, 48, u64::from(u16::MAX), cost);
                }
            }
        }
        (entry_cost, self.sites)
    }

    /// Target and cost of a branch that has only 16 bits for the cost: a larger one goes by way of a charge at the end of the function.
    fn short(&self, site: &Site, words: &mut Vec<u64>) -> (u32, u64) {
        if site.cost <= u64::from(u16::MAX) {
            return (site.target, site.cost);
        }
        let stub = words.len() as u32;
        words.push(word_wide(Op::Charge, 0, site.cost as u32));
        words.push(word_wide(Op::Br, 0, distance(stub + 1, site.target) as u32));
        (stub, 0)
    }
}

fn distance(from: u32, to: u32) -> u64 {
    u64::from(to.wrapping_sub(from))
}

fn patch(words: &mut [u64], at: usize, shift: u32, mask: u64, value: u64) {
    if let Some(word) = words.get_mut(at) {
        *word = *word & !(mask << shift) | (value & mask) << shift;
    }
}
