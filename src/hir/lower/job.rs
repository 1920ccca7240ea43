//! Statements of a job, and of a row of a matrix.

use std::rc::Rc;

use super::actions::is_workflow;
use super::parts::plain_ref;
use super::shape::{self, Keys};
use super::steps::{Around, Work};
use super::toolchains::{Uses, tell_apart};
use super::{Lowering, Once};
use crate::diagnostics::codes::e0113_misplaced_statement::misplaced_statement;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0302_unknown_word::unknown_word;
use crate::diagnostics::codes::e0303_step_without_work::{call_with_steps, without_work};
use crate::diagnostics::codes::e0312_without_effect::{in_a_call, two_groups};
use crate::diagnostics::codes::e0318_without_rows::without_rows;
use crate::diagnostics::codes::w0309_keyword_in_list::keyword_in_list;
use crate::diagnostics::nearest;
use crate::hir::expand::Scope;
use crate::hir::{CacheLayer, Checkout, Container, Job, Keep, Map, Need, Step, StepKind, Switch, ValueKind, Writes};
use crate::source::Span;
use crate::syntax::ast::{self, Block, Body, Item, ItemKind, Kind, Quote, Word};
use crate::syntax::symbols::{Keyword, Place, by_word};
use crate::text::Text;

impl<'a> Lowering<'a> {
    /// A job, with the toolchains of the file that it does not replace. None where its name cannot be told.
    pub(super) fn job(
        &self,
        name: &Word,
        title: Option<&Word>,
        body: &'a Body,
        item: &'a Item,
        scope: &Rc<Scope>,
    ) -> Option<Job> {
        self.x.missed();
        let id = self.text(name, scope);
        let named = !self.x.missed();
        let mut job = Job {
            id: id.as_str().to_owned(),
            title: title.map(|title| self.text(title, scope)),
            origin: scope.origin(name.span),
            whole: item.span,
            ..Job::default()
        };
        let mut toolchains = Uses::default();
        self.x.lost();
        match body {
            Body::Command(command) => {
                let kind = self.command(command, scope);
                job.steps.push(super::steps::step(kind, scope.origin(command.span)));
            }
            Body::Block(block) => self.job_block(block, scope, &mut job, &mut toolchains),
        }
        job.steps.shrink_to_fit();
        // What all of its steps say, the job says.
        let total = Step::all_take(&job.steps).filter(|_| job.takes.is_none());
        job.takes = job.takes.take().or_else(|| total.map(|total| total.value(&job.origin)));
        let has_commands = job.steps.iter().any(runs_a_command);
        job.toolchains = self.toolchains_of(&toolchains, has_commands);
        tell_apart(&mut job);
        let lost = self.x.lost();
        if job.call.is_none() && job.steps.is_empty() && !lost {
            self.report(scope, without_work("job", name.span));
        }
        if let (Some(call), Some(step)) = (&job.call, job.steps.first()) {
            self.report(scope, call_with_steps(step.origin.span, call.origin.span));
        }
        named.then_some(job)
    }

    fn job_block(&self, block: &'a Block, scope: &Rc<Scope>, job: &mut Job, toolchains: &mut Uses<'a>) {
        let mut once = Once::default();
        let mut said: Vec<(Keyword, Span, Rc<Scope>)> = Vec::new();
        let (mut steps, mut call, mut checkout) = (Vec::new(), None, Checkout::Derived);
        for expanded in self.x.expand(block, scope) {
            let ItemKind::Statement(statement) = &expanded.item.kind else {
                self.statement(&expanded, Place::Job);
                continue;
            };
            if self.statement(&expanded, Place::Job).is_none() {
                continue;
            }
            once.check(self, &expanded.scope, statement.keyword, expanded.item);
            said.push((statement.keyword, statement.word, expanded.scope.clone()));
            let mut work = Work { steps: &mut steps, call: Some(&mut call), checkout: Some(&mut checkout), place: Place::Job };
            if self.work(&expanded, statement, &Around::default(), &mut work) {
                continue;
            }
            if !self.shared(statement, &expanded.scope, expanded.item, job, toolchains)
                && !self.job_only(statement, &expanded.scope, job.whole, job)
            {
                self.report(&expanded.scope, misplaced_statement(statement.keyword, Place::Job, statement.word));
            }
        }
        (job.steps, job.call, job.checkout) = (steps, call, checkout);
        self.without_effect(job, &said);
    }

