//! The types of expressions: what is known beforehand of a value.

use std::sync::Arc;

use super::value::Value;
use crate::map::IndexMap;

/// What is known of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// Nothing.
    Any,
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number
    Number,
    /// A text
    String,
    /// One of these texts; a literal is one.
    Choice(Vec<String>),
    /// A text that stands for something else, as an output of a step does: `false` in it is the text `'false'`, which holds.
    Output,
    /// A list
    Array(Box<Self>),
    /// What `.*` yields: a list whose items a further `.x` is applied to.
    Filtered(Box<Self>),
    /// An object; shared, since every job of a large file sees all the others.
    Object(Arc<Shape>),
}

/// The properties of an object.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Shape {
    /// Those that are known.
    pub properties: IndexMap<String, Type>,
    /// The type of all others; none where there are no others.
    pub rest: Option<Box<Type>>,
}

impl Shape {
    /// The type of a property, in any case.
    pub fn get(&self, name: &str) -> Option<&Type> {
        let known = self.properties.get(name);
        known
            .or_else(|| self.properties.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, ty)| ty))
            .or(self.rest.as_deref())
    }
}

/// The longest list of texts that is remembered.
const MAX_CHOICES: usize = 256;

impl Type {
    /// The type of a property, of an object.
    pub fn property(&self, name: &str) -> Option<&Self> {
        if let Self::Object(shape) = self { shape.get(name) } else { None }
    }

    /// An object with these properties and no others.
    pub fn record<S: Into<String>>(properties: impl IntoIterator<Item = (S, Self)>) -> Self {
        let properties = properties.into_iter().map(|(name, ty)| (name.into(), ty)).collect();
        Self::Object(Arc::new(Shape { properties, rest: None }))
    }

    /// An object of which only the type of its properties is known.
    pub fn open(rest: Self) -> Self {
        Self::Object(Arc::new(Shape { properties: IndexMap::default(), rest: Some(Box::new(rest)) }))
    }

    /// An object with these properties and perhaps others.
    pub fn partly<S: Into<String>>(properties: impl IntoIterator<Item = (S, Self)>, rest: Self) -> Self {
        let properties = properties.into_iter().map(|(name, ty)| (name.into(), ty)).collect();
        Self::Object(Arc::new(Shape { properties, rest: Some(Box::new(rest)) }))
    }

    /// One of these texts.
    pub fn choice<S: Into<String>>(texts: impl IntoIterator<Item = S>) -> Self {
        Self::Choice(texts.into_iter().map(Into::into).collect())
    }

    /// The type of a known value.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::String(text) => Self::choice([text.to_string()]),
            Value::Array(array) => Self::Array(Box::new(Self::join(array.items.iter().map(Self::of)))),
            Value::Object(object) => Self::record(object.iter().map(|(name, value)| (name, Self::of(value)))),
        }
    }

    /// What is known of a value that has one of these types.
    pub fn join(types: impl IntoIterator<Item = Self>) -> Self {
        types.into_iter().reduce(Self::or).unwrap_or(Self::Any)
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Choice(mut all), Self::Choice(more)) => {
                for text in more {
                    if !all.contains(&text) {
                        all.push(text);
                    }
                }
                // So many texts are as good as any: GitHub takes no longer axis.
                if all.len() > MAX_CHOICES { Self::String } else { Self::Choice(all) }
            }
            (Self::Choice(_) | Self::String, Self::Choice(_) | Self::String) => Self::String,
            (Self::Object(a), Self::Object(b)) => Self::Object(Arc::new(merge(Arc::unwrap_or_clone(a), &b))),
            (Self::Array(a), Self::Array(b)) => Self::Array(Box::new(a.or(*b))),
            _ => Self::Any,
        }
    }

    /// Whether it is neither list nor object, for all that is known.
    pub fn may_be_text(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Filtered(_) | Self::Object(_))
    }

    /// What it is called in a message.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Null => "`null`",
            Self::Bool => "`true` or `false`",
            Self::Number => "a number",
            Self::String | Self::Choice(_) | Self::Output => "a text",
            Self::Array(_) | Self::Filtered(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// What either object may have.
fn merge(mut a: Shape, b: &Shape) -> Shape {
    for (name, ty) in &b.properties {
        match a.properties.get_mut(name) {
            Some(known) => *known = std::mem::replace(known, Type::Any).or(ty.clone()),
            None => drop(a.properties.insert(name.clone(), ty.clone())),
        }
    }
    a.rest = a.rest.or_else(|| b.rest.clone()).map(|_| Box::new(Type::Any));
    a
}
