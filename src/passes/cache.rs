//! Cache layers: what toolchains download and build, and what the author asks for.
//!
//! A key begins with what must be equal for a cache to be of any use: the system, its architecture, the layer, the tool's version, and what the author
//! has put before it to begin anew; then comes what invalidates it. Each part ends with a slash, which is in none of them, so that no beginning of one
//! key is that of another's. Only the last part may differ in what is restored, and not even that where an installed tree is kept: what no
//! lockfile lists any more would stay in it.
//!
//! A layer is restored in every run that may trust it, and saved where others can find it: see `hir::runs`.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::layers::{Candidate, candidates, first_checkouts, has_files, kept_already, segment, with_hash, without_hash};
use super::systems::Systems;
use super::{Context, Pass, Subject};
use crate::catalog::actions::used::{RESTORE, SAVE};
use crate::catalog::{caching, fed};
use crate::cost::timeline::duration;
use crate::cost::{auto, balance};
use crate::diagnostics::codes::r0705_no_cache_key::{moved_away, no_cache_key};
use crate::diagnostics::codes::r0706_saved_for_itself::saved_for_itself;
use crate::diagnostics::codes::r0731_cache_in_release::cache_left_out;
use crate::diagnostics::codes::w0215_nothing_found::hashed_without_files;
use crate::expr::{CompareOp, Expr};
use crate::hir::runs::Runs;
use crate::hir::{CacheLayer, Condition, Job, Map, Origin, Pipeline, Runner, Step, StepKind, Toolchain, Value, ValueKind};
use crate::pattern::{Pattern, any};
use crate::plan::{Derived, Layer, Plan, Role, Saved, Work, lines, text, uses};
use crate::profile::Profile;
use crate::source::Span;

pub(super) static PASS: Pass = Pass {
    name: "cache",
    summary: "restores and saves what need not be made again",
    required: false,
    asked: |plan| plan.works.values().any(|work| !work.job.caches.is_empty()),
    run,
};

/// What hangs on its way is given up: it is done in minutes or never (actions/cache#720).
const MINUTES: u64 = 5;

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    let salt = plan.pipeline.cache_version.as_ref().map(|salt| segment(salt));
    let systems = Systems::of(plan);
    let runs = Runs::of(&plan.pipeline);
    let mut kept = Kept { savers: HashMap::new(), of_default: HashMap::new(), reported: BTreeSet::new(), for_itself: None };
    let pipeline = &plan.pipeline;
    let jobs: Vec<Arc<Job>> = plan.works.values().map(|work| work.job.clone()).collect();
    let asked = pipeline.optimize.is_on(PASS.name);
    let certain = certain(plan);
    let mut wanted = Vec::new();
    for (work, job) in plan.works.values().zip(&jobs) {
        let wishes = kept.wanted(work, job, candidates(pipeline, job, salt.as_deref(), systems), (&runs, asked), context);
        for group in wishes.iter().filter_map(|wish| group(pipeline, work, job, wish)) {
            if runs.is_of_default_branch(job) {
                kept.of_default.entry(group.clone()).or_insert_with(|| job.id.clone());
            }
            // Whoever surely runs, and once, saves for all.
            if certain.contains(job.id.as_str()) && !job.has_rows() {
                kept.savers.entry(group).or_insert_with(|| job.id.clone());
            }
        }
        wanted.push(wishes);
    }
    for ((work, job), wishes) in plan.works.values_mut().zip(&jobs).zip(wanted) {
        withhold(work, &pipeline.defaults.env, &runs, context);
        for candidate in wishes {
            let layer = kept.settle((pipeline, job), candidate, &runs, work);
            let why = match &layer.saved {
                Saved::By(other) => format!("`{other}` saves the very same"),
                Saved::Here { .. } => "its key says what it holds".to_owned(),
            };
            let what = format!("keeps {} as layer {}", layer.paths.join(", "), layer.name);
            context.ledger.note(PASS.name, Some(&job.id), what, why).about(Subject::Layer(layer.name.clone()));
            work.layers.push(layer);
        }
    }
    if let Some((origin, job)) = kept.for_itself {
        context.diags.push(saved_for_itself(job.as_deref(), origin.span));
    }
}

/// Jobs that run in every run in which nothing fails: neither they nor anything before them has a condition.
fn certain(plan: &Plan) -> BTreeSet<String> {
    let mut certain = BTreeSet::new();
    for (work, needs) in plan.works.values().zip(plan.needs()) {
        if work.job.when.is_none() && needs.iter().all(|need| certain.contains(*need)) {
            certain.insert(work.job.id.clone());
        }
    }
    certain
}

