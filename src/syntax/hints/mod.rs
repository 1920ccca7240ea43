//! What helps at frequent slips: those of everybody, and those of people who come from YAML.

mod commands;
mod events;
mod jobs;
mod keep;
mod lists;
mod slip;

pub(super) use commands::{command_of, goes_on, goes_on_before, here_document, is_command, no_command};
pub(super) use keep::keep;
use lists::list_of_entry;
pub(super) use lists::{bracketed_list, item_without_comma, items, words};
use slip::Slip;
pub(super) use slip::name_in_block;

use super::symbols::Place;
use super::yaml;

/// A slip in `text`, a statement or entry that the grammar refuses at the offset `at`.
pub(super) fn hint(text: &str, at: usize, is_entry: bool) -> Option<String> {
    let at = at.min(text.len());
    let (before, here) = (&text[..at], &text[at..]);
    let line = first_line(text);
    let word = word_of(text);
    let next = here.trim_start().split([' ', '\t', ',', '{', '\n', '\r']).next().unwrap_or_default();
    let fixed = match () {
        () if line.contains(['“', '”', '„', '‘', '’']) => "quotes are straight in a spec: `\"…\"` or `'…'`",
        () if line.contains("${ ") && line.contains(" }") && before.trim_end().ends_with(['{', '$']) => {
            let inner = line.split("${ ").nth(1).and_then(|rest| rest.split(" }").next()).unwrap_or_default();
            return Some(format!("GitHub's expressions stand between two braces: `${{{{ {} }}}}`", inner.trim()));
        }
        () if is_entry && here.starts_with('"') => "write a value that holds `\"` between single quotes: `'…'`",
        () if is_entry && before.trim_end().ends_with(',') && !next.is_empty() => return Some(list_of_entry(line)),
        () if here.starts_with(": ") && lists::entries_with_semicolon(before) => "commas stand between entries on one line",
        () if here.starts_with(": ") && (is_entry || before.contains('{')) => {
            "a comma is missing before the key, or the value needs quotes because it holds `: `"
        }
        () if here.starts_with('?') && before.ends_with(']') && before.contains(" choice [") => {
            "the `?` follows the type: `choice? [a, b]`"
        }
        () if matches!(word, "job" | "step") && here.starts_with('{') && before.ends_with(':') => {
            return Some(format!("a block has no colon before it: `{} {{ … }}`", before.trim_end_matches(':').trim_end()));
        }
        () if is_entry && here.starts_with(['{', '}']) => "a value that holds a brace needs quotes",
        () if line.trim_end().ends_with('{') && here.starts_with('{') && !before.ends_with([' ', '\t']) => {
            "a blank stands before the `{` of a block"
        }
        () if before.trim_end().ends_with(['"', '\'']) && before.contains('[') && here.starts_with(char::is_alphanumeric) => {
            "commas stand between the items of a list"
        }
        () => return of_statement(word, before, here, next).or_else(|| keyed(text, at)),
    };
    Some(fixed.to_owned())
}

/// `CI:true`: a key whose colon no blank follows.
fn keyed(text: &str, at: usize) -> Option<String> {
    let start = text[..at].rfind([' ', '\t', '{', ',', '\n']).map_or(0, |at| at + 1);
    let token = text[start..].split([' ', '\t', ',', '}', '\n', '\r']).next().unwrap_or_default();
    if let Some((key, value)) =
        token.split_once('=').filter(|(key, _)| !key.is_empty() && !key.contains(':') && text.contains('{'))
    {
        return Some(format!("a key has a colon: `{key}: {value}`"));
    }
    let (key, value) = token.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_key && !value.is_empty() && !value.starts_with("//"))
        .then(|| format!("a blank follows the colon of a key: `{key}: {value}`"))
}

/// A line of data that is no entry, as it should be written. In the block of `on`, only what is known to be data there.
pub(super) fn of_entry(line: &str, place: Option<Place>) -> Option<String> {
    let word = word_of(line);
    if place == Some(Place::On) && yaml::instead_of(word, None).is_none() {
        return None;
    }
    if let Some((name, value)) = variable(line) {
        return Some(format!("an entry has a colon: `{name}: {value}`"));
    }
    if let Some((key, value)) = line.split_once(": ").filter(|(key, _)| !key.contains(['"', '\''])) {
        return Some(format!("a key that holds blanks stands in quotes: `\"{}\": {}`", key.trim(), value.trim()));
    }
    let (key, value) = line.split_once([' ', '\t'])?;
    let plain = |text: &str| !text.is_empty() && !text.contains(['{', '}', '"', '\'']);
    let value = match value.trim() {
        list if list.contains([',', ' ']) && !list.starts_with('[') || place == Some(Place::On) => {
            format!("[{}]", list.trim_matches(['[', ']']))
        }
        value => value.to_owned(),
    };
    (plain(key) && plain(&value)).then(|| format!("an entry has a colon: `{key}: {value}`"))
}

/// `NAME = VALUE`, also with a word before it that other languages have there.
pub(super) fn variable(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim().rsplit(' ').next().unwrap_or_default();
    let value = value.trim().trim_end_matches([';', ',']);
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let is_value = !value.is_empty() && !value.starts_with('=') && (!value.contains(' ') || value.starts_with(['"', '\'']));
    (is_name && is_value).then_some((name, value))
}

