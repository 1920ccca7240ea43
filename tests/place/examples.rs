//! Every example under every objective, with the times that it says and with times that are made up: never worse than without a choice, in the mean and for
//! nine of ten runs, by our own model and by a simulator that knows nothing of it.

use std::fmt::Write as _;

use pipelay::cost::event::Event;
use pipelay::cost::machine::visibility;
use pipelay::cost::report::{Report, report};
use pipelay::cost::{Estimate, estimate, model};
use pipelay::facts::Facts;
use pipelay::plan::Plan;
use pipelay::profile::{Measured, Profile, Step, Times, VERSION, display_name};
use pipelay::{Compilation, Spec, compile};
use serde_json::Value;

use super::outside::{self, SLOWEST, tasks, times};
use crate::compile::said;
use crate::random::Random;
use crate::shared::{files, spec};

const OBJECTIVES: [&str; 3] = ["balanced", "time", "cost"];

/// A profile in which each command of each task takes between ten seconds and ten minutes.
fn profile(plan: &Plan, random: &mut Random) -> Profile {
    let mut profile = Profile { version: VERSION, runs: 50.0, newest: "2026-11-20".into(), ..Profile::default() };
    for (task, job) in tasks(plan) {
        let mut measured = Measured { runs: 50.0, ..Measured::default() };
        for step in job.each_step() {
            let p50 = 10.0 + random.below(590) as f64;
            measured.steps.insert(
                display_name(step),
                Step { runs: 50.0, times: Times { p50, p90: p50 * SLOWEST, ..Default::default() }, ..Step::default() },
            );
        }
        profile.jobs.insert(task.id.clone(), [("ubuntu-latest".to_owned(), measured)].into_iter().collect());
    }
    profile
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
    let mut bad = Vec::new();
    for case in cases(&[false, true]) {
        changed += usize::from(case.sides[0].yaml != case.sides[1].yaml);
        // What is played four hundred times is known to about one in a hundred.
        let worse_by = |before: f64, after: f64, part: f64| after > before * (1.0011 + part) + 0.2;
        let worse = |before: f64, after: f64| worse_by(before, after, 0.0);
        let is_worse = |before: &Estimate, after: &Estimate| {
            // In balance a little time may go for much money.
            let saved = 1.0 - after.dollars.mean / before.dollars.mean;
            let part = if case.objective == "balanced" { (saved / 50.0).clamp(0.0, 0.004) } else { 0.0 };
            let times = worse_by(before.wall.mean, after.wall.mean, part) || worse(before.wall.p90, after.wall.p90);
            let money = worse(before.dollars.mean * 1e3, after.dollars.mean * 1e3)
                || worse(before.dollars.p90 * 1e3, after.dollars.p90 * 1e3);
            is_bad(&case, times, money)
        };
        let [without, with] = case.estimates();
        // By all passes together, too, than what was written.
        let made = &case.sides[1];
        let Report { written, optimised, .. } = report(made, visibility(&made.plan), &Event::default());
        for (than, before, after) in [("a choice", &without, &with), ("all passes", &written.estimate, &optimised.estimate)] {
            if is_worse(before, after) {
                let [before, after] = [before, after].map(|it| [it.wall.mean, it.wall.p90, it.dollars.mean, it.dollars.p90]);
                bad.push(format!("{} than without {than}: {before:.3?} and {after:.3?}", case.shown()));
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
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
    let runs: Vec<outside::Run> = runs.into_iter().map(Result::unwrap).collect();
    let mut wrong = String::new();
    for (case, runs) in cases.iter().zip(runs.chunks(2)) {
        let [before, after] = [&runs[0], &runs[1]];
        for (made, other) in case.sides.iter().zip(runs) {
            wrong.extend(outside::differ(made, other).map(|why| format!("{}: {why}\n", case.shown())));
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
