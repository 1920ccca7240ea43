//! The run-time expressions of scripts: which variable could have the value of each, and what would stand in its place.

use std::collections::HashMap;
use std::ops::Range;

use super::machines::{Labels, machines, runners, system, values};
use super::spelled::signs;
use super::strangers::{is_of_strangers, is_of_strangers_by};
use super::{Job, Map, Pipeline, Runner, Step, StepKind, Value};
use crate::catalog::events;
use crate::expr::fold::is_boolean;
use crate::expr::text::holes;
use crate::expr::{Expr, ExprKind};
use crate::shell::called::called;
use crate::shell::{Edit, Hole, posix, powershell, python};
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
    /// How the script asks for that variable, as it is said.
    pub(crate) asked: String,
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
fn shell<'a>(pipeline: &'a Pipeline, job: &'a Job, step: &'a Step) -> Option<&'a str> {
    let written = step.shell.as_ref().or(job.shell.as_ref()).or(pipeline.defaults.shell.as_ref()).map(Text::as_str);
    written.or_else(|| if job.container.is_some() { Some("bash") } else { usual_shell(pipeline, job) })
}

/// What the machines of a job have for a script that names no shell: Windows has `PowerShell`, all others have bash. Of labels that name no system, and of
/// machines of both kinds, it is not known.
fn usual_shell(pipeline: &Pipeline, job: &Job) -> Option<&'static str> {
    let of_machine = |labels: &Labels| system(labels).map(|system| if system == "Windows" { "pwsh" } else { "bash" });
    // Without a runner it is GitHub's usual one; where rows have their own, that is of those without.
    let of_runner = |runner: Option<&Runner>| match runner.map(|runner| machines(pipeline, job, runner)) {
        None => vec![Some("bash")],
        Some(machines) => machines.iter().map(of_machine).collect(),
    };
    let mut all = runners(pipeline, job).flat_map(of_runner);
    let first = all.next().unwrap_or(Some("bash"))?;
    all.all(|shell| shell == Some(first)).then_some(first)
}

/// Where a script has something in it that may read a text as code, on a way that is not followed; one of PowerShell, where a stranger's text names a program.
pub(crate) fn rereads(pipeline: &Pipeline, job: &Job, step: &Step, found: &[Found]) -> Option<Range<usize>> {
    let StepKind::Run(script) = &step.kind else { return None };
    let places = |found: &mut dyn Iterator<Item = &Found>| found.map(|it| it.range.clone()).collect::<Vec<Range<usize>>>();
    match shell_of(pipeline, job, step)? {
        "bash" | "sh" => posix::rereads(script, &places(&mut found.iter())),
        "pwsh" | "powershell" => called(script, &places(&mut found.iter().filter(|it| is_of_strangers(&it.expr)))),
        _ => None,
    }
}

/// Whether bash or sh reads a step's script.
pub(crate) fn is_posix(pipeline: &Pipeline, job: &Job, step: &Step) -> bool {
    matches!(shell_of(pipeline, job, step), Some("bash" | "sh"))
}

/// The program that reads a step's script, as far as it is known.
pub(crate) fn shell_of<'a>(pipeline: &'a Pipeline, job: &'a Job, step: &'a Step) -> Option<&'a str> {
    program(shell(pipeline, job, step))
}

/// The name of a shell without its folder and its arguments.
fn program(shell: Option<&str>) -> Option<&str> {
    Some(shell?.split([' ', '\t']).next()?.rsplit('/').next().unwrap_or_default())
}

