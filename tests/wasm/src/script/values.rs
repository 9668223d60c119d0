//! Arguments and expected results of scripts.
use tephra_core::wasm::Val;
use wast::core::{AbstractHeapType, HeapType, NanPattern, WastArgCore, WastRetCore};
use wast::{WastArg, WastRet};

/// The value of an argument.
///
/// # Errors
/// When the engine knows no such type.
pub fn argument(arg: &WastArg) -> Result<Val, String> {
    let WastArg::Core(arg) = arg else {
        return Err(format!("argument of the component model: {arg:?}"));
    };
    Ok(match arg {
        WastArgCore::I32(value) => Val::I32(*value),
        WastArgCore::I64(value) => Val::I64(*value),
        WastArgCore::F32(value) => Val::F32(value.bits),
        WastArgCore::F64(value) => Val::F64(value.bits),
        WastArgCore::RefNull(ty) => {
            null(ty).ok_or_else(|| format!("null of an unknown type: {ty:?}"))?
        }
        WastArgCore::RefExtern(number) => Val::ExternRef(Some(*number)),
        other => return Err(format!("argument of an unknown type: {other:?}")),
    })
}

/// Whether results are what was expected.
pub fn all_match(expected: &[WastRet], results: &[Val]) -> bool {
    expected.len() == results.len()
        && expected.iter().zip(results).all(|(expected, result)| match expected {
            WastRet::Core(expected) => matches(expected, *result),
            _ => false,
        })
}

fn matches(expected: &WastRetCore, result: Val) -> bool {
    match (expected, result) {
        (WastRetCore::I32(expected), Val::I32(result)) => *expected == result,
        (WastRetCore::I64(expected), Val::I64(result)) => *expected == result,
        (WastRetCore::F32(expected), Val::F32(bits)) => match expected {
            NanPattern::Value(value) => value.bits == bits,
            NanPattern::CanonicalNan => bits & 0x7fff_ffff == 0x7fc0_0000,
            NanPattern::ArithmeticNan => bits & 0x7fc0_0000 == 0x7fc0_0000,
        },
        (WastRetCore::F64(expected), Val::F64(bits)) => match expected {
            NanPattern::Value(value) => value.bits == bits,
            NanPattern::CanonicalNan => bits & 0x7fff_ffff_ffff_ffff == 0x7ff8_0000_0000_0000,
            NanPattern::ArithmeticNan => bits & 0x7ff8_0000_0000_0000 == 0x7ff8_0000_0000_0000,
        },
        (WastRetCore::RefNull(None), Val::FuncRef(None) | Val::ExternRef(None)) => true,
        (WastRetCore::RefNull(Some(ty)), result) => null(ty) == Some(result),
        (WastRetCore::RefExtern(None), Val::ExternRef(Some(_))) => true,
        (WastRetCore::RefExtern(Some(expected)), Val::ExternRef(Some(result))) => {
            *expected == result
        }
        (WastRetCore::RefFunc(None), Val::FuncRef(Some(_))) => true,
        (WastRetCore::Either(cases), result) => cases.iter().any(|case| matches(case, result)),
        _ => false,
    }
}

/// The null of a type. The bottom types have the nulls of their hierarchies.
fn null(ty: &HeapType) -> Option<Val> {
    match ty {
        HeapType::Abstract { ty: AbstractHeapType::Func | AbstractHeapType::NoFunc, .. } => {
            Some(Val::FuncRef(None))
        }
        HeapType::Abstract {
            ty: AbstractHeapType::Extern | AbstractHeapType::NoExtern, ..
        } => Some(Val::ExternRef(None)),
        _ => None,
    }
}
