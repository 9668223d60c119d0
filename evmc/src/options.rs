//! The options that a client passes on from whoever starts it.
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::fs;
use std::sync::Arc;

use alloy_primitives::Address;
use tephra_core::ewasm::{Vm, VmConfig, is_wasm};
use tephra_core::revision::Revision;
use tephra_core::wasm::InstructionCosts;

use crate::trace::TraceFile;

/// What is done with code that is not WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evm1Mode {
    /// The message fails.
    Reject,
    /// The client is told to run it itself.
    Fallback,
}

/// The options as they are set.
#[derive(Clone, Debug)]
pub struct Settings {
    pub vm: VmConfig,
    pub evm1: Evm1Mode,
    /// The rules to follow whatever the client says.
    pub schedule: Option<Revision>,
    pub trace: Option<Arc<TraceFile>>,
    /// Code that runs in place of what the client gives, by address.
    pub system: BTreeMap<Address, Arc<[u8]>>,
    pub keccak_precompile: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            vm: VmConfig::default(),
            evm1: Evm1Mode::Reject,
            schedule: None,
            trace: None,
            system: BTreeMap::new(),
            keccak_precompile: true,
        }
    }
}

/// Why an option is not set. Nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionError {
    /// There is no such option.
    InvalidName,
    /// The option cannot have that value.
    InvalidValue,
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidName => "there is no such option",
            Self::InvalidValue => "the option cannot have that value",
        })
    }
}

impl std::error::Error for OptionError {}

type Set = fn(&mut Settings, rest: &str, value: &str) -> Result<(), OptionError>;

/// An option.
pub struct OptionSpec {
    /// Its name, or how its name begins when it ends with a colon.
    pub name: &'static str,
    /// What follows the colon, for people.
    pub rest: &'static str,
    /// The values, for people.
    pub values: &'static str,
    /// The value before it is set, for people.
    pub default: &'static str,
    /// What it does.
    pub meaning: &'static str,
    set: Set,
}

/// All options.
pub const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        name: "metering",
        rest: "",
        values: "`true`, `false`",
        default: "`true`",
        meaning: "Whether instructions and memory cost gas. The public Ewasm tests were made without.",
        set: |settings, _, value| {
            settings.vm.metering =
                if boolean(value)? { InstructionCosts::EWASM } else { InstructionCosts::FREE };
            Ok(())
        },
    },
    OptionSpec {
        name: "engine",
        rest: "",
        values: "`interpreter`",
        default: "`interpreter`",
        meaning: "What runs the instructions.",
        set: |_, _, value| one_of(value, &[("interpreter", ())]),
    },
    OptionSpec {
        name: "evm1mode",
        rest: "",
        values: "`reject`, `fallback`",
        default: "`reject`",
        meaning: "Code that is not WebAssembly: `reject` fails the message (FAILURE), `fallback` has the client run it (REJECTED).",
        set: |settings, _, value| {
            settings.evm1 =
                one_of(value, &[("reject", Evm1Mode::Reject), ("fallback", Evm1Mode::Fallback)])?;
            Ok(())
        },
    },
    OptionSpec {
        name: "schedule",
        rest: "",
        values: "`client`, `byzantium` … `osaka`",
        default: "`client`",
        meaning: "The revision whose gas and interface contracts get: the one that the client says, or always this one.",
        set: |settings, _, value| {
            settings.schedule = if value == "client" { None } else { Some(supported(value)?) };
            Ok(())
        },
    },
    OptionSpec {
        name: "debug",
        rest: "",
        values: "`true`, `false`",
        default: "`false`",
        meaning: "Whether contracts may import the module `debug`. What they print goes to standard error.",
        set: |settings, _, value| {
            settings.vm.debug = boolean(value)?;
            Ok(())
        },
    },
    OptionSpec {
        name: "cache-size",
        rest: "",
        values: "`0` … `4096` (MiB)",
        default: "`16`",
        meaning: "Code of contracts that are kept compiled, at most; what is kept is a small multiple of it.",
        set: |settings, _, value| {
            let mebibytes: usize = value.parse().map_err(|_| OptionError::InvalidValue)?;
            if mebibytes > 4096 {
                return Err(OptionError::InvalidValue);
            }
            settings.vm.cache_bytes = mebibytes << 20;
            settings.vm.cache_entries = mebibytes * CACHE_ENTRIES_PER_MEBIBYTE;
            Ok(())
        },
    },
    OptionSpec {
        name: "trace",
        rest: "",
        values: "a file",
        default: "none",
        meaning: "Append a line of JSON to the file for every message, interface call and end of a message.",
        set: |settings, _, value| {
            settings.trace =
                Some(Arc::new(TraceFile::open(value).map_err(|_| OptionError::InvalidValue)?));
            Ok(())
        },
    },
    OptionSpec {
        name: "sys:",
        rest: "alias or address",
        values: "a file",
        default: "none",
        meaning: "Run the contract in the file whenever the client gives the code of that address to run. Aliases: `sentinel` (0x0a), `evm2wasm` (0x0b), `runevm` (0x0c).",
        set: |settings, rest, value| {
            let address = system_address(rest).ok_or(OptionError::InvalidName)?;
            let code = fs::read(value).map_err(|_| OptionError::InvalidValue)?;
            let vm = Vm::new(VmConfig { debug: true, ..settings.vm.clone() });
            if !is_wasm(&code) || vm.compile(Revision::NEWEST, &code).is_err() {
                return Err(OptionError::InvalidValue);
            }
            settings.system.insert(address, code.into());
            Ok(())
        },
    },
    OptionSpec {
        name: "keccak-precompile",
        rest: "",
        values: "`true`, `false`",
        default: "`true`",
        meaning: "Whether the machine itself answers a contract's call of address 9 with Keccak-256, as in Ewasm; else it is the client's, BLAKE2F in Ethereum from Istanbul on. A call that moves value is always the client's.",
        set: |settings, _, value| {
            settings.keccak_precompile = boolean(value)?;
            Ok(())
        },
    },
];

