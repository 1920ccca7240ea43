//! What holds for every run of every model, compared with a simulation that goes second by second.

use std::sync::Arc;

use pipelay::cost::{
    Evidence, Failures, Job, Leg, Machine, Model, Part, PartKind, Quota, Quotas, Spread, Takes, estimate, simulate,
};
use proptest::prelude::*;

/// A machine that bills by the minute.
fn machine(quota: Quota) -> Machine {
    Machine {
        label: format!("{quota:?}"),
        os: "linux".into(),
        cores: 2,
        price: Some(0.006),
        billed: 60.0,
        longest: 21_600.0,
        quota,
        ..Machine::default()
    }
}

fn part(seconds: u32) -> Part {
    Part::new(PartKind::Command, "x", Spread::fixed(f64::from(seconds)), Evidence::Declared)
}

prop_compose! {
    fn a_leg()(parts in prop::collection::vec(1u32..40, 1..4), quota in 0usize..8, lock in prop::option::weighted(0.2, 0usize..2), timeout in prop::option::weighted(0.2, 5u32..40)) -> Leg {
        let machine = machine([Quota::Macos, Quota::Larger, Quota::Unlimited].get(quota).copied().unwrap_or_default());
        let leg = Leg::new("x".into(), Arc::new(machine), parts.into_iter().map(part).collect());
        Leg { timeout: timeout.map_or(leg.timeout, f64::from), lock, ..leg }
    }
}

prop_compose! {
    fn a_job()(legs in prop::collection::vec(a_leg(), 1..4), at_once in 1usize..4, priority in -1i32..2, needs in prop::collection::vec(any::<prop::sample::Index>(), 0..3)) -> (Job, Vec<prop::sample::Index>) {
        (Job { id: "j".into(), needs: Vec::new(), legs, at_once, priority, members: Vec::new(), guards: Vec::new(), failures: Failures::default() }, needs)
    }
}

prop_compose! {
    fn a_model()(jobs in prop::collection::vec(a_job(), 1..9), standard in 1usize..6, macos in 1usize..3, larger in 1usize..3) -> Model {
        let jobs = jobs.into_iter().enumerate().map(|(place, (job, needs))| {
            let mut needs: Vec<usize> = if place == 0 { Vec::new() } else { needs.iter().map(|need| need.index(place)).collect() };
            needs.sort_unstable();
            needs.dedup();
            Job { id: format!("j{place}"), needs, ..job }
        });
        Model { jobs: jobs.collect(), layers: Vec::new(), quotas: Quotas { standard, macos, larger }, ..Model::default() }
    }
}

/// Every part takes its middle.
fn exact(model: &Model) -> Vec<Vec<Takes>> {
    let takes = |leg: &Leg| Takes { all: leg.parts.iter().map(|part| part.time.p50).sum(), ..Takes::default() };
    model.jobs.iter().map(|job| job.legs.iter().map(takes).collect()).collect()
}

