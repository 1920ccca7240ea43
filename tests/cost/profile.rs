//! GitHub's answers, as they come: pages, failures, runs of yesterday and of last month.

use pipelay::cost::Evidence;
use pipelay::cost::machine::visibility;
use pipelay::facts::Facts;
use pipelay::plan::Plan;
use pipelay::profile::{Profile, github, merge};
use pipelay::{Spec, compile};
use serde_json::{Value, json};

const SPEC: &str = "
on push
job unit { checkout off; run make unit }
job matrix \"Test on ${{ matrix.os }}\" { matrix os: linux, macos; checkout off; run make test }
job rows { matrix version: 20, 22; max-parallel 1; checkout off; run make rows }
job called { uses ./.github/workflows/other.yml }
";

pub(super) fn plan() -> Plan {
    compile(&Spec { path: "ci.pipe".into(), text: SPEC.into() }, &Facts::default()).plan
}

/// A job as GitHub answers, on a day of November, with one command beside what GitHub does.
pub(super) fn job(run: u64, day: u32, name: &str, conclusion: &str, seconds: u32) -> Value {
    let at = |seconds: u32| format!("2026-11-{day:02}T10:{:02}:{:02}Z", seconds / 60, seconds % 60);
    json!({
        "id": run * 100 + u64::from(seconds), "run_id": run, "run_attempt": 1, "name": name, "status": "completed", "conclusion": conclusion,
        "created_at": at(0), "started_at": at(5), "completed_at": at(5 + seconds), "labels": ["ubuntu-latest"], "head_branch": "main",
        "steps": [
            { "name": "Set up job", "number": 1, "status": "completed", "conclusion": "success", "started_at": at(5), "completed_at": at(7) },
            { "name": "Run actions/checkout@v6", "number": 2, "conclusion": "success", "started_at": at(7), "completed_at": at(9) },
            { "name": "Run make unit", "number": 3, "conclusion": conclusion, "started_at": at(9), "completed_at": at(5 + seconds) },
        ],
    })
}

pub(super) fn page(jobs: &[Value]) -> String {
    json!({ "total_count": jobs.len(), "jobs": jobs }).to_string()
}

fn measured(text: &str) -> github::Taken {
    measured_after(text, 0)
}

fn measured_after(text: &str, run: u64) -> github::Taken {
    let (plan, known) = (plan(), Profile { last_run: Some(run), ..Profile::default() });
    github::measure(&plan, &plan, &github::read(text).unwrap(), &known)
}

#[test]
fn pages_lists_and_jobs_are_read_alike() {
    let jobs = [job(1, 1, "unit", "success", 60), job(2, 1, "unit", "success", 62), job(3, 2, "unit", "failure", 20)];
    let one_page = measured(&page(&jobs)).profile;
    let pages = jobs.iter().map(|job| page(std::slice::from_ref(job))).collect::<Vec<_>>();
    assert_eq!(measured(&pages.join("\n")).profile, one_page, "as `--paginate` prints them");
    assert_eq!(measured(&format!("[{}]", pages.join(","))).profile, one_page, "as `--slurp` does");
    assert_eq!(measured(&json!(jobs).to_string()).profile, one_page);
    assert_eq!(measured(&(page(&jobs) + &page(&jobs))).profile, one_page, "a job that is there twice counts once");
    assert_eq!((one_page.runs, one_page.last_run, one_page.newest.as_str()), (3.0, Some(3), "2026-11-02T10:00:05Z"));
    for text in [
        "{}",
        "[1]",
        "{\"message\": \"Not Found\", \"status\": \"404\"}",
        "<html>",
        "null",
        "{\"workflow_runs\": []}",
        "{\"jobs\": [{",
    ] {
        assert!(github::read(text).is_err(), "{text}");
    }
}

