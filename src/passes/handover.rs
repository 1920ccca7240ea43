//! Makes every data edge real: what a job writes and others read travels in an artifact, or in a cache of the run. And keeps files for people, which are
//! artifacts too.
//!
//! Each writer packs and sends what is read of it once, at its end; each reader receives before its own steps, and unpacks all at once. A matrix
//! sends one artifact per row, and its readers receive all of them.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::archive::{Archive, FOLDER, pack, unpack};
use super::artifacts::{Names, expand};
use super::carriers::{Cached, keeps, receives, sends};
use super::systems::Systems;
use super::{Context, Pass, Subject, never};
use crate::catalog::actions::used::{DOWNLOAD, RESTORE, SAVE, UPLOAD};
use crate::expr::{Expr, ExprKind};
use crate::hir::{Condition, Duration, Job, Keep, Map, Origin, Step, Value, ValueKind, Writes};
use crate::map::IndexMap;
use crate::plan::order::Order;
use crate::plan::{Derived, Edge, EdgeKind, Plan, Role, Work, lines, rows_collide, rows_differ, text, uses, writing};
use crate::profile::display_name;
use crate::text::Text;

pub(super) static PASS: Pass = Pass {
    name: "handover",
    summary: "hands over what one job writes and another reads, and keeps files for people",
    required: true,
    asked: never,
    run,
};

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    let mut names = Names::of(plan);
    hand_over(plan, &mut names, context);
    for work in plan.works.values_mut() {
        let kept: Vec<Derived> = work.job.keeps.iter().map(|keep| self::keep(keep, work, &mut names)).collect();
        work.epilogue.extend(kept);
    }
}

/// Who reads what the first of these edges is of; they are in the order of where they begin.
fn readers(edges: &[Edge]) -> String {
    let of_writer = edges.iter().take_while(|edge| edge.from == edges[0].from).filter(|edge| edge.kind == edges[0].kind);
    let mut names: Vec<String> = of_writer.map(|edge| format!("`{}`", edge.to)).collect();
    names.dedup();
    match names.as_slice() {
        [only] => format!("{only} reads it"),
        [first, second, third, _, _, ..] => format!("{first}, {second}, {third} and {} more read it", names.len() - 3),
        [all @ .., last] => format!("{} and {last} read it", all.join(", ")),
        [] => String::new(),
    }
}

fn hand_over(plan: &mut Plan, names: &mut Names, context: &mut Context<'_>) {
    let mut sent: HashSet<(String, String)> = HashSet::new();
    let mut received: IndexMap<String, Vec<Archive>> = IndexMap::default();
    let cached = Cached::of(plan);
    let (awaited, read_of_failed) = (awaited(plan), read_of_failed(plan));
    let order = OnceCell::new();
    // What a later writer made is unpacked later, over what an earlier one did.
    let mut edges = plan.edges.clone();
    edges.sort_by_key(|edge| plan.works.get_index_of(&edge.from));
    for (at, edge) in edges.iter().enumerate() {
        let EdgeKind::Data { path } = &edge.kind else { continue };
        let Some(writer) = plan.works.get(&edge.from) else { continue };
        let name = names.of_path(&writer.job, path);
        let handed = (edge.from.clone(), path.clone());
        if sent.insert(handed.clone()) {
            let (shell, is_cached) = (shell(plan, &writer.job), cached.contains(&edge.from, path));
            let days = if awaited.contains(&handed) { LONGEST_RUN } else { 1 };
            let sending = Sending {
                shell,
                days: (!is_cached).then_some(days),
                of_failed: read_of_failed.contains(&handed),
                on_mac: Systems::of_job(plan, &writer.job).mac,
            };
            if let Some(writer) = plan.works.get_mut(&edge.from) {
                send(writer, path, &name, sending);
            }
            let carrier = if is_cached { "in the run's cache" } else { "as artifact" };
            let but = cached.why_not(&edge.from, path).map(|why| format!("; in no cache: {why}")).unwrap_or_default();
            let (what, why) = (format!("hands {path} over {carrier} {name}"), readers(&edges[at..]) + &but);
            let note = context.ledger.note(PASS.name, Some(&edge.from), what, why);
            note.about(Subject::HandOver { name: name.clone(), path: path.clone() });
        }
        let archives = received.entry(edge.to.clone()).or_default();
        // Two patterns of one reader may meet the same path.
        if archives.iter().any(|archive| archive.name == name) {
            continue;
        }
        let Some(writer) = plan.works.get(&edge.from) else { continue };
        let rows = writer.job.has_rows();
        let adds_up = writes(&writer.job).any(|writes| writes.merge && writes.pattern.as_str() == path);
        let compared = adds_up || rows && !rows_differ(&writer.job, path);
        let group = compared.then(|| group(order.get_or_init(|| plan.order()), archives, &edge.from));
        let cached = cached.contains(&edge.from, path).then(|| path.clone());
        archives.push(Archive { from: edge.from.clone(), name, rows, group, cached });
    }
    for (reader, archives) in received {
        let Some(work) = plan.works.get(&reader) else { continue };
        let (origin, shell) = (work.job.origin.clone(), shell(plan, &work.job));
        let Some(work) = plan.works.get_mut(&reader) else { continue };
        archives.iter().for_each(|archive| work.prepend(receive(archive, &origin)));
        let step = Step { shell: shell.map(|shell| Text::verbatim(shell, origin.span)), ..unpack(&archives, &origin) };
        work.prepend(Derived { role: Role::Receive, step, why: None });
    }
}

