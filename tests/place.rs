//! The choice of machines: as good as the best there is, and nothing is changed that must not be.

mod alternatives;
mod budget;
mod carriers;
mod company;
mod examples;
mod expert;
mod holds;
mod judge;
mod limits;
mod meaning;
mod notice;
mod optimum;
mod outside;
mod problems;
mod repeat;
mod rows;
mod rules;
mod split;
mod switched_off;
mod waits;

use std::os::unix::fs::PermissionsExt as _;

use pipelay::plan::Plan;
use pipelay::plan::interpret::{Conclusion, Did};
use tempfile::TempDir;

use crate::compile::{compiled, said};
use crate::interpret::on_main;
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

/// The commands of a plan that ran, `… -- jN …` in order, and whether the run ended well; those that say so fail.
fn interpreted(plan: &Plan) -> Noted {
    let mut notes = Vec::new();
    let ran = on_main(plan, &mut |command| {
        let ours = command.inputs.is_none() && command.text.contains(" -- j");
        notes.extend(ours.then(|| command.text.clone()));
        Did { failed: ours && command.text.contains("fail"), ..Did::default() }
    });
    (notes, ran.conclusion != Conclusion::Failure)
}

/// Tools of these names that are all that script: the folder that they are in, and a `PATH` that begins with it.
fn tools(names: &[&str], script: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    for tool in names.iter().map(|name| folder.path().join(name)) {
        std::fs::write(&tool, script).unwrap();
        std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = format!("PATH={}:{}", folder.path().display(), std::env::var("PATH").unwrap_or_default());
    (folder, path)
}

/// A push that starts these jobs under an objective, as it was written and as it was placed: the plan, and what is emitted.
fn written_and_placed(objective: &str, body: &str) -> [(Plan, String); 2] {
    [" { place off; gate off; fuse on }", " { gate off; fuse on }"].map(|settings| {
        let text = format!("on push\noptimize {objective}{settings}\n{body}");
        let made = compiled("ci.pipe", &text);
        let yaml = made.yaml.clone().unwrap_or_else(|| panic!("{text}\n{:#?}", said(&made)));
        (made.plan, yaml)
    })
}
