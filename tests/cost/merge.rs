//! What is new and what was known become one: however it comes, and however long ago it was.

use pipelay::facts::Facts;
use pipelay::profile::{Profile, github, merge};
use pipelay::{Spec, compile};
use serde_json::{Value, json};

use super::profile::{job, page, plan};

/// What is old counts less, also where it comes with what is new.
#[test]
fn what_is_old_fades_within_one_answer() {
    let at = |month: u32, run: u64, seconds: u32| {
        let mut job = job(run, 1, "unit", "success", seconds);
        for key in ["created_at", "started_at", "completed_at"] {
            job[key] = json!(job[key].as_str().unwrap().replace("2026-11-", &format!("2026-{month:02}-")));
        }
        job["steps"] = json!([]);
        job
    };
    let jobs: Vec<Value> = (1..=40).map(|run| at(6, run, 600)).chain((41..=60).map(|run| at(11, run, 100))).collect();
    let (plan, jobs) = (plan(), github::read(&page(&jobs)).unwrap());
    let mut profile = Profile::default();
    let taken = merge::take_in(&mut profile, &plan, &plan, &jobs, false);
    let unit = profile.of("unit", "ubuntu-latest").unwrap().1;
    assert!(taken.profile.runs > 59.0 && profile.last_run == Some(60));
    assert!(unit.whole.as_ref().unwrap().p50 < 110.0 && unit.runs < 22.0, "{unit:?}");
    assert!(merge::take_in(&mut profile, &plan, &plan, &jobs, false).profile.runs < 1.0, "all of them are known");
}

/// A run that is not over is taken in once it is, also where a later one was before it.
#[test]
fn what_still_runs_is_taken_in_later() {
    let plan = plan();
    let take = |profile: &mut Profile, jobs: &[Value]| {
        let taken = merge::take_in(profile, &plan, &plan, &github::read(&page(jobs)).unwrap(), false);
        let runs = profile.jobs.get("unit").map(|machines| machines["ubuntu-latest"].runs.to_string());
        (taken.unfinished.into_iter().collect::<Vec<_>>(), runs.unwrap_or_default())
    };
    let at = |run: u64, name: &str| {
        let mut job = job(run, run as u32, name, "success", 60);
        job["id"] = json!(run * 10 + name.len() as u64);
        job
    };
    let of = |run: u64| [at(run, "unit"), at(run, "called / slow")];
    let [unit, mut slow] = of(10);
    (slow["conclusion"], slow["completed_at"]) = (Value::Null, Value::Null);
    let still = [vec![unit, slow], of(11).to_vec()].concat();
    let mut profile = Profile::default();
    assert_eq!(take(&mut profile, &still), (vec![10], "1".to_owned()));
    assert_eq!((profile.last_run, profile.unfinished.len()), (Some(11), 1));
    let read = Profile::read(&profile.print()).unwrap();
    assert_eq!(read.unfinished, profile.unfinished);
    assert_eq!(take(&mut profile, &still), (vec![10], "1".to_owned()), "as before");
    // What was told of it then may come with what is told now.
    assert_eq!(take(&mut profile, &[still, of(10).to_vec()].concat()), (vec![], "1.98".to_owned()));
    assert_eq!((profile.last_run, profile.unfinished.len()), (Some(11), 0));
    assert_eq!(take(&mut profile, &of(10)), (vec![], "1.98".to_owned()), "known");
    // The newest is found by its number.
    let [mut late, _] = of(12);
    late["conclusion"] = Value::Null;
    assert_eq!(take(&mut profile, &[late]), (vec![12], "1.98".to_owned()));
    assert!(profile.unfinished.is_empty() && profile.last_run == Some(11));
}

/// Whatever comes first, and however it comes: the same runs have the same quantiles.
#[test]
fn the_order_of_what_was_measured_decides_nothing() {
    let plan = plan();
    let on = |day: u32, seconds: u32| job(u64::from(day), day, "unit", "success", seconds);
    let taken = |groups: &[&[Value]]| {
        let mut profile = Profile::default();
        for group in groups {
            let jobs = github::read(&page(group)).unwrap();
            merge::take_in(&mut profile, &plan, &plan, &jobs, false);
            // It is written and read in between.
            profile = Profile::read(&profile.print()).unwrap();
        }
        profile
    };
    for times in [[60, 600, 60], [600, 60, 60], [60, 60, 600]] {
        let jobs: Vec<Value> =
            (1..=30).map(|day| on(day, times.get(day as usize - 1).copied().unwrap_or(60 + day % 3))).collect();
        let one_by_one: Vec<&[Value]> = jobs.iter().map(std::slice::from_ref).collect();
        let all = [taken(&[&jobs]), taken(&one_by_one), taken(&[&jobs[..2], &jobs[2..17], &jobs[17..]])];
        for profile in &all {
            let unit = &profile.jobs["unit"]["ubuntu-latest"];
            let whole = unit.whole.as_ref().unwrap();
            assert!((60.0..=62.0).contains(&whole.p50) && whole.p90 <= 62.0, "{times:?}: {whole:?}");
            // A run each day, of which the first begins the time.
            assert!((profile.per_month.unwrap() - 30.0).abs() < 0.2, "{:?}", profile.observed);
            assert!((profile.runs - all[0].runs).abs() < 0.1, "{} {}", profile.runs, all[0].runs);
        }
    }
}

