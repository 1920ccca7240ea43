//! The model against reality: how long runs took that others measured (`../shared/corpus/runs`), each foretold from those before it. Their own workflow files
//! become specs by `pipelay import`, and profiles are taken as `pipelay profile import` takes them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pipelay::cost::machine::Visibility;
use pipelay::cost::{Estimate, Leg, estimate, model, quantile};
use pipelay::facts::Facts;
use pipelay::import::import;
use pipelay::profile::{Profile, github, merge};
use pipelay::{Compilation, Spec, compile};
use serde_json::{Value, json};

use crate::shared::shared;

/// The spec of a workflow file.
fn imported(text: &str) -> Spec {
    let path = ".github/workflows/ci.pipe";
    let import = import("ci.yml", text, path, &Facts::default());
    Spec { path: path.to_owned(), text: import.spec.unwrap_or_else(|| panic!("{:?}", import.diags)) }
}

/// The times of a job in an answer of GitHub's.
fn second(job: &Value, what: &str) -> i64 {
    job[what].as_str().unwrap().parse::<jiff::Timestamp>().unwrap().as_second()
}

fn begin(run: &[Value]) -> i64 {
    run.iter().map(|job| second(job, "started_at")).min().unwrap()
}

fn end(run: &[Value]) -> i64 {
    run.iter().map(|job| second(job, "completed_at")).max().unwrap()
}

/// How long a run took, from the start of its first job to the end of its last.
fn wall(run: &[Value]) -> f64 {
    (end(run) - begin(run)) as f64
}

/// A profile that grows, as people take it now and then.
#[derive(Default)]
struct Growing {
    profile: Profile,
    compiled: Option<(Spec, Compilation)>,
}

impl Growing {
    /// Takes in what GitHub says of some runs, with the spec as it is at that time. Gives the names of jobs that it does not have.
    fn take(&mut self, spec: &Spec, jobs: &[Value]) -> BTreeSet<String> {
        let answers = github::read(&json!({ "jobs": jobs }).to_string()).unwrap();
        let known = self.profile.clone();
        let made = self.compiled(spec);
        let taken = github::measure(&made.written, &made.plan, &answers, &known);
        merge::merge(&mut self.profile, taken.profile, false);
        self.compiled = None;
        taken.unknown
    }

    fn compiled(&mut self, spec: &Spec) -> &Compilation {
        if self.compiled.as_ref().is_none_or(|(of, _)| of.text != spec.text) {
            let profile = (self.profile.runs > 0.0).then(|| self.profile.print());
            self.compiled = Some((spec.clone(), compile(spec, &Facts { profile, ..Facts::default() })));
        }
        &self.compiled.as_ref().unwrap().1
    }

    fn foretold(&mut self, spec: &Spec) -> Estimate {
        let made = self.compiled(spec);
        estimate(&model(&made.plan, &made.profile, Visibility::Public))
    }
}

/// How far off what was foretold is.
#[derive(Default)]
struct Off {
    /// Of each, as a part of what was measured: the middle is what half of all runs are foretold to stay below.
    parts: Vec<f64>,
    /// All means that were foretold, and all that was measured.
    sums: (f64, f64),
}

impl Off {
    fn add(&mut self, middle: f64, mean: f64, measured: f64) {
        self.parts.push(middle / measured - 1.0);
        self.sums = (self.sums.0 + mean, self.sums.1 + measured);
    }

    fn add_all(&mut self, other: Self) {
        self.parts.extend(other.parts);
        self.sums = (self.sums.0 + other.sums.0, self.sums.1 + other.sums.1);
    }

    /// How far off the middle is in the median and to which side, and the mean to which side.
    fn say(&self, of: &str) -> [f64; 3] {
        let median = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            quantile(&values, 0.5).unwrap()
        };
        let (error, bias) = (median(self.parts.iter().map(|off| off.abs()).collect()), median(self.parts.clone()));
        let mean = self.sums.0 / self.sums.1 - 1.0;
        let [shown, to, of_mean] = [error, bias, mean].map(|part| part * 100.0);
        let count = self.parts.len();
        eprintln!("{of}: {count} foretold, off by {shown:.1} % in the median, bias {to:+.1} %, of the mean {of_mean:+.1} %");
        [error, bias, mean]
    }

    /// That so many or more are foretold as well as was promised.
    fn is_good(&self, of: &str, at_least: usize) {
        let off = self.say(of);
        assert!(self.parts.len() >= at_least && off.iter().all(|part| part.abs() < 0.15), "{of}: {}, {off:?}", self.parts.len());
    }
}

