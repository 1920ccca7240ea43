//! Real workflows.

use std::fs;

use super::{left_over, round_trip};
use crate::shared::shared;

/// Files of the corpus that are no workflow: broken YAML.
fn is_yaml(text: &str) -> bool {
    serde_yaml::from_str::<serde_yaml::Value>(text.trim_start_matches('\u{feff}')).is_ok()
}

#[test]
fn real_workflows_survive_reading_and_emitting() {
    for (folder, at_least) in [("corpus/workflows", 550), ("corpus/older", 320)] {
        let Some(folder) = shared(folder) else { continue };
        let mut names: Vec<_> = fs::read_dir(&folder).expect("folder").map(|entry| entry.expect("entry").path()).collect();
        names.sort();
        let (mut good, mut broken, mut typed, mut failures) = (0, 0, 0, Vec::new());
        for path in &names {
            let text = String::from_utf8_lossy(&fs::read(path).expect("file")).into_owned();
            if !is_yaml(&text) {
                broken += 1;
                continue;
            }
            match round_trip(&text) {
                Ok((workflow, _)) => {
                    good += 1;
                    if left_over(&workflow) == 0 {
                        typed += 1;
                    } else {
                        eprintln!("keys left over: {}", path.display());
                    }
                }
                Err(why) => failures.push(format!("{}: {why}", path.display())),
            }
        }
        eprintln!("{}: {} files, {good} round-trip, {typed} wholly typed, {broken} are no YAML", folder.display(), names.len());
        assert!(failures.is_empty(), "{} failures, the first:\n{}", failures.len(), failures[0]);
        assert!(good >= at_least, "only {good}");
        assert!(typed * 100 >= good * 98, "only {typed} of {good} wholly typed");
    }
}

/// GitHub's own parser and actionlint say the same of what we emit as of what we read. Takes half a minute: run it with `--ignored`.
#[test]
#[ignore = "half a minute, and needs the judge"]
fn judges_say_the_same_of_what_is_emitted() {
    let (Some(folder), Some(judge)) = (shared("corpus/workflows"), shared("judge/judge")) else { return };
    let out = std::env::temp_dir().join(format!("pipelay-judge-{}", std::process::id()));
    let mut said = Vec::new();
    for (name, emitted) in [("from", false), ("to", true)] {
        let below = out.join(name);
        fs::create_dir_all(&below).expect("folder");
        for entry in fs::read_dir(&folder).expect("folder") {
            let path = entry.expect("entry").path();
            let text = String::from_utf8_lossy(&fs::read(&path).expect("file")).into_owned();
            let text = if emitted { round_trip(&text).expect("round trip").1 } else { text };
            fs::write(below.join(path.file_name().expect("a name")), text).expect("write");
        }
        let oracles = "gh-parser,actionlint,json-schema,zizmor-load,yaml-1.2,js-yaml,ruamel-1.2,pyyaml-1.1";
        let output =
            std::process::Command::new(&judge).args(["--no-shellcheck", "--bad-only", "--oracles", oracles]).arg(&below).output();
        let text = String::from_utf8_lossy(&output.expect("the judge").stdout).into_owned();
        let refused = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).ok()?;
            let file = line["file"].as_str()?.rsplit('/').next()?.to_owned();
            Some((file, line["oracle"].as_str()?.to_owned(), line["errors"].to_string()))
        };
        eprintln!("{}", text.lines().last().unwrap_or_default());
        said.push(text.lines().filter_map(refused).collect::<Vec<_>>());
    }
    let before = |file: &str, oracle: &str| said[0].iter().any(|(f, o, _)| f == file && o == oracle);
    let new: Vec<_> = said[1].iter().filter(|(file, oracle, _)| !before(file, oracle)).collect();
    assert!(new.is_empty(), "in {}: {new:#?}", out.display());
    fs::remove_dir_all(&out).expect("remove");
}
