//! Bounds: a newer push to a pull request cancels the run of the older one, and nothing else is ever cancelled.

use super::{Context, Pass, never};
use crate::hir::{Concurrency, Origin, Switch, ValueKind};
use crate::plan::{Plan, text};

pub(super) static PASS: Pass =
    Pass { name: "bound", summary: "cancels superseded runs of pull requests", required: false, asked: never, run };

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    let pull_request = |event: &str| matches!(event, "pull_request" | "pull_request_target");
    let Some(trigger) = plan.pipeline.triggers.iter().find(|trigger| pull_request(&trigger.event)) else { return };
    // A called workflow would share the group of its caller.
    let called = plan.pipeline.triggers.iter().any(|trigger| trigger.event == "workflow_call");
    if called || !matches!(plan.concurrency, Switch::Derived) {
        return;
    }
    let origin = Origin { span: trigger.origin.span, frame: None };
    // Other events of a pull request carry its number too, and no run of theirs is superseded by a push.
    let others =
        plan.pipeline.triggers.iter().any(|other| other.event != trigger.event && other.event.starts_with("pull_request"));
    let is_it = format!("github.event_name == '{}'", trigger.event);
    // A label that is set supersedes nothing: only these change what is tested.
    let pushes = ["opened", "reopened", "synchronize"];
    let other_types = match trigger.filters.get("types").map(|types| &types.kind) {
        Some(ValueKind::List(types)) => types.iter().any(|each| !pushes.contains(&each.spelled().as_str())),
        Some(_) => true,
        None => false,
    };
    let changes = r#"contains(fromJSON('["opened", "reopened", "synchronize"]'), github.event.action)"#;
    let mut conditions = Vec::new();
    conditions.extend(others.then_some(is_it.as_str()));
    conditions.extend(other_types.then_some(changes));
    let only: String = conditions.iter().flat_map(|condition| [condition, " && "]).collect();
    let group = format!("${{{{ github.workflow }}}}-${{{{ {only}github.event.pull_request.number || github.run_id }}}}");
    plan.concurrency = Switch::Written(Concurrency {
        group: text(group, &origin),
        cancel: Some(text(format!("${{{{ {is_it} }}}}"), &origin)),
        queue: None,
    });
    context.ledger.note(
        PASS.name,
        None,
        "cancels the older run when a pull request is pushed to again",
        "its result is of no use any more",
    );
}
