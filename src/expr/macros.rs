//! The conditions that `.pipe` adds to GitHub's: `branch('main')`, `tag('v*')`, `event('push')`, `fork()` and `changed('docs/**')`.
//!
//! ```text
//! branch('main')       github.ref == 'refs/heads/main'
//! branch('release/**') startsWith(github.ref, 'refs/heads/release/')
//! branch(inputs.to)    github.ref == format('refs/heads/{0}', inputs.to)
//! event('push')        github.event_name == 'push'
//! fork()               github.event.pull_request != null && github.event.pull_request.head.repo.full_name != github.repository
//! ```
//! A `*` stands for any text, as `**` does: that is all that can be asked at run time. In the filters of `on` a `*` ends at a `/`; where a
//! pattern has a `/` before its `*`, this is pointed out.
//!
//! Several arguments are alternatives. `changed` stays a call: what it becomes is known only once the plan has a job that looks, and
//! [`replace_changed`] puts that in its place.

use super::{CompareOp, Expr, ExprKind, functions};
use crate::diagnostics::Diag;
use crate::diagnostics::codes::{
    e0613_argument_count as count, e0617_macro_argument as argument, e0618_glob_in_condition as glob,
    w0659_star_across_folders as star,
};
use crate::source::Span;

/// A condition that this language adds.
pub struct Macro {
    /// Its name; as with functions, any case is taken.
    pub name: &'static str,
    /// The fewest arguments.
    pub least: usize,
    /// The most arguments.
    pub most: usize,
    /// How it is written.
    pub usage: &'static str,
}

/// All of them.
#[rustfmt::skip] // a table
pub static MACROS: &[Macro] = &[
    Macro { name: "branch",  least: 1, most: 255, usage: "branch('main')" },
    Macro { name: "changed", least: 1, most: 255, usage: "changed('docs/**')" },
    Macro { name: "event",   least: 1, most: 255, usage: "event('push')" },
    Macro { name: "fork",    least: 0, most: 0,   usage: "fork()" },
    Macro { name: "tag",     least: 1, most: 255, usage: "tag('v*')" },
];

/// The macro of that name.
pub fn find(name: &str) -> Option<&'static Macro> {
    MACROS.iter().find(|known| known.name.eq_ignore_ascii_case(name))
}

/// With every macro but `changed` in GitHub's words. A call that is wrong, as [`problems`] says, becomes `false`.
pub fn expand(expr: Expr) -> Expr {
    expr.rewrite(&mut |part| match part.kind {
        ExprKind::Call(name, args) => match find(&name) {
            Some(known) => call(known, name, args, part.span, &mut Vec::new()),
            None => Expr::new(ExprKind::Call(name, args), part.span),
        },
        kind => Expr::new(kind, part.span),
    })
}

/// What is wrong with the arguments of a call at `span`; the checker says it of every call.
pub fn problems(known: &Macro, args: &[Expr], span: Span) -> Vec<Diag> {
    let mut diags = Vec::new();
    call(known, known.name.to_owned(), args.to_vec(), span, &mut diags);
    diags
}

/// The patterns of every `changed(…)` in it, with its place.
pub fn changed(expr: &Expr) -> Vec<(Vec<String>, Span)> {
    let mut all = Vec::new();
    expr.walk(&mut |part| all.extend(patterns(part).map(|patterns| (patterns, part.span))));
    all
}

/// With every `changed(…)` replaced by what `make` returns for its patterns.
pub fn replace_changed(expr: Expr, make: &mut impl FnMut(&[String], Span) -> Expr) -> Expr {
    expr.rewrite(&mut |part| match patterns(&part) {
        Some(patterns) => make(&patterns, part.span),
        None => part,
    })
}

fn patterns(expr: &Expr) -> Option<Vec<String>> {
    match &expr.kind {
        ExprKind::Call(name, args) if name.eq_ignore_ascii_case("changed") => {
            Some(args.iter().filter_map(|arg| arg.as_string().map(str::to_owned)).collect())
        }
        _ => None,
    }
}

