//! What is chosen by one run, in which everything takes its mean, holds over many, and in those of each event.

use std::fmt::Write as _;

use pipelay::cost::Estimate;
use pipelay::cost::event::Event;
use pipelay::cost::machine::visibility;
use pipelay::cost::report::report;
use pipelay::cost::timeline::difference;

use crate::compile::{compiled, said};

/// What a run of an event comes to, as written and as compiled.
fn comes_to(spec: &str, event: &str) -> [Estimate; 2] {
    let made = compiled("ci.pipe", spec);
    let yaml = made.yaml.is_some();
    assert!(yaml, "{:#?}", said(&made));
    let event = if event.is_empty() { Event::default() } else { Event::of(&made.plan.pipeline, event).unwrap() };
    let report = report(&made, visibility(&made.plan), &event);
    [report.written.estimate, report.optimised.estimate]
}

/// Of two machines that end at the same moment the later one decides: what seems to be for nothing is not, and all else is chosen all the same.
#[test]
fn what_does_not_hold_is_taken_back_alone() {
    let spec = |settings: &str| {
        let mut spec = format!("on push\noptimize balanced {{ {settings} }}\nrunner auto\ntoolchain node 22\n");
        for (job, takes, command) in [
            ("lint", 20, "npm run lint"),
            ("unit", 120, "npm test"),
            ("style", 40, "npx stylelint src"),
            ("e2e", 180, "npx vitest run"),
        ] {
            let _ = writeln!(spec, "job {job} {{ takes {takes}s; run {command} }}");
        }
        spec + "job deploy { needs *; when branch('main'); environment prod; takes 60s; run npx wrangler deploy }\n"
    };
    let [written, all] = comes_to(&spec("fuse on"), "");
    let [_, apart] = comes_to(&spec("fuse off"), "");
    assert!(apart.dollars.mean < written.dollars.mean / 2.0, "{} of {}", apart.dollars.mean, written.dollars.mean);
    assert!(all.dollars.mean <= apart.dollars.mean, "{} and {}", all.dollars.mean, apart.dollars.mean);
    assert!(all.wall.mean <= written.wall.mean * 1.001 + 0.1, "{} and {}", all.wall.mean, written.wall.mean);
}

/// The cheapest plan is no dearer than the one that minds the time as well.
#[test]
fn least_cost_is_no_dearer_than_both() {
    let commands = ["npx eslint src", "npx tsc --noEmit", "npm test", "npx stylelint src", "npx vitest run", "npm run lint"];
    for seed in 0..12 {
        let below = |salt: usize, count: usize| (seed * 7919 + salt * 104_729) / 31 % count;
        let spec = |objective: &str| {
            let mut spec = format!("on push\noptimize {objective}\nrunner auto\ntoolchain node 22\n");
            for job in 0..18 {
                let takes = [20, 60, 120, 240, 400, 600][below(job, 6)];
                let needs =
                    if below(50 + job, 3) == 0 && job > 1 { format!("needs j{}; ", below(90 + job, job)) } else { String::new() };
                let _ = writeln!(spec, "job j{job} {{ takes {takes}s; {needs}run {} }}", commands[below(20 + job, 6)]);
            }
            spec
        };
        let [cost, both] = ["cost", "balanced"].map(|objective| comes_to(&spec(objective), "")[1].dollars.mean);
        assert!(cost <= both * 1.01, "{seed}: {cost} and {both}");
    }
}

/// What a decision saves is of the same runs as the table: where there is one alone, it is the table's difference.
#[test]
fn one_decision_saves_what_the_table_says() {
    let job = |name: &str| format!("job {name} {{ checkout off; takes 70s; run echo {name} }}\n");
    let made = compiled("ci.pipe", &format!("on push\noptimize cost {{ fuse on; gate off }}\n{}{}", job("a"), job("b")));
    let report = report(&made, visibility(&made.plan), &Event::default());
    let [written, new] = [&report.written.estimate, &report.optimised.estimate];
    let all = difference(written.wall.mean - new.wall.mean, Some(written.dollars.mean - new.dollars.mean));
    let place: Vec<&str> = report.decisions.iter().filter(|it| it.pass == "place").map(|it| it.why.as_str()).collect();
    assert_eq!(place, [all]);
}