/// The expressions of a step's script, in order, as its shell reads it, or the one that is given.
pub(crate) fn expressions(pipeline: &Pipeline, job: &Job, step: &Step, given: Option<&str>) -> Vec<Found> {
    let StepKind::Run(script) = &step.kind else { return Vec::new() };
    let shell = given.map_or_else(|| shell_of(pipeline, job, step), |given| program(Some(given)));
    let is_powershell = matches!(shell, Some("pwsh" | "powershell"));
    let mut names = Names { job, step, script, pipeline, is_powershell, given: HashMap::new() };
    let mut found: Vec<Found> = Vec::new();
    for (span, expr) in holes(script) {
        let variable = names.of(&expr);
        let asked = asked(shell, &variable.0);
        found.push(Found { range: span.start as usize..span.end as usize, expr, variable, asked, edit: None });
    }
    if found.is_empty() {
        return found;
    }
    let envs = [&step.env, &job.env, &pipeline.defaults.env];
    let places: Vec<Hole> = found
        .iter()
        .map(|it| {
            let known = Known::of(pipeline, job, &it.expr);
            Hole {
                range: it.range.clone(),
                variable: it.variable.0.clone(),
                is_plain: known != Known::Nothing,
                is_word: known == Known::Word || is_of_strangers_by(&it.expr, &envs) || is_told_as_a_word(pipeline, &it.expr),
                // A value of strangers is better off in a variable, whatever is written beside it.
                signs: if is_of_strangers(&it.expr) { String::new() } else { signs(pipeline, job, step, &it.expr) },
            }
        })
        .collect();
    let edits = match shell {
        Some("bash" | "sh") => posix::edits(script, &places),
        // There a text is written anew as a whole.
        Some("pwsh" | "powershell" | "python") if places.iter().any(|place| place.signs.contains(['"', '\'', '$', '`'])) => {
            Vec::new()
        }
        Some("pwsh") => powershell::edits(script, &places, false),
        Some("powershell") => powershell::edits(script, &places, true),
        Some("python") => python::edits(script, &places),
        _ => Vec::new(),
    };
    for (found, edit) in found.iter_mut().zip(edits) {
        found.edit = edit;
    }
    if matches!(shell, Some("bash" | "sh")) && found.iter().any(|it| it.edit.is_none()) {
        for at in posix::verbatim(script, &places) {
            let (name, _) = &found[at].variable;
            found[at].asked = format!(
                "nothing is expanded behind a quoted `<<`, so that code there asks its environment (`\"${name}\"` in a shell, `os.environ[\"{name}\"]` in Python), and text \
                 has `${name}` behind a `<<` without quotes"
            );
        }
    }
    found
}

/// How code asks for a variable of the environment.
fn asked(shell: Option<&str>, name: &str) -> String {
    match shell {
        Some("pwsh" | "powershell") => format!("`\"$env:{name}\"`"),
        // What stands between percent signs is code in it as well.
        Some("cmd") => format!("`\"$env:{name}\"` under `shell pwsh`"),
        Some("python" | "python3") => format!("`os.environ[\"{name}\"]`"),
        Some("node" | "bun") => format!("`process.env.{name}`"),
        Some("perl") => format!("`$ENV{{{name}}}`"),
        Some("ruby") => format!("`ENV[\"{name}\"]`"),
        Some("nu") => format!("`$env.{name}`"),
        Some("bash" | "sh") => {
            format!(
                "`\"${name}\"` where a value stands; in code of another shell `\"$1\"`, as in `bash -c '… \"$1\"' sh \"${name}\"`, and of another program as that has it (`os.environ[\"{name}\"]`)"
            )
        }
        Some("dash" | "fish" | "ksh" | "zsh") => format!("`\"${name}\"`"),
        Some(other) => format!("as `{other}` asks its environment for `{name}`"),
        None => format!("`\"${name}\"` under `shell bash`"),
    }
}

/// What a variable with the value of an expression is called.
pub(crate) fn new_name(expr: &Expr) -> String {
    let path = expr.as_path().filter(|_| !matches!(expr.kind, ExprKind::Star(_))).filter(|path| path.len() > 1);
    let words = path.map_or_else(
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
    words.to_uppercase().chars().map(|char| if char.is_ascii_alphanumeric() { char } else { '_' }).collect()
}

/// Whether whatever starts a run says this in one word, and never leaves it empty.
fn is_told_as_a_word(pipeline: &Pipeline, expr: &Expr) -> bool {
    let Some(path) = expr.as_path().map(|path| path.join(".").to_lowercase()) else { return false };
    let mut triggers = pipeline.triggers.iter().peekable();
    triggers.peek().is_some() && triggers.all(|trigger| events::tells_a_word(&trigger.event, &path))
}

/// What is known of the values of an expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Nothing,
    /// Plain words.
    Words,
    /// One plain word.
    Word,
}

