//! The best that is found for a plan, and what becomes of it: what the search believes of one run is held against many, and against each kind of them.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::ops::Deref;

use super::apply::{self, Note};
use super::limits::Limits;
use super::objective::Goal;
use super::polish::{Polish, Rank, is_less};
use super::problem::{Beside, Choice, Item, Outcome, Problem};
use super::repeat::{self, Found, Repeat, Way};
use super::standard::{CHANCE, Standard, mends};
use super::thin::{self, Thinned};
use super::worth::{self, Reason};
use super::{judging, neighbours, search};
use crate::cost::Model;
use crate::cost::estimate::{Estimate, estimate};
use crate::hir::Objective;
use crate::passes::Context;
use crate::plan::Plan;

/// What was chosen, done.
pub(super) struct Placed {
    /// What was chosen.
    pub(super) choice: Choice,
    /// What is done again in it.
    again: Vec<Repeat>,
    pub(super) plan: Plan,
    notes: Vec<Note>,
    model: Model,
    pub(super) estimate: Estimate,
    /// The same in the runs of each event, where they are asked for.
    pub(super) of_events: OnceCell<Vec<Estimate>>,
}

/// The best that was found.
pub(super) struct Chosen {
    pub(super) plan: Plan,
    /// The same graph, where neither machines nor shards are chosen; only where others are made of it.
    pub(super) open: Option<Plan>,
    pub(super) reasons: Vec<Reason>,
    pub(super) estimate: Estimate,
}

/// The best so far.
#[derive(Default)]
struct Nearest {
    best: Option<(Rank, Placed)>,
    /// How good the best is of those in which nothing is done again, and what it takes, in seconds, and costs.
    once: Option<(Rank, [f64; 2])>,
}

/// What plans are chosen between by.
struct Chooser<'a> {
    plan: &'a Plan,
    before: &'a Model,
    standard: Standard<'a>,
    limits: &'a Limits,
    context: &'a Context<'a>,
    /// What is asked of one run.
    asked: Goal,
    as_written: Choice,
}

/// The best that is found for a plan, done; none where nothing is better than it is.
pub(super) fn chosen(
    plan: &Plan,
    before: &Model,
    old: &dyn Deref<Target = Estimate>,
    limits: &Limits,
    context: &Context<'_>,
) -> Option<Chosen> {
    let usual = Way::usual(plan, before, context);
    let as_written = usual.problem.written();
    let written = usual.problem.outcome(&as_written)?;
    let objective = plan.pipeline.optimize.objective;
    let shards = usual.problem.jobs.iter().any(|job| !job.shards.is_empty());
    let standard = Standard::of(plan, old, (objective, shards), limits, context);
    let mut asked = Goal { objective, written, deadline: limits.deadline(), budget: limits.budget(), shards };
    if limits.any() {
        // Where jobs exclude each other, no run has all of them: in the run that is searched they are all.
        let all_of = |of: &dyn Fn(&Estimate) -> f64| of(old) / of(standard.worst_as_written()).max(f64::MIN_POSITIVE);
        asked.deadline = asked.deadline.map(|deadline| deadline * all_of(&|it| it.wall.mean).max(1.0));
        asked.budget = asked.budget.map(|budget| budget * all_of(&|it| it.dollars.mean).max(1.0));
    }
    Chooser { plan, before, standard, limits, context, asked, as_written }.best(usual)
}

