//! Why a piece does not parse: where the grammar stopped, and what was most likely meant.

use pest::Parser;
use pest::error::{InputLocation, LineColLocation};

use super::{MAX_WORD, Recovery, Within};
use crate::diagnostics::codes::e0101_unknown_statement::{self, unknown_statement};
use crate::diagnostics::codes::e0102_malformed_statement::malformed_statement;
use crate::diagnostics::codes::e0103_unclosed_block::block_of_nothing;
use crate::diagnostics::codes::e0105_unclosed_string::{self, unclosed_string};
use crate::diagnostics::codes::e0115_nested_too_deep::nested_too_deep;
use crate::diagnostics::codes::e0607_unclosed_hole;
use crate::diagnostics::{Diag, nearest};
use crate::syntax::hints::{self, first_line, word_of};
use crate::syntax::layout::Piece;
use crate::syntax::parse::{self, PipeParser, Rule};
use crate::syntax::symbols::{self, Place};
use crate::syntax::yaml;

impl Recovery<'_> {
    /// Why a piece with blocks does not parse, these left out of its `heads`.
    pub(super) fn explain_heads(&mut self, piece: &Piece, heads: &str, within: Within) {
        let start = piece.range.start;
        let first = piece.heads[0].clone();
        let (at, ..) = furthest(within.rule, heads);
        let later = piece.heads[1..].iter().find(|head| (head.start - start..=head.end - start).contains(&at));
        match later {
            Some(head) => {
                let word = word_of(&self.text[first]);
                let text = &self.text[head.clone()];
                let from = head.start + text.len() - text.trim_start_matches(['}', ' ', '\t']).len();
                let found = &self.text[from..head.end];
                let at = self.span(from..from + word_of(found).len());
                let diag = malformed_statement(Some(word), found, &[], at);
                self.report(diag.maybe_help(hints::otherwise(found)));
            }
            None if at >= first.len() => self.explain(heads, start, within),
            None => self.explain(&self.text[first], start, within),
        }
    }

    /// Why a piece that lies at `start` does not parse.
    pub(super) fn explain(&mut self, text: &str, start: usize, within: Within) {
        let word = Some(word_of(text)).filter(|word| !word.is_empty());
        let word = word.unwrap_or_else(|| &text[..text.chars().next().map_or(0, char::len_utf8)]);
        let usages: Vec<&str> = symbols::by_word(word).map(|symbol| symbol.usage).collect();
        let (at, expected, deep) = furthest(within.rule, text);
        if deep {
            let at = self.span(start + at..start + at);
            return self.report(nested_too_deep(parse::MAX_DEPTH, at));
        }
        let at = hints::bracketed_list(text).or_else(|| hints::item_without_comma(text, at)).unwrap_or(at);
        let here = &text[at.min(text.len())..];
        let is_entry = text[word.len()..].starts_with(':');
        if within.rule == Rule::alone && usages.is_empty() && !is_entry && !text[word.len()..].starts_with('(') {
            let diag = self.unknown(word, text, start, within);
            return self.report(diag);
        }
        // In data, what begins as a statement is an entry without its colon.
        if let Some(help) = hints::of_entry(first_line(text).trim_end(), None)
            .filter(|_| !is_entry && within.place == Some(Place::Checkout) && within.rule == Rule::alone)
        {
            let span = self.span(start + at..start + at + word_of(here).len());
            return self.report(malformed_statement(Some(word), first_line(here), &[], span).help(help));
        }
        if let Some(diag) = unclosed_hole(text, at) {
            let base = self.base + start as u32;
            return self.report(diag.map_spans(|span| span.shifted(base)));
        }
        if let Some(quote) = unclosed_quote(text) {
            let (open, end) =
                (self.span(start + quote..start + quote + 1), self.span(start..start + first_line(text).len()).tail());
            return self.report(unclosed_string(open, end));
        }
        if let Some((open, end)) = hints::unclosed_bracket(text) {
            let bracket = &text[open..=open];
            let (open, end) = (self.span(start + open..start + open + 1), self.span(start + end..start + end));
            return self.report(e0105_unclosed_string::unclosed_bracket(bracket, open, end));
        }
        // The word that stands there, or its first character where it is none.
        let is_part = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '.' | '/' | '*');
        let word_length = here.find(|char: char| !is_part(char)).unwrap_or(here.len());
        let first = here.chars().next().filter(|char| !matches!(char, '\n' | '\r')).map_or(0, char::len_utf8);
        let span = self.span(start + at..start + at + word_length.max(first));
        let subject = if is_entry { "entry" } else { word };
        // As it was written: what stands in blocks is left out of a text of heads.
        let end = (start + text.len()).min(self.text.len());
        let found = first_line(self.text.get(start + at..end).unwrap_or_default());
        let whole = first_line(self.text.get(start..end).unwrap_or_default());
        let row = Some("a row has no colon, and statements in its block: `VALUE { runner LABEL }`".to_owned());
        let row = row.filter(|_| within.rule == Rule::alone_row && here.starts_with(": {"));
        let hint = row.or_else(|| hints::name_in_block(whole)).or_else(|| hints::hint(text, at, is_entry));
        // What the grammar would take is no news to those who get told what to write; what other rules would take that begin with the same
        // word, or could go on in place of a word, is none to anybody.
        let other_rule = at == word.len() && !usages.is_empty();
        let no_block = text[..at].trim_end().ends_with([',', '=', ':']);
        let told = |token: &&'static str| match *token {
            "`(`" | "`:`" => !other_rule,
            "`{`" => !no_block,
            _ => true,
        };
        let expected: Vec<&str> = expected.into_iter().filter(told).filter(|_| hint.is_none()).collect();
        let diag = malformed_statement(Some(subject), found, &expected, span);
        let usages: Vec<String> = usages.iter().map(|usage| format!("`{usage}`")).collect();
        let usage = (!usages.is_empty()).then(|| format!("it is written {}", usages.join(" or ")));
        self.report(diag.maybe_help(hint.or(usage)));
    }

    /// A line whose first word begins no statement.
    pub(super) fn unknown(&self, word: &str, text: &str, start: usize, within: Within) -> Diag {
        let line = first_line(text).trim_end();
        let span = self.span(start..start + word.len().max(1).min(text.len()));
        let helped = |help: &str| unknown_statement(word, None, span).help(help);
        if line.starts_with("//") || line.starts_with("/*") {
            return helped("a comment begins with `#`, and ends with its line");
        }
        if word == "else" {
            return helped("`else` stands on the line of the `}` before it: `} else {`");
        }
        if let Some(help) = hints::otherwise(line) {
            return helped(&help);
        }
        if let Some(statement) = hints::named_otherwise(line).filter(|it| within.takes_word(word_of(it))) {
            return helped(&format!("write `{statement}`"));
        }
        if word == "{" {
            return block_of_nothing(span);
        }
        if let (Some(help), Some(place @ (Place::File | Place::Job | Place::Step))) = (yaml::of_others(word), within.place) {
            return helped(&yaml::where_else(help, place));
        }
        if let Some(help) = hints::of_entry(line, within.place).filter(|_| within.is_data() || within.place == Some(Place::On)) {
            let behind = line.get(word.len()..).unwrap_or_default();
            let rest = if behind.trim().is_empty() { line } else { behind };
            let at = start + line.len() - rest.trim_start().len();
            let length = rest.split_whitespace().next().map_or(0, str::len);
            let diag = malformed_statement(Some("entry"), rest.trim_start(), &[], self.span(at..at + length));
            return diag.help(help);
        }
        if let Some(help) = yaml::instead_of(word, within.place.filter(|place| *place != Place::Checkout)) {
            return helped(&within.place.map_or_else(|| help.to_owned(), |place| yaml::where_else(help, place)));
        }
        if self.text.contains(&format!("template {word}(")) {
            let given = line.get(word.len()..).unwrap_or_default().trim();
            return helped(&format!("what a template is given stands in parentheses: `{word}({given})`"));
        }
        if within.takes_commands() && hints::is_command(line) {
            return e0101_unknown_statement::command(word, line, span);
        }
        if let Some(near) = near(word, text, within) {
            return helped(&format!("write `{near}`"));
        }
        match within.place {
            _ if within.takes_commands() => match hints::variable(line) {
                Some((name, value)) => helped(&format!("variables stand in braces: `env {{ {name}: {value} }}`")),
                None => helped("a command needs `run` before it: `run …`"),
            },
            Some(Place::File) => match hints::variable(line) {
                Some((name, value)) => helped(&format!("a name for a value is given by `let`: `let {name} = {value}`")),
                None => helped("write one of the statements of the file level; a command stands in a job: `job NAME: COMMAND`"),
            },
            Some(_) if within.is_data() => helped("data is written `KEY: VALUE`"),
            _ => unknown_statement(word, None, span),
        }
    }
}

