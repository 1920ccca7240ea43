//! The gate passes where every job passed or was rightly skipped, and in no other case: its script is run in bash for every combination of
//! results, and whole workflows are run by act.

use std::process::Command;

use pipelay::expr::eval::{Context, Status, eval};
use pipelay::expr::text::{Piece, split};
use pipelay::expr::value::{Object, Value};
use serde_json::json;

use crate::compile::{compiled, said};
use crate::run::Runner;

const RESULTS: [&str; 4] = ["success", "failure", "cancelled", "skipped"];

/// Whether a result of a job is in order, on the main branch or not, given those of the others by name.
type InOrder = fn(job: &str, main: bool, result: &dyn Fn(&str) -> &'static str) -> bool;

/// Specs, their jobs, and what GitHub says of a skip: it is right where the condition does not hold. Written down by hand, job by job.
const CASES: &[(&str, &[&str], InOrder)] = &[
    (
        "job build: make\njob deploy { needs build; when branch('main'); run x }\njob notify { needs deploy; run x }\n\
         job report { needs notify; when !cancelled() && !failure(); run x }\n",
        &["build", "deploy", "notify", "report"],
        |job, main, result| match (job, result(job)) {
            (_, "success") => true,
            ("deploy", "skipped") => !main,
            ("notify", "skipped") => result("deploy") != "success",
            _ => false,
        },
    ),
    (
        "gate \"x\" except flaky\njob flaky: make\njob after { needs flaky; run x }\njob mend { needs flaky; when failure(); run x }\n",
        &["flaky", "after", "mend"],
        |job, _, result| match (job, result(job)) {
            ("flaky", _) | (_, "success") => true,
            ("after", "skipped") => result("flaky") != "success",
            ("mend", "skipped") => result("flaky") != "failure",
            _ => false,
        },
    ),
    // What comes after a job that always runs is skipped with what came before that.
    (
        "job a { when branch('main'); run x }\njob b { needs a; when always(); run x }\njob c { needs b; run x }\njob d: x\n",
        &["a", "b", "c", "d"],
        |job, main, result| match (job, result(job)) {
            (_, "success") => true,
            ("a", "skipped") => !main,
            ("c", "skipped") => result("a") != "success",
            _ => false,
        },
    ),
    (
        "job a { when branch('main'); run x }\njob b: x\njob c { needs a, b; when always() && !contains(needs.*.result, 'skipped'); run x }\n",
        &["a", "b", "c"],
        |job, main, result| match (job, result(job)) {
            (_, "success") => true,
            ("a", "skipped") => !main,
            ("c", "skipped") => [result("a"), result("b")].contains(&"skipped"),
            _ => false,
        },
    ),
];

/// A text with its expressions worked out; `tests/expr` compares what that does with GitHub.
fn filled(text: &str, contexts: &Object) -> String {
    let context = Context { values: contexts, status: Status::Success, hash_files: None };
    let pieces = split(text).value;
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text { text, .. } => text.clone(),
            Piece::Hole { expr, .. } => eval(expr.as_ref().unwrap(), &context).unwrap().to_text(),
        })
        .collect()
}

