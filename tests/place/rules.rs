//! What may share a machine, and what pays, in the smallest pipelines in which that shows.

use std::sync::Arc;

use pipelay::cost::{Evidence, Failures, Job, Leg, Machine, Model, Part, PartKind, Spread, estimate};
use pipelay::hir::Objective;
use pipelay::passes::place::objective::Goal;
use pipelay::passes::place::problem::{Choice, Item, Outcome, Problem};
use pipelay::passes::place::search;

fn machine() -> Arc<Machine> {
    let (label, os) = ("ubuntu-latest".into(), "linux".into());
    Arc::new(Machine { label, os, cores: 2, price: Some(0.006), billed: 60.0, longest: 21_600.0, ..Machine::default() })
}

/// A job after others, with what its machine and its commands take.
fn job(needs: &[usize], overhead: f64, work: f64) -> Item {
    Item {
        needs: needs.to_vec(),
        overhead,
        rows: vec![work],
        at_once: 1,
        timeout: 21_600.0,
        machines: vec![(machine(), 1.0)],
        kind: Some(0),
        ..Item::default()
    }
}

fn problem(jobs: impl IntoIterator<Item = Item>) -> Problem {
    let mut problem = Problem::default();
    jobs.into_iter().for_each(|item| problem.push(item));
    problem
}

fn together(problem: &Problem) -> Choice {
    Choice { group: vec![0; problem.jobs.len()], ..problem.written() }
}

fn cheapest(problem: &Problem) -> Vec<usize> {
    let written = problem.outcome(&problem.written()).unwrap();
    let goal = Goal { objective: Objective::Cost, written, deadline: None, budget: None, shards: false };
    search::best(problem, &goal).0.group
}

/// A short job, and one that installs much and runs in a part of all runs.
fn rare(skipped: f64) -> Problem {
    let mut installs = job(&[], 300.0, 60.0);
    (installs.condition, installs.skips, installs.skipped) = (Some(0), [1].into(), skipped);
    problem([job(&[], 30.0, 60.0), installs])
}

#[test]
fn what_is_left_out_mostly_saves_nothing() {
    // Seven minutes for both against two and six; but where the second hardly runs, what it installs would be installed all the same.
    assert_eq!(cheapest(&rare(0.0)), [0, 0]);
    assert_eq!(cheapest(&rare(0.9)), [0, 1]);
    let apart = rare(0.9).outcome(&rare(0.9).written()).unwrap();
    assert!(
        (apart.billed - (120.0 + 0.1 * 360.0)).abs() < 1e-6 && (apart.wall - (0.9 * 90.0 + 0.1 * 360.0)).abs() < 1e-6,
        "{apart:?}"
    );
    let shared = rare(0.9).outcome(&together(&rare(0.9))).unwrap();
    assert!((shared.billed - (0.9 * 360.0 + 0.1 * 420.0)).abs() < 1e-6, "{shared:?}");
}

#[test]
fn what_comes_after_what_is_left_out_is_left_out_too() {
    let mut first = job(&[], 30.0, 30.0);
    (first.condition, first.skips, first.skipped) = (Some(0), [0].into(), 0.75);
    let problem = problem([first, Item { skips: [0].into(), ..job(&[0], 30.0, 30.0) }]);
    let apart = problem.outcome(&problem.written()).unwrap();
    assert!((apart.billed - 30.0).abs() < 1e-6 && (apart.wall - 30.0).abs() < 1e-6, "{apart:?}");
}

