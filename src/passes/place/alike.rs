//! What two jobs must have in common, as texts that are equal only where it is: places in the spec say nothing, as one place may be several things in a loop.

use std::fmt::Write as _;

use crate::hir::{Map, Step, StepKind, Toolchain, Value, ValueKind};
use crate::text::Text;

/// Keys and values. All texts are quoted, so that none of them can look like two.
pub(super) fn map(map: &Map, text: &mut String) {
    text.push('{');
    for (key, value) in map {
        let _ = write!(text, "{key:?}:");
        self::value(value, text);
    }
    text.push('}');
}

/// A value.
pub(super) fn value(value: &Value, text: &mut String) {
    match &value.kind {
        ValueKind::List(items) => {
            text.push('[');
            items.iter().for_each(|item| self::value(item, text));
            text.push(']');
        }
        ValueKind::Map(inner) => map(inner, text),
        _ => {
            let _ = write!(text, "{:?}", value.spelled());
        }
    }
}

/// A toolchain: all that it does, keeps and looks at.
pub(super) fn toolchain(toolchain: &Toolchain, text: &mut String) {
    let _ = write!(text, "\ntoolchain {:?} {:?}", toolchain.name, toolchain.version.as_ref().map(Text::as_str));
    toolchain.steps().for_each(|step| self::step(step, text));
    for cache in &toolchain.caches {
        let _ = write!(text, "\ncache {:?} {:?}", cache.name, cache.key.as_str());
        texts(&cache.paths, text);
        map(&cache.keys, text);
    }
    texts(&toolchain.reads, text);
    texts(&toolchain.writes, text);
}

fn texts(all: &[Text], text: &mut String) {
    let _ = write!(text, "{:?}", all.iter().map(Text::as_str).collect::<Vec<_>>());
}

fn step(step: &Step, text: &mut String) {
    match &step.kind {
        StepKind::Run(script) => {
            let _ = write!(text, "\nrun {:?}", script.as_str());
        }
        StepKind::Uses { action, with, .. } => {
            let _ = write!(text, "\nuses {:?}", action.as_str());
            map(with, text);
        }
        StepKind::Checkout(with) => {
            text.push_str("\ncheckout");
            map(with, text);
        }
        StepKind::Parallel(steps) => steps.iter().for_each(|step| self::step(step, text)),
        StepKind::Wait(names) | StepKind::Cancel(names) => texts(names, text),
    }
    let [shell, dir] = [&step.shell, &step.dir].map(|own| own.as_ref().map(Text::as_str));
    let when = step.when.as_ref().map(|when| when.expr.to_string());
    let _ = write!(text, " {:?} {shell:?} {dir:?} {when:?}", step.id.as_ref().map(|(id, _)| id));
    map(&step.env, text);
}
