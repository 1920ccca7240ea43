//! How much is printed, in which colours and how wide, of every verb; on a terminal too, where `script` can make one.

use super::lock::{sandbox as served, serve, spec as using};
use super::sandbox::{Run, Sandbox};

const CI: &str = ".github/workflows/ci.pipe";

/// Every verb, as it is mostly given.
const VERBS: [(&str, &[&str]); 12] = [
    ("init", &["init"]),
    ("compile", &["compile"]),
    ("check", &["check"]),
    ("fmt", &["fmt"]),
    ("explain", &["explain", "test"]),
    ("graph", &["graph"]),
    ("import", &["import", "old"]),
    ("lock", &["lock"]),
    ("plan", &["plan"]),
    ("profile", &["profile", "import", "answers.json"]),
    ("completions", &["completions", "bash"]),
    ("man", &["man", "pages"]),
];

/// A repository for a verb: a spec with a warning and a remark, or none for `init`, and a workflow to import.
fn repository(verb: &str, clean: bool) -> Sandbox {
    if verb == "lock" {
        return two_servers();
    }
    let sandbox = Sandbox::repository()
        .file("old/hand.yml", "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n");
    let answers = r#"{"jobs": [{"run_id": 7, "name": "test", "conclusion": "success", "started_at": "2026-11-20T10:00:00Z", "completed_at": "2026-11-20T10:05:00Z"}]}"#;
    let sandbox = sandbox.file("answers.json", answers);
    let sandbox = sandbox.file("package.json", "{ \"scripts\": { \"test\": \"node --test\" } }\n");
    let lockfile = if clean { "package-lock.json" } else { "none.json" };
    let sandbox = sandbox.file(lockfile, "{}");
    // Loose, so that there is something to format.
    let spec = if clean {
        "on push\ntoolchain node\njob test:   npm test\n"
    } else {
        "on push\ntoolchain node\ntoolchain go\njob test:   npm test\n"
    };
    let sandbox = if verb == "init" { sandbox } else { sandbox.file(CI, spec) };
    sandbox.git(&["add", "."]);
    if ["check", "explain"].contains(&verb) {
        sandbox.run(&["compile", "-q"]).is(0);
    }
    sandbox
}

fn run(verb: &str, args: &[&str], more: &[&str]) -> Run {
    repository(verb, false).run(&[args, more].concat())
}

/// A run whose three streams are a terminal of so many columns; what it printed is on stdout. None where no terminal can be made.
fn on_a_terminal(sandbox: Sandbox, columns: usize, args: &[&str]) -> Option<Run> {
    let made = std::process::Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !made {
        eprintln!("skipped: `script` is not here");
        return None;
    }
    let line = format!("stty cols {columns} rows 40; exec '{}' {}", env!("CARGO_BIN_EXE_pipelay"), args.join(" "));
    // Without LINES and COLUMNS the terminal itself is asked.
    Some(sandbox.env("TERM", "xterm").env("LANG", "C.UTF-8").program("script", &["-qec", &line, "/dev/null"]))
}

/// What is left when all is gone that a terminal acts on.
fn plain(text: &str) -> String {
    let mut pieces = text.split("\x1b[");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once(|it: char| it.is_ascii_alphabetic()).map_or("", |(_, rest)| rest))
}

/// Whether a text has a colour, or is bold.
fn is_coloured(text: &str) -> bool {
    text.split("\x1b[")
        .skip(1)
        .any(|piece| piece.trim_start_matches(|it: char| it.is_ascii_digit() || it == ';').starts_with('m'))
}

#[test]
fn every_verb_is_here() {
    let here: Vec<&str> = VERBS.iter().map(|(verb, _)| *verb).collect();
    assert_eq!(crate::registry::verbs(), here);
}

#[test]
fn quiet_leaves_out_progress_and_remarks_and_nothing_else() {
    for (verb, args) in VERBS {
        let (usual, quiet) = (run(verb, args, &[]), run(verb, args, &["--quiet"]));
        assert_eq!(usual.stdout, quiet.stdout, "{verb}");
        assert!(!quiet.stderr.contains("remark["), "{verb}: {quiet:?}");
        for did in ["Saw", "Job", "Wrote", "Next", "Compiled", "Checked", "Formatted", "Imported", "Unchanged", "Kept"] {
            assert!(!quiet.stderr.lines().any(|line| line.starts_with(&format!("{did} "))), "{verb}: {quiet:?}");
        }
        // Warnings stay.
        assert_eq!(usual.stderr.contains("W0206"), quiet.stderr.contains("W0206"), "{verb}");
        // Where there is nothing to say, nothing is said.
        let clean = repository(verb, true);
        clean.run(&[args, &["-q"]].concat()).is(0).stderr("");
    }
}

