//! Modules of extreme shapes.
use tephra_core::wasm::{Limits, ModuleError, TrapCode, Val};
use tephra_wasm_tests::machine::Failure;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    Instruction as I, MemorySection, MemoryType, Module, RefType, TableSection, TableType,
    TypeSection, ValType,
};

use crate::{Fate, call, config, run};

const LIMITS: Limits = Limits::GENERAL;

/// A module with one function `f` of this type and body.
fn one(params: &[ValType], results: &[ValType], function: &Function) -> Vec<u8> {
    with_types(&[(params, results)], function)
}

/// A module with these types and one function `f` of the first.
fn with_types(all: &[(&[ValType], &[ValType])], function: &Function) -> Vec<u8> {
    let mut types = TypeSection::new();
    for (params, results) in all {
        types.ty().function(params.iter().copied(), results.iter().copied());
    }
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut exports = ExportSection::new();
    exports.export("f", ExportKind::Func, 0);
    let mut code = CodeSection::new();
    code.function(function);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    module.finish()
}

fn body(locals: &[(u32, ValType)], instructions: impl IntoIterator<Item = I<'static>>) -> Function {
    let mut function = Function::new(locals.iter().copied());
    for instruction in instructions {
        function.instruction(&instruction);
    }
    function.instruction(&I::End);
    function
}

fn repeat(instruction: I<'static>, times: u32) -> impl Iterator<Item = I<'static>> {
    (0..times).map(move |_| instruction.clone())
}

fn exceeds(fate: &Fate) -> bool {
    matches!(fate, Fate::Refused(ModuleError::LimitExceeded { .. }))
}

fn returns(fate: &Fate, values: &[Val]) -> bool {
    *fate == Fate::Called(vec![Ok(values.to_vec())])
}

#[test]
fn a_br_table_may_have_as_many_targets_as_the_limit_says() {
    let table = |targets: u32| {
        let targets = vec![0; targets as usize];
        one(
            &[],
            &[ValType::I32],
            &body(
                &[],
                [
                    I::Block(BlockType::Result(ValType::I32)),
                    I::I32Const(7),
                    I::I32Const(99_999),
                    I::BrTable(targets.into(), 0),
                    I::End,
                ],
            ),
        )
    };
    assert!(returns(&run("many targets", &table(LIMITS.br_table_targets), false), &[Val::I32(7)]));
    assert!(exceeds(&run("too many targets", &table(LIMITS.br_table_targets + 1), false)));
    let claimed = one(&[], &[], &body(&[], [I::I32Const(0), I::BrTable(vec![0; 3].into(), 0)]));
    // The number of targets says more than there are.
    let at = claimed.iter().rposition(|byte| *byte == 0x0e).unwrap() + 1;
    for count in [&[0x7f][..], &[0xff, 0xff, 0x03], &[0xff, 0xff, 0xff, 0xff, 0x0f]] {
        let mut claimed = claimed.clone();
        claimed.splice(at..at + 1, count.iter().copied());
        assert!(matches!(run("claimed targets", &claimed, false), Fate::Refused(_)));
    }
}

#[test]
fn a_function_may_have_as_many_locals_as_the_limit_says() {
    let locals = |count: u32| {
        one(&[], &[ValType::I64], &body(&[(count, ValType::I64)], [I::LocalGet(count - 1)]))
    };
    assert!(returns(&run("many locals", &locals(LIMITS.locals), false), &[Val::I64(0)]));
    assert!(exceeds(&run("too many locals", &locals(LIMITS.locals + 1), false)));
    for groups in
        [&[(u32::MAX, ValType::I64)][..], &[(u32::MAX, ValType::I64), (u32::MAX, ValType::I32)]]
    {
        let claimed = one(&[], &[], &body(groups, []));
        assert!(matches!(run("claimed locals", &claimed, false), Fate::Refused(_)));
    }
    let empty_groups = one(&[], &[], &body(&vec![(0, ValType::I64); 100_000], []));
    run("groups of no locals", &empty_groups, false);
}

#[test]
fn blocks_may_nest_as_deep_as_the_limit_says() {
    let nested = |depth: u32| {
        let open = repeat(I::Block(BlockType::Empty), depth);
        one(&[], &[], &body(&[], open.chain([I::Br(depth - 1)]).chain(repeat(I::End, depth))))
    };
    assert!(returns(&run("nested", &nested(LIMITS.nesting), false), &[]));
    assert!(exceeds(&run("nested too deep", &nested(LIMITS.nesting + 1), false)));
    for opening in [I::Loop(BlockType::Empty), I::If(BlockType::Empty)] {
        let condition = matches!(opening, I::If(_));
        let open = (0..50_000)
            .flat_map(|_| condition.then_some(I::I32Const(1)).into_iter().chain([opening.clone()]));
        let module = one(&[], &[], &body(&[], open.chain(repeat(I::End, 50_000))));
        assert!(returns(&run("nested", &module, false), &[]));
    }
    let unclosed = one(&[], &[], &body(&[], repeat(I::Block(BlockType::Empty), 50_000)));
    assert!(matches!(run("not closed", &unclosed, false), Fate::Refused(_)));
}

#[test]
fn operands_may_stack_as_high_as_the_limit_says() {
    let stacked = |height: u32| {
        one(&[], &[], &body(&[], repeat(I::I64Const(1), height).chain(repeat(I::Drop, height))))
    };
    assert!(returns(&run("stacked", &stacked(LIMITS.frame_slots), false), &[]));
    assert!(exceeds(&run("stacked too high", &stacked(LIMITS.frame_slots + 1), false)));
}

#[test]
fn many_functions_are_no_burden() {
    let many = |count: u32| {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        for _ in 0..count {
            functions.function(0);
            code.raw(&[0x00, 0x0b]);
        }
        let mut exports = ExportSection::new();
        exports.export("f", ExportKind::Func, count - 1);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&exports).section(&code);
        module.finish()
    };
    assert!(returns(&run("many functions", &many(LIMITS.functions), false), &[]));
    assert!(exceeds(&run("too many functions", &many(LIMITS.functions + 1), false)));
}

