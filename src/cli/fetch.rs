//! `pipelay profile fetch`: asks GitHub for runs and their jobs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use pipelay::diagnostics::Diag;
use pipelay::diagnostics::codes::e0351_cannot_fetch::cannot_fetch;
use pipelay::hir::Duration as Length;
use pipelay::profile::{Profile, github};

use super::github::{Client, Server, is_repository};
use super::http::{Failure, at, encoded};
use super::lock::length;
use super::profile::{compiled, left_running, spec, take};
use super::session::Session;
use super::specs::Target;
use super::{Misuse, git, terminal};

/// From GitHub itself: the runs of the workflow that the spec compiles to
///
/// It asks with the token of `GH_TOKEN`, else `GITHUB_TOKEN`, else with that of `gh`; without one GitHub answers about public repositories, 60 times an hour.
/// Each run is one question, or several where it has more than a hundred jobs. Runs that were taken in before are not asked for, those that are not over are
/// asked for the next time; what was fetched before something fails is kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Fetch {
    /// The repository; without it, that of git's `origin`
    #[arg(long, value_name = "OWNER/REPO", value_parser = repository)]
    repo: Option<String>,
    /// The spec whose runs these are; needed where the repository has several
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// How many runs at most, the newest
    // GitHub lists no more.
    #[arg(long, value_name = "N", default_value = "50", value_parser = clap::value_parser!(u16).range(1..=1000))]
    runs: u16,
    /// Only runs of that branch
    #[arg(long, value_name = "BRANCH")]
    branch: Option<String>,
    /// Only runs from that day on
    #[arg(long, value_name = "DATE", value_parser = day)]
    since: Option<String>,
    /// How long GitHub may take for an answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = length)]
    timeout: Length,
}

fn repository(text: &str) -> Result<String, String> {
    if is_repository(text) { Ok(text.to_owned()) } else { Err("such as `octocat/hello-world`".to_owned()) }
}

fn day(text: &str) -> Result<String, String> {
    let day: Result<jiff::civil::Date, _> = text.parse();
    day.map(|day| day.to_string()).map_err(|_| "such as `2026-01-09`".to_owned())
}

pub(crate) fn run(args: &Fetch, session: &mut Session) -> Result<(), Misuse> {
    let target = spec(args.spec.as_deref())?;
    let server = Server::of_environment();
    let repository = args.repo.clone().map_or_else(|| origin(&target, &server), Ok)?;
    let client = server.client(Duration::from_secs(args.timeout.0.max(1)))?;
    let Some(mut compilation) = compiled(&target, session) else { return Ok(()) };
    match client.source() {
        Some(source) => session.detail("Note", &format!("the token is that of `{source}`")),
        None => session.status(
            "Note",
            "GitHub is asked without a token, as neither `GH_TOKEN` nor `GITHUB_TOKEN` is set and `gh` has none: about public \
             repositories, 60 times an hour",
        ),
    }
    let questions = Questions { client: &client, repository: &repository, args };
    let mut fetched = Fetched::default();
    let failure = questions.all(&target, &compilation.profile, &mut fetched, session).err();
    let Fetched { jobs, runs, running, gone, gap } = fetched;
    if runs > 0 {
        session.detail("Fetched", &format!("runs: {runs}, jobs: {}", jobs.len()));
    }
    if runs > 0 || failure.is_none() {
        let unfinished = &mut compilation.profile.unfinished;
        unfinished.retain(|run| !gone.contains(run));
        unfinished.extend(&running);
        left_running(&running, session);
        take(&target, compilation, &jobs, gap, session);
    }
    failure.into_iter().for_each(|diag| session.say(diag));
    Ok(())
}

/// The repository of git's `origin`. Its address is not printed: it may have a password.
fn origin(target: &Target, server: &Server) -> Result<String, Misuse> {
    let address = git::ask(&target.root, &["config", "--get", "remote.origin.url"]);
    let found = address.as_deref().and_then(|address| server.repository(address.trim()));
    found.ok_or_else(|| {
        let what = match address {
            Some(_) => format!("git's `origin` is no repository on {}", server.host()),
            None => "git has no `origin` here".to_owned(),
        };
        Misuse::new(what).help("name the repository by `--repo OWNER/REPO`")
    })
}

/// What is asked of whom.
struct Questions<'a> {
    client: &'a Client,
    repository: &'a str,
    args: &'a Fetch,
}

/// What came of asking.
#[derive(Default)]
struct Fetched {
    jobs: Vec<github::Job>,
    /// Of how many runs those are.
    runs: usize,
    /// Runs that are not over.
    running: BTreeSet<u64>,
    /// Runs that GitHub does not have any more.
    gone: BTreeSet<u64>,
    /// Whether there are others between what is known and these.
    gap: bool,
}

