//! `.pre-commit-hooks.yaml`, as the real pre-commit and the real `git commit` run it. Only how pipelay is built is left out: `language: rust` would compile
//! it for minutes, so that the hooks find this build on the path.

use std::path::Path;

use super::sandbox::{Run, Sandbox};
use crate::shared::tool;

const CI: &str = ".github/workflows/ci.pipe";
const OUTPUT: &str = ".github/workflows/ci.yml";
const ONE: &str = "on push\n\njob test: make test\n";

/// A repository whose commits run one of the hooks, with the configuration of the README. Nothing reaches a network: git may take files alone, and all
/// else ends at a proxy that is not there.
fn repository(hook: &str) -> Option<Sandbox> {
    let pre_commit = tool("venv/bin/pre-commit")?;
    let folder = |path: &Path| path.parent().unwrap().display().to_string();
    let path = [folder(Path::new(env!("CARGO_BIN_EXE_pipelay"))), folder(&pre_commit), std::env::var("PATH").unwrap()].join(":");
    let git = "[user]\nname = A\nemail = a@example.invalid\n[init]\ndefaultBranch = main\n";
    let sandbox = Sandbox::new().file("home/.gitconfig", git);
    let home = sandbox.path("home").display().to_string();
    let sandbox = [
        ("PATH", path.as_str()),
        ("HOME", &home),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_ALLOW_PROTOCOL", "file"),
        ("https_proxy", "http://127.0.0.1:1"),
        ("http_proxy", "http://127.0.0.1:1"),
    ]
    .into_iter()
    .fold(sandbox, |sandbox, (name, value)| sandbox.env(name, value));

    let hooks = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).unwrap();
    let found = hooks.replace("language: rust", "language: system");
    assert_ne!(found, hooks);
    let sandbox = sandbox.file("hooks/.pre-commit-hooks.yaml", found);
    sandbox.shell("cd hooks && git init -q && git add . && git commit -qm hooks && git tag v0.1.0").is(0);
    let hooks = sandbox.path("hooks").display().to_string();
    let config = crate::readme::block("yaml pre-commit").replace("https://github.com/example/pipelay", &hooks);
    assert!(config.contains(&hooks) && config.contains("id: pipelay-compile\n"), "{config}");
    let sandbox = sandbox.file("repo/.pre-commit-config.yaml", config.replace("id: pipelay-compile\n", &format!("id: {hook}\n")));
    sandbox.shell("cd repo && git init -q && git add . && pre-commit install && git commit -qm config").is(0);
    Some(sandbox.inside("repo"))
}

/// `git commit` with what it and the hook say, in one text.
fn commit(sandbox: &Sandbox) -> Run {
    sandbox.shell("exec 2>&1; git commit -m change")
}

/// What a commit has at a path.
fn committed(sandbox: &Sandbox, path: &str) -> String {
    sandbox.shell(&format!("git show HEAD:{path}")).is(0).stdout.clone()
}

#[track_caller]
fn shows(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.stdout.contains(part), "`{part}` is not in {}", run.stdout);
    }
}

#[test]
fn the_commit_stops_until_what_was_made_is_staged() {
    let Some(sandbox) = repository("pipelay-compile") else { return };
    let sandbox = sandbox.file(&format!("repo/{CI}"), ONE);
    sandbox.shell("git add .").is(0);
    // pre-commit itself does not see a file that is new.
    for _ in 0..2 {
        let run = commit(&sandbox);
        shows(
            run.is(1),
            &[
                "Failed",
                "- exit code: 1",
                "error[E0820]",
                "run `git add .github/workflows/ci.pipe .github/workflows/ci.yml`, and",
            ],
        );
    }
    sandbox.shell("git add .").is(0);
    shows(commit(&sandbox).is(0), &["Passed"]);
    assert_eq!(committed(&sandbox, OUTPUT), sandbox.run(&["compile", CI, "--stdout"]).stdout);

    let sandbox = sandbox.file(&format!("repo/{CI}"), ONE.replace("make test", "make check"));
    sandbox.shell("git add .").is(0);
    for _ in 0..2 {
        shows(
            commit(&sandbox).is(1),
            &["- files were modified by this hook", "Compiled .github/workflows/ci.pipe", "error[E0820]"],
        );
    }
    sandbox.shell("git add .").is(0);
    commit(&sandbox).is(0);
    assert!(committed(&sandbox, OUTPUT).contains("make check"));

    sandbox.shell("git mv .github/workflows/ci.pipe .github/workflows/test.pipe").is(0);
    let run = commit(&sandbox);
    shows(run.is(1), &["Removed .github/workflows/ci.yml", "`git add .github/workflows/ci.yml .github/workflows/test.pipe"]);
    sandbox.shell("git add .github/workflows/ci.yml .github/workflows/test.yml").is(0);
    commit(&sandbox).is(0);
    assert_eq!(sandbox.shell("git ls-files .github").stdout, ".github/workflows/test.pipe\n.github/workflows/test.yml\n");
}