impl Chooser<'_> {
    fn best(&self, mut usual: Way<'_>) -> Option<Chosen> {
        let Self { before, standard, limits, context, .. } = self;
        let mut goal = self.asked;
        let mut nearest = Nearest::default();
        let (mut seen, mut again): (Vec<Choice>, Vec<Vec<Repeat>>) = Default::default();
        let is_few = usual.problem.jobs.len() <= MANY;
        let mut is_again = false;
        let open = usual.problem.clone();
        // Again with what was not known before: what does not hold, or that what was found takes more than its means.
        let attempts = if is_few { ATTEMPTS } else { ATTEMPTS / 2 };
        for attempt in 0..attempts {
            let without = usual.best(&goal);
            let repeating = repeat::best(&usual, &without, &goal, context);
            let (way, found) = repeating.as_ref().map_or((&usual, &without), |(way, found)| (way, found));
            let believed = found.outcome;
            seen.push(found.choice.clone());
            let repeats = repeating.as_ref().map(|(way, _)| way.again()).filter(|repeats| !again.contains(repeats));
            again.extend(repeats);
            let mut tighten = |came: &Estimate| {
                goal.deadline = tighter((goal.deadline, limits.deadline()), (believed.wall, came.wall.mean));
                goal.budget = tighter((goal.budget, limits.budget()), (believed.dollars, came.dollars.mean));
                // At last, what is least of all in that.
                if attempt + 2 == attempts {
                    let is_late = limits.deadline().is_some_and(|limit| came.wall.mean > limit);
                    goal.objective = if is_late { Objective::Time } else { Objective::Cost };
                }
            };
            if repeating.is_none() && found.choice == self.as_written {
                if standard.over_as_written() == 0.0 {
                    break;
                }
                tighten(standard.worst_as_written());
                continue;
            }
            let placed = self.done(way, found);
            let is_met = standard.is_met(&placed);
            // A gate that sharing brings takes its time in every run.
            let gate = judging(&placed.model).filter(|_| judging(before).is_none());
            let is_news = usual.problem.sharing == Outcome::default() && (!is_met || is_few);
            if let Some(gate) = gate.filter(|_| is_news) {
                usual.problem.sharing = gate;
                if is_met {
                    self.keep(placed, &mut nearest);
                }
                continue;
            }
            if is_met {
                let is_near = standard.over(&placed) == 0.0;
                tighten(standard.came(&placed));
                self.keep(placed, &mut nearest);
                if is_near {
                    break;
                }
                continue;
            }
            let dropped = self.taken_back(&usual, (&without.choice, &goal), &mut nearest);
            if dropped.is_empty() || std::mem::replace(&mut is_again, true) {
                break;
            }
            for (choice, jobs) in dropped {
                thin::forbid(&mut usual.problem, &self.as_written, &choice, &jobs);
            }
        }
        let is_over = (goal.deadline, goal.budget) != (self.asked.deadline, self.asked.budget);
        self.aside(&usual, &seen, is_over, &mut nearest);
        self.together(&usual, &seen, &mut nearest);
        self.narrower(&usual, &mut nearest);
        // What did not hold in one plan may in another.
        usual.problem = Problem { sharing: usual.problem.sharing, ..open };
        self.polished(&usual, again, &mut nearest);
        let (_, placed) = nearest.best?;
        // As it was written, where that alone keeps to them.
        let is_mended = mends(standard.old, &placed.estimate);
        if limits.any() && standard.over(&placed) > standard.over_as_written() && !is_mended {
            return None;
        }
        let once = nearest.once.map_or_else(|| came_to(standard.old), |(_, once)| once);
        let mut chosen = self.told(&usual, placed, once)?;
        if is_mended {
            let late = standard.old.late * 100.0;
            for reason in chosen.reasons.iter_mut().filter(|reason| reason.note.what.starts_with("splits")) {
                reason.why = format!("as it was, {late:.0} % of runs are ended for taking too long; {}", reason.why);
            }
        }
        Some(chosen)
    }

    /// Takes back what does not hold over many runs: of what was found, and of what is where less may be chosen. The decisions that did not hold, each with the
    /// choice that it was one of. (What is done again is a plan of its own, and is not looked at.)
    fn taken_back(&self, usual: &Way<'_>, (found, goal): (&Choice, &Goal), nearest: &mut Nearest) -> Vec<(Choice, Vec<usize>)> {
        let mut dropped = Vec::new();
        let as_written = usual.problem.written();
        let is_few = usual.problem.jobs.len() <= MANY;
        let (most, ways) = if is_few { (TAKEN_BACK, 3) } else { (TAKEN_BACK / 10, 1) };
        let less = |way: usize| match way {
            0 => None,
            way => Some(usual.problem.narrower(LESS[way - 1])),
        };
        for way in 0..ways {
            let choice = less(way).map_or_else(|| found.clone(), |problem| search::best_of_all(&problem, goal).0);
            let Some(placed) = self.play(usual, &choice).filter(|_| choice != as_written) else { continue };
            if self.standard.is_met(&placed) {
                self.keep(placed, nearest);
                continue;
            }
            let play = |choice: &Choice| self.play(usual, choice).map(|placed| (self.score(&placed), placed));
            let thinned = thin::thinned(&as_written, (&choice, &placed), &self.standard, &play, most);
            if let Some(Thinned { placed, dropped: jobs }) = thinned {
                self.keep(placed, nearest);
                dropped.extend(jobs.into_iter().map(|jobs| (choice.clone(), jobs)));
            }
        }
        dropped
    }

    /// Of what was too long or too dear, some were one step from what is neither: minutes are billed as whole ones, and what is believed of them is wrong both
    /// ways. What is ended for taking too long may be in time in more shards.
    fn aside(&self, usual: &Way<'_>, seen: &[Choice], is_over: bool, nearest: &mut Nearest) {
        let late = nearest.best.as_ref().map_or(self.standard.old.late, |(_, placed)| placed.estimate.late);
        if usual.problem.jobs.len() > neighbours::FEW || !(is_over || self.asked.shards && late > CHANCE) {
            return;
        }
        for choice in seen.iter().flat_map(|choice| usual.problem.in_other_shards(choice)).take(STEPS_ASIDE) {
            self.try_shards(usual, &choice, nearest);
        }
    }

    /// Of jobs that take about as long, one in more shards is worth nothing where everything takes its mean, since the others end when it would have. Over many
    /// runs one of them is late in most, and all of them in more shards are worth something.
    fn together(&self, usual: &Way<'_>, seen: &[Choice], nearest: &mut Nearest) {
        let problem = &usual.problem;
        if !self.asked.shards || problem.jobs.len() > neighbours::FEW {
            return;
        }
        let mut tried: Vec<Choice> = seen.to_vec();
        for choice in seen.iter().rev().chain([&self.as_written]).take(LAST) {
            let Some(outcome) = problem.outcome(choice) else { continue };
            for part in PARTS {
                let other = neighbours::split_below(problem, choice, outcome.wall * part);
                if tried.contains(&other) {
                    continue;
                }
                self.try_shards(usual, &other, nearest);
                tried.push(other);
            }
        }
    }

    /// Who may choose less finds more at times: the search of one run is not exact, and of two machines that end at the same moment in it, one is late in many.
    fn narrower(&self, usual: &Way<'_>, nearest: &mut Nearest) {
        let problem = &usual.problem;
        let count = problem.jobs.len();
        for less in LESS.iter().filter(|_| count <= neighbours::FEW) {
            let choice = search::best_of_all(&problem.narrower(*less), &self.asked).0;
            let placed = (choice != self.as_written).then(|| self.play(usual, &choice)).flatten();
            placed.filter(|placed| self.standard.is_met(placed)).into_iter().for_each(|placed| self.keep(placed, nearest));
        }
        if !usual.splits.is_empty() && count <= MANY {
            let mut whole = Way::in_whole_jobs(self.plan, self.before, self.context);
            whole.problem.sharing = problem.sharing;
            let choice = whole.best(&self.asked).choice;
            self.taken_back(&whole, (&choice, &self.asked), nearest);
        }
    }

    /// The same over many runs: in the usual way, and in those in which one run has something done again, as was found before or for another objective.
    fn polished(&self, usual: &Way<'_>, mut again: Vec<Vec<Repeat>>, nearest: &mut Nearest) {
        if usual.problem.jobs.len() > neighbours::FEW {
            return;
        }
        self.polished_in(usual, nearest);
        for goal in self.goals().iter().filter(|goal| goal.objective != self.asked.objective) {
            let found = usual.best_within(goal, STEPS_TO_START);
            let way = repeat::best(usual, &found, goal, self.context);
            let repeats = way.map(|(way, _)| way.again()).filter(|repeats| !again.contains(repeats));
            again.extend(repeats);
        }
        for repeats in again {
            let mut way = Way::with(self.plan, &repeats, self.context);
            way.problem.sharing = usual.problem.sharing;
            self.polished_in(&way, nearest);
        }
    }

    /// From what is best so far and from what is best for other objectives, as one run has it, each change that may be better over many.
    fn polished_in(&self, way: &Way<'_>, nearest: &mut Nearest) {
        let problem = &way.problem;
        let count = problem.jobs.len();
        let play = |choice: &Choice| {
            let placed = self.play(way, choice).filter(|placed| self.standard.is_met(placed))?;
            Some((self.rank(&placed), placed))
        };
        let mut starts: Vec<(Rank, Choice)> = Vec::new();
        for choice in self.starts(way, nearest) {
            if starts.iter().any(|(_, known)| *known == choice) {
                continue;
            }
            let Some((rank, placed)) = play(&choice) else { continue };
            if choice != self.as_written {
                self.keep(placed, nearest);
            }
            starts.push((rank, choice));
        }
        starts.sort_by(|one, other| one.0.partial_cmp(&other.0).unwrap_or(Ordering::Equal));
        let known = starts.iter().map(|(_, choice)| choice.clone()).collect();
        let mut polish = Polish { problem, goal: &self.asked, play: &play, left: 0, known };
        let mut left = (PLAYED_JOBS / count.max(1)).min(POLISHED);
        for (at, (rank, choice)) in starts.iter().take(STARTS).enumerate() {
            polish.left = left / (starts.len().min(STARTS) - at);
            left -= polish.left;
            polish.from(choice, *rank).into_iter().for_each(|placed| self.keep(placed, nearest));
            left += polish.left;
        }
    }

    /// Where to begin: with the best so far, what was written, what is best for each objective in one run, and what is cheapest in the time of the best, or quickest for
    /// its money.
    fn starts(&self, way: &Way<'_>, nearest: &Nearest) -> Vec<Choice> {
        let problem = &way.problem;
        let best = nearest.best.as_ref().filter(|(_, best)| way.again() == best.again);
        let own = best.and_then(|(_, best)| problem.in_pieces(&best.choice));
        let at = own.as_ref().and_then(|own| problem.outcome(own)).unwrap_or(self.asked.written);
        let least = [
            Goal { objective: Objective::Cost, deadline: Some(at.wall * HARDLY_LONGER), budget: None, ..self.asked },
            Goal {
                objective: Objective::Time,
                deadline: None,
                budget: Some(at.dollars * CHEAPER).filter(|budget| *budget > 0.0),
                ..self.asked
            },
        ];
        let found = self.goals().into_iter().chain(least).map(|goal| way.best_within(&goal, STEPS_TO_START).choice);
        own.into_iter().chain([problem.written()]).chain(found).collect()
    }

    /// Each objective, without limits.
    fn goals(&self) -> [Goal; 3] {
        let goal = |objective| Goal { objective, deadline: None, budget: None, ..self.asked };
        [Objective::Balanced, Objective::Time, Objective::Cost].map(goal)
    }

    /// Tells what each decision saves: over many runs, but for so many jobs that it would take long, of which one run tells. `once` is what the best comes to in
    /// which nothing is done again.
    fn told(&self, usual: &Way<'_>, placed: Placed, once: [f64; 2]) -> Option<Chosen> {
        let Placed { choice, again, plan, notes, model, estimate, .. } = placed;
        // It may be of a way in which something is done again, or in which no job comes apart.
        let other = if !again.is_empty() {
            Some(Way::with(self.plan, &again, self.context))
        } else if choice.group.len() != usual.problem.jobs.len() {
            Some(Way::in_whole_jobs(self.plan, self.before, self.context))
        } else {
            None
        };
        let way = other.as_ref().unwrap_or(usual);
        let is_few = notes.len() * usual.problem.jobs.len() <= PLAYED_JOBS;
        let found = way.as_chosen(choice, &self.asked)?;
        let without = if again.is_empty() || is_few { found.outcome } else { usual.best(&self.asked).outcome };
        let mut reasons = worth::reasons(notes, (way, &found), &without, (self.before, &model), self.context.profile);
        if is_few {
            let play = |choice: &Choice| self.play(way, choice).map(|other| came_to(&other.estimate));
            let written = way.problem.written();
            worth::over_many(&mut reasons, (&written, &found.choice), came_to(&estimate), (once, &play));
        }
        let open = self.plan.pipeline.optimize.by.is_some().then(|| {
            let mut open = way.plan.clone().into_owned();
            apply::apply(&mut open, way, &found.choice.of_graph());
            open
        });
        Some(Chosen { plan, open, reasons, estimate })
    }

    /// A choice of a way, done; none where it is none.
    fn play(&self, way: &Way<'_>, choice: &Choice) -> Option<Placed> {
        Some(self.done(way, &way.as_chosen(choice.clone(), &self.asked)?))
    }

    /// Keeps a choice of other shards where it is better, and no more of its runs are ended for taking too long: those are cheap.
    fn try_shards(&self, usual: &Way<'_>, choice: &Choice, nearest: &mut Nearest) {
        let found = self.play(usual, choice).filter(|found| self.standard.is_met(found));
        found.into_iter().for_each(|found| self.keep(found, nearest));
    }

    /// The less, the better; 1 is as it was written.
    fn score(&self, placed: &Placed) -> f64 {
        self.merit(placed, TIE_OF_MANY)
    }

    fn merit(&self, placed: &Placed, worth: f64) -> f64 {
        let many = Goal { written: came(self.standard.old), ..self.asked };
        many.merit(&came(&placed.estimate), worth)
    }

    /// What is ended for taking too long is cheap, and of no use.
    fn rank(&self, placed: &Placed) -> Rank {
        [(placed.estimate.late / CHANCE).round(), self.standard.over(placed), self.score(placed)]
    }

    /// Whether a plan is better than what was written.
    fn is_better(&self, placed: &Placed, rank: Rank) -> bool {
        let as_written = [(self.standard.old.late / CHANCE).round(), self.standard.over_as_written(), 1.0];
        is_less([rank[0], rank[1], self.merit(placed, TIE_WITH_WRITTEN)], as_written)
    }

    /// Keeps a plan where it is better than the one that there is, and than what was written.
    fn keep(&self, placed: Placed, nearest: &mut Nearest) {
        let rank = self.rank(&placed);
        if !self.is_better(&placed, rank) {
            return;
        }
        if placed.again.is_empty() && nearest.once.as_ref().is_none_or(|(best, _)| is_less(rank, *best)) {
            nearest.once = Some((rank, came_to(&placed.estimate)));
        }
        if nearest.best.as_ref().is_none_or(|(best, _)| is_less(rank, *best)) {
            nearest.best = Some((rank, placed));
        }
    }

    /// What was found, done.
    fn done(&self, way: &Way<'_>, found: &Found) -> Placed {
        let mut plan = way.plan.clone().into_owned();
        let notes = apply::apply(&mut plan, way, &found.choice);
        let model = self.context.model(&plan);
        Placed {
            choice: found.choice.clone(),
            again: way.again(),
            plan,
            notes,
            estimate: estimate(&model),
            model,
            of_events: OnceCell::new(),
        }
    }
}

