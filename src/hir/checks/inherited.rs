//! Texts of strangers in variables that the author wrote, and in the one of GitHub's own, in scripts that read them as code: each is looked at as the expression in its place would be.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0743_may_be_read_again::may_be_read_again;
use crate::expr::Expr;
use crate::hir::environment::of_strangers;
use crate::hir::scripts::{Found, expressions, is_posix, rereads};
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
            for (name, expr) in known.into_iter().filter(|(name, _)| script.contains(name)) {
                let Some(number) = line_of_code(pipeline, job, step, (script, name, &expr)) else { continue };
                let before: usize = script.split_inclusive('\n').take(number).map(str::len).sum();
                let line = script[before..].lines().next().unwrap_or_default();
                let begin = before + (line.len() - line.trim_start().len());
                let place = begin..before + line.trim_end().len();
                let said = may_be_read_again(&expr.to_string(), name, &script[place.clone()], script.source(place));
                diags.push(step.origin.explain(said));
            }
        }
    }
}

/// The line of a script in which the value of a variable is code, or may become it.
fn line_of_code(pipeline: &Pipeline, job: &Job, step: &Step, (script, name, expr): (&Text, &str, &Expr)) -> Option<usize> {
    let filled = filled(script, name, &format!("${{{{ {expr} }}}}"))?;
    let line_at = |at: usize| filled[..at].matches('\n').count();
    let text = Text::verbatim(filled.as_str(), script.span());
    let step = Step { kind: StepKind::Run(text), ..step.clone() };
    let all = expressions(pipeline, job, &step, None);
    let own = |it: &&Found| it.expr.to_string() == expr.to_string();
    let code = all.iter().filter(own).find(|it| it.edit.is_none()).map(|it| it.range.start);
    code.or_else(|| rereads(pipeline, job, &step, &all).map(|place| place.start)).map(line_at)
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
            _ => {}
        }
        out.push(char);
        rest = &rest[char.len_utf8()..];
    }
    any.then_some(out)
}

/// How long a comment or a here-document without expansion is that begins a text, behind another.
fn verbatim(before: &str, text: &str) -> Option<usize> {
    if text.starts_with('#') {
        let is_comment = before.chars().next_back().is_none_or(|last| last.is_whitespace() || last == ';');
        return is_comment.then(|| text.find('\n').unwrap_or(text.len()));
    }
    let rest = text.strip_prefix("<<")?;
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
            ("# it's $T\neval $T", Some("# it's $T\neval X")),
            ("cat <<'E'\n$T\nE\necho $T", Some("cat <<'E'\n$T\nE\necho X")),
            ("cat <<E\n$T\nE", Some("cat <<E\nX\nE")),
        ] {
            assert_eq!(filled(script, "T", "X").as_deref(), expected, "{script}");
        }
    }
}
