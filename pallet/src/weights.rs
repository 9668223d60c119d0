//! Weights of what surrounds the engine.
mod measured;

use frame_support::weights::Weight;

pub use measured::SubstrateWeight;

/// Weights of what surrounds the engine; the engine's own work is
/// [`Config::GasWeight`](crate::Config::GasWeight).
pub trait WeightInfo {
    /// What a block does with so many bytes of an extrinsic before it is dispatched, and after:
    /// they are decoded, hashed for the signature, and part of the block's root.
    fn receive(bytes: u32) -> Weight;
    /// A create with so many bytes of init code.
    fn create(bytes: u32) -> Weight;
    /// A create by a salt with so many bytes of init code.
    fn create2(bytes: u32) -> Weight;
    /// A call without value, with so many bytes of call data.
    fn call(bytes: u32) -> Weight;
    /// A call that sends value to an account that does not exist.
    fn call_with_value(bytes: u32) -> Weight;
    /// An upload of so many bytes, validation included.
    fn upload_code(bytes: u32) -> Weight;
    /// A removal of code.
    fn remove_code() -> Weight;
    /// Storing whose an address is: what a create or a call may do besides.
    fn map_account() -> Weight;
    /// Forgetting whose an address is.
    fn unmap_account() -> Weight;
    /// A contract that ends: its record, its account, what is held there, and its code.
    fn end_contract() -> Weight;
    /// Slots that a transaction fills or frees in a contract: what is held on the contract's
    /// account, and its record, but not the slots.
    fn change_deposits() -> Weight;
    /// Removing so many slots of contracts that are gone.
    fn remove_slots(slots: u32) -> Weight;
    /// Reading code of so many bytes.
    fn read_code(bytes: u32) -> Weight;
    /// Making code of so many bytes ready to run that has been read and validated.
    fn prepare_code(bytes: u32) -> Weight;
    /// Validating so many bytes of init code, and translating what of it runs.
    fn validate_code(bytes: u32) -> Weight;
    /// A message to code that is ready, with so many
    /// [items](tephra_core::ewasm::Contract::instance_items) to set up.
    fn begin_frame(items: u32) -> Weight;
    /// The precompiled contract `modexp`, for so much gas of its price.
    fn modexp(gas: u32) -> Weight;
    /// The precompiled contract `bn128_add`.
    fn bn128_add() -> Weight;
    /// The precompiled contract `bn128_mul`.
    fn bn128_mul() -> Weight;
    /// The precompiled contract `bn128_pairing`, with so many pairs.
    fn bn128_pairing(pairs: u32) -> Weight;
    /// So many entries in the block's index of events.
    fn index_topics(entries: u32) -> Weight;
}
