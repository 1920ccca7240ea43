//! Scripts of PowerShell: expressions in their texts become a variable of the environment.
//!
//! Only in a text is a value one: elsewhere it may be a number, a name or several arguments. Texts that are never expanded become such that are, with what
//! would be expanded in them escaped. What is given to something that reads it as code once more stays, and so does what must be known before a script runs.
//! (PowerShell's documentation, `about_Quoting_Rules`, `about_Special_Characters`, `about_Comments`, `about_Parsing`; its `Parser.cs` and `CharTraits.cs`.)

mod again;

use again::is_unclear;

use super::posix::INTERPRETERS;
use super::{Edit, Hole};

/// Deeper than any script is.
const MAX_DEPTH: usize = 50;

/// Commands that read any text as code.
const EVALUATES: [&str; 8] =
    ["add-type", "icm", "iex", "invoke-azvmruncommand", "invoke-command", "invoke-expression", "start-job", "start-threadjob"];

/// Commands all of whose arguments may reach a shell, and such as are scripts of `cmd` on Windows: PowerShell quotes an argument only where it has a blank.
const REACHES_A_SHELL: [&str; 27] = [
    "az",
    "cmd",
    "eval",
    "gradle",
    "gradlew",
    "import-module",
    "invoke-sqlcmd",
    "ipmo",
    "matlab",
    "msys2",
    "mvn",
    "mvnw",
    "mysql",
    "new-scheduledtaskaction",
    "psql",
    "runas",
    "saps",
    "schtasks",
    "sqlcmd",
    "sqlite3",
    "ssh",
    "start",
    "start-process",
    "trap",
    "wmic",
    "wsl",
    "xargs",
];

/// Interpreters beside those that shells elsewhere know.
const MORE_INTERPRETERS: [&str; 9] = ["bun", "dotnet", "julia", "pipx", "powershell", "py", "pypy", "rscript", "uv"];

/// What interpreters are told by that code comes next.
const TAKES_CODE: [&str; 13] =
    ["-c", "-e", "-ec", "-lc", "-p", "-r", "-ic", "-batch", "-command", "-encodedcommand", "--eval", "--exec", "--command"];

/// Statements in which texts must be known before a script runs.
const BEFORE_IT_RUNS: [&str; 7] = ["class", "configuration", "data", "enum", "filter", "function", "using"];

/// What takes the place of each hole; none where a variable would not do. Of Windows' own `PowerShell`, which takes a script for one of an older encoding, texts
/// that are not ASCII stay as they are quoted.
pub(crate) fn edits(script: &str, holes: &[Hole], is_windows_own: bool) -> Vec<Option<Edit>> {
    let edits = vec![None; holes.len()];
    let mut reader = Reader { script, holes, at: 0, next: 0, edits, depth: 0, is_windows_own };
    let is_read = !is_unclear(script, holes) && reader.code(true).is_some();
    if is_read { reader.edits } else { vec![None; holes.len()] }
}

/// A command or an expression, as far as it was read, and what it is piped from.
#[derive(Debug)]
struct Statement {
    /// The first hole of all that is piped into it.
    pipeline: usize,
    /// Its own first hole.
    first: usize,
    /// Its words as they are written, where it is a command.
    words: Vec<String>,
    /// Where the word begins that is being read.
    word: Option<usize>,
    is_command: bool,
    /// A list was given to it: a program has its source then, in which no variable is expanded (PowerShell#18502).
    has_list: bool,
}

impl Statement {
    fn new(hole: usize) -> Self {
        Self { pipeline: hole, first: hole, words: Vec::new(), word: None, is_command: false, has_list: false }
    }

    /// What its first word is called, without its folder and what tells its kind.
    fn name(&self) -> String {
        let word = self.words.first().map(|word| word.trim_matches(['"', '\''])).unwrap_or_default().to_lowercase();
        let name = word.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".exe");
        name.to_owned()
    }

    /// Whether it reads what it is given as code, or gives it to what may.
    fn reads_code(&self) -> bool {
        let name = self.name();
        let is_batch = [".bat", ".cmd"].iter().any(|end| name.ends_with(end));
        let takes_code = || self.words[1..].iter().any(|word| TAKES_CODE.contains(&word.to_lowercase().as_str()));
        is_batch || REACHES_A_SHELL.contains(&name.as_str()) || is_interpreter(&name) && takes_code()
    }

    /// Whether what comes through a pipe is code to it: an interpreter or a shell that is given no file.
    fn reads_what_is_piped(&self) -> bool {
        let name = self.name();
        let reads = is_interpreter(&name) || ["cmd", "ssh", "wsl"].contains(&name.as_str());
        reads && self.words.get(1).is_none_or(|word| word == "-" || word.eq_ignore_ascii_case("-command"))
    }
}

