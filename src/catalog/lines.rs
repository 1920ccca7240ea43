//! The commands in a script, whatever surrounds them: for what is looked for by its words.

use std::borrow::Cow;

/// What runs the scripts of a project by their names.
pub(super) const RUNNERS: &[&str] = &["bun", "deno", "just", "make", "mise", "npm", "pnpm", "rake", "task", "yarn"];

/// Whether a command runs a script of the project with one of these words in its name: `npm run db:up`.
pub(super) fn runs_named(command: &[&str], named: &[&str]) -> bool {
    let Some((name, rest)) = command.split_first() else { return false };
    let is_named = |word: &&str| word.split([':', '-', '_', '.']).any(|part| named.contains(&part));
    RUNNERS.contains(&program(name)) && rest.iter().filter(|word| !word.starts_with('-')).any(is_named)
}

/// What stands before a command and runs it.
pub(super) const LAUNCHERS: &[&str] = &["!", "do", "elif", "else", "exec", "if", "sudo", "then", "time", "while", "xvfb-run"];

/// The words of a command from its program on: without what runs it, and the variables that it is given.
pub(super) fn own<'s, 'w>(words: &'s [&'w str]) -> &'s [&'w str] {
    let is_before = |word: &&&str| LAUNCHERS.contains(*word) || is_assignment(word);
    &words[words.iter().take_while(is_before).count()..]
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|char| char == '_' || char.is_alphanumeric()))
}

/// The lines of a script, each with those that it goes on in.
pub(super) fn logical(script: &str) -> Vec<&str> {
    let (mut lines, mut begin, mut at) = (Vec::new(), 0, 0);
    for line in script.split_inclusive('\n') {
        at += line.len();
        if !line.trim_end().ends_with('\\') {
            lines.push(script[begin..at].trim());
            begin = at;
        }
    }
    lines.push(script[begin..].trim());
    lines
}

/// The commands of a line: of `a && b; (c)` each is one, and quotes are no part of a word.
pub(super) fn commands(line: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let is_end = |byte: u8| matches!(byte, b';' | b'&' | b'|' | b'(' | b')' | b'`');
    let mut rest = Some(line);
    let apart = std::iter::from_fn(move || {
        let line = rest?;
        let end = line.bytes().position(is_end);
        rest = end.map(|end| &line[end + 1..]);
        Some(&line[..end.unwrap_or(line.len())])
    });
    let is_no_word = |byte: u8| matches!(byte, b'"' | b'\'' | b'\\' | b'\n');
    apart.map(move |command| {
        let is_words = !command.bytes().any(is_no_word);
        if is_words { command.into() } else { command.replace(['"', '\'', '\\', '\n'], " ").into() }
    })
}

/// Whether one of the commands of a script is so, by its words from any place on: what stands before may only run it. Comments are no words.
pub(super) fn any(script: &str, is_so: impl Fn(&[&str]) -> bool) -> bool {
    logical(script).into_iter().flat_map(commands).any(|command| any_place(&words(&command), &is_so))
}

/// The words of a command.
pub(super) fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().take_while(|word| !word.starts_with('#')).collect()
}

/// The words of a command as it is written, without the quotes around them; the end of a line that goes on is none.
pub(super) fn bare(command: &str) -> Vec<&str> {
    command.split_whitespace().filter(|word| *word != "\\").map(|word| word.trim_matches(['"', '\''])).collect()
}

/// Whether a command is so by its words from any place on.
pub(super) fn any_place(words: &[&str], is_so: impl Fn(&[&str]) -> bool) -> bool {
    (0..words.len()).any(|at| is_so(&words[at..]))
}

/// Whether one of these stands among words, with or without a value behind it: `--flag=value`.
pub(super) fn has_flag(words: &[&str], flags: &[&str]) -> bool {
    words.iter().any(|word| flags.contains(&word.split('=').next().unwrap_or(word)))
}

/// The program that a word of a command may be: a path from the root or from here, a version that is wanted of it, or one in its name, are no part of that.
pub(super) fn program(word: &str) -> &str {
    let is_path = || word.starts_with(['/', '.', '~', '$']) || word.contains("node_modules/") || word.contains("bin/");
    let name = match word.bytes().rposition(|byte| byte == b'/') {
        Some(slash) if is_path() => &word[slash + 1..],
        _ => word,
    };
    let name = name.strip_suffix(".exe").unwrap_or(name);
    name.bytes().position(|byte| byte == b'@').map_or(name, |at| &name[..at])
}

