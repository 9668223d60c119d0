//! Functions for debugging.
use alloc::string::String;
use alloc::vec::Vec;

use alloy_primitives::B256;

use crate::ewasm::testing::*;
use crate::ewasm::{Inspector, InterfaceCall, Status};

/// Keeps what interface calls show.
#[derive(Default)]
struct Shown(Vec<(&'static str, String)>);

impl Inspector for Shown {
    fn wants_interface_calls(&self) -> bool {
        true
    }

    fn interface_call(&mut self, call: &InterfaceCall<'_>) {
        assert_eq!(call.gas_before, call.gas_after);
        self.0.push((call.name, call.detail.into()));
    }
}

#[test]
fn they_show_something_and_cost_nothing() {
    let mut scene = Scene::new().with_memory(0, b"hello");
    let value = B256::left_padding_from(b"w");
    scene.host.accounts.get_mut(&THIS).unwrap().storage.insert(B256::ZERO, value);
    let main = "
        (call $print32 (i32.const -5))
        (call $print64 (i64.const -6))
        (call $printMem (i32.const 0) (i32.const 5))
        (call $printMemHex (i32.const 0) (i32.const 5))
        (call $printStorage (i32.const 64))
        (call $printStorageHex (i32.const 64))";
    let mut shown = Shown::default();
    let outcome = scene.run_inspected(&contract(&scene.memory, main), &mut shown);
    assert_eq!((outcome.status, used(&outcome)), (Status::Success, 0));
    let zeros = "\0".repeat(31);
    assert_eq!(
        shown.0,
        [
            ("print32", "-5".into()),
            ("print64", "-6".into()),
            ("printMem", "hello".into()),
            ("printMemHex", "68656c6c6f".into()),
            ("printStorage", zeros + "w"),
            ("printStorageHex", "00".repeat(31) + "77"),
        ]
    );
}

#[test]
fn ranges_are_checked_with_and_without_a_trace() {
    for main in [
        "(call $printMem (i32.const 65536) (i32.const 1))",
        "(call $printMemHex (i32.const 0) (i32.const -1))",
        "(call $printStorage (i32.const 65505))",
    ] {
        assert_eq!(Scene::new().run(main).status, Status::InvalidMemoryAccess);
        let outcome = Scene::new().run_inspected(&contract(&[], main), &mut Shown::default());
        assert_eq!(outcome.status, Status::InvalidMemoryAccess);
    }
}
