//! What is chosen changes no meaning: pipelines that are made up are interpreted as they were written and as they were placed, and run for real in
//! both ways.
//!
//! Where nothing fails, the same commands run with the same variables, each after all that it depends on. Where something fails, the run still ends in
//! the same way, no command runs that would not have run, and all run that would have, but for those that come after the machine of what failed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use pipelay::hir::StepKind;
use pipelay::plan::interpret::{Command, Conclusion};
use pipelay::plan::{Plan, Work};

use super::{Noted, really_noted, written_and_placed};
use crate::interpret::{execute, on_main};
use crate::random::Random;

/// A pipeline whose jobs are known to take minutes, so that machines are worth sharing.
fn spec(random: &mut Random, fails: bool) -> String {
    let mut text = String::new();
    // Some are in shards, of which there is one.
    let mut in_shards = Vec::new();
    for job in 0..2 + random.below(5) {
        let mut lines = vec!["checkout off".to_owned(), format!("takes {}m", 1 + random.below(4))];
        in_shards.push(random.below(6) == 0);
        let earlier: Vec<usize> = (0..job).filter(|_| random.below(3) == 0).collect();
        let (mut needs, mut command) = (Vec::new(), format!("echo \"mark j{job} s0 $A $C $D $SHARD/$SHARDS\" >> \"$NOTES\""));
        for &other in &earlier {
            // (act cannot read `strategy.job-index`, by which rows hand over.)
            if random.below(2) == 0 && !in_shards[other] {
                lines.push(format!("reads out/j{other}/"));
                write!(command, " && cat out/j{other}/made").unwrap();
            } else {
                needs.push(format!("j{other}"));
            }
        }
        if !needs.is_empty() {
            lines.push(format!("needs {}", needs.join(", ")));
        }
        match random.below(8) {
            0 => lines.push("when branch('main')".to_owned()),
            1 => lines.push("when branch('other')".to_owned()),
            2 => lines.push("when !cancelled()".to_owned()),
            3 => lines.push("isolated".to_owned()),
            _ => {}
        }
        if random.below(4) == 0 {
            lines.push(format!("env {{ A: a{} }}", random.below(2)));
        }
        lines.push(format!("writes out/j{job}/{}", if in_shards[job] { " merge" } else { "" }));
        lines.extend(in_shards[job].then(|| "shards auto { max 1 }".to_owned()));
        write!(command, " && mkdir -p out/j{job} && echo {job} > out/j{job}/made").unwrap();
        let bad = |random: &mut Random| if fails && random.below(6) == 0 { " && exit 1" } else { "" };
        lines.push(format!("run {command}{}", bad(random)));
        for step in 1..=random.below(3) {
            let end = if random.below(8) == 0 { "; echo D=set >> \"$GITHUB_ENV\"" } else { bad(random) };
            let env = if random.below(3) == 0 { format!("env {{ C: c{step} }}\n") } else { String::new() };
            lines.push(format!("step {{\n{env}run echo \"mark j{job} s{step} $A $C $D $SHARD/$SHARDS\" >> \"$NOTES\"{end}\n}}"));
        }
        writeln!(text, "job j{job} {{\n{}\n}}", lines.join("\n")).unwrap();
    }
    text
}

/// A spec as it was written, and as it was placed.
fn both(random: &mut Random, fails: bool) -> [(Plan, String); 2] {
    let objective = random.pick(&["cost", "balanced", "time"]);
    written_and_placed(objective, &format!("env {{ A: file }}\n{}", spec(random, fails)))
}

/// The same, where steps may run side by side.
fn beside(random: &mut Random, fails: bool) -> [(Plan, String); 2] {
    let objective = random.pick(&["cost", "balanced", "time"]);
    written_and_placed(objective, &format!("target github {{ parallel-steps on }}\nenv {{ A: file }}\n{}", spec(random, fails)))
}

fn is_placed(plan: &Plan) -> bool {
    plan.works.values().any(|work| !work.members.is_empty())
}

/// What the commands of a plan note, in order, and whether the run ends well.
fn interpreted(plan: &Plan) -> Noted {
    let mut notes = String::new();
    let ran = on_main(plan, &mut |command| {
        // Files are not handed over here: what is read is there.
        let there = format!("for job in 0 1 2 3 4 5 6 7; do mkdir -p out/j$job; echo > out/j$job/made; done\n{}", command.text);
        let ours = command.inputs.is_none() && command.text.contains("mark ");
        let (lines, did) = if ours { execute(&Command { text: there, ..command.clone() }) } else { Default::default() };
        notes.push_str(&lines);
        did
    });
    (notes.lines().map(str::to_owned).collect(), ran.conclusion != Conclusion::Failure)
}

