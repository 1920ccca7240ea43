//! Names: contexts and the properties that they have.

use super::Checker;
use crate::catalog::contexts::{CONTEXTS, EVENTS, PLACES, Place};
use crate::diagnostics::codes::e0608_unknown_context::Meant;
use crate::diagnostics::codes::w0322_unknown_output::unknown_output;
use crate::diagnostics::codes::{
    e0608_unknown_context as unknown, e0609_context_not_available as unavailable, e0610_unknown_property as property_code,
};
use crate::diagnostics::nearest;
use crate::expr::scope::Given;
use crate::expr::types::Type;
use crate::expr::{CompareOp, Expr, ExprKind, functions, macros};
use crate::source::Span;

/// The type of a whole context. `whole` is the path that begins with it, and `asked` says that its truth alone is a condition.
pub(super) fn context(checker: &mut Checker<'_>, name: &str, whole: &Expr, asked: bool, at: Span) -> Type {
    let Some(known) = CONTEXTS.iter().find(|known| known.eq_ignore_ascii_case(name)) else {
        let here = checker.scope.place.contexts;
        // One that can be seen here is meant before one that cannot.
        let near = nearest(name, here.iter().chain(CONTEXTS).copied());
        let meant = match (macros::find(name), functions::find(name)) {
            _ if checker.scope.constants.iter().any(|known| **known == *name) => Meant::Constant,
            (Some(known), _) => Meant::Call(known.usage.to_owned()),
            (None, Some(function)) if function.least == 0 => Meant::Call(format!("{}()", function.name)),
            (None, Some(function)) => Meant::Call(format!("{}(…)", function.name)),
            (None, None) => match (property_of(checker, name, whole), near) {
                (Some(property), _) => Meant::Property(property),
                (None, Some(near)) => Meant::Context(near),
                (None, None) if asked => Meant::Condition(question(checker, name)),
                (None, None) => Meant::Text(whole.to_string()),
            },
        };
        checker.say(unknown::unknown_context(name, &meant, at));
        return Type::Any;
    };
    if !checker.scope.place.contexts.contains(known) {
        checker.say(unavailable::context_not_available(
            known,
            checker.scope.place.what,
            &places(|place| place.contexts.contains(known)),
            at,
        ));
        return Type::Any;
    }
    checker.scope.shape(known).cloned().unwrap_or(Type::Any)
}

/// The first name of a path, where it names no context.
pub(super) fn unknown_root(expr: &Expr) -> Option<(&str, Span)> {
    match &expr.kind {
        ExprKind::Context(name) if !CONTEXTS.iter().any(|known| known.eq_ignore_ascii_case(name)) => Some((name, expr.span)),
        ExprKind::Property(base, _) => unknown_root(base),
        _ => None,
    }
}

/// The input or axis that is called so, or the job or step whose property is asked for, where it can be.
fn property_of(checker: &Checker<'_>, name: &str, whole: &Expr) -> Option<String> {
    let bare = matches!(whole.kind, ExprKind::Context(_));
    let contexts = if bare { ["inputs", "matrix"] } else { ["needs", "steps"] };
    let here = contexts.into_iter().filter(|context| checker.scope.place.contexts.contains(context));
    let has =
        |context: &&str| matches!(checker.scope.shape(context), Some(Type::Object(shape)) if shape.properties.contains_key(name));
    here.filter(has).map(|context| format!("{context}.{whole}")).next()
}

/// What a condition may ask for that is nothing but a name: whether it is the event, or the branch.
fn question(checker: &Checker<'_>, name: &str) -> String {
    match (EVENTS.contains(&name), checker.scope.macros) {
        (true, true) => format!("event('{name}')"),
        (false, true) => format!("branch('{name}')"),
        (true, false) => format!("github.event_name == '{name}'"),
        (false, false) => format!("github.ref_name == '{name}'"),
    }
}

/// `branch == 'main'`, which asks for a macro as if it were a context: said as a whole. None where it is something else.
pub(super) fn compared_macro(checker: &mut Checker<'_>, op: CompareOp, left: &Expr, right: &Expr) -> Option<Type> {
    let (context, text) = if left.as_string().is_some() { (right, left) } else { (left, right) };
    let (ExprKind::Context(name), Some(_), CompareOp::Eq | CompareOp::Ne) = (&context.kind, text.as_string(), op) else {
        return None;
    };
    let known = macros::find(name).filter(|known| known.least > 0)?;
    let not = if op == CompareOp::Ne { "!" } else { "" };
    checker.say(unknown::unknown_context(name, &Meant::Question(format!("{not}{}({text})", known.name)), context.span));
    Some(Type::Bool)
}

