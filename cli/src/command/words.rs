//! Makes transactions from words of the command line.
use std::path::{Path, PathBuf};

use alloy_primitives::{Address, hex};
use clap::Args;
use tephra::abi::{self, Function, JsonAbi, JsonAbiExt, Value};
use tephra::chain::{Chain, Request};
use tephra::code;
use tephra::database::Snapshot;
use tephra::names::Names;
use tephra::report::{Target, stored_abi};
use tephra::text::shorten;

use super::error::{Error, Result};
use super::input;
use super::options::TransactionOptions;

/// A transaction before it runs.
pub struct Prepared {
    /// The transaction.
    pub request: Request,
    /// What is known of the contract.
    pub target: Target,
    /// The ABI of a new contract, as JSON.
    pub new_abi: Option<String>,
    /// The transaction as text: `token.transfer(bob, 3)`.
    pub title: String,
}

/// What to call.
#[derive(Args)]
pub struct Words {
    /// The contract: its name or address.
    #[arg(value_name = "ADDRESS")]
    pub address: String,
    /// The function: its signature, 'name(types)' or 'name(types)(results)', or only its name if
    /// the ABI is known.
    #[arg(value_name = "SIGNATURE", required_unless_present = "data", conflicts_with = "data")]
    pub signature: Option<String>,
    #[arg(
        help = "Its arguments. Addresses may be names; arrays are written [1,2], tuples (1,true)"
    )]
    #[arg(value_name = "ARGS", allow_negative_numbers = true)]
    pub arguments: Vec<String>,
    /// Raw call data instead of a signature and arguments.
    #[arg(long, value_name = "HEX")]
    pub data: Option<String>,
    /// Types of the results, if neither the signature nor an ABI has them.
    #[arg(long, value_name = "TYPES")]
    pub returns: Option<String>,
    /// ABI of the contract, instead of the one remembered since its deployment.
    #[arg(long, value_name = "FILE")]
    pub abi: Option<PathBuf>,
}

impl Words {
    /// Returns the words of a call.
    pub fn borrow(&self) -> CallWords<'_> {
        CallWords {
            address: &self.address,
            signature: self.signature.as_deref(),
            arguments: &self.arguments,
            data: self.data.as_deref(),
            returns: self.returns.as_deref(),
            abi: self.abi.as_deref(),
        }
    }
}

/// What to trace or profile: a call, or a deployment.
#[derive(Args)]
pub struct Subject {
    /// Contract, function and arguments, as for `tephra call`; with --deploy the constructor's
    /// arguments.
    #[arg(value_name = "ADDRESS SIGNATURE ARGS", allow_negative_numbers = true)]
    pub words: Vec<String>,
    /// Deploy this file instead of calling a contract.
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    pub deploy: Option<String>,
    /// Raw call data instead of a signature and arguments.
    #[arg(long, value_name = "HEX")]
    pub data: Option<String>,
    /// ABI of the contract, instead of the one remembered or beside the file.
    #[arg(long, value_name = "FILE")]
    pub abi: Option<PathBuf>,
    /// Signature of the constructor, if there is no ABI.
    #[arg(long, value_name = "SIGNATURE", requires = "deploy")]
    pub constructor: Option<String>,
    /// The file holds the code to store rather than init code, so there is no constructor.
    #[arg(long, requires = "deploy", conflicts_with = "constructor")]
    pub runtime: bool,
}

/// Words that say what to call.
#[derive(Clone, Copy, Default)]
pub struct CallWords<'a> {
    /// The contract.
    pub address: &'a str,
    /// The function: a signature, or only a name if the ABI is known.
    pub signature: Option<&'a str>,
    /// Its arguments.
    pub arguments: &'a [String],
    /// Raw call data instead.
    pub data: Option<&'a str>,
    /// Types of the results.
    pub returns: Option<&'a str>,
    /// A file with the ABI, instead of the remembered one.
    pub abi: Option<&'a Path>,
}

