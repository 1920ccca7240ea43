//! The model against reality: how long runs of linkerd took in May 2020 (`../shared/corpus/runs`), each foretold from those before it.

use std::collections::BTreeMap;

use pipelay::cost::machine::Visibility;
use pipelay::cost::{estimate, model};
use pipelay::facts::Facts;
use pipelay::profile::{Profile, github, merge};
use pipelay::{Spec, compile};
use serde_json::{Value, json};

use crate::shared::shared;

/// The shape of its workflow, as in `workflows_at/8f5ff8d97`.
const KIND: &str = "
on push
job docker_build \"Docker build\" { checkout off; run bin/docker-build }
job tests \"Integration tests (${{ matrix.test }})\" {
  needs docker_build
  matrix test: deep, upgrade, helm, helm_upgrade, uninstall, custom_domain, external_issuer
  fail-fast off
  checkout off
  run bin/tests
}
";
const TESTS: [&str; 7] = ["deep", "upgrade", "helm", "helm_upgrade", "uninstall", "custom_domain", "external_issuer"];

fn seconds(time: &Value) -> Option<i64> {
    Some(time.as_str()?.parse::<jiff::Timestamp>().ok()?.as_second())
}

/// The runs in which all went well, in order: the jobs of each. The data has no numbers of runs: what starts within two minutes after a build belongs to
/// that, unless it might belong to another.
fn runs(jobs: &[Value]) -> Vec<Vec<Value>> {
    let of = |name: &str| {
        let mut all: Vec<&Value> = jobs
            .iter()
            .filter(|job| job["Workflow"] == "KinD integration" && job["Job"] == name && job["Conclusion"] == "success")
            .collect();
        all.sort_by_key(|job| seconds(&job["Started"]));
        all
    };
    let builds = of("Docker build");
    let tests: BTreeMap<&str, Vec<&Value>> =
        TESTS.iter().map(|test| (*test, of(&format!("Integration tests ({test})")))).collect();
    let ends: Vec<i64> = builds.iter().filter_map(|build| seconds(&build["Completed"])).collect();
    let mut runs = Vec::new();
    for build in &builds {
        let Some(end) = seconds(&build["Completed"]) else { continue };
        if ends.iter().filter(|other| (**other - end).abs() < 240).count() > 1 {
            continue;
        }
        let within = |job: &&&Value| seconds(&job["Started"]).is_some_and(|start| start >= end && start <= end + 120);
        let own: Vec<&Value> = tests.values().filter_map(|all| all.iter().find(within).copied()).collect();
        if own.len() == TESTS.len() {
            runs.push(std::iter::once(*build).chain(own).cloned().collect());
        }
    }
    runs
}

/// How long a run took, in seconds.
fn wall(run: &[Value]) -> f64 {
    let first = run.iter().filter_map(|job| seconds(&job["Started"])).min().unwrap();
    let last = run.iter().filter_map(|job| seconds(&job["Completed"])).max().unwrap();
    (last - first) as f64
}

/// A run as GitHub would tell it.
fn answer(number: usize, run: &[Value]) -> String {
    let job = |(place, job): (usize, &Value)| {
        json!({
            "id": number * 100 + place + 1, "run_id": number + 1, "name": job["Job"], "conclusion": "success", "labels": ["ubuntu-18.04"],
            "started_at": job["Started"], "completed_at": job["Completed"],
        })
    };
    json!({ "jobs": run.iter().enumerate().map(job).collect::<Vec<_>>() }).to_string()
}

#[test]
fn runs_take_what_was_foretold_from_those_before() {
    let Some(file) = shared("corpus/runs/linkerd/jobs.json") else { return };
    let jobs: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let runs = runs(&jobs);
    let spec = Spec { path: "ci.pipe".into(), text: KIND.into() };
    let plan = compile(&spec, &Facts::default()).plan;
    let (mut profile, mut known) = (Profile::default(), 0);
    let (mut errors, mut bias) = (Vec::new(), Vec::new());
    for (number, run) in runs.iter().enumerate() {
        // A profile is taken in every twenty runs, as people do.
        if number % 20 == 0 && number > 0 {
            let text: String = (known..number).map(|earlier| answer(earlier, &runs[earlier])).collect();
            let taken = github::measure(&plan, &plan, &github::read(&text).unwrap(), profile.last_run.unwrap_or_default());
            merge::merge(&mut profile, taken.profile);
            known = number;
        }
        if number >= 20 {
            let facts = Facts { profile: Some(profile.print()), ..Facts::default() };
            let made = compile(&spec, &facts);
            let foretold = estimate(&model(&made.plan, &made.profile, Visibility::Private)).wall.mean;
            errors.push((foretold / wall(run) - 1.0).abs());
            bias.push(foretold / wall(run) - 1.0);
        }
    }
    let median = |values: &mut Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let (error, bias) = (median(&mut errors), median(&mut bias));
    eprintln!("{} runs: off by {:.1} % in the median, bias {:+.1} %", errors.len(), error * 100.0, bias * 100.0);
    assert!(errors.len() > 100 && error < 0.15 && bias.abs() < 0.15, "{} runs, {error}, {bias}", errors.len());
}
