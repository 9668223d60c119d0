//! Validation of function bodies, with the limits that concern them.
use wasmparser::{FuncToValidate, FuncValidatorAllocations, FunctionBody, ValidatorResources};

use super::error::{ModuleError, within};
use crate::wasm::Limits;

/// The opcode of `br_table`.
const BR_TABLE: u8 = 0x0e;

/// Validates one body. `params` is the number of the function's parameters.
pub(super) fn function(
    function: FuncToValidate<ValidatorResources>,
    allocations: FuncValidatorAllocations,
    body: &FunctionBody<'_>,
    params: usize,
    limits: &Limits,
) -> Result<FuncValidatorAllocations, ModuleError> {
    let start = body.range().start;
    let locals = count_locals(body, params)?;
    within(locals, limits.locals, "locals of a function", start)?;

    let mut validator = function.into_validator(allocations);
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    let bytes = body.as_bytes();
    let operands_allowed = u64::from(limits.frame_slots).saturating_sub(locals);
    // The function itself is the outermost block.
    let height_allowed = u64::from(limits.nesting) + 1;
    while !reader.eof() {
        let offset = reader.original_position();
        if bytes.get((offset - start) as usize) == Some(&BR_TABLE) {
            let mut targets = reader.clone();
            targets.read_u8()?;
            within(targets.read_var_u32()?.into(), limits.br_table_targets, "targets of a br_table", offset)?;
        }
        reader.visit_operator(&mut validator.visitor(offset))??;
        if u64::from(validator.operand_stack_height()) > operands_allowed {
            within(u64::MAX, limits.frame_slots, "slots of a frame", offset)?;
        }
        if u64::from(validator.control_stack_height()) > height_allowed {
            within(u64::MAX, limits.nesting, "nested blocks", offset)?;
        }
    }
    reader.finish_expression(&validator.visitor(reader.original_position()))?;
    within(locals, limits.frame_slots, "slots of a frame", start)?;
    Ok(validator.into_allocations())
}

/// Parameters and declared locals, counted without making room for them.
fn count_locals(body: &FunctionBody<'_>, params: usize) -> Result<u64, ModuleError> {
    let mut locals = params as u64;
    for group in body.get_locals_reader()? {
        // Cannot overflow: the reader keeps the sum of the declarations below 2^32.
        locals += u64::from(group?.0);
    }
    Ok(locals)
}
