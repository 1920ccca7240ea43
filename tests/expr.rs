//! Expressions: what they mean, which texts are one, and what is known of them beforehand.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // tests read files, run node, and fail by panicking

mod corpus;
mod fold;
mod github;
mod syntax;

use crate::random::Random;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

/// Where the shared material lies, if it does.
fn shared() -> Option<PathBuf> {
    let path =
        std::env::var_os("PIPELAY_SHARED").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    path.is_dir().then_some(path)
}

fn skip(why: &str) {
    let mut err = std::io::stderr();
    let _ = writeln!(err, "skipped: {why}");
}

const STRINGS: &[&str] = &[
    "",
    "a",
    "A",
    "abc",
    "ABC",
    "b",
    "0",
    "1",
    "-1",
    "0x1F",
    "0o7",
    " 2 ",
    "1.5",
    "1e3",
    "NaN",
    "Infinity",
    "true",
    "True",
    "false",
    "null",
    "x y",
    "it's",
    "é",
    "É",
    "straße",
    "STRASSE",
    "ıI",
    "refs/heads/main",
    "{0}",
    "{{0}} {1}",
    "[1, 2, \"a\"]",
    "{\"k\": [null, true]}",
    "[]",
    "{}",
    "\"s\"",
    "12",
    "[{\"a\": 1}, {\"a\": \"x\"}, {\"b\": 2}, 3]",
    "-0",
    ",",
];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "1.5",
    "-0.25",
    "1e3",
    "0x1F",
    "0o17",
    "100000",
    ".5",
    "NaN",
    "Infinity",
    "-Infinity",
    "3.14159",
    "12",
    "+7",
    "0.001",
];
const PATHS: &[&str] = &[
    "github",
    "github.ref",
    "github.actor",
    "github.event",
    "github.event.number",
    "github.event.draft",
    "github.event.labels",
    "github.event.labels.*.name",
    "github.event.labels[0].name",
    "github.event.labels[*]",
    "github.event.nothing",
    "needs",
    "needs.*.result",
    "needs.build.outputs.list",
    "needs['build'].outputs",
    "needs.*",
    "matrix.os",
    "matrix.n",
    "matrix.deep",
    "matrix.deep.*.*",
    "matrix.deep[1][0]",
    "matrix.deep.*[0]",
    "matrix.flag",
    "env.X",
    "env.EMPTY",
    "env.missing",
    "GitHub.REF",
    "matrix.obj.*",
    "matrix.obj.*.k",
    "matrix.zero",
    "matrix.empty",
];

fn contexts() -> [Json; 2] {
    [
        json!({
            "github": {"ref": "refs/heads/main", "actor": "dependabot[bot]", "event": {"number": 12, "draft": false,
                "labels": [{"name": "bug", "id": 1}, {"name": "CI", "id": 2.5}, {"id": 3}, null]}},
            "needs": {"build": {"result": "success", "outputs": {"list": "[1, 2, \"a\"]", "flag": "false"}}, "lint": {"result": "skipped", "outputs": {}}},
            "matrix": {"os": "ubuntu-latest", "n": 20, "flag": true, "deep": [[1, 2], ["x"], 3, {"k": "v"}], "obj": {"p": {"k": 1}, "q": {"k": "é"}, "r": 5}, "zero": 0, "empty": []},
            "env": {"X": "1", "EMPTY": ""}
        }),
        json!({
            "github": {"ref": "refs/tags/v1", "actor": null, "event": {}},
            "needs": {},
            "matrix": {"os": "WINDOWS", "n": "20", "flag": "true", "deep": {"one": [0], "two": {"k": [7]}}, "obj": [], "zero": "", "empty": {}},
            "env": {"X": "abc", "EMPTY": "0"}
        }),
    ]
}

/// A text of an expression of at most that depth.
fn generate(random: &mut Random, depth: usize) -> String {
    let down = |random: &mut Random| generate(random, depth - 1);
    if depth == 0 || random.below(8) == 0 {
        return match random.below(10) {
            0 => random.pick(&["null", "true", "false"]).to_owned(),
            1 | 2 => random.pick(NUMBERS).to_owned(),
            3..=5 => format!("'{}'", random.pick(STRINGS).replace('\'', "''")),
            _ => random.pick(PATHS).to_owned(),
        };
    }
    match random.below(20) {
        0..=3 => format!("{} {} {}", down(random), random.pick(&["==", "!=", "<", "<=", ">", ">="]), down(random)),
        4 | 5 => format!("{} && {}", down(random), down(random)),
        6 | 7 => format!("{}||{}", down(random), down(random)),
        8 => format!("!{}", down(random)),
        9 | 10 => format!("( {} )", down(random)),
        11 => format!(
            "({}){}",
            down(random),
            random.pick(&[".name", "[0]", ".*", "[*]", "['k']", "[1].a", ".*.a", "[true]", "[null]", "['1']"])
        ),
        12 => format!("({})[{}]", random.pick(PATHS), down(random)),
        13 => {
            format!("{}({}, {})", random.pick(&["contains", "startsWith", "endsWith", "STARTSWITH"]), down(random), down(random))
        }
        14 => format!(
            "format('{}', {}, {})",
            random.pick(&["{0}", "{1}{0}", "a{{{0}}}b", "{2}", "}", "{0", "{}", "x", "{{}} {1}"]),
            down(random),
            down(random)
        ),
        15 => format!("join({}{})", down(random), if random.below(2) == 0 { ", ' - '" } else { "" }),
        16 => format!("toJSON({})", down(random)),
        17 => format!(
            "fromJson({})",
            if random.below(2) == 0 { down(random) } else { format!("'{}'", random.pick(&STRINGS[30..])) }
        ),
        18 => format!(
            "case({}, {}, {})",
            random.pick(&["true", "false", "github.event.draft", "!env.X", "matrix.n == 20"]),
            down(random),
            down(random)
        ),
        _ => random.pick(&["success()", "failure()", "cancelled()", "always()", "hashFiles('a', 'b')", "Success()"]).to_owned(),
    }
}
