//! What each verb does, prints and leaves behind.

use super::sandbox::Sandbox;

const GOOD: &str = "workflow \"CI\"\n\non push\n\njob test: npm test\n";
const BAD: &str = "job test {\n  npm test\n}\n";
const CI: &str = ".github/workflows/ci.pipe";

#[test]
fn errors_fail_and_write_nothing() {
    let sandbox = Sandbox::repository().file(CI, BAD);
    for verb in ["compile", "check"] {
        let run = sandbox.run(&[verb]);
        run.is(1).stdout("").says(&[
            "error[E0101]",
            ".github/workflows/ci.pipe:2:3",
            "1 error; `pipelay explain E0101` says more\n",
        ]);
    }
    assert_eq!(sandbox.files(), [CI]);
}

#[test]
fn without_a_file_all_specs_of_the_repository_from_any_directory() {
    let other = ".github/workflows/other.pipe";
    let sandbox = Sandbox::repository().file(CI, BAD).file(other, BAD).file(".github/workflows/x.txt", "").file("y.pipe", BAD);
    let top = sandbox.run(&["check"]);
    top.is(1).says(&["ci.pipe:2:3", "other.pipe:2:3", "2 errors"]);
    assert!(!top.stderr.contains("y.pipe"), "{top:?}");
    let sandbox = sandbox.inside("deep/down");
    sandbox.run(&["check"]).is(1).stderr(&top.stderr);
    sandbox
        .run(&["check", "../../.github/workflows/ci.pipe", "../../.github/workflows/../workflows/ci.pipe"])
        .is(1)
        .says(&["[.github/workflows/ci.pipe:2:3]", "1 error;"]);
}

#[test]
fn this_repository_is_up_to_date() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_pipelay"));
    let output = command.args(["check", "--deny", "warnings"]).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn no_spec_at_all_says_what_to_do() {
    let with_workflow = Sandbox::repository().file(".github/workflows/a.yml", "on: push\n");
    let cases = [
        (Sandbox::new(), "help: name a file, or go to a git repository: there, `pipelay init` writes a first spec"),
        (Sandbox::repository(), "help: `pipelay init` writes a first one"),
        (with_workflow, "help: `pipelay import` makes specs of the workflows that are there, `pipelay init` writes a new one"),
    ];
    for (sandbox, help) in cases {
        for verb in ["compile", "check", "fmt", "lock"] {
            sandbox.run(&[verb]).is(2).stdout("").says(&["there is no `.github/workflows/*.pipe` in ", help]);
        }
        sandbox.run(&["explain", "build"]).is(2).stdout("").says(&["there is no `.github/workflows/*.pipe` in ", help]);
        for args in
            [&["compile", "gone.pipe"][..], &["check", "gone.pipe"], &["fmt", "gone.pipe"], &["explain", "build", "gone.pipe"]]
        {
            sandbox.run(args).is(1).stdout("").says(&[
                "`gone.pipe` does not exist",
                "help: without a name, all of",
                "`pipelay init`",
            ]);
        }
    }
    for sandbox in [Sandbox::repository(), Sandbox::new()] {
        sandbox.run(&["import"]).is(2).stdout("").says(&["there is no workflow", "help: name a file", "`pipelay init`"]);
    }
    Sandbox::new().run(&["init"]).is(2).stdout("").says(&["is in no git repository", "help: `git init` makes one"]);
}

#[test]
fn files_that_cannot_be_read_are_said_beside_the_rest() {
    let sandbox = Sandbox::repository().file(CI, BAD).file("big.pipe", vec![b'#'; (16 << 20) + 1]);
    let run = sandbox.run(&["check", ".github/workflows/cj.pipe", ".github", "big.pipe", CI]);
    run.is(1).says(&[
        "`.github/workflows/cj.pipe` does not exist",
        "help: `.github/workflows/ci.pipe` does",
        "`.github` is a directory",
        "name its files, `.github/*.pipe`",
        "`big.pipe` is larger than 16 MiB",
        "error[E0101]",
        "4 errors",
    ]);
}

#[test]
fn a_spec_outside_a_repository_belongs_to_the_current_directory() {
    let sandbox = Sandbox::new().file("specs/ci.pipe", BAD);
    sandbox.run(&["check", "specs/ci.pipe"]).is(1).says(&["[specs/ci.pipe:2:3]"]);
    sandbox.inside("elsewhere").run(&["check", "../specs/ci.pipe"]).is(1).says(&["[ci.pipe:2:3]"]);
}

