//! What the host calls: a buffer for a task, the task read from it, the task done a number of
//! times.
extern crate alloc;

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::panic::PanicInfo;

use tephra_bench_common::{Compiled, Engine, Task};

#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(any(feature = "wasmi", feature = "wasmi-portable"))]
fn engine(mode: u32) -> Box<dyn Engine> {
    use tephra_bench_common::wasmi::Wasmi;
    Box::new(if mode == 0 { Wasmi::EAGER } else { Wasmi::LAZY_TRANSLATION })
}

#[cfg(not(any(feature = "wasmi", feature = "wasmi-portable")))]
fn engine(mode: u32) -> Box<dyn Engine> {
    use tephra_bench_common::tephra::Tephra;
    Box::new(match mode {
        0 => Tephra::METERED,
        1 => Tephra::TRUSTED,
        _ => Tephra::FREE,
    })
}

/// A task and the engine that does it.
pub struct Prepared {
    task: Task,
    engine: Box<dyn Engine>,
    compiled: Option<Rc<dyn Compiled>>,
}

/// Memory for a task of this many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn buffer(bytes: usize) -> *mut u8 {
    let mut buffer = core::mem::ManuallyDrop::new(Vec::with_capacity(bytes));
    buffer.as_mut_ptr()
}

/// Reads the task in a buffer and compiles its module. Null when it cannot be done.
///
/// # Safety
/// The buffer is of [`buffer`], for `bytes` bytes, all of which were written, and this is its first
/// use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn prepare(buffer: *mut u8, bytes: usize, mode: u32) -> *mut Prepared {
    // SAFETY: The caller's obligation.
    let buffer = unsafe { Vec::from_raw_parts(buffer, bytes, bytes) };
    let Some(task) = Task::decode(&buffer) else { return core::ptr::null_mut() };
    let engine = engine(mode);
    let Ok(compiled) = engine.compile(&task.wasm, &task.job.function) else {
        return core::ptr::null_mut();
    };
    Box::into_raw(Box::new(Prepared { task, engine, compiled: Some(compiled) }))
}

/// Does the task: compiled already, or from its bytes each time. The digest of what came out, which
/// is the same each time, or 0 when something failed.
///
/// # Safety
/// The pointer is of [`prepare`], and was not given to [`release`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn run(prepared: *mut Prepared, cold: u32, times: u32) -> u64 {
    // SAFETY: The caller's obligation.
    let Prepared { task, engine, compiled } = unsafe { &*prepared };
    let mut digest = None;
    for _ in 0..times {
        let compiled = if cold != 0 {
            engine.compile(&task.wasm, &task.job.function).ok()
        } else {
            compiled.clone()
        };
        let Some(compiled) = compiled else { return 0 };
        let Ok(ended) = compiled.run(&task.job, task.world_for(&compiled)) else { return 0 };
        let found = ended.digest();
        if *digest.get_or_insert(found) != found {
            return 0;
        }
    }
    digest.unwrap_or_default()
}

/// Forgets a task.
///
/// # Safety
/// As for [`run`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(prepared: *mut Prepared) {
    // SAFETY: The caller's obligation.
    drop(unsafe { Box::from_raw(prepared) });
}
