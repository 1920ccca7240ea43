//! Who shares a machine with whom: pairs of which one would notice the other, each beside one that is as near to it as can be and does share.

use pipelay::facts::Facts;
use pipelay::plan::Plan;
use pipelay::plan::interpret::Did;
use pipelay::{Spec, compile};

use crate::compile::{compiled, said};
use crate::interpret::on_main;
use crate::run::Runner;

/// Jobs of these names and statements under `cost`, where git tracks some files: what is emitted.
fn emitted(head: &str, jobs: &[(&str, &str)], tracked: &[&str]) -> String {
    let job = |(name, statements): &(&str, &str)| format!("job {name} {{\ntakes 5s\n{statements}\n}}\n");
    let text = format!("on push\noptimize cost {{ gate off; fuse on }}\n{head}\n{}", jobs.iter().map(job).collect::<String>());
    let tracked = tracked.iter().map(|file| (*file).to_owned()).collect();
    let facts = Facts { tracked: Some(tracked), ..Facts::default() };
    let made = compile(&Spec { path: "ci.pipe".into(), text }, &facts);
    made.yaml.clone().unwrap_or_else(|| panic!("{:#?}", said(&made)))
}

/// On how many machines two jobs run.
fn machines(one: &str, other: &str, tracked: &[&str]) -> usize {
    emitted("", &[("a", one), ("b", other)], tracked).matches("runs-on").count()
}

/// Of a loop or a template, each round and each use is another toolchain where it does something else.
#[test]
fn toolchains_are_equal_where_they_do_the_same() {
    let tracked = ["api/package-lock.json", "api/package.json", "web/package-lock.json", "web/package.json"];
    let yaml = |jobs: &str| emitted(jobs, &[], &tracked);
    let folders =
        "for x in [api, web] {\njob %{x} {\ntoolchain node 22 { directory: %{x} }\ntakes 5s\nin %{x}\nrun npm test\n}\n}";
    assert_eq!(yaml(folders).matches("npm ci").count(), 2);
    let tools = "template t(name, pk) { job %{name} { toolchain apt { packages: %{pk} }; takes 5s; run %{pk} --version } }\nt(a, jq)\nt(b, curl)";
    assert_eq!(yaml(tools).matches("runs-on").count(), 2);
    let parts = |one: &str, other: &str| {
        yaml(&format!(
            "for c in [{one}, {other}] {{\njob %{{c}} {{\ntoolchain rust 1.80 {{ components: [rustfmt] }}\ntakes 5s\nrun ./%{{c}}\n}}\n}}"
        ))
    };
    assert_eq!(parts("x", "y").matches("runs-on").count(), 1, "they do the same");
}

/// Texts that look like two when they are put together.
#[test]
fn variables_are_equal_one_by_one() {
    let yaml = emitted("", &[("a", "env { A: \"1;B=2\" }\nrun ./a"), ("b", "env { A: 1, B: 2 }\nrun ./b")], &[]);
    assert_eq!((yaml.matches("runs-on").count(), yaml.matches("B: 2").count()), (1, 1), "{yaml}");
}

/// GitHub takes a folder and a shell of commands alone.
#[test]
fn an_action_gets_no_folder() {
    let upload = "in web\nshell bash\nrun npm test\nuses actions/upload-artifact@v4 { name: x, path: web/r.xml }";
    let yaml = emitted("", &[("a", upload), ("b", "run npm run typecheck")], &[]);
    assert_eq!(yaml.matches("runs-on").count(), 1, "{yaml}");
    assert_eq!((yaml.matches("working-directory").count(), yaml.matches("shell").count()), (1, 1), "{yaml}");
}

/// What later steps look at, whatever it is called by.
#[test]
fn files_of_later_steps_have_other_names() {
    for reaches in [
        "run python3 -c 'open(\"${{ github.env }}\",\"a\").write(\"LEAK=1\\n\")'",
        "writes x/\nrun echo \"LEAK=1\" >> \"${{ github.env }}\"",
        "writes x/\nrun echo bin >> \"${{ github.path }}\"",
        "writes x/\nstep {\nenv { F: ${{ github['env'] }} }\nrun ./a\n}",
    ] {
        assert_eq!(machines(reaches, "run test -z \"$LEAK\"", &[]), 2, "{reaches}");
    }
    assert_eq!(machines("writes x/\nrun ./a >> \"${{ github.output }}\"", "run ./b", &[]), 1);
}