/// So many days a run may take, waiting included. (GitHub's documentation, "Usage limits".)
const LONGEST_RUN: u64 = 35;

/// Which jobs may have to wait for a person: for each that has an environment, itself and all that come after it.
pub(super) struct Approvals<'p>(Vec<HashSet<&'p str>>);

impl<'p> Approvals<'p> {
    pub(super) fn of(plan: &'p Plan) -> Self {
        let mut next: HashMap<&str, Vec<&str>> = HashMap::new();
        plan.edges.iter().for_each(|edge| next.entry(&edge.from).or_default().push(&edge.to));
        let has_environment =
            |job: &Job| job.environment.is_some() || job.written_rows().1.iter().any(|row| row.job.environment.is_some());
        let waiting = plan.works.iter().filter(|(_, work)| has_environment(&work.job)).map(|(id, _)| {
            let (mut found, mut open) = (HashSet::from([id.as_str()]), vec![id.as_str()]);
            while let Some(at) = open.pop() {
                open.extend(next.get(at).into_iter().flatten().filter(|id| found.insert(**id)));
            }
            found
        });
        Self(waiting.collect())
    }

    /// Whether somebody may have to approve of something between a job and a later one.
    pub(super) fn are_between(&self, from: &str, to: &str) -> bool {
        self.0.iter().any(|waiting| waiting.contains(to) && !waiting.contains(from))
    }
}

/// What is handed over to jobs that may have to wait so, by writer and path.
fn awaited(plan: &Plan) -> HashSet<(String, String)> {
    let approvals = Approvals::of(plan);
    let handed = plan.edges.iter().filter_map(|edge| match &edge.kind {
        EdgeKind::Data { path } if approvals.are_between(&edge.from, &edge.to) => Some((edge.from.clone(), path.clone())),
        _ => None,
    });
    handed.collect()
}

/// What jobs that run after failures, too, read, by writer and path: a writer that failed sends what it made until then. Of several jobs on a machine that is not
/// said: whether they may share it looks at that.
fn read_of_failed(plan: &Plan) -> HashSet<(String, String)> {
    let is_alone = |writer: &str| plan.works.get(writer).is_some_and(|work| work.members.is_empty());
    let goes_on = |reader: &str| {
        plan.works.get(reader).and_then(|work| work.job.when.as_ref()).is_some_and(|when| when.expr.asks_for_more_than_success())
    };
    let read = plan.edges.iter().filter_map(|edge| match &edge.kind {
        EdgeKind::Data { path } if goes_on(&edge.to) && is_alone(&edge.from) => Some((edge.from.clone(), path.clone())),
        _ => None,
    });
    read.collect()
}

/// How something is sent.
struct Sending<'a> {
    shell: Option<&'a str>,
    /// How long an artifact is kept; none where it travels in a cache.
    days: Option<u64>,
    /// Also by a writer that failed.
    of_failed: bool,
    on_mac: bool,
}

