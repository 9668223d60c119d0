//! Draws flame graphs as SVG: callers below, callees on top of them, widths by gas.
use svg::Document;
use svg::node::element::{Group, Rectangle, Style, Text, Title};
use tephra::profile::{Tree, whole};
use tephra::text::plain;

/// Width of the drawing, in pixels like the sizes below.
const WIDTH: f64 = 1200.0;
const ROW: f64 = 18.0;
const MARGIN: f64 = 10.0;
const HEAD: f64 = 50.0;
/// Approximate width of a letter.
const LETTER: f64 = 7.2;
/// Narrower bars are not drawn.
const NARROWEST: f64 = 0.3;

const STYLE: &str = "text { font: 12px ui-monospace, monospace; fill: #222; } \
    .head { font-size: 16px; } \
    g.call:hover rect { stroke: #222; stroke-width: 1; } rect { rx: 1; }";

struct Bar<'a> {
    name: &'a str,
    left: f64,
    width: f64,
    row: usize,
    total: u128,
    own: u128,
    calls: u64,
}

/// Draws a tree of calls.
pub fn draw(tree: &Tree, title: &str) -> String {
    let bars = bars(tree);
    let rows = bars.iter().map(|bar| bar.row).max().map_or(0, |row| row + 1);
    let height = HEAD + ROW * rows as f64 + MARGIN;
    let total = tree.total();
    let heading = Text::new(format!("{} – {total} gas", clean(title)))
        .set("x", MARGIN)
        .set("y", 24)
        .set("class", "head");
    let hint = Text::new("Widths are gas. Point at a function to see its numbers.")
        .set("x", MARGIN)
        .set("y", 42);
    let document = Document::new()
        .set("viewBox", (0, 0, WIDTH, height))
        .set("width", WIDTH)
        .set("height", height)
        .add(Style::new(STYLE))
        .add(Rectangle::new().set("width", "100%").set("height", "100%").set("fill", "#fdfdf6"))
        .add(heading)
        .add(hint);
    bars.iter().fold(document, |document, bar| document.add(drawn(bar, total, height))).to_string()
}

/// Returns every node that is wide enough, with its place. Children are side by side above their
/// parent, in the order of their names.
fn bars(tree: &Tree) -> Vec<Bar<'_>> {
    let whole_width = WIDTH - 2.0 * MARGIN;
    let total = tree.root().map_or(1, |root| root.total.max(1)) as f64;
    let mut bars = Vec::new();
    // Number, left edge and row of nodes to be placed.
    let mut open = vec![(0usize, MARGIN, 0usize)];
    while let Some((number, left, row)) = open.pop() {
        let Some(node) = tree.node(number) else { continue };
        let width = node.total as f64 / total * whole_width;
        if width < NARROWEST {
            continue;
        }
        let mut next = left;
        for child in node.children.values() {
            open.push((*child, next, row + 1));
            next += tree.node(*child).map_or(0.0, |child| child.total as f64 / total * whole_width);
        }
        bars.push(Bar {
            name: &node.name,
            left,
            width,
            row,
            total: node.total,
            own: tree.own(node),
            calls: node.calls,
        });
    }
    bars
}

fn drawn(bar: &Bar<'_>, total: u64, height: f64) -> Group {
    let top = height - MARGIN - ROW * (bar.row + 1) as f64;
    let name = clean(bar.name);
    let gas = whole(bar.total);
    let percent = gas as f64 * 100.0 / total.max(1) as f64;
    let numbers = format!(
        "{name}\n{gas} gas ({percent:.1} %), {} without callees, {} calls",
        whole(bar.own),
        bar.calls
    );
    let rectangle = Rectangle::new()
        .set("x", round(bar.left))
        .set("y", round(top))
        .set("width", round(bar.width))
        .set("height", ROW - 1.0)
        .set("fill", colour(&name));
    let group = Group::new().set("class", "call").add(Title::new(numbers)).add(rectangle);
    let letters = ((bar.width - 6.0) / LETTER).max(0.0) as usize;
    if letters < 3 {
        return group;
    }
    let label = if name.chars().count() <= letters {
        name
    } else {
        name.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
    };
    group.add(Text::new(label).set("x", round(bar.left + 3.0)).set("y", round(top + 13.0)))
}

/// Returns a warm colour that depends on the name only.
fn colour(name: &str) -> String {
    let hash = alloy_primitives::keccak256(name);
    let part = |index: usize| u32::from(hash.get(index).copied().unwrap_or_default());
    format!("rgb({},{},{})", 205 + part(0) % 50, 90 + part(1) % 120, 40 + part(2) % 60)
}

/// Rounds to tenths of a pixel.
fn round(pixels: f64) -> f64 {
    (pixels * 10.0).round() / 10.0
}

/// Makes a name, which comes from a contract, safe to show and not too long.
fn clean(name: &str) -> String {
    let name = plain(name);
    if name.chars().count() > 200 { name.chars().take(199).chain(['…']).collect() } else { name }
}
