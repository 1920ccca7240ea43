//! Graphs show every job and every edge once, in each form; what is drawn can be read back from the picture alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pipelay::Compilation;
use pipelay::graph::tree::{Options, Row};
use pipelay::graph::{Graph, dot, mermaid, tree};
use pipelay::workflow::model::List;
use unicode_width::UnicodeWidthStr as _;

use crate::compile::{compiled, said};
use crate::random::Random;
use crate::shared::{spec, tool};

type Edges = BTreeSet<(String, String)>;

/// A spec of `count` jobs; each comes after a few of those before it, for one reason or another.
pub(crate) fn random_spec(random: &mut Random, count: usize) -> String {
    let names = ["end", "subgraph", "graph", "style", "x--o", "class"];
    let name = |at: usize| names.get(at).map_or_else(|| format!("job-{at}"), |name| (*name).to_owned());
    let mut text = "on push, pull_request\n".to_owned();
    if random.below(3) == 0 {
        text += "optimize { gate off }\n";
    }
    for at in 0..count {
        let mut lines = vec![format!("writes \"out {at}/ü&<b>`%\"")];
        let mut earlier = BTreeSet::new();
        for _ in 0..random.below(4).min(at) {
            // Most follow what is near, as in real pipelines.
            let reach = if random.below(3) == 0 { at } else { at.min(8) };
            earlier.insert(at - 1 - random.below(reach));
        }
        for from in earlier {
            lines.push(match random.below(3) {
                0 => format!("reads \"out {from}/ü&<b>`%\""),
                1 => format!("needs {}", name(from)),
                _ => format!("env {{ R{from}: \"${{{{ needs.{}.result }}}}\" }}", name(from)),
            });
        }
        match random.below(8) {
            0 => lines.push("when github.ref == 'refs/heads/\"main\"; [a](b) {c} | \\N # &amp;'".to_owned()),
            1 => lines.push("environment production".to_owned()),
            _ => {}
        }
        writeln!(text, "job {} {{\n  {}\n  run make\n}}", name(at), lines.join("\n  ")).unwrap();
    }
    for at in 0..random.below(3) {
        writeln!(text, "job rows-{at} {{ needs {}; matrix x: 1, 2, 3; run make }}", name(random.below(count))).unwrap();
    }
    if random.below(4) == 0 {
        text += "job last { needs *; run make }\n";
    }
    text
}

/// The jobs and what each needs, as the workflow says it; of the gate's needs those that no other implies.
fn expected(made: &Compilation) -> (BTreeSet<String>, Edges) {
    let jobs = &made.workflow.jobs.as_ref().unwrap().0;
    let needs: BTreeMap<&str, Vec<String>> = jobs
        .iter()
        .map(|(id, job)| {
            let needs = job.needs.iter().flat_map(List::items).map(|item| item.text().into_owned());
            (id.as_str(), needs.collect())
        })
        .collect();
    let mut edges = Edges::new();
    for (id, direct) in &needs {
        let mut before: BTreeSet<&str> = BTreeSet::new();
        if *id == "gate" {
            let mut open: Vec<&str> = direct.iter().map(String::as_str).collect();
            while let Some(at) = open.pop() {
                open.extend(needs[at].iter().map(String::as_str).filter(|from| before.insert(from)));
            }
        }
        edges.extend(direct.iter().filter(|from| !before.contains(from.as_str())).map(|from| (from.clone(), (*id).to_owned())));
    }
    (jobs.keys().cloned().collect(), edges)
}

