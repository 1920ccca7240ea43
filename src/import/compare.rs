//! Whether two workflows mean the same. Only spellings that GitHub reads alike are equal; everything else is a difference.

use crate::expr::{self, text::Piece};
use crate::map::IndexMap;
use crate::workflow::yaml::{Kind, Node};

/// Where two workflows differ first: the keys that lead there, and what each has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Keys, and places in lists as numbers.
    pub path: Vec<String>,
    /// What the one has there, as it was compared.
    pub left: String,
    /// What the other has.
    pub right: String,
}

/// The first difference of two workflows; none where they mean the same.
pub fn difference(left: &Node, right: &Node) -> Option<Difference> {
    let mut path = Vec::new();
    walk(&workflow(left), &workflow(right), &mut path)
}

/// A part of a workflow in the one form that stands for all that GitHub reads alike.
#[derive(Debug, Clone, PartialEq)]
enum Form {
    Absent,
    Text(String),
    /// A value whose type matters: the `true` of a matrix is not its `'true'`.
    Typed(Kind),
    List(Vec<Form>),
    Map(IndexMap<String, Form>),
}

fn walk(left: &Form, right: &Form, path: &mut Vec<String>) -> Option<Difference> {
    let differ = |path: &[String]| Some(Difference { path: path.to_vec(), left: shown(left), right: shown(right) });
    match (left, right) {
        (Form::Map(left_map), Form::Map(right_map)) => {
            let absent = Form::Absent;
            for key in left_map.keys().chain(right_map.keys().filter(|key| !left_map.contains_key(*key))) {
                path.push(key.clone());
                let found = walk(left_map.get(key).unwrap_or(&absent), right_map.get(key).unwrap_or(&absent), path);
                if found.is_some() {
                    return found;
                }
                path.pop();
            }
            None
        }
        (Form::List(left_items), Form::List(right_items)) => {
            if left_items.len() != right_items.len() {
                return differ(path);
            }
            for (index, (left, right)) in left_items.iter().zip(right_items).enumerate() {
                path.push(index.to_string());
                let found = walk(left, right, path);
                if found.is_some() {
                    return found;
                }
                path.pop();
            }
            None
        }
        _ if left == right => None,
        _ => differ(path),
    }
}

fn shown(form: &Form) -> String {
    match form {
        Form::Absent => "nothing".to_owned(),
        Form::Text(text) => format!("`{text}`"),
        Form::Typed(kind) => format!("{kind:?}"),
        Form::List(items) => format!("a list of {}", items.len()),
        Form::Map(map) => format!("a mapping of {}", map.keys().cloned().collect::<Vec<_>>().join(", ")),
    }
}

/// The entries of a mapping, each in its form; what is absent is left out.
fn map(node: &Node, form: impl Fn(&str, &Node) -> Form) -> Form {
    match &node.kind {
        Kind::Map(map) => Form::Map(
            map.iter().map(|(key, value)| (key.clone(), form(key, value))).filter(|(_, form)| *form != Form::Absent).collect(),
        ),
        _ => text(node),
    }
}

/// The same, where no entries are as good as none at all.
fn filled(form: Form) -> Form {
    match &form {
        Form::Map(map) if map.is_empty() => Form::Absent,
        Form::Text(text) if text.is_empty() => Form::Absent,
        _ => form,
    }
}

/// One value, as text: GitHub makes texts of numbers and booleans where it wants one.
fn text(node: &Node) -> Form {
    match &node.kind {
        Kind::Null => Form::Text(String::new()),
        Kind::Bool(value) => Form::Text(value.to_string()),
        Kind::Num(spelling) => Form::Text(number(spelling)),
        Kind::Str(text) => Form::Text(text.clone()),
        Kind::Seq(items) => Form::List(items.iter().map(text).collect()),
        Kind::Map(_) => map(node, |_, value| text(value)),
    }
}

fn number(spelling: &str) -> String {
    spelling.parse().map_or_else(|_| spelling.to_owned(), expr::number::print)
}

/// A value that is left out where it says what holds anyway.
fn unless(node: &Node, default: &str) -> Form {
    match text(node) {
        Form::Text(text) if text == default || text.is_empty() => Form::Absent,
        form => form,
    }
}

/// One value or a list of them: always the list.
fn list(node: &Node) -> Form {
    match &node.kind {
        Kind::Seq(_) => text(node),
        Kind::Null => Form::Absent,
        _ => Form::List(vec![text(node)]),
    }
}

/// Names in any order.
fn set(node: &Node) -> Form {
    match list(node) {
        Form::List(items) => Form::Map(
            items
                .into_iter()
                .filter_map(|item| if let Form::Text(text) = item { Some((text, Form::Text(String::new()))) } else { None })
                .collect(),
        ),
        form => form,
    }
}

/// A value whose type matters, all the way down.
fn typed(node: &Node) -> Form {
    match &node.kind {
        Kind::Seq(items) => Form::List(items.iter().map(typed).collect()),
        Kind::Map(_) => map(node, |_, value| typed(value)),
        Kind::Num(spelling) => Form::Typed(Kind::Num(number(spelling))),
        kind => Form::Typed(kind.clone()),
    }
}

