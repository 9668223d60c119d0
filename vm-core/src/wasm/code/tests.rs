//! The table of instructions: every instruction is read as it is written, and related ones fit.
use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use super::instruction::{I32Add, I64ShrUImm, OPS, PLACES};
use super::operand::Access;
use super::*;

/// Numbers that look random and are the same on every machine.
pub(crate) struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb) ^ mixed >> 31
    }
}

fn names(op: Op) -> Vec<&'static str> {
    op.fields().iter().map(|field| field.name).collect()
}

#[test]
fn opcodes_are_numbered_without_gaps() {
    assert_eq!(Op::ALL.len(), OPS);
    for (number, op) in Op::ALL.iter().enumerate() {
        assert_eq!(*op as usize, number);
        assert_eq!(Op::of(number as u64), Some(*op));
    }
    assert_eq!(Op::of(OPS as u64), None);
}

#[test]
fn instructions_are_decoded_as_they_were_encoded() {
    let mut numbers = Numbers(1);
    for op in Op::ALL {
        // The bytes of the opcode and of the operands; the others say nothing.
        let mut mask = vec![0_u64; op.words()];
        mask[0] = 0xffff;
        for (at, size) in PLACES[*op as usize] {
            for byte in *at..at + size {
                assert_eq!(mask[byte / 8] >> (byte % 8 * 8) & 0xff, 0, "{op:?} overlaps");
                mask[byte / 8] |= 0xff << (byte % 8 * 8);
            }
        }
        for (field, (at, _)) in op.fields().iter().zip(PLACES[*op as usize]) {
            if field.name == "gap" {
                mask[at / 8] &= !(0xffff << (at % 8 * 8));
            }
        }
        for _ in 0..16 {
            let mut words: Vec<u64> = mask.iter().map(|_| numbers.next()).collect();
            words[0] = words[0] & !0xffff | *op as u64;
            let instruction = Instruction::decode(&words).unwrap();
            assert_eq!(instruction.op(), *op);
            let encoded = instruction.encode();
            assert_eq!(encoded.len(), op.words());
            let expected: Vec<u64> =
                words.iter().zip(&mask).map(|(word, mask)| word & mask).collect();
            assert_eq!(encoded, expected, "{op:?}");
            assert!(Instruction::decode(&encoded) == Some(instruction), "{op:?}");
            assert!(Instruction::decode(&words[..op.words() - 1]).is_none());
        }
    }
}

#[test]
fn instructions_are_printed_with_every_operand() {
    for op in Op::ALL {
        let mut words = vec![0_u64; op.words()];
        words[0] = *op as u64;
        let before = format!("{:?}", Instruction::decode(&words).unwrap());
        assert!(!before.is_empty());
        for (field, (at, size)) in op.fields().iter().zip(PLACES[*op as usize]) {
            let mut words = words.clone();
            // In the low byte of a word of `ways` is the distance, in its high half the particles.
            if let Some(word) = words.get_mut(at / 8).filter(|_| *size > 0) {
                *word |= 77 << (at % 8 * 8);
            }
            let after = format!("{:?}", Instruction::decode(&words).unwrap());
            assert_eq!(after != before, !["gap", "params"].contains(&field.name), "{after}");
        }
    }
    let text = |words: &[u64]| format!("{:?}", Instruction::decode(words).unwrap());
    assert_eq!(text(&I64ShrUImm { d: Out64(5), x: In64(3), imm: 32 }.encode()), "r5 = r3 >> 32");
    assert_eq!(text(&I32Add { d: Out32(5), x: In32(3), y: In32(4) }.encode()), "r5 = w3 + w4");
    let load = Op::I32Load8S.load(Slot(1), Slot(2), 8);
    assert_eq!(text(&load), "r1 = i32 i8[w2 + 8]");
    let branch = [word(Op::BrIfLtS32, Slot(1), Slot(2), 30), 40 << 32 | 7];
    assert_eq!(text(&branch), "if w1 <s w2 goto +7, else pay 40, pay 30");
}

