//! `action.yml`: its scripts, run as GitHub's runner runs them, with stand-ins for `gh` and `cargo`; and the whole of it under act.

use std::path::Path;

use serde_json::{Value, json};

use super::sandbox::{Run, Sandbox};
use crate::run::Runner;

const BASH: &str = "bash --noprofile --norc -eo pipefail";
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const ARCHIVE: &str = "pipelay-x86_64-unknown-linux-musl.tar.gz";
/// The release that the action's own version is.
const OWN: &str = concat!("v", env!("CARGO_PKG_VERSION"));

/// Knows one commit, and the releases in a folder.
const GH: &str = r#"#!/bin/sh
echo "gh $*" >> "$LOG"
case "$1 $2" in
  "api repos/example/pipelay/commits/"*) echo "$RELEASED" ;;
  "release download") cp "$RELEASES/$3/$7" . ;;
  "attestation verify") [ -f "$3" ] && [ "$ATTESTED" = yes ] ;;
  *) exit 1 ;;
esac
"#;
/// Builds nothing.
const CARGO: &str = "#!/bin/sh\necho \"cargo $*\" >> \"$LOG\"\ncp \"$BINARY\" bin/pipelay\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn action() -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(root().join("action.yml")).unwrap()).unwrap()
}

/// The script of a step.
fn script(step: usize) -> String {
    let action = action();
    assert_eq!(action["runs"]["steps"][step]["shell"], "bash");
    action["runs"]["steps"][step]["run"].as_str().unwrap().to_owned()
}

/// A machine with the stand-ins, and two releases: the action's own and an older one, which has a binary for one system only.
fn machine() -> Sandbox {
    let sandbox = Sandbox::new()
        .file("bin/gh", GH)
        .file("bin/cargo", CARGO)
        .file("binary", format!("#!/bin/sh\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_pipelay")))
        .file("install", script(0))
        .file("run", script(1))
        .file("log", "");
    sandbox.shell("chmod +x bin/* binary && cp binary pipelay").is(0);
    for tag in [OWN, "v0.0.9"] {
        sandbox
            .shell(&format!(
                "mkdir -p releases/{tag} && tar -czf releases/{tag}/{ARCHIVE} pipelay && cd releases/{tag} && sha256sum {ARCHIVE} > SHA256SUMS"
            ))
            .is(0);
    }
    let path = |name: &str| sandbox.path(name).display().to_string();
    let environment = [
        ("PATH", format!("{}:{}", path("bin"), std::env::var("PATH").unwrap())),
        ("LOG", path("log")),
        ("BINARY", path("binary")),
        ("RELEASES", path("releases")),
        ("RELEASED", COMMIT.to_owned()),
        ("ATTESTED", "yes".to_owned()),
        ("RUNNER_TEMP", path("temp")),
        ("GITHUB_OUTPUT", path("output")),
        ("RUNNER_OS", "Linux".to_owned()),
        ("RUNNER_ARCH", "X64".to_owned()),
        ("GITHUB_SERVER_URL", "https://git.example".to_owned()),
        ("SOURCE", root().display().to_string()),
        ("REPOSITORY", "example/pipelay".to_owned()),
        ("VERSION", String::new()),
        ("REF", OWN.to_owned()),
    ];
    environment.into_iter().fold(sandbox, |sandbox, (name, value)| sandbox.env(name, &value))
}

/// Installs, and says what was asked of `gh` and `cargo`.
fn install(sandbox: &Sandbox) -> (Run, String) {
    let run = sandbox.shell(&format!("{BASH} install"));
    let log = sandbox.read("log");
    if run.code() == Some(0) {
        let version = concat!("pipelay ", env!("CARGO_PKG_VERSION"), "\n");
        assert!(run.stdout.ends_with(version), "{run:?}");
        assert_eq!(sandbox.read("output"), format!("path={}\n", sandbox.path("temp/pipelay/bin/pipelay").display()));
    }
    (run, log)
}

#[test]
fn a_release_is_taken_where_it_is_just_what_the_action_is() {
    for reference in [OWN, COMMIT] {
        let (run, log) = install(&machine().env("REF", reference));
        run.is(0);
        let verified = format!(
            "gh attestation verify {ARCHIVE} --repo example/pipelay --source-ref refs/tags/{OWN} --signer-workflow example/pipelay/.github/workflows/release.yml\n"
        );
        assert!(log.contains(&verified) && !log.contains("cargo"), "{log}");
    }
    let (run, log) = install(&machine().env("REF", "main").env("VERSION", "0.0.9"));
    run.is(0);
    assert!(log.contains("refs/tags/v0.0.9") && !log.contains("cargo"), "{log}");
}

