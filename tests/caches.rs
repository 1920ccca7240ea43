//! What caches hold, who saves it and who gets it: emitted workflows are run by act, with a stand-in for `actions/cache` that keeps and finds as GitHub
//! does.

use pipelay::catalog::caching::restores;
use pipelay::facts::Facts;
use pipelay::hir::{StepKind, Value};
use pipelay::plan::Saved;
use pipelay::{Compilation, Spec, compile};
use serde_json::json;

use crate::compile::said;
use crate::run::Runner;

/// A tool whose downloads are a copy of its lockfile.
const TOOL: &str = r#"
toolchain tool(version = 1) {
  cache deps { paths: [deps/], key: ${{ hashFiles('tool.lock') }} }
  install {
    reads tool.lock
    run """
      mkdir -p deps
      echo "had [$(cat deps/lock 2> /dev/null)]"
      cp tool.lock deps/lock
      """
  }
}
"#;

#[track_caller]
fn compiled(spec: &str, tracked: &[&str]) -> Compilation {
    let facts = Facts { tracked: Some(tracked.iter().map(|&file| file.to_owned()).collect()), ..Facts::default() };
    let made = compile(&Spec { path: "ci.pipe".to_owned(), text: format!("{spec}{TOOL}") }, &facts);
    assert!(made.yaml.is_some(), "{:#?}", said(&made));
    made
}

/// Runs of one workflow in one repository, which share a store.
struct Runs {
    runner: Runner,
    yaml: String,
}

impl Runs {
    fn of(spec: &str) -> Option<Self> {
        let yaml = compiled(spec, &["ci.pipe", "tool.lock"]).yaml?;
        Some(Self { runner: Runner::with_standins()?, yaml })
    }

    /// What the job found, with this lockfile, in a run of a push to a branch or, with a number, of a pull request.
    #[track_caller]
    fn found(&mut self, job: &str, lock: &str, branch: &str) -> String {
        let repository = json!({ "default_branch": "main" });
        let (event, payload, scopes) = if let Ok(number) = branch.parse::<u32>() {
            let ends = json!({ "number": number, "base": { "ref": "main" }, "head": { "ref": "topic" } });
            let payload = json!({ "action": "opened", "number": number, "pull_request": ends, "repository": repository });
            ("pull_request", payload, format!("refs/pull/{number}/merge refs/heads/main"))
        } else {
            let reference = if branch.starts_with('v') { format!("refs/tags/{branch}") } else { format!("refs/heads/{branch}") };
            let scopes = format!("{reference} refs/heads/main");
            ("push", json!({ "ref": reference, "repository": repository }), scopes)
        };
        self.runner.file("tool.lock", lock);
        self.runner.set_event(event, payload);
        self.runner.environment = vec![format!("STANDIN_SCOPES={scopes}")];
        let run = self.runner.run(&self.yaml);
        assert_eq!(run.results(job), ["success"], "{:#}", run.report);
        run.output(job).lines().find_map(|line| line.strip_prefix("had ")).unwrap_or_default().trim().to_owned()
    }

    fn saves(&self) -> usize {
        self.runner.log().matches("save ").count()
    }
}

const USUAL: &str = "on push to main\non pull_request\n\ntoolchain tool 1\n\njob test: cat deps/lock\n";

#[test]
fn a_cache_is_restored_everywhere_and_saved_on_the_default_branch() {
    let Some(mut runs) = Runs::of(USUAL) else { return };
    assert_eq!(runs.found("test", "one", "1"), "[]", "nothing is there");
    assert_eq!(runs.found("test", "one", "1"), "[]", "and a pull request saves nothing");
    assert_eq!(runs.saves(), 0);
    assert_eq!(runs.found("test", "one", "main"), "[]");
    assert_eq!(runs.found("test", "one", "main"), "[one]");
    assert_eq!(runs.saves(), 1, "the exact key was there: {}", runs.runner.log());
    assert_eq!(runs.found("test", "one", "1"), "[one]", "what the default branch has saved is for all");
    assert_eq!(runs.found("test", "two", "1"), "[one]", "an older one will do");
    assert_eq!(runs.found("test", "two", "main"), "[one]");
    assert_eq!(runs.found("test", "two", "2"), "[two]");
    assert_eq!(runs.saves(), 2);
    std::fs::remove_dir_all(runs.runner.path("store/caches")).unwrap();
    assert_eq!(runs.found("test", "two", "main"), "[]", "what was evicted is made anew");
    assert_eq!(runs.found("test", "two", "main"), "[two]", "and saved again");
}

#[test]
fn where_no_run_is_of_the_default_branch_each_saves_for_itself() {
    let spec = USUAL.replace("on push to main\n", "");
    assert_eq!(said(&compiled(&spec, &["tool.lock"])).len(), 1, "and that is said");
    let Some(mut runs) = Runs::of(&spec) else { return };
    assert_eq!(runs.found("test", "one", "1"), "[]");
    assert_eq!(runs.found("test", "one", "1"), "[one]");
    assert_eq!(runs.found("test", "one", "2"), "[]", "not for another");
}

#[test]
fn what_a_pull_request_put_into_a_cache_reaches_no_release() {
    let spec = USUAL.replace("to main", "{ branches: main, tags: 'v*' }");
    no_poison_reaches_a_release(&spec);
    // A layer of the spec's own is under the same rule.
    let install = "  run \"\"\"\n    mkdir -p deps\n    echo \"had [$(cat deps/lock 2> /dev/null)]\"\n    cp tool.lock deps/lock\n    \"\"\"\n";
    let own = format!("job test {{\n  cache own {{ paths: deps/, key: ${{{{ hashFiles('tool.lock') }}}} }}\n{install}}}\n");
    let spec = spec.replace("toolchain tool 1\n", "").replace("job test: cat deps/lock\n", &own);
    no_poison_reaches_a_release(&spec);
}

fn no_poison_reaches_a_release(spec: &str) {
    let Some(mut runs) = Runs::of(spec) else { return };
    // Hostile code in a pull request saves under the very key that the default branch will ask for.
    let key = runs.yaml.lines().find_map(|line| line.trim().strip_prefix("key: ")).unwrap();
    let poison = format!(
        "on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: mkdir -p deps && echo poison > deps/lock\n      - uses: actions/cache/save@v5\n        with:\n          path: deps/\n          key: {key}\n"
    );
    runs.runner.file("tool.lock", "one");
    runs.runner.environment = vec!["STANDIN_SCOPES=refs/pull/1/merge refs/heads/main".to_owned()];
    runs.runner.set_event("pull_request", json!({ "action": "opened", "number": 1 }));
    let run = runs.runner.run(&poison);
    assert_eq!(run.results("a"), ["success"], "{:#}", run.report);
    assert_eq!(runs.saves(), 1, "{}", runs.runner.log());
    assert_eq!(runs.found("test", "one", "1"), "[poison]", "the same pull request is its own victim");
    assert_eq!(runs.found("test", "one", "2"), "[]", "another is not");
    assert_eq!(runs.found("test", "one", "main"), "[]", "nor is the default branch");
    assert_eq!(runs.found("test", "one", "main"), "[one]");
    assert_eq!(runs.found("test", "one", "v1"), "[]", "and what is released rests on no cache at all");
    assert_eq!(runs.saves(), 2, "nor is one saved there: {}", runs.runner.log());
}

