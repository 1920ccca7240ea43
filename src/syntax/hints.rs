//! What helps at frequent slips: those of everybody, and those of people who come from YAML.

use super::symbols::{self, Place};
use super::yaml;
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
        () if line.contains("${ ") && line.contains(" }") && before.trim_end().ends_with(['{', '$']) => {
            let inner = line.split("${ ").nth(1).and_then(|rest| rest.split(" }").next()).unwrap_or_default();
            return Some(format!("GitHub's expressions stand between two braces: `${{{{ {} }}}}`", inner.trim()));
        }
        () if is_entry && here.starts_with('"') => "write a value that holds `\"` between single quotes: `'…'`",
        () if is_entry && before.trim_end().ends_with(',') && !next.is_empty() => return Some(list_of_entry(line)),
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

/// `key: a, b`
fn list_of_entry(line: &str) -> String {
    let (key, value) = line.split_once(": ").unwrap_or((line, ""));
    format!("a list stands in brackets: `{}: [{}]`", key.trim(), value.trim().trim_end_matches(','))
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

/// A line of data that is no entry, as it should be written. In the block of `on`, only what is known to be data there.
pub(super) fn of_entry(line: &str, place: Option<Place>) -> Option<String> {
    let word = word_of(line);
    if place == Some(Place::On) && yaml::instead_of(word, None).is_none() {
        return None;
    }
    if let Some((name, value)) = variable(line) {
        return Some(format!("an entry has a colon: `{name}: {value}`"));
    }
    if let Some((key, value)) = line.split_once(": ").filter(|(key, _)| !key.contains(['"', '\''])) {
        return Some(format!("a key that holds blanks stands in quotes: `\"{}\": {}`", key.trim(), value.trim()));
    }
    let (key, value) = line.split_once([' ', '\t'])?;
    let plain = |text: &str| !text.is_empty() && !text.contains(['{', '}', '"', '\'']);
    let value = match value.trim() {
        list if list.contains([',', ' ']) && !list.starts_with('[') || place == Some(Place::On) => {
            format!("[{}]", list.trim_matches(['[', ']']))
        }
        value => value.to_owned(),
    };
    (plain(key) && plain(&value)).then(|| format!("an entry has a colon: `{key}: {value}`"))
}

/// `NAME = VALUE`, also with a word before it that other languages have there.
pub(super) fn variable(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim().rsplit(' ').next().unwrap_or_default();
    let value = value.trim().trim_end_matches([';', ',']);
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let is_value = !value.is_empty() && !value.starts_with('=') && (!value.contains(' ') || value.starts_with(['"', '\'']));
    (is_name && is_value).then_some((name, value))
}

/// How other languages write `else if`.
pub(super) fn otherwise(line: &str) -> Option<String> {
    let rest = ["elseif", "elsif", "elif"].iter().find_map(|word| line.strip_prefix(word))?;
    let condition = rest.trim().trim_end_matches('{').trim_end_matches(':').trim();
    let condition = if condition.is_empty() { "CONDITION" } else { condition };
    Some(format!("write `}} else if {condition} {{`, on the line of the `}}`"))
}

/// The word that ends the input of a command, where it takes lines for one.
pub(super) fn here_document(command: &str) -> Option<&str> {
    let (_, rest) = command.split_once("<<")?;
    let rest = rest.trim_start_matches(['-', '~']).trim_start();
    let quote = rest.chars().next().filter(|char| matches!(char, '"' | '\''));
    let rest = rest.trim_start_matches(['"', '\'']);
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let word = &rest[..rest.find(|char: char| !is_part(char)).unwrap_or(rest.len())];
    let closed = quote.is_none_or(|quote| rest[word.len()..].starts_with(quote));
    (closed && word.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')).then_some(word)
}

/// Whether a line is an action without inputs.
pub(super) fn is_action(line: &str) -> bool {
    let of_step = line.starts_with("step ") && line.contains(" uses ");
    (line.starts_with("uses ") || of_step) && !line.contains('{')
}

/// The first bracket or parenthesis outside quotes that nothing closes, and where the text ends.
pub(super) fn unclosed_bracket(text: &str) -> Option<(usize, usize)> {
    let mut open = Vec::new();
    let mut quoted = None;
    let mut before = ' ';
    for (at, char) in text.char_indices() {
        match (quoted, char) {
            (Some(_), '\n') => quoted = None,
            (Some(quote), _) if quote == char => quoted = None,
            (None, '"' | '\'') if !before.is_alphanumeric() => quoted = Some(char),
            (None, '[' | '(') => open.push((at, char)),
            (None, ']') if open.last().is_some_and(|(_, open)| *open == '[') => drop(open.pop()),
            (None, ')') if open.last().is_some_and(|(_, open)| *open == '(') => drop(open.pop()),
            // What a block encloses has its brackets to itself.
            (None, '{') if open.is_empty() => return None,
            _ => {}
        }
        before = char;
    }
    open.first().map(|(at, _)| (*at, text.trim_end().len()))
}

fn of_statement(word: &str, before: &str, here: &str, next: &str) -> Option<String> {
    let rest = before.get(word.len()..).unwrap_or_default().trim_start();
    let is_word = next.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '.' | '*' | '_' | '-' | '/'));
    let slip = Slip {
        word,
        rest,
        first: rest.split([' ', '\t']).next().unwrap_or_default(),
        line: first_line(here).trim(),
        here,
        next,
        is_word,
        colon: here.starts_with(':'),
    };
    slip.of_list().or_else(|| slip.of_word()).or_else(|| slip.of_any())
}

