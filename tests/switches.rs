//! What is added, and when (section 8 of LANGUAGE.md): each thing comes from one pass, and goes with it; what is always there stays.

use crate::compile::said;
use pipelay::facts::Facts;
use pipelay::profile::{Measured, Profile, Step, Times, VERSION};
use pipelay::{Spec, compile};

/// A spec to which every pass adds something.
fn spec(switch: &str, job: &str) -> String {
    format!(
        "on push to main\non pull_request\n{switch}\ntoolchain node 24\n\njob build {{\n  {job}\n  takes 10m\n  writes dist/\n  run npm run build -- \"${{{{ github.ref_name }}}}\"\n}}\n\njob deploy {{\n  when branch('main')\n  takes 10m\n  reads dist/\n  run ./deploy\n}}\n\njob lint {{\n  takes 20m\n  runner auto {{ arch: any }}\n  run npm run lint\n}}\n"
    )
}

#[track_caller]
fn output(text: &str) -> String {
    let tracked = Some(["package-lock.json", "package.json"].map(str::to_owned).to_vec());
    let made = compile(&Spec { path: "ci.pipe".to_owned(), text: text.to_owned() }, &Facts { tracked, ..Facts::default() });
    made.yaml.clone().unwrap_or_else(|| panic!("{text}{:#?}", said(&made)))
}

/// What is always there.
const ALWAYS: [&str; 6] = [
    "actions/checkout@",
    "actions/setup-node@",
    "npm ci",
    "needs: build",
    "actions/upload-artifact@",
    "if: github.ref == 'refs/heads/main'",
];

/// What passes add, each with something that only it makes.
const ADDED: [(&str, &[&str]); 6] = [
    ("place", &["runs-on: ubuntu-24.04-arm"]),
    ("cache", &["actions/cache/restore@", "actions/cache/save@"]),
    ("bound", &["timeout-minutes: 30", "cancel-in-progress:"]),
    ("harden", &["contents: read", "persist-credentials: false", "\"$GITHUB_REF_NAME\""]),
    ("gate", &["needs: [build, deploy, lint]"]),
    ("pin", &["# v"]),
];

#[test]
fn each_pass_can_be_switched_off_and_takes_what_is_its_own() {
    let with = |off: &[&str]| -> String {
        let off: Vec<String> = off.iter().map(|pass| format!("{pass} off")).collect();
        if off.is_empty() { String::new() } else { format!("optimize {{ {} }}", off.join("; ")) }
    };
    let has = |yaml: &str, marks: &[&str], there: bool| {
        for mark in marks {
            assert_eq!(yaml.contains(mark), there, "`{mark}` in\n{yaml}");
        }
    };
    let all = output(&spec("", ""));
    has(&all, &ALWAYS, true);
    for (_, marks) in ADDED {
        has(&all, marks, true);
    }
    for (pass, marks) in ADDED {
        let yaml = output(&spec(&with(&[pass]), ""));
        has(&yaml, &ALWAYS, true);
        has(&yaml, marks, false);
        for (other, marks) in ADDED.iter().filter(|(other, _)| *other != pass) {
            assert!(marks.iter().all(|mark| yaml.contains(mark)), "{pass} off takes from {other}:\n{yaml}");
        }
    }
    let off = output(&spec("optimize off", ""));
    has(&off, &ALWAYS, true);
    for (_, marks) in ADDED {
        has(&off, marks, false);
    }
    let each: Vec<&str> = ADDED.iter().map(|(pass, _)| *pass).collect();
    assert_eq!(output(&spec(&with(&each), "")), off, "and all of them are all that there is");
}

#[test]
fn a_derived_thing_is_switched_off_by_name() {
    for (switch, job, gone) in [
        ("concurrency off", "", "cancel-in-progress:"),
        ("timeout off", "", "timeout-minutes: 30"),
        ("permissions { contents: write }", "", "contents: read"),
    ] {
        let yaml = output(&spec(switch, job));
        assert!(!yaml.contains(gone), "{switch}{job}: {gone}\n{yaml}");
    }
    let jobs = |yaml: &str| yaml.matches("actions/checkout@").count();
    assert_eq!(jobs(&output(&spec("", "checkout off"))) + 1, jobs(&output(&spec("", ""))));
    let nodes = |yaml: &str| yaml.matches("actions/setup-node@").count();
    assert_eq!(nodes(&output(&spec("", "toolchain node off"))) + 1, nodes(&output(&spec("", ""))));
    let ends = |yaml: &str| yaml.matches("timeout-minutes: 30").count();
    assert_eq!(ends(&output(&spec("", "timeout off"))) + 1, ends(&output(&spec("", ""))));
}

