//! Pipelay, an optimising compiler for CI.
//!
#![doc = include_str!("ARCHITECTURE.md")]
#![deny(clippy::disallowed_methods)]

pub mod catalog;
pub mod cost;
pub mod diagnostics;
pub mod explain;
pub mod expr;
pub mod facts;
pub mod graph;
pub mod hir;
pub mod import;
pub mod init;
pub mod map;
pub mod passes;
pub mod pattern;
pub mod pins;
pub mod plan;
pub mod profile;
mod shell;
pub mod source;
pub mod syntax;
pub mod text;
pub mod workflow;

use diagnostics::{Diag, Severity, has_errors};
use facts::Facts;
use map::IndexMap;
use source::Sources;

/// A spec to compile.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its path from the root of the repository, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// All that came of a spec, phase by phase.
#[derive(Debug, Clone, Default)]
pub struct Compilation {
    /// Every text that messages may point into: the standard library, the spec, what it imports, the lock file.
    pub sources: Sources,
    /// What there is to say, in the order of the places it speaks of. With an error among it there is no `yaml`.
    pub diags: Vec<Diag>,
    /// The syntax tree.
    pub ast: syntax::ast::File,
    /// The resolved pipeline.
    pub hir: hir::Pipeline,
    /// What was measured.
    pub profile: profile::Profile,
    /// The plan as it was written: before the passes.
    pub written: plan::Plan,
    /// The plan, optimised.
    pub plan: plan::Plan,
    /// What the passes decided.
    pub ledger: passes::Ledger,
    /// The workflow.
    pub workflow: workflow::Workflow,
    /// The workflow file; none with an error, nor for a spec that only defines something for others.
    pub yaml: Option<String>,
}

impl Compilation {
    /// Whether there is a plan to look at: without an error, or with none but that it does not keep to a limit.
    pub fn is_planned(&self) -> bool {
        let is_limit = |diag: &Diag| diag.code.id == diagnostics::codes::e0405_limit_not_met::CODE.id;
        self.diags.iter().all(|diag| diag.severity() != Severity::Error || is_limit(diag))
    }
}

/// What a compilation is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// What each phase made.
    All,
    /// The workflow file and the messages: what a phase made is freed when no later one needs it.
    Yaml,
}

impl Keep {
    /// Frees what no later phase needs.
    fn done_with<T: Default>(self, made: &mut T) {
        if self == Self::Yaml {
            *made = T::default();
        }
    }
}

/// Compiles a spec. Never fails: what could not be understood is said in `diags`, and all the rest is still checked.
pub fn compile(spec: &Spec, facts: &Facts) -> Compilation {
    compile_keeping(Keep::All, spec, facts)
}

/// The same, keeping no more than is wanted.
pub fn compile_keeping(keep: Keep, spec: &Spec, facts: &Facts) -> Compilation {
    let mut diags = Vec::new();
    let mut sources = catalog::library::sources();
    let (mut ast, mut imports) = parse(spec, facts, &mut sources, &mut diags);
    let (faulty, broken) = (has_errors(&diags), diagnostics::blocks_are_lost(&diags));

    let mut hir = hir::lower::lower(&ast, &hir::lower::Files { imports: &imports, path: &spec.path }, facts).unpack(&mut diags);
    keep.done_with(&mut ast);
    keep.done_with(&mut imports);
    hir.locals = hir::local::locals(&hir, facts);
    let broken = broken || hir.incomplete;
    hir::checks::ALL.iter().for_each(|check| check(&hir, broken, &mut diags));
    if hir.optimize.objective == hir::Objective::Off {
        diagnostics::advise(&mut diags);
    }
    let mut plan = plan::build(&hir, facts, broken).unpack(&mut diags);
    let (is_library, allows) = (hir.is_library(), hir.allows.clone());
    keep.done_with(&mut hir);
    let profile = profile(spec, facts, &mut sources, &mut diags);
    let written = if keep == Keep::All { plan.clone() } else { plan::Plan::default() };
    let pins = if passes::pins(&plan) { pins::Known::of(facts, &mut sources).unpack(&mut diags) } else { pins::Known::default() };
    let mut ledger = if has_errors(&diags) {
        passes::Ledger::default()
    } else {
        passes::run(&mut plan, facts, &pins, &profile).unpack(&mut diags)
    };
    keep.done_with(&mut ledger.decisions);
    let optimised = if keep == Keep::Yaml { std::mem::take(&mut plan) } else { plan.clone() };
    let mut workflow = workflow::lower(optimised).unpack(&mut diags);
    let emitted = (!has_errors(&diags) && !is_library).then(|| workflow::emit(&workflow));
    diags.extend(emitted.iter().flat_map(|emitted| workflow::limits(&workflow, emitted)));
    keep.done_with(&mut workflow);

    silence(&mut diags, &allows);
    let diags = if faulty { diagnostics::without_consequences(diags, &sources) } else { diags };
    let diags = diagnostics::cap(diagnostics::merge(diags));
    let yaml = emitted.map(|emitted| emitted.text).filter(|_| !has_errors(&diags));
    Compilation { sources, diags, ast, hir, profile, written, plan, ledger, workflow, yaml }
}

