//! What is wrong with a text that the grammar refuses.
//!
//! pest says where it stopped and which of its rules would have gone on; an author wants to hear that strings take `'` and that `and` is
//! written `&&`. So a refused text is read once more, token by token, with only two questions in mind: is a value wanted next or an
//! operator, and which brackets are open? The first token that fits neither is the fault.

use super::{functions, macros};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::{
    e0601_expression_syntax as syntax, e0602_double_quotes as quotes, e0603_unknown_operator as operator,
    e0604_unclosed as unclosed, e0605_empty_expression as nothing,
};
use crate::source::Span;

/// The bracket that opens one level too many, strings left out.
pub(super) fn too_deep(text: &str, most: usize) -> Option<Span> {
    let mut depth = 0_usize;
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'(' | b'[' if !quoted => depth += 1,
            b')' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > most {
            return Some(range(at, at + 1));
        }
    }
    None
}

/// An expression without anything in it.
pub(super) fn empty(text: &str) -> Diag {
    nothing::empty_expression(range(0, text.len()))
}

/// Something the second reading finds nothing wrong with: the grammar's word on where it stopped.
pub(super) fn unknown(text: &str, at: usize) -> Diag {
    let end = text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |next| at + next.len_utf8());
    syntax::unexpected("the expression goes wrong", range(at, end), None)
}

/// The first fault, if there is one.
pub(super) fn find(text: &str) -> Option<Diag> {
    let mut reader = Reader { text, at: 0, open: Vec::new(), last: Last::Start, argument: 0, word: 0..0 };
    loop {
        reader.skip_blanks();
        if reader.at >= text.len() {
            return reader.end();
        }
        if let Err(diag) = reader.token() {
            return Some(*diag);
        }
    }
}

/// What stands before the next token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    /// `(` or `[` or `,`, and whether a call may end here
    Opened {
        may_end: bool,
    },
    Operator,
    Literal,
    /// A name, that a `(` makes a call
    Name,
    /// A property, a closed bracket, a star
    Path,
}

impl Last {
    fn is_value(self) -> bool {
        matches!(self, Self::Literal | Self::Name | Self::Path)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Group,
    Call,
    Index,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<(Bracket, usize)>,
    last: Last,
    /// Where the argument began that is being read.
    argument: usize,
    /// The last name that was read.
    word: std::ops::Range<usize>,
}

type Step = Result<(), Box<Diag>>;

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn token(&mut self) -> Step {
        let start = self.at;
        let rest = self.rest();
        let Some(next) = rest.chars().next() else { return Ok(()) };
        match next {
            '\'' => self.string(),
            '"' => {
                let end = rest[1..].find('"').map_or(self.text.len(), |end| start + end + 2);
                Err(Box::new(quotes::double_quotes(self.text[start..end].trim_matches('"'), range(start, end))))
            }
            'a'..='z' | 'A'..='Z' | '_' => self.name(),
            '0'..='9' => self.number(),
            '+' | '-' | '.' if !self.last.is_value() => self.number(),
            '(' | '[' => self.opening(next),
            ')' | ']' => self.closing(next),
            ',' => self.comma(),
            '.' => self.property(),
            '!' if !rest.starts_with("!=") && !self.last.is_value() => {
                self.last = Last::Operator;
                self.at += 1;
                Ok(())
            }
            '$' | '#' | ';' | '{' | '}' | '@' | '`' | '\\' => self.stray(next),
            _ => self.operator(),
        }
    }

    fn end(&self) -> Option<Diag> {
        if let Some(&(_, at)) = self.open.last() {
            return Some(unclosed::unclosed(&self.text[at..=at], range(at, at + 1)));
        }
        match self.last {
            Last::Start => Some(empty(self.text)),
            Last::Operator => {
                let before = self.text.trim_end().len();
                Some(syntax::unexpected(
                    "a value is missing at the end of the expression",
                    range(before, before),
                    Some("write the value, or remove the operator".into()),
                ))
            }
            _ => None,
        }
    }

    /// A value begins: that is a fault behind another one.
    fn value(&self, start: usize, end: usize) -> Step {
        if !self.last.is_value() {
            return Ok(());
        }
        let word = &self.text[self.word.clone()];
        let called = functions::find(word).map(|known| known.name).or_else(|| macros::find(word).map(|known| known.name));
        if let (Last::Name, Some(name)) = (self.last, called) {
            let what = format!("the arguments of `{name}` stand in parentheses");
            return Err(Box::new(syntax::unexpected(what, range(start, end), Some(format!("write `{name}(…)`")))));
        }
        let what = format!("an operator is missing before `{}`", &self.text[start..end]);
        let help = if self.text[..start].ends_with('\'') && self.last == Last::Literal {
            "a quote inside a string is doubled: `'it''s'`"
        } else {
            "write an operator such as `==` or `&&` between the two"
        };
        Err(Box::new(syntax::unexpected(what, range(start, end), Some(help.to_owned()))))
    }