/// Whether a job's machine comes after one on which something fails.
fn comes_after_a_failure(written: &Plan, chosen: &Plan, job: &str) -> bool {
    let fails = |job: &str| {
        written.works[job].job.steps.iter().any(|step| matches!(&step.kind, StepKind::Run(text) if text.contains("exit 1")))
    };
    let members = |work: &Work| -> Vec<String> {
        if work.members.is_empty() {
            vec![work.job.id.clone()]
        } else {
            work.members.iter().map(|member| member.id.clone()).collect()
        }
    };
    let of = |work: &Work| members(work).iter().any(|member| member == job);
    let machine = chosen.works.iter().find(|(_, work)| of(work)).unwrap().0;
    let earlier = chosen.works.iter().filter(|(id, _)| chosen.order().comes_before(id, machine));
    // The gate is no job of the spec.
    earlier.flat_map(|(_, work)| members(work)).any(|member| written.works.contains_key(&member) && fails(&member))
}

/// Compares what two runs noted.
fn compare((written, chosen): (&Plan, &Plan), before: &Noted, after: &Noted) -> Result<(), String> {
    let set = |notes: &[String]| notes.iter().cloned().collect::<BTreeSet<_>>();
    let (one, other) = (set(&before.0), set(&after.0));
    let job = |note: &str| note.split(' ').nth(1).unwrap_or_default().to_owned();
    if before.1 != after.1 {
        return Err(format!("ends {} and {}", before.1, after.1));
    }
    if after.0.len() != other.len() {
        return Err("a command ran twice".to_owned());
    }
    if before.1 && one != other || !other.is_subset(&one) {
        return Err(format!("runs {one:#?} and {other:#?}"));
    }
    if let Some(missing) = one.difference(&other).find(|note| !comes_after_a_failure(written, chosen, &job(note))) {
        return Err(format!("{missing} does not run any more: {other:#?}"));
    }
    for (place, note) in after.0.iter().enumerate() {
        if let Some(early) = after.0[..place].iter().find(|early| written.order().comes_before(&job(note), &job(early))) {
            return Err(format!("{note} runs after {early}"));
        }
    }
    Ok(())
}

/// Interprets pipelines as they were written and as they were placed; how many of those that are looked at there were.
fn interpret_all(seeds: Range<u64>, make: impl Fn(u64) -> [(Plan, String); 2], is_of_use: impl Fn(&Plan) -> bool) -> usize {
    let mut placed = 0;
    for seed in seeds {
        let [(written, _), (chosen, yaml)] = make(seed);
        if !is_of_use(&chosen) {
            continue;
        }
        placed += 1;
        let same = compare((&written, &chosen), &interpreted(&written), &interpreted(&chosen));
        assert!(same.is_ok(), "seed {seed}: {}\n{written}\n{yaml}", same.unwrap_err());
    }
    placed
}

#[test]
fn what_runs_stays_the_same() {
    let placed = interpret_all(0..600, |seed| both(&mut Random(seed), seed % 2 == 0), is_placed);
    assert!(placed > 150, "{placed}");
}

/// Two jobs of several commands that come after the same one, and one that may run beside them: where the first of them fails, the other still runs.
#[test]
fn what_runs_beside_a_failure_still_runs() {
    let mark = |job: &str, end: &str| format!("run echo \"mark {job}\" >> \"$NOTES\"{end}\n");
    let job = |name: &str, needs: &str, steps: &[String]| {
        format!("job {name} {{\ncheckout off\n{needs}takes 60s\nwrites out/{name}/\n{}}}\n", steps.concat())
    };
    let two =
        |name: &str, end: &str| job(name, "needs a\n", &[mark(&format!("{name} s0"), end), mark(&format!("{name} s1"), "")]);
    let beside = job("b", "needs a\n", &[mark("b s0", "")]);
    let body = [job("a", "", &[mark("a s0", "")]), beside, two("y", " && exit 1"), two("z", "")].concat();
    let [(written, _), (chosen, yaml)] = written_and_placed("cost", &format!("target github {{ parallel-steps on }}\n{body}"));
    assert!(is_placed(&chosen), "{yaml}");
    let same = compare((&written, &chosen), &interpreted(&written), &interpreted(&chosen));
    assert!(same.is_ok(), "{}\n{yaml}", same.unwrap_err());
}

/// Interpreted alone: act knows no steps in the background.
#[test]
fn what_runs_side_by_side_stays_the_same() {
    let is_beside = |plan: &Plan| plan.works.values().flat_map(|work| &work.job.steps).any(|step| step.background);
    let placed = interpret_all(0..640, |seed| beside(&mut Random(seed), seed % 2 == 0), is_beside);
    assert!(placed > 100, "{placed}");
}

#[test]
fn what_really_runs_stays_the_same() {
    let seeds = (1000..).filter(|&seed| is_placed(&both(&mut Random(seed), seed % 2 == 0)[1].0)).take(100);
    for seed in seeds {
        let [(written, before), (chosen, after)] = both(&mut Random(seed), seed % 2 == 0);
        let ends_well = interpreted(&written).1;
        let run = |yaml: &str| really_noted(yaml, ends_well, |_| {});
        let (Some(one), Some(other)) = (run(&before), run(&after)) else { return };
        let same = compare((&written, &chosen), &one, &other);
        assert!(same.is_ok(), "seed {seed}: {}\n{before}\n{after}", same.unwrap_err());
    }
}