#[test]
fn what_lies_beside_specs_changes_workflows_too() {
    let Some(sandbox) = repository("pipelay-compile") else { return };
    let spec = "on push\n\ntoolchain node 22\n\nfor package in dirs(\"packages/*\") {\n  job %{package.name} { in %{package} { run npm test } }\n}\n";
    let sandbox = sandbox
        .file(&format!("repo/{CI}"), spec)
        .file("repo/package.json", "{}\n")
        .file("repo/packages/api/package.json", "{}\n")
        .file("repo/packages/web/package.json", "{}\n");
    sandbox.shell("git add . && pipelay compile -q && git add .").is(0);
    commit(&sandbox).is(0);
    assert!(!committed(&sandbox, OUTPUT).contains("npm ci"));
    // No spec is part of these commits.
    for (file, makes) in [("package-lock.json", "npm ci"), ("packages/docs/package.json", "\n  docs:\n")] {
        let stays = sandbox.read(&format!("repo/{OUTPUT}"));
        assert!(!stays.contains(makes), "{stays}");
        sandbox.shell(&format!("mkdir -p packages/docs && echo '{{}}' > {file} && git add {file}")).is(0);
        shows(commit(&sandbox).is(1), &["- files were modified by this hook", "error[E0820]"]);
        sandbox.shell("git add .github").is(0);
        commit(&sandbox).is(0);
        assert!(committed(&sandbox, OUTPUT).contains(makes), "{file}");
    }
}

#[test]
fn a_part_of_a_spec_is_committed_with_the_workflow_of_that_part() {
    let Some(sandbox) = repository("pipelay-compile") else { return };
    let two = format!("{ONE}\njob lint: make lint\n");
    let three = format!("{two}\njob docs: make docs\n");
    let sandbox = sandbox.file(&format!("repo/{CI}"), ONE);
    sandbox.shell("pipelay compile -q && git add .").is(0);
    commit(&sandbox).is(0);

    let sandbox = sandbox.file(&format!("repo/{CI}"), &two);
    sandbox.shell("git add .").is(0);
    let sandbox = sandbox.file(&format!("repo/{CI}"), &three);
    commit(&sandbox).is(1);
    assert_eq!(sandbox.read(&format!("repo/{CI}")), three);
    sandbox.shell("git add .github/workflows/ci.yml").is(0);
    commit(&sandbox).is(0);
    assert_eq!(committed(&sandbox, CI), two);
    let of_two = committed(&sandbox, OUTPUT);
    assert!(of_two.contains("make lint") && !of_two.contains("make docs"), "{of_two}");
    assert_eq!(sandbox.read(&format!("repo/{CI}")), three);

    // What was compiled and not staged meets what the hook makes: pre-commit keeps the former.
    sandbox.shell("sed -i 's/make lint/make tidy/' .github/workflows/ci.pipe && git add . && pipelay compile -q").is(0);
    let sandbox = sandbox.file(&format!("repo/{CI}"), "on push\n\njob other: make other\n");
    sandbox.run(&["compile", "-q"]).is(0);
    let before = [CI, OUTPUT].map(|path| sandbox.read(&format!("repo/{path}")));
    commit(&sandbox).is(1);
    assert_eq!([CI, OUTPUT].map(|path| sandbox.read(&format!("repo/{path}"))), before);
}

