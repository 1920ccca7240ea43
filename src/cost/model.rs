//! What each job of a plan does, for how long, and on what evidence.

use std::sync::Arc;

use super::guards::{Guards, share};
use super::machine::{self, Machine, Visibility};
use super::{Spread, assume, evidence};
use crate::catalog::actions::used;
use crate::expr::text::has_hole;
use crate::hir::{self, Duration, Shards, StepKind, Switch};
use crate::map::IndexMap;
use crate::plan::{Derived, EdgeKind, Plan, Role, Task, Work};
use crate::profile::{FEW, Measured, Profile, display_name, may_be_shown_as};

/// What a run of a plan consists of.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Its jobs, in the order of the plan.
    pub jobs: Vec<Job>,
    /// How often each cache layer has the exact key, by its place.
    pub layers: Vec<f64>,
    /// In which share of all runs each condition of jobs holds, as far as that was measured.
    pub guards: IndexMap<String, f64>,
    /// How many jobs may run at a time.
    pub concurrent: usize,
    /// How many of them on macOS.
    pub concurrent_macos: usize,
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
    /// How long it waits for its machine.
    pub queue: Spread,
    /// What it does, in order.
    pub parts: Vec<Part>,
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
    /// How that is known.
    pub evidence: Evidence,
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

/// How it is known how long something takes.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// It was measured in so many runs.
    Measured(f64),
    /// The spec says so: `takes`.
    Declared,
    /// Nothing is known: see [`assume`].
    Assumed,
}

impl Evidence {
    /// Whether it may be relied upon.
    pub fn is_known(self) -> bool {
        match self {
            Self::Measured(runs) => runs >= FEW,
            Self::Declared => true,
            Self::Assumed => false,
        }
    }
}

impl Job {
    /// Its name for people: the jobs of the spec that run in it.
    pub fn shown(&self) -> String {
        if self.members.is_empty() { self.id.clone() } else { self.members.join(", ") }
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
        part.time.mean() * self.share(part.on) * self.holds(&part.guards)
    }

    /// The mean time of a row, from when it has a machine.
    pub fn mean(&self, leg: &Leg) -> f64 {
        leg.parts.iter().map(|part| self.mean_part(part)).sum::<f64>().min(leg.timeout)
    }
}