/// The versions of a workflow file of linkerd's: from when on each was in force, and its spec.
fn versions(folder: &Path, file: &str) -> Vec<(i64, Spec)> {
    let commits = std::fs::read_to_string(folder.join("COMMITS")).unwrap();
    let version = |line: &str| {
        let (commit, date) = line.split_once(' ').unwrap();
        let path = folder.join(&commit[..9]).join(".github/workflows").join(file);
        let since: jiff::Timestamp = date.parse().unwrap();
        (since.as_second(), imported(&std::fs::read_to_string(path).unwrap()))
    };
    commits.lines().map(version).collect()
}

/// The runs of linkerd, by workflow, in order. The data has no numbers of runs, but is in the order in which GitHub answered: run after run, and in each the
/// last job of the file first. So a run ends where another workflow follows, where a name comes again, and behind "Docker build", which all others of its
/// workflow wait for. Of the runs without such a job some may be put together wrongly, where jobs are missing that were cancelled: of 1,245 there are 14 in
/// which one job began more than five minutes after another.
fn runs_of_linkerd(jobs: &[Value]) -> BTreeMap<&str, Vec<Vec<Value>>> {
    let mut runs: BTreeMap<&str, Vec<Vec<Value>>> = BTreeMap::new();
    let mut before = "";
    for job in jobs {
        let (workflow, name) = (job["Workflow"].as_str().unwrap(), &job["Job"]);
        let all = runs.entry(workflow).or_default();
        let goes_on = |run: &Vec<Value>| run.iter().all(|other| other["name"] != *name && other["name"] != "Docker build");
        if workflow != before || !all.last().is_some_and(goes_on) {
            all.push(Vec::new());
        }
        before = workflow;
        all.last_mut().unwrap().push(json!({
            "name": name, "conclusion": job["Conclusion"], "labels": ["ubuntu-18.04"],
            "started_at": job["Started"], "completed_at": job["Completed"],
        }));
    }
    for all in runs.values_mut() {
        all.sort_by_key(|run| begin(run));
        for (run, number) in all.iter_mut().zip(1..) {
            for (job, place) in run.iter_mut().zip(0..) {
                (job["run_id"], job["id"]) = (json!(number), json!(number * 100 + place));
            }
        }
    }
    runs
}

#[test]
fn runs_of_linkerd_take_what_was_foretold() {
    let Some(folder) = shared("corpus/runs/linkerd") else { return };
    let text = std::fs::read_to_string(folder.join("jobs.json")).unwrap();
    let jobs: Vec<Value> = serde_json::from_str(&text).unwrap();
    let runs = runs_of_linkerd(&jobs);
    for (workflow, file, every, at_least) in [
        ("KinD integration", "kind_integration.yml", &OFTEN[..], 300),
        ("Static checks", "static_checks.yml", &OFTEN, 400),
        ("Unit tests", "unit_tests.yml", &OFTEN, 500),
        ("Cloud integration", "cloud_integration.yml", &OFTEN[..3], 50),
        // Nine runs in a month: a profile is taken behind each.
        ("Release", "release.yml", &[1], 6),
    ] {
        let versions = versions(&folder.join("workflows_at"), file);
        let mut all = Off::default();
        for every in every {
            let (off, left_out) = foretell(&runs[workflow], *every, &versions);
            let of = format!("{workflow}, a profile in {every} runs; of {} {left_out}", runs[workflow].len());
            off.say(&of);
            assert!(off.parts.len() >= at_least, "{of}");
            all.add_all(off);
        }
        all.is_good(workflow, at_least);
    }
}

/// A profile is taken behind so many runs. Where in time that falls is chance, and in one job it matters: "Docker build" of the `KinD` workflow takes four minutes on
/// a machine of linkerd's, and a quarter of an hour for forks, which may not use it. The two quantiles that a profile keeps say nothing of that gap, and what is
/// made of them and of newer ones is up to half too long in the middle. By how often that is done, runs of that workflow are off by 10 % to 17 % in the median
/// (20: 15.2 %), those of the others by the same. So all of these are looked at together.
const OFTEN: [usize; 4] = [10, 20, 40, 80];

