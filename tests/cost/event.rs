//! What an event decides of conditions.

use pipelay::cost::event::Event;
use pipelay::cost::machine::Visibility;
use pipelay::cost::model::model_on;
use pipelay::profile::Profile;

use crate::compile::compiled;

#[test]
fn an_event_decides_what_all_its_runs_have_in_common() {
    for (on, event, condition, decided) in [
        ("on push\non pull_request", "push", "event('push')", Some(true)),
        ("on push\non pull_request", "pull_request", "event('push')", Some(false)),
        ("on push\non pull_request", "push", "event('push', 'schedule') && vars.X == 'y'", None),
        ("on push\non pull_request", "pull_request", "event('push') && vars.X == 'y'", Some(false)),
        ("on push\non pull_request", "pull_request", "vars.X == 'y' && event('push')", Some(false)),
        ("on push\non pull_request", "pull_request", "!event('push')", Some(true)),
        ("on push\non pull_request", "push", "always() && event('pull_request')", Some(false)),
        ("on push\non pull_request", "push", "failure()", None),
        // Branches and tags, as far as the filters name them.
        ("on push\non pull_request", "push", "branch('main')", None),
        ("on push to main", "push", "branch('main')", Some(true)),
        ("on push to main", "push", "branch('next')", Some(false)),
        ("on push to main", "push", "tag('v*')", Some(false)),
        ("on push to main, next", "push", "branch('main')", None),
        ("on push to main, next", "push", "branch('main', 'next')", Some(true)),
        ("on push to main, next", "push", "branch('topic')", Some(false)),
        ("on push to main, release/**", "push", "branch('main')", None),
        ("on push to main, release/**", "push", "github.ref_type == 'tag'", Some(false)),
        ("on push to main { tags: [v1] }", "push", "branch('main')", None),
        ("on push to main { tags: [v1] }", "push", "tag('v1')", None),
        ("on push to main { tags: [v1] }", "push", "branch('main') || tag('v1')", Some(true)),
        ("on push { tags: [v1] }", "push", "tag('v*')", Some(true)),
        // The pull request itself.
        ("on pull_request", "pull_request", "branch('main')", Some(false)),
        ("on pull_request", "pull_request", "fork()", None),
        ("on push\non pull_request", "push", "fork()", Some(false)),
        ("on pull_request { types: [closed] }", "pull_request", "branch('main')", None),
        ("on pull_request_target", "pull_request_target", "branch('main')", None),
        ("on schedule \"0 3 * * *\"", "schedule", "github.ref_type == 'tag'", Some(false)),
        ("on push\non schedule \"0 3 * * *\"", "schedule", "github.head_ref == ''", Some(true)),
        ("on pull_request", "pull_request", "github.head_ref == ''", None),
        // What a run was not asked, it was not given.
        ("on push\non workflow_dispatch { input mode: string }", "push", "inputs.mode == ''", Some(true)),
        ("on push\non workflow_dispatch { input mode: string }", "workflow_dispatch", "inputs.mode == ''", None),
        // The event of a call is its caller's. What changed is not looked at.
        ("on workflow_call", "workflow_call", "event('push')", None),
        ("on push", "push", "changed('docs/**')", Some(true)),
    ] {
        let text = format!("{on}\noptimize {{ place off }}\njob x {{\n  when {condition}\n  run make\n}}\n");
        let made = compiled("ci.pipe", &text);
        let when = made.plan.works["x"].job.when.as_ref().unwrap_or_else(|| panic!("{text}: {:#?}", made.diags));
        let event = Event::of(&made.plan.pipeline, event).unwrap();
        assert_eq!(event.decides(&when.expr), decided, "{on}: {condition}");
    }
}

#[test]
fn what_starts_no_run_is_no_event_of_a_pipeline() {
    let made = compiled("ci.pipe", "on push\njob x: make\n");
    assert!(Event::of(&made.plan.pipeline, "pull_request").is_none());
    assert!(Event::of(&made.plan.pipeline, "").is_none());
    assert_eq!(Event::default().decides(&pipelay::expr::parse("true").value.unwrap()), None);
}

#[test]
fn a_step_whose_condition_an_event_decides_is_in_all_of_its_runs_or_in_none() {
    let text = "on push\non pull_request\noptimize { place off }\njob x {\n  step { when event('push'); run make a }\n  \
                step { when vars.B == 'b'; run make b }\n}\n";
    let made = compiled("ci.pipe", text);
    // Both were there in three of ten runs.
    let step = "{\"runs\": 3, \"skipped\": 7, \"p50\": 60, \"p90\": 60}";
    let steps = format!("{{\"Run make a\": {step}, \"Run make b\": {step}}}");
    let measured = format!(
        "{{\"version\": 1, \"newest\": \"\", \"runs\": 10, \"jobs\": {{\"x\": {{\"ubuntu-latest\": {{\"runs\": 10, \"steps\": {steps}}}}}}}}}"
    );
    let measured = Profile::read(&measured).unwrap();
    let parts = |event: &str, profile: &Profile| {
        let event = Event::of(&made.plan.pipeline, event).unwrap();
        let model = model_on(&made.plan, profile, Visibility::Private, &event);
        let work = model.jobs[0].legs[0].parts.iter().filter(|part| part.kind.is_work());
        work.map(|part| format!("{} {:.1}", part.name, model.share(part.on))).collect::<Vec<_>>()
    };
    assert_eq!(parts("push", &made.profile), ["Run make a 1.0", "Run make b 1.0"]);
    assert_eq!(parts("pull_request", &made.profile), ["Run make b 1.0"]);
    assert_eq!(parts("push", &measured), ["Run make a 1.0", "Run make b 0.3"]);
    assert_eq!(parts("pull_request", &measured), ["Run make b 0.3"]);
}
