//! The crates that this one is made of may be given away as it is: `.cargo/deny.toml` says under which licences, for `cargo deny` too.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The words of a licence expression, with alternatives as `OR`.
fn words(expression: &str) -> Vec<String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ").replace(" WITH ", "\u{a0}WITH\u{a0}");
    spaced.split_ascii_whitespace().map(|word| word.replace('\u{a0}', " ")).collect()
}

/// Whether what `words` begins with is met by licences that are allowed; `AND` binds closer than `OR`.
fn met(words: &mut std::slice::Iter<'_, String>, allowed: &[&str]) -> bool {
    let (mut any, mut all) = (false, true);
    while let Some(word) = words.next() {
        match word.as_str() {
            "OR" => (any, all) = (any || all, true),
            "AND" => {}
            "(" => all &= met(words, allowed),
            ")" => break,
            licence => all &= allowed.contains(&licence),
        }
    }
    any || all
}

#[test]
fn expressions_are_read() {
    let met = |expression: &str| met(&mut words(expression).iter(), &["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"]);
    for good in
        ["MIT", "GPL-3.0 OR MIT", "GPL-3.0/MIT", "(GPL-3.0 OR Zlib) AND MIT", "Apache-2.0 WITH LLVM-exception", "MIT OR X AND Y"]
    {
        assert!(met(good), "{good}");
    }
    for bad in ["GPL-3.0", "MIT AND GPL-3.0", "(MIT OR Zlib) AND GPL-3.0", "Apache-2.0", "GPL-3.0 AND MIT OR X"] {
        assert!(!met(bad), "{bad}");
    }
}

#[test]
fn every_crate_may_be_given_away() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let deny = std::fs::read_to_string(root.join(".cargo/deny.toml")).unwrap();
    let list = deny.lines().find_map(|line| line.strip_prefix("allow = [")).unwrap();
    let allowed: Vec<&str> = list.split('"').skip(1).step_by(2).collect();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .current_dir(root)
        .output();
    let output = output.unwrap();
    if !output.status.success() {
        // It wants the crates of other systems, too, which are not needed to build here.
        assert!(std::env::var_os("CI").is_none(), "{}", String::from_utf8_lossy(&output.stderr));
        return eprintln!("skipped: cargo does not know all crates, and cannot ask for them");
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50, "{}", packages.len());
    let mut faults = Vec::new();
    for package in packages {
        let licence = package["license"].as_str().unwrap_or_default();
        if licence.is_empty() || !met(&mut words(licence).iter(), &allowed) {
            faults.push(format!("{}: licence `{licence}`", package["name"]));
        }
        // This crate itself has no source; all others are of a registry, where what they are stays what it is.
        if package["source"].as_str().is_some_and(|source| !source.starts_with("registry+")) {
            faults.push(format!("{}: from {}", package["name"], package["source"]));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
