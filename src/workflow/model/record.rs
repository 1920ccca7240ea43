//! How a record of the model is declared: once, for struct, writer and reader.

use crate::map::ThinMap;
use crate::source::Span;
use crate::workflow::yaml::{Kind, Map, Node};

/// Comments on the keys of a record and where they come from, for what has no place of its own in the model.
pub type Notes = ThinMap<Note>;

/// What is to be said of one key.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Note {
    /// Lines above the key, without `#`.
    pub before: Vec<String>,
    /// At the end of the key's line, without `#`.
    pub after: Option<String>,
    /// Where in the spec it comes from: the lines of a script, for example.
    pub origin: Option<Span>,
}

/// What can be written.
pub trait ToNode {
    /// As YAML.
    fn to_node(&self) -> Node;
}

/// What can be read.
pub trait FromNode: Sized {
    /// From YAML; nothing where it has a form that the schema does not allow here.
    fn from_node(node: &Node) -> Option<Self>;
}

/// Lays the raw keys of a record over what it wrote of itself.
pub(super) fn add_extra(map: &mut Map, extra: &Map) {
    for (key, value) in extra {
        match map.get_mut(key) {
            Some(own) => own.merge(value),
            None => drop(map.insert(key.clone(), value.clone())),
        }
    }
}

/// Hangs comments on the keys of a record.
pub(super) fn add_notes(map: &mut Map, notes: &Notes) {
    for (key, note) in notes {
        if let Some(node) = map.get_mut(key) {
            node.before.extend_from_slice(&note.before);
            node.after = note.after.clone().or(node.after.take());
            node.origin = note.origin.or(node.origin);
        }
    }
}

/// The keys of a mapping, to be taken one by one.
pub(super) fn keys(node: &Node) -> Option<Map> {
    match &node.kind {
        Kind::Map(map) => Some(map.clone()),
        _ => None,
    }
}

/// Takes a key whose value has the form wanted, and leaves it otherwise.
pub(super) fn take<T: FromNode>(map: &mut Map, key: &str) -> Option<T> {
    let value = T::from_node(map.get(key)?)?;
    map.shift_remove(key);
    Some(value)
}

/// A raw key that a field could have held, written as that field writes it: raw keys then stand and look like any other.
pub(super) fn adopt<T: FromNode + ToNode>(extra: &mut Map, key: &str) -> Option<Node> {
    let raw = extra.get(key)?;
    let typed = T::from_node(raw)?.to_node().before(&raw.before).after(raw.after.clone()).origin(raw.origin);
    extra.shift_remove(key);
    Some(typed)
}

/// Declares a record: a struct whose fields stand for the keys of a mapping, in the order in which people write them.
///
/// Every field is an `Option`, `None` where the key is absent. `extra` keeps the keys that the schema does not have, or whose
/// value has a form that it does not allow; when written they are merged over the rest, so that they also serve as the raw keys
/// of a spec. Other fields may stand in parentheses after the name; they have no key.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident ($($(#[$other_meta:meta])* $other:ident: $other_type:ty),*) {
        $($(#[$field_meta:meta])* $key:literal => $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $($(#[$field_meta])* #[doc = concat!("\n\nThe key `", $key, "`.")] pub $field: Option<$type>,)*
            $($(#[$other_meta])* pub $other: $other_type,)*
            /// Comments on its keys.
            pub notes: $crate::workflow::model::Notes,
            /// Raw keys, merged over the others.
            pub extra: $crate::workflow::yaml::Map,
        }

        impl $name {
            /// The keys that the schema gives it, in the order in which they are written.
            pub const KEYS: &[&str] = &[$($key),*];

            fn fields(&self) -> $crate::workflow::yaml::Map {
                let mut map = $crate::workflow::yaml::Map::default();
                let mut extra = self.extra.clone();
                $(if let Some(value) = &self.$field {
                    map.insert($key.to_owned(), $crate::workflow::model::ToNode::to_node(value));
                } else if let Some(raw) = $crate::workflow::model::record::adopt::<$type>(&mut extra, $key) {
                    map.insert($key.to_owned(), raw);
                })*
                $crate::workflow::model::record::add_extra(&mut map, &extra);
                $crate::workflow::model::record::add_notes(&mut map, &self.notes);
                map
            }

            fn from_fields(node: &$crate::workflow::yaml::Node) -> Option<Self> {
                let mut map = $crate::workflow::model::record::keys(node)?;
                Some(Self {
                    $($field: $crate::workflow::model::record::take(&mut map, $key),)*
                    extra: map,
                    ..Self::default()
                })
            }
        }
    };
    ($(#[$meta:meta])* $name:ident { $($body:tt)* }) => {
        $crate::workflow::model::record::record!($(#[$meta])* $name () { $($body)* });

        impl $crate::workflow::model::ToNode for $name {
            fn to_node(&self) -> $crate::workflow::yaml::Node {
                $crate::workflow::yaml::Node::map(self.fields())
            }
        }

        impl $crate::workflow::model::FromNode for $name {
            fn from_node(node: &$crate::workflow::yaml::Node) -> Option<Self> {
                Self::from_fields(node)
            }
        }
    };
}
pub(super) use record;