    /// Refuses statements that mean nothing beside the others of their job.
    fn without_effect(&self, job: &Job, said: &[(Keyword, Span, Rc<Scope>)]) {
        let rows = job.has_rows();
        if let Some(call) = &job.call {
            for row in job.written_rows().1 {
                let own = &row.job;
                let said = [
                    ("runner", own.runner.is_some()),
                    ("timeout", !matches!(own.timeout, Switch::Derived)),
                    ("env", !own.env.is_empty()),
                    ("toolchain", !own.toolchains.is_empty() || !row.without.is_empty()),
                    ("service", !own.services.is_empty()),
                ];
                for (word, _) in said.into_iter().filter(|(_, there)| *there) {
                    self.x.report_at(&own.origin, in_a_call(word, own.origin.span, call.origin.span));
                }
            }
        }
        let concurrency = said.iter().find(|(keyword, ..)| *keyword == Keyword::Concurrency).map(|(_, at, _)| *at);
        let concurrency = concurrency.filter(|_| job.concurrency.written().is_some());
        for (keyword, at, scope) in said {
            let word = keyword.word();
            match (keyword, &job.call, concurrency) {
                // Steps beside a call have a message of their own.
                (keyword, Some(call), _) if !goes_with_a_call(*keyword) && !is_work(*keyword) => {
                    self.report(scope, in_a_call(word, *at, call.origin.span));
                }
                (Keyword::FailFast | Keyword::MaxParallel, ..) if !rows => self.report(scope, without_rows(word, *at)),
                (Keyword::Locks, _, Some(concurrency)) => self.report(scope, two_groups(*at, concurrency)),
                _ => {}
            }
        }
    }

    /// What a job and a row may both say.
    pub(super) fn shared(
        &self,
        statement: &'a ast::Statement,
        scope: &Rc<Scope>,
        item: &'a Item,
        job: &mut Job,
        toolchains: &mut Uses<'a>,
    ) -> bool {
        let kind = &statement.kind;
        match (kind, statement.keyword) {
            (Kind::List { items, clauses, .. }, Keyword::Reads) => {
                self.keywords_in_list("reads", items, scope);
                let patterns = self.known_words(items, scope);
                let from: Vec<Text> = clauses.iter().flat_map(|(_, words)| self.x.words(words, scope)).collect();
                if !from.is_empty() {
                    job.reads_from.extend(patterns.iter().map(|pattern| (pattern.clone(), from.clone())));
                }
                job.reads.extend(patterns);
            }
            (Kind::List { items, clauses, .. }, Keyword::Writes) => {
                self.keywords_in_list("writes", items, scope);
                let merge = clauses.iter().any(|(clause, _)| *clause == "merge");
                job.writes.extend(self.known_words(items, scope).into_iter().map(|pattern| Writes { pattern, merge }));
            }
            (Kind::Condition { expr: Some(expr), block: None }, Keyword::When) => {
                let when = self.condition(expr, scope);
                if let (Some(before), Some(_)) = (&job.when, &when) {
                    let diag =
                        crate::diagnostics::codes::e0207_said_twice::said_twice("when", statement.word, before.origin.span);
                    self.report(scope, diag);
                }
                job.when = when.or(job.when.take());
            }
            (_, Keyword::Runner) => job.runner = self.runner(kind, scope),
            (_, Keyword::Timeout) => job.timeout = self.timeout(kind, scope),
            (_, Keyword::Env) => {
                if let Some(block) = plain_ref(kind).1 {
                    self.values_into(block, scope, &mut job.env);
                }
            }
            (_, Keyword::Toolchain) => self.toolchain_use(kind, item, scope, toolchains),
            (_, Keyword::Service) => self.service_use(kind, item, scope, &mut job.services),
            (_, Keyword::Priority) => {
                let value = self.single(kind, scope);
                let (spelled, words) = (value.spelled(), ["high", "normal", "low"]);
                if !words.contains(&spelled.as_str()) {
                    self.report(scope, unknown_word("priority", &spelled, nearest(&spelled, words), &words, value.origin.span));
                }
                job.priority = Some(value);
            }
            _ => return false,
        }
        true
    }

    /// Words of a list, filled in. Where a name in them is unknown there are none: what they would name is not missed, nor what they would make.
    fn known_words(&self, items: &[Word], scope: &Scope) -> Vec<Text> {
        self.x.missed();
        let texts = self.x.words(items, scope);
        if self.x.missed() {
            self.incomplete.set(true);
            return Vec::new();
        }
        texts
    }

