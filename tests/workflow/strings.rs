//! Any string, anywhere, is read back as it was.

use pipelay::workflow::yaml::{Gap, Kind, Node, parse, print};
use proptest::prelude::*;

/// Pieces that mean something to some YAML parser.
const PIECES: &[&str] = &[
    "",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    "\r\n",
    "a",
    "b c",
    "x:",
    ": ",
    ":",
    " #",
    "#",
    "-",
    "- ",
    "--- ",
    "---",
    "...",
    "?",
    "? ",
    "!",
    "!!str ",
    "&a ",
    "*a",
    "|",
    ">",
    "%",
    "@",
    "`",
    "'",
    "\"",
    "\\",
    "[",
    "]",
    "{",
    "}",
    ",",
    "=",
    "<<",
    "~",
    "null",
    "true",
    "No",
    "on",
    "y",
    "0755",
    "0o17",
    "0x1F",
    "0b1",
    "1_000",
    "1:30",
    "1.",
    ".5",
    "3.10",
    "1e3",
    "12e4",
    "+1",
    "-.inf",
    ".NaN",
    "2026-11-23",
    "12:30:45",
    "2001-12-14t21:59:43.10-05:00",
    "${{ ",
    " }}",
    "é",
    "日本",
    "\u{1f600}",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{0}",
    "\u{7}",
    "\u{1b}",
    "\u{7f}",
    "\u{9f}",
    "\u{ffff}",
    "\u{10ffff}",
    "\u{200b}",
    "\u{202e}",
    "\u{e000}",
    "\u{fffd}",
];

pub(super) fn any_string() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::collection::vec(prop::sample::select(PIECES), 0..7).prop_map(|pieces| pieces.concat()),
        1 => prop::collection::vec(any::<char>(), 0..12).prop_map(|characters| characters.into_iter().collect::<String>()),
        1 => "[ -~\n]{0,40}",
    ]
}

/// A document with the string in every position, at several depths, beside comments with it.
pub(super) fn document(text: &str) -> Node {
    let string = || Node::str(text);
    let comment = text.to_owned();
    let pair = |key: &str, value: Node| (key.to_owned(), value);
    Node::map([
        pair("value", string()),
        pair("commented", string().before(std::slice::from_ref(&comment)).after(Some(comment.clone()))),
        pair("list", Node::seq([string(), Node::str("end"), string()])),
        pair("flow", Node::seq([string(), Node::default(), string(), Node::seq([])]).flow(true)),
        pair(
            "gaps",
            Node::seq([Node::map([pair("run", string())]), Node::map([pair("run", string())]), string()]).gap(Gap::Long),
        ),
        pair("nested", Node::seq([Node::seq([string(), Node::seq([string()])]), Node::map([])]).after(Some(comment.clone()))),
        pair(
            "keys",
            Node::map([(text.to_owned(), string()), ("deep".into(), Node::map([(text.to_owned(), Node::seq([string()]))]))]),
        ),
        pair(
            "maps",
            Node::seq([Node::map([
                (text.to_owned(), string().before(std::slice::from_ref(&comment))),
                pair("null", Node::default()),
                pair("last", string()),
            ])])
            .gap(Gap::All),
        ),
        pair("end", string()),
    ])
    .gap(Gap::All)
}

/// The same without what reading loses.
pub(super) fn bare(node: &Node) -> Node {
    Node::new(match &node.kind {
        Kind::Seq(items) => Kind::Seq(items.iter().map(bare).collect()),
        Kind::Map(map) => Kind::Map(map.iter().map(|(key, value)| (key.clone(), bare(value))).collect()),
        kind => kind.clone(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_string_is_read_back(text in any_string()) {
        let node = document(&text);
        let printed = print(std::slice::from_ref(&text), &node);
        let back = parse(&printed.text).map_err(|why| TestCaseError::fail(format!("{why:?}\n{}", printed.text)))?;
        prop_assert_eq!(bare(&node), back, "{}", printed.text);
        prop_assert!(printed.text.ends_with('\n') && !printed.text.contains('\r'));
        prop_assert_eq!(printed.lines.len(), printed.text.matches('\n').count());
    }
}

#[test]
fn long_keys_are_read_back() {
    for length in [10, 999, 1001, 1023, 1024, 5000] {
        let key = "k".repeat(length);
        let node =
            Node::map([(key.clone(), Node::map([(key.clone(), Node::seq([Node::str("x")]))])), ("b".into(), Node::str("\na\n"))]);
        assert_eq!(parse(&print(&[], &node).text), Ok(node));
    }
}
