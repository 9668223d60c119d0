//! Results in the project's documents: between two marks, which name what stands there.
use std::fs;
use std::path::Path;

/// Puts text between `<!-- NAME -->` and `<!-- end of NAME -->` in a file.
///
/// # Errors
/// When the file cannot be read or written, or has no such marks.
pub fn put(path: &Path, name: &str, text: &str) -> Result<(), String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let document = fs::read_to_string(path).map_err(|error| failed(&error))?;
    let document = with(&document, name, text)
        .ok_or_else(|| failed(&format!("there is no place for results, <!-- {name} -->")))?;
    fs::write(path, document).map_err(|error| failed(&error))
}

fn with(document: &str, name: &str, text: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let (before, rest) = document.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}{text}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn what_stands_between_the_marks_is_replaced() {
        let document = "a\n<!-- x -->\nold\n<!-- end of x -->\nb";
        let new = with(document, "x", "new\n").unwrap();
        assert_eq!(new, "a\n<!-- x -->\nnew\n<!-- end of x -->\nb");
        assert_eq!(with(&new, "x", "new\n").unwrap(), new);
        assert_eq!(with(document, "y", "new"), None);
    }
}
