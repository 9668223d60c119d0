//! `tephra completions`.
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::args::Cli;
use crate::error::{Exit, Result};
use crate::output::Output;

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

/// Does it.
pub fn run(args: &Completions, out: &mut Output) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "tephra", &mut script);
    out.bytes(&script)?;
    Ok(Exit::Success)
}
