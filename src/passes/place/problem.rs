//! What is chosen from, in numbers: jobs, what each needs and hands over, and what a choice takes and costs. It knows nothing of a plan, so that
//! tests can make any of it up.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::evaluate::Evaluator;
use crate::cost::{Machine, Quotas};
use crate::profile;

/// What is chosen from.
#[derive(Debug, Clone, Default)]
pub struct Problem {
    /// The jobs, each after all that it needs.
    pub jobs: Vec<Item>,
    /// What is handed over between them.
    pub data: Vec<Data>,
    /// Pairs of jobs of one kind that may not share a machine all the same.
    pub apart: Pairs,
    /// How many jobs may run at a time.
    pub quotas: Quotas,
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
    /// The same on each of its machines, where that was measured of each row; else what the factor of a machine makes of it.
    pub on: Vec<Vec<f64>>,
    /// How many rows run at a time.
    pub at_once: usize,
    /// When a row is ended.
    pub timeout: f64,
    /// How much later a machine is ended for each second of its work, where that follows from what it takes: several pieces of a job have the sum of it.
    pub allowed: f64,
    /// What each row locks, by number; nothing where none does.
    pub locks: Vec<Option<usize>>,
    /// How many times as much work as the mean the longest of several shards has; below 1 they have all the same.
    pub uneven: f64,
    /// Into how many shards its one row may be split; 1 is among them. Empty where that is not asked for.
    pub shards: Vec<u32>,
    /// The machines that there are for it and for all of its kind, each with the factor that its work takes there, endless where it may not run; what is
    /// written comes first.
    pub machines: Vec<(Arc<Machine>, f64)>,
    /// The variance of all that a row of it takes; that of the row in which it is largest.
    pub variance: f64,
    /// Jobs of the same kind may share a machine; none shares with nobody.
    pub kind: Option<usize>,
    /// All that it comes after, as bits by place; [`Problem::push`] fills it in.
    pub after: Vec<u64>,
    /// The jobs whose own condition may leave it out: itself, and those that it comes after.
    pub skips: BTreeSet<usize>,
    /// Its own condition, by number, where it has one.
    pub condition: Option<usize>,
    /// In which share of all runs that does not hold, as far as that was measured.
    pub skipped: f64,
    /// The first piece of the job that it is a piece of, where it is one: as that is written, its pieces share a machine.
    pub piece_of: Option<usize>,
    /// Whether it may run beside others on its machine.
    pub beside: Beside,
}

/// How a job may run beside others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Beside {
    /// Not at all: nobody knows what it does to their files.
    #[default]
    Never,
    /// As one of several steps, or as what keeps the machine busy: while others run in the background.
    Foreground,
    /// As a step in the background.
    Background,
}

impl Item {
    /// Whether it may run in the background.
    pub fn in_background(&self) -> bool {
        self.beside == Beside::Background
    }
}

impl Item {
    /// How many times as long its work takes on one of its machines.
    pub(super) fn factor(&self, machine: usize) -> f64 {
        self.machines.get(machine).map_or(1.0, |(_, factor)| *factor)
    }

    /// The work of one of its rows on one of its machines, in seconds.
    pub(super) fn row_on(&self, row: usize, machine: usize) -> f64 {
        self.on.get(machine).map_or_else(|| self.rows[row] * self.factor(machine), |rows| rows[row])
    }

    /// The part of its work that one of so many shards has, from 0.
    pub(super) fn part(&self, shard: usize, shards: u32) -> f64 {
        profile::part(self.uneven, shard as u32 + 1, shards)
    }

    /// Whether it may run on one of its machines.
    pub(super) fn may_run_on(&self, machine: usize) -> bool {
        machine == 0 || self.machines.get(machine).is_some_and(|(_, factor)| factor.is_finite())
    }

    /// The places of the machines on which it may run.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        (0..self.machines.len().max(1)).filter(|&machine| self.may_run_on(machine))
    }
}

/// Pairs of jobs, as bits.
#[derive(Debug, Clone, Default)]
pub struct Pairs(Vec<u64>);

impl Pairs {
    /// Adds a pair, in either order.
    pub fn insert(&mut self, one: usize, other: usize) {
        let (word, bit) = Self::place(one, other);
        self.0.resize(self.0.len().max(word + 1), 0);
        self.0[word] |= bit;
    }