/// As many as [`VmConfig`] has by default.
const CACHE_ENTRIES_PER_MEBIBYTE: usize = 64;

/// The names that the reference machine has for addresses of system contracts.
const ALIASES: [(&str, u8); 3] = [("sentinel", 0x0a), ("evm2wasm", 0x0b), ("runevm", 0x0c)];

impl Settings {
    /// Sets an option; an absent value is never a valid one.
    pub fn set(&mut self, name: &str, value: Option<&str>) -> Result<(), OptionError> {
        let known =
            OPTIONS.iter().find_map(|option| option.rest_of(name).map(|rest| (option, rest)));
        let (option, rest) = known.ok_or(OptionError::InvalidName)?;
        let value = value.ok_or(OptionError::InvalidValue)?;
        (option.set)(self, rest, value)
    }
}

impl OptionSpec {
    /// What follows the beginning of the name, if this is the option with the name.
    fn rest_of<'a>(&self, name: &'a str) -> Option<&'a str> {
        let rest = name.strip_prefix(self.name)?;
        if self.name.ends_with(':') {
            return system_address(rest).map(|_| rest);
        }
        rest.is_empty().then_some(rest)
    }
}

fn one_of<T: Copy>(value: &str, values: &[(&str, T)]) -> Result<T, OptionError> {
    values
        .iter()
        .find(|(name, _)| *name == value)
        .map(|(_, value)| *value)
        .ok_or(OptionError::InvalidValue)
}

fn boolean(value: &str) -> Result<bool, OptionError> {
    one_of(value, &[("true", true), ("false", false)])
}

fn supported(name: &str) -> Result<Revision, OptionError> {
    let revision = name.parse::<Revision>().map_err(|_| OptionError::InvalidValue)?;
    if revision.is_supported() { Ok(revision) } else { Err(OptionError::InvalidValue) }
}

fn system_address(text: &str) -> Option<Address> {
    let alias = ALIASES.iter().find(|(name, _)| *name == text);
    alias.map(|(_, last)| Address::with_last_byte(*last)).or_else(|| text.parse().ok())
}