/// A condition: with or without `${{ }}`, however it is spaced.
fn condition(node: &Node) -> Form {
    let Form::Text(written) = text(node) else { return text(node) };
    let trimmed = written.trim();
    let pieces = expr::text::split(trimmed);
    let one = |text: &str| expr::parse(text).value.map(|expr| expr.to_string());
    let printed = match pieces.value.as_slice() {
        [Piece::Hole { expr: Some(expr), .. }] => Some(expr.to_string()),
        _ if !trimmed.contains("${{") => one(trimmed),
        // Text around it makes one text of all, which holds.
        _ => expr::text::as_format(trimmed).and_then(|format| one(&format)),
    };
    match printed {
        Some(printed) if printed == "true" => Form::Absent,
        Some(printed) => Form::Text(printed),
        None => Form::Text(written),
    }
}

/// A script: a runner does not care whether its last line ends.
fn script(node: &Node) -> Form {
    match text(node) {
        Form::Text(text) => Form::Text(text.trim_end_matches('\n').to_owned()),
        form => form,
    }
}

fn workflow(node: &Node) -> Form {
    map(node, |key, value| match key {
        "on" => triggers(value),
        "env" => filled(text(value)),
        "defaults" => filled(defaults(value)),
        "concurrency" => concurrency(value),
        "jobs" => map(value, |_, value| job(value)),
        _ => text(value),
    })
}

fn defaults(node: &Node) -> Form {
    map(node, |_, value| filled(text(value)))
}

fn triggers(node: &Node) -> Form {
    let bare = |name: &str| (name.to_owned(), Form::Map(IndexMap::default()));
    match &node.kind {
        Kind::Str(name) => Form::Map(IndexMap::from_iter([bare(name)])),
        Kind::Seq(names) => Form::Map(names.iter().filter_map(Node::as_str).map(bare).collect()),
        _ => map(node, |event, value| match (event, &value.kind) {
            ("schedule", Kind::Seq(times)) => Form::List(times.iter().map(text).collect()),
            (_, Kind::Null) => Form::Map(IndexMap::default()),
            ("workflow_dispatch" | "workflow_call", _) => {
                map(value, |key, value| filled(map(value, |_, value| declared(key, value))))
            }
            _ => map(value, |_, value| list(value)),
        }),
    }
}

/// An input, a secret or an output.
fn declared(what: &str, node: &Node) -> Form {
    if node.kind == Kind::Null {
        let kind = if what == "inputs" { Some(("type".to_owned(), Form::Text("string".to_owned()))) } else { None };
        return Form::Map(kind.into_iter().collect());
    }
    let mut form = map(node, |key, value| match key {
        "required" => unless(value, "false"),
        "description" => unless(value, ""),
        // None is an empty text, but not to a number or boolean.
        "default" if value.kind == Kind::Null => Form::Absent,
        _ => text(value),
    });
    if let Form::Map(map) = &mut form
        && what == "inputs"
    {
        map.entry("type".to_owned()).or_insert_with(|| Form::Text("string".to_owned()));
    }
    form
}

fn concurrency(node: &Node) -> Form {
    match &node.kind {
        Kind::Map(_) => map(node, |key, value| match key {
            "cancel-in-progress" => unless(value, "false"),
            "queue" => unless(value, "single"),
            _ => text(value),
        }),
        _ => Form::Map(IndexMap::from_iter([("group".to_owned(), text(node))])),
    }
}

/// A text that stands for one key of a mapping.
fn headed(node: &Node, head: &str, form: impl Fn(&str, &Node) -> Form) -> Form {
    match &node.kind {
        Kind::Map(_) => map(node, form),
        _ => Form::Map(IndexMap::from_iter([(head.to_owned(), text(node))])),
    }
}

fn container(node: &Node) -> Form {
    headed(node, "image", |key, value| match key {
        "ports" | "volumes" => list(value),
        _ => filled(text(value)),
    })
}

fn job(node: &Node) -> Form {
    map(node, |key, value| match key {
        "needs" => filled(set(value)),
        "if" => condition(value),
        "runs-on" => match &value.kind {
            Kind::Map(_) => map(value, |key, value| if key == "labels" { list(value) } else { text(value) }),
            _ => list(value),
        },
        "continue-on-error" => unless(value, "false"),
        "environment" => headed(value, "name", |_, value| text(value)),
        "concurrency" => concurrency(value),
        "container" => container(value),
        "services" => filled(map(value, |_, value| container(value))),
        "snapshot" => headed(value, "image-name", |_, value| text(value)),
        "strategy" => filled(strategy(value)),
        "env" | "outputs" | "with" => filled(text(value)),
        "defaults" => filled(defaults(value)),
        "steps" => steps(value),
        _ => text(value),
    })
}

fn strategy(node: &Node) -> Form {
    map(node, |key, value| match key {
        "matrix" => typed(value),
        // Only where there are rows does it say anything, and there it is what holds anyway.
        "fail-fast" => unless(value, "true"),
        _ => text(value),
    })
}

fn steps(node: &Node) -> Form {
    match &node.kind {
        Kind::Seq(steps) => Form::List(steps.iter().map(step).collect()),
        _ => text(node),
    }
}

fn step(node: &Node) -> Form {
    map(node, |key, value| match key {
        "if" => condition(value),
        "run" => script(value),
        "env" | "with" => filled(text(value)),
        "continue-on-error" | "background" => unless(value, "false"),
        "wait" => list(value),
        "wait-all" => Form::Text(String::new()),
        "parallel" => steps(value),
        _ => text(value),
    })
}
