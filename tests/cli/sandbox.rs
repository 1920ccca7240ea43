//! A directory of its own for each test, with the binary run in it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A temporary directory, removed at the end.
pub(super) struct Sandbox {
    directory: tempfile::TempDir,
    inside: String,
    environment: Vec<(String, String)>,
}

/// What a run of the binary left.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) stdout: String,
    pub(super) stderr: String,
    code: Option<i32>,
}

impl Sandbox {
    /// No repository.
    pub(super) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap(), inside: String::new(), environment: Vec::new() }
    }

    /// A repository.
    pub(super) fn repository() -> Self {
        let sandbox = Self::new();
        sandbox.git(&["init", "-q"]);
        sandbox
    }

    pub(super) fn git(&self, args: &[&str]) {
        assert!(Command::new("git").args(args).current_dir(self.directory.path()).status().unwrap().success());
    }

    /// With a file, and the folders on the way to it.
    pub(super) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
        self
    }

    /// Runs are made with that variable.
    pub(super) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs are made in that folder.
    pub(super) fn inside(mut self, folder: &str) -> Self {
        fs::create_dir_all(self.path(folder)).unwrap();
        folder.clone_into(&mut self.inside);
        self
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.directory.path().join(path)
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// All files but git's, by path.
    pub(super) fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        walk(self.directory.path(), "", &mut found);
        found.sort();
        found
    }

    pub(super) fn run(&self, args: &[&str]) -> Run {
        self.pipe(args, b"")
    }

    /// Runs the binary with that standard input.
    pub(super) fn pipe(&self, args: &[&str], input: &[u8]) -> Run {
        let mut child = self.command(env!("CARGO_BIN_EXE_pipelay"), args).stdin(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input);
        Run::of(child)
    }

    /// Runs a line of shell, in which `$0` is the binary.
    pub(super) fn shell(&self, line: &str) -> Run {
        Run::of(self.command("sh", &["-c", line, env!("CARGO_BIN_EXE_pipelay")]).spawn().unwrap())
    }

    /// Runs another program.
    pub(super) fn program(&self, program: &str, args: &[&str]) -> Run {
        Run::of(self.command(program, args).spawn().unwrap())
    }

    /// A run of the binary that is waited for later, or never.
    pub(super) fn start(&self, args: &[&str]) -> Child {
        self.command(env!("CARGO_BIN_EXE_pipelay"), args).spawn().unwrap()
    }

    fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(args)
            .current_dir(self.path(&self.inside))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in ["NO_COLOR", "RUST_BACKTRACE", "GIT_DIR", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        // The width of help texts must not depend on who runs the tests.
        command.env("COLUMNS", "100");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

fn walk(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_file() {
            found.push(path);
        } else if path != ".git" {
            walk(&entry.path(), &format!("{path}/"), found);
        }
    }
}

impl Run {
    /// What a process leaves when it has ended.
    pub(super) fn of(child: Child) -> Self {
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { stdout: text(output.stdout), stderr: text(output.stderr), code: output.status.code() }
    }

    /// The exit code.
    #[track_caller]
    pub(super) fn is(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    pub(super) fn code(&self) -> Option<i32> {
        self.code
    }

    #[track_caller]
    pub(super) fn stdout(&self, text: &str) -> &Self {
        assert_eq!(self.stdout, text, "{self:#?}");
        self
    }

    #[track_caller]
    pub(super) fn stderr(&self, text: &str) -> &Self {
        assert_eq!(self.stderr, text, "{self:#?}");
        self
    }

    /// Standard output has each of these.
    #[track_caller]
    pub(super) fn shows(&self, parts: &[&str]) -> &Self {
        for part in parts {
            assert!(self.stdout.contains(part), "`{part}` is not in {}\n{self:#?}", self.stdout);
        }
        self
    }

    /// Standard error has each of these, where the lines of messages are not yet broken.
    #[track_caller]
    pub(super) fn says(&self, parts: &[&str]) -> &Self {
        let whole = self.stderr.replace("\n  │ ", " ");
        for part in parts {
            assert!(whole.contains(part), "`{part}` is not in {}\n{self:#?}", self.stderr);
        }
        self
    }
}
