//! Circles in a graph of names.
use std::collections::{BTreeMap, BTreeSet};

/// What depends on what, and one place where each dependency is written.
#[derive(Default)]
pub struct Graph(BTreeMap<String, BTreeMap<String, String>>);

impl Graph {
    /// Adds a dependency; the first place is kept.
    pub fn add(&mut self, from: &str, to: &str, place: &str) {
        if from != to {
            self.0
                .entry(from.to_owned())
                .or_default()
                .entry(to.to_owned())
                .or_insert_with(|| place.to_owned());
        }
    }

    /// Returns the shortest circle through each name, without repeating one.
    pub fn circles(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut circles = Vec::new();
        for start in self.0.keys() {
            let Some(path) = self.circle(start) else { continue };
            let mut names = path.clone();
            names.sort();
            if seen.insert(names) {
                circles.push(self.describe(&path));
            }
        }
        circles
    }

    /// Returns the shortest way from a name back to itself, breadth first.
    fn circle(&self, start: &str) -> Option<Vec<String>> {
        let mut paths = vec![vec![start.to_owned()]];
        let mut visited = BTreeSet::new();
        while !paths.is_empty() {
            let mut longer = Vec::new();
            for path in paths {
                let last = path.last()?;
                for next in self.0.get(last).into_iter().flatten().map(|(name, _)| name) {
                    if next == start {
                        return Some(path);
                    }
                    if visited.insert(next.clone()) {
                        longer.push([path.as_slice(), std::slice::from_ref(next)].concat());
                    }
                }
            }
            paths = longer;
        }
        None
    }

    fn describe(&self, circle: &[String]) -> String {
        let mut text = String::new();
        for (index, from) in circle.iter().enumerate() {
            let to = &circle[(index + 1) % circle.len()];
            text += &format!("\n    {from} imports {to} in {}", self.0[from][to]);
        }
        text
    }
}

#[test]
fn a_circle_is_found_once_and_shown_with_its_places() {
    let mut graph = Graph::default();
    graph.add("a", "b", "a.rs:1");
    graph.add("b", "c", "b.rs:2");
    graph.add("c", "a", "c.rs:3");
    graph.add("d", "a", "d.rs:4");
    let expected =
        "\n    a imports b in a.rs:1\n    b imports c in b.rs:2\n    c imports a in c.rs:3";
    assert_eq!(graph.circles(), [expected]);
}

#[test]
fn a_graph_without_a_way_back_has_no_circle() {
    let mut graph = Graph::default();
    graph.add("a", "b", "");
    graph.add("a", "c", "");
    graph.add("b", "c", "");
    graph.add("c", "c", "");
    assert_eq!(graph.circles(), [""; 0]);
}
