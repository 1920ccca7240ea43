//! The simulator that knows nothing of ours: `tests/place/simulator.mjs`, which reads a workflow and a table of times.

use std::process::Command;

use pipelay::cost::estimate::typical;
use pipelay::cost::machine::visibility;
use pipelay::cost::{Slot, model};
use pipelay::hir::{self, Duration, Job, Step, StepKind};
use pipelay::plan::{Plan, Role, Task, Work};
use pipelay::profile::{Profile, Times, display_name};
use pipelay::{Compilation, compile};
use serde_json::{Value, json};

use crate::shared::{files, spec, tool};

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
    ("windows-11-arm", 0.01, 2),
    ("macos-15", 0.062, 3),
    ("our-arm", 0.004, 2),
    ("their-arm", 0.005, 2),
    ("ubuntu-latest-8-cores", 0.022, 8),
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

/// Plays a run of each workflow, with what its steps take, as the head of the simulator says; or why it cannot. None where there is nothing to play it with.
pub(crate) fn play(workflows: &[(Value, &str)]) -> Option<Vec<Result<Run, String>>> {
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
    let run = |line: &str| {
        let run: Value = serde_json::from_str(line).unwrap();
        if let Some(error) = run["error"].as_str() {
            return Err(error.to_owned());
        }
        let number = |value: &Value| value.as_f64().unwrap();
        let row = |row: &Value| (row["id"].as_str().unwrap().to_owned(), number(&row["end"]) - number(&row["start"]));
        let rows = run["jobs"].as_array().unwrap().iter().map(row).collect();
        Ok(Run { wall: number(&run["wall"]) / 60.0, dollars: number(&run["dollars"]), rows })
    };
    let runs: Vec<_> = String::from_utf8_lossy(&output.stdout).lines().map(run).collect();
    assert_eq!(runs.len(), workflows.len(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(runs)
}

/// How much longer the slowest tenth takes, of times that are made up.
pub(crate) const SLOWEST: f64 = 1.4;

/// The tasks of the author's jobs.
pub(crate) fn tasks(plan: &Plan) -> impl Iterator<Item = (&Task, &Job)> {
    let own = |task: &&Task| plan.works[&task.work].place.is_some();
    plan.tasks.iter().filter(own).map(|task| (task, &*plan.works[&task.work].job))
}

/// The steps of a step: itself, or those side by side.
fn leaves(step: &Step) -> Vec<&Step> {
    match &step.kind {
        StepKind::Parallel(steps) => steps.iter().flat_map(leaves).collect(),
        _ => vec![step],
    }
}

/// Whether it is work of the author's, and not what goes with a machine, or is for failures alone.
fn is_command(step: &Step) -> bool {
    let known = ["actions/setup-", "actions/upload-artifact@", "actions/cache"];
    let goes_along = matches!(&step.kind, StepKind::Uses { action, .. } if known.iter().any(|known| action.starts_with(known)));
    let fails = step.when.as_ref().is_some_and(|when| when.text.as_str().trim() == "failure()");
    !step.fetches() && !fails && !goes_along
}

/// What stands in the commands of a toolchain.
fn tools(toolchain: &str) -> Vec<&str> {
    match toolchain {
        "rust" => vec!["cargo"],
        "go" => vec!["go", "golangci-lint"],
        "java" => vec!["gradle", "./gradlew", "mvn", "./mvnw"],
        "python" => vec!["pip", "poetry", "uv"],
        "elixir" => vec!["mix"],
        other => vec![other],
    }
}

/// What is left of the time of a command of a tool where caches hold what it would build, and no install uses them: a fifth less in nine of ten runs, as README says.
fn rest(placed: &Plan, (job, member): (&str, &str), command: &Step) -> f64 {
    let is_there = |work: &&Work| {
        let ids = || work.members.iter().map(|member| member.id.as_str());
        let is_of_job = work.job.id == job || ids().any(|id| id == job || id == member);
        is_of_job && work.job.each_step().any(|step| display_name(step) == display_name(command))
    };
    let StepKind::Run(script) = &command.kind else { return 1.0 };
    let formats = ["cargo fmt", "gofmt"].iter().any(|formats| script.as_str().starts_with(formats)) && !script.contains('\n');
    // What a toolchain of the spec's own holds, nobody knows.
    let is_of = |toolchain: &str| {
        toolchain == "gradle" || tools(toolchain).iter().any(|tool| script.split_whitespace().any(|word| word == *tool))
    };
    let warm = |work: &Work| {
        let toolchains = work.layers.iter().filter_map(|layer| layer.toolchain.as_ref());
        let mut own = toolchains.filter_map(|name| work.job.toolchains.get(name));
        own.any(|toolchain| toolchain.install.is_empty() && is_of(&toolchain.name))
    };
    if !formats && placed.works.values().find(is_there).is_some_and(warm) { 0.82 } else { 1.0 }
}

/// The times of a spec for the other simulator: those of the author's commands, as they were measured, or as they are declared; and what is assumed of
/// installs and tools. What else goes with a machine it knows itself.
pub(crate) fn times(plan: &Plan, placed: &Plan, profile: Option<&Profile>) -> Value {
    // The mean of what varies log-normally, by its middle and by how much longer its slowest tenth takes.
    let sigma = SLOWEST.ln() / 1.281_551_565_544_6;
    let mean = |times: &Times| times.p50 * (sigma * sigma / 2.0).exp();
    let mut steps = Vec::new();
    for (task, job) in tasks(plan) {
        let row: Vec<&String> = if job.is_split() { Vec::new() } else { task.row.values().collect() };
        let members = &plan.works[&task.work].members;
        let duration = |takes: &hir::Value| Duration::parse(&takes.spelled());
        let jobs: Vec<(&str, &[Step], Option<Duration>)> = if members.is_empty() {
            vec![(&job.id, &job.steps, job.takes.as_ref().and_then(duration))]
        } else {
            members.iter().map(|member| (member.id.as_str(), &job.steps[member.steps.clone()], member.takes)).collect()
        };
        for (id, own, takes) in jobs {
            let all: Vec<&Step> = own.iter().flat_map(leaves).collect();
            let commands: Vec<&Step> = all.iter().copied().filter(|step| is_command(step)).collect();
            for step in all.iter().copied().filter(|step| profile.is_some() || is_command(step)) {
                let name = display_name(step);
                let measured = profile.and_then(|profile| profile.jobs[&task.id]["ubuntu-latest"].steps.get(&name));
                // What the steps do not say themselves, the job says of the others.
                let said: u64 = commands.iter().filter_map(|step| step.takes()).map(|takes| takes.0).sum();
                let silent = commands.iter().filter(|step| step.takes().is_none()).count();
                let declared = takes.map(|takes| takes.0.saturating_sub(said) as f64 / silent as f64);
                let own = step.takes().map(|takes| takes.0 as f64).or(declared);
                let left = if is_command(step) { rest(placed, (&task.work, id), step) } else { 1.0 };
                let seconds = measured.map(|step| mean(&step.times)).or(own);
                // Of what nothing is known, nothing is split.
                let asks = |step: &Step| matches!(&step.kind, StepKind::Run(script) if script.contains("SHARD"));
                let split = seconds.is_some() && (asks(step) || !commands.iter().any(|step| asks(step)));
                steps.push(
                    json!({ "job": id, "row": row, "step": name, "seconds": seconds.unwrap_or(60.0) * left, "split": split }),
                );
            }
        }
    }
    for (id, work) in &placed.works {
        let cached = work.layers.iter().any(|layer| layer.toolchain.is_some());
        for derived in &work.prologue {
            let asks_for_cache = derived.step.when.as_ref().is_some_and(|when| when.expr.to_string().contains("cache-hit"));
            let seconds = match derived.role {
                Role::Install if cached && !asks_for_cache => 33.0,
                Role::Install => 60.0,
                Role::Setup => 5.0,
                Role::Split => 0.0,
                _ => continue,
            };
            steps.push(json!({ "job": id, "step": display_name(&derived.step), "seconds": seconds }));
        }
    }
    let calls = plan.works.values().filter(|work| work.job.call.is_some()).map(|work| (work.job.id.clone(), json!(300)));
    json!({ "steps": steps, "calls": calls.collect::<serde_json::Map<_, _>>() })
}

/// Where our own model says something else of what a run takes and costs, and of which jobs.
pub(crate) fn differ(made: &Compilation, other: &Run) -> Option<String> {
    let ours = typical(&model(&made.plan, &made.profile, visibility(&made.plan)));
    let same = |one: f64, other: f64| (one - other).abs() <= 0.005 * other;
    if same(ours.wall / 60.0, other.wall) && same(ours.dollars, other.dollars) {
        return None;
    }
    let id = |slot: &Slot| made.plan.works.get_index(slot.job).unwrap().0.clone();
    let rows: Vec<_> = ours.slots.iter().map(|slot| (id(slot), slot.end - slot.start)).collect();
    let Run { wall, dollars, rows: others } = other;
    Some(format!(
        "{:.2} min ${:.3} {rows:?} by our model, {wall:.2} min ${dollars:.3} {others:?} by the other",
        ours.wall / 60.0,
        ours.dollars
    ))
}

#[test]
fn every_case_takes_as_long_and_costs_as_much_by_both() {
    let cases: Vec<Compilation> = files("tests/cases/compile", "pipe")
        .into_iter()
        .filter_map(|path| {
            let (spec, facts) = spec(&path);
            let made = compile(&spec, &facts);
            made.yaml.is_some().then_some(made)
        })
        .collect();
    let workflows: Vec<_> =
        cases.iter().map(|made| (times(&made.plan, &made.plan, None), made.yaml.as_deref().unwrap())).collect();
    let Some(runs) = play(&workflows) else { return };
    let (mut wrong, mut played, mut not) = (String::new(), 0, Vec::new());
    for (made, run) in cases.iter().zip(runs) {
        match run {
            Err(why) => not.push(format!("{}: {why}", made.plan.pipeline.path)),
            Ok(run) => {
                played += 1;
                wrong.extend(differ(made, &run).map(|why| format!("{}: {why}\n", made.plan.pipeline.path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}\n{not:#?}");
    assert!(played > 40, "{played} of {}: {not:#?}", cases.len());
}
