//! The maps of the crate.

use foldhash::fast::FixedState;

/// Keys with values, in the order in which they came in. The hash is a fast one, and the same in each run: keys are the author's own words.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, FixedState>;

/// Keys, in the order in which they came in.
pub type IndexSet<K> = indexmap::IndexSet<K, FixedState>;

/// Keys with values, never walked through.
pub type HashMap<K, V> = std::collections::HashMap<K, V, FixedState>;

/// Keys, never walked through.
pub type HashSet<K> = std::collections::HashSet<K, FixedState>;
