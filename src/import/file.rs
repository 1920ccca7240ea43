//! The keys of the file.

use super::Importer;
use super::spec::{Block, Body, Line};
use super::tree::{Kind, Tree};
use super::words::{Place, quoted, written};
use crate::diagnostics::codes::e0509_missing_key::missing_key;
use crate::workflow::model::{Defaults, RunDefaults, Workflow};

impl Importer {
    /// The statements of a workflow.
    pub(super) fn file(&self, tree: &Tree) -> Block {
        let mut block = Block { tail: tree.tail.clone(), ..Block::default() };
        for key in ["on", "jobs"] {
            if tree.get(key).is_none() {
                self.say(missing_key("a workflow", key, tree.span.head()));
            }
        }
        let empty = Tree::default();
        let jobs = tree.get("jobs").unwrap_or(&empty);
        for entry in self.record("a workflow", tree, Workflow::KEYS) {
            let (value, start) = (&entry.value, block.lines.len());
            match entry.key.as_str() {
                "name" => {
                    block.lines.extend(self.scalar("`name`", value).map(|name| named("workflow", value).word(&quoted(&name))));
                }
                "run-name" => {
                    block
                        .lines
                        .extend(self.scalar("`run-name`", value).map(|name| named("run-name", value).word(&quoted(&name))));
                }
                "description" => block
                    .lines
                    .extend(self.scalar("`description`", value).map(|text| named("description", value).word(&quoted(&text)))),
                "on" => block.lines.extend(self.triggers(value)),
                "permissions" => block.lines.extend(self.permissions(value)),
                "env" => block.lines.extend(self.map_statement("env", value)),
                "defaults" => block.lines.extend(self.defaults(value)),
                "concurrency" => block.lines.extend(self.concurrency(value)),
                // Last, and its comments above the first job.
                _ => continue,
            }
            if start > 0
                && !matches!(entry.key.as_str(), "run-name" | "description")
                && let Some(first) = block.lines.get_mut(start)
            {
                first.gap = true;
            }
        }
        let runner = common_runner(jobs);
        if let Some(runner) = runner {
            block
                .lines
                .push(Line::new("runner", runner.span).word(&written(&runner.scalar().unwrap_or_default(), Place::Word)).gap());
        }
        block.lines.push(Line::new("optimize off", tree.span).gap());
        block.lines.extend(target(jobs));
        let constants_at = block.lines.len();
        self.want("`jobs`", jobs, "a mapping", jobs.is_map() || tree.get("jobs").is_none());
        if jobs.is_map() && jobs.entries().is_empty() {
            self.say(missing_key("`jobs`", "NAME", jobs.span));
        }
        for (index, entry) in jobs.entries().iter().enumerate() {
            let mut line = self.job(entry, jobs, runner.is_some());
            if index == 0 {
                let mut above = jobs.before.clone();
                above.append(&mut line.before);
                above.extend(jobs.after.clone());
                line.before = above;
            }
            block.lines.push(line.gap());
        }
        let constants = self
            .needed
            .take()
            .into_iter()
            .map(|(name, value)| Line::new("let", tree.span.head()).own(&format!("{name} = {value}")));
        block.lines.splice(constants_at..constants_at, constants);
        if let Some(first) = block.lines.get_mut(constants_at) {
            first.gap = true;
        }
        block.tail.splice(0..0, jobs.tail.iter().cloned());
        block
    }

    pub(super) fn permissions(&self, tree: &Tree) -> Option<Line> {
        let line = Line::new("permissions", tree.span).comments(&tree.before, tree.after.as_ref());
        match &tree.kind {
            Kind::Map(entries) if entries.is_empty() => Some(line.own("none")),
            Kind::Map(_) => Some(line.body(Body::Block(self.map(tree)))),
            Kind::Text(text) => Some(line.word(&written(text, Place::Word))),
            _ => {
                self.want("`permissions`", tree, "`read-all`, `write-all` or a mapping", false);
                None
            }
        }
    }

