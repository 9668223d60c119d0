//! Hostile bytes: always an answer, and never much memory.
use super::*;
use crate::wasm::instruction::byte::{
    BrTable, End, GlobalGet, I32Add, I32Const, I64Const, RefFunc,
};
use crate::wasm::{GasTank, Store};

/// A module with something of everything.
const RICH: &str = r#"(module
    (type $binary (func (param i32 i32) (result i32)))
    (import "m" "f" (func $f (type $binary)))
    (import "m" "g" (global $g i32))
    (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
    (func (export "main") (local i64 i32)
        (block $b (br_table $b $b (i32.const 1)))
        (drop (call_indirect (type $binary) (i32.const 1) (i32.const 2) (i32.const 0)))
        (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 1)))
    (func $start)
    (table (export "table") 4 8 funcref)
    (table 2 externref)
    (memory (export "memory") 1 2)
    (global (mut i64) (i64.add (i64.const 1) (i64.const 2)))
    (global funcref (ref.func $add))
    (start $start)
    (elem (i32.const 1) $f $add)
    (elem (table 0) (global.get $g) funcref (ref.null func) (ref.func $f))
    (elem declare func $start)
    (elem externref (ref.null extern))
    (data (i32.const 65530) "abcdef")
    (data "passive")
    (@custom "name" "\01\04\01\00\01f")
)"#;

/// Whatever the bytes are: no panic, neither in parsing nor in making an instance of what was
/// accepted.
fn probe(bytes: &[u8]) -> bool {
    let mut gas = GasTank::new(u64::MAX);
    let engine = with_limits(|limits| limits.table_elements = 10_000);
    let validated = Module::new(&engine, bytes);
    let trusted = Module::new_trusted(&engine, Arc::<[u8]>::from(bytes));
    if let Ok(module) = &trusted {
        let mut store = Store::new(&engine);
        let items: Option<Vec<_>> =
            module.imports().map(|import| item(&mut store, import.ty)).collect();
        if let Some(items) = items
            && let Ok(instance) = store.instantiate(module, &items)
        {
            assert_eq!(instance.exports(&store).count(), module.exports().count());
            let segments = module.0.elements.len().max(module.0.data.len()) as u32 + 1;
            for segment in 0..segments {
                let _ = store.table_init(instance, 0, segment, 0, 0, 1);
                let _ = store.memory_init(instance, segment, 0, 0, 1, &mut gas);
                store.elem_drop(instance, segment);
                store.data_drop(instance, segment);
            }
        }
        for index in 0..=module.func_count() {
            let _ = module.func_name(index);
        }
    }
    // What is valid can be parsed.
    assert!(validated.is_err() || trusted.is_ok());
    validated.is_ok()
}

fn item(store: &mut Store, ty: ExternType) -> Option<crate::wasm::Extern> {
    Some(match ty {
        ExternType::Func(ty) => store.host_func(ty).into(),
        ExternType::Table(ty) => store.table_new(ty).ok()?.into(),
        ExternType::Memory(ty) => store.memory_new(ty).ok()?.into(),
        ExternType::Global(ty) => {
            store.global_new(ty, crate::wasm::Val::from_slot(ty.value, 0)).ok()?.into()
        }
    })
}

#[test]
fn a_module_cut_off_anywhere_gives_an_answer() {
    let bytes = binary(RICH);
    assert!(probe(&bytes));
    let valid = (0..bytes.len()).filter(|end| probe(&bytes[..*end])).count();
    // The bare header, the sections that stand before the functions, and what lacks the custom
    // sections only.
    assert!(valid < 10, "{valid}");
}

#[test]
fn a_module_with_any_bit_flipped_gives_an_answer() {
    let bytes = binary(RICH);
    for position in 0..bytes.len() {
        for bit in 0..8 {
            let mut bytes = bytes.clone();
            bytes[position] ^= 1 << bit;
            probe(&bytes);
        }
    }
}

#[test]
fn a_module_with_any_byte_replaced_gives_an_answer() {
    let bytes = binary(RICH);
    for position in 8..bytes.len() {
        for value in [0x00, 0x0b, 0x40, 0x41, 0x60, 0x6f, 0x70, 0x7f, 0x80, 0xff] {
            let mut bytes = bytes.clone();
            bytes[position] = value;
            probe(&bytes);
        }
    }
}

/// The header and one section.
fn section(id: u8, contents: &[u8]) -> Vec<u8> {
    let mut bytes = b"\0asm\x01\0\0\0".to_vec();
    bytes.extend([id, contents.len() as u8]);
    bytes.extend(contents);
    bytes
}

