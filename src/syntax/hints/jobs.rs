//! Slips in the head of a job.

use super::slip::Slip;
use super::word_of;
use crate::syntax::symbols::{self, Place};

impl Slip<'_> {
    pub(super) fn of_job(&self) -> Option<String> {
        let &Self { rest, first, line, here, is_word, .. } = self;
        if rest.is_empty() && here.starts_with('"') {
            let name = here[1..].split('"').next().unwrap_or_default();
            return Some(format!("an id comes before the display name: `job {} \"{name}\" {{ … }}`", slug(name)));
        }
        if rest.trim_end().ends_with(':') && is_word {
            return Some(format!("a blank stands behind the colon: `job {} {line}`", rest.trim()));
        }
        if line.is_empty() {
            return None;
        }
        let command = line.strip_prefix("= ").or(Some(line).filter(|line| super::is_command(line) && !line.contains(['{', ':'])));
        if let Some(command) = command.filter(|_| rest.trim() == first) {
            return Some(format!("a command stands behind a colon: `job {first}: {}`", command.trim()));
        }
        let (head, tail) = split_head(rest, line);
        let body =
            if let Some(command) = tail.strip_prefix(':') { format!(": {}", command.trim()) } else { " { … }".to_owned() };
        // A statement of the job, before its block.
        let statement = head.strip_prefix(first).unwrap_or_default().trim();
        if symbols::by_word(word_of(statement)).any(|symbol| symbol.places.contains(&Place::Job)) {
            let work = tail.strip_prefix(':').map_or("…".to_owned(), |command| format!("run {}", command.trim()));
            return Some(format!(
                "`{}` stands in the block of the job: `job {first} {{ {statement}; {work} }}`",
                word_of(statement)
            ));
        }
        let id = id(&head);
        if id.is_empty() || id == head {
            return (!rest.is_empty() && here.starts_with([':', '{'])).then(|| {
                format!("write `job {head}: COMMAND`, with a blank behind the colon, or a block: `job {head} {{ … }}`")
            });
        }
        Some(format!("an id is one word of letters, digits, `-` and `_`: `job {id}{body}`"))
    }
}

/// What a job has before its block or colon, of `rest` and `line`, and what follows.
fn split_head(rest: &str, line: &str) -> (String, String) {
    let all = format!("{rest}{line}");
    let ends = |at: usize, char: char| match char {
        ':' => all[at + 1..].chars().next().is_none_or(char::is_whitespace),
        '{' | '"' => true,
        _ => false,
    };
    let end = all.char_indices().find(|&(at, char)| ends(at, char)).map_or(all.len(), |(at, _)| at);
    (all[..end].trim().to_owned(), all[end..].trim().to_owned())
}

/// The id that is nearest to a text.
fn id(text: &str) -> String {
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let parts = text.split(|char: char| !is_part(char)).filter(|part| !part.is_empty());
    let id = parts.collect::<Vec<_>>().join("-");
    if id.starts_with(|char: char| char.is_ascii_digit()) { format!("job-{id}") } else { id }
}

/// An id made of a name.
fn slug(name: &str) -> String {
    let parts = name.split(|char: char| !char.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let slug = parts.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    if slug.starts_with(|char: char| char.is_ascii_alphabetic()) { slug } else { "ID".to_owned() }
}
