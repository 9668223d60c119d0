//! Sources that are damaged: a refusal or a contract, and never a panic.
use tephra_yul::{Options, compile};

const SOURCE: &str = r#"
/// @use-src 0:"a.sol"
object "A" {
    code {
        /// @src 0:10:20
        mstore(64, memoryguard(128))
        let a, b := f(calldataload(0), "text")
        for { let i := 0 } lt(i, a) { i := add(i, 1) } {
            if eq(i, 3) { continue }
            if gt(i, 0x20) { break }
            sstore(i, keccak256(0, 64))
        }
        switch b
        case 0 { log2(0, 32, 1, 2) }
        case 7 { revert(0, 0) }
        default { b := hex"00ff" }
        codecopy(0, dataoffset("A_deployed"), datasize("A_deployed"))
        setimmutable(0, "5", b)
        return(0, datasize("A_deployed"))
        function f(x, y) -> r, s {
            if iszero(x) { leave }
            r := mulmod(x, y, 97)
            s := f2(r)
        }
        function f2(x) -> y { y := signextend(3, x) }
    }
    object "A_deployed" {
        code { mstore(0, loadimmutable("5")) return(0, 32) }
        data ".metadata" hex"a264"
    }
}
"#;

/// A source of numbers, the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        ((self.0 >> 33) % bound as u64) as usize
    }
}

/// Bytes of a source in pieces that mean something: words, numbers, signs.
fn pieces(source: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = match word(first) {
            true => rest.find(|c| !word(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

#[test]
fn the_source_itself_compiles() {
    compile(SOURCE, &Options::default()).unwrap();
}

#[test]
fn damaged_sources_are_refused_or_compiled() {
    let mut random = Random(7);
    let (mut refused, mut compiled) = (0, 0);
    for _ in 0..3_000 {
        let mut pieces = pieces(SOURCE);
        for _ in 0..1 + random.below(3) {
            let (at, other) = (random.below(pieces.len()), random.below(pieces.len()));
            match random.below(4) {
                0 => {
                    pieces.remove(at);
                }
                1 => pieces[at] = pieces[other],
                2 => pieces.insert(at, pieces[other]),
                _ => pieces.swap(at, other),
            }
        }
        match compile(&pieces.concat(), &Options::default()) {
            Ok(_) => compiled += 1,
            Err(error) => {
                assert!(!error.message.is_empty());
                refused += 1;
            }
        }
    }
    assert!(refused > 300 && compiled > 300, "{refused} refused, {compiled} compiled");
}

#[test]
fn sources_that_are_cut_off_are_refused() {
    for end in 0..SOURCE.trim_end().len() {
        if SOURCE.is_char_boundary(end) {
            assert!(compile(&SOURCE[..end], &Options::default()).is_err(), "{end}");
        }
    }
}