#[test]
fn bytes_that_are_not_utf8_are_pointed_at_and_the_rest_is_checked() {
    let sandbox = Sandbox::repository().file(CI, b"workflow \"Pr\xfcfung\"\njob test {\n  npm test\n}\n");
    sandbox.run(&["check"]).is(1).says(&["error[E0107]", "ci.pipe:1:13", "error[E0101]", "ci.pipe:3:3", "2 errors"]);
}

#[test]
fn line_endings_do_not_matter() {
    let [unix, dos] =
        [BAD.to_owned(), BAD.replace('\n', "\r\n")].map(|text| Sandbox::repository().file(CI, text).run(&["check"]).stderr);
    assert_eq!(unix, dos);
}

#[test]
fn emit_prints_a_phase() {
    let sandbox = Sandbox::repository().file(CI, GOOD).file("b.pipe", GOOD);
    let run = sandbox.run(&["compile", CI, "--emit", "ast"]);
    run.is(0).stderr("");
    assert!(run.stdout.starts_with("File {"), "{run:?}");
    sandbox.run(&["compile", CI, "--emit", "ast", "-o", "out/ast.txt"]).is(0).stdout("").says(&["Compiled", "out/ast.txt"]);
    assert_eq!(sandbox.read("out/ast.txt"), run.stdout);
    sandbox.run(&["compile", CI, "b.pipe", "--stdout"]).is(2).says(&["2 specs cannot share one output"]);
    sandbox.run(&["compile", CI, "--stdout", "--format", "json"]).is(2).says(&["cannot both go to standard output"]);
}

/// Holds as soon as `compile` makes a workflow; until then nothing is written.
#[test]
fn compiled_then_unchanged_then_checked() {
    let sandbox = Sandbox::repository().file(CI, GOOD);
    let first = sandbox.run(&["compile"]);
    let output = ".github/workflows/ci.yml";
    if !sandbox.files().contains(&output.to_owned()) {
        assert_eq!(sandbox.files(), [CI]);
        return;
    }
    first.is(0).stdout("").stderr("Compiled .github/workflows/ci.pipe -> .github/workflows/ci.yml\n");
    let text = sandbox.read(output);
    let modified = || std::fs::metadata(sandbox.path(output)).unwrap().modified().unwrap();
    let before = modified();
    sandbox.run(&["compile"]).is(0).stderr("Compiled .github/workflows/ci.pipe -> .github/workflows/ci.yml (unchanged)\n");
    assert_eq!(modified(), before);
    sandbox.run(&["check", "-q"]).is(0).stdout("").stderr("");
    sandbox.run(&["compile", CI, "--stdout"]).is(0).stdout(&text);

    let sandbox = sandbox.file(output, text.replace("npm test", "npm t"));
    let run = sandbox.run(&["check"]);
    run.is(1).says(&["error[E0803]", "help: run `pipelay compile .github/workflows/ci.pipe`"]);
    assert!(run.stdout.starts_with("--- a/.github/workflows/ci.yml\n+++ b/.github/workflows/ci.yml\n@@"), "{run:?}");
    let sandbox = sandbox.file(output, "on: push\n");
    sandbox.run(&["compile"]).is(1).says(&["error[E0801]", "--force"]);
    assert_eq!(sandbox.read(output), "on: push\n");
    sandbox.run(&["compile", "--force"]).is(0);
    assert_eq!(sandbox.read(output), text);
}

#[test]
fn two_specs_for_one_output_are_refused() {
    let sandbox = Sandbox::repository().file(CI, GOOD).file("ci.pipe", GOOD);
    for _ in 0..2 {
        let run = sandbox.run(&["compile", CI, "ci.pipe"]);
        run.is(1).says(&["error[E0802]", "both compile to `.github/workflows/ci.yml`", "1 error;"]);
        sandbox.run(&["compile", "ci.pipe"]);
    }
}

