//! The reference meaning of a plan is what its workflow does: generated specs are interpreted, and what they compile to is run by act. Commands are
//! run for real in both, with their variables, and what they note is compared.
//!
//! Left out where act itself is wrong (NOTES.md of the judge): `may-fail` of jobs, outputs of jobs with rows, results of single rows, `case()`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::process;
use std::sync::Mutex;

use pipelay::expr::value::{Object, Value};
use pipelay::plan::Plan;
use pipelay::plan::interpret::{self, Command, Conclusion, Did, Given, interpret};
use serde_json::json;

use crate::compile::{compiled, said};
use crate::random::Random;
use crate::run::{Run, Runner};

const WORKFLOWS: u64 = 200;

/// A spec of up to four jobs. Each of its commands notes a mark and what it knows.
pub(crate) fn spec(random: &mut Random) -> String {
    let mut text = "on push\noptimize off\n".to_owned();
    if random.below(2) == 0 {
        text += "env { A: file, B: ${{ github.ref_name }} }\n";
    }
    let count = 1 + random.below(4);
    let mut with_output: Vec<usize> = Vec::new();
    for job in 0..count {
        let earlier: Vec<usize> = (0..job).filter(|_| random.below(2) == 0).collect();
        let mut lines = vec!["checkout off".to_owned()];
        if !earlier.is_empty() {
            lines.push(format!("needs {}", earlier.iter().map(|it| format!("j{it}")).collect::<Vec<_>>().join(", ")));
        }
        lines.extend(job_condition(random, &earlier, &with_output).map(|when| format!("when {when}")));
        let axis = match random.below(6) {
            0 => Some("matrix x: 1, 2".to_owned()),
            1 => Some("matrix { x: [a, true], y: [1, 2], exclude: [{ x: a, y: 2 }], include: [{ x: c, z: new }] }".to_owned()),
            2 => Some("matrix x: ${{ fromJSON('[3, \"d\"]') }}".to_owned()),
            3 => Some("matrix x {\n  one { env { B: one } }\n  two { when github.ref == 'refs/heads/main' }\n}".to_owned()),
            4 => Some("shards 2".to_owned()),
            _ => None,
        };
        lines.extend(axis.clone());
        // Which rows a failure still finds running is chance.
        lines.extend(axis.as_ref().map(|_| "fail-fast off".to_owned()));
        let mut known = vec!["env.A", "env.B", "github.event_name"];
        known.extend(axis.as_ref().map(|axis| if axis == "shards 2" { "matrix.shard" } else { "toJSON(matrix.x)" }));
        let of_needs: Vec<String> =
            earlier.iter().flat_map(|it| [format!("needs.j{it}.result"), format!("needs.j{it}.outputs.o")]).collect();
        known.extend(
            of_needs
                .iter()
                .map(String::as_str)
                .filter(|name| name.ends_with("result") || with_output.iter().any(|it| name.contains(&format!("j{it}.")))),
        );
        if random.below(2) == 0 {
            // The variables of a job cannot ask for others.
            lines.push(format!("env {{ A: job, C: ${{{{ {} }}}} }}", random.pick(&known[2..])));
        }
        if axis.is_none() && random.below(2) == 0 {
            lines.push("outputs { o: ${{ steps.s0.outputs.v || 'none' }} }".to_owned());
            with_output.push(job);
        }
        for step in 0..=random.below(3) {
            lines.push(self::step(random, job, step, &known));
        }
        write!(text, "job j{job} {{\n{}\n}}\n", lines.join("\n")).unwrap();
    }
    text
}

fn job_condition(random: &mut Random, earlier: &[usize], with_output: &[usize]) -> Option<String> {
    let some = earlier.first();
    let output = earlier.iter().find(|it| with_output.contains(it));
    match (random.below(10), some) {
        (0, _) => Some("always()".to_owned()),
        (1, Some(_)) => Some("failure()".to_owned()),
        (2, _) => Some("!cancelled()".to_owned()),
        (3, _) => Some("branch('main', 'next')".to_owned()),
        (4, _) => Some("branch('other')".to_owned()),
        (5, Some(job)) => Some(format!("!cancelled() && needs.j{job}.result == 'success'")),
        (6, Some(_)) => Some("success() || failure()".to_owned()),
        (7, Some(_)) => output.map(|job| format!("needs.j{job}.outputs.o == 'v0'")),
        _ => None,
    }
}

fn step(random: &mut Random, job: usize, step: usize, known: &[&str]) -> String {
    let mut command =
        format!("echo \"mark j{job} s{step} $A $B $C $D $SHARD/$SHARDS [${{{{ {} }}}}]\" >> \"$NOTES\"", random.pick(known));
    if random.below(2) == 0 {
        write!(command, "; echo v=v{} >> \"$GITHUB_OUTPUT\"", random.below(2)).unwrap();
    }
    if random.below(3) == 0 {
        command += "; echo D=set >> \"$GITHUB_ENV\"";
    }
    if random.below(4) == 0 {
        command += "; exit 1";
    }
    let mut lines = Vec::new();
    let before = step.checked_sub(1).map(|before| format!("steps.s{before}"));
    let when = match (random.below(8), before) {
        (0, _) => Some("always()".to_owned()),
        (1, _) => Some("failure()".to_owned()),
        (2, Some(before)) => Some(format!("{before}.outcome == 'failure'")),
        (3, Some(before)) => Some(format!("always() && {before}.outputs.v == 'v1'")),
        (4, _) => Some("env.B == 'one' || job.status == 'failure'".to_owned()),
        (5, _) => Some("branch('other')".to_owned()),
        _ => None,
    };
    lines.extend(when.map(|when| format!("when {when}")));
    if random.below(3) == 0 {
        lines.push(format!("env {{ B: step, C: ${{{{ {} }}}} }}", random.pick(known)));
    }
    if random.below(4) == 0 {
        lines.push("may-fail".to_owned());
    }
    lines.push(format!("run {command}"));
    format!("step s{step} {{\n{}\n}}", lines.join("\n"))
}

