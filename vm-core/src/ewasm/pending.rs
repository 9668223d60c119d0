#![allow(missing_docs)]
use super::*;
use crate::revision::Revision;
use crate::wasm::InstructionCosts;
use alloc::sync::Arc;
use alloy_primitives::B256;
#[derive(Debug)]
pub struct Vm;
#[derive(Default)]
pub struct VmConfig {
    pub metering: InstructionCosts,
}
pub struct Contract;
#[derive(Debug)]
pub struct ContractError;
#[derive(Debug)]
pub struct NewCodeError;
impl NewCodeError {
    pub fn status(&self) -> Status {
        Status::Failure
    }
}
pub enum CodeOrigin {
    Validated,
    Unknown,
}
pub struct Code<'a> {
    pub bytes: &'a [u8],
    pub hash: Option<&'a B256>,
    pub origin: CodeOrigin,
}
pub struct Frame;
pub enum Step {
    Done(Outcome),
    Nested(Message),
}
impl Vm {
    pub fn new(_config: VmConfig) -> Self {
        Self
    }
    pub fn compile(&self, _r: Revision, _c: &[u8]) -> Result<Arc<Contract>, ContractError> {
        Err(ContractError)
    }
    pub fn contract(&self, _r: Revision, _c: Code<'_>) -> Result<Arc<Contract>, ContractError> {
        Err(ContractError)
    }
    pub fn check_new_code(&self, _r: Revision, _c: &[u8]) -> Result<(), NewCodeError> {
        Err(NewCodeError)
    }
    pub fn frame(&self, _r: Revision, _m: Message, _c: Arc<Contract>) -> Frame {
        Frame
    }
}
impl Frame {
    pub fn run(&mut self, _h: &mut dyn Host, _i: &mut dyn Inspector) -> Step {
        Step::Done(Outcome::failure(Status::Failure))
    }
    pub fn resume(&mut self, _o: Outcome) {}
    pub fn memory_pages(&self) -> u32 {
        0
    }
}
