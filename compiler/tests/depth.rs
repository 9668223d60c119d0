//! Every stage goes as deep as the parser lets sources nest.
use tephra_yul::{Options, compile};

#[test]
fn sources_that_nest_as_deeply_as_can_be_compile_on_a_thread_of_a_test() {
    let depth = 120;
    for (open, inside, close) in [
        ("{ ", "sstore(0, 1)", " }"),
        ("if calldataload(0) { ", "sstore(0, 1)", " }"),
        ("for { } calldataload(0) { } { ", "sstore(0, 1)", " }"),
        ("switch calldataload(0) case 0 { ", "sstore(0, 1)", " }"),
        ("function f() { ", "sstore(0, 1)", " }"),
        ("pop(add(1, ", "calldataload(0)", "))"),
    ] {
        let mut source = String::new();
        for level in 0..depth {
            source += &open.replace("f()", &format!("f{level}()"));
            if open.starts_with("pop(") && level > 0 {
                source.truncate(source.len() - open.len());
                source += "add(1, ";
            }
        }
        source += inside;
        if open.starts_with("pop(") {
            source += &")".repeat(depth + 1);
        } else {
            source += &close.repeat(depth);
        }
        compile(&format!("{{ {source} }}"), &Options::default()).unwrap();
    }
}
