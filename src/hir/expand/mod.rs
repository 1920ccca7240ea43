//! Compile time: `let`, `for`, `if`, templates, and `%{…}` filled in.
//!
//! | module | what |
//! | --- | --- |
//! | `scope` | what `%{…}` may name at a place |
//! | `conditions` | what is asked at compile time |
//! | `constants` | the lets of a file, and definitions that nothing uses |
//! | `fill` | data and texts, with `%{…}` filled in |
//! | `limits` | how much a spec may expand to |
//! | `words` | words that are called like a name |

mod conditions;
mod constants;
mod fill;
mod limits;
mod scope;
mod words;

pub(in crate::hir) use conditions::near_pattern;
pub(in crate::hir) use scope::{Home, Scope};

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use super::frame::explain;
use super::{Frame, Value, ValueKind};
use crate::catalog::library;
use crate::diagnostics::codes::e0202_unknown_template::unknown_template;
use crate::diagnostics::codes::e0203_wrong_arguments::{missing_argument, too_many_arguments, twice_given, unknown_argument};
use crate::diagnostics::codes::e0204_endless_expansion::calls_itself;
use crate::diagnostics::codes::w0206_note_of_a_definition::note;
use crate::diagnostics::{Diag, Severity, has_errors, nearest};
use crate::facts::Facts;
use crate::map::{HashMap, HashSet, IndexMap};
use crate::pattern::{Pattern, select};
use crate::source::Span;
use crate::syntax::ast::{Block, Item, ItemKind, Kind, Otherwise, Parameter, Word};
use crate::syntax::symbols::Keyword;
use crate::text::Text;
use constants::constant;

/// A template, toolchain or service: a body with parameters, and the scope that it was defined in.
#[derive(Clone)]
pub(in crate::hir) struct Definition<'a> {
    pub(in crate::hir) name: &'a Word,
    pub(in crate::hir) parameters: &'a [Parameter],
    pub(in crate::hir) body: &'a Block,
    pub(in crate::hir) scope: Rc<Scope>,
}

/// An item that stands where it stands, or where a template or loop put it.
pub(in crate::hir) struct Expanded<'a> {
    pub(in crate::hir) item: &'a Item,
    pub(in crate::hir) scope: Rc<Scope>,
}

/// Errors beyond this are not kept, and names beyond it get no did-you-mean: nobody reads them, and each compares with every name.
const MAX_ERRORS: usize = 1000;
const MAX_NEAREST: usize = 100;

/// What all of the lowering shares.
pub(in crate::hir) struct Expander<'a> {
    pub(in crate::hir) facts: &'a Facts,
    templates: RefCell<IndexMap<(Home, String), Definition<'a>>>,
    diags: RefCell<Vec<Diag>>,
    items: Cell<usize>,
    library_items: Cell<usize>,
    filled: Cell<usize>,
    /// Something was lost since it was last asked: to a syntax error, or with a template that nobody defines.
    lost: Cell<bool>,
    /// A name that nothing defines stands in a text that was filled in since this was last asked.
    missed: Cell<bool>,
    /// A file that is imported could not be found, so that any name may be in it.
    blind: Cell<bool>,
    levels: Cell<usize>,
    /// Something exploded, and was reported.
    exploded: Cell<bool>,
    /// What was refused may have held whole jobs.
    refused: Cell<bool>,
    /// Values that a lookup found to be nothing: the patterns, by the place of the value.
    empty: RefCell<HashMap<Span, String>>,
    /// Where the names of the level of a file are defined, on whatever condition.
    constants: RefCell<HashMap<String, Span>>,
    /// Definitions that are used somewhere, by the place of their name.
    used: RefCell<HashSet<Span>>,
    /// The tracked files that patterns choose: every job that uses a toolchain asks the same of all files.
    chosen: RefCell<HashMap<Vec<String>, Rc<[&'a str]>>>,
}

