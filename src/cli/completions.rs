//! `pipelay completions`.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use super::{Cli, terminal};

/// Prints what makes a shell complete verbs, options and files
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay completions bash > ~/.local/share/bash-completion/completions/pipelay
  pipelay completions zsh > \"${fpath[1]}/_pipelay\"
  pipelay completions fish > ~/.config/fish/completions/pipelay.fish")]
pub(crate) struct Args {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(crate) fn run(args: &Args) {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "pipelay", &mut script);
    terminal::out(&String::from_utf8_lossy(&script));
}
