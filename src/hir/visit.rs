//! Every expression of a pipeline, with the place that it stands in.

use super::{Condition, Job, Map, Origin, Pipeline, Runner, Secrets, Step, StepKind, Trigger, Value, ValueKind};
use crate::catalog::contexts::{self, Place};
use crate::expr::Expr;
use crate::hir::{Concurrency, Defaults, Matrix, MatrixRow};
use crate::text::Text;

/// A text or condition that may ask for something at run time.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// Where GitHub would see it.
    pub place: &'static Place,
    /// The text or condition.
    pub asks: Asks<'a>,
    /// Where it is written, and through which expansions.
    pub origin: &'a Origin,
    /// How many steps of its job come before it; all of them, where it is looked at after the last.
    pub after: usize,
}

/// What stands there.
#[derive(Debug, Clone, Copy)]
pub enum Asks<'a> {
    /// Text with `${{ }}` in it.
    Text(&'a Text),
    /// Text that may be one `${{ }}` for a list or a map.
    Whole(&'a Text),
    /// A condition.
    When(&'a Condition),
    /// Data that is a condition, with or without `${{ }}`.
    If(&'a Text),
    /// An expression whose value is wanted.
    Value(&'a Expr),
}

/// Sees every site of the file itself.
pub fn pipeline<'a>(pipeline: &'a Pipeline, see: &mut dyn FnMut(Site<'a>)) {
    let none = &NOWHERE;
    let mut visitor = Visitor { see, origin: none, after: 0 };
    visitor.text(&contexts::WORKFLOW_NAME, pipeline.name.as_ref());
    visitor.text(&contexts::RUN_NAME, pipeline.run_name.as_ref());
    visitor.text(&contexts::DESCRIPTION, pipeline.description.as_ref());
    visitor.map(&contexts::ENV, &pipeline.defaults.env);
    visitor.concurrency(&contexts::CONCURRENCY, pipeline.defaults.concurrency.written());
    visitor.defaults(&pipeline.defaults);
    visitor.text(&contexts::FILE_DEFAULTS, pipeline.defaults.shell.as_ref());
    visitor.text(&contexts::FILE_DEFAULTS, pipeline.defaults.dir.as_ref());
    visitor.text(&contexts::CACHE_VERSION, pipeline.cache_version.as_ref());
    for runner in pipeline.runners.values() {
        visitor.origin = &runner.origin;
        visitor.whole(&contexts::FILE_RUNNER, &runner.label);
        visitor.map(&contexts::SHAPE, &runner.shape);
    }
    if let Some(gate) = &pipeline.gate {
        visitor.origin = &gate.origin;
        visitor.text(&contexts::GATE, Some(&gate.name));
    }
    visitor.map(&contexts::OPTIMIZE, &pipeline.optimize.settings);
    if let Some(by) = &pipeline.optimize.by {
        visitor.site(&contexts::OPTIMIZE_BY, Asks::Value(&by.expr), &by.origin);
        for alternative in by.alternatives.values() {
            visitor.site(&contexts::OPTIMIZE_BY, Asks::Value(&alternative.is), &alternative.origin);
            visitor.map(&contexts::OPTIMIZE, &alternative.settings);
        }
    }
    pipeline.monitor.iter().for_each(|monitor| visitor.value(&contexts::MONITOR, monitor));
    pipeline.triggers.iter().for_each(|trigger| visitor.trigger(trigger));
}

/// Sees the sites of the file that go into every job which does not say otherwise.
pub fn defaults<'a>(defaults: &'a Defaults, see: &mut dyn FnMut(Site<'a>)) {
    Visitor { see, origin: &NOWHERE, after: 0 }.defaults(defaults);
}

static NOWHERE: Origin = Origin { span: crate::source::Span::new(0, 0), frame: None };

/// Sees every site of a job.
pub fn job<'a>(job: &'a Job, see: &mut dyn FnMut(Site<'a>)) {
    let mut visitor = Visitor { see, origin: &job.origin, after: usize::MAX };
    visitor.job(job);
    // Toolchains come before every step of the job's own.
    visitor.after = 0;
    let (_, rows) = job.written_rows();
    for toolchain in job.toolchains.values().chain(rows.iter().flat_map(|row| row.job.toolchains.values())) {
        toolchain.steps().for_each(|step| visitor.step(step));
        toolchain.caches.iter().for_each(|cache| visitor.cache(cache));
        visitor.origin = &toolchain.origin;
        toolchain.reads.iter().chain(&toolchain.writes).for_each(|text| visitor.text(&contexts::STEP_WITH, Some(text)));
        visitor.origin = &job.origin;
    }
    steps(job, see);
}

/// Sees every site of a job's own steps.
pub fn steps<'a>(job: &'a Job, see: &mut dyn FnMut(Site<'a>)) {
    let mut visitor = Visitor { see, origin: &job.origin, after: usize::MAX };
    for (index, step) in job.steps.iter().enumerate() {
        visitor.after = index;
        visitor.step(step);
    }
}

struct Visitor<'a, 's> {
    see: &'s mut dyn FnMut(Site<'a>),
    origin: &'a Origin,
    after: usize,
}

impl<'a> Visitor<'a, '_> {
    fn site(&mut self, place: &'static Place, asks: Asks<'a>, origin: &'a Origin) {
        (self.see)(Site { place, asks, origin, after: self.after });
    }

    fn text(&mut self, place: &'static Place, text: Option<&'a Text>) {
        if let Some(text) = text {
            self.site(place, Asks::Text(text), self.origin);
        }
    }

    fn when(&mut self, place: &'static Place, when: Option<&'a Condition>) {
        if let Some(when) = when {
            self.site(place, Asks::When(when), &when.origin);
        }
    }

    fn value(&mut self, place: &'static Place, value: &'a Value) {
        match &value.kind {
            ValueKind::Text(text) => self.site(place, Asks::Text(text), &value.origin),
            ValueKind::List(items) => items.iter().for_each(|item| self.value(place, item)),
            ValueKind::Map(map) => self.map(place, map),
            _ => {}
        }
    }

    fn whole(&mut self, place: &'static Place, value: &'a Value) {
        match &value.kind {
            ValueKind::Text(text) => self.site(place, Asks::Whole(text), &value.origin),
            _ => self.value(place, value),
        }
    }

    fn map(&mut self, place: &'static Place, map: &'a Map) {
        map.values().for_each(|value| self.value(place, value));
    }

    fn defaults(&mut self, defaults: &'a Defaults) {
        self.runner(&contexts::FILE_RUNNER, defaults.runner.as_ref());
        defaults.timeout.written().into_iter().for_each(|timeout| self.value(&contexts::FILE_TIMEOUT, timeout));
    }

    fn trigger(&mut self, trigger: &'a Trigger) {
        self.origin = &trigger.origin;
        self.map(&contexts::FILTER, &trigger.filters);
        for (cron, zone) in &trigger.crons {
            self.text(&contexts::CRON, Some(cron));
            self.text(&contexts::CRON, zone.as_ref());
        }
        let place = if trigger.event == "workflow_call" { &contexts::CALL_INPUT } else { &contexts::INPUT };
        for input in trigger.inputs.values() {
            self.origin = &input.origin;
            input.default.iter().for_each(|value| self.value(place, value));
            input.choices.iter().for_each(|value| self.value(&contexts::INPUT, value));
            self.text(&contexts::DESCRIPTION, input.description.as_ref());
            self.text(&contexts::DESCRIPTION, input.deprecated.as_ref());
        }
        for secret in trigger.secrets.values() {
            self.origin = &secret.origin;
            self.text(&contexts::DESCRIPTION, secret.description.as_ref());
        }
        for output in trigger.outputs.values() {
            self.origin = &output.origin;
            self.text(&contexts::CALL_OUTPUT, Some(&output.value));
            self.text(&contexts::DESCRIPTION, output.description.as_ref());
        }
    }

    fn runner(&mut self, place: &'static Place, runner: Option<&'a Runner>) {
        match runner {
            Some(Runner::Label(label)) => self.site(place, Asks::Whole(label), self.origin),
            Some(Runner::Data(value)) => self.whole(place, value),
            Some(Runner::Auto(map)) => self.map(&contexts::SHAPE, map),
            None => {}
        }
    }

    fn concurrency(&mut self, place: &'static Place, concurrency: Option<&'a Concurrency>) {
        let parts =
            concurrency.into_iter().flat_map(|written| [Some(&written.group), written.cancel.as_ref(), written.queue.as_ref()]);
        parts.flatten().for_each(|value| self.value(place, value));
    }

    fn job(&mut self, job: &'a Job) {
        self.text(&contexts::JOB_NAME, job.title.as_ref());
        self.when(&contexts::JOB_IF, job.when.as_ref());
        self.runner(&contexts::RUNS_ON, job.runner.as_ref());
        match &job.matrix {
            Some(Matrix::Expr(text)) => self.site(&contexts::STRATEGY, Asks::Whole(text), self.origin),
            Some(Matrix::Axes { axes, include, exclude, .. }) => {
                axes.values().chain(include).chain(exclude).for_each(|value| self.whole(&contexts::STRATEGY, value));
            }
            Some(Matrix::Rows { rows, .. }) => {
                rows.iter().for_each(|row| self.row(row));
            }
            None => {}
        }
        for (place, value) in [
            (&contexts::STRATEGY, job.fail_fast.as_ref()),
            (&contexts::STRATEGY, job.max_parallel.as_ref()),
            (&contexts::JOB_TIMEOUT, job.timeout.written()),
            (&contexts::JOB_TIMEOUT, job.cancel_timeout.as_ref()),
            (&contexts::JOB_CONCURRENCY, job.locks.as_ref()),
            (&contexts::TAKES, job.takes.as_ref()),
        ] {
            value.into_iter().for_each(|value| self.value(place, value));
        }
        self.map(&contexts::RESOURCES, &job.resources);
        if let Some(shards) = &job.shards {
            self.value(&contexts::SHARDS, &shards.count);
            shards.files.iter().for_each(|pattern| self.text(&contexts::SHARDS, Some(pattern)));
            self.map(&contexts::SHARDS, &shards.settings);
        }
        match job.snapshot.as_ref().map(|snapshot| &snapshot.kind) {
            Some(ValueKind::Map(map)) => map.iter().for_each(|(key, value)| match &value.kind {
                ValueKind::Text(text) if key == "if" => self.site(&contexts::SNAPSHOT_IF, Asks::If(text), &value.origin),
                _ => self.value(&contexts::SNAPSHOT, value),
            }),
            _ => job.snapshot.iter().for_each(|snapshot| self.value(&contexts::SNAPSHOT, snapshot)),
        }
        self.concurrency(&contexts::JOB_CONCURRENCY, job.concurrency.written());
        for service in job.services.values() {
            self.image_keys(&contexts::SERVICES, &service.keys);
        }
        if let Some(container) = &job.container {
            self.text(&contexts::CONTAINER, Some(&container.name));
            self.image_keys(&contexts::CONTAINER, &container.keys);
        }
        if let Some(environment) = &job.environment {
            self.text(&contexts::ENVIRONMENT, Some(&environment.name));
            for (key, value) in &environment.keys {
                self.value(if key == "url" { &contexts::ENVIRONMENT_URL } else { &contexts::ENVIRONMENT }, value);
            }
        }
        job.outputs.values().for_each(|output| self.text(&contexts::JOB_OUTPUTS, Some(output)));
        self.map(&contexts::JOB_ENV, &job.env);
        self.text(&contexts::JOB_DEFAULTS, job.shell.as_ref());
        self.text(&contexts::JOB_DEFAULTS, job.dir.as_ref());
        self.when(&contexts::JOB_MAY_FAIL, job.may_fail.as_ref().and_then(Option::as_ref));
        for keep in &job.keeps {
            keep.paths.iter().chain(&keep.name).for_each(|text| self.text(&contexts::STEP_WITH, Some(text)));
            keep.retention.iter().for_each(|value| self.value(&contexts::STEP_WITH, value));
            self.when(&contexts::STEP_IF, keep.when.as_ref());
        }
        for text in job.reads.iter().chain(job.writes.iter().map(|writes| &writes.pattern)) {
            self.text(&contexts::STEP_WITH, Some(text));
        }
        job.caches.iter().for_each(|cache| self.cache(cache));
        if let Some(call) = &job.call {
            self.origin = &call.origin;
            self.text(&contexts::REFERENCE, Some(&call.workflow));
            self.map(&contexts::CALL_WITH, &call.with);
            if let Some(Secrets::Named(secrets)) = &call.secrets {
                self.map(&contexts::CALL_SECRETS, secrets);
            }
            self.origin = &job.origin;
        }
    }

    /// What a row sets goes into the matrix, and so is worked out where that is.
    fn row(&mut self, row: &'a MatrixRow) {
        let outer = std::mem::replace(&mut self.origin, &row.job.origin);
        self.value(&contexts::STRATEGY, &row.value);
        self.when(&contexts::JOB_IF, row.job.when.as_ref());
        self.runner(&contexts::STRATEGY, row.job.runner.as_ref());
        row.job.timeout.written().into_iter().for_each(|timeout| self.value(&contexts::STRATEGY, timeout));
        self.map(&contexts::STRATEGY, &row.job.env);
        for service in row.job.services.values() {
            self.image_keys(&contexts::SERVICES, &service.keys);
            // The image is one more value of the matrix.
            service.keys.get("image").into_iter().for_each(|image| self.value(&contexts::STRATEGY, image));
        }
        for text in row.job.reads.iter().chain(row.job.writes.iter().map(|writes| &writes.pattern)) {
            self.text(&contexts::STEP_WITH, Some(text));
        }
        self.origin = outer;
    }

    fn image_keys(&mut self, place: &'static Place, keys: &'a Map) {
        for (key, value) in keys {
            let place = match key.as_str() {
                "env" => &contexts::CONTAINER_ENV,
                "credentials" => &contexts::CREDENTIALS,
                _ => place,
            };
            self.value(place, value);
        }
    }

    fn cache(&mut self, cache: &'a super::CacheLayer) {
        let after = std::mem::replace(&mut self.after, 0);
        cache.paths.iter().chain([&cache.key]).for_each(|text| self.text(&contexts::STEP_WITH, Some(text)));
        self.map(&contexts::STEP_WITH, &cache.keys);
        self.after = after;
    }

    fn step(&mut self, step: &'a Step) {
        let outer = std::mem::replace(&mut self.origin, &step.origin);
        self.text(&contexts::STEP_NAME, step.title.as_ref());
        self.when(&contexts::STEP_IF, step.when.as_ref());
        self.map(&contexts::STEP_ENV, &step.env);
        self.text(&contexts::STEP_SHELL, step.shell.as_ref());
        self.text(&contexts::STEP_RUN, step.dir.as_ref());
        step.retry.iter().for_each(|value| self.value(&contexts::RETRY, value));
        step.timeout.iter().for_each(|value| self.value(&contexts::STEP_TIMEOUT, value));
        step.takes.iter().for_each(|value| self.value(&contexts::TAKES, value));
        self.when(&contexts::STEP_MAY_FAIL, step.may_fail.as_deref().and_then(Option::as_ref));
        match &step.kind {
            StepKind::Run(command) => self.text(&contexts::STEP_RUN, Some(command)),
            StepKind::Uses { action, with, .. } => {
                self.text(&contexts::REFERENCE, Some(action));
                self.map(&contexts::STEP_WITH, with);
            }
            StepKind::Checkout(with) => self.map(&contexts::STEP_WITH, with),
            StepKind::Parallel(steps) => steps.iter().for_each(|step| self.step(step)),
            StepKind::Wait(_) | StepKind::Cancel(_) => {}
        }
        self.origin = outer;
    }
}
