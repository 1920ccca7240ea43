//! `on`.

use std::rc::Rc;

use super::{Lowering, shape};
use crate::catalog::{events, zones};
use crate::diagnostics::codes::e0207_said_twice::said_twice;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0302_unknown_word::{no_branches, unknown_word};
use crate::diagnostics::codes::e0312_without_effect::{filter_and_opposite, only_of_calls};
use crate::diagnostics::codes::w0305_event_as_branch::event_as_branch;
use crate::diagnostics::codes::w0316_too_often::too_often;
use crate::diagnostics::nearest;
use crate::hir::expand::{Expanded, Scope};
use crate::hir::{Input, Map, Origin, Output, SecretInput, Trigger, Value, ValueKind};
use crate::map::IndexMap;
use crate::syntax::ast::{Block, Declaration, Event, ItemKind, Kind, Quote, Word};
use crate::syntax::symbols::{Keyword, Place};
use crate::text::Text;

impl<'a> Lowering<'a> {
    pub(super) fn on(&self, on: &'a Kind, scope: &Rc<Scope>, triggers: &mut Vec<Trigger>) {
        let Kind::On { events, branches, block } = on else { return };
        let mut common = Trigger {
            event: String::new(),
            filters: Map::default(),
            crons: Vec::new(),
            inputs: IndexMap::default(),
            secrets: IndexMap::default(),
            outputs: IndexMap::default(),
            origin: Origin::default(),
        };
        if !branches.is_empty() {
            common.filters.insert("branches".into(), self.branches(branches, scope));
        }
        if let Some(block) = block {
            self.on_block(block, scope, &mut common);
        }
        self.values(&common.filters, &shape::FILTERS, scope);
        // What only callers give or get, where nobody calls.
        if !events.iter().any(|event| event.name.text.as_str() == "workflow_call") {
            let secret = common.secrets.first().map(|(name, secret)| ("secret", name, secret.origin.span));
            let output = common.outputs.first().map(|(name, output)| ("output", name, output.origin.span));
            for (noun, name, at) in secret.into_iter().chain(output) {
                self.report(scope, only_of_calls(noun, name, at));
            }
        }
        for event in events {
            self.event(event, &common, scope, triggers);
        }
    }

    fn branches(&self, branches: &[Word], scope: &Scope) -> Value {
        let mut items = Vec::new();
        for word in branches {
            if word.quote == Quote::Bare && events::find(&word.text).is_some() {
                self.report(scope, event_as_branch(&word.text, word.span));
            }
            let texts = self.x.words(std::slice::from_ref(word), scope);
            items.extend(texts.into_iter().map(|text| Value { kind: ValueKind::Text(text), origin: scope.origin(word.span) }));
        }
        let span = branches.first().map_or_else(Default::default, |first| first.span.to(branches[branches.len() - 1].span));
        Value { kind: ValueKind::List(items), origin: scope.origin(span) }
    }

    fn on_block(&self, block: &'a Block, scope: &Rc<Scope>, common: &mut Trigger) {
        for expanded in self.x.expand(block, scope) {
            match &expanded.item.kind {
                ItemKind::Entry { .. } => self.entry_into(expanded.item, &expanded.scope, &mut common.filters),
                ItemKind::Statement(statement) => {
                    if let (Some(_), Kind::Declaration(declaration)) = (self.statement(&expanded, Place::On), &statement.kind) {
                        self.declaration(statement.keyword, declaration, &expanded, common);
                    }
                }
                _ => drop(self.statement(&expanded, Place::On)),
            }
        }
    }

    fn declaration(&self, keyword: Keyword, declaration: &'a Declaration, expanded: &Expanded<'a>, common: &mut Trigger) {
        let scope = &expanded.scope;
        let name = self.text(&declaration.name, scope).as_str().to_owned();
        let origin = scope.origin(declaration.name.span);
        let description = declaration.description.as_ref().map(|word| self.text(word, scope));
        let value = declaration.value.as_ref().map(|word| self.x.word(word, scope));
        let before = match keyword {
            Keyword::Input => {
                let types = ["string", "boolean", "number", "choice", "environment"];
                let of_type = declaration.of_type.as_ref().map(|word| word.text.as_str().to_owned()).unwrap_or_default();
                if let Some(word) = &declaration.of_type
                    && !types.contains(&of_type.as_str())
                {
                    self.report(scope, unknown_word("type of an input", &of_type, nearest(&of_type, types), &types, word.span));
                }
                let choices =
                    declaration.choices.as_ref().map(|list| self.x.value(&crate::syntax::ast::Value::List(list.clone()), scope));
                let choices = match choices.map(|value| value.kind) {
                    Some(ValueKind::List(items)) => items,
                    _ => Vec::new(),
                };
                if types.contains(&of_type.as_str()) && (of_type == "choice") == choices.is_empty() {
                    let usage = "input NAME: choice [a, b] = a";
                    let found =
                        if choices.is_empty() { "a choice without values" } else { "values for an input that is no choice" };
                    self.report(scope, bad_value(found, "`choice` with its values", usage, origin.span));
                }
                if of_type != "choice" || !choices.is_empty() {
                    self.check_default(&of_type, value.as_ref(), &choices, scope);
                }
                let required = declaration.required || !declaration.optional && value.is_none();
                let deprecated = declaration.deprecated.as_ref().map(|word| self.text(word, scope));
                let input = Input { of_type, required, choices, default: value, description, deprecated, origin: origin.clone() };
                common.inputs.insert(name.clone(), input).map(|before| before.origin)
            }
            Keyword::Secret => {
                let secret = SecretInput { required: !declaration.optional, description, origin: origin.clone() };
                common.secrets.insert(name.clone(), secret).map(|before| before.origin)
            }
            _ => {
                let output = Output {
                    value: value.and_then(|value| value.text()).unwrap_or_default(),
                    description,
                    origin: origin.clone(),
                };
                common.outputs.insert(name.clone(), output).map(|before| before.origin)
            }
        };
        if let Some(before) = before {
            self.report(scope, said_twice(&name, origin.span, before.span));
        }
    }

