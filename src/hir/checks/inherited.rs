//! Texts of strangers in variables that the author wrote, in scripts that read them as code: each is looked at as the expression in its place would be.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::r0743_may_be_read_again::may_be_read_again;
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
            if known.is_empty() || !is_posix(pipeline, job, step) {
                continue;
            }
            for (name, expr) in known {
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
fn line_of_code(
    pipeline: &Pipeline,
    job: &Job,
    step: &Step,
    (script, name, expr): (&Text, &str, &Expr),
) -> Option<usize> {
    let filled = filled(script, name, &format!("${{{{ {expr} }}}}"))?;
    let line_at = |at: usize| filled[..at].matches('\n').count();
    let text = Text::verbatim(filled.as_str(), script.span());
    let step = Step { kind: StepKind::Run(text), ..step.clone() };
    let all = expressions(pipeline, job, &step, None);
    let own = |it: &&crate::hir::scripts::Found| it.expr.to_string() == expr.to_string();
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

/// What stands behind a variable, after its `$`.
fn behind<'s>(text: &'s str, name: &str) -> Option<&'s str> {
    if let Some(inner) = text.strip_prefix('{') {
        return inner.strip_prefix(name)?.strip_prefix('}');
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
            ("bash -c 'echo \"$T\"'", None),
            ("bash -c \"echo '$T'\"", Some("bash -c \"echo 'X'\"")),
            ("echo \\$T", None),
        ] {
            assert_eq!(filled(script, "T", "X").as_deref(), expected, "{script}");
        }
    }
}
