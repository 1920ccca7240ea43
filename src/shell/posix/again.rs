//! What in a script may read a text as code once more, on a way that is not followed.
//!
//! It asks for less than the reader of scripts does: whether there is something of the kind at all, in words and not in commands. Where there is, nobody but
//! its author knows whether a value gets there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::commands::{ARITHMETIC, INTERPRETERS, KEYWORDS, SHELLS, base_name, is_assignment, is_code_flag};
use super::flags::gives_code;

/// More programs that run what they are told.
const MORE_SHELLS: [&str; 14] =
    ["ash", "bun", "busybox", "csh", "ipython", "ipython3", "mksh", "nodejs", "pypy", "pypy3", "rbash", "tcsh", "ts-node", "tsx"];

/// Commands that run another, which stands behind their flags and numbers.
const WRAPPERS: [&str; 17] = [
    "builtin", "bundle", "bunx", "chroot", "command", "doas", "env", "exec", "ionice", "nice", "nohup", "npx", "setsid",
    "stdbuf", "sudo", "time", "timeout",
];

/// Commands that take all that they are told for code, or send it to another shell.
const ALWAYS: [&str; 14] =
    ["alias", "at", "batch", "crontab", "ed", "ex", "expect", "m4", "parallel", "ssh", "su", "trap", "vim", "watch"];

/// Commands that take one of what they are told for code, or for a command of another shell.
const SOMETIMES: [&str; 15] = [
    "adb",
    "ansible",
    "concurrently",
    "emacs",
    "flock",
    "gdb",
    "hyperfine",
    "lldb",
    "nix-shell",
    "runuser",
    "screen",
    "script",
    "sqlite3",
    "start-server-and-test",
    "tmux",
];

/// Flags of `jq` that take a name and a value, which are no code (jq's manual, "Invoking jq").
const OF_JQ: [&str; 4] = ["--arg", "--argjson", "--rawfile", "--slurpfile"];

/// Commands of `yq` behind which its program stands (mikefarah.gitbook.io/yq, "Commands").
const OF_YQ: [&str; 4] = ["e", "ea", "eval", "eval-all"];

/// Flags of `gh api` with a field of what is sent; in `query` GraphQL has its program (the manual of GitHub CLI, "gh api").
const OF_GH: [&str; 4] = ["--field", "--raw-field", "-F", "-f"];

/// Flags of `tar` with a command in them (GNU tar's manual, 3.8 and 8.1).
const OF_TAR: [&str; 3] = ["--checkpoint-action", "--to-command", "--use-compress-program"];

/// Commands of the shell that take a name: one that is worked out may have a subscript, which is expanded.
const NAMES: [&str; 11] =
    ["declare", "export", "let", "local", "mapfile", "printf", "read", "readarray", "readonly", "typeset", "unset"];

/// Commands that make files of others, or of what they are sent.
const WRITERS: [&str; 7] = ["cp", "dd", "install", "ln", "mv", "rsync", "tee"];

/// Variables that a shell, git or an interpreter takes for code or for a command.
const VARIABLES: [&str; 22] = [
    "BASH_ENV",
    "EDITOR",
    "ENV",
    "GIT_ASKPASS",
    "GIT_EDITOR",
    "GIT_EXTERNAL_DIFF",
    "GIT_PAGER",
    "GIT_SEQUENCE_EDITOR",
    "GIT_SSH",
    "GIT_SSH_COMMAND",
    "LD_PRELOAD",
    "MAKEFLAGS",
    "NODE_OPTIONS",
    "PAGER",
    "PERL5OPT",
    "PROMPT_COMMAND",
    "PS0",
    "PS4",
    "PYTHONSTARTUP",
    "RUBYOPT",
    "SHELL",
    "VISUAL",
];

/// Settings of git that are commands.
const SETTINGS: [&str; 8] = [
    "alias.",
    "core.editor",
    "core.fsmonitor",
    "core.hookspath",
    "core.pager",
    "core.sshcommand",
    "credential.helper",
    "filter.",
];

/// What lists and `read` have without a name of the author's, and what reads it as arithmetic.
const UNNAMED: [&str; 3] = ["BASH_REMATCH", "MAPFILE", "REPLY"];

