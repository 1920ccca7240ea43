//! Values that others choose, strangers above all, in scripts where they are code.

use crate::catalog::code_inputs;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0736_text_as_code::text_as_code;
use crate::diagnostics::codes::r0743_may_be_read_again::may_be_read_again;
use crate::diagnostics::codes::w0707_script_injection::{script_injection, script_of_a_file};
use crate::expr::Expr;
use crate::expr::text::{has_hole, holes};
use crate::hir::scripts::{Found, expressions, new_name, rereads};
use crate::hir::strangers::{flowing, is_set_by_strangers};
use crate::hir::{Job, Local, Map, Matrix, Pipeline, StepKind, Trigger, Value, ValueKind};
use crate::map::IndexMap;
use crate::source::Span;

/// Looks at the scripts of all jobs. What hardening moves out of them is safe there; where it is off, expressions stay, and only strangers are a danger.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let hardened = !pipeline.optimize.is_off("harden");
    for job in pipeline.jobs.values() {
        if let Some(call) = &job.call {
            let scope = Scope { pipeline, job, envs: &[&job.env, &pipeline.defaults.env] };
            diags.extend(in_files(scope, &call.workflow, &call.with).into_iter().map(|diag| call.origin.explain(diag)));
        }
        for step in job.each_step() {
            let scope = Scope { pipeline, job, envs: &[&step.env, &job.env, &pipeline.defaults.env] };
            if let StepKind::Uses { action, with, .. } = &step.kind {
                let found = in_inputs(scope, action, with).into_iter().chain(in_files(scope, action, with));
                diags.extend(found.map(|diag| step.origin.explain(diag)));
            }
            let StepKind::Run(script) = &step.kind else { continue };
            let mut told: IndexMap<String, (Option<String>, String, Vec<Span>)> = IndexMap::default();
            let all = expressions(pipeline, job, step, None);
            let line = |at: usize| script[..at].matches('\n').count();
            let is_of_strangers = |it: &&Found| scope.setter(&it.expr) == Setter::Strangers;
            // Lines that are told of as they are.
            let known: Vec<usize> =
                all.iter().filter(|it| it.edit.is_none()).filter(is_of_strangers).map(|it| line(it.range.start)).collect();
            // Out of the script, and perhaps into another by what the script does.
            let mut moved = all.iter().filter(|it| it.edit.is_some()).filter(is_of_strangers);
            if let Some(Found { expr, variable: (name, _), .. }) = moved.next().filter(|_| hardened)
                && let Some(place) = rereads(pipeline, job, step, &all).filter(|place| !known.contains(&line(place.start)))
            {
                let said = may_be_read_again(&expr.to_string(), name, &script[place.clone()], script.source(place));
                diags.push(step.origin.explain(said));
            }
            for Found { range, expr, variable: (name, is_new), asked, edit } in all {
                if hardened && edit.is_some() {
                    continue;
                }
                let (spelled, at) = (expr.to_string(), script.source(range));
                let new = is_new.then_some(name.as_str());
                match scope.setter(&expr) {
                    Setter::Strangers => diags.push(step.origin.explain(script_injection(&spelled, new, &asked, at))),
                    Setter::Insiders if hardened => {
                        told.entry(spelled).or_insert_with(|| (is_new.then_some(name), asked, Vec::new())).2.push(at);
                    }
                    _ => {}
                }
            }
            // One message for all places of one expression.
            for (spelled, (new, asked, places)) in &told {
                diags.push(step.origin.explain(text_as_code(spelled, new.as_deref(), asked, places)));
            }
        }
    }
}

/// What strangers choose in inputs that are code: no variable takes its place there, as only the author knows whether the code has variables of the step.
fn in_inputs(scope: Scope<'_>, action: &str, with: &Map) -> Vec<Diag> {
    let inputs = with.iter().filter(|(input, _)| code_inputs::variable(action, input, "").is_some());
    let told = inputs.flat_map(|(input, value)| {
        let found = holes(&value.spelled()).into_iter().map(|(_, expr)| expr);
        found
            .filter(|expr| scope.setter(expr) == Setter::Strangers)
            .map(|expr| {
                let name = new_name(&expr);
                let asked = code_inputs::variable(action, input, &name).unwrap_or_default();
                script_injection(&expr.to_string(), Some(&name), &asked, value.origin.span)
            })
            .collect::<Vec<_>>()
    });
    told.collect()
}

