//! Runs in which something fails: what is ended with it, and what is left out behind it.

use std::sync::Arc;

use pipelay::cost::{Behind, Failures, Job, Leg, Machine, Model, Quotas, Takes, simulate};
use serde_json::json;

use super::attribution::job;
use crate::random::Random;

/// Jobs with a row for each of these, on as many machines as they want.
fn model(random: &mut Random) -> (Model, Vec<Vec<Takes>>) {
    let mut model = Model { quotas: Quotas { standard: 1000, macos: 1000, larger: 1000 }, ..Model::default() };
    let mut all = Vec::new();
    for id in 0..=random.below(5) {
        let rows = 1 + random.below(4);
        let takes = |random: &mut Random| {
            // No two rows end at a time.
            let seconds = 1.0 + random.below(1_000_000) as f64 / 1000.0;
            Takes { all: seconds, work: seconds, fails: random.below(4) == 0, ..Takes::default() }
        };
        all.push((0..rows).map(|_| takes(random)).collect());
        let machine = Machine { billed: 1.0, longest: 21_600.0, ..Machine::default() };
        let leg = Leg::new(String::new(), Arc::new(machine), Vec::new());
        let needs = (0..id).filter(|_| random.below(3) == 0).collect();
        let failures = Failures {
            fast: random.below(2) == 0,
            forgiven: random.below(4) == 0,
            behind: if random.below(4) == 0 { Behind::Both } else { Behind::Success },
        };
        let at_once = if random.below(2) == 0 { 1 } else { 100 };
        let (members, guards) = (Vec::new(), Vec::new());
        model.jobs.push(Job {
            id: id.to_string(),
            needs,
            legs: vec![leg; rows],
            at_once,
            priority: 0,
            members,
            guards,
            failures,
        });
    }
    (model, all)
}

/// What each row does by GitHub's documentation of `fail-fast`, `continue-on-error` and `needs`: when it ends, and none where it never begins.
fn by_the_book(model: &Model, takes: &[Vec<Takes>]) -> Vec<Vec<Option<f64>>> {
    let (mut over, mut behind_failure): (Vec<(f64, bool)>, Vec<bool>) = (Vec::new(), Vec::new());
    let mut ends = Vec::new();
    for (job, takes) in model.jobs.iter().zip(takes) {
        // GitHub's `success()` asks of all that comes before.
        let behind = |need: &usize| over[*need].1 || behind_failure[*need];
        let is_behind = job.needs.iter().any(behind);
        behind_failure.push(is_behind);
        let start = job.needs.iter().map(|&need| over[need].0).fold(0.0, f64::max);
        if !job.failures.behind.failure() && is_behind {
            over.push((start, true));
            ends.push(vec![None; takes.len()]);
            continue;
        }
        let one_by_one = job.at_once == 1;
        // As if nothing ended them.
        let (mut own, mut time) = (Vec::new(), start);
        for takes in takes {
            let begin = if one_by_one { time } else { start };
            time = begin + takes.all;
            own.push((begin, time, takes.fails));
        }
        let counts = !job.failures.forgiven;
        let first = own.iter().filter(|(.., fails)| *fails && counts).map(|(_, end, _)| *end).fold(f64::INFINITY, f64::min);
        let last = if job.failures.fast { first } else { f64::INFINITY };
        let rows: Vec<Option<f64>> = own.iter().map(|(begin, end, _)| (*begin < last).then(|| end.min(last))).collect();
        over.push((rows.iter().flatten().copied().fold(start, f64::max), first < f64::INFINITY));
        ends.push(rows);
    }
    ends
}

