//! The only module that prints.
//!
//! A reader that goes away (`pipelay explain | head`) is no error: what is left to print is dropped, and the exit code stays what it is.

use std::io::{self, IsTerminal as _, Write as _};

use clap::ColorChoice;
use pipelay::diagnostics::render::Options;

use super::Misuse;

/// What the two streams can show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    width: usize,
    color_out: bool,
    color_err: bool,
    unicode: bool,
}

/// The width where there is no terminal, as in a log.
const WIDTH: usize = 100;

impl Terminal {
    /// As the environment says.
    pub(crate) fn new(choice: ColorChoice) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let auto = !set("NO_COLOR") && !dumb;
        let color = |terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => auto && terminal,
        };
        let err = io::stderr().is_terminal();
        let width = terminal_size::terminal_size_of(io::stderr()).map_or(WIDTH, |(width, _)| usize::from(width.0).clamp(40, 140));
        let unicode = !err || cfg!(windows) || speaks_unicode();
        Self { width, color_out: color(io::stdout().is_terminal()), color_err: color(err), unicode }
    }

    /// How messages for people look on stderr.
    pub(crate) fn options(&self) -> Options {
        Options { width: self.width, color: self.color_err, unicode: self.unicode }
    }

    /// The columns there are.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// A line of progress on stderr: what was done, and to what.
    pub(crate) fn status(&self, did: &str, what: &str) {
        err(&format!("{} {what}\n", paint(did, "1;32", self.color_err)));
    }

    /// The same of what went wrong.
    pub(crate) fn failure(&self, did: &str, what: &str) {
        err(&format!("{} {what}\n", paint(did, "1;31", self.color_err)));
    }

    /// Why the command does nothing.
    pub(crate) fn misuse(&self, misuse: &Misuse) {
        err(&format!("{}: {}\n", paint("error", "1;31", self.color_err), misuse.message));
        if let Some(help) = &misuse.help {
            err(&format!("{}: {help}\n", paint("help", "36", self.color_err)));
        }
    }

    /// Text for stdout in bold.
    pub(crate) fn bold(&self, text: &str) -> String {
        paint(text, "1", self.color_out)
    }

    /// Text for stdout in a colour that code has.
    pub(crate) fn code(&self, text: &str) -> String {
        paint(text, "36", self.color_out)
    }

    /// A unified diff for stdout.
    pub(crate) fn diff(&self, diff: &str) -> String {
        if !self.color_out {
            return diff.to_owned();
        }
        let line = |line: &str| {
            let code = match line.as_bytes().first() {
                Some(b'+') => "32",
                Some(b'-') => "31",
                Some(b'@') => "36",
                _ => return line.to_owned() + "\n",
            };
            paint(line, code, true) + "\n"
        };
        diff.lines().map(line).collect()
    }
}

/// Prints to stdout.
pub(crate) fn out(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints to stderr.
pub(crate) fn err(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn paint(text: &str, code: &str, color: bool) -> String {
    if color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

/// Whether the locale is UTF-8; a Linux console has no glyphs for what we draw.
fn speaks_unicode() -> bool {
    let value = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = value("LC_ALL").or_else(|| value("LC_CTYPE")).or_else(|| value("LANG")).unwrap_or_default().to_lowercase();
    value("TERM").is_none_or(|term| term != "linux") && (locale.contains("utf-8") || locale.contains("utf8"))
}
