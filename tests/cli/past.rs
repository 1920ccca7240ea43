//! `plan --diff`, in repositories that have a past, and `plan --event`.

use serde_json::Value;

use super::sandbox::{Run, Sandbox};

const CI: &str = ".github/workflows/ci.pipe";
const PROFILE: &str = ".github/workflows/ci.profile.json";

/// No job of it shares a machine, and there is no gate: what is compared is what is written.
const SPEC: &str = "on push\n\noptimize { place off }\n\njob unit { takes 9m; run make unit }\n\njob lint { takes 40s; run make lint }\n\n\
                    job docs { takes 30s; run make docs }\n";

fn commit(sandbox: Sandbox) -> Sandbox {
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "then"]);
    sandbox
}

/// A repository whose only commit has these files.
fn past(files: &[(&str, &str)]) -> Sandbox {
    commit(files.iter().fold(Sandbox::repository(), |sandbox, (path, text)| sandbox.file(path, text)))
}

/// The objects that were printed, one a spec.
fn objects(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).filter(|it: &Value| it.get("spec").is_some()).collect()
}

fn profile(seconds: u32) -> String {
    format!(
        "{{\"version\": 1, \"newest\": \"2026-11-20\", \"runs\": 10, \"per_month\": 100, \"jobs\": {{\"unit\": {{\"ubuntu-latest\": \
         {{\"runs\": 10, \"whole\": {{\"p50\": {seconds}, \"p90\": {seconds}}}}}}}}}}}"
    )
}

#[test]
fn what_a_change_of_the_spec_does_is_told() {
    let sandbox = past(&[(CI, SPEC)]);
    let was = objects(sandbox.run(&["plan", "--format", "json"]).is(0)).remove(0);
    sandbox.run(&["plan", "--diff", "HEAD"]).is(0).stderr("").shows(&["ci.pipe, compared with HEAD\n\nno difference\n"]);
    let changed = SPEC
        .replace("unit { takes 9m", "unit { shards 3; env { PART: $SHARD }; takes 9m")
        .replace("docs", "e2e")
        .replace("30s", "1m");
    let sandbox = sandbox.file(CI, changed);
    let is = objects(sandbox.run(&["plan", "--format", "json"]).is(0)).remove(0);
    let run = sandbox.run(&["plan", "--diff", "HEAD"]);
    run.is(0).stderr("").shows(&[
        "\nmean             9m ",
        " (-6",
        "\njobs:\n~ unit: 9m 28s -> 3m 28s; rows: 1 -> 3\n+ e2e: 1m 28s, on ubuntu-latest\n- docs: 58s, on ubuntu-latest\n",
        "\nhow long it takes is decided by unit[",
        "\nbefore: unit\n",
        "\n+ bound of unit: ends it after 10 minutes\n- bound of unit: ends it after 27 minutes\n",
        "\nboth rest on what is known now: nothing was measured\n",
    ]);
    // Of what is new or gone, no decision is told; of what is as it was, nothing.
    assert!(!run.stdout.contains("of e2e") && !run.stdout.contains("of docs") && !run.stdout.contains("lint"), "{run:#?}");

    let all = objects(sandbox.run(&["plan", "--diff", "HEAD", "--format", "json"]).is(0));
    let [told] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((&told["before"], &told["now"]), (&was["optimised"], &is["optimised"]));
    let number = |side: &str, of: &str| told[side][of]["mean"].as_f64().unwrap();
    for of in ["wall_seconds", "billed_seconds", "dollars"] {
        let (by, told) = (number("now", of) - number("before", of), number("difference", of));
        assert!((by - told).abs() < 2e-4 && by != 0.0, "{of}: {by}, {told}");
    }
    let jobs: Vec<&str> = told["jobs"].as_array().unwrap().iter().map(|job| job["job"].as_str().unwrap()).collect();
    assert_eq!(jobs, ["unit", "e2e", "docs"]);
    assert_eq!((&told["jobs"][1]["before"], &told["jobs"][2]["now"]), (&Value::Null, &Value::Null));
    assert_eq!((told["jobs"][0]["before"]["rows"].as_u64(), told["jobs"][0]["now"]["rows"].as_u64()), (Some(1), Some(3)));
    assert!(told["decisions"]["made"].as_array().is_some_and(|made| made.iter().any(|it| it["pass"] == "bound")), "{told}");
}