/// Where in a script something stands that may read a text as code; none where nothing does. `holes` are the places of its expressions, in order.
pub(crate) fn rereads(script: &str, holes: &[Range<usize>]) -> Option<Range<usize>> {
    let documents = documents(script);
    let words = words(script, holes, &documents);
    // How many words of its command stand behind each.
    let mut lengths = vec![0; words.len()];
    for at in (0..words.len().saturating_sub(1)).rev().filter(|&at| !words[at].is_last) {
        lengths[at] = lengths[at + 1] + 1;
    }
    let runs = |names: &[&str]| words.iter().any(|word| word.is_first && names.contains(&word.name()));
    // What the script itself writes may have the value in it.
    let writes = runs(&WRITERS) || writes_file(script);
    let calls = script.contains("system(") || script.contains("getline");
    let seen = Seen { script, documents: &documents, writes, calls, counts: script.contains("((") };
    let given = given(&words, writes);
    let mut leads = false;
    words
        .iter()
        .enumerate()
        .find_map(|(at, word)| {
            let is_command = word.is_first || leads;
            leads = is_command && !word.is_last && word.leads();
            let rest = &words[at + 1..][..lengths[at]];
            (seen.is_run(word, is_command, rest) || seen.is_said(word)).then(|| word.range.clone())
        })
        .or_else(|| counted(script, &given))
}

/// Names that may have the value of an expression: set to one, or to what another such name has, or read.
fn given<'s>(words: &[Word<'s>], writes: bool) -> BTreeSet<&'s str> {
    let mut given = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let asks = |name: &&str| word.text.contains(&format!("${name}")) || word.text.contains(&format!("${{{name}"));
        match word.text.split_once(['=', '[']) {
            Some((name, value)) if is_assignment(&format!("{name}=")) && !name.is_empty() => {
                let is_so = value.contains("${{") || writes && value.ends_with('$') || given.iter().any(asks);
                given.extend(is_so.then(|| name.trim_end_matches('+')));
            }
            _ if matches!(word.text, "read" | "mapfile" | "readarray") => {
                let names = words[at + 1..].iter().take_while(|word| !word.is_first).map(|word| word.text);
                given.extend(names.filter(|name| !name.starts_with('-')));
            }
            _ => {}
        }
    }
    given
}

/// Where such a name is a number, or the subscript of a list: what stands in the brackets of its value is expanded once more (bash's manual, 6.5 and 6.7).
fn counted(script: &str, given: &BTreeSet<&str>) -> Option<Range<usize>> {
    let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let names = |range: Range<usize>| script[range].split(|char| !is_name(char)).any(|word| given.contains(word));
    let until = |from: usize, ends: &[&str]| {
        let end = ends.iter().filter_map(|end| script[from..].find(end)).min().unwrap_or(script.len() - from);
        from..from + end
    };
    if given.is_empty() {
        return None;
    }
    let found = |begin: &str, ends: &'static [&'static str], is_it: &dyn Fn(usize, &str) -> bool| {
        let places = script.match_indices(begin).map(|(at, _)| (at, until(at + begin.len(), ends)));
        let mut places = places.filter(|(at, range)| is_it(*at, &script[range.clone()]) && names(range.clone()));
        places.next().map(|(at, range)| at..range.end)
    };
    let is_word = |at: usize, _: &str| !script[..at].ends_with(is_name);
    let is_subscript = |at: usize, _: &str| script[..at].ends_with(is_name);
    let compares = |_: usize, text: &str| ARITHMETIC.iter().any(|by| text.contains(by));
    let is_part = |_: usize, text: &str| {
        text.contains(':') && !text.contains(":-") && !text.contains(":=") && !text.contains(":?") && !text.contains(":+")
    };
    found("((", &["))"], &|_, _| true)
        .or_else(|| found("let ", &["\n", ";"], &is_word))
        .or_else(|| found("[[", &["]]"], &compares))
        .or_else(|| found("[", &["]", "\n"], &is_subscript))
        .or_else(|| found("${", &["}"], &is_part))
}

/// A word of a script.
struct Word<'s> {
    range: Range<usize>,
    /// Without the quotes around it.
    text: &'s str,
    /// Nothing of its command stands before it.
    is_first: bool,
    /// Nothing of its command stands behind it.
    is_last: bool,
    /// It is worked out, at least in a part.
    expands: bool,
}

