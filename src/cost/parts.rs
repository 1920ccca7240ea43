//! The parts of what a row does, as steps make them: each by what was measured of it, by what is declared, or as is assumed.

use super::broken::{Broken, Steps};
use super::event::Event;
use super::failures::{fails, fails_in};
use super::model::{Limit, On, Part, PartKind};
use super::{Beside, Evidence, Spread, assume, spared, unsaid};
use crate::catalog::actions::{self, used};
use crate::expr::eval::Status;
use crate::expr::fold::{Known, fold_condition, literal};
use crate::expr::text::has_hole;
use crate::expr::value::Value;
use crate::expr::{Expr, macros};
use crate::hir::{self, Shards, StepKind};
use crate::map::IndexMap;
use crate::passes::carriers::{keeps, receives, sends};
use crate::plan::{Derived, EdgeKind, Plan, Role, Work};
use crate::profile::{FEW, Measured, display_name, may_be_shown_as};
use crate::text::Text;

/// A value of a row, as what it looks like.
fn typed(text: &str) -> Value {
    match text {
        "true" | "false" => Value::Bool(text == "true"),
        _ => text.parse().map_or_else(|_| Value::string(text), Value::Number),
    }
}

/// What a step of the author's is for, and how long that takes where nothing is known of it. Some are written out that others leave to the compiler.
fn kind(step: &hir::Step) -> (PartKind, f64) {
    match &step.kind {
        _ if step.fetches() => (PartKind::Step(Role::Checkout), assume::CHECKOUT),
        StepKind::Uses { action, .. } if actions::sets_up(action) => (PartKind::Step(Role::Setup), assume::SETUP),
        StepKind::Uses { action, .. } if actions::restores(action) => (PartKind::Step(Role::Restore), assume::RESTORE),
        StepKind::Uses { action, .. } if actions::name(action) == actions::name(used::SAVE) => {
            (PartKind::Step(Role::Save), assume::SAVE)
        }
        StepKind::Uses { action, .. } if actions::uploads(action) => (PartKind::Step(Role::Keep), assume::SEND),
        _ => (PartKind::Command, assume::COMMAND),
    }
}

/// Whether a step saves or restores a cache.
fn is_of_cache(step: &hir::Step) -> bool {
    matches!(&step.kind, StepKind::Uses { action, .. } if [used::SAVE, used::RESTORE].map(actions::name).contains(&actions::name(action)))
}

/// The parts of one row, as they are made.
pub(super) struct Parts<'a> {
    /// What was measured; of several jobs, the first one tells.
    pub(super) measured: Vec<&'a Measured>,
    layers: &'a mut IndexMap<String, f64>,
    /// Whether packages come from a cache.
    cached: bool,
    /// Whether steps may run side by side: else they run one after the other.
    side_by_side: bool,
    /// The ids of what was begun in the background, by number.
    background: Vec<Option<String>>,
    /// What the next part waits for and ends.
    next: Beside,
    /// How many steps of a name there were.
    pub(super) counts: IndexMap<String, usize>,
    pub(super) made: Vec<Part>,
    /// The steps that they are of.
    pub(super) steps: Steps,
    /// What is known of conditions where all ends well: the values of the row, as texts and as what they look like, in each run of the event.
    known: Vec<Known>,
    event: &'a Event,
}

impl<'a> Parts<'a> {
    pub(super) fn new(
        measured: Vec<&'a Measured>,
        layers: &'a mut IndexMap<String, f64>,
        (cached, side_by_side): (bool, bool),
        row: &IndexMap<String, String>,
        event: &'a Event,
    ) -> Self {
        let of_row = |run: Known| {
            [Value::string, typed].map(|value| {
                let mut known = run.clone().with_status(Status::Success);
                row.iter().for_each(|(axis, text)| known.insert(["matrix", axis.as_str()], value(text.as_str())));
                known
            })
        };
        let known = event.known().into_iter().flat_map(of_row).collect();
        Self {
            measured,
            layers,
            cached,
            side_by_side,
            background: Vec::new(),
            next: Beside::default(),
            counts: IndexMap::default(),
            made: Vec::new(),
            steps: Steps::default(),
            known,
            event,
        }
    }

    /// Whether a step may be in a run where all ends well, as far as its condition tells: not one for failures, or for other rows.
    fn may_run(&self, step: &hir::Step) -> bool {
        let never = |expr: Expr| literal(&expr).is_some_and(|value| !value.truthy());
        let holds_never = |known: &Known, expr: &Expr| never(fold_condition(macros::in_github_words(expr.clone()), known));
        step.when.as_ref().is_none_or(|when| !self.known.iter().all(|known| holds_never(known, &when.expr)))
    }