#[test]
fn both_are_judged_by_what_is_known_now() {
    let sandbox = past(&[(CI, SPEC), (PROFILE, &profile(60))]);
    let sandbox = sandbox.file(PROFILE, profile(600));
    sandbox.run(&["plan", "--diff", "HEAD"]).is(0).shows(&["no difference"]);
    let sandbox = sandbox.file(CI, SPEC.replace("job docs { takes 30s", "job docs { takes 20m"));
    let told = objects(sandbox.run(&["plan", "--diff", "HEAD", "--format", "json"]).is(0)).remove(0);
    assert_eq!(told["before"]["wall_seconds"]["mean"].as_f64(), Some(600.0), "{told}");
    let month = |side: &str| told[side]["dollars_per_month"].as_f64().unwrap();
    assert!(month("now") > month("before") && month("before") > 0.0);
    assert!((month("difference") - (month("now") - month("before"))).abs() < 0.02);
    sandbox.run(&["plan", "--diff", "HEAD"]).is(0).shows(&["\na month", "runs that were measured: 10, the newest of 2026-11-20"]);
    // Where only the measurements are gone, neither side has any.
    std::fs::remove_file(sandbox.path(PROFILE)).unwrap();
    let sandbox = sandbox.file(CI, SPEC);
    sandbox.run(&["plan", "--diff", "HEAD"]).is(0).shows(&["no difference"]);
    // Where both are gone, what was known then is all that is known.
    std::fs::remove_file(sandbox.path(CI)).unwrap();
    let told = objects(sandbox.run(&["plan", "--diff", "HEAD", "--format", "json"]).is(0)).remove(0);
    assert_eq!((&told["now"], told["before"]["machines"][0]["seconds"]["p50"].as_f64()), (&Value::Null, Some(60.0)), "{told}");
}

#[test]
fn all_that_a_spec_reads_is_as_it_was() {
    let spec = "import \"../parts/lib.pipe\"\non push\noptimize { place off }\nif exists(\"Makefile\") {\n  job make { takes 1m; run make }\n}\nunit()\n";
    let lib = "template unit() {\n  job unit { takes 2m; run make unit }\n}\n";
    let path = "tools/ci/ci.pipe";
    let sandbox = past(&[(path, &spec.replace("../parts", "../../parts")), ("parts/lib.pipe", lib)]);
    let seconds = |sandbox: &Sandbox, side: &str| {
        let told = objects(sandbox.run(&["plan", "ci.pipe", "--diff", "HEAD", "--format", "json"]).is(0)).remove(0);
        let machines = told[side]["machines"].as_array().unwrap().clone();
        machines
            .iter()
            .map(|it| format!("{} {:.0}", it["task"].as_str().unwrap(), it["end"].as_f64().unwrap()))
            .collect::<Vec<_>>()
    };
    let sandbox = sandbox.inside("tools/ci");
    sandbox.run(&["plan", "ci.pipe", "--diff", "HEAD"]).is(0).shows(&["tools/ci/ci.pipe, compared with HEAD\n\nno difference"]);
    // An import, and what git tracks.
    let sandbox = sandbox.file("parts/lib.pipe", lib.replace("2m", "3m")).file("Makefile", "all:\n");
    sandbox.git(&["add", "Makefile"]);
    assert_eq!(seconds(&sandbox, "before"), ["unit 148"]);
    assert_eq!(seconds(&sandbox, "now"), ["make 88", "unit 208"]);
    // The lock file.
    let sandbox = commit(sandbox.file("pipelay.lock", "???\n")).file("pipelay.lock", "");
    sandbox.run(&["plan", "ci.pipe", "--diff", "HEAD"]).is(0).shows(&["errors at `HEAD`: 1"]);
}

