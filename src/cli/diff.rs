//! Unified diffs.

use similar::TextDiff;

/// What changes from `old` to `new`, as `diff -u` and `git apply` write it, with the path in both headings as git has them.
pub(crate) fn unified(path: &str, old: &str, new: &str) -> String {
    let (old, new) = (old.replace("\r\n", "\n"), new.replace("\r\n", "\n"));
    let diff = TextDiff::from_lines(&old, &new);
    diff.unified_diff().context_radius(3).header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}

/// The first line (from 0) in which two texts differ.
pub(crate) fn first_difference(old: &str, new: &str) -> usize {
    old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count()
}
