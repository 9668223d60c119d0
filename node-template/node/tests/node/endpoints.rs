//! The ports, the end and the log of the node.
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

use serde_json::{Value, json};

use crate::harness::{Node, complain, eventually, program};

/// Returns the metrics of a node, in Prometheus' text format.
fn metrics(node: &Node) -> String {
    let address = node.logged("Prometheus exporter started at ").expect("it has metrics");
    let mut stream = TcpStream::connect(address.trim()).expect("it listens");
    write!(
        stream,
        "GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        address.trim()
    )
    .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

/// Returns the value of a metric: of the line that starts with its name and has these labels.
fn value(metrics: &str, name: &str, label: &str) -> f64 {
    let line = metrics.lines().find(|line| line.starts_with(name) && line.contains(label));
    let line = line.unwrap_or_else(|| panic!("no {name} with {label} in {metrics}"));
    line.rsplit(' ')
        .next()
        .and_then(|value| value.parse().ok())
        .unwrap_or_else(|| panic!("no number in {line}"))
}

#[test]
fn metrics_follow_the_chain() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let node = Node::start(
        &["--dev", "--sealing", "interval=100", "--prometheus-port", "0"],
        directory.path(),
    );
    eventually("blocks are made", || node.number() >= 3);
    // The node updates heights every few seconds.
    eventually("the metrics tell of blocks", || {
        value(&metrics(&node), "substrate_block_height{", "status=\"best\"") >= 3.0
    });
    let told = metrics(&node);
    assert!(value(&told, "substrate_block_height{", "status=\"finalized\"") >= 2.0);
    assert!(value(&told, "substrate_proposer_block_constructed_count{", "") >= 3.0);
    assert_eq!(value(&told, "substrate_node_roles{", "tephra_dev"), 4.0, "it is a validator");
    assert!(value(&told, "substrate_rpc_calls_finished{", "chain_getHeader") >= 1.0);
    assert!(value(&told, "substrate_build_info{", env!("CARGO_PKG_VERSION")) == 1.0);
    node.stop();
}

#[test]
fn a_node_stops_cleanly_when_it_is_terminated() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    let node = Node::start(&["--dev", "--sealing", "interval=20"], directory.path());
    eventually("blocks are made", || node.number() >= 5);
    node.stop_by("-TERM");
    let node = Node::start(&["--dev"], directory.path());
    assert!(node.number() >= 5, "what it had is still there");
    eventually("what it had is final", || node.finalized() == node.number());
    node.stop();
}

#[test]
fn the_log_of_a_node_that_is_stopped_has_no_errors() {
    if tephra_chain_tests::blob::Blob::get().is_none() {
        return;
    }
    let ways = [
        ["--dev", "--sealing", "instant"],
        ["--dev", "--sealing", "interval=50"],
        ["--dev", "--sealing", "slots"],
        ["--dev", "--pool-type", "single-state"],
    ];
    for (arguments, signal) in ways.iter().flat_map(|way| [(way, "-TERM"), (way, "-INT")]) {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let node =
            Node::start(&[&arguments[..], &["--log-format", "json"]].concat(), directory.path());
        node.ask("system_health", json!([]));
        let log = node.stop_by(signal);
        assert!(log.iter().any(|line| line.contains("Tephra development")), "{log:?}");
        for line in log {
            let line: Value =
                serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            assert_ne!(line["level"], "ERROR", "{arguments:?} {signal}: {line}");
        }
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let port = taken.local_addr().expect("it listens").port().to_string();
    for flag in ["--rpc-port", "--prometheus-port"] {
        let mut arguments = vec![
            "--dev",
            "--tmp",
            "--no-mdns",
            "--no-telemetry",
            "--listen-addr",
            "/ip4/127.0.0.1/tcp/0",
            flag,
            &port,
        ];
        if flag == "--rpc-port" {
            arguments.push("--no-prometheus");
        } else {
            arguments.extend(["--rpc-port", "0"]);
        }
        let said = complain(&arguments);
        assert!(said.starts_with(&format!("cannot listen on 127.0.0.1:{port}")), "{said}");
        assert!(said.contains(flag), "{said}");
    }
}

#[test]
fn a_log_can_be_json() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let base = directory.path().to_str().expect("text");
    let output = program()
        .args([
            "--log-format",
            "json",
            "--dev",
            "--base-path",
            base,
            "--no-prometheus",
            "--network-backend",
            "libp2p",
        ])
        .output()
        .expect("the node is built");
    assert!(!output.status.success());
    let log = String::from_utf8(output.stderr).expect("text");
    // The error that ended the node is not part of the log.
    let (log, last) = log.trim_end().rsplit_once('\n').expect("many lines");
    assert!(last.starts_with("error: "), "{last}");
    let mut chain = None;
    for line in log.lines() {
        let line: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(
            line["timestamp"].is_string()
                && line["level"].is_string()
                && line["target"].is_string(),
            "{line}"
        );
        let message = line["fields"]["message"].as_str().unwrap_or_default();
        chain = chain.or(message.contains("Tephra development").then(|| line["level"].clone()));
    }
    assert_eq!(chain, Some(json!("INFO")), "{log}");
}

#[test]
fn an_invalid_filter_of_the_log_is_refused() {
    let said = complain(&["--log-format", "json", "--dev", "--tmp", "--log", "txpool=very loud"]);
    assert!(said.contains("filter of the log"), "{said}");
}
