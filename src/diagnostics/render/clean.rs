//! Text from a spec, made fit for a terminal.

/// The longest message or label that is shown, in characters.
const MAX: usize = 400;

/// A character as it may be shown: control characters, which could rewrite the screen, and those that turn the direction of writing,
/// which could make code look like other code, are replaced by a visible sign.
pub(super) fn visible(c: char, unicode: bool) -> char {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}');
    match c {
        '\t' => c,
        '\0'..='\x1f' if unicode => char::from_u32(0x2400 + c as u32).unwrap_or('?'),
        '\x7f' if unicode => '␡',
        _ if (turns || c.is_control()) && unicode => '\u{fffd}',
        _ if turns || c.is_control() => '?',
        _ => c,
    }
}

/// A message or a label: visible characters only, and not longer than anybody reads. The middle goes, since a message begins with its
/// fact and ends with it.
pub(super) fn message(text: &str, unicode: bool) -> String {
    let clean = |part: &str| part.chars().map(|c| if c == '\n' { c } else { visible(c, unicode) }).collect::<String>();
    let Some((cut, _)) = text.char_indices().nth(MAX) else { return clean(text) };
    let tail = text.char_indices().rev().nth(MAX / 4).map_or(cut, |(at, _)| at).max(cut);
    format!("{}{}{}", clean(&text[..cut]), ellipsis(unicode), clean(&text[tail..]))
}

/// What stands for text that is not shown.
pub(super) fn ellipsis(unicode: bool) -> &'static str {
    if unicode { "…" } else { "..." }
}
