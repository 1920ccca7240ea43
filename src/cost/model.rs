//! What each job of a plan does, for how long, and on what evidence.

use std::sync::Arc;

use super::conditions::Conditions;
use super::event::Event;
use super::failures::{Failures, failed};
use super::guards::{Guards, share};
use super::machine::{self, Machine, Visibility};
use super::parts::Parts;
use super::{Beside, Broken, Elapsed, Evidence, Quotas, Spread, assume, evidence};
use crate::hir::{self, Duration, Switch};
use crate::map::IndexMap;
use crate::plan::{Plan, Role, Task, Work};
use crate::profile::{Measured, Profile};

/// What a run of a plan consists of.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Its jobs, in the order of the plan.
    pub jobs: Vec<Job>,
    /// How often each cache layer has the exact key, by its place.
    pub layers: Vec<f64>,
    /// In which share of all runs each condition of jobs holds, as far as that was measured.
    pub guards: IndexMap<String, f64>,
    /// How those hang together.
    pub conditions: Conditions,
    /// How many jobs may run at a time.
    pub quotas: Quotas,
}

/// A job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// The jobs that it waits for, by place.
    pub needs: Vec<usize>,
    /// Its rows; one where it has none.
    pub legs: Vec<Leg>,
    /// How many rows run at a time.
    pub at_once: usize,
    /// What starts first where machines are short: the greater.
    pub priority: i32,
    /// What its failures do.
    pub failures: Failures,
    /// The jobs of the spec that became this one, where it was several.
    pub members: Vec<String>,
    /// The conditions without which it is left out, by place: its own, and those of the jobs that it waits for.
    pub guards: Vec<usize>,
}

/// A row of a job: what has a machine.
#[derive(Debug, Clone)]
pub struct Leg {
    /// The id of its task.
    pub id: String,
    /// Where it runs.
    pub machine: Arc<Machine>,
    /// When it is ended.
    pub timeout: f64,
    /// In which share of all runs it runs, as far as that was measured.
    pub share: f64,
    /// In which share of those it fails, as far as that was measured.
    pub fails: f64,
    /// How long it takes where it fails, where that is known; else it ends at any time.
    pub failing: Option<Spread>,
    /// How long it waits for its machine.
    pub queue: Spread,
    /// What no other row that has it may hold meanwhile, by number: of `locks`, or of `concurrency`.
    pub lock: Option<usize>,
    /// What it does, in order.
    pub parts: Vec<Part>,
}

impl Leg {
    /// One that runs always, never fails, and waits for nothing.
    pub fn new(id: String, machine: Arc<Machine>, parts: Vec<Part>) -> Self {
        Self {
            id,
            timeout: machine.longest,
            machine,
            share: 1.0,
            fails: 0.0,
            failing: None,
            queue: Spread::default(),
            lock: None,
            parts,
        }
    }
}

/// A part of what a job does.
#[derive(Debug, Clone)]
pub struct Part {
    /// What for.
    pub kind: PartKind,
    /// What it is called.
    pub name: String,
    /// How long it takes.
    pub time: Spread,
    /// In which runs.
    pub on: On,
    /// Of those, the ones in which these conditions hold, besides those of its job.
    pub guards: Vec<usize>,
    /// When it is ended.
    pub limit: Option<Limit>,
    /// How often it fails and what that does; none where it is not known to fail by itself.
    pub broken: Option<Box<Broken>>,
    /// How that is known.
    pub evidence: Evidence,
    /// Whether the time was reckoned by what a cache is taken to spare it.
    pub spared: bool,
    /// Which of its job's members it is of, by place.
    pub member: usize,
    /// How it stands to others in the background; none where it has nothing to do with such.
    pub beside: Option<Box<Beside>>,
}

impl Part {
    /// One that is in every run, as long as it takes.
    pub fn new(kind: PartKind, name: &str, time: Spread, evidence: Evidence) -> Self {
        let (on, name) = (On::Always, name.to_owned());
        Self {
            kind,
            name,
            time,
            on,
            guards: Vec::new(),
            limit: None,
            broken: None,
            evidence,
            spared: false,
            member: 0,
            beside: None,
        }
    }

    /// The mean of how long it takes where it is in a run, and of the square of that.
    fn moments(&self) -> [f64; 2] {
        match self.limit {
            Some(limit) => self.time.moments_within(limit.seconds),
            None => [self.time.mean(), self.time.mean_square()],
        }
    }
}

/// The most that a part may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// After so long it is ended.
    pub seconds: f64,
    /// Whether its job goes on then; else it fails.
    pub goes_on: bool,
}

/// What a part is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    /// The machine starts.
    Boot,
    /// The servers beside the job start.
    Services,
    /// A step of the compiler's.
    Step(Role),
    /// A step of the author's.
    Command,
}

