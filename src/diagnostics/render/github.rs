//! GitHub's workflow commands: printed by a step, they become annotations on the run and on the lines of a pull request.

use std::fmt::Write as _;

use super::locate::Located;
use crate::diagnostics::Severity;

/// Every message as a command.
pub(super) fn render(all: &[Located<'_>]) -> String {
    all.iter().map(command).collect()
}

fn command(located: &Located<'_>) -> String {
    let diag = located.diag;
    let word = match diag.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Remark => "notice",
    };
    let mut out = format!("::{word} ");
    // Writing to a String does not fail.
    if let Some(at) = located.places.first() {
        let _ = write!(out, "file={},line={},endLine={},", property(at.file), at.line, at.end_line);
        // GitHub refuses columns that lie on two lines. Its end column is the last one that belongs to the range.
        if at.line == at.end_line {
            let _ = write!(out, "col={},endColumn={},", at.column, at.end_column.max(at.column + 1) - 1);
        }
    }
    let mut text = diag.message.clone();
    for (index, (at, label)) in located.labels().enumerate() {
        if index == 0 && !label.is_empty() {
            let _ = write!(text, "\n{label}");
        } else if index > 0 {
            let _ = write!(text, "\n{}:{}:{}: {label}", at.file, at.line, at.column);
        }
    }
    if let Some(help) = &diag.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    let title = format!("{} {}", diag.code.id, diag.code.title);
    let _ = writeln!(out, "title={}::{}", property(&title), data(&text));
    out
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
