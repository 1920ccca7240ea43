//! What in a script of PowerShell may read a text as code: some parts of it, and what it runs that it made itself, a command in a variable or a script in a file.

use super::Hole;

/// Parts of scripts by which any text may become code.
const UNCLEAR: [&str; 12] = [
    "--%",
    "diagnostics.process",
    "scriptblock",
    "expandstring",
    "::create(",
    "invokescript",
    "addscript",
    "function:",
    "comspec",
    "invoke-cimmethod",
    "invoke-wmimethod",
    "invoke-expression",
];

/// What takes the place of an expression in a text that is looked at.
const HOLE: char = '\0';

/// What code stands behind; the name of a variable may follow each.
const RUNS: [&str; 5] = ["-c", "-command", "-encodedcommand", "/c", "/k"];

/// What makes files.
const WRITES: [&str; 6] = [" > ", "add-content", "out-file", "set-content", "tee-object", "writealltext"];

/// Whether something of the script may make code of any text.
pub(super) fn is_unclear(script: &str, holes: &[Hole]) -> bool {
    // What GitHub fills in is no code of the script's.
    let (mut text, mut from) = (String::new(), 0);
    for hole in holes {
        text.push_str(&script[from..hole.range.start]);
        text.push(HOLE);
        from = hole.range.end;
    }
    text.push_str(&script[from..]);
    let lower = text.to_lowercase();
    // Arguments of attributes are constants: `[Parameter(HelpMessage = '…')]`.
    let is_attribute = |(at, _): (usize, &str)| {
        let rest = lower[at + 1..].trim_start_matches(|char: char| char.is_alphanumeric() || "._".contains(char));
        rest.starts_with('(') && rest.len() < lower.len() - at - 1
    };
    UNCLEAR.iter().any(|part| lower.contains(part)) || lower.match_indices('[').any(is_attribute) || runs_its_own(&lower)
}

/// Whether a script, in small letters, runs a variable that holds an expression, or a script that it wrote.
fn runs_its_own(lower: &str) -> bool {
    let mut held = lower.split([';', '\n']).filter(|statement| statement.contains(HOLE)).filter_map(held_by);
    held.any(|name| is_run(lower, name)) || WRITES.iter().any(|writes| lower.contains(writes)) && runs_a_file(lower)
}

/// The variable that a statement sets.
fn held_by(statement: &str) -> Option<&str> {
    let (name, _) = statement.split_once('=')?;
    let name = name.trim_end_matches('+').trim();
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || char == '_');
    name.strip_prefix('$').filter(|name| is_name(name))
}

fn is_run(lower: &str, name: &str) -> bool {
    let variable = format!("${name}");
    lower.match_indices(&variable).any(|(at, _)| {
        let goes_on = lower[at + variable.len()..].starts_with(|char: char| char.is_alphanumeric() || char == '_');
        let before = lower[..at].trim_end_matches([' ', '"']);
        let calls = before.ends_with('&') && !before.ends_with("&&");
        let word = before.rsplit(|char: char| char.is_whitespace() || ";({".contains(char)).next().unwrap_or_default();
        !goes_on && (calls || word == "." || RUNS.contains(&word))
    })
}

/// Whether a file with a script in it is named twice: where it is written, and where it is run.
fn runs_a_file(lower: &str) -> bool {
    let words = lower.split(|char: char| char.is_whitespace() || "\"';(){}&|/\\".contains(char));
    let mut scripts: Vec<&str> = words.filter(|word| word.strip_suffix(".ps1").is_some_and(|name| !name.is_empty())).collect();
    scripts.sort_unstable();
    scripts.windows(2).any(|pair| pair[0] == pair[1])
}