/// The jobs and edges of a drawing, read from its lines. An edge that is drawn twice is found out.
fn read(rows: &[Row]) -> (Vec<String>, Edges) {
    let margin = rows[0].lines.find(|char: char| char.is_ascii_digit()).unwrap() + 2;
    let (mut jobs, mut edges) = (Vec::new(), Edges::new());
    // What comes down in each column, and what reached the first job of a group.
    let mut lanes: Vec<BTreeSet<String>> = Vec::new();
    let mut reached: BTreeSet<String> = BTreeSet::new();
    for row in rows {
        let cells: Vec<char> = row.lines.chars().skip(margin).collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or(' ');
        lanes.resize(lanes.len().max(cells.len() / 2 + 1), BTreeSet::new());
        for (column, lane) in lanes.iter().enumerate() {
            let is_lane = "│├┤┼╰╯┴".contains(cell(2 * column));
            assert!(is_lane != lane.is_empty() || "●○┏┃┣┗".contains(cell(2 * column)), "{}", row.text());
        }
        // A line to one side: the lanes that are joined to it.
        let follow = |from: usize, left: bool, lanes: &mut Vec<BTreeSet<String>>| {
            let mut joined = BTreeSet::new();
            let mut at = from;
            while let Some(next) = if left { at.checked_sub(1) } else { Some(at + 1) } {
                at = next;
                let is_lane = at.is_multiple_of(2);
                match cell(at) {
                    '─' => {}
                    '│' if is_lane && cell(if left { at + 1 } else { at - 1 }) == '─' => {}
                    '├' | '┤' | '┼' => joined.extend(lanes[at / 2].iter().cloned()),
                    '╰' | '╯' | '┴' => joined.extend(std::mem::take(&mut lanes[at / 2])),
                    _ => break,
                }
                if "├┤╰╯".contains(cell(at)) {
                    break;
                }
            }
            joined
        };
        let mark = cells.iter().position(|cell| "●○┏┃┣┗".contains(*cell));
        let Some(mark) = mark else {
            let kept = cells.iter().position(|cell| *cell == '├').unwrap();
            let joined = follow(kept, false, &mut lanes);
            assert!(row.name.is_empty() && !joined.is_empty());
            lanes[kept / 2].extend(joined);
            continue;
        };
        let name = row.name.split(' ').next().unwrap().to_owned();
        if "●○┏".contains(cells[mark]) {
            reached = std::mem::take(&mut lanes[mark / 2]);
            reached.extend(follow(mark, true, &mut lanes));
            reached.extend(follow(mark, false, &mut lanes));
        }
        for from in &reached {
            assert!(edges.insert((from.clone(), name.clone())), "{from} to {name} twice");
        }
        // Down from a group goes one lane for all of it.
        let group = if "┃┣┗".contains(cells[mark]) { lanes[mark / 2].clone() } else { BTreeSet::new() };
        let down =
            if "○┗".contains(cells[mark]) { BTreeSet::new() } else { group.into_iter().chain([name.clone()]).collect() };
        lanes[mark / 2] = down;
        jobs.push(name);
    }
    (jobs, edges)
}

fn text(rows: &[Row]) -> String {
    rows.iter().map(|row| row.text() + "\n").collect()
}

#[test]
fn drawings_show_every_job_and_every_edge_once() {
    let mut drawn = 0;
    for seed in 0..300 {
        let mut random = Random(seed);
        let count = 1 + random.below(50);
        let spec = random_spec(&mut random, count);
        let made = compiled("ci.pipe", &spec);
        assert!(made.yaml.is_some(), "{:#?}\n{spec}", said(&made));
        let graph = Graph::of(&made.plan);
        let (jobs, edges) = expected(&made);
        for width in [40, 80, 200] {
            let rows = tree::render(&graph, &Options { width, unicode: true });
            let picture = text(&rows);
            assert!(rows.iter().all(|row| row.text().width() <= width), "seed {seed}, {width}\n{picture}");
            let named: Vec<&str> = rows.iter().filter(|row| !row.name.is_empty()).map(|row| row.name.as_str()).collect();
            assert_eq!(named.len(), jobs.len(), "seed {seed}, {width}\n{picture}");
            let plain = tree::render(&graph, &Options { width, unicode: false });
            assert!(plain.iter().all(|row| row.lines.is_ascii() && row.text().width() <= width), "{}", text(&plain));
            if picture.starts_with("Drawn without lines") {
                continue;
            }
            let (found, found_edges) = read(&rows);
            assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), jobs, "seed {seed}, {width}\n{picture}");
            let lost: Vec<_> = edges.symmetric_difference(&found_edges).collect();
            assert!(lost.is_empty(), "seed {seed}, {width}: {lost:?}\n{picture}");
            drawn += 1;
        }
    }
    assert!(drawn > 500, "{drawn}");
}

