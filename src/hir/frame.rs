//! Where a thing came from, through templates and loops.

use std::sync::Arc;

use crate::catalog::library;
use crate::diagnostics::Diag;
use crate::source::Span;

/// One step of an expansion: the use of a template, toolchain or service, a round of a loop, an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// What was expanded, as a label says it: "in this use of `wheels`".
    pub what: String,
    /// Where.
    pub span: Span,
    /// The name of what was expanded, where it is defined; in a loop its variable.
    pub of: Span,
    /// The expansion that this one lies in.
    pub parent: Option<Arc<Frame>>,
}

/// A place in the source, and the expansions that brought it here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Where it is written.
    pub span: Span,
    /// The innermost expansion, where there is one.
    pub frame: Option<Arc<Frame>>,
}

impl Origin {
    /// The same expansion, at another place.
    #[must_use]
    pub fn at(&self, span: Span) -> Self {
        Self { span, frame: self.frame.clone() }
    }

    /// Where it is in a spec: of what the library writes, the place where that is used.
    pub fn in_spec(&self) -> Span {
        let (mut span, mut frame) = (self.span, self.frame.as_deref());
        while let Some(here) = frame.filter(|_| library::holds(span)) {
            (span, frame) = (here.span, here.parent.as_deref());
        }
        span
    }

    /// A message with the places of use added, innermost first.
    #[must_use]
    pub fn explain(&self, diag: Diag) -> Diag {
        explain(diag, self.frame.as_deref())
    }
}

/// A message about a definition, with the places of its uses added, innermost first.
pub(super) fn explain(mut diag: Diag, frame: Option<&Frame>) -> Diag {
    let mut frame = frame;
    while let Some(here) = frame {
        if diag.labels.iter().all(|label| label.span != here.span) {
            diag = diag.label(here.span, here.what.clone());
        }
        frame = here.parent.as_deref();
    }
    diag
}
