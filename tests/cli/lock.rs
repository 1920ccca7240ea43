//! `pipelay lock`: asks servers through git, and what specs compile to with what it wrote. Servers are repositories on this disk, and one over HTTP that
//! fails in every usual way; git's own `insteadOf` leads there.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::sandbox::Sandbox;

const CI: &str = ".github/workflows/ci.pipe";
const OUT: &str = ".github/workflows/ci.yml";
const LOCK: &str = "pipelay.lock";

/// A spec that uses those actions and nothing else.
pub(super) fn spec(actions: &[&str]) -> String {
    let steps: String = actions.iter().fold(String::new(), |text, action| text + "  uses " + action + "\n");
    format!("workflow \"CI\"\n\non push\n\njob a {{\n  checkout off\n{steps}}}\n")
}

/// A repository whose git finds github.com elsewhere: each pair is an address there, and the one that takes its place.
pub(super) fn sandbox(places: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::repository();
    let local = format!("file://{}/servers/", sandbox.path("").display());
    let mut config = format!("[url \"{local}\"]\n  insteadOf = https://github.com/\n");
    for (from, to) in places {
        let _ = write!(config, "[url \"{to}\"]\n  insteadOf = https://github.com/{from}\n");
    }
    let file = sandbox.path("gitconfig");
    std::fs::write(&file, config).unwrap();
    sandbox.env("GIT_CONFIG_GLOBAL", file.to_str().unwrap()).env("GIT_CONFIG_NOSYSTEM", "1")
}

/// Makes a repository on a server, with tags in order, each so many days old. Those that end with `!` have a message of their own.
pub(super) fn serve(sandbox: &Sandbox, repository: &str, tags: &[(&str, u64)]) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let path = sandbox.path("servers").join(repository);
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-c").arg("init.defaultBranch=main").args(args).current_dir(sandbox.path("")).stdin(Stdio::piped());
        git.stdout(Stdio::null()).spawn().unwrap()
    };
    assert!(git(&["init", "-q", "--bare", path.to_str().unwrap()]).wait().unwrap().success());
    let mut script = String::new();
    for (index, (tag, days)) in tags.iter().enumerate() {
        let who = format!("a <a@example.com> {} +0000", now - days * 86_400);
        let _ = write!(script, "commit refs/heads/main\nmark :{}\ncommitter {who}\ndata {}\n{tag}\n", index + 1, tag.len());
        match tag.strip_suffix('!') {
            Some(tag) => drop(write!(script, "\ntag {tag}\nfrom :{}\ntagger {who}\ndata 1\nx\n", index + 1)),
            None => drop(write!(script, "\nreset refs/tags/{tag}\nfrom :{}\n", index + 1)),
        }
    }
    let mut import = git(&["--git-dir", path.to_str().unwrap(), "fast-import", "--quiet", "--force"]);
    import.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
}