/// Whether a layer spares a job's own commands.
fn spares(candidate: &Candidate<'_>) -> bool {
    candidate.toolchain.is_some_and(Toolchain::spares_commands)
}

/// Why those of a job are not worth restoring, where it is known that they are not.
fn in_vain(work: &Work, candidates: &[Candidate<'_>], profile: &Profile) -> Option<String> {
    let formats = |step: &Step| match &step.kind {
        StepKind::Run(script) => caching::only_formats(script),
        _ => None,
    };
    let commands: Option<Vec<_>> = work.job.steps.iter().map(formats).collect();
    if let Some(command) = commands.and_then(|commands| commands.first().copied()) {
        return Some(format!("`{command}` fetches and compiles nothing"));
    }
    let looks = |step: &Step| !matches!(&step.kind, StepKind::Run(script) if fed::looks_nowhere(script.as_str()));
    if !work.job.steps.is_empty() && !work.job.steps.iter().any(looks) {
        return Some("none of its commands looks there".to_owned());
    }
    let count = candidates.iter().filter(|candidate| spares(candidate)).count();
    let (spared, takes) = balance(work, count, profile).filter(|(spared, takes)| spared < takes)?;
    let (spared, takes) = (duration(spared), duration(takes));
    Some(format!("its commands are so short that {takes} for its caches spare them {spared}"))
}

/// What is settled from job to job.
struct Kept {
    /// Who saves a layer, by all that tells it from others.
    savers: HashMap<String, String>,
    /// Who may save a layer on the default branch, by the same.
    of_default: HashMap<String, String>,
    /// Toolchains of which it was said that a layer has no key.
    reported: BTreeSet<Span>,
    /// A layer that is of use only to the branch that saves it, and the job that has it where that is due to the job.
    for_itself: Option<(Origin, Option<String>)>,
}

impl Kept {
    /// The layers of a job that it is to have; why it does without the others is noted.
    fn wanted<'j>(
        &mut self,
        work: &Work,
        job: &'j Job,
        candidates: Vec<Candidate<'j>>,
        (runs, asked): (&Runs, bool),
        context: &mut Context<'_>,
    ) -> Vec<Candidate<'j>> {
        let no_trust = runs.untrusted(job);
        let in_vain = if asked { None } else { in_vain(work, &candidates, context.profile) };
        let mut wanted = Vec::new();
        for candidate in candidates {
            let derived = candidate.toolchain.is_some();
            if derived && context.asked_only {
                continue;
            }
            let no_key = without_hash(work, &candidate, context.facts).filter(|_| derived);
            let in_vain = in_vain.as_deref().filter(|_| spares(&candidate));
            let moved = candidate.moved.map(|variable| format!("`{variable}` moves it to where only the run knows"));
            let kept = kept_already(job, &candidate);
            if let Some(why) = no_trust.as_deref().or(kept.as_deref()).or(in_vain).or(moved.as_deref()).or(no_key) {
                let name = candidate.layer.name.clone();
                let what = format!("does without layer {name}");
                context.ledger.note(PASS.name, Some(&job.id), what, why).about(Subject::Layer(name));
                let CacheLayer { name, origin, .. } = candidate.written;
                if no_trust.is_some() && !derived {
                    context.diags.push(origin.explain(cache_left_out(name, why, origin.span)));
                }
                // Who wants no files in a job knows it.
                if no_trust.is_none() && kept.is_none() && in_vain.is_none() && (has_files(work) || candidate.moved.is_some()) {
                    self.report(&candidate, why, context);
                }
                continue;
            }
            let hashes = with_hash(work, &candidate, context.facts).filter(|_| !derived);
            if hashes.is_some() && first_checkouts(work).next().is_none() {
                let written = candidate.written;
                context.diags.push(written.origin.explain(hashed_without_files(&written.name, written.key.span())));
            }
            wanted.push(Candidate { hashes, ..candidate });
        }
        wanted
    }

    /// Says once that a layer of a toolchain is left out.
    fn report(&mut self, candidate: &Candidate<'_>, why: &str, context: &mut Context<'_>) {
        // Where none of its files is there, that is said.
        let found = |toolchain: &&Toolchain| match &context.facts.tracked {
            Some(tracked) if !toolchain.detect.is_empty() => {
                let files: Vec<Pattern> = toolchain.detect.iter().map(|file| Pattern::new(file)).collect();
                any(&files, tracked)
            }
            _ => true,
        };
        let Some(toolchain) = candidate.toolchain.filter(found) else { return };
        let name = &candidate.layer.name;
        if self.reported.insert(toolchain.origin.span) {
            let at = toolchain.origin.span;
            let said = match candidate.moved {
                Some(variable) => moved_away(name, &toolchain.name, variable, at),
                None => no_cache_key(name, &toolchain.name, why, at),
            };
            context.diags.push(toolchain.origin.explain(said));
        }
    }

    /// Decides when a layer is restored and who saves it, and adds the steps.
    fn settle(&mut self, (pipeline, job): (&Pipeline, &Job), candidate: Candidate<'_>, runs: &Runs, work: &mut Work) -> Layer {
        let group = group(pipeline, work, job, &candidate);
        let Candidate { written, toolchain, rows, hashes, mut layer, .. } = candidate;
        let origin = &written.origin;
        let trusted = runs.trusted(job).map(|expr| Condition::derived(expr, origin.clone()));
        layer.restored = trusted.as_ref().or(hashes.as_ref()).map(|when| when.text.as_str().to_owned());
        // Who never runs on the default branch leaves it to whoever does; where nobody does, it saves for its own branch.
        let for_all = runs.is_of_default_branch(job);
        let others = [Some(&self.savers), (!for_all).then_some(&self.of_default)];
        let saver = group.and_then(|group| others.into_iter().flatten().find_map(|savers| savers.get(&group)));
        let saver = saver.filter(|saver| **saver != job.id).cloned();
        layer.saved = saver.map_or(Saved::Here { for_all }, Saved::By);
        let when = Condition::both(rows, trusted);
        let id = free_id(work, &layer.name);
        work.prepend(Derived {
            role: Role::Restore,
            step: Step { when: Condition::both(when.clone(), hashes.clone()), ..restore(&layer, &id, origin) },
            why: None,
        });
        if let Some(toolchain) = toolchain.filter(|toolchain| keeps_all(toolchain, &layer)) {
            skip_install(work, toolchain, &id);
        }
        if let Saved::Here { for_all } = layer.saved {
            if !for_all && self.for_itself.is_none() {
                let origin = toolchain.map_or(origin, |toolchain| &toolchain.origin).clone();
                self.for_itself = Some((origin, runs.on_default_branch.is_some().then(|| job.id.clone())));
            }
            let span = origin.span;
            let is_not = |output, text| {
                let output = Expr::path(["steps", &id, "outputs", output], span);
                Expr::compare(CompareOp::Ne, output, Expr::string(text, span))
            };
            // Commands may have made by now what was not there to hash.
            let has_key = hashes.map(|_| is_not("cache-primary-key", ""));
            let save_when = Expr::and(
                [has_key, Some(is_not("cache-hit", "true")), runs.on_default_branch.clone().filter(|_| for_all)]
                    .into_iter()
                    .flatten()
                    .collect(),
            );
            let when = Condition::both(when, Some(Condition::derived(save_when, origin.clone())));
            let save = Derived { role: Role::Save, step: Step { when, ..save(&layer, &id, origin) }, why: None };
            if toolchain.is_some_and(|toolchain| keeps_all(toolchain, &layer)) {
                // Before the job's own commands leave anything in it.
                work.prepend(save);
            } else {
                work.epilogue.push(save);
            }
        }
        layer
    }
}

