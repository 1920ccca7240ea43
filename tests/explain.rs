//! Every line of a workflow has a home: a line of a spec, a definition of the library, a pass, or a default that is named.

use std::fmt::Write as _;
use std::path::PathBuf;

use pipelay::Compilation;
use pipelay::explain::{Line, line};
use pipelay::workflow::paths::Paths;

use crate::compile::compiled;
use crate::random::Random;
use crate::shared::{files, spec};
use crate::{graph, interpret};

/// Everything that compiles: examples, cases, and some by chance.
fn all() -> Vec<(PathBuf, Compilation)> {
    let paths = files("examples", "pipe").into_iter().chain(files("tests/cases/compile", "pipe"));
    let made = paths.map(|path| {
        let (spec, facts) = spec(&path);
        (path, pipelay::compile(&spec, &facts))
    });
    let random = (0..40).map(|seed| {
        let mut random = Random(seed);
        let text = if seed % 4 == 0 { graph::random_spec(&mut random, 6) } else { interpret::spec(&mut random) };
        (PathBuf::from(format!("random {seed}")), compiled("ci.pipe", &text))
    });
    made.chain(random).filter(|(_, made)| made.yaml.is_some()).collect()
}

fn is_library(file: &str) -> bool {
    file.starts_with("std/")
}

#[test]
fn every_line_has_a_home() {
    let (mut lines, mut homeless) = (0, Vec::new());
    for (path, made) in all() {
        let yaml = made.yaml.as_ref().unwrap();
        assert_eq!(Paths::of(&made.workflow).text, *yaml, "{}", path.display());
        for (number, text) in yaml.lines().enumerate() {
            let found = line(&made, number, None).unwrap();
            assert_eq!(found.text, text);
            lines += 1;
            let home = &found.home;
            let in_spec = home.places.iter().any(|label| made.sources.find(label.span).is_some_and(|it| !is_library(it.name())));
            let at_all = home.places.iter().all(|label| made.sources.find(label.span).is_some() && !label.text.is_empty());
            // Above the jobs a pass or a default may be all that there is; below them there is always a place.
            let below_jobs = found.path.starts_with("jobs.") || found.path.starts_with("jobs[");
            let told = if below_jobs { in_spec } else { in_spec || !home.reasons.is_empty() };
            // Without a key are the header and what is blank, and nothing else.
            assert_eq!(found.path.is_empty(), text.is_empty() || number < made.workflow.header.len(), "{text}");
            if !told || !at_all {
                homeless.push(format!("{}:{}: {} `{text}`: {home:?}", path.display(), number + 1, found.path));
            }
        }
        assert_eq!(line(&made, yaml.lines().count(), None), None);
    }
    assert!(lines > 3000, "{lines}");
    assert!(homeless.is_empty(), "{} of {lines}, such as:\n{}", homeless.len(), homeless[..homeless.len().min(20)].join("\n"));
}

/// A use of a toolchain that says what another said is worked out once, and each still leads to its own words.
#[test]
fn toolchains_of_one_kind_lead_to_their_own_uses() {
    let spec = "on push\ntemplate tested(name) {\n  job %{name} {\n    toolchain node 22\n    run npm test\n  }\n}\n\
                job a {\n  toolchain node 22\n  run npm test\n}\ntested(b)\njob c {\n  toolchain node { version: 22 }\n  run npm test\n}\n";
    let made = compiled("ci.pipe", spec);
    let yaml = made.yaml.as_ref().unwrap();
    let mut uses: Vec<Vec<String>> = Vec::new();
    for (number, _) in yaml.lines().enumerate().filter(|(_, text)| text.contains("node-version: 22")) {
        let home = line(&made, number, None).unwrap().home;
        let places = home.places.iter().filter_map(|label| {
            let source = made.sources.find(label.span).filter(|source| !is_library(source.name()))?;
            let (line, column) = source.line_column(label.span.start);
            Some(format!("{line}:{column} {}", made.sources.slice(label.span).lines().next().unwrap_or_default()))
        });
        uses.push(places.collect());
    }
    let own = [
        vec!["9:3 toolchain node 22", "8:5 a"],
        vec!["4:5 toolchain node 22", "12:1 tested(b)", "3:7 %{name}"],
        vec!["14:3 toolchain node { version: 22 }", "13:5 c"],
    ];
    assert_eq!(uses, own);
}