/// The commit of a tag or branch on a server.
fn commit(sandbox: &Sandbox, repository: &str, name: &str) -> String {
    let path = sandbox.path("servers").join(repository);
    let mut git = Command::new("git");
    let output = git.arg("--git-dir").arg(path).args(["rev-parse", &format!("{name}^{{commit}}")]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The lines of the lock file without its head and without days.
fn locked(sandbox: &Sandbox) -> Vec<String> {
    let text = sandbox.read(LOCK);
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').filter(|(_, day)| day.len() == 10).map_or(line, |(rest, _)| rest).to_owned()).collect()
}

#[test]
fn what_specs_use_is_locked_kept_brought_up_to_date_and_dropped() {
    let sandbox = sandbox(&[]).file(CI, spec(&["example/one@v1", "Example/Two/sub@main"]));
    serve(
        &sandbox,
        "example/one",
        &[("v1.0.0", 100), ("v1", 50), ("v1.1.0!", 30), ("v1.10.0-rc1", 20), ("v1.2.0", 1), ("v2.0.0", 60)],
    );
    serve(&sandbox, "example/two", &[("v9.0.0", 90)]);
    let [old, new] = ["v1.1.0", "v1.2.0"].map(|tag| commit(&sandbox, "example/one", tag));
    let main = format!("example/two@main main {}", commit(&sandbox, "example/two", "main"));
    // Without a pin there is a warning, and the tag.
    sandbox.run(&["compile"]).is(0).says(&["warning[W0710]", "`example/one@v1`, `Example/Two/sub@main`", "run `pipelay lock`"]);
    assert!(sandbox.read(OUT).contains("uses: example/one@v1\n"));
    // The newest that is old enough; a branch as it is.
    sandbox.run(&["lock"]).is(0).says(&[
        "Locked example/one@v1: v1.1.0 (",
        "Locked example/two@main: main (",
        "Wrote pipelay.lock",
    ]);
    assert_eq!(locked(&sandbox), [format!("example/one@v1 v1.1.0 {old}"), main.clone()]);
    sandbox.run(&["check"]).is(1).says(&["`jobs.a.steps[0].uses`"]);
    sandbox.run(&["compile"]).is(0);
    let yaml = sandbox.read(OUT);
    assert!(yaml.contains(&format!("uses: example/one@{old} # v1.1.0\n")) && yaml.contains(" # main\n"), "{yaml}");
    assert!(yaml.contains("uses: Example/Two/sub@"), "{yaml}");
    sandbox.run(&["check"]).is(0);
    // What is known stays, and its server is not asked.
    std::fs::rename(sandbox.path("servers"), sandbox.path("away")).unwrap();
    sandbox.run(&["lock"]).is(0).says(&["Unchanged pipelay.lock"]);
    std::fs::rename(sandbox.path("away"), sandbox.path("servers")).unwrap();
    // A newer one only when it is wanted and old enough.
    sandbox.run(&["lock", "--update"]).is(0).says(&["Unchanged pipelay.lock"]);
    let run = sandbox.run(&["lock", "--min-age", "0", "--update", "example/one"]);
    run.is(0).says(&["Locked example/one@v1: v1.1.0 (", ") -> v1.2.0 ("]);
    assert_eq!(locked(&sandbox), [format!("example/one@v1 v1.2.0 {new}"), main]);
    // An age that it has not reached any more takes nothing back.
    sandbox.run(&["lock", "--update", "--min-age", "90d"]).is(0).says(&["Unchanged pipelay.lock"]);
    let sandbox = sandbox.file(CI, spec(&["example/one@v1"]));
    sandbox.run(&["lock", CI]).is(0).says(&["Unchanged pipelay.lock"]);
    sandbox.run(&["lock"]).is(0).says(&["Dropped example/two@main, which no spec uses"]);
    assert_eq!(locked(&sandbox), [format!("example/one@v1 v1.2.0 {new}")]);
}

#[test]
fn a_tag_that_moved_is_told_and_never_taken() {
    let sandbox = sandbox(&[]).file(CI, spec(&["example/one@v1", "example/one@main"]));
    serve(&sandbox, "example/one", &[("v1.0.0", 9)]);
    sandbox.run(&["lock"]).is(0);
    let before = sandbox.read(LOCK);
    sandbox
        .run(&["lock", "--verify"])
        .is(0)
        .says(&["Unproven example/one@main: `main` is there to be moved", "Verified pins: 1 of 2"]);
    let first = commit(&sandbox, "example/one", "v1.0.0");
    serve(&sandbox, "example/one", &[("v1.0.0", 5)]);
    let second = commit(&sandbox, "example/one", "v1.0.0");
    let moved = format!("the tag `v1.0.0` of `example/one` is `{second}`, and is pinned as `{first}`");
    sandbox.run(&["lock", "--verify"]).is(1).says(&["error[E0715]", &moved, "Verified pins: 0 of 2"]);
    sandbox.run(&["lock", "--update", "example/one@v1"]).is(1).says(&[&moved]);
    assert_eq!(sandbox.read(LOCK), before);
}

#[test]
fn a_tag_that_is_there_to_be_moved_is_followed_when_it_is_wanted() {
    let sandbox = sandbox(&[]).file(CI, spec(&["example/one@v1", "example/one@1.95.0"]));
    serve(&sandbox, "example/one", &[("v1", 40)]);
    let branch = |sandbox: &Sandbox| {
        sandbox.git(&["--git-dir", sandbox.path("servers/example/one").to_str().unwrap(), "branch", "-f", "1.95.0", "v1"]);
        commit(sandbox, "example/one", "v1")
    };
    let lines = |commit: &str| [format!("example/one@1.95.0 1.95.0 {commit}"), format!("example/one@v1 v1 {commit}")];
    let first = branch(&sandbox);
    sandbox.run(&["lock"]).is(0);
    assert_eq!(locked(&sandbox), lines(&first));
    serve(&sandbox, "example/one", &[("v1", 20)]);
    let second = branch(&sandbox);
    sandbox.run(&["lock", "--verify"]).is(0).says(&["Unproven example/one@v1: `v1` is there to be moved", "pins: 0 of 2"]);
    sandbox.run(&["lock"]).is(0).says(&["Unchanged"]);
    sandbox.run(&["lock", "--update"]).is(0);
    assert_eq!(locked(&sandbox), lines(&second));
    serve(&sandbox, "example/one", &[("v1", 1)]);
    sandbox.run(&["lock", "--update", "example/one@v1"]).is(0).says(&["Unchanged"]);
    sandbox.run(&["lock", "--update", "example/one@v1", "--min-age", "0"]).is(0).says(&["Locked example/one@v1: v1 ("]);
}

#[test]
fn only_young_tags_are_better_than_none_and_missing_ones_have_names_near_by() {
    let sandbox =
        sandbox(&[]).file(CI, spec(&["example/mono@sub-v9", "example/one@v1.0.0", "example/two@v1", "example/two@mian"]));
    serve(&sandbox, "example/one", &[("v1.0.0", 1)]);
    serve(&sandbox, "example/two", &[("v2.0.0", 30)]);
    // What is no version has an age as well.
    serve(&sandbox, "example/mono", &[("sub-v8", 30), ("sub-v9", 1)]);
    let run = sandbox.run(&["lock"]);
    run.is(1).says(&[
        "warning[W0718]",
        "`example/mono@sub-v9` is pinned at `sub-v9` of ",
        "`example/one@v1.0.0` is pinned at `v1.0.0` of ",
        "error[E0717]",
        "write `example/two@main`",
    ]);
    assert_eq!(locked(&sandbox).len(), 2);
}

/// A server that answers by the name of the repository: as little as it can, and wrong.
fn failing_server() -> String {
    fn answer(mut stream: TcpStream) {
        let mut request = [0; 2048];
        let length = stream.read(&mut request).unwrap_or(0);
        let line = String::from_utf8_lossy(&request[..length]).into_owned();
        let smart = "Content-Type: application/x-git-upload-pack-advertisement\r\nConnection: close\r\n";
        let text = match line.split('/').nth(2).unwrap_or_default() {
            "private" => {
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n".to_owned()
            }
            "broken" => "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n".to_owned(),
            "garbage" => "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>hi</html>".to_owned(),
            "empty" => format!("HTTP/1.1 200 OK\r\n{smart}\r\n001e# service=git-upload-pack\n00000000"),
            "cut" => format!(
                "HTTP/1.1 200 OK\r\n{smart}Content-Length: 500\r\n\r\n001e# service=git-upload-pack\n0000004a{}",
                "0".repeat(20)
            ),
            "silent" => {
                std::thread::sleep(Duration::from_secs(30));
                return;
            }
            _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
        };
        let _ = stream.write_all(text.as_bytes());
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/example/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(|| answer(stream));
        }
    });
    address
}