#[cfg(unix)]
#[test]
fn links_and_submodules_lead_to_what_they_led_to() {
    let spec = "import \"lib.pipe\"\non push\noptimize { place off }\nunit()\n";
    let lib = |takes: &str| format!("template unit() {{\n  job unit {{ takes {takes}; run make unit }}\n}}\n");
    let changed = |sandbox: &Sandbox, file: &str| {
        let run = sandbox.run(&["plan", file, "--diff", "HEAD"]);
        run.is(0).shows(&["~ unit: 1m 28s -> 5m 28s\n"]);
    };
    let sandbox = Sandbox::repository().file("real/lib.pipe", lib("1m")).file("real/spec.pipe", spec);
    std::fs::create_dir(sandbox.path("ci")).unwrap();
    std::os::unix::fs::symlink("../real/lib.pipe", sandbox.path("ci/lib.pipe")).unwrap();
    std::os::unix::fs::symlink("../real/spec.pipe", sandbox.path("ci/ci.pipe")).unwrap();
    let sandbox = commit(sandbox).file("real/lib.pipe", lib("5m"));
    changed(&sandbox, "ci/ci.pipe");

    let module = past(&[("lib.pipe", &lib("1m")), ("ci.pipe", spec)]);
    let url = module.path("").display().to_string();
    let whole = Sandbox::repository();
    whole.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "parts/module"]);
    let whole = commit(whole.file("ci.pipe", spec.replace("lib.pipe", "parts/module/lib.pipe")));
    let whole = whole.file("parts/module/lib.pipe", lib("5m"));
    changed(&whole, "ci.pipe");
    // A spec of the module has the past of the module.
    changed(&whole, "parts/module/ci.pipe");
}

#[test]
fn specs_come_and_go() {
    let other = ".github/workflows/other.pipe";
    let sandbox = past(&[(CI, SPEC), (".github/workflows/lib.pipe", "let a = b\n")]);
    std::fs::rename(sandbox.path(CI), sandbox.path(other)).unwrap();
    let run = sandbox.run(&["plan", "--diff", "HEAD"]);
    run.is(0).stderr("").shows(&[
        "ci.pipe, compared with HEAD\n\nit is gone, and was there at `HEAD`\n",
        "other.pipe, compared with HEAD\n\nit is new since `HEAD`\n",
        "\nit rests on what is known now",
    ]);
    assert!(!run.stdout.contains("lib.pipe") && !run.stdout.contains("jobs:"), "{run:#?}");
    sandbox.run(&["plan", "--diff", "HEAD", CI]).is(0).shows(&["it is gone"]);
    sandbox.run(&["plan", "--diff", "HEAD", "nowhere.pipe"]).is(1).says(&["E0108", "`nowhere.pipe` does not exist"]);
    // Where none is left, those that were there are all gone.
    std::fs::remove_file(sandbox.path(other)).unwrap();
    sandbox.run(&["plan", "--diff", "HEAD"]).is(0).shows(&["ci.pipe, compared with HEAD\n\nit is gone"]);
}

#[test]
fn errors_of_then_are_counted_and_those_of_now_are_told() {
    let sandbox = past(&[(CI, "on push\njob a { needs b; run x }\njob c { needs d; run x }\n")]).file(CI, SPEC);
    let run = sandbox.run(&["plan", "--diff", "HEAD"]);
    run.is(0).stderr("").shows(&["errors at `HEAD`: 2; there is nothing to compare with", "a run"]);
    let told = objects(sandbox.run(&["plan", "--diff", "HEAD", "--format", "json"]).is(0)).remove(0);
    assert_eq!((told["errors_before"].as_u64(), &told["before"], &told["difference"]), (Some(2), &Value::Null, &Value::Null));
    // The others are compared all the same.
    let sandbox = commit(sandbox).file(CI, "on push\njob a { needs b; run x }\n").file(".github/workflows/x.pipe", SPEC);
    sandbox
        .run(&["plan", "--diff", "HEAD"])
        .is(1)
        .says(&["no job is called `b`"])
        .shows(&["x.pipe, compared with HEAD\n\nit is new"]);
}

