//! Validation of function bodies, with the limits that concern them.
use wasmparser::{BinaryReader, FuncToValidate, FuncValidatorAllocations, FunctionBody, ValidatorResources};

use super::error::{ModuleError, within};
use crate::wasm::Config;

/// The opcode of `br_table`.
const BR_TABLE: u8 = 0x0e;

/// The first byte of `i32.trunc_sat_f32_s` and its like, of bulk memory instructions, and of instructions on tables.
const MISC: u8 = 0xfc;

/// The greatest second opcode of the former.
const LAST_TRUNC_SAT: u32 = 7;

/// Validates one body. `params` is the number of the function's parameters.
pub(super) fn function(
    function: FuncToValidate<ValidatorResources>,
    allocations: FuncValidatorAllocations,
    body: &FunctionBody<'_>,
    params: usize,
    config: &Config,
) -> Result<FuncValidatorAllocations, ModuleError> {
    let limits = &config.limits;
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
        match bytes.get((offset - start) as usize) {
            Some(&BR_TABLE) => {
                let targets = immediate(&reader)?;
                within(targets.into(), limits.br_table_targets, "targets of a br_table", offset)?;
            }
            // In code that cannot be reached the validator lets some pass.
            Some(&opcode) if !config.features.floats && is_float(opcode, &reader)? => {
                return Err(ModuleError::invalid("floating-point support is disabled", offset));
            }
            _ => {}
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

/// The number after the first byte of an instruction.
fn immediate(reader: &BinaryReader<'_>) -> Result<u32, ModuleError> {
    let mut reader = reader.clone();
    reader.read_u8()?;
    Ok(reader.read_var_u32()?)
}

/// Whether an instruction has to do with floats. The reader is at its first byte.
fn is_float(opcode: u8, reader: &BinaryReader<'_>) -> Result<bool, ModuleError> {
    Ok(match opcode {
        // Loads, stores, constants, comparisons, arithmetic, conversions.
        0x2a | 0x2b | 0x38 | 0x39 | 0x43 | 0x44 | 0x5b..=0x66 | 0x8b..=0xa6 | 0xa8..=0xab | 0xae..=0xbf => true,
        MISC => immediate(reader)? <= LAST_TRUNC_SAT,
        _ => false,
    })
}