/// The statement that was most likely meant by a word that begins none: one that may stand there, and that makes sense of the line if possible.
fn near(word: &str, text: &str, within: Within) -> Option<&'static str> {
    let same_start =
        |name: &str| name.get(..1).is_some_and(|first| word.get(..1).is_some_and(|it| it.eq_ignore_ascii_case(first)));
    let allowed = || symbols::KEYWORDS.iter().filter(|symbol| within.takes(symbol)).map(|symbol| symbol.word);
    let line = text.get(word.len()..).filter(|rest| rest.len() < MAX_WORD)?.trim_end();
    let closed = if line.ends_with('{') { " }" } else { "" };
    let fits = |name: &&str| {
        (nearest(word, [*name]).is_some() || lacks_letters(word, name))
            && PipeParser::parse(within.rule, &format!("{name}{line}{closed}")).is_ok()
    };
    let fitting: Vec<&str> = allowed().filter(fits).collect();
    nearest(word, fitting.iter().copied()).or_else(|| fitting.first().copied()).or_else(|| {
        // Shorter words are near to too many.
        nearest(word, allowed().filter(|name| word.len() > 3 && same_start(name)))
    })
}

/// Whether a name is the word and a letter or two that were left out.
fn lacks_letters(word: &str, name: &str) -> bool {
    let mut letters = name.chars();
    word.len() > 2
        && name.len() <= word.len() + 2
        && name.starts_with(|first| word.starts_with(first))
        && word.chars().all(|char| letters.any(|letter| letter == char))
}

