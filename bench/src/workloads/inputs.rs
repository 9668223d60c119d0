//! Files with the inputs of a module: blocks of lines with a name, the function, its type as
//! `parameters:result` in the letters `i` (32 bits) and `I` (64 bits), the arguments, the start of
//! the memory in hex, the result, and the start of the memory afterwards in hex. Empty lines
//! between blocks.
use alloy_primitives::hex;
use tephra_bench_common::{Ended, Job, Type, Value, World};

use crate::error::{Error, Result};

/// One block.
#[derive(Debug, PartialEq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// The call.
    pub job: Job,
    /// The expected end.
    pub expected: Ended,
}

/// Reads a file.
///
/// # Errors
/// At the first line that means nothing.
pub fn parse(text: &str) -> Result<Vec<Input>> {
    let mut lines = text.lines().map(str::trim);
    let mut inputs = Vec::new();
    while let Some(name) = lines.by_ref().find(|line| !line.is_empty()) {
        let mut line = || lines.next().unwrap_or_default();
        let (function, ty, args, before, result, after) =
            (line(), line(), line(), line(), line(), line());
        let (params, results) = ty.split_once(':').ok_or_else(|| bad(name, "type", ty))?;
        let params: Vec<Type> =
            params.chars().map(|letter| type_of(name, letter)).collect::<Result<_>>()?;
        let result_type = results.chars().next().map(|letter| type_of(name, letter)).transpose()?;
        let args: Vec<&str> = args.split_whitespace().collect();
        if args.len() != params.len() {
            return Err(bad(name, "number of arguments", &args.len().to_string()));
        }
        let args = args
            .iter()
            .zip(params)
            .map(|(text, ty)| value(name, text, ty))
            .collect::<Result<_>>()?;
        let after = bytes(name, after)?;
        let job = Job {
            function: function.into(),
            args,
            result: result_type,
            memory: bytes(name, before)?,
            look_at: after.len(),
        };
        let result = result_type.map(|ty| value(name, result, ty)).transpose()?;
        let expected = Ended { result, memory: after, world: World::default() };
        inputs.push(Input { name: name.into(), job, expected });
    }
    Ok(inputs)
}

fn bad(name: &str, what: &str, found: &str) -> Error {
    Error::new(format!("in the input `{name}` the {what} `{found}` means nothing"))
}

fn type_of(name: &str, letter: char) -> Result<Type> {
    match letter {
        'i' => Ok(Type::I32),
        'I' => Ok(Type::I64),
        other => Err(bad(name, "type", &other.to_string())),
    }
}

/// A number, signed or unsigned.
fn value(name: &str, text: &str, ty: Type) -> Result<Value> {
    let number: i128 = text.parse().map_err(|_| bad(name, "number", text))?;
    match ty {
        Type::I32 if (i32::MIN.into()..=u32::MAX.into()).contains(&number) => {
            Ok(Value::I32(number as i32))
        }
        Type::I64 if (i64::MIN.into()..=u64::MAX.into()).contains(&number) => {
            Ok(Value::I64(number as i64))
        }
        _ => Err(bad(name, "number", text)),
    }
}

fn bytes(name: &str, text: &str) -> Result<Vec<u8>> {
    let digits: String = text.split_whitespace().collect();
    hex::decode(&digits).map_err(|_| bad(name, "memory", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_several_blocks() {
        let inputs =
            parse("one\nf\niI:i\n1 -2\n\n4294967295\n\n\ntwo\ng\n:\n\n00 ff\n\nff\n").unwrap();
        let [one, two] = inputs.as_slice() else { panic!("{inputs:?}") };
        assert_eq!((one.name.as_str(), one.job.function.as_str()), ("one", "f"));
        assert_eq!(one.job.args, [Value::I32(1), Value::I64(-2)]);
        assert_eq!(one.expected.result, Some(Value::I32(-1)));
        assert_eq!((two.job.memory.as_slice(), two.job.look_at), ([0, 0xff].as_slice(), 1));
        assert_eq!(two.expected.memory, [0xff]);
    }

    #[test]
    fn what_means_nothing_is_an_error() {
        for text in [
            "x\nf\n",
            "x\nf\ni\n1\n",
            "x\nf\nf:\n1\n",
            "x\nf\ni:\none\n",
            "x\nf\ni:\n\n",
            "x\nf\n:\n\nabc\n",
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }
}
