//! A step: of the author's, of a toolchain, or of a pass.

use super::{Key, Subject, Trace, said_in};
use crate::catalog::actions;
use crate::hir::{Job, Step, StepKind};
use crate::plan::{self, Derived, Edge, EdgeKind, Role, Saved, Work};
use crate::text::Text;
use crate::workflow::lower::Made;

impl Trace<'_> {
    /// A step of the output, by its number; `written` is the job as it was before the passes.
    pub(super) fn step(&mut self, work: &Work, written: &Job, number: usize, path: &[Key]) {
        let made = Made::of_output(&self.made.plan, work);
        match made.get(number) {
            Some(&(Made::Own(at, step), part)) => self.own(work, step, written.steps.get(at), part, path),
            Some(&(Made::Derived(derived), _)) => self.derived(work, derived, path),
            None => {}
        }
    }

    /// A step of the author's; `part` of those that it becomes.
    fn own(&mut self, work: &Work, step: &Step, before: Option<&Step>, part: usize, path: &[Key]) {
        let inner = |step: &Step, at: usize| match &step.kind {
            StepKind::Parallel(steps) => steps.get(at).cloned(),
            _ => None,
        };
        // A group has its steps in `parallel`; where the target has none, they stand in its place.
        let (at, rest) = match path {
            [Key::Name(key), Key::Item(at), rest @ ..] if key == "parallel" => (Some(*at), rest),
            _ => (Some(part).filter(|_| !self.made.hir.target.parallel_steps), path),
        };
        match at.and_then(|at| Some((inner(step, at)?, before.and_then(|before| inner(before, at))))) {
            Some((one, before)) => {
                self.key_of(work, &one, before.as_ref(), rest);
                self.from(&step.origin, "in this group");
            }
            None => self.key_of(work, step, before, path),
        }
    }

    /// A step that the compiler adds.
    fn derived(&mut self, work: &Work, derived: &Derived, path: &[Key]) {
        let job = &work.job;
        let step = &derived.step;
        self.role(work, derived);
        // What a pass adds for the job stands nowhere else.
        if step.origin.span == job.origin.span {
            self.from(&job.origin, "for this job");
        }
        let shell_of_ours = matches!(path, [Key::Name(key), ..] if key == "shell") && step.shell.is_none();
        if shell_of_ours {
            self.because("steps of the library are written for bash, whatever the shell of the job is");
        } else if matches!(path, [Key::Name(key), ..] if key == "working-directory") && step.dir.is_none() {
            self.because("a step of the compiler's own runs at the root of the repository, wherever those of the job do");
        }
        self.key_of(work, step, None, path);
        self.from(&job.origin, "for this job");
    }

    /// What a derived step is for, and who decided it.
    fn role(&mut self, work: &Work, derived: &Derived) {
        let job = &*work.job;
        match derived.role {
            Role::Checkout => {
                self.because("fetches the repository, since a step of the job works on its files");
                let needs = job.each_step().find(|step| match &step.kind {
                    StepKind::Run(_) => true,
                    StepKind::Uses { action, .. } => actions::needs_files(action),
                    _ => false,
                });
                needs.into_iter().for_each(|step| self.at(step.origin.span, "works on files"));
            }
            Role::Setup => self.because(format!("makes {} available", toolchain(job, &derived.step))),
            Role::Install => {
                self.because(format!("makes what the commands of the job need of {}", toolchain(job, &derived.step)));
            }
            Role::Split => self.because("chooses the files of each part of the job"),
            Role::Restore | Role::Save => self.layer(work, derived),
            Role::Send | Role::Receive => self.handed_over(job, derived),
            Role::Keep => {
                self.done_by("handover", "keeps files for people as an artifact");
                self.from(&derived.step.origin, "asked for here");
            }
            Role::Judge => {}
        }
    }

    /// Which layer a step restores or saves: those of a job stand in the order of its layers.
    fn layer(&mut self, work: &Work, derived: &Derived) {
        let alike = work.prologue.iter().chain(&work.epilogue).filter(|other| other.role == derived.role);
        let Some(at) = { alike }.position(|other| std::ptr::eq(other, derived)) else { return };
        let saves = derived.role == Role::Save;
        let mut layers = work.layers.iter().filter(|layer| !saves || matches!(layer.saved, Saved::Here { .. }));
        if let Some(layer) = layers.nth(at) {
            self.decided("cache", Some(&work.job.id), &Subject::Layer(layer.name.clone()));
            self.from(&derived.step.origin, said_in(&derived.step.origin, "the layer", "the layer, as the library has it"));
        }
    }

    /// What a step packs, sends, gets or unpacks: who writes it, and who reads it.
    fn handed_over(&mut self, job: &Job, derived: &Derived) {
        let (plan, decisions) = (&self.made.plan, &self.made.ledger.decisions);
        let sends = derived.role == Role::Send;
        for decision in decisions.iter().filter(|it| !sends || it.job.as_deref() == Some(&job.id)) {
            let (Some(writer), Subject::HandOver { name, path }) = (&decision.job, &decision.subject) else { continue };
            if !is_about(&derived.step, name) {
                continue;
            }
            self.decided("handover", Some(writer), &decision.subject);
            let own = plan.works.get(writer).map(|work| &*work.job).into_iter();
            let written =
                own.flat_map(|job| job.writes.iter().chain(job.written_rows().1.iter().flat_map(|row| &row.job.writes)));
            for writes in written.filter(|writes| writes.pattern.as_str() == path) {
                self.at(writes.pattern.span(), format!("`{writer}` writes it"));
            }
            let of_it = |edge: &&Edge| edge.from == *writer && (sends || edge.to == job.id);
            for edge in plan.edges.iter().filter(of_it) {
                if matches!(&edge.kind, EdgeKind::Data { path: read } if read == path) {
                    self.at(edge.origin, format!("`{}` reads it", edge.to));
                }
            }
        }
    }

    /// A key of a step. `before` is what it was before the passes, where it is the author's.
    fn key_of(&mut self, work: &Work, step: &Step, before: Option<&Step>, path: &[Key]) {
        let id = work.job.id.as_str();
        let what = said_in(&step.origin, "the step", "the step, as the library has it");
        let Some((Key::Name(key), rest)) = path.split_first() else { return self.from(&step.origin, what) };
        if let Some(raw) = step.raw.get(key) {
            self.value(raw, rest, "written as it is");
        }
        let text = |trace: &mut Self, text: Option<&Text>, what: &str| {
            text.into_iter().for_each(|text| trace.text(text, &step.origin, what));
        };
        match (key.as_str(), &step.kind) {
            ("name", _) => text(self, step.title.as_ref(), "the name"),
            ("id", _) => {
                let at = step.id.as_ref().map(|(_, span)| *span);
                at.into_iter().for_each(|span| self.part_of(&step.origin, span, "the id"));
            }
            ("if", _) => {
                step.when.iter().for_each(|when| self.text(&when.text, &when.origin, "the condition"));
                work.guard.iter().for_each(|guard| self.from(&guard.origin, "runs in some rows alone"));
            }
            ("run", StepKind::Run(command)) => {
                text(self, Some(command), said_in(&step.origin, "the command", "the command, as the library has it"));
                let moved =
                    matches!(before.map(|before| &before.kind), Some(StepKind::Run(old)) if old.as_str() != command.as_str());
                if moved {
                    self.decided("harden", Some(id), &Subject::Scripts);
                }
            }
            ("uses", StepKind::Uses { action, .. }) => {
                text(self, Some(action), said_in(&step.origin, "the action", "the action, as the library has it"));
                self.pinned(action);
            }
            ("with", StepKind::Uses { with, .. } | StepKind::Checkout(with)) => {
                let old = match before.map(|before| &before.kind) {
                    Some(StepKind::Uses { with, .. } | StepKind::Checkout(with)) => Some(with),
                    _ => None,
                };
                let name = |rest: &[Key]| matches!(rest, [Key::Name(name), ..] if name == "persist-credentials");
                let is_ours = step.fetches() && name(rest) && !old.is_some_and(|old| old.contains_key("persist-credentials"));
                if is_ours {
                    self.decided("harden", Some(id), &Subject::Credentials);
                }
                self.entry(with, rest, "the input");
            }
            ("env", _) => {
                let name = |rest: &[Key]| match rest {
                    [Key::Name(name), ..] => Some(name.clone()),
                    _ => None,
                };
                let new = name(rest).is_some_and(|name| before.is_some_and(|before| !before.env.contains_key(&name)));
                if new {
                    self.decided("harden", Some(id), &Subject::Scripts);
                }
                self.entry(&step.env, rest, if new { "asked for in this step" } else { "the variable" });
            }
            ("shell", _) => text(self, step.shell.as_ref(), "the shell"),
            ("working-directory", _) => text(self, step.dir.as_ref(), "where it runs"),
            ("timeout-minutes", _) if before.is_some_and(|before| before.timeout.is_none()) => {
                self.done_by("bound", "what its job may take alone");
            }
            ("timeout-minutes", _) => step.timeout.iter().for_each(|it| self.value(it, rest, "how long it may take")),
            ("continue-on-error", _) => {
                let when = step.may_fail.as_deref().and_then(Option::as_ref);
                when.into_iter().for_each(|when| self.text(&when.text, &when.origin, "when it may fail"));
            }
            ("wait" | "cancel", StepKind::Wait(ids) | StepKind::Cancel(ids)) => {
                ids.iter().for_each(|id| self.text(id, &step.origin, "named here"));
            }
            _ => {}
        }
        self.from(&step.origin, what);
    }
}

