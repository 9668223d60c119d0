use super::ast::{Expression, StatementKind};
use super::parse;

fn refusal(source: &str) -> String {
    parse(source).unwrap_err().to_string()
}

#[test]
fn objects_hold_code_objects_and_data() {
    let object = parse(
        r#"/// @use-src 0:"a.sol", 2:"b/c.sol"
        object "A" {
            code { }
            /* inside */
            object "A_deployed" { code { } data ".metadata" hex"a2_64" }
            data "name" "text\n\x41\u00e4"
        }"#,
    )
    .unwrap();
    assert_eq!(&*object.name, "A");
    assert_eq!(object.sources, [(0, "a.sol".into()), (2, "b/c.sol".into())]);
    assert_eq!(&*object.objects[0].name, "A_deployed");
    assert_eq!(object.objects[0].data[0].bytes, [0xa2, 0x64]);
    assert_eq!(object.data[0].bytes, "text\nAä".as_bytes());
}

#[test]
fn statements_know_the_solidity_they_come_from() {
    let object = parse("{ let a /// @src 3:10:20  \"x\"\n a := 1 /// @src -1:-1:-1\n a := 2 }");
    let origins: Vec<_> =
        object.unwrap().code.statements.iter().map(|statement| statement.origin).collect();
    assert_eq!(origins[0], None);
    assert_eq!(origins[1].map(|origin| (origin.file, origin.start, origin.end)), Some((3, 10, 20)));
    assert_eq!(origins[2], None);
}

#[test]
fn literals_are_words_and_long_strings_are_text() {
    let object = parse(r#"{ f(1, 0xff, true, "abc", hex"00ff") }"#).unwrap();
    let StatementKind::Expression(Expression::Call(_, arguments, _)) =
        &object.code.statements[0].kind
    else {
        panic!("no call");
    };
    assert!(matches!(arguments[1], Expression::Literal(value, _) if value == 255));
    assert!(matches!(arguments[2], Expression::Literal(value, _) if value == 1));
    assert!(matches!(&arguments[3], Expression::Text(text, _) if **text == *b"abc"));
    assert!(matches!(&arguments[4], Expression::Text(text, _) if **text == [0, 255]));
}

#[test]
fn refusals_name_line_column_and_text() {
    assert_eq!(refusal("{\n  let 1 := 2 }"), "2:7: a name is missing: `1`");
    assert_eq!(refusal("{ f(1 }"), "1:7: `)` is missing: `}`");
    assert_eq!(refusal("{ let a := \"x"), "1:12: this string has no end: `\"`");
    assert_eq!(refusal("{ /* "), "1:3: this comment has no end: `/*`");
    assert_eq!(refusal("{ ü }"), "1:3: no Yul begins with this character: `ü`");
    assert_eq!(
        refusal("{ f(0x1_0) }"),
        "1:5: this is no number of 256 bits, decimal or hexadecimal: `0x1_0`"
    );
    let much = format!("{{ f({}) }}", "9".repeat(90));
    assert!(refusal(&much).contains("this is no number of 256 bits"));
    assert_eq!(
        refusal("{ switch 1 case 1 {} case 0x01 {} }"),
        "1:35: the switch before this has two cases 1: `}`"
    );
    assert_eq!(
        refusal("object \"a\" { data \"b\" \"c\" }"),
        "1:14: an object begins with its `code`: `data`"
    );
}

#[test]
fn nesting_is_bounded_whatever_nests() {
    for (open, close) in [("{ ", " }"), ("if 1 { ", " }"), ("f(", ")")] {
        let deep = 100_000;
        let source = format!("{{ {}{} }}", open.repeat(deep), close.repeat(deep));
        assert!(refusal(&source).contains("nests deeper than 128 levels"));
    }
    let fine = format!("{{ {} {} }}", "{".repeat(120), "}".repeat(120));
    assert!(parse(&fine).is_ok());
}
