//! Rust: what Cargo does in any crate.

use super::Survey;
use super::project::{Job, Project, is_plain};
use super::repository::Repository;

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

fn reads(path: &str) -> bool {
    ["Cargo.toml", "Cargo.lock"].contains(&path)
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    if !repository.has("Cargo.toml") {
        let other = repository.elsewhere("Cargo.toml");
        return other.map(|path| Project::left(format!("`{path}`: Rust in a folder of its own"))).into_iter().collect();
    }
    let manifest = repository.toml("Cargo.toml");
    let workspace = manifest.get("workspace").is_some();
    let lock = if repository.has("Cargo.lock") { "" } else { " without a lockfile" };
    let mut project =
        Project::new("rust", format!("`Cargo.toml`{lock}: a {} of Rust", if workspace { "workspace" } else { "crate" }));
    project.toolchain = Some("rust".to_owned());
    let all = if workspace { " --workspace" } else { "" };
    let locked = if repository.has("Cargo.lock") { " --locked" } else { "" };
    let lint = Job::new("lint", "rustfmt and Clippy, which come with Rust").with("rust { components: [clippy, rustfmt] }");
    project.job(lint.run("cargo fmt --all --check").run(format!("cargo clippy{all} --all-targets{locked}")));
    project.job(Job::tests("test", "Cargo builds and tests").run(format!("cargo test{all}{locked}")));
    let promised =
        ["/package/rust-version", "/workspace/package/rust-version"].iter().find_map(|path| manifest.pointer(path)?.as_str());
    let pinned = repository.first(&["rust-toolchain.toml", "rust-toolchain"]).is_some();
    if let Some(version) = promised.filter(|version| is_plain(version) && !pinned) {
        let why = format!("`rust-version` of `Cargo.toml` promises {version}");
        match repository.text("Cargo.lock") {
            None => project.left.push(format!("{why}: without `Cargo.lock`, newer dependencies may ask for a newer one")),
            Some(lock) if too_new(lock, version) => project.left.push(format!("{why}: its Cargo cannot read `Cargo.lock`")),
            Some(_) => {
                project.job(Job::new("oldest", why).with(format!("rust {version}")).run(format!("cargo check{all}{locked}")));
            }
        }
    }
    vec![project]
}

/// Whether the format of a lockfile came after a version of Rust: 3 with 1.53, 4 with 1.78 (Cargo's changelog).
fn too_new(lock: &str, version: &str) -> bool {
    let since = match lock.lines().find_map(|line| line.strip_prefix("version = ")) {
        Some("4") => 78,
        Some("3") => 53,
        _ => 0,
    };
    version.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok()).is_some_and(|minor| minor < since)
}
