//! Folders as people write them.

/// A folder without what says nothing: `./a/` is `a`, and the one that all is told from is empty.
pub fn plain(folder: &str) -> String {
    let parts = folder.split('/').enumerate().filter(|(at, part)| *part != "." && (!part.is_empty() || *at == 0));
    let plain = parts.map(|(_, part)| part).collect::<Vec<_>>().join("/");
    if folder.starts_with("./") { plain.trim_start_matches('/').to_owned() } else { plain }
}

/// Whether a path may be in the one that all is told from.
pub fn is_inside(path: &str) -> bool {
    !path.contains(['$', '~']) && !path.starts_with('/') && !path.contains("..")
}

/// Whether a folder holds a path, both plain.
pub fn holds(folder: &str, path: &str) -> bool {
    if folder.is_empty() {
        return is_inside(path);
    }
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{holds, plain};

    #[test]
    fn folders_are_told_as_people_write_them() {
        for (written, wanted) in [("./a/", "a"), (".", ""), ("", ""), ("a/./b", "a/b"), ("/a", "/a"), ("./", "")] {
            assert_eq!(plain(written), wanted, "{written}");
        }
        assert!(holds("", "a/b") && holds("a", "a") && holds("a", "a/b") && holds("$T/a", "$T/a/b"));
        assert!(!holds("", "/a") && !holds("", "$T/a") && !holds("a", "ab") && !holds("a", ""));
    }
}