/// With hardening every expression stays that is not understood, and without it every one: then only those of strangers are told.
#[test]
fn what_stays_in_scripts_is_told_as_far_as_hardening_is_wanted() {
    let codes = |switch: &str| {
        let job = "job a {\n  shell cmd\n  run echo ${{ inputs.tag }} ${{ github.head_ref }} ${{ github.sha }}\n}";
        let text = format!("on pull_request\non workflow_dispatch {{ input tag: string = \"\" }}\n{switch}\n{job}\n");
        let made = compile(&Spec { path: "ci.pipe".to_owned(), text }, &Facts::default());
        made.diags.iter().map(|diag| diag.code.id).filter(|code| ["R0736", "W0707"].contains(code)).collect::<Vec<_>>()
    };
    assert_eq!(codes(""), ["R0736", "W0707"]);
    assert_eq!(codes("optimize { harden off }"), ["W0707"]);
    assert_eq!(codes("optimize off"), ["W0707"]);
}

/// How long a job may take where it does not say so.
#[test]
fn bounds_follow_what_is_known() {
    for (job, minutes) in [
        ("", Some(120)),
        ("takes 3m", Some(10)),
        ("takes 1h", Some(180)),
        ("timeout 7m", Some(7)),
        ("timeout off", None),
        ("runner self-hosted", None),
        ("runner [self-hosted, linux]", None),
        ("runner macos-latest", Some(120)),
        ("runner our-own-machine", None),
        ("matrix os: ubuntu-latest, windows-latest\n  runner ${{ matrix.os }}", Some(120)),
        ("matrix os: ubuntu-latest, our-own\n  runner ${{ matrix.os }}", None),
        ("step { timeout 200m; run make }", Some(210)),
    ] {
        let yaml = output(&format!("on push to main\n\njob a {{\n  {job}\n  run make\n}}\n"));
        let found = yaml.lines().find_map(|line| line.strip_prefix("    timeout-minutes: "));
        assert_eq!(found.map(|it| it.parse().unwrap()), minutes, "{job}\n{yaml}");
    }
}

/// What was declared long ago must not end what is measured to take longer by now; what is measured to be quick ends no sooner.
#[test]
fn what_is_measured_to_take_longer_is_not_ended() {
    for (takes, p90, minutes) in [("takes 3m", 1200.0, 60), ("takes 1h", 1200.0, 180), ("", 60.0, 120), ("", 3000.0, 150)] {
        let text = format!("on push to main\n\njob a {{\n  {takes}\n  run make\n}}\n");
        let step = Step { runs: 9.0, times: Times { p50: 50.0, p90, ..Times::default() }, ..Step::default() };
        let measured =
            Measured { runs: 9.0, steps: [("Run make".to_owned(), step)].into_iter().collect(), ..Measured::default() };
        let jobs = [("a".to_owned(), [("ubuntu-latest".to_owned(), measured)].into_iter().collect())].into_iter().collect();
        let profile = Profile { version: VERSION, runs: 9.0, newest: "2026-11-20".into(), jobs, ..Profile::default() };
        let facts = pipelay::facts::Facts { profile: Some(profile.print()), ..Default::default() };
        let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text }, &facts);
        let wanted = format!("timeout-minutes: {minutes}\n");
        assert!(
            made.yaml.as_ref().is_some_and(|yaml| yaml.contains(&wanted)),
            "{takes} {p90}: {:#?} {:?}",
            made.diags,
            made.yaml
        );
    }
}

/// A newer push to a pull request is all that cancels anything.
/// Groups are the repository's: what two workflows are called may be the same, and only their files are not.
#[test]
fn workflows_of_one_name_cancel_nothing_of_each_other() {
    let group = |path: &str| {
        let made = crate::compile::compiled(path, "workflow \"CI\"\non pull_request\njob a: make\n");
        let yaml = made.yaml.unwrap();
        yaml.lines().find_map(|line| line.trim().strip_prefix("group: ")).unwrap().to_owned()
    };
    assert_eq!(group("one.pipe"), "one-${{ github.event.pull_request.number || github.run_id }}");
    assert_ne!(group("one.pipe"), group("two.pipe"));
}

