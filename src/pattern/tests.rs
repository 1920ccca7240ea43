use super::{Excess, Index, MAX_LENGTH, Pattern, select};

#[test]
fn paths_are_matched() {
    for (pattern, path, expected) in [
        ("src/**", "src/a/b.rs", true),
        ("src/**", "lib/a.rs", false),
        ("**/*.rs", "a.rs", true),
        ("**/*.rs", "x/y/a.rs", true),
        ("*.rs", "x/a.rs", false),
        ("dist/", "dist/a/b", true),
        ("dist/", "dist", false),
        ("dist", "dist/a", true),
        ("src/**/*.{ts,tsx}", "src/a/b.tsx", true),
        ("src/**/*.{ts,tsx}", "src/b.js", false),
        ("v[0-9]?", "v1x", true),
        ("[!a]b", "ab", false),
        ("**.md", "docs/x.md", true),
        ("**.md", "x.md", true),
        ("a**c", "ab/bc", true),
        ("a/**/b", "a/b", true),
        ("a/**/b", "a/x/y/b", true),
        ("a/**/b", "a/xb", false),
        ("a/**", "a", true),
        ("a/**", "ab", false),
        ("package.json", "package.json", true),
        ("a{b,{c,d}e}f", "acef", true),
        ("{a}{{b,c}", "{a}{c", true),
        ("a}{b,c}", "a}b", true),
        ("[a", "[a", true),
        ("[]a]", "]", true),
        ("[]", "[]", true),
        ("[a][", "a[", true),
    ] {
        assert_eq!(Pattern::new(pattern).matches(path), expected, "{pattern} {path}");
    }
}

#[test]
fn patterns_meet() {
    for (left, right, expected) in [
        ("dist/", "dist/*.tar.gz", true),
        ("dist/", "dist", true),
        ("dist/**", "build/**", false),
        ("src/**/*.ts", "src/a/*", true),
        ("*.ts", "*.js", false),
        ("a*c", "ab*", true),
        ("[a-c]x", "[d-f]x", false),
        ("[a-c]x", "[c-f]x", true),
        ("bin/${{ matrix.arch }}/", "bin/", true),
    ] {
        assert_eq!(Pattern::new(left).meets(&Pattern::new(right), []), expected, "{left} {right}");
        assert_eq!(Pattern::new(right).meets(&Pattern::new(left), []), expected, "{right} {left}");
    }
}

#[test]
fn what_is_too_large_is_said_and_matches_nothing() {
    let long = "a".repeat(MAX_LENGTH + 1);
    assert_eq!(Pattern::new(&long).excess, Some(Excess::Length(long.len())));
    assert!(!Pattern::new(&long).matches(&long));
    assert_eq!(Pattern::new(&"{a,b}".repeat(8)).excess, None);
    assert_eq!(Pattern::new(&"{a,b}".repeat(9)).excess, Some(Excess::Alternatives));
}

#[test]
fn the_index_leaves_out_only_what_does_not_overlap() {
    let patterns = ["dist/", "dist/a/**", "src/*.ts", "**/*.md", "src/a.ts", "{dist,lib}/x", "lib", "dist/${{ matrix.a }}/b"]
        .map(Pattern::new);
    let mut index = Index::default();
    patterns.iter().enumerate().for_each(|(number, pattern)| index.insert(pattern, number));
    for (number, pattern) in patterns.iter().enumerate() {
        let found = index.candidates(pattern);
        for (other, with) in patterns.iter().enumerate() {
            assert!(found.contains(&other) || !pattern.meets(with, []), "{number} {other}");
        }
    }
    assert_eq!(index.candidates(&Pattern::new("src/b.js")), [2, 3]);
}

#[test]
fn exclusions_take_away_what_came_before() {
    let tracked: Vec<String> = ["a.md", "b/c.md", "b/d.md"].map(String::from).into();
    let patterns = ["**/*.md", "!b/**", "b/d.md"].map(Pattern::new);
    assert_eq!(select(&patterns, &tracked), ["a.md", "b/d.md"]);
}
