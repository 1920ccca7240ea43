//! What each work comes right after, as the output says it.

use std::collections::BTreeMap;

use super::{EdgeKind, Plan};
use crate::map::IndexMap;

/// For each work, by its place in the plan, the works that it comes right after, in plan order: those that were written, and of the
/// derived ones those that no other implies.
///
/// Edges go from earlier places to later ones, so a search for what implies an edge never looks before the edge's own start.
pub(super) fn needs(plan: &Plan) -> Vec<Vec<usize>> {
    let place = |id: &str| plan.works.get_index_of(id);
    // By start, and whether somebody wrote it.
    let mut before: Vec<BTreeMap<usize, bool>> = vec![BTreeMap::new(); plan.works.len()];
    for edge in &plan.edges {
        if let (Some(from), Some(to)) = (place(&edge.from), place(&edge.to)) {
            *before[to].entry(from).or_default() |= matches!(edge.kind, EdgeKind::Order | EdgeKind::Outputs);
        }
    }
    // The last work that a place was seen for; one list serves all searches.
    let mut seen = vec![usize::MAX; before.len()];
    let mut all = Vec::with_capacity(before.len());
    for (work, direct) in before.iter().enumerate() {
        if let Some(earliest) = direct.iter().find(|&(_, &written)| !written).map(|(&from, _)| from) {
            let mut open: Vec<usize> = direct.keys().copied().collect();
            while let Some(at) = open.pop() {
                for &from in before[at].keys().rev().take_while(|&&from| from >= earliest) {
                    if seen[from] != work {
                        seen[from] = work;
                        open.push(from);
                    }
                }
            }
        }
        all.push(direct.iter().filter(|&(&from, &written)| written || seen[from] != work).map(|(&from, _)| from).collect());
    }
    all
}

/// What comes before what, for many questions: worked out once.
pub struct Order {
    places: IndexMap<String, usize>,
    /// For each work, by its place, all that it comes after, as bits.
    before: Vec<Vec<u64>>,
}

impl Order {
    /// That of a plan.
    pub fn of(plan: &Plan) -> Self {
        let place = |id: &str| plan.works.get_index_of(id);
        let mut direct: Vec<Vec<usize>> = vec![Vec::new(); plan.works.len()];
        for (from, to) in plan.edges.iter().filter_map(|edge| Some((place(&edge.from)?, place(&edge.to)?))) {
            direct[to].push(from);
        }
        let mut before = vec![vec![0u64; direct.len().div_ceil(64)]; direct.len()];
        // Edges go from earlier places to later ones: once is enough, and where they do not, until nothing is new.
        let mut is_new = true;
        while std::mem::take(&mut is_new) {
            for (work, direct) in direct.iter().enumerate() {
                let mut own = std::mem::take(&mut before[work]);
                for &from in direct.iter().filter(|&&from| from != work) {
                    for (word, (own, theirs)) in own.iter_mut().zip(&before[from]).enumerate() {
                        let itself = if word == from / 64 { 1 << (from % 64) } else { 0 };
                        let all = *own | theirs | itself;
                        is_new |= all != std::mem::replace(own, all);
                    }
                }
                before[work] = own;
            }
        }
        Self { places: plan.works.keys().cloned().zip(0..).collect(), before }
    }

    /// Whether a work surely ends before another begins.
    pub fn comes_before(&self, earlier: &str, later: &str) -> bool {
        let Some((&earlier, &later)) = self.places.get(earlier).zip(self.places.get(later)) else { return false };
        self.before[later][earlier / 64] >> (earlier % 64) & 1 == 1
    }
}