/// How many runs there are in a month is asked of all the time that is known, not of the time within one answer.
#[test]
fn runs_a_month_are_those_of_the_whole_time() {
    let plan = plan();
    let at = |run: u64, month: u32, day: u32, hour: u32| {
        let mut job = job(run, 1, "unit", "success", 60);
        for key in ["created_at", "started_at", "completed_at"] {
            job[key] = json!(job[key].as_str().unwrap().replace("2026-11-01T10", &format!("2026-{month:02}-{day:02}T{hour:02}")));
        }
        job["steps"] = json!([]);
        job
    };
    let told = |groups: Vec<Vec<Value>>, gap: bool| {
        let mut profile = Profile::default();
        for group in groups {
            merge::take_in(&mut profile, &plan, &plan, &github::read(&page(&group)).unwrap(), gap);
        }
        profile.per_month.unwrap_or_default()
    };
    let each = |jobs: Vec<Value>| jobs.into_iter().map(|job| vec![job]).collect::<Vec<_>>();
    // Two runs a day apart, and three a day.
    assert!((told(vec![vec![at(1, 8, 1, 10), at(2, 8, 2, 10)]], false) - 30.0).abs() < 0.1);
    let three: Vec<Value> = (0..60).map(|run| at(u64::from(run) + 1, 9, run / 3 + 1, 8 * (run % 3))).collect();
    assert!((told(each(three.clone()), false) - 90.0).abs() < 1.0);
    assert!((told(vec![three.clone()], false) - 90.0).abs() < 1.0);
    assert!((told(three.chunks(7).map(<[Value]>::to_vec).collect(), false) - 90.0).abs() < 1.0);
    // What was long ago counts less, and so does the time in which there was nothing.
    let seldom = vec![at(1, 8, 1, 10), at(2, 8, 2, 10), at(3, 11, 1, 10), at(4, 11, 2, 10)];
    assert!((0.5..1.5).contains(&told(vec![seldom.clone()], false)), "{}", told(vec![seldom], false));
    // Between what is known and the newest runs there were others that were not asked for.
    let (known, newest) = (three[..30].to_vec(), three[45..].to_vec());
    assert!((told(vec![known.clone(), newest.clone()], true) - 90.0).abs() < 3.0);
    assert!(told(vec![known, newest], false) < 75.0);
}

/// What takes long now and then takes so long in the mean, and no longer on any day.
#[test]
fn what_is_short_or_long_is_no_wonder() {
    for (short, long, often) in [(1, 240, 4), (1, 120, 9), (0, 120, 9), (5, 300, 4), (10, 1800, 4)] {
        let run = |run: u64| {
            let install = if run <= often { long } else { short };
            let steps =
                [("Set up job", "success", 5), ("Run make install", "success", install), ("Run make unit", "success", 60)];
            super::attribution::job(run, "unit", "success", &steps)
        };
        let jobs: Vec<Value> = (1..=20).map(run).collect();
        let spec = "on push\noptimize { place off; gate off; deadline 40m }\njob unit {\n  checkout off\n  run make install\n  run make unit\n}\n";
        let made = crate::compile::compiled("ci.pipe", spec);
        let profile =
            github::measure(&made.written, &made.plan, &github::read(&page(&jobs)).unwrap(), &Profile::default()).profile;
        let facts = Facts { profile: Some(profile.print()), ..Facts::default() };
        let made = compile(&Spec { path: "ci.pipe".into(), text: spec.into() }, &facts);
        assert!(made.yaml.is_some(), "{:?}", made.diags);
        let event = pipelay::cost::event::Event::default();
        let report = pipelay::cost::report::report(&made, pipelay::cost::machine::Visibility::Private, &event);
        let side = serde_json::from_str::<Value>(&report.json()).unwrap()["optimised"].clone();
        // A job is measured from its first step to its last; it waits for its machine for five seconds.
        let mean = 70.0 + (f64::from(long) * often as f64 + f64::from(short) * (20 - often) as f64) / 20.0;
        let told = |key: &str| side["wall_seconds"][key].as_f64().unwrap();
        assert!((told("mean") / mean - 1.0).abs() < 0.06, "{short} {long}: {} {mean}", told("mean"));
        assert!(told("p90") <= f64::from(long) + 71.0 && side["failing"].is_null(), "{side}");
        assert!((side["machines"][0]["end"].as_f64().unwrap() / mean - 1.0).abs() < 0.06, "{side}");
    }
}

