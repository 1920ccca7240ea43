//! The lesson's exercise by our own model: an outside simulation gives 45.2 minutes and $0.276 for the sequential pipeline, and 19.4 minutes and $0.312 for the
//! solution that it shows.

use pipelay::cost::machine::Visibility;
use pipelay::cost::{estimate, model};

use crate::lesson::{SEQUENTIAL, SOLUTION, measured};

/// The run of a spec in which everything takes its mean.
fn typical(spec: &str) -> String {
    let made = measured(spec, spec);
    let run = estimate(&model(&made.plan, &made.profile, Visibility::Private)).typical;
    format!("{:.1} min ${:.3}", run.wall / 60.0, run.dollars)
}

#[test]
fn the_sequential_pipeline_takes_and_costs_what_an_outside_simulation_says() {
    assert_eq!(typical(SEQUENTIAL), "45.2 min $0.276");
}

#[test]
fn the_lessons_solution_takes_and_costs_what_an_outside_simulation_says() {
    assert_eq!(typical(SOLUTION), "19.4 min $0.312");
}
