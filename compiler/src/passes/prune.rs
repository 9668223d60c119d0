//! Drops what is not used: instructions without effects, results of regions, parameters of loops,
//! and regions that are left at their end alone.
use std::collections::HashMap;

use super::rewrite::Replacements;
use super::{blocks, blocks_mut};
use crate::builtin::{Builtin, Effect};
use crate::ir::{
    Block, End, Function, If, Instruction, Kind, Label, Loop, Program, Scope, Switch, Value,
};

pub(super) fn run(program: &mut Program) {
    let uses_msize = program.functions.iter().any(|function| {
        let mut found = false;
        blocks(&function.body, &mut |block| {
            found |= block
                .instructions
                .iter()
                .any(|instruction| matches!(instruction.kind, Kind::Builtin(_, Builtin::MSize, _)));
        });
        found
    });
    for function in &mut program.functions {
        // What a round drops may have been the last use of something else.
        for _ in 0..8 {
            let mut changed = carry(function);
            changed |= drop_unused(function, uses_msize);
            changed |= flatten(function);
            if !changed {
                break;
            }
        }
    }
}

fn uses(function: &Function) -> Vec<u32> {
    let mut uses = vec![0; function.values as usize];
    blocks(&function.body, &mut |block| {
        for instruction in &block.instructions {
            instruction.kind.operands(|value| uses[value.0 as usize] += 1);
        }
        for value in block.end.values() {
            uses[value.0 as usize] += 1;
        }
    });
    uses
}

/// The values that the exits of a region hand on, exit by exit, and those of a loop's rounds.
#[derive(Default)]
struct Handed {
    exits: Vec<Vec<Value>>,
    agains: Vec<Vec<Value>>,
}

fn handed(function: &Function) -> HashMap<Label, Handed> {
    let mut all: HashMap<Label, Handed> = HashMap::new();
    blocks(&function.body, &mut |block| match &block.end {
        End::Exit(label, values) => all.entry(*label).or_default().exits.push(values.clone()),
        End::Again(label, values) => all.entry(*label).or_default().agains.push(values.clone()),
        End::Return(_) | End::Unreachable => {}
    });
    all
}

/// Drops parameters of loops that never change or are not used, and results of regions that are
/// not used or the same by every exit.
fn carry(function: &mut Function) -> bool {
    let uses = uses(function);
    let handed = handed(function);
    let mut replacements = Replacements::default();
    // By label: which of the values go.
    let mut results: HashMap<Label, Vec<bool>> = HashMap::new();
    let mut parameters: HashMap<Label, Vec<bool>> = HashMap::new();
    // Values that are defined outside of the regions that are looked at: by depth of blocks.
    let mut defined: HashMap<Value, usize> =
        function.parameters.iter().map(|value| (*value, 0)).collect();
    look(&function.body, 0, &mut defined, &mut |kind, depth, defined| {
        let Some(label) = kind.label() else { return };
        let nothing = Handed::default();
        let handed = handed.get(&label).unwrap_or(&nothing);
        if let Kind::Loop(region) = kind {
            let gone = region
                .parameters
                .iter()
                .enumerate()
                .map(|(at, (parameter, first))| {
                    let steady = handed
                        .agains
                        .iter()
                        .all(|values| values[at] == *parameter || values[at] == *first);
                    if steady {
                        replacements.insert(*parameter, *first);
                    }
                    // Used by its own rounds alone.
                    let own = handed.agains.iter().filter(|values| values[at] == *parameter);
                    steady || uses[parameter.0 as usize] as usize == own.count()
                })
                .collect();
            parameters.insert(label, gone);
        }
        let mut at = 0;
        let mut gone = Vec::new();
        kind.results(|result| {
            let first = handed.exits.first().map(|values| values[at]);
            let same = first.filter(|first| {
                handed.exits.iter().all(|values| values[at] == *first)
                    && defined.get(first).is_some_and(|defined| *defined <= depth)
            });
            if let Some(same) = same {
                replacements.insert(result, same);
            }
            gone.push(same.is_some() || uses[result.0 as usize] == 0);
            at += 1;
        });
        results.insert(label, gone);
    });
    let changed = results.values().chain(parameters.values()).flatten().any(|gone| *gone);
    if !changed {
        return false;
    }
    let kept = |values: &mut Vec<Value>, gone: &[bool]| {
        let mut gone = gone.iter();
        values.retain(|_| !gone.next().copied().unwrap_or_default());
    };
    blocks_mut(&mut function.body, &mut |block| {
        for instruction in &mut block.instructions {
            let Some(label) = instruction.kind.label() else { continue };
            if let Kind::Loop(region) = &mut instruction.kind {
                let mut gone = parameters[&label].iter();
                region.parameters.retain(|_| !gone.next().copied().unwrap_or_default());
            }
            if let Kind::If(If { results: values, .. })
            | Kind::Switch(Switch { results: values, .. })
            | Kind::Loop(Loop { results: values, .. })
            | Kind::Scope(Scope { results: values, .. }) = &mut instruction.kind
            {
                kept(values, &results[&label]);
            }
        }
        match &mut block.end {
            End::Exit(label, values) => kept(values, &results[label]),
            End::Again(label, values) => kept(values, &parameters[label]),
            End::Return(_) | End::Unreachable => {}
        }
    });
    replacements.apply(&mut function.body);
    true
}

