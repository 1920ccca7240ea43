//! The gate: one job that knows every other, for branch protection to require.
//!
//! To GitHub a skipped job counts as passed, and a job behind a failed one is skipped: a rule that requires each job lets broken changes in. The gate
//! fails on failure, on cancellation, and on every skip that its own look at the conditions does not justify; whatever it does not understand fails it
//! too. (GitHub's documentation, "Troubleshooting required status checks"; actions/runner#491 on what follows skipped jobs.)

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Context, Pass};
use crate::catalog::runners;
use crate::diagnostics::codes::r0760_gate_behind_filter::gate_behind_filter;
use crate::diagnostics::codes::w0704_gate_cannot_judge::gate_cannot_judge;
use crate::expr::fold::{Known, fold_condition};
use crate::expr::{CompareOp, Expr, ExprKind, functions, macros};
use crate::hir::lower::bare_step;
use crate::hir::{Checkout, Condition, Job, Origin, Permissions, Runner, Step, StepKind, Switch, Value, ValueKind};
use crate::plan::{Derived, Edge, EdgeKind, Plan, Role, Work, free, text};
use crate::source::Span;
use crate::text::Text;

pub(super) static PASS: Pass = Pass {
    name: "gate",
    summary: "adds the one check to require, where a job may be skipped",
    required: false,
    asked: |plan| plan.pipeline.gate.is_some(),
    run,
};

/// GitHub reads a text with expressions as one expression, of 21,000 characters at most.
const MAX_TEXT: usize = 12_000;

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    let conditional = plan.works.values().find_map(|work| condition(&work.job).map(|when| (&work.job.id, when)));
    if plan.pipeline.gate.is_some() && !plan.pipeline.triggers.is_empty() && events(plan).all(is_never_required) {
        context.ledger.note(PASS.name, None, "leaves out the gate", "no run of these events has a check that can be required");
        return;
    }
    let origin = match (&plan.pipeline.gate, conditional) {
        (Some(gate), _) => gate.origin.clone(),
        (None, Some((_, when))) if reports_on_commits(plan) => Origin { span: when.origin.span, frame: None },
        (None, None) if reports_on_commits(plan) && placed(plan).is_some() => {
            Origin { span: placed(plan).map(|work| work.job.origin.span).unwrap_or_default(), frame: None }
        }
        _ => return,
    };
    let mut lines = Vec::new();
    let judged = Judged::of(plan);
    for (job, needs) in plan.works.values().map(|work| &work.job).zip(plan.needs()) {
        if judged.except.contains(job.id.as_str()) {
            continue;
        }
        let id = &job.id;
        match judged.skippable(job, &needs) {
            // What is known needs no expression.
            Ok(Some(skippable)) if skippable.kind == ExprKind::Bool(true) => {
                lines.push(format!("{id} ${{{{ needs.{id}.result }}}} true"));
            }
            Ok(Some(skippable)) => lines.push(format!("{id} ${{{{ needs.{id}.result }}}} ${{{{ {skippable} }}}}")),
            Ok(None) => lines.push(format!("{id} ${{{{ needs.{id}.result }}}}")),
            Err(Unclear) => {
                lines.push(format!("{id} ${{{{ needs.{id}.result }}}}"));
                if let Some(when) = &job.when {
                    context.diags.push(when.origin.explain(gate_cannot_judge(id, when.text.span())));
                }
            }
        }
    }
    let idle: Vec<String> = events(plan).filter(|event| judged.has_nothing_to_say(plan, event)).map(str::to_owned).collect();
    let needs = judged.known(plan);
    let why = match (&plan.pipeline.gate, conditional) {
        (None, None) => placed(plan).map_or_else(|| "the spec asks for it".to_owned(), renamed),
        (Some(_), _) => "the spec asks for it".to_owned(),
        (None, Some((id, _))) => format!("`{id}` may be skipped, which counts as passed"),
    };
    // Nor what a job was called that shares its machine: who looks for it must not find the gate.
    let is_member = |id: &str| plan.works.values().flat_map(|work| &work.members).any(|member| member.id == id);
    let id = free("gate".to_owned(), |id| plan.works.contains_key(id) || is_member(id));
    for from in needs {
        plan.edges.push(Edge { from, to: id.clone(), kind: EdgeKind::Order, origin: origin.span });
    }
    let title = plan.pipeline.gate.as_ref().map(|gate| gate.name.as_str().to_owned());
    // Who asks for it means to require it.
    if let (Some(name), Some((filter, at))) = (&title, plan.pipeline.leaves_out_pull_requests()) {
        context.diags.push(origin.explain(gate_behind_filter(name, filter, at)));
    }
    context.ledger.gate = Some(title.unwrap_or_else(|| id.clone()));
    plan.add(work(plan, &id, &lines, &idle, &origin));
    context.ledger.note(PASS.name, Some(&id), "adds the one check to require in branch protection", why);
    if !idle.is_empty() {
        let what =
            format!("skips it in runs of {}", idle.iter().map(|event| format!("`{event}`")).collect::<Vec<_>>().join(", "));
        let why = "their checks are never required, and no job that others start runs there";
        context.ledger.note(PASS.name, Some(&id), what, why);
    }
}

