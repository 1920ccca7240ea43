//! The conditions of jobs, and in which share of all runs each of them holds.

use super::event::Event;
use crate::map::IndexMap;
use crate::plan::Member;
use crate::profile::{FEW, Measured, Profile, is_first_of};

/// In which share of all runs a job or a row of it ran, on whichever machine, and in how many it did or might have; those in which it was cancelled, or something
/// failed before it, say nothing of that, nor do those in which it was not there.
pub(super) fn share(profile: &Profile, whole: &str, is_split: bool) -> (f64, f64) {
    // The first of so many shards stands for all of them, whatever their number was.
    let job = whole.split('[').next().unwrap_or(whole);
    let is_first = |name: &str| name == whole || name == job || is_first_of(name, whole) || is_first_of(name, job);
    let sum = |all: &mut dyn Iterator<Item = &Measured>| {
        all.fold((0.0, 0.0), |(ran, left), measured| (ran + measured.runs, left + measured.skipped))
    };
    let (ran, left) = match profile.jobs.get(whole) {
        Some(machines) if job == whole && !is_split => sum(&mut machines.values()),
        _ => sum(&mut profile.jobs.iter().filter(|(name, _)| is_first(name)).flat_map(|(_, machines)| machines.values())),
    };
    (if ran + left > 0.0 { ran / (ran + left) } else { 1.0 }, ran + left)
}

/// The conditions of jobs, as they are met in the order of the plan.
pub(super) struct Guards<'p> {
    /// In which share of all runs each holds.
    pub(super) shares: IndexMap<String, f64>,
    /// Of each, those without which it is not asked, by place: its share is of the runs in which they hold.
    pub(super) behind: Vec<Vec<usize>>,
    profile: &'p Profile,
    event: &'p Event,
}

impl<'p> Guards<'p> {
    pub(super) fn new(profile: &'p Profile, event: &'p Event) -> Self {
        Self { shares: IndexMap::default(), behind: Vec::new(), profile, event }
    }

    /// In which share of the runs all of them hold.
    pub(super) fn holds(&self, guards: &[usize]) -> f64 {
        guards.iter().filter_map(|&guard| self.shares.get_index(guard)).map(|(_, share)| share).product()
    }

    /// The place of a condition. How often it holds follows from the first job that has it: that ran where those that it comes after did, and the condition
    /// held. Of a few runs nothing follows. What the event decides is not asked of all runs.
    pub(super) fn place(&mut self, condition: String, (ran, of): (f64, f64), inherited: &[usize]) -> usize {
        let before = self.holds(inherited);
        let is_known = of >= FEW && before > 0.0;
        let decided = self.event.decides_text(&condition);
        let entry = self.shares.entry(condition);
        let place = entry.index();
        if place == self.behind.len() {
            self.behind.push(inherited.to_vec());
        }
        entry.or_insert(match decided {
            Some(holds) => f64::from(u8::from(holds)),
            None if is_known => (ran / before).min(1.0),
            None => 1.0,
        });
        place
    }

    /// The conditions of a job that shares its machine.
    pub(super) fn of_member(&mut self, member: &Member, inherited: &[usize]) -> Vec<usize> {
        let ran = share(self.profile, &member.id, false);
        let mut own: Vec<usize> = Vec::new();
        for condition in &member.guards {
            let before: Vec<usize> = inherited.iter().chain(&own).copied().collect();
            own.push(self.place(condition.clone(), ran, &before));
        }
        own.retain(|guard| !inherited.contains(guard));
        own
    }
}
