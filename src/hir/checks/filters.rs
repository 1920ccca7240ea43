//! Filters of events that let nothing through.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0331_filter_of_nothing::{all_ignored, all_taken_away, only_negations};
use crate::hir::{Pipeline, Trigger, Value, ValueKind};

/// Looks at the patterns of every event.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for trigger in &pipeline.triggers {
        for (filter, value) in &trigger.filters {
            // With a filter for the other kind of ref, runs begin that this one does not look at.
            let [others, but] =
                if filter.starts_with("tags") { ["branches", "branches-ignore"] } else { ["tags", "tags-ignore"] };
            let has = |other: &str| trigger.filters.contains_key(other);
            let found = match filter.as_str() {
                // `branches: '**'` with `tags: '!**'` is every push but those of tags.
                "branches" | "tags" if has(others) || has(but) => None,
                "branches" | "tags" | "paths" => nothing_left(filter, value),
                "branches-ignore" | "tags-ignore" | "paths-ignore" if !has(others) => {
                    everything(value).map(|all| all_ignored(filter, all.origin.span))
                }
                _ => None,
            };
            // One statement for several events says it once.
            diags.extend(found.filter(|_| is_first(pipeline, trigger, value)).map(|diag| trigger.origin.explain(diag)));
        }
    }
}

fn is_first(pipeline: &Pipeline, trigger: &Trigger, value: &Value) -> bool {
    let same = |other: &&Trigger| other.filters.values().any(|known| known.origin.span == value.origin.span);
    pipeline.triggers.iter().find(same).is_some_and(|first| first.event == trigger.event)
}

fn nothing_left(filter: &str, value: &Value) -> Option<Diag> {
    let patterns = items(value);
    let first = patterns.first()?.1;
    if patterns.iter().all(|(_, text)| text.starts_with('!')) {
        return Some(only_negations(filter, first, value.origin.span));
    }
    // The last `!` that takes everything, or what each one let through, and nothing new behind it.
    let mut left: Vec<&str> = Vec::new();
    let mut by = None;
    for (item, text) in &patterns {
        match text.strip_prefix('!') {
            Some(taken) => {
                left.retain(|one| taken != "**" && taken != *one);
                by = by.filter(|_| !left.is_empty()).or_else(|| left.is_empty().then_some((*item, *text)));
            }
            None => left.push(text),
        }
    }
    by.filter(|_| left.is_empty()).map(|(item, text)| all_taken_away(filter, text, item.origin.span))
}

fn everything(value: &Value) -> Option<&Value> {
    let patterns = items(value);
    let negated = patterns.iter().any(|(_, text)| text.starts_with('!'));
    patterns.into_iter().find(|(_, text)| *text == "**" && !negated).map(|(item, _)| item)
}

fn items(value: &Value) -> Vec<(&Value, &str)> {
    let list = if let ValueKind::List(items) = &value.kind { items.as_slice() } else { std::slice::from_ref(value) };
    list.iter().filter_map(|item| Some((item, item.kind.as_text()?))).collect()
}
