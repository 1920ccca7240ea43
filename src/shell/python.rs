//! Scripts of Python: expressions in their texts become a variable of the environment.
//!
//! Only a text is known to be one; in code the value may be anything that Python reads. (The Python language reference, "String and Bytes literals".)

use super::{Edit, Hole};

/// What gives texts to a shell, or reads them as code.
const READS_CODE: [&str; 19] = [
    "compile(",
    "create_subprocess_shell",
    "eval(",
    "exec(",
    "getoutput",
    "import_module(",
    "interactiveinterpreter",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "pickle.load",
    "popen",
    "runpy",
    "runsource",
    "shell =",
    "shell=",
    "timeit",
    "yaml.unsafe_load",
];

/// The same, unless this stands in the script as well: a loader that makes nothing but data, a module that is written.
const READS_CODE_UNLESS: [(&str, &str); 2] = [("__import__(", "__import__('os')"), ("yaml.load(", "safeloader")];

/// What takes the place of each hole; none where it does not stand in a text.
pub(crate) fn edits(script: &str, holes: &[Hole]) -> Vec<Option<Edit>> {
    let mut edits = vec![None; holes.len()];
    let lower = script.to_lowercase();
    let unless = |(reads, safe): &(&str, &str)| lower.contains(reads) && !lower.contains(safe);
    if READS_CODE.iter().any(|reads| lower.contains(reads)) || READS_CODE_UNLESS.iter().any(unless) || names_of_os(script) {
        return edits;
    }
    let (mut at, mut next) = (0, 0);
    // Nothing but texts may stand before this.
    let future = script.find("from __future__").unwrap_or_default();
    let mut pattern = Pattern::default();
    // Texts that stand side by side are one: none of them can be taken apart.
    let mut after_text = false;
    while at < script.len() {
        if holes.get(next).is_some_and(|hole| hole.range.start == at) {
            at = holes[next].range.end;
            next += 1;
            after_text = false;
            continue;
        }
        let rest = &script[at..];
        if rest.starts_with('#') {
            let end = at + rest.find('\n').unwrap_or(rest.len());
            while let Some(hole) = holes.get(next).filter(|hole| hole.range.start < end) {
                edits[next] = Some(Edit { range: hole.range.clone(), text: hole.variable.clone() });
                next += 1;
            }
            at = end;
        } else if let Some(quote) = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote)) {
            let begin = at;
            let Some(end) = end_of_text(script, at + quote.len(), quote, holes, next) else { return vec![None; holes.len()] };
            let first = next;
            next += holes[next..].iter().take_while(|hole| hole.range.start < end).count();
            let prefixed = script[..begin].ends_with(|char: char| char.is_alphanumeric() || char == '_');
            let follows = script[end..].trim_start_matches([' ', '\t', '\\', '\n']).starts_with(['"', '\'']);
            if !(prefixed || after_text || follows || pattern.is_open() || begin < future) {
                text(script, (begin, end), quote, &holes[first..next], &mut edits[first..next]);
            }
            at = end;
            after_text = true;
        } else {
            let char = rest.chars().next().unwrap_or_default();
            after_text &= char.is_whitespace() || char == '\\';
            pattern.take(script, at, char);
            at += char.len_utf8();
        }
    }
    edits
}

/// Whether commands are taken from `os` by a name that may be any: `from os import system as s`.
fn names_of_os(script: &str) -> bool {
    let runs = ["*", "exec", "spawn", "system"];
    script.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with("from os import") && runs.iter().any(|name| line.contains(name)) || line.contains("import os as ")
    })
}

/// A pattern of `case`, in which only a literal may stand, up to its colon. (The Python language reference, "The match statement".)
#[derive(Default)]
struct Pattern {
    /// How many brackets are open in it; none outside of one.
    depth: Option<usize>,
}

impl Pattern {
    fn is_open(&self) -> bool {
        self.depth.is_some()
    }

    /// Reads on: a character of code, and where it stands.
    fn take(&mut self, script: &str, at: usize, char: char) {
        match (self.depth, char) {
            (None, 'c') => {
                let is_first = script[..at].trim_end_matches([' ', '\t']).ends_with('\n');
                let rest = script[at..].strip_prefix("case").filter(|_| is_first);
                let is_name = |rest: &str| {
                    let next = rest.trim_start_matches(' ');
                    next.len() == rest.len() && !next.starts_with(['(', '[', '{', '"', '\''])
                        || next.starts_with(['=', ':', '.', ','])
                };
                self.depth = rest.filter(|rest| !is_name(rest)).map(|_| 0);
            }
            (Some(depth), '(' | '[' | '{') => self.depth = Some(depth + 1),
            (Some(depth), ')' | ']' | '}') => self.depth = Some(depth.saturating_sub(1)),
            (Some(0), ':' | '\n') => self.depth = None,
            _ => {}
        }
    }
}

/// Where a text ends, its quotes included; none where it is never closed.
fn end_of_text(script: &str, from: usize, quote: &str, holes: &[Hole], mut next: usize) -> Option<usize> {
    let mut at = from;
    loop {
        if let Some(hole) = holes.get(next).filter(|hole| hole.range.start == at) {
            at = hole.range.end;
            next += 1;
            continue;
        }
        let rest = &script[at..];
        if rest.starts_with(quote) {
            return Some(at + quote.len());
        }
        let mut chars = rest.chars();
        match chars.next()? {
            '\\' => at += 1 + chars.next()?.len_utf8(),
            '\n' if quote.len() == 1 => return None,
            char => at += char.len_utf8(),
        }
    }
}

/// The edits in one text: it is taken apart, and put together again with `+`. The first edit is all of it.
fn text(script: &str, (begin, end): (usize, usize), quote: &str, holes: &[Hole], edits: &mut [Option<Edit>]) {
    let mut parts = Vec::new();
    let mut from = begin + quote.len();
    for hole in holes {
        parts.push(format!("{quote}{}{quote}", &script[from..hole.range.start]));
        parts.push(format!("__import__('os').environ['{}']", hole.variable));
        from = hole.range.end;
    }
    parts.push(format!("{quote}{}{quote}", &script[from..end - quote.len()]));
    parts.retain(|part| part.len() > 2 * quote.len());
    let whole = if let [only] = parts.as_slice() { only.clone() } else { format!("({})", parts.join(" + ")) };
    for (index, edit) in edits.iter_mut().enumerate() {
        *edit = Some(if index == 0 {
            Edit { range: begin..end, text: whole.clone() }
        } else {
            Edit { range: end..end, text: String::new() }
        });
    }
}
