//! Slips in commands, and what tells one.

use super::word_of;
use crate::syntax::symbols;

/// The word that ends the input of a command, where it takes lines for one.
pub(in crate::syntax) fn here_document(command: &str) -> Option<&str> {
    let (_, rest) = command.split_once("<<")?;
    let rest = rest.trim_start_matches(['-', '~']).trim_start();
    let quote = rest.chars().next().filter(|char| matches!(char, '"' | '\''));
    let rest = rest.trim_start_matches(['"', '\'']);
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let word = &rest[..rest.find(|char: char| !is_part(char)).unwrap_or(rest.len())];
    let closed = quote.is_none_or(|quote| rest[word.len()..].starts_with(quote));
    (closed && word.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')).then_some(word)
}

/// The command of `run …`, `job x: …` or `step …: …`.
pub(in crate::syntax) fn command_of(statement: &str) -> &str {
    statement.strip_prefix("run ").or_else(|| Some(statement.split_once(": ")?.1)).unwrap_or_default()
}

/// Whether a command ends where it has to go on: behind an operator that a shell wants something after.
pub(in crate::syntax) fn goes_on(command: &str) -> bool {
    let command = command.trim_end();
    let before = ["&&", "||", "|"].iter().find_map(|operator| command.strip_suffix(operator));
    // Behind a `\` or `^` it is no operator, and one alone is the mark of a block of YAML.
    before.is_some_and(|before| !before.ends_with(['\\', '^']) && !before.trim().is_empty())
}

/// Whether a line goes on with the command before it: with an operator or an option.
pub(in crate::syntax) fn goes_on_before(line: &str) -> bool {
    line.starts_with("&&") || line.starts_with('|') || line.starts_with('-') && !line[1..].starts_with(char::is_whitespace)
}

/// Whether a line that begins no statement is most likely a command of the shell.
pub(in crate::syntax) fn is_command(line: &str) -> bool {
    const TOOLS: [&str; 34] = [
        "apt", "apt-get", "bash", "brew", "bun", "bundle", "cargo", "cd", "chmod", "cmake", "composer", "cp", "curl", "docker",
        "dotnet", "echo", "export", "git", "go", "gradle", "make", "mkdir", "mvn", "node", "npm", "npx", "pip", "pnpm", "pytest",
        "python", "set", "sh", "sudo", "yarn",
    ];
    let word = line.split([' ', '\t']).next().unwrap_or_default();
    word.starts_with("./") || TOOLS.contains(&word)
}

/// Where a line is quotes, a list or a block as in other languages, and never a command that runs: how much of it shows that, and what to write.
pub(in crate::syntax) fn no_command(text: &str) -> Option<(usize, String)> {
    let text = text.trim_end();
    if let Some(within) = text.strip_prefix("\"\"\"") {
        let command = within.split("\"\"\"").next().unwrap_or_default().trim();
        return Some((3, format!("lines stand between quotes that end and begin their lines; one needs none: `{command}`")));
    }
    if text.starts_with("[\"") && text.ends_with("\"]") {
        let words: Vec<&str> = text[1..text.len() - 1].split(',').map(|word| word.trim().trim_matches('"')).collect();
        return Some((text.len(), format!("a command is a line of the shell, and no list: `{}`", words.join(" "))));
    }
    if let Some(block) = text.strip_prefix("{ ").filter(|block| block.ends_with('}') && !block.contains(';')) {
        let of_spec = symbols::by_word(word_of(block)).next().is_some();
        return of_spec.then(|| (1, "no colon stands before a block".to_owned()));
    }
    let quote = text.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    let inner = text[1..].strip_suffix(quote).filter(|inner| !inner.contains([quote, '/', '\\', '$']))?;
    // What holds no blank may be the name of a program.
    inner.contains(' ').then(|| (text.len(), format!("a command stands without quotes: `{inner}`")))
}
