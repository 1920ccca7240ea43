//! What is said, in the form that whoever reads it expects.
//!
//! - `human`: snippets with underlines, for a terminal or a log;
//! - `json`: one object a line, as cargo's `--message-format json` (fields: [`json`]);
//! - `github`: workflow commands, which become annotations on a pull request;
//! - `sarif`: one SARIF 2.1.0 document, for code scanning.
//!
//! Pure functions of the messages and their sources. The three formats for machines give texts as they are and places as 1-based lines
//! and columns (in characters) beside byte offsets; only `human` cares about widths, control characters and long lines.

mod clean;
mod excerpt;
pub mod github;
pub mod human;
pub mod json;
mod locate;
pub mod sarif;

use std::collections::HashSet;

use super::{Code, Diag, Label, Severity};
use crate::source::Sources;
use locate::Located;

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
    /// GitHub's workflow commands.
    Github,
    /// SARIF 2.1.0.
    Sarif,
}

/// How `human` looks.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The columns that there are.
    pub width: usize,
    /// Whether to use ANSI colours.
    pub color: bool,
    /// Whether to draw with more than ASCII. Texts from the spec are shown as they are in any case.
    pub unicode: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 100, color: false, unicode: true }
    }
}

/// The messages of one compilation and the texts that they point into.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The messages, in the order in which they are shown.
    pub diags: &'a [Diag],
    /// The texts.
    pub sources: &'a Sources,
}

/// All messages of several compilations as one text. What two specs say of a file that both import is said once.
pub fn render(reports: &[Report<'_>], format: Format, options: &Options) -> String {
    let located = unique(reports);
    match format {
        Format::Human => human::render(&located, options),
        Format::Json => json::render(&located),
        Format::Github => github::render(&located),
        Format::Sarif => sarif::render(&located),
    }
}

/// A fact that is no message, with the places that it is about, as `human` shows them.
pub fn excerpt(fact: &str, places: &[Label], sources: &Sources, options: &Options) -> String {
    static NONE: Code = Code { id: "", title: "", page: "" };
    let diag = Diag { labels: places.to_vec(), ..Diag::new(&NONE, fact) };
    locate::locate(std::slice::from_ref(&diag), sources).map(|located| human::excerpt(&located, options)).collect()
}

/// How many messages of each weight there are, as `render` would show them.
pub fn count(reports: &[Report<'_>], severity: Severity) -> usize {
    unique(reports).iter().filter(|located| located.diag.severity() == severity).count()
}

fn unique<'a>(reports: &[Report<'a>]) -> Vec<Located<'a>> {
    let mut seen = HashSet::new();
    let all = reports.iter().flat_map(|report| locate::locate(report.diags, report.sources));
    all.filter(|located| seen.insert((located.diag.code.id, located.diag.message.as_str(), located.places.clone()))).collect()
}