#[test]
fn all_else_is_built_from_its_source() {
    let own = format!("cargo install --locked --root . --path {}\n", root().display());
    for (reference, os, arch) in
        [("main", "Linux", "X64"), ("", "Linux", "X64"), (OWN, "Windows", "ARM64"), (OWN, "macOS", "X64")]
    {
        let (run, log) = install(&machine().env("REF", reference).env("RUNNER_OS", os).env("RUNNER_ARCH", arch));
        run.is(0);
        assert!(log.ends_with(&own), "{reference} {os} {arch}: {log}");
    }
    let (run, log) = install(&machine().env("REF", "").env("RELEASED", ""));
    run.is(0);
    assert_eq!(log, own, "without a ref no release is meant");
    let (run, log) = install(&machine().env("VERSION", "0.0.8"));
    run.is(0);
    assert!(
        log.ends_with("cargo install --locked --root . --git https://git.example/example/pipelay --tag v0.0.8 pipelay\n"),
        "{log}"
    );
}

#[test]
fn a_binary_that_is_not_the_release_stops_everything() {
    let other = machine();
    other.shell(&format!("echo more >> releases/{OWN}/{ARCHIVE}")).is(0);
    let unlisted = machine();
    unlisted.shell(&format!("echo > releases/{OWN}/SHA256SUMS")).is(0);
    for sandbox in [other, unlisted, machine().env("ATTESTED", "no")] {
        let (run, log) = install(&sandbox);
        assert_ne!(run.code(), Some(0), "{run:?}");
        assert!(!log.contains("cargo") && !sandbox.path("temp/pipelay/bin/pipelay").exists(), "{log}");
    }
}

#[test]
fn what_is_out_of_date_is_annotated() {
    let spec = "on push\n\njob test: make test\n";
    let arguments = action()["inputs"]["args"]["default"].as_str().unwrap().to_owned();
    let sandbox = machine().file("repo/.github/workflows/ci.pipe", spec);
    install(&sandbox).0.is(0);
    sandbox.shell("cd repo && git init -q && $0 compile -q && sed -i 's/make test/make/' .github/workflows/ci.yml").is(0);
    let run = sandbox.shell(&format!("cd repo && ARGS='{arguments}' {BASH} ../run"));
    assert!(run.is(1).stdout.starts_with("::error file=.github/workflows/ci.yml,line="), "{run:?}");
    let run = sandbox.shell(&format!("cd repo && ARGS='compile\n  --quiet ' {BASH} ../run && ARGS='{arguments}' {BASH} ../run"));
    run.is(0).stdout("");
}

#[test]
fn no_expression_is_part_of_a_script() {
    let steps = action()["runs"]["steps"].clone();
    for step in steps.as_array().unwrap() {
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step}");
    }
}

/// The whole action: as a step of the same repository, and by a tag of another.
#[test]
fn act_runs_it() {
    let Some(mut runner) = Runner::new() else { return };
    let sandbox = machine();
    for name in ["action.yml", "Cargo.toml"] {
        runner.file(name, &std::fs::read_to_string(root().join(name)).unwrap());
    }
    runner.file(".github/workflows/own.pipe", "on push\n\njob test: make test\n");
    let path = |name: &str| sandbox.path(name).display().to_string();
    let path_variable = format!("{}:{}", path("bin"), std::env::var("PATH").unwrap());
    for (name, value) in
        [("PATH", &path_variable), ("LOG", &path("log")), ("BINARY", &path("binary")), ("RELEASES", &path("releases"))]
    {
        runner.environment.push(format!("{name}={value}"));
    }
    runner.environment.extend(["ATTESTED=yes".to_owned(), "RELEASED=".to_owned()]);
    let uses = |action: &str, with: &str| {
        let with: Value = serde_yaml::from_str(with).unwrap();
        let steps = json!([{ "uses": "actions/checkout@v6" }, { "uses": action, "with": with }]);
        json!({ "on": "push", "jobs": { "a": { "runs-on": "ubuntu-latest", "steps": steps } } }).to_string()
    };
    let run = runner.run(&uses("./", "{}"));
    assert_eq!(run.results("a"), ["failure"], "{:#}", run.report);
    assert!(run.log.contains("`.github/workflows/own.yml`, which `.github/workflows/own.pipe` compiles to, does not exist"));
    let log = sandbox.read("log");
    assert!(log.starts_with("cargo install --locked --root . --path "), "{log}");

    runner.actions.push((format!("example/pipelay@{OWN}"), runner.path("repo")));
    let compiled = runner.run(&uses(&format!("example/pipelay@{OWN}"), "{ args: compile --quiet, working-directory: .github }"));
    assert_eq!(compiled.results("a"), ["success"], "{:#}", compiled.report);
    assert!(sandbox.read("log").contains(&format!("gh release download {OWN} --repo example/pipelay --pattern {ARCHIVE}")));
}
