//! The work of a job.

use std::rc::Rc;

use super::parts::plain_ref;
use super::{Lowering, Once, shape};
use crate::catalog::actions;
use crate::diagnostics::codes::e0113_misplaced_statement::{misplaced_among_steps, misplaced_statement};
use crate::diagnostics::codes::e0114_yaml::keys_of_a_step;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0303_step_without_work::{call_in_a_step, two_works, without_work};
use crate::diagnostics::codes::e0306_action_without_ref::{action_without_ref, misspelt_action, not_an_action, own_with_ref};
use crate::diagnostics::codes::e0312_without_effect::{in_parallel, not_of_an_action, without_condition};
use crate::hir::expand::{Expanded, Scope};
use crate::hir::{Call, Checkout, Condition, Map, Origin, Secrets, Step, StepKind, ValueKind};
use crate::source::Span;
use crate::syntax::ast::{self, Block, Item, ItemKind, Kind, StepBody, Uses, Word};
use crate::syntax::symbols::{Keyword, Place};
use crate::text::Text;

/// What a block around steps says of them.
#[derive(Clone, Default)]
pub(super) struct Around {
    when: Option<Condition>,
    dir: Option<Text>,
}

impl Around {
    /// A step inside the block.
    fn step(&self, mut step: Step) -> Step {
        step.when = Condition::both(self.when.clone(), step.when);
        if matches!(step.kind, StepKind::Run(_)) {
            step.dir = join(self.dir.clone(), step.dir);
        }
        step
    }
}

/// Keys of a step in YAML.
const OF_A_STEP: [&str; 8] = ["with", "env", "if", "id", "name", "continue-on-error", "timeout-minutes", "working-directory"];

/// Where steps go, and what else the statements around them fill in.
pub(super) struct Work<'j> {
    pub(super) steps: &'j mut Vec<Step>,
    pub(super) call: Option<&'j mut Option<Call>>,
    pub(super) checkout: Option<&'j mut Checkout>,
    /// What the steps are of: a job, or a toolchain.
    pub(super) place: Place,
}

impl<'a> Lowering<'a> {
    /// Lowers one statement if it is work, and says whether it was.
    pub(super) fn work(
        &self,
        expanded: &Expanded<'a>,
        statement: &'a ast::Statement,
        around: &Around,
        work: &mut Work<'_>,
    ) -> bool {
        let (item, scope) = (expanded.item, &expanded.scope);
        let origin = scope.origin(item.span);
        match (&statement.kind, statement.keyword) {
            (Kind::Run(command), _) => {
                work.steps.push(around.step(step(StepKind::Run(self.text(command, scope)), origin)));
            }
            (Kind::Uses(uses), _) => {
                let action = self.text(&uses.action, scope);
                if is_workflow(&action)
                    && let Some(call) = &mut work.call
                {
                    if around.when.is_some() {
                        self.report(scope, without_condition("uses", statement.word));
                    }
                    let made = self.call(&action, uses, scope, origin);
                    if let Some(before) = call {
                        self.report(scope, two_works(item.span, before.origin.span));
                    }
                    **call = Some(made);
                } else {
                    let kind = self.uses(action, uses, scope);
                    work.steps.push(around.step(step(kind, origin)));
                }
            }
            (Kind::Step { id, title, when, body }, _) => {
                let made = self.step(id.as_ref(), title.as_ref(), when.as_ref(), body, item, scope);
                work.steps.extend(made.map(|step| around.step(step)));
            }
            (Kind::Condition { expr: Some(expr), block: Some(block) }, Keyword::When) => {
                let when = self.condition(expr, scope);
                let around = Around { when: Condition::both(around.when.clone(), when), dir: around.dir.clone() };
                self.inner(block, scope, &around, Keyword::When, work);
            }
            (Kind::Plain { block: Some(block), .. }, Keyword::In) => {
                let dir = self.single_text(&statement.kind, scope).filter(|dir| !dir.is_empty());
                let around = Around { dir: join(around.dir.clone(), dir), ..around.clone() };
                self.inner(block, scope, &around, Keyword::In, work);
            }
            (Kind::Plain { block: Some(block), .. }, Keyword::Parallel) => {
                let mut steps = Vec::new();
                let mut inside = Work { steps: &mut steps, call: None, checkout: None, place: work.place };
                self.inner(block, scope, around, Keyword::Parallel, &mut inside);
                for inner in &steps {
                    let refused = match inner.kind {
                        StepKind::Checkout(_) => "checkout",
                        StepKind::Parallel(_) => "parallel",
                        _ => continue,
                    };
                    self.x.report_at(&inner.origin, in_parallel(refused, inner.origin.span));
                }
                work.steps.push(step(StepKind::Parallel(steps), origin));
            }
            (Kind::List { items, .. }, Keyword::Wait) => {
                let ids = self.x.words(items, scope);
                let all = ids.iter().any(|id| id.as_str() == "all");
                self.unconditional(statement, around, scope);
                work.steps.push(step(StepKind::Wait(if all { Vec::new() } else { ids }), origin));
            }
            (Kind::List { items, .. }, Keyword::Cancel) => {
                self.unconditional(statement, around, scope);
                let ids = self.x.words(items, scope);
                if let Some(all) = ids.iter().find(|id| id.as_str() == "all") {
                    self.x.lose();
                    self.report(scope, bad_value("`all`", "the id of a background step", "cancel ID", all.span()));
                } else {
                    work.steps.push(step(StepKind::Cancel(ids), origin));
                }
            }
            (Kind::Plain { values, .. }, Keyword::Checkout) => {
                let value = values.first().map(|_| self.single(&statement.kind, scope));
                match value.map(|value| (value.spelled(), value.kind, value.origin)) {
                    Some((off, ..)) if off == "off" => {
                        self.unconditional(statement, around, scope);
                        if work.checkout.is_none() {
                            self.report(scope, misplaced_statement(statement.keyword, work.place, statement.word));
                        }
                        if let Some(checkout) = &mut work.checkout {
                            **checkout = Checkout::Off;
                        }
                    }
                    Some((_, ValueKind::Map(map), _)) => {
                        self.known_keys(&map, &shape::CHECKOUT, scope);
                        work.steps.push(around.step(step(StepKind::Checkout(map), origin)));
                    }
                    Some((other, _, at)) => {
                        self.report(
                            scope,
                            bad_value(&format!("`{other}`"), "`off` or inputs", "checkout { fetch-depth: 0 }", at.span),
                        );
                    }
                    None => work.steps.push(around.step(step(StepKind::Checkout(Map::new()), origin))),
                }
            }
            _ => return false,
        }
        true
    }

