//! Where the lines between jobs run: each job has a lane downwards to all that come after it.
//!
//! Jobs stand in layers, one below the other, each in the first in which all that it needs is above it. Jobs with the same needs and the same
//! followers stand side by side, and share a lane. On the line of a job, lanes that reach it come in from left and right; its own goes
//! down from it. Lanes that lead to the same jobs are joined below their layer.

use std::collections::{BTreeMap, HashMap};

use super::Graph;

/// Jobs that are alike to all others.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// They, in the order of the plan.
    pub(super) jobs: Vec<usize>,
    /// In which layer they are, from 0.
    pub(super) layer: usize,
    before: Vec<usize>,
    after: Vec<usize>,
}

/// What stands in a column of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing.
    Blank,
    /// A lane that has nothing to do with the line: it crosses what runs across.
    Lane,
    /// A line across.
    Across,
    /// A job alone; whether a lane goes down from it.
    Job {
        on: bool,
    },
    /// The first of several, one in the middle, the last.
    First,
    Middle,
    Last {
        on: bool,
    },
    /// A lane from which a line goes right, left, or both ways, and that goes on or ends.
    Branch {
        left: bool,
        right: bool,
        on: bool,
    },
}

/// A line: of a job, or one that joins lanes.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) job: Option<usize>,
    /// The first job of a layer has its number.
    pub(super) layer: Option<usize>,
    /// Lanes at even places, what runs between them at odd ones.
    pub(super) cells: Vec<Cell>,
}

/// The groups, layer by layer; within one, below what they need.
pub(super) fn groups(graph: &Graph) -> Vec<Group> {
    let (before, after) = graph.neighbours();
    let mut layers = vec![0; graph.nodes.len()];
    for at in 0..graph.nodes.len() {
        layers[at] = before[at].iter().map(|&from| layers[from] + 1).max().unwrap_or_default();
    }
    let mut of: HashMap<(&[usize], &[usize]), usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of = vec![0; graph.nodes.len()];
    for at in 0..graph.nodes.len() {
        let group = *of.entry((&before[at], &after[at])).or_insert_with(|| {
            groups.push(Group { layer: layers[at], ..Group::default() });
            groups.len() - 1
        });
        groups[group].jobs.push(at);
        group_of[at] = group;
    }
    for group in &mut groups {
        // All jobs of a group are in the lists of a neighbour, or none.
        let of = |jobs: &[usize]| {
            let mut groups: Vec<usize> = jobs.iter().map(|&job| group_of[job]).collect();
            groups.sort_unstable();
            groups.dedup();
            groups
        };
        (group.before, group.after) = (of(&before[group.jobs[0]]), of(&after[group.jobs[0]]));
    }
    in_layers(groups)
}

/// Sorts groups by layer, and within one by the middle of what they need, so that few lines cross; renames them in their lists.
fn in_layers(mut groups: Vec<Group>) -> Vec<Group> {
    let mut layers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    groups.iter().enumerate().for_each(|(at, group)| layers.entry(group.layer).or_default().push(at));
    let (mut place, mut next) = (vec![0usize; groups.len()], 0);
    for layer in layers.values_mut() {
        // Twice the mean, in whole numbers; those that need nothing come first, in the order of the plan.
        let middle = |at: usize| {
            let before = &groups[at].before;
            (2 * before.iter().map(|&from| place[from]).sum::<usize>()).checked_div(before.len()).unwrap_or_default()
        };
        let mut keyed: Vec<(usize, usize)> = layer.iter().map(|&at| (middle(at), at)).collect();
        keyed.sort_unstable();
        for (_, at) in keyed {
            place[at] = next;
            next += 1;
        }
    }
    for group in &mut groups {
        for list in [&mut group.before, &mut group.after] {
            list.iter_mut().for_each(|at| *at = place[*at]);
            list.sort_unstable();
        }
    }
    let mut placed: Vec<(usize, Group)> = place.into_iter().zip(groups).collect();
    placed.sort_unstable_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, group)| group).collect()
}

/// The lines of a drawing; none where they take more than `most` columns of lanes.
pub(super) fn lines(groups: &[Group], most: usize) -> Option<Vec<Line>> {
    let mut drawing = Drawing { lanes: Vec::new(), lines: Vec::new() };
    for (at, group) in groups.iter().enumerate() {
        let opens = at == 0 || groups[at - 1].layer != group.layer;
        if opens {
            drawing.join();
        }
        drawing.group(at, group, opens);
        if drawing.lanes.len() > most {
            return None;
        }
    }
    Some(drawing.lines)
}