/// Takes the step that lets commands into GitHub's cache out of a job that may not rest on one, or asks for none, and out of runs that may not.
fn withhold(work: &mut Work, env: &Map, runs: &Runs, context: &mut Context<'_>) {
    let hands_out = |step: &Step| matches!(&step.kind, StepKind::Uses { action, .. } if caching::hands_out(action));
    if !work.prologue.iter().any(|derived| hands_out(&derived.step)) {
        return;
    }
    let names = |env: &Map| env.values().any(|value| value.spelled().contains("gha"));
    let asks = |step: &Step| names(&step.env) || matches!(&step.kind, StepKind::Run(script) if caching::may_ask(script));
    let some_asks = [env, &work.job.env].into_iter().any(names) || work.job.each_step().any(asks);
    let none_asks = (!some_asks).then(|| "none of them asks for it".to_owned());
    if let Some(why) = runs.untrusted(&work.job).or(none_asks) {
        work.prologue.retain(|derived| !hands_out(&derived.step));
        context.ledger.note(PASS.name, Some(&work.job.id), "keeps GitHub's cache from its commands", why);
    }
    let trusted = runs.trusted(&work.job);
    for Derived { step, .. } in work.prologue.iter_mut().filter(|derived| hands_out(&derived.step)) {
        let trusted = trusted.clone().map(|expr| Condition::derived(expr, step.origin.clone()));
        step.when = Condition::both(step.when.take(), trusted);
    }
}

/// Whether a layer holds all that the install of its toolchain makes.
fn keeps_all(toolchain: &Toolchain, layer: &Layer) -> bool {
    let writes = &toolchain.writes;
    !writes.is_empty() && writes.iter().all(|made| layer.paths.iter().any(|path| path.as_str() == made.as_str()))
}

