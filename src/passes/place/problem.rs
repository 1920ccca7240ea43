//! What is chosen from, in numbers: jobs, what each needs and hands over, and what a choice takes and costs. It knows nothing of a plan, so that
//! tests can make any of it up.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cost::{self, Machine, Model, Run, Spread, Takes};

/// What is chosen from.
#[derive(Debug, Clone, Default)]
pub struct Problem {
    /// The jobs, each after all that it needs.
    pub jobs: Vec<Item>,
    /// What is handed over between them.
    pub data: Vec<Data>,
    /// Pairs of jobs of one kind that may not share a machine all the same, the earlier first.
    pub apart: BTreeSet<(usize, usize)>,
    /// How many jobs may run at a time.
    pub concurrent: usize,
    /// How many of them on macOS.
    pub concurrent_macos: usize,
    /// What it comes to that machines are shared at all: a gate that is not there yet.
    pub sharing: Outcome,
}

/// A job.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// The jobs that it waits for.
    pub needs: Vec<usize>,
    /// What having a machine takes, in seconds: its start, the checkout, tools, caches, an install.
    pub overhead: f64,
    /// The work of each of its rows, in seconds.
    pub rows: Vec<f64>,
    /// How many rows run at a time.
    pub at_once: usize,
    /// When a row is ended.
    pub timeout: f64,
    /// Into how many shards its one row may be split; 1 is among them. Empty where that is not asked for.
    pub shards: Vec<u32>,
    /// On which machines it may run, each with the factor that its work takes there; what is written comes first.
    pub machines: Vec<(Arc<Machine>, f64)>,
    /// Jobs of the same kind may share a machine; none shares with nobody.
    pub kind: Option<usize>,
    /// All that it comes after, as bits by place; [`Problem::push`] fills it in.
    pub after: Vec<u64>,
    /// The jobs whose own condition may leave it out: itself, and those that it comes after.
    pub skips: BTreeSet<usize>,
    /// Its own condition, by number, where it has one.
    pub condition: Option<usize>,
    /// The first piece of the job that it is a piece of, where it is one: as that is written, its pieces share a machine.
    pub piece_of: Option<usize>,
}

/// Files that one job makes and another takes.
#[derive(Debug, Clone, Copy)]
pub struct Data {
    /// Who makes them.
    pub from: usize,
    /// Who takes them.
    pub to: usize,
    /// Which path of the maker's.
    pub path: usize,
    /// What it takes to send them.
    pub send: f64,
    /// What it takes to receive them.
    pub receive: f64,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// For each job, the first of those that it shares its machine with.
    pub group: Vec<usize>,
    /// For each job, the number of shards.
    pub shards: Vec<u32>,
    /// For each job, which of its machines; those that share one agree.
    pub machine: Vec<usize>,
}

/// What shares a machine, or is moved to another, must be over in time even where it takes so many times as long.
const MARGIN: f64 = 1.5;

/// What a choice comes to.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outcome {
    /// How long a run takes, in seconds.
    pub wall: f64,
    /// What it costs.
    pub dollars: f64,
    /// What is billed, in seconds.
    pub billed: f64,
}

impl Choice {
    /// The same, but for some jobs, which are as in another choice and with nobody else.
    pub(super) fn without(&self, jobs: &[usize], other: &Self) -> Self {
        let mut changed = self.clone();
        let count = self.group.len();
        for &job in jobs {
            // Another number than any job has, until the first of a group is known.
            changed.group[job] = count + other.group[job];
            (changed.shards[job], changed.machine[job]) = (other.shards[job], other.machine[job]);
        }
        let mut first = vec![usize::MAX; 2 * count];
        for job in 0..count {
            let group = changed.group[job];
            first[group] = first[group].min(job);
            changed.group[job] = first[group];
        }
        changed
    }
}

impl Problem {
    /// Adds a job; all that it needs is there.
    pub fn push(&mut self, item: Item) {
        let mut after = vec![0u64; self.jobs.len() / 64 + 1];
        for &need in &item.needs {
            after.iter_mut().zip(&self.jobs[need].after).for_each(|(own, theirs)| *own |= theirs);
            after[need / 64] |= 1 << (need % 64);
        }
        self.jobs.push(Item { after, ..item });
    }

    /// As it was written: each job on its own machine, pieces of one together.
    pub fn written(&self) -> Choice {
        let count = self.jobs.len();
        Choice {
            group: (0..count).map(|job| self.jobs[job].piece_of.unwrap_or(job)).collect(),
            shards: vec![1; count],
            machine: vec![0; count],
        }
    }

