use super::*;
use crate::revision::Revision;
use alloc::sync::Arc;
use alloy_primitives::B256;
pub struct Vm;
pub struct Contract;
pub struct ContractError;
pub enum CodeOrigin {
    Validated,
    Unknown,
}
pub struct Frame;
pub enum Step {
    Done(Outcome),
    Nested(Message),
}
impl Vm {
    pub fn compile(&self, _c: Arc<[u8]>, _r: Revision) -> Result<Arc<Contract>, ContractError> {
        Err(ContractError)
    }
    pub fn contract(&self, _h: B256, _c: Arc<[u8]>, _o: CodeOrigin) -> Result<Arc<Contract>, ContractError> {
        Err(ContractError)
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
    pub fn footprint(&self) -> u64 {
        0
    }
}