/// A job that several became, or a part of one: their checks have another name. Nor do those of a job that has another number of shards in each run.
fn placed(plan: &Plan) -> Option<&Work> {
    plan.works.values().find(|work| !work.members.is_empty() || differs(work))
}

fn differs(work: &Work) -> bool {
    work.differences.values().any(|difference| difference.shards.is_some())
}

/// What became of the checks of such a job.
fn renamed(work: &Work) -> String {
    match work.members.as_slice() {
        [] => format!("`{}` has more shards in some runs than in others, and a check for each", work.job.id),
        [whole] => format!("`{}` is a part of `{}`, whose check is gone", work.job.id, whole.id),
        _ => format!("`{}` is several jobs of the spec, whose checks are gone", work.job.id),
    }
}

/// Events whose runs are of the default branch's last commit, or of a release, and there for something else than that commit: branch protection waits for none
/// of their checks. A run that somebody starts by hand is of the branch that it is started on, and those of reviews are of the pull request. (GitHub's
/// documentation, "Events that trigger workflows".)
const NEVER_REQUIRED: [&str; 22] = [
    "branch_protection_rule",
    "check_run",
    "check_suite",
    "delete",
    "discussion",
    "discussion_comment",
    "fork",
    "gollum",
    "image_version",
    "issue_comment",
    "issues",
    "label",
    "milestone",
    "page_build",
    "public",
    "registry_package",
    "release",
    "repository_dispatch",
    "schedule",
    "status",
    "watch",
    "workflow_run",
];

fn is_never_required(event: &str) -> bool {
    NEVER_REQUIRED.contains(&event)
}

/// What starts runs.
fn events(plan: &Plan) -> impl Iterator<Item = &str> {
    plan.pipeline.triggers.iter().map(|trigger| trigger.event.as_str())
}

/// Whether runs are of commits that branch protection asks about. Those of schedules, releases and tags are not, nor those that other workflows call.
fn reports_on_commits(plan: &Plan) -> bool {
    plan.pipeline.triggers.iter().any(|trigger| match trigger.event.as_str() {
        "pull_request" | "pull_request_target" | "merge_group" => true,
        "push" => !trigger.filters.contains_key("tags") || trigger.filters.contains_key("branches"),
        _ => false,
    })
}

/// The condition of a job, where it does not always hold.
fn condition(job: &Job) -> Option<&Condition> {
    let holds = |when: &Condition| macros::in_github_words(when.expr.clone()).kind == ExprKind::Bool(true);
    job.when.as_ref().filter(|when| !holds(when))
}

/// Its condition cannot be asked from elsewhere.
struct Unclear;

/// What the gate knows of the jobs.
struct Judged<'a> {
    /// Jobs that it does not look at.
    except: BTreeSet<&'a str>,
    /// For each job, those whose skip or failure makes it skip: of those that come right before it, and through those that run whatever came before.
    before: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Jobs that may be skipped.
    skippable: BTreeSet<&'a str>,
}