#[test]
fn a_section_that_announces_more_than_its_bytes_is_refused() {
    const LARGEST: [u8; 5] = [0xff, 0xff, 0xff, 0xff, 0x0f];
    const MILLION: [u8; 3] = [0xbf, 0x84, 0x3d];
    for id in 1..=13 {
        for count in [&LARGEST[..], &MILLION] {
            let bytes = section(id, count);
            assert!(Module::new(&engine(), &bytes).is_err(), "section {id}");
            assert!(
                Module::new_trusted(&engine(), Arc::<[u8]>::from(bytes)).is_err(),
                "section {id}"
            );
        }
    }
}

#[test]
fn a_group_of_a_million_types_is_refused_at_its_first_byte() {
    let bytes = section(1, &[1, 0x4e, 0xc0, 0x84, 0x3d, 0x60, 0, 0]);
    let error = Module::new(&engine(), &bytes).err().unwrap();
    assert_eq!(error.offset(), 11);
    assert!(Module::new_trusted(&engine(), Arc::<[u8]>::from(bytes)).is_err());
}

#[test]
fn locals_are_counted_without_being_allocated() {
    // One function of type 0, with 2^32 - 1 locals; or with the same number twice.
    for groups in [1, 2] {
        let mut body = vec![groups];
        for _ in 0..groups {
            body.extend([0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f]);
        }
        body.push(End);
        let mut bytes = section(1, &[1, 0x60, 0, 0]);
        bytes.extend([3, 2, 1, 0, 10, body.len() as u8 + 2, 1, body.len() as u8]);
        bytes.extend(body);
        let error = Module::new(&engine(), &bytes).err();
        assert!(
            matches!(error, Some(ModuleError::LimitExceeded { what: "locals of a function", .. })),
            "{error:?}"
        );
    }
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    let depth = 90_000;
    let blocks = "block ".repeat(depth) + &"end ".repeat(depth);
    Module::new(&engine(), &binary(&alloc::format!("(module (func {blocks}))"))).unwrap();
    let blocks = "block ".repeat(110_000) + &"end ".repeat(110_000);
    assert!(module(&alloc::format!("(module (func {blocks}))")).is_err());
}

#[test]
fn a_br_table_of_a_million_targets_in_a_tiny_function_is_refused() {
    let mut bytes = section(1, &[1, 0x60, 0, 0]);
    bytes.extend([3, 2, 1, 0, 10, 11, 1, 9, 0, I32Const, 0, BrTable, 0xc0, 0x84, 0x3d, 0, End]);
    let error = Module::new(&engine(), &bytes).err();
    assert!(
        matches!(error, Some(ModuleError::LimitExceeded { what: "targets of a br_table", .. })),
        "{error:?}"
    );
}

#[test]
fn what_is_not_a_module_is_refused() {
    for bytes in [&b""[..], b"\0", b"\0asm", b"(module)", b"\0asm\x0d\0\x01\0", &[0xff; 64]] {
        assert!(!probe(bytes));
    }
}

#[test]
fn a_trusted_module_is_checked_where_memory_safety_depends_on_it() {
    for (what, id, contents) in [
        ("an unknown type", 3, &[1, 0][..]),
        ("an export of nothing", 7, &[1, 1, b'f', 0, 0]),
        ("an unknown start function", 8, &[0]),
        ("an element segment without table", 9, &[1, 0, I32Const, 0, End, 0]),
        ("a segment of an unknown function", 9, &[1, 1, 0, 1, 0]),
        ("a data segment without memory", 11, &[1, 0, I32Const, 0, End, 0]),
        ("a global of the wrong type", 6, &[1, 0x7f, 0, I64Const, 0, End]),
        ("a global of an unknown global", 6, &[1, 0x7f, 0, GlobalGet, 0, End]),
        ("a reference to an unknown function", 6, &[1, 0x70, 0, RefFunc, 0, End]),
        ("an empty expression", 6, &[1, 0x7f, 0, End]),
        ("too many values", 6, &[1, 0x7f, 0, I32Const, 0, I32Const, 0, End]),
        ("too few operands", 6, &[1, 0x7f, 0, I32Const, 0, I32Add, End]),
        ("two memories", 5, &[2, 0, 0, 0, 0]),
        ("a memory that shrinks", 5, &[1, 1, 2, 1]),
        ("an unknown section", 42, &[]),
    ] {
        let bytes = section(id, contents);
        assert!(
            Module::new_trusted(&engine(), Arc::<[u8]>::from(bytes.clone())).is_err(),
            "{what}"
        );
        assert!(Module::new(&engine(), &bytes).is_err(), "{what}");
    }
}
