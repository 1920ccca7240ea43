//! What choices come to. One that is looked at after another differs from it in a few groups mostly: only these are worked out anew, in memory that is
//! there already.

use super::problem::{Choice, Data, Outcome, Problem};
use super::scenarios::{Scenario, scenarios};
use crate::cost::simulate::{Network, Slot};
use crate::cost::{Machine, PerQuota, Quota, Spread, Takes, shared};

/// What shares a machine, or is moved to another, must be over in time even where it takes so many times as long.
const MARGIN: f64 = 1.5;

/// Looks at choices of a problem.
pub struct Evaluator<'p> {
    problem: &'p Problem,
    /// For each job, those that wait for it.
    later: Vec<Vec<usize>>,
    /// For each job, the places of what it makes and takes.
    data: Vec<Vec<usize>>,
    scenarios: Vec<Scenario>,
    /// Whether some jobs wait for each other's locks.
    has_locks: bool,
    /// What `groups` is about.
    at: Choice,
    /// By their first job; those of others are empty.
    groups: Vec<Group>,
    /// How many of them may not be.
    refused: usize,
    order: Vec<usize>,
    memory: Memory,
    network: Network,
}

/// Some jobs on one machine.
#[derive(Debug, Clone, Default)]
struct Group {
    jobs: Vec<usize>,
    /// Whether it may be one, and is over in time.
    refused: bool,
    /// Whether it was not written so.
    is_new: bool,
    /// How many rows it has.
    rows: usize,
    at_once: usize,
    quota: Quota,
    timeout: f64,
    /// How long each takes, by scenario and row.
    takes: Vec<Takes>,
    /// By scenario.
    spans: Vec<Span>,
    /// In the mean.
    dollars: f64,
    billed: f64,
}

/// How long a group takes in a scenario.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    /// It has no machine.
    left_out: bool,
    /// Where it need not wait for machines.
    alone: f64,
    /// At least.
    least: f64,
    /// Of all its rows.
    sum: f64,
}

/// What is of use while a choice is looked at.
#[derive(Debug, Clone, Default)]
struct Memory {
    touched: Vec<bool>,
    open: Vec<usize>,
    /// Groups that could come next, as bits.
    ready: Vec<u64>,
    /// By group, when it may begin; or its place in the order.
    begin: Vec<f64>,
    place: Vec<usize>,
    needs: Vec<usize>,
    seen: Vec<(usize, usize, bool)>,
    lanes: Vec<f64>,
    shared: Vec<f64>,
}

/// How long the work of some jobs takes on one machine: in sequence, or where their levels are given, level by level, each job of one step beside the
/// others.
fn together(
    problem: &Problem,
    own: &[usize],
    levels: &[usize],
    cores: u32,
    lanes: &mut Vec<f64>,
    work: impl Fn(usize) -> f64,
) -> f64 {
    if levels.is_empty() {
        return own.iter().map(|&job| work(job)).sum();
    }
    let last = levels.iter().copied().max().unwrap_or_default();
    let of_level = |level: usize| {
        lanes.clear();
        lanes.push(0.0);
        for (&job, _) in own.iter().zip(levels).filter(|(_, its)| **its == level) {
            if problem.jobs[job].in_background() {
                lanes.push(work(job));
            } else {
                lanes[0] += work(job);
            }
        }
        shared(lanes, cores)
    };
    (0..=last).map(of_level).sum()
}

impl<'p> Evaluator<'p> {
    /// For a problem.
    pub fn new(problem: &'p Problem) -> Self {
        let count = problem.jobs.len();
        let (mut later, mut data) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for (job, item) in problem.jobs.iter().enumerate() {
            item.needs.iter().for_each(|&need| later[need].push(job));
        }
        for (place, handed) in problem.data.iter().enumerate() {
            [handed.from, handed.to].iter().for_each(|&job| data[job].push(place));
        }
        Self {
            problem,
            later,
            data,
            scenarios: scenarios(&problem.jobs),
            has_locks: problem.jobs.iter().any(|item| !item.locks.is_empty()),
            at: Choice::default(),
            groups: vec![Group::default(); count],
            refused: 0,
            order: Vec::with_capacity(count),
            memory: Memory { touched: vec![false; count], place: vec![0; count], ..Memory::default() },
            network: Network::default(),
        }
    }

