//! What engines for the web have agreed to refuse, whatever an embedder's
//! [`Limits`](crate::wasm::Limits) are, and the reference refuses.
pub(super) const TYPES: u32 = 1_000_000;
pub(super) const FUNCTIONS: u32 = 1_000_000;
pub(super) const IMPORTS: u32 = 1_000_000;
pub(super) const EXPORTS: u32 = 1_000_000;
pub(super) const GLOBALS: u32 = 1_000_000;
pub(super) const TABLES: u32 = 100_000;
pub(super) const TABLE_ELEMENTS: u32 = 10_000_000;
pub(super) const ELEMENT_SEGMENTS: u32 = 100_000;
pub(super) const DATA_SEGMENTS: u32 = 100_000;
pub(super) const PARAMS_OR_RESULTS: u32 = 1000;
/// Bytes of a body.
pub(super) const FUNCTION_SIZE: usize = 7_654_321;
/// Of a function, parameters included.
pub(super) const LOCALS: u32 = 50_000;
/// Pages (64 KiB) of a 32-bit memory.
pub(super) const PAGES: u32 = 65_536;
/// Not agreed by anybody; the reference refuses modules whose imports and exports have types of
/// this size together.
pub(super) const TYPE_SIZE: usize = 1_000_000;