/// A line of a script of the author's leads to that line, and to no other.
#[test]
fn lines_of_scripts_lead_to_themselves() {
    let (mut exact, mut all_lines) = (0, 0);
    for (_, made) in all() {
        let yaml = made.yaml.clone().unwrap();
        for (number, text) in yaml.lines().enumerate() {
            let found = line(&made, number, None).unwrap();
            let is_script =
                found.path.ends_with("].run") && !text.trim().is_empty() && !text.trim_end().ends_with(['|', '>', '-', '+']);
            let Some(first) = found.home.places.first().filter(|label| is_script && label.text == "the command") else {
                continue;
            };
            let command = text.trim_start().trim_start_matches("- ").trim_start_matches("run: ");
            all_lines += 1;
            exact += usize::from(made.sources.slice(first.span).trim() == command.trim());
        }
    }
    // The others were filled in, moved to variables, folded or quoted.
    eprintln!("lines of scripts that stand in a spec as they are: {exact} of {all_lines}");
    assert!(all_lines > 150 && exact * 10 > all_lines * 7, "{exact} of {all_lines}");
}

/// A line as text: the keys, why, and the places with what stands there.
fn told(made: &Compilation, found: &Line) -> String {
    let mut out = format!("{}\n  {}\n", found.text.trim_start(), if found.path.is_empty() { "(no key)" } else { &found.path });
    for reason in &found.home.reasons {
        writeln!(out, "  {}{}", reason.pass.map(|pass| format!("{pass}: ")).unwrap_or_default(), reason.text).unwrap();
    }
    for label in &found.home.places {
        let first = made.sources.slice(label.span).lines().next().unwrap_or_default();
        writeln!(out, "  {} `{first}`: {}", made.sources.place(label.span), label.text).unwrap();
    }
    out
}

const SPEC: &str = r#"# Files: package.json, package-lock.json
workflow "Shop"

on push to main
on pull_request { types: [opened, synchronize] }
on workflow_dispatch {
  input version: string "Which"
}

env { CI_MODE: full }
runner ubuntu-24.04
runners { big: ubuntu-latest-16-cores }

toolchain node 24

let flags = "--strict"

template checked(part) {
  run """
  npm run lint -- %{part}
  npm run types %{flags}
  """
}

job lint {
  permissions { contents: read, checks: write }
  checked(core)
}

job build "Build it" {
  runner big
  timeout 15m
  writes dist/
  env { TITLE: ${{ github.event.pull_request.title }} }
  run npm run build
  run echo "${{ github.event.pull_request.title }}"
  keep report.html for 7d
}

job test {
  reads dist/
  matrix {
    os: [linux, mac]
    include: [{ os: bsd, slow: true }]
  }
  service postgres 15 { env: { POSTGRES_DB: shop } }
  may-fail
  run ./test ${{ matrix.os }}
}