/// Linters, tests, and a build with what comes after it: sizes with machines to choose from, else a suite in shards.
fn team(seed: usize, objective: &str, is_sharded: bool) -> String {
    let below = |salt: usize, count: usize| (seed * 7919 + salt * 104_729) / 31 % count;
    let runner = if is_sharded { "" } else { "runner auto\n" };
    let mut spec = format!("on push\ngate \"ok\"\noptimize {objective}\n{runner}toolchain node 22\n");
    let linters =
        ["npx eslint src", "npx tsc --noEmit", "npx prettier --check .", "npx stylelint src", "npx markdownlint 'docs/*.md'"];
    for (job, command) in linters[..=below(0, 5)].iter().enumerate() {
        let _ = writeln!(spec, "job l{job} {{ takes {}s; run {command} }}", [20, 30, 50, 70, 100][below(1 + job, 5)]);
    }
    if below(7, 3) > 0 {
        let _ = writeln!(spec, "job unit {{ takes {}m; run npx vitest run src }}", [2, 4, 6][below(8, 3)]);
    }
    let _ = writeln!(spec, "job build {{ takes {}m; writes dist/; run npm run build }}", 1 + below(9, 3));
    let _ = if is_sharded {
        let run = "shards auto { max 4 }; run npx playwright test --shard=$SHARD/$SHARDS";
        writeln!(spec, "job e2e {{ takes {}m; reads dist/; {run} }}", [6, 8, 10][below(10, 3)])
    } else {
        writeln!(spec, "job pack {{ takes {}s; reads dist/; run npx size-limit }}", [30, 90][below(10, 2)])
    };
    spec.push_str("job deploy { takes 1m; needs *; reads dist/; environment p; run npm run deploy }\n");
    spec
}

/// What one objective finds is open to the others: none of their plans is longer and dearer, and of both together no plan is much better.
#[test]
fn no_objective_finds_what_is_better_for_another() {
    for (seed, is_sharded) in (0..10).flat_map(|seed| [(seed, false), (seed, true)]) {
        let found = ["time", "cost", "balanced"].map(|objective| {
            let [written, made] = comes_to(&team(seed, objective, is_sharded), "");
            (objective, made.wall.mean, made.dollars.mean, written)
        });
        for (objective, wall, dollars, written) in &found {
            for (other, other_wall, other_dollars, _) in &found {
                let is_less = *other_wall <= wall * 1.001 && *other_dollars <= dollars * 1.001;
                let is_worth_it = *other_wall < wall * 0.98 || *other_dollars < dollars * 0.97;
                let said = || format!("{seed} {is_sharded}: {objective} {wall} {dollars}, {other} {other_wall} {other_dollars}");
                assert!(!(is_less && is_worth_it), "{}", said());
                let is_open = *other_wall <= written.wall.mean && *other_dollars <= written.dollars.mean;
                let both = other_wall * other_dollars < wall * dollars * 0.95;
                assert!(!(*objective == "balanced" && is_open && both), "{}", said());
            }
        }
    }
}

/// What a limit finds is found without one: a job that comes apart, two linters that nobody waits for, and what goes along with what it reads.
#[test]
fn what_a_limit_finds_is_found_without() {
    let apart = "job checks {\n  step { takes 5m; run npx eslint src }\n  step { takes 5m; run npx vitest run src }\n}
job fmt { takes 100s; run npx prettier --check docs }
job css { takes 30s; run npx stylelint 'src/*.css' }
";
    let along = "job build0 { takes 240s; writes out0/; run npm run build -- --outDir out0 }
job build1 { takes 80s; writes out1/; run npm run build -- --outDir out1 }
job pack0 { takes 90s; reads out0/; run npx size-limit out0 }
job pack1 { takes 90s; reads out0/; run npx size-limit out0 }
job pack2 { takes 20s; reads out1/; run npx size-limit out1 }
";
    let beside = "job j0 { takes 100s; run npx eslint src/0 }
job j1 { takes 200s; run npx eslint src/1 }
job j2 { takes 60s; run npx eslint src/2 }
job j4 { takes 200s; run npx eslint src/4 }
job j5 { takes 200s; needs j0, j4; run npx eslint src/5 }
";
    for (jobs, objective, limit) in [
        (apart, "balanced", "cost { deadline 510s }"),
        (along, "time", "cost { deadline 529s }"),
        (along, "balanced", "cost { deadline 529s }"),
        (beside, "time", "cost { deadline 571s }"),
        (beside, "balanced", "cost { deadline 571s }"),
    ] {
        let both = |objective: &str| {
            let spec = format!("on push\ngate \"ok\"\noptimize {objective}\ntoolchain node 22\n{jobs}");
            let [_, made] = comes_to(&spec, "");
            (made.wall.mean, made.dollars.mean)
        };
        let (own, other) = (both(objective), both(limit));
        assert!(own.0 * own.1 <= other.0 * other.1 * 1.02, "{objective}: {own:?}, {limit}: {other:?}\n{jobs}");
    }
}

