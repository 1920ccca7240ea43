//! The machine of a job, as far as time and money depend on it.

use super::{Quota, auto};
use crate::catalog::runners::{self, Kind};
use crate::expr::text::holes;
use crate::hir::{self, Job, Money, NamedRunner, Pipeline, Runner, Size, Value, ValueKind};
use crate::map::IndexMap;
use crate::plan::{Plan, Task};
use crate::profile::{Measured, Times};

/// A kind of machine.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Machine {
    /// What it is called: the label, or the name that the spec gives to it.
    pub label: String,
    /// What GitHub says that jobs on it ask for: its labels.
    pub labels: String,
    /// Its system: `linux`, `windows`, `macos`; empty where that is not known.
    pub os: String,
    /// Its processor: `x64` or `arm64`.
    pub arch: String,
    /// How many processors it has, or is taken to have where that is not known.
    pub cores: u32,
    /// What it has, as far as that is known.
    pub has: Resources,
    /// Whether it is a container with fewer tools: [`crate::catalog::slim`] has what works there.
    pub slim: bool,
    /// What a minute costs; none where that is not known.
    pub price: Option<f64>,
    /// What the time of a job is rounded up to, in seconds.
    pub billed: f64,
    /// When a job on it is ended.
    pub longest: f64,
    /// What a job on it counts against.
    pub quota: Quota,
    /// How many of them a job keeps busy in the mean, where that is a workflow of several jobs; else one.
    pub several: Option<f64>,
}

/// What a machine has, or a job asks for with `resources`; nothing where that is not known, or not asked.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Resources {
    /// Processors.
    pub cpu: Option<f64>,
    /// Memory, in GB.
    pub memory: Option<f64>,
    /// Disk, in GB.
    pub disk: Option<f64>,
}

impl Resources {
    /// What a job asks for.
    pub fn of(job: &Job) -> Self {
        Self::read(&job.resources, "cpu")
    }

    /// From data that has processors under that key.
    fn read(map: &hir::Map, cpu: &str) -> Self {
        let text = |key: &str| map.get(key).map(Value::spelled);
        let gigabytes = |key: &str| Some(Size::parse(&text(key)?)?.0 as f64 / f64::from(1 << 30));
        Self {
            cpu: text(cpu).and_then(|cpu| cpu.parse().ok()).filter(|cpu: &f64| cpu.is_finite()),
            memory: gigabytes("memory"),
            disk: gigabytes("disk"),
        }
    }

    fn shape(shape: runners::Shape) -> Self {
        Self { cpu: Some(shape.cores.into()), memory: Some(shape.memory.into()), disk: shape.disk.map(Into::into) }
    }

    /// What is known here, else there.
    fn or(self, other: Self) -> Self {
        Self { cpu: self.cpu.or(other.cpu), memory: self.memory.or(other.memory), disk: self.disk.or(other.disk) }
    }

    /// Each kind that is asked for, with what there is of it and what is asked, as people say it.
    fn each(self, asked: Self) -> impl Iterator<Item = (Option<f64>, f64, &'static str)> {
        let all = [
            (self.cpu, asked.cpu, " processors"),
            (self.memory, asked.memory, " GB of memory"),
            (self.disk, asked.disk, " GB of disk"),
        ];
        all.into_iter().filter_map(|(has, asked, unit)| Some((has, asked?, unit)))
    }

    /// Whether it has all that is asked for; none where that is not known.
    pub fn hold(self, asked: Self) -> Option<bool> {
        if self.lacks(asked).is_some() {
            return Some(false);
        }
        self.each(asked).all(|(has, ..)| has.is_some()).then_some(true)
    }

    /// What it is known to have too little of: what it has, and what is asked.
    pub fn lacks(self, asked: Self) -> Option<(String, String)> {
        let lack = self.each(asked).find_map(|(has, asked, unit)| has.filter(|has| *has < asked).map(|has| (has, asked, unit)));
        let of = |number: f64, unit: &str| {
            if number <= 1.0 && unit == " processors" { "1 processor".to_owned() } else { format!("{number}{unit}") }
        };
        lack.map(|(has, asked, unit)| (of(has, unit), of(asked, unit)))
    }
}

