//! What jobs wait for, besides each other: machines, as far as the plan of GitHub's has them, and what others lock.

use crate::compile::{compiled, said};

/// What is wrong with a spec.
fn told(settings: &str, jobs: &str) -> Vec<String> {
    let made = compiled("ci.pipe", &format!("on push\noptimize time {{ gate off; {settings} }}\n{jobs}"));
    said(&made).into_iter().filter(|line| line.contains(": E")).collect()
}

fn is_late(settings: &str, jobs: &str) -> bool {
    let told = told(settings, jobs);
    assert!(told.iter().all(|line| line.contains("E0405")), "{told:#?}");
    !told.is_empty()
}

/// 25 rows of 8 minutes are one wave or two: GitHub lets 20 run at a time on its own machines, five on macOS, and counts no others.
#[test]
fn only_github_s_own_machines_are_counted() {
    let rows = (1..=25).map(|row| row.to_string()).collect::<Vec<_>>().join(", ");
    let job = |runner: &str| format!("job test {{\n  matrix n: {rows}\n  takes 8m\n  runner {runner}\n  run make test\n}}\n");
    let runners =
        "runners { big: { label: ubuntu-latest-8-cores, os: linux }, own: { label: [self-hosted, linux], os: linux } }\n";
    for (runner, waits) in [
        ("ubuntu-latest", true),
        ("windows-latest", true),
        ("macos-latest", true),
        ("ubuntu-latest-8-cores", false),
        ("depot-ubuntu-24.04", false),
        ("self-hosted", false),
        ("big", false),
        ("own", false),
    ] {
        assert_eq!(is_late("deadline 14m", &format!("{runners}{}", job(runner))), waits, "{runner}");
    }
    // A plan with 60 has them at once, and five on macOS as any but the largest.
    assert!(!is_late("deadline 14m; concurrency 60", &job("ubuntu-latest")));
    assert!(is_late("deadline 14m; concurrency 60", &job("macos-latest")));
    assert!(!is_late("deadline 14m; concurrency 500", &job("macos-latest")));
}

#[test]
fn who_locks_the_same_runs_one_after_the_other() {
    let jobs = |one: &str, other: &str| {
        format!(
            "job a {{ {one}; takes 5m; checkout off; run make a }}\njob b {{ {other}; takes 5m; checkout off; run make b }}\n"
        )
    };
    for (one, other, waits) in [
        ("locks db", "locks db", true),
        ("locks db", "locks DB", true),
        ("locks db", "concurrency db", true),
        ("locks db", "locks cache", false),
        ("locks db", "priority low", false),
    ] {
        assert_eq!(is_late("deadline 8m", &jobs(one, other)), waits, "{one} and {other}");
    }
    let rows = |group: &str| {
        format!(
            "job test {{\n  matrix n: 1, 2\n  takes 5m\n  checkout off\n  concurrency \"{group}\"\n  run make test N=${{{{ matrix.n }}}}\n}}\n"
        )
    };
    assert!(is_late("deadline 8m", &rows("db")));
    assert!(!is_late("deadline 8m", &rows("db-${{ matrix.n }}")));
}

/// The time that a job may take is that of all its steps, wherever it comes apart: not that of the first.
#[test]
fn the_time_of_a_job_is_no_piece_s() {
    let steps = |steps: &[(&str, &str)], more: &str| {
        let steps: Vec<String> =
            steps.iter().map(|(takes, run)| format!("  step {{\n    takes {takes}\n    run {run}\n  }}\n")).collect();
        format!("job all {{\n{more}{}}}\n", steps.concat())
    };
    let (short, long) = (("5m", "npm run lint"), ("20m", "npm test"));
    for order in [[short, long], [long, short]] {
        let jobs = steps(&order, "");
        assert!(!is_late("deadline 21m", &jobs), "{jobs}");
        let yaml = compiled("ci.pipe", &format!("on push\noptimize time {{ gate off }}\n{jobs}")).yaml.unwrap();
        assert_eq!(yaml.matches("runs-on").count(), 2, "{yaml}");
    }
    let many = [("3m", "npm run lint"), ("3m", "npx tsc --noEmit"), ("3m", "npx prettier --check ."), ("10m", "npm test")];
    assert!(!is_late("deadline 11m", &steps(&many, "")));
    assert!(!is_late("deadline 11m", &steps(&many, "  timeout 60m\n")));
}

/// A limit is met where a plan meets it, also where what the search found first is over it by chance: of two machines, the slower decides.
#[test]
fn a_limit_that_a_plan_meets_is_met() {
    let jobs = "job a {\n  takes 120s\n  shards auto\n  run npx playwright test --shard=\"$SHARD/$SHARDS\"\n}\njob b { needs a; takes 1200s; run pytest }\njob e { needs a; takes 1200s; run pytest }\n";
    let late = |objective: &str, deadline: &str| {
        let made = compiled("ci.pipe", &format!("on push\noptimize {objective} {{ deadline {deadline} }}\n{jobs}"));
        said(&made).iter().any(|line| line.contains("E0405"))
    };
    for objective in ["cost", "time", "balanced"] {
        assert!(!late(objective, "24m"), "{objective}");
        assert!(late(objective, "15m"), "{objective}");
    }
}

/// The more a run may cost or take, the more plans keep to it: the one that was written among them.
#[test]
fn a_wider_limit_is_no_harder() {
    let shards = "job j { takes 6m; shards auto; run make test N=$SHARD }\n";
    for budget in ["0.045", "0.05", "0.055", "0.06"] {
        for objective in ["balanced", "time", "cost"] {
            let made = compiled("ci.pipe", &format!("on push\noptimize {objective} {{ budget ${budget}; gate off }}\n{shards}"));
            assert!(made.yaml.is_some(), "{objective} {budget}: {:#?}", said(&made));
        }
    }
    let jobs = "job a { takes 200s; run docker build . }\njob b { takes 20s; run make b }\njob c { takes 90s; run make c }\n";
    for deadline in (240..380).step_by(20) {
        let made = compiled("ci.pipe", &format!("on push\noptimize cost {{ deadline {deadline}s }}\n{jobs}"));
        assert!(made.yaml.is_some(), "{deadline}: {:#?}", said(&made));
    }
}
