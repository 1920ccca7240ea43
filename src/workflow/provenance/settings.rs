//! All that is said of a job in the output, each thing with where it comes from.

use super::{Home, home};
use crate::Compilation;
use crate::workflow::lower::Made;
use crate::workflow::model::ToNode;
use crate::workflow::paths::Key;
use crate::workflow::yaml::{Kind, Node};

/// A setting or a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What it is, on one line: `timeout-minutes: 120`.
    pub what: String,
    /// Where it comes from.
    pub home: Home,
}

/// More of a value is not shown.
const MAX: usize = 60;

/// What is said of a job, all but its steps and what it needs; then what is said of all jobs.
pub fn settings(made: &Compilation, id: &str) -> Vec<Setting> {
    let name = |name: &str| Key::Name(name.to_owned());
    let of = |node: &Node, prefix: &[Key], end: &str, wanted: &dyn Fn(&str) -> bool| -> Vec<Setting> {
        let Kind::Map(map) = &node.kind else { return Vec::new() };
        let entries = map.iter().filter(|(key, _)| wanted(key));
        let setting = |(key, value): (&String, &Node)| Setting {
            what: format!("{key}: {}{end}", brief(value)),
            home: home(made, &[prefix, &[name(key)]].concat(), None),
        };
        entries.map(setting).collect()
    };
    let Some(job) = made.workflow.jobs.as_ref().and_then(|jobs| jobs.0.get(id)) else { return Vec::new() };
    let node = job.to_node();
    let own = of(&node, &[name("jobs"), name(id)], "", &|key| !matches!(key, "needs" | "steps"));
    let has = |key: &str| matches!(&node.kind, Kind::Map(map) if map.contains_key(key));
    let for_all = |key: &str| matches!(key, "env" | "defaults") || key == "concurrency" || key == "permissions" && !has(key);
    let frame = made.workflow.without_jobs().map(|(frame, _)| of(&frame, &[], ", as all jobs", &for_all));
    own.into_iter().chain(frame.unwrap_or_default()).collect()
}

/// The steps of a job that its author did not write.
pub fn added_steps(made: &Compilation, id: &str) -> Vec<Setting> {
    let steps = made.workflow.jobs.as_ref().and_then(|jobs| jobs.0.get(id)?.steps.as_ref()).map(|steps| steps.0.as_slice());
    let Some(work) = made.plan.works.get(id) else { return Vec::new() };
    let of_output = Made::of_output(&made.plan, work);
    let added =
        steps.unwrap_or_default().iter().enumerate().zip(of_output).filter(|(_, (from, _))| matches!(from, Made::Derived(_)));
    let setting = |((at, step), _): ((usize, &crate::workflow::Step), _)| {
        let path = ["jobs", id, "steps"].map(|key| Key::Name(key.to_owned()));
        let name = step.name.as_ref().map(|name| name.text().into_owned());
        let uses = || step.uses.as_ref().map(|uses| uses.action.split('@').next().unwrap_or_default().to_owned());
        let run = || step.run.as_ref().map(|run| run.text().lines().next().unwrap_or_default().to_owned());
        Setting {
            what: name.or_else(uses).or_else(run).unwrap_or_default(),
            home: home(made, &[&path[..], &[Key::Item(at)]].concat(), None),
        }
    };
    added.map(setting).collect()
}

/// A value on one line.
fn brief(node: &Node) -> String {
    let text = match &node.kind {
        Kind::Null => String::new(),
        Kind::Bool(value) => value.to_string(),
        Kind::Num(text) | Kind::Str(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Kind::Seq(items) => format!("[{}]", items.iter().map(brief).collect::<Vec<_>>().join(", ")),
        Kind::Map(map) => {
            let entries = map.iter().map(|(key, value)| format!("{key}: {}", brief(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    };
    match text.char_indices().nth(MAX) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}