/// How other languages write `else if`.
pub(super) fn otherwise(line: &str) -> Option<String> {
    let rest = ["elseif", "elsif", "elif"].iter().find_map(|word| line.strip_prefix(word))?;
    let condition = rest.trim().trim_end_matches('{').trim_end_matches(':').trim();
    let condition = if condition.is_empty() { "CONDITION" } else { condition };
    Some(format!("write `}} else if {condition} {{`, on the line of the `}}`"))
}

/// Names that others give to statements.
const NAMES: [(&str, &str); 12] = [
    ("depends on ", "needs"),
    ("depends-on ", "needs"),
    ("depends_on ", "needs"),
    ("after ", "needs"),
    ("call ", "uses"),
    ("may fail", "may-fail"),
    ("image ", "container"),
    ("FROM ", "container"),
    ("WORKDIR ", "in"),
    ("fn ", "template"),
    ("def ", "template"),
    ("function ", "template"),
];

/// A statement that others name otherwise, as it is written here.
pub(super) fn named_otherwise(line: &str) -> Option<String> {
    if let Some(folder) = line.strip_prefix("cd ").and_then(|rest| rest.strip_suffix('{')) {
        return Some(format!("in {} {{", folder.trim()));
    }
    let (name, word) = NAMES.iter().find(|(name, _)| line.starts_with(name))?;
    let rest = line[name.len()..].trim_start_matches([':', '=']).trim();
    let rest = if *word == "needs" { lists::commas(rest.trim_matches(['[', ']'])) } else { rest.to_owned() };
    Some(format!("{word} {rest}").trim_end().to_owned())
}

/// Whether a line is an action without inputs.
pub(super) fn is_action(line: &str) -> bool {
    let of_step = line.starts_with("step ") && line.contains(" uses ");
    (line.starts_with("uses ") || of_step) && !line.contains('{')
}

/// The first bracket or parenthesis outside quotes that nothing closes, and where the text ends.
pub(super) fn unclosed_bracket(text: &str) -> Option<(usize, usize)> {
    let mut open = Vec::new();
    let mut quoted = None;
    let mut before = ' ';
    for (at, char) in text.char_indices() {
        match (quoted, char) {
            (Some(_), '\n') => quoted = None,
            (Some(quote), _) if quote == char => quoted = None,
            (None, '"' | '\'') if !before.is_alphanumeric() => quoted = Some(char),
            (None, '[' | '(') => open.push((at, char)),
            (None, ']') if open.last().is_some_and(|(_, open)| *open == '[') => drop(open.pop()),
            (None, ')') if open.last().is_some_and(|(_, open)| *open == '(') => drop(open.pop()),
            // What a block encloses has its brackets to itself.
            (None, '{') if open.is_empty() => return None,
            _ => {}
        }
        before = char;
    }
    open.first().map(|(at, _)| (*at, text.trim_end().len()))
}

fn of_statement(word: &str, before: &str, here: &str, next: &str) -> Option<String> {
    let rest = before.get(word.len()..).unwrap_or_default().trim_start();
    let is_word = next.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '.' | '*' | '_' | '-' | '/'));
    let slip = Slip {
        word,
        rest,
        first: rest.split([' ', '\t']).next().unwrap_or_default(),
        line: first_line(here).trim(),
        here,
        next,
        is_word,
        colon: here.starts_with(':'),
    };
    slip.of_list().or_else(|| slip.of_word()).or_else(|| slip.of_any())
}

/// What to write for an item of a YAML list.
pub(super) fn of_item(item: &str) -> String {
    let (key, value) = item.split_once(':').unwrap_or((item, ""));
    let value: String = value.trim().trim_matches(['"', '\'']).chars().take(60).collect();
    match (key.trim(), value.as_str()) {
        ("run" | "uses", "" | "|" | ">" | "|-" | ">-") if key.trim() == "run" => {
            "write `run \"\"\"`, the lines, and `\"\"\"` alone on a line".to_owned()
        }
        (key @ ("run" | "uses"), value) => format!("write `{key} {value}`, without `-` and colon"),
        ("name", value) => format!("a step with a name is written `step \"{value}\": COMMAND`"),
        _ => "a list is written `[a, b]`, and steps stand in the job without `-`".to_owned(),
    }
}

/// The first `{{ … }}` without `$` in a statement of one line.
pub(super) fn double_braces(text: &str) -> Option<std::ops::Range<usize>> {
    let line = Some(text.trim_end()).filter(|text| !text.contains('\n'))?;
    let start = line.find(" {{ ")? + 1;
    let end = start + line[start..].find(" }}")? + " }}".len();
    Some(start..end)
}

/// The `jobs:` of a text that is a workflow in YAML: its offset.
pub(super) fn workflow(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut jobs = None;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "jobs:" {
            jobs = jobs.or(Some(at));
        }
        at += line.len();
    }
    let is_workflow = text.contains("runs-on:") || text.lines().any(|line| line.trim_start().starts_with("uses:"));
    jobs.filter(|_| is_workflow)
}

pub(super) fn first_line(text: &str) -> &str {
    text.split(['\n', '\r']).next().unwrap_or_default()
}

/// The word that a statement begins with.
pub(super) fn word_of(text: &str) -> &str {
    text.split([' ', '\t', ':', '(', '{', '\n', '\r']).next().unwrap_or_default()
}
