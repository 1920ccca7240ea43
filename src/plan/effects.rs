//! What `reads` and `writes` say of the order: a job that reads what another writes comes after it, and two that write what somebody reads
//! must not run at the same time.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::build::{self, MAX_EDGES, MAX_NEAREST};
use super::{Edge, EdgeKind};
use crate::diagnostics::codes::e0204_endless_expansion::too_large;
use crate::diagnostics::codes::e0312_without_effect::read_by_a_call;
use crate::diagnostics::codes::e0401_unknown_job::unknown_job;
use crate::diagnostics::codes::e0403_read_of_nothing::{not_written_by, read_of_nothing};
use crate::diagnostics::codes::e0404_race::{Writer, race, race_of_rows, race_of_two_rows};
use crate::diagnostics::{Diag, nearest};
use crate::expr::text::{Piece, split};
use crate::facts::Facts;
use crate::hir::{Job, Map, Matrix, Pipeline, rows};
use crate::map::IndexMap;
use crate::pattern::{Index, Pattern};
use crate::source::Span;
use crate::text::Text;

/// More pairs of a read and a write that may meet are no pipeline.
const MAX_PAIRS: usize = 10_000_000;
/// More paths of a large repository are not compared with those that nothing makes.
const MAX_COMPARED: usize = 1_000_000;

/// A path or pattern, and what a `!…` behind it takes away.
pub(super) struct Effect<'a> {
    pub(super) job: &'a Job,
    pub(super) text: &'a Text,
    pub(super) merge: bool,
    /// The only row that has it; none where all do.
    row: Option<usize>,
    /// What the row knows of it before it runs is filled in; the rest stands for anything.
    pattern: Pattern,
    /// Whether that is all of it.
    known: bool,
    except: Vec<Pattern>,
}

impl Effect<'_> {
    /// Whether both are about some path.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.pattern.meets(&other.pattern, self.except.iter().chain(&other.except))
    }
}

impl<'a> Effect<'a> {
    /// Whether both may happen in one run, in different jobs or rows. What a row's path will be must be known to be held against it.
    fn is_beside(&self, other: &Self) -> bool {
        let rows = || self.row.zip(other.row).is_some_and(|(one, other)| one != other) && self.known && other.known;
        self.job.id != other.job.id || rows()
    }

    fn writer(&self) -> Writer<'a> {
        Writer { job: &self.job.id, path: self.text.as_str(), at: self.text.span() }
    }
}

/// The effects of one list, in written order: that of a job, or of its row of this number.
fn effects<'a>(job: &'a Job, row: Option<usize>, list: impl Iterator<Item = (&'a Text, bool)>) -> Vec<Effect<'a>> {
    let (axis, rows) = job.written_rows();
    let values = row.map(|row| IndexMap::from_iter([(axis.to_owned(), rows[row].value.spelled())]));
    let mut effects: Vec<Effect<'a>> = Vec::new();
    for (text, merge) in list {
        let filled = values.as_ref().and_then(|values| of_row(job, text, &split(text).value, values));
        let pattern = Pattern::new(filled.as_deref().unwrap_or(text));
        if pattern.negated {
            effects.iter_mut().for_each(|effect| effect.except.push(pattern.clone()));
        } else {
            effects.push(Effect { job, text, merge, row, pattern, known: filled.is_some(), except: Vec::new() });
        }
    }
    effects
}

/// The effects of a job and of its rows, each from its own list.
fn of_all<'a, I: Iterator<Item = (&'a Text, bool)>>(job: &'a Job, list: impl Fn(&'a Job) -> I) -> Vec<Effect<'a>> {
    let own = effects(job, None, list(job));
    let rows = job.written_rows().1.iter().enumerate();
    own.into_iter().chain(rows.flat_map(|(row, each)| effects(job, Some(row), list(&each.job)))).collect()
}

/// What a job writes, in all rows or in some.
pub(super) fn writes(job: &Job) -> Vec<Effect<'_>> {
    of_all(job, |job| job.writes.iter().map(|writes| (&writes.pattern, writes.merge)))
}

/// What a job reads, in all rows or in some.
pub(super) fn reads(job: &Job) -> Vec<Effect<'_>> {
    of_all(job, |job| job.reads.iter().map(|read| (read, false)))
}

