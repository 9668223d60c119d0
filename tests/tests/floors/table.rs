//! The table of floors in docs/architecture.md.
use std::{
    fs,
    path::{Path, PathBuf},
};

const PAGE: &str = "docs/architecture.md";

/// The floors, from the bottom up.
pub struct Floors(Vec<Floor>);

struct Floor {
    name: String,
    places: Vec<PathBuf>,
}

impl Floors {
    /// Reads the table, whose second column has the places in backquotes.
    pub fn read(root: &Path) -> Self {
        let page = fs::read_to_string(root.join(PAGE)).expect("the page can be read");
        let floors = Self::parse(&page);
        for place in floors.0.iter().flat_map(|floor| &floor.places) {
            assert!(root.join(place).exists(), "{PAGE} names {}, which is not", place.display());
        }
        floors
    }

    fn parse(page: &str) -> Self {
        let table = page
            .split_once("<!-- floors -->\n")
            .and_then(|(_, rest)| rest.split_once("<!-- end of floors -->"))
            .expect("docs/architecture.md has a table of floors")
            .0;
        let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
        let floors = rows.map(|row| {
            let mut cells = row.split('|').skip(1).map(str::trim);
            let name = cells.next().expect("a name").to_owned();
            let places = cells.next().expect("places").split('`').skip(1).step_by(2);
            Floor { name, places: places.map(PathBuf::from).collect() }
        });
        Self(floors.collect())
    }

    /// Returns the floor of a file, counted from the bottom: that of the longest place around it.
    pub fn of(&self, path: &Path) -> Option<usize> {
        let around = |floor: &Floor| {
            let places = floor.places.iter().filter(|place| path.starts_with(place));
            places.map(|place| place.as_os_str().len()).max()
        };
        let floors = self.0.iter().enumerate();
        let (_, floor) = floors.filter_map(|(at, floor)| Some((around(floor)?, at))).max()?;
        Some(floor)
    }

    /// Returns the name of a floor.
    pub fn name(&self, floor: usize) -> &str {
        &self.0[floor].name
    }
}

#[test]
fn the_longest_place_around_a_file_is_its_floor() {
    let page = "\
        <!-- floors -->\n\
        | floor | where | what |\n\
        |---|---|---|\n\
        | low | `a/b`, `c` | x |\n\
        | high | `a` | y |\n\
        <!-- end of floors -->\n";
    let floors = Floors::parse(page);
    assert_eq!(floors.of(Path::new("a/b/file.rs")), Some(0));
    assert_eq!(floors.of(Path::new("c/file.rs")), Some(0));
    assert_eq!(floors.of(Path::new("a/bb.rs")), Some(1));
    assert_eq!(floors.of(Path::new("d.rs")), None);
    assert_eq!(floors.name(1), "high");
}