#[test]
fn constructors_by_opcode_are_those_of_the_instructions() {
    let (d, x, y, z) = (Slot(1), Slot(2), Slot(3), Slot(4));
    let mut seen = 0;
    for op in Op::ALL {
        let names = names(*op);
        let long = op.words() == 2;
        let words = match names.as_slice() {
            ["d", "x"] => op.unary(d, x).to_vec(),
            ["d", "x", "y"] => op.binary(d, x, y).to_vec(),
            ["d", "x", "imm"] if long => op.wide_immediate(d, x, 3).to_vec(),
            ["d", "x", "imm"] => op.immediate(d, x, 3).to_vec(),
            ["d", "x", "y", "z"] => op.ternary(d, x, y, z).to_vec(),
            ["d", "x", "y", "bits"] => op.shifted(d, x, y, 4).to_vec(),
            ["d", "base", "offset"] if long => op.load_wide(d, x, 3).to_vec(),
            ["d", "base", "offset"] => op.load(d, x, 3).to_vec(),
            ["d", "address"] => op.load_at(d, 2).to_vec(),
            ["d", "base", "index"] => op.load_indexed(d, x, y).to_vec(),
            ["d", "base", "addend"] => op.load_sum(d, x, 3).to_vec(),
            ["base", "value", "offset"] if long => op.store_wide(d, x, 3).to_vec(),
            ["base", "value", "offset"] => op.store(d, x, 3).to_vec(),
            ["gap", "value", "address"] => op.store_at(d, 2).to_vec(),
            ["base", "value", "addend"] => op.store_sum(d, x, 3).to_vec(),
            ["base", "imm", "offset"] => op.store_immediate(d, 2, 3).to_vec(),
            _ => continue,
        };
        seen += 1;
        let instruction = Instruction::decode(&words).unwrap();
        assert_eq!(instruction.encode(), words, "{op:?}");
        // Each operand is the number of its place in the call.
        let mut next = 1;
        for (field, (at, size)) in op.fields().iter().zip(PLACES[*op as usize]) {
            if field.name != "gap" {
                let bits = words[at / 8] >> (at % 8 * 8) & (u64::MAX >> (64 - 8 * size));
                assert_eq!(bits, next, "{op:?} {}", field.name);
                next += 1;
            }
        }
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn forms_have_the_operands_that_they_stand_for() {
    let accesses =
        |op: Op| -> Vec<Access> { op.fields().iter().map(|field| field.access).collect() };
    for op in Op::ALL {
        if let Some(immediate) = op.with_immediate() {
            let stores = names(*op).contains(&"base");
            assert_eq!(
                names(immediate),
                if stores { vec!["base", "imm", "offset"] } else { vec!["d", "x", "imm"] }
            );
            assert_eq!(accesses(immediate)[0], accesses(*op)[0], "{op:?}");
        }
        for form in [op.with_immediate_left(), op.with_wide_immediate()].into_iter().flatten() {
            assert_eq!(names(form), ["d", "x", "imm"], "{op:?}");
            assert_eq!(accesses(form)[..2], accesses(*op)[..2], "{op:?}");
        }
        if let Some(branch) = op.branch_if() {
            assert_eq!(names(branch)[2..], ["taken", "ways"], "{op:?}");
            assert_eq!(accesses(branch)[0], accesses(*op)[1], "{op:?}");
        }
        for (mode, place) in [
            (AddressMode::Wide, "offset"),
            (AddressMode::At, "address"),
            (AddressMode::Indexed, "index"),
            (AddressMode::Sum, "addend"),
        ] {
            if let Some(form) = op.with_address_mode(mode) {
                assert_eq!(*names(form).last().unwrap(), place, "{op:?}");
                assert_eq!(form.effects(), op.effects(), "{op:?}");
                let value = |op: Op| {
                    let mut fields = op.fields().iter();
                    fields.find(|field| ["d", "value"].contains(&field.name)).unwrap().access
                };
                assert_eq!(value(form), value(*op), "{op:?}");
            }
        }
        if op.effects().has(Effect::Load)
            && names(*op) == ["d", "base", "offset"]
            && op.words() == 1
        {
            assert!(op.with_address_mode(AddressMode::Indexed).is_some(), "{op:?}");
        }
    }
}

#[test]
fn negating_twice_gives_the_same_comparison() {
    for op in Op::ALL {
        if let Some((negated, swapped)) = op.negated() {
            assert_eq!(negated.negated(), Some((*op, swapped)));
            assert!(negated.branch_if().is_some());
        }
    }
}

#[test]
fn what_calls_suspends_or_returns_says_so() {
    let with = |effect: Effect| -> Vec<Op> {
        Op::ALL.iter().copied().filter(|op| op.effects().has(effect)).collect()
    };
    use Op::*;
    let host = [CallImport, CallIndirect, ReturnCallImport, ReturnCallIndirect];
    assert_eq!(with(Effect::Host), host);
    for op in with(Effect::Call) {
        assert!(op.fields().iter().any(|field| field.name == "frame" || field.name == "count"));
    }
    let stay = [I32Add, Copy, Const64, Select, GlobalGet, MemorySize, Multiply128];
    assert!(stay.iter().all(|op| !op.effects().leave()));
    assert!([Load32, I32DivU, Charge, BrIfEq32, Return].iter().all(|op| op.effects().leave()));
}