#[test]
fn what_fails_ends_its_job_and_leaves_out_what_comes_after() {
    let (mut ended, mut left_out) = (0, 0);
    for seed in 0..2_000 {
        let (model, takes) = model(&mut Random(seed));
        let expected = by_the_book(&model, &takes);
        let run = simulate(&model, &takes);
        let mut seen: Vec<Vec<Option<f64>>> = takes.iter().map(|rows| vec![None; rows.len()]).collect();
        run.slots.iter().for_each(|slot| seen[slot.job][slot.leg] = Some(slot.end));
        for (job, (seen, expected)) in seen.iter().zip(&expected).enumerate() {
            for (row, (seen, expected)) in seen.iter().zip(expected).enumerate() {
                let same = match (seen, expected) {
                    (Some(seen), Some(expected)) => (seen - expected).abs() < 1e-3,
                    (seen, expected) => seen == expected,
                };
                assert!(same, "seed {seed}, row {row} of job {job}: {seen:?}, not {expected:?}\n{model:#?}\n{takes:#?}");
                left_out += usize::from(expected.is_none());
            }
        }
        ended += run.slots.iter().filter(|slot| slot.end - slot.start < takes[slot.job][slot.leg].all - 1e-3).count();
    }
    assert!(ended > 500 && left_out > 500, "{ended} rows were ended, {left_out} never began");
}

/// How often a run fails, and what such a run takes, by what was measured.
fn failing(spec: &str) -> serde_json::Value {
    let jobs: Vec<_> = (0..40)
        .flat_map(|run| {
            let end = if run % 4 == 0 { "failure" } else { "success" };
            ["tests (1)", "tests (2)"].map(|name| {
                job(
                    run + 1,
                    name,
                    end,
                    &[("Set up job", "success", 2), ("Run make", end, if end == "failure" { 300 } else { 600 })],
                )
            })
        })
        .chain((0..40).map(|run| job(run + 1, "after", "success", &[("Run make after", "success", 300)])))
        .collect();
    reported(spec, &jobs)
}

/// What is told of a spec after these jobs, where there are forty runs a month.
pub(super) fn reported(spec: &str, jobs: &[serde_json::Value]) -> serde_json::Value {
    let made = crate::compile::compiled("ci.pipe", spec);
    let measured = pipelay::profile::github::measure(
        &made.written,
        &made.plan,
        &pipelay::profile::github::read(&json!(jobs).to_string()).unwrap(),
        &pipelay::profile::Profile::default(),
    );
    let profile = pipelay::profile::Profile { per_month: Some(40.0), ..measured.profile };
    let facts = pipelay::facts::Facts { profile: Some(profile.print()), ..pipelay::facts::Facts::default() };
    let made = pipelay::compile(&pipelay::Spec { path: "ci.pipe".into(), text: spec.into() }, &facts);
    let event = pipelay::cost::event::Event::default();
    let report = pipelay::cost::report::report(&made, pipelay::cost::machine::Visibility::Private, &event);
    serde_json::from_str(&report.json()).unwrap()
}

/// What forty runs were billed is what forty runs cost: failures, what they end and what they leave out count once.
#[test]
fn a_month_costs_what_its_runs_did() {
    let spec = |more: &str| {
        format!(
            "on push\noptimize {{ place off; gate off }}\njob tests {{\n  matrix n: 1, 2\n{more}  checkout off\n  run make N=${{{{ matrix.n }}}}\n}}\njob after {{ needs tests; when github.ref == 'refs/heads/main'; checkout off; run make after }}\n"
        )
    };
    for (fast, more) in [(true, ""), (false, "  fail-fast off\n")] {
        let (mut jobs, mut minutes) = (Vec::new(), 0);
        let mut add = |run: u64, name: &str, command: &str, end: &str, seconds: u32| {
            let steps = [("Set up job", "success", 2), (command, end, seconds.saturating_sub(2))];
            jobs.push(job(run, name, end, if seconds > 0 { &steps } else { &[] }));
            minutes += seconds.div_ceil(60);
        };
        for run in 1..=40 {
            // One row of ten runs fails, each at another time; the other is ended then, or goes on to its end.
            let failed = (run % 4 == 0).then(|| 30 + 60 * (run as u32 / 4 - 1));
            let ended = failed.filter(|_| fast);
            let (first, second) = (failed.unwrap_or(600), ended.unwrap_or(600));
            add(run, "tests (1)", "Run make N=1", if failed.is_some() { "failure" } else { "success" }, first);
            add(run, "tests (2)", "Run make N=2", if ended.is_some() { "cancelled" } else { "success" }, second);
            // Half of the others are of the branch that is deployed.
            if failed.is_none() && run % 2 == 0 {
                add(run, "after", "Run make after", "success", 300);
            } else {
                add(run, "after", "Run make after", "skipped", 0);
            }
        }
        let told = reported(&spec(more), &jobs);
        for side in ["written", "optimised"] {
            let month = told[side]["dollars_per_month"].as_f64().unwrap();
            let billed = f64::from(minutes) * 0.006;
            assert!((month / billed - 1.0).abs() < 0.05, "{side}, fail-fast {fast}: {month}, billed {billed}");
        }
    }
}