/// Where a statement goes wrong.
struct Slip<'t> {
    word: &'t str,
    /// What stands between its word and the place, and the first word of that.
    rest: &'t str,
    first: &'t str,
    /// What stands at the place, to the end of the line; all of it; and its first word.
    line: &'t str,
    here: &'t str,
    next: &'t str,
    is_word: bool,
    colon: bool,
}

impl Slip<'_> {
    /// Slips of the statements that take lists.
    fn of_list(&self) -> Option<String> {
        let &Self { word, rest, line, .. } = self;
        if !LISTS.contains(&word) && word != "matrix" {
            return None;
        }
        let whole = format!("{word} {rest}{line}");
        if let Some(spot) = bracketed_list(&whole) {
            let bare = whole[spot..].replacen('[', "", 1).replacen(']', "", 1);
            let what = if word == "on" && !whole[..spot].contains(" to ") { "events" } else { "items" };
            return Some(format!("{what} stand without brackets: `{}`", behind_block(&format!("{}{bare}", &whole[..spot]))));
        }
        let listed = rest.trim_end();
        if listed.ends_with(", {") || listed.ends_with(',') && (line.starts_with('{') || line.is_empty()) {
            let kept = listed.trim_end_matches(['{', ' ']).trim_end_matches(',');
            return Some(if listed.ends_with('{') || line.starts_with('{') {
                format!("no comma stands before a block: `{word} {kept} {{ … }}`")
            } else {
                format!("remove the comma, or name one more behind it: `{word} {kept}`")
            });
        }
        None
    }

    /// Slips of single statements.
    fn of_word(&self) -> Option<String> {
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
            "let" if colon => format!("write `let {trimmed} = {}`", line[1..].trim()),
            "template" | "toolchain" | "service" if colon && rest.contains('(') => {
                let parameters = untyped(&format!("{rest}{}", first_line(here)));
                format!("a parameter has no type: `{word} {}`", behind_block(&parameters))
            }
            "when" | "may-fail" | "optimize" if rest.contains('?') && colon => {
                let (condition, yes) = rest.split_once('?').unwrap_or_default();
                let no = line[1..].trim().trim_end_matches('{').trim();
                format!("an expression has no `? :`: `{word} case({}, {}, {no})`", condition.trim(), yes.trim())
            }
            "keep" if next == "as" && rest.contains(" for ") => {
                let (paths, days) = rest.split_once(" for ").unwrap_or_default();
                format!("`as` stands before `for`: `keep {paths} {line} for {}`", days.trim())
            }
            "keep" if rest.contains(" as ") && is_word && next != "for" => {
                let (paths, name) = rest.split_once(" as ").unwrap_or_default();
                let all = format!("{} {line}", name.trim());
                let end = [" for ", " when "].iter().filter_map(|clause| all.find(clause)).min().unwrap_or(all.len());
                format!("a name that holds blanks stands in quotes: `keep {paths} as \"{}\"{}`", &all[..end], &all[end..])
            }
            "keep" if crate::hir::Duration::parse(next).is_some() => format!("write `keep {} for {line}`", rest.trim_end()),
            "on" => return self.of_on(),
            "env" if here.contains('=') && !rest.contains('{') => {
                let (name, value) = first_line(here).split_once('=').unwrap_or_default();
                format!("variables stand in braces: `env {{ {}: {} }}`", name.trim(), value.trim())
            }
            "toolchain" if here.starts_with(['@', '=', '^', '~']) => {
                format!("the version stands behind a blank: `toolchain {rest} {}`", line[1..].trim())
            }
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

    fn of_job(&self) -> Option<String> {
        let &Self { rest, first, line, here, is_word, .. } = self;
        if rest.is_empty() && here.starts_with('"') {
            let name = here[1..].split('"').next().unwrap_or_default();
            return Some(format!("an id comes before the display name: `job {} \"{name}\" {{ … }}`", slug(name)));
        }
        if rest.trim_end().ends_with(':') && is_word {
            return Some(format!("a blank stands behind the colon: `job {} {line}`", rest.trim()));
        }
        if line.is_empty() {
            return None;
        }
        let (head, tail) = split_head(rest, line);
        let body =
            if let Some(command) = tail.strip_prefix(':') { format!(": {}", command.trim()) } else { " { … }".to_owned() };
        // A statement of the job, before its block.
        let statement = head.strip_prefix(first).unwrap_or_default().trim();
        if symbols::by_word(word_of(statement)).any(|symbol| symbol.places.contains(&Place::Job)) {
            let work = tail.strip_prefix(':').map_or("…".to_owned(), |command| format!("run {}", command.trim()));
            return Some(format!(
                "`{}` stands in the block of the job: `job {first} {{ {statement}; {work} }}`",
                word_of(statement)
            ));
        }
        let id = id(&head);
        if id.is_empty() || id == head {
            return (!rest.is_empty() && here.starts_with([':', '{'])).then(|| {
                format!("write `job {head}: COMMAND`, with a blank behind the colon, or a block: `job {head} {{ … }}`")
            });
        }
        Some(format!("an id is one word of letters, digits, `-` and `_`: `job {id}{body}`"))
    }

    fn of_on(&self) -> Option<String> {
        let &Self { rest, first, line, here, next, is_word, colon, .. } = self;
        let trimmed = rest.trim();
        let branches = |text: &str| text.trim_matches([':', ' ', '[', ']']).to_owned();
        Some(match next.trim_end_matches(':') {
            _ if first == "schedule" => format!("a time stands in quotes: `on schedule \"{line}\"`"),
            _ if here.starts_with('{') && rest.is_empty() => {
                "events stand behind `on`, each with its filters: `on push { paths: [src/**] }`".to_owned()
            }
            "branches" if is_word => {
                format!("branches stand behind `to`: `on {trimmed} to {}`", commas(&branches(&line["branches".len()..])))
            }
            filter if is_word && yaml::instead_of(filter, None).is_some() => {
                let values = commas(&branches(&line[filter.len()..]));
                format!("filters other than branches stand in braces: `on {trimmed} {{ {filter}: [{values}] }}`")
            }
            // Another statement on the line.
            word if symbols::by_word(word).next().is_some() && events::find(word).is_none() => return None,
            _ if is_word && rest.contains(" to ") => format!("commas stand between branches: `on {trimmed}, {}`", commas(line)),
            word if is_word && word != "to" && events::find(word).is_none() => {
                format!("branches stand behind `to`: `on {trimmed} to {}`", commas(line))
            }
            _ if is_word && events::find(next).is_some() => {
                format!("commas stand between events: `on {trimmed}, {}`", commas(line))
            }
            _ if colon => format!("branches stand behind `to`: `on {trimmed} to main`; other filters in `{{ }}`"),
            _ => return None,
        })
    }

    fn of_if(&self) -> String {
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
    fn of_any(&self) -> Option<String> {
        let &Self { word, rest, line, next, is_word, colon, .. } = self;
        Some(match word {
            "job" | "step" | "on" if !is_word => return None,
            _ if is_word && symbols::by_word(next).next().is_some() && !rest.is_empty() => {
                format!("a statement ends with its line: begin a new line before `{next}`")
            }
            "needs" | "reads" | "writes" | "wait" | "cancel" | "detect" | "keep" if is_word && !rest.is_empty() => {
                format!("commas stand between the items of a list: `{word} {}, {}`", rest.trim_end(), commas(line))
            }
            _ if colon && !rest.is_empty() && !rest.contains(['(', '{', '?']) && !matches!(word, "input" | "output") => {
                format!("a blank stands in place of the colon: `{word} {} {}`", rest.trim(), line[1..].trim())
            }
            _ => return None,
        })
    }
}

/// Statements that take a list without brackets.
const LISTS: [&str; 8] = ["needs", "reads", "writes", "wait", "cancel", "detect", "on", "keep"];

/// Where a list in brackets begins in such a statement.
pub(super) fn bracketed_list(text: &str) -> Option<usize> {
    let line = first_line(text);
    let head = &line[..line.find(" {").unwrap_or(line.len())];
    let spot = head.find(" [").filter(|&spot| LISTS.contains(&word_of(text)) && !head[..spot].ends_with(':'))? + 1;
    // `[0-9]*` is a pattern.
    let (_, behind) = head[spot..].split_once(']')?;
    behind.chars().next().is_none_or(|next| next.is_whitespace() || matches!(next, ',' | ';')).then_some(spot)
}

/// Where, before `at`, an item of a list follows a string without a comma: the grammar reads on, to see whether the brackets pair.
pub(super) fn item_without_comma(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at).filter(|_| text[at..].trim().is_empty())?;
    let mut quoted = None;
    let mut open = 0_usize;
    for (place, char) in before.char_indices() {
        match (quoted, char) {
            (Some(quote), _) if quote == char => {
                quoted = None;
                let rest = &before[place + 1..];
                let next = rest.trim_start_matches([' ', '\t']);
                let item = next.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '"' | '\''));
                if open > 0 && item && next.len() < rest.len() {
                    return Some(before.len() - next.len());
                }
            }
            (None, '"' | '\'') => quoted = Some(char),
            (None, '[') => open += 1,
            (None, ']') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn before_uses(rest: &str) -> bool {
    rest == "uses" || rest.ends_with(" uses")
}

/// What a job has before its block or colon, of `rest` and `line`, and what follows.
fn split_head(rest: &str, line: &str) -> (String, String) {
    let all = format!("{rest}{line}");
    let ends = |at: usize, char: char| match char {
        ':' => all[at + 1..].chars().next().is_none_or(char::is_whitespace),
        '{' | '"' => true,
        _ => false,
    };
    let end = all.char_indices().find(|&(at, char)| ends(at, char)).map_or(all.len(), |(at, _)| at);
    (all[..end].trim().to_owned(), all[end..].trim().to_owned())
}

/// Words with commas between them, up to a block or a clause.
fn commas(text: &str) -> String {
    let end = [" {", " from ", " as ", " for ", " when ", " to ", " #", " merge"].iter().filter_map(|it| text.find(it)).min();
    let (list, tail) = text.split_at(end.unwrap_or(text.len()));
    let items: Vec<&str> = list.split([' ', '\t', ',']).filter(|item| !item.is_empty()).collect();
    format!("{}{}", items.join(", "), behind_block(tail))
}

/// A line without what stands in its block.
fn behind_block(line: &str) -> String {
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

/// The id that is nearest to a text.
fn id(text: &str) -> String {
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let parts = text.split(|char: char| !is_part(char)).filter(|part| !part.is_empty());
    let id = parts.collect::<Vec<_>>().join("-");
    if id.starts_with(|char: char| char.is_ascii_digit()) { format!("job-{id}") } else { id }
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
