use crate::folder::{Folder, token};

#[test]
fn a_contract_is_valid_and_its_parts_are_listed() {
    let folder = Folder::new();
    let shown = folder.run(&["inspect", &token()]).succeeds();
    assert!(shown.contains("contract  valid"), "{shown}");
    assert!(shown.contains("ethereum.storageStore (i32, i32) -> ()"), "{shown}");
    let json = folder.json(&["inspect", &token()]);
    assert_eq!(
        (&json["valid"], &json["problem"], &json["memory"]["minimum"]),
        (&true.into(), &().into(), &1.into())
    );
}

#[test]
fn an_invalid_contract_is_explained_with_the_place() {
    let folder = Folder::new();
    let main = r#"(memory (export "memory") 1) (func (export "main"))"#;
    for (module, why) in [
        ("(module)", "memory"),
        (r#"(module (memory (export "memory") 1))"#, "main"),
        (&format!(r#"(module {main} (func (export "more")))"#), "exports `more`"),
        (&format!(r#"(module {main} (func $s) (start $s))"#), "start function"),
        (&format!(r#"(module (import "env" "abort" (func)) {main})"#), "env.abort"),
        (&format!(r#"(module (import "ethereum" "finish" (func)) {main})"#), "type"),
        (&format!(r#"(module {main} (func (drop (f32.const 1))))"#), "float"),
    ] {
        folder.write("contract.wat", module);
        let ended = folder.run(&["inspect", "contract.wat"]);
        assert_eq!(ended.code, Some(1), "{module}");
        assert!(
            ended.stdout.contains("not valid") && ended.stdout.contains(why),
            "{module}: {}",
            ended.stdout
        );
    }
    let place = folder.json(&["inspect", "contract.wat"])["problem"].clone();
    assert_eq!((&place["section"], &place["function"]), (&"code".into(), &1.into()));
}

#[test]
fn a_contract_that_needs_a_later_revision_is_not_valid_before() {
    let folder = Folder::new();
    folder.write(
        "contract.wat",
        r#"(module (import "ethereum" "getSelfBalance" (func (param i32)))
            (memory (export "memory") 1) (func (export "main")))"#,
    );
    assert_eq!(folder.json(&["inspect", "contract.wat"])["since"], "istanbul");
    assert_eq!(folder.run(&["inspect", "contract.wat", "--revision", "byzantium"]).code, Some(1));
}

#[test]
fn segments_of_a_function_have_places_and_gas() {
    let folder = Folder::new();
    folder.write("loop.wat", "(module (func (loop (br 0))))");
    let segments = folder.json(&["inspect", "loop.wat", "--segments", "0"])["segments"].clone();
    assert!(segments.as_array().is_some_and(|segments| !segments.is_empty()), "{segments}");
    folder.run(&["inspect", "loop.wat", "--segments", "9"]).fails_with(2);
}

#[test]
fn damaged_modules_are_told_apart_from_other_files() {
    let folder = Folder::new();
    let code = std::fs::read(token()).unwrap();
    for end in [8, 20, 100, 1000, code.len() - 1] {
        folder.write("part.wasm", &code[..end]);
        assert_eq!(folder.run(&["inspect", "part.wasm"]).code, Some(1), "{end}");
    }
    for at in (0..code.len()).step_by(97) {
        let mut damaged = code.clone();
        damaged[at] ^= 0xff;
        folder.write("damaged.wasm", &damaged);
        let ended = folder.run(&["inspect", "damaged.wasm"]);
        assert!(
            matches!(ended.code, Some(0 | 1 | 3)) && !ended.stderr.contains("panicked"),
            "{at}: {}",
            ended.stderr
        );
    }
}
