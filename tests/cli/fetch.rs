//! `profile fetch`: GitHub is a server of the test's own, which answers as GitHub does, and fails in every usual way.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::sandbox::Sandbox;

const SPEC: &str = "on push\n\njob unit { checkout off; run make unit }\n";
const CI: &str = ".github/workflows/ci.pipe";
const PROFILE: &str = ".github/workflows/ci.profile.json";
const TOKEN: &str = "ghp_notToBeSeen";

/// What a server answers.
pub(super) enum Reply {
    /// JSON, with a next page there.
    Page(Value, Option<String>),
    /// A status, headers and a message.
    Refused(u16, String, &'static str),
    /// The whole answer, as it goes over the wire.
    Raw(String),
    /// Nothing for so long.
    Silence(Duration),
}

/// Who answers the question at that path, which was asked so often before.
type Answers = dyn Fn(&str, usize) -> Reply + Send + Sync;

/// A server, and the questions that it was asked: path and token.
pub(super) struct Server {
    pub(super) address: String,
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

impl Server {
    pub(super) fn new(answers: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answers, seen): (Arc<Answers>, _) = (Arc::new(answers), asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, seen) = (answers.clone(), seen.clone());
                std::thread::spawn(move || answer(stream, answers.as_ref(), &seen));
            }
        });
        Self { address, asked }
    }

    /// The paths that were asked for, in order.
    pub(super) fn paths(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(path, _)| path.clone()).collect()
    }

    pub(super) fn tokens(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(_, token)| token.clone()).collect()
    }
}

