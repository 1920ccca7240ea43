//! Many runs of a model: what to expect of the next one.

use super::broken::Broken;
use super::elapsed::{Beside, Elapsed};
use super::model::{Job, Leg, Limit, Model, On, Part};
use super::quantile;
use super::simulate::{Network, Run, Slot, Takes, simulate};
use super::spread::Drawn;
use super::strata::Place;

/// So many runs are played of a plan that is not large. The mean of a wall time that varies by a third is known to one in fifty then.
pub const RUNS: usize = 400;

/// What is to be expected of a number.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Expected {
    /// Its mean.
    pub mean: f64,
    /// Half of all runs have no more.
    pub p50: f64,
    /// Nine of ten have no more.
    pub p90: f64,
}

impl Expected {
    /// To four digits behind the point, for those who read it.
    #[must_use]
    pub fn rounded(self) -> Self {
        let round = |number: f64| (number * 1e4).round() / 1e4;
        Self { mean: round(self.mean), p50: round(self.p50), p90: round(self.p90) }
    }
}

/// What to expect of a run.
#[derive(Debug, Clone, Default)]
pub struct Estimate {
    /// From the first machine to the end of the last, in seconds.
    pub wall: Expected,
    /// What is billed, in seconds.
    pub billed: Expected,
    /// What it costs, in US dollars.
    pub dollars: Expected,
    /// The share of the billed time in which commands of the author's ran.
    pub busy: f64,
    /// How long each row takes on its machine, by job and row, in the runs in which it is there.
    pub legs: Vec<Vec<Expected>>,
    /// The runs in which something fails, where that is known. All else is about those in which nothing does.
    pub failing: Option<Failing>,
    /// In which share of all something is ended for taking too long.
    pub late: f64,
    /// What a run costs in the mean of all, those in which something fails among them.
    pub dollars_of_all: f64,
    /// In which share of all each row ran to an end of its own, by job and row: it was not left out behind a failure, nor ended for one.
    pub ran: Vec<Vec<f64>>,
    /// A run in which everything takes its mean: for a time line.
    pub typical: Run,
    /// The rows that decide how long that run takes, first to last, by job and row.
    pub critical: Vec<(usize, usize)>,
}

impl Estimate {
    /// Whether it is about runs in which something fails, as hardly any other is left.
    pub fn is_of_failing(&self) -> bool {
        is_nearly_all(self.late)
    }
}

/// What to expect of a run in which something fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize)]
pub struct Failing {
    /// Which share of all runs these are.
    pub share: f64,
    /// The mean of how long one takes, in seconds.
    pub wall: f64,
    /// The mean of what one costs, in US dollars.
    pub dollars: f64,
}

/// Every part takes its mean, and is in the run to the share that it is in runs; what never runs is not there. Where `fails` says so, what is mostly ended for
/// taking too long is ended.
fn means(model: &Model, fails: bool) -> Vec<Vec<Takes>> {
    let mean = |leg: &Leg| {
        let is_late =
            |part: &Part| part.limit.is_some_and(|limit| fails && !limit.goes_on && part.time.share_within(limit.seconds) < 0.5);
        let broken: Vec<&Broken> =
            leg.parts.iter().filter(|part| is_late(part)).filter_map(|part| part.broken.as_deref()).collect();
        let is_left_out = |place: usize| broken.iter().any(|broken| broken.leaves_out.contains(&place));
        let brought: f64 = broken.iter().flat_map(|broken| &broken.brings).map(|time| time.mean()).sum();
        let [all, work] = [false, true].map(|work| {
            let mut elapsed = Elapsed::new(leg.machine.cores);
            for (place, part) in leg.parts.iter().enumerate() {
                let is_there = (!work || part.kind.is_work()) && !is_left_out(place);
                elapsed.add(part.beside.as_deref(), if is_there { model.mean_part(part) } else { 0.0 });
            }
            elapsed.take() + brought
        });
        let late = !broken.is_empty();
        Takes { queue: leg.queue.mean(), all, work, late, fails: late || fails && all > leg.timeout }
    };
    let is_there = |job: &Job| model.holds(&job.guards) > 0.0;
    model.jobs.iter().map(|job| if is_there(job) { job.legs.iter().map(mean).collect() } else { Vec::new() }).collect()
}