#[test]
fn one_of_several_that_make_the_same_saves_it() {
    let spec = "on push to main\n\ntoolchain tool 1\n\njob maybe {\n  when branch('other')\n  run make\n}\njob a: make a\njob b: make b\njob c {\n  runner macos-latest\n  run make c\n}\n";
    let made = compiled(spec, &["tool.lock"]);
    let saved = |job: &str| made.plan.works[job].layers.iter().map(|layer| layer.saved.clone()).collect::<Vec<_>>();
    let here = || vec![Saved::Here { for_all: true }];
    assert_eq!(saved("maybe"), [Saved::By("a".to_owned())], "who may be skipped saves nothing that others surely do");
    assert_eq!(saved("a"), here());
    assert_eq!(saved("b"), [Saved::By("a".to_owned())]);
    assert_eq!(saved("c"), here(), "on another machine it is another layer");
    // Rows leave it to a job that surely runs, if it is on their machine; else to each of them.
    let rows = "on push to main\n\ntoolchain tool 1\n\njob rows {\n  matrix x: 1, 2\n  run make ${{ matrix.x }}\n}\n";
    let saved = |spec: &str, job: &str| {
        let layers = &compiled(spec, &["tool.lock"]).plan.works[job].layers;
        layers.iter().map(|layer| layer.saved.clone()).collect::<Vec<_>>()
    };
    assert_eq!(saved(rows, "rows"), here());
    assert_eq!(saved(&format!("{rows}job after: make after\n"), "rows"), [Saved::By("after".to_owned())]);
    let elsewhere = format!("{rows}job after: make after\n")
        .replace("matrix x: 1, 2", "matrix x: macos-15, windows-2025\n  runner ${{ matrix.x }}");
    assert_eq!(saved(&elsewhere, "rows"), here());
}

#[test]
fn what_a_job_builds_is_its_own_and_what_it_downloads_unless_all_download_the_same() {
    let saved = |toolchain: &str| {
        let spec = format!("on push to main\n\ntoolchain {toolchain}\n\njob a: make a\njob b: make b\n");
        let made = compiled(&spec, &["Cargo.toml", "Cargo.lock", "go.mod", "go.sum"]);
        let layers = made.plan.works["b"].layers.iter();
        layers.map(|layer| (layer.name.clone(), layer.saved.clone(), layer.key.contains("github.job"))).collect::<Vec<_>>()
    };
    let here = || Saved::Here { for_all: true };
    for (name, downloads, built) in [("rust", "cargo", "target"), ("go", "go-modules", "go-build")] {
        let own = if name == "go" { "go" } else { downloads };
        assert_eq!(saved(name), [(own.to_owned(), here(), true)]);
        let both = [(downloads.to_owned(), Saved::By("a".to_owned()), false), (built.to_owned(), here(), true)];
        assert_eq!(saved(&format!("{name} {{ install: on }}")), both);
    }
}

/// Specs whose jobs must do without the cache of the toolchain, and why.
#[test]
fn no_cache_where_it_could_do_harm() {
    let tool = "toolchain tool 1\n";
    for (spec, job, why) in [
        ("on release\njob a: make\n", "a", "each run is a release"),
        ("on push { tags: 'v*' }\njob a: make\n", "a", "each run is a release"),
        ("on push to main\njob a {\n  environment production\n  run make\n}\n", "a", "it deploys"),
        ("on push to main\njob a {\n  run npm publish\n}\n", "a", "it publishes: `npm publish`"),
        ("on push to main\njob a {\n  uses softprops/action-gh-release@v2\n  run make\n}\n", "a", "it publishes"),
        ("on push { branches: main, tags: 'v*' }\njob a {\n  when tag('v*')\n  run make\n}\n", "a", "it runs for releases alone"),
        ("on deployment\njob a: make\n", "a", "each run is a release"),
        ("on push to main\njob a {\n  run \"\"\"\n    npm \\\\\n      publish\n    \"\"\"\n}\n", "a", "it publishes"),
        ("on push to main\njob a {\n  uses docker/build-push-action@v6 { push: true }\n  run make\n}\n", "a", "it publishes"),
        ("on pull_request_target\njob a: make\n", "a", "a run of `pull_request_target` has rights"),
        ("on workflow_run { workflows: CI }\njob a: make\n", "a", "a run of `workflow_run` has rights"),
        ("on push to main\njob a {\n  checkout off\n  run make\n}\n", "a", "the job has no files"),
        ("on push to main\njob a {\n  uses ./prepare\n  checkout { path: src }\n  run make\n}\n", "a", "the job has no files"),
    ] {
        let made = compiled(&format!("{tool}{spec}"), &["tool.lock"]);
        assert!(!made.yaml.as_deref().unwrap().contains("actions/cache"), "{spec}{}", made.yaml.unwrap());
        let noted = made.ledger.decisions.iter().find(|decision| decision.pass == "cache").unwrap();
        assert!(noted.job.as_deref() == Some(job) && noted.why.starts_with(why), "{spec}{noted:?}");
        if why == "the job has no files" {
            continue;
        }
        // Nor one that the spec asks for, with all else switched off: that is told.
        for also in ["", "optimize off\n"] {
            let own = "  cache own { paths: deps/, key: ${{ github.sha }} }\n";
            let spec =
                spec.replace("job a: make\n", "job a {\n  run make\n}\n").replace("job a {\n", &format!("job a {{\n{own}"));
            let made = compiled(&format!("{also}{spec}"), &["tool.lock"]);
            assert!(!made.yaml.as_deref().unwrap().contains("actions/cache"), "{spec}{}", made.yaml.unwrap());
            let told = said(&made).iter().any(|line| line.contains("R0731") && line.contains(why));
            assert!(told, "{spec}{:#?}", said(&made));
        }
    }
    // Jobs that are in runs of other events have theirs there.
    let spec = format!(
        "{tool}on push to main\non pull_request_target\njob a {{\n  when event('pull_request_target')\n  run make\n}}\njob b: make\n"
    );
    let made = compiled(&spec, &["tool.lock"]);
    assert_eq!(["a", "b"].map(|job| made.plan.works[job].layers.len()), [0, 1]);
    let yaml = made.yaml.unwrap();
    let conditions: Vec<&str> = yaml.lines().filter(|line| line.contains("if: ") && !line.contains('(')).collect();
    let apart = "github.event_name != 'pull_request_target'";
    assert!(conditions.len() >= 2 && conditions.iter().filter(|line| line.contains(apart)).count() == 2, "{yaml}");
    // An action has no such condition.
    let spec = spec.replace("job b: make", "job b {\n  uses actions/cache@v5 { path: x, key: x }\n  run make\n}");
    assert!(said(&compiled(&spec, &["tool.lock"])).iter().any(|line| line.contains("R0731")), "{spec}");
    // Who is in no such run needs no condition.
    let made = compiled(
        &format!(
            "{tool}optimize {{ gate off }}\non push to main\non issue_comment\njob a {{\n  when event('push')\n  run make\n}}\n"
        ),
        &["tool.lock"],
    );
    let yaml = made.yaml.unwrap();
    assert!(yaml.contains("actions/cache/restore@") && !yaml.contains("!= 'issue_comment'"), "{yaml}");
    // An environment that is there for its secrets is no deployment.
    for (job, layers) in [
        ("environment test\n  run npm test", 1),
        ("environment test { url: https://a.example }\n  run npm test", 0),
        ("environment test\n  run ./test.sh", 0),
        ("environment test\n  run npm test\n  uses azure/login@v2", 0),
    ] {
        let made = compiled(&format!("{tool}on push to main\njob a {{\n  {job}\n}}\n"), &["tool.lock"]);
        assert_eq!(made.plan.works["a"].layers.len(), layers, "{job}");
    }
    let made = compiled(&format!("{tool}on push\njob a: make\n"), &["README.md"]);
    assert!(!made.yaml.as_deref().unwrap().contains("actions/cache"), "{}", made.yaml.unwrap());
}

