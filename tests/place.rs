//! The choice of machines: as good as the best there is, and nothing is changed that must not be.

mod budget;
mod examples;
mod expert;
mod judge;
mod meaning;
mod optimum;
mod outside;
mod problems;
mod rules;
mod split;

use pipelay::plan::Plan;

use crate::compile::{compiled, said};

/// A push that starts these jobs under an objective, as it was written and as it was placed: the plan, and what is emitted.
fn written_and_placed(objective: &str, body: &str) -> [(Plan, String); 2] {
    [" { place off; gate off }", " { gate off }"].map(|settings| {
        let text = format!("on push\noptimize {objective}{settings}\n{body}");
        let made = compiled("ci.pipe", &text);
        let yaml = made.yaml.clone().unwrap_or_else(|| panic!("{text}\n{:#?}", said(&made)));
        (made.plan, yaml)
    })
}