    /// A part for a step, if it may be in a run, or was measured in some.
    fn add_step(&mut self, kind: PartKind, step: &hir::Step, assumed: f64) -> bool {
        let shown = display_name(step);
        self.add_named_or(kind, (&shown, step.was.as_deref().map(String::as_str)), assumed);
        // It is the same step: it varies alike.
        if let (Some(part), Some(was), None) = (self.made.last_mut(), &step.was, &step.title) {
            part.name.clone_from(was);
        }
        let decided = step.when.as_ref().and_then(|when| self.event.decides(&when.expr));
        let was_measured = self.made.last().is_some_and(|part| part.evidence != Evidence::Assumed);
        // One for failures was measured in runs that had one.
        let asks_status = step.when.as_ref().is_some_and(|when| when.expr.asks_status());
        let is_there = self.may_run(step) || was_measured && decided != Some(false) && !asks_status;
        match self.made.last_mut() {
            // Whatever it was before, without a condition it runs.
            Some(part) if is_there && (decided == Some(true) || step.when.is_none()) => part.on = On::Always,
            _ if !is_there => {
                // Who comes next waits for the same.
                if let Some(part) = self.made.pop() {
                    let takes = step.takes().filter(|_| part.evidence == Evidence::Assumed);
                    let time = takes.map_or(part.time, |takes| Spread::about(takes.0 as f64));
                    self.steps.add_for_failures(self.made.len(), step, time);
                    self.next = part.beside.map_or_else(Beside::default, |beside| *beside);
                }
            }
            _ => {}
        }
        if is_there {
            self.steps.add(self.made.len() - 1, &[step]);
        }
        is_there
    }

    /// What the next step of that name is called in a profile.
    fn key(&self, name: &str) -> String {
        match self.counts.get(name) {
            Some(count) => format!("{name} #{}", count + 1),
            None => name.to_owned(),
        }
    }

    /// What was measured of a step of that name, or of the one that it had before a pass changed its script; and of the next one of that name the next time.
    fn step(&mut self, (name, was): (&str, Option<&str>)) -> Option<&crate::profile::Step> {
        let names: Vec<(&str, String)> = [Some(name), was].into_iter().flatten().map(|name| (name, self.key(name))).collect();
        for (name, _) in &names {
            *self.counts.entry((*name).to_owned()).or_default() += 1;
        }
        let alike = |(name, key): &(&str, String)| {
            let mut all = self.measured.iter().flat_map(|measured| &measured.steps);
            all.find(|(shown, _)| has_hole(name) && may_be_shown_as(key, shown)).map(|(_, step)| step)
        };
        let exact = |(_, key): &(&str, String)| self.measured.iter().find_map(|measured| measured.steps.get(key));
        names.iter().find_map(exact).or_else(|| names.iter().find_map(alike))
    }

    /// A part that is measured by its name, or takes as long as is assumed.
    pub(super) fn add_named(&mut self, kind: PartKind, name: &str, assumed: f64) {
        self.add_named_or(kind, (name, None), assumed);
    }

    fn add_named_or(&mut self, kind: PartKind, names: (&str, Option<&str>), assumed: f64) {
        let name = names.0;
        let found = self.step(names).cloned();
        let is_timed = |step: &crate::profile::Step| step.runs > step.failed && step.times.is_known();
        let (time, evidence, on) = match found {
            Some(step) if is_timed(&step) => {
                let all = step.runs + step.skipped;
                let on = if step.skipped > 0.0 { On::Share(step.runs / all) } else { On::Always };
                ((&step.times).into(), Evidence::measured(step.counted(), all), on)
            }
            // Nobody saw how long it takes, as it was left out of all runs.
            Some(step) if step.runs == 0.0 && step.skipped >= FEW => (Spread::about(assumed), Evidence::Assumed, On::Share(0.0)),
            _ => (Spread::about(assumed), Evidence::Assumed, On::Always),
        };
        self.made.push(Part { on, ..Part::new(kind, name, time, evidence) });
        self.place(None);
    }

