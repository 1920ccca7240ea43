//! Which refs the runs that a trigger starts are of, as far as `on` tells: the one model of that.

use crate::hir::{Trigger, Value};

pub(crate) const BRANCH: &str = "refs/heads/";
pub(crate) const TAG: &str = "refs/tags/";
pub(crate) const PULL: &str = "refs/pull/";

/// Activities of pull requests that are not merged: the ref of others may be the branch (github/docs, data/reusables/actions/ref-description.md).
const OF_OPEN: [&str; 5] = ["opened", "synchronize", "reopened", "ready_for_review", "converted_to_draft"];

/// Events whose runs are of the default branch, or of the base of a pull request. (GitHub's documentation, "Events that trigger workflows", `GITHUB_REF`.)
const OF_A_BRANCH: [&str; 13] = [
    "check_run",
    "check_suite",
    "delete",
    "discussion",
    "discussion_comment",
    "issue_comment",
    "issues",
    "milestone",
    "pull_request_target",
    "repository_dispatch",
    "schedule",
    "watch",
    "workflow_run",
];

/// Refs of a kind that a trigger has runs of.
pub(crate) struct Kind {
    /// [`BRANCH`], [`TAG`] or [`PULL`].
    pub(crate) start: &'static str,
    /// Names and patterns of them; none where each will do.
    pub(crate) names: Option<Vec<String>>,
    /// Names and patterns that have no run.
    pub(crate) except: Vec<String>,
}

impl Kind {
    fn all(start: &'static str) -> Self {
        Self { start, names: None, except: Vec::new() }
    }

    /// Whether some of them have no run.
    pub(crate) fn is_filtered(&self) -> bool {
        self.names.is_some() || !self.except.is_empty()
    }

    /// The names of all that have runs, where no pattern lets others through.
    pub(crate) fn plain(&self) -> Option<&[String]> {
        self.names.as_deref().filter(|names| !names.is_empty() && names.iter().all(|name| is_plain(name)))
    }

    /// Whether a ref of that name in small letters may have a run: what a pattern lets through is looked at as far as it is plain.
    pub(crate) fn has(&self, name: &str) -> bool {
        let small = |patterns: &[String]| patterns.iter().map(|pattern| pattern.to_lowercase()).collect::<Vec<_>>();
        let fits = |pattern: &String| if is_plain(pattern) { pattern == name } else { name.starts_with(literal(pattern)) };
        let lets_in = |names: &Vec<String>| small(names).iter().filter(|name| !name.starts_with('!')).any(fits);
        self.names.as_ref().is_none_or(lets_in) && small(&self.except).iter().all(|except| except != name)
    }
}

/// Refs that a trigger has runs of; none where it may be any, or nothing.
pub(crate) fn kinds(trigger: &Trigger) -> Option<Vec<Kind>> {
    let names = |filter: &str| trigger.filters.get(filter).map(Value::words);
    let filtered = |start: &'static str, filter: &str| Kind {
        start,
        names: names(filter),
        except: names(&format!("{filter}-ignore")).unwrap_or_default(),
    };
    let has = |filter: &str| trigger.filters.contains_key(filter) || trigger.filters.contains_key(&format!("{filter}-ignore"));
    Some(match trigger.event.as_str() {
        // "If you define only `tags`/`tags-ignore` or only `branches`/`branches-ignore`, the workflow won't run for events affecting the undefined Git ref."
        // (GitHub's documentation, "Workflow syntax", `on.push`.)
        "push" => match (has("branches"), has("tags")) {
            (true, false) => vec![filtered(BRANCH, "branches")],
            (false, true) => vec![filtered(TAG, "tags")],
            _ => vec![filtered(BRANCH, "branches"), filtered(TAG, "tags")],
        },
        "pull_request" if names("types").is_none_or(|types| types.iter().all(|one| OF_OPEN.contains(&one.as_str()))) => {
            vec![Kind::all(PULL)]
        }
        "pull_request" => vec![Kind::all(PULL), Kind::all(BRANCH)],
        "release" => vec![Kind::all(TAG)],
        "create" | "workflow_dispatch" => vec![Kind::all(BRANCH), Kind::all(TAG)],
        event if OF_A_BRANCH.contains(&event) => vec![Kind::all(BRANCH)],
        _ => return None,
    })
}

/// Whether a pattern of a filter of branches or tags is the name of one (github/docs, "Filter pattern cheat sheet").
pub(crate) fn is_plain(pattern: &str) -> bool {
    !pattern.contains(['*', '?', '+', '[', ']', '!', '\\'])
}

/// What all that a pattern of a filter matches begins with. (`?` and `+` are of the character before them: GitHub's "Filter pattern cheat sheet".)
pub(crate) fn literal(pattern: &str) -> &str {
    let end = pattern.find(['*', '?', '+', '[', ']', '!', '\\']).unwrap_or(pattern.len());
    let begin = &pattern[..end];
    match pattern[end..].chars().next() {
        Some('?' | '+') => begin.char_indices().next_back().map_or(begin, |(at, _)| &begin[..at]),
        _ => begin,
    }
}

#[cfg(test)]
mod tests {
    use super::{BRANCH, PULL, TAG, is_plain, kinds, literal};
    use crate::Spec;
    use crate::facts::Facts;

    #[test]
    fn the_plain_beginning_of_a_pattern() {
        for (pattern, begin) in
            [("main", "main"), ("v*", "v"), ("v1.[0-9]+", "v1."), ("ab?c", "a"), ("ab+", "a"), ("**", ""), ("!x", "")]
        {
            assert_eq!(literal(pattern), begin, "{pattern}");
            assert_eq!(is_plain(pattern), pattern == "main");
        }
    }

    #[test]
    fn what_runs_are_of() {
        for (on, of) in [
            ("push", &[BRANCH, TAG][..]),
            ("push to main", &[BRANCH]),
            ("push { branches-ignore: topic }", &[BRANCH]),
            ("push { tags: \"v*\" }", &[TAG]),
            ("push { tags-ignore: \"v*\" }", &[TAG]),
            ("push { branches: main; tags-ignore: \"v*\" }", &[BRANCH, TAG]),
            ("push { branches-ignore: topic; tags: \"v*\" }", &[BRANCH, TAG]),
            ("pull_request", &[PULL]),
            ("pull_request { types: closed }", &[PULL, BRANCH]),
            ("schedule \"0 4 * * *\"", &[BRANCH]),
            ("release", &[TAG]),
        ] {
            let text = format!("on {on}\njob a: make\n");
            let made = crate::compile(&Spec { path: "ci.pipe".into(), text }, &Facts::default());
            let [trigger] = &made.plan.pipeline.triggers[..] else { panic!("{on}: {:#?}", made.diags) };
            let starts: Vec<&str> = kinds(trigger).unwrap().iter().map(|kind| kind.start).collect();
            assert_eq!(starts, of, "{on}");
        }
    }
}