/// Prepares a call of a contract.
pub fn call(
    chain: &Chain,
    snapshot: &Snapshot,
    names: &Names,
    words: CallWords<'_>,
    options: &TransactionOptions,
) -> Result<Prepared> {
    let to = names.resolve(words.address)?;
    let abi = match words.abi {
        Some(file) => Some(input::read_abi(file)?.1),
        None => stored_abi(snapshot, &to),
    };
    let (data, mut function) = match (words.data, words.signature) {
        (Some(data), None) => {
            let data = input::parse_hex("the call data", data)?;
            let selector = data.first_chunk::<4>().map(|bytes| (*bytes).into());
            let function =
                selector.and_then(|selector| abi.as_ref()?.function_by_selector(selector));
            (data, function.cloned())
        }
        (None, Some(signature)) => {
            let function = abi::find_function(signature, abi.as_ref(), words.arguments.len())?;
            (abi::encode_call(&function, words.arguments, names)?, Some(function))
        }
        (Some(_), Some(_)) => {
            return Err(Error::usage(
                "give either a signature with its arguments or --data, not both",
            ));
        }
        (None, None) => {
            return Err(Error::usage(
                "which function? Give a signature, as in 'transfer(address,uint256)', or raw call \
                 data with --data",
            ));
        }
    };
    if let Some(types) = words.returns {
        let outputs = abi::parse_returns(types)?;
        match &mut function {
            Some(function) => function.outputs = outputs,
            None => {
                let unknown = abi::find_function("unknown()", None, 0)?;
                function = Some(Function { outputs, ..unknown });
            }
        }
    }
    let title = format!("{}.{}", names.show(&to), show_call(function.as_ref(), &data, names));
    let target = Target::called(chain, snapshot, &to, function, abi)?;
    let request = request(names, Some(to), data, options)?;
    Ok(Prepared { request, target, new_abi: None, title })
}

/// Words that say what to deploy.
#[derive(Clone, Copy, Default)]
pub struct DeployWords<'a> {
    /// The file with the init code.
    pub file: &'a str,
    /// The constructor's arguments.
    pub arguments: &'a [String],
    /// A file with the ABI, instead of the one beside the code.
    pub abi: Option<&'a Path>,
    /// The constructor's signature, if there is no ABI.
    pub constructor: Option<&'a str>,
    /// Whether the file holds the code to store, and not its init code.
    pub runtime: bool,
}

/// Prepares the creation of a contract.
pub fn deploy(
    chain: &Chain,
    names: &Names,
    words: DeployWords<'_>,
    options: &TransactionOptions,
) -> Result<Prepared> {
    let binary = input::read_binary(words.file)?;
    let beside = binary.path.as_deref().and_then(input::abi_beside);
    let abi = match words.abi.map(Path::to_owned).or(beside) {
        Some(file) => Some(input::read_abi(&file)?),
        None => None,
    };
    if !words.runtime {
        return deploy_code(chain, names, binary.bytes, abi, words, options);
    }
    let problem = chain.contract_of(&binary.bytes).err().map(|error| error.to_string());
    let mut prepared =
        deploy_code(chain, names, code::storing(&binary.bytes)?, abi, words, options)?;
    prepared.target.problem = problem;
    Ok(prepared)
}

/// Prepares the creation of a contract from init code and the ABI, as JSON and decoded.
pub fn deploy_code(
    chain: &Chain,
    names: &Names,
    init_code: Vec<u8>,
    abi: Option<(String, JsonAbi)>,
    words: DeployWords<'_>,
    options: &TransactionOptions,
) -> Result<Prepared> {
    let (new_abi, abi) = abi.unzip();
    let constructor = match words.constructor {
        // Init code that only stores code has no constructor, whatever the ABI says.
        _ if words.runtime => None,
        Some(signature) => Some(abi::parse_constructor(signature)?),
        None => abi.as_ref().and_then(JsonAbi::constructor).cloned(),
    };
    let arguments = match constructor {
        Some(constructor) => abi::encode_constructor(&constructor, words.arguments, names)?,
        None if words.arguments.is_empty() => Vec::new(),
        None => {
            return Err(Error::usage(
                "the types of the constructor's arguments are not known; give its signature, as \
                 in --constructor 'constructor(string,uint256)', or --abi FILE",
            ));
        }
    };
    // Code that is not valid is sent all the same: the chain refuses it.
    let target = Target::created(chain, &init_code, abi);
    let data = code::with_arguments(init_code, &arguments)?;
    let file = Path::new(words.file)
        .file_name()
        .map_or_else(|| words.file.into(), |name| name.to_string_lossy());
    let shown: Vec<_> = words.arguments.iter().map(|word| shorten(word)).collect();
    let title = format!("{}({})", shorten(&file), shown.join(", "));
    let request = request(names, None, data, options)?;
    Ok(Prepared { request, target, new_abi, title })
}

/// Prepares a call or a deployment.
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

/// Returns a call as text: `transfer(bob, 3)`.
fn show_call(function: Option<&Function>, data: &[u8], names: &Names) -> String {
    let decoded = function.and_then(|function| {
        let values = function.abi_decode_input(data.get(4..)?).ok()?;
        let values: Vec<_> = values.into_iter().map(|value| Value(value).show(names)).collect();
        Some(format!("{}({})", shorten(&function.name), values.join(", ")))
    });
    decoded.unwrap_or_else(|| shorten(&hex::encode_prefixed(data)))
}
