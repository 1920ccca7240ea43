//! The steps of a job.

use super::Importer;
use super::data::breaks_a_string;
use super::file::named;
use super::spec::{Block, Body, Line};
use super::tree::{Entry, Kind, Tree};
use super::words::{Place, is_command, quoted, raw_script, step_id, unlike, written};
use crate::diagnostics::codes::e0303_step_without_work::two_works;
use crate::diagnostics::codes::e0509_missing_key::missing_key;
use crate::source::Span;
use crate::text::Text;
use crate::workflow::model::Step;

/// The keys that say what a step does: one of them.
const WORKS: [&str; 6] = ["run", "uses", "wait", "wait-all", "cancel", "parallel"];

impl Importer {
    pub(super) fn steps(&self, tree: &Tree) -> Vec<Line> {
        let Kind::List(steps) = &tree.kind else {
            self.want("`steps`", tree, "a list", false);
            return Vec::new();
        };
        if steps.is_empty() {
            self.want("`steps`", tree, "at least one step", false);
        }
        steps.iter().filter_map(|step| self.step(step)).collect()
    }

    fn step(&self, tree: &Tree) -> Option<Line> {
        let entries: Vec<&Entry> = self.record("a step", tree, Step::KEYS).collect();
        let find = |key: &str| entries.iter().find(|entry| entry.key.as_str() == key).map(|entry| &entry.value);
        let works: Vec<Span> =
            entries.iter().filter(|entry| WORKS.contains(&entry.key.as_str())).map(|entry| entry.key.span()).collect();
        match works.as_slice() {
            [] => {
                if tree.is_map() {
                    self.say(missing_key("a step", "run` or `uses", tree.span));
                }
                return None;
            }
            [_] => {}
            [first, second, ..] => self.say(two_works(*second, *first)),
        }
        let mut extra = Vec::new();
        let (mut id, mut title, mut when) = (None, None, None);
        let mut above = tree.before.clone();
        let mut after = tree.after.clone();
        for Entry { key, value } in &entries {
            let mut inline = || {
                above.extend(value.before.iter().cloned());
                after = after.take().or_else(|| value.after.clone());
            };
            match key.as_str() {
                "name" => {
                    inline();
                    title = self.scalar("`name`", value);
                }
                "id" => {
                    inline();
                    id = self.scalar("`id`", value).map(|id| step_id(&id, |stand_in| self.need(stand_in)));
                }
                "if" => {
                    if self.condition("`if`", value).is_some_and(|condition| breaks_a_string(&condition)) {
                        extra.extend(self.when(value));
                    } else {
                        inline();
                        when = self.condition("`if`", value);
                    }
                }
                "env" => extra.extend(self.map_statement("env", value)),
                "shell" => {
                    extra.extend(
                        self.scalar("`shell`", value).map(|text| named("shell", value).word(&written(&text, Place::Word))),
                    );
                }
                "working-directory" => {
                    let dir = self.scalar("`working-directory`", value);
                    extra.extend(dir.map(|text| named("in", value).word(&written(&text, Place::Word))));
                }
                "timeout-minutes" => extra.extend(self.minutes("timeout", value)),
                "continue-on-error" => extra.extend(self.may_fail(value)),
                "background" => match value.kind {
                    Kind::Bool(true) => extra.push(named("background", value)),
                    Kind::Bool(false) => {}
                    _ => drop(self.want("`background`", value, "`true` or `false`", false)),
                },
                _ => {}
            }
        }
        let work = self.step_work(find)?;
        // `wait` and its like stand behind no head.
        let headless = !matches!(work.body, Body::Command(_) | Body::Raw { .. }) && find("uses").is_none();
        let line = if id.is_none() && title.is_none() && when.is_none() && extra.is_empty() {
            work
        } else {
            let mut line = Line::new("step", tree.span.head());
            for word in [id, title.map(|title| quoted(&title))].into_iter().flatten() {
                line = line.word(&word);
            }
            if let Some(when) = &when {
                line = line.own("when").word(when);
            }
            if extra.is_empty() && !headless {
                let command = matches!(work.body, Body::Command(_) | Body::Raw { .. });
                let headed = Line { before: work.before, after: work.after, head: line.head, body: work.body, ..Line::default() };
                if command { headed.glue(":") } else { headed.word(&work.head) }
            } else {
                extra.push(work);
                line.body(Body::Block(Block { lines: extra, tail: Vec::new(), ..Block::default() }))
            }
        };
        above.extend(line.before.iter().cloned());
        let after = line.after.clone().or(after);
        let mut line = Line { before: above, after, ..line };
        line.before.extend(tree.tail.iter().cloned());
        Some(line)
    }

    /// What the step does.
    fn step_work<'t>(&self, find: impl Fn(&str) -> Option<&'t Tree>) -> Option<Line> {
        if let Some(run) = find("run") {
            let script = self.scalar("`run`", run)?;
            return Some(named("run", run).body(self.script(&script, run.span)));
        }
        if let Some(uses) = find("uses") {
            let action = self.scalar("`uses`", uses)?;
            let line = named("uses", uses).word(&written(&action, Place::Word));
            let Some(with) = find("with").filter(|with| !with.is_null()) else { return Some(line) };
            if !self.want("`with`", with, "a mapping", with.is_map()) {
                return Some(line);
            }
            let block = self.inputs_of(with, &["if"]);
            return Some(if block.lines.is_empty() { line } else { line.body(Body::Block(block)) });
        }
        if let Some(parallel) = find("parallel") {
            let lines = self.steps(parallel);
            return Some(named("parallel", parallel).body(Body::Block(Block {
                lines,
                tail: parallel.tail.clone(),
                ..Block::default()
            })));
        }
        if let Some(wait) = find("wait") {
            return Some(named("wait", wait).words(&unlike(self.texts("`wait`", wait), "all")));
        }
        if let Some(all) = find("wait-all") {
            return Some(named("wait", all).own("all"));
        }
        let cancel = find("cancel")?;
        let id = self.scalar("`cancel`", cancel)?;
        Some(named("cancel", cancel).words(&unlike(vec![id], "all")))
    }

    /// A script: on the line of its `run` where it is one line, else between raw quotes.
    fn script(&self, script: &Text, at: Span) -> Body {
        let end = script.trim_end_matches('\n').len();
        let mut content = Text::default();
        content.extend(script, 0..end);
        if is_command(&content) {
            return Body::Command(content);
        }
        // A last line without an end is the same script.
        if script.ends_with('\n') {
            content = script.clone();
        } else {
            content.push("\n", at.tail());
        }
        Body::Raw { strip: false, lines: raw_script(&content, |stand_in| self.need(stand_in)) }
    }
}