impl<'a> Expander<'a> {
    pub(in crate::hir) fn new(facts: &'a Facts) -> Self {
        let (templates, diags) = (RefCell::default(), RefCell::default());
        Self {
            facts,
            templates,
            diags,
            items: Cell::new(0),
            library_items: Cell::new(0),
            filled: Cell::new(0),
            lost: Cell::new(false),
            missed: Cell::new(false),
            blind: Cell::new(false),
            levels: Cell::new(0),
            exploded: Cell::new(false),
            refused: Cell::new(false),
            empty: RefCell::default(),
            constants: RefCell::default(),
            used: RefCell::default(),
            chosen: RefCell::default(),
        }
    }

    /// Takes a message about something at a place that `scope` was the way to.
    pub(in crate::hir) fn report(&self, scope: &Scope, diag: Diag) {
        // What an import would have brought is not missed.
        if self.blind.get() && matches!(diag.code.id, "E0201" | "E0202" | "E0208") {
            return;
        }
        let mut diags = self.diags.borrow_mut();
        if diags.len() < MAX_ERRORS || diag.severity() != Severity::Error || !has_errors(&diags[..MAX_ERRORS]) {
            diags.push(explain(diag, scope.frame.as_deref()));
        }
    }

    /// The same about something that is resolved, and knows its way itself.
    pub(in crate::hir) fn report_at(&self, origin: &super::Origin, diag: Diag) {
        let mut diags = self.diags.borrow_mut();
        if diags.len() < MAX_ERRORS {
            diags.push(origin.explain(diag));
        }
    }

    /// Whether it is still worth the while to look for the name that was meant.
    fn suggests(&self) -> bool {
        self.diags.borrow().len() < MAX_NEAREST
    }

    /// The files that git tracks and these patterns choose.
    pub(in crate::hir) fn tracked(&self, patterns: &[Text]) -> Rc<[&'a str]> {
        let key: Vec<String> = patterns.iter().map(|text| text.as_str().to_owned()).collect();
        if let Some(chosen) = self.chosen.borrow().get(&key) {
            return chosen.clone();
        }
        let patterns: Vec<Pattern> = patterns.iter().map(|text| Pattern::new(text)).collect();
        let chosen: Rc<[&str]> = select(&patterns, self.facts.tracked.as_deref().unwrap_or_default()).into();
        self.chosen.borrow_mut().insert(key, chosen.clone());
        chosen
    }