/// Holds for whatever the formatter thinks is right: what it prints is what it writes, and what it leaves alone.
#[test]
fn formatting_of_files_and_streams_agrees() {
    let loose = "workflow   \"CI\"\non push\njob test {\nrun npm test\n}\n";
    let sandbox = Sandbox::repository().file(CI, loose);
    let run = sandbox.pipe(&["fmt", "-"], loose.as_bytes());
    run.is(0).stderr("");
    let stale = run.stdout != loose;
    let check = sandbox.run(&["fmt", "--check"]);
    check.is(i32::from(stale));
    assert_eq!(sandbox.read(CI), loose);
    assert_eq!(stale, check.stdout.starts_with("--- a/.github/workflows/ci.pipe"), "{check:?}");
    sandbox.run(&["fmt"]).is(0).stdout("").stderr(if stale { "Formatted .github/workflows/ci.pipe\n" } else { "" });
    assert_eq!(sandbox.read(CI), run.stdout);
    sandbox.run(&["fmt", "--check"]).is(0).stdout("").stderr("");
    sandbox.pipe(&["fmt", "-"], BAD.as_bytes()).is(1).stdout("").says(&["[<stdin>:2:3]"]);
    sandbox.run(&["fmt", "-", CI]).is(2).says(&["cannot be formatted together with files"]);
}

#[test]
fn codes_are_explained() {
    let sandbox = Sandbox::new();
    let page = sandbox.run(&["explain", "E0101"]);
    assert!(page.is(0).stderr("").stdout.starts_with("E0101: unknown statement\n\n"), "{page:?}");
    assert!(page.stdout.contains("\nBad:\n\n    job test {\n"), "{page:?}");
    sandbox.run(&["explain", "e0101"]).is(0).stdout(&page.stdout);
    sandbox.run(&["explain", "0101"]).is(0).stdout(&page.stdout);
    assert!(sandbox.run(&["explain"]).is(0).stdout.starts_with("E0101  unknown statement\nE0102  "));
    sandbox.run(&["explain", "E0199"]).is(2).stdout("").says(&["error: there is no code `E0199`\nhelp: the nearest is `E01"]);
}

