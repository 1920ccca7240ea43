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
