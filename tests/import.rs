//! Workflows in YAML become specs that mean the same, and what is wrong with them is said at its place in the YAML.
//!
//! A case in `cases/import` whose name begins with codes gives these errors and no others; all others become the spec that their snapshot shows.
//! `cargo test --test promises import::table -- --nocapture` prints what becomes of the workflows of `../shared/corpus`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use pipelay::diagnostics::render::{Format, Options, Report, render};
use pipelay::diagnostics::{Severity, has_errors};
use pipelay::facts::Facts;
use pipelay::import::{Import, difference, import};
use pipelay::workflow::yaml;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::shared::{files, oracle, shared, shared_files, tool};

fn imported(path: &Path) -> (String, Import) {
    let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let import = import(&name, &text, ".github/workflows/x.pipe", &Facts::default());
    (text, import)
}

fn said(import: &Import) -> String {
    render(&[Report { diags: &import.diags, sources: &import.sources }], Format::Human, &Options::default())
}

fn codes(import: &Import, errors: bool) -> BTreeSet<String> {
    let diags = import.diags.iter().filter(|diag| !errors || diag.severity() == Severity::Error);
    diags.map(|diag| diag.code.id.to_owned()).collect()
}

#[test]
fn every_case_becomes_what_its_snapshot_shows() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/import");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut faults = Vec::new();
    settings.bind(|| {
        insta::glob!("cases/import", "*.yml", |path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let wanted: BTreeSet<String> = name
                .split('_')
                .take_while(|part| part.len() == 5 && part[1..].bytes().all(|byte| byte.is_ascii_digit()))
                .map(str::to_owned)
                .collect();
            let (_, import) = imported(path);
            let given = codes(&import, !wanted.iter().any(|code| code.starts_with('W')));
            if given != wanted && (!wanted.is_empty() || has_errors(&import.diags)) {
                faults.push(format!("{name}: {given:?}\n{}", said(&import)));
            }
            insta::assert_snapshot!("import", format!("{}{}", import.spec.clone().unwrap_or_default(), said(&import)));
        });
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// All keys of a document, and those whose values are the author's own names left out.
fn keys(node: &yaml::Node, into: &mut BTreeSet<String>) {
    match &node.kind {
        yaml::Kind::Map(map) => {
            for (key, value) in map {
                into.insert(key.clone());
                keys(value, into);
            }
        }
        yaml::Kind::Seq(items) => items.iter().for_each(|item| keys(item, into)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_schema_has_a_spelling_of_its_own() {
    let mut used = BTreeSet::new();
    for path in files("tests/cases/import", "yml") {
        let (text, import) = imported(&path);
        let Some(spec) = &import.spec else { continue };
        assert!(!spec.lines().any(|line| line.trim_start().starts_with("raw ")), "{spec}");
        // Surrogate pairs are beyond this reader, and within ours.
        let Ok(read) = yaml::parse(&text) else { continue };
        keys(&read, &mut used);
    }
    let Some(schema) = shared("corpus/workflow-v1.0.json") else { return };
    let schema: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(schema).unwrap()).unwrap();
    let mut missing = BTreeSet::new();
    for (name, definition) in schema["definitions"].as_object().unwrap() {
        // What an event may say is the same for many of them, and so are the scopes of a token.
        if name.starts_with("on-")
            || name == "on"
            || name.contains("permission")
            || name.contains("event")
            || name.ends_with("-mapping-strict")
        {
            continue;
        }
        let Some(properties) = definition["mapping"]["properties"].as_object() else { continue };
        missing.extend(properties.keys().filter(|key| !used.contains(*key)).map(|key| format!("{name}.{key}")));
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// Whether something is said that is more than advice.
fn has_faults(import: &Import) -> bool {
    import.diags.iter().any(|diag| diag.severity() != Severity::Remark)
}

#[test]
fn good_workflows_come_over_and_bad_ones_are_told() {
    for path in shared_files("judge/cases/good", "yml") {
        let (_, import) = imported(&path);
        assert!(import.spec.is_some() && !has_faults(&import), "{}: {}", path.display(), said(&import));
    }
    // Faults that are not of the workflow alone: a script, and a workflow of another file.
    let elsewhere = ["b44", "b87"];
    for path in shared_files("judge/cases/bad", "yml") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let (_, import) = imported(&path);
        assert_eq!(!has_faults(&import), elsewhere.contains(&&name[..3]), "{name}: {}", said(&import));
    }
}

#[test]
fn large_files_are_taken_or_told_in_bounded_time() {
    const SIZE: usize = 500_000;
    let of = |head: &str, part: &dyn Fn(usize) -> String| {
        let mut text = head.to_owned();
        for index in 0.. {
            text += &part(index);
            if text.len() >= SIZE {
                return text;
            }
        }
        text
    };
    let steps = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n";
    let axis = "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{ run: x }]\n    strategy:\n      matrix:\n";
    let many: String = (0..60_000).map(|at| format!("{at}, ")).collect();
    let texts = [
        (
            "jobs",
            "W0504",
            of("on: push\njobs:\n", &|at| format!("  j{at}:\n    runs-on: x\n    steps: [{{ run: a }}, {{ run: b }}]\n")),
        ),
        ("a script", "E0502", of(&format!("{steps}    - run: |\n"), &|_| "        echo ${{ github.sha }}\n".to_owned())),
        (
            "one line",
            "W0504",
            of("{on: push, jobs: {a: {runs-on: x, steps: [{run: x}", &|_| ", {uses: a/b@v1, with: {c: d}}".to_owned()) + "]}}}",
        ),
        ("comments", "", of("", &|_| "# words\n".to_owned()) + steps + "    - run: x\n"),
        ("brackets", "E0506", of("on: ", &|_| "[".to_owned())),
        ("a bomb", "E0506", of(&format!("{axis}        x: &x [{many}a]\n"), &|at| format!("        y{at}: *x\n"))),
    ];
    for (what, code, text) in texts {
        let start = std::time::Instant::now();
        let import = import("x.yml", &text, "x.pipe", &Facts::default());
        // Milliseconds each; what grows with the square of the size takes minutes.
        assert!(start.elapsed().as_secs() < 60, "{what}: {:?}", start.elapsed());
        let told = codes(&import, false);
        assert!(if code.is_empty() { told.is_empty() } else { told.contains(code) }, "{what}: {told:?}");
        assert_eq!(import.spec.is_some(), !code.starts_with('E'), "{what}: {told:?}");
    }
}

/// What GitHub's own parser and a YAML loader that is not ours say of every workflow and of what is emitted for it: they share nothing with
/// `src/import/compare.rs`. A minute on two cores, a third of it theirs; without the parser or `../shared` less is compared.
#[test]
fn others_see_no_difference() {
    if tool("node_modules/@actions/workflow-parser").is_none() {
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("others");
    drop(std::fs::remove_dir_all(&folder));
    ["original", "emitted"].iter().for_each(|side| std::fs::create_dir_all(folder.join(side)).unwrap());
    let mut paths = files("tests/cases/import", "yml");
    for (from, extension) in ["workflows", "older"].iter().flat_map(|from| [(from, "yml"), (from, "yaml")]) {
        paths.extend(shared_files(&format!("corpus/{from}"), extension));
    }
    for path in paths {
        let (text, import) = imported(&path);
        let Some(text_of_spec) = import.spec else { continue };
        let spec = pipelay::Spec { path: ".github/workflows/x.pipe".to_owned(), text: text_of_spec };
        let emitted = pipelay::compile(&spec, &Facts::default()).yaml.unwrap();
        let name = path.file_name().unwrap();
        std::fs::write(folder.join("original").join(name), text).unwrap();
        std::fs::write(folder.join("emitted").join(name), emitted).unwrap();
    }
    let mut command = std::process::Command::new("node");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/compare.mjs")).arg(&folder).env("ORACLE_HOME", oracle());
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    eprint!("{}", text(&output.stderr));
    assert!(output.status.success() && output.stdout.is_empty(), "{}{}", text(&output.stdout), text(&output.stderr));
}

fn lines(text: &str) -> f64 {
    text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with('#')).map(|_| 1.0).sum()
}

#[test]
fn table() {
    // What GitHub's own parser refuses, too: expressions for all of `env`, tags of `create`, a merge key, no YAML.
    let refused: [(&str, &str); 6] = [
        ("ansible__ansible-lint__ae9e552b__tox-linters.yml", "E0508"),
        ("ansible__ansible-lint__tox-linters.yml", "E0508"),
        ("astral-sh__ruff__235a4907__ruff.yaml", "E0302"),
        ("astral-sh__ruff__d7f51f2d__flake8-to-ruff.yaml", "E0302"),
        ("astral-sh__ruff__38904a9f__release.yaml", "E0506"),
        ("cli__cli__056cfe9a__lint.yml", "E0506"),
    ];
    eprintln!(
        "| files of | imported, equal | refused | median of lines, spec to YAML | warnings |\n| --- | --- | --- | --- | --- |"
    );
    for folder in ["workflows", "older"] {
        let mut paths = shared_files(&format!("corpus/{folder}"), "yml");
        paths.extend(shared_files(&format!("corpus/{folder}"), "yaml"));
        let (mut equal, mut failed, mut ratios, mut warnings) = (0, Vec::new(), Vec::new(), BTreeMap::new());
        for path in &paths {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let (text, import) = imported(path);
            for code in codes(&import, false) {
                *warnings.entry(code).or_insert(0) += 1;
            }
            match (&import.spec, refused.iter().find(|(known, _)| *known == name)) {
                (Some(spec), _) => {
                    equal += 1;
                    if lines(&text) >= 8.0 {
                        ratios.push(lines(spec) / lines(&text));
                    }
                }
                (None, Some((_, code))) if codes(&import, true) == BTreeSet::from([(*code).to_owned()]) => failed.push(name),
                (None, _) => panic!("{name}: {}", said(&import)),
            }
        }
        ratios.sort_by(f64::total_cmp);
        let median = ratios.get(ratios.len() / 2).copied().unwrap_or(0.0);
        eprintln!("| {folder} | {equal} | {} | {median:.2} | {warnings:?} |", failed.len());
        assert!(median <= 0.75, "{median}");
    }
}

#[test]
fn only_what_github_reads_alike_is_equal() {
    let job = |rest: &str| format!("on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{{ run: make }}]\n{rest}");
    let step = |step: &str| format!("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: make\n{step}");
    let equal = [
        ("on: push\njobs: {}".to_owned(), "on: [push]\njobs: {}".to_owned()),
        ("on: push\njobs: {}".to_owned(), "on:\n  push:\njobs: {}".to_owned()),
        (job("    needs: b"), job("    needs: [b]")),
        (job("    needs: [b, c]"), job("    needs: [c, b]")),
        (job("    if: a == b"), job("    if: ${{ a==b }}")),
        (job("    if: x-${{ github.ref }}"), job("    if: format('x-{0}', github.ref)")),
        (job("    env:"), job("")),
        (job("    env: { A: 1 }"), job("    env: { A: '1' }")),
        (job("    environment: x"), job("    environment: { name: x }")),
        (job("    container: x"), job("    container: { image: x }")),
        (job("    concurrency: x"), job("    concurrency: { group: x, cancel-in-progress: false }")),
        (step("        continue-on-error: false"), step("")),
        (step("      - run: |\n          a"), step("      - run: a")),
    ];
    for (left, right) in &equal {
        assert_eq!(difference(&yaml::parse(left).unwrap(), &yaml::parse(right).unwrap()), None, "{left}\n{right}");
    }
    let different = [
        ("on: push\njobs: {}".to_owned(), "on: [push, pull_request]\njobs: {}".to_owned(), "on.pull_request"),
        (job("    needs: b"), job(""), "jobs.a.needs"),
        (job("    if: a == b"), job("    if: a != b"), "jobs.a.if"),
        (job("    if: always()"), job(""), "jobs.a.if"),
        (job("    env: { A: 1 }"), job("    env: { a: 1 }"), "jobs.a.env.A"),
        (job("    env: { A: 1 }"), job("    env: { A: 2 }"), "jobs.a.env.A"),
        (job("    permissions: {}"), job(""), "jobs.a.permissions"),
        (job("    permissions: read-all"), job("    permissions: write-all"), "jobs.a.permissions"),
        (
            job("    strategy: { matrix: { a: [1] } }"),
            job("    strategy: { matrix: { a: ['1'] } }"),
            "jobs.a.strategy.matrix.a.0",
        ),
        (
            job("    strategy: { matrix: { a: [1, 2] } }"),
            job("    strategy: { matrix: { a: [2, 1] } }"),
            "jobs.a.strategy.matrix.a.0",
        ),
        (
            job("    concurrency: x"),
            job("    concurrency: { group: x, cancel-in-progress: true }"),
            "jobs.a.concurrency.cancel-in-progress",
        ),
        (job("    timeout-minutes: 5"), job("    timeout-minutes: 6"), "jobs.a.timeout-minutes"),
        (step("        continue-on-error: true"), step(""), "jobs.a.steps.0.continue-on-error"),
        (step("        shell: sh"), step(""), "jobs.a.steps.0.shell"),
        (step("      - run: a"), step(""), "jobs.a.steps"),
        (step("      - run: 'a '"), step("      - run: a"), "jobs.a.steps.1.run"),
        (
            step("      - uses: a/b@v1\n        with: { x: ' y' }"),
            step("      - uses: a/b@v1\n        with: { x: y }"),
            "jobs.a.steps.1.with.x",
        ),
        (step("      - run: \"a\\n\\n  b\""), step("      - run: \"a\\n  b\""), "jobs.a.steps.1.run"),
    ];
    for (left, right, path) in &different {
        let found = difference(&yaml::parse(left).unwrap(), &yaml::parse(right).unwrap());
        assert_eq!(found.map(|found| found.path.join(".")), Some((*path).to_owned()), "{left}\n{right}");
    }
}

/// A workflow with these texts wherever texts of the author's stand.
fn workflow(texts: &[String]) -> String {
    let quoted = |at: usize| serde_json::to_string(&texts[at % texts.len()]).unwrap();
    format!(
        "name: {}\non:\n  push: {{ branches: [{}] }}\nenv: {{ A: {}, B: {} }}\njobs:\n  a:\n    name: {}\n    runs-on: {}\n    \
         strategy: {{ matrix: {{ x: [{}, {}], y: [a] }} }}\n    steps:\n    - run: {}\n      name: {}\n    - uses: a/b@v1\n      with: {{ c: {}, d: {} }}\n",
        quoted(0),
        quoted(1),
        quoted(2),
        quoted(3),
        quoted(4),
        quoted(5),
        quoted(6),
        quoted(7),
        quoted(8),
        quoted(9),
        quoted(10),
        quoted(11)
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_texts_come_over(texts in proptest::collection::vec("[a-z0-9 '\"#:,;%{}\\[\\]\\\\\n\t>|&*!@-]{1,12}", 12)) {
        let text = workflow(&texts);
        let import = import("x.yml", &text, "x.pipe", &Facts::default());
        // A script of which every line is indented has no spelling, and that is said.
        let lost = import.diags.iter().any(|diag| diag.code.id.starts_with("E01") || diag.code.id == "E0510" || diag.code.id.starts_with("E02"));
        prop_assert!(!lost, "{}\n{text}", said(&import));
    }

    #[test]
    fn any_bytes_are_told(text in "[a-z:\\[\\]{}\n #\"'|>&*-]{0,80}") {
        let import = import("x.yml", &text, "x.pipe", &Facts::default());
        prop_assert!(import.spec.is_some() || has_errors(&import.diags), "{text}");
    }
}
