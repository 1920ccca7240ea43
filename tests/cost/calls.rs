//! What a workflow that is called did, as one job to its caller: whatever the order of its jobs, their attempts, their machines and how long they took.

use pipelay::profile::{Profile, github};
use serde_json::{Value, json};

use super::failures::reported;

const SPEC: &str = "on push\noptimize { place off; gate off }\njob call { uses example/wf/.github/workflows/x.yml@v1 }\n";

/// A job of a run, which begins after so many seconds of a day and takes so long.
fn job(run: u64, name: &str, conclusion: &str, (start, seconds): (i64, i64)) -> Value {
    let at = |second: i64| jiff::Timestamp::from_second(1_793_000_000 + 86_400 * run.cast_signed() + second).unwrap().to_string();
    json!({
        "run_id": run, "run_attempt": 1, "name": name, "conclusion": conclusion, "created_at": at(start - 5), "started_at": at(start),
        "completed_at": at(start + seconds), "labels": ["ubuntu-latest"], "steps": [],
    })
}

/// What is measured of a call in eight runs.
fn measured(jobs: impl Fn(u64) -> Vec<Value>) -> pipelay::profile::Measured {
    let made = crate::compile::compiled("ci.pipe", SPEC);
    let jobs: Vec<Value> = (1..=8).flat_map(jobs).collect();
    let profile =
        github::measure(&made.written, &made.plan, &github::read(&json!(jobs).to_string()).unwrap(), &Profile::default()).profile;
    assert_eq!(Profile::read(&profile.print()), Ok(profile.clone()));
    profile.jobs["call"].values().next().unwrap().clone()
}

#[test]
fn the_order_of_its_jobs_decides_nothing() {
    for (conclusions, runs, failed) in [
        (["skipped", "success"], 8.0, 0.0),
        (["failure", "cancelled"], 8.0, 8.0),
        (["failure", "success"], 8.0, 8.0),
        (["skipped", "cancelled"], 0.0, 0.0),
    ] {
        for places in [[0, 1], [1, 0]] {
            let all = |run: u64| {
                let job = |place: usize| {
                    job(
                        run,
                        &format!("call / {place}"),
                        conclusions[place],
                        (10, if conclusions[place] == "skipped" { 0 } else { 300 }),
                    )
                };
                places.map(job).to_vec()
            };
            let told = measured(all);
            assert_eq!((told.runs, told.failed), (runs, failed), "{conclusions:?} {places:?}");
            let whole = (runs > failed).then_some(300.0);
            assert_eq!(told.whole.map(|times| times.p50), whole, "{conclusions:?}");
        }
    }
}

#[test]
fn the_night_before_another_attempt_is_none_of_its_time() {
    let told = measured(|run| {
        let (first, mut second) = (job(run, "call / a", "success", (10, 300)), job(run, "call / b", "success", (10, 280)));
        let failed = job(run, "call / b", "failure", (10, 100));
        if run == 8 {
            second = job(run, "call / b", "success", (90_000, 280));
            second["run_attempt"] = json!(2);
            return vec![first, failed, second];
        }
        vec![first, second]
    });
    let whole = told.whole.unwrap();
    assert_eq!((told.runs, told.failed, whole.p50, whole.p90), (8.0, 0.0, 300.0, 300.0));
    assert!((told.busy["ubuntu-latest"] - 10.0).abs() < 1e-9);
}

/// Six hours are the limit of a job, and not of all that a call does; machines of others are billed as they bill.
#[test]
fn a_call_takes_what_its_jobs_do() {
    let after = format!("{SPEC}job after {{ needs call; takes 1m; checkout off; run make x }}\n");
    let long: Vec<Value> = (1..=10)
        .flat_map(|run| (0..3).map(move |place| job(run, &format!("call / {place}"), "success", (10 + 10_800 * place, 10_800))))
        .collect();
    let told = reported(&after, &long)["optimised"].clone();
    assert!(told["failing"].is_null(), "{told}");
    let (wall, dollars) = (told["wall_seconds"]["mean"].as_f64().unwrap(), told["dollars"]["mean"].as_f64().unwrap());
    assert!((wall - (32_400.0 + 85.0)).abs() < 15.0 && (dollars - 541.5 * 0.006).abs() < 0.01, "{wall} {dollars}");
    let short: Vec<Value> = (1..=10)
        .flat_map(|run| {
            (0..4).map(move |place| {
                let mut job = job(run, &format!("call / {place}"), "success", (10, 20));
                job["labels"] = json!(["depot-ubuntu-24.04"]);
                job
            })
        })
        .collect();
    let told = reported(SPEC, &short)["optimised"].clone();
    assert!((told["dollars"]["mean"].as_f64().unwrap() - 80.0 * 0.004 / 60.0).abs() < 1e-4, "{told}");
    // The same can be said of machines that only the author knows, also in a call.
    let own = SPEC.replace("job call", "runners { x: { label: our-8, price: $0.06, billed: second } }\njob call");
    let of_own: Vec<Value> = (1..=10)
        .map(|run| {
            let mut job = job(run, "call / a", "success", (10, 61));
            job["labels"] = json!(["our-8"]);
            job
        })
        .collect();
    let told = reported(&own, &of_own)["optimised"].clone();
    assert!((told["dollars"]["mean"].as_f64().unwrap() - 0.061).abs() < 2e-3, "{told}");
    for (billed, dollars) in [("", 0.06), (", billed: second", 0.02)] {
        let spec = format!(
            "on push\noptimize {{ place off; gate off }}\nrunners {{ x: {{ label: our-8, price: $0.06{billed} }} }}\njob a {{ runner x; checkout off; run make a }}\n"
        );
        let jobs: Vec<Value> = (1..=10)
            .map(|run| {
                let mut job = job(run, "a", "success", (10, 20));
                job["labels"] = json!(["our-8"]);
                job
            })
            .collect();
        let told = reported(&spec, &jobs)["optimised"].clone();
        assert!((told["dollars"]["mean"].as_f64().unwrap() - dollars).abs() < 1e-4, "{told}");
    }
}
