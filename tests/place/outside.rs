//! The simulator that knows nothing of ours: `tests/place/simulator.mjs`, which reads a workflow and a table of times.

use std::process::Command;

use serde_json::{Value, json};

use crate::shared::tool;

/// What it needs of the installed tools.
const YAML: &str = "node_modules/yaml";

/// What a minute costs in a private repository, and how many processors there are: GitHub's prices since 2026-01-01 (github/docs
/// actions-standard-runner-prices.md at d0b8a134). Of the arm64 machines, those that issue 7 and runs-on.com give.
const MACHINES: &[(&str, f64, u32)] = &[
    ("ubuntu-latest", 0.006, 2),
    ("ubuntu-24.04", 0.006, 2),
    ("ubuntu-slim", 0.002, 1),
    ("ubuntu-24.04-arm", 0.005, 2),
    ("windows-2025", 0.01, 2),
    ("windows-11-arm", 0.008, 2),
    ("macos-15", 0.062, 3),
    ("our-arm", 0.005, 2),
];

/// What a run takes and costs.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// In minutes.
    pub(crate) wall: f64,
    /// In US dollars.
    pub(crate) dollars: f64,
    /// Its rows in the order in which they ended: the job, and how long it had its machine, in seconds.
    pub(crate) rows: Vec<(String, f64)>,
}

/// Plays a run of each workflow, with what its steps take, as the head of the simulator says. None where there is nothing to play it with.
pub(crate) fn play(workflows: &[(Value, &str)]) -> Option<Vec<Run>> {
    tool(YAML)?;
    let machines: serde_json::Map<String, Value> =
        MACHINES.iter().map(|(label, price, cores)| ((*label).to_owned(), json!({ "price": price, "cores": cores }))).collect();
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("node");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/place/simulator.mjs"));
    for (at, (times, yaml)) in workflows.iter().enumerate() {
        let [table, workflow] = ["json", "yml"].map(|end| folder.path().join(format!("{at}.{end}")));
        let mut times = times.clone();
        times["machines"] = Value::Object(machines.clone());
        std::fs::write(&table, times.to_string()).unwrap();
        std::fs::write(&workflow, yaml).unwrap();
        command.arg(table).arg(workflow);
    }
    let output = command.env("ORACLE_HOME", crate::shared::oracle()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = |line: &str| {
        let run: Value = serde_json::from_str(line).unwrap();
        let number = |value: &Value| value.as_f64().unwrap();
        let row = |row: &Value| (row["id"].as_str().unwrap().to_owned(), number(&row["end"]) - number(&row["start"]));
        let rows = run["jobs"].as_array().unwrap().iter().map(row).collect();
        Run { wall: number(&run["wall"]) / 60.0, dollars: number(&run["dollars"]), rows }
    };
    Some(String::from_utf8_lossy(&output.stdout).lines().map(run).collect())
}
