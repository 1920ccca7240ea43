//! Characters as JSON writes them, `\\ud83d\\ude80`: two escapes that are one character, which the YAML parser does not know.

use std::borrow::Cow;

use saphyr_parser::{Event, ScalarStyle};

/// The length of a pair.
const PAIR: usize = "\\ud83d\\ude80".len();

/// The pairs of a text, in which each is one character that stands nowhere else in it. What it was is put back where the parser has told what
/// kind of text it stands in, since in all but double quotes it is no escape.
pub(super) struct Surrogates<'s> {
    written: &'s str,
    stand_in: char,
    /// Where each pair begins in what was written, and the index of its character in the text.
    pairs: Vec<(usize, usize)>,
    /// How many of them lie behind.
    passed: usize,
}

impl<'s> Surrogates<'s> {
    /// What the parser is to read, and what is to be put back.
    pub(super) fn new(written: &'s str) -> (Cow<'s, str>, Self) {
        let mut new = Self { written, stand_in: '\0', pairs: Vec::new(), passed: 0 };
        let found: Vec<usize> = written.match_indices("\\u").map(|(at, _)| at).filter(|&at| is_pair(written, at)).collect();
        // One of the private use area; where a text has them all, it keeps its pairs, and the parser refuses it.
        let Some(stand_in) = ('\u{e000}'..='\u{f8ff}').find(|&letter| !found.is_empty() && !written.contains(letter)) else {
            return (written.into(), new);
        };
        let (mut text, mut copied, mut index) = (String::with_capacity(written.len()), 0, 0);
        for at in found {
            index += written[copied..at].chars().count();
            new.pairs.push((at, index));
            text.push_str(&written[copied..at]);
            text.push(stand_in);
            (copied, index) = (at + PAIR, index + 1);
        }
        text.push_str(&written[copied..]);
        (text.into(), Self { stand_in, ..new })
    }

    /// Where each character of the text, and its end, stand in what was written.
    pub(super) fn starts(&self) -> Vec<u32> {
        let (mut at, mut pairs) = (0, self.pairs.iter().map(|pair| pair.0).peekable());
        let mut starts: Vec<u32> = Vec::new();
        while at < self.written.len() {
            starts.push(at as u32);
            at += match pairs.next_if_eq(&at) {
                Some(_) => PAIR,
                None => self.written[at..].chars().next().map_or(1, char::len_utf8),
            };
        }
        starts.push(at as u32);
        starts
    }

    /// A scalar that begins at a character of the text, with what it holds in place of the characters that stand for pairs.
    pub(super) fn put_back<'e>(&mut self, event: Event<'e>, start: usize) -> Event<'e> {
        match event {
            Event::Scalar(value, style, anchor, tag) if !self.pairs.is_empty() && value.contains(self.stand_in) => {
                // Those of comments before it are nobody's.
                self.passed += self.pairs[self.passed..].partition_point(|&(_, index)| index < start);
                let mut out = String::with_capacity(value.len());
                for letter in value.chars() {
                    let pair = self.pairs.get(self.passed).filter(|_| letter == self.stand_in);
                    let Some(&(at, _)) = pair else {
                        out.push(letter);
                        continue;
                    };
                    self.passed += 1;
                    let written = &self.written[at..at + PAIR];
                    match character(written).filter(|_| style == ScalarStyle::DoubleQuoted) {
                        Some(character) => out.push(character),
                        None => out.push_str(written),
                    }
                }
                Event::Scalar(out.into(), style, anchor, tag)
            }
            event => event,
        }
    }
}

/// Whether a pair begins there, and no escaped backslash.
fn is_pair(text: &str, at: usize) -> bool {
    let before = text[..at].bytes().rev().take_while(|&byte| byte == b'\\').count();
    before.is_multiple_of(2) && text.get(at..at + PAIR).is_some_and(|written| character(written).is_some())
}

/// The character that a pair is.
fn character(written: &str) -> Option<char> {
    let half = |text: &str| {
        let digits = text.strip_prefix("\\u").filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let halves = [half(written.get(..PAIR / 2)?)?, half(written.get(PAIR / 2..)?)?];
    // Both halves have to be of a pair: two other characters are two escapes that the parser knows.
    let [character] = char::decode_utf16(halves).collect::<Result<Vec<char>, _>>().ok()?.try_into().ok()?;
    Some(character)
}
