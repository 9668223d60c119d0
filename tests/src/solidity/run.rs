//! Runs a test.
use alloy_primitives::{Address, U256, keccak256};
use serde_json::{Value, json};
use tephra_core::ewasm::{CallKind, Outcome, Status};
use tephra_yul::ir::build::Libraries;
use tephra_yul::{Options, compile};

use super::chain::Chain;
use super::format::{Event, Step, StepKind, Test};
use super::solc::Solc;

/// The verdict on a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All steps gave what they should.
    Passed,
    /// What went wrong.
    Failed(String),
    /// Why it does not apply.
    Skipped(String),
}

/// The version of the EVM that sources are compiled for, and those before it.
const VERSIONS: [&str; 14] = [
    "homestead",
    "tangerineWhistle",
    "spuriousDragon",
    "byzantium",
    "constantinople",
    "petersburg",
    "istanbul",
    "berlin",
    "london",
    "paris",
    "shanghai",
    "cancun",
    "prague",
    "osaka",
];

/// Addresses of contracts in solc's own tool.
const FOREIGN: [&str; 2] =
    ["c06afe3a8444fc0004668591e8306bfb9968e79e", "137aa4dfc0911524504fcd4d98501f179bc13b4a"];

/// Runs a test on what solc writes for `output`: `ir` or `irOptimized`.
#[must_use]
pub fn run(test: &Test, solc: &mut Solc, output: &str, options: &Options) -> Verdict {
    if let Some(reason) = does_not_apply(test) {
        return Verdict::Skipped(reason);
    }
    let mut input = json!({
        "language": "Solidity",
        "sources": {},
        "settings": {
            "evmVersion": VERSIONS[VERSIONS.len() - 1],
            "viaIR": true,
            "optimizer": { "enabled": output == "irOptimized" },
            "outputSelection": { "*": { "*": [output] } },
        },
    });
    for (name, content) in test.sources.iter().chain(&test.external) {
        input["sources"][source_name(name)] = json!({ "content": content });
    }
    if let Some(strings) = test.settings.get("revertStrings") {
        input["settings"]["debug"] = json!({ "revertStrings": strings });
    }
    let answer = match solc.compile(&input) {
        Ok(answer) => answer,
        Err(error) => return Verdict::Failed(error.to_string()),
    };
    let errors = answer["errors"].as_array();
    let error = errors.into_iter().flatten().find(|error| error["severity"] == "error");
    if let Some(error) = error {
        let text = error["formattedMessage"].as_str().unwrap_or_default();
        return Verdict::Skipped(format!("solc refuses it: {}", text.trim()));
    }
    let mut runner = Runner {
        test,
        answer: &answer,
        output,
        options: options.clone(),
        chain: Chain::new(),
        contract: None,
    };
    match runner.steps() {
        Ok(()) => Verdict::Passed,
        Err(error) => Verdict::Failed(error),
    }
}

fn does_not_apply(test: &Test) -> Option<String> {
    let setting = |name: &str| test.settings.get(name).map(String::as_str);
    if setting("compileViaYul") == Some("false") {
        return Some("for the code generator that does not go through Yul".into());
    }
    if setting("ABIEncoderV1Only") == Some("true") {
        return Some("for the first version of the ABI encoder, which has no Yul".into());
    }
    let text = test.sources.iter().map(|(_, text)| text.as_str());
    let steps = test.steps.iter().map(|step| step.text.as_str());
    // solc's test tool derives the addresses of new contracts differently.
    if text.chain(steps).any(|text| FOREIGN.iter().any(|address| text.contains(address))) {
        return Some("names an address that solc's own tool makes".into());
    }
    if let Some(version) = setting("EVMVersion") {
        let digits = version.trim_start_matches(['<', '>', '=']);
        let relation = &version[..version.len() - digits.len()];
        let wanted = VERSIONS.iter().position(|version| *version == digits)?;
        let ours = VERSIONS.len() - 1;
        let applies = match relation {
            ">=" => ours >= wanted,
            ">" => ours > wanted,
            "<=" => ours <= wanted,
            "<" => ours < wanted,
            _ => ours == wanted,
        };
        if !applies {
            return Some(format!("for EVM versions {version}"));
        }
    }
    let builtin = test.steps.iter().find_map(|step| match &step.kind {
        StepKind::Builtin(name) => Some(name),
        _ => None,
    });
    builtin.map(|name| format!("asks solc's own tool: {name}"))
}

/// The one source without a name has one for solc.
fn source_name(name: &str) -> &str {
    if name.is_empty() { "test.sol" } else { name }
}

struct Runner<'a> {
    test: &'a Test,
    answer: &'a Value,
    output: &'a str,
    options: Options,
    chain: Chain,
    contract: Option<Address>,
}