/// Calls `each` with every instruction, the depth of its block, and the depths at which the values
/// before it are defined. Parameters of loops are defined inside of them.
fn look(
    block: &Block,
    depth: usize,
    defined: &mut HashMap<Value, usize>,
    each: &mut impl FnMut(&Kind, usize, &HashMap<Value, usize>),
) {
    let mut here = Vec::new();
    for instruction in &block.instructions {
        each(&instruction.kind, depth, defined);
        if let Kind::Loop(region) = &instruction.kind {
            for (parameter, _) in &region.parameters {
                defined.insert(*parameter, depth + 1);
            }
        }
        for inner in instruction.kind.blocks() {
            look(inner, depth + 1, defined, each);
        }
        instruction.kind.results(|value| {
            defined.insert(value, depth);
            here.push(value);
        });
    }
    for value in here {
        // Nothing behind the block sees it.
        defined.remove(&value);
    }
}

fn drop_unused(function: &mut Function, uses_msize: bool) -> bool {
    let uses = uses(function);
    let mut changed = false;
    blocks_mut(&mut function.body, &mut |block| {
        let before = block.instructions.len();
        block.instructions.retain(|instruction| {
            let mut used = false;
            instruction.kind.results(|value| used |= uses[value.0 as usize] > 0);
            used || !can_go(&instruction.kind, uses_msize)
        });
        changed |= block.instructions.len() != before;
    });
    changed
}

/// Whether an instruction does nothing but give its results.
fn can_go(kind: &Kind, uses_msize: bool) -> bool {
    match kind {
        Kind::Constant(..)
        | Kind::PartOffset(..)
        | Kind::PartSize(..)
        | Kind::Unlinked(..)
        | Kind::LoadImmutable(..) => true,
        Kind::Builtin(_, builtin, _) => match builtin.effect() {
            Effect::Pure | Effect::Frame => true,
            // They reach memory.
            Effect::Read => match builtin {
                Builtin::MLoad | Builtin::Keccak256 => !uses_msize,
                _ => true,
            },
            Effect::Memory | Effect::State | Effect::Halt => false,
        },
        Kind::Call(..) | Kind::SetImmutable(..) | Kind::Loop(_) => false,
        Kind::If(_) | Kind::Switch(_) | Kind::Scope(_) => {
            let label = kind.label();
            kind.blocks().iter().all(|block| {
                block.instructions.iter().all(|instruction| can_go(&instruction.kind, uses_msize))
                    && matches!(&block.end, End::Exit(to, _) if Some(*to) == label)
            })
        }
    }
}

/// Takes instructions out of scopes that are left at their end alone, and lets what follows an
/// `if` of which one side never comes back follow it directly.
fn flatten(function: &mut Function) -> bool {
    let mut exits: HashMap<Label, usize> = HashMap::new();
    blocks(&function.body, &mut |block| {
        if let End::Exit(label, _) = &block.end {
            *exits.entry(*label).or_default() += 1;
        }
    });
    let mut replacements = Replacements::default();
    let mut changed = false;
    flatten_block(&mut function.body, &exits, &mut replacements, &mut changed);
    if !replacements.is_empty() {
        replacements.apply(&mut function.body);
    }
    changed
}

fn flatten_block(
    block: &mut Block,
    exits: &HashMap<Label, usize>,
    replacements: &mut Replacements,
    changed: &mut bool,
) {
    let mut out = Vec::with_capacity(block.instructions.len());
    let instructions = std::mem::take(&mut block.instructions);
    for mut instruction in instructions {
        for inner in instruction.kind.blocks_mut() {
            flatten_block(inner, exits, replacements, changed);
        }
        let count = |label: &Label| exits.get(label).copied().unwrap_or_default();
        let origin = instruction.origin;
        match instruction.kind {
            Kind::Scope(region)
                if count(&region.label) <= 1 && tail(&region.body, region.label) =>
            {
                *changed = true;
                replace(replacements, &region.results, region.body.end.values());
                out.extend(region.body.instructions);
            }
            Kind::Scope(region) if count(&region.label) == 0 => {
                // It is never left to where it ends: what follows is not reached.
                *changed = true;
                out.extend(region.body.instructions);
                block.instructions = out;
                block.end = region.body.end;
                return;
            }
            Kind::If(mut region) if count(&region.label) == 1 => {
                let sides = [&mut region.then, &mut region.otherwise];
                let label = region.label;
                let side = sides.into_iter().find(|side| tail(side, label));
                match side {
                    // The other side does not come back.
                    Some(side) if !(side.instructions.is_empty() && region.results.is_empty()) => {
                        *changed = true;
                        let follows = std::mem::take(&mut side.instructions);
                        let results = std::mem::take(&mut region.results);
                        replace(replacements, &results, side.end.values());
                        side.end = End::Exit(label, Vec::new());
                        out.push(Instruction { kind: Kind::If(region), origin });
                        out.extend(follows);
                    }
                    _ => out.push(Instruction { kind: Kind::If(region), origin }),
                }
            }
            kind => {
                let ends = matches!(&kind, Kind::Builtin(_, builtin, _)
                    if builtin.effect() == Effect::Halt);
                out.push(Instruction { kind, origin });
                if ends {
                    *changed |= block.end != End::Unreachable;
                    block.end = End::Unreachable;
                    break;
                }
            }
        }
    }
    block.instructions = out;
}

fn tail(block: &Block, label: Label) -> bool {
    matches!(&block.end, End::Exit(to, _) if *to == label)
}

fn replace(replacements: &mut Replacements, results: &[Value], values: &[Value]) {
    for (result, value) in results.iter().zip(values) {
        replacements.insert(*result, *value);
    }
}
