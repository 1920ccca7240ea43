//! The table of pins: well-formed, and made anew from real workflows by `cargo test refresh_the_pins -- --ignored`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use pipelay::catalog::actions::used;
use pipelay::catalog::pins::{TABLE, find};
use pipelay::catalog::{known_actions, library};
use pipelay::facts::Facts;
use pipelay::pins::lock::Lock;
use pipelay::pins::{Asked, Version, is_commit};
use pipelay::source::Sources;
use pipelay::{Spec, compile};
use proptest::prelude::*;

use crate::compile::said;
use crate::shared::{files, shared, shared_files, spec, tool};

/// In how many files of the corpus an action is pinned that the table has for this reason alone.
const OFTEN: usize = 4;

/// Whose numbers are branches, which move.
const BRANCHES: [&str; 1] = ["dtolnay/rust-toolchain"];

/// What workflows say: by repository and tag, the commits that it is said to be.
type Claims = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// What a text says of tags and commits: lines `uses: OWNER/REPOSITORY@COMMIT # TAG`, the tag perhaps followed by more.
fn claims(text: &str, all: &mut Claims) {
    for line in text.lines() {
        let Some((_, uses)) = line.split_once("uses:") else { continue };
        let Some((action, comment)) = uses.split_once('#') else { continue };
        let Some((path, commit)) = action.trim().trim_matches(['"', '\'']).split_once('@') else { continue };
        let (Some(tag), true) = (comment.split_whitespace().next(), is_commit(commit)) else { continue };
        let repository: Vec<&str> = path.split('/').take(2).collect();
        if repository.len() == 2 {
            let tags = all.entry(repository.join("/").to_lowercase()).or_default();
            tags.entry(tag.to_owned()).or_default().insert(commit.to_lowercase());
        }
    }
}

/// The lines of the table for those repositories: of each major version the newest tag whose commit is beyond doubt.
fn lines(claims: &Claims, wanted: &BTreeSet<String>) -> String {
    let mut lines = String::new();
    let is_wanted = |repository: &str| wanted.contains(repository) && !BRANCHES.contains(&repository);
    for (repository, tags) in claims.iter().filter(|(repository, _)| is_wanted(repository)) {
        let full = |tag: &str| Version::of(tag).filter(|version| version.parts() > 1);
        let mut newest: BTreeMap<u64, (Version, &str, &str)> = BTreeMap::new();
        for (tag, commits) in tags {
            let (Some(version), Some(commit), 1) = (full(tag), commits.first(), commits.len()) else { continue };
            let other = |other: &str| full(other).is_some_and(|other| other != version);
            if tags.iter().any(|(tag, commits)| other(tag) && commits.contains(commit)) {
                continue;
            }
            let major = newest.entry(version.major()).or_insert((version.clone(), tag, commit));
            if version > major.0 {
                *major = (version, tag, commit);
            }
        }
        lines.extend(newest.values().map(|(_, tag, commit)| format!("{repository} {tag} {commit}\n")));
    }
    lines
}

fn head() -> String {
    TABLE.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect()
}

/// What the compiler and its library use.
fn own() -> BTreeSet<Asked> {
    let compiler = [used::CHECKOUT, used::RESTORE, used::SAVE, used::UPLOAD, used::DOWNLOAD];
    let words =
        library::ALL.iter().flat_map(|entry| entry.text.lines()).filter_map(|line| line.split_once("uses ").map(|it| it.1));
    compiler.into_iter().chain(words.filter_map(|rest| rest.split(' ').next())).filter_map(Asked::of).collect()
}

/// The repositories that the table is about.
fn wanted() -> BTreeSet<String> {
    let repository = |action: &str| action.split('/').take(2).collect::<Vec<_>>().join("/").to_lowercase();
    let known = known_actions::TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(" | ").next());
    let mut wanted: BTreeSet<String> = known.map(repository).collect();
    wanted.extend(own().into_iter().map(|asked| asked.repository));
    let stats = shared("corpus/stats.md").map(|path| std::fs::read_to_string(path).unwrap()).unwrap_or_default();
    let most = stats.split("\n## ").find(|section| section.contains("| action |")).unwrap_or_default();
    wanted.extend(
        most.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).filter(|it| it.contains('/')).map(repository),
    );
    wanted
}