impl Runner<'_> {
    fn steps(&mut self) -> Result<(), String> {
        for step in &self.test.steps {
            self.step(step).map_err(|error| format!("{}: {error}", step.text))?;
        }
        if self.contract.is_none() {
            self.construct(U256::ZERO, &[])?;
        }
        Ok(())
    }

    fn code(&self, source: Option<&str>, contract: &str) -> Result<Vec<u8>, String> {
        let contracts = &self.answer["contracts"];
        let text = match source {
            Some(source) => contracts[source][contract][self.output].as_str(),
            None => contracts
                .as_object()
                .into_iter()
                .flatten()
                .find_map(|(_, contracts)| contracts[contract][self.output].as_str()),
        };
        let text = text.ok_or(format!("solc wrote nothing for {contract}"))?;
        compile(text, &self.options)
            .map(|contract| contract.bytes)
            .map_err(|error| format!("{contract} does not compile: {error}"))
    }

    fn deploy(&mut self, code: Vec<u8>, value: U256) -> (Outcome, Vec<alloy_primitives::Log>) {
        self.chain.message(CallKind::Create, Address::ZERO, value, code)
    }

    /// The last contract of the last source.
    fn main(&self) -> Result<(String, String), String> {
        let (source, text) = self.test.sources.last().ok_or("there is no source")?;
        let source = source_name(source);
        let mut last = None;
        for contract in self.answer["contracts"][source].as_object().into_iter().flatten() {
            let name = contract.0;
            for kind in ["contract", "library", "interface"] {
                let mut from = 0;
                while let Some(at) = text[from..].find(&format!("{kind} {name}")) {
                    let at = from + at;
                    let end = at + kind.len() + 1 + name.len();
                    let ends = !text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
                    if ends && last.as_ref().is_none_or(|(place, _)| at > *place) {
                        last = Some((at, name.clone()));
                    }
                    from = end;
                }
            }
        }
        let (_, name) = last.ok_or("there is no contract")?;
        Ok((source.into(), name))
    }

    fn construct(&mut self, value: U256, arguments: &[u8]) -> Result<Outcome, String> {
        let (source, name) = self.main()?;
        let mut code = self.code(Some(&source), &name)?;
        code.extend_from_slice(arguments);
        let (outcome, logs) = self.deploy(code, value);
        let _ = logs;
        if outcome.status == Status::Success {
            self.contract = outcome.create_address;
        }
        Ok(outcome)
    }

    fn step(&mut self, step: &Step) -> Result<(), String> {
        match &step.kind {
            StepKind::Library(source, name) => {
                let code = self.code(source.as_deref(), name)?;
                let (outcome, _) = self.deploy(code, U256::ZERO);
                let address = outcome.create_address.ok_or(format!("{:?}", outcome.status))?;
                let mut libraries = Libraries::new();
                for (source, _) in self.test.sources.iter().chain(&self.test.external) {
                    libraries.insert(format!("{}:{name}", source_name(source)), address);
                }
                self.options.libraries.extend(libraries);
                return Ok(());
            }
            StepKind::Constructor { value, arguments } => {
                let outcome = self.construct(*value, arguments)?;
                let fails = outcome.status != Status::Success;
                return match fails == step.expected.fails {
                    true => Ok(()),
                    false => Err(format!("{:?}, {:x?}", outcome.status, outcome.output)),
                };
            }
            _ => {}
        }
        if self.contract.is_none() {
            let outcome = self.construct(U256::ZERO, &[])?;
            if outcome.status != Status::Success {
                return Err(format!("the constructor: {:?}", outcome.status));
            }
        }
        let contract = self.contract.ok_or("the constructor gave no contract")?;
        let word = |word: U256| word.to_be_bytes::<32>().to_vec();
        let (fails, output, logs) = match &step.kind {
            StepKind::Call { signature, value, arguments } => {
                let mut data = match signature.is_empty() {
                    true => Vec::new(),
                    false => keccak256(signature.as_bytes())[..4].to_vec(),
                };
                data.extend_from_slice(arguments);
                let (outcome, logs) = self.chain.message(CallKind::Call, contract, *value, data);
                (outcome.status != Status::Success, outcome.output.to_vec(), logs)
            }
            StepKind::Balance(address) => {
                let balance = self.chain.balance(address.as_ref().unwrap_or(&contract));
                (false, word(balance), Vec::new())
            }
            StepKind::StorageEmpty => {
                let empty = self.chain.storage_is_empty(&contract);
                (false, word(U256::from(u8::from(empty))), Vec::new())
            }
            _ => return Ok(()),
        };
        if fails != step.expected.fails || output != step.expected.output {
            let hex = alloy_primitives::hex::encode;
            return Err(format!(
                "{} with {}, wanted {} with {}",
                if fails { "fails" } else { "succeeds" },
                hex(output),
                if step.expected.fails { "failure" } else { "success" },
                hex(step.expected.output.clone()),
            ));
        }
        if step.events.is_empty() {
            return Ok(());
        }
        let logged: Vec<Event> = logs
            .iter()
            .zip(&step.events)
            .map(|(log, wanted)| {
                let skip = usize::from(wanted.signature.is_some());
                let first = log.topics().first();
                let signature = wanted
                    .signature
                    .clone()
                    .filter(|signature| first == Some(&keccak256(signature.as_bytes())));
                let topics = log.topics().iter().skip(skip).map(|topic| (*topic).into());
                Event {
                    signature,
                    from: wanted.from.map(|_| log.address),
                    topics: topics.collect(),
                    data: log.data.data.to_vec(),
                }
            })
            .collect();
        match logged == step.events && logs.len() == step.events.len() {
            true => Ok(()),
            false => Err(format!("it logs {logs:?}, wanted {:?}", step.events)),
        }
    }
}
