//! The rows of a job.

use super::record::{add_extra, add_notes, keys, record, take};
use super::{FromNode, Notes, Or, Scalar, ToNode};
use crate::map::IndexMap;
use crate::workflow::yaml::{Map, Node};

record! {
    /// `strategy`.
    Strategy {
        /// Whether one failed row ends the others.
        "fail-fast" => fail_fast: Scalar,
        /// How many rows run at once.
        "max-parallel" => max_parallel: Scalar,
        /// The rows.
        "matrix" => matrix: Or<Matrix>,
    }
}

/// A row of `include` or `exclude`.
pub type MatrixRow = Map;

/// `matrix`: all combinations of the axes' values, less `exclude`, with `include` added.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matrix {
    /// Values by axis; any YAML may be a value.
    pub axes: IndexMap<String, Or<Vec<Node>>>,
    /// Values added to combinations, and rows of their own.
    pub include: Option<Or<Vec<MatrixRow>>>,
    /// Combinations left out.
    pub exclude: Option<Or<Vec<MatrixRow>>>,
    /// Comments on its keys.
    pub notes: Notes,
    /// Raw keys, merged over the others.
    pub extra: Map,
}

impl ToNode for Matrix {
    fn to_node(&self) -> Node {
        let mut map: Map = self.axes.iter().map(|(axis, values)| (axis.clone(), values.to_node())).collect();
        for (key, rows) in [("include", &self.include), ("exclude", &self.exclude)] {
            if let Some(rows) = rows {
                map.insert(key.to_owned(), rows.to_node());
            }
        }
        add_extra(&mut map, &self.extra);
        // Raw axes stand with the others and look like them.
        let rows = ["include", "exclude"].map(|key| map.shift_remove_entry(key));
        for values in map.values_mut() {
            values.flow = true;
        }
        map.extend(rows.into_iter().flatten());
        add_notes(&mut map, &self.notes);
        Node::map(map)
    }
}

impl FromNode for Matrix {
    fn from_node(node: &Node) -> Option<Self> {
        let mut map = keys(node)?;
        let (include, exclude) = (take(&mut map, "include"), take(&mut map, "exclude"));
        let (mut axes, mut extra) = (IndexMap::default(), Map::default());
        for (key, value) in map {
            match FromNode::from_node(&value) {
                Some(values) if key != "include" && key != "exclude" => drop(axes.insert(key, values)),
                _ => drop(extra.insert(key, value)),
            }
        }
        Some(Self { axes, include, exclude, notes: Notes::default(), extra })
    }
}

/// Beyond this many combinations they are not looked at one by one.
const ENUMERATED: usize = 20_000;

impl Matrix {
    /// How many jobs it makes, where that is known before it runs.
    pub fn size(&self) -> Option<usize> {
        if !self.extra.is_empty() {
            return Self::from_node(&self.to_node()).filter(|typed| typed.extra.is_empty())?.size();
        }
        let axes = self.axes.iter().map(|(axis, values)| Some((axis, values.known()?))).collect::<Option<Vec<_>>>()?;
        let rows = |rows: &'_ Option<Or<Vec<MatrixRow>>>| match rows {
            None => Some(Vec::new()),
            Some(rows) => rows.known().cloned(),
        };
        let (include, exclude) = (rows(&self.include)?, rows(&self.exclude)?);
        let product = axes.iter().fold(1_usize, |product, (_, values)| product.saturating_mul(values.len()));
        if product > ENUMERATED {
            return Some(product);
        }
        let mut combinations: Vec<IndexMap<&str, &Node>> = if axes.is_empty() { Vec::new() } else { vec![IndexMap::default()] };
        for (axis, values) in axes {
            combinations = combinations
                .into_iter()
                .flat_map(|row| {
                    values.iter().map(move |value| {
                        let mut row = row.clone();
                        row.insert(axis.as_str(), value);
                        row
                    })
                })
                .collect();
        }
        combinations.retain(|row| !exclude.iter().any(|out| out.iter().all(|(key, value)| holds(row, key, value) == Some(true))));
        // A row of `include` joins every combination that it does not contradict, and is one of its own where there is none.
        let joins =
            |new: &MatrixRow| combinations.iter().any(|row| new.iter().all(|(key, value)| holds(row, key, value) != Some(false)));
        let own = include.iter().filter(|row| !joins(row)).count();
        Some(combinations.len() + own)
    }
}

/// Whether the combination has that value; nothing where it has no such axis.
fn holds(row: &IndexMap<&str, &Node>, key: &str, value: &Node) -> Option<bool> {
    row.get(key).map(|own| own.kind == value.kind)
}

#[cfg(test)]
mod tests {
    use super::{FromNode, Matrix};
    use crate::workflow::yaml::{Kind, parse};

    fn size(text: &str) -> Option<usize> {
        let node = parse(text).expect("YAML");
        assert!(matches!(node.kind, Kind::Map(_)));
        Matrix::from_node(&node).expect("a matrix").size()
    }

    #[test]
    fn jobs_are_counted_as_github_does() {
        assert_eq!(size("{os: [a, b], v: [1, 2, 3]}"), Some(6));
        assert_eq!(size("{os: [a, b], v: [1, 2, 3], exclude: [{os: a, v: 1}, {v: 2}]}"), Some(3));
        // The example of the documentation: six jobs.
        let include = "{fruit: [apple, pear], animal: [cat, dog], include: [{color: green}, {color: pink, animal: cat}, \
                       {fruit: apple, shape: circle}, {fruit: banana}, {fruit: banana, animal: cat}]}";
        assert_eq!(size(include), Some(6));
        assert_eq!(size("{include: [{a: 1}, {a: 2}]}"), Some(2));
        assert_eq!(size("{a: '${{ fromJSON(x) }}', b: [1]}"), None);
        assert_eq!(size("{a: 1, b: [1]}"), None);
    }
}