fn answer(mut stream: TcpStream, answers: &Answers, asked: &Mutex<Vec<(String, String)>>) {
    let (mut request, mut buffer) = (String::new(), [0; 4096]);
    while !request.contains("\r\n\r\n") {
        let length = stream.read(&mut buffer).unwrap_or(0);
        if length == 0 {
            return;
        }
        request += &String::from_utf8_lossy(&buffer[..length]);
    }
    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
    let header = |name: &str| {
        let line = request.lines().find_map(|line| line.split_once(':').filter(|(key, _)| key.eq_ignore_ascii_case(name)));
        line.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let before = {
        let mut asked = asked.lock().unwrap();
        let before = asked.iter().filter(|(other, _)| *other == path).count();
        asked.push((path.clone(), header("authorization")));
        before
    };
    let text = match answers(&path, before) {
        Reply::Page(json, next) => {
            let body = json.to_string();
            let link = next.map(|next| format!("Link: <{next}>; rel=\"next\", <{next}>; rel=\"last\"\r\n")).unwrap_or_default();
            format!("HTTP/1.1 200 OK\r\n{link}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        }
        Reply::Refused(status, headers, message) => {
            let body = json!({ "message": message }).to_string();
            format!("HTTP/1.1 {status} Refused\r\n{headers}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        }
        Reply::Raw(text) => text,
        Reply::Silence(time) => {
            std::thread::sleep(time);
            return;
        }
    };
    let _ = stream.write_all(text.as_bytes());
}

fn run(id: u64, status: &str) -> Value {
    json!({ "id": id, "event": if id.is_multiple_of(4) { "schedule" } else { "push" }, "status": status })
}

fn runs(ids: impl IntoIterator<Item = u64>) -> Value {
    let runs: Vec<Value> = ids.into_iter().map(|id| run(id, "completed")).collect();
    json!({ "total_count": runs.len(), "workflow_runs": runs })
}

/// The jobs of a run: one, that took a minute and so many seconds.
fn jobs(run: u64, seconds: u64) -> Value {
    let at = |second: u64| format!("2026-11-20T10:{:02}:{:02}Z", second / 60, second % 60);
    json!({ "total_count": 1, "jobs": [{
        "id": run * 10, "run_id": run, "name": "unit", "status": "completed", "conclusion": "success", "created_at": at(0),
        "started_at": at(1), "completed_at": at(61 + seconds), "labels": ["ubuntu-latest"], "steps": [],
    }] })
}

/// The run that a path asks for the jobs of.
fn run_of(path: &str) -> Option<u64> {
    path.split("/runs/").nth(1)?.split('/').next()?.parse().ok()
}

/// A server with those runs, of which `fails` says what goes wrong.
fn server(ids: &'static [u64], fails: impl Fn(Option<u64>, usize) -> Option<Reply> + Send + Sync + 'static) -> Server {
    Server::new(move |path, before| {
        let run = run_of(path);
        fails(run, before).unwrap_or_else(|| match run {
            Some(run) => Reply::Page(jobs(run, 0), None),
            None => Reply::Page(runs(ids.iter().copied()), None),
        })
    })
}

/// A repository of the server.
fn sandbox(server: &Server) -> Sandbox {
    let sandbox = Sandbox::repository().file(CI, SPEC);
    sandbox.git(&["remote", "add", "origin", "git@github.com:example/app.git"]);
    // No `gh` of who runs the tests, and none of their tokens.
    let sandbox = sandbox.env("GITHUB_API_URL", &server.address).env("GH_TOKEN", TOKEN);
    sandbox.env("GITHUB_TOKEN", "").env("GITHUB_SERVER_URL", "").env("NO_PROXY", "127.0.0.1")
}

fn profile(sandbox: &Sandbox) -> Value {
    serde_json::from_str(&sandbox.read(PROFILE)).unwrap()
}

#[test]
fn pages_of_runs_and_jobs_are_followed_and_what_is_known_is_not_asked_for() {
    let address = Arc::new(Mutex::new(String::new()));
    let there = address.clone();
    let server = Server::new(move |path, _| {
        let there = there.lock().unwrap().clone();
        match (run_of(path), path.contains("page=2")) {
            (None, false) => Reply::Page(runs([14, 13]), Some(format!("{there}/repositories/7/runs?page=2"))),
            (None, true) => Reply::Page(runs([12, 11]), None),
            // A job more on its second page, of another name.
            (Some(14), false) => Reply::Page(jobs(14, 0), Some(format!("{there}/repositories/7/runs/14/jobs?page=2"))),
            (Some(14), true) => {
                let mut page = jobs(14, 0);
                (page["jobs"][0]["id"], page["jobs"][0]["name"]) = (json!(1), json!("gone"));
                Reply::Page(page, None)
            }
            (Some(run), _) => Reply::Page(jobs(run, 0), None),
        }
    });
    address.lock().unwrap().clone_from(&server.address);
    let sandbox = sandbox(&server);
    let run = sandbox.run(&["profile", "fetch", "--runs", "3", "--branch", "main & more", "--since", "2026-11-01"]);
    run.is(0).says(&["Left out what `.github/workflows/ci.pipe` has no job for: gone", "ci.profile.json: runs: 3"]);
    let first = "/repos/example/app/actions/workflows/ci.yml/runs?per_page=100&page=1&branch=main%20%26%20more\
                 &created=%3E%3D2026-11-01";
    let of_run = |run: u64| format!("/repos/example/app/actions/runs/{run}/jobs?filter=latest&per_page=100");
    let asked = [first.to_owned(), "/repositories/7/runs?page=2".into(), of_run(12), of_run(13), of_run(14)];
    assert_eq!(server.paths()[..5], asked, "the newest three, the oldest first");
    assert_eq!(server.paths().len(), 6);
    assert!(server.tokens().iter().all(|token| *token == format!("Bearer {TOKEN}")), "{:?}", server.tokens());
    let made = profile(&sandbox);
    assert_eq!((&made["last_run"], &made["jobs"]["unit"]["ubuntu-latest"]["runs"]), (&json!(14), &json!(3)));
    // All of them are known now, and the second page has only older ones.
    sandbox.run(&["profile", "fetch"]).is(0).says(&["there is no run that is newer than those that it knows"]);
    assert_eq!(server.paths().len(), 7);
}

#[test]
fn what_fails_in_passing_is_asked_again() {
    let server = server(&[4, 3, 2, 1], |run, before| match (run, before) {
        (None, 0) => Some(Reply::Refused(502, String::new(), "Bad gateway")),
        (Some(1), 0) => Some(Reply::Refused(500, String::new(), "Server error")),
        // Cut off in the middle of the body, and of the head.
        (Some(2), 0) => {
            Some(Reply::Raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"total_count\": 1, \"jobs\": [".to_owned()))
        }
        (Some(2), 1) => Some(Reply::Raw("HTTP/1.1 200 OK\r\nContent-Le".to_owned())),
        (Some(3), 0) => Some(Reply::Raw("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>hi</html>".to_owned())),
        (Some(4), 0) => Some(Reply::Refused(403, "Retry-After: 1\r\n".to_owned(), "You have exceeded a secondary rate limit")),
        _ => None,
    });
    let sandbox = sandbox(&server);
    sandbox.run(&["profile", "fetch", "--timeout", "5s"]).is(0).says(&["ci.profile.json: runs: 4"]);
    assert_eq!(profile(&sandbox)["jobs"]["unit"]["ubuntu-latest"]["runs"], json!(4));
    assert_eq!(server.paths().len(), 2 + 2 + 3 + 2 + 2);
}

/// A reply that stays what it is; it is told a time when to ask again.
type Failing = fn(u64) -> Reply;

#[test]
fn what_fails_for_good_is_told_and_what_came_before_is_kept() {
    let later = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() + 1800;
    let cases: [(Failing, &[&str]); 9] = [
        (|_| Reply::Refused(503, String::new(), "No"), &["it answers with 503", "try again for the rest"]),
        (|_| Reply::Raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_owned()), &["cannot be read: missing field `jobs`"]),
        (|_| Reply::Raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned()), &["cannot be read: EOF"]),
        (|_| Reply::Raw("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"jobs\"".to_owned()), &["cannot be fetched: "]),
        (|_| Reply::Silence(Duration::from_secs(3)), &["no answer within 1 s"]),
        (|_| Reply::Page(json!({ "jobs": [] }), Some("http://127.0.0.2/x".to_owned())), &["next page is on another server"]),
        (
            |_| Reply::Refused(403, "Retry-After: 1800\r\n".to_owned(), "secondary rate limit"),
            &["was asked too often", "UTC, in 30 min", "ask for the rest then"],
        ),
        (
            |at| {
                Reply::Refused(403, format!("X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: {at}\r\n"), "API rate limit exceeded")
            },
            &["was asked too often", "UTC, in 3"],
        ),
        (
            |_| Reply::Refused(403, String::new(), "Resource not accessible by integration"),
            &["GitHub refuses: Resource not accessible by integration", "actions: read"],
        ),
    ];
    for (reply, told) in cases {
        let server = server(&[3, 2, 1], move |run, _| (run == Some(2)).then(|| reply(later())));
        let sandbox = sandbox(&server);
        let run = sandbox.run(&["profile", "fetch", "--timeout", "1s"]);
        run.is(1).says(&["error[E0351]", "the runs of `example/app` cannot be fetched", "ci.profile.json: runs: 1"]).says(told);
        assert!(!run.stderr.contains(TOKEN), "{run:?}");
        // What failed is asked for the next time.
        assert_eq!(profile(&sandbox)["last_run"], json!(1));
    }
}

/// What runs while others are over is asked for until it is over, or gone.
#[test]
fn what_still_runs_is_asked_for_the_next_time() {
    let server = Server::new(move |path, before| match run_of(path) {
        _ if path.ends_with("/jobs?filter=latest&per_page=100") => Reply::Page(jobs(run_of(path).unwrap(), 0), None),
        Some(2) if before > 0 => Reply::Refused(404, String::new(), "Not Found"),
        Some(id) => Reply::Page(run(id, if before > 0 && id == 1 { "completed" } else { "waiting" }), None),
        None => {
            let mut page = runs([4, 3, 2, 1]);
            for (at, status) in [(0, "queued"), (2, "waiting"), (3, "in_progress")] {
                page["workflow_runs"][at]["status"] = json!(if before > 0 && at == 0 { "completed" } else { status });
            }
            Reply::Page(page, None)
        }
    });
    let sandbox = sandbox(&server);
    let known = |runs: u64, last: u64, unfinished: Value| {
        let made = profile(&sandbox);
        assert_eq!((&made["jobs"]["unit"]["ubuntu-latest"]["runs"], &made["last_run"]), (&json!(runs), &json!(last)));
        assert_eq!(made["unfinished"], unfinished);
    };
    sandbox.run(&["profile", "fetch"]).is(0).says(&["Left out runs that are not over yet: 1, 2, 4", "runs: 1"]);
    known(1, 3, json!([1, 2]));
    sandbox.run(&["profile", "fetch"]).is(0).says(&["Left out runs that are not over yet: 1, 2", "runs: 1"]);
    known(2, 4, json!([1, 2]));
    let asked = server.paths().len();
    sandbox.run(&["profile", "fetch"]).is(0).says(&["Left out run 2: GitHub does not have it any more", "runs: 1"]);
    known(3, 4, Value::Null);
    assert_eq!(server.paths().len(), asked + 4, "the list, two runs, and the jobs of one");
    sandbox.run(&["profile", "fetch"]).is(0).says(&["there is no run that is newer than those that it knows"]);
}

#[test]
fn a_run_that_is_gone_is_left_out() {
    let server = server(&[3, 2, 1], |run, _| (run == Some(2)).then(|| Reply::Refused(404, String::new(), "Not Found")));
    let sandbox = sandbox(&server);
    sandbox.run(&["profile", "fetch"]).is(0).says(&["Left out run 2", "ci.profile.json: runs: 2"]);
}

#[test]
fn a_server_that_refuses_everything_is_told_with_what_to_do() {
    let refused =
        |status: u16, message: &'static str| server(&[], move |_, _| Some(Reply::Refused(status, String::new(), message)));
    let run = sandbox(&refused(404, "Not Found")).run(&["profile", "fetch"]);
    run.is(1)
        .says(&["GitHub has no workflow `ci.yml` there that the token may see", "push the workflow; or `GH_TOKEN` needs one"]);
    let run = sandbox(&refused(401, "Bad credentials")).run(&["profile", "fetch"]);
    run.is(1).says(&["GitHub does not take the token of `GH_TOKEN`", "`gh auth login`"]);
    assert!(!run.stderr.contains(TOKEN), "{run:?}");
    // A port where nobody listens: it was free just now.
    let closed = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let sandbox = sandbox(&refused(404, "")).env("GITHUB_API_URL", &closed);
    sandbox.run(&["profile", "fetch"]).is(1).says(&["cannot be fetched: ", "refused"]);
    assert!(!sandbox.path(PROFILE).exists());
}

#[test]
fn without_a_token_it_says_so_and_a_repository_may_be_named() {
    let server = server(&[1], |_, _| None);
    let nobody = sandbox(&server).env("GH_TOKEN", "").env("PATH", "/nowhere");
    let run = nobody.run(&["profile", "fetch"]);
    // Neither git nor gh can be found there.
    run.is(2).says(&["git has no `origin` here", "--repo OWNER/REPO"]);
    nobody.run(&["profile", "fetch", "--repo", "other/one"]).is(0).says(&["asked without a token", "runs: 1"]);
    assert_eq!(server.tokens(), ["", ""]);
    assert!(server.paths()[0].starts_with("/repos/other/one/actions/workflows/ci.yml/runs?"));
    let elsewhere = sandbox(&server);
    elsewhere.git(&["remote", "set-url", "origin", "https://me:secret@example.com/a/b.git"]);
    let run = elsewhere.run(&["profile", "fetch"]);
    run.is(2).says(&["git's `origin` is no repository on github.com", "--repo"]);
    assert!(!run.stderr.contains("secret"), "{run:?}");
    sandbox(&server).env("GH_TOKEN", "a b").run(&["profile", "fetch"]).is(2).says(&["what `GH_TOKEN` has is no token"]);
    for wrong in [["--repo", "a"], ["--since", "soon"], ["--runs", "0"], ["--timeout", "x"]] {
        sandbox(&server).run(&["profile", "fetch", wrong[0], wrong[1]]).is(2);
    }
}

#[cfg(unix)]
#[test]
fn the_token_of_gh_is_taken_for_the_server_that_it_is_of() {
    let server = server(&[1], |_, _| None);
    let gh = "#!/bin/sh\ntest \"$*\" = 'auth token --hostname 127.0.0.1' && echo ghp_ofGh\n";
    let sandbox = sandbox(&server).file("gh", gh).env("GH_TOKEN", "");
    // What another test starts at that moment has open what this process writes, and nobody can run it then.
    let bin = sandbox.path("bin");
    let made =
        std::process::Command::new("install").args(["-D", "-m", "755"]).arg(sandbox.path("gh")).arg(bin.join("gh")).status();
    assert!(made.unwrap().success());
    let path = format!("{}:{}", sandbox.path("bin").display(), std::env::var("PATH").unwrap());
    let run = sandbox.env("PATH", &path).run(&["profile", "fetch", "--verbose"]);
    run.is(0).says(&["the token is that of `gh`", "runs: 1"]);
    assert!(!run.stderr.contains("ghp_ofGh"), "{run:?}");
    assert_eq!(server.tokens(), ["Bearer ghp_ofGh", "Bearer ghp_ofGh"]);
}
