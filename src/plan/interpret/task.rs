//! The steps of one task.

use super::rows::Row;
use super::{Command, Conclusion, Did, Done, Scope};
use crate::expr::eval::{EvalError, Status};
use crate::expr::value::Value;
use crate::hir::{self, Condition, Job, Map, Step, StepKind};
use crate::map::IndexMap;
use crate::plan::{Plan, Role, Work};
use crate::text::Text;

/// Runs a command of a task, by the task's id.
type RunCommand<'a> = &'a mut dyn FnMut(&str, &Command) -> Did;

/// Runs a task; with it come the job's outputs as this row has them.
pub(super) fn run(
    plan: &Plan,
    work: &Work,
    row: &Row,
    scope: &Scope<'_>,
    run: RunCommand<'_>,
) -> (Done, IndexMap<String, String>) {
    let number = |number: usize| Value::Number(f64::from(u32::try_from(number).unwrap_or(u32::MAX)));
    let strategy = Value::object([("job-index", number(row.place.0)), ("job-total", number(row.place.1))]);
    let mut running = Running {
        plan,
        job: &work.job,
        scope: scope
            .with("matrix", Value::object(row.values.iter().map(|(name, value)| (name, value.clone()))))
            .with("strategy", strategy),
        id: &row.id,
        env: IndexMap::default(),
        steps: IndexMap::default(),
        status: Status::Success,
        background: Vec::new(),
        commands: Vec::new(),
        run,
    };
    let outputs = running.all(work, row).unwrap_or_else(|_| {
        running.status = Status::Failure;
        IndexMap::default()
    });
    let conclusion = if running.status == Status::Success { Conclusion::Success } else { Conclusion::Failure };
    let commands = std::mem::take(&mut running.commands);
    (Done { id: row.id.clone(), work: work.job.id.clone(), conclusion, commands }, outputs)
}

struct Running<'a, 's> {
    plan: &'a Plan,
    job: &'a Job,
    /// What holds for the task as a whole.
    scope: Scope<'s>,
    id: &'a str,
    /// The variables so far.
    env: IndexMap<String, String>,
    /// What is known of steps with ids.
    steps: IndexMap<String, Value>,
    status: Status,
    /// What ran in the background and nobody has waited for: what is known of it then, by id, and whether it fails the job.
    background: Vec<(Option<String>, Option<Value>, bool)>,
    commands: Vec<(Command, Conclusion)>,
    run: RunCommand<'a>,
}