impl Word<'_> {
    fn name(&self) -> &str {
        base_name(self.text.trim_start_matches('\\'))
    }

    /// Whether the command is still to come where this stands in its place. `command -v` only looks for it.
    fn leads(&self) -> bool {
        let passes = is_assignment(self.text)
            || self.text.starts_with('-') && self.text != "-v"
            || self.text.starts_with(|first: char| first.is_ascii_digit());
        passes || WRAPPERS.contains(&self.name()) || KEYWORDS.contains(&self.text)
    }

    /// Whether a part of the name is, to which it gives a value: the subscript of a list in it is expanded once more.
    fn names_worked_out(&self) -> bool {
        self.text.split_once('=').is_some_and(|(name, _)| name.contains('$'))
    }

    fn is_worked_out(&self) -> bool {
        self.expands && self.text.trim_matches(['"', '\'']).starts_with('$')
    }
}

/// What there is in a script as a whole.
struct Seen<'s> {
    script: &'s str,
    /// The places of its here-documents, in order.
    documents: &'s [Range<usize>],
    /// It writes files of its own.
    writes: bool,
    /// Something like a program of `awk` that runs commands.
    calls: bool,
    /// Something like arithmetic.
    counts: bool,
}

impl Seen<'_> {
    /// Whether a command runs what it is told, or sent.
    fn is_run(&self, word: &Word<'_>, is_command: bool, rest: &[Word<'_>]) -> bool {
        let name = word.name();
        let dynamic = || rest.iter().any(|word| word.expands);
        let has = |flags: &[&str]| rest.iter().any(|word| flags.contains(&word.text));
        let with_flags = || rest.iter().map(|word| (word.text, word.expands)).collect::<Vec<_>>();
        if is_command && (SOMETIMES.contains(&name) && dynamic() || gives_code(name, &with_flags())) {
            return true;
        }
        if INTERPRETERS.contains(&name) || MORE_SHELLS.contains(&name) || name.starts_with("python") {
            let is_flagged = |next: &Word<'_>| is_command || next.text.starts_with('-');
            return rest.first().map_or(is_command, |next| is_flagged(next) && !self.is_harmless(name, rest));
        }
        match name {
            "eval" => true,
            "" => false,
            _ if !is_command => false,
            name if ALWAYS.contains(&name) => true,
            "." | "source" => rest.first().is_some_and(|next| !self.is_file(next)),
            "printf" => has(&["-v"]) && rest.iter().any(Word::is_worked_out),
            name if NAMES.contains(&name) => rest.iter().any(|word| word.is_worked_out() || word.names_worked_out()),
            "test" | "[" | "[[" => has(&["-v"]) && dynamic(),
            "awk" | "gawk" | "mawk" | "nawk" => {
                self.calls || without_values(rest, &["-v", "--assign"], 1).any(|word| word.expands)
            }
            "gojq" | "jaq" | "jq" | "yq" => {
                let is_program = |word: &&Word<'_>| !word.text.starts_with('-') && !OF_YQ.contains(&word.text);
                without_values(rest, &OF_JQ, 2).find(is_program).is_some_and(|word| word.expands)
            }
            "gh" => rest.windows(2).any(|pair| pair[1].expands && is_program_of_gh(pair[0].text, pair[1].text)),
            "sed" | "gsed" => has(&["-f", "--file"]),
            "gmake" | "just" | "make" => dynamic() || has(&["-", "-f-"]),
            "tar" => rest.iter().any(|word| word.expands && OF_TAR.iter().any(|flag| word.text.starts_with(flag))),
            "rsync" => {
                let is_shell = |flag: &str| flag == "--rsh" || is_flagged(flag, 'e');
                rest.windows(2).any(|pair| is_shell(pair[0].text) && pair[1].expands)
                    || rest.iter().any(|word| word.expands && word.text.starts_with("--rsh="))
            }
            "find" => has(&["-exec", "-execdir", "-ok"]) && dynamic(),
            "npx" | "npm" | "pnpm" => has(&["-c", "--call", "--shell-mode"]),
            "chmod" => self.writes,
            _ => {
                let text = word.text.trim_start_matches('"');
                // An expression that nothing quotes is not moved from the first place, and in a here-document are no commands.
                let is_written =
                    || word.is_first && (self.in_document(word) || self.script[word.range.clone()].starts_with("${{"));
                (text.starts_with('$') || text.contains("${{")) && !is_assignment(word.text) && !is_written()
            }
        }
    }

    fn in_document(&self, word: &Word<'_>) -> bool {
        let next = self.documents.partition_point(|document| document.end <= word.range.start);
        self.documents.get(next).is_some_and(|document| document.start <= word.range.start)
    }

    /// Whether a shell or an interpreter is given a file of the repository, or code between single quotes, which says what it says.
    fn is_harmless(&self, name: &str, rest: &[Word<'_>]) -> bool {
        let is_code = |word: &&Word<'_>| is_code_flag(word.text, SHELLS.contains(&name));
        let mut behind = rest.iter().skip_while(|word| word.text.starts_with('-') && !is_code(word));
        let is_written = behind.next().is_some_and(|word| is_code(&word))
            && behind.next().is_some_and(|word| self.script[word.range.clone()].starts_with('\''));
        let is_other = |next: &Word<'_>| self.is_file(next) || matches!(next.text, "-m" | "--version" | "-V" | "--help");
        is_written || rest.first().is_some_and(is_other)
    }

    /// Whether a word is a file that the script did not write.
    fn is_file(&self, word: &Word<'_>) -> bool {
        !word.expands && !word.text.starts_with(['-', '+']) && !self.writes
    }

    /// Whether a word by itself may do it: a variable, a setting of git, a name that is looked up.
    fn is_said(&self, word: &Word<'_>) -> bool {
        let sets = word.text.split_once('=').is_some_and(|(name, _)| VARIABLES.contains(&name));
        let text = word.text.to_ascii_lowercase();
        sets && word.expands
            || SETTINGS.iter().any(|setting| text.contains(setting))
            || ["${!", "@P}", "@A}", "@E}"].iter().any(|form| word.text.contains(form))
            || self.counts && UNNAMED.iter().any(|name| word.text.contains(name))
    }
}

