//! What each work comes right after, as the output says it.

use std::collections::{BTreeMap, BTreeSet};

use super::{EdgeKind, Plan};

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

/// Whether edges lead from one work to another.
pub(super) fn comes_before(plan: &Plan, earlier: &str, later: &str) -> bool {
    let mut seen = BTreeSet::from([later]);
    let mut open = vec![later];
    while let Some(at) = open.pop() {
        for edge in plan.edges.iter().filter(|edge| edge.to == at) {
            if edge.from == earlier {
                return true;
            }
            if seen.insert(edge.from.as_str()) {
                open.push(&edge.from);
            }
        }
    }
    false
}
