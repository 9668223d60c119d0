//! Text from contracts, files and users, made safe to show.

/// Characters of a shortened text.
const LONGEST: usize = 60;

/// Returns text on one line with control characters and characters that reorder text escaped, so
/// that it cannot steer a terminal.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => shown.push(character),
            other => shown.extend(other.escape_debug()),
        }
    }
    shown
}

/// Returns the first 60 characters of a text, escaped, with an ellipsis if there are more.
pub fn shorten(text: &str) -> String {
    let escaped: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().nth(LONGEST).is_some() { format!("{escaped}…") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_contracts_cannot_steer_the_terminal() {
        assert_eq!(plain("größe\u{1b}[2J\n"), "größe\\u{1b}[2J\\n");
        assert_eq!(plain("a\u{202e}\"b\\"), "a\\u{202e}\"b\\");
    }

    #[test]
    fn long_text_is_cut_at_60_characters() {
        assert_eq!(shorten("short\n"), "short\\n");
        assert_eq!(shorten(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }
}
