//! Functions for debugging: they add to the detail that a trace shows. They cost nothing but the
//! call, not even the memory that they show.
use alloc::string::String;
use core::fmt;

use alloy_primitives::B256;

use super::{Failure, Flow, Invocation};

type Result = core::result::Result<Flow, Failure>;

/// The most bytes of memory that one call shows.
const SHOWN: u32 = 4096;

/// Shows bytes as text, as far as they are UTF-8.
struct Text<'a>(&'a [u8]);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.0))
    }
}

/// Shows bytes as hexadecimal digits.
struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&alloy_primitives::hex::encode(self.0))
    }
}

pub(super) fn print32(call: &mut Invocation<'_>) -> Result {
    let number = call.u32(0) as i32;
    call.note(format_args!("{number}"));
    Ok(Flow::DONE)
}

pub(super) fn print64(call: &mut Invocation<'_>) -> Result {
    let number = call.u64(0) as i64;
    call.note(format_args!("{number}"));
    Ok(Flow::DONE)
}

pub(super) fn print_mem(call: &mut Invocation<'_>) -> Result {
    memory(call, |call, bytes| call.note(format_args!("{}", Text(bytes))))
}

pub(super) fn print_mem_hex(call: &mut Invocation<'_>) -> Result {
    memory(call, |call, bytes| call.note(format_args!("{}", Hex(bytes))))
}

pub(super) fn print_storage(call: &mut Invocation<'_>) -> Result {
    storage(call, |call, value| call.note(format_args!("{}", Text(value))))
}

pub(super) fn print_storage_hex(call: &mut Invocation<'_>) -> Result {
    storage(call, |call, value| call.note(format_args!("{}", Hex(value))))
}

/// Shows a slot. It is read only when a trace wants it, since that work has no price.
fn storage(call: &mut Invocation<'_>, show: impl FnOnce(&mut Invocation<'_>, &[u8])) -> Result {
    let key = call.peek(call.u32(0), 32, 32)?;
    if call.notes.is_some() {
        let value = call.host.storage(&call.message.recipient, &B256::from_slice(&key));
        show(call, value.as_slice());
    }
    Ok(Flow::DONE)
}

fn memory(call: &mut Invocation<'_>, show: impl FnOnce(&mut Invocation<'_>, &[u8])) -> Result {
    let (pointer, length) = (call.u32(0), call.u32(1));
    let shown = if call.notes.is_some() { SHOWN } else { 0 };
    let bytes = call.peek(pointer, length, shown)?;
    if call.notes.is_some() {
        show(call, &bytes);
    }
    Ok(Flow::DONE)
}
