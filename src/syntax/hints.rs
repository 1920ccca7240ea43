//! What helps at frequent slips: those of everybody, and those of people who come from YAML.

use super::symbols;
use crate::catalog::events;

/// A slip in `text`, a statement or entry that the grammar refuses at the offset `at`.
pub(super) fn hint(text: &str, at: usize, is_entry: bool) -> Option<String> {
    let at = at.min(text.len());
    let (before, here) = (&text[..at], &text[at..]);
    let line = first_line(text);
    let word = word_of(text);
    let next = here.trim_start().split([' ', '\t', ',', '{', '\n', '\r']).next().unwrap_or_default();
    let fixed = match () {
        () if line.contains(['“', '”', '„', '‘', '’']) => "quotes are straight in a spec: `\"…\"` or `'…'`",
        () if is_entry && here.starts_with('"') => "write a value that holds `\"` between single quotes: `'…'`",
        () if here.starts_with(": ") && (is_entry || before.contains('{')) => {
            "a comma is missing before the key, or the value needs quotes because it holds `: `"
        }
        () if here.starts_with('?') && before.ends_with(']') && before.contains(" choice [") => {
            "the `?` follows the type: `choice? [a, b]`"
        }
        () if is_entry && here.starts_with(['{', '}']) => "a value that holds a brace needs quotes",
        () if line.trim_end().ends_with('{') && here.starts_with('{') && !before.ends_with([' ', '\t']) => {
            "a blank stands before the `{` of a block"
        }
        () if before.trim_end().ends_with(['"', '\'']) && before.contains('[') && here.starts_with(char::is_alphanumeric) => {
            "commas stand between the items of a list"
        }
        () => return of_statement(word, before, here, next).or_else(|| keyed(text, at)),
    };
    Some(fixed.to_owned())
}

/// `CI:true`: a key whose colon no blank follows.
fn keyed(text: &str, at: usize) -> Option<String> {
    let start = text[..at].rfind([' ', '\t', '{', ',', '\n']).map_or(0, |at| at + 1);
    let token = text[start..].split([' ', '\t', ',', '}', '\n', '\r']).next().unwrap_or_default();
    if let Some((key, value)) =
        token.split_once('=').filter(|(key, _)| !key.is_empty() && !key.contains(':') && text.contains('{'))
    {
        return Some(format!("a key has a colon: `{key}: {value}`"));
    }
    let (key, value) = token.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (is_key && !value.is_empty() && !value.starts_with("//"))
        .then(|| format!("a blank follows the colon of a key: `{key}: {value}`"))
}

