//! Text to tree, by `grammar/expression.pest`. The only place of this module that knows pest.
//!
//! Before pest sees a text its length and the depth of its brackets are bounded, so that no text can exhaust the stack; GitHub's own
//! limit of 50 levels is then counted exactly as its parser counts it, while the tree is built.

use pest::Parser as _;
use pest::iterators::Pair;

use super::{CompareOp, Expr, ExprKind, fault};
use crate::diagnostics::codes::e0606_expression_too_large as too_large;
use crate::diagnostics::{Diag, Outcome};
use crate::source::Span;

/// The longest expression that GitHub takes, in UTF-16 units.
pub const MAX_LENGTH: usize = 21_000;

/// The deepest nesting that GitHub takes.
pub const MAX_DEPTH: usize = 50;

/// Reads an expression, without the `${{ }}` around it. Spans are byte offsets into `text`.
pub fn parse(text: &str) -> Outcome<Option<Expr>> {
    match read(text) {
        Ok(expr) => Outcome { value: Some(expr), diags: Vec::new() },
        Err(diag) => Outcome { value: None, diags: vec![*diag] },
    }
}

/// Its own module, since pest derives items without documentation.
mod grammar {
    #![allow(missing_docs, clippy::pedantic)]

    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/expression.pest"]
    pub(super) struct Grammar;
}
use grammar::{Grammar, Rule};

/// Boxed, so that a result that is almost never an error stays small.
type Read<T> = Result<T, Box<Diag>>;

fn read(text: &str) -> Read<Expr> {
    if text.len() > MAX_LENGTH && text.encode_utf16().count() > MAX_LENGTH {
        return Err(Box::new(too_large::too_long(Span::new(0, text.len() as u32))));
    }
    if let Some(bracket) = fault::too_deep(text, MAX_DEPTH) {
        return Err(Box::new(too_large::too_deep(bracket)));
    }
    match Grammar::parse(Rule::expression, text) {
        Ok(mut pairs) => {
            let chain = pairs.next().and_then(|expression| expression.into_inner().next());
            chain.map_or_else(|| Err(Box::new(fault::empty(text))), |chain| expression(chain, 0))
        }
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
            };
            Err(Box::new(fault::find(text).unwrap_or_else(|| fault::unknown(text, at))))
        }
    }
}

/// The place of a pair, without the blanks that pest takes in behind it.
fn span(pair: &Pair<'_, Rule>) -> Span {
    let start = pair.as_span().start();
    Span::new(start as u32, (start + pair.as_str().trim_end().len()) as u32)
}

fn deeper(depth: usize, at: Span) -> Read<usize> {
    if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(Box::new(too_large::too_deep(at))) }
}

/// An operand with its place, parentheses included, or the operator that stands between two.
type Term<'a> = (Pair<'a, Rule>, Span);

/// Binds a flat chain of operands and operators, loosest operator first.
fn expression(chain: Pair<'_, Rule>, depth: usize) -> Read<Expr> {
    let depth = deeper(depth, span(&chain).head())?;
    let mut operands = Vec::new();
    let mut operators = Vec::new();
    for pair in chain.into_inner() {
        let at = span(&pair);
        if pair.as_rule() == Rule::operator { operators.push(pair.as_str()) } else { operands.push((pair, at)) }
    }
    either(operands, &operators, depth)
}

fn either(operands: Vec<Term<'_>>, operators: &[&str], depth: usize) -> Read<Expr> {
    logical(operands, operators, "||", depth, &both)
}

fn both(operands: Vec<Term<'_>>, operators: &[&str], depth: usize) -> Read<Expr> {
    logical(operands, operators, "&&", depth, &equality)
}

