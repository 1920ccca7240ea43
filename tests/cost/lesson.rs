//! The lesson's exercise, with the times of its task: an outside simulation gives 45.2 minutes and $0.276 for the sequential pipeline, and 19.4 minutes and $0.312
//! for the solution that it shows.

use pipelay::cost::machine::Visibility;
use pipelay::cost::{Run, estimate, model};
use pipelay::facts::Facts;
use pipelay::profile::{Measured, Profile, Step, Times};
use pipelay::{Spec, compile};

/// How long the steps of the task take; an install and what saves it run in one of ten.
const TIMES: &[(&str, f64)] = &[
    ("Set up job", 20.0),
    ("Run actions/checkout", 8.0),
    ("Run actions/setup-node", 5.0),
    ("Initialize containers", 15.0),
    ("Restore", 8.0),
    ("Run npm install", 180.0),
    ("Run npm ci", 120.0),
    ("Run npm run test:unit", 360.0),
    ("Run npm run test:integration", 540.0),
    ("Run npm run test:e2e", 840.0),
    ("Run npx playwright install", 40.0),
    ("Run npm run test:e2e -- --project", 420.0),
    ("Run npm run build", 300.0),
    ("Run npm run security-scan", 240.0),
    ("Run npm run deploy:staging", 220.0),
    ("Save build", 8.0),
    ("Restore build", 6.0),
];

fn profile(tasks: &[&str]) -> Profile {
    let step = |&(name, seconds): &(&str, f64)| {
        let skipped = if name == "Run npm ci" { 90.0 } else { 0.0 };
        let step = Step { runs: 100.0 - skipped, skipped, failed: 0.0, times: Times { p50: seconds, p90: seconds } };
        (name.to_owned(), step)
    };
    let measured = Measured { runs: 100.0, steps: TIMES.iter().map(step).collect(), ..Measured::default() };
    let jobs =
        tasks.iter().map(|task| ((*task).to_owned(), [("ubuntu-latest".to_owned(), measured.clone())].into_iter().collect()));
    Profile { version: pipelay::profile::VERSION, runs: 100.0, jobs: jobs.collect(), ..Profile::default() }
}

/// The run of a spec in which everything takes its mean.
fn typical(spec: &str, tasks: &[&str]) -> Run {
    let spec = Spec { path: ".github/workflows/ci.pipe".into(), text: spec.into() };
    let facts = Facts { profile: Some(profile(tasks).print()), ..Facts::default() };
    let made = compile(&spec, &facts);
    assert!(made.yaml.is_some(), "{:#?}", made.diags);
    let model = model(&made.plan, &made.profile, Visibility::Private);
    estimate(&model).typical
}

const SEQUENTIAL: &str = "
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

const SOLUTION: &str = "
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
  step \"Run npx playwright install\": npx playwright install ${{ matrix.browser }}
  step \"Run npm run test:e2e -- --project\": npm run test:e2e -- --project=${{ matrix.browser }}
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

#[test]
fn the_sequential_pipeline_takes_and_costs_what_an_outside_simulation_says() {
    let run = typical(SEQUENTIAL, &["test"]);
    assert_eq!(format!("{:.1} min ${:.3}", run.wall / 60.0, run.dollars), "45.2 min $0.276");
}

#[test]
fn the_lessons_solution_takes_and_costs_what_an_outside_simulation_says() {
    let tasks = ["setup", "unit", "integration", "build", "e2e[chromium]", "e2e[firefox]", "scan", "deploy"];
    let run = typical(SOLUTION, &tasks);
    assert_eq!(format!("{:.1} min ${:.3}", run.wall / 60.0, run.dollars), "19.4 min $0.312");
}