/// Runs a command in bash, as a runner does: what it notes, and what it did.
pub(crate) fn execute(command: &Command) -> (String, Did) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let pairs = |name: &str| -> Vec<(String, String)> {
        let text = std::fs::read_to_string(file(name)).unwrap_or_default();
        text.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    let output = process::Command::new("bash")
        .args(["-e", "-c", &command.text])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .envs(&command.env)
        .env("NOTES", file("notes"))
        .env("GITHUB_OUTPUT", file("output"))
        .env("GITHUB_ENV", file("env"))
        .output()
        .unwrap();
    let did = Did { failed: !output.status.success(), outputs: pairs("output"), env: pairs("env") };
    (std::fs::read_to_string(file("notes")).unwrap_or_default(), did)
}

/// For each job that ran, how it ended, and what its commands noted; in no order, since rows have none.
type Meaning = BTreeMap<String, BTreeSet<String>>;

/// Takes in what one row did: the job failed if one of them did.
fn add(meaning: &mut Meaning, job: &str, result: &str) {
    let lines = meaning.entry(job.to_owned()).or_default();
    if result == "failure" || lines.is_empty() {
        lines.retain(|line| line != "success");
        lines.insert(result.to_owned());
    }
}

/// What comes of a push to main, where each command does what `run` says.
pub(crate) fn on_main(plan: &Plan, run: &mut dyn FnMut(&Command) -> Did) -> interpret::Run {
    let github = json!({ "ref": "refs/heads/main", "ref_name": "main", "event_name": "push" });
    let contexts: Object = ["vars", "inputs", "secrets", "runner"]
        .iter()
        .map(|name| (*name, Value::object::<String>([])))
        .chain([("github", Value::from_json(&github))])
        .collect();
    interpret(plan, &mut Given { contexts, changed: None, hash_files: None, run: &mut |_, command| run(command) })
}

fn interpreted(text: &str) -> (String, Meaning, bool) {
    let made = compiled("ci.pipe", text);
    let yaml = made.yaml.clone().unwrap_or_else(|| panic!("{text}\n{:#?}", said(&made)));
    let mut notes = String::new();
    let ran = on_main(&made.plan, &mut |command| {
        let (lines, did) = execute(command);
        notes.push_str(&lines);
        did
    });
    let mut meaning = Meaning::new();
    for done in ran.tasks.iter().filter(|done| done.conclusion != Conclusion::Skipped) {
        add(&mut meaning, &done.work, done.conclusion.word());
    }
    with_notes(&mut meaning, &notes);
    (yaml, meaning, ran.conclusion != Conclusion::Failure)
}

/// Puts each note where it belongs: `mark j0 s1 …`.
fn with_notes(meaning: &mut Meaning, notes: &str) {
    for note in notes.lines() {
        let job = note.split(' ').nth(1).unwrap();
        // Rows may note the same: their number tells them apart.
        let lines = meaning.get_mut(job).unwrap();
        let numbered = (1..=notes.len()).map(|number| format!("{note} ({number})")).find(|note| !lines.contains(note)).unwrap();
        lines.insert(numbered);
    }
}

/// None where there is nothing to run it with.
fn run(yaml: &str) -> Option<(Run, Meaning, bool)> {
    let mut runner = Runner::new()?;
    let notes = runner.path("notes");
    runner.environment.push(format!("NOTES={}", notes.display()));
    let run = runner.run(yaml);
    let mut meaning = Meaning::new();
    for job in run.report["jobs"].as_array().unwrap() {
        if let Some(result) = job["result"].as_str().filter(|result| *result != "skipped") {
            add(&mut meaning, job["job"].as_str().unwrap(), result);
        }
    }
    with_notes(&mut meaning, &std::fs::read_to_string(notes).unwrap_or_default());
    let ok = run.report["ok"] == json!(true);
    Some((run, meaning, ok))
}

#[test]
fn what_a_plan_means_is_what_its_workflow_does() {
    let next = Mutex::new(0..WORKFLOWS);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let Some(seed) = next.lock().unwrap().next() else { return };
                    let text = spec(&mut Random(seed));
                    let (yaml, meaning, ok) = interpreted(&text);
                    let Some((run, done, done_ok)) = run(&yaml) else { return };
                    if (&meaning, ok) != (&done, done_ok) {
                        let only = |one: &Meaning, other: &Meaning| -> Meaning {
                            one.iter()
                                .filter(|(job, rows)| other.get(*job) != Some(rows))
                                .map(|(job, rows)| (job.clone(), rows.clone()))
                                .collect()
                        };
                        wrong.lock().unwrap().push(format!(
                            "seed {seed}\n{text}\ninterpreted {ok}: {:#?}\nrun {done_ok}: {:#?}\n{}",
                            only(&meaning, &done),
                            only(&done, &meaning),
                            run.report["errors"]
                        ));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} differ, such as:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n\n"));
}
