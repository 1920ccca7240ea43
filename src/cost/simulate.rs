//! One run of a model, event by event: who waits for whom, who gets a machine when, and what is billed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::model::{Failures, Model};

/// One run.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// What each row did, in the order in which they ended.
    pub slots: Vec<Slot>,
    /// When the last of them ended.
    pub wall: f64,
    /// What is billed, in seconds.
    pub billed: f64,
    /// What it costs.
    pub dollars: f64,
}

/// A row on its machine.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Slot {
    /// Its job, by place.
    pub job: usize,
    /// Which row of that.
    pub leg: usize,
    /// When its job could start.
    pub ready: f64,
    /// When its machine was there.
    pub start: f64,
    /// When it ended.
    pub end: f64,
    /// Whether it was ended for taking too long.
    pub timed_out: bool,
    /// How long the author's own commands took of that.
    pub work: f64,
    /// Whether it failed.
    pub failed: bool,
}

/// How long a row takes in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Takes {
    /// Until a machine is there, beyond the wait for one that is free.
    pub queue: f64,
    /// From then to its end, if nothing ends it before.
    pub all: f64,
    /// The author's own commands, of that.
    pub work: f64,
    /// Whether it has failed then.
    pub fails: bool,
}

/// Times are compared as whole microseconds, so that sums in another order are the same time.
fn micros(seconds: f64) -> u64 {
    (seconds * 1e6).round() as u64
}

/// Plays a run in which each row takes as long as `takes` says, by job and row, and every job is there.
pub fn simulate(model: &Model, takes: &[Vec<Takes>]) -> Run {
    let mut run = Run::default();
    Network::of(model).play(|job| takes.get(job).map_or(&[], Vec::as_slice), |slot| run.add(model, *slot));
    run
}

impl Run {
    /// A row has ended.
    pub(super) fn add(&mut self, model: &Model, slot: Slot) {
        let machine = &model.jobs[slot.job].legs[slot.leg].machine;
        self.wall = self.wall.max(slot.end);
        self.billed += machine.billed_seconds(slot.end - slot.start);
        self.dollars += machine.cost(slot.end - slot.start);
        self.slots.push(slot);
    }
}

/// Who waits for whom, and for which kind of machine: what all runs of a model have in common. It keeps what playing one takes, so that the next one
/// asks for no memory.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// How many jobs may run at a time.
    pub concurrent: usize,
    /// How many of them on macOS.
    pub concurrent_macos: usize,
    jobs: Vec<Node>,
    rows: Vec<Row>,
    /// Who waits for whom, as it was added: the earlier, and the later.
    edges: Vec<(usize, usize)>,
    /// The later ones of all edges, by the earlier.
    after: Vec<usize>,
    waiting: Waiting,
    waiting_macos: Waiting,
    /// When a row ends, the how manieth it was to begin, and which it is.
    running: BinaryHeap<Reverse<(u64, usize, usize)>>,
    ended: Vec<(usize, f64)>,
}

/// What waits for a machine: by priority, then by when it was ready, then in the order of the plan. It is the number of the row.
type Waiting = BinaryHeap<Reverse<(i32, u64, usize)>>;

/// A job.
#[derive(Debug, Clone, Default)]
struct Node {
    /// Its first row; the next job's is the end of them.
    first: usize,
    at_once: usize,
    priority: i32,
    /// How many it waits for.
    needs: usize,
    /// Its first edge in `after`.
    edge: usize,
    failures: Failures,
    /// Of this run: how many of those have not ended.
    open: usize,
    /// Whether one of them failed, or was left out for such a one.
    behind_failure: bool,
    /// Whether it failed itself, or was left out for that.
    failed: bool,
    /// Whether rows that have not begun never will.
    is_over: bool,
    /// The next row to ask for a machine, and how many have not ended.
    next: usize,
    left: usize,
}

/// A row.
#[derive(Debug, Clone, Default)]
struct Row {
    macos: bool,
    timeout: f64,
    slot: Slot,
    /// The how manieth row to begin it was, while it runs.
    running: Option<usize>,
    /// Whether it has asked for a machine and has none.
    waits: bool,
}

