//! Every example under every objective, with the times that it says and with times that are made up: never worse than without a choice, in the mean and for
//! nine of ten runs, by our own model and by a simulator that knows nothing of it.

use std::fmt::Write as _;

use pipelay::cost::machine::visibility;
use pipelay::cost::{Estimate, Slot, estimate, model};
use pipelay::facts::Facts;
use pipelay::hir::{Duration, Job, StepKind};
use pipelay::plan::{Plan, Role, Task};
use pipelay::profile::{Measured, Profile, Step, Times, VERSION, display_name};
use pipelay::{Compilation, Spec, compile};
use serde_json::{Value, json};

use super::outside;
use crate::compile::said;
use crate::random::Random;
use crate::shared::{files, spec};

const OBJECTIVES: [&str; 3] = ["balanced", "time", "cost"];

/// How much longer the slowest tenth takes, of times that are made up.
const SLOWEST: f64 = 1.4;

/// The tasks of the author's jobs.
fn tasks(plan: &Plan) -> impl Iterator<Item = (&Task, &Job)> {
    let own = |task: &&Task| plan.works[&task.work].place.is_some();
    plan.tasks.iter().filter(own).map(|task| (task, &*plan.works[&task.work].job))
}

/// A profile in which each command of each task takes between ten seconds and ten minutes.
fn profile(plan: &Plan, random: &mut Random) -> Profile {
    let mut profile = Profile { version: VERSION, runs: 50.0, newest: "2026-11-20".into(), ..Profile::default() };
    for (task, job) in tasks(plan) {
        let mut measured = Measured { runs: 50.0, ..Measured::default() };
        for step in job.each_step() {
            let p50 = 10.0 + random.below(590) as f64;
            measured
                .steps
                .insert(display_name(step), Step { runs: 50.0, times: Times { p50, p90: p50 * SLOWEST }, ..Step::default() });
        }
        profile.jobs.insert(task.id.clone(), [("ubuntu-latest".to_owned(), measured)].into_iter().collect());
    }
    profile
}