/// Where the repository is: standard machines are larger in a public one, and cost nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Minutes are paid.
    #[default]
    Private,
    /// Those of standard machines are free.
    Public,
}

/// What the spec says of where the repository is: `optimize { public on }`.
pub fn visibility(plan: &Plan) -> Visibility {
    visibility_of(&plan.pipeline)
}

/// The same, of a pipeline.
pub(crate) fn visibility_of(pipeline: &Pipeline) -> Visibility {
    let public = pipeline.optimize.settings.get("public");
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
            labels: runner.label.to_owned(),
            os: runner.os.to_owned(),
            arch: runner.arch.to_owned(),
            cores: shape.cores,
            has: Resources::shape(shape),
            slim: runner.is_slim(),
            price: if public && runner.kind == Kind::Standard { Some(0.0) } else { price(runner) },
            billed: f64::from(runner.billed),
            longest: runner.longest() as f64 * 60.0,
            quota: Quota::of(runner),
            several: None,
        }
    }

    /// One of which nothing is known but its labels: of one's own, it costs nothing. Whoever has it, it is no standard machine.
    fn of_labels(labels: &[String]) -> Self {
        let own = is_own(labels);
        let longest = if own { super::assume::LONGEST_OF_OWN } else { super::assume::LONGEST };
        let (label, price) = (labels.join(", "), own.then_some(0.0));
        let labels = label.clone();
        Self { label, labels, cores: 2, price, billed: 60.0, longest, quota: Quota::Unlimited, ..Self::default() }
    }

    /// What a job of this many seconds costs; nothing where no price is known.
    pub fn cost(&self, seconds: f64) -> f64 {
        self.billed_seconds(seconds) / 60.0 * self.price.unwrap_or_default()
    }

    /// What is billed of so many seconds: "GitHub rounds the minutes and partial minutes each job uses up to the nearest whole minute"
    /// (github/docs actions-runner-pricing.md at 0460e409).
    pub fn billed_seconds(&self, seconds: f64) -> f64 {
        // A sum of parts that is a minute must not become two by an error in the last bit.
        ((seconds / self.billed) - 1e-9).ceil().max(0.0) * self.billed * self.several.unwrap_or(1.0)
    }
}

/// What a workflow that is called has kept busy, as one machine: so many of them, at their mean price.
pub(super) fn of_call(pipeline: &Pipeline, usual: Machine, measured: &Measured, visibility: Visibility) -> Machine {
    let all: f64 = measured.busy.values().sum();
    let Some(whole) = measured.whole.as_ref().map(Times::mean).filter(|whole| *whole > 0.0 && all > 0.0) else { return usual };
    let each = || measured.busy.iter().map(|(labels, minutes)| (by_labels(pipeline, labels, visibility), minutes));
    let price = each().map(|(machine, minutes)| Some(machine.price? * minutes / all)).sum();
    let most = each().max_by(|one, other| one.1.total_cmp(other.1)).map_or_else(|| usual.clone(), |(machine, _)| machine);
    // What was billed is in whole minutes of each of its jobs; it varies as a whole.
    Machine { price, billed: 1.0, several: Some(all * 60.0 / whole), longest: super::assume::LONGEST_OF_CALL, ..most }
}

/// A machine by what GitHub says that jobs on it ask for.
pub(crate) fn by_labels(pipeline: &Pipeline, labels: &str, visibility: Visibility) -> Machine {
    let named = pipeline.runners.iter().map(|(name, named)| of_name(name, named, visibility));
    let own = named.into_iter().find(|machine| machine.labels == labels);
    let split: Vec<String> = labels.split(", ").map(str::to_owned).collect();
    own.unwrap_or_else(|| of_list(&split, visibility))
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
        Some(Runner::Label(label)) => labelled(&plan.pipeline, &filled(label, &task.row), visibility),
        Some(Runner::Data(value)) => of_data(value, visibility),
        Some(Runner::Auto(wishes)) => labelled(&plan.pipeline, &auto::usual(&plan.pipeline, job, wishes), visibility),
        None => labelled(&plan.pipeline, "ubuntu-latest", visibility),
    }
}