/// Foretells each run that went well from those before it. What else there is to say: which were left out.
fn foretell(runs: &[Vec<Value>], every: usize, versions: &[(i64, Spec)]) -> (Off, String) {
    let (mut growing, mut off) = (Growing::default(), Off::default());
    let (mut failed, mut others, mut known) = (0, 0, 0);
    for (number, run) in runs.iter().enumerate() {
        let now = begin(run);
        let (_, spec) = versions.iter().rev().find(|(since, _)| *since <= now).unwrap();
        if number % every == 0 && number > 0 {
            // What had not ended by then was not known.
            let had_ended = |job: &&Value| second(job, "completed_at") <= now;
            let jobs: Vec<Value> = runs[known..number].iter().flatten().filter(had_ended).cloned().collect();
            growing.take(spec, &jobs);
            known = number;
        }
        if !run.iter().all(|job| job["conclusion"] == "success") {
            failed += 1;
        } else if !has_all(growing.compiled(spec), run) {
            others += 1;
        } else if known > 0 {
            let foretold = growing.foretold(spec).wall;
            off.add(foretold.p50, foretold.mean, wall(run));
        }
    }
    (off, format!("{failed} did not go well, {others} have not the jobs of their day's file"))
}

/// Whether a run has all jobs of a spec, and no others.
fn has_all(made: &Compilation, run: &[Value]) -> bool {
    let taken = github::measure(&made.written, &made.plan, &github::read(&json!(run).to_string()).unwrap(), &Profile::default());
    taken.unknown.is_empty() && taken.profile.jobs.len() == made.plan.tasks.len()
}

/// The rows of a table, by the names of its columns. No value of those that are read here has the separator in it.
fn table(path: &Path, separator: char) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let row = |line: &str| line.split(separator).map(|value| value.trim_matches('"').to_owned()).collect::<Vec<_>>();
    let mut lines = text.lines().map(row);
    let head = lines.next().unwrap();
    lines.map(|row| head.iter().cloned().zip(row).collect()).collect()
}

/// A step that takes less is measured too coarsely: the times are of whole seconds.
const SHORT: f64 = 10.0;

/// Compares the steps of a job that ran with what was foretold of it.
fn compare_steps(foretold: &Leg, job: &Value, off: &mut Off) {
    for step in job["steps"].as_array().unwrap().iter().filter(|step| step["conclusion"] == "success") {
        let seconds = (second(step, "completed_at") - second(step, "started_at")) as f64;
        let part = foretold.parts.iter().find(|part| step["name"] == *part.name);
        if let Some(part) = part.filter(|_| seconds >= SHORT) {
            off.add(part.time.p50, part.time.mean(), seconds);
        }
    }
}

/// Of each of four caches for Nix, and of two packages: eight jobs a run, once to fill the caches and once to use them, four times in two days.
#[test]
fn runs_of_nix_take_what_was_foretold() {
    let Some(folder) = shared("corpus/runs/nix_cache") else { return };
    // An address got into the file by accident, behind these runs; with it, it is no YAML.
    let text = std::fs::read_to_string(folder.join(".github/workflows/build.yml")).unwrap();
    let text: String = text.split_inclusive('\n').filter(|line| !line.starts_with("https://")).collect();
    let spec = imported(&text);
    let log = folder.join("reports/actions_log");
    let mut runs: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
    let steps = table(&log.join("actions_steps.csv"), ',');
    let times = |row: &BTreeMap<String, String>, name: &str| json!({ "name": row[name], "conclusion": row["conclusion"], "started_at": row["started"], "completed_at": row["ended"] });
    for row in table(&log.join("actions_jobs.csv"), ',') {
        let own = steps.iter().filter(|step| step["run_id"] == row["run_id"] && step["job_name"] == row["job_name"]);
        let own: Vec<Value> = own.map(|step| times(step, "step_name")).collect();
        let (run, id): (u64, u64) = (row["run_id"].parse().unwrap(), row["job_id"].parse().unwrap());
        let mut job = times(&row, "job_name");
        (job["run_id"], job["id"], job["steps"], job["labels"]) = (json!(run), json!(id), json!(own), json!(["ubuntu-latest"]));
        runs.entry(run).or_default().push(job);
    }
    // What fills the caches takes five times as long as what uses them, and nothing in the workflow tells them apart but an input that names the jobs. So they
    // are foretold apart; together they are not foretellable, and the last line shows it.
    let (mut whole, mut each_job, mut each_step, mut together) = (Off::default(), Off::default(), Off::default(), Off::default());
    let mut all = Growing::default();
    for phase in ["generate-cache", "use-cache", ""] {
        let of_phase = |run: &&Vec<Value>| run.iter().all(|job| job["name"].as_str().unwrap().ends_with(phase));
        let mut growing = Growing::default();
        for (number, run) in runs.values().filter(of_phase).enumerate() {
            if number > 0 && phase.is_empty() {
                let foretold = all.foretold(&spec).wall;
                together.add(foretold.p50, foretold.mean, wall(run));
            } else if number > 0 {
                let foretold = growing.foretold(&spec);
                whole.add(foretold.wall.p50, foretold.wall.mean, wall(run));
                let made = growing.compiled(&spec);
                let legs = &model(&made.plan, &made.profile, Visibility::Public).jobs[0].legs;
                for job in run {
                    let answers = github::read(&job.to_string()).unwrap();
                    let task = github::measure(&made.written, &made.plan, &answers, &Profile::default())
                        .profile
                        .jobs
                        .into_keys()
                        .next()
                        .unwrap();
                    let place = legs.iter().position(|leg| leg.id == task).unwrap();
                    let expected = foretold.legs[0][place];
                    each_job.add(expected.p50, expected.mean, wall(std::slice::from_ref(job)));
                    compare_steps(&legs[place], job, &mut each_step);
                }
            }
            let growing = if phase.is_empty() { &mut all } else { &mut growing };
            let unknown = growing.take(&spec, run);
            assert!(unknown.is_empty(), "{unknown:?}");
        }
    }
    whole.is_good("nix: runs", 6);
    each_job.is_good("nix: jobs", 48);
    each_step.is_good("nix: steps", 60);
    together.say("nix: runs of both kinds together");
}