    pub(super) fn add_derived(&mut self, derived: &Derived) {
        let assumed = match derived.role {
            Role::Checkout => assume::CHECKOUT,
            Role::Setup => assume::SETUP,
            Role::Restore => assume::RESTORE,
            // One that asks for the cache runs where that had nothing.
            Role::Install if self.cached && !self.waits_for_a_layer(derived) => assume::INSTALL_CACHED,
            Role::Install => assume::INSTALL,
            Role::Split => 0.0,
            // Packing is part of sending, as unpacking is of receiving.
            Role::Send | Role::Receive if matches!(derived.step.kind, StepKind::Run(_)) => 0.0,
            Role::Send if is_of_cache(&derived.step) => assume::SAVE,
            Role::Receive if is_of_cache(&derived.step) => assume::RESTORE,
            Role::Receive => assume::RECEIVE,
            Role::Save => assume::SAVE,
            Role::Send | Role::Keep => assume::SEND,
            Role::Judge => assume::JUDGE,
        };
        if !self.add_step(PartKind::Step(derived.role), &derived.step, assumed) {
            return;
        }
        self.count_packages(derived);
        let layer = match (derived.role, &derived.step.id) {
            (Role::Restore, Some((id, _))) => Some(id.clone()),
            _ => None,
        };
        if let Some(layer) = layer {
            self.layers.entry(layer).or_insert(assume::HIT_RATE);
        }
        let missed = derived.step.when.as_ref().and_then(|when| self.layer_of(when));
        if let Some(layer) = missed {
            self.runs_on_a_miss(layer);
        }
    }

    /// The last part runs where a layer did not have its key: as often as was measured of it, and else as often as that is known of the layer by others.
    fn runs_on_a_miss(&mut self, layer: usize) {
        let Some(part) = self.made.last_mut() else { return };
        match part.on {
            On::Share(share) if part.evidence.is_known() || share == 0.0 => {
                self.layers.get_index_mut(layer).into_iter().for_each(|(_, rate)| *rate = 1.0 - share);
            }
            On::Always => part.on = On::Miss(layer),
            _ => {}
        }
    }

    /// Of an install that was measured with packages from a cache and has none, or the other way round, what it takes follows from that.
    fn count_packages(&mut self, derived: &Derived) {
        // One that asks for the cache runs where that had nothing.
        if derived.role != Role::Install || self.waits_for_a_layer(derived) {
            return;
        }
        let Some(part) = self.made.last_mut().filter(|part| part.evidence.is_measured()) else { return };
        let ran_always = |step: &crate::profile::Step| step.skipped == 0.0;
        let mut of_it = self.measured.iter().filter(|measured| measured.steps.get(&part.name).is_some_and(ran_always)).peekable();
        let is_known = of_it.peek().is_some();
        let had = of_it.any(|measured| spared::had(measured));
        let factor = match (self.cached, had) {
            (false, true) => assume::INSTALL / assume::INSTALL_CACHED,
            (true, false) if is_known => assume::INSTALL_CACHED / assume::INSTALL,
            _ => return,
        };
        (part.time, part.evidence) = (part.time.times(factor), Evidence::Assumed);
    }

    fn waits_for_a_layer(&self, derived: &Derived) -> bool {
        derived.step.when.as_ref().is_some_and(|when| self.layer_of(when).is_some())
    }

    /// The layer whose hit leaves a step out, by what its condition asks for.
    fn layer_of(&self, condition: &hir::Condition) -> Option<usize> {
        condition.expr.paths().iter().find_map(|path| match path.as_slice() {
            [steps, id, ..] if steps == "steps" => self.layers.get_index_of(id.as_str()),
            _ => None,
        })
    }

    /// What is received or sent, of a plan whose hand-over no pass has made yet: once for each work that it comes from, or path.
    pub(super) fn add_hand_over(&mut self, plan: &Plan, work: &Work, role: Role) {
        let id = &work.job.id;
        let mut handed: IndexMap<&str, &str> = IndexMap::default();
        for edge in &plan.edges {
            let EdgeKind::Data { path } = &edge.kind else { continue };
            match role {
                Role::Receive if edge.to == *id => handed.entry(&edge.from).or_insert(path),
                Role::Send if edge.from == *id => handed.entry(path).or_insert(path),
                _ => continue,
            };
        }
        let in_cache = plan.pipeline.optimize.carrier() == Some(hir::Carrier::Cache);
        for path in handed.values() {
            let (shown, assumed) = match (role, in_cache) {
                (Role::Send, true) => (sends(path), assume::SAVE),
                (Role::Send, false) => (format!("Run {}", used::UPLOAD), assume::SEND),
                (_, true) => (receives(path), assume::RESTORE),
                (_, false) => (format!("Run {}", used::DOWNLOAD), assume::RECEIVE),
            };
            self.add_named(PartKind::Step(role), &crate::profile::without_commit(&shown), assumed);
        }
    }