impl Network {
    /// Of a model.
    pub fn of(model: &Model) -> Self {
        let mut network = Self { concurrent: model.concurrent, concurrent_macos: model.concurrent_macos, ..Self::default() };
        for job in &model.jobs {
            let rows = job.legs.iter().map(|leg| (leg.machine.os == "macos", leg.timeout));
            network.push(&job.needs, job.at_once, job.priority, rows);
            network.fail_as(job.failures);
        }
        network
    }

    /// Forgets the jobs.
    pub fn clear(&mut self) {
        self.jobs.clear();
        self.rows.clear();
        self.edges.clear();
    }

    /// Adds a job with the places of those that it waits for, the number of rows that run at a time, and for each row whether it is on macOS and when it
    /// is ended. Said twice, a need is one.
    pub fn push(&mut self, needs: &[usize], at_once: usize, priority: i32, rows: impl Iterator<Item = (bool, f64)>) {
        let (job, first) = (self.jobs.len(), self.rows.len());
        self.edges.extend(needs.iter().map(|&need| (need, job)));
        for (leg, (macos, timeout)) in rows.enumerate() {
            self.rows.push(Row { macos, timeout, slot: Slot { job, leg, ..Slot::default() }, ..Row::default() });
        }
        self.jobs.push(Node { first, at_once, priority, needs: needs.len(), ..Node::default() });
    }

    /// Says what failures of the last job do, and failures before it.
    fn fail_as(&mut self, failures: Failures) {
        self.jobs.iter_mut().last().into_iter().for_each(|job| job.failures = failures);
    }

