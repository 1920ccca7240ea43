//! The maps of the crate.

use std::fmt;
use std::ops::{Deref, DerefMut};

use foldhash::fast::FixedState;

/// Keys with values, in the order in which they came in. The hash is a fast one, and the same in each run: keys are the author's own words.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, FixedState>;

/// Keys, in the order in which they came in.
pub type IndexSet<K> = indexmap::IndexSet<K, FixedState>;

/// Keys with values, never walked through.
pub type HashMap<K, V> = std::collections::HashMap<K, V, FixedState>;

/// Keys, never walked through.
pub type HashSet<K> = std::collections::HashSet<K, FixedState>;

/// Keys with values as an [`IndexMap`] has them, as thin as a pointer, which is null while there are none: most of the maps of a step are empty, and steps are
/// most of a pipeline.
#[derive(Clone)]
pub struct ThinMap<V>(Option<Box<IndexMap<String, V>>>);

impl<V: 'static> ThinMap<V> {
    const EMPTY: &'static IndexMap<String, V> = &IndexMap::with_hasher(FixedState::with_seed(0));
}

impl<V> Default for ThinMap<V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<V: 'static> Deref for ThinMap<V> {
    type Target = IndexMap<String, V>;

    fn deref(&self) -> &Self::Target {
        self.0.as_deref().unwrap_or(Self::EMPTY)
    }
}

impl<V: 'static> DerefMut for ThinMap<V> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.get_or_insert_default()
    }
}

impl<V: PartialEq + 'static> PartialEq for ThinMap<V> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<V: fmt::Debug + 'static> fmt::Debug for ThinMap<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl<V> From<IndexMap<String, V>> for ThinMap<V> {
    fn from(map: IndexMap<String, V>) -> Self {
        Self((!map.is_empty()).then(|| Box::new(map)))
    }
}

impl<V> FromIterator<(String, V)> for ThinMap<V> {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(entries: I) -> Self {
        IndexMap::from_iter(entries).into()
    }
}

impl<V> IntoIterator for ThinMap<V> {
    type Item = (String, V);
    type IntoIter = indexmap::map::IntoIter<String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.map(|map| *map).unwrap_or_default().into_iter()
    }
}

impl<'a, V: 'static> IntoIterator for &'a ThinMap<V> {
    type Item = (&'a String, &'a V);
    type IntoIter = indexmap::map::Iter<'a, String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, V: 'static> IntoIterator for &'a mut ThinMap<V> {
    type Item = (&'a String, &'a mut V);
    type IntoIter = indexmap::map::IterMut<'a, String, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
