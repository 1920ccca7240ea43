//! What commands take for code: their arguments, what they are sent, or the files that they are given.

use super::flow::{Mark, Part};

/// Commands that read an argument, or what they are sent, as code.
pub(in crate::shell) const INTERPRETERS: [&str; 29] = [
    "R",
    "Rscript",
    "bash",
    "dash",
    "deno",
    "elixir",
    "fish",
    "groovy",
    "iex",
    "irb",
    "jshell",
    "julia",
    "ksh",
    "lua",
    "mysql",
    "node",
    "osascript",
    "perl",
    "php",
    "psql",
    "pwsh",
    "python",
    "python3",
    "ruby",
    "scala",
    "sh",
    "sqlite3",
    "tclsh",
    "zsh",
];

/// Those to which `-e` says something else.
pub(super) const SHELLS: [&str; 6] = ["bash", "dash", "fish", "ksh", "sh", "zsh"];

/// Those whose first argument is a database, and what they are sent the code.
const CLIENTS: [&str; 3] = ["mysql", "psql", "sqlite3"];

/// Commands all of whose arguments are code, or reach a shell elsewhere.
const EVALUATORS: [&str; 13] =
    ["alias", "awk", "eval", "gawk", "let", "mawk", "parallel", "ssh", "su", "trap", "unset", "watch", "wsl"];

/// Commands that run what they are sent, whatever their arguments are.
const RECEIVERS: [&str; 7] = ["at", "batch", "crontab", "parallel", "ssh", "su", "wsl"];

/// Editors whose scripts have commands that run others (GNU sed's manual, 3.2: `e`, also of `s`).
const EDITORS: [&str; 3] = ["gsed", "sed", "ssed"];

/// Settings of git that are no commands (git's documentation, "git-config").
const SETTINGS: [&str; 7] = ["advice.", "color.", "fetch.", "init.", "safe.", "url.", "user."];

/// What makes of a text in `[[ ]]` a number: the subscript of a list in it is expanded once more (bash's manual, 6.5 and 6.7).
pub(super) const ARITHMETIC: [&str; 7] = ["-eq", "-ge", "-gt", "-le", "-lt", "-ne", "-v"];

/// Words after which a command begins.
pub(super) const KEYWORDS: [&str; 12] = ["!", "do", "elif", "else", "if", "then", "time", "until", "while", "{", "exec", "sudo"];

/// Words behind which a list of commands stands.
const OPENERS: [&str; 6] = ["{", "case", "for", "if", "until", "while"];

/// Words that end a list of commands, all of which are sent to what follows.
const ENDS: [&str; 4] = ["}", "done", "esac", "fi"];

/// What stands for what a command is sent.
const STDIN: [&str; 5] = ["-", "-s", "/dev/fd/0", "/dev/stdin", "/proc/self/fd/0"];

/// Commands of bash itself that take a text for arithmetic, or for the name of a variable, by a flag.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    /// `declare`
    Declares,
    /// `declare -i`: what its variables are set to is arithmetic.
    Counts,
    /// `printf -v`, `[ -v`
    Names,
    /// `read NAME`; what it reads is only read.
    Reads,
}

impl Own {
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "declare" | "export" | "local" | "readonly" | "typeset" => Some(Self::Declares),
            "printf" | "test" | "[" => Some(Self::Names),
            "read" => Some(Self::Reads),
            _ => None,
        }
    }
}

/// What the word that follows says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Redirect {
    /// The file that is written.
    To,
    /// The file that is read.
    From,
    /// The text that is read.
    Text,
}

/// A here-document that follows the line.
pub(super) struct Document {
    /// Its last line.
    pub(super) last: String,
    /// Tabs before its lines do not count.
    pub(super) tabs: bool,
    /// Nothing in it is expanded.
    pub(super) quoted: bool,
    /// Whoever reads it takes it for code.
    pub(super) is_code: bool,
    /// The file that it becomes.
    pub(super) target: Option<String>,
}

/// A program that reads code.
#[derive(Clone, Copy)]
struct Interpreter {
    kind: Kind,
    /// It was given its code, or the file that has it.
    is_given: bool,
    /// It is told to read code from what it is sent.
    reads_stdin: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Shell,
    /// A client of a database.
    Client,
    Other,
}

impl Interpreter {
    fn of(name: &str) -> Option<Self> {
        let kind = match name {
            _ if SHELLS.contains(&name) => Kind::Shell,
            _ if CLIENTS.contains(&name) => Kind::Client,
            _ => Kind::Other,
        };
        INTERPRETERS.contains(&name).then_some(Self { kind, is_given: false, reads_stdin: false })
    }
}

/// Which words of a command are code.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Code {
    #[default]
    Nothing,
    /// The next word.
    Next,
    /// All that follow.
    All,
}

/// What is known of the command that is read.
#[derive(Default)]
pub(super) struct Command {
    /// Where it begins.
    pub(super) begin: Mark,
    /// Its name, as far as it is written; none where it was not read yet.
    pub(super) name: Option<String>,
    interpreter: Option<Interpreter>,
    code: Code,
    /// It runs what it is sent.
    receives: bool,
    /// The word before was a flag.
    after_flag: bool,
    /// It begins with a word that a list of commands stands behind.
    is_list: bool,
    /// It is one of the shell's own, some of whose arguments are code.
    pub(super) own: Option<Own>,
    /// Where the text of `[[ ]]` begins.
    pub(super) test: Option<Mark>,
    /// What it is sent, by what stands before it in the pipeline or by a here-string.
    pub(super) fed: Vec<Part>,
    pub(super) redirect: Option<Redirect>,
    /// The file that it writes.
    pub(super) target: Option<String>,
    pub(super) documents: Vec<Document>,
}

