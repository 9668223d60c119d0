//! Ports that are taken. Left to itself, a node listens on some other port, or leaves metrics away.
use std::net::{SocketAddr, TcpListener};

use sc_service::Configuration;

/// Whether everything that is to be listened on is free, apart from the network's own port, which nodes of a machine can share.
///
/// # Errors
///
/// Which one is taken, and what to do.
pub fn check(config: &mut Configuration, rpc_port_was_asked_for: bool) -> Result<(), String> {
    for endpoint in config.rpc.addr.iter_mut().flatten().filter(|_| rpc_port_was_asked_for) {
        endpoint.retry_random_port = false;
        if !endpoint.is_optional {
            is_free(endpoint.listen_addr, "JSON-RPC", "--rpc-port")?;
        }
    }
    match &config.prometheus_config {
        Some(prometheus) => is_free(prometheus.port, "metrics", "--prometheus-port"),
        None => Ok(()),
    }
}

fn is_free(address: SocketAddr, what: &str, flag: &str) -> Result<(), String> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!(
            "{address} cannot be listened on for {what}: {error}. Is there another node? {flag} chooses another port"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_named_with_the_flag_that_chooses_another() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("some port is free");
        let address = taken.local_addr().expect("it listens");
        let said = is_free(address, "metrics", "--prometheus-port").expect_err("it is taken");
        assert!(said.contains(&address.to_string()) && said.contains("--prometheus-port"), "{said}");
        drop(taken);
        is_free(address, "metrics", "--prometheus-port").expect("it is free again");
    }
}