#[test]
fn how_often_runs_fail_and_what_they_cost_follows_from_what_was_measured() {
    let spec = |more: &str| {
        format!(
            "on push\noptimize {{ place off; gate off }}\njob tests {{\n  matrix n: 1, 2\n{more}  checkout off\n  run make\n}}\njob after {{ needs tests; checkout off; run make after }}\n"
        )
    };
    let [fast, slow, forgiven] = ["", "  fail-fast off\n", "  may-fail\n"].map(|more| failing(&spec(more))["optimised"].clone());
    // A quarter of each of two rows.
    let share = fast["failing"]["share"].as_f64().unwrap();
    assert!((share - (1.0 - 0.75 * 0.75)).abs() < 0.06, "{share}");
    let [fast_wall, slow_wall] = [&fast, &slow].map(|side| side["failing"]["wall_seconds"].as_f64().unwrap());
    // Ended when the one that fails does, which is after 300 s, or when the other has ended; what comes after is left out.
    assert!(fast_wall > 200.0 && fast_wall < 400.0 && slow_wall > 500.0 && slow_wall < 650.0, "{fast_wall} and {slow_wall}");
    assert!(fast["wall_seconds"]["mean"].as_f64().unwrap() > 880.0, "{fast}");
    assert_eq!(forgiven["failing"], serde_json::Value::Null);
    // Under a condition some rows may be forgiven, and not all; and to ask for a success is to go on after none.
    let one = failing(&spec("  may-fail when matrix.n == 1\n"))["optimised"].clone();
    assert!(one["failing"]["share"].as_f64().unwrap() > 0.2, "{one}");
    let asked = failing(&spec("").replace("needs tests;", "needs tests; when success();"))["optimised"].clone();
    assert_eq!(asked["failing"], fast["failing"]);
}

/// What is for failures is in no run without one: not in its time, its cost, or what a limit is about.
#[test]
fn what_is_for_failures_is_left_out_of_the_others() {
    let side = |when: &str| {
        let spec = format!(
            "on push\noptimize {{ place off; gate off }}\njob a {{ takes 2m; checkout off; run make }}\njob notify {{ needs a; when {when}; takes 5m; checkout off; run make notify }}\n"
        );
        let made = crate::compile::compiled("ci.pipe", &spec);
        let event = pipelay::cost::event::Event::default();
        let report = pipelay::cost::report::report(&made, pipelay::cost::machine::Visibility::Private, &event);
        serde_json::from_str::<serde_json::Value>(&report.json()).unwrap()["optimised"]["wall_seconds"]["p50"].as_f64().unwrap()
    };
    for when in [
        "failure()",
        "cancelled()",
        "!success()",
        "failure() && github.ref == 'refs/heads/main'",
        "always() && needs.a.result == 'failure'",
        "always() && contains(needs.*.result, 'failure')",
        "!cancelled() && needs.a.result != 'success'",
        "!cancelled() && !contains(needs.*.result, 'success')",
    ] {
        assert!(side(when) < 150.0, "{when}: {}", side(when));
    }
    for when in ["always()", "!cancelled()", "success()", "always() && needs.a.result != 'failure'"] {
        assert!(side(when) > 400.0, "{when}: {}", side(when));
    }
    let limit = "on push\noptimize { deadline 5m }\njob a { takes 2m; run make }\njob notify { needs a; when failure(); takes 5m; run make notify }\n";
    assert!(crate::compile::compiled("ci.pipe", limit).yaml.is_some());
    // Where something fails, it is there: half of all runs.
    let runs: Vec<_> = (1..=40)
        .flat_map(|run| {
            let end = if run % 2 == 0 { "failure" } else { "success" };
            let all = |name: &str, command: &str, end: &str, seconds: u32| {
                job(run, name, end, &[("Set up job", "success", 2), (command, end, seconds - 2)])
            };
            let notify = (run % 2 == 0).then(|| all("notify", "Run make notify", "success", 300));
            [Some(all("tests (1)", "Run make", end, 120)), notify].into_iter().flatten()
        })
        .collect();
    let spec = "on push\noptimize { place off; gate off }\njob tests { matrix n: 1; checkout off; run make }\njob notify { needs tests; when failure(); checkout off; run make notify }\n";
    let told = reported(spec, &runs)["optimised"].clone();
    let (share, wall) = (told["failing"]["share"].as_f64().unwrap(), told["failing"]["wall_seconds"].as_f64().unwrap());
    assert!((share - 0.5).abs() < 0.06 && (wall - 420.0).abs() < 20.0, "{told}");
    assert!((told["dollars_per_month"].as_f64().unwrap() - 40.0 * (2.0 + 0.5 * 5.0) * 0.006).abs() < 0.06, "{told}");
}

