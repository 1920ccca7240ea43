//! Texts made to explode. Each line of [`bombs`] is one; what has to be said of it, if it matters, is the code beside it.

use super::{in_thread, invariants};
use pipelay::facts::Facts;

const MB: usize = 1 << 20;

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(", ")
}

/// `a` doubled over and over: the value of each `let` names the one before.
fn doubling(first: &str, next: impl Fn(&str) -> String) -> String {
    let lets = lines(60, |n| format!("let a{} = {}\n", n + 1, next(&format!("%{{a{n}}}"))));
    format!("let a0 = {first}\n{lets}job a: echo %{{a60}}\n")
}

fn nested(count: usize, open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(count), close.repeat(count))
}

fn job(body: &str) -> String {
    format!("job a {{\n{body}\n  run x\n}}\n")
}

/// A name, a text, and a code that has to be among what is said.
type Bomb = (&'static str, String, Option<&'static str>);

fn garbage() -> Vec<Bomb> {
    // A generator of its own, so that the bytes are the same everywhere and always.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    let random: Vec<u8> = (0..10 * MB).map(|_| random()).collect();
    vec![
        ("random bytes", String::from_utf8_lossy(&random).into_owned(), Some("E0110")),
        ("one word", "a".repeat(10 * MB), Some("E0101")),
        ("braces", "{".repeat(10 * MB), None),
        ("parentheses", "(".repeat(10 * MB), None),
        ("brackets", "[".repeat(10 * MB), Some("E0101")),
        ("raw quotes", "\"\"\"\n".repeat(10 * MB / 4), Some("E0110")),
        ("raw openers", "x \"\"\"\n".repeat(10 * MB / 6), Some("E0110")),
        ("raw commands", "run \"\"\"\n".repeat(100_000), Some("E0106")),
        ("parameters", "%{".repeat(5 * MB), Some("E0101")),
        ("holes", "${{".repeat(10 * MB / 3), Some("E0101")),
        ("parameters in a command", format!("job a: {}\n", "%{".repeat(5 * MB)), Some("E0201")),
        ("holes in a command", format!("job a: {}\n", "${{".repeat(10 * MB / 3)), Some("E0607")),
        ("holes in a string", format!("let a = \"{}\"\n", "${{ '".repeat(100_000)), None),
        ("doubled quotes", format!("workflow '{}'\njob a: x\n", "''".repeat(5 * MB)), None),
        ("doubled quotes before a hole", format!("let a = '{}${{{{ x }}}}'\n", "''".repeat(200_000)), None),
        ("wrong escapes", format!("workflow \"{}\"\n", "\\q".repeat(MB)), Some("E0111")),
        ("closing braces in a command", format!("job a {{ run {} x\n", " }".repeat(200_000)), None),
        ("a long string", format!("workflow \"{}\"\njob a: x\n", "x".repeat(10 * MB)), None),
        ("a long command", format!("job a: {}\n", "x".repeat(10 * MB)), Some("E0502")),
        ("openers of expressions in a command", format!("job a: echo {}\n", "${github.a ".repeat(100_000)), None),
        ("openers of parameters of a shell", format!("job a: echo {}\n", "${a ".repeat(100_000)), None),
        ("open braces in a pattern", job(&format!("  reads {}", "{".repeat(100_000))), None),
        ("quoted open braces in a pattern", job(&format!("  reads \"{}\"", "{".repeat(100_000))), None),
        ("pairs of braces in a pattern", job(&format!("  reads {}", "{a,".repeat(50_000))), None),
        ("statements on a line", "needs a b; ".repeat(MB / 11), None),
        ("a long line of statements", "needs a b; ".repeat(900), Some("E0110")),
        ("blocks on a line", format!("job a {{ {} }}\n", "in d { needs a b }; ".repeat(400)), Some("E0110")),
        ("openers on a line", "job { ".repeat(1_600), None),
        ("blocks left open on their lines", "job a { needs b\n".repeat(50_000), Some("E0110")),
        ("here-documents", job(&"  run a <<EOF\n".repeat(20_000)), None),
        ("raw openers of many lengths", (3..400).map(|n| format!("run {}\n", "\"".repeat(n))).collect(), Some("E0106")),
        ("raw blocks that are not indented", "run \"\"\"\nx\n".repeat(50_000), Some("E0110")),
        ("zeros", "\0".repeat(10 * MB), Some("E0101")),
        ("replacement characters", "\u{fffd}".repeat(3 * MB), Some("E0101")),
        ("line ends", "\n".repeat(10 * MB), None),
        ("carriage returns", "\r".repeat(MB), None),
        ("semicolons", "; ".repeat(2 * MB), None),
    ]
}

