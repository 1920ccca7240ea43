//! `optimize by`: the plans among which run time chooses are of one graph, each is as good as the usual one at least in what it is about, and what is emitted
//! becomes each of them where it is chosen.

use std::fmt::Write as _;

use pipelay::cost::machine::visibility;
use pipelay::cost::{Estimate, estimate, model};
use pipelay::expr::eval::{Context, Status, eval};
use pipelay::expr::text::{Piece, split};
use pipelay::expr::value::{Object, Value};
use pipelay::facts::Facts;
use pipelay::plan::Plan;
use pipelay::plan::interpret::{Did, Given, interpret};
use pipelay::profile::{Measured, Profile, Times, VERSION};
use pipelay::workflow::{emit, lower};
use pipelay::{Spec, compile};
use serde_json::json;
use serde_yaml::Value as Yaml;

use crate::compile::{compiled, said};
use crate::random::Random;
use crate::run::Runner;

/// A pipeline whose jobs ask for machines and shards.
fn spec(random: &mut Random) -> String {
    let mut text = "on push, pull_request, workflow_dispatch\non schedule \"17 3 * * *\"\n\
         runners { big: { label: big-ubuntu, cores: 8, price: $0.03 }, own: { label: [self-hosted, linux], cores: 4, price: $0.001 } }\n\
         optimize balanced\n\
         optimize by github.event_name { pull_request time; schedule cost; push balanced }\n"
        .to_owned();
    for job in 0..2 + random.below(4) {
        let _ = writeln!(text, "job j{job} {{\n  takes {}s", 20 + random.below(900));
        if job > 0 && random.below(2) == 0 {
            let _ = writeln!(text, "  needs j{}", random.below(job));
        }
        if random.below(3) > 0 {
            text.push_str("  runner auto { arch: any, slim: on }\n");
        }
        if random.below(3) == 0 {
            text.push_str("  shards auto\n  run ./work $SHARD $SHARDS\n}\n");
        } else {
            text.push_str("  run ./work\n}\n");
        }
    }
    text
}

const NAMES: [&str; 3] = ["pull_request", "schedule", "push"];

fn contexts(event: &str, tier: &str) -> Object {
    let github = json!({ "ref": "refs/heads/main", "ref_name": "main", "event_name": event });
    let empty = ["vars", "secrets", "runner", "matrix"].iter().map(|name| (*name, Value::object::<String>([])));
    empty.chain([("github", Value::from_json(&github)), ("inputs", Value::from_json(&json!({ "tier": tier })))]).collect()
}

/// Measured twice as fast on the larger machine, which is five times as dear.
fn profile(text: &str) -> String {
    let mut profile = Profile { version: VERSION, runs: 50.0, newest: "2026-11-20".into(), ..Profile::default() };
    let mut id = "";
    for line in text.lines() {
        id = line.strip_prefix("job ").and_then(|rest| rest.strip_suffix(" {")).unwrap_or(id);
        let Some(seconds) = line.strip_prefix("  takes ").and_then(|rest| rest.strip_suffix('s')) else { continue };
        let seconds: f64 = seconds.parse().unwrap();
        let times = |p50: f64| Measured {
            runs: 50.0,
            whole: Some(Times { p50, p90: p50 * 1.3, ..Default::default() }),
            ..Measured::default()
        };
        let measured = [("ubuntu-latest".to_owned(), times(seconds)), ("big-ubuntu".to_owned(), times(seconds / 2.0))];
        profile.jobs.insert(id.to_owned(), measured.into_iter().collect());
    }
    profile.print()
}

/// A workflow as it is where its event is known: GitHub works such expressions out before a job has a machine.
fn on(event: &str, yaml: Yaml) -> Yaml {
    match yaml {
        Yaml::Mapping(map) => Yaml::Mapping(map.into_iter().map(|(key, value)| (key, on(event, value))).collect()),
        // One label alone, in a list or not.
        Yaml::Sequence(mut items) if items.len() == 1 && items[0].is_string() => on(event, items.remove(0)),
        Yaml::Sequence(items) => Yaml::Sequence(items.into_iter().map(|item| on(event, item)).collect()),
        Yaml::String(text) if text.contains("github.event_name == ") && text.starts_with("${{ ") => {
            let Piece::Hole { expr, .. } = split(&text).value.remove(0) else { panic!("{text}") };
            let contexts = contexts(event, "");
            let context = Context { values: &contexts, status: Status::Success, hash_files: None };
            // As JSON, which is YAML.
            let value = eval(&expr.unwrap(), &context).unwrap();
            let text = if let Value::String(text) = &value { json!(text.to_string()).to_string() } else { as_json(&value) };
            on(event, serde_yaml::from_str(&text).unwrap())
        }
        other => other,
    }
}