    /// What a choice comes to; none where it is not allowed, or its groups would wait for each other.
    pub fn outcome(&mut self, choice: &Choice) -> Option<Outcome> {
        self.outcome_where(choice, |_| true)
    }

    /// The same, and none where it is of no use: `is_of_use` is asked with what it costs, and with a time that it does not undercut, which is known
    /// before a run is played.
    pub fn outcome_where(&mut self, choice: &Choice, is_of_use: impl Fn(&Outcome) -> bool) -> Option<Outcome> {
        self.look_at(choice);
        if self.refused > 0 {
            return None;
        }
        let mut outcome = Outcome::default();
        let mut rows: PerQuota<usize> = PerQuota::default();
        let mut is_new = false;
        for group in self.groups.iter().filter(|group| !group.jobs.is_empty()) {
            outcome.dollars += group.dollars;
            outcome.billed += group.billed;
            is_new |= group.is_new;
            rows[group.quota] += group.rows;
        }
        let more = if is_new { self.problem.sharing } else { Outcome::default() };
        outcome.dollars += more.dollars;
        outcome.billed += more.billed;
        if !is_of_use(&Outcome { wall: 0.0, ..outcome }) || !self.find_order() {
            return None;
        }
        // Where there is a machine for every row, and nothing else to wait for, none does.
        let is_free = !self.has_locks && self.problem.quotas.hold(&rows);
        let least = |at: &mut Self, scenario| if is_free { at.path(scenario, true) } else { at.least(scenario) };
        outcome.wall = self.mean(least) + more.wall;
        if is_free || !is_of_use(&outcome) {
            return is_of_use(&outcome).then_some(outcome);
        }
        self.connect();
        outcome.wall = self.mean(Self::played) + more.wall;
        is_of_use(&outcome).then_some(outcome)
    }

    /// The groups in an order in which each comes after those that it needs: of those that could come next, the first written one. None where it is not
    /// allowed, or they would wait for each other.
    pub fn order(&mut self, choice: &Choice) -> Option<&[usize]> {
        self.look_at(choice);
        (self.refused == 0 && self.find_order()).then_some(&*self.order)
    }

    /// The mean over the scenarios.
    fn mean(&mut self, of: impl Fn(&mut Self, usize) -> f64) -> f64 {
        (0..self.scenarios.len()).map(|place| self.scenarios[place].weight * of(self, place)).sum()
    }

    /// Works out the groups in which a choice differs from the last one.
    fn look_at(&mut self, choice: &Choice) {
        let is_new = self.at.group.len() != choice.group.len();
        let touched = &mut self.memory.touched;
        touched.fill(is_new);
        if !is_new {
            let of =
                |choice: &Choice, job: usize| (choice.group[job], choice.shards[job], choice.machine[job], choice.beside[job]);
            for job in 0..choice.group.len() {
                let (old, new) = (of(&self.at, job), of(choice, job));
                if old != new {
                    (touched[old.0], touched[new.0]) = (true, true);
                }
            }
            let differs = |data: &&Data| self.at.cached[data.path] != choice.cached[data.path];
            let data = if self.at.cached == choice.cached { &[][..] } else { &self.problem.data };
            for data in data.iter().filter(differs) {
                (touched[choice.group[data.from]], touched[choice.group[data.to]]) = (true, true);
            }
        }
        self.at.clone_from(choice);
        for group in 0..self.groups.len() {
            if self.memory.touched[group] {
                self.groups[group].jobs.clear();
                self.refused -= usize::from(std::mem::take(&mut self.groups[group].refused));
            }
        }
        for (job, &group) in choice.group.iter().enumerate() {
            if self.memory.touched[group] {
                self.groups[group].jobs.push(job);
            }
        }
        for group in 0..self.groups.len() {
            if self.memory.touched[group] && !self.groups[group].jobs.is_empty() {
                self.work_out(group);
            }
        }
    }