    /// Whether a pair was added.
    pub fn contains(&self, one: usize, other: usize) -> bool {
        let (word, bit) = Self::place(one, other);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// In a triangle: before the pairs of a job come those of all earlier ones.
    fn place(one: usize, other: usize) -> (usize, u64) {
        let (earlier, later) = (one.min(other), one.max(other));
        let place = later * later.saturating_sub(1) / 2 + earlier;
        (place / 64, 1 << (place % 64))
    }
}

/// Files that one job makes and another takes.
#[derive(Debug, Clone, Copy)]
pub struct Data {
    /// Who makes them.
    pub from: usize,
    /// Who takes them.
    pub to: usize,
    /// Which path of which maker, by number.
    pub path: usize,
    /// What it takes as an artifact.
    pub artifact: Transfer,
    /// And in a cache; none where that is not known, or may not be.
    pub cache: Option<Transfer>,
}

/// How long files take from one machine to another, in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transfer {
    /// To send them.
    pub send: f64,
    /// To receive them.
    pub receive: f64,
}

/// A choice.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// For each job, the first of those that it shares its machine with.
    pub group: Vec<usize>,
    /// For each job, the number of shards.
    pub shards: Vec<u32>,
    /// For each job, which of its machines; those that share one agree.
    pub machine: Vec<usize>,
    /// For each job, whether what shares its machine runs side by side, as far as that may be; those that share one agree.
    pub beside: Vec<bool>,
    /// For each path, whether it travels in a cache.
    pub cached: Vec<bool>,
}

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
    /// The same, but the groups of two jobs are one, on the machine of the first.
    pub(super) fn joined(&self, one: usize, other: usize) -> Self {
        let mut changed = self.clone();
        changed.join(&[self.group[one], self.group[other]]);
        changed
    }

    /// Makes one of some groups, on the machine of the first of them.
    fn join(&mut self, groups: &[usize]) {
        let Some(&first) = groups.iter().min() else { return };
        let beside = groups.iter().any(|&group| self.beside[group]);
        let mut is_one = vec![false; self.group.len()];
        groups.iter().for_each(|&group| is_one[group] = true);
        let machine = self.machine[first];
        for job in 0..self.group.len() {
            if is_one[self.group[job]] {
                (self.group[job], self.shards[job], self.machine[job], self.beside[job]) = (first, 1, machine, beside);
            }
        }
    }

    /// The same, but a job is alone; what it was with is a group without it.
    pub(super) fn apart(&self, job: usize) -> Self {
        let mut changed = self.clone();
        let rest = (0..self.group.len()).filter(|&other| other != job && self.group[other] == self.group[job]);
        let first = rest.clone().next().unwrap_or(job);
        let several = rest.clone().nth(1).is_some();
        for other in rest {
            changed.group[other] = first;
            changed.beside[other] &= several;
        }
        (changed.group[job], changed.beside[job]) = (job, false);
        changed
    }

    /// Puts a group on a machine, side by side or in sequence.
    pub(super) fn on(&mut self, group: usize, machine: usize, beside: bool) {
        for job in (0..self.group.len()).filter(|&job| self.group[job] == group) {
            (self.machine[job], self.beside[job]) = (machine, beside);
        }
    }

    /// The same, but on the usual machines and in one shard.
    pub(super) fn of_graph(&self) -> Self {
        let count = self.group.len();
        Self { shards: vec![1; count], machine: vec![0; count], ..self.clone() }
    }

    /// The same, but for some jobs, which are as in another choice and with nobody else.
    pub(super) fn without(&self, jobs: &[usize], other: &Self) -> Self {
        let mut changed = self.clone();
        let count = self.group.len();
        for &job in jobs {
            // Another number than any job has, until the first of a group is known.
            changed.group[job] = count + other.group[job];
            (changed.shards[job], changed.machine[job], changed.beside[job]) =
                (other.shards[job], other.machine[job], other.beside[job]);
        }
        let (mut first, mut members) = (vec![usize::MAX; 2 * count], vec![0; count]);
        for job in 0..count {
            let group = changed.group[job];
            first[group] = first[group].min(job);
            changed.group[job] = first[group];
            members[first[group]] += 1;
        }
        (0..count).for_each(|job| changed.beside[job] &= members[changed.group[job]] > 1);
        changed
    }
}

