//! What `uses` names: actions, and workflows that are called.

use std::rc::Rc;

use super::{Lowering, shape};
use crate::catalog::actions;
use crate::diagnostics::codes::e0114_yaml::keys_of_a_step;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0303_step_without_work::call_in_a_step;
use crate::diagnostics::codes::e0306_action_without_ref::{
    action_without_ref, called_by_uses, misspelt_action, not_an_action, own_with_ref,
};
use crate::hir::expand::Scope;
use crate::hir::{Call, Map, Secrets, StepKind, Value, ValueKind};
use crate::pins::is_commit;
use crate::source::Span;
use crate::syntax::ast::{Block, Item, ItemKind, Quote, Uses};
use crate::syntax::symbols::{Keyword, Place};
use crate::text::Text;

/// Keys of a step in YAML.
const OF_A_STEP: [&str; 8] = ["with", "env", "if", "id", "name", "continue-on-error", "timeout-minutes", "working-directory"];

impl<'a> Lowering<'a> {
    /// The step that an action is.
    pub(super) fn uses(&self, action: Text, uses: &'a Uses, item: &Item, scope: &Rc<Scope>) -> StepKind {
        if is_workflow(&action) && !action.contains("${{") {
            self.report(scope, call_in_a_step(&action, action.span()));
        } else {
            self.reference(&action, scope);
        }
        let mut with = Map::default();
        if let Some(block) = &uses.block {
            self.map_into(block, scope, &mut with);
            self.keys_of_yaml(&mut with, &action, block, scope);
            self.values(&with, &shape::INPUTS, scope);
        }
        let tag = tag(&action, uses, item);
        StepKind::Uses { action, with, tag }
    }

    /// Refuses keys of a step in YAML among inputs. `if` and data under `with` and `env` are inputs of no action; an action may well have
    /// an input `id` or `name`, so that these are told beside one of those only. What stands in quotes is meant as it is written.
    fn keys_of_yaml(&self, with: &mut Map, action: &str, block: &Block, scope: &Scope) {
        let is_quoted = |wanted: &str| {
            block.items.iter().any(|item| match &item.kind {
                ItemKind::Entry { key, .. } => key.quote != Quote::Bare && key.text.as_str() == wanted,
                _ => false,
            })
        };
        let is_map = |key: &str| with.get(key).is_some_and(|value| matches!(value.kind, ValueKind::Map(_)));
        let inputs = is_map("with");
        if !inputs && !is_map("env") && (!with.contains_key("if") || is_quoted("if")) {
            return;
        }
        let keys: Vec<(&str, Value)> =
            OF_A_STEP.into_iter().filter(|key| !is_quoted(key)).filter_map(|key| Some((key, with.shift_remove(key)?))).collect();
        let found: Vec<(&str, Span)> = keys.iter().map(|(key, value)| (*key, self.key(value))).collect();
        // The rest goes on with what was meant.
        for (key, value) in keys {
            if let ("with", ValueKind::Map(inner)) = (key, value.kind) {
                with.extend(inner);
            }
        }
        let help = if inputs && found.len() == 1 {
            format!("inputs stand directly in the block: `uses {action} {{ INPUT: VALUE }}`")
        } else {
            format!(
                "write a step, and inputs directly in their block: `step ID when EXPR {{ env {{ … }}; uses {action} {{ INPUT: VALUE }} }}`"
            )
        };
        self.report(scope, keys_of_a_step(&found, &help));
    }