#[test]
fn verbose_says_more_and_does_the_same() {
    for (verb, args) in VERBS {
        let (usual, verbose) = (run(verb, args, &[]), run(verb, args, &["--verbose"]));
        assert_eq!(usual.stdout, verbose.stdout, "{verb}");
        // Commits, in parentheses, are those of another repository.
        let lines =
            |run: &Run| run.stderr.lines().map(|line| line.split(" (").next().unwrap_or_default().to_owned()).collect::<Vec<_>>();
        for line in lines(&usual) {
            assert!(lines(&verbose).contains(&line), "{verb}: `{line}` is not in {verbose:?}");
        }
        let reads = !["fmt", "completions", "man"].contains(&verb);
        assert_eq!(reads, verbose.stderr.contains("Read "), "{verb}: {verbose:?}");
    }
    let sandbox = Sandbox::repository().file(CI, "on push\n\njob a: make\n");
    sandbox.run(&["fmt", "-v"]).is(0).stderr("Unchanged .github/workflows/ci.pipe\n");
}

#[test]
fn colours_are_for_terminals_and_for_those_who_want_them() {
    for (verb, args) in VERBS {
        let usual = run(verb, args, &[]);
        assert!(!usual.stdout.contains('\x1b') && !usual.stderr.contains('\x1b'), "{verb}: {usual:?}");
        let always = run(verb, args, &["--color", "always"]);
        let coloured = is_coloured(&always.stdout) || is_coloured(&always.stderr);
        assert!(coloured || usual.stderr.is_empty(), "{verb}: {always:?}");
        for (name, value, more) in [("NO_COLOR", "1", &[][..]), ("PATH_", "", &["--color", "never"]), ("CI_", "", &[])] {
            let args: Vec<&str> = args.iter().chain(more).copied().collect();
            let Some(run) = on_a_terminal(repository(verb, false).env(name, value), 100, &args) else { return };
            assert_eq!(is_coloured(&run.stdout), name == "CI_" && coloured, "{verb} {args:?} with {name}: {run:?}");
        }
        let Some(help) = on_a_terminal(Sandbox::new().env("NO_COLOR", "1"), 100, &[verb, "--help"]) else { return };
        assert!(!is_coloured(&help.stdout), "{verb}: {help:?}");
    }
}

#[test]
fn text_is_as_wide_as_the_terminal() {
    for columns in [50, 80] {
        for (verb, args) in VERBS {
            let Some(run) = on_a_terminal(repository(verb, false), columns, args) else { return };
            // Messages are broken; lines of progress and of specs are not, as they are to be copied.
            for line in plain(&run.stdout).lines().filter(|line| line.starts_with("  \u{26a0}") || line.starts_with("  \u{2502}"))
            {
                assert!(line.trim_end().chars().count() <= columns, "{verb} at {columns}: {line:?}");
            }
            let Some(help) = on_a_terminal(Sandbox::new(), columns, &[verb, "--help"]) else { return };
            let help = plain(&help.stdout);
            let prose = help.split("Usage:").next().unwrap_or_default();
            assert!(prose.lines().all(|line| line.trim_end().chars().count() <= columns), "{verb} at {columns}: {prose}");
        }
        let Some(page) = on_a_terminal(Sandbox::new(), columns, &["explain", "E0403"]) else { return };
        let page = plain(&page.stdout);
        let prose: Vec<&str> = page.lines().filter(|line| !line.starts_with(' ')).map(str::trim_end).collect();
        assert!(prose.iter().all(|line| line.chars().count() <= columns), "at {columns}: {page}");
        assert!(prose.iter().any(|line| line.chars().count() > columns - 15), "at {columns}: {page}");
    }
}

/// A repository whose spec uses two actions, each of a server on this disk.
fn two_servers() -> Sandbox {
    let sandbox = served(&[]).file(CI, using(&["example/one@v1", "example/two@v1"]));
    serve(&sandbox, "example/one", &[("v1.0.0", 100)]);
    serve(&sandbox, "example/two", &[("v1.0.0", 100)]);
    sandbox
}

fn two_workflows() -> Sandbox {
    let workflow = "on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: make }] } }\n";
    Sandbox::repository().file(".github/workflows/a.yml", workflow).file(".github/workflows/b.yml", workflow)
}

#[test]
fn what_takes_a_while_says_how_far_it_is_on_a_terminal_alone() {
    let cases = [
        (
            "lock",
            two_servers as fn() -> Sandbox,
            ["Asking repositories: 0 of 2 have answered", "Asking repositories: 2 of 2 have answered"],
        ),
        ("import", two_workflows, ["Importing 1 of 2: ", "Importing 2 of 2: "]),
    ];
    for (verb, sandbox, steps) in cases {
        let piped = sandbox().run(&[verb]);
        piped.is(0);
        let Some(run) = on_a_terminal(sandbox(), 100, &[verb]) else { return };
        for step in steps {
            assert!(run.stdout.contains(&format!("\r\x1b[2K{step}")), "{verb}: {run:?}");
            assert!(!piped.stderr.contains(step), "{verb}: {piped:?}");
        }
        // Each is wiped before anything else is printed, and nothing of them stays.
        let shown: Vec<&str> = run.stdout.split('\n').map(|line| line.rsplit("\x1b[2K").next().unwrap_or_default()).collect();
        assert!(!shown.iter().any(|line| line.contains("Asking") || line.contains("Importing")), "{verb}: {shown:?}");
        let Some(quiet) = on_a_terminal(sandbox(), 100, &[verb, "-q"]) else { return };
        assert_eq!(quiet.stdout, "", "{verb}");
    }
}
