//! One run of a model, event by event: who waits for whom, who gets a machine when, and what is billed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Failures;
use super::model::Model;
use super::quota::{PerQuota, Quota, Quotas};

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
    /// Whether it was ended for the failure of another row.
    pub cancelled: bool,
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
    /// Whether it was ended by then: a step of it took longer than that may.
    pub late: bool,
}

impl Takes {
    /// The same where it is ended after so long, which is when it was at work.
    #[must_use]
    pub fn within(self, timeout: f64) -> Self {
        let over = self.all - timeout;
        if over > 0.0 { Self { all: timeout, work: (self.work - over).max(0.0), late: true, ..self } } else { self }
    }
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
    pub quotas: Quotas,
    jobs: Vec<Node>,
    rows: Vec<Row>,
    /// Who waits for whom, as it was added: the earlier, and the later.
    edges: Vec<(usize, usize)>,
    /// The later ones of all edges, by the earlier.
    after: Vec<usize>,
    waiting: PerQuota<Waiting>,
    /// By number.
    locks: Vec<Lock>,
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
    /// How it ended itself, or is going to.
    end: End,
    /// Whether rows that have not begun never will.
    is_over: bool,
    /// The next row to ask for a machine, and how many have not ended.
    next: usize,
    left: usize,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum End {
    #[default]
    Well,
    /// It failed, or was left out for a failure.
    Failed,
    /// It was left out as nothing failed, or after such a one.
    LeftOut,
}

/// What one row holds at a time: `locks`, or a `concurrency` group.
#[derive(Debug, Clone, Default)]
struct Lock {
    is_held: bool,
    waiting: Waiting,
}

/// A row.
#[derive(Debug, Clone, Default)]
struct Row {
    quota: Quota,
    timeout: f64,
    lock: Option<usize>,
    /// Whether it holds that.
    holds: bool,
    slot: Slot,
    /// The how manieth row to begin it was, while it runs.
    running: Option<usize>,
    /// Whether it has asked for its lock or a machine, and has none.
    waits: bool,
}

impl Network {
    /// Of a model.
    pub fn of(model: &Model) -> Self {
        let mut network = Self { quotas: model.quotas, ..Self::default() };
        for job in &model.jobs {
            let rows = job.legs.iter().map(|leg| (leg.machine.quota, leg.timeout, leg.lock));
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

    /// Adds a job with the places of those that it waits for, the number of rows that run at a time, and for each row what it counts against, when it is
    /// ended, and the number of what it locks. Said twice, a need is one.
    pub fn push(
        &mut self,
        needs: &[usize],
        at_once: usize,
        priority: i32,
        rows: impl Iterator<Item = (Quota, f64, Option<usize>)>,
    ) {
        let (job, first) = (self.jobs.len(), self.rows.len());
        self.edges.extend(needs.iter().map(|&need| (need, job)));
        for (leg, (quota, timeout, lock)) in rows.enumerate() {
            self.rows.push(Row { quota, timeout, lock, slot: Slot { job, leg, ..Slot::default() }, ..Row::default() });
        }
        self.jobs.push(Node { first, at_once, priority, needs: needs.len(), ..Node::default() });
    }

    /// Says what failures of the last job do, and failures before it.
    fn fail_as(&mut self, failures: Failures) {
        self.jobs.iter_mut().last().into_iter().for_each(|job| job.failures = failures);
    }

    /// Plays a run.
    ///
    /// A row starts when all that its job needs has ended, when fewer than `max-parallel` rows of its job run, when nobody else holds what it locks, and when
    /// a machine is free: those that wait longest get it first. Each takes as long as `takes` says, and is ended at its timeout. A job for which `takes` has nothing is left out, and ends as it
    /// begins. Where a row fails, the others of its job are ended at once, unless `fail-fast` is off, and what comes after the job is left out, unless it asks how
    /// others ended. `ended` hears of every row that had a machine when it has ended.
    pub fn play<'t>(&mut self, takes: impl Fn(usize) -> &'t [Takes], mut ended: impl FnMut(&Slot)) {
        self.sort_edges();
        // The last end that was seen: nothing starts before it.
        let (mut now, mut number) = (0.0f64, 0usize);
        let mut used: PerQuota<usize> = PerQuota::default();
        self.waiting.iter_mut().for_each(|(_, waiting)| waiting.clear());
        self.running.clear();
        self.open_locks();
        for job in 0..self.jobs.len() {
            let node = &mut self.jobs[job];
            (node.open, node.behind_failure, node.is_over) = (node.needs, false, false);
            node.end = if node.failures.behind.success() { End::Well } else { End::LeftOut };
        }
        for job in 0..self.jobs.len() {
            if self.jobs[job].needs == 0 {
                let rows = if self.jobs[job].end == End::LeftOut { 0 } else { takes(job).len() };
                self.offer(job, 0.0, rows);
            }
        }
        loop {
            // Jobs without rows end as they begin.
            while let Some((job, time)) = self.ended.pop() {
                let end = self.jobs.get(job + 1).map_or(self.after.len(), |next| next.edge);
                for edge in self.jobs[job].edge..end {
                    let later = self.after[edge];
                    // GitHub asks of all that comes before, whatever ran between.
                    let Node { end: before, behind_failure, .. } = self.jobs[job];
                    let failed = before == End::Failed || behind_failure;
                    let node = &mut self.jobs[later];
                    node.open -= 1;
                    node.behind_failure |= failed;
                    let goes_on = node.failures.behind.failure();
                    if before == End::LeftOut && !goes_on {
                        node.end = End::LeftOut;
                    }
                    if node.open == 0 {
                        if node.behind_failure {
                            node.end = if goes_on { End::Well } else { End::Failed };
                        }
                        let rows = if node.end == End::Well { takes(later).len() } else { 0 };
                        self.offer(later, time, rows);
                    }
                }
            }
            self.hand_out_locks(now);
            while let Some(Reverse((_, ready, row))) = self.next(&used) {
                let Row { quota, timeout, slot, running, waits, .. } = &mut self.rows[row];
                if !std::mem::take(waits) {
                    continue;
                }
                used[*quota] += 1;
                let own = takes(slot.job)[slot.leg];
                let Takes { queue, all, work, fails, late } = own.within(*timeout);
                slot.ready = ready as f64 / 1e6;
                slot.start = slot.ready.max(now) + queue;
                slot.end = slot.start + all;
                (slot.timed_out, slot.work, slot.failed) = (late, work, fails);
                slot.cancelled = false;
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
                let Row { quota, slot, ref mut running, .. } = self.rows[row];
                // It was ended before.
                if *running != Some(number_of_it) {
                    continue;
                }
                *running = None;
                used[quota] -= 1;
                self.unlock(row);
                now = slot.end;
                ended(&slot);
                let node = &mut self.jobs[slot.job];
                node.left -= 1;
                if slot.failed && !node.failures.forgiven {
                    node.end = End::Failed;
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
                self.unlock(row);
            } else if running.is_some() {
                let share =
                    if slot.end > slot.start { ((now - slot.start) / (slot.end - slot.start)).clamp(0.0, 1.0) } else { 1.0 };
                (slot.end, slot.work, slot.failed, slot.cancelled) = (now.max(slot.start), slot.work * share, false, true);
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
        let row = self.jobs[job].first + leg;
        self.rows[row].waits = true;
        match self.rows[row].lock {
            // Who waits longest has it first, whatever is short of machines.
            Some(lock) => self.locks[lock].waiting.push(Reverse((0, micros(time), row))),
            None => self.wait_for_machine(row, micros(time)),
        }
    }

    fn wait_for_machine(&mut self, row: usize, time: u64) {
        let Row { quota, slot, .. } = self.rows[row];
        let priority = self.jobs[slot.job].priority;
        self.waiting[quota].push(Reverse((-priority, time, row)));
    }

    /// Who comes next of those that there is a machine for.
    fn next(&mut self, used: &PerQuota<usize>) -> Option<Reverse<(i32, u64, usize)>> {
        let quotas = self.quotas;
        let is_free = |quota: Quota| {
            let mut with = used.clone();
            with[quota] += 1;
            quotas.hold(&with)
        };
        let free = self.waiting.iter_mut().filter(|(quota, waiting)| !waiting.is_empty() && is_free(*quota));
        let (_, first) = free.max_by(|(_, one), (_, other)| one.peek().cmp(&other.peek()))?;
        first.pop()
    }

    /// Nobody holds or waits for anything.
    fn open_locks(&mut self) {
        let count = self.rows.iter().filter_map(|row| row.lock).max().map_or(0, |last| last + 1);
        self.locks.resize_with(count, Lock::default);
        for lock in &mut self.locks {
            lock.is_held = false;
            lock.waiting.clear();
        }
        self.rows.iter_mut().for_each(|row| row.holds = false);
    }

    /// What nobody holds goes to who waits longest for it, if anybody still does.
    fn hand_out_locks(&mut self, now: f64) {
        for lock in 0..self.locks.len() {
            while !self.locks[lock].is_held
                && let Some(Reverse((_, asked, row))) = self.locks[lock].waiting.pop()
            {
                if self.rows[row].waits {
                    (self.locks[lock].is_held, self.rows[row].holds) = (true, true);
                    self.wait_for_machine(row, asked.max(micros(now)));
                }
            }
        }
    }

    /// A row gives back what it holds.
    fn unlock(&mut self, row: usize) {
        if let Row { lock: Some(lock), holds, .. } = &mut self.rows[row]
            && std::mem::take(holds)
        {
            self.locks[*lock].is_held = false;
        }
    }
}
