//! What was measured of jobs that shared a machine, and of shards, is told of the author's jobs again.

use std::collections::BTreeSet;

use pipelay::cost::machine::Visibility;
use pipelay::cost::{Evidence, PartKind, model};
use pipelay::facts::Facts;
use pipelay::profile::{Profile, github, merge};
use pipelay::{Compilation, Spec, compile};
use serde_json::{Value, json};

fn compiled(text: &str, profile: &Profile) -> Compilation {
    let facts = Facts { profile: Some(profile.print()), ..Facts::default() };
    compile(&Spec { path: "ci.pipe".into(), text: text.into() }, &facts)
}

fn empty() -> Profile {
    Profile { version: pipelay::profile::VERSION, ..Profile::default() }
}

/// A job of a run, with steps that follow each other: how each is called, ends, and how long it takes.
pub(crate) fn job(run: u64, name: &str, conclusion: &str, steps: &[(&str, &str, u32)]) -> Value {
    let at = |seconds: u32| format!("2026-11-20T10:{:02}:{:02}Z", seconds / 60, seconds % 60);
    let mut time = 5;
    let mut all = Vec::new();
    for (name, conclusion, seconds) in steps {
        all.push(json!({ "name": name, "conclusion": conclusion, "started_at": at(time), "completed_at": at(time + seconds) }));
        time += seconds;
    }
    json!({
        "run_id": run, "name": name, "conclusion": conclusion, "created_at": at(0), "started_at": at(5), "completed_at": at(time),
        "labels": ["ubuntu-latest"], "steps": all,
    })
}

fn measured(made: &Compilation, jobs: &[Value], after: u64) -> github::Taken {
    let jobs = github::read(&json!(jobs).to_string()).unwrap();
    github::measure(&made.written, &made.plan, &jobs, &Profile { last_run: Some(after), ..Profile::default() })
}

/// Of commands that were not measured, the job says how long they take.
#[test]
fn takes_is_about_what_was_not_measured() {
    let spec = |second: &str| {
        format!("on push\noptimize {{ place off; gate off }}\njob a {{\n  takes 10m\n  run echo hi\n  run {second}\n}}\n")
    };
    let run = |run: u64| {
        job(run, "a", "success", &[("Set up job", "success", 3), ("Run echo hi", "success", 1), ("Run ./build", "success", 600)])
    };
    let made = compiled(&spec("./build"), &empty());
    let profile = measured(&made, &(1..=6).map(run).collect::<Vec<_>>(), 0).profile;
    for (second, least) in [("./build", 590.0), ("./build --release", 590.0)] {
        let again = compiled(&spec(second), &profile);
        let model = model(&again.plan, &again.profile, Visibility::Private);
        assert!(model.mean(&model.jobs[0].legs[0]) > least, "{second}");
    }
}

const TWO: &str = "
on push
optimize cost { fuse on }
job unit \"Unit tests, all\" {
  takes 10s
  run make deps
  run make unit
}
job lint {
  takes 10s
  run make deps
  run make lint
}
";

const FUSED: &str = "Unit tests, all, lint";

/// A run of both on one machine, which has a second `make deps` of its own.
fn together(run: u64) -> Value {
    let steps = [
        ("Set up job", "success", 3),
        ("Run actions/checkout@v6", "success", 2),
        ("Run make deps", "success", 7),
        ("Run make unit", "success", 11),
        ("Run make deps", "success", 1),
        ("Run make lint", "success", 13),
        ("Post Run actions/checkout@v6", "success", 1),
        ("Complete job", "success", 0),
    ];
    job(run, FUSED, "success", &steps)
}