    /// What is kept for people, of a plan in which no pass has made that yet.
    pub(super) fn add_kept(&mut self, job: &hir::Job) {
        let was = crate::profile::without_commit(&format!("Run {}", used::UPLOAD));
        for keep in &job.keeps {
            self.add_named_or(PartKind::Step(Role::Keep), (&keeps(keep), Some(&was)), assume::SEND);
        }
    }

    /// What comes behind the steps of a job, as far as that was measured: an action that fills a cache then may take longer than all before it.
    pub(super) fn add_ends(&mut self) {
        let mut ends: IndexMap<String, PartKind> = IndexMap::default();
        for part in self.made.iter().rev() {
            ends.entry(format!("Post {}", part.name)).or_insert(part.kind);
        }
        ends.insert("Stop containers".to_owned(), PartKind::Services);
        ends.insert("Complete job".to_owned(), PartKind::Boot);
        self.steps.end = Some(self.made.len());
        for (name, kind) in ends {
            while self.measured.iter().any(|measured| measured.steps.contains_key(&self.key(&name))) {
                self.add_named(kind, &name, 0.0);
            }
        }
    }

    /// The author's steps: each as it was measured, else as it declares itself, else as declared for all commands among them, else as assumed. What is
    /// declared is what the job takes in one piece.
    pub(super) fn add_commands(&mut self, job: &hir::Job, steps: &[&hir::Step], declared: Option<f64>) {
        let shards = job.shards.as_ref().and_then(Shards::number).map_or(1.0, f64::from);
        // The places of the commands, in how many pieces each is, and whether each of these is all of it.
        let mut commands: Vec<(usize, f64, bool)> = Vec::new();
        for step in steps {
            let begin = self.made.len();
            let is_dealt_out = job.is_dealt_out(step);
            let pieces = if is_dealt_out { shards } else { 1.0 };
            let is_anew = job.asks_for_shard() && !is_dealt_out;
            match &step.kind {
                StepKind::Parallel(inner) => {
                    let first = self.background.len();
                    inner.iter().for_each(|inner| self.add_beside(inner, pieces, self.side_by_side));
                    self.next.waits.extend(first..self.background.len());
                }
                StepKind::Wait(ids) => self.wait(ids),
                StepKind::Cancel(ids) => {
                    let ended = self.numbers(ids);
                    self.next.ends.extend(ended);
                    // It may be the last that the job does.
                    if self.made.len() == begin {
                        self.ends_here();
                    }
                }
                _ => self.add_beside(step, pieces, step.background && self.side_by_side),
            }
            commands.extend((begin..self.made.len()).filter(|&at| self.made[at].kind.is_work()).map(|at| (at, pieces, is_anew)));
        }
        // Of those of which nothing else is known, what the job says beyond that; where nothing of it is left, it was said of other commands.
        if let Some(all) = declared {
            let (said, silent): (Vec<_>, Vec<_>) =
                commands.iter().partition(|&&(at, ..)| self.made[at].evidence != Evidence::Assumed);
            let said: f64 = said.into_iter().map(|(at, pieces, _)| self.made[at].time.mean() * pieces).sum();
            let any_measured = commands.iter().any(|&(at, ..)| self.made[at].evidence.is_measured());
            let rest = if any_measured { all - said } else { (all - said).max(0.0) };
            let anew = silent.iter().filter(|(.., is_anew)| *is_anew).count();
            let (of_anew, of_others) = unsaid::each(rest, anew, silent.len() - anew);
            for (at, pieces, is_anew) in silent.into_iter().filter(|_| rest >= 0.0) {
                let each = if is_anew { of_anew } else { of_others };
                (self.made[at].time, self.made[at].evidence) = (Spread::about(each / pieces), Evidence::Declared);
            }
        }
    }

