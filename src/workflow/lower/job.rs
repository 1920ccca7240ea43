//! A work to a job.

use indexmap::IndexMap;

use super::{Diags, concurrency, defaults, dict, matrix, permissions, step, values};
use crate::diagnostics::codes::w0702_lock_may_cancel::lock_may_cancel;
use crate::hir::{self, Job, Map, Matrix, MatrixRow, Runner, Secrets, Switch, Value, ValueKind};
use crate::plan::{Plan, Work};
use crate::workflow::model::{
    self, Concurrency, ConcurrencyRecord, Container, ContainerRecord, Credentials, Dict, Environment, EnvironmentRecord, Lines,
    List, Or, RunsOn, RunsOnRecord, Scalar, Snapshot, SnapshotRecord, Steps, Uses,
};

pub(super) fn lower(plan: &Plan, work: &Work, needs: &[&str], diags: Diags<'_>) -> model::Job {
    let job = &work.job;
    let file = &plan.pipeline.defaults;
    let common = model::Job {
        origin: Some(job.origin.span),
        name: job.title.as_ref().map(values::text),
        needs: (!needs.is_empty()).then(|| List::of(needs.iter().copied())),
        condition: job.when.as_ref().map(values::condition),
        permissions: job.permissions.as_ref().map(permissions),
        concurrency: group(plan, job, diags),
        strategy: matrix::strategy(plan, job).map(Or::Is),
        extra: values::raw(&job.raw),
        ..model::Job::default()
    };
    if let Some(call) = &job.call {
        return model::Job {
            uses: Some(Uses { action: workflow_path(&call.workflow), tag: None }),
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
    let dir = job.dir.as_ref().or(file.dir.as_ref());
    let context = step::Context { target: &plan.pipeline.target, moved: dir.is_some() };
    let (lead, own) = job.steps.split_at(work.lead());
    let mut steps: Vec<model::Step> = lead.iter().flat_map(|each| step::lower(each, &context, diags)).collect();
    steps.extend(work.prologue.iter().map(|derived| step::derived(derived, &context, diags)));
    steps.extend(own.iter().flat_map(|each| step::lower(each, &context, diags)));
    steps.extend(work.epilogue.iter().map(|derived| step::derived(derived, &context, diags)));
    steps.extend(job.keeps.iter().map(|keep| step::keep(keep, job)));
    model::Job {
        runs_on: Some(runs_on(plan, job)),
        timeout_minutes: timeout(plan, job),
        continue_on_error: job.may_fail.as_ref().map(|when| when.as_ref().map_or(Scalar::Bool(true), step::expression)),
        environment: job.environment.as_ref().map(environment),
        container: job.container.as_ref().map(container),
        services: services(job),
        snapshot: job.snapshot.as_ref().map(snapshot),
        outputs: (!job.outputs.is_empty())
            .then(|| Or::Is(job.outputs.iter().map(|(key, value)| (key.clone(), values::text(value))).collect())),
        env: env(plan, job),
        defaults: defaults(job.shell.as_ref(), job.dir.as_ref()),
        steps: Some(Steps(steps)),
        ..common
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

fn rows(job: &Job) -> &[MatrixRow] {
    match &job.matrix {
        Some(Matrix::Rows { rows, .. }) => rows,
        _ => &[],
    }
}

/// What asks for something that rows set, under the name that `column` gives it for an axis.
fn of_row(job: &Job, column: impl Fn(&str) -> String) -> String {
    let column = column(if let Some(Matrix::Rows { axis, .. }) = &job.matrix { axis } else { "" });
    if column.contains('.') { format!("matrix['{column}']") } else { format!("matrix.{column}") }
}

fn runs_on(plan: &Plan, job: &Job) -> RunsOn {
    let own = job.runner.as_ref().or(plan.pipeline.defaults.runner.as_ref());
    if rows(job).iter().any(|row| row.job.runner.is_some()) {
        let own = match own {
            Some(Runner::Label(label)) => matrix::label(plan, label),
            _ => "ubuntu-latest".to_owned(),
        };
        // A row without a runner of its own takes the job's.
        let all = rows(job).iter().all(|row| row.job.runner.is_some());
        let row = of_row(job, |axis| matrix::column(axis, matrix::RUNNER));
        let text = if all { format!("${{{{ {row} }}}}") } else { format!("${{{{ {row} || '{own}' }}}}") };
        return RunsOn::Labels(List::One(Scalar::Str(text)));
    }
    match own {
        Some(Runner::Label(label)) => match plan.pipeline.runners.get(label.as_str()) {
            Some(named) => labels(&named.label),
            None => RunsOn::Labels(List::One(values::text(label))),
        },
        Some(Runner::Data(value)) => labels(value),
        Some(Runner::Auto(_)) | None => RunsOn::Labels(List::One("ubuntu-latest".into())),
    }
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

fn timeout(plan: &Plan, job: &Job) -> Option<Scalar> {
    let own = match (&job.timeout, &plan.pipeline.defaults.timeout) {
        (Switch::Written(value), _) | (Switch::Derived, Switch::Written(value)) => Some(values::minutes(value)),
        _ => None,
    };
    let with = rows(job).iter().filter(|row| row.job.timeout.written().is_some()).count();
    if with == 0 {
        return own;
    }
    let rest = own.map_or_else(|| "360".to_owned(), |own| own.text().into_owned());
    let row = of_row(job, |axis| matrix::column(axis, matrix::TIMEOUT));
    let text = if with == rows(job).len() { format!("${{{{ {row} }}}}") } else { format!("${{{{ {row} || {rest} }}}}") };
    Some(Scalar::Str(text))
}

/// The job's variables, those that its rows set, and what a shard knows of itself.
fn env(plan: &Plan, job: &Job) -> Option<Or<Dict>> {
    let mut dict: Dict = job.env.iter().map(|(key, value)| (key.clone(), values::scalar(value))).collect();
    for name in rows(job).iter().flat_map(|row| row.job.env.keys()) {
        let everywhere = rows(job).iter().all(|row| row.job.env.contains_key(name));
        let own = match job.env.get(name).or(plan.pipeline.defaults.env.get(name)) {
            Some(value) if !everywhere => format!(" || {}", values::literal(value)),
            _ => String::new(),
        };
        dict.insert(name.clone(), Scalar::Str(format!("${{{{ {}{own} }}}}", of_row(job, |axis| matrix::variable(axis, name)))));
    }
    if let Some(count) = matrix::shards(job) {
        dict.insert("SHARD".to_owned(), "${{ matrix.shard }}".into());
        dict.insert("SHARDS".to_owned(), count.into());
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

fn services(job: &Job) -> Option<Or<IndexMap<String, Container>>> {
    let one = |service: &hir::Service| match (service.keys.len(), service.keys.get("image")) {
        (1, Some(image)) => Container::Image(values::scalar(image)),
        _ => Container::Full(record(&service.keys)),
    };
    let all: IndexMap<_, _> = job.services.iter().map(|(name, service)| (name.clone(), one(service))).collect();
    (!all.is_empty()).then_some(Or::Is(all))
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
    let mut options: Vec<String> = keys.get("options").into_iter().map(Value::spelled).collect();
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