/// The times of a spec for the other simulator: those of the author's commands, as they were measured, or as they are declared; and what is assumed of
/// installs and tools. What else goes with a machine it knows itself.
fn times(plan: &Plan, placed: &Plan, profile: Option<&Profile>) -> Value {
    // The mean of what varies log-normally, by its middle and by how much longer its slowest tenth takes.
    let sigma = SLOWEST.ln() / 1.281_551_565_544_6;
    let mean = |times: Times| times.p50 * (sigma * sigma / 2.0).exp();
    let mut steps = Vec::new();
    for (task, job) in tasks(plan) {
        let row: Vec<&String> = if job.is_split() { Vec::new() } else { task.row.values().collect() };
        let is_command = |step: &&pipelay::hir::Step| {
            let name = display_name(step);
            !step.fetches() && !name.starts_with("Run actions/setup-") && !name.starts_with("Run actions/upload-artifact")
        };
        let commands: Vec<_> = job.steps.iter().filter(is_command).collect();
        let takes = job.takes.as_ref().and_then(|takes| Duration::parse(&takes.spelled()));
        for step in commands.iter().copied().chain(job.steps.iter().filter(|step| profile.is_some() && !is_command(step))) {
            let name = display_name(step);
            let measured = profile.and_then(|profile| profile.jobs[&task.id]["ubuntu-latest"].steps.get(&name));
            let declared = takes.map_or(60.0, |takes| takes.0 as f64 / commands.len() as f64);
            let seconds = measured.map_or(declared, |step| mean(step.times));
            let text = match &step.kind {
                StepKind::Run(script) => script.as_str(),
                _ => "",
            };
            let names_shard = text.contains("SHARD");
            let split = names_shard || !commands.iter().any(|step| display_name(step).contains("SHARD"));
            steps.push(json!({ "job": job.id, "row": row, "step": name, "seconds": seconds, "split": split }));
        }
    }
    for (id, work) in &placed.works {
        let cached = work.layers.iter().any(|layer| layer.toolchain.is_some());
        for derived in &work.prologue {
            let seconds = match derived.role {
                Role::Install if cached && derived.step.when.is_none() => 33.0,
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

/// An example under an objective.
struct Case {
    name: String,
    objective: &'static str,
    made_up: bool,
    /// Without a choice, and with it.
    sides: [Compilation; 2],
    times: [Value; 2],
}

impl Case {
    fn estimates(&self) -> [Estimate; 2] {
        self.sides.each_ref().map(|made| estimate(&model(&made.plan, &made.profile, visibility(&made.plan))))
    }

    fn shown(&self) -> String {
        format!("{} under {}, times {}", self.name, self.objective, if self.made_up { "made up" } else { "as declared" })
    }
}

fn cases(kinds: &[bool]) -> Vec<Case> {
    let mut cases = Vec::new();
    for path in files("examples", "pipe") {
        let (spec, facts) = spec(&path);
        for (&made_up, objective) in kinds.iter().flat_map(|kind| OBJECTIVES.map(|objective| (kind, objective))) {
            let under = |settings: &str, profile: Option<&Profile>| {
                // Behind the comments, which say what the repository has. What the spec itself says of it is no limit here.
                let mut text = spec.text.clone();
                if let Some(begin) = text.find("\noptimize ") {
                    let end = text[begin + 1..].find('\n').map_or(text.len(), |end| begin + 1 + end);
                    text.replace_range(begin..end, "");
                }
                let text = text.replacen("\non ", &format!("\noptimize {objective}{settings}\non "), 1);
                let facts = Facts { profile: profile.map(Profile::print), ..facts.clone() };
                let made = compile(&Spec { text, ..spec.clone() }, &facts);
                assert!(made.yaml.is_some(), "{} under {objective}: {:#?}", path.display(), said(&made));
                made
            };
            let profile = made_up.then(|| profile(&under(" { place off }", None).plan, &mut Random(7)));
            let sides = [" { place off }", ""].map(|settings| under(settings, profile.as_ref()));
            let times = sides.each_ref().map(|made| times(&sides[0].plan, &made.plan, profile.as_ref()));
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            cases.push(Case { name, objective, made_up, sides, times });
        }
    }
    cases
}

/// Whether more money may be paid for less time: where shards are asked for.
fn may_be_dearer(case: &Case) -> bool {
    let auto = |work: &pipelay::plan::Work| work.job.shards.as_ref().is_some_and(|shards| shards.number().is_none());
    case.sides[0].written.works.values().any(auto)
}

/// Whether it is worse in what the objective is about.
fn is_bad(case: &Case, times: bool, money: bool) -> bool {
    match case.objective {
        "time" => times,
        "cost" => money,
        _ => times || money && !may_be_dearer(case),
    }
}

#[test]
fn no_example_is_made_worse() {
    let mut changed = 0;
    for case in cases(&[false, true]) {
        let [before, after] = case.estimates();
        changed += usize::from(case.sides[0].yaml != case.sides[1].yaml);
        // What is played four hundred times is known to about one in a hundred.
        let worse = |before: f64, after: f64| after > before * 1.011 + 1.0;
        let times = worse(before.wall.mean, after.wall.mean) || worse(before.wall.p90, after.wall.p90);
        let money = worse(before.dollars.mean * 1e3, after.dollars.mean * 1e3)
            || worse(before.dollars.p90 * 1e3, after.dollars.p90 * 1e3);
        assert!(!is_bad(&case, times, money), "{}: {before:?} and {after:?}", case.shown());
    }
    assert!(changed > 20, "something was chosen {changed} times");
}

#[test]
fn nor_by_a_simulator_that_knows_nothing_of_our_model() {
    let cases = cases(&[false, true]);
    let workflows: Vec<(Value, &str)> = cases
        .iter()
        .flat_map(|case| case.sides.iter().zip(&case.times).map(|(made, times)| (times.clone(), made.yaml.as_deref().unwrap())))
        .collect();
    let Some(runs) = outside::play(&workflows) else { return };
    let mut wrong = String::new();
    for (case, runs) in cases.iter().zip(runs.chunks(2)) {
        let [before, after] = [&runs[0], &runs[1]];
        for ((made, estimate), other) in case.sides.iter().zip(case.estimates()).zip(runs) {
            let ours = estimate.typical;
            let same = |one: f64, other: f64| (one - other).abs() <= 0.02 * other;
            if !same(ours.wall / 60.0, other.wall) || !same(ours.dollars, other.dollars) {
                let id = |slot: &Slot| made.plan.works.get_index(slot.job).unwrap().0.clone();
                let rows: Vec<_> = ours.slots.iter().map(|slot| (id(slot), slot.end - slot.start)).collect();
                let ours = outside::Run { wall: ours.wall / 60.0, dollars: ours.dollars, rows };
                writeln!(wrong, "{}: {ours:.3?} by our model and {other:.3?} by the other", case.shown()).unwrap();
            }
        }
        let worse = |before: f64, after: f64| after > before * 1.01 + 1e-3;
        if is_bad(case, worse(before.wall, after.wall), worse(before.dollars, after.dollars)) {
            writeln!(wrong, "{}: from {before:.3?} to {after:.3?}", case.shown()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_chosen_for_each_example() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots/place");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut table = String::from(
        "What `place` does to each example, with the times that it says: minutes and dollars of a run in the mean, without and with it.\n",
    );
    for case in cases(&[false]) {
        let [before, after] = case.estimates();
        let chosen: Vec<String> = case.sides[1]
            .ledger
            .decisions
            .iter()
            .filter(|decision| decision.pass == "place")
            .map(|decision| decision.what.replace('`', ""))
            .collect();
        let chosen = if chosen.is_empty() { "as it was written".to_owned() } else { chosen.join("; ") };
        if case.objective == OBJECTIVES[0] {
            writeln!(table, "\n{}", case.name).unwrap();
        }
        let minutes = [before.wall.mean / 60.0, after.wall.mean / 60.0];
        let dollars = [before.dollars.mean, after.dollars.mean];
        writeln!(
            table,
            "  {:8} {:5.1} -> {:5.1} min  ${:.3} -> ${:.3}  {chosen}",
            case.objective, minutes[0], minutes[1], dollars[0], dollars[1]
        )
        .unwrap();
    }
    settings.bind(|| insta::assert_snapshot!("examples", table));
}
