//! The jobs of a plan and what comes right before what, to be looked at: in a terminal, as Mermaid, and for Graphviz.
//!
//! The rows of a job are one node. Edges are those of the output's `needs`; the gate, which asks for the result of every job, has those alone that no
//! other of them implies.

pub mod dot;
mod lanes;
pub mod mermaid;
pub mod tree;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::plan::{EdgeKind, Plan, Role, Work};

/// Jobs, in the order of the plan, and the edges between them.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// The jobs. Each comes after all that it needs.
    pub nodes: Vec<Node>,
    /// What comes right before what, by the job that is waited for.
    pub edges: Vec<Edge>,
}

/// A job.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// Its id.
    pub id: String,
    /// How many rows it has; none without a matrix or shards.
    pub rows: Option<Rows>,
    /// The condition under which it runs, where it has one.
    pub when: Option<String>,
    /// What it deploys to.
    pub environment: Option<String>,
    /// The workflow that it calls.
    pub calls: Option<String>,
    /// Of the gate: how many jobs it judges.
    pub judges: Option<usize>,
}

/// How many rows a job has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// So many.
    Count(usize),
    /// As many as only the run knows.
    AtRunTime,
}

/// Two jobs, by their number, one right after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// What comes first.
    pub from: usize,
    /// What comes after it.
    pub to: usize,
    /// Why, each reason once. None of a gate's.
    pub reasons: Vec<Reason>,
}

/// Why one job comes after another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It reads what the other writes there.
    Reads(String),
    /// An expression asks for the other's outputs or result.
    Asks,
    /// `needs` says so.
    Needs,
}

impl Graph {
    /// The graph of a plan.
    pub fn of(plan: &Plan) -> Self {
        let mut tasks: HashMap<&str, usize> = HashMap::new();
        plan.tasks.iter().for_each(|task| *tasks.entry(&task.work).or_default() += 1);
        let known: BTreeSet<&str> =
            plan.tasks.iter().filter(|task| !task.row.is_empty()).map(|task| task.work.as_str()).collect();
        let mut reasons: HashMap<(&str, &str), BTreeSet<Reason>> = HashMap::new();
        for edge in &plan.edges {
            let reason = match &edge.kind {
                EdgeKind::Order => Reason::Needs,
                EdgeKind::Outputs => Reason::Asks,
                EdgeKind::Data { path } => Reason::Reads(path.clone()),
            };
            reasons.entry((&edge.from, &edge.to)).or_default().insert(reason);
        }
        let places: HashMap<&str, usize> = plan.works.keys().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let needs: Vec<Vec<usize>> =
            plan.needs().into_iter().map(|needs| needs.into_iter().map(|id| places[id]).collect()).collect();
        let mut graph = Self::default();
        for (at, (id, work)) in plan.works.iter().enumerate() {
            let is_gate = judges(work);
            let rows = work.job.has_rows().then(|| match tasks.get(id.as_str()) {
                Some(&count) if known.contains(id.as_str()) => Rows::Count(count),
                _ => Rows::AtRunTime,
            });
            graph.nodes.push(Node {
                id: id.clone(),
                rows,
                // The gate's own says that it always runs, which is what a gate is.
                when: work.job.when.as_ref().filter(|_| !is_gate).map(|when| when.text.as_str().trim().to_owned()),
                environment: work.job.environment.as_ref().map(|it| it.name.as_str().to_owned()),
                calls: work.job.call.as_ref().map(|call| call.workflow.as_str().to_owned()),
                judges: is_gate.then(|| needs[at].len()),
            });
            let implied = if is_gate { implied(&needs, at) } else { BTreeSet::new() };
            for &from in needs[at].iter().filter(|from| !implied.contains(from)) {
                let first = plan.works.get_index(from).map_or("", |(id, _)| id.as_str());
                let why = reasons.remove(&(first, id.as_str())).unwrap_or_default();
                let reasons = if is_gate { Vec::new() } else { why.into_iter().collect() };
                graph.edges.push(Edge { from, to: at, reasons });
            }
        }
        graph
    }

    /// What comes right before each job, and what right after it.
    fn neighbours(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let (mut before, mut after) = (vec![Vec::new(); self.nodes.len()], vec![Vec::new(); self.nodes.len()]);
        for edge in &self.edges {
            before[edge.to].push(edge.from);
            after[edge.from].push(edge.to);
        }
        (before, after)
    }
}

impl Node {
    /// Its id, and behind it how many rows it has.
    pub fn name(&self) -> String {
        match self.rows {
            None => self.id.clone(),
            Some(Rows::Count(count)) => format!("{} x{count}", self.id),
            Some(Rows::AtRunTime) => format!("{} x?", self.id),
        }
    }

    /// What else there is to say of it, in a few words each.
    pub fn notes(&self) -> Vec<String> {
        let one_line = |text: &String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut notes = Vec::new();
        notes.extend(self.judges.map(|count| format!("judges {count} job{}", if count == 1 { "" } else { "s" })));
        notes.extend(self.calls.as_ref().map(|call| format!("calls {}", one_line(call))));
        notes.extend(self.environment.as_ref().map(|name| format!("to {}", one_line(name))));
        notes.extend(self.when.as_ref().map(|when| format!("when {}", one_line(when))));
        notes
    }
}

impl Edge {
    /// Its reasons as a label: what is read, else the word that says so. Empty of a gate's.
    pub fn label(&self) -> String {
        let words = self.reasons.iter().map(|reason| match reason {
            Reason::Reads(path) => path.as_str(),
            Reason::Asks => "outputs",
            Reason::Needs => "needs",
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

/// Whether it is the gate.
fn judges(work: &Work) -> bool {
    work.place.is_none() && work.epilogue.iter().any(|derived| derived.role == Role::Judge)
}

/// The needs of a job that others of them imply.
fn implied(needs: &[Vec<usize>], job: usize) -> BTreeSet<usize> {
    let direct: BTreeSet<usize> = needs[job].iter().copied().collect();
    let (mut seen, mut open) = (vec![false; needs.len()], needs[job].clone());
    while let Some(at) = open.pop() {
        for &from in &needs[at] {
            if !std::mem::replace(&mut seen[from], true) {
                open.push(from);
            }
        }
    }
    direct.into_iter().filter(|&from| seen[from]).collect()
}

/// The reasons for which a job waits, each with the jobs that it is about: `reads dist/ of build, needs lint`.
fn waits(graph: &Graph, before: &[&Edge]) -> Vec<String> {
    let mut by_reason: BTreeMap<&Reason, Vec<&str>> = BTreeMap::new();
    for edge in before {
        for reason in &edge.reasons {
            by_reason.entry(reason).or_default().push(&graph.nodes[edge.from].id);
        }
    }
    let told = by_reason.into_iter().map(|(reason, jobs)| match reason {
        Reason::Reads(path) => format!("reads {path} of {}", jobs.join(" and ")),
        Reason::Asks => format!("asks for outputs of {}", jobs.join(" and ")),
        Reason::Needs => format!("needs {}", jobs.join(" and ")),
    });
    told.collect()
}