impl PartKind {
    /// Whether it is the author's work, not what goes with having a machine.
    pub fn is_work(self) -> bool {
        self == Self::Command
    }
}

/// In which runs a part is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum On {
    /// In all.
    Always,
    /// Where a cache layer did not have the exact key.
    Miss(usize),
    /// In this share of them.
    Share(f64),
}

impl Job {
    /// Its name for people: the jobs of the spec that run in it.
    pub fn shown(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }

    /// The jobs of the spec that run in it, or itself.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = self.members.is_empty().then_some(self.id.as_str());
        own.into_iter().chain(self.members.iter().map(String::as_str))
    }
}

impl Model {
    /// The mean of how often a part is in a run.
    pub fn share(&self, on: On) -> f64 {
        match on {
            On::Always => 1.0,
            On::Miss(layer) => 1.0 - self.layers.get(layer).copied().unwrap_or_default(),
            On::Share(share) => share,
        }
    }

    /// In which share of all runs conditions hold, where each holds independently of the others.
    pub fn holds(&self, guards: &[usize]) -> f64 {
        guards.iter().filter_map(|&guard| self.guards.get_index(guard)).map(|(_, share)| share).product()
    }

    /// The mean time of a part, in the runs of its job.
    pub fn mean_part(&self, part: &Part) -> f64 {
        part.moments()[0] * self.share(part.on) * self.holds(&part.guards)
    }

    /// The variance of that.
    pub fn variance_part(&self, part: &Part) -> f64 {
        let share = self.share(part.on) * self.holds(&part.guards);
        (part.moments()[1] * share - self.mean_part(part).powi(2)).max(0.0)
    }

    /// The mean time of a row, from when it has a machine.
    pub fn mean(&self, leg: &Leg) -> f64 {
        self.mean_of(leg, |_| true).min(leg.timeout)
    }

    /// The mean time of some parts of a row, where the others take none.
    pub fn mean_of(&self, leg: &Leg, of: impl Fn(&Part) -> bool) -> f64 {
        elapsed(leg, of, |part| self.mean_part(part))
    }

    /// The same where none is ended for taking too long.
    pub fn unlimited_mean_of(&self, leg: &Leg, of: impl Fn(&Part) -> bool) -> f64 {
        elapsed(leg, of, |part| match part.limit {
            Some(Limit { goes_on: false, .. }) => part.time.mean() * self.share(part.on) * self.holds(&part.guards),
            _ => self.mean_part(part),
        })
    }
}

/// How long some parts of a row take, where the others take no time.
fn elapsed(leg: &Leg, of: impl Fn(&Part) -> bool, seconds: impl Fn(&Part) -> f64) -> f64 {
    let mut elapsed = Elapsed::new(leg.machine.cores);
    for part in &leg.parts {
        elapsed.add(part.beside.as_deref(), if of(part) { seconds(part) } else { 0.0 });
    }
    elapsed.take()
}

/// The model of a plan: optimised or not, as it would run.
pub fn model(plan: &Plan, profile: &Profile, visibility: Visibility) -> Model {
    model_on(plan, profile, visibility, &Event::default())
}

