//! What a script gives to the environment of all later steps, by the files that GitHub names in `GITHUB_ENV` and `GITHUB_PATH`.
//!
//! It is looked at by statement, in words and not in commands: what names such a file, and has a text of strangers in it, is taken to write the one into the
//! other. A statement is a line with all that belongs to it; a list of commands whose output goes there, from its first line to its last.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Map;
use super::strangers::{flowing, is_of_strangers};
use crate::expr::Expr;
use crate::expr::text::holes;
use crate::source::Span;

/// The files whose lines are variables, and folders of the path; and outputs, of which a line break makes more.
const FILES: [&str; 3] = ["GITHUB_ENV", "GITHUB_PATH", OUTPUT];

/// The file whose lines are outputs.
pub(super) const OUTPUT: &str = "GITHUB_OUTPUT";

/// The one variable of GitHub's own that a stranger chooses: the branch of a pull request.
pub(super) const HEAD_REF: &str = "GITHUB_HEAD_REF";

/// A statement that writes such a file.
pub(super) struct Written<'s> {
    /// All of it.
    pub(super) text: &'s str,
    /// The line that names the file.
    pub(super) line: Range<usize>,
    /// The file.
    pub(super) file: &'static str,
    /// The first text of strangers in it, by an expression or by a variable with the value of one.
    pub(super) of_strangers: Option<Expr>,
}

/// The statements of a script that write such files; `envs` are the variables that it has.
pub(super) fn written<'s>(script: &'s str, envs: &[&'s Map]) -> Vec<Written<'s>> {
    let mut known = of_strangers(envs);
    // What the script itself calls these files.
    let mut files: Vec<(&str, &'static str)> = FILES.map(|file| (file, file)).to_vec();
    let mut found: Vec<Written<'s>> = Vec::new();
    for range in statements(script, &|line| names(line, FILES)) {
        let text = &script[range.clone()];
        let direct = holes(text).into_iter().map(|(_, expr)| expr).find(is_of_strangers);
        let of_strangers = direct.or_else(|| known.iter().find(|(name, _)| reads(text, name)).map(|(_, expr)| expr.clone()));
        let named = lines(script, range.clone()).find_map(|line| {
            let (_, file) = files.iter().find(|(name, _)| names(&script[line.clone()], [name]))?;
            Some((line, *file))
        });
        if let Some((line, file)) = named.clone() {
            found.push(Written { text, line, file, of_strangers: of_strangers.clone() });
        }
        if let Some((name, value)) = assigned(text) {
            if let Some(expr) = of_strangers.clone() {
                known.insert(name, expr);
            } else if let Some((_, file)) = named.as_ref().filter(|_| value.trim_matches(['"', '\'', ' ']).starts_with('$')) {
                files.push((name, file));
            }
        }
    }
    found
}

/// The variables that have a text of strangers in them, each with the first of these: the one that GitHub sets, and those that the nearest of these maps sets.
pub(super) fn of_strangers<'e>(envs: &[&'e Map]) -> BTreeMap<&'e str, Expr> {
    let mut known: BTreeMap<&str, Expr> = BTreeMap::new();
    known.insert(HEAD_REF, Expr::path(["github", "head_ref"], Span::default()));
    for env in envs.iter().rev() {
        // A value sees the variables that are farther away.
        let farther = known.clone();
        let of_variable = |expr: &Expr| {
            flowing(expr).iter().find_map(|path| match path.as_slice() {
                [env, asked] if env == "env" => {
                    farther.iter().find(|(name, _)| name.eq_ignore_ascii_case(asked)).map(|(_, of)| of.clone())
                }
                _ => None,
            })
        };
        for (name, value) in *env {
            let mut parts = holes(&value.spelled()).into_iter().map(|(_, expr)| expr);
            match parts.find_map(|expr| if is_of_strangers(&expr) { Some(expr) } else { of_variable(&expr) }) {
                Some(expr) => drop(known.insert(name, expr)),
                None => drop(known.remove(name.as_str())),
            }
        }
    }
    known
}

/// Whether a line of a script asks for a variable.
pub(super) fn reads(line: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|next: char| next == '_' || next.is_ascii_alphanumeric());
    line.match_indices('$').any(|(at, _)| {
        let rest = line[at + 1..].trim_start_matches('{');
        rest.strip_prefix("env:").unwrap_or(rest).strip_prefix(name).is_some_and(ends)
    })
}

/// Whether a text has one of these words in it.
fn names<const N: usize>(text: &str, words: [&str; N]) -> bool {
    text.split(|char: char| char != '_' && !char.is_ascii_alphanumeric()).any(|word| words.contains(&word))
}