/// The steps of a run: their names, and how many seconds they took.
type Steps = Vec<(String, i64)>;

/// Steps of 67 jobs of Java projects and others, without their workflow files: a workflow of steps with these names stands for each run. A run may be months
/// behind the one before it, and what a step does may have been changed in between: `commons-lang` took 190 s for three runs, and 9 s for all later ones.
#[test]
fn jobs_with_steps_take_what_was_foretold() {
    let Some(path) = shared("corpus/runs/optimizing-ci-builds/steps.tsv") else { return };
    let mut jobs: BTreeMap<String, BTreeMap<String, Steps>> = BTreeMap::new();
    for row in table(&path, '\t') {
        let joined = |columns: &[&str]| columns.iter().map(|column| row[*column].as_str()).collect::<Vec<_>>().join(" ");
        // A step without a name is called `uses26` in some of the data, and `uses-checkout` in the rest.
        let name = if row["step"].starts_with("uses") { "uses".to_owned() } else { row["step"].clone() };
        let runs = jobs.entry(joined(&["repo", "workflow", "job"])).or_default();
        let run = runs.entry(joined(&["data_date", "data_commit"])).or_default();
        run.push((name, row["seconds"].parse::<f64>().unwrap() as i64));
    }
    let (mut whole, mut each_step) = (Off::default(), Off::default());
    for runs in jobs.values() {
        let mut growing = Growing::default();
        for (number, (key, steps)) in (1..).zip(runs) {
            let lines: Vec<String> = steps.iter().map(|(name, _)| format!("      - name: {name}\n        run: make\n")).collect();
            let text = format!("on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n    steps:\n{}", lines.concat());
            let spec = imported(&text);
            let job = with_steps(number, key, steps);
            let took = wall(std::slice::from_ref(&job));
            if number > EARLIER && took > 0.0 {
                let foretold = growing.foretold(&spec).wall;
                whole.add(foretold.p50, foretold.mean, took);
                let made = growing.compiled(&spec);
                compare_steps(&model(&made.plan, &made.profile, Visibility::Public).jobs[0].legs[0], &job, &mut each_step);
            }
            growing.take(&spec, &[job]);
        }
    }
    let few = jobs.values().filter(|runs| runs.len() as u64 <= EARLIER).count();
    eprintln!("jobs with steps: {}, of which {few} did not run more than {EARLIER} times and are left out", jobs.len());
    whole.is_good("jobs with steps", 360);
    each_step.is_good("their steps", 400);
}

/// A job is foretold when it ran so often before.
const EARLIER: u64 = 3;

/// A run of such a job, as GitHub would tell it; the first word of its key is when it was. How long the machine took to start is not known: no time here, and so
/// none in what is foretold.
fn with_steps(number: u64, key: &str, steps: &Steps) -> Value {
    let start: jiff::Timestamp = key.split(' ').next().unwrap().parse().unwrap();
    let at = |seconds: i64| json!((start + jiff::SignedDuration::from_secs(seconds)).to_string());
    let mut end = 0;
    let mut all = vec![json!({ "name": "Set up job", "conclusion": "success", "started_at": at(0), "completed_at": at(0) })];
    for (name, seconds) in steps {
        all.push(json!({ "name": name, "conclusion": "success", "started_at": at(end), "completed_at": at(end + seconds) }));
        end += seconds;
    }
    json!({
        "name": "job", "run_id": number, "conclusion": "success", "labels": ["ubuntu-latest"],
        "started_at": at(0), "completed_at": at(end), "steps": all,
    })
}