/// Who names no source depends on all that git tracks, as it is tracked.
#[test]
fn who_names_no_source_sees_what_is_tracked() {
    let tracked = ["lib/a.ts", "src/api.ts"];
    let yaml = |types: &str| {
        let jobs = [("gen", "writes src/api.ts\nrun npm run gen"), ("types", types), ("use", "reads src/api.ts\nrun ./use")];
        emitted("", &jobs, &tracked)
    };
    assert!(yaml("run npx tsc --noEmit").contains("gen-use:"), "{}", yaml("run npx tsc --noEmit"));
    // It says what it reads, or comes before it anyway.
    assert!(yaml("reads lib/**\nrun npx tsc --noEmit").contains("gen-types-use:"));
    let before = |one: &str| emitted("", &[("types", "run npx tsc --noEmit"), ("gen", one)], &tracked).matches("runs-on").count();
    assert_eq!(before("needs types\nwrites src/api.ts\nrun npm run gen"), 1);
    assert_eq!(before("writes src/api.ts\nrun npm run gen"), 2);
    assert_eq!(before("writes out/\nrun npm run gen"), 1, "git does not track it");
}

/// What walks the disk sees what others left or installed there.
#[test]
fn what_walks_the_disk_is_with_nobody_who_leaves_something() {
    let test = "run npm ci && npm test";
    for walker in [
        "yamllint -d \"{extends: default, ignore: .github}\" .",
        "codespell",
        "npx markdownlint '**/*.md'",
        "test -z \"$(gofmt -l .)\"",
        "find . -name '*.sh' -exec shellcheck {} +",
        "grep -rn FIXME . && exit 1",
        "docker build -t app .",
        "flake8",
    ] {
        assert_eq!(machines(test, &format!("run {walker}"), &[]), 2, "{walker}");
        assert_eq!(machines("run npm run types", &format!("run {walker}"), &[]), 1, "{walker}");
        // Its reports are there.
        assert_eq!(machines("run npm test", &format!("run {walker}"), &[]), 2, "{walker}");
    }
    for (maker, walker) in [
        ("run npx jest --coverage", "run npx stylelint \"**/*.css\""),
        ("run npm run build", "run npm run lint"),
        ("run uv run pytest --cov", "run pnpm format:check"),
    ] {
        assert_eq!(machines(maker, walker, &[]), 2, "{maker} {walker}");
        assert_eq!(machines(walker, maker, &[]), 1, "{walker} {maker}");
    }
    assert_eq!(machines("run cargo test", "run npx eslint .", &[]), 1);
    // Each looks at its own package.
    assert_eq!(machines("run pnpm --filter ./api test", "run pnpm --filter ./web run lint", &[]), 1);
    assert_eq!(machines("run pnpm --filter ./web test", "run pnpm --filter ./web run lint", &[]), 2);
    assert_eq!(machines(test, "run yamllint .github", &[]), 1);
    let types = "run npm ci && npx tsc --noEmit";
    assert_eq!(machines(types, "run npm ci && npx markdownlint .", &[]), 1, "it has the same itself");
    assert_eq!(machines(types, "run npm ci && npx eslint .", &[]), 1);
    assert_eq!(machines("writes out/\nrun npm run gen", "run npx eslint .", &[]), 2);
    assert_eq!(machines("writes out/\nrun npm run gen", "run npx eslint src", &[]), 1);
    assert_eq!(machines("run yamllint .", "needs a\nrun npm ci && npm test", &[]), 1, "it comes before");
}