impl<'a> Judged<'a> {
    fn of(plan: &'a Plan) -> Self {
        let except = plan.pipeline.gate.iter().flat_map(|gate| &gate.except).map(|(name, _)| name.as_str()).collect();
        let mut judged = Self { except, before: BTreeMap::new(), skippable: BTreeSet::new() };
        for (job, needs) in plan.works.values().map(|work| &work.job).zip(plan.needs()) {
            let mut before = BTreeSet::new();
            for need in needs {
                if judged.skippable.contains(need) || judged.except.contains(need) {
                    before.insert(need);
                }
                if plan.works.get(need).and_then(|work| work.job.when.as_ref()).is_some_and(|when| when.expr.asks_status()) {
                    before.extend(judged.before.get(need).into_iter().flatten());
                }
            }
            if condition(job).is_some() || !before.is_empty() {
                judged.skippable.insert(&job.id);
            }
            judged.before.insert(&job.id, before);
        }
        judged
    }

    /// Whether it can stay away from runs of an event: their checks are never required, and it would judge none of the jobs that run elsewhere. It judges those
    /// that do, as to GitHub a skipped gate has passed: what failed in a push must not pass by a comment, where both are of one commit.
    fn has_nothing_to_say(&self, plan: &Plan, event: &str) -> bool {
        let runs = |job: &Job, event: &str| job.when.as_ref().is_none_or(|when| when.may_hold_in(Some(event)));
        let elsewhere = |job: &Job| events(plan).any(|other| !is_never_required(other) && runs(job, other));
        let jobs = plan.works.values().map(|work| &work.job).filter(|job| !self.except.contains(job.id.as_str()));
        !plan.pipeline.is_called() && is_never_required(event) && jobs.into_iter().all(|job| !runs(job, event) || !elsewhere(job))
    }

    /// The jobs whose results it asks for: those that it judges, and those that they look at.
    fn known(&self, plan: &Plan) -> Vec<String> {
        let asked: BTreeSet<&str> =
            self.before.iter().filter(|(id, _)| !self.except.contains(*id)).flat_map(|(_, it)| it).copied().collect();
        plan.works.keys().filter(|id| !self.except.contains(id.as_str()) || asked.contains(id.as_str())).cloned().collect()
    }

    /// When a job is rightly skipped; none where it never is. What fails the gate in any case need not be asked for.
    fn skippable(&self, job: &Job, needs: &[&str]) -> Result<Option<Expr>, Unclear> {
        let before = self.before.get(job.id.as_str());
        let span = job.when.as_ref().map_or_else(Span::default, |when| when.text.span());
        let result = |id: &str, op: CompareOp, wanted: &str| {
            Expr::compare(op, Expr::path(["needs", id, "result"], span), Expr::string(wanted, span))
        };
        let succeeded = Expr::and(before.into_iter().flatten().map(|id| result(id, CompareOp::Eq, "success")).collect());
        // A failure of any other fails the gate.
        let excepted = before.into_iter().flatten().filter(|id| self.except.contains(*id));
        let failed = Expr::or(excepted.map(|id| result(id, CompareOp::Eq, "failure")).collect());
        let runs = match job.when.as_ref().map(|when| macros::in_github_words(when.expr.clone())) {
            None => succeeded,
            Some(expr) => {
                let asks_status = expr.asks_status();
                let own = expr.rewrite(&mut |expr| match &expr.kind {
                    ExprKind::Call(name, _) if functions::is_status(name) => match name.to_lowercase().as_str() {
                        "success" => succeeded.clone(),
                        "failure" => failed.clone(),
                        // A run that was cancelled fails the gate: what it skipped was not to be skipped.
                        name => Expr::bool(name == "always", expr.span),
                    },
                    ExprKind::Property(base, name) if name.eq_ignore_ascii_case("result") && is_all_needs(base) => {
                        all_results(needs, expr.span)
                    }
                    _ => expr,
                });
                if own.paths().iter().any(|path| path.len() == 1 && path[0] == "needs") {
                    return Err(Unclear);
                }
                if asks_status { own } else { Expr::and(vec![succeeded, own]) }
            }
        };
        let skipped = fold_condition(runs.negated(), &Known::new());
        Ok((skipped.kind != ExprKind::Bool(false)).then_some(skipped))
    }
}

