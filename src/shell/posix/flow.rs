//! Where the values of a script go: variables and files hold them, and what one of those says may be code in another place.
//!
//! It is asked by name alone, in no order: what is code somewhere is taken for code everywhere.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// The name of what a function or a script is given: `$1`, `$@` and the like.
const GIVEN: &str = "@";

/// A place in what is read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// The hole that comes next.
    pub(super) hole: usize,
    /// How many names were asked for.
    pub(super) asked: usize,
}

/// A part of a script: its holes, and the names that it asks for.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) holes: Range<usize>,
    pub(super) asked: Range<usize>,
}

impl Part {
    fn is_empty(&self) -> bool {
        self.holes.is_empty() && self.asked.is_empty()
    }
}

/// Names, what they hold, and what is code.
#[derive(Default)]
pub(super) struct Flow {
    /// The names that were asked for, in order.
    pub(super) asked: Vec<String>,
    /// Holes in here-documents that nothing is expanded in.
    pub(super) verbatim: Vec<usize>,
    /// What names hold.
    held: HashMap<String, Vec<Part>>,
    /// What is code as it stands.
    code: Vec<Part>,
    /// What may choose a command, or is code when it is read by its name.
    chosen: Vec<Part>,
    /// Names whose values are.
    names: Vec<String>,
}

impl Flow {
    pub(super) fn ask(&mut self, name: &str) {
        let is_given = name == "*" || name.starts_with(|first: char| first.is_ascii_digit());
        self.asked.push(if is_given { GIVEN.to_owned() } else { name.to_owned() });
    }

    /// Asks for all that a text expands, and in arithmetic also for what it only names.
    pub(super) fn ask_all(&mut self, text: &str, is_arithmetic: bool) {
        let is_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
        let mut before = ' ';
        let mut rest = text;
        while let Some(char) = rest.chars().next() {
            let end = rest.find(|char| !is_name(char)).unwrap_or(rest.len());
            if end == 0 {
                rest = &rest[char.len_utf8()..];
                // `${!NAME}`, `${#NAME}`
                if !(before == '{' && "!#".contains(char)) {
                    before = char;
                }
                if before == '@' || before == '*' {
                    self.ask(GIVEN);
                }
                continue;
            }
            if is_arithmetic || "${".contains(before) {
                self.ask(&rest[..end]);
            }
            (before, rest) = (' ', &rest[end..]);
        }
    }

    /// A variable has the values of a part.
    pub(super) fn hold(&mut self, name: &str, part: Part) {
        if !part.is_empty() {
            self.held.entry(name.to_owned()).or_default().push(part);
        }
    }

    /// A file has them.
    pub(super) fn write(&mut self, file: &str, part: Part) {
        self.hold(&format!("file:{file}"), part);
    }

    /// What functions are given is in a part.
    pub(super) fn give(&mut self, part: Part) {
        self.hold(GIVEN, part);
    }

    /// A part is code.
    pub(super) fn code(&mut self, part: Part) {
        if !part.is_empty() {
            self.code.push(part);
        }
    }

    /// A part may choose a command.
    pub(super) fn chosen(&mut self, part: Part) {
        if !part.is_empty() {
            self.chosen.push(part);
        }
    }

    /// What is in a file is run.
    pub(super) fn run(&mut self, file: &str) {
        self.names.push(format!("file:{file}"));
    }

    /// What a variable is set to is arithmetic: the subscript of a list in it is expanded once more.
    pub(super) fn count(&mut self, name: &str) {
        self.names.push(name.to_owned());
    }

    /// What the variables of some other script are there that are code in this one.
    pub(super) fn join(&mut self, inner: Self) {
        self.names.extend(inner.reached(0).names);
    }

    /// What is code in the end, of so many holes.
    pub(super) fn reached(self, holes: usize) -> Reached {
        let Self { asked, held, code, chosen, names, verbatim: _ } = self;
        let mut reached = Reached { code: vec![false; holes], weak: vec![false; holes], names: BTreeSet::new() };
        code.iter().for_each(|part| reached.code[part.holes.clone()].fill(true));
        let mut open: Vec<&Part> = code.iter().chain(&chosen).collect();
        let mut known = HashSet::new();
        let mut names: Vec<&String> = names.iter().collect();
        loop {
            while let Some(part) = open.pop() {
                if known.insert(part) {
                    names.extend(&asked[part.asked.clone()]);
                    reached.weak[part.holes.clone()].fill(true);
                }
            }
            let Some(name) = names.pop() else { return reached };
            if reached.names.insert(name.clone()) {
                open.extend(held.get(name).into_iter().flatten());
            }
        }
    }
}

/// What is code in the end.
pub(super) struct Reached {
    code: Vec<bool>,
    /// What a plain word is no danger to.
    weak: Vec<bool>,
    names: BTreeSet<String>,
}

impl Reached {
    /// Whether a hole is code, or becomes it. A plain one may go through variables.
    pub(super) fn is_code(&self, hole: usize, is_plain: bool) -> bool {
        self.code[hole] || !is_plain && self.weak[hole]
    }
}