#[test]
fn a_past_that_is_not_there_is_an_error() {
    let sandbox = past(&[(CI, SPEC)]);
    sandbox.git(&["branch", "topic"]);
    sandbox.git(&["update-ref", "refs/remotes/origin/next", "HEAD"]);
    for (name, help) in [
        ("topik", "`topic` is one"),
        ("next", "`origin/next` is one"),
        ("nothing-like-it", "`HEAD` is the newest commit"),
        ("HEAD^", "`HEAD` is the newest commit"),
        ("-q", "`HEAD` is the newest commit"),
        ("", "`HEAD` is the newest commit"),
    ] {
        let run = sandbox.run(&["plan", &format!("--diff={name}")]);
        run.is(1).stdout("").says(&["E0821", &format!("git knows no revision `{name}`"), help]);
        assert_eq!(run.stderr.matches("E0821").count(), 2, "{run:#?}");
    }
    let sandbox = past(&[(CI, SPEC)]);
    sandbox.git(&["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"]);
    sandbox.git(&["clone", "-q", "--depth", "1", &format!("file://{}", sandbox.path("").display()), "shallow"]);
    let shallow = sandbox.inside("shallow");
    shallow.run(&["plan", "--diff", "HEAD^"]).is(1).says(&["E0821", "this clone has its newest commits alone"]);
    shallow.env("PATH", "/nowhere").run(&["plan", "--diff", "HEAD"]).is(1).says(&["E0821", "git is not there"]);
    let sandbox = Sandbox::new().file(CI, SPEC);
    sandbox.run(&["plan", "--diff", "HEAD"]).is(1).says(&["E0821", "is no git repository"]);
    let sandbox = past(&[(CI, SPEC)]).file(".git/HEAD", "nonsense");
    sandbox.run(&["plan", "--diff", "HEAD"]).is(1).says(&["E0821", "git does not open"]);
}

#[test]
fn markdown_is_the_same_bytes_and_holds_no_markup_of_others() {
    let sandbox = past(&[(CI, SPEC), (PROFILE, &profile(300))]);
    let change = SPEC.replace("job docs { takes 30s", "job docs { takes 20m");
    let sandbox = sandbox.file(CI, change).file(".github/workflows/other.pipe", SPEC);
    let run = sandbox.run(&["plan", "--diff", "HEAD", "--as", "markdown"]);
    run.is(0).stderr("");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/cli");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("comment", run.stdout));
    assert_eq!(run.stdout, sandbox.run(&["plan", "--diff", "HEAD", "--as", "markdown", "--color", "always"]).stdout);

    // Names that others choose: of the file, the revision, the machine, a row.
    let odd = |takes: &str| {
        format!(
            "on push\noptimize {{ place off }}\njob unit {{\n  runner \"a|b`c<img src=x>@who\"\n  matrix of: \"x|y\", \"`z`<b>\"\n  takes {takes}\n  run make\n}}\n"
        )
    };
    let sandbox = past(&[("a|`b`<i>.pipe", &odd("1m"))]).file("a|`b`<i>.pipe", odd("9m").replace("a|b`c", "d|e`f"));
    sandbox.git(&["tag", "t|`u`<s>@who"]);
    let run = sandbox.run(&["plan", "--diff", "t|`u`<s>@who", "--as", "markdown", "a|`b`<i>.pipe"]);
    run.is(0).shows(&[
        "&#124;&#96;b&#96;&#60;i&#62;.pipe</code>",
        "unit&#91;",
        "\n| mean |",
        "on a&#124;b&#96;c&#60;img src=x&#62;&#64;who -&#62; d&#124;e",
        "no price is known: d&#124;e",
    ]);
    let ours =
        ["<!-- pipelay plan -->", "<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>", "**changed**"];
    let rest = ours.iter().fold(run.stdout.clone(), |text, ours| text.replace(ours, ""));
    for line in rest.lines().filter(|line| !line.starts_with('|')) {
        assert!(!line.contains(['<', '>', '`', '|', '@', '*', '[']), "{line}");
    }
    assert!(rest.lines().filter(|line| line.starts_with('|')).all(|line| line.matches('|').count() == 5), "{rest}");
    assert!(!rest.contains(['<', '>', '`', '@']), "{rest}");

    sandbox.run(&["plan", "--diff", "nothing", "--as", "markdown"]).is(1).stdout("");
    // Of very many jobs, people read the first.
    let many = |count: u32| (0..count).map(|job| format!("job j{job} {{ takes 1m; run x }}\n")).collect::<String>();
    let sandbox = past(&[(CI, &format!("{SPEC}{}", many(3)))]).file(CI, format!("{SPEC}{}", many(63)));
    let run = sandbox.run(&["plan", "--diff", "HEAD", "--as", "markdown"]);
    run.is(0).shows(&["<summary>Jobs: new: 60</summary>", "\n- and more: 10\n"]);
    assert_eq!(run.stdout.matches("- **new** <code>j").count(), 50, "{run:#?}");

    sandbox.run(&["plan", "--diff", "HEAD", "--as", "markdown", "--format", "json"]).is(2);
    sandbox.run(&["plan", "--as", "markdown"]).is(2).says(&["--diff <REV>"]);
}

