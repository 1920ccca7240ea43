//! The lesson's pipeline against the expert's solution: 19.4 minutes and $0.312, where the sequential pipeline takes 45.2 minutes and $0.276.

use pipelay::cost::machine::visibility;
use pipelay::cost::{Run, estimate, model};
use pipelay::facts::Facts;
use pipelay::profile::{Measured, Profile, Step, Times, VERSION};
use pipelay::{Spec, compile};

/// How long steps take; what begins with one of these names is that step.
const TIMES: &[(&str, f64)] = &[
    ("Set up job", 20.0),
    ("Initialize containers", 15.0),
    ("Run actions/checkout", 8.0),
    ("Run actions/setup-node", 5.0),
    ("Run actions/cache/restore", 8.0),
    ("Run npm ci --prefer-offline --no-audit", 120.0),
    ("Run npm run test:unit", 360.0),
    ("Run npm run test:integration", 540.0),
    ("Run npx playwright install ${{ matrix.browser }}", 40.0),
    ("Run npm run test:e2e -- --project=${{ matrix.browser }}", 420.0),
    ("Run npm run test:e2e", 840.0),
    ("Run npm run build", 300.0),
    ("Run npm run security-scan", 240.0),
    ("Run npm run deploy:staging", 220.0),
    ("Run actions/upload-artifact", 8.0),
    ("Run actions/download-artifact", 6.0),
    ("Pack dist/", 0.0),
    ("Unpack what build made", 0.0),
    ("Judge the results", 0.0),
    ("Run actions/cache/save", 0.0),
];

fn profile() -> Profile {
    let step = |&(name, seconds): &(&str, f64)| {
        (name.to_owned(), Step { runs: 100.0, times: Times { p50: seconds, p90: seconds }, ..Step::default() })
    };
    let measured = Measured { runs: 100.0, steps: TIMES.iter().map(step).collect(), ..Measured::default() };
    let tasks = ["unit", "integration", "build", "e2e[chromium]", "e2e[firefox]", "scan", "deploy"];
    let jobs =
        tasks.iter().map(|task| ((*task).to_owned(), [("ubuntu-latest".to_owned(), measured.clone())].into_iter().collect()));
    Profile { version: VERSION, runs: 100.0, jobs: jobs.collect(), ..Profile::default() }
}

fn spec(head: &str) -> String {
    format!(
        "on push\n{head}\ntoolchain node 20 {{ cached: modules }}\n\
         job unit: npm run test:unit\n\
         job integration {{ service postgres 15; run npm run test:integration }}\n\
         job build {{ writes dist/; run npm run build }}\n\
         job e2e {{\n  reads dist/\n  matrix browser: chromium, firefox\n  run npx playwright install ${{{{ matrix.browser }}}}\n  \
         run npm run test:e2e -- --project=${{{{ matrix.browser }}}}\n}}\n\
         job scan {{ toolchain node off; reads dist/; run npm run security-scan }}\n\
         job deploy {{\n  needs *\n  when branch('main')\n  toolchain node off\n  reads dist/\n  run npm run deploy:staging\n}}\n"
    )
}

/// The run of what a spec compiles to in which everything takes its mean.
fn typical(head: &str) -> Run {
    of(&spec(head))
}

fn of(text: &str) -> Run {
    let spec = Spec { path: ".github/workflows/ci.pipe".into(), text: text.to_owned() };
    let tracked = ["package-lock.json", "package.json"].map(str::to_owned).to_vec();
    let facts = Facts { tracked: Some(tracked), profile: Some(profile().print()), ..Facts::default() };
    let made = compile(&spec, &facts);
    assert!(made.yaml.is_some(), "{:#?}", made.diags);
    let model = model(&made.plan, &made.profile, visibility(&made.plan));
    estimate(&model).typical
}

#[test]
fn balanced_is_no_slower_and_a_tenth_cheaper() {
    let run = typical("optimize balanced { gate off }");
    let (minutes, dollars) = (run.wall / 60.0, run.dollars);
    assert!(minutes <= 19.4 && dollars <= 0.9 * 0.312, "{minutes} min, ${dollars}");
}

#[test]
fn time_takes_a_third_of_the_sequential_pipeline() {
    let run = typical("optimize time { gate off }");
    assert!(run.wall <= 0.35 * 45.2 * 60.0, "{} min, ${}", run.wall / 60.0, run.dollars);
}

/// The sequential pipeline as a spec.
const SEQUENTIAL: &str = "on push
optimize cost { gate off }
toolchain node 20 { cached: modules }
job unit {
  run npm run test:unit
  run npm run test:integration
  run npm run test:e2e
  run npm run build
  run npm run security-scan
  run npm run deploy:staging
}
";

#[test]
fn cost_is_no_dearer_than_the_least_that_was_asked_for() {
    let run = of(SEQUENTIAL);
    assert!(run.dollars <= 0.264, "{} min, ${}", run.wall / 60.0, run.dollars);
}
