//! Toolchains that are used again as they were used before.
//!
//! What a definition comes to follows from its arguments, the files of the repository and nothing of the job. Most jobs say the same, so it is worked out once; what is
//! told apart is where it came from: each use is on the way to all of its toolchain, and what an argument says was written there.

use std::sync::Arc;

use super::Lowering;
use crate::catalog::library;
use crate::hir::expand::{Definition, Scope};
use crate::hir::{CacheLayer, Condition, Frame, Map, Origin, Step, StepKind, Toolchain, Value, ValueKind};
use crate::source::Span;
use crate::syntax::ast::Word;
use crate::text::Text;

/// A parameter, where it is named, and what it is given.
pub(super) type Argument<'a> = (Option<&'a Word>, Value);

/// What a use came to.
pub(super) struct Made {
    toolchain: Toolchain,
    /// Of the use.
    frame: Arc<Frame>,
    arguments: Vec<Value>,
}

/// What two uses that come to the same have in common. Definitions of the author's own may ask for more than their arguments, and what is inside of an argument knows on
/// which way it was reached.
pub(super) fn key(definition: &Definition<'_>, arguments: &[Argument<'_>], scope: &Scope) -> Option<String> {
    let has_parts = |value: &Value| matches!(value.kind, ValueKind::List(_) | ValueKind::Map(_));
    let is_reached = scope.frame.is_some() && arguments.iter().any(|(_, value)| has_parts(value));
    if !library::holds(definition.name.span) || is_reached {
        return None;
    }
    let mut key = definition.name.text.as_str().to_owned();
    for (name, value) in arguments {
        key.push('\n');
        key.push_str(name.map_or("", |name| name.text.as_str()));
        says(value, &mut key);
    }
    Some(key)
}

/// What a value is, wherever it is written.
fn says(value: &Value, into: &mut String) {
    let all = |parts: [&str; 2], into: &mut String| parts.into_iter().for_each(|part| into.push_str(part));
    match &value.kind {
        ValueKind::Null => into.push_str("\0-"),
        ValueKind::Bool(is) => all(["\0b", if *is { "1" } else { "0" }], into),
        ValueKind::Number(number) => all(["\0n", number], into),
        ValueKind::Text(text) => all(["\0t", text], into),
        ValueKind::List(items) => {
            into.push_str("\0[");
            items.iter().for_each(|item| says(item, into));
            into.push_str("\0]");
        }
        ValueKind::Map(map) => {
            into.push_str("\0{");
            for (key, value) in map {
                all(["\0k", key], into);
                says(value, into);
            }
            into.push_str("\0}");
        }
    }
}

impl Lowering<'_> {
    /// The toolchain of a use that comes to what another came to.
    pub(super) fn made_before(&self, key: &str, arguments: &[Argument<'_>], frame: Frame) -> Option<Toolchain> {
        let made = self.made.borrow();
        let made = made.get(key)?;
        let mut places = Vec::new();
        made.arguments.iter().zip(arguments).for_each(|(old, (_, new))| pair(old, new, &mut places));
        let mut toolchain = made.toolchain.clone();
        Elsewhere { places, frames: vec![(made.frame.clone(), Arc::new(frame))] }.toolchain(&mut toolchain);
        Some(toolchain)
    }

    /// Keeps what a use came to, where nothing of it depends on more than its key.
    pub(super) fn keep_made(&self, key: String, toolchain: &Toolchain, frame: &Arc<Frame>, arguments: Vec<Value>) {
        // An expression keeps the places of its parts to itself.
        let is_filled = |step: &Step| step.when.as_ref().is_some_and(|when| when.filled);
        if !toolchain.steps().any(is_filled) {
            let made = Made { toolchain: toolchain.clone(), frame: frame.clone(), arguments };
            self.made.borrow_mut().insert(key, made);
        }
    }
}

/// Notes where what two values say is written, for values that say the same.
fn pair(old: &Value, new: &Value, places: &mut Vec<(Span, Span)>) {
    let mut note = |old: Span, new: Span| {
        if old != new && !places.contains(&(old, new)) {
            places.push((old, new));
        }
    };
    note(old.origin.span, new.origin.span);
    match (&old.kind, &new.kind) {
        (ValueKind::Text(old), ValueKind::Text(new)) => note(old.span(), new.span()),
        (ValueKind::List(old), ValueKind::List(new)) => old.iter().zip(new).for_each(|(old, new)| pair(old, new, places)),
        (ValueKind::Map(old), ValueKind::Map(new)) => {
            old.values().zip(new.values()).for_each(|(old, new)| pair(old, new, places));
        }
        _ => {}
    }
}