const EVENTS: &str = "on push to main\non pull_request\non schedule \"0 3 * * *\"\n\noptimize { place off }\n\n\
                      job unit { takes 5m; run make unit }\n\n\
                      job deploy {\n  needs unit\n  when event('push') && branch('main')\n  takes 2m\n  run make deploy\n}\n\n\
                      job after { needs deploy; takes 1m; run make after }\n\n\
                      job nightly { when event('schedule'); takes 20m; run make nightly }\n\n\
                      job told { when always() && event('push'); takes 1m; run make told }\n";

/// The shares of the jobs but the gate.
fn shares(run: &Run) -> Vec<(String, f64)> {
    let told = objects(run.is(0)).remove(0);
    let machines = told["optimised"]["machines"].as_array().unwrap().clone();
    let all = machines.iter().map(|it| (it["task"].as_str().unwrap().to_owned(), it["share"].as_f64().unwrap()));
    all.filter(|(task, _)| task != "gate").collect()
}

#[test]
fn the_runs_of_an_event_have_the_jobs_that_it_starts() {
    let sandbox = Sandbox::repository().file(CI, EVENTS);
    for (event, runs) in [
        ("push", [1.0, 1.0, 1.0, 0.0, 1.0]),
        ("pull_request", [1.0, 0.0, 0.0, 0.0, 0.0]),
        ("schedule", [1.0, 0.0, 0.0, 1.0, 0.0]),
    ] {
        let told = shares(&sandbox.run(&["plan", "--event", event, "--format", "json"]));
        let jobs = ["unit", "deploy", "after", "nightly", "told"];
        assert_eq!(told, jobs.into_iter().map(str::to_owned).zip(runs).collect::<Vec<_>>(), "{event}");
    }
    let run = sandbox.run(&["plan", "--event", "pull_request"]);
    run.is(0).shows(&["ci.pipe, on pull_request\n", "\nleft out: deploy, after, nightly, told\n"]);
    assert!(!run.stdout.contains("░ deploy"), "{run:#?}");
    // Both sides of a comparison are of that event.
    let sandbox = commit(sandbox).file(CI, EVENTS.replace("takes 20m", "takes 40m"));
    let on = |event: &str| sandbox.run(&["plan", "--diff", "HEAD", "--event", event]);
    on("pull_request").is(0).shows(&["ci.pipe, on pull_request, compared with HEAD\n"]);
    assert!(on("pull_request").stdout.contains("\nmean") && on("pull_request").stdout.contains(" same\n"));
    on("schedule").is(0).shows(&["~ nightly: 20m 28s -> 40m 28s"]);
    on("release").is(1).says(&["E0822"]);
    // An event that is new has no past.
    let sandbox = sandbox.file(CI, EVENTS.replace("on pull_request\n", "on pull_request\non merge_group\n"));
    sandbox.run(&["plan", "--diff", "HEAD", "--event", "merge_group"]).is(0).shows(&["it starts no run at `HEAD`"]);
}

#[test]
fn what_an_event_decides_goes_before_what_was_measured() {
    let measured = |runs: u32| {
        format!(
            "{{\"ubuntu-latest\": {{\"runs\": {runs}, \"skipped\": {}, \"whole\": {{\"p50\": 300, \"p90\": 300}}}}}}",
            10 - runs
        )
    };
    let profile = format!(
        "{{\"version\": 1, \"newest\": \"2026-11-20\", \"runs\": 10, \"per_month\": 100, \"jobs\": {{\"unit\": {}, \"deploy\": {}, \"after\": {}}}}}",
        measured(10),
        measured(2),
        measured(2)
    );
    let sandbox = Sandbox::repository().file(CI, EVENTS).file(PROFILE, profile);
    let share = |args: &[&str]| shares(&sandbox.run(&[args, &["--format", "json"]].concat()))[1].1.to_string();
    let on = |event: &str| share(&["plan", "--event", event]);
    assert_eq!([share(&["plan"]), on("push"), on("pull_request")], ["0.2", "1", "0"]);
    // How many of the runs are of which event was not counted.
    let month =
        |args: &[&str]| objects(&sandbox.run(&[args, &["--format", "json"]].concat())).remove(0)["runs_per_month"].clone();
    assert_eq!((month(&["plan"]).as_f64(), month(&["plan", "--event", "push"])), (Some(100.0), Value::Null));
    // All of them are of the only one; then what ran in few runs, and always runs on it, costs what it costs then.
    let alone = EVENTS
        .replace("on pull_request\non schedule \"0 3 * * *\"\n", "")
        .replace("event('push') && branch('main')", "branch('main')");
    let sandbox = sandbox.file(CI, alone);
    let told = objects(&sandbox.run(&["plan", "--event", "push", "--format", "json"])).remove(0)["optimised"].clone();
    let (month, run) = (told["dollars_per_month"].as_f64().unwrap(), told["dollars"]["mean"].as_f64().unwrap());
    assert!((month - 100.0 * run).abs() < 0.02, "{told}");
}

