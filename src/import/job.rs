//! The keys of a job.

use super::Importer;
use super::file::{hang, named};
use super::spec::{Block, Body, Line};
use super::tree::{Entry, Kind, Tree};
use super::words::{Place, quoted, unlike, written};
use crate::catalog::actions;
use crate::diagnostics::codes::e0509_missing_key::missing_key;
use crate::text::Text;
use crate::workflow::model::{ContainerRecord, EnvironmentRecord, Job, RunsOnRecord, SnapshotRecord};

impl Importer {
    pub(super) fn job(&self, Entry { key, value }: &Entry, jobs: &Tree, runner_is_common: bool) -> Line {
        let mut block = Block { tall: true, tail: value.tail.clone(), ..Block::default() };
        let (mut title, mut above) = (None, value.before.clone());
        let of = format!("the job `{}`", key.as_str());
        let is_call = value.get("uses").is_some();
        for entry in self.record(&of, value, Job::KEYS) {
            let value = &entry.value;
            let lines = &mut block.lines;
            match entry.key.as_str() {
                "name" => {
                    title = self.scalar("`name`", value);
                    above.extend(value.before.iter().cloned().chain(value.after.clone()));
                }
                "needs" => {
                    let names = self.texts("`needs`", value);
                    if !names.is_empty() {
                        lines.push(with_items(named("needs", value), value).words(&unlike(names, "off")));
                    }
                }
                "if" => lines.extend(self.when(value)),
                "runs-on" => lines.extend(self.runner(value).filter(|_| !runner_is_common)),
                "permissions" => lines.extend(self.permissions(value)),
                "concurrency" => lines.extend(self.concurrency(value)),
                "environment" => lines.extend(self.environment(value)),
                "strategy" => lines.extend(self.strategy(value)),
                "env" => lines.extend(self.map_statement("env", value)),
                "outputs" => lines.extend(self.map_statement("outputs", value)),
                "defaults" => lines.extend(self.defaults(value)),
                "timeout-minutes" => lines.extend(self.minutes("timeout", value)),
                "cancel-timeout-minutes" => lines.extend(self.minutes("cancel-timeout", value)),
                "continue-on-error" => lines.extend(self.may_fail(value)),
                "container" => lines.extend(self.container(value)),
                "services" => lines.extend(self.services(value)),
                "snapshot" => lines.extend(self.snapshot(value)),
                // These stand last, or with them.
                _ => {}
            }
        }
        if asks_others(&key.to_ascii_lowercase(), value, jobs) {
            block.lines.push(Line::new("needs off", key.span()));
        }
        if is_call {
            block.lines.extend(self.call(value));
        } else if let Some(steps) = value.get("steps") {
            if value.get("runs-on").is_none() {
                self.say(missing_key(&of, "runs-on", key.span()));
            }
            let at = block.lines.len();
            let mut lines = self.steps(steps);
            hang(&mut lines, steps);
            block.lines.append(&mut lines);
            block.tail.splice(0..0, steps.tail.iter().cloned());
            if has_no_checkout(steps) {
                block.lines.insert(at, Line::new("checkout off", steps.span));
            }
        } else if value.is_map() {
            self.say(missing_key(&of, if value.get("runs-on").is_some() { "steps" } else { "runs-on" }, key.span()));
        }
        let line = Line::new("job", key.span()).word(key).comments(&above, value.after.as_ref());
        let line = match &title {
            Some(title) => line.word(&quoted(title)),
            None => line,
        };
        line.body(Body::Block(block))
    }

