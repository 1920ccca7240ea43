//! The lesson's exercise: the times of its task, and the two pipelines that it shows, of which an outside simulation says what they take and cost.

use pipelay::facts::Facts;
use pipelay::hir::Step as WrittenStep;
use pipelay::profile::{Measured, Profile, Step, Times, VERSION, display_name};
use pipelay::{Compilation, Spec, compile};
use serde_json::{Value, json};

/// How long the steps of the task take: one whose name begins so, the longest beginning that fits.
const TIMES: &[(&str, f64)] = &[
    ("Set up job", 20.0),
    ("Initialize containers", 15.0),
    ("Run actions/checkout", 8.0),
    ("Run actions/setup-node", 5.0),
    ("Run actions/cache/restore", 8.0),
    ("Restore", 8.0),
    ("Run npm install", 180.0),
    ("Run npm ci", 120.0),
    ("Run npm run test:unit", 360.0),
    ("Run npm run test:integration", 540.0),
    ("Run npx playwright install", 40.0),
    ("Run npm run test:e2e", 840.0),
    ("Run npm run test:e2e -- --project", 420.0),
    ("Run npm run build", 300.0),
    ("Run npm run security-scan", 240.0),
    ("Run npm run deploy:staging", 220.0),
    ("Run actions/upload-artifact", 8.0),
    ("Run actions/download-artifact", 6.0),
    ("Save build", 8.0),
    ("Restore build", 6.0),
    ("Pack ", 0.0),
    ("Unpack ", 0.0),
];

/// What a cache has in nine of ten runs need not be made in them.
const HIT_RATE: f64 = 0.9;
const RUNS: f64 = 100.0;

fn seconds(name: &str) -> Option<f64> {
    let fits = TIMES.iter().filter(|(begin, _)| name.starts_with(begin));
    fits.max_by_key(|(begin, _)| begin.len()).map(|(_, seconds)| *seconds)
}

/// The table for the outside simulator: of what is split into shards, the tests are.
pub(crate) fn times() -> Value {
    let step = |&(name, seconds): &(&str, f64)| json!({ "step": name, "seconds": seconds, "split": name.contains(":e2e") });
    json!({ "steps": TIMES.iter().map(step).collect::<Vec<_>>(), "hit_rate": HIT_RATE })
}

/// What was measured of a spec as it is written, if its steps took these times.
fn profile(written: &Compilation) -> Profile {
    let mut profile = Profile { version: VERSION, runs: RUNS, ..Profile::default() };
    let step = |name: &str, skipped: f64| {
        let times = seconds(name).map(|seconds| Times { p50: seconds, p90: seconds, ..Default::default() })?;
        Some((name.to_owned(), Step { runs: RUNS - skipped, skipped, times, ..Step::default() }))
    };
    for task in &written.plan.tasks {
        let work = &written.plan.works[&task.work];
        let derived = |steps: &[pipelay::plan::Derived]| steps.iter().map(|derived| derived.step.clone()).collect::<Vec<_>>();
        let all: Vec<WrittenStep> =
            [derived(&work.prologue), work.job.steps.clone(), derived(&work.epilogue)].into_iter().flatten().collect();
        let mut measured = Measured { runs: RUNS, ..Measured::default() };
        measured.steps.extend(["Set up job", "Initialize containers"].iter().filter_map(|name| step(name, 0.0)));
        measured.steps.extend(all.iter().filter_map(|each| {
            let asks = each.when.as_ref().is_some_and(|when| when.text.as_str().contains("cache-hit"));
            step(&display_name(each), if asks { RUNS * HIT_RATE } else { 0.0 })
        }));
        profile.jobs.insert(task.id.clone(), [("ubuntu-latest".to_owned(), measured)].into_iter().collect());
    }
    profile
}

/// Compiles a spec whose steps are known to take these times. `off` is the spec as it is measured, without a choice of machines.
pub(crate) fn measured(text: &str, off: &str) -> Compilation {
    let spec = |text: &str| Spec { path: ".github/workflows/ci.pipe".into(), text: text.to_owned() };
    let tracked = ["package-lock.json", "package.json"].map(str::to_owned).to_vec();
    let facts = Facts { tracked: Some(tracked), ..Facts::default() };
    let written = compile(&spec(off), &facts);
    let facts = Facts { profile: Some(profile(&written).print()), ..facts };
    let made = compile(&spec(text), &facts);
    assert!(made.yaml.is_some(), "{:#?}", made.diags);
    made
}

/// The pipeline of the task.
pub(crate) const SEQUENTIAL: &str = "
on push, pull_request
optimize off
job test {
  uses actions/checkout@v4
  uses actions/setup-node@v4 { node-version: 18 }
  run npm install
  run npm run test:unit
  run npm run test:integration
  run npm run test:e2e
  run npm run build
  run npm run security-scan
  run npm run deploy:staging
}
";

/// The solution of the task: written by hand, and nothing is chosen.
pub(crate) const SOLUTION: &str = "
on push, pull_request
optimize off
template restore() {
  uses actions/checkout@v4
  uses actions/setup-node@v4 { node-version: 20 }
  step cache \"Restore\" uses actions/cache@v4 { path: node_modules, key: k }
}
job setup { restore(); step when steps.cache.outputs.cache-hit != 'true': npm ci }
job unit { needs setup; restore(); run npm run test:unit }
job integration {
  needs setup
  service postgres 15
  restore()
  run npm run test:integration
}
job build {
  needs setup
  restore()
  step \"Save build\" uses actions/cache@v4 { path: dist, key: b }
  run npm run build
}
job e2e {
  needs build
  matrix browser: chromium, firefox
  restore()
  step \"Restore build\" uses actions/cache@v4 { path: dist, key: b }
  run npx playwright install ${{ matrix.browser }}
  run npm run test:e2e -- --project=${{ matrix.browser }}
}
job scan {
  needs build
  uses actions/checkout@v4
  step \"Restore build\" uses actions/cache@v4 { path: dist, key: b }
  run npm run security-scan
}
job deploy {
  needs unit, integration, e2e, scan
  when branch('main')
  uses actions/checkout@v4
  step \"Restore build\" uses actions/cache@v4 { path: dist, key: b }
  run npm run deploy:staging
}
";