#[test]
fn the_table_is_well_formed() {
    let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
    let mut keys = Vec::new();
    for line in &lines {
        let [repository, tag, commit] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        assert!(is_commit(commit) && commit == commit.to_lowercase() && repository == repository.to_lowercase(), "{line}");
        let version = Version::of(tag).filter(|version| version.parts() > 1).unwrap_or_else(|| panic!("{line}"));
        let asked = Asked { repository: repository.to_owned(), reference: tag.to_owned() };
        assert_eq!(find(&asked).map(|pin| pin.commit).as_deref(), Some(commit), "{line}");
        keys.push((repository, version.major()));
    }
    assert!(keys.is_sorted_by(|one, other| one < other), "sorted, and each major version once");
    let repositories: BTreeSet<&str> = keys.iter().map(|(repository, _)| *repository).collect();
    assert!(repositories.len() >= 60, "only {}", repositories.len());
}

/// What is not found in any workflow stays a tag. Which these are is said here, so that a new one is not overlooked.
#[test]
fn what_the_compiler_uses_is_pinned() {
    let missing: Vec<String> = own().iter().filter(|asked| find(asked).is_none()).map(ToString::to_string).collect();
    assert_eq!(missing, ["crazy-max/ghaction-github-runtime@v4", "hashicorp/setup-terraform@v4"]);
}

/// Whatever is derived, and known, is pinned; and zizmor's strictest persona is content with the pins.
#[test]
fn what_is_known_is_pinned_wherever_it_is_derived() {
    let folder = tempfile::tempdir().unwrap();
    let (mut seen, mut outputs) = (BTreeSet::new(), Vec::new());
    for path in files("tests/cases/compile", "pipe").into_iter().chain(files("examples", "pipe")) {
        let (spec, facts) = spec(&path);
        let Some(yaml) = compile(&spec, &facts).yaml.filter(|_| !spec.text.contains("optimize off")) else { continue };
        for uses in yaml.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: ")) {
            let uses = uses.trim_matches('"').split(' ').next().unwrap();
            assert!(Asked::of(uses).is_none_or(|asked| find(&asked).is_none()), "{}: {uses}", path.display());
            seen.insert(uses.to_owned());
        }
        outputs.push(folder.path().join(path.file_name().unwrap()).with_extension("yml"));
        std::fs::write(outputs.last().unwrap(), yaml).unwrap();
    }
    assert!(seen.iter().filter(|uses| uses.split_once('@').is_some_and(|(_, it)| is_commit(it))).count() > 10, "{seen:?}");
    let Some(zizmor) = tool("bin/zizmor") else { return };
    let mut command = Command::new(zizmor);
    let output =
        command.args(["--offline", "--persona", "auditor", "--no-exit-codes", "--format", "json"]).args(&outputs).output();
    let found: serde_json::Value = serde_json::from_slice(&output.unwrap().stdout).unwrap();
    let mut unpinned = 0;
    for finding in found.as_array().unwrap().iter().filter(|finding| finding["ident"] == "unpinned-uses") {
        unpinned += 1;
        for place in finding["locations"].as_array().into_iter().flatten() {
            let text = place["concrete"]["feature"].as_str().unwrap_or_default();
            let uses = text.split("uses: ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap_or_default();
            assert!(Asked::of(uses).is_none_or(|asked| find(&asked).is_none()), "{finding:#}");
        }
    }
    // What nothing is known of is there to be found.
    assert!(unpinned > 0, "{found:#}");
}