#[test]
fn the_estimate_and_the_choice_mean_the_same_by_left_out() {
    let mut items = [job(&[], 0.0, 100.0), job(&[0], 0.0, 200.0), job(&[], 0.0, 150.0)];
    (items[0].condition, items[0].skips, items[0].skipped) = (Some(0), [0].into(), 0.4);
    items[1].skips = [0].into();
    (items[2].condition, items[2].skips, items[2].skipped) = (Some(1), [2].into(), 0.7);
    let guards = [vec![0], vec![0], vec![1]];
    let jobs = items.iter().zip(guards).map(|(item, guards)| {
        let part = Part::new(PartKind::Command, "x", Spread::fixed(item.rows[0]), Evidence::Declared);
        let leg = Leg { timeout: item.timeout, ..Leg::new("x".into(), machine(), vec![part]) };
        Job {
            id: "x".into(),
            needs: item.needs.clone(),
            legs: vec![leg],
            at_once: 1,
            priority: 0,
            members: Vec::new(),
            guards,
            failures: Failures::default(),
        }
    });
    let guards = [("a".to_owned(), 0.6), ("b".to_owned(), 0.3)].into_iter().collect();
    let model = Model { jobs: jobs.collect(), layers: Vec::new(), guards, ..Model::default() };
    let (estimate, problem) = (estimate(&model), problem(items));
    let outcome = problem.outcome(&problem.written()).unwrap();
    assert!((outcome.wall - (0.6 * 300.0 + 0.4 * 0.3 * 150.0)).abs() < 1e-6, "{outcome:?}");
    // Four hundred runs.
    assert!((estimate.wall.mean / outcome.wall - 1.0).abs() < 0.05, "{:?} {outcome:?}", estimate.wall);
    assert!((estimate.billed.mean / outcome.billed - 1.0).abs() < 0.05, "{:?} {outcome:?}", estimate.billed);
}

#[test]
fn what_shares_a_machine_is_over_in_time_on_a_bad_day() {
    let with = |work: f64| problem([0, 1].map(|_| Item { timeout: 100.0, ..job(&[], 30.0, work) }));
    // 110 s, and 165 s on a bad day, of 200; 140 s would be in time, 210 s would not.
    assert!(with(40.0).outcome(&together(&with(40.0))).is_some());
    assert_eq!(with(55.0).outcome(&together(&with(55.0))), None);
    assert!(with(55.0).outcome(&with(55.0).written()).is_some(), "what is written stays");
}

#[test]
fn what_shares_a_machine_comes_after_the_same_jobs() {
    let alike = problem([Item { kind: None, ..job(&[], 30.0, 30.0) }, job(&[0], 30.0, 30.0), job(&[0], 30.0, 30.0)]);
    let choice = Choice { group: vec![0, 1, 1], ..alike.written() };
    assert!(alike.outcome(&choice).is_some());
    let differing = problem([Item { kind: None, ..job(&[], 30.0, 30.0) }, job(&[0], 30.0, 30.0), job(&[], 30.0, 30.0)]);
    assert_eq!(differing.outcome(&choice), None, "the last would wait for the first, with which it has nothing to do");
    // All of a chain and a fork come after the same outside of themselves: nothing. Its ends alone do not.
    let fork = problem([job(&[], 30.0, 20.0), job(&[0], 30.0, 20.0), job(&[0], 30.0, 20.0), job(&[1, 2], 30.0, 20.0)]);
    assert!(fork.outcome(&together(&fork)).is_some());
    assert_eq!(fork.outcome(&Choice { group: vec![0, 1, 2, 0], ..fork.written() }), None);
    assert_eq!(cheapest(&fork), [0, 0, 0, 0]);
}

/// A machine that costs a third, and on which jobs end after a quarter of an hour.
fn slim() -> Arc<Machine> {
    Arc::new(Machine {
        label: "ubuntu-slim".into(),
        price: Some(0.002),
        longest: 900.0,
        slim: true,
        ..Machine::clone(&machine())
    })
}

/// A job that may run there too, with the factor that its work takes there.
fn auto(work: f64, factor: f64) -> Item {
    Item { machines: vec![(machine(), 1.0), (slim(), factor)], ..job(&[], 30.0, work) }
}