/// The event of a workflow that is called is its caller's: none of those that could do harm restores or saves.
#[test]
fn a_called_workflow_trusts_no_event_that_its_caller_may_not() {
    trusts_no_event_that_its_caller_may_not("on workflow_call\ntoolchain tool 1\njob a: make\n");
    let own = "  cache own { paths: deps/, key: ${{ github.sha }} }";
    trusts_no_event_that_its_caller_may_not(&format!("on workflow_call\njob a {{\n{own}\n  run make\n}}\n"));
}

fn trusts_no_event_that_its_caller_may_not(spec: &str) {
    let yaml = compiled(spec, &["tool.lock"]).yaml.unwrap();
    let conditions: Vec<&str> = yaml.lines().filter(|line| line.contains("if: ")).collect();
    assert_eq!(conditions.len(), 2, "{yaml}");
    for condition in conditions {
        assert!(condition.contains("github.ref_type != 'tag' && !contains(fromJSON('["), "{yaml}");
        for event in ["release", "pull_request_target", "workflow_run", "issue_comment", "issues", "discussion"] {
            assert!(condition.contains(&format!("\"{event}\"")), "{event}: {yaml}");
        }
    }
}

#[test]
fn an_installed_tree_is_restored_only_where_nothing_has_changed() {
    let node = "on push to main\ntoolchain node 24\njob a {\n  cache modules { paths: node_modules/, key: ${{ hashFiles('package-lock.json') }} }\n  run make\n}\n";
    let made = compiled(node, &["package-lock.json", "package.json"]);
    let [modules, npm] = &made.plan.works["a"].layers[..] else { panic!("{:#?}", made.plan.works["a"].layers) };
    assert_eq!((modules.name.as_str(), modules.prefixes.len()), ("modules", 0));
    assert_eq!((npm.name.as_str(), npm.prefixes.len()), ("npm", 1));
}

#[test]
fn no_key_has_an_empty_hash() {
    let script = "echo \"had [$(cat deps/lock)]\"\n    mkdir -p deps\n    cp tool.lock deps/lock\n    cp tool.lock made.lock";
    let key = "${{ hashFiles('made.lock') }}";
    let spec = format!(
        "on push to main\n\njob test {{\n  cache own {{ paths: [deps/], key: {key} }}\n  run \"\"\"\n    {script}\n    \"\"\"\n}}\n"
    );
    assert!(
        said(&compiled(&spec, &["tool.lock"])).iter().any(|line| line.contains("W0215")),
        "it is told that git has no such file"
    );
    let Some(mut runs) = Runs::of(&spec) else { return };
    for _ in 0..2 {
        assert_eq!(runs.found("test", "one", "main"), "[]");
    }
    assert_eq!(runs.saves(), 0, "what the commands made came too late: {}", runs.runner.log());
    runs.runner.file("made.lock", "there when it begins");
    assert_eq!(runs.found("test", "one", "main"), "[]");
    assert_eq!(runs.found("test", "one", "main"), "[one]");
    assert_eq!(runs.saves(), 1);
}

#[test]
fn switched_off_only_what_is_written_is_cached() {
    let spec = |off: &str| {
        format!(
            "on push to main\n{off}\ntoolchain tool 1\njob a {{\n  cache own {{ paths: x, key: ${{{{ hashFiles('tool.lock') }}}} }}\n  run make\n}}\n"
        )
    };
    for (off, layers) in [("", 2), ("optimize { cache off }", 1), ("optimize off", 1)] {
        let made = compiled(&spec(off), &["tool.lock"]);
        assert_eq!(made.plan.works["a"].layers.len(), layers, "{off}");
        assert_eq!(made.yaml.unwrap().matches("actions/cache/restore").count(), layers, "{off}");
    }
}

/// The commands of a job say what its caches can spare: where that is less than their own steps take, there are none.
#[test]
fn caches_that_cost_more_than_they_spare_are_left_out() {
    let restores = |takes: &str, optimize: &str| {
        let spec = format!("on push to main\n{optimize}\ntoolchain rust\njob a {{\n  takes {takes}\n  run cargo build\n}}\n");
        let made = compiled(&spec, &["Cargo.toml", "Cargo.lock"]);
        let noted = made.ledger.decisions.iter().find(|it| it.pass == "cache").unwrap().clone();
        (made.yaml.unwrap().matches("actions/cache/restore@").count(), noted.why)
    };
    let (none, why) = restores("30s", "");
    assert_eq!(none, 0);
    assert!(why.contains("are so short that 9s for its caches spare them 5s"), "{why}");
    assert_eq!(restores("10m", "").0, 1);
    assert_eq!(restores("30s", "optimize { cache on }").0, 1, "whoever asks for them has them");
}

/// Whoever only looks at how files are laid out needs nothing of what is cached.
#[test]
fn a_look_at_the_layout_restores_nothing() {
    let restores = |commands: &str| {
        let spec = format!("on push to main\ntoolchain rust\njob a {{\n{commands}\n}}\n");
        compiled(&spec, &["Cargo.toml", "Cargo.lock"]).yaml.unwrap().matches("actions/cache/restore@").count()
    };
    assert_eq!(restores("run cargo fmt --check"), 0);
    assert_eq!(restores("run cargo fmt --check\nrun cargo clippy"), 1);
    assert_eq!(restores("run cargo fmt --check\nuses a/b@v1"), 1);
    // Nor who is known to compile nothing; a script of the project may.
    assert_eq!(restores("run npx eslint src"), 0);
    assert_eq!(restores("run npx eslint src\nrun cargo test"), 1);
    assert_eq!(restores("run npm run build"), 1);
    assert_eq!(restores("cache mine { paths: [out/], key: a }\nrun cargo fmt --check"), 1, "what is asked for is there");
}