type Tighter<'f> = &'f dyn Fn(Vec<Term<'_>>, &[&str], usize) -> Read<Expr>;

/// Splits at `&&` or `||`. As GitHub counts, all operands but the first lie one level deeper.
fn logical(mut operands: Vec<Term<'_>>, operators: &[&str], word: &str, depth: usize, tighter: Tighter<'_>) -> Read<Expr> {
    let mut parts = Vec::new();
    let mut inner = depth;
    let whole = around(&operands);
    let mut start = 0;
    for (at, _) in operators.iter().enumerate().filter(|&(_, operator)| *operator == word) {
        let rest = operands.split_off(at + 1 - start);
        parts.push(tighter(operands, &operators[start..at], inner)?);
        inner = deeper(depth, whole)?;
        operands = rest;
        start = at + 1;
    }
    parts.push(tighter(operands, &operators[start..], inner)?);
    if start == 0 {
        // One part, which keeps the place it has without parentheses.
        return parts.pop().ok_or_else(|| Box::new(fault::empty("")));
    }
    let joined = if word == "||" { Expr::or(parts) } else { Expr::and(parts) };
    Ok(Expr { span: whole, ..joined })
}

fn equality(operands: Vec<Term<'_>>, operators: &[&str], depth: usize) -> Read<Expr> {
    comparisons(operands, operators, depth, &|operator| matches!(operator, "==" | "!="), &|operands, operators, depth| {
        comparisons(operands, operators, depth, &|_| true, &|operands, _, depth| {
            operands.into_iter().next().map_or_else(|| Err(Box::new(fault::empty(""))), |(pair, _)| unary(pair, depth))
        })
    })
}

/// Binds comparisons from left to right. GitHub sets their number no limit; here each but the last is a level for what stands left of it,
/// since that is how deep the tree gets.
fn comparisons(
    operands: Vec<Term<'_>>,
    operators: &[&str],
    depth: usize,
    here: &dyn Fn(&str) -> bool,
    tighter: Tighter<'_>,
) -> Read<Expr> {
    let whole = around(&operands);
    let count = operators.iter().filter(|operator| here(operator)).count();
    let mut operands = operands.into_iter();
    let mut left: Option<Expr> = None;
    let mut start = 0;
    for turn in 0..=count {
        let length = operators[start..].iter().position(|operator| here(operator)).unwrap_or(operators.len() - start);
        let terms: Vec<Term<'_>> = operands.by_ref().take(length + 1).collect();
        let Some(&(_, last)) = terms.last() else { break };
        let level = depth + (count - turn).saturating_sub(1);
        if level > MAX_DEPTH {
            return Err(Box::new(too_large::too_deep(last)));
        }
        let right = tighter(terms, &operators[start..start + length], level)?;
        left = Some(match left {
            None => right,
            Some(left) => {
                let op = compare_op(operators[start - 1]);
                Expr { span: Span::new(whole.start, last.end), ..Expr::compare(op, left, right) }
            }
        });
        start = (start + length + 1).min(operators.len());
    }
    left.ok_or_else(|| Box::new(fault::empty("")))
}

fn around(operands: &[Term<'_>]) -> Span {
    operands.iter().map(|&(_, span)| span).reduce(Span::to).unwrap_or_default()
}

fn compare_op(symbol: &str) -> CompareOp {
    match symbol {
        "!=" => CompareOp::Ne,
        "<" => CompareOp::Lt,
        "<=" => CompareOp::Le,
        ">" => CompareOp::Gt,
        ">=" => CompareOp::Ge,
        _ => CompareOp::Eq,
    }
}

fn unary(pair: Pair<'_, Rule>, mut depth: usize) -> Read<Expr> {
    let end = span(&pair).end;
    let mut starts = Vec::new();
    for part in pair.into_inner() {
        if part.as_rule() == Rule::not {
            depth = deeper(depth, span(&part))?;
            starts.push(span(&part).start);
            continue;
        }
        let mut expr = operand(part, depth)?;
        while let Some(start) = starts.pop() {
            expr = Expr { span: Span::new(start, end), ..expr.negated() };
        }
        return Ok(expr);
    }
    Err(Box::new(fault::empty("")))
}

fn operand(pair: Pair<'_, Rule>, depth: usize) -> Read<Expr> {
    let start = span(&pair).start;
    let mut parts = pair.into_inner();
    let Some(first) = parts.next() else { return Err(Box::new(fault::empty(""))) };
    let mut expr = primary(first, depth)?;
    for (level, part) in (depth..).zip(parts) {
        let at = span(&part);
        let rule = part.as_rule();
        let text = part.as_str();
        let base = Box::new(expr);
        let kind = match (rule, part.into_inner().next()) {
            (Rule::property, Some(name)) => ExprKind::Property(base, name.as_str().to_owned()),
            (Rule::index, Some(chain)) => ExprKind::Index(base, Box::new(expression(chain, level)?)),
            (Rule::star, _) => ExprKind::Star(base),
            _ => return Err(Box::new(fault::unknown(text, 0))),
        };
        deeper(level, at)?;
        expr = Expr::new(kind, Span::new(start, at.end));
    }
    Ok(expr)
}

fn primary(pair: Pair<'_, Rule>, depth: usize) -> Read<Expr> {
    let at = span(&pair);
    let text = pair.as_str();
    let kind = match pair.as_rule() {
        Rule::string => ExprKind::String(text[1..text.len() - 1].replace("''", "'")),
        Rule::number => ExprKind::Number(text.to_owned()),
        Rule::keyword if text == "null" => ExprKind::Null,
        Rule::keyword => ExprKind::Bool(text == "true"),
        Rule::context => ExprKind::Context(text.trim_end().to_owned()),
        Rule::group => match pair.into_inner().next() {
            Some(chain) => return expression(chain, depth),
            None => return Err(Box::new(fault::empty(""))),
        },
        _ => {
            let mut parts = pair.into_inner();
            let name = parts.next().map(|name| name.as_str().to_owned()).unwrap_or_default();
            ExprKind::Call(name, parts.map(|chain| expression(chain, depth)).collect::<Read<_>>()?)
        }
    };
    Ok(Expr::new(kind, at))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::source::Span;

    fn printed(text: &str) -> String {
        let outcome = parse(text);
        outcome.value.map_or_else(|| format!("{:?}", outcome.diags), |expr| expr.to_string())
    }

    #[test]
    fn trees_print_with_the_fewest_parentheses() {
        for (text, canonical) in [
            ("a", "a"),
            (" ( a ) ", "a"),
            ("a||b&&c", "a || b && c"),
            ("(a||b)&&c", "(a || b) && c"),
            ("a && (b && (c && d))", "a && b && c && d"),
            ("!a==b", "!a == b"),
            ("!(a==b)", "!(a == b)"),
            ("a == (b == c)", "a == (b == c)"),
            ("(a == b) == c", "a == b == c"),
            ("a == (b < c)", "a == b < c"),
            ("(a == b) < c", "(a == b) < c"),
            ("github [ 'a b' ] . c [*] [ 0 ]", "github['a b'].c.*[0]"),
            ("('abc')[0]", "('abc')[0]"),
            ("f ( )", "f()"),
            ("contains( 'it''s' ,\n\t-0.5e3 )", "contains('it''s', -0.5e3)"),
            ("github.true.null", "github.true.null"),
            ("0xFF == 0o17 || NaN != -Infinity", "0xFF == 0o17 || NaN != -Infinity"),
            ("!!a", "!!a"),
            ("(f(x) && y).z", "(f(x) && y).z"),
        ] {
            assert_eq!(printed(text), canonical);
        }
    }

    #[test]
    fn spans_leave_out_blanks_and_parentheses_around() {
        let text = " ( a.b ) == c [ 0 ] || ! d ";
        let expr = parse(text).value.expect("it parses");
        let mut seen = Vec::new();
        expr.walk(&mut |part| seen.push(&text[part.span.start as usize..part.span.end as usize]));
        assert_eq!(seen, ["( a.b ) == c [ 0 ] || ! d", "( a.b ) == c [ 0 ]", "a.b", "a", "c [ 0 ]", "c", "0", "! d", "d"]);
    }

    #[test]
    fn limits_are_githubs() {
        let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(49)).value.is_some());
        assert_eq!(parse(&nested(50)).diags[0].code.id, "E0606");
        assert!(parse(&format!("{}a", "!".repeat(49))).value.is_some());
        for text in
            [nested(10_000), "(".repeat(20_000), "[".repeat(20_000), "a[".repeat(9_000), "!".repeat(20_000), "f(".repeat(9_000)]
        {
            assert!(parse(&text).value.is_none(), "{}", &text[..10]);
            assert!(parse(&format!("{text}a")).value.is_none(), "{}", &text[..10]);
        }
        for text in
            [format!("a{}", " == b".repeat(4_000)), format!("a{}", ".b".repeat(10_000)), format!("{}a", "!".repeat(20_000))]
        {
            assert_eq!(parse(&text).diags[0].code.id, "E0606");
        }
        let chains = (0..40).fold("a".to_owned(), |inner, _| format!("({inner}{})", " == b".repeat(49)));
        assert_eq!(parse(&chains).diags[0].code.id, "E0606");
        assert!(parse(&format!("a{}", " == b".repeat(49))).value.is_some());
        assert!(parse(&format!("a{}", " || b".repeat(4_000))).value.is_some());
        assert!(parse(&format!("'{}'", "ï".repeat(20_998))).value.is_some());
        assert_eq!(parse(&format!("'{}'", "x".repeat(20_999))).diags[0].labels[0].span, Span::new(0, 21_001));
    }
}
