//! Reads Rust source as far as it says what a module imports: `use` declarations and paths, without
//! comments, strings and test code.

/// A path that a source names, from its first segment on.
#[derive(Debug, PartialEq, Eq, Clone)]
pub struct Path {
    /// Segments; the first may be `crate`, `super` or `self`, the last `*`.
    pub segments: Vec<String>,
    /// The name that a `use` gives it. None for a path in code.
    pub name: Option<String>,
    /// Modules within the file that the path stands in.
    pub within: Vec<String>,
    /// Line, from 1.
    pub line: usize,
}

/// The imports and items of a source.
#[derive(Debug, Default)]
pub struct Scan {
    /// Paths, in order.
    pub paths: Vec<Path>,
    /// Modules that only tests have, and that are files.
    pub test_modules: Vec<String>,
    /// Whether the whole file is test code.
    pub is_test: bool,
    /// Names of items that are declared here, macros among them.
    pub items: Vec<String>,
}

type Token<'a> = (&'a str, usize);

/// Scans a source. Paths in code are kept if their first segment is `crate`, `super` or `self`, or
/// a name in `crates`.
pub fn scan(source: &str, crates: &[String]) -> Scan {
    let source = without_comments_and_strings(source);
    let tokens = tokens(&source);
    let mut scan = Scan::default();
    let mut within: Vec<(String, usize)> = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < tokens.len() {
        let (token, line) = tokens[at];
        let names = || within.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        let next = |ahead: usize| tokens.get(at + ahead).map_or("", |(token, _)| *token);
        match token {
            "#" => {
                let inner = next(1) == "!";
                let end = closing(&tokens, at + 1 + usize::from(inner));
                if is_for_tests(&tokens[at..end]) {
                    if inner {
                        scan.is_test = true;
                        return scan;
                    }
                    at = skip_item(&tokens, end, &mut scan.test_modules);
                } else {
                    at = end;
                }
                continue;
            }
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                within.pop_if(|(_, at)| *at == depth);
            }
            "mod" if next(2) == "{" => {
                within.push((next(1).to_owned(), depth));
                depth += 1;
                at += 3;
                continue;
            }
            // A visibility has a path that imports nothing.
            "pub" if next(1) == "(" => {
                at = closing(&tokens, at + 1);
                continue;
            }
            "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union" => {
                scan.items.push(next(1).to_owned());
            }
            "macro_rules" => scan.items.push(next(2).to_owned()),
            "use" => {
                let end = (at..tokens.len()).find(|end| tokens[*end].0 == ";").unwrap_or(at);
                for (segments, name) in tree(&tokens[at + 1..end]) {
                    scan.paths.push(Path { segments, name: Some(name), within: names(), line });
                }
                at = end;
            }
            first
                if next(1) == "::"
                    && (at == 0 || tokens[at - 1].0 != "::")
                    && (matches!(first, "crate" | "super" | "self")
                        || crates.iter().any(|name| name == first)) =>
            {
                let mut segments = vec![first.to_owned()];
                while tokens.get(at + 1).is_some_and(|(token, _)| *token == "::")
                    && tokens.get(at + 2).is_some_and(|(token, _)| is_word(token))
                {
                    segments.push(tokens[at + 2].0.to_owned());
                    at += 2;
                }
                scan.paths.push(Path { segments, name: None, within: names(), line });
            }
            _ => {}
        }
        at += 1;
    }
    scan
}

/// Returns the paths of a `use`, each with the name that it gets.
fn tree(tokens: &[Token]) -> Vec<(Vec<String>, String)> {
    let mut prefix: Vec<String> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match tokens[at].0 {
            "::" => {}
            "{" => {
                let inner = &tokens[at + 1..closing(tokens, at) - 1];
                let mut paths = Vec::new();
                let (mut start, mut depth) = (0, 0);
                for end in 0..=inner.len() {
                    match inner.get(end).map(|(token, _)| *token) {
                        Some("{") => depth += 1,
                        Some("}") => depth -= 1,
                        Some(",") | None if depth == 0 && start < end => {
                            paths.extend(tree(&inner[start..end]).into_iter().map(
                                |(path, name)| {
                                    let is_self = path == ["self"];
                                    let rest = if is_self { &[] } else { path.as_slice() };
                                    let whole = [prefix.as_slice(), rest].concat();
                                    let renamed = !is_self || name != "self";
                                    let last = prefix.last().cloned().unwrap_or_default();
                                    (whole, if renamed { name } else { last })
                                },
                            ));
                            start = end + 1;
                        }
                        Some(",") if depth == 0 => start = end + 1,
                        _ => {}
                    }
                }
                return paths;
            }
            "as" => {
                let name = tokens.get(at + 1).map_or("_", |(token, _)| *token);
                return vec![(prefix, name.to_owned())];
            }
            segment => prefix.push(segment.to_owned()),
        }
        at += 1;
    }
    let name = prefix.last().cloned().unwrap_or_default();
    vec![(prefix, name)]
}

