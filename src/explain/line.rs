//! Where a line of the workflow comes from: the way back from what GitHub and linters say of the YAML.

use crate::Compilation;
use crate::workflow::paths::{Paths, spelled};
use crate::workflow::provenance::{Home, Reason, home};

/// A line of a workflow, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line, as it is compiled.
    pub text: String,
    /// The keys that lead to it: `jobs.build.steps[3].with.key`. Empty of the header and of blank lines.
    pub path: String,
    /// Where that comes from.
    pub home: Home,
}

/// A line (from 0) of the workflow, and with a column (from 1) the item of a list there; none beyond its end.
pub fn line(made: &Compilation, line: usize, column: Option<usize>) -> Option<Line> {
    let paths = Paths::of(&made.workflow);
    let text = paths.text.lines().nth(line)?.to_owned();
    let because = |why: &str| Home { reasons: vec![Reason { pass: None, text: why.to_owned() }], places: Vec::new() };
    let (path, home) = match paths.at(line, column) {
        Some(at) => (spelled(&at.path), home(made, &at.path, at.inside)),
        None if text.is_empty() => (String::new(), because("a blank line; it sets apart what stands around it")),
        None => (String::new(), because("the header; it says from which spec the workflow was made, and how it is made anew")),
    };
    Some(Line { text, path, home })
}
