//! Shards that were measured at several numbers tell what each does anew, and what is split.

use pipelay::cost::event::Event;
use pipelay::cost::machine::{Visibility, visibility};
use pipelay::cost::report::report;
use pipelay::cost::show::show;
use pipelay::cost::{Evidence, model};
use pipelay::facts::Facts;
use pipelay::profile::{Profile, github, merge};
use pipelay::{Compilation, Spec, compile};
use serde_json::{Value, json};

use super::attribution::job;

fn compiled(objective: &str, shards: &str, profile: &Profile) -> Compilation {
    let text = format!(
        "on push\noptimize {objective}\njob test {{\n  shards {shards}\n  run make deps\n  run make test PART=$SHARD/$SHARDS\n}}\n"
    );
    let facts = Facts { profile: Some(profile.print()), ..Facts::default() };
    compile(&Spec { path: "ci.pipe".into(), text }, &facts)
}

/// What is known after six runs in each of these numbers of shards, by how long each of so many takes. It is read again as it is written.
fn known(mut known: Profile, day: &str, numbers: &[u32], seconds: impl Fn(u32, u32) -> f64) -> Profile {
    let made = compiled("off", "auto", &known);
    let first = known.last_run.unwrap_or_default();
    let one = |run: u64, shard: u32, shards: u32| {
        let steps = [
            ("Set up job", "success", 4),
            ("Run make deps", "success", 30),
            ("Run make test PART=$SHARD/$SHARDS", "success", seconds(shard, shards).round() as u32),
        ];
        let name = if shards == 1 { "test".to_owned() } else { format!("test ({shard})") };
        job(first + run, &name, "success", &steps)
    };
    let numbers = numbers.iter().enumerate();
    let runs = numbers.flat_map(|(at, &shards)| (1..=6).map(move |run| (at as u64 * 6 + run, shards)));
    let all: Vec<Value> = runs
        .flat_map(|(run, shards)| (1..=shards).map(move |shard| (run, shard, shards)))
        .map(|(run, shard, shards)| one(run, shard, shards))
        .collect();
    let text = json!(all).to_string().replace("2026-11-20", day);
    let taken = merge::take_in(&mut known, &made.written, &made.plan, &github::read(&text).unwrap(), false);
    assert!(taken.unknown.is_empty(), "{:?}", taken.unknown);
    let read = Profile::read(&known.print()).unwrap();
    assert_eq!(read.print(), known.print());
    read
}

fn empty() -> Profile {
    Profile { version: pipelay::profile::VERSION, ..Profile::default() }
}

/// What the tests of each shard take, as the model has it.
fn tests(made: &Compilation) -> Vec<f64> {
    let model = model(&made.plan, &made.profile, Visibility::Private);
    let legs = &model.jobs[0].legs;
    let part = |leg: &pipelay::cost::Leg| leg.parts.iter().find(|part| part.name.contains("PART")).unwrap().clone();
    legs.iter()
        .map(part)
        .inspect(|part| assert_eq!(part.evidence, Evidence::Measured(6.0)))
        .map(|part| part.time.mean())
        .collect()
}

/// The number of shards that is chosen.
fn chosen(objective: &str, shards: &str, profile: &Profile) -> u32 {
    let made = compiled(objective, shards, profile);
    assert!(made.yaml.is_some(), "{:#?}", made.diags);
    made.plan.works["test"].job.shards.as_ref().and_then(pipelay::hir::Shards::number).unwrap_or(1)
}

#[test]
fn what_each_shard_does_anew_is_not_split() {
    let profile = known(empty(), "2026-11-20", &[1, 2, 4, 8], |_, shards| 120.0 + 600.0 / f64::from(shards));
    assert_eq!(profile.jobs.len(), 1 + 2 + 4 + 8);
    for shards in 1..=12u32 {
        let all = tests(&compiled("time", &shards.to_string(), &profile));
        let expected = 120.0 + 600.0 / f64::from(shards);
        assert!(all.len() == shards as usize && all.iter().all(|one| (one / expected - 1.0).abs() < 0.03), "{expected}: {all:?}");
    }
    // Of one number, all is taken for split.
    let four = known(empty(), "2026-11-20", &[4], |_, _| 270.0);
    assert_eq!(tests(&compiled("time", "8", &four)), [135.0; 8]);
    let made = compiled("time", "auto", &profile);
    let report = report(&made, visibility(&made.plan), &Event::default());
    let text = show(&report, pipelay::graph::tree::Options { width: 100, unicode: true });
    assert!(text.contains("measured in 6 runs: the commands of `test` at 1, 2, 4 and 8 shards"), "{text}");
    assert_eq!(["time", "balanced", "cost"].map(|objective| chosen(objective, "auto", &profile)), [8, 5, 1]);
    // It is flat at last, however many there may be.
    let most = chosen("time", "auto { max 40 }", &profile);
    assert!((9..16).contains(&most), "{most}");
}

#[test]
fn a_flat_curve_is_not_sharded() {
    let flat = known(empty(), "2026-11-20", &[1, 2, 4], |_, shards| 600.0 + 10.0 / f64::from(shards));
    assert_eq!(["time", "balanced", "cost"].map(|objective| chosen(objective, "auto", &flat)), [1, 1, 1]);
    // By one of them alone, nobody could know.
    let one = known(empty(), "2026-11-20", &[4], |_, _| 602.0);
    assert!(chosen("time", "auto", &one) > 1);
}

#[test]
fn the_longest_shard_decides() {
    let profile = known(empty(), "2026-11-20", &[2, 4], |shard, shards| {
        60.0 + 600.0 / f64::from(shards) * if shard == 2 { 1.5 } else { 1.0 - 0.5 / (f64::from(shards) - 1.0) }
    });
    let all = tests(&compiled("time", "3", &profile));
    assert!((all[0] - 360.0).abs() < 8.0 && all[1..].iter().all(|one| (one - 210.0).abs() < 8.0), "{all:?}");
}

/// What is chosen by the curve is measured as what it is, and the others are kept until they have faded.
#[test]
fn runs_of_what_was_chosen_return() {
    let curve = |_: u32, shards: u32| 120.0 + 600.0 / f64::from(shards);
    let profile = known(empty(), "2026-06-20", &[1, 4], curve);
    let chosen = chosen("balanced", "auto", &profile);
    assert!(chosen > 1 && chosen != 4, "{chosen}");
    let next = known(profile.clone(), "2026-07-20", &[chosen], |_, _| 200.0);
    let numbers = |profile: &Profile| {
        let mut all: Vec<usize> =
            profile.jobs.keys().map(|task| task.split(['/', ']']).nth(1).map_or(1, |count| count.parse().unwrap())).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    assert_eq!(numbers(&next), [1, 4, chosen as usize]);
    assert_eq!(tests(&compiled("time", &chosen.to_string(), &next)), vec![200.0; chosen as usize]);
    let later = known(next, "2026-11-20", &[chosen], |_, _| 200.0);
    assert_eq!(numbers(&later), [chosen as usize], "{}", later.print());
}