/// Git gives hooks another index for each of these.
#[test]
fn all_ways_to_commit_are_alike() {
    let Some(sandbox) = repository("pipelay-compile") else { return };
    let sandbox = sandbox.file(&format!("repo/{CI}"), ONE);
    sandbox.shell("git add . && pipelay compile -q && git add .").is(0);
    commit(&sandbox).is(0);
    let change = |to: &str| format!("sed -i 's/make .*/make {to}/' .github/workflows/ci.pipe");
    for (number, how) in ["-a", ".github", ". --no-status"].iter().enumerate() {
        sandbox.shell(&change(&number.to_string())).is(0);
        let line = format!("exec 2>&1; git commit -m change {how}");
        shows(sandbox.shell(&line).is(1), &["error[E0820]"]);
        sandbox.shell(&line).is(0);
        assert!(committed(&sandbox, OUTPUT).contains(&format!("make {number}\n")), "{how}");
    }
    // What `-a` staged is staged for that commit alone: what is said to stage is enough.
    sandbox.shell(&change("both")).is(0);
    let both = "git add .github/workflows/ci.pipe .github/workflows/ci.yml";
    shows(sandbox.shell("exec 2>&1; git commit -am change").is(1), &[both]);
    sandbox.shell(&format!("{both} && git commit -m change")).is(0);
    sandbox.shell("git worktree add -q ../other && mkdir -p ../other/deep").is(0);
    let sandbox = sandbox.inside("other/deep");
    sandbox.shell(&format!("cd .. && {}", change("there"))).is(0);
    shows(sandbox.shell("exec 2>&1; git add .. && git commit -m change").is(1), &["error[E0820]"]);
    sandbox.shell("git add .. && git commit -m change").is(0);
    assert!(committed(&sandbox, OUTPUT).contains("make there\n"));
}

#[test]
fn what_git_does_not_track_stops_no_commit() {
    for hook in ["pipelay-compile", "pipelay-check"] {
        let Some(sandbox) = repository(hook) else { return };
        let sandbox = sandbox.file("repo/.github/workflows/draft.pipe", "job\n").file("repo/README", "");
        sandbox.shell("git add README").is(0);
        shows(commit(&sandbox).is(0), &["Passed"]);
        sandbox.shell("git add .").is(0);
        shows(commit(&sandbox).is(1), &["draft.pipe:1:"]);
    }
}

#[test]
fn checking_says_what_is_wrong_and_writes_nothing() {
    let Some(sandbox) = repository("pipelay-check") else { return };
    let sandbox = sandbox.file(&format!("repo/{CI}"), ONE);
    sandbox.shell("git add .").is(0);
    shows(commit(&sandbox).is(1), &["error[E0803]", "run `pipelay compile .github/workflows/ci.pipe`"]);
    assert!(!sandbox.path(&format!("repo/{OUTPUT}")).exists());
    sandbox.run(&["compile"]).is(0);
    shows(commit(&sandbox).is(1), &["error[E0820]", "`.github/workflows/ci.yml` is not staged as it is"]);
    sandbox.shell("git add .").is(0);
    commit(&sandbox).is(0);
}

/// By hand, or in a hook of git's own, where nothing puts aside what is not staged.
#[test]
fn staged_is_what_git_has_and_not_what_lies_there() {
    let sandbox = Sandbox::repository();
    for verb in ["compile", "check"] {
        sandbox.run(&[verb, "--staged"]).is(0).stdout("").stderr("");
        Sandbox::new().file(CI, ONE).run(&[verb, "--staged"]).is(2).says(&["git does not say what is staged in"]);
        sandbox.run(&[verb, "--staged", CI]).is(2).says(&["cannot be used with"]);
    }
    let sandbox = sandbox.file(CI, ONE).file(".gitignore", "*.yml\n");
    sandbox.git(&["add", "."]);
    let run = sandbox.run(&["compile", "--staged"]);
    run.is(1).says(&["`.github/workflows/ci.yml` is not staged as it is"]);
    sandbox.git(&["add", "--force", "."]);
    sandbox.run(&["compile", "--staged"]).is(0);
    let sandbox = sandbox.file(CI, ONE.replace("make test", "make check"));
    for verb in ["compile", "check"] {
        sandbox.run(&[verb, "--staged"]).is(1).says(&["`.github/workflows/ci.pipe`, `.github/workflows/ci.yml` are not staged"]);
    }
    assert_eq!(sandbox.run(&["compile", "--staged", "--format", "json"]).is(1).stdout.lines().count(), 1);
}