/// Whether an attribute leaves an item to tests.
fn is_for_tests(attribute: &[Token]) -> bool {
    let text: String = attribute.iter().map(|(token, _)| *token).collect();
    text.contains("cfg(test)") || text.contains("cfg(any(test,") || text.contains("cfg(all(test,")
}

/// Returns the place behind an item, and notes a module that is a file.
fn skip_item(tokens: &[Token], mut at: usize, test_modules: &mut Vec<String>) -> usize {
    while tokens.get(at).is_some_and(|(token, _)| *token == "#") {
        at = closing(tokens, at + 1);
    }
    let start = at;
    while at < tokens.len() {
        match tokens[at].0 {
            ";" => {
                if let Some(module) =
                    tokens[start..at].iter().position(|(token, _)| *token == "mod")
                {
                    test_modules.push(tokens[start + module + 1].0.to_owned());
                }
                return at + 1;
            }
            // A field, a variant, an argument.
            "," | "}" | ")" => return at,
            "{" => {
                let end = closing(tokens, at);
                let is_use = tokens[start..at].iter().any(|(token, _)| *token == "use");
                if !is_use {
                    return end;
                }
                at = end;
            }
            "(" | "[" => at = closing(tokens, at),
            _ => at += 1,
        }
    }
    at
}

/// Returns the place behind the bracket that closes the one here.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, (token, _)) in tokens.iter().enumerate().skip(open) {
        match *token {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut line, mut at) = (1, 0);
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let length = if first.is_alphanumeric() || first == '_' {
            rest.find(|other: char| !other.is_alphanumeric() && other != '_').unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if first == '\n' {
            line += 1;
        }
        if !first.is_whitespace() {
            tokens.push((&rest[..length], line));
        }
        at += length;
    }
    tokens
}

/// Replaces comments and what strings and characters hold by spaces; lines stay.
fn without_comments_and_strings(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let after_word = out.ends_with(|last: char| last.is_alphanumeric() || last == '_');
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if first == '"' {
            string(rest)
        } else if (first == 'r' || rest.starts_with("br")) && !after_word {
            raw_string(rest)
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        if length == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            out.push(' ');
            out.extend(rest[..length].chars().filter(|one| *one == '\n'));
            rest = &rest[length..];
        }
    }
    out
}

fn block_comment(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, one) in text.char_indices().skip(1) {
        match one {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn raw_string(text: &str) -> usize {
    let after = text.trim_start_matches('b').trim_start_matches('r');
    let hashes = after.len() - after.trim_start_matches('#').len();
    if !after[hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let begin = text.len() - after.len() + hashes + 1;
    text[begin..].find(&end).map_or(text.len(), |at| begin + at + end.len())
}

/// The length of a character, 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut inside = text.char_indices().skip(1);
    match inside.next() {
        Some((_, '\\')) => text[2..]
            .char_indices()
            .skip(1)
            .find(|(_, one)| *one == '\'')
            .map_or(0, |(at, _)| at + 3),
        Some(_) => inside.next().filter(|(_, one)| *one == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(source: &str) -> Vec<String> {
        let scan = scan(source, &["other".to_owned()]);
        scan.paths.iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn a_use_is_taken_apart() {
        assert_eq!(
            paths("pub(crate) use crate::{a::{self, B as C}, d::*}; use super::e;"),
            ["crate::a", "crate::a::B", "crate::d::*", "super::e"]
        );
    }

    #[test]
    fn a_renamed_import_has_its_new_name() {
        let scan = scan("use a::{self as b, C as d, e::{self}};", &[]);
        let names: Vec<_> = scan.paths.iter().filter_map(|path| path.name.as_deref()).collect();
        assert_eq!(names, ["b", "d", "e"]);
    }

    #[test]
    fn paths_in_code_count_and_those_in_comments_strings_and_visibilities_do_not() {
        let source = r##"
            /// [`crate::in_comment`] /* crate::nested */
            pub(in crate::visible) fn f<'a>(x: &'a super::Type) -> char {
                let s = "crate::in_string \" crate::b"; r#"crate::raw " "#; '"';
                other::call(); else_other::call(); self::own::call()
            }
        "##;
        assert_eq!(paths(source), ["super::Type", "other::call", "self::own::call"]);
    }

    #[test]
    fn test_code_does_not_count() {
        let source = "
            #[cfg(test)] use crate::a;
            #[cfg(test)] #[path = 1] mod file;
            #[cfg(test)] mod inline { use crate::{b}; fn f() { crate::c() } }
            struct S { #[cfg(test)] field: crate::d::D, other: crate::e::E }
            use crate::f;";
        assert_eq!(paths(source), ["crate::e::E", "crate::f"]);
        assert_eq!(scan(source, &[]).test_modules, ["file"]);
        assert!(scan("#![cfg(test)] use crate::a;", &[]).is_test);
    }

    #[test]
    fn a_module_within_a_file_is_known() {
        let scan = scan("mod a { use super::b; } use super::c;", &[]);
        let within: Vec<_> = scan.paths.iter().map(|path| path.within.clone()).collect();
        assert_eq!(within, [vec!["a".to_owned()], vec![]]);
    }
}