fn lines(script: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let begin = range.start;
    script[range].split_inclusive('\n').scan(begin, |at, line| {
        let start = *at;
        *at += line.len();
        Some(start..start + line.trim_end().len())
    })
}

/// The variables that a statement sets, with what each is set to.
pub(super) fn assigned(text: &str) -> Option<(&str, &str)> {
    let mut rest = text.trim_start();
    for word in ["export ", "local ", "declare ", "readonly ", "IFS= ", "$"] {
        rest = rest.strip_prefix(word).unwrap_or(rest).trim_start();
    }
    if let Some(read) = rest.strip_prefix("read ") {
        let name = read.split_whitespace().find(|word| !word.starts_with('-'))?;
        return Some((name, ""));
    }
    let (name, value) = rest.split_once('=')?;
    let name = name.trim_end();
    let is_name = !name.is_empty() && name.chars().all(|char| char == '_' || char.is_ascii_alphanumeric());
    is_name.then_some((name, value))
}

/// So many lists of commands are looked at, in which lines may lie that others have as well: no script has more.
const MOST_LISTS: usize = 100;

/// The statements of a script, each list of commands with a line that `is_file` holds for at its end as one more behind its own.
fn statements(script: &str, is_file: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
    let all: Vec<Range<usize>> = lines(script, 0..script.len()).collect();
    let line = |at: usize| &script[all[at].clone()];
    // Where lines stand that may end something, by what is looked for.
    let mut ends: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in 0..all.len() {
        let text = line(at);
        ends.entry(text.trim_start_matches('\t')).or_default().push(at);
        ["\"@", "'@"]
            .into_iter()
            .filter(|begin| text.starts_with(begin))
            .for_each(|begin| ends.entry(begin).or_default().push(at));
    }
    let mut statements = Vec::new();
    let mut lists = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let first = at;
        while let Some(last) = last_of(line(at)) {
            // What is never ended has one line.
            let found = match last {
                Last::Next => Some(at + 1).filter(|next| *next < all.len()),
                Last::Is(text) => {
                    let places = ends.get(text).map(Vec::as_slice).unwrap_or_default();
                    places.get(places.partition_point(|place| *place <= at)).copied()
                }
            };
            let Some(found) = found else { break };
            at = found;
        }
        let statement = all[first].start..all[at].end;
        statements.push(statement.clone());
        let words: Vec<&str> = line(first).split([' ', '\t', ';']).filter(|word| !word.is_empty()).collect();
        let begins = |word: &&str| matches!(*word, "{" | "(" | "case" | "for" | "if" | "until" | "while");
        if words.first().is_some_and(begins) || words.last().is_some_and(|word| word.ends_with(['{', '('])) {
            open.push(first);
        }
        // Of a list on one line the end stands behind its begin.
        let closes = |word: &&str| word.starts_with(['}', ')']) || matches!(*word, "done" | "esac" | "fi");
        let is_closed = words.first().is_some_and(closes) || words.iter().skip(1).any(closes) && open.last() == Some(&first);
        let begin = if is_closed { open.pop() } else { None };
        if is_file(&script[statement.clone()]) {
            lists.extend(begin.map(|begin| all[begin].start..statement.end));
            // All that follows is written there; and a program that opens the file may write it anywhere.
            let text = script[statement.clone()].trim_start();
            lists.extend(text.starts_with("exec ").then_some(statement.start..script.len()));
            let opens = text.contains("environ") && text.contains("open(") || text.contains("process.env.");
            lists.extend(opens.then_some(0..script.len()));
        }
        at += 1;
    }
    lists.truncate(MOST_LISTS);
    statements.extend(lists);
    statements
}

/// How the last line of what goes on behind this one is told.
#[derive(Clone, Copy)]
enum Last<'s> {
    /// It is the next.
    Next,
    /// It is this, perhaps behind tabs, or begins with it.
    Is(&'s str),
}

fn last_of(line: &str) -> Option<Last<'_>> {
    if line.ends_with(['\\', '|', '`']) || line.ends_with("&&") {
        return Some(Last::Next);
    }
    if line.ends_with("@\"") || line.ends_with("@'") {
        return Some(Last::Is(if line.ends_with('"') { "\"@" } else { "'@" }));
    }
    let (before, behind) = line.split_once("<<")?;
    let word = behind.trim_start_matches('-').trim_start().split([' ', '\t', ';', '>', '|', ')']).next().unwrap_or_default();
    let is_document = !before.ends_with(['<', '(']) && !behind.starts_with(['<', '=']);
    (is_document && !word.is_empty()).then(|| Last::Is(word.trim_matches(['"', '\'', '\\'])))
}
