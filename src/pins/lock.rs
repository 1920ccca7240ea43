//! `pipelay.lock`: for each tag or branch that specs ask for, its full tag, commit and date.
//!
//! One line each, sorted, so that a review shows what changed and a merge joins what two branches added:
//! `actions/checkout@v6 v6.0.2 de0fac2e4500dabe0009e67214ff5f5447ce83dd 2026-01-09`. Behind these come the images, where any are pinned:
//! `postgres:15 sha256:… 2026-01-09`.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::image::{Digest, Image, is_digest};
use super::{Asked, Pin, is_commit, is_newer};
use crate::diagnostics::codes::e0712_bad_lock::{bad_line, twice};
use crate::diagnostics::codes::e0713_lock_in_conflict::lock_in_conflict;
use crate::diagnostics::{Diag, Outcome};
use crate::source::{Source, Span, is_merge_marker};

/// Where it lies, from the root of the repository.
pub const PATH: &str = "pipelay.lock";

/// The lines at its head.
const HEAD: &str = "\
# The commits of the actions and workflows that specs use: `pipelay lock` writes this file, `pipelay compile` reads it.
# ACTION@ASKED TAG COMMIT DATE
";

/// The line before images. A file without any does not have it.
const IMAGES: &str = "# IMAGE:TAG DIGEST DATE\n";

/// What is pinned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// By what is asked for.
    pub pins: BTreeMap<Asked, Pin>,
    /// The digests of images. Where there is one, all images of specs are to have one.
    pub images: BTreeMap<Image, Digest>,
}

impl Lock {
    /// The pin of what is asked for.
    pub fn find(&self, asked: &Asked) -> Option<&Pin> {
        self.pins.get(asked)
    }

    /// Reads the file. A line that is not understood is an error, and the others still count. In a merge conflict both sides do, and where both ask
    /// for the same, the newer tag; where they have two commits of one tag, neither. Of two digests of one tag, the one that was seen last.
    pub fn parse(source: &Source) -> Outcome<Self> {
        let (mut lock, mut diags) = (Self::default(), Vec::new());
        let mut places: BTreeMap<String, Span> = BTreeMap::new();
        let (mut in_conflict, mut in_base): (Option<Span>, bool) = (None, false);
        let (mut disputed, mut disputed_images) = (BTreeSet::new(), BTreeSet::new());
        for index in 0..source.line_count() {
            let range = source.line_range(index);
            let line = source.text()[range.clone()].trim_start_matches('\u{feff}').trim();
            let start = source.base() + range.start as u32;
            let span = Span::new(start, start + source.text()[range].trim_end().len() as u32);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if is_merge_marker(line) {
                in_conflict.get_or_insert(span);
                // Between `|||||||` and `=======` stands what both sides have left.
                in_base = line.starts_with('|');
                continue;
            }
            if in_base {
                continue;
            }
            match read(line) {
                None => diags.push(bad_line(line, span)),
                Some(Line::Action(asked, pin)) => match lock.pins.entry(asked) {
                    Entry::Vacant(place) => {
                        places.insert(place.key().to_string(), span);
                        place.insert(pin);
                    }
                    Entry::Occupied(known) if *known.get() == pin => {}
                    Entry::Occupied(mut known) if in_conflict.is_some() => {
                        if is_newer(&pin.tag, &known.get().tag) {
                            known.insert(pin);
                        } else if !is_newer(&known.get().tag, &pin.tag) && pin.commit != known.get().commit {
                            disputed.insert(known.key().clone());
                        }
                    }
                    Entry::Occupied(known) => diags.push(second(known.key(), span, &places)),
                },
                Some(Line::Image(image, digest)) => match lock.images.entry(image) {
                    Entry::Vacant(place) => {
                        places.insert(place.key().to_string(), span);
                        place.insert(digest);
                    }
                    Entry::Occupied(known) if *known.get() == digest => {}
                    // Each was that of the tag on its day.
                    Entry::Occupied(mut known) if in_conflict.is_some() => match (&known.get().date, &digest.date) {
                        (Some(one), Some(two)) if one < two => drop(known.insert(digest)),
                        (Some(one), Some(two)) if one > two => {}
                        _ => drop(disputed_images.insert(known.key().clone())),
                    },
                    Entry::Occupied(known) => diags.push(second(known.key(), span, &places)),
                },
            }
        }
        // Two commits or digests of one tag, and no telling which: it is to be asked for anew.
        lock.pins.retain(|asked, _| !disputed.contains(asked));
        lock.images.retain(|image, _| !disputed_images.contains(image));
        diags.extend(in_conflict.map(lock_in_conflict));
        Outcome { value: lock, diags }
    }
}