/// The machine of a runner, where that is not asked of the row.
pub(crate) fn of_runner(pipeline: &Pipeline, job: &Job, runner: &Runner, visibility: Visibility) -> Machine {
    match runner {
        Runner::Label(label) => labelled(pipeline, label, visibility),
        Runner::Data(value) => of_data(value, visibility),
        Runner::Auto(wishes) => labelled(pipeline, &auto::usual(pipeline, job, wishes), visibility),
    }
}

/// A text with the values of a row in it.
pub(super) fn filled(text: &str, row: &IndexMap<String, String>) -> String {
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

fn labelled(pipeline: &Pipeline, label: &str, visibility: Visibility) -> Machine {
    match pipeline.runners.get(label) {
        Some(named) => of_name(label, named, visibility),
        None => {
            runners::find(label).map_or_else(|| Machine::of_labels(&[label.to_owned()]), |known| Machine::of(known, visibility))
        }
    }
}

/// A machine that the spec names: what it says of it goes over what the catalogue has.
pub(crate) fn of_name(name: &str, named: &NamedRunner, visibility: Visibility) -> Machine {
    let text = |key: &str| named.shape.get(key).map(Value::spelled);
    let base = of_data(&named.label, visibility);
    let known = |own: &str, usual: &str| if own.is_empty() { usual.to_owned() } else { own.to_owned() };
    let (os, arch) = (text("os").unwrap_or(base.os.clone()), text("arch").unwrap_or_else(|| known(&base.arch, "x64")));
    let written = Resources::read(&named.shape, "cores");
    let cores = text("cores").and_then(|cores| cores.parse().ok());
    // What an organisation calls its larger machine says nothing; its shape does.
    let by_shape = cores.and_then(|cores| runners::of_shape(&known(&os, "linux"), &arch, cores));
    let shape = by_shape.map(|shape| Resources::shape(shape.shape)).unwrap_or_default();
    let paid = text("price").and_then(|price| Money::parse(&price)).map(Money::dollars);
    Machine {
        label: name.to_owned(),
        cores: cores.unwrap_or(base.cores),
        has: written.or(base.has).or(shape),
        price: paid.or(base.price).or_else(|| by_shape.and_then(price)),
        billed: text("billed").map_or(base.billed, |billed| if billed == "second" { 1.0 } else { 60.0 }),
        os,
        arch,
        ..base
    }
}

fn of_data(value: &hir::Value, visibility: Visibility) -> Machine {
    let each = |value: &Value| match &value.kind {
        ValueKind::List(items) => items.iter().map(Value::spelled).collect(),
        _ => vec![value.spelled()],
    };
    let group = |map: &hir::Map| map.get("group").map(each).unwrap_or_default();
    let labels: Vec<String> = match &value.kind {
        ValueKind::Map(map) => map.get("labels").map(each).filter(|labels| !labels.is_empty()).unwrap_or_else(|| group(map)),
        _ => each(value),
    };
    of_list(&labels, visibility)
}

fn of_list(labels: &[String], visibility: Visibility) -> Machine {
    match labels.iter().find_map(|label| runners::find(label)).filter(|_| !is_own(labels)) {
        Some(known) => Machine { labels: labels.join(", "), ..Machine::of(known, visibility) },
        None => Machine::of_labels(labels),
    }
}

/// Whether machines with these labels are one's own, whatever else they are called.
fn is_own(labels: &[String]) -> bool {
    labels.iter().any(|label| label.eq_ignore_ascii_case("self-hosted"))
}
