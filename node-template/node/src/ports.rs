//! Checks of ports. By default a node whose ports are taken listens on others, or has no metrics.
use std::net::{SocketAddr, TcpListener};

use sc_service::Configuration;

/// Whether each port was chosen on the command line, rather than by default.
pub struct Asked {
    /// `--rpc-port`.
    pub rpc: bool,
    /// `--prometheus-port`.
    pub metrics: bool,
}

/// Checks that the chosen ports are free. The network's port is not checked, since nodes of a
/// machine can share it.
///
/// # Errors
///
/// The port that is taken, and how to choose another.
pub fn check(config: &mut Configuration, asked: &Asked) -> Result<(), String> {
    for endpoint in config.rpc.addr.iter_mut().flatten().filter(|_| asked.rpc) {
        endpoint.retry_random_port = false;
        if !endpoint.is_optional {
            is_free(endpoint.listen_addr, "JSON-RPC", "--rpc-port")?;
        }
    }
    let Some(prometheus) = &config.prometheus_config else { return Ok(()) };
    match is_free(prometheus.port, "metrics", "--prometheus-port") {
        Err(taken) if !asked.metrics => {
            tracing::warn!("{taken}");
            config.prometheus_config = None;
            Ok(())
        }
        free_or_taken => free_or_taken,
    }
}

fn is_free(address: SocketAddr, what: &str, flag: &str) -> Result<(), String> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!(
            "cannot listen on {address} for {what}: {error}. Is another node running? {flag} \
             chooses another port"
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
        assert!(
            said.contains(&address.to_string()) && said.contains("--prometheus-port"),
            "{said}"
        );
        drop(taken);
        is_free(address, "metrics", "--prometheus-port").expect("it is free again");
    }
}