impl std::fmt::Display for Lock {
    /// The file.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(HEAD)?;
        for (asked, Pin { tag, commit, date }) in &self.pins {
            write!(f, "{asked} {tag} {commit}")?;
            if let Some(date) = date {
                write!(f, " {date}")?;
            }
            f.write_str("\n")?;
        }
        f.write_str(if self.images.is_empty() { "" } else { IMAGES })?;
        for (image, Digest { digest, date }) in &self.images {
            let date = date.as_ref().map(|date| format!(" {date}")).unwrap_or_default();
            writeln!(f, "{image} {digest}{date}")?;
        }
        Ok(())
    }
}

/// What is asked for by a line, and its pin.
enum Line {
    Action(Asked, Pin),
    Image(Image, Digest),
}

fn read(line: &str) -> Option<Line> {
    action(line)
        .map(|(asked, pin)| Line::Action(asked, pin))
        .or_else(|| image(line).map(|(image, digest)| Line::Image(image, digest)))
}

fn action(line: &str) -> Option<(Asked, Pin)> {
    let mut words = line.split_whitespace();
    let (uses, tag, commit, date) = (words.next()?, words.next()?, words.next()?, words.next());
    let asked = Asked::of(uses)?;
    let whole = words.next().is_none() && is_commit(commit) && date.is_none_or(is_date);
    let pin = Pin { tag: tag.to_owned(), commit: commit.to_lowercase(), date: date.map(str::to_owned) };
    (whole && asked.takes(tag)).then_some((asked, pin))
}

fn image(line: &str) -> Option<(Image, Digest)> {
    let mut words = line.split_whitespace();
    let (written, digest, date) = (words.next()?, words.next()?, words.next());
    // Without its tag it is not as we write it.
    let image = Image::of(written).filter(|image| image.to_string() == written)?;
    let whole = words.next().is_none() && is_digest(digest) && date.is_none_or(is_date);
    whole.then(|| (image, Digest { date: date.map(str::to_owned), digest: digest.to_owned() }))
}

fn second(asked: &impl ToString, at: Span, places: &BTreeMap<String, Span>) -> Diag {
    let asked = asked.to_string();
    twice(&asked, at, places.get(&asked).copied())
}

