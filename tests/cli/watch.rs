//! `pipelay compile --watch`, as it is used: the binary runs, files are edited as editors do, and its output follows.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::sandbox::Sandbox;

const CI: &str = ".github/workflows/ci.pipe";
const OUTPUT: &str = ".github/workflows/ci.yml";

/// How long a round may take to be said; a machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// A watching process, ended with the test.
struct Watching<'s> {
    sandbox: &'s Sandbox,
    child: Child,
    lines: Receiver<String>,
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl<'s> Watching<'s> {
    fn start(sandbox: &'s Sandbox, args: &[&str]) -> Self {
        let mut child = sandbox.start(&[&["compile", "--watch"], args].concat());
        let (sender, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let watching = Self { sandbox, child, lines };
        assert!(watching.line().starts_with("Watching "));
        watching
    }

    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line in time")
    }

    /// The line that says a round, and what was printed before it.
    fn round(&self) -> (String, String) {
        let mut before = String::new();
        loop {
            let line = self.line();
            if ["Compiled ", "Failed ", "error: "].iter().any(|start| line.starts_with(start)) {
                return (line, before);
            }
            before.extend([line.as_str(), "\n"]);
        }
    }

    /// Rounds until one says what is expected, with what was printed before: of a change in several steps there may be one for each.
    #[track_caller]
    fn until(&self, expected: impl Fn(&str, &str) -> bool) {
        loop {
            let (line, before) = self.round();
            if expected(&line, &before) {
                return;
            }
        }
    }

    /// Saves a file as many editors do: another is written, and takes its name.
    fn save(&self, path: &str, text: &str) {
        let beside = self.sandbox.path(&format!("{path}.swp"));
        fs::create_dir_all(beside.parent().unwrap()).unwrap();
        fs::write(&beside, text).unwrap();
        fs::rename(beside, self.sandbox.path(path)).unwrap();
    }

    /// After such a save there is one round, which says this.
    #[track_caller]
    fn saved(&self, path: &str, text: &str, says: &str) {
        self.save(path, text);
        assert_eq!(self.round().0, says, "{path}: {text}");
    }
}

fn spec(command: &str) -> String {
    format!("on push\n\njob test: {command}\n")
}

#[test]
fn the_output_follows_what_it_is_made_of() {
    let sandbox = Sandbox::repository().file(CI, spec("first"));
    let watching = Watching::start(&sandbox, &["--prune"]);
    let written = format!("Compiled specs: 1, written: {OUTPUT}");
    assert_eq!(watching.round().0, written);
    assert!(sandbox.read(OUTPUT).contains("run: first"));

    // As many rounds as edits: its own writes make none.
    for command in ["a", "b", "c", "d", "e"] {
        watching.saved(CI, &spec(command), &written);
        assert!(sandbox.read(OUTPUT).contains(&format!("run: {command}\n")));
    }
    let made = |text: &str| sandbox.read(OUTPUT).contains(text);
    // In place, perhaps seen when it is half of what it will be.
    fs::write(sandbox.path(CI), spec("in place")).unwrap();
    watching.until(|_, _| made("run: in place\n"));

    // Errors are said, and do not end it.
    watching.save(CI, "on push\n\njob test {\n  npm test\n}\n");
    watching.until(|line, before| line == "Failed specs: 1, errors: 1, written: nothing" && before.contains("error[E0101]"));
    assert!(made("run: in place\n"));
    // What is imported, first missing and then there, in a folder that is new.
    watching.save(CI, "import \"../../parts/common.pipe\"\non push\n\njob test: echo %{word}\n");
    watching.until(|line, before| line.starts_with("Failed specs: 1, errors: ") && before.contains("parts/common.pipe"));
    watching.save("parts/common.pipe", "let word = one\n");
    watching.until(|_, _| made("echo one\n"));
    watching.saved("parts/common.pipe", "let word = two\n", &written);
    assert!(made("echo two\n"));

    // A second spec comes and goes.
    let other = ".github/workflows/other.pipe";
    watching.saved(other, &spec("other"), "Compiled specs: 2, written: .github/workflows/other.yml");
    fs::remove_file(sandbox.path(other)).unwrap();
    let removed = "Removed .github/workflows/other.yml, whose spec .github/workflows/other.pipe is gone";
    watching.until(|line, before| line == "Compiled specs: 1, written: nothing" && before.starts_with(removed));
    assert!(!sandbox.path(".github/workflows/other.yml").exists());

    // Even the folder may go and come again.
    fs::rename(sandbox.path(".github"), sandbox.path("away")).unwrap();
    watching.until(|line, _| line.starts_with("error: no file was named"));
    fs::rename(sandbox.path("away"), sandbox.path(".github")).unwrap();
    watching.until(|line, _| line == "Compiled specs: 1, written: nothing");
    watching.save(CI, &spec("last"));
    watching.until(|line, _| line == written && made("run: last\n"));
}

