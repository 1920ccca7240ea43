//! What `hashFiles` is asked to hash.

use crate::expr::{Expr, ExprKind};
use crate::pattern::Pattern;

/// The calls of `hashFiles` with their patterns, where all of these are written. To compare one with the empty text asks whether there is a file.
pub(crate) fn hashed(expr: &Expr) -> Vec<(Vec<&str>, &Expr)> {
    match &expr.kind {
        ExprKind::Compare(..) => Vec::new(),
        ExprKind::Call(name, args) if name.eq_ignore_ascii_case("hashFiles") => {
            let patterns: Option<Vec<&str>> = args.iter().map(Expr::as_string).collect();
            patterns.into_iter().map(|patterns| (patterns, expr)).collect()
        }
        _ => expr.children().into_iter().flat_map(hashed).collect(),
    }
}

/// The patterns of a call, from the root of the repository.
pub(crate) fn patterns_of(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::new(text.trim_start_matches("./"))).collect()
}
