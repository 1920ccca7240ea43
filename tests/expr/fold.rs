//! Folding keeps the meaning, whatever part of the contexts is known.

use pipelay::expr::eval::{Context, EvalError, Status, eval};
use pipelay::expr::fold::{Known, fold, fold_condition};
use pipelay::expr::value::{Object, Value};
use pipelay::expr::{Expr, parse};

use super::{Random, contexts, generate};

/// What can be told of an answer: its kind, its text and all that is in it; identity apart, which folding keeps as well but a copy cannot.
fn shown(answer: &Result<Value, EvalError>) -> String {
    match answer {
        Ok(value) => format!("{} {}", value.to_json(), value.to_text()),
        Err(_) => "an error".to_owned(),
    }
}

fn expr(text: &str) -> Expr {
    parse(text).value.unwrap_or_else(|| panic!("{text} parses"))
}

/// Paths of which the value may be known, with how to get there.
const KNOWABLE: &[&str] = &[
    "github.ref",
    "github.event",
    "github.event.draft",
    "matrix",
    "matrix.os",
    "matrix.n",
    "matrix.deep",
    "matrix.obj",
    "env.X",
    "env.missing",
    "needs",
];

#[test]
fn folding_keeps_the_value_and_conditions_their_truth() {
    let mut random = Random(4);
    let contexts = contexts();
    let hash = |patterns: &[String]| format!("HASH({})", patterns.join(","));
    let mut folded_away = 0;
    for _ in 0..12_000 {
        let depth = 1 + random.below(4);
        let text = generate(&mut random, depth);
        let Some(written) = parse(&text).value else { continue };
        let json = &contexts[random.below(2)];
        let values: Object = json.as_object().unwrap().iter().map(|(name, value)| (name, Value::from_json(value))).collect();
        let status = [Status::Success, Status::Failure, Status::Cancelled][random.below(3)];
        let context = Context { values: &values, status, hash_files: Some(&hash) };
        let mut known = Known::new();
        for path in KNOWABLE.iter().filter(|_| random.below(3) == 0).collect::<Vec<_>>() {
            known.insert(path.split('.'), eval(&expr(path), &context).unwrap());
        }
        if random.below(4) == 0 {
            known = known.with_status(status);
        }

        let answer = eval(&written, &context);
        let folded = fold(written.clone(), &known);
        assert_eq!(shown(&eval(&folded, &context)), shown(&answer), "{text} became {folded}");
        assert_eq!(fold(folded.clone(), &known), folded, "{text}: a second time changes it again");
        assert_eq!(parse(&folded.to_string()).value.as_ref(), Some(&folded), "{text} became {folded}");

        let condition = fold_condition(written.clone(), &known);
        let holds = |expr: &Expr| eval(expr, &context).map(|value| value.truthy()).map_err(|_| ());
        assert_eq!(holds(&condition), holds(&written), "{text} became the condition {condition}");
        let never = holds(&condition) == Ok(false) && pipelay::expr::fold::literal(&condition).is_some();
        assert!(!written.asks_status() || condition.asks_status() || never, "{text} lost its status as {condition}");
        folded_away += usize::from(folded != written);
    }
    assert!(folded_away > 4_000, "only {folded_away} changed at all");
}

#[test]
fn calls_in_calls_do_not_grow_without_end() {
    let grow = |opener: &str, closer: &str| expr(&format!("{}'\"{}'{}", opener.repeat(48), "x".repeat(4_000), closer.repeat(48)));
    for nested in
        [grow("toJSON(", ")"), grow("format('{0}{0}{0}{0}{0}{0}{0}{0}{0}', ", ")"), grow("join(fromJSON('[1,1,1,1,1]'), ", ")")]
    {
        let folded = fold(nested.clone(), &Known::new());
        assert_eq!(fold(folded.clone(), &Known::new()), folded);
        assert!(folded.to_string().len() <= nested.to_string().len());
        assert!(eval(&nested, &Context::new(&Object::default())).is_err());
    }
}

#[test]
fn folding_is_worth_it() {
    let known = Known::new()
        .with("matrix.os", Value::string("ubuntu-latest"))
        .with("matrix.config", Value::object([("shards", Value::Number(2.0)), ("name", Value::string("x"))]))
        .with("github.event_name", Value::string("push"));
    for (text, value, condition) in [
        ("true && x.y", "x.y", "x.y"),
        ("x.y && true", "x.y && true", "x.y"),
        ("x.y == 1 && true", "x.y == 1", "x.y == 1"),
        ("false && x.y", "false", "false"),
        ("x.y && false", "x.y && false", "false"),
        ("fromJSON(x.y) && false", "fromJSON(x.y) && false", "fromJSON(x.y) && false"),
        ("x.y || 'a' || z", "x.y || 'a'", "true"),
        ("matrix.os == 'Ubuntu-Latest' && x.y == 2", "x.y == 2", "x.y == 2"),
        ("startsWith(matrix.os, 'windows') || x.y == 2", "x.y == 2", "x.y == 2"),
        ("matrix.config.shards > 1", "true", "true"),
        ("matrix.config.missing", "null", "false"),
        ("matrix.config['na' ]", "null", "false"),
        ("matrix[matrix.key]", "matrix[matrix.key]", "matrix[matrix.key]"),
        ("format('{0}-{1}', matrix.os, matrix.config.shards)", "'ubuntu-latest-2'", "true"),
        ("case(github.event_name == 'push', x.a, x.b)", "x.a", "x.a"),
        ("case(x.c == 1, x.a, github.event_name == 'push', x.b, x.d)", "case(x.c == 1, x.a, x.b)", "case(x.c == 1, x.a, x.b)"),
        ("!(x.y == 1)", "x.y != 1", "x.y != 1"),
        ("!!x.y", "!!x.y", "x.y"),
        ("(x.y == 1) == true", "x.y == 1", "x.y == 1"),
        ("(x.y < 1) != true", "!(x.y < 1)", "!(x.y < 1)"),
        ("x.y && x.y", "x.y", "x.y"),
        ("true || always()", "true", "always()"),
        ("github.event_name == 'push' || failure()", "true", "always()"),
        ("always() && github.event_name == 'push'", "always()", "always()"),
        ("github.event_name == 'pull_request' && always()", "false", "false"),
        ("fromJSON('[1, 2]')[1]", "2", "true"),
        ("fromJSON('[1, 2]')", "fromJSON('[1, 2]')", "fromJSON('[1, 2]')"),
        ("fromJSON('[')", "fromJSON('[')", "fromJSON('[')"),
    ] {
        assert_eq!(fold(expr(text), &known).to_string(), value, "{text}");
        assert_eq!(fold_condition(expr(text), &known).to_string(), condition, "{text} as a condition");
    }
}
