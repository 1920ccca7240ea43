use super::{check_condition, check_text, condition_text};
use crate::catalog::contexts;
use crate::expr::check::check;
use crate::expr::parse;
use crate::expr::scope::{Scope, job, step};
use crate::expr::text::split;
use crate::expr::types::Type;

fn scope() -> Scope {
    Scope::new(&contexts::STEP_IF)
        .with(
            "matrix",
            Type::record([
                ("os", Type::choice(["ubuntu-latest", "macos-latest"])),
                ("n", Type::Number),
                ("all", Type::Array(Box::new(Type::String))),
            ]),
        )
        .with("needs", Type::record([("build", job(Some(["sha", "dirty"]))), ("lint", job(Some([""; 0])))]))
        .with("steps", Type::record([("probe", step(Some(["found"]))), ("open", step(None::<[&str; 0]>))]))
        .with(
            "inputs",
            Type::record([("dry-run", Type::Bool), ("where", Type::choice(["staging", "production"])), ("tag", Type::String)]),
        )
        .with_event_inputs([("dry-run", true)])
}

fn said(diags: &[crate::diagnostics::Diag]) -> String {
    let all: Vec<String> = diags
        .iter()
        .map(|diag| format!("{} {:?} {} | {}", diag.code.id, diag.span(), diag.message, diag.help.as_deref().unwrap_or("-")))
        .collect();
    all.join("\n")
}

fn condition(text: &str) -> String {
    said(&check_condition(&parse(text).value.expect("it parses"), &scope()).diags)
}

fn value(text: &str) -> String {
    said(&check(&parse(text).value.expect("it parses"), &scope().at(&contexts::STEP_ENV)).diags)
}

#[test]
fn what_is_fine_is_not_spoken_of() {
    for text in [
        "always()",
        "!cancelled() && needs.build.result == 'success'",
        "needs.build.outputs.dirty == 'true'",
        "steps.open.outputs.anything != ''",
        "inputs.dry-run",
        "!inputs.dry-run && inputs.where == 'PRODUCTION'",
        "github.event.pull_request.head.repo.fork == false",
        "github.event.inputs.dry-run == 'true'",
        "github.event_name == 'push' || contains(github.event.pull_request.labels.*.name, 'ci')",
        "contains(fromJSON('[\"a\", \"b\"]'), matrix.os)",
        "contains(needs.*.result, 'failure')",
        "matrix.n == '20' && matrix.n > 3",
        "env.X && vars.Y && runner.visualstudio",
        "hashFiles('a') != ''",
        "branch('main') && changed('docs/**') && !fork()",
        "GitHub.Ref == 'refs/heads/x' && runner.OS == 'linux'",
        "startsWith(github.ref, 'refs/tags/') || startsWith(github.ref, 'refs') || github.ref != ''",
        "event('push') && endsWith(github.ref, '/main')",
        "false",
        "steps.probe.outcome == '' || inputs.where != ''",
        "false && github.ref_name == 'x'",
        "matrix.all[0] == 'x' && job.services.db.ports['5432'] != ''",
        "github.event.pull_request != null",
        // Whether there is any text; others may hold; always, by way of precaution.
        "steps.open.outputs.version && !steps.open.outputs.pr-number",
        "matrix.os == 'windows-latest' || inputs.dry-run",
        "matrix.os != 'windows-latest'",
    ] {
        assert_eq!(condition(text), "", "{text}");
    }
    for text in [
        "github.event_name == 'push' && 'a' || 'b'",
        "steps.probe.outputs.found || 'none'",
        "inputs.dry-run && matrix.os || matrix.n",
        "toJSON(github.event)",
        "format('{0} {1} {{}}', matrix.os, secrets.X)",
        "case(inputs.dry-run, 1, 2)",
        "github.event_name == 'push' && steps.open.outputs.tag || 'next'",
        "matrix.extra || ''",
    ] {
        assert_eq!(value(text), "", "{text}");
    }
}