fn as_json(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.items.iter().map(as_json).collect::<Vec<_>>().join(", ")),
        Value::String(text) => json!(text.to_string()).to_string(),
        other => other.to_text(),
    }
}

fn estimated(plan: &Plan, made: &pipelay::Compilation) -> Estimate {
    estimate(&model(plan, &made.profile, visibility(plan)))
}

#[test]
fn each_is_of_the_same_graph_and_better_at_what_it_is_about() {
    let (mut machines, mut shards, mut bounds) = (0, 0, 0);
    for seed in 0..40 {
        let text = spec(&mut Random(seed));
        let facts = Facts { profile: (seed % 2 == 1).then(|| profile(&text)), ..Facts::default() };
        let made = compile(&Spec { path: "ci.pipe".to_owned(), text: text.clone() }, &facts);
        let yaml = made.yaml.as_ref().unwrap_or_else(|| panic!("{text}\n{:#?}", said(&made)));
        let emitted: Yaml = serde_yaml::from_str(yaml).unwrap();
        let usual = estimated(&made.plan, &made);
        for name in NAMES {
            let own = made.plan.under(name);
            let ids = |plan: &Plan| plan.works.keys().cloned().collect::<Vec<_>>();
            assert_eq!((ids(&own), own.needs()), (ids(&made.plan), made.plan.needs()), "{text}");
            for work in made.plan.works.values() {
                let difference = work.differences.get(name).cloned().unwrap_or_default();
                machines += usize::from(difference.runner.is_some());
                shards += usize::from(difference.shards.is_some());
                bounds += usize::from(difference.timeout.is_some());
            }
            let estimate = estimated(&own, &made);
            let (less, value) = match name {
                "pull_request" => (estimate.wall.mean, usual.wall.mean),
                "schedule" => (estimate.dollars.mean, usual.dollars.mean),
                _ => (estimate.wall.mean * estimate.dollars.mean, usual.wall.mean * usual.dollars.mean),
            };
            assert!(less <= value * 1.01, "{name}: {less} and {value} without\n{text}");
            // What is emitted is that plan, where it is chosen.
            let alone: Yaml = serde_yaml::from_str(&emit(&lower(own).value).text).unwrap();
            assert_eq!(on(name, emitted.clone())["jobs"], on(name, alone)["jobs"], "{name}\n{text}\n{yaml}");
        }
        // Where none is chosen, it is the usual one.
        let none = on("workflow_dispatch", emitted);
        let mut usual = made.plan.clone();
        usual.works.values_mut().for_each(|work| work.differences.clear());
        let alone: Yaml = serde_yaml::from_str(&emit(&lower(usual).value).text).unwrap();
        assert_eq!(none["jobs"], on("workflow_dispatch", alone)["jobs"], "{text}");
    }
    assert!(machines > 20 && shards > 20 && bounds > 2, "{machines} machines, {shards} shards and {bounds} bounds differ");
}

/// Of each run what its commands print, row by row.
const REAL: &str = "on push\non workflow_dispatch {\n  input tier: string = \"\"\n}\non schedule \"17 3 * * *\"\n\
    optimize time\noptimize by event('schedule') && 'cheap' || inputs.tier { cheap cost; fair cost { deadline 13m } }\n\
    job tests {\n  takes 20m\n  shards auto { max 4 }\n  run echo \"part $SHARD of $SHARDS\" >> \"$NOTES\"\n}\n";

#[test]
fn what_run_time_chooses_is_what_runs() {
    let made = compiled("ci.pipe", REAL);
    let yaml = made.yaml.as_ref().unwrap_or_else(|| panic!("{:#?}", said(&made)));
    for (event, tier, parts) in [
        ("push", "", 4),
        ("schedule", "", 1),
        ("workflow_dispatch", "cheap", 1),
        ("workflow_dispatch", "fair", 2),
        ("workflow_dispatch", "none", 4),
    ] {
        // As the plan means it.
        let contexts = contexts(event, tier);
        let mut meant = Vec::new();
        let mut run = |_: &str, command: &pipelay::plan::interpret::Command| {
            if command.text.starts_with("echo") {
                meant.push(format!("part {} of {}", command.env["SHARD"], command.env["SHARDS"]));
            }
            Did::default()
        };
        interpret(&made.plan, &mut Given { contexts, changed: None, hash_files: None, run: &mut run });
        let expected: Vec<String> = (1..=parts).map(|part| format!("part {part} of {parts}")).collect();
        assert_eq!(meant, expected, "{event} {tier}\n{yaml}");
        // And as a runner runs it.
        let payload = json!({ "ref": "refs/heads/main", "inputs": { "tier": tier } });
        let Some(mut runner) = Runner::new().map(|runner| runner.event(event, payload)) else { continue };
        let notes = runner.path("notes");
        runner.environment.push(format!("NOTES={}", notes.display()));
        let run = runner.run(yaml);
        let text = std::fs::read_to_string(notes).unwrap_or_default();
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, expected, "{event} {tier}: {}\n{yaml}", run.report);
    }
}

