//! Inputs of actions that are code: what is written into them is read by an interpreter.
//!
//! From the actions' own `action.yml` as far as `known_actions.txt` has them, the others from their documentation, from memory.

use super::actions;

/// Each with its input, and how code of its language asks for a variable of the environment, around the name.
const INPUTS: &[(&str, &str, [&str; 2])] = &[
    ("8398a7/action-slack", "custom_payload", ["process.env.", ""]),
    ("actions/github-script", "script", ["process.env.", ""]),
    ("addnab/docker-run-action", "run", ["$", ""]),
    ("amadevus/pwsh-script", "script", ["$env:", ""]),
    ("appleboy/ssh-action", "script", ["$", ""]),
    ("azure/cli", "inlinescript", ["$", ""]),
    ("azure/powershell", "inlinescript", ["$env:", ""]),
    ("cachix/cachix-action", "installcommand", ["$", ""]),
    ("cardinalby/js-eval-action", "expression", ["env.", ""]),
    ("coactions/setup-xvfb", "run", ["$", ""]),
    ("cypress-io/github-action", "command", ["$", ""]),
    ("gabrielbb/xvfb-action", "run", ["$", ""]),
    ("jannekem/run-python-script-action", "script", ["os.environ['", "']"]),
    ("mikefarah/yq", "cmd", ["$", ""]),
    ("nick-fields/retry", "command", ["$", ""]),
    ("nick-invision/retry", "command", ["$", ""]),
    ("reactivecircus/android-emulator-runner", "script", ["$", ""]),
    ("uraimo/run-on-arch-action", "run", ["$", ""]),
    ("vmactions/dragonflybsd-vm", "run", ["$", ""]),
    ("vmactions/freebsd-vm", "run", ["$", ""]),
    ("vmactions/netbsd-vm", "run", ["$", ""]),
    ("vmactions/omnios-vm", "run", ["$", ""]),
    ("vmactions/openbsd-vm", "run", ["$", ""]),
    ("vmactions/solaris-vm", "run", ["$", ""]),
];

/// How the code that an action is given in an input asks for a variable; none where that input is no code.
pub fn variable(uses: &str, input: &str, name: &str) -> Option<String> {
    // What an image is told is its program's, or a shell's.
    if uses.starts_with("docker://") && ["args", "entrypoint"].iter().any(|own| own.eq_ignore_ascii_case(input)) {
        return Some(format!("`${name}`"));
    }
    let action = actions::name(uses).to_ascii_lowercase();
    let is_it = |(known, own, _): &&(&str, &str, [&str; 2])| *known == action && own.eq_ignore_ascii_case(input);
    INPUTS.iter().find(is_it).map(|(_, _, [before, after])| format!("`{before}{name}{after}`"))
}

#[cfg(test)]
mod tests {
    use super::{INPUTS, variable};

    #[test]
    fn code_in_inputs_is_known() {
        assert!(INPUTS.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(variable("Actions/github-script@v8", "script", "TITLE").as_deref(), Some("`process.env.TITLE`"));
        assert_eq!(variable("actions/github-script@v8", "retries", "TITLE"), None);
        assert_eq!(variable("vmactions/freebsd-vm@v1", "run", "T").as_deref(), Some("`$T`"));
        assert_eq!(variable("docker://alpine:3", "args", "T").as_deref(), Some("`$T`"));
        assert_eq!(variable("docker://alpine:3", "other", "T"), None);
        assert_eq!(variable("jannekem/run-python-script-action@v1", "script", "T").as_deref(), Some("`os.environ['T']`"));
    }
}
