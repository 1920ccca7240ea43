//! The machine of a job, as far as time and money depend on it.

use crate::catalog::runners::{self, Kind};
use crate::expr::text::holes;
use crate::hir::{self, Job, Money, NamedRunner, Runner, Value, ValueKind};
use crate::map::IndexMap;
use crate::plan::{Plan, Task};

/// A kind of machine.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Machine {
    /// What it is called: the label, or the name that the spec gives to it.
    pub label: String,
    /// Its system: `linux`, `windows`, `macos`; empty where that is not known.
    pub os: String,
    /// How many processors it has.
    pub cores: u32,
    /// What a minute costs; none where that is not known.
    pub price: Option<f64>,
    /// What the time of a job is rounded up to, in seconds.
    pub billed: f64,
    /// When a job on it is ended.
    pub longest: f64,
}

/// Where the repository is: standard machines are larger in a public one, and cost nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// Minutes are paid.
    #[default]
    Private,
    /// Those of standard machines are free.
    Public,
}

/// What the spec says of where the repository is: `optimize { public on }`.
pub fn visibility(plan: &Plan) -> Visibility {
    let public = plan.pipeline.optimize.settings.get("public");
    if public.is_some_and(|value| matches!(value.spelled().as_str(), "on" | "true")) {
        Visibility::Public
    } else {
        Visibility::Private
    }
}

impl Machine {
    /// Of the catalogue.
    pub fn of(runner: &runners::Runner, visibility: Visibility) -> Self {
        let public = visibility == Visibility::Public;
        let shape = if public { runner.public } else { runner.shape };
        Self {
            label: runner.label.to_owned(),
            os: runner.os.to_owned(),
            cores: shape.cores,
            price: if public && runner.kind == Kind::Standard { Some(0.0) } else { price(runner) },
            billed: f64::from(runner.billed),
            longest: runner.longest() as f64 * 60.0,
        }
    }

    /// One of which nothing is known but its name: of one's own, it costs nothing.
    fn unknown(label: String, price: Option<f64>) -> Self {
        Self { label, os: String::new(), cores: 2, price, billed: 60.0, longest: super::assume::LONGEST }
    }

    /// What a job of this many seconds costs; nothing where no price is known.
    pub fn cost(&self, seconds: f64) -> f64 {
        self.billed_seconds(seconds) / 60.0 * self.price.unwrap_or_default()
    }

    /// What is billed of so many seconds: "GitHub rounds the minutes and partial minutes each job uses up to the nearest whole minute"
    /// (github/docs actions-runner-pricing.md at 0460e409).
    pub fn billed_seconds(&self, seconds: f64) -> f64 {
        // A sum of parts that is a minute must not become two by an error in the last bit.
        ((seconds / self.billed) - 1e-9).ceil().max(0.0) * self.billed
    }
}

/// The price of a machine, or that of GitHub's larger one of the same shape, where no source has its own.
fn price(runner: &runners::Runner) -> Option<f64> {
    let larger = || runners::of_shape(runner.os, runner.arch, runner.shape.cores).and_then(|larger| larger.price);
    runner.price.or_else(larger)
}

/// What the row of a task says itself, where its rows have statements of their own.
pub(super) fn row<'j>(job: &'j Job, task: &Task) -> Option<&'j Job> {
    let (axis, rows) = job.written_rows();
    let is_its = |row: &&hir::MatrixRow| task.row.get(axis).is_some_and(|value| *value == row.value.spelled());
    rows.iter().find(is_its).map(|row| &row.job)
}

/// The machine that a task runs on, as far as that is written.
pub fn of_task(plan: &Plan, job: &Job, task: &Task, visibility: Visibility) -> Machine {
    let own = row(job, task).and_then(|row| row.runner.as_ref()).or(job.runner.as_ref());
    match own.or(plan.pipeline.defaults.runner.as_ref()) {
        Some(Runner::Label(label)) => labelled(plan, &filled(label, &task.row), visibility),
        Some(Runner::Data(value)) => of_data(value, visibility),
        Some(Runner::Auto(_)) | None => labelled(plan, "ubuntu-latest", visibility),
    }
}

/// A text with the values of a row in it.
fn filled(text: &str, row: &IndexMap<String, String>) -> String {
    let mut filled = text.to_owned();
    for (span, expr) in holes(text).into_iter().rev() {
        if let Some([context, axis]) = expr.as_path().as_deref()
            && context.eq_ignore_ascii_case("matrix")
            && let Some(value) = row.get(axis)
        {
            filled.replace_range(span.start as usize..span.end as usize, value);
        }
    }
    filled
}

fn labelled(plan: &Plan, label: &str, visibility: Visibility) -> Machine {
    match plan.pipeline.runners.get(label) {
        Some(named) => of_name(label, named, visibility),
        None => {
            runners::find(label).map_or_else(|| Machine::unknown(label.to_owned(), None), |known| Machine::of(known, visibility))
        }
    }
}

/// A machine that the spec names: what it says of it goes over what the catalogue has.
pub(crate) fn of_name(name: &str, named: &NamedRunner, visibility: Visibility) -> Machine {
    let text = |key: &str| named.shape.get(key).map(Value::spelled);
    let base = of_data(&named.label, visibility);
    let (os, arch) = (text("os").unwrap_or(base.os.clone()), text("arch").unwrap_or_else(|| "x64".to_owned()));
    let cores = text("cores").and_then(|cores| cores.parse().ok());
    // What an organisation calls its larger machine says nothing; its shape does.
    let by_shape = cores.and_then(|cores| runners::of_shape(if os.is_empty() { "linux" } else { &os }, &arch, cores));
    let written = text("price").and_then(|price| Money::parse(&price)).map(Money::dollars);
    Machine {
        label: name.to_owned(),
        cores: cores.unwrap_or(base.cores),
        price: written.or(base.price).or_else(|| by_shape.and_then(price)),
        os,
        ..base
    }
}

fn of_data(value: &hir::Value, visibility: Visibility) -> Machine {
    let labels: Vec<String> = match &value.kind {
        ValueKind::List(items) => items.iter().map(Value::spelled).collect(),
        ValueKind::Map(map) => map.get("labels").into_iter().chain(map.get("group")).map(Value::spelled).collect(),
        _ => vec![value.spelled()],
    };
    if let Some(known) = labels.iter().find_map(|label| runners::find(label)) {
        return Machine::of(known, visibility);
    }
    let own = labels.iter().any(|label| label.eq_ignore_ascii_case("self-hosted"));
    Machine::unknown(labels.join(", "), own.then_some(0.0))
}
