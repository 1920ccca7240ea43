//! Jobs in pieces mean the same: jobs of known commands that are made up are interpreted as they were written and in pieces, and run for real in both ways.
//!
//! Where nothing fails, every command runs once on either side but for those that install, each after all that it may need. Where something fails the run
//! fails, and nothing that came behind it is given to others.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pipelay::plan::Plan;

use super::{Noted, interpreted, really_noted, tools, written_and_placed};
use crate::random::Random;

/// A pipeline of one to three jobs, whose steps say what they are: `npm run lint -- j0 s1`.
fn spec(random: &mut Random, fails: bool) -> String {
    let mut text = String::new();
    let mut builders: Vec<usize> = Vec::new();
    for job in 0..=random.below(3) {
        let builds = random.below(2) == 0;
        let mut lines: Vec<String> = if builds { vec![format!("writes dist{job}/")] } else { Vec::new() };
        let mut built = false;
        let count = 2 + random.below(5);
        let at = random.below(count);
        for step in 0..count {
            let mut command = match random.below(if builds { 7 } else { 9 }) {
                0 => "npm ci",
                1 | 2 => "npm run lint",
                3 => "npm run typecheck",
                4 | 5 => "npm run test",
                6 => "npm run e2e",
                7 => "npm run build",
                _ => "./own",
            };
            if builds && step == at {
                command = "npm run build";
            } else if step + 1 == count && random.below(2) == 0 {
                command = "npm run deploy";
            }
            // What is built is there for what comes behind it, but for a lint.
            let looks = !["lint", "typecheck", "npm ci"].iter().any(|word| command.contains(word));
            let reads = if builds && built && looks { " built" } else { "" };
            built |= command.ends_with("build");
            let fail = if fails && random.below(6) == 0 { " fail" } else { "" };
            lines.push(format!("step {{\ntakes {}m\nrun {command} -- j{job} s{step}{reads}{fail}\n}}", 1 + random.below(9)));
        }
        if job > 0 && random.below(2) == 0 {
            lines.push(format!("needs j{}", random.below(job)));
        }
        if let Some(builder) = builders.last().filter(|_| random.below(2) == 0) {
            lines.push(format!("reads dist{builder}/"));
        }
        builders.extend(builds.then_some(job));
        writeln!(text, "job j{job} {{\n{}\n}}", lines.join("\n")).unwrap();
    }
    text
}

/// A spec as it was written, and as it was placed.
fn both(random: &mut Random, fails: bool) -> [(Plan, String); 2] {
    let objective = random.pick(&["balanced", "time", "time"]);
    written_and_placed(objective, &spec(random, fails))
}

fn is_split(plan: &Plan) -> bool {
    let mut parts: BTreeMap<&str, usize> = BTreeMap::new();
    plan.works.values().flat_map(|work| &work.members).for_each(|member| *parts.entry(&member.id).or_default() += 1);
    parts.values().any(|parts| *parts > 1)
}

/// Which job a command is of, and which of its steps.
fn place(command: &str) -> (&str, &str) {
    let mut words = command.split(" -- ").nth(1).unwrap_or_default().split(' ');
    (words.next().unwrap_or_default(), words.next().unwrap_or_default())
}

/// Whether one command must come before another of its job.
fn matters(earlier: &str, later: &str) -> bool {
    let is = |command: &str, words: &[&str]| words.iter().any(|word| command.contains(word));
    let (job, step) = place(earlier);
    let (other, next) = place(later);
    let publishes = is(later, &["deploy"]);
    let unknown = is(earlier, &["own --"]) || is(later, &["own --"]);
    let built = is(earlier, &["run build"]) && is(later, &["test", "e2e"]);
    job == other && step < next && (publishes || unknown || built || is(earlier, &["deploy", "npm ci"]))
}

/// Compares what two runs noted.
fn compare(written: &Plan, before: &Noted, after: &Noted) -> Result<(), String> {
    // What comes after a job comes after all of it, whichever part of it makes what is read.
    let follows = |earlier: &str, later: &str| written.order().comes_before(place(earlier).0, place(later).0);

    let count = |notes: &[String]| {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        notes.iter().filter(|note| !note.contains("npm ci")).for_each(|note| *count.entry(note.clone()).or_default() += 1);
        count
    };
    if before.1 != after.1 {
        return Err(format!("ends {} and {}", before.1, after.1));
    }
    if before.1 && count(&before.0) != count(&after.0) {
        return Err(format!("runs {:#?} and {:#?}", before.0, after.0));
    }
    if count(&after.0).values().any(|times| *times > 1) {
        return Err(format!("a command ran twice: {:#?}", after.0));
    }
    for (at, note) in after.0.iter().enumerate() {
        // What installs may run once more, for others.
        let first = after.0.iter().position(|other| other == note) == Some(at);
        if let Some(early) = after.0[..at].iter().find(|early| follows(note, early) || first && matters(note, early)) {
            return Err(format!("{note} runs after {early}"));
        }
        let stops = |failed: &str| {
            let must_end_well = note.contains("deploy") || note.contains("own --");
            failed.contains("fail") && (follows(failed, note) || must_end_well && matters(failed, note))
        };
        if let Some(failed) = after.0[..at].iter().find(|failed| stops(failed)) {
            return Err(format!("{note} runs though {failed}"));
        }
    }
    Ok(())
}

#[test]
fn what_runs_stays_the_same() {
    let mut split = 0;
    for seed in 0..600 {
        let [(written, _), (chosen, yaml)] = both(&mut Random(seed), seed % 2 == 0);
        split += usize::from(is_split(&chosen));
        let same = compare(&written, &interpreted(&written), &interpreted(&chosen));
        assert!(same.is_ok(), "seed {seed}: {}\n{yaml}", same.unwrap_err());
    }
    assert!(split > 150, "{split}");
}

/// Notes what it is called with; what is built is a file, and what says that it reads it fails without.
const NPM: &str = r#"#!/bin/bash
echo "$(basename "$0") $*" >> "$NOTES"
job=$(grep -o 'j[0-9]' <<< "$*")
case "$*" in *fail*) exit 1 ;; esac
case "$*" in *built*) test -f "dist${job#j}/made" || exit 1 ;; esac
case "$*" in 'run build'*) mkdir -p "dist${job#j}" && echo > "dist${job#j}/made" ;; esac
"#;

#[test]
fn what_really_runs_stays_the_same() {
    let seeds = (1000..).filter(|&seed| is_split(&both(&mut Random(seed), seed % 3 == 0)[1].0)).take(25);
    for seed in seeds {
        let [(written, before), (_, after)] = both(&mut Random(seed), seed % 3 == 0);
        let ends_well = interpreted(&written).1;
        let (tools, path) = tools(&["npm", "own"], NPM);
        let run = |yaml: &str| {
            // The command that nobody knows is of the repository.
            let yaml = yaml.replace("run: ./own", &format!("run: {}", tools.path().join("own").display()));
            really_noted(&yaml, ends_well, |runner| runner.environment.push(path.clone()))
        };
        let (Some(one), Some(other)) = (run(&before), run(&after)) else { return };
        let same = compare(&written, &one, &other);
        assert!(same.is_ok(), "seed {seed}: {}\n{before}\n{after}", same.unwrap_err());
    }
}
