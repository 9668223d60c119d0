use alloc::sync::Arc;

use super::*;
use crate::ewasm::testing::*;
use crate::ewasm::{Code, Contract, Growth, Vm, VmConfig};
use crate::revision::Revision;
use crate::wasm::InstructionCosts;

/// A contract that calls itself with all gas that it may hand on, and finishes with the result.
const AGAIN: &str = "
    (call $getAddress (i32.const 0))
    (i32.store8 (i32.const 64)
        (call $call (i64.const 0x7fffffffffffffff) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))
    (call $finish (i32.const 64) (i32.const 1))";

/// Runs one contract for every message, and fails from a depth on.
struct Handler {
    vm: Vm,
    contract: Arc<Contract>,
    host: MockHost,
    fails_at: u32,
    has_failed: bool,
    /// Depth and usage of the frames around, by message.
    begun: Vec<(u32, Usage)>,
    ended: Vec<(u32, Outcome)>,
    growth: Growth,
}

impl Handler {
    fn new(main: &str) -> (Self, Message) {
        let config = VmConfig { metering: InstructionCosts::FREE, ..VmConfig::default() };
        let vm = Vm::new(config);
        let code = contract(&[], main);
        let contract = vm.contract(Revision::Byzantium, Code::unknown(&code)).unwrap();
        let Scene { host, message, .. } = Scene::new();
        let handler = Self {
            vm,
            contract,
            host,
            fails_at: u32::MAX,
            has_failed: false,
            begun: Vec::new(),
            ended: Vec::new(),
            growth: Growth::default(),
        };
        // Enough for 63/64 of it to be there 1024 times over.
        (handler, Message { gas: 1 << 62, ..message })
    }
}

impl MessageHandler for Handler {
    /// The depth.
    type Begun = u32;

    fn host(&mut self) -> &mut dyn Host {
        &mut self.host
    }

    fn begin(
        &mut self,
        message: Message,
        around: Usage,
        _inspector: &mut dyn Inspector,
    ) -> Result<Box<OpenFrame<u32>>, Outcome> {
        let depth = message.depth;
        self.begun.push((depth, around));
        if depth >= self.fails_at {
            self.has_failed = true;
            return Err(Outcome::failure(Status::InternalError));
        }
        let frame = self.vm.frame(Revision::Byzantium, message, self.contract.clone());
        Ok(OpenFrame::new(frame, depth))
    }

    fn end(
        &mut self,
        depth: u32,
        frame: &Frame,
        outcome: Outcome,
        _inspector: &mut dyn Inspector,
    ) -> Outcome {
        self.growth += frame.growth();
        self.ended.push((depth, outcome.clone()));
        outcome
    }

    fn has_failed(&self) -> bool {
        self.has_failed
    }
}

#[test]
fn messages_nest_1024_deep_without_nesting_the_machines_stack() {
    let (mut handler, message) = Handler::new(AGAIN);
    let outcome = drive(&mut handler, message, &mut ());
    let depths = |list: &[(u32, Outcome)]| list.iter().map(|(depth, _)| *depth).collect::<Vec<_>>();
    assert!(handler.begun.iter().map(|(depth, _)| *depth).eq(0..=1024));
    assert!(depths(&handler.ended).into_iter().eq((0..=1024).rev()));
    // The innermost call was not begun; all others succeeded.
    for (depth, outcome) in &handler.ended {
        assert_eq!(outcome.output, [u8::from(*depth == 1024)], "{depth}");
    }
    assert_eq!((1 << 62) - outcome.gas_left, 1025 * (2 + 700));
}

#[test]
fn each_message_is_told_what_the_frames_around_it_hold() {
    // Calls itself twice, at depth 0 only.
    let twice = "
        (if (i32.eqz (call $getCallDataSize)) (then (return)))
        (call $getAddress (i32.const 0))
        (drop (call $call (i64.const 100000) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))
        (drop (call $call (i64.const 100000) (i32.const 0) (i32.const 32) (i32.const 0) (i32.const 0)))";
    let (mut handler, message) = Handler::new(twice);
    let frame = handler.vm.frame(Revision::Byzantium, message.clone(), handler.contract.clone());
    let one = Usage::NONE.and(&frame);
    drive(&mut handler, message, &mut ());
    assert_eq!(handler.begun, [(0, Usage::NONE), (1, one), (1, one)]);
}

#[test]
fn no_frame_runs_after_the_host_has_failed() {
    let (mut handler, message) = Handler::new(AGAIN);
    handler.fails_at = 3;
    let outcome = drive(&mut handler, message, &mut ());
    let failed = Outcome::failure(Status::InternalError);
    assert_eq!(outcome, failed);
    assert_eq!(handler.ended, [(2, failed.clone()), (1, failed.clone()), (0, failed)]);
}

#[test]
fn the_growth_that_frames_have_paid_for_is_there_at_their_end() {
    let store = "
        (i32.store (i32.const 0) (i32.const 1))
        (call $storageStore (i32.const 0) (i32.const 0))
        (call $storageStore (i32.const 32) (i32.const 0)) (unreachable)";
    let (mut handler, message) = Handler::new(store);
    assert_eq!(drive(&mut handler, message, &mut ()).status, Status::Unreachable);
    assert_eq!(handler.growth, Growth { slots: 2, ..Growth::default() });
}