    fn add_command(&mut self, step: &hir::Step, pieces: f64) {
        let (kind, assumed) = kind(step);
        if !self.add_step(kind, step, assumed) {
            return;
        }
        if let (Some(takes), Some(part)) = (step.takes(), self.made.last_mut())
            && part.evidence == Evidence::Assumed
        {
            (part.time, part.evidence) = (Spread::about(takes.0 as f64 / pieces), Evidence::Declared);
        }
        match (&step.id, &step.when) {
            // A cache that is written out has its key as often as any.
            (Some((id, _)), _) if kind == PartKind::Step(Role::Restore) => {
                self.layers.entry(id.clone()).or_insert(assume::HIT_RATE);
            }
            (_, Some(when)) if when.expr.to_string().ends_with(".outputs.cache-hit != 'true'") => {
                self.layer_of(when).into_iter().for_each(|layer| self.runs_on_a_miss(layer));
            }
            _ => {}
        }
        let limit = step.timeout.as_ref().and_then(|timeout| hir::Duration::in_minutes(&timeout.spelled()));
        let limit = limit.map(|minutes| Limit { seconds: minutes as f64 * 60.0, goes_on: step.may_fail.is_some() });
        self.made.iter_mut().last().into_iter().for_each(|part| part.limit = limit);
    }

    /// A step, in the background or not.
    fn add_beside(&mut self, step: &hir::Step, pieces: f64, background: bool) {
        let begin = self.made.len();
        self.add_command(step, pieces);
        if background && self.made.len() > begin {
            self.place(Some(step));
        }
    }

    /// A job of which only the whole is known, for the steps that it has here.
    pub(super) fn add_whole(&mut self, steps: &[&hir::Step], whole: Part) {
        if steps.iter().any(|step| matches!(step.kind, StepKind::Wait(_))) {
            self.wait(&[]);
        }
        self.steps.add(self.made.len(), steps);
        self.made.push(whole);
        self.place(steps.iter().copied().find(|step| step.background && self.side_by_side));
    }

    /// Puts the last part behind those that it waits for; into the background, where a step does that.
    fn place(&mut self, background: Option<&hir::Step>) {
        let Some(part) = self.made.last_mut() else { return };
        let mut beside = part.beside.take().map_or_else(Beside::default, |beside| *beside);
        beside.waits.append(&mut self.next.waits);
        beside.ends.append(&mut self.next.ends);
        if let Some(step) = background {
            beside.number = Some(self.background.len());
            self.background.push(step.id.as_ref().map(|(id, _)| id.clone()));
        }
        part.beside = (beside != Beside::default()).then(|| Box::new(beside));
    }

    /// The next part waits for what runs in the background; for all of it where none is named.
    pub(super) fn wait(&mut self, ids: &[Text]) {
        let waits = if ids.is_empty() { (0..self.background.len()).collect() } else { self.numbers(ids) };
        self.next.waits.extend(waits);
    }

    /// The parts from a place on are one of several jobs of a machine: each fails as often as it did there, and where only the whole is known, that does.
    pub(super) fn fail(&mut self, begin: usize, measured: Option<&Measured>) {
        let Some(measured) = measured else { return };
        let own = fails_in(measured, &self.made[begin..]);
        let all = fails(measured);
        let is_whole = measured.steps.is_empty();
        for part in self.made.iter_mut().skip(begin).filter(|part| part.kind.is_work()) {
            let failed = measured.steps.get(&part.name).map_or(0.0, |step| step.failed / measured.runs.max(1.0));
            let share = if is_whole { all } else { failed * (all / own.max(all).max(f64::MIN_POSITIVE)) };
            if share > 0.0 {
                part.broken = Some(Box::new(Broken { share, ..Broken::default() }));
            }
        }
    }

    /// Says of each part that may fail by itself what that does to those behind it.
    pub(super) fn say_what_failures_do(&mut self) {
        let is_fatal = |part: &Part| part.limit.is_some_and(|limit| !limit.goes_on);
        let all: Vec<usize> =
            (0..self.made.len()).filter(|&at| is_fatal(&self.made[at]) || self.made[at].broken.is_some()).collect();
        for at in all {
            let beside: Vec<Option<&Beside>> = self.made.iter().map(|part| part.beside.as_deref()).collect();
            let nothing = Known::new();
            let (leaves_out, brings) = self.steps.behind(at, &beside, self.known.first().unwrap_or(&nothing));
            let share = self.made[at].broken.as_ref().map_or(0.0, |broken| broken.share);
            self.made[at].broken = Some(Box::new(Broken { share, leaves_out, brings }));
        }
    }

    /// Ends what is to be ended, in no time.
    fn ends_here(&mut self) {
        self.made.push(Part::new(PartKind::Boot, "Cancel", Spread::default(), Evidence::Declared));
        self.place(None);
    }

    fn numbers(&self, ids: &[Text]) -> Vec<usize> {
        let is_named = |(_, id): &(usize, &Option<String>)| ids.iter().any(|named| id.as_deref() == Some(named.as_str()));
        self.background.iter().enumerate().filter(is_named).map(|(number, _)| number).collect()
    }
}