    fn check_default(&self, of_type: &str, value: Option<&Value>, choices: &[Value], scope: &Scope) {
        let Some(value) = value else { return };
        let spelled = value.spelled();
        let fine = match of_type {
            "boolean" => matches!(value.kind, ValueKind::Bool(_)) || spelled.contains("${{"),
            "number" => spelled.parse::<f64>().is_ok() || spelled.contains("${{"),
            "choice" => choices.iter().any(|choice| choice.spelled() == spelled),
            _ => true,
        };
        if !fine {
            let wanted = match of_type {
                "choice" => "one of its values".to_owned(),
                of_type => format!("a {of_type}"),
            };
            self.report(
                scope,
                bad_value(&format!("the default `{spelled}`"), &wanted, "input NAME: TYPE = DEFAULT", value.origin.span),
            );
        }
    }

    fn event(&self, event: &Event, common: &Trigger, scope: &Rc<Scope>, triggers: &mut Vec<Trigger>) {
        let name = self.text(&event.name, scope).as_str().to_owned();
        let origin = scope.origin(event.name.span);
        let zone = event.zone.as_ref().map(|zone| self.text(zone, scope));
        if let Some(zone) = &zone {
            self.time_zone(zone, scope);
        }
        let crons: Vec<_> = event.crons.iter().map(|cron| (self.text(cron, scope), zone.clone())).collect();
        let Some(known) = events::find(&name) else {
            let near = nearest(&name, events::ALL.iter().map(|event| event.name));
            let diag = unknown_word("event", &name, near, &[], event.name.span);
            let frequent = "frequent ones are `push`, `pull_request`, `merge_group`, `schedule` and `workflow_dispatch`";
            return self.report(scope, if near.is_some() { diag } else { diag.help(frequent) });
        };
        let mut filters = common.filters.clone();
        let as_data = filters.get("cron").filter(|_| name == "schedule").map(Value::spelled);
        for (key, value) in &common.filters {
            if as_data.is_none() && !known.filters.contains(&key.as_str()) {
                let near = nearest(key, known.filters.iter().copied());
                let other = events::ALL.iter().find(|event| event.filters.contains(&key.as_str())).filter(|_| near.is_none());
                let other =
                    other.map(|other| format!("it is one of `{}`: write it behind that event, on a line of its own", other.name));
                if key.starts_with("branches") {
                    self.report(scope, no_branches(&name, value.origin.span));
                } else {
                    let diag = unknown_word(&format!("filter of `{name}`"), key, near, known.filters, self.key(value));
                    self.report(scope, diag.maybe_help(other));
                }
                filters.shift_remove(key);
            }
        }
        for filter in ["branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore"] {
            let Some(ValueKind::List(patterns)) = filters.get(filter).map(|value| &value.kind) else { continue };
            for text in patterns.iter().filter_map(Value::text) {
                if let Some(at) = events::filter_fault(&text) {
                    let (found, place) = (format!("`{}`", &text[at..]), text.source(at..text.len()));
                    self.report(scope, bad_value(&found, "a bracket that is closed", &format!("{filter}: ['v[0-9]*']"), place));
                }
            }
        }
        if let Some(Value { kind: ValueKind::List(types), .. }) = filters.get("types")
            && !known.types.is_empty()
        {
            for each in types {
                let spelled = each.spelled();
                if !known.types.contains(&spelled.as_str()) {
                    let near = nearest(&spelled, known.types.iter().copied());
                    self.report(scope, unknown_word(&format!("type of `{name}`"), &spelled, near, known.types, each.origin.span));
                }
            }
        }
        if (name == "schedule") == crons.is_empty() {
            let found = if crons.is_empty() { "`schedule` without a time".to_owned() } else { format!("a time for `{name}`") };
            let written = format!("on schedule \"{}\"", as_data.as_deref().unwrap_or("17 3 * * 1-5"));
            self.report(scope, bad_value(&found, "a time for `schedule`", &written, event.name.span));
        }
        for (cron, _) in &crons {
            // What compile time does not fill in, the check of expressions refuses.
            if let Some(fault) = events::cron_fault(cron).filter(|_| !cron.contains("${{")) {
                let (found, usage) = (format!("`{}`", &cron[fault.at.clone()]), "on schedule \"17 3 * * 1-5\"");
                self.report(scope, bad_value(&found, &fault.wanted, usage, cron.source(fault.at)));
            } else if let Some(minutes) = events::too_often(cron) {
                self.report(scope, too_often(minutes, cron.span()));
            }
        }
        let takes_inputs = matches!(name.as_str(), "workflow_dispatch" | "workflow_call");
        if !takes_inputs && let Some((input, declared)) = common.inputs.first() {
            let place = declared.origin.span;
            self.report(
                scope,
                bad_value(
                    &format!("the input `{input}` for `{name}`"),
                    "`workflow_dispatch` or `workflow_call`",
                    "on workflow_dispatch { input tag: string }",
                    place,
                ),
            );
        }
        let secrets = if name == "workflow_call" { common.secrets.clone() } else { IndexMap::default() };
        let outputs = if name == "workflow_call" { common.outputs.clone() } else { IndexMap::default() };
        let made = Trigger { event: name, filters, crons, inputs: common.inputs.clone(), secrets, outputs, origin };
        let Some(old) = triggers.iter_mut().find(|trigger| trigger.event == made.event) else { return triggers.push(made) };
        // Said again, it adds up: other times, other inputs. Filters do not: paths must hold beside branches, where either statement was meant to do.
        old.crons.extend(made.crons);
        if !old.filters.is_empty() || !made.filters.is_empty() {
            // What else is looked at is looked at with both, as far as they go together.
            let mut opposed = false;
            for (key, value) in made.filters {
                let opposite = key.strip_suffix("-ignore").map_or_else(|| format!("{key}-ignore"), str::to_owned);
                if old.filters.contains_key(&opposite) {
                    opposed = true;
                    continue;
                }
                match (old.filters.get_mut(&key).map(|old| &mut old.kind), value.kind) {
                    (Some(ValueKind::List(old)), ValueKind::List(new)) => old.extend(new),
                    (_, kind) => drop(old.filters.insert(key, Value { kind, origin: value.origin })),
                }
            }
            let filters = old.filters.iter().map(|(key, value)| format!("{key}: [{}]", value.words().join(", ")));
            let all = format!("on {} {{ {} }}", made.event, filters.collect::<Vec<_>>().join(", "));
            let help = if opposed {
                "write one statement; behind other patterns, `!PATTERN` leaves out what `-ignore` would".to_owned()
            } else {
                format!(
                    "write one statement: `{all}`; GitHub starts a run for each of its branches and of its tags, where its paths hold"
                )
            };
            self.report(scope, said_twice(&made.event, made.origin.span, old.origin.span).help(help));
        }
        for (key, input) in made.inputs {
            if let Some(before) = old.inputs.get(&key) {
                self.report(scope, said_twice(&key, input.origin.span, before.origin.span));
            }
            old.inputs.insert(key, input);
        }
        for (key, secret) in made.secrets {
            if let Some(before) = old.secrets.get(&key) {
                self.report(scope, said_twice(&key, secret.origin.span, before.origin.span));
            }
            old.secrets.insert(key, secret);
        }
        for (key, output) in made.outputs {
            if let Some(before) = old.outputs.get(&key) {
                self.report(scope, said_twice(&key, output.origin.span, before.origin.span));
            }
            old.outputs.insert(key, output);
        }
    }