/// What finds its tests everywhere runs those that a build has copied.
#[test]
fn tests_of_the_whole_tree_are_with_nobody_who_builds_some() {
    let build = "run npm run build";
    for runner in [
        "npx jest --coverage",
        "npx vitest run",
        "npx ava",
        "node --test",
        "deno test -A",
        "bun test",
        "npx mocha \"**/*.test.js\"",
        "npm test",
        "npm run test:unit",
    ] {
        assert_eq!(machines(build, &format!("run {runner}"), &[]), 2, "{runner}");
        assert_eq!(machines(&format!("run {runner}"), build, &[]), 1, "{runner} comes first");
        assert_eq!(machines("run npm run typecheck", &format!("run {runner}"), &[]), 1, "{runner}");
        assert_eq!(
            machines("run npx playwright test --coverage", &format!("run {runner}"), &[]),
            1,
            "{runner}: reports are no tests"
        );
        assert_eq!(machines("run cargo build", &format!("run {runner}"), &[]), 1, "{runner}: another language");
    }
    for told in [
        "npx jest src",
        "npx vitest run --dir src",
        "npx mocha",
        "npm test -- src",
        "npm run test:e2e",
        "npx playwright test",
        "pytest",
        "python -m unittest",
        "go test ./...",
        "bundle exec rspec",
        "vendor/bin/phpunit",
        "cargo test",
    ] {
        assert_eq!(machines(build, &format!("run {told}"), &[]), 1, "{told}");
    }
    for (maker, runner, count) in [
        ("writes dist/\nrun npm run build", "run npx jest", 2),
        ("writes app.zip\nrun ./bundle", "run npx jest", 1),
        ("writes src/made.test.ts\nrun ./bundle", "run npx jest", 2),
        ("writes out/\nrun ./generate", "run npx jest", 2),
        ("writes coverage/\nrun npx jest --coverage", "run npx vitest run", 1),
        ("writes out/\nrun ./generate", "run pytest", 2),
        ("writes dist/\nrun ./generate", "run pytest", 1),
        ("writes out/\nrun npm run build", "run pytest", 1),
        ("writes out/\nrun ./generate", "run go test ./...", 2),
        ("writes out/\nrun ./generate", "run go test ./internal/...", 1),
        ("writes testdata/\nrun ./generate", "run go test ./...", 1),
        ("writes bin/\nrun go build -o bin/ ./...", "run go test ./...", 1),
        ("in web\nrun npm run build", "in api\nrun npx jest", 1),
        ("in web\nrun npm run build", "in web\nrun npx jest", 2),
        ("writes web/dist/\nrun npm run build", "in api\nrun npx jest", 1),
        ("run pnpm --filter ./web run build", "run pnpm --filter ./api test", 1),
        ("run pnpm --filter ./web run build", "run pnpm --filter ./web test", 2),
        // It asks for them.
        ("writes dist/\nrun npm run build", "reads dist/\nrun npx jest", 1),
    ] {
        assert_eq!(machines(maker, runner, &[]), count, "{maker} {runner}");
    }
}

/// What is uploaded is what its job made.
#[test]
fn uploads_take_nothing_of_others() {
    let gen_ = "writes out/\nrun npm run gen";
    let upload = |path: &str| format!("run npm run typecheck\nuses actions/upload-artifact@v4 {{ name: r, path: \"{path}\" }}");
    for all in [".", "./", "${{ github.workspace }}", "./out"] {
        assert_eq!(machines(gen_, &upload(all), &[]), 2, "{all}");
    }
    assert_eq!(machines(gen_, &upload("report.xml"), &[]), 1);
    assert_eq!(machines("run npm ci && npm test", "run npm run typecheck\nkeep .", &[]), 2);
    let pages = "run npm run typecheck\nuses actions/upload-pages-artifact@v3";
    assert_eq!(machines("writes _site/\nrun ./site", pages, &[]), 2);
    assert_eq!(machines("writes out/\nrun ./site", pages, &[]), 1);
    // Tests have reports of one name.
    assert_eq!(machines("keep coverage/\nrun npx jest --coverage", "run npx jest integration --coverage", &[]), 2);
    assert_eq!(machines("keep coverage/\nrun npx jest --coverage", "run npm run typecheck", &[]), 1);
}