    /// `shell …`, `in …`
    pub(super) fn defaults(&self, tree: &Tree) -> Vec<Line> {
        let mut lines = Vec::new();
        for entry in self.record("`defaults`", tree, Defaults::KEYS) {
            for inner in self.record("`defaults.run`", &entry.value, RunDefaults::KEYS) {
                let keyword = if inner.key.as_str() == "shell" { "shell" } else { "in" };
                let text = self.scalar(&format!("`{}`", inner.key.as_str()), &inner.value);
                lines.extend(text.map(|text| named(keyword, &inner.value).word(&written(&text, Place::Word))));
            }
            hang(&mut lines, &entry.value);
        }
        hang(&mut lines, tree);
        lines
    }

    pub(super) fn concurrency(&self, tree: &Tree) -> Option<Line> {
        const KEYS: &[&str] = crate::workflow::model::ConcurrencyRecord::KEYS;
        let line = named("concurrency", tree);
        if !tree.is_map() {
            let group = self.scalar("`concurrency`", tree)?;
            return Some(line.word(&written(&group, Place::Word)));
        }
        let mut rest = Block { tail: tree.tail.clone(), ..Block::default() };
        let mut group = None;
        for entry in self.record("`concurrency`", tree, KEYS) {
            match entry.key.as_str() {
                "group" if !entry.value.has_comments() => group = self.scalar("`group`", &entry.value),
                "cancel-in-progress" if !matches!(entry.value.kind, Kind::Bool(_)) && !entry.value.is_hole() => {
                    self.want("`cancel-in-progress`", &entry.value, "`true`, `false` or an expression", false);
                }
                _ => rest.lines.push(self.entry(entry)),
            }
        }
        if group.is_none() && tree.get("group").is_none() {
            self.say(missing_key("`concurrency`", "group", tree.span));
            return None;
        }
        let line = match &group {
            Some(group) => line.word(&written(group, Place::Word)),
            None => line,
        };
        Some(if rest.lines.is_empty() && rest.tail.is_empty() { line } else { line.body(Body::Block(rest)) })
    }
}

/// A statement for a key, with its comments.
pub(super) fn named(keyword: &str, value: &Tree) -> Line {
    Line::new(keyword, value.span).comments(&value.before, value.after.as_ref())
}

/// Hangs the comments of a key on the first statement that it became.
pub(super) fn hang(lines: &mut [Line], tree: &Tree) {
    if let Some(first) = lines.first_mut() {
        let mut above = tree.before.clone();
        above.append(&mut first.before);
        first.before = above;
        first.after = first.after.take().or_else(|| tree.after.clone());
    }
}

/// The label that all jobs of several run on, where it is not the one that needs no word.
fn common_runner(jobs: &Tree) -> Option<&Tree> {
    let own: Vec<&Tree> =
        jobs.entries().iter().filter(|job| job.value.get("uses").is_none()).filter_map(|job| job.value.get("runs-on")).collect();
    let first = *own.first()?;
    let label = first.text()?;
    let same = |other: &&Tree| other.text().is_some_and(|text| text.as_str() == label.as_str()) && !other.has_comments();
    let plain = !label.contains("${{") && !matches!(label.as_str(), "ubuntu-latest" | "auto");
    (own.len() > 1 && plain && own.iter().all(same)).then_some(first)
}

/// What the output has to be allowed to use.
fn target(jobs: &Tree) -> Option<Line> {
    const PARALLEL: [&str; 5] = ["background", "wait", "wait-all", "cancel", "parallel"];
    let steps = |job: &Tree| match job.get("steps").map(|steps| &steps.kind) {
        Some(Kind::List(steps)) => steps.iter().any(|step| PARALLEL.iter().any(|key| step.get(key).is_some())),
        _ => false,
    };
    jobs.entries().iter().any(|job| steps(&job.value)).then(|| Line::new("target github { parallel-steps on }", jobs.span))
}