fn call(known: &Macro, name: String, args: Vec<Expr>, span: Span, diags: &mut Vec<Diag>) -> Expr {
    if !(known.least..=known.most).contains(&args.len()) {
        let takes = if known.most == 0 { "no argument" } else { "1 or more arguments" };
        diags.push(count::argument_count(known.name, takes, args.len(), span).help(format!("as in `{}`", known.usage)));
        return Expr::bool(false, span);
    }
    match known.name {
        "fork" => fork(span),
        "changed" => {
            for arg in args.iter().filter(|arg| arg.as_string().is_none_or(str::is_empty)) {
                diags.push(argument::not_a_text(known.name, known.usage, arg.span));
            }
            Expr::new(ExprKind::Call(name, args), span)
        }
        "event" => any(args, span, |arg| text(known, &arg, diags).then(|| equals(&["github", "event_name"], arg, span))),
        _ => {
            let prefix = if known.name == "tag" { "refs/tags/" } else { "refs/heads/" };
            any(args, span, |arg| if text(known, &arg, diags) { reference(prefix, known, arg, span, diags) } else { None })
        }
    }
}

/// Whether the argument can be a text: any expression but a literal of another type or an empty text.
fn text(known: &Macro, arg: &Expr, diags: &mut Vec<Diag>) -> bool {
    let fine = match &arg.kind {
        ExprKind::String(text) => !text.is_empty(),
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) => false,
        _ => true,
    };
    if !fine {
        diags.push(argument::not_a_text(known.name, known.usage, arg.span));
    }
    fine
}

fn any(args: Vec<Expr>, span: Span, make: impl FnMut(Expr) -> Option<Expr>) -> Expr {
    Expr { span, ..Expr::or(args.into_iter().filter_map(make).collect()) }
}

fn equals(path: &[&str], value: Expr, span: Span) -> Expr {
    Expr { span, ..Expr::compare(CompareOp::Eq, Expr::path(path.iter().copied(), span), value) }
}

/// `github.ref` is the given branch or tag, or one that the pattern matches.
fn reference(prefix: &str, known: &Macro, arg: Expr, span: Span, diags: &mut Vec<Diag>) -> Option<Expr> {
    let here = || Expr::path(["github", "ref"], span);
    let Some(pattern) = arg.as_string() else {
        let full = Expr::call("format", vec![Expr::string(format!("{prefix}{{0}}"), span), arg], span);
        return Some(equals(&["github", "ref"], full, span));
    };
    let full = |part: &str| Expr::string(format!("{prefix}{}", part.strip_prefix(prefix).unwrap_or(part)), arg.span);
    if !pattern.contains(['*', '?', '[', ']', '+', '!']) {
        return Some(equals(&["github", "ref"], full(pattern), span));
    }
    let single = pattern.replace("**", "*");
    match single.split_once('*') {
        Some((head, tail))
            if !head.contains(['?', '[', ']', '+', '!'])
                && !tail.contains(['*', '?', '[', ']', '+', '!'])
                && !overlap(head, tail) =>
        {
            if head.strip_prefix(prefix).unwrap_or(head).contains('/') && !pattern.contains("**") {
                diags.push(star::star_across_folders(known.name, pattern, arg.span));
            }
            let mut terms = vec![Expr::call("startsWith", vec![here(), full(head)], span)];
            if !tail.is_empty() {
                terms.push(Expr::call("endsWith", vec![here(), Expr::string(tail, arg.span)], span));
            }
            Some(Expr { span, ..Expr::and(terms) })
        }
        _ => {
            diags.push(glob::glob_in_condition(known.name, pattern, arg.span));
            None
        }
    }
}

/// Whether a text can begin with `head` and end with `tail` although it is shorter than both together.
fn overlap(head: &str, tail: &str) -> bool {
    let head = head.to_lowercase();
    let tail = tail.to_lowercase();
    tail.char_indices().skip(1).map(|(at, _)| at).chain([tail.len()]).any(|at| at > 0 && head.ends_with(&tail[..at]))
}

/// False where there is no pull request: on a push nothing comes from a fork.
fn fork(span: Span) -> Expr {
    let pull_request = ["github", "event", "pull_request"];
    let given = Expr::compare(CompareOp::Ne, Expr::path(pull_request, span), Expr::new(ExprKind::Null, span));
    let from = Expr::path(pull_request.into_iter().chain(["head", "repo", "full_name"]), span);
    let foreign = Expr::compare(CompareOp::Ne, from, Expr::path(["github", "repository"], span));
    Expr { span, ..Expr::and(vec![given, foreign]) }
}

/// The names that a call in a condition may have: GitHub's functions and these.
pub fn callable() -> impl Iterator<Item = &'static str> {
    functions::FUNCTIONS.iter().map(|function| function.name).chain(MACROS.iter().map(|known| known.name))
}

