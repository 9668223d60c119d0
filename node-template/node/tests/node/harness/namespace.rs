//! Network namespaces, so that a node can be cut off as if its cable was pulled.
//!
//! They have no names: each lives as long as the thread that made it and the processes started in
//! it. The kernel removes them with their interfaces, however a test ends.
use std::{
    io,
    process::Command,
    sync::{Arc, mpsc},
    thread,
};

use rustix::thread::{UnshareFlags, gettid, unshare_unsafe};

type Job = Box<dyn FnOnce() + Send>;

/// A network namespace with one interface, and a thread that is in it.
pub struct Namespace {
    jobs: mpsc::Sender<Job>,
    /// The file by which others can name it.
    file: String,
    ip: String,
}

impl Namespace {
    fn new(ip: String) -> io::Result<Self> {
        let (jobs, received) = mpsc::channel::<Job>();
        let (send, made) = mpsc::channel();
        thread::spawn(move || {
            // SAFETY: file descriptors stay shared.
            let unshared = unsafe { unshare_unsafe(UnshareFlags::NEWNET) };
            let file =
                format!("/proc/{}/task/{}/ns/net", std::process::id(), gettid().as_raw_pid());
            if send.send(unshared.map(|()| file)).is_ok() && unshared.is_ok() {
                received.into_iter().for_each(|job| job());
            }
        });
        let file = made.recv().map_err(io::Error::other)??;
        Ok(Self { jobs, file, ip })
    }

    /// Runs something inside: its processes and connections are in the namespace.
    pub fn run<R: Send + 'static>(&self, job: impl FnOnce() -> R + Send + 'static) -> R {
        let (send, done) = mpsc::channel();
        let job = Box::new(move || {
            let _ = send.send(job());
        });
        self.jobs.send(job).expect("the thread of the namespace runs");
        done.recv().expect("the thread of the namespace runs")
    }

    /// Returns the address of its interface.
    pub fn ip(&self) -> &str {
        &self.ip
    }

    fn ip_command(&self, command: &str) -> Result<(), String> {
        let command = command.to_owned();
        self.run(move || {
            let output = Command::new("ip").args(command.split(' ')).output();
            let output =
                output.map_err(|error| format!("cannot run ip (Debian: iproute2): {error}"))?;
            let said = String::from_utf8_lossy(&output.stderr);
            if output.status.success() {
                Ok(())
            } else {
                Err(format!("ip {command}: {}", said.trim()))
            }
        })
    }
}

/// Namespaces that a switch joins. The switch has another namespace, so that the machine's network
/// is left alone.
pub struct Switch {
    hub: Namespace,
    members: Vec<Arc<Namespace>>,
}

impl Switch {
    /// Joins `count` namespaces.
    ///
    /// # Errors
    ///
    /// Namespaces are not available: no rights, no `ip`, or a kernel without them.
    pub fn new(count: usize) -> Result<Self, String> {
        let namespace = |ip| {
            Namespace::new(ip)
                .map_err(|error| format!("a network namespace cannot be made: {error}"))
        };
        let hub = namespace(String::new())?;
        hub.ip_command("link add switch type bridge")?;
        hub.ip_command("link set switch up")?;
        let mut members = Vec::new();
        for index in 0..count {
            let member = namespace(format!("10.0.0.{}", index + 1))?;
            hub.ip_command(&format!(
                "link add port{index} type veth peer name eth0 netns {}",
                member.file
            ))?;
            hub.ip_command(&format!("link set port{index} master switch up"))?;
            member.ip_command("link set lo up")?;
            member.ip_command(&format!("address add {}/24 dev eth0", member.ip))?;
            member.ip_command("link set eth0 up")?;
            members.push(Arc::new(member));
        }
        Ok(Self { hub, members })
    }

    /// Returns one of the namespaces.
    pub fn member(&self, index: usize) -> &Arc<Namespace> {
        &self.members[index]
    }

    /// Takes down the link of a namespace, which nothing then leaves or reaches.
    pub fn unplug(&self, index: usize) {
        self.set(index, "down");
    }

    /// Brings the link up again.
    pub fn plug(&self, index: usize) {
        self.set(index, "up");
    }

    fn set(&self, index: usize, state: &str) {
        self.hub.ip_command(&format!("link set port{index} {state}")).expect("the link is there");
    }
}
