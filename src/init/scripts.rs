//! Names that scripts, tasks and targets have everywhere, and what they are for.

/// What a script is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    Lint,
    Test,
    Build,
}

impl Purpose {
    /// All of them, in the order of their jobs.
    pub(super) const ALL: [Self; 3] = [Self::Lint, Self::Test, Self::Build];

    /// The id of its job.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Test => "test",
            Self::Build => "build",
        }
    }

    /// Names that leave no doubt, the first choice first. Of each row one is taken.
    fn names(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Lint => &[
                &["lint:ci", "lint:check", "lint", "eslint", "cs:check", "check-style"],
                &["format:check", "format-check", "check:format", "check-format", "fmt:check", "fmt-check", "prettier:check"],
                &["typecheck", "type-check", "check-types", "check:types", "types:check", "tsc", "phpstan", "analyse", "analyze"],
                &["check"],
            ],
            Self::Test => &[&["test:ci", "test"]],
            Self::Build => &[&["build"]],
        }
    }

    /// Those of `there` that are for this.
    pub(super) fn of<'t>(self, there: &[&'t str]) -> Vec<&'t str> {
        let one = |names: &&[&str]| names.iter().find_map(|name| there.iter().find(|there| *there == name).copied());
        let mut found: Vec<&str> = self.names().iter().filter_map(one).collect();
        // Parts where there is no whole.
        if found.is_empty() && self == Self::Test {
            found.extend(
                ["test:unit", "test-unit", "unit", "test:integration"]
                    .iter()
                    .filter_map(|name| there.iter().find(|there| *there == name).copied()),
            );
        }
        found
    }
}
