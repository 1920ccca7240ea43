//! An import, and the proof that nothing was lost.

use super::compare::{Difference, difference};
use super::spec::Writer;
use super::tree::{self, Tree};
use super::{Importer, read};
use crate::diagnostics::codes::e0510_import_differs::import_differs;
use crate::diagnostics::{Diag, Severity, has_errors};
use crate::facts::Facts;
use crate::source::{Source, Sources, Span};
use crate::text::Text;
use crate::workflow::yaml::{self, Node};
use crate::{Compilation, Spec, compile, syntax};

/// What became of a workflow file.
#[derive(Debug, Default)]
pub struct Import {
    /// The file that was imported, for messages to point into.
    pub sources: Sources,
    /// What there is to say of it. With an error among it there is no spec.
    pub diags: Vec<Diag>,
    /// The spec, formatted.
    pub spec: Option<String>,
}

/// The spec of a workflow file as it is first written, neither formatted nor proven: enough to ask which files it names.
pub fn draft(path: &str, text: &str) -> String {
    let mut sources = Sources::new();
    let index = sources.add(path, text);
    let tree = read::read(sources.get(index)).value.unwrap_or_default();
    Writer::spec(&Importer::default().file(&tree)).as_str().to_owned()
}

/// Imports a workflow file, whose path in the repository is `path`, as the spec of that path. The spec is compiled and its output compared with
/// the file, so that there is no spec that means something else.
pub fn import(path: &str, text: &str, spec_path: &str, facts: &Facts) -> Import {
    let mut sources = Sources::new();
    let index = sources.add(path, text);
    let source = sources.get(index);
    let mut diags = Vec::new();
    let tree = read::read(source).unpack(&mut diags);
    let Some(tree) = tree else { return Import { diags, sources, spec: None } };
    let importer = Importer::default();
    let block = importer.file(&tree);
    diags.extend(importer.diags.into_inner());
    let written = Writer::spec(&block);
    let spec = Spec { path: spec_path.to_owned(), text: written.as_str().to_owned() };
    let Compilation { sources: compiled, diags: said, .. } = compile(&spec, facts);
    let own = compiled.iter().find(|source| source.name() == spec_path);
    let faulty = has_errors(&diags);
    diags.extend(said.into_iter().filter_map(|diag| own.and_then(|own| in_yaml(diag, own, &written, faulty))));
    if has_errors(&diags) {
        return Import { diags: crate::diagnostics::cap(crate::diagnostics::merge(diags)), sources, spec: None };
    }
    let formatted = format(spec_path, written.as_str());
    let found = match &formatted {
        Some(formatted) => prove(formatted, spec_path, &tree, facts),
        None => Err("the spec does not read back".to_owned()),
    };
    match found {
        Ok(None) => {}
        Ok(Some(found)) => diags.push(import_differs(&found, place(&tree, &found.path))),
        Err(why) => diags.push(crate::diagnostics::codes::e0510_import_differs::not_proven(&why, source.span().head())),
    }
    let spec = formatted.filter(|_| !has_errors(&diags));
    Import { diags: crate::diagnostics::cap(crate::diagnostics::merge(diags)), sources, spec }
}

/// A message about the spec as one about the YAML. Beside faults of the YAML's form, what follows from statements that are missing is not said.
fn in_yaml(diag: Diag, own: &Source, written: &Text, faulty: bool) -> Option<Diag> {
    let inside = own.span();
    if diag.labels.is_empty() {
        return Some(diag);
    }
    // What was refused is missing in the spec.
    let follows =
        diag.severity() != Severity::Error || diag.code.id.starts_with("E01") || ["E0303", "E0311"].contains(&diag.code.id);
    if faulty && follows || !inside.contains(diag.span()) {
        return None;
    }
    let base = own.base();
    let place = |span: Span| written.source((span.start - base) as usize..(span.end.max(span.start) - base) as usize);
    let mut diag = diag;
    diag.labels.retain(|label| inside.contains(label.span));
    Some(diag.map_spans(place))
}

fn format(path: &str, text: &str) -> Option<String> {
    let mut sources = Sources::new();
    let index = sources.add(path, text);
    syntax::format(sources.get(index)).value
}

/// Compiles a spec, and compares its output, as a YAML reader that is not ours reads it, with the file that it was made of.
fn prove(spec: &str, spec_path: &str, original: &Tree, facts: &Facts) -> Result<Option<Difference>, String> {
    let compilation = compile(&Spec { path: spec_path.to_owned(), text: spec.to_owned() }, facts);
    let Some(emitted) = compilation.yaml else {
        let first = compilation.diags.first().map_or_else(|| "no reason".to_owned(), |diag| diag.message.clone());
        return Err(format!("the spec does not compile: {first}"));
    };
    let emitted = yaml::parse(&emitted).map_err(|(why, _)| why)?;
    Ok(difference(&node(original), &emitted))
}

/// A tree without its places.
fn node(tree: &Tree) -> Node {
    Node::new(match &tree.kind {
        tree::Kind::Null => yaml::Kind::Null,
        tree::Kind::Bool(value) => yaml::Kind::Bool(*value),
        tree::Kind::Number(spelling) => yaml::Kind::Num(spelling.clone()),
        tree::Kind::Text(text) => yaml::Kind::Str(text.as_str().to_owned()),
        tree::Kind::List(items) => yaml::Kind::Seq(items.iter().map(node).collect()),
        tree::Kind::Map(entries) => {
            yaml::Kind::Map(entries.iter().map(|entry| (entry.key.as_str().to_owned(), node(&entry.value))).collect())
        }
    })
}

/// Where in the YAML a path of keys leads, as far as it does.
fn place(tree: &Tree, path: &[String]) -> Span {
    let Some((first, rest)) = path.split_first() else { return tree.span };
    let inner = match &tree.kind {
        tree::Kind::List(items) => first.parse::<usize>().ok().and_then(|index| items.get(index)),
        _ => tree.get(first),
    };
    inner.map_or(tree.span, |inner| place(inner, rest))
}
