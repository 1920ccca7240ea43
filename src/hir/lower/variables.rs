//! `${name}` in a command, where `name` is a name of compile time and no variable: the shell fills in nothing.

use super::Lowering;
use crate::diagnostics::codes::w0217_variable_like_a_name::variable_like_a_name;
use crate::hir::expand::Scope;
use crate::hir::{Job, Origin, Pipeline, Step, StepKind};
use crate::source::Span;
use crate::text::Text;

/// A variable in a command that something of compile time is called like.
pub(super) struct Suspect {
    name: String,
    /// As it is written, `$name` or `${name}`.
    written: Text,
    origin: Origin,
}

impl Lowering<'_> {
    /// Notes such variables of a command; whether anything sets them is known once all is read.
    pub(super) fn suspect_variables(&self, command: &Text, scope: &Scope) {
        for (at, _) in command.match_indices('$') {
            let rest = &command[at + 1..];
            let braced = rest.starts_with('{');
            let name = rest.strip_prefix('{').unwrap_or(rest);
            let length = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            let name = &name[..length];
            if (braced && !rest[length + 1..].starts_with('}')) || name.is_empty() || !scope.knows(name) {
                continue;
            }
            let end = at + 1 + length + if braced { 2 } else { 0 };
            let written = Text::verbatim(&command[at..end], command.source(at..end));
            let origin = scope.origin(written.span());
            self.suspects.borrow_mut().push(Suspect { name: name.to_owned(), written, origin });
        }
    }

    /// Warns of those that neither `env` nor a command of the same job sets.
    pub(super) fn unset_variables(&self, pipeline: &Pipeline) {
        for suspect in self.suspects.take() {
            let at = suspect.written.span();
            let mut jobs = pipeline.jobs.values().filter(|job| flat(&job.steps).any(|step| runs(step, at)));
            if !pipeline.defaults.env.contains_key(&suspect.name) && !jobs.any(|job| sets(job, &suspect.name)) {
                self.x.report_at(&suspect.origin, variable_like_a_name(&suspect.written, &suspect.name, at));
            }
        }
    }
}

/// The steps of a job, those side by side one by one.
fn flat(steps: &[Step]) -> impl Iterator<Item = &Step> {
    steps
        .iter()
        .flat_map(|step| if let StepKind::Parallel(inner) = &step.kind { inner.as_slice() } else { std::slice::from_ref(step) })
}

/// Whether what stands at a place is a part of the step's command.
fn runs(step: &Step, at: Span) -> bool {
    matches!(&step.kind, StepKind::Run(command) if command.span().contains(at))
}

/// Whether a job may set a variable: in an `env`, or in a command.
fn sets(job: &Job, name: &str) -> bool {
    let (_, rows) = job.written_rows();
    let mut envs = rows.iter().map(|row| &row.job.env).chain([&job.env]).chain(flat(&job.steps).map(|step| &step.env));
    envs.any(|env| env.contains_key(name))
        || flat(&job.steps).any(|step| matches!(&step.kind, StepKind::Run(command) if assigns(command, name)))
}

/// Whether a command assigns a variable: `name=`, `$name = `, `for name in`, `read name`, `printf -v name`.
fn assigns(command: &str, name: &str) -> bool {
    let part_of_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
    command.match_indices(name).any(|(at, _)| {
        let (before, after) = (&command[..at], &command[at + name.len()..]);
        let line = before.rsplit(['\n', ';', '|']).next().unwrap_or_default();
        let declares = || ["for", "read", "-v"].iter().any(|word| line.split_whitespace().any(|other| other == *word));
        let value = after.trim_start();
        match before.chars().next_back() {
            Some('$') => value.starts_with('=') && !value.starts_with("=="),
            Some(char) if part_of_name(char) || char == '{' => false,
            _ => after.starts_with(['=', '+']) || declares(),
        }
    })
}