/// What strangers choose in inputs of an action or a workflow of the repository whose own scripts have these in them.
fn in_files(scope: Scope<'_>, uses: &str, with: &Map) -> Vec<Diag> {
    let Some(interface) = scope.pipeline.locals.get(uses).and_then(Local::interface) else { return Vec::new() };
    let is_code = |input: &str| interface.code.iter().any(|code| code.eq_ignore_ascii_case(input));
    let given = with.iter().filter(|(input, _)| is_code(input));
    let told = given.filter_map(|(input, value)| {
        let (_, expr) = holes(&value.spelled()).into_iter().find(|(_, expr)| scope.setter(expr) == Setter::Strangers)?;
        Some(script_of_a_file(&expr.to_string(), uses, input, value.origin.span))
    });
    told.collect()
}

/// Who sets what a value says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Setter {
    /// It is in the spec, a secret, or of a form that is no code: a number, a commit, the name of a machine.
    Nobody,
    /// Whoever starts a run, names a branch, sets a variable, or wrote the step that it comes from.
    Insiders,
    /// Strangers.
    Strangers,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
struct Scope<'a> {
    pipeline: &'a Pipeline,
    job: &'a Job,
    /// The variables that it may ask for, the nearest first.
    envs: &'a [&'a Map],
}

impl Scope<'_> {
    fn setter(self, expr: &Expr) -> Setter {
        flowing(expr).iter().map(|path| self.of_path(path)).max().unwrap_or(Setter::Nobody)
    }

    fn of_path(self, path: &[String]) -> Setter {
        let some = |is_free: bool| if is_free { Setter::Insiders } else { Setter::Nobody };
        match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            _ if is_set_by_strangers(path) => Setter::Strangers,
            ["inputs", name] | ["github", "event", "inputs", name] => some(self.is_free_input(name)),
            ["github", "ref" | "ref_name" | "base_ref" | "workflow_ref"]
            | ["inputs" | "vars", ..]
            | ["env"]
            // Whoever calls GitHub's interface says these, whatever they are called.
            | ["github", "event", "client_payload", ..]
            | ["github", "event", "deployment", "payload", ..] => Setter::Insiders,
            ["github", "event", "action"] => some(self.may_be_any_action()),
            ["github", "event", .., last] => some(!OF_A_FORM.contains(&last)),
            // An output may be called so as well.
            ["steps", _, "outcome" | "conclusion"] | ["needs", _, "result"] => Setter::Nobody,
            ["steps" | "needs", ..] => Setter::Insiders,
            ["matrix", ..] => some(!self.has_written_matrix()),
            ["env", name] => self.of_variable(name),
            _ => Setter::Nobody,
        }
    }

    /// Whether who starts a run chooses what its event calls itself: `repository_dispatch` has it from there, unless the spec says which.
    fn may_be_any_action(self) -> bool {
        let any = |trigger: &Trigger| trigger.event == "repository_dispatch" && !trigger.filters.contains_key("types");
        self.pipeline.triggers.iter().any(any)
    }

    /// Whether an input may be any text.
    fn is_free_input(self, name: &str) -> bool {
        let all = self.pipeline.triggers.iter().flat_map(|trigger| &trigger.inputs);
        let mut own = all.filter(|(input, _)| input.eq_ignore_ascii_case(name)).peekable();
        own.peek().is_none() || own.any(|(_, input)| input.of_type == "string")
    }

    /// Whether all values of the matrix are in the spec.
    fn has_written_matrix(self) -> bool {
        match &self.job.matrix {
            Some(Matrix::Axes { axes, include, .. }) => axes.values().chain(include).all(is_written),
            Some(Matrix::Rows { rows, .. }) => rows.iter().all(|row| is_written(&row.value)),
            Some(Matrix::Expr(_)) => false,
            None => true,
        }
    }

    /// A variable that the spec does not set comes from a step, or from the machine.
    fn of_variable(self, name: &str) -> Setter {
        let set =
            |env: &Map| env.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| holes(&value.spelled()));
        let found = self.envs.iter().enumerate().find_map(|(at, env)| Some((at, set(env)?)));
        found.map_or(Setter::Insiders, |(at, holes)| {
            // Its value sees the variables that are farther away.
            let scope = Scope { envs: &self.envs[at + 1..], ..self };
            holes.iter().map(|(_, expr)| scope.setter(expr)).max().unwrap_or(Setter::Nobody)
        })
    }
}

/// The last names of what an event tells that can be no code: numbers, commits, logins, and what GitHub or the spec says.
const OF_A_FORM: [&str; 10] = ["action", "after", "before", "full_name", "head_sha", "id", "login", "number", "schedule", "sha"];

/// Whether no part of a value is known only when it runs.
fn is_written(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Text(text) => !has_hole(text),
        ValueKind::List(items) => items.iter().all(is_written),
        ValueKind::Map(map) => map.values().all(is_written),
        _ => true,
    }
}
