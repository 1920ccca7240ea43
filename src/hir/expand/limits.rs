//! How much a spec may expand to: more is an explosion and no pipeline.

use super::{Expander, Scope};
use crate::catalog::library;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0204_endless_expansion::too_large;
use crate::hir::{Value, ValueKind};
use crate::source::Span;
use crate::syntax::MAX_DEPTH;

/// More items than this, or more bytes filled in, are an explosion and no pipeline.
const MAX_ITEMS: usize = 250_000;
/// Those of the library count apart: each use of a toolchain is dozens of them, of which most are choices that fall away.
const MAX_LIBRARY_ITEMS: usize = 1_000_000;
pub(super) const MAX_FILLED: usize = 64 << 20;
/// Blocks and uses of templates inside each other; each is a few frames of the stack.
const MAX_LEVELS: usize = 128;
/// What is kept of a value's parts beside their texts, in bytes.
const PART: usize = 64;
impl Expander<'_> {
    /// Reports an explosion, once: all that follows from it is the same fault.
    pub(super) fn explodes(&self, scope: &Scope, diag: Diag) {
        self.lose();
        if !self.exploded.replace(true) {
            self.report(scope, diag);
        }
    }

    /// Goes one level deeper, while there are not too many; the way back is [`Self::back`].
    pub(in crate::hir) fn deeper(&self, scope: &Scope, at: Span) -> bool {
        let levels = self.levels.get() + 1;
        self.levels.set(levels);
        if levels > MAX_LEVELS {
            self.explodes(scope, too_large("levels of templates and blocks", MAX_LEVELS, at));
        }
        levels <= MAX_LEVELS
    }

    pub(in crate::hir) fn back(&self) {
        self.levels.set(self.levels.get() - 1);
    }

    /// Counts one more item, or one more round of a loop. False once there are too many.
    pub(super) fn counts(&self, scope: &Scope, at: Span) -> bool {
        let library = library::holds(at);
        let (items, max) = if library { (&self.library_items, MAX_LIBRARY_ITEMS) } else { (&self.items, MAX_ITEMS) };
        items.set(items.get() + 1);
        if items.get() > max {
            self.explodes(scope, too_large("items", max, at));
        }
        items.get() <= max
    }

    /// Counts the bytes of a value that is about to be copied, and says whether it may be.
    pub(super) fn affords(&self, value: &Value, scope: &Scope, at: Span) -> bool {
        let left = MAX_FILLED.saturating_sub(self.filled.get());
        let (size, levels) = size(value, left, 0);
        self.filled.set(self.filled.get().saturating_add(size));
        if size > left {
            self.explodes(scope, too_large("bytes", MAX_FILLED, at));
        } else if levels > MAX_DEPTH {
            self.explodes(scope, too_large("levels of data", MAX_DEPTH, at));
        }
        size <= left && levels <= MAX_DEPTH
    }
}

/// The bytes and levels of a value; no more is counted once there are more bytes than `left` or too many levels.
fn size(value: &Value, left: usize, level: usize) -> (usize, usize) {
    let parts: &mut dyn Iterator<Item = &Value> = match &value.kind {
        ValueKind::List(items) => &mut items.iter(),
        ValueKind::Map(map) => &mut map.values(),
        ValueKind::Text(text) => return (PART + text.len(), level),
        _ => return (PART, level),
    };
    let (mut bytes, mut levels) = (PART, level + 1);
    for part in parts {
        if bytes > left || levels > MAX_DEPTH {
            break;
        }
        let (more, deepest) = size(part, left, level + 1);
        bytes = bytes.saturating_add(more);
        levels = levels.max(deepest);
    }
    (bytes, levels)
}