/// Who is left out keeps nothing.
#[test]
fn what_is_kept_is_kept_where_its_job_ran() {
    let jobs = [
        ("a", "when event('push')\nkeep docs/ as d\nrun npm run typecheck"),
        ("b", "run npm run check-types"),
        ("c", "needs b\nkeep x/ as xx\nrun npm run type-check"),
    ];
    let yaml = emitted("on pull_request", &jobs, &["docs/a"]);
    assert_eq!(yaml.matches("runs-on").count(), 1, "{yaml}");
    let condition = |name: &str| {
        let at = yaml.find(&format!("name: {name}\n")).unwrap();
        yaml[..at].rsplit_once(" if: ").unwrap().1.lines().next().unwrap().to_owned()
    };
    let of = |command: &str| {
        let at = yaml.find(&format!("run: {command}\n")).unwrap();
        yaml[..at].rsplit_once("id: ").unwrap().1.lines().next().unwrap().to_owned()
    };
    assert_eq!(condition("d"), format!("\"!cancelled() && steps.{}.conclusion != 'skipped'\"", of("npm run typecheck")));
    assert_eq!(condition("xx"), format!("\"!cancelled() && steps.{}.conclusion != 'skipped'\"", of("npm run type-check")));
    let always = emitted("", &[("a", "keep docs/ as d\nrun ./a"), ("b", "run ./b")], &["docs/a"]);
    assert!(always.contains("a-b:") && always.contains(" if: '!cancelled()'\n"), "{always}");
}

/// A caller asks for the end of a job by its name.
#[test]
fn who_is_asked_for_by_callers_stays() {
    let head = |value: &str| format!("on workflow_call {{\noutput ok: ${{{{ {value} }}}}\n}}");
    let yaml = |value: &str| emitted(&head(value), &[("a", "run ./a"), ("b", "run ./b")], &[]);
    assert!(yaml("jobs.a.result").contains("  a:\n"), "{}", yaml("jobs.a.result"));
    assert!(yaml("'x'").contains("  a-b:\n"));
}

/// Side by side, what there is one of is for one.
#[test]
fn what_there_is_one_of_is_for_one() {
    let beside = |one: &str, other: &str| {
        let jobs = [
            ("build", "writes dist/\nrun npm run build"),
            ("c", &*format!("reads dist/\n{one}")),
            ("d", &*format!("reads dist/\n{other}")),
        ];
        emitted("target github { parallel-steps on }", &jobs, &[]).matches("background: true").count()
    };
    let test = |project: &str| format!("run npx playwright test --project={project}");
    assert_eq!(beside(&test("chromium"), &test("firefox")), 0, "both have the port of the server, and the folder of results");
    assert_eq!(beside("run make docs", "run make man"), 2);
    assert!(beside("resources { memory: 6GB }\nrun make docs", "resources { memory: 6GB }\nrun make man") < 2);
    let full = |other: &str| {
        let head = "runners {\nbig: { label: big, cores: 4, memory: 16GB, disk: 20GB, price: $0.01 }\n}";
        let job = |name, disk: &str| (name, format!("runner big\n{disk}\nrun make {name}"));
        let (one, other) = (job("a", "resources { disk: 15GB }"), job("b", other));
        emitted(head, &[(one.0, &one.1), (other.0, &other.1)], &[]).matches("runs-on").count()
    };
    assert_eq!((full("resources { disk: 15GB }"), full("")), (2, 1));
}

/// What is written is what is said, wherever it is said.
#[test]
fn what_is_left_is_within_what_is_said() {
    let test = "run npx playwright test";
    for (statements, count) in [
        ("writes dist/\nrun cp config.ci.json config.json && ./make-site", 2),
        ("writes dist/\nrun cp built/x dist/x && ./make-site", 1),
        ("writes dist/\nrun ./make-site > dist/log", 1),
        ("writes web/dist/\nin web\nrun ./make-site > dist/log", 1),
        ("writes dist/\nin web\nrun ./make-site > dist/log", 2),
        ("writes bin/tool\nrun mkdir -p bin && curl -fsSLo bin/tool https://e.org/tool", 1),
        ("run curl -fsSLo vendor/x.js https://e.org/x && ./b", 2),
        ("run tar -xf a.tgz && ./b", 2),
        ("run tar xzf a.tgz && ./b", 2),
        ("run gh release download v1 && ./b", 2),
        ("run dd if=/dev/zero of=disk && ./b", 2),
        ("run ./b > /tmp/log", 1),
        ("run ./b > \"$LOG\"", 2),
        ("writes dist/\nrun ./b > \"$LOG\"", 1),
    ] {
        assert_eq!(machines(statements, test, &[]), count, "{statements}");
    }
    let report = |name: &str, file: &str| format!("run ./lint-{name} >> {file} && gh pr comment --body-file {file}");
    assert_eq!(machines(&report("a", "/tmp/report.md"), &report("b", "/tmp/report.md"), &[]), 2);
    assert_eq!(machines(&report("a", "/tmp/a.md"), &report("b", "/tmp/b.md"), &[]), 1);
    assert_eq!(machines(&report("a", "\"$RUNNER_TEMP\"/r.md"), &report("b", "${RUNNER_TEMP}/r.md"), &[]), 2);
}

