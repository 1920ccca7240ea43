//! A work to a job.

use super::rows::Columns;
use super::{Diags, alternatives, concurrency, defaults, dict, matrix, permissions, step, values};
use crate::cost::auto;
use crate::diagnostics::codes::w0702_lock_may_cancel::lock_may_cancel;
use crate::hir::{self, Job, Map, Runner, Secrets, Switch, Value, ValueKind};
use crate::map::IndexMap;
use crate::plan::{Derived, Member, Plan, Work};
use crate::workflow::model::{
    self, Concurrency, ConcurrencyRecord, Container, ContainerRecord, Credentials, Dict, Environment, EnvironmentRecord, Lines,
    List, Or, RunsOn, RunsOnRecord, Scalar, Snapshot, SnapshotRecord, Steps, Uses,
};

pub(super) fn lower(plan: &Plan, work: &Work, needs: Vec<String>, diags: Diags<'_>) -> model::Job {
    let job = &work.job;
    let columns = Columns::of(plan, job);
    let common = model::Job {
        origin: Some(job.origin.span),
        name: job.title.as_ref().map(values::text),
        needs: (!needs.is_empty()).then(|| List::of(needs)),
        condition: job.when.as_ref().and_then(values::condition),
        permissions: job.permissions.as_ref().map(permissions),
        concurrency: group(plan, job, diags),
        strategy: matrix::strategy(plan, work, &columns).map(Or::Is),
        extra: values::raw(&job.raw),
        ..model::Job::default()
    };
    if let Some(call) = &job.call {
        return model::Job {
            uses: Some(Uses { action: workflow_path(&call.workflow), tag: call.tag.clone() }),
            with: dict(&call.with),
            secrets: call.secrets.as_ref().map(|secrets| match secrets {
                Secrets::Inherit => model::Secrets::Inherit,
                Secrets::Named(map) => {
                    model::Secrets::Some(map.iter().map(|(key, value)| (key.clone(), values::scalar(value))).collect())
                }
            }),
            ..common
        };
    }
    let context = step::Context::of(plan, work);
    let mut steps: Vec<model::Step> = Vec::new();
    for made in Made::all(work) {
        let mut lowered = made.lower(&context, diags);
        // Where several jobs became one, whose steps these are.
        let begins = |member: &&Member| matches!(made, Made::Own(at, _) if member.steps.start == at);
        if let (Some(member), Some(first)) = (work.members.iter().find(begins), lowered.first_mut()) {
            first.comments.push(format!("Job {} of the spec.", member.id));
        }
        steps.append(&mut lowered);
    }
    steps.shrink_to_fit();
    model::Job {
        runs_on: Some(runs_on(plan, work, &columns)),
        timeout_minutes: timeout(plan, work, &columns),
        cancel_timeout_minutes: job.cancel_timeout.as_ref().map(values::minutes),
        continue_on_error: job.may_fail.as_ref().map(|when| when.as_ref().map_or(Scalar::Bool(true), step::expression)),
        environment: job.environment.as_ref().map(environment),
        container: job.container.as_ref().map(container),
        services: services(job, &columns),
        snapshot: job.snapshot.as_ref().map(snapshot),
        outputs: (!job.outputs.is_empty())
            .then(|| Or::Is(job.outputs.iter().map(|(key, value)| (key.clone(), values::text(value))).collect())),
        env: env(plan, work, &columns),
        defaults: defaults(job.shell.as_ref(), job.dir.as_ref()),
        steps: Some(Steps(steps)),
        ..common
    }
}

