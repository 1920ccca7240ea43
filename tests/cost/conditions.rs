//! Which conditions hold together, and how often.

use pipelay::profile::Profile;
use serde_json::{Value, json};

use super::attribution::job;

/// What is told of a spec after these runs, of which a quarter are pushes.
fn told(spec: &str, jobs: &[Value], events: &[(&str, f64)]) -> Value {
    let made = crate::compile::compiled("ci.pipe", spec);
    let read = pipelay::profile::github::read(&json!(jobs).to_string()).unwrap();
    let measured = pipelay::profile::github::measure(&made.written, &made.plan, &read, &Profile::default()).profile;
    let events = events.iter().map(|(event, runs)| ((*event).to_owned(), *runs)).collect();
    let profile = Profile { per_month: Some(40.0), events, ..measured };
    let facts = pipelay::facts::Facts { profile: Some(profile.print()), ..pipelay::facts::Facts::default() };
    let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text: spec.into() }, &facts);
    let report = pipelay::cost::report::report(
        &made,
        pipelay::cost::machine::Visibility::Private,
        &pipelay::cost::event::Event::default(),
    );
    serde_json::from_str::<Value>(&report.json()).unwrap()["optimised"].clone()
}

/// A run in which one of two jobs is left out.
fn either(run: u64, first: bool) -> Vec<Value> {
    let one = |name: &str, is_there: bool| {
        let command = format!("Run make {name}");
        let steps = [("Set up job", "success", 2), (command.as_str(), "success", 293)];
        job(run, name, if is_there { "success" } else { "skipped" }, if is_there { &steps } else { &[] })
    };
    vec![one("a", first), one("b", !first)]
}

/// Of a condition and its opposite one holds, and what an event decides holds in its runs.
#[test]
fn what_excludes_each_other_is_never_in_the_same_run() {
    for (on, first, second) in [
        ("on push", "branch('main')", "!branch('main')"),
        ("on push", "github.actor == 'me'", "github.actor != 'me'"),
        ("on push to main\non pull_request", "branch('main')", "event('pull_request')"),
    ] {
        let spec = format!(
            "{on}\noptimize {{ place off; gate off }}\njob a {{ when {first}; checkout off; run make a }}\njob b {{ when {second}; checkout off; run make b }}\n"
        );
        let jobs: Vec<Value> = (1..=40).flat_map(|run| either(run, run % 4 == 0)).collect();
        let told = told(&spec, &jobs, &[("push", 10.0), ("pull_request", 30.0)]);
        let of = |key: &str, number: &str| told[key][number].as_f64().unwrap();
        for number in ["mean", "p50", "p90"] {
            assert!((of("wall_seconds", number) - 300.0).abs() < 1.0, "{first}, {second}: {told}");
            assert!((of("dollars", number) - 0.03).abs() < 1e-6, "{first}, {second}: {told}");
        }
    }
}

/// What holds in a share of the runs holds in that share of those that are played, however few these are.
#[test]
fn conditions_hold_as_often_as_they_did() {
    for (rows, share) in [(1, 2), (1, 5), (250, 2)] {
        let spec = format!(
            "on push\noptimize {{ place off; gate off }}\njob a {{ when branch('main'); checkout off; run make a }}\njob many {{ matrix n: [{}]; runner self-hosted; takes 1m; checkout off; run echo ${{{{ matrix.n }}}} }}\n",
            (0..rows).map(|row| row.to_string()).collect::<Vec<_>>().join(", ")
        );
        let jobs: Vec<Value> = (1..=40).map(|run| either(run, run % share == 0).swap_remove(0)).collect();
        let told = told(&spec, &jobs, &[]);
        let mean = told["dollars"]["mean"].as_f64().unwrap();
        assert!((mean / (0.03 / share as f64) - 1.0).abs() < 0.06, "{rows} rows, one of {share}: {mean}");
    }
}

/// What an event decides is not asked again of what only that event has.
#[test]
fn conditions_behind_conditions_are_of_the_same_event() {
    let spec = "on push\non pull_request\noptimize { place off; gate off }\njob a { when event('push'); checkout off; run make a }\njob b { needs a; when event('push') && branch('main'); checkout off; run make b }\n";
    let one = |run: u64, name: &str, is_there: bool| {
        let command = format!("Run make {name}");
        let steps = [("Set up job", "success", 2), (command.as_str(), "success", 293)];
        job(run, name, if is_there { "success" } else { "skipped" }, if is_there { &steps } else { &[] })
    };
    let jobs: Vec<Value> = (1..=40).flat_map(|run| [one(run, "a", run % 2 == 0), one(run, "b", run % 4 == 0)]).collect();
    let told = told(spec, &jobs, &[("push", 20.0), ("pull_request", 20.0)]);
    assert!((told["dollars"]["mean"].as_f64().unwrap() - 0.75 * 0.03).abs() < 0.001, "{told}");
}

/// A job in shards is left out as a whole, however many there would have been, and behind what may fail for its own condition.
#[test]
fn who_is_left_out_is_counted_whatever_it_is_in() {
    let shards = "on push\noptimize { place off; gate off }\njob a { when branch('main'); shards 2; checkout off; run make a PART=$SHARD }\n";
    let made = crate::compile::compiled("ci.pipe", shards);
    let steps = [("Set up job", "success", 2), ("Run make a PART=$SHARD", "success", 293)];
    let run = |run: u64| match run % 2 {
        0 => vec![job(run, "a", "skipped", &[])],
        _ => [1, 2].map(|shard| job(run, &format!("a ({shard})"), "success", &steps)).to_vec(),
    };
    let mut profile = Profile::default();
    for group in [(1..=20).collect::<Vec<u64>>(), vec![21]] {
        let jobs: Vec<Value> = group.into_iter().flat_map(run).collect();
        let read = pipelay::profile::github::read(&json!(jobs).to_string()).unwrap();
        pipelay::profile::merge::take_in(&mut profile, &made.written, &made.plan, &read, false);
        let model = pipelay::cost::model(&made.plan, &profile, pipelay::cost::machine::Visibility::Private);
        let share = model.guards.values().next().unwrap();
        assert!((share - 0.5).abs() < 0.03, "{share}: {}", profile.print());
    }
    let forgiven = "on push\noptimize { place off; gate off }\njob a { may-fail; checkout off; run make a }\njob b { needs a; when branch('main'); checkout off; run make b }\n";
    let run = |run: u64| {
        let [end, is_there] = [
            if run.is_multiple_of(5) { "success" } else { "failure" },
            if run.is_multiple_of(2) { "skipped" } else { "success" },
        ];
        let steps = |name: &str, end: &'static str| {
            job(run, name, end, if end == "skipped" { &[] } else { &[("Set up job", "success", 2)] })
        };
        [steps("a", end), steps("b", is_there)]
    };
    let made = crate::compile::compiled("ci.pipe", forgiven);
    let read = pipelay::profile::github::read(&json!((1..=20).flat_map(run).collect::<Vec<_>>()).to_string()).unwrap();
    let profile = pipelay::profile::github::measure(&made.written, &made.plan, &read, &Profile::default()).profile;
    let model = pipelay::cost::model(&made.plan, &profile, pipelay::cost::machine::Visibility::Private);
    assert!((model.guards.values().next().unwrap() - 0.5).abs() < 1e-9);
}