#[test]
fn many_types_are_no_burden() {
    let simple = |count: u32| {
        let mut types = TypeSection::new();
        (0..count).for_each(|_| types.ty().function([], []));
        let mut module = Module::new();
        module.section(&types);
        module.finish()
    };
    assert_eq!(run("many types", &simple(LIMITS.types), false), Fate::Called(vec![]));
    assert!(matches!(run("too many types", &simple(LIMITS.types + 1), false), Fate::Refused(_)));
    let mut types = TypeSection::new();
    for nth in 0..5_000u32 {
        // All different, and the difference is at the end.
        let bits = (0..16).map(|bit| if nth >> bit & 1 == 0 { ValType::I32 } else { ValType::I64 });
        let params: Vec<ValType> = std::iter::repeat_n(ValType::I32, 900).chain(bits).collect();
        types.ty().function(params, []);
    }
    let mut module = Module::new();
    module.section(&types);
    assert_eq!(run("large types", &module.finish(), false), Fate::Called(vec![]));
}

#[test]
fn many_imports_exports_and_globals_are_no_burden() {
    let mut imports = ImportSection::new();
    let mut globals = GlobalSection::new();
    let mut exports = ExportSection::new();
    let ty = GlobalType { val_type: ValType::I64, mutable: false, shared: false };
    for nth in 0..100_000u32 {
        imports.import("m", "g", EntityType::Global(ty));
        globals.global(ty, &ConstExpr::global_get(nth));
        exports.export(&nth.to_string(), ExportKind::Global, nth + 100_000);
    }
    let mut module = Module::new();
    module.section(&imports).section(&globals).section(&exports);
    assert_eq!(run("many globals", &module.finish(), false), Fate::Called(vec![]));
}

#[test]
fn long_functions_are_refused_or_translated() {
    let long = |len: u32| one(&[], &[], &body(&[], repeat(I::Nop, len)));
    assert!(returns(&run("long", &long(LIMITS.function_size - 10), false), &[]));
    assert!(exceeds(&run("too long", &long(10 << 20), false)));
    let straight = one(&[ValType::I64], &[ValType::I64], &{
        let add = (0..300_000).flat_map(|nth| [I::I64Const(nth), I::I64Add, I::LocalTee(0)]);
        body(&[], std::iter::once(I::LocalGet(0)).chain(add))
    });
    assert!(matches!(run("straight", &straight, false), Fate::Called(_)));
}

#[test]
fn a_module_larger_than_the_limit_is_refused() {
    let mut module = Module::new().finish();
    module.resize(LIMITS.module_size as usize + 1, 0);
    assert!(exceeds(&run("large", &module, false)));
}