impl Known {
    /// `true` and `false`, numbers, names of GitHub's, and axes whose values are written.
    fn of(pipeline: &Pipeline, job: &Job, expr: &Expr) -> Self {
        let path = expr.as_path().unwrap_or_default();
        let is_word = match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["matrix", axis] => return values(job, axis).map_or(Self::Nothing, |values| Self::of_values(&values)),
            ["inputs", name] => {
                let all = pipeline.triggers.iter().flat_map(|trigger| &trigger.inputs);
                let own = all.filter(|(input, _)| input.eq_ignore_ascii_case(name)).map(|(_, input)| input.of_type.as_str());
                let own: Vec<&str> = own.collect();
                let is_plain = !own.is_empty() && own.iter().all(|of_type| matches!(*of_type, "boolean" | "number"));
                // Where it was not given, it is empty.
                return if is_plain { Self::Words } else { Self::Nothing };
            }
            ["runner", "os" | "arch"]
            | ["strategy", "job-index" | "job-total"]
            | ["github", "repository_id" | "repository_owner_id" | "retention_days"] => true,
            // Those may be empty, or of several words.
            ["github", "base_ref" | "head_ref" | "workflow"] => false,
            ["github", name] => OWN.contains(&format!("github.{name}").as_str()),
            _ => is_boolean(expr),
        };
        if is_word { Self::Word } else { Self::Nothing }
    }

    fn of_values(values: &[&Value]) -> Self {
        let values: Vec<String> = values.iter().map(|value| value.spelled()).collect();
        let plain = |char: char| char.is_ascii_alphanumeric() || "_-./:@%+ ".contains(char);
        if !values.iter().all(|value| value.chars().all(plain)) {
            Self::Nothing
        } else if values.iter().any(|value| value.is_empty() || value.contains(' ')) {
            Self::Words
        } else {
            Self::Word
        }
    }
}

/// Gives names to the variables of one step.
struct Names<'a> {
    pipeline: &'a Pipeline,
    job: &'a Job,
    step: &'a Step,
    script: &'a str,
    is_powershell: bool,
    given: HashMap<String, String>,
}

impl Names<'_> {
    fn of(&mut self, expr: &Expr) -> (String, bool) {
        let spelled = expr.to_string();
        let path = expr.as_path().filter(|_| !matches!(expr.kind, ExprKind::Star(_)));
        let dotted = path.as_ref().map(|path| path.join(".").to_lowercase()).unwrap_or_default();
        let own = dotted.replace('.', "_").to_uppercase();
        if OWN.contains(&dotted.as_str()) && !self.assigns(&own) {
            return (own, false);
        }
        // In a shell case counts.
        let named = spelled.split_once('.').filter(|(context, name)| context.eq_ignore_ascii_case("env") && is_name(name));
        if let Some((_, name)) = named.filter(|(_, name)| self.sets(name) && !self.assigns(name)) {
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
        let name = new_name(expr);
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
            || self.mentions(name)
            || name.starts_with(|first: char| first.is_ascii_digit())
    }

    /// Whether the spec sets a variable of that name, or a step of the job may: one that only the machine has is empty to `${{ env }}`.
    fn sets(&self, name: &str) -> bool {
        let has = |map: &Map| map.contains_key(name);
        let writes =
            |step: &Step| matches!(&step.kind, StepKind::Run(script) if script.contains("GITHUB_ENV") && script.contains(name));
        has(&self.step.env) || has(&self.job.env) || has(&self.pipeline.defaults.env) || self.job.each_step().any(writes)
    }

    /// Whether the script has the name in it. PowerShell does not look at case, nor do variables of Windows.
    fn mentions(&self, name: &str) -> bool {
        self.script.contains(name) || self.is_powershell && self.script.to_ascii_uppercase().contains(&name.to_ascii_uppercase())
    }

    /// Whether the script may give the variable a value of its own: where it has its name for anything but to read it (`read`, `unset`, `printf -v`, `((`, …).
    fn assigns(&self, name: &str) -> bool {
        if self.is_powershell {
            let script = self.script.to_ascii_lowercase();
            let name = name.to_ascii_lowercase();
            let places = ["", "\\", "/"].map(|between| format!("env:{between}{name}"));
            return places.iter().any(|place| script.contains(place)) || script.contains("setenvironmentvariable");
        }
        let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
        self.script.match_indices(name).any(|(at, _)| {
            let (before, behind) = (&self.script[..at], &self.script[at + name.len()..]);
            let is_whole = !before.ends_with(is_word) && !behind.starts_with(is_word);
            let is_given = before.ends_with("${") && (behind.starts_with('=') || behind.starts_with(":="));
            let is_in_hole = before.rfind("${{") > before.rfind("}}");
            is_whole && !is_in_hole && (is_given || !before.ends_with('$') && !before.ends_with("${"))
        })
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
}
