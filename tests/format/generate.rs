//! Random specs with odd spacing, comments and blank lines everywhere that the grammar takes them.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::{Just, Union};

type Texts = BoxedStrategy<String>;

/// A whole file.
pub(crate) fn spec() -> Texts {
    (gaps(), lines(statement(3)), select(vec!["", "\n", "\n\n", "  # the end"]))
        .prop_map(|(gaps, lines, end)| format!("{gaps}{lines}{end}"))
        .boxed()
}

fn any_of(all: Vec<Texts>) -> Texts {
    Union::new(all).boxed()
}

fn one_of(all: &[&'static str]) -> Texts {
    select(all.to_vec()).prop_map(str::to_owned).boxed()
}

/// Blanks that have to be there.
fn sp() -> Texts {
    one_of(&[" ", " ", " ", "  ", "\t"])
}

/// Blanks that need not.
fn osp() -> Texts {
    one_of(&["", "", " ", "   "])
}

fn gaps() -> Texts {
    one_of(&["", "", "", "", "\n", "\n\n\n", "# a comment\n", "#!tight  \n\n", "\n   # one\n# two\n\n\n# three\n", " ; \n"])
}

/// Items, one a line, between gaps.
fn lines(item: Texts) -> Texts {
    let indent = one_of(&["", "  ", "    ", "\t", "      "]);
    prop::collection::vec((indent, item, gaps()), 1..5)
        .prop_map(|lines| {
            // Deeper lines below a condition or a directory are its block, and refused where it has none.
            let mut most = usize::MAX;
            let line = |(indent, item, gaps): (String, String, String)| {
                let indent = &indent[..indent.len().min(most)];
                let holds = item.starts_with("when") || item.starts_with("in ");
                most = if holds { indent.len() } else { usize::MAX };
                format!("{indent}{item}\n{gaps}")
            };
            lines.into_iter().map(line).collect()
        })
        .boxed()
}

fn trailing() -> Texts {
    one_of(&["", "", "", "   # why", "  ", " # #\t"])
}

fn block(item: Texts) -> Texts {
    let multi = (one_of(&["{", "{  # head", "{ "]), gaps(), lines(item))
        .prop_map(|(open, gaps, lines)| format!("{open}\n{gaps}{lines}  }}"));
    let empty = one_of(&["{}", "{  }", "{\n}", "{\n # dangling\n\n}"]);
    prop_oneof![8 => multi, 1 => empty].boxed()
}

fn words() -> Texts {
    let word = one_of(&[
        "build",
        "dist/",
        "src/**/*.{ts,tsx}",
        "\"a b\"",
        "'it''s'",
        "${{ matrix['a b'] }}",
        "%{x}",
        "!no",
        "a-very-long-name-that-takes-much-room",
    ]);
    let comma = one_of(&[", ", ",", " ,  ", ",\n      "]);
    prop::collection::vec((word, comma), 1..6)
        .prop_map(|all| {
            let mut out: String = all.iter().flat_map(|(word, comma)| [word.as_str(), comma]).collect();
            let last = all.last().map_or(0, |(_, comma)| comma.len());
            out.truncate(out.len() - last);
            out
        })
        .boxed()
}

fn expr() -> Texts {
    one_of(&[
        "always()",
        "github.ref  == 'refs/heads/main'",
        "a &&\n     b",
        "a\n      || !(b\n     && 'x # y' == c)",
        "${{ success() }}",
    ])
}

fn command() -> Texts {
    one_of(&["npm test", "echo \"a # b\"  { c }; d", "make \\\n     -j4   all", "echo 'x' }", "cat <<< \"${{ a }}\""])
}

/// Its lines are deeper than any indent that `lines` makes.
fn raw() -> Texts {
    one_of(&[
        "\"\"\"\n            one\n              two\n\n            three\n   \"\"\"",
        ">\"\"\"\n        folded\n        on\n\n          deep  \n        \"\"\"  ",
        "\"\"\"\"\n          \"\"\"\n          x\n\n            \"\"\"\"",
        "\"\"\"\n\"\"\"",
        "\"\"\"\n\t\t\t\t\t\t\t\ttabs\n\t\t\t\t\t\t\t\t  here\n\t\t\"\"\"",
    ])
}

fn scalar() -> Texts {
    one_of(&[
        "3.10",
        "a b  c",
        "\"x\\n\"",
        "'x'",
        "true",
        "a,b",
        "-D warnings",
        "${{ a || 'b, c' }}",
        "https://x.io/#y",
        "v[0-9]+",
        "\"\"",
    ])
}

/// On one line.
fn short_data() -> Texts {
    any_of(vec![
        scalar(),
        scalar(),
        (osp(), scalar(), osp(), scalar(), osp()).prop_map(|(a, b, c, d, e)| format!("[{a}{b}{c}, {d}{e}]")).boxed(),
        (osp(), scalar(), sp(), scalar(), osp())
            .prop_map(|(a, b, c, d, e)| format!("{{ {a}k: {b},{c}other-key: {d}{e} }}"))
            .boxed(),
        one_of(&["{}", "[]", "[ [a], { b: c } ]"]),
    ])
}

fn data(depth: u32) -> Texts {
    if depth == 0 {
        return any_of(vec![short_data(), raw()]);
    }
    let item = any_of(vec![short_data(), one_of(&["a, b,  c ,", "[\n x\n  ]"])]);
    let list = (
        one_of(&["[", "[  # head", "[ a,"]),
        lines((item, trailing()).prop_map(|(item, trailing)| format!("{item}{trailing}")).boxed()),
    );
    any_of(vec![
        short_data(),
        raw(),
        list.prop_map(|(open, lines)| format!("{open}\n{lines}  ]")).boxed(),
        block(entry(depth - 1)),
    ])
}

fn entry(depth: u32) -> Texts {
    let key = one_of(&["k", "some-key", "\"quoted key\"", "node:22"]);
    let value = (sp(), data(depth)).prop_map(|(sp, data)| {
        // Nothing may follow a raw block on its line.
        if data.trim_end().ends_with("\"\"\"") { format!("{sp}{data}") } else { format!("{sp}{data}  ,") }
    });
    let null = Just(String::new());
    (key, prop_oneof![6 => value, 1 => null]).prop_map(|(key, value)| format!("{key}:{value}")).boxed()
}

fn inline_block() -> Texts {
    one_of(&[
        "{ timeout 5m;runner x }",
        "{ run npm test }",
        "{   env { A: b, C: d };  needs a,b ;  run x }",
        "{ job y { run z } }",
        "{ step \"t\" when a { uses b@v1 { c: d } } }",
        "{}",
    ])
    .prop_map(|text| text.replace(";runner", "; runner"))
    .boxed()
}

fn statement(depth: u32) -> Texts {
    let leaf = vec![
        (one_of(&["needs", "reads", "writes", "detect", "wait"]), sp(), words(), trailing())
            .prop_map(|(word, sp, words, c)| format!("{word}{sp}{words}{c}"))
            .boxed(),
        (words(), sp(), expr(), trailing())
            .prop_map(|(words, sp, expr, c)| format!("keep {words}{sp}as x  for 7d{sp}when {expr}{c}"))
            .boxed(),
        (sp(), expr(), trailing()).prop_map(|(sp, expr, c)| format!("when{sp}{expr}{c}")).boxed(),
        (sp(), command()).prop_map(|(sp, command)| format!("run{sp}{command}")).boxed(),
        (sp(), raw()).prop_map(|(sp, raw)| format!("run{sp}{raw}")).boxed(),
        (sp(), words(), trailing()).prop_map(|(sp, words, c)| format!("on push,pull_request  to{sp}{words}{c}")).boxed(),
        (sp(), command()).prop_map(|(sp, command)| format!("step{sp}\"Title\" :{sp}{command}").replace(" :", ":")).boxed(),
        (one_of(&["job a", "step", "if x == \"y\"", "in docs", "when c", "parallel"]), sp(), inline_block(), trailing())
            .prop_map(|(head, sp, block, c)| format!("{head}{sp}{block}{c}"))
            .boxed(),
        (one_of(&["matrix os", "matrix"]), osp(), scalar(), trailing())
            .prop_map(|(head, _, value, c)| {
                let word = if value.contains(' ') { "[x]" } else { &value };
                let value = if head == "matrix" { "%{all}" } else { word };
                format!("{head}{}{value}{c}", if head == "matrix" { " " } else { ": " })
            })
            .boxed(),
        (
            one_of(&[
                "workflow  \"A\"",
                "isolated",
                "may-fail",
                "may-fail  when a",
                "gate 'G' except  a,b",
                "on schedule \"0 0 * * *\",\"1 1 * * *\"  in  \"UTC\"",
                "input a: string?  [x,y]=z  \"why\"",
                "secret T?   \"s\"",
                "output o:  ${{ x }}",
                "optimize  time",
                "optimize by a   { economy { fuse off }; x 1 }",
                "target ghes  3.17 {parallel-steps on}",
                "shards 3  of files \"a\",b",
                "let x=[a,b]",
                "let y  =  dirs( \"p/*\" ,\"q\" )",
                "suites( a,b: [c] )",
                "call(\n  a,\n  b: \"c\"\n)",
                "call({a: 1,   b: [x , y]}, c: { d: %{ e } })",
                "template t( a,b=1 ) { run x }",
                "for x in  [a , b] { call(x) }",
                "if (a==\"b\" || (c || !d)) && exists(\"e\") { isolated } else   if f { memo } else {\n memo off\n}",
                "matrix row {\n a{x: 1}\n  longer   { run z }\n # c\n b { }\n}",
                "shards auto {max 8}",
                "runner [a,b]",
                "service postgres  15 {env: {A: b ,  C: d}}",
                "uses  a/b@v1 {\n x: y, z: w, # last\n }",
                "permissions {contents: read}",
                "step when always() { run  x }",
            ]),
            trailing(),
        )
            .prop_map(|(text, c)| format!("{}{c}", blanks_before_braces(&text)))
            .boxed(),
        (sp(), data(1)).prop_map(|(sp, data)| format!("let x ={sp}{data}")).boxed(),
        (sp(), block(entry(1)), trailing()).prop_map(|(sp, block, c)| format!("env{sp}{block}{c}")).boxed(),
    ];
    if depth == 0 {
        return any_of(leaf);
    }
    let heads = one_of(&[
        "job x \"T\"",
        "step a  when b",
        "if  x",
        "else-less",
        "for v in [1, 2]",
        "template t(a = [b])",
        "when a ||\n        b",
        "raw",
    ]);
    let heads = heads.prop_map(|head| head.replace("else-less", "parallel"));
    let nested =
        (heads, sp(), block(statement(depth - 1)), trailing()).prop_map(|(head, sp, block, c)| format!("{head}{sp}{block}{c}"));
    let step = (command(), trailing()).prop_map(|(command, c)| format!("step \"s\" {{\n  run {command}\n}}{c}"));
    prop_oneof![6 => any_of(leaf), 3 => nested, 1 => step].boxed()
}

/// The samples are written tight; a block's brace needs a blank on either side.
fn blanks_before_braces(text: &str) -> String {
    text.replace(" {p", " { p")
        .replace("a{x", "a {x")
        .replace("{x: 1}", "{ x: 1 }")
        .replace(" {max 8}", " { max 8 }")
        .replace("{env", "{ env")
        .replace("{A", "{ A")
        .replace("d}}", "d } }")
        .replace("on}", "on }")
        .replace("{contents: read}", "{ contents: read }")
}
