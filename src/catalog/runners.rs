//! Labels of the machines that GitHub offers to everybody.
//!
//! Sources: github/docs `content/actions/reference/runners` (standard machines: `data/reusables/billing/actions-standard-runner-prices.md`
//! at d0b8a134; larger macOS: `data/reusables/actions/larger-runners-table.md` at 0e18a809), read 2026-11. Larger Linux and Windows
//! machines have labels that each organisation chooses; those that rhysd/actionlint knows (2026-04-19) are listed as well.

/// Every label, as it is written in the documentation. Case does not count.
pub const LABELS: &[&str] = &[
    "ubuntu-latest",
    "ubuntu-26.04",
    "ubuntu-24.04",
    "ubuntu-22.04",
    "ubuntu-slim",
    "ubuntu-26.04-arm",
    "ubuntu-24.04-arm",
    "ubuntu-22.04-arm",
    "ubuntu-latest-4-cores",
    "ubuntu-latest-8-cores",
    "ubuntu-latest-16-cores",
    "windows-latest",
    "windows-2025",
    "windows-2022",
    "windows-11-arm",
    "windows-latest-8-cores",
    "macos-latest",
    "macos-26",
    "macos-15",
    "macos-14",
    "macos-26-intel",
    "macos-15-intel",
    "macos-latest-large",
    "macos-15-large",
    "macos-14-large",
    "macos-latest-xlarge",
    "macos-26-xlarge",
    "macos-15-xlarge",
    "macos-14-xlarge",
];

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

/// Whether it is the label of a machine of GitHub's.
pub fn is_hosted(label: &str) -> bool {
    LABELS.iter().any(|known| known.eq_ignore_ascii_case(label))
}

/// Whether a machine of GitHub, or every self-hosted one of a kind, has that label.
pub fn is_known(label: &str) -> bool {
    LABELS.iter().chain(SELF_HOSTED).any(|known| known.eq_ignore_ascii_case(label))
}

/// The label of GitHub, or one of `own`, that differs from this one by a slip or two. Stricter than elsewhere: labels of larger machines
/// are often made of GitHub's (`ubuntu-24.04-8core`), and are no slips.
pub fn near<'a>(label: &str, own: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let label = label.to_lowercase();
    if LABELS.iter().any(|known| label.starts_with(known)) {
        return None;
    }
    // A bare system: its most usual machine.
    let system = SYSTEMS.iter().find(|(system, _)| *system == label).map(|(_, usual)| *usual);
    if let Some(usual) = system {
        return Some(usual);
    }
    let candidates = own.into_iter().chain(LABELS.iter().copied());
    let candidates = candidates.map(|known| (strsim::damerau_levenshtein(&label, &known.to_lowercase()), known));
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
