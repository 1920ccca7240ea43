//! Events that start a workflow: their filters and activity types.
//!
//! Source: GitHub's `workflow-v1.0.json` (actions/languageservices), August 2026; a test compares the two where the file is present.

/// An event.
#[derive(Debug)]
pub struct Event {
    /// Its name.
    pub name: &'static str,
    /// Its filters; inputs and times of `workflow_dispatch`, `workflow_call` and `schedule` are statements of their own.
    pub filters: &'static [&'static str],
    /// Its activity types.
    pub types: &'static [&'static str],
}

/// Events whose runs have the rights of the default branch, and may look at code of others. (GitHub's documentation, "Securely using
/// `pull_request_target`"; zizmor's audit dangerous-triggers.)
pub const PRIVILEGED: [&str; 6] =
    ["pull_request_target", "workflow_run", "issue_comment", "issues", "discussion", "discussion_comment"];

/// Events whose runs may save caches: those that GitHub names, and those whose caches are not the default branch's. In runs of others that outsiders can start,
/// saving is a warning and nothing more (github.blog/changelog/2026-06-26-read-only-actions-cache-for-untrusted-triggers).
pub const SAVES_CACHES: [&str; 11] = [
    "delete",
    "merge_group",
    "page_build",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "push",
    "registry_package",
    "repository_dispatch",
    "schedule",
    "workflow_dispatch",
];

/// What the payloads of some events always tell that is one word, without anything that a shell expands: numbers, commits, addresses, logins, and refs, in which
/// git allows neither blanks nor wildcards (git-check-ref-format(1)). (GitHub's documentation, "Webhook events and payloads", from memory.)
const WORDS: &[(&[&str], &str, &[&str])] = &[
    (OF_A_REQUEST, "github.event.pull_request.", &["base.ref", "base.sha", "head.sha", "html_url", "id", "number", "user.login"]),
    (&["pull_request", "pull_request_target"], "github.", &["base_ref", "event.number"]),
    (&["pull_request", "pull_request_target"], "github.event.pull_request.", COUNTS),
    (&["issue_comment", "issues"], "github.event.issue.", &["comments", "html_url", "id", "number", "user.login"]),
    (&["issue_comment", "pull_request_review_comment"], "github.event.comment.", &["html_url", "id", "user.login"]),
    (&["release"], "github.event.release.", &["html_url", "id", "tag_name"]),
    (OF_A_REPOSITORY, "github.event.repository.", &["default_branch", "full_name", "html_url", "id", "name", "owner.login"]),
    (&["workflow_run"], "github.event.workflow_run.", &["event", "head_sha", "html_url", "id", "run_number"]),
];

/// What a pull request tells of how much it is; in events of reviews it does not.
const COUNTS: &[&str] = &["additions", "changed_files", "comments", "commits", "deletions", "review_comments"];

/// Events that tell of their repository: all whose payload is that of a webhook, which that of a schedule is not.
const OF_A_REPOSITORY: &[&str] = &[
    "issue_comment",
    "issues",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_target",
    "push",
    "release",
    "repository_dispatch",
    "workflow_dispatch",
    "workflow_run",
];

const OF_A_REQUEST: &[&str] = &["pull_request", "pull_request_review", "pull_request_review_comment", "pull_request_target"];

/// Whether a path of `github` is always one plain word in runs of an event.
pub fn tells_a_word(event: &str, path: &str) -> bool {
    let is_it = |(events, begin, rest): &(&[&str], &str, &[&str])| {
        events.contains(&event) && path.strip_prefix(begin).is_some_and(|end| rest.contains(&end))
    };
    WORDS.iter().any(is_it)
}

/// The event of that name.
pub fn find(name: &str) -> Option<&'static Event> {
    ALL.iter().find(|event| event.name == name)
}

