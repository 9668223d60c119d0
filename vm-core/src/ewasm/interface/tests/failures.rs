//! Rules that hold for every function.
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::ewasm::testing::*;
use crate::ewasm::{INTERFACE, InterfaceFunction, ParamKind, Schedule, Status, interface_costs};
use crate::revision::Revision;

/// A call of the function whose pointer parameters are all 0, but for the one at `wrong`, which is
/// `pointer`. Lengths are 1, other numbers 0, a log has four topics.
fn call(function: &InterfaceFunction, wrong: usize, pointer: i64) -> String {
    let arguments: String = function
        .params
        .iter()
        .enumerate()
        .map(|(index, param)| match param.kind {
            ParamKind::In(_) | ParamKind::Out(_) if index == wrong => {
                format!("(i32.const {pointer})")
            }
            ParamKind::In(_) | ParamKind::Out(_) => "(i32.const 0)".into(),
            ParamKind::I64 => "(i64.const 0)".into(),
            ParamKind::I32 if param.name == "topics" => "(i32.const 4)".into(),
            ParamKind::I32 if param.name == "length" => "(i32.const 1)".into(),
            ParamKind::I32 => "(i32.const 0)".into(),
        })
        .collect();
    let call = format!("(call ${} {arguments})", function.name);
    if function.result.is_some() { format!("(drop {call})") } else { call }
}

fn pointers(function: &InterfaceFunction) -> Vec<usize> {
    let is_pointer = |kind| matches!(kind, ParamKind::In(_) | ParamKind::Out(_));
    (0..function.params.len()).filter(|&index| is_pointer(function.params[index].kind)).collect()
}

/// A scene in which all calls of [`call`] with pointers inside the memory succeed.
fn scene() -> Scene {
    let mut scene = Scene::at(Revision::NEWEST);
    let nobody = alloy_primitives::Address::ZERO;
    scene.host.accounts.insert(nobody, Account { code: b"x".into(), ..Account::default() });
    scene
}

#[test]
fn a_pointer_outside_of_memory_fails_the_frame_and_takes_all_its_gas() {
    for function in INTERFACE {
        for index in pointers(function) {
            let (ParamKind::In(pointee) | ParamKind::Out(pointee)) = function.params[index].kind
            else {
                continue;
            };
            let size = i64::from(pointee.size().unwrap_or(1));
            let copies_return_data = function.name == "returnDataCopy";
            let last = scene().run(&call(function, index, 65536 - size)).status;
            assert!(
                matches!(last, Status::Success | Status::Revert) || copies_return_data,
                "{function} {last}"
            );
            for pointer in [65536 - size + 1, 65536, -1, i64::from(i32::MIN)] {
                let outcome = scene().run(&call(function, index, pointer));
                assert_eq!(
                    outcome.status,
                    Status::InvalidMemoryAccess,
                    "{function} {index} {pointer}"
                );
                assert_eq!(outcome.gas_left, 0);
            }
        }
    }
}

#[test]
fn changes_of_state_fail_in_a_static_frame() {
    let changing =
        ["storageStore", "log", "create", "create2", "selfDestruct", "transientStorageStore"];
    for function in INTERFACE {
        let mut scene = scene();
        scene.message.is_static = true;
        let status = scene.run(&call(function, usize::MAX, 0)).status;
        let denied = status == Status::StaticModeViolation;
        assert_eq!(denied, changing.contains(&function.name), "{function} {status}");
        assert!(
            scene.host.logs.is_empty()
                && scene.host.destructed.is_empty()
                && scene.host.calls.len() <= 1
        );
    }
}

#[test]
fn a_function_needs_the_gas_of_its_base_cost() {
    for (function, cost) in interface_costs() {
        let mut scene = scene();
        let cost = cost.base(Schedule::of(scene.revision));
        if cost > 0 {
            scene.message.gas = cost - 1;
            let outcome = scene.run(&call(function, usize::MAX, 0));
            assert_eq!((outcome.status, outcome.gas_left), (Status::OutOfGas, 0), "{function}");
        }
    }
}