#[test]
fn every_combination_of_results() {
    for (jobs, names, in_order) in CASES {
        let made = compiled("ci.pipe", &format!("on push\n{jobs}"));
        let yaml = made.yaml.as_ref().unwrap_or_else(|| panic!("{:#?}", said(&made)));
        let workflow: serde_yaml::Value = serde_yaml::from_str(yaml).unwrap();
        let gate = &workflow["jobs"]["gate"];
        assert_eq!((gate["if"].as_str(), gate["steps"].as_sequence().unwrap().len()), (Some("always()"), 1), "{yaml}");
        let step = &gate["steps"][0];
        for case in 0..4_usize.pow(names.len() as u32) * 2 {
            let main = case % 2 == 0;
            let result = |job: &str| {
                let place = names.iter().position(|name| *name == job).unwrap() as u32;
                RESULTS[case / 2 / 4_usize.pow(place) % 4]
            };
            let needs: serde_json::Map<String, serde_json::Value> =
                names.iter().map(|name| ((*name).to_owned(), json!({ "result": result(name), "outputs": {} }))).collect();
            let branch = if main { "refs/heads/main" } else { "refs/heads/topic" };
            let contexts: Object = [("github", json!({ "ref": branch })), ("needs", needs.clone().into())]
                .iter()
                .map(|(name, value)| (*name, Value::from_json(value)))
                .collect();
            let env = step["env"].as_mapping().unwrap().iter();
            let env = env.map(|(name, value)| (name.as_str().unwrap(), filled(value.as_str().unwrap(), &contexts)));
            let output = Command::new("bash").args(["-e", "-c", step["run"].as_str().unwrap()]).envs(env).output().unwrap();
            let passes = names.iter().all(|job| in_order(job, main, &result));
            assert_eq!(
                output.status.code(),
                Some(i32::from(!passes)),
                "main: {main}, {needs:?}: {}",
                String::from_utf8_lossy(&output.stdout)
            );
        }
    }
}

#[test]
fn many_results_are_no_expression_that_is_too_long() {
    let jobs: String =
        (0..800).map(|number| format!("job job-with-a-long-name-{number} {{ when branch('main'); run x }}\n")).collect();
    let made = compiled("ci.pipe", &format!("on push\n{jobs}"));
    assert!(said(&made).is_empty(), "{:#?}", said(&made));
    let workflow: serde_yaml::Value = serde_yaml::from_str(made.yaml.as_ref().unwrap()).unwrap();
    let step = &workflow["jobs"]["gate"]["steps"][0];
    let result = |bad: &str| {
        let env = step["env"].as_mapping().unwrap().iter().map(|(name, value)| {
            let lines = value.as_str().unwrap().lines().map(|line| {
                let job = line.split(' ').next().unwrap();
                format!("{job} {}", if job == bad { "failure" } else { "skipped true" })
            });
            (name.as_str().unwrap(), lines.collect::<Vec<_>>().join("\n"))
        });
        Command::new("bash").args(["-e", "-c", step["run"].as_str().unwrap()]).envs(env).output().unwrap().status.code()
    };
    assert_eq!((result(""), result("job-with-a-long-name-799")), (Some(0), Some(1)));
}

#[test]
fn where_it_is_and_where_not() {
    let has = |text: &str| compiled("ci.pipe", text).yaml.unwrap().contains("\n  gate:\n");
    let deploy = "job build: make\njob deploy { needs build; when branch('main'); run x }\n";
    for on in ["push", "pull_request", "push to main { tags: [v*] }", "merge_group"] {
        assert!(has(&format!("on {on}\n{deploy}")), "{on}");
        assert!(!has(&format!("on {on}\njob build: make\n")), "nothing is skipped");
    }
    for on in ["schedule \"0 3 * * *\"", "push { tags: [v*] }", "workflow_dispatch", "workflow_call"] {
        assert!(!has(&format!("on {on}\n{deploy}")), "{on}");
    }
    assert!(!has(&format!("on push\noptimize off\n{deploy}")));
    assert!(!has(&format!("on push\noptimize {{ gate off }}\n{deploy}")));
    assert!(has(&format!("on push\noptimize off\ngate \"Tests\"\n{deploy}")));
    assert!(!has("on schedule \"0 3 * * *\"\ngate \"Tests\"\njob build: make\n"));
}

#[test]
fn in_a_run() {
    let yaml =
        compiled("ci.pipe", &format!("on push\n{}", CASES[0].0.replace("make", "test ! -e broken").replace("run x", "run true")))
            .yaml
            .unwrap();
    for (branch, broken, deploy, gate) in [
        ("main", false, "success", "success"),
        ("topic", false, "", "success"),
        ("main", true, "", "failure"),
        ("topic", true, "", "failure"),
    ] {
        let Some(runner) = Runner::new() else { return };
        let runner = runner.event("push", json!({ "ref": format!("refs/heads/{branch}") }));
        if broken {
            runner.file("broken", "");
        }
        let run = runner.run(&yaml);
        assert_eq!(run.results("deploy").first().copied().unwrap_or_default(), deploy, "{branch} {broken}: {:#}", run.report);
        assert_eq!(run.results("gate"), [gate], "{branch} {broken}: {:#}", run.report);
    }
}