    /// Whether two jobs may share a machine, as far as they alone decide.
    pub fn may_share(&self, one: usize, other: usize) -> bool {
        let pair = (one.min(other), one.max(other));
        self.jobs[one].kind.is_some() && self.jobs[one].kind == self.jobs[other].kind && !self.apart.contains(&pair)
    }

    /// Whether each group may be one.
    ///
    /// Every pair of it may share, and all of it comes after the same other jobs: no job waits for anything, or falls with it, that it had nothing to do
    /// with. And who is left out for a reason inside of the group is no job to GitHub any more: nobody may wait for it elsewhere, unless all of them have that
    /// one condition. One is always there then, to show that the machine was ready.
    pub fn is_allowed(&self, choice: &Choice) -> bool {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.jobs.len()];
        choice.group.iter().enumerate().for_each(|(job, &group)| members[group].push(job));
        members.iter().filter(|own| own.len() > 1).all(|own| self.may_be_one(choice, own))
    }

    fn may_be_one(&self, choice: &Choice, own: &[usize]) -> bool {
        let first = own[0];
        let alike = |&job: &usize| choice.machine[job] == choice.machine[first] && choice.shards[job] == 1;
        let pairs = || own.iter().enumerate().all(|(at, &job)| own[..at].iter().all(|&other| self.may_share(other, job)));
        let mut group = vec![0u64; self.jobs.len() / 64 + 1];
        own.iter().for_each(|&job| group[job / 64] |= 1 << (job % 64));
        if self.is_as_written(own) {
            return own.iter().all(alike);
        }
        let outside = |job: usize| -> Vec<u64> {
            let after = &self.jobs[job].after;
            let mut outside: Vec<u64> =
                group.iter().enumerate().map(|(at, group)| after.get(at).copied().unwrap_or_default() & !group).collect();
            // As the job is written, they wait for these in any case.
            self.before(own).for_each(|piece| outside[piece / 64] &= !(1 << (piece % 64)));
            outside
        };
        let one_condition = own.iter().all(|&job| self.jobs[job].condition == self.jobs[first].condition);
        let is_waited_for = |job: usize| {
            let waits = |later: &Item, at: usize| later.needs.contains(&job) && !own.contains(&at);
            self.jobs.iter().enumerate().skip(job + 1).any(|(at, later)| waits(later, at))
        };
        let inside = |job: usize| self.jobs[job].skips.iter().any(|skip| own.contains(skip));
        let left_out = || own.iter().any(|&job| !inside(job)) && own.iter().all(|&job| !inside(job) || !is_waited_for(job));
        own.iter().all(alike)
            && pairs()
            && own[1..].iter().all(|&job| outside(job) == outside(first))
            && (one_condition || left_out())
    }

    /// Whether jobs are the pieces of one, all of them.
    fn is_as_written(&self, own: &[usize]) -> bool {
        let first = own[0];
        self.jobs[first].piece_of == Some(first)
            && own.iter().all(|&job| self.jobs[job].piece_of == Some(first))
            && self.jobs.iter().filter(|item| item.piece_of == Some(first)).count() == own.len()
    }

    /// Of a group of pieces of one job, those that it is without though they stand before all of it.
    fn before(&self, own: &[usize]) -> impl Iterator<Item = usize> {
        let first = own.first().copied().unwrap_or_default();
        let whole =
            self.jobs[first].piece_of.filter(|_| own.iter().all(|&job| self.jobs[job].piece_of == self.jobs[first].piece_of));
        (whole.unwrap_or(first)..first).filter(move |&piece| self.jobs[piece].piece_of == whole)
    }

    /// What a choice comes to; none where it is not allowed, or its groups would wait for each other.
    pub fn outcome(&self, choice: &Choice) -> Option<Outcome> {
        if !self.is_allowed(choice) {
            return None;
        }
        let (model, takes) = self.model(choice)?;
        let Run { wall, dollars, billed, .. } = cost::simulate(&model, &takes);
        let differs = choice.group != self.written().group;
        let more = if differs { self.sharing } else { Outcome::default() };
        Some(Outcome { wall: wall + more.wall, dollars: dollars + more.dollars, billed: billed + more.billed })
    }

    /// The model of a choice, and how long its rows take; none where groups would wait for each other.
    fn model(&self, choice: &Choice) -> Option<(Model, Vec<Vec<Takes>>)> {
        let order = self.order(choice)?;
        let mut place = vec![usize::MAX; self.jobs.len()];
        order.iter().enumerate().for_each(|(at, &group)| place[group] = at);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
        (0..self.jobs.len()).for_each(|job| members[place[choice.group[job]]].push(job));
        let mut jobs = Vec::with_capacity(order.len());
        let mut takes = Vec::with_capacity(order.len());
        for own in &members {
            let item = &self.jobs[own[0]];
            // A job without rows has no machine.
            let (machine, factor) = item.machines.get(choice.machine[own[0]]).cloned().unwrap_or_default();
            let mut needs: Vec<usize> =
                own.iter().flat_map(|&job| &self.jobs[job].needs).map(|&need| place[choice.group[need]]).collect();
            needs.sort_unstable();
            needs.dedup();
            needs.retain(|&need| need != place[choice.group[own[0]]]);
            let moved = self.moved(choice, own);
            let work: f64 = own.iter().map(|&job| self.jobs[job].rows.iter().sum::<f64>()).sum();
            let shards = choice.shards[own[0]];
            let rows: Vec<f64> = match (own.len(), shards) {
                (1, 1) => item.rows.clone(),
                (1, shards) => vec![work / f64::from(shards); shards as usize],
                _ => vec![work],
            };
            let overhead = own.iter().map(|&job| self.jobs[job].overhead).fold(0.0, f64::max);
            let counts = |&&job: &&usize| {
                self.jobs[job]
                    .piece_of
                    .is_none_or(|whole| own.iter().find(|&&other| self.jobs[other].piece_of == Some(whole)) == Some(&job))
            };
            // Pieces of one job have one time.
            let timeout = own.iter().filter(counts).map(|&job| self.jobs[job].timeout).sum::<f64>().min(machine.longest);
            // On a bad day it takes longer; and a machine that was not written may be one on which jobs end sooner.
            let is_chosen = own.len() > 1 && !self.is_as_written(own) || choice.machine[own[0]] > 0;
            let longest = rows.iter().copied().fold(0.0, f64::max);
            if is_chosen && (overhead + moved + longest * factor) * MARGIN > timeout {
                return None;
            }
            let leg = |_: &f64| cost::Leg {
                id: String::new(),
                machine: machine.clone(),
                timeout,
                share: 1.0,
                queue: Spread::default(),
                parts: Vec::new(),
            };
            takes
                .push(rows.iter().map(|work| Takes { queue: 0.0, all: overhead + moved + work * factor, work: *work }).collect());
            let legs = rows.iter().map(leg).collect();
            jobs.push(cost::Job {
                id: String::new(),
                needs,
                legs,
                at_once: item.at_once.max(1),
                priority: 0,
                members: Vec::new(),
            });
        }
        let model = Model { jobs, layers: Vec::new(), concurrent: self.concurrent, concurrent_macos: self.concurrent_macos };
        Some((model, takes))
    }

    /// What a group takes to receive from others and to send to them: each path of each maker once.
    fn moved(&self, choice: &Choice, own: &[usize]) -> f64 {
        let mut seen = Vec::new();
        let mut seconds = 0.0;
        for data in &self.data {
            let (sends, receives) = (own.contains(&data.from), own.contains(&data.to));
            // Shards of a job receive each from all of its rows, and send what they made.
            if sends == receives || seen.contains(&(data.from, data.path, sends)) {
                continue;
            }
            seen.push((data.from, data.path, sends));
            seconds += if sends { data.send } else { data.receive };
        }
        debug_assert!(own.iter().all(|&job| choice.group[job] == choice.group[own[0]]));
        seconds
    }

    /// The groups in an order in which each comes after those that it needs: of those that could come next, the first written one. None where they
    /// would wait for each other.
    pub fn order(&self, choice: &Choice) -> Option<Vec<usize>> {
        let mut open: Vec<usize> = vec![0; self.jobs.len()];
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); self.jobs.len()];
        for (job, item) in self.jobs.iter().enumerate() {
            let group = choice.group[job];
            for from in item.needs.iter().map(|&need| choice.group[need]).filter(|&from| from != group) {
                after[from].push(group);
                open[group] += 1;
            }
        }
        let is_group = |job: &usize| choice.group[*job] == *job;
        let mut ready: BTreeSet<usize> = (0..self.jobs.len()).filter(is_group).filter(|&group| open[group] == 0).collect();
        let mut order = Vec::new();
        while let Some(group) = ready.pop_first() {
            order.push(group);
            for &later in &after[group] {
                open[later] -= 1;
                if open[later] == 0 {
                    ready.insert(later);
                }
            }
        }
        (order.len() == (0..self.jobs.len()).filter(is_group).count()).then_some(order)
    }
}
