//! The EVMC libraries, as clients use them.
mod client;
mod code;
mod contracts;
mod states;
mod statuses;
mod threads;