impl<'a> Running<'a, '_> {
    fn all(&mut self, work: &'a Work, row: &Row) -> Result<IndexMap<String, String>, EvalError> {
        self.variables(row)?;
        if let Some(call) = &self.job.call {
            let command = command(&self.scope(), IndexMap::default(), &call.workflow, Some(&call.with), None, None)?;
            self.execute(command, None)?;
            return Ok(IndexMap::default());
        }
        let (lead, own) = self.job.steps.split_at(work.lead());
        let guard = work.guard.as_ref();
        lead.iter().for_each(|step| self.step(step, guard, None));
        work.prologue.iter().for_each(|derived| self.step(&derived.step, guard, Some(derived.role)));
        own.iter().for_each(|step| self.step(step, guard, None));
        work.epilogue.iter().for_each(|derived| self.step(&derived.step, guard, Some(derived.role)));
        // What nobody waited for is waited for before the job ends.
        self.wait(&[]);
        let scope = self.scope();
        self.job.outputs.iter().map(|(name, value)| Ok((name.clone(), scope.fill(value)?))).collect()
    }

    /// The variables of the file, the job, its row and its shard; later ones replace earlier ones of the same name.
    fn variables(&mut self, row: &Row) -> Result<(), EvalError> {
        let file = self.scope.clone();
        for (name, value) in &self.plan.pipeline.defaults.env {
            self.env.insert(name.clone(), file.spell(value)?);
        }
        let of_row = row.written.and_then(|number| self.job.written_rows().1.get(number)).map(|row| &row.job.env);
        for (name, value) in self.job.env.iter().chain(of_row.into_iter().flatten()) {
            let value = self.scope().spell(value)?;
            self.env.insert(name.clone(), value);
        }
        if let Some(shards) = &self.job.shards {
            let (shard, count) = match (shards.number(), self.scope.values.get("matrix")) {
                (Some(count), Some(Value::Object(matrix))) => {
                    (matrix.get("shard").map_or_else(String::new, Value::to_text), count)
                }
                _ => ("1".to_owned(), 1),
            };
            self.env.insert("SHARD".to_owned(), shard);
            self.env.insert("SHARDS".to_owned(), count.to_string());
        }
        Ok(())
    }

    /// What a step sees.
    fn scope(&self) -> Scope<'_> {
        let env = Value::object(self.env.iter().map(|(name, value)| (name.clone(), Value::string(value))));
        let steps = Value::object(self.steps.iter().map(|(id, value)| (id.clone(), value.clone())));
        let word = if self.status == Status::Success { "success" } else { "failure" };
        let job = Value::object([("status", Value::string(word))]);
        self.scope.with("env", env).with("steps", steps).with("job", job)
    }

    /// Runs a step. One whose expressions have no value fails.
    fn step(&mut self, step: &Step, guard: Option<&Condition>, role: Option<Role>) {
        let before = step.background.then(|| (self.status, self.steps.clone()));
        if self.try_step(step, guard, role).is_err() {
            self.status = Status::Failure;
        }
        if let Some(before) = before {
            // Nothing of it is known before somebody waits for it.
            let id = step.id.as_ref().map(|(id, _)| id.clone());
            let known = id.as_ref().and_then(|id| self.steps.get(id).cloned());
            self.background.push((id, known, self.status != before.0));
            (self.status, self.steps) = before;
        }
    }

    /// Waits for what runs in the background; for all of it where none is named. It does so whatever failed before.
    fn wait(&mut self, ids: &[Text]) {
        let is_named = |id: &Option<String>| ids.is_empty() || ids.iter().any(|named| id.as_deref() == Some(named.as_str()));
        let (ended, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.background).into_iter().partition(|(id, ..)| is_named(id));
        self.background = rest;
        for (id, known, failed) in ended {
            self.steps.extend(id.zip(known));
            if failed {
                self.status = Status::Failure;
            }
        }
    }

    fn try_step(&mut self, step: &Step, guard: Option<&Condition>, role: Option<Role>) -> Result<(), EvalError> {
        let when = Condition::both(guard.cloned(), step.when.clone());
        if let StepKind::Parallel(steps) = &step.kind {
            for inner in steps {
                self.step(inner, when.as_ref(), role);
            }
            return Ok(());
        }
        match &step.kind {
            StepKind::Wait(ids) => {
                self.wait(ids);
                return Ok(());
            }
            StepKind::Cancel(_) => return Ok(()),
            _ => {}
        }
        // The runner adds a step's variables before it looks at its condition (`StepsRunner.cs`).
        let (scope, env) = self.with_variables(&step.env)?;
        if !scope.holds(when.as_ref(), self.status)? {
            self.note(step, Conclusion::Skipped, Conclusion::Skipped, &[]);
            return Ok(());
        }
        let (text, inputs) = match &step.kind {
            StepKind::Run(command) => (command.as_str().to_owned(), None),
            StepKind::Uses { action, with, .. } => (action.as_str().to_owned(), Some(with)),
            StepKind::Checkout(with) => (crate::catalog::actions::used::CHECKOUT.to_owned(), Some(with)),
            StepKind::Parallel(_) | StepKind::Wait(_) | StepKind::Cancel(_) => return Ok(()),
        };
        // Derived commands run at the root, wherever the job's run.
        let moved = role.is_none_or(|role| role == Role::Split);
        let defaults = &self.plan.pipeline.defaults;
        let dir = step.dir.as_ref().or(self.job.dir.as_ref().or(defaults.dir.as_ref()).filter(|_| moved));
        let shell = step.shell.as_ref().or(self.job.shell.as_ref()).or(defaults.shell.as_ref());
        let command = command(&scope, env, &text, inputs, dir, shell)?;
        self.execute(command, Some(step))
    }

    /// What a step sees that sets variables of its own, and all of these.
    fn with_variables(&self, own: &Map) -> Result<(Scope<'_>, IndexMap<String, String>), EvalError> {
        let scope = self.scope();
        let mut all = self.env.clone();
        for (name, value) in own {
            all.insert(name.clone(), scope.spell(value)?);
        }
        let env = Value::object(all.iter().map(|(name, value)| (name.clone(), Value::string(value))));
        Ok((scope.with("env", env), all))
    }

    fn execute(&mut self, command: Command, step: Option<&Step>) -> Result<(), EvalError> {
        let did = (self.run)(self.id, &command);
        let outcome = if did.failed { Conclusion::Failure } else { Conclusion::Success };
        self.env.extend(did.env);
        let forgiven = did.failed && self.scope().forgives(step.and_then(|step| step.may_fail.as_deref()))?;
        let conclusion = if forgiven { Conclusion::Success } else { outcome };
        self.commands.push((command, outcome));
        if let Some(step) = step {
            self.note(step, outcome, conclusion, &did.outputs);
        }
        if conclusion == Conclusion::Failure {
            self.status = Status::Failure;
        }
        Ok(())
    }

    fn note(&mut self, step: &Step, outcome: Conclusion, conclusion: Conclusion, outputs: &[(String, String)]) {
        let Some((id, _)) = &step.id else { return };
        let outputs = Value::object(outputs.iter().map(|(name, value)| (name.clone(), Value::string(value))));
        let known =
            [("outputs", outputs), ("outcome", Value::string(outcome.word())), ("conclusion", Value::string(conclusion.word()))];
        self.steps.insert(id.clone(), Value::object(known));
    }
}

fn command(
    scope: &Scope<'_>,
    env: IndexMap<String, String>,
    text: &str,
    inputs: Option<&Map>,
    dir: Option<&Text>,
    shell: Option<&Text>,
) -> Result<Command, EvalError> {
    let worked_out = |(name, value): (&String, &hir::Value)| Ok((name.clone(), scope.spell(value)?));
    let inputs = inputs.map(|with| with.iter().map(worked_out).collect::<Result<IndexMap<_, _>, EvalError>>()).transpose()?;
    let of_run = |text: Option<&Text>| text.filter(|_| inputs.is_none()).map(|text| scope.fill(text)).transpose();
    Ok(Command { text: scope.fill(text)?, dir: of_run(dir)?, shell: of_run(shell)?, inputs, env })
}
