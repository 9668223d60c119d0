//! A puppet whose init code is its run-time code and carries deeds for its constructor, and which
//! can name itself.
use std::sync::LazyLock;

use sp_core::H160;

use super::puppet;

/// Added to a deed whose first argument is an address: the contract's own address replaces it.
const ITSELF: u8 = 128;

/// The name of the section that carries the deeds.
const SECTION: &[u8] = b"deeds";

static CODE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let text = include_str!("puppet.wat");
    let text = text.replacen("(func (export \"main\")", "(func $main", 1);
    let text = text.replacen("(func $do ", "(func $act ", 1);
    let text = text.replacen(
        "(module",
        r#"(module
          (import "ethereum" "codeCopy" (func $codeCopy (param i32 i32 i32)))
          (import "ethereum" "getCodeSize" (func $getCodeSize (result i32)))"#,
        1,
    );
    let end = text.rfind(')').expect("the module ends");
    let (text, _) = text.split_at(end);
    let text = format!(
        r#"{text}
          (func $do (param $at i32) (param $size i32)
            (if (i32.and
                    (i32.ge_u (local.get $size) (i32.const 21))
                    (i32.ge_u (i32.load8_u (local.get $at)) (i32.const {ITSELF})))
              (then
                (i32.store8
                    (local.get $at)
                    (i32.sub (i32.load8_u (local.get $at)) (i32.const {ITSELF})))
                (call $getAddress (i32.add (local.get $at) (i32.const 1)))))
            (call $act (local.get $at) (local.get $size)))
          (func (export "main") (local $size i32) (local $deeds i32) (local $at i32)
            (if (call $getCallDataSize) (then (call $main)))
            (local.set $size (call $getCodeSize))
            (call $codeCopy (i32.const 0) (i32.sub (local.get $size) (i32.const 4)) (i32.const 4))
            (local.set $deeds (i32.load (i32.const 0)))
            (global.set $end (i32.add (i32.const 1024) (local.get $deeds)))
            (call $codeCopy
                (i32.const 1024)
                (i32.sub (i32.sub (local.get $size) (i32.const 4)) (local.get $deeds))
                (local.get $deeds))
            (call $do (i32.const 1024) (local.get $deeds))
            (local.set $at (i32.mul
                (memory.grow (i32.add (i32.shr_u (local.get $size) (i32.const 16)) (i32.const 1)))
                (i32.const 65536)))
            (call $codeCopy (local.get $at) (i32.const 0) (local.get $size))
            (call $finish (local.get $at) (local.get $size))))"#
    );
    wat::parse_str(&text).expect("the actor is valid WebAssembly text")
});

/// Returns init code of an actor whose constructor does these deeds. The same bytes become its
/// run-time code.
pub fn init(deeds: &[u8]) -> Vec<u8> {
    let length = (deeds.len() as u32).to_le_bytes();
    let section = [&[SECTION.len() as u8][..], SECTION, deeds, &length].concat();
    let mut code = CODE.clone();
    code.push(0);
    // LEB128, padded to five bytes.
    let size = section.len() as u32;
    code.extend([0, 7, 14, 21].map(|shift| (size >> shift) as u8 & 127 | 128));
    code.push((size >> 28) as u8);
    code.extend(section);
    code
}

/// Returns the deed with the contract itself in place of the address that it names.
pub fn to_itself(mut deed: Vec<u8>) -> Vec<u8> {
    if let Some(kind) = deed.first_mut() {
        *kind |= ITSELF;
    }
    deed
}

/// Returns a self-destruct in favour of the contract itself.
pub fn self_destruct_to_itself() -> Vec<u8> {
    to_itself(puppet::self_destruct(H160::zero()))
}
