//! The run-time expressions of scripts: which variable could have the value of each, and what would stand in its place.

use std::collections::HashMap;
use std::ops::Range;

use super::{Job, Map, Matrix, Pipeline, Runner, Step, StepKind, Value, ValueKind};
use crate::expr::fold::is_boolean;
use crate::expr::text::{Piece, split};
use crate::expr::{Expr, ExprKind};
use crate::shell::posix::{self, Edit, Hole};
use crate::shell::python;
use crate::text::Text;

/// An expression in a script.
#[derive(Debug)]
pub(crate) struct Found {
    /// Where it stands in the script.
    pub(crate) range: Range<usize>,
    /// What it asks for.
    pub(crate) expr: Expr,
    /// The variable that has its value, and whether it is a new one.
    pub(crate) variable: (String, bool),
    /// What takes its place; none where the value of a variable would not be the same.
    pub(crate) edit: Option<Edit>,
}

/// Variables that GitHub itself sets in every step, and no step can change, with the property of `github` or `runner` that they are.
/// Those that are paths are left out: in a container they are others. (GitHub's documentation, "Variables reference".)
const OWN: [&str; 20] = [
    "github.actor",
    "github.actor_id",
    "github.api_url",
    "github.base_ref",
    "github.event_name",
    "github.graphql_url",
    "github.head_ref",
    "github.job",
    "github.ref",
    "github.ref_name",
    "github.ref_type",
    "github.repository",
    "github.repository_owner",
    "github.run_attempt",
    "github.run_id",
    "github.run_number",
    "github.server_url",
    "github.sha",
    "github.triggering_actor",
    "github.workflow",
];

/// The shell of a step's script, as far as it is known.
pub(crate) fn shell<'a>(pipeline: &'a Pipeline, job: &'a Job, step: &'a Step) -> Option<&'a str> {
    let written = step.shell.as_ref().or(job.shell.as_ref()).or(pipeline.defaults.shell.as_ref()).map(Text::as_str);
    written.or_else(|| (job.container.is_some() || runs_bash(pipeline, job)).then_some("bash"))
}

/// Whether the machines of a job have bash for a script that names no shell. All but Windows have.
fn runs_bash(pipeline: &Pipeline, job: &Job) -> bool {
    let mut runners = std::iter::once(job.runner.as_ref()).chain(job.written_rows().1.iter().map(|row| row.job.runner.as_ref()));
    runners.all(|runner| match runner.or(job.runner.as_ref()).or(pipeline.defaults.runner.as_ref()) {
        None | Some(Runner::Auto(_)) => true,
        Some(Runner::Label(label)) => {
            let named = pipeline.runners.get(label.as_str()).map(|named| named.label.spelled());
            let label = named.as_deref().unwrap_or(label).to_ascii_lowercase();
            match axis_of(&label).and_then(|axis| values(job, axis)) {
                Some(values) => values.iter().all(|label| is_unix(&label.to_ascii_lowercase())),
                None => is_unix(&label),
            }
        }
        Some(Runner::Data(value)) => is_unix(&value.spelled().to_ascii_lowercase()),
    })
}

/// Whether a label names a system with bash. Of others, and of expressions, it is not known.
fn is_unix(label: &str) -> bool {
    ["ubuntu", "linux", "macos"].iter().any(|system| label.contains(system))
        && !label.contains("windows")
        && !label.contains("${{")
}

/// `${{ matrix.AXIS }}`, and nothing else.
fn axis_of(label: &str) -> Option<&str> {
    label.strip_prefix("${{ matrix.").and_then(|rest| rest.strip_suffix(" }}"))
}

/// The values of an axis, where all are written.
fn values(job: &Job, axis: &str) -> Option<Vec<String>> {
    match job.matrix.as_ref()? {
        Matrix::Axes { axes, include, .. } => {
            let added = |value: &Value| match &value.kind {
                ValueKind::Map(map) => map.get(axis).map(Value::spelled),
                _ => None,
            };
            let ValueKind::List(items) = &axes.get(axis)?.kind else { return None };
            Some(items.iter().map(Value::spelled).chain(include.iter().filter_map(added)).collect())
        }
        Matrix::Rows { axis: name, rows, .. } => (name == axis).then(|| rows.iter().map(|row| row.value.spelled()).collect()),
        Matrix::Expr(_) => None,
    }
}

