//! The command as people and programs use it.
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
