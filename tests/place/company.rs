//! Who shares a machine with nobody, because others would notice.

use crate::compile::{compiled, said};

/// On how many machines two short jobs run under `cost`, of which one says this.
fn machines(statements: &str) -> usize {
    let text = format!(
        "on push\noptimize cost {{ gate off; parallel off }}\njob a {{\n  takes 1m\n  run make a\n}}\njob b {{\n  takes 1m\n{statements}\n}}\n"
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
    for command in ["make b", "docker run --rm app make b", "docker compose down", "mkdir -p out && make b 2>&1 | tee out/log"] {
        assert_eq!(machines(&format!("  run {command}")), 1, "{command}");
    }
}

/// An expression means the same on a machine of one's own and on one of several.
#[test]
fn what_sees_others_is_alone() {
    for expression in ["job.status", "toJSON(job)", "toJSON(steps)", "hashFiles('**/*.c')", "github.job"] {
        assert_eq!(machines(&format!("  run make b X=\"${{{{ {expression} }}}}\"")), 2, "{expression}");
        assert_eq!(
            machines(&format!("  step {{\n    env {{ X: \"${{{{ {expression} }}}}\" }}\n    run make b\n  }}")),
            2,
            "{expression}"
        );
    }
    for expression in ["github.sha", "job.container.id", "runner.os", "github.event.job.status"] {
        assert_eq!(machines(&format!("  run make b X=\"${{{{ {expression} }}}}\"")), 1, "{expression}");
    }
}