#[test]
fn jobs_are_explained() {
    let spec = "on push to main\non pull_request\n\ntoolchain node 24\n\njob unit: npm test\n\njob build {\n  writes dist/\n  run npm run build\n}\n\njob deploy {\n  needs unit\n  reads dist/\n  run ./deploy\n}\n";
    let sandbox = Sandbox::new().file(CI, spec).file("package.json", "{}").file("package-lock.json", "{}");
    sandbox.git(&["init", "-q"]);
    sandbox.git(&["add", "."]);
    let run = sandbox.run(&["explain", "build"]);
    run.is(0).stderr("").stdout(
        "\
build, .github/workflows/ci.pipe:8

Comes before
  deploy

Caches
  npm: ~/.npm
    from      toolchain `node`
    key       v1/${{ runner.os }}/${{ runner.arch }}/npm/24/${{ hashFiles('package-lock.json', 'npm-shrinkwrap.json') }}
    or older  v1/${{ runner.os }}/${{ runner.arch }}/npm/24/
    restored  in every run
    saved     by `unit`, which makes the very same
    anew      when `package-lock.json`, `npm-shrinkwrap.json` change, on another system or version, or with another `cache-version`

Settings
  runs-on: ubuntu-latest; `ubuntu-latest` is the machine where nothing names one
  timeout-minutes: 120; bound: ends it after 120 minutes; nothing says how long it takes; GitHub's own limit is 6 hours
  permissions: {contents: read}, as all jobs; harden: lets the token only read the repository's contents; nothing more is written
  concurrency: {group: ci-${{ github.event.pull_request.number || github.ru…, as all jobs; bound: cancels the older run when a pull request is pushed to again; its result is of no use any more (.github/workflows/ci.pipe:2)

Steps that are added
  actions/checkout; fetches the repository, since a step of the job works on its files (.github/workflows/ci.pipe:10)
  actions/setup-node; makes toolchain `node` available (.github/workflows/ci.pipe:4)
  actions/cache/restore; cache: keeps ~/.npm as layer npm; `unit` saves the very same (.github/workflows/ci.pipe:4)
  npm ci --prefer-offline --no-audit; makes what the commands of the job need of toolchain `node` (.github/workflows/ci.pipe:4)
  Pack dist/; handover: hands dist/ over as artifact build; `deploy` reads it (.github/workflows/ci.pipe:9)
  actions/upload-artifact; handover: hands dist/ over as artifact build; `deploy` reads it (.github/workflows/ci.pipe:9)

Check
  shown as `build`
  there is no gate: no job may be skipped by its condition, or no run is of a commit that is to be merged

Decided by passes
  handover: hands dist/ over as artifact build; `deploy` reads it
  cache: keeps ~/.npm as layer npm; `unit` saves the very same
  bound: ends it after 120 minutes; nothing says how long it takes; GitHub's own limit is 6 hours
  bound: cancels the older run when a pull request is pushed to again; its result is of no use any more
  harden: lets the token only read the repository's contents; nothing more is written
  harden: does not keep the credentials of the checkout; no later step can use or leak them
  pin: pins actions/checkout@v6 to v6.0.3, df4cb1c069e1874edd31b4311f1884172cec0e10; the table of the compiler has it
  pin: pins actions/setup-node@v7 to v7.0.0, 820762786026740c76f36085b0efc47a31fe5020; the table of the compiler has it
  pin: pins actions/cache/restore@v5 to v5.0.5, 27d5ce7f107fe9357f9df03efb73ab90386fccae; the table of the compiler has it
  pin: pins actions/upload-artifact@v7 to v7.0.1, 043fb46d1a93c77aae656e7c1c64a875d1fc6a0a; the table of the compiler has it
",
    );
    let deploy = sandbox.run(&["explain", "deploy", CI]);
    deploy.is(0);
    for line in [
        "  unit: `needs` says so, .github/workflows/ci.pipe:14\n",
        "  build: it writes `dist/`, which is read, .github/workflows/ci.pipe:15\n",
    ] {
        assert!(deploy.stdout.contains(line), "{deploy:?}");
    }
    sandbox.run(&["explain", "biuld"]).is(2).stdout("").says(&["error: there is no job `biuld`", "help: the nearest is `build`"]);
    Sandbox::repository().file(CI, BAD).run(&["explain", "test"]).is(1).says(&["error[E0101]"]);
}

#[test]
fn graphs_are_drawn() {
    let spec = "on push\njob build { writes dist/; run make }\njob test { reads dist/; run make test }\n";
    let sandbox = Sandbox::repository().file(CI, spec);
    let drawn = "1 ● build\n2 ○ test  reads dist/ of build\n";
    sandbox.run(&["graph"]).is(0).stderr("").stdout(drawn);
    sandbox.run(&["graph", CI, "--as", "tree"]).is(0).stdout(drawn);
    let mermaid = "flowchart LR\n  j0[\"build\"]\n  j1[\"test\"]\n  j0 -->|\"dist/\"| j1\n";
    sandbox.run(&["graph", "--as", "mermaid"]).is(0).stderr("").stdout(mermaid);
    assert!(sandbox.run(&["graph", "--as", "dot"]).is(0).stdout.starts_with("digraph \".github/workflows/ci.pipe\" {\n"));
    assert!(sandbox.run(&["graph", "--color", "always"]).stdout.contains("\x1b[1mbuild\x1b[0m"));
    sandbox.run(&["graph", "--format", "json"]).is(2).stdout("").says(&["cannot both go to standard output"]);
    let sandbox = sandbox.file("other.pipe", GOOD);
    let both = sandbox.run(&["graph", CI, "other.pipe"]);
    both.is(0).stdout(&format!("{CI}\n\n{drawn}\nother.pipe\n\n1 ○ test\n"));
    sandbox.run(&["graph", CI, "other.pipe", "--as", "dot"]).is(2).says(&["2 specs cannot share one drawing"]);
    let sandbox = sandbox.file("bad.pipe", BAD).file("none.pipe", "on push\n");
    sandbox.run(&["graph", "bad.pipe"]).is(1).stdout("").says(&["error[E0101]"]);
    sandbox.run(&["graph", "gone.pipe"]).is(1).stdout("").says(&["`gone.pipe` does not exist"]);
}

#[test]
fn pages_and_completions_need_no_repository() {
    let sandbox = Sandbox::new();
    assert!(sandbox.run(&["man"]).is(0).stderr("").stdout.contains(".SH NAME\n"));
    assert!(!sandbox.run(&["completions", "bash"]).is(0).stderr("").stdout.is_empty());
    sandbox.run(&["completions", "tcl"]).is(2).stdout("").says(&["invalid value 'tcl'", "bash"]);
}

#[test]
fn wrong_use_is_code_2() {
    let sandbox = Sandbox::repository().file(CI, GOOD);
    for args in [&["frobnicate"][..], &["compile", "--nope"], &["check", "--format", "xml"], &["check", "-q", "-v"], &[]] {
        assert!(!sandbox.run(args).is(2).stdout("").stderr.is_empty());
    }
    assert!(sandbox.run(&["--version"]).is(0).stderr("").stdout.starts_with("pipelay "));
}

#[test]
fn colour_is_there_when_asked_for_and_only_then() {
    let sandbox = Sandbox::repository().file(CI, BAD);
    assert!(!sandbox.run(&["check"]).stderr.contains('\x1b'));
    assert!(sandbox.run(&["check", "--color", "always"]).stderr.contains("\x1b["));
    assert!(!sandbox.run(&["check", "--color", "never"]).stderr.contains('\x1b'));
}

#[test]
fn verbose_says_what_is_read() {
    let sandbox = Sandbox::repository().file(CI, GOOD).file("not-tracked", "").inside("deep");
    sandbox.git(&["add", CI]);
    sandbox.run(&["check", "-v"]).says(&["Read what git tracks in ", ": files: 1\n"]);
    // Git is asked once for all specs.
    let sandbox = sandbox.file(".github/workflows/other.pipe", GOOD);
    assert_eq!(sandbox.run(&["check", "-v"]).stderr.matches("Read what git tracks in ").count(), 1);
    let sandbox = Sandbox::new().file("ci.pipe", GOOD);
    sandbox.run(&["check", "-v", "ci.pipe"]).says(&["Note git names no files of "]);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut command = std::process::Command::new("sh");
    command.args(["-c", "{ \"$0\" explain; echo \"code $?\" >&2; } | true", env!("CARGO_BIN_EXE_pipelay")]);
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "code 0\n");
}

#[test]
fn only_specs_are_compiled() {
    let sandbox = Sandbox::repository().file(CI, GOOD).file("a.txt", GOOD).file("x.yml", "on: push\n");
    sandbox.run(&["compile"]).is(0);
    let before = sandbox.files();
    for verb in ["compile", "check", "fmt"] {
        sandbox.run(&[verb, "a.txt"]).is(1).says(&["error[E0108]", "`a.txt` is not a `.pipe` file"]);
        sandbox.run(&[verb, "x.yml"]).is(1).says(&["`x.yml` is not a `.pipe` file"]);
        let run = sandbox.run(&[verb, ".github/workflows/ci.yml"]);
        run.is(1).says(&["`.github/workflows/ci.yml` is the output of `.github/workflows/ci.pipe`", "help: name the spec"]);
        let run = sandbox.run(&[verb, "."]);
        run.is(1).says(&["`.` is a directory", "without a name all of `.github/workflows` are taken"]);
        let run = sandbox.run(&[verb, "ci.pipe"]);
        run.is(1).says(&["`ci.pipe` does not exist", "help: `.github/workflows/ci.pipe` does"]);
    }
    assert_eq!(sandbox.files(), before);
}

#[test]
fn a_spec_is_never_replaced_by_its_output() {
    let sandbox = Sandbox::repository().file("ci.pipe", GOOD).file("notes.txt", "mine\n");
    for path in ["ci.pipe", "./ci.pipe", "../"] {
        let path = if path == "../" { sandbox.path("ci.pipe").display().to_string() } else { path.to_owned() };
        let run = sandbox.run(&["compile", "ci.pipe", "--force", "-o", &path]);
        run.is(2).says(&["`ci.pipe` is the spec itself", "help: name another file"]);
    }
    assert_eq!(sandbox.read("ci.pipe"), GOOD);
    sandbox.run(&["compile", "ci.pipe", "--emit", "plan", "-o", "notes.txt"]).is(1).says(&["error[E0801]"]);
    assert_eq!(sandbox.read("notes.txt"), "mine\n");
    sandbox.run(&["compile", "ci.pipe", "--emit", "plan", "-o", "notes.txt", "--force"]).is(0);
}

#[test]
fn standard_input_compiles_to_standard_output() {
    let sandbox = Sandbox::repository().file("common.pipe", "let word = hello\n").inside("deep");
    let run = sandbox.pipe(&["compile", "-"], b"import \"../common.pipe\"\non push\njob test: echo %{word}\n");
    run.is(0).stderr("");
    assert!(run.stdout.contains("run: echo hello"), "{run:?}");
    sandbox.pipe(&["compile", "-"], BAD.as_bytes()).is(1).stdout("").says(&["error[E0101]", "<stdin>:2:3"]);
    sandbox.pipe(&["compile", "-", "a.pipe"], GOOD.as_bytes()).is(2).says(&["together with files"]);
    assert_eq!(sandbox.files(), ["common.pipe"]);
}
