//! An engine as a WebAssembly module that does jobs: `scripts/inside` builds it with one engine
//! after the other. On other targets it is empty.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod guest;
