//! Instructions whose work is not in the steps: division, bulk memory, tables, references.
//!
//! What is not inlined answers in registers: a result in memory would keep the step that asks from
//! ending in a jump, and let the host's stack grow with every instruction in the threaded backend.
use super::context::Context;
use super::exit::Exit;
use super::registers::Registers;
use super::word::At;
use crate::wasm::code::{Op, instruction};
use crate::wasm::{Memory, TrapCode};

/// Divisions and remainders.
macro_rules! divide {
    ($($signed:ident $unsigned:ident $div_s:ident $div_u:ident $rem_s:ident $rem_u:ident;)*) => {
        $(
            #[inline(always)]
            pub(super) fn $div_s(x: $unsigned, y: $unsigned) -> Result<$unsigned, TrapCode> {
                if y == 0 {
                    return Err(TrapCode::IntegerDivisionByZero);
                }
                let quotient = (x as $signed).checked_div(y as $signed);
                quotient.map(|value| value as $unsigned).ok_or(TrapCode::IntegerOverflow)
            }

            #[inline(always)]
            pub(super) fn $div_u(x: $unsigned, y: $unsigned) -> Result<$unsigned, TrapCode> {
                x.checked_div(y).ok_or(TrapCode::IntegerDivisionByZero)
            }

            #[inline(always)]
            pub(super) fn $rem_s(x: $unsigned, y: $unsigned) -> Result<$unsigned, TrapCode> {
                if y == 0 {
                    return Err(TrapCode::IntegerDivisionByZero);
                }
                Ok((x as $signed).wrapping_rem(y as $signed) as $unsigned)
            }

            #[inline(always)]
            pub(super) fn $rem_u(x: $unsigned, y: $unsigned) -> Result<$unsigned, TrapCode> {
                x.checked_rem(y).ok_or(TrapCode::IntegerDivisionByZero)
            }
        )*
    };
}

divide! {
    i32 u32 div_s32 div_u32 rem_s32 rem_u32;
    i64 u64 div_s64 div_u64 rem_s64 rem_u64;
}

/// Particles for an element that a bulk instruction touches.
pub(super) fn element_cost(context: &Context<'_>) -> u64 {
    u64::from(context.store.engine.config().costs.bulk_element)
}

/// Charges for a number of things, before anything is done with them. `gas` is the hot part of the
/// tank; gives back what it is then, and whether it sufficed.
#[inline(never)]
pub(super) fn charge(context: &mut Context<'_>, gas: u64, units: u64, each: u64) -> (u64, bool) {
    // What fits a word comes out of the hot part, as nearly always.
    if let Some(left) = units.checked_mul(each).and_then(|particles| gas.checked_sub(particles)) {
        return (left, true);
    }
    context.tank.hot = gas;
    let charged = context.tank.charge_wide(u128::from(units) * u128::from(each)).is_ok();
    (context.tank.hot, charged)
}

/// The running instance's memory.
fn memory(context: &Context<'_>) -> Result<Memory, TrapCode> {
    let instance = context.store.instances.get(context.machine.instance as usize);
    instance.and_then(|instance| instance.memory).ok_or(TrapCode::MemoryOutOfBounds)
}

/// The size before, in pages, or all ones.
fn memory_grow(context: &mut Context<'_>, pages: u32) -> u32 {
    let index = context
        .store
        .instances
        .get(context.machine.instance as usize)
        .and_then(|instance| instance.memory);
    let memory = index.and_then(|index| context.store.memories.get_mut(index.0 as usize));
    memory.and_then(|memory| memory.grow(pages)).unwrap_or(u32::MAX)
}

/// Charges for the bytes of a bulk instruction on the memory. They are paid, even if they are out
/// of bounds; what they let the memory reach comes out of the tank too.
fn charge_bytes(
    context: &mut Context<'_>,
    r: &mut Registers,
    count: u32,
) -> Result<Memory, TrapCode> {
    let byte_cost = context.byte_cost;
    let (gas, paid) = charge(context, r.gas, u64::from(count), byte_cost);
    if !paid {
        return Err(TrapCode::OutOfGas);
    }
    r.gas = gas;
    context.tank.hot = gas;
    memory(context)
}

