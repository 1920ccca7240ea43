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

/// Whether a text is a time of `schedule`: five fields of POSIX cron, each in its range. GitHub takes names of months and weekdays, and no
/// `@daily`.
pub fn is_cron(text: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let fields: Vec<&str> = text.split_whitespace().collect();
    let ranges: [(u32, u32, &[&str]); 5] = [(0, 59, &[]), (0, 23, &[]), (1, 31, &[]), (1, 12, &MONTHS), (0, 7, &DAYS)];
    fields.len() == 5
        && fields
            .iter()
            .zip(ranges)
            .all(|(field, (low, high, names))| field.split(',').all(|part| is_cron_part(part, low, high, names)))
}

fn is_cron_part(part: &str, low: u32, high: u32, names: &[&str]) -> bool {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    if step.is_some_and(|step| !step.parse::<u32>().is_ok_and(|step| step > 0 && step <= high)) {
        return false;
    }
    let value = |text: &str| {
        let by_name = names.iter().position(|name| text.eq_ignore_ascii_case(name)).map(|at| at as u32 + low);
        by_name.or_else(|| text.parse().ok()).filter(|value| (low..=high).contains(value))
    };
    match range.split_once('-') {
        Some((from, to)) => matches!((value(from), value(to)), (Some(from), Some(to)) if from <= to),
        None => range == "*" || value(range).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_cron;

    #[test]
    fn times_are_told_from_other_text() {
        for good in ["0 0 * * *", "17 3 * * 1-5", "*/15 0-6,22 1 JAN,feb sun", "0 0 1 */3 7"] {
            assert!(is_cron(good), "{good}");
        }
        for bad in ["", "@daily", "0 0 * *", "60 0 * * *", "0 0 * * 8", "0 0 5-3 * *", "*/0 * * * *", "a b c d e"] {
            assert!(!is_cron(bad), "{bad}");
        }
    }
}