/// Images that are locked have their digests wherever they are: of servers, of the library as well, of rows, of a container and of a step. What is asked at
/// run time, or has a digest, stays; and what is locked for nothing else is told where others are.
#[test]
fn images_that_are_locked_have_digests_and_others_do_not() {
    const TEXT: &str = "\
on push

job a {
  checkout off
  service postgres 15
  service web { image: nginx }
  service own { image: OWN }
  container ghcr.io/example/app:1 { env: { A: b } }
  uses docker://alpine:3.20
  run make
}

job b {
  service redis
  matrix run {
    one { service postgres 16 }
    two { service postgres 15; service redis 7 }
  }
  run make
}

job c { matrix image: \"node:22\", \"node:24\"; container ${{ matrix.image }}; run make }
";
    let (tag, own) = (|digit: &str| format!("sha256:{}", digit.repeat(64)), format!("busybox:1@sha256:{}", "f".repeat(64)));
    let text = TEXT.replace("OWN", &own);
    let spec = Spec { path: "ci.pipe".to_owned(), text };
    let plain = compile(&spec, &Facts::default());
    assert!(plain.diags.iter().all(|diag| diag.code.id != "W0710"), "nobody asked for digests: {:?}", said(&plain));
    let (mut yaml, images) = (plain.yaml.unwrap(), plain.ledger.images);
    let names: Vec<String> = images.keys().map(ToString::to_string).collect();
    let redis = images.keys().find(|image| image.name() == "redis" && image.tag() != "7").unwrap().to_string();
    assert_eq!(names.len(), 7, "{names:?}");
    let mut lines: Vec<String> = Vec::new();
    for (name, digit) in [
        ("postgres:15", "1"),
        ("nginx:latest", "2"),
        ("ghcr.io/example/app:1", "3"),
        ("alpine:3.20", "4"),
        ("postgres:16", "5"),
        ("redis:7", "6"),
        (&redis, "7"),
    ] {
        assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
        lines.push(format!("{name} {} 2026-01-09\n", tag(digit)));
        // The output has the image wherever it was, with the digest behind it, and differs in nothing else.
        let written = name.trim_end_matches(":latest");
        for (before, behind) in [(": ", "\n"), (": docker://", "\n"), ("'", "'"), ("\"", "\"")] {
            let with = format!("{before}{name}@{}{behind}", tag(digit));
            yaml = yaml.replace(&format!("{before}{written}{behind}"), &with);
        }
        assert!(yaml.contains(&format!("{name}@{}", tag(digit))), "{name}: {yaml}");
    }
    let made = compile(&spec, &Facts { lock: Some(lines.concat()), ..Facts::default() });
    assert_eq!(made.yaml.as_ref(), Some(&yaml));
    assert!(yaml.contains(&own) && yaml.contains("container: ${{ matrix.image }}"), "{yaml}");
    // Why it is there is told of its line.
    for line in yaml.lines().enumerate().filter(|(_, line)| line.contains("image: postgres:15@")).map(|(line, _)| line) {
        let home = pipelay::explain::line(&made, line, None).unwrap().home;
        assert!(home.reasons.iter().any(|reason| reason.pass == Some("pin")), "{home:?}");
    }
    // Of the library's, the place is that of its use.
    let less = compile(&spec, &Facts { lock: Some(lines[1..].concat()), ..Facts::default() });
    let told = said(&less).into_iter().find(|it| it.contains("W0710")).unwrap();
    assert!(told.contains("no digest is known of `postgres:15`") && told.contains("ci.pipe:5:"), "{told}");
    assert!(
        said(&less).iter().any(|it| it.contains("W0710") && it.contains("no digest is known of `postgres:15`")),
        "{:?}",
        said(&less)
    );
    let off = Spec { text: format!("optimize {{ pin off }}\n{}", spec.text), ..spec };
    let off = compile(&off, &Facts { lock: Some(lines.concat()), ..Facts::default() });
    assert!(off.ledger.images.is_empty() && off.yaml.is_some_and(|yaml| yaml.contains("image: postgres:15\n")));
}

#[test]
fn what_was_compiled_and_committed_compiles_to_itself() {
    for path in files("tests/cases/compile", "pipe").into_iter().chain(files("examples", "pipe")) {
        let (spec, facts) = spec(&path);
        let first = compile(&spec, &facts).yaml;
        let again = compile(&spec, &Facts { committed: first.clone(), ..facts });
        assert_eq!(again.yaml, first, "{}", path.display());
        assert!(again.diags.iter().all(|diag| diag.code.id != "R0711"), "{}", path.display());
    }
}

proptest! {
    /// Whatever a lock file or a committed output holds, reading it ends, and what was understood of a lock file is what is written of it.
    #[test]
    fn any_file_is_read(lines in proptest::collection::vec(line(), 0..12)) {
        let text = lines.join("\n");
        let read = |text: &str| {
            let mut sources = Sources::new();
            let index = sources.add("pipelay.lock", text);
            Lock::parse(sources.get(index))
        };
        let lock = read(&text).value;
        let again = read(&lock.to_string());
        prop_assert_eq!(&again.value, &lock);
        prop_assert!(again.diags.is_empty());
        let spec = Spec { path: "ci.pipe".to_owned(), text: "on push\njob a { checkout off; uses a/b@v1; uses c/d@main }\n".to_owned() };
        let committed = Some(format!("# Generated by pipelay from ci.pipe; do not edit.\n{text}"));
        let made = compile(&spec, &Facts { lock: Some(lock.to_string()), committed, ..Facts::default() });
        prop_assert!(made.yaml.is_some());
    }
}

/// A line of a lock file or of a workflow, or nearly so.
fn line() -> impl Strategy<Value = String> {
    let commit = prop_oneof![Just("1".repeat(40)), Just("2".repeat(40)), "[0-9a-fx]{0,41}"];
    let uses = prop_oneof![Just("a/b".to_owned()), Just("A/b/c".to_owned()), Just("c/d".to_owned()), "[a-z./$@]{0,8}"];
    let tag = prop_oneof![Just("v1".to_owned()), Just("v1.2.3".to_owned()), Just("main".to_owned()), "[v0-9.]{0,12}", ".{0,6}"];
    let parts = (uses, tag.clone(), tag, commit, 0..8u8);
    parts.prop_map(|(uses, asked, tag, commit, shape)| match shape {
        0 => format!("{uses}@{asked} {tag} {commit}"),
        1 => format!("{uses}@{asked} {tag} {commit} 2026-01-09\r"),
        2 => format!("      - uses: {uses}@{commit} # {tag}"),
        3 => format!("<<<<<<< {tag}"),
        4 => format!("        uses: \"{uses}@{commit}\" # {tag}"),
        5 => format!("{uses}:{asked} sha256:{}", "1".repeat(64)),
        6 => format!("{uses}:{asked} sha256:{commit}{commit} 2026-01-09"),
        _ => tag,
    })
}

#[test]
fn only_what_is_beyond_doubt_is_taken() {
    let mut all = Claims::new();
    let line = |action: &str, digit: &str, tag: &str| format!("  - uses: {action}@{} # {tag}\n", digit.repeat(40));
    let text = line("A/b/c", "1", "v1.0.0")
        + &line("a/b", "2", "v1.0.1")
        + &line("a/b", "3", "v1.0.2 # zizmor: ignore")
        + &line("a/b", "4", "v1.0.2")
        + &line("a/b", "5", "v2.0.0")
        + &line("a/b", "5", "v3.0.0")
        + &line("a/b", "6", "v4")
        + &line("a/b", "7", "main")
        + &line("x/y", "8", "v1.0.0")
        + "  - uses: a/b@v9 # v9.0.0\n";
    claims(&text, &mut all);
    assert_eq!(lines(&all, &["a/b".to_owned()].into()), format!("a/b v1.0.1 {}\n", "2".repeat(40)));
}

#[test]
#[ignore = "writes src/catalog/pins.txt from the workflows in ../shared/corpus"]
fn refresh_the_pins() {
    let (mut all, mut often) = (Claims::new(), BTreeMap::<String, usize>::new());
    for folder in ["corpus/workflows", "corpus/older", "corpus/actions"] {
        for path in ["yml", "yaml"].iter().flat_map(|end| shared_files(folder, end)) {
            let (text, mut here) = (std::fs::read(path).unwrap(), Claims::new());
            claims(&String::from_utf8_lossy(&text), &mut here);
            for (repository, tags) in here {
                *often.entry(repository.clone()).or_default() += 1;
                let known = all.entry(repository).or_default();
                tags.into_iter().for_each(|(tag, commits)| known.entry(tag).or_default().extend(commits));
            }
        }
    }
    let mut wanted = wanted();
    wanted.extend(often.into_iter().filter(|(_, files)| *files >= OFTEN).map(|(repository, _)| repository));
    assert!(!all.is_empty(), "there is no corpus");
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog/pins.txt");
    std::fs::write(table, head() + &lines(&all, &wanted)).unwrap();
}
