//! Texts of strangers in variables that the author wrote, and in the one of GitHub's own, in scripts that read them as code: each is looked at as the expression in its place would be.

use std::ops::Range;

use crate::catalog::event_texts;
use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0743_may_be_read_again::{may_be_read_again, print_may_be_read_again};
use crate::expr::Expr;
use crate::hir::environment::of_strangers;
use crate::hir::scripts::{expressions, is_posix, rereads};
use crate::hir::{Job, Pipeline, Step, StepKind};
use crate::text::Text;

/// Looks at the scripts of all jobs that bash or sh reads.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for job in pipeline.jobs.values() {
        for step in job.each_step() {
            let StepKind::Run(script) = &step.kind else { continue };
            let known = of_strangers(&[&step.env, &job.env, &pipeline.defaults.env]);
            if !is_posix(pipeline, job, step) {
                continue;
            }
            let own = |(name, expr): (&str, Expr)| {
                let text = filled(script, name, &hole(&expr))?;
                let place = line_of_code(pipeline, job, step, (script, &text, &expr))?;
                Some(may_be_read_again(&expr.to_string(), name, &script[place.clone()], script.source(place)))
            };
            let told = known.into_iter().filter(|(name, _)| script.contains(name)).filter_map(own);
            diags.extend(told.map(|diag| step.origin.explain(diag)));
            diags.extend(printed(pipeline, job, step, script).map(|diag| step.origin.explain(diag)));
        }
    }
}

/// What a command prints of the event, of a pull request or an issue, where another reads that as code.
fn printed(pipeline: &Pipeline, job: &Job, step: &Step, script: &Text) -> Option<Diag> {
    let event = Expr::path(["github", "event"], script.span());
    let (text, what) = event_texts::replaced(script, &hole(&event))?;
    // Most of it gets nowhere: that something may read it does not mean that it does.
    let place = line_of(script, &text, code(pipeline, job, &with(step, script, &text), &event)?);
    Some(print_may_be_read_again(&what, &script[place.clone()], script.source(place)))
}

fn hole(expr: &Expr) -> String {
    format!("${{{{ {expr} }}}}")
}

/// The line of a script in which an expression is code, or may become it, where that stands in it as in another text of the same lines.
fn line_of_code(
    pipeline: &Pipeline,
    job: &Job,
    step: &Step,
    (script, filled, expr): (&Text, &str, &Expr),
) -> Option<Range<usize>> {
    let step = with(step, script, filled);
    let rereads = || Some(rereads(pipeline, job, &step, &expressions(pipeline, job, &step, None))?.start);
    Some(line_of(script, filled, code(pipeline, job, &step, expr).or_else(rereads)?))
}

/// Where in its script an expression is code for sure, as far as that is understood.
fn code(pipeline: &Pipeline, job: &Job, step: &Step, expr: &Expr) -> Option<usize> {
    let StepKind::Run(script) = &step.kind else { return None };
    let all = expressions(pipeline, job, step, None);
    let found = all.iter().filter(|it| it.expr.to_string() == expr.to_string()).find(|it| it.edit.is_none())?;
    // Of a script that is not understood nothing is moved, not even what is by itself.
    let probe = with(
        step,
        script,
        &format!("{}\n: \"{}\"", script.as_str(), hole(&Expr::path(["github", "event", "action"], script.span()))),
    );
    expressions(pipeline, job, &probe, None).last().is_some_and(|probe| probe.edit.is_some()).then_some(found.range.start)
}

/// A step with another script in place of its own.
fn with(step: &Step, script: &Text, filled: &str) -> Step {
    Step { kind: StepKind::Run(Text::verbatim(filled, script.span())), ..step.clone() }
}

/// The line of a script that has the same number as one of another text.
fn line_of(script: &Text, filled: &str, at: usize) -> Range<usize> {
    let number = filled[..at].matches('\n').count();
    let before: usize = script.split_inclusive('\n').take(number).map(str::len).sum();
    let line = script[before..].lines().next().unwrap_or_default();
    before + (line.len() - line.trim_start().len())..before + line.trim_end().len()
}

