//! What an action or a called workflow takes and gives. To GitHub case does not count in names.

use crate::map::IndexMap;

/// What is declared; none where that is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interface {
    /// What it takes.
    pub inputs: Option<IndexMap<String, Input>>,
    /// The inputs that are code: their values are written into its scripts.
    pub code: Vec<String>,
    /// What names the commits that it checks out: paths of expressions, such as `inputs.ref`.
    pub fetched: Vec<Vec<String>>,
    /// The secrets that a called workflow takes, and whether each must be passed.
    pub secrets: Option<IndexMap<String, bool>>,
    /// What it gives; none also where an action may give anything.
    pub outputs: Option<Vec<String>>,
    /// What each run of a called workflow uploads under a name that is always the same, as messages say it.
    pub artifacts: Vec<String>,
    /// What a called workflow and its jobs ask of the token beyond `contents: read`, each scope with `read` or `write`.
    pub rights: IndexMap<String, String>,
    /// What each job of a called workflow asks of the token, where that is written.
    pub asked: Vec<(String, IndexMap<String, String>)>,
    /// Whether a called workflow has a group whose runs end by themselves, of its own or of a job.
    pub has_group: bool,
}

impl Interface {
    /// Adds a right, the greater one of a scope.
    pub fn ask(&mut self, scope: &str, level: &str) {
        if level == "write" || level == "read" && scope != "contents" {
            let asked = self.rights.entry(scope.to_owned()).or_default();
            if asked != "write" {
                level.clone_into(asked);
            }
        }
    }
}

/// An input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Input {
    /// Whether it must be given: it is required, and has no default.
    pub required: bool,
    /// What a literal must be.
    pub takes: Takes,
}

/// What a literal must be: actions take texts alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Takes {
    /// Any.
    #[default]
    Text,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
}

/// What a map has under a name.
pub fn find<'m, T>(names: &'m IndexMap<String, T>, name: &str) -> Option<&'m T> {
    names.get(name).or_else(|| names.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, found)| found))
}