/// From a use to another.
struct Elsewhere {
    /// Where arguments are written, there and here.
    places: Vec<(Span, Span)>,
    /// The ways there and here, that of the use first.
    frames: Vec<(Arc<Frame>, Arc<Frame>)>,
}

impl Elsewhere {
    fn toolchain(&mut self, toolchain: &mut Toolchain) {
        // As all of these, without `..`: a new field is to be thought of.
        let Toolchain { name: _, version, told: _, detect, setup, caches, install, reads, writes, origin } = toolchain;
        version.iter_mut().chain(detect).chain(reads).chain(writes).for_each(|text| self.text(text));
        setup.iter_mut().chain(install).for_each(|step| self.step(step));
        for CacheLayer { name: _, paths, key, keys, origin } in caches {
            paths.iter_mut().for_each(|path| self.text(path));
            self.text(key);
            self.map(keys);
            self.origin(origin);
        }
        self.origin(origin);
    }

    fn step(&mut self, step: &mut Step) {
        let Step { id, title, when, env, shell, dir, timeout, may_fail, retry, takes, was: _, background: _, kind, raw, origin } =
            step;
        id.iter_mut().for_each(|(_, span)| *span = self.span(*span));
        title.iter_mut().chain(shell).chain(dir).for_each(|text| self.text(text));
        let conditions = when.iter_mut().chain(may_fail.iter_mut().filter_map(|may_fail| may_fail.as_mut().as_mut()));
        conditions.for_each(|condition| self.condition(condition));
        timeout.iter_mut().chain(retry).chain(takes).for_each(|value| self.value(value));
        self.map(env);
        self.map(raw);
        match kind {
            StepKind::Run(text) => self.text(text),
            StepKind::Uses { action, with, tag: _ } => {
                self.text(action);
                self.map(with);
            }
            StepKind::Checkout(with) => self.map(with),
            StepKind::Parallel(steps) => steps.iter_mut().for_each(|step| self.step(step)),
            StepKind::Wait(names) | StepKind::Cancel(names) => names.iter_mut().for_each(|name| self.text(name)),
        }
        self.origin(origin);
    }

    fn condition(&mut self, condition: &mut Condition) {
        let Condition { expr: _, text, filled: _, origin } = condition;
        self.text(text);
        self.origin(origin);
    }

    fn map(&mut self, map: &mut Map) {
        map.values_mut().for_each(|value| self.value(value));
    }

    fn value(&mut self, value: &mut Value) {
        match &mut value.kind {
            ValueKind::Text(text) => self.text(text),
            ValueKind::List(items) => items.iter_mut().for_each(|item| self.value(item)),
            ValueKind::Map(map) => self.map(map),
            ValueKind::Null | ValueKind::Bool(_) | ValueKind::Number(_) => {}
        }
        self.origin(&mut value.origin);
    }

    fn text(&self, text: &mut Text) {
        text.relocate(|span| self.span(span));
    }

    fn span(&self, span: Span) -> Span {
        let place = self.places.iter().find(|(old, _)| old.contains(span));
        place.map_or(span, |(old, new)| {
            let is_like = old.len() == new.len();
            if is_like { Span::new(new.start + (span.start - old.start), new.start + (span.end - old.start)) } else { *new }
        })
    }

    fn origin(&mut self, origin: &mut Origin) {
        origin.span = self.span(origin.span);
        if let Some(frame) = &mut origin.frame {
            *frame = self.frame(frame);
        }
    }

    /// The way here, for one that leads over the use there.
    fn frame(&mut self, frame: &Arc<Frame>) -> Arc<Frame> {
        if let Some((_, new)) = self.frames.iter().find(|(old, _)| Arc::ptr_eq(old, frame)) {
            return new.clone();
        }
        let Some(parent) = &frame.parent else { return frame.clone() };
        let new = Arc::new(Frame { parent: Some(self.frame(parent)), ..Frame::clone(frame) });
        self.frames.push((frame.clone(), new.clone()));
        new
    }
}
