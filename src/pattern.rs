//! Patterns of paths: which paths they match, and whether two of them share one.
//!
//! A `${{ }}` stands for any text within a name. `*` and `?` stay within a name, `**` crosses folders, `[…]` is a set, `{a,b}` stands for several patterns. `dir/` is all below `dir`,
//! and so is a plain `dir`, besides the file of that name.

/// A pattern, ready to match.
#[derive(Debug, Clone)]
pub struct Pattern {
    alternatives: Vec<Vec<Segment>>,
    /// `!…`: what it matches is left out.
    pub negated: bool,
    /// Why it matches nothing, where it asks for more than a pattern can be.
    pub excess: Option<Excess>,
}

/// How a pattern is too large to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// It has so many bytes; no path has more than [`MAX_LENGTH`].
    Length(usize),
    /// Its braces stand for more than [`MAX_ALTERNATIVES`] patterns.
    Alternatives,
}

/// The longest path of any system, and so the longest pattern.
pub const MAX_LENGTH: usize = 4096;

#[derive(Debug, Clone, PartialEq)]
enum Segment {
    /// `**`: any number of names, also none.
    Deep,
    Name(Vec<Token>),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
    /// `[a-z]`, `[!a]`
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// The most patterns that the braces of one stand for: they multiply.
pub const MAX_ALTERNATIVES: usize = 256;

impl Pattern {
    /// Reads a pattern. Every text is one.
    pub fn new(text: &str) -> Self {
        let (negated, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let mut alternatives = Vec::new();
        let spelled = if text.len() > MAX_LENGTH { Err(Excess::Length(text.len())) } else { alternate(&without_holes(text)) };
        let (spelled, excess) = spelled.map_or_else(|excess| (Vec::new(), Some(excess)), |spelled| (spelled, None));
        for text in spelled {
            let mut segments = Vec::new();
            let path = text.trim_start_matches("./").trim_start_matches('/');
            let (path, below) = path.strip_suffix('/').map_or((path, false), |path| (path, true));
            for name in path.split('/') {
                name_segments(name, &mut segments);
            }
            let plain = segments.iter().all(
                |segment| matches!(segment, Segment::Name(tokens) if tokens.iter().all(|token| matches!(token, Token::Char(_)))),
            );
            if below {
                // At least one name below the folder.
                segments.push(Segment::Name(vec![Token::Many]));
                segments.push(Segment::Deep);
            } else if plain {
                segments.push(Segment::Deep);
            }
            alternatives.push(segments);
        }
        Self { alternatives, negated, excess }
    }

    /// Whether it matches a path; `!` does not count.
    pub fn matches(&self, path: &str) -> bool {
        let names: Vec<Vec<char>> = path.trim_end_matches('/').split('/').map(|name| name.chars().collect()).collect();
        self.alternatives.iter().any(|segments| matches_from(segments, &names))
    }

    /// Whether it surely matches all that `other` matches: it is a folder with all in it, and the other lies below. `!` does not count.
    pub fn covers(&self, other: &Self) -> bool {
        other.alternatives.iter().all(|below| self.alternatives.iter().any(|whole| covers(whole, below)))
    }

    /// Whether some path is matched by both; `!` does not count.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.alternatives.iter().any(|left| other.alternatives.iter().any(|right| segments_meet(left, right)))
    }
}

/// Patterns, found by what they may share a path with: a tree of the plain names that they begin with.
#[derive(Debug, Default)]
pub struct Index {
    /// Patterns that end their plain names here.
    own: Vec<usize>,
    below: std::collections::BTreeMap<String, Index>,
}

impl Index {
    /// Takes a pattern, to be found as `number`.
    pub fn insert(&mut self, pattern: &Pattern, number: usize) {
        for names in pattern.plain_beginnings() {
            names.into_iter().fold(&mut *self, |node, name| node.below.entry(name).or_default()).own.push(number);
        }
    }