/// What steps are made of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Made<'p> {
    /// The step of the job with that number.
    Own(usize, &'p hir::Step),
    /// One that the compiler adds: before the job's own, or behind them.
    Derived(&'p Derived),
}

impl<'p> Made<'p> {
    /// All of a work, in order.
    fn all(work: &'p Work) -> impl Iterator<Item = Self> {
        let mut own = work.job.steps.iter().enumerate().map(|(at, step)| Self::Own(at, step));
        let lead: Vec<_> = own.by_ref().take(work.lead()).collect();
        lead.into_iter().chain(work.prologue.iter().map(Self::Derived)).chain(own).chain(work.epilogue.iter().map(Self::Derived))
    }

    fn lower(self, context: &step::Context<'_>, diags: Diags<'_>) -> Vec<model::Step> {
        match self {
            Self::Own(_, each) => step::lower(each, context, diags),
            Self::Derived(derived) => step::derived(derived, context, diags),
        }
    }

    /// What each step of the output is made of, and which of the steps that this becomes it is.
    pub(crate) fn of_output(plan: &'p Plan, work: &'p Work) -> Vec<(Self, usize)> {
        let context = step::Context::of(plan, work);
        let several = |made: Self| {
            let count = made.lower(&context, &mut Vec::new()).len();
            (0..count).map(move |at| (made, at))
        };
        Self::all(work).flat_map(several).collect()
    }
}

/// A spec that is called is called as what it compiles to.
fn workflow_path(path: &str) -> String {
    if let Some((path, reference)) = path.split_once('@') {
        return format!("{}@{reference}", workflow_path(path));
    }
    match path.strip_suffix(".pipe") {
        Some(stem) if stem.contains(".github/workflows/") => format!("{stem}.yml"),
        Some(stem) => format!("./.github/workflows/{}.yml", stem.rsplit('/').next().unwrap_or(stem)),
        None => path.to_owned(),
    }
}

fn runs_on(plan: &Plan, work: &Work, columns: &Columns<'_>) -> RunsOn {
    if let Some(column) = &columns.runner {
        return RunsOn::Labels(List::One(column.asks.clone()));
    }
    let job = &work.job;
    let usual = match job.runner.as_ref().or(plan.pipeline.defaults.runner.as_ref()) {
        Some(Runner::Label(label)) => named(plan, label).unwrap_or_else(|| RunsOn::Labels(List::One(values::text(label)))),
        Some(Runner::Data(value)) => labels(value),
        Some(Runner::Auto(wishes)) => labelled(plan, &auto::usual(&plan.pipeline, job, wishes)),
        None => labelled(plan, "ubuntu-latest"),
    };
    alternatives::runner(plan, work, &usual).unwrap_or(usual)
}

/// A machine by the name that the spec gives to it, or by its label.
pub(super) fn labelled(plan: &Plan, label: &str) -> RunsOn {
    named(plan, label).unwrap_or_else(|| RunsOn::Labels(List::One(label.into())))
}

fn named(plan: &Plan, label: &str) -> Option<RunsOn> {
    plan.pipeline.runners.get(label).map(|named| labels(&named.label))
}

fn labels(value: &Value) -> RunsOn {
    let list = |value: &Value| match &value.kind {
        ValueKind::List(items) => List::Many(items.iter().map(values::scalar).collect()),
        _ => List::One(values::scalar(value)),
    };
    match &value.kind {
        ValueKind::Map(map) => RunsOn::Group(RunsOnRecord {
            group: map.get("group").map(values::scalar),
            labels: map.get("labels").map(list),
            ..RunsOnRecord::default()
        }),
        _ => RunsOn::Labels(list(value)),
    }
}

/// Minutes, of the job or else of the file.
pub(super) fn own_timeout(plan: &Plan, job: &Job) -> Option<Scalar> {
    match (&job.timeout, &plan.pipeline.defaults.timeout) {
        (Switch::Written(value), _) | (Switch::Derived, Switch::Written(value)) => Some(values::minutes(value)),
        _ => None,
    }
}

fn timeout(plan: &Plan, work: &Work, columns: &Columns<'_>) -> Option<Scalar> {
    let usual = || {
        let usual = own_timeout(plan, &work.job)?;
        Some(alternatives::timeout(plan, work, &usual).unwrap_or(usual))
    };
    columns.timeout.as_ref().map(|column| column.asks.clone()).or_else(usual)
}

/// The job's variables, those that its rows set, and what a shard knows of itself.
fn env(plan: &Plan, work: &Work, columns: &Columns<'_>) -> Option<Or<Dict>> {
    let job = &work.job;
    let mut dict: Dict = job.env.iter().map(|(key, value)| (key.clone(), values::scalar(value))).collect();
    dict.extend(columns.variables.iter().map(|(name, column)| ((*name).to_owned(), column.asks.clone())));
    if job.shards.is_some() {
        // Where nothing splits the job yet, all of it is the first part of one.
        let (shard, shards) = matrix::shards(job).map_or((1.into(), 1), |count| ("${{ matrix.shard }}".into(), count));
        dict.insert("SHARD".to_owned(), shard);
        dict.insert("SHARDS".to_owned(), alternatives::count(plan, work, shards).unwrap_or_else(|| shards.into()));
    }
    (!dict.is_empty()).then_some(Or::Is(dict))
}

fn group(plan: &Plan, job: &Job, diags: Diags<'_>) -> Option<Concurrency> {
    let Some(lock) = &job.locks else { return job.concurrency.written().map(concurrency) };
    let queue = plan.pipeline.target.queue_max.then(|| Scalar::from("max"));
    if queue.is_none() {
        diags.push(lock_may_cancel(&lock.spelled(), lock.origin.span));
    }
    Some(Concurrency::Full(ConcurrencyRecord {
        group: Some(values::scalar(lock)),
        cancel_in_progress: Some(Scalar::Bool(false)),
        queue,
        ..ConcurrencyRecord::default()
    }))
}

fn environment(written: &hir::Container) -> Environment {
    let name = values::text(&written.name);
    if written.keys.is_empty() {
        return Environment::Name(name);
    }
    Environment::Full(EnvironmentRecord {
        name: Some(name),
        url: written.keys.get("url").map(values::scalar),
        deployment: written.keys.get("deployment").map(values::scalar),
        ..EnvironmentRecord::default()
    })
}

fn snapshot(value: &Value) -> Snapshot {
    match &value.kind {
        ValueKind::Map(map) => Snapshot::Full(SnapshotRecord {
            image_name: map.get("image-name").map(values::scalar),
            version: map.get("version").map(values::scalar),
            condition: map.get("if").map(values::scalar),
            ..SnapshotRecord::default()
        }),
        _ => Snapshot::Image(values::scalar(value)),
    }
}

fn container(written: &hir::Container) -> Container {
    if written.keys.is_empty() {
        return Container::Image(values::text(&written.name));
    }
    Container::Full(ContainerRecord { image: Some(values::text(&written.name)), ..record(&written.keys) })
}

/// The servers of the job, and those that rows have: a server whose image is empty is not started.
fn services(job: &Job, columns: &Columns<'_>) -> Option<Or<IndexMap<String, Container>>> {
    // GitHub takes the image alone as well; the schema that editors use does not.
    let mut all: IndexMap<String, ContainerRecord> =
        job.services.iter().map(|(name, service)| (name.clone(), record(&service.keys))).collect();
    for (name, (column, service)) in &columns.images {
        let container = all.entry((*name).to_owned()).or_insert_with(|| record(&service.keys));
        container.image = Some(column.asks.clone());
    }
    (!all.is_empty()).then(|| Or::Is(all.into_iter().map(|(name, record)| (name, Container::Full(record))).collect()))
}

fn record(keys: &Map) -> ContainerRecord {
    let lines = |key: &str| match keys.get(key).map(|value| &value.kind) {
        // `5432:5432` and `8080` are texts to GitHub.
        Some(ValueKind::List(items)) => Some(Or::Is(Lines::of(items.iter().map(values::scalar)))),
        Some(_) => keys.get(key).map(|value| Or::Is(Lines::of([values::scalar(value)]))),
        None => None,
    };
    let credentials = match keys.get("credentials").map(|value| (value, &value.kind)) {
        Some((_, ValueKind::Map(map))) => Some(Or::Is(Credentials {
            username: map.get("username").map(values::scalar),
            password: map.get("password").map(values::scalar),
            ..Credentials::default()
        })),
        Some((value, _)) => Some(Or::Expr(values::scalar(value).text().into_owned())),
        None => None,
    };
    let env = match keys.get("env").map(|value| (value, &value.kind)) {
        Some((_, ValueKind::Map(map))) => dict(map),
        Some((value, _)) => Some(Or::Expr(values::scalar(value).text().into_owned())),
        None => None,
    };
    ContainerRecord {
        image: keys.get("image").map(values::scalar),
        credentials,
        env,
        ports: lines("ports"),
        volumes: lines("volumes"),
        options: options(keys),
        entrypoint: keys.get("entrypoint").map(values::scalar),
        command: keys.get("command").map(values::scalar),
        ..ContainerRecord::default()
    }
}

/// Written options, then those of the health check. GitHub splits them at blanks, and only `"` keeps some together.
fn options(keys: &Map) -> Option<Scalar> {
    let mut options: Vec<String> =
        keys.get("options").into_iter().map(|value| values::scalar(value).text().into_owned()).collect();
    if let Some(ValueKind::Map(health)) = keys.get("health").map(|value| &value.kind) {
        for (key, option) in
            [("cmd", "cmd"), ("interval", "interval"), ("timeout", "timeout"), ("retries", "retries"), ("start", "start-period")]
        {
            if let Some(value) = health.get(key) {
                let spelled = value.spelled();
                let quoted = if spelled.contains(' ') { format!("\"{}\"", spelled.replace('"', "\\\"")) } else { spelled };
                options.push(format!("--health-{option} {quoted}"));
            }
        }
    }
    (!options.is_empty()).then(|| Scalar::Str(options.join(" ")))
}
