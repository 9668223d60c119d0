//! One phase of one workload on one engine, in a process of its own: for tools that count, and for
//! the memory it takes.
use std::fs;
use std::hint::black_box;

use tephra_bench_common::{Ended, Engine};

use crate::error::{Error, Result};
use crate::measure::{Phase, Subject, Timed};
use crate::workloads::Workload;

/// Runs a phase twice, so that what happens once in a process is over, and then once more, inside
/// [`measured_work`].
///
/// # Errors
/// When the engine cannot do it.
pub fn run(workload: &Workload, expected: &Ended, engine: &dyn Engine, phase: Phase) -> Result<()> {
    let subject = Subject::new(&workload.task, expected, engine, phase)?;
    subject.run(2)?;
    measured_work(&subject)
}

/// What is counted; tools find it by this name.
#[inline(never)]
fn measured_work(subject: &Subject<'_>) -> Result<()> {
    black_box(subject).run(1).map(drop)
}

/// Kibibytes that a cold run takes at its height, above what the process has before it.
///
/// # Errors
/// When the engine cannot do it, or the system does not tell.
pub fn memory(workload: &Workload, expected: &Ended, engine: &dyn Engine) -> Result<u64> {
    let subject = Subject::new(&workload.task, expected, engine, Phase::Cold)?;
    populate_own_code()?;
    give_back_free_memory();
    // Sets the height back to what there is now (proc(5)).
    fs::write("/proc/self/clear_refs", "5")?;
    let before = status("VmRSS:")?;
    subject.run(1)?;
    Ok(status("VmHWM:")?.saturating_sub(before))
}

/// Gives memory that was freed back to the system, so that it counts when it is used again.
fn give_back_free_memory() {
    // SAFETY: The C library's own function, which may be called at any time.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::malloc_trim(0);
    }
}

fn status(field: &str) -> Result<u64> {
    let text = fs::read_to_string("/proc/self/status")?;
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .and_then(|rest| rest.split_whitespace().next());
    value
        .and_then(|value| value.parse().ok())
        .ok_or_else(|| Error::new(format!("/proc/self/status lacks {field}")))
}

/// Has the program's file in memory as a whole, so that its pages are not counted where they are
/// touched first.
fn populate_own_code() -> Result<()> {
    let maps = fs::read_to_string("/proc/self/maps")?;
    for line in maps.lines().filter(|line| line.contains('/')) {
        let range = line.split_whitespace().next().and_then(|range| range.split_once('-'));
        let Some((start, end)) = range else { continue };
        let (Ok(start), Ok(end)) =
            (usize::from_str_radix(start, 16), usize::from_str_radix(end, 16))
        else {
            continue;
        };
        // SAFETY: Reading pages in changes nothing that a program can see.
        let populated = unsafe {
            rustix::mm::madvise(
                start as *mut _,
                end.saturating_sub(start),
                rustix::mm::Advice::LinuxPopulateRead,
            )
        };
        // Mappings that cannot be read are none of ours.
        let _ = populated;
    }
    Ok(())
}