/// The model of a plan: optimised or not, as it would run.
pub fn model(plan: &Plan, profile: &Profile, visibility: Visibility) -> Model {
    let mut layers: IndexMap<String, f64> = IndexMap::default();
    let mut guards = Guards::new(profile);
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
        let label = own.first().map(|task| machine::of_task(plan, &work.job, task, visibility).label).unwrap_or_default();
        let of_members: Vec<Vec<usize>> =
            work.members.iter().map(|member| guards.of_member(member, &label, &inherited)).collect();
        let legs: Vec<Leg> =
            own.iter().map(|task| leg(plan, work, (task, own.len()), profile, visibility, (&mut layers, &of_members))).collect();
        if let Some(when) = when.filter(|when| !when.expr.asks_status()) {
            let share = legs.iter().map(|leg| leg.share).fold(0.0, f64::max);
            let own = guards.place(when.expr.to_string(), share, &inherited);
            inherited.extend((!inherited.contains(&own)).then_some(own));
        }
        let at_once = work.job.max_parallel.as_ref().and_then(|value| value.spelled().parse().ok()).unwrap_or(usize::MAX);
        jobs.push(Job {
            id: id.clone(),
            needs,
            guards: inherited,
            legs,
            at_once: at_once.max(1),
            members: work.members.iter().map(|member| member.id.clone()).collect(),
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
        layers: layers.into_values().collect(),
        guards: guards.shares,
        concurrent: limit.unwrap_or(assume::CONCURRENT).max(1),
        concurrent_macos: assume::CONCURRENT_MACOS,
    }
}

fn leg(
    plan: &Plan,
    work: &Work,
    (task, rows): (&Task, usize),
    profile: &Profile,
    visibility: Visibility,
    (layers, of_members): (&mut IndexMap<String, f64>, &[Vec<usize>]),
) -> Leg {
    let machine = machine::of_task(plan, &work.job, task, visibility);
    let measured = evidence::of_row(profile, work, task, rows, &machine.label);
    let members = evidence::of_members(profile, work, &machine.label);
    let measured: Vec<&Measured> = measured.as_deref().into_iter().chain(members.iter().copied().flatten()).collect();
    let job = &work.job;
    let cached = work.layers.iter().any(|layer| layer.toolchain.is_some());
    let mut parts = Parts { measured: measured.clone(), layers, cached, counts: IndexMap::default(), made: Vec::new() };
    parts.add_named(PartKind::Boot, "Set up job", assume::BOOT);
    if !job.services.is_empty() || job.container.is_some() {
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
    } else if job.call.is_some() {
        let time = Spread::about(assume::CALL);
        parts.made = vec![Part {
            kind: PartKind::Command,
            name: job.id.clone(),
            time,
            on: On::Always,
            guards: Vec::new(),
            evidence: Evidence::Assumed,
        }];
    } else {
        let (lead, own) = job.steps.split_at(work.lead());
        let own: Vec<&hir::Step> = lead.iter().chain(own).collect();
        let declared = takes(job);
        work.prologue.iter().for_each(|derived| parts.add_derived(derived));
        if !work.prologue.iter().any(|derived| derived.role == Role::Receive) {
            parts.add_hand_over(plan, work, Role::Receive);
        }
        let side_by_side = plan.pipeline.target.parallel_steps;
        if members.is_empty() {
            parts.add_commands(job, &own, declared, (side_by_side, machine.cores));
        }
        let counts = parts.counts.clone();
        for ((member, known), guards) in work.members.iter().zip(&members).zip(of_members) {
            let begin = parts.made.len();
            // Its steps are numbered as if it were alone.
            parts.measured = known.iter().copied().collect();
            parts.counts.clone_from(&counts);
            let whole = known.and_then(|known| only(&member.id, known));
            let own: Vec<&hir::Step> = job.steps.get(member.steps.clone()).unwrap_or_default().iter().collect();
            match whole {
                Some(whole) => parts.made.push(whole),
                None => {
                    let declared = member.takes.map(|takes| takes.0 as f64);
                    parts.add_commands(job, &own, declared, (side_by_side, machine.cores));
                }
            }
            parts.made.iter_mut().skip(begin).for_each(|part| part.guards.clone_from(guards));
        }
        parts.measured.clone_from(&measured);
        work.epilogue.iter().for_each(|derived| parts.add_derived(derived));
        if !work.epilogue.iter().any(|derived| derived.role == Role::Send) {
            parts.add_hand_over(plan, work, Role::Send);
        }
    }
    let written = match (&job.timeout, &plan.pipeline.defaults.timeout) {
        (Switch::Written(value), _) | (Switch::Derived, Switch::Written(value)) => seconds(&value.spelled()),
        _ => None,
    };
    Leg {
        id: task.id.clone(),
        timeout: written.map_or(machine.longest, |timeout| timeout.min(machine.longest)),
        share: measured.first().map_or(1.0, |measured| share(profile, measured)),
        queue: measured.first().and_then(|measured| measured.queue).map(Spread::from).unwrap_or_default(),
        parts: parts.made,
        machine: Arc::new(machine),
    }
}

/// How long a timeout is: a duration, or the minutes of one that was derived.
fn seconds(timeout: &str) -> Option<f64> {
    let minutes = || timeout.parse::<u64>().ok().map(|minutes| minutes as f64 * 60.0);
    Duration::parse(timeout).map(|timeout| timeout.0 as f64).or_else(minutes)
}

/// How long the commands of a job take, where that is declared.
fn takes(job: &hir::Job) -> Option<f64> {
    Duration::parse(&job.takes.as_ref()?.spelled()).map(|takes| takes.0 as f64)
}

/// A job of which only the whole is known.
fn only(job: &str, measured: &Measured) -> Option<Part> {
    let time = measured.whole.filter(|_| measured.steps.is_empty())?.into();
    let evidence = Evidence::Measured(measured.runs - measured.failed);
    Some(Part { kind: PartKind::Command, name: job.to_owned(), time, on: On::Always, guards: Vec::new(), evidence })
}

/// What a step of the author's is for, and how long that takes where nothing is known of it. Some are written out that others leave to the compiler.
fn kind(step: &hir::Step) -> (PartKind, f64) {
    match &step.kind {
        _ if step.fetches() => (PartKind::Step(Role::Checkout), assume::CHECKOUT),
        StepKind::Uses { action, .. } if action.starts_with("actions/setup-") => (PartKind::Step(Role::Setup), assume::SETUP),
        StepKind::Uses { action, .. } if action.starts_with("actions/upload-artifact@") => {
            (PartKind::Step(Role::Keep), assume::SEND)
        }
        _ => (PartKind::Command, assume::COMMAND),
    }
}

/// The parts of one row, as they are made.
struct Parts<'a> {
    /// What was measured; of several jobs, the first one tells.
    measured: Vec<&'a Measured>,
    layers: &'a mut IndexMap<String, f64>,
    /// Whether packages come from a cache.
    cached: bool,
    /// How many steps of a name there were.
    counts: IndexMap<String, usize>,
    made: Vec<Part>,
}

