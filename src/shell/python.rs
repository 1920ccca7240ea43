//! Scripts of Python: expressions in their texts become a variable of the environment.
//!
//! Only a text is known to be one; in code the value may be anything that Python reads. (The Python language reference, "String and Bytes literals".)

use super::{Edit, Hole};

/// What gives texts to a shell, or reads them as code.
const READS_CODE: [&str; 12] = [
    "compile(",
    "create_subprocess_shell",
    "eval(",
    "exec(",
    "getoutput",
    "import_module(",
    "os.system",
    "pickle.load",
    "popen",
    "shell =",
    "shell=",
    "yaml.unsafe_load",
];

/// The same, unless this stands in the script as well: a loader that makes nothing but data, a module that is written.
const READS_CODE_UNLESS: [(&str, &str); 2] = [("__import__(", "__import__('os')"), ("yaml.load(", "safeloader")];

/// What takes the place of each hole; none where it does not stand in a text.
pub(crate) fn edits(script: &str, holes: &[Hole]) -> Vec<Option<Edit>> {
    let mut edits = vec![None; holes.len()];
    let lower = script.to_lowercase();
    let unless = |(reads, safe): &(&str, &str)| lower.contains(reads) && !lower.contains(safe);
    if READS_CODE.iter().any(|reads| lower.contains(reads)) || READS_CODE_UNLESS.iter().any(unless) {
        return edits;
    }
    let (mut at, mut next) = (0, 0);
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
            if !(prefixed || after_text || follows) {
                text(script, (begin, end), quote, &holes[first..next], &mut edits[first..next]);
            }
            at = end;
            after_text = true;
        } else {
            let char = rest.chars().next().unwrap_or_default();
            after_text &= char.is_whitespace() || char == '\\';
            at += char.len_utf8();
        }
    }
    edits
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