/// So many steps of a job run at a time.
const MOST_BESIDE: usize = 10;

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

    /// The same with one job in another number of shards, for each job and number.
    pub fn in_other_shards<'c>(&'c self, choice: &'c Choice) -> impl Iterator<Item = Choice> + 'c {
        self.jobs.iter().enumerate().flat_map(move |(job, item)| {
            let others = item.shards.iter().filter(move |&&count| count != choice.shards[job]);
            others.map(move |&count| {
                let mut other = choice.clone();
                other.shards[job] = count;
                other
            })
        })
    }

    /// As it was written: each job on its own machine, pieces of one together.
    pub fn written(&self) -> Choice {
        let count = self.jobs.len();
        Choice {
            group: (0..count).map(|job| self.jobs[job].piece_of.unwrap_or(job)).collect(),
            shards: vec![1; count],
            machine: vec![0; count],
            beside: vec![false; count],
            cached: vec![false; self.data.iter().map(|data| data.path + 1).max().unwrap_or_default()],
        }
    }

    /// The paths of a job that may travel in a cache.
    pub(super) fn cacheable(&self, job: usize) -> BTreeSet<usize> {
        let own = self.data.iter().filter(|data| data.from == job && data.cache.is_some());
        own.map(|data| data.path).collect()
    }

    /// Whether two jobs may share a machine, as far as they alone decide.
    pub fn may_share(&self, one: usize, other: usize) -> bool {
        self.jobs[one].kind.is_some() && self.jobs[one].kind == self.jobs[other].kind && !self.apart.contains(one, other)
    }

    /// Whether some jobs may share a machine, by that choice; the first of them is the first written.
    ///
    /// Every pair of it may share, and all of it comes after the same other jobs: no job waits for anything, or falls with it, that it had nothing to do
    /// with. And who is left out for a reason inside of the group is no job to GitHub any more: nobody may wait for it elsewhere, unless all of them have that
    /// one condition. One is always there then, to show that the machine was ready.
    pub(super) fn may_be_one(&self, choice: &Choice, own: &[usize]) -> bool {
        let first = own[0];
        let beside = choice.beside[first];
        let alike = |&job: &usize| {
            choice.machine[job] == choice.machine[first] && choice.shards[job] == 1 && choice.beside[job] == beside
        };
        let is_alike = own.iter().all(alike) && (!beside || self.may_run_beside(own));
        if !is_alike || self.is_as_written(own) {
            return is_alike;
        }
        let outside = self.outside(own);
        let same = |job: usize| (0..self.jobs.len().div_ceil(64)).all(|at| outside(job, at) == outside(first, at));
        let pairs = || own.iter().enumerate().all(|(at, &job)| own[..at].iter().all(|&other| self.may_share(other, job)));
        let stands = || own.iter().any(|&job| !self.falls(choice, job));
        own[1..].iter().all(|&job| same(job))
            && pairs()
            && (self.is_one_condition(own) || stands() && self.waits_for_fallen(choice, own).next().is_none())
    }

    /// How many jobs of a group come one after the other before each of them: those of one level may run side by side.
    pub(super) fn levels(&self, own: &[usize]) -> Vec<usize> {
        let mut levels: Vec<usize> = Vec::with_capacity(own.len());
        for &job in own {
            let is_before = |earlier: &usize| {
                let bits = self.jobs[job].after.get(earlier / 64).copied().unwrap_or_default();
                bits >> (earlier % 64) & 1 == 1
            };
            let before = own.iter().zip(&levels).filter(|(earlier, _)| is_before(earlier));
            levels.push(before.map(|(_, level)| level + 1).max().unwrap_or_default());
        }
        levels
    }

    /// Whether some jobs on one machine may run side by side as far as their levels let them; those that do not run in the background run one after the other
    /// meanwhile, and of all of a level it must be known what they do to files.
    ///
    /// One of those there may be in a level: another would come after it, and must not fall with it. Of what was one job, nothing runs so. And GitHub runs ten
    /// at a time (github/docs workflow-syntax.md at 0abac3ea).
    fn may_run_beside(&self, own: &[usize]) -> bool {
        let levels = self.levels(own);
        let of = |level: usize| own.iter().zip(&levels).filter(move |(_, its)| **its == level).map(|(&job, _)| &self.jobs[job]);
        own.len() > 1
            && own.iter().all(|&job| self.jobs[job].piece_of.is_none())
            && levels.iter().all(|&level| {
                let background = of(level).filter(|item| item.in_background()).count();
                let all = of(level).count();
                let is_known = || background == 0 || all == 1 || of(level).all(|item| item.beside != Beside::Never);
                background <= MOST_BESIDE && all - background <= 1 && is_known()
            })
    }

    /// The group of a job with all that must come along, so that it comes after the same jobs and nobody waits for what may be left out; none where some of
    /// that shares with nobody.
    pub(super) fn completed(&self, mut choice: Choice, job: usize) -> Option<Choice> {
        loop {
            let own: Vec<usize> = (0..self.jobs.len()).filter(|&other| choice.group[other] == choice.group[job]).collect();
            if self.is_as_written(&own) {
                return Some(choice);
            }
            let outside = self.outside(&own);
            // What some of them come after, and not all.
            let mut missing: Vec<usize> = Vec::new();
            for at in 0..self.jobs.len().div_ceil(64) {
                let (some, all) =
                    own.iter().fold((0, u64::MAX), |(some, all), &job| (some | outside(job, at), all & outside(job, at)));
                let mut differing = some & !all;
                while differing != 0 {
                    missing.push(at * 64 + differing.trailing_zeros() as usize);
                    differing &= differing - 1;
                }
            }
            if missing.is_empty() && !self.is_one_condition(&own) {
                missing.extend(self.waits_for_fallen(&choice, &own));
            }
            if missing.is_empty() {
                return Some(choice);
            }
            let mut groups = vec![choice.group[job]];
            let mut is_in = vec![false; self.jobs.len()];
            is_in[groups[0]] = true;
            for other in missing {
                if !std::mem::replace(&mut is_in[choice.group[other]], true) {
                    if !self.may_share(other, job) {
                        return None;
                    }
                    groups.push(choice.group[other]);
                }
            }
            choice.join(&groups);
        }
    }

    /// What jobs come after without being of them, as bits by job and word; as a job is written, its pieces come after those before them in any case.
    fn outside(&self, own: &[usize]) -> impl Fn(usize, usize) -> u64 + use<'_> {
        let mut inside = vec![0u64; self.jobs.len() / 64 + 1];
        own.iter().copied().chain(self.before(own)).for_each(|job| inside[job / 64] |= 1 << (job % 64));
        move |job, at| self.jobs[job].after.get(at).copied().unwrap_or_default() & !inside[at]
    }

    /// Whether a job may be left out by the condition of one that it shares its machine with, itself among them.
    fn falls(&self, choice: &Choice, job: usize) -> bool {
        self.jobs[job].skips.iter().any(|&skip| choice.group[skip] == choice.group[job])
    }

    fn is_one_condition(&self, own: &[usize]) -> bool {
        own.iter().all(|&job| self.jobs[job].condition == self.jobs[own[0]].condition)
    }

    /// The jobs that wait for one of a group that may be left out in it, and are not of the group.
    fn waits_for_fallen<'a>(&'a self, choice: &'a Choice, own: &'a [usize]) -> impl Iterator<Item = usize> + 'a {
        let fallen = own.iter().copied().filter(|&job| self.falls(choice, job));
        fallen.flat_map(move |job| {
            let later = self.jobs.iter().enumerate().skip(job + 1);
            let waits = move |(at, later): &(usize, &Item)| choice.group[*at] != choice.group[job] && later.needs.contains(&job);
            later.filter(waits).map(|(at, _)| at)
        })
    }

    /// Whether jobs are one as it was written: all pieces of one, or one that is no piece.
    pub(super) fn is_as_written(&self, own: &[usize]) -> bool {
        let first = own[0];
        if self.jobs[first].piece_of.is_none() {
            return own.len() == 1;
        }
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

    /// How long some jobs may take on one machine: all of their times; but pieces of one job have one, which grows with them where it was derived.
    pub(super) fn timeout(&self, own: &[usize]) -> f64 {
        let (mut total, mut at) = (0.0, 0);
        while let Some(&job) = own.get(at) {
            let whole = self.jobs[job].piece_of;
            // Pieces of a job stand together.
            let pieces =
                own[at..].iter().take_while(|&&other| whole.is_some() && self.jobs[other].piece_of == whole).count().max(1);
            let (longest, grown) = own[at..at + pieces]
                .iter()
                .map(|&piece| &self.jobs[piece])
                .fold((0.0f64, 0.0), |(longest, grown), item| (longest.max(item.timeout), grown + item.allowed));
            total += longest.max(grown);
            at += pieces;
        }
        total
    }

    /// The same with less to choose from for each job.
    pub(super) fn narrower(&self, less: fn(&mut Item)) -> Self {
        let mut other = self.clone();
        other.jobs.iter_mut().for_each(less);
        other
    }

    /// What a choice comes to; none where it is not allowed, or its groups would wait for each other.
    pub fn outcome(&self, choice: &Choice) -> Option<Outcome> {
        Evaluator::new(self).outcome(choice)
    }
}