impl Parts<'_> {
    /// What was measured of a step of that name, and of the next one of that name the next time.
    fn step(&mut self, name: &str) -> Option<&crate::profile::Step> {
        let count = self.counts.entry(name.to_owned()).or_default();
        *count += 1;
        let key = if *count > 1 { format!("{name} #{count}") } else { name.to_owned() };
        let exact = self.measured.iter().find_map(|measured| measured.steps.get(&key));
        let alike = || {
            let mut all = self.measured.iter().flat_map(|measured| &measured.steps);
            all.find(|(shown, _)| has_hole(name) && may_be_shown_as(&key, shown)).map(|(_, step)| step)
        };
        exact.or_else(alike)
    }

    /// A part that is measured by its name, or takes as long as is assumed.
    fn add_named(&mut self, kind: PartKind, name: &str, assumed: f64) {
        let found = self.step(name).filter(|step| step.runs > step.failed).cloned();
        let (time, evidence, on) = match found {
            Some(step) => {
                let all = step.runs + step.skipped;
                let on = if step.skipped > 0.0 { On::Share(step.runs / all) } else { On::Always };
                (step.times.into(), Evidence::Measured(all), on)
            }
            None => (Spread::about(assumed), Evidence::Assumed, On::Always),
        };
        self.made.push(Part { kind, name: name.to_owned(), time, on, guards: Vec::new(), evidence });
    }

    fn add_derived(&mut self, derived: &Derived) {
        let name = display_name(&derived.step);
        let assumed = match derived.role {
            Role::Checkout => assume::CHECKOUT,
            Role::Setup => assume::SETUP,
            Role::Restore => assume::RESTORE,
            // With a condition it runs where the cache had nothing.
            Role::Install if self.cached && derived.step.when.is_none() => assume::INSTALL_CACHED,
            Role::Install => assume::INSTALL,
            Role::Split => 0.0,
            // Packing is part of sending, as unpacking is of receiving.
            Role::Send | Role::Receive if matches!(derived.step.kind, StepKind::Run(_)) => 0.0,
            Role::Receive => assume::RECEIVE,
            Role::Save => assume::SAVE,
            Role::Send | Role::Keep => assume::SEND,
            Role::Judge => assume::JUDGE,
        };
        self.add_named(PartKind::Step(derived.role), &name, assumed);
        let layer = match (derived.role, &derived.step.id) {
            (Role::Restore, Some((id, _))) => Some(id.clone()),
            _ => None,
        };
        if let Some(layer) = layer {
            self.layers.entry(layer).or_insert(assume::HIT_RATE);
        }
        let missed = self.layer_of(derived);
        if let (Some(layer), Some(part)) = (missed, self.made.last_mut())
            && part.on == On::Always
        {
            part.on = On::Miss(layer);
        }
    }

    /// The layer whose hit leaves a step out, by what its condition asks for.
    fn layer_of(&self, derived: &Derived) -> Option<usize> {
        let condition = derived.step.when.as_ref()?;
        condition.expr.paths().iter().find_map(|path| match path.as_slice() {
            [steps, id, ..] if steps == "steps" => self.layers.get_index_of(id.as_str()),
            _ => None,
        })
    }

    /// What is received or sent, of a plan whose hand-over no pass has made yet: once for each work that it comes from, or path.
    fn add_hand_over(&mut self, plan: &Plan, work: &Work, role: Role) {
        let id = &work.job.id;
        let mut names: Vec<&str> = Vec::new();
        for edge in &plan.edges {
            let EdgeKind::Data { path } = &edge.kind else { continue };
            let name = match role {
                Role::Receive if edge.to == *id => edge.from.as_str(),
                Role::Send if edge.from == *id => path.as_str(),
                _ => continue,
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let (action, assumed) = if role == Role::Send { (used::UPLOAD, assume::SEND) } else { (used::DOWNLOAD, assume::RECEIVE) };
        let shown = crate::profile::without_commit(&format!("Run {action}"));
        names.iter().for_each(|_| self.add_named(PartKind::Step(role), &shown, assumed));
    }

    /// The author's steps: each as it was measured, else as it declares itself, else as declared for all commands among them, else as assumed. What is
    /// declared is what the job takes in one piece.
    fn add_commands(&mut self, job: &hir::Job, steps: &[&hir::Step], declared: Option<f64>, (side_by_side, cores): (bool, u32)) {
        let shards = job.shards.as_ref().and_then(Shards::number).map_or(1.0, f64::from);
        // The places of the commands, and in how many pieces each is.
        let mut commands: Vec<(usize, f64)> = Vec::new();
        for step in steps {
            let begin = self.made.len();
            let pieces = if job.is_dealt_out(step) { shards } else { 1.0 };
            match &step.kind {
                StepKind::Parallel(steps) => self.add_parallel(steps, pieces, side_by_side, cores),
                StepKind::Wait(_) | StepKind::Cancel(_) => {}
                _ => self.add_command(step, pieces),
            }
            commands.extend((begin..self.made.len()).filter(|&at| self.made[at].kind.is_work()).map(|at| (at, pieces)));
        }
        // Of those that say nothing themselves, what the job says beyond that.
        let any_measured = commands.iter().any(|&(at, _)| matches!(self.made[at].evidence, Evidence::Measured(_)));
        if let Some(all) = declared.filter(|_| !any_measured) {
            let (said, silent): (Vec<_>, Vec<_>) = commands.iter().partition(|&&(at, _)| self.made[at].evidence.is_known());
            let said: f64 = said.into_iter().map(|(at, pieces)| self.made[at].time.mean() * pieces).sum();
            let each = (all - said).max(0.0) / silent.len().max(1) as f64;
            for (at, pieces) in silent {
                (self.made[at].time, self.made[at].evidence) = (Spread::about(each / pieces), Evidence::Declared);
            }
        }
    }

    fn add_command(&mut self, step: &hir::Step, pieces: f64) {
        let (kind, assumed) = kind(step);
        self.add_named(kind, &display_name(step), assumed);
        if let (Some(takes), Some(part)) = (step.takes(), self.made.last_mut())
            && part.evidence == Evidence::Assumed
        {
            (part.time, part.evidence) = (Spread::about(takes.0 as f64 / pieces), Evidence::Declared);
        }
    }

    /// Steps side by side share the processors of the machine: they take as long as the longest of them, and no less than all their work takes that
    /// many processors. Where the target takes no parallel steps they run one after the other.
    fn add_parallel(&mut self, steps: &[hir::Step], pieces: f64, side_by_side: bool, cores: u32) {
        let begin = self.made.len();
        steps.iter().for_each(|step| self.add_command(step, pieces));
        if side_by_side && self.made.len() > begin + 1 {
            let parts: Vec<Part> = self.made.drain(begin..).collect();
            let total: f64 = parts.iter().map(|part| part.time.mean()).sum();
            let longest = parts.iter().max_by(|one, other| one.time.mean().total_cmp(&other.time.mean()));
            if let Some(longest) = longest {
                let least = total / f64::from(cores.max(1));
                let time = longest.time.times((least / longest.time.mean()).max(1.0));
                let known = parts.iter().all(|part| part.evidence != Evidence::Assumed);
                let evidence = if known { longest.evidence } else { Evidence::Assumed };
                let name = parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>().join(" beside ");
                self.made.push(Part { kind: PartKind::Command, name, time, on: On::Always, guards: Vec::new(), evidence });
            }
        }
    }
}
