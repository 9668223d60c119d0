//! From words of the command line to a transaction.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alloy_dyn_abi::JsonAbiExt;
use alloy_json_abi::{Function, JsonAbi};
use alloy_primitives::{Address, hex};
use tephra_core::ewasm::{Contract, append_constructor_arguments};

use crate::abi::{self, Value};
use crate::args::{Subject, TransactionOptions};
use crate::chain::{Chain, Request};
use crate::database::Snapshot;
use crate::error::{Error, Result};
use crate::input;
use crate::names::Names;

/// A transaction to be, and what is known of it.
pub struct Prepared {
    /// The transaction.
    pub request: Request,
    /// The function that is called, if it is known.
    pub function: Option<Function>,
    /// The ABI of the contract, if it is known.
    pub abi: Option<JsonAbi>,
    /// The same as JSON, if it is new.
    pub new_abi: Option<String>,
    /// The contract whose code runs first, for the names of its functions.
    pub contract: Option<Arc<Contract>>,
    /// Why the code to be deployed is no valid contract, if it is not.
    pub problem: Option<String>,
    /// The transaction for people: `token.transfer(bob, 3)`.
    pub title: String,
}

/// Words that say what to call.
#[derive(Clone, Copy, Default)]
pub struct CallWords<'a> {
    /// The contract.
    pub address: &'a str,
    /// The function: a signature, or only a name where the ABI is known.
    pub signature: Option<&'a str>,
    /// Its arguments.
    pub arguments: &'a [String],
    /// Raw call data instead.
    pub data: Option<&'a str>,
    /// Types of the results.
    pub returns: Option<&'a str>,
    /// A file with the ABI instead of the one that is remembered.
    pub abi: Option<&'a Path>,
}

/// A call of a contract.
pub fn call(
    chain: &Chain,
    snapshot: &Snapshot,
    names: &Names,
    words: CallWords<'_>,
    options: &TransactionOptions,
) -> Result<Prepared> {
    let to = names.resolve(words.address)?;
    let abi = match words.abi {
        Some(file) => Some(read_abi(file)?.1),
        None => remembered_abi(snapshot, &to),
    };
    let (data, mut function) = match (words.data, words.signature) {
        (Some(data), None) => {
            let data = input::parse_hex("the call data", data)?;
            let selector = data.first_chunk::<4>().map(|bytes| (*bytes).into());
            (
                data,
                selector.and_then(|selector| abi.as_ref()?.function_by_selector(selector)).cloned(),
            )
        }
        (None, Some(signature)) => {
            let function = abi::find_function(signature, abi.as_ref(), words.arguments.len())?;
            let data = abi::encode_call(&function, words.arguments, &|word| names.resolve(word))?;
            (data, Some(function))
        }
        (Some(_), Some(_)) => {
            return Err(Error::usage(
                "give either a signature with its arguments or --data, not both",
            ));
        }
        (None, None) => {
            return Err(Error::usage(
                "which function? Give a signature, as in 'transfer(address,uint256)', or raw call data with --data",
            ));
        }
    };
    if let Some(types) = words.returns {
        let outputs = abi::parse_returns(types)?;
        match &mut function {
            Some(function) => function.outputs = outputs,
            None => {
                function = Some(
                    abi::find_function("unknown()", None, 0).map(|f| Function { outputs, ..f })?,
                )
            }
        }
    }
    let title = format!("{}.{}", names.show(&to), show_call(function.as_ref(), &data, names));
    let contract = chain.contract_at(snapshot, &to)?;
    let request = request(names, Some(to), data, options)?;
    Ok(Prepared { request, function, abi, new_abi: None, contract, problem: None, title })
}

/// Words that say what to deploy.
#[derive(Clone, Copy, Default)]
pub struct DeployWords<'a> {
    /// The file with the init code.
    pub file: &'a str,
    /// The constructor's arguments.
    pub arguments: &'a [String],
    /// A file with the ABI instead of the one beside the code.
    pub abi: Option<&'a Path>,
    /// The constructor's signature, if there is no ABI.
    pub constructor: Option<&'a str>,
    /// Whether the file holds the code to be stored, and not its init code.
    pub runtime: bool,
}

/// The creation of a contract.
pub fn deploy(
    chain: &Chain,
    names: &Names,
    words: DeployWords<'_>,
    options: &TransactionOptions,
) -> Result<Prepared> {
    let binary = input::read_binary(words.file)?;
    let beside = binary.path.as_deref().and_then(abi_beside);
    let (new_abi, abi) = match words.abi.map(Path::to_owned).or(beside) {
        Some(file) => read_abi(&file).map(|(text, abi)| (Some(text), Some(abi)))?,
        None => (None, None),
    };
    if !words.runtime {
        return deploy_code(chain, names, binary.bytes, (new_abi, abi), words, options);
    }
    let problem = chain.contract_of(&binary.bytes).err().map(|error| error.to_string());
    let prepared =
        deploy_code(chain, names, storing(&binary.bytes)?, (new_abi, abi), words, options)?;
    Ok(Prepared { problem, ..prepared })
}