#[test]
fn names_are_checked() {
    for (text, message) in [
        ("secret.X == 'x'", "E0608 0..6 no context is named `secret` | write `secrets`"),
        ("githb.ref == 'x'", "E0608 0..5 no context is named `githb` | write `github`"),
        ("github.ref == main", "E0608 14..18 no context is named `main` | as a text it is written `'main'`"),
        ("always", "E0608 0..6 no context is named `always` | call it: `always()`"),
        ("hashFiles", "E0608 0..9 no context is named `hashFiles` | call it: `hashFiles(…)`"),
        ("branch != 'main'", "E0608 0..6 no context is named `branch` | write `!branch('main')`"),
        ("True", "E0608 0..4 no context is named `True` | write `true`, in lower case"),
        (
            "secrets.X != ''",
            "E0609 0..7 `secrets` cannot be used in the condition of a step | put it into `env` of the job, and ask for that in the condition of a step",
        ),
        ("needs.biuld.result == 'x'", "E0610 6..11 `needs` has no `biuld` | write `build`"),
        ("needs['biuld'] != null", "E0610 6..13 `needs` has no `biuld` | write `build`"),
        ("needs.build.outputs.shaa == 'x'", "E0610 20..24 `needs.build.outputs` has no `shaa` | write `sha`"),
        ("matrix.zzz == 'x'", "E0610 7..10 `matrix` has no `zzz` | it has `os`, `n`, `all`"),
        ("github.ref.x == 'x'", "E0610 11..12 `github.ref` is a text and has no `x` | -"),
        ("matrix.all.x == 'x'", "E0610 11..12 `matrix.all` is a list and has no `x` | `.*.x` takes it from every item"),
        ("startWith(github.ref, 'x')", "E0611 0..9 no function is named `startWith` | write `startsWith`"),
        ("brnch('main')", "E0611 0..5 no function is named `brnch` | write `branch`"),
        ("contains(github.ref)", "E0613 0..20 `contains` takes 2 arguments, and gets 1 | -"),
        ("fork(1)", "E0613 0..7 `fork` takes no argument, and gets 1 | as in `fork()`"),
    ] {
        assert_eq!(condition(text), message, "{text}");
    }
    assert!(value("success()").starts_with("E0612 0..7 `success` cannot be called in the `env` of a step"));
    assert!(value("branch('x')").starts_with("E0612 0..6 `branch` cannot be called in"));
}

#[test]
fn arguments_are_checked() {
    for (text, message) in [
        (
            "format('{0}{1}', 1)",
            "E0614 7..15 the format string `{0}{1}` asks for `{1}`, and has 1 argument | give one more argument, or ask for another",
        ),
        (
            "format('{x}', 1)",
            "E0614 7..12 the format string `{x}` has a single `{` | double it, `{{`, or write a placeholder such as `{0}`",
        ),
        ("format('{0}', 1, env.X)", "W0657 17..22 the format string `{0}` never asks for `env.X` | ask for it, or leave it out"),
        ("fromJSON('[1,]')", "E0615 9..15 `[1,]` is no JSON | the reader says: trailing comma"),
        (
            "format('{0}', github.event)",
            "E0616 14..26 `github.event` is an object, and becomes the text `Object` | name one of its properties, or write `toJSON(github.event)`",
        ),
        (
            "case(github.ref, 1, 2)",
            "E0619 5..15 `github.ref` is a text, and `case` takes `true` or `false` | compare it with what it should be",
        ),
    ] {
        assert_eq!(value(text), message, "{text}");
    }
}