#[test]
fn jobs_share_a_machine_on_which_each_of_them_may_run() {
    let on = |problem: &Problem, machine: usize| Choice { machine: vec![machine; problem.jobs.len()], ..together(problem) };
    let both = problem([auto(60.0, 1.0), auto(60.0, 1.0)]);
    assert!(both.outcome(&on(&both, 1)).is_some() && both.outcome(&on(&both, 0)).is_some());
    for items in [[auto(60.0, 1.0), auto(60.0, f64::INFINITY)], [auto(60.0, f64::INFINITY), auto(60.0, 1.0)]] {
        let one = problem(items);
        assert_eq!(one.outcome(&on(&one, 1)), None, "one of them may not run there");
        assert!(one.outcome(&on(&one, 0)).is_some(), "both may run where they were written");
    }
    // What names its machine has no other.
    let named = problem([auto(60.0, 1.0), job(&[], 30.0, 60.0)]);
    assert_eq!(named.outcome(&on(&named, 1)), None);
    let alone = problem([auto(0.0, f64::INFINITY)]);
    assert_eq!(alone.outcome(&on(&alone, 1)), None, "though it has nothing to do there");
    // Each takes as long as it takes there: 30 s, and 60 and 120 s.
    let slower = problem([auto(60.0, 1.0), auto(60.0, 2.0)]);
    let outcome = slower.outcome(&on(&slower, 1)).unwrap();
    assert!((outcome.wall - 210.0).abs() < 1e-6, "{outcome:?}");
}

#[test]
fn the_cheaper_machine_is_found_for_each_job_that_may_run_there() {
    let problem = problem([auto(300.0, 1.0), auto(300.0, f64::INFINITY), auto(300.0, 1.0)]);
    let written = problem.outcome(&problem.written()).unwrap();
    let goal = Goal { objective: Objective::Balanced, written, deadline: None, budget: None, shards: false };
    let (choice, found) = search::best(&problem, &goal);
    assert_eq!(choice.machine, [1, 0, 1], "{choice:?}");
    assert!(found.dollars < 0.6 * written.dollars && found.wall <= written.wall, "{found:?}");
}

#[test]
fn where_jobs_are_ended_early_one_in_a_hundred_may_come_to_that() {
    let with = |work: f64, deviation: f64| {
        let problem = problem([Item { variance: deviation * deviation, ..auto(work, 1.0) }]);
        problem.outcome(&Choice { machine: vec![1], ..problem.written() })
    };
    // 550 s in the mean; half as much again is 825 s of 900. With a deviation of 100 s the 99th percentile is 824 s, with one of 150 s it is 990 s.
    assert!(with(520.0, 0.0).is_some() && with(520.0, 100.0).is_some());
    assert_eq!(with(520.0, 150.0), None);
    assert_eq!(with(600.0, 0.0), None, "half as much again");
    // Two of them on one machine: 300 s each do, 420 s each do not, whatever was written.
    let two = |work: f64| {
        let item = |work: f64| Item { machines: vec![(slim(), 1.0)], timeout: 900.0, ..job(&[], 30.0, work) };
        let problem = problem([item(work), item(work)]);
        problem.outcome(&together(&problem))
    };
    assert!(two(270.0).is_some());
    assert_eq!(two(420.0), None, "each of them alone would be in time");
}

#[test]
fn shards_that_would_do_the_same_are_not_chosen() {
    let placed = |command: &str| {
        super::written_and_placed("time", &format!("job b {{ takes 40m; shards auto; run {command} }}"))[1].1.clone()
    };
    let same = placed("npm test");
    assert!(same.contains("SHARDS: 1\n") && same.contains("timeout-minutes: 120\n"), "{same}");
    assert!(placed("npm test -- --shard=$SHARD/$SHARDS").contains("SHARDS: 8\n"));
}

#[test]
fn what_shares_a_machine_may_take_what_it_may_alone() {
    let placed = |target: &str, jobs: &str| super::written_and_placed("cost", &format!("{target}{jobs}"))[1].1.clone();
    let written = |own: &str, name: &str| format!("job {name} {{ {own}; run npx eslint {name} }}\n");
    let two = placed("", &[written("timeout 10m; takes 60s", "a"), written("timeout 12m; takes 60s", "b")].concat());
    for line in ["    timeout-minutes: 22\n", "        timeout-minutes: 10\n", "        timeout-minutes: 12\n"] {
        assert!(two.contains(line), "{line} {two}");
    }
    // Eight at a time, of ten minutes each, take forty on two processors: each may take as long as all of them.
    let eight: String = (0..8).map(|number| written("takes 10m", &format!("l{number}"))).collect();
    let beside = placed("target github { parallel-steps on }\n", &eight);
    assert_eq!(beside.matches("        timeout-minutes: 240\n").count(), beside.matches("background: true").count(), "{beside}");
    assert_eq!(beside.matches("background: true").count(), 8, "{beside}");
}