/// The creation of a contract from code that is at hand.
pub fn deploy_code(
    chain: &Chain,
    names: &Names,
    code: Vec<u8>,
    (new_abi, abi): (Option<String>, Option<JsonAbi>),
    words: DeployWords<'_>,
    options: &TransactionOptions,
) -> Result<Prepared> {
    let constructor = match words.constructor {
        // Code that is stored as it is has no constructor, whatever its ABI says.
        _ if words.runtime => None,
        Some(signature) => Some(abi::parse_constructor(signature)?),
        None => abi.as_ref().and_then(JsonAbi::constructor).cloned(),
    };
    let arguments = match constructor {
        Some(constructor) => {
            abi::encode_constructor(&constructor, words.arguments, &|word| names.resolve(word))?
        }
        None if words.arguments.is_empty() => Vec::new(),
        None => {
            return Err(Error::usage(
                "the types of the constructor's arguments are not known; give its signature, as in --constructor 'constructor(string,uint256)', or --abi FILE",
            ));
        }
    };
    // Code that is not valid is tried nevertheless: the chain says what becomes of it.
    let (contract, problem) = match chain.contract_of(&code) {
        Ok(contract) => (Some(contract), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let data = with_arguments(code, &arguments)?;
    let file = Path::new(words.file)
        .file_name()
        .map_or_else(|| words.file.into(), |name| name.to_string_lossy());
    let title = format!(
        "{}({})",
        input::shorten(&file),
        words.arguments.iter().map(|word| input::shorten(word)).collect::<Vec<_>>().join(", ")
    );
    let request = request(names, None, data, options)?;
    Ok(Prepared { request, function: None, abi, new_abi, contract, problem, title })
}

/// A call or a deployment, to be looked at.
pub fn subject(
    chain: &Chain,
    snapshot: &Snapshot,
    names: &Names,
    subject: &Subject,
    options: &TransactionOptions,
) -> Result<Prepared> {
    if let Some(file) = &subject.deploy {
        let words = DeployWords {
            file,
            arguments: &subject.words,
            abi: subject.abi.as_deref(),
            constructor: subject.constructor.as_deref(),
            runtime: subject.runtime,
        };
        return deploy(chain, names, words, options);
    }
    let Some((address, rest)) = subject.words.split_first() else {
        return Err(Error::usage(
            "which contract? Give its address or name, or a file with --deploy",
        ));
    };
    let (signature, arguments) =
        rest.split_first().map_or((None, rest), |(first, rest)| (Some(first.as_str()), rest));
    let words = CallWords {
        address,
        signature,
        arguments,
        data: subject.data.as_deref(),
        returns: None,
        abi: subject.abi.as_deref(),
    };
    call(chain, snapshot, names, words, options)
}

fn request(
    names: &Names,
    to: Option<Address>,
    data: Vec<u8>,
    options: &TransactionOptions,
) -> Result<Request> {
    let from = names.resolve(&options.from)?;
    Ok(Request { from, to, value: options.value, gas: options.gas, data: data.into() })
}

/// Init code that does nothing but store this code.
fn storing(code: &[u8]) -> Result<Vec<u8>> {
    let data: String = code.iter().map(|byte| format!("\\{byte:02x}")).collect();
    let (pages, length) = (code.len().div_ceil(1 << 16), code.len());
    let text = format!(
        r#"(module
            (import "ethereum" "finish" (func $finish (param i32 i32)))
            (memory (export "memory") {pages})
            (data (i32.const 0) "{data}")
            (func (export "main") (call $finish (i32.const 0) (i32.const {length}))))"#
    );
    wat::parse_str(text)
        .map_err(|error| Error::usage(format!("the code is too long to be deployed: {error}")))
}

/// Appends the constructor's arguments to init code.
fn with_arguments(mut code: Vec<u8>, arguments: &[u8]) -> Result<Vec<u8>> {
    append_constructor_arguments(&mut code, arguments)
        .map_err(|_| Error::usage("the constructor's arguments are too long"))?;
    Ok(code)
}

/// The ABI that lies beside a file: `token.abi.json` or `token.wasm.abi.json` beside `token.wasm`.
fn abi_beside(file: &Path) -> Option<PathBuf> {
    let whole = file.file_name()?.to_owned();
    let stem = file.file_stem()?.to_owned();
    [stem, whole].into_iter().find_map(|mut name| {
        name.push(".abi.json");
        Some(file.with_file_name(name)).filter(|candidate| candidate.is_file())
    })
}

/// Reads an ABI: its text, and what it means.
pub fn read_abi(file: &Path) -> Result<(String, JsonAbi)> {
    let name = file.display().to_string();
    let bytes = input::read_file(file)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::input(&name, "not an ABI: the file is not text"))?;
    let abi = abi::parse_abi(&text).map_err(|reason| Error::input(&name, reason))?;
    Ok((text, abi))
}

/// The ABI that was remembered at deployment. One that is damaged is worth as much as none.
pub fn remembered_abi(snapshot: &Snapshot, address: &Address) -> Option<JsonAbi> {
    abi::parse_abi(&snapshot.abi(address).ok()??).ok()
}

/// A call for people: `transfer(bob, 3)`.
pub fn show_call(function: Option<&Function>, data: &[u8], names: &Names) -> String {
    let decoded = function.and_then(|function| {
        let values = function.abi_decode_input(data.get(4..)?).ok()?;
        let values: Vec<_> = values.into_iter().map(|value| Value(value).show(names)).collect();
        Some(format!("{}({})", input::shorten(&function.name), values.join(", ")))
    });
    decoded.unwrap_or_else(|| input::shorten(&hex::encode_prefixed(data)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn init_code_that_stores_something_carries_it() {
        let code = storing(b"\0asm\x01\0\0\0\"\\").unwrap();
        assert!(code.windows(10).any(|part| part == b"\0asm\x01\0\0\0\"\\"));
        assert!(wasmparser::validate(&code).is_ok());
    }
}
