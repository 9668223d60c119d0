//! Attacks.
mod code;
mod depth;
mod destruct;
mod dispatch;
mod existence;
mod limits;
mod memory;
mod nonces;
mod prices;
mod proof_size;
mod references;
mod sizes;
mod spam;
mod work;
mod writing;

use sp_core::{H160, H256};

use super::twin::Twin;
use super::*;
use crate::Revision;
use crate::engine::convert::{to_address, to_h160};

/// All the gas that an extrinsic may have.
const MOST: u64 = TRANSACTION_GAS_LIMIT;

/// Returns run-time code of a contract with this text, in a module with a memory of one page and
/// all imports that it needs.
fn code(text: &str) -> Vec<u8> {
    code_with(1, text)
}

/// Returns the same code with `pages` pages of memory.
fn code_with(pages: u32, text: &str) -> Vec<u8> {
    let imports = [
        ("call", "(param i64 i32 i32 i32 i32) (result i32)"),
        ("callDataCopy", "(param i32 i32 i32)"),
        ("create", "(param i32 i32 i32 i32) (result i32)"),
        ("externalCodeCopy", "(param i32 i32 i32 i32)"),
        ("finish", "(param i32 i32)"),
        ("getAddress", "(param i32)"),
        ("getCallDataSize", "(result i32)"),
        ("getExternalCodeSize", "(param i32) (result i32)"),
        ("getGasLeft", "(result i64)"),
        ("log", "(param i32 i32 i32 i32 i32 i32 i32)"),
        ("revert", "(param i32 i32)"),
        ("storageLoad", "(param i32 i32)"),
        ("storageStore", "(param i32 i32)"),
    ];
    let imports = imports.iter().filter(|(name, _)| text.contains(&format!("(call ${name}")));
    let imports: String = imports
        .map(|(name, ty)| format!("(import \"ethereum\" \"{name}\" (func ${name} {ty}))"))
        .collect();
    let text = format!("(module {imports} (memory (export \"memory\") {pages}) {text})");
    wat::parse_str(&text).expect("the contract is valid WebAssembly text")
}

/// Returns the pallet and the reference, both with Alice and Bob.
fn twin() -> Twin {
    Twin::new(&[alice(), bob()])
}

/// Creates a contract of this text.
fn made(twin: &mut Twin, text: &str) -> H160 {
    twin.create(&alice(), puppet::init_of(&code(text)), 0, GAS).created()
}

/// Creates a puppet.
fn puppet_of(twin: &mut Twin, value: Balance) -> H160 {
    twin.create(&alice(), puppet::init(), value, GAS).created()
}

/// Returns the number of slots of a contract.
fn stored(address: H160) -> u32 {
    crate::Contracts::<Test>::get(address).map_or(0, |info| info.items)
}
