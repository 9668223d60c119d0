//! Tephra's engine.

#![no_std]

extern crate alloc;

pub mod precompile;
pub mod revision;
