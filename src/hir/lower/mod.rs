//! Syntax tree to resolved pipeline.
//!
//! | module | what it lowers |
//! | --- | --- |
//! | `file` | statements of the file |
//! | `definitions` | what a file defines and imports |
//! | `settings` | what is set for the compiler |
//! | `triggers` | `on` |
//! | `job` | statements of a job and of a row |
//! | `steps` | the work |
//! | `actions` | what `uses` names |
//! | `matrix` | `matrix`, `shards` |
//! | `toolchains` | `toolchain` and `service`: a use meets its definition |
//! | `reuse` | toolchains that are used again as they were used before |
//! | `hashed` | `hashFiles` of what is not there |
//! | `variables` | variables of the shell that are called like a name |
//! | `parts` | pieces that several of them share: conditions, maps, permissions, switches |
//! | `shape` | what data may hold: keys, and what each takes |

pub(super) mod actions;
mod definitions;
mod file;
mod hashed;
mod job;
mod matrix;
mod parts;
mod reuse;
mod settings;
mod shape;
mod steps;
mod systems;
mod toolchains;
mod triggers;
mod variables;

pub(crate) use steps::step as bare_step;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use super::expand::{Definition, Expanded, Expander, Scope};
use super::{Allow, Pipeline, Toolchain, Value};
use crate::diagnostics::codes::e0113_misplaced_statement::{entry_among_statements, misplaced_statement, statement_in_data};
use crate::diagnostics::codes::e0207_said_twice::said_twice;
use crate::diagnostics::{Diag, Outcome, nearest};
use crate::facts::Facts;
use crate::map::{HashMap, HashSet, IndexMap};
use crate::source::Span;
use crate::syntax::ast::{self, Item, ItemKind};
use crate::syntax::symbols::{KEYWORDS, Keyword, Place};
use crate::syntax::yaml::instead_of;

/// The files that a spec is made of.
#[derive(Debug)]
pub struct Files<'a> {
    /// Imported files, by their path; transitively.
    pub imports: &'a IndexMap<String, ast::File>,
    /// The spec's path from the root of the repository.
    pub path: &'a str,
}

/// Resolves a spec.
pub fn lower(file: &ast::File, files: &Files<'_>, facts: &Facts) -> Outcome<Pipeline> {
    let lowering = Lowering {
        x: Expander::new(facts),
        toolchains: RefCell::default(),
        services: RefCell::default(),
        library: RefCell::default(),
        uses: RefCell::default(),
        blocks: RefCell::default(),
        made: RefCell::default(),
        allows: RefCell::default(),
        refused: RefCell::default(),
        suspects: RefCell::default(),
        keys: RefCell::default(),
        incomplete: Cell::new(false),
    };
    let mut pipeline = lowering.file(file, files);
    lowering.hashes(&pipeline);
    lowering.unset_variables(&pipeline);
    pipeline.allows = lowering.allows.take();
    pipeline.keys = lowering.keys.take();
    pipeline.incomplete |= lowering.incomplete.get();
    let elsewhere = systems::fit(&mut pipeline);
    Outcome { value: pipeline, diags: lowering.x.into_diags().into_iter().chain(elsewhere).collect() }
}

struct Lowering<'a> {
    x: Expander<'a>,
    toolchains: RefCell<IndexMap<String, Definition<'a>>>,
    services: RefCell<IndexMap<String, Definition<'a>>>,
    /// The scopes of the files of the library that were asked for.
    library: RefCell<IndexMap<&'static str, Rc<Scope>>>,
    /// The toolchains of the file, which every job with a command has; resolved once.
    uses: RefCell<IndexMap<String, Arc<Toolchain>>>,
    /// What the blocks of these say.
    blocks: RefCell<toolchains::Blocks<'a>>,
    /// Uses of toolchains by what they have in common.
    made: RefCell<HashMap<String, reuse::Made>>,
    allows: RefCell<Vec<Allow>>,
    /// Places of actions that were refused: a loop meets each anew in every round.
    refused: RefCell<HashSet<Span>>,
    suspects: RefCell<Vec<variables::Suspect>>,
    /// Where the key of an entry stands, by the place of its value.
    keys: RefCell<HashMap<Span, Span>>,
    /// A job, or what a job makes, could not be understood: others may well name it.
    incomplete: Cell<bool>,
}

