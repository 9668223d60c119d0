//! What beginning an instance takes.
use super::parse::Parts;
use super::{ConstExpr, ElementItem, Module, SegmentMode};

/// What beginning an instance of a module has to do besides what does not depend on the module. It
/// is the same for every instance, and known when the module was parsed: whoever
/// prices it can do so beforehand.
///
/// Memory is not in it; it is [priced](crate::wasm::InstructionCosts::memory) by what is reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StartWork {
    /// Items that are imported and have to be linked.
    pub imports: u32,
    /// Globals that get their first value. Operations on imported globals count as one each;
    /// everything else was computed when the module was parsed.
    pub globals: u32,
    /// Elements of the tables that are not imported, at their declared size: any of them may have
    /// to be zeroed when the table is used first.
    pub table_elements: u64,
    /// Segments that are copied.
    pub active_segments: u32,
    /// Items that active element segments copy. Where it is known beforehand what they leave in a
    /// table, they are no more than that.
    pub active_items: u64,
    /// Bytes that active data segments copy.
    pub active_data_bytes: u64,
}

impl StartWork {
    /// As one number, in units of a table's element, about half a nanosecond each: an element or
    /// item is one, a global six, sixteen bytes of data one, a segment or import sixteen.
    pub fn units(&self) -> u64 {
        let counted = u64::from(self.globals).saturating_mul(6);
        let places = (u64::from(self.imports) + u64::from(self.active_segments)).saturating_mul(16);
        let data = self.active_data_bytes.div_ceil(16);
        [self.table_elements, self.active_items, data, places]
            .into_iter()
            .fold(counted, u64::saturating_add)
    }
}

impl Module {
    /// What beginning an instance takes.
    pub fn start_work(&self) -> StartWork {
        self.0.start_work
    }

    /// Returns the particles that a frame of the module pays at its start by the engine's costs,
    /// besides those for its memory: the fixed price of a frame, for each segment the price of its
    /// `memory.init` or `table.init`, the elements of the tables, and the globals.
    ///
    /// Segments that are not active cost their fixed part too: a frame steps over them.
    pub fn start_particles(&self) -> u64 {
        let module = &self.0;
        let costs = &module.engine.config().costs;
        let elements = module.elements.iter().filter(|segment| segment.mode.is_active());
        let items = elements.map(|segment| segment.items.len() as u64);
        let elements = module.tables.iter().map(|table| u64::from(table.minimum)).chain(items);
        let data = module.data.iter().filter(|segment| segment.mode.is_active());
        let data = data.map(|segment| u64::from(segment.len));
        let prices = [
            (1, costs.frame),
            ((module.elements.len() + module.data.len()) as u64, costs.bulk),
            (elements.fold(0, u64::saturating_add), costs.bulk_element),
            (data.fold(0, u64::saturating_add), costs.bulk_byte),
            (module.globals.len() as u64, costs.global),
        ];
        prices
            .into_iter()
            .map(|(count, price)| count.saturating_mul(price.into()))
            .fold(0, u64::saturating_add)
    }
}

impl Parts<'_> {
    /// What beginning an instance takes, with the images of tables that there are.
    pub(super) fn start_work(
        &self,
        images: &[Option<alloc::boxed::Box<[ElementItem]>>],
    ) -> StartWork {
        let operations = |expr: &ConstExpr| {
            if let ConstExpr::Postfix(operations) = expr { operations.len() } else { 1 }
        };
        let own_tables = self.tables.iter().skip(self.imported_tables);
        let mut work = StartWork {
            imports: self.imports.len() as u32,
            globals: self.global_inits.iter().map(operations).sum::<usize>() as u32,
            table_elements: own_tables.map(|table| u64::from(table.minimum)).sum(),
            active_segments: images.iter().flatten().count() as u32,
            active_items: images.iter().flatten().map(|image| image.len() as u64).sum(),
            active_data_bytes: 0,
        };
        for segment in &self.elements {
            if let SegmentMode::Active { index, offset } = &segment.mode
                && images.get(*index as usize).is_none_or(Option::is_none)
            {
                work.active_segments += 1;
                work.active_items += segment.items.len() as u64;
                work.globals += operations(offset) as u32 - 1;
            }
        }
        for segment in &self.data {
            if let SegmentMode::Active { offset, .. } = &segment.mode {
                work.active_segments += 1;
                work.active_data_bytes += u64::from(segment.len);
                work.globals += operations(offset) as u32 - 1;
            }
        }
        work
    }
}
