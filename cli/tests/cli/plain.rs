use crate::folder::Folder;

const FIB: &str = r#"(module
  (func $fib (export "fib") (param i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (i32.const 2))
      (then (local.get 0))
      (else (i32.add
        (call $fib (i32.sub (local.get 0) (i32.const 1)))
        (call $fib (i32.sub (local.get 0) (i32.const 2)))))))
  (func (export "swap") (param i64 f64) (result f64 i64) (local.get 1) (local.get 0))
  (func $broken (export "broken") (drop (i32.div_u (i32.const 1) (i32.const 0)))))"#;

#[test]
fn a_function_of_a_plain_module_is_called() {
    let folder = Folder::new();
    folder.write("fib.wat", FIB);
    assert_eq!(folder.run(&["run", "fib.wat", "--invoke", "fib", "20"]).succeeds(), "6765\n");
    assert_eq!(
        folder.run(&["run", "fib.wat", "--invoke", "swap", "-5", "0.25"]).succeeds(),
        "0.25\n-5\n"
    );
    assert_eq!(folder.run(&["run", "fib.wat"]).succeeds(), "");
}

#[test]
fn traps_and_lack_of_gas_are_code_1() {
    let folder = Folder::new();
    folder.write("fib.wat", FIB);
    let sentence = folder.run(&["run", "fib.wat", "--invoke", "broken"]).fails_with(1);
    assert!(
        sentence.contains("integer divide by zero") && sentence.contains("in broken"),
        "{sentence}"
    );
    let report = folder.json(&["run", "fib.wat", "--invoke", "fib", "30", "--gas", "1000"]);
    assert_eq!(report["status"], "out of gas");
    folder.write("deep.wat", r#"(module (func $f (export "f") (call $f)))"#);
    let sentence = folder.run(&["run", "deep.wat", "--invoke", "f"]).fails_with(1);
    assert!(sentence.contains("call stack exhausted"), "{sentence}");
}

#[test]
fn metering_can_be_off() {
    let folder = Folder::new();
    folder.write("fib.wat", FIB);
    let report = folder.json(&[
        "run",
        "fib.wat",
        "--invoke",
        "fib",
        "15",
        "--gas",
        "0",
        "--metering",
        "off",
    ]);
    assert_eq!((&report["results"][0], &report["gas_used"]), (&"610".into(), &0.into()));
}

#[test]
fn wrong_arguments_are_code_2() {
    let folder = Folder::new();
    folder.write("fib.wat", FIB);
    for args in [
        &["--invoke", "fib"][..],
        &["--invoke", "fib", "x"],
        &["--invoke", "fib", "4294967296"],
        &["--invoke", "nothing"],
        &["7"],
    ] {
        folder.run(&[&["run", "fib.wat"], args].concat()).fails_with(2);
    }
}
