//! Items of element segments, and the tables that active ones make.
use alloc::boxed::Box;
use alloc::vec;

use super::{ConstExpr, ElementSegment, SegmentMode};
use crate::wasm::TableType;

/// An item of an element segment: there can be as many as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ElementItem(u32);

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Null,
    /// The function with this index.
    Func(u32),
    /// What the imported global with this index holds.
    Global(u32),
}

/// Added to the index of a global. A module has fewer functions and globals than that, by what is
/// agreed.
const GLOBAL: u32 = 1 << 31;

impl ElementItem {
    pub const NULL: Self = Self(u32::MAX);

    pub fn func(index: u32) -> Self {
        Self(index)
    }

    /// The item that an expression gives; none when it does not give a reference.
    pub fn of_expr(expr: &ConstExpr) -> Option<Self> {
        match expr {
            ConstExpr::Value(0) => Some(Self::NULL),
            ConstExpr::FuncRef(index) => Some(Self(*index)),
            ConstExpr::Global(index) => Some(Self(GLOBAL | *index)),
            ConstExpr::Value(_) | ConstExpr::Postfix(_) => None,
        }
    }

    #[inline]
    pub fn get(self) -> Element {
        match self.0 {
            u32::MAX => Element::Null,
            index if index & GLOBAL != 0 => Element::Global(index & !GLOBAL),
            index => Element::Func(index),
        }
    }
}

/// Returns the first active segment that is not in bounds of its table, if that is known
/// beforehand, and what those before it would leave cannot be observed: instances fail there before
/// anything is copied.
pub(super) fn out_of_bounds(
    imported: usize,
    tables: &[TableType],
    segments: &[ElementSegment],
) -> Option<u32> {
    for (segment, number) in segments.iter().zip(0..) {
        if let SegmentMode::Active { index, offset } = &segment.mode {
            let ConstExpr::Value(offset) = offset else { return None };
            let table = tables.get(*index as usize).filter(|_| *index as usize >= imported)?;
            if offset.saturating_add(segment.items.len() as u64) > u64::from(table.minimum) {
                return Some(number);
            }
        }
    }
    None
}

/// The most elements of an image for an item that is written into it: tables that are nearly empty
/// have none.
const SPARSE: usize = 4;

/// What the active segments leave in a table that is not imported, if that is known beforehand:
/// segments that overwrite each other are then copied once, however many there are. None when
/// there is nothing, when an offset is not known or not in bounds, or when the segments are few and
/// far between.
pub(super) fn image(
    number: u32,
    table: &TableType,
    segments: &[ElementSegment],
) -> Option<Box<[ElementItem]>> {
    let active = || {
        segments.iter().filter_map(|segment| match &segment.mode {
            SegmentMode::Active { index, offset } if *index == number => {
                Some((offset, &segment.items))
            }
            _ => None,
        })
    };
    let (mut end, mut items) = (0_usize, 0_usize);
    for (offset, all) in active() {
        let ConstExpr::Value(offset) = offset else { return None };
        let last = offset
            .checked_add(all.len() as u64)
            .filter(|last| *last <= u64::from(table.minimum))?;
        end = end.max(usize::try_from(last).ok()?);
        items = items.saturating_add(all.len());
    }
    if items == 0 || end > items.saturating_mul(SPARSE) {
        return None;
    }
    let mut image = vec![ElementItem::NULL; end];
    for (offset, all) in active() {
        if let ConstExpr::Value(offset) = offset
            && let Some(place) =
                image.get_mut(*offset as usize..).and_then(|rest| rest.get_mut(..all.len()))
        {
            place.copy_from_slice(all);
        }
    }
    Some(image.into_boxed_slice())
}
