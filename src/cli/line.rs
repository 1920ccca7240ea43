//! `pipelay explain ci.yml:87`.

use std::path::{Component, Path, PathBuf};

use pipelay::diagnostics::codes::{e0803_out_of_date, e0805_orphan, e0806_merge_conflict};
use pipelay::diagnostics::render::{Format, excerpt};
use pipelay::diagnostics::{Label, Severity, has_errors};
use pipelay::explain::{self, Line};
use pipelay::source::{Sources, is_merge_marker};
use pipelay::workflow::header;
use pipelay::{Compilation, Keep};
use serde_json::{Value, json};

use super::session::Session;
use super::specs::{Target, WORKFLOWS, repository};
use super::write::same;
use super::{Misuse, diff, input};

/// Whether an argument is a workflow, perhaps with a line.
pub(crate) fn is_one(argument: &str) -> bool {
    let argument = normal(argument);
    let file = argument.trim_end_matches(|char: char| char.is_ascii_digit() || char == ':');
    [".yml", ".yaml"].iter().any(|end| file.ends_with(end))
}

/// As compilers name a place: GitHub also says `ci.yml#L87`, and `ci.yml (Line: 87, Col: 5)`.
fn normal(argument: &str) -> String {
    argument.replace("#L", ":").replace(" (Line: ", ":").replace(", Col: ", ":").trim_end_matches(')').to_owned()
}

/// A place that was asked for, from 1.
struct Asked<'a> {
    file: &'a str,
    line: usize,
    column: Option<usize>,
}

impl<'a> Asked<'a> {
    fn parse(argument: &'a str) -> Result<Self, Misuse> {
        let refused = |what: &str| Err(Misuse::new(format!("`{argument}` {what}")).help("a line is named as in `ci.yml:87`"));
        let end = argument.trim_end_matches(|char: char| char.is_ascii_digit() || char == ':').len();
        let (file, rest) = argument.split_at(end);
        let numbers: Vec<Option<usize>> = rest.split(':').skip(1).map(|number| number.parse().ok()).collect();
        match numbers.as_slice() {
            [] => refused("names no line"),
            [Some(0), ..] | [_, Some(0)] => refused("is no place: lines and columns count from 1"),
            [Some(line)] => Ok(Self { file, line: *line, column: None }),
            [Some(line), Some(column)] => Ok(Self { file, line: *line, column: Some(*column) }),
            _ => refused("is no place"),
        }
    }

    /// The file, as it is named, or among the workflows of the repository.
    fn find(&self) -> Result<PathBuf, Misuse> {
        let root = repository();
        let named = [PathBuf::from(self.file), root.join(WORKFLOWS).join(self.file), root.join(self.file)];
        named.into_iter().find(|path| path.is_file()).ok_or_else(|| {
            Misuse::new(format!("there is no file `{}`, neither here nor in `{WORKFLOWS}`", self.file))
                .help("name a workflow that pipelay wrote")
        })
    }
}