    /// Warns of a statement's word among paths, unless git tracks such a file or folder.
    fn keywords_in_list(&self, statement: &str, items: &[Word], scope: &Scope) {
        let tracked = self.x.facts.tracked.as_deref().unwrap_or_default();
        let is_path = |word: &str| tracked.iter().any(|path| path.split('/').next() == Some(word));
        for word in items.iter().filter(|word| word.quote == Quote::Bare) {
            if by_word(&word.text).next().is_some() && !is_path(&word.text) {
                self.report(scope, keyword_in_list(statement, &word.text, word.span));
            }
        }
    }

    fn job_only(&self, statement: &'a ast::Statement, scope: &Rc<Scope>, within: Span, job: &mut Job) -> bool {
        let kind = &statement.kind;
        match (kind, statement.keyword) {
            (Kind::List { items, .. }, Keyword::Needs) => {
                for word in items {
                    for text in self.known_words(std::slice::from_ref(word), scope) {
                        let origin = scope.origin(word.span);
                        job.needs.push(match text.as_str() {
                            "*" => Need::All(origin),
                            // In quotes it is a job that is called so.
                            "off" if word.quote == Quote::Bare => Need::Off,
                            name => Need::Job(name.to_owned(), origin),
                        });
                    }
                }
            }
            (Kind::List { items, clauses, when }, Keyword::Keep) => {
                let clause = |name| clauses.iter().find(|(clause, _)| *clause == name).and_then(|(_, words)| words.first());
                let retention = clause("for").map(|word| self.x.word(word, scope));
                let retention = retention.filter(|value| self.is_duration("keep PATH for", "7d", value, scope));
                job.keeps.push(Keep {
                    paths: self.x.words(items, scope),
                    name: clause("as").map(|word| self.text(word, scope)),
                    retention,
                    when: when.as_ref().and_then(|when| self.condition(when, scope)),
                    origin: scope.origin(statement.word),
                });
            }
            (_, Keyword::Matrix) => job.matrix = super::matrix::both(job.matrix.take(), self.matrix(statement, scope)),
            (_, Keyword::Shards) => job.shards = self.shards(kind, statement.word, scope),
            (_, Keyword::FailFast) => job.fail_fast = self.on_off("fail-fast", self.single(kind, scope), scope),
            (_, Keyword::MaxParallel) => {
                let value = self.single(kind, scope);
                job.max_parallel = self.is_count("max-parallel", &value, scope).then_some(value);
            }
            (_, Keyword::Resources) => {
                if let Some(block) = plain_ref(kind).1 {
                    self.map_into(block, scope, &mut job.resources);
                    self.known_keys(&job.resources, &shape::RESOURCES, scope);
                }
            }
            (_, Keyword::Container) => job.container = self.image(kind, &shape::CONTAINER, statement.word, scope),
            (_, Keyword::Environment) => job.environment = self.image(kind, &shape::ENVIRONMENT, statement.word, scope),
            (_, Keyword::Outputs) => {
                let mut map = Map::default();
                if let Some(block) = plain_ref(kind).1 {
                    self.values_into(block, scope, &mut map);
                }
                job.outputs.extend(map.into_iter().map(|(name, value)| (name, value.text().unwrap_or_default())));
            }
            (_, Keyword::Snapshot) => {
                let mut value = self.single(kind, scope);
                if let Some(block) = plain_ref(kind).1 {
                    let mut map = Map::from_iter([("image-name".to_owned(), value.clone())]);
                    self.map_into(block, scope, &mut map);
                    value.kind = ValueKind::Map(map);
                }
                if let ValueKind::Map(map) = &value.kind {
                    self.known_keys(map, &shape::SNAPSHOT, scope);
                }
                job.snapshot = Some(value);
            }
            (_, Keyword::CancelTimeout) => {
                let value = self.single(kind, scope);
                job.cancel_timeout = self.is_duration("cancel-timeout", "5m", &value, scope).then_some(value);
            }
            (_, Keyword::Permissions) => job.permissions = self.permissions(kind, scope),
            (_, Keyword::Concurrency) => job.concurrency = self.concurrency(kind, scope),
            (_, Keyword::Shell) => job.shell = self.shell(kind, scope),
            (Kind::Plain { block: None, .. }, Keyword::In) => {
                job.dir = self.single_text(kind, scope).filter(|dir| !dir.is_empty());
            }
            (_, Keyword::Locks) => job.locks = Some(self.single(kind, scope)),
            (_, Keyword::MayFail) => job.may_fail = self.may_fail(kind, scope),
            (_, Keyword::Memo) => {
                let value = self.single(kind, scope);
                job.memo = match (&value.kind, value.spelled().as_str()) {
                    (ValueKind::Null, _) => Switch::Written(()),
                    (_, "off") => Switch::Off,
                    (_, word) => {
                        self.report(scope, bad_value(&format!("`{word}`"), "`off` or nothing", "memo off", value.origin.span));
                        Switch::Derived
                    }
                };
            }
            (_, Keyword::Takes) => {
                let value = self.single(kind, scope);
                job.takes = self.is_duration("takes", "3m", &value, scope).then_some(value);
            }
            (_, Keyword::Isolated) => job.isolated = true,
            (_, Keyword::Cache) => job.caches.extend(self.cache(kind, statement.word, scope)),
            (_, Keyword::Raw) => {
                if let Some(block) = plain_ref(kind).1 {
                    self.map_into(block, scope, &mut job.raw);
                }
            }
            (_, Keyword::Allow) => self.allow(statement, scope, within),
            _ => return false,
        }
        true
    }

