//! What `%{…}` may name at a place, and how that place was reached.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::super::{Frame, Origin, Value};
use crate::map::IndexMap;
use crate::source::Span;

/// What `%{…}` may name at a place, and how that place was reached.
#[derive(Debug, Default)]
pub(in crate::hir) struct Scope {
    /// Shared by what stands before and behind a `let`: each name with its values, and from which `let` on each holds.
    names: Rc<RefCell<Names>>,
    /// How many `let`s stand before this place in its block.
    lets: usize,
    pub(super) parent: Option<Rc<Scope>>,
    pub(in crate::hir) frame: Option<Arc<Frame>>,
    pub(super) home: Home,
}

type Names = IndexMap<String, Vec<(usize, Value)>>;

/// Whose templates count: those of a file of the library, or those of the spec and of what it imports.
pub(in crate::hir) type Home = Option<&'static str>;

impl Scope {
    /// A scope inside another: a round of a loop, the body of a definition.
    pub(super) fn inside(parent: &Rc<Self>, frame: Arc<Frame>) -> Rc<Self> {
        Rc::new(Self { parent: Some(parent.clone()), frame: Some(frame), home: parent.home, ..Self::default() })
    }

    /// The scope of a block: only what stands at the level of the file holds in all of it.
    pub(super) fn block(parent: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self { parent: Some(parent.clone()), frame: parent.frame.clone(), home: parent.home, ..Self::default() })
    }

    /// That of a file of the library.
    pub(in crate::hir) fn of_library(file: &'static str) -> Rc<Self> {
        Rc::new(Self { home: Some(file), ..Self::default() })
    }

    pub(in crate::hir) fn bind(&self, name: &str, value: Value) {
        self.names.borrow_mut().insert(name.to_owned(), vec![(self.lets, value)]);
    }

    /// What follows a `let`: the same place, with one more name. What stands before it keeps the scope that it had.
    pub(super) fn after_let(self: &Rc<Self>, name: &str, value: Value) -> Rc<Self> {
        let lets = self.lets + 1;
        self.names.borrow_mut().entry(name.to_owned()).or_default().push((lets, value));
        let (names, parent, frame) = (self.names.clone(), self.parent.clone(), self.frame.clone());
        Rc::new(Self { names, lets, parent, frame, home: self.home })
    }

    /// The value that a name has here, of those that it has in the block.
    fn here(&self, name: &str) -> Option<Value> {
        let names = self.names.borrow();
        let values = names.get(name)?;
        let before = values.partition_point(|(from, _)| *from <= self.lets);
        values[..before].last().map(|(_, value)| value.clone())
    }

    pub(in crate::hir) fn find(&self, name: &str) -> Option<Value> {
        self.outwards().find_map(|scope| scope.here(name))
    }

    /// Whether anything is called so here.
    pub(in crate::hir) fn knows(&self, name: &str) -> bool {
        self.outwards().any(|scope| scope.names.borrow().get(name).is_some_and(|values| scope.has_begun(values)))
    }

    /// Whether the first `let` of a name stands before this place.
    fn has_begun(&self, values: &[(usize, Value)]) -> bool {
        values.first().is_some_and(|(from, _)| *from <= self.lets)
    }

    pub(in crate::hir) fn all_names(&self) -> Vec<String> {
        let known = |scope: &Self| -> Vec<String> {
            let names = scope.names.borrow();
            let here = names.iter().filter(|(_, values)| scope.has_begun(values));
            here.map(|(name, _)| name.clone()).collect()
        };
        self.outwards().flat_map(known).collect()
    }

    fn outwards(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |scope| scope.parent.as_deref())
    }

    pub(in crate::hir) fn origin(&self, span: Span) -> Origin {
        Origin { span, frame: self.frame.clone() }
    }
}