/// The words of a command without those that flags take as values, so many behind each.
fn without_values<'w, 's>(words: &'w [Word<'s>], flags: &[&str], count: usize) -> impl Iterator<Item = &'w Word<'s>> {
    let is_value = move |at: usize| words[at.saturating_sub(count)..at].iter().any(|word| flags.contains(&word.text));
    words.iter().enumerate().filter(move |(at, _)| !is_value(*at)).map(|(_, word)| word)
}

/// Whether a word behind this flag of `gh` is a program: of jq, or of GraphQL.
fn is_program_of_gh(flag: &str, word: &str) -> bool {
    matches!(flag, "--jq" | "-q") || OF_GH.contains(&flag) && word.starts_with("query=") && word != "query=@"
}

/// Whether a part of a word is worked out. Between single quotes only an expression of GitHub's is.
fn expands(word: &str) -> bool {
    let mut chars = word.chars();
    let mut quote = None;
    while let Some(char) = chars.next() {
        match (quote, char) {
            (Some('\''), '\'') => quote = None,
            (Some('\''), _) => {}
            (_, '$') => return true,
            (_, '\\') => drop(chars.next()),
            (Some(open), char) if char == open => quote = None,
            (None, '"' | '\'') => quote = Some(char),
            _ => {}
        }
    }
    word.contains("${{")
}

/// Whether something is written to a file that is not GitHub's own.
fn writes_file(script: &str) -> bool {
    script.match_indices('>').any(|(at, _)| {
        let target = script[at + 1..].trim_start_matches(['>', '|', ' ', '"', '\'']);
        let is_own = ["&", "/dev/null", "/dev/stderr", "/dev/stdout", "$GITHUB_", "${GITHUB_", "(", "="];
        !script[..at].ends_with(['>', '-', '=', '<']) && !is_own.iter().any(|own| target.starts_with(own))
    })
}

/// Whether a word is flags of one letter each, the last of which is this.
fn is_flagged(word: &str, last: char) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.ends_with(last)
}

/// The here-documents of a script: what is in them is quoted by none of its quotes.
fn documents(script: &str) -> Vec<Range<usize>> {
    // Each line with its begin and its end, and where those of one text stand.
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for line in script.split_inclusive('\n') {
        let start = lines.last().map_or(0, |line| line.end);
        places.entry(line.trim_matches(['\t', '\n'])).or_default().push(lines.len());
        lines.push(start..start + line.len());
    }
    let mut documents: Vec<Range<usize>> = Vec::new();
    for (at, _) in script.match_indices("<<") {
        let behind = script[at + 2..].trim_start_matches('-').trim_start_matches([' ', '\t']);
        let last = behind.split([' ', '\t', '\n', ';', '|', '>', ')', '&']).next().unwrap_or_default();
        let last = last.trim_matches(['"', '\'', '\\']);
        let is_one = !script[..at].ends_with(['<', '(']) && !behind.starts_with(['<', '=']) && !last.is_empty();
        let own = lines.partition_point(|line| line.end <= at);
        let ends = places.get(last).map(Vec::as_slice).unwrap_or_default();
        let end = ends.get(ends.partition_point(|line| *line <= own)).filter(|_| is_one);
        if let Some(end) = end.filter(|_| documents.last().is_none_or(|before| before.end <= at)) {
            documents.push(lines[own].end..lines[*end].end);
        }
    }
    documents
}

