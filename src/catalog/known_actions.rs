//! What well-known actions take and give, by their major versions: the table `known_actions.txt`, whose head says where each fact is from.

use std::sync::OnceLock;

use super::interface::{Input, Interface};
use crate::map::IndexMap;

/// The table as it is written.
pub static TABLE: &str = include_str!("known_actions.txt");

/// What is known of a version of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What it takes and gives.
    pub interface: Interface,
    /// Whether it still runs.
    pub life: Life,
}

/// Whether a version still runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It does.
    Runs,
    /// It was made for a Node.js that GitHub's machines no longer have, and runs on another.
    Retired,
    /// GitHub fails every job with it.
    Off,
}

/// The version of an action that `uses` names, where the table has that very one. A commit says nothing of its version, but the comment behind
/// it does, as people and bots write it: `v4.1.2`, `tag=v4.1.2`, `pin@v4`.
pub fn find(uses: &str, comment: Option<&str>) -> Option<Known> {
    let (name, reference) = uses.split_once('@')?;
    let tag = comment.and_then(|comment| comment.split_whitespace().next()).and_then(|word| word.rsplit(['@', '=']).next());
    let version = version(tag.filter(|tag| tag.starts_with('v') || tag.contains('.')).unwrap_or(reference));
    rows(&name.to_lowercase()).find(|row| row.versions.split(' ').any(|known| known == version)).map(Row::known)
}

/// The newest version of an action that runs.
pub fn newest(name: &str) -> Option<u32> {
    let running = rows(name).filter(|row| row.life() == Life::Runs);
    running.flat_map(|row| row.versions.split(' ')).filter_map(|version| version.strip_prefix('v')?.parse().ok()).max()
}

/// The major version of a tag such as `v4`, `v4.1.2` or `4.1`; any other reference as it is.
fn version(reference: &str) -> String {
    let tag = reference.strip_prefix('v').unwrap_or(reference);
    let number = |part: &str| !part.is_empty() && part.len() < 9 && part.bytes().all(|byte| byte.is_ascii_digit());
    match tag.split('.').next() {
        Some(major) if tag.split('.').all(number) => format!("v{major}"),
        _ => reference.to_owned(),
    }
}

/// A line of the table.
struct Row<'t> {
    versions: &'t str,
    runtime: &'t str,
    inputs: &'t str,
    outputs: &'t str,
}

impl<'t> Row<'t> {
    fn new(line: &'t str) -> Option<Self> {
        let mut columns = line.split(" | ").skip(1);
        Some(Self { versions: columns.next()?, runtime: columns.next()?, inputs: columns.next()?, outputs: columns.next()? })
    }

    fn life(&self) -> Life {
        match self.runtime {
            "off" => Life::Off,
            "retired" => Life::Retired,
            _ => Life::Runs,
        }
    }

    fn known(self) -> Known {
        let names = |column: &'t str| column.split(' ').filter(|name| *name != "-");
        let input = |name: &str| {
            let input = Input { required: name.contains('!'), ..Input::default() };
            (name.trim_end_matches(['!', '~']).to_owned(), input)
        };
        let inputs = (self.inputs != "?").then(|| names(self.inputs).map(input).collect::<IndexMap<_, _>>());
        let outputs = (self.outputs != "*").then(|| names(self.outputs).map(str::to_owned).collect());
        Known { interface: Interface { inputs, outputs, ..Interface::default() }, life: self.life() }
    }
}

/// What the table has of an action, whose name is in small letters.
fn rows(name: &str) -> impl Iterator<Item = Row<'static>> {
    static LINES: OnceLock<Vec<&str>> = OnceLock::new();
    let lines = LINES.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).collect());
    let of = |line: &str| line.split(" | ").next().unwrap_or_default().cmp(name);
    let start = lines.partition_point(|line| of(line).is_lt());
    lines[start..].iter().take_while(move |line| of(line).is_eq()).filter_map(|line| Row::new(line))
}
