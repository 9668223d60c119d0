//! The node as a process, as users, programs and attackers meet it.
mod commands;
mod crash;
mod dev;
mod endpoints;
mod harness;
mod hostile;
mod keys;
mod load;
mod network;