/// A command that nothing runs beside is ended as it would be alone.
#[test]
fn what_has_a_machine_to_itself_for_a_while_may_take_no_longer() {
    let job = |name: &str, more: &str| format!("job {name} {{ reads node_modules/; {more}takes 2m; run npx eslint {name} }}\n");
    let jobs = format!("job deps {{ writes node_modules/; takes 2m; run npm ci }}\n{}{}", job("a", ""), job("b", ""));
    let text = format!("target github {{ parallel-steps on }}\n{jobs}");
    let [_, (plan, yaml)] = super::written_and_placed("cost", &text);
    let steps = &plan.works["deps-a-b"].job.steps;
    let minutes: Vec<String> = steps.iter().filter_map(|step| step.timeout.as_ref()).map(|timeout| timeout.spelled()).collect();
    assert_eq!(minutes, ["10", "20", "20"], "{yaml}");
}

/// Two machines have two ids, whatever the jobs on them are called.
#[test]
fn no_job_is_lost_to_another_of_its_name() {
    let long = |end: &str| format!("test-of-a-package-with-a-name-that-is-rather-long-and-has-no-end-in-sight-{end}");
    let job = |name: &str, more: &str| format!("job {name} {{ takes 10s; {more}run ./{name} }}\n");
    let other = "permissions { contents: write }; ";
    for names in [["a", "b-c", "a-b", "c"].map(str::to_owned), [long("a"), long("b"), long("c"), long("d")]] {
        let [one, two, three, four] = &names;
        let body = [job(one, ""), job(two, ""), job(three, other), job(four, other)].concat();
        let [_, (plan, yaml)] = super::written_and_placed("cost", &body);
        assert_eq!(plan.works.len(), 2, "{yaml}");
        for name in &names {
            assert!(yaml.contains(&format!("run: ./{name}\n")), "{name} {yaml}");
        }
    }
}

/// What must not get worse may, where else what the author asks for is not met.
#[test]
fn a_limit_may_cost_what_the_objective_is_about() {
    let outcome = |wall: f64, dollars: f64| Outcome { wall, dollars, billed: wall };
    let goal = |objective, deadline, budget| Goal { objective, written: outcome(600.0, 0.1), deadline, budget, shards: false };
    let slower_and_cheaper = outcome(700.0, 0.08);
    let quicker_and_dearer = outcome(500.0, 0.12);
    let is_taken = |goal: Goal, other: Outcome| goal.score(&other) < goal.score(&goal.written);
    for (objective, deadline, budget, other, taken) in [
        (Objective::Time, None, None, slower_and_cheaper, false),
        (Objective::Time, None, Some(0.09), slower_and_cheaper, true),
        (Objective::Time, Some(550.0), None, slower_and_cheaper, false),
        (Objective::Cost, None, None, quicker_and_dearer, false),
        (Objective::Cost, Some(550.0), None, quicker_and_dearer, true),
        (Objective::Cost, None, Some(0.09), quicker_and_dearer, false),
        (Objective::Balanced, Some(550.0), None, quicker_and_dearer, true),
        (Objective::Balanced, None, Some(0.09), slower_and_cheaper, true),
    ] {
        assert_eq!(is_taken(goal(objective, deadline, budget), other), taken, "{objective:?} {deadline:?} {budget:?}");
    }
}

