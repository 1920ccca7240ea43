//! What is done again means the same: jobs that read what others install are interpreted as they were written and as they were placed, and run for real in both
//! ways, on machines that have nothing of each other.
//!
//! Each command but those that install runs once on either side, after what it reads was installed. Where something fails the run fails, and nothing runs that would
//! not have run.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use pipelay::plan::{Plan, Work};

use super::{Noted, interpreted, really_noted, tools, written_and_placed};
use crate::compile::compiled;
use crate::random::Random;

/// One or two jobs that install, and two to five more: what each reads is in its command, `npm run test -- j3 m0`.
fn spec(random: &mut Random, fails: bool) -> String {
    let mut text = String::new();
    let installers = 1 + random.below(2);
    for job in 0..installers + 2 + random.below(4) {
        let fail = if fails && random.below(6) == 0 { " fail" } else { "" };
        let mut lines = vec![format!("takes {}s", 20 + 20 * random.below(12))];
        if job < installers {
            if job > 0 {
                lines.push(random.pick(&["", "needs j0", "reads mods0/"]).to_owned());
            }
            lines.push(format!("writes mods{job}/\nrun npm ci -- j{job}{fail}"));
        } else {
            let mut command = format!("npm run {} -- j{job}", random.pick(&["test", "lint", "own"]));
            for other in 0..installers {
                if random.below(3) > 0 {
                    lines.push(format!("reads mods{other}/"));
                    write!(command, " m{other}").unwrap();
                } else if random.below(6) == 0 {
                    lines.push(format!("needs j{other}"));
                }
            }
            if job > installers && random.below(4) == 0 {
                lines.push(format!("needs j{}", job - 1));
            }
            match random.below(12) {
                0 => lines.push("isolated".to_owned()),
                1 => lines.push("when branch('other')".to_owned()),
                2 => lines.push("env { A: a }".to_owned()),
                _ => {}
            }
            lines.push(format!("run {command}{fail}"));
        }
        writeln!(text, "job j{job} {{\n{}\n}}", lines.join("\n")).unwrap();
    }
    text
}

fn both(random: &mut Random, fails: bool) -> [(Plan, String); 2] {
    let objective = random.pick(&["time", "balanced", "cost"]);
    written_and_placed(objective, &spec(random, fails))
}

/// How many times more a job is done than there are jobs.
fn repeated(plan: &Plan) -> usize {
    let own = |work: &Work| -> Vec<String> {
        let members: Vec<String> = work.members.iter().map(|member| member.id.clone()).collect();
        if members.is_empty() { vec![work.job.id.clone()] } else { members }
    };
    let all: Vec<String> = plan.works.values().flat_map(own).collect();
    all.len() - all.iter().collect::<BTreeSet<_>>().len()
}

fn installs(command: &str) -> bool {
    command.contains("npm ci")
}

/// Compares what two runs noted.
fn compare(written: &Plan, before: &Noted, after: &Noted) -> Result<(), String> {
    let own = |notes: &Noted| -> BTreeSet<String> { notes.0.iter().filter(|note| !installs(note)).cloned().collect() };
    let (one, other) = (own(before), own(after));
    if before.1 != after.1 {
        return Err(format!("ends {} and {}", before.1, after.1));
    }
    if before.1 && one != other || !other.is_subset(&one) {
        return Err(format!("runs {one:#?} and {other:#?}"));
    }
    if after.0.iter().filter(|note| !installs(note)).count() != other.len() {
        return Err(format!("a command ran twice: {:#?}", after.0));
    }
    let job = |note: &str| note.split(" -- ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    let all: BTreeSet<&String> = before.0.iter().collect();
    if let Some(new) = after.0.iter().find(|note| !all.contains(note)) {
        return Err(format!("{new} did not run before"));
    }
    for (at, note) in after.0.iter().enumerate() {
        let needed = all.iter().filter(|other| written.order().comes_before(&job(other), &job(note)));
        if let Some(missing) = needed.copied().find(|needed| !after.0[..at].contains(needed)) {
            return Err(format!("{note} runs before {missing}"));
        }
        let failed =
            after.0[..at].iter().find(|other| other.contains("fail") && written.order().comes_before(&job(other), &job(note)));
        if let Some(failed) = failed {
            return Err(format!("{note} runs though {failed}"));
        }
    }
    Ok(())
}

#[test]
fn what_runs_stays_the_same() {
    let mut repeating = 0;
    for seed in 0..500 {
        let [(written, _), (chosen, yaml)] = both(&mut Random(seed), seed % 2 == 0);
        repeating += usize::from(repeated(&chosen) > 0);
        let same = compare(&written, &interpreted(&written), &interpreted(&chosen));
        assert!(same.is_ok(), "seed {seed}: {}\n{written}\n{yaml}", same.unwrap_err());
    }
    assert!(repeating > 50, "{repeating}");
}

/// Notes what it is called with; what is installed is a file, and what reads it fails without.
const NPM: &str = r#"#!/bin/bash
echo "npm $*" >> "$NOTES"
case "$*" in *fail*) exit 1 ;; esac
for word in $*; do
  case "$1 $word" in
    ci\ j*) mkdir -p "mods${word#j}" && echo > "mods${word#j}/made" ;;
    run\ m*) test -f "mods${word#m}/made" || exit 1 ;;
  esac
done
"#;

