//! `plan` and `profile`.

use super::sandbox::Sandbox;

const SPEC: &str = "on push\n\njob unit { checkout off; takes 5m; run make unit }\n\njob lint: make lint\n";
const CI: &str = ".github/workflows/ci.pipe";
const PROFILE: &str = ".github/workflows/ci.profile.json";

/// A step that took less than nothing.
const BAD: &str = "{\"version\": 1, \"newest\": \"2026-11-20\", \"runs\": 1, \"jobs\": {\"unit\": {\"ubuntu-latest\": {\"runs\": 1, \"whole\": {\"p50\": -5, \"p90\": 1}}}}}";

fn answers(run: u32, seconds: u32) -> String {
    format!(
        "{{\"jobs\":[{{\"id\":{run},\"run_id\":{run},\"name\":\"unit\",\"conclusion\":\"success\",\"created_at\":\"2026-11-20T10:00:00Z\",\
         \"started_at\":\"2026-11-20T10:00:05Z\",\"completed_at\":\"2026-11-20T10:{:02}:{:02}Z\",\"labels\":[\"ubuntu-latest\"],\"steps\":[]}}]}}\n",
        (5 + seconds) / 60,
        (5 + seconds) % 60
    )
}

#[test]
fn a_profile_is_made_and_the_plan_rests_on_it() {
    let all: String = (1..=6).map(|run| answers(run, 120)).collect();
    let sandbox = Sandbox::repository().file(CI, SPEC).file("answers.json", all);
    sandbox
        .run(&["plan"])
        .is(0)
        .shows(&["declared by `takes`: unit", "nothing is known, and so left on machines of their own: lint"]);
    let made = sandbox.run(&["profile", "import", "answers.json"]);
    made.is(0).says(&["ci.profile.json: runs: 6"]);
    let plan = sandbox.run(&["plan"]);
    plan.is(0).shows(&["runs that were measured: 6, the newest of 2026-11-20", "2m 00s"]);
    sandbox.run(&["profile", "import", "answers.json"]).is(0).says(&["there is no run that it does not know"]);
    let json = sandbox.run(&["plan", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(json.stdout.lines().next().unwrap()).unwrap();
    let unit = &report["optimised"]["machines"][0];
    assert_eq!((unit["task"].as_str(), unit["seconds"]["p50"].as_f64()), (Some("unit"), Some(120.0)), "{}", json.stdout);
    assert_eq!(report["runs_measured"].as_f64(), Some(6.0));
}

#[test]
fn a_public_repository_pays_nothing() {
    for (line, args, free) in
        [("", &["plan"][..], false), ("", &["plan", "--public"], true), ("optimize { public on }\n", &["plan"], true)]
    {
        let sandbox = Sandbox::repository().file(CI, format!("{line}{SPEC}"));
        let json = sandbox.run(&[args, &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_str(json.is(0).stdout.lines().next().unwrap()).unwrap();
        let paid = report["optimised"]["dollars"]["mean"].as_f64().unwrap();
        assert_eq!(paid == 0.0, free, "{line}{args:?}: {paid}");
    }
}

#[test]
fn a_profile_that_is_none_is_told() {
    for (text, told) in [
        ("{", "EOF"),
        ("{\"version\": 9, \"newest\": \"\", \"runs\": 1, \"jobs\": {}}", "version 9"),
        ("[]", "invalid"),
        (BAD, "cannot be"),
    ] {
        let sandbox = Sandbox::repository().file(CI, SPEC).file(PROFILE, text);
        sandbox.run(&["compile"]).is(1).says(&["E0346", told]);
        sandbox.run(&["plan"]).is(1).says(&["E0346"]);
    }
    let sandbox = Sandbox::repository().file(CI, SPEC).file("x.json", "{\"message\": \"Not Found\"}");
    sandbox.run(&["profile", "import", "x.json"]).is(2).says(&["no answer of GitHub's", "GitHub refused to answer: Not Found"]);
    let sandbox = sandbox.file(".github/workflows/other.pipe", SPEC).file("answers.json", answers(1, 10));
    sandbox.run(&["profile", "import", "answers.json"]).is(2).says(&["name one by `--spec`"]);
    sandbox.run(&["profile", "import", "answers.json", "--spec", CI]).is(0);
    assert!(sandbox.path(PROFILE).exists());
}
