//! Every message keeps its word: its page says what it is, the bad example gives it, the good one does not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pipelay::diagnostics::{ALL, Code, Severity};
use pipelay::facts::Facts;
use pipelay::{Compilation, Spec, compile};

use crate::compile::{said, said_but_pins};

/// Pages without a bad example that compiles, and why. They show text, or nothing.
const WITHOUT_BAD: &[(&str, &str)] = &[
    ("E0107", "a page cannot hold bytes that are no UTF-8"),
    ("E0108", "about reading files"),
    ("E0109", "needs 16 MiB"),
    ("E0110", "needs a hundred faults"),
    ("E0346", "about a file beside the spec"),
    ("E0351", "about a server"),
    ("E0502", "needs 21,000 characters"),
    ("E0503", "what the language allows is caught before, by E0212"),
    ("W0504", "needs 500 KB"),
    ("E0505", "needs 26 inputs"),
    ("E0506", "about YAML that is read"),
    ("E0507", "about YAML that is read"),
    ("E0508", "about YAML that is read"),
    ("E0509", "about YAML that is read"),
    ("E0510", "about YAML that is read"),
    ("W0511", "about YAML that is read"),
    ("W0512", "about YAML that is read"),
    ("R0711", "about the committed workflow"),
    ("E0712", "about another file"),
    ("E0713", "about another file"),
    ("R0714", "about the committed workflow"),
    ("E0715", "about a server"),
    ("E0716", "about a server"),
    ("E0717", "about a server"),
    ("W0718", "about a server"),
    ("W0719", "about another file"),
    ("E0738", "about a server"),
    ("R0749", "about several files"),
    ("E0740", "about another program"),
    ("E0742", "about another file"),
    ("E0801", "about files"),
    ("E0802", "about files"),
    ("E0803", "about files"),
    ("E0804", "about files"),
    ("E0805", "about files"),
    ("E0806", "about files"),
    ("E0820", "about files"),
    ("E0821", "about a repository"),
    ("E0822", "about a command"),
];

/// What pages and cases use of the repository.
const OF_THE_REPOSITORY: &[(&str, &str)] = &[
    (
        "tools/setup/action.yml",
        "name: Setup\ninputs:\n  version: { required: true }\n  cache: { required: true, default: auto }\noutputs:\n  path: { value: x }\n\
         runs: { using: composite, steps: [] }\n",
    ),
    (
        "tools/say/action.yml",
        "inputs:\n  title: { required: true }\n  by: { default: x }\nruns:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.title }} \"$BY\"\n      \
         shell: bash\n      env: { BY: '${{ inputs.by }}' }\n",
    ),
    (
        ".github/workflows/say.yml",
        "on:\n  workflow_call:\n    inputs:\n      title: { type: string }\njobs:\n  say:\n    runs-on: ubuntu-latest\n    steps:\n      \
         - run: echo ${{ inputs.title }}\n",
    ),
    (
        ".github/workflows/publish.yml",
        "on:\n  workflow_call:\n    inputs:\n      tag: { type: string, required: true }\n      dry-run: { type: boolean, default: false }\n      \
         retries: { type: number }\n    secrets:\n      TOKEN: { required: true }\n    outputs:\n      url: { value: x }\njobs: {}\n",
    ),
    (
        ".github/workflows/test.yml",
        "on:\n  workflow_call:\n    inputs:\n      ref: { type: string }\n      name: { type: string }\njobs:\n  test:\n    runs-on: ubuntu-latest\n    \
         env: { REF: '${{ inputs.ref }}' }\n    steps:\n      - run: git clone https://github.com/o/r . && git checkout \"$REF\"\n      - run: make\n",
    ),
    (
        "tools/fetch/action.yml",
        "runs:\n  using: composite\n  steps:\n    - uses: actions/checkout@v5\n      with: { ref: '${{ github.event.pull_request.head.sha }}' }\n",
    ),
    ("ci/test.pipe", "on workflow_call { input ref: string }\njob a {\n  checkout { ref: ${{ inputs.ref }} }\n  run make\n}\n"),
    (".github/workflows/lint.yml", "on: [push, workflow_call]\njobs: {}\n"),
    (".github/workflows/nightly.yml", "on: { schedule: [cron: 0 0 * * *] }\njobs: {}\n"),
    (
        ".github/workflows/tag.yml",
        "on: workflow_call\npermissions: {}\njobs:\n  tag:\n    runs-on: ubuntu-latest\n    permissions: { contents: write }\n    steps:\n      \
         - run: make tag\n",
    ),
    ("ci/image.pipe", "on workflow_call\npermissions { contents: read, packages: write }\njob image: make image\n"),
    (
        "ci/release.pipe",
        "on workflow_call {\n  input tag: string\n  input dry-run: boolean = false\n  secret TOKEN\n  output sha: ${{ jobs.a.outputs.sha }}\n}\n\
         job a { outputs { sha: x }; run make }\n",
    ),
    (
        "ci/say.pipe",
        "on workflow_call { input title: string; input by: string }\njob a { run bash -c \"echo ${{ inputs.title }}\"; run echo \"${{ inputs.by }}\" }\n",
    ),
    ("ci/kept.pipe", "on workflow_call\njob b {\n  run make\n  keep logs/ as logs\n}\n"),
    (
        "ci/named.pipe",
        "on workflow_call { input region: string }\njob a {\n  run make\n  keep logs/ as logs-${{ inputs.region }}\n}\n",
    ),
    (
        "ci/handed.pipe",
        "on workflow_call { input region: string }\njob a { writes dist/; run make }\njob b { reads dist/; run make check }\n",
    ),
];