    /// The numbers of all patterns that may overlap this one, sorted; those left out surely do not.
    pub fn candidates(&self, pattern: &Pattern) -> Vec<usize> {
        let mut found = Vec::new();
        for names in pattern.plain_beginnings() {
            let mut node = Some(self);
            for name in &names {
                let Some(here) = node else { break };
                found.extend(&here.own);
                node = here.below.get(name);
            }
            node.into_iter().for_each(|node| node.all(&mut found));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn all(&self, into: &mut Vec<usize>) {
        into.extend(&self.own);
        self.below.values().for_each(|node| node.all(into));
    }
}

impl Pattern {
    /// For each alternative, the names that every path which it matches begins with.
    fn plain_beginnings(&self) -> impl Iterator<Item = Vec<String>> {
        let plain = |segment: &Segment| match segment {
            Segment::Name(tokens) => {
                tokens.iter().map(|token| if let Token::Char(char) = token { Some(*char) } else { None }).collect()
            }
            Segment::Deep => None,
        };
        self.alternatives.iter().map(move |segments| segments.iter().map_while(plain).collect())
    }
}

/// The pattern with every `${{ }}` as `*`.
fn without_holes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        let Some(length) = crate::expr::text::hole_length(&rest[start..]) else { break };
        out.push_str(&rest[..start]);
        out.push('*');
        rest = &rest[start + length..];
    }
    out + rest
}

/// The paths of `tracked` that the patterns match, in order: an excluding pattern takes away what those before it matched.
pub fn select<'t>(patterns: &[Pattern], tracked: &'t [String]) -> Vec<&'t str> {
    let chosen = |path: &&String| {
        patterns.iter().fold(false, |in_it, pattern| if pattern.matches(path) { !pattern.negated } else { in_it })
    };
    tracked.iter().filter(chosen).map(String::as_str).collect()
}

/// What the braces of a pattern stand for, as texts; one that stands for too many is left as it is.
pub fn alternatives(text: &str) -> Vec<String> {
    alternate(text).unwrap_or_else(|_| vec![text.to_owned()])
}

/// `a{b,c}d` to `abd` and `acd`. A brace without a comma or a partner stands for itself.
fn alternate(text: &str) -> Result<Vec<String>, Excess> {
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(text) = open.pop() {
        let Some((start, parts, end)) = first_braces(&text) else {
            done.push(text);
            continue;
        };
        if open.len() + done.len() + parts.len() > MAX_ALTERNATIVES {
            return Err(Excess::Alternatives);
        }
        open.extend(parts.iter().rev().map(|part| format!("{}{part}{}", &text[..start], &text[end..])));
    }
    Ok(done)
}

/// The first brace that has a comma and a partner: where it stands, what its commas part, and where it ends.
fn first_braces(text: &str) -> Option<(usize, Vec<&str>, usize)> {
    // Braces that are open, each with the commas in it.
    let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut first: Option<(usize, Vec<usize>, usize)> = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open.push((at, Vec::new())),
            b',' => open.last_mut().into_iter().for_each(|(_, commas)| commas.push(at)),
            b'}' => {
                if let Some((start, commas)) = open.pop()
                    && !commas.is_empty()
                    && first.as_ref().is_none_or(|(before, ..)| start < *before)
                {
                    first = Some((start, commas, at));
                }
            }
            _ => {}
        }
    }
    let (start, commas, end) = first?;
    let bounds: Vec<usize> = [start].into_iter().chain(commas).chain([end]).collect();
    let parts = bounds.windows(2).map(|bound| &text[bound[0] + 1..bound[1]]).collect();
    Some((start, parts, end + 1))
}

/// A name; `**` beside other characters crosses folders there too.
fn name_segments(name: &str, segments: &mut Vec<Segment>) {
    if name == "**" {
        if segments.last() != Some(&Segment::Deep) {
            segments.push(Segment::Deep);
        }
        return;
    }
    let mut parts = name.split("**").peekable();
    let mut first = true;
    while let Some(part) = parts.next() {
        let mut tokens = Vec::new();
        if !first {
            segments.push(Segment::Deep);
            tokens.push(Token::Many);
        }
        tokens.extend(self::tokens(part));
        if parts.peek().is_some() {
            tokens.push(Token::Many);
        }
        segments.push(Segment::Name(tokens));
        first = false;
    }
}

