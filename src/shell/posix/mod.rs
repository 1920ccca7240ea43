//! Scripts of bash and of POSIX shells: where an expression stands in them, and how a variable is asked for in its place.
//!
//! GitHub writes the value of `${{ }}` into the script before a shell reads it, so that a value with `"; rm -rf ~` in it is code. The value of a
//! variable is never code. For a value without characters that mean something to a shell both say the same, if the variable is
//! asked for as the place demands; where it would not be so, and where what the value is given to reads it as code once more, there is no answer.
//! (POSIX.1-2024, "Shell Command Language", 2.2 quoting, 2.6 word expansions, 2.7.4 here-documents; bash's manual, 3.1.2 and 3.5.)

mod again;
mod commands;
mod expansions;
mod flags;
mod flow;

use std::ops::Range;

pub(crate) use again::rereads;
pub(super) use commands::INTERPRETERS;
use commands::{ARITHMETIC, Command, Document, Own, Redirect, base_name, is_assignment};
pub(crate) use expansions::verbatim;
use flow::{Flow, Mark, Part};

use super::{Edit, Hole};

/// Deeper than any script is.
const MAX_DEPTH: usize = 50;

/// What means something between double quotes.
const IN_QUOTES: &[char] = &['"', '\\', '$', '`'];

/// What takes the place of each hole; none where a variable would not do.
pub(crate) fn edits(script: &str, holes: &[Hole]) -> Vec<Option<Edit>> {
    let mut reader = Reader::new(script, holes);
    // What is never closed is not understood at all.
    let is_read = reader.command(End::Script).is_some() && !reader.is_unclear;
    let Reader { flow, mut edits, .. } = reader;
    let code = flow.reached(holes.len());
    let is_code = |(hole, place): (usize, &Hole)| !is_read || code.is_code(hole, place.is_plain);
    for (hole, _) in holes.iter().enumerate().filter(|&place| is_code(place)) {
        edits[hole] = None;
    }
    edits
}

/// Where a list of commands ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Script,
    Parenthesis,
}

/// How a word stands.
#[derive(Default)]
struct Word {
    /// What it says without its quotes and what is in them.
    text: String,
    /// What it says, as far as that is known; quotes are left out.
    said: String,
    /// Something of it was read.
    begun: bool,
    /// Holes in it that nothing quotes.
    holes: Vec<usize>,
    /// It holds a brace: the shell looks for alternatives before it looks at variables.
    braces: bool,
    /// Something in it that nothing quotes is expanded: it may be more than one word.
    expands: bool,
}

impl Word {
    fn push(&mut self, char: char) {
        self.begun = true;
        self.text.push(char);
        self.said.push(char);
    }
}

struct Reader<'s> {
    script: &'s str,
    holes: &'s [Hole],
    at: usize,
    next: usize,
    edits: Vec<Option<Edit>>,
    /// Where the word that is read begins.
    word: Mark,
    /// Functions that the script has.
    functions: Vec<String>,
    /// What is sent to the list of commands that is read.
    inherited: Vec<Part>,
    flow: Flow,
    /// `case` in parentheses: those of its patterns are not told from others.
    is_unclear: bool,
    /// How deep in parentheses and braces.
    depth: usize,
}

impl<'s> Reader<'s> {
    fn new(script: &'s str, holes: &'s [Hole]) -> Self {
        Reader {
            script,
            holes,
            at: 0,
            next: 0,
            edits: vec![None; holes.len()],
            word: Mark::default(),
            functions: Vec::new(),
            inherited: Vec::new(),
            flow: Flow::default(),
            is_unclear: false,
            depth: 0,
        }
    }

    fn here(&self) -> Mark {
        Mark { hole: self.next, asked: self.flow.asked.len() }
    }

    /// What was read since then.
    fn since(&self, mark: Mark) -> Part {
        Part { holes: mark.hole..self.next, asked: mark.asked..self.flow.asked.len() }
    }

