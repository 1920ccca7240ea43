//! A pattern without braces, as what it takes of a path from left to right.

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// One character.
    One(Class),
    /// Any number of characters, also none.
    Many(Class),
    /// The next so many tokens, or none of them.
    Skip(usize),
}

/// Which characters.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Class {
    Char(char),
    /// All of a name: all but `/`.
    Name,
    /// All.
    Any,
    /// `[a-z]`, `[!a]`: never `/`.
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Class {
    pub(super) fn takes(&self, char: char) -> bool {
        match self {
            Self::Char(own) => *own == char,
            Self::Name => char != '/',
            Self::Any => true,
            Self::Set { negated, ranges } => {
                char != '/' && ranges.iter().any(|&(low, high)| low <= char && char <= high) != *negated
            }
        }
    }
}

const SLASH: Token = Token::One(Class::Char('/'));
const ANY: Token = Token::Many(Class::Any);

/// Reads a pattern without braces.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let path = text.trim_start_matches("./").trim_start_matches('/');
    let (path, below) = path.strip_suffix('/').map_or((path, false), |path| (path, true));
    let mut tokens = Vec::new();
    let mut names = path.split('/').filter(|name| !name.is_empty()).peekable();
    // A name came before, and another is to be parted from it.
    let mut part = false;
    while let Some(name) = names.next() {
        let deep = name == "**";
        if deep && names.peek() == Some(&"**") {
            continue;
        }
        if deep && names.peek().is_none() && !below {
            // `a/**` is `a` as well.
            tokens.extend(if part { vec![Token::Skip(2), SLASH, ANY] } else { vec![ANY] });
            continue;
        }
        tokens.extend(part.then_some(SLASH));
        part = !deep;
        if deep {
            tokens.extend([Token::Skip(2), ANY, SLASH]);
        } else {
            name_tokens(name, &mut tokens);
        }
    }
    if below {
        // A path ends with no `/`, so that there is something behind this one.
        tokens.extend(part.then_some(SLASH));
        tokens.push(ANY);
    } else if tokens.iter().all(is_char) {
        tokens.extend([Token::Skip(2), SLASH, ANY]);
    }
    tokens
}

/// Whether there is no wildcard but that for all below a folder.
pub(super) fn is_plain(tokens: &[Token]) -> bool {
    below(tokens).unwrap_or(tokens).iter().all(is_char)
}

fn is_char(token: &Token) -> bool {
    matches!(token, Token::One(Class::Char(_)))
}

/// The folder, where all below one is meant.
fn below(tokens: &[Token]) -> Option<&[Token]> {
    tokens.strip_suffix(&[Token::Skip(2), SLASH, ANY]).or_else(|| tokens.strip_suffix(&[SLASH, ANY]))
}

fn name_tokens(name: &str, tokens: &mut Vec<Token>) {
    let chars: Vec<char> = name.chars().collect();
    // Without a bracket behind it no set ends, and to look for the end of each takes the square.
    let last = chars.iter().rposition(|char| *char == ']').unwrap_or_default();
    let mut at = 0;
    while let Some(&char) = chars.get(at) {
        at += 1;
        tokens.push(match char {
            '*' => {
                let stars = chars[at..].iter().take_while(|char| **char == '*').count();
                at += stars;
                Token::Many(if stars == 0 { Class::Name } else { Class::Any })
            }
            '?' => Token::One(Class::Name),
            '[' => match set(chars.get(at..=last).unwrap_or_default()) {
                Some((set, taken)) => {
                    at += taken;
                    Token::One(set)
                }
                None => Token::One(Class::Char('[')),
            },
            char => Token::One(Class::Char(char)),
        });
    }
}