struct Drawing<'g> {
    /// In each column, the groups that the lane there still leads to, in order; empty where there is none.
    lanes: Vec<&'g [usize]>,
    lines: Vec<Line>,
}

impl<'g> Drawing<'g> {
    fn group(&mut self, number: usize, group: &'g Group, opens: bool) {
        let reaching: Vec<usize> = (0..self.lanes.len()).filter(|&column| self.lanes[column].first() == Some(&number)).collect();
        reaching.iter().for_each(|&column| self.lanes[column] = &self.lanes[column][1..]);
        // Straight on from a lane that ends here, where there is one.
        let ended = reaching.iter().copied().find(|&column| self.lanes[column].is_empty());
        let free = || (0..self.lanes.len()).find(|&column| self.lanes[column].is_empty() && !reaching.contains(&column));
        let own = ended.or_else(free).unwrap_or(self.lanes.len());
        if own == self.lanes.len() {
            self.lanes.push(&[]);
        }
        let mut cells = self.across(&reaching, own);
        let on = !group.after.is_empty();
        let [first, .., last] = group.jobs.as_slice() else {
            cells[2 * own] = Cell::Job { on };
            self.push(group.jobs.first().copied(), opens.then_some(group.layer), cells);
            return self.leave(own, group);
        };
        for &job in &group.jobs {
            cells[2 * own] = match job {
                job if job == *first => Cell::First,
                job if job == *last => Cell::Last { on },
                _ => Cell::Middle,
            };
            let below = self.standing();
            let here = std::mem::replace(&mut cells, below);
            self.push(Some(job), (opens && job == *first).then_some(group.layer), here);
        }
        self.leave(own, group);
    }

    /// The lane of a group begins.
    fn leave(&mut self, own: usize, group: &'g Group) {
        self.lanes[own] = &group.after;
        while self.lanes.last().is_some_and(|lane| lane.is_empty()) {
            self.lanes.pop();
        }
    }

    /// Joins lanes that lead to the same jobs, each set of them on a line of its own.
    fn join(&mut self) {
        let mut alike: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
        for (column, lane) in self.lanes.iter().enumerate().filter(|(_, lane)| !lane.is_empty()) {
            alike.entry(lane).or_default().push(column);
        }
        let mut sets: Vec<Vec<usize>> = alike.into_values().filter(|columns| columns.len() > 1).collect();
        sets.sort_unstable();
        for columns in sets {
            let (kept, joined) = (columns[0], &columns[1..]);
            joined.iter().for_each(|&column| self.lanes[column] = &[]);
            let mut cells = self.across(joined, kept);
            cells[2 * kept] = Cell::Branch { left: false, right: true, on: true };
            self.push(None, None, cells);
        }
        while self.lanes.last().is_some_and(|lane| lane.is_empty()) {
            self.lanes.pop();
        }
    }

    fn push(&mut self, job: Option<usize>, layer: Option<usize>, cells: Vec<Cell>) {
        self.lines.push(Line { job, layer, cells });
    }

    /// Lanes, and nothing between them.
    fn standing(&self) -> Vec<Cell> {
        let lane = |lane: &&[usize]| if lane.is_empty() { Cell::Blank } else { Cell::Lane };
        self.lanes.iter().flat_map(|it| [lane(it), Cell::Blank]).collect()
    }

    /// The same, with a line from each of `from` to the column `to`.
    fn across(&self, from: &[usize], to: usize) -> Vec<Cell> {
        let mut cells = self.standing();
        let left = from.iter().copied().min().unwrap_or(to).min(to);
        let right = from.iter().copied().max().unwrap_or(to).max(to);
        for cell in cells.iter_mut().take(2 * right).skip(2 * left + 1).filter(|cell| **cell == Cell::Blank) {
            *cell = Cell::Across;
        }
        for &column in from.iter().filter(|&&column| column != to) {
            let on = !self.lanes[column].is_empty();
            cells[2 * column] = Cell::Branch { left: column > left, right: column < right, on };
        }
        cells
    }
}