/// What can be done once is done on a machine of one's own, and settings are those of who made them.
#[test]
fn what_is_done_once_or_set_is_alone() {
    for once in [
        "git fetch --unshallow",
        "git remote add up x",
        "git branch base",
        "git tag x",
        "conda env create -f e.yml",
        "go mod init x",
    ] {
        assert_eq!(machines(&format!("run {once} && ./a"), &format!("run {once} && ./b"), &[]), 2, "{once}");
    }
    for set in [
        "aws eks update-kubeconfig --name a",
        "kubectl config use-context a",
        "az account set -s a",
        "gcloud config set project a",
        "docker context use x",
        "firebase use prod",
        "curl https://sh.rustup.rs -sSf | sh -s -- -y",
        "rustup-init -y",
        "npm set registry https://x",
        "sdk install java 17",
        "jenv global 17",
        "volta install node@18",
        "n 18",
        "gpg --import k.asc",
    ] {
        assert_eq!(machines(&format!("run {set} && ./a"), "run ./b", &[]), 2, "{set}");
        assert_eq!(machines(&format!("run {set} && ./a"), &format!("run {set} && ./b"), &[]), 1, "{set}");
    }
}

/// Variables say as much as words of commands.
#[test]
fn variables_keep_a_job_off_a_small_machine() {
    let slim = |env: &str, command: &str| {
        let job = |name: &str| format!("job {name} {{\ntakes 2m\nrunner auto\n{env}\nrun {command}\n}}\n");
        let made = compiled("ci.pipe", &format!("on push\noptimize cost {{ gate off; fuse on }}\n{}", job("a")));
        made.yaml.clone().unwrap_or_else(|| panic!("{:#?}", said(&made))).contains("ubuntu-slim")
    };
    assert!(slim("env { CI: 1 }", "npm run build"));
    assert!(!slim("env { NODE_OPTIONS: --max-old-space-size=8192 }", "npm run build"));
    assert!(!slim("env { DOCKER_HOST: \"tcp://x\" }", "npm run lint"));
}

/// Two jobs, of which the second reads what the first forgot to make; and how their run ends, as it is written and as it is placed.
const FORGOTTEN: &str = "job b {\ntakes 5s\nwrites dist/\nrun echo forgot\n}\njob c {\ntakes 5s\nreads dist/\nrun ls\n}\n";

#[test]
fn what_was_not_made_is_not_there_for_others() {
    let [(_, _), (chosen, yaml)] = super::written_and_placed("cost", FORGOTTEN);
    assert!(chosen.works.values().any(|work| work.members.len() == 2), "{yaml}");
    assert!(yaml.contains("Check for dist/"), "{yaml}");
    let (ran, looked) = did(&chosen);
    assert!(looked && !ran, "{yaml}");
    // What is left out of what is written would be there.
    let writer = |writes: &str| format!("writes {writes}\nrun ./make");
    let of =
        |writes: &str| emitted("", &[("b", &writer(writes)), ("c", "reads out/\nrun ./use")], &[]).matches("runs-on").count();
    assert_eq!((of("out/, !out/tmp/**"), of("out/")), (2, 1));
}

/// Whether the reader ran, and whether somebody looked for what it reads, in a run where that is not there.
fn did(plan: &Plan) -> (bool, bool) {
    let (mut ran, mut looked) = (false, false);
    on_main(plan, &mut |command| {
        let looks = command.text.starts_with("ls -d dist/");
        looked |= looks;
        ran |= command.text == "ls";
        Did { failed: looks, ..Did::default() }
    });
    (ran, looked)
}

#[test]
fn what_was_not_made_really_fails() {
    let ends = super::written_and_placed("cost", FORGOTTEN).map(|(_, yaml)| {
        let runner = Runner::with_standins()?;
        Some(runner.run(&yaml).report["ok"] == serde_json::json!(true))
    });
    assert!(ends.iter().flatten().all(|well| !well), "{ends:?}");
}