/// Every event.
#[rustfmt::skip] // one row each
pub static ALL: &[Event] = &[
    Event { name: "branch_protection_rule", filters: &["types"], types: &["created", "edited", "deleted"] },
    Event { name: "check_run", filters: &["types"], types: &["completed", "created", "rerequested", "requested_action"] },
    Event { name: "check_suite", filters: &["types"], types: &["completed"] },
    Event { name: "create", filters: &[], types: &[] },
    Event { name: "delete", filters: &[], types: &[] },
    Event { name: "deployment", filters: &[], types: &[] },
    Event { name: "deployment_status", filters: &[], types: &[] },
    Event { name: "discussion", filters: &["types"], types: &["created", "edited", "deleted", "transferred", "pinned", "unpinned", "labeled", "unlabeled", "locked", "unlocked", "category_changed", "answered", "unanswered"] },
    Event { name: "discussion_comment", filters: &["types"], types: &["created", "edited", "deleted"] },
    Event { name: "fork", filters: &[], types: &[] },
    Event { name: "gollum", filters: &[], types: &[] },
    Event { name: "image_version", filters: &["types", "names", "versions"], types: &["created", "ready", "deleted"] },
    Event { name: "issue_comment", filters: &["types"], types: &["created", "edited", "deleted"] },
    Event { name: "issues", filters: &["types"], types: &["opened", "edited", "deleted", "transferred", "pinned", "unpinned", "closed", "reopened", "assigned", "unassigned", "labeled", "unlabeled", "locked", "unlocked", "milestoned", "demilestoned", "field_added", "field_removed", "typed", "untyped"] },
    Event { name: "label", filters: &["types"], types: &["created", "edited", "deleted"] },
    Event { name: "merge_group", filters: &["types", "branches", "branches-ignore"], types: &["checks_requested"] },
    Event { name: "milestone", filters: &["types"], types: &["created", "closed", "opened", "edited", "deleted"] },
    Event { name: "page_build", filters: &[], types: &[] },
    Event { name: "project", filters: &["types"], types: &["created", "closed", "reopened", "edited", "deleted"] },
    Event { name: "project_card", filters: &["types"], types: &["created", "moved", "converted", "edited", "deleted"] },
    Event { name: "project_column", filters: &["types"], types: &["created", "updated", "moved", "deleted"] },
    Event { name: "public", filters: &[], types: &[] },
    Event { name: "pull_request", filters: &["types", "branches", "branches-ignore", "paths", "paths-ignore"], types: &["assigned", "unassigned", "labeled", "unlabeled", "opened", "edited", "closed", "reopened", "synchronize", "converted_to_draft", "locked", "unlocked", "enqueued", "dequeued", "milestoned", "demilestoned", "ready_for_review", "review_requested", "review_request_removed", "auto_merge_enabled", "auto_merge_disabled", "stacked"] },
    Event { name: "pull_request_comment", filters: &["types"], types: &["created", "edited", "deleted"] },
    Event { name: "pull_request_review", filters: &["types"], types: &["submitted", "edited", "dismissed"] },
    Event { name: "pull_request_review_comment", filters: &["types"], types: &["created", "edited", "deleted"] },
    Event { name: "pull_request_target", filters: &["types", "branches", "branches-ignore", "paths", "paths-ignore"], types: &["assigned", "unassigned", "labeled", "unlabeled", "opened", "edited", "closed", "reopened", "synchronize", "converted_to_draft", "locked", "unlocked", "enqueued", "dequeued", "milestoned", "demilestoned", "ready_for_review", "review_requested", "review_request_removed", "auto_merge_enabled", "auto_merge_disabled", "stacked"] },
    Event { name: "push", filters: &["branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore"], types: &[] },
    Event { name: "registry_package", filters: &["types"], types: &["published", "updated"] },
    Event { name: "release", filters: &["types"], types: &["published", "unpublished", "created", "edited", "deleted", "prereleased", "released"] },
    Event { name: "repository_dispatch", filters: &["types"], types: &[] },
    Event { name: "schedule", filters: &[], types: &[] },
    Event { name: "status", filters: &[], types: &[] },
    Event { name: "watch", filters: &["types"], types: &["started"] },
    Event { name: "workflow_call", filters: &[], types: &[] },
    Event { name: "workflow_dispatch", filters: &[], types: &[] },
    Event { name: "workflow_run", filters: &["types", "workflows", "branches", "branches-ignore"], types: &["requested", "completed", "in_progress"] },
];

/// What is wrong with a time of `schedule`.
#[derive(Debug, PartialEq, Eq)]
pub struct CronFault {
    /// Where, in the text.
    pub at: std::ops::Range<usize>,
    /// What is wanted there.
    pub wanted: String,
}

/// What keeps a text from being a time of `schedule`: five fields of POSIX cron, each in its range. GitHub takes names of months and
/// weekdays, and no `@daily`.
pub fn cron_fault(text: &str) -> Option<CronFault> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != 5 {
        let wanted = "a time of five fields (minute, hour, day, month, weekday)".to_owned();
        return Some(CronFault { at: 0..text.len(), wanted });
    }
    let kinds: [(&str, u32, u32, &[&str]); 5] = [
        ("a minute", 0, 59, &[]),
        ("an hour", 0, 23, &[]),
        ("a day of the month", 1, 31, &[]),
        ("a month", 1, 12, &MONTHS),
        ("a weekday", 0, 7, &DAYS),
    ];
    let mut from = 0;
    for (field, (noun, low, high, names)) in fields.into_iter().zip(kinds) {
        for part in field.split(',') {
            // Parts come in order, each behind the one before.
            let at = from + text[from..].find(part).unwrap_or_default();
            from = at + part.len();
            if let Some(wanted) = cron_part_fault(part, noun, low, high, names) {
                return Some(CronFault { at: at..from, wanted });
            }
        }
    }
    None
}

