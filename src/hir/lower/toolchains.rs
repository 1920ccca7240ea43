//! A use of a toolchain or service meets its definition.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::parts::plain_ref;
use super::reuse::Argument;
use super::steps::{Around, Work};
use super::{Lowering, reuse, shape};
use crate::catalog::library;
use crate::diagnostics::codes::e0207_said_twice::said_twice;
use crate::diagnostics::codes::e0208_unknown_toolchain::{unknown_service, unknown_toolchain};
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0302_unknown_word::unknown_word;
use crate::diagnostics::codes::r0209_undetected_toolchain::undetected_toolchain;
use crate::diagnostics::nearest;
use crate::hir::expand::{Definition, Expander, Scope};
use crate::hir::{Job, Map, Matrix, Service, Toolchain, Value, ValueKind};
use crate::map::IndexMap;
use crate::source::Span;
use crate::syntax::ast::{self, Block, File, Item, ItemKind, Kind, Parameter, Word};
use crate::syntax::symbols::{Keyword, Place};
use crate::text::Text;

/// Tools that commands of installing begin with.
const TOOLS: [&str; 18] = [
    "npm",
    "pnpm",
    "yarn",
    "bun",
    "pip",
    "pip3",
    "python",
    "uv",
    "poetry",
    "bundle",
    "composer",
    "cargo",
    "go",
    "mvn",
    "gradle",
    "dotnet",
    "mix",
    "terraform",
];

/// What a block says of toolchains: by name, made or switched off.
#[derive(Default)]
pub(super) struct Uses<'a> {
    toolchains: IndexMap<String, Option<Arc<Toolchain>>>,
    /// What the block of each says.
    blocks: Blocks<'a>,
    /// Where each is written.
    places: IndexMap<String, Span>,
}

/// By toolchain, the parameters that the block of its use gives.
pub(super) type Blocks<'a> = IndexMap<String, Vec<(&'a Word, Value)>>;

impl Uses<'_> {
    /// Those that are made.
    pub(super) fn made(&self) -> IndexMap<String, Arc<Toolchain>> {
        self.toolchains.iter().filter_map(|(name, toolchain)| Some((name.clone(), toolchain.clone()?))).collect()
    }

    /// The names of those that are switched off.
    pub(super) fn off(&self) -> Vec<String> {
        self.toolchains.iter().filter(|(_, toolchain)| toolchain.is_none()).map(|(name, _)| name.clone()).collect()
    }
}

/// Gives steps of toolchains that rows of a job have ids of their own, where the job or another row has the same toolchain in another version: all of them are
/// in one job. Only keys of caches ask for them; where something else does, they stay.
pub(super) fn tell_apart(job: &mut Job) {
    let ids = |toolchain: &Toolchain| -> Vec<String> {
        toolchain.steps().filter_map(|step| step.id.as_ref()).map(|(id, _)| id.clone()).collect()
    };
    let mut taken: BTreeSet<String> = job.toolchains.values().flat_map(|toolchain| ids(toolchain)).collect();
    let Some(Matrix::Rows { rows, .. }) = &mut job.matrix else { return };
    for toolchain in rows.iter_mut().flat_map(|row| row.job.toolchains.values_mut()) {
        for id in ids(toolchain) {
            let numbered = (2..).map(|number| format!("{id}-{number}"));
            let Some(free) = std::iter::once(id.clone()).chain(numbered).find(|id| !taken.contains(id)) else { continue };
            let asked = format!("steps.{id}.");
            if free != id && !toolchain.steps().any(|step| step.names(&asked)) {
                let toolchain = Arc::make_mut(toolchain);
                let steps = toolchain.setup.iter_mut().chain(&mut toolchain.install);
                steps
                    .filter_map(|step| step.id.as_mut())
                    .filter(|(own, _)| *own == id)
                    .for_each(|(own, _)| own.clone_from(&free));
                for cache in &mut toolchain.caches {
                    cache.key = cache.key.replaced(&asked, &format!("steps.{free}."));
                }
            }
            taken.insert(free);
        }
    }
}

