//! The plan: what its tasks are called, what a job is about, and what `--emit plan` shows.

use std::collections::BTreeSet;

use pipelay::facts::Facts;
use pipelay::{Compilation, Spec, compile};

use crate::compile::{compiled, said};

const JOBS: [&str; 3] = [
    "job build { writes dist/; run make }\n",
    "job test {\n  reads dist/\n  matrix { os: [linux, macos], node: [20, 22], exclude: [{ os: macos, node: 20 }] }\n  run ./test\n}\n",
    "job lint { shards 2; run ./lint }\n",
];

fn ids(text: &str) -> BTreeSet<String> {
    let made = compiled("ci.pipe", text);
    assert!(made.yaml.is_some(), "{text}{:#?}", said(&made));
    made.plan.tasks.iter().map(|task| task.id.clone()).collect()
}

#[test]
fn ids_are_stable_under_edits_elsewhere() {
    let [build, test, lint] = JOBS;
    let before = ids(&format!("on push\n{build}{test}{lint}"));
    let expected = ["build", "lint[1]", "lint[2]", "test[linux, 20]", "test[linux, 22]", "test[macos, 22]"];
    assert_eq!(before.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    for edited in [
        format!("on push\n{lint}{test}{build}"),
        format!("on pull_request\nenv {{ A: 1 }}\njob first: x\n{build}job middle {{ reads dist/; run x }}\n{test}{lint}"),
        format!("on push\n{build}{}{lint}", test.replace("[20, 22]", "[18, 20, 22]").replace("./test", "./other")),
        format!("on push\n{}{test}{lint}", build.replace("{ ", "{ matrix x: a, b; ").replace("dist/", "dist/${{ matrix.x }}/")),
    ] {
        let after = ids(&edited);
        let lost: Vec<&String> = before.iter().filter(|id| *id != "build" && !after.contains(*id)).collect();
        assert!(lost.is_empty(), "{edited}: {lost:?} are gone from {after:?}");
    }
}

fn in_repository(text: &str, tracked: &[&str]) -> (Compilation, Vec<String>) {
    let tracked: Vec<String> = tracked.iter().map(|path| (*path).to_owned()).collect();
    let facts = Facts { tracked: Some(tracked.clone()), ..Facts::default() };
    let made = compile(&Spec { path: "ci.pipe".to_owned(), text: text.to_owned() }, &facts);
    assert!(made.yaml.is_some(), "{:#?}", said(&made));
    (made, tracked)
}

#[test]
fn source_is_what_git_tracks_of_what_a_job_reads() {
    let text = "on push\n\
        job generate { reads schema/**, !schema/old/**; writes src/generated.rs; run make }\n\
        job build { reads src/**; toolchain node 22; writes dist/; run npm run build }\n\
        job pack { reads dist/; run ./pack }\n\
        job rows {\n  matrix part {\n    a { reads docs/a.md }\n    b { reads docs/b.md }\n  }\n  run make\n}\n\
        job all: make\n";
    let tracked = [
        "docs/a.md",
        "docs/b.md",
        "docs/c.md",
        "package-lock.json",
        "package.json",
        "schema/a.json",
        "schema/old/b.json",
        "src/generated.rs",
        "src/main.rs",
    ];
    let (made, tracked) = in_repository(text, &tracked);
    let source = |job: &str| made.plan.source(job, &tracked);
    assert_eq!(source("generate"), Some(vec!["schema/a.json"]));
    // A writer takes no source away: `src/generated.rs` is tracked. What the install reads counts too.
    assert_eq!(source("build"), Some(vec!["package-lock.json", "package.json", "src/generated.rs", "src/main.rs"]));
    assert_eq!(source("rows"), Some(vec!["docs/a.md", "docs/b.md"]));
    assert_eq!(source("pack"), None, "what another job makes is no source: it depends on the whole repository");
    assert_eq!(source("all"), None);
    // That implicit dependence makes no edge.
    let edges: Vec<(&str, &str)> = made.plan.edges.iter().map(|edge| (edge.from.as_str(), edge.to.as_str())).collect();
    assert_eq!(edges, [("generate", "build"), ("build", "pack")]);
}

#[test]
fn a_plan_is_shown_as_text() {
    let made = compiled(
        "ci.pipe",
        &format!(
            "on push\noptimize {{ pin off }}\n{}job deploy {{ needs lint; reads dist/; when branch('main'); run ./deploy }}\n{}",
            JOBS[0], JOBS[2]
        ),
    );
    let shown = made.plan.to_string();
    for line in [
        "work build\n  first Checkout: uses actions/checkout@v6\n  run make\n  last Send: run mkdir -p .handover\n",
        "work deploy\n  after lint\n  after build, for dist/\n  when branch('main')\n",
        "  first Receive: uses actions/download-artifact@v8\n",
        "machine lint[1]\nmachine lint[2]\n",
    ] {
        assert!(shown.contains(line), "{line}is not in\n{shown}");
    }
}