#[test]
fn what_failed_or_was_cancelled_says_nothing_of_time() {
    let mut jobs: Vec<Value> = (1..=9).chain(21..=25).map(|run| job(run, 1, "unit", "success", 60)).collect();
    jobs.extend([job(10, 1, "unit", "failure", 1), job(11, 1, "unit", "cancelled", 900), job(12, 1, "unit", "skipped", 0)]);
    // A machine that hung.
    jobs.push(job(13, 1, "unit", "success", 2000));
    let profile = measured(&page(&jobs)).profile;
    let (_, unit) = profile.of("unit", "ubuntu-latest").unwrap();
    assert_eq!((unit.runs, unit.failed), (16.0, 1.0));
    assert_eq!(unit.whole.as_ref().map(|times| (times.p50, times.p90)), Some((60.0, 60.0)));
    let command = &unit.steps["Run make unit"];
    assert_eq!((command.runs, command.failed, command.times.p50, command.times.p90), (16.0, 1.0, 56.0, 56.0));
    assert_eq!((unit.steps["Run actions/checkout"].runs,), (16.0,), "the version of an action is no part of its name");
}

#[test]
fn names_lead_to_tasks() {
    let names = ["Test on linux", "rows (22)", "called / build", "called / test", "gone", "Test on windows"];
    let taken = measured(&page(&names.map(|name| job(1, 1, name, "success", name.len() as u32))));
    let tasks: Vec<&str> = taken.profile.jobs.keys().map(String::as_str).collect();
    assert_eq!(tasks, ["matrix[linux]", "rows[22]", "called"]);
    assert_eq!(taken.unknown.into_iter().collect::<Vec<_>>(), ["Test on windows", "gone"]);
}

#[test]
fn what_is_old_fades_and_a_run_counts_once() {
    let mut profile = Profile::default();
    merge::merge(
        &mut profile,
        measured(&page(&(1..=20).map(|run| job(run, 1, "unit", "success", 60)).collect::<Vec<_>>())).profile,
        false,
    );
    let known = profile.clone();
    let again = measured_after(&page(&[job(20, 1, "unit", "success", 90)]), 20).profile;
    assert_eq!(again.jobs.len(), 0, "no newer run than those that are known");
    let newer: Vec<Value> = (21..=30).map(|run| job(run, 30, "unit", "success", 120)).collect();
    merge::merge(&mut profile, measured_after(&page(&newer), 20).profile, false);
    let (_, unit) = profile.of("unit", "ubuntu-latest").unwrap();
    // Twenty of 29 days ago count for a little more than ten.
    assert_eq!((profile.runs, unit.runs, profile.newest.as_str()), (20.23, 20.23, "2026-11-30T10:00:05Z"));
    let times = unit.whole.as_ref().unwrap();
    assert!(times.p50 > 59.0 && times.p50 < 121.0 && (times.p90 - 120.0).abs() < 0.2, "{times:?}");
    assert_eq!(Profile::read(&profile.print()), Ok(profile.clone()));
    assert_ne!(known, profile);
    insta::with_settings!({ snapshot_path => "../../snapshots/cost", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("profile", profile.print());
    });
}

/// What went well in a run that failed later took what it takes, however the answers come.
#[test]
fn what_went_well_before_a_failure_is_evidence() {
    let run = |run: u64| {
        let end = if run.is_multiple_of(2) { "failure" } else { "success" };
        super::attribution::job(run, "unit", end, &[("Run make build", "success", 900), ("Run make unit", end, 300)])
    };
    let all: Vec<Value> = (1..=12).map(run).collect();
    let mut one_by_one = Profile::default();
    for (at, job) in all.iter().enumerate() {
        merge::merge(&mut one_by_one, measured_after(&page(std::slice::from_ref(job)), at as u64).profile, false);
    }
    for profile in [measured(&page(&all)).profile, one_by_one] {
        let (_, unit) = profile.of("unit", "ubuntu-latest").unwrap();
        let p50 = |step: &str| unit.steps[step].times.p50;
        assert_eq!((p50("Run make build"), p50("Run make unit")), (900.0, 300.0), "{profile:#?}");
        assert_eq!((unit.whole.as_ref().unwrap().p50, unit.failing.as_ref().unwrap().p50), (1200.0, 1200.0));
    }
}