#[test]
fn what_really_runs_stays_the_same() {
    let seeds = (1000..).filter(|&seed| repeated(&both(&mut Random(seed), seed % 3 == 0)[1].0) > 0).take(8);
    for seed in seeds {
        let [(written, before), (_, after)] = both(&mut Random(seed), seed % 3 == 0);
        let ends_well = interpreted(&written).1;
        let (_tools, path) = tools(&["npm"], NPM);
        let run = |yaml: &str| really_noted(yaml, ends_well, |runner| runner.environment.push(path.clone()));
        let (Some(one), Some(other)) = (run(&before), run(&after)) else { return };
        let same = compare(&written, &one, &other);
        assert!(same.is_ok(), "seed {seed}: {}\n{before}\n{after}", same.unwrap_err());
    }
}

/// Three jobs that read what a fourth installs, and something that a test adds.
fn modules(settings: &str, deps: &str, test: &str) -> Plan {
    let job = |name: &str, takes: &str, more: &str| {
        format!("job {name} {{ reads node_modules/; takes {takes}; {more}run npm run {name} }}\n")
    };
    let jobs = [job("lint", "2m", ""), job("unit", "5m", test), job("e2e", "6m", "")].concat();
    let deps = format!("job deps {{ writes node_modules/; takes 40s; {deps}run npm ci }}\n");
    compiled("ci.pipe", &format!("on push\noptimize {settings}\n{deps}{jobs}")).plan
}

#[test]
fn only_what_installs_for_others_that_could_share_its_machine_is_done_again() {
    assert!(repeated(&modules("time", "", "")) > 0);
    for (settings, deps, test) in [
        // Refuted, or not to be on one machine.
        ("time { repeat off }", "", ""),
        ("time { fuse off }", "", ""),
        ("time", "isolated; ", ""),
        // What else it does may come out otherwise.
        ("time", "run ./make; ", ""),
        ("time", "when branch('main'); ", ""),
        ("time", "keep node_modules/; ", ""),
        // No lockfile says all of it.
        ("time", "run npm install left-pad; ", ""),
        ("time", "run uv sync --locked --upgrade; ", ""),
        ("time", "run pip install -e .; ", ""),
    ] {
        assert_eq!(repeated(&modules(settings, deps, test)), 0, "{settings} {deps} {test}");
    }
    // Who cannot share with it has it from one that is there for itself.
    let plan = modules("time", "", "runner windows-latest; ");
    assert!(plan.edges.iter().any(|edge| edge.to == "unit") && repeated(&plan) > 0, "{plan}");
}

/// It is of use only where it is less work than to start a machine, to send and to receive, or where it is less to wait for.
#[test]
fn what_takes_long_is_not_paid_for_twice() {
    let spec = |takes: &str| {
        let deps = format!("job deps {{ writes node_modules/; takes {takes}; run npm ci }}\n");
        let others =
            ["lint", "unit"].map(|name| format!("job {name} {{ reads node_modules/; takes 20m; run npm run {name} }}\n"));
        compiled("ci.pipe", &format!("on push\noptimize balanced {{ gate off }}\n{deps}{}", others.concat())).plan
    };
    assert_eq!(repeated(&spec("30s")), 1);
    assert_eq!(repeated(&spec("15m")), 0);
}

/// Who else the machine receives from is no part of what is installed, and is not swept away by it.
#[test]
fn what_is_installed_is_installed_without_what_others_made() {
    let inner = [("node_modules/gen/", "needs gen; "), ("src/gen/", "needs gen; "), ("src/gen/", "")];
    for ((path, deps), when) in inner.iter().flat_map(|case| ["", "; when branch('main')"].map(|when| (*case, when))) {
        let job = |name: &str, more: &str| format!("job {name} {{ reads node_modules/{more}; takes 6m; run npm run {name} }}\n");
        let text = format!(
            "on push\noptimize time {{ gate off }}\njob gen {{ writes {path}; takes 30s; run ./gen }}\n\
             job deps {{ {deps}writes node_modules/; takes 40s; run npm ci }}\n{}{}{}",
            job("lint", ""),
            job("unit", &format!(", {path}{when}")),
            job("e2e", &format!(", {path}{when}")),
        );
        let plan = compiled("ci.pipe", &text).plan;
        let of = |work: &Work, id: &str| work.job.id == id || work.members.iter().any(|member| member.id == id);
        let both = |reader: &str| plan.works.values().any(|work| of(work, "deps") && of(work, reader) && !of(work, "gen"));
        assert!(!both("unit") && !both("e2e"), "{path}\n{plan}");
    }
}

/// No machine is started for a job that is left out.
#[test]
fn what_is_left_out_has_nothing_done_for_it() {
    let job = |name: &str, when: &str| format!("job {name} {{ reads node_modules/; takes 6m; {when}run npm run {name} }}\n");
    let deps = "job deps { writes node_modules/; takes 40s; run npm ci }\n";
    let text = format!("on push\noptimize time {{ gate off }}\n{deps}{}{}", job("lint", ""), job("e2e", "when branch('main'); "));
    let plan = compiled("ci.pipe", &text).plan;
    let again = &plan.works["deps-e2e"];
    assert!(again.job.when.is_some(), "{plan}");
}

/// A gate that looks away from all of them looks away from what they become.
#[test]
fn the_gate_makes_no_exception_of_what_is_done_again() {
    let again = |gate: &str| {
        let jobs = ["lint", "e2e"].map(|name| format!("job {name} {{ reads node_modules/; takes 6m; run npm run {name} }}\n"));
        let deps = "job deps { writes node_modules/; takes 40s; run npm ci }\njob other { takes 6m; isolated; run ./other }\n";
        repeated(&compiled("ci.pipe", &format!("on push\noptimize time\n{gate}\n{deps}{}", jobs.concat())).plan)
    };
    assert_eq!([again("gate \"CI\""), again("gate \"CI\" except deps, lint, e2e")], [1, 1]);
}
