//! Who shares a machine with nobody, because others would notice.

use pipelay::facts::Facts;
use pipelay::{Spec, compile};

use crate::compile::{compiled, said};

/// On how many machines two short jobs run under `cost`, of which one says this.
fn machines(statements: &str) -> usize {
    let text = format!(
        "on push\noptimize cost {{ gate off; fuse on; parallel off }}\njob a {{\n  takes 1m\n  run make a\n}}\njob b {{\n  takes 1m\n{statements}\n}}\n"
    );
    let made = compiled("ci.pipe", &text);
    made.yaml.clone().unwrap_or_else(|| panic!("{:#?}\n{text}", said(&made))).matches("runs-on").count()
}

#[test]
fn what_leaves_something_behind_is_alone() {
    for command in [
        "docker run -d -p 5432:5432 postgres:17 && make b",
        "docker compose up -d && make b",
        "kind create cluster && make b",
        "sudo systemctl start postgresql && make b",
        "setsid server && make b",
        "npm run db:up && make b",
        "server & make b",
        "mkdir out && make b",
        "rm -rf out && make b",
    ] {
        assert_eq!(machines(&format!("  run {command}")), 2, "{command}");
    }
    for command in ["make b", "docker run --rm app make b", "docker compose down", "mkdir -p out && make b 2>&1 | cat"] {
        assert_eq!(machines(&format!("  run {command}")), 1, "{command}");
    }
}

/// An expression means the same on a machine of one's own and on one of several.
#[test]
fn what_sees_others_is_alone() {
    for expression in ["job.status", "toJSON(job)", "toJSON(steps)", "hashFiles('**/*.c')", "github.job"] {
        assert_eq!(machines(&format!("  run ./b \"${{{{ {expression} }}}}\"")), 2, "{expression}");
        assert_eq!(
            machines(&format!("  step {{\n    env {{ X: \"${{{{ {expression} }}}}\" }}\n    run make b\n  }}")),
            2,
            "{expression}"
        );
    }
    for expression in ["github.sha", "job.container.id", "runner.os", "github.event.job.status"] {
        assert_eq!(machines(&format!("  run ./b \"${{{{ {expression} }}}}\"")), 1, "{expression}");
    }
}

/// What one does to the machine or to the files of others, the next would work with.
#[test]
fn who_changes_what_others_work_with_is_alone() {
    for command in [
        "rustup default nightly && make b",
        "pip install 'x<2' && make b",
        "npm install react@18 && make b",
        "sudo apt-get install -y jq && make b",
        "docker login -u x registry.example.com && make b",
        "npx prettier --write . && make b",
        "npm run lint:fix && make b",
        "cargo update && make b",
        "cp .env.ci .env && make b",
        "docker compose run --rm app make b",
        "ssh -fN -L 1:2:3 host && make b",
        "echo DB=pg >> .env && make b",
        "make b | tee log",
        "make b CFLAGS=-DX",
        "npm prune --omit=dev && make b",
        "go fmt ./... && make b",
        "./mvnw clean test",
    ] {
        assert_eq!(machines(&format!("  run {command}")), 2, "{command}");
    }
    assert_eq!(machines("  service postgres 15\n  run make b"), 2, "servers of its own");
    assert_eq!(machines("  writes out/\n  run cp -r dist out && make b"), 1, "it says what it writes");
    // The same done twice is done once.
    let both = |one: &str, other: &str| {
        let job = |name: &str, command: &str| format!("job {name} {{\n  takes 1m\n  run {command}\n}}\n");
        let text = format!("on push\noptimize cost {{ gate off; fuse on; parallel off }}\n{}{}", job("a", one), job("b", other));
        compiled("ci.pipe", &text).yaml.unwrap().matches("runs-on").count()
    };
    assert_eq!(both("pip install -r a.txt && make a", "pip install -r a.txt && make b"), 1);
    assert_eq!(both("pip install -r a.txt && make a", "pip install -r b.txt && make b"), 2);
    // What changes nothing that others meet.
    for other in [
        "cmake --build build",
        "make --silent test",
        "node -e 'x => x > 1'",
        "npm ci && npm run lint",
        "rustup component add clippy",
        "yamllint charts/nginx",
    ] {
        assert_eq!(both("./a", other), 1, "{other}");
    }
}

/// What one builds that says not what it writes lies where others look for what they give away.
#[test]
fn a_build_is_with_nobody_who_gives_something_away() {
    let of = |one: &str, other: &str| {
        let job = |name: &str, more: &str| format!("job {name} {{\n  takes 1m\n  {more}\n}}\n");
        let text = format!("on push\noptimize cost {{ gate off; fuse on; parallel off }}\n{}{}", job("a", one), job("b", other));
        compiled("ci.pipe", &text).yaml.unwrap().matches("runs-on").count()
    };
    let build = "writes dist/\n  run npm run build";
    assert_eq!(of(build, "run npm run build -- --mode test\n  run npm run e2e"), 2);
    assert_eq!(of("keep coverage/\n  run npm test", "run npm run build && ./b"), 2);
    assert_eq!(of(build, "run npm run e2e"), 1);
    assert_eq!(of(build, "writes test/\n  run npm run build:test"), 1);
}