    /// Plays a run.
    ///
    /// A row starts when all that its job needs has ended, when fewer than `max-parallel` rows of its job run, and when a machine is free: those that wait
    /// longest get it first. Each takes as long as `takes` says, and is ended at its timeout. A job for which `takes` has nothing is left out, and ends as it
    /// begins. Where a row fails, the others of its job are ended at once, unless `fail-fast` is off, and what comes after the job is left out, unless it asks how
    /// others ended. `ended` hears of every row that had a machine when it has ended.
    pub fn play<'t>(&mut self, takes: impl Fn(usize) -> &'t [Takes], mut ended: impl FnMut(&Slot)) {
        self.sort_edges();
        let (mut free, mut free_macos) = (self.concurrent, self.concurrent_macos);
        // The last end that was seen: nothing starts before it.
        let (mut now, mut number) = (0.0f64, 0usize);
        self.waiting.clear();
        self.waiting_macos.clear();
        self.running.clear();
        for job in 0..self.jobs.len() {
            let node = &mut self.jobs[job];
            (node.open, node.behind_failure, node.failed, node.is_over) = (node.needs, false, false, false);
        }
        for job in 0..self.jobs.len() {
            if self.jobs[job].needs == 0 {
                self.offer(job, 0.0, takes(job).len());
            }
        }
        loop {
            // Jobs without rows end as they begin.
            while let Some((job, time)) = self.ended.pop() {
                let end = self.jobs.get(job + 1).map_or(self.after.len(), |next| next.edge);
                for edge in self.jobs[job].edge..end {
                    let later = self.after[edge];
                    // GitHub asks of all that comes before, whatever ran between.
                    let failed = self.jobs[job].failed || self.jobs[job].behind_failure;
                    let node = &mut self.jobs[later];
                    node.open -= 1;
                    node.behind_failure |= failed;
                    if node.open == 0 {
                        node.failed = node.behind_failure && !node.failures.goes_on;
                        let rows = if node.failed { 0 } else { takes(later).len() };
                        self.offer(later, time, rows);
                    }
                }
            }
            while free > 0 {
                // Who comes next of those that there is a machine for.
                let macos = self.waiting_macos.peek().filter(|_| free_macos > 0);
                let from_macos = macos.is_some_and(|macos| self.waiting.peek().is_none_or(|other| macos > other));
                let from = if from_macos { &mut self.waiting_macos } else { &mut self.waiting };
                let Some(Reverse((_, ready, row))) = from.pop() else { break };
                let Row { timeout, slot, running, waits, .. } = &mut self.rows[row];
                if !std::mem::take(waits) {
                    continue;
                }
                free -= 1;
                free_macos -= usize::from(from_macos);
                let Takes { queue, all, work, fails } = takes(slot.job)[slot.leg];
                slot.ready = ready as f64 / 1e6;
                slot.start = slot.ready.max(now) + queue;
                slot.end = slot.start + all.min(*timeout);
                (slot.timed_out, slot.work, slot.failed) = (all > *timeout, work.min(*timeout), fails);
                number += 1;
                *running = Some(number);
                self.running.push(Reverse((micros(slot.end), number, row)));
            }
            // All that ends at that time, before anything starts.
            let Some(&Reverse((time, ..))) = self.running.peek() else { break };
            while let Some(&Reverse((end, number_of_it, row))) = self.running.peek()
                && end == time
            {
                self.running.pop();
                let Row { macos, slot, ref mut running, .. } = self.rows[row];
                // It was ended before.
                if *running != Some(number_of_it) {
                    continue;
                }
                *running = None;
                free += 1;
                free_macos += usize::from(macos);
                now = slot.end;
                ended(&slot);
                let node = &mut self.jobs[slot.job];
                node.left -= 1;
                if slot.failed && !node.failures.forgiven {
                    node.failed = true;
                    if node.failures.fast && !node.is_over {
                        number = self.end_others(slot.job, takes(slot.job).len(), slot.end, number);
                    }
                }
                let node = &mut self.jobs[slot.job];
                if node.left == 0 {
                    self.ended.push((slot.job, slot.end));
                } else if !node.is_over && node.next < takes(slot.job).len() {
                    let next = node.next;
                    node.next += 1;
                    self.wait(slot.job, next, slot.end);
                }
            }
        }
    }

    /// Ends all rows of a job: those that have not begun never will. How many began until then, counting the ends anew.
    fn end_others(&mut self, job: usize, rows: usize, now: f64, mut number: usize) -> usize {
        let Node { first, next, .. } = self.jobs[job];
        self.jobs[job].is_over = true;
        // Those that have not even asked for a machine.
        self.jobs[job].left -= rows - next;
        for row in first..first + next {
            let Row { slot, running, waits, .. } = &mut self.rows[row];
            if std::mem::take(waits) {
                self.jobs[job].left -= 1;
            } else if running.is_some() {
                let share =
                    if slot.end > slot.start { ((now - slot.start) / (slot.end - slot.start)).clamp(0.0, 1.0) } else { 1.0 };
                (slot.end, slot.work, slot.failed) = (now.max(slot.start), slot.work * share, false);
                number += 1;
                *running = Some(number);
                self.running.push(Reverse((micros(slot.end), number, row)));
            }
        }
        number
    }

    /// The edges by the earlier of the two.
    fn sort_edges(&mut self) {
        self.jobs.iter_mut().for_each(|node| node.edge = 0);
        self.edges.iter().for_each(|&(from, _)| self.jobs[from].edge += 1);
        let mut end = 0;
        for node in &mut self.jobs {
            end += node.edge;
            node.edge = end;
        }
        self.after.clear();
        self.after.resize(end, 0);
        // From behind, so that each place ends as the first.
        for &(from, to) in self.edges.iter().rev() {
            self.jobs[from].edge -= 1;
            self.after[self.jobs[from].edge] = to;
        }
    }

    /// A job may begin: as many of its rows as may run at a time ask for machines.
    fn offer(&mut self, job: usize, time: f64, rows: usize) {
        if rows == 0 {
            self.ended.push((job, time));
        }
        let first = rows.min(self.jobs[job].at_once);
        (self.jobs[job].next, self.jobs[job].left) = (first, rows);
        (0..first).for_each(|leg| self.wait(job, leg, time));
    }

    fn wait(&mut self, job: usize, leg: usize, time: f64) {
        let node = &self.jobs[job];
        let row = node.first + leg;
        self.rows[row].waits = true;
        let waiting = if self.rows[row].macos { &mut self.waiting_macos } else { &mut self.waiting };
        waiting.push(Reverse((-node.priority, micros(time), row)));
    }
}