/// The wait for another job of the run follows from the plan: it is not counted once more.
#[test]
fn who_waits_for_another_job_waits_for_no_machine() {
    let at = |seconds: u32| format!("2026-11-20T10:{:02}:{:02}Z", seconds / 60, seconds % 60);
    let job = |run: u64, name: &str, created: u32, started: u32, completed: u32| {
        json!({
            "run_id": run, "name": name, "conclusion": "success", "labels": ["ubuntu-latest"],
            "created_at": at(created), "started_at": at(started), "completed_at": at(completed), "steps": [],
        })
    };
    let runs: Vec<Value> = (1..=6)
        .flat_map(|run| {
            // One row waited for the other; nobody else for what ended by chance.
            [
                job(run, "rows (20)", 0, 4, 300),
                job(run, "rows (22)", 0, 302, 400),
                job(run, "Test on linux", 0, 60, 500),
                job(run, "unit", 0, 303, 500),
            ]
        })
        .collect();
    let profile = measured(&page(&runs)).profile;
    let queue = |task: &str| profile.of(task, "ubuntu-latest").unwrap().1.queue.as_ref().unwrap().p90.to_string();
    assert_eq!(["rows[20]", "rows[22]", "matrix[linux]", "unit"].map(queue), ["4", "2", "60", "303"]);
}

/// GitHub lets twenty jobs run at a time: who begins as one of so many ends waited for that, and on machines of one's own, for nobody knows what.
#[test]
fn who_waits_for_the_limit_of_github_waits_for_no_machine() {
    let at = |seconds: u32| format!("2026-11-20T10:{:02}:{:02}Z", seconds / 60, seconds % 60);
    let queue = |labels: &[&str], rows: u32| {
        let row = |row: u32| {
            // Of the rows, those behind the twentieth get the machines of others.
            let (started, completed) = if row > 20 { (302, 600) } else { (4, 300) };
            json!({
                "run_id": 1, "name": format!("Test on linux {row}"), "conclusion": "success", "labels": labels,
                "created_at": at(0), "started_at": at(started), "completed_at": at(completed), "steps": [],
            })
        };
        let mut jobs: Vec<Value> = (1..=rows).map(row).collect();
        jobs[rows as usize - 1]["name"] = json!("unit");
        jobs[rows as usize - 1]["started_at"] = json!(at(302));
        measured(&page(&jobs)).profile.jobs["unit"].values().next().unwrap().queue.as_ref().unwrap().p90.to_string()
    };
    assert_eq!(queue(&["ubuntu-latest"], 25), "2");
    assert_eq!(queue(&["ubuntu-latest"], 15), "302", "there was room");
    assert_eq!(queue(&["macos-latest"], 15), "2", "of five");
    assert_eq!(queue(&["self-hosted", "linux"], 25), "302");
}