    /// A runner, but for the one that needs no word.
    fn runner(&self, tree: &Tree) -> Option<Line> {
        let line = named("runner", tree);
        match &tree.kind {
            Kind::List(_) => Some(self.value(line, tree, Place::Value)),
            Kind::Map(_) => {
                let lines = self.record("`runs-on`", tree, RunsOnRecord::KEYS).map(|entry| self.entry(entry)).collect();
                Some(line.body(Body::Block(Block { lines, tail: tree.tail.clone(), ..Block::default() })))
            }
            Kind::Null => {
                self.want("`runs-on`", tree, "a label", false);
                None
            }
            _ => {
                let label = self.scalar("`runs-on`", tree)?;
                match label.as_str() {
                    "ubuntu-latest" if !tree.has_comments() => None,
                    "auto" => Some(line.own("[auto]")),
                    _ => Some(line.word(&written(&label, Place::Word))),
                }
            }
        }
    }

    /// `timeout 15m`
    pub(super) fn minutes(&self, keyword: &str, tree: &Tree) -> Option<Line> {
        let line = named(keyword, tree);
        match &tree.kind {
            Kind::Number(number) => Some(line.word(&Text::verbatim(format!("{number}m"), tree.span))),
            Kind::Text(text) if tree.is_hole() => Some(line.word(&written(text, Place::Word))),
            // GitHub takes digits for a number, quoted or not.
            Kind::Text(text) if text.parse::<u32>().is_ok() => {
                Some(line.word(&Text::verbatim(format!("{}m", text.as_str()), tree.span)))
            }
            _ => {
                self.want(&format!("`{keyword}-minutes`"), tree, "a number of minutes", false);
                None
            }
        }
    }

    /// `may-fail`, and nothing where it says what holds anyway.
    pub(super) fn may_fail(&self, tree: &Tree) -> Option<Line> {
        let line = named("may-fail", tree);
        match &tree.kind {
            Kind::Bool(true) => Some(line),
            Kind::Bool(false) => None,
            Kind::Text(text) if tree.is_hole() => Some(line.own("when").word(&super::data::trimmed(text))),
            _ => {
                self.want("`continue-on-error`", tree, "`true`, `false` or an expression", false);
                None
            }
        }
    }

    fn environment(&self, tree: &Tree) -> Option<Line> {
        let line = named("environment", tree);
        if !tree.is_map() {
            return self.scalar("`environment`", tree).map(|name| line.word(&written(&name, Place::Word)));
        }
        self.headed(line, "`environment`", "name", tree, EnvironmentRecord::KEYS)
    }

    fn container(&self, tree: &Tree) -> Option<Line> {
        let line = named("container", tree);
        if !tree.is_map() {
            return self.scalar("`container`", tree).map(|image| line.word(&written(&image, Place::Word)));
        }
        self.headed(line, "`container`", "image", tree, ContainerRecord::KEYS)
    }

    fn snapshot(&self, tree: &Tree) -> Option<Line> {
        let line = named("snapshot", tree);
        if !tree.is_map() {
            return self.scalar("`snapshot`", tree).map(|image| line.word(&written(&image, Place::Word)));
        }
        self.headed(line, "`snapshot`", "image-name", tree, SnapshotRecord::KEYS)
    }

