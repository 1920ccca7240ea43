//! What one run of a verb has to say, gathered so that each format can print it as a whole.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use pipelay::diagnostics::render::{Format, Report, count, render};
use pipelay::diagnostics::{Diag, Severity, has_errors};
use pipelay::source::{Sources, Span};

use super::terminal::{self, Terminal};
use super::{Deny, Global, Misuse};

/// The messages so far, and how they are to be printed.
pub(crate) struct Session {
    pub(crate) terminal: Terminal,
    format: Format,
    deny_warnings: bool,
    noise: Noise,
    reports: Vec<(Vec<Diag>, Sources)>,
    stale: bool,
    /// What git tracks, by the root of the repository: to ask git takes longer than to compile a small spec.
    pub(crate) tracked: HashMap<PathBuf, Option<Vec<String>>>,
}

/// How much is printed beside messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Noise {
    Quiet,
    Usual,
    Verbose,
}

impl Session {
    pub(crate) fn new(terminal: Terminal, global: &Global) -> Self {
        Self {
            terminal,
            format: global.format.into(),
            deny_warnings: global.deny == Some(Deny::Warnings),
            noise: match (global.quiet, global.verbose) {
                (true, _) => Noise::Quiet,
                (_, true) => Noise::Verbose,
                _ => Noise::Usual,
            },
            reports: Vec::new(),
            stale: false,
            tracked: HashMap::new(),
        }
    }

    /// One for another run of the same, without what this one was told.
    pub(crate) fn another(&self, quiet: bool) -> Self {
        Self {
            terminal: self.terminal,
            format: self.format,
            deny_warnings: self.deny_warnings,
            noise: if quiet { Noise::Quiet } else { self.noise },
            reports: Vec::new(),
            stale: false,
            tracked: HashMap::new(),
        }
    }

    /// How many messages of that severity there are so far.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.reports.iter().flat_map(|(diags, _)| diags).filter(|diag| diag.severity() == severity).count()
    }

    /// Whether people read what is printed; then stdout is free for the output of the verb.
    pub(crate) fn human(&self) -> bool {
        self.format == Format::Human
    }

    /// What kind of program reads what is printed, where it is one.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Takes the messages of one compilation.
    pub(crate) fn report(&mut self, mut diags: Vec<Diag>, sources: Sources) {
        diags.retain(|diag| self.noise > Noise::Quiet || diag.severity() != Severity::Remark);
        self.reports.push((diags, sources));
    }

    /// Takes the errors of one compilation: its warnings are for those who compile it.
    pub(crate) fn report_errors(&mut self, mut diags: Vec<Diag>, sources: Sources) {
        diags.retain(|diag| diag.severity() == Severity::Error);
        self.report(diags, sources);
    }

    /// Takes a message without a place in a text.
    pub(crate) fn say(&mut self, diag: Diag) {
        self.report(vec![diag], Sources::new());
    }

    /// Takes a message about a line (from 0) of a file that is no spec.
    pub(crate) fn say_at(&mut self, file: &str, text: String, line: usize, diag: impl FnOnce(Span) -> Diag) {
        let mut sources = Sources::new();
        let index = sources.add(file, text);
        let source = sources.get(index);
        let range = source.line_range(line);
        let (start, length) = (range.start as u32, source.text()[range].trim_end().len() as u32);
        self.report(vec![diag(Span::new(start, start + length))], sources);
    }

    /// Whether there is an error among the messages so far.
    pub(crate) fn has_errors(&self) -> bool {
        self.reports.iter().any(|(diags, _)| has_errors(diags))
    }

    /// Something is not as it should be, though nothing is wrong with the spec.
    pub(crate) fn stale(&mut self) {
        self.stale = true;
    }

    /// A line of progress.
    pub(crate) fn status(&self, did: &str, what: &str) {
        if self.noise > Noise::Quiet {
            self.terminal.status(did, what);
        }
    }

    /// What is being done where that takes a while, in a line that goes again.
    pub(crate) fn progress(&self, doing: &str, what: &str) {
        if self.noise > Noise::Quiet {
            self.terminal.progress(doing, what);
        }
    }

    /// The same of what went wrong.
    pub(crate) fn failure(&self, did: &str, what: &str) {
        if self.noise > Noise::Quiet {
            self.terminal.failure(did, what);
        }
    }

    /// A line of progress that only `--verbose` shows.
    pub(crate) fn detail(&self, did: &str, what: &str) {
        if self.noise == Noise::Verbose {
            self.terminal.status(did, what);
        }
    }

    /// Prints the messages; the exit code follows from them.
    pub(crate) fn finish(&self) -> ExitCode {
        let reports: Vec<_> = self.reports.iter().map(|(diags, sources)| Report { diags, sources }).collect();
        let text = render(&reports, self.format, &self.terminal.options());
        if self.human() {
            terminal::err(&text);
        } else {
            terminal::out(&text);
        }
        let any = |severity: Severity| count(&reports, severity) > 0;
        let denied = self.deny_warnings && any(Severity::Warning);
        if denied && self.human() && !any(Severity::Error) {
            self.terminal.misuse(&Misuse::new("`--deny warnings` makes warnings fail"));
        }
        let failed = self.stale || denied || any(Severity::Error);
        ExitCode::from(u8::from(failed))
    }
}