impl<'a> Lowering<'a> {
    fn report(&self, scope: &Scope, diag: Diag) {
        self.x.report(scope, diag);
    }

    /// The place of the key whose value this is; that of the value where it has none.
    fn key(&self, value: &Value) -> Span {
        self.keys.borrow().get(&value.origin.span).copied().unwrap_or(value.origin.span)
    }

    /// The statement of an item, where it may stand in `place`; else a message and nothing.
    fn statement<'i>(&self, expanded: &'i Expanded<'a>, place: Place) -> Option<&'i ast::Statement> {
        match &expanded.item.kind {
            ItemKind::Statement(statement) => {
                let places = statement.keyword.symbol().places;
                if places.contains(&place) {
                    return Some(statement);
                }
                // It may have been all that its block had to say.
                self.x.lose();
                self.report(&expanded.scope, misplaced_statement(statement.keyword, place, statement.word));
            }
            ItemKind::Entry { key, .. } => {
                self.x.lose();
                let keyword = KEYWORDS.iter().find(|symbol| symbol.word == key.text.as_str() && symbol.places.contains(&place));
                let makes = keyword.is_some_and(|symbol| matches!(symbol.keyword, Keyword::Writes | Keyword::Outputs));
                if place == Place::File || makes {
                    self.incomplete.set(true);
                }
                let instead = instead_of(&key.text, Some(place));
                let here = KEYWORDS.iter().filter(|symbol| symbol.places.contains(&place));
                // Shorter words are near to too many.
                let near = nearest(&key.text, here.map(|symbol| symbol.word)).filter(|_| key.text.as_str().len() > 3);
                self.report(&expanded.scope, entry_among_statements(&key.text, keyword, instead, near, place, key.span));
            }
            _ => self.report(&expanded.scope, statement_in_data(expanded.item.span)),
        }
        None
    }
}

/// Which statements were already said, for those that can be said once.
#[derive(Default)]
struct Once(IndexMap<(Keyword, bool), Span>);

impl Once {
    /// Notes a statement, and says so where it is the second of its kind.
    fn check(&mut self, lowering: &Lowering<'_>, scope: &Rc<Scope>, keyword: Keyword, item: &Item) {
        if repeatable(keyword) {
            return;
        }
        let here = Span::new(item.span.start, item.span.start + keyword.word().len() as u32);
        // `optimize` and `optimize by` are two, each to be said once.
        let is_by = matches!(&item.kind, ItemKind::Statement(ast::Statement { keyword: Keyword::Optimize, kind, .. }) if matches!(kind, ast::Kind::Condition { .. }));
        if let Some(&before) = self.0.get(&(keyword, is_by)) {
            let diag = said_twice(if is_by { "optimize by" } else { keyword.word() }, here, before);
            let axes = "several axes stand in one block: `matrix { a: [x, y], b: [z] }`";
            lowering.report(scope, if keyword == Keyword::Matrix { diag.help(axes) } else { diag });
        } else {
            self.0.insert((keyword, is_by), here);
        }
    }
}

fn repeatable(keyword: Keyword) -> bool {
    use Keyword::{
        Allow, Cache, Cancel, Checkout, Detect, Env, Exclude, Import, In, Include, Input, Install, Job, Keep, Let, Needs, On,
        Output, Parallel, Reads, Run, Secret, Service, ServiceDef, Setup, Step, Template, Toolchain, ToolchainDef, Uses, Wait,
        When, Writes,
    };
    matches!(
        keyword,
        Allow
            | Cache
            | Cancel
            | Checkout
            | Detect
            | Env
            | Exclude
            | Import
            | In
            | Include
            | Input
            | Install
            | Job
            | Keep
            | Let
            | Needs
            | On
            | Output
            | Parallel
            | Reads
            | Run
            | Secret
            | Service
            | ServiceDef
            | Setup
            | Step
            | Template
            | Toolchain
            | ToolchainDef
            | Uses
            | Wait
            | When
            | Writes
    )
}