/// Does the instruction at `ip`: `memory.grow`, `memory.fill`, `memory.copy` or `memory.init`.
///
/// # Safety
/// The rules of [`registers`](super::registers); `ip` points to one of them.
pub(super) unsafe fn on_memory(context: &mut Context<'_>, r: &mut Registers) -> Result<(), Exit> {
    // SAFETY: Rules 1 and 2 of registers; each operand is read of the instruction that is there.
    unsafe {
        match Op::of(*r.ip) {
            Some(Op::MemoryGrow) => {
                let w = At::<instruction::MemoryGrow>::new(r.ip);
                let result = memory_grow(context, r.get(w.x()));
                r.set(w.d(), result);
                r.next(w);
            }
            Some(Op::MemoryFill) => {
                let w = At::<instruction::MemoryFill>::new(r.ip);
                let (d, value, count) = (r.get(w.dest()), r.get(w.value()), r.get(w.count()));
                let memory = charge_bytes(context, r, count)?;
                let Context { store, tank, .. } = context;
                store.memory_fill(memory, d, value as u8, count, tank)?;
                r.gas = context.tank.hot;
                r.next(w);
            }
            Some(Op::MemoryCopy) => {
                let w = At::<instruction::MemoryCopy>::new(r.ip);
                let (d, s, count) = (r.get(w.dest()), r.get(w.source()), r.get(w.count()));
                let memory = charge_bytes(context, r, count)?;
                let Context { store, tank, .. } = context;
                store.memory_copy(memory, d, s, count, tank)?;
                r.gas = context.tank.hot;
                r.next(w);
            }
            Some(Op::MemoryInit) => {
                let w = At::<instruction::MemoryInit>::new(r.ip);
                let (d, s, count) = (r.get(w.dest()), r.get(w.source()), r.get(w.count()));
                charge_bytes(context, r, count)?;
                let instance = context.running();
                let Context { store, tank, .. } = context;
                store.memory_init(instance, w.segment(), d, s, count, tank)?;
                r.gas = context.tank.hot;
                r.next(w);
            }
            _ => return Err(TrapCode::internal().into()),
        }
    }
    (r.memory, r.memory_len) = context.memory();
    Ok(())
}

#[inline(never)]
pub(super) fn data_drop(context: &mut Context<'_>, segment: u32) {
    let instance = context.running();
    context.store.data_drop(instance, segment);
}

/// The element, and whether there is one.
#[inline(never)]
pub(super) fn table_get(context: &mut Context<'_>, table: u32, element: u32) -> (u64, bool) {
    let value = context.table(table).ok().and_then(|table| table.get(element));
    (value.unwrap_or(0), value.is_some())
}

#[inline(never)]
pub(super) fn table_size(context: &mut Context<'_>, table: u32) -> u32 {
    context.table(table).map_or(0, |table| table.size())
}

#[inline(never)]
pub(super) fn imported_global(context: &mut Context<'_>, index: u32) -> u64 {
    context.imported_global(index).map_or(0, |global| *global)
}

#[inline(never)]
pub(super) fn set_imported_global(context: &mut Context<'_>, index: u32, value: u64) {
    if let Ok(global) = context.imported_global(index) {
        *global = value;
    }
}

#[inline(never)]
pub(super) fn table_set(
    context: &mut Context<'_>,
    table: u32,
    element: u32,
    value: u64,
) -> Result<(), TrapCode> {
    context.table(table)?.set(element, value).ok_or(TrapCode::TableOutOfBounds)
}

/// The size before, or all ones.
#[inline(never)]
pub(super) fn table_grow(context: &mut Context<'_>, table: u32, value: u64, count: u32) -> u32 {
    let instance = context.running();
    context.store.table_grow(instance, table, count, value).unwrap_or(u32::MAX)
}

#[inline(never)]
pub(super) fn table_fill(
    context: &mut Context<'_>,
    table: u32,
    d: u32,
    value: u64,
    count: u32,
) -> Result<(), TrapCode> {
    let instance = context.running();
    context.store.table_fill(instance, table, d, value, count)
}

#[inline(never)]
pub(super) fn table_copy(
    context: &mut Context<'_>,
    to: u32,
    from: u32,
    d: u32,
    s: u32,
    count: u32,
) -> Result<(), TrapCode> {
    let instance = context.running();
    context.store.table_copy(instance, to, from, d, s, count)
}

#[inline(never)]
pub(super) fn table_init(
    context: &mut Context<'_>,
    segment: u32,
    table: u32,
    d: u32,
    s: u32,
    count: u32,
) -> Result<(), TrapCode> {
    let instance = context.running();
    context.store.table_init(instance, table, segment, d, s, count)
}

#[inline(never)]
pub(super) fn elem_drop(context: &mut Context<'_>, segment: u32) {
    let instance = context.running();
    context.store.elem_drop(instance, segment);
}

/// The reference to a function of the running instance, as a slot.
#[inline(never)]
pub(super) fn ref_func(context: &Context<'_>, index: u32) -> u64 {
    context.running().func(context.store, index).map_or(0, |func| func.0)
}