    /// A statement whose word is the value of one key, with the others in a block.
    fn headed(&self, line: Line, of: &str, head: &str, tree: &Tree, keys: &'static [&'static str]) -> Option<Line> {
        let mut rest = Block { tail: tree.tail.clone(), ..Block::default() };
        let mut word = None;
        let mut line = line;
        for entry in self.record(of, tree, keys) {
            if entry.key.as_str() == head {
                word = self.scalar(&format!("`{head}`"), &entry.value);
                line = line.comments(&entry.value.before, entry.value.after.as_ref());
            } else if !entry.value.is_null() {
                rest.lines.push(self.entry(entry));
            }
        }
        let Some(word) = word else {
            self.say(missing_key(of, head, tree.span));
            return None;
        };
        let line = line.word(&written(&word, Place::Word));
        Some(if rest.lines.is_empty() && rest.tail.is_empty() { line } else { line.body(Body::Block(rest)) })
    }

    fn services(&self, tree: &Tree) -> Vec<Line> {
        self.want("`services`", tree, "a mapping", tree.is_map());
        let mut lines: Vec<Line> = tree
            .entries()
            .iter()
            .map(|Entry { key, value }| {
                let line = Line::new("service", key.span()).word(key).comments(&value.before, value.after.as_ref());
                let block = if value.is_map() {
                    let lines = self.record("a service", value, ContainerRecord::KEYS).map(|entry| self.entry(entry)).collect();
                    Block { lines, tail: value.tail.clone(), ..Block::default() }
                } else {
                    let image = Line::new("image:", value.span);
                    Block { lines: vec![self.value(image, value, Place::Value)], ..Block::default() }
                };
                line.body(Body::Block(block))
            })
            .collect();
        hang(&mut lines, tree);
        lines
    }

    /// The call of a workflow, its inputs and its secrets.
    fn call(&self, job: &Tree) -> Option<Line> {
        let uses = job.get("uses")?;
        let action = self.scalar("`uses`", uses)?;
        let mut block = Block::default();
        if let Some(with) = job.get("with").filter(|with| !with.is_null()) {
            self.want("`with`", with, "a mapping", with.is_map());
            block = self.inputs_of(with, &["if", "secrets"]);
        }
        if let Some(secrets) = job.get("secrets").filter(|secrets| !secrets.is_null()) {
            let line = named("secrets", secrets);
            block.lines.push(if let Some(text) = secrets.text() {
                line.word(&written(text, Place::Word))
            } else {
                self.want("`secrets`", secrets, "`inherit` or a mapping", secrets.is_map());
                line.body(Body::Block(self.map(secrets)))
            });
        }
        let line = named("uses", uses).word(&written(&action, Place::Word));
        Some(if block.lines.is_empty() && block.tail.is_empty() { line } else { line.body(Body::Block(block)) })
    }
}

/// A statement with the comments of the items of a list, where these stand on one line.
fn with_items(line: Line, tree: &Tree) -> Line {
    let Kind::List(items) = &tree.kind else { return line };
    items.iter().fold(line, |line, item| {
        let after: Vec<String> = item.before.iter().cloned().chain(item.after.clone()).collect();
        line.comments(&after, None)
    })
}

/// Whether an expression asks for a job that the job does not need: GitHub gives nothing there, and the language would make it one that is needed.
fn asks_others(own: &str, job: &Tree, jobs: &Tree) -> bool {
    let needs: Vec<String> = match job.get("needs").map(|needs| &needs.kind) {
        Some(Kind::List(items)) => items.iter().filter_map(Tree::text).map(|text| text.to_ascii_lowercase()).collect(),
        Some(Kind::Text(text)) => vec![text.to_ascii_lowercase()],
        _ => Vec::new(),
    };
    let is_other = |name: &str| {
        let name = name.to_ascii_lowercase();
        name != own && !needs.contains(&name) && jobs.entries().iter().any(|entry| entry.key.eq_ignore_ascii_case(&name))
    };
    job.texts().iter().any(|text| {
        let names = text.split("needs.").skip(1).map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
            &rest[..end]
        });
        names.into_iter().any(is_other)
    })
}

/// Whether the language might fetch the repository's files where these steps do not.
fn has_no_checkout(steps: &Tree) -> bool {
    let Kind::List(steps) = &steps.kind else { return false };
    let checks_out = |step: &Tree| step.get("uses").and_then(Tree::text).is_some_and(|action| actions::checks_out(action));
    let inner = steps.iter().filter_map(|step| step.get("parallel"));
    let inner = inner.flat_map(|group| if let Kind::List(steps) = &group.kind { steps.as_slice() } else { &[] });
    let all: Vec<&Tree> = steps.iter().chain(inner).collect();
    let needs_files = |step: &&Tree| match step.get("uses").and_then(Tree::text) {
        Some(action) => actions::needs_files(action),
        None => step.get("run").is_some(),
    };
    all.iter().any(needs_files) && !all.iter().any(|step| checks_out(step))
}