/// Adds the steps that pack and send what a job writes: in an artifact that is kept for some days, else in a cache.
fn send(writer: &mut Work, path: &str, name: &str, Sending { shell, days, of_failed, on_mac }: Sending<'_>) {
    let origin = writer.job.origin.clone();
    // No id has a point in it: `test.*` takes no artifact of a job `test-e2e`.
    let name = if writer.job.has_rows() { format!("{name}.${{{{ strategy.job-index }}}}") } else { name.to_owned() };
    let except: Vec<&str> = except(&writer.job, path).collect();
    let when = Condition::both(of_failed.then(|| not_cancelled(&origin)), writing(&writer.job, path));
    let shell = shell.map(|shell| Text::verbatim(shell, origin.span));
    let mut pack = Step { when: when.clone(), shell, ..pack(&name, path, &except, &origin) };
    if on_mac {
        // Else its tar adds a file for the attributes of each: `._name`.
        pack.env.insert("COPYFILE_DISABLE".to_owned(), number(1, &origin));
    }
    let is_cached = days.is_none();
    let upload = match days {
        Some(days) => uses(UPLOAD, artifact(&name, days, &origin), origin),
        None => save(path, &name, &origin),
    };
    let first = !writer.epilogue.iter().any(|derived| derived.why.as_deref() == Some(PACKED));
    let why = (first && !is_cached).then(|| PACKED.to_owned());
    writer.epilogue.push(Derived { role: Role::Send, step: pack, why });
    let why = is_cached.then(|| "No other run looks for it; a second attempt finds that of the first.".to_owned());
    writer.epilogue.push(Derived { role: Role::Send, step: Step { when, ..upload }, why });
}

const PACKED: &str = "An artifact alone keeps no modes, links and empty folders.";

/// What is said of an artifact.
fn artifact(name: &str, days: u64, origin: &Origin) -> Map {
    Map::from_iter([
        ("name".to_owned(), text(name, origin)),
        ("path".to_owned(), text(format!("{FOLDER}/{name}.tar"), origin)),
        ("include-hidden-files".to_owned(), flag(origin)),
        ("overwrite".to_owned(), flag(origin)),
        ("retention-days".to_owned(), number(days, origin)),
    ])
}

/// Sends an archive in a cache.
fn save(path: &str, name: &str, origin: &Origin) -> Step {
    let title = Some(Text::verbatim(sends(path), origin.span));
    Step { title, ..uses(SAVE, cache(name, origin), origin.clone()) }
}

/// What is said of a cache: GitHub's number of the run is its own, so that it is nobody else's.
fn cache(name: &str, origin: &Origin) -> Map {
    Map::from_iter([
        ("path".to_owned(), text(format!("{FOLDER}/{name}.tar"), origin)),
        ("key".to_owned(), text(format!("{}${{{{ github.run_attempt }}}}", of_run(name)), origin)),
    ])
}

/// What the keys of all attempts begin with.
fn of_run(name: &str) -> String {
    format!("handover/{name}/${{{{ github.run_id }}}}/")
}

fn receive(archive: &Archive, origin: &Origin) -> Derived {
    let step = match &archive.cached {
        Some(path) => {
            let mut with = cache(&archive.name, origin);
            // Of a writer that is not run again, the last attempt that ran it.
            with.insert("restore-keys".to_owned(), text(of_run(&archive.name), origin));
            with.insert("fail-on-cache-miss".to_owned(), flag(origin));
            let title = Some(Text::verbatim(receives(path), origin.span));
            Step { title, ..uses(RESTORE, with, origin.clone()) }
        }
        None => uses(DOWNLOAD, downloaded(archive, origin), origin.clone()),
    };
    Derived { role: Role::Receive, step, why: None }
}

/// Which artifacts are received.
fn downloaded(archive: &Archive, origin: &Origin) -> Map {
    let mut with = Map::default();
    if archive.rows {
        with.insert("pattern".to_owned(), text(format!("{}.*", archive.name), origin));
    } else {
        with.insert("name".to_owned(), text(&archive.name, origin));
    }
    with.insert("path".to_owned(), text(FOLDER, origin));
    if archive.rows {
        with.insert("merge-multiple".to_owned(), flag(origin));
    }
    with
}

