//! Broken texts: soups of the language's words, and files of which some lines and characters went wrong.

use super::invariants;
use crate::shared::{files, shared_files};

/// A generator of its own: the same texts everywhere, and a seed to say which one failed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

const SOUP: &[&str] = &[
    "{",
    "}",
    "{\n",
    "}\n",
    "\n",
    "\n  ",
    "; ",
    ", ",
    ",",
    ": ",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "\"\"\"\n",
    ">\"\"\"\n",
    "#",
    " # c\n",
    "%{x}",
    "%{",
    "${{ ",
    " }}",
    "${{ x }}",
    "\\",
    "\\\n",
    "\r\n",
    "\t",
    "=",
    "==",
    "!",
    "&&",
    " || ",
    " a",
    " b ",
    " 1 ",
    "*",
    "**/",
    "{a,b}",
    "else ",
    "in ",
    "from ",
    "to ",
    "as ",
    "for ",
    "of files ",
    "auto ",
    "off\n",
    "é",
    "\u{feff}",
    "a: b\n",
    " [a, b]\n",
    " \"x\"\n",
    " x\n",
    "true",
    "node ",
    "exists(\"x\")",
    "push",
    "workflow_dispatch ",
    "choice [a, b] = a\n",
    "success()",
    "branch('main')",
];

/// All promises hold of a text; else says which text it was.
fn hold(what: &str, text: &str) {
    let ended = std::panic::catch_unwind(|| invariants::hold(text));
    assert!(ended.is_ok(), "{what}:\n{text}");
}

#[test]
fn soups_of_words_give_messages() {
    let words: Vec<&str> = pipelay::syntax::symbols::KEYWORDS.iter().map(|symbol| symbol.word).collect();
    for seed in 1..=400 {
        let mut random = Random(seed * 0x9E37_79B9);
        let mut text = String::new();
        for _ in 0..random.below(60) {
            match random.below(4) {
                0 => text.extend(["\n", random.pick(&words), " "]),
                1 => text.extend([random.pick(&words), " a {\n"]),
                _ => text.push_str(random.pick(SOUP)),
            }
        }
        hold(&format!("soup {seed}"), &text);
    }
}

#[test]
fn damaged_files_give_messages() {
    let mut all = files("examples", "pipe");
    all.extend(files("tests/cases/format", "pipe"));
    all.extend(files("src/catalog/std", "pipe"));
    all.extend(shared_files("language", "pipe"));
    for (index, path) in all.iter().enumerate() {
        let text = std::fs::read_to_string(path).unwrap();
        for seed in 1..=8 {
            let mut random = Random((index as u64 + 1) * 0x9E37_79B9 + seed);
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            for _ in 0..=random.below(3) {
                wound(&mut lines, &mut random);
            }
            let damaged = lines.concat();
            let mut sources = pipelay::source::Sources::new();
            let source = sources.add("a.pipe", damaged.as_str());
            let said = pipelay::syntax::parse(sources.get(source)).diags.len();
            assert!(said <= 101, "{}, seed {seed}: {said} errors", path.display());
            hold(&format!("{}, seed {seed}", path.display()), &damaged);
        }
    }
}

/// Takes away, doubles or swaps a line or a character.
fn wound(lines: &mut Vec<String>, random: &mut Random) {
    if lines.is_empty() {
        return;
    }
    let (at, other) = (random.below(lines.len()), random.below(lines.len()));
    let line = lines[at].clone();
    let mut chars: Vec<char> = line.chars().collect();
    let (here, there) = (random.below(chars.len()), random.below(chars.len()));
    match random.below(6) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(other, line),
        2 => lines.swap(at, other),
        kind if !chars.is_empty() => {
            match kind {
                3 => drop(chars.remove(here)),
                4 => chars.insert(there, chars[here]),
                _ => chars.swap(here, there),
            }
            lines[at] = chars.into_iter().collect();
        }
        _ => {}
    }
}
