//! What `hashFiles` is asked to hash.

use crate::expr::{CompareOp, Expr, ExprKind};
use crate::pattern::{Pattern, any};

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

/// What must hold that no hash in an expression is empty: nothing of those whose files git tracks.
pub(crate) fn not_empty(expr: &Expr, tracked: &[String]) -> Vec<Expr> {
    let is_tracked = |args: &[Expr]| {
        let texts: Option<Vec<&str>> = args.iter().map(Expr::as_string).collect();
        texts.is_some_and(|texts| any(&patterns_of(&texts), tracked))
    };
    match &expr.kind {
        ExprKind::Compare(..) => Vec::new(),
        ExprKind::Call(name, args) if name.eq_ignore_ascii_case("hashFiles") => {
            let some = || Expr::compare(CompareOp::Ne, expr.clone(), Expr::string("", expr.span));
            if is_tracked(args) { Vec::new() } else { vec![some()] }
        }
        // It says itself what stands in the place of an empty one.
        ExprKind::Or(all) if all.last().and_then(Expr::as_string).is_some_and(|text| !text.is_empty()) => Vec::new(),
        _ => expr.children().into_iter().flat_map(|part| not_empty(part, tracked)).collect(),
    }
}

/// The patterns of a call, from the root of the repository.
pub(crate) fn patterns_of(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::new(text.trim_start_matches("./"))).collect()
}
