//! Tokens that are given to commands in other ways than by `permissions`.

use crate::catalog::index_tokens::by_trust;
use crate::expr::text::holes;
use crate::hir::{Job, Map, Pipeline, StepKind, Value};
use crate::source::Span;

/// Whether a script tells `gh` a token that is not the one of the job: for itself, and for all steps behind it.
pub(super) fn told_to_gh(script: &str) -> (bool, bool) {
    let (mut told, mut for_all) = (false, false);
    for line in script.lines() {
        let logs_in = line.contains("--with-token");
        let value = ["GH_TOKEN=", "GITHUB_TOKEN="].iter().find_map(|set| line.split_once(set)).map(|(_, value)| value);
        let own = ["github.token", "secrets.GITHUB_TOKEN", "$GITHUB_TOKEN", "$GH_TOKEN", "${GITHUB_TOKEN}", "${GH_TOKEN}"];
        let is_other = |text: &str| text.contains('$') && !own.iter().any(|name| text.contains(name));
        if logs_in && is_other(line) || value.is_some_and(is_other) {
            told = true;
            for_all |= logs_in || line.contains("GITHUB_ENV");
        }
    }
    (told, for_all)
}

/// The first command of a job that publishes to an index which trusts workflows, where nothing in the job gives it a token or another index.
pub(super) fn published_by_trust(pipeline: &Pipeline, job: &Job) -> Option<(String, Span)> {
    let (words, found) = job.each_step().find_map(|step| match &step.kind {
        StepKind::Run(script) => {
            let (range, words) = by_trust(script)?;
            Some((words, (script.as_str()[range.clone()].to_owned(), script.source(range))))
        }
        _ => None,
    })?;
    let names = |text: &str| {
        // Its own index is no other.
        let text = text.replace("https://registry.npmjs.org", "").to_ascii_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    let gives = |env: &Map| env.iter().any(|(key, value)| names(key) || names(&value.spelled()));
    let is_given = gives(&pipeline.defaults.env)
        || gives(&job.env)
        || job.each_step().any(|step| {
            let own = match &step.kind {
                StepKind::Run(script) => names(script),
                StepKind::Uses { with, .. } => with.values().any(|value| names(&value.spelled())),
                _ => false,
            };
            own || gives(&step.env)
        });
    (!is_given).then_some(found)
}

/// Whether a token is given that is not the one of the job: a key that names one, with a value of some other place.
pub(super) fn has_token(values: &Map) -> bool {
    values.iter().any(|(key, value)| {
        let key = key.to_ascii_lowercase();
        let names = ["token", "ssh-key", "ssh_key", "deploy_key", "app-id", "password"].iter().any(|name| key.contains(name));
        names && is_other(value)
    })
}

/// Whether this is no token of the job.
pub(super) fn is_other(value: &Value) -> bool {
    let is_other = |path: &Vec<String>| !matches!(path.join(".").as_str(), "github.token" | "secrets.github_token");
    holes(&value.spelled()).iter().any(|(_, expr)| expr.paths().iter().any(is_other))
}

#[cfg(test)]
mod tests {
    use super::told_to_gh;

    #[test]
    fn tokens_of_scripts_are_known() {
        for (script, wanted) in [
            ("echo \"${{ secrets.PAT }}\" | gh auth login --with-token", (true, true)),
            ("export GH_TOKEN=\"${{ secrets.PAT }}\"; gh pr create", (true, false)),
            ("echo \"GH_TOKEN=$PAT\" >> \"$GITHUB_ENV\"", (true, true)),
            ("GH_TOKEN=${{ github.token }} gh pr create", (false, false)),
            ("echo \"$GITHUB_TOKEN\" | gh auth login --with-token", (false, false)),
            ("GH_TOKEN=x gh pr create", (false, false)),
        ] {
            assert_eq!(told_to_gh(script), wanted, "{script}");
        }
    }
}