#[test]
fn traps_are_found() {
    for (text, message) in [
        (
            "runner.os == 'ubuntu'",
            "W0652 0..21 `runner.os` and `'ubuntu'` are never equal | it is one of `Linux`, `Windows`, `macOS`",
        ),
        (
            "needs.build.result != 'sucess'",
            "W0652 0..30 `needs.build.result` and `'sucess'` are never equal | `'success'` is one of its values",
        ),
        (
            "github.event_name == 'pull-request'",
            "W0652 0..35 `github.event_name` and `'pull-request'` are never equal | `'pull_request'` is one of its values",
        ),
        (
            "inputs.dry-run == 'true'",
            "W0652 0..24 `inputs.dry-run` and `'true'` are never equal | compare `inputs.dry-run` with `true`, without quotes",
        ),
        (
            "'main' == github.ref",
            "W0652 0..20 `'main'` and `github.ref` are never equal | a ref begins with `refs/`: write `'refs/heads/main'` for a branch, `'refs/tags/main'` for a tag",
        ),
        (
            "startsWith(github.head_ref, 'refs/heads/x')",
            "W0652 28..42 `github.head_ref` never begins with `'refs/heads/x'` | it is the name alone: write `'x'`",
        ),
        ("event('psuh')", "W0652 6..12 no event is named `psuh` | write `push`"),
        (
            "endsWith('-rc', github.ref)",
            "W0658 9..14 `endsWith` looks for `github.ref` in `'-rc'` | write `endsWith(github.ref, '-rc')`",
        ),
        ("true", "W0653 0..4 the condition always holds, because of `true` | compare it with something, or leave it out"),
        (
            "always() || true",
            "W0653 12..16 the condition always holds, because of `true` | compare it with something, or leave it out",
        ),
        ("matrix.n == 'x'", "W0652 0..15 `matrix.n` and `'x'` are never equal | `matrix.n` is a number"),
        ("matrix.all == 'x'", "W0652 0..17 `matrix.all` and `'x'` are never equal | `contains(list, item)` looks for an item"),
        (
            "github.sha == 'a' || 'b'",
            "W0653 21..24 the condition always holds, because of `'b'` | compare it with something, or leave it out",
        ),
        ("'x'", "W0653 0..3 the condition always holds, because of `'x'` | compare it with something, or leave it out"),
        (
            "success() || 'x'",
            "W0653 13..16 the condition always holds, because of `'x'` | compare it with something, or leave it out",
        ),
        (
            "github.sha == 'a' && ''",
            "W0653 21..23 the condition never holds, because of `''` | compare it with something, or leave it out",
        ),
        (
            "contains('push, schedule', github.event_name)",
            "W0654 9..25 `contains` holds for every part of `push, schedule`, the empty text included | write `contains(fromJSON('[\"push\",\"schedule\"]'), github.event_name)`",
        ),
        (
            "steps.probe.outputs.found",
            "W0656 0..25 `steps.probe.outputs.found` is a text, not a boolean | write `steps.probe.outputs.found == 'true'`, or `steps.probe.outputs.found != ''` if any text will do",
        ),
        (
            "env.X == 'a' && !needs.build.outputs.dirty",
            "W0656 17..42 `needs.build.outputs.dirty` is a text, not a boolean | write `needs.build.outputs.dirty != 'true'`, or `needs.build.outputs.dirty == ''` if any text will do",
        ),
        (
            "github.event.inputs.dry-run == true",
            "W0656 0..27 `github.event.inputs.dry-run` is a text, not a boolean | write `github.event.inputs.dry-run == 'true'`",
        ),
        ("env.X != false", "W0656 0..5 `env.X` is a text, not a boolean | write `env.X != 'false'`"),
    ] {
        assert_eq!(condition(text), message, "{text}");
    }
    for (text, message) in [
        (
            "inputs.dry-run && '' || 'x'",
            "W0655 18..20 `''` never holds, so that the result is always `'x'` | write `case(inputs.dry-run, '', 'x')`",
        ),
        (
            "github.sha == 'a' && false || true",
            "W0655 21..26 `false` never holds, so that the result is always `true` | write `case(github.sha == 'a', false, true)`",
        ),
    ] {
        assert_eq!(value(text), message, "{text}");
    }
}

#[test]
fn texts_take_no_objects() {
    let text = |text: &str, whole: bool| said(&check_text(&split(text).value, &scope().at(&contexts::STEP_RUN), whole).diags);
    assert_eq!(text("a ${{ matrix.os }} ${{ github.sha }}", false), "");
    assert!(text("${{ matrix }}", false).starts_with("E0616"));
    assert_eq!(text("${{ matrix }}", true), "");
    assert!(text("x ${{ matrix }}", true).starts_with("E0616"));
}

#[test]
fn a_condition_is_one_expression() {
    let shown = |text: &str| {
        let outcome = condition_text(text);
        outcome.value.map_or_else(|| said(&outcome.diags), |expr| expr.to_string())
    };
    assert_eq!(shown("github.ref == 'x'"), "github.ref == 'x'");
    assert_eq!(shown("${{ github.ref == 'x' }}"), "github.ref == 'x'");
    assert!(
        shown("${{ github.ref }} == 'x'").starts_with("W0653 17..24 the condition always holds, because text stands beside its")
    );
    assert!(
        shown("${{ github.ref }}\n").starts_with("W0653 17..18 the condition always holds, because a blank or a newline stands")
    );
    assert!(shown("!${{ github.ref }}").starts_with("W0653 0..1"));
}
