//! Limits are met where a plan meets them, and by none whose jobs are ended for it.

use pipelay::facts::Facts;

use crate::compile::{compiled, said};

/// Of two limits, what keeps to one may be far from what keeps to both.
#[test]
fn two_limits_are_met_by_what_meets_both() {
    let spec = |limits: &str, shards: &str| {
        format!(
            "on push\noptimize {limits}\njob a {{\n  checkout off\n  takes 20m\n  shards {shards}\n  run ./a $SHARD $SHARDS\n}}\n"
        )
    };
    for limits in ["{ deadline 8m; budget $0.15 }", "{ deadline 7m; budget $0.15 }", "time { deadline 8m; budget $0.15 }"] {
        for shards in ["auto", "auto { max 5 }"] {
            let made = compiled("ci.pipe", &spec(limits, shards));
            assert_eq!(said(&made), [""; 0], "{limits} {shards}");
        }
    }
    let none = pipelay::compile(
        &pipelay::Spec { path: "ci.pipe".into(), text: spec("{ deadline 3m; budget $0.15 }", "auto") },
        &Facts::default(),
    );
    assert!(none.diags.iter().any(|diag| diag.code.id == "E0405"));
    // What costs too much is not made cheaper by shards.
    let dear = pipelay::compile(
        &pipelay::Spec {
            path: "ci.pipe".into(),
            text: "on push\noptimize { budget $0.01 }\njob a { takes 10m; run ./a }\n".into(),
        },
        &Facts::default(),
    );
    let told = format!("{:?}", dear.diags);
    assert!(told.contains("less work") && !told.contains("`shards auto`"), "{told}");
}

/// What was measured in shards of another number is more work for each of fewer: no job is ended while it does that.
#[test]
fn who_has_more_to_do_has_more_time() {
    let spec = |objective: &str, shards: &str| {
        format!(
            "on push\noptimize {objective} {{ gate off }}\njob e2e {{\n  takes 16m\n  shards {shards}\n  run ./test $SHARD $SHARDS\n}}\n"
        )
    };
    let eight: Vec<String> = (1..=8)
        .map(|shard| {
            let steps = r#"{ "Run ./test $SHARD $SHARDS": { "runs": 10, "p50": 500, "p90": 500 } }"#;
            format!(r#""e2e[{shard}/8]": {{ "ubuntu-latest": {{ "runs": 10, "steps": {steps} }} }}"#)
        })
        .collect();
    let head = r#""version": 1, "newest": "2026-11-12T23:46:40Z", "runs": 10, "last_run": 20"#;
    let profile = format!(r#"{{ {head}, "jobs": {{ {} }} }}"#, eight.join(", "));
    for (objective, shards, count) in [("balanced", "8", 8), ("balanced", "2", 2), ("cost", "1", 1)] {
        let facts = Facts { profile: Some(profile.clone()), ..Facts::default() };
        let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text: spec(objective, shards) }, &facts);
        let yaml = made.yaml.as_ref().unwrap_or_else(|| panic!("{:#?}", said(&made)));
        let minutes: u64 = yaml.split("timeout-minutes: ").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
        assert!(minutes * 60 >= 3 * 8 * 500 / count, "{objective} {shards}: {minutes} minutes");
    }
}

