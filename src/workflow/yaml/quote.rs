//! A string on one line: plain where that is safe, else in single quotes, else in double quotes.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::resolve::is_special;

/// Where the string stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After a key or a dash.
    Block,
    /// Inside `[…]`.
    Flow,
    /// Before a colon.
    Key,
}

/// The string as it is written at that place.
pub(super) fn quoted(text: &str, place: Place) -> Cow<'_, str> {
    if is_plain(text, place) {
        text.into()
    } else if needs_escapes(text) || (text.contains('\'') && !text.contains(['"', '\\'])) {
        double(text).into()
    } else {
        format!("'{}'", text.replace('\'', "''")).into()
    }
}

/// Whether the string may stand there without quotes.
pub(super) fn is_plain(text: &str, place: Place) -> bool {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return false };
    let second = characters.next();
    let start = match first {
        '?' | ':' | ',' | '[' | ']' | '{' | '}' | '#' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => false,
        // `--flag` is a string, `- x` and `---` are not.
        '-' => second.is_some_and(|next| next != ' ' && !text.starts_with("---") && (place != Place::Flow || is_word(next))),
        '.' => !text.starts_with("..."),
        _ => true,
    };
    // Not all of these need quotes by the letter of YAML; PyYAML alone stumbles over `?`.
    let is_refused = |byte: u8| match place {
        Place::Flow => matches!(byte, b',' | b'[' | b']' | b'{' | b'}' | b':' | b'?' | b'"' | b'\''),
        Place::Key => matches!(byte, b'"' | b'\''),
        Place::Block => false,
    };
    let mut before = 0;
    let inside = text.bytes().all(|byte| {
        let ends = matches!((before, byte), (b':', b' ') | (b' ', b'#'));
        before = byte;
        !ends && !is_refused(byte)
    });
    start && inside && first != ' ' && !matches!(before, b' ' | b':') && !needs_escapes(text) && !is_special(text)
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '-'
}

/// Whether some character can only be written as an escape, or had better be: all control characters, every white space but the
/// blank, and what some parser takes for the end of a line or of the stream.
fn needs_escapes(text: &str) -> bool {
    !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.chars().any(is_escaped)
}

/// See [`needs_escapes`].
pub(super) fn is_escaped(character: char) -> bool {
    match character {
        ' '..='~' => false,
        '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff0}'..='\u{ffff}' => {
            true
        }
        other => other.is_control() || other.is_whitespace() || (other as u32) & 0xfffe == 0xfffe,
    }
}

fn double(text: &str) -> String {
    let mut out = String::from('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            other if is_escaped(other) => {
                // Writing to a string cannot fail.
                let _ = match other as u32 {
                    code @ 0..=0xff => write!(out, "\\x{code:02x}"),
                    code @ 0x100..=0xffff => write!(out, "\\u{code:04x}"),
                    code => write!(out, "\\U{code:08x}"),
                };
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{Place, quoted};

    #[test]
    fn quotes_stand_only_where_they_are_needed() {
        let block = |text: &str| quoted(text, Place::Block).into_owned();
        for plain in
            ["a", "a b", "${{ matrix.os }}", "github.ref == 'x' && !cancelled()", "--flag", "a:b", "a#b", ".", "it's", "x: "]
        {
            assert_eq!(block(plain) == plain, plain != "x: ", "{plain}");
        }
        assert_eq!(block("!cancelled()"), "'!cancelled()'");
        assert_eq!(block("!cancelled() && a == 'b'"), "\"!cancelled() && a == 'b'\"");
        assert_eq!(block("3.10"), "'3.10'");
        assert_eq!(block("a\tb\u{85}\u{1f600}"), "\"a\\tb\\x85\u{1f600}\"");
        assert_eq!(quoted("${{ a }}", Place::Flow), "'${{ a }}'");
        assert_eq!(quoted("on", Place::Key), "'on'");
    }
}