/// An expression in GitHub's words. What changed is not looked at yet, so what depends on it runs.
pub fn in_github_words(expr: Expr) -> Expr {
    lean(expand(expr), true)
}

/// `changed(…)` as whatever makes the whole hold rather than not, or not rather than hold where `holds` is false: `!changed('docs/**')`
/// holds as well, since a job that is wrongly left out goes unseen.
fn lean(expr: Expr, holds: bool) -> Expr {
    let span = expr.span;
    let all = |parts: Vec<Expr>| parts.into_iter().map(|part| lean(part, holds)).collect();
    match expr.kind {
        ExprKind::Not(inner) => lean(*inner, !holds).negated(),
        ExprKind::And(parts) => Expr::new(ExprKind::And(all(parts)), span),
        ExprKind::Or(parts) => Expr::new(ExprKind::Or(all(parts)), span),
        kind => replace_changed(Expr::new(kind, span), &mut |_, span| Expr::bool(holds, span)),
    }
}

#[cfg(test)]
mod tests {
    use super::{changed, expand, find, problems, replace_changed};
    use crate::expr::{Expr, ExprKind, parse};

    fn expanded(text: &str) -> String {
        let expr = parse(text).value.expect("it parses");
        let mut diags = Vec::new();
        expr.walk(&mut |part| {
            if let ExprKind::Call(name, args) = &part.kind {
                diags.extend(find(name).into_iter().flat_map(|known| problems(known, args, part.span)));
            }
        });
        match diags.first() {
            Some(diag) => format!("{} {}", diag.code.id, diag.message),
            None => expand(expr).to_string(),
        }
    }

    #[test]
    fn macros_become_githubs_words() {
        for (text, github) in [
            ("branch('main')", "github.ref == 'refs/heads/main'"),
            ("!branch('main')", "!(github.ref == 'refs/heads/main')"),
            ("branch('main', 'next') && a", "(github.ref == 'refs/heads/main' || github.ref == 'refs/heads/next') && a"),
            ("branch('release-*')", "startsWith(github.ref, 'refs/heads/release-')"),
            ("branch('release/**')", "startsWith(github.ref, 'refs/heads/release/')"),
            ("branch(inputs.to)", "github.ref == format('refs/heads/{0}', inputs.to)"),
            ("tag('v*')", "startsWith(github.ref, 'refs/tags/v')"),
            ("tag('v*-rc')", "startsWith(github.ref, 'refs/tags/v') && endsWith(github.ref, '-rc')"),
            ("tag('refs/tags/v1')", "github.ref == 'refs/tags/v1'"),
            ("Event('push')", "github.event_name == 'push'"),
            ("event('push', 'schedule')", "github.event_name == 'push' || github.event_name == 'schedule'"),
            ("fork()", "github.event.pull_request != null && github.event.pull_request.head.repo.full_name != github.repository"),
            ("changed('docs/**')", "changed('docs/**')"),
            ("contains(a, 'b')", "contains(a, 'b')"),
        ] {
            assert_eq!(expanded(text), github, "{text}");
        }
    }

    #[test]
    fn arguments_are_checked() {
        for (text, message) in [
            ("branch()", "E0613 `branch` takes 1 or more arguments, and gets 0"),
            ("fork('x')", "E0613 `fork` takes no argument, and gets 1"),
            ("branch(1)", "E0617 `branch` takes texts"),
            ("event('')", "E0617 `event` takes texts"),
            ("changed(github.ref)", "E0617 `changed` takes texts"),
            ("tag('v[0-9]*')", "E0618 the pattern `v[0-9]*` cannot be asked for at run time"),
            ("branch('release/*')", "W0659 `branch('release/*')` holds for `release/a/b` too"),
            ("tag('app/v*')", "W0659 `tag('app/v*')` holds for `app/va/b` too"),
            ("branch('*/*')", "E0618 the pattern `*/*` cannot be asked for at run time"),
            ("branch('a-*-b')", "E0618 the pattern `a-*-b` cannot be asked for at run time"),
        ] {
            assert_eq!(expanded(text), message, "{text}");
        }
    }

    #[test]
    fn changed_is_found_and_replaced() {
        let expr = parse("a || changed('x', 'y/**')").value.expect("it parses");
        let found = changed(&expr);
        assert_eq!(found[0].0, ["x", "y/**"]);
        let replaced = replace_changed(expr, &mut |patterns, at| Expr::path(["needs", "detect", patterns[0].as_str()], at));
        assert_eq!(replaced.to_string(), "a || needs.detect.x");
    }
}