#[test]
fn segments_beyond_the_end_trap() {
    for offset in [65_536i32, i32::MAX, -1, i32::MIN] {
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(offset), [1]);
        let mut module = Module::new();
        module.section(&memories).section(&data);
        assert_eq!(
            run("data", &module.finish(), false),
            Fate::NotInstantiated(Failure::Trap(TrapCode::MemoryOutOfBounds))
        );

        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            minimum: 1,
            maximum: None,
            table64: false,
            shared: false,
        });
        let mut elements = ElementSection::new();
        let null = ConstExpr::ref_null(wasm_encoder::HeapType::FUNC);
        elements.active(
            None,
            &ConstExpr::i32_const(offset),
            Elements::Expressions(RefType::FUNCREF, (&[null]).into()),
        );
        let mut module = Module::new();
        module.section(&tables).section(&elements);
        assert_eq!(
            run("elements", &module.finish(), false),
            Fate::NotInstantiated(Failure::Trap(TrapCode::TableOutOfBounds))
        );
    }
}

#[test]
fn data_at_the_end_of_a_large_memory_holds_no_more_than_the_memory() {
    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: 1024,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut data = DataSection::new();
    data.active(0, &ConstExpr::i32_const((1024 << 16) - 1), [1]);
    let mut module = Module::new();
    module.section(&memories).section(&data);
    let module = module.finish();
    let mut machine = tephra_wasm_tests::machine::Machine::new(config(), 0);
    let (instance, held) = crate::allocations::peak(|| {
        let module = machine.compile(&module).unwrap();
        machine.instantiate(&module, |_, _, _| None)
    });
    assert!(instance.is_ok());
    assert!(held < (64 << 20) + (1 << 20), "{held} bytes held");
}

#[test]
fn many_large_tables_hold_nothing_until_they_are_used() {
    let mut tables = TableSection::new();
    for _ in 0..LIMITS.tables {
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            minimum: u64::from(LIMITS.table_elements),
            maximum: None,
            table64: false,
            shared: false,
        });
    }
    let mut module = Module::new();
    module.section(&tables);
    assert_eq!(run("large tables", &module.finish(), false), Fate::Called(vec![]));
}

#[test]
fn a_claimed_count_allocates_nothing() {
    // Each section says that it has 2^28 entries, and ends.
    for section in 1..=12u8 {
        let mut module = Module::new().finish();
        module.extend([section, 5, 0xff, 0xff, 0xff, 0xff, 0x00]);
        assert!(
            matches!(run("claimed count", &module, false), Fate::Refused(_)),
            "section {section}"
        );
        run("claimed count", &module, true);
    }
}

/// Names a type by its index.
fn of_type(index: u32) -> I<'static> {
    I::Block(BlockType::FunctionType(index))
}

#[test]
fn blocks_with_many_parameters_are_translated_in_proportion() {
    let many = [ValType::I64; 1000];
    let values = || repeat(I::I64Const(1), 1000);
    let after = || repeat(I::Drop, 1000);
    let types: [(&[ValType], &[ValType]); 2] = [(&[], &[]), (&many, &many)];
    let blocks = values().chain((0..10_000).flat_map(|_| [of_type(1), I::End])).chain(after());
    assert!(matches!(
        run("blocks in a row", &with_types(&types, &body(&[], blocks)), false),
        Fate::Called(_)
    ));
    let nested =
        values().chain(repeat(of_type(1), 10_000)).chain(repeat(I::End, 10_000)).chain(after());
    assert!(matches!(
        run("nested blocks", &with_types(&types, &body(&[], nested)), false),
        Fate::Called(_)
    ));
    let loops = values()
        .chain((0..10_000).flat_map(|_| [I::Loop(BlockType::FunctionType(1)), I::End]))
        .chain(after());
    assert!(matches!(
        run("loops in a row", &with_types(&types, &body(&[], loops)), false),
        Fate::Called(_)
    ));
    let branches = values()
        .chain([of_type(1)])
        .chain((0..10_000).flat_map(|_| [I::I32Const(0), I::BrIf(0)]))
        .chain([I::End])
        .chain(after());
    assert!(matches!(
        run("branches with many values", &with_types(&types, &body(&[], branches)), false),
        Fate::Called(_)
    ));
    let dead = values()
        .chain([I::Unreachable])
        .chain((0..10_000).flat_map(|_| [of_type(1), I::End]))
        .chain(after());
    assert!(matches!(
        run("unreachable blocks", &with_types(&types, &body(&[], dead)), false),
        Fate::Called(_)
    ));
}

#[test]
fn nested_blocks_as_targets_of_a_br_table_are_translated_in_proportion() {
    let depth = 20_000u32;
    let targets: Vec<u32> = (0..depth).collect();
    let open = repeat(I::Block(BlockType::Result(ValType::I64)), depth);
    let close = (0..depth).flat_map(|_| [I::End, I::I64Const(1), I::I64Add]);
    let inner = [I::I64Const(5), I::I32Const(9), I::BrTable(targets.into(), 0)];
    let module = one(&[], &[ValType::I64], &body(&[], open.chain(inner).chain(close)));
    assert!(matches!(run("nested targets", &module, false), Fate::Called(_)));
}

