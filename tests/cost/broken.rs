//! What the failure of a step does on its machine: what runs behind it all the same, and what is left out. The times are worked out by hand.

use serde_json::{Value, json};

use super::attribution::job;
use super::failures::reported;

/// What the plan says of a spec of which nothing is measured.
fn told(spec: &str) -> Value {
    let made = crate::compile::compiled("ci.pipe", spec);
    let report = pipelay::cost::report::report(
        &made,
        pipelay::cost::machine::Visibility::Private,
        &pipelay::cost::event::Event::default(),
    );
    serde_json::from_str::<Value>(&report.json()).unwrap()["optimised"].clone()
}

#[track_caller]
fn fails(told: &Value, seconds: f64, within: f64) {
    let wall = told["failing"]["wall_seconds"].as_f64().unwrap();
    assert!((wall - seconds).abs() <= within, "{wall} {seconds}: {}", told["failing"]);
}

/// A machine of one job, that starts in 20 s: what asks for failures runs behind one, and what asks for nothing does not.
#[test]
fn what_asks_for_failures_runs_behind_them() {
    let spec = |steps: &str| format!("on push\noptimize {{ place off; gate off }}\njob a {{\n  checkout off\n{steps}\n}}\n");
    let late = "  step { timeout 2m; takes 8m; run make }\n";
    let logs = "  step \"logs\" when failure() { takes 3m; run make logs }\n";
    let clean = "  step \"clean\" when always() { takes 2m; run make clean }\n";
    let more = "  step { takes 9m; run make more }\n";
    for (steps, seconds) in [
        (format!("{late}{more}"), 140.0),
        (format!("{late}{more}{clean}"), 260.0),
        (format!("{late}{logs}{more}{clean}"), 440.0),
        (format!("{more}{late}"), 680.0),
    ] {
        let told = told(&spec(&steps));
        fails(&told, seconds, 20.0);
        // All fail, so that what is shown is a run that fails.
        assert_eq!(told["failing"]["share"], 1.0);
        let machine = &told["machines"][0];
        let drawn = machine["end"].as_f64().unwrap() - machine["start"].as_f64().unwrap();
        assert!((drawn - seconds).abs() < 20.0 && told["busy"].as_f64().unwrap() < 1.0, "{machine}");
    }
}

/// What runs beside a step that fails goes on until somebody waits for it.
#[test]
fn what_runs_beside_a_failure_goes_on() {
    let told = told(
        "on push\ntarget github { parallel-steps on }\noptimize { place off; gate off }\njob a {\n  checkout off\n  parallel {\n    step { timeout 2m; takes 8m; run make a }\n    \
         step { takes 5m; run make b }\n  }\n  step { takes 9m; run make c }\n}\n",
    );
    fails(&told, 20.0 + 300.0, 10.0);
}

const FUSED: &str = "on push\noptimize cost { gate off; fuse on; parallel off }\njob a { checkout off; step { timeout 1m; takes 4m; run make a } }\n\
     job b { checkout off; takes 2m; run make b }\njob c { needs a; checkout off; takes 50s; run make c }\n";

/// Of those that share a machine, a failure leaves out what comes after it, and nothing else.
#[test]
fn who_shares_a_machine_with_a_failure_goes_on() {
    let told = told(FUSED);
    // Whether what never starts is there, too, is all the same.
    assert!(told["machines"][0]["task"].as_str().unwrap().starts_with("a-b"), "{told}");
    fails(&told, 20.0 + 60.0 + 120.0, 15.0);
}

/// The same where it was measured.
#[test]
fn measured_failures_leave_others_running() {
    let spec = FUSED.replace("timeout 1m; takes 4m", "takes 1m");
    let runs: Vec<Value> = (1..=40)
        .map(|run| {
            let (end, after, seconds) = if run % 4 == 0 { ("failure", "skipped", 0) } else { ("success", "success", 50) };
            let steps = [
                ("Set up job", "success", 20),
                ("Run make a", end, 60),
                ("Run make b", "success", 120),
                ("Run make c", after, seconds),
            ];
            job(run, "a, b, c", end, &steps)
        })
        .collect();
    let told = reported(&spec, &runs)["optimised"].clone();
    let share = told["failing"]["share"].as_f64().unwrap();
    assert!((share - 0.25).abs() < 0.06, "{told}");
    // Somewhere in its minute the step fails: half of that in the mean.
    fails(&told, 20.0 + 30.0 + 120.0, 10.0);
    assert_ne!(told["failing"], json!(null));
}