/// What a comment on the first line says of the repository: `# git tracks: a, b/c`, or `nothing`. Without it nothing is known.
pub(crate) fn facts(text: &str) -> Facts {
    let tracked = text.lines().next().and_then(|line| line.strip_prefix("# git tracks:")).map(|list| {
        let mut files: Vec<String> =
            list.split(',').map(|file| file.trim().to_owned()).filter(|file| file != "nothing").collect();
        files.sort();
        files
    });
    let common = "let registry = ghcr.io\ntemplate lint(tool) {\n  run npx %{tool} .\n}\n".to_owned();
    let jobs = "let registry = ghcr.io\njob extra: npm test\n".to_owned();
    let mut texts: BTreeMap<String, String> = [("common.pipe".to_owned(), common), ("jobs.pipe".to_owned(), jobs)].into();
    texts.extend(OF_THE_REPOSITORY.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    Facts { tracked, texts, ..Facts::default() }
}

/// Compiles a text with the facts that it asks for. Examples with jobs need not say when they run, where they are not about that.
pub(crate) fn compiled_with_facts(text: &str, about: &str) -> Compilation {
    let says = |word: &str| text.lines().any(|line| line.trim_start().starts_with(word));
    let silent = says("job ") && !says("on ") && !says("on:") && about != "E0311";
    let text = if silent { format!("{text}\n\n\n\non push\n") } else { text.to_owned() };
    let facts = facts(&text);
    compile(&Spec { path: "ci.pipe".to_owned(), text }, &facts)
}

/// The examples of a page under a heading.
fn examples<'a>(page: &'a str, heading: &str) -> Vec<&'a str> {
    let Some((_, section)) = page.split_once(&format!("\n## {heading}\n")) else { return Vec::new() };
    let section = section.split("\n## ").next().unwrap_or_default();
    section.split("```pipe\n").skip(1).filter_map(|block| block.split("\n```").next()).collect()
}

/// What is wrong with what a page says.
fn faults(code: &Code) -> String {
    let mut faults = String::new();
    let prose = code.page.trim_start().split("\n\n").next().unwrap_or_default();
    if prose.len() < 40 || !prose.ends_with(['.', ':']) || prose.starts_with(['#', '`', '-', '|']) && !prose.starts_with('`') {
        let _ = writeln!(faults, "no first paragraph: {prose:?}");
    }
    if code.title.starts_with(char::is_uppercase) || code.title.ends_with('.') {
        let _ = writeln!(faults, "title is a sentence: {}", code.title);
    }
    let excepted = WITHOUT_BAD.iter().any(|(id, _)| *id == code.id);
    let (bad, good) = (examples(code.page, "Bad"), examples(code.page, "Good"));
    if excepted != bad.is_empty() {
        let _ = writeln!(faults, "{} bad examples, and `WITHOUT_BAD` says otherwise", bad.len());
    }
    if !excepted && good.is_empty() {
        let _ = writeln!(faults, "no good example");
    }
    for text in bad {
        let made = compiled_with_facts(text, code.id);
        let has = made.diags.iter().any(|diag| diag.code == code);
        let other = made.diags.iter().any(|diag| diag.severity() == Severity::Error && diag.code != code);
        if !has || other {
            let _ = writeln!(faults, "the bad example gives {:#?}", said(&made));
        }
    }
    for text in good {
        let made = compiled_with_facts(text, code.id);
        let said = if ["W0710", "R0722"].contains(&code.id) { said(&made) } else { said_but_pins(&made) };
        if made.yaml.is_none() || !said.is_empty() {
            let _ = writeln!(faults, "the good example gives {said:#?}");
        }
    }
    faults
}

#[test]
fn pages_keep_their_word() {
    let all: Vec<String> = ALL
        .iter()
        .map(|code| (code.id, faults(code)))
        .filter(|(_, faults)| !faults.is_empty())
        .map(|(id, faults)| format!("{id}: {faults}"))
        .collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn exceptions_are_of_codes_that_exist() {
    let gone: Vec<_> = WITHOUT_BAD.iter().filter(|(id, _)| ALL.iter().all(|code| code.id != *id)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}