    /// `cache NAME { paths: […], key: … }`
    pub(super) fn cache(&self, kind: &'a Kind, word: Span, scope: &Rc<Scope>) -> Option<CacheLayer> {
        let name = self.single(kind, scope);
        let mut keys = plain_ref(kind).1.map(|block| self.map(block, scope)).unwrap_or_default();
        self.known_keys(&keys, &shape::CACHE, scope);
        // A key that is none is most likely one of those that are missing.
        let all_known = keys.keys().all(|key| shape::CACHE.find(key).is_some());
        let paths = match keys.swap_remove("paths").map(|value| (value.text(), value.kind)) {
            Some((_, ValueKind::List(items))) => items.iter().filter_map(crate::hir::Value::text).collect(),
            Some((Some(path), _)) => vec![path],
            _ => Vec::new(),
        };
        let key = keys.swap_remove("key").and_then(|value| value.text());
        let (Some(key), false) = (key, paths.is_empty()) else {
            if !all_known {
                return None;
            }
            self.report(
                scope,
                bad_value("a cache without `paths` and `key`", "both", "cache NAME { paths: [PATH], key: KEY }", word),
            );
            return None;
        };
        Some(CacheLayer { name: name.spelled(), paths, key, keys, origin: scope.origin(word) })
    }

    /// `container IMAGE { … }`, `environment NAME { … }`
    fn image(&self, kind: &'a Kind, keys_of: &Keys, word: Span, scope: &Rc<Scope>) -> Option<Container> {
        let name = self.single_text(kind, scope)?;
        let mut keys = plain_ref(kind).1.map(|block| self.map(block, scope)).unwrap_or_default();
        self.known_keys(&keys, keys_of, scope);
        shape::spell_switches(&mut keys, keys_of);
        Some(Container { name, keys, origin: scope.origin(word) })
    }
}

/// What GitHub lets a job say that calls a workflow, and what is about order and time.
fn goes_with_a_call(keyword: Keyword) -> bool {
    use Keyword::{
        Allow, Concurrency, FailFast, Isolated, Locks, Matrix, MaxParallel, Memo, Needs, Permissions, Priority, Raw, Reads,
        Takes, Uses, When,
    };
    matches!(
        keyword,
        Allow
            | Concurrency
            | FailFast
            | Isolated
            | Locks
            | Matrix
            | MaxParallel
            | Memo
            | Needs
            | Permissions
            | Priority
            | Raw
            | Reads
            | Takes
            | Uses
            | When
    )
}

/// Whether a statement is a step, or a block of steps.
fn is_work(keyword: Keyword) -> bool {
    use Keyword::{Cancel, Parallel, Run, Step, Uses, Wait};
    matches!(keyword, Cancel | Parallel | Run | Step | Uses | Wait)
}

/// Whether a step runs a command of the author's, so that the file's toolchains are there for it.
fn runs_a_command(step: &crate::hir::Step) -> bool {
    match &step.kind {
        StepKind::Run(_) => true,
        StepKind::Parallel(steps) => steps.iter().any(runs_a_command),
        StepKind::Uses { action, .. } => is_workflow(action),
        _ => false,
    }
}
