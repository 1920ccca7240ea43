//! The machines that GitHub and others offer: labels, shapes and prices, as `runners.txt` has them with their sources.
//!
//! Larger machines of GitHub's have labels that each organisation chooses: of these the table has shapes and prices, and the spec has the label.

use std::sync::LazyLock;

/// A machine that can be had.
#[derive(Debug, Clone, PartialEq)]
pub struct Runner {
    /// What `runs-on` says; empty where an organisation chooses it.
    pub label: &'static str,
    /// Its system: `linux`, `windows` or `macos`.
    pub os: &'static str,
    /// Its processor: `x64` or `arm64`.
    pub arch: &'static str,
    /// What it has in a private repository.
    pub shape: Shape,
    /// What it has in a public one.
    pub public: Shape,
    /// What a minute costs in a private repository, in US dollars, where that is known.
    pub price: Option<f64>,
    /// What the time of a job is rounded up to, in seconds.
    pub billed: u32,
    /// Who has it.
    pub kind: Kind,
}

/// The size of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Processors.
    pub cores: u32,
    /// Memory, in GB.
    pub memory: u32,
    /// Disk, in GB, where that is known.
    pub disk: Option<u32>,
}

/// Who has a machine, and on what terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// GitHub: free in public repositories.
    Standard,
    /// GitHub: always paid.
    Larger,
    /// Somebody else.
    Other(&'static str),
}

/// GitHub's smallest machine: a container with one processor, fewer tools and 15 minutes.
pub const SLIM: &str = "ubuntu-slim";

/// All of them.
pub static ALL: LazyLock<Vec<Runner>> = LazyLock::new(|| include_str!("runners.txt").lines().filter_map(read).collect());

/// A line of the table; none for a comment.
fn read(line: &'static str) -> Option<Runner> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    let [label, os, arch, cores, memory, disk, price, billed, public, kind] = columns[..] else { return None };
    let shape = Shape { cores: cores.parse().ok()?, memory: memory.parse().ok()?, disk: disk.parse().ok() };
    let other = public.split_once('/').and_then(|(cores, memory)| Some((cores.parse().ok()?, memory.parse().ok()?)));
    Some(Runner {
        label: if label == "*" { "" } else { label },
        os,
        arch,
        shape,
        public: other.map_or(shape, |(cores, memory)| Shape { cores, memory, ..shape }),
        price: price.parse().ok(),
        billed: if billed == "second" { 1 } else { 60 },
        kind: match kind {
            "standard" => Kind::Standard,
            "larger" => Kind::Larger,
            other => Kind::Other(other),
        },
    })
}

impl Runner {
    /// After how many minutes GitHub ends a job on it (github/docs limits.md at 6a4a926b).
    pub fn longest(&self) -> u64 {
        if self.is_slim() { 15 } else { 360 }
    }

    /// Whether it is a container with fewer tools: `slim.txt` has what works there.
    pub fn is_slim(&self) -> bool {
        self.label == SLIM
    }

    /// Whether it is GitHub's.
    pub fn is_githubs(&self) -> bool {
        matches!(self.kind, Kind::Standard | Kind::Larger)
    }
}

/// The machine of a label. Case does not count.
pub fn find(label: &str) -> Option<&'static Runner> {
    ALL.iter().find(|runner| !runner.label.is_empty() && runner.label.eq_ignore_ascii_case(label))
}

/// GitHub's machine of a shape, whatever its label: what a name that an organisation chose is taken for.
pub fn of_shape(os: &str, arch: &str, cores: u32) -> Option<&'static Runner> {
    let fits = |runner: &&Runner| runner.is_githubs() && runner.os == os && runner.arch == arch && runner.shape.cores == cores;
    ALL.iter().filter(fits).find(|runner| runner.price.is_some())
}

/// Of GitHub's standard machines those that `runner auto` chooses among: of each system and processor the usual one, and what is cheaper. Others differ in their
/// images alone.
const OFFERED: &[&str] =
    &["ubuntu-latest", "ubuntu-slim", "ubuntu-24.04-arm", "windows-latest", "windows-11-arm", "macos-latest", "macos-15-intel"];

/// The machines of a system that anybody has, the usual one first.
pub fn offered(os: &str) -> impl Iterator<Item = &'static Runner> {
    OFFERED.iter().filter_map(|label| find(label)).filter(move |runner| runner.os == os)
}

fn labels() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|runner| runner.label).filter(|label| !label.is_empty())
}

/// What the runner software gives to every machine of one's own.
const SELF_HOSTED: &[&str] = &["self-hosted", "linux", "windows", "macos", "x64", "arm", "arm64"];

/// Systems, each with the label of the machine that is meant by it.
const SYSTEMS: &[(&str, &str)] = &[
    ("ubuntu", "ubuntu-latest"),
    ("linux", "ubuntu-latest"),
    ("windows", "windows-latest"),
    ("win", "windows-latest"),
    ("macos", "macos-latest"),
    ("mac", "macos-latest"),
    ("osx", "macos-latest"),
];

/// Whether a label names a system and no machine: alone it would wait for a machine of one's own.
pub fn is_system(label: &str) -> bool {
    SYSTEMS.iter().any(|(system, _)| system.eq_ignore_ascii_case(label))
}

/// The machine of a label, where it is GitHub's.
pub fn hosted(label: &str) -> Option<&'static Runner> {
    find(label).filter(|runner| runner.is_githubs())
}

/// Whether a machine of the table, or every self-hosted one of a kind, has that label.
pub fn is_known(label: &str) -> bool {
    find(label).is_some() || SELF_HOSTED.iter().any(|known| known.eq_ignore_ascii_case(label))
}

/// The label of GitHub, or one of `own`, that differs from this one by a slip or two. Stricter than elsewhere: labels of larger machines
/// are often made of GitHub's (`ubuntu-24.04-8core`), and are no slips.
pub fn near<'a>(label: &str, own: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let label = label.to_lowercase();
    if labels().any(|known| label.starts_with(known)) {
        return None;
    }
    // A bare system: its most usual machine.
    let system = SYSTEMS.iter().find(|(system, _)| *system == label).map(|(_, usual)| *usual);
    if let Some(usual) = system {
        return Some(usual);
    }
    let known: Vec<&'a str> = labels().collect();
    let candidates =
        own.into_iter().chain(known).map(|known| (strsim::damerau_levenshtein(&label, &known.to_lowercase()), known));
    let most = (label.len() / 3).min(2);
    candidates.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::{is_known, near};

    #[test]
    fn slips_are_told_from_labels_of_ones_own() {
        for (label, meant) in [
            ("ubuntu-lastest", "ubuntu-latest"),
            ("ubuntu", "ubuntu-latest"),
            ("Windows", "windows-latest"),
            ("windows-2019", "windows-2025"),
        ] {
            assert_eq!(near(label, []), Some(meant), "{label}");
        }
        for label in ["ubuntu-24.04-8core", "ubuntu-large", "macos-large", "gpu", "build-01", "linux-arm64", "windows-large"] {
            assert_eq!(near(label, []), None, "{label}");
        }
        assert_eq!(near("ubuntu", ["ubuntu-big"]), Some("ubuntu-latest"));
        assert_eq!(near("lareg", ["large"]), Some("large"));
        assert_eq!(near("lrag", ["large"]), None, "too short for two slips");
        assert!(is_known("Ubuntu-Latest") && is_known("ARM64"));
    }
}