/// What the author keeps is kept once: a layer of a toolchain with the same places is left out, and why is noted.
#[test]
fn what_the_author_keeps_is_kept_once() {
    let layers = |uses: &str, files: &[&str]| {
        let made = compiled(&format!("on push to main\njob a {{\n{uses}\n  run make\n}}\n"), files);
        let whys: Vec<String> = made.ledger.decisions.iter().filter(|it| it.pass == "cache").map(|it| it.why.clone()).collect();
        (made.plan.works["a"].layers.len(), whys.join("; "))
    };
    let rust = ["Cargo.toml", "Cargo.lock"];
    let node = ["package.json", "package-lock.json"];
    let ruby = ["Gemfile", "Gemfile.lock"];
    for (uses, files, wanted, why) in [
        ("toolchain rust stable\nuses Swatinem/rust-cache@v2", &rust[..], 0, "`Swatinem/rust-cache` keeps the same"),
        ("toolchain rust stable\nstep when branch('main') uses Swatinem/rust-cache@v2", &rust, 1, ""),
        ("toolchain node 22\nuses actions/setup-node@v6 { cache: npm }", &node, 0, "`actions/setup-node` keeps the same"),
        ("toolchain node 22\nuses actions/setup-node@v4 { node-version: 20 }", &node, 1, ""),
        (
            "toolchain java 21\nuses gradle/actions/setup-gradle@v4",
            &["build.gradle", "gradlew"],
            0,
            "`gradle/actions/setup-gradle` keeps the same",
        ),
        (
            "toolchain ruby 3.4 { install: off }\ncache bundle { paths: [vendor/bundle], key: ${{ hashFiles('Gemfile.lock') }} }",
            &ruby,
            1,
            "cache `bundle` keeps the same",
        ),
        ("toolchain ruby 3.4\ncache other { paths: [vendor/bundle/x], key: ${{ hashFiles('Gemfile.lock') }} }", &ruby, 2, ""),
    ] {
        let (count, whys) = layers(uses, files);
        assert_eq!(count, wanted, "{uses}: {whys}");
        assert!(whys.contains(why), "{uses}: {whys}");
    }
}

/// A checkout that some runs leave out brings no files to make a key of; of two each is for the runs without the other.
#[test]
fn a_checkout_with_a_condition_makes_no_key() {
    let layers = |checkouts: &str| {
        let spec =
            format!("on push to main\non pull_request\ntoolchain node 22\njob a {{\n{checkouts}\n  run npm test || true\n}}\n");
        compiled(&spec, &["package.json", "package-lock.json"]).plan.works["a"].layers.len()
    };
    assert_eq!(layers("step when event('pull_request') uses actions/checkout@v6"), 0);
    assert_eq!(layers("uses actions/checkout@v6"), 1);
    assert_eq!(
        layers("step when event('pull_request') uses actions/checkout@v6\nstep when event('push') uses actions/checkout@v6"),
        1
    );
}

/// What was built is of use where the same is built alone: on that image, by that job of that file, by a row that does the same, and by that release of a compiler.
#[test]
fn what_was_built_is_restored_where_the_same_is_built() {
    let key = |spec: &str, layer: &str| {
        let made = compiled(
            spec,
            &["Cargo.toml", "Cargo.lock", "go.mod", "go.sum", "package.json", "package-lock.json", "pnpm-lock.yaml"],
        );
        let layers = &made.plan.works["a"].layers;
        let layer = layers.iter().find(|it| it.name == layer).unwrap_or_else(|| panic!("{layers:#?}"));
        (layer.key.clone(), layer.prefixes.len())
    };
    let rust = |more: &str, run: &str| {
        key(&format!("on push to main\ntoolchain rust 1.95.0\njob a {{\n{more}  run {run}\n}}\n"), "cargo").0
    };
    let usual = rust("", "cargo test");
    assert!(usual.starts_with("v1/${{ runner.os }}/${{ runner.arch }}/ci/cargo/1.95.0/${{ github.job }}/"), "{usual}");
    assert_eq!(rust("  runner ubuntu-latest\n", "cargo test"), usual);
    assert!(rust("  runner ubuntu-22.04\n", "cargo test").contains("/ubuntu-22.04/ci/cargo/"));
    let machines = "  matrix os: ubuntu-22.04, ubuntu-24.04\n  runner ${{ matrix.os }}\n";
    let by_machine = rust(machines, "cargo test");
    assert!(by_machine.contains("/${{ matrix.os }}/ci/cargo/") && !by_machine.contains("job-index"), "{by_machine}");
    // A row by its values, wherever it stands, if they can be in a key.
    for (values, row) in [("a, b", "${{ matrix.features }}"), ("a, [b/c]", "${{ strategy.job-index }}")] {
        let key = rust(&format!("  matrix features: {values}\n"), "cargo test --features ${{ matrix.features }}");
        assert!(key.contains(&format!("/ci/{row}/cargo/1.95.0/${{{{ github.job }}}}/")), "{key}");
    }
    assert!(!rust("  shards 2\n", "cargo test -- $SHARD").contains("job-index"), "shards build the same");
    for moving in ["rust", "rust nightly", "rust stable"] {
        let (key, _) = key(&format!("on push to main\ntoolchain {moving}\njob a: cargo test\n"), "cargo");
        assert!(key.contains("/${{ github.job }}/${{ steps.rust-release.outputs.release }}/"), "{key}");
    }
    for go in ["go stable", "go 1.25", "go"] {
        let (key, _) = key(&format!("on push to main\ntoolchain {go}\njob a: go test ./...\n"), "go");
        assert!(key.contains("/${{ github.job }}/${{ steps.go-release.outputs.go-version }}/"), "{key}");
    }
    for node in ["node 24", "node lts/*", "node"] {
        let (key, _) = key(&format!("on push to main\ntoolchain {node} {{ cached: modules }}\njob a: make\n"), "pnpm-modules");
        assert!(key.contains("/${{ steps.node-release.outputs.node-version }}/"), "{key}");
    }
    // What an install leaves out is in no tree that it makes.
    let modules = |settings: &str, env: &str| {
        let spec =
            format!("on push to main\ntoolchain node 24 {{ cached: modules{settings} }}\njob a {{\n  {env}\n  run make\n}}\n");
        key(&spec, "pnpm-modules").0
    };
    let usual = modules("", "env { OTHER: x }");
    assert_eq!(modules("", ""), usual);
    for (settings, env, told) in [
        ("", "env { NODE_ENV: production }", "NODE_ENV=production"),
        (", install: --frozen-lockfile --prod", "", "install=--frozen-lockfile --prod"),
        (
            ", install: --ignore-scripts",
            "env { npm_config_registry: https://r.example }",
            "install=--ignore-scripts/npm_config_registry=https:__r.example",
        ),
        ("", "matrix e: a, b\n  env { NODE_ENV: ${{ matrix.e }} }", "NODE_ENV=${{ matrix.e }}"),
        ("", "matrix e: a, 'b,c'\n  env { NODE_ENV: ${{ matrix.e }} }", "${{ strategy.job-index }}"),
        ("", "matrix r {\n    x { env { A: b } }\n    y { env { NODE_ENV: production } }\n  }", "${{ strategy.job-index }}"),
    ] {
        let key = modules(settings, env);
        assert!(key != usual && key.contains(&format!("/{told}/")), "{key}");
    }
    assert!(!modules("", "env { NPM_CONFIG_TOKEN: ${{ secrets.NPM }} }").contains("secrets"), "keys are there for all to see");
    // What was downloaded for one folder, or by other arguments, is of no use to another: neither takes the other's.
    let python = |install: &str| {
        let spec = format!("on push to main\ntoolchain python 3.13 {{ install: {install} }}\njob a: make\n");
        let made = compiled(&spec, &["requirements.txt"]);
        made.plan.works["a"].layers[0].key.clone()
    };
    assert!(python("-r docs.txt").contains("/install=-r docs.txt/pip/3.13/"), "{}", python("-r docs.txt"));
    assert!(python("on").contains("}}/pip/3.13/"), "{}", python("on"));
    // Downloads are the same on every image, and an older one will do.
    let pnpm = "on push to main\ntoolchain node 24 { directory: packages/a }\njob a {\n  runner ubuntu-22.04\n  run make\n}\n";
    let (key, prefixes) = key(&pnpm.replace(" { directory: packages/a }", ""), "pnpm");
    assert!(!key.contains("ubuntu-22.04") && prefixes == 1, "{key}");
}

