//! The commands: each with its arguments, its help and what it does.
pub mod call;
pub mod completions;
pub mod demo;
pub mod deploy;
pub mod inspect;
pub mod profile;
pub mod run;
pub mod schedule;
pub mod state;
pub mod trace;
pub mod view;
