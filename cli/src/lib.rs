//! Ewasm smart contracts on an embedded database: a chain of one machine, as a library.
//!
//! The command `tephra` is built on it, and so can be a server or a test runner. Nothing here
//! prints, ends the process, reads the clock or uses random numbers.
//!
//! | module | contents |
//! |---|---|
//! | [`chain`] | runs transactions, and writes their changes to the state |
//! | [`database`] | the state, in one file or in memory |
//! | [`block`] | what contracts see of a block |
//! | [`accounts`] | the accounts that own ether at the start |
//! | [`names`] | names of accounts and contracts, and addresses as text |
//! | [`abi`] | arguments from text; results, events and reverts decoded |
//! | [`code`] | WebAssembly in its notations, and init code |
//! | [`report`] | the outcome of a transaction, decoded |
//! | [`trace`], [`profile`] | messages, interface calls and gas of a running transaction |
//! | [`text`] | text from outside, made safe to show |
//!
//! # Example
//!
//! A token is deployed and used, and its event is read:
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use tephra::chain::{Chain, Label, Options, Request};
//! use tephra::database::Database;
//! use tephra::names::Names;
//! use tephra::report::{Report, Target};
//! use tephra::{abi, accounts, code};
//!
//! let token_code = include_bytes!("../../contracts/token/token.wasm");
//! let token_abi = include_str!("../../contracts/token/token.abi.json");
//!
//! let chain = Chain::new(Database::in_memory()?, Options::default());
//! let alice = accounts::address("alice").expect("alice is a funded account");
//! let abi = abi::parse_abi(token_abi)?;
//!
//! // Deploy the token, which has a constructor, under a name.
//! let names = Names::of(&chain.database().snapshot()?)?;
//! let constructor = abi.constructor().expect("the token has a constructor");
//! let arguments = abi::encode_constructor(constructor, &["Token", "TOK", "18", "1000"], &names)?;
//! let create = Request::create(alice, code::with_arguments(token_code.to_vec(), &arguments)?);
//! let label = Label { name: Some("token"), abi: Some(token_abi) };
//! let deployed = chain.send(&create, label, &mut ())?;
//! let token = deployed.receipt.create_address.expect("the deployment succeeds");
//!
//! // Send 250 of it to Bob.
//! let transfer = abi::find_function("transfer", Some(&abi), 2)?;
//! let call = Request::call(alice, token, abi::encode_call(&transfer, &["bob", "250"], &names)?);
//! let snapshot = chain.database().snapshot()?;
//! let target = Target::called(&chain, &snapshot, &token, Some(transfer), Some(abi))?;
//! let sent = chain.send(&call, Label::default(), &mut ())?;
//!
//! // Read the result and the event.
//! let report = Report::new(&call, &target, &sent, &snapshot);
//! let values = report.values.expect("transfer returns a bool");
//! assert_eq!(values[0].to_string(), "true");
//! let event = report.logs[0].event.as_ref().expect("the ABI has the event");
//! assert_eq!(event.signature, "Transfer(address,address,uint256)");
//! assert_eq!(event.arguments[2].value.to_string(), "250");
//! # Ok(())
//! # }
//! ```
//!
//! # Errors
//!
//! Each module has an error type of its own, which says what is wrong and leaves the remedy to the
//! program. A contract that reverts or traps is no error: [`report::Report::failure`] says so.
//!
//! # Features
//!
//! `command`, on by default, is only for the command: it brings the libraries that read command
//! lines and draw. Programs that use the library switch it off.
pub mod abi;
pub mod accounts;
pub mod block;
pub mod chain;
pub mod code;
pub mod database;
pub mod names;
pub mod profile;
pub mod report;
pub mod text;
pub mod trace;

pub use alloy_primitives;
pub use tephra_core;
