//! The commands in a script, whatever surrounds them: for what is looked for by its words.

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
pub(super) fn commands(line: &str) -> impl Iterator<Item = String> {
    line.split([';', '&', '|', '(', ')', '`']).map(|command| command.replace(['"', '\'', '\\', '\n'], " "))
}

/// Commands that run the one behind them.
const WRAPPERS: &[&str] = &[
    "!", "{", "bash", "bunx", "bundle", "command", "do", "doas", "else", "env", "exec", "if", "nice", "npx", "pdm", "pnpm",
    "poetry", "python", "python3", "run", "sh", "stdbuf", "sudo", "then", "time", "timeout", "until", "uv", "uvx", "while",
    "xargs", "yarn",
];

/// Where in the words of a command it may begin: behind what runs it, and behind flags and variables of that.
pub(super) fn starts<W: AsRef<str>>(words: &[W]) -> Vec<usize> {
    let name = |word: &W| word.as_ref().rsplit('/').next().unwrap_or_default().to_owned();
    let goes_on = |word: &W| {
        let text = word.as_ref();
        WRAPPERS.contains(&name(word).as_str())
            || text.contains('=')
            || text.starts_with(['-', '$'])
            || text.starts_with(|first: char| first.is_ascii_digit())
    };
    let count = words.iter().take_while(|word| goes_on(word)).count();
    let exec = words.iter().position(|word| word.as_ref() == "-exec").map(|at| at + 1);
    (0..=count).chain(exec).filter(|at| *at < words.len()).collect()
}

/// Whether a command begins with the first of these words, wherever its program lies, and has the others behind it, in order.
pub(super) fn has_in_order<W: AsRef<str>>(command: &[W], wanted: &[&str]) -> bool {
    let Some((name, rest)) = command.split_first() else { return false };
    let name = name.as_ref();
    let name = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".exe");
    let mut rest = rest.iter();
    wanted.split_first().is_some_and(|(first, others)| {
        name.split('@').next() == Some(first) && others.iter().all(|word| rest.any(|own| own.as_ref() == *word))
    })
}

/// The commands of a script, each with its place, without blanks around it; comments are none.
pub(super) fn placed(script: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = script.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        let is_closed = |text: &str| ['"', '\''].iter().all(|quote| text.matches(*quote).count() % 2 == 0);
        let is_comment = |at: &usize| (*at == 0 || line[..*at].ends_with([' ', '\t'])) && is_closed(&line[..*at]);
        let end = line.match_indices('#').map(|(at, _)| at).find(is_comment).unwrap_or(line.len());
        Some((start, &line[..end]))
    });
    lines.flat_map(|(start, line)| {
        line.split([';', '&', '|', '(', ')', '`']).scan(start, |at, command| {
            let begin = *at + (command.len() - command.trim_start().len());
            *at += command.len() + 1;
            Some((begin, command.trim()))
        })
    })
}
