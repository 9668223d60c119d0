use alloc::string::String;
use alloc::vec::Vec;

use alloy_primitives::B256;

use super::*;
use crate::ewasm::testing::*;
use crate::ewasm::{Inspector, InterfaceCall, Outcome};

fn is_shared_by_threads<T: Send + Sync>() {}
fn can_go_to_another_thread<T: Send>() {}

#[test]
fn threads_can_share_it() {
    is_shared_by_threads::<Vm>();
    is_shared_by_threads::<Contract>();
    can_go_to_another_thread::<Frame>();
}

fn code_of<'a>(bytes: &'a [u8], hash: Option<&'a B256>, origin: CodeOrigin) -> Code<'a> {
    Code { bytes: bytes.into(), hash, origin }
}

#[test]
fn a_contract_is_compiled_once() {
    let vm = Vm::new(VmConfig::default());
    let code = contract(&[], "");
    let first = vm.contract(Revision::Byzantium, Code::unknown(&code)).unwrap();
    let again = vm.contract(Revision::NEWEST, Code::unknown(&code)).unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    let hash = keccak256(&code);
    let trusted = code_of(&code, Some(&hash), CodeOrigin::Validated);
    assert!(Arc::ptr_eq(&first, &vm.contract(Revision::Byzantium, trusted).unwrap()));
}

#[test]
fn a_cache_of_no_entries_changes_nothing_but_time() {
    let vm = Vm::new(VmConfig { cache_entries: 0, ..VmConfig::default() });
    let code = contract(&[], "");
    let first = vm.contract(Revision::Byzantium, Code::unknown(&code)).unwrap();
    let again = vm.contract(Revision::Byzantium, Code::unknown(&code)).unwrap();
    assert!(!Arc::ptr_eq(&first, &again));
}

#[test]
fn code_that_nobody_vouches_for_is_validated_even_if_somebody_did_before() {
    // The body of `main` leaves a value on the stack: a malformed body in well-formed sections.
    let good = contract(&[], "(drop (i32.const 0))");
    let at = good.windows(4).position(|window| window == [0x41, 0, 0x1a, 0x0b]).unwrap();
    let mut bad = good.clone();
    bad[at + 2] = 0x01;
    let hash = keccak256(&bad);
    let vm = Vm::new(VmConfig::default());
    assert!(
        vm.contract(Revision::Byzantium, code_of(&bad, Some(&hash), CodeOrigin::Validated)).is_ok()
    );
    let error = vm
        .contract(Revision::Byzantium, code_of(&bad, Some(&hash), CodeOrigin::Unknown))
        .unwrap_err();
    assert!(matches!(error, ContractError::Module(_)), "{error}");
}

#[test]
fn a_kept_contract_is_checked_against_the_revision_in_force() {
    let vm = Vm::new(VmConfig::default());
    let code = contract(&[], "(call $getBaseFee (i32.const 0))");
    assert!(vm.contract(Revision::London, Code::unknown(&code)).is_ok());
    let error = vm.contract(Revision::Berlin, Code::unknown(&code)).unwrap_err();
    assert!(matches!(error, ContractError::ImportFromLaterRevision { .. }));
}

#[test]
fn new_code_is_webassembly_that_is_a_contract_or_data() {
    let vm = Vm::new(VmConfig::default());
    let check = |code: &[u8]| vm.check_new_code(Revision::NEWEST, code);
    assert!(check(&[]).is_ok());
    assert!(check(&contract(&[], "")).is_ok());
    assert!(matches!(check(b"\0asm"), Err(NewCodeError::Contract(_))));
    assert!(matches!(check(b"\xef"), Err(NewCodeError::StartsWithEf)));
    assert!(check(&[1; 24_576]).is_ok());
    let error = check(&[1; 24_577]).unwrap_err();
    assert_eq!(
        alloc::format!("{error}"),
        "the new code has 24577 bytes, more than the 24576 that are allowed"
    );
}

#[test]
fn a_contract_may_be_larger_than_evm_code() {
    let vm = Vm::new(VmConfig::default());
    let largest = |size: usize| contract(&alloc::vec![0x61; size], "");
    assert!(vm.check_new_code(Revision::NEWEST, &largest(40_000)).is_ok());
    let error = vm
        .check_new_code(Revision::NEWEST, &[&largest(0), &[0; 132_000][..]].concat())
        .unwrap_err();
    assert!(matches!(error, NewCodeError::TooLarge { limit: 131_072, .. }));
}

/// Keeps everything that an inspector is told.
#[derive(Default)]
struct Recorder(Vec<String>);

impl Inspector for Recorder {
    fn wants_interface_calls(&self) -> bool {
        true
    }

    fn wants_functions(&self) -> bool {
        true
    }

    fn message_enter(&mut self, message: &Message) {
        self.0.push(alloc::format!("message to {}", message.recipient));
    }

    fn message_exit(&mut self, outcome: &Outcome) {
        self.0.push(alloc::format!("{}", outcome.status));
    }

    fn interface_call(&mut self, call: &InterfaceCall<'_>) {
        let InterfaceCall { name, args, result, gas_before, gas_after, .. } = call;
        self.0.push(alloc::format!("{name}{args:?} = {result:?}: {gas_before} -> {gas_after}"));
    }

    fn function_enter(&mut self, function: u32, _gas_left: u128) {
        self.0.push(alloc::format!("enter {function}"));
    }

    fn function_exit(&mut self, _gas_left: u128) {
        self.0.push("exit".into());
    }
}

#[test]
fn an_inspector_sees_messages_functions_and_interface_calls_in_order() {
    let mut recorder = Recorder::default();
    let code = contract(&[], "(drop (call $getCallDataSize)) (call $getCaller (i32.const -1))");
    let mut scene = Scene::new();
    let seen = scene.run_inspected(&code, &mut recorder);
    assert_eq!(
        recorder.0,
        [
            &*alloc::format!("message to {THIS}"),
            "enter 2",
            "getCallDataSize[] = Some(5): 1000000 -> 999998",
            "getCaller[4294967295] = None: 999998 -> 999996",
            "exit",
            "memory access out of bounds",
        ]
    );
    // Looking changes nothing.
    assert_eq!(scene.run_code(&code), seen);
}

#[test]
fn code_is_refused_with_a_reason_or_without() {
    let good = contract(&[], "(drop (i32.const 0))");
    let at = good.windows(4).position(|window| window == [0x41, 0, 0x1a, 0x0b]).unwrap();
    let mut bad = good.clone();
    bad[at + 2] = 0x01;
    let offset = |reasons| {
        let vm = Vm::new(VmConfig { reasons, ..VmConfig::default() });
        assert!(vm.compile(Revision::NEWEST, &good).is_ok());
        match vm.compile(Revision::NEWEST, &bad) {
            Err(ContractError::Module(error)) => error.offset(),
            other => panic!("{other:?}"),
        }
    };
    assert!(offset(true) >= at as u64);
    assert_eq!(offset(false), 0);
}
