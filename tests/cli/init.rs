//! `pipelay init` in real repositories: what it writes, and what it leaves alone.

use super::sandbox::Sandbox;

const CI: &str = ".github/workflows/ci.pipe";
const MANIFEST: &str = "{ \"scripts\": { \"test\": \"node --test\" } }\n";
const MARK: &str = "/.github/workflows/ci.yml linguist-generated\n";

/// A repository that tracks its files, on that branch.
fn tracked(sandbox: Sandbox, branch: &str) -> Sandbox {
    sandbox.git(&["init", "-q", "-b", branch]);
    // Without words about line endings.
    sandbox.git(&["-c", "core.safecrlf=false", "add", "."]);
    sandbox
}

#[test]
fn a_first_spec_compiles_and_stays_as_it_is() {
    let sandbox =
        tracked(Sandbox::new().file("package.json", MANIFEST).file("package-lock.json", "{}"), "trunk").inside("deep/down");
    let spec = "workflow \"CI\"\n\non push to trunk\non pull_request\n\ntoolchain node\n\njob test: npm test\n";
    sandbox.run(&["init", "--stdout"]).is(0).stdout(spec);
    assert_eq!(sandbox.files(), ["package-lock.json", "package.json"]);
    sandbox.run(&["init"]).is(0).stdout("").stderr(
        "\
Saw `package.json` and `package-lock.json`: Node.js with npm
Job test: script `test` of `package.json`
Wrote .github/workflows/ci.pipe
Wrote .gitattributes, which marks .github/workflows/ci.yml as generated
Next `pipelay compile` writes .github/workflows/ci.yml; then commit all of it
",
    );
    assert_eq!(sandbox.read(CI), spec);
    assert_eq!(sandbox.read(".gitattributes"), MARK);
    sandbox
        .run(&["compile", "--deny", "warnings"])
        .is(0)
        .stderr("Compiled .github/workflows/ci.pipe -> .github/workflows/ci.yml\n");
    sandbox.run(&["fmt", "--check"]).is(0).stderr("");

    // Again: nothing that is there changes.
    let sandbox = sandbox.file(CI, "on push\n\njob mine: make\n");
    for _ in 0..2 {
        let run = sandbox.run(&["init"]);
        run.is(0).stderr("Kept .github/workflows/ci.pipe, a spec that is there\nNext `pipelay compile` writes the workflows; then commit all of it\n");
        assert_eq!(sandbox.read(CI), "on push\n\njob mine: make\n");
        assert_eq!(sandbox.read(".gitattributes"), MARK);
    }
}

#[test]
fn attributes_that_are_there_stay() {
    let made = |old: &str| {
        let sandbox = tracked(Sandbox::new().file("package.json", MANIFEST).file(".gitattributes", old), "main");
        sandbox.run(&["init"]).is(0);
        sandbox.read(".gitattributes")
    };
    assert_eq!(made("*.png binary\n"), format!("*.png binary\n{MARK}"));
    assert_eq!(made("*.png binary"), format!("*.png binary\n{MARK}"));
    assert_eq!(made("* text=auto\r\n"), format!("* text=auto\r\n{}", MARK.replace('\n', "\r\n")));
    // Whatever line says something of it, also the opposite.
    for old in ["*.yml linguist-generated=true\n", ".github/** -linguist-generated\n", "ci.yml linguist-generated=false\n"] {
        assert_eq!(made(old), old);
    }
    // Specs that came by other ways are marked as well.
    let sandbox = tracked(
        Sandbox::new().file(CI, "on push\njob a: make\n").file(".github/workflows/b c.pipe", "on push\njob a: make\n"),
        "main",
    );
    sandbox.run(&["init"]).is(0).says(&[
        "Kept .github/workflows/ci.pipe",
        "Kept .github/workflows/b c.pipe",
        "Wrote .gitattributes",
    ]);
    assert_eq!(sandbox.read(".gitattributes"), format!("\"/.github/workflows/b c.yml\" linguist-generated\n{MARK}"));
    sandbox.run(&["init", "-q"]).is(0).stderr("");
    assert_eq!(sandbox.read(".gitattributes"), format!("\"/.github/workflows/b c.yml\" linguist-generated\n{MARK}"));
}

