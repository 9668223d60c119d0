//! The JSON-RPC interface of a node, over HTTP.
use std::{
    fmt,
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    sync::Arc,
};

use serde_json::{Value, json};

use super::namespace::Namespace;

/// A JSON-RPC interface.
#[derive(Clone)]
pub struct Rpc {
    address: SocketAddr,
    namespace: Option<Arc<Namespace>>,
}

/// The error that answered a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub code: i64,
    pub message: String,
    pub data: Value,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (code {}, {})", self.message, self.code, self.data)
    }
}

impl Rpc {
    /// Returns the interface at this address, as seen from a namespace.
    pub fn new(address: SocketAddr, namespace: Option<Arc<Namespace>>) -> Self {
        Self { address, namespace }
    }

    /// Returns no interface: nothing listens on port 0.
    pub fn unknown() -> Self {
        Self::new((Ipv4Addr::LOCALHOST, 0).into(), None)
    }

    /// Returns its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the namespace of the address.
    pub fn namespace(&self) -> Option<&Arc<Namespace>> {
        self.namespace.as_ref()
    }

    /// Connects to it.
    ///
    /// # Errors
    ///
    /// Nothing listens there.
    pub fn connect(&self) -> io::Result<TcpStream> {
        let address = self.address;
        match &self.namespace {
            Some(namespace) => namespace.run(move || TcpStream::connect(address)),
            None => TcpStream::connect(address),
        }
    }

    /// Sends a body unchanged. Returns the status and the body of the answer.
    ///
    /// # Errors
    ///
    /// The node does not answer by HTTP.
    pub fn post(&self, body: &[u8]) -> io::Result<(u16, String)> {
        let mut stream = self.connect()?;
        write!(
            stream,
            "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        )?;
        // A node that refuses a body does not read all of it, and may close the connection before
        // the answer is read.
        let sent = stream.write_all(body);
        let mut answer = Vec::new();
        let received = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let head_and_body = answer.split_once("\r\n\r\n").and_then(|(head, body)| {
            let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
            Some((status, body.to_owned()))
        });
        head_and_body.ok_or_else(|| {
            sent.and(received.map(|_| ()))
                .err()
                .unwrap_or_else(|| io::Error::other(format!("no HTTP: {answer}")))
        })
    }

    /// Returns the answer to a call.
    ///
    /// # Errors
    ///
    /// The error with which the node refused it.
    pub fn call(&self, method: &str, parameters: Value) -> Result<Value, Refusal> {
        let body =
            json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).to_string();
        let (_, answer) =
            self.post(body.as_bytes()).unwrap_or_else(|error| panic!("{method}: {error}"));
        let answer = serde_json::from_str(&answer)
            .unwrap_or_else(|error| panic!("{method}: {error}: {answer}"));
        result_of(answer)
    }

    /// Returns the answer to a call that succeeds.
    pub fn ask(&self, method: &str, parameters: Value) -> Value {
        self.call(method, parameters).unwrap_or_else(|refusal| panic!("{method}: {refusal}"))
    }
}

/// Reads an answer of JSON-RPC.
///
/// # Errors
///
/// The error with which the node refused the call.
pub fn result_of(mut answer: Value) -> Result<Value, Refusal> {
    match answer.get_mut("error").map(Value::take) {
        Some(error) if !error.is_null() => Err(Refusal {
            code: error["code"].as_i64().expect("an error has a code"),
            message: error["message"].as_str().expect("an error has a message").to_owned(),
            data: error["data"].clone(),
        }),
        _ => Ok(answer["result"].take()),
    }
}