/// The explanation of a line; empty where there is none, which the session is told.
pub(crate) fn explain(argument: &str, session: &mut Session) -> Result<String, Misuse> {
    if !matches!(session.format(), Format::Human | Format::Json) {
        return Err(Misuse::new("an explanation is for people, or JSON").help("leave out `--format`, or say `--format json`"));
    }
    let argument = normal(argument);
    let asked = Asked::parse(&argument)?;
    let file = asked.find()?;
    let shown = Target::new(&file).path;
    let old = match input::read_any(&file, &shown) {
        Ok(read) => read.text,
        Err(diag) => {
            session.say(diag);
            return Ok(String::new());
        }
    };
    let count = old.lines().count();
    let number = asked.line - 1;
    let Some(text) = old.lines().nth(number) else {
        let lines = if count == 1 { "line" } else { "lines" };
        return Err(Misuse::new(format!("`{shown}` has no line {}", asked.line)).help(format!("it has {count} {lines}")));
    };
    let Some(spec) = header::is_ours(&old) else {
        return Err(Misuse::new(format!("`{shown}` was not written by pipelay: its lines come from no spec"))
            .help(format!("`pipelay import {shown}` makes a spec of it")));
    };
    let target = Target::new(&root(&file).join(spec));
    let command = header::command(&target.path);
    if is_merge_marker(text) {
        session.say_at(&shown, old.clone(), number, |at| e0806_merge_conflict::merge_conflict(&shown, spec, &command, at));
        return Ok(String::new());
    }
    // Nothing outside of the repository is read, whatever a header says.
    let inside = Path::new(spec).components().all(|part| matches!(part, Component::Normal(_)));
    if !inside || !target.file.is_file() {
        let at = old.lines().position(|line| header::is_ours(line).is_some()).unwrap_or_default();
        session.say_at(&shown, old.clone(), at, |at| e0805_orphan::orphan(&shown, spec, at));
        return Ok(String::new());
    }
    let Some(made) = input::compile(&target, Keep::All, session) else { return Ok(String::new()) };
    if has_errors(&made.diags) {
        let errors = made.diags.into_iter().filter(|diag| diag.severity() == Severity::Error).collect();
        session.report(errors, made.sources);
        return Ok(String::new());
    }
    let new = made.yaml.as_deref().unwrap_or_default();
    let fresh = same(&old, new);
    let line = if fresh { Some(number) } else { diff::counterpart(&old, new, number) };
    let Some(found) = line.and_then(|line| explain::line(&made, line, asked.column)) else {
        session.say_at(&shown, old.clone(), number, |at| {
            e0803_out_of_date::line_out_of_date(&shown, spec, &command, asked.line, at)
        });
        return Ok(String::new());
    };
    let place = format!("{shown}:{}", asked.line);
    if session.format() == Format::Json {
        let object = object(&shown, &asked, &found, fresh, &made.sources);
        return Ok(format!("{object}\n"));
    }
    let note = if fresh { String::new() } else { format!("  of a file that is out of date; this line is not: `{command}`\n") };
    Ok(told(&place, &note, &found, &made, session))
}

/// The root of the repository of a workflow: that of its file, also where it is not the one that the command stands in.
fn root(file: &Path) -> PathBuf {
    Target::new(file).root
}

/// For people.
fn told(place: &str, note: &str, line: &Line, made: &Compilation, session: &Session) -> String {
    let terminal = &session.terminal;
    let mut out = format!("{}\n", terminal.bold(format!("{place} {}", line.path).trim_end()));
    out.push_str(note);
    if !line.text.is_empty() {
        out.extend(["\n    ", &terminal.code(line.text.trim_start()), "\n\n"]);
    }
    let reasons = line.home.reasons.iter().map(|reason| match reason.pass {
        Some(pass) => format!("{pass}: {}", reason.text),
        None => reason.text.clone(),
    });
    let reasons = reasons.collect::<Vec<_>>().join("\n");
    let fact = if reasons.is_empty() { "written in the spec" } else { &reasons };
    out + &excerpt(fact, &line.home.places, &made.sources, &terminal.excerpts())
}

/// For machines: `file`, `line`, `column` (or null), `text`, `path`, `fresh` (whether the file is what its spec compiles to), `reasons` with `pass` (or null)
/// and `text`, and `places` as in messages.
fn object(shown: &str, asked: &Asked<'_>, line: &Line, fresh: bool, sources: &Sources) -> Value {
    let reasons: Vec<Value> =
        line.home.reasons.iter().map(|reason| json!({ "pass": reason.pass, "text": reason.text })).collect();
    let places: Vec<Value> = line.home.places.iter().filter_map(|label| placed(label, sources)).collect();
    json!({
        "file": shown, "line": asked.line, "column": asked.column, "text": line.text, "path": line.path, "fresh": fresh,
        "reasons": reasons, "places": places,
    })
}

fn placed(label: &Label, sources: &Sources) -> Option<Value> {
    let source = sources.find(label.span)?;
    let ((line, column), (end_line, end_column)) = (source.line_column(label.span.start), source.line_column(label.span.end));
    Some(json!({
        "file": source.name(), "line": line, "column": column, "end_line": end_line, "end_column": end_column, "text": label.text,
    }))
}