#[test]
fn the_limits_of_each_are_its_own() {
    let made = |by: &str| {
        let text = format!(
            "on push\noptimize cost {{ budget $0.20 }}\noptimize by github.event_name {{ {by} }}\njob tests {{\n  takes 20m\n  shards auto {{ max 4 }}\n  run ./test $SHARD $SHARDS\n}}\n"
        );
        said(&compiled("ci.pipe", &text))
    };
    assert_eq!(made("push time { deadline 8m }"), Vec::<String>::new());
    let said = made("push time { deadline 3m; budget $0.40 }");
    assert!(said.len() == 1 && said[0].starts_with("ci.pipe:3:") && said[0].contains("E0405"), "{said:#?}");
}

/// The shards of a job in runs of each plan, after what stands before the jobs.
fn shards(spec: &str) -> Vec<u32> {
    let made = compiled("ci.pipe", spec);
    assert!(made.yaml.is_some(), "{spec}{:#?}", said(&made));
    let plan = ["pull_request"].map(|name| made.plan.under(name));
    let job = |plan: &Plan| plan.works["test"].job.shards.as_ref().and_then(pipelay::hir::Shards::number).unwrap_or(1);
    std::iter::once(&made.plan).chain(&plan).map(job).collect()
}

#[test]
fn each_is_judged_by_the_runs_that_have_it() {
    let spec = |limits: &str, deploy: &str| {
        format!(
            "on push to main\non pull_request\noptimize {{ fuse off; gate off }}\noptimize by github.event_name {{ pull_request time{limits} }}\n\
             job test {{ takes 10m; shards auto {{ max 4 }}; run t \"$SHARD\" \"$SHARDS\" }}\n{deploy}"
        )
    };
    // What is long on pushes alone hides nothing of pull requests, and is in no limit of theirs.
    let deploy = "job deploy { takes 40m; when event('push'); run deploy }\n";
    assert_eq!(shards(&spec("", deploy)), [1, 4]);
    let made = compiled("ci.pipe", &spec(" { deadline 15m }", deploy));
    assert_eq!(said(&made), Vec::<String>::new());
    let made = compiled("ci.pipe", &spec(" { deadline 3m }", deploy));
    assert!(said(&made).len() == 1 && said(&made)[0].contains("E0405"), "{:#?}", said(&made));
}

/// Plans with the same value are one in what is emitted, and a machine that no expression can name is told of.
#[test]
fn what_is_emitted_says_each_value_once() {
    let spec = |more: &str| {
        format!(
            "on push, workflow_dispatch\non schedule \"17 3 * * *\"\n{more}optimize time\noptimize by github.event_name {{ schedule cost; workflow_dispatch cost }}\n\
             job x {{ takes 16m; runner auto {{ arch: any }}; shards auto {{ max 4 }}; run t \"$SHARD/$SHARDS\" }}\n"
        )
    };
    let yaml = compiled("ci.pipe", &spec("")).yaml.unwrap();
    let shards = "(github.event_name == 'schedule' || github.event_name == 'workflow_dispatch') && '[1]' || '[1, 2, 3, 4]'";
    assert!(yaml.contains(shards), "{yaml}");
    let group =
        "runners { theirs: { label: [self-hosted, \"${{ vars.OUR }}\"], os: linux, arch: x64, cores: 2, price: $0.0001 } }\n";
    let made = compiled(
        "ci.pipe",
        &spec(group)
            .replace("optimize time\n", "optimize time { size off }\n")
            .replace("schedule cost", "schedule cost { size on }"),
    );
    let kept = made.ledger.decisions.iter().find(|it| it.what.starts_with("keeps `x` where it is in runs of `schedule`"));
    assert!(kept.is_some_and(|it| it.why.starts_with("`theirs` has labels")), "{:#?}", made.ledger.decisions);
}

/// Rows keep files by names of their own, in whichever plan there are several.
#[test]
fn shards_of_another_plan_keep_files_apart() {
    for plans in [
        "optimize cost\noptimize by github.event_name { pull_request time }",
        "optimize time\noptimize by github.event_name { pull_request cost }",
    ] {
        let spec = format!(
            "on push, pull_request\n{plans}\njob e2e {{ shards auto {{ max 4 }}; takes 18m; keep logs/; run npx playwright test --shard=\"$SHARD/$SHARDS\" }}\n"
        );
        let yaml = compiled("ci.pipe", &spec).yaml.unwrap();
        assert!(yaml.contains("name: e2e-logs-${{ strategy.job-index }}\n"), "{yaml}");
    }
}
