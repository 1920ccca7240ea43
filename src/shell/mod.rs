//! Text for shells, and scripts of theirs.

pub(crate) mod called;
pub(crate) mod posix;
pub(crate) mod powershell;
pub(crate) mod python;

use std::ops::Range;

/// An expression in a script.
#[derive(Debug, Clone)]
pub(crate) struct Hole {
    /// Where it stands, braces included.
    pub(crate) range: Range<usize>,
    /// The variable that has its value.
    pub(crate) variable: String,
    /// The value is known to be plain words: it may be a command.
    pub(crate) is_plain: bool,
    /// It is to be one word: quotes do not change what is known to be one, and what strangers choose must not become several.
    pub(crate) is_word: bool,
    /// Signs of shells that are in its values, and that the spec wrote: where one of them means something, a variable would not be the same.
    pub(crate) signs: String,
}

/// What takes the place of a range of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) range: Range<usize>,
    pub(crate) text: String,
}

/// A word as a shell reads it back: as it is where no character of it means something to a shell, else between single quotes.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |char: char| char.is_alphanumeric() || "_-./:@%+,".contains(char);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_where_they_must_be() {
        assert_eq!(quoted("dist/a.js"), "dist/a.js");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("*.js"), "'*.js'");
    }
}
