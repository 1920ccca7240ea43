//! `explain ci.yml:87`: every line that may be asked for gets an answer.

use super::sandbox::{Run, Sandbox};

const CI: &str = ".github/workflows/ci.pipe";
const YML: &str = ".github/workflows/ci.yml";
const SPEC: &str = "on push\n\njob test {\n  timeout 20m\n  run npm test\n}\n";

fn compiled() -> Sandbox {
    let sandbox = Sandbox::repository().file(CI, SPEC);
    sandbox.run(&["compile"]).is(0);
    sandbox
}

/// The number of the first line that holds a text.
fn number(sandbox: &Sandbox, text: &str) -> usize {
    sandbox.read(YML).lines().position(|line| line.contains(text)).unwrap() + 1
}

fn explain(sandbox: &Sandbox, line: usize) -> Run {
    sandbox.run(&["explain", &format!("ci.yml:{line}")])
}

#[test]
fn a_line_leads_to_the_spec_however_it_is_named() {
    let sandbox = compiled().inside("deep");
    let line = number(&sandbox, "timeout-minutes:");
    let run = explain(&sandbox, line);
    run.is(0).stderr("").stdout(&format!(
        "{YML}:{line} jobs.test.timeout-minutes\n\n    timeout-minutes: 20\n\n  ☞ written in the spec\n   ╭─[{CI}:4:11]\n 2 │\n 3 │ job test {{\n   ·     ──┬─\n   ·       ╰── in this job\n 4 │   timeout 20m\n   ·           ─┬─\n   ·            ╰── how long it may take\n 5 │   run npm test\n   ╰────\n"
    ));
    let names = [
        format!("ci.yml:{line}:5"),
        format!("{YML}:{line}"),
        format!("../{YML}:{line}:1"),
        format!("{YML}#L{line}"),
        format!("{YML} (Line: {line}, Col: 5)"),
    ];
    for name in names {
        sandbox.run(&["explain", &name]).is(0).stdout(&run.stdout);
    }
    let json = sandbox.run(&["explain", &format!("ci.yml:{line}:5"), "--format", "json"]);
    let object: serde_json::Value = serde_json::from_str(&json.is(0).stdout).unwrap();
    assert_eq!(object["path"], "jobs.test.timeout-minutes");
    assert_eq!((&object["line"], &object["column"], &object["fresh"]), (&line.into(), &5.into(), &true.into()));
    assert_eq!(object["reasons"].as_array().unwrap().len(), 0);
    assert_eq!(object["places"][0]["file"], CI);
    assert_eq!((&object["places"][0]["line"], &object["places"][0]["column"]), (&4.into(), &11.into()));
    let line = number(&sandbox, "permissions:");
    let json = sandbox.run(&["explain", &format!("ci.yml:{line}"), "--format", "json"]);
    let object: serde_json::Value = serde_json::from_str(&json.is(0).stdout).unwrap();
    assert_eq!(object["reasons"][0]["pass"], "harden");
}

#[test]
fn lines_without_a_key_are_told_what_they_are() {
    let sandbox = compiled();
    assert!(explain(&sandbox, 1).is(0).stdout.contains("the header; it says from which spec"));
    assert!(explain(&sandbox, 3).is(0).stdout.contains("a blank line"));
}

#[test]
fn places_that_are_none_are_said() {
    let sandbox = compiled();
    let count = sandbox.read(YML).lines().count();
    explain(&sandbox, count).is(0);
    let help = format!("help: it has {count} lines");
    explain(&sandbox, count + 1).is(2).stdout("").says(&["`.github/workflows/ci.yml` has no line ", &help]);
    sandbox.run(&["explain", "ci.yml"]).is(2).says(&["`ci.yml` names no line", "help: a line is named as in `ci.yml:87`"]);
    sandbox.run(&["explain", "ci.yml:0"]).is(2).says(&["lines and columns count from 1"]);
    sandbox.run(&["explain", "ci.yml:1:2:3"]).is(2).says(&["`ci.yml:1:2:3` is no place"]);
    sandbox.run(&["explain", "no.yml:3"]).is(2).says(&["there is no file `no.yml`"]);
    sandbox.run(&["explain", "ci.yml:3", CI]).is(2).says(&["`ci.yml:3` names its file already"]);
    sandbox.run(&["explain", "ci.yml:3", "--format", "sarif"]).is(2).says(&["an explanation is for people, or JSON"]);
}

#[test]
fn files_of_others_and_of_specs_that_are_gone_are_said() {
    let sandbox = compiled().file("x.yml", "on: push\n");
    sandbox.run(&["explain", "x.yml:1"]).is(2).says(&["`x.yml` was not written by pipelay", "help: `pipelay import x.yml`"]);
    std::fs::remove_file(sandbox.path(CI)).unwrap();
    explain(&sandbox, 5).is(1).stdout("").says(&["error[E0805]", "which does not exist"]);
    let outside = sandbox.read(YML).replace(CI, "../../secret.pipe");
    let sandbox = sandbox.file(YML, outside);
    explain(&sandbox, 5).is(1).stdout("").says(&["error[E0805]"]);
}

#[test]
fn a_file_that_is_out_of_date_is_explained_where_it_still_holds() {
    let sandbox = compiled().file(CI, SPEC.replace("npm test", "npm run test").replace("on push", "on push, pull_request"));
    let kept = explain(&sandbox, number(&sandbox, "timeout-minutes:"));
    assert!(kept.is(0).stdout.contains("of a file that is out of date; this line is not: `pipelay compile"), "{kept:?}");
    assert!(kept.stdout.contains("how long it may take"), "{kept:?}");
    let gone = explain(&sandbox, number(&sandbox, "run: npm test"));
    gone.is(1).stdout("").says(&[
        "error[E0803]",
        "is not among what",
        "help: run `pipelay compile .github/workflows/ci.pipe`, and ask again",
    ]);
    let sandbox = sandbox.file(CI, "on push\njob test {\n  npm test\n}\n");
    explain(&sandbox, 5).is(1).stdout("").says(&["error[E0101]"]);
}

#[test]
fn a_marker_of_a_merge_is_said() {
    let sandbox = compiled();
    let text = sandbox.read(YML);
    let conflict = text.replace("on: push\n", "<<<<<<< HEAD\non: push\n=======\non: pull_request\n>>>>>>> other\n");
    assert_ne!(conflict, text);
    let sandbox = sandbox.file(YML, conflict);
    explain(&sandbox, number(&sandbox, "=======")).is(1).stdout("").says(&["error[E0806]", "marker of the conflict"]);
    assert!(explain(&sandbox, number(&sandbox, "timeout-minutes:")).is(0).stdout.contains("how long it may take"));
}