#[test]
fn a_thousand_jobs_are_drawn_at_once() {
    let time = |count: usize| {
        let spec = random_spec(&mut Random(7), count);
        let made = compiled("ci.pipe", &spec);
        assert!(made.yaml.is_some(), "{:#?}", said(&made));
        let once = |width: usize| {
            let begin = Instant::now();
            let graph = Graph::of(&made.plan);
            let rows = tree::render(&graph, &Options { width, unicode: true });
            assert!(rows.len() > count && mermaid::render(&graph).lines().count() > count);
            begin.elapsed()
        };
        (0..5).map(|_| once(100) + once(300)).min().unwrap()
    };
    let (small, large) = (time(250), time(1000));
    eprintln!("graphs of 250 jobs take {small:?}, of 1,000 {large:?}");
    // Four times the jobs: far from sixteen times the time, on a busy machine too.
    assert!(large < small * 12 || large < Duration::from_millis(20), "{small:?}, {large:?}");
}

/// Nodes and edges as another program read them.
fn read_by(program: &mut Command, input: &str) -> serde_json::Value {
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let mut child = program.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Mermaid's own parser: the labels of nodes by their name, and the edges.
const MERMAID: &str = r#"
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const require = createRequire(process.argv[1] + "/");
const { JSDOM } = require("jsdom");
globalThis.window = new JSDOM("").window;
globalThis.document = window.document;
const mermaid = (await import(pathToFileURL(process.argv[1] + "/node_modules/mermaid/dist/mermaid.core.mjs").href)).default;
// A number between the signs that Mermaid puts in place of an entity.
const decoded = text => text.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(code));
const all = [];
for (const text of JSON.parse(readFileSync(0, "utf8"))) {
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const nodes = Object.fromEntries([...db.getVertices().values()].map(node => [node.id, decoded(node.text)]));
  all.push({ nodes, edges: db.getEdges().map(edge => [edge.start, edge.end, decoded(edge.text)]) });
}
console.log(JSON.stringify(all));
"#;

#[test]
fn mermaid_reads_what_is_meant() {
    let Some(module) = tool("mermaid/node_modules/mermaid") else { return };
    let folder = module.parent().and_then(Path::parent).unwrap();
    let made: Vec<Compilation> = (0..40).map(|seed| compiled("ci.pipe", &random_spec(&mut Random(seed), 12))).collect();
    let graphs: Vec<Graph> = made.iter().map(|made| Graph::of(&made.plan)).collect();
    let texts: Vec<String> = graphs.iter().map(mermaid::render).collect();
    let mut node = Command::new("node");
    node.args(["--input-type=module", "--eval", MERMAID, "--"]).arg(folder);
    let read = read_by(&mut node, &serde_json::to_string(&texts).unwrap());
    for ((graph, text), read) in graphs.iter().zip(&texts).zip(read.as_array().unwrap()) {
        for (at, node) in graph.nodes.iter().enumerate() {
            let label = std::iter::once(node.name()).chain(node.notes()).collect::<Vec<_>>().join("<br>");
            assert_eq!(read["nodes"][format!("j{at}")], label, "{text}");
        }
        assert_eq!(read["nodes"].as_object().unwrap().len(), graph.nodes.len());
        let edges: Vec<_> = graph
            .edges
            .iter()
            .map(|edge| serde_json::json!([format!("j{}", edge.from), format!("j{}", edge.to), edge.label()]))
            .collect();
        assert_eq!(read["edges"], serde_json::Value::Array(edges), "{text}");
    }
}