/// Who asks how all others ended, or whether they failed, asks about the jobs that are written.
#[test]
fn whose_end_others_look_at_stays_a_job_of_its_own() {
    let two = "job deploy { takes 5s; run make site }\njob lint { takes 5s; run make lint }\n";
    let shares = |third: &str| {
        let [_, (plan, _)] = super::written_and_placed("cost", &format!("{two}{third}"));
        !plan.works.contains_key("deploy")
    };
    for when in ["", "when always(); ", "when success() && branch('main'); ", "when !cancelled(); "] {
        assert!(shares(&format!("job last {{ needs deploy; {when}takes 10s; isolated; run ./last }}")), "{when}");
    }
    for when in [
        "failure()",
        "!success()",
        "failure() || branch('main')",
        "always() && contains(needs.*.result, 'failure')",
        "always() && contains(toJSON(needs), 'failure')",
        "needs.deploy.result == 'success'",
    ] {
        assert!(!shares(&format!("job last {{ needs deploy; when {when}; takes 10s; run ./last }}")), "{when}");
        let between = "job between { needs deploy; isolated; takes 5s; run ./between }";
        let far = shares(&format!("{between}\njob last {{ needs between; when {when}; takes 10s; run ./last }}"));
        // Whether anything failed is about all before it.
        let asks_far = ["failure()", "!success()"].iter().any(|asks| when.starts_with(asks));
        if !when.contains("needs.deploy") {
            assert_eq!(far, !asks_far, "{when}");
        }
    }
    assert!(!shares("job last { needs deploy; when always(); takes 10s; run echo '${{ toJSON(needs) }}' }"));
    // Nor does it come apart, where its name is asked for.
    let checks = "job checks {\nstep { takes 14m; run npm run lint }\nstep { takes 16m; run npm test }\n}\n";
    let splits = |last: &str| {
        let [_, (plan, _)] = super::written_and_placed("time", &format!("{checks}{last}"));
        !plan.works.contains_key("checks")
    };
    assert!(splits("job last { needs checks; when failure(); takes 5s; run ./last }"));
    assert!(!splits("job last { needs checks; when always(); takes 5s; run echo '${{ toJSON(needs) }}' }"));
}

/// What the author calls steps and jobs stays theirs, in whatever case.
#[test]
fn names_that_are_made_are_not_those_of_the_author() {
    for id in ["part-1", "PART-1"] {
        let body = format!("job checks {{ takes 3s; run make checks }}\njob last {{\ntakes 3s\nstep {id}: make last\n}}\n");
        let [_, (_, yaml)] = super::written_and_placed("cost", &body);
        let ids: Vec<String> =
            yaml.lines().filter_map(|line| line.trim_start().strip_prefix("- id: ")).map(str::to_ascii_lowercase).collect();
        assert!(ids.len() == 2 && ids[0] != ids[1], "{yaml}");
    }
    let job = |name: &str| format!("job {name} {{ takes 5s; run make {name} }}\n");
    let text = format!("on push\noptimize cost {{ fuse on }}\n{}{}", job("gate"), job("lint"));
    let plan = crate::compile::compiled("ci.pipe", &text).plan;
    assert_eq!(plan.works.keys().collect::<Vec<_>>(), ["gate-lint", "gate-2"]);
}

/// The machines and shards of a job `x`, as emitted.
fn emitted(spec: &str) -> String {
    let made = crate::compile::compiled("ci.pipe", spec);
    made.yaml.clone().unwrap_or_else(|| panic!("{spec}{:#?}", crate::compile::said(&made)))
}

#[test]
fn what_is_split_has_its_machine_chosen_too() {
    let runners = "runners { cheap: { label: cheap-1, price: $0.0005, arch: x64, cores: 4, os: linux } }\n";
    let yaml = emitted(&format!(
        "on push\n{runners}optimize balanced {{ gate off }}\njob x {{ takes 60m; runner auto; shards auto; run t --shard=\"$SHARD/$SHARDS\" }}\n"
    ));
    assert!(yaml.contains("runs-on: cheap-1") && yaml.contains("shard: [1, 2"), "{yaml}");
}

