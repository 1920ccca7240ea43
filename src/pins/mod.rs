//! Pins: the commits that stand for the tags and branches that a spec names.
//!
//! A tag can be moved to other code at any time; a commit cannot. So the author writes `actions/checkout@v6`, and the output has the commit, with
//! the full tag in a comment. Where a commit is known from: `pipelay.lock` ([`lock`]), the table of the compiler ([`crate::catalog::pins`]), and the
//! committed output ([`committed`]), which a bot may have brought up to date. [`Known`] says which of them wins. Images have digests for their tags, in
//! the lock alone ([`mod@image`]).

pub mod committed;
pub mod github;
pub mod image;
pub mod lock;

use std::cmp::Ordering;

use crate::catalog::pins as table;
use crate::diagnostics::Outcome;
use crate::facts::Facts;
use crate::source::Sources;
use committed::Committed;
use lock::Lock;

/// A tag or branch, and the commit that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The full tag: `v6.0.2`. The branch where none was asked for but that.
    pub tag: String,
    /// The commit: forty hexadecimal digits.
    pub commit: String,
    /// The day of the tag or commit, `2026-01-09`, where it is known.
    pub date: Option<String>,
}

/// Where a pin is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The committed output has a newer tag than lock and table: a bot's bump.
    Committed,
    /// `pipelay.lock`.
    Lock,
    /// The table of the compiler.
    Table,
}

/// What is asked of another repository: all actions in it share its tags.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Asked {
    /// The repository, in small letters: GitHub knows no others.
    pub repository: String,
    /// The tag or branch.
    pub reference: String,
}

impl Asked {
    /// What `uses` asks for, where that can be pinned: it names another repository, and a tag or branch there.
    pub fn of(uses: &str) -> Option<Self> {
        let (path, reference) = uses.split_once('@')?;
        let own = path.starts_with(['.', '$']) || path.contains("://");
        if own || uses.contains("${{") || reference.is_empty() || is_commit(reference) {
            return None;
        }
        let mut parts = path.split('/');
        let (owner, name) = (parts.next()?, parts.next()?);
        Some(Self { repository: format!("{owner}/{name}").to_lowercase(), reference: reference.to_owned() })
    }

    /// What asks for that tag as this asks for its own: by as many numbers.
    pub fn alike(&self, tag: &str) -> String {
        let parts = Version::of(&self.reference).map_or(usize::MAX, |version| version.parts());
        tag.split('.').take(parts).collect::<Vec<_>>().join(".")
    }

    /// Whether a tag is one of those that are meant.
    pub fn takes(&self, tag: &str) -> bool {
        let within = |asked: Version, tag: Version| tag.0.starts_with(&asked.0);
        tag == self.reference || Version::of(&self.reference).zip(Version::of(tag)).is_some_and(|(asked, tag)| within(asked, tag))
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.repository, self.reference)
    }
}

/// Whether a reference is a whole commit.
pub fn is_commit(reference: &str) -> bool {
    reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The numbers of a tag such as `v6`, `v6.0.2` or `2.37.1`. Any other tag has none, and is neither older nor newer than another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version(Vec<u64>);

impl Version {
    /// The numbers of a tag.
    pub fn of(tag: &str) -> Option<Self> {
        let number = |part: &str| {
            let plain = !part.is_empty() && part.len() < 16 && part.bytes().all(|byte| byte.is_ascii_digit());
            if plain { part.parse().ok() } else { None }
        };
        tag.strip_prefix('v').unwrap_or(tag).split('.').map(number).collect::<Option<_>>().map(Self)
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.0.first().copied().unwrap_or_default()
    }

    /// How many numbers there are: `v6` has one, and may be moved; `v6.0.2` has three.
    pub fn parts(&self) -> usize {
        self.0.len()
    }
}

impl PartialOrd for Version {
    /// `v6` is `v6.0.0` here, but equal to itself alone.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let at = |version: &Self, index: usize| version.0.get(index).copied().unwrap_or(0);
        let length = self.0.len().max(other.0.len());
        let differ = (0..length).map(|index| at(self, index).cmp(&at(other, index))).find(|order| order.is_ne());
        differ.unwrap_or_else(|| self.0.len().cmp(&other.0.len()))
    }
}

