//! `pipelay lock --images`: the registries are a server of the test's own, which answers as registries do, and fails in every usual way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use super::fetch::{Reply, Server};
use super::sandbox::Sandbox;

const CI: &str = ".github/workflows/ci.pipe";
const OUT: &str = ".github/workflows/ci.yml";
const LOCK: &str = "pipelay.lock";

/// What is there: by the place of a tag or digest, the digest.
type Images = Arc<Mutex<BTreeMap<String, String>>>;

fn digest(digit: char) -> String {
    format!("sha256:{}", digit.to_string().repeat(64))
}

fn here(digest: &str) -> Reply {
    Reply::Raw(format!("HTTP/1.1 200 OK\r\nDocker-Content-Digest: {digest}\r\nConnection: close\r\nContent-Length: 1609\r\n\r\n"))
}

fn refused(status: u16) -> Reply {
    Reply::Raw(format!("HTTP/1.1 {status} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
}

/// A registry that has these images. Docker Hub asks for a token each time; `fails` says what else goes wrong.
fn registry(images: &Images, fails: impl Fn(&str, usize) -> Option<Reply> + Send + Sync + 'static) -> Server {
    let address = Arc::new(Mutex::new(String::new()));
    let (there, images) = (address.clone(), images.clone());
    let server = Server::new(move |path, before| {
        if let Some(reply) = fails(path, before) {
            return reply;
        }
        if path.starts_with("/token?") {
            return Reply::Page(json!({ "token": "for-everybody" }), None);
        }
        if path.starts_with("/registry-1.docker.io/") && before % 2 == 0 {
            let challenge =
                challenge(&there.lock().unwrap(), path.split("/v2/").nth(1).unwrap().split("/manifests/").next().unwrap());
            return Reply::Refused(401, challenge, "authentication required");
        }
        images.lock().unwrap().get(path).map_or_else(|| refused(404), |digest| here(digest))
    });
    address.lock().unwrap().clone_from(&server.address);
    server
}

fn challenge(server: &str, name: &str) -> String {
    format!(
        "WWW-Authenticate: Bearer realm=\"{server}/token\",service=\"registry.docker.io\",scope=\"repository:{name}:pull\"\r\n"
    )
}

fn sandbox(server: &Server, text: &str) -> Sandbox {
    let sandbox = Sandbox::repository().file(CI, text);
    sandbox.env("PIPELAY_REGISTRIES", &server.address).env("NO_PROXY", "127.0.0.1")
}

/// A spec with these images, one job each.
fn spec(images: &[&str]) -> String {
    let job = |(at, image): (usize, &&str)| format!("\njob j{at} {{\n  checkout off\n  container {image}\n  run make\n}}\n");
    "on push\n".to_owned() + &images.iter().enumerate().map(job).collect::<String>()
}

/// The images of the lock file, without days.
fn locked(sandbox: &Sandbox) -> Vec<String> {
    let text = sandbox.read(LOCK);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').filter(|(_, day)| day.len() == 10).unwrap().0.to_owned()).collect()
}

const POSTGRES: &str = "/registry-1.docker.io/v2/library/postgres/manifests/";

#[test]
fn images_are_locked_when_it_is_asked_for_kept_brought_up_to_date_and_dropped() {
    let images = Images::default();
    let tag = |place: &str, digit: char| {
        let (name, _) = place.rsplit_once('/').unwrap();
        images.lock().unwrap().extend([(place.to_owned(), digest(digit)), (format!("{name}/{}", digest(digit)), digest(digit))]);
    };
    tag(&format!("{POSTGRES}15"), '1');
    tag("/ghcr.io/v2/example/app/manifests/latest", '2');
    let server = registry(&images, |_, _| None);
    let text = "on push\n\njob a {\n  checkout off\n  service postgres 15\n  container ghcr.io/example/app\n  run make\n}\n";
    let sandbox = sandbox(&server, text);
    // Who does not ask for it has the tag, and nobody is asked.
    sandbox.run(&["lock"]).is(0).says(&["Unchanged pipelay.lock: there is none, and nothing to lock"]);
    sandbox.run(&["compile"]).is(0);
    let tags = sandbox.read(OUT);
    assert!(tags.contains("image: postgres:15\n") && server.paths().is_empty(), "{tags}");
    sandbox
        .run(&["lock", "--update", "postgres"])
        .is(2)
        .says(&["no image is locked, and `postgres` is one", "`--images` locks them"]);
    sandbox.run(&["lock", "--verify", "--images"]).is(2);
    sandbox.run(&["lock", "--images"]).is(0).says(&[
        "Locked ghcr.io/example/app:latest: sha256:222222222222 of ",
        "Locked postgres:15: sha256:111111111111 of ",
        "Wrote pipelay.lock",
    ]);
    let lines = |app: char, postgres: char| {
        [format!("ghcr.io/example/app:latest {}", digest(app)), format!("postgres:15 {}", digest(postgres))]
    };
    assert_eq!(locked(&sandbox), lines('2', '1'));
    assert!(sandbox.read(LOCK).contains("\n# IMAGE:TAG DIGEST DATE\n"));
    let mut asked = server.paths();
    asked.sort();
    let token = "/token?scope=repository%3Alibrary%2Fpostgres%3Apull&service=registry.docker.io".to_owned();
    let hub = format!("{POSTGRES}15");
    assert_eq!(asked, ["/ghcr.io/v2/example/app/manifests/latest".to_owned(), hub.clone(), hub, token]);
    let mut tokens = server.tokens();
    tokens.sort();
    assert_eq!(tokens, ["", "", "", "Bearer for-everybody"]);
    sandbox
        .run(&["check"])
        .is(1)
        .says(&["`jobs.a.services.postgres.image`", "help: run `pipelay compile .github/workflows/ci.pipe`"]);
    sandbox.run(&["compile"]).is(0);
    let yaml = sandbox.read(OUT);
    assert!(yaml.contains(&format!("image: postgres:15@{}\n", digest('1'))), "{yaml}");
    assert!(yaml.contains(&format!("container: ghcr.io/example/app:latest@{}\n", digest('2'))), "{yaml}");
    // A tag that is another image now changes nothing, is no fault, and is taken when it is wanted.
    sandbox.run(&["lock", "--verify"]).is(0).says(&["Verified pins: 2 of 2"]);
    tag(&format!("{POSTGRES}15"), '3');
    let before = server.paths().len();
    sandbox.run(&["lock"]).is(0).says(&["Unchanged pipelay.lock"]);
    sandbox.run(&["check"]).is(0);
    assert_eq!(server.paths().len(), before);
    sandbox
        .run(&["lock", "--verify"])
        .is(0)
        .says(&["Unproven postgres:15: `15` is there to be moved, and is another image now", "pins: 1 of 2"]);
    sandbox.run(&["lock", "--update", "ghcr.io/example/app"]).is(0).says(&["Unchanged pipelay.lock"]);
    sandbox
        .run(&["lock", "--update", "postgres:15"])
        .is(0)
        .says(&["Locked postgres:15: sha256:111111111111 of ", " -> sha256:333333333333 of "]);
    assert_eq!(locked(&sandbox), lines('2', '3'));
    // What no registry has any more cannot be started.
    images.lock().unwrap().remove(&format!("{POSTGRES}{}", digest('3')));
    tag(&format!("{POSTGRES}15"), '4');
    sandbox.run(&["lock", "--verify"]).is(1).says(&[
        "error[E0738]",
        "`postgres:15` is locked as `sha256:3333",
        "`pipelay lock --update postgres:15`",
    ]);
    // A new one is told by `compile`, and found by `lock` alone; what is not used is dropped.
    tag(&format!("{POSTGRES}16"), '5');
    let sandbox = sandbox.file(CI, text.replace("postgres 15", "postgres 16"));
    sandbox.run(&["compile"]).is(0).says(&["warning[W0710]", "no digest is known of `postgres:16`", "run `pipelay lock`"]);
    assert!(sandbox.read(OUT).contains("image: postgres:16\n"));
    sandbox.run(&["lock"]).is(0).says(&["Locked postgres:16: sha256:555555555555", "Dropped postgres:15, which no spec uses"]);
    assert_eq!(locked(&sandbox)[1], format!("postgres:16 {}", digest('5')));
    // The rest at once.
    sandbox.run(&["lock", "--update"]).is(0).says(&["Unchanged pipelay.lock"]);
    sandbox.run(&["lock", "--update", "postgers"]).is(2).says(&["no spec uses `postgers`", "`postgres` is used"]);
}

#[test]
fn the_digest_of_the_lock_wins_and_a_bots_is_told_of() {
    let images = Images::default();
    images.lock().unwrap().insert("/r.example/v2/app/manifests/1".to_owned(), digest('2'));
    let server = registry(&images, |_, _| None);
    let line = format!("r.example/app:1 {} 2026-01-09\n", digest('1'));
    let sandbox = sandbox(&server, &spec(&["r.example/app:1"])).file(LOCK, line);
    sandbox.run(&["compile"]).is(0);
    let right = sandbox.read(OUT);
    assert!(right.contains(&digest('1')), "{right}");
    // As Renovate writes it.
    let bumped = right.replace(&digest('1'), &digest('2'));
    let sandbox = sandbox.file(OUT, &bumped);
    sandbox.run(&["check"]).is(1).says(&[
        "error[E0803]",
        "run `pipelay compile .github/workflows/ci.pipe`, and before that `pipelay lock --update",
        "r.example/app:1`, if a bot brought it up to date here",
    ]);
    sandbox.run(&["compile"]).is(0);
    assert_eq!(sandbox.read(OUT), right);
    let sandbox = sandbox.file(OUT, &bumped);
    sandbox.run(&["lock", "--update", "r.example/app:1"]).is(0);
    sandbox.run(&["check"]).is(0);
}

#[test]
fn registries_that_fail_are_told_each_and_nothing_else_is_lost() {
    let images = Images::default();
    images.lock().unwrap().insert("/r.example/v2/fine/manifests/1".to_owned(), digest('1'));
    images.lock().unwrap().insert("/r.example/v2/late/manifests/1".to_owned(), digest('2'));
    images.lock().unwrap().insert("/r.example/v2/busy/manifests/1".to_owned(), digest('3'));
    let server = registry(&images, |path, before| {
        let basic = "WWW-Authenticate: Basic realm=\"r.example\"\r\n".to_owned();
        Some(match (path.split('/').nth(3).unwrap_or_default(), before) {
            ("late", 0) => refused(502),
            // Cut off in the middle of the head.
            ("late", 1) => Reply::Raw("HTTP/1.1 200 OK\r\nDocker-Content-Di".to_owned()),
            ("busy", 0) => Reply::Refused(429, "Retry-After: 1\r\n".to_owned(), "toomanyrequests"),
            ("limited", _) => Reply::Refused(429, "Retry-After: 3600\r\n".to_owned(), "toomanyrequests"),
            ("often", _) => Reply::Refused(429, String::new(), "toomanyrequests"),
            ("private", _) => Reply::Refused(401, basic, "no"),
            ("denied", _) => refused(403),
            ("broken", _) => refused(500),
            ("plain", _) => Reply::Raw("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n".to_owned()),
            ("garbage", _) => here("sha256:1"),
            ("odd", _) => refused(418),
            ("silent", _) => Reply::Silence(Duration::from_secs(3)),
            _ => return None,
        })
    });
    let names = [
        "fine", "late", "busy", "missing", "limited", "often", "private", "denied", "broken", "plain", "garbage", "odd", "silent",
    ];
    let all: Vec<String> = names.iter().map(|name| format!("r.example/{name}:1")).collect();
    let known = format!("r.example/broken:1 {}", digest('9'));
    let sandbox =
        sandbox(&server, &spec(&all.iter().map(String::as_str).collect::<Vec<_>>())).file(LOCK, format!("{known} 2026-01-09\n"));
    sandbox.run(&["lock", "--update", "--timeout", "1s"]).is(1).says(&[
        "error[E0738]",
        "`r.example` does not say what `r.example/missing:1` is: it has no `missing` with that tag",
        "`r.example/limited:1` is: it was asked too often, and answers again at ",
        "`r.example/often:1` is: it was asked too often",
        "`r.example/private:1` is: it does not exist there, or may not be read without a password",
        "write the digest into the spec: `r.example/private:1@sha256:…`",
        "`r.example/denied:1` is: it does not exist there, or may not be read without a password",
        "`r.example/broken:1` is: it answers with 500",
        "`r.example/plain:1` is: its answer has no digest",
        "`r.example/garbage:1` is: its answer has no digest",
        "`r.example/odd:1` is: it answers with 418",
        "`r.example/silent:1` is: no answer within 1 s",
        "Locked r.example/fine:1: sha256:111111111111",
        "10 errors",
    ]);
    let line = |name: &str, digit: char| format!("r.example/{name}:1 {}", digest(digit));
    assert_eq!(locked(&sandbox), [known, line("busy", '3'), line("fine", '1'), line("late", '2')]);
}

#[test]
fn a_token_that_is_not_to_be_had_is_told() {
    let images = Images::default();
    let server = registry(&images, |path, _| {
        path.starts_with("/token?").then(|| match path {
            path if path.contains("library%2Fdenied") => refused(403),
            _ => Reply::Page(json!({ "token": "a b" }), None),
        })
    });
    let sandbox = sandbox(&server, &spec(&["denied:1", "odd:1"]));
    sandbox.run(&["lock", "--images"]).is(1).says(&[
        "`registry-1.docker.io` does not say what `denied:1` is: it does not exist there, or may not be read without a password",
        "`registry-1.docker.io` does not say what `odd:1` is: it gives no token",
    ]);
    assert!(!sandbox.path(LOCK).exists());
}