/// Leaves the install out where its layer has the very same.
fn skip_install(work: &mut Work, toolchain: &Toolchain, id: &str) {
    let is_own = |step: &Step| toolchain.install.iter().any(|own| own.origin == step.origin);
    for derived in work.prologue.iter_mut().filter(|derived| derived.role == Role::Install && is_own(&derived.step)) {
        let origin = derived.step.origin.clone();
        let hit = Expr::path(["steps", id, "outputs", "cache-hit"], origin.span);
        let missed = Expr::compare(CompareOp::Ne, hit, Expr::string("true", origin.span));
        derived.step.when = Condition::both(derived.step.when.take(), Some(Condition::derived(missed, origin)));
    }
}

/// All that tells a layer from others, where others can make the very same, under the same key: what an install makes depends on nothing else.
fn group(pipeline: &Pipeline, work: &Work, job: &Job, candidate: &Candidate<'_>) -> Option<String> {
    let layer = &candidate.layer;
    // What is known of a row alone is in the key of no other job.
    let is_of_one = |key: &str| ["github.job", "matrix.", "strategy."].iter().any(|own| key.contains(own));
    let has_machines = job.written_rows().1.iter().any(|row| row.job.runner.is_some());
    let is_shared = |toolchain: &&Toolchain| !toolchain.install.is_empty() && !is_of_one(&layer.key) && !has_machines;
    let installs = &candidate.toolchain.filter(is_shared)?.install;
    let commands = installs.iter().map(|step| match &step.kind {
        StepKind::Run(command) => command.as_str(),
        StepKind::Uses { action, .. } => action.as_str(),
        _ => "",
    });
    let runner = match &job.runner {
        Some(Runner::Label(label)) => label.as_str().to_owned(),
        Some(Runner::Data(value)) => value.words().join(" "),
        // Machines of another processor have caches of their own.
        Some(Runner::Auto(wishes)) => match auto::usual(pipeline, job, wishes) {
            usual if usual == "ubuntu-latest" => String::new(),
            usual => usual,
        },
        None => String::new(),
    };
    let parts = [layer.key.as_str(), &runner].into_iter().chain(layer.paths.iter().map(String::as_str)).chain(commands);
    Some(parts.collect::<Vec<_>>().join("\n") + &elsewhere(work))
}

/// On which other machines a job is in some runs: what another saves must be there in each of them.
fn elsewhere(work: &Work) -> String {
    let runners = work.differences.iter().filter_map(|(name, difference)| Some((name, difference.runner.as_ref()?)));
    runners.map(|(name, runner)| format!("\n{name} {runner}")).collect()
}

/// An id for the step that restores a layer.
fn free_id(work: &Work, layer: &str) -> String {
    let steps = work.prologue.iter().map(|derived| &derived.step).chain(work.job.each_step());
    let taken: BTreeSet<&str> = steps.filter_map(|step| step.id.as_ref()).map(|(id, _)| id.as_str()).collect();
    let name: String = layer.chars().map(|char| if char.is_ascii_alphanumeric() || char == '-' { char } else { '_' }).collect();
    let first = format!("cache-{name}");
    let numbered = (2..).map(|number| format!("cache-{name}-{number}"));
    let free = std::iter::once(first.clone()).chain(numbered).find(|id| !taken.contains(id.as_str()));
    free.unwrap_or(first)
}

fn restore(layer: &Layer, id: &str, origin: &Origin) -> Step {
    let mut with = inputs(layer, text(&layer.key, origin), origin);
    if !layer.prefixes.is_empty() {
        with.insert("restore-keys".to_owned(), lines(&layer.prefixes, origin));
    }
    Step {
        id: Some((id.to_owned(), origin.span)),
        timeout: Some(Box::new(minutes(origin))),
        may_fail: Some(Box::new(None)),
        ..uses(RESTORE, with, origin.clone())
    }
}

fn save(layer: &Layer, id: &str, origin: &Origin) -> Step {
    // As it was when the layer was restored: commands may have changed what the key is made of.
    let key = text(format!("${{{{ steps.{id}.outputs.cache-primary-key }}}}"), origin);
    Step {
        timeout: Some(Box::new(minutes(origin))),
        may_fail: Some(Box::new(None)),
        ..uses(SAVE, inputs(layer, key, origin), origin.clone())
    }
}

fn minutes(origin: &Origin) -> Value {
    Value { kind: ValueKind::Number(MINUTES.to_string()), origin: origin.clone() }
}

fn inputs(layer: &Layer, key: Value, origin: &Origin) -> Map {
    Map::from_iter([("path".to_owned(), lines(&layer.paths, origin)), ("key".to_owned(), key)])
}
