//! The stand-ins for GitHub's actions do what its documentation says of these: "Dependency caching reference" (scopes, matching), and the README of
//! `actions/upload-artifact`.

use crate::run::Runner;

/// A workflow that caches a file: says what it found, and makes it anew where that was not the exact key.
fn caching(key: &str, path: &str) -> String {
    format!(
        "on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - id: cache
        uses: actions/cache@v5
        with:
          path: {path}
          key: {key}
          restore-keys: deps-
      - run: |
          echo \"hit [${{{{ steps.cache.outputs.cache-hit }}}}] $(cat kept/file 2> /dev/null || true)\"
          mkdir -p kept other
          echo {key} > kept/file
"
    )
}

#[test]
fn caches_are_found_as_github_finds_them() {
    let Some(mut runner) = Runner::with_standins() else { return };
    let mut found = |scopes: &str, key: &str, path: &str| {
        runner.environment = vec![format!("STANDIN_SCOPES={scopes}")];
        let run = runner.run(&caching(key, path));
        assert_eq!(run.results("a"), ["success"], "{:#}", run.report);
        run.output("a").lines().find_map(|line| line.strip_prefix("hit ")).unwrap_or_default().trim().to_owned()
    };
    let (main, pull, topic) = ("refs/heads/main", "refs/pull/1/merge refs/heads/main", "refs/heads/topic refs/heads/main");
    assert_eq!(found(main, "deps-1", "kept"), "[]");
    assert_eq!(found(main, "deps-1", "kept"), "[true] deps-1");
    assert_eq!(found(main, "deps-1", "other"), "[]", "of other paths there is no cache");
    assert_eq!(found(main, "deps-2", "kept"), "[false] deps-1", "by what the key begins with");
    assert_eq!(found(main, "deps-3", "kept"), "[false] deps-2", "the newest of these");
    assert_eq!(found(pull, "deps-3", "kept"), "[true] deps-3", "a pull request finds those of its base");
    assert_eq!(found(pull, "deps-4", "kept"), "[false] deps-3");
    assert_eq!(found(pull, "deps-4", "kept"), "[true] deps-4");
    assert_eq!(found(main, "deps-4", "kept"), "[false] deps-3", "and nobody those of a pull request");
    assert_eq!(found(topic, "deps-4", "kept"), "[true] deps-4", "but main has made its own now");
    assert_eq!(runner.log().matches("save deps-1 ").count(), 2, "one for each path, and never again: {}", runner.log());
}

#[test]
fn artifacts_are_immutable_and_hold_only_files() {
    let Some(runner) = Runner::with_standins() else { return };
    let upload = |more: &str| {
        format!("      - uses: actions/upload-artifact@v7\n        with:\n          name: x\n          path: out\n{more}")
    };
    let steps = |uploads: &[String]| {
        format!(
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: mkdir -p out/empty out/.hidden && echo 1 > out/tool && chmod 755 out/tool && ln -s tool out/link && touch out/.hidden/x\n{}  b:\n    needs: a\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/download-artifact@v8\n        with:\n          name: x\n          path: in\n      - run: cd in && find . -exec stat -c '%n %A' {{}} + | sort | sed 's/^/found /'\n",
            uploads.concat()
        )
    };
    let run = runner.run(&steps(&[upload("")]));
    let output = run.output("b");
    let found: Vec<&str> = output.lines().filter_map(|line| line.strip_prefix("found ")).collect();
    assert_eq!(found, [". drwxr-xr-x", "./link -rw-r--r--", "./tool -rw-r--r--"], "{:#}", run.report);
    assert_eq!(runner.run(&steps(&[upload("")])).results("a"), ["failure"], "the name is taken, also in another attempt");
    assert_eq!(runner.run(&steps(&[upload("          overwrite: true\n")])).results("a"), ["success"]);
}