#[test]
fn many_br_tables_in_nested_blocks_are_translated_in_proportion() {
    let many = [ValType::I64; 100];
    let types: [(&[ValType], &[ValType]); 3] = [(&[], &[]), (&[], &many), (&many, &[])];
    let targets: Vec<u32> = (0..1000).map(|nth| nth % 2).collect();
    let table = || {
        let values = repeat(I::I64Const(1), 100);
        [of_type(1), of_type(1)]
            .into_iter()
            .chain(values)
            .chain([I::I32Const(3), I::BrTable(targets.clone().into(), 0), I::End, I::End])
            .chain(repeat(I::Drop, 100))
    };
    let module = with_types(&types, &body(&[], (0..50).flat_map(|_| table())));
    assert!(matches!(run("br_tables with values", &module, false), Fate::Called(_)));
}

#[test]
fn copies_of_a_local_that_changes_are_translated_in_proportion() {
    // Operands that are copies of a local must keep its old value when it is set.
    let copies = || repeat(I::LocalGet(0), 50_000);
    let sets = || (0..50_000).flat_map(|nth| [I::I64Const(nth), I::LocalSet(0)]);
    let once = copies().chain(sets()).chain(repeat(I::Drop, 50_000));
    assert!(matches!(
        run("copies, then changes", &one(&[ValType::I64], &[], &body(&[], once)), false),
        Fate::Called(_)
    ));
    let others = repeat(I::LocalGet(1), 50_000).chain(sets()).chain(repeat(I::Drop, 50_000));
    assert!(matches!(
        run(
            "copies of another local",
            &one(&[ValType::I64, ValType::I64], &[], &body(&[], others)),
            false
        ),
        Fate::Called(_)
    ));
    let alternating = (0..20_000)
        .flat_map(|_| [I::LocalGet(0), I::LocalGet(0), I::I64Const(1), I::I64Add, I::LocalSet(0)])
        .chain(repeat(I::Drop, 20_000));
    assert!(matches!(
        run("copies and changes", &one(&[ValType::I64], &[], &body(&[], alternating)), false),
        Fate::Called(_)
    ));
    let blocks = copies()
        .chain((0..50_000).flat_map(|_| [I::Block(BlockType::Empty), I::End]))
        .chain(repeat(I::Drop, 50_000));
    assert!(matches!(
        run("copies, then blocks", &one(&[ValType::I64], &[], &body(&[], blocks)), false),
        Fate::Called(_)
    ));
    let many = 10_000u32;
    let each = (0..many)
        .map(I::LocalGet)
        .chain((0..many).flat_map(|nth| [I::I64Const(0), I::LocalSet(nth)]))
        .chain(repeat(I::Drop, many));
    assert!(matches!(
        run("each local", &one(&[], &[], &body(&[(many, ValType::I64)], each)), false),
        Fate::Called(_)
    ));
}

#[test]
fn calls_with_many_arguments_and_results_are_translated_in_proportion() {
    let many = [ValType::I64; 1000];
    let calls = repeat(I::I64Const(1), 1000).chain(repeat(I::Call(0), 5_000));
    let module = with_types(&[(&many, &many)], &body(&[], calls));
    assert!(matches!(run("calls", &module, false), Fate::Called(_)));
}

#[test]
fn more_parameters_than_the_limit_are_refused() {
    let many = vec![ValType::I32; LIMITS.params as usize + 1];
    assert!(matches!(run("parameters", &one(&many, &[], &body(&[], [])), false), Fate::Refused(_)));
    let many = vec![ValType::I32; LIMITS.results as usize + 1];
    assert!(matches!(
        run("results", &one(&[], &many, &body(&[], [I::Unreachable])), false),
        Fate::Refused(_)
    ));
}

#[test]
fn an_alternative_is_chosen_at_any_depth() {
    let depth = 1000;
    let open = (0..depth).flat_map(|_| [I::LocalGet(0), I::If(BlockType::Result(ValType::I32))]);
    let close = (0..depth).flat_map(|nth| [I::Else, I::I32Const(nth), I::End]);
    let module = one(
        &[ValType::I32],
        &[ValType::I32],
        &body(&[], open.chain([I::I32Const(-1)]).chain(close)),
    );
    assert_eq!(call(&module, config(), 1 << 20, &[Val::I32(1)]), Ok(vec![Val::I32(-1)]));
    assert_eq!(call(&module, config(), 1 << 20, &[Val::I32(0)]), Ok(vec![Val::I32(depth - 1)]));
}
