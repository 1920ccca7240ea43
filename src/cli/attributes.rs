//! `.gitattributes`: the workflows of specs are marked as generated, so that GitHub folds them in reviews and counts no language by them.

use std::io::ErrorKind;
use std::path::Path;

use pipelay::diagnostics::codes::e0804_cannot_write::cannot_write;

use super::session::Session;
use super::write::replace;
use super::{git, input};

const PATH: &str = ".gitattributes";
const ATTRIBUTE: &str = "linguist-generated";

/// Adds a line for each of these files of which git knows nothing yet. All that is there stays, also a line that says the opposite.
pub(crate) fn mark_generated(root: &Path, outputs: &[String], session: &mut Session) {
    let mut missing =
        outputs.iter().filter(|output| is_unspecified(root, output)).filter_map(|output| pattern(output)).peekable();
    if missing.peek().is_none() {
        return;
    }
    let file = root.join(PATH);
    let old = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return session.say(cannot_write(PATH, &input::why(error.kind(), &error))),
    };
    let end = if old.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = old;
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(end);
    }
    text.extend(missing.flat_map(|pattern| [pattern, format!(" {ATTRIBUTE}{end}")]));
    match replace(&file, &text) {
        Ok(()) => session.status("Wrote", &format!("{PATH}, which marks {} as generated", outputs.join(", "))),
        Err(error) => session.say(cannot_write(PATH, &input::why(error.kind(), &error))),
    }
}

/// Whether git knows nothing of the mark for a file.
fn is_unspecified(root: &Path, path: &str) -> bool {
    // PATH, NUL, attribute, NUL, value, NUL.
    let said = git::names(root, &["check-attr", "-z", ATTRIBUTE, "--", path]);
    said.is_some_and(|said| said.last().is_some_and(|value| value == "unspecified"))
}

/// The pattern of one file. A name that would have to be escaped is left to its owner.
fn pattern(path: &str) -> Option<String> {
    let plain = !path.contains(['"', '\\', '*', '?', '[', '\n']);
    let quoted = if path.contains([' ', '\t']) { format!("\"/{path}\"") } else { format!("/{path}") };
    plain.then_some(quoted)
}