/// Who may not take as long as it takes is ended, and what comes after it is left out: GitHub calls it cancelled (agmsg#878).
#[test]
fn what_is_ended_for_taking_too_long_fails_its_run() {
    let spec = |timeout: &str| {
        format!(
            "on push\noptimize {{ place off; gate off }}\njob slow {{ takes 20m; timeout {timeout}; checkout off; run make }}\njob after {{ needs slow; checkout off; run make after }}\n"
        )
    };
    let side = |timeout: &str| {
        let made = crate::compile::compiled("ci.pipe", &spec(timeout));
        let event = pipelay::cost::event::Event::default();
        let report = pipelay::cost::report::report(&made, pipelay::cost::machine::Visibility::Private, &event);
        serde_json::from_str::<serde_json::Value>(&report.json()).unwrap()["optimised"].clone()
    };
    let failing = side("5m")["failing"].clone();
    assert_eq!(failing["share"], 1.0);
    // What comes after it is not there, nor paid for.
    assert_eq!((failing["wall_seconds"].as_f64(), failing["dollars"].as_f64()), (Some(300.0), Some(5.0 * 0.006)), "{failing}");
    assert_eq!(side("2h")["failing"], serde_json::Value::Null);
    let shown = |timeout: &str| {
        let made = crate::compile::compiled("ci.pipe", &spec(timeout));
        let event = pipelay::cost::event::Event::default();
        let report = pipelay::cost::report::report(&made, pipelay::cost::machine::Visibility::Private, &event);
        pipelay::cost::show::show(&report, pipelay::graph::tree::Options { width: 100, unicode: true })
    };
    let all = "all runs fail, and end after 5m 00s for $0.030, compiled; they are those above";
    assert!(shown("5m").contains(all), "{}", shown("5m"));
    assert!(!shown("2h").contains("fail"), "{}", shown("2h"));
}

/// What ends a job, or a step of it, is what GitHub is told: whole minutes, and on machines of one's own days.
#[test]
fn jobs_and_steps_end_when_they_are_told_to() {
    assert_eq!(side("  takes 50s\n  timeout 90s\n  run make")["failing"], serde_json::Value::Null, "two minutes");
    assert_eq!(side("  takes 7h\n  timeout 20h\n  runner self-hosted\n  run make")["failing"], serde_json::Value::Null);
    let step = side("  takes 10m\n  step { timeout 2m; run make }");
    assert_eq!(step["failing"]["share"], 1.0, "{step}");
    for wall in [&step["wall_seconds"]["mean"], &step["failing"]["wall_seconds"]] {
        assert!((wall.as_f64().unwrap() - 140.0).abs() < 5.0, "{step}");
    }
}

/// What the plan of one job says, of which nothing is measured.
fn side(job: &str) -> serde_json::Value {
    let spec = format!("on push\noptimize {{ place off; gate off }}\njob a {{\n  checkout off\n{job}\n}}\n");
    let made = crate::compile::compiled("ci.pipe", &spec);
    let event = pipelay::cost::event::Event::default();
    let report = pipelay::cost::report::report(&made, pipelay::cost::machine::Visibility::Private, &event);
    serde_json::from_str::<serde_json::Value>(&report.json()).unwrap()["optimised"].clone()
}