/// The table of options in `docs/evmc.md`, in Markdown.
pub fn options_table() -> String {
    let mut table =
        String::from("| option | values | default | what it does |\n|---|---|---|---|\n");
    for OptionSpec { name, rest, values, default, meaning, .. } in OPTIONS {
        let rest = if rest.is_empty() { String::new() } else { format!("<{rest}>") };
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| `{name}{rest}` | {values} | {default} | {meaning} |");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use OptionError::{InvalidName, InvalidValue};

    fn set(name: &str, value: &str) -> Result<Settings, OptionError> {
        let mut settings = Settings::default();
        settings.set(name, Some(value)).map(|()| settings)
    }

    #[test]
    fn options_change_the_settings() {
        assert_eq!(set("metering", "false").unwrap().vm.metering, InstructionCosts::FREE);
        assert_eq!(set("metering", "true").unwrap().vm.metering, InstructionCosts::EWASM);
        assert!(set("engine", "interpreter").is_ok());
        assert_eq!(set("evm1mode", "fallback").unwrap().evm1, Evm1Mode::Fallback);
        assert_eq!(set("schedule", "istanbul").unwrap().schedule, Some(Revision::Istanbul));
        assert_eq!(set("schedule", "client").unwrap().schedule, None);
        assert!(set("debug", "true").unwrap().vm.debug);
        assert_eq!(set("cache-size", "1").unwrap().vm.cache_bytes, 1 << 20);
        assert_eq!(set("cache-size", "16").unwrap().vm, VmConfig::default());
        assert!(!set("keccak-precompile", "false").unwrap().keccak_precompile);
    }

    #[test]
    fn names_that_are_not_known_are_refused_with_and_without_value() {
        for name in [
            "",
            "Metering",
            "metering ",
            "meterings",
            "sys",
            "sys:",
            "sys:nobody",
            "sys:0x0a",
            "trace:",
        ] {
            assert_eq!(set(name, "true").unwrap_err(), InvalidName, "{name}");
            assert_eq!(Settings::default().set(name, None), Err(InvalidName), "{name}");
        }
    }

    #[test]
    fn values_that_an_option_does_not_know_are_refused() {
        for (name, value) in [
            ("metering", ""),
            ("metering", "yes"),
            ("engine", "jit"),
            ("evm1mode", "evm2wasm"),
            ("schedule", "homestead"),
            ("schedule", "tomorrow"),
            ("debug", "TRUE"),
            ("cache-size", "-1"),
            ("cache-size", "4097"),
            ("cache-size", "99999999999999999999999"),
            ("trace", "/nowhere/at/all"),
            ("trace", ""),
            ("sys:sentinel", "/nowhere/at/all"),
            ("sys:sentinel", "/"),
            ("keccak-precompile", "9"),
        ] {
            assert_eq!(set(name, value).unwrap_err(), InvalidValue, "{name}={value}");
            assert_eq!(Settings::default().set(name, None), Err(InvalidValue), "{name}");
        }
    }

    #[test]
    fn system_contracts_are_named_by_alias_or_address() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        fs::write(path, "no contract").unwrap();
        assert_eq!(set("sys:sentinel", path).unwrap_err(), InvalidValue);
        let contract =
            wat::parse_str(r#"(module (memory (export "memory") 1) (func (export "main")))"#)
                .unwrap();
        fs::write(path, contract).unwrap();
        for (name, last) in [("sentinel", 10), ("0x000000000000000000000000000000000000000c", 12)] {
            let settings = set(&format!("sys:{name}"), path).unwrap();
            assert!(settings.system.contains_key(&Address::with_last_byte(last)));
        }
    }

    #[test]
    fn the_tables_in_the_documentation_are_those_of_the_code() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/evmc.md");
        let page = fs::read_to_string(path).unwrap();
        let mut wanted = page.clone();
        for (name, table) in [("options", options_table()), ("statuses", crate::statuses_table())] {
            let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
            let (before, rest) = wanted.split_once(&begin).unwrap();
            let (_, after) = rest.split_once(&end).unwrap();
            wanted = format!("{before}{begin}{table}{end}{after}");
        }
        if std::env::var_os("UPDATE").is_some() {
            fs::write(path, &wanted).unwrap();
            return;
        }
        assert!(
            page == wanted,
            "docs/evmc.md has other tables than the code: run the test with UPDATE=1"
        );
    }
}
