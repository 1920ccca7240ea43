//! What a name may have meant that a broken statement held.
//!
//! A job whose line does not parse is no job, and to say of every `needs` that nothing is called so would hide the one fault that there
//! is. So a message that nothing is called `x` is dropped where the faulty text may have defined it: always, where a block has lost
//! its first or last line, and else where the file has the word at another place.

use std::collections::{HashMap, HashSet};

use super::{Diag, Severity};
use crate::source::{Source, Sources, Span};

/// Faults that leave the file's blocks as they are.
const INSIDE: &[&str] = &["E0101", "E0102", "E0111", "E0112", "E0114"];
/// Messages that nothing is called so.
const ABOUT_UNKNOWN: &[&str] = &["E0201", "E0202", "E0208", "E0401", "E0403", "E0610"];
/// Messages that something is not there at all.
const ABOUT_NOTHING: &[&str] = &["E0311"];

/// Whether blocks have lost a line, so that any name may have been there.
pub fn blocks_are_lost(diags: &[Diag]) -> bool {
    diags.iter().any(|diag| diag.severity() == Severity::Error && !INSIDE.contains(&diag.code.id))
}

/// The messages of a faulty text without those that the fault may be the reason of.
pub fn without_consequences(diags: Vec<Diag>, sources: &Sources) -> Vec<Diag> {
    let about_unknown = |diag: &&Diag| ABOUT_UNKNOWN.contains(&diag.code.id);
    let mut places: HashMap<&str, HashSet<Span>> = HashMap::new();
    for diag in diags.iter().filter(about_unknown) {
        places.entry(&diag.message).or_default().extend(diag.labels.iter().map(|label| label.span));
    }
    // Every text is read once, however many names are unknown.
    let mut counts: HashMap<u32, HashMap<&str, usize>> = HashMap::new();
    let mut stays = Vec::with_capacity(diags.len());
    for diag in &diags {
        let lost = match (sources.find(diag.span()), places.get(diag.message.as_str())) {
            (Some(source), Some(places)) if about_unknown(&diag) => {
                let counts = counts.entry(source.base()).or_insert_with(|| count(source.text()));
                may_be_lost(diag, source, counts, places)
            }
            _ => ABOUT_NOTHING.contains(&diag.code.id),
        };
        stays.push(!lost);
    }
    diags.into_iter().zip(stays).filter_map(|(diag, stays)| stays.then_some(diag)).collect()
}

/// Whether the name that a message calls unknown stands elsewhere than in `places`, or may be made by a loop.
fn may_be_lost(diag: &Diag, source: &Source, counts: &HashMap<&str, usize>, places: &HashSet<Span>) -> bool {
    // Of a path, its first word stands for it.
    let Some(name) = words(source.slice(diag.span())).next() else { return true };
    let here: usize = places.iter().map(|&place| words(source.slice(place)).filter(|word| *word == name).count()).sum();
    let loops = diag.code.id == "E0401" && source.text().contains("%{");
    loops || counts.get(name).is_some_and(|&count| count > here)
}

fn count(text: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    words(text).for_each(|word| *counts.entry(word).or_default() += 1);
    counts
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let part_of_word = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-');
    text.split(move |char: char| !part_of_word(char)).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::codes::e0401_unknown_job::unknown_job;

    #[test]
    fn what_a_broken_statement_may_define_is_not_called_unknown() {
        let mut sources = Sources::new();
        let text = "job lint! {\n}\njob a {\n  needs lint, nobody\n}\njob b {\n  needs nobody\n}\n";
        sources.add("ci.pipe", text);
        let at = |name: &str| {
            let all = text.match_indices(name).map(|(at, _)| Span::new(at as u32, (at + name.len()) as u32));
            all.collect::<Vec<_>>()
        };
        let (lint, nobody) = (at("lint"), at("nobody"));
        let diags = vec![
            unknown_job("lint", None, lint[1]),
            unknown_job("nobody", None, nobody[0]),
            unknown_job("nobody", None, nobody[1]),
        ];
        let left: Vec<Span> = without_consequences(diags, &sources).iter().map(Diag::span).collect();
        assert_eq!(left, nobody);
    }
}
