//! The way back: a workflow in YAML becomes a spec that compiles, under `optimize off`, to a workflow that means the same.
//!
//! | module | what it does |
//! | --- | --- |
//! | `tree`, `read`, `surrogates`, `comments` | YAML with places and comments |
//! | `file`, `triggers`, `job`, `strategy`, `steps` | what each part is in the language |
//! | `data` | values, conditions |
//! | `words`, `spec` | how texts and statements are written |
//! | `compare` | whether two workflows mean the same |
//! | `prove` | the spec compiled, and its output compared with what was imported |
//!
//! What GitHub would refuse is said at its place in the YAML, by this module where it is of YAML's form, and by the phases that compile the
//! spec where it is of its meaning: every byte of the spec knows where it comes from.

mod comments;
mod compare;
mod data;
mod file;
mod job;
mod prove;
mod read;
mod spec;
mod steps;
mod strategy;
mod surrogates;
mod tree;
mod triggers;
mod words;

use std::cell::RefCell;
use std::collections::BTreeSet;

pub use compare::{Difference, difference};
pub use prove::{Import, draft, import};

use crate::diagnostics::codes::e0507_unknown_key::unknown_key;
use crate::diagnostics::codes::e0508_wrong_form::wrong_form;
use crate::diagnostics::{Diag, nearest};
use crate::text::Text;
use tree::{Entry, Kind, Tree};
use words::StandIn;

/// What turns a tree into statements, and collects what is wrong with it.
#[derive(Default)]
struct Importer {
    diags: RefCell<Vec<Diag>>,
    /// The constants that the spec asks for.
    needed: RefCell<BTreeSet<StandIn>>,
}

impl Importer {
    fn say(&self, diag: Diag) {
        self.diags.borrow_mut().push(diag);
    }

    fn need(&self, constant: StandIn) {
        self.needed.borrow_mut().insert(constant);
    }

    /// The entries of what has to be a mapping with these keys; others are refused.
    fn record<'t>(&self, of: &str, tree: &'t Tree, known: &'static [&'static str]) -> impl Iterator<Item = &'t Entry> {
        self.want(of, tree, "a mapping", tree.is_map());
        for entry in tree.entries().iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            self.say(unknown_key(of, &entry.key, nearest(&entry.key, known.iter().copied()), known));
        }
        tree.entries().iter().filter(move |entry| known.contains(&entry.key.as_str()))
    }

    /// Refuses what has another form than GitHub takes.
    fn want(&self, of: &str, tree: &Tree, wanted: &str, fine: bool) -> bool {
        if !fine {
            self.say(wrong_form(of, tree.noun(), wanted, tree.span));
        }
        fine
    }

    /// One value, as text.
    fn scalar(&self, of: &str, tree: &Tree) -> Option<Text> {
        let text = tree.scalar();
        self.want(of, tree, "one value", text.is_some());
        text
    }

    /// One value or a list of them.
    fn list<'t>(&self, of: &str, tree: &'t Tree) -> Vec<&'t Tree> {
        match &tree.kind {
            Kind::List(items) => items.iter().filter(|item| self.scalar(of, item).is_some()).collect(),
            Kind::Null => Vec::new(),
            Kind::Map(_) => {
                self.want(of, tree, "a value or a list of them", false);
                Vec::new()
            }
            _ => vec![tree],
        }
    }

    /// Texts of a list.
    fn texts(&self, of: &str, tree: &Tree) -> Vec<Text> {
        self.list(of, tree).into_iter().filter_map(Tree::scalar).collect()
    }
}