#[test]
fn times_of_a_shared_machine_return_to_the_jobs() {
    let made = compiled(TWO, &empty());
    assert_eq!(made.plan.works["unit-lint"].members.len(), 2, "{:?}", made.ledger.decisions);
    let runs: Vec<Value> = (1..=6).map(together).collect();
    let taken = measured(&made, &runs, 0);
    assert!(taken.unknown.is_empty(), "{:?}", taken.unknown);
    let profile = taken.profile;
    assert_eq!(profile.jobs.keys().collect::<Vec<_>>(), ["unit", "lint"]);
    let steps = |task: &str| {
        let (_, of) = profile.of(task, "ubuntu-latest").unwrap();
        assert_eq!((of.runs, of.whole.as_ref(), of.queue.as_ref().map(|times| times.p50)), (6.0, None, Some(5.0)));
        of.steps.iter().map(|(name, step)| format!("{name} {}", step.times.p50)).collect::<Vec<_>>()
    };
    let (before, after) = (["Set up job 3", "Run actions/checkout 2"], ["Post Run actions/checkout 1", "Complete job 0"]);
    let with = |own: [&'static str; 2]| [before, own, after].concat();
    assert_eq!(steps("unit"), with(["Run make deps 7", "Run make unit 11"]));
    assert_eq!(steps("lint"), with(["Run make deps 1", "Run make lint 13"]));
    // Of a plan in which they are two, the same follows from the titles.
    let apart = compiled(&TWO.replace("optimize cost { fuse on }", "optimize off"), &empty());
    assert!(!apart.plan.works.contains_key("unit-lint"));
    assert_eq!(measured(&apart, &runs, 0).profile, profile);
    // And in one in which they share a machine, both may have been alone.
    let alone = job(9, "lint", "success", &[("Set up job", "success", 3), ("Run make lint", "success", 15)]);
    let taken = measured(&made, &[alone, job(9, "Unit tests, all, gone", "success", &[])], 0);
    assert_eq!(taken.profile.jobs.keys().collect::<Vec<_>>(), ["lint"]);
    assert_eq!(taken.unknown.into_iter().collect::<Vec<_>>(), ["Unit tests, all, gone"]);
    // What is known of each is known of the machine that they share.
    let again = compiled(&TWO.replace("  takes 10s\n", ""), &profile);
    let model = model(&again.plan, &again.profile, Visibility::Private);
    let parts = &model.jobs[0].legs[0].parts;
    let work = parts.iter().filter(|part| part.kind == PartKind::Command);
    let work: Vec<(&str, f64)> = work
        .inspect(|part| assert_eq!(part.evidence, Evidence::Measured(6.0)))
        .map(|part| (part.name.as_str(), part.time.p50))
        .collect();
    assert_eq!(model.jobs[0].id, "unit-lint");
    assert_eq!(work, [("Run make deps", 7.0), ("Run make unit", 11.0), ("Run make deps", 1.0), ("Run make lint", 13.0)]);
    assert_eq!((parts[0].name.as_str(), parts[0].time.p50), ("Set up job", 3.0));
}

/// The others of a machine keep what was measured of them when one is renamed, or gone.
#[test]
fn a_renamed_job_takes_nothing_from_those_that_shared_its_machine() {
    let renamed = compiled(&TWO.replace("job lint {", "job style {").replace("run make lint", "run make style"), &empty());
    let runs: Vec<Value> = (1..=6).map(together).collect();
    let taken = measured(&renamed, &runs, 0);
    assert_eq!(taken.unknown.into_iter().collect::<Vec<_>>(), [FUSED], "it is told that not all of it is known");
    assert_eq!(taken.profile.jobs.keys().collect::<Vec<_>>(), ["unit"]);
    let (_, unit) = taken.profile.of("unit", "ubuntu-latest").unwrap();
    let steps: Vec<String> = unit.steps.iter().map(|(name, step)| format!("{name} {}", step.times.p50)).collect();
    let machine = |own: &[&'static str]| {
        [&["Set up job 3", "Run actions/checkout 2"], own, &["Post Run actions/checkout 1", "Complete job 0"]].concat()
    };
    assert_eq!((unit.runs, unit.failed), (6.0, 0.0));
    assert_eq!(steps, machine(&["Run make deps 7", "Run make unit 11"]));
    // Behind what a stranger did, nobody knows whose a step is that both may have had.
    let renamed_first = compiled(&TWO.replace("Unit tests, all", "Units"), &empty());
    let profile = measured(&renamed_first, &runs, 0).profile;
    let (_, lint) = profile.of("lint", "ubuntu-latest").unwrap();
    let steps: Vec<String> = lint.steps.iter().map(|(name, step)| format!("{name} {}", step.times.p50)).collect();
    assert_eq!(steps, machine(&["Run make lint 13"]));
    // Where the other failed, it did not; where it never began, nothing is told of it.
    let failed = |unit: &str, lint: &str| {
        let steps = [("Set up job", "success", 3), ("Run make unit", unit, 11), ("Run make lint", lint, 13)];
        let profile = measured(&renamed, &[job(1, FUSED, "failure", &steps)], 0).profile;
        profile.of("unit", "").map(|(_, of)| (of.runs, of.failed))
    };
    assert_eq!(failed("success", "failure"), Some((1.0, 0.0)));
    assert_eq!(failed("failure", "success"), Some((1.0, 1.0)));
    assert_eq!(failed("skipped", "failure"), None);
}

/// The compiler makes variables of the expressions in a script: what was measured of it as it was written is known of it as it is compiled, and the other
/// way round.
const KEPT: &str = "
on push
optimize cost { fuse on; gate off }
job small {
  takes 20s
  run make small
  keep small.txt
}
job big {
  takes 20s
  run make big
  keep big/
}
";

/// Files for people are those of one job, also where several share its machine.
#[test]
fn what_a_job_keeps_is_its_own() {
    let apart = compiled(&KEPT.replace("optimize cost { fuse on; gate off }", "optimize off"), &empty());
    let alone = |run: u64, name: &str, kept: &str, seconds: [u32; 2]| {
        let command = format!("Run make {name}");
        let steps = [("Set up job", "success", 3), (command.as_str(), "success", seconds[0]), (kept, "success", seconds[1])];
        job(run, name, "success", &steps)
    };
    let runs = (1..=6)
        .flat_map(|run| [alone(run, "small", "Keep small.txt", [20, 1]), alone(run, "big", "Keep big/", [100, 200])])
        .collect::<Vec<_>>();
    let profile = measured(&apart, &runs, 0).profile;
    let made = compiled(KEPT, &profile);
    assert_eq!(made.plan.works["small-big"].members.len(), 2, "{:?}", made.ledger.decisions);
    let sent = |made: &Compilation| {
        let model = model(&made.plan, &made.profile, Visibility::Private);
        let parts = model.jobs.iter().flat_map(|job| &job.legs).flat_map(|leg| &leg.parts);
        let kept = parts.filter(|part| part.name.starts_with("Keep ") && part.kind != PartKind::Command);
        kept.map(|part| (part.name.clone(), part.time.p50.round())).collect::<Vec<_>>()
    };
    let each = [("Keep small.txt".to_owned(), 1.0), ("Keep big/".to_owned(), 200.0)];
    assert_eq!(sent(&made), each);
    // And back again.
    let together = |run: u64| {
        let steps = [
            ("Set up job", "success", 3),
            ("Run make small", "success", 20),
            ("Run make big", "success", 100),
            ("Keep small.txt", "success", 1),
            ("Keep big/", "success", 200),
        ];
        job(run, "small, big", "success", &steps)
    };
    let back = measured(&made, &(7..=12).map(together).collect::<Vec<_>>(), 6).profile;
    let kept = |of: &str| {
        let (_, of) = back.of(of, "ubuntu-latest").unwrap();
        of.steps.keys().filter(|name| name.starts_with("Keep ")).cloned().collect::<Vec<_>>()
    };
    assert_eq!((kept("small"), kept("big")), (vec!["Keep small.txt".to_owned()], vec!["Keep big/".to_owned()]));
    let apart = compiled(&KEPT.replace("optimize cost { fuse on; gate off }", "optimize off"), &back);
    assert_eq!(sent(&apart), each);
    // Evidence of before they had names is told by their number.
    let old = |run: u64, name: &str, seconds: u32| alone(run, name, "Run actions/upload-artifact@v4", [20, seconds]);
    let runs = (1..=6).flat_map(|run| [old(run, "small", 1), old(run, "big", 200)]).collect::<Vec<_>>();
    let old = measured(&apart, &runs, 0).profile;
    assert_eq!(sent(&compiled(&KEPT.replace("optimize cost { fuse on; gate off }", "optimize off"), &old)), each);
}

#[test]
fn a_script_without_its_expressions_is_the_same() {
    let spec = "on push\noptimize { place off; gate off }\njob build { matrix x: 1, 2; run make ${{ matrix.x }} }\n";
    let made = compiled(spec, &empty());
    assert!(made.yaml.clone().unwrap().contains("run: make \"$MATRIX_X\""), "{:?}", made.yaml);
    for shown in [["Run make 1", "Run make 2"], ["Run make \"$MATRIX_X\""; 2]] {
        let runs = (1..=6).flat_map(|run| {
            [1, 2].map(|row: u32| {
                let name = format!("build ({row})");
                job(run, &name, "success", &[("Set up job", "success", 3), (shown[row as usize - 1], "success", 50 + row)])
            })
        });
        let profile = measured(&made, &runs.collect::<Vec<_>>(), 0).profile;
        for plan in [&made.written, &made.plan] {
            let model = model(plan, &profile, Visibility::Private);
            let work = model.jobs[0].legs.iter().flat_map(|leg| &leg.parts).filter(|part| part.kind == PartKind::Command);
            let work: Vec<_> = work.map(|part| (part.time.p50, part.evidence)).collect();
            assert_eq!(work, [(51.0, Evidence::Measured(6.0)), (52.0, Evidence::Measured(6.0))], "{shown:?}");
        }
    }
}

#[test]
fn who_failed_on_a_shared_machine_is_told_of_that_one_alone() {
    let made = compiled(TWO, &empty());
    let steps = |checkout, unit, lint| {
        [
            ("Set up job", "success", 3),
            ("Run actions/checkout@v6", checkout, 2),
            ("Run make unit", unit, 11),
            ("Run make lint", lint, 13),
        ]
    };
    let count = |conclusion: &str, steps: &[(&str, &str, u32)]| {
        let profile = measured(&made, &[job(1, FUSED, conclusion, steps)], 0).profile;
        ["unit", "lint"].map(|task| profile.of(task, "").map(|(_, of)| (of.runs, of.failed)))
    };
    assert_eq!(count("failure", &steps("success", "failure", "success")), [Some((1.0, 1.0)), Some((1.0, 0.0))]);
    assert_eq!(count("failure", &steps("success", "failure", "skipped")), [Some((1.0, 1.0)), None]);
    assert_eq!(count("failure", &steps("failure", "skipped", "skipped")), [Some((1.0, 1.0)), Some((1.0, 1.0))]);
    assert_eq!(count("success", &steps("success", "success", "skipped")), [Some((1.0, 0.0)), None]);
    assert_eq!(count("cancelled", &steps("success", "success", "cancelled")), [None, None]);
    assert_eq!(count("timed_out", &steps("success", "success", "cancelled")), [Some((1.0, 0.0)), Some((1.0, 1.0))]);
    assert_eq!(count("success", &[]), [None, None]);
}

/// A run of a job in so many shards, each of which takes that long.
fn shards(run: u64, count: u32, seconds: u32) -> Vec<Value> {
    let steps = [("Set up job", "success", 4), ("Run make deps", "success", 6), ("Run make test", "success", seconds)];
    (1..=count).map(|shard| job(run, &format!("test ({shard})"), "success", &steps)).collect()
}

#[test]
fn shards_are_chosen_by_what_another_number_of_them_took() {
    let spec = |shards: &str| {
        format!(
            "on push\noptimize time\njob test {{\n  shards {shards}\n  env {{ PART: $SHARD }}\n  run make deps\n  run make test\n}}\n"
        )
    };
    let choose = "auto { max 6 }";
    let four = compiled(&spec("4"), &empty());
    let runs: Vec<Value> = (1..=6).flat_map(|run| shards(run, 4, 300)).collect();
    let profile = measured(&four, &runs, 0).profile;
    assert_eq!((profile.jobs.len(), profile.shards("test", 2)), (4, Some(4)));
    // All of their work is known to be there, whatever number is chosen.
    let work = |made: &Compilation| {
        let model = model(&made.plan, &made.profile, Visibility::Private);
        let legs = &model.jobs[0].legs;
        let all = legs.iter().flat_map(|leg| &leg.parts).filter(|part| part.kind.is_work());
        let all: f64 = all.inspect(|part| assert_eq!(part.evidence, Evidence::Measured(6.0))).map(|part| part.time.p50).sum();
        (legs.len(), all.round())
    };
    for count in ["2", "3", "4", "6"] {
        assert_eq!(work(&compiled(&spec(count), &profile)), (count.parse().unwrap(), 4.0 * 306.0));
    }
    let auto = compiled(&spec(choose), &profile);
    let said: Vec<&str> = auto.diags.iter().map(|diag| diag.code.id).collect();
    assert!(!said.contains(&"W0701"), "{:#?}", auto.diags);
    assert_eq!(work(&auto), (6, 4.0 * 306.0), "{:#?}", auto.ledger.decisions);
    // Nothing is known without the runs.
    let without = compiled(&spec(choose), &empty());
    assert!(without.diags.iter().any(|diag| diag.code.id == "W0347"));
    // Runs with another number say what shards of theirs take, and nothing of the others; what nobody runs any more is forgotten when it has faded.
    let new: Vec<Value> = shards(7, 4, 300).into_iter().chain(shards(8, 2, 500)).collect();
    let taken = measured(&auto, &new, 6);
    assert_eq!(taken.shards.into_iter().collect::<Vec<_>>(), [("test".to_owned(), BTreeSet::from([2, 4]))]);
    let mut known = profile;
    merge::merge(&mut known, taken.profile, false);
    let tasks =
        |known: &Profile| known.jobs.iter().map(|(task, all)| (task.clone(), all["ubuntu-latest"].runs)).collect::<Vec<_>>();
    let each = |count: u32, runs: f64| (1..=count).map(move |shard| (format!("test[{shard}/{count}]"), runs));
    assert_eq!(tasks(&known), each(4, 7.0).chain(each(2, 1.0)).collect::<Vec<_>>());
    // One run in that number says less than seven in another.
    for (count, all) in [("2", 4 * 306), ("4", 4 * 306), ("3", 4 * 306)] {
        let made = compiled(&spec(count), &known);
        let legs = model(&made.plan, &made.profile, Visibility::Private).jobs[0].legs.clone();
        let own: f64 = legs.iter().flat_map(|leg| &leg.parts).filter(|part| part.kind.is_work()).map(|part| part.time.p50).sum();
        assert_eq!(
            own.round() as i64,
            all,
            "{count} shards: by that number, else by the one that ran most, as where it ran but a few times"
        );
    }
    known.forget_faded_shards("test", &BTreeSet::from([6]));
    assert_eq!(tasks(&known).len(), 6, "what ran not long ago is kept");
    let faded = known.jobs.iter_mut().filter(|(task, _)| task.ends_with("/4]")).flat_map(|(_, machines)| machines.values_mut());
    faded.for_each(|measured| measured.runs = 0.4);
    known.forget_faded_shards("test", &BTreeSet::from([2, 6]));
    assert_eq!((tasks(&known), known.last_run), (each(2, 1.0).collect(), Some(8)));
    // Shards that were cancelled are some of so many all the same: those that ended are not all of the work.
    let mut cut: Vec<Value> = shards(20, 4, 300);
    cut[1]["conclusion"] = json!("failure");
    cut[2]["conclusion"] = json!("cancelled");
    cut[3]["conclusion"] = json!("cancelled");
    let taken = measured(&auto, &cut, 19);
    assert_eq!(taken.profile.jobs.keys().collect::<Vec<_>>(), ["test[1/4]", "test[2/4]"]);
    // Not split at all is a number, too.
    let whole = job(9, "test", "success", &[("Run make test", "success", 900)]);
    let taken = measured(&auto, &[whole, job(10, "test", "skipped", &[])], 8);
    assert_eq!(taken.shards.into_iter().collect::<Vec<_>>(), [("test".to_owned(), BTreeSet::from([0]))]);
    assert_eq!(taken.profile.jobs.keys().collect::<Vec<_>>(), ["test"]);
    // As is the one of one.
    let taken = measured(&auto, &shards(11, 1, 900), 10);
    assert_eq!(taken.profile.jobs.keys().collect::<Vec<_>>(), ["test"]);
}

/// The same for each row of a matrix.
#[test]
fn shards_of_rows_tell_of_another_number_of_them() {
    let spec = |shards: u32| {
        format!(
            "on push\njob test {{\n  matrix size: small, large\n  shards {shards}\n  run make deps\n  run ./run --size=${{{{ matrix.size }}}} --shard=$SHARD/$SHARDS\n}}\n"
        )
    };
    let two = compiled(&spec(2), &empty());
    let of = |run: u64, size: &str, shard: u32, seconds: u32| {
        let steps =
            [("Run make deps", "success", 6), ("Run ./run --size=\"$MATRIX_SIZE\" --shard=$SHARD/$SHARDS", "success", seconds)];
        job(run, &format!("test ({size}, {shard})"), "success", &steps)
    };
    let all = |run: u64| (1..=2).flat_map(move |shard| [of(run, "small", shard, 100), of(run, "large", shard, 400)]);
    let runs: Vec<Value> = (1..=6).flat_map(all).collect();
    let mut profile = empty();
    let taken = merge::take_in(&mut profile, &two.written, &two.plan, &github::read(&json!(runs).to_string()).unwrap(), false);
    assert!(taken.unknown.is_empty(), "{:?}", taken.unknown);
    let tasks: Vec<&str> = profile.jobs.keys().map(String::as_str).collect();
    assert_eq!(tasks, ["test[small, 1/2]", "test[large, 1/2]", "test[small, 2/2]", "test[large, 2/2]"]);
    for count in [1, 2, 4] {
        let made = compiled(&spec(count), &profile);
        assert!(made.yaml.is_some() && made.diags.iter().all(|diag| diag.code.id != "W0347"), "{:#?}", made.diags);
        let model = model(&made.plan, &made.profile, Visibility::Private);
        let legs = model.jobs[0].legs.iter().map(|leg| {
            let parts = leg.parts.iter().filter(|part| part.kind.is_work());
            let time =
                parts.inspect(|part| assert_eq!(part.evidence, Evidence::Measured(6.0), "{part:?}")).map(|part| part.time.p50);
            time.sum::<f64>().round() as u32
        });
        let [small, large] = [200 / count + 6, 800 / count + 6];
        let each = (0..count).map(|_| small).chain((0..count).map(|_| large));
        assert_eq!(legs.collect::<Vec<_>>(), each.collect::<Vec<_>>(), "{count} shards");
        assert!(model.jobs[0].legs.iter().all(|leg| leg.share > 0.999));
    }
    // What ran before is kept; the other rows are as they were.
    let four = compiled(&spec(4), &profile);
    let runs: Vec<Value> = (1..=4).map(|shard| of(7, "small", shard, 50)).collect();
    merge::take_in(&mut profile, &four.written, &four.plan, &github::read(&json!(runs).to_string()).unwrap(), false);
    let mut tasks: Vec<&str> = profile.jobs.keys().map(String::as_str).collect();
    tasks.sort_unstable();
    let large = ["test[large, 1/2]", "test[large, 2/2]"];
    let small = ["1/2", "1/4", "2/2", "2/4", "3/4", "4/4"].map(|shard| format!("test[small, {shard}]"));
    assert_eq!(tasks, large.into_iter().chain(small.iter().map(String::as_str)).collect::<Vec<_>>());
}

#[test]
fn times_of_parts_return_to_the_job_that_came_apart() {
    let text = "on push\noptimize time\njob checks \"All checks\" {\n  step { takes 6m; run npm run lint }\n  step { takes 8m; run npm test }\n}\n";
    let made = compiled(text, &empty());
    assert_eq!(made.plan.works.keys().collect::<Vec<_>>(), ["checks-lint", "checks-npm-test", "gate"]);
    let why = made.ledger.decisions.iter().find(|decision| decision.pass == "gate").unwrap();
    assert_eq!(why.why, "`checks-lint` is a part of `checks`, whose check is gone");
    let part = |run: u64, name: &str, command: &str, conclusion: &str, seconds: u32| {
        let steps = [("Set up job", "success", 3), ("Run actions/checkout@v6", "success", 2), (command, conclusion, seconds)];
        job(run, name, conclusion, &steps)
    };
    let run = |run: u64| {
        let ends = if run == 6 { "failure" } else { "success" };
        [
            part(run, "All checks: lint", "Run npm run lint", "success", 100),
            part(run, "All checks: npm test", "Run npm test", ends, 200),
        ]
    };
    let runs: Vec<Value> = (1..=6).flat_map(run).collect();
    let taken = measured(&made, &runs, 0);
    assert!(taken.unknown.is_empty(), "{:?}", taken.unknown);
    let profile = taken.profile;
    let (_, of) = profile.of("checks", "ubuntu-latest").unwrap();
    // A run in which a part failed is one in which the job failed.
    assert_eq!((of.runs, of.failed), (6.0, 1.0));
    let steps: Vec<String> = of.steps.iter().map(|(name, step)| format!("{name} {} {}", step.runs, step.times.p50)).collect();
    assert_eq!(steps, ["Set up job 6 3", "Run actions/checkout 6 2", "Run npm run lint 6 100", "Run npm test 6 200"]);
    // What is run again is another time that the job ran.
    let again: Vec<Value> = run(6)
        .into_iter()
        .chain(run(5))
        .map(|mut job| {
            job["run_id"] = json!(7);
            job
        })
        .collect();
    let twice = measured(&made, &again, 0).profile;
    let (_, of) = twice.of("checks", "ubuntu-latest").unwrap();
    assert_eq!((of.runs, of.failed), (2.0, 1.0));
    // The same where the job is in one piece now.
    let whole = compiled(&text.replace("time", "{ split off }"), &empty());
    assert!(whole.plan.works.contains_key("checks"));
    assert_eq!(measured(&whole, &runs, 0).profile, profile);
    // And what was measured of the parts is known of the job, and of the parts.
    let again = compiled(&text.replace("takes 6m; ", "").replace("takes 8m; ", ""), &profile);
    let model = model(&again.plan, &again.profile, Visibility::Private);
    let work = |job: usize| {
        let parts = model.jobs[job].legs[0].parts.iter().filter(|part| part.kind == PartKind::Command);
        parts.map(|part| (part.name.as_str(), part.time.p50)).collect::<Vec<_>>()
    };
    assert_eq!((work(0), work(1)), (vec![("Run npm run lint", 100.0)], vec![("Run npm test", 200.0)]));
}

/// What is done again in a run counts once, whichever machine is told of first, and whatever else that machine begins with.
#[test]
fn what_is_done_again_is_measured_once() {
    let job_of = |name: &str| format!("job {name} {{ reads node_modules/; takes 6m; run npm run {name} }}\n");
    let text = format!(
        "on push\noptimize time\njob deps {{ writes node_modules/; takes 30s; run npm ci }}\n{}{}",
        job_of("lint"),
        job_of("unit")
    );
    let made = compiled(&text, &empty());
    assert!(made.plan.works.contains_key("deps-unit"), "{}", made.plan);
    let machine = |run: u64, reader: &str, first: &str| {
        let own = format!("Run npm run {reader}");
        let steps = [(first, "success", 2), ("Run npm ci", "success", 40), (own.as_str(), "success", 90)];
        job(run, &format!("deps, {reader}"), "success", &steps)
    };
    for (one, other) in [("lint", "unit"), ("unit", "lint")] {
        let runs: Vec<Value> = (1..=6)
            .flat_map(|run| [machine(run, one, "Set up job"), machine(run, other, "Run actions/download-artifact@v8")])
            .collect();
        let profile = measured(&made, &runs, 0).profile;
        let known = |task: &str| {
            let (_, of) = profile.of(task, "ubuntu-latest").unwrap();
            (of.runs, of.steps.iter().find(|(name, _)| name.starts_with("Run npm")).map(|(_, step)| step.times.p50))
        };
        assert_eq!((known("deps"), known("lint"), known("unit")), ((6.0, Some(40.0)), (6.0, Some(90.0)), (6.0, Some(90.0))));
    }
}

/// What an action does when its job ends is a step of its own; without the action it is not there.
#[test]
fn what_comes_behind_the_steps_counts() {
    let steps = [
        ("Set up job", "success", 3),
        ("Run actions/checkout@v6", "success", 2),
        ("Run make", "success", 10),
        ("Post Run actions/checkout@v6", "success", 30),
        ("Post Run an/action@v1", "success", 500),
        ("Complete job", "success", 1),
    ];
    let spec = "on push\njob build { run make }\n";
    let runs: Vec<Value> = (1..=6).map(|run| job(run, "build", "success", &steps)).collect();
    let made = compiled(spec, &measured(&compiled(spec, &empty()), &runs, 0).profile);
    let model = model(&made.plan, &made.profile, Visibility::Private);
    let leg = &model.jobs[0].legs[0];
    assert!((model.mean(leg) - 46.0).abs() < 1e-6, "{:?}", leg.parts);
}

#[test]
fn a_name_that_a_run_fills_in_is_known() {
    let spec = "
on push
job build \"Build ${{ matrix.os }} of ${{ github.ref_name }}\" { matrix os: one, two; run make }
job any \"${{ github.ref_name }}\" { run make }
";
    let names = ["Build one of main", "Build two of v1", "Build three of main", "main"];
    let runs: Vec<Value> = names.iter().map(|name| job(1, name, "success", &[])).collect();
    let taken = measured(&compiled(spec, &empty()), &runs, 0);
    assert_eq!(taken.profile.jobs.keys().collect::<Vec<_>>(), ["build[one]", "build[two]"]);
    assert_eq!(taken.unknown.into_iter().collect::<Vec<_>>(), ["Build three of main", "main"]);
}