/// What is drawn for a part, again and again.
struct Draw {
    /// What its variation begins with.
    key: u64,
    time: Drawn,
    on: On,
    guards: Vec<usize>,
    limit: Option<Limit>,
    is_work: bool,
    beside: Option<Box<Beside>>,
    broken: Option<Box<Broken>>,
}

/// What is drawn for a row.
struct Row {
    key: u64,
    queue: Drawn,
    cores: u32,
    parts: Vec<Draw>,
}

/// The parts of every row, by job and row, as they are drawn from.
fn draws(model: &Model) -> Vec<Vec<Row>> {
    let draw = |key: u64, part: &Part| Draw {
        key,
        time: part.time.drawn(),
        on: part.on,
        guards: part.guards.clone(),
        limit: part.limit,
        is_work: part.kind.is_work(),
        beside: part.beside.clone(),
        broken: part.broken.clone(),
    };
    let row = |leg: &Leg| {
        let row = key(0, &leg.id);
        // One of several of that name.
        let number = |at: usize| leg.parts[..at].iter().filter(|part| part.name == leg.parts[at].name).count() as u64;
        let parts = leg.parts.iter().enumerate().map(|(at, part)| draw(key(row.wrapping_add(number(at)), &part.name), part));
        Row { key: row, queue: leg.queue.drawn(), cores: leg.machine.cores, parts: parts.collect() }
    };
    model.jobs.iter().map(|job| job.legs.iter().map(row).collect()).collect()
}

/// Every part takes what is drawn for it. A cache layer has its key for all jobs of a run or for none, and a condition holds for all of them; which do is what
/// it gives back. Parts of some jobs fail as often as they did.
fn draw(model: &Model, rows: &[Vec<Row>], run: Place, drawn: &mut [Vec<Takes>], may_fail: impl Fn(&Job) -> bool) -> Vec<bool> {
    // Every second run has what takes long in the one before it take short: so fewer runs are as good (antithetic variates; Hammersley and Morton, 1956).
    let side = if run.at.is_multiple_of(2) { 1.0 } else { -1.0 };
    let pair = Place { at: run.at / 2, of: run.of.div_ceil(2) };
    let hits: Vec<bool> = (0u64..).zip(&model.layers).map(|(layer, rate)| run.even(key(layer, "layer")) < *rate).collect();
    let held = model.conditions.draw(&model.guards, run);
    for ((drawn, rows), job) in drawn.iter_mut().zip(rows).zip(&model.jobs) {
        let may_fail = may_fail(job);
        for (takes, row) in drawn.iter_mut().zip(rows) {
            let queue = row.queue.at(side * pair.normal(row.key));
            let [mut all, mut work] = [Elapsed::new(row.cores), Elapsed::new(row.cores)];
            let (mut late, mut fails) = (false, false);
            let mut left_out: Vec<usize> = Vec::new();
            for (place, part) in row.parts.iter().enumerate() {
                let seconds = part.time.at(side * pair.normal(part.key));
                let is_there = match part.on {
                    On::Always => true,
                    On::Miss(layer) => !hits.get(layer).copied().unwrap_or_default(),
                    On::Share(share) => run.even(key(part.key, "share")) < share,
                };
                let is_there = is_there && holds(&held, &part.guards) && !left_out.contains(&place);
                let limit = part.limit.filter(|limit| is_there && seconds > limit.seconds);
                let mut seconds = if is_there { limit.map_or(seconds, |limit| limit.seconds) } else { 0.0 };
                let is_late = limit.is_some_and(|limit| !limit.goes_on);
                let broken = part.broken.as_deref().filter(|broken| {
                    is_late || may_fail && is_there && broken.share > 0.0 && run.even(key(part.key, "fails")) < broken.share
                });
                if broken.is_some() && !is_late {
                    seconds *= run.even(key(part.key, "failing"));
                }
                all.add(part.beside.as_deref(), seconds);
                work.add(part.beside.as_deref(), if part.is_work { seconds } else { 0.0 });
                if let Some(broken) = broken {
                    (late, fails) = (late || is_late, true);
                    left_out.extend(&broken.leaves_out);
                    for time in &broken.brings {
                        all.add(None, time.mean());
                        work.add(None, time.mean());
                    }
                }
            }
            *takes = Takes { queue, all: all.take(), work: work.take(), fails, late };
        }
    }
    held
}

