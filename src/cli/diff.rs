//! Where two texts differ: as a unified diff, and as paths through the YAML that they are.

use std::time::Duration;

use pipelay::source::is_merge_marker;
use pipelay::workflow::paths::member;
use pipelay::workflow::yaml::{Kind, Node, parse};
use similar::{DiffOp, TextDiff};

/// After that long a diff need not be the shortest any more: texts that have nothing in common would take for ever.
const PATIENCE: Duration = Duration::from_secs(2);

/// What changes from `old` to `new`, as `diff -u` and `git apply` write it, with the path in both headings as git has them.
pub(crate) fn unified(path: &str, old: &str, new: &str) -> String {
    let (old, new) = (old.replace("\r\n", "\n"), new.replace("\r\n", "\n"));
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(&old, &new);
    diff.unified_diff().context_radius(3).header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}

/// The first line (from 0) in which two texts differ.
pub(crate) fn first_difference(old: &str, new: &str) -> usize {
    old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count()
}

/// The line (from 0) of `new` that a line of `old` still is.
pub(crate) fn counterpart(old: &str, new: &str, line: usize) -> Option<usize> {
    let (old, new) = (old.replace("\r\n", "\n"), new.replace("\r\n", "\n"));
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(&old, &new);
    diff.ops().iter().find_map(|op| match *op {
        DiffOp::Equal { old_index, new_index, len } if (old_index..old_index + len).contains(&line) => {
            Some(new_index + line - old_index)
        }
        _ => None,
    })
}

/// The first line (from 0) with a marker of a merge conflict. In what pipelay writes, no line begins with one.
pub(crate) fn conflict(text: &str) -> Option<usize> {
    text.lines().position(is_merge_marker)
}

/// The fields in which two YAML texts differ, as paths in the order of `new`; none where one of them is no YAML.
///
/// This reads all of both, which takes longer than compiling, so that it is asked for only when something is out of date.
pub(crate) fn fields(old: &str, new: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let (Ok(old), Ok(new)) = (parse(old), parse(new)) {
        compare(&old, &new, "", &mut found);
    }
    found
}

fn compare(old: &Node, new: &Node, path: &str, found: &mut Vec<String>) {
    match (&old.kind, &new.kind) {
        (Kind::Map(old), Kind::Map(new)) => {
            for (key, value) in new {
                match old.get(key) {
                    Some(old) => compare(old, value, &member(path, key), found),
                    None => found.push(member(path, key)),
                }
            }
            found.extend(old.keys().filter(|key| !new.contains_key(*key)).map(|key| member(path, key)));
        }
        // What was put in or taken out moves all behind it, which is not to be called different.
        (Kind::Seq(old), Kind::Seq(new)) if old.len() != new.len() => {
            let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
            found.push(format!("{path}[{same}]"));
        }
        (Kind::Seq(old), Kind::Seq(new)) => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                compare(old, new, &format!("{path}[{index}]"), found);
            }
        }
        (old, new) if old == new => {}
        _ => found.push(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW: &str = "on: push\njobs:\n  unit:\n    env: {A.B: 1}\n    steps:\n      - run: a\n      - uses: x\n        with:\n          node: 20\n  lint:\n    needs: [a, b]\n";

    #[track_caller]
    fn differ(from: &str, to: &str, paths: &[&str]) {
        let old = NEW.replace(from, to);
        assert_ne!(old, NEW);
        assert_eq!(fields(&old, NEW), paths);
    }

    #[test]
    fn fields_are_named_by_their_path() {
        differ("node: 20", "node: 18", &["jobs.unit.steps[1].with.node"]);
        differ("node: 20", "node: '20'", &["jobs.unit.steps[1].with.node"]);
        differ("A.B: 1", "A.B: 2", &["jobs.unit.env['A.B']"]);
        differ("[a, b]", "[a]", &["jobs.lint.needs[1]"]);
        differ("      - run: a\n", "", &["jobs.unit.steps[0]"]);
        differ("  lint:", "  lint2:", &["jobs.lint", "jobs.lint2"]);
        differ("on: push", "on: [push]", &["on"]);
        differ("on: push", "name: x", &["on", "name"]);
    }

    #[test]
    fn what_differs_in_layout_alone_or_is_no_yaml_names_no_field() {
        differ("on: push", "# hello\non:   push", &[]);
        differ("on: push", "on: [push", &[]);
        differ("on: push", "<<<<<<< HEAD\non: push", &[]);
        differ("on: push", &"[".repeat(1_000_000), &[]);
        differ("on: push", "a: &a [x, x]\nb: *a\nb: *c", &[]);
    }

    #[test]
    fn lines_that_stayed_are_found_where_they_are_now() {
        let old = NEW.replace("on: push\n", "# new\non: push\n").replace("node: 20", "node: 18");
        let line = |text: &str| old.lines().position(|line| line.contains(text)).unwrap();
        assert_eq!(counterpart(&old, NEW, line("on: push")), Some(0));
        assert_eq!(counterpart(&old, NEW, line("lint:")), Some(line("lint:") - 1));
        assert_eq!([line("# new"), line("node: 18"), 99].map(|line| counterpart(&old, NEW, line)), [None; 3]);
    }

    #[test]
    fn conflicts_are_seen_where_they_are() {
        assert_eq!(conflict(NEW), None);
        assert_eq!(conflict("a\n<<<<<<< HEAD\nb\n"), Some(1));
        assert_eq!(conflict("a\nb\r\n=======\r\n"), Some(2));
        assert_eq!(conflict("run: |\n  =======\n"), None);
    }
}
