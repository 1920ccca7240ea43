//! What a choice comes to, from the definition, and slowly: it shares nothing with the optimiser but the numbers that both are given.

use std::collections::{BTreeMap, BTreeSet};

use pipelay::cost::Quota;
use pipelay::passes::place::problem::{Beside, Choice, Outcome, Problem};

/// All that a job comes after.
fn ancestors(problem: &Problem, job: usize) -> BTreeSet<usize> {
    let needs = &problem.jobs[job].needs;
    needs.iter().flat_map(|&need| ancestors(problem, need).into_iter().chain([need])).collect()
}

fn groups(choice: &Choice) -> BTreeMap<usize, Vec<usize>> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    choice.group.iter().enumerate().for_each(|(job, &group)| groups.entry(group).or_default().push(job));
    groups
}

/// Whether some jobs may be one: see "Which machines" in the README.
fn may_be_one(problem: &Problem, choice: &Choice, own: &[usize]) -> bool {
    let jobs = &problem.jobs;
    let pairs = own.iter().flat_map(|&one| own.iter().map(move |&other| (one, other))).filter(|(one, other)| one != other);
    // Of pieces of one job, those that stand before all of them are as good as with them.
    let whole = jobs[own[0]].piece_of.filter(|_| own.iter().all(|&job| jobs[job].piece_of == jobs[own[0]].piece_of));
    let is_left = |other: usize| whole.is_some() && jobs[other].piece_of == whole && other < own[0];
    let outside = |job: usize| {
        ancestors(problem, job).into_iter().filter(|&other| !own.contains(&other) && !is_left(other)).collect::<Vec<_>>()
    };
    let conditions: BTreeSet<_> = own.iter().map(|&job| jobs[job].condition).collect();
    let is_out = |job: usize| {
        own.iter().any(|&other| jobs[other].condition.is_some() && (other == job || ancestors(problem, job).contains(&other)))
    };
    let waited_for = |job: usize| (0..jobs.len()).any(|later| !own.contains(&later) && jobs[later].needs.contains(&job));
    let is_alike = |job: usize| choice.machine[job] == choice.machine[own[0]] && choice.shards[job] == 1 && !choice.beside[job];
    if is_written(problem, own) && own.len() > 1 {
        return own.iter().all(|&job| is_alike(job));
    }
    own.len() == 1 && !choice.beside[own[0]]
        || own.len() > 1
            && pairs.clone().all(|(one, other)| jobs[one].kind.is_some() && jobs[one].kind == jobs[other].kind)
            && pairs.clone().all(|(one, other)| !problem.apart.contains(one, other) && outside(one) == outside(other))
            && pairs.clone().all(|(one, other)| choice.machine[one] == choice.machine[other])
            && pairs.clone().all(|(one, other)| choice.beside[one] == choice.beside[other])
            && (!choice.beside[own[0]] || levels(problem, own).values().all(|level| is_level(problem, level)))
            && own.iter().all(|&job| choice.shards[job] == 1)
            && (conditions.len() == 1
                || own.iter().any(|&job| !is_out(job)) && !own.iter().any(|&job| is_out(job) && waited_for(job)))
}

/// Whether some jobs are one as it was written.
fn is_written(problem: &Problem, own: &[usize]) -> bool {
    let pieces =
        |whole: usize| (0..problem.jobs.len()).filter(|&job| problem.jobs[job].piece_of == Some(whole)).collect::<Vec<_>>();
    problem.jobs[own[0]].piece_of.map_or(own.len() == 1, |whole| pieces(whole) == own)
}

/// How long some jobs may take: each its time, and all pieces of one job as long as the longest, or as what they take allows.
fn timeout(problem: &Problem, own: &[usize]) -> f64 {
    let mut wholes: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for &job in own {
        let item = &problem.jobs[job];
        let (longest, allowed) = wholes.entry(item.piece_of.unwrap_or(job)).or_default();
        (*longest, *allowed) = (longest.max(item.timeout), *allowed + item.allowed);
    }
    wholes.values().map(|(longest, allowed)| longest.max(*allowed)).sum()
}

