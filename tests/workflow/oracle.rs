//! What four independent YAML parsers make of our documents, two of them for YAML 1.1. They need not be installed.

use std::path::Path;
use std::process::Command;

use pipelay::workflow::yaml::{Gap, Kind, Node, print};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::strings::{any_string, document};
use crate::shared::{oracle, tool};

/// How many strings are tried; each stands in a third of the places that [`document`] has, all of them taking turns.
const STRINGS: usize = 4000;

const NODE: &str = r"
const { readFileSync } = require('fs'), { isDeepStrictEqual } = require('util');
const [home, text, truth] = process.argv.slice(1);
const load = require('module').createRequire(home + '/package.json');
const source = readFileSync(text, 'utf8'), wanted = JSON.parse(readFileSync(truth, 'utf8'));
const yaml = load('yaml'), jsyaml = load('js-yaml');
const parsers = {
  'yaml-1.2': () => { const d = yaml.parseDocument(source, { strict: true, version: '1.2' }); if (d.errors.length) throw d.errors[0]; return d.toJS({ maxAliasCount: -1 }); },
  'js-yaml': () => jsyaml.load(source),
};
for (const [name, parse] of Object.entries(parsers)) {
  try {
    const got = parse(), bad = wanted.docs.findIndex((w, i) => !isDeepStrictEqual(w, got.docs[i]));
    console.log(name, bad < 0 ? 'ok' : `differs: ${JSON.stringify(wanted.docs[bad])} read as ${JSON.stringify(got.docs[bad])}`);
  } catch (e) { console.log(name, 'fails: ' + e.message); }
}
";

const PYTHON: &str = r"
import json, sys, yaml, ruamel.yaml
source, wanted = open(sys.argv[1], encoding='utf-8', newline='').read(), json.load(open(sys.argv[2], encoding='utf-8'))
Loader = getattr(yaml, 'CSafeLoader', yaml.SafeLoader)
def ruamel_load(): return ruamel.yaml.YAML(typ='safe', pure=True).load(source)
parsers = {'pyyaml-1.1': lambda: yaml.load(source, yaml.SafeLoader), 'libyaml-1.1': lambda: yaml.load(source, Loader), 'ruamel-1.2': ruamel_load}
for name, parse in parsers.items():
    try:
        got = parse()
        bad = next((i for i, w in enumerate(wanted['docs']) if got['docs'][i] != w), None)
        print(name, 'ok' if bad is None else 'differs: %s read as %s' % (ascii(wanted['docs'][bad]), ascii(got['docs'][bad])))
    except Exception as e:
        print(name, 'fails:', ascii(str(e)))
";

#[test]
fn independent_parsers_agree_on_any_string() {
    let (Some(_), Some(_)) = (tool("node_modules/yaml"), tool("venv/bin/python")) else { return };
    let home = oracle();
    let mut runner = TestRunner::deterministic();
    let strings = (0..STRINGS).map(|_| any_string().new_tree(&mut runner).expect("a string").current());
    let docs = strings.enumerate().map(|(turn, text)| match document(&text).kind {
        Kind::Map(map) => {
            Node::map(map.into_iter().enumerate().filter(|(place, _)| place % 3 == turn % 3).map(|(_, entry)| entry))
        }
        kind => Node::new(kind),
    });
    let docs = Node::seq(docs).gap(Gap::All);
    let root = Node::map([("on".to_owned(), Node::str("push")), ("docs".to_owned(), docs)]);
    let folder = std::env::temp_dir().join(format!("pipelay-oracle-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("folder");
    let (text, truth) = (folder.join("text.yml"), folder.join("truth.json"));
    std::fs::write(&text, print(&[], &root).text).expect("write");
    std::fs::write(&truth, value(&root).to_string()).expect("write");
    let node = run(Command::new("node").args(["-e", NODE]).arg(&home).args([&text, &truth]));
    let python = run(Command::new(home.join("venv/bin/python")).args(["-c", PYTHON]).args([&text, &truth]));
    let said = format!("{node}{python}");
    eprintln!("{STRINGS} strings:\n{said}");
    let bad: Vec<_> = said.lines().filter(|line| !line.ends_with(" ok")).collect();
    assert!(said.lines().count() >= 5 && bad.is_empty(), "in {}:\n{}", Path::new(&folder).display(), bad.join("\n"));
    std::fs::remove_dir_all(&folder).expect("remove");
}

fn run(command: &mut Command) -> String {
    let output = command.output().expect("a process");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => json!(value),
        Kind::Num(text) => serde_json::from_str(text).expect("a number"),
        Kind::Str(text) => json!(text),
        Kind::Seq(items) => items.iter().map(value).collect(),
        Kind::Map(map) => Value::Object(map.iter().map(|(key, item)| (key.clone(), value(item))).collect()),
    }
}