/// A script with a text in place of a variable wherever the shell puts its value; none where it puts it nowhere.
fn filled(script: &str, name: &str, text: &str) -> Option<String> {
    let (mut out, mut is_literal, mut is_quoted, mut any) = (String::new(), false, false, false);
    let mut rest = script;
    while let Some(char) = rest.chars().next() {
        match char {
            '\'' if !is_quoted => is_literal = !is_literal,
            '"' if !is_literal => is_quoted = !is_quoted,
            '\\' if !is_literal => {
                let end = rest.chars().take(2).map(char::len_utf8).sum();
                out.push_str(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            '#' | '<' if !is_literal && !is_quoted => {
                if let Some(length) = verbatim(&out, rest) {
                    out.push_str(&rest[..length]);
                    rest = &rest[length..];
                    continue;
                }
            }
            '$' if !is_literal => {
                if let Some(behind) = behind(&rest[1..], name) {
                    out.push_str(text);
                    (rest, any) = (behind, true);
                    continue;
                }
            }
            // In arithmetic a name alone is its value, which is expanded once more.
            _ if !is_literal
                && !out.ends_with(is_of_name)
                && is_there(rest, name)
                && is_arithmetic(&script[..script.len() - rest.len()], &rest[name.len()..]) =>
            {
                out.push_str(text);
                (rest, any) = (&rest[name.len()..], true);
                continue;
            }
            _ => {}
        }
        out.push(char);
        rest = &rest[char.len_utf8()..];
    }
    any.then_some(out)
}

fn is_of_name(char: char) -> bool {
    char == '_' || char == '$' || char == '{' || char.is_ascii_alphanumeric()
}

/// Whether a text begins with a name, and not with a longer one.
fn is_there(text: &str, name: &str) -> bool {
    text.strip_prefix(name)
        .is_some_and(|rest| !rest.starts_with(|next: char| next == '_' || next == '=' || next.is_ascii_alphanumeric()))
}

/// Whether bash takes a word that stands between these for a number: between double parentheses, behind `let`, as a subscript or as a part of a list, beside a
/// comparison of numbers (bash's manual, 6.5).
fn is_arithmetic(before: &str, behind: &str) -> bool {
    let is_inside = |opens: &str, closes: &str| before.rfind(opens).filter(|at| !before[*at..].contains(closes));
    let line = before.rsplit(['\n', ';', '&', '|']).next().unwrap_or_default().trim_start();
    let is_subscript =
        || before.strip_suffix('[').is_some_and(|list| list.ends_with(|last: char| last == '_' || last.is_ascii_alphanumeric()));
    let is_part =
        |at: usize| before[at..].contains(':') && before.ends_with([':', ' ', '+', '-', '*']) && !before.ends_with(":-");
    let compares = |at: usize| {
        let rest = behind.split("]]").next().unwrap_or_default();
        COMPARES.iter().any(|by| before[at..].contains(by) || rest.contains(by))
    };
    is_inside("((", "))").is_some()
        || line.starts_with("let ")
        || ["declare -i ", "typeset -i ", "local -i "].iter().any(|begin| line.starts_with(begin))
        || is_subscript()
        || is_inside("${", "}").is_some_and(is_part)
        || is_inside("[[", "]]").is_some_and(compares)
}

/// What compares numbers in `[[ ]]`.
const COMPARES: [&str; 6] = [" -eq ", " -ge ", " -gt ", " -le ", " -lt ", " -ne "];

/// How long a comment or a here-document without expansion is that begins a text, behind another.
fn verbatim(before: &str, text: &str) -> Option<usize> {
    if text.starts_with('#') {
        let is_comment = before.chars().next_back().is_none_or(|last| last.is_whitespace() || last == ';');
        return is_comment.then(|| text.find('\n').unwrap_or(text.len()));
    }
    let rest = text.strip_prefix("<<").filter(|rest| !rest.starts_with('<') && !before.ends_with('<'))?;
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start_matches(' ');
    let quote = rest.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
    let end = rest[1..].split(quote).next()?;
    let mut at = 0;
    let last = text.split_inclusive('\n').find_map(|line| {
        at += line.len();
        (line.trim() == end).then_some(at)
    });
    last.or(Some(text.len()))
}

/// What stands behind a variable, after its `$`.
fn behind<'s>(text: &'s str, name: &str) -> Option<&'s str> {
    if let Some(inner) = text.strip_prefix('{') {
        // What is said behind the name, `:-main`, `//\/`, `@Q`, may leave the value as it is.
        let rest = inner.strip_prefix(name)?.strip_prefix(|next: char| "}:-+=?#%/^,@".contains(next))?;
        return if inner[name.len()..].starts_with('}') { Some(rest) } else { rest.split_once('}').map(|(_, behind)| behind) };
    }
    let rest = text.strip_prefix(name)?;
    (!rest.starts_with(|next: char| next == '_' || next.is_ascii_alphanumeric())).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn a_variable_is_filled_in_where_the_shell_does() {
        for (script, expected) in [
            ("eval \"$T\"", Some("eval \"X\"")),
            ("echo ${T}s $TT", Some("echo Xs $TT")),
            ("echo ${T:-main}s ${TT} ${#T}", Some("echo Xs ${TT} ${#T}")),
            ("bash -c 'echo \"$T\"'", None),
            ("bash -c \"echo '$T'\"", Some("bash -c \"echo 'X'\"")),
            ("echo \\$T", None),
            ("if (( T > 3 )); then echo T; fi", Some("if (( X > 3 )); then echo T; fi")),
            ("let \"x = T\"; echo $((T + 1)) ${a[@]:T} ${a[T]}", Some("let \"x = X\"; echo $((X + 1)) ${a[@]:X} ${a[X]}")),
            ("[[ T -gt 1 ]] && [[ T == 1 ]]", Some("[[ X -gt 1 ]] && [[ T == 1 ]]")),
            ("T=1; echo T ${T:-T}", Some("T=1; echo T X")),
            ("cat <<< \"$T\" | sh", Some("cat <<< \"X\" | sh")),
            ("# it's $T\neval $T", Some("# it's $T\neval X")),
            ("cat <<'E'\n$T\nE\necho $T", Some("cat <<'E'\n$T\nE\necho X")),
            ("cat <<E\n$T\nE", Some("cat <<E\nX\nE")),
        ] {
            assert_eq!(filled(script, "T", "X").as_deref(), expected, "{script}");
        }
    }
}