#[test]
fn a_machine_of_which_no_system_is_said_is_no_windows() {
    for (label, is_taken) in [("acme-small", true), ("macos-15-ours", false), ("win-small", false), ("machine-2", true)] {
        let runners = format!("runners {{ cheap: {{ label: {label}, cores: 2, price: $0.001 }} }}\n");
        let yaml = emitted(&format!(
            "on push\n{runners}optimize cost {{ gate off }}\njob lin {{ takes 6m; runner auto; run npm test }}\n\
             job win {{ takes 6m; runner auto {{ os: windows }}; run npm test }}\njob mac {{ takes 6m; runner auto {{ os: macos, arch: x64 }}; run npm test }}\n"
        ));
        assert_eq!(yaml.matches(&format!("runs-on: {label}")).count(), usize::from(is_taken), "{yaml}");
    }
}

#[test]
fn what_waits_for_others_of_its_group_is_not_split() {
    for waits in ["locks db", "concurrency { group: db }"] {
        let yaml = emitted(&format!(
            "on push\ntarget github {{ queue-max on }}\noptimize time {{ gate off }}\njob x {{ takes 30m; shards auto; {waits}; run t \"$SHARD/$SHARDS\" }}\n"
        ));
        assert!(!yaml.contains("matrix"), "{yaml}");
    }
}

#[test]
fn a_limit_holds_where_nothing_is_chosen() {
    for optimize in ["optimize off { budget $0.01 }", "optimize { place off; deadline 1m }"] {
        let said = crate::compile::said(&crate::compile::compiled(
            "ci.pipe",
            &format!("on push\n{optimize}\njob x {{ takes 40m; run t }}\n"),
        ));
        assert!(said.iter().any(|line| line.contains("E0405")), "{said:#?}");
    }
}

/// The nearest plan that would keep to a limit is named, and it does: compiled with what is to be allowed, nothing is said.
#[test]
fn what_would_have_to_be_allowed_is_named_and_is_enough() {
    let test = "run make test PART=\"$SHARD/$SHARDS\"";
    for (optimize, job, told, instead) in [
        (
            "optimize off { deadline 12m }",
            format!("takes 40m; shards auto; {test}"),
            "without `off`",
            ("optimize off", "optimize"),
        ),
        (
            "optimize time { place off; deadline 12m }",
            format!("takes 40m; shards auto; {test}"),
            "without `place off`",
            ("place off; ", ""),
        ),
        (
            "optimize time { shard off; deadline 12m }",
            format!("takes 40m; shards auto; {test}"),
            "without `shard off`",
            ("shard off; ", ""),
        ),
        (
            "optimize time { deadline 12m }",
            format!("takes 40m; shards 2; {test}"),
            "with `shards auto`",
            ("shards 2", "shards auto"),
        ),
        (
            "optimize cost { budget $0.20 }",
            "takes 36m; run make test".to_owned(),
            "with `runner auto { arch: any }`",
            ("run make", "runner auto { arch: any }; run make"),
        ),
        ("optimize { deadline 12m }", "takes 40m; run make test".to_owned(), "", ("", "")),
    ] {
        let spec = format!("on push\n{optimize}\njob x {{ {job} }}\n");
        let helps = |spec: &str| -> Vec<String> {
            let diags = crate::compile::compiled("ci.pipe", spec).diags;
            diags.iter().filter(|diag| diag.code.id == "E0405").filter_map(|diag| diag.help.clone()).collect()
        };
        let all = helps(&spec);
        assert!(!all.is_empty(), "{spec}");
        if told.is_empty() {
            assert!(all[0].starts_with("write `deadline 41m`, or make `x` less: `shards auto`, another `runner`"), "{all:?}");
            continue;
        }
        assert!(
            all[..1].iter().all(|help| help.starts_with(&format!("the nearest plan that keeps to it: {told}"))),
            "{spec}{all:?}"
        );
        let allowed = spec.replace(instead.0, instead.1);
        assert_eq!(helps(&allowed), Vec::<String>::new(), "{allowed}");
    }
}

