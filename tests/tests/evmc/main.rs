//! The EVMC libraries, as clients use them.
mod client;
mod contracts;
mod states;
mod statuses;
mod threads;