fn of_statement(word: &str, before: &str, here: &str, next: &str) -> Option<String> {
    let rest = before.get(word.len()..).unwrap_or_default().trim_start();
    let first = rest.split([' ', '\t']).next().unwrap_or_default();
    let is_word = next.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '.' | '*' | '_' | '-' | '/'));
    let colon = here.starts_with(':');
    Some(match word {
        "run" if here.trim().is_empty() => "write the command behind `run`, or its lines between `\"\"\"`".to_owned(),
        "workflow" | "run-name" | "gate" | "import" | "warn" if rest.is_empty() && is_word => {
            format!("the text stands in quotes: `{word} \"{}\"`", first_line(here).trim())
        }
        "job" if rest.is_empty() && here.starts_with('"') => {
            let name = here[1..].split('"').next().unwrap_or_default();
            format!("an id comes before the display name: `job {} \"{name}\" {{ … }}`", slug(name))
        }
        "job" | "step" if before.ends_with(':') && is_word => {
            format!("a blank stands behind the colon: `{word} {rest} {}`", first_line(here))
        }
        "job" if is_word && !first.is_empty() => {
            let name = first_line(before).trim_start_matches("job").trim().to_owned() + " " + next;
            format!("an id is one word: `job {} {{ … }}`", name.replace([' ', '\t'], "-"))
        }
        "job" | "step" if here.starts_with([':', '{']) && !rest.is_empty() => {
            format!("write `{word} {}: COMMAND`, with a blank behind the colon, or a block: `{word} {0} {{ … }}`", rest.trim())
        }
        "step" if first == "if" || next == "if" => "the condition of a step: `step when EXPR: COMMAND`".to_owned(),
        "step" if next == "run" => format!("the command stands behind a colon: `step {}: COMMAND`", rest.trim()),
        _ if is_word && symbols::by_word(next).next().is_some() && !rest.is_empty() => {
            format!("a statement ends with its line: begin a new line before `{next}`")
        }
        "on" if first == "schedule" => {
            format!("a time stands in quotes: `on schedule \"{}\"`", first_line(here).trim())
        }
        "on" if here.starts_with('[') => {
            format!("events stand without brackets: `on {}`", first_line(here).trim().trim_matches(['[', ']']))
        }
        "on" if here.starts_with('{') => {
            "events stand behind `on`, each with its filters: `on push { paths: [src/**] }`".to_owned()
        }
        "on" if is_word && next != "to" && events::find(next).is_none() => {
            format!("branches stand behind `to`: `on {} to {next}`", rest.trim())
        }
        "on" if colon => format!("branches stand behind `to`: `on {} to main`; other filters in `{{ }}`", rest.trim()),
        "keep" if crate::hir::Duration::parse(next).is_some() => format!("write `keep {} for {next}`", rest.trim_end()),
        "env" if here.contains('=') && !before.contains('{') => {
            let (name, value) = first_line(here).split_once('=').unwrap_or_default();
            format!("variables stand in braces: `env {{ {}: {} }}`", name.trim(), value.trim())
        }
        "toolchain" if here.starts_with(['@', '=', '^', '~']) => {
            format!("the version stands behind a blank: `toolchain {rest} {}`", first_line(&here[1..]).trim())
        }
        "toolchain" if here.starts_with(',') => {
            let axis = first.to_owned();
            format!("a job has one version: `matrix {axis}: a, b` and `toolchain {axis} ${{{{ matrix.{axis} }}}}` in the job")
        }
        "permissions" if rest.ends_with(": ") || rest.ends_with(':') => {
            format!("scopes stand in braces: `permissions {{ {} {} }}`", rest.trim(), first_line(here).trim())
        }
        "uses" if here.starts_with('@') => format!("write it as one word: `uses {}{}`", rest.trim(), first_line(here).trim()),
        "needs" | "reads" | "writes" | "wait" | "cancel" | "detect" | "on" | "keep" if is_word && !rest.is_empty() => {
            format!("commas stand between the items of a list: `{word} {}, {next}`", rest.trim_end())
        }
        "matrix" if here.starts_with('=') => format!("an axis has a colon: `matrix {}: a, b`", rest.trim()),
        "timeout" | "takes" if is_word && first.bytes().all(|byte| byte.is_ascii_digit()) && !first.is_empty() => {
            format!("a duration is one word: `{word} {first}{}`", unit(next))
        }
        "uses" if next == "with" => "inputs stand in braces behind the action: `uses ACTION@REF { INPUT: VALUE }`".to_owned(),
        "if" => "`if` is decided when the spec is compiled, and has a block: `if CONDITION { … }`; at run time, write `when`"
            .to_owned(),
        _ if colon && !rest.is_empty() && !matches!(word, "job" | "step" | "input" | "output") => {
            format!("a blank stands in place of the colon: `{word} {} {}`", rest.trim(), first_line(&here[1..]).trim())
        }
        _ => return None,
    })
}

/// An id made of a name.
fn slug(name: &str) -> String {
    let parts = name.split(|char: char| !char.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let slug = parts.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    if slug.starts_with(|char: char| char.is_ascii_alphabetic()) { slug } else { "ID".to_owned() }
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

/// Whether a line that begins no statement is most likely a command of the shell.
pub(super) fn is_command(line: &str) -> bool {
    const TOOLS: [&str; 34] = [
        "apt", "apt-get", "bash", "brew", "bun", "bundle", "cargo", "cd", "chmod", "cmake", "composer", "cp", "curl", "docker",
        "dotnet", "echo", "export", "git", "go", "gradle", "make", "mkdir", "mvn", "node", "npm", "npx", "pip", "pnpm", "pytest",
        "python", "set", "sh", "sudo", "yarn",
    ];
    let word = line.split([' ', '\t']).next().unwrap_or_default();
    word.starts_with("./") || TOOLS.contains(&word)
}

/// What to write for an item of a YAML list.
pub(super) fn of_item(item: &str) -> String {
    let (key, value) = item.split_once(':').unwrap_or((item, ""));
    let value: String = value.trim().trim_matches(['"', '\'']).chars().take(60).collect();
    match (key.trim(), value.as_str()) {
        ("run" | "uses", "" | "|" | ">" | "|-" | ">-") if key.trim() == "run" => {
            "write `run \"\"\"`, the lines, and `\"\"\"` alone on a line".to_owned()
        }
        (key @ ("run" | "uses"), value) => format!("write `{key} {value}`, without `-` and colon"),
        ("name", value) => format!("a step with a name is written `step \"{value}\": COMMAND`"),
        _ => "a list is written `[a, b]`, and steps stand in the job without `-`".to_owned(),
    }
}

/// The `jobs:` of a text that is a workflow in YAML: its offset.
pub(super) fn workflow(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut jobs = None;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "jobs:" {
            jobs = jobs.or(Some(at));
        }
        at += line.len();
    }
    let is_workflow = text.contains("runs-on:") || text.lines().any(|line| line.trim_start().starts_with("uses:"));
    jobs.filter(|_| is_workflow)
}

pub(super) fn first_line(text: &str) -> &str {
    text.split(['\n', '\r']).next().unwrap_or_default()
}

/// The word that a statement begins with.
pub(super) fn word_of(text: &str) -> &str {
    text.split([' ', '\t', ':', '(', '{', '\n', '\r']).next().unwrap_or_default()
}
