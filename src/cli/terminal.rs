//! The only module that prints.
//!
//! A reader that goes away (`pipelay explain | head`) is no error: what is left to print is dropped, and the exit code stays what it is.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ColorChoice;
use pipelay::diagnostics::render::Options;
use pipelay::graph::tree::Options as Drawing;

use super::Misuse;

/// What the two streams can show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    out: Stream,
    err: Stream,
    unicode: bool,
    drawing: Drawing,
    /// Lines of stderr may be wiped again.
    live: bool,
}

/// One of them.
#[derive(Debug, Clone, Copy)]
struct Stream {
    /// The columns there are.
    width: usize,
    color: bool,
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
        let width = |size: Option<(terminal_size::Width, _)>| size.map(|(width, _)| usize::from(width.0).clamp(40, 140));
        let width_err = width(terminal_size::terminal_size_of(io::stderr())).unwrap_or(WIDTH);
        let width_out = width(terminal_size::terminal_size_of(io::stdout())).unwrap_or(width_err);
        let unicode = !err || cfg!(windows) || speaks_unicode();
        let size = terminal_size::terminal_size_of(io::stdout());
        let drawing = Drawing {
            width: size.map_or(WIDTH, |(width, _)| usize::from(width.0).max(40)),
            unicode: size.is_none() || cfg!(windows) || speaks_unicode(),
        };
        Self {
            out: Stream { width: width_out, color: color(io::stdout().is_terminal()) },
            err: Stream { width: width_err, color: color(err) },
            unicode,
            live: err && !dumb,
            drawing,
        }
    }

    /// How messages for people look on stderr.
    pub(crate) fn options(&self) -> Options {
        Options { width: self.err.width, color: self.err.color, unicode: self.unicode }
    }

    /// Text for stdout, its headings (`## `) in bold.
    pub(crate) fn headings(&self, text: &str) -> String {
        let heading = |line: &str| match line.strip_prefix("## ") {
            Some(heading) => self.bold(heading),
            None => line.to_owned(),
        };
        text.lines().map(|line| heading(line) + "\n").collect()
    }

    /// The columns there are on stdout.
    pub(crate) fn width(&self) -> usize {
        self.out.width
    }

    /// What is being done, in a line that goes when anything else is printed; only on a terminal.
    pub(crate) fn progress(&self, doing: &str, what: &str) {
        if self.live {
            let line: String = format!("{doing} {what}").chars().take(self.err.width - 1).collect();
            let mut err = io::stderr().lock();
            let _ = write!(err, "{WIPE}{line}").and_then(|()| err.flush());
            PROGRESS.store(true, Ordering::Relaxed);
        }
    }

    /// How excerpts of specs look on stdout.
    pub(crate) fn excerpts(&self) -> Options {
        Options { width: self.drawing.width, color: self.out.color, unicode: self.drawing.unicode }
    }

    /// How a drawing on stdout looks: as wide as the terminal there, and with what it can show.
    pub(crate) fn drawing(&self) -> Drawing {
        self.drawing
    }

    /// A line of progress on stderr: what was done, and to what.
    pub(crate) fn status(&self, did: &str, what: &str) {
        err(&format!("{} {what}\n", paint(did, "1;32", self.err.color)));
    }

    /// The same of what went wrong.
    pub(crate) fn failure(&self, did: &str, what: &str) {
        err(&format!("{} {what}\n", paint(did, "1;31", self.err.color)));
    }

    /// Why the command does nothing.
    pub(crate) fn misuse(&self, misuse: &Misuse) {
        err(&format!("{}: {}\n", paint("error", "1;31", self.err.color), misuse.message));
        if let Some(help) = &misuse.help {
            err(&format!("{}: {help}\n", paint("help", "36", self.err.color)));
        }
    }

    /// Text for stdout in bold.
    pub(crate) fn bold(&self, text: &str) -> String {
        paint(text, "1", self.out.color)
    }

    /// Text for stdout that others stand out against.
    pub(crate) fn dim(&self, text: &str) -> String {
        paint(text, "2", self.out.color)
    }

    /// Text for stdout in a colour that code has.
    pub(crate) fn code(&self, text: &str) -> String {
        paint(text, "36", self.out.color)
    }

    /// A unified diff for stdout.
    pub(crate) fn diff(&self, diff: &str) -> String {
        if !self.out.color {
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

/// Whether a line of progress stands on stderr.
static PROGRESS: AtomicBool = AtomicBool::new(false);

/// Back to the start of a line, and nothing is on it.
const WIPE: &str = "\r\x1b[2K";

/// Wipes the line of progress, where there is one.
pub(crate) fn wipe() {
    if PROGRESS.swap(false, Ordering::Relaxed) {
        let _ = io::stderr().lock().write_all(WIPE.as_bytes());
    }
}

/// Prints to stdout.
pub(crate) fn out(text: &str) {
    wipe();
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints to stderr.
pub(crate) fn err(text: &str) {
    wipe();
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

fn paint(text: &str, code: &str, color: bool) -> String {
    if color && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

/// Whether the locale is UTF-8; a Linux console has no glyphs for what we draw.
fn speaks_unicode() -> bool {
    let value = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = value("LC_ALL").or_else(|| value("LC_CTYPE")).or_else(|| value("LANG")).unwrap_or_default().to_lowercase();
    value("TERM").is_none_or(|term| term != "linux") && (locale.contains("utf-8") || locale.contains("utf8"))
}
