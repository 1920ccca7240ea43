//! How well a few runs of a large plan foretell what thousands say.

use std::sync::Arc;

use pipelay::cost::{
    Evidence, Failures, Job, Leg, Machine, Model, Part, PartKind, Spread, Takes, Variation, estimate, quantile, simulate,
};

/// Layers of ten jobs; each needs two of the layer before.
fn layered(count: usize) -> Model {
    let machine = Machine {
        label: "x".into(),
        os: "linux".into(),
        cores: 2,
        price: Some(0.006),
        billed: 60.0,
        longest: 21_600.0,
        ..Machine::default()
    };
    let machine = Arc::new(machine);
    let job = |number: usize| {
        let time = |seconds: usize| Spread::about(seconds as f64);
        let part = |seconds| Part::new(PartKind::Command, "x", time(seconds), Evidence::Declared);
        let parts = vec![part(20), part(30 + number * 197 % 571)];
        let leg = Leg::new(number.to_string(), machine.clone(), parts);
        let above = |place: usize| number - number % 10 - 10 + place % 10;
        let needs = if number < 10 { Vec::new() } else { vec![above(number * 3), above(number * 3 + 1)] };
        Job {
            id: "x".into(),
            needs,
            legs: vec![leg],
            at_once: 1,
            priority: 0,
            members: Vec::new(),
            guards: Vec::new(),
            failures: Failures::default(),
        }
    };
    let guards = pipelay::map::IndexMap::default();
    Model { jobs: (0..count).map(job).collect(), layers: Vec::new(), guards, ..Model::default() }
}

#[test]
fn fewer_runs_of_more_rows_foretell_as_well() {
    for count in [40, 100, 400, 1_000] {
        let model = layered(count);
        let mut variation = Variation::new(77);
        let mut draw =
            |leg: &Leg| Takes { all: leg.parts.iter().map(|part| part.time.at(variation.normal())).sum(), ..Takes::default() };
        let mut walls: Vec<f64> = (0..1_500)
            .map(|_| {
                let takes: Vec<Vec<Takes>> = model.jobs.iter().map(|job| job.legs.iter().map(&mut draw).collect()).collect();
                simulate(&model, &takes).wall
            })
            .collect();
        walls.sort_by(f64::total_cmp);
        let mean = walls.iter().sum::<f64>() / walls.len() as f64;
        let estimate = estimate(&model).wall;
        let (of_mean, of_p90) = (estimate.mean / mean - 1.0, estimate.p90 / quantile(&walls, 0.9).unwrap() - 1.0);
        eprintln!("{count} rows: the mean is wrong by {:.2} %, p90 by {:.2} %", of_mean * 100.0, of_p90 * 100.0);
        assert!(of_mean.abs() < 0.01 && of_p90.abs() < 0.015, "{count}: {of_mean} {of_p90}");
    }
}

/// What is compared differs by what was changed, not by luck.
#[test]
fn a_job_takes_as_long_whatever_else_there_is() {
    let (few, many) = (layered(30), layered(31));
    assert_eq!(estimate(&few).legs, estimate(&many).legs[..30]);
}
