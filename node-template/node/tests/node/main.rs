//! The node as people, programs and attackers meet it: a process of its own.
mod commands;
mod crash;
mod dev;
mod endpoints;
mod harness;
mod hostile;
mod keys;
mod load;
mod network;
