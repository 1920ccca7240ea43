//! Slips in the clauses of `keep`.

use super::lists::{items, words};
use crate::hir::Duration;

/// The clauses, in their order.
const CLAUSES: [&str; 4] = ["keep", "as", "for", "when"];

/// What is wrong with the clauses of a `keep`, and how it is written.
pub(in crate::syntax) fn keep(line: &str) -> Option<String> {
    let mut parts: [Vec<&str>; 4] = Default::default();
    let (mut at, mut in_order, mut other_word) = (0, true, false);
    for word in words(line) {
        let word = if word == "if" && at != 3 { "when" } else { word };
        other_word |= word == "when" && !line.contains(" when ");
        match CLAUSES.iter().position(|clause| *clause == word) {
            Some(clause) => (in_order, at) = (in_order && clause >= at, clause),
            None if word == "#" => break,
            None => parts[at].push(word),
        }
    }
    let [paths, name, time, when] = parts;
    // A duration that no `for` announces.
    let is_time = |word: &&str| Duration::parse(word).is_some();
    let (paths, name, time, lost) = match () {
        () if paths.last().is_some_and(is_time) && paths.len() > 1 && time.is_empty() => {
            (&paths[..paths.len() - 1], &name[..], vec![paths[paths.len() - 1]], true)
        }
        () if name.last().is_some_and(is_time) && name.len() > 1 && time.is_empty() => {
            (&paths[..], &name[..name.len() - 1], vec![name[name.len() - 1]], true)
        }
        () => (&paths[..], &name[..], time, false),
    };
    let named = name.join(" ");
    let time = match &time[..] {
        [number, word] => in_days(number, word).unwrap_or_else(|| time.join(" ")),
        _ => time.join(" "),
    };
    let two_words = name.len() > 1;
    let why = match () {
        () if lost => "the duration stands behind `for`",
        () if !in_order => "the clauses stand in this order",
        () if other_word => "a condition begins with `when`",
        () if two_words => "a name that holds blanks stands in quotes",
        () if items(&paths.join(" ")).join(", ") != paths.join(" ") => "commas stand between the items of a list",
        () if Duration::parse(&time).is_some() && !line.contains(&time) => "a duration is one word",
        () => return None,
    };
    let mut written = vec![format!("keep {}", items(&paths.join(" ")).join(", "))];
    let named = if two_words { format!("\"{named}\"") } else { named };
    for (clause, text) in [("as", named), ("for", time), ("when", when.join(" "))] {
        if !text.is_empty() {
            written.push(format!("{clause} {text}"));
        }
    }
    Some(format!("{why}: `{}`", written.join(" ")))
}

/// A duration of two words as one.
fn in_days(number: &str, unit: &str) -> Option<String> {
    let number: u32 = number.parse().ok()?;
    let days = match unit.chars().next()? {
        'h' => return Some(format!("{number}h")),
        'w' => 7,
        'm' => 30,
        _ => 1,
    };
    Some(format!("{}d", number.checked_mul(days)?))
}
