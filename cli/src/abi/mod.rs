//! The contract ABI: reads arguments from text, and decodes results, events and reverts.
//!
//! Encoding itself is alloy's, whose types are used throughout.
mod argument;
mod error;
mod event;
mod revert;
mod value;

use alloy_dyn_abi::{DynSolType, FunctionExt, Specifier};

pub use alloy_dyn_abi::{DynSolValue, JsonAbiExt};
pub use alloy_json_abi::{Constructor, Function, JsonAbi, Param};
pub use argument::parse_amount;
pub use error::{ArgumentError, Error};
pub use event::{Argument, Event, decode_event};
pub use revert::{Reason, decode_revert};
pub use value::{Value, show_amount};

use crate::names::Names;
use crate::text::shorten;

/// Greatest nesting of brackets in a type. Deeper types would exhaust the stack of the recursive
/// functions that handle them.
const DEEPEST_TYPE: usize = 24;

/// Greatest number of elements of all arrays of fixed length in a type. Space for them is allocated
/// before any data is read.
const MOST_ELEMENTS: usize = 1 << 16;

/// Reads an ABI: a JSON array, or an object that has one under `abi`, as solc, Foundry and Hardhat
/// write it.
///
/// # Errors
/// [`Error::NotJson`], [`Error::NotAnArray`], [`Error::NotAbi`] or [`Error::Type`].
pub fn parse_abi(json: &str) -> Result<JsonAbi, Error> {
    let mut value: serde_json::Value =
        serde_json::from_str(json).map_err(|error| Error::NotJson(error.to_string()))?;
    if let Some(inner) = value.get_mut("abi") {
        value = inner.take();
    }
    if !value.is_array() {
        return Err(Error::NotAnArray);
    }
    let abi: JsonAbi =
        serde_json::from_value(value).map_err(|error| Error::NotAbi(error.to_string()))?;
    check_abi(&abi).map_err(Error::Type)?;
    Ok(abi)
}

fn check_abi(abi: &JsonAbi) -> Result<(), String> {
    for function in abi.functions() {
        check_params(&function.inputs)?;
        check_params(&function.outputs)?;
    }
    abi.constructor().map_or(Ok(()), |constructor| check_params(&constructor.inputs))?;
    abi.errors().try_for_each(|error| check_params(&error.inputs))?;
    for input in abi.events().flat_map(|event| &event.inputs) {
        check_depth(&input.ty)?;
        check_size(&input.resolve().map_err(|error| error.to_string())?)?;
    }
    Ok(())
}

/// Finds the function of a call by `name(types)`, `name(types)(results)` or, with an ABI, only
/// `name`. Result types that the signature leaves out are taken from the ABI. `arguments` is their
/// number, which tells functions of the same name apart.
///
/// # Errors
/// [`Error::Signature`], [`Error::UnknownAbi`], [`Error::NoFunction`] or [`Error::Ambiguous`].
pub fn find_function(
    signature: &str,
    abi: Option<&JsonAbi>,
    arguments: usize,
) -> Result<Function, Error> {
    let signature = signature.trim();
    if !signature.contains('(') {
        return function_by_name(signature, abi, arguments);
    }
    let wrong = |reason| Error::Signature { signature: shorten(signature), reason };
    check_depth(signature).map_err(wrong)?;
    let mut function = Function::parse(signature).map_err(|error| wrong(one_line(&error)))?;
    check_params(&function.inputs).and_then(|()| check_params(&function.outputs)).map_err(wrong)?;
    let known = abi.and_then(|abi| abi.function_by_selector(function.selector()));
    if let Some(known) = known.filter(|_| function.outputs.is_empty()) {
        function.outputs.clone_from(&known.outputs);
    }
    Ok(function)
}

fn function_by_name(
    name: &str,
    abi: Option<&JsonAbi>,
    arguments: usize,
) -> Result<Function, Error> {
    let shown = shorten(name);
    let Some(abi) = abi else { return Err(Error::UnknownAbi(shown)) };
    let named = abi.function(name).map(Vec::as_slice).unwrap_or_default();
    let mut fitting = named.iter().filter(|function| function.inputs.len() == arguments);
    match (named, fitting.next(), fitting.next()) {
        ([], ..) => Err(Error::NoFunction { name: shown, known: signatures(abi.functions()) }),
        (_, Some(function), None) => Ok(function.clone()),
        // Encoding checks the number of arguments.
        ([only], None, _) => Ok(only.clone()),
        _ => Err(Error::Ambiguous { name: shown, known: signatures(named) }),
    }
}

