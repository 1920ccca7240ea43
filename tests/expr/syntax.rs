//! Every text is read or refused with one message that names the fault, and what is printed reads back as itself.

use pipelay::expr::text::{Piece, split};
use pipelay::expr::{CompareOp, Expr, ExprKind, parse};
use pipelay::source::Span;

use super::{NUMBERS, Random};

/// Texts made of tokens at random: most are no expressions.
fn token_soup(random: &mut Random) -> String {
    const TOKENS: &[&str] = &[
        "(", ")", "[", "]", ".", ",", "*", "!", "==", "!=", "<", "<=", "&&", "||", "a", "github", "true", "null", "NaN", "'s'",
        "''", "'", "\"x\"", "1", "-1", ".5", "1a", "0x", "=", "&", "|", "and", "not", "or", "+", "-", "?", "$", "{", "f(", "f()",
        "[*]", ".*", ".b", " ", "\n", "#", "é", "===", "5.", "Infinity",
    ];
    let length = 1 + random.below(9);
    (0..length).map(|_| random.pick(TOKENS).to_owned() + random.pick(&["", " "])).collect()
}

#[test]
fn every_refused_text_has_one_message_in_the_text_that_names_the_fault() {
    let mut random = Random(7);
    for _ in 0..30_000 {
        let text = token_soup(&mut random);
        let outcome = parse(&text);
        let Some(expr) = outcome.value else {
            assert_eq!(outcome.diags.len(), 1, "{text}");
            let diag = &outcome.diags[0];
            let at = diag.span();
            assert!(at.start <= at.end && text.get(at.start as usize..at.end as usize).is_some(), "{text}: {diag:?}");
            assert_ne!(diag.message, "the expression goes wrong", "{text}");
            continue;
        };
        assert!(outcome.diags.is_empty(), "{text}: {:?}", outcome.diags);
        assert_eq!(parse(&expr.to_string()).value.as_ref(), Some(&expr), "{text}");
    }
}

#[test]
fn messages_name_the_fault() {
    for (text, code, at, message) in [
        ("", "E0605", 0..0, "the expression is empty"),
        ("  ", "E0605", 0..2, "the expression is empty"),
        ("a == \"x\"", "E0602", 5..8, "strings take single quotes in an expression"),
        ("a = 'x'", "E0603", 2..3, "`=` is no operator of the expression language"),
        ("a === b", "E0603", 2..5, "`===` is no operator of the expression language"),
        ("a & b", "E0603", 2..3, "`&` is no operator of the expression language"),
        ("a | b", "E0603", 2..3, "`|` is no operator of the expression language"),
        ("a and b", "E0603", 2..5, "`and` is no operator of the expression language"),
        ("not a", "E0603", 0..3, "`not` is no operator of the expression language"),
        ("a ? b : c", "E0603", 2..3, "`?` is no operator of the expression language"),
        ("a + b", "E0603", 2..3, "`+` is no operator of the expression language"),
        ("(a", "E0604", 0..1, "`(` is never closed by `)`"),
        ("f(a, 'b)", "E0604", 5..6, "`'` is never closed by `'`"),
        ("a[0", "E0604", 1..2, "`[` is never closed by `]`"),
        ("(a]", "E0604", 0..1, "`(` is never closed by `)`"),
        ("a)", "E0601", 1..2, "`)` closes nothing"),
        ("a b", "E0601", 2..3, "an operator is missing before `b`"),
        ("a &&", "E0601", 4..4, "a value is missing at the end of the expression"),
        ("&& a", "E0601", 0..2, "a value is missing before `&&`"),
        ("f(a,)", "E0601", 4..5, "a value is missing before `)`"),
        ("a # b", "E0601", 2..3, "`#` has no meaning in an expression"),
        ("${{ a }}", "E0601", 0..1, "`$` has no meaning in an expression"),
        ("1abc", "E0601", 0..4, "`1abc` is no number"),
        ("'a'.b", "E0601", 3..4, "a literal has no properties"),
        ("[1, 2]", "E0601", 0..1, "the expression language has no list literals"),
        ("a.b(c)", "E0601", 3..4, "a property is called like a function"),
        ("a..b", "E0601", 1..3, "no property name follows the `.`"),
    ] {
        let diags = parse(text).diags;
        let diag = diags.first().unwrap_or_else(|| panic!("{text} is taken"));
        let span = diag.span();
        assert_eq!((diag.code.id, span.start..span.end, diag.message.as_str()), (code, at, message), "{text}");
    }
}

/// A tree in normal form, of any shape.
fn tree(random: &mut Random, depth: usize) -> Expr {
    let at = Span::default();
    let down = |random: &mut Random| Box::new(tree(random, depth - 1));
    let kind = match if depth == 0 { random.below(5) } else { random.below(14) } {
        0 => ExprKind::String(random.pick(&["", "a'b", "''", "x y", "}}", "\n"]).to_owned()),
        1 => ExprKind::Number(random.pick(NUMBERS).to_owned()),
        2 => ExprKind::Bool(random.below(2) == 0),
        3 => ExprKind::Null,
        4 => ExprKind::Context(random.pick(&["github", "a-b", "_x"]).to_owned()),
        5 => ExprKind::Property(down(random), random.pick(&["b", "true", "a-b"]).to_owned()),
        6 => ExprKind::Index(down(random), down(random)),
        7 => ExprKind::Star(down(random)),
        8 => ExprKind::Not(down(random)),
        9 => return Expr::and(vec![*down(random), *down(random), *down(random)]),
        10 => return Expr::or(vec![*down(random), *down(random)]),
        11 | 12 => {
            let ops = [CompareOp::Eq, CompareOp::Ne, CompareOp::Lt, CompareOp::Le, CompareOp::Gt, CompareOp::Ge];
            ExprKind::Compare(ops[random.below(6)], down(random), down(random))
        }
        _ => ExprKind::Call("f".to_owned(), (0..random.below(3)).map(|_| *down(random)).collect()),
    };
    Expr::new(kind, at)
}

#[test]
fn a_printed_tree_reads_back_as_itself() {
    let mut random = Random(99);
    for _ in 0..10_000 {
        let depth = random.below(6);
        let expr = tree(&mut random, depth);
        let text = expr.to_string();
        assert_eq!(parse(&text).value.as_ref(), Some(&expr), "{text}");
    }
}

#[test]
fn pieces_cover_the_text_they_come_from() {
    const TOKENS: &[&str] = &["${{", "}}", "}", "{{", "${", "'", " ", "a", "github.ref", "\n", "é", "$", "{", "x"];
    let mut random = Random(5);
    for _ in 0..20_000 {
        let text: String = (0..random.below(12)).map(|_| random.pick(TOKENS)).collect();
        let outcome = split(&text);
        for diag in &outcome.diags {
            let at = diag.span();
            assert!(text.get(at.start as usize..at.end as usize).is_some(), "{text:?}: {diag:?}");
        }
        let mut at = 0;
        for piece in &outcome.value {
            let (Piece::Text { span, .. } | Piece::Hole { span, .. }) = piece;
            assert_eq!(span.start, at, "{text:?}");
            at = span.end;
        }
        let unclosed = outcome.diags.iter().any(|diag| diag.code.id == "E0607");
        assert_eq!(at as usize == text.len(), !unclosed, "{text:?}");
    }
}
