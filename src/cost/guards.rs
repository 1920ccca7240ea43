//! The conditions of jobs, and in which share of all runs each of them holds.

use super::event::Event;
use crate::map::IndexMap;
use crate::plan::Member;
use crate::profile::{FEW, Measured, Profile, is_first_of};

/// In which share of all runs a job or a row of it ran, on whichever machine; those in which it was cancelled say nothing of that.
pub(super) fn share(profile: &Profile, whole: &str, measured: &Measured) -> f64 {
    // The first of so many shards stands for all of them, whatever their number was.
    let job = whole.split('[').next().unwrap_or(whole);
    let is_first = |name: &str| name == whole || name == job || is_first_of(name, whole) || is_first_of(name, job);
    let all: Vec<&Measured> = match profile.jobs.get(whole) {
        Some(machines) if job == whole => machines.values().collect(),
        _ => profile.jobs.iter().filter(|(name, _)| is_first(name)).flat_map(|(_, machines)| machines.values()).collect(),
    };
    let all = if all.iter().any(|measured| measured.runs > 0.0) { all } else { vec![measured] };
    let sum = |of: fn(&Measured) -> f64| all.iter().copied().map(of).sum::<f64>();
    let (ran, all) = (sum(|measured| measured.runs), profile.runs - sum(|measured| measured.cancelled));
    if all > 0.0 { (ran / all).min(1.0) } else { 1.0 }
}

/// How often jobs end well, as they are met in the order of the plan.
#[derive(Default)]
pub(super) struct Endings {
    /// In which share of its runs each does.
    well: Vec<f64>,
    /// What each comes after, itself included, as bits by place.
    with: Vec<Vec<u64>>,
}

impl Endings {
    /// Adds a job.
    pub(super) fn push(&mut self, needs: &[usize], well: f64) {
        let place = self.well.len();
        let mut with = self.all(needs);
        with.resize(place / 64 + 1, 0);
        with[place / 64] |= 1 << (place % 64);
        self.well.push(well);
        self.with.push(with);
    }

    /// In which share of all runs nothing fails of what is needed, or of what that comes after; each fails independently of the others.
    pub(super) fn before(&self, needs: &[usize]) -> f64 {
        let all = self.all(needs);
        let is_in = |place: usize| all.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1);
        self.well.iter().enumerate().filter(|(place, well)| **well < 1.0 && is_in(*place)).map(|(_, well)| well).product()
    }

    fn all(&self, needs: &[usize]) -> Vec<u64> {
        let mut all = vec![0; self.well.len().div_ceil(64)];
        for with in needs.iter().map(|&need| &self.with[need]) {
            all.iter_mut().zip(with).for_each(|(all, with)| *all |= with);
        }
        all
    }
}

/// The conditions of jobs, as they are met in the order of the plan.
pub(super) struct Guards<'p> {
    /// In which share of all runs each holds.
    pub(super) shares: IndexMap<String, f64>,
    profile: &'p Profile,
    event: &'p Event,
}

impl<'p> Guards<'p> {
    pub(super) fn new(profile: &'p Profile, event: &'p Event) -> Self {
        Self { shares: IndexMap::default(), profile, event }
    }

    /// In which share of the runs all of them hold.
    pub(super) fn holds(&self, guards: &[usize]) -> f64 {
        guards.iter().filter_map(|&guard| self.shares.get_index(guard)).map(|(_, share)| share).product()
    }

    /// The place of a condition. How often it holds follows from the first job that has it: that ran where those that it comes after did, and the condition
    /// held. Of a few runs nothing follows. What the event decides is not asked of all runs.
    pub(super) fn place(&mut self, condition: String, ran: f64, inherited: &[usize]) -> usize {
        let before = self.holds(inherited);
        let is_known = self.profile.runs >= FEW && before > 0.0;
        let decided = self.event.decides_text(&condition);
        let entry = self.shares.entry(condition);
        let place = entry.index();
        entry.or_insert(match decided {
            Some(holds) => f64::from(u8::from(holds)),
            None if is_known => (ran / before).min(1.0),
            None => 1.0,
        });
        place
    }

    /// The conditions of a job that shares its machine.
    pub(super) fn of_member(&mut self, member: &Member, label: &str, inherited: &[usize]) -> Vec<usize> {
        let ran = self.profile.of(&member.id, label).map_or(1.0, |(_, measured)| share(self.profile, &member.id, measured));
        let mut own: Vec<usize> = Vec::new();
        for condition in &member.guards {
            let before: Vec<usize> = inherited.iter().chain(&own).copied().collect();
            own.push(self.place(condition.clone(), ran, &before));
        }
        own.retain(|guard| !inherited.contains(guard));
        own
    }
}