/// What was measured of a spec: nothing where it has no profile, or one that cannot be read.
fn profile(spec: &Spec, facts: &Facts, sources: &mut Sources, diags: &mut Vec<Diag>) -> profile::Profile {
    let Some(text) = &facts.profile else { return profile::Profile::default() };
    profile::Profile::read(text).unwrap_or_else(|wrong| {
        let index = sources.add(profile::Profile::path(&spec.path).as_str(), text.as_str());
        let source = sources.get(index);
        let range = source.line_range(wrong.line.saturating_sub(1));
        let span = source::Span::new(source.base() + range.start as u32, source.base() + range.end as u32);
        diags.push(diagnostics::codes::e0346_unreadable_profile::unreadable_profile(&wrong.message, span));
        profile::Profile::default()
    })
}

/// A spec as its callers see it; none where it is not well-formed.
pub(crate) fn resolved(spec: &Spec, facts: &Facts) -> Option<hir::Pipeline> {
    let (mut diags, mut sources) = (Vec::new(), catalog::library::sources());
    let (ast, imports) = parse(spec, facts, &mut sources, &mut diags);
    let pipeline = hir::lower::lower(&ast, &hir::lower::Files { imports: &imports, path: &spec.path }, facts).value;
    (!has_errors(&diags) && !pipeline.incomplete).then_some(pipeline)
}

/// The trees of a spec and of all that it imports.
fn parse(
    spec: &Spec,
    facts: &Facts,
    sources: &mut Sources,
    diags: &mut Vec<Diag>,
) -> (syntax::ast::File, IndexMap<String, syntax::ast::File>) {
    let index = sources.add(spec.path.as_str(), spec.text.as_str());
    let ast = syntax::parse(sources.get(index)).unpack(diags);
    let imports = parse_imports(&ast, &spec.path, facts, sources, diags);
    (ast, imports)
}

/// Takes away the warnings and remarks that the spec allows.
fn silence(diags: &mut Vec<Diag>, allows: &[hir::Allow]) {
    diags.retain(|diag| {
        let allowed = |allow: &hir::Allow| allow.code == diag.code.id && allow.within.contains(diag.span());
        diag.severity() == Severity::Error || !allows.iter().any(allowed)
    });
}

/// The trees of all that a file imports, by path, transitively. What is missing is for the lowering to report.
fn parse_imports(
    file: &syntax::ast::File,
    path: &str,
    facts: &Facts,
    sources: &mut Sources,
    diags: &mut Vec<Diag>,
) -> IndexMap<String, syntax::ast::File> {
    let mut trees = IndexMap::default();
    let mut open = imports_of(file, path);
    while let Some(next) = open.pop() {
        let Some(text) = facts.texts.get(&next).filter(|_| !trees.contains_key(&next) && next != path) else { continue };
        let index = sources.add(next.as_str(), text.as_str());
        let tree = syntax::parse(sources.get(index)).unpack(diags);
        open.extend(imports_of(&tree, &next));
        trees.insert(next, tree);
    }
    trees
}

/// The paths that a spec imports itself, from the root of the repository, for the caller to put into [`Facts::texts`].
pub fn imports(spec: &Spec) -> Vec<String> {
    let mut sources = Sources::new();
    let index = sources.add(spec.path.as_str(), spec.text.as_str());
    // Most files import nothing, and need not be parsed to know it.
    if spec.text.contains("import") { imports_of(&syntax::parse(sources.get(index)).value, &spec.path) } else { Vec::new() }
}

/// The files that may say what the actions and workflows of the repository are that a spec uses, for the caller to put into
/// [`Facts::texts`] as far as they are there.
///
/// A look at words does: what no statement names is read in vain, and of what a template makes up nothing is known.
pub fn locals(spec: &Spec) -> Vec<String> {
    let named = spec.text.split("uses ").skip(1).filter_map(|rest| rest.split_whitespace().next());
    named.flat_map(|named| hir::local::files(named.trim_matches(['"', '\'']))).collect()
}

fn imports_of(file: &syntax::ast::File, path: &str) -> Vec<String> {
    use syntax::ast::{ItemKind, Kind, Value};
    let statements = file
        .body
        .items
        .iter()
        .filter_map(|item| if let ItemKind::Statement(statement) = &item.kind { Some(statement) } else { None });
    let imports = statements.filter(|statement| statement.keyword == syntax::symbols::Keyword::Import);
    let words = imports.filter_map(|statement| match &statement.kind {
        Kind::Plain { values, .. } => values.first(),
        _ => None,
    });
    let paths = words.filter_map(|word| if let Value::Word(word) = word { import_path(path, &word.text) } else { None });
    paths.filter(|path| is_spec(path)).collect()
}

/// Whether a path is that of a spec.
pub fn is_spec(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|end| end == "pipe")
}

/// The path, from the root of the repository, of what `importer` calls `path`. None where it leaves the repository.
pub(crate) fn import_path(importer: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = importer.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
