//! Files arrive where they were: what the emitted steps upload is worked out by GitHub's own package for paths, on real files, and unpacked as
//! the emitted downloads say.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_yaml::Value;

use crate::compile::compiled;
use crate::shared::tool;

/// What a job writes and another reads, the files that each row of the first makes, and those that the second must find.
struct Case {
    matrix: &'static str,
    writes: &'static str,
    reads: &'static str,
    rows: &'static [(&'static str, &'static [&'static str])],
    arrives: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        matrix: "",
        writes: "dist/",
        reads: "dist/",
        rows: &[("", &["dist/a.js", "dist/.hidden", "dist/b/c.js", "other"])],
        arrives: &["dist/a.js", "dist/.hidden", "dist/b/c.js"],
    },
    // One file alone, and a folder of that name.
    Case { matrix: "", writes: "bin/app", reads: "bin/app", rows: &[("", &["bin/app"])], arrives: &["bin/app"] },
    Case { matrix: "", writes: "build", reads: "build/app.js", rows: &[("", &["build/app.js"])], arrives: &["build/app.js"] },
    Case { matrix: "", writes: "*.tgz", reads: "*.tgz", rows: &[("", &["a.tgz", "b.zip"])], arrives: &["a.tgz"] },
    Case {
        matrix: "",
        writes: "lib/**/*.{js,css}",
        reads: "lib/",
        rows: &[("", &["lib/a.js", "lib/x/y/b.css", "lib/c.ts"])],
        arrives: &["lib/a.js", "lib/x/y/b.css"],
    },
    Case {
        matrix: "",
        writes: "out/, !out/tmp/**",
        reads: "out/",
        rows: &[("", &["out/a", "out/tmp/b", "out/x/c"])],
        arrives: &["out/a", "out/x/c"],
    },
    Case {
        matrix: "matrix arch: amd64, arm64",
        writes: "bin/${{ matrix.arch }}/",
        reads: "bin/*/",
        rows: &[("amd64", &["bin/amd64/app"]), ("arm64", &["bin/arm64/app", "bin/arm64/lib/x"])],
        arrives: &["bin/amd64/app", "bin/arm64/app", "bin/arm64/lib/x"],
    },
    Case {
        matrix: "matrix arch: amd64, arm64",
        writes: "dist/ merge",
        reads: "dist/",
        rows: &[("amd64", &["dist/amd64.whl"]), ("arm64", &["dist/arm64.whl"])],
        arrives: &["dist/amd64.whl", "dist/arm64.whl"],
    },
];

/// The inputs of the steps of a job that use an action.
fn inputs(workflow: &Value, job: &str, action: &str) -> Vec<Value> {
    let steps = workflow["jobs"][job]["steps"].as_sequence().unwrap();
    let of_it = |step: &&Value| step["uses"].as_str().is_some_and(|uses| uses.starts_with(action));
    steps.iter().filter(of_it).map(|step| step["with"].clone()).collect()
}

/// The paths in the artifact that a step makes of the files of a row.
fn sent(glob: &Path, row: &str, files: &[&str], path: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let file = folder.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, "").unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/artifacts.mjs");
    let path = path.replace("${{ matrix.arch }}", row);
    let output = Command::new("node").arg(script).arg(glob).arg(path).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().filter_map(|line| line.strip_prefix("file ")).map(str::to_owned).collect()
}

#[test]
fn files_arrive_where_they_were() {
    let Some(glob) = tool("node_modules/@actions/glob") else { return };
    for Case { matrix, writes, reads, rows, arrives } in CASES {
        let text = format!(
            "on push\njob make {{\n  {matrix}\n  writes {writes}\n  run make\n}}\njob take {{\n  reads {reads}\n  run take\n}}\n"
        );
        let made = compiled("ci.pipe", &text);
        let workflow: Value = serde_yaml::from_str(made.yaml.as_deref().unwrap()).unwrap();
        let downloads = inputs(&workflow, "take", "actions/download-artifact@");
        let mut found = BTreeSet::new();
        for upload in inputs(&workflow, "make", "actions/upload-artifact@") {
            let name = upload["name"].as_str().unwrap();
            let takes = |with: &&Value| match (with["name"].as_str(), with["pattern"].as_str()) {
                (Some(own), _) => own == name,
                (_, Some(pattern)) => name.starts_with(pattern.trim_end_matches('*')),
                _ => false,
            };
            let into = downloads.iter().find(takes).unwrap_or_else(|| panic!("{writes}: nobody takes {name}"));
            let into = Path::new(into["path"].as_str().unwrap_or_default());
            for (row, files) in *rows {
                let paths = sent(&glob, row, files, upload["path"].as_str().unwrap());
                found.extend(paths.iter().map(|path| into.join(path).to_string_lossy().into_owned()));
            }
        }
        assert_eq!(found, arrives.iter().map(ToString::to_string).collect(), "{writes}");
    }
}
