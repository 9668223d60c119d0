//! The engines that are compared, each in the configuration that its documentation recommends for
//! speed.
mod contracts;
#[cfg(feature = "rwasm")]
mod rwasm;
#[cfg(feature = "sf-nano")]
mod sf_nano;
#[cfg(feature = "makepad-stitch")]
mod stitch;
#[cfg(feature = "tinywasm")]
mod tinywasm;
#[cfg(feature = "wasm3")]
mod wasm3;
#[cfg(feature = "wasmtime")]
mod wasmtime;

pub use contracts::ONLY_MESSAGES;
use tephra_bench_common::Engine;
use tephra_bench_common::tephra::Tephra;
#[cfg(feature = "wasmi")]
use tephra_bench_common::wasmi::Wasmi;

/// The lock file of the workspace, which knows what was built.
const LOCK: &str = include_str!("../../../Cargo.lock");

/// The way in which an engine runs code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It interprets.
    Interpreter,
    /// It compiles to native code.
    Compiler,
}

/// An engine in one configuration.
pub struct Peer {
    /// The name in tables and options.
    pub name: &'static str,
    /// The package that it comes from.
    pub package: &'static str,
    /// Whether instructions are counted and bounded.
    pub metered: bool,
    /// The way in which it runs code.
    pub kind: Kind,
    /// The engine, or why it is not in this build.
    pub engine: Result<Box<dyn Engine>, &'static str>,
}

impl Peer {
    /// The version that was built.
    pub fn version(&self) -> &'static str {
        version_of(self.package)
    }
}

/// The version of a package that was built.
pub fn version_of(package: &str) -> &'static str {
    let name = format!("name = \"{package}\"");
    let mut lines = LOCK.lines().skip_while(|line| **line != name);
    lines
        .nth(1)
        .and_then(|line| line.strip_prefix("version = "))
        .unwrap_or_default()
        .trim_matches('"')
}

macro_rules! engine {
    ($feature:literal, $engine:expr) => {{
        #[cfg(feature = $feature)]
        let engine: Result<Box<dyn Engine>, &'static str> = Ok(Box::new($engine));
        #[cfg(not(feature = $feature))]
        let engine =
            Err(concat!("it is left out of this build: the feature `", $feature, "` is off"));
        engine
    }};
}

/// All of them.
pub fn all() -> Vec<Peer> {
    let own = |name, metered, engine: Box<dyn Engine>| Peer {
        name,
        package: "tephra-core",
        metered,
        kind: Kind::Interpreter,
        engine: Ok(engine),
    };
    let peer = |name, package, metered, kind, engine| Peer { name, package, metered, kind, engine };
    vec![
        own("tephra", true, Box::new(Tephra::METERED)),
        own("tephra-trusted", true, Box::new(Tephra::TRUSTED)),
        own("tephra-unmetered", false, Box::new(Tephra::FREE)),
        own("tephra-contracts", true, Box::new(contracts::Contracts)),
        peer("wasmi-eager", "wasmi", true, Kind::Interpreter, engine!("wasmi", Wasmi::EAGER)),
        peer(
            "wasmi-lazy",
            "wasmi",
            true,
            Kind::Interpreter,
            engine!("wasmi", Wasmi::LAZY_TRANSLATION),
        ),
        peer("wasm3", "wasm3x", false, Kind::Interpreter, engine!("wasm3", wasm3::Wasm3)),
        peer(
            "stitch",
            "makepad-stitch",
            false,
            Kind::Interpreter,
            engine!("makepad-stitch", stitch::Stitch),
        ),
        peer(
            "sf-nano",
            "sf-nano-core",
            false,
            Kind::Interpreter,
            engine!("sf-nano", sf_nano::SfNano),
        ),
        peer("rwasm", "rwasm", true, Kind::Interpreter, engine!("rwasm", rwasm::Rwasm)),
        peer(
            "tinywasm",
            "tinywasm",
            true,
            Kind::Interpreter,
            engine!("tinywasm", tinywasm::TinyWasm),
        ),
        peer(
            "wasmtime-winch",
            "wasmtime",
            true,
            Kind::Compiler,
            engine!("wasmtime", wasmtime::Wasmtime(::wasmtime::Strategy::Winch)),
        ),
        peer(
            "wasmtime-cranelift",
            "wasmtime",
            true,
            Kind::Compiler,
            engine!("wasmtime", wasmtime::Wasmtime(::wasmtime::Strategy::Cranelift)),
        ),
    ]
}