/// When each row starts and ends, found by looking at every second: who is ready, in which order, and what is free.
fn by_seconds(model: &Model) -> Vec<Vec<(u32, u32)>> {
    let length = |leg: &Leg| leg.parts.iter().map(|part| part.time.p50).sum::<f64>().min(leg.timeout) as u32;
    let mut ready: Vec<Vec<Option<u32>>> = model.jobs.iter().map(|job| vec![None; job.legs.len()]).collect();
    let mut times: Vec<Vec<Option<(u32, u32)>>> = ready.iter().map(|legs| vec![None; legs.len()]).collect();
    // When each row got what it locks.
    let mut granted = ready.clone();
    for now in 0.. {
        // What takes no time ends in the second in which it starts, and others may start in that second too.
        loop {
            let over = |times: &[Option<(u32, u32)>]| times.iter().all(|time| time.is_some_and(|(_, end)| end <= now));
            for (place, job) in model.jobs.iter().enumerate() {
                if job.needs.iter().all(|&need| over(&times[need])) {
                    let begun = ready[place].iter().flatten().count();
                    let done = times[place].iter().flatten().filter(|(_, end)| *end <= now).count();
                    let until = job.legs.len().min(done + job.at_once);
                    ready[place].iter_mut().take(until).skip(begun).for_each(|ready| *ready = Some(now));
                }
            }
            let lock = |job: usize, leg: usize| model.jobs[job].legs[leg].lock;
            for it in 0..2 {
                let rows = || ready.iter().enumerate().flat_map(|(job, legs)| (0..legs.len()).map(move |leg| (job, leg)));
                let mut own = rows().filter(|&(job, leg)| lock(job, leg) == Some(it));
                let holds =
                    |(job, leg): (usize, usize)| granted[job][leg].is_some() && times[job][leg].is_none_or(|(_, end)| end > now);
                if !own.clone().any(holds) {
                    let open = own.by_ref().filter(|&(job, leg)| granted[job][leg].is_none());
                    let next = open.filter_map(|(job, leg)| Some((ready[job][leg]?, job, leg))).min();
                    next.into_iter().for_each(|(_, job, leg)| granted[job][leg] = Some(now));
                }
            }
            let mut waiting: Vec<(i32, u32, usize, usize)> = Vec::new();
            for (job, legs) in ready.iter().enumerate() {
                for (leg, ready) in legs.iter().enumerate() {
                    let asks = if lock(job, leg).is_some() { granted[job][leg] } else { *ready };
                    if let Some(ready) = asks.filter(|_| times[job][leg].is_none()) {
                        waiting.push((-model.jobs[job].priority, ready, job, leg));
                    }
                }
            }
            waiting.sort_unstable();
            let quota = |job: usize, leg: usize| model.jobs[job].legs[leg].machine.quota;
            let count = |of: &[Quota]| {
                let rows = times
                    .iter()
                    .enumerate()
                    .flat_map(|(job, legs)| legs.iter().enumerate().map(move |(leg, time)| (job, leg, time)));
                rows.filter(|(job, leg, time)| of.contains(&quota(*job, *leg)) && time.is_some_and(|(_, end)| end > now)).count()
            };
            let (all, macos, larger) = (count(&[Quota::Standard, Quota::Macos]), count(&[Quota::Macos]), count(&[Quota::Larger]));
            let is_free = |quota: Quota| match quota {
                Quota::Standard => all < model.quotas.standard,
                Quota::Macos => all < model.quotas.standard && macos < model.quotas.macos,
                Quota::Larger => larger < model.quotas.larger,
                Quota::Unlimited => true,
            };
            let next = waiting.iter().find(|(_, _, job, leg)| is_free(quota(*job, *leg)));
            let Some(&(_, _, job, leg)) = next else { break };
            times[job][leg] = Some((now, now + length(&model.jobs[job].legs[leg])));
        }
        if times.iter().flatten().all(|time| time.is_some_and(|(_, end)| end <= now)) {
            break;
        }
    }
    times.into_iter().map(|legs| legs.into_iter().flatten().collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_is_that_of_a_simulation_second_by_second(model in a_model()) {
        let run = simulate(&model, &exact(&model));
        let expected = by_seconds(&model);
        prop_assert_eq!(run.slots.len(), expected.iter().map(Vec::len).sum::<usize>());
        for slot in &run.slots {
            let (start, end) = expected[slot.job][slot.leg];
            prop_assert_eq!((slot.start, slot.end), (f64::from(start), f64::from(end)), "row {} of job {}", slot.leg, slot.job);
        }
        let wall = expected.iter().flatten().map(|(_, end)| *end).max().unwrap_or_default();
        let minutes: u32 = expected.iter().flatten().map(|(start, end)| (end - start).div_ceil(60)).sum();
        prop_assert_eq!((run.wall, run.billed), (f64::from(wall), f64::from(minutes * 60)));
        prop_assert!((run.dollars - f64::from(minutes) * 0.006).abs() < 1e-9);
    }

    #[test]
    fn what_decides_how_long_a_run_takes_has_no_gap(model in a_model()) {
        let estimate = estimate(&model);
        let slot = |&(job, leg): &(usize, usize)| estimate.typical.slots.iter().find(|slot| (slot.job, slot.leg) == (job, leg)).unwrap();
        let path: Vec<_> = estimate.critical.iter().map(slot).collect();
        prop_assert_eq!(path.first().map(|first| first.start), Some(0.0));
        prop_assert_eq!(path.last().map(|last| last.end), Some(estimate.typical.wall));
        for pair in path.windows(2) {
            prop_assert!((pair[0].end - pair[1].start).abs() < 1e-3, "{:?}", pair);
        }
        prop_assert!(estimate.wall.p50 <= estimate.wall.p90 && estimate.busy <= 1.0);
    }
}