/// An installed tree is kept as the install made it: what commands leave in it later is in no cache, and a job that fails later has saved it all the same.
#[test]
fn an_installed_tree_is_saved_before_commands_leave_anything_in_it() {
    let tree = "toolchain tree(version = 1) {\n  cache deps { paths: [deps/], key: ${{ hashFiles('tool.lock') }} }\n  install {\n    reads tool.lock\n    writes deps/\n    \
                run \"\"\"\n      mkdir -p deps\n      cp tool.lock deps/lock\n      echo installed >> deps/count\n      \"\"\"\n  }\n}\n";
    let script = "echo \"had [$(ls deps | tr '\\n' ' ')$(cat deps/count)]\"\n    echo junk > deps/junk";
    let spec = format!("on push to main\n{tree}toolchain tree 1\njob test {{\n  run \"\"\"\n    {script}\n    \"\"\"\n}}\n");
    let Some(mut runs) = Runs::of(&spec) else { return };
    for _ in 0..3 {
        assert_eq!(runs.found("test", "one", "main"), "[count lock installed]");
    }
    assert_eq!(runs.saves(), 1, "{}", runs.runner.log());
}

/// A job that is in no run of the default branch leaves it to others to save for all; where there is none, it saves for its own branch, and that is said.
#[test]
fn who_never_runs_on_the_default_branch_saves_for_nobody_else() {
    let spec =
        "on push to main\non pull_request\ntoolchain tool 1\njob plan {\n  when event('pull_request')\n  run make plan\n}\n";
    let saved = |spec: &str| {
        let made = compiled(spec, &["tool.lock"]);
        let yaml = made.yaml.clone().unwrap_or_default();
        (made.plan.works["plan"].layers[0].saved.clone(), said(&made), yaml)
    };
    let (alone, told, yaml) = saved(spec);
    assert_eq!(alone, Saved::Here { for_all: false });
    assert!(told.len() == 1 && !yaml.contains("default_branch"), "{told:?}\n{yaml}");
    let others = format!("{spec}job maybe {{\n  when branch('main')\n  run make maybe\n}}\n");
    let (shared, told, _) = saved(&others);
    assert_eq!((shared, told.len()), (Saved::By("maybe".to_owned()), 0));
    for when in ["branch('main')", "event('push')", "event('push') || event('pull_request')", "github.actor == 'x'"] {
        let (here, told, _) = saved(&spec.replace("event('pull_request')", when));
        assert_eq!((here, told.len()), (Saved::Here { for_all: true }, 0), "{when}");
    }
}

/// The runs of a dispatch are of the default branch, whose caches no code of a pull request may write.
#[test]
fn the_code_of_a_pull_request_writes_no_cache_of_the_default_branch() {
    let layers = |job: &str| {
        let spec = format!(
            "on workflow_dispatch {{ input pr: string }}\non push to main\ntoolchain tool 1\njob one {{\n  {job}\n  run make\n}}\njob two: make\n"
        );
        let works = compiled(&spec, &["tool.lock"]).plan.works;
        (works["one"].layers.len(), works["two"].layers[0].saved.clone())
    };
    for foreign in [
        "checkout { ref: 'refs/pull/${{ inputs.pr }}/merge' }",
        "env { HEAD: 'refs/pull/${{ inputs.pr }}/head' }\n  checkout { ref: ${{ env.HEAD }} }",
        "run gh pr checkout ${{ inputs.pr }}",
        "step pr { run gh pr view 1 --json headRefOid >> $GITHUB_OUTPUT }\n  checkout { ref: ${{ steps.pr.outputs.headRefOid }} }",
    ] {
        assert_eq!(layers(foreign), (0, Saved::Here { for_all: true }), "{foreign}");
    }
    for own in ["checkout { ref: ${{ inputs.pr }} }", "checkout { ref: ${{ github.head_ref }} }", ""] {
        assert_eq!(layers(own).0, 1, "{own}");
    }
}

/// A job behind one with a condition may be left out, too: it saves nothing for others.
#[test]
fn who_saves_for_all_surely_runs() {
    let spec = "on push to main\ntoolchain tool 1\njob maybe {\n  when branch('other')\n  run make\n}\njob b {\n  needs maybe\n  run make b\n}\njob c: make c\n";
    let made = compiled(spec, &["tool.lock"]);
    let saved = |job: &str| made.plan.works[job].layers[0].saved.clone();
    assert_eq!(["maybe", "b", "c"].map(saved), [Saved::By("c".into()), Saved::By("c".into()), Saved::Here { for_all: true }]);
}

/// What a branch of its own has, or a part of the files, has another hash than what is here, or none.
#[test]
fn files_of_another_branch_make_no_key() {
    let job = |checkout: &str| {
        let spec = format!(
            "on push to main\ntoolchain tool 1\njob a {{\n  checkout {{ {checkout} }}\n  cache own {{ paths: [own/], key: ${{{{ hashFiles('tool.lock') }}}} }}\n  run make\n}}\n"
        );
        let made = compiled(&spec, &["tool.lock"]);
        let layers = &made.plan.works["a"].layers;
        (layers.len(), layers[0].restored.clone())
    };
    for (checkout, layers) in
        [("ref: gh-pages", 1), ("sparse-checkout: docs", 1), ("ref: ${{ github.sha }}", 2), ("fetch-depth: 0", 2)]
    {
        let (found, restored) = job(checkout);
        assert_eq!(found, layers, "{checkout}");
        assert_eq!(restored.is_some(), layers == 1, "the author's is restored where there are files: {checkout} {restored:?}");
    }
}