    /// Checks what statements make of an event together.
    pub(super) fn whole_triggers(&self, triggers: &[Trigger], scope: &Scope) {
        for trigger in triggers {
            for filter in ["branches", "tags", "paths"] {
                let opposite = trigger.filters.get(&format!("{filter}-ignore"));
                if let (Some(value), Some(opposite)) = (trigger.filters.get(filter), opposite) {
                    let diag = filter_and_opposite(filter, self.key(value), self.key(opposite));
                    self.report(scope, trigger.origin.explain(diag));
                }
            }
            if trigger.event == "workflow_run" && !trigger.filters.contains_key("workflows") {
                let diag = bad_value(
                    "`workflow_run` alone",
                    "`workflow_run` with its `workflows`",
                    "on workflow_run { workflows: [NAME], types: [completed] }",
                    trigger.origin.span,
                );
                self.report(scope, trigger.origin.explain(diag));
            }
        }
    }

    /// Refuses what can be no time zone. A name that is like none that is known may be newer than the table.
    fn time_zone(&self, zone: &Text, scope: &Scope) {
        if zones::ALL.binary_search(&zone.as_str()).is_ok() || zone.contains("${{") {
            return;
        }
        let near = nearest(zone, zones::ALL.iter().copied());
        if near.is_some() || !zones::is_form(zone) {
            let diag = unknown_word("time zone", zone, near, &[], zone.span());
            let help = "write one of the IANA's, as `Europe/Berlin`";
            self.report(scope, if near.is_some() { diag } else { diag.help(help) });
        }
    }
}