#[test]
fn only_superseded_pull_requests_are_cancelled() {
    for (on, cancels) in [
        ("on push to main\n", false),
        ("on push to main\non pull_request\n", true),
        ("on pull_request_target\n", true),
        ("on pull_request, workflow_call\n", false),
        ("on merge_group\n", false),
        ("on schedule \"0 3 * * 1\"\n", false),
    ] {
        let yaml = output(&format!("{on}\njob a: make\n"));
        assert_eq!(yaml.contains("cancel-in-progress: ${{ github.event_name == 'pull_request"), cancels, "{yaml}");
        assert_eq!(yaml.contains("|| github.run_id"), cancels, "{yaml}");
    }
    let rows = output(
        "on push to main\n\njob a {\n  matrix v: 1, 2\n  fail-fast off\n  max-parallel 1\n  run make ${{ matrix.v }}\n}\n",
    );
    assert!(rows.contains("fail-fast: false") && rows.contains("max-parallel: 1"), "{rows}");
}

/// A run that is cancelled takes all of its jobs with it: none is where a job that may be in it is to end by itself.
#[test]
fn no_run_is_cancelled_with_a_job_that_its_author_lets_end() {
    let expr = "${{ github.event_name == 'push' }}";
    for (job, cancels) in [
        ("locks staging".to_owned(), false),
        ("concurrency { group: staging, cancel-in-progress: false }".to_owned(), false),
        ("concurrency staging".to_owned(), false),
        (format!("concurrency {{ group: staging, cancel-in-progress: {expr} }}"), false),
        (format!("concurrency {{ group: staging, cancel-in-progress: {} }}", expr.replace("push", "pull_request")), true),
        ("concurrency { group: staging, cancel-in-progress: true }".to_owned(), true),
        ("locks staging; when branch('main')".to_owned(), true),
        ("locks staging; when event('push')".to_owned(), true),
        ("locks staging; needs live".to_owned(), true),
        ("locks staging; needs live; when always()".to_owned(), false),
        ("timeout 5m".to_owned(), true),
    ] {
        let text = format!(
            "on push to main\non pull_request\njob live {{ when event('push'); run ./live }}\njob a: make\njob e2e {{\n  {job}\n  run ./e2e\n}}\n"
        );
        let made = crate::compile::compiled("ci.pipe", &text);
        let yaml = made.yaml.unwrap_or_else(|| panic!("{job}: {:#?}", made.diags));
        assert_eq!(yaml.contains("\nconcurrency:\n"), cancels, "{job}\n{yaml}");
        let told = made.ledger.decisions.iter().find(|it| it.pass == "bound" && it.what.contains("older run")).unwrap();
        assert_eq!(told.why.contains("would end `e2e`"), !cancels, "{job}: {told:?}");
    }
}

/// Nor with one in a workflow that it calls, as a file or as a spec.
#[test]
fn no_run_is_cancelled_with_a_called_workflow_that_ends_by_itself() {
    let file = |concurrency: &str| {
        format!("on: workflow_call\njobs:\n  a:\n    runs-on: ubuntu-latest\n{concurrency}    steps: [{{run: make}}]\n")
    };
    let spec = |statement: &str| format!("on workflow_call\njob a {{\n  {statement}\n  run make\n}}\n");
    for (path, text, cancels) in [
        ("deploy.yml", file(""), true),
        ("deploy.yml", file("    concurrency: live\n"), false),
        ("deploy.yml", file("    concurrency: {group: live, cancel-in-progress: false}\n"), false),
        ("deploy.yml", file("    concurrency: {group: live, cancel-in-progress: true}\n"), true),
        ("deploy.pipe", spec("timeout 5m"), true),
        ("deploy.pipe", spec("locks live"), false),
        ("deploy.pipe", spec("concurrency live"), false),
    ] {
        let own = "on pull_request\njob preview { uses ./.github/workflows/deploy.yml }\n";
        let path = format!(".github/workflows/{path}");
        let facts = pipelay::facts::Facts {
            tracked: Some(std::iter::once(path.clone()).collect()),
            texts: std::iter::once((path.clone(), text.clone())).collect(),
            ..pipelay::facts::Facts::default()
        };
        let spec = pipelay::Spec { path: ".github/workflows/ci.pipe".into(), text: own.into() };
        let made = pipelay::compile(&spec, &facts);
        let yaml = made.yaml.unwrap_or_else(|| panic!("{path}: {:#?}", made.diags));
        assert_eq!(yaml.contains("\nconcurrency:\n"), cancels, "{path}\n{text}\n{yaml}");
    }
}