/// The rows of a matrix have their machine chosen as any other job has, one for all; a row that names its own keeps all on the usual one.
#[test]
fn rows_of_a_matrix_are_on_the_best_machine_for_all() {
    let runners = |matrix: &str| {
        let spec = format!(
            "on push\noptimize cost {{ gate off }}\njob test {{\n  {matrix}\n  takes 30m\n  runner auto {{ arch: any }}\n  run make test X=${{{{ matrix.x }}}}\n}}\n"
        );
        let made = crate::compile::compiled("ci.pipe", &spec);
        let yaml = made.yaml.unwrap();
        let lines = yaml.lines().filter_map(|line| line.trim().strip_prefix("runs-on: ").map(str::to_owned));
        lines.collect::<Vec<_>>()
    };
    assert_eq!(runners("matrix x: 1, 2"), ["ubuntu-24.04-arm"]);
    assert_eq!(runners("matrix x { 1 { env { A: 1 } }; 2 {} }"), ["ubuntu-24.04-arm"]);
    assert!(!runners("matrix x { 1 { runner windows-latest }; 2 {} }").contains(&"ubuntu-24.04-arm".to_owned()));
    // What a row alone needs keeps all of them where it is.
    let slim = |rows: &str, takes: &str| {
        let spec = format!(
            "on push\noptimize cost {{ gate off }}\njob test {{\n  matrix x {{ {rows} }}\n  takes {takes}\n  runner auto {{ slim: on }}\n  run make test X=${{{{ matrix.x }}}}\n}}\n"
        );
        crate::compile::compiled("ci.pipe", &spec).yaml.unwrap().contains("runs-on: ubuntu-slim")
    };
    assert!(slim("1 {}; 2 {}", "5m"));
    for (rows, takes) in
        [("1 { service postgres 17 }; 2 {}", "5m"), ("1 { toolchain docker }; 2 {}", "5m"), ("1 {}; 2 {}", "16m")]
    {
        assert!(!slim(rows, takes), "{rows} {takes}");
    }
}

/// What would not do is not named: a machine of another system than was asked for, the limit itself, what the graph of all plans decides.
#[test]
fn what_would_not_be_enough_is_not_named() {
    let helps = |spec: &str| -> Vec<String> {
        let diags = crate::compile::compiled("ci.pipe", &format!("on push\non schedule \"0 3 * * *\"\n{spec}")).diags;
        diags.iter().filter(|diag| diag.code.id == "E0405").filter_map(|diag| diag.help.clone()).collect()
    };
    let windows = "optimize cost { budget $0.30 }\njob x { takes 36m; runner auto { os: windows }; run make test }\n";
    assert!(matches!(helps(windows).as_slice(), [one] if one.starts_with("write `budget $0.37`")), "{:?}", helps(windows));
    let both = "optimize { deadline 2m; budget $0.30 }\njob x { takes 40m; shards auto; run make PART=\"$SHARD/$SHARDS\" }\n";
    assert!(!helps(both).is_empty() && helps(both).iter().all(|help| !help.contains("`deadline 2m`")), "{:?}", helps(both));
    // Alone the two would fit on one machine; in one graph with the usual plan they do not share.
    let two = "job a { takes 20s; run npm run lint }\njob b { takes 20s; run npm run typecheck }\n";
    let by = format!("optimize time\noptimize by github.event_name {{ schedule cost {{ budget $0.003 }} }}\n{two}");
    assert!(matches!(helps(&by).as_slice(), [one] if one.starts_with("write `budget $")), "{:?}", helps(&by));
}

/// A budget says what is left out of it.
#[test]
fn what_nobody_says_the_price_of_is_told_where_a_budget_is() {
    let said = |runner: &str| {
        let spec = format!(
            "on push\noptimize cost {{ budget $0.40 }}\nrunners {{ own: {{ label: mine, price: $0 }} }}\njob x {{ takes 9m; runner {runner}; run make }}\n"
        );
        let made = crate::compile::compiled("ci.pipe", &spec);
        crate::compile::said_but_pins(&made).into_iter().filter(|line| line.contains("W0406")).count()
    };
    assert_eq!(["self-hosted", "[self-hosted, big]", "mine", "own", "ubuntu-latest"].map(said), [0, 0, 1, 0, 0]);
}
