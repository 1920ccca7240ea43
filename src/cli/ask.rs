//! What `pipelay lock` asks a server, and what becomes of the answer: which tag is meant, and whether a pin still holds.

use std::time::Duration;

use pipelay::diagnostics::codes::e0715_moved_tag::{gone, moved};
use pipelay::diagnostics::codes::e0716_cannot_ask::cannot_ask;
use pipelay::diagnostics::codes::e0717_no_such_reference::no_such_reference;
use pipelay::diagnostics::codes::w0718_young_tag::young_tag;
use pipelay::diagnostics::{Diag, nearest};
use pipelay::pins::{Asked, Pin, Version, is_newer};

use super::remote::{Made, References, Remote};

/// What is wanted to be known of a tag or branch.
#[derive(Debug, Clone)]
pub(crate) enum Wish {
    /// The newest tag that is meant, never an older one than that which is pinned.
    Newest(Option<Pin>),
    /// That this pin is true, and of which day it is.
    Dated(Pin),
    /// That this pin is true.
    Proof(Pin),
}

/// A question about what is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) asked: Asked,
    pub(crate) wish: Wish,
}

/// The answer: a pin, unless a message says why there is none.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) asked: Asked,
    pub(crate) pin: Option<Pin>,
    pub(crate) diag: Option<Diag>,
    /// Whether the pin is of a name that is there to be moved, so that nothing can be proven.
    pub(crate) moves: bool,
}

/// How many tags are asked for their day at a time: the first is mostly old enough.
const AT_A_TIME: usize = 4;

/// Asks the server of a repository all questions about it. A tag that was made after `newest`, in seconds since 1970, is too young.
pub(crate) fn ask(repository: &str, questions: &[Question], newest: u64, patience: Duration) -> Vec<Answer> {
    let known = Remote::new(repository, patience).and_then(|remote| Ok((remote.references()?, remote)));
    match known {
        Ok((references, remote)) => {
            let server = Server { references, remote, newest };
            questions.iter().map(|question| server.answer(question)).collect()
        }
        Err(why) => {
            // One message, whatever was asked.
            let mut diag = Some(cannot_ask(repository, &why));
            let silent =
                |question: &Question| Answer { asked: question.asked.clone(), pin: None, diag: diag.take(), moves: false };
            questions.iter().map(silent).collect()
        }
    }
}

struct Server {
    references: References,
    remote: Remote,
    newest: u64,
}

impl Server {
    fn answer(&self, Question { asked, wish }: &Question) -> Answer {
        let found = match wish {
            Wish::Newest(current) => self.find(asked, current.as_ref()),
            Wish::Dated(pin) if self.commit(&pin.tag).is_some_and(|commit| *commit != pin.commit) => {
                Err(moved(&asked.repository, &pin.tag, &pin.commit, self.commit(&pin.tag).map_or("", String::as_str)))
            }
            Wish::Dated(pin) => self.prove(asked, pin).and_then(|()| self.looked_at(asked, &pin.tag, &pin.commit)),
            Wish::Proof(pin) => self.prove(asked, pin).map(|()| (pin.clone(), None)),
        };
        let (pin, diag) = match found {
            Ok((pin, diag)) => (Some(pin), diag),
            Err(diag) => (None, Some(diag)),
        };
        let moves = pin.as_ref().is_some_and(|pin| self.moves(&pin.tag));
        Answer { asked: asked.clone(), pin, diag, moves }
    }

    /// Whether a name is there to be moved: a branch, or a tag such as `v6` beside its `v6.0.2`.
    fn moves(&self, name: &str) -> bool {
        !self.references.tags.contains_key(name) || Version::of(name).is_some_and(|version| version.parts() == 1)
    }

    /// The commit of a tag, else of a branch, as git looks for them.
    fn commit(&self, name: &str) -> Option<&String> {
        self.references.tags.get(name).or_else(|| self.references.branches.get(name))
    }

