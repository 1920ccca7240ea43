//! Pushes that nothing lets in, as no checkout keeps its credentials.

use crate::catalog::pushes;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0735_no_credentials::{no_credentials, no_credentials_in_clone};
use crate::hir::{Job, Map, Pipeline, Step, StepKind};
use crate::text::Text;

/// The first push of a job that has no credentials.
pub(super) fn push_without(pipeline: &Pipeline, job: &Job) -> Option<Diag> {
    let has_given = |env: &Map| env.keys().any(|name| pushes::is_given_by_variable(name));
    let mut known = Kept { folders: Vec::new(), is_given: has_given(&pipeline.defaults.env) || has_given(&job.env) };
    let of_all = [job.dir.as_ref(), pipeline.defaults.dir.as_ref()].into_iter().flatten().next();
    job.each_step().find_map(|step| {
        let diag = known.look(step, of_all);
        known.is_given |= has_given(&step.env);
        diag.filter(|_| !known.is_given).map(|diag| job.origin.explain(diag))
    })
}

/// What is known of credentials behind a step.
struct Kept {
    /// The folders of checkouts, and whether each keeps its credentials.
    folders: Vec<(String, bool)>,
    /// Git has others, that no checkout gave it.
    is_given: bool,
}

impl Kept {
    fn look(&mut self, step: &Step, of_all: Option<&Text>) -> Option<Diag> {
        match &step.kind {
            StepKind::Checkout(with) => {
                let is_said = ["persist-credentials", "token", "ssh-key"].iter().any(|key| with.contains_key(*key));
                self.checks_out(with, is_said && keeps(with));
            }
            // What stands there is the author's alone, and GitHub's action keeps them.
            StepKind::Uses { with, .. } if step.fetches() => {
                self.checks_out(with, keeps(with));
            }
            StepKind::Uses { action, .. } => {
                self.is_given |= pushes::is_given_by_action(action);
                if pushes::by_action(action) && !self.are_kept_in(None) {
                    return Some(no_credentials(action, action.span()));
                }
            }
            StepKind::Run(script) => {
                self.is_given |= pushes::gives_credentials(script);
                let push = pushes::by_script(script).filter(|_| !self.is_given)?;
                let folder = [step.dir.as_ref().or(of_all).map(Text::as_str), push.folder.as_deref()];
                let folder = folder.into_iter().flatten().collect::<Vec<_>>().join("/");
                let (name, at) = (&script.as_str()[push.at.clone()], script.source(push.at.clone()));
                if push.from_clone {
                    return Some(no_credentials_in_clone(name, at));
                }
                if !self.are_kept_in(Some(&folder)) {
                    return Some(no_credentials(name, at));
                }
            }
            _ => {}
        }
        None
    }

    fn checks_out(&mut self, with: &Map, keeps: bool) {
        let folder = with.get("path").map(|path| plain(&path.spelled())).unwrap_or_default();
        self.folders.retain(|(known, _)| *known != folder);
        self.folders.push((folder, keeps));
    }

    /// Whether a push from this folder has credentials; where the folder is not known, it may be any.
    fn are_kept_in(&self, folder: Option<&str>) -> bool {
        let folder =
            folder.map(plain).filter(|folder| !folder.contains(['$', '~']) && !folder.starts_with('/') && !folder.contains(".."));
        let holds = |known: &str, folder: &str| {
            known.is_empty() || folder.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let nearest = folder.and_then(|folder| {
            self.folders.iter().filter(|(known, _)| holds(known, &folder)).max_by_key(|(known, _)| known.len())
        });
        nearest.map_or_else(|| self.folders.iter().any(|(_, keeps)| *keeps), |(_, keeps)| *keeps)
    }
}

/// Whether GitHub's action, with these inputs, keeps credentials.
fn keeps(with: &Map) -> bool {
    with.get("persist-credentials").is_none_or(|value| value.spelled() != "false")
}

/// A folder without what says nothing: `./a/` is `a`.
fn plain(folder: &str) -> String {
    let parts = folder.split('/').enumerate().filter(|(at, part)| *part != "." && (!part.is_empty() || *at == 0));
    let plain = parts.map(|(_, part)| part).collect::<Vec<_>>().join("/");
    if folder.starts_with("./") { plain.trim_start_matches('/').to_owned() } else { plain }
}