    /// Work alone: the inside of `when { … }`, `install { … }` and the like. Other statements are refused.
    pub(super) fn inner(&self, block: &'a Block, scope: &Rc<Scope>, around: &Around, opener: Keyword, work: &mut Work<'_>) {
        if !self.x.deeper(scope, block.span) {
            return self.x.back();
        }
        if block.items.is_empty() && !block.broken {
            self.x.lose();
            self.report(scope, without_work("block", block.span));
        }
        for expanded in self.x.expand(block, scope) {
            let ItemKind::Statement(statement) = &expanded.item.kind else {
                self.statement(&expanded, work.place);
                continue;
            };
            if !self.work(&expanded, statement, around, work) {
                // It may have been all that the job had to say.
                self.x.lose();
                self.report(&expanded.scope, misplaced_among_steps(statement.keyword, opener, statement.word));
            }
        }
        self.x.back();
    }

    /// Refuses a statement that is done in any case where a condition stands around it.
    fn unconditional(&self, statement: &ast::Statement, around: &Around, scope: &Scope) {
        if around.when.is_some() {
            self.report(scope, without_condition(statement.keyword.word(), statement.word));
        }
    }

    fn step(
        &self,
        id: Option<&Word>,
        title: Option<&Word>,
        when: Option<&ast::ExprText>,
        body: &'a StepBody,
        item: &Item,
        scope: &Rc<Scope>,
    ) -> Option<Step> {
        let origin = scope.origin(item.span);
        let mut made = match body {
            StepBody::Command(command) => step(StepKind::Run(self.text(command, scope)), origin),
            StepBody::Uses(uses) => step(self.uses(self.text(&uses.action, scope), uses, scope), origin),
            StepBody::Block(block) => self.step_block(block, scope, &origin)?,
        };
        made.id = id.map(|id| (self.text(id, scope).as_str().to_owned(), id.span));
        made.title = title.map(|title| self.text(title, scope));
        made.when = Condition::both(when.and_then(|when| self.condition(when, scope)), made.when);
        Some(made)
    }

