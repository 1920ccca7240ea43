//! Steps.

use super::{Diags, dict, values};
use crate::catalog::actions::used;
use crate::diagnostics::codes::e0703_needs_target::needs_target;
use crate::expr::fold::is_boolean;
use crate::expr::macros;
use crate::hir::{Condition, Step, StepKind, Target};
use crate::plan::{Derived, Plan, Role, Work};
use crate::workflow::model::{self, List, Scalar, Steps, Uses};

/// What steps need to know of their job.
pub(super) struct Context<'a> {
    pub(super) target: &'a Target,
    /// Commands run in another directory than the root of the repository, unless they say otherwise.
    pub(super) moved: bool,
    /// Under which any step runs, which differs by row.
    pub(super) guard: Option<&'a Condition>,
    /// Commands run by a shell that the author chose, which need not take those of the library.
    pub(super) foreign_shell: bool,
}

impl<'a> Context<'a> {
    /// That of a work.
    pub(super) fn of(plan: &'a Plan, work: &'a Work) -> Self {
        let (job, file) = (&work.job, &plan.pipeline.defaults);
        let shell = job.shell.as_ref().or(file.shell.as_ref());
        Self {
            target: &plan.pipeline.target,
            moved: job.dir.is_some() || file.dir.is_some(),
            guard: work.guard.as_ref(),
            foreign_shell: shell.is_some_and(|shell| shell.as_str() != "bash"),
        }
    }
}

/// What a step that the compiler added becomes. Its commands run at the root of the repository, wherever the job's run, and in a shell that
/// takes them.
pub(super) fn derived(derived: &Derived, context: &Context<'_>, diags: Diags<'_>) -> Vec<model::Step> {
    let mut steps = lower(&derived.step, context, diags);
    // Files of a shard are named from where the job's commands run.
    let is_own = derived.role != Role::Split;
    for step in steps.iter_mut().filter(|step| is_own && step.run.is_some()) {
        if context.moved && step.working_directory.is_none() {
            step.working_directory = Some("${{ github.workspace }}".into());
        }
        // Those of the library are for bash; all others say which shell they need.
        let of_library = matches!(derived.role, Role::Setup | Role::Install);
        if of_library && context.foreign_shell && step.shell.is_none() {
            step.shell = Some("bash".into());
        }
    }
    if let (Some(first), Some(why)) = (steps.first_mut(), &derived.why) {
        first.comments.push(why.clone());
    }
    steps
}

/// The steps that a step becomes: one, or several where the target has no steps side by side.
pub(super) fn lower(step: &Step, context: &Context<'_>, diags: Diags<'_>) -> Vec<model::Step> {
    // GitHub takes no condition for `wait` and `cancel`; where what they name was left out, they have nothing to do.
    let Some(guard) = context.guard.filter(|_| !matches!(step.kind, StepKind::Wait(_) | StepKind::Cancel(_))) else {
        return unguarded(step, context, diags);
    };
    let guarded = Step { when: Condition::both(Some(guard.clone()), step.when.clone()), ..step.clone() };
    unguarded(&guarded, &Context { guard: None, ..*context }, diags)
}

fn unguarded(step: &Step, context: &Context<'_>, diags: Diags<'_>) -> Vec<model::Step> {
    let mut made = common(step);
    match &step.kind {
        StepKind::Run(command) => made.run = Some(values::text(command)),
        StepKind::Uses { action, with, tag } => {
            made.uses = Some(Uses { action: action.as_str().to_owned(), tag: tag.clone() });
            made.with = dict(with);
        }
        StepKind::Checkout(with) => {
            made.uses = Some(Uses { action: used::CHECKOUT.to_owned(), tag: None });
            made.with = dict(with);
        }
        StepKind::Parallel(steps) => {
            // GitHub takes no condition for the group as a whole.
            let inner =
                steps.iter().map(|inner| Step { when: Condition::both(step.when.clone(), inner.when.clone()), ..inner.clone() });
            let inner: Vec<_> = inner.flat_map(|step| lower(&step, context, diags)).collect();
            made.condition = None;
            if !context.target.parallel_steps {
                // May run side by side: one after the other is no less right.
                return inner;
            }
            made.parallel = Some(Steps(inner));
        }
        StepKind::Wait(ids) if ids.is_empty() => made.wait_all = Some(Scalar::Null),
        StepKind::Wait(ids) => made.wait = Some(List::of(ids.iter().map(crate::text::Text::as_str))),
        StepKind::Cancel(ids) => {
            let mut all: Vec<model::Step> =
                ids.iter().map(|id| model::Step { cancel: Some(values::text(id)), ..made.clone() }).collect();
            refuse(step, "cancel", context, diags);
            if all.is_empty() {
                all.push(made);
            }
            return all;
        }
    }
    if matches!(step.kind, StepKind::Wait(_)) {
        refuse(step, "wait", context, diags);
    }
    if step.background {
        refuse(step, "background", context, diags);
        made.background = Some(Scalar::Bool(true));
    }
    vec![made]
}

fn refuse(step: &Step, word: &str, context: &Context<'_>, diags: Diags<'_>) {
    if !context.target.parallel_steps {
        diags.push(step.origin.explain(needs_target(word, step.origin.span)));
    }
}

fn common(step: &Step) -> model::Step {
    model::Step {
        origin: Some(step.origin.span),
        name: step.title.as_ref().map(values::text),
        id: step.id.as_ref().map(|(id, _)| Scalar::Str(id.clone())),
        condition: step.when.as_ref().and_then(values::condition),
        env: dict(&step.env),
        shell: step.shell.as_ref().map(values::text),
        working_directory: step.dir.as_ref().map(values::text),
        timeout_minutes: step.timeout.as_deref().map(values::minutes),
        continue_on_error: step.may_fail.as_deref().map(|when| when.as_ref().map_or(Scalar::Bool(true), expression)),
        extra: values::raw(&step.raw),
        ..model::Step::default()
    }
}

/// A condition where GitHub wants `true` or `false`, and takes nothing else: what may be neither gets an end that is.
pub(super) fn expression(when: &Condition) -> Scalar {
    let expr = macros::in_github_words(when.expr.clone());
    // Who writes `${{ }}` says what GitHub is to be given.
    if when.text.starts_with("${{") && expr == when.expr {
        return Scalar::Str(when.text.as_str().to_owned());
    }
    let end = if is_boolean(&expr) { "" } else { " || false" };
    Scalar::Str(format!("${{{{ {expr}{end} }}}}"))
}
