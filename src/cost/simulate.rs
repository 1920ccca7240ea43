//! One run of a model, event by event: who waits for whom, who gets a machine when, and what is billed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::model::Model;

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
#[derive(Debug, Clone, PartialEq)]
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
}

/// Times are compared as whole microseconds, so that sums in another order are the same time.
fn micros(seconds: f64) -> u64 {
    (seconds * 1e6).round() as u64
}

/// What waits for a machine: by priority, then by when it was ready, then in the order of the plan.
type Waiting = (i32, Reverse<u64>, Reverse<usize>, Reverse<usize>);

/// Plays a run.
///
/// A row starts when all that its job needs has ended, when fewer than `max-parallel` rows of its job run, and when a machine is free: those that wait
/// longest get it first. Each takes as long as `takes` says, by job and row, and is ended at its timeout. Nothing fails.
pub fn simulate(model: &Model, takes: &[Vec<Takes>]) -> Run {
    let mut run = Run::default();
    let mut open: Vec<usize> = model.jobs.iter().map(|job| job.needs.len()).collect();
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); model.jobs.len()];
    for (place, job) in model.jobs.iter().enumerate() {
        job.needs.iter().for_each(|&need| after[need].push(place));
    }
    // Rows of a job that have not started, and those that have not ended.
    let mut next: Vec<usize> = vec![0; model.jobs.len()];
    let mut left: Vec<usize> = model.jobs.iter().map(|job| job.legs.len()).collect();
    let mut state = State {
        model,
        waiting: BinaryHeap::new(),
        running: BTreeMap::new(),
        free: model.concurrent,
        free_macos: model.concurrent_macos,
        now: 0.0,
    };
    let mut ended: Vec<(usize, f64)> = Vec::new();
    for job in (0..model.jobs.len()).filter(|&job| open[job] == 0) {
        state.offer(job, 0.0, &mut next, &mut ended);
    }
    let mut number = 0usize;
    loop {
        // Jobs without rows end as they begin.
        while let Some((job, time)) = ended.pop() {
            for &later in &after[job] {
                open[later] -= 1;
                if open[later] == 0 {
                    state.offer(later, time, &mut next, &mut ended);
                }
            }
        }
        state.start(takes, &mut number);
        // All that ends at that time, before anything starts.
        let Some(&(now, _)) = state.running.keys().next() else { break };
        while let Some(entry) = state.running.first_entry().filter(|entry| entry.key().0 == now) {
            let slot = entry.remove();
            let (job, time) = (slot.job, slot.end);
            state.give_back(job, slot.leg);
            state.now = time;
            let leg = &model.jobs[job].legs[slot.leg];
            run.wall = run.wall.max(time);
            run.billed += leg.machine.billed_seconds(time - slot.start);
            run.dollars += leg.machine.cost(time - slot.start);
            run.slots.push(slot);
            left[job] -= 1;
            if left[job] == 0 {
                ended.push((job, time));
            } else if next[job] < model.jobs[job].legs.len() {
                state.wait(job, next[job], time);
                next[job] += 1;
            }
        }
    }
    run
}

struct State<'m> {
    model: &'m Model,
    waiting: BinaryHeap<Waiting>,
    /// By when they end, and in the order in which they began.
    running: BTreeMap<(u64, usize), Slot>,
    free: usize,
    free_macos: usize,
    /// The last end that was seen: nothing starts before it.
    now: f64,
}

impl State<'_> {
    /// A job may begin: as many of its rows as may run at a time ask for machines.
    fn offer(&mut self, job: usize, time: f64, next: &mut [usize], ended: &mut Vec<(usize, f64)>) {
        let rows = self.model.jobs[job].legs.len();
        if rows == 0 {
            ended.push((job, time));
        }
        let first = rows.min(self.model.jobs[job].at_once);
        (0..first).for_each(|leg| self.wait(job, leg, time));
        next[job] = first;
    }

    fn wait(&mut self, job: usize, leg: usize, time: f64) {
        self.waiting.push((self.model.jobs[job].priority, Reverse(micros(time)), Reverse(job), Reverse(leg)));
    }

    fn is_macos(&self, job: usize, leg: usize) -> bool {
        self.model.jobs[job].legs[leg].machine.os == "macos"
    }

    /// Gives machines to those that wait, as far as there are any.
    fn start(&mut self, takes: &[Vec<Takes>], number: &mut usize) {
        let mut passed = Vec::new();
        while self.free > 0
            && let Some(waiting) = self.waiting.pop()
        {
            let (_, Reverse(ready), Reverse(job), Reverse(leg)) = waiting;
            let macos = self.is_macos(job, leg);
            if macos && self.free_macos == 0 {
                passed.push(waiting);
                continue;
            }
            self.free -= 1;
            self.free_macos -= usize::from(macos);
            let ready = ready as f64 / 1e6;
            let Takes { queue, all, work } = takes[job][leg];
            let timeout = self.model.jobs[job].legs[leg].timeout;
            let start = ready.max(self.now) + queue;
            let (end, work) = (start + all.min(timeout), work.min(timeout));
            let slot = Slot { job, leg, ready, start, end, timed_out: all > timeout, work };
            *number += 1;
            self.running.insert((micros(end), *number), slot);
        }
        self.waiting.extend(passed);
    }

    fn give_back(&mut self, job: usize, leg: usize) {
        self.free += 1;
        self.free_macos += usize::from(self.is_macos(job, leg));
    }
}
