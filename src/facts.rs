//! What the compiler needs to know of the repository. The library reads nothing itself: all of it comes in here.

use std::collections::BTreeMap;

use crate::pins::github::Onboarded;

/// Facts of the repository that a spec belongs to. Paths are relative to its root, with `/`.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The files that git tracks, sorted; none where there is no repository, and then no pattern is said to match nothing.
    pub tracked: Option<Vec<String>>,
    /// Texts by path: `.pipe` files that specs import, and what they use of the repository: workflows and the `action.yml` of actions.
    pub texts: BTreeMap<String, String>,
    /// `pipelay.lock`, where it is there.
    pub lock: Option<String>,
    /// The profile of the spec, where it has one: what was measured of its runs.
    pub profile: Option<String>,
    /// The output of the spec as it is committed, where it is there: the pins in it are what bots bring up to date.
    pub committed: Option<String>,
    /// What GitHub's own lock file records for that output, where it lists it.
    pub onboarded: Option<Onboarded>,
}

impl Facts {
    /// Whether git tracks that very file.
    pub fn tracks(&self, path: &str) -> bool {
        self.tracked.as_ref().is_some_and(|tracked| tracked.binary_search_by(|file| file.as_str().cmp(path)).is_ok())
    }
}