/// What each job writes and reads, in the order of the jobs.
pub(super) struct Effects<'a> {
    writes: Vec<Vec<Effect<'a>>>,
    reads: Vec<Vec<Effect<'a>>>,
}

impl<'a> Effects<'a> {
    pub(super) fn of(pipeline: &'a Pipeline) -> Self {
        let jobs = || pipeline.jobs.values().map(AsRef::as_ref);
        Self { writes: jobs().map(writes).collect(), reads: jobs().map(reads).collect() }
    }
}

/// Adds the edges that follow from effects.
pub(super) fn edges(
    pipeline: &Pipeline,
    effects: &Effects<'_>,
    facts: &Facts,
    broken: bool,
    edges: &mut Vec<Edge>,
    diags: &mut Vec<Diag>,
) {
    let writers: Vec<&Effect<'_>> = effects.writes.iter().flatten().collect();
    let mut index = Index::default();
    writers.iter().enumerate().for_each(|(number, writer)| index.insert(&writer.pattern, number));
    let (before, mut pairs, mut compared) = (edges.len(), 0, 0);
    for (job, reads) in pipeline.jobs.values().zip(&effects.reads) {
        for read in reads {
            let candidates = index.candidates(&read.pattern);
            pairs += candidates.len();
            if pairs > MAX_PAIRS || edges.len() - before > MAX_EDGES {
                let (what, limit) = if pairs > MAX_PAIRS {
                    ("pairs of a read and a write", MAX_PAIRS)
                } else {
                    ("edges between jobs", MAX_EDGES)
                };
                return diags.push(job.origin.explain(too_large(what, limit, read.text.span())));
            }
            let met: Vec<&Effect<'_>> =
                candidates.into_iter().map(|number| writers[number]).filter(|writer| writer.meets(read)).collect();
            let own = met.iter().any(|writer| writer.job.id == job.id);
            let others: Vec<&Effect<'_>> = met.into_iter().filter(|writer| writer.job.id != job.id).collect();
            let from = from(job, read.text);
            let chosen = |id: &str| from.is_empty() || from.iter().any(|from| from.as_str() == id);
            let mut written = false;
            for writer in others.iter().filter(|writer| chosen(&writer.job.id)) {
                written = true;
                let kind = EdgeKind::Data { path: writer.text.as_str().to_owned() };
                edges.push(Edge { from: writer.job.id.clone(), to: job.id.clone(), kind, origin: read.text.span() });
                if let Some(call) = &job.call {
                    let (span, call) = (read.text.span(), call.origin.span);
                    diags.push(job.origin.explain(read_by_a_call(read.text, &writer.job.id, span, call)));
                }
            }
            if broken {
                continue;
            }
            let mut unknown = false;
            for name in from.iter().filter(|name| !pipeline.jobs.contains_key(name.as_str())) {
                unknown = true;
                let names = build::others(pipeline, job).take_while(|_| diags.len() < MAX_NEAREST);
                let near = nearest(name, names);
                diags.push(job.origin.explain(unknown_job(name, near, name.span())));
            }
            // What only run time knows cannot be said to match nothing.
            if unknown || written || own || read.text.contains("${{") || read.pattern.excess.is_some() {
                continue;
            }
            if let Some(only) = from.first() {
                let others: Vec<&str> = others.iter().map(|writer| writer.job.id.as_str()).collect();
                diags.push(job.origin.explain(not_written_by(read.text, only, &others, read.text.span(), only.span())));
                continue;
            }
            let tracked = facts.tracked.as_ref();
            if tracked.is_some_and(|tracked| !tracked.iter().any(|path| read.pattern.matches(path))) {
                let paths = writers.iter().filter(|writer| writer.job.id != job.id).map(|writer| writer.text.as_str());
                let paths = paths.take_while(|_| diags.len() < MAX_NEAREST);
                let near = nearest(read.text, paths).map(|near| (near, "a job writes"));
                let near = near.or_else(|| {
                    let left = MAX_COMPARED.saturating_sub(compared);
                    let paths = tracked_paths(facts).take(left).inspect(|_| compared += 1);
                    nearest(read.text, paths).map(|near| (near, "git tracks"))
                });
                diags.push(job.origin.explain(read_of_nothing(read.text, near, read.text.span())));
            }
        }
    }
}