    /// Takes a template, and gives back the one that it replaces.
    pub(in crate::hir) fn define(&self, template: Definition<'a>) -> Option<Definition<'a>> {
        let key = (template.scope.home, template.name.text.as_str().to_owned());
        self.templates.borrow_mut().insert(key, template)
    }

    pub(in crate::hir) fn into_diags(self) -> Vec<Diag> {
        self.diags.into_inner()
    }

    /// The items of a block, with everything of compile time done.
    pub(in crate::hir) fn expand(&self, block: &'a Block, scope: &Rc<Scope>) -> Vec<Expanded<'a>> {
        self.expand_and(block, scope).0
    }

    /// The same, and the scope at the end of the block, with its lets.
    pub(in crate::hir) fn expand_and(&self, block: &'a Block, scope: &Rc<Scope>) -> (Vec<Expanded<'a>>, Rc<Scope>) {
        let (mut items, mut scope) = (Vec::new(), Scope::block(scope));
        self.expand_block(block, &mut scope, &mut items);
        (items, scope)
    }

    /// The items of a file, whose lets hold in all of it.
    pub(in crate::hir) fn expand_file(&self, body: &'a Block, scope: &Rc<Scope>) -> Vec<Expanded<'a>> {
        self.bind_constants(body, scope);
        let (mut items, mut scope) = (Vec::new(), scope.clone());
        if body.broken {
            self.lost.set(true);
        }
        for item in body.items.iter().filter(|item| constant(item).is_none()) {
            self.expand_item(item, &mut scope, &mut items);
        }
        items
    }

    /// Whether something was lost since this was last asked, so that what is missing may have been there.
    pub(in crate::hir) fn lost(&self) -> bool {
        self.lost.replace(false)
    }

    /// Whether a name that nothing defines was to be filled in since this was last asked: what came of it is no name of anything.
    pub(in crate::hir) fn missed(&self) -> bool {
        self.missed.replace(false)
    }

    /// Whether a template of this name can be called here.
    pub(in crate::hir) fn is_template(&self, name: &str, scope: &Scope) -> bool {
        self.templates.borrow().contains_key(&(scope.home, name.to_owned()))
    }

    /// Notes that an import brings nothing.
    pub(in crate::hir) fn miss_an_import(&self) {
        self.blind.set(true);
    }

    /// Notes that something was lost: a statement that is refused as it is written.
    pub(in crate::hir) fn lose(&self) {
        self.lost.set(true);
        self.refused.set(true);
    }

    /// Whether anything was lost in this way since this was last asked.
    pub(in crate::hir) fn refused(&self) -> bool {
        self.refused.replace(false)
    }

    /// The patterns of the lookup that found nothing, where the value at that place is what it found.
    fn nothing_at(&self, at: Span) -> Option<String> {
        self.empty.borrow().get(&at).cloned()
    }

    fn expand_block(&self, block: &'a Block, scope: &mut Rc<Scope>, into: &mut Vec<Expanded<'a>>) {
        if block.broken {
            self.lost.set(true);
        }
        let Some(first) = block.items.first() else { return };
        if self.deeper(scope, first.span) {
            for item in &block.items {
                self.expand_item(item, scope, into);
            }
        }
        self.back();
    }

    fn expand_item(&self, item: &'a Item, scope: &mut Rc<Scope>, into: &mut Vec<Expanded<'a>>) {
        if !self.counts(scope, item.span) {
            return;
        }
        match &item.kind {
            ItemKind::Call { name, arguments } => {
                let definition = self.templates.borrow().get(&(scope.home, name.text.as_str().to_owned())).cloned();
                let Some(definition) = definition else {
                    self.lose();
                    let templates = self.templates.borrow();
                    let here = templates.keys().filter(|(home, _)| *home == scope.home).take_while(|_| self.suggests());
                    let near = nearest(&name.text, here.map(|(_, name)| name.as_str()));
                    return self.report(scope, unknown_template(&name.text, near, name.span));
                };
                let given = arguments.iter().map(|(name, value)| self.argument(&definition, name.as_ref(), value, scope));
                let arguments = given.collect();
                if let Some(mut inner) = self.enter("template", &definition, arguments, item.span, scope) {
                    self.expand_block(definition.body, &mut inner, into);
                }
            }
            ItemKind::Statement(statement) => match &statement.kind {
                // The constants of a file hold in all of it.
                Kind::Let { name, value } if scope.parent.is_none() => scope.bind(&name.text, self.let_value(value, scope)),
                Kind::Let { name, value } => *scope = scope.after_let(&name.text, self.let_value(value, scope)),
                Kind::For { name, over, block } => {
                    for value in self.iterate(over, scope) {
                        if !self.counts(scope, item.span) {
                            return;
                        }
                        let what = format!("in the round with `{}` = {}", name.text.as_str(), brief(&value));
                        let frame = Frame { what, span: name.span, of: name.span, parent: scope.frame.clone() };
                        let mut round = Scope::inside(scope, Arc::new(frame));
                        round.bind(&name.text, value);
                        self.expand_block(block, &mut round, into);
                    }
                }
                Kind::If { condition, block, otherwise } => {
                    if self.holds(condition, scope) {
                        self.expand_block(block, scope, into);
                    } else {
                        match otherwise {
                            Some(Otherwise::If(item)) => self.expand_item(item, scope, into),
                            Some(Otherwise::Block(block)) => self.expand_block(block, scope, into),
                            None => {}
                        }
                    }
                }
                Kind::Plain { values, .. } if statement.keyword == Keyword::Warn => {
                    let text = values.first().map(|value| self.value(value, scope).spelled()).unwrap_or_default();
                    // Said where the definition is used; what is written there is the author's to mend. The library is not.
                    let uses = std::iter::successors(scope.frame.as_ref(), |frame| frame.parent.as_ref());
                    let place = uses.map(|frame| frame.span).find(|span| !library::holds(*span)).unwrap_or(item.span);
                    self.diags.borrow_mut().push(note(&text, place));
                }
                _ => {
                    self.words_of(statement, scope);
                    into.push(Expanded { item, scope: scope.clone() });
                }
            },
            _ => into.push(Expanded { item, scope: scope.clone() }),
        }
    }

    /// The way that a use of a definition is.
    pub(in crate::hir) fn frame(noun: &str, definition: &Definition<'a>, at: Span, scope: &Scope) -> Frame {
        let (name, of) = (definition.name.text.as_str(), definition.name.span);
        Frame { what: format!("in this use of {noun} `{name}`"), span: at, of, parent: scope.frame.clone() }
    }

    /// How much was said so far.
    pub(in crate::hir) fn said(&self) -> usize {
        self.diags.borrow().len()
    }

    /// The scope of the body of a definition, with its parameters bound to `arguments`.
    pub(in crate::hir) fn enter(
        &self,
        noun: &str,
        definition: &Definition<'a>,
        arguments: Vec<(Option<&Word>, Value)>,
        at: Span,
        scope: &Rc<Scope>,
    ) -> Option<Rc<Scope>> {
        let name = definition.name.text.as_str();
        let of = definition.name.span;
        self.used.borrow_mut().insert(of);
        if std::iter::successors(scope.frame.as_ref(), |frame| frame.parent.as_ref()).any(|frame| frame.of == of) {
            self.lose();
            self.report(scope, calls_itself(noun, name, at, of));
            return None;
        }
        let inner = Scope::inside(&definition.scope, Arc::new(Self::frame(noun, definition, at, scope)));
        let mut given: IndexMap<&str, Value> = IndexMap::default();
        let mut position = 0;
        for (by_name, value) in arguments {
            let parameter = if let Some(word) = by_name {
                let found = definition.parameters.iter().find(|parameter| parameter.name.text.as_str() == word.text.as_str());
                if found.is_none() {
                    let names = definition.parameters.iter().map(|parameter| parameter.name.text.as_str());
                    let near = nearest(&word.text, names.clone());
                    let all: Vec<&str> = names.collect();
                    self.report(scope, unknown_argument(noun, name, &word.text, near, &all, word.span, definition.name.span));
                }
                found
            } else {
                position += 1;
                let found = definition.parameters.get(position - 1);
                if found.is_none() {
                    let count = definition.parameters.len();
                    self.report(scope, too_many_arguments(noun, name, count, value.origin.span, definition.name.span));
                }
                found
            };
            let Some(parameter) = parameter else { continue };
            let span = value.origin.span;
            if given.insert(&parameter.name.text, value).is_some() {
                self.report(scope, twice_given(noun, name, &parameter.name.text, span));
            }
        }
        for parameter in definition.parameters {
            let value = match (given.swap_remove(parameter.name.text.as_str()), &parameter.default) {
                (Some(value), _) => value,
                (None, Some(default)) => self.value(default, &inner),
                (None, None) => {
                    self.report(scope, missing_argument(noun, name, &parameter.name.text, at, parameter.name.span));
                    Value { kind: ValueKind::Text(Text::verbatim("", at)), origin: scope.origin(at) }
                }
            };
            inner.bind(&parameter.name.text, value);
        }
        Some(inner)
    }
}

fn brief(value: &Value) -> String {
    match &value.kind {
        ValueKind::List(_) | ValueKind::Map(_) => value.noun().to_owned(),
        _ => format!("`{}`", value.spelled().chars().take(40).collect::<String>()),
    }
}