/// What the first few places are called for which that holds.
pub(super) fn places(holds: impl Fn(&Place) -> bool) -> Vec<&'static str> {
    PLACES.iter().filter(|place| !place.schema.is_empty() && holds(place)).map(|place| place.what).collect()
}

/// Says so where `base.name` is an output that the action of the step does not declare.
fn undeclared(checker: &mut Checker<'_>, base: &Expr, name: &str, whole: &Expr) {
    let given = checker.scope.given.clone();
    let Some(path) = (!given.is_empty()).then(|| base.as_path()).flatten() else { return };
    let [steps, id, outputs] = path.as_slice() else { return };
    let of_step = |given: &&Given| steps == "steps" && outputs == "outputs" && given.id.eq_ignore_ascii_case(id);
    let Some(given) = given.iter().find(of_step) else { return };
    if !given.outputs.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        checker.say(unknown_output(&given.action, name, &given.outputs, place(base, name, whole)));
    }
}

/// The type of `base.name`.
pub(super) fn property(checker: &mut Checker<'_>, base: &Expr, base_type: &Type, name: &str, whole: &Expr) -> Type {
    undeclared(checker, base, name, whole);
    match base_type {
        Type::Any => Type::Any,
        Type::Filtered(item) => Type::Filtered(Box::new(match item.as_ref() {
            Type::Object(shape) => shape.get(name).cloned().unwrap_or(Type::Null),
            _ => Type::Any,
        })),
        Type::Object(shape) => {
            if let Some(ty) = shape.get(name) {
                return ty.clone();
            }
            let of = |context: &str| matches!(&base.kind, ExprKind::Context(name) if name.eq_ignore_ascii_case(context));
            if of("steps") && checker.scope.later.iter().any(|id| id.eq_ignore_ascii_case(name)) {
                checker.say(property_code::not_run_yet(name, place(base, name, whole)));
                return Type::Any;
            }
            if of("steps") && checker.scope.titled.iter().any(|title| title.as_str() == name) {
                checker.say(property_code::title_of_a_step(name, place(base, name, whole)));
                return Type::Any;
            }
            let itself = checker.scope.itself.as_deref().filter(|_| of("needs"));
            let near = nearest(name, shape.properties.keys().map(String::as_str).filter(|known| Some(*known) != itself));
            // Rows are not all alike: `matrix.extra || ''` says what holds where there is none.
            let of_a_row =
                || whole.as_path().is_some_and(|path| path.first().is_some_and(|first| first.eq_ignore_ascii_case("matrix")));
            if checker.has_default && near.is_none() && of_a_row() {
                return Type::Any;
            }
            let known: Vec<&str> = shape.properties.keys().map(String::as_str).collect();
            let diag = property_code::unknown_property(&base.to_string(), name, near, &known, place(base, name, whole));
            let called = base.as_path().filter(|path| path.last().is_some_and(|last| last == "outputs"));
            let called =
                called.filter(|path| path.len() == 3 && checker.scope.calls.iter().any(|job| job.eq_ignore_ascii_case(&path[1])));
            checker.say(if called.is_some() && known.is_empty() { property_code::of_a_call(diag, name) } else { diag });
            Type::Any
        }
        // `list['0']` is an item; GitHub takes the text for a number.
        Type::Array(item) if name.parse::<usize>().is_ok() => item.as_ref().clone(),
        other => {
            checker.say(property_code::no_properties(&base.to_string(), other.noun(), name, place(base, name, whole)));
            Type::Any
        }
    }
}

/// The type of `base[…]` with an index that is worked out at run time.
pub(super) fn item(base: &Type) -> Type {
    match base {
        Type::Array(item) => item.as_ref().clone(),
        Type::Filtered(_) => Type::Filtered(Box::new(Type::Any)),
        Type::Object(shape) => match (&shape.rest, shape.properties.is_empty()) {
            (Some(rest), true) => rest.as_ref().clone(),
            (None, false) => Type::join(shape.properties.values().cloned()),
            _ => Type::Any,
        },
        _ => Type::Any,
    }
}

/// The type of `base.*`.
pub(super) fn star(base: &Type) -> Type {
    let item = match base {
        Type::Filtered(inner) => match star(inner) {
            Type::Filtered(item) => *item,
            other => other,
        },
        other => item(other),
    };
    Type::Filtered(Box::new(item))
}

/// Where the name of a property stands: at the end of `base.name`, in the brackets of `base['name']`.
fn place(base: &Expr, name: &str, whole: &Expr) -> Span {
    let start = match &whole.kind {
        ExprKind::Property(..) => whole.span.end.saturating_sub(name.len() as u32).max(whole.span.start),
        ExprKind::Index(_, by) => return by.span,
        _ => base.span.end,
    };
    Span::new(start, whole.span.end)
}