/// A number for a name, the same everywhere (FNV-1a). So a part varies alike in plans that are compared, whatever else there is: what differs is what was
/// changed (common random numbers; Law, Simulation Modeling and Analysis, 11.2).
pub(super) fn key(begin: u64, name: &str) -> u64 {
    name.bytes().fold(begin ^ 0xcbf2_9ce4_8422_2325, |key, byte| (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn holds(held: &[bool], guards: &[usize]) -> bool {
    guards.iter().all(|&guard| held.get(guard).copied().unwrap_or(true))
}

/// One run in which everything takes its mean.
pub fn typical(model: &Model) -> Run {
    simulate(model, &means(model, false))
}

/// How many runs are played of a plan with so many rows: [`RUNS`], and fewer of a large one. The more rows, the less its times vary, as what takes
/// longer in one row is made up for by others: see `tests/cost/precision.rs`.
fn runs(rows: usize) -> usize {
    (RUNS * MANY_ROWS / rows.max(1)).clamp(RUNS / 10, RUNS)
}

/// Whether hardly a run is left that is none of these.
fn is_nearly_all(share: f64) -> bool {
    share > 0.95
}

/// With more rows than these fewer runs are played.
const MANY_ROWS: usize = 40;

/// What to expect: the same for the same model, on every machine.
pub fn estimate(model: &Model) -> Estimate {
    let runs = runs(model.jobs.iter().map(|job| job.legs.len()).sum());
    let rows = draws(model);
    let mut drawn: Vec<Vec<Takes>> = model.jobs.iter().map(|job| vec![Takes::default(); job.legs.len()]).collect();
    let mut network = Network::of(model);
    let mut ended: Vec<Vec<f64>> = drawn.iter().map(|job| vec![0.0; job.len()]).collect();
    // Those that come to their end, and those in which something is ended for taking too long.
    let [mut well, mut late] = [Played::new(&drawn), Played::new(&drawn)];
    let mut run = Run::default();
    for at in 0..runs {
        let place = Place { at, of: runs };
        let held = draw(model, &rows, place, &mut drawn, |job| job.failures.forgiven);
        fail(model, &rows, place, &mut drawn, |job| job.failures.forgiven);
        run.slots.clear();
        (run.wall, run.billed, run.dollars) = (0.0, 0.0, 0.0);
        let is_there = |job: usize| holds(&held, &model.jobs[job].guards);
        network.play(|job| if is_there(job) { &drawn[job] } else { &[] }, |slot| run.add(model, *slot));
        run.slots.iter().for_each(|slot| ended[slot.job][slot.leg] += 1.0 / runs as f64);
        let is_late = run.slots.iter().any(|slot| slot.timed_out && !model.jobs[slot.job].failures.forgiven);
        if is_late { &mut late } else { &mut well }.add(&run);
    }
    let some_time_out = !late.walls.is_empty();
    let share_late = late.walls.len() as f64 / runs as f64;
    let dollars = well.dollars.iter().sum::<f64>() / well.dollars.len().max(1) as f64;
    let without = || All { failing: None, dollars, ran: ended, played: late };
    let all = failing(model, &rows, &mut drawn, (runs, some_time_out)).unwrap_or_else(without);
    // Where nearly all are ended, the others are no runs to expect.
    let of_failing = is_nearly_all(share_late);
    let played = if of_failing { all.played } else { well };
    let all_billed: f64 = played.billed.iter().sum();
    let typical = simulate(model, &means(model, of_failing));
    Estimate {
        busy: if all_billed > 0.0 { played.work / all_billed } else { 0.0 },
        wall: expected(played.walls),
        billed: expected(played.billed),
        dollars: expected(played.dollars),
        failing: all.failing,
        late: share_late,
        dollars_of_all: all.dollars,
        ran: all.ran,
        legs: played.legs.into_iter().map(|rows| rows.into_iter().map(expected).collect()).collect(),
        critical: critical(model, &typical),
        typical,
    }
}

/// What came of runs that were played.
struct Played {
    walls: Vec<f64>,
    billed: Vec<f64>,
    dollars: Vec<f64>,
    work: f64,
    /// How long each row took, by job and row.
    legs: Vec<Vec<Vec<f64>>>,
}

impl Played {
    fn new(rows: &[Vec<Takes>]) -> Self {
        let legs = rows.iter().map(|job| vec![Vec::new(); job.len()]).collect();
        Self { walls: Vec::new(), billed: Vec::new(), dollars: Vec::new(), work: 0.0, legs }
    }

    fn add(&mut self, run: &Run) {
        for slot in &run.slots {
            self.legs[slot.job][slot.leg].push(slot.end - slot.start);
            self.work += slot.work;
        }
        self.walls.push(run.wall);
        self.billed.push(run.billed);
        self.dollars.push(run.dollars);
    }
}

/// Lets rows of some jobs fail as often as they did, each at any time of its own, or at the end of the time that they may take.
fn fail(model: &Model, rows: &[Vec<Row>], place: Place, drawn: &mut [Vec<Takes>], of: impl Fn(&Job) -> bool) {
    for ((drawn, rows), job) in drawn.iter_mut().zip(rows).zip(&model.jobs).filter(|(_, job)| of(job)) {
        for ((takes, row), leg) in drawn.iter_mut().zip(rows).zip(&job.legs) {
            let even = |what: &str| place.even(key(row.key, what));
            if leg.fails > 0.0 && even("fails") < leg.fails {
                let part = match leg.failing {
                    Some(failing) => failing.at(place.normal(key(row.key, "failing"))).min(leg.timeout) / takes.all.max(1.0),
                    None => even("failing"),
                };
                (takes.all, takes.work, takes.fails) = (takes.all * part, takes.work * part, true);
            } else if takes.late || takes.all > leg.timeout {
                // What comes after it is left out as behind a failure.
                *takes = Takes { fails: true, ..takes.within(leg.timeout) };
            }
        }
    }
}

/// All runs, those in which something fails among them.
struct All {
    failing: Option<Failing>,
    dollars: f64,
    ran: Vec<Vec<f64>>,
    /// Those in which something fails.
    played: Played,
}

/// Plays runs in which rows fail as often as they did, each at any time of its own, or at the end of the time that they may take. None where nothing was seen
/// to fail, and nothing is ended.
fn failing(model: &Model, rows: &[Vec<Row>], drawn: &mut [Vec<Takes>], (runs, some_time_out): (usize, bool)) -> Option<All> {
    if !some_time_out
        && model.jobs.iter().flat_map(|job| &job.legs).all(|leg| {
            leg.fails <= 0.0 && leg.parts.iter().all(|part| part.broken.as_ref().is_none_or(|broken| broken.share <= 0.0))
        })
    {
        return None;
    }
    let mut network = Network::of(model);
    let mut of_all = 0.0;
    let mut played = Played::new(drawn);
    let mut ran: Vec<Vec<f64>> = rows.iter().map(|rows| vec![0.0; rows.len()]).collect();
    for at in 0..runs {
        let place = Place { at, of: runs };
        let held = draw(model, rows, place, drawn, |_| true);
        fail(model, rows, place, drawn, |_| true);
        let is_there = |job: usize| holds(&held, &model.jobs[job].guards);
        let (mut run, mut any) = (Run::default(), false);
        let count = |slot: &Slot| {
            any |= slot.failed && !model.jobs[slot.job].failures.forgiven;
            ran[slot.job][slot.leg] += if slot.cancelled { 0.0 } else { 1.0 / runs as f64 };
            run.add(model, *slot);
        };
        network.play(|job| if is_there(job) { &drawn[job] } else { &[] }, count);
        of_all += run.dollars / runs as f64;
        if any {
            played.add(&run);
        }
    }
    let count = played.walls.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
    let failing =
        (count > 0.0).then(|| Failing { share: count / runs as f64, wall: mean(&played.walls), dollars: mean(&played.dollars) });
    Some(All { failing, dollars: of_all, ran, played })
}

fn expected(mut values: Vec<f64>) -> Expected {
    let mean = if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 };
    values.sort_by(f64::total_cmp);
    let at = |part| quantile(&values, part).unwrap_or_default();
    Expected { mean, p50: at(0.5), p90: at(0.9) }
}

/// What the end of a run waited for, back from its last row: what a row needed last, or whose machine it got.
fn critical(model: &Model, run: &Run) -> Vec<(usize, usize)> {
    let mut path = Vec::new();
    let mut at = run.slots.iter().max_by(|one, other| one.end.total_cmp(&other.end));
    while let Some(slot) = at {
        path.push((slot.job, slot.leg));
        let needs = there(model, run, slot.job);
        let leg = |slot: &Slot| &model.jobs[slot.job].legs[slot.leg];
        let own = leg(slot);
        let is_other = |other: &Slot| (other.job, other.leg) != (slot.job, slot.leg);
        // What its job needed, a row of its own job that it had to wait for, or who held what it locks.
        let earlier = |other: &&Slot| {
            let held = own.lock.is_some() && leg(other).lock == own.lock;
            needs.contains(&other.job) || is_other(other) && (other.job == slot.job || held)
        };
        let needed = latest(run.slots.iter().filter(earlier).filter(|other| is_at(other.end, slot.ready)));
        // Then a machine.
        let until = slot.start > slot.ready + SAME;
        let is_machine = |other: &&Slot| {
            let meets = leg(other).machine.quota.meets(own.machine.quota);
            until && meets && other.end <= slot.start + SAME && other.end > slot.ready + SAME
        };
        let machine = latest(run.slots.iter().filter(is_machine));
        // Else whoever ended right then: a row that was ended for another lets go of what it held.
        let let_go = |other: &&Slot| slot.start > SAME && is_other(other) && is_at(other.end, slot.start);
        at = machine.or(needed).or_else(|| latest(run.slots.iter().filter(let_go)));
        if path.len() > run.slots.len() {
            break;
        }
    }
    path.reverse();
    path
}

/// What a job waits for, as far as it is in a run: of what is left out, what that waits for.
fn there(model: &Model, run: &Run, job: usize) -> Vec<usize> {
    let (mut open, mut found) = (model.jobs[job].needs.clone(), Vec::new());
    let mut seen = vec![false; model.jobs.len()];
    while let Some(need) = open.pop() {
        if !std::mem::replace(&mut seen[need], true) {
            if run.slots.iter().any(|slot| slot.job == need) {
                found.push(need);
            } else {
                open.extend(&model.jobs[need].needs);
            }
        }
    }
    found
}

/// Times that differ by less are the same.
const SAME: f64 = 1e-3;

fn is_at(one: f64, other: f64) -> bool {
    (one - other).abs() < SAME
}

/// What ended last; of several the first in the order of the plan.
fn latest<'r>(slots: impl Iterator<Item = &'r Slot>) -> Option<&'r Slot> {
    slots.max_by(|one, other| one.end.total_cmp(&other.end).then(other.job.cmp(&one.job)))
}
