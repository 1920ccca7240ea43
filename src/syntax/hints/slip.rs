//! Slips by the statement that they are in.

use super::first_line;
use super::keep::keep;
use super::lists::commas;
use crate::syntax::symbols;

/// Where a statement goes wrong.
pub(super) struct Slip<'t> {
    pub(super) word: &'t str,
    /// What stands between its word and the place, and the first word of that.
    pub(super) rest: &'t str,
    pub(super) first: &'t str,
    /// What stands at the place, to the end of the line; all of it; and its first word.
    pub(super) line: &'t str,
    pub(super) here: &'t str,
    pub(super) next: &'t str,
    pub(super) is_word: bool,
    pub(super) colon: bool,
}

impl Slip<'_> {
    /// Slips of single statements.
    pub(super) fn of_word(&self) -> Option<String> {
        let &Self { word, rest, first, line, here, next, is_word, colon } = self;
        let trimmed = rest.trim();
        Some(match word {
            "run" if here.trim().is_empty() => "write the command behind `run`, or its lines between `\"\"\"`".to_owned(),
            "workflow" | "run-name" | "gate" | "import" | "warn" if rest.is_empty() && is_word => {
                format!("the text stands in quotes: `{word} \"{line}\"`")
            }
            "job" => return self.of_job(),
            "step" if before_uses(rest) && colon => {
                format!("`uses` has no colon: `step {trimmed} {}`", line[1..].trim())
            }
            "step" if rest.trim_end().ends_with(':') && is_word => {
                format!("a blank stands behind the colon: `step {trimmed} {line}`")
            }
            "step" if here.starts_with([':', '{']) && !rest.is_empty() => {
                format!("write `step {trimmed}: COMMAND`, with a blank behind the colon, or a block: `step {trimmed} {{ … }}`")
            }
            "step" if first == "if" || next == "if" => "the condition of a step: `step when EXPR: COMMAND`".to_owned(),
            "step" if next == "run" => format!("the command stands behind a colon: `step {trimmed}: {}`", line[3..].trim()),
            "step" if is_word && !rest.is_empty() && !rest.contains(['"', '\'', ':']) && first != "when" => {
                let (name, behind) =
                    format!("{rest}{line}").split_once(": ").map(|(name, behind)| (name.to_owned(), behind.to_owned()))?;
                format!("a name of several words stands in quotes: `step \"{name}\": {behind}`")
            }
            "input" if is_word && !rest.is_empty() && !rest.contains(':') => {
                format!("the type stands behind a colon: `input {trimmed}: {line}`")
            }
            "input" if trimmed.ends_with(':') && line.starts_with('[') => {
                format!("a choice among values is a type: `input {trimmed} choice {line}`")
            }
            "input" if trimmed.ends_with("choice") && here.starts_with('(') => {
                format!("the values stand in brackets: `input {trimmed} {}`", line.replacen('(', "[", 1).replacen(')', "]", 1))
            }
            "let" if is_word && rest.trim_end() == first && !matches!(first, "" | "mut" | "const") => {
                format!("write `let {first} = {line}`")
            }
            "let" if colon => {
                let value = line[1..].split_once(" = ").map_or(&line[1..], |(_, value)| value);
                format!("write `let {trimmed} = {}`", value.trim().trim_end_matches(';'))
            }
            "let" if matches!(first, "mut" | "const") && is_word => format!("write `let {}`", line.trim_end_matches(';')),
            "include" if rest.is_empty() && crate::is_spec(line) => {
                format!("another file is taken in by `import`, at the file level: `import \"{line}\"`")
            }
            "env" if rest.is_empty() && line.split_once(": ").is_some_and(|(name, _)| !name.contains(' ')) => {
                format!("variables stand in braces: `env {{ {line} }}`")
            }
            "template" | "toolchain" | "service" if colon && rest.contains('(') => {
                let parameters = untyped(&format!("{rest}{}", first_line(here)));
                format!("a parameter has no type: `{word} {}`", behind_block(&parameters))
            }
            "when" | "may-fail" | "optimize" if rest.contains('?') && colon => {
                let (condition, yes) = rest.split_once('?').unwrap_or_default();
                let no = line[1..].trim().trim_end_matches('{').trim();
                format!("an expression has no `? :`: `{word} case({}, {}, {no})`", condition.trim(), yes.trim())
            }
            "keep" => return keep(&format!("keep {rest}{line}")),
            "setup" if is_word => format!("what a job needs is said by `toolchain`: `toolchain {line}`"),
            "secret" if colon => format!("a secret has no type: `secret {trimmed}`"),
            "when" if colon && !line[1..].trim_matches([' ', '{']).is_empty() => {
                format!("a command with a condition is a step: `step when {trimmed}: {}`", line[1..].trim())
            }
            "for" | "when" | "in" | "parallel" | "template" if colon && line[1..].trim_matches([' ', '{']).is_empty() => {
                format!("a block stands in braces, without a colon: `{word} {trimmed} {{ … }}`")
            }
            "on" => return self.of_on(),
            "env" if here.contains('=') && !rest.contains('{') => {
                let (name, value) = first_line(here).split_once('=').unwrap_or_default();
                format!("variables stand in braces: `env {{ {}: {} }}`", name.trim(), value.trim())
            }
            "toolchain" | "service" if here.starts_with(['@', '=', '^', '~']) => {
                format!("the version stands behind a blank: `{word} {rest} {}`", line[1..].trim())
            }
            "service" if rest.is_empty() && here.starts_with(['"', '\'']) => {
                let image = line.trim_matches(['"', '\'']);
                let name = image.split([':', '/', '@']).next().unwrap_or_default();
                format!("a service has a name, and its image stands in the block: `service {name} {{ image: {image} }}`")
            }
            "runner" if here.starts_with(',') => format!("several labels stand in brackets: `runner [{trimmed}{line}]`"),
            "toolchain" if here.starts_with(',') => {
                format!(
                    "a job has one version: `matrix {first}: a, b` and `toolchain {first} ${{{{ matrix.{first} }}}}` in the job"
                )
            }
            "permissions" if trimmed.ends_with(':') => format!("scopes stand in braces: `permissions {{ {trimmed} {line} }}`"),
            "uses" if here.starts_with('@') => format!("write it as one word: `uses {trimmed}{line}`"),
            "uses" if next == "with" => "inputs stand in braces behind the action: `uses ACTION@REF { INPUT: VALUE }`".to_owned(),
            "matrix" if here.starts_with('=') => format!("an axis has a colon: `matrix {trimmed}: a, b`"),
            "timeout" | "takes" if is_word && first.bytes().all(|byte| byte.is_ascii_digit()) && !first.is_empty() => {
                format!("a duration is one word: `{word} {first}{}`", unit(next))
            }
            "if" => return Some(self.of_if()),
            _ => return None,
        })
    }

    pub(super) fn of_if(&self) -> String {
        let &Self { rest, here, line, .. } = self;
        let text = format!("{rest}{}", first_line(here));
        let condition = text.trim_end().trim_end_matches('{').trim();
        let fixed = |what: &str, condition: &str| format!("{what}: `if {condition} {{ … }}`");
        if let Some(part) = condition.strip_prefix("not ") {
            return fixed("`not` is written `!`", &format!("!{}", part.trim()));
        }
        for (word, operator) in [(" and ", " && "), (" or ", " || ")] {
            if condition.contains(word) {
                return fixed(&format!("`{}` is written `{}`", word.trim(), operator.trim()), &condition.replace(word, operator));
            }
        }
        if line.starts_with('=') && !line.starts_with("==") {
            let (left, right) = (rest.trim(), line[1..].trim().trim_end_matches('{').trim());
            return fixed("to compare is written `==`", &format!("{left} == {right}"));
        }
        if let Some(path) =
            condition.strip_prefix("exists(").and_then(|path| path.strip_suffix(')')).filter(|it| !it.contains('"'))
        {
            return fixed("a path stands in quotes", &format!("exists(\"{}\")", path.trim().trim_matches('\'')));
        }
        "`if` is decided when the spec is compiled, and has a block: `if CONDITION { … }`; at run time, write `when`".to_owned()
    }

    /// Slips of all statements.
    pub(super) fn of_any(&self) -> Option<String> {
        let &Self { word, rest, line, next, is_word, colon, .. } = self;
        Some(match word {
            "job" | "step" | "on" if !is_word => return None,
            _ if is_word && symbols::by_word(next).next().is_some() && !rest.is_empty() => {
                format!("a statement ends with its line or at a `;`: one of the two is missing before `{next}`")
            }
            "needs" | "reads" | "writes" | "wait" | "cancel" | "detect"
                if !rest.is_empty() && (is_word || line.starts_with(['"', '\'', '$', '%', '!'])) =>
            {
                let last = rest.trim_end().rsplit([' ', ',']).next().unwrap_or_default();
                if symbols::by_word(last).next().is_some() {
                    return Some(format!("a statement ends with its line, or at a `;`: no comma stands before `{last}`"));
                }
                format!("commas stand between the items of a list: `{word} {}, {}`", rest.trim_end(), commas(line))
            }
            _ if colon && !rest.is_empty() && !rest.contains(['(', '{', '?']) && !matches!(word, "input" | "output") => {
                format!("a blank stands in place of the colon: `{word} {} {}`", rest.trim(), line[1..].trim())
            }
            _ => return None,
        })
    }
}

