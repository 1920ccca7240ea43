//! What is known of well-known actions.

/// The actions that the compiler itself writes, with the major version that it writes.
pub mod used {
    /// Fetches the repository.
    pub const CHECKOUT: &str = "actions/checkout@v6";
    /// Restores a cache.
    pub const RESTORE: &str = "actions/cache/restore@v5";
    /// Saves one.
    pub const SAVE: &str = "actions/cache/save@v5";
    /// Keeps files of a run.
    pub const UPLOAD: &str = "actions/upload-artifact@v7";
    /// Gets files of a run.
    pub const DOWNLOAD: &str = "actions/download-artifact@v8";
}

/// Actions that work through GitHub's API alone and never look at the repository's files, from their READMEs, November 2026.
const WITHOUT_FILES: [&str; 14] = [
    "actions/add-to-project",
    "actions/create-github-app-token",
    "actions/deploy-pages",
    "actions/first-interaction",
    "actions/stale",
    "amannn/action-semantic-pull-request",
    "arnested/go-version-action",
    "dessant/lock-threads",
    "dependabot/fetch-metadata",
    "eps1lon/actions-label-merge-conflict",
    "lee-dohm/no-response",
    "peter-evans/create-or-update-comment",
    "peter-evans/repository-dispatch",
    "slackapi/slack-github-action",
];

/// The name of an action: what `uses` says, without its reference.
pub fn name(uses: &str) -> &str {
    uses.split('@').next().unwrap_or_default()
}

/// An action with the reference at which the compiler or its library uses it, where they do.
pub fn latest(action: &str) -> Option<&'static str> {
    let own = [used::CHECKOUT, "actions/cache@v5", used::RESTORE, used::SAVE, used::UPLOAD, used::DOWNLOAD];
    let words = super::library::ALL.iter().flat_map(|entry| entry.text.split_whitespace());
    own.into_iter().chain(words).find(|known| known.contains('@') && name(known).eq_ignore_ascii_case(action))
}

/// Whether an action may look at the repository's files. All do, but those known not to.
pub fn needs_files(uses: &str) -> bool {
    let name = name(uses);
    !uses.starts_with("docker://") && !WITHOUT_FILES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether an action makes a tool available.
pub fn sets_up(uses: &str) -> bool {
    name(uses).to_ascii_lowercase().starts_with("actions/setup-")
}

/// Whether an action goes with a machine: it sets up a tool, fetches, keeps or restores files, and does nothing else.
pub fn goes_along(uses: &str) -> bool {
    let all: [fn(&str) -> bool; 4] = [sets_up, checks_out, uploads, restores];
    all.iter().any(|is_one| is_one(uses))
}

/// Whether an action restores a cache.
pub fn restores(uses: &str) -> bool {
    ["actions/cache", "actions/cache/restore"].iter().any(|known| name(uses).eq_ignore_ascii_case(known))
}

/// Whether an action keeps files.
pub fn uploads(uses: &str) -> bool {
    name(uses).eq_ignore_ascii_case("actions/upload-artifact")
}

/// Whether an action fetches the repository itself.
pub fn checks_out(uses: &str) -> bool {
    name(uses).eq_ignore_ascii_case("actions/checkout")
}
