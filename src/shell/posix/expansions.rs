//! Expansions and here-documents: what is inside them is read by other rules than words are.

use super::{Document, End, IN_QUOTES, Reader, Word};
use crate::shell::Hole;

/// The holes of a script that stand in here-documents whose delimiter is quoted: no variable is expanded there.
pub(crate) fn verbatim(script: &str, holes: &[Hole]) -> Vec<usize> {
    let mut reader = Reader::new(script, holes);
    let is_read = reader.command(End::Script).is_some();
    if is_read { reader.flow.verbatim } else { Vec::new() }
}

impl Reader<'_> {
    /// What begins with `$`: a command of its own is read as one; in arithmetic, parameters and escapes a variable would be something else.
    pub(super) fn dollar(&mut self, word: &mut Word, is_quoted: bool) -> Option<()> {
        word.begun = true;
        word.expands = true;
        if self.starts("((") {
            self.at += 1;
            self.arithmetic()
        } else if self.starts("(") {
            self.at += 1;
            self.command(End::Parenthesis)
        } else if self.starts("{") {
            self.at += 1;
            self.parameter()
        } else if self.starts("'") && !is_quoted {
            self.at += 1;
            self.escaped()
        } else {
            // A hole that follows belongs to the name: `$NAME${{ x }}`.
            let rest = self.rest();
            let end = rest.find(|char: char| !(char.is_ascii_alphanumeric() || char == '_')).unwrap_or(rest.len());
            let end = if end == 0 { usize::from(rest.starts_with(['@', '*'])) } else { end };
            self.flow.ask(&rest[..end]);
            if &rest[..end] == "SHELL" {
                word.text.push_str("$SHELL");
                word.said.push_str("$SHELL");
            }
            self.at += end;
            self.hole();
            Some(())
        }
    }

    /// `((…))`: the value of a variable is an expression there, which may hold commands.
    pub(super) fn arithmetic(&mut self) -> Option<()> {
        let (mark, begin) = (self.here(), self.at);
        let mut depth = 1;
        while depth > 0 {
            if self.hole().is_none() {
                match self.char()? {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
            }
        }
        self.flow.ask_all(&self.script[begin..self.at], true);
        self.flow.chosen(self.since(mark));
        Some(())
    }

    /// `${…}`
    fn parameter(&mut self) -> Option<()> {
        let begin = self.at - 1;
        loop {
            if self.hole().is_some() {
                continue;
            }
            match self.char()? {
                '}' => {
                    self.flow.ask_all(&self.script[begin..self.at], false);
                    return Some(());
                }
                '\\' => drop(self.char()?),
                '\'' => self.skip_to('\'')?,
                '"' => self.skip_to('"')?,
                '$' if self.starts("{") => {
                    self.at += 1;
                    self.deeper(Self::parameter)?;
                }
                '$' if self.starts("(") => {
                    self.at += 1;
                    self.arithmetic()?;
                }
                _ => {}
            }
        }
    }

    fn escaped(&mut self) -> Option<()> {
        loop {
            if self.hole().is_none() {
                match self.char()? {
                    '\\' => drop(self.char()?),
                    '\'' => return Some(()),
                    _ => {}
                }
            }
        }
    }

    pub(super) fn backticks(&mut self, word: &mut Word) -> Option<()> {
        word.begun = true;
        word.expands = true;
        let begin = self.at;
        self.skip_to('`')?;
        self.flow.ask_all(&self.script[begin..self.at], false);
        Some(())
    }

    /// To the next such character; holes on the way stay.
    fn skip_to(&mut self, end: char) -> Option<()> {
        loop {
            if self.hole().is_some() {
                continue;
            }
            match self.char()? {
                '\\' if end != '\'' => drop(self.char()),
                char if char == end => return Some(()),
                _ => {}
            }
        }
    }

    /// The last line of a here-document, as `<<` names it. None where a hole is in it.
    pub(super) fn delimiter(&mut self) -> Option<Document> {
        let tabs = self.starts("-");
        self.at += usize::from(tabs);
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let (mut last, mut quoted) = (String::new(), false);
        loop {
            if self.holes.get(self.next).is_some_and(|hole| hole.range.start == self.at) {
                return None;
            }
            match self.rest().chars().next() {
                Some('\'' | '"' | '\\') => {
                    quoted = true;
                    self.at += 1;
                }
                Some(char) if !char.is_whitespace() && !";&|<>()".contains(char) => {
                    last.push(char);
                    self.at += char.len_utf8();
                }
                _ => {
                    let document = Document { last, tabs, quoted, is_code: false, target: None };
                    return (!document.last.is_empty()).then_some(document);
                }
            }
        }
    }

    /// Its lines: as between double quotes, but for these themselves.
    pub(super) fn document(&mut self, document: &Document) -> Option<()> {
        let Document { last, tabs, quoted, .. } = document;
        let (mark, begin) = (self.here(), self.at);
        loop {
            let line = self.rest().split('\n').next().unwrap_or_default();
            let is_last = (if *tabs { line.trim_start_matches('\t') } else { line }) == last;
            if is_last {
                if document.is_code {
                    self.inner(begin..self.at);
                    self.flow.code(self.since(mark));
                }
                if let Some(file) = &document.target {
                    self.flow.write(file, self.since(mark));
                }
                self.at += line.len();
                self.at += usize::from(self.starts("\n"));
                return Some(());
            }
            loop {
                if let Some(hole) = self.hole() {
                    if *quoted {
                        self.flow.verbatim.push(hole);
                    } else {
                        // A quote is a sign like others there.
                        self.put(hole, "", "", &IN_QUOTES[1..]);
                    }
                    continue;
                }
                match self.char()? {
                    '\n' => break,
                    '\\' if !quoted && !self.starts("\n") => self.escape()?,
                    '$' if !quoted => self.dollar(&mut Word::default(), true)?,
                    '`' if !quoted => self.backticks(&mut Word::default())?,
                    _ => {}
                }
            }
        }
    }
}
