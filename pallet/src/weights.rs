//! The weights of dispatchables, and of the work around the engine.
mod measured;

use frame_support::weights::Weight;

pub use measured::SubstrateWeight;

/// The weights of dispatchables and of the work around the engine. The weight of gas is
/// [`Config::GasWeight`](crate::Config::GasWeight).
pub trait WeightInfo {
    /// Handling `bytes` bytes of an extrinsic before and after its dispatch: they are decoded,
    /// hashed for the signature, and part of the block's root.
    fn receive(bytes: u32) -> Weight;
    /// A create with `bytes` bytes of init code.
    fn create(bytes: u32) -> Weight;
    /// A create by a salt with `bytes` bytes of init code.
    fn create2(bytes: u32) -> Weight;
    /// A call without value, with `bytes` bytes of call data.
    fn call(bytes: u32) -> Weight;
    /// A call with `bytes` bytes of call data that sends value to an account that does not exist.
    fn call_with_value(bytes: u32) -> Weight;
    /// An upload of `bytes` bytes, validation included.
    fn upload_code(bytes: u32) -> Weight;
    /// A removal of code.
    fn remove_code() -> Weight;
    /// Storing whose an address is, which a create or a call may do too.
    fn map_account() -> Weight;
    /// Removing the record of whose an address is.
    fn unmap_account() -> Weight;
    /// The end of a contract: its record, its account, the hold on it, and its code.
    fn end_contract() -> Weight;
    /// Changing the deposits of a contract whose slots a transaction fills or frees: the hold on
    /// its account, and its record, but not the slots.
    fn change_deposits() -> Weight;
    /// Removing `slots` slots of contracts that are gone.
    fn remove_slots(slots: u32) -> Weight;
    /// Reading `bytes` bytes of code.
    fn read_code(bytes: u32) -> Weight;
    /// Preparing `bytes` bytes of code, read and validated before, to run.
    fn prepare_code(bytes: u32) -> Weight;
    /// Validating `bytes` bytes of init code, and translating the functions that run.
    fn validate_code(bytes: u32) -> Weight;
    /// A message to prepared code, with `items`
    /// [items](tephra_core::ewasm::Contract::instance_items) to set up.
    fn begin_frame(items: u32) -> Weight;
    /// The precompiled contract `modexp`, for input whose price is `gas`.
    fn modexp(gas: u32) -> Weight;
    /// The precompiled contract `bn128_add`.
    fn bn128_add() -> Weight;
    /// The precompiled contract `bn128_mul`.
    fn bn128_mul() -> Weight;
    /// The precompiled contract `bn128_pairing`, with `pairs` pairs.
    fn bn128_pairing(pairs: u32) -> Weight;
    /// Making `entries` entries in the block's index of events.
    fn index_topics(entries: u32) -> Weight;
}