/// The expressions of a step's script, in order.
pub(crate) fn expressions(pipeline: &Pipeline, job: &Job, step: &Step) -> Vec<Found> {
    let StepKind::Run(script) = &step.kind else { return Vec::new() };
    if !script.contains("${{") {
        return Vec::new();
    }
    let shell = shell(pipeline, job, step);
    let mut names = Names { job, step, script, pipeline, given: HashMap::new() };
    let mut found: Vec<Found> = Vec::new();
    for piece in split(script).value {
        let Piece::Hole { span, expr: Some(expr) } = piece else { continue };
        let variable = names.of(&expr);
        found.push(Found { range: span.start as usize..span.end as usize, expr, variable, edit: None });
    }
    let holes: Vec<Hole> = found
        .iter()
        .map(|it| Hole { range: it.range.clone(), variable: it.variable.0.clone(), is_plain: is_plain(pipeline, job, &it.expr) })
        .collect();
    let edits = match shell.map(|shell| shell.split([' ', '\t']).next().unwrap_or_default()) {
        Some("bash" | "sh") => posix::edits(script, &holes),
        Some("python") => python::edits(script, &holes),
        _ => Vec::new(),
    };
    for (found, edit) in found.iter_mut().zip(edits) {
        found.edit = edit;
    }
    found
}

/// Whether every value is known to be a plain word or several: `true` and `false`, numbers, and axes whose values are written.
fn is_plain(pipeline: &Pipeline, job: &Job, expr: &Expr) -> bool {
    let plain = |char: char| char.is_ascii_alphanumeric() || "_-./:@%+ ".contains(char);
    let path = expr.as_path().unwrap_or_default();
    match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["matrix", axis] => values(job, axis).is_some_and(|values| values.iter().all(|value| value.chars().all(plain))),
        ["inputs", name] => {
            let all = pipeline.triggers.iter().flat_map(|trigger| &trigger.inputs);
            let mut types =
                all.filter(|(input, _)| input.eq_ignore_ascii_case(name)).map(|(_, input)| input.of_type.as_str()).peekable();
            types.peek().is_some() && types.all(|of_type| matches!(of_type, "boolean" | "number"))
        }
        _ => is_boolean(expr),
    }
}

/// Gives names to the variables of one step.
struct Names<'a> {
    pipeline: &'a Pipeline,
    job: &'a Job,
    step: &'a Step,
    script: &'a str,
    given: HashMap<String, String>,
}

impl Names<'_> {
    fn of(&mut self, expr: &Expr) -> (String, bool) {
        let spelled = expr.to_string();
        let path = expr.as_path().filter(|_| !matches!(expr.kind, ExprKind::Star(_)));
        let dotted = path.as_ref().map(|path| path.join(".").to_lowercase()).unwrap_or_default();
        if OWN.contains(&dotted.as_str()) {
            return (dotted.replace('.', "_").to_uppercase(), false);
        }
        // In a shell case counts.
        let named = spelled.split_once('.').filter(|(context, name)| context.eq_ignore_ascii_case("env") && is_name(name));
        if let Some((_, name)) = named.filter(|(_, name)| !self.assigns(name)) {
            return (name.to_owned(), false);
        }
        // What the step has already for that very expression.
        let hole = format!("${{{{ {spelled} }}}}");
        if let Some((name, _)) =
            self.step.env.iter().find(|(name, value)| value.spelled() == hole && is_name(name) && !self.assigns(name))
        {
            return (name.clone(), false);
        }
        if let Some(known) = self.given.get(&spelled) {
            return (known.clone(), true);
        }
        let words = path.filter(|path| path.len() > 1).map_or_else(
            || "VALUE".to_owned(),
            |path| {
                // GitHub keeps names that begin with `GITHUB_` and `RUNNER_` for itself, and what is behind it may be `PATH`.
                match path[0].to_ascii_lowercase().as_str() {
                    "github" if path[1].eq_ignore_ascii_case("event") => path[1..].join("_"),
                    "github" | "runner" => format!("RUN_{}", path[1..].join("_")),
                    _ => path.join("_"),
                }
            },
        );
        let name: String =
            words.to_uppercase().chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '_' }).collect();
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !self.is_taken(name)).unwrap_or(name);
        self.given.insert(spelled, free.clone());
        (free, true)
    }

    /// Whether a variable of that name means something else, here or to a command of the script.
    fn is_taken(&self, name: &str) -> bool {
        let has = |map: &Map| map.keys().any(|key| key.eq_ignore_ascii_case(name));
        has(&self.step.env)
            || has(&self.job.env)
            || has(&self.pipeline.defaults.env)
            || self.given.values().any(|given| given == name)
            || self.script.contains(name)
            || name.starts_with(|first: char| first.is_ascii_digit())
    }

    /// Whether the script gives the variable a value of its own.
    fn assigns(&self, name: &str) -> bool {
        self.script.contains(&format!("{name}=")) || self.script.contains(&format!("read {name}"))
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
}
