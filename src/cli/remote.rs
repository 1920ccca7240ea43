//! Asks the servers of actions through git's own protocol: which tags and branches there are, and of what day they are.
//!
//! It is git that talks to them, so that proxies, certificates and `url.<base>.insteadOf` of its configuration hold. Nothing may ask a person for
//! anything, and nothing may take longer than it is given.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Where actions live.
const BASE: &str = "https://github.com/";

/// How much is read of what git prints: the largest repositories have some tens of thousands of references.
const MOST: u64 = 64 << 20;

/// The tags and branches of a repository, with their commits.
#[derive(Debug, Default)]
pub(crate) struct References {
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) branches: BTreeMap<String, String>,
}

/// When a tag or the commit of a branch was made.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// In seconds since 1970.
    pub(crate) at: u64,
    /// The day, as `2026-01-09`.
    pub(crate) day: String,
}

/// A repository on its server, with a folder for what is fetched of it.
pub(crate) struct Remote {
    pub(crate) repository: String,
    address: String,
    folder: tempfile::TempDir,
    patience: Duration,
}

impl Remote {
    /// The repository of that name, `owner/name`. A reason where nothing can be asked at all.
    pub(crate) fn new(repository: &str, patience: Duration) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let address = format!("{BASE}{repository}");
        let remote = Self { repository: repository.to_owned(), address, folder, patience };
        remote.git(&["init", "--quiet", "--bare"])?;
        Ok(remote)
    }

    /// What there is. A tag with a message of its own counts as the commit that it is of.
    pub(crate) fn references(&self) -> Result<References, String> {
        let text = self.git(&["ls-remote", "--quiet", "--tags", "--heads", &self.address])?;
        let mut found = References::default();
        for line in text.lines() {
            let Some((commit, name)) = line.split_once('\t').filter(|(commit, _)| pipelay::pins::is_commit(commit)) else {
                return Err("its answer is no list of references".to_owned());
            };
            if let Some(branch) = name.strip_prefix("refs/heads/") {
                found.branches.insert(branch.to_owned(), commit.to_owned());
            } else if let Some(tag) = name.strip_prefix("refs/tags/") {
                // The commit comes behind the tag object.
                found.tags.insert(tag.strip_suffix("^{}").unwrap_or(tag).to_owned(), commit.to_owned());
            }
        }
        // So does what is no repository at all: git takes a page of HTML for an old kind of server that has none.
        if found.tags.is_empty() && found.branches.is_empty() {
            return Err("its answer has neither tags nor branches".to_owned());
        }
        Ok(found)
    }

    /// When those references (`refs/tags/…`, `refs/heads/…`) were made, in their order: of a tag with a message the day of that, which is nearer to
    /// its publication than that of its commit.
    pub(crate) fn made(&self, references: &[String]) -> Result<Vec<Made>, String> {
        let wanted: Vec<String> =
            references.iter().enumerate().map(|(index, reference)| format!("+{reference}:refs/asked/{index}")).collect();
        // The commits alone: neither what came before them nor their files.
        let mut fetch = vec!["fetch", "--quiet", "--no-tags", "--depth=1", "--filter=tree:0", &self.address];
        fetch.extend(wanted.iter().map(String::as_str));
        self.git(&fetch)?;
        let format = "--format=%(refname) %(creatordate:unix) %(creatordate:format-local:%Y-%m-%d)";
        let text = self.git(&["for-each-ref", format, "refs/asked/"])?;
        let of = |index: usize| {
            let name = format!("refs/asked/{index}");
            let line = text
                .lines()
                .map(|line| line.split(' ').collect::<Vec<_>>())
                .find(|words| words.first() == Some(&name.as_str()))?;
            let [_, at, day] = line[..] else { return None };
            Some(Made { at: at.parse().ok()?, day: day.to_owned() })
        };
        let made: Option<Vec<Made>> = (0..references.len()).map(of).collect();
        made.ok_or_else(|| "it does not say when its tags were made".to_owned())
    }

    /// What git prints, or its reason.
    fn git(&self, args: &[&str]) -> Result<String, String> {
        let child = command(self.folder.path(), args, self.patience).spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "git is not installed".to_owned(),
            _ => format!("git cannot be run: {error}"),
        })?;
        let (status, stdout, stderr) = finish(child, self.patience)?;
        if status.success() { Ok(stdout) } else { Err(reason(&stderr, status)) }
    }
}

fn command(folder: &Path, args: &[&str], patience: Duration) -> Command {
    let mut git = Command::new("git");
    // What is set for a repository, as hooks do it, is not about ours.
    for name in
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_ASKPASS", "SSH_ASKPASS"]
    {
        git.env_remove(name);
    }
    // No window and no terminal asks for a password; a helper that knows one may still say it.
    git.envs([("GIT_TERMINAL_PROMPT", "0"), ("GCM_INTERACTIVE", "never"), ("SSH_ASKPASS_REQUIRE", "never")]);
    git.envs([("LC_ALL", "C"), ("TZ", "UTC")]);
    git.arg("--git-dir").arg(folder).args(["-c", "core.askPass=", "-c", "gc.auto=0", "-c", "maintenance.auto=false"]);
    // Where git itself is stopped, its helper for HTTP gives up too.
    git.args(["-c", "http.lowSpeedLimit=1", "-c", &format!("http.lowSpeedTime={}", patience.as_secs().max(1))]);
    git.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut git, 0);
    git
}

/// Waits for a process, but not longer than it is given.
fn finish(mut child: Child, patience: Duration) -> Result<(ExitStatus, String, String), String> {
    let stdout = child.stdout.take().map(read);
    let stderr = child.stderr.take().map(read);
    let end = Instant::now() + patience;
    let late = || format!("no answer within {} s", patience.as_secs());
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(10)),
            Ok(None) => {
                stop(&mut child);
                return Err(late());
            }
            Err(error) => return Err(error.to_string()),
        }
    };
    // A helper that git left behind may hold its output open.
    let rest = |output: Option<Receiver<Vec<u8>>>| {
        let left = end.saturating_duration_since(Instant::now()).max(Duration::from_millis(100));
        let bytes = output.and_then(|output| output.recv_timeout(left).ok());
        bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    Ok((status, rest(stdout).ok_or_else(late)?, rest(stderr).ok_or_else(late)?))
}

/// Reads a stream beside, so that nobody waits for us to read.
fn read(stream: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stream.take(MOST).read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

/// Ends a process, and what it started.
fn stop(child: &mut Child) {
    #[cfg(unix)]
    {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Why git failed, in its own words, on one line.
fn reason(stderr: &str, status: ExitStatus) -> String {
    let said = |start: &str| stderr.lines().find_map(|line| line.trim().strip_prefix(start));
    let last = || stderr.lines().map(str::trim).rfind(|line| !line.is_empty());
    let line = said("fatal: ").or_else(|| said("error: ")).or_else(last);
    let Some(line) = line else { return format!("git says nothing, and ends with {status}") };
    let plain: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect();
    // GitHub asks for a name where it has no such repository.
    if plain.contains("could not read Username") || plain.contains("Authentication failed") {
        return "it does not exist, or may not be read without a password".to_owned();
    }
    plain
}