job deploy {
  needs lint, test
  when branch('main')
  environment production { url: https://shop.example }
  locks production
  reads dist/
  step push "Push it" when !cancelled() {
    env { TARGET: main }
    run ./deploy
  }
}
"#;

#[test]
fn lines_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.pipe");
    std::fs::write(&path, SPEC).unwrap();
    let (spec, facts) = spec(&path);
    let made = pipelay::compile(&spec, &facts);
    let yaml = made.yaml.as_ref().unwrap_or_else(|| panic!("{:#?}", crate::compile::said(&made)));
    // The first line that holds each of these, behind the one before.
    let wanted = [
        "# Generated",
        "name: Shop",
        "types:",
        "version:",
        "permissions:",
        "CI_MODE:",
        "group:",
        "cancel-in-progress:",
        "lint:",
        "runs-on:",
        "timeout-minutes:",
        "checks: write",
        "actions/checkout@",
        "persist-credentials:",
        "node-version:",
        "continue-on-error: true",
        "key:",
        "npm ci",
        "npm run types",
        "cache-hit",
        "name: Build it",
        "runs-on:",
        "timeout-minutes:",
        "TITLE:",
        "npm run build",
        "EVENT_PULL_REQUEST_TITLE:",
        "echo",
        "Pack",
        "tar -cf",
        "name: build",
        "overwrite:",
        "retention-days: 7",
        "needs:",
        "continue-on-error: true",
        "os: [linux",
        "slow: true",
        "image: postgres",
        "POSTGRES_DB",
        "options:",
        "Unpack",
        "./test",
        "deploy:",
        "needs: [",
        "if:",
        "environment:",
        "url:",
        "group: production",
        "cancel-in-progress:",
        "name: Push it",
        "id: push",
        "if:",
        "TARGET:",
        "./deploy",
        "gate:",
        "needs:",
        "if: always()",
        "runs-on:",
        "permissions: {}",
        "RESULTS",
        "deploy ${{ needs",
        "run: |",
        "status=0",
    ];
    let (mut at, mut text, mut missing) = (0, String::new(), Vec::new());
    let lines: Vec<&str> = yaml.lines().collect();
    for wanted in wanted {
        let Some(found) = (at..lines.len()).find(|&number| lines[number].contains(wanted)) else {
            missing.push(wanted);
            continue;
        };
        at = found + 1;
        text += &(told(&made, &line(&made, found, None).unwrap()) + "\n");
    }
    assert!(missing.is_empty(), "{missing:?}\n{yaml}");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/explain");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!("lines", text);
        let jobs = ["build", "deploy", "gate"].map(|job| pipelay::explain::job(&made, job).unwrap());
        insta::assert_snapshot!("jobs", jobs.join("\n"));
    });
}

#[test]
fn a_column_tells_the_items_of_a_list_apart() {
    let made = compiled("ci.pipe", "on push\njob a: make\njob b: make\njob c { needs a, b; run make }\n");
    let yaml = made.yaml.as_ref().unwrap();
    let number = yaml.lines().position(|line| line.contains("needs: [a, b]")).unwrap();
    let of = |column: Option<usize>| {
        let found = line(&made, number, column).unwrap();
        let first = found.home.places.first().map(|label| made.sources.slice(label.span).to_owned());
        (found.path, first.unwrap())
    };
    assert_eq!(of(None), ("jobs.c.needs".to_owned(), "a".to_owned()));
    assert_eq!(of(Some(13)), ("jobs.c.needs[0]".to_owned(), "a".to_owned()));
    assert_eq!(of(Some(16)), ("jobs.c.needs[1]".to_owned(), "b".to_owned()));
}

/// A job that several became, and the parts of one, are told as theirs, and not as the gate, which is the other job that nobody wrote.
#[test]
fn what_runs_elsewhere_than_it_was_written_is_told_of_the_author_s_jobs() {
    let shared = "optimize cost { gate off }\njob lint { takes 9s; run npm run lint }\njob docs { takes 9s; run npm test }\n";
    let apart =
        "optimize time { gate off }\njob checks {\n  step { takes 5m; run npm run lint }\n  step { takes 5m; run npm test }\n}\n";
    for (spec, job, members) in [(shared, "lint-docs", vec!["lint", "docs"]), (apart, "checks-npm-test", vec!["checks"])] {
        let made = compiled("ci.pipe", &format!("on push\n{spec}"));
        let yaml = made.yaml.as_ref().unwrap();
        let begin = yaml.lines().position(|line| line == format!("  {job}:")).unwrap_or_else(|| panic!("{yaml}"));
        let of = |start: &str| {
            let number = yaml.lines().skip(begin).position(|line| line.trim_start().starts_with(start)).unwrap() + begin;
            line(&made, number, None).unwrap().home
        };
        let places = |start: &str| of(start).places.iter().map(|it| made.sources.slice(it.span).to_owned()).collect::<Vec<_>>();
        let passes = |start: &str| of(start).reasons.iter().filter_map(|reason| reason.pass).collect::<Vec<_>>();
        assert_eq!(places("runs-on:"), members, "{spec}");
        assert_eq!((passes("name:"), passes("timeout-minutes:")), (vec!["place"], vec!["bound"]), "{spec}");
        assert!(passes(&format!("{job}:")).contains(&"place"), "{spec}");
        for member in members {
            let told = pipelay::explain::job(&made, member).unwrap();
            assert!(told.contains(&format!("## {job}, ")) && !told.contains("look at results"), "{told}");
        }
    }
}

