//! Code and sections that are as hard for their size as the limits of contracts allow.
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::build::{Build, FUNC_REF, I32, I64, SIZE, around, filled, leb};
use crate::wasm::binary::EMPTY;
use crate::wasm::instruction::PREFIX;
use crate::wasm::instruction::byte::*;

/// A shape: what it is, and a module of it.
pub type Shape = (&'static str, Vec<u8>);

const WIDE: [u8; 64] = [I32; 64];
const ROW: [u8; 16] = [I32; 16];

/// Types that the shapes of instructions share, by their indices: 0 `[] → []`, 1 `[64] → [16]`, 2
/// `[16] → [16]`, 3 `[] → [16]`, 4 `[64] → []`, 5 `[16] → []`, 6 `[i32] → [i32]`.
fn build() -> Build {
    let mut build = Build::default();
    for (params, results) in [
        (&[][..], &[][..]),
        (&WIDE, &ROW),
        (&ROW, &ROW),
        (&[], &ROW),
        (&WIDE, &[]),
        (&ROW, &[]),
        (&[I32], &[I32]),
    ] {
        build.ty(params, results);
    }
    build.table(1);
    build
}

/// A function 0 of a type with these instructions; functions 1 to 6 have the types of the same
/// index and nothing in them.
fn code_of(ty: u32, locals: &[u8], instructions: &[u8]) -> Vec<u8> {
    let mut build = build();
    build.function_with(ty, locals, instructions);
    (1..=6).for_each(|ty| build.function(ty, &[Unreachable]));
    build.finish()
}

fn code(instructions: &[u8]) -> Vec<u8> {
    code_of(0, &[1, 2, I32], instructions)
}

fn dead(bytes: &[u8]) -> Vec<u8> {
    code(&around(&[Unreachable], bytes, &[Unreachable]))
}

/// A `br_table` to all of so many labels.
fn table_of(depths: core::ops::Range<u8>) -> Vec<u8> {
    let mut out = vec![BrTable];
    out.extend(leb(depths.len() - 1));
    out.extend(depths);
    out
}

/// 16 drops.
const DROPS: [u8; 16] = [Drop; 16];

/// Shapes of instructions.
pub fn instructions() -> Vec<Shape> {
    let sixteen_tables = |open: &[u8], first: &[u8]| {
        let table = table_of(0..100);
        // Each table in a block of its own, so that it is reached.
        let each = [&[Block, 3], first, &[LocalGet, 0], &table, &[End], &DROPS[..]].concat();
        let after = [&[I32Const, 0].repeat(16)[..], &[End], &DROPS[..]].concat().repeat(100);
        [open.repeat(100), filled(&each), after].concat()
    };
    vec![
        (
            "additions, and branches now and then",
            code(&filled(
                &[
                    &[LocalGet, 0, LocalGet, 1, I32Add, LocalSet, 0].repeat(4)[..],
                    &[Block, EMPTY, LocalGet, 0, BrIf, 0, End],
                ]
                .concat(),
            )),
        ),
        ("nothing", code(&filled(&[Nop]))),
        ("constants dropped", code(&filled(&[I32Const, 0, Drop]))),
        (
            "long constants",
            code(&filled(&[
                I64Const, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, Drop,
            ])),
        ),
        ("long indices", code(&filled(&[LocalGet, 0x80, 0x80, 0x80, 0x80, 0, Drop]))),
        ("dead calls of 64 arguments and 16 results", dead(&[Call, 1])),
        ("dead calls of 64 arguments", dead(&[Call, 4])),
        ("dead calls of 16 arguments and results", dead(&[Call, 2])),
        ("dead calls without arguments and of 64", dead(&[Call, 3, Call, 1])),
        ("dead indirect calls of 64 arguments and 16 results", dead(&[CallIndirect, 1, 0])),
        ("dead tail calls of 64 arguments", dead(&[ReturnCall, 4])),
        ("dead indirect tail calls of 64 arguments", dead(&[ReturnCallIndirect, 4, 0])),
        ("dead blocks of 16 parameters and results", dead(&[Block, 2, End])),
        ("dead loops of 64 parameters", dead(&[Loop, 1, Unreachable, End])),
        ("dead blocks of 64 parameters, cut off", dead(&[Block, 4, Unreachable, End])),
        ("dead alternatives of 64 parameters", dead(&[If, 4, Unreachable, Else, Unreachable, End])),
        ("dead blocks without anything", dead(&[Block, EMPTY, End])),
        ("dead selections", dead(&[Select])),
        ("dead typed selections", dead(&[TypedSelect, 1, I32])),
        ("dead drops", dead(&[Drop])),
        ("dead branches", dead(&[Br, 0])),
        (
            "dead returns of 16 values",
            code_of(3, &[0], &around(&[Unreachable], &[Return], &[Unreachable])),
        ),
        (
            "dead conditional branches with 16 values",
            code_of(3, &[0], &around(&[Unreachable], &[BrIf, 0], &[Unreachable])),
        ),
        (
            "dead conditional branches with 64 values",
            code(&around(&[Unreachable, Loop, 4, Unreachable], &[BrIf, 0], &[Unreachable, End])),
        ),
        (
            "dead tables of 100 targets with 64 values",
            code(
                &[
                    &[Unreachable][..],
                    &[Loop, 4, Unreachable].repeat(100),
                    &filled(&table_of(0..100)),
                    &[End].repeat(100),
                ]
                .concat(),
            ),
        ),
        (
            "a table with 4096 times the same target",
            code(&filled(
                &[&[Block, EMPTY, LocalGet, 0, BrTable, 0x80, 0x20], &[0; 4097][..], &[End]]
                    .concat(),
            )),
        ),
        (
            "tables of 100 targets",
            code(
                &[
                    &[Block, EMPTY].repeat(100)[..],
                    &filled(
                        &[&[Block, EMPTY, LocalGet, 0], &table_of(0..100)[..], &[End]].concat(),
                    ),
                    &[End].repeat(100),
                ]
                .concat(),
            ),
        ),
        ("tables of 100 targets with 16 values", code(&sixteen_tables(&[Block, 3], &[Call, 3]))),
        (
            "tables of 100 targets with 16 constants",
            code(&sixteen_tables(&[Block, 3], &[I32Const, 0].repeat(16))),
        ),
        ("blocks", code(&filled(&[Block, EMPTY, End]))),
        ("loops", code(&filled(&[Loop, EMPTY, End]))),
        ("alternatives", code(&filled(&[LocalGet, 0, If, EMPTY, Else, End]))),
        (
            "blocks that are branched out of",
            code(&filled(&[Block, EMPTY, LocalGet, 0, BrIf, 0, End])),
        ),
        (
            "blocks 1000 deep",
            code(
                &[&[Block, EMPTY].repeat(1000)[..], &[End].repeat(1000)]
                    .concat()
                    .repeat(SIZE / 3000),
            ),
        ),
        (
            "blocks 1000 deep, each with a result",
            code(
                &[&[Block, I32].repeat(1000)[..], &[I32Const, 0], &[End].repeat(1000), &[Drop]]
                    .concat()
                    .repeat(SIZE / 3000),
            ),
        ),
        ("blocks of 16 values", code(&around(&[Call, 3], &[Block, 2, End], &DROPS))),
        ("loops of 16 values", code(&around(&[Call, 3], &[Loop, 2, End], &DROPS))),
        (
            "blocks of 16 values above a constant",
            code(&around(&[I32Const, 0, Call, 3], &[Block, 2, End], &[Drop; 17])),
        ),
        (
            "blocks of 16 values above a local",
            code(&around(&[LocalGet, 0, Call, 3], &[Block, 2, End], &[Drop; 17])),
        ),
        (
            "blocks of 16 constants",
            code(&filled(&[&[I32Const, 0].repeat(16)[..], &[Block, 2, End], &DROPS].concat())),
        ),
        (
            "blocks of 16 values and conditional branches out of them",
            code(&around(
                &[I32Const, 0, Call, 3],
                &[Block, 2, LocalGet, 0, BrIf, 0, End],
                &[Drop; 17],
            )),
        ),
        (
            "conditional branches with 16 values",
            code(&around(
                &[I32Const, 0, Call, 3, Block, 2],
                &[LocalGet, 0, BrIf, 0],
                &[&[End][..], &[Drop; 17]].concat(),
            )),
        ),
        (
            "conditional branches with 16 values from one higher",
            code(&around(
                &[Block, 3, I32Const, 0, Call, 3],
                &[LocalGet, 0, BrIf, 0],
                &[&[Unreachable, End][..], &[Drop; 16]].concat(),
            )),
        ),
        (
            "conditional branches with 64 values",
            code(&around(
                &[&[I32Const, 0][..], &[Call, 3].repeat(4), &[Loop, 4]].concat(),
                &[LocalGet, 0, BrIf, 0],
                &[Unreachable, End, Drop],
            )),
        ),
        (
            "conditional branches on what 64 values lie below",
            code(
                &[
                    &[Call, 3].repeat(4)[..],
                    &[Loop, 4],
                    &[Call, 3].repeat(450),
                    &[BrIf, 0].repeat(7000),
                    &[Unreachable, End],
                ]
                .concat()
                .repeat(6),
            ),
        ),
        (
            "alternatives of 64 parameters",
            code(&filled(
                &[&[Call, 3].repeat(4)[..], &[LocalGet, 0, If, 4, Unreachable, Else, Br, 0, End]]
                    .concat(),
            )),
        ),
        ("calls of 16 values", code(&around(&[Call, 3], &[Call, 2], &DROPS))),
        (
            "calls of 16 values above a constant",
            code(&around(&[I32Const, 0, Call, 3], &[Call, 2], &[Drop; 17])),
        ),
        (
            "calls of 64 constants",
            code(&filled(&[&[I32Const, 0].repeat(64)[..], &[Call, 1], &DROPS].concat())),
        ),
        (
            "calls of 64 locals",
            code(&filled(&[&[LocalGet, 0].repeat(64)[..], &[Call, 1], &DROPS].concat())),
        ),
        (
            "copies of a local that then changes",
            code(
                &[
                    &[LocalGet, 0].repeat(8000)[..],
                    &[I32Const, 0, LocalSet, 0],
                    &[Drop].repeat(8000),
                ]
                .concat()
                .repeat(4),
            ),
        ),
        (
            "blocks above 8000 constants",
            code(&around(&[I32Const, 0].repeat(8000), &[Block, EMPTY, End], &[Drop].repeat(8000))),
        ),
        ("selections", code(&filled(&[LocalGet, 0, LocalGet, 1, LocalGet, 0, Select, Drop]))),
        ("loads", code(&filled(&[LocalGet, 0, I32Load, 2, 0, LocalSet, 0]))),
        ("sizes of memory", code(&filled(&[MemorySize, 0, Drop]))),
        (
            "copies of memory",
            code(&filled(&[LocalGet, 0, LocalGet, 0, LocalGet, 0, PREFIX, MemoryCopy, 0, 0])),
        ),
        ("elements of a table", code(&filled(&[I32Const, 0, TableGet, 0, Drop]))),
    ]
}

/// Shapes of functions and their locals.
pub fn functions() -> Vec<Shape> {
    let many = |locals: &[u8], instructions: &[u8]| {
        let mut build = build();
        (0..4000).for_each(|_| build.function_with(0, locals, instructions));
        build.finish()
    };
    let groups = |each: &[u8], count: usize, instructions: &[u8]| {
        let locals = [leb(count), each.repeat(count)].concat();
        code_of(0, &locals, instructions)
    };
    let scattered: Vec<u8> = (0..SIZE / 4)
        .flat_map(|nth| [&[LocalGet], &leb(4000 - nth * 1993 % 3800)[..], &[Drop]].concat())
        .collect();
    let mut referred = build();
    referred.function(
        0,
        &(0..SIZE / 4)
            .flat_map(|nth| [&[RefFunc], &leb(nth * 1993 % 4000)[..], &[Drop]].concat())
            .collect::<Vec<u8>>(),
    );
    let all: Vec<u8> = (0..4000).flat_map(leb).collect();
    (0..4000).for_each(|_| referred.function(0, &[]));
    referred.element([&[3, 0], &leb(4000)[..], &all].concat());
    let mut wide = build();
    (0..4000).for_each(|_| wide.function(1, &[Unreachable]));
    vec![
        ("functions without anything", many(&[0], &[])),
        ("functions of one block", many(&[0], &[Block, EMPTY, End])),
        ("functions of 64 parameters and 16 results", wide.finish()),
        ("functions of 4096 locals", many(&[1, 0x80, 0x20, I32], &[])),
        (
            "functions that read the last of 4096 locals",
            many(&[1, 0x80, 0x20, I32], &[LocalGet, 0xff, 0x1f, Drop]),
        ),
        ("4000 groups of a local", groups(&[1, I64], 4000, &[])),
        ("groups of no local", groups(&[0, I32], SIZE / 2, &[])),
        ("locals of 4000 groups, one after the other", groups(&[1, I64], 4090, &scattered)),
        ("locals of one group, one after the other", groups(&[0x80, 0x20, I64], 1, &scattered)),
        ("references to functions", referred.finish()),
    ]
}

/// Shapes of the other sections.
pub fn sections() -> Vec<Shape> {
    let module = |fill: &dyn Fn(&mut Build)| {
        let mut build = build();
        build.function(0, &[]);
        fill(&mut build);
        build.finish()
    };
    let sum = [&[I32Const, 1][..], &[I32Const, 1, I32Add].repeat(SIZE / 3), &[End]].concat();
    vec![
        ("equal types", module(&|build| (0..1000).for_each(|_| build.ty(&[], &[])))),
        (
            "different types of ten parameters",
            module(&|build| {
                for number in 0..1000_usize {
                    let params: Vec<u8> =
                        (0..10).map(|bit| if number >> bit & 1 == 0 { I32 } else { I64 }).collect();
                    build.ty(&params, &[]);
                }
            }),
        ),
        (
            "types of 64 parameters that differ at their ends",
            module(&|build| {
                for number in 0..1000_usize {
                    let mut params = WIDE;
                    params[54..].iter_mut().zip(0..10).for_each(|(ty, bit)| {
                        *ty = if number >> bit & 1 == 0 { I32 } else { I64 };
                    });
                    build.ty(&params, &[]);
                }
            }),
        ),
        (
            "exports with short names",
            module(&|build| (0..1000).for_each(|nth| build.export(format!("{nth}").as_bytes()))),
        ),
        (
            "exports with names that differ at their ends",
            module(&|build| {
                (0..1000).for_each(|nth| build.export(format!("{:>100}{nth}", "").as_bytes()));
            }),
        ),
        (
            "imports",
            module(&|build| (0..250).for_each(|nth| build.import(format!("{nth}").as_bytes(), 0))),
        ),
        (
            "globals",
            module(&|build| (0..1000).for_each(|_| build.global(vec![I32, 0, I32Const, 0, End]))),
        ),
        ("a global of a long sum", module(&|build| build.global([&[I32, 0][..], &sum].concat()))),
        (
            "a global of a high sum",
            module(&|build| {
                let deep = [[I32Const, 1].repeat(SIZE / 3), [I32Add].repeat(SIZE / 3 - 1)].concat();
                build.global([&[I32, 0][..], &deep, &[End]].concat());
            }),
        ),
        (
            "elements",
            module(&|build| {
                let items = vec![0; 4000];
                (0..25).for_each(|_| {
                    build
                        .table(4096)
                        .element([&[0, I32Const, 0, End], &leb(4000)[..], &items].concat());
                });
            }),
        ),
        (
            "elements that are expressions",
            module(&|build| {
                let items = [RefFunc, 0, End].repeat(4000);
                (0..10).for_each(|_| {
                    build
                        .table(4096)
                        .element([&[4, I32Const, 0, End], &leb(4000)[..], &items].concat());
                });
            }),
        ),
        (
            "elements that are null",
            module(&|build| {
                let items = [RefNull, FUNC_REF, End].repeat(4000);
                (0..10)
                    .for_each(|_| build.element([&[5, FUNC_REF], &leb(4000)[..], &items].concat()));
            }),
        ),
        (
            "segments of nothing",
            module(&|build| (0..1000).for_each(|_| build.data(vec![0, I32Const, 0, End, 0]))),
        ),
        (
            "data",
            module(&|build| {
                build.data([&[0, I32Const, 0, End], &leb(60_000)[..], &[1; 60_000]].concat())
            }),
        ),
        ("custom sections", module(&|build| (0..SIZE / 3).for_each(|_| build.custom(vec![0])))),
        ("a large custom section", module(&|build| build.custom(vec![0; SIZE]))),
    ]
}
