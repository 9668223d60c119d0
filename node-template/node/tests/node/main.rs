//! The node as people, programs and attackers meet it: a process of its own.
mod crash;
mod dev;
mod harness;
mod network;