/// Machines are told from each other however they are written.
#[test]
fn other_machines_have_caches_of_their_own() {
    let tree = "toolchain tree(version = 1) {\n  cache tree { paths: [tree/], key: ${{ hashFiles('tool.lock') }} }\n  install { reads tool.lock; writes tree/; run make tree }\n}\ntoolchain tree 1\n";
    let runners =
        ["", "runner [self-hosted, alpine]", "runner [self-hosted, debian]", "runner { group: big }", "runner ubuntu-22.04"];
    let jobs: String =
        runners.iter().enumerate().map(|(at, runner)| format!("job j{at} {{\n  {runner}\n  run make\n}}\n")).collect();
    let made = compiled(&format!("on push to main\n{tree}{jobs}"), &["tool.lock"]);
    let layers: Vec<_> = (0..runners.len()).map(|at| made.plan.works[&format!("j{at}")].layers[0].clone()).collect();
    let keys: std::collections::BTreeSet<&str> = layers.iter().map(|layer| layer.key.as_str()).collect();
    assert_eq!(keys.len(), runners.len(), "{keys:#?}");
    assert!(layers.iter().all(|layer| layer.saved == Saved::Here { for_all: true }), "{layers:#?}");
    let rows = "job a {\n  matrix x { old { runner ubuntu-22.04 }; new { runner ubuntu-24.04 } }\n  run make\n}\n";
    // By their images, wherever the rows stand and whatever a machine is called.
    let key = |spec: &str| {
        let made = compiled(&format!("on push to main\nrunners {{ big: ubuntu-22.04 }}\n{tree}{spec}"), &["tool.lock"]);
        made.plan.works["a"].layers[0].key.clone()
    };
    let of_row = "/${{ matrix.x == 'old' && 'ubuntu-22.04' || 'ubuntu-24.04' }}/tree/1/";
    assert!(key(rows).contains(of_row), "{}", key(rows));
    assert!(key("job a {\n  matrix x { old { runner big }; new { runner ubuntu-24.04 } }\n  run make\n}\n").contains(of_row));
    assert!(key("job a {\n  runner big\n  run make\n}\n").contains("/ubuntu-22.04/tree/1/"));
    let unordered = "job a {\n  matrix x { a { runner big }; b { runner ubuntu-24.04 }; c { runner big } }\n  run make\n}\n";
    assert!(
        key(unordered).contains("(matrix.x == 'a' || matrix.x == 'c') && 'ubuntu-22.04' || 'ubuntu-24.04'"),
        "{}",
        key(unordered)
    );
    assert!(key("job a {\n  matrix x { a { runner big }; b { runner big } }\n  run make\n}\n").contains("/ubuntu-22.04/tree/1/"));
    for differs in ["in ${{ matrix.x }}", "shell ${{ matrix.x }}", "runner [self-hosted, ${{ matrix.x }}]"] {
        let spec =
            format!("on push to main\ntoolchain rust 1.95.0\njob a {{\n  matrix x: a, b\n  {differs}\n  run cargo test\n}}\n");
        let made = compiled(&spec, &["Cargo.toml", "Cargo.lock"]);
        let key = &made.plan.works["a"].layers[0].key;
        assert!(key.contains("strategy.job-index") || key.contains("matrix.x"), "{differs}: {key}");
    }
}

/// What not every key has stands before the name of its layer: a prefix of one would else find what another keeps.
#[test]
fn no_beginning_of_a_key_is_that_of_another() {
    let spec = |salt: &str| {
        let jobs = "job plain: make\njob musl {\n  container python:3.12-alpine\n  run make\n}\njob own {\n  matrix x: a, b\n  run make ${{ matrix.x }}\n}\n\
            job all {\n  toolchain java 21 { install: on }\n  toolchain playwright { browsers: chromium }\n  run make\n}\n\
            job one {\n  toolchain java 21\n  toolchain playwright { browsers: chromium-headless-shell }\n  run make\n}\n";
        format!("on push to main\n{salt}toolchain tool 1\ntoolchain rust 1.95.0\n{jobs}")
    };
    let mut layers: Vec<(String, Vec<String>)> = Vec::new();
    for salt in ["", "cache-version v2\n"] {
        let made =
            compiled(&spec(salt), &["tool.lock", "Cargo.toml", "Cargo.lock", "build.gradle", "pom.xml", "package-lock.json"]);
        let all = made.plan.works.values().flat_map(|work| &work.layers);
        layers.extend(all.map(|layer| (layer.key.clone(), layer.prefixes.clone())));
    }
    let hashed = |key: &str| key.split("${{ hashFiles").next().unwrap().to_owned();
    for (key, prefixes) in &layers {
        for (other, _) in layers.iter().filter(|(other, _)| hashed(other) != hashed(key)) {
            assert!(!prefixes.iter().any(|prefix| other.starts_with(prefix.as_str())), "{key} {prefixes:?} finds {other}");
        }
    }
    assert!(layers.len() > 10, "{layers:#?}");
}

/// One layer is left out by itself, where restoring takes as long as downloading.
#[test]
fn downloads_of_node_are_kept_unless_told_otherwise() {
    let layers = |options: &str| {
        let made = compiled(
            &format!("on push to main\ntoolchain node 20 {options}\njob a: npm test\n"),
            &["package.json", "package-lock.json"],
        );
        made.plan.works["a"].layers.len()
    };
    assert_eq!(["", "{ cached: downloads }", "{ cached: modules }", "{ cached: off }"].map(layers), [1, 1, 1, 0]);
}

/// Actions that restore a cache unless they are told otherwise are no better in a release than those that are told to.
#[test]
fn caches_of_actions_are_told_in_a_release() {
    let told = |step: &str| {
        let made = compiled(&format!("on push {{ tags: v* }}\njob a {{\n  {step}\n  run make\n}}\n"), &[]);
        said(&made).iter().any(|line| line.contains("R0731"))
    };
    for step in [
        "uses DeterminateSystems/magic-nix-cache-action@v13",
        "uses actions/setup-go@v6",
        "uses actions/setup-node@v6",
        "uses docker/setup-qemu-action@v3",
        "uses mozilla-actions/sccache-action@v0.0.9",
        "uses oven-sh/setup-bun@v2",
        "uses astral-sh/setup-uv@v7",
        "uses ruby/setup-ruby@v1 { bundler-cache: true }",
        "uses gradle/actions/setup-gradle@v5",
        "uses jdx/mise-action@v3",
        "uses Swatinem/rust-cache@v2",
        "uses actions/setup-node@v6 { cache: npm }",
        "uses hendrikmuhs/ccache-action@v1.2",
        "uses subosito/flutter-action@v2 { cache: true }",
    ] {
        assert!(told(step), "{step}");
    }
    for step in [
        "uses actions/setup-go@v6 { cache: false }",
        "uses astral-sh/setup-uv@v7 { enable-cache: false }",
        "uses gradle/actions/setup-gradle@v5 { cache-disabled: true }",
        "uses actions/setup-node@v4",
        "uses actions/setup-node@v6 { package-manager-cache: false }",
        "uses oven-sh/setup-bun@v2 { no-cache: true }",
        "uses ruby/setup-ruby@v1",
    ] {
        assert!(!told(step), "{step}");
    }
}

