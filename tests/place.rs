//! The choice of machines: as good as the best there is, and nothing is changed that must not be.

mod budget;
mod examples;
mod expert;
mod judge;
mod meaning;
mod optimum;
mod outside;
mod problems;
mod repeat;
mod rules;
mod split;

use pipelay::plan::Plan;

use crate::compile::{compiled, said};
use crate::run::Runner;

/// What commands noted, in order, and whether the run ended well.
type Noted = (Vec<String>, bool);

/// Runs a workflow for real, in a runner that is made ready for it: what its commands wrote to `$NOTES`. None where there is nothing to run it with.
///
/// Where it ends otherwise than it should, it is run again, twice at most, and what came of it is shown: on a busy machine act itself fails now and then, and
/// no command with it (once in some two thousand runs).
fn really_noted(yaml: &str, should_end_well: bool, make_ready: impl Fn(&mut Runner)) -> Option<Noted> {
    let run = || {
        let mut runner = Runner::with_standins()?;
        let file = runner.path("notes");
        runner.environment.push(format!("NOTES={}", file.display()));
        make_ready(&mut runner);
        let run = runner.run(yaml);
        let lines = std::fs::read_to_string(file).unwrap_or_default();
        let noted: Noted = (lines.lines().map(str::to_owned).collect(), run.report["ok"] == serde_json::json!(true));
        if noted.1 != should_end_well {
            eprintln!("ends {}:\n{:#}\n{}", noted.1, run.report, run.log);
        }
        Some(noted)
    };
    let mut noted = run()?;
    for _ in 0..2 {
        if noted.1 != should_end_well {
            noted = run()?;
        }
    }
    Some(noted)
}

/// A push that starts these jobs under an objective, as it was written and as it was placed: the plan, and what is emitted.
fn written_and_placed(objective: &str, body: &str) -> [(Plan, String); 2] {
    [" { place off; gate off }", " { gate off }"].map(|settings| {
        let text = format!("on push\noptimize {objective}{settings}\n{body}");
        let made = compiled("ci.pipe", &text);
        let yaml = made.yaml.clone().unwrap_or_else(|| panic!("{text}\n{:#?}", said(&made)));
        (made.plan, yaml)
    })
}
