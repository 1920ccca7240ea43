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
    sandbox.run(&["profile", "import", "answers.json"]).is(0).says(&["there is no run that is newer than those that it knows"]);
    let json = sandbox.run(&["plan", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(json.stdout.lines().next().unwrap()).unwrap();
    let unit = &report["optimised"]["machines"][0];
    assert_eq!((unit["task"].as_str(), unit["seconds"]["p50"].as_f64()), (Some("unit"), Some(120.0)), "{}", json.stdout);
    assert_eq!(report["runs_measured"].as_f64(), Some(6.0));
}

/// One run that took much longer than the few others counts for nothing, and that is told.
#[test]
fn an_accident_is_told() {
    let all: String = (1..=5).map(|run| answers(run, 120)).chain([answers(6, 1500)]).collect();
    let sandbox = Sandbox::repository().file(CI, SPEC).file("answers.json", all);
    sandbox.run(&["profile", "import", "answers.json"]).is(0);
    let told = "left out as accidents, as they took much longer than all others: unit 25m 00s";
    sandbox.run(&["plan"]).is(0).shows(&[told, "6, the newest"]);
    let json = sandbox.run(&["plan", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(json.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(report["accidents"]["unit"].as_f64(), Some(1500.0));
    assert_eq!(report["optimised"]["machines"][0]["parts"][0]["p90"].as_f64(), Some(120.0), "{}", json.stdout);
}

/// What is old counts less; how many runs there were is told all the same.
#[test]
fn runs_are_counted_however_old_they_are() {
    let on = |run: u32, day: &str| answers(run, 120).replace("2026-11-20", day);
    let old: String = (1..=8).map(|run| on(run, "2026-06-20")).collect();
    let other = on(9, "2026-11-20").replace("unit", "lint");
    let sandbox = Sandbox::repository().file(CI, SPEC).file("old.json", old).file("new.json", other);
    sandbox.run(&["profile", "import", "old.json"]).is(0);
    let known = sandbox.run(&["plan"]);
    known.is(0).shows(&["runs that were measured: 8, the newest of 2026-06-20"]);
    assert!(!known.stdout.contains("says little"), "{}", known.stdout);
    sandbox.run(&["profile", "import", "new.json"]).is(0);
    let long = "measured long before the newest run, which says little: unit";
    sandbox.run(&["plan"]).is(0).shows(&["runs that were measured: 9, the newest of 2026-11-20", long]);
    let json = sandbox.run(&["plan", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(json.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(report["optimised"]["machines"][0]["parts"][0]["evidence"]["faded"].as_f64(), Some(8.0), "{}", json.stdout);
    // It is the same whenever they are taken in.
    let made = sandbox.read(PROFILE);
    assert!(made.contains("\"counted\": 9,") && made.contains("\"counted\": 8,"), "{made}");
}

/// Runs of years ago are taken in, and told to be old.
#[test]
fn old_runs_are_told_to_be_old() {
    // The end of November 2027.
    let sandbox = || Sandbox::repository().file(CI, SPEC).env("SOURCE_DATE_EPOCH", "1827446400");
    let of = |day: &str| sandbox().file("answers.json", answers(1, 120).replace("2026-11-20", day));
    let import = ["profile", "import", "answers.json"];
    of("2026-11-20").run(&import).is(0).says(&["Old", "the newest run began on 2026-11-20, more than a year ago", "Wrote"]);
    let new = of("2026-12-20").run(&import);
    assert!(!new.is(0).stderr.contains("more than a year ago"), "{}", new.stderr);
    // Without a clock of its own it is that of the machine.
    let old = Sandbox::repository().file(CI, SPEC).file("answers.json", answers(1, 120).replace("2026-11-20", "2021-03-04"));
    old.run(&import).is(0).says(&["the newest run began on 2021-03-04"]);
}

/// Where jobs exclude each other, the numbers are those of runs that there are.
#[test]
fn jobs_of_different_runs_are_not_added_up() {
    let spec = "on push to main\non pull_request\noptimize off\njob test { takes 4m; run make test }\n\
                job preview { needs test; when event('pull_request'); takes 6m; run ./preview.sh }\n\
                job deploy { needs test; when event('push'); takes 20m; run ./deploy.sh }\n";
    let sandbox = Sandbox::repository().file(CI, spec);
    let report = |args: &[&str]| -> serde_json::Value {
        let told = sandbox.run(&[&["plan", "--format", "json"], args].concat());
        serde_json::from_str(told.is(0).stdout.lines().next().unwrap()).unwrap()
    };
    let (own, push) = (report(&[]), report(&["--event", "push"]));
    assert_eq!(own["event"], "push");
    assert_eq!((&own["optimised"], &own["written"]), (&push["optimised"], &push["written"]));
    let told = sandbox.run(&["plan"]);
    told.is(0).shows(&[
        "ci.pipe, on push",
        "exclude each other: preview, deploy; the numbers are those of runs on `push`, without preview",
        "`--event pull_request` for the others",
    ]);
    // With runs of each that were measured, it is known how often which is there.
    let all = Sandbox::repository().file(CI, SPEC).run(&["plan"]);
    assert!(!all.is(0).stdout.contains("the numbers are those"), "{}", all.stdout);
}

/// That something takes no time was measured as well, also where it is written by hand.
#[test]
fn what_takes_no_time_is_measured() {
    let step = r#"{ "runs": 20, "p50": 0, "p90": 0 }"#;
    let profile = format!(
        r#"{{ "version": 1, "newest": "2026-11-20T10:00:05Z", "runs": 20, "jobs": {{ "unit": {{ "ubuntu-latest": {{ "runs": 20, "steps": {{ "Run make unit": {step} }} }} }} }} }}"#
    );
    let plan = Sandbox::repository().file(CI, SPEC).file(PROFILE, profile).run(&["plan"]);
    plan.is(0).shows(&["runs that were measured: 20"]);
    assert!(!plan.stdout.contains("declared by `takes`"), "{}", plan.stdout);
}

/// What was measured is taken in whatever that means for a limit: only newer evidence can lift it.
#[test]
fn a_limit_that_is_not_met_takes_evidence() {
    let spec = "on push\noptimize { budget $0.03 }\njob unit { run make }\n";
    let run = |begin: u32, count: u32, seconds: u32| (begin..begin + count).map(|run| answers(run, seconds)).collect::<String>();
    let sandbox = Sandbox::repository().file(CI, spec).file("slow.json", run(1, 6, 1200)).file("quick.json", run(10, 60, 100));
    sandbox.run(&["profile", "import", "slow.json"]).is(0);
    sandbox.run(&["compile"]).is(1).says(&["E0405"]);
    sandbox.run(&["profile", "import", "quick.json"]).is(0).says(&["ci.profile.json"]);
    sandbox.run(&["compile"]).is(0);
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
        let other = args.len() > 1;
        assert_eq!(report.get("decided_for"), other.then_some(&serde_json::json!("private")), "{line}{args:?}");
    }
    // What decisions save is by the prices that they were taken by.
    let jobs = "job a { takes 20s; run npm run lint }\njob b { takes 20s; run npm test }\n";
    let sandbox = Sandbox::repository().file(CI, format!("on push\noptimize cost\ntoolchain node 22\n{jobs}"));
    let told = "\ndecided for a private repository, by the prices there; `optimize { public on }` decides for a public one\n\nruns `a`, `b` on one machine:\n";
    for (args, is_told) in [(&["plan"][..], false), (&["plan", "--public"], true)] {
        let plan = sandbox.run(args);
        assert_eq!(plan.is(0).stdout.contains(told), is_told, "{}", plan.stdout);
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

#[test]
fn the_history_says_which_pushes_touch_a_job() {
    let spec = "on push\n\ntoolchain own(version = 1) {\n  detect own.lock\n  setup { run make tools }\n  install {\n    run make deps\n    reads own.lock\n  }\n}\n\n\
                job build {\n  reads src/**\n  writes dist/\n  run make build\n}\n\
                job unit {\n  toolchain own\n  reads tests/**\n  reads dist/\n  run make unit\n}\n\
                job docs {\n  reads docs/**\n  reads !docs/old/**\n  run make docs\n}\n\
                job lint: make lint\n";
    let sandbox = Sandbox::repository();
    let commit = |sandbox: &Sandbox, what: &str| {
        sandbox.git(&["add", "-A"]);
        sandbox.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", what]);
    };
    sandbox.run(&["profile", "git"]).is(2);
    let sandbox =
        sandbox.file(CI, spec).file("src/a.c", "1").file("tests/a", "1").file("docs/a b\u{e4}.md", "1").file("own.lock", "1");
    sandbox.run(&["profile", "git"]).is(2).says(&["git knows no history"]);
    commit(&sandbox, "all of it");
    let sandbox = sandbox.file("src/a.c", "2");
    commit(&sandbox, "src");
    let sandbox = sandbox.file("docs/old/x.md", "1");
    commit(&sandbox, "what docs does not read");
    let sandbox = sandbox.file("own.lock", "2");
    commit(&sandbox, "what the toolchain reads");
    // A branch of two commits is one push once it is merged.
    sandbox.git(&["checkout", "-q", "-b", "side"]);
    let sandbox = sandbox.file("docs/b.md", "1");
    commit(&sandbox, "docs");
    let sandbox = sandbox.file("tests/b", "1");
    commit(&sandbox, "tests");
    sandbox.git(&["checkout", "-q", "-"]);
    sandbox.git(&["-c", "user.name=a", "-c", "user.email=a@b", "merge", "-q", "--no-ff", "-m", "merge", "side"]);
    // What is no longer there was read all the same.
    sandbox.git(&["mv", "docs/a b\u{e4}.md", "elsewhere.md"]);
    commit(&sandbox, "away from docs");
    commit(&sandbox, "nothing");
    sandbox.run(&["profile", "git"]).is(0).says(&["Wrote .github/workflows/ci.profile.json: pushes: 7"]);
    let profile: serde_json::Value = serde_json::from_str(&sandbox.read(PROFILE)).unwrap();
    let touched = |job: &str| profile["changes"][job]["touched"].as_u64().unwrap();
    assert_eq!([touched("build"), touched("unit"), touched("docs"), touched("lint")], [2, 4, 3, 7], "{profile}");
    sandbox.run(&["profile", "git"]).is(0).says(&["Unchanged"]);
    sandbox.run(&["plan"]).is(0).shows(&[
        "build: touched by 2 of 7 pushes\nunit: touched by 4 of 7 pushes\ndocs: touched by 3 of 7 pushes\ntouched by every push: lint\n",
        "nothing was measured",
    ]);
    // Runs come beside it, and the other way round.
    let sandbox = sandbox.file("answers.json", answers(1, 60));
    sandbox.run(&["profile", "import", "answers.json"]).is(0);
    sandbox.run(&["profile", "git", "--commits", "2"]).is(0).says(&["pushes: 2"]);
    let text = sandbox.read(PROFILE);
    assert!(text.contains("    \"docs\": { \"pushes\": 2, \"touched\": 1 },\n") && text.contains("\"runs\": 1,"), "{text}");
    sandbox.run(&["profile", "git", "--since", "1d"]).is(0).says(&["pushes: 7"]);
    sandbox.run(&["profile", "git", "--since", "1d", "--commits", "3"]).is(2);
    // Of the oldest commit of a shallow clone it is not known what it changed.
    sandbox.git(&["clone", "-q", "--depth", "3", &format!("file://{}", sandbox.path("").display()), "shallow"]);
    let shallow = sandbox.inside("shallow");
    shallow.run(&["profile", "git"]).is(0).says(&["pushes: 2"]);
}

#[test]
fn shards_of_each_number_are_known() {
    let spec = "on push\noptimize time\njob unit {\n  checkout off\n  shards auto\n  env { PART: $SHARD }\n  run ./unit\n}\n";
    let runs = |first: u32, count: u32| -> String {
        let shard =
            |run, shard| answers(run, 600).replace("\"unit\"", &format!("\"unit ({shard})\"")).replace("\"id\":", "\"number\":");
        (first..first + 5).flat_map(|run| (1..=count).map(move |number| shard(run, number))).collect()
    };
    let sandbox = Sandbox::repository().file(CI, spec).file("four.json", runs(1, 4)).file("two.json", runs(6, 2));
    sandbox.run(&["compile"]).is(0).says(&["W0347", "nothing is known of how long `unit` takes"]);
    let tasks = || {
        let profile: serde_json::Value = serde_json::from_str(&sandbox.read(PROFILE)).unwrap();
        profile["jobs"].as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    sandbox.run(&["profile", "import", "four.json"]).is(0).says(&["runs: 5"]);
    assert_eq!(tasks(), ["unit[1/4]", "unit[2/4]", "unit[3/4]", "unit[4/4]"]);
    let run = sandbox.run(&["compile"]);
    run.is(0);
    assert!(!run.stderr.contains("W0347"), "{run:?}");
    let yaml = sandbox.read(".github/workflows/ci.yml");
    assert!(yaml.contains("SHARDS: 8\n"), "{yaml}");
    sandbox.run(&["profile", "import", "two.json"]).is(0).says(&["runs: 5"]);
    assert_eq!(tasks(), ["unit[1/2]", "unit[1/4]", "unit[2/2]", "unit[2/4]", "unit[3/4]", "unit[4/4]"]);
    // Two take as long each as four did: nothing is split.
    sandbox.run(&["compile"]).is(0);
    let yaml = sandbox.read(".github/workflows/ci.yml");
    assert!(yaml.contains("SHARDS: 1\n"), "{yaml}");
}

/// What a cache has is found by the commands of its toolchain alone; and it is said also where a job installs something besides.
#[test]
fn a_cache_spares_the_commands_that_look_into_it() {
    let spec = "on push\n\ntoolchain rust 1.95.0\ntoolchain node 24\n\njob test {\n  step { takes 5m; run cargo test --locked }\n  step { takes 5m; run npm run web }\n}\n";
    let sandbox = Sandbox::repository().file(CI, spec);
    let sandbox =
        ["Cargo.toml", "Cargo.lock", "package.json", "package-lock.json"].iter().fold(sandbox, |all, file| all.file(file, "{}"));
    sandbox.git(&["add", "."]);
    let json = sandbox.run(&["plan", "--format", "json"]).is(0).stdout.clone();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let takes = |side: &str, name: &str| {
        let parts = json[side]["machines"][0]["parts"].as_array().unwrap();
        parts.iter().find(|part| part["name"] == name).unwrap()["p50"].as_f64().unwrap()
    };
    let spared = |name: &str| takes("optimised", name) / takes("written", name);
    assert!((spared("Run cargo test --locked") - 0.82).abs() < 0.01, "{json}");
    assert!((spared("Run npm run web") - 1.0).abs() < 0.01, "{json}");
    let assumed = serde_json::json!({ "what": "what they spare the commands of test", "evidence": "assumed" });
    assert!(json["spared_by_caches"]["grounds"].as_array().unwrap().contains(&assumed), "{json}");
    let told = sandbox.run(&["plan"]).is(0).stdout.clone();
    assert!(told.contains("caches are taken to spare the commands of test 20 % of what they take"), "{told}");
}

/// A job for failures is in no run in which all ends well.
#[test]
fn what_never_runs_has_no_share() {
    let spec = "on push\njob a { takes 1m; run ./a }\njob b { needs a; when failure(); takes 1m; run ./b }\njob c { needs a; when always(); takes 1m; run ./c }\n";
    let json = Sandbox::repository().file(CI, spec).run(&["plan", "--format", "json"]).is(0).stdout.clone();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let machines = json["optimised"]["machines"].as_array().unwrap();
    let share = |task: &str| machines.iter().find(|machine| machine["task"] == task).unwrap()["share"].as_f64().unwrap();
    assert_eq!((share("a"), share("b"), share("c")), (1.0, 0.0, 1.0), "{json}");
}

/// Where nothing is chosen, the plan says so.
#[test]
fn shards_of_rows_are_told_by_the_plan() {
    let spec = "on push\njob a {\n  matrix x: 1, 2\n  shards auto\n  takes 20m\n  run ./a ${{ matrix.x }} $SHARD $SHARDS\n}\n";
    Sandbox::repository().file(CI, spec).run(&["plan"]).is(0).says(&["W0353"]);
}

/// A cache that makes commands quicker, by nobody knows how much, and one that spares an install.
#[test]
fn what_a_cache_spares_is_assumed_before_it_is_measured() {
    let rust = |takes: &str, settings: &str| {
        format!(
            "on push\n\noptimize balanced{settings}\n\ntoolchain rust 1.95.0\n\njob test {{ takes {takes}; run cargo test --locked }}\n"
        )
    };
    let node = "on push\n\ntoolchain node 24\n\njob unit { takes 5m; run npm test }\n";
    let plan = |spec: &str, file: &str, lock: &str, profile: Option<&str>| {
        let mut sandbox = Sandbox::repository().file(CI, spec).file(file, "{}").file(lock, "{}");
        if let Some(profile) = profile {
            sandbox = sandbox.file(".github/workflows/ci.profile.json", profile);
        }
        sandbox.git(&["add", "."]);
        let told = sandbox.run(&["plan"]).is(0).stdout.clone();
        let json = sandbox.run(&["plan", "--format", "json"]).is(0).stdout.clone();
        (told, serde_json::from_str::<serde_json::Value>(&json).unwrap())
    };
    let command = |plan: &serde_json::Value, side: &str| {
        let parts = plan[side]["machines"][0]["parts"].as_array().unwrap().clone();
        parts.iter().find(|part| part["kind"] == "command").unwrap()["p50"].as_f64().unwrap()
    };
    let is_about = |left: f64, right: f64| (left / right - 1.0).abs() < 0.01;
    let known = "caches are taken to spare the commands of test 20 % of what they take, where they are there";
    let (told, json) = plan(&rust("5m", ""), "Cargo.toml", "Cargo.lock", None);
    assert!(told.contains(known), "{told}");
    assert!(is_about(command(&json, "optimised"), command(&json, "written") * 0.82), "{json}");
    let spared = &json["spared_by_caches"];
    assert!(spared["wall_seconds"].as_f64().unwrap() > 30.0, "{json}");
    let assumed = serde_json::json!({ "what": "what they spare the commands of test", "evidence": "assumed" });
    assert!(spared["grounds"].as_array().unwrap().contains(&assumed), "{json}");
    // What is over before a cache is there has none, unless that is asked for.
    let (told, _) = plan(&rust("40s", ""), "Cargo.toml", "Cargo.lock", None);
    assert!(!told.contains("keeps caches"), "{told}");
    let (told, _) = plan(&rust("40s", " { cache on }"), "Cargo.toml", "Cargo.lock", None);
    assert!(told.contains("keeps caches"), "{told}");
    // Measured with a cache, commands took what they take with one.
    let step = |name: &str, seconds: u32| format!(r#""{name}": {{"runs": 9, "p50": {seconds}, "p90": {seconds}}}"#);
    let with = |restores: &str| {
        let steps = [step("Run cargo test --locked", 200), step(restores, 8)].join(", ");
        format!(
            r#"{{"version": 1, "runs": 9, "newest": "2026-11-20T00:00:00Z", "jobs": {{"test": {{"ubuntu-latest": {{"runs": 9, "steps": {{{steps}}}}}}}}}}}"#
        )
    };
    let (_, json) = plan(&rust("5m", ""), "Cargo.toml", "Cargo.lock", Some(&with("Run actions/cache/restore")));
    assert!(is_about(command(&json, "optimised"), 200.0) && is_about(command(&json, "written"), 200.0 / 0.82), "{json}");
    let (_, json) = plan(&rust("5m", ""), "Cargo.toml", "Cargo.lock", Some(&with("Run something-else")));
    assert!(is_about(command(&json, "optimised"), 200.0 * 0.82) && is_about(command(&json, "written"), 200.0), "{json}");
    // A profile of runs with caches is none for having no caches, nor are rows without one.
    let short = |task: &str, seconds: u32| {
        with("Run actions/cache/restore").replace(r#""test""#, &format!("{task:?}")).replace("200", &seconds.to_string())
    };
    let (told, _) = plan(&rust("60s", ""), "Cargo.toml", "Cargo.lock", Some(&short("test", 50)));
    assert!(told.contains("keeps caches"), "{told}");
    let rows = rust("60s", "").replace("takes 60s; run", "matrix x: 1; run");
    let (told, _) = plan(&rows, "Cargo.toml", "Cargo.lock", Some(&short("test[1]", 5)));
    assert!(!told.contains("keeps caches"), "{told}");
    let (told, json) = plan(node, "package.json", "package-lock.json", None);
    assert!(!told.contains("taken to spare"), "{told}");
    assert!(is_about(command(&json, "optimised"), command(&json, "written")), "{json}");
}

#[test]
fn each_plan_of_optimize_by_is_told_and_what_an_event_has() {
    let spec = "on push\non schedule \"17 3 * * *\"\n\noptimize by github.event_name { push time; schedule cost }\n\n\
                job e2e { takes 16m; shards auto { max 4 }; run npx playwright test --shard=\"$SHARD/$SHARDS\" }\n";
    let sandbox = Sandbox::repository().file(CI, spec);
    sandbox.git(&["add", "."]);
    let told = sandbox.run(&["plan"]).is(0).stdout.clone();
    for text in [
        "where `push` of `optimize by` is chosen: mean",
        "where `schedule` of `optimize by` is chosen: mean",
        "in runs of `schedule`",
    ] {
        assert!(told.contains(text), "{text}\n{told}");
    }
    let json = |arguments: &[&str]| {
        let arguments = [&["plan", "--format", "json"], arguments].concat();
        serde_json::from_str::<serde_json::Value>(&sandbox.run(&arguments).is(0).stdout).unwrap()
    };
    let (all, push, night) = (json(&[]), json(&["--event", "push"]), json(&["--event", "schedule"]));
    let mean = |plan: &serde_json::Value| plan["wall_seconds"]["mean"].as_f64().unwrap();
    assert_eq!(all["chosen"], serde_json::Value::Null);
    assert_eq!(night["chosen"], "schedule");
    assert!(mean(&night["optimised"]) > 900.0 && mean(&push["optimised"]) < 500.0, "{night}\n{push}");
    assert_eq!(all["alternatives"]["schedule"]["wall_seconds"], night["optimised"]["wall_seconds"]);
    let told = sandbox.run(&["plan", "--event", "push"]).is(0).stdout.clone();
    assert!(!told.contains("in runs of `schedule`") && !told.contains("is chosen"), "{told}");
    // A month is of all of them, where it is known how many runs each has.
    let profile = |events: &str| {
        format!("{{\"version\": 1, \"newest\": \"2026-11-20\", \"runs\": 40, \"per_month\": 100{events}, \"jobs\": {{}}}}")
    };
    let sandbox = sandbox.file(PROFILE, profile(""));
    let told = sandbox.run(&["plan"]).is(0).stdout.clone();
    assert!(told.contains("as written; what they cost compiled is known once `pipelay profile fetch` has counted"), "{told}");
    let json = |arguments: &[&str]| {
        let arguments = [&["plan", "--format", "json"], arguments].concat();
        serde_json::from_str::<serde_json::Value>(&sandbox.run(&arguments).is(0).stdout).unwrap()
    };
    assert_eq!(json(&[])["optimised"]["dollars_per_month"], serde_json::Value::Null);
    std::fs::write(sandbox.path(PROFILE), profile(", \"events\": { \"push\": 30, \"schedule\": 10 }")).unwrap();
    let all = json(&[]);
    let dollars = |side: &serde_json::Value, of: &str| side[of].as_f64().unwrap();
    let each = ["push", "schedule"].map(|name| all["alternatives"][name].clone());
    assert_eq!(each.each_ref().map(|side| side["share_of_runs"].to_string()), ["0.75", "0.25"]);
    let sum: f64 = each.iter().map(|side| dollars(side, "dollars_per_month")).sum();
    assert!((dollars(&all["optimised"], "dollars_per_month") - sum).abs() < 0.02, "{all}");
    for (at, name) in ["push", "schedule"].into_iter().enumerate() {
        let own = json(&["--event", name]);
        assert!(
            (dollars(&own["optimised"], "dollars_per_month") - dollars(&each[at], "dollars_per_month")).abs() < 0.02,
            "{own}"
        );
    }
    // The usual plan is what the other runs have: where there are none, it counts for nothing.
    let nightly = spec.replace("push time; schedule cost", "schedule cost");
    let nightly = format!("{nightly}job night {{\n  when github.event_name == 'schedule'\n  takes 60m\n  run make night\n}}\n");
    std::fs::write(sandbox.path(CI), nightly).unwrap();
    let all = json(&[]);
    let (push, night) = (json(&["--event", "push"]), json(&["--event", "schedule"]));
    let sum = dollars(&push["optimised"], "dollars_per_month") + dollars(&night["optimised"], "dollars_per_month");
    assert!((dollars(&all["optimised"], "dollars_per_month") - sum).abs() < 0.02, "{all}\n{push}\n{night}");
    // What is known only when a run starts leaves the month open.
    let by_branch = spec.replace("github.event_name { push time; schedule cost }", "github.ref_name { main time; dev cost }");
    std::fs::write(sandbox.path(CI), by_branch).unwrap();
    let told = sandbox.run(&["plan"]).is(0).stdout.clone();
    assert!(told.contains("which plan of `optimize by` runs of `push` have is known only when they run"), "{told}");
    assert_eq!(json(&[])["optimised"]["dollars_per_month"], serde_json::Value::Null);
    // What a change does to a plan that is not the usual one is told.
    std::fs::write(sandbox.path(CI), spec.replace("schedule cost", "schedule time")).unwrap();
    sandbox.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"]);
    let told = sandbox.run(&["plan", "--diff", "HEAD"]).is(0).stdout.clone();
    assert!(
        told.contains("\nplan schedule:\nmean ")
            && told.contains("jobs of plan schedule:\n~ e2e: ")
            && told.contains("rows: 1 -> 4"),
        "{told}"
    );
    let told = sandbox.run(&["plan", "--diff", "HEAD", "--as", "markdown"]).is(0).stdout.clone();
    assert!(
        told.contains("| <code>schedule</code>, mean |")
            && told.contains("Jobs of plan <code>schedule</code>: gone: 1, not as before: 1"),
        "{told}"
    );
    let json = json(&["--diff", "HEAD"]);
    assert_eq!(
        json["alternatives"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["push", "schedule"],
        "the gate is gone from both"
    );
    assert!(mean(&json["alternatives"]["schedule"]["before"]) > mean(&json["alternatives"]["schedule"]["now"]), "{json}");
}

/// The nearest plan is shown beside the error that it does not keep to a limit.
#[test]
fn a_plan_that_is_too_dear_is_shown_with_the_error() {
    let spec = |budget: &str| {
        format!(
            "on push\noptimize {{ budget {budget} }}\njob test {{\n  takes 40m\n  matrix x: 1, 2\n  run make ${{{{ matrix.x }}}}\n}}\n"
        )
    };
    let sandbox = Sandbox::repository().file(CI, spec("$9"));
    sandbox.git(&["add", "."]);
    sandbox.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"]);
    std::fs::write(sandbox.path(CI), spec("$0.10")).unwrap();
    let run = sandbox.run(&["plan"]);
    run.is(1);
    assert!(run.stdout.contains("as written") && run.stderr.contains("no plan keeps to `budget $0.10`"), "{run:?}");
    assert!(run.stderr.contains("or make `test` less: another `runner`, less work"), "{run:?}");
    let run = sandbox.run(&["plan", "--diff", "HEAD"]);
    run.is(1);
    assert!(run.stderr.contains("no plan keeps to `budget $0.10`"), "{run:?}");
    let broken = "on push\njob a {\n  needs b\n  run make\n}\n";
    std::fs::write(sandbox.path(CI), broken).unwrap();
    assert_eq!(sandbox.run(&["plan"]).is(1).stdout, "");
}
