//! What GitHub calls jobs and steps in its answers, and how that is compared: commits of actions and values of a row change, the name does not.

use crate::expr::text::holes;
use crate::hir::{Step, StepKind};

/// The name that GitHub shows for a step, as far as it does not change when an action is pinned anew.
pub fn display_name(step: &Step) -> String {
    match (&step.title, &step.kind) {
        (Some(title), _) => title.as_str().to_owned(),
        (None, StepKind::Run(script)) => {
            format!("Run {}", script.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim())
        }
        (None, StepKind::Uses { action, .. }) => without_commit(&format!("Run {}", action.as_str())),
        (None, StepKind::Checkout(_)) => "Run actions/checkout".to_owned(),
        (None, StepKind::Parallel(_)) => "Parallel".to_owned(),
        (None, StepKind::Wait(_)) => "Wait".to_owned(),
        (None, StepKind::Cancel(_)) => "Cancel".to_owned(),
    }
}

/// The name of a step without the version of an action: `Run actions/checkout@v6` and `Post Run actions/checkout@<commit>`.
pub fn without_commit(name: &str) -> String {
    let action = name.strip_prefix("Post ").unwrap_or(name).strip_prefix("Run ");
    let versioned = action.and_then(|action| action.split_once('@')).filter(|(action, version)| {
        action.contains('/') && !action.contains(char::is_whitespace) && !version.contains(char::is_whitespace)
    });
    match versioned {
        Some((_, version)) => name[..name.len() - version.len() - 1].to_owned(),
        None => name.to_owned(),
    }
}

/// Whether a step of this name may be shown so: GitHub fills in the expressions of a name, and a script in which they became variables has those in it.
pub fn may_be_shown_as(name: &str, shown: &str) -> bool {
    let (mut end, mut rest) = (0, Some(shown));
    for (span, _) in holes(name) {
        let text = &name[end..span.start as usize];
        rest = match rest {
            // What begins the name stands at its begin; what stands between two expressions, as near as it can.
            Some(rest) if end == 0 => rest.strip_prefix(text),
            Some(rest) => rest.find(text).map(|at| &rest[at + text.len()..]),
            None => None,
        };
        end = span.end as usize;
    }
    rest.is_some_and(|rest| if end == 0 { shown == name } else { rest.ends_with(&name[end..]) })
}

#[cfg(test)]
mod tests {
    use super::{may_be_shown_as, without_commit};

    #[test]
    fn expressions_of_a_name_are_filled_in_or_become_variables() {
        let name = "Run ./test --os=${{ matrix.os }} --to ${{ matrix.to }} all";
        for (shown, fits) in [
            ("Run ./test --os=linux --to a all", true),
            ("Run ./test --os=\"$MATRIX_OS\" --to \"$MATRIX_TO\" all", true),
            ("Run ./test --os=linux all", false),
            ("Run ./test --os=linux --to a", false),
            ("Run test --os=linux --to a all", false),
        ] {
            assert_eq!(may_be_shown_as(name, shown), fits, "{shown}");
        }
        assert!(may_be_shown_as("Run make", "Run make") && !may_be_shown_as("Run make", "Run make all"));
        assert!(may_be_shown_as("Run ${{ matrix.command }}", "Run make all"));
    }

    #[test]
    fn only_versions_of_actions_are_left_out() {
        for (name, plain) in [
            ("Run actions/checkout@v6", "Run actions/checkout"),
            ("Post Run actions/cache/restore@27d5ce7f", "Post Run actions/cache/restore"),
            ("Run npx playwright@1.2 install", "Run npx playwright@1.2 install"),
            ("Run npm ci", "Run npm ci"),
            ("Mail a/b@c", "Mail a/b@c"),
        ] {
            assert_eq!(without_commit(name), plain);
        }
    }
}