#[test]
fn it_follows_actions_pins_and_what_git_tracks() {
    let uses = "on push\n\ntoolchain node\n\njob test {\n  uses ./tools/say { word: hello }\n  run npm test\n}\n";
    let action = |input: &str| {
        format!(
            "name: say\ninputs:\n  {input}:\n    required: false\nruns:\n  using: composite\n  steps: [{{ run: true, shell: bash }}]\n"
        )
    };
    let sandbox = Sandbox::repository().file(CI, uses).file("tools/say/action.yml", action("other")).file("package.json", "{}");
    sandbox.git(&["add", "package.json"]);
    let watching = Watching::start(&sandbox, &[]);
    let (line, before) = watching.round();
    assert_eq!(line, format!("Compiled specs: 1, warnings: 2, written: {OUTPUT}"), "{before}");
    assert!(before.contains("W0320") && before.contains("W0206"), "{before}");
    // The action of the repository.
    watching.save("tools/say/action.yml", &action("word"));
    let (line, before) = watching.round();
    assert_eq!(line, "Compiled specs: 1, warnings: 1, written: nothing", "{before}");
    // What git tracks: with a lockfile `npm ci` installs.
    assert!(sandbox.read(OUTPUT).contains("npm install"));
    fs::write(sandbox.path("package-lock.json"), "{}").unwrap();
    sandbox.git(&["add", "package-lock.json"]);
    assert_eq!(watching.round().0, format!("Compiled specs: 1, written: {OUTPUT}"));
    assert!(sandbox.read(OUTPUT).contains("npm ci"));
    // Pins.
    let commit = "0123456789abcdef0123456789abcdef01234567";
    watching.saved(
        "pipelay.lock",
        &format!("actions/checkout@v6 v6.9.9 {commit}\n"),
        &format!("Compiled specs: 1, written: {OUTPUT}"),
    );
    assert!(sandbox.read(OUTPUT).contains(&format!("actions/checkout@{commit} # v6.9.9")));
    // What somebody else does to the output is undone.
    watching.saved(OUTPUT, &sandbox.read(OUTPUT).replace("npm test", "npm t"), &format!("Compiled specs: 1, written: {OUTPUT}"));
    assert!(sandbox.read(OUTPUT).contains("npm test"));
}

#[cfg(unix)]
#[test]
fn it_ends_as_an_interrupted_process_does() {
    use std::os::unix::process::ExitStatusExt as _;
    let sandbox = Sandbox::repository().file(CI, spec("first"));
    let mut watching = Watching::start(&sandbox, &[CI]);
    assert_eq!(watching.round().0, format!("Compiled specs: 1, written: {OUTPUT}"));
    let pid = watching.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    // A shell shows this as exit code 130.
    assert_eq!(watching.child.wait().unwrap().signal(), Some(2));
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let sandbox = Sandbox::repository().file(CI, spec("first"));
    for args in [&["--stdout"][..], &["--emit", "plan"], &["-o", "x.yml"], &["-"]] {
        sandbox.run(&[&["compile", "--watch"], args].concat()).is(2).stdout("");
    }
    Sandbox::repository().run(&["compile", "--watch"]).is(2).says(&["there is no `.github/workflows/*.pipe`", "`pipelay init`"]);
}
