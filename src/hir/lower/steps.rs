//! The work of a job.

use std::rc::Rc;

use super::actions::is_workflow;
use super::parts::plain_ref;
use super::{Lowering, Once, shape};
use crate::diagnostics::codes::e0113_misplaced_statement::{misplaced_among_steps, misplaced_statement};
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0303_step_without_work::{two_works, without_work};
use crate::diagnostics::codes::e0312_without_effect::{in_parallel, not_of_an_action, without_condition};
use crate::diagnostics::codes::w0310_statement_in_command::call_in_command;
use crate::hir::expand::{Expanded, Scope};
use crate::hir::{Call, Checkout, Condition, Map, Origin, Step, StepKind, ValueKind};
use crate::source::Span;
use crate::syntax::ast::{self, Block, Item, ItemKind, Kind, Quote, StepBody, Word};
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
                work.steps.push(around.step(step(self.command(command, scope), origin)));
            }
            (Kind::Uses(uses), _) => {
                let action = self.text(&uses.action, scope);
                if is_workflow(&action)
                    && let Some(call) = &mut work.call
                {
                    if around.when.is_some() {
                        self.report(scope, without_condition("uses", statement.word));
                    }
                    let made = self.call(&action, uses, item, scope);
                    if let Some(before) = call {
                        self.report(scope, two_works(item.span, before.origin.span));
                    }
                    **call = Some(made);
                } else {
                    let kind = self.uses(action, uses, item, scope);
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
                self.unconditional(statement, around, scope);
                work.steps.push(step(StepKind::Wait(self.awaited(items, scope)), origin));
            }
            (Kind::List { items, .. }, Keyword::Cancel) => {
                self.unconditional(statement, around, scope);
                work.steps.extend(self.cancelled(items, scope).map(|kind| step(kind, origin)));
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
                    None => work.steps.push(around.step(step(StepKind::Checkout(Map::default()), origin))),
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
            StepBody::Command(command) => step(self.command(command, scope), origin),
            StepBody::Uses(uses) => step(self.uses(self.text(&uses.action, scope), uses, item, scope), origin),
            StepBody::Block(block) => self.step_block(block, scope, &origin)?,
        };
        made.id = id.map(|id| (self.text(id, scope).as_str().to_owned(), id.span));
        made.title = title.map(|title| self.text(title, scope));
        made.when = Condition::both(when.and_then(|when| self.condition(when, scope)), made.when);
        Some(made)
    }

    /// What `wait` waits for; nothing stands for all.
    fn awaited(&self, items: &[Word], scope: &Scope) -> Vec<Text> {
        let (ids, all) = self.ids(items, scope);
        if all.is_some() { Vec::new() } else { ids }
    }

    /// Ids of steps, and where `all` stands among them, which in quotes is an id.
    fn ids(&self, items: &[Word], scope: &Scope) -> (Vec<Text>, Option<Span>) {
        let (mut ids, mut all) = (Vec::new(), None);
        for word in items {
            let named = self.x.words(std::slice::from_ref(word), scope);
            let found = named.iter().find(|id| id.as_str() == "all" && word.quote == Quote::Bare);
            all = all.or(found.map(Text::span));
            ids.extend(named);
        }
        (ids, all)
    }

    /// What `cancel` ends: none but steps by their ids.
    fn cancelled(&self, items: &[Word], scope: &Scope) -> Option<StepKind> {
        let (ids, all) = self.ids(items, scope);
        let Some(all) = all else { return Some(StepKind::Cancel(ids)) };
        self.x.lose();
        self.report(scope, bad_value("`all`", "the id of a background step", "cancel ID", all));
        None
    }

    /// A command. One that is written as the call of a template is refused by every shell.
    pub(super) fn command(&self, command: &Word, scope: &Scope) -> StepKind {
        let text = self.x.fill(&command.text, scope, false);
        self.suspect_variables(&text, scope);
        if let Some((name, arguments)) = text.split_once('(')
            && arguments.ends_with(')')
            && !arguments.contains(['\n', '{'])
            && self.x.is_template(name, scope)
        {
            self.report(scope, call_in_command(name, text.source(0..name.len())));
        }
        StepKind::Run(text)
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
                (Kind::Run(command), _) => Some(self.command(command, scope)),
                (Kind::Uses(uses), _) => Some(self.uses(self.text(&uses.action, scope), uses, item, scope)),
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
                    made.shell = self.shell(kind, scope);
                    None
                }
                (Kind::Plain { block: None, .. }, Keyword::In) => {
                    made.dir = self.single_text(kind, scope).filter(|dir| !dir.is_empty());
                    None
                }
                (_, Keyword::Timeout) => {
                    made.timeout = self.timeout(kind, scope).written().cloned().map(Box::new);
                    None
                }
                (_, Keyword::MayFail) => {
                    made.may_fail = self.may_fail(kind, scope).map(Box::new);
                    None
                }
                (_, Keyword::Takes) => {
                    let value = self.single(kind, scope);
                    made.takes = self.is_duration("takes", "3m", &value, scope).then(|| Box::new(value));
                    None
                }
                (_, Keyword::Retry) => {
                    let value = self.single(kind, scope);
                    made.retry = self.is_count("retry", &value, scope).then(|| Box::new(value));
                    None
                }
                (Kind::List { items, .. }, Keyword::Wait) => Some(StepKind::Wait(self.awaited(items, scope))),
                (Kind::List { items, .. }, Keyword::Cancel) => {
                    Some(self.cancelled(items, scope).unwrap_or(StepKind::Cancel(Vec::new())))
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
}

/// A step that does this and says nothing else.
pub(crate) fn step(kind: StepKind, origin: Origin) -> Step {
    Step {
        id: None,
        title: None,
        when: None,
        env: Map::default(),
        shell: None,
        dir: None,
        timeout: None,
        may_fail: None,
        retry: None,
        takes: None,
        was: None,
        background: false,
        kind,
        raw: Map::default(),
        origin,
    }
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