/// A `${{` outside quotes that nothing closes, no later than where the grammar stops.
fn unclosed_hole(text: &str, at: usize) -> Option<Diag> {
    if !text.get(..at.max(2) + 1).unwrap_or(text).contains("${{") {
        return None;
    }
    let diags = crate::expr::text::split(first_line(text)).diags;
    diags.into_iter().find(|diag| diag.code == &e0607_unclosed_hole::CODE && diag.span().start as usize <= at)
}

/// How far the grammar comes in a piece, what it wants there, in the words of the manual, and whether it stopped for want of stack.
fn furthest(rule: Rule, text: &str) -> (usize, Vec<&'static str>, bool) {
    // The detail that finds the furthest position makes parsing slower, and is a switch of the whole process: a race costs time only.
    pest::set_error_detail(true);
    let result = PipeParser::parse(rule, text);
    pest::set_error_detail(false);
    let Err(error) = result else { return (text.len(), Vec::new(), false) };
    if let Some(at) = parse::deep(&error) {
        return (at.min(text.len()), Vec::new(), true);
    }
    let Some(attempts) = error.parse_attempts() else { return (position(&error), Vec::new(), false) };
    let mut expected = Vec::new();
    for token in attempts.expected_tokens() {
        let token = token.to_string();
        let word = match token.as_str() {
            "=" => "`=`",
            ":" => "`:`",
            "]" => "`]`",
            "(" => "`(`",
            ")" => "`)`",
            "{" => "`{`",
            "in" => "`in`",
            "to" => "`to`",
            "uses" => "`uses`",
            _ => continue,
        };
        if !expected.contains(&word) {
            expected.push(word);
        }
    }
    (attempts.max_position.min(text.len()), expected, false)
}

pub(super) fn position(error: &pest::error::Error<Rule>) -> usize {
    // `line_col` is not needed; named here so that a change of pest's type is seen.
    let (LineColLocation::Pos(_) | LineColLocation::Span(..)) = error.line_col;
    match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    }
}

/// The opening quote of a string on the first line that no quote closes.
fn unclosed_quote(text: &str) -> Option<usize> {
    let line = first_line(text);
    let mut open: Option<(usize, char)> = None;
    let mut before = ' ';
    let mut escaped = false;
    for (at, char) in line.char_indices() {
        match (open, char) {
            (Some((_, '"')), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some((_, quote)), _) if quote == char && !escaped => open = None,
            (None, '#') if before.is_whitespace() => break,
            (None, '"') => open = Some((at, char)),
            // An apostrophe inside a word opens nothing.
            (None, '\'') if !before.is_alphanumeric() => open = Some((at, char)),
            _ => {}
        }
        escaped = false;
        before = char;
    }
    open.map(|(at, _)| at)
}