    /// All that there is to know of a group without the others.
    fn work_out(&mut self, place: usize) {
        let moved = self.moved(place);
        let (problem, choice) = (self.problem, &self.at);
        let group = &mut self.groups[place];
        let own = &group.jobs;
        let item = &problem.jobs[place];
        // A job without rows has no machine.
        let none = (std::sync::Arc::new(Machine::default()), 1.0);
        let at = choice.machine[place];
        let (machine, _) = item.machines.get(at).unwrap_or(&none);
        let barred = own.iter().any(|&job| !problem.jobs[job].may_run_on(at));
        group.quota = machine.quota;
        group.at_once = item.at_once.max(1);
        let shards = choice.shards[place];
        group.rows = match (own.len(), shards) {
            (1, 1) => item.rows.len(),
            (1, shards) => shards as usize,
            _ => 1,
        };
        let around = moved + own.iter().map(|&job| problem.jobs[job].overhead).fold(0.0, f64::max);
        group.timeout = problem.timeout(own).min(machine.longest);
        group.is_new = !problem.is_as_written(own);
        // Work takes as long there as each job has it.
        let work = |job: usize| problem.jobs[job].rows.iter().sum::<f64>() * problem.jobs[job].factor(at);
        let levels = if choice.beside[place] && own.len() > 1 { problem.levels(own) } else { Vec::new() };
        let all = together(problem, own, &levels, machine.cores, &mut self.memory.lanes, work);
        let longest = match (own.len(), shards) {
            (1, 1) => (0..item.rows.len()).map(|row| item.row_on(row, at)).fold(0.0, f64::max),
            (_, shards) => all * item.part(0, shards),
        };
        // On a bad day it takes longer; and a machine that was not written may be one on which jobs end sooner.
        let is_chosen = group.is_new || at > 0;
        let is_late = (around + longest) * MARGIN > group.timeout;
        // Where GitHub ends jobs early, no more than one run of a hundred may come to that.
        let spread = |job: usize| problem.jobs[job].variance * problem.jobs[job].factor(at).powi(2);
        let variance = own.iter().map(|&job| spread(job)).sum::<f64>() / f64::from(shards).powi(2);
        let ends_early = Spread::with(around + longest, variance).p99() > machine.longest;
        group.refused = barred || is_chosen && (is_late || ends_early) || own.len() > 1 && !problem.may_be_one(choice, own);
        self.refused += usize::from(group.refused);
        group.takes.clear();
        group.spans.clear();
        (group.dollars, group.billed) = (0.0, 0.0);
        for scenario in &self.scenarios {
            let is_out = |job: usize| scenario.left_out.get(job).copied().unwrap_or_default();
            let mut span = Span { left_out: own.iter().all(|&job| is_out(job)), ..Span::default() };
            self.memory.lanes.clear();
            for row in 0..group.rows {
                let work = match (own.len(), shards) {
                    (1, 1) => item.row_on(row, at),
                    (1, shards) => all * item.part(row, shards),
                    _ => {
                        let work = |job: usize| if is_out(job) { 0.0 } else { work(job) };
                        together(problem, own, &levels, machine.cores, &mut self.memory.shared, work)
                    }
                };
                let takes = Takes { all: around + work, work, ..Takes::default() };
                group.takes.push(takes);
                if span.left_out {
                    continue;
                }
                let seconds = takes.all.min(group.timeout);
                group.dollars += scenario.weight * machine.cost(seconds);
                group.billed += scenario.weight * machine.billed_seconds(seconds);
                span.sum += seconds;
                span.least = span.least.max(seconds);
                // In the lane that is free first.
                let lanes = &mut self.memory.lanes;
                if lanes.len() < group.at_once {
                    lanes.push(seconds);
                } else if let Some(lane) = lanes.iter_mut().min_by(|one, other| one.total_cmp(other)) {
                    *lane += seconds;
                }
            }
            span.alone = self.memory.lanes.iter().copied().fold(0.0, f64::max);
            span.least = span.least.max(span.sum / group.at_once as f64);
            group.spans.push(span);
        }
    }

    /// What a group takes to receive from others and to send to them: each path of each maker once.
    fn moved(&mut self, group: usize) -> f64 {
        let seen = &mut self.memory.seen;
        seen.clear();
        let mut seconds = 0.0;
        for &job in &self.groups[group].jobs {
            for data in self.data[job].iter().map(|&place| &self.problem.data[place]) {
                let (sends, receives) = (self.at.group[data.from] == group, self.at.group[data.to] == group);
                // Shards of a job receive each from all of its rows, and send what they made.
                let key = (data.from, data.path, sends);
                if sends != receives && !seen.contains(&key) {
                    seen.push(key);
                    let transfer = data.cache.filter(|_| self.at.cached[data.path]).unwrap_or(data.artifact);
                    seconds += if sends { transfer.send } else { transfer.receive };
                }
            }
        }
        seconds
    }