    fn rest(&self) -> &'s str {
        &self.script[self.at..]
    }

    fn starts(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    /// The hole that begins here, which is then behind.
    fn hole(&mut self) -> Option<usize> {
        let hole = self.holes.get(self.next).filter(|hole| hole.range.start == self.at)?;
        self.at = hole.range.end;
        self.next += 1;
        Some(self.next - 1)
    }

    /// The next character, which is then behind; none at the end.
    fn char(&mut self) -> Option<char> {
        let char = self.rest().chars().next()?;
        self.at += char.len_utf8();
        Some(char)
    }

    /// The variable of a hole, braced where it would run into what follows, unless one of these signs in its values means something there.
    fn put(&mut self, hole: usize, before: &str, after: &str, signs: &[char]) {
        let Hole { range, variable, signs: own, .. } = &self.holes[hole];
        if own.contains(signs) {
            return;
        }
        let follows = self.script[range.end..].chars().next().filter(|_| after.is_empty());
        let runs_on = follows.is_some_and(|char| char.is_ascii_alphanumeric() || char == '_');
        let asked = if runs_on { format!("${{{variable}}}") } else { format!("${variable}") };
        self.edits[hole] = Some(Edit { range: range.clone(), text: format!("{before}{asked}{after}") });
    }

    /// Reads commands until the end. None where something is never closed.
    fn command(&mut self, end: End) -> Option<()> {
        self.deeper(|reader| reader.commands(end))
    }

    /// One level deeper, as long as that is no bomb.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.depth += 1;
        let word = self.word;
        let done = if self.depth > MAX_DEPTH { None } else { read(self) };
        self.depth -= 1;
        self.word = word;
        done
    }

    fn commands(&mut self, end: End) -> Option<()> {
        let level = self.here();
        let mut pipeline = level;
        let mut command = Command::at(level);
        let mut word = Word::default();
        loop {
            if let Some(hole) = self.hole() {
                self.bare_hole(hole, &mut word, &command);
                continue;
            }
            self.is_unclear |= end == End::Parenthesis && command.name.is_none() && word.text == "case";
            let Some(char) = self.char() else {
                self.end_word(&mut word, &mut command);
                self.end_command(&mut command);
                return (end == End::Script && command.documents.is_empty()).then_some(());
            };
            match char {
                ' ' | '\t' => self.end_word(&mut word, &mut command),
                '\n' => {
                    self.end_word(&mut word, &mut command);
                    let goes_on = !(command.name.is_some() || command.fed.is_empty());
                    self.end_command(&mut command);
                    for document in std::mem::take(&mut command.documents) {
                        self.document(&document)?;
                    }
                    if !goes_on {
                        pipeline = self.here();
                        command = Command::at(pipeline);
                    }
                }
                '&' if self.starts(">") => {}
                ';' | '&' | '|' => {
                    self.end_word(&mut word, &mut command);
                    self.end_command(&mut command);
                    let is_pipe = char == '|' && !self.starts("|");
                    self.at += usize::from(is_pipe && self.starts("&"));
                    if is_pipe && command.ends_list() {
                        pipeline = level;
                    } else if !is_pipe {
                        pipeline = self.here();
                    }
                    let documents = std::mem::take(&mut command.documents);
                    command = Command::at(self.here());
                    command.documents = documents;
                    command.fed.extend(is_pipe.then(|| self.since(pipeline)));
                }
                '(' if !word.begun && self.starts("(") => self.arithmetic()?,
                '(' => {
                    let begin = self.here();
                    let sent = self.inherited.len();
                    self.inherited.extend(command.fed.iter().cloned());
                    self.command(End::Parenthesis)?;
                    self.inherited.truncate(sent);
                    if let Some(list) = word.text.strip_suffix('=') {
                        self.flow.hold(list.trim_end_matches('+'), self.since(begin));
                    } else {
                        // `f()` and `f ()`
                        let name = if word.text.is_empty() { command.name() } else { &word.text };
                        self.functions.extend((!name.is_empty()).then(|| name.to_owned()));
                    }
                    word = Word::default();
                }
                ')' => {
                    self.end_word(&mut word, &mut command);
                    self.end_command(&mut command);
                    if end == End::Parenthesis {
                        return Some(());
                    }
                    // The end of a pattern of `case`.
                    command = Command::at(self.here());
                }
                '#' if !word.begun => self.comment(),
                '\\' => {
                    word.begun = true;
                    // `\eval` is `eval`, and not the alias of that name.
                    let letter = self.rest().chars().next().filter(char::is_ascii_alphanumeric);
                    letter.into_iter().for_each(|letter| word.push(letter));
                    self.escape()?;
                }
                '\'' => self.single(&mut word, &command)?,
                '"' => self.double(&mut word)?,
                '$' => self.dollar(&mut word, false)?,
                '`' => self.backticks(&mut word)?,
                '<' | '>' if self.starts("(") => {
                    self.at += 1;
                    let begin = self.here();
                    self.command(End::Parenthesis)?;
                    word.begun = true;
                    if command.runs_files() {
                        self.flow.code(self.since(begin));
                    }
                }
                '<' if self.starts("<<") => {
                    self.at += 2;
                    self.redirect(Redirect::Text, &mut word, &mut command);
                }
                '<' if self.starts("<") => {
                    self.at += 1;
                    self.end_word(&mut word, &mut command);
                    command.documents.push(self.delimiter()?);
                }
                '<' | '>' => {
                    self.at += usize::from(self.starts("&") || self.starts(">") || self.starts("|"));
                    let which = if char == '<' { Redirect::From } else { Redirect::To };
                    self.redirect(which, &mut word, &mut command);
                }
                '=' => {
                    // What stands before it would be no name any more, and all of it no assignment.
                    if word.text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_') {
                        word.holes.drain(..).for_each(|hole| self.edits[hole] = None);
                    }
                    word.push('=');
                }
                char => {
                    word.braces |= char == '{';
                    word.push(char);
                }
            }
        }
    }

    /// A hole that nothing quotes.
    fn bare_hole(&mut self, hole: usize, word: &mut Word, command: &Command) {
        let is_assigned = command.name.is_none() && is_assignment(&word.text);
        let is_command = command.name.is_none() && !is_assigned && word.text.is_empty() && command.redirect.is_none();
        let is_plain = self.holes[hole].is_plain;
        // Other signs than blanks part words then, and `~` alone is a folder.
        let is_parted = !is_plain && !is_assigned && self.script.contains("IFS=") || word.text == "~";
        if !(word.braces || is_parted || is_command && !is_plain) {
            // Linters want quotes, and an assignment needs none.
            let quote = if self.holes[hole].is_word && !is_assigned { "\"" } else { "" };
            let all: Vec<char> = self.holes[hole].signs.chars().collect();
            self.put(hole, quote, quote, &all);
        }
        word.begun = true;
        word.holes.push(hole);
    }

    /// What a command is sent, or where its output goes. `2>` ends no word that could be a command.
    fn redirect(&mut self, redirect: Redirect, word: &mut Word, command: &mut Command) {
        if word.holes.is_empty() && word.text.chars().all(|char| char.is_ascii_digit()) {
            *word = Word::default();
        }
        self.end_word(word, command);
        command.redirect = Some(redirect);
    }

    /// A word ends: it may be the name of the command.
    fn end_word(&mut self, word: &mut Word, command: &mut Command) {
        let word = std::mem::take(word);
        let part = self.since(self.word);
        self.word = self.here();
        if word.braces && word.text != "{" {
            word.holes.iter().for_each(|&hole| self.edits[hole] = None);
        }
        if !word.begun {
            return;
        }
        let said = word.said.as_str();
        match command.redirect.take() {
            Some(Redirect::To) => return command.target = Some(base_name(said).to_owned()),
            Some(Redirect::From) if command.runs_files() => return self.flow.run(base_name(said)),
            Some(Redirect::From) => return,
            Some(Redirect::Text) => return command.fed.push(part),
            None => {}
        }
        if command.reads_code() && !command.is_setting(said) {
            self.flow.code(part.clone());
        }
        if let Some((name, _)) = said.split_once('=') {
            let name = name.split(['[', '+']).next().unwrap_or_default();
            self.flow.hold(name, part.clone());
        }
        if command.name.is_none() && word.expands && !is_assignment(&word.text) {
            self.flow.chosen(part.clone());
        }
        if command.name.is_none() || command.runs_files() {
            self.flow.run(base_name(said));
        }
        match command.name() {
            "read" | "mapfile" | "readarray" | "for" | "select" => {
                // What it reads may be sent to the loop that it is in.
                let all = Part { holes: 0..self.holes.len(), asked: 0..0 };
                self.flow.hold(said, all);
            }
            "tee" => {
                let all = command.fed.clone();
                all.into_iter().for_each(|part| self.flow.write(base_name(said), part));
            }
            "function" => self.functions.push(said.to_owned()),
            _ => {}
        }
        self.end_own(&word, &part, command);
        command.take(&word.text, said);
    }

    /// What bash's own commands take for more than text.
    fn end_own(&mut self, word: &Word, part: &Part, command: &mut Command) {
        let text = word.text.as_str();
        // `list["$i"]=1`: what stands in brackets is arithmetic.
        let is_subscript =
            text.split_once('[').is_some_and(|(name, rest)| !name.is_empty() && (rest.contains("]=") || rest.contains("]+=")));
        if is_subscript && command.name.is_none() {
            self.flow.code(part.clone());
        }
        let letters = text.strip_prefix('-').unwrap_or_default();
        match command.own {
            Some(Own::Declares | Own::Counts) => {
                command.evaluates(letters.contains(['i', 'n', 'A', 'a']));
                if letters.contains('i') {
                    command.own = Some(Own::Counts);
                } else if command.own == Some(Own::Counts) {
                    self.flow.count(text.split(['=', '[', '+']).next().unwrap_or(text));
                }
            }
            Some(Own::Names) => command.evaluates(text == "-v"),
            Some(Own::Reads) => {}
            None if command.name.is_some() => {}
            None => {
                command.own = Own::of(text);
                command.evaluates(command.own == Some(Own::Reads));
                command.test = (text == "[[").then_some(self.here());
            }
        }
        if let Some(begin) = command.test.filter(|_| ARITHMETIC.contains(&text)) {
            self.flow.code(self.since(begin));
            command.evaluates(true);
        }
    }

    /// A command ends: what it was sent may have been code, and what it was given is somewhere now.
    fn end_command(&mut self, command: &mut Command) {
        let all = self.since(command.begin);
        if command.opens_list() {
            // A loop, a condition or braces: any command in them may read it.
            self.inherited.extend(command.fed.iter().cloned());
        }
        if command.runs_code() {
            // Its code asks for them by `$1`.
            self.flow.give(all.clone());
        }
        if command.receives_code() {
            let inherited = if command.fed.is_empty() { self.inherited.clone() } else { Vec::new() };
            std::mem::take(&mut command.fed).into_iter().chain(inherited).for_each(|part| self.flow.code(part));
            command.documents.iter_mut().for_each(|document| document.is_code = true);
        }
        if let Some(file) = &command.target {
            self.flow.write(file, all.clone());
            command.fed.iter().for_each(|part| self.flow.write(file, part.clone()));
            command.documents.iter_mut().for_each(|document| document.target = Some(file.clone()));
        }
        if command.name() == "set" || self.functions.iter().any(|function| function == command.name()) {
            self.flow.give(all);
        }
    }

    fn comment(&mut self) {
        while !self.rest().is_empty() && !self.starts("\n") {
            match self.hole() {
                Some(hole) => self.put(hole, "", "", &['\n']),
                None => drop(self.char()),
            }
        }
    }

    /// Between single quotes nothing is expanded: they are closed for the variable, which stands between double ones.
    fn single(&mut self, word: &mut Word, command: &Command) -> Option<()> {
        word.begun = true;
        let begin = self.at - 1;
        loop {
            if let Some(hole) = self.hole() {
                // A quote that would hold nothing is left out.
                let Range { start, end } = self.holes[hole].range;
                let (opens, closes) = (start == begin + 1, self.starts("'"));
                self.put(hole, if opens { "\"" } else { "'\"" }, if closes { "\"" } else { "\"'" }, &['\'']);
                if let Some(edit) = &mut self.edits[hole] {
                    edit.range = start - usize::from(opens)..end + usize::from(closes);
                }
                if closes {
                    self.at += 1;
                    return Some(());
                }
                continue;
            }
            match self.char()? {
                '\'' => break,
                char => word.said.push(char),
            }
        }
        if command.reads_shell() {
            self.inner(begin + 1..self.at - 1);
        }
        Some(())
    }

    /// Code that another shell reads, which has the variables of the environment.
    fn inner(&mut self, range: Range<usize>) {
        let mut reader = Reader::new(&self.script[range], &[]);
        if reader.command(End::Script).is_some() {
            self.flow.join(reader.flow);
        }
    }

    fn double(&mut self, word: &mut Word) -> Option<()> {
        word.begun = true;
        loop {
            if let Some(hole) = self.hole() {
                self.put(hole, "", "", IN_QUOTES);
                continue;
            }
            match self.char()? {
                '"' => return Some(()),
                '\\' => self.escape()?,
                '$' => {
                    let mut inside = Word::default();
                    self.dollar(&mut inside, true)?;
                    word.said.push_str(&inside.said);
                }
                '`' => self.backticks(&mut Word::default())?,
                char => word.said.push(char),
            }
        }
    }

    /// What stands behind a backslash. A hole there would lose its first character to it.
    fn escape(&mut self) -> Option<()> {
        if self.hole().is_none() { self.char().map(drop) } else { Some(()) }
    }
}
