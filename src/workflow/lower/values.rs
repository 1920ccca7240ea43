//! Texts and data.

use crate::expr;
use crate::expr::text::{Piece, one_line, split};
use crate::hir::{Condition, Duration, Map, Value, ValueKind};
use crate::text::Text;
use crate::workflow::model::Scalar;
use crate::workflow::yaml::{self, Kind, Node};

/// A text, macros expanded.
pub(super) fn text(text: &Text) -> Scalar {
    Scalar::Str(in_github_words(text))
}

/// One value; a list becomes lines, as inputs of actions take them.
pub(super) fn scalar(value: &Value) -> Scalar {
    match &value.kind {
        ValueKind::Bool(value) => Scalar::Bool(*value),
        ValueKind::Number(spelling) => Scalar::Num(spelling.clone()),
        ValueKind::Text(written) => text(written),
        ValueKind::List(items) => {
            let lines: String = items.iter().map(|item| format!("{}\n", scalar(item).text())).collect();
            Scalar::Str(lines)
        }
        // An empty value is an empty text where GitHub wants one; no place that takes one value takes a map.
        ValueKind::Null | ValueKind::Map(_) => Scalar::Str(String::new()),
    }
}

/// Any data.
pub(super) fn node(value: &Value) -> Node {
    match &value.kind {
        ValueKind::Null => Node::new(Kind::Null),
        ValueKind::Bool(value) => Node::new(Kind::Bool(*value)),
        ValueKind::Number(spelling) => Node::new(Kind::Num(spelling.clone())),
        ValueKind::Text(written) => Node::str(in_github_words(written)),
        ValueKind::List(items) => Node::seq(items.iter().map(node)),
        ValueKind::Map(map) => Node::map(map.iter().map(|(key, value)| (key.clone(), node(value)))),
    }
}

/// Keys that the language does not know.
pub(super) fn raw(map: &Map) -> yaml::Map {
    map.iter().map(|(key, value)| (key.clone(), node(value))).collect()
}

/// A condition, without `${{ }}`, unless it always holds. One that begins with `!` needs them, since YAML would take it for a tag: the printer
/// quotes it instead.
pub(super) fn condition(when: &Condition) -> Option<Scalar> {
    let expr = expr::macros::in_github_words(when.expr.clone());
    // Not one that was put together of several, or that says more than what it holds.
    let own = when.text.is_verbatim() && expr == when.expr && !when.filled && !when.text.contains('$');
    let written = when.text.trim();
    let printed = || {
        if own && !written.contains('\n') {
            return written.to_owned();
        }
        let printed = expr.to_string();
        let same = |line: &String| expr::parse(line).value.is_some_and(|again| again.to_string() == printed);
        own.then(|| one_line(written)).filter(same).unwrap_or(printed)
    };
    (expr.kind != expr::ExprKind::Bool(true)).then(|| Scalar::Str(printed()))
}

/// A duration as GitHub counts it, in minutes; an expression as it is.
pub(super) fn minutes(value: &Value) -> Scalar {
    let spelled = value.spelled();
    if let Some(number) = Duration::fraction(&spelled) {
        return Scalar::Num(number.to_owned());
    }
    match Duration::parse(&spelled) {
        Some(duration) => Scalar::Num(duration.minutes().to_string()),
        None => scalar(value),
    }
}

/// A text in GitHub's words: macros in its holes expanded, everything else as it was written.
fn in_github_words(text: &str) -> String {
    let callable = |name: &str| text.contains(name);
    if !text.contains("${{") || !expr::macros::MACROS.iter().any(|known| callable(known.name)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for piece in split(text).value {
        match piece {
            Piece::Text { text, .. } => out.push_str(&text),
            Piece::Hole { span, expr } => {
                let written = &text[span.start as usize..span.end as usize];
                let expanded = expr.clone().map(expr::macros::in_github_words);
                match expanded {
                    Some(expanded) if Some(&expanded) != expr.as_ref() => out.extend(["${{ ", &expanded.to_string(), " }}"]),
                    _ => out.push_str(written),
                }
            }
        }
    }
    out
}
