//! `pipelay man`.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use pipelay::diagnostics::codes::e0804_cannot_write::cannot_write;

use super::session::Session;
use super::write::replace;
use super::{Cli, Misuse, input, terminal};

/// Writes manual pages: one of pipelay, and one of each verb
///
/// Without a DIR, prints that of pipelay.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay man | man -l -
  pipelay man ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// Where the pages go
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

/// How a page of ours begins, in the line that says what it is.
const TITLE: &str = ".TH pipelay";

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    let failed = |error: io::Error| Misuse::new(format!("no page could be made: {error}"));
    let Some(directory) = &args.directory else {
        terminal::out(&page(&root).map_err(failed)?);
        return Ok(());
    };
    let commands: Vec<&Command> = std::iter::once(&root).chain(root.get_subcommands()).collect();
    for command in &commands {
        let name = format!("{}.1", command.get_display_name().unwrap_or_else(|| command.get_name()));
        let text = page(command).map_err(failed)?;
        let file = directory.join(&name);
        if let Err(why) = write(&file, &text) {
            session.say(cannot_write(&file.display().to_string(), &why));
        }
    }
    if !session.has_errors() {
        session.status("Wrote", &format!("pages: {}, in {}", commands.len(), directory.display()));
    }
    Ok(())
}

/// Writes a page, but never over what is none of ours.
fn write(file: &Path, text: &str) -> Result<(), String> {
    match std::fs::read(file) {
        Ok(old) if !String::from_utf8_lossy(&old).contains(TITLE) => {
            return Err("it is there already, and is no page of pipelay's".to_owned());
        }
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(input::why(error.kind(), &error)),
        _ => {}
    }
    replace(file, text).map_err(|error| input::why(error.kind(), &error))
}

/// The page of a command. What stands behind its help is lines as they are, and not the paragraph that they would be.
fn page(command: &Command) -> io::Result<String> {
    let man = Man::new(command.clone()).source(concat!("pipelay ", env!("CARGO_PKG_VERSION"))).manual("Pipelay");
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut out)?;
    }
    let mut roff = Roff::new();
    for line in command.get_after_help().map(ToString::to_string).unwrap_or_default().lines() {
        match line.split_once(": ") {
            _ if line == "Examples:" => drop(roff.control("SH", ["EXAMPLES"]).control("nf", [])),
            Some(("Exit codes", codes)) => drop(roff.control("fi", []).control("SH", ["EXIT STATUS"]).text([roman(codes)])),
            _ => drop(roff.text([roman(line)])),
        }
    }
    roff.to_writer(&mut out)?;
    // Each part begins with the same two lines.
    let text = String::from_utf8_lossy(&out);
    let head: Vec<&str> = text.lines().take(2).collect();
    let rest = text.lines().skip(2).filter(|line| !head.contains(line));
    Ok(head.iter().copied().chain(rest).flat_map(|line| [line, "\n"]).collect())
}
