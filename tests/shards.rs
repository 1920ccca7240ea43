//! `shards N of files`: the command that is emitted, run in a real repository.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_yaml::Value;

use crate::compile::compiled;

const TRACKED: [&str; 8] = [
    "tests/a.spec.ts",
    "tests/b.spec.js",
    "tests/häß.spec.ts",
    "tests/x/c.spec.ts",
    "tests/x/it's.spec.ts",
    "tests/old/d.spec.ts",
    "tests/a.ts",
    "src/e.spec.ts",
];

fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in TRACKED {
        let file = folder.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, "").unwrap();
    }
    let git =
        |arguments: &[&str]| assert!(Command::new("git").args(arguments).current_dir(folder.path()).status().unwrap().success());
    git(&["init", "-q"]);
    git(&["add", "."]);
    // Not tracked: of no shard.
    std::fs::write(folder.path().join("tests/new.spec.ts"), "").unwrap();
    folder
}

/// What `$FILES` holds for a shard.
fn files(command: &str, repository: &Path, shard: u32, shards: u32) -> Vec<String> {
    let environment = tempfile::NamedTempFile::new().unwrap();
    let status = Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", command])
        .current_dir(repository)
        .envs([("SHARD", shard.to_string()), ("SHARDS", shards.to_string())])
        .env("GITHUB_ENV", environment.path())
        .status();
    assert!(status.unwrap().success(), "{command}");
    let text = std::fs::read_to_string(environment.path()).unwrap();
    text.trim_end().strip_prefix("FILES=").unwrap().split(' ').filter(|file| !file.is_empty()).map(str::to_owned).collect()
}

#[test]
fn each_file_is_in_one_shard_and_shards_differ_by_one_file() {
    let repository = repository();
    for shards in 1..=4 {
        let text = format!(
            "on push\njob test {{\n  shards {shards} of files \"tests/**/*.spec.{{ts,js}}\", \"!tests/old/\"\n  run npx vitest run $FILES\n}}\n"
        );
        let made = compiled("ci.pipe", &text);
        let workflow: Value = serde_yaml::from_str(made.yaml.as_deref().unwrap()).unwrap();
        let steps = workflow["jobs"]["test"]["steps"].as_sequence().unwrap();
        let step = steps.iter().find(|step| step["name"].as_str() == Some("Choose the files of this shard")).unwrap();
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        let mut sizes = Vec::new();
        for shard in 1..=shards {
            let files = files(step["run"].as_str().unwrap(), repository.path(), shard, shards);
            sizes.push(files.len());
            files.into_iter().for_each(|file| *seen.entry(file).or_default() += 1);
        }
        let all: Vec<(&str, u32)> = seen.iter().map(|(file, count)| (file.as_str(), *count)).collect();
        assert_eq!(all, TRACKED[..5].iter().map(|file| (*file, 1)).collect::<Vec<_>>(), "{shards} shards");
        assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{sizes:?}");
    }
}

#[test]
fn paths_begin_where_the_commands_run() {
    let repository = repository();
    let text = "on push\njob test {\n  in tests/x\n  shards 1 of files \"tests/**/*.spec.ts\", \"!tests/old/\"\n  run npx vitest run $FILES\n}\n";
    let made = compiled("ci.pipe", text);
    let workflow: Value = serde_yaml::from_str(made.yaml.as_deref().unwrap()).unwrap();
    let job = &workflow["jobs"]["test"];
    assert_eq!(job["defaults"]["run"]["working-directory"].as_str(), Some("tests/x"));
    let step =
        job["steps"].as_sequence().unwrap().iter().find(|step| step["name"].as_str() == Some("Choose the files of this shard"));
    let folder = repository.path().join("tests/x");
    let mut found = files(step.unwrap()["run"].as_str().unwrap(), &folder, 1, 1);
    found.sort();
    assert_eq!(found, ["../a.spec.ts", "../häß.spec.ts", "c.spec.ts", "it's.spec.ts"]);
    assert!(found.iter().all(|file| folder.join(file).exists()));
}