/// The jobs of a group by how many of it come one after the other before them.
fn levels(problem: &Problem, own: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    fn depth(problem: &Problem, own: &[usize], job: usize) -> usize {
        let before = ancestors(problem, job).into_iter().filter(|other| own.contains(other));
        before.map(|other| depth(problem, own, other) + 1).max().unwrap_or(0)
    }
    let mut levels: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    own.iter().for_each(|&job| levels.entry(depth(problem, own, job)).or_default().push(job));
    levels
}

/// Whether a level may run side by side: see "Jobs side by side" in the README.
fn is_level(problem: &Problem, level: &[usize]) -> bool {
    let (beside, rest): (Vec<usize>, Vec<usize>) = level.iter().partition(|&&job| problem.jobs[job].beside == Beside::Background);
    let meets_unknown =
        level.len() > 1 && !beside.is_empty() && level.iter().any(|&job| problem.jobs[job].beside == Beside::Never);
    let is_piece = level.iter().any(|&job| problem.jobs[job].piece_of.is_some());
    beside.len() <= 10 && rest.len() <= 1 && !meets_unknown && !is_piece
}

/// How long tasks take that begin together, with so many processors, in steps of what ends next.
fn side_by_side(mut left: Vec<f64>, cores: u32) -> f64 {
    let mut now = 0.0;
    left.retain(|left| *left > 0.0);
    while let Some(next) = left.iter().copied().min_by(f64::total_cmp) {
        now += next * (left.len() as f64 / f64::from(cores)).max(1.0);
        left.iter_mut().for_each(|left| *left -= next);
        left.retain(|left| *left > 1e-12);
    }
    now
}

/// The groups, each after all that it needs, the first written one first; none where they wait for each other.
fn order(problem: &Problem, choice: &Choice) -> Option<Vec<usize>> {
    let mut left = groups(choice);
    let mut order = Vec::new();
    while !left.is_empty() {
        let is_ready = |own: &Vec<usize>| {
            let needs = own.iter().flat_map(|&job| &problem.jobs[job].needs).map(|&need| choice.group[need]);
            needs.into_iter().all(|need| need == choice.group[own[0]] || !left.contains_key(&need))
        };
        let next = *left.iter().find(|(_, own)| is_ready(own))?.0;
        left.remove(&next);
        order.push(next);
    }
    Some(order)
}

/// What a choice comes to in the mean of all runs; none where it is not allowed.
pub(super) fn outcome(problem: &Problem, choice: &Choice) -> Option<Outcome> {
    let groups = groups(choice);
    if !groups.values().all(|own| may_be_one(problem, choice, own)) {
        return None;
    }
    let order = order(problem, choice)?;
    // Every way in which conditions hold or not, with how often that is.
    let shares: BTreeMap<usize, f64> = problem
        .jobs
        .iter()
        .filter_map(|item| Some((item.condition?, item.skipped)))
        .filter(|(_, skipped)| *skipped > 0.0)
        .collect();
    let mut mean = Outcome::default();
    for bits in 0..1u32 << shares.len() {
        let fails: BTreeSet<usize> =
            shares.keys().enumerate().filter(|(place, _)| bits >> place & 1 == 1).map(|(_, &it)| it).collect();
        let weight: f64 =
            shares.iter().map(|(condition, skipped)| if fails.contains(condition) { *skipped } else { 1.0 - skipped }).product();
        let is_out = |job: usize| problem.jobs[job].condition.is_some_and(|condition| fails.contains(&condition));
        let is_there = |job: usize| !is_out(job) && !ancestors(problem, job).into_iter().any(is_out);
        let one = run(problem, choice, &order, &groups, &is_there)?;
        mean.wall += weight * one.wall;
        mean.dollars += weight * one.dollars;
        mean.billed += weight * one.billed;
    }
    Some(mean)
}

