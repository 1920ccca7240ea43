//! What `%{…}` may name at a place, and how that place was reached.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;

use super::super::{Frame, Origin, Value};
use crate::source::Span;

/// What `%{…}` may name at a place, and how that place was reached.
#[derive(Debug, Default)]
pub(in crate::hir) struct Scope {
    pub(super) names: RefCell<IndexMap<String, Value>>,
    pub(super) parent: Option<Rc<Scope>>,
    pub(in crate::hir) frame: Option<Arc<Frame>>,
    pub(super) home: Home,
}

/// Whose templates count: those of a file of the library, or those of the spec and of what it imports.
pub(in crate::hir) type Home = Option<&'static str>;

impl Scope {
    /// A scope inside another: a round of a loop, the body of a definition.
    pub(super) fn inside(parent: &Rc<Self>, frame: Arc<Frame>) -> Rc<Self> {
        Rc::new(Self { names: RefCell::default(), parent: Some(parent.clone()), frame: Some(frame), home: parent.home })
    }

    /// That of a file of the library.
    pub(in crate::hir) fn of_library(file: &'static str) -> Rc<Self> {
        Rc::new(Self { names: RefCell::default(), parent: None, frame: None, home: Some(file) })
    }

    pub(in crate::hir) fn bind(&self, name: &str, value: Value) {
        self.names.borrow_mut().insert(name.to_owned(), value);
    }

    /// What follows a `let`: the same place, with one more name. What stands before it keeps the scope that it had.
    pub(super) fn after_let(self: &Rc<Self>, name: &str, value: Value) -> Rc<Self> {
        let names = RefCell::new(IndexMap::from([(name.to_owned(), value)]));
        Rc::new(Self { names, parent: Some(self.clone()), frame: self.frame.clone(), home: self.home })
    }

    pub(in crate::hir) fn find(&self, name: &str) -> Option<Value> {
        self.outwards().find_map(|scope| scope.names.borrow().get(name).cloned())
    }

    pub(super) fn all_names(&self) -> Vec<String> {
        self.outwards().flat_map(|scope| scope.names.borrow().keys().cloned().collect::<Vec<_>>()).collect()
    }

    fn outwards(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |scope| scope.parent.as_deref())
    }

    pub(in crate::hir) fn origin(&self, span: Span) -> Origin {
        Origin { span, frame: self.frame.clone() }
    }
}

impl Drop for Scope {
    /// A chain of thousands of `let`s is taken apart link by link: dropped whole, it would use a stack frame for each.
    fn drop(&mut self) {
        let mut parent = self.parent.take();
        while let Some(mut scope) = parent.and_then(Rc::into_inner) {
            parent = scope.parent.take();
        }
    }
}