fn deep() -> Vec<Bomb> {
    let ifs = |count: usize| format!("if a == \"b\" {{\n}}{} else {{\n}}\n", " else if a == \"b\" {\n}".repeat(count));
    let stairs = lines(1400, |n| format!("{}job a {{\n", " ".repeat(n)));
    vec![
        ("jobs in jobs", "job a {\n".repeat(MB / 8), Some("E0115")),
        ("jobs in jobs on a line", "job a {".repeat(MB / 7), None),
        ("stairs", stairs, Some("E0115")),
        ("parentheses in `when`", job(&format!("  when {}", nested(20_000, "(", "true", ")"))), Some("E0115")),
        ("some parentheses in `when`", job(&format!("  when {}", nested(100, "(", "true", ")"))), Some("E0606")),
        ("parentheses that nothing closes", job(&format!("  when {}", "(".repeat(100_000))), Some("E0115")),
        ("lines of parentheses that nothing closes", lines(5_000, |_| " when (a\n".to_owned()), None),
        ("not not", job(&format!("  when {}true", "!".repeat(100_000))), Some("E0606")),
        ("indices", job(&format!("  when {}", nested(5_000, "a[", "1", "]"))), Some("E0606")),
        ("parentheses in `if`", format!("if {} {{\n}}\n", nested(20_000, "(", "a", ")")), Some("E0115")),
        ("not not in `if`", format!("if {}a {{\n}}\n", "!".repeat(1_000)), Some("E0115")),
        ("a chain of ifs", ifs(10_000), Some("E0115")),
        ("a shorter chain of ifs", ifs(1_000), Some("E0115")),
        ("ifs in ifs", nested(1_000, "if a == a {\n", "job a: x\n", "}\n"), Some("E0115")),
        ("ifs as deep as they may be", nested(64, "if a == a {\n", "job a: x\n", "}\n"), None),
        ("conditions in conditions", job(&nested(5_000, "when true {\n", "run x\n", "}\n")), Some("E0115")),
        ("folders in folders", job(&nested(5_000, "in d {\n", "run x\n", "}\n")), Some("E0115")),
        ("parallel in parallel", job(&nested(5_000, "parallel {\n", "run x\n", "}\n")), Some("E0115")),
        ("lists in lists", format!("let a = {}\n", nested(20_000, "[", "1", "]")), Some("E0115")),
        ("maps in maps", format!("raw {{\n{}}}\n", nested(10_000, "a: {\n", "b: c\n", "}\n")), Some("E0115")),
        ("alternation in alternation", job(&format!("  reads {}", nested(20_000, "{a,", "b", "}"))), Some("E0115")),
        ("quoted alternation in alternation", job(&format!("  reads \"{}\"", nested(500, "{a,", "b", "}"))), Some("E0204")),
        ("open braces behind alternation", job(&format!("  reads \"{}{}\"", "{a,b}".repeat(8), "{".repeat(4_000))), None),
    ]
}