/// What GitHub tells is never more than can be read again: an approval may take thirty days.
#[test]
fn what_was_measured_can_be_read() {
    let spec = "on push\njob build { run make build }\njob deploy { needs build; environment production; run ./deploy }\n";
    let made = crate::compile::compiled("ci.pipe", spec);
    let mut deploy = job(1, 2, "deploy", "success", 61);
    deploy["created_at"] = json!("2026-11-02T10:00:00Z");
    (deploy["started_at"], deploy["completed_at"]) = (json!("2026-11-29T10:00:00Z"), json!("2026-11-29T10:01:00Z"));
    let jobs = github::read(&page(&[job(1, 2, "build", "success", 60), deploy])).unwrap();
    let profile = github::measure(&made.written, &made.plan, &jobs, &Profile::default()).profile;
    assert_eq!(Profile::read(&profile.print()), Ok(profile.clone()));
    // Nobody's machine took so long.
    assert_eq!(
        (profile.jobs["deploy"]["ubuntu-latest"].queue.clone(), profile.jobs["build"]["ubuntu-latest"].queue.is_some()),
        (None, true)
    );
    // What is written by hand is not what was seen: that is told.
    let wrong = profile.print().replacen("\"p50\": 60,", "\"p50\": 6,", 1);
    assert!(Profile::read(&wrong).unwrap_err().message.contains("leave `seen` out"), "{wrong}");
    assert!(Profile::read(&wrong.replace("\"seen\"", "\"known\"")).is_err());
}

/// What was never measured stays unknown, and what faded is as long as it was.
#[test]
fn what_is_not_known_takes_no_time_of_its_own() {
    let made = crate::compile::compiled(
        "ci.pipe",
        "on push\noptimize cost { gate off }\njob lint { takes 10m; run make lint }\njob docs { takes 10m; run make docs }\n",
    );
    let take = |profile: &mut Profile, made: &pipelay::Compilation, jobs: &[Value]| {
        merge::take_in(profile, &made.written, &made.plan, &github::read(&json!(jobs).to_string()).unwrap(), false);
        *profile = Profile::read(&profile.print()).unwrap();
    };
    let on = |day: u32, mut job: Value| {
        for key in ["created_at", "started_at", "completed_at"] {
            job[key] =
                json!(job[key].as_str().unwrap().replace("2026-11-20", &format!("2026-{:02}-{:02}", 6 + day / 30, 1 + day % 30)));
        }
        job
    };
    let mut profile = Profile::default();
    for day in 0..3 {
        let end = if day == 1 { "failure" } else { "success" };
        let steps = [("Set up job", "success", 2), ("Run make lint", end, 600), ("Run make docs", "success", 600)];
        take(&mut profile, &made, &[on(day, super::attribution::job(u64::from(day) + 1, "lint, docs", end, &steps))]);
    }
    let lint = &profile.jobs["lint"]["ubuntu-latest"];
    assert_eq!(
        (lint.whole.clone(), lint.failing.clone(), lint.steps["Run make lint"].times.p50),
        (None, None, 600.0),
        "{lint:?}"
    );
    // Long ago, and nothing since: as long as it was.
    let made = crate::compile::compiled(
        "ci.pipe",
        "on push\njob other { run make other }\njob release { when branch('main'); run make release }\n",
    );
    let mut profile = Profile::default();
    let run = |day: u32, name: &str, end: &str, seconds: u32| {
        let command = format!("Run make {name}");
        let steps = [("Set up job", "success", 2), (command.as_str(), end, seconds)];
        on(day, super::attribution::job(u64::from(day) + 1, name, end, if end == "skipped" { &[] } else { &steps }))
    };
    for day in 0..6 {
        take(&mut profile, &made, &[run(day, "release", "success", 1208 + 10 * day), run(day, "other", "success", 100)]);
    }
    for day in 140..148 {
        take(&mut profile, &made, &[run(day, "release", "skipped", 0), run(day, "other", "success", 100)]);
    }
    let release = &profile.jobs["release"]["ubuntu-latest"];
    assert!((1200.0..1270.0).contains(&release.steps["Run make release"].times.p50), "{release:?}");
    assert!((1200.0..1270.0).contains(&release.whole.as_ref().unwrap().p50), "{release:?}");
    // What was written by hand nearly keeps its quantiles.
    let written = r#"{"version": 1, "newest": "2026-11-20", "runs": 20, "jobs": {"other": {"ubuntu-latest": {"runs": 20, "whole": {"p50": 100, "p90": 300}}}}}"#;
    let mut profile = Profile::read(written).unwrap();
    let mut next = super::attribution::job(1, "other", "success", &[("Run make other", "success", 100)]);
    next["steps"] = json!([]);
    take(&mut profile, &made, &[next]);
    let whole = profile.jobs["other"]["ubuntu-latest"].whole.clone().unwrap();
    assert!((whole.p50 - 100.0).abs() < 5.0 && (250.0..320.0).contains(&whole.p90), "{whole:?}");
}