fn tokens(name: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let chars: Vec<char> = name.chars().collect();
    // Without a bracket behind it no set ends, and to look for the end of each takes the square.
    let last = chars.iter().rposition(|char| *char == ']').unwrap_or_default();
    let mut at = 0;
    while let Some(&char) = chars.get(at) {
        at += 1;
        let token = match char {
            '*' => Token::Many,
            '?' => Token::One,
            '[' => match set(chars.get(at..=last).unwrap_or_default()) {
                Some((set, taken)) => {
                    at += taken;
                    set
                }
                None => Token::Char('['),
            },
            char => Token::Char(char),
        };
        if !(token == Token::Many && tokens.last() == Some(&Token::Many)) {
            tokens.push(token);
        }
    }
    tokens
}

/// The inside of `[…]`, and how many characters it takes with its bracket.
fn set(chars: &[char]) -> Option<(Token, usize)> {
    let negated = matches!(chars.first(), Some('!' | '^'));
    let mut at = usize::from(negated);
    let mut ranges = Vec::new();
    loop {
        let low = *chars.get(at)?;
        if low == ']' && !ranges.is_empty() {
            return Some((Token::Set { negated, ranges }, at + 1));
        }
        let high = match (chars.get(at + 1), chars.get(at + 2)) {
            (Some('-'), Some(&high)) if high != ']' => {
                at += 2;
                high
            }
            _ => low,
        };
        ranges.push((low, high));
        at += 1;
    }
}

fn matches_from(segments: &[Segment], names: &[Vec<char>]) -> bool {
    // `reached[j]`: the segments so far match the first `j` names.
    let mut reached = vec![false; names.len() + 1];
    reached[0] = true;
    for segment in segments {
        let mut next = vec![false; names.len() + 1];
        match segment {
            Segment::Deep => {
                let mut any = false;
                for (slot, &before) in next.iter_mut().zip(&reached) {
                    any |= before;
                    *slot = any;
                }
            }
            Segment::Name(tokens) => {
                for (at, name) in names.iter().enumerate() {
                    next[at + 1] = reached[at] && name_matches(tokens, name);
                }
            }
        }
        reached = next;
    }
    reached[names.len()]
}

fn name_matches(tokens: &[Token], name: &[char]) -> bool {
    let mut reached = vec![false; name.len() + 1];
    reached[0] = true;
    for token in tokens {
        let mut next = vec![false; name.len() + 1];
        let mut any = false;
        for at in 0..=name.len() {
            if *token == Token::Many {
                any |= reached[at];
                next[at] = any;
            } else if at > 0 {
                next[at] = reached[at - 1] && token_matches(token, name[at - 1]);
            }
        }
        reached = next;
    }
    reached[name.len()]
}

fn token_matches(token: &Token, char: char) -> bool {
    match token {
        Token::Char(own) => *own == char,
        Token::One | Token::Many => true,
        Token::Set { negated, ranges } => ranges.iter().any(|&(low, high)| low <= char && char <= high) != *negated,
    }
}

/// Whether `whole` is plain names and then everything, and `below` begins with these names.
fn covers(whole: &[Segment], below: &[Segment]) -> bool {
    let any = Segment::Name(vec![Token::Many]);
    let Some((Segment::Deep, names)) = whole.split_last() else { return false };
    let (names, deeper) = names.strip_suffix(std::slice::from_ref(&any)).map_or((names, false), |names| (names, true));
    let is_plain = |segment: &Segment| match segment {
        Segment::Name(tokens) => tokens.iter().all(|token| matches!(token, Token::Char(_))),
        Segment::Deep => false,
    };
    let rest = below.strip_prefix(names);
    names.iter().all(is_plain) && rest.is_some_and(|rest| !deeper || rest.iter().any(|segment| *segment != Segment::Deep))
}