fn before_uses(rest: &str) -> bool {
    rest == "uses" || rest.ends_with(" uses")
}

/// A line without what stands in its block.
pub(super) fn behind_block(line: &str) -> String {
    match line.find(" {") {
        Some(at) => format!("{} {{ … }}", line[..at].trim_end()),
        None => line.trim_end().to_owned(),
    }
}

/// Parameters without their types.
fn untyped(line: &str) -> String {
    let mut kept = String::new();
    let mut parts = line.split(':');
    kept.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find([',', '=', ')']).unwrap_or(part.len());
        kept.push_str(if part[end..].starts_with('=') { " " } else { "" });
        kept.push_str(&part[end..]);
    }
    kept
}

/// What helps where the name of a container or an environment stands in its block.
pub(in crate::syntax) fn name_in_block(line: &str) -> Option<String> {
    let (word, block) = line.split_once(" {")?;
    let key = match word {
        "container" => "image: ",
        "environment" => "name: ",
        _ => return None,
    };
    let name = block.split_once(key)?.1.split([',', '}', ' ']).next().filter(|name| !name.is_empty())?;
    Some(format!("the name stands before the block, which holds what else there is: `{word} {name}`"))
}

/// The letter for the word of a unit.
fn unit(word: &str) -> char {
    match word.chars().next() {
        Some('s' | 'S') => 's',
        Some('h' | 'H') => 'h',
        Some('d' | 'D') => 'd',
        _ => 'm',
    }
}
