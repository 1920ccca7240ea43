//! What an expression can see where it stands.

use std::sync::Arc;

use super::types::Type;
use crate::catalog::contexts::{self, Holds, Place, Property};
use crate::map::IndexMap;

/// What can be seen: the place says which contexts and functions, the shapes what those contexts hold.
///
/// What is not said stays open: a context that no [`Self::with`] describes may hold anything.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Where the expression stands.
    pub place: &'static Place,
    /// Whether `branch(…)` and the like may be called.
    pub macros: bool,
    /// Names of compile time, which are written `%{name}`.
    pub constants: Arc<[Arc<str>]>,
    /// Ids of steps that have not run yet.
    pub later: Vec<String>,
    /// What steps without an id are called.
    pub titled: Vec<String>,
    /// The job whose expression it is, which `needs` of it does not hold.
    pub itself: Option<Arc<str>>,
    /// What the actions of steps say that they give, by the step's id.
    pub given: Arc<[Given]>,
    /// Jobs that call a workflow.
    pub calls: Arc<[String]>,
    /// Shared: a scope is made for every place, and differs from the next in one or two of them.
    shapes: IndexMap<&'static str, Arc<Type>>,
}

/// What the action of a step says that it gives.
#[derive(Debug, Clone)]
pub struct Given {
    /// The id of the step.
    pub id: String,
    /// The action.
    pub action: String,
    /// The names.
    pub outputs: Vec<String>,
}

impl Scope {
    /// What can be seen at a place of which nothing else is known.
    pub fn new(place: &'static Place) -> Self {
        let github = table(contexts::GITHUB, None);
        let github = with_property(github, "event", Type::partly([("inputs", Type::open(Type::String))], Type::Any));
        let shapes = IndexMap::from_iter([
            ("github", github),
            ("runner", table(contexts::RUNNER, None)),
            ("strategy", table(contexts::STRATEGY_PROPERTIES, None)),
            ("job", table(contexts::JOB_PROPERTIES, None)),
            ("env", Type::open(Type::String)),
            ("vars", Type::open(Type::String)),
            ("secrets", Type::open(Type::String)),
            ("inputs", Type::open(Type::Any)),
            ("matrix", Type::open(Type::Any)),
            ("needs", Type::open(job(None::<[&str; 0]>))),
            ("jobs", Type::open(job(None::<[&str; 0]>))),
            ("steps", Type::open(step(None::<[&str; 0]>))),
        ]);
        let shapes = shapes.into_iter().map(|(name, shape)| (name, Arc::new(shape))).collect();
        Self {
            place,
            macros: place.is_condition(),
            constants: Arc::from([]),
            later: Vec::new(),
            titled: Vec::new(),
            itself: None,
            given: Arc::from([]),
            calls: Arc::from([]),
            shapes,
        }
    }

    /// With a context described: `scope.with("matrix", Type::record([("os", Type::choice(["a", "b"]))]))`.
    #[must_use]
    pub fn with(mut self, context: &str, shape: Type) -> Self {
        if let Some(name) = contexts::CONTEXTS.iter().find(|name| **name == context) {
            self.shapes.insert(name, Arc::new(shape));
        }
        self
    }

    /// With the inputs of `workflow_dispatch`, which `github.event.inputs` has as texts, and whether each is a boolean.
    #[must_use]
    pub fn with_event_inputs<S: Into<String>>(mut self, inputs: impl IntoIterator<Item = (S, bool)>) -> Self {
        let of_type = |is_boolean: bool| if is_boolean { Type::Output } else { Type::String };
        let inputs = Type::record(inputs.into_iter().map(|(name, is_boolean)| (name, of_type(is_boolean))));
        self.of_github("event", Type::partly([("inputs", inputs)], Type::Any));
        self
    }

    /// With the events that can start the workflow.
    #[must_use]
    pub fn with_events<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.of_github("event_name", Type::choice(names));
        self
    }

    fn of_github(&mut self, property: &str, ty: Type) {
        if let Some(github) = self.shapes.swap_remove("github") {
            self.shapes.insert("github", Arc::new(with_property(Arc::unwrap_or_clone(github), property, ty)));
        }
    }

    /// The same contexts at another place.
    #[must_use]
    pub fn at(&self, place: &'static Place) -> Self {
        Self { place, macros: place.is_condition(), ..self.clone() }
    }

    /// What a context holds, in any case.
    pub fn shape(&self, context: &str) -> Option<&Type> {
        self.shapes.iter().find(|(name, _)| name.eq_ignore_ascii_case(context)).map(|(_, shape)| shape.as_ref())
    }
}

/// A job as `needs` and `jobs` show it; its outputs where they are known.
pub fn job<S: Into<String>>(outputs: Option<impl IntoIterator<Item = S>>) -> Type {
    Type::record([("result", Type::choice(contexts::RESULTS.iter().copied())), ("outputs", outputs_of(outputs))])
}

/// A step as `steps` shows it; its outputs where they are known.
pub fn step<S: Into<String>>(outputs: Option<impl IntoIterator<Item = S>>) -> Type {
    let result = || Type::choice(contexts::RESULTS.iter().copied());
    Type::record([("outputs", outputs_of(outputs)), ("outcome", result()), ("conclusion", result())])
}

fn outputs_of<S: Into<String>>(names: Option<impl IntoIterator<Item = S>>) -> Type {
    match names {
        Some(names) => Type::record(names.into_iter().map(|name| (name, Type::Output))),
        None => Type::open(Type::Output),
    }
}

fn table(properties: &[Property], rest: Option<Type>) -> Type {
    let properties = properties.iter().map(|&(name, holds)| (name, type_of(holds)));
    match rest {
        Some(rest) => Type::partly(properties, rest),
        None => Type::record(properties),
    }
}

fn type_of(holds: Holds) -> Type {
    match holds {
        Holds::Text => Type::String,
        Holds::Flag => Type::Bool,
        Holds::Number => Type::Number,
        Holds::Choice(texts) => Type::choice(texts.iter().copied()),
        Holds::Open => Type::open(Type::Any),
    }
}

fn with_property(object: Type, name: &str, ty: Type) -> Type {
    match object {
        Type::Object(mut shape) => {
            Arc::make_mut(&mut shape).properties.insert(name.to_owned(), ty);
            Type::Object(shape)
        }
        other => other,
    }
}