/// A step that takes longer than it may ends its job then and there, in that share of runs; one that may fail goes on.
#[test]
fn a_step_has_a_time_of_its_own() {
    // Of a log-normal time of 10 minutes in the mean, about a sixth lies above 12.
    let some = side("  step { takes 10m; timeout 12m; run make }\n  step { takes 30m; run make more }");
    let share = some["failing"]["share"].as_f64().unwrap();
    assert!((0.1..0.25).contains(&share), "{some}");
    let late = some["failing"]["wall_seconds"].as_f64().unwrap();
    assert!((late - 20.0 - 720.0).abs() < 2.0, "nothing runs behind it: {late}");
    let longest = some["machines"][0]["parts"].as_array().unwrap().iter().find(|part| part["name"] == "Run make").unwrap();
    assert!(longest["p90"].as_f64().unwrap() <= 720.0, "{longest}");
    let forgiven = side("  step { takes 10m; timeout 2m; may-fail; run make }\n  step { takes 5m; run make more }");
    assert_eq!(forgiven["failing"], serde_json::Value::Null, "{forgiven}");
    assert!((forgiven["wall_seconds"]["p50"].as_f64().unwrap() - 440.0).abs() < 10.0, "{forgiven}");
    // Rows have timeouts of their own.
    let row = "matrix target {\n  one { }\n  other { timeout 3m }\n}\ntimeout 30m\ntakes 10m\nrun make";
    let axis = "matrix t: 30, 3\ntimeout ${{ matrix.t }}\ntakes 10m\nrun make";
    for rows in [row, axis] {
        let told = side(rows);
        assert_eq!(told["failing"]["share"], 1.0, "{told}");
    }
    // What is cancelled ends where that is said, also at the end.
    let behind = |last: &str| {
        let served =
            format!("  step s {{ background; takes 5m; run make serve }}\n  step {{ takes 1m; run make }}\n  cancel s{last}");
        let spec = format!(
            "on push\ntarget github {{ parallel-steps on }}\noptimize {{ place off; gate off }}\njob a {{\n  checkout off\n{served}\n}}\n"
        );
        let made = crate::compile::compiled("ci.pipe", &spec);
        let model = pipelay::cost::model(&made.plan, &made.profile, pipelay::cost::machine::Visibility::Private);
        model.mean(&model.jobs[0].legs[0])
    };
    assert!((behind("") - 80.0).abs() < 1.0 && (behind("\n  step { takes 10s; run make more }") - 90.0).abs() < 1.0);
}

/// A step for failures is in runs that have one, however often it was measured.
#[test]
fn a_step_for_failures_is_in_no_good_run() {
    let spec = "on push\noptimize { place off; gate off }\njob a {\n  checkout off\n  run make a\n  step {\n    when failure()\n    run make logs\n  }\n}\n";
    let runs: Vec<_> = (1..=40)
        .map(|run| {
            let (end, logs) = if run % 4 == 0 { ("failure", "success") } else { ("success", "skipped") };
            let seconds = if logs == "success" { 600 } else { 0 };
            job(run, "a", end, &[("Set up job", "success", 2), ("Run make a", end, 60), ("Run make logs", logs, seconds)])
        })
        .collect();
    let told = reported(spec, &runs)["optimised"].clone();
    assert!((told["wall_seconds"]["mean"].as_f64().unwrap() - 67.0).abs() < 1.0, "{told}");
    assert!((told["failing"]["wall_seconds"].as_f64().unwrap() - 667.0).abs() < 5.0, "{told}");
}

/// A machine that several jobs share fails as often as it did: what they have in common fails once.
#[test]
fn what_jobs_have_in_common_fails_once() {
    let each = ["a", "b", "c", "d", "e"];
    let jobs: Vec<String> = each.map(|name| format!("job {name} {{\n  takes 50s\n  run make {name}\n}}\n")).into();
    let spec = format!("on push\noptimize cost {{ gate off; fuse on; parallel off }}\n{}", jobs.concat());
    let runs: Vec<_> = (1..=40)
        .map(|run| {
            let fails = run % 10 == 0;
            let (end, rest, seconds) = if fails { ("failure", "skipped", 0) } else { ("success", "success", 50) };
            let steps =
                ["Run make a", "Run make b", "Run make c", "Run make d", "Run make e"].map(|command| (command, rest, seconds));
            let all = [vec![("Set up job", "success", 2), ("Run actions/checkout@v6", end, 28)], steps.to_vec()].concat();
            job(run, "a, b, c, d, e", end, &all)
        })
        .collect();
    let told = reported(&spec, &runs)["optimised"].clone();
    assert!((told["failing"]["share"].as_f64().unwrap() - 0.1).abs() < 0.04, "{told}");
}

