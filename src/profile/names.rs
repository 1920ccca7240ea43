//! What GitHub calls jobs and steps in its answers, and how that is compared: commits of actions and values of a row change, the name does not.

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

#[cfg(test)]
mod tests {
    use super::without_commit;

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
