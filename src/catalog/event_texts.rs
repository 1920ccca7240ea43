//! Commands that print what strangers have set: texts of the event, of a pull request or an issue, and in a run that follows theirs, of a file.

use super::lines;

/// What a command of a line prints that strangers have set, in words.
pub fn printed(line: &str, is_behind_a_run: bool) -> Option<String> {
    let words: Vec<&str> = line.split(|char: char| !char.is_alphanumeric() && char != '_').collect();
    let follows = |one: &str, others: &[&str]| words.windows(2).any(|pair| pair[0] == one && others.contains(&pair[1]));
    if words.contains(&"GITHUB_EVENT_PATH") {
        return Some("the texts of the event".to_owned());
    }
    if follows("gh", &["api", "issue", "pr", "run"]) {
        return Some("what `gh` prints".to_owned());
    }
    let reads = ["cat", "head", "jq", "tail", "yq"].into_iter().find(|command| words.contains(command));
    reads.filter(|_| is_behind_a_run).map(|command| format!("what `{command}` reads"))
}

/// A script with a text in place of all that prints such: each `$(…)`, and what is sent through a pipe; and what the first of these prints. None where nothing does.
pub fn replaced(script: &str, by: &str) -> Option<(String, String)> {
    if !["GITHUB_EVENT_PATH", "gh "].iter().any(|word| script.contains(word)) {
        return None;
    }
    let mut what = None;
    let mut is_source = |text: &str| {
        let is_topic =
            |text: &str| ["gh issue", "gh pr", "/issues", "/pulls", "/comments"].iter().any(|topic| text.contains(topic));
        let found = printed(text, false).filter(|_| text.contains("GITHUB_EVENT_PATH") || is_topic(text));
        what = what.take().or(found.clone());
        found.is_some()
    };
    let mut out = String::with_capacity(script.len());
    let mut at = 0;
    while let Some(begin) = script[at..].find("$(").map(|begin| at + begin) {
        out.push_str(&script[at..begin]);
        let inner = closed(&script[begin + 2..]).filter(|inner| !inner.starts_with('(') && !inner.contains('\n'));
        at = match inner {
            Some(inner) if is_source(inner) => {
                out.push_str(by);
                begin + 2 + inner.len() + 1
            }
            _ => {
                out.push_str("$(");
                begin + 2
            }
        };
    }
    out.push_str(&script[at..]);
    let piped = |line: &str| {
        let signs: Vec<(usize, char)> = lines::unquoted(line).filter(|(_, char)| "|;&(){}".contains(*char)).collect();
        let is_pipe = |&(place, (at, char)): &(usize, &(usize, char))| {
            let (before, behind) = (place.checked_sub(1).map(|it| signs[it].0), signs.get(place + 1).map(|it| it.0));
            *char == '|' && before != at.checked_sub(1) && behind != Some(at + 1)
        };
        let found = signs.iter().enumerate().filter(is_pipe).find_map(|(place, (end, _))| {
            let begin = place.checked_sub(1).map_or(0, |before| signs[before].0 + 1);
            is_source(&line[begin..*end]).then_some(begin..*end)
        });
        found.map_or_else(|| line.to_owned(), |range| format!("{}echo \"{by}\" {}", &line[..range.start], &line[range.end..]))
    };
    let out = out.split_inclusive('\n').map(piped).collect::<String>();
    what.map(|what| (out, what))
}

/// What stands before the parenthesis that closes one that was opened before the text.
fn closed(text: &str) -> Option<&str> {
    let (mut depth, mut is_literal) = (0, false);
    for (at, char) in text.char_indices() {
        match char {
            '\'' => is_literal = !is_literal,
            '(' if !is_literal => depth += 1,
            ')' if !is_literal && depth == 0 => return Some(&text[..at]),
            ')' if !is_literal => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn what_is_printed_is_replaced() {
        for (script, expected) in [
            ("eval \"echo $(jq -r '.a | .b' \"$GITHUB_EVENT_PATH\")\"", Some("eval \"echo X\"")),
            ("jq -r '.a | .b' \"$GITHUB_EVENT_PATH\" | bash", Some("echo \"X\" | bash")),
            ("cd x && gh pr view 1 --jq .title | sh", Some("cd x &&echo \"X\" | sh")),
            ("n=$(gh api repos/o/r/issues/1 --jq .title)\neval $n", Some("n=X\neval $n")),
            ("gh api repos/o/r/releases --jq '.[0].tag_name' | sh", None),
            ("gh pr view 1 || true", None),
            ("echo $((1 + 1))", None),
        ] {
            assert_eq!(replaced(script, "X").map(|(text, _)| text).as_deref(), expected, "{script}");
        }
    }
}
