//! First specs: what is seen in a repository, and what follows from it.
//!
//! A case is a file of `tests/cases/init`: a sentence, and behind `-- PATH --` the text of each file that git tracks. Its snapshot has what was said, the spec, and what
//! compiling it says.

use std::path::Path;

use pipelay::diagnostics::has_errors;
use pipelay::facts::Facts;
use pipelay::init::{Draft, draft, looked_at};
use pipelay::{Compilation, Spec, compile};

use crate::compile::said;
use crate::judged::{refused, validators};
use crate::shared::files;

/// The files of a case.
fn tracked(path: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines().skip(1) {
        match line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            Some(path) => files.push((path.to_owned(), String::new())),
            None => files.last_mut().expect("a file").1.extend([line, "\n"]),
        }
    }
    files
}

/// The facts of a repository with these files.
fn facts(files: &[(String, String)]) -> Facts {
    let mut tracked: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
    tracked.sort();
    let wanted = looked_at(&tracked);
    let texts = files.iter().filter(|(path, _)| wanted.contains(path)).cloned().collect();
    Facts { tracked: Some(tracked), texts, ..Facts::default() }
}

fn compiled(draft: &Draft, facts: &Facts) -> Compilation {
    let mut facts = facts.clone();
    facts.texts.clear();
    compile(&Spec { path: ".github/workflows/ci.pipe".to_owned(), text: draft.spec.clone() }, &facts)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_case_has_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/init");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for path in files("tests/cases/init", "files") {
        let facts = facts(&tracked(&path));
        let draft = draft(&facts, Some("main"));
        let made = compiled(&draft, &facts);
        assert!(!has_errors(&made.diags), "{}: {:#?}\n{}", path.display(), said(&made), draft.spec);
        let mut text = std::fs::read_to_string(&path).unwrap().lines().next().unwrap_or_default().to_owned() + "\n\n";
        text.extend(draft.saw.iter().map(|line| format!("Saw {line}\n")));
        text.extend(draft.jobs.iter().map(|(id, why)| format!("Job {id}: {why}\n")));
        text.extend(draft.left.iter().map(|line| format!("Left {line}\n")));
        text.extend(["----------\n", &draft.spec, "----------\n"]);
        text.extend(said(&made).iter().flat_map(|line| [line, "\n"]));
        settings.bind(|| insta::assert_snapshot!(stem(&path), text));
    }
}

#[test]
fn validators_find_nothing() {
    if !validators() {
        return;
    }
    let made = files("tests/cases/init", "files").into_iter().map(|path| {
        let facts = facts(&tracked(&path));
        (stem(&path), compiled(&draft(&facts, Some("main")), &facts).yaml.unwrap())
    });
    let wrong: Vec<String> =
        refused(&made.collect::<Vec<_>>()).into_iter().map(|(name, _, why)| format!("{name}: {why}")).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever is missing, cut off or beside it: the spec compiles, it is as the formatter leaves it, and it names jobs that are there.
#[test]
fn whatever_there_is_the_spec_compiles() {
    let holds = |name: &str, files: &[(String, String)]| {
        let facts = facts(files);
        let draft = draft(&facts, None);
        let made = compiled(&draft, &facts);
        assert!(!has_errors(&made.diags), "{name}: {:#?}\n{}", said(&made), draft.spec);
        let mut sources = pipelay::source::Sources::new();
        let index = sources.add("ci.pipe", draft.spec.as_str());
        assert_eq!(pipelay::syntax::format(sources.get(index)).value.as_deref(), Some(draft.spec.as_str()), "{name}");
        let jobs: Vec<&String> = made.hir.jobs.keys().collect();
        assert!(draft.jobs.iter().all(|(id, _)| jobs.contains(&id)), "{name}: {jobs:?}\n{:?}", draft.jobs);
    };
    let cases = files("tests/cases/init", "files");
    for (number, path) in cases.iter().enumerate() {
        let (name, whole) = (stem(path), tracked(path));
        for at in 0..whole.len() {
            let mut less = whole.clone();
            let (path, text) = less.remove(at);
            holds(&format!("{name} without {path}"), &less);
            let middle = text.floor_char_boundary(text.len() / 2);
            less.push((path.clone(), text[..middle].to_owned()));
            holds(&format!("{name} with half of {path}"), &less);
        }
        // Beside what the next case has.
        let mut both = whole;
        let other = tracked(&cases[(number + 1) % cases.len()]);
        both.extend(other.into_iter().filter(|(path, _)| !both.iter().any(|(there, _)| there == path)).collect::<Vec<_>>());
        holds(&format!("{name} and the next"), &both);
    }
}

/// A first spec, really run: its commands are there, and they are what the repository says.
#[test]
fn a_first_run_succeeds() {
    let Some(runner) = crate::run::Runner::new() else { return };
    let makefile = "lint:\n\t@echo linted\ntest: made\n\t@grep -q made made && echo tested\nmade:\n\t@echo made > made\n";
    let files = [("Makefile".to_owned(), makefile.to_owned())];
    for (path, text) in &files {
        runner.file(path, text);
    }
    let facts = facts(&files);
    let run = runner.run(&compiled(&draft(&facts, Some("main")), &facts).yaml.unwrap());
    for (job, says) in [("lint", "linted"), ("test", "tested")] {
        assert_eq!(run.results(job), ["success"], "{}", run.report);
        assert!(run.output(job).contains(says), "{}", run.report);
    }
}

/// Every script, target and task that a job runs is there.
#[test]
fn no_command_is_a_guess() {
    for path in files("tests/cases/init", "files") {
        let files = tracked(&path);
        let draft = draft(&facts(&files), None);
        let has = |word: &str| files.iter().any(|(_, text)| text.contains(word));
        let commands = |line: &&str| ["run ", "job "].iter().any(|start| line.trim_start().starts_with(start));
        for line in draft.spec.lines().filter(commands) {
            for start in
                ["npm run ", "pnpm run ", "pnpm --recursive run ", "yarn run ", "bun run ", "deno task ", "composer run-script "]
            {
                let Some(script) = line.split(start).nth(1).and_then(|rest| rest.split(' ').next()) else { continue };
                assert!(has(&format!("\"{script}\":")) || script.starts_with('-'), "{}: {line}", path.display());
            }
            for start in ["run make ", ": make ", "run just ", ": just "] {
                let Some(target) = line.split(start).nth(1) else { continue };
                assert!(has(&format!("\n{target}:")) || has(&format!("{target}:")), "{}: {line}", path.display());
            }
        }
    }
}