#[test]
fn workflows_by_hand_are_said_and_keep_their_names() {
    let workflow = "on: push\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: make }] } }\n";
    let ci = ".github/workflows/ci.yml";
    let sandbox = tracked(Sandbox::new().file("package.json", MANIFEST).file(ci, workflow), "main");
    sandbox.run(&["init"]).is(0).says(&[
        "Found .github/workflows/ci.yml, written by hand: `pipelay import` makes a spec of it\n",
        "Wrote .github/workflows/checks.pipe\n",
        "marks .github/workflows/checks.yml as generated\n",
    ]);
    sandbox.run(&["compile"]).is(0);
    assert_eq!(sandbox.read(ci), workflow);

    let all = [ci, ".github/workflows/checks.yaml", ".github/workflows/pipelay.yml"];
    let sandbox = tracked(all.iter().fold(Sandbox::new(), |sandbox, path| sandbox.file(path, workflow)), "main");
    let before = sandbox.files();
    sandbox
        .run(&["init"])
        .is(2)
        .stdout("")
        .says(&["checks.yaml, ci.yml, pipelay.yml", "help: `pipelay import` makes specs of them"]);
    assert_eq!(sandbox.files(), before);
}

#[test]
fn what_git_does_not_track_is_not_looked_at() {
    let sandbox = Sandbox::repository().file("package.json", MANIFEST).file(".gitignore", "").file("Makefile", "test:\n\ttrue\n");
    sandbox.run(&["init"]).is(2).stdout("").says(&["git tracks no file of ", "help: `git add .`, then `pipelay init`"]);
    assert!(!sandbox.files().iter().any(|path| path.starts_with(".github")));
    sandbox.git(&["add", "Makefile"]);
    sandbox.run(&["init"]).is(0).says(&["Saw `Makefile`", "Left out `package.json`, which git does not track\n"]);
    assert!(sandbox.read(CI).contains("job test: make test\n"));
    // Without a file there is nothing to say, and a spec to begin with.
    let sandbox = Sandbox::repository();
    sandbox.run(&["init"]).is(0).says(&["Found nothing that says how this is built or tested"]);
    sandbox.git(&["add", "."]);
    sandbox.run(&["compile", "--deny", "warnings"]).is(0);
}

#[test]
fn the_branch_is_that_of_the_remote_or_of_a_usual_name_or_the_only_one() {
    let pushes = |sandbox: &Sandbox| {
        let spec = sandbox.run(&["init", "--stdout"]).stdout;
        spec.lines().find(|line| line.starts_with("on push")).unwrap_or_default().to_owned()
    };
    let sandbox = tracked(Sandbox::new().file("package.json", MANIFEST), "work");
    assert_eq!(pushes(&sandbox), "on push to work");
    let commit = ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "a"];
    sandbox.git(&commit);
    assert_eq!(pushes(&sandbox), "on push to work");
    sandbox.git(&["branch", "other"]);
    assert_eq!(pushes(&sandbox), "on push, pull_request");
    sandbox.git(&["branch", "master"]);
    assert_eq!(pushes(&sandbox), "on push to master");
    sandbox.git(&["update-ref", "refs/remotes/origin/next", "HEAD"]);
    sandbox.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/next"]);
    assert_eq!(pushes(&sandbox), "on push to next");
}

/// A branch with the name of an event is not taken for it.
#[test]
fn branches_may_be_called_like_events() {
    let sandbox = tracked(Sandbox::new().file("package.json", MANIFEST).file("package-lock.json", "{}"), "release");
    sandbox.run(&["init"]).is(0);
    assert!(sandbox.read(CI).contains("on push to \"release\"\n"), "{}", sandbox.read(CI));
    sandbox.run(&["compile", "--deny", "warnings"]).is(0);
    sandbox.run(&["fmt", "--check"]).is(0).stderr("");
}
