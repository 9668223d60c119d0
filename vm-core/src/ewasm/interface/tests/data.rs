//! Call data, code, and the return buffer.
use alloc::format;
use alloc::string::String;

use crate::ewasm::Status;
use crate::ewasm::testing::*;
use crate::revision::Revision;

/// Calls a copying function to address 0.
fn copy(function: &str, offset: u32, length: u32) -> String {
    format!("(call ${function} (i32.const 0) (i32.const {offset}) (i32.const {length}))")
}

#[test]
fn sizes_are_answered() {
    let (output, used) =
        Scene::new().output("(i32.store (i32.const 0) (call $getCallDataSize))", 4);
    assert_eq!((output, used), ([5, 0, 0, 0].into(), 2));

    let (output, used) =
        Scene::new().output("(i32.store (i32.const 0) (call $getReturnDataSize))", 4);
    assert_eq!((output, used), ([0; 4].into(), 2));
}

#[test]
fn get_code_size_is_that_of_the_code_as_stored() {
    let main =
        "(i32.store (i32.const 0) (call $getCodeSize)) (call $finish (i32.const 0) (i32.const 4))";
    let code = contract(&[], main);
    let outcome = Scene::new().run_code(&code);
    assert_eq!(outcome.output, (code.len() as u32).to_le_bytes());
    assert_eq!(used(&outcome), 2);
}

#[test]
fn call_data_copy_charges_by_word() {
    let (output, used) = Scene::new().output(&copy("callDataCopy", 1, 3), 5);
    assert_eq!((output, used), ([2, 3, 4, 0, 0].into(), 3 + 3));
    let mut scene = Scene::new();
    scene.message.input = [7; 64][..].into();
    assert_eq!(scene.output(&copy("callDataCopy", 0, 0), 0).1, 3);
    assert_eq!(scene.output(&copy("callDataCopy", 0, 32), 0).1, 3 + 3);
    assert_eq!(scene.output(&copy("callDataCopy", 0, 33), 0).1, 3 + 6);
}

#[test]
fn there_is_no_zero_padding() {
    for (offset, length, status) in [
        (0, 5, Status::Success),
        (5, 0, Status::Success),
        (0, 6, Status::InvalidMemoryAccess),
        (5, 1, Status::InvalidMemoryAccess),
        (6, 0, Status::InvalidMemoryAccess),
        (1, u32::MAX, Status::OutOfGas),
    ] {
        let outcome = Scene::new().run(&copy("callDataCopy", offset, length));
        assert_eq!(outcome.status, status, "{offset} {length}");
    }
    assert_eq!(Scene::new().run(&copy("returnDataCopy", 0, 1)).status, Status::InvalidMemoryAccess);
    assert_eq!(Scene::new().run(&copy("codeCopy", 60_000, 1)).status, Status::InvalidMemoryAccess);
}

#[test]
fn a_destination_outside_of_memory_fails() {
    for (pointer, length, status) in [
        (65536 - 5, 5, Status::Success),
        (65536, 0, Status::Success),
        (65536 - 4, 5, Status::InvalidMemoryAccess),
    ] {
        let main = format!(
            "(call $callDataCopy (i32.const {pointer}) (i32.const 0) (i32.const {length}))"
        );
        assert_eq!(Scene::new().run(&main).status, status, "{pointer} {length}");
    }
}

#[test]
fn code_copy_gives_the_code_as_stored() {
    let main = "(call $codeCopy (i32.const 0) (i32.const 0) (i32.const 40)) (call $finish \
        (i32.const 0) (i32.const 40))";
    let code = contract(&[], main);
    let outcome = Scene::new().run_code(&code);
    assert_eq!(outcome.output, code[..40]);
    assert_eq!(used(&outcome), 3 + 2 * 3);
}

#[test]
fn init_code_is_code_and_not_call_data() {
    let main = "
        (i32.store (i32.const 0) (call $getCodeSize))
        (i32.store (i32.const 4) (call $getCallDataSize))
        (call $revert (i32.const 0) (i32.const 8))";
    let code = contract(&[], main);
    let mut scene = Scene::new();
    scene.message.kind = crate::ewasm::CallKind::Create;
    scene.message.input = code.as_slice().into();
    let outcome = scene.run_code(&code);
    assert_eq!(outcome.output, [(code.len() as u32).to_le_bytes(), [0; 4]].concat());
}

#[test]
fn return_data_copy_reads_the_output_of_the_last_call() {
    let mut scene = Scene::new().with_memory(64, OTHER.as_slice());
    scene.host.outcomes.push_back(outcome(Status::Success, 0, b"answer"));
    let main = format!(
        "(drop (call $callStatic (i64.const 0) (i32.const 64) (i32.const 0) (i32.const 0)))
         (i32.store (i32.const 16) (call $getReturnDataSize)) {}",
        copy("returnDataCopy", 2, 4)
    );
    let (output, used) = scene.output(&main, 20);
    assert_eq!(&output[..4], b"swer");
    assert_eq!(output[16..], [6, 0, 0, 0]);
    assert_eq!(used, 700 + 2 + 3 + 3);
}

#[test]
fn external_code_is_measured_and_copied() {
    let size = "(i32.store (i32.const 0) (call $getExternalCodeSize (i32.const 64)))";
    let (output, used) = Scene::new().with_memory(64, OTHER.as_slice()).output(size, 4);
    assert_eq!((output, used), ((OTHER_CODE.len() as u32).to_le_bytes().into(), 700));
    let (output, _) = Scene::new().with_memory(64, NOBODY.as_slice()).output(size, 4);
    assert_eq!(output, [0; 4]);

    let copy = "(call $externalCodeCopy (i32.const 64) (i32.const 0) (i32.const 8) (i32.const 7))";
    let (output, used) = Scene::new().with_memory(64, OTHER.as_slice()).output(copy, 8);
    assert_eq!((output.as_slice(), used), (&b"another\0"[..], 700 + 3));
}

#[test]
fn external_code_has_no_zero_padding() {
    let size = OTHER_CODE.len() as u32;
    for (offset, length, status) in [
        (0, size, Status::Success),
        (size, 0, Status::Success),
        (0, size + 1, Status::InvalidMemoryAccess),
        (size + 1, 0, Status::InvalidMemoryAccess),
        (u32::MAX, 5, Status::InvalidMemoryAccess),
        (0, u32::MAX, Status::OutOfGas),
    ] {
        let main = format!(
            "(call $externalCodeCopy (i32.const 0) (i32.const 64) (i32.const {offset}) \
             (i32.const {length}))"
        );
        assert_eq!(
            Scene::new().with_memory(0, OTHER.as_slice()).run(&main).status,
            status,
            "{offset} {length}"
        );
    }
}

#[test]
fn external_code_is_cold_once_from_berlin_on() {
    let main = "
        (call $externalCodeCopy (i32.const 0) (i32.const 64) (i32.const 0) (i32.const 1))
        (drop (call $getExternalCodeSize (i32.const 0)))";
    for (revision, gas) in [(Revision::Istanbul, 700 + 3 + 700), (Revision::Berlin, 2600 + 3 + 100)]
    {
        let outcome = Scene::at(revision).with_memory(0, OTHER.as_slice()).run(main);
        assert_eq!(used(&outcome), gas, "{revision}");
    }
}