/// Whether a text is a date such as `2026-01-09`.
fn is_date(text: &str) -> bool {
    let shape = |(index, byte): (usize, u8)| if index == 4 || index == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    let number = |range| text.get(range).and_then(|digits: &str| digits.parse().ok()).unwrap_or(0);
    let is_day = || (1..=12).contains(&number(5..7)) && (1..=31).contains(&number(8..10));
    text.len() == 10 && text.bytes().enumerate().all(shape) && is_day()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn parse(text: &str) -> (Lock, Vec<String>) {
        let mut sources = Sources::new();
        sources.add("x", "before");
        let index = sources.add(PATH, text);
        let Outcome { value, diags } = Lock::parse(sources.get(index));
        let said = diags.iter().map(|diag| format!("{} {:?}", diag.message, sources.slice(diag.span())));
        (value, said.collect())
    }

    fn line(asked: &str, tag: &str, digit: &str) -> String {
        format!("{asked} {tag} {} 2026-01-09\n", digit.repeat(40))
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text =
            line("B/b@main", "main", "b") + &line("a/a@v1", "v1.2.3", "a") + &format!("a/a@v2 v2.0.0 {}\n", "2".repeat(40));
        let (lock, said) = parse(&text);
        assert!(said.is_empty(), "{said:?}");
        let written = lock.to_string();
        assert_eq!(parse(&written), (lock.clone(), Vec::new()));
        assert_eq!(parse(&written.replace('\n', "\r\n")), (lock, Vec::new()));
        let keys: Vec<&str> =
            written.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(keys, ["a/a@v1", "a/a@v2", "b/b@main"]);
    }

    fn image(image: &str, digit: &str, day: &str) -> String {
        format!("{image} sha256:{} 2026-01-{day}\n", digit.repeat(64))
    }

    #[test]
    fn images_come_behind_actions_in_order() {
        let text = image("redis:7", "1", "09") + &line("b/b@v1", "v1.0.0", "b") + &image("a/a:1", "2", "09");
        let (lock, said) = parse(&text);
        assert!(said.is_empty(), "{said:?}");
        let written = lock.to_string();
        let (_, lines) = written.split_once("COMMIT DATE\n").unwrap_or_default();
        assert_eq!(lines, line("b/b@v1", "v1.0.0", "b") + IMAGES + &image("a/a:1", "2", "09") + &image("redis:7", "1", "09"));
        assert_eq!(parse(&written), (lock, Vec::new()));
        for bad in [
            "redis sha256:1",
            "redis:7 sha512:1",
            &image("redis", "1", "09"),
            &image("redis:7", "A", "09"),
            &image("redis:7", "1", "9"),
        ] {
            let (lock, said) = parse(bad);
            assert_eq!((lock.images.len(), said.len()), (0, 1), "{bad}: {said:?}");
        }
        let (lock, said) = parse(&(image("redis:7", "1", "09") + &image("redis:7", "2", "10")));
        assert_eq!((lock.images.len(), said.len()), (1, 1), "{said:?}");
        let merged = |one: String, two: String| parse(&format!("<<<<<<< HEAD\n{one}=======\n{two}>>>>>>> topic\n")).0;
        let (one, two) = (image("redis:7", "2", "09"), image("redis:7", "1", "10"));
        assert_eq!(merged(one.clone(), two.clone()), parse(&two).0, "the one that was seen last");
        assert_eq!(merged(two.clone(), one), parse(&two).0);
        // What both have left is no side.
        let base = image("redis:7", "9", "20");
        let (lock, _) = parse(&format!("<<<<<<< HEAD\n{two}||||||| base\n{base}=======\n{two}>>>>>>> topic\n"));
        assert_eq!(lock, parse(&two).0);
        let (other, undated) = (image("redis:7", "3", "10"), two.replace(" 2026-01-10", "").replace('1', "4"));
        for unknown in [merged(two.clone(), other.clone()), merged(other, two.clone()), merged(two, undated)] {
            assert_eq!(unknown.images.len(), 0, "which of them came last is not known");
        }
    }

    #[test]
    fn both_sides_of_a_conflict_are_read() {
        let text = format!(
            "{}<<<<<<< HEAD\n{}{}{}=======\n{}{}{}>>>>>>> topic\n",
            line("a/a@v1", "v1.0.0", "1"),
            line("b/b@v1", "v1.0.1", "2"),
            line("c/c@v1", "v1.0.0", "3"),
            line("e/e@v1", "v1.0.0", "6"),
            line("e/e@v1", "v1.0.0", "7"),
            line("b/b@v1", "v1.0.2", "4"),
            line("d/d@v1", "v1.0.0", "5"),
        );
        let (lock, said) = parse(&text);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("<<<<<<< HEAD"), "{said:?}");
        assert_eq!(lock.pins.len(), 4);
        assert_eq!(Asked::of("b/b@v1").and_then(|asked| lock.find(&asked).map(|pin| pin.tag.clone())).as_deref(), Some("v1.0.2"));
    }

    #[test]
    fn what_is_not_understood_is_said_and_the_rest_counts() {
        for bad in [
            "garbage".to_owned(),
            "a/a v1 1".to_owned(),
            line("a/a@v1", "v2.0.0", "1"),
            line("a/a@v1", "v1.0.0", "x"),
            line("./a@v1", "v1.0.0", "1"),
            line("a/a@v1", "v1.0.0", "1").replace("2026-01-09", "9 January"),
            line("a/a@v1", "v1.0.0", "1").replace("2026-01-09", "2026/01/09"),
            line("a/a@v1", "v1.0.0", "1").replace("2026-01-09", "2026-13-45"),
            line("a/a@v1", "v1.0.0", "1").replace("2026-01-09", "2026-00-09"),
        ] {
            let (lock, said) = parse(&format!("{bad}\n{}", line("c/c@v1", "v1.0.0", "3")));
            assert_eq!((lock.pins.len(), said.len()), (1, 1), "{bad}: {said:?}");
        }
        let (lock, said) = parse(&(line("a/a@v1", "v1.0.0", "1") + &line("A/a@v1", "v1.0.1", "2")));
        assert_eq!((lock.pins.len(), said.len()), (1, 1), "{said:?}");
        assert_eq!(
            parse(&line("a/a@v1", "v1.0.0", "1").repeat(2)).1,
            Vec::<String>::new(),
            "the same twice, as a merge may leave it"
        );
    }
}