/// Whether a tag is of a newer version than another. Not where one of them has no version.
pub fn is_newer(tag: &str, than: &str) -> bool {
    Version::of(tag).zip(Version::of(than)).is_some_and(|(tag, than)| tag > than)
}

/// All that is known for one spec.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// `pipelay.lock`.
    pub lock: Lock,
    /// The committed output.
    pub committed: Committed,
}

impl Known {
    /// What the facts of a repository say.
    pub fn of(facts: &Facts, sources: &mut Sources) -> Outcome<Self> {
        let committed = facts.committed.as_deref().map(Committed::of).unwrap_or_default();
        let lock = facts.lock.as_ref().map(|text| {
            let index = sources.add(lock::PATH, text.as_str());
            Lock::parse(sources.get(index))
        });
        let Outcome { value: lock, diags } = lock.unwrap_or_default();
        Outcome { value: Self { lock, committed }, diags }
    }

    /// The pin of what is asked for, and where it is from.
    ///
    /// The committed output wins where its tag is newer: a bot owns that field, and the author's words allow it. What it has of the same tag or
    /// an older one is not asked. Of what is no version only the lock can tell: a branch has no newer one.
    pub fn find(&self, asked: &Asked) -> Option<(Pin, Source)> {
        let own = self.lock.find(asked).map(|pin| (pin.clone(), Source::Lock));
        let own = own.or_else(|| table::find(asked).map(|pin| (pin, Source::Table)));
        let bump = Version::of(&asked.reference).and_then(|_| self.committed.newest(asked));
        match (bump, own) {
            // The commit of an older tag under a newer one: only the comment was changed.
            (Some(bump), Some((own, _))) if is_newer(&bump.tag, &own.tag) && bump.commit != own.commit => {
                Some((bump.clone(), Source::Committed))
            }
            (Some(bump), None) => Some((bump.clone(), Source::Committed)),
            (_, own) => own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(uses: &str) -> Asked {
        Asked::of(uses).unwrap_or_else(|| panic!("{uses} cannot be pinned"))
    }

    #[test]
    fn what_can_be_pinned_names_a_tag_or_branch_of_another_repository() {
        assert_eq!(asked("Swatinem/rust-cache@v2").to_string(), "swatinem/rust-cache@v2");
        assert_eq!(asked("actions/cache/restore@v5").to_string(), "actions/cache@v5");
        assert_eq!(asked("o/r/.github/workflows/x.yml@release/v1").to_string(), "o/r@release/v1");
        let commit = format!("actions/checkout@{}", "0a".repeat(20));
        for uses in ["./tools", "../x@v1", "$/tools", "docker://alpine@sha256:1", "a/b@${{ x }}", "a/b", "a/b@", "a@v1", &commit]
        {
            assert_eq!(Asked::of(uses), None, "{uses}");
        }
    }

    #[test]
    fn a_reference_takes_the_tags_that_it_begins() {
        for (reference, tag) in
            [("v6", "v6.0.2"), ("v6", "v6"), ("v6.0", "v6.0.2"), ("v6.0.2", "v6.0.2"), ("v2", "2.37.1"), ("main", "main")]
        {
            assert!(asked(&format!("a/b@{reference}")).takes(tag), "{reference} takes {tag}");
        }
        for (reference, tag) in
            [("v6", "v60.0.1"), ("v6", "v7.0.0"), ("v6.0", "v6.1.0"), ("v6.0.2", "v6.0.1"), ("v6.0.2", "v6"), ("v6", "v6-beta")]
        {
            assert!(!asked(&format!("a/b@{reference}")).takes(tag), "{reference} does not take {tag}");
        }
    }

    #[test]
    fn versions_are_compared_by_number() {
        assert!(is_newer("v6.0.10", "v6.0.9"));
        assert!(is_newer("v6.0.1", "v6"));
        assert!(is_newer("v6.0.0", "v6"), "the full tag is the better one");
        assert!(is_newer("2.0", "v1.99.99"));
        for (tag, than) in
            [("v6", "v6"), ("v6.0.1", "v6.0.1"), ("v6.0.1", "v6.0.2"), ("main", "v1"), ("v2-beta", "v1"), ("v", "v1")]
        {
            assert!(!is_newer(tag, than), "{tag} is not newer than {than}");
        }
    }
}