/// What stands outside of quotes in a line, before a comment, each with its place. Where quotes do not close, what is in them counts too.
pub(super) fn unquoted(line: &str) -> impl Iterator<Item = (usize, char)> {
    let is_open = |quote: char| line.matches(quote).count() % 2 == 1;
    let has_quotes = !is_open('"') && !is_open('\'');
    let (mut quote, mut before, mut escaped, mut is_over) = (None, ' ', false, false);
    line.char_indices().filter(move |&(_, char)| {
        let was_escaped = escaped;
        escaped = char == '\\' && !was_escaped && quote != Some('\'');
        let outside = quote.is_none();
        if !was_escaped && has_quotes && matches!(char, '"' | '\'') {
            quote = match quote {
                None => Some(char),
                Some(open) if open == char => None,
                open => open,
            };
        }
        is_over |= outside && char == '#' && before.is_whitespace();
        before = char;
        outside && quote.is_none() && !was_escaped && !is_over
    })
}

/// Whether a command begins with the first of these words, wherever its program lies, and has the others behind it, in order.
pub(super) fn has_in_order(command: &[&str], wanted: &[&str]) -> bool {
    let Some((word, rest)) = command.split_first() else { return false };
    program_names(word).any(|name| name == wanted[0]) && follow(&wanted[1..], rest)
}

/// Those of a sorted table that a command has, each as [`has_in_order`] says.
pub(super) fn listed(command: &[&str], table: Table<&'static [&'static str]>) -> impl Iterator<Item = &'static [&'static str]> {
    rows(command, table, |wanted| wanted).copied()
}

/// The rows of a table for the words that a command has, each as [`has_in_order`] says; it is sorted by these. Most tables are long, and most commands are
/// in none.
pub(super) fn rows<T>(
    command: &[&str],
    table: Table<T>,
    words: fn(&T) -> &'static [&'static str],
) -> impl Iterator<Item = &'static T> {
    debug_assert!(table.is_sorted_by(|one, other| words(one) <= words(other)), "a table is not sorted");
    let of_program = command.first().into_iter().copied().flat_map(program_names).flat_map(move |name| {
        let begin = table.partition_point(|row| words(row)[0] < name);
        table[begin..].iter().take_while(move |row| words(row)[0] == name)
    });
    of_program.filter(move |row| follow(&words(row)[1..], &command[1..]))
}

/// A table that is part of the program.
pub(super) type Table<T> = &'static [T];

/// The names of the program that a word of a command may be: its own, and that without a version at its end.
fn program_names(word: &str) -> impl Iterator<Item = &str> {
    let name = program(word);
    let plain = name.trim_end_matches(|char: char| char.is_ascii_digit() || char == '.');
    [Some(name), Some(plain).filter(|plain| *plain != name)].into_iter().flatten()
}

/// Whether all of these words stand among others, in order.
fn follow(wanted: &[&str], words: &[&str]) -> bool {
    let mut words = words.iter();
    wanted.iter().all(|wanted| words.any(|word| word == wanted))
}

/// The commands of a script, each with its place, without blanks around it; comments are none.
pub(super) fn placed(script: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = logical(script).into_iter().map(|line| {
        let start = line.as_ptr() as usize - script.as_ptr() as usize;
        let is_closed = |text: &str| ['"', '\''].iter().all(|quote| text.matches(*quote).count() % 2 == 0);
        let is_comment = |at: &usize| (*at == 0 || line[..*at].ends_with([' ', '\t'])) && is_closed(&line[..*at]);
        let end = line.match_indices('#').map(|(at, _)| at).find(is_comment).unwrap_or(line.len());
        (start, &line[..end])
    });
    lines.flat_map(|(start, line)| {
        line.split([';', '&', '|', '(', ')', '`']).scan(start, |at, command| {
            let begin = *at + (command.len() - command.trim_start().len());
            *at += command.len() + 1;
            Some((begin, command.trim()))
        })
    })
}