/// A deadline that the plan for the least time keeps to can be kept.
#[test]
fn what_least_time_keeps_to_is_no_error() {
    let spec = |objective: &str| {
        let mut spec = format!("on push to main\non pull_request\noptimize {objective}\ntoolchain node 22\n");
        for (job, takes, command) in [
            ("lint", 50, "npx eslint src"),
            ("style", 30, "npx stylelint src"),
            ("md", 20, "npx markdownlint 'docs/*.md'"),
            ("biome", 20, "npx biome ci src"),
            ("format", 20, "npx prettier --check ."),
            ("types", 70, "npx tsc --noEmit"),
            ("unit", 240, "npx vitest run src"),
        ] {
            let _ = writeln!(spec, "job {job} {{ takes {takes}s; run {command} }}");
        }
        spec.push_str(
            "job build { takes 3m; writes dist/; run npm run build }
job e2e { takes 8m; reads dist/; shards auto { max 6 }; run npx playwright test --shard=$SHARD/$SHARDS }
job deploy { takes 90s; needs *; when branch('main'); reads dist/; environment production; run npm run deploy }
",
        );
        spec
    };
    let least = comes_to(&spec("time"), "push")[1].wall.mean.ceil();
    let told = said(&compiled("ci.pipe", &spec(&format!("balanced {{ deadline {least}s }}"))));
    assert!(!told.iter().any(|code| code.contains("E0405")), "{least}: {told:?}");
}

const DEPLOYS: &str = "job build { takes 60s; writes dist/; run npm run build }
job deploy { needs build; when branch('main'); reads dist/; takes 12m; run ./deploy.sh }
";

/// Behind a deployment there seems to be time, which pull requests do not have.
#[test]
fn no_event_has_runs_that_take_longer() {
    for objective in ["time", "balanced"] {
        let mut spec =
            format!("on push to main\non pull_request\noptimize {objective}\ngate \"CI\"\ntoolchain node 22\n{DEPLOYS}");
        for (job, command) in
            [("lint", "npm run lint"), ("types", "npx tsc --noEmit"), ("unit", "npm test"), ("docs", "npx stylelint src")]
        {
            let _ = writeln!(spec, "job {job} {{ takes 120s; run {command} }}");
        }
        for event in ["push", "pull_request"] {
            let [written, made] = comes_to(&spec, event);
            assert!(
                made.wall.mean <= written.wall.mean + 1.0,
                "{objective} {event}: {} and {}",
                written.wall.mean,
                made.wall.mean
            );
        }
    }
}

/// Jobs that exclude each other are in no run together: a limit is one of each kind of runs.
#[test]
fn limits_are_those_of_runs_that_there_are() {
    let spec = |budget: &str| {
        format!(
            "on push to main\non pull_request\noptimize {{ budget {budget} }}\njob test {{ takes 4m; run npm test }}\n\
             job preview {{ needs test; when event('pull_request'); takes 6m; run ./preview.sh }}\n\
             job deploy {{ needs test; when event('push'); takes 6m; run ./deploy.sh }}\n"
        )
    };
    assert_eq!(said(&compiled("ci.pipe", &spec("$0.10"))), [""; 0]);
    let told = format!("{:?}", said(&compiled("ci.pipe", &spec("$0.05"))));
    assert!(told.contains("E0405") && told.contains("in runs of `"), "{told}");
}