/// What the library sets up is kept in layers alone, which no release restores: no action of it keeps anything by itself.
#[test]
fn no_action_of_the_library_has_a_cache_of_its_own() {
    for (toolchain, files) in [
        ("bun", vec!["package.json", "bun.lock"]),
        ("deno", vec!["deno.json", "deno.lock"]),
        ("docker { platforms: [linux/arm64], layers: off }", vec!["Dockerfile"]),
        ("dotnet", vec!["a.csproj"]),
        ("go", vec!["go.mod", "go.sum"]),
        ("java", vec!["pom.xml"]),
        ("node", vec!["package.json", "bun.lock"]),
        ("node", vec!["package.json", "package-lock.json"]),
        ("node", vec!["package.json", "pnpm-lock.yaml"]),
        ("php", vec!["composer.json", "composer.lock"]),
        ("python", vec!["pyproject.toml", "uv.lock"]),
        ("python", vec!["requirements.txt"]),
        ("ruby", vec!["Gemfile", "Gemfile.lock"]),
        ("rust { tools: just }", vec!["Cargo.toml", "Cargo.lock"]),
        ("terraform", vec!["main.tf", ".terraform.lock.hcl"]),
    ] {
        let made = compiled(&format!("on release\ntoolchain {toolchain}\njob a: make\n"), &files);
        let setup = made.plan.works["a"].prologue.iter().filter_map(|derived| match &derived.step.kind {
            StepKind::Uses { action, with, .. } => Some((action, with)),
            _ => None,
        });
        for (action, with) in setup {
            let keeps = restores(action, |input| with.get(input).map(Value::spelled).unwrap_or_default());
            assert_eq!(keeps, None, "{toolchain}: {}", action.as_str());
        }
    }
}

/// Rows may have another version of a toolchain: the steps of both are in one job, and each key asks for its own.
#[test]
fn toolchains_of_rows_ask_for_their_own_release() {
    for (usual, newest, step, output) in
        [("rust stable", "rust nightly", "rust-release", "release"), ("go 1.24", "go stable", "go-release", "go-version")]
    {
        let spec = format!(
            "on push to main\ntoolchain {usual}\njob a {{\n  matrix kind {{\n    usual {{}}\n    newest {{ toolchain {newest} }}\n  }}\n  run make ${{{{ matrix.kind }}}}\n}}\n"
        );
        let made = compiled(&spec, &["Cargo.toml", "Cargo.lock", "go.mod", "go.sum"]);
        let work = &made.plan.works["a"];
        let ids: Vec<&str> = work.prologue.iter().filter_map(|it| it.step.id.as_ref()).map(|(id, _)| id.as_str()).collect();
        assert!([step, &format!("{step}-2")].iter().all(|id| ids.iter().filter(|own| *own == id).count() == 1), "{ids:?}");
        let keys: Vec<&str> = work.layers.iter().map(|layer| layer.key.as_str()).collect();
        assert!(keys[0].contains(&format!("steps.{step}.outputs.{output}")), "{keys:?}");
        assert!(keys[1].contains(&format!("steps.{step}-2.outputs.{output}")), "{keys:?}");
    }
}

/// Where the install is left out, all that it makes was kept: packages of a workspace lie as deep as its manifests.
#[test]
fn modules_of_a_workspace_are_kept_as_deep_as_it_is() {
    let kept = |files: &[&str]| {
        let all: Vec<&str> = ["package.json", "pnpm-lock.yaml"].iter().chain(files).copied().collect();
        let made = compiled("on push to main\ntoolchain node { cached: modules }\njob a: pnpm test\n", &all);
        let layer = made.plan.works["a"].layers[0].clone();
        let skips = made.yaml.as_deref().unwrap().contains("outputs.cache-hit != 'true'\n        run: pnpm install");
        (layer.name, layer.paths.last().cloned().unwrap(), skips)
    };
    let of = |name: &str, last: &str, skips: bool| (name.to_owned(), last.to_owned(), skips);
    assert_eq!(kept(&[]), of("pnpm-modules", "node_modules/", true));
    assert_eq!(kept(&["apps/y/package.json"]), of("pnpm-modules", "*/*/node_modules/", true));
    assert_eq!(kept(&["apps/g/x/package.json"]), of("pnpm-modules", "*/*/*/*/node_modules/", true));
    assert_eq!(kept(&["a/b/c/d/e/package.json"]), of("pnpm", "~/.pnpm-store", false));
}

/// What fixes the versions of a build is in its key.
#[test]
fn the_key_of_gradle_has_its_lockfiles_and_properties() {
    let made = compiled("on push to main\ntoolchain java 21\njob a: ./gradlew test\n", &["build.gradle", "gradlew"]);
    let key = &made.plan.works["a"].layers[0].key;
    assert!(key.contains("'**/*gradle.lockfile'") && key.contains("'**/gradle.properties'"), "{key}");
}

/// What an install made is of no use where anything has changed: of such folders no older cache is asked for, unless the spec asks for it.
#[test]
fn no_older_tree_of_an_install_is_restored() {
    for (path, keys, older) in [
        (".venv", "", 0),
        ("web/node_modules/", "", 0),
        ("vendor/bundle", "", 0),
        ("~/venv", "", 0),
        ("data", "", 1),
        ("my.venv", "", 1),
        ("data", ", restore-keys: []", 0),
        (".venv", ", restore-keys: any-", 1),
    ] {
        let key = "${{ hashFiles('tool.lock') }}";
        let made = compiled(
            &format!("on push to main\njob a {{\n  cache own {{ paths: [{path}], key: {key}{keys} }}\n  run make\n}}\n"),
            &["tool.lock"],
        );
        let [own] = &made.plan.works["a"].layers[..] else { panic!("{:#?}", made.plan.works["a"].layers) };
        assert_eq!(own.prefixes.len(), older, "{path}{keys}");
        // Its key has no version.
        let told = pipelay::explain::job(&made, "a").unwrap();
        assert!(told.contains("on another system, or") && !told.contains("or version"), "{told}");
    }
    let made = compiled("on push to main\ntoolchain tool 1\njob a: make\n", &["tool.lock"]);
    let told = pipelay::explain::job(&made, "a").unwrap();
    assert!(told.contains("on another system or version"), "{told}");
}

