//! `tephra completions`.
use clap::{Args, Command};
use clap_complete::Shell;

use super::error::{Exit, Result};
use super::output::Output;

/// Print a script that lets a shell complete commands and options.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  tephra completions bash > ~/.local/share/bash-completion/completions/tephra
  tephra completions zsh > ~/.zfunc/_tephra
  tephra completions fish > ~/.config/fish/completions/tephra.fish";

/// Runs the command; `cli` is the whole command line.
pub fn run(args: &Completions, cli: &mut Command, out: &mut Output) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, cli, "tephra", &mut script);
    out.bytes(&script)?;
    Ok(Exit::Success)
}
