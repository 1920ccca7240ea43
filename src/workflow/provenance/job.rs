//! A job, all but its steps.

use super::file::ends_with;
use super::{Key, Subject, Trace, statement};
use crate::hir::{Job, Map, Matrix, MatrixRow, Origin, Runner, Secrets, Step, Switch, Value};
use crate::plan::{EdgeKind, Work};
use crate::source::Span;
use crate::syntax::ast::{Block, Body, Kind};
use crate::syntax::symbols::Keyword;
use crate::syntax::visit;
use crate::workflow::model::Or;

impl Trace<'_> {
    pub(super) fn job(&mut self, id: &str, path: &[Key]) {
        let made = self.made;
        let Some(work) = made.plan.works.get(id) else { return };
        // As it was before the passes.
        let Some(written) = made.hir.jobs.get(id) else {
            return if work.members.is_empty() { self.gate(id, work, path) } else { self.placed(id, work, path) };
        };
        match path {
            [] => self.from(&written.origin, "the job"),
            [Key::Name(key), Key::Item(at), rest @ ..] if key == "steps" => self.step(work, written, *at, rest),
            [Key::Name(key), rest @ ..] => {
                self.key(work, written, key, rest);
                if let Some(raw) = written.raw.get(key) {
                    self.value(raw, rest, "written as it is");
                }
                self.from(&written.origin, "in this job");
            }
            [Key::Item(_), ..] => {}
        }
    }

    /// A job that several of the author's became, or a part of one: what it has is what they have in common.
    fn placed(&mut self, id: &str, work: &Work, path: &[Key]) {
        let made = self.made;
        let members: Vec<&Job> =
            work.members.iter().filter_map(|member| made.hir.jobs.get(&member.id)).map(|job| &**job).collect();
        let Some(first) = members.first() else { return };
        let before = |step: &Step| {
            let mut all = members.iter().flat_map(|job| &job.steps);
            all.find(|other| other.origin.span == step.origin.span).unwrap_or(step).clone()
        };
        let steps = work.job.steps.iter().map(before).collect();
        let written = Job { id: id.to_owned(), title: None, steps, ..Job::clone(first) };
        match path {
            [Key::Name(key), Key::Item(at), rest @ ..] if key == "steps" => self.step(work, &written, *at, rest),
            [Key::Name(key), ..] if key == "name" => self.done_by("place", "the names of what runs on that machine"),
            [Key::Name(key), rest @ ..] => self.key(work, &written, key, rest),
            _ => {
                self.decided("place", Some(id), &Subject::Whole);
                work.members.iter().for_each(|member| self.decided("place", Some(&member.id), &Subject::Whole));
            }
        }
        members.iter().for_each(|job| self.from(&job.origin, "in this job"));
    }

    /// A job that a pass made.
    fn gate(&mut self, id: &str, work: &Work, path: &[Key]) {
        let gate = &work.job;
        let key = match path {
            [Key::Name(key), ..] => key.as_str(),
            _ => "",
        };
        match (key, path, &gate.runner) {
            ("steps", [_, Key::Item(at), rest @ ..], _) => {
                self.decided("gate", Some(id), &Subject::Whole);
                self.judged(work, *at, rest);
                self.step(work, &Job::default(), *at, rest);
            }
            // The machine of the file has its own place, and is all that there may be.
            ("runs-on", _, Some(Runner::Label(label))) if label.span() == gate.origin.span => {
                self.done_by("gate", "the smallest machine will do");
            }
            ("runs-on", ..) => self.from(&self.made.hir.defaults.runner_at, "the machine of every job that names none"),
            ("if", ..) => self.done_by("gate", "it runs whatever became of the others"),
            ("timeout-minutes", ..) => self.done_by("gate", "it does nothing but look at results"),
            ("permissions", ..) => self.done_by("gate", "it needs no rights"),
            _ => self.decided("gate", Some(id), &Subject::Whole),
        }
        self.from(&gate.origin, "follows from this");
    }

    /// The job that a line of the gate's results is about, with the condition under which it may be skipped.
    fn judged(&mut self, work: &Work, step: usize, rest: &[Key]) {
        let ([Key::Name(env), Key::Name(name)], Some(line)) = (rest, self.inside) else { return };
        let derived = work.epilogue.get(step).filter(|_| env == "env");
        let text = derived.and_then(|derived| derived.step.env.get(name)).map(Value::spelled).unwrap_or_default();
        let id = text.lines().nth(line).and_then(|line| line.split(' ').next()).unwrap_or_default();
        if let Some(job) = self.made.hir.jobs.get(id) {
            job.when.iter().for_each(|when| self.from(&when.origin, "when it runs, and may else be skipped"));
            self.from(&job.origin, "the job that is judged");
        }
    }

    fn key(&mut self, work: &Work, job: &Job, key: &str, rest: &[Key]) {
        let file = &self.made.hir.defaults;
        let (_, rows) = job.written_rows();
        match key {
            "name" => job.title.iter().for_each(|title| self.text(title, &job.origin, "the name")),
            "needs" => self.needs(&job.id, rest),
            "if" => job.when.iter().for_each(|when| self.text(&when.text, &when.origin, "the condition")),
            "runs-on" => self.machine(job, rows),
            "timeout-minutes" => {
                rows.iter().filter_map(|row| row.job.timeout.written()).for_each(|it| self.from(&it.origin, "of a row"));
                match (&job.timeout, &file.timeout) {
                    (Switch::Written(value), _) => self.value(value, &[], "how long it may take"),
                    (Switch::Derived, Switch::Written(value)) => self.value(value, &[], "how long any job may take"),
                    _ => self.decided("bound", Some(&job.id), &Subject::Timeout),
                }
                if self.is_open() {
                    self.because("a row of the job says how long it may take; GitHub's own limit holds for the others");
                }
                job.takes.iter().for_each(|takes| self.from(&takes.origin, "how long it takes"));
            }
            "cancel-timeout-minutes" => {
                job.cancel_timeout.iter().for_each(|it| self.value(it, rest, "how long it may take to end"));
            }
            "continue-on-error" => match job.may_fail.as_ref() {
                Some(Some(when)) => self.text(&when.text, &when.origin, "when it may fail"),
                _ => self.at_statement(job, Keyword::MayFail, "it may fail"),
            },
            "permissions" => {
                let at = self.block(job).and_then(|block| statement(block, Keyword::Permissions));
                job.permissions.iter().for_each(|permissions| self.permissions(permissions, rest, at));
            }
            "environment" => {
                self.with_keys(job.environment.as_ref().map(|it| (&it.keys, &it.origin)), rest, "what it deploys to");
            }
            "container" => {
                self.with_keys(job.container.as_ref().map(|it| (&it.keys, &it.origin)), rest, "what it runs in");
                let image = work.job.container.iter().filter(|_| rest.is_empty() || ends_with(rest, "image"));
                image.for_each(|container| self.pinned(&container.name));
            }
            "services" => {
                self.services(job, rows, rest);
                if let [Key::Name(name), Key::Name(key)] = rest
                    && let Some(image) = work.job.services.get(name).and_then(|service| service.keys.get(key))
                {
                    self.pinned(&image.spelled());
                }
            }
            "snapshot" => job.snapshot.iter().for_each(|snapshot| self.value(snapshot, rest, "the image")),
            "concurrency" => match (&job.locks, job.concurrency.written()) {
                (Some(lock), _) => {
                    self.value(lock, &[], "one holder at a time");
                    if ends_with(rest, "cancel-in-progress") {
                        self.because("who waits for a lock never cancels its holder");
                    }
                }
                (None, Some(written)) => self.concurrency(written, rest),
                (None, None) => {}
            },
            "strategy" => self.strategy(job, rest),
            "outputs" => {
                let wanted = |name: &String| !matches!(rest, [Key::Name(only), ..] if only != name);
                let outputs = job.outputs.iter().filter(|(name, _)| wanted(name));
                outputs.for_each(|(_, text)| self.text(text, &job.origin, "the output"));
            }
            "env" => self.variables(job, rows, rest),
            "defaults" => {
                let shell = job.shell.iter().filter(|_| !ends_with(rest, "working-directory"));
                shell.for_each(|shell| self.text(shell, &job.origin, "the shell of its commands"));
                let dir = job.dir.iter().filter(|_| !ends_with(rest, "shell"));
                dir.for_each(|dir| self.text(dir, &job.origin, "where its commands run"));
            }
            "uses" | "with" | "secrets" => self.call(work, key, rest),
            _ => {}
        }
    }

    /// The jobs that it waits for, or that one of them.
    fn needs(&mut self, id: &str, rest: &[Key]) {
        let plan = &self.made.plan;
        let all = plan.works.get_index_of(id).and_then(|at| plan.needs().into_iter().nth(at)).unwrap_or_default();
        let wanted = match rest {
            [Key::Item(at), ..] => all.get(*at).map_or(&[][..], std::slice::from_ref),
            _ => &all[..],
        };
        for edge in plan.edges.iter().filter(|edge| edge.to == id && wanted.contains(&edge.from.as_str())) {
            self.at(edge.origin, why(&edge.kind, &edge.from));
        }
    }

    fn machine(&mut self, job: &Job, rows: &[MatrixRow]) {
        let file = &self.made.hir.defaults;
        for runner in rows.iter().filter_map(|row| row.job.runner.as_ref()) {
            self.runner(runner, &job.origin, "the machine of a row");
        }
        match (&job.runner, &file.runner) {
            (Some(runner), _) => self.runner(runner, &job.origin, "the machine"),
            (None, Some(runner)) => self.runner(runner, &file.runner_at, "the machine of every job that names none"),
            (None, None) => self.because("`ubuntu-latest` is the machine where nothing names one"),
        }
    }

    fn runner(&mut self, runner: &Runner, origin: &Origin, what: &str) {
        match runner {
            Runner::Label(label) => {
                self.text(label, origin, what);
                if let Some(named) = self.made.hir.runners.get(label.as_str()) {
                    self.from(&named.origin, "which is named here");
                }
            }
            Runner::Data(value) => self.value(value, &[], what),
            Runner::Auto(_) => {
                self.from(origin, what);
                self.because("`runner auto` chooses by what the job needs, by time and by price: `pipelay plan`");
            }
        }
    }

    fn services(&mut self, job: &Job, rows: &[MatrixRow], rest: &[Key]) {
        let [Key::Name(name), rest @ ..] = rest else {
            return job.services.values().for_each(|service| self.from(&service.origin, "the server"));
        };
        let of_rows = rows.iter().filter_map(|row| row.job.services.get(name));
        for service in job.services.get(name).into_iter().chain(of_rows) {
            // Options are those that are written, and those of the health check.
            let health = service.keys.get("health").filter(|_| ends_with(rest, "options"));
            health.into_iter().for_each(|health| self.from(&health.origin, "the health check"));
            self.with_keys(Some((&service.keys, &service.origin)), rest, "the server");
        }
    }

    /// Something with keys of GitHub's.
    fn with_keys(&mut self, it: Option<(&Map, &Origin)>, rest: &[Key], what: &str) {
        let Some((keys, origin)) = it else { return };
        if !rest.is_empty() {
            self.entry(keys, rest, what);
        }
        self.from(origin, what);
    }

    fn variables(&mut self, job: &Job, rows: &[MatrixRow], rest: &[Key]) {
        self.entry(&job.env, rest, "the variable");
        for row in rows {
            self.entry(&row.job.env, rest, "of a row");
        }
        let shards = job.shards.iter().filter(|_| ends_with(rest, "SHARD") || ends_with(rest, "SHARDS"));
        shards.for_each(|shards| {
            self.from(&shards.origin, "the parts of the job");
            self.because("each part knows by this which one it is, and of how many");
        });
    }

    fn strategy(&mut self, job: &Job, rest: &[Key]) {
        let name = |at: usize| match rest.get(at) {
            Some(Key::Name(name)) => Some(name.as_str()),
            _ => None,
        };
        match name(0) {
            Some("fail-fast") => {
                return job.fail_fast.iter().for_each(|it| self.value(it, &[], "whether one failure ends the others"));
            }
            Some("max-parallel") => return job.max_parallel.iter().for_each(|it| self.value(it, &[], "how many run at once")),
            _ => {}
        }
        if name(1) == Some("shard") {
            job.shards.iter().for_each(|shards| self.from(&shards.origin, "the parts of the job"));
        }
        let below = rest.get(2..).unwrap_or_default();
        match &job.matrix {
            Some(Matrix::Expr(text)) => self.text(text, &job.origin, "the matrix"),
            Some(Matrix::Axes { axes, include, exclude, origin }) => {
                let list = match name(1) {
                    Some("include") => include.as_slice(),
                    Some("exclude") => exclude.as_slice(),
                    Some(axis) => {
                        axes.get(axis).into_iter().for_each(|values| self.value(values, below, "the axis"));
                        &[]
                    }
                    None => &[],
                };
                match below {
                    [Key::Item(at), rest @ ..] => {
                        list.get(*at).into_iter().for_each(|it| self.value(it, rest, "the combination"));
                    }
                    _ => list.iter().for_each(|it| self.from(&it.origin, "a combination")),
                }
                self.from(origin, "the matrix");
            }
            Some(Matrix::Rows { rows, origin, .. }) => {
                let only = match below {
                    [Key::Item(at), ..] if self.lists(job, name(1)) == rows.len() => Some(*at),
                    _ => None,
                };
                let wanted = rows.iter().enumerate().filter(|(at, _)| only.is_none_or(|only| only == *at));
                wanted.for_each(|(_, row)| self.from(&row.value.origin, "the row"));
                self.from(origin, "the matrix");
            }
            None => {}
        }
        job.shards.iter().for_each(|shards| self.from(&shards.origin, "the parts of the job"));
    }

    /// How many entries a list of the matrix has.
    fn lists(&self, job: &Job, list: Option<&str>) -> usize {
        let jobs = self.made.workflow.jobs.as_ref().and_then(|jobs| jobs.0.get(&job.id));
        let matrix = jobs.and_then(|job| job.strategy.as_ref()?.known()?.matrix.as_ref()?.known());
        let count = matrix.and_then(|matrix| match list {
            Some("include") => matrix.include.as_ref().and_then(Or::known).map(Vec::len),
            Some(axis) => matrix.axes.get(axis).and_then(Or::known).map(Vec::len),
            None => None,
        });
        count.unwrap_or_default()
    }

    fn call(&mut self, work: &Work, key: &str, rest: &[Key]) {
        let Some(call) = &work.job.call else { return };
        match (key, &call.secrets) {
            ("with", _) => self.entry(&call.with, rest, "the input"),
            ("secrets", Some(Secrets::Named(map))) => self.entry(map, rest, "the secret"),
            ("uses", _) => {
                self.text(&call.workflow, &call.origin, "the workflow");
                self.pinned(&call.workflow);
            }
            _ => {}
        }
        self.from(&call.origin, "the call");
    }

    /// Why a commit stands where a tag is written, or a digest behind it.
    pub(super) fn pinned(&mut self, uses: &str) {
        if let Some((_, commit)) = uses.split_once('@') {
            self.decided("pin", None, &Subject::Pin(commit.to_owned()));
        }
    }

    /// The keyword of a statement of a job, where it stands in the spec itself.
    fn at_statement(&mut self, job: &Job, keyword: Keyword, what: &str) {
        let span = self.block(job).and_then(|block| statement(block, keyword));
        span.into_iter().for_each(|span| self.at(span, what));
    }

    /// The block of a job, where it is written in the spec itself.
    fn block(&self, job: &Job) -> Option<&Block> {
        let mut found = None;
        visit::statements(&self.made.ast.body, &mut |statement| {
            if let Kind::Job { name, body: Body::Block(block), .. } = &statement.kind
                && overlap(name.span, job.origin.span)
            {
                found = Some(block);
            }
        });
        found
    }
}

fn overlap(one: Span, other: Span) -> bool {
    one.contains(other) || other.contains(one)
}

/// Why a job comes after another, as a label at the place that says so.
fn why(kind: &EdgeKind, from: &str) -> String {
    match kind {
        EdgeKind::Order => format!("`needs` names `{from}`"),
        EdgeKind::Outputs => format!("an expression asks for outputs or the result of `{from}`"),
        EdgeKind::Data { path } => format!("reads `{path}`, which `{from}` writes"),
    }
}
