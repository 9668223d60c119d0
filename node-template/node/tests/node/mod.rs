//! A node in a process of its own, and questions to it.
// Each test file uses a part of this.
#![allow(dead_code)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// After so long a test gives up: nothing that it waits for takes more than seconds, unless something is broken.
const PATIENCE: Duration = Duration::from_secs(300);

/// Waits until it is so.
pub fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A node that runs, on ports of its own.
pub struct Node {
    process: Child,
    rpc: SocketAddr,
}

impl Node {
    /// Starts a node and waits until it answers.
    pub fn start(arguments: &[&str], base: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_tephra-node"))
            .args(arguments)
            .args(["--rpc-port", "0", "--listen-addr", "/ip4/127.0.0.1/tcp/0", "--no-mdns", "--no-prometheus"])
            .args(["--no-telemetry", "--base-path"])
            .arg(base)
            .stderr(Stdio::piped())
            .spawn()
            .expect("the node is built");
        let log = process.stderr.take().expect("it was asked for");
        let (send, receive) = mpsc::channel();
        thread::spawn(move || {
            let mut lines = Vec::new();
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                let address = line
                    .split_once("Running JSON-RPC server: addr=")
                    .and_then(|(_, addresses)| addresses.split(',').next()?.trim().parse().ok());
                lines.push(line);
                if let Some(address) = address {
                    let _ = send.send(Ok(address));
                }
            }
            // Only heard when it ended before it answered.
            let _ = send.send(Err(lines.join("\n")));
        });
        let rpc = match receive.recv_timeout(PATIENCE) {
            Ok(Ok(address)) => address,
            Ok(Err(log)) => panic!("the node ended:\n{log}"),
            Err(_) => panic!("the node does not answer"),
        };
        Self { process, rpc }
    }

    /// The answer to a call of the JSON-RPC interface.
    pub fn ask(&mut self, method: &str, parameters: Value) -> Value {
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).to_string();
        let mut stream = TcpStream::connect(self.rpc).expect("the node listens");
        let length = body.len();
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}",
            self.rpc
        )
        .expect("the node reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the node answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("HTTP");
        let mut answer: Value = serde_json::from_str(body).unwrap_or_else(|error| panic!("{method}: {error}: {body}"));
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].take()
    }

    /// The number of the best block.
    pub fn number(&mut self) -> u64 {
        self.number_of(&Value::Null)
    }

    /// The number of the block with this hash.
    pub fn number_of(&mut self, hash: &Value) -> u64 {
        let header = self.ask("chain_getHeader", json!([hash]));
        let number = header["number"].as_str().and_then(|number| number.strip_prefix("0x")).expect("a number in hex");
        u64::from_str_radix(number, 16).expect("a number in hex")
    }

    /// Where other nodes reach this one.
    pub fn address(&mut self) -> String {
        let addresses = self.ask("system_localListenAddresses", json!([]));
        let addresses = addresses.as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut local = addresses.filter(|address| address.starts_with("/ip4/127.0.0.1/tcp/"));
        local.next().expect("it listens on the loopback interface").to_owned()
    }

    /// Ends the process at once, as a crash does.
    pub fn kill(mut self) {
        self.process.kill().expect("it is our child");
        self.process.wait().expect("it is our child");
    }

    /// Stops the process: it keeps its connections and answers nothing.
    pub fn pause(&mut self) {
        self.signal("-STOP");
    }

    /// Has a stopped process go on.
    pub fn resume(&mut self) {
        self.signal("-CONT");
    }

    fn signal(&mut self, signal: &str) {
        let id = self.process.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status().expect("kill is everywhere");
        assert!(status.success());
    }

    /// Asks the node to stop, as Ctrl-C does, and waits until it has.
    pub fn stop(mut self) {
        self.signal("-INT");
        let mut ended = None;
        eventually("the node stops when asked to", || {
            ended = self.process.try_wait().expect("it is our child");
            ended.is_some()
        });
        assert!(ended.is_some_and(|status| status.success()), "the node stops cleanly: {ended:?}");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // A test that fails leaves no node behind.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
