//! Every expression of a pipeline, with the place that it stands in.

use super::{Condition, Job, Map, Origin, Pipeline, Runner, Secrets, Step, StepKind, Value, ValueKind};
use crate::catalog::contexts::{self, Place};
use crate::hir::{Concurrency, Matrix, MatrixRow};
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
}

/// Sees every site of the file itself.
pub fn pipeline<'a>(pipeline: &'a Pipeline, see: &mut dyn FnMut(Site<'a>)) {
    let none = &NOWHERE;
    let mut visitor = Visitor { see, origin: none, after: 0 };
    visitor.text(&contexts::RUN_NAME, pipeline.run_name.as_ref());
    visitor.map(&contexts::ENV, &pipeline.defaults.env);
    visitor.concurrency(&contexts::CONCURRENCY, pipeline.defaults.concurrency.written());
    for trigger in &pipeline.triggers {
        for output in trigger.outputs.values() {
            visitor.origin = &output.origin;
            visitor.text(&contexts::CALL_OUTPUT, Some(&output.value));
        }
        for input in trigger.inputs.values() {
            visitor.origin = &input.origin;
            input.default.iter().for_each(|value| visitor.value(&contexts::CALL_INPUT, value));
        }
    }
}

static NOWHERE: Origin = Origin { span: crate::source::Span::new(0, 0), frame: None };

/// Sees every site of a job.
pub fn job<'a>(job: &'a Job, see: &mut dyn FnMut(Site<'a>)) {
    let mut visitor = Visitor { see, origin: &job.origin, after: usize::MAX };
    visitor.job(job);
    // Toolchains come before every step of the job's own.
    visitor.after = 0;
    let rows: &[MatrixRow] = if let Some(Matrix::Rows { rows, .. }) = &job.matrix { rows } else { &[] };
    for toolchain in job.toolchains.values().chain(rows.iter().flat_map(|row| row.job.toolchains.values())) {
        toolchain.setup.iter().chain(&toolchain.install).for_each(|step| visitor.step(step));
        toolchain.caches.iter().for_each(|cache| visitor.cache(cache));
    }
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

    fn concurrency(&mut self, place: &'static Place, concurrency: Option<&'a Concurrency>) {
        let parts =
            concurrency.into_iter().flat_map(|written| [Some(&written.group), written.cancel.as_ref(), written.queue.as_ref()]);
        parts.flatten().for_each(|value| self.value(place, value));
    }

    fn job(&mut self, job: &'a Job) {
        self.text(&contexts::JOB_NAME, job.title.as_ref());
        self.when(&contexts::JOB_IF, job.when.as_ref());
        match &job.runner {
            Some(Runner::Label(label)) => self.site(&contexts::RUNS_ON, Asks::Whole(label), self.origin),
            Some(Runner::Data(value)) => self.whole(&contexts::RUNS_ON, value),
            _ => {}
        }
        match &job.matrix {
            Some(Matrix::Expr(text)) => self.site(&contexts::STRATEGY, Asks::Whole(text), self.origin),
            Some(Matrix::Axes { axes, include, exclude, .. }) => {
                axes.values().chain(include).chain(exclude).for_each(|value| self.whole(&contexts::STRATEGY, value));
            }
            Some(Matrix::Rows { rows, .. }) => {
                for row in rows {
                    self.job(&row.job);
                }
            }
            None => {}
        }
        for (place, value) in [
            (&contexts::STRATEGY, job.fail_fast.as_ref()),
            (&contexts::STRATEGY, job.max_parallel.as_ref()),
            (&contexts::JOB_TIMEOUT, job.timeout.written()),
            (&contexts::JOB_CONCURRENCY, job.locks.as_ref()),
        ] {
            value.into_iter().for_each(|value| self.value(place, value));
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
            self.map(&contexts::ENVIRONMENT_URL, &environment.keys);
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
            self.map(&contexts::CALL_WITH, &call.with);
            if let Some(Secrets::Named(secrets)) = &call.secrets {
                self.map(&contexts::CALL_SECRETS, secrets);
            }
            self.origin = &job.origin;
        }
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
        self.text(&contexts::STEP_RUN, step.dir.as_ref());
        step.timeout.iter().for_each(|value| self.value(&contexts::STEP_TIMEOUT, value));
        self.when(&contexts::STEP_MAY_FAIL, step.may_fail.as_ref().and_then(Option::as_ref));
        match &step.kind {
            StepKind::Run(command) => self.text(&contexts::STEP_RUN, Some(command)),
            StepKind::Uses { with, .. } | StepKind::Checkout(with) => self.map(&contexts::STEP_WITH, with),
            StepKind::Parallel(steps) => steps.iter().for_each(|step| self.step(step)),
            StepKind::Wait(_) | StepKind::Cancel(_) => {}
        }
        self.origin = outer;
    }
}