/// The words of a script. Quotes are no end of one, and no part of it where they stand around it; a command in double quotes has words of its own. What stands
/// behind a redirection is none.
fn words<'s>(script: &'s str, holes: &[Range<usize>], documents: &[Range<usize>]) -> Vec<Word<'s>> {
    let mut documents = documents.iter().peekable();
    let mut reader = Words { script, begin: None, is_first: true, is_target: false, open: Vec::new(), all: Vec::new() };
    let mut holes = holes.iter().peekable();
    let mut at = 0;
    while at < script.len() {
        if let Some(hole) = holes.next_if(|hole| hole.start <= at) {
            reader.begin.get_or_insert(at);
            at = hole.end.max(at);
            continue;
        }
        let char = script[at..].chars().next().unwrap_or_default();
        let (before, after) = (&script[..at], &script[at + char.len_utf8()..]);
        while documents.next_if(|document| document.end <= at).is_some() {}
        let in_document = documents.peek().is_some_and(|document| document.start <= at);
        let in_quotes = reader.open.last() == Some(&'"');
        match char {
            '\\' if after.starts_with('\n') => at += 1,
            '\\' if !in_document => {
                reader.begin.get_or_insert(at);
                at += after.chars().next().map_or(0, char::len_utf8);
            }
            '"' if !in_document => reader.quote(at),
            '(' if in_quotes && before.ends_with('$') => reader.begin_inner(at),
            _ if in_quotes && char != '`' => drop(reader.begin.get_or_insert(at)),
            '\'' if !in_document => {
                reader.begin.get_or_insert(at);
                at += after.find('\'').map_or(0, |end| end + 1);
            }
            '#' if reader.begin.is_none() => {
                at += script[at..].find('\n').unwrap_or(script.len() - at);
                continue;
            }
            ' ' | '\t' => reader.end(at),
            '<' | '>' => {
                reader.end(at);
                reader.is_target = true;
            }
            // `2>&1`, `&>`, `>|`
            '&' | '|' if before.ends_with(['<', '>']) || char == '&' && after.starts_with('>') => {}
            ')' => reader.end_inner(at),
            '\n' | ';' | '|' | '&' | '`' => reader.end_command(at),
            // In `$(…)` and `<(…)` a command begins; `x=$(` is not over.
            '(' => reader.begin_inner(at),
            _ => drop(reader.begin.get_or_insert(at)),
        }
        at += char.len_utf8();
    }
    reader.end_command(script.len());
    reader.all
}

/// Words as they are read.
struct Words<'s> {
    script: &'s str,
    begin: Option<usize>,
    /// No word of the command was read.
    is_first: bool,
    /// A redirection stands before the word.
    is_target: bool,
    /// The double quotes and parentheses that are open.
    open: Vec<char>,
    all: Vec<Word<'s>>,
}

impl Words<'_> {
    fn quote(&mut self, at: usize) {
        self.begin.get_or_insert(at);
        match self.open.last() {
            Some('"') => drop(self.open.pop()),
            _ => self.open.push('"'),
        }
    }

    fn begin_inner(&mut self, at: usize) {
        self.end(at);
        self.open.push('(');
        (self.is_first, self.is_target) = (true, false);
    }

    fn end_inner(&mut self, at: usize) {
        self.end_command(at);
        // The end of a pattern of `case` closes nothing.
        if self.open.last() == Some(&'(') {
            self.open.pop();
        }
        // What goes on in quotes is of the word that was begun.
        self.is_first = self.open.last() != Some(&'"');
    }

    fn end(&mut self, at: usize) {
        let Some(begin) = self.begin.take() else { return };
        let whole = &self.script[begin..at];
        if std::mem::take(&mut self.is_target) {
            return;
        }
        let expands = expands(whole);
        let (text, is_first) = (whole.trim_matches(['"', '\'']), std::mem::take(&mut self.is_first));
        self.all.push(Word { range: begin..at, text, is_first, is_last: false, expands });
    }

    fn end_command(&mut self, at: usize) {
        self.end(at);
        self.all.last_mut().into_iter().for_each(|word| word.is_last = true);
        (self.is_first, self.is_target) = (true, false);
    }
}
