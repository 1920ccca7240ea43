//! Pushes and reads that nothing lets in, as no checkout keeps its credentials.

use crate::catalog::pushes;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0750_read_without_credentials::read_without_credentials;
use crate::diagnostics::codes::w0735_no_credentials::{no_credentials, no_credentials_in_clone};
use crate::hir::{Checkout, Job, Map, Pipeline, Step, StepKind};
use crate::pattern::folder::{holds, is_inside, plain};

/// The first push of a job that has no credentials; where it pushes nothing, the first read of the repository that would have none where that is private.
pub(super) fn missing(pipeline: &Pipeline, job: &Job) -> Option<Diag> {
    first(pipeline, job, Known::push).or_else(|| first(pipeline, job, Known::read))
}

/// The first step of a job in which something is told, by what is known of credentials there.
fn first(pipeline: &Pipeline, job: &Job, told: impl Fn(&Known, &Step, &str) -> Option<Diag>) -> Option<Diag> {
    let has_given = |env: &Map| env.keys().any(|name| pushes::is_given_by_variable(name));
    let is_derived = matches!(job.checkout, Checkout::Derived) && !job.each_step().any(Step::fetches);
    let mut known = Known {
        folders: is_derived.then(|| (String::new(), Credentials::Forgotten)).into_iter().collect(),
        is_given: has_given(&pipeline.defaults.env) || has_given(&job.env),
        has_all: false,
    };
    let of_all = [job.dir.as_ref(), pipeline.defaults.dir.as_ref()].into_iter().flatten().next();
    job.each_step().find_map(|step| {
        known.see(step);
        let dir = step.dir.as_ref().or(of_all).map_or("", |dir| dir.as_str());
        let is_given = known.is_given || has_given(&step.env);
        known.is_given = is_given;
        told(&known, step, dir).filter(|_| !is_given).map(|diag| job.origin.explain(diag))
    })
}

/// What becomes of the credentials of a checkout.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Credentials {
    /// It keeps them.
    Kept,
    /// Its author wants none.
    Refused,
    /// Nothing is written, and hardening lets it keep none.
    Forgotten,
}

/// What is known of credentials behind a step.
struct Known {
    /// The folders of checkouts, and what became of the credentials of each.
    folders: Vec<(String, Credentials)>,
    /// Git has others, that no checkout gave it.
    is_given: bool,
    /// A checkout has fetched all history.
    has_all: bool,
}

impl Known {
    /// Takes in what a step checks out, and what credentials it gives.
    fn see(&mut self, step: &Step) {
        match &step.kind {
            StepKind::Checkout(with) => {
                let is_said = ["persist-credentials", "token", "ssh-key"].iter().any(|key| with.contains_key(*key));
                self.checks_out(with, if is_said { written(with) } else { Credentials::Forgotten });
            }
            // What stands there is the author's alone, and GitHub's action keeps them.
            StepKind::Uses { with, .. } if step.fetches() => self.checks_out(with, written(with)),
            StepKind::Uses { action, .. } => self.is_given |= pushes::is_given_by_action(action),
            StepKind::Run(script) => self.is_given |= pushes::gives_credentials(script),
            _ => {}
        }
    }

    /// A push of a step, begun in a folder, that has none.
    fn push(&self, step: &Step, dir: &str) -> Option<Diag> {
        match &step.kind {
            StepKind::Uses { action, .. } => {
                let is_push = pushes::by_action(action) && self.of(None) != Some(Credentials::Kept);
                is_push.then(|| no_credentials(action, action.span()))
            }
            StepKind::Run(script) => {
                let push = pushes::by_script(script)?;
                let (name, at) = (&script.as_str()[push.at.clone()], script.source(push.at.clone()));
                if push.from_clone {
                    return Some(no_credentials_in_clone(name, at));
                }
                (self.of(Some(&push.folder_in(dir))) != Some(Credentials::Kept)).then(|| no_credentials(name, at))
            }
            _ => None,
        }
    }

    /// A read of a step, begun in a folder, that would have none where the repository is private.
    fn read(&self, step: &Step, dir: &str) -> Option<Diag> {
        let StepKind::Run(script) = &step.kind else { return None };
        let read = pushes::read_by_script(script)?;
        // Who refuses them knows that.
        if self.of(Some(&read.folder_in(dir))) != Some(Credentials::Forgotten) {
            return None;
        }
        let name = &script.as_str()[read.at.clone()];
        let told = script[read.at.end..].split([';', '&', '|', '\n']).next().unwrap_or_default();
        let instead = match name.split_whitespace().collect::<Vec<_>>()[..] {
            [.., "lfs", _] => Some(("lfs: true", "these files")),
            // Heads of pull requests are no branches, and of a variable it is not known.
            [.., "fetch"] if !self.has_all && !told.contains("pull/") && (!told.contains('$') || told.contains("base_ref")) => {
                Some(("fetch-depth: 0", "all branches and tags"))
            }
            _ => None,
        };
        Some(read_without_credentials(name, instead, script.source(read.at.clone())))
    }

    fn checks_out(&mut self, with: &Map, credentials: Credentials) {
        let folder = with.get("path").map(|path| plain(&path.spelled())).unwrap_or_default();
        self.has_all |= with.get("fetch-depth").is_some_and(|depth| depth.spelled() == "0");
        self.folders.retain(|(known, _)| *known != folder);
        self.folders.push((folder, credentials));
    }

    /// What became of the credentials of the checkout that a folder is in; where that is not known, it may be any, and is the one with the most.
    fn of(&self, folder: Option<&str>) -> Option<Credentials> {
        let folder = folder.map(plain).filter(|folder| is_inside(folder));
        let nearest = folder.and_then(|folder| {
            self.folders.iter().filter(|(known, _)| holds(known, &folder)).max_by_key(|(known, _)| known.len())
        });
        nearest.map(|(_, credentials)| *credentials).or_else(|| {
            let all = [Credentials::Kept, Credentials::Refused, Credentials::Forgotten];
            all.into_iter().find(|one| self.folders.iter().any(|(_, credentials)| credentials == one))
        })
    }
}

/// What GitHub's action does with credentials, as is written for it.
fn written(with: &Map) -> Credentials {
    let keeps = with.get("persist-credentials").is_none_or(|value| value.spelled() != "false");
    if keeps { Credentials::Kept } else { Credentials::Refused }
}