/// An older cache is restored by what stands in a key before what changes; where nothing does, the key says itself when it is anew.
#[test]
fn an_older_cache_is_of_the_same_beginning() {
    for (key, older) in [
        ("${{ github.sha }}", Some("/own/")),
        ("${{ matrix.cc }}-${{ github.sha }}", Some("/own/${{ matrix.cc }}-")),
        ("${{ matrix.cc }}-${{ hashFiles('tool.lock') }}", Some("/own/${{ matrix.cc }}-")),
        ("v2", None),
        ("${{ matrix.cc }}", None),
    ] {
        // A package below makes `node_modules` anywhere, and what is the author's own is none.
        let tool = "toolchain node 22\n";
        let job = "job a {\n  matrix cc: gcc, clang\n";
        let spec = format!(
            "on push to main\n{tool}{job}  cache own {{ paths: [.turbo], key: {key} }}\n  run make CC=${{{{ matrix.cc }}}}\n}}\n"
        );
        let made = compiled(&spec, &["tool.lock", "package.json", "package-lock.json", "apps/web/package.json"]);
        let own = made.plan.works["a"].layers.iter().find(|layer| layer.name == "own").unwrap();
        assert_eq!(own.prefixes.len(), usize::from(older.is_some()), "{key}: {:?}", own.prefixes);
        assert!(older.is_none_or(|older| own.prefixes[0].ends_with(older)), "{key}: {:?}", own.prefixes);
        let told = pipelay::explain::job(&made, "a").unwrap();
        let asks = key.contains("matrix.cc");
        assert_eq!(told.contains("with another `matrix.cc`"), asks, "{told}");
    }
}

/// What a check, a status or who dispatches a run names may be a commit of a pull request, and such runs are those of the default branch.
#[test]
fn code_of_others_saves_nothing_for_the_default_branch() {
    for (on, reference, saves) in [
        ("repository_dispatch { types: [test] }", "github.event.client_payload.pull_request.head.sha", false),
        ("repository_dispatch { types: [test] }", "github.event.client_payload.version", true),
        ("check_run", "github.event.check_run.head_sha", false),
        ("status", "github.event.sha", false),
    ] {
        let checkout = format!("checkout {{ ref: ${{{{ {reference} }}}} }}");
        let made = compiled(&format!("on {on}\ntoolchain tool 1\njob a {{\n  {checkout}\n  run make\n}}\n"), &["tool.lock"]);
        let yaml = made.yaml.as_deref().unwrap();
        assert_eq!(yaml.contains("actions/cache/save@"), saves, "{on}\n{yaml}");
    }
}

/// A variable that the author sets is left alone by what the library sets up, and the layer is where it says.
#[test]
fn layers_are_where_the_author_s_variables_say() {
    let of = |env: &str, toolchain: &str| {
        let spec = format!("on push to main\n{env}\njob a {{\n  toolchain {toolchain}\n  run ./test\n}}\n");
        let made = compiled(&spec, &["main.tf", ".terraform.lock.hcl", "web/package.json", "web/pnpm-lock.yaml", "api/uv.lock"]);
        let paths: Vec<String> = made.plan.works["a"].layers.iter().flat_map(|layer| layer.paths.clone()).collect();
        let told: Vec<String> = said(&made).into_iter().filter(|line| line.contains("R0705")).collect();
        (paths, told.len(), made.yaml.unwrap())
    };
    for (toolchain, variable, usual) in [
        ("terraform", "TF_PLUGIN_CACHE_DIR", "~/.terraform.d/plugin-cache"),
        ("node { directory: web }", "NPM_CONFIG_STORE_DIR", "~/.pnpm-store"),
        ("node { directory: web }", "npm_config_store_dir", "~/.pnpm-store"),
        ("python { directory: api }", "UV_CACHE_DIR", "~/.cache/uv"),
    ] {
        assert_eq!(of("", toolchain).0, [usual], "{toolchain}");
        let (paths, told, yaml) = of(&format!("env {{ {variable}: /opt/cache }}"), toolchain);
        assert_eq!((paths, told), (vec!["/opt/cache".to_owned()], 0), "{toolchain}\n{yaml}");
        // The library sets it to what it is.
        assert!(!yaml.contains("TF_PLUGIN_CACHE_DIR=$HOME") && !yaml.contains("cache-local-path: ~"), "{yaml}");
        let (paths, told, yaml) = of(&format!("env {{ {variable}: \"${{{{ vars.AT }}}}\" }}"), toolchain);
        assert_eq!((paths.len(), told), (0, 1), "{toolchain}\n{yaml}");
    }
}

/// Images of rows that all set a variable alike move a layer, and where they differ there is none.
#[test]
fn layers_are_where_the_images_of_rows_say() {
    let of = |toolchain: &str, images: &str| {
        let spec = format!(
            "on push to main\njob a {{\n  matrix image: {images}\n  container ${{{{ matrix.image }}}}\n  toolchain {toolchain}\n  run ./test\n}}\n"
        );
        let made = compiled(&spec, &["go.mod", "go.sum", "Cargo.toml", "Cargo.lock"]);
        let paths: Vec<String> = made.plan.works["a"].layers.iter().flat_map(|layer| layer.paths.clone()).collect();
        (paths, said(&made).iter().any(|line| line.contains("R0705")))
    };
    let (paths, told) = of("go", "\"golang:1.25-bookworm\", \"golang:1.24-bookworm\"");
    assert!(paths.contains(&"/go/pkg/mod".to_owned()) && !told, "{paths:?}");
    let (paths, told) = of("rust", "\"rust:1.90\", \"rust:1.89\"");
    assert!(paths.iter().any(|path| path.starts_with("/usr/local/cargo/")) && !told, "{paths:?}");
    let (paths, told) = of("go", "\"golang:1.25-bookworm\", \"debian:bookworm\"");
    assert!(!paths.iter().any(|path| path.contains("pkg/mod")) && told, "{paths:?}");
    let (paths, told) = of("go", "\"debian:bookworm\", \"debian:trixie\"");
    assert!(paths.contains(&"~/go/pkg/mod".to_owned()) && !told, "{paths:?}");
}

/// Who never runs on the default branch saves for its own branch, and is told so.
#[test]
fn what_is_never_of_the_default_branch_is_not_saved_for_it() {
    for (spec, for_all) in [
        ("on push { branches-ignore: [main] }\njob a: make", false),
        ("on push { branches: ['**', '!main'] }\njob a: make", false),
        ("on push { branches-ignore: [docs] }\njob a: make", true),
        ("on push to staging\njob a: make", false),
        ("on push to main, staging\njob a: make", true),
        ("on push to develop\njob a: make", true),
        ("on push\njob a { when !branch('main'); run make }", false),
        ("on push\njob a { when github.ref != 'refs/heads/main' && github.event_name == 'push'; run make }", false),
        ("on push\njob a { when branch('staging'); run make }", false),
        ("on push\njob a { when branch('develop') && !branch('main'); run make }", true),
        ("on push\njob a { when branch('main'); run make }", true),
        ("on push\njob a { when event('push'); run make }", true),
        ("on create\njob a: make", false),
    ] {
        let made = compiled(&format!("toolchain tool 1\n{spec}\n"), &["tool.lock"]);
        let [layer] = &made.plan.works["a"].layers[..] else { panic!("{spec}: {:#?}", made.plan.works["a"].layers) };
        assert_eq!(layer.saved, Saved::Here { for_all }, "{spec}");
        assert_eq!(said(&made).iter().any(|line| line.contains("R0706")), !for_all, "{spec}");
        // A tag that is made is a release, as one that is pushed is.
        let is_create = spec.starts_with("on create");
        assert!(
            !is_create || layer.restored.as_ref().is_some_and(|when| when.contains("ref_type != 'tag'")),
            "{:?}",
            layer.restored
        );
    }
}
