//! A repository as surveys see it.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::facts::Facts;

/// Folders whose files are other people's, or made to be wrong.
const FOREIGN: [&str; 7] = ["node_modules", "vendor", "third_party", "testdata", "fixtures", "__fixtures__", ".yarn"];

/// The files that are a repository's own.
pub(super) fn own(tracked: &[String]) -> impl Iterator<Item = &String> {
    tracked.iter().filter(|path| !path.split('/').any(|part| FOREIGN.contains(&part)))
}

/// What git tracks, and the texts of what is looked at.
pub(super) struct Repository<'a> {
    facts: &'a Facts,
    files: Vec<&'a str>,
}

impl<'a> Repository<'a> {
    pub(super) fn new(facts: &'a Facts) -> Self {
        Self { facts, files: own(facts.tracked.as_deref().unwrap_or_default()).map(String::as_str).collect() }
    }

    /// The files, by path.
    pub(super) fn files(&self) -> impl Iterator<Item = &'a str> {
        self.files.iter().copied()
    }

    /// Whether there is that file.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.binary_search(&path).is_ok()
    }

    /// The first of these files that is there.
    pub(super) fn first<'n>(&self, paths: &[&'n str]) -> Option<&'n str> {
        paths.iter().copied().find(|path| self.has(path))
    }

    /// Whether there is any file in a folder.
    pub(super) fn has_folder(&self, folder: &str) -> bool {
        self.files().any(|path| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    }

    /// The files of that name, in any folder.
    pub(super) fn named(&self, wanted: &str) -> impl Iterator<Item = &'a str> {
        self.files().filter(move |path| name(path) == wanted)
    }

    /// The first of that name that is not in the root.
    pub(super) fn elsewhere(&self, name: &str) -> Option<&'a str> {
        self.named(name).find(|path| path.contains('/'))
    }

    /// The text of a file that is looked at; none where it is not there, or could not be read.
    pub(super) fn text(&self, path: &str) -> Option<&'a str> {
        self.facts.texts.get(path).map(String::as_str).filter(|_| self.has(path))
    }

    /// Whether a text is there and has `part`.
    pub(super) fn says(&self, path: &str, part: &str) -> bool {
        self.text(path).is_some_and(|text| text.contains(part))
    }

    /// Manifests in the root that are there and cannot be understood.
    pub(super) fn unreadable(&self) -> impl Iterator<Item = &'static str> {
        let json = ["package.json", "composer.json", "deno.json"]
            .into_iter()
            .filter(|path| self.text(path).is_some() && self.json(path).is_null());
        let toml =
            ["Cargo.toml", "pyproject.toml"].into_iter().filter(|path| self.text(path).is_some() && self.toml(path).is_null());
        json.chain(toml)
    }

    /// A file of JSON; null where it is none.
    pub(super) fn json(&self, path: &str) -> Value {
        self.text(path).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// A file of TOML, as JSON; null where it is none.
    pub(super) fn toml(&self, path: &str) -> Value {
        self.text(path).and_then(|text| toml::from_str(text).ok()).unwrap_or_default()
    }

    /// A file of YAML.
    pub(super) fn yaml<T: DeserializeOwned>(&self, path: &str) -> Option<T> {
        self.text(path).and_then(|text| serde_yaml::from_str(text).ok())
    }
}

/// The last part of a path.
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What stands behind the last dot of a path.
pub(super) fn extension(path: &str) -> &str {
    name(path).rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// The folder of a path; empty for the root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
