//! What holds for every plan, after each pass.

use std::collections::BTreeSet;

use super::Plan;

/// What is wrong with the plan itself; nothing, unless a pass has a bug.
pub fn verify(plan: &Plan) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for task in &plan.tasks {
        if !seen.insert(&task.id) {
            wrong.push(format!("two tasks are called `{}`", task.id));
        }
        if !plan.works.contains_key(&task.work) {
            wrong.push(format!("task `{}` is a row of `{}`, which is no work", task.id, task.work));
        }
    }
    let mut placed = vec![0; plan.tasks.len()];
    for &task in plan.machines.iter().flat_map(|machine| &machine.tasks) {
        match placed.get_mut(task) {
            Some(count) => *count += 1,
            None => wrong.push(format!("a machine runs task {task}, which is none")),
        }
    }
    for (task, count) in plan.tasks.iter().zip(placed) {
        if count != 1 {
            wrong.push(format!("task `{}` runs on {count} machines", task.id));
        }
    }
    for edge in &plan.edges {
        match (plan.works.get_index_of(&edge.from), plan.works.get_index_of(&edge.to)) {
            (Some(from), Some(to)) if from < to => {}
            _ => wrong.push(format!("the edge from `{}` to `{}` goes against the order of the plan", edge.from, edge.to)),
        }
    }
    for (id, work) in &plan.works {
        if work.prologue.windows(2).any(|pair| pair[0].role > pair[1].role) {
            wrong.push(format!("the prologue of `{id}` is out of order"));
        }
    }
    wrong
}