/// How long the rows of a group take.
fn rows(problem: &Problem, choice: &Choice, own: &[usize], is_there: &dyn Fn(usize) -> bool) -> Vec<f64> {
    let jobs = &problem.jobs;
    let first = own[0];
    let mut moved = BTreeMap::new();
    for data in &problem.data {
        let takes = if choice.cached[data.path] { data.cache.unwrap() } else { data.artifact };
        match (own.contains(&data.from), own.contains(&data.to)) {
            (true, false) => moved.insert((data.from, data.path, true), takes.send),
            (false, true) => moved.insert((data.from, data.path, false), takes.receive),
            _ => None,
        };
    }
    let around = own.iter().map(|&job| jobs[job].overhead).fold(0.0, f64::max) + moved.values().sum::<f64>();
    let factor = |job: usize| jobs[job].machines[choice.machine[job]].1;
    let shards = choice.shards[first];
    let work = match (own.len(), shards) {
        (1, 1) if !jobs[first].on.is_empty() => jobs[first].on[choice.machine[first]].clone(),
        (1, 1) => jobs[first].rows.iter().map(|work| work * factor(first)).collect(),
        (1, shards) => vec![jobs[first].rows.iter().sum::<f64>() * factor(first) / f64::from(shards); shards as usize],
        _ if choice.beside[first] => {
            let seconds = |job: usize| if is_there(job) { jobs[job].rows.iter().sum::<f64>() * factor(job) } else { 0.0 };
            let level = |level: &Vec<usize>| {
                let (beside, rest): (Vec<usize>, Vec<usize>) =
                    level.iter().partition(|&&job| jobs[job].beside == Beside::Background);
                let rest = rest.into_iter().map(seconds).sum();
                side_by_side(
                    beside.into_iter().map(seconds).chain([rest]).collect(),
                    jobs[first].machines[choice.machine[first]].0.cores,
                )
            };
            vec![levels(problem, own).values().map(level).sum()]
        }
        _ => vec![own.iter().filter(|&&job| is_there(job)).map(|&job| jobs[job].rows.iter().sum::<f64>() * factor(job)).sum()],
    };
    work.into_iter().map(|work| around + work).collect()
}

/// Of a hundred times, log-normal with that mean and variance, one is longer.
fn p99(mean: f64, variance: f64) -> f64 {
    let square = (1.0 + variance / (mean * mean)).ln();
    mean * (2.326_347_874 * square.sqrt() - square / 2.0).exp()
}

