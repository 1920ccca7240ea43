//! The audits of zizmor 1.32, named by the addresses of its documentation in its program: what says each of them first, or why nothing has to.
//!
//! What has a code or a pass is tried out on zizmor by `tests/audits.rs`. Why nothing is said of the others is from their names and help; of
//! `insecure-url-scheme`, `misfeature`, `typosquat-uses` and `unpinned-tools` it was not read.

/// What answers an audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The code that says it.
    Code(&'static str),
    /// The pass without which it would be found, and with which it is not.
    Pass(&'static str),
    /// The same for a part of what it finds, and why nothing is said of the rest.
    Partly(&'static str, &'static str),
    /// It asks a server: what a compiler without network has of that is in the pins, and in `pipelay lock`.
    Network,
    /// It is about files of others than GitHub Actions, or rules of an organisation.
    Elsewhere,
    /// Nothing is said, and why.
    Silent(&'static str),
}

use Answer::{Code, Elsewhere, Network, Partly, Pass, Silent};

/// By name.
#[rustfmt::skip] // one row each
pub static ALL: &[(&str, Answer)] = &[
    ("adhoc-packages", Silent("what a command installs is the author's; no lockfile is known to lack it")),
    ("anonymous-definition", Silent("a job has a name by its id; a display name adds nothing")),
    ("archived-uses", Silent("a repository is archived today and not tomorrow: a table would be out of date")),
    ("artipacked", Code("W0759")),
    ("bot-conditions", Code("W0728")),
    ("cache-poisoning", Code("R0731")),
    ("concurrency-limits", Partly("bound", "only a newer push to a pull request supersedes a run; runs of pushes, comments, times and calls all count")),
    ("dangerous-triggers", Code("W0720")),
    ("dependabot-cooldown", Elsewhere),
    ("dependabot-execution", Elsewhere),
    ("excessive-permissions", Code("R0724")),
    ("forbidden-uses", Elsewhere),
    ("github-app", Silent("how far a token of an application reaches is its owner's decision")),
    ("github-env", Code("W0729")),
    ("hardcoded-container-credentials", Code("W0723")),
    ("impostor-commit", Network),
    ("insecure-commands", Code("W0730")),
    ("insecure-url-scheme", Silent("about pre-commit's repositories and pip's indexes, which a spec does not have")),
    ("known-vulnerable-actions", Network),
    ("misfeature", Silent("about taste: `pip-install` of actions/setup-python, shells that are seldom used")),
    ("obfuscation", Code("W0732")),
    ("overprovisioned-secrets", Code("W0726")),
    ("ref-confusion", Network),
    ("ref-version-mismatch", Network),
    ("secrets-inherit", Code("R0721")),
    ("secrets-outside-env", Silent("whether a secret is of an environment is set in the repository, and not in a workflow")),
    ("self-hosted-runner", Code("R0725")),
    ("self-repository", Silent("`./` is taken by every runner and server, `$/` by the newest alone")),
    ("stale-action-refs", Network),
    ("superfluous-actions", Silent("about taste: an action in place of a command")),
    ("template-injection", Code("W0707")),
    ("typosquat-uses", Network),
    ("undocumented-permissions", Silent("the spec is where a reason is written; its comments are not part of the output")),
    ("unpinned-images", Code("R0722")),
    ("unpinned-tools", Silent("the version of a tool is the author's to choose, and the library's toolchains name theirs")),
    ("unpinned-uses", Pass("pin")),
    ("unredacted-secrets", Code("W0727")),
    ("unsound-condition", Silent("a condition of the language is an expression as a whole, and never text around one")),
    ("unsound-contains", Code("W0654")),
    ("unsound-ternary", Code("W0655")),
    ("use-trusted-publishing", Code("R0733")),
];
