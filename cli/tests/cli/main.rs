//! Tests of the command, run as a process.
mod crash;
mod demo;
mod folder;
mod inspect;
mod journey;
mod looking;
mod mistakes;
mod plain;
mod shell;
mod state;
