//! Output for machines: on standard output, and nothing else there.

use serde_json::Value;

use super::sandbox::{Run, Sandbox};

const CI: &str = ".github/workflows/ci.pipe";

fn check(format: &str) -> Run {
    Sandbox::repository().file(CI, "job test {\n  npm test\n}\njob a b\n").run(&["check", "--format", format])
}

#[test]
fn json_is_one_object_a_line() {
    let run = check("json");
    run.is(1).stderr("");
    let lines: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let codes: Vec<_> =
        lines.iter().map(|it| (it["code"].as_str(), it["line"].as_u64(), it["column"].as_u64(), it["start"].as_u64())).collect();
    assert_eq!(codes, [(Some("E0101"), Some(2), Some(3), Some(13)), (Some("E0102"), Some(4), Some(7), Some(30))]);
    assert_eq!(lines[0]["file"], CI);
    assert_eq!(lines[0]["labels"][0]["text"], "not a statement");
}

#[test]
fn github_gets_commands() {
    let run = check("github");
    run.is(1).stderr("");
    assert!(
        run.stdout.starts_with(
            "::error file=.github/workflows/ci.pipe,line=2,endLine=2,col=3,endColumn=5,title=E0101 unknown statement::"
        ),
        "{run:?}"
    );
    assert_eq!(run.stdout.lines().count(), 2);
}

#[test]
fn sarif_is_one_document() {
    let run = check("sarif");
    run.is(1).stderr("");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["version"], "2.1.0");
    let [run] = document["runs"].as_array().unwrap().as_slice() else { panic!("{document}") };
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string() && result["level"] == "error");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], CI);
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
    }
    assert_eq!(run["results"].as_array().unwrap().len(), 2);
}

#[test]
fn nothing_to_say_is_an_empty_run_in_sarif_and_nothing_elsewhere() {
    let sandbox = Sandbox::repository().file(CI, "on push\njob a: make\n");
    for format in ["json", "github"] {
        sandbox.run(&["fmt", "--check", "-q", "--format", format]).is(0).stdout("").stderr("");
    }
    let run = sandbox.run(&["fmt", "--check", "-q", "--format", "sarif"]);
    let document: Value = serde_json::from_str(&run.is(0).stdout).unwrap();
    assert_eq!(document["runs"][0]["results"], serde_json::json!([]));
}
