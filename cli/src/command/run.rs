//! `tephra run`.
use clap::Args;
use serde::Serialize;
use tephra::chain::Options;
use tephra::text::{plain, shorten};
use tephra_core::wasm::{
    CallError, CallFailure, Config, Engine, ExternType, GasTank, LinkError, Linker, Module, Store,
    Val, ValType,
};

use super::error::{Error, Exit, Result};
use super::input;
use super::options::Switch;
use super::output::{Output, complain};
use super::types::type_name;

/// Call a function of a plain WebAssembly module that is not a contract.
///
/// The module may use everything that the engine supports, floats included, but cannot import
/// anything. Numbers are written in decimal, integers also in hexadecimal; negative integers stand
/// for their two's complement.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Run {
    /// WebAssembly: binary, text (.wat) or hexadecimal; - for standard input.
    #[arg(value_name = "FILE")]
    pub file: String,
    /// The exported function to call; without it, only the start function runs.
    #[arg(long, value_name = "NAME")]
    pub invoke: Option<String>,
    /// Its arguments.
    #[arg(value_name = "ARGS", allow_negative_numbers = true)]
    pub arguments: Vec<String>,
    /// Gas limit.
    #[arg(long, value_name = "GAS", default_value_t = 1_000_000_000)]
    pub gas: u64,
    /// Whether instructions and memory cost gas. Without metering a module can run forever.
    #[arg(long, value_name = "ON|OFF", default_value = "on", hide_possible_values = true)]
    pub metering: Switch,
}

const EXAMPLES: &str = "\
Examples:
  tephra run fibonacci.wat --invoke fib 20
  tephra run math.wasm --invoke hypot 3 4.0 --gas 100000";

/// Number of open functions that are listed after a trap, innermost first.
const DEEPEST_SHOWN: usize = 8;

#[derive(Serialize)]
struct Json {
    status: String,
    results: Vec<String>,
    gas_used: u64,
    gas_limit: u64,
    functions: Vec<String>,
}

/// Runs the command.
pub fn run(args: &Run, out: &mut Output) -> Result<Exit> {
    let binary = input::read_binary(&args.file)?;
    let options = Options { metering: args.metering.is_on(), ..Options::default() };
    let engine = Engine::new(Config { costs: options.costs(), ..Config::default() });
    let module = Module::new(&engine, &binary.bytes)
        .map_err(|error| Error::input(&binary.name, plain(&error.to_string())))?;
    let mut store = Store::new(&engine);
    let linker = Linker::<()>::new();
    // The start function and the call each have the whole gas: the limit only stops what would not
    // end.
    let instance = match linker.instantiate(&mut store, &mut (), &module, args.gas) {
        Ok(instance) => instance,
        Err(LinkError::Start(error)) => return failed(args, &module, &error, out),
        Err(error) => return Err(Error::input(&binary.name, plain(&error.to_string()))),
    };
    let Some(name) = &args.invoke else {
        if !args.arguments.is_empty() {
            return Err(Error::usage(format!(
                "arguments for which function? Name it with --invoke; {}",
                exported(&module)
            )));
        }
        return finished(args, &[], GasTank::new(args.gas), out);
    };
    let func = instance.export(&store, name).and_then(|export| export.func());
    let (Some(func), Some(ExternType::Func(ty))) = (func, module.export(name)) else {
        return Err(Error::usage(format!(
            "the module exports no function `{}`; {}",
            shorten(name),
            exported(&module)
        )));
    };
    if ty.params().len() != args.arguments.len() {
        return Err(Error::usage(format!(
            "`{}` takes {} arguments, but got {}",
            shorten(name),
            ty.params().len(),
            args.arguments.len()
        )));
    }
    let values: Vec<Val> = ty
        .params()
        .iter()
        .zip(&args.arguments)
        .map(|(ty, text)| parse(*ty, text))
        .collect::<Result<_>>()?;
    match linker.call(&mut store, &mut (), func, &values, GasTank::new(args.gas)) {
        Ok((results, gas)) => finished(args, &results, gas, out),
        Err(error) => failed(args, &module, &error, out),
    }
}

fn exported(module: &Module) -> String {
    let functions = module.exports().filter(|export| matches!(export.ty, ExternType::Func(_)));
    let names: Vec<_> = functions.map(|export| shorten(export.name)).take(20).collect();
    if names.is_empty() {
        "it exports none".to_owned()
    } else {
        format!("it exports {}", names.join(", "))
    }
}