/// What every shard runs anew takes as long in each of them: none is ended for that, and shards are worth it all the same.
#[test]
fn what_is_not_split_has_its_time() {
    let spec = |shards: &str, takes: &str| format!("on push\noptimize time\njob e2e {{\n  shards {shards}\n{takes}\n}}\n");
    let of_all = "  takes 16m\n  run npx playwright install\n  run npx playwright test --shard=$SHARD/$SHARDS";
    let of_each =
        "  step { takes 8m; run npx playwright install }\n  step { takes 16m; run npx playwright test --shard=$SHARD/$SHARDS }";
    for takes in [of_all, of_each] {
        for shards in ["6", "auto { max 6 }"] {
            let [_, made] = comes_to(&spec(shards, takes), "");
            assert!(made.failing.is_none_or(|failing| failing.share < 0.01), "{shards} {takes}: {:?}", made.failing);
            let [_, whole] = comes_to(&spec("1", takes), "");
            assert!(made.wall.mean < whole.wall.mean * 0.75, "{shards} {takes}: {} of {}", made.wall.mean, whole.wall.mean);
        }
    }
}

/// Shards that come to one are a job as any other: it shares a machine, by the variables that it would have.
#[test]
fn one_shard_shares_a_machine() {
    let spec = |shards: &str, command: &str| {
        format!(
            "on push\noptimize cost\njob lint {{ takes 1m; run npm run lint }}\n\
             job test {{\n  takes 2m\n{shards}  run npm test -- {command}\n}}\n"
        )
    };
    let in_shards = spec("  shards auto\n", "--shard=$SHARD/$SHARDS");
    let [_, one] = comes_to(&in_shards, "");
    let [_, plain] = comes_to(&spec("", ""), "");
    assert!((one.dollars.mean - plain.dollars.mean).abs() < 1e-3, "{} and {}", one.dollars.mean, plain.dollars.mean);
    let yaml = compiled("ci.pipe", &in_shards).yaml.unwrap();
    assert!(yaml.contains("name: lint, test\n") && yaml.contains("SHARD: 1\n"), "{yaml}");
    // By the matrix it would not be told.
    let [_, other] = comes_to(&spec("  shards auto\n", "--shard=${{ matrix.shard }}"), "");
    assert!(other.dollars.mean > one.dollars.mean, "{} and {}", other.dollars.mean, one.dollars.mean);
}

/// Of jobs that are all nearly the longest, one in more shards is worth nothing, and all of them are.
#[test]
fn jobs_that_take_about_as_long_are_split_together() {
    let spec = |count: &str, more: &str| {
        let mut spec = format!("on push\noptimize time {{ gate off{more} }}\njob fixed {{ takes 4m; run npm test }}\n");
        for job in 1..7 {
            let _ = writeln!(spec, "job e{job} {{ takes 235s; shards {count}; run npx playwright test --shard=$SHARD/$SHARDS }}");
        }
        spec
    };
    let [_, auto] = comes_to(&spec("auto", ""), "");
    let [_, two] = comes_to(&spec("2", ""), "");
    assert!(auto.wall.mean <= two.wall.mean * 1.01, "{} and {}", auto.wall.mean, two.wall.mean);
    let deadline = format!("; deadline {}s", two.wall.mean.ceil() + 5.0);
    assert_eq!(said(&compiled("ci.pipe", &spec("auto", &deadline))), [""; 0]);
}

/// A second more does not keep a quarter of the money from being spared.
#[test]
fn balance_gives_a_little_for_much() {
    let mut spec = "on push\non pull_request\ngate \"CI\"\ntoolchain node 22\noptimize balanced\n\
                    job build { takes 60s; writes out/; run npm run build }\njob long { takes 600s; writes long/; run npm run build }\n\
                    job e { takes 30s; needs b; runner auto; run npx prettier --check src }\n"
        .to_owned();
    for (job, takes) in [("a", 130), ("b", 30), ("c", 30), ("d", 100)] {
        let _ = writeln!(spec, "job {job} {{ takes {takes}s; reads out/; run npx eslint src/{job} }}");
    }
    let [written, made] = comes_to(&spec, "");
    assert!(made.dollars.mean < written.dollars.mean * 0.8, "{} of {}", made.dollars.mean, written.dollars.mean);
    assert!(made.wall.mean < written.wall.mean * 1.005, "{} of {}", made.wall.mean, written.wall.mean);
}