#[test]
fn servers_that_fail_are_told_each_and_nothing_else_is_lost() {
    // A port where nobody listens: it was free just now.
    let closed = format!("http://{}/", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let bad = ["private", "broken", "garbage", "empty", "cut", "silent", "missing", "refused"];
    let uses: Vec<String> = bad.iter().map(|name| format!("example/{name}@v1")).chain(["example/one@v1".to_owned()]).collect();
    let server = failing_server();
    let places: Vec<(String, String)> = bad.iter().map(|name| (format!("example/{name}"), format!("{server}{name}"))).collect();
    let mut places: Vec<(&str, &str)> = places.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    places[7].1 = &closed;
    let known = format!("example/broken@v1 v1.0.0 {}", "1".repeat(40));
    let sandbox = sandbox(&places).file(LOCK, format!("{known} 2026-01-09\n"));
    let uses: Vec<&str> = uses.iter().map(String::as_str).collect();
    let sandbox = sandbox.file(CI, spec(&uses));
    serve(&sandbox, "example/one", &[("v1.0.0", 9)]);
    let run = sandbox.run(&["lock", "--update", "--timeout", "5s"]);
    run.is(1).says(&[
        "`example/private` cannot be asked for its tags: it does not exist, or may not be read without a password",
        "`example/broken` cannot be asked for its tags: unable to access",
        "error: 500",
        "`example/garbage` cannot be asked for its tags: its answer has neither tags nor branches",
        "`example/empty` cannot be asked for its tags: its answer has neither tags nor branches",
        "`example/cut` cannot be asked for its tags: ",
        "`example/silent` cannot be asked for its tags: no answer within 5 s",
        "`example/missing` cannot be asked for its tags: repository",
        "not found",
        "`example/refused` cannot be asked for its tags: unable to access",
        "Locked example/one@v1: v1.0.0",
        "8 errors",
    ]);
    assert_eq!(locked(&sandbox), [known, format!("example/one@v1 v1.0.0 {}", commit(&sandbox, "example/one", "v1.0.0"))]);
}

#[test]
fn a_bump_by_a_bot_is_kept_told_and_taken_into_the_lock_once_it_is_proven() {
    let sandbox = sandbox(&[]).file(CI, spec(&["example/one@v1"]));
    serve(&sandbox, "example/one", &[("v1.0.0", 30), ("v1.0.1", 1)]);
    sandbox.run(&["lock"]).is(0);
    sandbox.run(&["compile"]).is(0);
    let [old, new] = ["v1.0.0", "v1.0.1"].map(|tag| commit(&sandbox, "example/one", tag));
    // As Dependabot and Renovate write it.
    let bumped = sandbox.read(OUT).replace(&format!("{old} # v1.0.0"), &format!("{new} # v1.0.1"));
    let sandbox = sandbox.file(OUT, &bumped);
    let told = ["remark[R0711]", "the committed workflow has `example/one` at `v1.0.1`, and keeps it", "run `pipelay lock`"];
    sandbox.run(&["check"]).is(0).says(&told);
    sandbox.run(&["compile"]).is(0).says(&["(unchanged)"]);
    assert_eq!(sandbox.read(OUT), bumped);
    sandbox.run(&["check"]).is(0).says(&told);
    // It is taken, as a person merged it; that it is young is said.
    let young = "`example/one@v1` is pinned at `v1.0.1` of ";
    sandbox.run(&["lock"]).is(0).says(&["warning[W0718]", young, "Locked example/one@v1: v1.0.0 (", "-> v1.0.1 ("]);
    let run = sandbox.run(&["check"]);
    run.is(0);
    assert!(!run.stderr.contains("R0711"), "{run:?}");
    assert_eq!(sandbox.read(OUT), bumped);
}

#[test]
fn a_bump_whose_commit_is_not_that_of_its_tag_is_found_out() {
    let sandbox = sandbox(&[]).file(CI, spec(&["example/one@v1"]));
    serve(&sandbox, "example/one", &[("v1.0.0", 30), ("v1.0.1", 9)]);
    sandbox.run(&["lock", "--update", "--min-age", "20d"]).is(0);
    sandbox.run(&["compile"]).is(0);
    let (old, lock) = (commit(&sandbox, "example/one", "v1.0.0"), sandbox.read(LOCK));
    let forged = sandbox.read(OUT).replace(&format!("{old} # v1.0.0"), &format!("{} # v1.0.1", "bad0".repeat(10)));
    let sandbox = sandbox.file(OUT, forged);
    for line in [&["lock"][..], &["lock", "--verify"]] {
        sandbox.run(line).is(1).says(&["error[E0715]", "the tag `v1.0.1` of `example/one` is ", &"bad0".repeat(10)]);
        assert_eq!(sandbox.read(LOCK), lock);
    }
}

#[test]
fn pins_of_the_table_are_kept_up_by_bots_as_well() {
    let text = "workflow \"CI\"\n\non push\n\njob test: npm test\n";
    let sandbox = Sandbox::repository().file(CI, text);
    sandbox.run(&["compile"]).is(0);
    let yaml = sandbox.read(OUT);
    let pin = yaml.lines().find_map(|line| line.split_once("actions/checkout@")).unwrap().1.to_owned();
    assert!(pin.len() > 43 && pin.contains(" # v6."), "{pin}");
    let sandbox = sandbox.file(OUT, yaml.replace(&pin, &format!("{} # v6.99.0", "ab".repeat(20))));
    sandbox.run(&["check"]).is(0).says(&["remark[R0711]", "`actions/checkout` at `v6.99.0`", "ci.pipe:5:"]);
    sandbox.run(&["compile"]).is(0).says(&["(unchanged)"]);
    sandbox.run(&["check", "--quiet"]).is(0).stderr("");
}

#[test]
fn what_is_no_bump_is_drift() {
    let (one, two) = ("1".repeat(40), "2".repeat(40));
    let sandbox = Sandbox::repository().file(CI, spec(&["example/one@v1"]));
    let sandbox = sandbox.file(LOCK, format!("example/one@v1 v1.1.0 {one} 2026-01-09\n"));
    sandbox.run(&["compile"]).is(0);
    let right = sandbox.read(OUT);
    let pin = format!("example/one@{one} # v1.1.0");
    let mut sandbox = sandbox;
    for wrong in [
        format!("example/other@{two} # v1.2.0"),
        format!("example/one@{two} # v1.0.9"),
        format!("example/one@{two} # v1.1.0"),
        format!("example/one@{one} # v1.2.0"),
        format!("example/one@{two} # v2.0.0"),
        format!("example/one@{two} # main"),
        format!("example/one@{two}"),
        format!("example/one@{one}"),
        format!("example/one@{} # v1.2.0", "2".repeat(39)),
        "example/one@v1.2.0".to_owned(),
        "example/one@v1".to_owned(),
    ] {
        sandbox = sandbox.file(OUT, right.replace(&pin, &wrong));
        let run = sandbox.run(&["check"]);
        run.is(1).says(&["error[E0803]"]);
        // Who wants a new major version says so in the spec.
        let told = run.stderr.contains("remark[R0714]") && run.stderr.contains("write `@v2` to have it");
        assert_eq!(told, wrong.ends_with("v2.0.0"), "{wrong}: {run:?}");
        sandbox.run(&["compile"]).is(0);
        assert_eq!(sandbox.read(OUT), right, "{wrong}");
    }
}

#[test]
fn a_lock_file_that_cannot_be_read_stops_everything_but_a_conflict_is_mended() {
    let line = |tag: &str, digit: &str| format!("example/one@v1 {tag} {} 2026-01-09\n", digit.repeat(40));
    let conflict = format!("<<<<<<< HEAD\n{}=======\n{}>>>>>>> topic\n", line("v1.0.0", "1"), line("v1.0.1", "2"));
    let sandbox = sandbox(&[]).file(CI, spec(&["example/one@v1"])).file(LOCK, &conflict);
    for verb in ["compile", "check"] {
        sandbox.run(&[verb]).is(1).says(&["error[E0713]", "pipelay.lock:1:1", "run `pipelay lock`, which reads both sides"]);
    }
    sandbox.run(&["lock"]).is(0).says(&["Wrote pipelay.lock"]);
    assert_eq!(locked(&sandbox), [line("v1.0.1", "2").rsplit_once(' ').unwrap().0.to_owned()]);
    for (bad, code) in [(b"example/one v1\n".to_vec(), "E0712"), (b"\xff\xfe\x00\n".to_vec(), "E0107")] {
        let sandbox = Sandbox::repository().file(CI, spec(&["example/one@v1"])).file(LOCK, &bad);
        for verb in ["compile", "check", "lock"] {
            sandbox.run(&[verb]).is(1).says(&[code, "pipelay.lock"]);
        }
        assert_eq!(std::fs::read(sandbox.path(LOCK)).unwrap(), bad);
        assert!(!sandbox.path(OUT).exists());
    }
}

#[test]
fn without_the_pass_nothing_is_asked_and_tags_stay() {
    for switch in ["optimize off", "optimize { pin off }"] {
        let sandbox = sandbox(&[]).file(CI, format!("{switch}\n\n{}", spec(&["example/one@v1"])));
        sandbox.run(&["lock"]).is(0).says(&["Unchanged pipelay.lock"]);
        sandbox.run(&["compile"]).is(0);
        assert!(sandbox.read(OUT).contains("uses: example/one@v1\n"));
        assert!(!sandbox.path(LOCK).exists());
    }
}

#[test]
fn wrong_use_of_lock_is_told() {
    let sandbox = sandbox(&[]).file(CI, spec(&["example/one@v1"]));
    sandbox.run(&["lock", "--update", "exmaple/one"]).is(2).says(&["no spec uses `exmaple/one`", "`example/one` is used"]);
    sandbox.run(&["lock", "--update", CI]).is(2).says(&["names a spec in place of an action"]);
    sandbox.run(&["lock", "--min-age", "3 days"]).is(2).says(&["such as `3d`"]);
    sandbox.run(&["lock", "--verify", "--update"]).is(2);
    let broken = sandbox.file(CI, "job a {\n");
    broken.run(&["lock"]).is(1).says(&["error[E0103]"]);
}

#[test]
fn what_github_locks_itself_keeps_its_tags() {
    let known = "example/one@v1 v1.1.0 1111111111111111111111111111111111111111 2026-01-09\n";
    let lock = |workflow: &str| format!("version: 'v0.0.3'\nworkflows:\n    '{workflow}':\n        - 'example/one@v1'\n");
    let github = ".github/workflows/actions.lock";
    let sandbox = Sandbox::repository().file(LOCK, known).file(CI, spec(&["Example/one@v1", "example/two@v2"]));
    let sandbox = sandbox.file(github, lock(OUT));
    let run = sandbox.run(&["compile"]);
    run.is(0).says(&["warning[W0719]", "does not record `example/two@v2`", "run `pipelay lock`"]);
    assert!(!run.stderr.contains("W0710"), "{run:?}");
    assert!(sandbox.read(OUT).contains("uses: Example/one@v1\n"));
    let sandbox = sandbox.file(github, lock(".github/workflows/other.yml"));
    sandbox.run(&["compile"]).is(0).says(&["warning[W0710]"]);
    assert!(sandbox.read(OUT).contains("uses: Example/one@1111111111111111111111111111111111111111 # v1.1.0\n"));
}

/// Stands in for `gh`: records what a workflow on the disk uses, as `gh actions-lock` does, unless there is a file `refuses`.
const GH: &str = r#"#!/bin/sh
echo "$*" >> "$LOG"
if [ -e refuses ]; then
  echo "could not resolve example/two" >&2
  echo "token not found" >&2
  exit 2
fi
for workflow in .github/workflows/ci.yml; do
  printf "version: 'v0.0.3'\nworkflows:\n    '%s':\n" "$workflow"
  sed -n "s/^ *- uses: \([^ ]*\).*/        - '\1'/p" "$workflow" | tr A-Z a-z | sort -u
done > .github/workflows/actions.lock
"#;

#[test]
#[cfg(unix)]
fn githubs_lock_is_kept_in_step() {
    use std::os::unix::fs::PermissionsExt as _;
    let github = ".github/workflows/actions.lock";
    let sandbox = Sandbox::repository().file(CI, spec(&["example/one@v1", "example/two@v2"])).file("bin/gh", GH);
    std::fs::set_permissions(sandbox.path("bin/gh"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", sandbox.path("bin").display(), std::env::var("PATH").unwrap());
    let log = sandbox.path("log");
    let sandbox = sandbox.file(github, format!("version: 'v0.0.3'\nworkflows:\n    '{OUT}':\n        - 'example/one@v1'\n"));
    let sandbox = sandbox.env("PATH", &path).env("LOG", log.to_str().unwrap());
    // What is not compiled cannot be recorded.
    let sandbox = sandbox.file(OUT, "      - uses: example/one@v1\n");
    sandbox.run(&["lock"]).is(0).says(&["Recording", "warning[W0719]", "example/two@v2"]);
    std::fs::remove_file(sandbox.path(OUT)).unwrap();
    sandbox.run(&["compile"]).is(0);
    let sandbox = sandbox.file("refuses", "");
    sandbox.run(&["lock"]).is(1).says(&["error[E0740]", "token not found", "gh extension install"]);
    std::fs::remove_file(sandbox.path("refuses")).unwrap();
    let compiled = sandbox.read(OUT);
    sandbox.run(&["lock"]).is(0).says(&["Recording"]);
    assert!(sandbox.read(github).contains("example/two@v2"), "{}", sandbox.read(github));
    let asked = format!("actions-lock --no-interactive --no-migrate-local-actions {OUT}\n");
    assert_eq!(sandbox.read("log"), asked.repeat(3), "of this workflow alone, and without changing it");
    for command in ["compile", "check", "lock"] {
        let run = sandbox.run(&[command]);
        run.is(0);
        assert!(!run.stderr.contains("W0719"), "{run:?}");
    }
    assert_eq!((sandbox.read(OUT), sandbox.read("log")), (compiled, asked.repeat(3)), "in step, nothing is asked");
    // Nor is it, where `gh` does not know the command.
    let sandbox = sandbox.file("bin/gh", "#!/bin/sh\necho 'unknown command \"actions-lock\" for \"gh\"' >&2\nexit 1\n");
    let sandbox = sandbox.file(CI, spec(&["example/one@v1", "example/two@v2", "example/three@v3"]));
    sandbox.run(&["compile"]).is(0).says(&["W0719"]);
    sandbox.run(&["lock"]).is(1).says(&["error[E0740]", "unknown command"]);
    // What cannot be understood is no leave to write commits in place of tags.
    for damaged in ["<<<<<<< HEAD\nversion: 'v0.0.3'\n=======\n>>>>>>> topic\n".as_bytes(), b"\xff\xfe", b"version: 'v9.0.0'\n"] {
        let recorded = sandbox.read(github);
        std::fs::write(sandbox.path(github), damaged).unwrap();
        for command in ["compile", "check", "lock"] {
            sandbox.run(&[command]).is(1).says(&["error[E0742]"]);
        }
        std::fs::write(sandbox.path(github), recorded).unwrap();
    }
    // Whoever only proves records nothing.
    sandbox.run(&["lock", "--verify"]).is(0).says(&["W0719", "example/three@v3"]);
}