fn finished(args: &Run, results: &[Val], gas: GasTank, out: &mut Output) -> Result<Exit> {
    let results: Vec<String> = results.iter().map(show).collect();
    if out.json {
        let gas_used = args.gas.saturating_sub(gas.left());
        let json = Json {
            status: "success".to_owned(),
            results,
            gas_used,
            gas_limit: args.gas,
            functions: Vec::new(),
        };
        out.object(&json)?;
    } else {
        results.iter().try_for_each(|result| out.line(result))?;
    }
    Ok(Exit::Success)
}

fn failed(args: &Run, module: &Module, error: &CallError, out: &mut Output) -> Result<Exit> {
    let name = |index: u32| {
        module.func_name(index).map_or_else(|| format!("function {index}"), |name| plain(&name))
    };
    let functions: Vec<String> =
        error.backtrace.iter().take(DEEPEST_SHOWN).map(|(_, index)| name(*index)).collect();
    let reason = match &error.reason {
        CallFailure::Trap(trap) => trap.code.message().to_owned(),
        _ => error.to_string(),
    };
    let offset = match &error.reason {
        CallFailure::Trap(trap) => trap.offset.map(|offset| format!(" at byte {offset:#x}")),
        _ => None,
    };
    if out.json {
        let gas_used = args.gas.saturating_sub(error.gas.left());
        out.object(&Json {
            status: reason,
            results: Vec::new(),
            gas_used,
            gas_limit: args.gas,
            functions,
        })?;
    } else {
        let more = error.backtrace.len().saturating_sub(functions.len());
        let more = if more == 0 { String::new() } else { format!(", called by {more} more") };
        let place = if functions.is_empty() {
            more
        } else {
            format!(", in {}{more}", functions.join(", called by "))
        };
        out.flush()?;
        complain(
            "error",
            format_args!("the module trapped: {reason}{}{place}", offset.unwrap_or_default()),
        );
    }
    Ok(Exit::Contract)
}

fn parse(ty: ValType, text: &str) -> Result<Val> {
    let value = match ty {
        ValType::I32 => integer(text, 32).map(|number| Val::I32(number as i32)),
        ValType::I64 => integer(text, 64).map(|number| Val::I64(number as i64)),
        ValType::F32 => text.parse::<f32>().ok().map(|number| Val::F32(number.to_bits())),
        ValType::F64 => text.parse::<f64>().ok().map(|number| Val::F64(number.to_bits())),
        ValType::FuncRef => (text == "null").then_some(Val::FuncRef(None)),
        ValType::ExternRef if text == "null" => Some(Val::ExternRef(None)),
        ValType::ExternRef => text.parse().ok().map(|number| Val::ExternRef(Some(number))),
    };
    value.ok_or_else(|| {
        Error::usage(format!("`{}` is not a value of type {}", shorten(text), type_name(ty)))
    })
}

/// Reads a number of `bits` bits, signed or unsigned, in decimal or hexadecimal.
fn integer(text: &str, bits: u32) -> Option<i128> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let magnitude = match digits.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()?,
        None => digits.parse::<u64>().ok()?,
    };
    let number = if negative { -i128::from(magnitude) } else { i128::from(magnitude) };
    (-(1i128 << (bits - 1))..1i128 << bits).contains(&number).then_some(number)
}

fn show(value: &Val) -> String {
    match value {
        Val::I32(number) => number.to_string(),
        Val::I64(number) => number.to_string(),
        Val::F32(bits) => f32::from_bits(*bits).to_string(),
        Val::F64(bits) => f64::from_bits(*bits).to_string(),
        Val::FuncRef(None) | Val::ExternRef(None) => "null".to_owned(),
        Val::FuncRef(Some(_)) => "function".to_owned(),
        Val::ExternRef(Some(number)) => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_may_be_signed_unsigned_or_hexadecimal() {
        assert_eq!(parse(ValType::I32, "-1").ok(), Some(Val::I32(-1)));
        assert_eq!(parse(ValType::I32, "4294967295").ok(), Some(Val::I32(-1)));
        assert_eq!(parse(ValType::I64, "0xffffffffffffffff").ok(), Some(Val::I64(-1)));
        for wrong in ["", "4294967296", "-2147483649", "x", "0x", "1.5", "--1"] {
            assert!(parse(ValType::I32, wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn floats_may_be_infinite() {
        assert_eq!(parse(ValType::F64, "1.5").ok(), Some(Val::F64(1.5f64.to_bits())));
        assert!(parse(ValType::F32, "inf").is_ok());
        assert!(parse(ValType::F32, "abc").is_err());
    }
}