/// Whether a command is an interpreter: `python3.12` is `python`.
fn is_interpreter(name: &str) -> bool {
    let plain = name.trim_end_matches(|char: char| char.is_ascii_digit() || char == '.');
    [name, plain].iter().any(|name| INTERPRETERS.contains(name) || MORE_INTERPRETERS.contains(name))
}

struct Reader<'a> {
    script: &'a str,
    holes: &'a [Hole],
    at: usize,
    /// The next hole.
    next: usize,
    edits: Vec<Option<Edit>>,
    depth: usize,
    is_windows_own: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.script[self.at..]
    }

    /// Goes past a hole, if one stands here; which.
    fn hole(&mut self) -> Option<usize> {
        let hole = self.holes.get(self.next).filter(|hole| hole.range.start == self.at)?;
        self.at = hole.range.end;
        self.next += 1;
        Some(self.next - 1)
    }

    /// Goes past a character, if one is left.
    fn char(&mut self) -> Option<char> {
        let char = self.rest().chars().next()?;
        self.at += char.len_utf8();
        Some(char)
    }

    /// Goes past a character that is escaped. None where it is that of a value: of an empty one, it would be what comes behind that.
    fn escaped(&mut self) -> Option<()> {
        self.at += 1;
        if self.hole().is_some() {
            return None;
        }
        // The end of a line has two characters on Windows.
        if self.char() == Some('\r') && self.rest().starts_with('\n') {
            self.at += 1;
        }
        Some(())
    }

    /// Gives a hole the variable itself, as text that is expanded has it.
    fn expand(&mut self, hole: usize) {
        let Hole { range, variable, .. } = &self.holes[hole];
        self.edits[hole] = Some(Edit { range: range.clone(), text: expanded(variable) });
    }

    /// Leaves holes as they are.
    fn leave(&mut self, holes: std::ops::Range<usize>) {
        self.edits[holes].fill(None);
    }

    /// The word that is being read ends here.
    fn end_word(&mut self, statement: &mut Statement) {
        let Some(begin) = statement.word.take() else { return };
        let word = &self.script[begin..self.at];
        if statement.words.is_empty() {
            let first = word.chars().next().unwrap_or_default();
            statement.is_command = !("$[@\"'(-+!".contains(first) || first.is_ascii_digit());
            // Parts of a command's name are not expanded; what stands behind `&` is.
            if statement.is_command && word != "&" && word != "." {
                let own = self.holes.iter().position(|hole| hole.range.start >= begin).unwrap_or(self.next);
                self.leave(own.min(self.next)..self.next);
            }
        }
        statement.words.push(word.to_owned());
        // `& tool` is `tool`, and `$x = tool` is one, too.
        if statement.words.len() == 1 && (word == "&" || word == ".") || word == "=" {
            let is_called = word != "=";
            statement.words.clear();
            statement.is_command = is_called;
        }
    }

    /// A statement ends here; if something is piped into the next, that begins with the same holes. None where all of the script is unclear.
    fn end(&mut self, statement: &mut Statement, is_piped: bool) -> Option<()> {
        self.end_word(statement);
        let name = statement.name();
        if !statement.words.is_empty() {
            if EVALUATES.contains(&name.as_str()) {
                return None;
            }
            if BEFORE_IT_RUNS.contains(&name.as_str()) && statement.is_command {
                return None;
            }
            if statement.reads_what_is_piped() {
                self.leave(statement.pipeline..self.next);
            } else if statement.reads_code() || statement.is_command && statement.has_list {
                self.leave(statement.first..self.next);
            }
        }
        let pipeline = if is_piped { statement.pipeline } else { self.next };
        *statement = Statement { pipeline, ..Statement::new(self.next) };
        Some(())
    }

    /// Code, up to the end of the script or the parenthesis that closes it. None where it is not understood.
    fn code(&mut self, is_all: bool) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut statement = Statement::new(self.next);
        while self.at < self.script.len() {
            let (here, before) = (self.at, self.script[..self.at].chars().next_back());
            if self.hole().is_some() {
                // Around nothing, two quotes are one that is meant.
                if before.is_some_and(|quote| "\"'".contains(quote) && self.rest().starts_with(quote)) {
                    return None;
                }
                statement.word.get_or_insert(here);
                continue;
            }
            let rest = self.rest();
            let first = rest.chars().next()?;
            let is_or = rest.starts_with("||");
            let is_here =
                |quote: char| rest[1..].starts_with(quote) && rest[2..].trim_start_matches([' ', '\t', '\r']).starts_with('\n');
            match first {
                '`' => {
                    self.escaped()?;
                    // A line that goes on.
                    if !self.script[..self.at].ends_with('\n') {
                        statement.word.get_or_insert(here);
                    }
                }
                '#' if statement.word.is_none() => {
                    let end = self.at + rest.find('\n').unwrap_or(rest.len());
                    if rest.to_lowercase().starts_with("#requires") { self.skip(end) } else { self.comment(end) }
                }
                '<' if rest.starts_with("<#") && statement.word.is_none() => {
                    let end = self.at + rest.find("#>")? + 2;
                    self.comment(end);
                }
                // Within a word neither is a comment; behind some it is.
                '#' if rest.lines().next().is_some_and(|line| line.contains(['"', '\''])) || self.hole_before_line_end() => {
                    return None;
                }
                '<' if rest.starts_with("<#") => return None,
                // What PowerShell takes for quotes.
                _ if is_quote(first) => return None,
                ' ' | '\t' | '\r' => {
                    self.end_word(&mut statement);
                    self.at += 1;
                }
                '\n' | ';' | '{' | '}' | '|' => {
                    // A pipe goes on in the next line.
                    let goes_on = first == '\n' && statement.words.is_empty() && statement.word.is_none();
                    if !goes_on {
                        self.end(&mut statement, first == '|' && !is_or)?;
                    }
                    self.at += if is_or { 2 } else { 1 };
                }
                '&' if rest.starts_with("&&") => {
                    self.end(&mut statement, false)?;
                    self.at += 2;
                }
                '&' => {
                    self.end_word(&mut statement);
                    statement.word = Some(here);
                    self.at += 1;
                    self.end_word(&mut statement);
                }
                ',' => {
                    statement.has_list = true;
                    statement.word.get_or_insert(here);
                    self.at += 1;
                }
                '(' => {
                    statement.word.get_or_insert(here);
                    self.at += 1;
                    self.code(false)?;
                }
                ')' => {
                    self.end(&mut statement, false)?;
                    self.at += 1;
                    self.depth -= 1;
                    return (!is_all).then_some(());
                }
                _ => {
                    statement.word.get_or_insert(here);
                    if first == '@' && is_here('"') {
                        self.at += 2;
                        self.expanding("\n\"@")?;
                    } else if first == '@' && is_here('\'') {
                        self.plain_here()?;
                    } else if first == '"' {
                        self.at += 1;
                        self.expanding("\"")?;
                    } else if first == '\'' {
                        self.plain()?;
                    } else if rest.starts_with("${") {
                        let end = self.at + rest.find('}')? + 1;
                        self.skip(end);
                    } else {
                        self.char()?;
                    }
                }
            }
        }
        self.end(&mut statement, false)?;
        self.depth -= 1;
        is_all.then_some(())
    }

    fn hole_before_line_end(&self) -> bool {
        let end = self.at + self.rest().find('\n').unwrap_or(self.rest().len());
        self.holes.get(self.next).is_some_and(|hole| hole.range.start < end)
    }

    /// Goes on to a place; what holes there are up to it stay.
    fn skip(&mut self, end: usize) {
        self.next += self.holes[self.next..].iter().take_while(|hole| hole.range.start < end).count();
        self.at = end;
    }

    /// In a comment, variables have no value to say.
    fn comment(&mut self, end: usize) {
        for at in self.next..self.holes.len() {
            let Hole { range, variable, .. } = &self.holes[at];
            if range.start < end {
                self.edits[at] = Some(Edit { range: range.clone(), text: variable.clone() });
            }
        }
        self.skip(end);
    }

    /// Text that is expanded, up to its end. None where that is missing.
    fn expanding(&mut self, end: &str) -> Option<()> {
        let is_here = end.len() > 1;
        // What was read last is the name of a variable, which goes on with what comes next.
        let mut is_name = false;
        loop {
            if let Some(hole) = self.hole() {
                if !is_name {
                    self.expand(hole);
                } else if self.script[..self.holes[hole].range.start].ends_with('$') {
                    // What is expanded is for the value to say.
                    return None;
                }
                continue;
            }
            let rest = self.rest();
            if !is_here && rest.starts_with("\"\"") {
                (self.at, is_name) = (self.at + 2, false);
            } else if rest.starts_with(end) {
                self.at += end.len();
                return Some(());
            } else if rest.starts_with('`') {
                self.escaped()?;
                is_name = false;
            } else if rest.starts_with("$(") {
                self.at += 2;
                self.code(false)?;
                is_name = false;
            } else if rest.starts_with("${") {
                let end = self.at + rest.find('}')? + 1;
                self.skip(end);
                is_name = false;
            } else {
                let char = self.char()?;
                if ('\u{201c}'..='\u{201f}').contains(&char) {
                    return None;
                }
                is_name = char == '$' || is_name && (char.is_alphanumeric() || "_:?^".contains(char));
            }
        }
    }

    /// Text that is not expanded, up to its end: where holes stand in it, it becomes one that is.
    fn plain(&mut self) -> Option<()> {
        let (begin, first) = (self.at, self.next);
        self.at += 1;
        loop {
            if self.hole().is_some() {
                continue;
            }
            let rest = self.rest();
            if rest.starts_with("''") {
                self.at += 2;
            } else if rest.starts_with('\'') {
                self.at += 1;
                break;
            } else if matches!(self.char()?, '\u{2018}'..='\u{201b}') {
                return None;
            }
        }
        let escaped = |text: &str| escaped(&text.replace("''", "'")).replace('"', "`\"");
        self.instead(first, (begin, begin + 1), (self.at - 1, self.at), ("\"", "\""), escaped);
        Some(())
    }

    /// The same over several lines.
    fn plain_here(&mut self) -> Option<()> {
        let (begin, first) = (self.at, self.next);
        self.at += 2;
        let inside = self.at;
        while !self.rest().starts_with("\n'@") {
            if self.hole().is_none() {
                self.char()?;
            }
        }
        let end = self.at;
        self.at += 3;
        // It would end there.
        if !self.script[inside..end].contains("\n\"@") {
            self.instead(first, (begin, inside), (end, self.at), ("@\"", "\n\"@"), escaped);
        }
        Some(())
    }

    /// Writes a text anew in which there are holes, from its begin, the end of that, the begin of its end, to its end. The first edit is all of it.
    fn instead(
        &mut self,
        first: usize,
        (begin, inside): (usize, usize),
        (outside, end): (usize, usize),
        (open, close): (&str, &str),
        escaped: impl Fn(&str) -> String,
    ) {
        let all = &self.script[begin..end];
        // Of the bytes of a character, one may be a quote to another encoding.
        if first == self.next || all.contains(is_quote) || self.is_windows_own && !all.is_ascii() {
            return;
        }
        let mut text = open.to_owned();
        let mut from = inside;
        for Hole { range, variable, .. } in &self.holes[first..self.next] {
            text.push_str(&escaped(&self.script[from..range.start]));
            text.push_str(&expanded(variable));
            from = range.end;
        }
        text.push_str(&escaped(&self.script[from..outside]));
        text.push_str(close);
        for at in first..self.next {
            let is_first = at == first;
            let (range, text) = if is_first { (begin..end, std::mem::take(&mut text)) } else { (end..end, String::new()) };
            self.edits[at] = Some(Edit { range, text });
        }
    }
}

/// A typographic quote, which PowerShell takes for one.
fn is_quote(char: char) -> bool {
    matches!(char, '\u{2018}'..='\u{201f}')
}

/// A variable in text that is expanded.
fn expanded(variable: &str) -> String {
    format!("${{env:{variable}}}")
}

/// Text as it stands in one that is expanded.
fn escaped(text: &str) -> String {
    text.replace('`', "``").replace('$', "`$")
}