/// `needs.*`
fn is_all_needs(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Star(base) if base.as_path().is_some_and(|path| path == ["needs"]))
}

/// What `needs.*.result` is in a job with these needs; the gate has others.
fn all_results(needs: &[&str], span: Span) -> Expr {
    let numbered: Vec<String> = (0..needs.len()).map(|number| format!("\"{{{number}}}\"")).collect();
    let mut arguments = vec![Expr::string(format!("[{}]", numbered.join(", ")), span)];
    arguments.extend(needs.iter().map(|id| Expr::path(["needs", id, "result"], span)));
    let list = if needs.is_empty() { Expr::string("[]", span) } else { Expr::call("format", arguments, span) };
    Expr::call("fromJSON", vec![list], span)
}

fn work(plan: &Plan, id: &str, lines: &[String], idle: &[String], origin: &Origin) -> Work {
    let verbatim = |text: &str| Text::verbatim(text, origin.span);
    let defaults = &plan.pipeline.defaults;
    // A machine of the organisation's own may be all that there is; else the smallest will do.
    let is_own = |runner: &&Runner| match runner {
        Runner::Label(label) => runners::hosted(label.as_str()).is_none(),
        Runner::Data(_) => true,
        Runner::Auto(_) => false,
    };
    let own = defaults.runner.as_ref().filter(is_own);
    let runner = own.cloned().unwrap_or_else(|| Runner::Label(verbatim(runners::SLIM)));
    let always = Expr::call("always", Vec::new(), origin.span);
    let event = || Expr::path(["github", "event_name"], origin.span);
    let others = idle.iter().map(|name| Expr::compare(CompareOp::Ne, event(), Expr::string(name.clone(), origin.span)));
    let when = Expr::and(std::iter::once(always).chain(others).collect());
    let minutes = Value { kind: ValueKind::Number("5".to_owned()), origin: origin.clone() };
    let job = Job {
        id: id.to_owned(),
        title: plan.pipeline.gate.as_ref().map(|gate| gate.name.clone()),
        origin: origin.clone(),
        when: Some(Condition::derived(when, origin.clone())),
        runner: Some(runner),
        permissions: Some(Permissions::None),
        timeout: Switch::Written(minutes),
        checkout: Checkout::Off,
        ..Job::default()
    };
    let mut step = judge(lines, origin);
    // Of one's own it is not known which shell it has for what says none.
    let has_another = defaults.shell.as_ref().is_some_and(|shell| shell.as_str() != "bash");
    step.shell = (has_another || own.is_some()).then(|| verbatim("bash"));
    let why = Some("To GitHub a skipped job has passed: here it must have been right to skip it.".to_owned());
    Work { job: Arc::new(job), epilogue: vec![Derived { role: Role::Judge, step, why }], ..Work::default() }
}

/// The step that fails unless each job passed, or was skipped and the third word of its line is `true`.
fn judge(lines: &[String], origin: &Origin) -> Step {
    let mut texts: Vec<String> = Vec::new();
    for line in lines {
        match texts.last_mut() {
            Some(text) if text.len() + line.len() < MAX_TEXT => text.extend(["\n", line]),
            _ => texts.push(line.clone()),
        }
    }
    let names: Vec<String> =
        (1..=texts.len()).map(|number| if number == 1 { "RESULTS".to_owned() } else { format!("RESULTS_{number}") }).collect();
    let all = names.iter().map(|name| format!("\"${name}\"")).collect::<Vec<_>>().join("$'\\n'");
    let script = format!(
        "status=0\n\
         while read -r job result skippable; do\n  \
           case \"$result $skippable\" in\n    \
             'success '*) ;;\n    \
             'skipped true') echo \"$job was skipped, as its condition says\" ;;\n    \
             *) echo \"::error::$job: $result\" && status=1 ;;\n  \
           esac\n\
         done <<< {all}\n\
         exit \"$status\"\n"
    );
    let step = bare_step(StepKind::Run(Text::verbatim(script, origin.span)), origin.clone());
    Step {
        title: Some(Text::verbatim("Judge the results", origin.span)),
        env: names.into_iter().zip(texts).map(|(name, value)| (name, text(value, origin))).collect(),
        ..step
    }
}
