//! Searches for work that gas does not pay for, or times what was found.
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tephra_search::evaluate::{ADDITIONS_PER_GAS, limit};
use tephra_search::genome::Kind;
use tephra_search::{clock, worst};

/// Searches for modules, messages and transactions whose work their gas does not pay for.
#[derive(Parser)]
struct Arguments {
    /// How long to search.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// How many candidates to try, instead of a time: the same seed then finds the same.
    #[arg(long)]
    candidates: Option<u64>,
    /// What random numbers begin with.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What to search for; everything by default.
    #[arg(long)]
    kind: Vec<Kind>,
    /// Where to write the worst: descriptions, modules, and a table.
    #[arg(long)]
    out: Option<PathBuf>,
    /// How many of each kind to write and to show.
    #[arg(long, default_value_t = 12)]
    worst: usize,
    /// Threads; one for each processor by default.
    #[arg(long)]
    threads: Option<usize>,
    /// Begins with what is kept, rather than with nothing.
    #[arg(long)]
    from_kept: bool,
    /// Only measures what is kept.
    #[arg(long)]
    replay: bool,
    /// Times what is kept by the clock, instead of a search.
    #[arg(long)]
    clock: bool,
    /// Where the kept ones are, if not in the project.
    #[arg(long)]
    kept: Option<PathBuf>,
}

/// Up to which ratio it is measured how bad the worst are.
#[cfg(feature = "work")]
const EXACTLY: f64 = 400.0;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = if arguments.clock { times(&arguments) } else { searches(&arguments) };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn kept(arguments: &Arguments) -> std::io::Result<Vec<(String, worst::Kept)>> {
    worst::read(&arguments.kept.clone().unwrap_or_else(worst::directory))
}

/// A report, no verdict: what the clock says is not the same everywhere.
fn times(arguments: &Arguments) -> std::io::Result<ExitCode> {
    println!(
        "| what | units × | ns/gas | additions | clock × | clock/units |\n|---|--:|--:|--:|--:|--:|"
    );
    for (name, kept) in kept(arguments)? {
        let Some(timing) = clock::time(&kept.candidate) else {
            println!("| {name} | cannot be run |");
            continue;
        };
        let ratio = timing.candidate / timing.additions;
        #[cfg(feature = "work")]
        let units =
            tephra_search::evaluate::evaluate(&kept.candidate).map_or(0.0, |score| score.ratio);
        #[cfg(not(feature = "work"))]
        let units = kept.found.ratio;
        let (ours, additions) = (timing.candidate, timing.additions);
        println!(
            "| {name} | {units:.1} | {ours:.1} | {additions:.1} | {ratio:.1} | {:.2} |",
            ratio / units
        );
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(not(feature = "work"))]
fn searches(_: &Arguments) -> std::io::Result<ExitCode> {
    let _ = (ADDITIONS_PER_GAS, limit);
    eprintln!("this program was built without the feature `work`, and cannot count");
    Ok(ExitCode::FAILURE)
}

#[cfg(feature = "work")]
fn searches(arguments: &Arguments) -> std::io::Result<ExitCode> {
    use std::time::{Duration, Instant};

    use tephra_search::evaluate::{evaluate, evaluate_up_to};
    use tephra_search::search::{Population, Until, search, simplify};

    let kinds = if arguments.kind.is_empty() { Kind::ALL.to_vec() } else { arguments.kind.clone() };
    let mut population = Population::default();
    if arguments.from_kept || arguments.replay {
        for (name, kept) in kept(arguments)? {
            match evaluate(&kept.candidate) {
                Some(score) => {
                    if arguments.replay {
                        println!(
                            "{name}: {:.1} now, {:.1} when it was found; {}",
                            score.ratio,
                            kept.found.ratio,
                            score.summary()
                        );
                    }
                    population.add(kept.candidate, score);
                }
                None => println!("{name}: cannot be run any more"),
            }
        }
    }
    if !arguments.replay {
        let until = match arguments.candidates {
            Some(candidates) => Until::Candidates(candidates),
            None => Until::Time(Duration::from_secs(arguments.seconds)),
        };
        let threads = arguments
            .threads
            .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
            .unwrap_or(1);
        let start = Instant::now();
        let mut told = 0;
        population =
            search(&kinds, arguments.seed, until, threads, population, |tried, population| {
                let seconds = start.elapsed().as_secs();
                if seconds >= told + 5 {
                    told = seconds;
                    let worst = |kind: &Kind| {
                        let found = population.worst(*kind);
                        found.first().map_or_else(String::new, |(_, score)| {
                            format!("; {} {:.1} ({})", kind.name(), score.ratio, score.niche())
                        })
                    };
                    eprintln!(
                        "{seconds} s, {tried} tried{}",
                        kinds.iter().map(worst).collect::<String>()
                    );
                }
            });
    }
    let mut found = Vec::new();
    for kind in kinds {
        for candidate in population.worst(kind).into_iter().take(arguments.worst) {
            let (candidate, score) = if arguments.replay {
                candidate.clone()
            } else {
                simplify(candidate, arguments.seed)
            };
            let score = evaluate_up_to(&candidate, EXACTLY).unwrap_or(score);
            found.push((candidate, score));
        }
    }
    println!("{}", worst::table(&found));
    if let Some(directory) = &arguments.out {
        worst::write(directory, &found)?;
    }
    let above =
        found.iter().filter(|(candidate, score)| score.ratio > limit(candidate.kind)).count();
    println!("{above} above the limit; a gas of additions is {ADDITIONS_PER_GAS:.1} units");
    Ok(if above == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