/// What is kept is kept when all have ended: of one folder, the files of the last.
#[test]
fn who_keeps_the_same_files_is_alone() {
    let of = |one: &str, other: &str| {
        let job = |name: &str, keep: &str| format!("job {name} {{\n  takes 1m\n  {keep}\n  run make {name}\n}}\n");
        let text = format!("on push\noptimize cost {{ gate off; fuse on; parallel off }}\n{}{}", job("a", one), job("b", other));
        compiled("ci.pipe", &text).yaml.unwrap().matches("runs-on").count()
    };
    assert_eq!(of("keep coverage/", "keep coverage/"), 2);
    assert_eq!(of("keep coverage/", "keep coverage/unit/ as unit"), 2);
    assert_eq!(of("keep coverage/", "writes coverage/"), 2);
    assert_eq!(of("keep coverage/", "keep reports/"), 1);
    assert_eq!(of("keep coverage/", "uses actions/upload-artifact@v7 { path: \"coverage/*.xml\" }"), 2);
}

/// Side by side runs what is known to leave the files of others alone.
#[test]
fn what_installs_or_builds_runs_beside_nothing() {
    let beside = |one: &str, other: &str| {
        let job = |name: &str, command: &str| format!("job {name} {{\n  reads {name}/\n  takes 4m\n  run {command}\n}}\n");
        let text = format!(
            "on push\ntarget github {{ parallel-steps on }}\noptimize cost {{ gate off; fuse on }}\n{}{}",
            job("docs", one),
            job("man", other)
        );
        let facts = Facts { tracked: Some(vec!["docs/a".into(), "man/a".into()]), ..Facts::default() };
        let made = compile(&Spec { path: "ci.pipe".into(), text }, &facts);
        made.yaml.clone().unwrap_or_else(|| panic!("{:#?}", said(&made))).contains("background: true")
    };
    assert!(beside("make docs", "make man"));
    for install in ["sudo apt-get install -y pandoc", "npm run build", "yarn"] {
        assert!(!beside(&format!("{install} && make docs"), &format!("{install} && make man")), "{install}");
    }
}

/// A job whose toolchain has a step that others ask comes apart as any.
#[test]
fn steps_of_a_toolchain_keep_no_job_together() {
    let text = |rust: &str| {
        format!(
            "on push\noptimize time {{ gate off }}\ntoolchain {rust}\njob checks {{\n  step {{\n    takes 6m\n    run cargo fmt --check\n  }}\n  step {{\n    takes 6m\n    run npm test\n  }}\n}}\n"
        )
    };
    for rust in ["rust", "rust stable", "rust nightly", "rust 1.90"] {
        let made = compiled("ci.pipe", &text(rust));
        assert_eq!(made.yaml.clone().unwrap().matches("runs-on").count(), 2, "{rust}: {:#?}", said(&made));
    }
}

/// Of whom it is not known what they do, and who say nothing about it, are alone; whoever says what they read, or is told to be harmless, is not.
#[test]
fn who_is_not_known_is_alone() {
    let machines = |settings: &str, one: &str, other: &str| {
        let job = |name: &str, body: &str| format!("job {name} {{\n  takes 10s\n{body}\n}}\n");
        let made = compiled(
            "ci.pipe",
            &format!("on push\noptimize cost {{ gate off{settings} }}\n{}{}", job("a", one), job("b", other)),
        );
        let told = pipelay::explain::job(&made, "a").unwrap();
        (made.plan.works.len(), told.lines().any(|line| line.contains("shares its machine with no job")))
    };
    let known = "run npm run typecheck";
    for (one, apart) in [
        ("run npm test", false),
        ("run npm ci && npm test", false),
        ("run echo begin\nrun pnpm --filter web run typecheck", false),
        ("run ./gradlew -q :app:lint test", false),
        ("run uv run --frozen pytest -q", false),
        ("shell pwsh\nrun npm test", false),
        ("run make lint", true),
        ("run ./check.sh", true),
        ("run npm test && ./report", true),
        ("run npm test | tee log", true),
        ("run ln -s a b && npm test", true),
        ("run terraform init -backend-config=dev", true),
        ("run docker compose up --abort-on-container-exit", true),
        ("shell pwsh\nrun Copy-Item a b; npm test", true),
        ("shell python\nrun npm test", true),
    ] {
        assert_eq!(machines("", one, known).0, 1 + usize::from(apart), "{one}");
    }
    assert_eq!(machines("", "run make lint", known), (2, true));
    assert_eq!(machines("; fuse on", "run make lint", known), (1, false));
    assert_eq!(machines("", "reads src/\nrun make lint", known), (1, false));
}