/// What asks for a status and for something else holds as often as that was measured.
#[test]
fn a_condition_that_asks_for_a_status_keeps_its_share() {
    let runs: Vec<_> = (1..=40)
        .flat_map(|run| {
            let all = |name: &str, command: &str, seconds: u32| {
                job(run, name, "success", &[("Set up job", "success", 2), (command, "success", seconds)])
            };
            let left_out = job(run, "notify", "skipped", &[]);
            [all("a", "Run make a", 98), if run % 4 == 0 { all("notify", "Run make notify", 598) } else { left_out }]
        })
        .collect();
    for when in ["branch('main')", "success() && branch('main')", "!cancelled() && branch('main')", "always() && branch('main')"]
    {
        let spec = format!(
            "on push\noptimize {{ place off; gate off }}\njob a {{ checkout off; run make a }}\njob notify {{ needs a; when {when}; checkout off; run make notify }}\n"
        );
        let told = reported(&spec, &runs)["optimised"].clone();
        let (mean, month) = (told["wall_seconds"]["mean"].as_f64().unwrap(), told["dollars_per_month"].as_f64().unwrap());
        assert!((mean - (105.0 + 0.25 * 605.0)).abs() < 25.0, "{when}: {told}");
        assert!((month - 40.0 * (2.0 + 0.25 * 10.0) * 0.006).abs() < 0.1, "{when}: {told}");
    }
}

/// A gate fails where what it judges does, and no more often; what may fail takes its time in runs that end well; and what is ended for taking too long is none
/// of those.
#[test]
fn what_fails_is_told_once_and_of_the_right_runs() {
    let one = |run: u64, name: &str, command: &str, end: &str, seconds: u32| {
        job(run, name, end, &[("Set up job", "success", 2), (command, end, seconds - 2)])
    };
    let gated: Vec<_> = (1..=40)
        .flat_map(|run| {
            let end = if run % 4 == 0 { "failure" } else { "success" };
            [one(run, "lint", "Run make lint", end, 60), one(run, "CI", "Judge the results", end, 4)]
        })
        .collect();
    let told = reported("on push\noptimize { place off }\ngate \"CI\"\njob lint { checkout off; run make lint }\n", &gated);
    assert!((told["optimised"]["failing"]["share"].as_f64().unwrap() - 0.25).abs() < 0.03, "{told}");
    let flaky: Vec<_> = (1..=40)
        .map(|run| {
            if run % 2 == 0 {
                one(run, "flaky", "Run make flaky", "success", 600)
            } else {
                one(run, "flaky", "Run make flaky", "failure", 60)
            }
        })
        .collect();
    let told = reported(
        "on push\noptimize { place off; gate off }\njob flaky { may-fail; checkout off; run make flaky }\n",
        &flaky,
    )["optimised"]
        .clone();
    assert!((told["wall_seconds"]["mean"].as_f64().unwrap() - 335.0).abs() < 10.0 && told["failing"].is_null(), "{told}");
    assert!((told["dollars_per_month"].as_f64().unwrap() - 40.0 * 5.5 * 0.006).abs() < 0.05, "{told}");
    let made = crate::compile::compiled(
        "ci.pipe",
        "on push\noptimize { place off; gate off }\njob build { takes 10m; timeout 10m; checkout off; run sleep }\n",
    );
    let report = pipelay::cost::report::report(
        &made,
        pipelay::cost::machine::Visibility::Private,
        &pipelay::cost::event::Event::default(),
    );
    let told: serde_json::Value = serde_json::from_str::<serde_json::Value>(&report.json()).unwrap()["optimised"].clone();
    let seconds = |key: &str| told["machines"][0]["seconds"][key].as_f64().unwrap();
    assert!(
        seconds("p90") < 600.0 && seconds("mean") < 530.0 && told["failing"]["wall_seconds"].as_f64().unwrap() >= 600.0,
        "{told}"
    );
}
