//! What only the author can do: said where it is so, and nowhere else.

use std::sync::Arc;

use pipelay::cost::event::Event;
use pipelay::cost::machine::{Visibility, visibility};
use pipelay::cost::report::report;
use pipelay::cost::suggest::suggestions;
use pipelay::cost::{Evidence, Failures, Job, Leg, Machine, Model, On, Part, PartKind, Spread, estimate, model};
use pipelay::facts::Facts;
use pipelay::plan::Role;

use crate::compile::compiled;

/// What is said of the jobs of a spec.
fn said(jobs: &str) -> Vec<String> {
    let made = compiled("ci.pipe", &format!("on push\noptimize {{ place off; gate off }}\n{jobs}"));
    let model = model(&made.plan, &made.profile, Visibility::Private);
    suggestions(&made.plan, &model, &estimate(&model)).into_iter().map(|it| format!("{}: {}", it.job, it.fact)).collect()
}

fn job(name: &str, takes: &str, more: &str) -> String {
    format!("job {name} {{ {more}; takes {takes}; run make {name} }}\n")
}

#[test]
fn what_starts_together_should_end_together() {
    let jobs = |long: &str| {
        [job("unit", "5m", "checkout off"), job("browser", long, "checkout off"), job("last", "1m", "needs unit, browser")]
            .concat()
    };
    assert_eq!(said(&jobs("12m")), ["browser: `browser` takes 12m 20s, and `unit`, which starts with it, 5m 20s"]);
    assert_eq!(said(&jobs("8m")), [""; 0], "less than twice as long");
    // What may not run beside itself, has an environment, gives something to others, or has shards that were not worth it.
    for (more, command) in [
        ("locks staging", "make browser"),
        ("environment staging", "make browser"),
        ("checkout on", "npm publish"),
        ("shards auto", "make browser PART=$SHARD/$SHARDS"),
        ("outputs { a: b }", "make browser"),
        ("writes dist/", "make browser"),
    ] {
        let long = format!("job browser {{ {more}; takes 12m; run {command} }}\n");
        let all = [job("unit", "5m", "checkout off"), long, job("last", "1m", "needs unit, browser")].concat();
        assert_eq!(said(&all), [""; 0], "{all}");
    }
    // Who asks for the least cost asks for no more machines.
    let made = compiled("ci.pipe", &format!("on push\noptimize cost {{ place off; gate off }}\n{}", jobs("12m")));
    let model = model(&made.plan, &made.profile, Visibility::Private);
    assert_eq!(suggestions(&made.plan, &model, &estimate(&model)), []);
}

/// What is in no run together starts not together, and what publishes is not there to be left out.
#[test]
fn what_cannot_be_is_not_suggested() {
    let spec = "on push to main\non schedule \"0 3 * * *\"\noptimize { gate off }\njob nightly { takes 40m; when event('schedule'); run make x }\n\
                job unit { takes 2m; when !event('schedule'); run make y }\n";
    let all = reported(spec, None);
    assert!(!all.iter().any(|it| it.contains("which starts with it")), "{all:#?}");
    assert!(all.iter().any(|it| it.contains("no run has all jobs")), "{all:#?}");
    let spec = |command: &str| {
        format!(
            "on push\noptimize {{ gate off }}\njob pub {{ takes 9m; run {command} }}\njob docs {{ takes 1m; run npm test }}\n"
        )
    };
    assert!(reported(&spec("make pub"), None).iter().any(|it| it.contains("takes 9m") || it.contains("no job waits for `pub`")));
    assert!(!reported(&spec("npm publish"), None).iter().any(|it| it.contains("no job waits for `pub`")));
}

/// What hands files over is a part of what was written as well.
#[test]
fn what_was_written_hands_over_too() {
    let spec = "on push\noptimize { place off; gate off; cache off }\njob make { takes 1m; writes data/; run make x }\njob use { takes 1m; reads data/; run make y }\n";
    let made = compiled("ci.pipe", spec);
    let report = report(&made, Visibility::Private, &Event::default());
    let [written, made] = [&report.written, &report.optimised].map(|side| side.estimate.wall.mean);
    assert!((written - made).abs() < 1e-6, "{written} and {made}");
}

