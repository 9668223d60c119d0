//! What the program is told.
use std::path::PathBuf;

/// Values of a component between its least and its greatest, both included.
const STEPS: u32 = 20;

/// Runs with each value.
const REPEAT: u32 = 10;

/// Measurements of everything.
const ROUNDS: u32 = 3;

/// The arguments of the program.
pub struct Arguments {
    /// The runtime's blob, with the feature `runtime-benchmarks`.
    pub blob: PathBuf,
    /// Where the weights go; nowhere when the benchmarks are only to be seen to run.
    pub output: Option<PathBuf>,
    /// Values of a component.
    pub steps: u32,
    /// Runs with each value.
    pub repeat: u32,
    /// Measurements of everything; each figure is the median of theirs.
    pub rounds: u32,
}

impl Arguments {
    /// # Errors
    /// When something is missing or unknown.
    pub fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let (mut blob, mut output) = (None, None);
        let (mut steps, mut repeat, mut rounds) = (STEPS, REPEAT, ROUNDS);
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--blob" => blob = Some(PathBuf::from(value()?)),
                "--output" => output = Some(PathBuf::from(value()?)),
                "--steps" => steps = number(&value()?)?.max(2),
                "--rounds" => rounds = number(&value()?)?.max(1),
                "--repeat" => repeat = number(&value()?)?.max(1),
                _ => {
                    return Err(format!(
                        "unknown: {word}. There are --blob, --output, --steps, --repeat, --rounds"
                    ));
                }
            }
        }
        let blob =
            blob.ok_or("--blob is missing: the runtime with the feature runtime-benchmarks")?;
        Ok(Self { blob, output, steps, repeat, rounds })
    }
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("not a number: {text}"))
}
