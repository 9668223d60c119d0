//! Invalid requests, and too many requests.
use std::{
    io::{Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

use super::{is_refused, is_unharmed, node};
use crate::harness::{Node, eventually, rpc::result_of};

/// The error codes of JSON-RPC.
const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMETERS: i64 = -32602;
/// The code for a batch with too many requests.
const BATCH_TOO_LARGE: i64 = -32010;

/// Returns the answer to a body, which must be one of JSON-RPC.
fn answer(node: &Node, body: &[u8]) -> Value {
    let (_, answer) = node.rpc.post(body).expect("the node answers");
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

/// Opens a websocket. Returns it with the answer to the handshake.
fn websocket(node: &Node) -> (TcpStream, String) {
    let mut stream = node.rpc.connect().expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket has timeouts");
    write!(
        stream,
        "GET / HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        node.rpc.address()
    )
    .expect("it reads");
    let mut head = [0; 12];
    stream.read_exact(&mut head).expect("it answers");
    (stream, String::from_utf8_lossy(&head).into_owned())
}

#[test]
fn bodies_that_are_not_requests_are_refused() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&[], &base) else { return };
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let brackets = deep(100_000);
    let nested =
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"system_health","params":{brackets}}}"#);
    let bodies: [&[u8]; 9] = [
        b"garbage",
        b"\xff\xfe\x00",
        b"{",
        b"[]",
        b"{}",
        b"[1, 2",
        br#"{"jsonrpc":"1.0","id":1,"method":"system_health"}"#,
        br#"{"jsonrpc":"2.0","id":1,"params":[]}"#,
        brackets.as_bytes(),
    ];
    for body in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        // Brackets are a batch of one request, which is not valid.
        let answer = match answer(&node, body) {
            Value::Array(answers) => answers.into_iter().next().expect("there is one"),
            answer => answer,
        };
        let refusal = result_of(answer).expect_err(&shown);
        assert!([PARSE_ERROR, INVALID_REQUEST].contains(&refusal.code), "{shown}: {refusal}");
    }
    // Extra parameters are ignored.
    let nested = answer(&node, nested.as_bytes());
    assert!(nested["result"].is_object() || nested["error"]["code"].is_number(), "{nested}");

    is_refused(node.rpc.call("no_such_method", json!([])), METHOD_NOT_FOUND, "Method not found");
    is_refused(
        node.rpc.call("chain_getBlockHash", json!([{"wrong": [[]]}])),
        INVALID_PARAMETERS,
        "Invalid params",
    );
    is_refused(
        node.rpc.call("chain_getHeader", json!(["0x1234"])),
        INVALID_PARAMETERS,
        "Invalid params",
    );
    is_refused(
        node.rpc.call("state_getStorage", json!(["no hex"])),
        INVALID_PARAMETERS,
        "Invalid params",
    );
    is_unharmed(node);
}

#[test]
fn bodies_and_batches_that_are_too_large_are_refused() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&[], &base) else { return };
    let body = vec![b' '; 16 << 20];
    let (status, _) = node.rpc.post(&body).expect("the node answers");
    assert_eq!(status, 413, "content too large");

    let batch = |count: usize| {
        let calls: Vec<Value> = (0..count)
            .map(|id| json!({"jsonrpc": "2.0", "id": id, "method": "system_name", "params": []}))
            .collect();
        answer(&node, Value::from(calls).to_string().as_bytes())
    };
    assert_eq!(batch(100).as_array().map(Vec::len), Some(100));
    is_refused(result_of(batch(101)), BATCH_TOO_LARGE, "batch");
    is_refused(result_of(batch(100_000)), BATCH_TOO_LARGE, "batch");
    is_unharmed(node);
}

#[test]
fn garbage_on_a_connection_ends_that_connection() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&[], &base) else { return };
    let garbage: Vec<u8> =
        (0..100_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let starts: [&[u8]; 4] = [
        b"\x16\x03\x01\x02\x00",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"",
    ];
    for start in starts {
        let mut stream = node.rpc.connect().expect("it listens");
        let _ = stream.write_all(start).and_then(|()| stream.write_all(&garbage));
        let mut answer = Vec::new();
        // A reset is an end too.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    // Frames with reserved bits, with a length of 2⁶³, and text that is not UTF-8.
    let frames: [&[u8]; 3] =
        [&[0xff; 64], &[0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], &garbage];
    for frame in frames {
        let (mut stream, head) = websocket(&node);
        assert_eq!(head, "HTTP/1.1 101");
        let _ = stream.write_all(frame);
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
    is_unharmed(node);
}

#[test]
fn connections_beyond_the_limit_are_turned_away() {
    let base = tempfile::tempdir().expect("a temporary directory");
    let Some(node) = node(&["--rpc-max-connections", "50"], &base) else { return };
    // A silent connection does not count.
    let silent: Vec<TcpStream> =
        (0..500).map(|_| node.rpc.connect().expect("it listens")).collect();
    node.ask("system_health", json!([]));
    let mut open = Vec::new();
    let mut turned_away = 0;
    for _ in 0..300 {
        let (stream, head) = websocket(&node);
        match head.as_str() {
            "HTTP/1.1 101" => open.push(stream),
            "HTTP/1.1 429" => turned_away += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!((open.len(), turned_away), (50, 250));
    drop((silent, open));
    eventually("there is room again", || {
        node.rpc.post(b"{}").is_ok_and(|(status, _)| status != 429)
    });
    is_unharmed(node);
}