#[test]
fn an_event_that_starts_nothing_is_an_error() {
    let other = ".github/workflows/other.pipe";
    let sandbox = Sandbox::repository().file(CI, EVENTS).file(other, SPEC);
    let run = sandbox.run(&["plan", "--event", "pul_request"]);
    run.is(1).stdout("").says(&[
        "E0822",
        "`pul_request` starts no run of",
        "`pull_request` does; it is started by `push`, `pull_request`, `schedule`",
    ]);
    // Of all specs, those are shown that it starts.
    let run = sandbox.run(&["plan", "--event", "schedule"]);
    run.is(0).stderr("").shows(&["ci.pipe, on schedule"]);
    assert!(!run.stdout.contains("other.pipe"), "{run:#?}");
    sandbox.run(&["plan", "--event", "schedule", other]).is(1).says(&["E0822", "it is started by `push`"]);
}

/// The keys of an object and of all in it; not the names of jobs.
fn keys(value: &Value, found: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            found.insert(key.clone());
            let inside = if key == "changes" { value.as_object().and_then(|jobs| jobs.values().next()) } else { Some(value) };
            inside.into_iter().for_each(|value| keys(value, found));
        }),
        Value::Array(all) => all.iter().for_each(|value| keys(value, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_json_is_documented() {
    let changes = "\"changes\": {\"unit\": {\"pushes\": 9, \"touched\": 3}}, \"jobs\"";
    let known = profile(300).replace("\"jobs\"", changes);
    let sandbox = past(&[(CI, SPEC), (PROFILE, &known)]).file(CI, SPEC.replace("job docs { takes 30s", "job docs { takes 20m"));
    let mut found = std::collections::BTreeSet::new();
    for diff in [&[][..], &["--diff", "HEAD"]] {
        let run = sandbox.run(&[&["plan", "--event", "push", "--format", "json"], diff].concat());
        objects(run.is(0)).iter().for_each(|it| keys(it, &mut found));
    }
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let section = readme
        .split("`--format json` prints all of it")
        .nth(1)
        .and_then(|rest| rest.split("\nWhat was measured").next())
        .unwrap();
    let missing: Vec<&String> = found.iter().filter(|key| !section.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty() && found.len() > 40, "{missing:?} of {}", found.len());
}

/// That more runs fail is no saving; and a job that is in no run of an event is in no comparison of its runs.
#[test]
fn runs_that_fail_are_compared() {
    let spec = "on push\non pull_request\n\noptimize { place off; gate off }\n\njob unit { takes 6m; timeout 20m; run make unit }\n\n\
                job release { when event('push'); takes 2m; runner windows-latest; run make release }\n";
    let sandbox = past(&[(CI, spec)]);
    let sandbox = sandbox.file(CI, spec.replace("timeout 20m", "timeout 6m").replace("windows-latest", "macos-15"));
    let run = sandbox.run(&["plan", "--diff", "HEAD", "--event", "pull_request"]);
    run.is(0).shows(&["\nfail ", " 0 of 100 ", " of 100"]);
    assert!(!run.stdout.contains("release"), "{}", run.stdout);
    let json = objects(sandbox.run(&["plan", "--diff", "HEAD", "--format", "json"]).is(0)).remove(0);
    let more = json["difference"]["failing_share"].as_f64().unwrap();
    assert!(more > 0.4 && more < 1.0, "{more}");
}