/// One run, event by event.
fn run(
    problem: &Problem,
    choice: &Choice,
    order: &[usize],
    groups: &BTreeMap<usize, Vec<usize>>,
    is_there: &dyn Fn(usize) -> bool,
) -> Option<Outcome> {
    let mut outcome = Outcome::default();
    let mut waiting: Vec<usize> = (0..order.len()).collect();
    let mut over: BTreeSet<usize> = BTreeSet::new();
    // When a row became ready, its group by place, its number, and how long it takes; and those that run, with their ends.
    let mut ready: Vec<(f64, usize, usize, f64)> = Vec::new();
    let mut held: Vec<(usize, usize, f64)> = Vec::new();
    let mut running: Vec<(f64, usize, Option<usize>)> = Vec::new();
    // What is locked, by number, with who holds it: a row that has its machine, or waits for one.
    let mut locks: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut now = 0.0;
    let machine = |place: usize| {
        let first = groups[&order[place]][0];
        &problem.jobs[first].machines[choice.machine[first]].0
    };
    loop {
        // Whose needs are over is ready; who is left out is over then.
        loop {
            let needs = |place: usize| {
                let own = &groups[&order[place]];
                own.iter()
                    .flat_map(|&job| &problem.jobs[job].needs)
                    .map(|&need| choice.group[need])
                    .filter(move |need| *need != own[0])
            };
            let Some(at) = waiting.iter().position(|&place| needs(place).all(|need| over.contains(&need))) else { break };
            let place = waiting.remove(at);
            let own = &groups[&order[place]];
            let timeout = timeout(problem, own).min(machine(place).longest);
            let longest = rows(problem, choice, own, &|_| true).into_iter().fold(0.0, f64::max);
            let is_offered = |&job: &usize| problem.jobs[job].machines[choice.machine[job]].1.is_finite();
            let spread = |job: usize| problem.jobs[job].variance * problem.jobs[job].machines[choice.machine[job]].1.powi(2);
            let variance = own.iter().map(|&job| spread(job)).sum::<f64>() / f64::from(choice.shards[own[0]]).powi(2);
            let is_late = longest * 1.5 > timeout || p99(longest, variance) > machine(place).longest;
            if !own.iter().all(is_offered) || (!is_written(problem, own) || choice.machine[own[0]] > 0) && is_late {
                return None;
            }
            if !own.iter().any(|&job| is_there(job)) {
                over.insert(own[0]);
                continue;
            }
            for (number, seconds) in rows(problem, choice, own, is_there).into_iter().enumerate() {
                let seconds = seconds.min(timeout);
                outcome.billed += machine(place).billed_seconds(seconds);
                outcome.dollars += machine(place).cost(seconds);
                if number < problem.jobs[own[0]].at_once.max(1) {
                    ready.push((now, place, number, seconds));
                } else {
                    held.push((place, number, seconds));
                }
            }
        }
        ready.sort_by(|one, other| one.0.total_cmp(&other.0).then((one.1, one.2).cmp(&(other.1, other.2))));
        let lock = |place: usize, number: usize| problem.jobs[order[place]].locks.get(number).copied().flatten();
        for entry in &mut ready {
            if let Some(lock) = lock(entry.1, entry.2)
                && !locks.contains_key(&lock)
            {
                locks.insert(lock, (entry.1, entry.2));
                entry.0 = now;
            }
        }
        ready.sort_by(|one, other| one.0.total_cmp(&other.0).then((one.1, one.2).cmp(&(other.1, other.2))));
        let mut at = 0;
        while at < ready.len() {
            let (_, place, number, seconds) = ready[at];
            let count = |quotas: &[Quota]| running.iter().filter(|(_, place, _)| quotas.contains(&machine(*place).quota)).count();
            let (standard, macos) = (count(&[Quota::Standard, Quota::Macos]), count(&[Quota::Macos]));
            let is_free = match machine(place).quota {
                Quota::Standard => standard < problem.quotas.standard,
                Quota::Macos => standard < problem.quotas.standard && macos < problem.quotas.macos,
                Quota::Larger => count(&[Quota::Larger]) < problem.quotas.larger,
                Quota::Unlimited => true,
            };
            let own = lock(place, number);
            if is_free && own.is_none_or(|own| locks[&own] == (place, number)) {
                ready.remove(at);
                running.push((now + seconds, place, own));
            } else {
                at += 1;
            }
        }
        let Some(next) = running.iter().map(|(end, ..)| *end).min_by(f64::total_cmp) else { break };
        now = next;
        outcome.wall = next;
        let (ended, rest): (Vec<_>, Vec<_>) = running.into_iter().partition(|(end, ..)| *end - now < 1e-6);
        running = rest;
        for (_, place, own) in ended {
            own.iter().for_each(|own| assert!(locks.remove(own).is_some(), "who ran held it"));
            if let Some(at) = held.iter().position(|(other, ..)| *other == place) {
                let (_, number, seconds) = held.remove(at);
                ready.push((now, place, number, seconds));
            }
        }
        for (place, &group) in order.iter().enumerate() {
            let busy = running.iter().any(|(_, other, _)| *other == place) || ready.iter().any(|(_, other, ..)| *other == place);
            if !busy && !waiting.contains(&place) {
                over.insert(group);
            }
        }
    }
    Some(outcome)
}
