//! Patterns of paths, beside those of others: the crate globset, all paths of a few characters, and grep.

use std::io::Write as _;
use std::process::{Command, Stdio};

use globset::{GlobBuilder, GlobMatcher};
use pipelay::pattern::{Pattern, alternatives};
use proptest::prelude::*;

/// All paths of so many characters of a small alphabet, of which patterns name only some.
fn paths(length: usize) -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    let mut open = vec![String::new()];
    while let Some(path) = open.pop() {
        if !path.is_empty() && !path.ends_with('/') {
            paths.push(path.clone());
        }
        if path.len() < length {
            let nexts = if path.is_empty() || path.ends_with('/') { &['a', 'b', 'c'][..] } else { &['a', 'b', 'c', '/'] };
            open.extend(nexts.iter().map(|next| format!("{path}{next}")));
        }
    }
    paths
}

/// Patterns of so many names of so many parts.
fn patterns(names: usize, parts: usize) -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec!["a", "b", "*", "?", "[ab]", "[!a]", "{a,b}", "{b,[a-b]}"]);
    let parts = prop::collection::vec(part, 1..=parts).prop_map(|parts| parts.concat());
    let name = prop_oneof![4 => parts, 1 => Just("**".to_owned())];
    (prop::collection::vec(name, 1..=names), any::<bool>()).prop_map(|(names, below)| {
        let end = if below { "/" } else { "" };
        format!("{}{end}", names.join("/"))
    })
}

/// Patterns that share a path of seven characters where they share one.
fn short() -> impl Strategy<Value = String> {
    prop_oneof![patterns(2, 1), patterns(1, 2)]
}

/// What globset, the crate, takes for the same: to it `a/**` does not match `a`, and a plain name nothing below it.
fn globs(alternative: &str) -> Vec<GlobMatcher> {
    let alternative = &alternative.replace("**/**", "**").replace("**/**", "**");
    let glob = |text: &str| GlobBuilder::new(text).literal_separator(true).build().unwrap().compile_matcher();
    let Some(folder) = alternative.strip_suffix('/') else {
        let plain = !alternative.contains(['*', '?', '[']);
        let below = plain.then(|| glob(&format!("{alternative}/**")));
        return [glob(alternative)].into_iter().chain(below).chain(alternative.strip_suffix("/**").map(glob)).collect();
    };
    vec![glob(&format!("{folder}/**"))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn patterns_match_what_those_of_others_do(pattern in patterns(3, 2)) {
        let globs: Vec<GlobMatcher> = alternatives(&pattern).iter().flat_map(|text| globs(text)).collect();
        let own = Pattern::new(&pattern);
        for path in paths(5) {
            prop_assert_eq!(own.matches(&path), globs.iter().any(|glob| glob.is_match(&path)), "{} {}", &pattern, path);
        }
    }

    #[test]
    fn patterns_meet_where_some_path_is_matched(
        left in short(), right in short(), except in prop::collection::vec(patterns(1, 2), 0..3),
    ) {
        let [one, other] = [&left, &right].map(|text| Pattern::new(text));
        let except: Vec<Pattern> = except.iter().map(|text| Pattern::new(text)).collect();
        let both = |path: &String| one.matches(path) && other.matches(path) && !except.iter().any(|it| it.matches(path));
        let meet = one.meets(&other, &except);
        prop_assert_eq!(meet, other.meets(&one, &except));
        prop_assert_eq!(meet, paths(7).iter().any(both), "{} {} without {:?}", left, right, except);
    }
}

#[test]
fn grep_takes_patterns_for_the_same_paths_and_what_lies_below_them() {
    let all: Vec<String> = paths(5)
        .into_iter()
        .chain(["a.b", "a]", "[", "^", "a-", "+", ",", "-", ".", "x/.a", "\\", "a|b", "a$"].map(String::from))
        .collect();
    for pattern in [
        "a",
        "a/",
        "*",
        "**",
        "a/**",
        "**/b",
        "a/**/b",
        "a*b/?",
        "[ab]/[!a]*",
        "{a,b/a}/*",
        "*.b",
        "[]a]",
        "[!]]",
        "[[^-]",
        "[^-]",
        "[+--]",
        "[,-0]",
        "[a-]*",
        "**b",
        ".",
        "[.]*",
        "*/.*",
        "a|b",
        "a$",
        "\\",
    ] {
        let own = Pattern::new(pattern);
        let folder = |path: &String| pattern.ends_with('/') && own.matches(&format!("{path}/x"));
        let above = |path: &String| path.match_indices('/').any(|(at, _)| own.matches(&path[..at]));
        let regex = own.regex();
        let mut grep = Command::new("grep").args(["-E", &regex]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        grep.stdin.take().unwrap().write_all((all.join("\n") + "\n").as_bytes()).unwrap();
        let found = String::from_utf8(grep.wait_with_output().unwrap().stdout).unwrap();
        let expected: Vec<&String> = all.iter().filter(|path| own.matches(path) || folder(path) || above(path)).collect();
        assert_eq!(found.lines().collect::<Vec<_>>(), expected, "{pattern} as {regex}");
    }
}