    /// Whether a tag is still the commit that is pinned. Of what moves nothing is proven but that it is there.
    fn prove(&self, asked: &Asked, pin: &Pin) -> Result<(), Diag> {
        match self.commit(&pin.tag) {
            Some(commit) if *commit == pin.commit || self.moves(&pin.tag) => Ok(()),
            Some(commit) => Err(moved(&asked.repository, &pin.tag, &pin.commit, commit)),
            None => Err(gone(&asked.repository, &pin.tag, &pin.commit)),
        }
    }

    /// The newest tag that is meant and old enough; else the branch of that name.
    fn find(&self, asked: &Asked, current: Option<&Pin>) -> Result<(Pin, Option<Diag>), Diag> {
        let meant = self.references.tags.iter().filter(|(tag, _)| asked.takes(tag));
        let mut versions: Vec<(Version, &String, &String)> =
            meant.filter_map(|(tag, commit)| Some((Version::of(tag)?, tag, commit))).collect();
        versions.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(other.1)));
        versions.retain(|(_, tag, _)| current.is_none_or(|current| is_newer(tag, &current.tag)));
        for some in versions.chunks(AT_A_TIME) {
            let names: Vec<String> = some.iter().map(|(_, tag, _)| format!("refs/tags/{tag}")).collect();
            let made = self.remote.made(&names).map_err(|why| cannot_ask(&asked.repository, &why))?;
            if let Some(((_, tag, commit), made)) = some.iter().zip(&made).find(|(_, made)| made.at <= self.newest) {
                return Ok((pin(tag, commit, made), None));
            }
        }
        match (current, versions.first()) {
            (Some(current), _) => self.again(asked, current).map(|pin| (pin, None)),
            // Without a pin the tag would run as it is: a young commit is no worse.
            (None, Some((_, tag, commit))) => self.looked_at(asked, tag, commit),
            // What is no version is taken by its name.
            (None, None) => match self.commit(&asked.reference) {
                Some(commit) => self.looked_at(asked, &asked.reference, commit),
                None => Err(self.unknown(asked)),
            },
        }
    }

    /// The pin of a tag for which there is no newer one: the same, unless it is one that moves.
    fn again(&self, asked: &Asked, current: &Pin) -> Result<Pin, Diag> {
        self.prove(asked, current)?;
        let commit = self.commit(&current.tag).filter(|_| self.moves(&current.tag)).unwrap_or(&current.commit);
        let (pin, made) = self.made(&current.tag, commit)?;
        let young = self.references.tags.contains_key(&pin.tag) && made.at > self.newest && pin.commit != current.commit;
        Ok(if young { current.clone() } else { pin })
    }

    fn unknown(&self, asked: &Asked) -> Diag {
        let References { tags, branches } = &self.references;
        let near = nearest(&asked.reference, tags.keys().chain(branches.keys()).map(String::as_str));
        no_such_reference(&asked.repository, &asked.reference, near)
    }

    /// A pin with its day, and a word where that is younger than the minimum age. A branch is as young as its last commit, always.
    fn looked_at(&self, asked: &Asked, tag: &str, commit: &str) -> Result<(Pin, Option<Diag>), Diag> {
        let (pin, made) = self.made(tag, commit)?;
        let is_young = self.references.tags.contains_key(&pin.tag) && made.at > self.newest;
        let diag = is_young.then(|| young_tag(&asked.to_string(), &pin.tag, &made.day));
        Ok((pin, diag))
    }

    fn made(&self, tag: &str, commit: &str) -> Result<(Pin, Made), Diag> {
        let place = if self.references.tags.contains_key(tag) { "tags" } else { "heads" };
        let made = self
            .remote
            .made(&[format!("refs/{place}/{tag}")])
            .and_then(|made| made.into_iter().next().ok_or_else(|| "its answer is empty".to_owned()));
        let made = made.map_err(|why| cannot_ask(&self.remote.repository, &why))?;
        Ok((pin(tag, commit, &made), made))
    }
}

fn pin(tag: &str, commit: &str, made: &Made) -> Pin {
    Pin { tag: tag.to_owned(), commit: commit.to_owned(), date: Some(made.day.clone()) }
}