/// It is a script of bash: on GitHub's machines for other systems it has no business, and on one's own its shell is said.
#[test]
fn it_runs_where_there_is_bash() {
    for (runner, on, shell) in [
        ("windows-latest", "ubuntu-slim", None),
        ("macos-15", "ubuntu-slim", None),
        ("ubuntu-24.04", "ubuntu-slim", None),
        ("our-windows", "our-windows", Some("bash")),
    ] {
        let text = format!("on push\ngate \"CI\"\nrunner {runner}\njob a: npm test\n");
        let made = crate::compile::compiled("ci.pipe", &text);
        let yaml = made.yaml.unwrap();
        let gate = yaml.split("\n  gate:\n").nth(1).unwrap_or_else(|| panic!("{yaml}"));
        assert!(gate.contains(&format!("runs-on: {on}\n")), "{gate}");
        assert_eq!(gate.contains("shell: bash"), shell.is_some(), "{gate}");
    }
}

/// What the gate of a spec is: none, or its condition.
fn condition_of_gate(spec: &str) -> Option<String> {
    let made = compiled("ci.pipe", spec);
    let yaml = made.yaml.as_ref().unwrap_or_else(|| panic!("{:#?}", said(&made)));
    let workflow: serde_yaml::Value = serde_yaml::from_str(yaml).unwrap();
    workflow["jobs"].get("gate").map(|gate| gate["if"].as_str().unwrap().to_owned())
}

#[test]
fn there_is_none_where_no_check_can_be_required() {
    let jobs = "job a { when github.actor == 'x'; run make }\njob b: make\n";
    for (events, written, derived) in [
        ("on issue_comment", false, false),
        ("on schedule \"0 3 * * *\"\non issues, release", false, false),
        // Started on the branch of a pull request, its check is one of that.
        ("on workflow_dispatch", true, false),
        ("on workflow_call", true, false),
        ("on pull_request_review", true, false),
        ("on push", true, true),
        ("on merge_group", true, true),
        ("on issue_comment, pull_request_target", true, true),
    ] {
        let spec = |gate: &str| format!("{events}\n{gate}{jobs}");
        assert_eq!(condition_of_gate(&spec("gate \"all\"\n")).is_some(), written, "{events}");
        assert_eq!(condition_of_gate(&spec("")).is_some(), derived, "{events}");
    }
    let made = compiled("ci.pipe", &format!("on issue_comment\ngate \"all\"\n{jobs}"));
    assert!(made.ledger.gate.is_none());
    let notes: Vec<_> = made.ledger.decisions.iter().filter(|note| note.pass == "gate").map(|note| note.what.as_str()).collect();
    assert_eq!(notes, ["leaves out the gate"]);
}

#[test]
fn it_is_skipped_in_runs_that_have_nothing_of_what_it_judges_elsewhere() {
    let a = "job a { when github.event_name != 'issue_comment'; run make }\n";
    let b = "job b { when github.event_name == 'issue_comment' && github.actor == 'x'; run make }\n";
    let always = Some("always()".to_owned());
    let but = Some("always() && github.event_name != 'issue_comment'".to_owned());
    for (spec, wanted) in [
        (format!("on push, issue_comment\n{a}{b}"), but.clone()),
        // A comment must not make good what failed in a push of the same commit.
        (format!("on push, issue_comment\n{a}{b}job c: make\n"), always.clone()),
        (format!("on push, issue_comment\ngate \"x\" except c\n{a}{b}job c: make\n"), but),
        (format!("on push, workflow_dispatch\n{}", a.replace("issue_comment", "workflow_dispatch")), always.clone()),
        // The event of a called workflow is its caller's.
        (format!("on push, issue_comment, workflow_call\n{a}{b}"), always),
    ] {
        assert_eq!(condition_of_gate(&spec), wanted, "{spec}");
    }
}
