//! What files of TypeScript import from each other.
use std::{fs, path::Path};

use crate::sources::{Import, find, relative};

/// Returns the imports of files below a folder from each other, types among them.
pub fn imports(root: &Path, folder: &Path) -> Vec<Import> {
    let mut imports = Vec::new();
    find(folder, &mut |file| {
        if !file.extension().is_some_and(|ending| ending == "ts" || ending == "tsx") {
            return;
        }
        let text = fs::read_to_string(file).expect("a source can be read");
        for (line, name) in named(&text) {
            let target = file.parent().expect("it is in a folder").join(name);
            let endings = ["ts", "tsx"];
            let candidates = endings
                .iter()
                .flat_map(|ending| [target.with_extension(ending), target.join("index.ts")])
                .chain([target.clone()]);
            let found = candidates.into_iter().find(|candidate| candidate.is_file());
            let Some(to) = found.and_then(|path| path.canonicalize().ok()) else { continue };
            imports.push(Import {
                from: relative(root, file),
                to: relative(root, &to),
                place: format!("{}:{line}", relative(root, file).display()),
            });
        }
    });
    imports
}

/// Returns the relative names behind `from` and `import`, with their lines.
fn named(text: &str) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        for keyword in ["from ", "import ", "import("] {
            for (at, _) in content.match_indices(keyword) {
                let rest = &content[at + keyword.len()..];
                let Some(quote) = rest.chars().next().filter(|first| "\"'".contains(*first)) else {
                    continue;
                };
                if let Some(name) =
                    rest[1..].split(quote).next().filter(|name| name.starts_with('.'))
                {
                    names.push((line, name));
                }
            }
        }
    }
    names
}

#[test]
fn imports_exports_and_types_are_found_and_packages_are_not() {
    let text = "import { a } from \"./a.js\";
        export * from './b.js';
        import \"./c.js\";
        import type { D } from \"./d.js\";
        import x from \"package\";
        await import(\"./e.js\");";
    let names: Vec<_> = named(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["./a.js", "./b.js", "./c.js", "./d.js", "./e.js"]);
}