/// Whether two sequences match a common path.
fn segments_meet(left: &[Segment], right: &[Segment]) -> bool {
    // Most pairs begin with different letters, and need no table.
    if let (Some(Segment::Name(a)), Some(Segment::Name(b))) = (left.first(), right.first())
        && begin_apart(a, b)
    {
        return false;
    }
    // `**` takes no name, or one that the other side takes too.
    meet(
        left,
        right,
        |segment| *segment == Segment::Deep,
        |a, b| match (a, b) {
            (Segment::Name(a), Segment::Name(b)) => names_meet(a, b),
            _ => false,
        },
    )
}

/// Whether two names differ in a letter before their first wildcard.
fn begin_apart(left: &[Token], right: &[Token]) -> bool {
    for (left, right) in left.iter().zip(right) {
        match (left, right) {
            (Token::Char(a), Token::Char(b)) if a == b => {}
            (Token::Char(_), Token::Char(_)) => return true,
            _ => return false,
        }
    }
    // One goes on where the other ends, with something that takes a letter.
    let longer = if left.len() > right.len() { &left[right.len()..] } else { &right[left.len()..] };
    longer.iter().any(|token| *token != Token::Many)
}

/// Whether two sequences have a common text: a table over both, filled from their ends. What `many` holds of takes nothing, or one more of
/// what the other side takes; of all else `same` says whether two of them have one in common.
fn meet<T>(left: &[T], right: &[T], many: impl Fn(&T) -> bool, same: impl Fn(&T, &T) -> bool) -> bool {
    if left.len() * right.len() > MAX_CELLS {
        return true;
    }
    let mut table = vec![vec![false; right.len() + 1]; left.len() + 1];
    for i in (0..=left.len()).rev() {
        for j in (0..=right.len()).rev() {
            table[i][j] = match (left.get(i), right.get(j)) {
                (None, None) => true,
                (Some(a), other) if many(a) => table[i + 1][j] || other.is_some() && table[i][j + 1],
                (other, Some(b)) if many(b) => table[i][j + 1] || other.is_some() && table[i + 1][j],
                (Some(a), Some(b)) => table[i + 1][j + 1] && same(a, b),
                _ => false,
            };
        }
    }
    table[0][0]
}

/// For sequences whose table would have more cells it takes too long to say: then they may.
const MAX_CELLS: usize = 1 << 16;

fn names_meet(left: &[Token], right: &[Token]) -> bool {
    if begin_apart(left, right) {
        return false;
    }
    meet(left, right, |token| *token == Token::Many, tokens_meet)
}

fn tokens_meet(left: &Token, right: &Token) -> bool {
    match (left, right) {
        (Token::Char(char), other) | (other, Token::Char(char)) => token_matches(other, *char),
        (Token::Set { negated: false, ranges }, other) | (other, Token::Set { negated: false, ranges }) => match other {
            // Only the ends of ranges, and what lies beside them, can tell two sets apart.
            Token::Set { ranges: others, .. } => {
                let ends = ranges.iter().chain(others).flat_map(|&(low, high)| [low, high]);
                let beside = ends.flat_map(|end| {
                    [Some(end), char::from_u32(end as u32 + 1), (end as u32).checked_sub(1).and_then(char::from_u32)]
                });
                beside.flatten().any(|char| token_matches(left, char) && token_matches(right, char))
            }
            _ => true,
        },
        // Two sets of all but a few always share one.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
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
            assert_eq!(Pattern::new(left).overlaps(&Pattern::new(right)), expected, "{left} {right}");
            assert_eq!(Pattern::new(right).overlaps(&Pattern::new(left)), expected, "{right} {left}");
        }
    }

    #[test]
    fn a_folder_covers_what_lies_below() {
        for (whole, below, expected) in [
            ("dist/", "dist/a.js", true),
            ("dist/**", "dist/", true),
            ("dist", "dist", true),
            ("dist/", "dist", false),
            ("dist/", "di*/", false),
            ("dist/*.js", "dist/a.js", false),
            ("{dist,lib}/", "lib/x/**", true),
            ("dist/", "{dist,lib}/x", false),
            ("**", "a/b", true),
        ] {
            assert_eq!(Pattern::new(whole).covers(&Pattern::new(below)), expected, "{whole} {below}");
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
                assert!(found.contains(&other) || !pattern.overlaps(with), "{number} {other}");
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
}