/// In which share of the runs a job ran is asked of all its machines, and of the runs that came to it.
#[test]
fn a_job_that_moved_or_was_cancelled_ran_in_all_runs() {
    let share = |profile: &Profile| {
        let model = pipelay::cost::model(&plan(), profile, pipelay::cost::machine::Visibility::Private);
        let job = model.jobs.iter().find(|job| job.id == "unit").unwrap();
        job.legs[0].share
    };
    let mut jobs: Vec<Value> = (1..=40).map(|run| job(run, 1, "unit", "success", 60)).collect();
    for moved in &mut jobs[..30] {
        moved["labels"] = json!(["windows-latest"]);
    }
    assert!(share(&measured(&page(&jobs)).profile) > 0.999);
    let jobs: Vec<Value> =
        (1..=40).map(|run| job(run, 1, "unit", if run.is_multiple_of(2) { "success" } else { "cancelled" }, 60)).collect();
    assert!(share(&measured(&page(&jobs)).profile) > 0.999);
    // One that is in no new run was not there yet; one that was left out is in fewer of all.
    let others = |end: &'static str| (21..=40).map(move |run| job(run, 30, "unit", end, 60));
    let mut profile = Profile::default();
    merge::merge(
        &mut profile,
        measured(&page(&(1..=20).map(|run| job(run, 1, "unit", "success", 60)).collect::<Vec<_>>())).profile,
        false,
    );
    let with = |new: Vec<Value>| {
        let mut profile = profile.clone();
        merge::merge(&mut profile, measured_after(&page(&new), 20).profile, false);
        share(&profile)
    };
    assert!(with((21..=40).map(|run| job(run, 30, "rows (22)", "success", 60)).collect()) > 0.999);
    assert!((with(others("skipped").collect()) - 0.33).abs() < 0.02);
    // Not behind what failed, or was cancelled: that says nothing of its condition.
    let needs = crate::compile::compiled(
        "ci.pipe",
        "on push\njob unit { run make unit }\njob deploy { needs unit; when branch('main'); run make deploy }\n",
    );
    let deployed = |ends: [[&'static str; 2]; 2]| {
        let run = |run: u64| {
            let [unit, deploy] = ends[usize::from(run > 10)];
            [job(run, 1, "unit", unit, 60), job(run, 1, "deploy", deploy, 70)]
        };
        let jobs = github::read(&page(&(1..=20).flat_map(run).collect::<Vec<_>>())).unwrap();
        let profile = github::measure(&needs.plan, &needs.plan, &jobs, &Profile::default()).profile;
        let model = pipelay::cost::model(&needs.plan, &profile, pipelay::cost::machine::Visibility::Private);
        model.guards.values().next().unwrap().to_string()
    };
    let well = ["success", "success"];
    let shares = [["cancelled", "skipped"], ["failure", "skipped"], ["success", "skipped"]].map(|ends| deployed([well, ends]));
    assert_eq!(shares, ["1", "1", "0.5"]);
}

/// What was measured on a machine that the spec has a name for is told by GitHub with its labels.
#[test]
fn a_runner_with_a_name_has_its_evidence() {
    let spec = |runner: &str| {
        format!(
            "on push\nrunners {{ large: {{ label: our-8-cores, cores: 8, os: linux, price: $0.02 }} }}\njob unit {{ runner {runner}; checkout off; run make unit }}\n"
        )
    };
    let mut jobs: Vec<Value> = (1..=30).map(|run| job(run, 1, "unit", "success", 600)).collect();
    for run in 31..=40 {
        let mut moved = job(run, 1, "unit", "success", 120);
        moved["labels"] = json!(["our-8-cores"]);
        jobs.push(moved);
    }
    for (runner, minutes) in [("large", 2.0), ("our-8-cores", 2.0), ("ubuntu-latest", 10.0)] {
        let made = crate::compile::compiled("ci.pipe", &spec(runner));
        let profile = github::measure(&made.plan, &made.plan, &github::read(&page(&jobs)).unwrap(), &Profile::default()).profile;
        let model = pipelay::cost::model(&made.plan, &profile, pipelay::cost::machine::Visibility::Private);
        assert!((model.mean(&model.jobs[0].legs[0]) / 60.0 - minutes).abs() < 0.1, "{runner}");
    }
}

/// What caches spare is what runs without them would take more: an install that runs only where there is none runs always then.
#[test]
fn caches_that_spare_an_install_are_seen_to() {
    let spec = "on push\ntoolchain node 22 { cached: modules }\njob unit { run npm test }\n";
    let facts = |profile: Option<String>| Facts {
        tracked: Some(vec!["package-lock.json".into(), "package.json".into()]),
        profile,
        ..Facts::default()
    };
    let compiled = |profile: Option<String>| compile(&Spec { path: "ci.pipe".into(), text: spec.into() }, &facts(profile));
    let made = compiled(None);
    let run = |run: u64| {
        let hit = !run.is_multiple_of(10);
        super::attribution::job(
            run,
            "unit",
            "success",
            &[
                ("Set up job", "success", 2),
                ("Run actions/checkout@v6", "success", 2),
                ("Run actions/setup-node@v6", "success", 3),
                ("Run actions/cache/restore@v5", "success", 8),
                ("Run npm ci --prefer-offline --no-audit", if hit { "skipped" } else { "success" }, if hit { 0 } else { 120 }),
                ("Run npm test", "success", 60),
            ],
        )
    };
    let answers: Vec<Value> = (1..=40).map(run).collect();
    let profile =
        github::measure(&made.written, &made.plan, &github::read(&page(&answers)).unwrap(), &Profile::default()).profile;
    let made = compiled(Some(profile.print()));
    let event = pipelay::cost::event::Event::default();
    let report = pipelay::cost::report::report(&made, pipelay::cost::machine::Visibility::Private, &event);
    let told: Value = serde_json::from_str(&report.json()).unwrap();
    // Nine times of ten 120 s, but for 8 s in each run and a cache that is saved now and then.
    let spared = told["spared_by_caches"]["wall_seconds"].as_f64().unwrap();
    assert!((85.0..105.0).contains(&spared), "{told}");
}

/// What never began is told to have begun in the year 1.
/// What runs on a miss is there as often as that was seen, also where it was seen never, or nobody saw that step itself.
#[test]
fn steps_on_a_miss_go_by_the_hit_rate_that_was_measured() {
    let spec = "on push to main\ntoolchain node 22 { cached: modules }\njob unit { run npm test }\n";
    let facts = |profile: Option<String>| Facts {
        tracked: Some(vec!["package-lock.json".into(), "package.json".into()]),
        profile,
        ..Facts::default()
    };
    let compiled = |profile: Option<String>| compile(&Spec { path: "ci.pipe".into(), text: spec.into() }, &facts(profile));
    let made = compiled(None);
    let shares = |profile: Option<String>| {
        let made = compiled(profile);
        let model = pipelay::cost::model(&made.plan, &made.profile, pipelay::cost::machine::Visibility::Private);
        let share = |role: pipelay::plan::Role| {
            let part = model.jobs[0].legs[0].parts.iter().find(|part| part.kind == pipelay::cost::PartKind::Step(role)).unwrap();
            (model.share(part.on) * 100.0).round() as u32
        };
        (share(pipelay::plan::Role::Install), share(pipelay::plan::Role::Save))
    };
    assert_eq!(shares(None), (10, 10), "as is assumed");
    let measured = |missed: u64, with_save: bool| {
        let run = |run: u64| {
            let conclusion = if missed > 0 && run.is_multiple_of(missed) { "success" } else { "skipped" };
            let mut steps = vec![
                ("Set up job", "success", 2),
                ("Run actions/cache/restore@v5", "success", 8),
                ("Run npm ci --prefer-offline --no-audit", conclusion, 20),
                ("Run npm test", "success", 60),
            ];
            steps.extend(with_save.then_some(("Run actions/cache/save@v5", conclusion, 5)));
            super::attribution::job(run, "unit", "success", &steps)
        };
        let answers: Vec<Value> = (1..=20).map(run).collect();
        let jobs = github::read(&page(&answers)).unwrap();
        shares(Some(github::measure(&made.written, &made.plan, &jobs, &Profile::default()).profile.print()))
    };
    assert_eq!(measured(2, true), (50, 50));
    assert_eq!(measured(2, false), (50, 50), "the layer is the same");
    assert_eq!(measured(0, true), (0, 0), "it was there in all runs");
}

#[test]
fn the_year_1_is_no_time() {
    let mut jobs: Vec<Value> = (1..=9).map(|run| job(run, 1, "unit", "success", 60)).collect();
    let known = measured(&page(&jobs)).profile;
    let never = |id: u64, name: &str, conclusion: &str| {
        let mut never = job(9, 1, name, conclusion, 300);
        never["id"] = json!(id);
        never["started_at"] = json!("0001-01-01T00:00:00Z");
        never
    };
    jobs.extend([never(1, "other", "cancelled"), never(2, "called / build", "cancelled"), never(3, "called / test", "failure")]);
    jobs.push(job(9, 1, "called / lint", "success", 100));
    let profile = measured(&page(&jobs)).profile;
    assert_eq!((&profile.newest, profile.runs, profile.observed), (&known.newest, known.runs, known.observed));
    let (_, called) = profile.of("called", "ubuntu-latest").unwrap();
    assert_eq!(called.failing.as_ref().map(|times| times.p50), Some(300.0), "from when the first of its jobs began");
    assert_eq!(profile.of("unit", "ubuntu-latest"), known.of("unit", "ubuntu-latest"));
}

/// What a workflow that is called costs is what its jobs were billed, on their machines.
#[test]
fn a_call_costs_what_its_jobs_did() {
    let row = |run: u64, row: u32| {
        let mut job = job(run, 1, &format!("called / build ({row})"), "success", 595);
        job["id"] = json!(run * 10 + u64::from(row));
        job["labels"] = json!(["macos-latest"]);
        job
    };
    let jobs: Vec<Value> = (1..=6).flat_map(|run| (1..=5).map(move |number| row(run, number))).collect();
    let profile = measured(&page(&jobs)).profile;
    assert_eq!(Profile::read(&profile.print()), Ok(profile.clone()));
    let model = pipelay::cost::model(&plan(), &profile, pipelay::cost::machine::Visibility::Private);
    let leg = &model.jobs.iter().find(|job| job.id == "called").unwrap().legs[0];
    let seconds = model.mean(leg);
    assert!((seconds - 595.0).abs() < 1.0, "{seconds}");
    // Five of ten begun minutes each, at $0.062.
    assert!((leg.machine.cost(seconds) - 50.0 * 0.062).abs() < 0.02, "{}", leg.machine.cost(seconds));
    assert!((leg.machine.billed_seconds(seconds) / 60.0 - 50.0).abs() < 0.3);
}

/// One that hung is an accident; what a tenth of all have is not.
#[test]
fn what_happens_often_is_no_accident() {
    let with = |slow: u64| {
        let jobs: Vec<Value> = (1..=20).map(|run| job(run, 1, "unit", "success", if run <= slow { 600 } else { 60 })).collect();
        measured(&page(&jobs)).profile.of("unit", "ubuntu-latest").unwrap().1.whole.clone().unwrap()
    };
    assert!(with(1).p90 < 61.0 && with(9).p90 > 590.0, "{:?} {:?}", with(1), with(9));
}

/// What runs always costs as much in a month as in a run, though it was not there from the beginning; and what was cancelled before it had a machine, as much
/// as any.
#[test]
fn a_month_of_what_is_new_is_a_month_of_it() {
    let told = |spec: &str, answers: &[Vec<Value>]| {
        let made = crate::compile::compiled("ci.pipe", spec);
        let mut profile = Profile::default();
        for answers in answers {
            let new = github::measure(&made.written, &made.plan, &github::read(&page(answers)).unwrap(), &profile).profile;
            merge::merge(&mut profile, new, false);
        }
        profile.per_month = Some(100.0);
        let facts = Facts { profile: Some(profile.print()), ..Facts::default() };
        let made = compile(&Spec { path: "ci.pipe".into(), text: spec.into() }, &facts);
        let event = pipelay::cost::event::Event::default();
        let report = pipelay::cost::report::report(&made, pipelay::cost::machine::Visibility::Private, &event);
        serde_json::from_str::<Value>(&report.json()).unwrap()["optimised"]["dollars_per_month"].as_f64().unwrap()
    };
    let all = |names: &[&str], runs: std::ops::RangeInclusive<u64>, end: &str| {
        let mut all = Vec::new();
        for run in runs {
            for (at, name) in names.iter().enumerate() {
                let mut job = job(run, 1, name, end, 290 + at as u32);
                if end == "cancelled" {
                    job["labels"] = json!([]);
                }
                all.push(job);
            }
        }
        all
    };
    let each = "on push\noptimize { place off; gate off }\njob unit { checkout off; run make unit }\njob late { checkout off; run make unit }\n";
    let grown = [all(&["unit"], 1..=30, "success"), all(&["unit", "late"], 31..=40, "success")].concat();
    let month = |minutes: f64| 100.0 * minutes * 0.006;
    assert!((told(each, &[grown]) - month(10.0)).abs() < 0.05);
    let sharded = "on push\noptimize { place off; gate off }\njob unit { shards 4; checkout off; run make unit }\n";
    let (two, four) = (["unit (1)", "unit (2)"], ["unit (1)", "unit (2)", "unit (3)", "unit (4)"]);
    let resharded = [all(&two, 1..=30, "success"), all(&four, 31..=40, "success")].concat();
    assert!((told(sharded, &[resharded]) - month(20.0)).abs() < 0.1);
    let branch = each.replace("job late {", "job late { when branch('main');");
    let (good, bad) = (all(&["unit", "late"], 1..=20, "success"), all(&["unit", "late"], 21..=40, "cancelled"));
    for answers in [vec![[good.clone(), bad.clone()].concat()], vec![good, bad]] {
        assert!((told(&branch, &answers) - month(10.0)).abs() < 0.1, "{}", told(&branch, &answers));
    }
}

/// Jobs of another workflow are none of this one's, though they have the same name.
#[test]
fn jobs_of_other_workflows_are_left_out() {
    let plan_of = |spec: &str| crate::compile::compiled("ci.pipe", spec).plan;
    let of_plan = |plan: &Plan, workflows: [&str; 2]| {
        let jobs = workflows.iter().enumerate().map(|(at, workflow)| {
            let mut job = job(at as u64 + 1, 1, "unit", "success", 60 * (at as u32 + 1));
            job["workflow_name"] = json!(workflow);
            job
        });
        let jobs = github::read(&page(&jobs.collect::<Vec<_>>())).unwrap();
        let profile = github::measure(plan, plan, &jobs, &Profile::default()).profile;
        profile.of("unit", "ubuntu-latest").map(|(_, unit)| unit.runs.to_string())
    };
    let named = plan_of(&format!("workflow \"CI\"\n{SPEC}"));
    let of = |workflows| of_plan(&named, workflows);
    assert_eq!(of(["CI", "Nightly"]).as_deref(), Some("1"));
    // One that was called otherwise is the same, as long as none is called so.
    assert_eq!(of(["Old", "Older"]).as_deref(), Some("2"));
    // GitHub calls one without a name by its file.
    let plan = plan_of(SPEC);
    assert_eq!(of_plan(&plan, [".github/workflows/ci.yml", ".github/workflows/nightly.yml"]).as_deref(), Some("1"));
}

/// Of two jobs of one name nobody knows which of them was measured; what is no answer is told.
#[test]
fn what_cannot_be_told_apart_is_left_out() {
    let plan = crate::compile::compiled(
        "ci.pipe",
        "on push\njob a \"Test\" { run make a }\njob b \"Test\" { run make b }\njob c { run make c }\n",
    )
    .plan;
    let jobs = [job(1, 1, "Test", "success", 600), job(1, 1, "Test", "success", 60), job(1, 1, "c", "success", 61)];
    let taken = github::measure(&plan, &plan, &github::read(&page(&jobs)).unwrap(), &Profile::default());
    assert_eq!(taken.profile.jobs.keys().collect::<Vec<_>>(), ["c"]);
    assert_eq!((taken.shared.into_iter().collect::<Vec<_>>(), taken.unknown.len()), (vec!["Test".to_owned()], 0));
    for (text, told) in [("", "no job"), ("[]", "no job"), ("{}", "no `name`"), (r#"{"jobs": []}"#, "no job")] {
        assert!(github::read(text).unwrap_err().contains(told), "{text}");
    }
    assert_eq!(github::read(r#"{"name": "a", "labels": null, "steps": null}"#).unwrap().len(), 1);
}

/// What is declared is for what was never measured: runs are what they are, however few.
#[test]
fn a_single_run_goes_before_what_is_declared() {
    for runs in [1.0, 9.0] {
        let step = json!({ "runs": runs, "p50": 300, "p90": 300 });
        let jobs = json!({ "a": { "ubuntu-latest": { "runs": runs, "steps": { "Run make": step } } } });
        let profile = json!({ "version": 1, "newest": "2026-11-12T23:46:40Z", "runs": runs, "last_run": 9, "jobs": jobs });
        let facts = Facts { profile: Some(profile.to_string()), ..Facts::default() };
        let text = "on push\njob a { checkout off; takes 60s; run make }\n".to_owned();
        let made = compile(&Spec { path: "ci.pipe".into(), text }, &facts);
        let model = pipelay::cost::model(&made.plan, &made.profile, visibility(&made.plan));
        let command = model.jobs[0].legs[0].parts.iter().find(|part| part.kind.is_work()).unwrap();
        assert!((command.time.mean() - 300.0).abs() < 1.0, "{command:?}");
        assert_eq!(command.evidence, Evidence::Measured(runs));
    }
}
