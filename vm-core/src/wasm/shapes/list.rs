//! Code and sections that are as hard for their size as the limits of contracts allow.
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::build::{Build, I32, I64, SIZE, around, filled, leb};

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
    (1..=6).for_each(|ty| build.function(ty, &[0x00]));
    build.finish()
}

fn code(instructions: &[u8]) -> Vec<u8> {
    code_of(0, &[1, 2, I32], instructions)
}

fn dead(bytes: &[u8]) -> Vec<u8> {
    code(&around(&[0x00], bytes, &[0x00]))
}

/// A `br_table` to all of so many labels.
fn table_of(depths: core::ops::Range<u8>) -> Vec<u8> {
    let mut out = vec![0x0e];
    out.extend(leb(depths.len() - 1));
    out.extend(depths);
    out
}

/// 16 drops.
const DROPS: [u8; 16] = [0x1a; 16];

/// Shapes of instructions.
pub fn instructions() -> Vec<Shape> {
    let sixteen_tables = |open: &[u8], first: &[u8]| {
        let table = table_of(0..100);
        // Each table in a block of its own, so that it is reached.
        let each = [&[0x02, 3], first, &[0x20, 0], &table, &[0x0b], &DROPS[..]].concat();
        let after = [&[0x41, 0].repeat(16)[..], &[0x0b], &DROPS[..]].concat().repeat(100);
        [open.repeat(100), filled(&each), after].concat()
    };
    vec![
        (
            "additions, and branches now and then",
            code(&filled(
                &[
                    &[0x20, 0, 0x20, 1, 0x6a, 0x21, 0].repeat(4)[..],
                    &[0x02, 0x40, 0x20, 0, 0x0d, 0, 0x0b],
                ]
                .concat(),
            )),
        ),
        ("nothing", code(&filled(&[0x01]))),
        ("constants dropped", code(&filled(&[0x41, 0, 0x1a]))),
        (
            "long constants",
            code(&filled(&[0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x1a])),
        ),
        ("long indices", code(&filled(&[0x20, 0x80, 0x80, 0x80, 0x80, 0, 0x1a]))),
        ("dead calls of 64 arguments and 16 results", dead(&[0x10, 1])),
        ("dead calls of 64 arguments", dead(&[0x10, 4])),
        ("dead calls of 16 arguments and results", dead(&[0x10, 2])),
        ("dead calls without arguments and of 64", dead(&[0x10, 3, 0x10, 1])),
        ("dead indirect calls of 64 arguments and 16 results", dead(&[0x11, 1, 0])),
        ("dead tail calls of 64 arguments", dead(&[0x12, 4])),
        ("dead indirect tail calls of 64 arguments", dead(&[0x13, 4, 0])),
        ("dead blocks of 16 parameters and results", dead(&[0x02, 2, 0x0b])),
        ("dead loops of 64 parameters", dead(&[0x03, 1, 0x00, 0x0b])),
        ("dead blocks of 64 parameters, cut off", dead(&[0x02, 4, 0x00, 0x0b])),
        ("dead alternatives of 64 parameters", dead(&[0x04, 4, 0x00, 0x05, 0x00, 0x0b])),
        ("dead blocks without anything", dead(&[0x02, 0x40, 0x0b])),
        ("dead selections", dead(&[0x1b])),
        ("dead typed selections", dead(&[0x1c, 1, I32])),
        ("dead drops", dead(&[0x1a])),
        ("dead branches", dead(&[0x0c, 0])),
        ("dead returns of 16 values", code_of(3, &[0], &around(&[0x00], &[0x0f], &[0x00]))),
        (
            "dead conditional branches with 16 values",
            code_of(3, &[0], &around(&[0x00], &[0x0d, 0], &[0x00])),
        ),
        (
            "dead conditional branches with 64 values",
            code(&around(&[0x00, 0x03, 4, 0x00], &[0x0d, 0], &[0x00, 0x0b])),
        ),
        (
            "dead tables of 100 targets with 64 values",
            code(
                &[
                    &[0x00][..],
                    &[0x03, 4, 0x00].repeat(100),
                    &filled(&table_of(0..100)),
                    &[0x0b].repeat(100),
                ]
                .concat(),
            ),
        ),
        (
            "a table with 4096 times the same target",
            code(&filled(
                &[&[0x02, 0x40, 0x20, 0, 0x0e, 0x80, 0x20], &[0; 4097][..], &[0x0b]].concat(),
            )),
        ),
        (
            "tables of 100 targets",
            code(
                &[
                    &[0x02, 0x40].repeat(100)[..],
                    &filled(&[&[0x02, 0x40, 0x20, 0], &table_of(0..100)[..], &[0x0b]].concat()),
                    &[0x0b].repeat(100),
                ]
                .concat(),
            ),
        ),
        ("tables of 100 targets with 16 values", code(&sixteen_tables(&[0x02, 3], &[0x10, 3]))),
        (
            "tables of 100 targets with 16 constants",
            code(&sixteen_tables(&[0x02, 3], &[0x41, 0].repeat(16))),
        ),
        ("blocks", code(&filled(&[0x02, 0x40, 0x0b]))),
        ("loops", code(&filled(&[0x03, 0x40, 0x0b]))),
        ("alternatives", code(&filled(&[0x20, 0, 0x04, 0x40, 0x05, 0x0b]))),
        ("blocks that are branched out of", code(&filled(&[0x02, 0x40, 0x20, 0, 0x0d, 0, 0x0b]))),
        (
            "blocks 1000 deep",
            code(
                &[&[0x02, 0x40].repeat(1000)[..], &[0x0b].repeat(1000)]
                    .concat()
                    .repeat(SIZE / 3000),
            ),
        ),
        (
            "blocks 1000 deep, each with a result",
            code(
                &[&[0x02, I32].repeat(1000)[..], &[0x41, 0], &[0x0b].repeat(1000), &[0x1a]]
                    .concat()
                    .repeat(SIZE / 3000),
            ),
        ),
        ("blocks of 16 values", code(&around(&[0x10, 3], &[0x02, 2, 0x0b], &DROPS))),
        ("loops of 16 values", code(&around(&[0x10, 3], &[0x03, 2, 0x0b], &DROPS))),
        (
            "blocks of 16 values above a constant",
            code(&around(&[0x41, 0, 0x10, 3], &[0x02, 2, 0x0b], &[0x1a; 17])),
        ),
        (
            "blocks of 16 values above a local",
            code(&around(&[0x20, 0, 0x10, 3], &[0x02, 2, 0x0b], &[0x1a; 17])),
        ),
        (
            "blocks of 16 constants",
            code(&filled(&[&[0x41, 0].repeat(16)[..], &[0x02, 2, 0x0b], &DROPS].concat())),
        ),
        (
            "blocks of 16 values and conditional branches out of them",
            code(&around(&[0x41, 0, 0x10, 3], &[0x02, 2, 0x20, 0, 0x0d, 0, 0x0b], &[0x1a; 17])),
        ),
        (
            "conditional branches with 16 values",
            code(&around(
                &[0x41, 0, 0x10, 3, 0x02, 2],
                &[0x20, 0, 0x0d, 0],
                &[&[0x0b][..], &[0x1a; 17]].concat(),
            )),
        ),
        (
            "conditional branches with 16 values from one higher",
            code(&around(
                &[0x02, 3, 0x41, 0, 0x10, 3],
                &[0x20, 0, 0x0d, 0],
                &[&[0x00, 0x0b][..], &[0x1a; 16]].concat(),
            )),
        ),
        (
            "conditional branches with 64 values",
            code(&around(
                &[&[0x41, 0][..], &[0x10, 3].repeat(4), &[0x03, 4]].concat(),
                &[0x20, 0, 0x0d, 0],
                &[0x00, 0x0b, 0x1a],
            )),
        ),
        (
            "conditional branches on what 64 values lie below",
            code(
                &[
                    &[0x10, 3].repeat(4)[..],
                    &[0x03, 4],
                    &[0x10, 3].repeat(450),
                    &[0x0d, 0].repeat(7000),
                    &[0x00, 0x0b],
                ]
                .concat()
                .repeat(6),
            ),
        ),
        (
            "alternatives of 64 parameters",
            code(&filled(
                &[&[0x10, 3].repeat(4)[..], &[0x20, 0, 0x04, 4, 0x00, 0x05, 0x0c, 0, 0x0b]]
                    .concat(),
            )),
        ),
        ("calls of 16 values", code(&around(&[0x10, 3], &[0x10, 2], &DROPS))),
        (
            "calls of 16 values above a constant",
            code(&around(&[0x41, 0, 0x10, 3], &[0x10, 2], &[0x1a; 17])),
        ),
        (
            "calls of 64 constants",
            code(&filled(&[&[0x41, 0].repeat(64)[..], &[0x10, 1], &DROPS].concat())),
        ),
        (
            "calls of 64 locals",
            code(&filled(&[&[0x20, 0].repeat(64)[..], &[0x10, 1], &DROPS].concat())),
        ),
        (
            "copies of a local that then changes",
            code(
                &[&[0x20, 0].repeat(8000)[..], &[0x41, 0, 0x21, 0], &[0x1a].repeat(8000)]
                    .concat()
                    .repeat(4),
            ),
        ),
        (
            "blocks above 8000 constants",
            code(&around(&[0x41, 0].repeat(8000), &[0x02, 0x40, 0x0b], &[0x1a].repeat(8000))),
        ),
        ("selections", code(&filled(&[0x20, 0, 0x20, 1, 0x20, 0, 0x1b, 0x1a]))),
        ("loads", code(&filled(&[0x20, 0, 0x28, 2, 0, 0x21, 0]))),
        ("sizes of memory", code(&filled(&[0x3f, 0, 0x1a]))),
        ("copies of memory", code(&filled(&[0x20, 0, 0x20, 0, 0x20, 0, 0xfc, 10, 0, 0]))),
        ("elements of a table", code(&filled(&[0x41, 0, 0x25, 0, 0x1a]))),
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
        .flat_map(|nth| [&[0x20], &leb(4000 - nth * 1993 % 3800)[..], &[0x1a]].concat())
        .collect();
    let mut referred = build();
    referred.function(
        0,
        &(0..SIZE / 4)
            .flat_map(|nth| [&[0xd2], &leb(nth * 1993 % 4000)[..], &[0x1a]].concat())
            .collect::<Vec<u8>>(),
    );
    let all: Vec<u8> = (0..4000).flat_map(leb).collect();
    (0..4000).for_each(|_| referred.function(0, &[]));
    referred.element([&[3, 0], &leb(4000)[..], &all].concat());
    let mut wide = build();
    (0..4000).for_each(|_| wide.function(1, &[0x00]));
    vec![
        ("functions without anything", many(&[0], &[])),
        ("functions of one block", many(&[0], &[0x02, 0x40, 0x0b])),
        ("functions of 64 parameters and 16 results", wide.finish()),
        ("functions of 4096 locals", many(&[1, 0x80, 0x20, I32], &[])),
        (
            "functions that read the last of 4096 locals",
            many(&[1, 0x80, 0x20, I32], &[0x20, 0xff, 0x1f, 0x1a]),
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
    let sum = [&[0x41, 1][..], &[0x41, 1, 0x6a].repeat(SIZE / 3), &[0x0b]].concat();
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
            module(&|build| (0..1000).for_each(|_| build.global(vec![I32, 0, 0x41, 0, 0x0b]))),
        ),
        ("a global of a long sum", module(&|build| build.global([&[I32, 0][..], &sum].concat()))),
        (
            "a global of a high sum",
            module(&|build| {
                let deep = [[0x41, 1].repeat(SIZE / 3), [0x6a].repeat(SIZE / 3 - 1)].concat();
                build.global([&[I32, 0][..], &deep, &[0x0b]].concat());
            }),
        ),
        (
            "elements",
            module(&|build| {
                let items = vec![0; 4000];
                (0..25).for_each(|_| {
                    build
                        .table(4096)
                        .element([&[0, 0x41, 0, 0x0b], &leb(4000)[..], &items].concat());
                });
            }),
        ),
        (
            "elements that are expressions",
            module(&|build| {
                let items = [0xd2, 0, 0x0b].repeat(4000);
                (0..10).for_each(|_| {
                    build
                        .table(4096)
                        .element([&[4, 0x41, 0, 0x0b], &leb(4000)[..], &items].concat());
                });
            }),
        ),
        (
            "elements that are null",
            module(&|build| {
                let items = [0xd0, 0x70, 0x0b].repeat(4000);
                (0..10).for_each(|_| build.element([&[5, 0x70], &leb(4000)[..], &items].concat()));
            }),
        ),
        (
            "segments of nothing",
            module(&|build| (0..1000).for_each(|_| build.data(vec![0, 0x41, 0, 0x0b, 0]))),
        ),
        (
            "data",
            module(&|build| {
                build.data([&[0, 0x41, 0, 0x0b], &leb(60_000)[..], &[1; 60_000]].concat())
            }),
        ),
        ("custom sections", module(&|build| (0..SIZE / 3).for_each(|_| build.custom(vec![0])))),
        ("a large custom section", module(&|build| build.custom(vec![0; SIZE]))),
    ]
}