/// The toolchain of a job that a step is of.
fn toolchain(job: &Job, step: &Step) -> String {
    let all = plan::toolchains(job);
    let of_it = all.iter().find(|(toolchain, _)| toolchain.steps().any(|other| other.origin == step.origin));
    of_it.map_or_else(|| "its toolchain".to_owned(), |(toolchain, _)| format!("toolchain `{}`", toolchain.name))
}

/// Whether a step packs, sends, gets or unpacks the artifact of that name.
fn is_about(step: &Step, archive: &str) -> bool {
    let is_it = |name: &str| {
        name == archive || name.strip_prefix(archive).is_some_and(|rest| [".$", ".*"].iter().any(|end| rest.starts_with(end)))
    };
    let has_it = |text: &str| {
        let archives = text.split(".handover/").skip(1).filter_map(|rest| rest.split(".tar").next());
        { archives }.any(|name| is_it(name.trim_matches(['\'', '"', '\\'])))
    };
    match &step.kind {
        StepKind::Uses { with, .. } => match with.get("name").or(with.get("pattern")) {
            Some(name) => is_it(&name.spelled()),
            None => with.get("path").is_some_and(|path| has_it(&path.spelled())),
        },
        StepKind::Run(script) => has_it(script),
        _ => false,
    }
}
