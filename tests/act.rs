//! `examples/web-app.pipe`, compiled and really run. The project that it builds is a stub too: each npm script notes when it began and ended.

use std::path::Path;

use serde_json::{Value, json};

use crate::run::{Run, Runner};
use crate::shared::{files, spec};

const JOBS: [&str; 6] = ["test-unit", "test-integration", "build", "test-e2e", "security-scan", "deploy"];

/// What a run of the example left behind, and what its scripts noted, in the order of time.
struct Noted {
    run: Run,
    /// What the stand-ins for actions did.
    log: String,
    notes: Vec<String>,
}

impl Noted {
    /// When something was noted.
    #[track_caller]
    fn at(&self, note: &str) -> usize {
        self.notes.iter().position(|it| it == note).unwrap_or_else(|| panic!("no `{note}` in {:#?}", self.notes))
    }
}

/// Runs the example for an event; a script whose name is `failing` fails. None where there is nothing to run it with.
fn run(event: &str, payload: &Value, failing: &str) -> Option<Noted> {
    let runner = Runner::with_standins()?.event(event, payload.clone());
    let log = runner.path("notes");
    project(&runner.path("repo"), &log, failing);
    let path = files("examples", "pipe").into_iter().find(|path| path.ends_with("web-app.pipe")).unwrap();
    let (spec, facts) = spec(&path);
    let run = runner.run(&pipelay::compile(&spec, &facts).yaml.unwrap());
    let notes = std::fs::read_to_string(&log).unwrap_or_default().lines().map(str::to_owned).collect();
    Some(Noted { run, log: runner.log(), notes })
}

/// A project with the scripts that the example calls, and a `playwright` of its own, so that nothing is downloaded.
fn project(repo: &Path, log: &Path, failing: &str) {
    std::fs::create_dir_all(repo.join("playwright")).unwrap();
    let file = |name: &str, text: String| std::fs::write(repo.join(name), text).unwrap();
    let names = ["test:unit", "test:integration", "build", "test:e2e", "security-scan", "deploy:staging"];
    let scripts: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), json!(format!("node note.js {name}")))).collect();
    let package = json!({
        "name": "app", "version": "1.0.0", "scripts": scripts, "dependencies": { "playwright": "file:playwright" },
    });
    let bin = json!({ "name": "playwright", "version": "1.0.0", "bin": { "playwright": "../note.js" } });
    let lock = json!({
        "name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
        "packages": {
            "": { "name": "app", "version": "1.0.0", "dependencies": { "playwright": "file:playwright" } },
            "node_modules/playwright": { "resolved": "playwright", "link": true },
            "playwright": { "version": "1.0.0", "bin": { "playwright": "cli.js" } },
        },
    });
    file("package.json", package.to_string());
    file("package-lock.json", lock.to_string());
    file("playwright/package.json", bin.to_string().replace("../note.js", "cli.js"));
    file("playwright/cli.js", "#!/usr/bin/env node\n".to_owned());
    // As a literal of JavaScript.
    let log = json!(log).to_string();
    let note = format!(
        "const {{ appendFileSync, mkdirSync, readFileSync, writeFileSync }} = require('fs');\n\
         const name = process.argv.slice(2).join(' ');\n\
         if (name === 'build') {{ mkdirSync('dist'); writeFileSync('dist/index.html', ''); }}\n\
         if (/e2e|scan|deploy/.test(name)) readFileSync('dist/index.html');\n\
         appendFileSync({log}, 'begin ' + name + '\\n');\n\
         setTimeout(() => {{\n\
           appendFileSync({log}, 'end ' + name + '\\n');\n\
           process.exit(name === {failing:?} ? 1 : 0);\n\
         }}, 200);\n",
    );
    file("note.js", note);
}

#[test]
fn a_push_to_main_runs_every_job_after_what_it_needs() {
    let Some(run) = run("push", &json!({ "ref": "refs/heads/main" }), "") else { return };
    for job in JOBS {
        let rows = if job == "test-e2e" { 2 } else { 1 };
        assert_eq!(run.run.results(job), vec!["success"; rows], "{job}: {:#}", run.run.report);
    }
    let browsers = ["test:e2e --project=chromium", "test:e2e --project=firefox"];
    for later in [browsers[0], browsers[1], "security-scan"] {
        assert!(run.at("end build") < run.at(&format!("begin {later}")), "{:#?}", run.notes);
    }
    for earlier in ["test:unit", "test:integration", browsers[0], browsers[1], "security-scan"] {
        assert!(run.at(&format!("end {earlier}")) < run.at("begin deploy:staging"), "{:#?}", run.notes);
    }
    // Each command once: two notes for each of the six jobs, and two more for the second browser.
    assert_eq!(run.notes.len(), 14, "{:#?}", run.notes);
    // dist/ is sent once and received by its three readers, one of them twice.
    let transfers = |what: &str| run.log.lines().filter(|line| line.starts_with(what)).count();
    assert_eq!((transfers("upload build 1 days"), transfers("download build")), (1, 4), "{}", run.log);
}

#[test]
fn only_main_is_deployed() {
    let pull_request =
        json!({ "number": 7, "pull_request": { "number": 7, "head": { "ref": "topic" }, "base": { "ref": "main" } } });
    for (event, payload) in [("push", json!({ "ref": "refs/heads/topic" })), ("pull_request", pull_request)] {
        let Some(run) = run(event, &payload, "") else { return };
        for job in &JOBS[..5] {
            assert!(run.run.results(job).iter().all(|result| *result == "success"), "{event}: {job}: {:#}", run.run.report);
        }
        assert!(!run.notes.iter().any(|note| note.contains("deploy")), "{event}: {:#?}", run.notes);
        assert_eq!(run.notes.len(), 12, "{event}: {:#?}", run.notes);
    }
}

#[test]
fn a_failing_test_stops_the_deployment_and_nothing_else() {
    let Some(run) = run("push", &json!({ "ref": "refs/heads/main" }), "test:unit") else { return };
    assert_eq!(run.run.results("test-unit"), ["failure"], "{:#}", run.run.report);
    for job in &JOBS[1..5] {
        assert!(run.run.results(job).iter().all(|result| *result == "success"), "{job}: {:#}", run.run.report);
    }
    assert!(!run.notes.iter().any(|note| note.contains("deploy")), "{:#?}", run.notes);
    assert_eq!(run.notes.len(), 12, "{:#?}", run.notes);
}
