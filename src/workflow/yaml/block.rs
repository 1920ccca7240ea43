//! Literal block scalars (`|`): the form for scripts.

use super::quote::is_escaped;

/// What stands after the colon (`|`, `|-`, `|2+` …), where the string can be written as a block at all.
///
/// It can where it has several lines, every character can be written as it is, and the last line is not blank: some parsers
/// disagree about trailing blanks there.
pub(super) fn header(text: &str) -> Option<String> {
    if !text.contains('\n') {
        return None;
    }
    let body = text.trim_end_matches('\n');
    let writable = text.chars().all(|c| c == '\n' || c == '\t' || !is_escaped(c));
    let last_is_blank = body.lines().last().is_none_or(|line| line.trim().is_empty());
    if !writable || last_is_blank {
        return None;
    }
    // A parser takes the indentation from the first line that is not empty; where that line or one above begins with a blank, it must be told.
    let leading = body.lines().take_while(|line| line.trim().is_empty()).any(|line| !line.is_empty());
    let first = body.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let indent = if leading || first.starts_with([' ', '\t']) { "2" } else { "" };
    let chomp = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    Some(format!("|{indent}{chomp}"))
}
