//! Switches for WebAssembly proposals.
use wasmparser::WasmFeatures;

use super::ValType;

/// Which parts of WebAssembly a module may use. Everything that is off is a validation error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features {
    /// Import and export of mutable globals.
    pub mutable_globals: bool,
    /// `i32.extend8_s` and its like.
    pub sign_extension: bool,
    /// Several results; blocks with parameters.
    pub multi_value: bool,
    /// `i32.trunc_sat_f32_s` and its like.
    pub saturating_float_to_int: bool,
    /// `memory.copy`, `memory.fill`, passive segments.
    pub bulk_memory: bool,
    /// `externref`, several tables, `table.get` and its like.
    pub reference_types: bool,
    /// Integer addition, subtraction and multiplication in constant expressions.
    pub extended_const: bool,
    /// `return_call`, `return_call_indirect`.
    pub tail_call: bool,
    /// Floating-point types and instructions. Results are the same on every machine: NaNs are made
    /// canonical.
    pub floats: bool,
}

/// What brought an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Proposal {
    /// WebAssembly 1.0.
    Mvp,
    SignExtension,
    SaturatingFloatToInt,
    BulkMemory,
    ReferenceTypes,
    TailCall,
}

impl Features {
    /// Everything that the engine supports.
    pub const ALL: Self = Self {
        mutable_globals: true,
        sign_extension: true,
        multi_value: true,
        saturating_float_to_int: true,
        bulk_memory: true,
        reference_types: true,
        extended_const: true,
        tail_call: true,
        floats: true,
    };

    /// WebAssembly 1.0 without any later proposal.
    pub const MVP: Self = Self {
        mutable_globals: false,
        sign_extension: false,
        multi_value: false,
        saturating_float_to_int: false,
        bulk_memory: false,
        reference_types: false,
        extended_const: false,
        tail_call: false,
        floats: true,
    };

    /// Whether a proposal is switched on.
    pub(crate) fn has(&self, proposal: Proposal) -> bool {
        match proposal {
            Proposal::Mvp => true,
            Proposal::SignExtension => self.sign_extension,
            Proposal::SaturatingFloatToInt => self.saturating_float_to_int,
            Proposal::BulkMemory => self.bulk_memory,
            Proposal::ReferenceTypes => self.reference_types,
            Proposal::TailCall => self.tail_call,
        }
    }

    /// Whether values of a type can be.
    pub(crate) fn has_type(&self, ty: ValType) -> bool {
        match ty {
            ValType::I32 | ValType::I64 => true,
            ValType::F32 | ValType::F64 => self.floats,
            ValType::FuncRef | ValType::ExternRef => self.reference_types,
        }
    }

    /// The same set for [`wasmparser`].
    pub(crate) fn to_wasmparser(self) -> WasmFeatures {
        let mut features = WasmFeatures::empty();
        features.set(WasmFeatures::MUTABLE_GLOBAL, self.mutable_globals);
        features.set(WasmFeatures::SIGN_EXTENSION, self.sign_extension);
        features.set(WasmFeatures::MULTI_VALUE, self.multi_value);
        features.set(WasmFeatures::SATURATING_FLOAT_TO_INT, self.saturating_float_to_int);
        features.set(WasmFeatures::BULK_MEMORY, self.bulk_memory);
        features.set(WasmFeatures::REFERENCE_TYPES, self.reference_types);
        features.set(WasmFeatures::EXTENDED_CONST, self.extended_const);
        features.set(WasmFeatures::TAIL_CALL, self.tail_call);
        features.set(WasmFeatures::FLOATS, self.floats);
        features.set(WasmFeatures::GC_TYPES, true);
        features
    }
}

impl Default for Features {
    fn default() -> Self {
        Self::ALL
    }
}