/// The model of the runs of an event.
pub fn model_on(plan: &Plan, profile: &Profile, visibility: Visibility, event: &Event) -> Model {
    let mut numbers = Numbers::default();
    let mut guards = Guards::new(profile, event);
    let mut jobs: Vec<Job> = Vec::with_capacity(plan.works.len());
    let mut tasks: IndexMap<&str, Vec<&Task>> = IndexMap::default();
    for task in &plan.tasks {
        tasks.entry(task.work.as_str()).or_default().push(task);
    }
    for ((id, work), needs) in plan.works.iter().zip(plan.needs()) {
        let own = tasks.get(id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let needs: Vec<usize> = needs.iter().filter_map(|need| plan.works.get_index_of(*need)).collect();
        // What asks how others ended may run where they are left out.
        let when = work.job.when.as_ref();
        let mut inherited: Vec<usize> = match when {
            Some(when) if when.expr.asks_status() => Vec::new(),
            _ => needs.iter().flat_map(|&need| jobs.get(need).map_or(&[][..], |job| &job.guards)).copied().collect(),
        };
        inherited.sort_unstable();
        inherited.dedup();
        let of_members: Vec<Vec<usize>> = work.members.iter().map(|member| guards.of_member(member, &inherited)).collect();
        let given = (profile, visibility, event);
        let mut legs: Vec<Leg> =
            own.iter().map(|task| leg(plan, work, (task, own.len()), given, (&mut numbers, &of_members))).collect();
        let never = |when: &&hir::Condition| event.decides(&when.expr) == Some(false);
        let may_be_left_out = |job: &Job| !job.guards.is_empty() || !job.failures.behind.success();
        let before =
            needs.iter().filter_map(|&need| Some((plan.works.get_index(need)?.0.as_str(), may_be_left_out(jobs.get(need)?))));
        let failures = Failures::of(&work.job, &before.collect::<Vec<_>>(), event);
        if let Some(when) = when.filter(|when| failures.behind.success() || never(when)) {
            let each = own.iter().map(|task| share_of(profile, work, task));
            let ran = each.reduce(|one, other| if other.0 > one.0 { other } else { one }).unwrap_or((1.0, 0.0));
            let own = guards.place(when.expr.to_string(), ran, &inherited);
            inherited.extend((!inherited.contains(&own)).then_some(own));
        }
        // In which share of all runs it ran says nothing of those of one event.
        if !event.name.is_empty() {
            let holds = guards.holds(&inherited);
            legs.iter_mut().for_each(|leg| leg.share = holds);
        }
        let at_once = work.job.max_parallel.as_ref().and_then(|value| value.spelled().parse().ok()).unwrap_or(usize::MAX);
        jobs.push(Job {
            id: id.clone(),
            needs,
            guards: inherited,
            legs,
            at_once: at_once.max(1),
            members: work.members.iter().map(|member| member.id.clone()).collect(),
            failures,
            priority: match work.job.priority.as_ref().map(hir::Value::spelled).as_deref() {
                Some("high") => 1,
                Some("low") => -1,
                _ => 0,
            },
        });
    }
    let limit = plan.pipeline.optimize.settings.get("concurrency").and_then(|value| value.spelled().parse().ok());
    Model {
        jobs,
        layers: numbers.layers.into_values().collect(),
        conditions: Conditions::of(plan, (profile, event), &guards.shares, guards.behind),
        guards: guards.shares,
        quotas: limit.map_or_else(Quotas::default, Quotas::of_plan),
    }
}

/// What jobs have in common, by number.
#[derive(Default)]
struct Numbers {
    /// How often each cache layer has the exact key.
    layers: IndexMap<String, f64>,
    /// What is locked.
    locks: IndexMap<String, usize>,
}

fn leg(
    plan: &Plan,
    work: &Work,
    (task, rows): (&Task, usize),
    (profile, visibility, event): (&Profile, Visibility, &Event),
    (Numbers { layers, locks }, of_members): (&mut Numbers, &[Vec<usize>]),
) -> Leg {
    let machine = machine::of_task(plan, &work.job, task, visibility);
    let measured = evidence::of_row(profile, work, task, rows, &machine.labels);
    let members = evidence::of_members(profile, work, &machine.labels);
    let measured: Vec<&Measured> = measured.as_deref().into_iter().chain(members.iter().copied().flatten()).collect();
    let job = &work.job;
    let is_shared = work.members.len() > 1;
    let machine = match measured.first().filter(|_| job.call.is_some()) {
        Some(measured) => machine::of_call(&plan.pipeline, machine, measured, visibility),
        None => machine,
    };
    let cached = work.layers.iter().any(|layer| layer.toolchain.is_some());
    let side_by_side = plan.pipeline.target.parallel_steps;
    let mut parts = Parts::new(measured.clone(), layers, (cached, side_by_side), &task.row, event);
    parts.add_named(PartKind::Boot, "Set up job", assume::BOOT);
    if job.container.is_some() || !job.services.is_empty() || machine::row(job, task).is_some_and(|row| !row.services.is_empty())
    {
        parts.add_named(PartKind::Services, "Initialize containers", assume::SERVICES);
    }
    // Of what was measured as a whole, or runs elsewhere, no more is known than how long it takes.
    let wholes: Option<Vec<Part>> = if members.is_empty() {
        measured.first().and_then(|measured| Some(vec![only(&job.id, measured)?]))
    } else {
        work.members.iter().zip(&members).map(|(member, measured)| only(&member.id, (*measured)?)).collect()
    };
    if let Some(wholes) = wholes {
        parts.made = wholes;
        for (at, member) in work.members.iter().enumerate() {
            let own: Vec<&hir::Step> = job.steps.get(member.steps.clone()).into_iter().flatten().collect();
            parts.made[at].member = at;
            parts.steps.add(at, &own);
            parts.fail(at, members[at].filter(|_| is_shared));
        }
    } else if job.call.is_some() {
        let time = Spread::about(assume::CALL);
        parts.made = vec![Part::new(PartKind::Command, &job.id, time, Evidence::Assumed)];
    } else {
        let (lead, own) = job.steps.split_at(work.lead());
        let own: Vec<&hir::Step> = lead.iter().chain(own).collect();
        let declared = takes(job);
        work.prologue.iter().for_each(|derived| parts.add_derived(derived));
        if !work.prologue.iter().any(|derived| derived.role == Role::Receive) {
            parts.add_hand_over(plan, work, Role::Receive);
        }
        if members.is_empty() {
            parts.add_commands(job, &own, declared);
        }
        let counts = parts.counts.clone();
        // Between members there may be steps that wait for those before them.
        let mut next = 0;
        for (at, ((member, known), guards)) in work.members.iter().zip(&members).zip(of_members).enumerate() {
            let begin = parts.made.len();
            // Its steps are numbered as if it were alone.
            parts.measured = known.iter().copied().collect();
            parts.counts.clone_from(&counts);
            let whole = known.and_then(|known| only(&member.id, known));
            let own: Vec<&hir::Step> = job.steps.get(next..member.steps.end).unwrap_or_default().iter().collect();
            next = member.steps.end;
            if let Some(whole) = whole {
                parts.add_whole(&own, whole);
            } else {
                let declared = member.takes.map(|takes| takes.0 as f64);
                parts.add_commands(job, &own, declared);
            }
            for part in parts.made.iter_mut().skip(begin) {
                part.guards.clone_from(guards);
                part.member = at;
            }
            parts.fail(begin, known.filter(|_| is_shared));
        }
        parts.measured.clone_from(&measured);
        parts.wait(&[]);
        work.epilogue.iter().for_each(|derived| parts.add_derived(derived));
        if !work.epilogue.iter().any(|derived| derived.role == Role::Send) {
            parts.add_hand_over(plan, work, Role::Send);
        }
        if !work.epilogue.iter().any(|derived| derived.role == Role::Keep) {
            parts.add_kept(job);
        }
        parts.add_ends();
    }
    parts.say_what_failures_do();
    super::spared::count(work, &measured, &mut parts.made);
    let own = machine::row(job, task).map(|row| &row.timeout).filter(|own| matches!(own, Switch::Written(_)));
    let written = match (own.unwrap_or(&job.timeout), &plan.pipeline.defaults.timeout) {
        (Switch::Written(value), _) | (Switch::Derived, Switch::Written(value)) => {
            seconds(&machine::filled(&value.spelled(), &task.row))
        }
        _ => None,
    };
    Leg {
        timeout: written.map_or(machine.longest, |timeout| timeout.min(machine.longest)),
        share: share_of(profile, work, task).0,
        fails: failed(work, &measured, &parts.made),
        failing: measured
            .first()
            .filter(|_| measured.len() == 1)
            .and_then(|measured| measured.failing.as_ref())
            .map(Spread::from),
        queue: measured.first().and_then(|measured| measured.queue.as_ref()).map(Spread::from).unwrap_or_default(),
        lock: lock(job, task, locks),
        ..Leg::new(task.id.clone(), Arc::new(machine), parts.made)
    }
}

/// In which share of all runs a row ran, and of how many; of what jobs share, the first.
fn share_of(profile: &Profile, work: &Work, task: &Task) -> (f64, f64) {
    let whole = work.members.first().map_or_else(|| task.whole(), |member| member.id.clone());
    share(profile, &whole, work.job.shards.is_some())
}

/// The number of what a row locks, where it does.
fn lock(job: &hir::Job, task: &Task, locks: &mut IndexMap<String, usize>) -> Option<usize> {
    // "The group name is case insensitive" (github/docs workflow-syntax.md at 0abac3ea).
    let name = machine::filled(&job.group()?.spelled(), &task.row).to_ascii_lowercase();
    // What a row makes of it is not known: its own, most likely.
    let own = if name.contains("matrix") || name.contains("strategy") { task.id.as_str() } else { "" };
    let next = locks.len();
    Some(*locks.entry(format!("{name}{own}")).or_insert(next))
}

/// How long a timeout is: a duration, or the minutes of one that was derived; GitHub takes whole minutes.
fn seconds(timeout: &str) -> Option<f64> {
    let minutes = Duration::in_minutes(timeout).or_else(|| timeout.parse().ok())?;
    Some(minutes as f64 * 60.0)
}

/// How long the commands of a job take, where that is declared.
fn takes(job: &hir::Job) -> Option<f64> {
    Duration::parse(&job.takes.as_ref()?.spelled()).map(|takes| takes.0 as f64)
}

/// A job of which only the whole is known.
fn only(job: &str, measured: &Measured) -> Option<Part> {
    let time = measured.whole.as_ref().filter(|_| measured.steps.is_empty())?.into();
    let well = (measured.runs - measured.failed) / measured.runs.max(f64::MIN_POSITIVE);
    let evidence = Evidence::measured((measured.counted() * well).round(), measured.runs - measured.failed);
    Some(Part::new(PartKind::Command, job, time, evidence))
}
