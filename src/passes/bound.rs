//! Bounds: a newer push to a pull request cancels the run of the older one, and nothing else is ever cancelled.

use super::{Context, Pass};
use crate::hir::{Concurrency, Origin, Switch};
use crate::plan::{Plan, text};

pub(super) static PASS: Pass = Pass { name: "bound", summary: "cancels superseded runs of pull requests", required: false, run };

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
    let only = if others { format!("{is_it} && ") } else { String::new() };
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