    fn string(&mut self) -> Step {
        let start = self.at;
        let mut end = start + 1;
        loop {
            let Some(quote) = self.text.get(end..).and_then(|rest| rest.find('\'')) else {
                return Err(Box::new(unclosed::unclosed("'", range(start, start + 1))));
            };
            end += quote + 1;
            if !self.text[end..].starts_with('\'') {
                break;
            }
            end += 1;
        }
        self.value(start, end)?;
        self.at = end;
        self.last = Last::Literal;
        Ok(())
    }

    fn name(&mut self) -> Step {
        let start = self.at;
        let length =
            self.rest().find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(self.rest().len());
        let end = start + length;
        let word = &self.text[start..end];
        let following = self.text[end..].trim_start();
        if self.last.is_value() && operator::meant_by(word).is_some()
            || word.eq_ignore_ascii_case("not")
                && following.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '\'' || c == '_')
        {
            return Err(Box::new(operator::unknown_operator(word, range(start, end))));
        }
        self.value(start, end)?;
        self.last = if matches!(word, "true" | "false" | "null" | "NaN" | "Infinity") { Last::Literal } else { Last::Name };
        self.word = start..end;
        self.at = end;
        Ok(())
    }

    fn number(&mut self) -> Step {
        let start = self.at;
        let boundary = |c: char| "()[],!<>=&|".contains(c) || c.is_whitespace();
        let end = start + self.rest().find(boundary).unwrap_or(self.rest().len());
        let word = &self.text[start..end];
        self.value(start, end)?;
        let radix = word.starts_with("0x") || word.starts_with("0o");
        if super::number::parse(word).is_nan() || !radix && word.trim_start_matches(['+', '-']).is_empty() {
            return Err(Box::new(syntax::unexpected(format!("`{word}` is no number"), range(start, end), None)));
        }
        self.at = end;
        self.last = Last::Literal;
        Ok(())
    }

    fn opening(&mut self, next: char) -> Step {
        let at = range(self.at, self.at + 1);
        let bracket = match (next, self.last) {
            ('(', Last::Name) => Bracket::Call,
            ('(', Last::Path) => {
                return Err(Box::new(syntax::unexpected(
                    "a property is called like a function",
                    at,
                    Some("only names are called".into()),
                )));
            }
            ('[', Last::Name | Last::Path) => {
                self.open.push((Bracket::Index, self.at));
                self.at += 1;
                self.skip_blanks();
                self.last = Last::Opened { may_end: false };
                if self.rest().starts_with('*') {
                    self.at += 1;
                    self.last = Last::Path;
                    self.skip_blanks();
                    if let Some(next) = self.rest().chars().next().filter(|&next| next != ']') {
                        let extra = range(self.at, self.at + next.len_utf8());
                        return Err(Box::new(syntax::unexpected("`[*]` holds more than the star", extra, None)));
                    }
                }
                return Ok(());
            }
            ('[', Last::Literal) => return Err(Box::new(syntax::literal_property(at))),
            ('[', _) => {
                let help = "a list is written `fromJSON('[…]')`".to_owned();
                return Err(Box::new(syntax::unexpected("the expression language has no list literals", at, Some(help))));
            }
            (_, Last::Literal) => {
                return Err(Box::new(syntax::unexpected("an operator is missing before `(`", at, None)));
            }
            _ => Bracket::Group,
        };
        self.open.push((bracket, self.at));
        self.at += 1;
        self.argument = self.at;
        self.last = Last::Opened { may_end: bracket == Bracket::Call };
        Ok(())
    }

    fn closing(&mut self, next: char) -> Step {
        let at = range(self.at, self.at + 1);
        let Some((bracket, from)) = self.open.pop() else {
            return Err(Box::new(syntax::unexpected(format!("`{next}` closes nothing"), at, None)));
        };
        if (bracket == Bracket::Index) != (next == ']') {
            let opener = &self.text[from..=from];
            return Err(Box::new(
                unclosed::unclosed(opener, range(from, from + 1)).label(at, format!("`{next}` does not close it")),
            ));
        }
        if !self.last.is_value() && self.last != (Last::Opened { may_end: true }) {
            return Err(Box::new(syntax::unexpected(format!("a value is missing before `{next}`"), at, None)));
        }
        self.at += 1;
        self.last = Last::Path;
        Ok(())
    }

    fn comma(&mut self) -> Step {
        let at = range(self.at, self.at + 1);
        if self.open.last().is_none_or(|&(bracket, _)| bracket != Bracket::Call) {
            return Err(Box::new(syntax::unexpected("`,` stands outside the arguments of a function", at, None)));
        }
        if !self.last.is_value() {
            return Err(Box::new(syntax::unexpected("a value is missing before `,`", at, None)));
        }
        self.at += 1;
        self.argument = self.at;
        self.last = Last::Opened { may_end: false };
        Ok(())
    }

    /// A `.` behind a value.
    fn property(&mut self) -> Step {
        let dot = self.at;
        if self.last == Last::Literal {
            return Err(Box::new(syntax::literal_property(range(dot, dot + 1))));
        }
        self.at += 1;
        self.skip_blanks();
        let start = self.at;
        let rest = self.rest();
        let length = match rest.chars().next() {
            Some('*') => 1,
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len())
            }
            other => {
                let end = start + other.map_or(0, char::len_utf8);
                let help = "a name that begins otherwise is written `['…']`".to_owned();
                return Err(Box::new(syntax::unexpected("no property name follows the `.`", range(dot, end), Some(help))));
            }
        };
        self.at = start + length;
        self.last = Last::Path;
        Ok(())
    }

    fn stray(&self, next: char) -> Step {
        let end = self.at + next.len_utf8();
        let help = match next {
            '$' if self.rest().starts_with("${{") => Some("names are written without `${{ }}` inside an expression"),
            '$' if self.rest().starts_with("${") => Some("names are written without `${ }` inside an expression"),
            '{' | '}' => Some("names are written without braces inside an expression"),
            '$' => Some("an environment variable is written `env.NAME`"),
            '#' => Some("an expression holds no comment"),
            _ => None,
        };
        Err(Box::new(syntax::unexpected(
            format!("`{next}` has no meaning in an expression"),
            range(self.at, end),
            help.map(Into::into),
        )))
    }

    fn operator(&mut self) -> Step {
        let rest = self.rest();
        let symbols = |c: char| !"=!<>&|+-*/%?:~^".contains(c);
        let length = rest.find(symbols).unwrap_or(rest.len());
        let Some(known) = ["||", "&&", "==", "!=", "<=", ">=", "<", ">"].into_iter().find(|known| rest.starts_with(known)) else {
            let length = length.max(rest.chars().next().map_or(0, char::len_utf8));
            let word = &rest[..length];
            let known = ["!", "-", "+"].into_iter().find(|end| word.len() > 1 && word.ends_with(end));
            let word = known.map_or(word, |end| &word[..word.len() - end.len()]);
            if let Some(diag) = self.without_quotes(word) {
                return Err(Box::new(diag));
            }
            let diag = operator::unknown_operator(word, range(self.at, self.at + word.len()));
            return Err(Box::new(if word == "?" { diag.maybe_help(self.as_case()) } else { diag }));
        };
        let at = range(self.at, self.at + known.len());
        // `===` and `=>` would otherwise be told off for the value that is missing between `==` and `=`.
        let further = &rest[known.len()..length];
        if further.starts_with(['=', '>', '<', '&', '|']) {
            let word = &rest[..=known.len()];
            return Err(Box::new(operator::unknown_operator(word, range(self.at, self.at + word.len()))));
        }
        if !self.last.is_value() {
            return Err(Box::new(syntax::unexpected(format!("a value is missing before `{known}`"), at, None)));
        }
        self.at += known.len();
        self.last = Last::Operator;
        Ok(())
    }
}