/// Reports writers that may run at the same time and write what one job reads. The edges have no cycle, and `order` follows them.
pub(super) fn races(pipeline: &Pipeline, effects: &Effects<'_>, edges: &[Edge], order: &[String], diags: &mut Vec<Diag>) {
    let mut found = Races { ancestors: OnceCell::new(), edges, order, seen: BTreeSet::new() };
    let mut read_of: IndexMap<&str, Vec<(&str, Span)>> = IndexMap::default();
    for edge in edges {
        if let EdgeKind::Data { .. } = edge.kind {
            let writers = read_of.entry(edge.to.as_str()).or_default();
            writers.push((edge.from.as_str(), edge.origin));
        }
    }
    for (reader, mut writers) in read_of {
        // An edge for each written path: each writer is looked at once for a read.
        writers.sort_unstable();
        writers.dedup();
        let mut by_read: BTreeMap<Span, Vec<&Effect<'_>>> = BTreeMap::new();
        for (writer, span) in writers {
            let effects = pipeline.jobs.get_index_of(writer).map(|place| &effects.writes[place]);
            by_read.entry(span).or_default().extend(effects.into_iter().flatten());
        }
        let Some(reader_at) = pipeline.jobs.get_index_of(reader) else { continue };
        for read in &effects.reads[reader_at] {
            let Some(writers) = by_read.get(&read.text.span()) else { continue };
            let met: Vec<&Effect<'_>> = writers.iter().copied().filter(|writer| writer.meets(read)).collect();
            let mut index = Index::default();
            met.iter().enumerate().for_each(|(number, writer)| index.insert(&writer.pattern, number));
            for (place, one) in met.iter().enumerate() {
                if !one.merge && one.row.is_none() && found.first(one.text, one.text) && rows_collide(one.job, one.text) {
                    let axis = free_axis(one);
                    diags.push(one.job.origin.explain(race_of_rows(one.writer(), axis, reader, read.text.span())));
                }
                let later = |other: &usize| *other > place && one.is_beside(met[*other]);
                for other in index.candidates(&one.pattern).into_iter().filter(later).map(|other| met[other]) {
                    let apart = one.merge && other.merge || !one.meets(other);
                    if apart || found.ordered(one, other) || !found.first(one.text, other.text) {
                        continue;
                    }
                    if one.job.id == other.job.id {
                        let rows = race_of_two_rows(one.writer(), other.writer(), reader, read.text.span());
                        diags.push(one.job.origin.explain(rows));
                    } else {
                        diags.push(one.job.origin.explain(race(one.writer(), other.writer(), reader, read.text.span())));
                    }
                }
            }
        }
    }
}

/// The place of each job in the order, and for each place those that come before it, as bits.
type Ancestors<'a> = (IndexMap<&'a str, usize>, Vec<Vec<u64>>);

struct Races<'a> {
    ancestors: OnceCell<Ancestors<'a>>,
    edges: &'a [Edge],
    order: &'a [String],
    seen: BTreeSet<(Span, Span)>,
}

impl Races<'_> {
    /// Whether one of two jobs comes before the other.
    fn ordered(&self, one: &Effect<'_>, other: &Effect<'_>) -> bool {
        if one.job.id == other.job.id {
            return false;
        }
        let (places, ancestors) = self.ancestors.get_or_init(|| ancestors(self.edges, self.order));
        let (Some(&one), Some(&other)) = (places.get(one.job.id.as_str()), places.get(other.job.id.as_str())) else {
            return true;
        };
        let (first, last) = (one.min(other), one.max(other));
        ancestors[last][first / 64] >> (first % 64) & 1 == 1
    }

    /// Whether this pair of writers was not reported yet.
    fn first(&mut self, one: &Text, other: &Text) -> bool {
        self.seen.insert((one.span(), other.span()))
    }
}

fn ancestors<'a>(edges: &'a [Edge], order: &'a [String]) -> Ancestors<'a> {
    let places: IndexMap<&str, usize> = order.iter().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
    for edge in edges {
        if let (Some(&from), Some(&to)) = (places.get(edge.from.as_str()), places.get(edge.to.as_str())) {
            before[to].push(from);
        }
    }
    let mut ancestors: Vec<Vec<u64>> = Vec::with_capacity(order.len());
    for direct in before {
        let mut own = vec![0u64; order.len().div_ceil(64)];
        // Edges go from earlier places to later ones, so those of the earlier are known.
        for from in direct.into_iter().filter(|&from| from < ancestors.len()) {
            own.iter_mut().zip(&ancestors[from]).for_each(|(own, theirs)| *own |= theirs);
            own[from / 64] |= 1 << (from % 64);
        }
        ancestors.push(own);
    }
    (places, ancestors)
}