/// What is said of a spec by all that is known of it.
fn reported(spec: &str, profile: Option<String>) -> Vec<String> {
    let facts = Facts { profile, tracked: Some(vec!["package-lock.json".into(), "package.json".into()]), ..Facts::default() };
    let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text: spec.into() }, &facts);
    assert!(made.yaml.is_some(), "{:#?}", crate::compile::said(&made));
    let report = report(&made, visibility(&made.plan), &Event::default());
    report.suggestions.iter().map(|it| format!("{}: {} / {}", it.job, it.fact, it.help)).collect()
}

fn profile(jobs: &str) -> String {
    let head = r#""version": 1, "newest": "2026-11-12T23:46:40Z", "runs": 20, "last_run": 20"#;
    format!(r#"{{ {head}, "jobs": {{ {jobs} }} }}"#)
}

#[test]
fn jobs_that_are_in_no_run_together_are_named() {
    let spec = |test: &str| {
        format!(
            "on push to main\non pull_request\njob test {{ {test}takes 4m; run npm test }}\n\
             job preview {{ needs test; when event('pull_request'); takes 6m; run ./preview.sh }}\n\
             job deploy {{ needs test; when event('push'); takes 6m; run ./deploy.sh }}\n"
        )
    };
    let told = "no run has all jobs, as the conditions of some exclude each other: preview, deploy / \
                `--event push` and `--event pull_request` show what a run comes to";
    assert_eq!(reported(&spec(""), None), [format!("preview: {told}")]);
    // A run by hand may have them all, as far as anybody knows.
    let by_hand = spec("").replace("on push to main", "on workflow_dispatch").replace("event('push')", "vars.DEPLOY == 'y'");
    assert_eq!(reported(&by_hand, None).iter().filter(|it| it.contains("no run has all")).count(), 0);
}

#[test]
fn times_of_other_machines_are_told() {
    let times = |label: &str| {
        let steps = r#"{ "Run make": { "runs": 20, "p50": 90, "p90": 90 } }"#;
        profile(&format!(r#""a": {{ "{label}": {{ "runs": 20, "steps": {steps} }} }}"#))
    };
    let spec = "on push\njob a { runner ubuntu-24.04-arm; run make }\n";
    let told = "a: measured on `ubuntu-latest` alone, and on `ubuntu-24.04-arm` now: a / \
                a few runs there, and `pipelay profile fetch`, tell how long they take";
    assert_eq!(reported(spec, Some(times("ubuntu-latest"))), [told]);
    assert_eq!(reported(spec, Some(times("ubuntu-24.04-arm"))), [""; 0]);
}

#[test]
fn caches_that_take_more_than_they_spare_are_told() {
    let spec = "on push to main\ntoolchain node 22\njob a: npm test\n";
    let times = |restore: u32| {
        let step = |name: &str, takes: u32| format!(r#""{name}": {{ "runs": 20, "p50": {takes}, "p90": {takes} }}"#);
        let steps = [
            step("Run actions/cache/restore", restore),
            step("Run npm ci --prefer-offline --no-audit", 8),
            step("Run npm test", 60),
        ];
        profile(&format!(r#""a": {{ "ubuntu-latest": {{ "runs": 20, "steps": {{ {} }} }} }}"#, steps.join(", ")))
    };
    let told = reported(spec, Some(times(30)));
    assert!(
        told.iter().any(|it| it.contains("take more than they spare") && it.contains("`toolchain node { cached: off }`")),
        "{told:?}"
    );
    assert_eq!(reported(spec, Some(times(1))), [""; 0]);
}

/// An install that was measured without a cache takes less with one, and as long without; and the other way round.
#[test]
fn installs_are_measured_with_caches_or_without() {
    let install = |restored: bool, cached: bool| {
        let step = |name: &str, takes: u32| format!(r#""{name}": {{ "runs": 20, "p50": {takes}, "p90": {takes} }}"#);
        let mut steps = vec![step("Run npm ci --prefer-offline --no-audit", 90), step("Run npm test", 60)];
        steps.extend(restored.then(|| step("Run actions/cache/restore", 8)));
        let profile = profile(&format!(r#""a": {{ "ubuntu-latest": {{ "runs": 20, "steps": {{ {} }} }} }}"#, steps.join(", ")));
        let off = if cached { "" } else { " { cached: off }" };
        let text = format!("on push to main\noptimize {{ place off }}\ntoolchain node 22{off}\njob a: npm test\n");
        let tracked = Some(vec!["package-lock.json".into(), "package.json".into()]);
        let facts = Facts { profile: Some(profile), tracked, ..Facts::default() };
        let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text }, &facts);
        let model = model(&made.plan, &made.profile, Visibility::Private);
        let part = model.jobs[0].legs[0].parts.iter().find(|part| part.kind == PartKind::Step(Role::Install)).unwrap();
        (part.time.mean().round(), part.evidence.is_known())
    };
    assert_eq!([install(false, false), install(true, true)], [(90.0, true); 2]);
    let (less, is_known) = install(false, true);
    assert!(less < 60.0 && !is_known, "{less}");
    let (more, is_known) = install(true, false);
    assert!(more > 120.0 && !is_known, "{more}");
}

#[test]
fn what_nobody_waits_for_should_not_decide() {
    let jobs = |docs: &str| {
        let all = [("build", "3m", "checkout off"), ("unit", "6m", "needs build"), ("docs", docs, "needs build")];
        all.map(|(name, takes, more)| job(name, takes, more)).concat()
    };
    assert_eq!(said(&jobs("11m")), ["docs: no job waits for `docs`, and the run ends 5m 00s later for it"]);
    assert_eq!(said(&jobs("7m")), [""; 0], "a minute more of eleven");
    let docs = |more: &str| {
        let all = [
            job("build", "3m", "checkout off"),
            job("unit", "6m", "needs build"),
            job("docs", "11m", &format!("needs build; {more}")),
        ];
        said(&all.concat())
    };
    assert_eq!(docs("when vars.NIGHT == 'y'"), [""; 0]);
    // Of rows it is told that they wait for each other.
    let told = "docs: of the 3 rows of `docs` 1 run at a time, which takes 34m 24s, and its longest row 11m 28s";
    assert_eq!(docs("matrix n: 1, 2, 3; max-parallel 1"), [told]);
    assert_eq!(docs("matrix n: 1, 2, 3; max-parallel 3"), [""; 0]);
    let awaited = format!("{}{}", jobs("11m"), job("last", "1m", "needs docs"));
    assert_eq!(said(&awaited), [""; 0], "what comes last is meant to");
}

#[test]
fn shards_should_work_longer_than_they_get_ready() {
    let shards = |takes: &str| format!("job unit {{ shards 6; takes {takes}; run ./test $SHARD/$SHARDS }}");
    let two = "job unit { shards 2; takes 20s; run ./test $SHARD/$SHARDS }";
    assert_eq!(said(two), ["unit: each of the 2 shards of `unit` works for 10s and gets ready for 28s"]);
    assert_eq!(said(&shards("2m")), ["unit: each of the 6 shards of `unit` works for 20s and gets ready for 28s"]);
    assert_eq!(said(&shards("6m")), [""; 0]);
    // Rows are wanted for what they are; where the number was chosen, it is the best.
    let rows = "job unit { matrix x: 1, 2, 3, 4, 5, 6; takes 20s; run ./test ${{ matrix.x }} }";
    assert_eq!(said(rows), [""; 0]);
}

/// One shard that takes most of the work keeps all others waiting.
#[test]
fn shards_should_end_together() {
    let made = compiled(
        "ci.pipe",
        "on push\noptimize { place off; gate off }\njob e2e { checkout off; shards 4; takes 20m; run ./test $SHARD/$SHARDS }\n",
    );
    let said = |factor: f64| {
        let mut model = model(&made.plan, &made.profile, Visibility::Private);
        let parts = model.jobs[0].legs[0].parts.iter_mut().filter(|part| part.kind.is_work());
        parts.for_each(|part| part.time = part.time.times(factor));
        let all = suggestions(&made.plan, &model, &estimate(&model));
        all.into_iter().map(|it| it.fact).collect::<Vec<_>>()
    };
    assert_eq!(said(1.0), [""; 0]);
    assert_eq!(said(1.5), [""; 0], "less than twice as long");
    assert_eq!(said(3.0), ["the longest of the 4 shards of `e2e` takes 15m 00s, and the others 5m 20s in the mean"]);
}

/// What the compiler chose is worth it by all that it knows: only the author's number may be too large.
#[test]
fn a_number_that_was_chosen_is_not_said_to_be_too_large() {
    let spec = |shards: &str| {
        format!(
            "on push\noptimize time\ntoolchain node 22\n\
             job e2e {{ shards {shards}; service postgres 16; takes 4m; run npx playwright test --shard=$SHARD/$SHARDS }}\n"
        )
    };
    let facts = Facts { tracked: Some(vec!["package-lock.json".into(), "package.json".into()]), ..Facts::default() };
    let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text: spec("auto") }, &facts);
    let shards = made.plan.works["e2e"].job.shards.as_ref().and_then(pipelay::hir::Shards::number).unwrap_or(1);
    assert!(shards > 4, "{:#?}", made.ledger.decisions);
    let is_told = |shards: &str| reported(&spec(shards), None).iter().any(|told| told.contains("fewer shards take less in all"));
    assert_eq!([is_told("auto"), is_told(&shards.to_string())], [false, true]);
}

#[test]
fn a_cache_should_take_less_than_it_saves() {
    let said = |restore: f64, install: f64, on: On, evidence: Evidence| {
        let part = |role, seconds, on| Part { on, ..Part::new(PartKind::Step(role), "x", Spread::fixed(seconds), evidence) };
        let machine =
            Machine { os: "linux".into(), cores: 2, price: Some(0.006), billed: 60.0, longest: 21_600.0, ..Machine::default() };
        let parts = vec![part(Role::Restore, restore, On::Always), part(Role::Install, install, on)];
        let id = "x".to_owned();
        let leg = Leg::new(id.clone(), Arc::new(machine), parts);
        let job = Job {
            id,
            needs: Vec::new(),
            legs: vec![leg],
            at_once: 1,
            priority: 0,
            members: Vec::new(),
            guards: Vec::new(),
            failures: Failures::default(),
        };
        let layers = vec![0.9];
        let model = Model { jobs: vec![job], layers, ..Model::default() };
        let plan = compiled("ci.pipe", "on push\njob x { run make }\n").plan;
        suggestions(&plan, &model, &estimate(&model)).into_iter().map(|it| it.fact).collect::<Vec<_>>()
    };
    let measured = Evidence::Measured(9.0);
    let told = "`x` restores its caches for 40s, and in the mean that saves 18s of installs";
    assert_eq!(said(40.0, 20.0, On::Miss(0), measured), [told]);
    assert_eq!(said(40.0, 20.0, On::Share(0.1), measured), [told]);
    assert_eq!(said(20.0, 40.0, On::Miss(0), measured), [""; 0], "it saves 36s, though it takes 4s in the mean");
    assert_eq!(said(40.0, 20.0, On::Always, measured), [""; 0], "it was measured with the cache");
    assert_eq!(said(40.0, 20.0, On::Miss(0), Evidence::Assumed), [""; 0], "nobody knows");
}

/// Of jobs that are known, `place` knows best; of those that are not, their author.
#[test]
fn short_jobs_could_share_a_machine_if_they_were_known() {
    let said = |settings: &str, jobs: &str| {
        let made = compiled("ci.pipe", &format!("on push\noptimize {{ gate off{settings} }}\n{jobs}"));
        let model = model(&made.plan, &made.profile, Visibility::Private);
        suggestions(&made.plan, &model, &estimate(&model)).into_iter().map(|it| it.fact).collect::<Vec<_>>()
    };
    let two = [job("a", "10s", "checkout on"), job("b", "10s", "checkout on")].concat();
    let fact = "`a`, `b` are billed as 2m 00s on machines of their own, and would be as 1m 00s on one; what `make a` leaves there, and looks at, is not known";
    assert_eq!(said("", &two), [fact]);
    assert_eq!(said("; fuse on", &two), [""; 0], "they do");
    assert_eq!(said("; fuse off", &two), [""; 0], "nobody asks");
    assert_eq!(said("", &[job("a", "10s", "isolated"), job("b", "10s", "checkout on")].concat()), [""; 0]);
    assert_eq!(said("", &[job("a", "10s", "checkout on"), job("b", "10s", "needs a")].concat()), [""; 0], "one after the other");
    let uneven = said("", &[job("a", "5m", "checkout on"), job("b", "10s", "checkout on")].concat());
    assert!(!uneven.iter().any(|fact| fact.contains("not known")), "one of them is long: {uneven:?}");
}
