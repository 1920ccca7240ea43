//! GitHub's answers about the jobs of runs, to a profile.
//!
//! The answers are those of `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs` (REST API, "Workflow jobs"), as `gh api` saves them: one object or
//! several one after the other (`--paginate`), a list of such (`--slurp`), or a list of jobs.

use serde::Deserialize;

use super::LONGEST;
pub use super::measure::{Taken, measure};
use crate::map::IndexMap;

/// A job of a run, as far as it is asked for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Job {
    /// Its own number.
    pub id: u64,
    /// The number of its run: later runs have greater ones.
    pub run_id: u64,
    /// Which attempt of its run it is of, from 1; those of a later one take its place.
    pub run_attempt: u64,
    /// What started its run; GitHub says so of runs, and not of their jobs.
    pub event: String,
    /// The name that is shown.
    pub name: String,
    /// What its workflow is called, where that is told: by its name, or its file.
    pub workflow_name: Option<String>,
    /// How it ended; none while it runs.
    pub conclusion: Option<String>,
    /// When it was ready to start.
    #[serde(deserialize_with = "time")]
    pub created_at: Option<String>,
    /// When it started.
    #[serde(deserialize_with = "time")]
    pub started_at: Option<String>,
    /// When it ended.
    #[serde(deserialize_with = "time")]
    pub completed_at: Option<String>,
    /// What `runs-on` asked for.
    #[serde(deserialize_with = "or_none")]
    pub labels: Vec<String>,
    /// Its steps.
    #[serde(deserialize_with = "or_none")]
    pub steps: Vec<JobStep>,
    /// Of several jobs taken for one: what each kind of machine was busy, in minutes as they are billed.
    #[serde(skip)]
    pub busy: IndexMap<String, f64>,
}

/// A time, if it is one: what never began is told to have begun in the year 1 (apache/devlake#8536).
fn time<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let time = Option::<String>::deserialize(deserializer)?;
    Ok(time.filter(|time| !time.starts_with("0001-")))
}

/// A list, or `null`.
fn or_none<'de, T: Deserialize<'de>, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A step of a job.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct JobStep {
    /// The name that is shown.
    pub name: String,
    /// How it ended.
    pub conclusion: Option<String>,
    /// When it started.
    #[serde(deserialize_with = "time")]
    pub started_at: Option<String>,
    /// When it ended.
    #[serde(deserialize_with = "time")]
    pub completed_at: Option<String>,
}

/// What a text of answers may be.
#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Page { jobs: Vec<Job> },
    Job(Box<Job>),
    Many(Vec<Answer>),
}

/// The jobs in a text, in its order. What is no answer of GitHub's about jobs is said.
pub fn read(text: &str) -> Result<Vec<Job>, String> {
    let mut jobs = Vec::new();
    for value in serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}')).into_iter::<serde_json::Value>() {
        let value = value.map_err(|error| format!("it is no JSON: {error}"))?;
        if let Some(message) = value.get("message").and_then(serde_json::Value::as_str) {
            return Err(format!("GitHub refused to answer: {message}"));
        }
        if value.get("workflow_runs").is_some() {
            return Err("it is about runs, and says nothing of their jobs".to_owned());
        }
        let answer = serde_json::from_value(value).map_err(|_| "neither jobs nor a page of jobs".to_owned())?;
        add(answer, &mut jobs);
    }
    // Any object can be read as a job of which nothing is known.
    match jobs.iter().find(|job| job.name.is_empty()) {
        Some(_) => Err("an object that is no job: it has no `name`".to_owned()),
        None if jobs.is_empty() => Err("there is no job in it".to_owned()),
        None => Ok(jobs),
    }
}

/// The jobs of one page of an answer. What is cut off, or no page, is said.
pub fn page(text: &str) -> Result<Vec<Job>, String> {
    #[derive(Deserialize)]
    struct Page {
        jobs: Vec<Job>,
    }
    serde_json::from_str(text).map(|page: Page| page.jobs).map_err(|error| error.to_string())
}

/// A run of a workflow.
#[derive(Debug, Clone, Deserialize)]
pub struct Run {
    /// Its number.
    pub id: u64,
    /// What started it.
    #[serde(default)]
    pub event: String,
    status: String,
}

impl Run {
    /// Whether nothing of it is still to come.
    pub fn is_over(&self) -> bool {
        self.status == "completed"
    }
}

/// The runs of one page of an answer to `GET /repos/{owner}/{repo}/actions/workflows/{file}/runs`.
pub fn runs(text: &str) -> Result<Vec<Run>, String> {
    #[derive(Deserialize)]
    struct Page {
        workflow_runs: Vec<Run>,
    }
    serde_json::from_str(text).map(|page: Page| page.workflow_runs).map_err(|error| error.to_string())
}

/// The answer to `GET /repos/{owner}/{repo}/actions/runs/{run_id}`.
pub fn run(text: &str) -> Result<Run, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn add(answer: Answer, jobs: &mut Vec<Job>) {
    match answer {
        Answer::Page { jobs: page } => jobs.extend(page),
        Answer::Job(job) => jobs.push(*job),
        Answer::Many(answers) => answers.into_iter().for_each(|answer| add(answer, jobs)),
    }
}

impl Job {
    /// When it started, in seconds since 1970, as far as that is told.
    pub(super) fn begin(&self) -> Option<i64> {
        self.started_at.as_deref().and_then(seconds)
    }

    /// Whether none of its steps has that name.
    fn lacks(&self, step: &JobStep) -> bool {
        self.steps.iter().all(|other| other.name != step.name)
    }

    /// Takes in another piece of the same job: its own steps, not those that each machine begins with.
    pub(super) fn take_in(&mut self, piece: Self) {
        for step in piece.steps {
            if self.lacks(&step) {
                self.steps.push(step);
            }
        }
        let rank = |conclusion: Option<&str>| match conclusion {
            Some("failure") => 3,
            Some("timed_out") => 2,
            Some("success") => 1,
            _ => 0,
        };
        if rank(piece.conclusion.as_deref()) > rank(self.conclusion.as_deref()) {
            self.conclusion = piece.conclusion;
        }
    }
}

pub(super) fn between(from: Option<&str>, to: Option<&str>) -> Option<f64> {
    let seconds = seconds(to?)? - seconds(from?)?;
    // GitHub's clocks differ by a second now and then.
    (seconds >= -2).then_some(seconds.max(0) as f64).filter(|seconds| *seconds <= LONGEST)
}

pub(super) fn seconds(time: &str) -> Option<i64> {
    time.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_second)
}