    /// Puts the groups in order; whether that is possible.
    fn find_order(&mut self) -> bool {
        let group = &self.at.group;
        let Memory { open, ready, .. } = &mut self.memory;
        open.clear();
        open.resize(group.len(), 0);
        for (job, item) in self.problem.jobs.iter().enumerate() {
            open[group[job]] += item.needs.iter().filter(|&&need| group[need] != group[job]).count();
        }
        ready.clear();
        ready.resize(group.len() / 64 + 1, 0);
        let mut count = 0;
        for (place, _) in self.groups.iter().enumerate().filter(|(_, group)| !group.jobs.is_empty()) {
            count += 1;
            ready[place / 64] |= u64::from(open[place] == 0) << (place % 64);
        }
        self.order.clear();
        let mut word = 0;
        while let Some(bits) = ready.get(word) {
            if *bits == 0 {
                word += 1;
                continue;
            }
            let next = word * 64 + bits.trailing_zeros() as usize;
            ready[word] &= ready[word] - 1;
            self.order.push(next);
            for &later in self.groups[next].jobs.iter().flat_map(|&job| &self.later[job]) {
                let later = group[later];
                if later != next {
                    open[later] -= 1;
                    if open[later] == 0 {
                        ready[later / 64] |= 1 << (later % 64);
                        word = word.min(later / 64);
                    }
                }
            }
        }
        self.order.len() == count
    }

    /// The longest chain of groups that wait for each other.
    fn path(&mut self, scenario: usize, exact: bool) -> f64 {
        let begin = &mut self.memory.begin;
        begin.clear();
        begin.resize(self.groups.len(), 0.0);
        let mut longest = 0.0f64;
        for &place in &self.order {
            let group = &self.groups[place];
            let span = &group.spans[scenario];
            let end = begin[place] + if exact { span.alone } else { span.least };
            longest = longest.max(end);
            for &later in group.jobs.iter().flat_map(|&job| &self.later[job]) {
                let later = self.at.group[later];
                if later != place {
                    begin[later] = begin[later].max(end);
                }
            }
        }
        longest
    }

    /// A time that a run does not undercut: that of its longest chain, and of all its work on as many machines as there may be.
    fn least(&mut self, scenario: usize) -> f64 {
        let mut work: PerQuota<f64> = PerQuota::default();
        for group in self.groups.iter().filter(|group| !group.jobs.is_empty()) {
            work[group.quota] += group.spans[scenario].sum;
        }
        // Sums in another order differ in the last bits.
        self.path(scenario, false).max(self.problem.quotas.spread(&work)) * (1.0 - 1e-9)
    }

    /// Tells the simulation of the groups.
    fn connect(&mut self) {
        let Memory { place, needs, .. } = &mut self.memory;
        let network = &mut self.network;
        network.clear();
        network.quotas = self.problem.quotas;
        for (at, &first) in self.order.iter().enumerate() {
            place[first] = at;
            let group = &self.groups[first];
            needs.clear();
            let all = group.jobs.iter().flat_map(|&job| &self.problem.jobs[job].needs).map(|&need| self.at.group[need]);
            needs.extend(all.filter(|&need| need != first).map(|need| place[need]));
            let locks = &self.problem.jobs[first].locks;
            let rows = (0..group.rows).map(|row| (group.quota, group.timeout, locks.get(row).copied().flatten()));
            network.push(needs, group.at_once, 0, rows);
        }
    }

    /// How long a run takes, event by event.
    fn played(&mut self, scenario: usize) -> f64 {
        let (groups, order) = (&self.groups, &self.order);
        let takes = |at: usize| {
            let group = &groups[order[at]];
            let rows = scenario * group.rows..(scenario + 1) * group.rows;
            if group.spans[scenario].left_out { &[][..] } else { &group.takes[rows] }
        };
        let mut wall = 0.0f64;
        self.network.play(takes, |slot: &Slot| wall = wall.max(slot.end));
        wall
    }
}
