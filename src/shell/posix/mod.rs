//! Scripts of bash and of POSIX shells: where an expression stands in them, and how a variable is asked for in its place.
//!
//! GitHub writes the value of `${{ }}` into the script before a shell reads it, so that a value with `"; rm -rf ~` in it is code. The value of a
//! variable is never code. For a value without characters that mean something to a shell both say the same, if the variable is
//! asked for as the place demands; where it would not be so, and where what the value is given to reads it as code once more, there is no answer.
//! (POSIX.1-2024, "Shell Command Language", 2.2 quoting, 2.6 word expansions, 2.7.4 here-documents; bash's manual, 3.1.2 and 3.5.)

mod expansions;

use std::ops::Range;

use super::{Edit, Hole};

/// Commands that read an argument, or what they are sent, as code.
pub(super) const INTERPRETERS: [&str; 18] = [
    "bash", "dash", "deno", "fish", "ksh", "lua", "mysql", "node", "perl", "php", "psql", "python", "python3", "pwsh", "ruby",
    "sh", "sqlite3", "zsh",
];

/// Those to which `-e` says something else.
const SHELLS: [&str; 6] = ["bash", "dash", "fish", "ksh", "sh", "zsh"];

/// Commands all of whose arguments are code, or reach a shell elsewhere.
const EVALUATORS: [&str; 10] = ["awk", "eval", "gawk", "let", "mawk", "ssh", "su", "trap", "unset", "watch"];

/// What makes of a text in `[[ ]]` a number: the subscript of a list in it is expanded once more (bash's manual, 6.5 and 6.7).
const ARITHMETIC: [&str; 7] = ["-eq", "-ge", "-gt", "-le", "-lt", "-ne", "-v"];

/// Words after which a command begins.
const KEYWORDS: [&str; 12] = ["!", "do", "elif", "else", "if", "then", "time", "until", "while", "{", "exec", "sudo"];

/// Deeper than any script is.
const MAX_DEPTH: usize = 50;

/// What takes the place of each hole; none where a variable would not do.
pub(crate) fn edits(script: &str, holes: &[Hole]) -> Vec<Option<Edit>> {
    let mut reader =
        Reader { script, holes, at: 0, next: 0, edits: vec![None; holes.len()], word: 0, is_unclear: false, depth: 0 };
    // What is never closed is not understood at all.
    let is_read = reader.command(End::Script).is_some() && !reader.is_unclear;
    if is_read { reader.edits } else { vec![None; holes.len()] }
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
    /// What it says, as far as that is known; quotes are left out.
    text: String,
    /// Nothing of it was read yet.
    begun: bool,
    /// Holes in it that nothing quotes.
    holes: Vec<usize>,
    /// It holds a brace: the shell looks for alternatives before it looks at variables.
    braces: bool,
}

/// Commands of bash itself that take a text for arithmetic, or for the name of a variable, by a flag.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Own {
    /// `declare -i`
    Declares,
    /// `printf -v`, `[ -v`
    Names,
    /// `read NAME`; what it reads is only read.
    Reads,
}

/// Whether a word begins with `NAME=`.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_'))
}

/// What is known of the command that is read.
#[derive(Default)]
struct Command {
    /// Its name was read.
    named: bool,
    /// It reads code; whether it is a shell.
    interprets: Option<bool>,
    /// All that follows is code.
    evaluates: bool,
    /// The next word is.
    is_code: bool,
    /// It is one of the shell's own, some of whose arguments are.
    own: Option<Own>,
    /// The first hole in `[[ ]]`.
    test: Option<usize>,
    /// Here-documents that follow the line: their last line, whether tabs before it do not count, and whether it was quoted.
    documents: Vec<(String, bool, bool)>,
}

impl Command {
    fn reads_code(&self) -> bool {
        self.evaluates || self.is_code
    }
}

