//! Slips in lists.

use super::slip::{Slip, behind_block};
use super::{first_line, word_of};

/// Statements that take a list without brackets.
pub(super) const LISTS: [&str; 8] = ["needs", "reads", "writes", "wait", "cancel", "detect", "on", "keep"];

/// Where a list in brackets begins in such a statement.
pub(in crate::syntax) fn bracketed_list(text: &str) -> Option<usize> {
    let line = first_line(text);
    let head = &line[..line.find(" {").unwrap_or(line.len())];
    let spot = head.find(" [").filter(|&spot| LISTS.contains(&word_of(text)) && !head[..spot].ends_with(':'))? + 1;
    // `[0-9]*` is a pattern.
    let (_, behind) = head[spot..].split_once(']')?;
    behind.chars().next().is_none_or(|next| next.is_whitespace() || matches!(next, ',' | ';')).then_some(spot)
}

/// Where, before `at`, an item of a list follows a string without a comma: the grammar reads on, to see whether the brackets pair.
pub(in crate::syntax) fn item_without_comma(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at).filter(|_| text[at..].trim().is_empty())?;
    let mut quoted = None;
    let mut open = 0_usize;
    for (place, char) in before.char_indices() {
        match (quoted, char) {
            (Some(quote), _) if quote == char => {
                quoted = None;
                let rest = &before[place + 1..];
                let next = rest.trim_start_matches([' ', '\t']);
                let item = next.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '"' | '\''));
                if open > 0 && item && next.len() < rest.len() {
                    return Some(before.len() - next.len());
                }
            }
            (None, '"' | '\'') => quoted = Some(char),
            (None, '[') => open += 1,
            (None, ']') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// `key: a, b`
pub(super) fn list_of_entry(line: &str) -> String {
    let (key, value) = line.split_once(": ").unwrap_or((line, ""));
    format!("a list stands in brackets: `{}: [{}]`", key.trim(), value.trim().trim_end_matches(','))
}

impl Slip<'_> {
    /// Slips of the statements that take lists.
    pub(super) fn of_list(&self) -> Option<String> {
        let &Self { word, rest, line, .. } = self;
        if !LISTS.contains(&word) && word != "matrix" {
            return None;
        }
        let whole = format!("{word} {rest}{line}");
        if let Some(spot) = bracketed_list(&whole) {
            let bare = whole[spot..].replacen('[', "", 1).replacen(']', "", 1);
            let what = if word == "on" && !whole[..spot].contains(" to ") { "events" } else { "items" };
            return Some(format!("{what} stand without brackets: `{}`", behind_block(&format!("{}{bare}", &whole[..spot]))));
        }
        let listed = rest.trim_end();
        if listed.ends_with(", {") || listed.ends_with(',') && (line.starts_with('{') || line.is_empty()) {
            let kept = listed.trim_end_matches(['{', ' ']).trim_end_matches(',');
            return Some(if listed.ends_with('{') || line.starts_with('{') {
                format!("no comma stands before a block: `{word} {kept} {{ … }}`")
            } else {
                format!("remove the comma, or name one more behind it: `{word} {kept}`")
            });
        }
        None
    }
}

/// Words with commas between them, up to a block or a clause.
pub(super) fn commas(text: &str) -> String {
    let end = [" {", " from ", " as ", " for ", " when ", " to ", " #", " merge"].iter().filter_map(|it| text.find(it)).min();
    let (list, tail) = text.split_at(end.unwrap_or(text.len()));
    let items: Vec<&str> = items(list).into_iter().filter(|item| *item != "and").collect();
    format!("{}{}", items.join(", "), behind_block(tail))
}

/// The items of a list, with what quotes, brackets and braces enclose in one.
pub(in crate::syntax) fn items(text: &str) -> Vec<&str> {
    split(text, &[' ', '\t', ','])
}

/// The words of a text, in the same way.
pub(in crate::syntax) fn words(text: &str) -> Vec<&str> {
    split(text, &[' ', '\t', '\n', '\r'])
}

fn split<'t>(text: &'t str, separators: &[char]) -> Vec<&'t str> {
    let (mut items, mut start, mut open, mut quoted) = (Vec::new(), 0, 0_usize, None);
    for (at, char) in text.char_indices() {
        match (quoted, char) {
            (Some(quote), _) if quote == char => quoted = None,
            (None, '"' | '\'') => quoted = Some(char),
            (None, '[' | '(' | '{') => open += 1,
            (None, ']' | ')' | '}') => open = open.saturating_sub(1),
            (None, char) if open == 0 && separators.contains(&char) => {
                items.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&text[start..]);
    items.retain(|item| !item.is_empty());
    items
}

/// Whether the key before a colon stands behind a `;`, as another entry.
pub(super) fn entries_with_semicolon(before: &str) -> bool {
    let entries = before.rsplit_once("; ").filter(|(_, key)| !key.is_empty() && !key.contains([' ', '"', '\'', ')', ']', '}']));
    entries.is_some_and(|(entries, _)| entries.contains(": "))
}