/// The inside of `[…]`, and how many characters it takes with its bracket.
fn set(chars: &[char]) -> Option<(Class, usize)> {
    let negated = matches!(chars.first(), Some('!' | '^'));
    let mut at = usize::from(negated);
    let mut ranges = Vec::new();
    loop {
        let low = *chars.get(at)?;
        if low == ']' && !ranges.is_empty() {
            return Some((Class::Set { negated, ranges }, at + 1));
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

/// Whether a text is matched. A repository has many files, and most begin otherwise than a pattern.
pub(super) fn accept(tokens: &[Token], text: &str) -> bool {
    let mut chars = text.chars();
    let begin = tokens.iter().map_while(|token| if let Token::One(Class::Char(char)) = token { Some(*char) } else { None });
    if begin.into_iter().any(|char| chars.next() != Some(char)) {
        return false;
    }
    if tokens.len() >= u128::BITS as usize {
        return text.chars().fold(Reached::start(tokens), |reached, char| reached.step(tokens, char)).accepts();
    }
    // As in [`Reached`], with a bit for each place.
    let places = |mut bits: u128| {
        std::iter::from_fn(move || {
            let at = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
            bits &= bits - 1;
            Some(at)
        })
    };
    let skipping = |mut reached: u128| {
        for (at, token) in tokens.iter().enumerate() {
            if (reached >> at) & 1 == 1 {
                nothing(token, at).for_each(|next| reached |= 1 << next);
            }
        }
        reached
    };
    let mut reached = skipping(1);
    for char in text.chars() {
        let mut next = 0;
        for at in places(reached).filter(|at| *at < tokens.len()) {
            match &tokens[at] {
                Token::One(class) if class.takes(char) => next |= 1 << (at + 1),
                Token::Many(class) if class.takes(char) => next |= 1 << at,
                _ => {}
            }
        }
        if next == 0 {
            return false;
        }
        reached = skipping(next);
    }
    (reached >> tokens.len()) & 1 == 1
}

/// How far into a pattern a text may have come: for each place of it, and its end, whether the text may stand there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Reached(Vec<bool>);

impl Reached {
    /// Before any text.
    pub(super) fn start(tokens: &[Token]) -> Self {
        let mut reached = vec![false; tokens.len() + 1];
        reached[0] = true;
        Self(reached).skipping(tokens)
    }

    /// Behind one more character.
    pub(super) fn step(&self, tokens: &[Token], char: char) -> Self {
        let mut next = vec![false; tokens.len() + 1];
        for (at, token) in tokens.iter().enumerate().filter(|(at, _)| self.0[*at]) {
            match token {
                Token::One(class) => next[at + 1] |= class.takes(char),
                Token::Many(class) => next[at] |= class.takes(char),
                Token::Skip(_) => {}
            }
        }
        Self(next).skipping(tokens)
    }

    /// With what is reached by taking nothing.
    fn skipping(mut self, tokens: &[Token]) -> Self {
        for (at, token) in tokens.iter().enumerate() {
            if self.0[at] {
                for next in nothing(token, at) {
                    self.0[next] = true;
                }
            }
        }
        self
    }

    /// Whether the text so far is matched.
    pub(super) fn accepts(&self) -> bool {
        self.0.last() == Some(&true)
    }
}

/// Where a token at a place leads without taking a character; always further on.
pub(super) fn nothing(token: &Token, at: usize) -> impl Iterator<Item = usize> {
    let (one, other) = match token {
        Token::One(_) => (None, None),
        Token::Many(_) => (Some(at + 1), None),
        Token::Skip(count) => (Some(at + 1), Some(at + 1 + count)),
    };
    one.into_iter().chain(other)
}

/// As an extended regular expression of POSIX, not anchored, without what is for all below a folder.
pub(super) fn regex(tokens: &[Token]) -> String {
    let tokens = below(tokens).unwrap_or(tokens);
    let (mut out, mut closing) = (String::new(), None);
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::One(class) => class_regex(class, &mut out),
            Token::Many(class) => {
                class_regex(class, &mut out);
                out.push('*');
            }
            Token::Skip(count) => {
                out.push('(');
                closing = Some(at + count);
            }
        }
        if closing == Some(at) {
            out.push_str(")?");
        }
    }
    out
}

fn class_regex(class: &Class, out: &mut String) {
    match class {
        Class::Char(char) => {
            if "\\.[]^$*+?(){}|".contains(*char) {
                out.push('\\');
            }
            out.push(*char);
        }
        Class::Name => out.push_str("[^/]"),
        Class::Any => out.push('.'),
        Class::Set { negated, ranges } => set_regex(*negated, ranges, out),
    }
}

/// Within brackets `]` is itself at their beginning alone, `-` at their end, and `^` not at their beginning.
fn set_regex(negated: bool, ranges: &[(char, char)], out: &mut String) {
    let special = |char: char| matches!(char, ']' | '[' | '^' | '-' | '/');
    let (mut specials, mut plain) = (Vec::new(), String::new());
    for &(mut low, mut high) in ranges {
        specials.extend(['[', '^', '-', ']'].into_iter().filter(|char| low <= *char && *char <= high));
        while low <= high && special(low) {
            low = after(low);
        }
        while low <= high && special(high) {
            high = before(high);
        }
        // `/` is in no set.
        let parts = if low < '/' && '/' < high { vec![(low, '.'), ('0', high)] } else { vec![(low, high)] };
        for (low, high) in parts.into_iter().filter(|(low, high)| low <= high) {
            plain.push(low);
            if low != high {
                plain.extend(['-', high]);
            }
        }
    }
    let has = |char: char| if specials.contains(&char) { char.to_string() } else { String::new() };
    let (first, rest) = (has(']'), format!("{plain}{}{}{}", has('['), has('^'), has('-')));
    match (negated, rest.as_str()) {
        (true, _) => out.extend(["[^", &first, "/", &rest, "]"]),
        (false, "^") if first.is_empty() => out.push_str("\\^"),
        (false, "^-") if first.is_empty() => out.push_str("[-^]"),
        (false, _) => out.extend(["[", &first, &rest, "]"]),
    }
}

fn after(char: char) -> char {
    char::from_u32(char as u32 + 1).unwrap_or(char::MAX)
}

fn before(char: char) -> char {
    (char as u32).checked_sub(1).and_then(char::from_u32).unwrap_or('\0')
}