fn multiplied() -> Vec<Bomb> {
    let loops = |inner: &str| {
        let hundred = list(100, |n| n.to_string());
        format!("{}{inner}{}", lines(10, |n| format!("for a{n} in [{hundred}] {{\n")), "}\n".repeat(10))
    };
    let templates = |count: usize, first: &str, calls: usize| {
        let rest = lines(count, |n| format!("template t{}() {{\n{}}}\n", n + 1, format!("  t{n}()\n").repeat(calls)));
        format!("template t0() {{\n{first}}}\n{rest}job a {{\n  t{count}()\n  run x\n}}\n")
    };
    let axes = lines(4, |axis| format!("  matrix a{axis}: [{}]\n", list(1000, |n| format!("v{n}"))));
    let include = list(10_000, |n| format!("{{ os: o{}, v{n}: {n} }}", n % 200));
    let oses = list(200, |n| format!("o{n}"));
    vec![
        ("loops", loops("job a: x\n"), Some("E0204")),
        ("empty loops", loops(""), Some("E0204")),
        ("doubled text", doubling("xx", |a| format!("\"{a}{a}\"")), Some("E0204")),
        ("doubled lists", doubling("[x]", |a| format!("[{a}, {a}]")), Some("E0204")),
        ("doubled lists of lists", doubling("[x]", |a| format!("[[{a}], [{a}]]")), Some("E0204")),
        ("doubled maps", doubling("{ x: y }", |a| format!("{{ x: {a}, y: {a} }}")), Some("E0204")),
        ("templates in templates", templates(1000, "  run x\n", 1), Some("E0204")),
        ("doubled templates", templates(60, "  run x\n", 2), Some("E0204")),
        ("doubled empty templates", templates(60, "", 2), Some("E0204")),
        ("a template in itself", "template t(a) {\n  t(\"%{a}%{a}\")\n}\njob a {\n  t(x)\n}\n".to_owned(), Some("E0204")),
        ("a matrix of four long axes", job(&axes), None),
        ("a matrix of one long axis", job(&format!("  matrix a: [{}]", list(20_000, |n| format!("v{n}")))), Some("E0501")),
        ("a long include", job(&format!("  matrix {{\n    os: [{oses}]\n    include: [{include}]\n  }}")), None),
        (
            "many rows",
            job(&format!("  matrix os {{\n{}  }}", lines(10_000, |n| format!("r{n} {{ runner x }}\n")))),
            Some("E0501"),
        ),
        ("shards", job("  shards 999999999"), Some("E0301")),
        ("more shards", job("  shards 99999999999999999999999"), Some("E0301")),
        ("brace bombs", job(&format!("  reads {}\n  writes {}", "{a,b}".repeat(40), "{a,b}".repeat(40))), Some("E0204")),
        ("longer brace bombs", job(&format!("  reads {}", "{a,b}".repeat(20_000))), Some("E0301")),
        ("open sets", job(&format!("  reads \"{}\"", "[".repeat(20_000))), Some("E0301")),
        ("shorter open sets", job(&format!("  reads \"{}\"", "[".repeat(4_000))), None),
        (
            "wide globs",
            job(&format!("  reads {}", "*a".repeat(20_000)))
                + &format!("job b {{\n  writes {}\n  run x\n}}\n", "*b".repeat(20_000)),
            None,
        ),
        (
            "a glob that goes back",
            job(&format!("  reads {}b", "*a".repeat(60))) + &format!("job b {{\n  writes {}\n  run x\n}}\n", "a".repeat(200)),
            None,
        ),
    ]
}

