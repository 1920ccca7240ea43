//! Scripts of PowerShell: expressions in their texts become a variable of the environment.
//!
//! Only in a text is a value one: elsewhere it may be a number, a name or several arguments. Texts that are never expanded become such that are, with what
//! would be expanded in them escaped. (PowerShell's documentation, `about_Quoting_Rules`, `about_Special_Characters`, `about_Comments`, `about_Parsing`.)

use super::posix::{EVALUATORS, INTERPRETERS};
use super::{Edit, Hole};

/// Deeper than any script is.
const MAX_DEPTH: usize = 50;

/// Commands that read arguments as code, or give them to a shell elsewhere.
const EVALUATES: [&str; 12] = [
    "add-type",
    "cmd",
    "icm",
    "iex",
    "invoke-command",
    "invoke-expression",
    "powershell",
    "saps",
    "start",
    "start-job",
    "start-process",
    "wsl",
];

/// Parts of scripts in which texts are read as code, or must be known before the script runs.
const UNCLEAR: [&str; 7] = ["--%", "scriptblock", "expandstring", "::create(", "validate", "alias(", "using "];

/// What takes the place of each hole; none where a variable would not do.
pub(crate) fn edits(script: &str, holes: &[Hole]) -> Vec<Option<Edit>> {
    let mut reader = Reader { script, holes, at: 0, next: 0, edits: vec![None; holes.len()], depth: 0 };
    let is_read = !is_unclear(script, holes) && reader.code(true).is_some();
    if is_read { reader.edits } else { vec![None; holes.len()] }
}

/// Whether some of the script is read as code once more.
fn is_unclear(script: &str, holes: &[Hole]) -> bool {
    // What GitHub fills in is no code of the script's.
    let (mut text, mut from) = (String::new(), 0);
    for hole in holes {
        text.push_str(&script[from..hole.range.start]);
        text.push('@');
        from = hole.range.end;
    }
    text.push_str(&script[from..]);
    // PowerShell takes typographic quotes for quotes.
    let lower = text.to_lowercase();
    if UNCLEAR.iter().any(|part| lower.contains(part)) || lower.contains(|char| matches!(char, '\u{2018}'..='\u{201f}')) {
        return true;
    }
    lower.lines().any(|line| {
        let words: Vec<&str> = line.split(|char: char| char.is_whitespace() || "\"'();|&{},=`".contains(char)).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words.iter().enumerate().any(|(at, word)| {
            let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
            let name = name.trim_end_matches(".exe").trim_end_matches(".cmd");
            // One that is given the file of a script reads what comes after it as arguments.
            let is_given_file = || words.get(at + 1).is_some_and(|next| *next == "-m" || !next.starts_with(['-', '@']));
            EVALUATES.contains(&name) || EVALUATORS.contains(&name) || INTERPRETERS.contains(&name) && !is_given_file()
        })
    })
}

struct Reader<'a> {
    script: &'a str,
    holes: &'a [Hole],
    at: usize,
    /// The next hole.
    next: usize,
    edits: Vec<Option<Edit>>,
    depth: usize,
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
        self.char();
        Some(())
    }

    /// Gives a hole the variable itself, as text that is expanded has it.
    fn expand(&mut self, hole: usize) {
        let Hole { range, variable, .. } = &self.holes[hole];
        self.edits[hole] = Some(Edit { range: range.clone(), text: expanded(variable) });
    }

    /// Code, up to the end of the script or the parenthesis that closes it. None where it is not understood.
    fn code(&mut self, is_all: bool) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut begins = true;
        while self.at < self.script.len() {
            let before = self.script[..self.at].chars().next_back();
            if self.hole().is_some() {
                // Around nothing, two quotes are one that is meant.
                if before.is_some_and(|quote| "\"'".contains(quote) && self.rest().starts_with(quote)) {
                    return None;
                }
                begins = false;
                continue;
            }
            let rest = self.rest();
            let is_here =
                |quote: char| rest[2..].trim_start_matches([' ', '\t', '\r']).starts_with('\n') && rest[1..].starts_with(quote);
            if rest.starts_with('`') {
                self.escaped()?;
            } else if rest.starts_with("<#") {
                let end = self.at + rest.find("#>")? + 2;
                self.comment(end);
            } else if rest.starts_with('#') {
                let end = self.at + rest.find('\n').unwrap_or(rest.len());
                let says_something = rest.to_lowercase().starts_with("#requires");
                // Within a word it is none.
                if !begins {
                    return None;
                }
                if says_something {
                    self.skip(end);
                } else {
                    self.comment(end);
                }
            } else if rest.starts_with("@\"") && is_here('"') {
                self.at += 2;
                self.expanding("\n\"@")?;
            } else if rest.starts_with("@'") && is_here('\'') {
                self.plain_here()?;
            } else if rest.starts_with('"') {
                self.at += 1;
                self.expanding("\"")?;
            } else if rest.starts_with('\'') {
                self.plain()?;
            } else if rest.starts_with("${") {
                let end = self.at + rest.find('}')? + 1;
                self.skip(end);
            } else if rest.starts_with('(') {
                self.at += 1;
                self.code(false)?;
            } else if rest.starts_with(')') {
                self.at += 1;
                self.depth -= 1;
                return (!is_all).then_some(());
            } else {
                let char = self.char()?;
                begins = char.is_whitespace() || ";|&(){},=".contains(char);
                continue;
            }
            begins = false;
        }
        self.depth -= 1;
        is_all.then_some(())
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
            } else {
                self.char()?;
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
        if self.next > first && !self.script[inside..end].contains("\n\"@") {
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

/// A variable in text that is expanded.
fn expanded(variable: &str) -> String {
    format!("${{env:{variable}}}")
}

/// Text as it stands in one that is expanded.
fn escaped(text: &str) -> String {
    text.replace('`', "``").replace('$', "`$")
}
