use alloy_primitives::U256;

use super::build::{Libraries, build};
use super::interpret::{Alone, Bounds, Code, Outcome, run};
use super::verify::verify;
use super::{Part, Program};
use crate::yul::parse;

fn program(source: &str) -> Program {
    let object = parse(source).unwrap();
    let program = build(source, &object, &Libraries::new()).unwrap();
    verify(&program).unwrap_or_else(|error| panic!("{error}\n{program}"));
    program
}

fn refusal(source: &str) -> String {
    let object = parse(source).unwrap();
    build(source, &object, &Libraries::new()).unwrap_err().to_string()
}

/// Runs a block and returns the words that it returned.
fn words(source: &str) -> Vec<U256> {
    let program = program(source);
    let code = Code::new(&program, |_| Vec::new(), &[]);
    match run(&program, &code, &mut Alone::default(), Bounds::default()) {
        Outcome::Return(bytes) => bytes.chunks(32).map(U256::from_be_slice).collect(),
        outcome => panic!("{outcome:?}\n{program}"),
    }
}

fn word(source: &str) -> u64 {
    words(source)[0].to()
}

#[test]
fn variables_have_the_last_value_that_was_assigned_on_the_way() {
    let source = "{
        let a := 1
        if 1 { a := 2 if 0 { a := 3 } }
        switch a case 1 { a := 10 } case 2 { a := 20 } default { a := 30 }
        mstore(0, a) return(0, 32)
    }";
    assert_eq!(word(source), 20);
}

#[test]
fn loops_break_continue_and_carry_their_variables() {
    let source = "{
        let sum
        for { let i := 0 } lt(i, 100) { i := add(i, 1) } {
            if mod(i, 2) { continue }
            if gt(i, 10) { break }
            for { let j := 0 } 1 { j := add(j, 1) } {
                if eq(j, i) { break }
                sum := add(sum, 1)
            }
        }
        mstore(0, sum) return(0, 32)
    }";
    assert_eq!(word(source), 2 + 4 + 6 + 8 + 10);
}

#[test]
fn functions_return_many_words_and_leave_early() {
    let source = "{
        function f(a) -> b, c { c := 7 if a { b := 1 leave } b := 2 }
        let x, y := f(0)
        let z, w := f(1)
        mstore(0, add(add(mul(x, 1000), mul(y, 100)), add(mul(z, 10), w)))
        return(0, 32)
    }";
    assert_eq!(word(source), 2000 + 700 + 10 + 7);
}

#[test]
fn arguments_are_evaluated_from_the_last_to_the_first() {
    let source = "{
        function note(x) -> y { sstore(0, add(mul(sload(0), 10), x)) y := x }
        pop(add(note(1), note(2)))
        mstore(0, sload(0)) return(0, 32)
    }";
    assert_eq!(word(source), 21);
}

#[test]
fn functions_see_functions_and_no_variables_of_others() {
    let source = "{
        let x := 5
        function f() -> x { x := g() function g() -> x { x := 3 } }
        mstore(0, add(x, f())) return(0, 32)
    }";
    assert_eq!(word(source), 8);
    assert_eq!(
        refusal("{ let a function f() -> b { b := a } }"),
        "1:34: there is no variable of this name here: `a`"
    );
}

#[test]
fn memory_grows_by_words_and_copies_overlap() {
    let source = "{
        mstore(0, 0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20)
        mcopy(1, 0, 32)
        mstore(64, msize())
        return(0, 96)
    }";
    let words = words(source);
    assert_eq!(words[0].byte(31), 1);
    assert_eq!(words[0].byte(30), 1);
    assert_eq!(words[1].byte(31), 0x20);
    assert_eq!(words[2], U256::from(64));
}

#[test]
fn code_ends_in_what_follows_a_program() {
    let source = r#"object "a" { code {
        codecopy(0, datasize("a"), sub(codesize(), datasize("a")))
        codecopy(32, dataoffset("d"), datasize("d"))
        return(0, 64)
    } data "d" "xyz" }"#;
    let program = program(source);
    assert_eq!(program.parts, [Part::Itself, Part::Data(b"xyz".to_vec())]);
    let code = Code::new(&program, |_| Vec::new(), &[9; 32]);
    let outcome = run(&program, &code, &mut Alone::default(), Bounds::default());
    let mut wanted = vec![9; 32];
    wanted.extend(b"xyz");
    wanted.resize(64, 0);
    assert_eq!(outcome, Outcome::Return(wanted));
}

#[test]
fn what_does_not_end_is_ended() {
    for source in ["{ for { } 1 { } { } }", "{ function f() { f() } f() }"] {
        let program = program(source);
        let code = Code::new(&program, |_| Vec::new(), &[]);
        let bounds = Bounds { steps: 100_000, ..Bounds::default() };
        assert_eq!(run(&program, &code, &mut Alone::default(), bounds), Outcome::Unfinished);
    }
}

#[test]
fn a_string_of_more_than_a_word_is_refused() {
    let text = "x".repeat(33);
    assert_eq!(
        refusal(&format!("{{ pop(\"{text}\") }}")),
        format!("1:7: a string of more than 32 bytes is no word: `\"{text}\"`")
    );
}

#[test]
fn refusals_name_what_is_wrong_and_where() {
    for (source, message) in [
        ("{ f() }", "1:3: there is no function of this name here: `f`"),
        ("{ let a := add(1) }", "1:12: this takes 2 words, not 1: `add(1)`"),
        ("{ let a, b := add(1, 2) }", "1:15: this gives 1 word, and 2 are used: `add(1, 2)`"),
        ("{ add(1, 2) }", "1:3: this gives 1 word, and 0 are used: `add(1, 2)`"),
        ("{ let a let a }", "1:13: this name is taken: `a`"),
        ("{ let a { let a } }", "1:15: this name is taken: `a`"),
        ("{ break }", "1:3: `break` stands in the body of a loop: `break`"),
        ("{ leave }", "1:3: `leave` stands in functions: `leave`"),
        (
            "{ let a a, a := f() function f() -> x, y { } }",
            "1:12: this variable is assigned twice: `a`",
        ),
        ("{ pop(pc()) }", "1:7: WebAssembly has no `pc`: `pc()`"),
        ("{ pop(datasize(\"b\")) }", "1:16: no data and no object of this name is here: `\"b\"`"),
    ] {
        assert_eq!(refusal(source), message);
    }
}