impl Questions<'_> {
    /// The jobs of the runs that a profile does not know, or why there are not all.
    ///
    /// The oldest come first: a profile knows all runs up to its newest, but those that were not over, so that what fails later is asked for the next time.
    fn all(&self, target: &Target, known: &Profile, fetched: &mut Fetched, session: &Session) -> Result<(), Diag> {
        let output = target.output();
        let workflow = output.rsplit('/').next().unwrap_or_default();
        session.progress("Asking", &format!("GitHub for runs of {workflow}"));
        let told = |failure| self.told(workflow, failure);
        let mut runs = self.runs(workflow, known, fetched, session).map_err(told)?;
        for run in &known.unfinished {
            if let Some(ended) = self.ended(*run, fetched, session).map_err(told)? {
                runs.insert(*run, ended);
            }
        }
        for (place, (run, event)) in runs.iter().enumerate() {
            session.progress("Fetching", &format!("runs: {} of {}", place + 1, runs.len()));
            match self.jobs(*run, session) {
                Ok(of_run) => {
                    fetched.jobs.extend(of_run.into_iter().map(|job| github::Job { event: event.clone(), ..job }));
                    fetched.runs += 1;
                }
                Err(Failure::Missing) => Self::is_gone(*run, fetched, session),
                Err(failure) => return Err(told(failure)),
            }
        }
        terminal::wipe();
        Ok(())
    }

    fn is_gone(run: u64, fetched: &mut Fetched, session: &Session) {
        session.status("Left out", &format!("run {run}: GitHub does not have it any more"));
        fetched.gone.insert(run);
    }

    /// The new runs of a workflow that are over, the newest last, each with what started it.
    fn runs(
        &self,
        workflow: &str,
        known: &Profile,
        fetched: &mut Fetched,
        session: &Session,
    ) -> Result<BTreeMap<u64, String>, Failure> {
        let Self { client, repository, args } = self;
        let mut query = "per_page=100&page=1".to_owned();
        query += &args.branch.as_deref().map(|branch| format!("&branch={}", encoded(branch))).unwrap_or_default();
        query += &args.since.as_deref().map(|day| format!("&created={}", encoded(&format!(">={day}")))).unwrap_or_default();
        let path = format!("repos/{repository}/actions/workflows/{}/runs?{query}", encoded(workflow));
        let mut next = Some(client.address(&path));
        let (mut runs, most) = (BTreeMap::new(), usize::from(args.runs));
        let after = known.last_run.unwrap_or_default();
        while let Some(address) = next.take_if(|_| runs.len() < most) {
            let (page, further) = client.ask(&address, github::runs, session)?;
            // The newest come first. An empty page that names a next one would never end.
            next = further.filter(|_| !page.is_empty() && page.iter().all(|run| run.id > after));
            for run in page.into_iter().filter(|run| run.id > after) {
                if run.is_over() {
                    runs.insert(run.id, run.event);
                } else {
                    fetched.running.insert(run.id);
                }
            }
        }
        // Runs that ended meanwhile move others to the next page.
        let excess = runs.len().saturating_sub(most);
        fetched.gap = excess > 0 || next.is_some();
        Ok(runs.into_iter().skip(excess).collect())
    }

    /// What started a run that was not over when it was asked for, if it is now.
    fn ended(&self, run: u64, fetched: &mut Fetched, session: &Session) -> Result<Option<String>, Failure> {
        let path = format!("repos/{}/actions/runs/{run}", self.repository);
        match self.client.ask(&self.client.address(&path), github::run, session) {
            Ok((run, _)) if run.is_over() => return Ok(Some(run.event)),
            Ok(_) => drop(fetched.running.insert(run)),
            Err(Failure::Missing) => Self::is_gone(run, fetched, session),
            Err(failure) => return Err(failure),
        }
        Ok(None)
    }

    /// The jobs of a run, all of them or none.
    fn jobs(&self, run: u64, session: &Session) -> Result<Vec<github::Job>, Failure> {
        let path = format!("repos/{}/actions/runs/{run}/jobs?filter=latest&per_page=100", self.repository);
        let mut next = Some(self.client.address(&path));
        let mut jobs = Vec::new();
        while let Some(address) = next.take() {
            let (page, further) = self.client.ask(&address, github::page, session)?;
            next = further.filter(|_| !page.is_empty());
            // The run is over, so that what has not ended never began.
            jobs.extend(page.into_iter().filter(|job| job.conclusion.is_some()));
        }
        Ok(jobs)
    }

    /// A failure as a message, with what to do next.
    fn told(&self, workflow: &str, failure: Failure) -> Diag {
        terminal::wipe();
        let (repository, source) = (self.repository, self.client.source());
        let again = "what was fetched is kept; try again for the rest";
        let rights = format!("`GH_TOKEN` needs one that may read actions of `{repository}` (`actions: read`, or `repo`)");
        let (why, help) = match failure {
            Failure::Missing => {
                let seen = if source.is_some() { "that the token may see" } else { "that may be seen without a token" };
                let help = format!("push the workflow; or {rights}");
                (format!("GitHub has no workflow `{workflow}` there {seen}"), help)
            }
            Failure::Unauthorized => {
                let source = source.unwrap_or("nobody");
                (format!("GitHub does not take the token of `{source}`"), format!("`gh auth login` makes a new one; or {rights}"))
            }
            Failure::Forbidden(said) => (format!("GitHub refuses: {said}"), rights),
            Failure::Limited(pause) => {
                let more = if source.is_none() { "; with a token it answers 5,000 times an hour" } else { "" };
                let help = format!("what was fetched is kept; ask for the rest then{more}");
                (format!("GitHub was asked too often, and answers again {}", at(pause)), help)
            }
            Failure::Passing(why) | Failure::Lasting(why) => (why, again.to_owned()),
        };
        cannot_fetch(repository, &why, &help)
    }
}
