//! Credentials that leave a job in an artifact.

use crate::catalog::actions;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0759_credentials_in_artifact::credentials_in_artifact;
use crate::hir::{Map, Pipeline, Step, StepKind};
use crate::pattern::folder::{holds, plain};
use crate::source::Span;

/// From this version on `actions/checkout` keeps credentials outside of the folder (its README, "What's new", v6).
const KEPT_ELSEWHERE: u32 = 6;

/// Looks at what is uploaded behind a checkout that keeps its credentials in its folder.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        let mut kept: Vec<(String, Span)> = Vec::new();
        for step in job.each_step() {
            let StepKind::Uses { action, with, .. } = &step.kind else { continue };
            if let Some(folder) = folder_of_checkout(step) {
                kept.retain(|(known, _)| *known != folder);
                let keeps = with.get("persist-credentials").is_none_or(|value| value.spelled() != "false");
                kept.extend((keeps && keeps_inside(action)).then(|| (folder, action.span())));
            } else if actions::uploads(action)
                && let Some((_, at)) = kept.iter().find(|(folder, _)| has_git(with, folder))
            {
                diags.push(step.origin.explain(credentials_in_artifact(*at, action.span())));
            }
        }
    }
}

/// Where GitHub's checkout puts the files.
fn folder_of_checkout(step: &Step) -> Option<String> {
    let StepKind::Uses { action, with, .. } = &step.kind else { return None };
    let is_it = actions::name(action).eq_ignore_ascii_case("actions/checkout");
    is_it.then(|| with.get("path").map(|path| plain(&path.spelled())).unwrap_or_default())
}

/// Whether a version of it keeps credentials in the folder. Of a commit it is not known.
fn keeps_inside(action: &str) -> bool {
    let version = action.split_once('@').and_then(|(_, tag)| tag.strip_prefix('v')?.split('.').next()?.parse::<u32>().ok());
    version.is_some_and(|version| version < KEPT_ELSEWHERE)
}

/// Whether an artifact has the `.git` of a folder in it.
fn has_git(with: &Map, folder: &str) -> bool {
    let input = |key: &str| with.get(key).map(|value| value.words().join("\n")).unwrap_or_default();
    let paths = input("path");
    let mut paths = paths.lines().map(str::trim);
    let leaves_out = paths.clone().any(|path| path.starts_with('!') && path.contains(".git"));
    let git = if folder.is_empty() { ".git".to_owned() } else { format!("{folder}/.git") };
    let takes = |path: &str| {
        let inside = path.strip_prefix("${{ github.workspace }}").map_or(path, |rest| rest.trim_start_matches('/'));
        let whole = inside.trim_end_matches(['*', '/']);
        !path.is_empty() && !whole.contains(['*', '?', '[', '!', '$']) && holds(&plain(whole), &git)
    };
    input("include-hidden-files") == "true" && !leaves_out && paths.any(takes)
}