fn signatures<'a>(functions: impl IntoIterator<Item = &'a Function>) -> String {
    let all: Vec<_> =
        functions.into_iter().map(|function| shorten(&function.signature())).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

/// Reads result types, such as `uint256` or `(address,bool)`.
///
/// # Errors
/// [`Error::ResultTypes`].
pub fn parse_returns(types: &str) -> Result<Vec<Param>, Error> {
    let types = types.trim();
    let list = if types.starts_with('(') && types.ends_with(')') {
        types.to_owned()
    } else {
        format!("({types})")
    };
    find_function(&format!("f(){list}"), None, 0)
        .map(|function| function.outputs)
        .map_err(|_| Error::ResultTypes(shorten(types)))
}

/// Reads the signature of a constructor: `constructor(types)` or only `(types)`.
///
/// # Errors
/// [`Error::Constructor`].
pub fn parse_constructor(signature: &str) -> Result<Constructor, Error> {
    let wrong = |reason| Error::Constructor { signature: shorten(signature), reason };
    let trimmed = signature.trim();
    let full =
        if trimmed.starts_with('(') { format!("constructor{trimmed}") } else { trimmed.to_owned() };
    check_depth(&full).map_err(wrong)?;
    let constructor = Constructor::parse(&full).map_err(|error| wrong(one_line(&error)))?;
    check_params(&constructor.inputs).map_err(wrong)?;
    Ok(constructor)
}

/// Encodes call data: the function's selector and its arguments, read from text. A name may stand
/// for an address.
///
/// # Errors
/// [`Error::ArgumentCount`] or [`Error::Argument`].
pub fn encode_call(
    function: &Function,
    arguments: &[impl AsRef<str>],
    names: &Names,
) -> Result<Vec<u8>, Error> {
    let values = read_arguments(&function.signature(), &function.inputs, arguments, names)?;
    function.abi_encode_input(&values).map_err(|error| Error::Type(error.to_string()))
}

/// Encodes a constructor's arguments, read from text, without a selector. A name may stand for an
/// address.
///
/// # Errors
/// [`Error::ArgumentCount`] or [`Error::Argument`].
pub fn encode_constructor(
    constructor: &Constructor,
    arguments: &[impl AsRef<str>],
    names: &Names,
) -> Result<Vec<u8>, Error> {
    let types: Vec<_> = constructor.inputs.iter().map(|param| param.selector_type()).collect();
    let signature = format!("constructor({})", types.join(","));
    let values = read_arguments(&signature, &constructor.inputs, arguments, names)?;
    constructor.abi_encode_input(&values).map_err(|error| Error::Type(error.to_string()))
}

fn read_arguments(
    signature: &str,
    params: &[Param],
    arguments: &[impl AsRef<str>],
    names: &Names,
) -> Result<Vec<DynSolValue>, Error> {
    if params.len() != arguments.len() {
        return Err(Error::ArgumentCount {
            signature: shorten(signature),
            expected: params.len(),
            found: arguments.len(),
        });
    }
    let values = params.iter().zip(arguments).enumerate().map(|(index, (param, text))| {
        let ty = param.resolve().map_err(|error| Error::Type(error.to_string()))?;
        argument::read(&ty, text.as_ref(), names).map_err(|problem| Error::Argument {
            index,
            name: shorten(&param.name),
            signature: shorten(signature),
            problem: Box::new(problem),
        })
    });
    values.collect()
}

/// Decodes what a function returned. Returns nothing if the types are not known or do not fit.
pub fn decode_output(function: &Function, output: &[u8]) -> Option<Vec<Value>> {
    // A signature without results may only have left them out.
    if function.outputs.is_empty() && !output.is_empty() {
        return None;
    }
    let values = function.abi_decode_output(output).ok()?;
    Some(values.into_iter().map(Value).collect())
}

fn check_params(params: &[Param]) -> Result<(), String> {
    for param in params {
        check_param_depth(param, 0)?;
        check_size(&param.resolve().map_err(|error| one_line(&error))?)?;
    }
    Ok(())
}

fn check_param_depth(param: &Param, depth: usize) -> Result<(), String> {
    check_depth(&param.ty)?;
    if depth > DEEPEST_TYPE {
        return Err("types are nested too deeply".to_owned());
    }
    param.components.iter().try_for_each(|inner| check_param_depth(inner, depth + 1))
}

/// Refuses types that would exhaust the stack of the parser, which is recursive.
fn check_depth(types: &str) -> Result<(), String> {
    let mut open = 0usize;
    let mut arrays = 0usize;
    for character in types.chars() {
        match character {
            '(' => open += 1,
            ')' => open = open.saturating_sub(1),
            '[' => arrays += 1,
            ',' => arrays = 0,
            _ => {}
        }
        if open > DEEPEST_TYPE || arrays > DEEPEST_TYPE {
            return Err("types are nested too deeply".to_owned());
        }
    }
    Ok(())
}

fn check_size(ty: &DynSolType) -> Result<(), String> {
    match elements(ty) {
        Some(count) if count <= MOST_ELEMENTS => Ok(()),
        _ => Err(format!("its arrays of fixed length have more than {MOST_ELEMENTS} elements")),
    }
}

fn elements(ty: &DynSolType) -> Option<usize> {
    match ty {
        DynSolType::Array(inner) => elements(inner),
        DynSolType::FixedArray(inner, length) => elements(inner)?.checked_mul((*length).max(1)),
        DynSolType::Tuple(members) => {
            members.iter().try_fold(1usize, |sum, member| sum.checked_add(elements(member)?))
        }
        _ => Some(1),
    }
}

fn one_line(error: &dyn std::fmt::Display) -> String {
    error
        .to_string()
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABI: &str = r#"[
        {"type":"function","name":"get","inputs":[],"outputs":[{"name":"","type":"uint256"}],
            "stateMutability":"view"},
        {"type":"function","name":"put","inputs":[{"name":"x","type":"uint256"}],"outputs":[],
            "stateMutability":"nonpayable"},
        {"type":"function","name":"put","inputs":[{"name":"x","type":"bool"}],"outputs":[],
            "stateMutability":"nonpayable"}
    ]"#;

    #[test]
    fn a_signature_may_give_the_types_of_the_results() {
        let function = find_function("balanceOf(address)(uint256)", None, 1).unwrap();
        assert_eq!((function.inputs.len(), function.outputs.len()), (1, 1));
        assert_eq!(function.selector().as_slice(), [0x70, 0xa0, 0x82, 0x31]);
    }

    #[test]
    fn results_are_taken_from_the_abi_where_the_signature_has_none() {
        let abi = parse_abi(ABI).unwrap();
        assert_eq!(find_function("get()", Some(&abi), 0).unwrap().outputs.len(), 1);
        assert_eq!(find_function("get", Some(&abi), 0).unwrap().outputs.len(), 1);
    }

    #[test]
    fn a_bare_name_must_mean_one_function() {
        let abi = parse_abi(ABI).unwrap();
        for (name, reason) in [("put", "several"), ("nothing", "no function")] {
            let message = find_function(name, Some(&abi), 1).unwrap_err().to_string();
            assert!(message.contains(reason), "{message}");
        }
        assert!(find_function("get", None, 0).unwrap_err().to_string().contains("not known"));
    }

    #[test]
    fn an_abi_may_be_wrapped_in_an_artifact() {
        assert_eq!(parse_abi(&format!("{{\"abi\":{ABI}}}")).unwrap().functions().count(), 3);
        for wrong in ["", "{}", "7", "[{\"type\":\"function\"}]", "[[[["] {
            assert!(parse_abi(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn types_that_would_exhaust_stack_or_memory_are_refused() {
        let deep = format!("f({}", "(".repeat(100_000));
        let arrays = format!("f(uint256{})", "[]".repeat(100_000));
        let pairs = format!("f(uint256{})", "[1000]".repeat(9));
        for signature in
            [deep.as_str(), &arrays, &pairs, "f()(uint256[99999999999])", "f(uint256[0][99999999])"]
        {
            assert!(find_function(signature, None, 1).is_err(), "{}", shorten(signature));
        }
        let json = format!(
            r#"[{{"type":"event","name":"e","anonymous":false,
                "inputs":[{{"name":"","type":"uint256{}","indexed":false}}]}}]"#,
            "[9]".repeat(30)
        );
        assert!(parse_abi(&json).is_err());
    }

    #[test]
    fn the_number_of_arguments_must_match() {
        let function = find_function("put(uint256)", None, 0).unwrap();
        let message = encode_call(&function, &[""; 0], &Names::default()).unwrap_err().to_string();
        assert_eq!(message, "put(uint256) takes 1 argument, but got 0");
    }

    #[test]
    fn a_constructor_may_be_written_without_its_name() {
        assert_eq!(parse_constructor("(string,uint8)").unwrap().inputs.len(), 2);
        assert_eq!(parse_constructor("constructor(string name)").unwrap().inputs.len(), 1);
        assert!(parse_constructor("string").is_err());
    }
}