    /// Refuses what is no action: one of another repository is `OWNER/REPOSITORY@REF`, perhaps with a path before the reference.
    fn reference(&self, action: &Text, scope: &Scope) {
        if action.contains("${{") || action.is_empty() {
            return;
        }
        let at = action.span();
        let (path, reference) = action.split_once('@').map_or((action.as_str(), None), |(path, tag)| (path, Some(tag)));
        let own = ["./", "../", "$/"].iter().any(|start| action.starts_with(start));
        // As it is copied from a page or from YAML.
        let without_blanks: String = action.split_whitespace().collect();
        let meant = without_blanks.trim_end_matches(':');
        let meant = meant.strip_prefix("https://").or_else(|| meant.strip_prefix("http://")).unwrap_or(meant);
        let meant = meant.strip_prefix("www.").unwrap_or(meant);
        let meant = meant.strip_prefix("github.com/").unwrap_or(meant);
        let called = action.split_once('(').map(|(name, _)| name).filter(|name| self.x.is_template(name, scope));
        let diag = if let Some(template) = called {
            called_by_uses(template, at)
        } else if own {
            match reference {
                Some(_) if is_workflow(action) => own_with_ref(action, path, at),
                _ => return,
            }
        } else if action.strip_prefix("docker://").is_some_and(|image| !image.is_empty()) {
            return;
        } else if meant != action.as_str() && is_reference(meant) {
            let why = if action.contains("://") {
                "an address"
            } else if without_blanks != action.as_str() {
                "a blank is no part of it"
            } else {
                "`:` is no part of it"
            };
            misspelt_action(action, meant, why, at)
        } else if is_workflow(action) && path.starts_with(".github/") && reference.is_some() {
            misspelt_action(action, &format!("./{path}"), "a path of this repository begins with `./` and has no reference", at)
        } else if reference.is_some_and(|reference| !reference.is_empty()) {
            if is_reference(action) {
                return;
            }
            let known = actions::latest(&format!("actions/{path}")).map(actions::name);
            match (known, reference) {
                (Some(known), Some(reference)) => {
                    misspelt_action(action, &format!("{known}@{reference}"), "no owner before the repository", at)
                }
                _ => not_an_action(action, false, at),
            }
        } else if is_workflow(action) || !path.contains('/') || path.starts_with("docker:") {
            not_an_action(action, is_workflow(action), at)
        } else {
            action_without_ref(path, reference.is_some(), actions::latest(path), at)
        };
        if self.refused.borrow_mut().insert(at) {
            self.report(scope, diag);
        }
    }

    /// The call that a workflow is.
    pub(super) fn call(&self, workflow: &Text, uses: &'a Uses, item: &Item, scope: &Rc<Scope>) -> Call {
        self.reference(workflow, scope);
        let (mut with, mut secrets) = (Map::default(), None);
        for expanded in uses.block.iter().flat_map(|block| self.x.expand(block, scope)) {
            let scope = &expanded.scope;
            match &expanded.item.kind {
                ItemKind::Entry { key, .. } if key.quote == Quote::Bare && key.text.as_str() == "secrets" => {
                    let help = "write the statement: `secrets inherit`, or `secrets { NAME: ${{ secrets.NAME }} }`";
                    self.report(scope, keys_of_a_step(&[("secrets", key.span)], help));
                    secrets = Some(Secrets::Inherit);
                }
                ItemKind::Entry { .. } => {
                    self.entry_into(expanded.item, scope, &mut with);
                }
                ItemKind::Statement(statement) if statement.keyword == Keyword::Secrets => {
                    let value = self.single(&statement.kind, scope);
                    secrets = match value.kind {
                        ValueKind::Map(map) => {
                            self.values(&map, &shape::VALUES, scope);
                            Some(Secrets::Named(map))
                        }
                        _ if value.spelled() == "inherit" => Some(Secrets::Inherit),
                        _ => {
                            let found = format!("`{}`", value.spelled());
                            self.report(
                                scope,
                                bad_value(&found, "`inherit` or secrets by name", "secrets inherit", value.origin.span),
                            );
                            None
                        }
                    };
                }
                _ => drop(self.statement(&expanded, Place::Uses)),
            }
        }
        if let Some(block) = &uses.block {
            self.keys_of_yaml(&mut with, workflow, block, scope);
        }
        self.values(&with, &shape::INPUTS, scope);
        Call { workflow: workflow.clone(), tag: tag(workflow, uses, item), with, secrets, origin: scope.origin(item.span) }
    }
}

/// What the comment behind a pinned action says: the tag that its commit has, which people and bots read in the output.
fn tag(action: &str, uses: &Uses, item: &Item) -> Option<String> {
    let commit = action.split_once('@').map_or("", |(_, reference)| reference);
    let comment = item.trivia.trailing.as_ref().or(uses.block.as_ref().and_then(|block| block.head.as_ref()))?;
    is_commit(commit).then(|| comment.trim_start_matches('#').trim().to_owned())
}

/// Whether what `uses` names is a workflow: its file is one, before the reference.
pub(in crate::hir) fn is_workflow(action: &str) -> bool {
    let path = action.split('@').next().unwrap_or_default();
    [".yml", ".yaml", ".pipe"].iter().any(|end| path.ends_with(end)) && !path.starts_with("docker://")
}

/// Whether a text is `OWNER/REPOSITORY@REF`, perhaps with a path before the reference.
fn is_reference(action: &str) -> bool {
    let Some((path, reference)) = action.split_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let mut parts = path.split('/');
    let named = parts.next().is_some_and(|owner| plain(owner) && !owner.starts_with('.')) && parts.next().is_some_and(plain);
    named && parts.all(|part| !part.is_empty()) && !reference.is_empty() && !reference.contains([' ', ':', '@'])
}
