//! What stands above the jobs.

use super::{Key, Subject, Trace, statement};
use crate::hir::{Concurrency, Map, Origin, Permissions, Trigger};
use crate::source::Span;
use crate::syntax::symbols::Keyword;
use crate::text::Text;

/// A place of the file itself, which no expansion brought here.
fn here(span: Span) -> Origin {
    Origin { span, frame: None }
}

impl Trace<'_> {
    pub(super) fn file(&mut self, path: &[Key]) {
        let pipeline = &self.made.hir;
        let Some((Key::Name(key), rest)) = path.split_first() else { return };
        if let Some(raw) = pipeline.raw.get(key) {
            self.value(raw, rest, "written as it is");
        }
        match key.as_str() {
            "name" => self.word(pipeline.name.as_ref(), "the name"),
            "run-name" => self.word(pipeline.run_name.as_ref(), "the name of a run"),
            "description" => self.word(pipeline.description.as_ref(), "what it is for"),
            "on" => self.triggers(rest),
            "env" => self.entry(&pipeline.defaults.env, rest, "the variable"),
            "permissions" => match &pipeline.defaults.permissions {
                Some(permissions) => self.permissions(permissions, rest, statement(&self.made.ast.body, Keyword::Permissions)),
                None => self.decided("harden", None, &Subject::Rights),
            },
            "defaults" => {
                if !ends_with(rest, "working-directory") {
                    self.word(pipeline.defaults.shell.as_ref(), "the shell of commands");
                }
                if !ends_with(rest, "shell") {
                    self.word(pipeline.defaults.dir.as_ref(), "where commands run");
                }
            }
            "concurrency" => match pipeline.defaults.concurrency.written() {
                Some(written) => self.concurrency(written, rest),
                None => self.superseded(),
            },
            "jobs" => match rest {
                [Key::Name(id), rest @ ..] => self.job(id, rest),
                _ => self.because("every workflow has this key; its jobs stand below it, each behind those that it needs"),
            },
            _ => {}
        }
    }

    /// Runs of pull requests exclude each other.
    fn superseded(&mut self) {
        self.decided("bound", None, &Subject::Concurrency);
        let cancels = |trigger: &&Trigger| trigger.event.starts_with("pull_request");
        self.made.hir.triggers.iter().filter(cancels).for_each(|trigger| self.from(&trigger.origin, "for this event"));
    }

    fn word(&mut self, text: Option<&Text>, what: &str) {
        if let Some(text) = text {
            self.text(text, &here(text.span()), what);
        }
    }

    fn triggers(&mut self, rest: &[Key]) {
        let triggers = &self.made.hir.triggers;
        let (event, rest) = match rest {
            [Key::Name(event), rest @ ..] => (triggers.iter().find(|trigger| trigger.event == *event), rest),
            // `on: [push, pull_request]`
            [Key::Item(at), ..] => (triggers.get(*at), &[][..]),
            [] => return triggers.iter().for_each(|trigger| self.from(&trigger.origin, "the event")),
        };
        let Some(trigger) = event else { return };
        match rest {
            [Key::Name(key), rest @ ..] if trigger.filters.contains_key(key) => {
                self.entry(&trigger.filters, &[&[Key::Name(key.clone())], rest].concat(), "the filter");
            }
            [Key::Item(at), key @ ..] => {
                if let Some((cron, zone)) = trigger.crons.get(*at) {
                    let zone = zone.as_ref().filter(|_| ends_with(key, "timezone"));
                    self.word(Some(zone.unwrap_or(cron)), "the time");
                }
            }
            [Key::Name(_), Key::Name(name), ..] => {
                let input = trigger.inputs.get(name).map(|input| &input.origin);
                let secret = trigger.secrets.get(name).map(|secret| &secret.origin);
                let output = trigger.outputs.get(name).map(|output| &output.origin);
                if let Some(origin) = input.or(secret).or(output) {
                    self.from(origin, "declared here");
                }
            }
            _ => {}
        }
        self.from(&trigger.origin, "the event");
    }

    /// Rights; `otherwise` is the place of those that are one word.
    pub(super) fn permissions(&mut self, written: &Permissions, rest: &[Key], otherwise: Option<Span>) {
        match written {
            Permissions::Scopes(scopes) => {
                let scopes: Map = scopes.iter().map(|(scope, value)| (scope.clone(), value.clone())).collect();
                self.entry(&scopes, rest, "the right");
            }
            Permissions::None | Permissions::ReadAll | Permissions::WriteAll => {
                otherwise.into_iter().for_each(|span| self.at(span, "the rights"));
            }
        }
    }

    pub(super) fn concurrency(&mut self, written: &Concurrency, rest: &[Key]) {
        let value = match rest {
            [Key::Name(key), ..] if key == "cancel-in-progress" => written.cancel.as_ref(),
            [Key::Name(key), ..] if key == "queue" => written.queue.as_ref(),
            _ => None,
        };
        self.value(value.unwrap_or(&written.group), &[], "what excludes others");
    }
}

/// Whether the last key is that.
pub(super) fn ends_with(path: &[Key], name: &str) -> bool {
    matches!(path.last(), Some(Key::Name(last)) if last == name)
}