    fn step_block(&self, block: &'a Block, scope: &Rc<Scope>, origin: &Origin) -> Option<Step> {
        let mut made = step(StepKind::Wait(Vec::new()), origin.clone());
        let mut done: Option<Span> = None;
        let mut refused = false;
        let mut commands_only = Vec::new();
        let mut once = Once::default();
        for expanded in self.x.expand(block, scope) {
            let (item, scope) = (expanded.item, &expanded.scope);
            let ItemKind::Statement(statement) = &item.kind else {
                self.statement(&expanded, Place::Step);
                refused = true;
                continue;
            };
            if self.statement(&expanded, Place::Step).is_none() {
                continue;
            }
            once.check(self, scope, statement.keyword, item);
            let kind = &statement.kind;
            let work = match (kind, statement.keyword) {
                (Kind::Run(command), _) => Some(StepKind::Run(self.text(command, scope))),
                (Kind::Uses(uses), _) => Some(self.uses(self.text(&uses.action, scope), uses, scope)),
                (Kind::Condition { expr: Some(expr), block: None }, Keyword::When) => {
                    made.when = Condition::both(made.when.take(), self.condition(expr, scope));
                    None
                }
                (_, Keyword::Env) => {
                    if let Some(block) = plain_ref(kind).1 {
                        self.values_into(block, scope, &mut made.env);
                    }
                    None
                }
                (_, Keyword::Shell) => {
                    made.shell = self.single_text(kind, scope);
                    None
                }
                (Kind::Plain { block: None, .. }, Keyword::In) => {
                    made.dir = self.single_text(kind, scope).filter(|dir| !dir.is_empty());
                    None
                }
                (_, Keyword::Timeout) => {
                    made.timeout = self.timeout(kind, scope).written().cloned();
                    None
                }
                (_, Keyword::MayFail) => {
                    made.may_fail = self.may_fail(kind, scope);
                    None
                }
                (_, Keyword::Retry) => {
                    let value = self.single(kind, scope);
                    made.retry = self.is_count("retry", &value, scope).then_some(value);
                    None
                }
                (_, Keyword::Background) => {
                    made.background = true;
                    None
                }
                (_, Keyword::Raw) => {
                    if let Some(block) = plain_ref(kind).1 {
                        self.map_into(block, scope, &mut made.raw);
                    }
                    None
                }
                (_, Keyword::Allow) => {
                    self.allow(statement, scope, origin.span);
                    None
                }
                (_, keyword) => {
                    self.report(scope, misplaced_statement(keyword, Place::Step, statement.word));
                    None
                }
            };
            if matches!(statement.keyword, Keyword::Shell | Keyword::In) {
                commands_only.push((statement.keyword.word(), statement.word, scope.clone()));
            }
            if let Some(work) = work {
                if let Some(before) = done {
                    self.report(scope, two_works(item.span, before));
                }
                done = Some(item.span);
                made.kind = work;
            }
        }
        if done.is_none() {
            if block.broken || refused {
                self.x.lose();
            } else {
                self.report(scope, without_work("step", origin.span));
            }
            return None;
        }
        if matches!(made.kind, StepKind::Uses { .. }) {
            commands_only.iter().for_each(|(word, at, scope)| self.report(scope, not_of_an_action(word, *at)));
        }
        Some(made)
    }

    fn uses(&self, action: Text, uses: &'a Uses, scope: &Rc<Scope>) -> StepKind {
        if is_workflow(&action) && !action.contains("${{") {
            self.report(scope, call_in_a_step(&action, action.span()));
        } else {
            self.reference(&action, scope);
        }
        let mut with = Map::new();
        if let Some(block) = &uses.block {
            self.map_into(block, scope, &mut with);
            self.keys_of_yaml(&mut with, &action, scope);
            self.values(&with, &shape::INPUTS, scope);
        }
        StepKind::Uses { action, with }
    }

    /// Refuses keys of a step in YAML among inputs. `if` and data under `with` and `env` are inputs of no action; an action may well have
    /// an input `id` or `name`, so that these are told beside one of those only.
    fn keys_of_yaml(&self, with: &mut Map, action: &str, scope: &Scope) {
        let is_map = |key: &str| with.get(key).is_some_and(|value| matches!(value.kind, ValueKind::Map(_)));
        let inputs = is_map("with");
        if !inputs && !is_map("env") && !with.contains_key("if") {
            return;
        }
        let found: Vec<(&str, Span)> =
            OF_A_STEP.into_iter().filter_map(|key| with.shift_remove(key).map(|value| (key, self.key(&value)))).collect();
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
        let diag = if own {
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
        self.report(scope, diag);
    }

    fn call(&self, workflow: &Text, uses: &'a Uses, scope: &Rc<Scope>, origin: Origin) -> Call {
        self.reference(workflow, scope);
        let (mut with, mut secrets) = (Map::new(), None);
        for expanded in uses.block.iter().flat_map(|block| self.x.expand(block, scope)) {
            let scope = &expanded.scope;
            match &expanded.item.kind {
                ItemKind::Entry { key, .. } if key.text.as_str() == "secrets" => {
                    let help = "write the statement: `secrets inherit`, or `secrets { NAME: ${{ secrets.NAME }} }`";
                    self.report(scope, keys_of_a_step(&[("secrets", key.span)], help));
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
        self.keys_of_yaml(&mut with, workflow, scope);
        self.values(&with, &shape::INPUTS, scope);
        Call { workflow: workflow.clone(), with, secrets, origin }
    }
}

/// A step that does this and says nothing else.
pub(crate) fn step(kind: StepKind, origin: Origin) -> Step {
    Step {
        id: None,
        title: None,
        when: None,
        env: Map::new(),
        shell: None,
        dir: None,
        timeout: None,
        may_fail: None,
        retry: None,
        background: false,
        kind,
        raw: Map::new(),
        origin,
    }
}

/// Whether what `uses` names is a workflow: its file is one, before the reference.
pub(super) fn is_workflow(action: &str) -> bool {
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

/// A directory inside another; one from the root, or that only the run knows, stands for itself.
fn join(outer: Option<Text>, inner: Option<Text>) -> Option<Text> {
    match (outer, inner) {
        (Some(outer), Some(inner)) if !inner.starts_with('/') && !inner.starts_with("${{") => {
            let mut joined = Text::default();
            joined.extend(&outer, 0..outer.trim_end_matches('/').len());
            joined.push("/", inner.span().head());
            joined.extend(&inner, 0..inner.len());
            Some(joined)
        }
        (outer, inner) => inner.or(outer),
    }
}
