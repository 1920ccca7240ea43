//! Calls: the function exists, can be called here, and gets what it takes.

use super::{Checker, Want, compare, names, traps};
use crate::catalog::contexts::EVENTS;
use crate::diagnostics::codes::{
    e0611_unknown_function as unknown, e0612_function_not_available as unavailable, e0613_argument_count as count,
    e0614_format_placeholder as placeholder, e0615_bad_json as json, e0616_object_in_text as object,
    e0619_case_condition as case, w0652_never_equal as never, w0657_unused_format_argument as unused,
};
use crate::diagnostics::nearest;
use crate::expr::functions::{self, FormatPiece, Function, Yields};
use crate::expr::types::Type;
use crate::expr::value::Value;
use crate::expr::{Expr, macros};
use crate::source::Span;

/// The functions that only some places have.
const PLACED: [&str; 5] = ["always", "cancelled", "failure", "success", "hashFiles"];

/// The type of a call.
pub(super) fn call(checker: &mut Checker<'_>, name: &str, args: &[Expr], whole: &Expr) -> Type {
    let at = Span::new(whole.span.start, (whole.span.start + name.len() as u32).min(whole.span.end));
    let types: Vec<Type> = match functions::find(name) {
        Some(function) if function.name == "case" => {
            // Every other argument decides, the default apart.
            let decides = |index: usize| index.is_multiple_of(2) && index + 1 < args.len();
            args.iter()
                .enumerate()
                .map(|(index, arg)| checker.infer(arg, if decides(index) { Want::Truth } else { Want::Value }))
                .collect()
        }
        _ => args.iter().map(|arg| checker.infer(arg, Want::Value)).collect(),
    };
    if let Some(function) = functions::find(name) {
        let what = checker.scope.place.what;
        if PLACED.contains(&function.name) && !checker.scope.place.functions.contains(&function.name) {
            let places = names::places(|place| place.functions.contains(&function.name));
            checker.say(unavailable::function_not_available(function.name, what, &places, at));
        }
        if !function.takes(args.len()) {
            checker.say(count::argument_count(function.name, &function.arity(), args.len(), whole.span));
            return result(function);
        }
        return known_call(checker, function, args, &types);
    }
    if let Some(known) = macros::find(name) {
        macro_call(checker, known, args, at, whole);
        return Type::Bool;
    }
    let macro_names = macros::callable().filter(|known| checker.scope.macros || functions::find(known).is_some());
    let near = nearest(name, macro_names);
    checker.say(unknown::unknown_function(name, near, at));
    Type::Any
}

fn macro_call(checker: &mut Checker<'_>, known: &macros::Macro, args: &[Expr], at: Span, whole: &Expr) {
    if !checker.scope.macros {
        let what = checker.scope.place.what;
        checker.say(unavailable::function_not_available(
            known.name,
            what,
            &names::places(|place| place.functions.contains(&"always")),
            at,
        ));
    }
    checker.diags.extend(macros::problems(known, args, whole.span));
    if known.name == "event" {
        args.iter().for_each(|arg| event(checker, arg));
    }
}

/// The name of an event that there is, and that starts this workflow.
fn event(checker: &mut Checker<'_>, arg: &Expr) {
    let Some(name) = arg.as_string().filter(|name| !name.is_empty()) else { return };
    let is = |known: &str| known.eq_ignore_ascii_case(name);
    if !EVENTS.iter().any(|known| is(known)) {
        return checker.say(never::no_event(name, nearest(name, EVENTS.iter().copied()), arg.span));
    }
    let Some(Type::Object(github)) = checker.scope.shape("github") else { return };
    if let Some(Type::Choice(all)) = github.get("event_name")
        && !all.iter().any(|known| is(known))
    {
        let diag = never::not_started_by(name, all, arg.span);
        checker.say(diag);
    }
}

fn result(function: &Function) -> Type {
    match function.yields {
        Yields::Bool => Type::Bool,
        Yields::String => Type::String,
        Yields::Any => Type::Any,
    }
}

fn known_call(checker: &mut Checker<'_>, function: &Function, args: &[Expr], types: &[Type]) -> Type {
    match (function.name, args) {
        ("format", [format, rest @ ..]) => {
            for (arg, ty) in rest.iter().zip(&types[1..]).filter(|(_, ty)| !ty.may_be_text()) {
                checker.say(object::object_in_text(&arg.to_string(), ty.noun(), arg.span));
            }
            if let Some(text) = format.as_string() {
                placeholders(checker, text, rest, format.span);
            }
        }
        ("fromJSON", [arg]) => return from_json(checker, arg),
        ("contains", [all, one]) => traps::substring(checker, all, one),
        ("startsWith" | "endsWith", args) => {
            for (arg, ty) in args.iter().zip(types).filter(|(_, ty)| !ty.may_be_text()) {
                checker.say(object::object_in_text(&arg.to_string(), ty.noun(), arg.span));
            }
            if let [text, part] = args {
                compare::begins(checker, function.name, text, part);
            }
        }
        ("case", args) => {
            for (condition, ty) in args.iter().zip(types).take(args.len() - 1).step_by(2) {
                if !matches!(ty, Type::Any | Type::Bool) {
                    checker.say(case::case_condition(&condition.to_string(), ty.noun(), condition.span));
                }
            }
            let last = types.len() - 1;
            return Type::join(
                types.iter().enumerate().filter(|&(index, _)| index % 2 == 1 || index == last).map(|(_, ty)| ty.clone()),
            );
        }
        _ => {}
    }
    result(function)
}

/// Every placeholder has its argument, and every argument its placeholder.
fn placeholders(checker: &mut Checker<'_>, text: &str, args: &[Expr], at: Span) {
    let pieces = match functions::format_pieces(text) {
        Ok(pieces) => pieces,
        Err(place) => {
            let brace = if text[place..].starts_with('{') { "{" } else { "}" };
            checker.say(placeholder::stray_brace(text, brace, at));
            return;
        }
    };
    let used = |wanted: usize| pieces.contains(&FormatPiece::Argument(wanted));
    for piece in &pieces {
        if let FormatPiece::Argument(index) = piece
            && *index >= args.len()
        {
            checker.say(placeholder::missing_argument(text, *index, args.len(), at));
            return;
        }
    }
    for (index, arg) in args.iter().enumerate().filter(|&(index, _)| !used(index)) {
        checker.say(unused::unused_argument(text, index, &arg.to_string(), arg.span));
    }
}

/// The type of a literal that is parsed, or whatever it may be.
fn from_json(checker: &mut Checker<'_>, arg: &Expr) -> Type {
    let Some(text) = arg.as_string() else { return Type::Any };
    match serde_json::from_str(text) {
        Ok(parsed) => Type::of(&Value::from_json(&parsed)),
        Err(error) => {
            checker.say(json::bad_json(text, &error.to_string(), arg.span));
            Type::Any
        }
    }
}
