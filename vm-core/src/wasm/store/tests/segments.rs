//! Element segments and data segments.
use super::*;

#[test]
fn active_segments_are_copied_in_order() {
    let (store, instance) = instance(
        r#"(module (memory 1) (func) (func) (table 3 funcref)
            (data (i32.const 0) "abc") (data (i32.const 1) "XY") (data (i32.const 65536) "")
            (elem (i32.const 0) 0 0) (elem (i32.const 1) 1) (elem (i32.const 3)))"#,
    );
    assert_eq!(memory_of(&store, instance, 4), *b"aXY\0");
    let element = |index| store.table_get(Table(0), index);
    let func = |index| Some(Val::FuncRef(instance.func(&store, index)));
    assert_eq!((element(0), element(1), element(2)), (func(0), func(1), Some(Val::FuncRef(None))));
}

#[test]
fn empty_segments_touch_no_memory() {
    let (store, _) =
        instance(r#"(module (memory 64) (data (i32.const 4000000) "") (data (i32.const 0) "a"))"#);
    assert_eq!(store.memories.first().unwrap().bytes().len(), 4096);
}

#[test]
fn segments_before_one_that_is_out_of_bounds_stay() {
    let engine = engine();
    let mut store = Store::new(&engine);
    let memory = store.memory_new(ONE_PAGE).unwrap();
    let table = store.table_new(FUNCS).unwrap();
    let imports = r#"(import "" "m" (memory 1)) (import "" "t" (table 2 funcref)) (func)"#;
    let fail = |store: &mut Store, segments: &str| {
        let module = module(&engine, &alloc::format!("(module {imports} {segments})"));
        store.instantiate(&module, &[memory.into(), table.into()]).err().unwrap().to_string()
    };

    let error = fail(
        &mut store,
        r#"(data (i32.const 5) "ok") (data (i32.const 65535) "no") (data (i32.const 0) "z")"#,
    );
    assert_eq!(error, "out of bounds memory access by data segment 1");
    assert_eq!(store.memory_slice(memory, 0, 8), Ok(&b"\0\0\0\0\0ok\0"[..]));
    assert_eq!(store.memory_slice(memory, 65_535, 1), Ok(&[0][..]));

    let error = fail(
        &mut store,
        r#"(elem (i32.const 1) 0) (elem (i32.const 1) 0 0) (data (i32.const 0) "z")"#,
    );
    assert_eq!(error, "out of bounds table access by element segment 1");
    let Some(Val::FuncRef(Some(func))) = store.table_get(table, 1) else { panic!("no function") };
    // The function belongs to the instance that failed, and can be called.
    assert_eq!(store.func_type(func), Some(&FuncType::new(&[], &[])));
    assert_eq!(store.table_get(table, 0), Some(Val::FuncRef(None)));
    assert_eq!(store.memory_slice(memory, 0, 1), Ok(&[0][..]));
}

#[test]
fn an_offset_is_unsigned() {
    let engine = engine();
    let text = r#"(module (memory 1) (data (i32.const -1) "a"))"#;
    let error = Store::new(&engine).instantiate(&module(&engine, text), &[]).err();
    assert_eq!(
        error,
        Some(InstantiationError::Segment { code: TrapCode::MemoryOutOfBounds, segment: 0 })
    );
}

#[test]
fn a_far_segment_makes_room_once() {
    let (store, instance) = instance(
        r#"(module (memory 32) (data (i32.const 1048576) "far") (data (i32.const 0) "a"))"#,
    );
    assert_eq!(memory_of(&store, instance, 2), *b"a\0");
    assert_eq!(store.memories[0].capacity(), (1 << 20) + 4096);
}

#[test]
fn passive_data_is_copied_until_it_is_dropped() {
    let mut gas = GasTank::new(u64::MAX);
    let (mut store, instance) =
        instance(r#"(module (memory 1) (data (i32.const 9) "active") (data "abc") (data "d"))"#);
    assert_eq!(store.memory_init(instance, 1, 4, 1, 2, &mut gas), Ok(()));
    assert_eq!(memory_of(&store, instance, 7), *b"\0\0\0\0bc\0");
    let out_of_bounds = Err(TrapCode::MemoryOutOfBounds);
    assert_eq!(store.memory_init(instance, 1, 0, 2, 2, &mut gas), out_of_bounds);
    assert_eq!(store.memory_init(instance, 1, 0, u32::MAX, u32::MAX, &mut gas), out_of_bounds);
    assert_eq!(store.memory_init(instance, 1, 65_534, 0, 3, &mut gas), out_of_bounds);
    assert_eq!(store.memory_init(instance, 1, 65_536, 3, 0, &mut gas), Ok(()));
    assert_eq!(store.memory_init(instance, 1, 65_537, 0, 0, &mut gas), out_of_bounds);
    // An active one is gone from the start, and so is what was dropped.
    assert_eq!(store.memory_init(instance, 0, 0, 0, 1, &mut gas), out_of_bounds);
    assert_eq!(store.memory_init(instance, 0, 0, 0, 0, &mut gas), Ok(()));
    store.data_drop(instance, 1);
    store.data_drop(instance, 1);
    assert_eq!(store.memory_init(instance, 1, 0, 0, 1, &mut gas), out_of_bounds);
    assert_eq!(store.memory_init(instance, 1, 0, 0, 0, &mut gas), Ok(()));
    assert_eq!(store.memory_init(instance, 2, 0, 0, 1, &mut gas), Ok(()));
}

#[test]
fn passive_elements_are_copied_until_they_are_dropped() {
    let (mut store, instance) = instance(
        r#"(module (func) (func) (table 4 funcref) (table 2 externref)
            (elem (i32.const 3) 0) (elem func 0 1) (elem funcref (ref.null func) (ref.func 1))
            (elem declare func 0))"#,
    );
    let out_of_bounds = Err(TrapCode::TableOutOfBounds);
    let funcs = |store: &Store| -> Vec<_> {
        (0..4)
            .map(|index| store.table_get(Table(0), index).map_or(0, Val::to_slot) as u32)
            .collect()
    };
    assert_eq!(store.table_init(instance, 0, 1, 0, 0, 2), Ok(()));
    assert_eq!(store.table_init(instance, 0, 2, 2, 0, 2), Ok(()));
    assert_eq!(funcs(&store), [0, 1, 0, 1]);
    assert_eq!(store.table_init(instance, 0, 2, 3, 0, 2), out_of_bounds);
    assert_eq!(store.table_init(instance, 0, 1, 0, 1, 2), out_of_bounds);
    assert_eq!(store.table_init(instance, 0, 1, 0, u32::MAX, u32::MAX), out_of_bounds);
    assert_eq!(store.table_init(instance, 0, 1, 4, 2, 0), Ok(()));
    assert_eq!(store.table_init(instance, 0, 1, 5, 0, 0), out_of_bounds);
    // Active and declared ones are gone from the start, and so is what was dropped.
    for segment in [0, 3] {
        assert_eq!(store.table_init(instance, 0, segment, 0, 0, 1), out_of_bounds);
        assert_eq!(store.table_init(instance, 0, segment, 0, 0, 0), Ok(()));
    }
    store.elem_drop(instance, 2);
    assert_eq!(store.table_init(instance, 0, 2, 0, 0, 1), out_of_bounds);
    assert_eq!(store.table_init(instance, 0, 2, 0, 0, 0), Ok(()));
    assert_eq!(store.table_init(instance, 0, 1, 0, 0, 1), Ok(()));
    assert_eq!(funcs(&store), [0, 1, 0, 1]);
}

#[test]
fn tables_are_copied_filled_and_grown() {
    let (mut store, instance) = instance(
        "(module (func) (table 3 funcref) (table 3 5 funcref) (table 1 externref) \
         (elem (i32.const 0) 0))",
    );
    let func = instance.func(&store, 0).map(|func| func.0).unwrap();
    let filled = |store: &Store, table: u32| -> Vec<bool> {
        let size = store.table_size(Table(table)).unwrap();
        (0..size)
            .map(|index| store.table_get(Table(table), index) != Some(Val::FuncRef(None)))
            .collect()
    };
    let out_of_bounds = Err(TrapCode::TableOutOfBounds);
    assert_eq!(store.table_copy(instance, 1, 0, 1, 0, 2), Ok(()));
    assert_eq!(filled(&store, 1), [false, true, false]);
    assert_eq!(store.table_copy(instance, 0, 0, 1, 0, 2), Ok(()));
    assert_eq!(filled(&store, 0), [true, true, false]);
    assert_eq!(store.table_copy(instance, 1, 0, 2, 0, 2), out_of_bounds);
    assert_eq!(store.table_copy(instance, 2, 0, 0, 0, 1), out_of_bounds);
    assert_eq!(store.table_fill(instance, 1, 0, func, 3), Ok(()));
    assert_eq!(store.table_fill(instance, 1, 1, 0, 3), out_of_bounds);
    assert_eq!(filled(&store, 1), [true, true, true]);
    assert_eq!(store.table_grow(instance, 1, 2, 0), Some(3));
    assert_eq!(store.table_grow(instance, 1, 1, 0), None);
    assert_eq!(filled(&store, 1), [true, true, true, false, false]);
}

#[test]
fn memory_is_copied_and_filled() {
    let mut gas = GasTank::new(u64::MAX);
    let (mut store, instance) = instance(r#"(module (memory 1) (data (i32.const 0) "abc"))"#);
    let memory = instance.memory(&store).unwrap();
    assert_eq!(store.memory_copy(memory, 1, 0, 3, &mut gas), Ok(()));
    assert_eq!(store.memory_fill(memory, 4, b'z', 2, &mut gas), Ok(()));
    assert_eq!(memory_of(&store, instance, 7), *b"aabczz\0");
    assert_eq!(store.memory_fill(memory, 65_535, 0, 2, &mut gas), Err(TrapCode::MemoryOutOfBounds));
    assert_eq!(
        store.memory_copy(memory, u32::MAX, 0, u32::MAX, &mut gas),
        Err(TrapCode::MemoryOutOfBounds)
    );
}
