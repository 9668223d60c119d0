//! What was measured, as a table.
use std::fmt;

use tephra_chain_tests::machine;

/// One case.
pub struct Row {
    pub name: &'static str,
    /// How many transactions fitted, and how they ended.
    pub outcome: String,
    /// Of the transactions that succeeded or ran out of it.
    pub gas: u64,
    /// Seconds that the transactions weigh in the end.
    pub weight: f64,
    /// Seconds that the block took.
    pub time: f64,
}

impl Row {
    fn share(&self) -> f64 {
        self.time / self.weight
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, outcome, weight, time, .. } = self;
        let (weight, time) = (weight * 1e3, time * 1e3);
        let (share, gas) = (self.share(), self.gas as f64 / 1e6);
        let per_gas = if self.gas == 0 { "–".into() } else { format!("{:.1}", time / gas) };
        write!(
            f,
            "| {name} | {outcome} | {gas:.2} | {weight:.1} | {time:.1} | {per_gas} | {share:.2} |"
        )
    }
}

const BEGIN: &str = "<!-- block time -->\n";
const END: &str = "<!-- end of block time -->";

/// All rows, the worst first.
pub fn table(rows: &[Row]) -> String {
    let mut order: Vec<&Row> = rows.iter().collect();
    order.sort_by(|one, other| other.share().total_cmp(&one.share()));
    let head = "| block of | transactions | million gas | weighs, ms | takes, ms | ns per gas | \
                takes / weighs |";
    let mut text = format!("{}.\n\n{head}\n|---|---|--:|--:|--:|--:|--:|\n", machine());
    for row in order {
        text.push_str(&format!("{row}\n"));
    }
    text
}

/// A document with the table in its place.
///
/// # Errors
/// When it has no place for it.
pub fn place(document: &str, table: &str) -> Result<String, String> {
    let missing = || format!("the document has no place for the table: {BEGIN}{END}");
    let (before, rest) = document.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok(format!("{before}{BEGIN}{table}{END}{after}"))
}