fn wide() -> Vec<Bomb> {
    let jobs = |count: usize, body: fn(usize) -> String| lines(count, |n| format!("job a{n} {{\n{}  run x\n}}\n", body(n)));
    let folders = list(2000, |n| format!("d{n}/"));
    vec![
        ("broken jobs", lines(100_000, |n| format!("job a{n} {{\n  needs a b\n}}\n")), Some("E0110")),
        ("jobs that need what is not there", jobs(20_000, |n| format!("  needs zz{n}\n")), Some("E0110")),
        ("many jobs", jobs(5_000, |_| String::new()), None),
        ("the same job", "job a: x\n".repeat(10_000), Some("E0110")),
        ("statements", "needs a\n".repeat(100_000), Some("E0110")),
        ("steps", job(&"run x\n".repeat(300_000)), Some("E0204")),
        ("entries", "a: b\n".repeat(100_000), Some("E0110")),
        ("lets", "let a = b\n".repeat(50_000), None),
        ("lets in a job", job(&lines(20_000, |n| format!("let a{} = %{{a{n}}}\n", n + 1)).replace("%{a0}", "x")), None),
        ("the same let in a job", job(&"let a = b\n".repeat(20_000)), None),
        ("open holes behind a parameter", format!("let x = y\njob a: %{{x}}{}\n", "${{ '".repeat(20_000)), Some("E0607")),
        ("a question in a question", job(&format!("  env {{ A: ${{{{ a{} }}}} }}", " ? b : c".repeat(2_000))), Some("E0603")),
        ("reads of what is not there", jobs(5_000, |n| format!("  reads src/a{n}.rs\n")), None),
        ("unknown parameters", format!("job a: {}\n", list(50_000, |n| format!("%{{b{n}}}"))), Some("E0110")),
        (
            "unknown templates",
            lines(2_000, |n| format!("template x{n}() {{\n}}\n")) + &job(&lines(5_000, |n| format!("b{n}()\n"))),
            Some("E0110"),
        ),
        ("a cycle", jobs(10_000, |n| format!("  needs a{}\n", (n + 1) % 10_000)), Some("E0402")),
        ("a chain", lines(5_000, |n| format!("job a{} {{\n  needs a{n}\n  run x\n}}\n", n + 1)) + "job a0: x\n", None),
        (
            "all need all",
            jobs(150, |n| format!("  needs {}\n", list(149, |m| format!("a{}", m + usize::from(m >= n))))),
            Some("E0402"),
        ),
        ("needs *", jobs(5_000, |_| String::new()) + "job z {\n  needs *\n  run x\n}\n", None),
        ("needs * many times", jobs(600, |n| if n < 300 { String::new() } else { "  needs *\n".to_owned() }), None),
        (
            "a job that reads what another writes, 2,000 times",
            job(&format!("  writes {folders}")) + &format!("job b {{\n  reads {folders}\n  run x\n}}\n"),
            None,
        ),
        (
            "a job that writes 2,000 paths, all of which another reads",
            job(&format!("  writes {folders}")) + "job b {\n  reads \"**\"\n  run x\n}\n",
            None,
        ),
        (
            "rows that set 60 variables each",
            job(&format!(
                "  matrix os {{\n{}  }}",
                lines(200, |n| format!("r{n} {{ env {{ {} }} }}\n", list(60, |m| format!("V{n}_{m}: x"))))
            )),
            None,
        ),
        (
            "2,000 jobs that read what 2,000 write",
            jobs(2_000, |n| format!("  writes d{n}/\n"))
                + &lines(2_000, |n| format!("job b{n} {{\n  reads d{n}/\n  run x\n}}\n")),
            None,
        ),
        (
            "all read what all write",
            jobs(1_000, |_| "  writes d/ merge\n".to_owned())
                + &lines(1_000, |n| format!("job b{n} {{\n  reads d/\n  run x\n}}\n")),
            Some("E0204"),
        ),
        ("jobs that ask for outputs", lines(2_000, |n| format!("job a{n}: echo ${{{{ needs.a{}.outputs.x }}}}\n", n / 2)), None),
    ]
}

/// Compiles and formats; a bomb need not come through the dearer promises of `invariants::hold`.
fn explode((name, text, code): Bomb) {
    let found = in_thread(move || {
        // Something starts it, so that nothing is missed for want of that.
        let text = text + "\non push\n";
        let spec = pipelay::Spec { path: ".github/workflows/ci.pipe".to_owned(), text };
        let made = pipelay::compile(&spec, &Facts::default());
        invariants::spans(&made.diags, &made.sources);
        let mut sources = pipelay::source::Sources::new();
        let index = sources.add("a.pipe", spec.text);
        pipelay::syntax::format(sources.get(index));
        made.diags.iter().map(|diag| diag.code.id).collect::<Vec<_>>()
    });
    assert!(found.len() <= 1001, "{name}: {} messages", found.len());
    assert!(code.is_none_or(|code| found.contains(&code)), "{name}: not {code:?}, but {:?}", &found[..found.len().min(5)]);
}

#[test]
fn garbage_is_refused() {
    garbage().into_iter().for_each(explode);
}

#[test]
fn depth_is_bounded() {
    deep().into_iter().for_each(explode);
}

#[test]
fn explosions_are_bounded() {
    multiplied().into_iter().for_each(explode);
}

#[test]
fn what_is_long_takes_no_square() {
    wide().into_iter().for_each(explode);
}

#[test]
fn imports_in_circles_end() {
    let mut facts = Facts::default();
    for (name, text) in [
        ("a.pipe", "import \"b.pipe\"\nimport \"a.pipe\"\nlet a = 1\n"),
        ("b.pipe", "import \"a.pipe\"\nimport \"c.pipe\"\nlet b = 1\n"),
        ("c.pipe", "import \"d.pipe\"\nlet c = 1\n"),
        ("d.pipe", "import \"ci.pipe\"\nlet d = 1\n"),
    ] {
        facts.texts.insert(format!(".github/workflows/{name}"), text.to_owned());
    }
    let text = "import \"ci.pipe\"\nimport \"a.pipe\"\nimport \"b.pipe\"\nimport \"d.pipe\"\njob x: echo %{a} %{b} %{c} %{d}\n";
    invariants::check(text, &facts);
}