impl Reader<'_> {
    /// An argument with a `/` or `*` in it and no blank: a pattern or a branch, without its quotes.
    fn without_quotes(&self, word: &str) -> Option<Diag> {
        let in_call = self.open.last().is_some_and(|(bracket, _)| *bracket == Bracket::Call);
        if !in_call || !word.starts_with(['/', '*']) {
            return None;
        }
        let argument = &self.text[self.argument..];
        let argument = &argument[..argument.find([',', ')']).unwrap_or(argument.len())];
        let start = self.argument + argument.len() - argument.trim_start().len();
        let argument = argument.trim();
        let fits = !argument.contains(|char: char| char.is_whitespace() || "'\"(&|=<>".contains(char));
        fits.then(|| {
            let at = range(start, start + argument.len());
            syntax::unexpected("a text stands here without quotes", at, Some(format!("write `'{argument}'`")))
        })
    }

    /// How `a ? b : c`, of which the `?` stands here, is written.
    fn as_case(&self) -> Option<String> {
        let (condition, rest) = (self.text[..self.at].trim(), &self.text[self.at + 1..]);
        let (yes, no) = rest.split_once(':').filter(|_| !rest.contains('?'))?;
        let read = |text: &str| super::parse(text).value;
        // With anything else in it that is no expression, it is not for one sentence to mend.
        let (condition, yes, no) = (read(condition)?, read(yes)?, read(no)?);
        let condition = if super::fold::is_boolean(&condition) { condition } else { condition.negated().negated() };
        Some(format!("write `case({condition}, {yes}, {no})`"))
    }
}

fn range(start: usize, end: usize) -> Span {
    Span::new(start as u32, end as u32)
}