#[test]
fn graphviz_reads_what_is_meant() {
    let version = Command::new("dot").arg("-V").stderr(Stdio::null()).status();
    if version.is_err() {
        eprintln!("skipped: dot is not here");
        return;
    }
    for seed in 0..20 {
        let made = compiled("ci.pipe", &random_spec(&mut Random(seed), 12));
        let graph = Graph::of(&made.plan);
        let text = dot::render(&graph, "a \"b\".pipe");
        let read = read_by(Command::new("dot").arg("-Tjson"), &text);
        assert_eq!(read["name"], "a \"b\".pipe");
        let objects = read["objects"].as_array().unwrap();
        let edges = read["edges"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!((objects.len(), edges.len()), (graph.nodes.len(), graph.edges.len()), "{text}");
        // What stands on the page: texts as they are drawn, line by line.
        let drawn = |object: &serde_json::Value, key: &str| -> Vec<String> {
            let all = object[key].as_array().map(Vec::as_slice).unwrap_or_default();
            all.iter().filter_map(|op| op["text"].as_str()).map(str::to_owned).collect()
        };
        for (object, node) in objects.iter().zip(&graph.nodes) {
            assert_eq!(object["name"], node.id);
            let lines: Vec<String> = std::iter::once(node.name()).chain(node.notes()).collect();
            assert_eq!(drawn(object, "_ldraw_"), lines, "{text}");
        }
        let number = |read: &serde_json::Value, end: &str| usize::try_from(read[end].as_u64().unwrap()).unwrap();
        let labels: BTreeMap<(usize, usize), Vec<String>> =
            edges.iter().map(|read| ((number(read, "tail"), number(read, "head")), drawn(read, "_ldraw_"))).collect();
        for edge in &graph.edges {
            let label: Vec<String> = Some(edge.label()).filter(|label| !label.is_empty()).into_iter().collect();
            assert_eq!(labels[&(edge.from, edge.to)], label, "{text}");
        }
        let svg = Command::new("dot").arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().and_then(|mut child| {
            std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes())?;
            child.wait_with_output()
        });
        assert!(svg.is_ok_and(|svg| svg.status.success() && String::from_utf8_lossy(&svg.stdout).contains("</svg>")));
    }
}

#[test]
fn drawings_are_readable() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/graph");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let of_example = |name: &str| {
        let (spec, facts) = spec(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name));
        Graph::of(&pipelay::compile(&spec, &facts).plan)
    };
    let wide = Options { width: 100, unicode: true };
    let [web, repository] = ["web-app.pipe", "monorepo.pipe"].map(of_example);
    // Forty jobs: ten packages with four jobs each would be a table; here some share builds, and a release waits for all.
    let mut many =
        "on push, pull_request\njob install { writes node_modules/; run npm ci }\njob licences: ./licences\n".to_owned();
    for at in 0..9 {
        let below = if at < 3 { String::new() } else { format!("; reads lib-{}/", at % 3) };
        write!(
            many,
            "job lint-{at} {{ reads node_modules/; run make lint }}\n\
             job build-{at} {{ reads node_modules/; writes lib-{at}/{below}; run make }}\n\
             job test-{at} {{ reads lib-{at}/; matrix node: 20, 22; run make test }}\n\
             job e2e-{at} {{ needs test-{at}; when branch('main'); run make e2e }}\n"
        )
        .unwrap();
    }
    many += "job release { needs *; environment production; when branch('main'); run make release }\n";
    let made = compiled("ci.pipe", &many);
    assert!(made.yaml.is_some(), "{:#?}", said(&made));
    let many = Graph::of(&made.plan);
    assert_eq!(many.nodes.len(), 40);
    settings.bind(|| {
        insta::assert_snapshot!("web-app", text(&tree::render(&web, &wide)));
        insta::assert_snapshot!("web-app-mermaid", mermaid::render(&web));
        insta::assert_snapshot!("web-app-dot", dot::render(&web, "ci.pipe"));
        insta::assert_snapshot!("monorepo", text(&tree::render(&repository, &wide)));
        insta::assert_snapshot!("monorepo-ascii", text(&tree::render(&repository, &Options { unicode: false, ..wide })));
        insta::assert_snapshot!("forty", text(&tree::render(&many, &wide)));
        insta::assert_snapshot!("forty-narrow", text(&tree::render(&many, &Options { width: 40, ..wide })));
    });
}