/// What excludes each other is in no run together, on one machine as on several: no limit counts both.
#[test]
fn limits_are_those_of_runs_on_shared_machines() {
    let spec = "on push to main\non pull_request\ntoolchain node 22\ngate \"CI\"\noptimize cost { budget $0.08 }\n\
                job a { takes 5m; when event('pull_request'); run npx eslint src }\n\
                job b { takes 5m; when event('push'); run npx tsc --noEmit }\njob c { takes 4m; run npm test }\n";
    let made = compiled("ci.pipe", spec);
    assert_eq!(said(&made), [""; 0]);
    assert!(made.yaml.unwrap().contains("name: c, a, b\n"));
    for event in ["push", "pull_request"] {
        let [_, made] = comes_to(spec, event);
        assert!(made.dollars.mean < 0.08, "{event}: {}", made.dollars.mean);
    }
}

/// Free minutes are not given for paid ones that save no time, and shards that decide nothing are not worth their money.
#[test]
fn nothing_is_paid_for_nothing() {
    let runners = "runners { big: { label: our-8, cores: 8, memory: 32GB, price: $0.02, billed: second } }\nrunner auto\n";
    let jobs = "toolchain node 22\njob a { takes 15m; shards auto; run npx playwright test --shard=$SHARD/$SHARDS }\njob b { takes 4m; run npm test }\n";
    let [_, public] = comes_to(&format!("on push\n{runners}optimize balanced {{ public on }}\n{jobs}"), "");
    assert!(public.dollars.mean < 1e-6, "{}", public.dollars.mean);
    let shards = |shard: &str| {
        let unit = "job unit { isolated; takes 170s; run npx vitest run src }";
        let e2e = "job e2e { takes 100s; shards auto; run npx playwright test --shard=$SHARD/$SHARDS }";
        comes_to(&format!("on push\noptimize balanced {{ {shard} }}\ntoolchain node 22\n{unit}\n{e2e}\n"), "")
    };
    let [[_, with], [_, without]] = ["fuse on", "shard off"].map(shards);
    let product = |it: &Estimate| it.wall.mean * it.dollars.mean;
    assert!(product(&with) <= product(&without) * 1.01, "{} and {}", with.dollars.mean, without.dollars.mean);
}

/// What one objective keeps to is no error of another.
#[test]
fn what_another_objective_keeps_to_is_no_error() {
    let jobs = "gate \"ok\"\nrunner auto\ntoolchain node 22
job deps { writes node_modules/; takes 240s; run npm ci }
job unit { reads node_modules/; takes 4m; run npx vitest run src }
job build { reads node_modules/; writes dist/; takes 1m; run npm run build }
job pack { reads dist/; takes 90s; run npx size-limit }
";
    for objective in ["time", "balanced", "cost"] {
        let [_, made] = comes_to(&format!("on push\noptimize {objective} {{ deadline 584s }}\n{jobs}"), "");
        assert!(made.wall.mean <= 584.0, "{objective}: {}", made.wall.mean);
    }
}

/// Which jobs go along with what is done again is looked at over many runs, too, and what each decision saves is of those.
#[test]
fn what_is_done_again_is_played_over_many_runs() {
    let jobs = "runner auto
toolchain node 22
job deps { writes node_modules/; takes 30s; run npm ci }
job style { reads node_modules/; takes 20s; run npx eslint src }
job types { reads node_modules/; takes 200s; run npx tsc --noEmit }
job unit { reads node_modules/; takes 2m; run npx vitest run src }
";
    let spec = |objective: &str| format!("on push\ngate \"ok\"\noptimize {objective}\n{jobs}");
    let [[_, time], [_, both]] = ["time", "balanced"].map(|objective| comes_to(&spec(objective), ""));
    let is_as_good = both.wall.mean <= time.wall.mean * 1.02 || both.dollars.mean < time.dollars.mean * 0.98;
    assert!(is_as_good, "{} s, ${}; {} s, ${}", both.wall.mean, both.dollars.mean, time.wall.mean, time.dollars.mean);
    let made = compiled("ci.pipe", &spec("balanced"));
    let decisions = report(&made, visibility(&made.plan), &Event::default()).decisions;
    let placed: Vec<&str> = decisions.iter().filter(|it| it.pass == "place").map(|it| it.why.as_str()).collect();
    assert!(decisions.iter().any(|it| it.what.contains("again on the machine of")), "{placed:?}");
    assert!(placed.iter().all(|why| !why.contains("everything takes its mean")), "{placed:?}");
}