impl<'a> Lowering<'a> {
    /// The toolchains of a job: those of the file, if it has commands, less those that it replaces or switches off, and its own.
    pub(super) fn toolchains_of(&self, own: &Uses<'_>, has_commands: bool) -> IndexMap<String, Arc<Toolchain>> {
        let mut all = if has_commands { self.uses.borrow().clone() } else { IndexMap::default() };
        for (name, toolchain) in &own.toolchains {
            match toolchain {
                Some(toolchain) => drop(all.insert(name.clone(), toolchain.clone())),
                None => drop(all.shift_remove(name)),
            }
        }
        all
    }

    /// The definition of a toolchain or service: of the spec, of what it imports, else of the library.
    fn definition(&self, kind: library::Kind, name: &str) -> Option<Definition<'a>> {
        let own = match kind {
            library::Kind::Toolchain => &self.toolchains,
            library::Kind::Service => &self.services,
        };
        if let Some(definition) = own.borrow().get(name) {
            return Some(definition.clone());
        }
        let (entry, tree) = library::find(kind, name)?;
        let known = self.library.borrow().get(entry.name).cloned();
        let scope = known.unwrap_or_else(|| self.library_file(entry.name, tree));
        definitions(tree).find_map(|(keyword, name_of, parameters, body)| {
            let found = keyword != Keyword::Template && name_of.text.as_str() == name;
            found.then(|| Definition { name: name_of, parameters, body, scope: scope.clone() })
        })
    }

    /// The scope of a file of the library: its lets and templates, which it alone sees.
    fn library_file(&self, name: &'static str, tree: &'static File) -> Rc<Scope> {
        let scope = Scope::of_library(name);
        self.library.borrow_mut().insert(name, scope.clone());
        for (keyword, name, parameters, body) in definitions(tree) {
            if keyword == Keyword::Template {
                self.x.define(Definition { name, parameters, body, scope: scope.clone() });
            }
        }
        // For its lets; definitions are all that is left.
        self.x.expand_file(&tree.body, &scope);
        scope
    }

    /// The names of all definitions of a kind.
    fn known(&self, kind: library::Kind) -> Vec<String> {
        let own = match kind {
            library::Kind::Toolchain => &self.toolchains,
            library::Kind::Service => &self.services,
        };
        own.borrow().keys().cloned().chain(library::names(kind).map(str::to_owned)).collect()
    }

    /// Takes those of the file, for every job.
    pub(super) fn keep_for_all(&self, own: &Uses<'a>) {
        *self.uses.borrow_mut() = own.made();
        (*self.blocks.borrow_mut()).clone_from(&own.blocks);
    }

    /// A use in a job that gives a version alone keeps what the block of the file's says.
    pub(super) fn toolchain_use(&self, kind: &'a Kind, item: &'a Item, scope: &Rc<Scope>, uses: &mut Uses<'a>) {
        let (values, block) = plain_ref(kind);
        let mut values = values.iter().map(|value| self.x.value(value, scope));
        let (Some(name), version) = (values.next(), values.next()) else { return };
        let id = name.spelled();
        let Some(definition) = self.definition(library::Kind::Toolchain, &id) else {
            let known = self.known(library::Kind::Toolchain);
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            return self.report(scope, unknown_toolchain(&id, nearest(&id, names.iter().copied()), &names, name.origin.span));
        };
        if let Some(before) = uses.places.insert(id.clone(), name.origin.span) {
            self.report(scope, said_twice(&format!("toolchain {id}"), name.origin.span, before));
        }
        if let Some(version) = &version {
            let spelled = version.spelled();
            // No version of any tool is called so, and many do without one silently.
            if let Some("off") = meant_switch(&spelled) {
                let noun = format!("version of `{id}`");
                return self.report(scope, unknown_word(&noun, &spelled, Some("off"), &[], version.origin.span));
            }
        }
        if version.as_ref().is_some_and(|version| version.spelled() == "off") {
            uses.toolchains.insert(id, None);
            return;
        }
        let versioned = is_versioned(&definition);
        let mut arguments: Vec<Argument<'a>> = Vec::new();
        if let Some(version) = &version {
            let first = definition.parameters.first().map(|parameter| &parameter.name);
            if !versioned {
                let found = format!("a version for `{id}`");
                let parameter = first.map_or("PARAMETER", |name| name.text.as_str());
                let usage = format!("toolchain {id} {{ {parameter}: {} }}", version.spelled());
                self.report(scope, bad_value(&found, "none", &usage, version.origin.span));
            }
            // Where there are no versions, the first parameter was perhaps meant, and is given.
            if versioned || block.is_none() {
                arguments.push((first, version.clone()));
            }
        }
        let of_block = arguments.len();
        for expanded in block.iter().flat_map(|block| self.x.expand(block, scope)) {
            if let ItemKind::Entry { key, value } = &expanded.item.kind {
                if let Some(ast::Value::Word(word)) = value {
                    self.x.is_name(word, &expanded.scope);
                }
                let value = value.as_ref().map_or_else(Value::default, |value| self.x.value(value, &expanded.scope));
                self.switched(&definition, key, &value, &expanded.scope);
                arguments.push((Some(key), value));
            } else {
                self.statement(&expanded, Place::Checkout);
            }
        }
        let named = |(key, value): &Argument<'a>| Some(((*key)?, value.clone()));
        uses.blocks.insert(id.clone(), arguments[of_block..].iter().filter_map(named).collect());
        if version.is_some() && block.is_none() {
            let inherited = self.blocks.borrow().get(&id).cloned().unwrap_or_default();
            let is_given = |key: &Word| arguments.iter().any(|(own, _)| own.is_some_and(|own| own.text == key.text));
            let inherited: Vec<_> = inherited.into_iter().filter(|(key, _)| !is_given(key)).collect();
            arguments.extend(inherited.into_iter().map(|(key, value)| (Some(key), value)));
        }
        let key = reuse::key(&definition, &arguments, scope);
        let before = key
            .as_ref()
            .and_then(|key| self.made_before(key, &arguments, Expander::frame("toolchain", &definition, item.span, scope)));
        let made = before.or_else(|| self.make(&definition, arguments, (key, item.span), scope));
        let Some(mut toolchain) = made else { return };
        toolchain.origin = scope.origin(item.span);
        if let Some(tracked) = &self.x.facts.tracked
            && !toolchain.detect.is_empty()
            && self.x.tracked(&toolchain.detect).is_empty()
        {
            let files: Vec<&str> = toolchain.detect.iter().map(Text::as_str).collect();
            let folder = elsewhere(&files, tracked);
            let takes_directory = definition.parameters.iter().any(|parameter| parameter.name.text.as_str() == "directory");
            let version = toolchain.version.as_ref().map(|version| format!(" {}", version.as_str())).unwrap_or_default();
            let written = takes_directory.then(|| format!("toolchain {id}{version}"));
            self.report(scope, undetected_toolchain(&id, &files, folder, written.as_deref(), name.origin.span));
        }
        uses.toolchains.insert(id, Some(Arc::new(toolchain)));
    }

    /// What a definition comes to.
    fn make(
        &self,
        definition: &Definition<'a>,
        arguments: Vec<Argument<'_>>,
        (key, at): (Option<String>, Span),
        scope: &Rc<Scope>,
    ) -> Option<Toolchain> {
        let said = self.x.said();
        let given = arguments.iter().map(|(_, value)| value.clone()).collect();
        let name = definition.name.text.as_str().to_owned();
        let mut toolchain = Toolchain { name, told: told(&arguments), ..Toolchain::default() };
        let inner = self.x.enter("toolchain", definition, arguments, at, scope)?;
        let (body, inner) = self.x.expand_and(definition.body, &inner);
        for expanded in body {
            self.toolchain_statement(&expanded, &mut toolchain);
        }
        // As it is used: a default, or a version that the definition picks, tells caches apart as well.
        if is_versioned(definition) {
            toolchain.version = inner.find("version").and_then(|version| version.text()).filter(|version| !version.is_empty());
        }
        toolchain.setup.shrink_to_fit();
        toolchain.install.shrink_to_fit();
        // What was said is said of each use.
        if let (Some(key), Some(frame), true) = (key, &inner.frame, self.x.said() == said) {
            self.keep_made(key, &toolchain, frame, given);
        }
        Some(toolchain)
    }

    /// Refuses what is nearly `on` or `off`, and whole commands, for a parameter of the library's that is switched: they would be taken for
    /// arguments of a command.
    fn switched(&self, definition: &Definition<'a>, key: &Word, value: &Value, scope: &Scope) {
        let is_switch =
            |default: &ast::Value| matches!(default, ast::Value::Word(word) if matches!(word.text.as_str(), "on" | "off"));
        let mut parameters = definition.parameters.iter().filter(|parameter| parameter.default.as_ref().is_some_and(is_switch));
        let key = key.text.as_str();
        if !library::holds(definition.name.span) || !parameters.any(|parameter| parameter.name.text.as_str() == key) {
            return;
        }
        let (written, at) = (value.spelled(), value.origin.span);
        if let Some(meant) = meant_switch(&written).filter(|_| value.kind != ValueKind::Bool(false)) {
            self.report(scope, unknown_word(&format!("value of `{key}`"), &written, Some(meant), &[], at));
        } else if written.split_once(' ').is_some_and(|(tool, _)| TOOLS.contains(&tool)) {
            let usage = format!("{key}: --ARGUMENT");
            self.report(
                scope,
                bad_value(&format!("the command `{written}`"), "`on`, `off` or what stands behind the command", &usage, at),
            );
        }
    }

    fn toolchain_statement(&self, expanded: &crate::hir::expand::Expanded<'a>, toolchain: &mut Toolchain) {
        let ItemKind::Statement(statement) = &expanded.item.kind else {
            self.statement(expanded, Place::Toolchain);
            return;
        };
        if self.statement(expanded, Place::Toolchain).is_none() {
            return;
        }
        let scope = &expanded.scope;
        match (&statement.kind, statement.keyword) {
            (Kind::List { items, .. }, Keyword::Detect) => toolchain.detect.extend(self.x.words(items, scope)),
            (kind, Keyword::Cache) => toolchain.caches.extend(self.cache(kind, statement.word, scope)),
            (Kind::Plain { block: Some(block), .. }, Keyword::Setup) => {
                let mut work = Work { steps: &mut toolchain.setup, call: None, checkout: None, place: Place::Install };
                self.inner(block, scope, &Around::default(), Keyword::Setup, &mut work);
            }
            (Kind::Plain { block: Some(block), .. }, Keyword::Install) => {
                for inner in self.x.expand(block, scope) {
                    let scope = &inner.scope;
                    match &inner.item.kind {
                        ItemKind::Statement(statement) => match (&statement.kind, statement.keyword) {
                            (Kind::List { items, .. }, Keyword::Reads) => toolchain.reads.extend(self.x.words(items, scope)),
                            (Kind::List { items, .. }, Keyword::Writes) => toolchain.writes.extend(self.x.words(items, scope)),
                            _ => {
                                let mut work =
                                    Work { steps: &mut toolchain.install, call: None, checkout: None, place: Place::Install };
                                if !self.work(&inner, statement, &Around::default(), &mut work) {
                                    self.statement(&inner, Place::Install);
                                }
                            }
                        },
                        _ => drop(self.statement(&inner, Place::Install)),
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn service_use(
        &self,
        kind: &'a Kind,
        item: &'a Item,
        scope: &Rc<Scope>,
        services: &mut IndexMap<String, Service>,
    ) {
        let (values, block) = plain_ref(kind);
        let mut values = values.iter().map(|value| self.x.value(value, scope));
        let (Some(name), version) = (values.next(), values.next()) else { return };
        let id = name.spelled();
        // Who names an image says all of it: a definition would add to it what its own image needs.
        let names_image = |item: &Item| matches!(&item.kind, ItemKind::Entry { key, .. } if key.text.as_str() == "image");
        let has_image = block.is_some_and(|block| block.items.iter().any(names_image));
        let definition = self.definition(library::Kind::Service, &id).filter(|_| !has_image);
        let mut own = Map::default();
        let mut arguments: Vec<(Option<&Word>, Value)> = version.iter().map(|version| (None, version.clone())).collect();
        for expanded in block.iter().flat_map(|block| self.x.expand(block, scope)) {
            match (&expanded.item.kind, &definition) {
                (ItemKind::Entry { key, value: Some(value) }, Some(definition))
                    if definition.parameters.iter().any(|parameter| parameter.name.text.as_str() == key.text.as_str()) =>
                {
                    arguments.push((Some(key), self.x.value(value, &expanded.scope)));
                }
                (ItemKind::Entry { .. }, _) => self.entry_into(expanded.item, &expanded.scope, &mut own),
                _ => drop(self.statement(&expanded, Place::Checkout)),
            }
        }
        let mut keys = Map::default();
        if let Some(definition) = definition {
            let Some(inner) = self.x.enter("service", &definition, arguments, item.span, scope) else { return };
            keys = self.map(definition.body, &inner);
        } else if own.contains_key("image") {
            if let Some(version) = version {
                let found = format!("a version for `{id}`, which no definition takes");
                self.report(
                    scope,
                    bad_value(
                        &found,
                        "the version in the image",
                        &format!("image: {id}:{}", version.spelled()),
                        version.origin.span,
                    ),
                );
            }
        } else {
            let known = self.known(library::Kind::Service);
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            return self.report(scope, unknown_service(&id, nearest(&id, names.iter().copied()), &names, name.origin.span));
        }
        for (key, value) in own {
            match (keys.get_mut(&key).map(|old| &mut old.kind), value.kind) {
                // What is written is laid over the definition, key by key.
                (Some(ValueKind::Map(old)), ValueKind::Map(new)) => old.extend(new),
                (_, kind) => drop(keys.insert(key, Value { kind, origin: value.origin })),
            }
        }
        self.known_keys(&keys, &shape::SERVICE, scope);
        if let Some(before) = services.get(&id) {
            self.report(scope, said_twice(&id, name.origin.span, before.origin.span));
        }
        services.insert(id, Service { keys, origin: scope.origin(Span::new(item.span.start, name.origin.span.end)) });
    }
}

/// What a use says of the folder that it is for, and of the arguments of the install.
fn told(arguments: &[Argument<'_>]) -> Vec<String> {
    let told = arguments.iter().filter_map(|(key, value)| {
        let (key, value) = ((*key)?.text.as_str(), value.words().join(" "));
        let is_told = matches!(key, "directory" | "install") && !matches!(value.as_str(), "" | "on" | "off" | "true" | "false");
        is_told.then(|| format!("{key}={value}"))
    });
    told.collect()
}

fn is_versioned(definition: &Definition<'_>) -> bool {
    definition.parameters.first().is_some_and(|parameter| parameter.name.text.as_str() == "version")
}

/// The switch that was meant by a word that is none.
fn meant_switch(written: &str) -> Option<&'static str> {
    match written.to_lowercase().as_str() {
        _ if matches!(written, "on" | "off") => None,
        "of" | "off" | "no" | "none" | "false" => Some("off"),
        "on" | "yes" | "true" => Some("on"),
        _ => None,
    }
}

/// The definitions of a file.
pub(super) fn definitions(file: &File) -> impl Iterator<Item = (Keyword, &Word, &[Parameter], &Block)> {
    file.body.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Statement(statement) => match &statement.kind {
            Kind::Definition { name, parameters, block } => Some((statement.keyword, name, parameters.as_slice(), block)),
            _ => None,
        },
        _ => None,
    })
}

/// The folder nearest to the root in which one of `files` is tracked, for files that are plain names.
fn elsewhere<'t>(files: &[&str], tracked: &'t [String]) -> Option<&'t str> {
    let folders = tracked.iter().filter_map(|path| path.rsplit_once('/')).filter(|(_, file)| files.contains(file));
    folders.map(|(folder, _)| folder).min_by_key(|folder| (folder.matches('/').count(), *folder))
}