impl Command {
    /// One that begins here.
    pub(super) fn at(begin: Mark) -> Self {
        Self { begin, ..Self::default() }
    }

    /// Its name, as far as it is known.
    pub(super) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// Whether the word that is read is code.
    pub(super) fn reads_code(&self) -> bool {
        self.code != Code::Nothing
    }

    /// Whether the text of the word that is read is code of a shell.
    pub(super) fn reads_shell(&self) -> bool {
        self.code == Code::Next && self.interpreter.is_some_and(|it| it.kind == Kind::Shell)
    }

    /// All that follows is code, if that is so.
    pub(super) fn evaluates(&mut self, is_so: bool) {
        if is_so {
            self.code = Code::All;
        }
    }

    /// Whether what it is sent is code to it.
    pub(super) fn receives_code(&self) -> bool {
        self.receives || self.interpreter.is_some_and(|it| it.reads_stdin || !it.is_given)
    }

    /// Whether the file that a word names is code to it.
    pub(super) fn runs_files(&self) -> bool {
        self.interpreter.is_some() || matches!(self.name(), "." | "source" | "chmod")
    }

    /// Whether it begins a list of commands, all of which read what it is sent.
    pub(super) fn opens_list(&self) -> bool {
        self.is_list
    }

    /// Whether it is given arguments for code of its own.
    pub(super) fn runs_code(&self) -> bool {
        self.interpreter.is_some()
    }

    /// Whether what stood before is sent to what follows, whole lists of commands.
    pub(super) fn ends_list(&self) -> bool {
        ENDS.contains(&self.name())
    }

    /// Takes a word. `text` is what stands outside of quotes, `said` all that is written of it.
    pub(super) fn take(&mut self, text: &str, said: &str) {
        let name = base_name(if self.name.is_some() { text } else { said });
        // `$SHELL -c …`
        let name = if text == "$SHELL" || said == "$SHELL" { "sh" } else { name };
        // `sudo bash -c …`, `docker run x sh -ec …`
        let after_code_flag = self.code == Code::Next;
        if after_code_flag {
            self.code = Code::Nothing;
        }
        self.evaluates(EVALUATORS.contains(&name));
        let runs_code = INTERPRETERS.contains(&name) || self.code == Code::All;
        self.receives |= RECEIVERS.contains(&name) || self.name() == "xargs" && runs_code;
        let is_flag = said.starts_with('-') && said != "-";
        if let Some(interpreter) = &mut self.interpreter {
            let has_code = is_code_flag(text, interpreter.kind == Kind::Shell);
            // `-` and `-s` say so, and behind most flags it is not known whether the word is theirs.
            interpreter.reads_stdin |= STDIN.contains(&said);
            let is_argument = !(is_flag || self.after_flag || interpreter.kind == Kind::Client);
            interpreter.is_given |= has_code || matches!(said, "-m" | "-f") || is_argument;
            // `bash -c -- CODE`
            if (has_code && !after_code_flag || after_code_flag && said == "--") && self.code == Code::Nothing {
                self.code = Code::Next;
            }
        }
        self.interpreter = Interpreter::of(name).or(self.interpreter);
        self.after_flag = is_flag;
        self.is_list |= self.name.is_none() && OPENERS.contains(&text);
        if self.name.is_some() {
            self.take_argument(text, said);
        } else if !is_assignment(text) && !KEYWORDS.contains(&text) {
            self.name = Some(name.to_owned());
            self.evaluates(EDITORS.contains(&name));
        }
    }

    fn take_argument(&mut self, text: &str, said: &str) {
        match self.name() {
            // A value and no code, unless the program runs it, which is looked for elsewhere.
            "awk" | "gawk" | "mawk" => self.code = if matches!(said, "-v" | "--assign") { Code::Nothing } else { Code::All },
            "sed" | "gsed" | "ssed" if text == "--sandbox" => self.code = Code::Nothing,
            "git" if matches!(said, "-c" | "-x" | "--config-env" | "--exec") => self.code = Code::Next,
            "git" => self.evaluates(matches!(said, "filter-branch" | "foreach" | "run")),
            "env" => self.evaluates(matches!(said, "-S" | "--split-string")),
            "." | "source" => self.receives |= STDIN.contains(&said),
            _ => {}
        }
    }

    /// Whether a word behind `git -c` is a setting that runs nothing.
    pub(super) fn is_setting(&self, said: &str) -> bool {
        self.name() == "git" && SETTINGS.iter().any(|setting| said.starts_with(setting))
    }
}

/// `-c`, `-e` and the like, also among other letters.
pub(super) fn is_code_flag(word: &str, is_shell: bool) -> bool {
    let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-')).unwrap_or_default();
    letters.contains('c')
        || !is_shell && (letters.contains(['e', 'r']) || matches!(word, "--eval" | "--execute" | "--command" | "-Command"))
}

/// Whether a word begins with `NAME=`.
pub(super) fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_'))
}

/// The last part of a path.
pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
