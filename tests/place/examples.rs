//! Every example under every objective, with times that are made up for its steps: never worse than without a choice, in the mean and for nine of ten runs.

use pipelay::cost::machine::visibility;
use pipelay::cost::{Estimate, estimate, model};
use pipelay::profile::{Measured, Profile, Step, Times, VERSION, display_name};
use pipelay::{Compilation, Spec, compile};

use crate::compile::said;
use crate::random::Random;
use crate::shared::{files, spec};

/// A profile in which each command of each task takes between ten seconds and ten minutes.
fn profile(made: &Compilation, random: &mut Random) -> Profile {
    let mut profile = Profile { version: VERSION, runs: 50.0, newest: "2026-11-20".into(), ..Profile::default() };
    for task in &made.written.tasks {
        let job = &made.written.works[&task.work].job;
        let mut measured = Measured { runs: 50.0, ..Measured::default() };
        for step in job.each_step() {
            let p50 = 10.0 + random.below(590) as f64;
            measured
                .steps
                .insert(display_name(step), Step { runs: 50.0, times: Times { p50, p90: p50 * 1.4 }, ..Step::default() });
        }
        profile.jobs.insert(task.id.clone(), [("ubuntu-latest".to_owned(), measured)].into_iter().collect());
    }
    profile
}

#[test]
fn no_example_is_made_worse() {
    let mut changed = 0;
    for path in files("examples", "pipe") {
        let (spec, facts) = spec(&path);
        let plain = compile(&spec, &facts);
        let profile = profile(&plain, &mut Random(7));
        for objective in ["balanced", "time", "cost"] {
            let [off, on] = [" { place off }", ""].map(|settings| {
                // Behind the comments, which say what the repository has.
                let text = spec.text.replacen("\non ", &format!("\noptimize {objective}{settings}\non "), 1);
                let facts = pipelay::facts::Facts { profile: Some(profile.print()), ..facts.clone() };
                let made = compile(&Spec { text, ..spec.clone() }, &facts);
                assert!(made.yaml.is_some(), "{} under {objective}: {:#?}", path.display(), said(&made));
                made
            });
            let of = |made: &Compilation| -> Estimate { estimate(&model(&made.plan, &made.profile, visibility(&made.plan))) };
            let (before, after) = (of(&off), of(&on));
            changed += usize::from(off.yaml != on.yaml);
            // What is played four hundred times is known to about one in a hundred.
            let worse = |before: f64, after: f64| after > before * 1.011 + 1.0;
            let times = worse(before.wall.mean, after.wall.mean) || worse(before.wall.p90, after.wall.p90);
            let money = worse(before.dollars.mean * 1e3, after.dollars.mean * 1e3)
                || worse(before.dollars.p90 * 1e3, after.dollars.p90 * 1e3);
            let bad = match objective {
                "time" => times,
                "cost" => money,
                _ => times || money,
            };
            assert!(!bad, "{} under {objective}: {:?} and {:?}", path.display(), before, after);
        }
    }
    assert!(changed > 0, "nothing was chosen");
}
