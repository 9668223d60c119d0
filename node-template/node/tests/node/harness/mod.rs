//! A node in its own process, and questions to it.

pub mod namespace;
pub mod rpc;
pub mod token;

use std::{
    collections::VecDeque,
    fs,
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use namespace::Namespace;
use rpc::Rpc;
use serde_json::{Value, json};
use sp_core::H256;

/// The time after which a test gives up. Nothing that it waits for takes more than seconds, unless
/// something is broken.
const PATIENCE: Duration = Duration::from_secs(300);

/// The number of lines of its log that are kept of each node.
const REMEMBERED: usize = 1000;

/// Waits until a condition holds.
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Returns the node's program.
pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_tephra-node"))
}

/// Runs one of the node's commands to its end.
pub fn run(arguments: &[&str]) -> Output {
    program().args(arguments).stdin(Stdio::null()).output().expect("the node is built")
}

/// Runs a command that succeeds. Returns its output.
pub fn succeed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Runs a command that fails without a panic. Returns its error output.
pub fn fail(arguments: &[&str]) -> String {
    let output = run(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{arguments:?} succeeds: {said}");
    assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    said
}

/// Runs a command that fails. Returns the line with the reason, which the log may follow.
pub fn complain(arguments: &[&str]) -> String {
    let said = fail(arguments);
    let line = said.lines().find_map(|line| line.strip_prefix("error: "));
    line.unwrap_or_else(|| panic!("{arguments:?}: {said}")).to_owned()
}

/// A running node on its own ports.
pub struct Node {
    process: Child,
    log: Arc<Mutex<VecDeque<String>>>,
    /// Reads the log to its end.
    reader: Option<thread::JoinHandle<()>>,
    /// The JSON-RPC interface.
    pub rpc: Rpc,
}

impl Node {
    /// Starts a node and waits until it answers.
    pub fn start(arguments: &[&str], base: &Path) -> Self {
        Self::start_in(None, arguments, base)
    }

    /// Starts a node in a network namespace and waits until it answers.
    pub fn start_in(namespace: Option<&Arc<Namespace>>, arguments: &[&str], base: &Path) -> Self {
        let ip = namespace.map_or("127.0.0.1", |namespace| namespace.ip());
        let mut command = program();
        command
            .args(arguments)
            .args([
                "--rpc-port",
                "0",
                "--listen-addr",
                &format!("/ip4/{ip}/tcp/0"),
                "--no-mdns",
                "--no-telemetry",
            ])
            .arg("--base-path")
            .arg(base)
            .stderr(Stdio::piped());
        if !arguments.contains(&"--prometheus-port") {
            command.arg("--no-prometheus");
        }
        // A killed test leaves no node behind.
        // SAFETY: between `fork` and `exec` this is one system call.
        unsafe {
            command.pre_exec(|| {
                Ok(rustix::process::set_parent_process_death_signal(Some(
                    rustix::process::Signal::KILL,
                ))?)
            });
        }
        let mut process = match namespace {
            Some(namespace) => namespace.run(move || command.spawn()),
            None => command.spawn(),
        }
        .expect("the node is built");
        let stderr = process.stderr.take().expect("it was asked for");
        let log = Arc::new(Mutex::new(VecDeque::new()));
        let (send, receive) = mpsc::channel();
        let reader = thread::spawn({
            let log = log.clone();
            move || {
                for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                    let address = line.split_once("Running JSON-RPC server: addr=").and_then(
                        |(_, addresses)| addresses.split(',').next()?.trim().parse().ok(),
                    );
                    let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                    log.push_back(line);
                    if log.len() > REMEMBERED {
                        log.pop_front();
                    }
                    if let Some(address) = address {
                        let _ = send.send(address);
                    }
                }
            }
        });
        // From here on it is stopped if the test fails.
        let mut node = Self { process, log, reader: Some(reader), rpc: Rpc::unknown() };
        match receive.recv_timeout(PATIENCE) {
            Ok(address) => node.rpc = Rpc::new(address, namespace.cloned()),
            Err(_) => panic!("the node does not answer"),
        }
        node
    }

    /// Returns the answer to a call of the JSON-RPC interface.
    pub fn ask(&self, method: &str, parameters: Value) -> Value {
        self.rpc.ask(method, parameters)
    }

    /// Returns the text after these words where they were logged last.
    pub fn logged(&self, words: &str) -> Option<String> {
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().rev().find_map(|line| line.split_once(words).map(|(_, rest)| rest.to_owned()))
    }

    /// Returns the hash of the first block.
    pub fn genesis(&self) -> H256 {
        serde_json::from_value(self.ask("chain_getBlockHash", json!([0]))).expect("a hash")
    }

    /// Returns the number of the best block.
    pub fn number(&self) -> u64 {
        self.number_of(&Value::Null)
    }

    /// Returns the number of the last final block.
    pub fn finalized(&self) -> u64 {
        self.number_of(&self.ask("chain_getFinalizedHead", json!([])))
    }

    /// Returns the number of the block with this hash.
    pub fn number_of(&self, hash: &Value) -> u64 {
        let header = self.ask("chain_getHeader", json!([hash]));
        let number = header["number"]
            .as_str()
            .and_then(|number| number.strip_prefix("0x"))
            .expect("a number in hex");
        u64::from_str_radix(number, 16).expect("a number in hex")
    }

    /// Returns the address at which other nodes reach this one.
    pub fn address(&self) -> String {
        let start = format!(
            "/ip4/{}/tcp/",
            self.rpc.namespace().map_or("127.0.0.1", |namespace| namespace.ip())
        );
        let addresses = self.ask("system_localListenAddresses", json!([]));
        let addresses = addresses.as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut local = addresses.filter(|address| address.starts_with(&start));
        local.next().unwrap_or_else(|| panic!("it does not listen on {start}")).to_owned()
    }

    /// Returns its directory in `/proc`.
    pub fn proc(&self) -> PathBuf {
        Path::new("/proc").join(self.process.id().to_string())
    }

    /// Returns the bytes of memory in use, mapped files included.
    pub fn memory(&self) -> u64 {
        self.memory_by("VmRSS:")
    }

    /// Returns the bytes of memory by one of the names in `/proc/PID/status`.
    pub fn memory_by(&self, name: &str) -> u64 {
        let status = fs::read_to_string(self.proc().join("status")).expect("the node runs");
        let kilobytes: Option<u64> = status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_suffix("kB")?.trim().parse().ok());
        1024 * kilobytes.unwrap_or_else(|| panic!("no {name} in {status}"))
    }

    /// Ends the process at once, as a crash does.
    pub fn kill(mut self) {
        self.process.kill().expect("it is our child");
        self.process.wait().expect("it is our child");
    }

    /// Stops the process, which keeps its connections and does not answer.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Continues a stopped process.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status().expect("kill is everywhere");
        assert!(status.success());
    }

    /// Asks the node to stop, as Ctrl-C does, and waits until it has.
    pub fn stop(self) {
        let _ = self.stop_by("-INT");
    }

    /// Asks the node to stop by a signal, and waits until it has. Returns the end of its log.
    pub fn stop_by(mut self, signal: &str) -> Vec<String> {
        self.signal(signal);
        let mut ended = None;
        eventually("the node stops when asked to", || {
            ended = self.process.try_wait().expect("it is our child");
            ended.is_some()
        });
        assert!(ended.is_some_and(|status| status.success()), "the node stops cleanly: {ended:?}");
        if let Some(reader) = self.reader.take() {
            reader.join().expect("reading does not panic");
        }
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().cloned().collect()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A failed test leaves no node behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if thread::panicking() {
            let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            let last: Vec<&str> = log.iter().rev().take(20).rev().map(String::as_str).collect();
            eprintln!("the node's last words:\n{}\n", last.join("\n"));
        }
    }
}