/// Whether a text with expressions is the same in two rows of a job, as far as that is known before it runs.
pub fn rows_collide(job: &Job, text: &str) -> bool {
    let rows = rows::rows(job);
    let known = rows.iter().all(|row| !row.is_empty());
    let pieces = split(text).value;
    if !known {
        // Rows that only run time knows differ where the text asks for anything that may.
        return job.has_rows() && of_row(job, text, &pieces, &IndexMap::default()).is_some();
    }
    let mut texts = BTreeSet::new();
    rows.len() > 1 && rows.iter().any(|row| of_row(job, text, &pieces, row).is_some_and(|text| !texts.insert(text)))
}

/// Whether a text with expressions surely differs in any two rows of a job.
pub fn rows_differ(job: &Job, text: &str) -> bool {
    let pieces = split(text).value;
    let mut texts = BTreeSet::new();
    rows::rows(job).iter().all(|row| !row.is_empty() && of_row(job, text, &pieces, row).is_some_and(|text| texts.insert(text)))
}

/// The text of one row: what it asks for of its axes, filled in. None where something in it may differ from row to row and is not known.
fn of_row(job: &Job, text: &str, pieces: &[Piece], row: &IndexMap<String, String>) -> Option<String> {
    let mut filled = String::new();
    for piece in pieces {
        match piece {
            Piece::Text { text, .. } => filled.push_str(text),
            Piece::Hole { span, expr } => {
                let expr = expr.as_ref()?;
                let axis = expr.as_path().filter(|path| path.len() == 2 && path[0].eq_ignore_ascii_case("matrix"));
                let value = axis
                    .and_then(|path| row.iter().find(|(axis, _)| axis.eq_ignore_ascii_case(&path[1])).map(|(_, value)| value));
                match value {
                    Some(value) => filled.push_str(value),
                    None if expr.paths().iter().all(|path| is_of_the_run(job, path)) => {
                        filled.push_str(&text[span.start as usize..span.end as usize]);
                    }
                    None => return None,
                }
            }
        }
    }
    Some(filled)
}

/// Whether what a path names is the same in all rows.
fn is_of_the_run(job: &Job, path: &[String]) -> bool {
    let [context, name, ..] = path else { return false };
    let sets = |env: &Map| env.keys().any(|key| key.eq_ignore_ascii_case(name));
    let by_row = job.written_rows().1.iter().any(|row| sets(&row.job.env));
    match context.to_ascii_lowercase().as_str() {
        "github" | "inputs" | "vars" | "needs" => true,
        "env" => {
            !by_row
                && job.env.iter().all(|(key, value)| !key.eq_ignore_ascii_case(name) || !value.spelled().contains("${{"))
                && sets(&job.env)
        }
        _ => false,
    }
}

/// An axis that the path does not ask for yet.
fn free_axis<'a>(writer: &Effect<'a>) -> Option<&'a str> {
    let axes: Vec<&str> = match &writer.job.matrix {
        Some(Matrix::Axes { axes, .. }) => axes.keys().map(String::as_str).collect(),
        Some(Matrix::Rows { axis, .. }) => vec![axis],
        _ => Vec::new(),
    };
    let shard = writer.job.shards.is_some().then_some("shard");
    axes.into_iter().chain(shard).find(|axis| !writer.text.contains(&format!("matrix.{axis}")))
}

/// What git tracks: files, and the folders that they lie in, `src/`.
fn tracked_paths(facts: &Facts) -> impl Iterator<Item = &str> {
    let mut last = "";
    facts.tracked.iter().flatten().flat_map(move |path| {
        // Sorted as they are, files of a folder follow each other: what a path shares with the one before was named.
        let shared = path.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
        last = path.as_str();
        let folders = path.match_indices('/').filter(move |(at, _)| *at >= shared).map(|(at, _)| &path[..=at]);
        folders.chain([path.as_str()])
    })
}

/// The writers that a read names: `reads dist/ from build`.
fn from<'a>(job: &'a Job, read: &Text) -> Vec<&'a Text> {
    job.reads_from.iter().filter(|(path, _)| path.as_str() == read.as_str()).flat_map(|(_, from)| from).collect()
}