/// The group of archives that a writer's must agree with: those of writers that run beside it, not before it.
fn group(order: &Order, archives: &[Archive], writer: &str) -> usize {
    let mut grouped = archives.iter().filter_map(|archive| Some((archive.from.as_str(), archive.group?)));
    let beside = grouped.clone().find(|(other, _)| *other == writer || !order.comes_before(other, writer));
    beside.map_or_else(|| grouped.by_ref().map(|(_, group)| group + 1).max().unwrap_or_default(), |(_, group)| group)
}

/// The shell of a script of ours, where the runner's own would not do: Windows' is another, and the author's may be.
pub(super) fn shell(plan: &Plan, job: &Job) -> Option<&'static str> {
    let own = job.shell.as_ref().or(plan.pipeline.defaults.shell.as_ref());
    if job.container.is_none() && Systems::of_job(plan, job).windows {
        Some("bash")
    } else {
        own.filter(|shell| !matches!(shell.as_str(), "bash" | "sh")).map(|_| "sh")
    }
}

/// Files for people: also when the job failed, unless their condition says otherwise.
fn keep(keep: &Keep, work: &Work, names: &mut Names) -> Derived {
    let (origin, job) = (&keep.origin, &work.job);
    let mut name = names.of_keep(keep, job);
    // Artifacts are immutable: each row needs a name of its own, in whichever of the plans it is one of several.
    let collide = |job: &Job| job.has_rows() && rows_collide(job, &name);
    if collide(job) || work.differences.values().any(|difference| collide(&difference.of(job))) {
        name.push_str("-${{ strategy.job-index }}");
    }
    let paths: Vec<String> = keep.paths.iter().flat_map(|path| expand(path)).collect();
    let hidden = |path: &String| path.split('/').any(|name| name.starts_with('.') && !matches!(name, "." | ".."));
    let mut with = Map::from_iter([("name".to_owned(), text(name, origin)), ("path".to_owned(), lines(&paths, origin))]);
    if paths.iter().any(hidden) {
        with.insert("include-hidden-files".to_owned(), flag(origin));
    }
    if let Some(time) = &keep.retention {
        let days = Duration::parse(&time.spelled()).map_or_else(|| time.clone(), |time| number(time.days(), origin));
        with.insert("retention-days".to_owned(), days);
    }
    let when = keep.when.clone().unwrap_or_else(|| not_cancelled(origin));
    let upload = uses(UPLOAD, with, origin.clone());
    // On a machine that jobs share, each keeps its own: their names tell them apart.
    let (was, title) = (Box::new(display_name(&upload)), Text::verbatim(keeps(keep), origin.span));
    let step = Step { when: Some(when), title: Some(title), was: Some(was), ..upload };
    Derived { role: Role::Keep, step, why: None }
}

fn not_cancelled(origin: &Origin) -> Condition {
    let expr = Expr::new(ExprKind::Not(Box::new(Expr::call("cancelled", Vec::new(), origin.span))), origin.span);
    Condition::derived(expr, origin.clone())
}

/// The exclusions of the writer that come behind a path.
fn except<'a>(job: &'a Job, path: &str) -> impl Iterator<Item = &'a str> {
    let lists = all_writes(job).into_iter().map(|list| list.iter().map(|writes| writes.pattern.as_str()));
    let behind = lists.flat_map(move |list| list.skip_while(move |other| *other != path));
    behind.filter(|pattern| pattern.starts_with('!'))
}

/// What a job writes in all rows, and in each.
pub(super) fn all_writes(job: &Job) -> Vec<&[Writes]> {
    let (_, rows) = job.written_rows();
    std::iter::once(job.writes.as_slice()).chain(rows.iter().map(|row| row.job.writes.as_slice())).collect()
}

fn writes(job: &Job) -> impl Iterator<Item = &Writes> {
    all_writes(job).into_iter().flatten()
}

fn flag(origin: &Origin) -> Value {
    Value { kind: ValueKind::Bool(true), origin: origin.clone() }
}

fn number(number: u64, origin: &Origin) -> Value {
    Value { kind: ValueKind::Number(number.to_string()), origin: origin.clone() }
}