struct Reader<'s> {
    script: &'s str,
    holes: &'s [Hole],
    at: usize,
    next: usize,
    edits: Vec<Option<Edit>>,
    /// The first hole that may be of the word that is read.
    word: usize,
    /// `case` in parentheses: those of its patterns are not told from others.
    is_unclear: bool,
    /// How deep in parentheses and braces.
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
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

    /// The variable of a hole, braced where it would run into what follows.
    fn put(&mut self, hole: usize, before: &str, after: &str) {
        let Hole { range, variable, .. } = &self.holes[hole];
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
        let mut command = Command::default();
        let mut word = Word::default();
        loop {
            if let Some(hole) = self.hole() {
                self.bare_hole(hole, &mut word, &command);
                continue;
            }
            self.is_unclear |= end == End::Parenthesis && !command.named && word.text == "case";
            let Some(char) = self.char() else {
                self.end_word(&mut word, &mut command);
                return (end == End::Script && command.documents.is_empty()).then_some(());
            };
            match char {
                ' ' | '\t' => self.end_word(&mut word, &mut command),
                '\n' => {
                    self.end_word(&mut word, &mut command);
                    for (last, tabs, quoted) in std::mem::take(&mut command.documents) {
                        self.document(&last, tabs, quoted || command.interprets.is_some() || command.evaluates)?;
                    }
                    command = Command::default();
                }
                '&' if self.starts(">") => {}
                ';' | '&' | '|' => {
                    self.end_word(&mut word, &mut command);
                    command = Command { documents: std::mem::take(&mut command.documents), ..Command::default() };
                }
                '(' if !word.begun && self.starts("(") => self.arithmetic()?,
                '(' => {
                    self.command(End::Parenthesis)?;
                    word = Word::default();
                }
                ')' => {
                    self.end_word(&mut word, &mut command);
                    if end == End::Parenthesis {
                        return Some(());
                    }
                    // The end of a pattern of `case`.
                    command = Command::default();
                }
                '#' if !word.begun => self.comment(),
                '\\' => {
                    word.begun = true;
                    self.escape()?;
                }
                '\'' => self.single(&mut word, &command)?,
                '"' => {
                    word.begun = true;
                    self.double(&command)?;
                }
                '$' => self.dollar(&mut word, false)?,
                '`' => self.backticks()?,
                '<' if self.starts("<<") => {
                    self.at += 2;
                    command.evaluates &= command.own != Some(Own::Reads);
                }
                '<' if self.starts("<") => {
                    self.at += 1;
                    self.end_word(&mut word, &mut command);
                    command.documents.push(self.delimiter()?);
                }
                '<' | '>' if self.starts("(") => {
                    self.at += 1;
                    self.command(End::Parenthesis)?;
                }
                '<' | '>' => {
                    self.at += usize::from(self.starts("&") || self.starts(">"));
                    end_redirected(&mut word);
                }
                '=' => {
                    word.begun = true;
                    // What stands before it would be no name any more, and all of it no assignment.
                    if word.text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_') {
                        word.holes.drain(..).for_each(|hole| self.edits[hole] = None);
                    }
                    word.text.push('=');
                }
                char => {
                    word.begun = true;
                    word.braces |= char == '{';
                    word.text.push(char);
                }
            }
        }
    }

    /// A hole that nothing quotes.
    fn bare_hole(&mut self, hole: usize, word: &mut Word, command: &Command) {
        let is_assigned = !command.named && is_assignment(&word.text);
        let is_command = !command.named && !is_assigned && word.text.is_empty();
        if !(word.braces || command.reads_code() || is_command && !self.holes[hole].is_plain) {
            // Linters want quotes, and an assignment needs none.
            let quote = if self.holes[hole].is_word && !is_assigned { "\"" } else { "" };
            self.put(hole, quote, quote);
        }
        word.begun = true;
        word.holes.push(hole);
    }

    /// A word ends: it may be the name of the command.
    fn end_word(&mut self, word: &mut Word, command: &mut Command) {
        let word = std::mem::take(word);
        let holes = std::mem::replace(&mut self.word, self.next)..self.next;
        self.end_own(&word, holes, command);
        if word.braces && word.text != "{" {
            word.holes.iter().for_each(|&hole| self.edits[hole] = None);
        }
        if !word.begun {
            return;
        }
        let name = word.text.rsplit('/').next().unwrap_or_default();
        command.evaluates |= EVALUATORS.contains(&name);
        // `sudo bash -c …`, `docker run x sh -ec …`
        let after_flag = std::mem::take(&mut command.is_code);
        command.is_code = !after_flag && command.interprets.is_some_and(|is_shell| is_code_flag(&word.text, is_shell));
        if INTERPRETERS.contains(&name) {
            command.interprets = Some(SHELLS.contains(&name));
        }
        command.named |= !is_assignment(&word.text) && !KEYWORDS.contains(&word.text.as_str());
    }

    /// What bash's own commands take for more than text.
    fn end_own(&mut self, word: &Word, holes: Range<usize>, command: &mut Command) {
        let text = word.text.as_str();
        // `list["$i"]=1`: what stands in brackets is arithmetic.
        let is_subscript =
            text.split_once('[').is_some_and(|(name, rest)| !name.is_empty() && (rest.contains("]=") || rest.contains("]+=")));
        if is_subscript && !command.named {
            self.edits[holes.clone()].fill(None);
        }
        let letters = text.strip_prefix('-').unwrap_or_default();
        match command.own {
            Some(Own::Declares) => command.evaluates |= letters.contains(['i', 'n', 'A', 'a']),
            Some(Own::Names) => command.evaluates |= text == "-v",
            Some(Own::Reads) => {}
            None if command.named => {}
            None => {
                command.own = match text {
                    "declare" | "export" | "local" | "readonly" | "typeset" => Some(Own::Declares),
                    "printf" | "test" | "[" => Some(Own::Names),
                    "read" => Some(Own::Reads),
                    _ => None,
                };
                command.evaluates |= command.own == Some(Own::Reads);
                command.test = (text == "[[").then_some(holes.end);
            }
        }
        if let Some(first) = command.test.filter(|_| ARITHMETIC.contains(&text)) {
            self.edits[first..holes.end].fill(None);
            command.evaluates = true;
        }
    }

    fn comment(&mut self) {
        while !self.rest().is_empty() && !self.starts("\n") {
            match self.hole() {
                Some(hole) => self.put(hole, "", ""),
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
                if command.reads_code() {
                    continue;
                }
                // A quote that would hold nothing is left out.
                let Range { start, end } = self.holes[hole].range;
                let (opens, closes) = (start == begin + 1, self.starts("'"));
                self.put(hole, if opens { "\"" } else { "'\"" }, if closes { "\"" } else { "\"'" });
                if let Some(edit) = &mut self.edits[hole] {
                    edit.range = start - usize::from(opens)..end + usize::from(closes);
                }
                if closes {
                    self.at += 1;
                    return Some(());
                }
            } else if self.char()? == '\'' {
                return Some(());
            }
        }
    }

    fn double(&mut self, command: &Command) -> Option<()> {
        loop {
            if let Some(hole) = self.hole() {
                if !command.reads_code() {
                    self.put(hole, "", "");
                }
                continue;
            }
            match self.char()? {
                '"' => return Some(()),
                '\\' => self.escape()?,
                '$' => self.dollar(&mut Word::default(), true)?,
                '`' => self.backticks()?,
                _ => {}
            }
        }
    }

    /// What stands behind a backslash. A hole there would lose its first character to it.
    fn escape(&mut self) -> Option<()> {
        if self.hole().is_none() { self.char().map(drop) } else { Some(()) }
    }
}

/// `2>` ends no word that could be a command.
fn end_redirected(word: &mut Word) {
    if word.holes.is_empty() && word.text.chars().all(|char| char.is_ascii_digit()) {
        *word = Word::default();
    } else {
        word.text.push('>');
    }
}

/// `-c`, `-e` and the like, also among other letters.
fn is_code_flag(word: &str, is_shell: bool) -> bool {
    let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-')).unwrap_or_default();
    letters.contains('c')
        || !is_shell && (letters.contains(['e', 'r']) || matches!(word, "--eval" | "--execute" | "--command" | "-Command"))
}