/// A few runs of long ago on another machine, or in another number of shards, say less than many of now.
#[test]
fn faded_evidence_does_not_overrule_what_is_used_now() {
    let compiled = |spec: &str, jobs: &str| {
        let profile =
            format!(r#"{{ "version": 1, "newest": "2026-11-12T23:46:40Z", "runs": 49, "last_run": 60, "jobs": {{ {jobs} }} }}"#);
        let facts = Facts { profile: Some(profile), ..Facts::default() };
        let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text: spec.to_owned() }, &facts);
        made.yaml.clone().unwrap_or_else(|| panic!("{:#?}", said(&made)))
    };
    let step = |name: &str, runs: f64, p50: u32| {
        format!(r#"{{ "runs": {runs}, "steps": {{ "{name}": {{ "runs": {runs}, "p50": {p50}, "p90": {p50} }} }} }}"#)
    };
    let lint = |label: &str, runs: f64| format!(r#""{label}": {}"#, step("Run npx eslint src", runs, 60));
    let spec = "on push\noptimize cost { gate off }\njob lint { runner auto; run npx eslint src }\n";
    let both = format!(r#""lint": {{ {}, {} }}"#, lint("ubuntu-latest", 0.2), lint("ubuntu-slim", 32.0));
    assert!(compiled(spec, &both).contains("ubuntu-slim"));
    let run = "Run npx playwright test --shard=$SHARD/$SHARDS";
    let shards: Vec<String> =
        (1..=8).map(|shard| format!(r#""e2e[{shard}/8]": {{ "ubuntu-latest": {} }}"#, step(run, 23.0, 170))).collect();
    let whole = format!(r#""e2e": {{ "ubuntu-latest": {} }}"#, step(run, 2.4, 960));
    let spec = "on push\noptimize time { gate off }\njob e2e { shards auto; run npx playwright test --shard=$SHARD/$SHARDS }\n";
    let yaml = compiled(spec, &format!("{whole}, {}", shards.join(", ")));
    assert!(yaml.contains("SHARDS: 8\n"), "{yaml}");
}

/// Where GitHub ends jobs after 15 minutes, what takes longer in one run of twelve is no accident.
#[test]
fn what_would_be_ended_now_and_then_is_no_accident() {
    let is_slim = |seen: &str| {
        let times = format!(r#"{{ "runs": 49, "p50": 305, "p90": 305, "seen": {{ {seen} }} }}"#);
        let jobs =
            format!(r#"{{ "lint": {{ "ubuntu-latest": {{ "runs": 49, "steps": {{ "Run npm run lint": {times} }} }} }} }}"#);
        let profile =
            format!(r#"{{ "version": 1, "newest": "2026-11-12T23:46:40Z", "runs": 49, "last_run": 60, "jobs": {jobs} }}"#);
        let facts = Facts { profile: Some(profile), ..Facts::default() };
        let text = "on push\noptimize cost\njob lint { runner auto { slim: on }; run npm run lint }\n".to_owned();
        let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text }, &facts);
        made.yaml.as_ref().unwrap_or_else(|| panic!("{:#?}", said(&made))).contains("ubuntu-slim")
    };
    assert!(is_slim(r#""305": 45, "605": 4"#));
    assert!(!is_slim(r#""305": 45, "1205": 4"#));
}

/// What is ended for taking too long in one shard is not, in as many as it takes; and the plan says so.
#[test]
fn what_would_be_ended_comes_in_more_shards() {
    let spec = |objective: &str| {
        format!(
            "on push\noptimize {objective}\njob e2e {{\n  shards auto\n  step {{ timeout 10m; takes 16m; run ./e2e $SHARD $SHARDS }}\n}}\n"
        )
    };
    for objective in ["cost", "balanced", "time"] {
        let made = compiled("ci.pipe", &spec(objective));
        let old = pipelay::cost::estimate(&pipelay::cost::model(&made.written, &made.profile, VISIBILITY));
        let new = pipelay::cost::estimate(&pipelay::cost::model(&made.plan, &made.profile, VISIBILITY));
        assert!(old.late > 0.9 && new.late < 0.1, "{objective} {} {}", old.late, new.late);
    }
    let made = compiled("ci.pipe", &spec("cost"));
    let why = made.ledger.decisions.iter().find(|decision| decision.what.starts_with("splits")).unwrap();
    assert!(why.why.starts_with("as it was, 9") && why.why.contains("% of runs are ended"), "{}", why.why);
}

const VISIBILITY: pipelay::cost::machine::Visibility = pipelay::cost::machine::Visibility::Private;

/// What differs by event in shards brings a gate, which counts against the limits of each.
#[test]
fn the_gate_of_several_plans_counts() {
    let spec = |deadline: &str| {
        format!(
            "on push to main\non pull_request\noptimize by github.event_name {{\n  pull_request time {{ deadline {deadline} }}\n  push cost\n}}\n\
             job lint {{ takes 1m; run ./lint }}\njob e2e {{\n  takes 16m\n  shards auto {{ max 4 }}\n  run ./e2e $SHARD $SHARDS\n}}\n"
        )
    };
    let codes = |deadline: &str| {
        let spec = pipelay::Spec { path: "ci.pipe".into(), text: spec(deadline) };
        let made = pipelay::compile(&spec, &Facts::default());
        made.diags.iter().map(|diag| (diag.code.id, format!("{diag:?}"))).collect::<Vec<_>>()
    };
    assert_eq!(codes("6m").iter().map(|(code, _)| *code).collect::<Vec<_>>(), [""; 0]);
    let over = codes("5m30s");
    assert!(over.iter().any(|(code, _)| *code == "E0405"), "{over:?}");
}

/// Where neither limit is met, what is told instead of them is kept by one plan, and what most of that is is no more than all of it.
#[test]
fn one_plan_keeps_to_what_is_told_instead_of_two_limits() {
    let told = |limits: &str| {
        let text = format!(
            "on push\noptimize time {{ {limits} }}\njob e2e {{\n  checkout off\n  takes 16m\n  shards auto {{ max 4 }}\n  run ./e2e $SHARD $SHARDS\n}}\n"
        );
        let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text }, &Facts::default());
        let limits = made.diags.into_iter().filter(|diag| diag.code.id == "E0405");
        limits.map(|diag| format!("{}: {:?} {:?}", diag.message, diag.labels, diag.help)).collect::<Vec<_>>()
    };
    let both = told("deadline 3m; budget $0.01");
    assert_eq!(both.len(), 2, "{both:?}");
    let instead = both[0].split_once("write `").and_then(|(_, rest)| rest.split_once('`')).unwrap().0;
    assert!(instead.starts_with("deadline ") && instead.contains("; budget $"), "{both:?}");
    assert!(both[1].contains(instead), "{both:?}");
    assert_eq!(told(instead), [""; 0]);
    assert!(told("deadline 3m")[0].contains("write `deadline ") && !told("deadline 3m")[0].contains("; budget"));
}

/// Of two limits each of which a plan keeps to, neither is told to be kept by none.
#[test]
fn two_limits_that_no_plan_keeps_together_are_told_together() {
    let told = |limits: &str| {
        let text = format!(
            "on push\noptimize time {{ {limits} }}\njob e2e {{\n  checkout off\n  takes 16m\n  shards auto {{ max 4 }}\n  run ./e2e $SHARD $SHARDS\n}}\n"
        );
        let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text }, &Facts::default());
        made.diags
            .into_iter()
            .filter(|diag| diag.code.id == "E0405")
            .map(|diag| (diag.message, diag.help.unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!((told("deadline 5m30s"), told("budget $0.11")), (Vec::new(), Vec::new()), "each alone is kept");
    let both = told("deadline 5m30s; budget $0.11");
    let [(message, help)] = both.as_slice() else { panic!("{both:?}") };
    assert!(
        message.starts_with("no plan keeps to both `deadline 5m30s` and `budget $0.11`: within the first, the nearest costs $"),
        "{message}"
    );
    let told_instead =
        |kind: &str| format!("{kind} {}", help.split_once(&format!("`{kind} ")).unwrap().1.split_once('`').unwrap().0);
    let (budget, deadline) = (told_instead("budget"), told_instead("deadline"));
    assert_eq!(told(&format!("deadline 5m30s; {budget}")), [], "{help}");
    assert_eq!(told(&format!("{deadline}; budget $0.11")), [], "{help}");
    // What no plan keeps to is told alone.
    let one = told("deadline 5m30s; budget $0.01");
    assert!(one.len() == 1 && one[0].0.starts_with("no plan keeps to `budget $0.01`"), "{one:?}");
}

/// No number of shards is chosen for the rows of a matrix: one that is written is a way out.
#[test]
fn rows_of_a_matrix_may_be_split_by_a_number() {
    let help = |shards: &str| {
        let text = format!(
            "on push\noptimize {{ deadline 5m }}\njob a {{\n  matrix x: 1, 2\n{shards}  takes 20m\n  run ./a ${{{{ matrix.x }}}} $SHARD $SHARDS\n}}\n"
        );
        let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text }, &Facts::default());
        made.diags.into_iter().find(|diag| diag.code.id == "E0405").and_then(|diag| diag.help).unwrap_or_default()
    };
    assert!(help("  shards auto\n").contains("`shards 3`"), "{}", help("  shards auto\n"));
    assert!(!help("  shards 2\n").contains("`shards 3`"), "{}", help("  shards 2\n"));
    assert_eq!(help("  shards 8\n"), "");
}