/// What a plan comes to in the mean.
fn came(estimate: &Estimate) -> Outcome {
    Outcome { wall: estimate.wall.mean, dollars: estimate.dollars.mean, billed: estimate.billed.mean }
}

/// The same without what is billed: seconds, and dollars.
fn came_to(estimate: &Estimate) -> [f64; 2] {
    [estimate.wall.mean, estimate.dollars.mean]
}

/// What each job may do without: others on its machine, another machine, shards, others that run beside it. The first two take most of what does not hold with them.
const LESS: [fn(&mut Item); 4] =
    [|item| item.kind = None, |item| item.machines.truncate(1), |item| item.shards.clear(), |item| item.beside = Beside::Never];

/// So often a plan is looked for, at most; of more jobs than these, half as often.
const ATTEMPTS: usize = 6;
const MANY: usize = 100;

/// So much of the other good one is worth between plans of which many runs are played: what is a hundredth longer for a fifth of the money is as good.
const TIE_OF_MANY: f64 = 5e-2;

/// The same between a plan and what was written: who asks for less of the one good alone pays more for it.
const TIE_WITH_WRITTEN: f64 = 1e-2;

/// So many choices are looked at to find out which decisions do not hold, at most.
const TAKEN_BACK: usize = 120;

/// So many choices are played over many runs at last, and so many jobs in them, at most; from so many starts.
const POLISHED: usize = 240;
const PLAYED_JOBS: usize = 2_400;
const STARTS: usize = 4;

/// So many steps are done for each of these.
const STEPS_TO_START: usize = 1_500;

/// Within such parts of what the best so far takes and costs, as one run has it, others may be better over many.
const HARDLY_LONGER: f64 = 1.02;
const CHEAPER: f64 = 0.9;

/// Of the last so many choices, all jobs that take longer than these parts of what a run takes are split together.
const LAST: usize = 2;
const PARTS: [f64; 6] = [0.95, 0.9, 0.8, 0.7, 0.6, 0.5];

/// So many choices beside those that were found are looked at, at most.
const STEPS_ASIDE: usize = 50;

/// A limit for what is played once, where what came of it is over the real one when many runs are played: of several machines, the slowest decides. What was
/// believed of it then is over the new one.
fn tighter((asked, limit): (Option<f64>, Option<f64>), (believed, came): (f64, f64)) -> Option<f64> {
    let (asked, limit) = asked.zip(limit)?;
    Some(if came > limit { asked.min(believed) * limit / came } else { asked })
}
