//! The machine as `evmc-declare` wants it: the macro makes its creation and destruction, and puts name and version into it.
// What the macro generates is not written here.
#![allow(unused_variables, clippy::all, unused_qualifications)]

use alloy_primitives::{Address, B256, U256};
use evmc_vm::ffi::{evmc_call_kind, evmc_flags, evmc_revision, evmc_status_code};
use evmc_vm::{EvmcVm, ExecutionContext, ExecutionMessage, ExecutionResult, StatusCode};
use tephra_core::ewasm::Message;
use tephra_core::revision::Revision;
use tephra_evmc::{Machine, Reply, Request};

use crate::client::ContextClient;

/// The machine; the macro names the function that creates it `evmc_create_tephradeclared`.
#[evmc_declare::evmc_declare_vm("tephra", "ewasm", "0.1.0")]
pub struct TephraDeclared {
    /// The machine behind the ABI.
    pub machine: Machine,
}

impl EvmcVm for TephraDeclared {
    fn init() -> Self {
        Self { machine: Machine::new() }
    }

    fn execute<'a>(
        &self,
        revision: evmc_revision,
        code: &'a [u8],
        message: &'a ExecutionMessage,
        context: Option<&'a mut ExecutionContext<'a>>,
    ) -> ExecutionResult {
        let request = request(revision, code, message);
        let reply = request.map(|request| self.machine.execute(request, &mut ContextClient::new(context)));
        result(&reply.unwrap_or_else(|| Reply::of_status(tephra_evmc::abi::REJECTED)))
    }
}

/// What the macro made; the generated functions are private to this module.
pub fn create() -> *mut evmc_vm::ffi::evmc_vm {
    let vm = evmc_create_tephradeclared().cast_mut();
    // SAFETY: it is a new machine, which nobody else has, and no smaller than the structure. That the structure comes first in it is not promised by the crate.
    let (version, name) = unsafe { ((*vm).abi_version, (*vm).name.cast::<u8>()) };
    let is_first = version == 9 && name == TEPHRA_DECLARED_NAME.as_ptr();
    assert!(is_first, "the layout of evmc-vm's container is not what the ABI needs");
    vm
}

/// What the client asks; none when there is something in it that the engine does not know. In this ABI the destination is this account, whatever the kind.
fn request<'a>(revision: evmc_revision, code: &'a [u8], message: &ExecutionMessage) -> Option<Request<'a>> {
    // Paris changed nothing in this ABI, and has no number.
    let revision = match revision {
        evmc_revision::EVMC_SHANGHAI => Revision::Shanghai,
        earlier => tephra_evmc::revision(earlier as i32)?,
    };
    let is_create = matches!(message.kind(), evmc_call_kind::EVMC_CREATE | evmc_call_kind::EVMC_CREATE2);
    let destination = Address::from(message.destination().bytes);
    let input = if is_create { None } else { message.input() };
    let message = Message {
        kind: tephra_evmc::call_kind(message.kind() as i32)?,
        is_static: message.flags() & evmc_flags::EVMC_STATIC as u32 != 0,
        depth: u32::try_from(message.depth()).ok()?,
        gas: u64::try_from(message.gas()).ok()?,
        recipient: destination,
        code_address: destination,
        sender: message.sender().bytes.into(),
        input: input.map(|input| input.as_slice().into()).unwrap_or_default(),
        value: U256::from_be_bytes(message.value().bytes),
        salt: B256::from(message.create2_salt().bytes),
    };
    Some(Request { revision, message, code })
}

/// The reply; the ABI has no place for refunds, which are the client's affair.
pub fn result(reply: &Reply) -> ExecutionResult {
    let output = (!reply.output.is_empty()).then_some(reply.output.as_slice());
    ExecutionResult::new(status(reply.status), reply.gas_left, output)
}

fn status(number: i32) -> StatusCode {
    const ALL: [StatusCode; 16] = [
        evmc_status_code::EVMC_SUCCESS,
        evmc_status_code::EVMC_REVERT,
        evmc_status_code::EVMC_OUT_OF_GAS,
        evmc_status_code::EVMC_STACK_OVERFLOW,
        evmc_status_code::EVMC_INVALID_MEMORY_ACCESS,
        evmc_status_code::EVMC_CALL_DEPTH_EXCEEDED,
        evmc_status_code::EVMC_STATIC_MODE_VIOLATION,
        evmc_status_code::EVMC_PRECOMPILE_FAILURE,
        evmc_status_code::EVMC_CONTRACT_VALIDATION_FAILURE,
        evmc_status_code::EVMC_ARGUMENT_OUT_OF_RANGE,
        evmc_status_code::EVMC_WASM_UNREACHABLE_INSTRUCTION,
        evmc_status_code::EVMC_WASM_TRAP,
        evmc_status_code::EVMC_INSUFFICIENT_BALANCE,
        evmc_status_code::EVMC_INTERNAL_ERROR,
        evmc_status_code::EVMC_REJECTED,
        evmc_status_code::EVMC_OUT_OF_MEMORY,
    ];
    ALL.into_iter().find(|status| *status as i32 == number).unwrap_or(evmc_status_code::EVMC_FAILURE)
}