/// Rights that a job has of its own are told, and not those that the others have.
#[test]
fn rights_of_the_file_are_told_of_those_that_have_them() {
    let spec = "on push\njob a: make\njob b {\n  permissions { contents: write }\n  run make\n}\n";
    let made = compiled("ci.pipe", spec);
    let told = |job: &str| pipelay::explain::job(&made, job).unwrap();
    let of_file = "lets the token only read";
    assert!(told("a").contains(of_file) && !told("b").contains(of_file), "{}", told("b"));
}

/// What the gate makes of a job that may always be skipped is told as it is.
#[test]
fn a_job_that_may_always_be_skipped_is_told() {
    let made = compiled("ci.pipe", "on push\njob a: make\njob b { needs a; when failure() && event('schedule'); run make }\n");
    let told = pipelay::explain::job(&made, "b").unwrap();
    assert!(made.yaml.unwrap().contains("b ${{ needs.b.result }} true\n"));
    assert!(told.contains("`gate` fails where it fails or is cancelled\n"), "{told}");
}

/// A gate that is not reported to every pull request is no check to require without a word.
#[test]
fn a_gate_behind_filters_is_told() {
    let told = |on: &str| {
        let made = compiled("ci.pipe", &format!("{on}\njob a: make\njob b {{ when branch('main'); run make }}\n"));
        let remarked = made.diags.iter().any(|diag| diag.code.id == "R0760");
        (pipelay::explain::job(&made, "gate").unwrap().contains("waits for ever"), remarked)
    };
    assert_eq!(told("on push to main\non pull_request { paths: [src/**] }"), (true, false), "nobody asked for it");
    assert_eq!(told("gate \"Tests\"\non pull_request { paths-ignore: [docs/**] }"), (true, true));
    assert_eq!(told("gate \"Tests\"\non push to main { paths: [src/**] }\non pull_request"), (false, false));
}

/// What keeps `runner auto` from the cheapest machine is told, so that the author can say that it works there.
#[test]
fn why_a_job_is_not_on_the_cheapest_machine_is_told() {
    let told = |runner: &str, body: &str| {
        let made = compiled("ci.pipe", &format!("on push\ntoolchain node 22\njob a {{\n  runner auto{runner}\n  {body}\n}}\n"));
        let all = pipelay::explain::job(&made, "a").unwrap();
        let line = all.lines().find_map(|line| line.split_once("does not run on `ubuntu-slim`; ").map(|(_, why)| why.to_owned()));
        line.unwrap_or_default()
    };
    let says = "`runner auto { slim: on }` would say that it works";
    assert_eq!(told("", "run npm run lint"), "");
    let browsers = "browsers need libraries that are not there";
    assert_eq!(told("", "run npx playwright test"), format!("`npx playwright test`: {browsers}; {says}"));
    assert_eq!(told("", "run ./check.sh"), format!("`./check.sh` is not known to work there; {says}"));
    assert_eq!(told(" { slim: on }", "run npx playwright test"), "");
    assert_eq!(told(" { slim: on }", "run docker build ."), "`docker build .` needs Docker");
    assert_eq!(told(" { slim: off }", "run npm run lint"), "`slim: off` says so");
    assert_eq!(told("", "service postgres 17\n  run npm run lint"), "it has services");
    assert_eq!(told("", "env { BROWSER: chrome }\n  run npm run lint"), format!("`BROWSER`: {browsers}"));
    assert_eq!(told(" { arch: arm64 }", "run npx playwright test"), "", "there is none");
}