/// How many minutes lie between two runs of a time that GitHub would have to start more often than every five, which it does not:
/// <https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule>, November 2026.
pub fn too_often(cron: &str) -> Option<u32> {
    let mut fields = cron.split_whitespace();
    let (minutes, hours) = (fields.next()?, fields.next()?);
    let mut set = std::collections::BTreeSet::new();
    for part in minutes.split(',') {
        let (range, step) = part.split_once('/').map_or((part, 1), |(range, step)| (range, step.parse().unwrap_or(1)));
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (from.parse().ok()?, to.parse().ok()?),
            None if range == "*" => (0, 59),
            None if part.contains('/') => (range.parse().ok()?, 59),
            None => (range.parse().ok()?, range.parse().ok()?),
        };
        set.extend((from..=to).step_by(step.max(1)));
    }
    let all: Vec<u32> = set.into_iter().collect();
    let within = all.windows(2).map(|pair| pair[1] - pair[0]);
    // From the last minute of an hour to the first of the next.
    let around = all.first().zip(all.last()).filter(|_| hours == "*" && all.len() > 1).map(|(first, last)| first + 60 - last);
    within.chain(around).min().filter(|&gap| gap < 5)
}

/// Where a pattern of branches, tags or paths is none: a bracket that nothing closes or that is empty.
pub fn filter_fault(pattern: &str) -> Option<usize> {
    let bytes = pattern.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'[' => {
                let close = pattern[at + 1..].find(']').filter(|&length| length > 0);
                match close {
                    Some(length) => at += length + 1,
                    None => return Some(at),
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// What is wanted in place of a part of a field.
fn cron_part_fault(part: &str, noun: &str, low: u32, high: u32, names: &[&str]) -> Option<String> {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    if step.is_some_and(|step| !step.parse::<u32>().is_ok_and(|step| step > 0 && step <= high)) {
        return Some(format!("a step from 1 to {high}"));
    }
    let value = |text: &str| {
        let by_name = names.iter().position(|name| text.eq_ignore_ascii_case(name)).map(|at| at as u32 + low);
        by_name.or_else(|| text.parse().ok()).filter(|value| (low..=high).contains(value))
    };
    let or_name = if names.is_empty() { "" } else { " or by its name" };
    let outside = || Some(format!("{noun} from {low} to {high}{or_name}"));
    match range.split_once('-') {
        Some((from, to)) => match (value(from), value(to)) {
            (Some(from), Some(to)) if from <= to => None,
            (Some(_), Some(_)) => Some("a range that goes up".to_owned()),
            _ => outside(),
        },
        None if range == "*" || value(range).is_some() => None,
        None => outside(),
    }
}

#[cfg(test)]
mod tests {
    use super::{cron_fault, filter_fault, too_often};

    #[test]
    fn times_that_github_does_not_keep_are_told() {
        for (cron, gap) in [("* * * * *", 1), ("*/2 * * * *", 2), ("0,3 4 * * *", 3), ("1,59 * * * *", 2), ("10-12 * * * *", 1)] {
            assert_eq!(too_often(cron), Some(gap), "{cron}");
        }
        for cron in ["*/5 * * * *", "17 3 * * *", "0 * * * *", "1,59 3 * * *", "2/5 * * * *"] {
            assert_eq!(too_often(cron), None, "{cron}");
        }
    }

    #[test]
    fn patterns_of_filters_close_their_brackets() {
        assert_eq!(["a[", "v[]x", "[a"].map(filter_fault), [Some(1), Some(1), Some(0)]);
        assert_eq!(["v[0-9]+", "a\\[", "*", "]"].map(filter_fault), [None; 4]);
    }

    #[test]
    fn times_are_told_from_other_text() {
        for good in ["0 0 * * *", "17 3 * * 1-5", "*/15 0-6,22 1 JAN,feb sun", "0 0 1 */3 7"] {
            assert_eq!(cron_fault(good), None, "{good}");
        }
        for bad in ["", "@daily", "0 0 * *", "60 0 * * *", "0 0 * * 8", "0 0 5-3 * *", "*/0 * * * *", "a b c d e"] {
            assert!(cron_fault(bad).is_some(), "{bad}");
        }
        let fault = cron_fault("0 3 1,99 * *").map(|fault| (fault.at, fault.wanted));
        assert_eq!(fault, Some((6..8, "a day of the month from 1 to 31".to_owned())));
    }
}
