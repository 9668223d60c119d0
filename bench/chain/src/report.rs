//! What was measured, for people and for machines.
use std::fmt::Write;

use serde_json::{Value, json};
use tephra_bench_report::{
    Machine,
    statistics::{Estimate, Pair, mean_ratio, median},
};

use crate::{
    measure::{Effort, Row},
    work::Kind,
};

/// All that was measured.
pub struct Report {
    /// Where.
    pub machine: Machine,
    /// The amount of measuring.
    pub effort: Effort,
    /// What.
    pub rows: Vec<Row>,
    /// Microseconds that the check of a signature takes.
    pub signature: f64,
    /// What was left out, and why.
    pub missing: Vec<String>,
}

impl Report {
    /// The row that all others are compared with: the project's own token in the runtime of
    /// `node-template/`.
    fn own(&self) -> Option<&Row> {
        self.rows.first()
    }

    /// How many times as long as the import of our token's transfers these take, or these values of
    /// both.
    fn ratio(&self, row: &Row, times: impl Fn(&Row) -> &[f64]) -> Option<Estimate> {
        mean_ratio(&[Pair { own: times(row), peers: vec![times(self.own()?)] }])
    }

    /// The tables, for a document.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let Effort { rounds, transactions, users } = self.effort;
        let Machine { processor, threads, load, optimised } = &self.machine;
        let _ = writeln!(
            text,
            "{processor}, {threads} threads, load {load}; medians of {rounds} interleaved rounds, \
             blocks of {transactions} transactions, {users} users who hold tokens."
        );
        if !optimised {
            let _ =
                writeln!(text, "\n**This is not an optimised build: the numbers mean nothing.**");
        }
        self.put_transfers(&mut text);
        self.put_parts(&mut text);
        for missing in &self.missing {
            let _ = writeln!(text, "\nLeft out: {missing}.");
        }
        text
    }

    fn put_transfers(&self, text: &mut String) {
        text.push_str(
            "\n| runtime | transfer | µs | in a second | times our token | 95 % | µs when made | \
             weight, µs | gas | reads, writes | \
             bytes of proof |\n|---|---|--:|--:|--:|---|--:|--:|--:|--:|--:|\n",
        );
        for row in self.rows.iter().filter(|row| matches!(row.kind, Kind::Token | Kind::Currency)) {
            let time = median(&row.imported);
            let (ratio, spread) = match self.ratio(row, |row| &row.imported) {
                Some(Estimate { value, low, high }) => {
                    (format!("{value:.2}"), format!("{low:.2}–{high:.2}"))
                }
                None => ("–".into(), "–".into()),
            };
            let gas = row.gas.map_or("–".into(), |gas| format!("{gas:.0}"));
            let _ = writeln!(
                text,
                "| {} | {} | {time:.1} | {:.0} | {ratio} | {spread} | {:.1} | {:.0} | {gas} | \
                 {:.0}, {:.0} | {:.0} |",
                row.subject,
                row.title,
                1e6 / time,
                median(&row.made),
                row.weight.ref_time() as f64 / 1e6,
                row.reads,
                row.writes,
                row.proof,
            );
        }
    }

    /// What a transfer of our token is made of: each line does what the one before does, and more.
    fn put_parts(&self, text: &mut String) {
        let Some(own) = self.own() else { return };
        let parts = |row: &&Row| row.subject == own.subject && row.kind == Kind::Part;
        if !self.rows.iter().any(|row| parts(&row)) {
            return;
        }
        text.push_str(
            "\n| what a transaction does | µs | more than the line above | reads, writes | \
             new root of the state, µs |\n|---|--:|--:|--:|--:|\n",
        );
        let mut before = 0.0;
        for row in self.rows.iter().filter(parts).chain([own]) {
            let time = median(&row.imported);
            let _ = writeln!(
                text,
                "| {} | {time:.1} | {:.1} | {:.0}, {:.0} | {:.1} |",
                row.title,
                time - before,
                row.reads,
                row.writes,
                row.root
            );
            before = time;
        }
        let _ =
            writeln!(text, "\nThe check of a signature takes {:.1} µs of each.", self.signature);
        for row in self.rows.iter().filter(|row| row.kind == Kind::Block) {
            let time = median(&row.imported);
            let _ = writeln!(
                text,
                "\nA block without transactions in the runtime {} takes {time:.0} µs.",
                row.subject
            );
        }
    }

    /// What transactions ask of the state, item by item.
    pub fn accesses(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let _ = writeln!(text, "\n{}/{}", row.subject, row.name);
            for ((method, item), count) in row.accesses.iter().filter(|(_, count)| **count >= 0.05)
            {
                let _ = writeln!(text, "  {count:5.1} {method:8} {item}");
            }
        }
        text
    }

    /// All numbers.
    pub fn json(&self) -> Value {
        let rows = self.rows.iter().map(|row| {
            let accesses: Vec<Value> = (row.accesses.iter())
                .map(|((method, item), count)| {
                    json!({"method": method, "item": item, "count": count})
                })
                .collect();
            json!({
                "runtime": row.subject,
                "work": row.name,
                "imported_us": row.imported,
                "made_us": row.made,
                "weight_ps": row.weight.ref_time(),
                "weight_proof": row.weight.proof_size(),
                "gas": row.gas,
                "root_us": row.root,
                "reads": row.reads,
                "writes": row.writes,
                "proof": row.proof,
                "accesses": accesses,
                "times_own": self.ratio(row, |row| &row.imported),
                "times_own_made": self.ratio(row, |row| &row.made),
            })
        });
        json!({
            "machine": self.machine,
            "rounds": self.effort.rounds,
            "transactions": self.effort.transactions,
            "users": self.effort.users,
            "signature_us": self.signature,
            "missing": self.missing,
            "rows": rows.collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use frame_support::weights::Weight;

    use super::*;

    fn row(subject: &'static str, name: &'static str, kind: Kind, time: f64) -> Row {
        Row {
            subject,
            name,
            title: name,
            kind,
            imported: vec![time, time * 1.5, time / 2.0],
            made: vec![2.0 * time; 3],
            weight: Weight::from_parts(7_000_000, 1000),
            gas: (kind == Kind::Token).then_some(12_345.0),
            accesses: BTreeMap::from([(("Get".into(), "System.Account".into()), 2.0)]),
            reads: 9.0,
            writes: 4.0,
            proof: 2_000.0,
            root: 11.0,
        }
    }

    #[test]
    fn tables_compare_with_the_first_row() {
        let rows = vec![
            row("ours", "token", Kind::Token, 100.0),
            row("ours", "empty", Kind::Block, 900.0),
            row("ours", "remark", Kind::Part, 40.0),
            row("ours", "idle", Kind::Part, 70.0),
            row("theirs", "evm", Kind::Token, 250.0),
            row("theirs", "currency", Kind::Currency, 50.0),
        ];
        let report = Report {
            machine: Machine::now(),
            effort: Effort::QUICK,
            rows,
            signature: 42.0,
            missing: Vec::new(),
        };
        let text = report.text();
        let has = |line: &str| {
            assert!(text.lines().any(|it| it.starts_with(line)), "{line} is not in\n{text}")
        };
        has("| ours | token | 100.0 | 10000 | 1.00 |");
        has("| theirs | evm | 250.0 | 4000 | 2.50 |");
        has("| theirs | currency | 50.0 | 20000 | 0.50 |");
        has("| remark | 40.0 | 40.0 | 9, 4 | 11.0 |");
        has("| idle | 70.0 | 30.0 | 9, 4 |");
        has("| token | 100.0 | 30.0 | 9, 4 |");
        has("The check of a signature takes 42.0 µs of each.");
        has("A block without transactions in the runtime ours takes 900 µs.");
        assert!(text.contains("| 200.0 | 7 | 12345 | 9, 4 | 2000 |"), "{text}");
        assert!(
            report.accesses().contains("theirs/evm\n    2.0 Get      System.Account"),
            "{}",
            report.accesses()
        );
    }
}
